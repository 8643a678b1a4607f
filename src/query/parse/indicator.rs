//! One value of a field that names indicators: `ip:`, `hash:`, `cve:`, `domain:`, `email:`, `url:`, `mitre:`.
//!
//! In: a field and the text after its colon, fanged or defanged. Out: what it asks for, or the error that says what such
//! a value looks like.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::value::Value;
use super::{Clause, ClauseKind, Parsed, Parser};
use crate::analysis::{Analyzer, IndicatorKind, Language, OwnedToken, TokenKind, refang};
use crate::query::field::Field;
use crate::query::indicator::{AddressRange, IndicatorField, IndicatorFilter};

/// The fewest digits that a hash can be looked for by.
const SHORTEST_HASH: usize = 6;

impl Parser<'_> {
    /// Reads one value of an indicator field.
    pub(super) fn indicator(
        &mut self,
        field: &Field,
        what: IndicatorField,
        value: &Value,
    ) -> Parsed<Clause> {
        let read = match what {
            IndicatorField::Address => addresses(&value.text).map(IndicatorFilter::Addresses),
            what => pattern(what, &value.text).map(|text| IndicatorFilter::Named(what, text)),
        };
        match read {
            Some(filter) => self.leaf(ClauseKind::Indicator(filter), value.cut.clone()),
            None => {
                let message =
                    format!("`{}` is no {}; expected {}", value.text, what.one(), what.expected());
                let mut fault = self.bad_value(value, message, None);
                // As a word it can be looked for anywhere.
                fault.corrected =
                    self.with_other_field(field, "", self.lex.scan.span(value.cut.clone()).start);
                Err(fault)
            }
        }
    }
}

/// An address, a network, two addresses with a hyphen between them, or `10.0.*`.
fn addresses(text: &str) -> Option<AddressRange> {
    let text = refang(text);
    let one = |text: &str| text.trim().parse::<IpAddr>().ok();
    if let Some(address) = one(&text) {
        return AddressRange::new(address, address);
    }
    if let Some((address, bits)) = text.split_once('/') {
        return AddressRange::network(one(address)?, bits.parse().ok()?);
    }
    if let Some((from, to)) = text.split_once(['-', '–']).or_else(|| text.split_once("..")) {
        return AddressRange::new(one(from)?, one(to)?);
    }
    let (start, stars) = text.split_once('*')?;
    let only_stars = stars.chars().all(|c| matches!(c, '*' | '.' | ':'));
    if !only_stars {
        return None;
    }
    if start.contains(':') {
        let groups: Vec<&str> = start.trim_end_matches(':').split(':').collect();
        let mut segments = [0_u16; 8];
        if groups.len() >= segments.len() || !start.ends_with(':') {
            return None;
        }
        for (segment, group) in segments.iter_mut().zip(&groups) {
            *segment = u16::from_str_radix(group, 16).ok()?;
        }
        let first = IpAddr::V6(Ipv6Addr::from(segments));
        return AddressRange::network(first, (groups.len() * 16) as u8);
    }
    let numbers: Vec<&str> = start.strip_suffix('.')?.split('.').collect();
    let mut octets = [0_u8; 4];
    if numbers.len() >= octets.len() {
        return None;
    }
    for (octet, number) in octets.iter_mut().zip(&numbers) {
        *octet = number.parse().ok()?;
    }
    AddressRange::network(IpAddr::V4(Ipv4Addr::from(octets)), (numbers.len() * 8) as u8)
}

