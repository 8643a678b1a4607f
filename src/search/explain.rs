//! How a query was understood, and where a score comes from.
//!
//! In: a search. Out: every clause in words with the number of reports that it matches alone; for a hit, what each
//! clause adds to its score.

use tantivy::DocAddress;
use tantivy::schema::Term;

use crate::analysis::{Analyzer, Language, TokenKind};
use crate::error::Result;
use crate::index::indicators::readable;
use crate::index::terms::shown_term;
use crate::query::plan::PlanSettings;
use crate::query::plan::{Atom, DateMode, Slot, Widened, indicator, plan};
use crate::query::{
    Clause, ClauseKind, Comparison, CountField, CountryFilter, Filter, FilterSpan, IndicatorFilter,
    MissingField, Phrase, Query,
};
use crate::report::Section;
use crate::search::execute::{Search, score_of};
use crate::search::rank::Parts;
use crate::search::results::ClauseCount;

/// Every clause of the query, outer before inner.
pub(crate) fn clauses(search: &Search<'_>) -> Result<Vec<ClauseCount>> {
    let mut counts = Vec::new();
    match search.query.root() {
        Some(Clause { kind: ClauseKind::All(clauses), .. }) => {
            for clause in clauses {
                describe_tree(search, clause, 0, true, &mut counts)?;
            }
        }
        Some(root) => describe_tree(search, root, 0, true, &mut counts)?,
        None => {}
    }
    Ok(counts)
}

fn describe_tree(
    search: &Search<'_>,
    clause: &Clause,
    depth: usize,
    required: bool,
    counts: &mut Vec<ClauseCount>,
) -> Result<()> {
    // What is excluded is counted as such: the number of reports that the exclusion can take away.
    let counted = match &clause.kind {
        ClauseKind::Not(inner) => inner,
        _ => clause,
    };
    let alone = Query {
        text: search.query.text().to_owned(),
        root: Some(counted.clone()),
        notes: Vec::new(),
    };
    let settings = PlanSettings {
        searcher: search.searcher,
        fields: &search.store.fields,
        today: search.options.today,
        aliases: &search.options.aliases,
    };
    let planned = plan(&alone, &settings)?;
    let compiler = search.compiler_of(&planned);
    let idle = search.plan.idle.iter().find(|idle| idle.span == clause.span);
    let widened = search.plan.widened.iter().find(|widened| {
        let inside = widened.span.start <= clause.span.start && clause.span.end <= widened.span.end;
        inside && matches!(clause.kind, ClauseKind::Word(_))
    });
    let meaning = match (idle, widened) {
        (Some(idle), _) => idle.reason.clone(),
        (None, Some(widened)) => {
            format!("{}; {}", meaning(clause, &planned.atoms), other_names(search, widened))
        }
        (None, None) if short_forms(search, clause) => {
            let meaning = meaning(clause, &planned.atoms);
            format!("{meaning}; or a victim whose name this is the other form of")
        }
        (None, None) => match actor_names(search, clause) {
            Some(names) => format!("{}, {names}", meaning(clause, &planned.atoms)),
            None => meaning(clause, &planned.atoms),
        },
    };
    // A word of a name is met by its other names, which the word alone is not.
    let in_query = search.plan.nodes().find_map(|node| node.word_at(&clause.span));
    let query = match in_query
        .filter(|_| (widened.is_some() || short_forms(search, clause)) && idle.is_none())
    {
        Some(node) => search.compiler().alone(node, DateMode::Possible),
        None => compiler.full(DateMode::Possible),
    };
    counts.push(ClauseCount {
        text: search.typed(&clause.span).to_owned(),
        span: clause.span.clone(),
        meaning,
        hits: search.count(&*query)?,
        depth,
        required: required && idle.is_none() && !matches!(clause.kind, ClauseKind::Not(_)),
    });
    let inner = match &clause.kind {
        ClauseKind::All(clauses) | ClauseKind::And(clauses) | ClauseKind::Or(clauses) => {
            clauses.as_slice()
        }
        _ => &[],
    };
    let required = required && !matches!(clause.kind, ClauseKind::Or(_));
    inner.iter().try_for_each(|clause| describe_tree(search, clause, depth + 1, required, counts))
}

/// The other names that count where a name was typed, in words.
fn other_names(search: &Search<'_>, widened: &Widened) -> String {
    let Widened { span, set, names } = widened;
    let name = search.typed(span);
    let source = set.source();
    // A name that is written in several ways is told once.
    let mut others: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
    others.dedup();
    match others.as_slice() {
        [] => format!("no report has another name of {} ({source})", set.name),
        others => format!("or another name of “{name}”: {} ({source})", others.join(", ")),
    }
}

