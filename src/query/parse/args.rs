//! Queries that arrive as the arguments of a command line.
//!
//! In: arguments as the shell hands them over, without the quotation marks that it has taken for itself. Out: one
//! [`Query`], with a note wherever those marks may have been meant for the query.

use super::{Field, Query};
use crate::country::{Country, CountryGroup};
use crate::date::DateSpan;
use crate::error::Result;
use crate::query::ast::Note;
use crate::query::field::FieldKind;

impl Query {
    /// Reads several arguments as one query.
    ///
    /// A shell hands `"website defaced"` over as `website defaced`. That is read as two words, since whole queries
    /// arrive in quotation marks too, with a note that says how to ask for the phrase. Only `country:"South Korea"`
    /// and `date:"Aug 2023"`, which can have meant nothing else, get their marks back.
    ///
    /// ```
    /// use casebook::Query;
    ///
    /// let query = Query::from_args(["website defaced", "-ransomware", "country:South Korea"])?;
    /// assert_eq!(query.to_string(), "website defaced -ransomware country:KR");
    /// assert!(query.notes()[0].message.contains(r#"'"website defaced"'"#));
    /// # Ok::<(), casebook::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Query::parse`].
    pub fn from_args<S: AsRef<str>>(args: impl IntoIterator<Item = S>) -> Result<Query> {
        let mut text = String::new();
        let mut notes = Vec::new();
        for arg in args {
            let arg = arg.as_ref();
            if !text.is_empty() {
                text.push(' ');
            }
            let start = text.len();
            match requoted(arg) {
                Some(restored) => text.push_str(&restored),
                None => text.push_str(arg),
            }
            notes.extend(lost_quotes(arg).map(|message| Note { span: start..text.len(), message }));
        }
        let mut query = Query::parse(&text)?;
        notes.append(&mut query.notes);
        query.notes = notes;
        Ok(query)
    }
}

/// `country:South Korea` as `country:"South Korea"`.
fn requoted(arg: &str) -> Option<String> {
    let (name, value) = arg.split_once(':')?;
    if !value.contains(' ') || value.contains('"') {
        return None;
    }
    let field = Field::find(name.trim_start_matches(['-', '+']))?;
    let whole = match field.kind {
        FieldKind::Country | FieldKind::Region => {
            Country::parse(value).is_some() || CountryGroup::parse(value).is_some()
        }
        FieldKind::Date | FieldKind::After | FieldKind::Before => DateSpan::parse(value).is_ok(),
        _ => false,
    };
    whole.then(|| format!("{name}:\"{value}\""))
}

/// What to say about an argument of several plain words.
fn lost_quotes(arg: &str) -> Option<String> {
    let trimmed = arg.trim();
    let plain = |text: &str| {
        text.contains(char::is_whitespace)
            && text.split_whitespace().all(|word| {
                !matches!(word, "AND" | "OR" | "NOT")
                    && word.starts_with(char::is_alphanumeric)
                    && !word.contains([':', '"', '(', ')', '|', '*', '?', '~', '^'])
            })
    };
    if plain(trimmed) {
        return Some(format!(
            "`{trimmed}` was read as separate words, since the shell takes the quotation marks; \
             for the phrase write '\"{trimmed}\"'"
        ));
    }
    let (name, value) = trimmed.split_once(':')?;
    let field = Field::find(name.trim_start_matches(['-', '+']))?;
    let text = matches!(
        field.kind,
        FieldKind::Text(_) | FieldKind::Actor | FieldKind::Source | FieldKind::Id
    );
    if !text || !plain(value) {
        return None;
    }
    let first = value.split_whitespace().next().unwrap_or_default();
    Some(format!(
        "only `{first}` was looked for in {}, since the shell takes the quotation marks; \
         for all of it write '{name}:\"{value}\"'",
        field.name
    ))
}
