use std::path::Path;

use super::sniff;
use crate::ingest::{FileOutcome, Limits, SkipKind, parse_bytes};
use crate::report::{Report, Section, Tally};

fn read(text: &str) -> FileOutcome {
    parse_bytes(Path::new("2019/council.txt"), text.as_bytes(), &Limits::default())
}

fn one(text: &str) -> Report {
    let outcome = read(text);
    assert!(outcome.skips.is_empty(), "{outcome:?}");
    let [report] =
        outcome.reports.try_into().unwrap_or_else(|reports| panic!("{text}\n{reports:?}"));
    report
}

const COUNCIL: &str = "Cyber Incident Victim: Ballyduff Town Council\n\
    Date:\n\
    Mar 2019\n\
    Location:\n\
    Ireland\n\
    Summary\n\
    The council’s website showed a stranger's slogan for two days.\n\
    | CIA Posture | Motives | Tactics, Techniques & Procedures |\n\
    |---|---|---|\n\
    | Available to members | 2 motives | 1 technique: defacement |\n\
    | Threat Actors | Type | Location |\n\
    |---|---|---|\n\
    | 0 actors | Available to members | Available to members |\n\
    Description\n\
    Someone guessed the password of the content system.\n\
    \n\
    Staff took the site down. It came back on Monday.\n";

#[test]
fn a_report_is_read_to_its_last_field() {
    let report = one(COUNCIL);
    assert_eq!(report.id, "2019/council");
    assert_eq!(report.victim, "Ballyduff Town Council");
    assert_eq!(report.date.unwrap().to_string(), "Mar 2019");
    assert_eq!(report.date_text, "");
    assert_eq!(report.countries[0].country.unwrap().alpha2(), "IE");
    assert_eq!(report.summary, "The council’s website showed a stranger's slogan for two days.");
    assert_eq!(
        report.body,
        "Someone guessed the password of the content system.\n\nStaff took the site down. It came back on Monday."
    );
    assert_eq!((report.posture, report.motives.count), (Tally::default(), Some(2)));
    assert_eq!(report.techniques, Tally { count: Some(1), names: vec!["defacement".into()] });
    assert_eq!(report.actors, Tally { count: Some(0), names: vec![] });
    assert_eq!((report.actor_type, report.actor_location, report.language), (None, None, None));
    assert_eq!((report.title.as_str(), report.other.as_str()), ("", ""));
    let source = report.source.unwrap();
    assert_eq!((source.path.to_str(), source.record), (Some("2019/council.txt"), None));
    let at: Vec<_> = source.origins.iter().map(|o| (o.section, o.line, o.column)).collect();
    assert_eq!(at, [(Section::Victim, 1, 24), (Section::Summary, 7, 1), (Section::Body, 15, 1)]);
}

