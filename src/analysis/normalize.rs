//! Stage 3: one spelling for all the ways of writing a word.
//!
//! In: the core of a word, or a search pattern. Out: its folded form: NFKC, lower case with `ß` and final sigma
//! resolved, diacritics removed where they only colour a letter, invisible characters and apostrophes dropped, letters
//! of other alphabets that pass for Latin ones (or the reverse) put right, and those that Arabic script writes in several
//! ways (hamza on alef, alef maqsura and ya, ta marbuta, Persian kaf and ye) in one.
//!
//! Marks that make another letter stay: й and ї, Japanese dakuten, the vowel signs of Indic scripts and Thai, the
//! syllables of Hangul. Vowel points of Arabic and Hebrew, which most texts leave out, go.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::parts::{is_apostrophe, is_comma, is_dot, is_grouped};

/// Folds what may be a pattern: keeps every character that is not a letter, but for apostrophes. Appends to `folded`.
pub(super) fn fold(text: &str, folded: &mut String) {
    if text.is_ascii() {
        folded.extend(
            text.bytes().filter(|&byte| byte != b'\'').map(|b| b.to_ascii_lowercase() as char),
        );
        return;
    }
    let repair = Repair::of(text);
    let mut base = '\0';
    let kept = letters(text).map(|c| repair.apply(c)).filter(|&c| {
        let keep = !(is_apostrophe(c) || is_ignorable(c) || is_diacritic(base, c));
        if keep && !is_combining_mark(c) {
            base = c;
        }
        keep
    });
    folded.extend(kept.nfc());
}

/// The surface form of a word: folded, and without the punctuation that segmentation left in it. Replaces `surface`.
pub(super) fn form(word: &str, surface: &mut String) {
    surface.clear();
    fold(word, surface);
    if surface.bytes().any(|byte| !byte.is_ascii_alphanumeric()) {
        drop_punctuation(surface);
    }
}

/// Whether a character is invisible and says nothing about the word it stands in.
pub(super) fn is_ignorable(c: char) -> bool {
    matches!(
        c,
        '\u{AD}'
            | '\u{34F}'
            | '\u{61C}'
            | '\u{115F}'..='\u{1160}'
            | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
            | '\u{E0000}'..='\u{E0FFF}'
    )
}

/// Keeps letters, digits, marks, the dot and the decimal comma between digits, and the slash of `½`.
fn drop_punctuation(surface: &mut String) {
    let whole = std::mem::take(surface);
    let mut rest = whole.as_str();
    let mut number = String::new();
    while let Some(c) = rest.chars().next() {
        if c.is_numeric() {
            let end = rest.find(|c: char| !(c.is_numeric() || is_dot(c) || is_comma(c)));
            let (found, others) = rest.split_at(end.unwrap_or(rest.len()));
            // A dot at the end comes from a character such as `⒈`.
            number.push_str(found.trim_end_matches(|c| is_dot(c) || is_comma(c)));
            if is_grouped(&number) {
                number.retain(|c| !is_comma(c));
            }
            surface.push_str(&number);
            number.clear();
            rest = others;
        } else {
            if c.is_alphanumeric() || is_combining_mark(c) || c == '\u{2044}' {
                surface.push(c);
            }
            rest = &rest[c.len_utf8()..];
        }
    }
    // Marks that punctuation kept apart may meet now.
    if !surface.is_ascii() {
        *surface = surface.nfc().collect();
    }
}

/// Whether a mark only colours the letter it stands on.
fn is_diacritic(base: char, mark: char) -> bool {
    match mark {
        '\u{300}'..='\u{36F}'
        | '\u{1AB0}'..='\u{1AFF}'
        | '\u{1DC0}'..='\u{1DFF}'
        | '\u{20D0}'..='\u{20FF}'
        | '\u{FE20}'..='\u{FE2F}' => match base {
            // й ў, ї, ѓ ќ are letters of their alphabets, ё is usually written е.
            'и' | 'у' => mark != '\u{306}',
            'і' => mark != '\u{308}',
            'г' | 'к' => mark != '\u{301}',
            _ => is_latin(base) || is_greek(base) || is_cyrillic(base) || !base.is_alphabetic(),
        },
        // أ إ آ are often written ا; on other letters the hamza tells words apart.
        '\u{653}'..='\u{655}' => base == 'ا',
        '\u{64B}'..='\u{652}' | '\u{670}' | '\u{6D6}'..='\u{6DC}' | '\u{6DF}'..='\u{6E4}' => true,
        // Tatweel only stretches a word.
        '\u{640}' => true,
        '\u{591}'..='\u{5BD}'
        | '\u{5BF}'
        | '\u{5C1}'
        | '\u{5C2}'
        | '\u{5C4}'
        | '\u{5C5}'
        | '\u{5C7}' => true,
        _ => false,
    }
}

