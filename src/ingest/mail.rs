//! Mails, and pages that a browser saved as one (MHTML).
//!
//! In: the bytes of one mail. Out: its reports: the subject is the title, the text the body, unless the text is in
//! the text format. Attachments are named, not read.

use std::io;

use mailparse::{DispositionType, MailHeaderMap, ParsedMail, parse_mail};

use super::collect::Collector;
use super::decode::Encoding;
use super::document::{Demand, Document, Known};
use super::html;
use super::outcome::SkipKind;
use super::read::Input;
use super::record::{Place, Value, read_known};

/// Whether a text begins with the headers of a mail.
pub(super) fn sniff(text: &str) -> bool {
    /// Headers that hardly anything but mail has, and those that it has as well.
    const TELLING: [&str; 7] = [
        "from",
        "message-id",
        "mime-version",
        "received",
        "return-path",
        "delivered-to",
        "reply-to",
    ];
    const COMMON: [&str; 6] = ["to", "cc", "subject", "date", "content-type", "sender"];
    let (mut telling, mut all) = (0, 0);
    for line in text.lines().take(200) {
        if line.starts_with([' ', '\t']) && all > 0 {
            continue; // a header goes on
        }
        let Some((name, _)) = line.split_once(':') else { break };
        if name.is_empty()
            || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        {
            break;
        }
        let name = name.to_ascii_lowercase();
        telling += usize::from(TELLING.contains(&name.as_str()));
        all += usize::from(TELLING.contains(&name.as_str()) || COMMON.contains(&name.as_str()));
    }
    telling >= 1 && all >= 3
}

/// Reads the reports of a mail.
pub(super) fn parse(input: &mut Input<'_>, collector: &mut Collector<'_>) -> io::Result<()> {
    // The parts of a mail say themselves how they are encoded.
    let Some(bytes) = input.bytes(collector)? else { return Ok(()) };
    if let Some(reason) = too_costly(&bytes) {
        collector.skip_file(SkipKind::TooLarge, reason);
        return Ok(());
    }
    let mail = match parse_mail(&bytes) {
        Ok(mail) => mail,
        Err(error) => {
            collector.skip_file(SkipKind::Malformed, format!("not a mail: {error}"));
            return Ok(());
        }
    };
    let mut content = Content::default();
    content.read(&mail, collector);
    let text = content.text();
    let known = known(&mail, &content.attachments, collector);
    Document::made(&text, known, collector).read(Demand::Word, collector);
    Ok(())
}

/// What the headers say.
fn known(mail: &ParsedMail<'_>, attachments: &[String], collector: &mut Collector<'_>) -> Known {
    let mut fields: Vec<(String, Value)> = Vec::new();
    let mut add = |name: &str, value: String| {
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        if !value.is_empty() {
            fields.push((name.to_owned(), Value::String(value)));
        }
    };
    let header = |name: &str| mail.headers.get_all_values(name).join(", ");
    add("title", header("Subject"));
    for name in ["From", "To", "Cc"] {
        add(name, header(name));
    }
    add("URL", header("Snapshot-Content-Location"));
    add("Attachments", attachments.join(", "));
    let sent = mail.headers.get_first_value("Date").unwrap_or_default();
    add("date", day_of(&sent));
    let mut report = read_known(fields, Place { line: 1, record: None }, collector);
    report.id.clear();
    if report.date.is_some() {
        report.date_text = format!("sent {}", sent.trim());
        collector.note(None, "the date is that of the mail".to_owned());
    }
    if !attachments.is_empty() {
        let names = attachments.join(", ");
        collector.note(None, format!("attachments are not read: {names}"));
    }
    Known { report, is_report: false }
}

/// The day in the date of a mail: `Fri, 1 Dec 2023 10:00:00 +0100`.
fn day_of(sent: &str) -> String {
    let after_weekday = sent.split_once(',').map_or(sent, |(_, after)| after);
    let parts: Vec<&str> = after_weekday.split_whitespace().take(3).collect();
    parts.join(" ")
}

/// Attachments that are named.
const MOST_ATTACHMENTS: usize = 200;

/// What the parts of a mail hold.
/// Why a mail would take the parser more time or memory than its size accounts for.
fn too_costly(bytes: &[u8]) -> Option<String> {
    if bytes.windows(3).filter(|three| three == b"\n--").count() > MOST_PARTS {
        return Some(format!("has more than {MOST_PARTS} parts, as no mail has"));
    }
    // Each encoded word of a header costs a look at the rest of it. A header goes on in lines that begin with a blank.
    let (mut length, mut words) = (0, 0);
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if !line.starts_with(b" ") && !line.starts_with(b"\t") {
            (length, words) = (0, 0);
        }
        length += line.len();
        words += line.windows(2).filter(|two| two == b"=?").count();
        if words > MOST_WORDS || words > 0 && length > LONGEST_HEADER {
            return Some("has a header with more encoded words than any mail has".to_owned());
        }
    }
    None
}