/// The canonical form that the index compares with, perhaps with `*` and `?`.
fn pattern(field: IndicatorField, text: &str) -> Option<String> {
    let text = refang(text.trim()).into_owned();
    let wild = text.contains('*') || (text.contains('?') && field != IndicatorField::Url);
    let found = Analyzer::new(Language::English).indicators(&text);
    let whole = |kinds: &[IndicatorKind]| match found.as_slice() {
        [OwnedToken { kind: TokenKind::Indicator(kind), surface, range, .. }]
            if kinds.contains(kind) && range.len() == text.len() =>
        {
            Some(surface.clone())
        }
        _ => None,
    };
    match field {
        IndicatorField::Address => None,
        IndicatorField::Hash => {
            let digits = text.to_ascii_lowercase();
            let hex = digits.trim_end_matches('*');
            let known = hex.len() >= SHORTEST_HASH
                && hex.len() <= 128
                && hex.bytes().all(|b| b.is_ascii_hexdigit());
            let complete = matches!(hex.len(), 32 | 40 | 64 | 128) && !wild;
            known.then(|| if complete { hex.to_owned() } else { format!("{hex}*") })
        }
        IndicatorField::Cve | IndicatorField::Cwe => {
            let name = field.name().to_ascii_uppercase();
            let text = text.to_ascii_uppercase();
            let number = text.strip_prefix(&name).unwrap_or(&text);
            let number = number.trim_start_matches(['-', '_', ' ']);
            let digits = |c: char| c.is_ascii_digit() || matches!(c, '-' | '*' | '?');
            if number.is_empty() || !number.chars().all(digits) {
                return None;
            }
            let year = field == IndicatorField::Cve && number.len() == 4 && !wild;
            Some(format!("{name}-{number}{}", if year { "-*" } else { "" }))
        }
        IndicatorField::Mitre => {
            let id = text.to_ascii_uppercase();
            let shape = id.starts_with(['T', 'G', 'S', 'M', 'C'])
                && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '*' | '?'))
                && id.contains(|c: char| c.is_ascii_digit());
            let known = wild
                || matches!(Analyzer::new(Language::English).indicators(&id).as_slice(),
                [OwnedToken { kind: TokenKind::Indicator(IndicatorKind::Attack), range, .. }] if range.len() == id.len());
            (shape && known).then_some(id)
        }
        IndicatorField::Domain => {
            let text = text.to_ascii_lowercase();
            let rest = text.split_once("://").map_or(text.as_str(), |(_, rest)| rest);
            let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
            let host = if wild { text.as_str() } else { host };
            let host = host.rsplit_once('@').map_or(host, |(_, host)| host).trim_end_matches('.');
            let (star, name) = match host.strip_prefix('.') {
                Some(name) => ("*.", name),
                None => ("", host),
            };
            let label = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '*' | '?');
            let holds = name.chars().all(label)
                && name.contains(char::is_alphanumeric)
                && (name.contains('.') || !star.is_empty());
            holds.then(|| format!("{star}{name}"))
        }
        IndicatorField::Email => {
            let text = text.to_ascii_lowercase();
            let text = text.strip_prefix("mailto:").unwrap_or(&text);
            let (user, host) = text.split_once('@')?;
            let user = if user.is_empty() { "*" } else { user };
            let host_holds = host.contains(char::is_alphanumeric)
                && host.chars().all(|c| c.is_alphanumeric() || "-_.*?".contains(c));
            (host_holds && !user.contains(char::is_whitespace)).then(|| format!("{user}@{host}"))
        }
        IndicatorField::Url => {
            let kinds = [
                IndicatorKind::Url,
                IndicatorKind::Domain,
                IndicatorKind::Onion,
                IndicatorKind::Ipv4,
            ];
            let rest = text.split_once("://").map_or(text.as_str(), |(_, rest)| rest);
            let has_letters =
                rest.contains(char::is_alphanumeric) && !rest.contains(char::is_whitespace);
            if text.contains('*') {
                return has_letters.then_some(text);
            }
            whole(&kinds)
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::query::Query;

    #[test]
    fn values_become_canonical() {
        let cases = [
            ("ip:10.0.0.1", "ip:10.0.0.1"),
            ("ip:10[.]0[.]0[.]1", "ip:10.0.0.1"),
            ("ip:10.1.2.3/8", "ip:10.0.0.0/8"),
            ("ip:10.0.*", "ip:10.0.0.0/16"),
            ("ip:10.0.*.*", "ip:10.0.0.0/16"),
            ("ip:10.0.0.1-10.0.0.9", "ip:10.0.0.1-10.0.0.9"),
            ("ip:10.0.0.0-10.0.0.255", "ip:10.0.0.0/24"),
            ("ip:2001:DB8::1", "ip:\"2001:db8::1\""),
            ("ip:2001:db8:*", "ip:\"2001:db8::/32\""),
            ("hash:D41D8CD98F00B204E9800998ECF8427E", "hash:d41d8cd98f00b204e9800998ecf8427e"),
            ("sha256:d41d8c", "hash:d41d8c*"),
            ("cve:2023-34362", "cve:CVE-2023-34362"),
            ("cve:CVE-2023-*", "cve:CVE-2023-*"),
            ("cve:2023", "cve:CVE-2023-*"),
            ("cwe:79", "cwe:CWE-79"),
            ("mitre:t1566.001", "mitre:T1566.001"),
            ("mitre:T15*", "mitre:T15*"),
            ("domain:Example[.]org", "domain:example.org"),
            ("domain:hxxps://Example[.]org/x", "domain:example.org"),
            ("domain:*.example.org", "domain:*.example.org"),
            ("domain:.fr", "domain:*.fr"),
            ("email:User[at]example.org", "email:user@example.org"),
            ("email:@example.org", "email:*@example.org"),
            ("url:hxxp://Example.org/A", "url:\"http://example.org/A\""),
            ("url:example.org/a*", "url:example.org/a*"),
        ];
        for (typed, canonical) in cases {
            let query = Query::parse(typed).unwrap_or_else(|error| panic!("{typed}: {error}"));
            assert_eq!(query.to_string(), canonical, "{typed}");
            assert_eq!(Query::parse(canonical).unwrap(), query, "{canonical}");
        }
    }

    #[test]
    fn other_values_are_refused_with_the_way_out() {
        let cases = [
            ("ip:example.org", "example.org"),
            ("ip:10.0.0.9-10.0.0.1", "10.0.0.9-10.0.0.1"),
            ("ip:10.0.0.0/33", "10.0.0.0/33"),
            ("hash:xyz", "xyz"),
            ("hash:d41d8", "d41d8"),
            ("cve:log4j", "log4j"),
            ("mitre:phishing", "phishing"),
            ("domain:example", "example"),
            ("email:example.org", "example.org"),
            ("url:example", "example"),
        ];
        for (typed, corrected) in cases {
            let error = Query::parse(typed).expect_err(typed);
            let diagnostic = error.diagnostic().unwrap();
            assert!(diagnostic.message.contains("; expected "), "{typed}: {}", diagnostic.message);
            assert_eq!(diagnostic.corrected.as_deref(), Some(corrected), "{typed}");
        }
    }
}
