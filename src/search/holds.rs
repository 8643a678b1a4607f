//! Whether a report in hand meets a filter.
//!
//! In: a resolved filter and a report. Out: yes or no, the same as the index says. Needed where a hit is to tell
//! which of several conditions it met.

use crate::analysis::{Analyzer, Language, fold};
use crate::index::schema::Fields;
use crate::index::short_names;
use crate::query::plan::positions;
use crate::query::plan::{ActorNode, Atom, FilterNode};
use crate::query::{CountField, MissingField};
use crate::report::Report;

/// Whether `report` meets `filter`. Date filters count as met where the date may meet them.
pub(crate) fn holds(fields: &Fields, filter: &FilterNode, report: &Report) -> bool {
    match filter {
        FilterNode::Date { span, .. } => {
            report.date.as_ref().is_some_and(|date| span.certainty(date).is_some())
        }
        FilterNode::Keywords(field, values) => {
            let has = |value: &str| values.iter().any(|known| known == value);
            let countries = || report.countries.iter();
            if *field == fields.country {
                countries().any(|place| place.country.is_some_and(|known| has(known.alpha2())))
            } else if *field == fields.place {
                countries().any(|place| place.country.is_none() && has(&fold(&place.written)))
            } else if *field == fields.language {
                report.language.as_deref().is_some_and(has)
            } else if *field == fields.path {
                report.source.as_ref().is_some_and(|source| has(&source.path.to_string_lossy()))
            } else if *field == fields.short_names {
                let terms = short_names::terms(report, &mut Analyzer::new(Language::English));
                terms.iter().any(|term| has(term))
            } else {
                has(&report.id)
            }
        }
        FilterNode::Count(field, comparison, number) => {
            count(report, *field).is_some_and(|count| comparison.holds(&count, number))
        }
        FilterNode::Actor(actor) => {
            let mut atoms =
                std::iter::once(&actor.typed).chain(actor.others.iter().map(|(_, a)| a));
            atoms.any(|atom| has_actor(report, atom))
        }
        FilterNode::Missing(field) => match field {
            MissingField::Date => report.date.is_none(),
            MissingField::Country => report.countries.is_empty(),
            MissingField::Victim => fold(report.victim.trim()).is_empty(),
            MissingField::Language => report.language.is_none(),
            MissingField::Motives => report.motives.number().is_none(),
            MissingField::Techniques => report.techniques.number().is_none(),
            MissingField::Actors => report.actors.number().is_none(),
        },
    }
}

/// The name that a report has for the threat actor in the stead of the one that was asked for.
pub(crate) fn other_actor<'a>(actor: &'a ActorNode, report: &Report) -> Option<&'a str> {
    if has_actor(report, &actor.typed) {
        return None;
    }
    actor.others.iter().find(|(_, atom)| has_actor(report, atom)).map(|(name, _)| name.as_str())
}

fn has_actor(report: &Report, atom: &Atom) -> bool {
    report.actors.names.iter().any(|name| names(atom, name))
}

fn count(report: &Report, field: CountField) -> Option<u32> {
    match field {
        CountField::Motives => report.motives.number(),
        CountField::Techniques => report.techniques.number(),
        CountField::Actors => report.actors.number(),
    }
}

fn names(atom: &Atom, name: &str) -> bool {
    let mut slots = vec![Vec::new(); atom.slots.len()];
    Analyzer::new(Language::English).analyze(name, |token| {
        for (slot, positions) in atom.slots.iter().zip(&mut slots) {
            if slot.terms.iter().any(|term| term.term == token.surface) {
                positions.push(token.position);
            }
        }
    });
    positions::holds(&slots, atom.slop)
}
