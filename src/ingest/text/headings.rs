//! The headings of the text format, in the spellings and languages that occur.
//!
//! In: a line. Out: which [`Heading`] it is, and the value after it on the same line. Which name is which field is
//! known in [`names`](crate::ingest::names) and may be said in settings; here is how lines are headed by them.

use crate::ingest::config::{FileConfig, Role};
use crate::ingest::names::Field;
use crate::ingest::values::fold;

/// What a heading announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Heading {
    /// `Cyber Incident Victim:`: opens a report.
    Opening,
    /// `Victim:`: the same field, but too common a word to open a second report in the middle of a text.
    Victim,
    Date,
    Location,
    Title,
    Id,
    Language,
    Summary,
    Description,
    Column(Column),
    /// Something that settings leave out.
    Ignored,
}

/// A column of the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Column {
    Posture,
    Motives,
    Techniques,
    Actors,
    ActorType,
    ActorLocation,
}

/// A heading as a line holds it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found<'t> {
    pub heading: Heading,
    /// The rest of the line, trimmed.
    pub value: &'t str,
    /// Written with a colon.
    pub colon: bool,
}

/// Names that only head a column of the tables: elsewhere a type may be the type of anything.
const TYPES: [&str; 3] = ["type", "typ", "tipo"];

/// Longest name that is looked up; longer lines are text, which is most lines.
const LONGEST: usize = 80;

/// The heading that `line` is or starts with.
pub(super) fn find<'t>(line: &'t str, config: &FileConfig) -> Option<Found<'t>> {
    let bare = unmarked(line);
    let marked = bare.len() != line.trim().len();
    if let Some((name, value)) = split_colon(bare) {
        let value = value.trim();
        let value = if marked { value.trim_matches(['*', '_']).trim() } else { value };
        return heading(name, config).map(|heading| Found { heading, value, colon: true });
    }
    if bare.len() > LONGEST {
        return None;
    }
    heading(bare, config).map(|heading| Found { heading, value: "", colon: false })
}

/// The name before the first colon and what comes after, if the name is short enough to be one.
pub(super) fn split_colon(line: &str) -> Option<(&str, &str)> {
    let mut colons = line.char_indices().take_while(|(at, _)| *at <= LONGEST);
    let (at, colon) = colons.find(|(_, c)| matches!(c, ':' | '：'))?;
    Some((&line[..at], &line[at + colon.len_utf8()..]))
}

/// Whether a line looks like a header of some other name: `Sector: health`.
pub(super) fn is_unknown_header(line: &str) -> bool {
    let Some((name, value)) = split_colon(unmarked(line)) else { return false };
    let name = name.trim_matches(['*', '_', ' ']);
    let words = name.split_whitespace().count();
    (1..=5).contains(&words)
        && name.starts_with(char::is_alphabetic)
        && !name.contains(['.', '|', '"', '!', '?', ';'])
        && !value.starts_with("//")
}

/// The column that a cell names.
pub(super) fn column(cell: &str, config: &FileConfig) -> Option<Column> {
    let name = unmarked(cell).trim_end_matches([':', '：', ' ']);
    match config.role(name) {
        Role::Field(known) => match known.field {
            Field::Country => Some(Column::ActorLocation),
            field => column_of(field),
        },
        Role::Ignored => None,
        Role::Other => TYPES.contains(&fold(name).as_str()).then_some(Column::ActorType),
    }
}

fn column_of(field: Field) -> Option<Column> {
    match field {
        Field::Posture => Some(Column::Posture),
        Field::Motives => Some(Column::Motives),
        Field::Techniques => Some(Column::Techniques),
        Field::Actors => Some(Column::Actors),
        Field::ActorType => Some(Column::ActorType),
        Field::ActorLocation => Some(Column::ActorLocation),
        _ => None,
    }
}

