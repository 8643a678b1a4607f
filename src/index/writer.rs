//! Commits, and the ids that go with them.
//!
//! In: an open writer. Out: a commit that names its manifest; segments without deleted reports where that is cheap.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::path::{Path, PathBuf};

use tantivy::collector::Count;
use tantivy::query::TermQuery;
use tantivy::schema::{IndexRecordOption, Term};
use tantivy::{DocSet, IndexWriter, Searcher, TERMINATED};

use crate::error::{Error, Result};
use crate::index::backlog::Queued;
use crate::index::document::{Analyzers, to_document};
use crate::index::manifest::{Manifest, Payload};
use crate::index::store::Store;
use crate::ingest::FileNote;
use crate::report::Report;

/// A writer that holds the lock of its index.
pub(crate) type Writer = IndexWriter<Queued>;

/// Adds reports in the stead of those with the same ids; counts the new and the replaced.
pub(crate) fn add(
    store: &Store,
    writer: &Writer,
    reports: impl IntoIterator<Item = Report>,
    (added, updated): &mut (usize, usize),
) -> Result<()> {
    let mut analyzers = Analyzers::new();
    let mut given = HashSet::new();
    for report in reports {
        if remove(store, writer, &report.id) && given.insert(report.id.clone()) {
            *updated += 1;
        } else if given.insert(report.id.clone()) {
            *added += 1;
        }
        let document = to_document(&store.fields, &report, &mut analyzers)?;
        writer.add_document(document.into()).map_err(|e| store.write_failed(e))?;
    }
    Ok(())
}

/// Removes the report with this id; whether the last commit had it.
pub(crate) fn remove(store: &Store, writer: &Writer, id: &str) -> bool {
    let term = Term::from_field_text(store.fields.id, id);
    let query = TermQuery::new(term.clone(), IndexRecordOption::Basic);
    let known = store.searcher().search(&query, &Count).is_ok_and(|count| count > 0);
    writer.delete_term(term);
    known
}

/// Commits what was written, and the manifest with it.
pub(crate) fn commit(
    store: &Store,
    writer: &mut Writer,
    manifest: Option<&Manifest>,
    seconds: u64,
) -> Result<()> {
    let failed = |e| store.write_failed(e);
    let mut prepared = writer.prepare_commit().map_err(failed)?;
    let named = match (&store.folder, manifest) {
        (Some(folder), Some(manifest)) => {
            let name = format!("manifest-{}.jsonl", prepared.opstamp());
            let crc = manifest.write(&folder.join(&name))?;
            Some((name, crc))
        }
        _ => None,
    };
    let payload = Payload::new(named, seconds);
    let text = serde_json::to_string(&payload);
    prepared.set_payload(&text.map_err(|e| Error::index("cannot write the index", e))?);
    prepared.commit().map_err(failed)?;
    Ok(())
}

/// Segments of at most this many reports are rewritten at once where they hold deleted ones: the statistics that
/// scores come from count deleted reports, and would differ from those of an index built anew.
const REWRITE_AT_ONCE: u32 = 20_000;

/// Rewrites small segments with deletions, and waits for merges under way. A failed merge leaves the index as it is, which
/// is whole: merging makes it faster, not truer, and is tried again by the next sync.
pub(crate) fn tidy(store: &Store, mut writer: Writer) {
    let metas = store.index.searchable_segment_metas().unwrap_or_default();
    let segments: Vec<_> = metas
        .iter()
        .filter(|meta| meta.has_deletes() && meta.max_doc() <= REWRITE_AT_ONCE)
        .map(|meta| meta.id())
        .collect();
    if !segments.is_empty() {
        let _ = writer.merge(&segments).wait();
    }
    let _ = writer.wait_merging_threads();
}

/// Hands out ids that are unique over the casebook.
pub(crate) struct IdAllocator {
    store: Store,
    searcher: Searcher,
    /// Files whose reports in the index are about to go.
    replaced: HashSet<PathBuf>,
    /// Hashes of the ids given in this sync, a tenth of what the ids themselves would take. Two ids of one hash would
    /// cost one of them its name: for a million reports that is one chance in thirty million.
    given: HashSet<u64>,
    hasher: RandomState,
}

impl IdAllocator {
    pub fn new<'a>(store: &Store, replaced: impl Iterator<Item = &'a PathBuf>) -> Self {
        Self {
            store: store.clone(),
            searcher: store.searcher(),
            replaced: replaced.cloned().collect(),
            given: HashSet::new(),
            hasher: RandomState::new(),
        }
    }

    /// Gives `report` another id where its own is taken, and says so.
    pub fn make_distinct(&mut self, report: &mut Report, path: &Path) -> Option<FileNote> {
        let wanted = report.id.clone();
        let mut copy = 2;
        while self.given.contains(&self.hasher.hash_one(&report.id)) || self.taken(&report.id) {
            report.id = format!("{wanted}~{copy}");
            copy += 1;
        }
        self.given.insert(self.hasher.hash_one(&report.id));
        (report.id != wanted).then(|| FileNote {
            path: path.to_owned(),
            line: None,
            message: format!("id {wanted} is taken by another report; this one is {}", report.id),
        })
    }

    /// Notes the ids of reports that stay as they are.
    pub fn keep(&mut self, reports: &[Report]) {
        self.given.extend(reports.iter().map(|report| self.hasher.hash_one(&report.id)));
    }

    fn taken(&self, id: &str) -> bool {
        let term = Term::from_field_text(self.store.fields.id, id);
        self.searcher.segment_readers().iter().any(|segment| {
            let Ok(Some(mut postings)) = segment
                .inverted_index(self.store.fields.id)
                .and_then(|index| Ok(index.read_postings(&term, IndexRecordOption::Basic)?))
            else {
                return false;
            };
            let paths = segment.fast_fields().str("path").ok().flatten();
            while postings.doc() != TERMINATED {
                let doc = postings.doc();
                let mut path = String::new();
                if let Some(paths) = &paths
                    && let Some(ord) = paths.term_ords(doc).next()
                {
                    // An unreadable path counts as another file's: the id is then made distinct, which is safe.
                    let _ = paths.ord_to_str(ord, &mut path);
                }
                if !segment.is_deleted(doc) && !self.replaced.contains(Path::new(&path)) {
                    return true;
                }
                postings.advance();
            }
            false
        })
    }
}
