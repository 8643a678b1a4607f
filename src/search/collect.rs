//! The best hits of a query, in an order that repeats.
//!
//! In: scored documents from tantivy. Out: the addresses of the first `n`. Equal hits stand newest first, then by
//! id, so that the list is the same however the reports are spread over segments; tantivy's own collector breaks ties
//! by segment.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

use crate::search::results::Sort;

/// Collects the first `n` hits and counts all.
pub(crate) struct TopHits {
    pub n: usize,
    pub sort: Sort,
}

/// What [`TopHits`] collected.
#[derive(Debug, Default)]
pub(crate) struct Top {
    /// The first `n`, in order.
    pub hits: Vec<(Score, DocAddress)>,
    /// Number of all.
    pub total: usize,
}

/// What hits are ordered by; greater is better.
#[derive(Debug, Clone, PartialEq)]
struct Key<T> {
    score: Score,
    /// Last day, for a sort by date and between equals.
    day: i64,
    /// A to Z: the victim where that is the order, else nothing.
    victim: Reverse<Option<T>>,
    id: Reverse<T>,
    sort: Sort,
}

impl<T: Ord> Key<T> {
    fn compare(&self, other: &Self) -> Ordering {
        let first = match self.sort {
            Sort::Relevance => self.score.total_cmp(&other.score),
            Sort::Date => Ordering::Equal,
            Sort::Victim => match (&self.victim.0, &other.victim.0) {
                // Reports without a victim stand last, where `None` would stand first.
                (None, None) => Ordering::Equal,
                (None, Some(_)) => Ordering::Less,
                (Some(_), None) => Ordering::Greater,
                (Some(one), Some(other)) => other.cmp(one),
            },
        };
        first.then_with(|| self.day.cmp(&other.day)).then_with(|| self.id.cmp(&other.id))
    }
}

/// A hit of one segment, by ordinals of its dictionaries.
struct Ranked<T> {
    key: Key<T>,
    doc: DocId,
}

/// Reversed, for a heap whose top is the worst.
impl<T: Ord> Ord for Ranked<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        other.key.compare(&self.key)
    }
}

impl<T: Ord> PartialOrd for Ranked<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T: Ord> PartialEq for Ranked<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<T: Ord> Eq for Ranked<T> {}

impl Collector for TopHits {
    type Fruit = Top;
    type Child = SegmentTop;

    fn for_segment(
        &self,
        segment: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<SegmentTop> {
        let columns = reader.fast_fields();
        Ok(SegmentTop {
            n: self.n,
            sort: self.sort,
            segment,
            days: columns.i64("date_to")?,
            ids: columns.str("id")?,
            victims: columns.str("victim_key")?,
            heap: BinaryHeap::new(),
            total: 0,
        })
    }

    fn requires_scoring(&self) -> bool {
        self.n > 0 && self.sort == Sort::Relevance
    }

    fn merge_fruits(&self, segments: Vec<(Vec<Found>, usize)>) -> tantivy::Result<Top> {
        let total = segments.iter().map(|(_, total)| total).sum();
        let mut found: Vec<Found> = segments.into_iter().flat_map(|(found, _)| found).collect();
        found.sort_by(|a, b| b.key.compare(&a.key));
        found.truncate(self.n);
        let hits = found.into_iter().map(|found| (found.key.score, found.address)).collect();
        Ok(Top { hits, total })
    }
}

/// A hit of one segment, comparable with those of others.
pub(crate) struct Found {
    key: Key<String>,
    address: DocAddress,
}

/// Collects one segment.
pub(crate) struct SegmentTop {
    n: usize,
    sort: Sort,
    segment: SegmentOrdinal,
    days: Column<i64>,
    ids: Option<StrColumn>,
    victims: Option<StrColumn>,
    heap: BinaryHeap<Ranked<u64>>,
    total: usize,
}

impl SegmentCollector for SegmentTop {
    type Fruit = (Vec<Found>, usize);

    fn collect(&mut self, doc: DocId, score: Score) {
        self.total += 1;
        if self.n == 0 {
            return;
        }
        let full = self.heap.len() == self.n;
        if full
            && self.sort == Sort::Relevance
            && self.heap.peek().is_some_and(|worst| score < worst.key.score)
        {
            return;
        }
        let ordinal =
            |column: &Option<StrColumn>| column.as_ref().and_then(|c| c.term_ords(doc).next());
        let victim = if self.sort == Sort::Victim { ordinal(&self.victims) } else { None };
        let key = Key {
            score,
            day: self.days.first(doc).unwrap_or(i64::MIN),
            victim: Reverse(victim),
            id: Reverse(ordinal(&self.ids).unwrap_or(u64::MAX)),
            sort: self.sort,
        };
        let ranked = Ranked { key, doc };
        if !full {
            self.heap.push(ranked);
        } else if let Some(mut worst) = self.heap.peek_mut()
            && ranked < *worst
        {
            *worst = ranked;
        }
    }

    fn harvest(self) -> Self::Fruit {
        let text = |column: &Option<StrColumn>, ordinal: u64| {
            let mut text = String::new();
            if let Some(column) = column {
                // An ordinal of the column itself is always found; were it not, the hit would sort first.
                let _ = column.ord_to_str(ordinal, &mut text);
            }
            text
        };
        let found = self.heap.into_iter().map(|Ranked { key, doc }| Found {
            key: Key {
                score: key.score,
                day: key.day,
                victim: Reverse(key.victim.0.map(|ordinal| text(&self.victims, ordinal))),
                id: Reverse(text(&self.ids, key.id.0)),
                sort: key.sort,
            },
            address: DocAddress::new(self.segment, doc),
        });
        (found.collect(), self.total)
    }
}
