//! The index on disk or in memory: created, opened, version-checked and verified here and nowhere else.
//!
//! In: a folder. Out: a [`Store`] with a reader on the last commit, or the reason why there is none. An index that was
//! never committed is none: it would answer as if there were no reports.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tantivy::directory::META_LOCK;
use tantivy::index::SegmentComponent;
use tantivy::{Directory, Index, IndexReader, IndexSettings, ReloadPolicy, Searcher, TantivyError};

use crate::error::{Error, ErrorKind, Result};
use crate::index::backlog::Queued;
use crate::index::checked::CheckedDirectory;
use crate::index::columns::ColumnCache;
use crate::index::document::AnalyzerPool;
use crate::index::manifest::{Manifest, Payload};
use crate::index::schema::{FORMAT_VERSION, Fields};
use crate::index::sequences::SequenceMemo;
use crate::index::terms::tokenizers;

/// An open index.
#[derive(Clone)]
pub(crate) struct Store {
    pub index: Index,
    pub fields: Fields,
    reader: IndexReader,
    /// What searches analyse the reports that they found with.
    pub analyzers: AnalyzerPool,
    /// What searches order their hits by.
    pub columns: ColumnCache,
    pub sequences: SequenceMemo,
    /// The folder of this format's files; `None` in memory.
    pub folder: Option<PathBuf>,
    directory: Option<CheckedDirectory>,
}

/// In the folder of an index: a file that says that the index is damaged, and how, for the next to open it.
const CONDEMNED: &str = "damaged";

/// What stands at the place of an index.
pub(crate) enum Found {
    Ready(Box<Store>),
    /// Nothing, or the index of another version; the text says which, where it is worth saying.
    Missing(Option<String>),
    /// Something that is not as it was written.
    Damaged(String),
    /// Something that the system does not let us read.
    Refused(String),
}

impl Store {
    /// An empty index in memory.
    pub fn in_memory() -> Result<Self> {
        let fields = Fields::new();
        Self::new(Index::create_in_ram(fields.schema.clone()), fields, None, None)
    }

    /// Looks what stands in `place`, changing nothing.
    pub fn find(place: &Path) -> Found {
        let folder = format_folder(place);
        if let Ok(reason) = fs::read_to_string(folder.join(CONDEMNED)) {
            return Found::Damaged(reason);
        }
        if !folder.join("meta.json").exists() {
            if Manifest::any_in(&folder) {
                return Found::Damaged("meta.json is gone".into());
            }
            let other = other_formats(place).into_iter().next();
            return Found::Missing(other.map(|other| {
                let version = other.file_name().map(|name| name.to_string_lossy().into_owned());
                format!("the index was of {}", version.unwrap_or_default().replace('-', " "))
            }));
        }
        match Self::open(&folder) {
            Ok(store) if store.payload().is_some() => Found::Ready(Box::new(store)),
            Ok(_) => Found::Missing(Some("an earlier run did not finish".into())),
            Err(error) if error.kind() == ErrorKind::Io => Found::Refused(error.to_string()),
            Err(error) => Found::Damaged(error.to_string()),
        }
    }

