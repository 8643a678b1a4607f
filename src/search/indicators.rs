//! The indicators that reports hold, counted.
//!
//! In: an open index, and a query or a list of indicators. Out: each indicator of the reports that match, with the number
//! of reports that hold it; or for each of the list, how many hold it.

use std::collections::HashMap;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::StrColumn;
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

use crate::analysis::{Analyzer, IndicatorKind, Language, TokenKind};
use crate::error::Result;
use crate::index::indicators::read_value;
use crate::index::store::Store;
use crate::query::plan::{DateMode, indicator};
use crate::query::{Clause, ClauseKind, Phrase, Query};
use crate::search::execute::{Search, failed};
use crate::search::results::SearchOptions;

/// The indicators of a casebook, or of the reports that match a query.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Indicators {
    /// Reports that were looked at: those that match the query as written.
    pub reports: usize,
    /// Of these, the reports that hold an indicator.
    pub holders: usize,
    /// Each indicator once: by kind, then the most frequent first.
    pub found: Vec<IndicatorCount>,
}

/// An indicator, and how many reports hold it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndicatorCount {
    /// What it is.
    pub kind: IndicatorKind,
    /// Its canonical form.
    pub value: String,
    /// Reports that hold it, each counted once.
    pub reports: usize,
}

/// What became of an indicator that was looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lookup {
    /// As it was given.
    pub typed: String,
    /// What it is; `None` for text that is no indicator, which is looked for as a phrase.
    pub kind: Option<IndicatorKind>,
    /// Its canonical form; the text where it is no indicator.
    pub value: String,
    /// Reports that hold it, whole or as part of another: a domain in a URL, a technique in a sub-technique.
    pub reports: usize,
}

/// Counts the indicators of the reports that match `query` as written.
pub(crate) fn count(store: &Store, query: &Query, options: &SearchOptions) -> Result<Indicators> {
    let searcher = store.searcher();
    let search = Search::new(store, &searcher, query, options)?;
    let full = search.compiler().full(DateMode::Possible);
    let column = store.fields.schema.get_field_name(store.fields.indicators).to_owned();
    let counted = searcher.search(&*full, &CountValues { column }).map_err(failed)?;
    let mut found: Vec<IndicatorCount> = counted
        .values
        .into_iter()
        .filter_map(|(value, reports)| {
            let (kind, value) = read_value(&value)?;
            Some(IndicatorCount { kind, value: value.to_owned(), reports })
        })
        .collect();
    found.sort_by(|a, b| {
        a.kind.cmp(&b.kind).then(b.reports.cmp(&a.reports)).then_with(|| a.value.cmp(&b.value))
    });
    Ok(Indicators { reports: counted.reports, holders: counted.holders, found })
}

/// Looks up each of the texts.
pub(crate) fn look_up<'t>(
    store: &Store,
    texts: impl IntoIterator<Item = &'t str>,
    options: &SearchOptions,
) -> Result<Vec<Lookup>> {
    let searcher = store.searcher();
    let mut analyzer = Analyzer::new(Language::English);
    let mut lookups = Vec::new();
    for typed in texts {
        let found = indicator::whole(&mut analyzer, typed);
        let (kind, value) = match &found {
            Some(token) => match token.kind {
                TokenKind::Indicator(kind) => (Some(kind), token.surface.clone()),
                TokenKind::Word => (None, typed.to_owned()),
            },
            None => (None, typed.to_owned()),
        };
        let phrase = Phrase { text: typed.to_owned(), slop: 0, prefix: false };
        let root = Clause::new(ClauseKind::Phrase(phrase), 0..typed.len());
        let query = Query { text: typed.to_owned(), root: Some(root), notes: Vec::new() };
        let search = Search::new(store, &searcher, &query, options)?;
        let asks = search.plan.nodes().next().is_some();
        let reports =
            if asks { search.count(&*search.compiler().full(DateMode::Possible))? } else { 0 };
        lookups.push(Lookup { typed: typed.to_owned(), kind, value, reports });
    }
    Ok(lookups)
}

/// Counts the reports for each value of a column of keywords.
struct CountValues {
    column: String,
}

#[derive(Default)]
struct Counted {
    reports: usize,
    holders: usize,
    values: HashMap<String, usize>,
}

struct SegmentCounts {
    column: Option<StrColumn>,
    /// By ordinal of the column's dictionary.
    counts: Vec<u32>,
    reports: usize,
    holders: usize,
}

impl Collector for CountValues {
    type Fruit = Counted;
    type Child = SegmentCounts;

    fn for_segment(
        &self,
        _: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<SegmentCounts> {
        let column = reader.fast_fields().str(&self.column)?;
        let values = column.as_ref().map_or(0, |column| column.num_terms());
        Ok(SegmentCounts { column, counts: vec![0; values], reports: 0, holders: 0 })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<tantivy::Result<Counted>>) -> tantivy::Result<Counted> {
        let mut all = Counted::default();
        for segment in segments {
            let segment = segment?;
            all.reports += segment.reports;
            all.holders += segment.holders;
            for (value, reports) in segment.values {
                *all.values.entry(value).or_default() += reports;
            }
        }
        Ok(all)
    }
}

impl SegmentCollector for SegmentCounts {
    type Fruit = tantivy::Result<Counted>;

    fn collect(&mut self, doc: DocId, _: Score) {
        self.reports += 1;
        let Some(column) = &self.column else { return };
        let mut holds = false;
        for ordinal in column.term_ords(doc) {
            if let Some(count) = self.counts.get_mut(ordinal as usize) {
                *count += 1;
                holds = true;
            }
        }
        self.holders += usize::from(holds);
    }

    fn harvest(self) -> tantivy::Result<Counted> {
        let mut values = HashMap::new();
        if let Some(column) = &self.column {
            for (ordinal, count) in self.counts.iter().enumerate().filter(|(_, n)| **n > 0) {
                let mut value = String::new();
                if column.ord_to_str(ordinal as u64, &mut value)? {
                    values.insert(value, *count as usize);
                }
            }
        }
        Ok(Counted { reports: self.reports, holders: self.holders, values })
    }
}
