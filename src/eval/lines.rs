//! Files that are read line by line, with errors that name file and line.
//!
//! In: a text or a file, and what reads one line. Out: what was read, or an [`Error`].

use std::fmt;
use std::path::Path;

use crate::error::{Error, ErrorKind, Result};

/// A line that is not what it should be.
#[derive(Debug)]
struct Malformed(String);

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Malformed {}

/// Hands every line that is not blank to `read`, whose error is a sentence about that line.
pub(super) fn each(
    text: &str,
    path: Option<&Path>,
    mut read: impl FnMut(&str) -> Result<(), String>,
) -> Result<()> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    for (i, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        read(line).map_err(|problem| {
            let number = i + 1;
            let error = match path {
                Some(path) => {
                    let tried = format!("cannot read line {number} of");
                    Error::new(ErrorKind::Input, tried).with_path(path)
                }
                None => Error::new(ErrorKind::Input, format!("cannot read line {number}")),
            };
            error.with_source(Malformed(problem))
        })?;
    }
    Ok(())
}

/// The text of a file. Bytes that are no UTF-8 are an error: an id that is read otherwise than it was written would
/// silently match nothing.
pub(super) fn text_of(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|error| Error::io("cannot read", path, error))
}
