//! The best hits of a query, in an order that repeats.
//!
//! In: scored documents from tantivy. Out: the addresses of the first `n`. Equal hits stand newest first, then by
//! id, so that the list is the same however the reports are spread over segments; tantivy's own collector breaks ties
//! by segment.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::StrColumn;
use tantivy::query::Weight;
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

use crate::index::columns::{ColumnCache, SegmentColumns};
use crate::search::results::Sort;

/// Collects the first `n` hits. By relevance, reports that can't be among them are passed over unread.
pub(crate) struct TopHits<'a> {
    /// What hits are ordered by.
    pub columns: &'a ColumnCache,
    pub n: usize,
    pub sort: Sort,
    /// Which hits they are matters, and their order does not: a second look follows.
    pub unordered: bool,
    /// Whether to look at every report that matches and count them.
    pub counting: bool,
    pub floor: Floor,
}

/// What a report has to score to be among the first, as far as the segments before it tell.
#[derive(Default)]
pub(crate) struct Floor(AtomicU32);

impl Floor {
    fn get(&self) -> Score {
        match self.0.load(Relaxed) {
            0 => Score::MIN,
            bits => Score::from_bits(bits),
        }
    }

    /// Scores are positive, so that their bits stand in the same order.
    fn raise(&self, score: Score) {
        if score > 0.0 {
            self.0.fetch_max(score.to_bits(), Relaxed);
        }
    }
}

/// What [`TopHits`] collected.
#[derive(Default)]
pub(crate) struct Top {
    /// The first `n`, in order.
    pub hits: Vec<Found>,
    pub ids: Ids,
    /// How many there are in all, if they were counted.
    pub total: usize,
}

impl Top {
    /// The first `n` of them. `unordered`: which they are matters, and their order does not.
    pub(super) fn first(mut self, n: usize, sort: Sort, unordered: bool) -> Self {
        // Of equals at the cut, always the same are in.
        let needed = if unordered { n.saturating_sub(1)..n } else { 0..n };
        self.ids.order(&mut self.hits, sort, needed);
        self.hits.truncate(n);
        self
    }
}

/// A hit, with what it is ordered by.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub score: Score,
    pub address: DocAddress,
    /// Last day, for a sort by date and between equals.
    pub day: i64,
    /// Where hits are sorted by victim, and there is one.
    victim: Option<String>,
    /// The conditions of the plan that may be lacking and that it meets, a bit for each; 0 where that was not looked at.
    pub met: u32,
}

impl Found {
    pub(super) fn new(address: DocAddress, score: Score, day: i64, met: u32) -> Self {
        Self { score, address, day, victim: None, met }
    }

    /// The same hit with another score.
    pub(crate) fn with_score(self, score: Score) -> Self {
        Self { score, ..self }
    }
}

/// The ids of reports, by segment.
#[derive(Default)]
pub(crate) struct Ids(Vec<(SegmentOrdinal, Arc<SegmentColumns>)>);

impl Ids {
    pub(super) fn push(&mut self, segment: SegmentOrdinal, columns: Arc<SegmentColumns>) {
        self.0.push((segment, columns));
    }

    pub(super) fn columns(&self, segment: SegmentOrdinal) -> Option<&Arc<SegmentColumns>> {
        self.0.iter().find(|(known, _)| *known == segment).map(|(_, columns)| columns)
    }

    /// The id of a report.
    pub fn of(&self, found: &Found) -> String {
        let columns = self.columns(found.address.segment_ord);
        columns.map(|columns| columns.id(found.address.doc_id)).unwrap_or_default()
    }

    /// Puts hits in order: by what `sort` asks, then newest first, then by id. Hits that stand outside of `needed` with
    /// all their equals are not told apart by id, for to look one up takes longer than all else.
    pub fn order(&self, found: &mut [Found], sort: Sort, needed: Range<usize>) {
        let compare = |a: &Found, b: &Found| compare(&key(a, sort), &key(b, sort));
        found.sort_by(|a, b| compare(b, a));
        let mut start = 0;
        for equals in found.chunk_by_mut(|a, b| compare(a, b).is_eq()) {
            let end = start + equals.len();
            if equals.len() > 1 && start < needed.end && needed.start < end {
                equals.sort_by_cached_key(|found| self.of(found));
            }
            start = end;
        }
    }
}

fn text_of(column: &StrColumn, ordinal: u64) -> String {
    let mut text = String::new();
    // An ordinal of the column itself is always found; were it not, the hit would sort first.
    let _ = column.ord_to_str(ordinal, &mut text);
    text
}

/// What hits are ordered by, but for the id; greater is better.
struct Key<T> {
    score: Score,
    day: i64,
    /// A to Z, where that is the order.
    victim: Option<T>,
    sort: Sort,
}

fn key(found: &Found, sort: Sort) -> Key<&str> {
    Key { score: coarse(found.score), day: found.day, victim: found.victim.as_deref(), sort }
}

fn compare<T: Ord>(one: &Key<T>, other: &Key<T>) -> Ordering {
    let first = match one.sort {
        Sort::Relevance => one.score.total_cmp(&other.score),
        Sort::Date => Ordering::Equal,
        Sort::Victim => match (&one.victim, &other.victim) {
            // Reports without a victim stand last, where `None` would stand first.
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(one), Some(other)) => other.cmp(one),
        },
    };
    first.then_with(|| one.day.cmp(&other.day))
}

/// A score without its last eight bits: what the order in which parts of a score are added makes of them is no reason
/// to put one of two equal reports first.
pub(super) fn coarse(score: Score) -> Score {
    Score::from_bits((score.to_bits().saturating_add(0x80)) & !0xFF)
}

