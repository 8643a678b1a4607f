//! How a query was understood, and where a score comes from.
//!
//! In: a search. Out: every clause in words with the number of reports that it matches alone; for a hit, what each
//! clause adds to its score.

use tantivy::DocAddress;
use tantivy::schema::Term;

use crate::analysis::{Analyzer, Language};
use crate::error::Result;
use crate::query::plan::PlanSettings;
use crate::query::plan::{Atom, DateMode, plan};
use crate::query::{
    Clause, ClauseKind, Comparison, CountField, CountryFilter, Filter, FilterSpan, MissingField,
    Query,
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
    };
    let planned = plan(&alone, &settings)?;
    let compiler = crate::query::plan::Compiler { fields: &search.store.fields, plan: &planned };
    let idle = search.plan.idle.iter().find(|idle| idle.span == clause.span);
    let meaning = match idle {
        Some(idle) => idle.reason.clone(),
        None => meaning(clause, &planned.atoms),
    };
    counts.push(ClauseCount {
        text: search.typed(&clause.span).to_owned(),
        span: clause.span.clone(),
        meaning,
        hits: search.count(&*compiler.full(DateMode::Possible))?,
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
        ClauseKind::Word(word) => {
            let tokens = Analyzer::new(Language::English).forms(word);
            let stems: Vec<_> = tokens.iter().map(|token| token.stem.as_str()).collect();
            match stems.as_slice() {
                [stem] => format!("the word {word}, in any form (stem {stem})"),
                _ => format!("the words {} in a row, in any form", stems.join(" ")),
            }
        }
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
        ClauseKind::Regex(pattern) => format!("words that match /{pattern}/: {}", sample(atoms)),
        ClauseKind::Filter(filter) => filter_meaning(filter),
    }
}

/// The first words that a pattern stands for.
fn sample(atoms: &[Atom]) -> String {
    const SHOWN: usize = 5;
    let words =
        atoms.first().and_then(|atom| atom.slots.last()).map_or(&[][..], |slot| &slot.terms);
    let shown: Vec<_> = words.iter().take(SHOWN).map(|term| term.term.as_str()).collect();
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
        (like.as_str(), parts.like),
        ("words that are missing", parts.missing),
    ];
    let others = others.into_iter().filter(|(_, score)| *score != 0.0);
    rows.extend(others.map(|(label, score)| (label.to_owned(), score)));
    rows.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    Ok(rows)
}
