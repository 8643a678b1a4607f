//! The formats through the public API. How each varies is tested beside its parser.

use std::path::Path;

use casebook::{FileOutcome, Limits, Section, SkipKind, parse_bytes};

use crate::harness::{AUBRAC, PORT};

fn parse(name: &str, bytes: &[u8]) -> FileOutcome {
    parse_bytes(Path::new(name), bytes, &Limits::default())
}

#[test]
fn a_report_reads_the_same_however_the_file_was_saved() {
    let plain = parse("aubrac.txt", AUBRAC.as_bytes()).reports.remove(0);
    let utf16: Vec<u8> =
        [0xfeff].into_iter().chain(AUBRAC.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let windows: Vec<u8> = AUBRAC.replace('’', "\u{92}").chars().map(|c| c as u8).collect();
    for (how, bytes) in [
        ("with a byte order mark", format!("\u{feff}{AUBRAC}").into_bytes()),
        ("with CRLF", AUBRAC.replace('\n', "\r\n").into_bytes()),
        ("in UTF-16", utf16),
        ("in Windows-1252", windows),
        (
            "in capitals",
            AUBRAC.replace("Cyber Incident Victim", "CYBER INCIDENT VICTIM").into_bytes(),
        ),
        (
            "with non-breaking spaces",
            AUBRAC.replace("Incident Victim:", "Incident\u{a0}Victim:\u{a0}").into_bytes(),
        ),
        (
            "with blank lines",
            AUBRAC
                .replace("Date:\n", "\nDate:\n\n")
                .replace("Summary\n", "\nSummary\n\n")
                .into_bytes(),
        ),
        (
            "with values on the same line",
            AUBRAC.replace("Date:\n", "Date: ").replace("Location:\n", "Location: ").into_bytes(),
        ),
        ("with other tables", AUBRAC.replace("| ", "|  ").replace(" |", "|").into_bytes()),
    ] {
        let outcome = parse("aubrac.txt", &bytes);
        assert!(outcome.skips.is_empty(), "{how}: {:?}", outcome.skips);
        let report = &outcome.reports[0];
        assert_eq!((&report.victim, report.date), (&plain.victim, plain.date), "{how}");
        assert_eq!(report.countries, plain.countries, "{how}");
        assert_eq!((&report.posture, &report.actors), (&plain.posture, &plain.actors), "{how}");
        assert_eq!(report.summary, plain.summary, "{how}");
        assert_eq!(report.body.replace('\r', ""), plain.body, "{how}");
    }
}

#[test]
fn sections_may_be_missing_or_in_another_order() {
    let (tables, texts) = (PORT.find("\n|").unwrap(), PORT.find("\nDescription").unwrap());
    let reordered = format!("{}{}{}", &PORT[..tables], &PORT[texts..], &PORT[tables..texts]);
    let (one, other) = (parse("p.txt", PORT.as_bytes()), parse("p.txt", reordered.as_bytes()));
    let (one, other) = (&one.reports[0], &other.reports[0]);
    assert_eq!(
        (&one.summary, &one.techniques, &one.posture),
        (&other.summary, &other.techniques, &other.posture)
    );

    let bare = parse("bare.txt", b"Cyber Incident Victim: Acme\n");
    assert_eq!(bare.reports[0].victim, "Acme");
    assert!(Section::ALL[1..].iter().all(|section| bare.reports[0].section(*section).is_empty()));
}

#[test]
fn json_lines_hold_many_reports() {
    let lines = "{\"id\": \"a\", \"victim\": \"Acme\", \"date\": \"2023-08\", \"country\": \"FR\", \"text\": \"Defaced.\"}\n\
                 no json\n{\"victim\": \"Beta\", \"text\": \"Encrypted.\"}\n";
    let outcome = parse("many.jsonl", lines.as_bytes());
    let victims: Vec<_> = outcome.reports.iter().map(|report| report.victim.as_str()).collect();
    assert_eq!(victims, ["Acme", "Beta"]);
    assert_eq!(outcome.reports[0].date.unwrap().to_string(), "Aug 2023");
    assert_eq!(outcome.reports[1].source.as_ref().unwrap().record, Some(3));
    assert_eq!((outcome.skips[0].kind, outcome.skips[0].line), (SkipKind::Malformed, Some(2)));
}

#[test]
fn what_is_no_report_is_skipped_with_its_reason() {
    for (name, bytes, kind) in [
        ("empty.txt", &b""[..], SkipKind::NotAReport),
        ("blank.txt", b" \n\n\t\n", SkipKind::NotAReport),
        ("list.txt", b"Milk\nBread\n", SkipKind::NotAReport),
        ("binary.txt", b"\x7fELF\0\0\0\x01\xff\xfe\0", SkipKind::Binary),
        ("broken.json", b"{\"victim\": ", SkipKind::Malformed),
    ] {
        let outcome = parse(name, bytes);
        assert!(outcome.reports.is_empty(), "{name}");
        let skip = &outcome.skips[0];
        assert_eq!((skip.kind, skip.path.to_str()), (kind, Some(name)), "{skip}");
        assert!(!skip.reason.is_empty());
    }
}
