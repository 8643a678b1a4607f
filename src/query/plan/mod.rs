//! A query made ready to run on one index.
//!
//! In: the spanned AST of a [`Query`](crate::query::Query) and a view of the index. Out: a [`Plan`], whose text
//! clauses have become sequences of index terms, and the tantivy queries that it compiles to. The evidence runs the
//! same sequences over the stored text.

mod bm25;
mod build;
mod column;
mod compile;
pub(crate) mod expand;
mod filter;
mod gathered;
pub(crate) mod indicator;
pub(crate) mod positions;
mod sequence;
mod short;
mod union;
mod widen;
mod word;

pub(crate) use bm25::{Bm25, idf};
pub(crate) use build::{PlanSettings, plan};
pub(crate) use compile::{Compiler, DateMode};
pub(crate) use filter::{ActorNode, FilterNode};
pub(crate) use word::Stems;

use crate::index::short_names::Why;
use crate::query::alias::AliasSet;
use crate::query::ast::{Note, Span};
use crate::report::Section;

/// What a query asks of one index.
#[derive(Debug, Clone, Default)]
pub(crate) struct Plan {
    /// Every text clause; [`NodeKind::Atom`] points here.
    pub atoms: Vec<Atom>,
    /// What every hit meets: filters, phrases, negations.
    pub required: Vec<Node>,
    /// What a full match meets and a partial one may lack.
    pub optional: Vec<Node>,
    /// Clauses that no hit needs: function words, and what holds nothing to search for.
    pub idle: Vec<Idle>,
    /// Names of the query that reports may write otherwise.
    pub widened: Vec<Widened>,
    /// Clauses that look for a victim by the other form of its name, and why: indices into [`Plan::atoms`].
    pub short_names: Vec<(usize, Why)>,
    /// What is to be said of how the query was taken.
    pub notes: Vec<Note>,
}

/// A name in the query, with its other names as far as some report may hold them.
#[derive(Debug, Clone)]
pub(crate) struct Widened {
    /// Where it stands in the query.
    pub span: Span,
    pub set: AliasSet,
    /// Each name with the clause that it is looked for by, an index into [`Plan::atoms`].
    pub names: Vec<(String, usize)>,
}

/// A clause that takes no part in the search, and why.
#[derive(Debug, Clone)]
pub(crate) struct Idle {
    pub span: Span,
    pub reason: String,
}

/// One condition.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub kind: NodeKind,
    /// Where it stands in the query.
    pub span: Span,
}

#[derive(Debug, Clone)]
pub(crate) enum NodeKind {
    /// Index into [`Plan::atoms`].
    Atom(usize),
    Filter(FilterNode),
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    /// Every report.
    Every,
}

/// One text clause: words that stand in sequence.
#[derive(Debug, Clone)]
pub(crate) struct Atom {
    pub span: Span,
    /// The words, each as the index terms that it may stand as.
    pub slots: Vec<Slot>,
    /// Edits allowed to the sequence.
    pub slop: u32,
    /// Only in these sections; `None` for all.
    pub sections: Option<Vec<Section>>,
    /// Weight of its score.
    pub boost: f32,
}

/// One word of a sequence: any of these terms.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Slot {
    pub terms: Vec<SlotTerm>,
}

/// A term of the index with what an occurrence of it counts for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SlotTerm {
    pub term: String,
    /// 1 for an exact form, less for a distant one.
    pub weight: f32,
}

/// More forms than these are faster read one after the other.
const MOST_FORMS: usize = 8;

impl Atom {
    /// The terms of a clause of one word, wherever it stands, if they all count the same: its stems in several languages.
    pub fn forms(&self) -> Option<impl Iterator<Item = &str>> {
        let [Slot { terms }] = self.slots.as_slice() else { return None };
        let plain = self.sections.is_none()
            && (1..=MOST_FORMS).contains(&terms.len())
            && terms.iter().all(|term| term.weight == 1.0);
        plain.then(|| terms.iter().map(|term| term.term.as_str()))
    }
}

impl Slot {
    pub fn one(term: String) -> Self {
        Self { terms: vec![SlotTerm { term, weight: 1.0 }] }
    }
}

impl Plan {
    /// Every condition, required ones first.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.required.iter().chain(&self.optional)
    }

    /// The name that a text clause looks for in the stead of the one that was typed.
    pub fn other_name(&self, atom: usize) -> Option<(&AliasSet, &str)> {
        self.widened.iter().find_map(|widened| {
            let (name, _) = widened.names.iter().find(|(_, known)| *known == atom)?;
            Some((&widened.set, name.as_str()))
        })
    }

    /// Whether a text clause looks for what was typed, and not for another name of it.
    pub fn is_typed(&self, atom: usize) -> bool {
        self.other_name(atom).is_none() && self.short_names.iter().all(|(known, _)| *known != atom)
    }

    /// Whether a date filter takes part.
    pub fn has_date_filter(&self) -> bool {
        self.nodes().any(|node| {
            node.any(&|node| matches!(node.kind, NodeKind::Filter(FilterNode::Date { .. })))
        })
    }

    /// Whether a condition reads columns, and not postings.
    pub fn reads_columns(&self) -> bool {
        use FilterNode::{Count, Date};
        let reads = |node: &Node| matches!(node.kind, NodeKind::Filter(Date { .. } | Count(..)));
        self.nodes().any(|node| node.any(&reads))
    }

    /// Whether a report may match without matching all: there is something to lack, and something left to match.
    pub fn allows_partial(&self) -> bool {
        let choices = self.optional.len() + usize::from(self.has_required_text());
        !self.optional.is_empty() && choices > 1
    }

    /// Whether some text must match even in a partial hit.
    pub fn has_required_text(&self) -> bool {
        self.required.iter().any(|node| node.is_positive_text())
    }
}

impl Node {
    /// Whether `test` holds for this condition or one within it.
    pub fn any(&self, test: &dyn Fn(&Node) -> bool) -> bool {
        test(self)
            || match &self.kind {
                NodeKind::And(nodes) | NodeKind::Or(nodes) => nodes.iter().any(|n| n.any(test)),
                NodeKind::Not(node) => node.any(test),
                NodeKind::Atom(_) | NodeKind::Filter(_) | NodeKind::Every => false,
            }
    }

    /// The condition of a word, by where it stands in the query.
    pub fn word_at(&self, span: &Span) -> Option<&Node> {
        let children = match &self.kind {
            NodeKind::And(nodes) | NodeKind::Or(nodes) => nodes.as_slice(),
            NodeKind::Not(node) => std::slice::from_ref(&**node),
            NodeKind::Atom(_) | NodeKind::Filter(_) | NodeKind::Every => &[],
        };
        if self.span == *span && !matches!(self.kind, NodeKind::Not(_)) {
            return Some(self);
        }
        children.iter().find_map(|node| node.word_at(span))
    }

    /// Whether a report that meets it holds words that show it.
    fn is_positive_text(&self) -> bool {
        match &self.kind {
            NodeKind::Atom(_) => true,
            NodeKind::And(nodes) => nodes.iter().any(Node::is_positive_text),
            NodeKind::Or(nodes) => nodes.iter().all(Node::is_positive_text),
            NodeKind::Not(_) | NodeKind::Filter(_) | NodeKind::Every => false,
        }
    }
}