fn heading(name: &str, config: &FileConfig) -> Option<Heading> {
    let name = name.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '#' | '='));
    let known = match config.role(name) {
        Role::Field(known) => known,
        Role::Ignored => return Some(Heading::Ignored),
        Role::Other => return None,
    };
    // `Description.` ends a sentence, `Summary (1 of 2)` says more than a heading.
    let says_more =
        name.contains(|c: char| !c.is_alphanumeric() && ".!?;()[]{}<>|/\\\"".contains(c));
    if !known.is_set() && (!known.heading || says_more) {
        return None;
    }
    match known.field {
        Field::Victim if opens_report(name) => Some(Heading::Opening),
        Field::Victim => Some(Heading::Victim),
        Field::Date => Some(Heading::Date),
        Field::Country => Some(Heading::Location),
        Field::Title => Some(Heading::Title),
        Field::Id => Some(Heading::Id),
        Field::Language => Some(Heading::Language),
        Field::Summary => Some(Heading::Summary),
        Field::Body => Some(Heading::Description),
        // Its place is beside the first date, which a line at a time does not show; it stays where it can be found.
        Field::EndDate => None,
        field => column_of(field).map(Heading::Column),
    }
}

/// Whether the name of a victim says of what: nothing but such a report has a "cyber incident victim".
fn opens_report(name: &str) -> bool {
    let name = fold(name);
    name.contains("cyber") || name.contains("ciber")
}

/// The line without the marks that Markdown and lists put around a heading.
fn unmarked(line: &str) -> &str {
    let line = line.trim();
    let bare = line.trim_start_matches(['#', '*', '_', '>', '•', ' ', '\u{a0}', '\t']);
    let bare = bare.strip_prefix("- ").unwrap_or(bare).trim_start_matches(['*', '_', ' ']);
    if bare.len() == line.len() {
        return line;
    }
    bare.trim_end_matches(['#', '*', '_', ' ']).trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_found_in_many_spellings() {
        let config = FileConfig::default();
        for (line, heading, value, colon) in [
            ("Cyber Incident Victim: Acme", Heading::Opening, "Acme", true),
            ("CYBER INCIDENT VICTIM :Acme : x", Heading::Opening, "Acme : x", true),
            ("\u{feff}Victim: Acme", Heading::Victim, "Acme", true),
            ("Victime\u{a0}: Mairie", Heading::Victim, "Mairie", true),
            ("Date：2023", Heading::Date, "2023", true),
            ("**Date:** Dec 2023", Heading::Date, "Dec 2023", true),
            ("**Date: Dec 2023**", Heading::Date, "Dec 2023", true),
            ("- Location: France", Heading::Location, "France", true),
            ("## Summary", Heading::Summary, "", false),
            ("## Summary ##", Heading::Summary, "", false),
            ("**SUMMARY:**", Heading::Summary, "", true),
            ("Résumé", Heading::Summary, "", false),
            ("Résumé : court", Heading::Summary, "court", true),
            ("description", Heading::Description, "", false),
            ("TTPs: phishing", Heading::Column(Column::Techniques), "phishing", true),
            ("Victime de l’incident: x", Heading::Victim, "x", true),
        ] {
            let found = find(line, &config).unwrap_or_else(|| panic!("{line}"));
            assert_eq!(
                (found.heading, found.value, found.colon),
                (heading, value, colon),
                "{line}"
            );
        }
        for line in [
            "",
            "Description of events",
            "Summary of it all: x",
            "https://example.org",
            "* *",
            ":",
            "Description.",
            "Summary (1 of 2)",
            "Details",
            "Organisation: Acme",
        ] {
            assert!(find(line, &config).is_none(), "{line}");
        }
    }

    #[test]
    fn settings_add_headings_and_take_them_away() {
        let config = FileConfig::parse(
            "[fields]\nGeschehen = 'body'\n'Wer?' = 'victim'\nSumme = 'ignore'\nSummary = 'other'",
        );
        let config = config.unwrap();
        for (line, heading) in [
            ("Geschehen:", Some(Heading::Description)),
            ("## GESCHEHEN", Some(Heading::Description)),
            ("Wer?: Acme", Some(Heading::Victim)),
            ("Summe: 5", Some(Heading::Ignored)),
            ("Summary", None),
            ("Description", Some(Heading::Description)),
        ] {
            assert_eq!(find(line, &config).map(|found| found.heading), heading, "{line}");
        }
    }

    #[test]
    fn other_headers_are_told_from_sentences_and_links() {
        for line in ["Sector: health", "**Number of records:** 5", "Branche : santé", "Reference:"]
        {
            assert!(is_unknown_header(line), "{line}");
        }
        for line in [
            "https://example.org/a",
            "12:30 the site was down",
            "He said: \"no\" and left it at that. Then: x",
            "The attackers had three aims in mind: money",
        ] {
            assert_eq!(is_unknown_header(line), line.starts_with("He said"), "{line}");
        }
    }
}
