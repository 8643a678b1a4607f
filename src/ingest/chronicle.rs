//! Lists of incidents by month, as institutes keep them: paragraphs that begin `May 2023:`.
//!
//! In: a text. Out: where its entries are, and when each was. An account of one incident may go through its days; a
//! list is told from it by months, of which it has many, and little else.

use super::text::Lines;
use crate::date::{DayOrder, IncidentDate, Precision};

/// One entry of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry<'t> {
    /// The month, as written.
    pub date: &'t str,
    /// Where its text is.
    pub start: usize,
    pub end: usize,
    /// The line in which it begins.
    pub line: u64,
}

/// Entries that make a list.
const FEWEST: usize = 4;

/// The entries of a text from offset `start` on; none if it is no list of this kind.
pub(super) fn entries(text: &str, start: usize) -> Vec<Entry<'_>> {
    let mut entries: Vec<Entry<'_>> = Vec::new();
    for line in Lines::starting_at(text, start) {
        if let Some((date, rest)) = split(line.text) {
            if let Some(last) = entries.last_mut() {
                last.end = line.start;
            }
            let start = line.offset_of(rest);
            entries.push(Entry { date, start, end: text.len(), line: line.number });
        }
    }
    for entry in &mut entries {
        let body = text.get(entry.start..entry.end).unwrap_or_default();
        entry.end = entry.start + body.trim_end().len();
    }
    let before = entries.first().map_or(usize::MAX, |first| first.start - start);
    let is_list = entries.len() >= FEWEST && before <= text.len().saturating_sub(start) / 2;
    if is_list { entries } else { Vec::new() }
}

/// A line that begins with a month, and what comes after.
fn split(line: &str) -> Option<(&str, &str)> {
    /// `Septiembre de 2023`, with room.
    const LONGEST: usize = 24;
    let bare = line.trim_start_matches(|c: char| c.is_whitespace() || "-*•–_".contains(c));
    let (end, mark) = bare.char_indices().take(LONGEST).find(|(_, c)| ".:–—".contains(*c))?;
    let date = bare[..end].trim();
    let rest = &bare[end + mark.len_utf8()..];
    let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || "*_".contains(c));
    let is_month = || {
        let parsed = IncidentDate::parse_with(date, DayOrder::Unknown);
        parsed.is_ok_and(|parsed| parsed.date.precision() == Precision::Month)
    };
    (rest.split_whitespace().nth(3).is_some() && is_month()).then_some((date, rest))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::*;
    use crate::ingest::{Limits, parse_bytes};

    const LIST: &str = "Significant incidents\n\nThis list is not complete.\n\n\
        May 2023: A ministry in Chile lost its mails to strangers.\nTwo servers were shut down.\n\n\
        May 2023. Hackers took the records of 200 offices in Greece.\n\n\
        * **April 2023:** A port in Canada could not be reached for hours.\n\
        Mars 2023 – Une mairie a perdu ses fichiers.\n";

    #[test]
    fn each_entry_of_a_list_is_a_report() {
        let outcome = parse_bytes(Path::new("list.txt"), LIST.as_bytes(), &Limits::default());
        let reports: Vec<_> = outcome
            .reports
            .iter()
            .map(|report| {
                let place = report.source.as_ref().unwrap().origins[0].byte as usize;
                assert!(LIST[place..].starts_with(&report.body));
                (report.id.as_str(), report.date.unwrap().to_string(), report.body.as_str())
            })
            .collect();
        let expected = [
            (
                "list#1",
                "May 2023",
                "A ministry in Chile lost its mails to strangers.\nTwo servers were shut down.",
            ),
            ("list#2", "May 2023", "Hackers took the records of 200 offices in Greece."),
            ("list#3", "Apr 2023", "A port in Canada could not be reached for hours."),
            ("list#4", "Mar 2023", "Une mairie a perdu ses fichiers."),
        ];
        assert_eq!(reports, expected.map(|(id, date, body)| (id, date.to_owned(), body)));
        assert_eq!(outcome.reports[0].other, "Significant incidents\n\nThis list is not complete.");
    }

    #[test]
    fn an_account_that_names_months_is_one() {
        for text in [
            "In May 2023: nothing happened at all here.\n",
            "3 May 2023: Mails came in with a loader.\n4 May 2023: It was run by two people.\n5 May 2023: Servers were \
             encrypted by it.\n6 May 2023: A note was found on them.\n",
            "May 2023: A.\nMay 2023: B.\nMay 2023: C.\nMay 2023: D.\n",
        ] {
            assert_eq!(entries(text, 0), [], "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_list_is_too_odd(text in "(May 2023|[:.–]| |\n|é|a b c d|\r){0,60}") {
            for entry in entries(&text, 0) {
                prop_assert!(text.get(entry.start..entry.end).is_some());
            }
        }
    }
}
