//! Names and addresses of hosts, and what is built on them: URLs, e-mail addresses, networks.
//!
//! In: text that begins with one, fanged. Out: how long it is, and its canonical form: lower case but for the path of
//! a URL, IPv6 as RFC 5952 writes it.
//!
//! A domain ends in a name of the root zone, so that `end.The` is none. Four numbers with dots are an address, not a
//! version, unless a word such as "version" or "v" stands right before them, or they look like one; see [`is_version`].

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use super::file;
use super::{Found, IndicatorKind};

/// Longer URLs are data rather than addresses.
const LONGEST_URL: usize = 2_048;
const LONGEST_HOST: usize = 253;

/// The names of the root zone as the public suffix list of February 2023 has them; names withdrawn since stay, for
/// old reports hold them.
static TLDS: LazyLock<FxHashSet<&'static str>> =
    LazyLock::new(|| include_str!("tlds.txt").lines().collect());

const SCHEMES: [&str; 18] = [
    "https", "http", "ftps", "ftp", "sftp", "tcp", "udp", "wss", "ws", "smb", "ssh", "ldaps",
    "ldap", "rmi", "rtsp", "irc", "telnet", "git",
];

/// The URL with a scheme that `text` begins with.
pub(super) fn url(text: &str) -> Option<Found> {
    let scheme = SCHEMES.iter().find(|scheme| {
        text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
            && text[scheme.len()..].starts_with("://")
    })?;
    let start = scheme.len() + "://".len();
    let authority = authority_end(&text[start..]);
    let (user, host) = match text[start..start + authority].rsplit_once('@') {
        Some((user, host)) => (&text[start..start + user.len() + 1], host),
        None => ("", &text[start..start + authority]),
    };
    let host = host.trim_end_matches([':', '.', '-']);
    let host_end = start + user.len() + host.len();
    if !host.contains(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    let mut end = host_end;
    if end == start + authority && text[end..].starts_with(['/', '?', '#']) {
        end += tail_end(&text[end..]);
    }
    let tail = if &text[host_end..end] == "/" { "" } else { &text[host_end..end] };
    let canonical = format!("{scheme}://{user}{}{tail}", host.to_ascii_lowercase());
    (end <= LONGEST_URL).then_some(Found { kind: IndicatorKind::Url, end, canonical })
}

/// `user@example.org`
pub(super) fn email(text: &str) -> Option<Found> {
    const LONGEST_USER: usize = 64;
    let is_user = |b: &u8| b.is_ascii_alphanumeric() || b"._%+-".contains(b);
    let user = text.bytes().take(LONGEST_USER + 1).take_while(is_user).count();
    let host = text[user..].strip_prefix('@')?;
    let (length, _) = domain_of(host).filter(|_| (1..=LONGEST_USER).contains(&user))?;
    let end = user + 1 + length;
    let canonical = text[..end].to_ascii_lowercase();
    Some(Found { kind: IndicatorKind::Email, end, canonical })
}

/// A domain, an address, a network, or a URL without its scheme. `before` is the word that stands before.
pub(super) fn bare(text: &str, before: &str) -> Option<Found> {
    let (kind, length) = match ipv6(text) {
        Some(found) => return Some(found),
        None => match domain_of(text) {
            Some((length, kind)) => (kind, length),
            None => (IndicatorKind::Ipv4, ipv4_end(text)?),
        },
    };
    let rest = &text[length..];
    let name = text[..length].to_ascii_lowercase();
    if kind == IndicatorKind::Ipv4 {
        if let Some((end, bits)) = prefix_length(rest, 32) {
            let address: Ipv4Addr = name.parse().ok()?;
            return Some(network(IpAddr::V4(address), bits, length + end));
        }
        if is_version(&name, before) {
            return None;
        }
    }
    let port = port_end(rest);
    let behind = &rest[port..];
    if behind.starts_with('/') && !lists_another(behind) {
        let tail = tail_end(behind);
        if tail > 1 && length + port + tail <= LONGEST_URL {
            let end = length + port + tail;
            let canonical = format!("{name}{}", &text[length..end]);
            return Some(Found { kind: IndicatorKind::Url, end, canonical });
        }
    }
    Some(Found { kind, end: length, canonical: name })
}

/// The length of the domain that `text` begins with, and whether it is an onion address.
fn domain_of(text: &str) -> Option<(usize, IndicatorKind)> {
    let bytes = text.as_bytes();
    let is_host = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
    let run = bytes.iter().take(LONGEST_HOST + 1).take_while(|b| is_host(b)).count();
    if run > LONGEST_HOST || text[run..].starts_with(|c: char| c.is_alphanumeric() || c == '@') {
        return None;
    }
    let name = text[..run].trim_end_matches(['.', '-', '_']);
    let (rest, tld) = name.rsplit_once('.')?;
    let lower = tld.to_ascii_lowercase();
    let kind = match lower.as_str() {
        "onion" => onion(rest)?,
        tld if TLDS.contains(tld) => IndicatorKind::Domain,
        _ => return None,
    };
    let labels_hold =
        rest.split('.').all(is_label) && rest.rsplit('.').next().is_some_and(is_strict);
    if !labels_hold || is_prose(name, rest, tld) || file::is_rather_file(name, &lower) {
        return None;
    }
    Some((name.len(), kind))
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-')
}

/// Only what stands below a registered name may hold an underscore.
fn is_strict(label: &str) -> bool {
    !label.contains('_')
}

/// The hidden service that these labels name: 16 or 56 characters of base 32.
fn onion(labels: &str) -> Option<IndicatorKind> {
    let label = labels.rsplit('.').next()?;
    let base32 = |b: u8| b.is_ascii_alphabetic() || (b'2'..=b'7').contains(&b);
    (matches!(label.len(), 16 | 56) && label.bytes().all(base32)).then_some(IndicatorKind::Onion)
}

/// Names with a dot that mean no host.
const NO_DOMAINS: [&str; 12] = [
    "asp.net",
    "vb.net",
    "ado.net",
    "ml.net",
    "et.al",
    "co.ltd",
    "pvt.ltd",
    "pte.ltd",
    "pty.ltd",
    "system.net",
    "document.open",
    "window.open",
];

/// Top-level domains that programs use as names of methods and fields: `requests.post`, `file.read`.
const WORDS_OF_CODE: [&str; 16] = [
    "android", "call", "data", "dot", "here", "like", "map", "new", "next", "now", "open", "ping",
    "post", "read", "select", "storage",
];

/// Whether this is a missing blank between two sentences, a name of a product or of a package, or a time of day.
fn is_prose(name: &str, rest: &str, tld: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let code = WORDS_OF_CODE.contains(&tld.to_ascii_lowercase().as_str());
    if code || NO_DOMAINS.contains(&lower.as_str()) {
        return true;
    }
    // `8.am`, `U.S.in`
    if rest.bytes().all(|b| b.is_ascii_digit() || b == b'.') && tld.len() == 2 {
        return true;
    }
    let mut labels = rest.split('.');
    // `com.example.app`, as programs are named.
    if matches!(labels.next(), Some("com" | "org" | "net")) && labels.next().is_some() {
        return true;
    }
    if tld.bytes().all(|b| !b.is_ascii_uppercase()) {
        return false;
    }
    let shouted = name.bytes().all(|b| !b.is_ascii_lowercase());
    // `Example.Com`, but neither `Reports.In` nor `System.IO`.
    !shouted && !matches!(tld.to_ascii_lowercase().as_str(), "com" | "org" | "edu" | "gov")
}

/// The length of the IPv4 address that `text` begins with.
fn ipv4_end(text: &str) -> Option<usize> {
    let run = text.bytes().take(17).take_while(|b| b.is_ascii_digit() || *b == b'.').count();
    let address = text[..run].trim_end_matches('.');
    let end = address.len();
    address.parse::<Ipv4Addr>().ok()?;
    let goes_on = text[end..].trim_start_matches('.');
    let joined = |c: char| c.is_alphanumeric() || c == '_';
    (!text[end..].starts_with(joined) && (end == run || !goes_on.starts_with(joined)))
        .then_some(end)
}

/// Four numbers can be a version. They are where something that counts versions stands before them; where the first or
/// the last is 0, as no host has it; and where all are small and one is 0, which few addresses are: those of private networks
/// and of public resolvers apart.
fn is_version(address: &str, before: &str) -> bool {
    const COUNTED: [&str; 16] = [
        "version",
        "versions",
        "v",
        "ver",
        "release",
        "build",
        "firmware",
        "update",
        "sp",
        "rev",
        "revision",
        "fw",
        "patch",
        "hotfix",
        "versión",
        "versionen",
    ];
    const RESOLVERS: [&str; 5] = ["1.1.1.1", "1.0.0.1", "8.8.8.8", "8.8.4.4", "9.9.9.9"];
    const SMALL: u8 = 32;
    if COUNTED.contains(&before.to_lowercase().as_str()) {
        return true;
    }
    let Ok(address) = address.parse::<Ipv4Addr>() else { return true };
    let octets = address.octets();
    let small = octets.iter().all(|octet| *octet <= SMALL) && octets.contains(&0);
    let unusual = octets[0] == 0 || octets[3] == 0 || small;
    unusual
        && !address.is_unspecified()
        && !address.is_private()
        && !RESOLVERS.contains(&address.to_string().as_str())
}

/// The IPv6 address or network that `text` begins with.
fn ipv6(text: &str) -> Option<Found> {
    let part = |b: &u8| b.is_ascii_hexdigit() || matches!(b, b':' | b'.');
    let run = text.bytes().take(46).take_while(part).count();
    let written = text[..run].trim_end_matches('.');
    let colons = written.bytes().filter(|b| *b == b':').count();
    if colons < 2 {
        return None;
    }
    let written = match written.strip_suffix(':') {
        Some(rest) if !rest.ends_with(':') => rest,
        _ => written,
    };
    let address: Ipv6Addr = written.parse().ok()?;
    let end = written.len();
    if text[end..].starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':') {
        return None;
    }
    // `std::dec`, `a::b`, `dead::beef`: names of programs. What is routed begins with a large number that holds a digit;
    // above are local addresses, and 64:ff9b:: stands for IPv4.
    let [first, second, ..] = address.segments();
    let digit = format!("{first:x}").bytes().any(|b| b.is_ascii_digit());
    let plausible = (first >= 0x100 && digit)
        || first >= 0xfc00
        || (first, second) == (0x64, 0xff9b)
        || address.is_loopback();
    if !plausible {
        return None;
    }
    if let Some((length, bits)) = prefix_length(&text[end..], 128) {
        return Some(network(IpAddr::V6(address), bits, end + length));
    }
    let canonical = address.to_string();
    Some(Found { kind: IndicatorKind::Ipv6, end, canonical })
}

