//! Everything that goes to stdout.
//!
//! In: an [`Answer`], a report, a status. Out: bytes on a `Write`. A [`Printer`] is one way to print an answer;
//! [`Format`] is the list of them. `layout` and `style` fill lines, `escape` makes foreign text harmless.

use std::io::{self, Write};
use std::path::Path;

use casebook::{Hit, Location, Passage, Position, Report, Results, Section};

pub mod aliases;
mod count;
pub mod escape;
pub mod eval;
mod grep;
pub mod indicators;
pub mod json;
mod layout;
pub mod report;
pub mod status;
mod style;
mod text;

pub use style::{ColorChoice, Role, Style};

/// What a search found, with what a printer needs to know of how it was asked.
#[derive(Debug)]
pub struct Answer<'a> {
    /// The query as it was typed.
    pub typed: &'a str,
    /// What was found.
    pub results: &'a Results,
    /// What paths are printed under.
    pub prefix: &'a Path,
    /// The start of a command line that searches the same corpus.
    pub command: &'a str,
    /// Show how the query was understood.
    pub explain: bool,
}

/// A way to print an answer.
pub trait Printer {
    /// Prints it.
    fn print(&self, answer: &Answer<'_>, out: &mut dyn Write) -> io::Result<()>;
}

/// The ways to print an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Ranked reports with their passages, for people.
    Text,
    /// A passage a line, as `path:line:column: text`.
    Grep,
    /// The number of reports.
    Count,
    /// One JSON document.
    Json,
    /// A JSON object a line for each report.
    JsonLines,
}

impl Format {
    /// The printer of this format.
    pub fn printer(self, style: Style) -> Box<dyn Printer> {
        match self {
            Format::Text => Box::new(text::Text { style }),
            Format::Grep => Box::new(grep::Grep { style }),
            Format::Count => Box::new(count::Count),
            Format::Json => Box::new(json::Document),
            Format::JsonLines => Box::new(json::Lines),
        }
    }
}

/// The path of a report's file as an editor opens it from here. A line break in it becomes visible.
fn file_name(report: &Report, prefix: &Path) -> Option<String> {
    let path = prefix.join(&report.source.as_ref()?.path);
    Some(escape::line(&path.to_string_lossy()).into_owned())
}

/// The same with the record, in a file of many: `corpus/a.jsonl#3`.
fn source_name(report: &Report, prefix: &Path) -> Option<String> {
    let file = file_name(report, prefix)?;
    match report.source.as_ref()?.record {
        Some(record) => Some(format!("{file}#{record}")),
        None => Some(file),
    }
}

/// Where a passage leads: to its first highlight, else to its start.
fn position_of(passage: &Passage) -> Option<Position> {
    passage.highlights.iter().find_map(|highlight| highlight.position).or(passage.position)
}

/// The start of a report, for hits that have no passage because nothing but filters was asked.
fn lead(report: &Report) -> Option<Passage> {
    const LENGTH: usize = 200;
    let sections = [Section::Summary, Section::Body, Section::Title, Section::Other];
    let section = sections.into_iter().find(|section| !report.section(*section).is_empty())?;
    let text = report.section(section);
    let end = match text.char_indices().nth(LENGTH) {
        None => text.len(),
        // Not within a word, unless the text knows no blanks.
        Some((end, _)) => text[..end].rfind(char::is_whitespace).unwrap_or(end),
    };
    let origins = report.source.iter().flat_map(|source| &source.origins);
    let origin = origins.into_iter().find(|origin| origin.section == section);
    Some(Passage {
        section,
        range: 0..end,
        text: text[..end].to_owned(),
        highlights: Vec::new(),
        position: origin.map(|origin| Position {
            byte: origin.byte,
            char: origin.char,
            line: origin.line,
            column: origin.column,
        }),
    })
}

/// The passages of a hit, or the start of its report.
fn passages_or_lead(hit: &Hit) -> Vec<Passage> {
    if hit.passages.is_empty() {
        lead(&hit.report).into_iter().collect()
    } else {
        hit.passages.clone()
    }
}

/// The pieces of a passage in turn: text, and whether it matched. Ranges that don't fit the text are left out.
fn pieces(passage: &Passage) -> Vec<(bool, &str)> {
    let mut pieces = Vec::new();
    let mut at = 0;
    for highlight in &passage.highlights {
        let start = highlight.range.start.saturating_sub(passage.range.start);
        let end = highlight.range.end.saturating_sub(passage.range.start);
        let (Some(before), Some(matched)) =
            (passage.text.get(at..start), passage.text.get(start..end))
        else {
            continue;
        };
        pieces.push((false, before));
        pieces.push((true, matched));
        at = end;
    }
    pieces.push((false, passage.text.get(at..).unwrap_or_default()));
    pieces.retain(|(_, text)| !text.is_empty());
    pieces
}

/// The victim, or what else a report can be called by.
fn name(report: &Report) -> &str {
    [&report.victim, &report.title].into_iter().find(|name| !name.is_empty()).unwrap_or(&report.id)
}

/// The date as precisely as it is known.
fn date(report: &Report) -> String {
    match &report.date {
        Some(date) => date.to_string(),
        None if report.date_text.is_empty() => "no date".into(),
        None => report.date_text.clone(),
    }
}

/// The usual name of a country; a place that is none keeps its own.
fn place_name(location: &Location) -> &str {
    location.country.map_or(&location.written, |country| country.name())
}

/// The countries, in the order of the report. Long lists are cut.
fn countries(report: &Report) -> String {
    const MOST: usize = 4;
    let mut names: Vec<_> = report.countries.iter().map(place_name).collect();
    let more = names.len().saturating_sub(MOST);
    if more > 1 {
        names.truncate(MOST);
        return format!("{} and {more} more", names.join(", "));
    }
    names.join(", ")
}

/// A word of a command line, quoted where a shell would not leave it alone.
pub fn shell_word(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:,+=@%^".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// A query as arguments of a command line. Quotes and brackets reach over blanks and make it one argument; words
/// alone are quoted one by one, as one would type them.
fn shell_query(query: &str) -> String {
    if query.contains(['"', '(', '/']) {
        return shell_word(query);
    }
    query.split_whitespace().map(shell_word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
pub mod tests;
