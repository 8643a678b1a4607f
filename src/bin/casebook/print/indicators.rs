//! Indicators and how many reports hold them.
//!
//! In: counts, or the answers for a list. Out: for people, a list by kind; CSV, whose cells can't become formulas; JSON.

use std::io::{self, Write};

use casebook::{IndicatorCount, IndicatorKind, Indicators, Lookup, defang};
use serde::Serialize;

use super::escape;
use super::json::{self, Versioned};
use super::layout::{Flow, Page};
use super::style::{Role, Style};
use crate::sync::{counted, grouped};

/// Where values start: right of the counts.
const VALUES: usize = 9;

/// How to show them.
#[derive(Debug)]
pub struct Listing<'a> {
    /// So that no one can click on them.
    pub defanged: bool,
    /// At most this many of each kind.
    pub top: usize,
    /// The query as typed; empty where all reports were asked.
    pub query: &'a str,
}

impl Listing<'_> {
    fn value(&self, kind: Option<IndicatorKind>, value: &str) -> String {
        match kind {
            Some(kind) if self.defanged => defang(kind, value),
            _ => value.to_owned(),
        }
    }

    /// The counts by kind, each kind with the number of its indicators.
    fn groups<'i>(
        &self,
        held: &'i Indicators,
    ) -> impl Iterator<Item = (IndicatorKind, usize, &'i [IndicatorCount])> {
        let top = self.top;
        held.found.chunk_by(|a, b| a.kind == b.kind).filter_map(move |group| {
            Some((group.first()?.kind, group.len(), &group[..top.min(group.len())]))
        })
    }
}

/// Prints counts for people.
pub fn text(
    held: &Indicators,
    listing: &Listing<'_>,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut page = Page::new(out, Style { width: None, ..style });
    let reports = counted(held.reports, "report", "reports");
    let summary = match held.found.len() {
        0 => format!("No indicators in {reports}"),
        n => format!(
            "{} in {} of {reports}",
            counted(n, "indicator", "indicators"),
            grouped(held.holders)
        ),
    };
    page.unbroken(0, &Flow::of(Role::Strong, &summary))?;
    for (kind, all, shown) in listing.groups(held) {
        page.blank()?;
        let more = match all - shown.len() {
            0 => String::new(),
            _ => format!(", the first {}", grouped(shown.len())),
        };
        let heading = Flow::of(Role::Strong, kind.plural())
            .with(Role::Dim, &format!(" ({}{more})", grouped(all)));
        page.unbroken(0, &heading)?;
        for count in shown {
            let value = listing.value(Some(kind), &count.value);
            let number = format!("{:>7}", grouped(count.reports));
            page.labelled(&number, VALUES, VALUES, &Flow::of(Role::Plain, &value))?;
        }
    }
    Ok(())
}

/// Prints counts as CSV: kind, value, reports.
pub fn csv(held: &Indicators, listing: &Listing<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "kind,indicator,reports")?;
    for (kind, _, shown) in listing.groups(held) {
        for count in shown {
            let value = cell(&listing.value(Some(kind), &count.value));
            writeln!(out, "{},{value},{}", kind.name(), count.reports)?;
        }
    }
    Ok(())
}

/// Prints counts as JSON.
pub fn json(held: &Indicators, listing: &Listing<'_>, out: &mut dyn Write) -> io::Result<()> {
    let kinds = listing.groups(held).map(|(kind, indicators, shown)| KindView {
        kind: kind.name(),
        indicators,
        found: shown
            .iter()
            .map(|count| CountView {
                value: listing.value(Some(kind), &count.value),
                reports: count.reports,
            })
            .collect(),
    });
    let view = IndicatorsView {
        typed: listing.query,
        reports: held.reports,
        holders: held.holders,
        kinds: kinds.collect(),
    };
    json::document(out, &Versioned::of(view))
}

/// Prints for people which of a list are known.
pub fn lookups_text(
    found: &[Lookup],
    listing: &Listing<'_>,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut page = Page::new(out, Style { width: None, ..style });
    let known = found.iter().filter(|lookup| lookup.reports > 0).count();
    let summary = format!("{} of {} found", grouped(known), grouped(found.len()));
    page.unbroken(0, &Flow::of(Role::Strong, &summary))?;
    for (heading, wanted) in [("Found, by number of reports", true), ("Not found", false)] {
        let mut group: Vec<_> =
            found.iter().filter(|lookup| (lookup.reports > 0) == wanted).collect();
        if group.is_empty() {
            continue;
        }
        // The order of the list among equals.
        group.sort_by_key(|lookup| std::cmp::Reverse(lookup.reports));
        page.blank()?;
        page.unbroken(0, &Flow::of(Role::Strong, heading))?;
        for lookup in group {
            let number = match wanted {
                true => format!("{:>7}", grouped(lookup.reports)),
                false => String::new(),
            };
            let value = listing.value(lookup.kind, &lookup.value);
            let kind = lookup.kind.map_or("text", IndicatorKind::name);
            let line = Flow::of(Role::Plain, &value).with(Role::Dim, &format!(" ({kind})"));
            page.labelled(&number, VALUES, VALUES, &line)?;
        }
    }
    Ok(())
}

/// Prints the answers for a list as CSV, in its order: typed, kind, indicator, reports.
pub fn lookups_csv(found: &[Lookup], listing: &Listing<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "typed,kind,indicator,reports")?;
    for lookup in found {
        let kind = lookup.kind.map_or("", IndicatorKind::name);
        let value = cell(&listing.value(lookup.kind, &lookup.value));
        writeln!(out, "{},{kind},{value},{}", cell(&lookup.typed), lookup.reports)?;
    }
    Ok(())
}

/// Prints the answers for a list as JSON, in its order.
pub fn lookups_json(
    found: &[Lookup],
    listing: &Listing<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let view = |lookup: &Lookup| LookupView {
        typed: lookup.typed.clone(),
        kind: lookup.kind.map(IndicatorKind::name),
        value: listing.value(lookup.kind, &lookup.value),
        reports: lookup.reports,
    };
    let lookups = found.iter().map(view).collect();
    json::document(out, &Versioned::of(LookupsView { lookups }))
}

/// A cell of CSV. What a spreadsheet would take for a formula gets an apostrophe before it.
fn cell(text: &str) -> String {
    let mut text = escape::line(text).into_owned();
    if text.starts_with(['=', '+', '-', '@']) {
        text.insert(0, '\'');
    }
    if text.contains([',', '"']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[derive(Serialize)]
struct IndicatorsView<'a> {
    typed: &'a str,
    reports: usize,
    holders: usize,
    kinds: Vec<KindView>,
}

#[derive(Serialize)]
struct KindView {
    kind: &'static str,
    indicators: usize,
    found: Vec<CountView>,
}

#[derive(Serialize)]
struct CountView {
    value: String,
    reports: usize,
}

#[derive(Serialize)]
struct LookupsView {
    lookups: Vec<LookupView>,
}

#[derive(Serialize)]
struct LookupView {
    typed: String,
    kind: Option<&'static str>,
    value: String,
    reports: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_no_formulas() {
        for (text, expected) in [
            ("example.org", "example.org"),
            ("a,b", "\"a,b\""),
            ("a\"b", "\"a\"\"b\""),
            ("=cmd", "'=cmd"),
            ("@x,y", "\"'@x,y\""),
            ("a\u{202e}b", "a\\u{202e}b"),
        ] {
            assert_eq!(cell(text), expected);
        }
    }
}
