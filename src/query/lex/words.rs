//! Words: where they end, and which of them are operators or the name of a field.
//!
//! In: a lexer that stands on the first character of a word. Out: its token. A word ends at a blank, a bracket or a
//! bar; brackets belong to it where they defang a dot (`example(.)com`) or are balanced inside a URL.

use super::{Cut, Lexeme, Lexer, Mode, Token, quotes};
use crate::error::Diagnostic;
use crate::query::field::{Field, FieldKind};

/// What a name before a colon is.
enum Name {
    Field(&'static Field),
    /// Part of a URL, a path, a time, an address: no name at all.
    Text,
    /// A name that is near no field.
    Unknown,
}

impl Lexer<'_> {
    pub(super) fn word(&mut self) -> Result<Lexeme, Diagnostic> {
        let start = self.at;
        let mut end = self.word_end(start);
        if self.mode == Mode::Value {
            return Ok(self.lexeme(Token::Word, end));
        }
        let operators = [("AND", Token::And), ("OR", Token::Or), ("NOT", Token::Not)];
        for (written, token) in operators {
            if end - start == written.len() && self.scan.starts_with(start, written) {
                return Ok(self.lexeme(token, end));
            }
        }
        if self.mode == Mode::Values {
            return Ok(self.lexeme(Token::Word, end));
        }
        let name_end = self.scan.skip_while(start, |c| c.is_alphanumeric() || c == '_' || c == '-');
        match self.scan.get(name_end) {
            Some(':') if name_end < end => match self.name(start..name_end, end)? {
                Name::Field(field) => return Ok(self.lexeme(Token::Field(field), name_end + 1)),
                Name::Text => {}
                Name::Unknown => {
                    if self.scan.get(name_end + 1).is_some_and(quotes::opens) {
                        end = name_end + 1;
                    }
                    self.note_unknown(start..name_end, end);
                    return Ok(self.lexeme(Token::Word, end));
                }
            },
            Some(' ') if name_end == end => {
                if let Some(field) = self.spaced_colon(start..end) {
                    return Ok(field);
                }
            }
            Some('=' | '<' | '>' | '≥' | '≤') if name_end < end => {
                self.compared(start..name_end, end)?;
            }
            _ => {}
        }
        if self.scan.get(end) == Some('(') {
            self.note(
                start..end + 1,
                "the bracket right after a word was read as a group of its own",
            );
        } else {
            self.note_oddities(start..end);
        }
        Ok(self.lexeme(Token::Word, end))
    }

    fn word_end(&self, start: usize) -> usize {
        let scan = &self.scan;
        let mut at = start;
        let mut url = false;
        // Brackets open inside a URL, and where the outermost of them is.
        let mut open = 0_usize;
        let mut outermost = start;
        while let Some(c) = scan.get(at) {
            match c {
                ' ' | '|' => break,
                '(' => {
                    if let Some(end) = self.defanged(at).filter(|_| at > start) {
                        at = end;
                        continue;
                    }
                    if !url {
                        break;
                    }
                    if open == 0 {
                        outermost = at;
                    }
                    open += 1;
                }
                ')' if open > 0 => open -= 1,
                ')' => break,
                '/' if scan.starts_with(at, "//") && at > start => {
                    url |= matches!(scan.before(at), Some(':' | ']' | ')'));
                }
                _ => {}
            }
            at += 1;
        }
        if open > 0 { outermost } else { at }
    }

    /// The end of `(.)`, `(dot)`, `(at)` or `(:)` inside an address, if one stands here.
    pub(super) fn defanged(&self, at: usize) -> Option<usize> {
        let close = (at + 2..=at + 6).find(|&close| self.scan.get(close) == Some(')'))?;
        let inner = self.scan.slice(at + 1..close).to_ascii_lowercase();
        let known = matches!(inner.as_str(), "." | ":" | "@" | "dot" | "at" | "point" | "punkt");
        let goes_on = |c: char| c.is_alphanumeric() || c == '/' || c == '[';
        (known && self.scan.get(close + 1).is_some_and(goes_on)).then_some(close + 1)
    }