/// Whether victims are looked for by the other form of their names.
fn short_forms(search: &Search<'_>, clause: &Clause) -> bool {
    let plan = &search.plan;
    let here = |atom: usize| plan.atoms.get(atom).is_some_and(|atom| atom.span == clause.span);
    plan.short_names.iter().any(|(atom, _)| here(*atom))
}

/// What else a threat actor is called that is asked for, in words.
fn actor_names(search: &Search<'_>, clause: &Clause) -> Option<String> {
    let ClauseKind::Filter(Filter::Actor(phrase)) = &clause.kind else { return None };
    let set = search.options.aliases.find(&phrase.text)?;
    Some(format!("by this or another name of {} ({})", set.name, set.source()))
}

/// What a clause asks, in words.
fn meaning(clause: &Clause, atoms: &[Atom]) -> String {
    match &clause.kind {
        ClauseKind::All(_) | ClauseKind::And(_) => "all of these".into(),
        ClauseKind::Or(_) => "any of these".into(),
        ClauseKind::Not(inner) => format!("none that has {}", meaning(inner, atoms)),
        ClauseKind::Must(inner) => format!("{}, in every hit", meaning(inner, atoms)),
        ClauseKind::Scoped(sections, inner) => {
            let names: Vec<_> = sections.iter().map(|section| section_name(*section)).collect();
            format!("in the {}: {}", names.join(" or the "), meaning(inner, atoms))
        }
        ClauseKind::Word(text) | ClauseKind::Phrase(Phrase { text, prefix: false, .. })
            if let Some((kind, form)) = indicator_of(text) =>
        {
            format!("the {kind} {form}, whole or as part of another")
        }
        ClauseKind::Word(word) => word_meaning(word, atoms),
        ClauseKind::Phrase(phrase) => {
            let end = if phrase.prefix { "…" } else { "" };
            match phrase.slop {
                0 => format!("exactly “{}{end}”", phrase.text),
                slop => format!("the words “{}{end}” within {slop} edits", phrase.text),
            }
        }
        ClauseKind::Wildcard(pattern) if pattern == "*" => "every report".into(),
        ClauseKind::Wildcard(pattern) => format!("words like {pattern}: {}", sample(atoms)),
        ClauseKind::Fuzzy { word, distance } => {
            let letters = match distance {
                Some(1) => "one letter".to_owned(),
                Some(n) => format!("{n} letters"),
                None => "a letter or two".to_owned(),
            };
            format!("words within {letters} of {word}: {}", sample(atoms))
        }
        ClauseKind::Indicator(filter) => match filter {
            IndicatorFilter::Addresses(range) => format!("an address in {range}"),
            IndicatorFilter::Named(field, text) => {
                format!(
                    "{} {text}{}",
                    field.one(),
                    if field.has_parts() { " or below" } else { "" }
                )
            }
        },
        ClauseKind::Regex(pattern) => format!("words that match /{pattern}/: {}", sample(atoms)),
        ClauseKind::Filter(filter) => filter_meaning(filter),
    }
}

/// Kind and canonical form of a text that is one indicator.
fn indicator_of(text: &str) -> Option<(&'static str, String)> {
    let token = indicator::whole(&mut Analyzer::new(Language::English), text)?;
    match token.kind {
        TokenKind::Indicator(kind) => Some((kind.name(), token.surface)),
        _ => None,
    }
}

/// A bare word: its stems in the languages of the index, or the pieces that it is asked for in.
fn word_meaning(word: &str, atoms: &[Atom]) -> String {
    let first_stems = |atom: &Atom| -> Vec<String> {
        atom.slots.iter().filter_map(|slot| stems(slot).into_iter().next()).collect()
    };
    match atoms {
        [Atom { slots, .. }] if slots.len() == 1 => {
            let stems: Vec<_> = slots.iter().flat_map(stems).collect();
            let name = if stems.len() == 1 { "stem" } else { "stems" };
            let compounds = slots.iter().map(|slot| slot.terms.len()).sum::<usize>() - stems.len();
            let parts = match compounds {
                0 => String::new(),
                1 => ", and in one compound".to_owned(),
                n => format!(", and in {n} compounds"),
            };
            format!("the word {word}, in any form ({name} {}){parts}", stems.join(", "))
        }
        [atom] => {
            let place = if atom.slop == 0 { "in a row" } else { "near each other" };
            format!("the words {} {place}, in any form", first_stems(atom).join(" "))
        }
        atoms => {
            let pieces: Vec<_> = atoms.iter().map(|atom| first_stems(atom).concat()).collect();
            format!("each of {}", pieces.join(", "))
        }
    }
}

fn stems(slot: &Slot) -> Vec<String> {
    // Compounds that the word is part of count for less.
    let whole = slot.terms.iter().filter(|term| term.weight == 1.0);
    whole.map(|term| shown_term(&term.term)).collect()
}

