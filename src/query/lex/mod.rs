//! Characters to tokens.
//!
//! In: a [`Scan`] of the query. Out: one [`Lexeme`] at a time, on demand, since what stands after `source:` reads
//! otherwise than running text ([`Mode`]). What means nothing (lone dashes, unpaired apostrophes) is left out here,
//! each with a note. Every character is looked at a bounded number of times, whatever the input.

mod quotes;
mod scan;
mod words;

use super::ast::Note;
use super::field::{Field, FieldKind};
use crate::error::Diagnostic;
use crate::report::Section;

use quotes::Memo;
pub(super) use scan::{Cut, Scan, plain};

/// More notes than this are only counted.
const MOST_NOTES: usize = 20;

/// What the characters ahead are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Running text: words, phrases, operators, fields.
    Text,
    /// The value right after a field that is not text: everything up to a blank or bracket belongs to it.
    Value,
    /// Values of such a field in brackets: as `Value`, but with operators between them.
    Values,
}

/// A piece of syntax.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    End,
    Open,
    Close,
    And,
    Or,
    Not,
    Plus,
    Minus,
    /// `victim:`
    Field(&'static Field),
    /// `(victim|title):`
    Sections(Vec<Section>),
    /// What stands between two quotation marks.
    Phrase(Cut),
    /// What stands between two slashes.
    Regex(Cut),
    Word,
}

/// A token and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Lexeme {
    pub token: Token,
    pub cut: Cut,
}

pub(super) struct Lexer<'q> {
    pub scan: Scan<'q>,
    pub mode: Mode,
    /// The next character to read, where no token is [peeked](Self::peek).
    at: usize,
    peeked: Option<Lexeme>,
    notes: Vec<Note>,
    unlisted: usize,
    apostrophes: Memo,
    guillemets: Memo,
    slashes: Memo,
}

impl<'q> Lexer<'q> {
    pub fn new(text: &'q str) -> Self {
        Self {
            scan: Scan::new(text),
            mode: Mode::Text,
            at: 0,
            peeked: None,
            notes: Vec::new(),
            unlisted: 0,
            apostrophes: Memo::default(),
            guillemets: Memo::default(),
            slashes: Memo::default(),
        }
    }

    /// The next token, left where it is.
    pub fn peek(&mut self) -> Result<&Lexeme, Diagnostic> {
        let lexeme = self.next()?;
        Ok(self.peeked.insert(lexeme))
    }

    /// The next token.
    pub fn next(&mut self) -> Result<Lexeme, Diagnostic> {
        match self.peeked.take() {
            Some(lexeme) => Ok(lexeme),
            None => self.read(),
        }
    }

    /// Where the next character stands. Only to be asked where no token is peeked.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Goes on from here. Only where no token is peeked.
    pub fn go_to(&mut self, at: usize) {
        debug_assert!(self.peeked.is_none());
        self.at = at;
    }

    /// Passes over punctuation that hangs on what was just read, as the comma in `"a b", c`.
    pub fn skip_hanging(&mut self) {
        let after = self.scan.skip_while(self.at, |c| {
            matches!(c, ',' | ';' | '.' | ':' | '!' | '?' | '…' | '-' | '/' | '’' | '\'')
        });
        self.go_to(after);
    }

    pub fn note(&mut self, cut: Cut, message: impl Into<String>) {
        if self.notes.len() < MOST_NOTES {
            self.notes.push(Note { span: self.scan.span(cut), message: message.into() });
        } else {
            self.unlisted += 1;
        }
    }

    /// Everything there was to say, in the order of the text.
    pub fn into_notes(mut self) -> Vec<Note> {
        self.notes.sort_by_key(|note| note.span.start);
        if self.unlisted > 0 {
            let end = self.scan.text().len();
            let message = format!("and {} more notes of this kind", self.unlisted);
            self.notes.push(Note { span: end..end, message });
        }
        self.notes
    }

