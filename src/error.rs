//! The one error type of the library: what was tried, on what, why it failed, and the way out.
//!
//! In: facts about a failure. Out: an [`Error`] whose [`Display`](std::fmt::Display) reads as one sentence, and a
//! [`Diagnostic`] with the column where the fault is a query's.

mod settings;

pub(crate) use settings::{SettingsFault, SettingsFaults};

use std::fmt;
use std::path::{Path, PathBuf};

/// The result of everything in this crate that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, in the coarse sense a program can act on.
///
/// ```
/// use casebook::{ErrorKind, Query};
///
/// let error = Query::parse("date:2023-13").unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Query);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// A file or folder could not be read or written.
    Io,
    /// The text of a query can't be understood; [`Error::diagnostic`] says where.
    Query,
    /// The index is missing, damaged, locked, or of another version and could not be mended.
    Index,
    /// A report or setting handed to the library is not usable.
    Input,
}

/// What failed, on what, why, and what to do about it.
///
/// ```
/// use casebook::Casebook;
///
/// let error = Casebook::open("/no/such/folder").err().unwrap();
/// assert!(error.to_string().contains("/no/such/folder"));
/// ```
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    path: Option<PathBuf>,
    help: Option<String>,
    diagnostic: Option<Box<Diagnostic>>,
    source: Option<Box<dyn std::error::Error + Send + Sync + 'static>>,
}

impl Error {
    /// The coarse kind, for programs.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The file or folder concerned, if there is one.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// What the user can do about it, as one sentence.
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// For [`ErrorKind::Query`]: where in the query, and the corrected query.
    pub fn diagnostic(&self) -> Option<&Diagnostic> {
        self.diagnostic.as_deref()
    }

    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            path: None,
            help: None,
            diagnostic: None,
            source: None,
        }
    }

    pub(crate) fn io(tried: &str, path: &Path, source: std::io::Error) -> Self {
        Self::new(ErrorKind::Io, tried).with_path(path).with_source(source)
    }

    pub(crate) fn index(
        tried: &str,
        source: impl std::error::Error + Send + Sync + 'static,
    ) -> Self {
        Self::new(ErrorKind::Index, tried).with_source(source)
    }

    pub(crate) fn query(diagnostic: Diagnostic) -> Self {
        let mut error = Self::new(ErrorKind::Query, diagnostic.message.clone());
        error.help = diagnostic.corrected.as_ref().map(|query| format!("try: {query}"));
        error.diagnostic = Some(Box::new(diagnostic));
        error
    }

    pub(crate) fn with_path(mut self, path: &Path) -> Self {
        self.path = Some(path.to_owned());
        self
    }

    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn with_source(
        mut self,
        source: impl std::error::Error + Send + Sync + 'static,
    ) -> Self {
        self.source = Some(Box::new(source));
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if let Some(path) = &self.path {
            write!(f, " {}", path.display())?;
        }
        if let Some(diagnostic) = &self.diagnostic {
            write!(f, " (column {})", diagnostic.column())?;
        }
        if let Some(source) = &self.source {
            write!(f, ": {source}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn std::error::Error + 'static))
    }
}

/// Where a query can't be understood, what was expected there, and the query that was probably meant.
///
/// ```
/// use casebook::Query;
///
/// let error = Query::parse("ransomware date:2023-13").unwrap_err();
/// let diagnostic = error.diagnostic().unwrap();
/// assert_eq!(&diagnostic.query[diagnostic.start..diagnostic.end], "2023-13");
/// assert_eq!(diagnostic.column(), 17);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The query as it was typed.
    pub query: String,
    /// First byte of the fault in [`query`](Self::query).
    pub start: usize,
    /// First byte after the fault.
    pub end: usize,
    /// What is wrong, and what was expected.
    pub message: String,
    /// The query that would be accepted, if one suggests itself.
    pub corrected: Option<String>,
}

impl Diagnostic {
    /// The column of the fault, counted in characters from 1.
    pub fn column(&self) -> usize {
        self.query.get(..self.start).map_or(0, |before| before.chars().count()) + 1
    }

