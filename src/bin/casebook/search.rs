//! `casebook search`: sync, parse, search, print.

use std::time::SystemTime;

use casebook::{Aliases, Day, Query, Ranking, Results, SearchOptions, Sort};

use crate::aliases;
use crate::args::{RankBy, SearchArgs, SortBy};
use crate::exit::Outcome;
use crate::freshness;
use crate::print::{Answer, Format};
use crate::session::Session;

/// Runs the command.
pub fn run(args: &SearchArgs, session: &Session) -> anyhow::Result<Outcome> {
    // First, so that a mistyped query is refused before anything is indexed.
    let query = Query::from_args(&args.query)?;
    let format = format(args);

    let (casebook, location) = session.open(freshness::access(args.freshness))?;
    let incomplete = freshness::ensure(&casebook, args.freshness, session)?;

    let aliases = match args.no_aliases {
        true => Aliases::none(),
        false => aliases::load(&location.root, args.aliases.as_deref())?,
    };
    let results = casebook.search(&query, &SearchOptions { aliases, ..options(args) })?;
    for note in &results.notes {
        session.messages.note(&note.message);
    }
    let answer = Answer {
        typed: query.text(),
        results: &results,
        prefix: &location.prefix,
        command: &session.command("search"),
        explain: args.explain,
    };
    session.print(|out| format.printer(session.style).print(&answer, out))?;
    if let Some(rest) = left_out(format, &results) {
        session.messages.note(&rest);
    }
    Ok(outcome(&results).unless_incomplete(incomplete))
}

fn format(args: &SearchArgs) -> Format {
    match args {
        SearchArgs { json: true, .. } => Format::Json,
        SearchArgs { jsonl: true, .. } => Format::JsonLines,
        SearchArgs { count: true, .. } => Format::Count,
        SearchArgs { passages: Some(_), .. } => Format::Grep,
        _ => Format::Text,
    }
}

fn options(args: &SearchArgs) -> SearchOptions {
    let defaults = SearchOptions::default();
    SearchOptions {
        // The number alone needs no report read.
        limit: if args.count { 0 } else { args.limit },
        offset: args.offset,
        sort: match args.sort {
            SortBy::Relevance => Sort::Relevance,
            SortBy::Date => Sort::Date,
            SortBy::Victim => Sort::Victim,
        },
        ranking: match args.rank {
            RankBy::Best => Ranking::Best,
            RankBy::Newest => Ranking::Newest,
            RankBy::Exact => Ranking::Exact,
        },
        strict: args.strict || args.count,
        passages: args.passages.unwrap_or(defaults.passages),
        today: Some(today()),
        explain: args.explain,
        aliases: defaults.aliases,
    }
}

/// The day in UTC: for a span of years it is near enough everywhere, and it is the same for everyone.
pub fn today() -> Day {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Day::from_days((since.as_secs() / 86_400) as i64)
}

/// Found is what matches the query as written. Partial matches and those of a relaxed query answer another question,
/// and a script that asks `casebook search … && …` must not take them for this one's.
fn outcome(results: &Results) -> Outcome {
    Outcome::found(results.total > 0)
}

/// Lines without headings can't say that there are more reports, or none; stderr does.
fn left_out(format: Format, results: &Results) -> Option<String> {
    if !matches!(format, Format::Grep | Format::JsonLines) {
        return None;
    }
    let all = results.total + results.partial_total;
    match (all, results.hits.last().map(|hit| hit.rank)) {
        (0, None) => Some(format!("no report matches {}", results.query)),
        (0, Some(_)) => Some(format!("no report matches {} as written", results.query)),
        (_, Some(last)) if last < all => {
            Some(format!("{last} of {all} reports; --limit {all} prints all"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_matches_as_written_are_found() {
        let results = |total, partial_total| Results { total, partial_total, ..Results::default() };
        for (results, expected) in [
            (results(1, 0), Outcome::Done),
            (results(0, 1), Outcome::Nothing),
            (results(0, 0), Outcome::Nothing),
        ] {
            assert_eq!(outcome(&results), expected);
        }
    }
}
