//! The character references of HTML in values that are no HTML.
//!
//! In: a value of a record. Out: the value with `&amp;`, `&#39;`, `&eacute;` and their like as characters.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// Text without the character references of HTML: `Smith &amp; Sons`. What is none, such as `AT&T;`, stays.
pub(super) fn unescape(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    // Twice, for what was escaped twice: `&amp;#39;`.
    for _ in 0..2 {
        match unescape_once(&text) {
            Some(better) => text = Cow::Owned(better),
            None => break,
        }
    }
    text
}

/// Bytes of the longest name of a reference. None is looked for further on.
const LONGEST: usize = 8;

fn unescape_once(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    let mut found = false;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().skip(1).take(LONGEST + 1).position(|byte| byte == b';');
        let reference = end.and_then(|end| {
            let meant = reference(rest.get(1..end + 1)?)?;
            Some((meant, end + 2))
        });
        match reference {
            Some((meant, length)) => {
                out.push(meant);
                rest = &rest[length..];
                found = true;
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    found.then_some(out)
}

/// The character of a reference, given without `&` and `;`.
fn reference(name: &str) -> Option<char> {
    if name.len() > LONGEST || !name.is_ascii() {
        return None;
    }
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|c| !c.is_control() || *c == '\n');
    }
    const SIGNS: [(&str, char); 28] = [
        ("AElig", 'Æ'),
        ("OElig", 'Œ'),
        ("Oslash", 'Ø'),
        ("aelig", 'æ'),
        ("amp", '&'),
        ("apos", '\''),
        ("bdquo", '„'),
        ("copy", '©'),
        ("deg", '°'),
        ("euro", '€'),
        ("gt", '>'),
        ("hellip", '…'),
        ("laquo", '«'),
        ("ldquo", '“'),
        ("lsquo", '‘'),
        ("lt", '<'),
        ("mdash", '—'),
        ("nbsp", '\u{a0}'),
        ("ndash", '–'),
        ("oelig", 'œ'),
        ("oslash", 'ø'),
        ("quot", '"'),
        ("raquo", '»'),
        ("rdquo", '”'),
        ("reg", '®'),
        ("rsquo", '’'),
        ("szlig", 'ß'),
        ("trade", '™'),
    ];
    if let Some((_, sign)) = SIGNS.iter().find(|(known, _)| *known == name) {
        return Some(*sign);
    }
    const ACCENTS: [(&str, char); 7] = [
        ("acute", '\u{301}'),
        ("cedil", '\u{327}'),
        ("circ", '\u{302}'),
        ("grave", '\u{300}'),
        ("ring", '\u{30a}'),
        ("tilde", '\u{303}'),
        ("uml", '\u{308}'),
    ];
    let (letter, accent) = name.split_at_checked(1)?;
    let (_, accent) = ACCENTS.iter().find(|(known, _)| *known == accent)?;
    let mut composed = letter.chars().chain([*accent]).nfc();
    // What has no composed form is no reference that HTML knows.
    composed.next().filter(|_| composed.next().is_none())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn references_are_resolved() {
        for (text, meant) in [
            ("Smith &amp; Sons", "Smith & Sons"),
            ("&lt;none&gt;", "<none>"),
            ("Raley&#39;s &#x27;x&#x27;", "Raley's 'x'"),
            ("Raley&amp;#39;s", "Raley's"),
            ("Pr&eacute;fecture &Agrave; F&uuml;&szlig;en", "Préfecture À Füßen"),
            ("AT&T; R&D", "AT&T; R&D"),
            ("&;&#;&#x;&bogus;&qacute;&", "&;&#;&#x;&bogus;&qacute;&"),
            ("&#0;&#27;&#1114112;", "&#0;&#27;&#1114112;"),
        ] {
            assert_eq!(unescape(text), meant);
        }
    }

    #[test]
    fn ampersands_without_end_cost_no_more_than_other_text() {
        // Looking to the end of the text from each would take minutes.
        let text = "&".repeat(1 << 20);
        assert_eq!(unescape(&text), text);
    }

    proptest! {
        #[test]
        fn no_reference_panics(text in "(&|#|x|;|amp|eacute|[0-9a-f]|\\PC){0,20}") {
            unescape(&text);
        }
    }
}
