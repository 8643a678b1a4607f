//! The hits that get a second look.
//!
//! In: hits of the first look. Out: for any query or term, what each of them has of it, read in the order in which the
//! index lies on the disk.

use std::ops::Range;
use std::rc::Rc;

use tantivy::postings::Postings;
use tantivy::query::{EnableScoring, Query as IndexQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, SegmentOrdinal};

use crate::analysis::{Analyzer, Language};
use crate::error::Result;
use crate::index::terms::is_stem_term;
use crate::query::plan::{Atom, Bm25, Node, NodeKind};
use crate::search::collect::{Found, surely_less};
use crate::search::execute::{Search, failed};
use crate::search::located::Located;
use crate::search::rank::{Parts, is_lone_word};

/// Hits, in the order of their addresses.
pub(super) struct Pool<'a> {
    pub search: &'a Search<'a>,
    candidates: Vec<Candidate>,
}

struct Candidate {
    tier: usize,
    found: Found,
    /// Whether it may still be shown.
    in_play: bool,
}

impl<'a> Pool<'a> {
    /// Of hits with the number of their tier.
    pub fn new(search: &'a Search<'a>, hits: impl IntoIterator<Item = (usize, Found)>) -> Self {
        let candidate = |(tier, found)| Candidate { tier, found, in_play: true };
        let mut candidates: Vec<_> = hits.into_iter().map(candidate).collect();
        candidates.sort_by_key(|candidate| candidate.found.address);
        Self { search, candidates }
    }

    pub fn len(&self) -> usize {
        self.candidates.len()
    }

    /// Whether all are full matches.
    pub fn is_full(&self) -> bool {
        self.candidates.iter().all(|candidate| candidate.tier == 0)
    }

    /// Whether the first look told which conditions each of them meets.
    pub fn knows_what_is_met(&self) -> bool {
        self.candidates.iter().all(|candidate| candidate.found.met != 0)
    }

    pub fn hit(&self, i: usize) -> &Found {
        &self.candidates[i].found
    }

    /// The hits of both tiers with their final scores.
    pub fn tiers(self, parts: &[Parts]) -> [Vec<(Found, Parts)>; 2] {
        let mut tiers = [Vec::new(), Vec::new()];
        for (Candidate { tier, mut found, .. }, parts) in self.candidates.into_iter().zip(parts) {
            found.score = parts.sum();
            tiers[tier].push((found, *parts));
        }
        tiers
    }

    /// Takes out of play what can't be among the first hits of its tier, so many of each, if none can gain more than
    /// `most`: it is looked at no more, and keeps the score that it has.
    pub fn narrow(&mut self, parts: &[Parts], first: [usize; 2], most: Score) {
        for (tier, first) in first.into_iter().enumerate() {
            let in_play = |candidate: &Candidate| candidate.in_play && candidate.tier == tier;
            let sums =
                self.candidates.iter().zip(parts).filter(|(candidate, _)| in_play(candidate));
            let mut sums: Vec<Score> = sums.map(|(_, parts)| parts.sum()).collect();
            let least = match first.checked_sub(1) {
                None => Score::MAX,
                Some(last) if last < sums.len() => {
                    *sums.select_nth_unstable_by(last, |a, b| b.total_cmp(a)).1
                }
                Some(_) => continue,
            };
            for (candidate, parts) in self.candidates.iter_mut().zip(parts) {
                if in_play(candidate) && parts.sum() + most < surely_less(least) {
                    candidate.in_play = false;
                }
            }
        }
    }

    /// Each segment that holds candidates, with which these are.
    pub fn segments(&self) -> impl Iterator<Item = (SegmentOrdinal, Range<usize>)> {
        let mut start = 0;
        let segments = self
            .candidates
            .chunk_by(|a, b| a.found.address.segment_ord == b.found.address.segment_ord);
        segments.map(move |chunk| {
            let range = start..start + chunk.len();
            start = range.end;
            (chunk[0].found.address.segment_ord, range)
        })
    }

    /// Calls `each` with the number and the document of every candidate in `range` that `docs` holds.
    pub fn visit<D: DocSet + ?Sized>(
        &self,
        docs: &mut D,
        range: Range<usize>,
        mut each: impl FnMut(usize, &mut D),
    ) {
        for i in range {
            if !self.candidates[i].in_play {
                continue;
            }
            let wanted: DocId = self.candidates[i].found.address.doc_id;
            if docs.doc() < wanted {
                docs.seek(wanted);
            }
            if docs.doc() == wanted {
                each(i, docs);
            }
        }
    }

    /// What `query` gives to each candidate; 0 where it does not match.
    pub fn scores(&self, query: &dyn IndexQuery) -> Result<Vec<Score>> {
        let mut scores = vec![0.0; self.len()];
        let scoring = EnableScoring::enabled_from_searcher(self.search.searcher);
        let weight = query.weight(scoring).map_err(failed)?;
        for (segment, range) in self.segments() {
            let reader = self.search.searcher.segment_reader(segment);
            let mut scorer = weight.scorer(reader, 1.0).map_err(failed)?;
            self.visit(&mut *scorer, range, |i, scorer| scores[i] = scorer.score());
        }
        Ok(scores)
    }