/// Rewrites [`COUNCIL`]; what is read must stay the same.
#[test]
fn variations_read_the_same() {
    let swap = |from: &'static str, to: &'static str| {
        assert!(COUNCIL.contains(from), "{from}");
        COUNCIL.replace(from, to)
    };
    let tables = &COUNCIL[COUNCIL.find("| CIA").unwrap()..COUNCIL.find("Description").unwrap()];
    let summary = &COUNCIL[COUNCIL.find("Summary").unwrap()..COUNCIL.find("| CIA").unwrap()];
    let description = &COUNCIL[COUNCIL.find("Description").unwrap()..];
    let headers = &COUNCIL[..COUNCIL.find("Summary").unwrap()];
    let variations = [
        ("BOM", format!("\u{feff}{COUNCIL}")),
        ("CRLF", COUNCIL.replace('\n', "\r\n")),
        (
            "blank lines",
            COUNCIL
                .replace("\n|", "\n\n|")
                .replace("\nDate", "\n\nDate")
                .replace("\nLocation", "\n \n\nLocation"),
        ),
        ("blank before values", swap("Date:\n", "Date:\n\n")),
        (
            "values inline",
            swap("Date:\nMar 2019\nLocation:\nIreland", "Date: Mar 2019\nLocation:   Ireland"),
        ),
        ("victim below", swap("Victim: Bally", "Victim:\n  Bally")),
        (
            "upper case",
            swap("Summary", "SUMMARY")
                .replace("Description", "DESCRIPTION")
                .replace("Date:", "DATE:"),
        ),
        (
            "lower case",
            swap("Cyber Incident Victim", "cyber incident victim")
                .replace("Location:", "location:"),
        ),
        ("short victim", swap("Cyber Incident Victim:", "Victim:")),
        ("blank before colon", swap("Victim:", "Victim :").replace("Date:", "Date\u{a0}:")),
        ("full-width colon", swap("Victim:", "Victim：").replace("Date:\n", "Date：")),
        (
            "no-break spaces",
            swap("Cyber Incident Victim: ", "Cyber\u{a0}Incident\u{a0}Victim:\u{a0}"),
        ),
        (
            "colons at headings",
            swap("Summary\n", "Summary:\n").replace("Description\n", "Description:\n"),
        ),
        (
            "text on the line of its heading",
            swap("Summary\n", "Summary: ").replace("Description\n", "Description: "),
        ),
        (
            "Markdown headings",
            swap("Summary\n", "## Summary\n\n").replace("Description\n", "### Description ###\n"),
        ),
        (
            "underlined headings",
            swap("Summary\n", "Summary\n-------\n")
                .replace("Description\n", "Description\n===\n\n"),
        ),
        (
            "bold headings",
            swap("Summary\n", "**Summary**\n")
                .replace("Date:\n", "**Date:** ")
                .replace("Cyber Incident Victim:", "**Cyber Incident Victim:**"),
        ),
        (
            "list of headers",
            swap("Date:\nMar", "- Date: Mar").replace("Location:\n", "* Location: "),
        ),
        ("tight cells", COUNCIL.replace(" | ", "|").replace("| ", "|").replace(" |", "|")),
        (
            "no outer bars",
            COUNCIL
                .replace("\n| ", "\n")
                .replace(" |\n", "\n")
                .replace("\n|---|---|---|", "\n---|---|---"),
        ),
        ("alignments", COUNCIL.replace("|---|---|---|", "| :--- | :---: | ---: |")),
        ("no rules", COUNCIL.replace("|---|---|---|\n", "")),
        (
            "other column names",
            swap("CIA Posture", "posture")
                .replace("Tactics, Techniques & Procedures", "TTPs")
                .replace("Threat Actors", "Actors"),
        ),
        ("techniques and", swap("Techniques & Procedures", "Techniques and Procedures")),
        ("case of cells", COUNCIL.replace("Available to members", "AVAILABLE TO MEMBERS")),
        ("bold cells", COUNCIL.replace("| 2 motives |", "| **2 motives** |")),
        (
            "French",
            swap("Cyber Incident Victim:", "Victime :")
                .replace("Location:", "Lieu :")
                .replace("Summary", "Résumé")
                .replace("Mar 2019", "mars 2019"),
        ),
        (
            "German",
            swap("Cyber Incident Victim:", "Opfer:")
                .replace("Date:", "Datum:")
                .replace("Location:", "Land:")
                .replace("Mar 2019", "März 2019")
                .replace("Summary", "Zusammenfassung")
                .replace("Description", "Beschreibung"),
        ),
        (
            "Spanish",
            swap("Cyber Incident Victim:", "Víctima:")
                .replace("Date:", "Fecha:")
                .replace("Location:", "País:")
                .replace("Mar 2019", "marzo de 2019")
                .replace("Summary", "Resumen")
                .replace("Description", "Descripción"),
        ),
        ("tables last", format!("{headers}{summary}{description}{tables}")),
        ("tables first", format!("{tables}{headers}{summary}{description}")),
        ("summary after tables", format!("{headers}{tables}{summary}{description}")),
        ("description before summary", format!("{headers}{description}{summary}{tables}")),
        ("headers last", format!("{summary}{tables}{description}\n{headers}")),
        (
            "no heading over the description",
            format!("{headers}{summary}{tables}{}", &description["Description\n".len()..]),
        ),
        ("date before victim", {
            let (victim, rest) = headers.split_once('\n').unwrap();
            format!("{rest}{victim}\n{summary}{tables}{description}")
        }),
        ("no end of line", COUNCIL.trim_end().to_owned()),
    ];
    let plain = |text: &str| {
        let mut report = one(text);
        report.source = None;
        report.date_text.clear(); // as written, which the month in another language is not
        report
    };
    let expected = plain(COUNCIL);
    for (name, text) in variations {
        let mut report = plain(&text);
        report.body = report.body.replace("\r\n", "\n");
        assert_eq!(report, expected, "{name}:\n{text}");
    }
    let report = plain(&COUNCIL.replace('\n', "\r"));
    assert_eq!(report.body, expected.body.replace('\n', "\r"), "CR");
    assert_eq!(
        (report.victim, report.date, report.motives),
        (expected.victim, expected.date, expected.motives)
    );
}

