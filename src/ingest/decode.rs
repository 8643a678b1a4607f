//! From bytes to text.
//!
//! In: the bytes of a file. Out: its text without byte-order mark, and a note where the encoding had to be assumed.
//! All offsets that a report gives are of this text.
//!
//! Known are UTF-8, UTF-16 and UTF-32, by their mark or (UTF-16) by the pattern of their zeros. Of bytes that are not
//! valid UTF-8 a detector says which of the older encodings they look most like: Windows-1252 and its kin for Central
//! Europe, Cyrillic, Greek, Turkish, Hebrew, Arabic and Thai, Shift_JIS, EUC-JP, GBK, Big5, EUC-KR.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How the bytes of a file are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// UTF-8 until proven otherwise: a file in an older encoding looks the same up to its first accent.
    Utf8,
    /// An older encoding, as the first bytes look.
    Legacy(&'static encoding_rs::Encoding),
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
            let zeros = head.iter().filter(|byte| **byte == 0).count();
            let encoding = Self::utf16_by_zeros(head);
            // A zero or two are damage in a text, not the mark of something else.
            if encoding.is_some() || zeros * ZEROS_IN_TEXT > head.len() {
                return encoding;
            }
        }
        is_text(head).then(|| legacy(head).map_or(Self::Utf8, Self::Legacy))
    }

    /// Whether the bytes of ASCII characters are those characters wherever they stand, so that lines can be told
    /// before they are decoded.
    pub fn keeps_ascii(self) -> bool {
        match self {
            Self::Utf8 => true,
            Self::Legacy(encoding) => encoding.is_single_byte(),
            _ => false,
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
            Self::Legacy(_) => b"",
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
                Err(_) => match legacy(bytes) {
                    Some(encoding) => decode_legacy(encoding, bytes),
                    None => decode_strays(bytes),
                },
            },
            Self::Legacy(encoding) => match str::from_utf8(bytes) {
                Ok(text) => Decoded { text: Cow::Borrowed(text), note: None },
                Err(_) => decode_legacy(encoding, bytes),
            },
            Self::Utf16Le => decode_16_bit(UTF_16LE, bytes),
            Self::Utf16Be => decode_16_bit(UTF_16BE, bytes),
            Self::Utf32Le => decode_32_bit("UTF-32LE", bytes, u32::from_le_bytes),
            Self::Utf32Be => decode_32_bit("UTF-32BE", bytes, u32::from_be_bytes),
        }
    }
}

/// In how many bytes of a text there may be one that is zero.
const ZEROS_IN_TEXT: usize = 50;

/// Whether bytes without zeros are text: control characters other than blanks and escapes are rare there.
fn is_text(head: &[u8]) -> bool {
    let controls = head
        .iter()
        .filter(|byte| matches!(byte, 0..=7 | 0x0B | 0x0E..=0x1A | 0x1C..=0x1F | 0x7F))
        .count();
    controls * 20 <= head.len()
}

/// The older encoding that bytes look like; `None` if they are UTF-8, or most of what is not ASCII is. Then the rest
/// are strays, one line of a mail pasted into a file; where most is not UTF-8, it is by chance that some is.
fn legacy(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    /// More tells a detector nothing new.
    const ENOUGH: usize = 1 << 20;
    let error = str::from_utf8(bytes).err()?;
    let bytes = &bytes[..bytes.len().min(ENOUGH.max(error.valid_up_to() + 4096))];
    let (mut valid, mut stray) = (0_usize, 0_usize);
    let mut chunks = bytes.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        valid += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        let cut_off = || str::from_utf8(chunk.invalid()).is_err_and(|e| e.error_len().is_none());
        if chunks.peek().is_some() || !cut_off() {
            stray += chunk.invalid().len();
        }
    }
    if stray == 0 {
        return None;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, false);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    // Two bytes of an 8-bit text are hardly ever a character of UTF-8; two of a character of East Asia often are.
    let share = if encoding.is_single_byte() { 2 } else { 1 };
    (stray > valid * share).then_some(encoding)
}

fn decode_legacy<'a>(encoding: &'static encoding_rs::Encoding, bytes: &'a [u8]) -> Decoded<'a> {
    let (text, broken) = encoding.decode_without_bom_handling(bytes);
    Decoded { text, note: Some(format!("not UTF-8; {}", note_of(&name_of(encoding), broken))) }
}

/// UTF-8 with bytes that are not. They come from somewhere else, most often from Windows.
fn decode_strays(bytes: &[u8]) -> Decoded<'_> {
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 8);
    let mut stray = 0;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.push_str(&WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0);
        stray += chunk.invalid().len();
    }
    let are = if stray == 1 { "byte that is" } else { "bytes that are" };
    let note = format!("UTF-8 with {stray} {are} not; read as Windows-1252");
    Decoded { text: Cow::Owned(text), note: Some(note) }
}

