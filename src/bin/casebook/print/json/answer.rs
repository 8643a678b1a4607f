//! The views of an answer: what stands in the JSON of a search.
//!
//! In: an [`Answer`]. Out: borrowed structs whose fields are those of docs/output.schema.json, in that order.

use casebook::{
    AliasMatch, Certainty, ClauseCount, Highlight, Hit, MatchedClause, Note, Passage, Position,
    Relaxation, Section, Suggestion, Tier,
};
use serde::Serialize;

use super::VERSION;
use super::report::ReportView;
use crate::print::Answer;

/// The whole document.
#[derive(Serialize)]
pub struct AnswerView<'a> {
    version: u32,
    query: &'a str,
    typed: &'a str,
    searched: usize,
    total: usize,
    certain: usize,
    partial_total: usize,
    undated: usize,
    notes: Vec<NoteView<'a>>,
    clauses: Vec<ClauseView<'a>>,
    suggestions: Vec<SuggestionView<'a>>,
    relaxation: Option<RelaxationView<'a>>,
    hits: Vec<HitView<'a>>,
}

impl<'a> AnswerView<'a> {
    /// The view of an answer.
    pub fn new(answer: &Answer<'a>) -> Self {
        let results = answer.results;
        Self {
            version: VERSION,
            query: &results.query,
            typed: answer.typed,
            searched: results.searched,
            total: results.total,
            certain: results.certain,
            partial_total: results.partial_total,
            undated: results.undated,
            notes: results.notes.iter().map(NoteView::new).collect(),
            clauses: results.clauses.iter().map(ClauseView::new).collect(),
            suggestions: results.suggestions.iter().map(SuggestionView::new).collect(),
            relaxation: results.relaxation.as_ref().map(RelaxationView::new),
            hits: results.hits.iter().map(HitView::new).collect(),
        }
    }
}

#[derive(Serialize)]
struct NoteView<'a> {
    byte_start: usize,
    byte_end: usize,
    message: &'a str,
}

impl<'a> NoteView<'a> {
    fn new(Note { span, message }: &'a Note) -> Self {
        Self { byte_start: span.start, byte_end: span.end, message }
    }
}

#[derive(Serialize)]
struct ClauseView<'a> {
    text: &'a str,
    byte_start: usize,
    byte_end: usize,
    meaning: &'a str,
    hits: usize,
    depth: usize,
    required: bool,
}

impl<'a> ClauseView<'a> {
    fn new(clause: &'a ClauseCount) -> Self {
        let ClauseCount { text, span, meaning, hits, depth, required } = clause;
        Self {
            text,
            byte_start: span.start,
            byte_end: span.end,
            meaning,
            hits: *hits,
            depth: *depth,
            required: *required,
        }
    }
}

#[derive(Serialize)]
struct SuggestionView<'a> {
    typed: &'a str,
    instead: &'a str,
    hits: usize,
    query: &'a str,
}

impl<'a> SuggestionView<'a> {
    fn new(Suggestion { typed, instead, hits, query }: &'a Suggestion) -> Self {
        Self { typed, instead, hits: *hits, query }
    }
}

#[derive(Serialize)]
struct RelaxationView<'a> {
    query: &'a str,
    reason: &'a str,
    total: usize,
}

impl<'a> RelaxationView<'a> {
    fn new(Relaxation { query, reason, total }: &'a Relaxation) -> Self {
        Self { query, reason, total: *total }
    }
}

/// A report that answers, with the reasons why.
#[derive(Serialize)]
pub struct HitView<'a> {
    rank: usize,
    tier: &'static str,
    missing: &'a [String],
    score: f32,
    certainty: Option<Certainty>,
    #[serde(flatten)]
    report: ReportView<'a>,
    matched: Vec<MatchedView<'a>>,
    passages_total: usize,
    passages: Vec<PassageView<'a>>,
    explanation: Vec<PartView<'a>>,
}

impl<'a> HitView<'a> {
    /// The view of a hit.
    pub fn new(hit: &'a Hit) -> Self {
        let (tier, missing) = match &hit.tier {
            Tier::Full => ("full", [].as_slice()),
            Tier::Partial { missing } => ("partial", missing.as_slice()),
            Tier::Relaxed => ("relaxed", [].as_slice()),
        };
        let part = |(label, value): &'a (String, f32)| PartView { label, value: *value };
        Self {
            rank: hit.rank,
            tier,
            missing,
            score: hit.score,
            certainty: hit.certainty,
            report: ReportView::new(&hit.report),
            matched: hit.matched.iter().map(MatchedView::new).collect(),
            passages_total: hit.passages_total,
            passages: hit.passages.iter().map(PassageView::new).collect(),
            explanation: hit.explanation.iter().map(part).collect(),
        }
    }
}

#[derive(Serialize)]
struct MatchedView<'a> {
    text: &'a str,
    spans: usize,
    alias: Option<AliasView<'a>>,
}

#[derive(Serialize)]
struct AliasView<'a> {
    name: &'a str,
    set: &'a str,
    source: &'a str,
}

impl<'a> MatchedView<'a> {
    fn new(MatchedClause { text, spans, alias }: &'a MatchedClause) -> Self {
        let view =
            |AliasMatch { name, set, source }: &'a AliasMatch| AliasView { name, set, source };
        Self { text, spans: *spans, alias: alias.as_ref().map(view) }
    }
}

#[derive(Serialize)]
struct PartView<'a> {
    label: &'a str,
    value: f32,
}

#[derive(Serialize)]
struct PassageView<'a> {
    section: Section,
    byte_start: usize,
    byte_end: usize,
    text: &'a str,
    file: Option<PlaceView>,
    highlights: Vec<HighlightView<'a>>,
}

impl<'a> PassageView<'a> {
    fn new(passage: &'a Passage) -> Self {
        let view = |highlight| HighlightView::new(highlight, passage);
        Self {
            section: passage.section,
            byte_start: passage.range.start,
            byte_end: passage.range.end,
            text: &passage.text,
            file: passage.position.map(|position| PlaceView::new(position, &passage.text)),
            highlights: passage.highlights.iter().map(view).collect(),
        }
    }
}

#[derive(Serialize)]
struct HighlightView<'a> {
    byte_start: usize,
    byte_end: usize,
    text: &'a str,
    clauses: &'a [usize],
    file: Option<PlaceView>,
}

impl<'a> HighlightView<'a> {
    fn new(highlight: &'a Highlight, passage: &'a Passage) -> Self {
        let Highlight { range, clauses, position } = highlight;
        let start = range.start.saturating_sub(passage.range.start);
        let end = range.end.saturating_sub(passage.range.start);
        let text = passage.text.get(start..end).unwrap_or_default();
        Self {
            byte_start: range.start,
            byte_end: range.end,
            text,
            clauses,
            file: position.map(|position| PlaceView::new(position, text)),
        }
    }
}

/// Where a text stands in the decoded file. It stands there word for word, so that its end can be counted.
#[derive(Serialize)]
struct PlaceView {
    byte_start: u64,
    byte_end: u64,
    char_start: u64,
    char_end: u64,
    line: u64,
    column: u64,
}

impl PlaceView {
    fn new(Position { byte, char, line, column }: Position, text: &str) -> Self {
        Self {
            byte_start: byte,
            byte_end: byte + text.len() as u64,
            char_start: char,
            char_end: char + text.chars().count() as u64,
            line,
            column,
        }
    }
}
