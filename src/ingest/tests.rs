//! Properties that hold for every format: nothing panics, nothing is lost, everything is the same twice.

use std::collections::HashSet;
use std::path::Path;

use proptest::prelude::*;

use super::{FileOutcome, Limits, parse_bytes};
use crate::report::{Report, Tally};

fn parse(name: &str, bytes: &[u8]) -> FileOutcome {
    parse_bytes(Path::new(name), bytes, &Limits::default())
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned)
}

/// Every word that is in some field of the reports.
fn words_of(reports: &[Report]) -> HashSet<String> {
    let mut all = HashSet::new();
    for report in reports {
        let tallies = [&report.posture, &report.motives, &report.techniques, &report.actors];
        let names = tallies.iter().flat_map(|tally: &&Tally| tally.names.iter().cloned());
        let counts = tallies.iter().filter_map(|tally| tally.count).map(|count| count.to_string());
        let texts = [
            &report.id,
            &report.victim,
            &report.date_text,
            &report.date.map(|date| date.to_string()).unwrap_or_default(),
            &report.title,
            &report.summary,
            &report.body,
            &report.other,
        ];
        let places = report.countries.iter().map(|location| location.written.clone());
        let options = [&report.actor_type, &report.actor_location, &report.language];
        for text in texts.into_iter().cloned().chain(names).chain(counts).chain(places) {
            all.extend(words(&text));
        }
        for text in options.into_iter().flatten() {
            all.extend(words(text));
        }
    }
    all
}

/// The words by which the format itself says what is what.
const FORMAT_WORDS: &str = "Cyber Incident Victim Date Location Title Id Summary Description CIA Posture Motives Threat \
    Actors Type Tactics Techniques Procedures Available to members motives technique actors";

/// Lines of reports and lines of anything, in any order.
fn line() -> impl Strategy<Value = String> {
    let fixed = prop::sample::select(vec![
        "",
        " ",
        "---",
        "Summary",
        "## Description",
        "Description:",
        "Date:",
        "Location:",
        "Cyber Incident Victim:",
        "| CIA Posture | Motives | Tactics, Techniques & Procedures |",
        "|---|---|---|",
        "| Threat Actors | Type | Location |",
        "| 0 actors | Available to members | Available to members |",
        "Title:",
        "Id:",
    ]);
    let text = "[a-zé]{1,6}( [a-zé]{1,6}){0,4}[.:]?";
    prop_oneof![
        4 => fixed.prop_map(str::to_owned),
        4 => text,
        1 => "Cyber Incident Victim: [a-z]{1,6}",
        1 => "Victim: [a-z]{1,6}",
        1 => "Date: [a-z0-9]{1,6} [a-z]{1,6}",
        1 => Just("Date: Dec 2023".to_owned()),
        1 => "Location: [a-z]{2,8}, France",
        1 => "[A-Z][a-z]{1,6}: [a-z ]{0,9}",
        1 => "Title: [a-z]{1,6} [a-z]{1,6}",
        1 => "\\| [a-z]{0,5} \\| [0-9]? ?[a-z]{1,5}, [a-z]{1,5} \\| [a-z]{0,5} \\|( [a-z]{1,5} \\|)?",
        1 => "\\| Motives \\| [a-z]{1,5} \\|",
    ]
}

/// Words that only join two countries.
fn joins(word: &str) -> bool {
    ["e", "en", "et", "or", "y"].contains(&word)
}

proptest! {
    #[test]
    fn no_word_of_a_text_is_lost(lines in prop::collection::vec(line(), 0..24)) {
        let text = lines.join("\n");
        let outcome = parse("a.txt", text.as_bytes());
        if !outcome.skips.is_empty() {
            prop_assert!(outcome.reports.is_empty());
            return Ok(());
        }
        let found = words_of(&outcome.reports);
        let known: HashSet<String> = words(FORMAT_WORDS).collect();
        for word in words(&text) {
            // Counts of several rows are added up.
            let counts = word.parse::<u8>().is_ok();
            // A field of front matter that has no value says nothing.
            let is_empty_field = text.starts_with("---") && text.lines().any(|line| line == format!("{word}:"));
            let of_the_format = counts || is_empty_field || joins(&word) || known.contains(&word);
            prop_assert!(of_the_format || found.contains(&word), "lost {word:?} of\n{text}\n{:#?}", outcome.reports);
        }
        for report in &outcome.reports {
            for origin in &report.source.as_ref().unwrap().origins {
                let rest = &text[origin.byte as usize..];
                prop_assert!(rest.starts_with(report.section(origin.section)), "{origin:?}");
            }
        }
    }

    #[test]
    fn no_word_of_a_record_is_lost(
        fields in prop::collection::vec(
            (prop::sample::select(vec!["id", "victim", "date", "end_date", "country", "location", "title", "text", "body", "lang",
                "motives", "actors", "actor_type", "other thing", "victim"]), "[a-zé0-9]{1,6}( [a-zé,;]{1,6}){0,3}", 0..4),
            1..10,
        )
    ) {
        let values = fields.iter().map(|(name, text, shape)| {
            let text = serde_json::to_string(text).unwrap();
            let value = match shape {
                0 => text,
                1 => format!("[[{text}], null]"),
                2 => format!("{{\"inner\": {text}}}"),
                _ => format!("[{{\"inner\": [{text}]}}]"),
            };
            format!("\"{name}\": {value}")
        });
        let record = format!("{{{}}}", values.collect::<Vec<_>>().join(", "));
        let outcome = parse("a.json", record.as_bytes());
        if !outcome.skips.is_empty() {
            prop_assert!(outcome.reports.is_empty());
            return Ok(());
        }
        let found = words_of(&outcome.reports);
        for word in fields.iter().flat_map(|(_, text, _)| words(text)) {
            // `007` is a count of 7.
            let number = word.parse::<u32>().is_ok_and(|number| found.contains(&number.to_string()));
            prop_assert!(joins(&word) || number || found.contains(&word), "lost {word:?} of\n{record}\n{:#?}", outcome.reports);
        }
    }

    #[test]
    fn any_bytes_are_read_twice_the_same(bytes: Vec<u8>, name in prop::sample::select(vec!["a.txt", "a.jsonl", "a", "a.md", "a.html", "a.csv", "a.eml", "a.pdf", "a.txt.gz", "a.gz"])) {
        prop_assert_eq!(parse(name, &bytes), parse(name, &bytes));
    }

    #[test]
    fn damaged_reports_are_reports_or_skips(
        lines in prop::collection::vec(line(), 1..20),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..9),
        limit in 0_u64..600,
    ) {
        let mut bytes = format!("Cyber Incident Victim: é\n{}", lines.join("\n")).into_bytes();
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let outcome = parse("a.txt", &bytes);
        prop_assert!(!outcome.reports.is_empty() || !outcome.skips.is_empty());
        let limits = Limits { record_bytes: limit, ..Limits::default() };
        parse_bytes(Path::new("a.txt"), &bytes, &limits);
        parse_bytes(Path::new("a.json"), &bytes, &limits);
    }
}
