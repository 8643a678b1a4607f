//! `casebook indicators`: sync, count or look up, print.

use std::io::{IsTerminal, Read};

use anyhow::Context;
use casebook::{Casebook, IndicatorKind, Query, SearchOptions};

use crate::args::{IndicatorsArgs, Writing};
use crate::exit::Outcome;
use crate::freshness;
use crate::print::indicators::{self, Listing};
use crate::search::today;
use crate::session::Session;

/// How many of each kind are shown to people.
const SHOWN: usize = 10;

/// Runs the command.
pub fn run(args: &IndicatorsArgs, session: &Session) -> anyhow::Result<Outcome> {
    let query = Query::from_args(&args.query)?;
    let listed = args.from.as_deref().map(read_list).transpose()?;
    let (casebook, _) = session.open(freshness::access(args.freshness))?;
    let incomplete = freshness::ensure(&casebook, args.freshness, session)?;
    let outcome = match listed {
        Some(list) => look_up(&casebook, &list, args, session)?,
        None => count(&casebook, &query, args, session)?,
    };
    Ok(outcome.unless_incomplete(incomplete))
}

fn count(
    casebook: &Casebook,
    query: &Query,
    args: &IndicatorsArgs,
    session: &Session,
) -> anyhow::Result<Outcome> {
    query.notes().iter().for_each(|note| session.messages.note(&note.message));
    let options = SearchOptions { today: Some(today()), ..SearchOptions::default() };
    let mut held = casebook.indicators(query, &options)?;
    if !args.kinds.is_empty() {
        held.found.retain(|count| args.kinds.contains(&count.kind));
    }
    let typed = query.text();
    let listing = Listing { defanged: defanged(args), top: top(args), query: typed };
    session.print(|out| match args {
        IndicatorsArgs { json: true, .. } => indicators::json(&held, &listing, out),
        IndicatorsArgs { csv: true, .. } => indicators::csv(&held, &listing, out),
        _ => indicators::text(&held, &listing, session.style, out),
    })?;
    Ok(Outcome::found(!held.found.is_empty()))
}

fn look_up(
    casebook: &Casebook,
    list: &str,
    args: &IndicatorsArgs,
    session: &Session,
) -> anyhow::Result<Outcome> {
    let lines =
        list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let found = casebook.look_up(lines)?;
    let listing = Listing { defanged: defanged(args), top: top(args), query: "" };
    session.print(|out| match args {
        IndicatorsArgs { json: true, .. } => indicators::lookups_json(&found, &listing, out),
        IndicatorsArgs { csv: true, .. } => indicators::lookups_csv(&found, &listing, out),
        _ => indicators::lookups_text(&found, &listing, session.style, out),
    })?;
    Ok(Outcome::found(found.iter().any(|lookup| lookup.reports > 0)))
}

/// The file of indicators, or stdin for `-`. Bytes that are no UTF-8 can't be part of one.
fn read_list(path: &std::path::Path) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    if path.as_os_str() == "-" {
        std::io::stdin().lock().read_to_end(&mut bytes).context("reading indicators from stdin")?;
    } else {
        bytes = std::fs::read(path)
            .with_context(|| format!("reading indicators from {}", path.display()))?;
    }
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

/// On a terminal, where a link can be clicked, indicators are printed so that it can't; programs get them as they are.
fn defanged(args: &IndicatorsArgs) -> bool {
    match args.write {
        Some(Writing::Defanged) => true,
        Some(Writing::Fanged) => false,
        None => !args.json && !args.csv && std::io::stdout().is_terminal(),
    }
}

fn top(args: &IndicatorsArgs) -> usize {
    match args.top {
        Some(top) => top,
        None if args.json || args.csv => usize::MAX,
        None => SHOWN,
    }
}

/// A kind by its name.
pub fn kind(name: &str) -> Result<IndicatorKind, String> {
    IndicatorKind::from_name(name).ok_or_else(|| {
        let names: Vec<_> = IndicatorKind::ALL.iter().map(|kind| kind.name()).collect();
        format!("expected one of {}", names.join(", "))
    })
}
