//! Defanged text made whole.
//!
//! In: a piece of text without blanks. Out: the same with the marks that keep links from being followed taken out
//! (`[.]`, `(dot)`, `[at]`, `hxxp`, `[:]//`), and for each of its bytes the bytes of the original that it stands for.

use std::borrow::Cow;
use std::ops::Range;

/// A text without marks, which knows where each byte came from.
#[derive(Debug, Default)]
pub(super) struct Refanged {
    pub text: String,
    /// First byte of the original for each byte of `text`.
    starts: Vec<u32>,
    /// The byte behind the last of the original.
    ends: Vec<u32>,
}

/// What stands between brackets, and what it stands for.
const MARKS: [(&str, &str); 12] = [
    (".", "."),
    ("dot", "."),
    ("point", "."),
    ("punkt", "."),
    ("@", "@"),
    ("at", "@"),
    (":", ":"),
    ("://", "://"),
    (":/", ":/"),
    ("/", "/"),
    ("//", "//"),
    ("-", "-"),
];

/// Schemes as they are broken on purpose.
const SCHEMES: [(&str, &str); 6] = [
    ("hxxp", "http"),
    ("hxtp", "http"),
    ("htxp", "http"),
    ("hzzp", "http"),
    ("fxp", "ftp"),
    ("fxxp", "ftp"),
];

impl Refanged {
    /// Takes the marks out of `piece`; `false` where there are none.
    pub fn read(&mut self, piece: &str) -> bool {
        self.text.clear();
        self.starts.clear();
        self.ends.clear();
        if !may_hold_marks(piece.as_bytes()) {
            return false;
        }
        let dots_escaped = dots_are_escaped(piece);
        let mut marks = 0;
        let mut at = 0;
        while at < piece.len() {
            let rest = &piece[at..];
            if let Some((len, plain)) = mark(rest, &piece[..at], dots_escaped) {
                marks += 1;
                self.push(plain, at..at + len);
                at += len;
                continue;
            }
            let len = rest.chars().next().map_or(1, char::len_utf8);
            for (i, _) in rest[..len].bytes().enumerate() {
                self.starts.push((at + i) as u32);
                self.ends.push((at + i + 1) as u32);
            }
            self.text.push_str(&rest[..len]);
            at += len;
        }
        marks > 0
    }

    /// The bytes of the original that a stretch of the text stands for.
    pub fn original(&self, range: Range<usize>) -> Range<usize> {
        let start = self.starts.get(range.start).copied().unwrap_or_default() as usize;
        let last = range.end.saturating_sub(1);
        let end = self.ends.get(last).map_or(start, |&end| end as usize);
        start..end.max(start)
    }

    /// Several bytes share those they stand for, but for a scheme: there each letter has its own.
    fn push(&mut self, plain: &str, from: Range<usize>) {
        for i in 0..plain.len() {
            let last = i + 1 == plain.len();
            let own = from.start + i.min(from.len() - 1);
            self.starts.push(own as u32);
            self.ends.push(if last { from.end } else { own + 1 } as u32);
        }
        self.text.push_str(plain);
    }
}

/// `text` without defanging marks.
pub(crate) fn refang(text: &str) -> Cow<'_, str> {
    let mut refanged = Refanged::default();
    if refanged.read(text) { Cow::Owned(refanged.text) } else { Cow::Borrowed(text) }
}

/// The form of a word that is the broken name of a scheme.
pub(crate) fn scheme(word: &str) -> Option<&'static str> {
    match word {
        "hxxp" | "hxtp" | "htxp" | "hzzp" => Some("http"),
        "hxxps" | "hxtps" | "htxps" | "hzzps" => Some("https"),
        "fxp" | "fxxp" => Some("ftp"),
        _ => None,
    }
}

/// A first look, which almost all text fails.
fn may_hold_marks(bytes: &[u8]) -> bool {
    bytes.windows(2).any(|pair| match pair[0] {
        b'[' | b'(' | b'{' => {
            matches!(
                pair[1],
                b'.' | b'@' | b':' | b'/' | b'-' | b'd' | b'D' | b'a' | b'A' | b'p' | b'P'
            )
        }
        b'.' => pair[1] == b']',
        b'\\' => pair[1] == b'.',
        b'x' | b'X' | b'z' | b'Z' | b't' | b'T' => {
            matches!(pair[1], b'p' | b'P' | b'x' | b'X' | b'z')
        }
        _ => false,
    })
}