/// `/24` behind an address: its length and the bits.
fn prefix_length(rest: &str, most: u8) -> Option<(usize, u8)> {
    let number = rest.strip_prefix('/')?;
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    let bits: u8 = number[..digits].parse().ok().filter(|bits| *bits <= most)?;
    let behind = &number[digits..];
    let goes_on = |c: char| c.is_alphanumeric() || matches!(c, '_' | '/');
    (digits <= 3 && !behind.starts_with(goes_on)).then_some((digits + 1, bits))
}

fn network(address: IpAddr, bits: u8, end: usize) -> Found {
    let canonical = format!("{}/{bits}", masked(address, bits));
    Found { kind: IndicatorKind::Network, end, canonical }
}

/// The first address of the network that `address` is in.
fn masked(address: IpAddr, bits: u8) -> IpAddr {
    match address {
        IpAddr::V4(address) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(bits.min(32))).unwrap_or(0);
            IpAddr::V4(Ipv4Addr::from(u32::from(address) & mask))
        }
        IpAddr::V6(address) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(bits.min(128))).unwrap_or(0);
            IpAddr::V6(Ipv6Addr::from(u128::from(address) & mask))
        }
    }
}

/// The length of `:8080`, where a path follows.
fn port_end(rest: &str) -> usize {
    let Some(number) = rest.strip_prefix(':') else { return 0 };
    let digits = number.bytes().take(6).take_while(u8::is_ascii_digit).count();
    if (1..=5).contains(&digits) && number[digits..].starts_with('/') { digits + 1 } else { 0 }
}

