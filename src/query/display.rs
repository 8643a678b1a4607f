//! Canonical text of a query.
//!
//! In: clauses. Out: text that reads back as the same clauses, whatever quotation marks, spacing, aliases or brackets
//! they were typed with. Brackets stand wherever the reader would otherwise have to know how operators bind.

use std::fmt::{self, Display, Formatter, Write as _};

use super::ast::{
    Clause, ClauseKind, CountryFilter, DateFilter, Filter, FilterSpan, Phrase, Query,
};
use super::indicator::IndicatorFilter;

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.root {
            None => Ok(()),
            Some(root) if root.boost == 1.0 => bare(root, f),
            Some(root) => root.fmt(f),
        }
    }
}

/// As part of a larger query: several clauses stand in brackets.
impl Display for Clause {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.needs_brackets() {
            f.write_char('(')?;
            bare(self, f)?;
            f.write_char(')')?;
        } else {
            bare(self, f)?;
        }
        if self.boost == 1.0 { Ok(()) } else { write!(f, "^{}", self.boost) }
    }
}

impl Clause {
    fn needs_brackets(&self) -> bool {
        match &self.kind {
            ClauseKind::All(_) | ClauseKind::And(_) | ClauseKind::Or(_) => true,
            // Right behind a word like `~2` a weight would be part of the word; `:b` behind `date` would be its value.
            ClauseKind::Word(word) => {
                (self.boost != 1.0 && word.starts_with(['~', '^'])) || word.starts_with(':')
            }
            _ => false,
        }
    }
}

impl Display for Phrase {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.prefix {
            f.write_str(&quoted(&format!("{}*", self.text)))?;
        } else {
            f.write_str(&quoted(&self.text))?;
        }
        if self.slop == 0 { Ok(()) } else { write!(f, "~{}", self.slop) }
    }
}

impl Display for IndicatorFilter {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            IndicatorFilter::Addresses(range) => write!(f, "ip:{}", value(&range.to_string())),
            IndicatorFilter::Named(field, text) => write!(f, "{}:{}", field.name(), value(text)),
        }
    }
}

impl Display for Filter {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Filter::Date(date) => date.fmt(f),
            Filter::Country(country) => country.fmt(f),
            Filter::Count(field, comparison, number) => {
                write!(f, "{}:{}{number}", field.name(), comparison.symbol())
            }
            Filter::Language(code) => write!(f, "lang:{}", value(code)),
            Filter::Source(glob) => write!(f, "source:{}", value(glob)),
            Filter::Id(id) => write!(f, "id:{}", value(id)),
            Filter::Actor(phrase) => write!(f, "actor:{phrase}"),
            Filter::Missing(field) => write!(f, "{}:none", field.name()),
        }
    }
}

impl Display for DateFilter {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(if self.certain { "date:certain:" } else { "date:" })?;
        match &self.span {
            FilterSpan::Fixed(span) => write!(f, "{}", value(&span.to_string())),
            FilterSpan::Relative(span) => write!(f, "{}", value(&span.to_string())),
        }
    }
}

impl Display for CountryFilter {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            CountryFilter::One(country) => write!(f, "country:{}", country.alpha2()),
            CountryFilter::Group(group) => write!(f, "region:{}", value(&group.to_string())),
            // Always quoted, or the words after it could become part of it.
            CountryFilter::Written(name) => write!(f, "country:{}", quoted(name)),
        }
    }
}

/// The clause without brackets or weight of its own.
fn bare(clause: &Clause, f: &mut Formatter<'_>) -> fmt::Result {
    match &clause.kind {
        ClauseKind::All(clauses) => joined(clauses, " ", f),
        ClauseKind::And(clauses) => joined(clauses, " AND ", f),
        ClauseKind::Or(clauses) => joined(clauses, " OR ", f),
        // `--a` would be no sign at all.
        ClauseKind::Not(inner) if matches!(inner.kind, ClauseKind::Not(_)) => {
            write!(f, "NOT {inner}")
        }
        ClauseKind::Not(inner) => write!(f, "-{inner}"),
        ClauseKind::Must(inner) => write!(f, "+{inner}"),
        ClauseKind::Scoped(sections, inner) => {
            match sections.as_slice() {
                [section] => write!(f, "{}:", section.name())?,
                sections => {
                    let names: Vec<&str> = sections.iter().map(|section| section.name()).collect();
                    write!(f, "({}):", names.join("|"))?;
                }
            }
            match &inner.kind {
                // `victim:none` asks for reports without one, and `victim://a` is an address.
                ClauseKind::Word(word)
                    if word.eq_ignore_ascii_case("none")
                        || word.starts_with("//")
                        || word.starts_with("\\\\") =>
                {
                    write!(f, "({inner})")
                }
                _ => inner.fmt(f),
            }
        }
        ClauseKind::Word(word) => f.write_str(word),
        ClauseKind::Phrase(phrase) => phrase.fmt(f),
        ClauseKind::Wildcard(pattern) => f.write_str(pattern),
        ClauseKind::Fuzzy { word, distance: None } => write!(f, "{word}~"),
        ClauseKind::Fuzzy { word, distance: Some(distance) } => write!(f, "{word}~{distance}"),
        ClauseKind::Regex(pattern) => write!(f, "/{pattern}/"),
        ClauseKind::Indicator(filter) => filter.fmt(f),
        ClauseKind::Filter(filter) => filter.fmt(f),
    }
}

fn joined(clauses: &[Clause], between: &str, f: &mut Formatter<'_>) -> fmt::Result {
    for (i, clause) in clauses.iter().enumerate() {
        if i > 0 {
            f.write_str(between)?;
        }
        clause.fmt(f)?;
    }
    Ok(())
}

/// The text in quotation marks that it does not contain itself. One kind always is left: a text with `"` in it came out
/// of one of the others.
pub(super) fn quoted(text: &str) -> String {
    if !text.contains('"') {
        format!("\"{text}\"")
    } else if !text.contains('»') {
        format!("«{text}»")
    } else if !text.contains('›') {
        format!("‹{text}›")
    } else {
        format!("'{text}'")
    }
}

/// A value after a colon, quoted unless it can't be misread.
fn value(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./\\*?#@+~<>=&%".contains(c);
    let safe = text.chars().all(plain)
        && text.starts_with(|c: char| c.is_alphanumeric() || "./*<>".contains(c))
        && !text.ends_with(['?', '~'])
        && !text.eq_ignore_ascii_case("none");
    if safe { text.to_owned() } else { quoted(text) }
}
