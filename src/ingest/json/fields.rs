//! Which field of a report a field of an object is.
//!
//! In: the fields of an object, under whatever names a source gives them. Out: a [`Report`]. What is recognised goes
//! where it belongs, everything else into [`Report::other`], a line a field.

use std::collections::HashSet;

use super::Place;
use super::names::{FIRST_VAGUE_PLACE, Field, NAMES, recognise};
use super::value::Json;
use crate::date::{DayOrder, IncidentDate};
use crate::ingest::collect::Collector;
use crate::ingest::values::{
    fold, is_placeholder, language_code, parse_tally, set_countries, set_date,
};
use crate::report::{Report, Tally};

/// Reads one record; gives the names of its fields if it can't be a report.
pub(super) fn read_record(
    fields: Vec<(String, Json)>,
    place: Place,
    collector: &mut Collector<'_>,
) -> Result<Report, String> {
    let mut sorted = Sorted::new(fields);
    let text = [Field::Victim, Field::Title, Field::Summary, Field::Body];
    let dated_place = [Field::Date, Field::Country];
    if !text.iter().any(|field| sorted.has(*field))
        && !dated_place.iter().all(|field| sorted.has(*field))
    {
        return Err(sorted.names());
    }

    let mut report = Report::default();
    let id = sorted.take(Field::Id).map(|id| id.texts().join(" ")).filter(|id| !is_placeholder(id));
    report.id = id.unwrap_or_else(|| collector.derived_id(Some(place.record)));
    report.source = Some(collector.source(Some(place.record)));
    report.victim =
        sorted.take(Field::Victim).map(|value| names(&value).join("; ")).unwrap_or_default();
    report.title = sorted.take(Field::Title).map(|value| prose(value, "; ")).unwrap_or_default();
    report.summary =
        sorted.take(Field::Summary).map(|value| prose(value, "\n\n")).unwrap_or_default();
    report.body = sorted.take(Field::Body).map(|value| prose(value, "\n\n")).unwrap_or_default();
    read_dates(&mut sorted, &mut report, place, collector);
    read_countries(&mut sorted, &mut report, place, collector);
    if let Some(value) = sorted.take(Field::Language) {
        report.language = language_code(&value.texts().join(" "));
        if report.language.is_none() {
            sorted.give_back(Field::Language, value);
        }
    }
    let mut tally = |field| {
        let value = sorted.take(field)?;
        let (tally, disagreement) = tally_of(&value);
        if let Some(disagreement) = disagreement {
            collector.note(Some(place.line), disagreement);
        }
        Some(tally)
    };
    report.posture = tally(Field::Posture).unwrap_or_default();
    report.motives = tally(Field::Motives).unwrap_or_default();
    report.techniques = tally(Field::Techniques).unwrap_or_default();
    let actors = tally(Field::Actors).unwrap_or_default();
    let mut types = sorted.take(Field::ActorType).map(|value| names(&value)).unwrap_or_default();
    if !actors.names.is_empty() && actors.names.iter().all(|name| is_actor_class(name)) {
        types.extend(actors.names);
    } else {
        report.actors = actors;
    }
    report.actor_type = Some(types.join(", ")).filter(|types| !types.is_empty());
    let locations = sorted.take(Field::ActorLocation).map(|value| names(&value).join(", "));
    report.actor_location = locations.filter(|locations| !locations.is_empty());
    report.other = sorted.into_other();
    Ok(report)
}

/// VERIS and others say of actors only from which side they came.
fn is_actor_class(name: &str) -> bool {
    ["external", "internal", "partner"].contains(&fold(name).as_str())
}

/// The fields of an object, the recognised ones by what they are.
struct Sorted {
    fields: Vec<(String, Json)>,
    /// What each field is; `None` where it is unknown, or another was surer.
    roles: Vec<Option<Field>>,
}

impl Sorted {
    fn new(fields: Vec<(String, Json)>) -> Self {
        let mut best: [Option<(usize, usize)>; NAMES.len()] = [None; NAMES.len()];
        for (at, (name, value)) in fields.iter().enumerate() {
            // An object can't be a date or a title; what it holds is text like any other.
            if let Some((field, rank)) =
                recognise(name).filter(|_| !value.is_empty() && value.is_plain())
            {
                let best = &mut best[field as usize];
                if best.is_none_or(|best| (rank, at) < best) {
                    *best = Some((rank, at));
                }
            }
        }
        let mut roles = vec![None; fields.len()];
        for (field, _) in NAMES {
            if let Some((_, at)) = best[field as usize] {
                roles[at] = Some(field);
            }
        }
        Self { fields, roles }
    }

