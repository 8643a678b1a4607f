//! The first look at a query of words: all their postings, each read once.
//!
//! In: a plan whose conditions may all be lacking. Out: the best full and the best partial matches, how many there are
//! of each, and which conditions each of them meets. Reports are taken a few thousand at a time, in which every
//! condition adds its scores, one condition after the other ("term at a time"): that has no branches and no heaps, and
//! one pass gives what would else take one for full matches, one for partial ones, one to count each, and one for each
//! condition to tell which reports lack it. Passing over what can't be among the best (Broder and others, "Efficient
//! query evaluation using a two-level retrieval process", CIKM 2003) gains less than that, because totals are exact.

use std::rc::Rc;

use tantivy::fastfield::AliveBitSet;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::BlockSegmentPostings;
use tantivy::query::{EnableScoring, Scorer, Weight};
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader, TERMINATED};

use crate::error::Result;
use crate::query::plan::{Bm25, DateMode, Node, NodeKind};
use crate::search::best::Best;
use crate::search::collect::Top;
use crate::search::execute::{Search, failed};
use crate::search::located::Located;

/// Reports that are scored together: their scores stay in the nearest cache.
const WINDOW: usize = 2048;
/// Conditions that one look tells apart.
const MOST: usize = 32;

/// What a sweep found.
pub(crate) struct Swept {
    /// `hits` and `total` of full matches.
    pub full: Top,
    /// Of partial matches, without the full ones.
    pub partial: Top,
}

/// Where scores come from.
struct Source {
    /// The conditions that it meets.
    bits: u32,
    postings: Lists,
    /// The clause of another name, an index into the plan's atoms. A name of several words is met for each of them by the
    /// same clause, which is read once …
    other_name: Option<usize>,
    /// … and counts so many times.
    times: Score,
}

enum Lists {
    /// Of a word.
    Word(Rc<Located>, Bm25),
    /// Of anything else.
    Other(Box<dyn Weight>),
}

/// Whether the conditions of a query can be swept: each of them, and no other, may be lacking. One word alone is left
/// to tantivy, which need not read all of its postings, but not one with other names.
pub(crate) fn applies(search: &Search<'_>) -> bool {
    let plan = &search.plan;
    plan.required.is_empty()
        && match plan.optional.as_slice() {
            [only] => matches!(only.kind, NodeKind::Or(_)),
            several => !search.options.strict && (2..=MOST).contains(&several.len()),
        }
}

/// The first `n` hits of each tier.
pub(crate) fn sweep(search: &Search<'_>, n: usize, unordered: bool) -> Result<Swept> {
    let mut sources = Vec::new();
    for (i, node) in search.plan.optional.iter().enumerate() {
        push_sources(search, node, 1 << i, &mut sources)?;
    }
    let all = u32::MAX >> (MOST - search.plan.optional.len());
    let [mut full, mut partial] = [(); 2].map(|()| Best::new(n));
    for (segment, reader) in (0..).zip(search.searcher.segment_readers()) {
        let columns = search.store.columns.of(reader).map_err(failed)?;
        full.begin(segment, &columns);
        partial.begin(segment, &columns);
        let mut cursors = Vec::new();
        for source in &sources {
            cursors.extend(Cursor::open(search, source, segment, reader)?);
        }
        read(cursors, reader.alive_bitset(), all, &mut full, &mut partial);
        full.end();
        partial.end();
    }
    Ok(Swept { full: full.top(unordered), partial: partial.top(unordered) })
}

fn push_sources(
    search: &Search<'_>,
    node: &Node,
    bits: u32,
    sources: &mut Vec<Source>,
) -> Result<()> {
    let source = |postings, other_name| Source { bits, postings, other_name, times: 1.0 };
    match &node.kind {
        NodeKind::Or(nodes) => {
            nodes.iter().try_for_each(|node| push_sources(search, node, bits, sources))?;
        }
        NodeKind::Atom(atom) if search.plan.atoms[*atom].forms().is_some() => {
            let atom = &search.plan.atoms[*atom];
            for term in atom.forms().into_iter().flatten() {
                let located = search.lexicon.find(search.store.fields.text, term)?;
                let bm25 = search.lexicon.scored(&located, atom.boost);
                sources.push(source(Lists::Word(located, bm25), None));
            }
        }
        kind => {
            let other_name = match kind {
                NodeKind::Atom(atom) => Some(*atom).filter(|atom| !search.plan.is_typed(*atom)),
                _ => None,
            };
            let known = |source: &&mut Source| source.other_name == other_name;
            if other_name.is_some()
                && let Some(source) = sources.iter_mut().find(known)
            {
                source.bits |= bits;
                source.times += 1.0;
                return Ok(());
            }
            let query = search.compiler().alone(node, DateMode::Possible);
            let scoring = EnableScoring::enabled_from_searcher(search.searcher);
            let lists = Lists::Other(query.weight(scoring).map_err(failed)?);
            sources.push(source(lists, other_name));
        }
    }
    Ok(())
}

/// Where a source stands in one segment.
struct Cursor {
    bits: u32,
    postings: Postings,
}

enum Postings {
    Word { blocks: Box<BlockSegmentPostings>, at: usize, norms: FieldNormReader, bm25: Bm25 },
    Other(Box<dyn Scorer>),
}

