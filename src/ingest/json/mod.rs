//! JSON: one object a line, the elements of an array, or one object alone.
//!
//! In: the bytes of a file, read as they come. Out: a report for each object, a skip for each that can't be one.
//! Memory is that of one record, whatever the size of the file.

mod fields;
mod frames;
mod names;
mod value;

use std::io;

use self::fields::read_record;
use self::frames::{Frame, Frames};
use self::value::{Json, without_nan};
use super::collect::Collector;
use super::decode::Encoding;
use super::outcome::SkipKind;
use super::read::Input;

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
    if input.encoding == Encoding::Utf8 {
        let mark = input.encoding.mark_len(input.reader.fill_buf()?);
        input.reader.consume(mark);
        return parse_frames(Frames::new(input.reader, input.limits.record_bytes)?, collector);
    }
    let Some(text) = input.text(collector)? else { return Ok(()) };
    parse_frames(Frames::new(&mut text.as_bytes(), input.limits.record_bytes)?, collector)
}

fn parse_frames(mut frames: Frames<'_>, collector: &mut Collector<'_>) -> io::Result<()> {
    let mut record = 1;
    while let Some((line, frame)) = frames.next()? {
        let place = Place { line, record };
        match frame {
            Frame::Value(bytes) => record += parse_value(bytes, place, collector),
            Frame::TooLarge(limit) => {
                let reason =
                    format!("larger than {limit} bytes; raise the limit `record_bytes` to read it");
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

/// Where a record stands in its file.
#[derive(Debug, Clone, Copy)]
struct Place {
    line: u64,
    record: u64,
}

fn skip(place: Place, kind: SkipKind, reason: String, collector: &mut Collector<'_>) {
    collector.skip(Some(place.line), Some(place.record), kind, reason);
}

/// Parses one value of the file; gives how many records it was.
fn parse_value(bytes: &[u8], place: Place, collector: &mut Collector<'_>) -> u64 {
    let decoded = Encoding::Utf8.decode(bytes);
    if let Some(note) = decoded.note {
        collector.note(Some(place.line), note);
    }
    let parsed = serde_json::from_str::<Json>(&decoded.text).or_else(|error| {
        // Python writes missing numbers as no JSON parser reads them.
        let mended = without_nan(&decoded.text).ok_or(error)?;
        serde_json::from_str(&mended)
    });
    match parsed {
        Ok(value) => match value.into_wrapped() {
            Ok(records) => {
                let places = (place.record..).map(|record| Place { record, ..place });
                let many = records.len() as u64;
                places.zip(records).for_each(|(place, value)| accept(value, place, collector));
                return many;
            }
            Err(value) => accept(value, place, collector),
        },
        Err(error) => skip(place, SkipKind::Malformed, describe(&error), collector),
    }
    1
}

/// Makes a report of a record, or a skip.
fn accept(value: Json, place: Place, collector: &mut Collector<'_>) {
    let fields = match value {
        Json::Object(fields) => fields,
        other => {
            let reason = format!("not a JSON object but {}", other.kind());
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

/// The message of the parser, with the column alone: the line is that of the skip, and not the parser's.
fn describe(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default();
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