/// Encoded words of one header; and its bytes where it has any.
const MOST_WORDS: usize = 1000;
const LONGEST_HEADER: usize = 1 << 20;

/// Parts of a mail, by the lines that may begin one: each takes a hundred times the memory of its bytes.
const MOST_PARTS: usize = 100_000;

#[derive(Default)]
struct Content {
    plain: Vec<String>,
    pages: Vec<String>,
    attachments: Vec<String>,
}

impl Content {
    /// Reads a mail and its parts. The parser has bounded how deep they are nested.
    fn read(&mut self, part: &ParsedMail<'_>, collector: &mut Collector<'_>) {
        if !part.subparts.is_empty() {
            part.subparts.iter().for_each(|part| self.read(part, collector));
            return;
        }
        let disposition = part.get_content_disposition();
        let name = disposition.params.get("filename").or_else(|| part.ctype.params.get("name"));
        let attached = disposition.disposition == DispositionType::Attachment;
        match part.ctype.mimetype.as_str() {
            "text/plain" if !attached => self.plain.extend(text_of(part, collector)),
            "text/html" if !attached => self.pages.extend(text_of(part, collector)),
            // Pictures and styles of a page have no name, and need none.
            other => {
                let name = name.cloned();
                let name = name
                    .or_else(|| (attached || other == "message/rfc822").then(|| other.to_owned()));
                let is_new = |name: &String| !self.attachments.contains(name);
                if self.attachments.len() < MOST_ATTACHMENTS {
                    self.attachments.extend(name.filter(is_new));
                }
            }
        }
    }

    /// The text: the plain one, unless that only says that there is a page.
    fn text(&self) -> String {
        let plain = self.plain.join("\n\n");
        if self.pages.is_empty() {
            return plain;
        }
        let pages: Vec<_> = self.pages.iter().map(|page| html::text_of(page)).collect();
        let pages = pages.join("\n\n");
        if plain.trim().len() * 4 < pages.trim().len() { pages } else { plain }
    }
}

