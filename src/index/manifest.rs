//! What the index was made from: one entry a file, so that a sync reads again only what changed.
//!
//! In: the entries of a sync. Out: a file beside the index, one JSON object a line. A commit names its manifest in
//! the payload, so that index and manifest change in the same instant: a manifest that no commit names is garbage.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};
use crate::index::schema::FORMAT_VERSION;
use crate::ingest::Skip;

/// Every file that was read, by its path.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Manifest {
    pub files: BTreeMap<PathBuf, FileEntry>,
}

/// What is known of a file since it was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct FileEntry {
    pub bytes: u64,
    /// Seconds and nanoseconds since 1970, if the system says so.
    pub modified: Option<(i64, u32)>,
    /// The file had not been written for a while when it was read: as long as its time stays, so does its content.
    pub settled: bool,
    /// Hash of the content.
    pub hash: u64,
    /// Fingerprint of the settings that it was read with.
    #[serde(default)]
    pub config: u64,
    /// Reports that it gave.
    pub reports: usize,
    /// Dates in it that can be read in two ways.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub ambiguous_dates: usize,
    /// What could not be read in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skips: Vec<Skip>,
}

fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// What a commit says of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Payload {
    pub format: u32,
    /// File name of the manifest; none in memory.
    pub manifest: Option<String>,
    /// Seconds since 1970.
    pub indexed_at: u64,
}

impl Payload {
    pub fn new(manifest: Option<String>, indexed_at: u64) -> Self {
        Self { format: FORMAT_VERSION, manifest, indexed_at }
    }
}

#[derive(Serialize, Deserialize)]
struct Line {
    path: PathBuf,
    #[serde(flatten)]
    entry: FileEntry,
}

impl Manifest {
    /// Reads a manifest file.
    pub fn read(path: &Path) -> Result<Self> {
        let failed = |e| Error::io("cannot read the list of indexed files", path, e);
        let mut manifest = Self::default();
        for line in BufReader::new(File::open(path).map_err(failed)?).split(b'\n') {
            let line: Line = serde_json::from_slice(&line.map_err(failed)?).map_err(|e| {
                Error::new(ErrorKind::Index, "the list of indexed files is damaged")
                    .with_path(path)
                    .with_source(e)
            })?;
            manifest.files.insert(line.path, line.entry);
        }
        Ok(manifest)
    }

    /// Writes the manifest, on the disk for good before this returns.
    pub fn write(&self, path: &Path) -> Result<()> {
        let failed =
            |e: std::io::Error| Error::io("cannot write the list of indexed files", path, e);
        let mut file = BufWriter::new(File::create(path).map_err(failed)?);
        for (path, entry) in &self.files {
            let line = Line { path: path.clone(), entry: entry.clone() };
            serde_json::to_writer(&mut file, &line).map_err(|e| failed(e.into()))?;
            file.write_all(b"\n").map_err(failed)?;
        }
        let file = file.into_inner().map_err(|e| failed(e.into_error()))?;
        file.sync_all().map_err(failed)
    }

    /// Removes every manifest in `folder` but the one named.
    pub fn remove_others(folder: &Path, keep: &str) {
        let Ok(entries) = fs::read_dir(folder) else { return };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with("manifest-") && name != keep {
                // What can't be removed now is tried again at the next sync, and does no harm.
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    /// Number of reports in all files.
    pub fn reports(&self) -> usize {
        self.files.values().map(|entry| entry.reports).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_reads_back_what_it_wrote() {
        let folder = tempfile::tempdir().unwrap();
        let mut manifest = Manifest::default();
        let entry = FileEntry {
            bytes: 7,
            modified: Some((1_700_000_000, 5)),
            settled: true,
            hash: u64::MAX,
            config: 3,
            reports: 1,
            ambiguous_dates: 2,
            skips: vec![],
        };
        manifest.files.insert("a\nb/ü.txt".into(), entry);
        let path = folder.path().join("manifest-1.jsonl");
        manifest.write(&path).unwrap();
        assert_eq!(Manifest::read(&path).unwrap(), manifest);
        fs::write(&path, "{").unwrap();
        assert_eq!(Manifest::read(&path).unwrap_err().kind(), ErrorKind::Index);
    }
}
