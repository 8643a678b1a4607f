//! One value of a field that holds no text: a date, a country, a count, a language, a path, an id.
//!
//! In: a field and the text after its colon. Out: the [`Filter`] clause, or the error with the nearest value that can be
//! meant.

use super::term::tilde_at;
use super::value::Value;
use super::{Clause, ClauseKind, Diagnostic, Parsed, Parser};
use crate::country::{Country, CountryGroup};
use crate::date::{DateProblem, DateSpan, RelativeSpan};
use crate::query::ast::{
    Comparison, CountField, CountryFilter, DateFilter, Filter, FilterSpan, Phrase,
};
use crate::query::field::{Field, FieldKind};
use crate::query::language;

impl Parser<'_> {
    /// Reads one value.
    pub(super) fn read(&mut self, field: &'static Field, value: &Value) -> Parsed<Clause> {
        let filter = match field.kind {
            FieldKind::Date | FieldKind::After | FieldKind::Before => self.date(field, value)?,
            FieldKind::Country | FieldKind::Region => Filter::Country(self.country(field, value)?),
            FieldKind::Count(count) => return self.count(count, value),
            FieldKind::Indicator(what) => return self.indicator(field, what, value),
            FieldKind::Language => Filter::Language(self.language(value)?),
            FieldKind::Actor => Filter::Actor(self.actor(value)?),
            // Text fields never come here; as a path they would match nothing by mistake.
            FieldKind::Source | FieldKind::Text(_) => Filter::Source(value.text.clone()),
            FieldKind::Id => Filter::Id(value.text.clone()),
        };
        self.leaf(ClauseKind::Filter(filter), value.cut.clone())
    }

    fn date(&self, field: &Field, value: &Value) -> Parsed<Filter> {
        let certain_here = strip_certain(&value.text);
        let text = certain_here.unwrap_or(&value.text).trim();
        let text = text.replace('≥', ">=").replace('≤', "<=");
        let prefix = match field.kind {
            FieldKind::After => ">",
            FieldKind::Before => "<",
            _ => "",
        };
        let span = if !prefix.is_empty() {
            let compared = text.starts_with(['<', '>', '=']) || text.contains("..");
            if compared || RelativeSpan::parse(&text).is_some() {
                let message = format!("{}: takes a single date; date: takes this one", field.name);
                let mut fault = self.bad_value(value, message, None);
                let name = self.lex.scan.span(value.cut.clone()).start;
                fault.corrected = self.with_other_field(field, "date", name);
                return Err(fault);
            }
            DateSpan::parse(&format!("{prefix}{text}")).map(FilterSpan::Fixed)
        } else {
            match RelativeSpan::parse(&text) {
                Some(relative) => relative.map(FilterSpan::Relative),
                None => DateSpan::parse(&text).map(FilterSpan::Fixed),
            }
        };
        let certain = self.certain || certain_here.is_some();
        match span {
            Ok(span) => Ok(Filter::Date(DateFilter { span, certain })),
            Err(DateProblem { message, corrected }) => {
                let corrected = corrected.map(|text| {
                    let text = text.strip_prefix(prefix).unwrap_or(&text).to_owned();
                    if certain_here.is_some() { format!("certain:{text}") } else { text }
                });
                Err(self.bad_value(value, message, corrected.as_deref()))
            }
        }
    }

    fn country(&mut self, field: &Field, value: &Value) -> Parsed<CountryFilter> {
        let text = value.text.as_str();
        let group = || CountryGroup::parse(text).map(CountryFilter::Group);
        let country = || Country::parse(text).map(CountryFilter::One);
        let region = field.kind == FieldKind::Region;
        let known = if region { group().or_else(country) } else { country().or_else(group) };
        if let Some(known) = known {
            return Ok(known);
        }
        if region {
            let message = format!(
                "no region is called `{text}`; expected one like europe, africa, \
                 \"middle east\", EU or NATO"
            );
            let mut fault = self.bad_value(value, message, None);
            let name = self.lex.scan.span(value.cut.clone()).start;
            fault.corrected = self.with_other_field(field, "", name);
            return Err(fault);
        }
        let suggested = if self.comparisons > 0 { near_countries(text) } else { Vec::new() };
        self.comparisons = self.comparisons.saturating_sub(1);
        if let Some(first) = suggested.first() {
            let names: Vec<&str> = suggested.iter().map(|country| country.name()).collect();
            let message =
                format!("no country is called `{text}`; did you mean {}?", names.join(" or "));
            return Err(self.bad_value(value, message, Some(first.name())));
        }
        if !text.contains(char::is_alphanumeric) {
            let message =
                format!("`{text}` is no country; expected a code or a name, as country:FR");
            return Err(self.bad_value(value, message, None));
        }
        Ok(CountryFilter::Written(text.to_owned()))
    }

    fn count(&mut self, field: CountField, value: &Value) -> Parsed<Clause> {
        let text = value.text.replace('≥', ">=").replace('≤', "<=").replace(' ', "");
        let filter =
            |comparison, number| ClauseKind::Filter(Filter::Count(field, comparison, number));
        if let Some((from, to)) = text.split_once("..") {
            let ends = [(from, Comparison::GreaterOrEqual), (to, Comparison::LessOrEqual)];
            let mut clauses = Vec::new();
            for (end, comparison) in ends.into_iter().filter(|(end, _)| !end.is_empty()) {
                let Ok(number) = end.parse() else { return Err(self.bad_count(field, value)) };
                clauses.push(self.leaf(filter(comparison, number), value.cut.clone())?);
            }
            let merged = self.merged(clauses, ClauseKind::And);
            return merged.ok_or_else(|| self.bad_count(field, value));
        }
        let comparisons = [
            (">=", Comparison::GreaterOrEqual),
            ("<=", Comparison::LessOrEqual),
            (">", Comparison::Greater),
            ("<", Comparison::Less),
            ("=", Comparison::Equal),
            ("", Comparison::Equal),
        ];
        for (symbol, comparison) in comparisons {
            if let Some(digits) = text.strip_prefix(symbol)
                && digits.bytes().all(|b| b.is_ascii_digit())
                && let Ok(number) = digits.parse()
            {
                return self.leaf(filter(comparison, number), value.cut.clone());
            }
        }
        Err(self.bad_count(field, value))
    }

    fn bad_count(&self, field: CountField, value: &Value) -> Diagnostic {
        let name = field.name();
        let message = format!("expected a number, as {name}:1, {name}:>=3 or {name}:none");
        let digits: String = value.text.chars().filter(char::is_ascii_digit).collect();
        let at_least = value.text.ends_with('+');
        let number = digits.parse::<u32>().ok();
        let corrected =
            number.map(|number| if at_least { format!(">={number}") } else { number.to_string() });
        self.bad_value(value, message, corrected.as_deref())
    }

    fn language(&self, value: &Value) -> Parsed<String> {
        if let Some(code) = language::code(&value.text) {
            return Ok(code);
        }
        let nearest = language::nearest(&value.text);
        let message = match nearest {
            Some(code) => format!("no language is called `{}`; did you mean {code}?", value.text),
            None => format!(
                "no language is called `{}`; expected a code or name, as lang:fr",
                value.text
            ),
        };
        Err(self.bad_value(value, message, nearest))
    }

    fn actor(&self, value: &Value) -> Parsed<Phrase> {
        let (text, prefix) = match value.text.strip_suffix('*') {
            Some(start) => (start, true),
            None => (value.text.as_str(), false),
        };
        let plain = !text.contains(['*', '?']) && tilde_at(text).is_none();
        if plain && text.contains(char::is_alphanumeric) {
            return Ok(Phrase { text: text.to_owned(), slop: 0, prefix });
        }
        let message = "actor: takes words as they are, perhaps with * at the end of the last";
        let mut left = text.replace(['*', '?'], "");
        if let Some(at) = tilde_at(&left) {
            left.truncate(at);
        }
        let corrected = left.contains(char::is_alphanumeric).then_some(left);
        Err(self.bad_value(value, message, corrected.as_deref()))
    }

    /// The query with the field's name before this byte replaced, or taken away.
    pub(super) fn with_other_field(
        &self,
        field: &Field,
        name: &str,
        value: usize,
    ) -> Option<String> {
        let text = self.lex.scan.text();
        let before = text[..value].trim_end_matches(['"', '“', '«', '„', ' ']);
        let before = before.strip_suffix(':')?;
        let at = before.len()
            - before
                .chars()
                .rev()
                .take_while(|c| c.is_alphabetic())
                .map(char::len_utf8)
                .sum::<usize>();
        let typed = &before[at..];
        (Field::find(typed) == Some(field)).then(|| {
            let colon = if name.is_empty() { "" } else { ":" };
            format!("{}{name}{colon}{}", &before[..at], &text[before.len() + 1..])
        })
    }
}

/// The countries that a name may be a slip of. With several in question, only those that begin alike: `Normandie` is
/// no slip of Jordan or Romania.
fn near_countries(text: &str) -> Vec<Country> {
    let mut suggested = Country::suggest(text);
    if suggested.len() > 1 {
        let initial = |name: &str| name.chars().next().map(|c| c.to_ascii_lowercase());
        suggested.retain(|country| initial(country.name()) == initial(text));
    }
    suggested
}

pub(super) fn strip_certain(text: &str) -> Option<&str> {
    let (word, rest) = text.split_once(':')?;
    word.eq_ignore_ascii_case("certain").then_some(rest)
}

pub(super) fn takes_date(field: &Field) -> bool {
    matches!(field.kind, FieldKind::Date | FieldKind::After | FieldKind::Before)
}

pub(super) fn is_country(text: &str) -> bool {
    Country::parse(text).is_some() || CountryGroup::parse(text).is_some()
}

pub(super) fn is_date(text: &str) -> bool {
    matches!(RelativeSpan::parse(text), Some(Ok(_))) || DateSpan::parse(text).is_ok()
}
