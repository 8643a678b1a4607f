//! The score of a word in a report.
//!
//! In: how often it stands there, and how long the report is. Out: its BM25 score.

use std::sync::Arc;

use tantivy::Score;
use tantivy::fieldnorm::FieldNormReader;

/// BM25 with a frequency that need not be whole. The constants are tantivy's, and so is the order in which things are
/// multiplied, so that scores are those of its term query: Robertson and Zaragoza, "The Probabilistic Relevance
/// Framework" (2009), k1 = 1.2, b = 0.75.
#[derive(Clone)]
pub(crate) struct Bm25 {
    pub weight: Score,
    /// The part of the denominator that depends on the length, by fieldnorm id.
    pub norms: Arc<[Score; 256]>,
}

const K1: Score = 1.2;
const B: Score = 0.75;

impl Bm25 {
    /// For a word or phrase of this weight in texts of this mean length.
    pub fn new(weight: Score, mean_length: Score) -> Self {
        let norm = |id: usize| {
            let length = FieldNormReader::id_to_fieldnorm(id as u8) as Score;
            K1 * (1.0 - B + B * length / mean_length.max(1.0))
        };
        Self { weight: weight * (1.0 + K1), norms: Arc::new(std::array::from_fn(norm)) }
    }

    /// For another word in the same texts.
    pub fn weighing(&self, weight: Score, boost: Score) -> Self {
        Self { weight: weight * (1.0 + K1) * boost, norms: self.norms.clone() }
    }

    /// The score of a report.
    #[inline]
    pub fn score(&self, fieldnorm_id: u8, frequency: Score) -> Score {
        self.weight * (frequency / (frequency + self.norms[fieldnorm_id as usize]))
    }
}

/// Robertson's inverse document frequency, as tantivy has it.
pub(crate) fn idf(holders: u64, reports: u64) -> Score {
    let holders = holders.min(reports);
    (1.0 + ((reports - holders) as Score + 0.5) / (holders as Score + 0.5)).ln()
}
