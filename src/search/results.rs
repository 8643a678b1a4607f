//! What a search gives back.
//!
//! In: nothing. Out: [`Results`], its [`Hit`]s with their evidence, and the options that shape them.

use std::ops::Range;

use crate::date::{Certainty, Day};
use crate::query::{Aliases, Note, Span};
use crate::report::{Report, Section};

/// How a search is run. [`Default`] gives the first ten hits, best first.
///
/// ```
/// use casebook::{SearchOptions, Sort};
///
/// let options = SearchOptions { limit: 3, sort: Sort::Date, ..SearchOptions::default() };
/// assert_eq!(options.offset, 0);
/// ```
#[derive(Debug, Clone)]
pub struct SearchOptions {
    /// At most this many hits; 0 for the totals alone.
    pub limit: usize,
    /// Leave out this many hits at the front.
    pub offset: usize,
    /// The order of the hits.
    pub sort: Sort,
    /// What makes a hit better than another, where they are sorted by relevance.
    pub ranking: Ranking,
    /// Only what matches the query as written: no partial matches, no relaxed queries.
    pub strict: bool,
    /// At most this many passages a hit; `usize::MAX` for every one.
    pub passages: usize,
    /// The day that `last-2-years` counts from. `None`: a query that needs it is refused, for the library reads
    /// no clock.
    pub today: Option<Day>,
    /// Fill in [`Results::clauses`] and [`Hit::explanation`].
    pub explain: bool,
    /// What else names and terms are called; [`Aliases::none`] for words as typed.
    pub aliases: Aliases,
}

impl Default for SearchOptions {
    fn default() -> Self {
        Self {
            limit: 10,
            offset: 0,
            sort: Sort::Relevance,
            ranking: Ranking::Best,
            strict: false,
            passages: 3,
            today: None,
            explain: false,
            aliases: Aliases::default(),
        }
    }
}

/// The order of hits within a tier. Equal hits stand newest first, then by id, so that an order repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// Best first.
    #[default]
    Relevance,
    /// Newest first, by the last day of the interval; reports without a date last.
    Date,
    /// By victim, A to Z, accents and case folded; reports without a victim last.
    Victim,
}

/// What makes a hit better than another, within a tier.
///
/// ```
/// use casebook::{Ranking, SearchOptions};
///
/// let options = SearchOptions { ranking: Ranking::Newest, ..SearchOptions::default() };
/// assert_ne!(options.ranking, Ranking::default());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Ranking {
    /// How much it says of what was asked: words by their rarity, in names and titles above the rest, near each other,
    /// and in the company of the words that the best hits share.
    #[default]
    Best,
    /// The newest first among the good matches, which have at least half the score of the best; then the others.
    Newest,
    /// Words in the very form in which they were typed first; nothing but the words of the query counts.
    Exact,
}

/// The answer to a query.
#[derive(Debug, Clone, Default)]
pub struct Results {
    /// The query in canonical form.
    pub query: String,
    /// How the query was read, and what was left out of it.
    pub notes: Vec<Note>,
    /// This page of hits: full matches, then partial ones, then those of relaxed queries.
    pub hits: Vec<Hit>,
    /// Number of reports that match the query as written.
    pub total: usize,
    /// Of [`total`](Self::total), those whose date surely meets the date filters; equal to it where there are none.
    pub certain: usize,
    /// Number of reports that match some words but not all, beside [`total`](Self::total).
    pub partial_total: usize,
    /// The relaxed query whose hits stand in [`hits`](Self::hits), where the query as written finds nothing.
    pub relaxation: Option<Relaxation>,
    /// Reports that match everything but the date filters and have no date.
    pub undated: usize,
    /// Each clause on its own: in words, with the number of reports that it matches.
    pub clauses: Vec<ClauseCount>,
    /// Nearest words or victims that exist, for what was not found.
    pub suggestions: Vec<Suggestion>,
    /// Number of reports in the casebook.
    pub searched: usize,
}

/// A query that asks for less than what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relaxation {
    /// The relaxed query, ready to be typed.
    pub query: String,
    /// What was relaxed, in words.
    pub reason: String,
    /// Number of reports that match it.
    pub total: usize,
}

