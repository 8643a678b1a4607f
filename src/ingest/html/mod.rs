//! Saved pages.
//!
//! In: the bytes of a page. Out: its reports: those of the text format, if the text of the page is in it; else one,
//! with the page's heading, description and main text. Scripts, styles and what surrounds the account are left out.
//!
//! The page is read as a stream of tags, as they come. No tree is built, so no depth of nesting costs more than
//! another.

mod chains;
mod linked_data;
mod page;
mod surroundings;
mod writer;

use std::io;

use encoding_rs::Encoding as Charset;

use self::page::Page;
use super::collect::Collector;
use super::decode::Encoding;
use super::document::{Demand, Document, Known};
use super::read::Input;
use super::record::{Place, Value, read_known};

/// Whether a text is a page.
pub(super) fn sniff(text: &str) -> bool {
    const STARTS: [&str; 14] = [
        "!doctype html",
        "html",
        "head",
        "body",
        "title",
        "meta",
        "div",
        "p",
        "h1",
        "article",
        "main",
        "table",
        "section",
        "span",
    ];
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    // Comments and an XML declaration may come first.
    while rest.starts_with("<!--") || rest.starts_with("<?xml") {
        let end = if rest.starts_with("<!--") { "-->" } else { "?>" };
        let Some((_, after)) = rest.split_once(end) else { return false };
        rest = after.trim_start();
    }
    let Some(rest) = rest.strip_prefix('<') else { return false };
    STARTS.iter().any(|start| {
        let begins = rest.get(..start.len()).is_some_and(|text| text.eq_ignore_ascii_case(start));
        begins && rest[start.len()..].starts_with([' ', '>', '\n', '\r', '\t', '/'])
    })
}

/// Reads the reports of a page.
pub(super) fn parse(input: &mut Input<'_>, collector: &mut Collector<'_>) -> io::Result<()> {
    let Some(bytes) = input.bytes(collector)? else { return Ok(()) };
    let text = match declared_charset(&bytes, input.encoding) {
        Some(charset) => {
            collector.note(None, format!("read as {}, as the page says", charset.name()));
            charset.decode_without_bom_handling(&bytes).0.into_owned()
        }
        None => input.decode(&bytes, collector),
    };
    drop(bytes);
    let page = Page::read(&text);
    drop(text);
    let known = known(&page, collector);
    Document::made(&page.text, known, collector).read(Demand::Sentence, collector);
    Ok(())
}

/// The text of a page, or of a piece of one.
pub(super) fn text_of(html: &str) -> String {
    Page::read(html).text
}

/// What the head of the page says of it.
fn known(page: &Page, collector: &mut Collector<'_>) -> Known {
    let mut fields: Vec<(String, Value)> = Vec::new();
    let mut add = |name: &str, value: &str| {
        if !value.trim().is_empty() {
            fields.push((name.to_owned(), Value::String(value.trim().to_owned())));
        }
    };
    let title = page.best_title();
    add("title", title);
    if page.title != title {
        add("Page title", &page.title);
    }
    add(
        "summary",
        page.meta(&[
            "description",
            "og:description",
            "ld:description",
            "dc.description",
            "twitter:description",
        ]),
    );
    add("language", page.language());
    add("Author", page.meta(&["author", "article:author", "dc.creator", "parsely-author"]));
    add("Site", page.meta(&["og:site_name", "application-name"]));
    add("Keywords", page.meta(&["keywords", "news_keywords"]));
    add("URL", page.meta(&["canonical", "og:url"]));
    // An account is published after what it tells of. It is the best that there is, and says what it is.
    let published = page.published();
    add("date", day_of(published));
    let mut report = read_known(fields, Place { line: 1, record: None }, collector);
    report.id.clear();
    if report.date.is_some() {
        report.date_text = format!("published {published}");
        collector.note(None, "the date is that of publication".to_owned());
    }
    Known { report, is_report: false }
}

/// The day of a point in time.
pub(super) fn day_of(time: &str) -> &str {
    let day = time.trim().split(['T', ' ']).next().unwrap_or_default();
    let is_day = day.len() == 10 && day.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    if is_day { day } else { time.trim() }
}

/// The encoding that a page declares, where its bytes are not plainly another.
fn declared_charset(bytes: &[u8], detected: Encoding) -> Option<&'static Charset> {
    const NEAR_THE_TOP: usize = 2048;
    let by_mark = !matches!(detected, Encoding::Utf8 | Encoding::Legacy(_));
    if by_mark || str::from_utf8(bytes).is_ok() {
        return None;
    }
    let top = String::from_utf8_lossy(&bytes[..bytes.len().min(NEAR_THE_TOP)]).to_lowercase();
    let after = top.split("charset=").nth(1)?.trim_start_matches(['"', '\'', ' ']);
    let label = after.split(|c: char| !(c.is_ascii_alphanumeric() || "-_:.".contains(c))).next()?;
    Charset::for_label(label.as_bytes()).filter(|charset| *charset != encoding_rs::UTF_8)
}

#[cfg(test)]
mod tests;
