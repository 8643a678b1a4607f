//! Stage 1, second half: the words inside a UAX #29 word.
//!
//! In: one UAX #29 word. Out: the byte ranges of its parts. UAX #29 keeps together what people search apart:
//! `normandie.fr`, `foo_bar`, `10;20`. What is one word by meaning stays one: `U.S.A`, `10.0.0.1`, `3,000`.
//!
//! Katakana and Hangul, which UAX #29 joins to runs, are taken apart: one word a character, as it gives Han and Thai. A Korean
//! word has its particles at the end without a blank (`해킹을`, `해킹이`), so that only its syllables can be looked for.
//!
//! A dot parts letters, unless all of them stand alone (`U.S`), and never digits. A comma or apostrophe between
//! digits is read as grouping (`3,000`, `1'000`), else as a decimal comma (`3,5`), else as a list (`22,80,443`).

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

/// Calls `part` with the byte range of every part of a UAX #29 word, in order. Each begins with a letter or digit.
pub(super) fn split(word: &str, mut part: impl FnMut(Range<usize>)) {
    let mut emit = |start: usize, end: usize| {
        if let Some(from) = word[start..end].find(is_base) {
            part(start + from..end);
        }
    };
    let mut start = 0;
    for (at, c) in word.char_indices().filter(|&(_, c)| is_separator(c)) {
        split_section(word, start..at, &mut emit);
        start = at + c.len_utf8();
    }
    split_section(word, start..word.len(), &mut emit);
}

/// Whether the separators in this number (digits, commas, apostrophes, dots) only group its digits by thousands.
pub(super) fn is_grouped(number: &str) -> bool {
    let (whole, fraction) = number.split_once(is_dot).unwrap_or((number, ""));
    let mut groups = whole.split(is_group_mark);
    let first = groups.next().map_or(0, digits);
    let mut others = groups.peekable();
    (1..=3).contains(&first)
        && !whole.starts_with('0')
        && others.peek().is_some()
        && others.all(|group| digits(group) == 3)
        && !fraction.contains(is_group_mark)
}

/// Whether a word can begin with this character: a letter or digit that needs no other to stand on.
pub(super) fn is_base(c: char) -> bool {
    // The half-width voicing marks of kana are letters by category only.
    c.is_alphanumeric() && !is_combining_mark(c) && !matches!(c, '\u{FF9E}' | '\u{FF9F}')
}

/// The character class of an apostrophe as it is written inside words.
pub(super) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '＇' | '\u{2BB}'..='\u{2BF}')
}

/// `.` in its forms that may stand inside a word.
pub(super) fn is_dot(c: char) -> bool {
    matches!(c, '.' | '\u{2024}' | '\u{FE52}' | '．')
}

/// `,` in its forms that may stand between digits.
pub(super) fn is_comma(c: char) -> bool {
    matches!(c, ',' | '\u{66C}' | '\u{FE50}' | '\u{FE10}' | '，')
}

/// What never belongs to a word, although UAX #29 joins over it: underscores of all widths, the narrow no-break space,
/// colons, semicolons, and the fraction slash.
fn is_separator(c: char) -> bool {
    match c {
        '_' | ':' | ';' => true,
        _ if c < '\u{37E}' => false,
        '\u{203F}'
        | '\u{2040}'
        | '\u{2054}'
        | '\u{FE33}'
        | '\u{FE34}'
        | '\u{FE4D}'..='\u{FE4F}'
        | '＿' => true,
        '\u{202F}' => true,
        '\u{FE13}' | '\u{FE55}' | '：' => true,
        '\u{37E}' | '\u{589}' | '\u{60C}' | '\u{60D}' | '\u{7F8}' | '\u{FE14}' | '\u{FE54}'
        | '；' => true,
        '\u{2044}' => true,
        _ => false,
    }
}

fn is_group_mark(c: char) -> bool {
    is_comma(c) || is_apostrophe(c)
}

fn digits(text: &str) -> usize {
    text.chars().filter(|c| c.is_numeric()).count()
}

fn split_section(word: &str, section: Range<usize>, emit: &mut impl FnMut(usize, usize)) {
    let Some(from) = word[section.clone()].find(is_base) else { return };
    let section = section.start + from..section.end;
    let text = &word[section.clone()];
    if is_acronym(text) {
        return emit(section.start, section.end);
    }
    let mut start = 0;
    let mut after_digit = false;
    let mut after_syllable = false;
    let mut number = Number::default();
    for (at, c) in text.char_indices() {
        if c.is_alphanumeric() {
            let syllable = is_katakana(c) || begins_hangul(c);
            if syllable || (after_syllable && !continues_hangul(c)) {
                emit(section.start + start, section.start + at);
                start = at;
                after_syllable = syllable;
            }
            after_digit = c.is_numeric();
            if !after_digit {
                number.start = at + c.len_utf8();
            }
        } else if if after_digit { is_group_mark(c) } else { is_dot(c) } {
            if after_digit && number.is_whole(text, at) {
                continue;
            }
            emit(section.start + start, section.start + at);
            start = at + c.len_utf8();
        }
    }
    emit(section.start + start, section.end);
}

/// The number that is being read, so that its separators are judged together, and only once.
#[derive(Default)]
struct Number {
    start: usize,
    end: usize,
    whole: bool,
}

impl Number {
    /// Whether the number with a separator at `at` is one word.
    fn is_whole(&mut self, text: &str, at: usize) -> bool {
        if at >= self.end {
            let rest = &text[at..];
            let len = rest.find(char::is_alphabetic).unwrap_or(rest.len());
            self.end = at + len;
            let number = &text[self.start..self.end];
            self.whole = is_grouped(number) || has_decimal_comma(number);
        }
        self.whole
    }
}

