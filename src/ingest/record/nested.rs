//! The records in a value that wraps them, and the fields of a record that stand deeper than at its top.
//!
//! In: a value as a source has it: an answer of an API, a hit of a search engine, an export by key. Out: its records
//! ([`records`]); and of a record, its fields with those in the open that it keeps in objects ([`open`]): the name and
//! country of `{"victim": {"name": …, "country": …}}`, the end of `{"date": {"start": …, "end": …}}`.
//!
//! Nothing is lost on the way. What is not taken out of an object stays in it, and becomes text like any other.

use super::value::Value;
use crate::ingest::config::{FileConfig, Role};
use crate::ingest::names::{Field, reduce};

type Fields = Vec<(String, Value)>;

/// What a value holds.
#[derive(Debug, Default)]
pub(in crate::ingest) struct Unwrapped {
    /// The value itself, where it wraps nothing.
    pub records: Vec<Value>,
    /// The names of what stood beside the records, and is of none of them.
    pub beside: Vec<String>,
}

/// The records in a value. `is_whole` tells objects of a schema that is read as it is.
pub(in crate::ingest) fn records(
    value: Value,
    config: &FileConfig,
    is_whole: fn(&[(String, Value)]) -> bool,
) -> Unwrapped {
    let mut unwrapped = Unwrapped::default();
    Unwrapping { config, is_whole }.take(value, DEEPEST, &mut unwrapped);
    unwrapped
}

/// How deep records are looked for: deeper wrapping occurs nowhere, and would cost a look at all that is in it a level.
const DEEPEST: usize = 6;

struct Unwrapping<'c> {
    config: &'c FileConfig,
    is_whole: fn(&[(String, Value)]) -> bool,
}

impl Unwrapping<'_> {
    fn take(&self, value: Value, depth: usize, out: &mut Unwrapped) {
        let fields = match value.into_wrapped() {
            Ok(items) => {
                return items.into_iter().for_each(|item| self.take_next(item, depth, out));
            }
            Err(Value::Object(fields)) => fields,
            Err(other) => return out.records.push(other),
        };
        let is_flat = fields.iter().all(|(_, value)| value.is_plain());
        if is_flat || (self.is_whole)(&fields) || self.says(&fields, Field::Victim) {
            return out.records.push(Value::Object(fields));
        }
        // A title or text may be that of a record, and the list beside it that of its indicators or sources.
        let has_text = [Field::Title, Field::Summary, Field::Body];
        let has_text = has_text.into_iter().any(|field| self.says(&fields, field));
        let wraps = |(name, value): &(String, Value)| {
            self.holds_records(value, depth) && (!has_text || is_list_of_records(name))
        };
        if fields.iter().any(wraps) {
            for field in fields {
                match field {
                    field if wraps(&field) => match field.1 {
                        Value::List(items) => {
                            items.into_iter().for_each(|item| self.take_next(item, depth, out));
                        }
                        other => self.take_next(other, depth, out),
                    },
                    (_, value) if value.is_empty() => {}
                    (name, _) => out.beside.push(name),
                }
            }
        } else if self.are_keyed(&fields, depth) {
            for (key, value) in fields {
                let Value::Object(mut record) = value else { continue };
                if !self.says(&record, Field::Id) {
                    record.insert(0, ("id".to_owned(), Value::String(key)));
                }
                self.take_next(Value::Object(record), depth, out);
            }
        } else {
            out.records.push(Value::Object(self.without_envelope(fields, depth)));
        }
    }

    fn take_next(&self, value: Value, depth: usize, out: &mut Unwrapped) {
        match depth.checked_sub(1) {
            Some(depth) => self.take(value, depth, out),
            None => out.records.push(value),
        }
    }

    /// Whether a field is there by one of its names, with something plain in it; a victim may be an object.
    fn says(&self, fields: &[(String, Value)], wanted: Field) -> bool {
        fields.iter().any(|(name, value)| {
            let is = matches!(self.config.role(name), Role::Field(known) if known.field == wanted);
            is && !value.is_empty() && (value.is_plain() || wanted == Field::Victim)
        })
    }

    /// Whether an object is more than something with a name: it has a text, or a time or place as well.
    fn is_record(&self, value: &Value, depth: usize) -> bool {
        let Value::Object(fields) = value else { return false };
        let says = |field| self.says(fields, field);
        says(Field::Body)
            || says(Field::Summary)
            || (says(Field::Victim) || says(Field::Title))
                && (says(Field::Date) || says(Field::Country))
            || (self.is_whole)(fields)
            || depth > 0 && fields.iter().any(|(_, inner)| self.is_record(inner, depth - 1))
    }

    fn are_records(&self, items: &[Value], depth: usize) -> bool {
        items.iter().all(|item| matches!(item, Value::Object(_)))
            && items.iter().any(|item| self.is_record(item, depth.min(2)))
    }

    /// Whether there is a list of records in it.
    fn holds_records(&self, value: &Value, depth: usize) -> bool {
        match value {
            Value::List(items) => self.are_records(items, depth),
            Value::Object(fields) if depth > 0 => {
                let inner = |(_, value): &(String, Value)| self.holds_records(value, depth - 1);
                !self.says(fields, Field::Victim)
                    && (fields.iter().any(inner) || self.are_keyed(fields, depth - 1))
            }
            _ => false,
        }
    }

    /// Whether the fields are records by their keys: `{"case-1": {…}, "case-2": {…}}`.
    fn are_keyed(&self, fields: &[(String, Value)], depth: usize) -> bool {
        // A name that a record has is no key: `{"report": {…}, "victim": {…}}`.
        let is_key = |(name, value): &(String, Value)| {
            let known = matches!(self.config.role(name), Role::Field(_)) || is_container(name);
            !known && self.is_record(value, depth.min(2))
        };
        fields.len() > 1 && fields.iter().all(is_key)
    }

    /// The fields of a record within another object that only delivers it, and then those of that.
    fn without_envelope(&self, mut fields: Fields, depth: usize) -> Fields {
        let has_text = [Field::Victim, Field::Title, Field::Summary, Field::Body];
        if depth == 0 || has_text.into_iter().any(|field| self.says(&fields, field)) {
            return fields;
        }
        let is_record = |(_, value): &(String, Value)| self.is_record(value, depth.min(2));
        let mut letters = (0..fields.len()).filter(|at| is_record(&fields[*at]));
        let (Some(at), None) = (letters.next(), letters.next()) else { return fields };
        let (name, value) = fields.remove(at);
        match value {
            Value::Object(inner) => {
                let mut inner = self.without_envelope(inner, depth - 1);
                inner.append(&mut fields);
                inner
            }
            other => {
                fields.insert(at, (name, other));
                fields
            }
        }
    }
}

