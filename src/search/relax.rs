//! Asking for less where the query as written finds nothing.
//!
//! In: a search without hits. Out: the hits of the closest query that has some, marked as such. The order is fixed:
//! phrases become near phrases, then words that do not exist become fuzzy ones, then both, then phrases become words.

use crate::analysis::{Analyzer, Language};
use crate::error::Result;
use crate::query::plan::indicator;
use crate::query::{Clause, ClauseKind, Query};
use crate::search::execute::Search;
use crate::search::results::{Relaxation, Results, Tier};

/// The slops that are tried, from the closest: a phrase is near up to a dozen edits.
const SLOPS: [u32; 7] = [1, 2, 3, 4, 6, 8, 12];

/// Fills `results` with the hits of the closest relaxed query that has any.
pub(crate) fn relax(search: &Search<'_>, results: &mut Results) -> Result<()> {
    let Some(root) = search.query.root() else { return Ok(()) };
    let has_phrase = any(
        root,
        &|kind| matches!(kind, ClauseKind::Phrase(phrase) if phrase.text.split_whitespace().count() > 1),
    );
    let near = SLOPS.iter().filter(|_| has_phrase).map(|&slop| Step::Near(slop));
    let rest = [Step::Fuzzy, Step::NearAndFuzzy, Step::Words];
    for step in near.chain(rest) {
        let Some(query) = relaxed(search, root, step)? else { continue };
        let relaxed = search.with_query(&query)?;
        let mut found = relaxed.run(0)?;
        if found.total + found.partial_total == 0 {
            continue;
        }
        // Partial matches of a query that nobody typed are far from what was asked: they stand only where there is
        // nothing nearer.
        if found.total > 0 {
            found.hits.retain(|hit| hit.tier == Tier::Full);
        }
        for hit in &mut found.hits {
            hit.tier = Tier::Relaxed;
        }
        results.hits = found.hits;
        results.relaxation = Some(Relaxation {
            query: query.to_string(),
            reason: step.reason().to_owned(),
            total: if found.total > 0 { found.total } else { found.partial_total },
        });
        return Ok(());
    }
    Ok(())
}

/// A way of asking for less.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Step {
    Near(u32),
    Fuzzy,
    NearAndFuzzy,
    Words,
}

impl Step {
    fn reason(self) -> &'static str {
        match self {
            Self::Near(_) => "the words of the phrase near each other, not as one phrase",
            Self::Fuzzy => "words that differ by a letter or two",
            Self::NearAndFuzzy => "words near each other, or that differ by a letter or two",
            Self::Words => "the words of the phrase anywhere, in any form",
        }
    }
}

/// The query relaxed by one step; `None` where the step changes nothing.
fn relaxed(search: &Search<'_>, root: &Clause, step: Step) -> Result<Option<Query>> {
    let clause = match step {
        Step::Near(slop) => map(root, &mut |kind| Ok(near(kind, slop)))?,
        Step::Fuzzy => map(root, &mut |kind| fuzzy(search, kind))?,
        Step::NearAndFuzzy => map(root, &mut |kind| match fuzzy(search, kind)? {
            Some(fuzzy) => Ok(Some(fuzzy)),
            None => Ok(near(kind, SLOPS[SLOPS.len() - 1])),
        })?,
        Step::Words => map(root, &mut |kind| Ok(words(kind)))?,
    };
    if clause == *root {
        return Ok(None);
    }
    // Through its text, so that spans are those of the query that is shown.
    let text = Query { text: String::new(), root: Some(clause), notes: Vec::new() }.to_string();
    Ok(Query::parse(&text).ok())
}

fn near(kind: &ClauseKind, slop: u32) -> Option<ClauseKind> {
    match kind {
        ClauseKind::Phrase(phrase) if phrase.slop < slop => {
            let mut phrase = phrase.clone();
            phrase.slop = slop;
            Some(ClauseKind::Phrase(phrase))
        }
        _ => None,
    }
}

fn words(kind: &ClauseKind) -> Option<ClauseKind> {
    let ClauseKind::Phrase(phrase) = kind else { return None };
    let words = phrase.text.split_whitespace();
    let words = words.map(|word| Clause::new(ClauseKind::Word(word.to_owned()), 0..0));
    Some(ClauseKind::And(words.collect()))
}

/// A word that no report holds, as a fuzzy one.
fn fuzzy(search: &Search<'_>, kind: &ClauseKind) -> Result<Option<ClauseKind>> {
    let word = match kind {
        ClauseKind::Word(word) => word,
        ClauseKind::Phrase(phrase)
            if !phrase.prefix && !phrase.text.contains(char::is_whitespace) =>
        {
            &phrase.text
        }
        _ => return Ok(None),
    };
    // Another address is no other spelling of this one.
    if indicator::whole(&mut Analyzer::new(Language::English), word).is_some() {
        return Ok(None);
    }
    let alone = Query::parse(word)
        .ok()
        .filter(|query| matches!(query.root(), Some(Clause { kind: ClauseKind::Word(_), .. })));
    let Some(alone) = alone else { return Ok(None) };
    let alone = search.with_query(&alone)?;
    let exists = alone.count(&*alone.compiler().full(crate::query::plan::DateMode::Possible))? > 0;
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    Ok((!exists && letters > 2).then(|| ClauseKind::Fuzzy { word: word.clone(), distance: None }))
}

fn any(clause: &Clause, test: &dyn Fn(&ClauseKind) -> bool) -> bool {
    test(&clause.kind) || clause.children().iter().any(|child| any(child, test))
}

/// The clause with `change` applied to every text in it that is asked for, not to what is excluded.
fn map(
    clause: &Clause,
    change: &mut dyn FnMut(&ClauseKind) -> Result<Option<ClauseKind>>,
) -> Result<Clause> {
    let mut all = |clauses: &[Clause]| {
        clauses.iter().map(|clause| map(clause, change)).collect::<Result<Vec<_>>>()
    };
    let kind = match &clause.kind {
        ClauseKind::All(clauses) => ClauseKind::All(all(clauses)?),
        ClauseKind::And(clauses) => ClauseKind::And(all(clauses)?),
        ClauseKind::Or(clauses) => ClauseKind::Or(all(clauses)?),
        ClauseKind::Must(inner) => ClauseKind::Must(Box::new(map(inner, change)?)),
        ClauseKind::Scoped(sections, inner) => {
            ClauseKind::Scoped(sections.clone(), Box::new(map(inner, change)?))
        }
        kind => change(kind)?.unwrap_or_else(|| kind.clone()),
    };
    Ok(Clause { kind, span: clause.span.clone(), boost: clause.boost })
}
