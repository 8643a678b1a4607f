//! Stage 1: where words begin and end.
//!
//! In: a text. Out: its words, as slices of it. A word is what UAX #29 says, cut further by [`parts`](super::parts).
//! Three readings differ from UAX #29 on purpose: a blank always ends a word, a zero-width space inside an alphabetic
//! word does not, and an `’s` that UAX #29 sets apart (`APT29’s`, `Inc.’s`) is no word.
//!
//! Most bytes of most reports are ASCII, where the rules come down to a table lookup per byte and one look at each
//! neighbour of `'`, `.` and `,`. Only a stretch with other characters in it goes through `unicode-segmentation`.

use unicode_segmentation::UnicodeSegmentation;

use super::parts;

/// Calls `word` with the first byte and the text of every word from `from` on, in order. Words are never empty.
pub(super) fn words(text: &str, from: usize, mut word: impl FnMut(usize, &str)) {
    let bytes = text.as_bytes();
    let mut emit = |start: usize, part: &str| {
        if !(part.len() == 1 && is_possessive(text, start, part)) {
            word(start, part);
        }
    };
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        match class(byte) {
            Class::Letter | Class::Digit => {
                let end = run_end(bytes, at + 1);
                at = match continuation(bytes, end) {
                    Continuation::None => {
                        emit(at, &text[at..end]);
                        end
                    }
                    Continuation::Ascii => compound(text, at, end, &mut emit),
                    Continuation::Unicode => stretch(text, at, &mut emit),
                };
            }
            Class::Unicode => {
                at = match separator_len(bytes, at) {
                    Some(len) => at + len,
                    None => stretch(text, at, &mut emit),
                };
            }
            Class::Infix | Class::Joiner | Class::Separator => at += 1,
        }
    }
}

/// What an ASCII byte means for word bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Digit,
    /// May stand inside a word: `'`, `.`, `,`.
    Infix,
    /// Joins by UAX #29, but always separates in `parts`; also `"`, which may stand between Hebrew letters.
    Joiner,
    /// Ends a word whatever surrounds it.
    Separator,
    /// A byte of a character beyond ASCII.
    Unicode,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Separator; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' => Class::Letter,
            b'0'..=b'9' => Class::Digit,
            b'\'' | b'.' | b',' => Class::Infix,
            b'_' | b':' | b';' | b'"' => Class::Joiner,
            0x80.. => Class::Unicode,
            _ => Class::Separator,
        };
        byte += 1;
    }
    classes
};

fn class(byte: u8) -> Class {
    CLASSES[usize::from(byte)]
}

/// The end of the letters and digits that go on at `at`.
fn run_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let run = rest.iter().position(|&byte| !matches!(class(byte), Class::Letter | Class::Digit));
    at + run.unwrap_or(rest.len())
}

/// How a run of ASCII letters and digits may go on.
enum Continuation {
    None,
    /// With `'`, `.` or `,` and another ASCII letter or digit.
    Ascii,
    /// With a character beyond ASCII: only the full rules can tell.
    Unicode,
}

fn continuation(bytes: &[u8], end: usize) -> Continuation {
    let Some(&byte) = bytes.get(end) else { return Continuation::None };
    match class(byte) {
        Class::Unicode if separator_len(bytes, end).is_none() => Continuation::Unicode,
        Class::Infix => match bytes.get(end + 1).map(|&next| class(next)) {
            Some(Class::Unicode) if separator_len(bytes, end + 1).is_none() => {
                Continuation::Unicode
            }
            // UAX #29 joins equals only, and letters only by `'` and `.`
            Some(Class::Letter) if byte != b',' && bytes[end - 1].is_ascii_alphabetic() => {
                Continuation::Ascii
            }
            Some(Class::Digit) if bytes[end - 1].is_ascii_digit() => Continuation::Ascii,
            _ => Continuation::None,
        },
        _ => Continuation::None,
    }
}

/// A word with `'`, `.` or `,` inside; `end` is the first of these. Returns where to go on.
fn compound(text: &str, start: usize, mut end: usize, emit: &mut impl FnMut(usize, &str)) -> usize {
    loop {
        match continuation(text.as_bytes(), end) {
            Continuation::Ascii => end = run_end(text.as_bytes(), end + 2),
            Continuation::Unicode => return stretch(text, start, emit),
            Continuation::None => {
                parts::split(&text[start..end], |part| {
                    emit(start + part.start, &text[start + part.start..start + part.end]);
                });
                return end;
            }
        }
    }
}

/// The words from `start` to the next ASCII character that surely ends one, by the full rules. Returns its place.
fn stretch(text: &str, start: usize, emit: &mut impl FnMut(usize, &str)) -> usize {
    let rest = &text.as_bytes()[start..];
    let len = rest.iter().position(|&byte| class(byte) == Class::Separator).unwrap_or(rest.len());
    uax_words(&text[start..start + len], |at, word| {
        parts::split(word, |part| emit(start + at + part.start, &word[part]));
    });
    start + len
}

/// UAX #29 words, made whole where only zero-width spaces part them.
fn uax_words(text: &str, mut word: impl FnMut(usize, &str)) {
    let mut open: Option<(usize, usize)> = None;
    for (start, segment) in text.unicode_word_indices() {
        let end = start + segment.len();
        open = Some(match open {
            Some((first, last))
                if is_hidden_join(&text[first..last], &text[last..start], segment) =>
            {
                (first, end)
            }
            Some((first, last)) => {
                word(first, &text[first..last]);
                (start, end)
            }
            None => (start, end),
        });
    }
    if let Some((first, last)) = open {
        word(first, &text[first..last]);
    }
}

