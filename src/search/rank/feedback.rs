//! Words that the best hits share.
//!
//! In: the pool with its scores so far. Out: for every hit, a score for the words that tell the best hits from other
//! reports: pseudo-relevance feedback (Rocchio 1971; Lavrenko and Croft, "Relevance-based language models", SIGIR 2001),
//! which finds other accounts of the same incident by the names that the first account gives.
//!
//! A query of a word or two says too little to trust what it finds first, and a phrase or an indicator says exactly
//! what is meant: there the order is left alone.

use std::rc::Rc;

use rustc_hash::FxHashMap;
use tantivy::Score;

use crate::analysis::{Analyzer, TokenKind, is_function_word};
use crate::error::Result;
use crate::index::indicators::WIDE;
use crate::index::terms::stem_term;
use crate::query::plan::NodeKind;
use crate::report::{Report, Section};
use crate::search::collect::{Found, Ids};
use crate::search::execute::Search;
use crate::search::located::Located;
use crate::search::rank::Parts;
use crate::search::rank::pool::Pool;
use crate::search::results::{Ranking, Sort};

/// With fewer words than this, a query is left as it is.
const LEAST_WORDS: usize = 3;
/// At most so many of the best hits are read.
const REPORTS: usize = 5;
/// A hit counts with the share of the best score that it has, to this power …
const STEEPNESS: i32 = 4;
/// … and not at all below this: where one hit stands out, it alone is read.
const LEAST_TRUST: Score = 0.15;
/// So many bytes of a report are read: what it is about stands at its beginning.
const BYTES: usize = 600;
/// Of the words found, the most frequent are looked up in the index …
const LOOKED_UP: usize = 60;
/// … and the most telling are used.
const USED: usize = 24;
/// After every so many words, hits that can't be among the first any more are left alone.
const NARROWED: usize = 3;
/// What the words found weigh together, beside the words of the query.
const WEIGHT: Score = 0.8;

/// A word that the best hits share.
struct Shared {
    /// As it was met first.
    surface: String,
    stem: String,
    /// Where it stands in the index.
    term: Rc<Located>,
    weight: Score,
    idf: Score,
}

/// Adds what likeness to the best hits is worth: all of it to those that stand among the `first` of their tier, so many
/// of each, in the end, and perhaps less to the others. Gives the words that make it, most telling first.
pub(super) fn feedback(
    pool: &mut Pool<'_>,
    parts: &mut [Parts],
    ids: &Ids,
    first: Option<[usize; 2]>,
) -> Result<Vec<String>> {
    let search = pool.search;
    if !applies(search) {
        return Ok(Vec::new());
    }
    let mut mass = 0.0;
    for node in search.plan.nodes() {
        mass += pool.weight(node)?;
    }
    let text = search.store.fields.text;
    let plain = search.lexicon.bm25(text)?;
    let mean = search.lexicon.mean_length(text)?;
    let mut shared = shared_words(pool, parts, ids, mean / 2.0)?;
    let Some(most) = shared.first().map(|word| word.weight) else { return Ok(Vec::new()) };
    let all: Score = shared.iter().map(|word| word.weight / most * word.idf).sum();
    for word in &mut shared {
        word.weight *= WEIGHT * mass / (most * all.max(Score::MIN_POSITIVE));
    }
    let weigh = |word: &Shared| plain.weighing(word.weight * word.idf, 1.0);
    let mut words: Vec<_> = shared.iter().map(|word| (weigh(word), word)).collect();
    words.sort_by(|(a, _), (b, _)| b.weight.total_cmp(&a.weight));
    let mut left: Score = words.iter().map(|(bm25, _)| bm25.weight).sum();
    for (i, (bm25, word)) in words.iter().enumerate() {
        if let Some(first) = first.filter(|_| i % NARROWED == 0) {
            pool.narrow(parts, first, left);
        }
        pool.each_score(text, &word.term, bm25, |i, score| parts[i].like += score)?;
        left -= bm25.weight;
    }
    Ok(shared.into_iter().map(|word| word.surface).collect())
}