/// The first words that a pattern stands for.
fn sample(atoms: &[Atom]) -> String {
    const SHOWN: usize = 5;
    let words =
        atoms.first().and_then(|atom| atom.slots.last()).map_or(&[][..], |slot| &slot.terms);
    let shown: Vec<_> = words.iter().take(SHOWN).map(|term| readable(&term.term)).collect();
    match words.len() {
        0 => "there are none".into(),
        n if n > SHOWN => format!("{} and {} more", shown.join(", "), n - SHOWN),
        _ => shown.join(", "),
    }
}

fn section_name(section: Section) -> &'static str {
    match section {
        Section::Victim => "victim's name",
        Section::Other => "rest of the report",
        section => section.name(),
    }
}

fn filter_meaning(filter: &Filter) -> String {
    match filter {
        Filter::Date(date) => {
            let days = match &date.span {
                FilterSpan::Fixed(days) => days.to_string(),
                FilterSpan::Relative(relative) => relative.to_string(),
            };
            let sure = if date.certain { "surely falls" } else { "may fall" };
            format!("a date that {sure} in {days}")
        }
        Filter::Country(CountryFilter::One(country)) => {
            format!("the country {} ({})", country.name(), country.alpha2())
        }
        Filter::Country(CountryFilter::Group(group)) => format!("a country of {group}"),
        Filter::Country(CountryFilter::Written(place)) => format!("the place “{place}” as written"),
        Filter::Count(field, comparison, number) => {
            let (what, how) = (count_name(*field), comparison_words(*comparison));
            format!("{how} {number} {what}")
        }
        Filter::Language(language) => format!("the language {language}"),
        Filter::Source(glob) => format!("a file or folder like {glob}"),
        Filter::Id(id) => format!("the id {id}"),
        Filter::Actor(phrase) => format!("a threat actor named “{}”", phrase.text),
        Filter::Missing(field) => format!("no {} given", missing_name(*field)),
    }
}

fn count_name(field: CountField) -> &'static str {
    match field {
        CountField::Motives => "motives",
        CountField::Techniques => "techniques",
        CountField::Actors => "threat actors",
    }
}

fn comparison_words(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Less => "fewer than",
        Comparison::LessOrEqual => "at most",
        Comparison::Equal => "exactly",
        Comparison::GreaterOrEqual => "at least",
        Comparison::Greater => "more than",
    }
}

fn missing_name(field: MissingField) -> &'static str {
    match field {
        MissingField::Date => "date",
        MissingField::Country => "country",
        MissingField::Victim => "victim",
        MissingField::Language => "language",
        MissingField::Motives => "motives",
        MissingField::Techniques => "techniques",
        MissingField::Actors => "threat actors",
    }
}

/// For each text clause, how rare it is: the BM25 weight of its rarest word. Passages that show it are worth as much.
pub(crate) fn rarity(search: &Search<'_>) -> Result<Vec<f32>> {
    let reports = search.reports() as f32;
    let field = search.store.fields.text;
    let mut weights = Vec::with_capacity(search.plan.atoms.len());
    for atom in &search.plan.atoms {
        let mut weight = 0.0_f32;
        for slot in &atom.slots {
            let mut holders = 0.0;
            // The first terms tell enough: this only weighs passages against each other.
            for term in slot.terms.iter().take(16) {
                let term = Term::from_field_text(field, &term.term);
                let found =
                    search.searcher.doc_freq(&term).map_err(crate::search::execute::failed)?;
                holders += found as f32;
            }
            weight += (1.0 + reports / (holders + 0.5)).ln();
        }
        weights.push(weight * atom.boost.max(f32::MIN_POSITIVE));
    }
    Ok(weights)
}

/// Where the score of a hit comes from, greatest first: each clause, then what its rank was made of beside them.
pub(crate) fn score_parts(
    search: &Search<'_>,
    address: DocAddress,
    parts: &Parts,
    shared: &[String],
) -> Result<Vec<(String, f32)>> {
    const SHOWN: usize = 6;
    let compiler = search.compiler();
    let mut rows = Vec::new();
    for node in search.plan.nodes() {
        let score = score_of(search.searcher, &*compiler.alone(node, DateMode::Possible), address)?;
        if score > 0.0 {
            rows.push((search.typed(&node.span).to_owned(), score));
        }
    }
    let shared: Vec<&str> = shared.iter().take(SHOWN).map(String::as_str).collect();
    let like = format!("like the best hits ({} …)", shared.join(", "));
    let others = [
        ("in the victim's name", parts.victim),
        ("in the title", parts.title),
        ("near each other", parts.near),
        ("its date or country", parts.facts),
        (like.as_str(), parts.like),
        ("words that are missing", parts.missing),
    ];
    let others = others.into_iter().filter(|(_, score)| *score != 0.0);
    rows.extend(others.map(|(label, score)| (label.to_owned(), score)));
    rows.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    Ok(rows)
}
