//! What a casebook holds.
//!
//! In: a status. Out: for people, a short table; or JSON.

use std::io::{self, Write};
use std::time::{Duration, SystemTime};

use casebook::{Country, Day, Skip, Status};
use serde::Serialize;

use super::json::{self, DateView, Versioned};
use super::layout::{Flow, Page};
use super::style::{Role, Style};
use crate::corpus::Location;
use crate::sync::{by_kind, counted, grouped};

/// Where values start.
const VALUES: usize = 11;
/// At most this many countries and languages are named for people; JSON has them all.
const MOST: usize = 8;

/// Prints a status for people.
pub fn text(
    status: &Status,
    location: &Location,
    now: SystemTime,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut page = Page::new(out, style);
    let rows = [
        ("Reports", reports(status)),
        ("Folder", location.root.display().to_string()),
        ("Index", index(status, location, now)),
        ("Dates", dates(status)),
        ("Countries", frequent(&status.countries, country)),
        ("Languages", frequent(&status.languages, |code| code)),
        ("Skipped", skipped(&status.skips)),
        ("Pending", pending(status)),
    ];
    for (label, value) in rows {
        if !value.is_empty() {
            page.labelled(label, VALUES, VALUES, &Flow::of(Role::Plain, &value))?;
        }
    }
    Ok(())
}

/// Prints a status as JSON.
pub fn json(status: &Status, location: &Location, out: &mut dyn Write) -> io::Result<()> {
    json::document(out, &Versioned::of(StatusView::new(status, location)))
}

fn reports(status: &Status) -> String {
    let reports = counted(status.reports, "report", "reports");
    format!("{reports} in {}", counted(status.files, "file", "files"))
}

fn index(status: &Status, location: &Location, now: SystemTime) -> String {
    let path = location.index_path();
    let Some(time) = status.indexed_at else {
        return format!("{}, not made yet: the first search makes it", path.display());
    };
    let age = now.duration_since(time).unwrap_or_default();
    format!(
        "{}, {}, format {}, last changed {} ({})",
        path.display(),
        size(status.index_bytes),
        status.format_version,
        ago(age),
        timestamp(time),
    )
}

fn dates(status: &Status) -> String {
    match status.date_range {
        Some(range) => format!(
            "{} of {} dated, {} to {}",
            grouped(status.dated),
            grouped(status.reports),
            range.from(),
            range.to(),
        ),
        None => String::new(),
    }
}

/// The name of a country for its code; a place that is no country keeps its own.
fn country(code: &str) -> &str {
    Country::parse(code).map_or(code, |country| country.name())
}

fn frequent<'a>(counts: &'a [(String, usize)], name: impl Fn(&'a str) -> &'a str) -> String {
    let mut named: Vec<_> = counts
        .iter()
        .take(MOST)
        .map(|(code, count)| format!("{} {}", name(code), grouped(*count)))
        .collect();
    if counts.len() > MOST {
        named.push(format!("and {} more", counts.len() - MOST));
    }
    named.join(", ")
}

fn skipped(skips: &[Skip]) -> String {
    let kinds: Vec<_> =
        by_kind(skips).iter().map(|(kind, count)| format!("{} {kind}", grouped(*count))).collect();
    match kinds.is_empty() {
        true => String::new(),
        false => format!("{} (`casebook index -v` lists them)", kinds.join(", ")),
    }
}

fn pending(status: &Status) -> String {
    let pending = &status.pending;
    let counts = [(pending.new, "new"), (pending.changed, "changed"), (pending.removed, "removed")];
    let parts: Vec<_> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{} {what}", grouped(*count)))
        .collect();
    match parts.is_empty() {
        true => "nothing: the index is up to date".into(),
        false => format!("{}; the next search takes them in", parts.join(", ")),
    }
}

/// A number of bytes, in the unit that suits it.
pub fn size(bytes: u64) -> String {
    let mut size = bytes as f64;
    let mut units = ["kB", "MB", "GB"].into_iter();
    let mut unit = "bytes";
    while size >= 1000.0 {
        let Some(next) = units.next() else { break };
        size /= 1000.0;
        unit = next;
    }
    if unit == "bytes" { format!("{bytes} bytes") } else { format!("{size:.1} {unit}") }
}

pub fn ago(age: Duration) -> String {
    let seconds = age.as_secs() as usize;
    match seconds {
        0..60 => "just now".into(),
        60..3600 => format!("{} ago", counted(seconds / 60, "minute", "minutes")),
        3600..86_400 => format!("{} ago", counted(seconds / 3600, "hour", "hours")),
        _ => format!("{} ago", counted(seconds / 86_400, "day", "days")),
    }
}

/// RFC 3339, in UTC, to the second.
pub fn timestamp(time: SystemTime) -> String {
    let seconds = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    let day = Day::from_days((seconds / 86_400) as i64);
    let (hour, minute) = (seconds / 3600 % 24, seconds / 60 % 60);
    format!("{day}T{hour:02}:{minute:02}:{:02}Z", seconds % 60)
}

#[derive(Serialize)]
struct StatusView<'a> {
    #[serde(serialize_with = "json::lossy")]
    root: &'a std::path::Path,
    #[serde(serialize_with = "json::lossy")]
    index: std::path::PathBuf,
    index_bytes: u64,
    format_version: u32,
    indexed_at: Option<String>,
    reports: usize,
    files: usize,
    dated: usize,
    dates: Option<DateView<'a>>,
    countries: Vec<CountView<'a>>,
    languages: Vec<CountView<'a>>,
    pending: PendingView,
    skips: &'a [Skip],
}

impl<'a> StatusView<'a> {
    fn new(status: &'a Status, location: &'a Location) -> Self {
        Self {
            root: &location.root,
            index: location.index_path(),
            index_bytes: status.index_bytes,
            format_version: status.format_version,
            indexed_at: status.indexed_at.map(timestamp),
            reports: status.reports,
            files: status.files,
            dated: status.dated,
            dates: status.date_range.map(DateView::new),
            countries: CountView::list(&status.countries),
            languages: CountView::list(&status.languages),
            pending: PendingView {
                new: status.pending.new,
                changed: status.pending.changed,
                removed: status.pending.removed,
            },
            skips: &status.skips,
        }
    }
}

#[derive(Serialize)]
struct CountView<'a> {
    name: &'a str,
    reports: usize,
}

impl<'a> CountView<'a> {
    fn list(counts: &'a [(String, usize)]) -> Vec<Self> {
        counts.iter().map(|(name, reports)| Self { name, reports: *reports }).collect()
    }
}

#[derive(Serialize)]
struct PendingView {
    new: usize,
    changed: usize,
    removed: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_ages_read_well() {
        assert_eq!(size(999), "999 bytes");
        assert_eq!(size(1_234), "1.2 kB");
        assert_eq!(size(5_000_000_000_000), "5000.0 GB");
        for (seconds, expected) in
            [(3, "just now"), (60, "1 minute ago"), (7300, "2 hours ago"), (200_000, "2 days ago")]
        {
            assert_eq!(ago(Duration::from_secs(seconds)), expected);
        }
    }

    #[test]
    fn timestamps_are_rfc_3339() {
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_704_067_199);
        assert_eq!(timestamp(time), "2023-12-31T23:59:59Z");
    }
}
