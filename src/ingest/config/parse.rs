//! The text of a `casebook.toml`.
//!
//! In: TOML. Out: a [`Layer`], or a [`SettingsFault`] that says for each thing that is wrong in which line it stands and what
//! was probably meant. Nothing is passed over: a slip here would make other dates of a thousand reports.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::exclude::Exclude;
use super::{FileConfig, LimitSettings, Target, size};
use crate::country::{Country, Location};
use crate::date::DayOrder;
use crate::error::{SettingsFault, SettingsFaults};
use crate::ingest::names::{self, Field, reduce};
use crate::ingest::outcome::DEEPEST;
use crate::ingest::values::{is_placeholder, language_code};

/// What one file says.
#[derive(Debug, Default)]
pub(super) struct Layer {
    pub config: FileConfig,
    pub exclude: Option<Exclude>,
}

/// Reads the text of a `casebook.toml`.
pub(super) fn parse(text: &str) -> Result<Layer, SettingsFault> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader { faults: SettingsFaults::new(text) };
    let layer = match DeTable::parse(text) {
        Ok(table) => reader.layer(table.get_ref()),
        Err(error) => {
            // The parser's own words, without its drawing of the line.
            let message = format!("not valid TOML: {}", error.message().trim());
            reader.fault(error.span().unwrap_or(0..0), message);
            Layer::default()
        }
    };
    reader.faults.finish()?;
    Ok(layer)
}

type Entry<'t> = (&'t Spanned<std::borrow::Cow<'t, str>>, &'t Spanned<DeValue<'t>>);

struct Reader<'t> {
    faults: SettingsFaults<'t>,
}

