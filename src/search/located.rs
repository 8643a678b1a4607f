//! Where the words of one search stand in the index.
//!
//! In: a term. Out: how many reports hold it, and its postings in each segment. The ranking asks for the same terms
//! again and again, and to find one in a dictionary takes longer than to read what it points to: each is found once.

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;
use tantivy::postings::{BlockSegmentPostings, SegmentPostings, TermInfo};
use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{InvertedIndexReader, Score, Searcher, SegmentOrdinal};

use crate::error::Result;
use crate::query::plan::{Bm25, idf};
use crate::search::execute::failed;

/// The terms that one search has asked for.
pub(crate) struct Lexicon<'a> {
    searcher: &'a Searcher,
    fields: RefCell<FxHashMap<Field, Rc<FieldIndex>>>,
    known: RefCell<FxHashMap<Term, Rc<Located>>>,
}

/// One field of all segments.
struct FieldIndex {
    segments: Vec<std::sync::Arc<InvertedIndexReader>>,
    mean_length: Score,
    /// For a word that weighs 1.
    bm25: Bm25,
}

/// A term of the index.
pub(crate) struct Located {
    field: Rc<FieldIndex>,
    /// Reports that hold it; deleted ones count until their segment is rewritten.
    pub holders: u64,
    places: Vec<Option<TermInfo>>,
}

impl<'a> Lexicon<'a> {
    pub fn new(searcher: &'a Searcher) -> Self {
        Self { searcher, fields: RefCell::default(), known: RefCell::default() }
    }

    /// Finds a term.
    pub fn find(&self, field: Field, term: &str) -> Result<Rc<Located>> {
        let term = Term::from_field_text(field, term);
        if let Some(located) = self.known.borrow().get(&term) {
            return Ok(located.clone());
        }
        let field = self.field(field)?;
        let mut holders = 0;
        let mut places = Vec::with_capacity(field.segments.len());
        for index in &field.segments {
            let info = index.get_term_info(&term).map_err(|e| failed(e.into()))?;
            holders += info.as_ref().map_or(0, |info| u64::from(info.doc_freq));
            places.push(info);
        }
        let located = Rc::new(Located { field, holders, places });
        self.known.borrow_mut().insert(term, located.clone());
        Ok(located)
    }

    /// BM25 for a word of weight 1 in a field.
    pub fn bm25(&self, field: Field) -> Result<Bm25> {
        Ok(self.field(field)?.bm25.clone())
    }

    /// Mean number of terms in a field of a report.
    pub fn mean_length(&self, field: Field) -> Result<Score> {
        Ok(self.field(field)?.mean_length)
    }

    /// How the reports that hold a term score by tantivy's own query for it, bit for bit.
    pub fn scored(&self, located: &Located, boost: Score) -> Bm25 {
        located.field.bm25.weighing(self.idf(located.holders), boost)
    }

    /// How rare a word is among all reports, deleted ones among them.
    pub fn idf(&self, holders: u64) -> Score {
        let segments = self.searcher.segment_readers().iter();
        let reports: u64 = segments.map(|reader| u64::from(reader.max_doc())).sum();
        idf(holders, reports)
    }

    fn field(&self, field: Field) -> Result<Rc<FieldIndex>> {
        if let Some(known) = self.fields.borrow().get(&field) {
            return Ok(known.clone());
        }
        let segments = self.searcher.segment_readers().iter();
        let segments: tantivy::Result<Vec<_>> =
            segments.map(|reader| reader.inverted_index(field)).collect();
        let words = self.searcher.total_num_tokens(field).map_err(failed)?;
        let reports = self.searcher.total_num_docs().map_err(failed)?;
        let mean_length = words as Score / (reports as Score).max(1.0);
        let segments = segments.map_err(failed)?;
        let found =
            Rc::new(FieldIndex { segments, mean_length, bm25: Bm25::new(1.0, mean_length) });
        self.fields.borrow_mut().insert(field, found.clone());
        Ok(found)
    }
}

impl Located {
    /// The reports of a segment that hold it, with what `option` asks; `None` where there are none.
    pub fn postings(
        &self,
        segment: SegmentOrdinal,
        option: IndexRecordOption,
    ) -> Result<Option<SegmentPostings>> {
        let Some((index, info)) = self.place(segment) else { return Ok(None) };
        index.read_postings_from_terminfo(info, option).map(Some).map_err(|e| failed(e.into()))
    }

    /// The same with frequencies, in blocks.
    pub fn blocks(&self, segment: SegmentOrdinal) -> Result<Option<BlockSegmentPostings>> {
        let Some((index, info)) = self.place(segment) else { return Ok(None) };
        let option = IndexRecordOption::WithFreqs;
        index
            .read_block_postings_from_terminfo(info, option)
            .map(Some)
            .map_err(|e| failed(e.into()))
    }

    fn place(&self, segment: SegmentOrdinal) -> Option<(&InvertedIndexReader, &TermInfo)> {
        let info = self.places.get(segment as usize)?.as_ref()?;
        Some((self.field.segments.get(segment as usize)?, info))
    }
}
