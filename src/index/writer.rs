//! Commits.
//!
//! In: an open writer. Out: a commit that names its manifest; segments without deleted reports where that is cheap.

use std::collections::HashSet;

use tantivy::IndexWriter;
use tantivy::collector::Count;
use tantivy::query::TermQuery;
use tantivy::schema::{IndexRecordOption, Term};

use crate::error::{Error, Result};
use crate::index::backlog::Queued;
use crate::index::document::{Analyzers, to_document};
use crate::index::manifest::{Manifest, Payload};
use crate::index::store::Store;
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
