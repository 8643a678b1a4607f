//! JSON values that keep the order of their fields, and loose readings of them.
//!
//! In: JSON. Out: [`Json`], and the texts in it: a list may be one, may be nested, or may be what Python prints of one.

use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// A JSON value. Objects keep order and repeated names, so that no field is lost.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Json {
    Null,
    /// A number or a truth value, as written.
    Literal(String),
    String(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    /// What it is, for a message.
    pub fn kind(&self) -> &'static str {
        match self {
            Json::Null => "null",
            Json::Literal(_) => "a number or truth value",
            Json::String(_) => "a string",
            Json::List(_) => "an array",
            Json::Object(_) => "an object",
        }
    }

    /// The records of an object that is nothing but a wrapper around them: `{"incidents": [{…}, {…}]}`. Any other
    /// value comes back.
    pub fn into_wrapped(self) -> Result<Vec<Json>, Json> {
        let is_wrapper = match &self {
            Json::Object(fields) => match fields.as_slice() {
                [(_, Json::List(items))] => {
                    !items.is_empty() && items.iter().all(|item| matches!(item, Json::Object(_)))
                }
                _ => false,
            },
            _ => false,
        };
        match self {
            Json::Object(fields) if is_wrapper => {
                Ok(fields.into_iter().flat_map(|(_, value)| value.into_items()).collect())
            }
            other => Err(other),
        }
    }

    fn into_items(self) -> Vec<Json> {
        match self {
            Json::List(items) => items,
            other => vec![other],
        }
    }

    /// Whether there is no text in it.
    pub fn is_empty(&self) -> bool {
        match self {
            Json::Null => true,
            Json::Literal(_) => false,
            Json::String(text) => text.trim().is_empty(),
            Json::List(items) => items.iter().all(Json::is_empty),
            Json::Object(fields) => fields.iter().all(|(_, value)| value.is_empty()),
        }
    }

    /// Whether it is a text or a list of texts: no object anywhere.
    pub fn is_plain(&self) -> bool {
        match self {
            Json::List(items) => items.iter().all(Json::is_plain),
            Json::Object(_) => false,
            _ => true,
        }
    }

    /// The texts in it, from left to right, trimmed, none empty.
    pub fn texts(&self) -> Vec<String> {
        let mut texts = Vec::new();
        self.collect_texts(&mut texts);
        texts
    }

    fn collect_texts(&self, texts: &mut Vec<String>) {
        match self {
            Json::Null => {}
            Json::Literal(text) => texts.push(text.clone()),
            Json::String(text) => match python_list(text) {
                Some(items) => texts.extend(items),
                None if text.trim().is_empty() => {}
                None => texts.push(text.trim().to_owned()),
            },
            Json::List(items) => items.iter().for_each(|item| item.collect_texts(texts)),
            Json::Object(fields) => fields.iter().for_each(|(_, value)| value.collect_texts(texts)),
        }
    }

    /// Appends the field `name` to `out` as lines that a person can read: `name: a, b`, and what is nested below it,
    /// indented. Not longer than the JSON by more than a constant factor.
    pub fn write_lines(&self, name: &str, indent: usize, out: &mut String) {
        const DEEPEST_INDENT: usize = 4;
        if self.is_empty() {
            return;
        }
        if !out.is_empty() && !out.ends_with('\n') {
            out.push('\n');
        }
        out.extend(std::iter::repeat_n("  ", indent.min(DEEPEST_INDENT)));
        out.push_str(name);
        out.push(':');
        match self {
            Json::Object(fields) => {
                for (name, value) in fields {
                    value.write_lines(name, indent + 1, out);
                }
            }
            Json::List(items) if !self.is_plain() => {
                for item in items {
                    item.write_lines("-", indent + 1, out);
                }
            }
            _ => {
                let mut seen = HashSet::new();
                self.write_plain(&mut seen, out);
            }
        }
    }

    /// Writes each text once: one source repeats the sector of every victim, a hundred times the same.
    fn write_plain<'a>(&'a self, seen: &mut HashSet<&'a str>, out: &mut String) {
        let text = match self {
            Json::Literal(text) => text.as_str(),
            Json::String(text) => text.trim(),
            Json::List(items) => return items.iter().for_each(|item| item.write_plain(seen, out)),
            Json::Null | Json::Object(_) => return,
        };
        if text.is_empty() || !seen.insert(text) {
            return;
        }
        out.push_str(if seen.len() == 1 { " " } else { ", " });
        out.push_str(text);
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Literal(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Literal(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Literal(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(Json::Literal(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Json, E> {
        Ok(Json::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Json::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = access.next_entry()? {
            fields.push(field);
        }
        Ok(Json::Object(fields))
    }
}

/// The texts of a list as Python prints it, `['US', "Côte d'Ivoire", [None]]`; `None` if `text` is no such list.
fn python_list(text: &str) -> Option<Vec<String>> {
    let text = text.trim();
    if !text.starts_with('[') || !text.ends_with(']') {
        return None;
    }
    let mut items = Vec::new();
    let mut depth = 0_usize;
    let mut rest = text;
    // What may come next: an item or a bracket, or only a comma or the end of a list.
    let mut wants_item = true;
    while let Some(c) = rest.chars().next() {
        rest = rest[c.len_utf8()..].trim_start();
        match c {
            '[' if wants_item => depth += 1,
            ']' => {
                depth = depth.checked_sub(1)?;
                wants_item = false;
                if depth == 0 {
                    return rest.is_empty().then_some(items);
                }
            }
            ',' if !wants_item => wants_item = true,
            '\'' | '"' if wants_item => {
                // The trimmed blanks would be those of the item.
                let inner = &text[text.len() - rest.len()..];
                let (item, length) = python_string(inner, c)?;
                rest = inner[length..].trim_start();
                if !item.trim().is_empty() {
                    items.push(item.trim().to_owned());
                }
                wants_item = false;
            }
            _ if wants_item
                && ["None", "nan"].iter().any(|word| {
                    let word = word.strip_prefix(c).unwrap_or("\0");
                    rest.starts_with(word)
                }) =>
            {
                rest = rest.get(if c == 'N' { 3 } else { 2 }..)?.trim_start();
                wants_item = false;
            }
            _ => return None,
        }
    }
    None
}

/// A quoted string up to its closing quote, and how many bytes of `text` it takes with the quote.
fn python_string(text: &str, quote: char) -> Option<(String, usize)> {
    let mut item = String::new();
    let mut characters = text.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            '\\' => match characters.next()?.1 {
                'n' => item.push('\n'),
                't' => item.push('\t'),
                c @ ('\\' | '\'' | '"') => item.push(c),
                c => item.extend(['\\', c]),
            },
            c if c == quote => return Some((item, at + c.len_utf8())),
            c => item.push(c),
        }
    }
    None
}

/// The text with `NaN`, `Infinity` and `-Infinity` outside strings replaced by `null`; `None` if there are none.
pub(super) fn without_nan(text: &str) -> Option<String> {
    const WORDS: [&str; 3] = ["NaN", "-Infinity", "Infinity"];
    let mut mended = String::with_capacity(text.len());
    let mut rest = text;
    let mut found = false;
    while let Some(at) = rest.find(['"', 'N', '-', 'I']) {
        mended.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with('"') {
            let end = string_end(rest)?;
            mended.push_str(&rest[..end]);
            rest = &rest[end..];
        } else if let Some(after) = WORDS.iter().find_map(|word| rest.strip_prefix(word)) {
            mended.push_str("null");
            rest = after;
            found = true;
        } else {
            mended.push_str(&rest[..1]);
            rest = &rest[1..];
        }
    }
    mended.push_str(rest);
    found.then_some(mended)
}

/// The length of the JSON string at the start of `text`, quotes included.
fn string_end(text: &str) -> Option<usize> {
    let mut escaped = false;
    let end = text.bytes().skip(1).position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })?;
    Some(end + 2)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn json(text: &str) -> Json {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn texts_are_found_in_lists_of_every_kind() {
        for (text, texts) in [
            (r#"" a ""#, vec!["a"]),
            (r#"[["A", "B"], [["C"]], null, ""]"#, vec!["A", "B", "C"]),
            (r#""['Ukraine', 'Poland']""#, vec!["Ukraine", "Poland"]),
            (r#""[['Not available']]""#, vec!["Not available"]),
            (
                r#""[\"Côte d'Ivoire\", None, nan, 'It\\'s, [ok]']""#,
                vec!["Côte d'Ivoire", "It's, [ok]"],
            ),
            (r#""[' a ']""#, vec!["a"]),
            (r#""[]""#, vec![]),
            (r#""[2021] a title""#, vec!["[2021] a title"]),
            (r#""[US]""#, vec!["[US]"]),
            (r#""['US'""#, vec!["['US'"]),
            ("12", vec!["12"]),
            ("null", vec![]),
        ] {
            assert_eq!(json(text).texts(), texts, "{text}");
        }
    }

    #[test]
    fn fields_are_written_as_lines() {
        let mut out = String::new();
        let text = r#"{"b": [1, ["x", null], "x"], "a": {"n": "v", "l": [{"k": true}, "w"]}, "e": [""], "b": "twice"}"#;
        let Json::Object(fields) = json(text) else { panic!() };
        for (name, value) in fields {
            value.write_lines(&name, 0, &mut out);
        }
        assert_eq!(out, "b: 1, x\na:\n  n: v\n  l:\n    -:\n      k: true\n    -: w\nb: twice");
    }

    #[test]
    fn what_python_writes_for_no_number_is_null() {
        let text = r#"{"a": NaN, "b": [-Infinity, Infinity, -1], "NaN": "NaN \" NaN"}"#;
        let mended = r#"{"a": null, "b": [null, null, -1], "NaN": "NaN \" NaN"}"#;
        assert_eq!(without_nan(text).as_deref(), Some(mended));
        assert_eq!(without_nan(r#"{"a": "NaN"}"#), None);
    }

    proptest! {
        #[test]
        fn no_string_is_too_odd(text in "[\\[\\]'\",\\\\ Nonea1é]{0,24}") {
            Json::String(text.clone()).texts();
            without_nan(&text);
        }

        #[test]
        fn lists_as_python_prints_them_read_back(items in prop::collection::vec("[a-zé\\[\\], \"]{1,8}", 1..4)) {
            let printed: Vec<_> = items.iter().map(|item| format!("'{item}'")).collect();
            let texts = Json::String(format!("[{}]", printed.join(", "))).texts();
            let expected: Vec<_> =
                items.iter().map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect();
            prop_assert_eq!(texts, expected);
        }
    }
}
