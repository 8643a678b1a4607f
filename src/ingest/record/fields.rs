//! Which field of a report a field of an object is.
//!
//! In: the fields of an object, under whatever names a source gives them. Out: a [`Report`]. What is recognised goes
//! where it belongs, everything else into [`Report::other`], a line a field.

use std::borrow::Cow;
use std::collections::HashSet;

use super::Place;
use super::nested::open;
use super::value::Value;
use crate::date::IncidentDate;
use crate::ingest::collect::Collector;
use crate::ingest::config::{FileConfig, Role};
use crate::ingest::html;
use crate::ingest::mend::{Mended, mend};
use crate::ingest::names::{Field, Known};
use crate::ingest::references::unescape;
use crate::ingest::values::{
    fold, is_placeholder, language_code, parse_tally, set_countries, set_date,
};
use crate::report::{Report, Tally};

/// Reads one record; gives the names of its fields if it can't be a report.
pub(in crate::ingest) fn read_record(
    mut fields: Vec<(String, Value)>,
    place: Place,
    collector: &mut Collector<'_>,
) -> Result<Report, String> {
    let written = mend_all(&mut fields, place, collector);
    let sorted = Sorted::new(fields, collector.config());
    if !sorted.is_report() {
        return Err(sorted.names());
    }
    let mut report = fill(sorted, place, collector);
    Value::String(written.join(", ")).write_lines("As written", 0, &mut report.other);
    Ok(report)
}

/// Whether a record with fields of these names could be a report.
pub(in crate::ingest) fn could_be_report<'a>(
    names: impl Iterator<Item = &'a str>,
    collector: &Collector<'_>,
) -> bool {
    let something = |name: &str| (name.to_owned(), Value::Literal("1".to_owned()));
    Sorted::new(names.map(something).collect(), collector.config()).is_report()
}

/// Reads what is known of a report whose account is elsewhere: front matter, the head of a page.
pub(in crate::ingest) fn read_known(
    fields: Vec<(String, Value)>,
    place: Place,
    collector: &mut Collector<'_>,
) -> Report {
    fill(Sorted::new(fields, collector.config()), place, collector)
}

fn fill(mut sorted: Sorted, place: Place, collector: &mut Collector<'_>) -> Report {
    let mut report = Report::default();
    let id = sorted.take(Field::Id).map(|id| id.texts().join(" ")).filter(|id| !is_placeholder(id));
    report.id = id.unwrap_or_else(|| collector.derived_id(place.record));
    report.source = Some(collector.source(place.record));
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
    report
}

/// VERIS and others say of actors only from which side they came.
fn is_actor_class(name: &str) -> bool {
    ["external", "internal", "partner"].contains(&fold(name).as_str())
}

/// The fields of an object, the recognised ones by what they are.
struct Sorted {
    fields: Vec<(String, Value)>,
    /// What each field is; `None` where it is unknown, or another was surer.
    roles: Vec<Option<Known>>,
}

impl Sorted {
    fn new(mut fields: Vec<(String, Value)>, config: &FileConfig) -> Self {
        if config.names_fields() {
            lift(&mut fields, config);
        }
        open(&mut fields, config);
        let mut sorted = Self { fields: Vec::with_capacity(fields.len()), roles: Vec::new() };
        // By field: whether the value says nothing, how sure the name is, where it stands.
        let mut best: [Option<(bool, usize, usize)>; Field::COUNT] = [None; Field::COUNT];
        for (name, value) in fields {
            let known = match config.role(&name) {
                Role::Ignored => continue,
                Role::Field(known) if !value.is_empty() => Some(known),
                _ => None,
            };
            // An object can't be a date or a title, unless the settings say so; what it holds is text like any other.
            if let Some(known) = known.filter(|known| known.is_set() || value.is_plain()) {
                let best = &mut best[known.field as usize];
                let rank = (says_nothing(&value), known.rank, sorted.fields.len());
                match *best {
                    Some((_, 0, at)) if known.is_set() => {
                        sorted.fields[at].1.append(value);
                        continue;
                    }
                    Some(old) if old < rank => {}
                    _ => *best = Some(rank),
                }
            }
            sorted.fields.push((name, value));
            sorted.roles.push(known);
        }
        for (at, role) in sorted.roles.iter_mut().enumerate() {
            let chosen = |known: &Known| matches!(best[known.field as usize], Some((.., best)) if best == at);
            *role = role.filter(chosen);
        }
        sorted
    }

    /// Whether there is a victim or a text, or at least when and where something was.
    fn is_report(&self) -> bool {
        let text = [Field::Victim, Field::Title, Field::Summary, Field::Body];
        text.iter().any(|field| self.has(*field))
            || [Field::Date, Field::Country].iter().all(|field| self.has(*field))
    }

    fn position(&self, field: Field) -> Option<usize> {
        self.roles.iter().position(|role| role.is_some_and(|known| known.field == field))
    }

    fn has(&self, field: Field) -> bool {
        self.position(field).is_some()
    }

    /// Whether the name of the field, as the source has it, may also be that of something else.
    fn is_vague(&self, field: Field) -> bool {
        self.roles.iter().flatten().any(|known| known.field == field && known.vague)
    }

