//! Values that programs have spoiled on their way here.
//!
//! In: a value of a record. Out: the value as it was meant, where there is no doubt. Only values that are no part of a
//! text anyway come here, those of JSON and of tables: where the text of a file is cited, it is cited as it is.
//!
//! Two mishaps are undone. UTF-8 that was read as Windows-1252 (`JÃ¼ngerhans`, `donâ€™t`), once or twice over; and
//! control characters (U+0080 to U+009F) in place of the characters that Windows-1252 has for the same bytes.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;

/// A value as it was meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mended {
    pub text: String,
    /// The words that were another before, as they were written; none where only control characters were replaced,
    /// which nobody can see or type.
    pub written: Vec<String>,
}

/// The value as it was meant; `None` if it is as it should be, or beyond help.
pub(super) fn mend(text: &str) -> Option<Mended> {
    /// What has been through the same program three times is not seen any more.
    const MOST_TIMES: usize = 3;
    if !is_suspect(text) {
        return None;
    }
    let mut mended = Cow::Borrowed(text);
    for _ in 0..MOST_TIMES {
        match misread(&mended) {
            Some(better) => mended = Cow::Owned(better),
            None => break,
        }
    }
    let written = match &mended {
        Cow::Borrowed(_) => Vec::new(),
        Cow::Owned(_) => {
            words(text).filter(|word| misread(word).is_some()).map(str::to_owned).collect()
        }
    };
    if mended.contains(is_control) {
        mended = Cow::Owned(without_controls(&mended));
    }
    (mended != text).then(|| Mended { text: mended.into_owned(), written })
}

/// Whether there can be anything to mend: quick, for nearly all text has nothing.
fn is_suspect(text: &str) -> bool {
    // U+0080 to U+00BF begin with C2, the letters that the first byte of a character of UTF-8 is read as with C3.
    let bytes = text.as_bytes();
    bytes.windows(3).any(|bytes| bytes[0] == 0xC3 && bytes[2] >= 0x80)
        || bytes.windows(2).any(|bytes| bytes[0] == 0xC2 && bytes[1] < 0xA0)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    // A no-break space may be the second half of a letter.
    text.split(|c: char| c.is_ascii_whitespace()).filter(|word| !word.is_empty())
}

/// The text with UTF-8 that was read as Windows-1252 read as UTF-8; `None` if there is none.
fn misread(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        match misread_here(text, at) {
            Some((meant, length)) => {
                out.push_str(&text[copied..at]);
                out.push_str(&meant);
                at += length;
                copied = at;
            }
            None => at += c.len_utf8(),
        }
    }
    if copied == 0 {
        return None;
    }
    out.push_str(&text[copied..]);
    Some(out)
}

/// What is misread at `at`: what it means, and how many bytes of the text it takes.
///
/// The same characters may be meant as they are, in `né… »` or `CAFÉ”`; the fewer scripts and places are allowed for,
/// the fewer of those are spoiled.
fn misread_here(text: &str, at: usize) -> Option<(String, usize)> {
    let rest = &text[at..];
    let mut chars = rest.chars();
    let (first, second) = (chars.next()?, chars.next());
    let lead = u32::from(first);
    if !(0xC2..=0xE2).contains(&lead) && lead != 0x80 {
        return None;
    }
    let third = chars.next();
    let length = |count: usize| rest.chars().take(count).map(char::len_utf8).sum::<usize>();
    match first {
        // Punctuation: U+2000 to U+22FF.
        'â' => {
            let middle = second.and_then(trail).filter(|byte| (0x80..=0x8B).contains(byte))?;
            match third.and_then(trail) {
                Some(last) => Some((decoded(&[0xE2, middle, last])?, length(3))),
                // The last byte of a closing quote is no character of Windows-1252; many programs dropped it.
                None if second == Some('€') => Some(("”".to_owned(), length(2))),
                None => None,
            }
        }
        // The same without the first byte.
        '\u{80}' => {
            let last = second.filter(|c| is_control(*c)).and_then(trail);
            let last =
                last.filter(|byte| matches!(byte, 0x93 | 0x94 | 0x98 | 0x99 | 0x9C | 0x9D | 0xA6))?;
            Some((decoded(&[0xE2, 0x80, last])?, length(2)))
        }
        // Latin letters and signs.
        'Â'..='Å' => {
            let byte = second.and_then(trail)?;
            let before = text[..at].chars().next_back();
            let inside = third.is_some_and(char::is_alphanumeric);
            let fits = match byte {
                // `à`, unless it is `IRMÃ` and a blank.
                0xA0 if first == 'Ã' => !inside && !before.is_some_and(char::is_uppercase),
                // Also quotation marks and dashes: an upper-case word may end before one, or a quoted one begin.
                0x82 | 0x84 | 0x85 | 0x8B | 0x91..=0x97 | 0x9B | 0xAB | 0xBB => match first {
                    'Â' => true,
                    'Ã' => inside || before.is_some_and(char::is_lowercase),
                    _ => third.is_some_and(char::is_lowercase),
                },
                _ => true,
            };
            if !fits {
                return None;
            }
            Some((decoded(&[lead as u8, byte])?, length(2)))
        }
        // Greek and Cyrillic: one such letter may be meant, two in a row are not.
        'Î' | 'Ï' | 'Ð' | 'Ñ' => {
            let mut bytes = Vec::new();
            let mut chars = rest.chars();
            while let (Some(lead @ ('Î' | 'Ï' | 'Ð' | 'Ñ')), Some(byte)) =
                (chars.next(), chars.next().and_then(trail))
            {
                bytes.extend([u32::from(lead) as u8, byte]);
            }
            if bytes.len() < 4 {
                return None;
            }
            Some((decoded(&bytes)?, length(bytes.len())))
        }
        _ => None,
    }
}

