//! From a plan to the tantivy queries that answer it.
//!
//! In: a [`Plan`]. Out: the query for full matches, for partial ones, for each condition alone.

use tantivy::Score;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, Occur, Query, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption, Term};

use crate::index::schema::Fields;
use crate::index::sequences::SequenceMemo;
use crate::index::terms::is_stem_term;
use crate::query::ast::MissingField;
use crate::query::plan::filter::FilterNode;
use crate::query::plan::sequence::SequenceQuery;
use crate::query::plan::{Node, NodeKind, Plan};

/// How date filters are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DateMode {
    /// What may meet them.
    Possible,
    /// What surely meets them.
    Certain,
    /// Reports without a date in their stead.
    Undated,
}

type Clauses = Vec<(Occur, Box<dyn Query>)>;

/// Compiles the conditions of one plan.
pub(crate) struct Compiler<'a> {
    pub fields: &'a Fields,
    pub plan: &'a Plan,
    /// Where other names are found again.
    pub memo: &'a SequenceMemo,
}

impl Compiler<'_> {
    /// Reports that meet every condition.
    pub fn full(&self, mode: DateMode) -> Box<dyn Query> {
        let mut clauses = Clauses::new();
        for node in self.plan.nodes() {
            self.push(&mut clauses, Occur::Must, node, mode);
        }
        finish(clauses)
    }

    /// Whether tantivy ranks [`full`](Self::full) without a look at every report that matches: it passes over those that
    /// can't be among the best, in postings of single words only.
    pub fn full_is_pruned(&self) -> bool {
        let forms = |node: &Node| match node.kind {
            NodeKind::Atom(atom) => self.plan.atoms[atom].forms().map(Iterator::count),
            _ => None,
        };
        let mut nodes = self.plan.nodes();
        match (nodes.next(), nodes.next()) {
            (Some(only), None) => forms(only).is_some(),
            _ => self.plan.nodes().all(|node| forms(node) == Some(1)),
        }
    }

    /// The query of one word and nothing else, with what it counts for in the victim's name and in the title: reports
    /// are then in their final order at first sight. `None` for any other query. Fields that don't hold the word are left
    /// out: a term alone is found faster than one among others.
    pub fn with_names(
        &self,
        names: [(Field, Score); 2],
        holds: &dyn Fn(Field, &str) -> bool,
    ) -> Option<Box<dyn Query>> {
        let mut nodes = self.plan.nodes();
        let (Some(Node { kind: NodeKind::Atom(atom), .. }), None) = (nodes.next(), nodes.next())
        else {
            return None;
        };
        let atom = &self.plan.atoms[*atom];
        let mut any = Clauses::new();
        for term in atom.forms()? {
            any.push((Occur::Should, self.word(term, atom.boost)));
            if is_stem_term(term) {
                let names = names.iter().filter(|(field, _)| holds(*field, term));
                any.extend(names.map(|(field, weight)| {
                    (Occur::Should, word_in(*field, term, weight * atom.boost))
                }));
            }
        }
        Some(boolean(any))
    }

    /// Reports without a date that would match if they had one that meets the date filters.
    pub fn undated(&self) -> Box<dyn Query> {
        Box::new(BooleanQuery::new(vec![
            (Occur::Must, self.full(DateMode::Undated)),
            (
                Occur::Must,
                FilterNode::Missing(MissingField::Date).query(self.fields, DateMode::Possible),
            ),
            (Occur::MustNot, self.full(DateMode::Possible)),
        ]))
    }

    /// Reports that meet every required condition and some of the others, or all.
    pub fn some(&self, mode: DateMode) -> Box<dyn Query> {
        let mut clauses = Clauses::new();
        for node in &self.plan.required {
            self.push(&mut clauses, Occur::Must, node, mode);
        }
        let mut some = Clauses::new();
        for node in &self.plan.optional {
            self.push(&mut some, Occur::Should, node, mode);
        }
        if clauses.is_empty() {
            // Words alone: the plain case, in which tantivy passes over what can't be among the best.
            clauses = some;
        } else if self.plan.has_required_text() {
            clauses.append(&mut some);
        } else {
            clauses.push((Occur::Must, Box::new(BooleanQuery::new(some))));
        }
        boolean(clauses)
    }

    /// Reports that meet `node`, whatever else the query asks.
    pub fn alone(&self, node: &Node, mode: DateMode) -> Box<dyn Query> {
        let mut clauses = Clauses::new();
        self.push(&mut clauses, Occur::Must, node, mode);
        finish(clauses)
    }

    /// Adds the clause of `node`.
    fn push(&self, clauses: &mut Clauses, occur: Occur, node: &Node, mode: DateMode) {
        match &node.kind {
            NodeKind::Atom(atom) => {
                let number = *atom;
                let atom = &self.plan.atoms[number];
                match (occur, atom.forms()) {
                    // Words alone stay one flat choice, of which tantivy passes over what can't be among the best.
                    (Occur::Should, Some(forms)) => {
                        clauses.extend(forms.map(|term| (occur, self.word(term, atom.boost))));
                    }
                    _ => clauses.push((occur, self.atom(number))),
                }
            }
            NodeKind::Filter(filter) => clauses.push((occur, filter.query(self.fields, mode))),
            // Under a negation a date filter stands as written, whatever the mode: what may fall in a span is
            // excluded, so that the rest is certain.
            NodeKind::Not(node) => match occur {
                Occur::Must => clauses.push((Occur::MustNot, self.alone(node, DateMode::Possible))),
                _ => {
                    let not = vec![(Occur::MustNot, self.alone(node, DateMode::Possible))];
                    clauses.push((occur, finish(not)));
                }
            },
            NodeKind::And(nodes) if occur == Occur::Must => {
                for node in nodes {
                    self.push(clauses, Occur::Must, node, mode);
                }
            }
            NodeKind::And(nodes) => {
                let mut all = Clauses::new();
                for node in nodes {
                    self.push(&mut all, Occur::Must, node, mode);
                }
                clauses.push((occur, finish(all)));
            }
            NodeKind::Or(nodes) => {
                let mut any = Clauses::new();
                for node in nodes {
                    self.push(&mut any, Occur::Should, node, mode);
                }
                clauses.push((occur, Box::new(BooleanQuery::new(any))));
            }
            NodeKind::Every => clauses.push((occur, every())),
        }
    }

    fn atom(&self, number: usize) -> Box<dyn Query> {
        let atom = &self.plan.atoms[number];
        if let Some(forms) = atom.forms() {
            let words = forms.map(|term| (Occur::Should, self.word(term, atom.boost)));
            return boolean(words.collect());
        }
        if atom.slots.iter().any(|slot| slot.terms.is_empty()) {
            return Box::new(EmptyQuery);
        }
        let memo = self.plan.other_name(number).map(|_| self.memo.clone());
        Box::new(SequenceQuery::new(self.fields.text, atom, memo))
    }

    fn word(&self, term: &str, boost: f32) -> Box<dyn Query> {
        word_in(self.fields.text, term, boost)
    }
}

fn word_in(field: Field, term: &str, boost: Score) -> Box<dyn Query> {
    let term = Term::from_field_text(field, term);
    boosted(Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)), boost)
}

fn boosted(query: Box<dyn Query>, boost: Score) -> Box<dyn Query> {
    if boost == 1.0 { query } else { Box::new(BoostQuery::new(query, boost)) }
}

fn every() -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(Box::new(AllQuery), 0.0))
}

/// A boolean query that means what it says: tantivy finds nothing where there are only negations, and everything
/// that scores where nothing is required.
fn finish(mut clauses: Clauses) -> Box<dyn Query> {
    if clauses.iter().all(|(occur, _)| *occur != Occur::Must) {
        clauses.push((Occur::Must, every()));
    }
    boolean(clauses)
}

/// A boolean query, or the only clause of it: bare, tantivy counts and ranks a word without a look at each report.
fn boolean(mut clauses: Clauses) -> Box<dyn Query> {
    match clauses.pop() {
        Some((Occur::Must | Occur::Should, only)) if clauses.is_empty() => only,
        last => Box::new(BooleanQuery::new(clauses.into_iter().chain(last).collect())),
    }
}
