//! The kinds of indicators: one list, which the index, the query language and the program read.
//!
//! In: a code or a name. Out: the [`IndicatorKind`]. A new kind is a new line in the list and a recogniser that
//! yields it.

/// What an indicator is.
///
/// ```
/// use casebook::IndicatorKind;
///
/// assert_eq!(IndicatorKind::from_name("SHA256"), Some(IndicatorKind::Sha256));
/// assert_eq!(IndicatorKind::Cve.name(), "cve");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum IndicatorKind {
    /// `https://example.org/x`, also without the scheme.
    Url,
    /// `www.example.org`
    Domain,
    /// A domain below `.onion`.
    Onion,
    /// `name@example.org`
    Email,
    /// `192.0.2.1`
    Ipv4,
    /// `2001:db8::1`
    Ipv6,
    /// `10.0.0.0/8`, `2001:db8::/32`
    Network,
    /// 32 hexadecimal digits.
    Md5,
    /// 40 hexadecimal digits.
    Sha1,
    /// 64 hexadecimal digits.
    Sha256,
    /// 128 hexadecimal digits.
    Sha512,
    /// `CVE-2023-34362`
    Cve,
    /// `CWE-79`
    Cwe,
    /// Techniques, tactics, groups, software, campaigns and mitigations of MITRE ATT&CK: `T1566.001`, `TA0001`.
    Attack,
    /// `payload.exe`
    File,
    /// `C:\Windows\Temp`, `/etc/passwd`, `\\host\share`, `%TEMP%\x`
    Path,
    /// `HKLM\Software\…`
    Registry,
    /// A Bitcoin address whose checksum is right.
    Bitcoin,
}

use IndicatorKind as K;

/// Each kind with the letter that stands for it in the index, its name, and what to call several of them.
const KINDS: [(K, char, &str, &str); 18] = [
    (K::Url, 'u', "url", "URLs"),
    (K::Domain, 'd', "domain", "domains"),
    (K::Onion, 'o', "onion", "onion addresses"),
    (K::Email, 'e', "email", "e-mail addresses"),
    (K::Ipv4, 'i', "ipv4", "IPv4 addresses"),
    (K::Ipv6, 'j', "ipv6", "IPv6 addresses"),
    (K::Network, 'n', "network", "networks"),
    (K::Md5, 'k', "md5", "MD5 hashes"),
    (K::Sha1, 'l', "sha1", "SHA-1 hashes"),
    (K::Sha256, 'm', "sha256", "SHA-256 hashes"),
    (K::Sha512, 'q', "sha512", "SHA-512 hashes"),
    (K::Cve, 'v', "cve", "CVE numbers"),
    (K::Cwe, 'w', "cwe", "CWE numbers"),
    (K::Attack, 't', "attack", "ATT&CK ids"),
    (K::File, 'f', "file", "file names"),
    (K::Path, 'p', "path", "paths"),
    (K::Registry, 'r', "registry", "registry keys"),
    (K::Bitcoin, 'b', "bitcoin", "Bitcoin addresses"),
];

impl IndicatorKind {
    /// Every kind, in the order in which they are listed.
    pub const ALL: [IndicatorKind; KINDS.len()] = {
        let mut all = [K::Url; KINDS.len()];
        let mut i = 0;
        while i < all.len() {
            all[i] = KINDS[i].0;
            i += 1;
        }
        all
    };

    /// Its name in options and in JSON.
    pub fn name(self) -> &'static str {
        KINDS[self as usize].2
    }

    /// What several of them are called.
    pub fn plural(self) -> &'static str {
        KINDS[self as usize].3
    }

    /// The kind with this name, in capitals or not, with or without a hyphen (`SHA-256`).
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase().replace('-', "");
        KINDS.iter().find(|(_, _, known, _)| *known == name).map(|(kind, ..)| *kind)
    }

    /// Its letter in the index, where an indicator of this kind stands by itself.
    pub(crate) fn code(self) -> char {
        KINDS[self as usize].1
    }

    /// Its letter in the index, where it is part of another indicator.
    pub(crate) fn part_code(self) -> char {
        self.code().to_ascii_uppercase()
    }

    pub(crate) fn from_code(code: char) -> Option<Self> {
        KINDS.iter().find(|(_, known, ..)| *known == code).map(|(kind, ..)| *kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_in_the_order_of_the_kinds_and_without_doubles() {
        let mut codes = std::collections::HashSet::new();
        for (i, (kind, code, name, _)) in KINDS.into_iter().enumerate() {
            assert_eq!(kind as usize, i);
            assert!(code.is_ascii_lowercase() && codes.insert(code), "{name}");
            assert_eq!(IndicatorKind::from_code(code), Some(kind));
            assert_eq!(IndicatorKind::from_name(name), Some(kind));
        }
        assert_eq!(IndicatorKind::from_name("sha-1"), Some(IndicatorKind::Sha1));
        assert_eq!(IndicatorKind::from_name("hash"), None);
    }
}
