//! Where indicators stand in a text.
//!
//! In: a text. Out: one [`Group`] after the other: a stretch of the text with the indicators in it. Prose between
//! them is passed over without being looked at twice.

use std::ops::Range;

use super::refang::Refanged;
use super::{Found, IndicatorKind};
use super::{code, digest, file, host};

/// An indicator in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sighting {
    pub kind: IndicatorKind,
    /// Bytes of the text.
    pub range: Range<usize>,
    /// Bytes of the refanged piece; the same as `range` where there are no marks.
    pub plain: Range<usize>,
    pub canonical: String,
}

/// Finds indicators; kept for its memory.
#[derive(Debug, Default)]
pub(crate) struct Scanner {
    refanged: Refanged,
    found: Vec<Sighting>,
    /// Whether the piece that was found last had marks in it.
    defanged: bool,
    piece: Range<usize>,
}

impl Clone for Scanner {
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// What a byte tells about the piece that it stands in.
const LETTER: u8 = 1;
const DIGIT: u8 = 2;
const MARK: u8 = 4;
const BLANK: u8 = 8;
/// A mark before anything but a blank.
const INSIDE: u8 = 16;

const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' => LETTER,
            b'0'..=b'9' => DIGIT,
            b'.' | b':' | b'/' | b'\\' | b'@' | b']' | b')' | b'}' => MARK,
            b' ' | b'\n' | b'\r' | b'\t' => BLANK,
            _ => 0,
        };
        byte += 1;
    }
    classes
};

/// Shorter pieces hold none.
const SHORTEST: usize = 3;
/// Letters and digits without a mark: no shorter than `T1566`.
const SHORTEST_CODE: usize = 5;
/// As far as a path with blanks may reach behind its piece.
const LOOK_AHEAD: usize = 512;

impl Scanner {
    /// The indicators of the next piece of `text`, from `from` on, that has any; empty at the end.
    pub fn next(&mut self, text: &str, mut from: usize) -> &[Sighting] {
        self.found.clear();
        while let Some(piece) = next_piece(text.as_bytes(), from) {
            from = piece.end;
            self.piece = piece.clone();
            self.defanged = self.refanged.read(&text[piece.clone()]);
            if self.defanged {
                let plain = std::mem::take(&mut self.refanged.text);
                let Self { refanged, found, .. } = self;
                recognise(&plain, plain.len(), word_before(text, piece.start), |at, hit| {
                    let inner = refanged.original(at..at + hit.end);
                    found.push(Sighting {
                        kind: hit.kind,
                        range: piece.start + inner.start..piece.start + inner.end,
                        plain: at..at + hit.end,
                        canonical: hit.canonical,
                    });
                });
                self.refanged.text = plain;
            } else {
                let end = ahead(text, &piece);
                let found = &mut self.found;
                let before = word_before(text, piece.start);
                recognise(&text[piece.start..end], piece.len(), before, |at, hit| {
                    let range = piece.start + at..piece.start + at + hit.end;
                    let plain = range.clone();
                    found.push(Sighting { kind: hit.kind, range, plain, canonical: hit.canonical });
                });
            }
            if !self.found.is_empty() {
                break;
            }
        }
        &self.found
    }

    /// The sighting with this number among those found last.
    pub fn sighting(&self, i: usize) -> Option<&Sighting> {
        self.found.get(i)
    }

    /// The text of the piece without marks, where it had any.
    pub fn plain(&self) -> Option<&str> {
        self.defanged.then_some(self.refanged.text.as_str())
    }

    /// Where the piece that was found last begins.
    pub fn piece_start(&self) -> usize {
        self.piece.start
    }

    /// Where it ends.
    pub fn piece_end(&self) -> usize {
        self.piece.end
    }

    /// The bytes of the piece, as it was written, that a stretch of its plain text stands for.
    pub fn original(&self, plain: Range<usize>) -> Range<usize> {
        self.refanged.original(plain)
    }
}

