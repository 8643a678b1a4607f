//! The second look: the order of the best hits, by more than the frequency of their words.
//!
//! In: the first hits by BM25, full and partial. Out: the same hits, each with a final score and its [`Parts`], in a new
//! order. What is looked at, and why, is told in ARCHITECTURE.md; the constants are those that did best over all judged
//! sets together, and none of the parts is there that did not help.
//!
//! Only the order changes. Which reports are hits, and in which tier, is decided before; what only a second look finds
//! is never a hit.

mod facts;
mod feedback;
mod near;
mod pool;

use std::collections::HashMap;

use tantivy::Score;
use tantivy::query::Query as IndexQuery;
use tantivy::schema::Field;

use crate::error::Result;
use crate::index::terms::is_stem_term;
use crate::query::plan::{Atom, DateMode, Node, NodeKind};
use crate::search::collect::{Found, Ids};
use crate::search::execute::Search;
use crate::search::rank::pool::Pool;
use crate::search::results::{Ranking, Sort};

/// So many hits of each tier get a second look; those after them keep the order of BM25.
pub(crate) const POOL: usize = 100;

/// A word in the victim's name counts this much beside its score over the whole text, where it counts once.
const VICTIM_WEIGHT: Score = 0.3;
/// A word in the title.
const TITLE_WEIGHT: Score = 0.2;
/// How much a partial match loses with the words that it lacks: its score is multiplied with the share of the query's
/// weight that it covers, to this power. BM25 alone would put a report that repeats one word above one that has most.
const COVERAGE_POWER: Score = 0.3;

/// What a final score is made of.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Parts {
    /// BM25 over the whole text.
    pub words: Score,
    /// What is lost with the words that are missing; 0 or less.
    pub missing: Score,
    /// Words in the victim's name.
    pub victim: Score,
    /// Words in the title.
    pub title: Score,
    /// Words that stand close together.
    pub near: Score,
    /// A year or a country of the query that is the report's.
    pub facts: Score,
    /// Words that the best hits share.
    pub like: Score,
}

impl Parts {
    /// The final score.
    pub fn sum(&self) -> Score {
        self.words + self.missing + self.victim + self.title + self.near + self.facts + self.like
    }
}

/// What the second look found.
#[derive(Default)]
pub(crate) struct Ranked {
    pub full: Vec<(Found, Parts)>,
    pub partial: Vec<(Found, Parts)>,
    /// The words that the best hits share, most telling first.
    pub shared: Vec<String>,
    pub ids: Ids,
    /// Number of full matches.
    pub total: usize,
    /// Number of full and partial matches, if they were counted on the way.
    pub all: Option<usize>,
}

impl Ranked {
    /// Hits in the order in which they were collected.
    pub fn as_collected(full: Vec<Found>, partial: Vec<Found>) -> Self {
        let plain = |found: Found| {
            let parts = Parts { words: found.score, ..Parts::default() };
            (found, parts)
        };
        Self {
            full: full.into_iter().map(plain).collect(),
            partial: partial.into_iter().map(plain).collect(),
            ..Self::default()
        }
    }
}

/// The query by which the first look alone gives the final order: one word, whose names count at once, and that is no
/// year or country.
pub(crate) fn at_first_sight(search: &Search<'_>) -> Option<Box<dyn IndexQuery>> {
    let [atom] = search.plan.atoms.as_slice() else { return None };
    let plain =
        search.options.ranking == Ranking::Best && !facts::has_facts(&[search.typed(&atom.span)]);
    // What can't be read is for the search to complain about.
    let holds =
        |field, term: &str| search.lexicon.find(field, term).map_or(true, |term| term.holders > 0);
    plain.then(|| search.compiler().with_names(names_of(search), &holds)).flatten()
}

/// Hits of such a query, with the parts of their scores where these are wanted.
pub(crate) fn as_found(search: &Search<'_>, hits: Vec<Found>) -> Result<Ranked> {
    if !search.options.explain {
        return Ok(Ranked::as_collected(hits, Vec::new()));
    }
    let pool = Pool::new(search, hits.iter().map(|found| (0, found.clone())));
    let mut parts = vec![Parts::default(); pool.len()];
    names(&pool, &mut parts)?;
    let names: HashMap<_, _> =
        parts.iter().enumerate().map(|(i, parts)| (pool.hit(i).address, *parts)).collect();
    let parts_of = |found: &Found| {
        let names = names.get(&found.address).copied().unwrap_or_default();
        Parts { words: found.score - names.sum(), ..names }
    };
    let full = hits.iter().map(|found| (found.clone(), parts_of(found))).collect();
    Ok(Ranked { full, ..Ranked::default() })
}

/// Whether the order of one tier depends on the hits of the other: the best of both are read for what they share.
pub(crate) fn needs_both_tiers(search: &Search<'_>) -> bool {
    feedback::applies(search)
}

/// Puts the first hits of both tiers in their final order.
pub(crate) fn rank(
    search: &Search<'_>,
    full: Vec<Found>,
    partial: Vec<Found>,
    ids: &[&Ids; 2],
) -> Result<Ranked> {
    let mut candidates = Vec::with_capacity(full.len() + partial.len());
    let mut rest = [Vec::new(), Vec::new()];
    for (tier, hits) in [full, partial].into_iter().enumerate() {
        let mut hits = hits.into_iter();
        candidates.extend(hits.by_ref().take(POOL).map(|found| (tier, found)));
        rest[tier] = hits.collect();
    }
    let wanted = search.wanted();
    let newest = search.options.ranking == Ranking::Newest;
    // To tell the newest of the good hits, each of them has to be known to be good.
    let full = candidates.iter().filter(|(tier, _)| *tier == 0).count() + rest[0].len();
    let first = (!newest).then_some([wanted, wanted.saturating_sub(full)]);
    let mut pool = Pool::new(search, candidates);
    let mut parts = words(&pool)?;
    if search.options.ranking != Ranking::Exact {
        names(&pool, &mut parts)?;
        near::near(&pool, &mut parts)?;
        facts::facts(&pool, &mut parts)?;
    }
    let shared = feedback::feedback(&mut pool, &mut parts, ids[0], first)?;
    let mut ranked = Ranked { shared, ..Ranked::default() };
    let [rest_full, rest_partial] = rest;
    let [full, partial] = pool.tiers(&parts);
    ranked.full = ordered(full, rest_full, ids[0], newest, wanted);
    ranked.partial = ordered(partial, rest_partial, ids[1], newest, wanted);
    Ok(ranked)
}

