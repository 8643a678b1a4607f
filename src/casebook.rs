//! The public face: a folder of reports, or reports in memory, with their index.
//!
//! In: a folder, or reports that a program adds. Out: [`Casebook`], which syncs, searches and hands out reports.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::available_parallelism;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::error::{Error, ErrorKind, Result};
use crate::index::lock::WriteLock;
use crate::index::manifest::Manifest;
use crate::index::store::Store;
use crate::index::sync::{self, SyncSettings};
use crate::index::{
    FORMAT_VERSION, LastLook, Progress, Status, SyncReport, compare, lookup, survey, writer,
};
use crate::ingest::Limits;
use crate::query::Query;
use crate::report::Report;
use crate::search::{self, Indicators, Lookup, Results, SearchOptions, indicators};

mod state;

use state::State;

/// The folder that holds an index, at the root of its corpus.
const INDEX_FOLDER: &str = ".casebook";

/// How a casebook is opened.
///
/// ```
/// use casebook::OpenOptions;
///
/// let options = OpenOptions { threads: Some(2), ..OpenOptions::default() };
/// assert_eq!(options.index, None);
/// ```
#[derive(Debug, Clone)]
pub struct OpenOptions {
    /// The folder of the index; `None` for `.casebook` at the root of the corpus.
    pub index: Option<PathBuf>,
    /// Threads that read and index; `None` for one a core.
    pub threads: Option<usize>,
    /// Memory that a sync takes for reports on their way into the index, in bytes, over all threads; at least 16 MB a
    /// thread are taken, and some tens of MB for what is being read and for the words met so far. The size of the
    /// corpus makes no difference.
    pub memory_bytes: usize,
    /// How much is read at most.
    pub limits: Limits,
}

impl Default for OpenOptions {
    fn default() -> Self {
        Self { index: None, threads: None, memory_bytes: 256 << 20, limits: Limits::default() }
    }
}

impl OpenOptions {
    fn threads(&self) -> usize {
        // More than eight writers make more segments than they save time.
        let cores = || available_parallelism().map_or(1, usize::from).min(8);
        self.threads.unwrap_or_else(cores).max(1)
    }
}

/// A corpus with its index.
///
/// Searching needs no lock: any number of threads may search while one syncs, and each sees the reports as they were
/// before or after, never between.
///
/// ```
/// use casebook::{Casebook, Query, Report, SearchOptions};
///
/// let casebook = Casebook::in_memory()?;
/// casebook.add([Report {
///     victim: "Région Normandie".into(),
///     body: "The attackers defaced the official website.".into(),
///     ..Report::new("normandie")
/// }])?;
/// let results = casebook.search(&Query::parse("region website")?, &SearchOptions::default())?;
/// assert_eq!(results.total, 1);
/// assert_eq!(results.hits[0].report.id, "normandie");
/// # Ok::<(), casebook::Error>(())
/// ```
pub struct Casebook {
    root: Option<PathBuf>,
    index: Option<PathBuf>,
    options: OpenOptions,
    state: RwLock<State>,
    /// Held while the index is written.
    writing: Mutex<()>,
}

impl Casebook {
    /// Opens the folder `root`. Its index is `.casebook` in it, made at the first [`sync`](Self::sync).
    ///
    /// # Errors
    ///
    /// Where `root` is no folder that can be read.
    pub fn open(root: impl AsRef<Path>) -> Result<Self> {
        Self::open_with(root, &OpenOptions::default())
    }

    /// The same, with options.
    pub fn open_with(root: impl AsRef<Path>, options: &OpenOptions) -> Result<Self> {
        let root = root.as_ref();
        check_folder(root)?;
        let index = options.index.clone().unwrap_or_else(|| root.join(INDEX_FOLDER));
        let state = State::find(&index);
        Ok(Self {
            root: Some(root.to_owned()),
            index: Some(index),
            options: options.clone(),
            state: RwLock::new(state),
            writing: Mutex::new(()),
        })
    }

