//! Brings the index up to what the folder holds.
//!
//! In: the folder, the store and its manifest. Out: one commit, or none where nothing changed, and a
//! [`SyncReport`] that accounts for every file.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tantivy::schema::Term;
use tantivy::{IndexWriter, TantivyDocument};

use crate::error::{Error, Result};
use crate::index::document::{Analyzers, to_document};
use crate::index::manifest::{FileEntry, Manifest, Payload};
use crate::index::store::Store;
use crate::index::writer::{IdAllocator, commit};
use crate::ingest::{self, FileNote, FileOutcome, Found, Limits, Skip, WalkedFile};

/// What a sync found and did.
///
/// ```
/// use casebook::{Casebook, Report};
///
/// let casebook = Casebook::in_memory()?;
/// let synced = casebook.add([Report::new("a"), Report::new("b")])?;
/// assert_eq!((synced.added, synced.reports), (2, 2));
/// # Ok::<(), casebook::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct SyncReport {
    /// Reports of files that are new.
    pub added: usize,
    /// Reports of files that changed.
    pub updated: usize,
    /// Reports that are gone with their file.
    pub removed: usize,
    /// Reports of files that are as they were.
    pub unchanged: usize,
    /// Reports in the index now.
    pub reports: usize,
    /// Everything that could not be read, from this sync and earlier ones.
    pub skips: Vec<Skip>,
    /// What was assumed or not understood in the files read now.
    pub notes: Vec<FileNote>,
    /// Files that are no reports by their name, counted by extension.
    pub ignored: BTreeMap<String, usize>,
    /// Bytes of the files read now.
    pub bytes_read: u64,
    /// How long it took.
    pub elapsed: Duration,
    /// Why the whole index was built anew, where it was.
    pub rebuilt: Option<String>,
}

impl SyncReport {
    /// Whether the index is another than before.
    pub fn changed(&self) -> bool {
        self.added + self.updated + self.removed > 0 || self.rebuilt.is_some()
    }
}

/// How far a sync is.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Looking which files there are.
    Walking {
        /// Files seen.
        files: usize,
    },
    /// Reading and analysing what is new or changed.
    Reading {
        /// Files done.
        files_done: usize,
        /// Files to read in all.
        files: usize,
        /// Bytes done.
        bytes_done: u64,
        /// Bytes to read in all.
        bytes: u64,
    },
    /// Writing the index.
    Committing,
}

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

/// The knobs of a sync.
pub(crate) struct SyncSettings<'a> {
    pub root: &'a Path,
    pub limits: &'a Limits,
    pub threads: usize,
    pub memory_bytes: usize,
    pub progress: &'a (dyn Fn(Progress) + Sync),
}

/// The folder compared with the manifest.
#[derive(Default)]
pub(crate) struct Difference {
    to_read: Vec<WalkedFile>,
    removed: Vec<PathBuf>,
    pub pending: Pending,
    skips: Vec<Skip>,
    ignored: BTreeMap<String, usize>,
}

