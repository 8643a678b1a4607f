use std::path::Path;

use crate::ingest::{FileOutcome, Limits, SkipKind, parse_bytes};
use crate::report::Report;

fn read(text: &str) -> FileOutcome {
    parse_bytes(Path::new("a/b.jsonl"), text.as_bytes(), &Limits::default())
}

fn one(text: &str) -> Report {
    let outcome = read(text);
    assert!(outcome.skips.is_empty(), "{outcome:?}");
    let [report] =
        outcome.reports.try_into().unwrap_or_else(|reports| panic!("{text}\n{reports:?}"));
    report
}

fn codes(report: &Report) -> Vec<&str> {
    report
        .countries
        .iter()
        .map(|place| place.country.map_or("?", |country| country.alpha2()))
        .collect()
}

#[test]
fn a_record_is_read_to_its_last_field() {
    let report = one(
        r#"{"id": "x:1", "victim": " Acme ", "date": "2020-05-01", "end_date": "2020-05-03", "country": ["FR", "Germany"],
        "title": "T", "summary": "S ", "body": "One.\n\nTwo.", "lang": "en-US", "source": ["https://example.org/a"],
        "actor": ["Red", "Not available"], "actor_country": ["Russia"], "motives": 3, "techniques": "2 techniques: a, b",
        "posture": "Integrity", "Sector": [["health", "care"]], "revoked": true, "n": 1.5, "nothing": null}"#,
    );
    assert_eq!((report.id.as_str(), report.victim.as_str()), ("x:1", "Acme"));
    assert_eq!(report.date.unwrap().from().to_string(), "2020-05-01");
    assert_eq!(report.date.unwrap().to().to_string(), "2020-05-03");
    assert_eq!(report.date_text, "2020-05-01 to 2020-05-03");
    assert_eq!(codes(&report), ["FR", "DE"]);
    assert_eq!((report.title.as_str(), report.summary.as_str()), ("T", "S"));
    assert_eq!(report.body, "One.\n\nTwo.");
    assert_eq!(report.language.as_deref(), Some("en"));
    assert_eq!(
        (report.actors.count, report.actors.names.as_slice()),
        (Some(1), &["Red".to_owned()][..])
    );
    assert_eq!(report.actor_location.as_deref(), Some("Russia"));
    assert_eq!(
        (report.motives.count, report.techniques.names.len(), report.posture.count),
        (Some(3), 2, Some(1))
    );
    assert_eq!(
        report.other,
        "source: https://example.org/a\nSector: health, care\nrevoked: true\nn: 1.5"
    );
    let source = report.source.unwrap();
    assert_eq!(
        (source.path.to_str(), source.record, source.origins.len()),
        (Some("a/b.jsonl"), Some(1), 0)
    );
}

#[test]
fn fields_have_many_names() {
    let expected = one(
        r#"{"id":"1","victim":"V","date":"2020","country":"FR","title":"T","summary":"S","body":"B","lang":"fr"}"#,
    );
    for text in [
        r#"{"_id":1,"Victim Name":"V","Incident_Date":"2020","COUNTRY":"FR","headline":"T","Abstract":"S","text":"B","language":"French"}"#,
        r#"{"Id":"1","organisation":"V","year":2020,"countries":["FR"],"name":"T","summary":"S","description":"B","lang":"fr-FR"}"#,
        r#"{"ID":"1","Opfer":["V"],"Datum":"2020","Land":"FR","Titel":"T","Zusammenfassung":"S","Beschreibung":"B","Sprache":"fr"}"#,
        r#"{"id":"1","víctima":[["V"],["V"]],"fecha":"2020","país":"['FR']","título":"T","resumen":"S","descripción":["B"],"idioma":"fr"}"#,
        r#"{"id":"1","victime":"['V']","date":"2020","pays":[["FR"]],"titre":"T","résumé":"S","texte":"B","langue":"fr"}"#,
    ] {
        assert_eq!(one(text), expected, "{text}");
    }
}

#[test]
fn of_several_names_for_one_field_the_surest_is_taken_and_the_others_are_kept() {
    let report = one(
        r#"{"content": "c", "body": "b", "text": "t", "victim": "", "company": "Acme", "target": "Tgt", "victim": "two"}"#,
    );
    assert_eq!((report.victim.as_str(), report.body.as_str()), ("two", "b"));
    assert_eq!(report.other, "content: c\ntext: t\ncompany: Acme\ntarget: Tgt");
}