#[test]
fn sections_stand_in_the_text_where_the_report_says() {
    for text in
        [COUNCIL.to_owned(), COUNCIL.replace('\n', "\r\n"), COUNCIL.replace("Town", "Bürger\u{a0}")]
    {
        let report = one(&text);
        for origin in &report.source.as_ref().unwrap().origins {
            let rest = &text[origin.byte as usize..];
            assert!(rest.starts_with(report.section(origin.section)), "{origin:?}");
            let before = &text[..origin.byte as usize];
            assert_eq!(origin.char as usize, before.chars().count());
            assert_eq!(origin.line as usize, before.matches('\n').count() + 1);
            let line = before.rsplit('\n').next().unwrap();
            assert_eq!(origin.column as usize, line.chars().count() + 1);
        }
    }
}

#[test]
fn unknown_lines_are_kept() {
    let text = "From the archive\n\
        Cyber Incident Victim: Acme\n\
        Sector: health care\n\
        Records lost:\n\
        about 500\n\
        URL: https://example.org/a\n\
        Title: A bad day\n\
        Language: Klingon\n\
        Id: acme-7\n\
        Date: some time ago\n\
        Date: 2020\n\
        Location: Atlantis\n\
        Summary\n\
        Short.\n\
        | Threat Actors | Type | Sector |\n\
        | 1 actor: Red | criminal | banks |\n\
        A line between.\n\
        Description\n\
        Long. Note: this stays.\n\
        Sector: of the body\n\
        Description\n\
        | a | b |\n";
    let outcome = read(text);
    let report = &outcome.reports[0];
    assert_eq!((report.id.as_str(), report.title.as_str()), ("acme-7", "A bad day"));
    assert_eq!((report.date, report.date_text.as_str()), (None, "some time ago"));
    assert_eq!(
        (report.countries[0].country, report.countries[0].written.as_str()),
        (None, "Atlantis")
    );
    assert_eq!(report.body, "Long. Note: this stays.\nSector: of the body\nDescription\n| a | b |");
    assert_eq!(
        report.other,
        "Language: Klingon\nFrom the archive\nSector: health care\nRecords lost:\nabout 500\n\
         URL: https://example.org/a\nDate: 2020\nA line between.\nSector: banks"
    );
    let notes: Vec<_> = outcome.notes.iter().map(ToString::to_string).collect();
    assert_eq!(
        notes,
        [
            "2019/council.txt:10: date not understood: some time ago",
            "2019/council.txt:12: country not recognised: Atlantis",
        ]
    );
}

#[test]
fn running_text_is_not_cut_by_what_only_looks_like_a_header() {
    let body = "They wrote:\n\
        Date: none of your business\n\
        Location: the cellar\n\
        Victim: you\n\
        Summary of losses\n\
        | Host | Address |\n\
        |---|---|\n\
        | a | 10.0.0.1 |\n\
        Type: threat\n\
        Title: pay up";
    let report = one(&format!("Cyber Incident Victim: Acme\nDescription\n{body}\n"));
    assert_eq!((report.victim.as_str(), report.body.as_str()), ("Acme", body));
    assert_eq!(report.date_text, "");
}

#[test]
fn a_body_in_two_pieces_is_joined_and_has_no_origin() {
    let table = "| Threat Actors | Type | Location |\n|---|---|---|\n| 1 actor: Red | criminal | Russia |\n";
    let report = one(&format!("Victim: Acme\nDescription\nOne.\n{table}\nTwo.\n"));
    assert_eq!(report.body, "One.\n\nTwo.");
    assert_eq!(report.actor_location.as_deref(), Some("Russia"));
    let sections: Vec<_> =
        report.source.unwrap().origins.iter().map(|origin| origin.section).collect();
    assert_eq!(sections, [Section::Victim]);
}

#[test]
fn text_under_no_heading_is_the_account() {
    let report =
        one("Victim: Acme\nDate: 2020\n\nTheir files were encrypted.\n\nThey did not pay.\n");
    assert_eq!(report.body, "Their files were encrypted.\n\nThey did not pay.");
    assert_eq!(report.other, "");
}

#[test]
fn places_may_stand_on_several_lines() {
    let codes = |text: &str| -> Vec<&str> {
        let countries = one(text).countries;
        countries
            .iter()
            .map(|location| location.country.map_or("?", |country| country.alpha2()))
            .collect()
    };
    assert_eq!(codes("Victim: Acme\nLocation:\nUS\n CA\n MX\nSummary\nx"), ["US", "CA", "MX"]);
    assert_eq!(
        codes("Victim: Acme\nLocation: France, Germany\nNot a place.\nSummary\nx"),
        ["FR", "DE"]
    );
    assert_eq!(codes("Victim: Acme\nLocation: Available to members\nSummary\nx"), [""; 0]);
}