/// Whether another domain stands behind the slash: `example.org/example.com` offers two.
fn lists_another(behind: &str) -> bool {
    let next = &behind[1..];
    domain_of(next).is_some_and(|(length, _)| !next[length..].starts_with('/'))
        || ipv4_end(next).is_some()
}

/// The end of `user@host:port`.
fn authority_end(text: &str) -> usize {
    let bracketed = text.starts_with('[');
    let inside = |b: &u8| {
        b.is_ascii_alphanumeric()
            || b"._~-:@%!$&+=*".contains(b)
            || (bracketed && b"[]".contains(b))
    };
    text.bytes().take(LONGEST_URL).take_while(inside).count()
}

/// The end of path, query and fragment, without what belongs to the sentence around them.
fn tail_end(text: &str) -> usize {
    let mut open = 0_usize;
    let mut end = 0;
    for (at, byte) in text.bytes().enumerate().take(LONGEST_URL + 1) {
        match byte {
            b'(' => open += 1,
            b')' if open == 0 => break,
            b')' => open -= 1,
            b'"' | b'<' | b'>' | b'`' | b'{' | b'}' | b'|' | b'\\' | b'^' | b'[' | b']' | b'\'' => {
                break;
            }
            b',' | b';' if text[at + 1..].starts_with("http") => break,
            byte if !byte.is_ascii_graphic() => break,
            _ => {}
        }
        end = at + 1;
    }
    text[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '(']).len()
}