#[test]
fn values_that_say_nothing_are_nothing() {
    for victim in [
        r#""Not available""#,
        r#"[["Not available"], ["Unknown"]]"#,
        r#""[['Not available']]""#,
        r#""N/A""#,
        r#""  ""#,
    ] {
        let report = one(&format!(
            r#"{{"victim": {victim}, "title": "t", "country": "Unknown", "actor": ["None"], "date": "n/a"}}"#
        ));
        assert_eq!(
            (report.victim.as_str(), report.countries.len(), report.date),
            ("", 0, None),
            "{victim}"
        );
        assert_eq!((report.actors.count, report.date_text.as_str()), (None, ""));
    }
}

#[test]
fn a_location_that_is_no_country_is_text() {
    let report = one(r#"{"victim": "V", "country": "US", "location": "Network Server"}"#);
    assert_eq!((codes(&report), report.other.as_str()), (vec!["US"], "location: Network Server"));
    let report = one(r#"{"victim": "V", "location": "Laptop"}"#);
    assert_eq!((codes(&report), report.other.as_str()), (vec![], "location: Laptop"));
    assert_eq!(codes(&one(r#"{"victim": "V", "location": "Paris, France"}"#)), ["FR"]);
    assert_eq!(codes(&one(r#"{"victim": "V", "country": ">1"}"#)), ["?"]);
}

#[test]
fn an_end_date_that_does_not_fit_is_text() {
    let report = one(r#"{"victim": "V", "date": "2020-05-03", "end_date": "2020-05-01"}"#);
    assert_eq!(
        (report.date.unwrap().to_string().as_str(), report.other.as_str()),
        ("May 3, 2020", "end_date: 2020-05-01")
    );
    let report = one(r#"{"victim": "V", "date": "2020-05-03", "end_date": "2020-05-03"}"#);
    assert_eq!(
        (report.date.unwrap().to_string().as_str(), report.other.as_str()),
        ("May 3, 2020", "")
    );
}

#[test]
fn kinds_of_actors_are_not_their_names() {
    let report = one(r#"{"victim": "V", "actors": ["external", "internal"]}"#);
    assert_eq!(
        (report.actors.count, report.actor_type.as_deref()),
        (None, Some("external, internal"))
    );
}

#[test]
fn every_layout_gives_the_same_reports() {
    let lines = "{\"victim\":\"A\"}\n\n{\"victim\":\"B\"}\r\n";
    let victims = |text: &str| -> Vec<(String, String)> {
        read(text).reports.into_iter().map(|report| (report.victim, report.id)).collect()
    };
    let expected = [("A".into(), "a/b.jsonl#1".into()), ("B".into(), "a/b.jsonl#2".into())];
    assert_eq!(victims(lines), expected);
    for text in [
        "\u{feff}{\"victim\":\"A\"}\n{\"victim\":\"B\"}",
        "[{\"victim\":\"A\"},{\"victim\":\"B\"}]",
        "[\n  {\n    \"victim\": \"A\"\n  },\n  {\n    \"victim\": \"B\"\n  }\n]\n",
        "{\n\"victim\": \"A\"\n}\n{\n\"victim\": \"B\"\n}\n",
        "{\"incidents\": [{\"victim\":\"A\"}, {\"victim\":\"B\"}]}",
    ] {
        assert_eq!(victims(text), expected, "{text}");
    }
    let utf16: Vec<u8> = lines.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let outcome = parse_bytes(Path::new("a/b.jsonl"), &utf16, &Limits::default());
    assert_eq!(outcome.reports.len(), 2);
}

#[test]
fn what_is_no_record_is_skipped_with_line_and_reason() {
    let outcome = read(
        "{\"victim\":\"A\"}\nnot json\n\n[1]\n{\"level\":\"info\",\"message\":\"up\"}\n{}\n{\"victim\":\"B\"",
    );
    let skips: Vec<_> = outcome
        .skips
        .iter()
        .map(|skip| (skip.line, skip.record, skip.kind, skip.reason.as_str()))
        .collect();
    assert_eq!(outcome.reports.len(), 1);
    let nothing = "not an incident report: nothing in a field for a victim or a text (victim, title, summary, body, or the like); fields here: ";
    assert_eq!(
        skips,
        [
            (Some(2), Some(2), SkipKind::Malformed, "not valid JSON: expected ident at column 2"),
            (Some(4), Some(3), SkipKind::Malformed, "not an object but an array"),
            (Some(5), Some(4), SkipKind::NotAReport, &*format!("{nothing}level, message")),
            (Some(6), Some(5), SkipKind::NotAReport, &*format!("{nothing}none")),
            (
                Some(7),
                Some(6),
                SkipKind::Malformed,
                "not valid JSON: EOF while parsing an object at column 13"
            ),
        ]
    );
    let reason = |text: &str| read(text).skips[0].reason.clone();
    assert_eq!(reason(" \n\n"), "no record in the file");
    assert_eq!(reason("[]"), "no record in the file");
    let deep = format!("{{\"victim\":{}1{}}}", "[".repeat(500), "]".repeat(500));
    assert!(reason(&deep).contains("deeper than 128 levels"), "{}", reason(&deep));
}

#[test]
fn what_is_nested_deeper_than_asked_is_skipped_and_the_rest_read() {
    let text = "{\"victim\":\"A\",\"x\":[[\"y\"]]}\n{\"victim\":\"B\",\"x\":[\"y\"]}\n";
    let limits = Limits { nesting: 2, ..Limits::default() };
    let outcome = parse_bytes(Path::new("a.jsonl"), text.as_bytes(), &limits);
    assert_eq!((outcome.reports.len(), outcome.skips.len()), (1, 1), "{outcome:?}");
    assert_eq!((outcome.reports[0].victim.as_str(), outcome.skips[0].line), ("B", Some(1)));
    assert!(outcome.skips[0].reason.contains("`nesting`"), "{:?}", outcome.skips);
}

#[test]
fn a_long_line_is_skipped_and_the_next_read() {
    let text = format!(
        "{{\"victim\":\"A\"}}\n{{\"victim\":\"{}\"}}\n{{\"victim\":\"B\"}}\n",
        "x".repeat(100)
    );
    let limits = Limits { record_bytes: 64, ..Limits::default() };
    let outcome = parse_bytes(Path::new("a.jsonl"), text.as_bytes(), &limits);
    assert_eq!(outcome.reports.len(), 2);
    assert_eq!((outcome.skips[0].line, outcome.skips[0].kind), (Some(2), SkipKind::TooLarge));
    assert!(outcome.skips[0].reason.contains("`record_bytes`"));
}

#[test]
fn python_and_windows_are_understood() {
    let report = one(r#"{"victim": "A", "date": NaN, "body": "NaN"}"#);
    assert_eq!((report.date, report.body.as_str()), (None, "NaN"));
    let outcome =
        parse_bytes(Path::new("a.jsonl"), b"{\"victim\": \"Caf\xe9\"}\n", &Limits::default());
    assert_eq!(outcome.reports[0].victim, "Café");
    assert!(outcome.notes[0].message.contains("Windows-1252"));
}

#[test]
fn one_note_serves_many_records() {
    let outcome = read(&"{\"victim\":\"A\",\"country\":\"Atlantis\"}\n".repeat(5));
    assert_eq!(outcome.reports.len(), 5);
    assert_eq!(outcome.notes.len(), 1);
    assert_eq!(outcome.notes[0].to_string(), "a/b.jsonl:1: country not recognised: Atlantis");
    let outcome = read(
        "{\"victim\":\"A\"}\n{\"victim\":\"A\",\"date\":\"03/04/2021\"}\n{\"victim\":\"A\",\"date\":\"5/6/2021\"}\n",
    );
    let note =
        "a/b.jsonl:2: 2 dates can be read in two ways, 03/04/2021 the first; both are covered";
    assert_eq!(outcome.notes.iter().map(ToString::to_string).collect::<Vec<_>>(), [note]);

    let odd = (0..500).map(|n| format!("{{\"victim\":\"A\",\"country\":\"Atlantis {n}\"}}\n"));
    let outcome = read(&odd.collect::<String>());
    assert_eq!(outcome.reports.len(), 500);
    let last = outcome.notes.last().unwrap().to_string();
    assert_eq!(
        (outcome.notes.len(), last.as_str()),
        (201, "a/b.jsonl:201: more of the kind in this file, not listed")
    );
}
