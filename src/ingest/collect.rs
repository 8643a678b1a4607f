//! Gathers what the parser of a file finds.
//!
//! In: reports, skips and notes, one by one. Out: the reports to whoever wants them, the rest in a [`FileOutcome`].

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::config::FileConfig;
use super::outcome::{FileNote, FileOutcome, Skip, SkipKind};
use crate::report::{Report, Source};

/// Notes that one file gets at most. Who has read as many knows that something is wrong with the file.
const MOST_NOTES: usize = 200;

pub(super) struct Collector<'a> {
    path: &'a Path,
    /// The path that ids are made from.
    name: &'a Path,
    config: &'a FileConfig,
    each: &'a mut dyn FnMut(Report),
    outcome: FileOutcome,
    noted: HashSet<String>,
    /// How many dates can be read in two ways, and the first of them with its line.
    ambiguous_dates: Option<(usize, u64, String)>,
    /// The line that comes next, where the file is read record by record.
    next_line: Option<u64>,
    /// Whether the lines of the text are lines of the file.
    has_lines: bool,
}

impl<'a> Collector<'a> {
    pub fn new(path: &'a Path, config: &'a FileConfig, each: &'a mut dyn FnMut(Report)) -> Self {
        Self {
            path,
            name: path,
            config,
            each,
            outcome: FileOutcome::default(),
            noted: HashSet::new(),
            ambiguous_dates: None,
            next_line: None,
            has_lines: true,
        }
    }

    /// Makes ids from another path than the file's: the one that it had.
    pub fn named(self, name: &'a Path) -> Self {
        Self { name, ..self }
    }

    /// How the file is to be read.
    pub fn config(&self) -> &'a FileConfig {
        self.config
    }

    /// The id of a report that brings none: its path, without the extension of the text format, which says nothing,
    /// and the record where the file holds several.
    pub fn derived_id(&self, record: Option<u64>) -> String {
        let path = self.name.to_string_lossy();
        let stem = path.strip_suffix(".txt").unwrap_or(&path);
        match record {
            Some(record) => format!("{stem}#{record}"),
            None => stem.to_owned(),
        }
    }

    pub fn source(&self, record: Option<u64>) -> Source {
        Source { path: PathBuf::from(self.path), record, origins: Vec::new() }
    }

    pub fn report(&mut self, mut report: Report) {
        self.config.complete(&mut report);
        (self.each)(report);
    }

    pub fn skip(&mut self, line: Option<u64>, record: Option<u64>, kind: SkipKind, reason: String) {
        let line = line.filter(|_| self.has_lines);
        self.outcome.skips.push(Skip { path: self.path.to_owned(), line, record, kind, reason });
    }

    /// Skips the whole file.
    pub fn skip_file(&mut self, kind: SkipKind, reason: impl Into<String>) {
        self.skip(None, None, kind, reason.into());
    }

    /// Skips what is left of a file that can't be read on.
    pub fn skip_rest(&mut self, kind: SkipKind, reason: String) {
        self.skip(self.next_line, None, kind, reason);
    }

    /// Everything before this line has been read.
    pub fn reached(&mut self, line: u64) {
        self.next_line = Some(line);
    }

    /// The text is made from the file, such as that of a page: its lines are none that anyone could look up.
    pub fn forget_lines(&mut self) {
        self.has_lines = false;
    }

    /// Says something about the file. Said once: ten thousand records with the same odd country need one note.
    pub fn note(&mut self, line: Option<u64>, message: String) {
        let line = line.filter(|_| self.has_lines);
        if self.noted.len() == MOST_NOTES {
            let message = "more of the kind in this file, not listed".to_owned();
            self.outcome.notes.push(FileNote { path: self.path.to_owned(), line, message });
            self.noted.insert(String::new());
        } else if self.noted.len() < MOST_NOTES && self.noted.insert(message.clone()) {
            self.outcome.notes.push(FileNote { path: self.path.to_owned(), line, message });
        }
    }

    /// Counts a date of which day and month can't be told apart. A file that has one has hundreds: they make one note.
    pub fn ambiguous_date(&mut self, line: u64, written: &str) {
        let first = || (0, line, written.to_owned());
        self.ambiguous_dates.get_or_insert_with(first).0 += 1;
    }

    /// The file turned out to be of a kind that no format claims.
    pub fn ignore(&mut self, kind: String) {
        self.outcome.ignored = Some(kind);
    }

    pub fn finish(mut self, bytes: u64, hash: u64) -> FileOutcome {
        if let Some((count, line, first)) = self.ambiguous_dates.take() {
            self.outcome.ambiguous_dates = count;
            let message = match count {
                1 => format!("date {first} can be read in two ways; both are covered"),
                _ => format!(
                    "{count} dates can be read in two ways, {first} the first; both are covered"
                ),
            };
            self.note(Some(line), message);
        }
        FileOutcome { bytes, hash, ..self.outcome }
    }
}
