//! The registry of formats: which file holds what, and who reads it.
//!
//! In: the name of a file and its first bytes. Out: its [`Format`]. A new format is a line of [`FORMATS`] and a
//! file that parses it; nothing else in the crate knows one format from another.
//!
//! Gzip is none: what it packs is of a format, by its name without `.gz` and its content unpacked.

use std::borrow::Cow;
use std::io;
use std::path::Path;

use super::collect::Collector;
use super::read::Input;
use super::{csv, html, json, mail, markdown, pdf, text};

/// A way to write reports down.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Header lines, summary, tables, description; or running text. Front matter may come before it.
    Text,
    /// The same with the marks of Markdown.
    Markdown,
    /// JSON objects: one a line, or the elements of an array, or one alone; VERIS incidents among them.
    JsonLines,
    /// A table with a header: comma, semicolon, tab or bar between the cells.
    Csv,
    /// A saved page.
    Html,
    /// A mail, or a page that a browser saved as one.
    Mail,
    /// PDF with a text layer.
    Pdf,
}

struct Entry {
    format: Format,
    name: &'static str,
    extensions: &'static [&'static str],
    /// Whether the start of a file is that of this format.
    sniff: fn(&Head<'_>) -> bool,
    parse: Parser,
}

type Parser = fn(&mut Input<'_>, &mut Collector<'_>) -> io::Result<()>;

/// The start of a file, by which formats are told apart.
pub(super) struct Head<'a> {
    pub bytes: &'a [u8],
    /// The same, decoded; `None` where it is no text.
    pub text: Option<&'a str>,
}

/// In the order in which content is tried, where the name of a file does not settle it: the surer, the earlier.
static FORMATS: [Entry; 7] = [
    Entry {
        format: Format::Pdf,
        name: "PDF",
        extensions: &["pdf"],
        sniff: |head| pdf::sniff(head.bytes),
        parse: pdf::parse,
    },
    Entry {
        format: Format::JsonLines,
        name: "JSON",
        extensions: &["jsonl", "ndjson", "json"],
        sniff: |head| head.text.is_some_and(json::sniff),
        parse: json::parse,
    },
    Entry {
        format: Format::Html,
        name: "HTML",
        extensions: &["html", "htm", "xhtml"],
        sniff: |head| head.text.is_some_and(html::sniff),
        parse: html::parse,
    },
    Entry {
        format: Format::Mail,
        name: "mail",
        extensions: &["eml", "mht", "mhtml"],
        sniff: |head| head.text.is_some_and(mail::sniff),
        parse: mail::parse,
    },
    Entry {
        format: Format::Text,
        name: "text",
        extensions: &["txt", "text"],
        sniff: |head| head.text.is_some_and(text::sniff),
        parse: text::parse,
    },
    Entry {
        format: Format::Csv,
        name: "table",
        extensions: &["csv", "tsv", "tab"],
        sniff: |head| head.text.is_some_and(csv::sniff),
        parse: csv::parse,
    },
    Entry {
        format: Format::Markdown,
        name: "Markdown",
        extensions: &["md", "markdown"],
        sniff: |head| head.text.is_some_and(markdown::sniff),
        parse: markdown::parse,
    },
];

impl Format {
    /// Every format.
    pub fn all() -> impl Iterator<Item = Format> {
        FORMATS.iter().map(|entry| entry.format)
    }

    /// What to call it.
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    /// The extensions of its files, in lower case and without the dot. Each may be followed by `.gz`.
    ///
    /// ```
    /// use casebook::Format;
    ///
    /// assert!(Format::JsonLines.extensions().contains(&"jsonl"));
    /// ```
    pub fn extensions(self) -> &'static [&'static str] {
        self.entry().extensions
    }

    /// The format of a file, by its start where that speaks, else by its name.
    pub(super) fn detect(path: &Path, head: &Head<'_>) -> Option<Self> {
        let named = FORMATS.iter().find(|entry| entry.claims(path));
        let entry = match named {
            Some(entry) if (entry.sniff)(head) => Some(entry),
            // What is no text is none of a format of text, whatever its name.
            _ => FORMATS
                .iter()
                .find(|entry| (entry.sniff)(head))
                .or(named.filter(|_| head.text.is_some())),
        };
        entry.map(|entry| entry.format)
    }

    pub(super) fn parse(
        self,
        input: &mut Input<'_>,
        collector: &mut Collector<'_>,
    ) -> io::Result<()> {
        (self.entry().parse)(input, collector)
    }

    fn entry(self) -> &'static Entry {
        let found = FORMATS.iter().find(|entry| entry.format == self);
        found.unwrap_or(&FORMATS[0]) // every format has its entry; a test sees to it
    }
}

impl Entry {
    fn claims(&self, path: &Path) -> bool {
        extension(path).is_some_and(|extension| self.extensions.contains(&extension.as_str()))
    }
}

/// What to count a file as that is no candidate by its name; `None` for a candidate.
///
/// A file without extension is one: only its content can tell.
pub(super) fn ignored_kind(path: &Path) -> Option<String> {
    if let Some(page) = about_the_folder(path) {
        return Some(page.to_owned());
    }
    let plain = unpacked_name(path);
    let extension = extension(&plain)?;
    let claimed = FORMATS.iter().any(|entry| entry.claims(&plain));
    let packed = if plain.as_os_str() == path.as_os_str() { "" } else { ".gz" };
    (!claimed).then(|| format!(".{extension}{packed}"))
}