    /// Judges the name before the first colon of a word.
    fn name(&self, name: Cut, end: usize) -> Result<Name, Diagnostic> {
        let colon = name.end;
        if self.scan.starts_with(colon, "://") || self.scan.starts_with(colon, ":\\\\") {
            return Ok(Name::Text);
        }
        let typed = self.scan.slice(name.clone());
        if let Some(field) = Field::find(&typed) {
            return Ok(Name::Field(field));
        }
        let hex = |c: char| c.is_ascii_hexdigit() || c == ':' || c == '.' || c == '/';
        let number_or_address = typed.starts_with(|c: char| !c.is_alphabetic())
            || typed.chars().nth(1).is_none()
            || matches!(self.scan.get(colon + 1), Some(':' | '/' | '\\'))
            || (self.scan.skip_while(name.start, hex) >= end
                && self.scan.slice(colon + 1..end).contains(':'));
        if number_or_address {
            return Ok(Name::Text);
        }
        let Some(field) = Field::nearest(&typed) else {
            let bare = colon + 1 == end && self.scan.get(end) != Some('(');
            return Ok(if bare { Name::Text } else { Name::Unknown });
        };
        let message = format!("there is no field `{typed}`; did you mean `{}`?", field.name);
        let corrected = self.scan.replaced(name.clone(), field.name);
        Err(self.fault(name, message, Some(corrected)))
    }

    fn note_unknown(&mut self, name: Cut, end: usize) {
        let typed = self.scan.slice(name.clone());
        let rest = self.scan.slice(name.end + 1..end);
        let message = if rest.is_empty() {
            format!("`{typed}:` is no field and was read as a word")
        } else {
            format!(
                "`{typed}:` is no field, so `{typed}:{rest}` was read as text; \
                 for `{rest}` alone write it without"
            )
        };
        self.note(name.start..end, message);
    }

    /// `pays : France`, as the French write a colon.
    fn spaced_colon(&mut self, name: Cut) -> Option<Lexeme> {
        let colon = self.scan.skip_while(name.end, |c| c == ' ');
        if self.scan.get(colon) != Some(':') || self.scan.get(colon + 1) == Some(':') {
            return None;
        }
        let field = Field::find(&self.scan.slice(name.clone()))?;
        self.note(name.start..colon + 1, format!("read as `{}:`, without the blank", field.name));
        let value = self.scan.skip_while(colon + 1, |c| c == ' ');
        Some(self.lexeme(Token::Field(field), value))
    }

    /// `date>=2022` and `victim=nice`: the first can only be meant as a field, the second may stand in a log line.
    fn compared(&mut self, name: Cut, end: usize) -> Result<(), Diagnostic> {
        let typed = self.scan.slice(name.clone());
        let Some(field) = Field::find(&typed) else { return Ok(()) };
        let rest = self.scan.slice(name.end..end);
        let compares = matches!(field.kind, FieldKind::Date | FieldKind::Count(_));
        if compares && !rest.starts_with('=') {
            let message = format!("a field is followed by a colon: `{typed}:{rest}`");
            let corrected = self.scan.replaced(name.start..end, &format!("{typed}:{rest}"));
            return Err(self.fault(name.start..end, message, Some(corrected)));
        }
        let value = rest.trim_start_matches('=');
        self.note(name.start..end, format!("read as text; for the field write `{typed}:{value}`"));
        Ok(())
    }

    /// Notes on words that other engines, or people, read otherwise.
    fn note_oddities(&mut self, cut: Cut) {
        let word = self.scan.slice(cut.clone());
        if word.eq_ignore_ascii_case("or") || word.eq_ignore_ascii_case("not") {
            let capitals = word.to_ascii_uppercase();
            self.note(
                cut,
                format!("`{word}` was read as a word; as an operator it is written {capitals}"),
            );
        } else if word == "NEAR" || word.starts_with("NEAR/") {
            let message = format!(
                "`{word}` was read as a word; for words near each other write \"website defaced\"~4"
            );
            self.note(cut, message);
        } else if word.len() > 1 && word.starts_with('!') {
            self.note(cut, "`!` was read as punctuation; to leave a word out write - before it");
        } else if let Some(mark) = word.char_indices().find_map(|(i, c)| {
            let inches = word[..i].ends_with(|before: char| before.is_ascii_digit());
            (matches!(c, '"' | '“' | '”' | '„' | '«' | '»') && !inches).then_some(c)
        }) {
            self.note(
                cut,
                format!("`{mark}` inside a word is part of it; a phrase begins after a blank"),
            );
        }
    }
}
