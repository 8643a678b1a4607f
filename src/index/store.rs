//! The index on disk or in memory: created, opened and version-checked here and nowhere else.
//!
//! In: a folder. Out: a [`Store`] with a reader on the last commit, or the reason why there is none.

use std::fs;
use std::path::{Path, PathBuf};

use tantivy::directory::MmapDirectory;
use tantivy::{Index, IndexReader, ReloadPolicy, Searcher, TantivyDocument};

use crate::error::{Error, Result};
use crate::index::document::AnalyzerPool;
use crate::index::manifest::{Manifest, Payload};
use crate::index::schema::{FORMAT_VERSION, Fields};
use crate::index::terms::tokenizers;

/// An open index.
#[derive(Clone)]
pub(crate) struct Store {
    pub index: Index,
    pub fields: Fields,
    reader: IndexReader,
    /// What searches analyse the reports that they found with.
    pub analyzers: AnalyzerPool,
    /// The folder of this format's files; `None` in memory.
    pub folder: Option<PathBuf>,
}

/// What stands at the place of an index.
pub(crate) enum Found {
    Ready(Box<Store>),
    /// Nothing, or the index of another version; the text says which, where it is worth saying.
    Missing(Option<String>),
    /// Something that can't be opened.
    Damaged(String),
}

impl Store {
    /// An empty index in memory.
    pub fn in_memory() -> Result<Self> {
        let fields = Fields::new();
        Self::new(Index::create_in_ram(fields.schema.clone()), fields, None)
    }

    /// Looks what stands in `place`, changing nothing.
    pub fn find(place: &Path) -> Found {
        let folder = format_folder(place);
        if !folder.join("meta.json").exists() {
            let other = other_formats(place).into_iter().next();
            return Found::Missing(other.map(|other| {
                let version = other.file_name().map(|name| name.to_string_lossy().into_owned());
                format!("the index was of {}", version.unwrap_or_default().replace('-', " "))
            }));
        }
        match Self::open(&folder) {
            Ok(store) => Found::Ready(Box::new(store)),
            Err(error) => Found::Damaged(error.to_string()),
        }
    }

    /// Creates an empty index in `place`, in the stead of whatever of this format stands there.
    pub fn create(place: &Path) -> Result<Self> {
        let folder = format_folder(place);
        let failed = |e| Error::io("cannot create the index in", place, e);
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(failed)?;
        }
        fs::create_dir_all(&folder).map_err(failed)?;
        // Backup programs and git leave out what says that it can be made again.
        fs::write(place.join(".gitignore"), "*\n").map_err(failed)?;
        fs::write(place.join("CACHEDIR.TAG"), "Signature: 8a477f597d28d172789f06886806bc55\n")
            .map_err(failed)?;
        let fields = Fields::new();
        let index = Index::create_in_dir(&folder, fields.schema.clone())
            .map_err(|e| Error::index("cannot create the index in", e).with_path(place))?;
        Self::new(index, fields, Some(folder))
    }

    /// Removes the indexes of other format versions.
    pub fn remove_other_formats(place: &Path) {
        for folder in other_formats(place) {
            // They are of no use to this version, and of no harm where they can't be removed.
            let _ = fs::remove_dir_all(folder);
        }
    }

    fn open(folder: &Path) -> Result<Self> {
        let failed = |e: tantivy::TantivyError| {
            Error::index("cannot open the index in", e).with_path(folder)
        };
        let directory = MmapDirectory::open(folder)
            .map_err(|e| Error::index("cannot open the index in", e).with_path(folder))?;
        let index = Index::open(directory).map_err(failed)?;
        let fields = Fields::new();
        if index.schema() != fields.schema {
            let source =
                tantivy::TantivyError::SchemaError("its fields are of another version".into());
            return Err(failed(source));
        }
        Self::new(index, fields, Some(folder.to_owned()))
    }

    fn new(index: Index, fields: Fields, folder: Option<PathBuf>) -> Result<Self> {
        for (name, tokenizer) in tokenizers() {
            index.tokenizers().register(name, tokenizer);
        }
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()
            .map_err(|e| Error::index("cannot read the index", e))?;
        Ok(Self { index, fields, reader, analyzers: AnalyzerPool::default(), folder })
    }

    /// A view of the last commit that [`reload`](Self::reload) saw. It stays as it is while a writer works.
    pub fn searcher(&self) -> Searcher {
        self.reader.searcher()
    }

    /// Makes the last commit the one that searches see.
    pub fn reload(&self) -> Result<()> {
        self.reader.reload().map_err(|e| Error::index("cannot read the index", e))
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
        match self.payload().and_then(|payload| payload.manifest) {
            Some(name) => Manifest::read(&folder.join(name)).map(Some),
            None => Ok(None),
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
    pub fn writer(
        &self,
        threads: usize,
        memory: usize,
    ) -> Result<tantivy::IndexWriter<TantivyDocument>> {
        // tantivy refuses less than 15 MB a thread.
        let memory = memory.max(threads * 16_000_000);
        self.index
            .writer_with_num_threads(threads, memory)
            .map_err(|e| self.placed(Error::index("cannot write the index", e)))
    }

    fn placed(&self, error: Error) -> Error {
        match &self.folder {
            Some(folder) => error.with_path(folder),
            None => error,
        }
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