/// How files without extension are counted that turn out to hold no report.
pub(super) const NO_EXTENSION: &str = "no extension";

pub(super) fn has_extension(path: &Path) -> bool {
    extension(path).is_some()
}

/// The name without the `.gz` of a packed file.
pub(super) fn unpacked_name(path: &Path) -> Cow<'_, Path> {
    match extension(path).as_deref() {
        Some("gz") => Cow::Owned(path.with_extension("")),
        _ => Cow::Borrowed(path),
    }
}

fn extension(path: &Path) -> Option<String> {
    Some(path.extension()?.to_str()?.to_lowercase())
}

/// Pages about a folder, not about an incident: `README.txt`, `readme`, `LICENSE-MIT.txt`. In lower case only as a
/// whole name, for `license-server-breach.txt` is a report.
fn about_the_folder(path: &Path) -> Option<&'static str> {
    const PAGES: [&str; 11] = [
        "README",
        "LICENSE",
        "LICENCE",
        "COPYING",
        "NOTICE",
        "CHANGELOG",
        "CHANGES",
        "CONTRIBUTING",
        "CODE_OF_CONDUCT",
        "SECURITY",
        "AUTHORS",
    ];
    let name = path.file_name()?.to_str()?;
    let stem = name.split('.').next()?;
    PAGES.into_iter().find(|page| {
        let follows = stem.strip_prefix(page).is_some_and(|rest| rest.starts_with(['-', '_']));
        follows || stem.eq_ignore_ascii_case(page)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_registered_once() {
        use Format::{Csv, Html, JsonLines, Mail, Markdown, Pdf, Text};

        for format in [Text, Markdown, JsonLines, Csv, Html, Mail, Pdf] {
            assert_eq!(Format::all().filter(|other| *other == format).count(), 1);
            assert_eq!(format.entry().format, format);
        }
        let mut extensions: Vec<_> = Format::all().flat_map(Format::extensions).collect();
        let all = extensions.len();
        extensions.sort();
        extensions.dedup();
        assert_eq!(extensions.len(), all);
    }

    #[test]
    fn content_decides_where_it_speaks_and_the_name_where_not() {
        let report = "Cyber Incident Victim: Acme\n";
        let page = "<!DOCTYPE html>\n<title>x</title>";
        let mail = "From: a@example.org\nSubject: x\nDate: Mon, 1 Jan 2024 10:00:00 +0000\n\nx";
        let table = "victim;date;summary\nAcme;2023;\"x; y\"\n";
        for (name, head, format) in [
            ("a.txt", report, Some(Format::Text)),
            ("a.json", report, Some(Format::Text)),
            ("a", report, Some(Format::Text)),
            ("a.md", report, Some(Format::Markdown)),
            ("a.html", report, Some(Format::Text)),
            ("a.txt", "{\"victim\": \"Acme\"}", Some(Format::JsonLines)),
            ("a.JSONL", "oops", Some(Format::JsonLines)),
            ("a.txt", "Milk, bread", Some(Format::Text)),
            ("a.txt", "[2021] something {", Some(Format::Text)),
            ("a.txt", page, Some(Format::Html)),
            ("a.htm", "plain", Some(Format::Html)),
            ("a", page, Some(Format::Html)),
            ("a.txt", mail, Some(Format::Mail)),
            ("a.json", table, Some(Format::Csv)),
            ("a.txt", table, Some(Format::Csv)),
            ("a.tsv", "one column", Some(Format::Csv)),
            ("a.txt", "%PDF-1.7\n", Some(Format::Pdf)),
            ("a", "---\ntitle: x\n---\n", Some(Format::Markdown)),
            ("Makefile", "all:\n", None),
        ] {
            let head = Head { bytes: head.as_bytes(), text: Some(head) };
            assert_eq!(Format::detect(Path::new(name), &head), format, "{name}");
        }
        let binary = Head { bytes: b"%PDF-1.7\n\0\xFF", text: None };
        assert_eq!(Format::detect(Path::new("a.txt"), &binary), Some(Format::Pdf));
        let binary = Head { bytes: b"\x89PNG\0", text: None };
        assert_eq!(Format::detect(Path::new("a.txt"), &binary), None);
    }

    #[test]
    fn names_that_no_format_claims_have_a_kind() {
        for (name, kind) in [
            ("a.txt", None),
            ("dir.png/a.TXT", None),
            ("plain", None),
            ("a.PNG", Some(".png")),
            ("a.jsonl.gz", None),
            ("a.GZ", None),
            ("a.tar.gz", Some(".tar.gz")),
            ("x/README.txt", Some("README")),
            ("README.md", Some("README")),
            ("Readme", Some("README")),
            ("README.fr.txt", Some("README")),
            ("LICENSE-MIT.txt", Some("LICENSE")),
            ("license-server-breach.txt", None),
            ("readmes.txt", None),
            ("casebook.toml", Some(".toml")),
        ] {
            assert_eq!(ignored_kind(Path::new(name)).as_deref(), kind, "{name}");
        }
    }
}