impl Reader<'_> {
    fn fault(&mut self, span: Range<usize>, message: String) {
        self.faults.add(span, message);
    }

    fn layer(&mut self, root: &DeTable<'_>) -> Layer {
        const TABLES: [&str; 5] = ["fields", "dates", "defaults", "limits", "files"];
        let mut config = FileConfig::default();
        let mut exclude = None;
        for (key, value) in root {
            let name = key.get_ref().as_ref();
            let Some(table) = value.get_ref().as_table() else {
                let message = match home_of(name) {
                    Some(table) => format!("`{name}` belongs under [{table}]"),
                    None if TABLES.contains(&name) => {
                        format!("`{name}` is a table: write [{name}] on a line of its own")
                    }
                    None => unknown("key", name, "", &TABLES),
                };
                self.fault(key.span(), message);
                continue;
            };
            match name {
                "fields" => self.fields(table, "", &mut config.fields),
                "dates" => self.dates(table, &mut config),
                "defaults" => self.defaults(table, &mut config),
                "limits" => self.limits(table, &mut config.limits),
                "files" => exclude = self.files(table),
                _ => self.fault(key.span(), unknown("table", name, "", &TABLES)),
            }
        }
        Layer { config, exclude }
    }

    /// `prefix` is what a key without quotes was cut into by its dots.
    fn fields(&mut self, table: &DeTable<'_>, prefix: &str, fields: &mut BTreeMap<String, Target>) {
        for (key, value) in table {
            let name = format!("{prefix}{}", key.get_ref());
            if let Some(inner) = value.get_ref().as_table() {
                self.fields(inner, &format!("{name}."), fields);
                continue;
            }
            let Some(written) = self.string((key, value), "the name of a field") else { continue };
            let target = match target(written) {
                Ok(target) => target,
                Err(message) => {
                    self.fault(value.span(), message);
                    continue;
                }
            };
            let Some(reduced) = reduce(&name) else {
                let message = format!(
                    "`{name}` is no name of a field: it has no letter, or more than 80 bytes"
                );
                self.fault(key.span(), message);
                continue;
            };
            if fields.insert(reduced, target).is_some_and(|other| other != target) {
                let message = format!(
                    "`{name}` is there twice: case, accents, blanks, `_` and `-` are no difference"
                );
                self.fault(key.span(), message);
            }
        }
    }

    fn dates(&mut self, table: &DeTable<'_>, config: &mut FileConfig) {
        const ORDERS: [&str; 2] = ["day-first", "month-first"];
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "order" => match self.string((key, value), "\"day-first\" or \"month-first\"") {
                    Some("day-first") => config.day_order = DayOrder::DayFirst,
                    Some("month-first") => config.day_order = DayOrder::MonthFirst,
                    Some(other) => {
                        let nearest = did_you_mean(other, ORDERS);
                        let message = format!(
                            "`order` is \"day-first\" or \"month-first\", not \"{other}\"{nearest}"
                        );
                        self.fault(value.span(), message);
                    }
                    None => {}
                },
                other => self.fault(key.span(), unknown("key", other, "dates", &["order"])),
            }
        }
    }

    fn defaults(&mut self, table: &DeTable<'_>, config: &mut FileConfig) {
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "country" => {
                    let Some(written) = self.string((key, value), "a country") else { continue };
                    match countries(written) {
                        Ok(countries) => config.countries = countries,
                        Err(message) => self.fault(value.span(), message),
                    }
                }
                "language" => {
                    let Some(written) = self.string((key, value), "a language") else { continue };
                    config.language = language_code(written);
                    if config.language.is_none() {
                        let message = format!(
                            "\"{written}\" is no language that is known here; write its code of two letters, such as \"fr\""
                        );
                        self.fault(value.span(), message);
                    }
                }
                other => {
                    let message = unknown("key", other, "defaults", &["country", "language"]);
                    self.fault(key.span(), message);
                }
            }
        }
    }

    fn limits(&mut self, table: &DeTable<'_>, limits: &mut LimitSettings) {
        const KEYS: [&str; 5] =
            ["file_bytes", "record_bytes", "decompressed_bytes", "nesting", "links"];
        let number = |value: &DeValue<'_>| {
            value.as_integer().and_then(|number| number.to_string().parse::<u64>().ok())
        };
        for (key, value) in table {
            let limit = match key.get_ref().as_ref() {
                "file_bytes" => &mut limits.file_bytes,
                "record_bytes" => &mut limits.record_bytes,
                "decompressed_bytes" => &mut limits.decompressed_bytes,
                "links" => {
                    limits.links = number(value.get_ref());
                    if limits.links.is_none() {
                        self.fault(value.span(), "`links` has to be a number".to_owned());
                    }
                    continue;
                }
                "nesting" => {
                    limits.nesting =
                        number(value.get_ref()).filter(|levels| (1..=DEEPEST).contains(levels));
                    if limits.nesting.is_none() {
                        let message = format!("`nesting` has to be a number from 1 to {DEEPEST}");
                        self.fault(value.span(), message);
                    }
                    continue;
                }
                other => {
                    self.fault(key.span(), unknown("key", other, "limits", &KEYS));
                    continue;
                }
            };
            let written = match value.get_ref() {
                DeValue::Integer(number) => Some(number.to_string()),
                other => other.as_str().map(str::to_owned),
            };
            *limit = written.as_deref().and_then(size::parse);
            if limit.is_none() {
                let message = format!("`{}` has to be a size, such as \"200 MB\"", key.get_ref());
                self.fault(value.span(), message);
            }
        }
    }

    fn files(&mut self, table: &DeTable<'_>) -> Option<Exclude> {
        let mut exclude = None;
        for (key, value) in table {
            if key.get_ref() != "exclude" {
                let message = unknown("key", key.get_ref(), "files", &["exclude"]);
                self.fault(key.span(), message);
                continue;
            }
            let Some(items) = value.get_ref().as_array() else {
                let message =
                    "`exclude` is a list of patterns, as in [\"drafts/**\", \"*.bak.txt\"]";
                self.fault(value.span(), message.to_owned());
                continue;
            };
            let mut patterns = Vec::new();
            for item in items.iter() {
                match item.get_ref().as_str() {
                    Some(pattern) => patterns.push((pattern, item.span())),
                    None => self.fault(item.span(), "a pattern is a string".to_owned()),
                }
            }
            match Exclude::new(&patterns.iter().map(|(pattern, _)| *pattern).collect::<Vec<_>>()) {
                Ok(read) => exclude = Some(read),
                Err((at, why)) => {
                    let (pattern, span) = patterns.get(at).cloned().unwrap_or(("", value.span()));
                    self.fault(span, format!("the pattern \"{pattern}\" can't be used: {why}"));
                }
            }
        }
        exclude
    }

    fn string<'t>(&mut self, (key, value): Entry<'t>, what: &str) -> Option<&'t str> {
        let text = value.get_ref().as_str();
        if text.is_none() {
            self.fault(value.span(), format!("`{}` has to be {what}, in quotes", key.get_ref()));
        }
        text
    }
}

