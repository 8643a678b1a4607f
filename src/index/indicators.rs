//! Indicators as terms of the index, and as values of its column `indicators`.
//!
//! In: an indicator in canonical form. Out: the term of the whole and those of its parts, which stand in the field of the
//! words, and the values that are counted.
//!
//! A term is a mark, the letter of its kind (a capital where it is a part), and the form that is compared: lower case,
//! URLs without their scheme, addresses as digits of fixed width so that a network is a stretch of the dictionary.

use std::collections::BTreeSet;
use std::net::IpAddr;

use crate::analysis::{IndicatorKind, address_digits, host_of, indicator_parts};

/// Stands before the term of an indicator. No surface form holds a control character.
pub(crate) const WIDE: char = '\u{3}';

/// Overwrites `term` with the term of an indicator, or of a part of one.
pub(crate) fn write_term(term: &mut String, code: char, kind: IndicatorKind, canonical: &str) {
    term.clear();
    term.push(WIDE);
    term.push(code);
    match kind {
        IndicatorKind::Ipv4 | IndicatorKind::Ipv6 => match canonical.parse::<IpAddr>() {
            Ok(address) => term.push_str(&address_digits(address)),
            Err(_) => term.push_str(canonical),
        },
        IndicatorKind::Network => match canonical.split_once('/') {
            Some((address, bits)) if let Ok(address) = address.parse::<IpAddr>() => {
                term.push_str(&address_digits(address));
                term.push('/');
                term.push_str(bits);
            }
            _ => term.push_str(canonical),
        },
        IndicatorKind::Url => {
            let rest = canonical.split_once("://").map_or(canonical, |(_, rest)| rest);
            push_lower(term, rest);
        }
        _ => push_lower(term, canonical),
    }
}

fn push_lower(term: &mut String, text: &str) {
    term.extend(text.chars().flat_map(char::to_lowercase));
}

/// The form in a term, of an indicator or of a word.
pub(crate) fn readable(term: &str) -> &str {
    let form = term.strip_prefix(WIDE).and_then(|term| term.get(1..));
    form.unwrap_or(term)
}

/// The term of an indicator by itself.
pub(crate) fn term(kind: IndicatorKind, canonical: &str) -> String {
    let mut term = String::new();
    write_term(&mut term, kind.code(), kind, canonical);
    term
}

/// The term of an indicator as part of another.
pub(crate) fn part_term(kind: IndicatorKind, canonical: &str) -> String {
    let mut term = String::new();
    write_term(&mut term, kind.part_code(), kind, canonical);
    term
}

/// Calls `sink` with the term of an indicator and with those of its parts.
pub(crate) fn write_terms(kind: IndicatorKind, canonical: &str, sink: &mut dyn FnMut(&str)) {
    let mut term = String::new();
    write_term(&mut term, kind.code(), kind, canonical);
    sink(&term);
    indicator_parts(kind, canonical, &mut |kind, part| {
        write_term(&mut term, kind.part_code(), kind, part);
        sink(&term);
    });
}

/// The indicators of a report that are counted: each as the letter of its kind and its canonical form.
#[derive(Debug, Default)]
pub(crate) struct Seen(BTreeSet<String>);

impl Seen {
    /// Adds an indicator, and what an analyst would list beside it: the host of a URL, the file at the end of a path,
    /// the hash or the CVE number in a link.
    pub fn add(&mut self, kind: IndicatorKind, canonical: &str) {
        self.insert(kind, canonical);
        let host = match kind {
            IndicatorKind::Url => host_of(canonical),
            _ => None,
        };
        if let Some((kind, host)) = host {
            self.insert(kind, host);
        }
        let linked = matches!(kind, IndicatorKind::Url | IndicatorKind::Path | IndicatorKind::File);
        if linked {
            let mut last = String::new();
            indicator_parts(kind, canonical, &mut |part_kind, part| {
                let listed = match part_kind {
                    IndicatorKind::Md5
                    | IndicatorKind::Sha1
                    | IndicatorKind::Sha256
                    | IndicatorKind::Sha512
                    | IndicatorKind::Cve
                    | IndicatorKind::Cwe => true,
                    // Of a sub-technique only itself.
                    IndicatorKind::Attack => !last.starts_with(&format!("{part}.")),
                    IndicatorKind::File => kind == IndicatorKind::Path,
                    _ => false,
                };
                if listed {
                    self.insert(part_kind, part);
                }
                part.clone_into(&mut last);
            });
        }
    }

    /// The values of the column.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    fn insert(&mut self, kind: IndicatorKind, canonical: &str) {
        let mut value = String::with_capacity(canonical.len() + 1);
        value.push(kind.code());
        value.push_str(canonical);
        self.0.insert(value);
    }
}

/// Kind and canonical form of a value of the column.
pub(crate) fn read_value(value: &str) -> Option<(IndicatorKind, &str)> {
    let kind = IndicatorKind::from_code(value.chars().next()?)?;
    Some((kind, &value[kind.code().len_utf8()..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_of_the_whole_and_of_its_parts() {
        use IndicatorKind::{Attack, Domain, Email, Ipv4, Network, Path, Url};
        let cases: &[(IndicatorKind, &str, &[&str])] = &[
            (Domain, "www.example.co.uk", &["dwww.example.co.uk", "Dexample.co.uk", "Dco.uk"]),
            (
                Url,
                "https://www.example.org/A/x.exe?q",
                &["uwww.example.org/a/x.exe?q", "Dwww.example.org", "Dexample.org", "Fx.exe"],
            ),
            (Url, "http://10.0.0.1:80/x", &["u10.0.0.1:80/x", "I0a000001"]),
            (
                Url,
                "https://attack.mitre.org/techniques/T1566/001/?x=CVE-2023-34362",
                &[
                    "uattack.mitre.org/techniques/t1566/001/?x=cve-2023-34362",
                    "Dattack.mitre.org",
                    "Dmitre.org",
                    "Tt1566.001",
                    "Tt1566",
                    "Vcve-2023-34362",
                ],
            ),
            (Email, "a@example.org", &["ea@example.org", "Dexample.org"]),
            (Ipv4, "10.0.0.1", &["i0a000001"]),
            (Network, "10.0.0.0/8", &["n0a000000/8"]),
            (Attack, "T1566.001", &["tt1566.001", "Tt1566"]),
            (Path, r"C:\Temp\X.dll", &[r"pc:\temp\x.dll", "Fx.dll"]),
        ];
        for (kind, canonical, expected) in cases {
            let mut terms = Vec::new();
            write_terms(*kind, canonical, &mut |term| terms.push(term.replace(WIDE, "")));
            assert_eq!(terms, *expected, "{canonical}");
        }
    }

    #[test]
    fn values_read_back() {
        let mut seen = Seen::default();
        seen.add(IndicatorKind::Url, "https://example.org/x.exe");
        seen.add(IndicatorKind::Path, r"C:\x.dll");
        let values: Vec<_> = seen.values().filter_map(read_value).collect();
        let expected = [
            (IndicatorKind::Domain, "example.org"),
            (IndicatorKind::File, "x.dll"),
            (IndicatorKind::Path, r"C:\x.dll"),
            (IndicatorKind::Url, "https://example.org/x.exe"),
        ];
        assert_eq!(values, expected);
    }
}
