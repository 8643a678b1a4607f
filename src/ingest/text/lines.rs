//! The lines of a text, and where in it an offset lies.
//!
//! In: decoded text. Out: lines without their ends, whatever these are; line and column of any offset.

use crate::report::{Origin, Section};

/// One line, without its end.
#[derive(Debug, Clone, Copy)]
pub(in crate::ingest) struct Line<'t> {
    pub text: &'t str,
    /// Offset of its first byte.
    pub start: usize,
    /// From 1.
    pub number: u64,
}

impl<'t> Line<'t> {
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Offset in the whole text of a part of this line.
    pub fn offset_of(&self, part: &'t str) -> usize {
        // Both are slices of one text, so their distance is the offset.
        self.start + (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize)
    }
}

/// What ends a line. A CR does in a file that knows no LF, as on the first Macintosh; elsewhere it is a character
/// like others.
fn line_end(text: &str) -> char {
    if !text.contains('\n') && text.contains('\r') { '\r' } else { '\n' }
}

/// The lines of a text.
#[derive(Debug, Clone)]
pub(in crate::ingest) struct Lines<'t> {
    rest: &'t str,
    end: char,
    start: usize,
    number: u64,
}

impl<'t> Lines<'t> {
    pub fn new(text: &'t str) -> Self {
        Self::starting_at(text, 0)
    }

    /// The lines from offset `start` on, which is the start of one; their numbers and offsets are those in all of `text`.
    pub fn starting_at(text: &'t str, start: usize) -> Self {
        let end = line_end(text);
        let (before, rest) = text.split_at_checked(start).unwrap_or((text, ""));
        let number = before.matches(end).count() as u64;
        Self { rest, end, start: before.len(), number }
    }
}

impl<'t> Iterator for Lines<'t> {
    type Item = Line<'t>;

    fn next(&mut self) -> Option<Line<'t>> {
        let whole = self.rest.split_inclusive(self.end).next()?;
        self.number += 1;
        let text = whole.trim_end_matches(['\n', '\r']);
        let line = Line { text, start: self.start, number: self.number };
        self.start += whole.len();
        self.rest = &self.rest[whole.len()..];
        Some(line)
    }
}

/// Finds characters, lines and columns of offsets that only grow, in one pass over the text.
pub(in crate::ingest) struct Locator<'t> {
    text: &'t str,
    end: char,
    byte: usize,
    chars: u64,
    line: u64,
    column: u64,
}

impl<'t> Locator<'t> {
    pub fn new(text: &'t str) -> Self {
        Self { text, end: line_end(text), byte: 0, chars: 0, line: 1, column: 1 }
    }

    /// The place of `byte`, which is a character's first and not before the last one asked for.
    pub fn origin(&mut self, section: Section, byte: usize) -> Origin {
        for c in self.text.get(self.byte..byte).unwrap_or_default().chars() {
            self.chars += 1;
            self.column += 1;
            if c == self.end {
                self.line += 1;
                self.column = 1;
            }
        }
        self.byte = self.byte.max(byte);
        Origin {
            section,
            byte: byte as u64,
            char: self.chars,
            line: self.line,
            column: self.column,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_in_any_of_three_ways() {
        let split = |text| Lines::new(text).map(|line| (line.start, line.text)).collect::<Vec<_>>();
        assert_eq!(split("a\nb\n\nc"), [(0, "a"), (2, "b"), (4, ""), (5, "c")]);
        assert_eq!(split("a\r\nb\r\n"), [(0, "a"), (3, "b")]);
        assert_eq!(split("a\rb\r"), [(0, "a"), (2, "b")]);
        assert_eq!(split("a\rb\nc"), [(0, "a\rb"), (4, "c")]);
        assert_eq!(split(""), []);
    }

    #[test]
    fn lines_from_an_offset_on_keep_their_places() {
        let text = "a\r\nbé\nc";
        let all: Vec<_> = Lines::new(text).map(|line| (line.start, line.number)).collect();
        for (at, (start, _)) in all.iter().enumerate() {
            let rest = Lines::starting_at(text, *start).map(|line| (line.start, line.number));
            assert_eq!(rest.collect::<Vec<_>>(), all[at..]);
        }
        assert_eq!(Lines::starting_at(text, text.len() + 1).count(), 0);
    }

    #[test]
    fn origins_count_bytes_characters_lines_and_columns() {
        let text = "é\nüx\r\nz";
        let mut locator = Locator::new(text);
        let at = |origin: Origin| (origin.byte, origin.char, origin.line, origin.column);
        assert_eq!(at(locator.origin(Section::Victim, 0)), (0, 0, 1, 1));
        assert_eq!(at(locator.origin(Section::Title, 5)), (5, 3, 2, 2));
        assert_eq!(at(locator.origin(Section::Body, 8)), (8, 6, 3, 1));
    }
}
