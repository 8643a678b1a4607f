//! The text format: header lines, a summary, two tables, a description.
//!
//! In: the text of a file. Out: its reports, usually one. Written once as
//!
//! ```text
//! Cyber Incident Victim: Example Town Council
//! Date:
//! Mar 2019
//! Location:
//! Ireland
//! Summary
//! …
//! | CIA Posture | Motives | Tactics, Techniques & Procedures |
//! |---|---|---|
//! | Availability | 2 motives: financial gain, extortion | Available to members |
//! | Threat Actors | Type | Location |
//! |---|---|---|
//! | 0 actors | Available to members | Available to members |
//! Description
//! …
//! ```
//!
//! it is read in any spelling, order and state of repair that still tells what is what. Sections are slices of the
//! text, verbatim; what has no place in a report ends up in [`Report::other`](crate::Report::other).

mod draft;
mod headings;
mod lines;
mod parser;
mod table;

use std::io;

use self::draft::finish;
use self::headings::Heading;
use self::lines::Lines;
use self::parser::Parser;
use self::table::{Header, Surroundings};
use super::collect::Collector;
use super::outcome::SkipKind;
use super::read::Input;

/// Whether a text is in this format at all: it names a victim, has a heading of one of the two long sections on a line
/// of its own, or one of the tables.
///
/// `Summary: …` alone is no proof, many a log has that; with a date or place beside it, it is.
pub(super) fn looks_like_report(text: &str) -> bool {
    let mut hints = 0;
    for line in Lines::new(text) {
        if let Some(found) = headings::find(line.text) {
            match found.heading {
                Heading::Opening => return true,
                Heading::Victim if found.colon => return true,
                Heading::Summary | Heading::Description if found.value.is_empty() => return true,
                Heading::Summary | Heading::Description => hints |= 1,
                Heading::Date | Heading::Location if found.colon => hints |= 2,
                _ => {}
            }
            if hints == 3 {
                return true;
            }
        } else if Header::find(line.text, Surroundings::Text).is_some() {
            return true;
        }
    }
    false
}

/// Reads the reports of a file.
pub(super) fn parse(input: &mut Input<'_>, collector: &mut Collector<'_>) -> io::Result<()> {
    let Some(text) = input.text(collector)? else { return Ok(()) };
    if text.trim().is_empty() {
        collector.skip_file(SkipKind::NotAReport, "nothing but blanks in the file");
        return Ok(());
    }
    if !looks_like_report(&text) {
        let reason = "not an incident report: no `Cyber Incident Victim:` line, no `Summary` or \
                      `Description` heading found";
        collector.skip(Some(1), None, SkipKind::NotAReport, reason.to_owned());
        return Ok(());
    }
    let drafts = Parser::new(&text).run();
    finish(&text, drafts, collector);
    Ok(())
}

#[cfg(test)]
mod tests;
