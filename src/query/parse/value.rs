//! What stands after a field that holds no text: dates, countries, counts, languages, paths, ids.
//!
//! In: a field and where its value stands. Out: its clause, or several where several values are listed. Forgotten
//! quotation marks, misplaced signs and the ranges of other engines are told from values here; `filter` reads the
//! value itself.

use super::filter::{is_country, is_date, strip_certain, takes_date};
use super::term::{Suffix, weight_at};
use super::{Clause, ClauseKind, Context, Cut, Diagnostic, Parsed, Parser};
use crate::query::ast::Filter;
use crate::query::display::quoted;
use crate::query::field::{Field, FieldKind};
use crate::query::lex::{Mode, Token};

/// How many words after a value are looked at, to see whether quotation marks were forgotten around them.
const MOST_WORDS: usize = 5;

/// A value as typed.
#[derive(Clone)]
pub(super) struct Value {
    pub text: String,
    pub quoted: bool,
    /// Where the text stands, without quotation marks.
    pub cut: Cut,
}

impl Parser<'_> {
    /// What stands after `date:` and the like.
    pub(super) fn values(&mut self, field: &'static Field, name: Cut) -> Parsed<Option<Clause>> {
        self.skip_blank_after(&name);
        self.certain = takes_date(field) && self.skip_certain();
        let start = self.lex.at();
        let mut items = Vec::new();
        if self.lex.scan.get(start) == Some('(') {
            self.lex.mode = Mode::Values;
            let open = self.lex.next()?.cut;
            let group = self.group(open.clone(), Context::Values(field))?;
            self.lex.mode = Mode::Text;
            if let Some(group) = &group
                && matches!(group.kind, ClauseKind::All(_))
            {
                let message =
                    "values side by side are all required; write OR between them for either";
                self.lex.note(open.start..self.lex.at(), message);
            }
            items.extend(group);
        } else {
            loop {
                self.lex.mode = Mode::Value;
                let value = self.lex.next()?;
                self.lex.mode = Mode::Text;
                match value.token {
                    Token::Word => items.extend(self.bare_value(field, value.cut)?),
                    Token::Phrase(inner) => {
                        items.extend(self.quoted_value(field, inner, value.cut)?)
                    }
                    _ => return Err(self.nothing_after(name)),
                }
                if !self.bar_follows() {
                    break;
                }
                self.note_list(name.clone());
                self.lex.next()?;
            }
        }
        self.certain = false;
        let Some(mut clause) = self.merged(items, ClauseKind::Or) else {
            return Err(self.nothing_after(name));
        };
        clause.span.start = self.lex.scan.span(name).start;
        Ok(Some(clause))
    }

    /// A value without quotation marks.
    pub(super) fn bare_value(&mut self, field: &'static Field, cut: Cut) -> Parsed<Option<Clause>> {
        let literal = matches!(field.kind, FieldKind::Id | FieldKind::Source);
        let mut value = Value { text: self.lex.scan.slice(cut.clone()), quoted: false, cut };
        if value.text.contains('"') {
            let message =
                "a value with a quotation mark inside stands in quotation marks of another kind";
            return Err(self.bad_value(&value, message, Some(&value.text)));
        }
        if !literal {
            self.trim(&mut value);
            if let Some(at) = weight_at(&value.text) {
                return Err(self.weight_on_filter(self.part(&value, at, value.text.len())));
            }
            if let Some(rest) = value.text.strip_prefix(['-', '–', '−'])
                && !rest.is_empty()
            {
                let message = format!("- stands before the field: -{}:{rest}", field.name);
                return Err(self.negated_value(field, value, message));
            }
            self.join_comparison(&mut value);
        }
        if value.text.eq_ignore_ascii_case("none")
            && let Some(missing) = field.missing()
        {
            return self.leaf(ClauseKind::Filter(Filter::Missing(missing)), value.cut).map(Some);
        }
        if value.text == "*"
            && let Some(missing) = field.missing()
        {
            let span = self.lex.scan.span(value.cut.clone());
            let missing = self.leaf(ClauseKind::Filter(Filter::Missing(missing)), value.cut)?;
            return Ok(Some(Clause::new(ClauseKind::Not(Box::new(missing)), span)));
        }
        if !literal && value.text.starts_with(['[', '{']) {
            self.refuse_bracketed(field, &value)?;
        }
        let listable = [FieldKind::Country, FieldKind::Region, FieldKind::Actor];
        let lists =
            listable.contains(&field.kind) && value.text.contains(',') && !is_country(&value.text);
        if lists {
            return self.list(field, &value).map(Some);
        }
        match self.read(field, &value) {
            Ok(clause) => match self.longer_country(field, &value) {
                Some(end) => Err(self.unquoted(field, &value, end)),
                None => self.longer_date(field, &value).map(|()| Some(clause)),
            },
            Err(fault) => {
                if let Some(end) = self.longer(field, &value) {
                    return Err(self.unquoted(field, &value, end));
                }
                if !literal && value.text.contains(',') {
                    return self.list(field, &value).map(Some);
                }
                Err(fault)
            }
        }
    }

    /// A value in quotation marks.
    pub(super) fn quoted_value(
        &mut self,
        field: &'static Field,
        inner: Cut,
        cut: Cut,
    ) -> Parsed<Option<Clause>> {
        let suffix = self.suffix()?;
        let cut = cut.start..self.lex.at();
        self.lex.skip_hanging();
        if let Some((_, weight)) = suffix.weight {
            return Err(self.weight_on_filter(weight));
        }
        if field.kind == FieldKind::Actor {
            let suffix = Suffix { tilde: suffix.tilde, ..Suffix::default() };
            let Some(phrase) = self.phrase_of(inner, cut.clone(), suffix)? else { return Ok(None) };
            return self.leaf(ClauseKind::Filter(Filter::Actor(phrase)), cut).map(Some);
        }
        if let Some((_, tilde)) = suffix.tilde {
            let corrected = self.lex.scan.without(tilde.clone());
            let message = format!("{}: takes no ~; it is no text", field.name);
            return Err(self.lex.fault(tilde, message, Some(corrected)));
        }
        let typed = self.lex.scan.slice(inner.clone());
        let text = typed.trim().to_owned();
        if text.is_empty() {
            self.lex.note(cut, "an empty value was left out");
            return Ok(None);
        }
        let mut clause = self.read(field, &Value { text, quoted: true, cut: inner })?;
        clause.span = self.lex.scan.span(cut);
        Ok(Some(clause))
    }

    /// `country:FR,DE`: any of them.
    fn list(&mut self, field: &'static Field, value: &Value) -> Parsed<Clause> {
        let mut clauses = Vec::new();
        let mut from = 0;
        for item in value.text.split(',') {
            let cut = self.part(value, from, from + item.len());
            from += item.len() + 1;
            if !item.is_empty() {
                let item = Value { text: item.to_owned(), quoted: false, cut };
                clauses.push(self.read(field, &item)?);
            }
        }
        self.note_list(value.cut.clone());
        match self.merged(clauses, ClauseKind::Or) {
            Some(clause) => Ok(clause),
            None => Err(self.bad_value(value, "there is no value between the commas", None)),
        }
    }

    fn note_list(&mut self, cut: Cut) {
        self.lex.note(cut, "several values after one field were read as any of them");
    }

    /// Cuts off the punctuation of the sentence that a value was pasted with.
    fn trim(&self, value: &mut Value) {
        let mut text = value.text.trim_end_matches([',', ';', '!', '?', ':']);
        if !text.ends_with("..") {
            text = text.trim_end_matches('.');
        }
        if text.is_empty() {
            return;
        }
        value.cut = self.part(value, 0, text.len());
        value.text.truncate(text.len());
    }

    /// `date:>= 2022` is read as `date:>=2022`.
    fn join_comparison(&mut self, value: &mut Value) {
        if !value.text.chars().all(|c| matches!(c, '<' | '>' | '=' | '≥' | '≤')) {
            return;
        }
        if let Some(&end) = self.following().first() {
            let at = self.lex.scan.skip_while(self.lex.at(), |c| c == ' ');
            value.text.push_str(&self.lex.scan.slice(at..end));
            value.cut.end = end;
            self.lex.go_to(end);
            self.lex
                .note(value.cut.clone(), format!("read as `{}`, without the blank", value.text));
        }
    }

    /// Where the next few plain words end.
    fn following(&self) -> Vec<usize> {
        let scan = &self.lex.scan;
        let mut ends = Vec::new();
        let mut at = self.lex.at();
        while ends.len() < MOST_WORDS {
            let start = scan.skip_while(at, |c| c == ' ');
            let end = scan.skip_while(start, |c| {
                c.is_alphanumeric() || matches!(c, '-' | '.' | ',' | '\'' | '’' | '&')
            });
            let operator = matches!(scan.slice(start..end).as_str(), "AND" | "OR" | "NOT");
            // A sign belongs to what follows it: `country:France -(a b)`.
            let word = scan.get(start).is_some_and(|c| c.is_alphanumeric() || c == '&' || c == '.');
            if start == at || operator || !word || !scan.ends(end) {
                break;
            }
            ends.push(end);
            at = end;
        }
        ends
    }

    /// The end of the words after this value with which it becomes a value, where it is none by itself.
    fn longer(&self, field: &Field, value: &Value) -> Option<usize> {
        let test: fn(&str) -> bool = match field.kind {
            FieldKind::Country | FieldKind::Region => is_country,
            FieldKind::Date | FieldKind::After | FieldKind::Before => is_date,
            _ => return None,
        };
        self.following().into_iter().rev().find(|&end| test(&self.joined(value, end)))
    }

    /// `country:Guinea Bissau`: a country by itself, but a name of a country with the next word too.
    fn longer_country(&self, field: &Field, value: &Value) -> Option<usize> {
        let code = value.text.len() == 2 && value.text.chars().all(|c| c.is_ascii_uppercase());
        if code || !matches!(field.kind, FieldKind::Country | FieldKind::Region) {
            return None;
        }
        let country = |&end: &usize| is_country(&self.joined(value, end));
        self.following().into_iter().rev().find(country)
    }

    /// `date:2022 .. 2023`: a date by itself, but meant as a span.
    fn longer_date(&self, field: &Field, value: &Value) -> Parsed<()> {
        if field.kind != FieldKind::Date {
            return Ok(());
        }
        let at = self.lex.scan.skip_while(self.lex.at(), |c| c == ' ');
        if !self.lex.scan.starts_with(at, "..") {
            return Ok(());
        }
        match self.longer(field, value) {
            Some(end) => Err(self.unquoted(field, value, end)),
            None => Ok(()),
        }
    }

    /// `date:[2021 TO 2023]`, as some other engines write a range.
    fn refuse_bracketed(&self, field: &Field, value: &Value) -> Parsed<()> {
        let scan = &self.lex.scan;
        let start = value.cut.start;
        // No range is longer than this.
        let close =
            (start..scan.len().min(start + 60)).find(|&at| matches!(scan.get(at), Some(']' | '}')));
        let Some(close) = close else { return Ok(()) };
        let inner = scan.slice(start + 1..close);
        let Some((from, to)) = inner.split_once(" TO ") else { return Ok(()) };
        let end = |end: &str| if end.trim() == "*" { String::new() } else { end.trim().to_owned() };
        let range = format!("{}..{}", end(from), end(to));
        let message = format!("a range is written with two points: {}:{range}", field.name);
        let corrected = scan.replaced(start..close + 1, &range);
        Err(self.lex.fault(start..close + 1, message, Some(corrected)))
    }

    fn joined(&self, value: &Value, end: usize) -> String {
        self.lex.scan.slice(value.cut.start..end).trim_end_matches([',', '.', ';']).to_owned()
    }

    fn unquoted(&self, field: &Field, value: &Value, end: usize) -> Diagnostic {
        let cut = value.cut.start..end;
        let joined = quoted(&self.joined(value, end));
        let message =
            format!("a value of several words stands in quotation marks: {}:{joined}", field.name);
        let corrected = self.lex.scan.replaced(cut.clone(), &joined);
        self.lex.fault(cut, message, Some(corrected))
    }

    pub(super) fn bad_value(
        &self,
        value: &Value,
        message: impl Into<String>,
        with: Option<&str>,
    ) -> Diagnostic {
        let corrected = with.map(|text| {
            let quote = !value.quoted && text.contains([' ', '(', ')', '|', ',', '"', '\'', '’']);
            let text = if quote { quoted(text) } else { text.to_owned() };
            self.lex.scan.replaced(value.cut.clone(), &text)
        });
        self.lex.fault(value.cut.clone(), message, corrected)
    }

    fn negated_value(&self, field: &Field, value: Value, message: String) -> Diagnostic {
        let start = self.lex.scan.span(value.cut.clone()).start;
        let text = self.lex.scan.text();
        let name = text[..start].trim_end();
        let corrected = name.strip_suffix(':').map(|before| {
            let at = before.rfind([' ', '(']).map_or(0, |at| at + 1);
            let rest = &text[self.lex.scan.span(value.cut.start + 1..value.cut.end)];
            let tail = &text[self.lex.scan.span(value.cut.clone()).end..];
            format!("{}-{}:{rest}{tail}", &before[..at], field.name)
        });
        self.lex.fault(value.cut, message, corrected)
    }

    /// A part of a value, by its bytes.
    fn part(&self, value: &Value, from: usize, to: usize) -> Cut {
        let start = value.cut.start + value.text[..from].chars().count();
        start..start + value.text[from..to].chars().count()
    }

    /// Passes over `certain:`.
    fn skip_certain(&mut self) -> bool {
        let at = self.lex.at();
        let certain = strip_certain(&self.lex.scan.slice(at..at + "certain:".len())).is_some();
        if certain {
            self.lex.go_to(at + "certain:".len());
        }
        certain
    }
}