impl Cursor {
    fn open(
        search: &Search<'_>,
        source: &Source,
        segment: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> Result<Option<Self>> {
        let postings = match &source.postings {
            Lists::Word(located, bm25) => {
                let Some(blocks) = located.blocks(segment)? else { return Ok(None) };
                let norms = reader.get_fieldnorms_reader(search.store.fields.text);
                Postings::Word {
                    blocks: Box::new(blocks),
                    at: 0,
                    norms: norms.map_err(failed)?,
                    bm25: bm25.clone(),
                }
            }
            Lists::Other(weight) => {
                Postings::Other(weight.scorer(reader, source.times).map_err(failed)?)
            }
        };
        Ok(Some(Self { bits: source.bits, postings }))
    }

    fn doc(&self) -> DocId {
        match &self.postings {
            Postings::Word { blocks, at, .. } => {
                blocks.docs().get(*at).copied().unwrap_or(TERMINATED)
            }
            Postings::Other(scorer) => scorer.doc(),
        }
    }

    /// Adds the scores of the reports from `base` to `end`.
    fn read(&mut self, base: DocId, end: DocId, window: &mut Window) {
        let bits = self.bits;
        match &mut self.postings {
            Postings::Word { blocks, at, norms, bm25 } => loop {
                let docs = blocks.docs().get(*at..).unwrap_or_default();
                let freqs = blocks.freqs().get(*at..).unwrap_or_default();
                let inside = match docs.last() {
                    None => return,
                    Some(last) if *last < end => docs.len(),
                    Some(_) => docs.partition_point(|doc| *doc < end),
                };
                for (doc, freq) in docs[..inside].iter().zip(freqs) {
                    let score = bm25.score(norms.fieldnorm_id(*doc), *freq as Score);
                    window.add((doc - base) as usize, score, bits);
                }
                if inside < docs.len() {
                    *at += inside;
                    return;
                }
                blocks.advance();
                *at = 0;
            },
            Postings::Other(scorer) => {
                while scorer.doc() < end {
                    window.add((scorer.doc() - base) as usize, scorer.score(), bits);
                    scorer.advance();
                }
            }
        }
    }
}

/// Scores of the reports of a window, and the conditions that they meet.
struct Window {
    scores: [Score; WINDOW],
    met: [u32; WINDOW],
}

/// Reports that are looked at together for one that may be among the best.
const CHUNK: usize = 16;

impl Window {
    #[inline]
    fn add(&mut self, at: usize, score: Score, bits: u32) {
        // Always within; a remainder spares the test.
        let at = at % WINDOW;
        self.scores[at] += score;
        self.met[at] |= bits;
    }

    /// Takes out reports that are deleted.
    fn bury(&mut self, base: DocId, alive: &AliveBitSet) {
        for (doc, met) in (base..).zip(&mut self.met) {
            if *met != 0 && alive.is_deleted(doc) {
                *met = 0;
            }
        }
    }

    /// Number of reports that meet some condition, and of those that meet all. Without branches, as the next one: which
    /// words a report holds can't be foreseen.
    fn count(&self, all: u32) -> (u32, u32) {
        let some = self.met.iter().map(|met| u32::from(*met != 0)).sum();
        let full = self.met.iter().map(|met| u32::from(*met == all)).sum();
        (some, full)
    }

    /// Hands the reports that may be among the best to their tier.
    fn hand_over(&self, base: DocId, all: u32, full: &mut Best, partial: &mut Best) {
        let chunks = self.scores.chunks_exact(CHUNK).zip(self.met.chunks_exact(CHUNK));
        for (first, (scores, met)) in (base..).step_by(CHUNK).zip(chunks) {
            let (least_full, least_partial) = (full.least(), partial.least());
            let is_good = |score: Score, met: u32| {
                let least = if met == all { least_full } else { least_partial };
                (met != 0) & (score >= least)
            };
            let pairs = || scores.iter().copied().zip(met.iter().copied());
            if !pairs().fold(false, |any, (score, met)| any | is_good(score, met)) {
                continue;
            }
            for (doc, (score, met)) in (first..).zip(pairs()) {
                if is_good(score, met) {
                    let tier = if met == all { &mut *full } else { &mut *partial };
                    tier.collect(doc, score, met);
                }
            }
        }
    }
}

/// Reads all cursors of one segment to their ends.
fn read(
    mut cursors: Vec<Cursor>,
    alive: Option<&AliveBitSet>,
    all: u32,
    full: &mut Best,
    partial: &mut Best,
) {
    let mut window = Box::new(Window { scores: [0.0; WINDOW], met: [0; WINDOW] });
    loop {
        cursors.retain(|cursor| cursor.doc() != TERMINATED);
        let Some(base) = cursors.iter().map(Cursor::doc).min() else { return };
        let end = base.saturating_add(WINDOW as DocId);
        for cursor in &mut cursors {
            cursor.read(base, end, &mut window);
        }
        if let Some(alive) = alive {
            window.bury(base, alive);
        }
        let (some, whole) = window.count(all);
        full.count(whole);
        partial.count(some - whole);
        window.hand_over(base, all, full, partial);
        window.scores.fill(0.0);
        window.met.fill(0);
    }
}

#[cfg(test)]
mod tests;
