//! Conditions on columns of numbers: dates and counts.
//!
//! In: a test on the values of a report. Out: the reports that pass it, without a score.
//!
//! tantivy's range query runs one scan a bound and, where it is excluded, breaks the contract of its own cursor (an
//! overflow in debug builds of 0.27). Here one pass looks at both ends of a date.

use tantivy::columnar::Column;
use tantivy::query::{ConstScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SeekDangerResult, SegmentReader, TERMINATED};

use crate::query::ast::Comparison;

/// A test on columns. A report without a value fails each of them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ColumnTest {
    /// The interval from `date_from` to `date_to` overlaps this one; open ends reach any far.
    Overlaps(Option<i64>, Option<i64>),
    /// The interval lies wholly in this one.
    Within(Option<i64>, Option<i64>),
    /// The number in this column compares so.
    Compares(String, Comparison, u64),
}

/// The reports that pass a [`ColumnTest`].
#[derive(Debug, Clone)]
pub(crate) struct ColumnQuery(pub ColumnTest);

impl Query for ColumnQuery {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(ColumnWeight(self.0.clone())))
    }
}

struct ColumnWeight(ColumnTest);

impl Weight for ColumnWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let columns = reader.fast_fields();
        let values = match &self.0 {
            ColumnTest::Overlaps(from, to) => {
                Values::Overlaps(columns.i64("date_from")?, columns.i64("date_to")?, *from, *to)
            }
            ColumnTest::Within(from, to) => {
                Values::Within(columns.i64("date_from")?, columns.i64("date_to")?, *from, *to)
            }
            ColumnTest::Compares(column, comparison, number) => {
                Values::Compares(columns.u64(column)?, *comparison, *number)
            }
        };
        let mut scan = Scan { values, doc: 0, end: reader.max_doc() };
        scan.find_from(0);
        Ok(Box::new(ConstScorer::new(scan, boost)))
    }

    fn explain(&self, _: &SegmentReader, _: DocId) -> tantivy::Result<Explanation> {
        Ok(Explanation::new("a condition", 1.0))
    }
}

enum Values {
    Overlaps(Column<i64>, Column<i64>, Option<i64>, Option<i64>),
    Within(Column<i64>, Column<i64>, Option<i64>, Option<i64>),
    Compares(Column<u64>, Comparison, u64),
}

impl Values {
    fn pass(&self, doc: DocId) -> bool {
        match self {
            // A report has both ends of its date or neither.
            Self::Overlaps(from, to, low, high) => {
                at_least(to, doc, *low) && at_most(from, doc, *high)
            }
            Self::Within(from, to, low, high) => {
                at_least(from, doc, *low) && at_most(to, doc, *high)
            }
            Self::Compares(column, comparison, number) => {
                column.first(doc).is_some_and(|value| comparison.holds(&value, number))
            }
        }
    }
}

fn at_least(column: &Column<i64>, doc: DocId, low: Option<i64>) -> bool {
    column.first(doc).is_some_and(|value| low.is_none_or(|low| value >= low))
}

fn at_most(column: &Column<i64>, doc: DocId, high: Option<i64>) -> bool {
    high.is_none_or(|high| column.first(doc).is_some_and(|value| value <= high))
}

struct Scan {
    values: Values,
    doc: DocId,
    end: DocId,
}

impl Scan {
    fn find_from(&mut self, target: DocId) -> DocId {
        self.doc = (target..self.end).find(|&doc| self.values.pass(doc)).unwrap_or(TERMINATED);
        self.doc
    }
}

impl DocSet for Scan {
    fn advance(&mut self) -> DocId {
        if self.doc == TERMINATED {
            return TERMINATED;
        }
        self.find_from(self.doc + 1)
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc >= target {
            return self.doc;
        }
        self.find_from(target)
    }

    /// Asks about this report alone, where `seek` would read on to the next that passes.
    fn seek_danger(&mut self, target: DocId) -> SeekDangerResult {
        if target >= self.end {
            return SeekDangerResult::SeekLowerBound(TERMINATED);
        }
        if self.values.pass(target) {
            self.doc = target;
            SeekDangerResult::Found
        } else {
            SeekDangerResult::SeekLowerBound(target + 1)
        }
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        // Dear to drive and cheap to ask: words should lead.
        self.end
    }
}
