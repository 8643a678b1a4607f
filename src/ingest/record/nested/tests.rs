use std::path::Path;

use proptest::prelude::*;

use crate::ingest::{FileOutcome, Limits, parse_bytes};

fn parse(name: &str, text: &str) -> FileOutcome {
    parse_bytes(Path::new(name), text.as_bytes(), &Limits::default())
}

/// Victim or title, date and countries of each report.
fn read(text: &str) -> Vec<[String; 3]> {
    let outcome = parse("a.json", text);
    let line = |report: &crate::Report| {
        let name = if report.victim.is_empty() { &report.title } else { &report.victim };
        let date = report.date.map(|date| date.to_string()).unwrap_or_default();
        let places: Vec<_> =
            report.countries.iter().filter_map(|at| Some(at.country?.alpha2())).collect();
        [name.clone(), date, places.join(" ")]
    };
    outcome.reports.iter().map(line).collect()
}

#[test]
fn records_are_found_however_they_are_wrapped() {
    const A: &str = r#"{"victim": "Acme", "date": "2020-05", "country": "NL", "summary": "s"}"#;
    const B: &str = r#"{"victim": "Bolt", "date": "2019", "country": "BE", "summary": "t"}"#;
    for text in [
        format!(r#"{{"incidents": [{A}, {B}]}}"#),
        format!(r#"{{"success": true, "count": 2, "incidents": [{A}, {B}]}}"#),
        format!(r#"{{"title": "Feed", "description": "All of it", "items": [{A}, {B}]}}"#),
        format!(r#"{{"status": "ok", "meta": {{"page": 1}}, "data": {{"items": [{A}, {B}]}}}}"#),
        format!(r#"{{"data": {{"n": {{"list": [{A}]}}, "m": {{"list": [{B}]}}}}}}"#),
        format!(
            r#"{{"hits": {{"total": 2, "hits": [{{"_id": "a", "_source": {A}}}, {{"_id": "b", "_source": {B}}}]}}}}"#
        ),
        format!(r#"{{"inc-1": {A}, "inc-2": {B}}}"#),
        format!(r#"[{{"Event": {A}}}, {{"Event": {B}}}]"#),
        format!("{{\"_id\": \"a\", \"_source\": {A}}}\n{{\"_id\": \"b\", \"_source\": {B}}}"),
        format!(r#"[{{"id": 7, "attributes": {A}}}, {{"id": 8, "attributes": {B}}}]"#),
    ] {
        let both = [["Acme", "May 2020", "NL"], ["Bolt", "2019", "BE"]];
        assert_eq!(read(&text), both.map(|line| line.map(str::to_owned)), "{text}");
    }
}

#[test]
fn what_a_record_keeps_in_objects_is_its_own() {
    for (text, line) in [
        (
            r#"{"victim": {"name": "Muster AG", "country": "CH"}, "date": {"start": "2020-01", "end": "2020-03"}}"#,
            ["Muster AG", "Jan - Mar 2020", "CH"],
        ),
        (
            r#"{"title": "X", "victims": [{"name": "A", "country": "FR"}, {"name": "B", "country": "IT"}]}"#,
            ["A; B", "", "FR IT"],
        ),
        (
            r#"{"victim": "A", "date": {"$date": "2021-05-01T00:00:00Z"}, "location": {"country": "Spain", "city": "x"}}"#,
            ["A", "May 1, 2021", "ES"],
        ),
        (
            r#"{"victim": "A", "date": {"year": 2021, "month": 5, "day": 0}, "actor": {"name": "G", "country": "RU"}}"#,
            ["A", "May 2021", ""],
        ),
        (
            r#"{"title": {"rendered": "T"}, "content": {"rendered": "<p>Down.</p>"}, "meta": {"date": "2020"}}"#,
            ["T", "2020", ""],
        ),
        // What the record says itself is not said by what describes it.
        (
            r#"{"victim": "A", "date": "2020", "country": "FR", "meta": {"date": "2024", "country": "US"}}"#,
            ["A", "2020", "FR"],
        ),
        (r#"{"victim": "A", "source": {"title": "Paper", "date": "2024"}}"#, ["A", "", ""]),
    ] {
        assert_eq!(read(text), [line.map(str::to_owned)], "{text}");
    }
    let report = parse(
        "a.json",
        r#"{"victim": {"name": "A", "sector": "Energy"}, "actor": {"name": "G", "country": "RU", "type": "state"}}"#,
    );
    let report = &report.reports[0];
    assert_eq!(report.actors.names, ["G"]);
    assert_eq!(report.actor_location.as_deref(), Some("RU"));
    assert_eq!(report.actor_type.as_deref(), Some("state"));
    assert_eq!(report.other, "victim:\n  sector: Energy");
    let report = parse(
        "a.md",
        "+++\ntitle = \"T\"\n[extra]\nvictim = \"V\"\ncountry = \"Germany\"\nx = 1\n+++\nText.\n",
    );
    assert_eq!(report.reports[0].victim, "V");
    assert_eq!(report.reports[0].countries[0].country.unwrap().alpha2(), "DE");
    assert_eq!(report.reports[0].other, "extra:\n  x: 1");
}

#[test]
fn lists_in_a_record_are_not_its_records() {
    for text in [
        r#"{"victim": "A", "items": [{"title": "x", "date": "2020"}]}"#,
        r#"{"name": "A", "description": "d", "indicators": [{"title": "x", "description": "y"}]}"#,
        r#"{"title": "A", "date": "2019", "references": [{"title": "x", "date": "2020"}]}"#,
        r#"{"report": {"title": "A", "date": "2020"}, "victim": {"name": "A", "country": "FR"}}"#,
    ] {
        let read = read(text);
        assert_eq!((read.len(), read[0][0].as_str()), (1, "A"), "{text} {read:?}");
    }
}

#[test]
fn what_stands_beside_records_is_named() {
    let outcome = parse(
        "a.json",
        r#"{"note": "n", "page": null, "x": {"y": [{"victim": "A", "date": "2020"}]}}"#,
    );
    assert_eq!(outcome.reports.len(), 1);
    let notes: Vec<_> = outcome.notes.iter().map(|note| note.message.as_str()).collect();
    assert_eq!(notes, ["what stands beside the records is of none of them: note"]);
    // What is no record of a list that holds some is skipped by its number.
    let outcome = parse("a.json", r#"{"items": [{"victim": "A", "date": "2020"}, {"x": 1}]}"#);
    assert_eq!((outcome.reports.len(), outcome.skips[0].record), (1, Some(2)));
}

#[test]
fn a_day_of_publication_says_what_it_is() {
    let outcome = parse("a.csv", "Company,Date Made Public\nAcme,2015-01-20\n");
    let report = &outcome.reports[0];
    assert_eq!(report.date.unwrap().to_string(), "Jan 20, 2015");
    assert_eq!(report.date_text, "Date Made Public: 2015-01-20");
    assert_eq!(outcome.notes[0].message, "the date is that of `Date Made Public`");
    let outcome = parse("a.csv", "Company,Published,Date\nAcme,2015-01-20,2014\n");
    assert_eq!(outcome.reports[0].date.unwrap().to_string(), "2014");
}

proptest! {
    #[test]
    fn no_nesting_is_too_odd(shape in "[vVdti\\[\\]{}]{0,60}") {
        // Letters are names with values; brackets open lists and objects as long as that is JSON.
        let (mut text, mut closers) = (String::from("{\"x\": "), vec!['}']);
        for c in shape.chars() {
            match c {
                '[' | '{' => {
                    text.push_str(if c == '[' { "[{\"data\": " } else { "{\"items\": " });
                    closers.extend(if c == '[' { vec![']', '}'] } else { vec!['}'] });
                }
                ']' | '}' => {}
                c => {
                    let name = match c { 'v' => "victim", 'V' => "victims", 'd' => "date", 't' => "title", _ => "id" };
                    text.push_str(&format!("{{\"{name}\": \"2020\", \"event\": "));
                    closers.push('}');
                }
            }
        }
        text.push_str("null");
        text.extend(closers.iter().rev());
        let outcome = parse("a.json", &text);
        prop_assert!(!outcome.reports.is_empty() || !outcome.skips.is_empty(), "{}", text);
    }
}
