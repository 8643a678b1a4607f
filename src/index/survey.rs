//! Figures over all reports.
//!
//! In: an open index. Out: the figures of a [`Status`].

use std::collections::BTreeMap;
use std::time::SystemTime;

use crate::date::{Day, IncidentDate, Precision};
use crate::error::Result;
use crate::index::compare::Pending;
use crate::index::lookup::{failed, values};
use crate::index::store::Store;
use crate::ingest::Skip;

/// What is known of a casebook without searching it.
#[derive(Debug, Clone, Default)]
pub struct Status {
    /// Reports in the index.
    pub reports: usize,
    /// Files that it was made from.
    pub files: usize,
    /// Its size on disk.
    pub index_bytes: u64,
    /// When it was last written.
    pub indexed_at: Option<SystemTime>,
    /// The version of its format.
    pub format_version: u32,
    /// Reports with a date.
    pub dated: usize,
    /// From the first day of the earliest to the last day of the latest.
    pub date_range: Option<IncidentDate>,
    /// Countries by number of reports, most first: alpha-2 codes, and places as written where none is known.
    pub countries: Vec<(String, usize)>,
    /// Languages by number of reports, most first.
    pub languages: Vec<(String, usize)>,
    /// What a sync would change.
    pub pending: Pending,
    /// What could not be read.
    pub skips: Vec<Skip>,
}

/// Fills in dates, countries and languages.
pub(crate) fn survey(store: &Store, status: &mut Status) -> Result<()> {
    let searcher = store.searcher();
    let mut range: Option<(i64, i64)> = None;
    for segment in searcher.segment_readers() {
        let from = segment.fast_fields().i64("date_from").map_err(failed)?;
        let to = segment.fast_fields().i64("date_to").map_err(failed)?;
        for doc in segment.doc_ids_alive() {
            let (Some(from), Some(to)) = (from.first(doc), to.first(doc)) else { continue };
            status.dated += 1;
            range = Some(range.map_or((from, to), |(low, high)| (low.min(from), high.max(to))));
        }
    }
    status.date_range = range.and_then(|(from, to)| {
        IncidentDate::new(Day::from_days(from), Day::from_days(to), Precision::Range)
    });
    let most_first = |values: BTreeMap<String, usize>| {
        let mut values: Vec<_> = values.into_iter().collect();
        values.sort_by(|(a, n), (b, m)| m.cmp(n).then(a.cmp(b)));
        values
    };
    let mut countries = values(&searcher, store.fields.country)?;
    countries.extend(values(&searcher, store.fields.place)?);
    status.countries = most_first(countries);
    status.languages = most_first(values(&searcher, store.fields.language)?);
    Ok(())
}