/// Takes what a record keeps in objects into the open, where it is plain what it is.
pub(super) fn open(fields: &mut Fields, config: &FileConfig) {
    if fields.iter().all(|(_, value)| value.is_plain()) {
        return;
    }
    let mut is_said = [false; Field::COUNT];
    for (name, _) in fields.iter().filter(|(_, value)| !value.is_empty()) {
        if let Role::Field(known) = config.role(name) {
            is_said[known.field as usize] = true;
        }
    }
    let mut found = Fields::new();
    for (name, value) in fields.iter_mut().filter(|(_, value)| !value.is_plain()) {
        if let Some(inner) = only_value(value) {
            *value = inner;
            continue;
        }
        let opened = match config.role(name) {
            // What settings call a field is that field with all that is in it.
            Role::Field(known) if known.is_set() => true,
            Role::Field(known) => open_field(known.field, name, value, &mut found),
            Role::Other => false,
            Role::Ignored => true,
        };
        if let Value::Object(inner) = value
            && !opened
            && is_container(name)
        {
            open(inner, config);
            for (name, value) in inner {
                if let Role::Field(known) = config.role(name)
                    && (value.is_plain() && !value.is_empty())
                    && (known.is_set() || !is_said[known.field as usize])
                {
                    found.push((name.clone(), std::mem::replace(value, Value::Null)));
                }
            }
        }
    }
    fields.append(&mut found);
}

