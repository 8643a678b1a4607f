//! Makes foreign text safe to print.
//!
//! In: text from reports, paths and queries, which may be hostile: escape sequences that rewrite the screen,
//! bidirectional controls that reorder it, characters that take no room. Out: the same text with every such
//! character in a visible form. JSON has its own escaping and does not pass here.

use std::borrow::Cow;

/// One line of text: whatever would break the line, or the terminal, becomes visible.
pub fn line(text: &str) -> Cow<'_, str> {
    escape(text, |_| false)
}

/// Running text: line breaks and tabs stay what they are, blanks; the layout decides where lines end.
pub fn running(text: &str) -> Cow<'_, str> {
    escape(text, |c| matches!(c, '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}'))
}

/// Several lines of text: line feeds stay, everything else is as in [`line`].
pub fn lines(text: &str) -> Cow<'_, str> {
    escape(text, |c| c == '\n')
}

fn escape(text: &str, keep: impl Fn(char) -> bool) -> Cow<'_, str> {
    let harmless = |c: char| keep(c) || !is_unsafe(c) && !is_joiner(c);
    let Some(first) = text.find(|c| !harmless(c)) else {
        return Cow::Borrowed(text);
    };
    let mut safe = String::with_capacity(text.len() + 8);
    safe.push_str(&text[..first]);
    let mut before = text[..first].chars().next_back();
    let mut rest = text[first..].chars().peekable();
    while let Some(c) = rest.next() {
        let joins = is_joiner(c)
            && before.is_some_and(is_joinable)
            && rest.peek().copied().is_some_and(is_joinable);
        if harmless(c) || joins {
            safe.push(c);
        } else {
            push_visible(&mut safe, c);
        }
        before = Some(c);
    }
    Cow::Owned(safe)
}

fn push_visible(safe: &mut String, c: char) {
    match c {
        // The control pictures: one column each, and known to readers of hex dumps.
        '\0'..='\u{1f}' => safe.extend(char::from_u32(0x2400 + c as u32)),
        '\u{7f}' => safe.push('␡'),
        _ => safe.extend(c.escape_unicode()),
    }
}

/// Characters that act on the terminal or the order of the text, or that nobody can see.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Zero-width joiner and non-joiner: ordinary spelling in Persian, Hindi and emoji, and a way to hide a break in
/// a Latin word or a domain name. They stay between characters that can want them and are shown elsewhere.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

fn is_joinable(c: char) -> bool {
    // Latin, Greek and Cyrillic letters never join; they all lie below Armenian.
    c >= '\u{530}' && !is_unsafe(c) && !is_joiner(c)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_dangerous_character_becomes_visible() {
        for (given, shown) in [
            ("Région Normandie", "Région Normandie"),
            ("東京 🇫🇷 ❤️", "東京 🇫🇷 ❤️"),
            ("\x1b[2Jgone", "␛[2Jgone"),
            ("\x1b]0;title\x07", "␛]0;title␇"),
            ("a\nb\tc\rd", "a␊b␉c␍d"),
            ("\u{7f}", "␡"),
            ("\u{9b}31m", r"\u{9b}31m"),
            ("txt.\u{202e}exe", r"txt.\u{202e}exe"),
            ("\u{2066}x\u{2069}", r"\u{2066}x\u{2069}"),
            ("exam\u{200b}ple", r"exam\u{200b}ple"),
            ("exam\u{200d}ple", r"exam\u{200d}ple"),
            ("soft\u{ad}hyphen", r"soft\u{ad}hyphen"),
            ("\u{feff}start", r"\u{feff}start"),
            ("tag\u{e0041}", r"tag\u{e0041}"),
            ("line\u{2028}line", r"line\u{2028}line"),
            // Spelling, not hiding: Persian "mi-khaham", a family emoji.
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
            ("👩\u{200d}👧", "👩\u{200d}👧"),
            ("👩\u{200d}\u{200d}", r"👩\u{200d}\u{200d}"),
        ] {
            assert_eq!(line(given), shown, "{given:?}");
        }
    }

    #[test]
    fn running_text_keeps_its_blanks_and_lines_their_ends() {
        assert_eq!(running("a\n\tb\x1b"), "a\n\tb␛");
        assert_eq!(lines("a\n\tb\x1b"), "a\n␉b␛");
    }

    #[test]
    fn harmless_text_is_not_copied() {
        assert!(matches!(line("Côte d’Azur"), Cow::Borrowed(_)));
    }

    proptest! {
        #[test]
        fn nothing_dangerous_is_left(text in any::<String>()) {
            let safe = line(&text);
            prop_assert!(!safe.chars().any(is_unsafe), "{safe:?}");
            prop_assert_eq!(&line(&safe), &safe, "escaping is done once");
        }

        #[test]
        fn printable_ascii_is_kept(text in "[ -~]*") {
            prop_assert_eq!(&line(&text), &text);
        }
    }
}
