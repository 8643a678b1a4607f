//! JSON: one object a line, the elements of an array, or one object alone.
//!
//! In: the bytes of a file, read as they come. Out: a report for each object, a skip for each that can't be one.
//! Memory is that of one record, whatever the size of the file.

mod frames;
mod nan;

use std::io;

use self::frames::{Frame, Frames};
use self::nan::without_nan;
use super::collect::Collector;
use super::decode::Encoding;
use super::outcome::{DEEPEST, SkipKind};
use super::read::Input;
use super::record::{Place, Value, accept, records, skip};
use super::veris;

/// Whether a text begins as JSON does: with an object, or an array of them.
pub(super) fn sniff(text: &str) -> bool {
    let mut characters = text.chars().filter(|c| !c.is_whitespace());
    let first = characters.next();
    let second = characters.next();
    match first {
        Some('{') => matches!(second, Some('"' | '}')),
        Some('[') => matches!(second, Some('{')),
        _ => false,
    }
}

/// Reads the records of a file.
pub(super) fn parse(input: &mut Input<'_>, collector: &mut Collector<'_>) -> io::Result<()> {
    let (encoding, limit) = (input.encoding, input.limits.record_bytes);
    let nesting = input.limits.nesting;
    if encoding.keeps_ascii() {
        let mark = encoding.mark_len(input.reader.fill_buf()?);
        input.reader.consume(mark);
        return parse_frames(Frames::new(input.reader, limit)?, encoding, nesting, collector);
    }
    let Some(text) = input.text(collector)? else { return Ok(()) };
    parse_frames(Frames::new(&mut text.as_bytes(), limit)?, Encoding::Utf8, nesting, collector)
}

fn parse_frames(
    mut frames: Frames<'_>,
    encoding: Encoding,
    nesting: u64,
    collector: &mut Collector<'_>,
) -> io::Result<()> {
    let mut record = 1;
    loop {
        let (line, frame) = match frames.next() {
            Ok(Some(found)) => found,
            Ok(None) => break,
            Err(error) => {
                collector.reached(frames.line() + 1);
                return Err(error);
            }
        };
        match frame {
            Frame::Value(bytes) => {
                let decoded = encoding.decode(bytes);
                if let Some(note) = decoded.note {
                    collector.note(Some(line), note);
                }
                record += parse_value(&decoded.text, nesting, line, record, collector);
            }
            Frame::TooLarge(limit) => {
                let place = Place { line, record: Some(record) };
                let reason = format!(
                    "larger than {limit} bytes; raise `record_bytes` in the [limits] of casebook.toml to read it"
                );
                skip(place, SkipKind::TooLarge, reason, collector);
                record += 1;
            }
        }
    }
    if record == 1 {
        collector.skip_file(SkipKind::NotAReport, "no record in the file");
    }
    Ok(())
}

/// Parses one value of the file, whose first record has this number; gives how many records it was.
fn parse_value(
    text: &str,
    nesting: u64,
    line: u64,
    record: u64,
    collector: &mut Collector<'_>,
) -> u64 {
    let parsed = serde_json::from_str::<Value>(text).or_else(|error| {
        // Python writes missing numbers as no JSON parser reads them.
        let mended = without_nan(text).ok_or(error)?;
        serde_json::from_str(&mended)
    });
    let place = |record| Place { line, record: Some(record) };
    let unwrapped = match parsed {
        // Deeper than the parser goes there is nothing to look for.
        Ok(value) if nesting < DEEPEST && value.depth() > nesting => {
            let reason = format!(
                "nested deeper than {nesting} levels; raise `nesting` in the [limits] of casebook.toml to read it"
            );
            skip(place(record), SkipKind::TooLarge, reason, collector);
            return 1;
        }
        Ok(value) => records(value, collector.config(), veris::is_incident),
        Err(error) => {
            skip(place(record), SkipKind::Malformed, describe(&error), collector);
            return 1;
        }
    };
    if !unwrapped.beside.is_empty() {
        let names = unwrapped.beside.join(", ");
        let message = format!("what stands beside the records is of none of them: {names}");
        collector.note(Some(line), message);
    }
    let many = unwrapped.records.len() as u64;
    for (record, value) in (record..).zip(unwrapped.records) {
        accept(in_own_words(value), place(record), collector);
    }
    many
}

/// The fields of a known schema under the names that every source uses.
fn in_own_words(value: Value) -> Value {
    match value {
        Value::Object(fields) if veris::is_incident(&fields) => {
            Value::Object(veris::fields(fields))
        }
        other => other,
    }
}

/// The message of the parser, with the column alone: the line is that of the skip, and not the parser's.
fn describe(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let message = match message.split(" at line ").next().unwrap_or_default() {
        "recursion limit exceeded" => "nested deeper than 128 levels",
        message => message,
    };
    if error.line() == 1 {
        format!("not valid JSON: {message} at column {}", error.column())
    } else {
        format!(
            "not valid JSON: {message} at line {} of the record, column {}",
            error.line(),
            error.column()
        )
    }
}

#[cfg(test)]
mod tests;
