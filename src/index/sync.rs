//! Brings the index up to what the folder holds.
//!
//! In: the folder, the store and its manifest. Out: one commit, or none where nothing changed, and a
//! [`SyncReport`] that accounts for every file.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tantivy::schema::Term;

use crate::error::Result;
use crate::index::backlog::Backlog;
use crate::index::compare::compare;
use crate::index::document::to_document;
use crate::index::manifest::{FileEntry, Manifest};
use crate::index::parallel::parallel;
use crate::index::progress::Progress;
use crate::index::store::Store;
use crate::index::writer::{IdAllocator, Writer, commit, tidy};
use crate::ingest::{self, FileNote, FileOutcome, Limits, Skip, SkipKind, WalkedFile};
use crate::report::{Report, Section};

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
        self.added + self.updated + self.removed > 0 || self.rebuilt.is_some()
    }
}

/// The knobs of a sync.
pub(crate) struct SyncSettings<'a> {
    pub root: &'a Path,
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
    Ok(difference.is_empty().then(|| {
        let report = SyncReport { ignored: difference.ignored, ..SyncReport::default() };
        finish(report, &manifest, difference.skips, begun)
    }))
}

/// Brings `store` up to the folder. The manifest says what is in it now.
pub(crate) fn sync(
    store: &Store,
    mut manifest: Manifest,
    settings: &SyncSettings<'_>,
) -> Result<SyncReport> {
    let begun = Instant::now();
    let now = SystemTime::now();
    let difference = compare(settings.root, &manifest, settings.progress)?;
    let empty = difference.is_empty();
    let mut report = SyncReport { ignored: difference.ignored, ..SyncReport::default() };
    if !empty || store.payload().is_none() {
        // One thread makes one segment, which searches fastest; more pay only where there is much to read.
        let bytes: u64 = difference.to_read.iter().map(|file| file.bytes).sum();
        let little = difference.to_read.len() < 500 && bytes < GROUP_BYTES;
        let threads = if little { 1 } else { settings.threads };
        store.sweep();
        // Most of the memory is tantivy's, for more of it means fewer segments; the rest is for what is on its way there.
        let mut writer = store.writer(threads, settings.memory_bytes / 4 * 3)?;
        let before = manifest.clone();
        let mut job = Job {
            store,
            settings,
            ids: IdAllocator::new(
                store,
                difference.removed.iter().chain(difference.to_read.iter().map(|file| &file.path)),
            ),
            manifest: &mut manifest,
            report: &mut report,
            backlog: Backlog::new(settings.memory_bytes / 8),
            started: now,
            touched: false,
        };
        for path in &difference.removed {
            job.remove(&writer, path);
        }
        job.read_all(&writer, &difference.to_read)?;
        let touched = job.touched;
        // A file that can't be read is tried at each sync; where that tells nothing new there is nothing to write.
        if touched || manifest != before || store.payload().is_none() {
            (settings.progress)(Progress::Committing);
            commit(store, &mut writer, Some(&manifest), unix_seconds(now))?;
        }
        if touched {
            tidy(store, writer);
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
    report.ambiguous_dates = manifest.files.values().map(|entry| entry.ambiguous_dates).sum();
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
    backlog: Arc<Backlog>,
    started: SystemTime,
    /// A document was added or removed.
    touched: bool,
}

fn read(
    settings: &SyncSettings<'_>,
    file: &WalkedFile,
    each: &mut dyn FnMut(Report),
) -> FileOutcome {
    let SyncSettings { root, limits, .. } = settings;
    ingest::read_file_with_config(root, &file.path, limits, &file.config, each)
}

/// Files are read in groups of about this many bytes, which bounds the memory that a sync takes.
const GROUP_BYTES: u64 = 32 << 20;
/// And of at most this many files.
const GROUP_FILES: usize = 2048;
/// A file larger than this is read on its own, and indexed while it is read.
const LARGE_BYTES: u64 = 8 << 20;

fn text_bytes(report: &Report) -> usize {
    Section::ALL.iter().map(|section| report.section(*section).len()).sum()
}

/// About what the document of a report takes: its words twice, with their places, and the report itself.
fn document_bytes(report: &Report) -> usize {
    text_bytes(report) * 6 + 4096
}

impl Job<'_> {
    fn remove(&mut self, writer: &Writer, path: &Path) {
        if let Some(entry) = self.manifest.files.remove(path) {
            self.report.removed += entry.reports;
            self.touched |= entry.reports > 0;
            self.delete(writer, path);
        }
    }

    fn delete(&self, writer: &Writer, path: &Path) {
        writer.delete_term(Term::from_field_text(self.store.fields.path, &path.to_string_lossy()));
    }

    fn read_all(&mut self, writer: &Writer, files: &[WalkedFile]) -> Result<()> {
        let bytes = files.iter().map(|file| file.bytes).sum();
        let mut bytes_done = 0;
        let mut files_done = 0;
        let mut rest = files;
        while let [first, ..] = rest {
            let mut size = 0;
            let many = if first.bytes > LARGE_BYTES {
                1
            } else {
                let fits = |file: &&WalkedFile| {
                    let fits = size < GROUP_BYTES && file.bytes <= LARGE_BYTES;
                    size += file.bytes;
                    fits
                };
                rest.iter().take(GROUP_FILES).take_while(fits).count()
            };
            let (group, others) = rest.split_at(many);
            rest = others;
            (self.settings.progress)(Progress::Reading {
                files_done,
                files: files.len(),
                bytes_done,
                bytes,
            });
            if first.bytes > LARGE_BYTES {
                self.read_large(writer, first)?;
            } else {
                self.read_group(writer, group)?;
            }
            files_done += group.len();
            bytes_done += group.iter().map(|file| file.bytes).sum::<u64>();
        }
        Ok(())
    }

    /// Reads and parses side by side, hands out ids in the order of paths, then analyses and adds side by side.
    fn read_group(&mut self, writer: &Writer, group: &[WalkedFile]) -> Result<()> {
        let settings = self.settings;
        let outcomes = parallel(
            group,
            settings.threads,
            || (),
            |(), file| {
                let mut reports = Vec::new();
                let outcome = read(settings, file, &mut |report| reports.push(report));
                FileOutcome { reports, ..outcome }
            },
        );
        let mut reports = Vec::new();
        for (file, mut outcome) in group.iter().zip(outcomes) {
            let found = std::mem::take(&mut outcome.reports);
            let now = (outcome.hash, found.len(), file.config.fingerprint());
            let old = self.enter(file, found.len(), outcome);
            if old.as_ref().is_some_and(|old| (old.hash, old.reports, old.config) == now) {
                self.ids.keep(&found);
                continue;
            }
            self.count(old.as_ref().map(|old| old.reports), found.len());
            if old.is_some() {
                self.delete(writer, &file.path);
            }
            reports
                .extend(found.into_iter().map(|report| self.with_distinct_id(report, &file.path)));
        }
        self.add(writer, &reports)
    }

    /// Reads a file piece by piece and indexes each piece before the next is read. Whether it is what it was is known
    /// only at the end, so it is always indexed anew.
    fn read_large(&mut self, writer: &Writer, file: &WalkedFile) -> Result<()> {
        let settings = self.settings;
        if self.manifest.files.contains_key(&file.path) {
            self.delete(writer, &file.path);
        }
        let mut piece = Vec::new();
        let mut size = 0;
        let mut found = 0;
        let mut added = Ok(());
        let outcome = read(settings, file, &mut |report| {
            size += text_bytes(&report);
            found += 1;
            piece.push(self.with_distinct_id(report, &file.path));
            if size as u64 > LARGE_BYTES && added.is_ok() {
                size = 0;
                added = self.add(writer, &std::mem::take(&mut piece));
            }
        });
        added?;
        self.add(writer, &piece)?;
        let old = self.enter(file, found, outcome);
        self.count(old.map(|old| old.reports), found);
        Ok(())
    }

    fn add(&self, writer: &Writer, reports: &[Report]) -> Result<()> {
        // Analyzers that rest between the groups know the words of the groups before.
        let analyzers = || self.store.analyzers.take();
        let added = parallel(reports, self.settings.threads, analyzers, |pooled, report| {
            let document = to_document(&self.store.fields, report, &mut pooled.analyzers)?;
            let queued = self.backlog.queue(document, document_bytes(report));
            writer.add_document(queued).map_err(|e| self.store.write_failed(e))
        });
        added.into_iter().try_for_each(|result| result.map(drop))
    }

    /// Enters a file that was read into the manifest; gives the entry that it had.
    fn enter(
        &mut self,
        file: &WalkedFile,
        reports: usize,
        mut outcome: FileOutcome,
    ) -> Option<FileEntry> {
        self.report.bytes_read += outcome.bytes;
        self.report.notes.append(&mut outcome.notes);
        if let Some(kind) = outcome.ignored {
            *self.report.ignored.entry(kind).or_default() += 1;
        }
        self.report.skipped_now += outcome.skips.len();
        // What could not be read may be readable tomorrow, with the same time and size.
        let failed = outcome.skips.iter().any(|skip| skip.kind == SkipKind::Unreadable);
        let entry = FileEntry {
            bytes: file.bytes,
            modified: file.modified,
            settled: !failed && file.modified.is_some_and(|modified| self.settled(modified)),
            hash: outcome.hash,
            config: file.config.fingerprint(),
            reports,
            ambiguous_dates: outcome.ambiguous_dates,
            skips: outcome.skips,
        };
        self.manifest.files.insert(file.path.clone(), entry)
    }

    fn count(&mut self, old: Option<usize>, new: usize) {
        let old = old.unwrap_or(0);
        let kept = old.min(new);
        self.report.updated += kept;
        self.report.added += new - kept;
        self.report.removed += old - kept;
        self.touched |= old + new > 0;
    }

    fn with_distinct_id(&mut self, mut report: Report, path: &Path) -> Report {
        let note = self.ids.make_distinct(&mut report, path);
        self.report.notes.extend(note);
        report
    }

    /// A file that was written in the very moment of the sync may be written again without a change of its time:
    /// such a time proves nothing, and the file is looked into again at the next sync.
    fn settled(&self, (seconds, _): (i64, u32)) -> bool {
        seconds.saturating_add(2) < i64::try_from(unix_seconds(self.started)).unwrap_or(i64::MAX)
    }
}
