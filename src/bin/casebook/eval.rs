//! `casebook eval`: sync, run every query, measure, print.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, bail};
use casebook::eval::{Judgements, RandomisationTest, Run, Topic};
use casebook::{Aliases, Casebook, Query, SearchOptions};

use crate::aliases;
use crate::args::{EvalArgs, Syntax};
use crate::exit::Outcome;
use crate::freshness;
use crate::print::eval::{self, Measured};
use crate::search::today;
use crate::session::Session;
use crate::sync::counted;

/// The name of our run, in files and headings.
const TAG: &str = "casebook";

/// Runs the command.
pub fn run(args: &EvalArgs, session: &Session) -> anyhow::Result<Outcome> {
    let begun = Instant::now();
    let topics = args.queries.as_ref().map(Topic::read_all).transpose()?;
    let mut judgements = Judgements::read(&args.qrels)?;
    if let Some(topics) = &topics {
        restrict(&mut judgements, topics, session)?;
    }

    let mut incomplete = false;
    let mut runs = Vec::new();
    for path in args.compare.iter().chain(&args.runs) {
        let mut run = Run::read(path)?;
        for topic in topics.iter().flatten() {
            topic.excluded.iter().for_each(|excluded| run.exclude(&topic.id, excluded));
        }
        runs.push((path.display().to_string(), run));
    }
    if args.runs.is_empty() {
        let topics = topics.unwrap_or_default();
        let (casebook, location) = session.open(freshness::access(args.freshness))?;
        incomplete = freshness::ensure(&casebook, args.freshness, session)?;
        note_unknown(&casebook, &judgements, session)?;
        let aliases = match args.no_aliases {
            true => Aliases::none(),
            false => aliases::load(&location.root, None)?,
        };
        let run = search_all(&casebook, &topics, args, aliases)?;
        if let Some(path) = &args.run {
            write(&run, path).with_context(|| format!("writing the run to {}", path.display()))?;
        }
        runs.push((TAG.to_owned(), run));
    }

    let evaluations: Vec<_> =
        runs.into_iter().map(|(name, run)| (name, judgements.evaluate(&run))).collect();
    let compared = match &evaluations[..] {
        [(_, first), (_, second)] => Some(RandomisationTest::default().compare(first, second)?),
        _ => None,
    };
    let measured = Measured {
        runs: &evaluations,
        comparison: compared.as_ref(),
        per_query: args.per_query,
        elapsed: begun.elapsed(),
    };
    session.print(|out| match args.json {
        true => eval::json(&measured, out),
        false => eval::text(&measured, session.style, out),
    })?;
    Ok(Outcome::Done.unless_incomplete(incomplete))
}

/// Leaves the judgements of the queries that are asked.
fn restrict(
    judgements: &mut Judgements,
    topics: &[Topic],
    session: &Session,
) -> anyhow::Result<()> {
    let others = judgements.restrict(topics);
    if judgements.queries().next().is_none() {
        bail!("none of the queries is judged: are --queries and --qrels of the same set?");
    }
    if others > 0 {
        let queries = counted(others, "judged query is", "judged queries are");
        session.messages.note(&format!("{queries} not in --queries, and left out"));
    }
    Ok(())
}

/// Judged reports that are not there make every figure too low, so it is said.
fn note_unknown(
    casebook: &Casebook,
    judgements: &Judgements,
    session: &Session,
) -> anyhow::Result<()> {
    let (mut all, mut unknown) = (0, 0);
    for id in judgements.relevant_reports() {
        all += 1;
        unknown += usize::from(casebook.report(id)?.is_none());
    }
    if unknown == all && all > 0 {
        bail!("no report of this casebook has an id that the judgements name");
    }
    if unknown > 0 {
        let reports = counted(unknown, "relevant report is", "relevant reports are");
        session.messages.warning(&format!("{reports} not in the casebook, of {all}"));
    }
    Ok(())
}

fn search_all(
    casebook: &Casebook,
    topics: &[Topic],
    args: &EvalArgs,
    aliases: Aliases,
) -> anyhow::Result<Run> {
    let options = SearchOptions {
        // One more, since the report that a query was taken from goes.
        limit: args.depth.saturating_add(1),
        passages: 0,
        today: Some(today()),
        aliases,
        ..SearchOptions::default()
    };
    let mut run = Run::default();
    for topic in topics {
        let query = match args.syntax {
            Syntax::Plain => Query::words(&topic.text),
            Syntax::Query => Query::parse(&topic.text).with_context(|| in_query(topic))?,
        };
        let results = casebook.search(&query, &options).with_context(|| in_query(topic))?;
        let ids = results.hits.into_iter().map(|hit| hit.report.id);
        let others = ids.filter(|id| topic.excluded.as_ref() != Some(id));
        run.insert(&topic.id, others.take(args.depth))?;
    }
    Ok(run)
}

fn in_query(topic: &Topic) -> String {
    format!("query `{}`", topic.id)
}

fn write(run: &Run, path: &Path) -> anyhow::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    run.write(TAG, &mut out)?;
    Ok(out.flush()?)
}
