//! What a sync did, in one line.
//!
//! In: its report, and the skips that are new. Out: a line for people, with the new skips below it; or a JSON object.

use std::io::{self, Write};
use std::time::SystemTime;

use casebook::{Skip, SyncReport};
use serde::Serialize;

use crate::print::escape;
use crate::print::json::Versioned;
use crate::print::status::timestamp;
use crate::sync::{counted, counts};

/// At most this many skips are listed for people.
const MOST: usize = 10;

/// For people.
pub fn text(
    report: &SyncReport,
    skips: &[&Skip],
    now: SystemTime,
    out: &mut dyn Write,
) -> io::Result<()> {
    let seconds = report.elapsed.as_secs_f64();
    let rebuilt = match &report.rebuilt {
        Some(reason) => format!("; built anew: {reason}"),
        None => String::new(),
    };
    let line = format!("{} {} ({seconds:.1} s){rebuilt}", timestamp(now), counts(report),);
    writeln!(out, "{}", escape::line(&line))?;
    for skip in skips.iter().take(MOST) {
        writeln!(out, "  skipped: {}", escape::line(&skip.to_string()))?;
    }
    if skips.len() > MOST {
        let more = counted(skips.len() - MOST, "skip", "skips");
        writeln!(out, "  and {more} more: `casebook index -v` lists them")?;
    }
    Ok(())
}

/// For programs.
pub fn json(
    report: &SyncReport,
    skips: &[&Skip],
    now: SystemTime,
    out: &mut dyn Write,
) -> io::Result<()> {
    let view = SyncView {
        time: timestamp(now),
        reports: report.reports,
        added: report.added,
        updated: report.updated,
        renamed: report.renamed,
        removed: report.removed,
        unchanged: report.unchanged,
        ambiguous_dates: report.ambiguous_dates,
        bytes_read: report.bytes_read,
        seconds: report.elapsed.as_secs_f64(),
        rebuilt: report.rebuilt.as_deref(),
        skips,
    };
    serde_json::to_writer(&mut *out, &Versioned::of(view))?;
    writeln!(out)
}

#[derive(Serialize)]
struct SyncView<'a> {
    time: String,
    reports: usize,
    added: usize,
    updated: usize,
    renamed: usize,
    removed: usize,
    unchanged: usize,
    ambiguous_dates: usize,
    bytes_read: u64,
    seconds: f64,
    rebuilt: Option<&'a str>,
    /// Those that are new.
    skips: &'a [&'a Skip],
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use casebook::SkipKind;

    use super::*;

    #[test]
    fn a_line_says_what_a_sync_did() {
        let report = SyncReport {
            reports: 1155,
            added: 2,
            renamed: 1,
            unchanged: 1152,
            elapsed: Duration::from_millis(120),
            ..SyncReport::default()
        };
        let skip = Skip {
            path: "a\n.txt".into(),
            line: None,
            record: None,
            kind: SkipKind::Binary,
            reason: "binary file".into(),
        };
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_704_067_199);
        let mut out = Vec::new();
        text(&report, &[&skip], time, &mut out).unwrap();
        let line = String::from_utf8(out).unwrap();
        assert!(
            line.starts_with(
                "2023-12-31T23:59:59Z 1,155 reports: 2 new, 0 changed, 1 moved, 0 removed, 1,152 unchanged (0.1 s)\n  skipped: a"
            ) && line.lines().count() == 2,
            "{line}"
        );
        let mut out = Vec::new();
        json(&report, &[&skip], time, &mut out).unwrap();
        let value: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!((&value["renamed"], &value["skips"][0]["kind"]), (&1.into(), &"binary".into()));
    }
}
