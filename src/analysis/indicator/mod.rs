//! Indicators of compromise: stage 0, before words are cut.
//!
//! In: a text. Out: where indicators stand in it, of which kind, and each in one canonical form however it was
//! written: `hxxp://Example[.]com` and `http://example.com` are the same.
//!
//! [`Scanner::next`] passes over ordinary prose at a byte at a time, by a table, and stops at pieces that may hold an
//! indicator: a mark inside them, or letters and digits mixed. `refang` takes defanging marks out of such a piece; the
//! recognisers (`host`, `file`, `digest`, `code`) are tried where a word begins. `parts` says what an indicator is
//! found by beside its own form. Recognising looks forward only, so that the bytes of an indicator, read alone, are that
//! indicator again.

mod code;
mod digest;
mod file;
mod host;
mod kind;
mod parts;
mod refang;
mod scan;
#[cfg(test)]
mod tests;

pub use self::kind::IndicatorKind;
pub(crate) use self::parts::{address_digits, host_of, parts};
pub(crate) use self::refang::{refang, scheme};
pub(super) use self::scan::Scanner;

/// An indicator at the beginning of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    kind: IndicatorKind,
    /// Bytes of the text that it takes up.
    end: usize,
    canonical: String,
}

/// The indicator as it is written where no one should click on it: `hxxps://example[.]org`, `user[at]example[.]org`.
///
/// ```
/// use casebook::{IndicatorKind, defang};
///
/// assert_eq!(defang(IndicatorKind::Url, "https://www.example.org/a.b"), "hxxps://www[.]example[.]org/a.b");
/// assert_eq!(defang(IndicatorKind::Cve, "CVE-2023-34362"), "CVE-2023-34362");
/// ```
pub fn defang(kind: IndicatorKind, canonical: &str) -> String {
    match kind {
        IndicatorKind::Url => {
            let host = host::host_of(canonical);
            let start = host.as_ptr() as usize - canonical.as_ptr() as usize;
            let (before, rest) = canonical.split_at(start);
            let before = match before.strip_prefix("http") {
                Some(rest) => format!("hxxp{rest}"),
                None => before.replacen("://", "[:]//", 1),
            };
            format!("{before}{}{}", dots(host), &rest[host.len()..])
        }
        IndicatorKind::Email => match canonical.split_once('@') {
            Some((user, host)) => format!("{user}[at]{}", dots(host)),
            None => canonical.to_owned(),
        },
        IndicatorKind::Domain
        | IndicatorKind::Onion
        | IndicatorKind::Ipv4
        | IndicatorKind::Ipv6
        | IndicatorKind::Network => dots(canonical),
        _ => canonical.to_owned(),
    }
}

fn dots(host: &str) -> String {
    if host.contains('.') { host.replace('.', "[.]") } else { host.replacen(':', "[:]", 1) }
}