/// The mark that `rest` begins with: its length, and what it stands for.
fn mark(rest: &str, before: &str, dots_escaped: bool) -> Option<(usize, &'static str)> {
    let goes_on = |len: usize| rest[len..].starts_with(|c: char| c.is_ascii_alphanumeric());
    let after_word = before.ends_with(|c: char| c.is_ascii_alphanumeric());
    match rest.as_bytes()[0] {
        open @ (b'[' | b'(' | b'{') => {
            let close = match open {
                b'[' => ']',
                b'(' => ')',
                _ => '}',
            };
            // The longest mark has five letters.
            let end = rest.bytes().take(7).position(|byte| byte == close as u8);
            if let Some(end) = end {
                let inner = rest.get(1..end)?;
                let (_, plain) =
                    MARKS.iter().find(|(written, _)| written.eq_ignore_ascii_case(inner))?;
                return Some((end + 1, plain));
            }
            // `example[.com`
            (open == b'[' && after_word && rest.starts_with("[.") && goes_on(2)).then_some((2, "."))
        }
        // `example.]com`
        b'.' => (after_word && rest.starts_with(".]") && goes_on(2)).then_some((2, ".")),
        b'\\' => (dots_escaped && after_word && rest.starts_with("\\.") && goes_on(2))
            .then_some((2, ".")),
        b'h' | b'H' | b'f' | b'F' if !after_word => {
            let (written, plain) = SCHEMES.iter().find(|(written, _)| {
                rest.get(..written.len()).is_some_and(|start| start.eq_ignore_ascii_case(written))
            })?;
            let behind = rest[written.len()..].trim_start_matches(['s', 'S']);
            let behind = behind.strip_prefix(['[', '(', '{']).unwrap_or(behind);
            let behind = behind.strip_prefix(':')?;
            let behind = behind.strip_prefix([']', ')', '}']).unwrap_or(behind);
            // A host may be called so: `http://hxxps:8080`.
            let is_scheme = behind.starts_with('/') && !before.ends_with('/');
            is_scheme.then_some((written.len(), plain))
        }
        _ => None,
    }
}

/// Whether backslashes stand before dots alone, as in `example\.com`, and not in a path.
fn dots_are_escaped(piece: &str) -> bool {
    let mut escapes = piece.split('\\').skip(1).peekable();
    escapes.peek().is_some() && escapes.all(|after| after.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks() {
        let cases = [
            ("example[.]com", Some("example.com")),
            ("example(.)com", Some("example.com")),
            ("example{.}com", Some("example.com")),
            ("example[dot]com", Some("example.com")),
            ("example(DOT)com", Some("example.com")),
            ("example[.com", Some("example.com")),
            ("example.]com", Some("example.com")),
            (r"example\.com", Some("example.com")),
            ("hxxp://a.com", Some("http://a.com")),
            ("hXXps[:]//a[.]com/x", Some("https://a.com/x")),
            ("hxxp[://]a.com", Some("http://a.com")),
            ("http(:)//a.com", Some("http://a.com")),
            ("fxp://a.com", Some("ftp://a.com")),
            ("user[at]example[.]com", Some("user@example.com")),
            ("user[@]example.com", Some("user@example.com")),
            ("2001[:]db8[:][:]1", Some("2001:db8::1")),
            ("10[.]0[.]0[.]1", Some("10.0.0.1")),
            ("hxxp", None),
            ("a[1]", None),
            (r"C:\Users\.ssh\x", None),
            ("(CISA)", None),
            ("plain", None),
            ("é[.]fr", Some("é.fr")),
        ];
        let mut refanged = Refanged::default();
        for (written, expected) in cases {
            let found = refanged.read(written);
            assert_eq!(found.then_some(refanged.text.as_str()), expected, "{written}");
        }
    }

    #[test]
    fn it_knows_what_stood_there() {
        let written = "hxxps[:]//a[.]com/x";
        let mut refanged = Refanged::default();
        assert!(refanged.read(written));
        assert_eq!(refanged.text, "https://a.com/x");
        assert_eq!(&written[refanged.original(0..5)], "hxxps");
        assert_eq!(&written[refanged.original(8..13)], "a[.]com");
        assert_eq!(&written[refanged.original(10..13)], "com");
        assert_eq!(refanged.original(0..15), 0..written.len());
    }
}