/// The table that a key belongs to which stands outside of it.
fn home_of(key: &str) -> Option<&'static str> {
    match key {
        "order" => Some("dates"),
        "country" | "language" => Some("defaults"),
        "exclude" => Some("files"),
        "file_bytes" | "record_bytes" | "decompressed_bytes" | "nesting" | "links" => {
            Some("limits")
        }
        _ => None,
    }
}

fn target(written: &str) -> Result<Target, String> {
    const OTHER: &str = "other";
    const IGNORE: &str = "ignore";
    if let Some(field) = Field::all().find(|field| field.name() == written) {
        return Ok(Target::Field(field));
    }
    match written {
        OTHER => Ok(Target::Other),
        "" | IGNORE => Ok(Target::Ignored),
        _ => {
            let names: Vec<_> = Field::all().map(Field::name).chain([OTHER, IGNORE]).collect();
            // `description` is nearest to nothing that is spelled like it, and yet there is no doubt.
            let hint = match names::known(written) {
                Some(known) => format!("; did you mean `{}`?", known.field.name()),
                None => did_you_mean(written, names.iter().copied()),
            };
            let all = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            Err(format!("there is no field `{written}`{hint} (the fields are {all})"))
        }
    }
}

fn countries(written: &str) -> Result<Vec<Location>, String> {
    let found = Location::parse_list(written);
    if let Some(unknown) = found.iter().find(|location| location.country.is_none()) {
        let name = &unknown.written;
        let hint = match Country::suggest(name).first() {
            Some(country) => format!("; did you mean \"{}\"?", country.name()),
            None => String::new(),
        };
        return Err(format!("\"{name}\" is no country that is known here{hint}"));
    }
    if found.is_empty() {
        let why = if is_placeholder(written) {
            "leave the line out for none"
        } else {
            "write a name or a code"
        };
        return Err(format!("\"{written}\" is no country; {why}"));
    }
    Ok(found)
}

fn unknown(what: &str, name: &str, table: &str, known: &[&str]) -> String {
    let place = if table.is_empty() { String::new() } else { format!(" in [{table}]") };
    let hint = match did_you_mean(name, known.iter().copied()) {
        hint if hint.is_empty() => {
            let known: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
            format!("; known are {}", known.join(", "))
        }
        hint => hint,
    };
    format!("there is no {what} `{name}`{place}{hint}")
}

/// The nearest of the names, as the end of a message; nothing if none is near.
fn did_you_mean<'a>(written: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let written = written.to_lowercase();
    if written.len() > 40 {
        return String::new();
    }
    let near = |name| (distance(&written, name), name);
    let nearest = names.into_iter().map(near).min_by_key(|(distance, _)| *distance);
    match nearest {
        Some((distance, name)) if distance * 3 <= name.len().max(3) => {
            format!("; did you mean `{name}`?")
        }
        _ => String::new(),
    }
}

/// Letters added, left out or changed.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let changed = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
