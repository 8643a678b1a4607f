//! Brings the index up to date, and says what that did.
//!
//! In: an opened casebook. Out: its [`SyncReport`], told on stderr in as few words as it needs. Long work shows a
//! progress bar; short work and pipes see nothing.

use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use casebook::{Casebook, Progress, Skip, SkipKind, SyncReport};
use indicatif::{ProgressBar, ProgressStyle};

use crate::messages::Messages;
use crate::print::status::size;
use crate::session::Session;

/// Work shorter than this shows no progress bar: it would only flicker.
const PATIENCE: Duration = Duration::from_millis(500);

/// Brings the index up to date and shows progress meanwhile.
pub fn run(casebook: &Casebook, messages: &Messages) -> casebook::Result<SyncReport> {
    if !messages.progress() {
        return casebook.sync();
    }
    let display = Display { start: Instant::now(), bar: OnceLock::new() };
    let report = casebook.sync_with(&|progress| display.show(progress));
    display.clear();
    report
}

/// Says what a search should mention: changes, and inputs that are missing from the answer.
pub fn announce(report: &SyncReport, session: &Session) {
    let messages = &session.messages;
    let list_command = format!("`{} -v`", session.command("index"));
    if let Some(reason) = &report.rebuilt {
        messages.note(&format!("the index was built anew: {reason}"));
    }
    if report.changed() {
        messages.info(&changes(report));
    }
    let unreadable = report.skips.iter().filter(|skip| skip.kind.is_failure()).count();
    let left_out = report.skips.len() - unreadable;
    if unreadable > 0 {
        let inputs = counted(unreadable, "input", "inputs");
        messages.warning(&format!("{inputs} could not be read; {list_command} says why"));
    }
    // Said once; but where nothing is left to search, it may be the reason.
    if left_out > 0 && (report.changed() || report.skipped_now > 0 || report.reports == 0) {
        let inputs = counted(left_out, "input that is no report", "inputs that are no reports");
        messages.note(&format!("left out {inputs}; {list_command} lists them"));
    }
    if messages.verbose() {
        list(report, messages);
    }
}

/// Every skip and note, one a line.
pub fn list(report: &SyncReport, messages: &Messages) {
    for skip in &report.skips {
        messages.detail(&format!("skipped: {skip}"));
    }
    for note in &report.notes {
        messages.detail(&note.to_string());
    }
}

/// Whether inputs are missing that may hold reports, which makes the answer less than whole.
pub fn is_incomplete(report: &SyncReport) -> bool {
    report.skips.iter().any(|skip| skip.kind.is_failure())
}

/// What changed, in one line.
pub fn changes(report: &SyncReport) -> String {
    let seconds = report.elapsed.as_secs_f64();
    if report.added == report.reports {
        return format!("indexed {} in {seconds:.1} s", counted(report.added, "report", "reports"));
    }
    let counts = [
        (report.added, "new"),
        (report.updated, "changed"),
        (report.renamed, "moved"),
        (report.removed, "removed"),
    ];
    let parts: Vec<_> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{} {what}", grouped(*count)))
        .collect();
    let last = counts.iter().rev().find(|(count, _)| *count > 0).map_or(0, |(count, _)| *count);
    let noun = if last == 1 { "report" } else { "reports" };
    format!("indexed {} {noun} in {seconds:.1} s", parts.join(", "))
}

/// Every number of reports, in one line.
pub fn counts(report: &SyncReport) -> String {
    let moved = Some((report.renamed, "moved")).filter(|(count, _)| *count > 0);
    let counts = [(report.added, "new"), (report.updated, "changed")]
        .into_iter()
        .chain(moved)
        .chain([(report.removed, "removed"), (report.unchanged, "unchanged")])
        .map(|(count, what)| format!("{} {what}", grouped(count)));
    let counts: Vec<_> = counts.collect();
    format!("{}: {}", counted(report.reports, "report", "reports"), counts.join(", "))
}