/// The next piece without blanks that may hold an indicator.
fn next_piece(bytes: &[u8], from: usize) -> Option<Range<usize>> {
    let mut start = from;
    let mut seen = 0;
    let mut last = 0;
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        let class = CLASSES[usize::from(byte)];
        if class == BLANK {
            if may_hold(seen, at - start) {
                return Some(start..at);
            }
            start = at + 1;
            (seen, last) = (0, 0);
        } else {
            if last == MARK {
                seen |= INSIDE;
            }
            seen |= class;
            last = class;
        }
        at += 1;
    }
    may_hold(seen, at - start).then_some(start..at)
}

fn may_hold(seen: u8, length: usize) -> bool {
    const CODE: u8 = LETTER | DIGIT;
    (seen & INSIDE != 0 && length >= SHORTEST) || (seen & CODE == CODE && length >= SHORTEST_CODE)
}

/// The word right before a piece, for what it says about the number that follows.
fn word_before(text: &str, start: usize) -> &str {
    const LONGEST: usize = 16;
    let before = text[..start].trim_end_matches([' ', '\n', '\r', '\t', ':', '=', '.']);
    let mut from = before.len().saturating_sub(LONGEST);
    while !before.is_char_boundary(from) {
        from += 1;
    }
    before[from..].rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default()
}

/// The end of what may belong to an indicator that begins in `piece`: more of the line, where it holds a path.
fn ahead(text: &str, piece: &Range<usize>) -> usize {
    if !text.as_bytes()[piece.clone()].contains(&b'\\') {
        return piece.end;
    }
    let mut end = (piece.end + LOOK_AHEAD).min(text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    text[piece.end..end].find(['\n', '\r']).map_or(end, |line| piece.end + line)
}

/// Calls `found` with every indicator that begins in the first `length` bytes.
fn recognise(text: &str, length: usize, before: &str, mut found: impl FnMut(usize, Found)) {
    let mut at = 0;
    let mut left = Left::Open;
    while at < length {
        let Some(c) = text[at..].chars().next() else { return };
        if c == '%' && left != Left::Open && is_escape(&text[at..]) {
            // `%20` in a link without its beginning: what follows is no name of its own.
            at += "%20".len();
            left = Left::Word;
            continue;
        }
        let hit = match left {
            Left::Open if c.is_ascii_alphanumeric() || r"\/%~_:".contains(c) => {
                // `<user>\\AppData` is the rest of a path, no share.
                let cut = c == '\\' && text[..at].ends_with(['>', ']', '}', '%', '*', '.']);
                if cut {
                    at += 1;
                    continue;
                }
                let before = if at == 0 { before } else { word_before(text, at) };
                at_start(&text[at..], before)
            }
            Left::Hyphen if c.is_ascii_alphanumeric() => inner(&text[at..]),
            _ => None,
        };
        if let Some(hit) = hit {
            let end = at + hit.end;
            found(at, hit);
            at = end;
            left = Left::Word;
            continue;
        }
        left = match (c, left) {
            (c, _) if c.is_alphanumeric() => Left::Word,
            ('_', Left::Word) => Left::Word,
            ('-', Left::Word | Left::Hyphen) => Left::Hyphen,
            _ => Left::Open,
        };
        at += c.len_utf8();
    }
}

/// Whether `text` begins with a character in hexadecimal digits, as links have it.
fn is_escape(text: &str) -> bool {
    text.as_bytes().get(1..3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
}

/// What stands left of a place.
#[derive(Clone, Copy, PartialEq)]
enum Left {
    /// Nothing that a name could go on from.
    Open,
    /// A letter or digit: no indicator begins here.
    Word,
    /// A hyphen after a word. What follows is part of a name, unless it can be told by itself.
    Hyphen,
}

/// The indicator that `text` begins with. The order matters: a URL is no domain, an e-mail address no file, and a number in
/// the name of a host or file is part of it.
fn at_start(text: &str, before: &str) -> Option<Found> {
    host::url(text)
        .or_else(|| file::path(text))
        .or_else(|| host::email(text))
        .or_else(|| host::bare(text, before))
        .or_else(|| file::name(text))
        .or_else(|| inner(text))
}

/// One that needs no free space before it.
fn inner(text: &str) -> Option<Found> {
    code::recognise(text).or_else(|| digest::recognise(text))
}