/// The text taken apart into letters and marks, in lower case.
fn letters(text: &str) -> impl Iterator<Item = char> {
    text.nfkd().flat_map(char::to_lowercase).flat_map(|c| {
        let (letter, second) = spelled_out(c);
        std::iter::once(letter).chain(second)
    })
}

/// Letters that do not decompose, the way they are written without them; and the digits of Arabic, Persian and Urdu
/// texts, with their decimal separator, as the rest of the world writes them.
fn spelled_out(c: char) -> (char, Option<char>) {
    let western = |zero: u32| char::from_digit(u32::from(c) - zero, 10).unwrap_or(c);
    match c {
        'ß' => ('s', Some('s')),
        'æ' => ('a', Some('e')),
        'œ' => ('o', Some('e')),
        'þ' => ('t', Some('h')),
        'ø' => ('o', None),
        'ł' => ('l', None),
        'đ' | 'ð' => ('d', None),
        'ħ' => ('h', None),
        'ŧ' => ('t', None),
        'ŋ' => ('n', None),
        'ĸ' => ('k', None),
        'ı' => ('i', None),
        'ς' => ('σ', None),
        // What Arabic, Persian and Urdu keyboards write for one letter, and what is left out in haste: the dots of ي and ة.
        'ٱ' => ('ا', None),
        'ى' | 'ی' | 'ے' => ('ي', None),
        'ک' => ('ك', None),
        'ة' | 'ۃ' | 'ہ' | 'ھ' | 'ە' => ('ه', None),
        '\u{660}'..='\u{669}' => (western(0x660), None),
        '\u{6F0}'..='\u{6F9}' => (western(0x6F0), None),
        '\u{66B}' => ('.', None),
        _ => (c, None),
    }
}

/// How to put right a word that mixes alphabets, as typed with the wrong keyboard layout or to evade a filter.
#[derive(Clone, Copy)]
enum Repair {
    None,
    /// All its Cyrillic and Greek letters pass for Latin ones: `Inс` with a Cyrillic с.
    ToLatin,
    /// All its Latin letters pass for Cyrillic ones: `Сбербaнк` with a Latin a.
    ToCyrillic,
}

impl Repair {
    fn of(text: &str) -> Self {
        let (mut latin, mut foreign) = (false, false);
        let (mut to_latin, mut to_cyrillic) = (true, true);
        for c in letters(text) {
            if is_latin(c) {
                latin = true;
                to_cyrillic &= cyrillic_twin(c).is_some();
            } else if is_cyrillic(c) || is_greek(c) {
                foreign = true;
                to_latin &= latin_twin(c).is_some();
                to_cyrillic &= is_cyrillic(c);
            }
        }
        match (latin && foreign, to_latin, to_cyrillic) {
            (true, true, _) => Repair::ToLatin,
            (true, false, true) => Repair::ToCyrillic,
            _ => Repair::None,
        }
    }

    fn apply(self, c: char) -> char {
        match self {
            Repair::None => None,
            Repair::ToLatin => latin_twin(c),
            Repair::ToCyrillic => cyrillic_twin(c),
        }
        .unwrap_or(c)
    }
}

/// Cyrillic letters and the Latin ones that they can't be told from in print, in one case or both.
const CYRILLIC_TWINS: [(char, char); 16] = [
    ('а', 'a'),
    ('в', 'b'),
    ('с', 'c'),
    ('е', 'e'),
    ('н', 'h'),
    ('һ', 'h'),
    ('і', 'i'),
    ('ј', 'j'),
    ('к', 'k'),
    ('м', 'm'),
    ('о', 'o'),
    ('р', 'p'),
    ('ѕ', 's'),
    ('т', 't'),
    ('у', 'y'),
    ('х', 'x'),
];

/// Greek letters that pass for Latin ones; μ for its use as the prefix micro (`µTorrent`).
const GREEK_TWINS: [(char, char); 13] = [
    ('α', 'a'),
    ('β', 'b'),
    ('ε', 'e'),
    ('η', 'n'),
    ('ι', 'i'),
    ('κ', 'k'),
    ('μ', 'u'),
    ('ν', 'v'),
    ('ο', 'o'),
    ('ρ', 'p'),
    ('τ', 't'),
    ('υ', 'u'),
    ('χ', 'x'),
];

fn latin_twin(c: char) -> Option<char> {
    let mut twins = CYRILLIC_TWINS.iter().chain(&GREEK_TWINS);
    twins.find(|(foreign, _)| *foreign == c).map(|&(_, latin)| latin)
}

fn cyrillic_twin(c: char) -> Option<char> {
    CYRILLIC_TWINS.iter().find(|(_, latin)| *latin == c).map(|&(cyrillic, _)| cyrillic)
}

fn is_latin(c: char) -> bool {
    c.is_alphabetic()
        && matches!(
            c,
            '\0'..='\u{2AF}'
                | '\u{1E00}'..='\u{1EFF}'
                | '\u{2C60}'..='\u{2C7F}'
                | '\u{A720}'..='\u{A7FF}'
        )
}

