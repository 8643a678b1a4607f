//! What reading a file gives: reports, skips, notes; and the limits that reading keeps to.
//!
//! In: nothing. Out: the types that the stages of ingest fill and a sync takes over.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize, Serializer};

use crate::report::Report;

/// Everything that one file gave.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FileOutcome {
    /// The reports, in the order of the file.
    pub reports: Vec<Report>,
    /// The file, or records of it, that gave no report.
    pub skips: Vec<Skip>,
    /// What was assumed or not understood in reports that were read.
    pub notes: Vec<FileNote>,
    /// Dates of which day and month can't be told apart, such as 03/04/2021; each became the interval that covers both
    /// readings. `order` in a `casebook.toml` settles them.
    pub ambiguous_dates: usize,
    /// The kind of file, as [`Found::Ignored`](crate::Found) has it, where only a look into the file showed
    /// that it is none of a report: a file without extension that holds something else.
    pub ignored: Option<String>,
    /// Bytes that were read.
    pub bytes: u64,
    /// Hash of those bytes: the same for the same content on every machine. Not cryptographic.
    pub hash: u64,
}

/// A file, or a record of one, that gave no report, and why.
///
/// ```
/// use casebook::{Limits, parse_bytes};
///
/// let outcome = parse_bytes("notes/shopping.txt".as_ref(), b"Milk\nBread\n", &Limits::default());
/// let skip = outcome.skips[0].to_string();
/// assert!(skip.starts_with("notes/shopping.txt:1: not an incident report: "), "{skip}");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skip {
    /// The file, relative to the root.
    // A name that is not Unicode is written with replacement characters: a list of skips must never fail to print.
    #[serde(serialize_with = "lossy")]
    pub path: PathBuf,
    /// The line, from 1, where the skipped record starts.
    pub line: Option<u64>,
    /// The skipped record, from 1; `None` where it is the whole file.
    pub record: Option<u64>,
    /// What sort of reason it is, for programs.
    pub kind: SkipKind,
    /// The reason, for people.
    pub reason: String,
}

fn lossy<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&path.display())
}

impl fmt::Display for Skip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.reason)
    }
}

/// The sort of reason for a [`Skip`].
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SkipKind {
    /// Read and understood, but it holds no report.
    NotAReport,
    /// The bytes are no text.
    Binary,
    /// The text breaks the rules of its format.
    Malformed,
    /// Larger than one of the [`Limits`].
    TooLarge,
    /// The system would not give its content.
    Unreadable,
    /// A symbolic link, a pipe, a socket or a device: never opened.
    NotAFile,
}

impl SkipKind {
    /// Whether an input was there that could not be taken in, as against one that is simply no report.
    ///
    /// ```
    /// use casebook::SkipKind;
    ///
    /// assert!(SkipKind::Unreadable.is_failure());
    /// assert!(!SkipKind::NotAReport.is_failure());
    /// ```
    pub fn is_failure(self) -> bool {
        matches!(self, SkipKind::Unreadable | SkipKind::TooLarge)
    }
}

/// Something worth knowing about a file that was read: what was assumed, what was not understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileNote {
    /// The file, relative to the root.
    pub path: PathBuf,
    /// The line, from 1, where there is one to point at.
    pub line: Option<u64>,
    /// One sentence.
    pub message: String,
}

impl fmt::Display for FileNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.message)
    }
}

/// The parser of JSON goes no deeper.
pub(super) const DEEPEST: u64 = 128;

/// How much is read at most, so that no input can take all memory.
///
/// What is larger is skipped, and the skip names the limit.
///
/// ```
/// use casebook::{Limits, SkipKind, parse_bytes};
///
/// let limits = Limits { record_bytes: 8, ..Limits::default() };
/// let outcome = parse_bytes("a.txt".as_ref(), b"Cyber Incident Victim: Acme", &limits);
/// assert_eq!(outcome.skips[0].kind, SkipKind::TooLarge);
/// assert!(outcome.skips[0].reason.contains("record_bytes"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Size of a file. Larger ones are not opened.
    pub file_bytes: u64,
    /// Size of what has to be in memory at once: a file in the text format, one line or element of JSON, a file in
    /// an encoding other than UTF-8, a page, a mail, a PDF, one row of a table.
    pub record_bytes: u64,
    /// Size of what a packed file unpacks to, and of what the streams of a PDF do all together.
    pub decompressed_bytes: u64,
    /// How deep the lists and objects of JSON may be nested; above 128 it is as 128.
    pub nesting: u64,
}

impl Default for Limits {
    /// 16 GiB a file, 64 MiB a record, 4 GiB unpacked, 128 levels.
    fn default() -> Self {
        Self {
            file_bytes: 16 << 30,
            record_bytes: 64 << 20,
            decompressed_bytes: 4 << 30,
            nesting: DEEPEST,
        }
    }
}
