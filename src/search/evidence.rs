//! Which words of a report satisfied which clause.
//!
//! In: a plan and a report as it is stored. Out: for every text clause the spans of the report's own text that it
//! asked for. The report is analysed again just as it was for the index, and the same sequences are looked for with
//! the same rules: a span is marked if and only if the clause holds there.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::analysis::{TokenKind, analyze_sections};
use crate::date::Certainty;
use crate::index::document::PooledAnalyzers;
use crate::index::indicators::write_terms;
use crate::index::terms::{compound_term, may_be_compound, write_stem_term};
use crate::query::plan::positions::find;
use crate::query::plan::{FilterNode, Node, NodeKind, Plan};
use crate::report::{Report, Section};

/// A span of a section that shows a clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    pub section: Section,
    /// Bytes of the section's text.
    pub range: Range<usize>,
    /// Index into [`Plan::atoms`].
    pub atom: usize,
}

/// The marks of one report, by clause.
#[derive(Debug, Default)]
pub(crate) struct Evidence {
    /// In the order of the text; of one clause they never overlap.
    pub marks: Vec<Mark>,
    /// For each of [`Plan::atoms`], the number of places where it holds.
    pub places: Vec<usize>,
}

/// Finds the evidence of one plan in one report after the other.
pub(crate) struct Finder<'a> {
    plan: &'a Plan,
    /// Which slots of which clauses a term of the index stands for.
    wanted: FxHashMap<&'a str, Vec<(usize, usize)>>,
    analyzers: PooledAnalyzers,
    stem: String,
}

impl<'a> Finder<'a> {
    pub fn new(plan: &'a Plan, analyzers: PooledAnalyzers) -> Self {
        let mut wanted: FxHashMap<&str, Vec<(usize, usize)>> = FxHashMap::default();
        for (a, atom) in plan.atoms.iter().enumerate() {
            for (s, slot) in atom.slots.iter().enumerate() {
                for term in &slot.terms {
                    wanted.entry(&term.term).or_default().push((a, s));
                }
            }
        }
        Self { plan, wanted, analyzers, stem: String::new() }
    }

    /// The marks of every text clause that holds in `report`.
    pub fn find(&mut self, report: &Report) -> Evidence {
        let atoms = &self.plan.atoms;
        let mut slots: Vec<Vec<Vec<u32>>> =
            atoms.iter().map(|atom| vec![Vec::new(); atom.slots.len()]).collect();
        let mut words: Words = FxHashMap::default();
        let Self { wanted, stem, analyzers, .. } = self;
        let analyzer = analyzers.analyzers.of(report);
        let language = analyzer.language();
        analyze_sections(report, analyzer, |section, token| {
            let mut place = |term: &str| {
                for &(atom, slot) in wanted.get(term).into_iter().flatten() {
                    let inside = atoms[atom].sections.as_ref().is_none_or(|s| s.contains(&section));
                    let positions = &mut slots[atom][slot];
                    if inside && positions.last() != Some(&token.position) {
                        positions.push(token.position);
                        let range = token.range.clone();
                        words.insert((atom, slot, token.position), (section, range));
                    }
                }
            };
            match token.kind {
                TokenKind::Word => {
                    write_stem_term(stem, token.stem);
                    place(token.surface);
                    place(stem);
                    if may_be_compound(&token, language) {
                        place(&compound_term(token.stem));
                    }
                    if may_be_compound(&token, language) {
                        place(&compound_term(token.stem));
                    }
                }
                TokenKind::Indicator(kind) => write_terms(kind, token.surface, &mut place),
            }
        });
        let mut evidence = Evidence::default();
        for (a, (atom, slots)) in atoms.iter().zip(&slots).enumerate() {
            let places = find(slots, atom.slop);
            evidence.places.push(places.len());
            let mut spans: Vec<_> = places
                .iter()
                .flat_map(|place| spans(a, &place.positions, atom.slop == 0, &words))
                .collect();
            spans.sort_by_key(|(section, range)| (*section, range.start, range.end));
            spans.dedup();
            let marks = spans.into_iter().map(|(section, range)| Mark { section, range, atom: a });
            evidence.marks.extend(marks);
        }
        evidence.marks.sort_by_key(|mark| (mark.section, mark.range.start, mark.range.end));
        evidence
    }
}

/// Clause, word of it and position, with the bytes that stand there. An indicator and its first word share a position.
type Words = FxHashMap<(usize, usize, u32), (Section, Range<usize>)>;

/// A phrase is one span; of a near phrase, each of its words.
fn spans(
    atom: usize,
    positions: &[u32],
    whole: bool,
    words: &Words,
) -> Vec<(Section, Range<usize>)> {
    let word = |slot: usize| words.get(&(atom, slot, *positions.get(slot)?));
    let last = positions.len().saturating_sub(1);
    if whole && let (Some((section, from)), Some((_, to))) = (word(0), word(last)) {
        return vec![(*section, from.start..to.end)];
    }
    (0..positions.len()).filter_map(|slot| word(slot).cloned()).collect()
}

/// How far `report` meets a condition, given the evidence for its text clauses; `None` where it does not.
///
/// Only date filters leave room for doubt.
pub(crate) fn certainty(
    node: &Node,
    report: &Report,
    evidence: &Evidence,
    filter_holds: &dyn Fn(&FilterNode) -> bool,
) -> Option<Certainty> {
    let inner = |node: &Node| certainty(node, report, evidence, filter_holds);
    match &node.kind {
        NodeKind::Atom(atom) => (evidence.places[*atom] > 0).then_some(Certainty::Certain),
        NodeKind::Filter(FilterNode::Date { span, certain }) => {
            let found = span.certainty(report.date.as_ref()?)?;
            (!certain || found == Certainty::Certain).then_some(found)
        }
        NodeKind::Filter(filter) => filter_holds(filter).then_some(Certainty::Certain),
        NodeKind::And(nodes) => nodes
            .iter()
            .try_fold(Certainty::Certain, |least, node| Some(weaker(least, inner(node)?))),
        NodeKind::Or(nodes) => {
            let found = nodes.iter().filter_map(inner);
            found.reduce(|a, b| if a == Certainty::Certain { a } else { b })
        }
        NodeKind::Not(node) => inner(node).is_none().then_some(Certainty::Certain),
        NodeKind::Every => Some(Certainty::Certain),
    }
}

fn weaker(one: Certainty, other: Certainty) -> Certainty {
    if one == Certainty::Possible { one } else { other }
}