    /// The same for the words of a condition in the very form in which they were typed; `None` where it has no words.
    pub fn scores_as_typed(&self, node: &Node) -> Result<Option<Vec<Score>>> {
        let mut scores = vec![0.0; self.len()];
        let mut forms = Vec::new();
        self.typed_forms(node, &mut forms);
        if forms.is_empty() {
            return Ok(None);
        }
        for form in forms {
            let term = self.find(&form)?;
            let bm25 = self.search.lexicon.scored(&term, 1.0);
            let text = self.search.store.fields.text;
            self.each_score(text, &term, &bm25, |i, score| scores[i] += score)?;
        }
        Ok(Some(scores))
    }

    fn typed_forms(&self, node: &Node, forms: &mut Vec<String>) {
        match &node.kind {
            NodeKind::Atom(atom) if !self.search.plan.is_typed(*atom) => {}
            // What is no word, a wildcard or an indicator, has no other form than the one typed.
            NodeKind::Atom(atom) if self.is_word(*atom) => {
                let typed = self.search.typed(&self.search.plan.atoms[*atom].span);
                let words = Analyzer::new(Language::English).forms(typed);
                forms.extend(words.into_iter().map(|token| token.surface));
            }
            NodeKind::And(nodes) | NodeKind::Or(nodes) => {
                nodes.iter().for_each(|node| self.typed_forms(node, forms));
            }
            NodeKind::Atom(_) | NodeKind::Not(_) | NodeKind::Filter(_) | NodeKind::Every => {}
        }
    }

    fn is_word(&self, atom: usize) -> bool {
        let terms = self.search.plan.atoms[atom].slots.iter().flat_map(|slot| &slot.terms);
        terms.into_iter().all(|term| is_stem_term(&term.term))
    }

    /// Calls `each` with the number of every candidate that holds a term in a field, and its score for that.
    pub fn each_score(
        &self,
        field: Field,
        term: &Located,
        bm25: &Bm25,
        mut each: impl FnMut(usize, Score),
    ) -> Result<()> {
        for (segment, range) in self.segments() {
            let postings = term.postings(segment, IndexRecordOption::WithFreqs)?;
            let Some(mut postings) = postings else { continue };
            let reader = self.search.searcher.segment_reader(segment);
            let norms = reader.get_fieldnorms_reader(field).map_err(failed)?;
            self.visit(&mut postings, range, |i, postings| {
                let norm = norms.fieldnorm_id(self.hit(i).address.doc_id);
                each(i, bm25.score(norm, postings.term_freq() as Score));
            });
        }
        Ok(())
    }

    /// The clauses of one word that a hit is wanted for, in the order of the query; not those that look for another name
    /// of what was typed, which stand in no order.
    pub fn lone_words(&self) -> Vec<&Atom> {
        let plan = &self.search.plan;
        let mut found = Vec::new();
        for node in plan.nodes() {
            collect_atoms(node, &mut found);
        }
        found.retain(|atom| plan.is_typed(*atom));
        let mut atoms: Vec<&Atom> = found.into_iter().map(|atom| &plan.atoms[atom]).collect();
        atoms.retain(|atom| is_lone_word(atom));
        // Other names of a word stand where it does, after it.
        atoms.sort_by_key(|atom| atom.span.start);
        atoms.dedup_by_key(|atom| atom.span.start);
        atoms
    }

    /// How much a condition tells: the idf of its words.
    pub fn weight(&self, node: &Node) -> Result<Score> {
        let plan = &self.search.plan;
        Ok(match &node.kind {
            // Another name is worth what the one is that was typed.
            NodeKind::Atom(atom) if !plan.is_typed(*atom) => 0.0,
            NodeKind::Atom(atom) => {
                let mut weight = 0.0;
                for slot in &plan.atoms[*atom].slots {
                    let mut reports = 0;
                    // The first terms tell enough of a pattern.
                    for term in slot.terms.iter().take(16) {
                        reports += self.holders(&term.term)?;
                    }
                    weight += self.idf(reports);
                }
                weight
            }
            NodeKind::And(nodes) => {
                nodes.iter().try_fold(0.0, |sum, node| Ok(sum + self.weight(node)?))?
            }
            NodeKind::Or(nodes) => {
                nodes.iter().try_fold(0.0, |most: Score, node| Ok(most.max(self.weight(node)?)))?
            }
            NodeKind::Not(_) | NodeKind::Filter(_) | NodeKind::Every => 0.0,
        })
    }

    /// Reports that hold a term.
    pub fn holders(&self, term: &str) -> Result<u64> {
        Ok(self.find(term)?.holders)
    }

    /// A term of the text.
    pub fn find(&self, term: &str) -> Result<Rc<Located>> {
        self.search.lexicon.find(self.search.store.fields.text, term)
    }

    pub fn idf(&self, holders: u64) -> Score {
        self.search.lexicon.idf(holders)
    }
}

fn collect_atoms(node: &Node, found: &mut Vec<usize>) {
    match &node.kind {
        NodeKind::Atom(atom) => found.push(*atom),
        NodeKind::And(nodes) | NodeKind::Or(nodes) => {
            nodes.iter().for_each(|node| collect_atoms(node, found));
        }
        NodeKind::Not(_) | NodeKind::Filter(_) | NodeKind::Every => {}
    }
}
