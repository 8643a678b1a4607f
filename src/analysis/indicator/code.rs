//! Numbers that a registry gives out: CVE, CWE, MITRE ATT&CK.
//!
//! In: text that begins with one. Out: how long it is, and the number as its registry writes it.

use super::{Found, IndicatorKind};

/// The number that `text` begins with.
pub(super) fn recognise(text: &str) -> Option<Found> {
    let bytes = text.as_bytes();
    match bytes.first()?.to_ascii_uppercase() {
        b'C' => cve(text).or_else(|| cwe(text)).or_else(|| attack(text)),
        b'T' | b'S' | b'G' | b'M' => attack(text),
        _ => None,
    }
}

/// `CVE-2023-34362`, with any hyphen.
fn cve(text: &str) -> Option<Found> {
    let rest = hyphen(strip(text, "cve")?)?;
    let year = digits(rest);
    let number = hyphen(rest.get(year..)?)?;
    let length = digits(number);
    if year != 4
        || !(4..=7).contains(&length)
        || !(rest.starts_with("19") || rest.starts_with("20"))
    {
        return None;
    }
    let end = text.len() - number.len() + length;
    let canonical = format!("CVE-{}-{}", &rest[..4], &number[..length]);
    whole(text, end, IndicatorKind::Cve, canonical)
}

/// `CWE-79`
fn cwe(text: &str) -> Option<Found> {
    let number = hyphen(strip(text, "cwe")?)?;
    let length = digits(number);
    if !(1..=4).contains(&length) {
        return None;
    }
    let end = text.len() - number.len() + length;
    let canonical = format!("CWE-{}", number[..length].trim_start_matches('0'));
    whole(text, end, IndicatorKind::Cwe, canonical).filter(|found| found.canonical.len() > 4)
}

/// Where the ids of each kind of object lie: letters, digits, and the bounds of the number. Wide enough for what the
/// next versions of ATT&CK will add, narrow enough for `M1911` and `G8000` to stay words.
const OBJECTS: [(&str, usize, u32, u32); 8] = [
    ("TA", 4, 1, 199),
    ("T", 4, 1001, 1999),
    // Industrial control systems.
    ("T", 4, 800, 899),
    ("G", 4, 1, 199),
    ("G", 4, 1001, 1199),
    ("S", 4, 1, 1999),
    ("M", 4, 1013, 1060),
    ("C", 4, 1, 199),
];

/// `T1566`, `T1566.001`, `TA0001`, `G0007`. Only techniques may be written in small letters: `s1000` is anything.
fn attack(text: &str) -> Option<Found> {
    let (end, number) = OBJECTS.iter().find_map(|&(letters, length, from, to)| {
        let start = text.get(..letters.len())?;
        let matches = start == letters || (letters == "T" && from > 1_000 && start == "t");
        let rest = &text[letters.len()..];
        let found = matches && digits(rest) == length;
        let number = rest.get(..length).filter(|_| found)?;
        let inside = number.parse().is_ok_and(|number: u32| (from..=to).contains(&number));
        inside.then_some((letters.len() + length, letters.len()))
    })?;
    let technique = number == 1 && text.starts_with(['T', 't']);
    let sub = text.get(end..).unwrap_or_default();
    let behind = sub.strip_prefix(['.', '/']).filter(|behind| digits(behind) == 3);
    let end = if technique && behind.is_some() && boundary(sub, 4) { end + 4 } else { end };
    let canonical = text[..end].to_ascii_uppercase().replace('/', ".");
    whole(text, end, IndicatorKind::Attack, canonical)
}

/// The technique that a sub-technique belongs to.
pub(super) fn technique(id: &str) -> Option<&str> {
    id.split_once('.').map(|(technique, _)| technique)
}

fn strip<'a>(text: &'a str, letters: &str) -> Option<&'a str> {
    let start = text.get(..letters.len())?;
    start.eq_ignore_ascii_case(letters).then(|| &text[letters.len()..])
}

/// Behind a hyphen of any kind. Word processors put others in the place of the plain one.
fn hyphen(text: &str) -> Option<&str> {
    text.strip_prefix(['-', '\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2212}', '_'])
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

fn whole(text: &str, end: usize, kind: IndicatorKind, canonical: String) -> Option<Found> {
    boundary(text, end).then_some(Found { kind, end, canonical })
}

/// Whether no word goes on at `end`.
fn boundary(text: &str, end: usize) -> bool {
    text.get(end..).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        let cases = [
            ("CVE-2023-34362", Some("CVE-2023-34362")),
            ("cve-2014-0160,", Some("CVE-2014-0160")),
            ("CVE‑2023‑34362", Some("CVE-2023-34362")),
            ("CVE-2023-34362x", None),
            ("CVE-2023-1", None),
            ("CVE-123-4567", None),
            ("CVE", None),
            ("CWE-79", Some("CWE-79")),
            ("cwe-079.", Some("CWE-79")),
            ("CWE-0", None),
            ("T1566", Some("T1566")),
            ("t1566.001", Some("T1566.001")),
            ("T1566/001", Some("T1566.001")),
            ("T1566.0012", Some("T1566")),
            ("T1566.", Some("T1566")),
            ("T0859", Some("T0859")),
            ("T2000", None),
            ("T15660", None),
            ("TA0043", Some("TA0043")),
            ("G0007", Some("G0007")),
            ("g0007", None),
            ("G8000", None),
            ("S0154", Some("S0154")),
            ("M1911", None),
            ("M1017", Some("M1017")),
            ("C0024", Some("C0024")),
            ("C2024", None),
            ("T", None),
        ];
        for (text, expected) in cases {
            let found = recognise(text);
            assert_eq!(found.as_ref().map(|found| found.canonical.as_str()), expected, "{text}");
        }
        assert_eq!(recognise("T1566.001.").unwrap().end, 9);
    }
}
