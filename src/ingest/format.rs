//! The registry of formats: which file holds what, and who reads it.
//!
//! In: the name of a file and its first characters. Out: its [`Format`]. A new format is a line of [`FORMATS`] and a
//! file that parses it; nothing else in the crate knows one format from another.

use std::io;
use std::path::Path;

use super::collect::Collector;
use super::read::Input;
use super::{json, text};

/// A way to write reports down.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Header lines, summary, tables, description.
    Text,
    /// JSON objects: one a line, or the elements of an array, or one alone.
    JsonLines,
}

struct Entry {
    format: Format,
    name: &'static str,
    extensions: &'static [&'static str],
    /// Whether the first characters of a file are those of this format.
    sniff: fn(&str) -> bool,
    parse: Parser,
}

type Parser = fn(&mut Input<'_>, &mut Collector<'_>) -> io::Result<()>;

/// In the order in which content is tried, where the name of a file does not settle it.
static FORMATS: [Entry; 2] = [
    Entry {
        format: Format::JsonLines,
        name: "JSON",
        extensions: &["jsonl", "ndjson", "json"],
        sniff: json::sniff,
        parse: json::parse,
    },
    Entry {
        format: Format::Text,
        name: "text",
        extensions: &["txt", "text"],
        sniff: text::looks_like_report,
        parse: text::parse,
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

    /// The extensions of its files, in lower case and without the dot.
    ///
    /// ```
    /// use casebook::Format;
    ///
    /// assert!(Format::JsonLines.extensions().contains(&"jsonl"));
    /// ```
    pub fn extensions(self) -> &'static [&'static str] {
        self.entry().extensions
    }

    /// The format of a file, by its first characters where they speak, else by its name.
    pub(super) fn detect(path: &Path, head: &str) -> Option<Self> {
        let named = FORMATS.iter().find(|entry| entry.claims(path));
        let entry = match named {
            Some(entry) if (entry.sniff)(head) => Some(entry),
            _ => FORMATS.iter().find(|entry| (entry.sniff)(head)).or(named),
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
    let extension = extension(path)?;
    let claimed = FORMATS.iter().any(|entry| entry.claims(path));
    (!claimed).then(|| format!(".{extension}"))
}

/// How files without extension are counted that turn out to hold no report.
pub(super) const NO_EXTENSION: &str = "no extension";

pub(super) fn has_extension(path: &Path) -> bool {
    extension(path).is_some()
}

fn extension(path: &Path) -> Option<String> {
    Some(path.extension()?.to_str()?.to_lowercase())
}

/// Pages about a folder, not about an incident: `README.txt`, `readme`, `LICENSE-MIT.txt`. In lower case only as a
/// whole name, for `license-server-breach.txt` is a report.
fn about_the_folder(path: &Path) -> Option<&'static str> {
    const PAGES: [&str; 8] = [
        "README",
        "LICENSE",
        "LICENCE",
        "COPYING",
        "NOTICE",
        "CHANGELOG",
        "CHANGES",
        "CONTRIBUTING",
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
        for format in [Format::Text, Format::JsonLines] {
            assert_eq!(Format::all().filter(|other| *other == format).count(), 1);
            assert_eq!(format.entry().format, format);
        }
    }

    #[test]
    fn content_decides_where_it_speaks_and_the_name_where_not() {
        let report = "Cyber Incident Victim: Acme\n";
        for (name, head, format) in [
            ("a.txt", report, Some(Format::Text)),
            ("a.json", report, Some(Format::Text)),
            ("a", report, Some(Format::Text)),
            ("a.txt", "{\"victim\": \"Acme\"}", Some(Format::JsonLines)),
            ("a.JSONL", "oops", Some(Format::JsonLines)),
            ("a.txt", "Milk, bread", Some(Format::Text)),
            ("a.txt", "[2021] something {", Some(Format::Text)),
            ("Makefile", "all:\n", None),
        ] {
            assert_eq!(Format::detect(Path::new(name), head), format, "{name} {head}");
        }
    }

    #[test]
    fn names_that_no_format_claims_have_a_kind() {
        for (name, kind) in [
            ("a.txt", None),
            ("dir.png/a.TXT", None),
            ("plain", None),
            ("a.PNG", Some(".png")),
            ("x/README.txt", Some("README")),
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
