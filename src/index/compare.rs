//! What changed in the folder since it was indexed.
//!
//! In: the folder and the manifest of the last sync. Out: the files to read and those that are gone. Reads no file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::error::Result;
use crate::index::manifest::Manifest;
use crate::index::progress::Progress;
use crate::ingest::{self, Found, Skip, SkipKind, WalkedFile};

/// Differences between the folder and the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pending {
    /// Files not yet in the index.
    pub new: usize,
    /// Files that are another size or time than when they were read.
    pub changed: usize,
    /// Files in the index that are gone.
    pub removed: usize,
}

/// The folder compared with the manifest.
#[derive(Default)]
pub(crate) struct Difference {
    pub to_read: Vec<WalkedFile>,
    pub removed: Vec<PathBuf>,
    pub pending: Pending,
    pub skips: Vec<Skip>,
    pub ignored: BTreeMap<String, usize>,
}

/// Walks the folder and compares it with what the index was made from. Reads no report.
///
/// # Errors
///
/// Where a `casebook.toml` can't be understood: what it governs could be read wrongly without it.
pub(crate) fn compare(
    root: &Path,
    manifest: &Manifest,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Difference> {
    let mut difference = Difference::default();
    // Both come in the order of paths, and go side by side: to look up each of a hundred thousand paths, component by
    // component, takes longer than to walk them.
    let mut known = manifest.files.iter().peekable();
    let mut files = 0;
    for found in ingest::walk_with_config(root) {
        match found? {
            Found::File(file) => {
                if files % 1024 == 0 {
                    progress(Progress::Walking { files });
                }
                files += 1;
                let entry = loop {
                    let same =
                        |(path, _): &(&PathBuf, _)| path.as_os_str() == file.path.as_os_str();
                    if let Some((_, entry)) = known.next_if(same) {
                        break Some(entry);
                    }
                    match known.next_if(|(path, _)| **path < file.path) {
                        Some((path, _)) => difference.removed.push(path.clone()),
                        None => break None,
                    }
                };
                match entry {
                    None => difference.pending.new += 1,
                    Some(entry)
                        if (entry.bytes, entry.modified) != (file.bytes, file.modified)
                            || entry.config != file.config.fingerprint() =>
                    {
                        difference.pending.changed += 1;
                    }
                    Some(entry) if entry.settled => continue,
                    Some(_) => {}
                }
                difference.to_read.push(file);
            }
            Found::Skipped(skip) => difference.skips.push(skip),
            Found::Ignored(kind) => *difference.ignored.entry(kind).or_default() += 1,
        }
    }
    difference.removed.extend(known.map(|(path, _)| path.clone()));
    difference.forget_hidden();
    difference.pending.removed = difference.removed.len();
    Ok(difference)
}

impl Difference {
    /// What is in a folder that can't be listed is not gone, as far as anybody knows.
    fn forget_hidden(&mut self) {
        let unreadable = self.skips.iter().filter(|skip| skip.kind == SkipKind::Unreadable);
        let unreadable: Vec<&Path> = unreadable.map(|skip| skip.path.as_path()).collect();
        if !unreadable.is_empty() {
            self.removed.retain(|path| !unreadable.iter().any(|folder| path.starts_with(folder)));
        }
    }

    /// Whether the index is as the folder is.
    pub fn is_empty(&self) -> bool {
        self.to_read.is_empty() && self.removed.is_empty()
    }
}
