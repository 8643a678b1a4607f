//! `casebook show`: sync, find one report, print it.

use casebook::{Casebook, Query, Report, SearchOptions};

use crate::args::ShowArgs;
use crate::exit::Outcome;
use crate::freshness;
use crate::print::report;
use crate::session::Session;

/// More candidates than this help nobody to choose.
const MOST: usize = 10;

/// Runs the command.
pub fn run(args: &ShowArgs, session: &Session) -> anyhow::Result<Outcome> {
    let (casebook, location) = session.open(freshness::access(args.freshness))?;
    freshness::ensure(&casebook, args.freshness, session)?;
    match casebook.find_reports(&args.id)?.as_slice() {
        [] => {
            unknown(&casebook, args, session);
            Ok(Outcome::Nothing)
        }
        [one] => {
            session.print(|out| match args.json {
                true => report::json(one, out),
                false => report::text(one, &location.prefix, session.style, out),
            })?;
            Ok(Outcome::Done)
        }
        several => {
            ambiguous(several, args, session);
            Ok(Outcome::Incomplete)
        }
    }
}

fn ambiguous(candidates: &[Report], args: &ShowArgs, session: &Session) {
    let messages = &session.messages;
    messages.error(&format!("{} reports match {:?}; which one?", candidates.len(), args.id));
    for candidate in candidates.iter().take(MOST) {
        messages.block(&report::line(candidate));
    }
    if candidates.len() > MOST {
        messages.block(&format!("and {} more", candidates.len() - MOST));
    }
}

/// Whoever does not know the id may know the victim: the words of the id as a query give the nearest reports.
fn unknown(casebook: &Casebook, args: &ShowArgs, session: &Session) {
    let messages = &session.messages;
    messages.error(&format!("no report has the id, path or file name {:?}", args.id));
    let words: Vec<_> =
        args.id.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let options = SearchOptions { limit: 3, ..SearchOptions::default() };
    // A suggestion that fails is no error: the answer was given above.
    let nearest = Query::from_args(words).and_then(|query| casebook.search(&query, &options));
    if let Ok(nearest) = nearest
        && !nearest.hits.is_empty()
    {
        messages.help("the nearest reports are");
        for hit in &nearest.hits {
            messages.block(&report::line(&hit.report));
        }
    }
}