#[test]
fn one_file_may_hold_several_reports() {
    let text = format!(
        "{COUNCIL}\n{}\n{COUNCIL}",
        COUNCIL.replace("Ballyduff", "Ardmore").replace("Date:\n", "Id: own\nDate: ")
    );
    let outcome = read(&text);
    let found: Vec<_> = outcome
        .reports
        .iter()
        .map(|report| {
            (report.id.as_str(), report.victim.as_str(), report.source.as_ref().unwrap().record)
        })
        .collect();
    assert_eq!(
        found,
        [
            ("2019/council", "Ballyduff Town Council", Some(1)),
            ("own", "Ardmore Town Council", Some(2)),
            ("2019/council#3", "Ballyduff Town Council", Some(3)),
        ]
    );
    for report in &outcome.reports {
        let origin = report.source.as_ref().unwrap().origins.last().unwrap();
        assert!(text[origin.byte as usize..].starts_with(&report.body));
    }
}

#[test]
fn dates_are_kept_as_written_where_that_says_more() {
    for (written, date, text, note) in [
        ("Dec 2023", Some("Dec 2023"), "", None),
        ("2023-12", Some("Dec 2023"), "2023-12", None),
        ("30 août 2023", Some("Aug 30, 2023"), "30 août 2023", None),
        ("unknown", None, "", None),
        ("14/02", None, "14/02", Some("date not understood: 14/02")),
        (
            "03/04/2021",
            Some("between Mar 4, 2021 and Apr 3, 2021"),
            "03/04/2021",
            Some("date 03/04/2021 can be read in two ways; both are covered"),
        ),
    ] {
        let outcome = read(&format!("Victim: Acme\nDate:\n{written}\nSummary\nx\n"));
        let report = &outcome.reports[0];
        assert_eq!(report.date.map(|date| date.to_string()).as_deref(), date, "{written}");
        assert_eq!(report.date_text, text, "{written}");
        assert_eq!(outcome.notes.first().map(|note| note.message.as_str()), note, "{written}");
    }
}

#[test]
fn headers_may_stand_in_for_tables() {
    let report = one(
        "Victim: Acme\nMotives: 2 motives: money, fame\nThreat actor: Red\nType: odd\nSummary\nx\n",
    );
    assert_eq!(report.motives.names, ["money", "fame"]);
    assert_eq!(report.actors.names, ["Red"]);
    assert_eq!((report.actor_type, report.other.as_str()), (None, "Type: odd"));
}

#[test]
fn counts_and_names_that_disagree_are_both_kept_and_noted() {
    let outcome = read(
        "Victim: Acme\nPosture|Motives\n|-\nIntegrity|3 motives: money, fame\nDescription\nx\n",
    );
    let motives = &outcome.reports[0].motives;
    assert_eq!((motives.count, motives.names.len()), (Some(3), 2));
    assert_eq!(
        outcome.notes[0].to_string(),
        "2019/council.txt:4: 3 motives: money, fame says 3 and names 2"
    );
}

#[test]
fn a_table_without_end_is_kept_as_text() {
    let rows: String = (0..1500).map(|n| format!("| 1 actor: a{n} | t{n} |\n")).collect();
    let report = one(&format!("Victim: Acme\n| Threat Actors | Type |\n|---|---|\n{rows}"));
    assert_eq!((report.actors.count, report.actors.names.len()), (Some(1000), 1000));
    assert!(report.other.starts_with("| 1 actor: a1000 |") && report.other.ends_with("| t1499 |"));
}

#[test]
fn other_texts_are_no_reports() {
    for text in [
        "Milk\nBread\nEggs\n",
        "2021-01-01 12:00:00 INFO start\nSummary: 3 errors\nlevel: warn\n",
        "A description of the summary.\n",
        "Date: 2020\nLocation: France\n",
        "| Host | Type |\n|---|---|\n| a | b |\n",
    ] {
        assert!(!sniff(text), "{text}");
        let outcome = read(text);
        assert!(outcome.reports.is_empty());
        assert_eq!((outcome.skips[0].line, outcome.skips[0].kind), (Some(1), SkipKind::NotAReport));
    }
    for text in [
        "Cyber Incident Victim",
        "victim: x",
        "## Summary\nx",
        "Beschreibung:\nx",
        "Date: 2020\nSummary: it was bad\n",
        "Posture | Motives\nIntegrity | fame\n",
    ] {
        assert!(sniff(text), "{text}");
        assert_eq!(read(text).reports.len(), 1, "{text}");
    }
}
