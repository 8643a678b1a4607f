//! The value of a field: a text, or what JSON, YAML or TOML can nest. Keeps the order of fields.
//!
//! In: anything that serde reads. Out: [`Value`], and the texts in it: a list may be one, may be nested, or may be what
//! Python prints of one.

use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// A value as a source has it. Objects keep order and repeated names, so that no field is lost.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::ingest) enum Value {
    Null,
    /// A number or a truth value, as written.
    Literal(String),
    String(String),
    List(Vec<Value>),
    Object(Vec<(String, Value)>),
}

impl Value {
    /// What it is, for a message.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Literal(_) => "a number or truth value",
            Value::String(_) => "a string",
            Value::List(_) => "an array",
            Value::Object(_) => "an object",
        }
    }

    /// How deep lists and objects are nested; 0 for a plain value.
    pub fn depth(&self) -> u64 {
        let deepest = match self {
            Value::List(items) => items.iter().map(Value::depth).max(),
            Value::Object(fields) => fields.iter().map(|(_, value)| value.depth()).max(),
            Value::Null | Value::Literal(_) | Value::String(_) => return 0,
        };
        1 + deepest.unwrap_or(0)
    }

    /// The records of an object that is nothing but a wrapper around them: `{"incidents": [{…}, {…}]}`. Any other
    /// value comes back.
    pub fn into_wrapped(self) -> Result<Vec<Value>, Value> {
        let is_wrapper = match &self {
            Value::Object(fields) => match fields.as_slice() {
                [(_, Value::List(items))] => {
                    !items.is_empty() && items.iter().all(|item| matches!(item, Value::Object(_)))
                }
                _ => false,
            },
            _ => false,
        };
        match self {
            Value::Object(fields) if is_wrapper => {
                Ok(fields.into_iter().flat_map(|(_, value)| value.into_items()).collect())
            }
            other => Err(other),
        }
    }

    fn into_items(self) -> Vec<Value> {
        match self {
            Value::List(items) => items,
            other => vec![other],
        }
    }

    /// Hands over every text in it, to be changed in place.
    pub fn for_each_text(&mut self, change: &mut dyn FnMut(&mut String)) {
        match self {
            Value::String(text) => change(text),
            Value::List(items) => items.iter_mut().for_each(|item| item.for_each_text(change)),
            Value::Object(fields) => {
                fields.iter_mut().for_each(|(_, value)| value.for_each_text(change));
            }
            Value::Null | Value::Literal(_) => {}
        }
    }

    /// Makes a list of this and another value.
    pub fn append(&mut self, other: Value) {
        let mut items = std::mem::replace(self, Value::Null).into_items();
        items.extend(other.into_items());
        *self = Value::List(items);
    }

    /// What stands under a path of names; of a repeated name, the first.
    pub fn get(&self, path: &[&str]) -> Option<&Value> {
        let Some((name, rest)) = path.split_first() else { return Some(self) };
        let Value::Object(fields) = self else { return None };
        fields.iter().find(|(field, _)| field == name)?.1.get(rest)
    }

    /// Takes out what stands under a path of names; null if nothing does.
    pub fn take(&mut self, path: &[&str]) -> Value {
        let Some((name, rest)) = path.split_first() else {
            return std::mem::replace(self, Value::Null);
        };
        let Value::Object(fields) = self else { return Value::Null };
        let found = fields.iter_mut().find(|(field, _)| field == name);
        found.map_or(Value::Null, |(_, value)| value.take(rest))
    }

    /// The names of the fields under a path.
    pub fn names(&self, path: &[&str]) -> Vec<String> {
        match self.get(path) {
            Some(Value::Object(fields)) => fields.iter().map(|(name, _)| name.clone()).collect(),
            _ => Vec::new(),
        }
    }

    /// The object in a field, or the objects in a list there.
    pub fn objects_mut(&mut self, name: &str) -> &mut [Value] {
        let Value::Object(fields) = self else { return &mut [] };
        match fields.iter_mut().find(|(field, _)| field == name) {
            Some((_, Value::List(items))) => items,
            Some((_, object @ Value::Object(_))) => std::slice::from_mut(object),
            _ => &mut [],
        }
    }

    /// Whether there is no text in it.
    pub fn is_empty(&self) -> bool {
        match self {
            Value::Null => true,
            Value::Literal(_) => false,
            Value::String(text) => text.trim().is_empty(),
            Value::List(items) => items.iter().all(Value::is_empty),
            Value::Object(fields) => fields.iter().all(|(_, value)| value.is_empty()),
        }
    }

    /// Whether it is a text or a list of texts: no object anywhere.
    pub fn is_plain(&self) -> bool {
        match self {
            Value::List(items) => items.iter().all(Value::is_plain),
            Value::Object(_) => false,
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
            Value::Null => {}
            Value::Literal(text) => texts.push(text.clone()),
            Value::String(text) => match python_list(text) {
                Some(items) => texts.extend(items),
                None if text.trim().is_empty() => {}
                None => texts.push(text.trim().to_owned()),
            },
            Value::List(items) => items.iter().for_each(|item| item.collect_texts(texts)),
            Value::Object(fields) => {
                fields.iter().for_each(|(_, value)| value.collect_texts(texts))
            }
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
            Value::Object(fields) => {
                for (name, value) in fields {
                    value.write_lines(name, indent + 1, out);
                }
            }
            Value::List(items) if !self.is_plain() => {
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
            Value::Literal(text) => text.as_str(),
            Value::String(text) => text.trim(),
            Value::List(items) => return items.iter().for_each(|item| item.write_plain(seen, out)),
            Value::Null | Value::Object(_) => return,
        };
        if text.is_empty() || !seen.insert(text) {
            return;
        }
        out.push_str(if seen.len() == 1 { " " } else { ", " });
        out.push_str(text);
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Literal(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Literal(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Literal(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Literal(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Value::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = access.next_entry()? {
            fields.push(field);
        }
        Ok(Value::Object(fields))
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn json(text: &str) -> Value {
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
        let Value::Object(fields) = json(text) else { panic!() };
        for (name, value) in fields {
            value.write_lines(&name, 0, &mut out);
        }
        assert_eq!(out, "b: 1, x\na:\n  n: v\n  l:\n    -:\n      k: true\n    -: w\nb: twice");
    }

    proptest! {
        #[test]
        fn no_string_is_too_odd(text in "[\\[\\]'\",\\\\ Nonea1é]{0,24}") {
            Value::String(text.clone()).texts();
        }

        #[test]
        fn lists_as_python_prints_them_read_back(items in prop::collection::vec("[a-zé\\[\\], \"]{1,8}", 1..4)) {
            let printed: Vec<_> = items.iter().map(|item| format!("'{item}'")).collect();
            let texts = Value::String(format!("[{}]", printed.join(", "))).texts();
            let expected: Vec<_> =
                items.iter().map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect();
            prop_assert_eq!(texts, expected);
        }
    }
}
