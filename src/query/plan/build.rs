//! From clauses to conditions on an index.
//!
//! In: the AST and a view of the index, whose dictionary says which words a wildcard, a fuzzy word or a regular
//! expression stands for. Out: the [`Plan`].

use tantivy::Searcher;

use crate::analysis::{Analyzer, Language, LegalForm, OwnedToken, is_function_word, legal_form};
use crate::date::Day;
use crate::error::{Diagnostic, Error, Result};
use crate::index::schema::Fields;
use crate::query::alias::Aliases;
use crate::query::ast::{Clause, ClauseKind, Phrase, Query, Span};
use crate::query::plan::expand::{self, Pattern};
use crate::query::plan::filter;
use crate::query::plan::indicator;
use crate::query::plan::widen::Runs;
use crate::query::plan::word::{Stems, is_unspaced, pieces};
use crate::query::plan::{Atom, Idle, Node, NodeKind, Plan, Slot, SlotTerm};
use crate::report::Section;

/// What a plan depends on beside the query.
pub(crate) struct PlanSettings<'a> {
    pub searcher: &'a Searcher,
    pub fields: &'a Fields,
    /// The day that relative dates count from.
    pub today: Option<Day>,
    /// What else words are called.
    pub aliases: &'a Aliases,
}

/// Plans `query`.
///
/// # Errors
///
/// Where a clause can't be answered by this index: a country that is none and that no report names, a relative date
/// without a day to count from, a regular expression that can't be read.
pub(crate) fn plan(query: &Query, settings: &PlanSettings<'_>) -> Result<Plan> {
    let mut planner = Planner {
        settings,
        query: query.text(),
        analyzer: Analyzer::new(Language::English),
        stems: Stems::new(settings.searcher, settings.fields)?,
        runs: Runs::default(),
        plan: Plan::default(),
    };
    let Some(root) = query.root() else { return Ok(planner.plan) };
    planner.runs = Runs::find(root, query.text(), settings.aliases, &mut planner.analyzer);
    planner.plan.notes.append(&mut planner.runs.notes);
    let clauses = match &root.kind {
        ClauseKind::All(clauses) if root.boost == 1.0 => clauses.as_slice(),
        _ => std::slice::from_ref(root),
    };
    let lone =
        clauses.iter().all(|clause| planner.is_function_word(clause) || is_condition(clause));
    for (at, clause) in clauses.iter().enumerate() {
        if let Some(reason) = planner.idle(clauses, at, None).filter(|_| !lone) {
            planner.plan.idle.push(Idle { span: clause.span.clone(), reason: reason.to_owned() });
            continue;
        }
        let Some(node) = planner.node(clause, None, 1.0)? else { continue };
        if may_be_missing(clause) {
            match (&clause.kind, node.kind) {
                // A pasted run of words without blanks: a report may lack some of them.
                (ClauseKind::Word(_), NodeKind::And(pieces)) => {
                    planner.plan.optional.extend(pieces)
                }
                (_, kind) => planner.plan.optional.push(Node { kind, span: node.span }),
            }
        } else {
            planner.plan.required.push(node);
        }
    }
    Ok(planner.plan)
}

/// A clause that a partial match may lack: words, and choices between words.
fn may_be_missing(clause: &Clause) -> bool {
    match &clause.kind {
        ClauseKind::Word(_)
        | ClauseKind::Wildcard(_)
        | ClauseKind::Fuzzy { .. }
        | ClauseKind::Regex(_) => true,
        ClauseKind::Or(clauses) => clauses.iter().all(may_be_missing),
        _ => false,
    }
}

/// A clause that asks for no text.
fn is_condition(clause: &Clause) -> bool {
    match &clause.kind {
        ClauseKind::Not(_) | ClauseKind::Filter(_) => true,
        ClauseKind::Must(clause) => is_condition(clause),
        _ => false,
    }
}

pub(super) struct Planner<'a> {
    pub settings: &'a PlanSettings<'a>,
    pub query: &'a str,
    /// For surface forms, which are the same in every language.
    pub analyzer: Analyzer,
    stems: Stems<'a>,
    pub(super) runs: Runs,
    pub(super) plan: Plan,
}