/// The kinds of skips in words, with their numbers, most frequent first.
pub fn by_kind(skips: &[Skip]) -> Vec<(&'static str, usize)> {
    let mut kinds = BTreeMap::new();
    for skip in skips {
        *kinds.entry(in_words(skip.kind)).or_insert(0) += 1;
    }
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    kinds.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    kinds
}

fn in_words(kind: SkipKind) -> &'static str {
    match kind {
        SkipKind::NotAReport => "not a report",
        SkipKind::Binary => "binary",
        SkipKind::Malformed => "malformed",
        SkipKind::TooLarge => "too large",
        SkipKind::Unreadable => "unreadable",
        SkipKind::NotAFile => "link or special file",
        _ => "other",
    }
}

/// `1 report`, `1,250 reports`
pub fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count), if count == 1 { one } else { many })
}

/// A number with its thousands set apart.
pub fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A progress bar that appears once the work has taken a while.
struct Display {
    start: Instant,
    bar: OnceLock<ProgressBar>,
}

impl Display {
    fn show(&self, progress: Progress) {
        if self.start.elapsed() < PATIENCE {
            return;
        }
        let bar = self.bar.get_or_init(|| ProgressBar::new(0).with_elapsed(self.start.elapsed()));
        match progress {
            Progress::Walking { files } => {
                set_style(bar, "looking for reports: {msg} files");
                bar.set_message(grouped(files));
            }
            Progress::Reading { files, bytes_done, bytes, .. } => {
                set_style(
                    bar,
                    "indexing [{bar:12}] {percent}% of {msg}, {decimal_bytes_per_sec}, {eta} left",
                );
                bar.set_length(bytes);
                bar.set_position(bytes_done);
                bar.set_message(format!("{} files ({})", grouped(files), size(bytes)));
            }
            Progress::Committing => {
                set_style(bar, "writing the index");
                bar.tick();
            }
            // Stages that a later library adds need no bar of their own.
            _ => bar.tick(),
        }
    }

    fn clear(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}

/// A template that indicatif can't read leaves the bar as it is.
fn set_style(bar: &ProgressBar, template: &str) {
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("=> "));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        for (count, expected) in
            [(0, "0"), (12, "12"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")]
        {
            assert_eq!(grouped(count), expected);
        }
        assert_eq!(counted(1, "report", "reports"), "1 report");
        assert_eq!(counted(2500, "report", "reports"), "2,500 reports");
    }

    #[test]
    fn kinds_are_counted_most_frequent_first() {
        let skip =
            |kind| Skip { path: "a".into(), line: None, record: None, kind, reason: String::new() };
        let skips = [SkipKind::Binary, SkipKind::NotAReport, SkipKind::NotAReport].map(skip);
        assert_eq!(by_kind(&skips), [("not a report", 2), ("binary", 1)]);
    }

    #[test]
    fn changes_are_told_in_one_line() {
        let report = |added, updated, removed, reports| SyncReport {
            added,
            updated,
            removed,
            renamed: usize::from(reports == 7),
            reports,
            ..SyncReport::default()
        };
        for (report, expected) in [
            (report(155, 0, 0, 155), "indexed 155 reports in 0.0 s"),
            (report(1, 0, 0, 1), "indexed 1 report in 0.0 s"),
            (report(2, 1, 1, 156), "indexed 2 new, 1 changed, 1 removed report in 0.0 s"),
            (report(1, 0, 1, 7), "indexed 1 new, 1 moved, 1 removed report in 0.0 s"),
            (report(0, 0, 0, 7), "indexed 1 moved report in 0.0 s"),
            (report(2, 0, 0, 156), "indexed 2 new reports in 0.0 s"),
            (report(0, 0, 1200, 3), "indexed 1,200 removed reports in 0.0 s"),
        ] {
            assert_eq!(changes(&report), expected);
        }
    }
}
