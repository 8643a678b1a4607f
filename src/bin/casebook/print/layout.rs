//! Sets styled text into lines.
//!
//! In: pieces of foreign text, each with its [`Role`]. Out: escaped, wrapped and coloured lines. Knows nothing of
//! reports: the other printers say what stands where, this one how a line is filled.

use std::io::{self, Write};

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::escape;
use super::style::{Role, Style};

/// A paragraph to be set: pieces of text that follow each other, each with its role.
#[derive(Debug, Clone, Default)]
pub struct Flow {
    pieces: Vec<(Role, String)>,
}

impl Flow {
    /// A paragraph of one piece.
    pub fn of(role: Role, text: &str) -> Self {
        Self::default().with(role, text)
    }

    /// Adds a piece of foreign text. Line breaks in it count as blanks.
    pub fn push(&mut self, role: Role, text: &str) {
        if !text.is_empty() {
            self.pieces.push((role, escape::running(text).into_owned()));
        }
    }

    /// Adds a piece, for chains.
    pub fn with(mut self, role: Role, text: &str) -> Self {
        self.push(role, text);
        self
    }
}

/// Where lines go, and how they look.
pub struct Page<'w> {
    out: &'w mut dyn Write,
    style: Style,
}

impl<'w> Page<'w> {
    /// A page over a stream.
    pub fn new(out: &'w mut dyn Write, style: Style) -> Self {
        Self { out, style }
    }

    /// An empty line.
    pub fn blank(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }

    /// One paragraph: the first line starts in column `first`, those after it in column `rest`.
    pub fn paragraph(&mut self, first: usize, rest: usize, flow: &Flow) -> io::Result<()> {
        self.labelled("", first, rest, flow)
    }

    /// One line, however long: a path that a terminal breaks by itself can still be clicked and copied.
    pub fn unbroken(&mut self, indent: usize, flow: &Flow) -> io::Result<()> {
        let indent = indent.min(self.style.width.unwrap_or(usize::MAX) / 2);
        Page::new(self.out, Style { width: None, ..self.style }).paragraph(indent, indent, flow)
    }

    /// One paragraph with a label set to its left, in the columns before `first`.
    pub fn labelled(
        &mut self,
        label: &str,
        first: usize,
        rest: usize,
        flow: &Flow,
    ) -> io::Result<()> {
        let width = self.style.width.unwrap_or(usize::MAX);
        // A terminal too narrow for the indent gets none: half of its columns are for the text.
        let (first, rest) = (first.min(width / 2), rest.min(width / 2));
        let label = escape::line(label);
        let start = label.width().saturating_add(usize::from(!label.is_empty())).max(first);
        let mut line = Line::default();
        let mut column = start;
        write!(self.out, "{label}{:1$}", "", start - label.width())?;
        for unit in units(flow, self.style.marks) {
            let gap = usize::from(unit.blank && !line.is_empty());
            if column + gap + unit.width > width && (!line.is_empty() || column > rest) {
                self.finish(&mut line)?;
                write!(self.out, "{:rest$}", "")?;
                column = rest;
            } else if gap == 1 {
                line.blank(unit.role());
                column += 1;
            }
            // Only a unit that fills a line alone is broken, between characters.
            for (role, text) in unit.pieces {
                for character in text.graphemes(true) {
                    let columns = character.width();
                    if column + columns > width && column > rest {
                        self.finish(&mut line)?;
                        write!(self.out, "{:rest$}", "")?;
                        column = rest;
                    }
                    line.push(role, character);
                    column += columns;
                }
            }
        }
        self.finish(&mut line)
    }

    fn finish(&mut self, line: &mut Line) -> io::Result<()> {
        for (role, text) in line.runs.drain(..) {
            let (start, end) = (self.style.start(role), self.style.end(role));
            write!(self.out, "{start}{text}{end}")?;
        }
        writeln!(self.out)
    }
}

/// A line as it fills: neighbours of one role share one escape sequence.
#[derive(Default)]
struct Line {
    runs: Vec<(Role, String)>,
}

impl Line {
    fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    fn push(&mut self, role: Role, text: &str) {
        match self.runs.last_mut() {
            Some((last, run)) if *last == role => run.push_str(text),
            _ => self.runs.push((role, text.to_owned())),
        }
    }

    /// A blank belongs to what stands on both sides of it, or else to neither.
    fn blank(&mut self, next: Role) {
        let role = self.runs.last().map_or(Role::Plain, |(last, _)| *last);
        self.push(if role == next { role } else { Role::Plain }, " ");
    }
}

/// What a line is not broken in: a word, or one wide character.
#[derive(Default)]
struct Unit {
    pieces: Vec<(Role, String)>,
    width: usize,
    /// A blank stands before it.
    blank: bool,
}

impl Unit {
    fn role(&self) -> Role {
        self.pieces.first().map_or(Role::Plain, |(role, _)| *role)
    }