    pub fn fault(
        &self,
        cut: Cut,
        message: impl Into<String>,
        corrected: Option<String>,
    ) -> Diagnostic {
        let span = self.scan.span(cut);
        Diagnostic {
            query: self.scan.text().to_owned(),
            start: span.start,
            end: span.end,
            message: message.into(),
            corrected,
        }
    }

    fn read(&mut self) -> Result<Lexeme, Diagnostic> {
        loop {
            self.at = self.scan.skip_while(self.at, |c| c == ' ');
            let start = self.at;
            let Some(c) = self.scan.get(start) else {
                return Ok(self.lexeme(Token::End, start));
            };
            match c {
                '(' => {
                    if self.mode == Mode::Text
                        && let Some(sections) = self.sections()?
                    {
                        return Ok(sections);
                    }
                    return Ok(self.lexeme(Token::Open, start + 1));
                }
                ')' => return Ok(self.lexeme(Token::Close, start + 1)),
                '|' => {
                    let end = self.scan.skip_while(start, |c| c == '|');
                    return Ok(self.lexeme(Token::Or, end));
                }
                '"' | '“' | '”' | '„' | '‟' | '«' | '»' => return self.double_quoted(c),
                '\'' | '‘' | '‚' | '‹' => {
                    if let Some(phrase) = self.single_quoted(c) {
                        return Ok(phrase);
                    }
                    if self.mode != Mode::Value {
                        self.at = start + 1;
                        self.note(
                            start..start + 1,
                            format!("`{c}` has no partner and was left out"),
                        );
                        continue;
                    }
                }
                '/' if self.mode == Mode::Text => {
                    if let Some(regex) = self.regex()? {
                        return Ok(regex);
                    }
                }
                _ => {}
            }
            if self.mode != Mode::Value {
                if let Some(sign) = sign(c) {
                    if let Some(lexeme) = self.sign(sign) {
                        return Ok(lexeme);
                    }
                    continue;
                }
                if let Some(end) = self.idle(start) {
                    if self.scan.slice(start..end) == "&&" {
                        return Ok(self.lexeme(Token::And, end));
                    }
                    self.at = end;
                    self.leave_out(start..end);
                    continue;
                }
            }
            return self.word();
        }
    }

    fn lexeme(&mut self, token: Token, end: usize) -> Lexeme {
        let cut = self.at..end;
        self.at = end;
        Lexeme { token, cut }
    }

    /// A `-` or `+` before something, or nothing where it stands alone.
    fn sign(&mut self, token: Token) -> Option<Lexeme> {
        let start = self.at;
        let end = self.scan.skip_while(start, |c| sign(c) == Some(token.clone()));
        let last = self.scan.skip_while(end, |c| sign(c).is_some());
        let next = self.scan.get(last);
        let before_something = next.is_some_and(|c| c == '(' || quotes::opens(c));
        let idle = if self.scan.ends(last) { Some(last) } else { self.idle(last) };
        if !before_something && let Some(idle) = idle {
            self.at = idle;
            self.leave_out(start..idle);
            return None;
        }
        if end - start > 1 {
            self.at = end;
            let run = self.scan.slice(start..end);
            self.note(
                start..end,
                format!("`{run}` was left out; a single - leaves out, a single + requires"),
            );
            return None;
        }
        if matches!(self.scan.get(start), Some('–' | '—' | '−' | '‒')) {
            self.note(start..end, "this dash was read as -, which leaves out what follows");
        }
        Some(self.lexeme(token, end))
    }

    /// The end of what stands here if there is nothing in it to search for. A lone `*` is no such thing.
    fn idle(&self, start: usize) -> Option<usize> {
        let mut at = start;
        while !self.scan.ends(at) {
            let c = self.scan.get(at)?;
            if c.is_alphanumeric() {
                return None;
            }
            if at > start && quotes::opens(c) {
                break;
            }
            at += 1;
        }
        let all = at == start + 1 && self.scan.get(start) == Some('*');
        (at > start && !all).then_some(at)
    }

