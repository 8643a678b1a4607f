//! What an indicator is found by beside its own form.
//!
//! In: an indicator in canonical form. Out: the domains that a host lies below, the host of a URL or an e-mail
//! address, the technique of a sub-technique, the file at the end of a path, a hash or a CVE number in a link.

use std::net::IpAddr;

use super::IndicatorKind;
use super::{code, digest, file, host};

/// Calls `part` with each part of an indicator.
pub(crate) fn parts(
    kind: IndicatorKind,
    canonical: &str,
    part: &mut dyn FnMut(IndicatorKind, &str),
) {
    match kind {
        IndicatorKind::Domain | IndicatorKind::Onion => above(kind, canonical, part),
        IndicatorKind::Email => {
            if let Some((_, host)) = canonical.split_once('@') {
                part(IndicatorKind::Domain, host);
                above(IndicatorKind::Domain, host, part);
            }
        }
        IndicatorKind::Url => {
            if let Some((kind, host)) = host_of(canonical) {
                part(kind, host);
                if matches!(kind, IndicatorKind::Domain | IndicatorKind::Onion) {
                    above(kind, host, part);
                }
            }
            let rest = canonical.split_once("://").map_or(canonical, |(_, rest)| rest);
            if let Some((_, tail)) = rest.split_once('/') {
                let path = tail.split(['?', '#']).next().unwrap_or_default();
                named(path.rsplit('/').next().unwrap_or_default(), part);
                numbers(tail, canonical.contains("attack.mitre.org/"), part);
            }
        }
        IndicatorKind::Attack => {
            if let Some(technique) = code::technique(canonical) {
                part(kind, technique);
            }
        }
        IndicatorKind::Path => {
            named(canonical.rsplit(['\\', '/']).next().unwrap_or_default(), part);
            numbers(canonical, false, part);
        }
        IndicatorKind::File => numbers(canonical, false, part),
        _ => {}
    }
}

/// The host of a URL in canonical form, where it is a domain or an address.
pub(crate) fn host_of(url: &str) -> Option<(IndicatorKind, &str)> {
    let host = host::host_of(url);
    host::kind_of_host(host).map(|kind| (kind, host))
}

/// An address as digits of fixed width, so that a network is a stretch of the dictionary.
pub(crate) fn address_digits(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => format!("{:08x}", u32::from(address)),
        IpAddr::V6(address) => format!("{:032x}", u128::from(address)),
    }
}

/// The domains above this one, down to two labels. `co.uk` and `gov.uk` are among them: hosts of a government are worth
/// finding together.
fn above(kind: IndicatorKind, host: &str, part: &mut dyn FnMut(IndicatorKind, &str)) {
    let mut rest = host;
    while let Some((_, parent)) = rest.split_once('.') {
        if !parent.contains('.') {
            return;
        }
        part(kind, parent);
        rest = parent;
    }
}

fn named(name: &str, part: &mut dyn FnMut(IndicatorKind, &str)) {
    if file::is_file_name(name) {
        part(IndicatorKind::File, name);
    }
}

/// Hashes, CVE, CWE and ATT&CK numbers inside a link or a name. Letters with four digits are an ATT&CK id on its own site;
/// elsewhere only techniques are told by them.
fn numbers(text: &str, mitre: bool, part: &mut dyn FnMut(IndicatorKind, &str)) {
    let mut at = 0;
    let mut inside = false;
    while let Some(c) = text[at..].chars().next() {
        let starts = c.is_ascii_alphanumeric() && !inside;
        inside = c.is_alphanumeric();
        if starts {
            let rest = &text[at..];
            if let Some(found) = code::recognise(rest) {
                let technique = found.canonical.starts_with("T1");
                if mitre || technique || found.kind != IndicatorKind::Attack {
                    part(found.kind, &found.canonical);
                    if let Some(technique) = code::technique(&found.canonical) {
                        part(found.kind, technique);
                    }
                    at += found.end;
                    inside = true;
                    continue;
                }
            }
            let run = rest.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
            if let Some(kind) = digest::hash(run) {
                part(kind, &run.to_ascii_lowercase());
            }
        }
        at += c.len_utf8();
    }
}
