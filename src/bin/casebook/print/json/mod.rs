//! Answers and reports as JSON.
//!
//! In: an [`Answer`] or a report. Out: one document, or an object a line. The shape is a promise: it is described
//! in docs/json-output.md and docs/output.schema.json, a test holds output and schema together, and whoever
//! changes it in a way that could break a reader raises [`VERSION`].

use std::io::{self, Write};
use std::path::Path;

use casebook::Report;
use serde::{Serialize, Serializer};

use super::{Answer, Printer};
use answer::{AnswerView, HitView};
use report::ReportView;

mod answer;
mod report;
#[cfg(test)]
mod tests;

pub use report::DateView;

/// The version of the shape of the output.
pub const VERSION: u32 = 1;

/// Prints one document.
pub struct Document;

impl Printer for Document {
    fn print(&self, answer: &Answer<'_>, out: &mut dyn Write) -> io::Result<()> {
        document(out, &AnswerView::new(answer))
    }
}

/// Prints an object a line for each hit.
pub struct Lines;

impl Printer for Lines {
    fn print(&self, answer: &Answer<'_>, out: &mut dyn Write) -> io::Result<()> {
        for hit in &answer.results.hits {
            serde_json::to_writer(&mut *out, &Versioned::of(HitView::new(hit)))?;
            writeln!(out)?;
        }
        Ok(())
    }
}

/// Prints one report as a document.
pub fn report(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    document(out, &Versioned::of(ReportView::new(report)))
}

/// Prints a value for people and programs: indented, with a final line feed.
pub fn document(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    writeln!(out)
}

/// An object of the output with the version of its shape.
#[derive(Serialize)]
pub struct Versioned<T> {
    version: u32,
    #[serde(flatten)]
    content: T,
}

impl<T> Versioned<T> {
    /// The content, in the shape of today.
    pub fn of(content: T) -> Self {
        Self { version: VERSION, content }
    }
}

/// A name that is not Unicode gets replacement characters: it must not keep the rest from being printed.
pub fn lossy<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&path.display())
}