    fn position(&self, field: Field) -> Option<usize> {
        self.roles.iter().position(|role| *role == Some(field))
    }

    fn has(&self, field: Field) -> bool {
        self.position(field).is_some()
    }

    fn name_of(&self, field: Field) -> Option<&str> {
        self.position(field).map(|at| self.fields[at].0.as_str())
    }

    fn take(&mut self, field: Field) -> Option<Json> {
        let at = self.position(field)?;
        Some(std::mem::replace(&mut self.fields[at].1, Json::Null))
    }

    /// The value was not what its name promised: it is text like any other.
    fn give_back(&mut self, field: Field, value: Json) {
        if let Some(at) = self.position(field) {
            self.fields[at].1 = value;
        }
    }

    fn names(&self) -> String {
        const MOST: usize = 8;
        let mut names: Vec<&str> =
            self.fields.iter().take(MOST).map(|(name, _)| name.as_str()).collect();
        if self.fields.len() > MOST {
            names.push("…");
        }
        if names.is_empty() { "none".to_owned() } else { names.join(", ") }
    }

    fn into_other(self) -> String {
        let mut other = String::new();
        for (name, value) in self.fields {
            value.write_lines(&name, 0, &mut other);
        }
        other
    }
}

fn read_dates(
    sorted: &mut Sorted,
    report: &mut Report,
    place: Place,
    collector: &mut Collector<'_>,
) {
    let Some(value) = sorted.take(Field::Date) else { return };
    let start = value.texts().join(" ");
    let Some(end_value) = sorted.take(Field::EndDate) else {
        return set_date(report, &start, place.line, collector);
    };
    let end = end_value.texts().join(" ");
    let parse = |text: &str| {
        IncidentDate::parse_with(text, DayOrder::Unknown).ok().filter(|date| !date.ambiguous)
    };
    if let (Some(first), Some(last)) = (parse(&start), parse(&end)) {
        if first.date == last.date {
            return set_date(report, &start, place.line, collector);
        }
        if let Some(date) = IncidentDate::between(first.date.from(), last.date.to()) {
            report.date = Some(date);
            report.date_text = format!("{start} to {end}");
            return;
        }
    }
    set_date(report, &start, place.line, collector);
    sorted.give_back(Field::EndDate, end_value);
}

fn read_countries(
    sorted: &mut Sorted,
    report: &mut Report,
    place: Place,
    collector: &mut Collector<'_>,
) {
    let rank = |name: &str| recognise(name).map_or(0, |(_, rank)| rank);
    let vague =
        sorted.name_of(Field::Country).is_some_and(|name| rank(name) >= rank(FIRST_VAGUE_PLACE));
    let Some(value) = sorted.take(Field::Country) else { return };
    let texts = value.texts();
    if vague {
        let known = |text: &String| {
            crate::country::Location::parse_list(text)
                .iter()
                .any(|location| location.country.is_some())
        };
        if !texts.iter().any(known) {
            return sorted.give_back(Field::Country, value);
        }
    }
    let cells: Vec<_> = texts.iter().map(|text| (text.as_str(), place.line)).collect();
    if !set_countries(report, &cells, collector).is_empty() {
        sorted.give_back(Field::Country, value);
    }
}

/// Names in a value, without those that say nothing and those said before.
fn names(value: &Json) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut names = value.texts();
    names.retain(|name| !is_placeholder(name) && seen.insert(name.clone()));
    names
}

/// Running text as it is written.
fn prose(value: Json, separator: &str) -> String {
    match value {
        Json::String(text) => text.trim().to_owned(),
        other => other.texts().join(separator),
    }
}

fn tally_of(value: &Json) -> (Tally, Option<String>) {
    /// Longer ones are a sentence about the actors, not a list of them.
    const LONGEST_LIST: usize = 80;
    match value {
        Json::Literal(number) => (Tally { count: number.parse().ok(), names: Vec::new() }, None),
        Json::String(text) if text.trim().len() > LONGEST_LIST && !text.starts_with('[') => {
            (Tally { count: None, names: vec![text.trim().to_owned()] }, None)
        }
        Json::String(text) if !text.trim_start().starts_with('[') => parse_tally(text),
        list => {
            let names = names(list);
            let count = u32::try_from(names.len()).ok().filter(|count| *count > 0);
            (Tally { count, names }, None)
        }
    }
}
