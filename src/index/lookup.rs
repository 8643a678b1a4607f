//! Reports by name.
//!
//! In: an open index. Out: reports by id, or by what a user remembers of it.

use std::collections::BTreeMap;

use tantivy::collector::DocSetCollector;
use tantivy::query::TermQuery;
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{Searcher, TantivyDocument};

use crate::error::{Error, Result};
use crate::index::document::to_report;
use crate::index::store::Store;
use crate::report::Report;

/// More candidates than this are of no use to anybody.
const CANDIDATES: usize = 50;

/// The report with this id.
pub(crate) fn by_id(store: &Store, id: &str) -> Result<Option<Report>> {
    Ok(with_value(store, store.fields.id, id)?.into_iter().next())
}

/// What a user may mean by `text`.
pub(crate) fn candidates(store: &Store, text: &str) -> Result<Vec<Report>> {
    if let Some(report) = by_id(store, text)? {
        return Ok(vec![report]);
    }
    let path = text.trim_start_matches("./");
    let by_path = with_value(store, store.fields.path, path)?;
    if !by_path.is_empty() {
        return Ok(by_path);
    }
    let searcher = store.searcher();
    let name_of = |path: &str| path.rsplit('/').next().unwrap_or_default().to_lowercase();
    let wanted = path.to_lowercase();
    let mut paths = values(&searcher, store.fields.path)?;
    paths.retain(|known, _| name_of(known) == wanted);
    if !paths.is_empty() {
        return all_with(store, store.fields.path, paths.into_keys());
    }
    let mut ids = values(&searcher, store.fields.id)?;
    ids.retain(|id, _| id.to_lowercase().contains(&wanted));
    all_with(store, store.fields.id, ids.into_keys())
}

fn all_with(
    store: &Store,
    field: Field,
    values: impl Iterator<Item = String>,
) -> Result<Vec<Report>> {
    let mut reports = Vec::new();
    for value in values.take(CANDIDATES) {
        reports.extend(with_value(store, field, &value)?);
    }
    reports.truncate(CANDIDATES);
    Ok(reports)
}

fn with_value(store: &Store, field: Field, value: &str) -> Result<Vec<Report>> {
    let searcher = store.searcher();
    let query = TermQuery::new(Term::from_field_text(field, value), IndexRecordOption::Basic);
    let found = searcher.search(&query, &DocSetCollector).map_err(failed)?;
    let mut addresses: Vec<_> = found.into_iter().collect();
    addresses.sort_unstable();
    let mut reports = Vec::new();
    for address in addresses.into_iter().take(CANDIDATES) {
        let document: TantivyDocument = searcher.doc(address).map_err(failed)?;
        reports.push(to_report(&store.fields, &document)?);
    }
    Ok(reports)
}

/// The values of a keyword field with the number of reports that have them.
pub(super) fn values(searcher: &Searcher, field: Field) -> Result<BTreeMap<String, usize>> {
    let mut values = BTreeMap::new();
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(field).map_err(failed)?;
        let mut stream = index.terms().stream().map_err(|e| failed(e.into()))?;
        while let Some((term, info)) = stream.next() {
            let value = String::from_utf8_lossy(term).into_owned();
            *values.entry(value).or_default() += info.doc_freq as usize;
        }
    }
    Ok(values)
}

pub(crate) fn failed(error: tantivy::TantivyError) -> Error {
    Error::index("cannot read the index", error)
        .with_help("remove the index folder; the next sync builds it anew")
}
