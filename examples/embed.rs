//! Casebook inside another program.
//!
//! Run it with `cargo run --example embed`, or with a folder of reports: `cargo run --example embed -- corpus`.

#![allow(clippy::print_stdout, reason = "the library prints nothing; a program may")]

use casebook::{Casebook, Error, Query, Report, Results, SearchOptions};

fn main() -> Result<(), Error> {
    // A program that has its reports already keeps them in memory. Nothing but an id is needed, and whatever is not
    // known stays empty.
    let casebook = Casebook::in_memory()?;
    casebook.add([
        Report {
            victim: "Région Normandie".into(),
            date: Some("Dec 2023".parse()?),
            body: "The attackers defaced the official website and left a slogan.".into(),
            ..Report::new("case-1")
        },
        Report {
            victim: "Port of Lindesvik".into(),
            date: Some("Aug 30-31, 2023".parse()?),
            summary: "Ransomware stopped the cranes. The website stayed online.".into(),
            ..Report::new("case-2")
        },
    ])?;

    // A query is what a user types. What can't be understood is an error that points at the place.
    let query = Query::parse("website defaced date:2023")?;
    print(&casebook.search(&query, &SearchOptions::default())?);
    if let Err(error) = Query::parse("victm:port") {
        println!("{}", error.diagnostic().map_or_else(|| error.to_string(), |d| d.render()));
    }

    // The same over a folder, whose index lives in `.casebook` below it. A sync reads what is new or changed.
    if let Some(folder) = std::env::args_os().nth(1) {
        let casebook = Casebook::open(folder)?;
        let synced = casebook.sync()?;
        println!("{} reports, {} new", synced.reports, synced.added);
        print(&casebook.search(&query, &SearchOptions { limit: 3, ..SearchOptions::default() })?);
    }
    Ok(())
}

/// Each hit, with the passages that show why it is one.
fn print(results: &Results) {
    println!("{}: {} full, {} partial", results.query, results.total, results.partial_total);
    for hit in &results.hits {
        let date = hit.report.date.map(|date| date.to_string()).unwrap_or_default();
        println!("{}. {} ({date})", hit.rank, hit.report.victim);
        for passage in &hit.passages {
            // Ranges count in the section's text; relative to the passage they mark its matches.
            let mut text = passage.text.clone();
            for highlight in passage.highlights.iter().rev() {
                text.insert(highlight.range.end - passage.range.start, ']');
                text.insert(highlight.range.start - passage.range.start, '[');
            }
            println!("   {text}");
        }
    }
}
