//! Brings the index up to what the folder holds.
//!
//! In: the folder, the store and its manifest. Out: one commit, or none where nothing changed, and a
//! [`SyncReport`] that accounts for every file.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::error::Result;
use crate::index::compare::compare;
use crate::index::job::{GROUP_BYTES, Job};
use crate::index::last_look::LastLook;
use crate::index::manifest::Manifest;
use crate::index::progress::Progress;
use crate::index::store::Store;
use crate::index::writer::{commit, tidy};
use crate::ingest::{FileNote, Limits, Skip};

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
    /// Reports of files that are as they were, but under another path. They keep their ids.
    pub renamed: usize,
    /// Reports of files that are as they were.
    pub unchanged: usize,
    /// Reports in the index now.
    pub reports: usize,
    /// Everything that could not be read, from this sync and earlier ones.
    pub skips: Vec<Skip>,
    /// Of [`skips`](Self::skips), those in files read now.
    pub skipped_now: usize,
    /// What was assumed or not understood in the files read now.
    pub notes: Vec<FileNote>,
    /// Dates that can be read in two ways, such as 03/04/2021, in all files: they count as either.
    pub ambiguous_dates: usize,
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
        self.added + self.updated + self.removed + self.renamed > 0 || self.rebuilt.is_some()
    }
}

/// The knobs of a sync.
pub(crate) struct SyncSettings<'a> {
    pub root: &'a Path,
    /// The folder of the index.
    pub place: &'a Path,
    pub limits: &'a Limits,
    pub threads: usize,
    pub memory_bytes: usize,
    pub progress: &'a (dyn Fn(Progress) + Sync),
}

/// The report of a sync that has nothing to do; `None` where there is something.
pub(crate) fn nothing_to_do(
    store: &Store,
    settings: &SyncSettings<'_>,
) -> Result<Option<SyncReport>> {
    let begun = Instant::now();
    // An index that can't be read has something to do: it is built anew, under the lock. The manifest is read first:
    // where another process commits between the two, what is searched is newer than what is compared, never older.
    let manifest = store.manifest().and_then(|manifest| store.reload().map(|()| manifest));
    let Ok(Some(manifest)) = manifest else { return Ok(None) };
    let difference = compare(settings.root, &manifest, settings.progress)?;
    let files = manifest.files.len();
    // To remember the look takes longer than to look again where there is little to see.
    if difference.is_empty() && files >= MANY_FILES {
        remember(settings, files, begun);
    }
    Ok(difference.is_empty().then(|| {
        let report = SyncReport { ignored: difference.ignored, ..SyncReport::default() };
        finish(report, &manifest, difference.skips, begun)
    }))
}

/// A casebook of fewer files is looked into at each search in any case.
const MANY_FILES: usize = 10_000;

fn remember(settings: &SyncSettings<'_>, files: usize, begun: Instant) {
    let look = LastLook { at: SystemTime::now(), files, took: begun.elapsed() };
    look.write(settings.place);
}

/// Brings `store` up to the folder. The manifest says what is in it now.
pub(crate) fn sync(
    store: &Store,
    mut manifest: Manifest,
    settings: &SyncSettings<'_>,
) -> Result<SyncReport> {
    let begun = Instant::now();
    let now = SystemTime::now();
    let mut difference = compare(settings.root, &manifest, settings.progress)?;
    let looked = begun.elapsed();
    let empty = difference.is_empty();
    let ignored = std::mem::take(&mut difference.ignored);
    let mut report = SyncReport { ignored, ..SyncReport::default() };
    if !empty || store.payload().is_none() {
        // One thread makes one segment, which searches fastest; more pay only where there is much to read.
        let bytes: u64 = difference.to_read.iter().map(|file| file.bytes).sum();
        let little = difference.to_read.len() < 500 && bytes < GROUP_BYTES;
        let threads = if little { 1 } else { settings.threads };
        store.sweep();
        // Most of the memory is tantivy's, for more of it means fewer segments; the rest is for what is on its way there.
        let mut writer = store.writer(threads, settings.memory_bytes / 4 * 3)?;
        let before = manifest.clone();
        let job = Job::new(store, settings, &before, &difference, &mut manifest, &mut report, now);
        let touched = job.run(&writer, &difference)?;
        // A file that can't be read is tried at each sync; where that tells nothing new there is nothing to write.
        if touched || manifest != before || store.payload().is_none() {
            (settings.progress)(Progress::Committing);
            commit(store, &mut writer, Some(&manifest), unix_seconds(now))?;
        }
        if touched {
            tidy(store, writer);
        }
        store.reload()?;
        let files = manifest.files.len();
        LastLook { at: now, files, took: looked }.write(settings.place);
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
    report.ambiguous_dates = manifest.files.values().map(|entry| entry.ambiguous_dates).sum();
    report.unchanged =
        report.reports.saturating_sub(report.added + report.updated + report.renamed);
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