/// `3,5`, `0,125` and `1.234,56`. More than two decimals are more often something else: `May 20,2011`, ports `80,3389`.
fn has_decimal_comma(number: &str) -> bool {
    let Some((whole, fraction)) = number.split_once(is_comma) else { return false };
    let mut groups = whole.split(is_dot);
    let first = groups.next().map_or(0, digits);
    let dotted = whole.contains(is_dot);
    (!dotted || (first <= 3 && groups.all(|group| digits(group) == 3)))
        && !whole.contains(is_group_mark)
        && !fraction.contains(|c| is_group_mark(c) || is_dot(c))
        && (digits(fraction) <= 2 || whole == "0" || dotted)
}

/// `U.S`, `C.I.A`, `U.S's`: single letters with dots between them.
fn is_acronym(text: &str) -> bool {
    let text = text
        .strip_suffix(['s', 'S'])
        .and_then(|rest| rest.strip_suffix(is_apostrophe))
        .unwrap_or(text);
    let mut letters = text.split(is_dot).peekable();
    letters.next_if(|letter| is_single_letter(letter)).is_some()
        && letters.peek().is_some()
        && letters.all(is_single_letter)
}

/// One letter with its marks, as in a decomposed `É`.
fn is_single_letter(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c.is_alphabetic() && !is_apostrophe(c))
        && !chars.any(char::is_alphanumeric)
}

/// A syllable of Hangul, or the first letter of one that is written as its letters.
fn begins_hangul(c: char) -> bool {
    matches!(c, '\u{AC00}'..='\u{D7A3}' | '\u{1100}'..='\u{115E}' | '\u{A960}'..='\u{A97C}')
}

/// A letter that belongs to the syllable before it.
fn continues_hangul(c: char) -> bool {
    matches!(c, '\u{1160}'..='\u{11FF}' | '\u{D7B0}'..='\u{D7FB}')
        || is_combining_mark(c)
        || !is_base(c)
}

/// What UAX #29 keeps in runs as Katakana.
fn is_katakana(c: char) -> bool {
    matches!(
        c,
        '\u{3031}'..='\u{3035}'
            | '\u{30A0}'..='\u{30FF}'
            | '\u{31F0}'..='\u{31FF}'
            | '\u{32D0}'..='\u{32FE}'
            | '\u{3300}'..='\u{3357}'
            | '\u{FF66}'..='\u{FF9D}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(word: &str) -> Vec<&str> {
        let mut found = Vec::new();
        split(word, |part| found.push(&word[part]));
        found
    }

    #[test]
    fn parts_of_words() {
        let cases: &[(&str, &[&str])] = &[
            ("ransomware", &["ransomware"]),
            ("normandie.fr", &["normandie", "fr"]),
            ("해킹을", &["해", "킹", "을"]),
            ("APT조직x", &["APT", "조", "직", "x"]),
            (
                "\u{1112}\u{1162}\u{11A8}\u{110F}\u{1175}\u{11BC}",
                &["\u{1112}\u{1162}\u{11A8}", "\u{110F}\u{1175}\u{11BC}"],
            ),
            ("foo_bar", &["foo", "bar"]),
            ("_foo_", &["foo"]),
            ("__", &[]),
            ("EU:s", &["EU", "s"]),
            ("10;20", &["10", "20"]),
            ("10\u{202F}000", &["10", "000"]),
            ("1\u{2044}2", &["1", "2"]),
            ("U.S", &["U.S"]),
            ("C.I.A", &["C.I.A"]),
            ("U.S's", &["U.S's"]),
            ("E\u{301}.U", &["E\u{301}.U"]),
            ("x_U.S", &["x", "U.S"]),
            ("J.R.R.Tolkien", &["J", "R", "R", "Tolkien"]),
            ("10.0.0.1", &["10.0.0.1"]),
            ("v1.2.3", &["v1.2.3"]),
            ("1.2b.c", &["1.2b", "c"]),
            ("don't", &["don't"]),
            ("rock'n'roll", &["rock'n'roll"]),
            ("3,000", &["3,000"]),
            ("12,345,678.90", &["12,345,678.90"]),
            ("1'000'000", &["1'000'000"]),
            ("v1,000b", &["v1,000b"]),
            ("3,5", &["3,5"]),
            ("1.234,56", &["1.234,56"]),
            ("1234,56", &["1234,56"]),
            ("22,80,443", &["22", "80", "443"]),
            ("0,125", &["0,125"]),
            ("2023,2024", &["2023", "2024"]),
            ("20,2011", &["20", "2011"]),
            ("1234,567", &["1234", "567"]),
            ("5'11", &["5", "11"]),
            ("10.0,5.1", &["10.0", "5.1"]),
            ("1,2a3,4,5", &["1,2a3", "4", "5"]),
            ("３，０００", &["３，０００"]),
            ("アパ", &["ア", "パ"]),
            ("ｶﾞｶ", &["ｶﾞ", "ｶ"]),
        ];
        for (word, expected) in cases {
            assert_eq!(parts(word), *expected, "{word:?}");
        }
    }

    #[test]
    fn grouping() {
        for number in ["3,000", "1'000", "12,345,678", "1,000.5", "٣٬٠٠٠"] {
            assert!(is_grouped(number), "{number}");
        }
        for number in ["3000", "3,5", "1234,567", "0,125", "1,00", "1.5,000", "", ",000"] {
            assert!(!is_grouped(number), "{number}");
        }
    }
}
