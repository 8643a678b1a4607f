//! From bytes to text.
//!
//! In: the bytes of a file. Out: its text without byte-order mark, and a note where the encoding had to be assumed. All
//! offsets that a report gives are of this text.
//!
//! Known are UTF-8, UTF-16 and UTF-32, by their mark or (UTF-16) by the pattern of their zeros. Bytes that are not
//! valid UTF-8 are read as Windows-1252, the usual case in this field; a detector of the other legacy encodings
//! belongs into [`Encoding::decode`], in the branch that assumes so.

use std::borrow::Cow;

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How the bytes of a file are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// UTF-8 until proven otherwise: most 8-bit encodings look the same from their first bytes.
    Utf8,
    Utf16Le,
    Utf16Be,
    Utf32Le,
    Utf32Be,
}

/// Text, and what was assumed to get it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decoded<'a> {
    pub text: Cow<'a, str>,
    pub note: Option<String>,
}

impl Encoding {
    /// The encoding that the first bytes of a file speak for; `None` if they are no text at all.
    pub fn detect(head: &[u8]) -> Option<Self> {
        match head {
            [0xFF, 0xFE, 0, 0, ..] if head.len().is_multiple_of(4) => return Some(Self::Utf32Le),
            [0, 0, 0xFE, 0xFF, ..] => return Some(Self::Utf32Be),
            [0xFF, 0xFE, ..] => return Some(Self::Utf16Le),
            [0xFE, 0xFF, ..] => return Some(Self::Utf16Be),
            _ => {}
        }
        if head.contains(&0) {
            Self::utf16_by_zeros(head)
        } else {
            is_text(head).then_some(Self::Utf8)
        }
    }

    /// Text in a Latin script has a zero in every second byte of UTF-16, hardly ever in the others.
    fn utf16_by_zeros(head: &[u8]) -> Option<Self> {
        let units = head.len() / 2;
        let zeros = |offset| head.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
        let (even, odd) = (zeros(0), zeros(1));
        let (encoding, decoder) = match () {
            () if units < 2 => return None,
            () if odd * 3 > units && even * 20 < units => (Self::Utf16Le, UTF_16LE),
            () if even * 3 > units && odd * 20 < units => (Self::Utf16Be, UTF_16BE),
            () => return None,
        };
        // A last unit or half of a pair may be cut off at the end of the head.
        let (text, broken) =
            decoder.decode_without_bom_handling(&head[..units.saturating_sub(1) * 2]);
        (!broken && is_text(text.as_bytes())).then_some(encoding)
    }

    /// The length of the byte-order mark at the start of a file in this encoding.
    pub fn mark_len(self, head: &[u8]) -> usize {
        let mark: &[u8] = match self {
            Self::Utf8 => b"\xEF\xBB\xBF",
            Self::Utf16Le => b"\xFF\xFE",
            Self::Utf16Be => b"\xFE\xFF",
            Self::Utf32Le => b"\xFF\xFE\0\0",
            Self::Utf32Be => b"\0\0\xFE\xFF",
        };
        if head.starts_with(mark) { mark.len() } else { 0 }
    }

    /// The text of `bytes`, borrowed where they are its UTF-8 already.
    pub fn decode(self, bytes: &[u8]) -> Decoded<'_> {
        let bytes = &bytes[self.mark_len(bytes)..];
        match self {
            Self::Utf8 => match str::from_utf8(bytes) {
                Ok(text) => Decoded { text: Cow::Borrowed(text), note: None },
                Err(_) => decode_8_bit(bytes),
            },
            Self::Utf16Le => decode_16_bit(UTF_16LE, bytes),
            Self::Utf16Be => decode_16_bit(UTF_16BE, bytes),
            Self::Utf32Le => decode_32_bit("UTF-32LE", bytes, u32::from_le_bytes),
            Self::Utf32Be => decode_32_bit("UTF-32BE", bytes, u32::from_be_bytes),
        }
    }
}

/// Whether bytes without zeros are text: control characters other than blanks and escapes are rare there.
fn is_text(head: &[u8]) -> bool {
    let controls = head
        .iter()
        .filter(|byte| matches!(byte, 0..=7 | 0x0B | 0x0E..=0x1A | 0x1C..=0x1F | 0x7F))
        .count();
    controls * 20 <= head.len()
}

/// Bytes that are not all valid UTF-8. Where most of what is not ASCII is, the rest are strays (one line of a mail
/// pasted into a file); where most is not, it is by chance that some is.
fn decode_8_bit(bytes: &[u8]) -> Decoded<'_> {
    let (mut valid, mut stray) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        valid += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        stray += chunk.invalid().len();
    }
    if stray >= valid {
        let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
        let note = "not UTF-8; read as Windows-1252".to_owned();
        return Decoded { text, note: Some(note) };
    }
    let mut text = String::with_capacity(bytes.len() + stray);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.push_str(&WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0);
    }
    let are = if stray == 1 { "byte that is" } else { "bytes that are" };
    let note = format!("UTF-8 with {stray} {are} not; read as Windows-1252");
    Decoded { text: Cow::Owned(text), note: Some(note) }
}