/// The text of one part; `None`, and a note, if it is damaged.
fn text_of(part: &ParsedMail<'_>, collector: &mut Collector<'_>) -> Option<String> {
    let declared = part.ctype.charset.to_ascii_lowercase();
    // What declares nothing, or less than it holds, is read as a file of its own would be.
    let text = if matches!(declared.as_str(), "us-ascii" | "utf-8") {
        part.get_body_raw().map(|bytes| {
            let decoded = Encoding::Utf8.decode(&bytes);
            if let Some(note) = decoded.note {
                collector.note(None, note);
            }
            decoded.text.into_owned()
        })
    } else {
        part.get_body()
    };
    match text {
        Ok(text) => Some(text.replace("\r\n", "\n")),
        Err(error) => {
            collector.note(None, format!("a part of the mail is damaged and not read: {error}"));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::*;
    use crate::ingest::{FileOutcome, Limits, parse_bytes};

    fn parse(name: &str, mail: impl AsRef<[u8]>) -> FileOutcome {
        parse_bytes(Path::new(name), mail.as_ref(), &Limits::default())
    }

    const MIXED: &str = "From: =?utf-8?q?J=C3=BCrgen?= <j@example.org>\r\nTo: b@example.org\r\n\
        Subject: =?utf-8?B?QW5ncmlmZiBhdWYgZGFzIFJhdGhhdXM=?=\r\nDate: Fri, 1 Dec 2023 23:30:00 +0100\r\n\
        MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"x\"\r\n\r\n--x\r\n\
        Content-Type: multipart/alternative; boundary=y\r\n\r\n--y\r\n\
        Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
        Die Server sind verschl=FCsselt,=\r\n seit heute.\r\n--y\r\nContent-Type: text/html\r\n\r\n<p>Die Server</p>\r\n--y--\r\n\
        --x\r\nContent-Type: application/pdf; name=\"note.pdf\"\r\nContent-Disposition: attachment; filename=\"note.pdf\"\r\n\
        Content-Transfer-Encoding: base64\r\n\r\nJVBERg==\r\n--x--\r\n";

    #[test]
    fn a_mail_gives_its_text_and_what_its_headers_say() {
        for name in ["a.eml", "a.txt", "a"] {
            let outcome = parse(name, MIXED);
            let report = &outcome.reports[0];
            assert_eq!(report.title, "Angriff auf das Rathaus");
            assert_eq!(report.body, "Die Server sind verschlüsselt, seit heute.");
            assert_eq!(report.date.unwrap().to_string(), "Dec 1, 2023");
            assert_eq!(report.date_text, "sent Fri, 1 Dec 2023 23:30:00 +0100");
            for line in
                ["From: Jürgen <j@example.org>", "To: b@example.org", "Attachments: note.pdf"]
            {
                assert!(report.other.contains(line), "{}", report.other);
            }
            let notes: Vec<_> = outcome.notes.iter().map(|note| note.message.as_str()).collect();
            assert_eq!(
                notes,
                ["the date is that of the mail", "attachments are not read: note.pdf"]
            );
        }
    }

    #[test]
    fn pages_in_mails_are_read_where_the_plain_text_is_none() {
        let head = "From: a@example.org\nSubject: x\nDate: Fri, 1 Dec 2023 10:00:00 +0000\n";
        let page = format!(
            "{head}Content-Type: text/html\n\n<style>p {{}}</style><p>Der Hafen st\u{e9}ht still.</p>"
        );
        assert_eq!(parse("a.eml", &page).reports[0].body, "Der Hafen stéht still.");
        let saved = format!(
            "{head}Snapshot-Content-Location: https://example.org/a\nMIME-Version: 1.0\n\
            Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<h2>Victim: Acme</h2><h2>Description</h2><p>Down.\n\
            --b\nContent-Type: image/png\n\nxx\n--b--\n"
        );
        let outcome = parse("a.mht", saved);
        let report = &outcome.reports[0];
        assert_eq!(
            (report.victim.as_str(), report.body.as_str(), report.title.as_str()),
            ("Acme", "Down.", "x")
        );
        assert!(report.other.contains("URL: https://example.org/a"));
        assert_eq!(outcome.notes.len(), 1, "{:?}", outcome.notes);
    }

    #[test]
    fn what_has_no_text_is_skipped() {
        assert_eq!(
            parse("a.eml", "From: a\nSubject: x\nDate: y\n\n \n").skips[0].kind,
            SkipKind::NotAReport
        );
        let outcome = parse("a.eml", "no header here\nat all\n");
        assert_eq!(outcome.reports.len() + outcome.skips.len(), 1);
    }

    #[test]
    fn mails_are_told_from_other_headers() {
        assert!(sniff("Received: from x\n by y\nFrom: a\nSubject: b\n\n"));
        for text in [
            "Title: x\nDate: 2020\nSubject: y\n",
            "From: a\n\nTo: b\nSubject: c\n",
            "Dear all,\nFrom: a\nTo: b\nDate: c\n",
            "",
        ] {
            assert!(!sniff(text), "{text}");
        }
    }

    #[test]
    fn more_parts_or_words_than_any_mail_has_are_refused() {
        let head = "From: a\nTo: b\nSubject: c\nContent-Type: multipart/mixed; boundary=b\n\n";
        let outcome = parse("a.eml", format!("{head}{}", "--b\n\nx\n".repeat(MOST_PARTS + 1)));
        assert_eq!(outcome.skips[0].kind, SkipKind::TooLarge, "{:?}", outcome.skips);
        let subject = "=?utf-8?q?x?=\n ".repeat(MOST_WORDS + 1);
        let outcome = parse("a.eml", format!("From: a\nTo: b\nSubject: {subject}\n\nDown.\n"));
        assert_eq!(outcome.skips[0].kind, SkipKind::TooLarge, "{:?}", outcome.skips);
        let outcome = parse("a.eml", format!("{head}{}", "--b\n\nx\n".repeat(100)));
        assert_eq!(outcome.reports.len(), 1);
    }

    #[test]
    fn deep_nesting_is_refused() {
        let mut mail = String::from("From: a\nTo: b\nSubject: c\n");
        for n in 0..2000 {
            mail.push_str(&format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n"));
        }
        let outcome = parse("a.eml", mail);
        assert_eq!(outcome.skips[0].kind, SkipKind::Malformed, "{outcome:?}");
    }

    proptest! {
        #[test]
        fn no_mail_is_too_odd(
            damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..9),
            length in any::<prop::sample::Index>(),
            bytes: Vec<u8>,
        ) {
            let mut mail = MIXED.as_bytes().to_vec();
            for (at, byte) in damage {
                let at = at.index(mail.len());
                mail[at] = byte;
            }
            mail.truncate(length.index(mail.len() + 1));
            parse("a.eml", &mail);
            parse("a.eml", &bytes);
        }
    }
}
