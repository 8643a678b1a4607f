//! Words, phrases, regular expressions, and what hangs on them: `*`, `?`, `~2`, `^3`.
//!
//! In: where a term stands. Out: its clause, or nothing (with a note) where there is nothing in it to search for.

use super::pattern::{checked, mended, slashed};
use super::{Clause, ClauseKind, Cut, Diagnostic, Parsed, Parser};
use crate::query::ast::Phrase;

/// The highest weight.
pub(super) const MOST_WEIGHT: f32 = 1_000.0;
/// The most places that the words of a near phrase may be out of line.
const MOST_SLOP: u32 = 50;
/// The most edits between a word and what a fuzzy search finds.
const MOST_EDITS: u8 = 2;

/// Punctuation that a word, pasted with its sentence, may drag along.
const HANGING: [char; 11] = [',', ';', ':', '!', '.', '?', '"', '”', '’', '\'', '»'];

/// What hangs on a term, each with its place: `^3` and `~2`, in either order.
#[derive(Default)]
pub(super) struct Suffix {
    pub weight: Option<(f32, Cut)>,
    /// The digits after `~`, perhaps none.
    pub tilde: Option<(String, Cut)>,
}

impl Parser<'_> {
    /// A word, with wildcards or `~` or without.
    pub(super) fn word(&mut self, cut: Cut) -> Parsed<Option<Clause>> {
        let typed = self.lex.scan.slice(cut.clone());
        let address = typed.contains("://") || typed.contains("]//") || typed.contains(")//");
        let path = address || typed.contains(['/', '\\']);
        let (base, suffix) = self.peeled(&typed, cut.clone(), address, path)?;
        if base.is_empty() || base.starts_with('^') {
            // `~2` and `^3` on their own are words, as in `~2007`.
            self.note_detached(&typed, cut.clone());
            return self.leaf(ClauseKind::Word(typed), cut).map(Some);
        }
        if base != "*" && !base.contains(char::is_alphanumeric) {
            self.lex.note(cut, format!("`{base}` has no letters or digits to search for"));
            return Ok(None);
        }
        if let Some(length) = slashed(base) {
            // The punctuation behind it hid from the lexer that this is no path: `/a+/?`
            let inner = cut.start + 1..cut.start + 1 + length;
            let mut clause = self.regex_between(inner, cut)?;
            clause.boost = suffix.weight.map_or(1.0, |(weight, _)| weight);
            return Ok(Some(clause));
        }
        let wild = base.contains('*') || (!address && base.contains('?'));
        // What hangs on a plain word does no harm; here it would have to be matched.
        let base =
            if wild || suffix.tilde.is_some() { base.trim_end_matches(HANGING) } else { base };
        let kind = match suffix.tilde {
            Some((_, tilde)) if wild => {
                let corrected = self.lex.scan.without(tilde.clone());
                let message = "a word can have wildcards or ~, not both";
                return Err(self.lex.fault(tilde, message, Some(corrected)));
            }
            Some((digits, tilde)) => self.fuzzy(base.to_owned(), &digits, tilde)?,
            None if wild => ClauseKind::Wildcard(single_stars(base)),
            // Without its punctuation it would be an operator: `OR?`
            None if matches!(base, "AND" | "OR" | "NOT") => {
                ClauseKind::Phrase(Phrase { text: base.to_owned(), slop: 0, prefix: false })
            }
            None => ClauseKind::Word(base.to_owned()),
        };
        let mut clause = self.leaf(kind, cut)?;
        if let Some((weight, _)) = suffix.weight {
            clause.boost = weight;
        }
        Ok(Some(clause))
    }

    /// `"…"`, `"…*"`, `"…"~4`
    pub(super) fn phrase(&mut self, inner: Cut, cut: Cut) -> Parsed<Option<Clause>> {
        let suffix = self.suffix()?;
        let cut = cut.start..self.lex.at();
        self.lex.skip_hanging();
        let weight = suffix.weight.as_ref().map(|(weight, _)| *weight);
        let Some(phrase) = self.phrase_of(inner, cut.clone(), suffix)? else { return Ok(None) };
        let mut clause = self.leaf(ClauseKind::Phrase(phrase), cut)?;
        clause.boost = weight.unwrap_or(1.0);
        Ok(Some(clause))
    }

    /// The phrase between two quotation marks; nothing, with a note, if it has no words.
    pub(super) fn phrase_of(
        &mut self,
        inner: Cut,
        cut: Cut,
        suffix: Suffix,
    ) -> Parsed<Option<Phrase>> {
        let slop = match suffix.tilde {
            Some((digits, tilde)) => self.slop(&digits, tilde)?,
            None => 0,
        };
        let raw = self.lex.scan.slice(inner.clone());
        let text = raw.trim();
        if !text.contains(char::is_alphanumeric) {
            self.lex.note(cut, "a phrase without letters or digits was left out");
            return Ok(None);
        }
        let (text, prefix) = match text.strip_suffix('*') {
            Some(start) => (start, true),
            None => (text, false),
        };
        if text.contains('*') || text.ends_with(' ') {
            let stars = inner.start..inner.start + raw.trim_end().chars().count();
            let corrected = self.lex.scan.replaced(inner, text.replace('*', "").trim());
            let message = "inside a phrase only the last word can end in *; \
                           without quotation marks each word can";
            return Err(self.lex.fault(stars, message, Some(corrected)));
        }
        let letters: Vec<bool> = text.chars().map(char::is_alphanumeric).collect();
        let inside = |(i, c): (usize, char)| c == '?' && letters.get(i + 1) == Some(&true);
        if text.chars().enumerate().skip(1).any(|(i, c)| inside((i, c)) && letters[i - 1]) {
            self.lex.note(inner, "inside a phrase ? is punctuation, not a wildcard");
        }
        Ok(Some(Phrase { text: text.to_owned(), slop, prefix }))
    }

    /// `/…/`
    pub(super) fn regex(&mut self, inner: Cut, cut: Cut) -> Parsed<Option<Clause>> {
        let suffix = self.suffix()?;
        if let Some((_, tilde)) = suffix.tilde {
            let corrected = self.lex.scan.without(tilde.clone());
            let message = "~ stands after a word or a phrase, not after a regular expression";
            return Err(self.lex.fault(tilde, message, Some(corrected)));
        }
        let mut clause = self.regex_between(inner, cut.start..self.lex.at())?;
        clause.boost = suffix.weight.map_or(1.0, |(weight, _)| weight);
        self.lex.skip_hanging();
        Ok(Some(clause))
    }

    fn regex_between(&mut self, inner: Cut, cut: Cut) -> Parsed<Clause> {
        let pattern = self.lex.scan.slice(inner.clone());
        if let Err((message, at)) = checked(&pattern) {
            let start = inner.start + pattern.get(..at).map_or(0, |before| before.chars().count());
            let end = (start + 1).min(inner.end).max(start);
            let mended = mended(&pattern);
            let corrected = mended.map(|pattern| self.lex.scan.replaced(inner, &pattern));
            return Err(self.lex.fault(start..end, message, corrected));
        }
        if pattern.chars().all(char::is_alphanumeric) {
            let message =
                format!("read as a regular expression; for the path write \"/{pattern}/\"");
            self.lex.note(cut.clone(), message);
        }
        self.leaf(ClauseKind::Regex(pattern), cut)
    }

    /// Reads `~2` and `^3` right after a quotation mark, slash or bracket.
    pub(super) fn suffix(&mut self) -> Parsed<Suffix> {
        let mut suffix = Suffix::default();
        loop {
            let start = self.lex.at();
            match self.lex.scan.get(start) {
                Some('~') => {
                    let end = self.lex.scan.skip_while(start + 1, is_number);
                    self.set_tilde(&mut suffix, start..end)?;
                    self.lex.go_to(end);
                }
                Some('^') => {
                    let end = self.lex.scan.skip_while(start + 1, is_signed_number);
                    self.set_weight(&mut suffix, start..end)?;
                    self.lex.go_to(end);
                }
                Some('*') if self.lex.scan.before(start).is_some_and(closes_phrase) => {
                    let mark = self.lex.scan.slice(start - 1..start);
                    let corrected =
                        self.lex.scan.replaced(start - 1..start + 1, &format!("*{mark}"));
                    let message = "the * of a phrase stands before the closing quotation mark";
                    return Err(self.lex.fault(start..start + 1, message, Some(corrected)));
                }
                _ => return Ok(suffix),
            }
        }
    }

    /// A word without its suffixes and the punctuation around them.
    fn peeled<'t>(
        &mut self,
        typed: &'t str,
        cut: Cut,
        address: bool,
        path: bool,
    ) -> Parsed<(&'t str, Suffix)> {
        let mut suffix = Suffix::default();
        let mut base = typed;
        loop {
            let place = |from: usize, to: usize| {
                let start = cut.start + typed[..from].chars().count();
                start..start + typed[from..to].chars().count()
            };
            let bare = base.trim_end_matches(HANGING);
            let asked = !address && base[bare.len()..].contains('?');
            if asked && !bare.is_empty() {
                let mark = place(bare.len(), base.len());
                let message = format!(
                    "? at the end of a word was read as punctuation; {bare}?* asks for more letters"
                );
                self.lex.note(mark, message);
                base = bare;
            } else if bare.ends_with('*')
                || slashed(bare).is_some()
                || tilde_at(bare).is_some()
                || weight_at(bare).is_some()
            {
                base = bare;
            }
            if let Some(at) = weight_at(base) {
                self.set_weight(&mut suffix, place(at, base.len()))?;
                base = &base[..at];
            } else if let Some(at) = tilde_at(base) {
                if path {
                    self.lex.note(place(at, base.len()), "~ in a path was read as part of it");
                    return Ok((base, suffix));
                }
                if at > 0 {
                    self.set_tilde(&mut suffix, place(at, base.len()))?;
                }
                base = &base[..at];
            } else {
                return Ok((base, suffix));
            }
        }
    }

    fn set_weight(&self, suffix: &mut Suffix, cut: Cut) -> Parsed<()> {
        if suffix.weight.is_some() {
            return Err(self.twice(cut));
        }
        let scan = &self.lex.scan;
        let digits = scan.slice(cut.start + 1..cut.end);
        if let Some(weight) = weight(&digits) {
            suffix.weight = Some((weight, cut));
            return Ok(());
        }
        let with_point = digits.replace(',', ".");
        let corrected = if digits.is_empty() {
            scan.replaced(cut.clone(), "^2")
        } else if weight(&with_point).is_some() {
            scan.replaced(cut.clone(), &format!("^{with_point}"))
        } else if with_point.parse::<f32>().is_ok_and(|weight| weight > MOST_WEIGHT) {
            scan.replaced(cut.clone(), &format!("^{MOST_WEIGHT}"))
        } else {
            scan.without(cut.clone())
        };
        let message =
            format!("a weight is a number above 0 and up to {MOST_WEIGHT}, as in ransomware^2");
        Err(self.lex.fault(cut, message, Some(corrected)))
    }

    fn set_tilde(&self, suffix: &mut Suffix, cut: Cut) -> Parsed<()> {
        if suffix.tilde.is_some() {
            return Err(self.twice(cut));
        }
        suffix.tilde = Some((self.lex.scan.slice(cut.start + 1..cut.end), cut));
        Ok(())
    }

    fn twice(&self, cut: Cut) -> Diagnostic {
        let corrected = self.lex.scan.without(cut.clone());
        self.lex.fault(cut, "a term has one ^ and one ~ at most", Some(corrected))
    }

    fn fuzzy(&mut self, word: String, digits: &str, tilde: Cut) -> Parsed<ClauseKind> {
        let distance = match digits {
            "" => None,
            digits => match digits.parse::<u8>() {
                Ok(0) => {
                    self.lex.note(tilde, "~0 allows no edit: read as the word itself");
                    return Ok(ClauseKind::Word(word));
                }
                Ok(edits) if edits <= MOST_EDITS => Some(edits),
                other => {
                    let nearest = if other.is_ok() || !digits.contains('.') { "~2" } else { "~" };
                    let corrected = self.lex.scan.replaced(tilde.clone(), nearest);
                    let message = format!(
                        "a fuzzy word allows ~1 or ~{MOST_EDITS} edits, or ~ for as many \
                         as suit its length"
                    );
                    return Err(self.lex.fault(tilde, message, Some(corrected)));
                }
            },
        };
        Ok(ClauseKind::Fuzzy { word, distance })
    }

    fn slop(&self, digits: &str, tilde: Cut) -> Parsed<u32> {
        match digits.parse() {
            Ok(slop) if slop <= MOST_SLOP => Ok(slop),
            _ => {
                let nearest = match digits.parse::<f64>() {
                    Ok(slop) if slop > f64::from(MOST_SLOP) => MOST_SLOP,
                    _ => 4,
                };
                let corrected = self.lex.scan.replaced(tilde.clone(), &format!("~{nearest}"));
                let message = format!(
                    "~ after a phrase says how many places its words may be apart: \
                     a number up to {MOST_SLOP}"
                );
                Err(self.lex.fault(tilde, message, Some(corrected)))
            }
        }
    }

    /// `"website defaced" ~4`: the blank makes a word of what was meant as a suffix.
    fn note_detached(&mut self, typed: &str, cut: Cut) {
        // Longer numbers, as in `~2007`, are no slip.
        if cut.start == 0 || typed.len() > 3 {
            return;
        }
        let mark = if typed.starts_with('^') { "weight" } else { "distance" };
        let message = format!(
            "`{typed}` was read as a word; a {mark} stands right after its term, without a blank"
        );
        self.lex.note(cut, message);
    }
}