impl Planner<'_> {
    fn is_function_word(&mut self, clause: &Clause) -> bool {
        let ClauseKind::Word(word) = &clause.kind else { return false };
        let tokens = self.analyzer.forms(word);
        !tokens.is_empty() && tokens.iter().all(|token| is_function_word(&token.surface))
    }

    /// Why no report needs to hold the clause at `at`, if so: of clauses side by side, in these sections.
    fn idle(
        &mut self,
        clauses: &[Clause],
        at: usize,
        sections: Option<&[Section]>,
    ) -> Option<&'static str> {
        if self.is_function_word(clauses.get(at)?) {
            return Some("a function word: no report needs to hold it");
        }
        let in_victim = matches!(sections, Some([Section::Victim]));
        self.ends_name(clauses, at, in_victim)
            .then_some("what a company is by law: no report needs to hold it")
    }

    /// Whether a word only says what a company is by law: `Acme GmbH`. Never the first word, nor one of a name.
    fn ends_name(&mut self, clauses: &[Clause], at: usize, in_victim: bool) -> bool {
        let (Some(clause), Some(before)) = (clauses.get(at), clauses.get(at.wrapping_sub(1)))
        else {
            return false;
        };
        let ClauseKind::Word(word) = &clause.kind else { return false };
        let tokens = self.analyzer.forms(word);
        let form = match tokens.as_slice() {
            [token] => legal_form(&token.surface),
            _ => None,
        };
        // `S.A.` and `Co.` are written so for nothing else.
        let sure = in_victim || form == Some(LegalForm::Sure) || word.contains('.');
        form.is_some()
            && sure
            && matches!(before.kind, ClauseKind::Word(_))
            && !self.is_function_word(before)
            && !self.runs.holds(&clause.span)
    }

    /// The condition of a clause; `None` where it holds nothing to search for.
    fn node(
        &mut self,
        clause: &Clause,
        sections: Option<&[Section]>,
        boost: f32,
    ) -> Result<Option<Node>> {
        let boost = boost * clause.boost;
        let span = clause.span.clone();
        let kind = match &clause.kind {
            ClauseKind::All(clauses) => {
                let needed = self.needed(clauses, sections);
                match self.nodes(needed, sections, boost)? {
                    nodes if nodes.is_empty() => return Ok(None),
                    nodes => NodeKind::And(nodes),
                }
            }
            ClauseKind::And(clauses) => match self.nodes(clauses, sections, boost)? {
                nodes if nodes.is_empty() => return Ok(None),
                nodes => NodeKind::And(nodes),
            },
            ClauseKind::Or(clauses) => match self.nodes(clauses, sections, boost)? {
                nodes if nodes.is_empty() => return Ok(None),
                nodes => NodeKind::Or(nodes),
            },
            ClauseKind::Not(clause) => match self.node(clause, sections, boost)? {
                Some(node) => NodeKind::Not(Box::new(node)),
                None => return Ok(None),
            },
            ClauseKind::Must(clause) => return self.node(clause, sections, boost),
            ClauseKind::Scoped(sections, clause) => {
                return self.node(clause, Some(sections), boost);
            }
            ClauseKind::Filter(filter) => NodeKind::Filter(filter::resolve(self, filter, &span)?),
            ClauseKind::Wildcard(pattern) if pattern == "*" && sections.is_none() => {
                NodeKind::Every
            }
            text => {
                let found = match text {
                    ClauseKind::Word(word) => match self.indicator(word)? {
                        Some(slot) => Some(self.atom(span.clone(), vec![slot], 0, sections, boost)),
                        None => self.word(word, &span, sections, boost),
                    },
                    text => self
                        .slots(text, &span)?
                        .map(|(slots, slop)| self.atom(span.clone(), slots, slop, sections, boost)),
                };
                let Some(found) = found else {
                    let reason = "no letters or digits to search for".to_owned();
                    self.plan.idle.push(Idle { span, reason });
                    return Ok(None);
                };
                let others = match text {
                    ClauseKind::Word(_) => self.other_names(&span, sections, boost),
                    _ => Vec::new(),
                };
                let forms = self.other_forms(text, &span, sections, boost)?;
                if others.is_empty() && forms.is_empty() {
                    found
                } else {
                    let node = |kind| Node { kind, span: span.clone() };
                    let others = others.into_iter().map(|atom| node(NodeKind::Atom(atom)));
                    let names = std::iter::once(node(found)).chain(others);
                    NodeKind::Or(names.chain(forms).collect())
                }
            }
        };
        Ok(Some(Node { kind, span }))
    }

    /// Of clauses side by side, those that a report has to meet: function words and legal forms need not be there,
    /// unless there is nothing else to look for.
    fn needed<'c>(
        &mut self,
        clauses: &'c [Clause],
        sections: Option<&[Section]>,
    ) -> Vec<&'c Clause> {
        let lone =
            clauses.iter().all(|clause| is_condition(clause) || self.is_function_word(clause));
        let mut needed = Vec::with_capacity(clauses.len());
        for (at, clause) in clauses.iter().enumerate() {
            match self.idle(clauses, at, sections).filter(|_| !lone) {
                Some(reason) => {
                    let idle = Idle { span: clause.span.clone(), reason: reason.to_owned() };
                    self.plan.idle.push(idle);
                }
                None => needed.push(clause),
            }
        }
        needed
    }

    fn nodes<'c>(
        &mut self,
        clauses: impl IntoIterator<Item = &'c Clause>,
        sections: Option<&[Section]>,
        boost: f32,
    ) -> Result<Vec<Node>> {
        let mut nodes = Vec::new();
        for clause in clauses {
            nodes.extend(self.node(clause, sections, boost)?);
        }
        Ok(nodes)
    }

    /// The words of a text clause and its slop; `None` where there are no words.
    fn slots(&mut self, text: &ClauseKind, span: &Span) -> Result<Option<(Vec<Slot>, u32)>> {
        let (slots, slop) = match text {
            ClauseKind::Phrase(phrase) => match self.indicator(&phrase.text)? {
                Some(slot) if !phrase.prefix => (vec![slot], 0),
                _ => (self.phrase(phrase), phrase.slop),
            },
            ClauseKind::Wildcard(pattern) => {
                match indicator::wildcard_slot(self.settings, pattern)? {
                    Some(slot) => (vec![slot], 0),
                    None => (self.wildcard(pattern)?, 0),
                }
            }
            ClauseKind::Fuzzy { word, distance } => (self.fuzzy(word, *distance)?, 0),
            ClauseKind::Indicator(filter) => {
                (vec![indicator::filter_slot(self.settings, filter)?], 0)
            }
            ClauseKind::Regex(pattern) => {
                let words =
                    Pattern::regex(pattern).map_err(|message| self.error(span, message, None))?;
                (vec![self.words(&words)?], 0)
            }
            _ => (Vec::new(), 0),
        };
        Ok((!slots.is_empty()).then_some((slots, slop)))
    }

    /// The slot of a text that is one indicator, fanged or defanged, and nothing else.
    fn indicator(&mut self, text: &str) -> Result<Option<Slot>> {
        match indicator::whole(&mut self.analyzer, text) {
            Some(token) => indicator::slot(self.settings, &token).map(Some),
            None => Ok(None),
        }
    }

    fn atom(
        &mut self,
        span: Span,
        slots: Vec<Slot>,
        slop: u32,
        sections: Option<&[Section]>,
        boost: f32,
    ) -> NodeKind {
        let sections = sections.map(<[Section]>::to_vec);
        self.plan.atoms.push(Atom { span, slots, slop, sections, boost });
        NodeKind::Atom(self.plan.atoms.len() - 1)
    }

    /// Bare text: each word by its stems. `None` where there are no words.
    fn word(
        &mut self,
        text: &str,
        span: &Span,
        sections: Option<&[Section]>,
        boost: f32,
    ) -> Option<NodeKind> {
        let words = self.analyzer.forms(text);
        let pieces = pieces(text, &words);
        // Each piece is underlined where it stands, if the text was typed as it is.
        let parts = pieces.len() > 1 && self.query.get(span.clone()) == Some(text);
        let mut nodes = Vec::with_capacity(pieces.len());
        for piece in pieces {
            let words = words.get(piece.words).unwrap_or_default();
            let slots = words.iter().map(|word| self.stems.slot(&word.surface)).collect();
            let part = match (words.first(), words.last()) {
                (Some(first), Some(last)) if parts => {
                    span.start + first.range.start..span.start + last.range.end
                }
                _ => span.clone(),
            };
            let kind = self.atom(part.clone(), slots, piece.slop, sections, boost);
            nodes.push(Node { kind, span: part });
        }
        match nodes.len() {
            0 => None,
            1 => nodes.pop().map(|node| node.kind),
            _ => Some(NodeKind::And(nodes)),
        }
    }

    /// Bare text: each word by its stems.
    pub(super) fn stems(&mut self, text: &str) -> Vec<Slot> {
        let words = self.analyzer.forms(text);
        words.iter().map(|word| self.stems.slot(&word.surface)).collect()
    }

    /// Text as it is written: each word by its surface form.
    pub(super) fn surfaces(&mut self, text: &str) -> Vec<Slot> {
        surfaces(&self.analyzer.forms(text))
    }

    /// Quoted text: each word by its surface form.
    pub fn phrase(&mut self, phrase: &Phrase) -> Vec<Slot> {
        let mut words = self.analyzer.forms(&phrase.text);
        let last = if phrase.prefix { words.pop() } else { None };
        let mut slots = surfaces(&words);
        if let Some(last) = last {
            // A dictionary that can't be read gives no words, and the search that follows says why.
            slots.extend(self.words(&Pattern::prefix(&last.surface)).ok());
        }
        slots
    }

    fn wildcard(&mut self, pattern: &str) -> Result<Vec<Slot>> {
        let mut slots = Vec::new();
        for piece in expand::pieces(pattern) {
            if piece.chars().all(|c| c == '*') {
                // Whatever word stands there: next to the others it asks for nothing more.
                continue;
            }
            // Where every character is a word, whatever may follow it need not be asked for.
            let literal = piece.trim_matches('*');
            if is_unspaced(literal) {
                slots.extend(surfaces(&self.analyzer.forms(literal)));
            } else if piece.contains(['*', '?']) {
                slots.push(self.words(&Pattern::wildcard(&piece))?);
            } else {
                let words = self.analyzer.forms(&piece);
                slots.extend(surfaces(&words));
            }
        }
        if slots.is_empty() && pattern.contains('*') {
            slots.push(self.words(&Pattern::prefix(""))?);
        }
        Ok(slots)
    }

    fn fuzzy(&mut self, word: &str, distance: Option<u8>) -> Result<Vec<Slot>> {
        let mut words = self.analyzer.forms(word);
        let Some(last) = words.pop() else { return Ok(Vec::new()) };
        let mut slots = surfaces(&words);
        slots.push(self.words(&Pattern::fuzzy(&last.surface, distance))?);
        Ok(slots)
    }

    /// The words of the index that a pattern stands for. There may be none: the clause then matches nothing.
    fn words(&self, pattern: &Pattern) -> Result<Slot> {
        let words = expand::words(self.settings.searcher, self.settings.fields.text, pattern)?;
        let terms = words.into_iter().map(|word| SlotTerm { term: word.word, weight: word.weight });
        Ok(Slot { terms: terms.collect() })
    }

    /// A fault of the query that only the index can tell.
    pub fn error(&self, span: &Span, message: String, corrected: Option<String>) -> Error {
        Error::query(Diagnostic {
            query: self.query.to_owned(),
            start: span.start,
            end: span.end,
            message,
            corrected,
        })
    }
}

fn surfaces(words: &[OwnedToken]) -> Vec<Slot> {
    words.iter().map(|token| Slot::one(token.surface.clone())).collect()
}
