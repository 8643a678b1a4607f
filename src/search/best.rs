//! The best of many hits, found without keeping them in order.
//!
//! In: hits of one segment after the other. Out: the first `n` of all, in the order that repeats, and how many there
//! were. Most hits are turned away by their score alone; dates and ids are looked at only where scores are equal at the
//! cut, and for the few that stay.

use std::cmp::Reverse;
use std::sync::Arc;

use tantivy::{DocAddress, DocId, Score, SegmentOrdinal};

use crate::index::columns::SegmentColumns;
use crate::search::collect::{Found, Top, coarse, surely_less};
use crate::search::results::Sort;

/// Collects the first `n` hits by relevance.
pub(crate) struct Best {
    n: usize,
    /// What scores less is not among them.
    least: Score,
    segment: SegmentOrdinal,
    /// Hits of this segment that may be.
    hits: Vec<Candidate>,
    top: Top,
}

struct Candidate {
    /// What it is ordered by.
    coarse: Score,
    score: Score,
    doc: DocId,
    met: u32,
}

impl Best {
    pub fn new(n: usize) -> Self {
        let hits = Vec::with_capacity(most(n).min(1024));
        Self { n, least: Score::MIN, segment: 0, hits, top: Top::default() }
    }

    /// Goes on with another segment.
    pub fn begin(&mut self, segment: SegmentOrdinal, columns: &Arc<SegmentColumns>) {
        self.segment = segment;
        self.top.ids.push(segment, columns.clone());
    }

    /// What scores less need not be collected.
    #[inline]
    pub fn least(&self) -> Score {
        surely_less(self.least)
    }

    /// Counts hits, those that are collected and those that need not be.
    pub fn count(&mut self, hits: u32) {
        self.top.total += hits as usize;
    }

    /// Adds a hit.
    pub fn collect(&mut self, doc: DocId, score: Score, met: u32) {
        let coarse = coarse(score);
        if coarse < self.least {
            return;
        }
        self.hits.push(Candidate { coarse, score, doc, met });
        if self.hits.len() >= most(self.n) {
            self.prune();
        }
    }

    /// Lets go of what is not among the first `n` of the segment.
    fn prune(&mut self) {
        if self.hits.len() <= self.n || self.n == 0 {
            return;
        }
        let (_, last, _) =
            self.hits.select_nth_unstable_by(self.n - 1, |a, b| b.coarse.total_cmp(&a.coarse));
        self.least = self.least.max(last.coarse);
        let least = self.least;
        self.hits.retain(|hit| hit.coarse >= least);
        // Many equals at the cut: those stay that stand first among them.
        if self.hits.len() >= most(self.n) / 2 && self.hits.len() > self.n {
            let columns = self.top.ids.columns(self.segment);
            let order = |hit: &Candidate| match columns {
                Some(columns) => (Reverse(columns.day(hit.doc)), columns.id_number(hit.doc)),
                None => (Reverse(i64::MIN), u64::MAX),
            };
            let sort = |a: &Candidate, b: &Candidate| {
                b.coarse.total_cmp(&a.coarse).then_with(|| order(a).cmp(&order(b)))
            };
            self.hits.select_nth_unstable_by(self.n - 1, sort);
            self.hits.truncate(self.n);
        }
    }

    /// Ends the segment.
    pub fn end(&mut self) {
        self.prune();
        let Self { segment, hits, top, .. } = self;
        if let Some(columns) = top.ids.columns(*segment).cloned() {
            top.hits.extend(hits.drain(..).map(|Candidate { score, doc, met, .. }| {
                let address = DocAddress::new(*segment, doc);
                Found::new(address, score, columns.day(doc), met)
            }));
        }
        if self.n > 0 && self.top.hits.len() >= self.n {
            let by_score = |a: &Found, b: &Found| coarse(b.score).total_cmp(&coarse(a.score));
            let (_, last, _) = self.top.hits.select_nth_unstable_by(self.n - 1, by_score);
            let least = coarse(last.score);
            self.least = self.least.max(least);
            self.top.hits.retain(|hit| coarse(hit.score) >= least);
        }
    }

    /// The first hits of all segments. `unordered`: which they are matters, and their order does not.
    pub fn top(self, unordered: bool) -> Top {
        self.top.first(self.n, Sort::Relevance, unordered)
    }
}

/// With so many candidates some are let go.
fn most(n: usize) -> usize {
    n.saturating_mul(4).saturating_add(64)
}
