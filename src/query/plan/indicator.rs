//! Indicators in a query: which terms of the index they stand for.
//!
//! In: a word that is an indicator, fanged or defanged. Out: one slot with the term of the whole, the term of it as
//! part of another, and, for a URL or a network, what the dictionary has below it.

use std::net::IpAddr;

use crate::analysis::{
    Analyzer, IndicatorKind, Language, OwnedToken, TokenKind, address_digits, host_of, refang,
};
use crate::error::{Error, Result};
use crate::index::indicators::{WIDE, part_term, term};
use crate::query::indicator::{AddressRange, IndicatorField, IndicatorFilter};
use crate::query::plan::build::PlanSettings;
use crate::query::plan::expand::matches_wildcard;
use crate::query::plan::{Slot, SlotTerm};

use IndicatorKind as K;

/// The one indicator that `text` is, all of its words; `None` for anything else.
pub(crate) fn whole(analyzer: &mut Analyzer, text: &str) -> Option<OwnedToken> {
    let mut indicator: Option<OwnedToken> = None;
    let mut only = true;
    analyzer.analyze(text, |token| match (token.kind, &indicator) {
        (TokenKind::Indicator(_), None) => indicator = Some(token.to_owned()),
        (TokenKind::Word, Some(found)) if found.range.end >= token.range.end => {}
        _ => only = false,
    });
    indicator.filter(|_| only)
}

/// The slot of a word or phrase that is this indicator.
pub(super) fn slot(settings: &PlanSettings<'_>, token: &OwnedToken) -> Result<Slot> {
    let TokenKind::Indicator(kind) = token.kind else { return Ok(Slot { terms: Vec::new() }) };
    let canonical = token.surface.as_str();
    let mut terms = vec![term(kind, canonical), part_term(kind, canonical)];
    match kind {
        // A name such as `foo.app` is the one or the other by how it is written.
        K::Domain => terms.extend([term(K::File, canonical), part_term(K::File, canonical)]),
        K::File => terms.extend([term(K::Domain, canonical), part_term(K::Domain, canonical)]),
        // Four numbers may be a version: then they are only a word.
        K::Ipv4 => terms.push(canonical.to_owned()),
        K::Network => terms.extend(network(settings, canonical)?),
        K::Url => terms.extend(below(settings, canonical)?),
        K::Path | K::Registry => {
            let folder = term(kind, canonical);
            let inside = |rest: &str| rest.starts_with(['\\', '/']);
            terms.extend(starting_with(settings, &folder, inside)?);
        }
        _ => {}
    }
    Ok(slot_of(terms))
}

/// The slot of a wildcard that only indicators can match: `CVE-2023-*`, `*.example.org`.
pub(super) fn wildcard_slot(settings: &PlanSettings<'_>, pattern: &str) -> Result<Option<Slot>> {
    let pattern = refang(pattern);
    let registered = |name: &str| {
        pattern.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
            && pattern[name.len()..].chars().all(|c| c.is_ascii_digit() || "-*?".contains(c))
    };
    let below = |pattern: &str| {
        let host = pattern.strip_prefix("*.")?;
        let mut analyzer = Analyzer::new(Language::English);
        whole(&mut analyzer, host).filter(|token| token.surface.eq_ignore_ascii_case(host))
    };
    let kinds: &[K] = if registered("CVE-") {
        &[K::Cve]
    } else if registered("CWE-") {
        &[K::Cwe]
    } else if below(&pattern).is_some_and(|token| token.kind == TokenKind::Indicator(K::Domain)) {
        &[K::Domain]
    } else {
        return Ok(None);
    };
    like(settings, kinds, &pattern).map(|terms| Some(slot_of(terms)))
}

/// The slot of `ip:…`, `domain:…` and the like.
pub(super) fn filter_slot(settings: &PlanSettings<'_>, filter: &IndicatorFilter) -> Result<Slot> {
    let (field, text) = match filter {
        IndicatorFilter::Addresses(range) => {
            return addresses(settings, range.from(), range.to()).map(slot_of);
        }
        IndicatorFilter::Named(field, text) => (*field, text.as_str()),
    };
    let kinds: &[K] = match field {
        IndicatorField::Address => &[],
        IndicatorField::Hash => &[K::Md5, K::Sha1, K::Sha256, K::Sha512],
        IndicatorField::Cve => &[K::Cve],
        IndicatorField::Cwe => &[K::Cwe],
        IndicatorField::Domain => &[K::Domain, K::Onion],
        IndicatorField::Email => &[K::Email],
        IndicatorField::Url => &[K::Url],
        IndicatorField::Mitre => &[K::Attack],
    };
    let terms = match field {
        IndicatorField::Url => {
            let text = text.split_once("://").map_or(text, |(_, rest)| rest);
            if text.contains('*') { like(settings, kinds, text)? } else { below(settings, text)? }
        }
        _ if text.contains(['*', '?']) => like(settings, kinds, text)?,
        _ => kinds.iter().flat_map(|kind| [term(*kind, text), part_term(*kind, text)]).collect(),
    };
    Ok(slot_of(terms))
}

