//! The nearest word that exists, for one that does not.
//!
//! In: a search without full matches. Out: for each word that no report holds where it was looked for, the nearest
//! that some report holds there.

use crate::analysis::{Analyzer, Language};
use crate::error::Result;
use crate::query::plan::expand::{self, Pattern};
use crate::query::plan::indicator;
use crate::query::plan::{Atom, DateMode, Node, NodeKind, Slot, Stems};
use crate::query::{Clause, ClauseKind, Span};
use crate::report::Section;
use crate::search::execute::Search;
use crate::search::results::Suggestion;

/// So many near words are tried until one is found where the query looks.
const TRIED: usize = 20;

/// Suggestions for the words that are not found, in the order of the query.
pub(crate) fn suggestions(search: &Search<'_>) -> Result<Vec<Suggestion>> {
    let mut found = Vec::new();
    if let Some(root) = search.query.root() {
        collect(search, root, None, &mut found)?;
    }
    let query = corrected(search.query.text(), &found);
    let suggestion = |Replacement { typed, instead, hits, .. }| Suggestion {
        typed,
        instead,
        hits,
        query: query.clone(),
    };
    Ok(found.into_iter().map(suggestion).collect())
}

/// A word to put in the place of another.
struct Replacement {
    /// Where the other stands in the query.
    range: Span,
    typed: String,
    instead: String,
    hits: usize,
}

/// The query with all words replaced.
fn corrected(query: &str, replacements: &[Replacement]) -> String {
    let mut corrected = String::new();
    let mut at = 0;
    for Replacement { range, instead, .. } in replacements {
        corrected.push_str(query.get(at..range.start).unwrap_or_default());
        corrected.push_str(instead);
        at = range.end;
    }
    corrected.push_str(query.get(at..).unwrap_or_default());
    corrected
}

fn collect(
    search: &Search<'_>,
    clause: &Clause,
    sections: Option<&[Section]>,
    found: &mut Vec<Replacement>,
) -> Result<()> {
    match &clause.kind {
        ClauseKind::Not(_) => Ok(()),
        ClauseKind::Scoped(sections, inner) => collect(search, inner, Some(sections), found),
        ClauseKind::Word(text) => suggest(search, text, &clause.span, sections, found),
        ClauseKind::Phrase(phrase) => suggest(search, &phrase.text, &clause.span, sections, found),
        _ => clause.children().iter().try_for_each(|child| collect(search, child, sections, found)),
    }
}

/// Looks up each word of `text`, which stands somewhere in `span` of the query.
fn suggest(
    search: &Search<'_>,
    text: &str,
    span: &Span,
    sections: Option<&[Section]>,
    found: &mut Vec<Replacement>,
) -> Result<()> {
    let mut analyzer = Analyzer::new(Language::English);
    if indicator::whole(&mut analyzer, text).is_some() {
        return Ok(());
    }
    let typed = search.typed(span);
    // Where reports have another name for it, nothing is misspelt.
    let widened = &search.plan.widened;
    let named = |known: &Span| known.start <= span.start && span.end <= known.end;
    if widened.iter().any(|widened| named(&widened.span) && !widened.names.is_empty()) {
        return Ok(());
    }
    // The text stands in the span as typed, but for quotes and operators before it.
    let base = span.start + typed.find(text).unwrap_or(0);
    let stems = Stems::new(search.searcher, &search.store.fields)?;
    // Surface forms are the same in every language.
    for token in analyzer.forms(text) {
        let exact = hits(search, Slot::one(token.surface.clone()), sections)?;
        if exact > 0 || hits(search, stems.slot(&token.surface), sections)? > 0 {
            continue;
        }
        let Some((instead, hits)) = nearest(search, &token.surface, sections)? else { continue };
        let range = base + token.range.start..base + token.range.end;
        let typed = text.get(token.range.clone()).unwrap_or(&token.surface).to_owned();
        found.push(Replacement { range, typed, instead, hits });
    }
    Ok(())
}

/// The word with the fewest edits that is found there; among equals the one that most reports hold.
fn nearest(
    search: &Search<'_>,
    word: &str,
    sections: Option<&[Section]>,
) -> Result<Option<(String, usize)>> {
    let letters = word.chars().count();
    // Numbers next to a number are other numbers, not other spellings; and a short word is near to too many.
    if letters < 4 || word.chars().any(|c| c.is_ascii_digit()) {
        return Ok(None);
    }
    let text = search.store.fields.text;
    let mut near = expand::words(search.searcher, text, &Pattern::fuzzy(word, None))?;
    near.sort_by_key(|near| (near.distance, std::cmp::Reverse(near.reports)));
    for near in near.into_iter().take(TRIED) {
        let found = hits(search, Slot::one(near.word.clone()), sections)?;
        if found > 0 {
            return Ok(Some((near.word, found)));
        }
    }
    Ok(None)
}

/// Reports that hold `slot` in these sections.
fn hits(search: &Search<'_>, slot: Slot, sections: Option<&[Section]>) -> Result<usize> {
    let atom = Atom {
        span: 0..0,
        slots: vec![slot],
        slop: 0,
        sections: sections.map(<[Section]>::to_vec),
        boost: 1.0,
    };
    let plan = crate::query::plan::Plan { atoms: vec![atom], ..Default::default() };
    let compiler = search.compiler_of(&plan);
    let node = Node { kind: NodeKind::Atom(0), span: 0..0 };
    search.count(&*compiler.alone(&node, DateMode::Possible))
}
