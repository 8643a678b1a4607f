//! `casebook index`: sync, and say in full what that did.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use anyhow::Context;
use casebook::{Skip, SyncReport};

use crate::args::IndexArgs;
use crate::corpus::Access;
use crate::exit::Outcome;
use crate::print::{escape, status::size};
use crate::session::Session;
use crate::sync::{self, by_kind, counted, counts, grouped};

/// Runs the command.
pub fn run(args: &IndexArgs, session: &Session) -> anyhow::Result<Outcome> {
    let elsewhere = session.over(args.dir.as_deref())?;
    let session = elsewhere.as_ref().unwrap_or(session);

    let (casebook, _) = session.open(Access::Write)?;
    if args.verify && casebook.is_indexed() {
        match casebook.verify() {
            Ok(bytes) => session.messages.info(&format!("verified {} of index", size(bytes))),
            // It is built anew below; that is why it was asked.
            Err(error) => session.messages.warning(&error.to_string()),
        }
    }
    let report = sync::run(&casebook, &session.messages)?;
    sync::list(&report, &session.messages);
    if let Some(path) = &args.report {
        write_skips(&report.skips, path)
            .with_context(|| format!("writing the skips to {}", path.display()))?;
    }
    let summary = summary(&report);
    session.print(|out| out.write_all(escape::lines(&summary).as_bytes()))?;
    Ok(Outcome::Done.unless_incomplete(sync::is_incomplete(&report)))
}

/// One skip a line, in the shape that docs/json-output.md describes.
fn write_skips(skips: &[Skip], path: &Path) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    for skip in skips {
        serde_json::to_writer(&mut out, skip)?;
        writeln!(out)?;
    }
    out.flush()
}

fn summary(report: &SyncReport) -> String {
    let mut lines = Vec::new();
    if let Some(reason) = &report.rebuilt {
        lines.push(format!("The index was built anew: {reason}"));
    }
    lines.push(counts(report));
    if !report.skips.is_empty() {
        let kinds: Vec<_> = by_kind(&report.skips)
            .iter()
            .map(|(kind, count)| format!("{} {kind}", grouped(*count)))
            .collect();
        lines.push(format!("{} skipped: {}", grouped(report.skips.len()), kinds.join(", ")));
    }
    if !report.ignored.is_empty() {
        let kinds: Vec<_> = report
            .ignored
            .iter()
            .map(|(extension, count)| format!("{extension} {}", grouped(*count)))
            .collect();
        let files = counted(report.ignored.values().sum(), "file", "files");
        lines.push(format!("{files} of other kinds: {}", kinds.join(", ")));
    }
    if report.ambiguous_dates > 0 {
        let dates = counted(report.ambiguous_dates, "date", "dates");
        lines.push(format!(
            "{dates} such as 03/04/2021, kept as either reading: `order` under [dates] in casebook.toml settles them"
        ));
    }
    let seconds = report.elapsed.as_secs_f64();
    let mut time = format!("{seconds:.1} s");
    if report.bytes_read > 0 && seconds > 0.0 {
        let rate = (report.bytes_read as f64 / seconds) as u64;
        time.push_str(&format!(", {} read, {}/s", size(report.bytes_read), size(rate)));
    }
    lines.push(time);
    lines.push(String::new());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use casebook::SkipKind;

    use super::*;

    #[test]
    fn the_summary_accounts_for_everything() {
        let skip =
            |kind| Skip { path: "a".into(), line: None, record: None, kind, reason: String::new() };
        let report = SyncReport {
            added: 2,
            updated: 1,
            removed: 3,
            renamed: 4,
            unchanged: 1148,
            reports: 1155,
            ambiguous_dates: 1200,
            skips: [SkipKind::Binary, SkipKind::Unreadable, SkipKind::Binary].map(skip).into(),
            ignored: [(".md".to_owned(), 2), (".png".to_owned(), 1)].into(),
            bytes_read: 3_000_000,
            elapsed: Duration::from_millis(1500),
            ..SyncReport::default()
        };
        assert_eq!(
            summary(&report),
            "1,155 reports: 2 new, 1 changed, 4 moved, 3 removed, 1,148 unchanged\n\
             3 skipped: 2 binary, 1 unreadable\n\
             3 files of other kinds: .md 2, .png 1\n\
             1,200 dates such as 03/04/2021, kept as either reading: `order` under [dates] in casebook.toml settles them\n\
             1.5 s, 3.0 MB read, 2.0 MB/s\n"
        );
    }
}