/// Walks the folder and compares it with what the index was made from. Reads no file.
pub(crate) fn compare(
    root: &Path,
    manifest: &Manifest,
    progress: &(dyn Fn(Progress) + Sync),
) -> Difference {
    let mut difference = Difference::default();
    let mut seen = HashSet::new();
    for found in ingest::walk(root) {
        match found {
            Found::File(file) => {
                if seen.len() % 1024 == 0 {
                    progress(Progress::Walking { files: seen.len() });
                }
                seen.insert(file.path.clone());
                match manifest.files.get(&file.path) {
                    None => difference.pending.new += 1,
                    Some(entry) if (entry.bytes, entry.modified) != (file.bytes, file.modified) => {
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
    difference.removed =
        manifest.files.keys().filter(|path| !seen.contains(*path)).cloned().collect();
    difference.pending.removed = difference.removed.len();
    difference
}

impl Difference {
    fn is_empty(&self) -> bool {
        self.to_read.is_empty() && self.removed.is_empty()
    }
}

/// The report of a sync that has nothing to do; `None` where there is something.
pub(crate) fn nothing_to_do(store: &Store, settings: &SyncSettings<'_>) -> Option<SyncReport> {
    let begun = Instant::now();
    store.reload().ok()?;
    let manifest = store.manifest().ok()??;
    let difference = compare(settings.root, &manifest, settings.progress);
    difference.is_empty().then(|| {
        let report = SyncReport { ignored: difference.ignored, ..SyncReport::default() };
        finish(report, &manifest, difference.skips, begun)
    })
}

/// Brings `store` up to the folder. The manifest says what is in it now.
pub(crate) fn sync(
    store: &Store,
    mut manifest: Manifest,
    settings: &SyncSettings<'_>,
) -> Result<SyncReport> {
    let begun = Instant::now();
    let now = SystemTime::now();
    let difference = compare(settings.root, &manifest, settings.progress);
    let empty = difference.is_empty();
    let mut report = SyncReport { ignored: difference.ignored, ..SyncReport::default() };
    if !empty || store.payload().is_none() {
        // One thread makes one segment, which searches fastest; more pay only where there is much to read.
        let threads = if difference.to_read.len() < 500 { 1 } else { settings.threads };
        let mut writer = store.writer(threads, settings.memory_bytes)?;
        let mut job = Job {
            store,
            settings,
            ids: IdAllocator::new(
                store,
                difference.removed.iter().chain(difference.to_read.iter().map(|file| &file.path)),
            ),
            manifest: &mut manifest,
            report: &mut report,
            started: now,
            touched: false,
        };
        for path in &difference.removed {
            job.remove(&writer, path);
        }
        job.read_all(&writer, &difference.to_read)?;
        let touched = job.touched;
        (settings.progress)(Progress::Committing);
        commit(store, &mut writer, Some(&manifest), unix_seconds(now))?;
        if touched {
            crate::index::writer::tidy(store, writer)?;
        }
        store.reload()?;
    }
    Ok(finish(report, &manifest, difference.skips, begun))
}

/// Fills in what follows from the manifest.
fn finish(
    mut report: SyncReport,
    manifest: &Manifest,
    skips: Vec<Skip>,
    begun: Instant,
) -> SyncReport {
    report.reports = manifest.reports();
    report.unchanged = report.reports.saturating_sub(report.added + report.updated);
    report.skips = skips;
    report.skips.extend(manifest.files.values().flat_map(|entry| entry.skips.iter().cloned()));
    report.skips.sort_by(|a, b| (&a.path, a.line, a.record).cmp(&(&b.path, b.line, b.record)));
    report.elapsed = begun.elapsed();
    report
}

/// Seconds since 1970.
pub(crate) fn unix_seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

struct Job<'a> {
    store: &'a Store,
    settings: &'a SyncSettings<'a>,
    ids: IdAllocator,
    manifest: &'a mut Manifest,
    report: &'a mut SyncReport,
    started: SystemTime,
    /// A document was added or removed.
    touched: bool,
}

/// Files are read in groups of about this many bytes, which bounds the memory that a sync takes.
const GROUP_BYTES: u64 = 32 << 20;
/// And of at most this many files.
const GROUP_FILES: usize = 2048;

impl Job<'_> {
    fn remove(&mut self, writer: &IndexWriter<TantivyDocument>, path: &Path) {
        if let Some(entry) = self.manifest.files.remove(path) {
            self.report.removed += entry.reports;
            self.touched |= entry.reports > 0;
            self.delete(writer, path);
        }
    }

    fn delete(&self, writer: &IndexWriter<TantivyDocument>, path: &Path) {
        writer.delete_term(Term::from_field_text(self.store.fields.path, &path.to_string_lossy()));
    }

    fn read_all(
        &mut self,
        writer: &IndexWriter<TantivyDocument>,
        files: &[WalkedFile],
    ) -> Result<()> {
        let bytes = files.iter().map(|file| file.bytes).sum();
        let mut bytes_done = 0;
        let mut files_done = 0;
        let mut rest = files;
        while !rest.is_empty() {
            let mut size = 0;
            let many = rest.iter().take(GROUP_FILES).take_while(|file| {
                let fits = size < GROUP_BYTES;
                size += file.bytes;
                fits
            });
            let (group, others) = rest.split_at(many.count());
            rest = others;
            (self.settings.progress)(Progress::Reading {
                files_done,
                files: files.len(),
                bytes_done,
                bytes,
            });
            self.read_group(writer, group)?;
            files_done += group.len();
            bytes_done += group.iter().map(|file| file.bytes).sum::<u64>();
        }
        Ok(())
    }

    /// Reads and parses side by side, hands out ids in the order of paths, then analyses and adds side by side.
    fn read_group(
        &mut self,
        writer: &IndexWriter<TantivyDocument>,
        group: &[WalkedFile],
    ) -> Result<()> {
        let settings = self.settings;
        let outcomes = parallel(
            group,
            settings.threads,
            || (),
            |(), file| ingest::read_file(settings.root, &file.path, settings.limits),
        );
        let mut reports = Vec::new();
        for (file, outcome) in group.iter().zip(outcomes) {
            reports.extend(self.accept(writer, file, outcome));
        }
        let added = parallel(&reports, settings.threads, Analyzers::new, |analyzers, report| {
            let document = to_document(&self.store.fields, report, analyzers)?;
            writer.add_document(document).map_err(|e| Error::index("cannot write the index", e))
        });
        added.into_iter().try_for_each(|result| result.map(drop))
    }

    /// Enters a file that was read into the manifest; gives the reports that are to be indexed.
    fn accept(
        &mut self,
        writer: &IndexWriter<TantivyDocument>,
        file: &WalkedFile,
        mut outcome: FileOutcome,
    ) -> Vec<crate::report::Report> {
        self.report.bytes_read += outcome.bytes;
        self.report.notes.append(&mut outcome.notes);
        let entry = FileEntry {
            bytes: file.bytes,
            modified: file.modified,
            settled: file.modified.is_some_and(|modified| self.settled(modified)),
            hash: outcome.hash,
            reports: outcome.reports.len(),
            skips: outcome.skips,
        };
        let old = self.manifest.files.insert(file.path.clone(), entry);
        let same = old
            .as_ref()
            .is_some_and(|old| old.hash == outcome.hash && old.reports == outcome.reports.len());
        if same {
            self.ids.keep(&outcome.reports);
            return Vec::new();
        }
        if let Some(old) = old {
            self.delete(writer, &file.path);
            self.report.removed += old.reports.saturating_sub(outcome.reports.len());
            let kept = old.reports.min(outcome.reports.len());
            self.report.updated += kept;
            self.report.added += outcome.reports.len() - kept;
        } else {
            self.report.added += outcome.reports.len();
        }
        self.touched = true;
        for report in &mut outcome.reports {
            if let Some(note) = self.ids.make_distinct(report, &file.path) {
                self.report.notes.push(note);
            }
        }
        outcome.reports
    }

    /// A file that was written in the very moment of the sync may be written again without a change of its time:
    /// such a time proves nothing, and the file is looked into again at the next sync.
    fn settled(&self, (seconds, _): (i64, u32)) -> bool {
        seconds.saturating_add(2) < i64::try_from(unix_seconds(self.started)).unwrap_or(i64::MAX)
    }
}

/// Maps `items` on several threads, in order.
fn parallel<T: Sync, S, R: Send>(
    items: &[T],
    threads: usize,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, &T) -> R + Sync,
) -> Vec<R> {
    if threads < 2 || items.len() < 2 {
        let mut state = state();
        return items.iter().map(|item| work(&mut state, item)).collect();
    }
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, R)>> = Mutex::new(Vec::with_capacity(items.len()));
    std::thread::scope(|scope| {
        for _ in 0..threads.min(items.len()) {
            scope.spawn(|| {
                let mut state = state();
                let mut own = Vec::new();
                loop {
                    let i = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(i) else { break };
                    own.push((i, work(&mut state, item)));
                }
                done.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).append(&mut own);
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    done.sort_unstable_by_key(|(i, _)| *i);
    done.into_iter().map(|(_, result)| result).collect()
}

/// The payload of a commit made now.
pub(crate) fn payload(manifest: Option<String>, seconds: u64) -> Result<String> {
    serde_json::to_string(&Payload::new(manifest, seconds))
        .map_err(|e| Error::index("cannot write the index", e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parallel_keeps_the_order() {
        let items: Vec<usize> = (0..1000).collect();
        let doubled = parallel(&items, 4, || (), |(), item| item * 2);
        assert!(doubled.into_iter().enumerate().all(|(i, doubled)| doubled == i * 2));
    }
}
