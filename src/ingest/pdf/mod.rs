//! PDF with a text layer.
//!
//! In: the bytes of a PDF. Out: its reports: those of the text format, if its text is in it; else one.
//!
//! A PDF is a program in a container of compressed streams, and the most hostile of the formats. It is read on a
//! thread of its own, whose stack is deep enough for the deepest nesting that the parser follows, and whose panic,
//! should one ever happen in the parser, is one skipped file (the runtime then prints a line about it, which no
//! library can prevent). Each stream, and all of them together, are bounded in size; so is the time, for what is done
//! with a byte is bounded too.

mod fonts;
mod hyphens;
mod layout;

use std::io;
use std::thread;

use lopdf::{Document as Pdf, Error, LoadOptions, Object, decode_text_string};

use self::fonts::Fonts;
use self::layout::Layout;
use super::collect::Collector;
use super::document::{Demand, Document, Known};
use super::outcome::{Limits, SkipKind};
use super::read::Input;
use super::record::{Place, Value, read_known};

/// Whether bytes are the start of a PDF. What stands before the mark is no part of it.
pub(super) fn sniff(head: &[u8]) -> bool {
    const NEAR_THE_TOP: usize = 1024;
    head[..head.len().min(NEAR_THE_TOP)].windows(5).any(|five| five == b"%PDF-")
}

/// Reads the reports of a PDF.
pub(super) fn parse(input: &mut Input<'_>, collector: &mut Collector<'_>) -> io::Result<()> {
    let Some(bytes) = input.bytes(collector)? else { return Ok(()) };
    let content = match on_own_thread(|| read(&bytes, input.limits)) {
        Ok(content) => content,
        Err((kind, reason)) => {
            collector.skip_file(kind, reason);
            return Ok(());
        }
    };
    let unread = content.notes.join("; ");
    for note in content.notes {
        collector.note(None, note);
    }
    if !content.text.contains(char::is_alphanumeric) {
        // What was not read may well have been text.
        let (kind, reason) = if unread.is_empty() {
            let reason = "no text layer: a scan, perhaps; recognise its text first (OCR)";
            (SkipKind::Binary, reason.to_owned())
        } else {
            (SkipKind::TooLarge, format!("no text could be read: {unread}"))
        };
        collector.skip_file(kind, reason);
        return Ok(());
    }
    let known = known(&content.info, collector);
    Document::made(&content.text, known, collector).read(Demand::Sentence, collector);
    Ok(())
}

/// What was read of a PDF.
struct Content {
    text: String,
    /// What the document says of itself.
    info: Vec<(&'static str, String)>,
    notes: Vec<String>,
}

type Failure = (SkipKind, String);

fn on_own_thread(
    work: impl FnOnce() -> Result<Content, Failure> + Send,
) -> Result<Content, Failure> {
    const STACK: usize = 32 << 20;
    thread::scope(|scope| {
        let spawned =
            thread::Builder::new().name("pdf".into()).stack_size(STACK).spawn_scoped(scope, work);
        match spawned {
            Ok(thread) => thread.join().unwrap_or_else(|_| {
                Err((SkipKind::Malformed, "the PDF parser failed on it".to_owned()))
            }),
            Err(error) => {
                Err((SkipKind::Unreadable, format!("cannot start a thread to read it: {error}")))
            }
        }
    })
}

/// What all pages and fonts may unpack to, whatever the limits are: minutes of work for one file help nobody.
const MOST_BYTES: u64 = 256 << 20;

fn read(bytes: &[u8], limits: &Limits) -> Result<Content, Failure> {
    let most_a_stream = usize::try_from(limits.record_bytes).unwrap_or(usize::MAX);
    let options =
        LoadOptions { max_decompressed_size: Some(most_a_stream), ..LoadOptions::default() };
    let pdf = Pdf::load_mem_with_options(bytes, options).map_err(|error| describe(&error))?;
    if pdf.is_encrypted() {
        return Err((SkipKind::Binary, "encrypted PDF: needs a password".to_owned()));
    }
    let mut budget = limits.decompressed_bytes.min(MOST_BYTES);
    let mut fonts = Fonts::new(&pdf);
    let mut text = String::new();
    let mut notes = Vec::new();
    for (number, page) in (1_u32..).zip(pdf.page_iter()) {
        if budget == 0 || text.len() as u64 > limits.record_bytes {
            notes
                .push(format!("pages from {number} on are not read: too much is packed into them"));
            break;
        }
        let most = most_a_stream.min(usize::try_from(budget).unwrap_or(usize::MAX));
        match Layout::read_page(&pdf, page, &mut fonts, most) {
            Ok(read) => {
                budget = budget.saturating_sub(read.bytes.max(1));
                if read.is_cut {
                    notes
                        .push(format!("page {number} is read in part: too much is packed into it"));
                }
                if !text.is_empty() {
                    text.push_str("\n\n");
                }
                text.push_str(read.text.trim());
            }
            Err(error) => {
                let (_, reason) = describe(&error);
                notes.push(format!("page {number} is not read: {reason}"));
                // Even what fails has been unpacked in part.
                budget = budget.saturating_sub(1 << 20);
            }
        }
    }
    if fonts.are_cut() {
        notes.push("text in some of its fonts is not read: there are too many".to_owned());
    }
    Ok(Content { text: hyphens::join(&text), info: info(&pdf), notes })
}

fn describe(error: &Error) -> Failure {
    match error {
        Error::Decompress(error) => (SkipKind::TooLarge, format!("a stream in it: {error}")),
        Error::InvalidPassword => (SkipKind::Binary, "encrypted PDF: needs a password".to_owned()),
        error => (SkipKind::Malformed, format!("not a valid PDF: {error}")),
    }
}

fn info(pdf: &Pdf) -> Vec<(&'static str, String)> {
    let info = pdf.trailer.get(b"Info").and_then(|info| pdf.dereference(info));
    let Ok((_, Object::Dictionary(info))) = info else { return Vec::new() };
    let value = |key: &str| {
        let (_, object) = pdf.dereference(info.get(key.as_bytes()).ok()?).ok()?;
        let text = decode_text_string(object).ok()?;
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        (!text.is_empty()).then_some(text)
    };
    let keys = ["Title", "Author", "Subject", "Keywords"];
    keys.into_iter().filter_map(|key| Some((key, value(key)?))).collect()
}

fn known(info: &[(&'static str, String)], collector: &mut Collector<'_>) -> Known {
    let mut fields = Vec::new();
    for (name, value) in info {
        let name = match *name {
            "Title" if is_title(value) => "title",
            "Title" => "Document title",
            "Subject" => "Document subject",
            name => name,
        };
        fields.push((name.to_owned(), Value::String(value.clone())));
    }
    let mut report = read_known(fields, Place { line: 1, record: None }, collector);
    report.id.clear();
    Known { report, is_report: false }
}

/// Word processors write the name of the file, or that there is no title.
fn is_title(title: &str) -> bool {
    let lower = title.to_lowercase();
    let is_file = [
        ".doc", ".docx", ".odt", ".pdf", ".indd", ".rtf", ".tex", ".dvi", ".xls", ".xlsx", ".ppt",
        ".pptx",
    ]
    .iter()
    .any(|extension| lower.ends_with(extension));
    !is_file
        && !lower.starts_with("microsoft ")
        && !lower.starts_with("untitled")
        && title.contains(char::is_alphabetic)
}

#[cfg(test)]
mod tests;
