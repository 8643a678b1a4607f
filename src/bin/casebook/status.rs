//! `casebook status`: look at the index, print what it holds.

use std::time::SystemTime;

use crate::args::StatusArgs;
use crate::corpus::Access;
use crate::exit::Outcome;
use crate::print::status;
use crate::session::Session;

/// Runs the command.
pub fn run(args: &StatusArgs, session: &Session) -> anyhow::Result<Outcome> {
    let (casebook, location) = session.open(Access::Read)?;
    let held = casebook.status()?;
    session.print(|out| match args.json {
        true => status::json(&held, &location, out),
        false => status::text(&held, &location, SystemTime::now(), session.style, out),
    })?;
    Ok(Outcome::Done)
}