/// What is less than this is less than `score` also when both are taken coarsely, or added up in another order.
pub(super) fn surely_less(score: Score) -> Score {
    score * (1.0 - 1e-4)
}

/// A hit of one segment, by ordinals of its dictionaries.
struct Ranked {
    key: Key<u64>,
    id: Reverse<u64>,
    score: Score,
    doc: DocId,
}

/// Reversed, for a heap whose top is the worst.
impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        compare(&other.key, &self.key).then_with(|| other.id.cmp(&self.id))
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ranked {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Ranked {}

impl Collector for TopHits<'_> {
    type Fruit = Top;
    type Child = SegmentTop;

    fn for_segment(
        &self,
        segment: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<SegmentTop> {
        Ok(SegmentTop {
            n: self.n,
            sort: self.sort,
            segment,
            columns: self.columns.of(reader)?,
            heap: BinaryHeap::new(),
            total: 0,
        })
    }

    fn requires_scoring(&self) -> bool {
        self.sort == Sort::Relevance
    }

    fn collect_segment(
        &self,
        weight: &dyn Weight,
        segment: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<SegmentFruit> {
        let mut top = self.for_segment(segment, reader)?;
        let alive = reader.alive_bitset();
        let is_alive = |doc| alive.is_none_or(|alive| alive.is_alive(doc));
        let floor = self.floor.get();
        if self.requires_scoring() && self.counting {
            weight.for_each(reader, &mut |doc, score| {
                if is_alive(doc) {
                    top.total += 1;
                    if score > top.threshold().max(floor) {
                        top.collect(doc, score);
                    }
                }
            })?;
        } else if self.requires_scoring() {
            weight.for_each_pruning(floor, reader, &mut |doc, score| {
                if is_alive(doc) {
                    top.collect(doc, score);
                }
                top.threshold().max(floor)
            })?;
        } else {
            weight.for_each_no_score(reader, &mut |docs| {
                for doc in docs.iter().filter(|doc| is_alive(**doc)) {
                    top.total += 1;
                    top.collect(*doc, 0.0);
                }
            })?;
        }
        self.floor.raise(top.threshold());
        Ok(top.harvest())
    }

    fn merge_fruits(&self, segments: Vec<SegmentFruit>) -> tantivy::Result<Top> {
        let mut top = Top::default();
        for (found, ids, total) in segments {
            top.hits.extend(found);
            top.ids.0.push(ids);
            top.total += total;
        }
        Ok(top.first(self.n, self.sort, self.unordered))
    }
}

type SegmentFruit = (Vec<Found>, (SegmentOrdinal, Arc<SegmentColumns>), usize);

/// Counts the reports that match by going from one to the next. tantivy counts by blocks of reports, each condition
/// for itself, which is faster for words and far slower where a condition reads a column.
pub(crate) struct Matches;

impl Collector for Matches {
    type Fruit = usize;
    type Child = SegmentMatches;

    fn for_segment(&self, _: SegmentOrdinal, _: &SegmentReader) -> tantivy::Result<SegmentMatches> {
        Ok(SegmentMatches(0))
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<usize>) -> tantivy::Result<usize> {
        Ok(segments.into_iter().sum())
    }
}

/// Counts in one segment.
pub(crate) struct SegmentMatches(usize);

impl SegmentCollector for SegmentMatches {
    type Fruit = usize;

    fn collect(&mut self, _: DocId, _: Score) {
        self.0 += 1;
    }

    fn harvest(self) -> usize {
        self.0
    }
}

/// Collects one segment.
pub(crate) struct SegmentTop {
    n: usize,
    sort: Sort,
    segment: SegmentOrdinal,
    columns: Arc<SegmentColumns>,
    heap: BinaryHeap<Ranked>,
    total: usize,
}

impl SegmentTop {
    /// Nothing that scores this or less can be among the first.
    fn threshold(&self) -> Score {
        match self.heap.peek() {
            // Equals of the worst may yet stand before it, by their date: all of them, where nothing scores.
            Some(worst) if self.heap.len() == self.n && worst.key.score > 0.0 => {
                surely_less(worst.key.score)
            }
            _ => Score::MIN,
        }
    }
}

impl SegmentCollector for SegmentTop {
    type Fruit = SegmentFruit;

    fn collect(&mut self, doc: DocId, score: Score) {
        let coarse = coarse(score);
        let full = self.heap.len() == self.n;
        if full
            && self.sort == Sort::Relevance
            && self.heap.peek().is_some_and(|worst| coarse < worst.key.score)
        {
            return;
        }
        let columns = &*self.columns;
        let victims = columns.victims.as_ref().filter(|_| self.sort == Sort::Victim);
        let victim = victims.and_then(|victims| victims.term_ords(doc).next());
        let key = Key { score: coarse, day: columns.day(doc), victim, sort: self.sort };
        let id = Reverse(columns.id_number(doc));
        let ranked = Ranked { key, id, score, doc };
        if !full {
            self.heap.push(ranked);
        } else if let Some(mut worst) = self.heap.peek_mut()
            && ranked < *worst
        {
            *worst = ranked;
        }
    }

    fn harvest(self) -> SegmentFruit {
        let found = self.heap.into_iter().map(|Ranked { key, score, doc, .. }| Found {
            score,
            address: DocAddress::new(self.segment, doc),
            day: key.day,
            victim: key.victim.and_then(|ordinal| {
                self.columns.victims.as_ref().map(|column| text_of(column, ordinal))
            }),
            met: 0,
        });
        (found.collect(), (self.segment, self.columns.clone()), self.total)
    }
}
