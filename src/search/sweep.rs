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
enum Source {
    /// A word.
    Word(Rc<Located>, Bm25),
    /// Anything else.
    Other(Box<dyn Weight>),
}

/// Whether the conditions of a query can be swept: each of them, and no other, may be lacking.
pub(crate) fn applies(search: &Search<'_>) -> bool {
    let plan = &search.plan;
    plan.required.is_empty() && (2..=MOST).contains(&plan.optional.len())
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
        for (bit, source) in &sources {
            cursors.extend(Cursor::open(search, *bit, source, segment, reader)?);
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
    bit: u32,
    sources: &mut Vec<(u32, Source)>,
) -> Result<()> {
    let field = search.store.fields.text;
    match &node.kind {
        NodeKind::Or(nodes) => {
            nodes.iter().try_for_each(|node| push_sources(search, node, bit, sources))?;
        }
        NodeKind::Atom(atom) if search.plan.atoms[*atom].forms().is_some() => {
            let atom = &search.plan.atoms[*atom];
            for term in atom.forms().into_iter().flatten() {
                let located = search.lexicon.find(field, term)?;
                let bm25 = search.lexicon.scored(&located, atom.boost);
                sources.push((bit, Source::Word(located, bm25)));
            }
        }
        _ => {
            let query = search.compiler().alone(node, DateMode::Possible);
            let scoring = EnableScoring::enabled_from_searcher(search.searcher);
            sources.push((bit, Source::Other(query.weight(scoring).map_err(failed)?)));
        }
    }
    Ok(())
}

/// Where a source stands in one segment.
struct Cursor {
    bit: u32,
    postings: Postings,
}

enum Postings {
    Word { blocks: Box<BlockSegmentPostings>, at: usize, norms: FieldNormReader, bm25: Bm25 },
    Other(Box<dyn Scorer>),
}

impl Cursor {
    fn open(
        search: &Search<'_>,
        bit: u32,
        source: &Source,
        segment: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> Result<Option<Self>> {
        let postings = match source {
            Source::Word(located, bm25) => {
                let Some(blocks) = located.blocks(segment)? else { return Ok(None) };
                let norms = reader.get_fieldnorms_reader(search.store.fields.text);
                Postings::Word {
                    blocks: Box::new(blocks),
                    at: 0,
                    norms: norms.map_err(failed)?,
                    bm25: bm25.clone(),
                }
            }
            Source::Other(weight) => Postings::Other(weight.scorer(reader, 1.0).map_err(failed)?),
        };
        Ok(Some(Self { bit, postings }))
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
        let bit = self.bit;
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
                    window.add((doc - base) as usize, score, bit);
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
                    window.add((scorer.doc() - base) as usize, scorer.score(), bit);
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
    fn add(&mut self, at: usize, score: Score, bit: u32) {
        // Always within; a remainder spares the test.
        let at = at % WINDOW;
        self.scores[at] += score;
        self.met[at] |= bit;
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
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::index::document::{Analyzers, to_document};
    use crate::index::store::Store;
    use crate::query::Query;
    use crate::report::Report;
    use crate::search::collect::{Floor, Found, TopHits};
    use crate::search::results::{SearchOptions, Sort};

    /// Reports of words of which each next one is half as frequent, many of them equal, over several segments and more
    /// than one window; some are deleted.
    fn store() -> Store {
        let store = Store::in_memory().unwrap();
        let mut writer = store.index.writer_with_num_threads(1, 15_000_000).unwrap();
        let mut analyzers = Analyzers::new();
        let mut state = 1u64;
        for i in 0..6000 {
            let mut words = vec!["other"];
            for word in ["wiper", "worm", "stolen", "encrypted", "alpha", "beta", "gamma"] {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                if state >> 62 != 0 {
                    break;
                }
                words.push(word);
                words.extend((state >> 40 & 3 == 0).then_some(word));
            }
            let body = words.join(" ");
            let report = Report { id: format!("r{i}"), body, ..Report::default() };
            writer
                .add_document(to_document(&store.fields, &report, &mut analyzers).unwrap())
                .unwrap();
            if i % 2500 == 2499 {
                writer.commit().unwrap();
            }
        }
        for i in (0..6000).step_by(7) {
            let id = tantivy::Term::from_field_text(store.fields.id, &format!("r{i}"));
            writer.delete_term(id);
        }
        writer.commit().unwrap();
        store.reload().unwrap();
        store
    }

    #[test]
    fn a_sweep_finds_what_the_compiled_queries_find() {
        let store = store();
        let searcher = store.searcher();
        assert!(searcher.segment_readers().len() > 1);
        let options = SearchOptions::default();
        for text in [
            "wiper worm",
            "worm stolen gamma",
            "wiper (stolen OR beta) missing",
            "other wiper worm stolen encrypted",
            "alpha worm*^2 beta~",
            "wiper worm^3 (stolen OR gam*)",
        ] {
            let query = Query::parse(text).unwrap();
            let search = Search::new(&store, &searcher, &query, &options).unwrap();
            assert!(applies(&search), "{text}");
            for n in [1, 10, 100, 10_000] {
                let swept = sweep(&search, n, false).unwrap();
                let look = |query: &dyn tantivy::query::Query, n| {
                    let columns = &store.columns;
                    let (sort, floor) = (Sort::Relevance, Floor::default());
                    let top = TopHits { columns, n, sort, unordered: false, counting: true, floor };
                    searcher.search(query, &top).unwrap()
                };
                let compiler = search.compiler();
                let full = look(&*compiler.full(DateMode::Possible), n);
                assert_same(text, &swept.full, &full);
                let mut partial = look(&*compiler.some(DateMode::Possible), 10_000);
                let all = look(&*compiler.full(DateMode::Possible), 10_000);
                let is_full = |hit: &Found| all.hits.iter().any(|h| h.address == hit.address);
                partial.hits.retain(|hit| !is_full(hit));
                partial.hits.truncate(n);
                partial.total -= all.total;
                assert_same(text, &swept.partial, &partial);
                for (i, node) in search.plan.optional.iter().enumerate() {
                    let query = compiler.alone(node, DateMode::Possible);
                    for hit in swept.full.hits.iter().chain(&swept.partial.hits).take(20) {
                        let score =
                            crate::search::execute::score_of(&searcher, &*query, hit.address);
                        assert_eq!(hit.met >> i & 1 == 1, score.unwrap() > 0.0, "{text} {hit:?}");
                    }
                }
            }
        }
    }

    fn assert_same(text: &str, swept: &Top, expected: &Top) {
        assert_eq!(swept.total, expected.total, "{text}");
        // What equals what may differ by how the parts of a score are added up, and with it who stands at the cut.
        let addresses = |top: &Top| top.hits.iter().map(|hit| hit.address).collect::<BTreeSet<_>>();
        if swept.hits.len() == swept.total {
            assert_eq!(addresses(swept), addresses(expected), "{text}");
        }
        assert_eq!(swept.hits.len(), expected.hits.len(), "{text}");
        for (one, other) in swept.hits.iter().zip(&expected.hits) {
            assert!(
                (one.score - other.score).abs() <= one.score * 1e-5,
                "{text}: {one:?} {other:?}"
            );
        }
    }
}