    /// A casebook without files: reports come by [`add`](Self::add) and are gone with it.
    pub fn in_memory() -> Result<Self> {
        Ok(Self {
            root: None,
            index: None,
            options: OpenOptions::default(),
            state: RwLock::new(State::Ready(Arc::new(Store::in_memory()?))),
            writing: Mutex::new(()),
        })
    }

    /// The nearest folder, from `start` upwards, that has an index.
    pub fn find_root(start: &Path) -> Option<PathBuf> {
        start.ancestors().find(|folder| folder.join(INDEX_FOLDER).is_dir()).map(Path::to_owned)
    }

    /// The folder of reports; `None` in memory.
    pub fn root(&self) -> Option<&Path> {
        self.root.as_deref()
    }

    /// The folder of the index; `None` in memory.
    pub fn index_path(&self) -> Option<&Path> {
        self.index.as_deref()
    }

    /// Whether there is an index to search, however old.
    pub fn is_indexed(&self) -> bool {
        matches!(self.state(), State::Ready(_))
    }

    /// Brings the index up to what the folder holds: reads what is new or changed, drops what is gone.
    ///
    /// All of it becomes visible to searches in one instant. A damaged index, or one of another format version, is
    /// built anew, and [`SyncReport::rebuilt`] says why. In memory there is nothing to do.
    ///
    /// # Errors
    ///
    /// Where the index can't be written, or another process is writing it for long. Files that can't be read are no
    /// error: [`SyncReport::skips`] names them.
    pub fn sync(&self) -> Result<SyncReport> {
        self.sync_with(&|_| ())
    }

    /// The same, with reports of the progress, from this and other threads.
    pub fn sync_with(&self, progress: &(dyn Fn(Progress) + Sync)) -> Result<SyncReport> {
        let (Some(root), Some(index)) = (&self.root, &self.index) else {
            let reports = self.store()?.searcher().num_docs() as usize;
            return Ok(SyncReport { reports, unchanged: reports, ..SyncReport::default() });
        };
        // A folder that is not there now (unmounted, renamed) is no folder without reports.
        check_folder(root)?;
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let settings = SyncSettings {
            root,
            place: index,
            limits: &self.options.limits,
            threads: self.options.threads(),
            memory_bytes: self.options.memory_bytes,
            progress,
        };
        // The usual case, for which no process has to wait for another.
        if let State::Ready(store) = self.state()
            && let Some(report) = sync::nothing_to_do(&store, &settings)?
        {
            return Ok(report);
        }
        let _lock = WriteLock::acquire(index)?;
        // Another process may have written, or created the index, while this one waited.
        let opened = match State::find(index) {
            State::Ready(store) => match store.manifest_of_searcher() {
                Ok(manifest) => Ok((store, manifest)),
                Err(error) if error.kind() == ErrorKind::Io => return Err(error),
                Err(error) => Err(Some(error.to_string())),
            },
            State::Missing(reason) => Err(reason),
            State::Damaged(reason) => Err(Some(reason)),
            State::Refused(reason) => return Err(Error::new(ErrorKind::Io, reason)),
        };
        let (store, manifest, rebuilt) = match opened {
            Ok((store, manifest)) => (store, manifest, None),
            Err(reason) => (Arc::new(Store::create(index)?), Manifest::default(), reason),
        };
        let synced = sync::sync(&store, manifest, &settings);
        // Neither a run that fails nor a merge leaves anything behind that takes up room.
        store.sweep();
        let mut report = synced?;
        Store::remove_other_formats(index);
        self.set_state(State::Ready(store));
        report.rebuilt = rebuilt;
        Ok(report)
    }

    /// When a sync, of whichever process, last looked for changes, and how long that took: by this a program may decide
    /// to search what is indexed without a sync. A large casebook remembers each look, one of few files those that
    /// found something. `None` where nothing was remembered, and in memory.
    pub fn last_look(&self) -> Option<LastLook> {
        LastLook::read(self.index.as_deref()?)
    }