/// The name of an encoding as people write it.
fn name_of(encoding: &'static encoding_rs::Encoding) -> String {
    let name = encoding.name();
    name.strip_prefix("windows-").map_or_else(|| name.to_owned(), |page| format!("Windows-{page}"))
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

    /// Text that was written in an older encoding, as long as a short report.
    const LEGACY: [(&str, &str); 15] = [
        (
            "windows-1252",
            "Les pirates ont défacé le site de la préfecture, près de Nîmes, et volé « toutes » les données.",
        ),
        (
            "windows-1252",
            "Die Angreifer verschlüsselten Server der Universitätsklinik; Rückkehr zum Notbetrieb für Ärzte.",
        ),
        (
            "windows-1252",
            "El Ayuntamiento sufrió un ciberataque; según la compañía, los datos de los niños están a salvo.",
        ),
        (
            "windows-1250",
            "Sieć szpitala została zaszyfrowana; źródła mówią, że żądano okupu i groźono ujawnieniem danych.",
        ),
        (
            "windows-1250",
            "Útočníci zašifrovali počítače nemocnice v Brně, řekl mluvčí; provoz byl přerušen několik týdnů.",
        ),
        (
            "windows-1251",
            "Злоумышленники зашифровали серверы городской больницы и потребовали выкуп.",
        ),
        ("KOI8-U", "Злоумышленники зашифровали серверы городской больницы и потребовали выкуп."),
        (
            "windows-1253",
            "Οι επιτιθέμενοι κρυπτογράφησαν τους διακομιστές του νοσοκομείου και ζήτησαν λύτρα.",
        ),
        (
            "windows-1254",
            "Saldırganlar hastanenin sunucularını şifreledi ve fidye istedi; günlerce çalışılamadı.",
        ),
        ("Shift_JIS", "攻撃者は病院のサーバーを暗号化し、身代金を要求した。診療は数週間停止した。"),
        ("EUC-JP", "攻撃者は病院のサーバーを暗号化し、身代金を要求した。診療は数週間停止した。"),
        ("GBK", "攻击者加密了医院的服务器并要求支付赎金，诊疗中断了数周。"),
        ("Big5", "攻擊者加密了醫院的伺服器並要求支付贖金，診療中斷了數週。"),
        (
            "EUC-KR",
            "공격자는 병원 서버를 암호화하고 몸값을 요구했다. 진료가 몇 주 동안 중단되었다.",
        ),
        ("windows-1256", "قام المهاجمون بتشفير خوادم المستشفى وطالبوا بفدية مالية كبيرة."),
    ];

    #[test]
    fn older_encodings_are_told_apart() {
        for (label, text) in LEGACY {
            let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap();
            for head in ["", "Cyber Incident Victim: Acme\nDescription\n"] {
                let text = format!("{head}{text}\n");
                let (bytes, _, unmappable) = encoding.encode(&text);
                assert!(!unmappable, "{label} {text}");
                let (read, note) = decoded(&bytes).unwrap();
                assert_eq!(read, text, "{label}: {note:?}");
                let note = note.unwrap();
                assert!(note.starts_with("not UTF-8; read as "), "{note}");
                assert!(!note.contains("damaged"), "{note}");
            }
        }
    }

    #[test]
    fn an_accent_far_into_the_file_is_still_found_out() {
        let mut bytes = b"plain words ".repeat(20_000);
        let (tail, _, _) = WINDOWS_1252.encode("préfecture de l’Hérault");
        bytes.extend_from_slice(&tail);
        assert_eq!(Encoding::detect(&bytes[..1 << 16]), Some(Encoding::Utf8));
        let (text, note) = decoded(&bytes).unwrap();
        assert!(text.ends_with("préfecture de l’Hérault"));
        assert_eq!(note.unwrap(), "not UTF-8; read as Windows-1252");
    }

    #[test]
    fn a_head_that_ends_within_a_character_is_utf8() {
        for text in ["a€", "aé", "a𝄞", "ab中文"] {
            for end in 1..text.len() {
                assert_eq!(
                    Encoding::detect(&text.as_bytes()[..end]),
                    Some(Encoding::Utf8),
                    "{text} {end}"
                );
            }
        }
    }

    #[test]
    fn lines_can_be_told_where_ascii_is_kept() {
        let (bytes, _, _) = encoding_rs::SHIFT_JIS.encode(LEGACY[9].1);
        assert!(!Encoding::detect(&bytes).unwrap().keeps_ascii());
        let (bytes, _, _) = WINDOWS_1252.encode(LEGACY[0].1);
        assert!(Encoding::detect(&bytes).unwrap().keeps_ascii());
        assert!(!Encoding::Utf16Le.keeps_ascii());
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
        let damaged = [b"Cyber Incident Victim: x\n".repeat(3), vec![0]].concat();
        assert_eq!(Encoding::detect(&damaged), Some(Encoding::Utf8));
        assert_eq!(Encoding::detect(b""), Some(Encoding::Utf8));
        assert_eq!(Encoding::detect(b"\x1B[31mred\x1B[0m\n"), Some(Encoding::Utf8));
    }

    proptest! {
        #[test]
        fn any_bytes_decode(bytes: Vec<u8>) {
            for encoding in [
                Encoding::Utf8,
                Encoding::Legacy(encoding_rs::SHIFT_JIS),
                Encoding::Utf16Le,
                Encoding::Utf16Be,
                Encoding::Utf32Le,
                Encoding::Utf32Be,
            ] {
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