    fn leave_out(&mut self, cut: Cut) {
        let piece = self.scan.slice(cut.clone());
        let message = if piece.contains(['<', '>', '=', '≥', '≤']) {
            format!(
                "`{piece}` was left out; a comparison stands right after a field, as in date:>=2022"
            )
        } else if piece.contains(['*', '?']) && piece.chars().all(|c| c == '*' || c == '?') {
            format!("`{piece}` has no letters or digits to search for; a lone * means every report")
        } else {
            format!("`{piece}` has no letters or digits to search for")
        };
        self.note(cut, message);
    }

    /// `(victim|title):`, where that is what stands here.
    fn sections(&mut self) -> Result<Option<Lexeme>, Diagnostic> {
        let Some((names, end)) = self.names_in_brackets() else { return Ok(None) };
        let fields: Vec<Option<&Field>> =
            names.iter().map(|name| Field::find(&self.scan.slice(name.clone()))).collect();
        if fields.iter().all(Option::is_none) {
            return Ok(None);
        }
        let mut sections = Vec::new();
        for (name, field) in names.into_iter().zip(fields) {
            let typed = self.scan.slice(name.clone());
            match field.map(|field| field.kind) {
                Some(FieldKind::Text(section)) if sections.contains(&section) => {}
                Some(FieldKind::Text(section)) => sections.push(section),
                Some(_) => {
                    let message = format!(
                        "`{typed}` holds no text; only victim, title, summary, body and other can \
                         be searched together"
                    );
                    return Err(self.fault(name.clone(), message, Some(self.without_name(name))));
                }
                None => {
                    let nearest = Field::nearest(&typed);
                    let message = match nearest {
                        Some(field) => {
                            format!("there is no field `{typed}`; did you mean `{}`?", field.name)
                        }
                        None => format!("there is no field `{typed}`"),
                    };
                    let corrected = match nearest {
                        Some(field) => self.scan.replaced(name.clone(), field.name),
                        None => self.without_name(name.clone()),
                    };
                    return Err(self.fault(name, message, Some(corrected)));
                }
            }
        }
        sections.sort();
        Ok(Some(self.lexeme(Token::Sections(sections), end)))
    }

    /// The names in `(a|b):`, with the position after the colon.
    fn names_in_brackets(&self) -> Option<(Vec<Cut>, usize)> {
        let scan = &self.scan;
        let mut names = Vec::new();
        let mut at = self.at + 1;
        loop {
            at = scan.skip_while(at, |c| c == ' ');
            let end = scan.skip_while(at, char::is_alphabetic);
            if end == at {
                return None;
            }
            names.push(at..end);
            at = scan.skip_while(end, |c| c == ' ');
            match scan.get(at)? {
                '|' | ',' => at += 1,
                'O' if at > end && scan.starts_with(at, "OR ") => at += 2,
                ')' if scan.get(at + 1) == Some(':') => return Some((names, at + 2)),
                _ => return None,
            }
        }
    }

    /// The query without one name of several in brackets.
    fn without_name(&self, name: Cut) -> String {
        let blank_or_bar = |c: char| c == ' ' || c == '|' || c == ',';
        let after = self.scan.skip_while(name.end, blank_or_bar);
        if self.scan.get(after) != Some(')') {
            return self.scan.replaced(name.start..after, "");
        }
        let mut before = name.start;
        while self.scan.before(before).is_some_and(blank_or_bar) {
            before -= 1;
        }
        self.scan.replaced(before..name.end, "")
    }
}

/// The operator that a sign at the start of a term is.
fn sign(c: char) -> Option<Token> {
    match c {
        '-' | '–' | '—' | '−' | '‒' => Some(Token::Minus),
        '+' => Some(Token::Plus),
        _ => None,
    }
}
