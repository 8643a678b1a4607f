//! From a folder of files to reports.
//!
//! In: a folder, or the bytes of one file. Out: [`Report`](crate::Report)s, and for whatever gave none, a [`Skip`]
//! that says why. The flow is walk → read → decode → parse; each stage is a file of this folder, each format one more.
//! Nothing here knows of the index.
//!
//! Nothing is dropped silently. A file is either a candidate, or skipped with a reason, or of another kind and
//! counted as such; a record of a candidate gives a report or a skip; a field that no format knows is kept as text in
//! [`Report::other`](crate::Report::other).

mod chronicle;
mod collect;
mod config;
mod csv;
mod decode;
mod document;
mod format;
mod front_matter;
mod gzip;
mod html;
mod json;
mod mail;
mod markdown;
mod mend;
mod names;
mod outcome;
mod pdf;
mod prose;
mod read;
mod record;
mod references;
mod text;
mod values;
mod veris;
mod walk;

pub use config::FileConfig;
pub use format::Format;
pub use outcome::{FileNote, FileOutcome, Limits, Skip, SkipKind};
pub(crate) use read::{content_hash, read_file_named};
pub use read::{
    parse_bytes, parse_bytes_with_config, read_file, read_file_with, read_file_with_config,
};
pub use walk::{Found, WalkedFile, walk, walk_with_config};

#[cfg(test)]
mod tests;