/// How a clause fares alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClauseCount {
    /// The clause as typed.
    pub text: String,
    /// Where it stands in the query.
    pub span: Span,
    /// What it was understood to ask, in words.
    pub meaning: String,
    /// Reports that it matches alone.
    pub hits: usize,
    /// Nesting, 0 for a clause of the top level.
    pub depth: usize,
    /// A report that fails this clause is no full match.
    pub required: bool,
}

/// A word or victim that exists, for one that does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// What was typed.
    pub typed: String,
    /// What exists.
    pub instead: String,
    /// Reports that hold it.
    pub hits: usize,
    /// The whole query with all suggestions taken.
    pub query: String,
}

/// A report that answers, with the reasons why.
#[derive(Debug, Clone)]
pub struct Hit {
    /// Place in the list over all pages, from 1.
    pub rank: usize,
    /// The report itself.
    pub report: Report,
    /// Higher is better; comparable within one search and one tier only.
    pub score: f32,
    /// Why it is in the list.
    pub tier: Tier,
    /// Whether its date surely meets the date filters; `None` where there are none.
    pub certainty: Option<Certainty>,
    /// Best passages, in reading order; at most [`SearchOptions::passages`].
    pub passages: Vec<Passage>,
    /// Number of passages that the report has in all.
    pub passages_total: usize,
    /// Clauses of the query that the report satisfied, each with the number of spans that show it.
    pub matched: Vec<MatchedClause>,
    /// Where the score comes from, where asked for: label and contribution.
    pub explanation: Vec<(String, f32)>,
}

/// Why a report is in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tier {
    /// It matches the query as written.
    Full,
    /// It lacks these words of the query.
    Partial {
        /// The words as typed.
        missing: Vec<String>,
    },
    /// It matches only [`Results::relaxation`].
    Relaxed,
}

/// A clause of the query that a hit satisfied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatchedClause {
    /// The clause as typed.
    pub text: String,
    /// Spans that show it, over the whole report; 0 for a threat actor that is only listed as such.
    pub spans: usize,
    /// The other name that the report has for it; `None` where it stands as typed.
    pub alias: Option<AliasMatch>,
}

/// Another name by which a report was found.
///
/// ```
/// use casebook::{Casebook, Query, Report, SearchOptions};
///
/// let casebook = Casebook::in_memory()?;
/// casebook.add([Report { body: "Sofacy sent the mails.".into(), ..Report::new("a") }])?;
/// let query = Query::parse("fancy bear mails")?;
/// let hit = &casebook.search(&query, &SearchOptions::default())?.hits[0];
/// let alias = hit.matched.iter().find_map(|matched| matched.alias.as_ref()).unwrap();
/// assert_eq!((alias.name.as_str(), alias.source.as_str()), ("Sofacy", "MITRE ATT&CK G0007"));
/// # Ok::<(), casebook::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AliasMatch {
    /// The name, as the aliases write it.
    pub name: String,
    /// What the set of these names is listed under.
    pub set: String,
    /// Where it stands that they mean the same, in short.
    pub source: String,
}

/// A piece of a report's own text, with what matched in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Passage {
    /// Which text of the report.
    pub section: Section,
    /// Bytes of that text.
    pub range: Range<usize>,
    /// The piece itself: `report.section(section)[range]`.
    pub text: String,
    /// What matched, in order, without overlaps; bytes of the section's text (not of the passage).
    pub highlights: Vec<Highlight>,
    /// Where the passage starts in the file, where its text stands there verbatim.
    pub position: Option<Position>,
}

/// A span of a report's text that a clause of the query asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Highlight {
    /// Bytes of the section's text.
    pub range: Range<usize>,
    /// The clauses that it satisfies: indices into [`Hit::matched`].
    pub clauses: Vec<usize>,
    /// Where it starts in the file.
    pub position: Option<Position>,
}

/// A place in a file's decoded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Bytes (UTF-8) before it.
    pub byte: u64,
    /// Characters before it.
    pub char: u64,
    /// Line, from 1.
    pub line: u64,
    /// Column in characters, from 1.
    pub column: u64,
}
