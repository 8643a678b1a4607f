//! A sequence of words as a tantivy query.
//!
//! In: the slots of a text clause, its slop and its sections. Out: the reports where it holds, scored by BM25 with
//! the number of places as the term frequency, a near place counting less the more it was edited.
//!
//! tantivy's own phrase query knows neither sections nor alternatives in a slot, and counts edits otherwise.

use std::sync::Arc;

use tantivy::columnar::Column;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::SegmentPostings;
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{DocId, DocSet, Score, SeekDangerResult, SegmentReader, TERMINATED};

use crate::index::schema::start_column;
use crate::index::sequences::{Held, SequenceMemo};
use crate::query::plan::bm25::{Bm25, idf};
use crate::query::plan::gathered::{GatheredScorer, gather};
use crate::query::plan::positions;
use crate::query::plan::union::Union;
use crate::query::plan::{Atom, Slot};
use crate::report::Section;

/// The reports in which a sequence holds.
#[derive(Debug, Clone)]
pub(crate) struct SequenceQuery {
    field: Field,
    slots: Arc<[Slot]>,
    slop: u32,
    sections: Option<Vec<Section>>,
    boost: Score,
    /// Where what is found is kept, and found again.
    memo: Option<SequenceMemo>,
}

impl SequenceQuery {
    pub fn new(field: Field, atom: &Atom, memo: Option<SequenceMemo>) -> Self {
        Self {
            memo,
            field,
            slots: atom.slots.as_slice().into(),
            slop: atom.slop,
            sections: atom.sections.clone(),
            boost: atom.boost,
        }
    }

    /// What the sequence is kept under; `None` where it is more than words in a row.
    fn key(&self) -> Option<String> {
        let is_plain = |slot: &Slot| slot.terms.iter().all(|term| term.weight == 1.0);
        if self.slop > 0 || self.sections.is_some() || !self.slots.iter().all(is_plain) {
            return None;
        }
        let mut key = String::new();
        for slot in self.slots.iter() {
            for term in &slot.terms {
                key.push_str(&term.term);
                key.push(BETWEEN_TERMS);
            }
            key.push(BETWEEN_SLOTS);
        }
        Some(key)
    }
}

/// No term has these.
const BETWEEN_TERMS: char = '\n';
const BETWEEN_SLOTS: char = '\t';

impl Query for SequenceQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let mut weight = SequenceWeight { query: self.clone(), bm25: None };
        if let EnableScoring::Enabled { statistics_provider: statistics, .. } = scoring {
            let reports = statistics.total_num_docs()?;
            let words = statistics.total_num_tokens(self.field)?;
            let mut rarity = 0.0;
            for slot in self.slots.iter() {
                let mut holders = 0;
                for term in &slot.terms {
                    holders +=
                        statistics.doc_freq(&Term::from_field_text(self.field, &term.term))?;
                }
                rarity += idf(holders, reports);
            }
            let mean = words as Score / reports.max(1) as Score;
            weight.bm25 = Some(Bm25::new(rarity * self.boost, mean));
        }
        Ok(Box::new(weight))
    }
}

struct SequenceWeight {
    query: SequenceQuery,
    /// `None`: matches are wanted, scores are not.
    bm25: Option<Bm25>,
}

impl SequenceWeight {
    fn postings(
        &self,
        reader: &SegmentReader,
        slot: &Slot,
    ) -> tantivy::Result<Vec<(SegmentPostings, f32)>> {
        let index = reader.inverted_index(self.query.field)?;
        let mut postings = Vec::new();
        for term in &slot.terms {
            let key = Term::from_field_text(self.query.field, &term.term);
            let option = IndexRecordOption::WithFreqsAndPositions;
            if let Some(found) = index.read_postings(&key, option)? {
                postings.push((found, term.weight));
            }
        }
        Ok(postings)
    }
}

impl Weight for SequenceWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let ranges = match &self.query.sections {
            Some(sections) => Some(SectionRanges::open(reader, sections)?),
            None => None,
        };
        let scoring = match &self.bm25 {
            Some(bm25) => Some(Scoring {
                bm25: Bm25 { weight: bm25.weight * boost, norms: bm25.norms.clone() },
                norms: reader.get_fieldnorms_reader(self.query.field)?,
            }),
            None => None,
        };
        let kept = self.query.memo.as_ref().and_then(|memo| Some((memo, self.query.key()?)));
        if let Some((memo, key)) = &kept
            && let Some(docs) = memo.get(reader.segment_id(), key)
        {
            return Ok(Box::new(GatheredScorer { docs, at: 0, scoring }));
        }
        let mut slots = Vec::with_capacity(self.query.slots.len());
        for slot in self.query.slots.iter() {
            slots.push(self.postings(reader, slot)?);
        }
        if slots.is_empty() || slots.iter().any(Vec::is_empty) {
            return Ok(Box::new(EmptyScorer));
        }
        if let [only] = &mut slots[..] {
            let docs = gather(std::mem::take(only), ranges.as_ref(), reader.max_doc()).into();
            return Ok(Box::new(GatheredScorer { docs, at: 0, scoring }));
        }
        let slots: Vec<_> = slots.into_iter().map(Union::new).collect();
        let cost = slots.iter().map(|slot| slot.cost).min().unwrap_or(0);
        // The rarest word says best where to look next.
        let mut order: Vec<usize> = (0..slots.len()).collect();
        order.sort_by_key(|&i| slots[i].cost);
        let mut scorer = SequenceScorer {
            positions: vec![Vec::new(); slots.len()],
            slots,
            order,
            slop: self.query.slop,
            ranges,
            scoring,
            doc: 0,
            frequency: 0.0,
            cost,
        };
        scorer.find_from(0);
        if let Some((memo, key)) = &kept {
            let mut docs = Vec::new();
            while scorer.doc != TERMINATED {
                docs.push((scorer.doc, scorer.frequency));
                scorer.advance();
            }
            let docs: Held = docs.into();
            memo.put(reader.segment_id(), key, &docs);
            return Ok(Box::new(GatheredScorer { docs, at: 0, scoring: scorer.scoring }));
        }
        Ok(Box::new(scorer))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        let score = if scorer.seek(doc) == doc { scorer.score() } else { 0.0 };
        Ok(Explanation::new("words in sequence", score))
    }
}