/// Whether a gap is nothing but zero-width spaces, left by a page's layout or hidden there on purpose. In Thai, Khmer
/// and the like they are how words are told apart, so only scripts that write blanks are joined.
fn is_hidden_join(before: &str, gap: &str, after: &str) -> bool {
    let joins = |c: Option<char>| c.is_some_and(|c| c < '\u{700}' && c.is_alphanumeric());
    !gap.is_empty()
        && gap.chars().all(|c| c == '\u{200B}')
        && joins(before.chars().next_back())
        && joins(after.chars().next())
}

/// Bytes of the character at `at` if it is one of the usual ones beyond ASCII that end a word whatever surrounds them:
/// spaces, dashes, curly double quotes, bullets, the ellipsis. Only a short cut: UAX #29 agrees on all of them.
fn separator_len(bytes: &[u8], at: usize) -> Option<usize> {
    match *bytes.get(at..)? {
        // NO-BREAK SPACE « »
        [0xC2, 0xA0 | 0xAB | 0xBB, ..] => Some(2),
        // ‐ to ― “ to • … ‰ to ›
        [0xE2, 0x80, 0x90..=0x95 | 0x9C..=0xA2 | 0xA6 | 0xB0..=0xBA, ..] => Some(3),
        _ => None,
    }
}

/// Whether this word is the `s` of a possessive whose apostrophe follows something other than a letter, so that
/// UAX #29 takes it for a word: `APT29's`, `Inc.’s`, `Lapsus$'s`, `**Conti**'s`.
fn is_possessive(text: &str, start: usize, word: &str) -> bool {
    let mut before = text[..start].chars().rev();
    word.eq_ignore_ascii_case("s")
        && before.next().is_some_and(|c| matches!(c, '\'' | '’'))
        && before.next().is_some_and(|c| {
            c.is_alphanumeric() || matches!(c, '.' | ')' | ']' | '*' | '$' | '!' | '%' | '”' | '»')
        })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The definition, without short cuts: every blank-free chunk by UAX #29, then cut into parts.
    fn reference(text: &str) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        let mut start = 0;
        for chunk in text.split_inclusive([' ', '\n', '\r', '\t']) {
            uax_words(chunk, |at, word| {
                parts::split(word, |part| {
                    let at = start + at + part.start;
                    if !is_possessive(text, at, &word[part.clone()]) {
                        found.push((at, word[part].to_owned()));
                    }
                });
            });
            start += chunk.len();
        }
        found
    }

    fn actual(text: &str) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        words(text, 0, |start, word| found.push((start, word.to_owned())));
        found
    }

    fn texts(text: &str) -> Vec<String> {
        actual(text).into_iter().map(|(_, word)| word).collect()
    }

    #[test]
    fn the_possessive_after_a_digit_or_sign_is_no_word() {
        assert_eq!(texts("APT29's tools"), ["APT29", "tools"]);
        assert_eq!(texts("Equifax Inc.’s"), ["Equifax", "Inc"]);
        assert_eq!(texts("the letter 's' here"), ["the", "letter", "s", "here"]);
        assert_eq!(texts("s"), ["s"]);
    }

    #[test]
    fn zero_width_space_joins_letters_and_parts_thai() {
        assert_eq!(texts("nor\u{200B}mandie"), ["nor\u{200B}mandie"]);
        assert_eq!(texts("nor \u{200B}mandie"), ["nor", "mandie"]);
        assert_eq!(texts("ไ\u{200B}ท"), ["ไ", "ท"]);
    }

    #[test]
    fn short_cut_separators_never_belong_to_a_word() {
        for c in
            ('\u{80}'..'\u{3000}').filter(|c| separator_len(c.to_string().as_bytes(), 0).is_some())
        {
            for (left, right) in [("a", "b"), ("1", "2"), ("é", "é"), ("ア", "ア"), ("א", "א")]
            {
                let text = format!("{left}{c}{right}");
                let found: Vec<_> = text.unicode_words().collect();
                assert_eq!(found, [left, right], "{c:?}");
            }
        }
    }

    /// Characters that meet in every rule: letters of all classes, digits, infixes, marks, blanks.
    fn tricky() -> impl Strategy<Value = String> {
        let alphabet: Vec<char> =
            "aZsS09'.,:;_-\"  \n/’‘·”“—…é\u{301}\u{308}\u{AD}\u{200B}\u{200D}\u{FEFF}\u{202F}\u{A0}ßсשアー字ไ한٣٬，．：🇫👩"
                .chars()
                .collect();
        proptest::collection::vec(proptest::sample::select(alphabet), 0..24)
            .prop_map(|chars| chars.into_iter().collect())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn equals_the_reference_on_ascii(text in "[aBs0-9'.,:;_\"$ \n-]{0,24}") {
            prop_assert_eq!(actual(&text), reference(&text));
        }

        #[test]
        fn equals_the_reference_on_tricky_text(text in tricky()) {
            prop_assert_eq!(actual(&text), reference(&text));
        }

        #[test]
        fn equals_the_reference_on_any_text(text in any::<String>()) {
            prop_assert_eq!(actual(&text), reference(&text));
        }
    }
}