    /// Adds reports that a program has, in the stead of those with the same ids.
    ///
    /// # Errors
    ///
    /// On a casebook of a folder, whose reports are its files; and where the index can't be written.
    pub fn add(&self, reports: impl IntoIterator<Item = Report>) -> Result<SyncReport> {
        self.change(|store, writer| {
            let mut counts = (0, 0);
            writer::add(store, writer, reports, &mut counts)?;
            Ok(counts)
        })
        .map(|((added, updated), mut report)| {
            report.added = added;
            report.updated = updated;
            report.unchanged = report.reports - added - updated;
            report
        })
    }

    /// Removes the reports with these ids; ids that there are none of are passed over.
    ///
    /// # Errors
    ///
    /// As for [`add`](Self::add).
    pub fn remove<I: AsRef<str>>(&self, ids: impl IntoIterator<Item = I>) -> Result<SyncReport> {
        self.change(|store, writer| {
            Ok(ids.into_iter().filter(|id| writer::remove(store, writer, id.as_ref())).count())
        })
        .map(|(removed, mut report)| {
            report.removed = removed;
            report.unchanged = report.reports;
            report
        })
    }

    fn change<T>(
        &self,
        work: impl FnOnce(&Store, &writer::Writer) -> Result<T>,
    ) -> Result<(T, SyncReport)> {
        let begun = Instant::now();
        if self.root.is_some() {
            return Err(Error::new(
                ErrorKind::Input,
                "reports of a folder are its files: write a file there and sync",
            ));
        }
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let store = self.store()?;
        let mut writer = store.writer(1, self.options.memory_bytes)?;
        let done = work(&store, &writer)?;
        writer::commit(&store, &mut writer, None, sync::unix_seconds(SystemTime::now()))?;
        writer::tidy(&store, writer);
        store.reload()?;
        let reports = store.searcher().num_docs() as usize;
        Ok((done, SyncReport { reports, elapsed: begun.elapsed(), ..SyncReport::default() }))
    }

    /// Answers a query from what is indexed.
    ///
    /// # Errors
    ///
    /// Where there is no index yet; where the query asks for what this casebook can't answer
    /// ([`ErrorKind::Query`]); where the index can't be read.
    pub fn search(&self, query: &Query, options: &SearchOptions) -> Result<Results> {
        self.reading(|store| search::search(store, query, options))
    }

    /// The ids of the first hits with their scores, in the order of [`search`](Self::search), for a program that needs
    /// no more: no report is read and no passage made. Nothing is relaxed: where no report matches, there are none.
    ///
    /// ```
    /// use casebook::{Casebook, Query, Report, SearchOptions};
    ///
    /// let casebook = Casebook::in_memory()?;
    /// casebook.add([Report { body: "A wiper.".into(), ..Report::new("one") }, Report::new("two")])?;
    /// let ranked = casebook.rank(&Query::parse("wiper")?, &SearchOptions::default())?;
    /// assert_eq!(ranked.len(), 1);
    /// assert_eq!(ranked[0].0, "one");
    /// # Ok::<(), casebook::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`search`](Self::search).
    pub fn rank(&self, query: &Query, options: &SearchOptions) -> Result<Vec<(String, f32)>> {
        self.reading(|store| search::ids(store, query, options))
    }

    /// The indicators (URLs, hashes, CVE numbers …) of the reports that match `query` as written, each with the number of
    /// reports that hold it. An empty query counts those of all reports.
    ///
    /// ```
    /// use casebook::{Casebook, Query, Report, SearchOptions};
    ///
    /// let casebook = Casebook::in_memory()?;
    /// let body = "It called hxxps://evil[.]example.org/a and used CVE-2023-34362.".into();
    /// casebook.add([Report { body, ..Report::new("one") }])?;
    /// let held = casebook.indicators(&Query::parse("")?, &SearchOptions::default())?;
    /// let values: Vec<_> = held.found.iter().map(|count| count.value.as_str()).collect();
    /// assert_eq!(values, ["https://evil.example.org/a", "evil.example.org", "CVE-2023-34362"]);
    /// # Ok::<(), casebook::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`search`](Self::search).
    pub fn indicators(&self, query: &Query, options: &SearchOptions) -> Result<Indicators> {
        self.reading(|store| indicators::count(store, query, options))
    }

