//! What the index was made from: one entry a file, so that a sync reads again only what changed.
//!
//! In: the entries of a sync. Out: a file beside the index, one JSON array a line. A commit names its manifest and the
//! checksum of it in the payload, so that index and manifest change in the same instant: a manifest that no commit names
//! is garbage, and one that is not as it was written is never believed.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};
use crate::index::ids::OtherIds;
use crate::index::schema::FORMAT_VERSION;
use crate::index::store::no_room_help;
use crate::ingest::Skip;

/// Every file that was read, by its path.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Manifest {
    pub files: BTreeMap<PathBuf, FileEntry>,
}

/// What is known of a file since it was read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FileEntry {
    pub bytes: u64,
    /// Seconds and nanoseconds since 1970, if the system says so.
    pub modified: Option<(i64, u32)>,
    /// The file had not been written for a while when it was read: as long as its time stays, so does its content.
    pub settled: bool,
    /// Hash of the content.
    pub hash: u64,
    /// Fingerprint of the settings that it was read with.
    pub config: u64,
    /// Reports that it gave.
    pub reports: usize,
    /// Dates in it that can be read in two ways.
    pub ambiguous_dates: usize,
    /// The path that it had when it was first read, if it has moved since: ids made from a path are made from this one.
    pub name: Option<PathBuf>,
    /// Ids of its reports that are others than they ask for.
    pub other_ids: OtherIds,
    /// What could not be read in it.
    pub skips: Vec<Skip>,
}

/// What a commit says of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Payload {
    pub format: u32,
    /// File name of the manifest; none in memory.
    pub manifest: Option<String>,
    /// Its checksum.
    pub manifest_crc: u32,
    /// Seconds since 1970.
    pub indexed_at: u64,
}

impl Payload {
    /// The payload of a commit with this manifest and its checksum; none in memory.
    pub fn new(manifest: Option<(String, u32)>, indexed_at: u64) -> Self {
        let (manifest, manifest_crc) = manifest.unzip();
        let manifest_crc = manifest_crc.unwrap_or_default();
        Self { format: FORMAT_VERSION, manifest, manifest_crc, indexed_at }
    }
}

/// An entry as it is written: what each file has without its names, because a large casebook has a hundred thousand
/// lines and every search waits for them; last what few files have.
#[derive(Serialize, Deserialize)]
struct Line(PathBuf, u64, Option<(i64, u32)>, bool, u64, u64, usize, Option<Rest>);

#[derive(Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Rest {
    #[serde(skip_serializing_if = "is_zero")]
    ambiguous_dates: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<PathBuf>,
    #[serde(skip_serializing_if = "OtherIds::is_empty")]
    other_ids: OtherIds,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    skips: Vec<Skip>,
}

fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl Line {
    fn new(path: &Path, entry: &FileEntry) -> Self {
        let FileEntry { bytes, modified, settled, hash, config, reports, .. } = *entry;
        let rest = Rest {
            ambiguous_dates: entry.ambiguous_dates,
            name: entry.name.clone(),
            other_ids: entry.other_ids.clone(),
            skips: entry.skips.clone(),
        };
        let rest = Some(rest).filter(|rest| *rest != Rest::default());
        Self(path.to_owned(), bytes, modified, settled, hash, config, reports, rest)
    }

    fn entry(self) -> (PathBuf, FileEntry) {
        let Self(path, bytes, modified, settled, hash, config, reports, rest) = self;
        let Rest { ambiguous_dates, name, other_ids, skips } = rest.unwrap_or_default();
        let entry = FileEntry {
            bytes,
            modified,
            settled,
            hash,
            config,
            reports,
            ambiguous_dates,
            name,
            other_ids,
            skips,
        };
        (path, entry)
    }
}

impl Manifest {
    /// Reads a manifest file whose checksum is known.
    pub fn read(path: &Path, crc: u32) -> Result<Self> {
        let damaged =
            || Error::new(ErrorKind::Index, "the list of indexed files is damaged").with_path(path);
        let bytes = fs::read(path).map_err(|e: io::Error| match e.kind() {
            io::ErrorKind::NotFound => {
                Error::new(ErrorKind::Index, "the list of indexed files is gone").with_path(path)
            }
            _ => Error::io("cannot read the list of indexed files", path, e),
        })?;
        if crc32fast::hash(&bytes) != crc {
            return Err(damaged());
        }
        let lines = bytes.strip_suffix(b"\n").unwrap_or(&bytes).split(|byte| *byte == b'\n');
        let entries = lines.filter(|_| !bytes.is_empty()).map(|line| {
            serde_json::from_slice(line).map(Line::entry).map_err(|e| damaged().with_source(e))
        });
        // In the order of paths, as they were written: a tree is built from those far faster than one by one.
        Ok(Self { files: entries.collect::<Result<BTreeMap<_, _>>>()? })
    }

    /// Writes the manifest, on the disk for good before this returns. Gives its checksum.
    pub fn write(&self, path: &Path) -> Result<u32> {
        let failed = |e: io::Error| {
            let help = no_room_help(e.kind());
            Error::io("cannot write the list of indexed files", path, e).with_help(help)
        };
        let mut file = BufWriter::new(Summed::new(File::create(path).map_err(failed)?));
        for (path, entry) in &self.files {
            serde_json::to_writer(&mut file, &Line::new(path, entry))
                .map_err(|e| failed(e.into()))?;
            file.write_all(b"\n").map_err(failed)?;
        }
        let file = file.into_inner().map_err(|e| failed(e.into_error()))?;
        file.inner.sync_all().map_err(failed)?;
        Ok(file.crc())
    }

    /// Whether a manifest stands in `folder`, which tells that there was a commit.
    pub fn any_in(folder: &Path) -> bool {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        entries
            .into_iter()
            .any(|entry| entry.file_name().to_string_lossy().starts_with("manifest-"))
    }

    /// Number of reports in all files.
    pub fn reports(&self) -> usize {
        self.files.values().map(|entry| entry.reports).sum()
    }
}

/// A file with the checksum of what passed.
struct Summed {
    inner: File,
    crc: crc32fast::Hasher,
}

impl Summed {
    fn new(inner: File) -> Self {
        Self { inner, crc: crc32fast::Hasher::new() }
    }

    fn crc(self) -> u32 {
        self.crc.finalize()
    }
}

impl Write for Summed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(bytes)?;
        self.crc.update(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
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
            name: Some("b.txt".into()),
            other_ids: [("same".to_owned(), [(1, "same~2".to_owned())].into())].into(),
            skips: vec![],
        };
        manifest.files.insert("a\nb/ü.txt".into(), entry);
        let path = folder.path().join("manifest-1.jsonl");
        let crc = manifest.write(&path).unwrap();
        assert_eq!(Manifest::read(&path, crc).unwrap(), manifest);
        let mut bytes = fs::read(&path).unwrap();
        for at in 0..bytes.len() {
            bytes[at] ^= 1;
            fs::write(&path, &bytes).unwrap();
            assert_eq!(Manifest::read(&path, crc).unwrap_err().kind(), ErrorKind::Index, "{at}");
            bytes[at] ^= 1;
        }
        fs::write(&path, "{").unwrap();
        assert_eq!(Manifest::read(&path, crc).unwrap_err().kind(), ErrorKind::Index);
    }
}
