use std::path::Path;

use crate::ingest::{FileConfig, FileOutcome, Limits, parse_bytes, parse_bytes_with_config};
use crate::report::Report;

fn one(outcome: FileOutcome) -> (Report, Vec<String>) {
    assert!(outcome.skips.is_empty(), "{:?}", outcome.skips);
    let [report] = <[Report; 1]>::try_from(outcome.reports).unwrap_or_else(|all| panic!("{all:?}"));
    (report, outcome.notes.into_iter().map(|note| note.message).collect())
}

fn read(record: &str) -> (Report, Vec<String>) {
    one(parse_bytes(Path::new("a.json"), record.as_bytes(), &Limits::default()))
}

fn read_with(config: &str, name: &str, content: &str) -> Report {
    let config = FileConfig::parse(config).unwrap();
    one(parse_bytes_with_config(Path::new(name), content.as_bytes(), &Limits::default(), &config)).0
}

#[test]
fn victims_come_padded_nested_masked_and_spoiled() {
    for (value, victim, kept) in [
        (r#""  Acme GmbH \n""#, "Acme GmbH", ""),
        (r#"["Acme", "Bolt"]"#, "Acme; Bolt", ""),
        (r#"[["Acme "], ["Not available"], ["Bolt (Peru)"], ["Acme "]]"#, "Acme; Bolt (Peru)", ""),
        (r#""[['Acme', \"Côte d'Ivoire Télécom\"]]""#, "Acme; Côte d'Ivoire Télécom", ""),
        (r#""[['Not available']]""#, "", ""),
        (r#""Available to members""#, "", ""),
        (r#"["Unknown", "unknown"]"#, "", ""),
        (r#""N/A""#, "", ""),
        (r#""Not available; Not available""#, "", ""),
        (r#""***""#, "", ""),
        (r#""XXXXX""#, "", ""),
        (r#""Smith &amp; Sons""#, "Smith & Sons", ""),
        (r#""Raley\u0092s""#, "Raley’s", ""),
        (r#""JÃ¼ngerhans""#, "Jüngerhans", "As written: JÃ¼ngerhans"),
        (r#""http://example.org/""#, "http://example.org/", ""),
        // Only the analysis sees through letters that look alike: what is shown is what was written.
        ("\"Lantek Inс\"", "Lantek Inс", ""),
    ] {
        let (report, _) = read(&format!(r#"{{"Victim Name": {value}, "summary": "Text."}}"#));
        assert_eq!((report.victim.as_str(), report.other.as_str()), (victim, kept), "{value}");
    }
}

#[test]
fn dates_come_partial_vague_and_false() {
    for (written, date, kept) in [
        ("2012-10-?", Some("Oct 2012"), true),
        ("2014, May", Some("May 2014"), true),
        ("December 2016/January 2017", Some("Dec 2016 - Jan 2017"), true),
        ("Discovered ~2007", Some("2007"), true),
        ("Febuary 2017", Some("Feb 2017"), true),
        ("2018_11_09", Some("Nov 9, 2018"), true),
        ("20.06.2018", Some("Jun 20, 2018"), true),
        ("mars 2021", Some("Mar 2021"), true),
        ("2017-05-12T08:30:00.000Z", Some("May 12, 2017"), true),
        ("2019", Some("2019"), false),
        ("14/02", None, true),
        ("2018-02-29", None, true),
        ("0000-00-00", None, true),
        ("Unknown", None, false),
        ("[REDACTED]", None, false),
    ] {
        let record = format!(r#"{{"victim": "Acme", "Date": " {written} "}}"#);
        let (report, notes) = read(&record);
        assert_eq!(report.date.map(|date| date.to_string()).as_deref(), date, "{written}");
        assert_eq!(report.date_text, if kept { written } else { "" });
        assert_eq!(notes.is_empty(), date.is_some() || !kept, "{written}: {notes:?}");
    }
}

#[test]
fn places_come_many_at_once() {
    for (value, codes) in [
        (r#""US\n CA\n MX""#, &["US", "CA", "MX"][..]),
        (r#""UK/US""#, &["GB", "US"]),
        (r#"" Germany""#, &["DE"]),
        (r#"["Taiwan", "Korea, Republic of", "Japan"]"#, &["TW", "KR", "JP"]),
        (r#"["Unknown", "United Kingdom", "United Kingdom"]"#, &["GB"]),
        (r#""['Turkey', 'Turkey']""#, &["TR"]),
        (r#""Macedonia (Rep. of N.)""#, &["MK"]),
        (r#""Cingapore""#, &["SG"]),
        (r#""Eisenstadt, Austria""#, &["AT"]),
        (r#"["Europe (region)", "India"]"#, &["?", "IN"]),
        (r#"">1""#, &["?"]),
        (r#""Available to members""#, &[]),
    ] {
        let (report, _) = read(&format!(r#"{{"victim": "Acme", "country": {value}}}"#));
        let found: Vec<&str> = report
            .countries
            .iter()
            .map(|at| at.country.map_or("?", |country| country.alpha2()))
            .collect();
        assert_eq!(found, codes, "{value}");
    }
}

#[test]
fn accounts_come_as_markup_and_escaped() {
    for (value, body) in [
        (r#""<p>The site &amp; the mail<br>were down.</p>""#, "The site & the mail\nwere down."),
        (
            r#""fewer than &lt;500 cases &#8211; &quot;small&quot;""#,
            "fewer than <500 cases – \"small\"",
        ),
        // An account may quote a page.
        (r#""It wrote <b>&lt;x&gt;</b> into it.""#, "It wrote <b>&lt;x&gt;</b> into it."),
        (r#""they donâ€™t \u0093know\u0094""#, "they don’t “know”"),
        (r#"["One.", "", "Two."]"#, "One.\n\nTwo."),
        (r#""   ""#, ""),
        ("null", ""),
    ] {
        let (report, _) = read(&format!(r#"{{"victim": "Acme", "body": {value}}}"#));
        assert_eq!(report.body, body, "{value}");
    }
}

#[test]
fn what_was_assumed_is_said_once() {
    let records = r#"
        {"victim": "JÃ¼ngerhans", "summary": "Raley\u0092s"}
        {"victim": "MÃ¼ller", "summary": "Raley\u0092s"}
        {"victim": "Acme", "date": "03/04/2021"}
        {"victim": "Bolt", "date": "04/03/2021"}
    "#;
    let outcome = parse_bytes(Path::new("a.jsonl"), records.as_bytes(), &Limits::default());
    let notes: Vec<String> = outcome.notes.iter().map(ToString::to_string).collect();
    assert_eq!(notes.len(), 3, "{notes:?}");
    assert!(notes[0].starts_with("a.jsonl:2: some text was UTF-8"), "{notes:?}");
    assert!(notes[1].starts_with("a.jsonl:2: some text has control characters"), "{notes:?}");
    assert_eq!(outcome.ambiguous_dates, 2);
    let day_first = FileConfig::parse("[dates]\norder = 'day-first'").unwrap();
    let outcome = parse_bytes_with_config(
        Path::new("a.jsonl"),
        records.as_bytes(),
        &Limits::default(),
        &day_first,
    );
    assert_eq!(outcome.ambiguous_dates, 0);
    assert_eq!(outcome.reports[2].date.unwrap().to_string(), "Apr 3, 2021");
}

#[test]
fn a_name_that_says_something_is_preferred() {
    let (report, _) = read(
        r#"{"victim": "Unknown", "organisation": "Acme", "discovered": "2020", "date": "N/A"}"#,
    );
    assert_eq!(report.victim, "Acme");
    assert_eq!(report.date.unwrap().to_string(), "2020");
}

#[test]
fn settings_say_what_a_record_holds() {
    let config = r#"
        [fields]
        "Betroffene Stelle" = "victim"
        Ablauf = "body"
        Folgen = "body"
        Target = "other"
        Intern = "ignore"
        incident.when = "date"
        "Kind" = "title"

        [dates]
        order = "month-first"

        [defaults]
        country = "Österreich"
        language = "German"
    "#;
    let record = r#"{
        "victim": "not this one",
        "betroffene_stelle": "Stadtwerke",
        "ABLAUF": "Erst dies.",
        "Folgen": "Dann das.",
        "target": "printers",
        "intern": "not for the index",
        "incident": {"when": "03/04/2021", "where": "cellar"},
        "kind": {"name": "theft"}
    }"#;
    let report = read_with(config, "a.json", record);
    assert_eq!(report.victim, "Stadtwerke");
    assert_eq!(report.body, "Erst dies.\n\nDann das.");
    assert_eq!(report.title, "theft");
    assert_eq!(report.date.unwrap().to_string(), "Mar 4, 2021");
    assert_eq!(report.countries[0].country.unwrap().alpha2(), "AT");
    assert_eq!(report.language.as_deref(), Some("de"));
    assert_eq!(report.other, "victim: not this one\ntarget: printers\nincident:\n  where: cellar");

    let said = r#"{"Betroffene Stelle": "x", "land": "Atlantis", "sprache": "fr"}"#;
    let report = read_with(config, "a.json", said);
    assert_eq!((report.countries.len(), report.countries[0].country), (1, None));
    assert_eq!(report.language.as_deref(), Some("fr"));
}

#[test]
fn settings_hold_in_every_format() {
    let config =
        "[fields]\n'Wen?' = 'victim'\n'Was' = 'body'\n'Geheim' = ''\n[dates]\norder = 'day-first'";
    for (name, content) in [
        (
            "a.json",
            r#"{"Wen?": "Acme", "Datum": "03/04/2021", "Was": "Die Seite war weg.", "Geheim": "nein"}"#,
        ),
        ("a.csv", "Wen?;Datum;Was;Geheim\nAcme;03/04/2021;Die Seite war weg.;nein\n"),
        ("a.txt", "Wen?: Acme\nDatum: 03/04/2021\nGeheim: nein\nWas\nDie Seite war weg.\n"),
        ("a.md", "---\nWen?: Acme\nDatum: 03/04/2021\nGeheim: nein\n---\nDie Seite war weg.\n"),
    ] {
        let report = read_with(config, name, content);
        assert_eq!(report.victim, "Acme", "{name}");
        assert_eq!(report.date.unwrap().to_string(), "Apr 3, 2021", "{name}");
        assert_eq!(report.body, "Die Seite war weg.", "{name}");
        assert_eq!(report.other, "", "{name}");
    }
}
