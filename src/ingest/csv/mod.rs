//! Tables with a header row: comma, semicolon, tab or bar between the cells.
//!
//! In: the bytes of a file, read as they come. Out: a report a row, its fields by the names in the header; cells
//! under a name that no field has are kept as text. Memory is that of one row, whatever the size of the file.

mod layout;
mod rows;

use std::io::{self, BufRead};

use self::layout::Layout;
use self::rows::Rows;
use super::collect::Collector;
use super::decode::Encoding;
use super::names;
use super::outcome::SkipKind;
use super::read::Input;
use super::record::{Place, Value, accept, could_be_report};

/// Whether a text is a table whose header names fields of a report, and whose rows have its columns.
pub(super) fn sniff(text: &str) -> bool {
    // A row that starts with a bar is of a table within a text.
    if text.trim_start().starts_with('|') {
        return false;
    }
    let layout = Layout::of(text.as_bytes());
    let rows = layout.first_rows(text.as_bytes());
    let Some((header, rows)) = rows.split_first() else { return false };
    let known = header.iter().filter(|name| is_known(name)).count();
    known >= 2 && rows.first().is_some_and(|row| row.len() == header.len())
}

/// Reads the rows of a file.
pub(super) fn parse(input: &mut Input<'_>, collector: &mut Collector<'_>) -> io::Result<()> {
    let limit = input.limits.record_bytes;
    if input.encoding.keeps_ascii() {
        let mark = input.encoding.mark_len(input.reader.fill_buf()?);
        input.reader.consume(mark);
        return parse_rows(input.reader, input.encoding, limit, collector);
    }
    let Some(text) = input.text(collector)? else { return Ok(()) };
    parse_rows(&mut text.as_bytes(), Encoding::Utf8, limit, collector)
}

fn parse_rows(
    reader: &mut dyn BufRead,
    encoding: Encoding,
    limit: u64,
    collector: &mut Collector<'_>,
) -> io::Result<()> {
    let layout = Layout::of(reader.fill_buf()?);
    reader.consume(layout.skip);
    let mut rows = Rows::new(reader, &layout, encoding, limit);
    let Some((_, header)) = rows.next(collector)? else {
        collector.skip_file(SkipKind::NotAReport, "no row in the table");
        return Ok(());
    };
    let header = names_of(header);
    if !could_be_report(header.iter().map(String::as_str), collector) {
        let columns: Vec<_> = header.iter().take(12).map(String::as_str).collect();
        let reason = format!(
            "not a table of incident reports: no column for a victim or a text (victim, title, summary, body, or the \
             like); columns here: {}",
            columns.join(", ")
        );
        collector.skip(Some(1), None, SkipKind::NotAReport, reason);
        return Ok(());
    }
    let mut record = 0;
    while let Some((line, cells)) = rows.next(collector)? {
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        record += 1;
        if cells.len() != header.len() {
            let message = describe_ragged(&cells, header.len());
            collector.note(Some(line), message);
        }
        let mut fields = Vec::with_capacity(cells.len());
        for (at, cell) in cells.into_iter().enumerate() {
            let name = header.get(at).cloned().unwrap_or_else(|| unnamed(at));
            fields.push((name, Value::String(cell)));
        }
        accept(Value::Object(fields), Place { line, record: Some(record) }, collector);
    }
    if record == 0 {
        collector.skip_file(SkipKind::NotAReport, "no row below the header of the table");
    }
    Ok(())
}

fn describe_ragged(cells: &[String], columns: usize) -> String {
    let message = format!("a row has {} cells, the header {columns}", cells.len());
    // An open quote runs on to the next one, rows later.
    if cells.iter().any(|cell| cell.contains('\n')) {
        message + "; a quote in it may not be closed"
    } else {
        message
    }
}

fn names_of(cells: Vec<String>) -> Vec<String> {
    let name = |(at, cell): (usize, String)| match cell.trim() {
        "" => unnamed(at),
        name => name.to_owned(),
    };
    cells.into_iter().enumerate().map(name).collect()
}

fn unnamed(at: usize) -> String {
    format!("column {}", at + 1)
}

fn is_known(name: &str) -> bool {
    names::known(name).is_some()
}

#[cfg(test)]
mod tests;
