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
pub(super) use self::lines::{Lines, Locator};
use self::parser::Parser;
use self::table::{Header, Surroundings};
use super::collect::Collector;
use super::config::FileConfig;
use super::document::{Demand, Document};
use super::read::Input;
use crate::report::Report;

/// Whether a text is in this format at all: it names a victim, has a heading of one of the two long sections on a line
/// of its own, or one of the tables.
///
/// `Summary: …` alone is no proof, many a log has that; with a date or place beside it, it is.
pub(super) fn sniff(text: &str) -> bool {
    is_report(text, &FileConfig::default())
}

/// The same, by the names that settings give.
pub(super) fn is_report(text: &str, config: &FileConfig) -> bool {
    let mut hints = 0;
    for line in Lines::new(text) {
        if let Some(found) = headings::find(line.text, config) {
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
        } else if Header::find(line.text, Surroundings::Text, config).is_some() {
            return true;
        }
    }
    false
}

/// Reads the reports of a file.
pub(super) fn parse(input: &mut Input<'_>, collector: &mut Collector<'_>) -> io::Result<()> {
    let Some(text) = input.text(collector)? else { return Ok(()) };
    Document::of_file(&text, collector).read(Demand::Prose, collector);
    Ok(())
}

/// Reads the reports of a text from offset `start` on, which is the start of a line. There is at least one.
pub(super) fn read(text: &str, start: usize, collector: &mut Collector<'_>) -> Vec<Report> {
    let drafts = Parser::new(text, start, collector.config()).run();
    finish(text, drafts, collector)
}

/// Whether a line is a heading of this format.
pub(super) fn is_heading(line: &str, config: &FileConfig) -> bool {
    headings::find(line, config).is_some()
}

#[cfg(test)]
mod tests;
