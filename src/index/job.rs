//! Reads what is new or changed, and writes it to the index.
//!
//! In: what a sync has to read and to remove. Out: documents for the writer, entries for the manifest, counts for the
//! report. The commit is [`sync`](super::sync)'s.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use tantivy::schema::Term;

use crate::error::Result;
use crate::index::backlog::Backlog;
use crate::index::compare::Difference;
use crate::index::document::to_document;
use crate::index::ids::{self, FileIds, IdAllocator, Wish};
use crate::index::manifest::{FileEntry, Manifest};
use crate::index::parallel::parallel;
use crate::index::progress::Progress;
use crate::index::renames::{self, Renames};
use crate::index::store::Store;
use crate::index::sync::{SyncReport, SyncSettings, unix_seconds};
use crate::index::writer::Writer;
use crate::ingest::{self, FileOutcome, SkipKind, WalkedFile};
use crate::report::{Report, Section};

/// The work of one sync.
pub(crate) struct Job<'a> {
    store: &'a Store,
    settings: &'a SyncSettings<'a>,
    ids: IdAllocator,
    /// The manifest as it was.
    before: &'a Manifest,
    renames: Renames,
    /// Paths whose content is under another path now.
    moved: HashSet<PathBuf>,
    manifest: &'a mut Manifest,
    report: &'a mut SyncReport,
    backlog: Arc<Backlog>,
    started: SystemTime,
    /// A document was added or removed.
    touched: bool,
}

/// A file that is read, and what it was before.
struct Reading<'a> {
    file: &'a WalkedFile,
    /// What was at its path, if it gave something.
    replaced: Option<&'a FileEntry>,
    /// What it was, there or under another path.
    origin: Option<(&'a Path, &'a FileEntry)>,
    ids: FileIds,
}

impl Reading<'_> {
    /// It was under another path.
    fn is_renamed(&self) -> bool {
        self.origin.is_some_and(|(path, _)| path != self.file.path)
    }

    /// The path that its ids are made from.
    fn name(&self) -> &Path {
        match self.origin {
            Some((path, entry)) => entry.name.as_deref().unwrap_or(path),
            None => &self.file.path,
        }
    }

    fn read(&self, settings: &SyncSettings<'_>, each: &mut dyn FnMut(Report)) -> FileOutcome {
        let SyncSettings { root, limits, .. } = settings;
        let file = self.file;
        ingest::read_file_named(root, &file.path, self.name(), limits, &file.config, each)
    }
}

/// Files are read in groups of about this many bytes, which bounds the memory that a sync takes.
pub(crate) const GROUP_BYTES: u64 = 32 << 20;
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

impl<'a> Job<'a> {
    /// The work that follows from a difference. `manifest` is what was `before`, and is brought up to date.
    pub fn new(
        store: &'a Store,
        settings: &'a SyncSettings<'a>,
        before: &'a Manifest,
        difference: &Difference,
        manifest: &'a mut Manifest,
        report: &'a mut SyncReport,
        started: SystemTime,
    ) -> Self {
        let SyncSettings { root, limits, threads, .. } = *settings;
        let renames = renames::find(root, before, difference, limits, threads);
        let moved: HashSet<PathBuf> = renames.values().cloned().collect();
        // What has moved needs its ids itself.
        let read = difference.to_read.iter().map(|file| &file.path);
        let released = difference.removed.iter().chain(read).filter(|path| !moved.contains(*path));
        let ids = IdAllocator::new(store, released.cloned().collect());
        Self {
            store,
            settings,
            ids,
            before,
            renames,
            moved,
            manifest,
            report,
            backlog: Backlog::new(settings.memory_bytes / 8),
            started,
            touched: false,
        }
    }

    /// Does it; whether documents were added or removed.
    pub fn run(mut self, writer: &Writer, difference: &Difference) -> Result<bool> {
        for path in &difference.removed {
            self.remove(writer, path);
        }
        self.read_all(writer, &difference.to_read)?;
        Ok(self.touched)
    }

