//! A report while its lines are being read.
//!
//! In: slices of the text, each given to a section. Out: the [`Report`]s, with the places of their sections.

use std::collections::HashSet;
use std::ops::Range;

use super::headings::Column;
use super::lines::{Line, Locator};
use super::table;
use crate::ingest::collect::Collector;
use crate::ingest::values::{is_placeholder, language_code, set_countries, set_date};
use crate::report::{Report, Section};

/// A value and the number of its line. An empty one: the header is there, its value not (yet).
pub(super) type Value<'t> = (&'t str, u64);

/// What has been found of one report so far.
#[derive(Default)]
pub(super) struct Draft<'t> {
    pub victim: Option<Value<'t>>,
    pub date: Option<Value<'t>>,
    pub places: Option<Vec<Value<'t>>>,
    pub title: Option<Value<'t>>,
    pub id: Option<Value<'t>>,
    pub language: Option<Value<'t>>,
    /// `Some` once the heading was seen.
    pub summary: Option<Pieces>,
    pub body: Option<Pieces>,
    /// Text under no heading, after the first header.
    pub loose: Pieces,
    /// Lines that belong to no field.
    pub other: Pieces,
    /// Cells that belong to no field.
    pub cells: Vec<String>,
    /// What the tables say: only these fields are set.
    pub tables: Report,
    pub columns: HashSet<Column>,
    /// How many rows the tables had.
    pub rows: usize,
    /// What does not agree, with its line.
    pub notes: Vec<(u64, String)>,
}

impl<'t> Draft<'t> {
    /// Whether any header, heading or table of the report has been seen.
    pub fn is_begun(&self) -> bool {
        self.victim.is_some()
            || self.date.is_some()
            || self.places.is_some()
            || self.title.is_some()
            || self.id.is_some()
            || self.language.is_some()
            || self.has_text()
            || !self.columns.is_empty()
    }

    /// Whether one of the long sections has been seen.
    pub fn has_text(&self) -> bool {
        self.summary.is_some() || self.body.is_some()
    }

    /// Ends the runs of text, so that what comes next is not taken for their continuation.
    pub fn close(&mut self) {
        for pieces in self.summary.iter_mut().chain(&mut self.body) {
            pieces.end_run();
        }
        self.loose.end_run();
        self.other.end_run();
    }

    /// Sets a column from a cell or header.
    pub fn set_column(&mut self, column: Column, cell: &str, line: u64) {
        self.columns.insert(column);
        let disagreement = table::set(&mut self.tables, column, cell);
        self.notes.extend(disagreement.map(|disagreement| (line, disagreement)));
    }
}

/// Runs of lines that make one section. A section that is one run stands in the text verbatim.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    runs: Vec<Range<usize>>,
    open: bool,
}

impl Pieces {
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// Whether the line before the next one belongs here.
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// What comes next does not continue the last run.
    pub fn end_run(&mut self) {
        self.open = false;
    }

    /// Adds a part of `line`; blank lines before it come along if the section was not left since.
    pub fn push<'t>(&mut self, line: &Line<'t>, part: &'t str) {
        let part = part.trim();
        if part.is_empty() {
            return;
        }
        let start = line.offset_of(part);
        let end = start + part.len();
        match self.runs.last_mut() {
            Some(run) if self.open => run.end = end,
            _ => self.runs.push(start..end),
        }
        self.open = true;
    }

    fn join(&self, text: &str, separator: &str) -> String {
        let runs: Vec<&str> = self.runs.iter().filter_map(|run| text.get(run.clone())).collect();
        runs.join(separator)
    }

    /// Where the section starts, if it stands in the text verbatim.
    fn origin(&self) -> Option<usize> {
        match self.runs.as_slice() {
            [run] => Some(run.start),
            _ => None,
        }
    }
}

/// Makes reports of the drafts of a text.
pub(super) fn finish(
    text: &str,
    drafts: Vec<Draft<'_>>,
    collector: &mut Collector<'_>,
) -> Vec<Report> {
    let several = drafts.len() > 1;
    let mut locator = Locator::new(text);
    let numbered = (1..).zip(drafts);
    let finished = numbered.map(|(record, draft)| {
        finish_one(text, draft, several.then_some(record), &mut locator, collector)
    });
    finished.collect()
}

fn finish_one(
    text: &str,
    mut draft: Draft<'_>,
    record: Option<u64>,
    locator: &mut Locator<'_>,
    collector: &mut Collector<'_>,
) -> Report {
    let offset_of = |part: &str| (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    let mut origins = Vec::new();
    let mut report = std::mem::take(&mut draft.tables);
    let mut source = collector.source(record);
    let mut other: Vec<String> = Vec::new();

    if let Some((victim, _)) = draft.victim.filter(|(victim, _)| !is_placeholder(victim)) {
        report.victim = victim.to_owned();
        origins.push((offset_of(victim), Section::Victim));
    }
    if let Some((title, _)) = draft.title.filter(|(title, _)| !title.is_empty()) {
        report.title = title.to_owned();
        origins.push((offset_of(title), Section::Title));
    }
    if let Some((date, line)) = draft.date {
        set_date(&mut report, date, line, collector);
    }
    let lost = set_countries(&mut report, &draft.places.unwrap_or_default(), collector);
    other.extend(lost.into_iter().map(|cell| format!("Location: {cell}")));
    if let Some((language, _)) = draft.language {
        report.language = language_code(language);
        if report.language.is_none() && !is_placeholder(language) {
            other.push(format!("Language: {language}"));
        }
    }
    report.id = match draft.id {
        Some((id, _)) if !is_placeholder(id) => id.to_owned(),
        // The first of several keeps the id that it has as the only one: adding a report to a file renames none.
        _ => collector.derived_id(record.filter(|record| *record > 1)),
    };

    let body = draft.body.filter(|body| !body.is_empty());
    // Text under no heading is the account itself where nothing else is.
    let (body, loose) = match body {
        Some(body) => (body, draft.loose),
        None => (draft.loose, Pieces::default()),
    };
    let summary = draft.summary.unwrap_or_default();
    report.summary = summary.join(text, "\n\n");
    report.body = body.join(text, "\n\n");
    origins.extend(summary.origin().map(|start| (start, Section::Summary)));
    origins.extend(body.origin().map(|start| (start, Section::Body)));

    let origin = draft
        .other
        .origin()
        .filter(|_| loose.is_empty() && draft.cells.is_empty() && other.is_empty());
    origins.extend(origin.map(|start| (start, Section::Other)));
    let lines = [draft.other.join(text, "\n"), loose.join(text, "\n\n")];
    other.extend(lines.into_iter().filter(|part| !part.is_empty()));
    other.extend(draft.cells);
    report.other = other.join("\n");

    for (line, message) in draft.notes {
        collector.note(Some(line), message);
    }
    origins.sort_unstable_by_key(|(start, _)| *start);
    source.origins =
        origins.into_iter().map(|(start, section)| locator.origin(section, start)).collect();
    report.source = Some(source);
    report
}