/// A good match has at least this share of the best score of its tier.
const GOOD: Score = 0.5;

fn ordered(
    mut pool: Vec<(Found, Parts)>,
    rest: Vec<Found>,
    ids: &Ids,
    newest: bool,
    wanted: usize,
) -> Vec<(Found, Parts)> {
    let mut hits: Vec<Found> = pool.iter().map(|(found, _)| found.clone()).collect();
    ids.order(&mut hits, Sort::Relevance, 0..wanted);
    if newest {
        let good = hits.first().map_or(0.0, |best| best.score * GOOD);
        let end = hits.partition_point(|found| found.score >= good);
        ids.order(&mut hits[..end], Sort::Date, 0..wanted);
    }
    let mut ordered = Vec::with_capacity(hits.len() + rest.len());
    for found in hits {
        if let Some(at) = pool.iter().position(|(known, _)| known.address == found.address) {
            ordered.push(pool.swap_remove(at));
        }
    }
    // What had no second look stands below what had one, and its score says so.
    let mut least = ordered.iter().map(|(found, _)| found.score).fold(Score::MAX, Score::min);
    for mut found in rest {
        least = least.min(found.score);
        let words = found.score;
        found.score = least;
        ordered.push((found, Parts { words, missing: least - words, ..Parts::default() }));
    }
    ordered
}

/// BM25 over the whole text, and what is lost where words are missing.
fn words(pool: &Pool<'_>) -> Result<Vec<Parts>> {
    let search = pool.search;
    let compiler = search.compiler();
    let exact = search.options.ranking == Ranking::Exact;
    let mut parts = vec![Parts::default(); pool.len()];
    let is_known = !exact && (pool.is_full() || pool.knows_what_is_met());
    if is_known {
        // The first look has the sum already.
        for (i, parts) in parts.iter_mut().enumerate() {
            parts.words = pool.hit(i).score;
        }
    }
    if !exact && pool.is_full() {
        return Ok(parts);
    }
    let mut covered = vec![0.0; pool.len()];
    let mut all = 0.0;
    for (at, node) in search.plan.nodes().enumerate().filter(|(_, node)| is_text(node)) {
        let weight = pool.weight(node)?;
        all += weight;
        if is_known {
            let bit = 1u32.checked_shl(at as u32).unwrap_or_default();
            for (i, covered) in covered.iter_mut().enumerate() {
                *covered += if pool.hit(i).met & bit != 0 { weight } else { 0.0 };
            }
            continue;
        }
        let scores = pool.scores(&*compiler.alone(node, DateMode::Possible))?;
        let typed = if exact { pool.scores_as_typed(node)? } else { None };
        for (i, (score, parts)) in scores.into_iter().zip(&mut parts).enumerate() {
            if score > 0.0 {
                parts.words += score;
                covered[i] += match &typed {
                    // A word in another form than the one typed counts as if it were half missing.
                    Some(typed) if typed[i] == 0.0 => weight * 0.5,
                    _ => weight,
                };
            }
        }
    }
    let power = if exact { 4.0 } else { COVERAGE_POWER };
    if all > 0.0 {
        for (parts, covered) in parts.iter_mut().zip(covered) {
            let share = (covered / all).clamp(0.0, 1.0);
            parts.missing = parts.words * share.powf(power) - parts.words;
        }
    }
    Ok(parts)
}

/// What words are worth in the victim's name and in the title, beside what they are worth in the text as a whole.
fn names(pool: &Pool<'_>, parts: &mut [Parts]) -> Result<()> {
    let search = pool.search;
    for atom in pool.lone_words() {
        for term in atom.slots[0].terms.iter().filter(|term| is_stem_term(&term.term)) {
            for (i, (field, weight)) in names_of(search).into_iter().enumerate() {
                let located = search.lexicon.find(field, &term.term)?;
                let bm25 = search.lexicon.scored(&located, weight * atom.boost);
                pool.each_score(field, &located, &bm25, |hit, score| {
                    let parts = &mut parts[hit];
                    *[&mut parts.victim, &mut parts.title][i] += score;
                })?;
            }
        }
    }
    Ok(())
}

/// The fields of the victim's name and of the title, with what a word counts there.
fn names_of(search: &Search<'_>) -> [(Field, Score); 2] {
    let fields = &search.store.fields;
    [(fields.victim_stems, VICTIM_WEIGHT), (fields.title_stems, TITLE_WEIGHT)]
}

/// Whether the condition is met by words that a report holds.
fn is_text(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Atom(_) => true,
        NodeKind::And(nodes) | NodeKind::Or(nodes) => nodes.iter().any(is_text),
        NodeKind::Not(_) | NodeKind::Filter(_) | NodeKind::Every => false,
    }
}

/// A clause of one word, anywhere in the report.
fn is_lone_word(atom: &Atom) -> bool {
    atom.slots.len() == 1 && atom.sections.is_none()
}