    /// The name of the field, as the source has it, where it gives a day after that of the incident.
    fn late_name(&self, field: Field) -> Option<String> {
        let at = self.position(field)?;
        self.roles[at].filter(|known| known.late).map(|_| self.fields[at].0.clone())
    }

    fn take(&mut self, field: Field) -> Option<Value> {
        let at = self.position(field)?;
        Some(std::mem::replace(&mut self.fields[at].1, Value::Null))
    }

    /// The value was not what its name promised: it is text like any other.
    fn give_back(&mut self, field: Field, value: Value) {
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

/// Mends what can be mended in the texts of a record. Gives the words that were another before.
fn mend_all(
    fields: &mut [(String, Value)],
    place: Place,
    collector: &mut Collector<'_>,
) -> Vec<String> {
    let (mut written, mut controls) = (Vec::new(), false);
    for (_, value) in fields {
        value.for_each_text(&mut |text| {
            if let Some(Mended { text: meant, written: words }) = mend(text) {
                *text = meant;
                controls |= words.is_empty();
                for word in words {
                    if !written.contains(&word) && written.len() < MOST_WRITTEN {
                        written.push(word);
                    }
                }
            }
        });
    }
    if !written.is_empty() {
        let message = "some text was UTF-8 that had been read as Windows-1252 (`Ã¼` for `ü`): read as it was meant; \
                       the words as written can be found too";
        collector.note(Some(place.line), message.to_owned());
    }
    if controls {
        let message = "some text has control characters where Windows-1252 has quotes and dashes: read as those";
        collector.note(Some(place.line), message.to_owned());
    }
    written
}

/// Words that are kept as they were written, a record. One that has more is spoiled throughout.
const MOST_WRITTEN: usize = 200;

/// Takes the fields that settings name by their path, `incident.when`, out of the objects that they are in.
fn lift(fields: &mut Vec<(String, Value)>, config: &FileConfig) {
    fn take_out(
        path: &str,
        value: &mut Value,
        config: &FileConfig,
        lifted: &mut Vec<(String, Value)>,
    ) {
        let Value::Object(inner) = value else { return };
        for (name, value) in inner {
            let path = format!("{path}.{name}");
            if config.names_field(&path) {
                lifted.push((path, std::mem::replace(value, Value::Null)));
            } else {
                take_out(&path, value, config, lifted);
            }
        }
    }
    let mut lifted = Vec::new();
    for (name, value) in fields.iter_mut() {
        take_out(name, value, config, &mut lifted);
    }
    fields.append(&mut lifted);
}

fn says_nothing(value: &Value) -> bool {
    value.texts().iter().all(|text| is_placeholder(text))
}

fn read_dates(
    sorted: &mut Sorted,
    report: &mut Report,
    place: Place,
    collector: &mut Collector<'_>,
) {
    let late = sorted.late_name(Field::Date);
    let Some(value) = sorted.take(Field::Date) else { return };
    let start = value.texts().join(" ");
    if let Some(name) = late {
        set_date(report, &start, place.line, collector);
        if report.date.is_some() {
            // It is the best that there is, and says what it is.
            report.date_text = format!("{name}: {start}");
            collector.note(None, format!("the date is that of `{name}`"));
        }
        return;
    }
    let Some(end_value) = sorted.take(Field::EndDate) else {
        return set_date(report, &start, place.line, collector);
    };
    let end = end_value.texts().join(" ");
    let order = collector.config().day_order();
    let parse =
        |text: &str| IncidentDate::parse_with(text, order).ok().filter(|date| !date.ambiguous);
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
    let vague = sorted.is_vague(Field::Country);
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
fn names(value: &Value) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut names = value.texts();
    for name in &mut names {
        if let Cow::Owned(meant) = unescape(name) {
            *name = meant;
        }
    }
    // `Not available; Not available` names nobody either.
    names.retain(|name| !name.split(';').all(is_placeholder) && seen.insert(name.clone()));
    names
}

/// Running text as it is written; where it is a piece of a page, the text of that.
fn prose(value: Value, separator: &str) -> String {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        other => other.texts().join(separator),
    };
    if html::sniff(&text) {
        return html::text_of(&text).trim().to_owned();
    }
    // Where there are tags, an account may quote them, and what is escaped beside them.
    if text.contains('<') { text } else { unescape(&text).into_owned() }
}

fn tally_of(value: &Value) -> (Tally, Option<String>) {
    /// Longer ones are a sentence about the actors, not a list of them.
    const LONGEST_LIST: usize = 80;
    match value {
        Value::Literal(number) => (Tally { count: number.parse().ok(), names: Vec::new() }, None),
        Value::String(text) if text.trim().len() > LONGEST_LIST && !text.starts_with('[') => {
            (Tally { count: None, names: vec![text.trim().to_owned()] }, None)
        }
        Value::String(text) if !text.trim_start().starts_with('[') => parse_tally(text),
        list => {
            let names = names(list);
            let count = u32::try_from(names.len()).ok().filter(|count| *count > 0);
            (Tally { count, names }, None)
        }
    }
}