fn decoded(bytes: &[u8]) -> Option<String> {
    str::from_utf8(bytes).ok().map(str::to_owned)
}

/// The byte that was read as this character, if it is one from the middle of a character of UTF-8.
fn trail(c: char) -> Option<u8> {
    byte_of(c).filter(|byte| (0x80..0xC0).contains(byte))
}

fn byte_of(c: char) -> Option<u8> {
    if c <= '\u{FF}' {
        return u8::try_from(u32::from(c)).ok();
    }
    match *WINDOWS_1252.encode(c.encode_utf8(&mut [0; 4])).0 {
        [byte] => Some(byte),
        _ => None,
    }
}

fn is_control(c: char) -> bool {
    ('\u{80}'..='\u{9F}').contains(&c)
}

fn without_controls(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_control(c) {
            // Bytes that Windows-1252 has no character for come back as control characters.
            let byte = [u32::from(c) as u8];
            let (meant, _) = WINDOWS_1252.decode_without_bom_handling(&byte);
            out.extend(meant.chars().filter(|c| !is_control(*c)));
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Text as a program has it that takes its UTF-8 for Windows-1252.
    fn spoiled(text: &str) -> String {
        WINDOWS_1252.decode_without_bom_handling(text.as_bytes()).0.into_owned()
    }

    fn mended(text: &str) -> String {
        mend(text).map_or_else(|| text.to_owned(), |mended| mended.text)
    }

    #[test]
    fn what_was_misread_is_read_again() {
        for (text, meant, written) in [
            ("JÃ¼ngerhans GmbH", "Jüngerhans GmbH", &["JÃ¼ngerhans"][..]),
            ("“JÃ¼ngerhans”", "“Jüngerhans”", &["“JÃ¼ngerhans”"]),
            ("they donâ€™t â€œknowâ€\u{9d}", "they don’t “know”", &["donâ€™t", "â€œknowâ€\u{9d}"]),
            ("said â€œyesâ€ and left", "said “yes” and left", &["â€œyesâ€"]),
            ("INFORMACIÃ“N", "INFORMACIÓN", &["INFORMACIÃ“N"]),
            ("voilÃ\u{a0} tout", "voilà tout", &["voilÃ\u{a0}"]),
            ("5Â\u{a0}000 Â£", "5\u{a0}000 £", &["5Â\u{a0}000", "Â£"]),
            ("SpÃ³Å‚ka z WÅ‚ocÅ‚awka", "Spółka z Włocławka", &["SpÃ³Å‚ka", "WÅ‚ocÅ‚awka"]),
            ("ÐœÐ¾Ñ\u{81}ÐºÐ²Ð°", "Москва", &["ÐœÐ¾Ñ\u{81}ÐºÐ²Ð°"]),
            ("FranÃƒÂ§ais", "Français", &["FranÃƒÂ§ais"]),
            ("â\u{80}\u{99}", "’", &["â\u{80}\u{99}"]),
            // The first byte is lost.
            (
                "the \u{80}\u{9c}Red\u{80}\u{9d} group",
                "the “Red” group",
                &["\u{80}\u{9c}Red\u{80}\u{9d}"],
            ),
        ] {
            let mended = mend(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(mended.text, meant);
            assert_eq!(mended.written, written, "{text}");
        }
    }

    #[test]
    fn what_is_meant_stays() {
        for text in [
            "",
            "Acme",
            "Universität Zürich, Préfecture de l’Hérault",
            "« Il a terminé… »",
            "« terminé…\u{a0}»",
            "LE CAFÉ” À «",
            "IRMÃ\u{a0}DULCE",
            "AMANHÔ",
            "CHÂTEAU",
            "Ångström „Ä”",
            "ÎÏ",
            "El Niño",
            "SEÑOR",
            "Злоумышленники",
            "数据",
            "ñandú…",
        ] {
            assert_eq!(mend(text), None, "{text}");
        }
    }

    #[test]
    fn control_characters_are_what_windows_has_for_them() {
        for (text, meant) in [
            ("Raley\u{92}s", "Raley’s"),
            ("\u{93}x\u{94} \u{96} y\u{85}", "“x” – y…"),
            ("a\u{81}b", "ab"),
        ] {
            assert_eq!(
                mend(text),
                Some(Mended { text: meant.to_owned(), written: vec![] }),
                "{text:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn any_word_comes_back(word in "[a-zäöüéèêçñáíóúßøå]{1,12}") {
            prop_assume!(!word.is_ascii());
            prop_assert_eq!(mended(&spoiled(&word)), word.clone());
            prop_assert_eq!(mended(&spoiled(&spoiled(&word))), word);
        }

        #[test]
        fn words_of_the_west_stay(text in "([A-ZÄÖÜÉÀÇÑ][a-zäöüéèàêçñáíóúß]{0,8}[.,’”“»…]? ?){0,8}") {
            prop_assert_eq!(mended(&text), text);
        }

        #[test]
        fn nothing_panics_or_grows(text in "[ -~]{0,3}[\u{80}-\u{ff}€œ“”™‚„]{0,12}\\PC{0,6}") {
            let once = mended(&text);
            prop_assert!(once.chars().count() <= text.chars().count());
            prop_assert!(!once.contains(is_control));
        }
    }
}