/// Whether the order depends on what the best hits share: the query is words alone, and enough of them.
pub(super) fn applies(search: &Search<'_>) -> bool {
    let plan = &search.plan;
    let is_filter = |kind: &NodeKind| matches!(kind, NodeKind::Filter(_) | NodeKind::Not(_));
    let mut terms = plan.atoms.iter().flat_map(|atom| &atom.slots).flat_map(|slot| &slot.terms);
    search.options.ranking != Ranking::Exact
        && plan.required.iter().all(|node| is_filter(&node.kind))
        && plan.optional.len() >= LEAST_WORDS
        && !terms.any(|term| term.term.starts_with(WIDE))
}

/// The words that tell the best hits from other reports, most telling first. `mean` is the length of a report in words.
fn shared_words(pool: &Pool<'_>, parts: &[Parts], ids: &Ids, mean: Score) -> Result<Vec<Shared>> {
    let scored = |i: usize| pool.hit(i).clone().with_score(parts[i].sum());
    let mut best: Vec<Found> = (0..pool.len()).map(scored).collect();
    ids.order(&mut best, Sort::Relevance, 0..REPORTS);
    let most = best.first().map_or(0.0, |found| found.score);
    let mut words = Words::default();
    let mut analyzers = pool.search.store.analyzers.take();
    for found in best.into_iter().take(REPORTS) {
        let trust = (found.score / most).powi(STEEPNESS);
        if trust.is_nan() || trust < LEAST_TRUST {
            break;
        }
        let report = pool.search.report(found.address)?;
        words.add(&report, analyzers.analyzers.of(&report), trust, mean);
    }
    let mut shared = Vec::with_capacity(LOOKED_UP);
    for word in words.most_frequent(LOOKED_UP) {
        let term = pool.find(&stem_term(&word.stem))?;
        // A word of one report alone can't lead to another.
        if term.holders > 1 {
            let idf = pool.idf(term.holders);
            let Word { stem, surface, weight, .. } = word;
            shared.push(Shared { surface, stem, term, weight: weight * idf, idf });
        }
    }
    shared.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.stem.cmp(&b.stem)));
    shared.truncate(USED);
    Ok(shared)
}

/// Words of the best hits.
#[derive(Default)]
struct Words {
    words: Vec<Word>,
    by_stem: FxHashMap<String, usize>,
}

#[derive(Default)]
struct Word {
    stem: String,
    /// As it was met first.
    surface: String,
    /// How often it stands in the report that is read.
    count: u32,
    /// How frequent it is over all reports, each by its trust.
    weight: Score,
}

impl Words {
    /// Adds the words at the beginning of a report, each by its BM25 frequency there.
    fn add(&mut self, report: &Report, analyzer: &mut Analyzer, trust: Score, mean: Score) {
        let mut length = 0;
        let mut met = Vec::new();
        let mut left = BYTES;
        for section in [Section::Victim, Section::Title, Section::Summary, Section::Body] {
            let text = report.section(section);
            let mut end = left.min(text.len());
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            left -= end;
            analyzer.analyze(&text[..end], |token| {
                if token.kind != TokenKind::Word {
                    return;
                }
                length += 1;
                if token.surface.len() < 2 || is_function_word(token.surface) {
                    return;
                }
                let at = self.at(token.stem, token.surface);
                if self.words[at].count == 0 {
                    met.push(at);
                }
                self.words[at].count += 1;
            });
        }
        let norm = 1.2 * (0.25 + 0.75 * length as Score / mean.max(1.0));
        for at in met {
            let word = &mut self.words[at];
            let count = std::mem::take(&mut word.count) as Score;
            word.weight += trust * (count / (count + norm));
        }
    }

    fn at(&mut self, stem: &str, surface: &str) -> usize {
        if let Some(&at) = self.by_stem.get(stem) {
            return at;
        }
        let at = self.words.len();
        let (stem, surface) = (stem.to_owned(), surface.to_owned());
        self.by_stem.insert(stem.clone(), at);
        self.words.push(Word { stem, surface, ..Word::default() });
        at
    }

    fn most_frequent(self, n: usize) -> Vec<Word> {
        let mut words = self.words;
        let order =
            |a: &Word, b: &Word| b.weight.total_cmp(&a.weight).then_with(|| a.stem.cmp(&b.stem));
        if words.len() > n {
            words.select_nth_unstable_by(n, order);
            words.truncate(n);
        }
        words
    }
}
