//! Words of the query that stand close together in a report.
//!
//! In: the pool. Out: for every hit, a score for each pair of words that are neighbours in the query and near each
//! other in the report, as Büttcher, Clarke and Lushman have it ("Term proximity scoring for ad-hoc retrieval on very
//! large text collections", SIGIR 2006), with pairs in the place of all combinations.

use tantivy::postings::Postings;
use tantivy::schema::IndexRecordOption;
use tantivy::{Score, SegmentOrdinal};

use crate::error::Result;
use crate::query::plan::{Atom, Bm25};
use crate::search::rank::Parts;
use crate::search::rank::pool::Pool;

/// What a pair of words next to each other counts, beside what the rarer of them counts alone.
const WEIGHT: Score = 0.2;
/// Words further apart than this are not near.
const WINDOW: u32 = 8;
/// In a query longer than this the place of a word in it says little, and reading positions costs much.
const MOST_WORDS: usize = 6;

/// Adds what nearness is worth.
pub(super) fn near(pool: &Pool<'_>, parts: &mut [Parts]) -> Result<()> {
    let words = pool.lone_words();
    if !(2..=MOST_WORDS).contains(&words.len()) {
        return Ok(());
    }
    let mut bm25 = Vec::with_capacity(words.len());
    for word in &words {
        let mut holders = 0;
        for term in word.slots[0].terms.iter().take(16) {
            holders += pool.holders(&term.term)?;
        }
        bm25.push(pool.idf(holders) * word.boost);
    }
    let text = pool.search.store.fields.text;
    let plain = pool.search.lexicon.bm25(text)?;
    let weight = |pair: &[Score]| plain.weighing(WEIGHT * pair[0].min(pair[1]), 1.0);
    let pairs: Vec<Bm25> = bm25.windows(2).map(weight).collect();
    for (segment, range) in pool.segments() {
        let reader = pool.search.searcher.segment_reader(segment);
        let mut positions = vec![vec![Vec::new(); range.len()]; words.len()];
        for (word, positions) in words.iter().zip(&mut positions) {
            read(pool, segment, word, range.clone(), positions)?;
        }
        let norms = reader.get_fieldnorms_reader(text).map_err(crate::search::execute::failed)?;
        for (offset, i) in range.enumerate() {
            let norm = norms.fieldnorm_id(pool.hit(i).address.doc_id);
            for (pair, bm25) in positions.windows(2).zip(&pairs) {
                let frequency = closeness(&pair[0][offset], &pair[1][offset]);
                if frequency > 0.0 {
                    parts[i].near += bm25.score(norm, frequency);
                }
            }
        }
    }
    Ok(())
}

/// Where a word stands in each candidate of a segment.
fn read(
    pool: &Pool<'_>,
    segment: SegmentOrdinal,
    word: &Atom,
    range: std::ops::Range<usize>,
    positions: &mut [Vec<u32>],
) -> Result<()> {
    let first = range.start;
    for term in &word.slots[0].terms {
        let option = IndexRecordOption::WithFreqsAndPositions;
        let Some(mut postings) = pool.find(&term.term)?.postings(segment, option)? else {
            continue;
        };
        pool.visit(&mut postings, range.clone(), |i, postings| {
            postings.append_positions_with_offset(0, &mut positions[i - first]);
        });
    }
    if word.slots[0].terms.len() > 1 {
        positions.iter_mut().for_each(|positions| positions.sort_unstable());
    }
    Ok(())
}

/// The sum, over all places of one word, of 1 by the distance to the nearest place of the other.
fn closeness(one: &[u32], other: &[u32]) -> Score {
    let mut sum = 0.0;
    let mut at = 0;
    for &position in one {
        while other.get(at + 1).is_some_and(|next| *next <= position) {
            at += 1;
        }
        let distances = other.iter().skip(at).take(2).map(|place| place.abs_diff(position));
        // A distance of 0 is one word that is both.
        match distances.filter(|distance| *distance > 0).min() {
            Some(distance) if distance <= WINDOW => sum += 1.0 / distance as Score,
            _ => {}
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::closeness;

    #[test]
    fn neighbours_count_most_and_far_words_nothing() {
        assert_eq!(closeness(&[5], &[6]), 1.0);
        assert_eq!(closeness(&[5], &[4]), 1.0);
        assert_eq!(closeness(&[5], &[9]), 0.25);
        assert_eq!(closeness(&[5], &[14]), 0.0);
        assert_eq!(closeness(&[1, 100], &[2, 50, 102]), 1.5);
        assert_eq!(closeness(&[], &[1]), 0.0);
        assert_eq!(closeness(&[7], &[7]), 0.0);
    }
}
