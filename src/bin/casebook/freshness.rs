//! How old an index may be that is searched.
//!
//! In: what the command line says, and how long the last look for changes took. Out: an index that is up to date, or a word
//! on stderr how old it is. Nothing is searched silently that may be stale.

use std::time::{Duration, SystemTime};

use casebook::{Casebook, LastLook};

use crate::args::FreshnessArgs;
use crate::corpus::Access;
use crate::print::status::ago;
use crate::session::Session;
use crate::sync::{self, counted};

/// A search waits so long for a look at all files, and no longer.
const BUDGET: Duration = Duration::from_secs(1);
/// The same as the user wants it, in milliseconds.
const BUDGET_VARIABLE: &str = "CASEBOOK_SYNC_BUDGET";
/// Fewer files are always looked at: where that took long, the machine was busy or the disk cold, once.
const FEW_FILES: usize = 10_000;

/// What a command does with the index.
pub fn access(args: FreshnessArgs) -> Access {
    if args.no_sync { Access::Read } else { Access::Write }
}

/// Takes in what is new or changed, unless told not to or there are too many files. Whether the answer may lack reports
/// that could not be read.
pub fn ensure(
    casebook: &Casebook,
    args: FreshnessArgs,
    session: &Session,
) -> casebook::Result<bool> {
    if args.no_sync {
        session.messages.note("not looked for new or changed reports (--no-sync)");
        return Ok(false);
    }
    if !args.sync
        && casebook.is_indexed()
        && let Some(look) = casebook.last_look()
        && let budget = std::env::var(BUDGET_VARIABLE).ok().and_then(|text| text.parse().ok())
        && is_costly(look, budget)
    {
        session.messages.note(&unchecked(look, SystemTime::now()));
        return Ok(false);
    }
    match sync::run(casebook, &session.messages) {
        Ok(report) => {
            sync::announce(&report, session);
            Ok(sync::is_incomplete(&report))
        }
        // What was indexed before can still be searched, as long as it is said that it may be old.
        Err(error) if casebook.is_indexed() => {
            session
                .messages
                .warning(&format!("could not look for new or changed reports: {error}"));
            Ok(true)
        }
        Err(error) => Err(error),
    }
}

/// Whether to look again would take longer than a search should wait. Who gives a budget means it for few files too.
fn is_costly(look: LastLook, budget: Option<u64>) -> bool {
    match budget {
        Some(milliseconds) => look.took >= Duration::from_millis(milliseconds),
        None => look.files >= FEW_FILES && look.took >= BUDGET,
    }
}

fn unchecked(look: LastLook, now: SystemTime) -> String {
    let age = now.duration_since(look.at).unwrap_or_default();
    format!(
        "not looked for new or changed reports: {} took {:.1} s, {}; `--sync` or `casebook index` does it",
        counted(look.files, "file", "files"),
        look.took.as_secs_f64(),
        ago(age),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(files: usize, milliseconds: u64) -> LastLook {
        let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        LastLook { at, files, took: Duration::from_millis(milliseconds) }
    }

    #[test]
    fn only_a_long_look_at_many_files_is_put_off() {
        for (files, milliseconds, budget, expected) in [
            (100_000, 400, None, false),
            (412_000, 1600, None, true),
            (9_999, 60_000, None, false),
            (412_000, 1600, Some(2000), false),
            (2, 3, Some(0), true),
            (2, 3, Some(4), false),
        ] {
            let found = is_costly(look(files, milliseconds), budget);
            assert_eq!(found, expected, "{files} {milliseconds} {budget:?}");
        }
    }

    #[test]
    fn the_age_of_the_index_is_said() {
        let now = look(0, 0).at + Duration::from_secs(3 * 3600 + 5);
        assert_eq!(
            unchecked(look(412_000, 1640), now),
            "not looked for new or changed reports: 412,000 files took 1.6 s, 3 hours ago; \
             `--sync` or `casebook index` does it"
        );
    }
}
