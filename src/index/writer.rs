//! Commits.
//!
//! In: an open writer. Out: a commit that names its manifest; segments without deleted reports where that is cheap.

use std::collections::HashSet;

use tantivy::collector::Count;
use tantivy::query::TermQuery;
use tantivy::schema::{IndexRecordOption, Term};
use tantivy::{IndexWriter, TantivyDocument};

use crate::error::{Error, Result};
use crate::index::document::{Analyzers, to_document};
use crate::index::manifest::{Manifest, Payload};
use crate::index::store::Store;
use crate::report::Report;

/// A writer that holds the lock of its index.
pub(crate) type Writer = IndexWriter<TantivyDocument>;

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
        writer.add_document(document).map_err(|e| Error::index("cannot write the index", e))?;
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
    let failed = |e| Error::index("cannot write the index", e);
    let mut prepared = writer.prepare_commit().map_err(failed)?;
    let name = match (&store.folder, manifest) {
        (Some(folder), Some(manifest)) => {
            let name = format!("manifest-{}.jsonl", prepared.opstamp());
            manifest.write(&folder.join(&name))?;
            Some(name)
        }
        _ => None,
    };
    let payload = Payload::new(name.clone(), seconds);
    let payload = serde_json::to_string(&payload);
    prepared.set_payload(&payload.map_err(|e| Error::index("cannot write the index", e))?);
    prepared.commit().map_err(failed)?;
    if let (Some(folder), Some(name)) = (&store.folder, name) {
        Manifest::remove_others(folder, &name);
    }
    Ok(())
}

/// Segments of at most this many reports are rewritten at once where they hold deleted ones: the statistics that
/// scores come from count deleted reports, and would differ from those of an index built anew.
const REWRITE_AT_ONCE: u32 = 20_000;

/// Rewrites small segments with deletions, and waits for merges under way.
pub(crate) fn tidy(store: &Store, mut writer: Writer) -> Result<()> {
    let failed = |e| Error::index("cannot write the index", e);
    let metas = store.index.searchable_segment_metas().map_err(failed)?;
    let segments: Vec<_> = metas
        .iter()
        .filter(|meta| meta.has_deletes() && meta.max_doc() <= REWRITE_AT_ONCE)
        .map(|meta| meta.id())
        .collect();
    if !segments.is_empty() {
        // A failed merge leaves the index as it is, which is whole.
        let _ = writer.merge(&segments).wait();
    }
    writer.wait_merging_threads().map_err(failed)
}