fn is_greek(c: char) -> bool {
    matches!(c, '\u{370}'..='\u{3FF}' | '\u{1F00}'..='\u{1FFF}')
}

fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{52F}' | '\u{1C80}'..='\u{1C8F}' | '\u{A640}'..='\u{A69F}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn folded(text: &str) -> String {
        let mut folded = String::new();
        fold(text, &mut folded);
        folded
    }

    fn formed(word: &str) -> String {
        let mut surface = "left over".to_owned();
        form(word, &mut surface);
        surface
    }

    #[test]
    fn forms() {
        let cases = [
            ("NORMANDIE", "normandie"),
            ("Région", "region"),
            ("Re\u{301}gion", "region"),
            ("ﬁnance", "finance"),
            ("ＡＢＣ", "abc"),
            ("İstanbul", "istanbul"),
            ("ISTANBUL", "istanbul"),
            ("Diyarbakır", "diyarbakir"),
            ("STRASSE", "strasse"),
            ("Straße", "strasse"),
            ("STRAẞE", "strasse"),
            ("Œuvre", "oeuvre"),
            ("Øst", "ost"),
            ("Łódź", "lodz"),
            ("Đà", "da"),
            ("Þórður", "thordur"),
            ("Behörden", "behorden"),
            ("don’t", "dont"),
            ("O'Brien", "obrien"),
            ("Qur\u{2BE}an", "quran"),
            ("nor\u{AD}man\u{200B}die\u{FEFF}", "normandie"),
            ("U.S.A", "usa"),
            ("10.0.0.1", "10.0.0.1"),
            ("3.14", "3.14"),
            ("3,000", "3000"),
            ("1'000", "1000"),
            ("12,345,678.90", "12345678.90"),
            ("v1,000b", "v1000b"),
            ("3,5", "3,5"),
            ("1.234,56", "1.234,56"),
            ("0,125", "0,125"),
            ("３，０００", "3000"),
            ("٣٬٠٠٠", "3000"),
            ("٣٫١٤", "3.14"),
            ("۱۲", "12"),
            ("⒈", "1"),
            ("½", "1\u{2044}2"),
            ("Ⅳ", "iv"),
            ("col·legi", "collegi"),
            ("ΟΔΟΣ", "οδοσ"),
            ("οδός", "οδοσ"),
            ("Ἀθῆναι", "αθηναι"),
            ("Йод", "йод"),
            ("и\u{306}од", "йод"),
            ("Ёлка", "елка"),
            ("Україна", "україна"),
            ("за\u{301}мок", "замок"),
            ("مُحَمَّد", "محمد"),
            ("محـــمد", "محمد"),
            ("أحمد", "احمد"),
            ("مسؤول", "مسؤول"),
            ("ٱلأمن", "الامن"),
            ("مستشفى", "مستشفي"),
            ("وزارة", "وزاره"),
            ("کتابی", "كتابي"),
            ("ہے", "هي"),
            ("می\u{200C}روم", "ميروم"),
            ("مسئله", "مسئله"),
            ("צה״ל", "צהל"),
            ("п'ять", "пять"),
            ("μαΐου", "μαιου"),
            ("שָׁלוֹם", "שלום"),
            ("हिन्दी", "हिन्दी"),
            ("ที่", "ที่"),
            ("ガ", "ガ"),
            ("ｶﾞ", "ガ"),
            ("한국", "한국"),
            ("Inс", "inc"),
            ("Miсrоsоft", "microsoft"),
            ("Сбербaнк", "сбербанк"),
            ("Сбербанк", "сбербанк"),
            ("µTorrent", "utorrent"),
            ("MICROSOFТ", "microsoft"),
            ("Bзлом", "взлом"),
            ("λtest", "λtest"),
            ("ÆщL", "aeщl"),
            ("ـ", ""),
            ("", ""),
        ];
        for (word, expected) in cases {
            assert_eq!(formed(word), expected, "{word:?}");
        }
    }

    #[test]
    fn patterns_keep_their_signs() {
        assert_eq!(folded("Défac*"), "defac*");
        assert_eq!(folded("d?fac(é|ing)"), "d?fac(e|ing)");
        assert_eq!(folded("U.S*"), "u.s*");
    }

    proptest! {
        #[test]
        fn folding_a_form_changes_nothing(word in any::<String>()) {
            let once = formed(&word);
            prop_assert_eq!(formed(&once), once.clone());
            prop_assert_eq!(folded(&once), once);
        }

        #[test]
        fn case_does_not_matter_within_an_alphabet(word in "[a-zA-Zà-öø-ÿÀ-ÖØ-ß]{0,12}") {
            prop_assert_eq!(formed(&word.to_lowercase()), formed(&word));
        }

        #[test]
        fn composition_does_not_matter(word in any::<String>()) {
            let composed: String = word.nfc().collect();
            let decomposed: String = word.nfd().collect();
            prop_assert_eq!(formed(&composed), formed(&decomposed));
        }
    }
}