fn slot_of(mut terms: Vec<String>) -> Slot {
    terms.sort_unstable();
    terms.dedup();
    let terms = terms.into_iter().map(|term| SlotTerm { term, weight: 1.0 });
    Slot { terms: terms.collect() }
}

/// What lies below a URL; of one without a path, its host as well.
fn below(settings: &PlanSettings<'_>, url: &str) -> Result<Vec<String>> {
    let url = url.trim_end_matches('/');
    let exact = term(K::Url, url);
    let mut terms = starting_with(settings, &exact, |rest| rest.starts_with(['/', '?', '#', ':']))?;
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    if let Some((kind, host)) = host_of(url).filter(|(_, host)| *host == rest) {
        terms.extend([term(kind, host), part_term(kind, host)]);
    }
    terms.push(exact);
    Ok(terms)
}

/// What lies in a network.
fn network(settings: &PlanSettings<'_>, canonical: &str) -> Result<Vec<String>> {
    let parsed = canonical.split_once('/').and_then(|(address, bits)| {
        AddressRange::network(address.parse().ok()?, bits.parse().ok()?)
    });
    match parsed {
        Some(range) => addresses(settings, range.from(), range.to()),
        None => Ok(Vec::new()),
    }
}

/// The addresses of the index from one to another, and the networks that begin there.
fn addresses(settings: &PlanSettings<'_>, from: IpAddr, to: IpAddr) -> Result<Vec<String>> {
    let kind = if from.is_ipv4() { K::Ipv4 } else { K::Ipv6 };
    let (first, last) = (address_digits(from), address_digits(to));
    let mut terms = Vec::new();
    for code in [kind.code(), kind.part_code(), K::Network.code()] {
        let start = format!("{WIDE}{code}");
        // Networks have their bits behind the digits.
        let end = format!("{start}{last}/~");
        range(settings, &format!("{start}{first}"), &end, |term| {
            let digits = term[start.len()..].split('/').next().unwrap_or_default();
            if digits.len() == first.len() {
                terms.push(term.to_owned());
            }
        })?;
    }
    Ok(terms)
}

/// The terms of these kinds, whole or as parts, that a pattern of `*` and `?` stands for.
fn like(settings: &PlanSettings<'_>, kinds: &[K], pattern: &str) -> Result<Vec<String>> {
    let pattern = pattern.to_lowercase();
    let literal: String = pattern.chars().take_while(|c| !matches!(c, '*' | '?')).collect();
    let wild: Vec<char> = pattern.chars().collect();
    let mut terms = Vec::new();
    for kind in kinds {
        for code in [kind.code(), kind.part_code()] {
            let mark = format!("{WIDE}{code}");
            let start = format!("{mark}{literal}");
            let found = starting_with(settings, &start, |rest| {
                let whole = format!("{literal}{rest}");
                matches_wildcard(&wild, &whole)
            })?;
            terms.extend(found);
        }
    }
    Ok(terms)
}

/// The terms that begin with `start` and whose rest passes the test.
fn starting_with(
    settings: &PlanSettings<'_>,
    start: &str,
    test: impl Fn(&str) -> bool,
) -> Result<Vec<String>> {
    let mut terms = Vec::new();
    let end = format!("{start}\u{10FFFF}");
    range(settings, start, &end, |term| {
        if test(&term[start.len()..]) {
            terms.push(term.to_owned());
        }
    })?;
    Ok(terms)
}

/// Calls `sink` with each term of the dictionary between two.
fn range(
    settings: &PlanSettings<'_>,
    from: &str,
    to: &str,
    mut sink: impl FnMut(&str),
) -> Result<()> {
    let failed = |e| Error::index("cannot read the words of the index", e);
    for segment in settings.searcher.segment_readers() {
        let index = segment.inverted_index(settings.fields.text).map_err(failed)?;
        let range = index.terms().range().ge(from).le(to);
        let mut stream = range.into_stream().map_err(|e| failed(e.into()))?;
        while let Some((term, _)) = stream.next() {
            if let Ok(term) = std::str::from_utf8(term) {
                sink(term);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_an_indicator_where_it_is_nothing_else() {
        let mut analyzer = Analyzer::new(Language::English);
        let cases = [
            ("example[.]org", Some("example.org")),
            ("“hxxp://a.com/x”,", Some("http://a.com/x")),
            ("T1566", Some("T1566")),
            ("example.org and", None),
            ("example.org/example.com", None),
            ("normandie", None),
            ("d41d8cd98f00b204e9800998ecf8427e", Some("d41d8cd98f00b204e9800998ecf8427e")),
        ];
        for (text, expected) in cases {
            let found = whole(&mut analyzer, text).map(|token| token.surface);
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }
}
