//! Quotation marks and the slashes around regular expressions: where they open, and where they close.
//!
//! In: a lexer that stands on an opening mark. Out: the token, nothing where the mark is only a character, or the
//! error of a quotation that never ends.

use super::{Cut, Lexeme, Lexer, Scan, Token};
use crate::error::Diagnostic;

/// Whether a character opens a quotation at the start of a term.
pub(super) fn opens(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '\'' | '‘' | '‚' | '‹')
}

/// Remembers the answer of a search to the right, so that asking again at each position stays linear.
#[derive(Default)]
pub(super) struct Memo {
    /// Where the search began and what it found; asked again between the two, the answer is the same.
    last: Option<(usize, Option<usize>)>,
}

impl Memo {
    fn find(
        &mut self,
        scan: &Scan<'_>,
        from: usize,
        test: impl Fn(&Scan<'_>, usize) -> bool,
    ) -> Option<usize> {
        if let Some((start, found)) = self.last
            && start <= from
            && found.is_none_or(|found| from <= found)
        {
            return found;
        }
        let found = (from..scan.len()).find(|&at| test(scan, at));
        self.last = Some((from, found));
        found
    }
}

impl Lexer<'_> {
    /// `"…"`, `“…”`, `„…“`, `«…»`, and mixtures of the first three. Always a quotation, so an error if it never ends.
    pub(super) fn double_quoted(&mut self, open: char) -> Result<Lexeme, Diagnostic> {
        let (closers, otherwise): (&[char], &[char]) = match open {
            '"' => (&['"'], &['”', '“']),
            '“' => (&['”', '“', '"'], &[]),
            '”' => (&['”', '"'], &[]),
            '«' => (&['»'], &[]),
            '»' => (&['«', '»'], &[]),
            _ => (&['“', '”', '"'], &[]),
        };
        let inner = self.at + 1;
        let find = |closers: &[char]| {
            (inner..self.scan.len())
                .find(|&at| self.scan.get(at).is_some_and(|c| closers.contains(&c)))
        };
        if let Some(close) = find(closers).or_else(|| find(otherwise)) {
            return Ok(self.lexeme(Token::Phrase(inner..close), close + 1));
        }
        let mark = self.at..inner;
        if !self.scan.has_letters(inner..self.scan.len()) {
            let rest = self.scan.without(mark.clone());
            let corrected = (!rest.trim().is_empty()).then_some(rest);
            let message = format!("`{open}` opens a phrase, but there is nothing after it");
            return Err(self.fault(mark, message, corrected));
        }
        let close = closers.first().copied().unwrap_or('"');
        let corrected = format!("{}{close}", self.scan.text().trim_end());
        Err(self.fault(mark, format!("the phrase that `{open}` opens never ends"), Some(corrected)))
    }

    /// `'…'`, `‘…’`, `‹…›`. The marks are apostrophes too, so that nothing is said where no partner is found.
    pub(super) fn single_quoted(&mut self, open: char) -> Option<Lexeme> {
        let inner = self.at + 1;
        if open == '\'' && self.scan.get(inner).is_none_or(|c| c == ' ') {
            return None;
        }
        let close = if open == '‹' {
            self.guillemets.find(&self.scan, inner, |scan, at| scan.get(at) == Some('›'))
        } else {
            self.apostrophes.find(&self.scan, inner, closes_single)
        }?;
        Some(self.lexeme(Token::Phrase(inner..close), close + 1))
    }

    /// `/…/`: one word without an unescaped slash inside; anything else that begins with a slash is a path.
    pub(super) fn regex(&mut self) -> Result<Option<Lexeme>, Diagnostic> {
        let start = self.at;
        let inner = start + 1;
        let close = self.slashes.find(&self.scan, inner, |scan, at| {
            scan.get(at) == Some('/')
                && matches!(scan.get(at + 1), None | Some(' ' | ')' | '^'))
                && !escaped(scan, at)
        });
        let mut at = inner;
        let mut bracket = false;
        while let Some(c) = self.scan.get(at) {
            if Some(at) == close && at > inner {
                return Ok(Some(self.lexeme(Token::Regex(inner..at), at + 1)));
            }
            match c {
                '/' => return Ok(None),
                ' ' if bracket => return Err(self.broken_regex(start..at, close)),
                ' ' => return Ok(None),
                // A word can't go on after a bracket, so this is no path.
                '(' if self.defanged(at).is_none() => bracket = true,
                _ => {}
            }
            let escapes = c == '\\' && self.scan.get(at + 1) != Some(' ');
            at += if escapes { 2 } else { 1 };
        }
        if bracket { Err(self.broken_regex(start..self.scan.len(), close)) } else { Ok(None) }
    }

    fn broken_regex(&self, cut: Cut, close: Option<usize>) -> Diagnostic {
        let scan = &self.scan;
        let message =
            "a regular expression stands between two slashes, matches one word and holds no blank";
        // Without its blanks if it ends further on, else as words.
        let corrected = match close {
            Some(close) if !scan.slice(cut.start + 1..close).contains('/') => {
                let joined = scan.slice(cut.start..close + 1).replace(' ', "");
                scan.replaced(cut.start..close + 1, &joined)
            }
            _ => scan.replaced(cut.clone(), &format!("{}/", scan.slice(cut.clone()))),
        };
        self.fault(cut, message, Some(corrected))
    }
}

/// Whether a single quotation mark can end a quotation here, rather than be an apostrophe.
fn closes_single(scan: &Scan<'_>, at: usize) -> bool {
    matches!(scan.get(at), Some('\'' | '’' | '‘'))
        && scan.before(at).is_some_and(|c| c != ' ')
        && matches!(
            scan.get(at + 1),
            None | Some(' ' | ')' | '|' | '~' | '^' | ',' | ';' | '.' | '!' | '?' | ':')
        )
}

/// Whether an odd number of backslashes stands before this character.
fn escaped(scan: &Scan<'_>, at: usize) -> bool {
    let mut start = at;
    while scan.before(start) == Some('\\') {
        start -= 1;
    }
    (at - start) % 2 == 1
}
