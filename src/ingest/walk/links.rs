//! Symbolic links: which of them are followed.
//!
//! In: a link that a walk came across. Out: the folder or file that it leads to, or why it is not followed. None is,
//! unless the settings say so. Then nothing is read twice: neither what lies in the folder that is walked, nor what a
//! link before led to; so no link leads round in a circle.

use std::fs;
use std::path::{Path, PathBuf};

/// What a link leads to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target {
    Folder,
    File,
    /// It is not followed, for this reason.
    Not(String),
}

/// The links of one walk.
#[derive(Debug)]
pub(super) struct Links {
    root: PathBuf,
    /// Where those that were followed led: real paths.
    followed: Vec<PathBuf>,
}

impl Links {
    /// The links below `root`.
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), followed: Vec::new() }
    }

    /// Follows a link, if it may be: `most` links are followed in all.
    pub fn follow(&mut self, link: &Path, most: u64) -> Target {
        if most == 0 {
            return Target::Not("symbolic link, not followed".to_owned());
        }
        match self.target(link, most) {
            Ok(target) => target,
            Err(reason) => Target::Not(format!("symbolic link, not followed: {reason}")),
        }
    }

    fn target(&mut self, link: &Path, most: u64) -> Result<Target, String> {
        let target = fs::canonicalize(link).map_err(|_| "it leads nowhere, or in a circle")?;
        let root = fs::canonicalize(&self.root).map_err(|e| e.to_string())?;
        if let Ok(within) = target.strip_prefix(&root) {
            // What is hidden is not walked, and may be meant to be reached by links alone.
            let is_hidden = |part: &std::ffi::OsStr| part.as_encoded_bytes().starts_with(b".");
            if !within.iter().any(is_hidden) {
                return Err("it leads to what is read under its own path".into());
            }
        }
        if root.starts_with(&target) {
            return Err("it leads to a folder that this one lies in".into());
        }
        let meets = |other: &PathBuf| target.starts_with(other) || other.starts_with(&target);
        if self.followed.iter().any(meets) {
            return Err("another link leads to the same".into());
        }
        if self.followed.len() as u64 >= most {
            return Err(format!(
                "{most} were; raise `links` in the [limits] of casebook.toml to follow more"
            ));
        }
        let metadata = fs::metadata(&target).map_err(|e| e.to_string())?;
        let found = match metadata {
            metadata if metadata.is_dir() => Target::Folder,
            metadata if metadata.is_file() => Target::File,
            _ => return Err("it leads to what is no ordinary file".into()),
        };
        self.followed.push(target);
        Ok(found)
    }
}