/// The host in a canonical URL, without port and user.
pub(super) fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    if host.starts_with('[') {
        return host.split_once(']').map_or(host, |(inside, _)| &inside[1..]);
    }
    host.split_once(':').map_or(host, |(host, _)| host)
}

/// What kind of indicator a host is; `None` for names that no one outside can look up.
pub(super) fn kind_of_host(host: &str) -> Option<IndicatorKind> {
    if host.parse::<Ipv4Addr>().is_ok() {
        return Some(IndicatorKind::Ipv4);
    }
    if host.parse::<Ipv6Addr>().is_ok() {
        return Some(IndicatorKind::Ipv6);
    }
    let (_, tld) = host.rsplit_once('.')?;
    if !host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_')) {
        return None;
    }
    match tld {
        "onion" => Some(IndicatorKind::Onion),
        tld => TLDS.contains(tld).then_some(IndicatorKind::Domain),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(found: Option<Found>, text: &str, expected: Option<(IndicatorKind, &str)>) {
        let found = found.as_ref().map(|found| (found.kind, found.canonical.as_str()));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn hosts_networks_and_urls_without_scheme() {
        use IndicatorKind::{Domain, Ipv4, Ipv6, Network, Onion, Url};
        let v3 = "expyuzz4wqqyqhjn1111111111111111111111111111111111111111".replace('1', "a");
        let onion = format!("{v3}.onion");
        let cases = [
            ("example.com", Some((Domain, "example.com"))),
            ("WWW.Example.COM.", Some((Domain, "www.example.com"))),
            ("region-normandie.fr,", Some((Domain, "region-normandie.fr"))),
            ("_dmarc.example.org", Some((Domain, "_dmarc.example.org"))),
            ("xn--80ak6aa92e.com", Some((Domain, "xn--80ak6aa92e.com"))),
            ("example.com:443", Some((Domain, "example.com"))),
            ("example.com/x?y=1.", Some((Url, "example.com/x?y=1"))),
            ("example.com/", Some((Domain, "example.com"))),
            ("example.com/example.org", Some((Domain, "example.com"))),
            ("example.com:8080/A", Some((Url, "example.com:8080/A"))),
            ("end.The", None),
            ("reports.In", None),
            ("e.g.", None),
            ("i.e.", None),
            ("U.S.", None),
            ("ASP.NET", None),
            ("System.IO", None),
            ("com.example.app", None),
            ("8.am", None),
            ("install.sh", None),
            ("evil.exe", None),
            ("payload.zip", None),
            ("evil.com@example.org", None),
            ("example.com_x", None),
            ("-x.com", None),
            ("10.0.0.1", Some((Ipv4, "10.0.0.1"))),
            ("10.0.0.1.", Some((Ipv4, "10.0.0.1"))),
            ("10.0.0.1:8080", Some((Ipv4, "10.0.0.1"))),
            ("10.0.0.1/x.php", Some((Url, "10.0.0.1/x.php"))),
            ("10.0.0.1/24", Some((Network, "10.0.0.0/24"))),
            ("10.0.0.1.5", None),
            ("010.0.0.1", None),
            ("256.0.0.1", None),
            ("0.9.8.1", None),
            ("1.2.3.4a", None),
            ("2001:DB8:0:0::1", Some((Ipv6, "2001:db8::1"))),
            ("2001:db8::/32,", Some((Network, "2001:db8::/32"))),
            ("fe80::1.", Some((Ipv6, "fe80::1"))),
            ("::1", Some((Ipv6, "::1"))),
            ("::ffff:10.0.0.1", None),
            ("12:30:45", None),
            ("00:11:22:33:44:55", None),
            ("dead::beef", None),
            ("abc::def", None),
            ("a::b", None),
            (onion.as_str(), Some((Onion, onion.as_str()))),
            ("short.onion", None),
            ("", None),
        ];
        for (text, expected) in cases {
            check(bare(text, ""), text, expected);
        }
        for before in ["version", "v", "Firmware"] {
            check(bare("1.2.3.4", before), before, None);
        }
    }

    #[test]
    fn urls() {
        let cases = [
            ("HTTP://Example.com/Path.", "http://example.com/Path"),
            ("https://example.com/", "https://example.com"),
            ("https://example.com/a_(b))", "https://example.com/a_(b)"),
            ("https://example.com/a,https://b.com", "https://example.com/a"),
            ("https://example.com/a\">x", "https://example.com/a"),
            ("https://u:p@example.com:8443/x", "https://u:p@example.com:8443/x"),
            ("ftp://10.0.0.1/", "ftp://10.0.0.1"),
            ("http://[2001:db8::1]/x", "http://[2001:db8::1]/x"),
            ("http://server/x", "http://server/x"),
            ("http://example.com.", "http://example.com"),
        ];
        for (text, expected) in cases {
            check(url(text), text, Some((IndicatorKind::Url, expected)));
        }
        for version in ["9.0.3.1", "1.0.10.0", "19.0.0.20", "2.0.0.1"] {
            check(bare(version, ""), version, None);
        }
        for address in ["8.8.8.8", "10.0.0.1", "0.0.0.0", "5.9.163.18", "127.0.0.1"] {
            check(bare(address, ""), address, Some((IndicatorKind::Ipv4, address)));
        }
        for text in ["http://", "http:///x", "nohttp://x", "http:/x", "foo://x"] {
            check(url(text), text, None);
        }
        assert_eq!(host_of("https://u:p@example.com:8443/x"), "example.com");
        assert_eq!(host_of("http://[2001:db8::1]:80/x"), "2001:db8::1");
        assert_eq!(host_of("example.com/x"), "example.com");
    }

    #[test]
    fn addresses_of_people() {
        let cases = [
            ("First.Last+x@Example.co.uk.", Some("first.last+x@example.co.uk")),
            ("user@example", None),
            ("user@", None),
            ("@example.com", None),
        ];
        for (text, expected) in cases {
            check(email(text), text, expected.map(|expected| (IndicatorKind::Email, expected)));
        }
    }
}
