//! The characters of a query as the syntax sees them.
//!
//! In: the text as typed. Out: [`Scan`]: its characters in plain form, each with the bytes it came from. Full-width
//! forms become ASCII, every blank (non-breaking, ideographic, tab, line break, control character) becomes a space,
//! hyphens become `-`, and characters without width vanish. Nothing after this stage needs to know about them.

use crate::query::ast::Span;
use std::ops::Range;

/// Positions of characters in a [`Scan`], not bytes.
pub(in crate::query) type Cut = Range<usize>;

/// The characters of a query in plain form.
pub(in crate::query) struct Scan<'q> {
    text: &'q str,
    chars: Vec<Char>,
}

#[derive(Clone, Copy)]
struct Char {
    plain: char,
    start: usize,
    end: usize,
}

impl<'q> Scan<'q> {
    pub fn new(text: &'q str) -> Self {
        let mut chars = Vec::with_capacity(text.len());
        chars.extend(text.char_indices().filter_map(|(start, c)| {
            plain(c).map(|plain| Char { plain, start, end: start + c.len_utf8() })
        }));
        Self { text, chars }
    }

    /// The query as typed.
    pub fn text(&self) -> &'q str {
        self.text
    }

    pub fn len(&self) -> usize {
        self.chars.len()
    }

    pub fn get(&self, at: usize) -> Option<char> {
        self.chars.get(at).map(|c| c.plain)
    }

    /// The character before this position, if there is one.
    pub fn before(&self, at: usize) -> Option<char> {
        at.checked_sub(1).and_then(|at| self.get(at))
    }

    /// Whether a word or quotation can end here: at a blank, a bracket, a bar, or the end.
    pub fn ends(&self, at: usize) -> bool {
        matches!(self.get(at), None | Some(' ' | '(' | ')' | '|'))
    }

    /// Whether these characters stand here.
    pub fn starts_with(&self, at: usize, wanted: &str) -> bool {
        wanted.chars().enumerate().all(|(i, c)| self.get(at + i) == Some(c))
    }

    /// The first position from `at` on whose character fails the test.
    pub fn skip_while(&self, mut at: usize, test: impl Fn(char) -> bool) -> usize {
        while self.get(at).is_some_and(&test) {
            at += 1;
        }
        at
    }

    /// The plain text of a stretch.
    pub fn slice(&self, cut: Cut) -> String {
        self.chars.get(cut).unwrap_or_default().iter().map(|c| c.plain).collect()
    }

    /// Whether a stretch holds anything that can be searched for.
    pub fn has_letters(&self, cut: Cut) -> bool {
        self.chars.get(cut).unwrap_or_default().iter().any(|c| c.plain.is_alphanumeric())
    }

    /// The bytes of the text that a stretch was written in.
    pub fn span(&self, cut: Cut) -> Span {
        let start = self.chars.get(cut.start).map_or(self.text.len(), |c| c.start);
        let end = match cut.end.checked_sub(1) {
            Some(last) if cut.end > cut.start => self.chars.get(last).map_or(start, |c| c.end),
            _ => start,
        };
        start..end
    }

    /// The text with a stretch written otherwise.
    pub fn replaced(&self, cut: Cut, with: &str) -> String {
        let span = self.span(cut);
        [&self.text[..span.start], with, &self.text[span.end..]].concat()
    }

    /// The text without a stretch and without the blanks that it leaves behind.
    pub fn without(&self, cut: Cut) -> String {
        let span = self.span(cut);
        let before = self.text[..span.start].trim_end();
        let after = self.text[span.end..].trim_start();
        let joined = before.is_empty()
            || after.is_empty()
            || before.ends_with(['(', ':', '-', '+'])
            || after.starts_with([')', '^', '~']);
        [before, if joined { "" } else { " " }, after].concat()
    }
}

/// The plain form of a character; `None` where it has no width.
pub fn plain(c: char) -> Option<char> {
    match c {
        ' '..='~' => Some(c),
        '\u{AD}'
        | '\u{180E}'
        | '\u{200B}'
        | '\u{200E}'
        | '\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'
        | '\u{2066}'..='\u{2069}'
        | '\u{FEFF}' => None,
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0),
        '\u{2010}' | '\u{2011}' => Some('-'),
        c if c.is_whitespace() || c.is_control() => Some(' '),
        c => Some(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_become_plain_and_keep_their_bytes() {
        let table = [
            ("ａ＊（＂", "a*(\""),
            ("a\u{a0}b\u{3000}c\td\r\ne\u{85}f\u{1b}", "a b c d  e f "),
            ("\u{feff}ran\u{ad}som\u{200b}ware", "ransomware"),
            ("CVE\u{2011}2023\u{2010}1", "CVE-2023-1"),
            ("Côte d’Azur – 日本", "Côte d’Azur – 日本"),
        ];
        for (typed, plain) in table {
            let scan = Scan::new(typed);
            assert_eq!(scan.slice(0..scan.len()), plain);
        }
        let scan = Scan::new("\u{feff}é＊\u{ad}x");
        assert_eq!(scan.slice(1..2), "*");
        assert_eq!(scan.span(1..2), 5..8);
        assert_eq!(scan.span(2..3), 10..11);
        assert_eq!(scan.span(3..3), 11..11);
    }

    #[test]
    fn edits_leave_no_double_blank() {
        let scan = Scan::new("a OR b");
        assert_eq!(scan.without(2..4), "a b");
        assert_eq!(scan.without(0..1), "OR b");
        assert_eq!(scan.replaced(5..6, "(b)"), "a OR (b)");
    }
}