    fn remove(&mut self, writer: &Writer, path: &Path) {
        if let Some(entry) = self.manifest.files.remove(path) {
            if !self.moved.contains(path) {
                self.report.removed += entry.reports;
            }
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

    /// A file as it is now and was before.
    fn reading<'f>(&self, file: &'f WalkedFile) -> Reading<'f>
    where
        'a: 'f,
    {
        let before = self.before;
        let replaced = before.files.get(&file.path);
        let origin = match self.renames.get(&file.path) {
            Some(old) => before.files.get_key_value(old),
            // What was here is elsewhere now.
            None if self.moved.contains(&file.path) => None,
            None => before.files.get_key_value(&file.path),
        };
        let ids = origin.map(|(path, entry)| FileIds::of(path, &entry.other_ids));
        let origin = origin.map(|(path, entry)| (path.as_path(), entry));
        Reading { file, replaced, origin, ids: ids.unwrap_or_default() }
    }

    /// Reads and parses side by side, hands out ids in the order of paths, then analyses and adds side by side.
    fn read_group(&mut self, writer: &Writer, group: &[WalkedFile]) -> Result<()> {
        let settings = self.settings;
        let mut group: Vec<_> = group.iter().map(|file| self.reading(file)).collect();
        let mut outcomes = parallel(
            &group,
            settings.threads,
            || (),
            |(), reading| {
                let mut reports = Vec::new();
                let outcome = reading.read(settings, &mut |report| reports.push(report));
                FileOutcome { reports, ..outcome }
            },
        );
        // Reports that are there already keep their ids, whatever others come before them.
        let mut wishes = Vec::new();
        for (nth, (reading, outcome)) in group.iter_mut().zip(&mut outcomes).enumerate() {
            for (at, report) in outcome.reports.iter_mut().enumerate() {
                let wish = self.claim(&reading.file.path, &mut reading.ids, report);
                wishes.extend(wish.map(|wish| (nth, at, wish)));
            }
        }
        for (nth, at, wish) in wishes {
            let reading = &mut group[nth];
            let report = &mut outcomes[nth].reports[at];
            self.assign(&reading.file.path, &mut reading.ids, wish, report);
        }
        let mut reports = Vec::new();
        for (reading, mut outcome) in group.into_iter().zip(outcomes) {
            let mut found = std::mem::take(&mut outcome.reports);
            let now = (outcome.hash, found.len(), reading.file.config.fingerprint());
            let path = reading.file.path.clone();
            let unchanged = !reading.is_renamed()
                && reading
                    .origin
                    .is_some_and(|(_, old)| (old.hash, old.reports, old.config) == now);
            if !unchanged {
                self.count(&reading, found.len());
                if reading.replaced.is_some() {
                    self.delete(writer, &path);
                }
                reports.append(&mut found);
            }
            self.enter(reading, now.1, outcome);
        }
        self.add(writer, &reports)
    }

    /// Reads a file piece by piece and indexes each piece before the next is read. Whether it is what it was is known
    /// only at the end, so it is always indexed anew.
    fn read_large(&mut self, writer: &Writer, file: &WalkedFile) -> Result<()> {
        let settings = self.settings;
        let mut reading = self.reading(file);
        if reading.replaced.is_some() {
            self.delete(writer, &file.path);
        }
        let mut ids = std::mem::take(&mut reading.ids);
        let mut piece = Vec::new();
        let mut size = 0;
        let mut found = 0;
        let mut added = Ok(());
        let outcome = reading.read(settings, &mut |mut report| {
            size += text_bytes(&report);
            found += 1;
            if let Some(wish) = self.claim(&file.path, &mut ids, &mut report) {
                self.assign(&file.path, &mut ids, wish, &mut report);
            }
            piece.push(report);
            if size as u64 > LARGE_BYTES && added.is_ok() {
                size = 0;
                added = self.add(writer, &std::mem::take(&mut piece));
            }
        });
        added?;
        self.add(writer, &piece)?;
        reading.ids = ids;
        self.count(&reading, found);
        self.enter(reading, found, outcome);
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

    /// Enters a file that was read into the manifest.
    fn enter(&mut self, reading: Reading<'_>, reports: usize, mut outcome: FileOutcome) {
        self.report.bytes_read += outcome.bytes;
        self.report.notes.append(&mut outcome.notes);
        if let Some(kind) = outcome.ignored {
            *self.report.ignored.entry(kind).or_default() += 1;
        }
        self.report.skipped_now += outcome.skips.len();
        // What could not be read may be readable tomorrow, with the same time and size.
        let failed = outcome.skips.iter().any(|skip| skip.kind == SkipKind::Unreadable);
        let file = reading.file;
        let entry = FileEntry {
            bytes: file.bytes,
            modified: file.modified,
            settled: !failed && file.modified.is_some_and(|modified| self.settled(modified)),
            hash: outcome.hash,
            config: file.config.fingerprint(),
            reports,
            ambiguous_dates: outcome.ambiguous_dates,
            name: Some(reading.name().to_owned()).filter(|name| *name != file.path),
            other_ids: reading.ids.others(),
            skips: outcome.skips,
        };
        self.manifest.files.insert(file.path.clone(), entry);
    }

    fn count(&mut self, reading: &Reading<'_>, new: usize) {
        let reports = |entry: &FileEntry| entry.reports;
        let old = reading.origin.map_or(0, |(_, entry)| reports(entry));
        let kept = old.min(new);
        match reading.is_renamed() {
            true => self.report.renamed += kept,
            false => self.report.updated += kept,
        }
        self.report.added += new - kept;
        self.report.removed += old - kept;
        let replaced = reading.replaced.map_or(0, reports);
        if reading.is_renamed() && !self.moved.contains(&reading.file.path) {
            self.report.removed += replaced;
        }
        self.touched |= old + new + replaced > 0;
    }

    fn claim(&mut self, path: &Path, ids: &mut FileIds, report: &mut Report) -> Option<Wish> {
        let wanted = report.id.clone();
        let wish = self.ids.claim(ids, report);
        self.report.notes.extend(ids::note(&wanted, report, path));
        wish
    }

    fn assign(&mut self, path: &Path, ids: &mut FileIds, wish: Wish, report: &mut Report) {
        let wanted = wish.0.clone();
        self.ids.assign(ids, wish, report);
        self.report.notes.extend(ids::note(&wanted, report, path));
    }

    /// A file that was written in the very moment of the sync may be written again without a change of its time:
    /// such a time proves nothing, and the file is looked into again at the next sync.
    fn settled(&self, (seconds, _): (i64, u32)) -> bool {
        seconds.saturating_add(2) < i64::try_from(unix_seconds(self.started)).unwrap_or(i64::MAX)
    }
}
