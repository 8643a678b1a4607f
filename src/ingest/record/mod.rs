//! Records of named values, from whatever format they come: objects, rows, front matter.
//!
//! In: the fields of one record, by their names in the source. Out: a [`Report`](crate::Report), or a skip that names
//! the fields that were there.

mod fields;
mod nested;
mod value;

use self::fields::read_record;
pub(super) use self::fields::{could_be_report, read_known};
pub(super) use self::nested::records;
pub(super) use self::value::Value;
use super::collect::Collector;
use super::outcome::SkipKind;

/// Where a record stands in its file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// The line it starts in, from 1.
    pub line: u64,
    /// From 1; `None` where the file is one record.
    pub record: Option<u64>,
}

/// Skips one record.
pub(super) fn skip(place: Place, kind: SkipKind, reason: String, collector: &mut Collector<'_>) {
    collector.skip(Some(place.line), place.record, kind, reason);
}

/// Makes a report of a record, or a skip.
pub(super) fn accept(value: Value, place: Place, collector: &mut Collector<'_>) {
    let fields = match value {
        Value::Object(fields) => fields,
        other => {
            let reason = format!("not an object but {}", other.kind());
            return skip(place, SkipKind::Malformed, reason, collector);
        }
    };
    match read_record(fields, place, collector) {
        Ok(report) => collector.report(report),
        Err(names) => {
            let reason = format!(
                "not an incident report: nothing in a field for a victim or a text (victim, title, summary, \
                 body, or the like); fields here: {names}"
            );
            skip(place, SkipKind::NotAReport, reason, collector);
        }
    }
}

#[cfg(test)]
mod tests;
