//! The languages of an index.
//!
//! In: a view of the index. Out: the languages that its reports were stemmed in: a query word is looked for by its stem
//! in each of them.

use std::collections::BTreeSet;

use tantivy::Searcher;

use crate::analysis::Language;
use crate::error::Result;
use crate::index::document::stemmed_as;
use crate::index::lookup::failed;
use crate::index::schema::Fields;

/// The languages that the reports of the index were stemmed in, in the order of [`Language`]; never none.
pub(crate) fn languages(searcher: &Searcher, fields: &Fields) -> Result<Vec<Language>> {
    let mut languages = BTreeSet::new();
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(fields.language).map_err(failed)?;
        let mut stream = index.terms().stream().map_err(|e| failed(e.into()))?;
        let mut known = 0;
        while let Some((code, info)) = stream.next() {
            languages.insert(stemmed_as(std::str::from_utf8(code).ok()));
            known += info.doc_freq;
        }
        // A report has one language or none; deleted ones count on both sides.
        if known < segment.max_doc() {
            languages.insert(stemmed_as(None));
        }
    }
    if languages.is_empty() {
        languages.insert(Language::default());
    }
    Ok(languages.into_iter().collect())
}