    /// For each of the texts, fanged or defanged, how many reports hold it: whether any of 300 indicators appear anywhere.
    /// What is no indicator is looked for as a phrase.
    ///
    /// ```
    /// use casebook::{Casebook, Report};
    ///
    /// let casebook = Casebook::in_memory()?;
    /// let body = "It called hxxps://evil[.]example.org/a.".into();
    /// casebook.add([Report { body, ..Report::new("one") }])?;
    /// let found = casebook.look_up(["example[.]org", "10.0.0.1"])?;
    /// assert_eq!((found[0].reports, found[1].reports), (1, 0));
    /// # Ok::<(), casebook::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`search`](Self::search).
    pub fn look_up<'t>(&self, texts: impl IntoIterator<Item = &'t str>) -> Result<Vec<Lookup>> {
        self.reading(|store| indicators::look_up(store, texts, &SearchOptions::default()))
    }

    /// The report with this id.
    pub fn report(&self, id: &str) -> Result<Option<Report>> {
        self.reading(|store| lookup::by_id(store, id))
    }

    /// The reports that `text` may mean: the one with this id, path or file name; else those whose id holds it.
    pub fn find_reports(&self, text: &str) -> Result<Vec<Report>> {
        self.reading(|store| lookup::candidates(store, text))
    }

    /// What is known without searching. Walks the folder to see what changed, and reads no report.
    pub fn status(&self) -> Result<Status> {
        let mut status = Status { format_version: FORMAT_VERSION, ..Status::default() };
        let store = match self.state() {
            State::Ready(store) => Some(store),
            State::Missing(_) => None,
            State::Damaged(_) | State::Refused(_) => Some(self.store()?),
        };
        let mut manifest = Manifest::default();
        if let Some(store) = &store {
            manifest = store.manifest()?.unwrap_or_default();
            status.reports = store.searcher().num_docs() as usize;
            status.index_bytes = store.bytes();
            status.indexed_at =
                store.payload().map(|payload| UNIX_EPOCH + Duration::from_secs(payload.indexed_at));
            self.reading(|store| survey::survey(store, &mut status))?;
        }
        status.files = manifest.files.len();
        if let Some(root) = &self.root {
            status.pending = compare::compare(root, &manifest, &|_| ())?.pending;
        }
        status.skips = manifest.files.into_values().flat_map(|entry| entry.skips).collect();
        Ok(status)
    }

    /// Reads the whole index and compares the checksums of all its files. Gives the number of bytes read.
    ///
    /// Opening an index verifies what was changed since its last commit, and all of it where it is small. This finds
    /// what is left: a large file that has rotted on the disk unseen.
    ///
    /// ```
    /// # let folder = std::env::temp_dir().join(format!("casebook-verify-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder).unwrap();
    /// # std::fs::write(folder.join("a.txt"), "Cyber Incident Victim: A\nDescription\nDefaced.\n").unwrap();
    /// let casebook = casebook::Casebook::open(&folder)?;
    /// casebook.sync()?;
    /// assert!(casebook.verify()? > 0);
    /// # std::fs::remove_dir_all(&folder).unwrap();
    /// # Ok::<(), casebook::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Where there is no index yet, and where a file is damaged. The next [`sync`](Self::sync), of whichever process,
    /// then builds the index anew.
    pub fn verify(&self) -> Result<u64> {
        let store = self.store()?;
        store.reload().and_then(|()| store.verify()).map_err(|error| match error.kind() {
            ErrorKind::Index => self.condemn(&store, &error),
            _ => error,
        })
    }
}

fn check_folder(root: &Path) -> Result<()> {
    std::fs::read_dir(root).map(drop).map_err(|e| {
        Error::io("cannot open the folder of reports", root, e)
            .with_help("name a folder that holds incident reports")
    })
}