pub(super) struct Scoring {
    bm25: Bm25,
    norms: FieldNormReader,
}

impl Scoring {
    pub fn score(&self, doc: DocId, frequency: Score) -> Score {
        self.bm25.score(self.norms.fieldnorm_id(doc), frequency)
    }
}

/// The positions that sections take up in each report.
pub(super) struct SectionRanges {
    starts: Vec<Column<u64>>,
    sections: Vec<usize>,
}

impl SectionRanges {
    fn open(reader: &SegmentReader, sections: &[Section]) -> tantivy::Result<Self> {
        let mut starts = Vec::new();
        for section in Section::ALL.into_iter().skip(1) {
            starts.push(reader.fast_fields().u64(&start_column(section))?);
        }
        let place = |wanted: &Section| Section::ALL.iter().position(|section| section == wanted);
        Ok(Self { starts, sections: sections.iter().filter_map(place).collect() })
    }

    pub fn retain(&self, doc: DocId, positions: &mut Vec<u32>) {
        let start = |section: usize| match section.checked_sub(1).map(|i| self.starts.get(i)) {
            None => 0,
            Some(None) => u64::MAX,
            Some(Some(column)) => column.first(doc).unwrap_or(u64::MAX),
        };
        positions.retain(|&position| {
            let position = u64::from(position);
            self.sections.iter().any(|&s| (start(s)..start(s + 1)).contains(&position))
        });
    }
}

struct SequenceScorer {
    slots: Vec<Union>,
    /// The slots, rarest first.
    order: Vec<usize>,
    /// Positions of each slot in `doc`; kept for its memory.
    positions: Vec<Vec<u32>>,
    slop: u32,
    ranges: Option<SectionRanges>,
    scoring: Option<Scoring>,
    doc: DocId,
    frequency: Score,
    cost: u32,
}

impl SequenceScorer {
    fn find_from(&mut self, mut target: DocId) -> DocId {
        'report: loop {
            for &slot in &self.order {
                let doc = self.slots[slot].seek(target);
                if doc > target {
                    target = doc;
                    continue 'report;
                }
            }
            self.doc = target;
            if target == TERMINATED || self.holds() {
                return target;
            }
            target += 1;
        }
    }

    fn holds(&mut self) -> bool {
        for (slot, positions) in self.slots.iter_mut().zip(&mut self.positions) {
            slot.positions(positions);
            if let Some(ranges) = &self.ranges {
                ranges.retain(self.doc, positions);
            }
        }
        if self.slop == 0 {
            let count = positions::count_exact(&self.positions);
            self.frequency = count as Score;
            return count > 0;
        }
        if self.scoring.is_none() {
            return positions::holds(&self.positions, self.slop);
        }
        let found = positions::find(&self.positions, self.slop);
        self.frequency = found.iter().map(|found| 1.0 / (1.0 + found.edits as Score)).sum();
        !found.is_empty()
    }
}

impl DocSet for SequenceScorer {
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

    /// Asks about this report alone, where `seek` would read the positions of all up to the next that holds it.
    fn seek_danger(&mut self, target: DocId) -> SeekDangerResult {
        if target >= TERMINATED {
            return SeekDangerResult::SeekLowerBound(TERMINATED);
        }
        for &slot in &self.order {
            let doc = self.slots[slot].seek(target);
            if doc > target {
                return SeekDangerResult::SeekLowerBound(doc);
            }
        }
        self.doc = target;
        if self.holds() {
            SeekDangerResult::Found
        } else {
            SeekDangerResult::SeekLowerBound(target + 1)
        }
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.cost / 4
    }

    fn cost(&self) -> u64 {
        // Positions are read for every report that holds all words, which makes this the dearest part to drive.
        u64::from(self.cost) * 10
    }
}

impl Scorer for SequenceScorer {
    fn score(&mut self) -> Score {
        match &self.scoring {
            Some(scoring) => scoring.score(self.doc, self.frequency),
            None => 1.0,
        }
    }
}
