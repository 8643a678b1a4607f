//! Reports that are known before they are asked for.
//!
//! In: lists of postings, each with a weight; or what was found earlier. Out: the reports in order, with how often they
//! hold what was asked for, as a tantivy scorer.

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::Scorer;
use tantivy::{DocId, DocSet, Score, TERMINATED};

use crate::index::sequences::Held;
use crate::query::plan::sequence::{Scoring, SectionRanges};

/// All reports that hold one of the terms, with their weighted frequency: one list of postings after the other, so
/// that a wildcard with ten thousand words costs what their postings cost.
pub(super) fn gather(
    postings: Vec<(SegmentPostings, f32)>,
    ranges: Option<&SectionRanges>,
    max_doc: DocId,
) -> Vec<(DocId, Score)> {
    let mut positions = Vec::new();
    let mut frequency = |postings: &mut SegmentPostings, doc| match ranges {
        None => postings.term_freq(),
        Some(ranges) => {
            postings.positions(&mut positions);
            ranges.retain(doc, &mut positions);
            positions.len() as u32
        }
    };
    if postings.len() == 1 {
        let mut docs = Vec::new();
        for (mut postings, weight) in postings {
            while postings.doc() != TERMINATED {
                let doc = postings.doc();
                let count = frequency(&mut postings, doc);
                if count > 0 {
                    docs.push((doc, count as Score * weight));
                }
                postings.advance();
            }
        }
        return docs;
    }
    let mut frequencies = vec![0.0; max_doc as usize];
    for (mut postings, weight) in postings {
        while postings.doc() != TERMINATED {
            let doc = postings.doc();
            frequencies[doc as usize] += frequency(&mut postings, doc) as Score * weight;
            postings.advance();
        }
    }
    frequencies
        .into_iter()
        .enumerate()
        .filter(|(_, f)| *f > 0.0)
        .map(|(doc, f)| (doc as DocId, f))
        .collect()
}

/// Goes through them.
pub(super) struct GatheredScorer {
    pub docs: Held,
    pub at: usize,
    pub scoring: Option<Scoring>,
}

impl DocSet for GatheredScorer {
    fn advance(&mut self) -> DocId {
        self.at = (self.at + 1).min(self.docs.len());
        self.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        let rest = self.docs.get(self.at..).unwrap_or_default();
        self.at += rest.partition_point(|(doc, _)| *doc < target);
        self.doc()
    }

    fn doc(&self) -> DocId {
        self.docs.get(self.at).map_or(TERMINATED, |(doc, _)| *doc)
    }

    fn size_hint(&self) -> u32 {
        self.docs.len() as u32
    }
}

impl Scorer for GatheredScorer {
    fn score(&mut self) -> Score {
        match (self.docs.get(self.at), &self.scoring) {
            (Some((doc, frequency)), Some(scoring)) => scoring.score(*doc, *frequency),
            _ => 1.0,
        }
    }
}