    /// The query, the fault underlined, the message, and the corrected query: several lines, for people.
    ///
    /// ```
    /// use casebook::Query;
    ///
    /// let error = Query::parse("ransomware victm:nice").unwrap_err();
    /// assert_eq!(
    ///     error.diagnostic().unwrap().render(),
    ///     "  ransomware victm:nice\n\
    ///      \x20            ^^^^^\n\
    ///      there is no field `victm`; did you mean `victim`?\n\
    ///      try: ransomware victim:nice"
    /// );
    /// ```
    pub fn render(&self) -> String {
        // Of a long query only what is around the fault.
        const AROUND: usize = 60;
        let before = self.query.get(..self.start).unwrap_or_default();
        let fault = self.query.get(self.start..self.end).unwrap_or_default();
        let after = self.query.get(self.end..).unwrap_or_default();

        let skipped = before.chars().count().saturating_sub(AROUND);
        let mut line: String = if skipped > 0 { "…".into() } else { String::new() };
        line.extend(before.chars().skip(skipped).map(printable));
        let indent: usize = line.chars().map(columns).sum();
        let shown: String = fault.chars().take(AROUND).map(printable).collect();
        let carets = shown.chars().map(columns).sum::<usize>().max(1);
        line.push_str(&shown);
        if shown.len() == fault.len() {
            line.extend(after.chars().take(AROUND).map(printable));
        }
        if fault.chars().count() > AROUND || after.chars().count() > AROUND {
            line.push('…');
        }
        let mut text = format!(
            "  {}\n  {}{}\n{}",
            line.trim_end(),
            " ".repeat(indent),
            "^".repeat(carets),
            self.message
        );
        if let Some(corrected) = &self.corrected {
            text.push_str("\ntry: ");
            text.extend(corrected.chars().map(printable));
        }
        text
    }
}

/// A character as it can stand on a line of its own: control characters and line breaks become blanks.
fn printable(c: char) -> char {
    if c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    {
        ' '
    } else {
        c
    }
}

/// How many columns of a terminal a character takes, as far as underlining needs to know.
fn columns(c: char) -> usize {
    match c {
        '\u{300}'..='\u{36F}'
        | '\u{200B}'..='\u{200F}'
        | '\u{2060}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' => 0,
        '\u{1100}'..='\u{115F}'
        | '\u{2E80}'..='\u{303E}'
        | '\u{3041}'..='\u{A4CF}'
        | '\u{AC00}'..='\u{D7A3}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{FE30}'..='\u{FE6F}'
        | '\u{FF00}'..='\u{FF60}'
        | '\u{FFE0}'..='\u{FFE6}'
        | '\u{1F300}'..='\u{1FAFF}'
        | '\u{20000}'..='\u{3FFFD}' => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn carets_stand_under_the_fault() {
        let table = [
            ("日本 victm:x", 7..12, "  日本 victm:x\n       ^^^^^\nm"),
            ("a\nb\u{1b}", 2..3, "  a b\n    ^\nm"),
            ("abc", 3..3, "  abc\n     ^\nm"),
        ];
        for (query, span, rendered) in table {
            let diagnostic = Diagnostic {
                query: query.into(),
                start: span.start,
                end: span.end,
                message: "m".into(),
                corrected: None,
            };
            assert_eq!(diagnostic.render(), rendered);
        }
    }

    #[test]
    fn long_queries_are_shown_in_part() {
        let query = format!("{}x{}", "a".repeat(10_000), "b".repeat(10_000));
        let message = "m".into();
        let diagnostic = Diagnostic { query, start: 10_000, end: 10_001, message, corrected: None };
        let rendered = diagnostic.render();
        let line = rendered.lines().next().unwrap();
        let carets = rendered.lines().nth(1).unwrap();
        assert!(line.len() < 140);
        assert_eq!(line.chars().nth(carets.chars().count() - 1), Some('x'));
    }
}
