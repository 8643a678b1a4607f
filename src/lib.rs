//! Full-text search over cyber-incident reports: ranked, highlighted, citable.
//!
//! A [`Casebook`] is a folder of incident reports with an index, or reports in memory. It answers a [`Query`] with
//! [`Results`]: reports in order, each with the passages of its own text that satisfied the query.
//!
//! ```
//! use casebook::{Casebook, Query, SearchOptions};
//!
//! # let folder = std::env::temp_dir().join(format!("casebook-tour-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder).unwrap();
//! # std::fs::write(folder.join("normandie.txt"), "Cyber Incident Victim: Région Normandie\nDate:\nDec 2023\n\
//! #     Location:\nFrance\nDescription\nThe attackers defaced the official website.\n").unwrap();
//! // Any folder of reports; the index goes to `.casebook` in it.
//! let casebook = Casebook::open(&folder)?;
//! let synced = casebook.sync()?;
//! assert_eq!(synced.added, 1);
//!
//! let query = Query::parse("country:France date:2023 website defaced")?;
//! let results = casebook.search(&query, &SearchOptions::default())?;
//! for hit in &results.hits {
//!     println!("{} ({})", hit.report.victim, hit.report.date.unwrap());
//!     for passage in &hit.passages {
//!         println!("    {}", passage.text);
//!     }
//! }
//! assert_eq!(results.hits[0].passages[0].text, "The attackers defaced the official website.");
//!
//! // Zero hits explain themselves: here the phrase is not in the report, but its words are near each other.
//! let results = casebook.search(&Query::parse("\"website defaced\"")?, &SearchOptions::default())?;
//! assert_eq!(results.total, 0);
//! assert_eq!(results.relaxation.unwrap().query, "\"website defaced\"~4");
//! # std::fs::remove_dir_all(&folder).unwrap();
//! # Ok::<(), casebook::Error>(())
//! ```
//!
//! The query language is described in the repository, in `docs/query-language.md`.
//!
//! # Features
//!
//! - `cli` (default): the program `casebook` and what it depends on. A program that embeds the engine says
//!   `default-features = false`.

mod analysis;
mod casebook;
mod country;
mod date;
mod error;
pub mod eval;
mod index;
mod ingest;
mod query;
mod report;
mod search;

pub use analysis::{
    Analyzer, IndicatorKind, Language, MAX_FORM_BYTES, OwnedToken, Token, TokenKind, defang,
    detect_language, fold, is_function_word,
};
pub use casebook::{Casebook, OpenOptions};
pub use country::{Country, CountryGroup, Location};
pub use date::{
    Certainty, DateProblem, DateSpan, Day, DayOrder, IncidentDate, ParsedDate, Precision,
    RelativeSpan, RelativeUnit,
};
pub use error::{Diagnostic, Error, ErrorKind, Result};
pub use index::{FORMAT_VERSION, LastLook, Pending, Progress, Status, SyncReport};
pub use ingest::{
    FileConfig, FileNote, FileOutcome, Format, Found, Limits, Skip, SkipKind, WalkedFile,
    parse_bytes, parse_bytes_with_config, read_file, read_file_with, read_file_with_config, walk,
    walk_with_config,
};
pub use query::{
    AddressRange, AliasKind, AliasSet, Aliases, AmbiguousName, Clause, ClauseKind, Comparison,
    CountField, CountryFilter, DateFilter, Field, FieldKind, Filter, FilterSpan, IndicatorField,
    IndicatorFilter, MissingField, Note, Phrase, Query, Span,
};
pub use report::{Origin, Report, Section, Source, Tally};
pub use search::{
    AliasMatch, ClauseCount, Highlight, Hit, IndicatorCount, Indicators, Lookup, MatchedClause,
    Passage, Position, Ranking, Relaxation, Results, SearchOptions, Sort, Suggestion, Tier,
};

/// The Rust of the README, as doctests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeDoctests;