fn decode_16_bit<'a>(encoding: &'static encoding_rs::Encoding, bytes: &'a [u8]) -> Decoded<'a> {
    let (text, broken) = encoding.decode_without_bom_handling(bytes);
    Decoded { text, note: Some(note_of(encoding.name(), broken)) }
}

fn decode_32_bit<'a>(name: &str, bytes: &'a [u8], read: fn([u8; 4]) -> u32) -> Decoded<'a> {
    let mut broken = !bytes.len().is_multiple_of(4);
    let units = bytes.chunks_exact(4).map(|unit| read([unit[0], unit[1], unit[2], unit[3]]));
    let text = units.map(|unit| {
        let c = char::from_u32(unit);
        broken |= c.is_none();
        c.unwrap_or(char::REPLACEMENT_CHARACTER)
    });
    let text = text.collect();
    Decoded { text: Cow::Owned(text), note: Some(note_of(name, broken)) }
}

fn note_of(name: &str, broken: bool) -> String {
    let but = if broken { "; parts are damaged and shown as \u{fffd}" } else { "" };
    format!("read as {name}{but}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decoded(bytes: &[u8]) -> Option<(String, Option<String>)> {
        let decoded = Encoding::detect(bytes)?.decode(bytes);
        Some((decoded.text.into_owned(), decoded.note))
    }

    fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(unit).collect()
    }

    fn utf32(text: &str, unit: fn(u32) -> [u8; 4]) -> Vec<u8> {
        text.chars().flat_map(|c| unit(u32::from(c))).collect()
    }

    #[test]
    fn every_encoding_gives_the_same_text() {
        let text = "Opfer: Städtische Kliniken\nDatum: März 2021 “x” €\n";
        let le = |mark: &str| utf16(&format!("{mark}{text}"), u16::to_le_bytes);
        let be = |mark: &str| utf16(&format!("{mark}{text}"), u16::to_be_bytes);
        let (windows, _, _) = WINDOWS_1252.encode(text);
        let cases: [(Vec<u8>, Option<&str>); 9] = [
            (text.into(), None),
            (format!("\u{feff}{text}").into(), None),
            (le("\u{feff}"), Some("read as UTF-16LE")),
            (be("\u{feff}"), Some("read as UTF-16BE")),
            (le(""), Some("read as UTF-16LE")),
            (be(""), Some("read as UTF-16BE")),
            (utf32(&format!("\u{feff}{text}"), u32::to_le_bytes), Some("read as UTF-32LE")),
            (utf32(&format!("\u{feff}{text}"), u32::to_be_bytes), Some("read as UTF-32BE")),
            (windows.into_owned(), Some("not UTF-8; read as Windows-1252")),
        ];
        for (bytes, note) in cases {
            assert_eq!(decoded(&bytes), Some((text.to_owned(), note.map(str::to_owned))));
        }
    }

    #[test]
    fn valid_utf8_is_borrowed() {
        assert!(matches!(Encoding::Utf8.decode("Côte".as_bytes()).text, Cow::Borrowed("Côte")));
    }

    #[test]
    fn a_stray_byte_does_not_spoil_the_other_accents() {
        let (text, note) = decoded(b"C\xC3\xB4te d\x92Azur, r\xC3\xA9gion").unwrap();
        assert_eq!(text, "Côte d’Azur, région");
        assert_eq!(note.unwrap(), "UTF-8 with 1 byte that is not; read as Windows-1252");
    }

    #[test]
    fn what_is_no_text_is_refused() {
        let mut sparse = b"Cyber Incident Victim: x\n".to_vec();
        sparse.resize(4096, 0);
        for bytes in [
            b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR".as_slice(),
            &[0; 64],
            b"\x7FELF\x02\x01\x01\0\0\0",
            &sparse,
            b"\x01\x02\x03",
        ] {
            assert_eq!(Encoding::detect(bytes), None, "{bytes:?}");
        }
        assert_eq!(Encoding::detect(b""), Some(Encoding::Utf8));
        assert_eq!(Encoding::detect(b"\x1B[31mred\x1B[0m\n"), Some(Encoding::Utf8));
    }

    proptest! {
        #[test]
        fn any_bytes_decode(bytes: Vec<u8>) {
            for encoding in [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Utf32Le, Encoding::Utf32Be] {
                encoding.decode(&bytes);
            }
            Encoding::detect(&bytes);
        }

        #[test]
        fn utf16_without_a_mark_is_recognised(text in "[ -~]{4,80}[à-ü]{0,9}") {
            prop_assert_eq!(Encoding::detect(&utf16(&text, u16::to_le_bytes)), Some(Encoding::Utf16Le));
            prop_assert_eq!(Encoding::detect(&utf16(&text, u16::to_be_bytes)), Some(Encoding::Utf16Be));
        }
    }
}