/// Takes out of an object what it says under the name of a field; `false` if it says nothing that is known.
fn open_field(field: Field, name: &str, value: &mut Value, found: &mut Fields) -> bool {
    let mut take = |names: &[&str], as_name: &str| {
        let mut values = take_each(value, names);
        let value = if values.len() == 1 { values.pop() } else { Some(Value::List(values)) };
        let value = value.filter(|value| !value.is_empty());
        let is_there = value.is_some();
        found.extend(value.map(|value| (as_name.to_owned(), value)));
        is_there
    };
    const PLACES: [&str; 6] = ["country", "countries", "country code", "pays", "land", "pais"];
    match field {
        Field::Victim => {
            const NAMES: [&str; 12] = [
                "name",
                "victim name",
                "victim",
                "organisation",
                "organization",
                "company",
                "entity",
                "nom",
                "nombre",
                "title",
                "value",
                "victim id",
            ];
            take(&PLACES, "victim country") | take(&NAMES, name)
        }
        Field::Actors => {
            const NAMES: [&str; 6] = ["name", "actor", "group", "nom", "nombre", "value"];
            take(&PLACES, "actor country")
                | take(&["type", "category", "variety"], "actor type")
                | take(&NAMES, name)
        }
        Field::Date => {
            const STARTS: [&str; 8] =
                ["start", "from", "begin", "start date", "occurred", "date", "value", "iso"];
            take(&["end", "to", "until", "end date"], "end date")
                | (take(&STARTS, name)
                    || day_of(value).is_some_and(|day| {
                        found.push((name.to_owned(), Value::String(day)));
                        true
                    }))
        }
        Field::Country => take(&PLACES, name) || take(&["name", "code", "iso", "alpha2"], name),
        Field::Title | Field::Summary | Field::Body => {
            take(&["rendered", "text", "value", "html", "plain", "#text", "$t"], name)
        }
        _ => take(&["name", "value", "title", "code"], name),
    }
}

/// Takes the first of these names that an object has, out of it; of a list, out of each of its objects.
fn take_each(value: &mut Value, names: &[&str]) -> Vec<Value> {
    match value {
        Value::Object(fields) => {
            let reduced: Vec<_> = fields.iter().map(|(name, _)| reduce(name)).collect();
            let at = names.iter().find_map(|wanted| {
                let wanted = reduce(wanted);
                let is = |at: &usize| {
                    let (_, value) = &fields[*at];
                    wanted.is_some()
                        && reduced[*at] == wanted
                        && value.is_plain()
                        && !value.is_empty()
                };
                (0..fields.len()).find(is)
            });
            at.map(|at| std::mem::replace(&mut fields[at].1, Value::Null)).into_iter().collect()
        }
        Value::List(items) => items.iter_mut().flat_map(|item| take_each(item, names)).collect(),
        _ => Vec::new(),
    }
}

/// `{"year": 2021, "month": 5}` as a date.
fn day_of(value: &mut Value) -> Option<String> {
    let number = |value: &Value, name: &str| -> Option<u16> {
        value.get(&[name])?.texts().first()?.parse().ok().filter(|number| *number > 0)
    };
    let mut day = format!("{:04}", number(value, "year")?);
    value.take(&["year"]);
    for name in ["month", "day"] {
        let Some(part) = number(value, name) else { break };
        day.push_str(&format!("-{part:02}"));
        value.take(&[name]);
    }
    Some(day)
}

/// What databases write for a value of a type that JSON lacks: `{"$date": "2021-05-01T00:00:00Z"}`.
fn only_value(value: &mut Value) -> Option<Value> {
    let Value::Object(fields) = value else { return None };
    let [(name, inner)] = fields.as_mut_slice() else { return None };
    (name.starts_with('$') && inner.is_plain()).then(|| std::mem::replace(inner, Value::Null))
}

/// Whether an object of this name only groups fields of the record that it is in.
fn is_container(name: &str) -> bool {
    const NAMES: [&str; 23] = [
        "acf",
        "attack",
        "attributes",
        "breach",
        "case",
        "content",
        "custom",
        "customfields",
        "data",
        "details",
        "document",
        "event",
        "extra",
        "fields",
        "incident",
        "item",
        "meta",
        "metadata",
        "params",
        "payload",
        "properties",
        "record",
        "report",
    ];
    reduce(name).is_some_and(|name| NAMES.contains(&name.as_str()))
}

/// Whether a list of this name is one of records, also where a text stands beside it.
fn is_list_of_records(name: &str) -> bool {
    const NAMES: [&str; 24] = [
        "articles",
        "attacks",
        "breaches",
        "cases",
        "data",
        "documents",
        "entries",
        "events",
        "fallliste",
        "hits",
        "incidentes",
        "incidents",
        "items",
        "objects",
        "posts",
        "pulses",
        "records",
        "reports",
        "response",
        "results",
        "rows",
        "values",
        "vorfalle",
        "victims",
    ];
    reduce(name).is_some_and(|name| NAMES.contains(&name.as_str()))
}

#[cfg(test)]
mod tests;