fn closes_phrase(c: char) -> bool {
    matches!(c, '"' | '”' | '“' | '»' | '«' | '\'' | '’' | '‘' | '›')
}

/// Where a final `~`, `~2`, `~0.8` begins.
pub(super) fn tilde_at(word: &str) -> Option<usize> {
    let at = word.rfind('~')?;
    word[at + 1..].chars().all(is_number).then_some(at)
}

/// Where a final `^3` or `^` begins.
pub(super) fn weight_at(word: &str) -> Option<usize> {
    let at = word.rfind('^').filter(|&at| at > 0)?;
    word[at + 1..].chars().all(is_signed_number).then_some(at)
}

fn is_number(c: char) -> bool {
    c.is_ascii_digit() || c == '.'
}

fn is_signed_number(c: char) -> bool {
    is_number(c) || matches!(c, ',' | '+' | '-')
}

fn weight(digits: &str) -> Option<f32> {
    if !digits.chars().all(is_number) {
        return None;
    }
    digits.parse().ok().filter(|&weight| weight > 0.0 && weight <= MOST_WEIGHT)
}

/// Several stars in a row mean no more than one.
fn single_stars(word: &str) -> String {
    let mut pattern = String::with_capacity(word.len());
    for c in word.chars() {
        if c != '*' || !pattern.ends_with('*') {
            pattern.push(c);
        }
    }
    pattern
}