    fn push(&mut self, role: Role, text: &str) {
        self.width += text.width();
        match self.pieces.last_mut() {
            Some((last, piece)) if *last == role => piece.push_str(text),
            _ => self.pieces.push((role, text.to_owned())),
        }
    }
}

/// What Chinese and Japanese do not start a line with.
const STOPS: &str = "、。，．：；！？）」』】》";

fn units(flow: &Flow, marks: bool) -> Vec<Unit> {
    let mut units = Vec::new();
    let mut unit = Unit::default();
    let mut close = |unit: &mut Unit| {
        if !unit.pieces.is_empty() {
            units.push(std::mem::take(unit));
        }
    };
    // After a wide character a line may end, with or without a blank.
    let mut after_wide = false;
    for (role, text) in &flow.pieces {
        let marked = marks && *role == Role::Match;
        let mut opening = marked;
        for character in text.graphemes(true) {
            if character.chars().all(char::is_whitespace) {
                close(&mut unit);
                unit.blank = true;
                continue;
            }
            let wide = character.width() > 1;
            if (wide || after_wide) && !STOPS.contains(character) {
                close(&mut unit);
            }
            if std::mem::take(&mut opening) {
                unit.push(*role, "**");
            }
            unit.push(*role, character);
            after_wide = wide;
        }
        if marked && !opening {
            unit.push(*role, "**");
        }
    }
    close(&mut unit);
    units
}

/// The number of columns that a text takes.
pub fn columns(text: &str) -> usize {
    escape::line(text).width()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn set(style: Style, first: usize, rest: usize, flow: &Flow) -> String {
        let mut out = Vec::new();
        Page::new(&mut out, style).paragraph(first, rest, flow).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn wide(width: usize) -> Style {
        Style { width: Some(width), ..Style::PLAIN }
    }

    #[test]
    fn wraps_at_blanks_with_a_hanging_indent() {
        let flow = Flow::of(Role::Plain, "The attackers defaced the\nofficial   website.");
        assert_eq!(
            set(wide(24), 2, 4, &flow),
            "  The attackers defaced\n    the official\n    website.\n"
        );
    }

    #[test]
    fn unlimited_width_gives_one_line() {
        let flow = Flow::of(Role::Plain, &"word ".repeat(100));
        assert_eq!(set(Style::PLAIN, 4, 4, &flow).lines().count(), 1);
    }

    #[test]
    fn words_longer_than_a_line_are_broken() {
        let flow = Flow::of(Role::Plain, "abcdefghijklmnopqrstuvwxyz end");
        assert_eq!(set(wide(20), 0, 0, &flow), "abcdefghijklmnopqrst\nuvwxyz end\n");
    }

    #[test]
    fn wide_characters_take_two_columns_and_break_anywhere() {
        let flow = Flow::of(Role::Plain, "東京都庁のウェブサイトが改竄された。");
        assert_eq!(set(wide(20), 0, 0, &flow), "東京都庁のウェブサイ\nトが改竄された。\n");
    }

    #[test]
    fn matches_are_coloured_marked_or_left_alone() {
        let flow = Flow::of(Role::Plain, "the ")
            .with(Role::Match, "official website")
            .with(Role::Plain, ", which");
        let color = Style { color: true, ..Style::PLAIN };
        let marks = Style { marks: true, ..Style::PLAIN };
        assert_eq!(set(color, 0, 0, &flow), "the \x1b[1;31mofficial website\x1b[0m, which\n");
        assert_eq!(set(marks, 0, 0, &flow), "the **official website**, which\n");
        assert_eq!(set(Style::PLAIN, 0, 0, &flow), "the official website, which\n");
    }

    #[test]
    fn colour_never_reaches_over_a_line_end() {
        let flow = Flow::of(Role::Match, "one two three four five six");
        let text = set(Style { color: true, width: Some(20), marks: false }, 0, 2, &flow);
        for line in text.lines() {
            assert!(line.trim_start().starts_with("\x1b[1;31m") && line.ends_with("\x1b[0m"));
        }
    }

    #[test]
    fn labels_stand_left_of_the_text() {
        let mut out = Vec::new();
        let flow = Flow::of(Role::Plain, "one two three four five");
        Page::new(&mut out, wide(20)).labelled("date", 8, 8, &flow).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "date    one two\n        three four\n        five\n"
        );
    }

    proptest! {
        #[test]
        fn no_line_is_too_long_and_no_word_is_lost(
            words in prop::collection::vec("[a-zé東京]{1,30}", 0..20),
            width in 20usize..100,
            indent in 0usize..60,
        ) {
            let flow = Flow::of(Role::Plain, &words.join(" "));
            let text = set(wide(width), indent, indent, &flow);
            for line in text.lines() {
                prop_assert!(line.width() <= width, "{line:?} is wider than {width}");
                prop_assert!(!line.ends_with(' ') || line.trim().is_empty());
            }
            let kept: String = text.split_whitespace().collect();
            prop_assert_eq!(kept, words.concat());
        }
    }
}