    /// Creates an empty index in `place`, in the stead of whatever of this format stands there.
    pub fn create(place: &Path) -> Result<Self> {
        let folder = format_folder(place);
        let failed = |e: io::Error| {
            let help = no_room_help(e.kind());
            Error::io("cannot create the index in", place, e).with_help(help)
        };
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(failed)?;
        }
        fs::create_dir_all(&folder).map_err(failed)?;
        // Backup programs and git leave out what says that it can be made again.
        fs::write(place.join(".gitignore"), "*\n").map_err(failed)?;
        fs::write(place.join("CACHEDIR.TAG"), "Signature: 8a477f597d28d172789f06886806bc55\n")
            .map_err(failed)?;
        let fields = Fields::new();
        let directory = CheckedDirectory::open(&folder).map_err(failed)?;
        let (schema, settings) = (fields.schema.clone(), IndexSettings::default());
        let index =
            Index::create(directory.clone(), schema, settings).map_err(|e| {
                match directory.failure() {
                    Some(failure) => failed(failure),
                    None => Error::index("cannot create the index in", e).with_path(place),
                }
            })?;
        Self::new(index, fields, Some(folder), Some(directory))
    }

    /// Removes the indexes of other format versions.
    pub fn remove_other_formats(place: &Path) {
        for folder in other_formats(place) {
            // They are of no use to this version, and of no harm where they can't be removed.
            let _ = fs::remove_dir_all(folder);
        }
    }

    fn open(folder: &Path) -> Result<Self> {
        let directory = CheckedDirectory::open(folder)
            .map_err(|e| Error::io("cannot open the index in", folder, e))?;
        let failed = |e| read_failed(Some(&directory), Some(folder), e);
        let index = Index::open(directory.clone()).map_err(failed)?;
        let fields = Fields::new();
        if index.schema() != fields.schema {
            return Err(failed(TantivyError::SchemaError(
                "its fields are of another version".into(),
            )));
        }
        Self::new(index, fields, Some(folder.to_owned()), Some(directory.clone()))
    }

    fn new(
        index: Index,
        fields: Fields,
        folder: Option<PathBuf>,
        directory: Option<CheckedDirectory>,
    ) -> Result<Self> {
        for (name, tokenizer) in tokenizers() {
            index.tokenizers().register(name, tokenizer);
        }
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()
            .map_err(|e| read_failed(directory.as_ref(), folder.as_deref(), e))?;
        Ok(Self {
            index,
            fields,
            reader,
            analyzers: AnalyzerPool::default(),
            columns: ColumnCache::default(),
            sequences: SequenceMemo::default(),
            folder,
            directory,
        })
    }

    /// A view of the last commit that [`reload`](Self::reload) saw. It stays as it is while a writer works.
    pub fn searcher(&self) -> Searcher {
        self.reader.searcher()
    }

    /// Makes the last commit the one that searches see.
    pub fn reload(&self) -> Result<()> {
        self.reader.reload().map_err(|e| self.read_failed(e))
    }

    /// What the last commit says of itself; `None` before the first.
    pub fn payload(&self) -> Option<Payload> {
        let metas = self.index.load_metas().ok()?;
        serde_json::from_str(&metas.payload?)
            .ok()
            .filter(|payload: &Payload| payload.format == FORMAT_VERSION)
    }

    /// The manifest of the last commit; `None` before the first, and in memory.
    pub fn manifest(&self) -> Result<Option<Manifest>> {
        let Some(folder) = &self.folder else { return Ok(None) };
        loop {
            let Some(payload) = self.payload() else { return Ok(None) };
            let Some(name) = &payload.manifest else { return Ok(None) };
            match Manifest::read(&folder.join(name), payload.manifest_crc) {
                Ok(manifest) => return Ok(Some(manifest)),
                // Another process has committed meanwhile, and removed it.
                Err(_) if self.payload().is_some_and(|now| now != payload) => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// The manifest, if it is of the commit that searches see.
    pub fn manifest_of_searcher(&self) -> Result<Manifest> {
        let manifest = self.manifest()?.unwrap_or_default();
        let (listed, held) = (manifest.reports() as u64, self.searcher().num_docs());
        match listed == held {
            true => Ok(manifest),
            false => Err(Error::new(
                ErrorKind::Index,
                format!("the index holds {held} reports, and {listed} by the list of its files"),
            )),
        }
    }

    /// Reads every file of the index whole and compares checksums. Gives the number of bytes, or what is damaged.
    pub fn verify(&self) -> Result<u64> {
        let Some(directory) = &self.directory else { return Ok(0) };
        let failed = |e| self.read_failed(e);
        // As long as the lock is held, no file is removed.
        let _lock =
            self.index.directory().acquire_lock(&META_LOCK).map_err(|e| failed(e.into()))?;
        let metas = self.index.load_metas().map_err(failed)?;
        for segment in &metas.segments {
            for component in COMPONENTS {
                directory
                    .verify(&segment.relative_path(component))
                    .map_err(|e| failed(e.into()))?;
            }
            if segment.has_deletes() {
                let path = segment.relative_path(SegmentComponent::Delete);
                directory.verify(&path).map_err(|e| failed(e.into()))?;
            }
        }
        self.manifest()?;
        Ok(self.bytes())
    }

    /// Leaves word that the index is damaged, so that whoever syncs next builds it anew.
    pub fn condemn(&self, reason: &str) {
        if let Some(folder) = &self.folder {
            // Where nothing can be written nothing can be mended either; the error is said in any case.
            let _ = fs::write(folder.join(CONDEMNED), reason);
        }
    }

    /// Removes what commits, merges, killed and failed runs left behind: every file that the last commit does not name.
    /// Only for the holder of the write lock, before it opens a writer or after it dropped it. tantivy's own collection
    /// of garbage keeps the files of merged segments until the commit after next, and forgets its temporary files.
    pub fn sweep(&self) {
        let Some(folder) = &self.folder else { return };
        // Readers that are about to open files hold this lock.
        let Ok(_lock) = self.index.directory().acquire_lock(&META_LOCK) else { return };
        let (Ok(metas), Ok(entries)) = (self.index.load_metas(), fs::read_dir(folder)) else {
            return;
        };
        let mut living = metas.list_segment_files();
        living.extend(["meta.json", ".managed.json"].map(PathBuf::from));
        living.extend(self.payload().and_then(|payload| payload.manifest).map(PathBuf::from));
        for entry in entries.flatten() {
            let name = entry.file_name();
            let is_lock = name.to_string_lossy().ends_with(".lock");
            if !is_lock && !living.contains(Path::new(&name)) {
                // What can't be removed now is tried again at the next sync.
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    /// Bytes on disk.
    pub fn bytes(&self) -> u64 {
        let Some(entries) = self.folder.as_ref().and_then(|folder| fs::read_dir(folder).ok())
        else {
            return 0;
        };
        entries.flatten().filter_map(|entry| entry.metadata().ok()).map(|meta| meta.len()).sum()
    }

    /// A writer that holds the lock of the index until it is dropped.
    pub fn writer(&self, threads: usize, memory: usize) -> Result<tantivy::IndexWriter<Queued>> {
        // tantivy refuses less than 15 MB a thread.
        let memory = memory.max(threads * 16_000_000);
        self.index.writer_with_num_threads(threads, memory).map_err(|e| self.write_failed(e))
    }

    fn read_failed(&self, error: TantivyError) -> Error {
        read_failed(self.directory.as_ref(), self.folder.as_deref(), error)
    }

    /// The error of a write, with its cause: tantivy's own say no more than that some thread failed.
    pub fn write_failed(&self, error: TantivyError) -> Error {
        let Some(folder) = &self.folder else {
            return Error::index("cannot write the index", error);
        };
        match self.directory.as_ref().and_then(CheckedDirectory::failure) {
            Some(failure) => {
                let help = no_room_help(failure.kind());
                Error::io("cannot write the index in", folder, failure).with_help(help)
            }
            None => Error::index("cannot write the index in", error).with_path(folder),
        }
    }
}

/// The error of a read. Of kind [`ErrorKind::Index`] where the index is damaged, and of kind [`ErrorKind::Io`] where the
/// system refused, which no building anew would mend.
fn read_failed(
    directory: Option<&CheckedDirectory>,
    folder: Option<&Path>,
    error: TantivyError,
) -> Error {
    let damage = directory.and_then(CheckedDirectory::damage);
    let refusal = directory.and_then(CheckedDirectory::failure);
    match (damage, refusal, folder) {
        // Our own words for damage are the better ones.
        (Some(damage), ..) => Error::new(ErrorKind::Index, damage),
        (None, Some(refusal), Some(folder)) => {
            Error::io("cannot read the index in", folder, refusal)
        }
        (None, _, Some(folder)) => {
            Error::index("cannot read the index in", error).with_path(folder)
        }
        (None, _, None) => Error::index("cannot read the index", error),
    }
}

/// What every segment has.
const COMPONENTS: [SegmentComponent; 6] = [
    SegmentComponent::Postings,
    SegmentComponent::Positions,
    SegmentComponent::Terms,
    SegmentComponent::Store,
    SegmentComponent::FastFields,
    SegmentComponent::FieldNorms,
];

/// The way out where something can't be written.
pub(crate) fn no_room_help(kind: io::ErrorKind) -> &'static str {
    match kind {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "make room there, or keep the index elsewhere (--index); what was indexed before is as it was"
        }
        io::ErrorKind::FileTooLarge => {
            "raise the limit on the size of files (ulimit -f), or keep the index elsewhere (--index); \
             what was indexed before is as it was"
        }
        _ => "keep the index elsewhere (--index); what was indexed before is as it was",
    }
}

fn format_folder(place: &Path) -> PathBuf {
    place.join(format!("format-{FORMAT_VERSION}"))
}

fn other_formats(place: &Path) -> Vec<PathBuf> {
    let own = format_folder(place);
    let Ok(entries) = fs::read_dir(place) else { return Vec::new() };
    let mut others: Vec<_> = entries
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("format-"))
        .map(|entry| entry.path())
        .filter(|path| *path != own)
        .collect();
    others.sort();
    others
}
