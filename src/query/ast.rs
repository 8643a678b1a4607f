//! What a query says: a tree of clauses, each with the span of the text that it was written in.
//!
//! In: the parser's findings. Out: [`Query`], which the planner compiles and [`Display`](std::fmt::Display) prints
//! in canonical form. Knows neither the index nor its schema.

use std::ops::Range;

use crate::country::{Country, CountryGroup};
use crate::date::{DateSpan, RelativeSpan};
use crate::query::indicator::IndicatorFilter;
use crate::report::Section;

/// Bytes of the query text.
pub type Span = Range<usize>;

/// A parsed query.
///
/// Two queries are equal when they ask the same, however they were typed: spans, notes and the text itself do not
/// count.
///
/// ```
/// use casebook::Query;
///
/// let query = Query::parse("“website defaced” -ransomware country:FR")?;
/// assert_eq!(query.to_string(), r#""website defaced" -ransomware country:FR"#);
/// # Ok::<(), casebook::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Query {
    /// The text as it was typed.
    pub(crate) text: String,
    /// `None`: nothing was asked, every report answers.
    pub(crate) root: Option<Clause>,
    /// How the text was read, where another reading was possible.
    pub(crate) notes: Vec<Note>,
}

impl Query {
    /// The text as it was typed; every [`Span`] counts its bytes.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How the text was read, where another reading was possible.
    ///
    /// ```
    /// use casebook::Query;
    ///
    /// let query = Query::parse("website - defaced")?;
    /// assert_eq!(query.notes()[0].message, "`-` has no letters or digits to search for");
    /// # Ok::<(), casebook::Error>(())
    /// ```
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// The whole of what is asked; `None` where nothing was asked, which every report answers.
    pub fn root(&self) -> Option<&Clause> {
        self.root.as_ref()
    }
}

impl PartialEq for Query {
    fn eq(&self, other: &Self) -> bool {
        self.root == other.root
    }
}

/// Something worth telling about how a query was read; not an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What it is about.
    pub span: Span,
    /// One sentence.
    pub message: String,
}

/// One part of a query.
#[derive(Debug, Clone)]
pub struct Clause {
    /// What it asks for.
    pub kind: ClauseKind,
    /// Where it was written.
    pub span: Span,
    /// Weight given with `^`; 1 where none is. The parser hands a weight on to what carries a score, so that
    /// [`Not`](ClauseKind::Not), [`Must`](ClauseKind::Must), [`Scoped`](ClauseKind::Scoped) and
    /// [`Filter`](ClauseKind::Filter) always have 1.
    pub boost: f32,
}

impl Clause {
    pub(crate) fn new(kind: ClauseKind, span: Span) -> Self {
        Self { kind, span, boost: 1.0 }
    }

    /// The clauses right below this one.
    pub fn children(&self) -> &[Clause] {
        match &self.kind {
            ClauseKind::All(clauses) | ClauseKind::And(clauses) | ClauseKind::Or(clauses) => {
                clauses
            }
            ClauseKind::Not(clause) | ClauseKind::Must(clause) | ClauseKind::Scoped(_, clause) => {
                std::slice::from_ref(clause)
            }
            ClauseKind::Word(_)
            | ClauseKind::Phrase(_)
            | ClauseKind::Wildcard(_)
            | ClauseKind::Fuzzy { .. }
            | ClauseKind::Regex(_)
            | ClauseKind::Indicator(_)
            | ClauseKind::Filter(_) => &[],
        }
    }
}

/// Equal when they ask the same; where they were written does not count.
impl PartialEq for Clause {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind && self.boost == other.boost
    }
}

/// What a clause asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum ClauseKind {
    /// Clauses side by side: all wanted; words may be missing from partial matches.
    All(Vec<Clause>),
    /// `a AND b`: all required.
    And(Vec<Clause>),
    /// `a OR b`
    Or(Vec<Clause>),
    /// `-a`, `NOT a`
    Not(Box<Clause>),
    /// `+a`: required even where partial matches are listed.
    Must(Box<Clause>),
    /// `victim:…`, `(victim|title):…`: the clause, in these sections only.
    Scoped(Vec<Section>, Box<Clause>),
    /// A bare word as typed (its analysis may yield several).
    Word(String),
    /// `"…"`, `"…"~4`
    Phrase(Phrase),
    /// `ransom*`, `ran*ware`, `defac?d`; a lone `*` is every report that has the text at all.
    Wildcard(String),
    /// `colonail~`, `colonail~2`
    Fuzzy {
        /// The word as typed, without `~`.
        word: String,
        /// At most this many edits; `None`: as many as suit the length of the word.
        distance: Option<u8>,
    },
    /// `/…/`, without the slashes.
    Regex(String),
    /// `ip:10.0.0.0/8`, `domain:example.org`: indicators anywhere in the text.
    Indicator(IndicatorFilter),
    /// A condition on a field that is not running text.
    Filter(Filter),
}

/// A quoted phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// What stands between the quotes, without a final `*`.
    pub text: String,
    /// How many edits are allowed (`~4`); 0 for the words as they stand.
    pub slop: u32,
    /// `"data breach*"`: the last word is a prefix.
    pub prefix: bool,
}

/// A condition that a report meets or not, without a score.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// `date:…`, `after:…`, `before:…`
    Date(DateFilter),
    /// `country:…`, `region:…`
    Country(CountryFilter),
    /// `motives:>=3`
    Count(CountField, Comparison, u32),
    /// `lang:fr`
    Language(String),
    /// `source:path/glob*`
    Source(String),
    /// `id:…`
    Id(String),
    /// `actor:"lapsus"`: words in the names of the threat actors.
    Actor(Phrase),
    /// `date:none` and the like: reports that lack the field.
    Missing(MissingField),
}

/// `date:…`
#[derive(Debug, Clone, PartialEq)]
pub struct DateFilter {
    /// The days asked for.
    pub span: FilterSpan,
    /// `date:certain:2023`: only what surely falls in it.
    pub certain: bool,
}

/// The days that a date filter covers.
#[derive(Debug, Clone, PartialEq)]
pub enum FilterSpan {
    /// The same days whenever the search runs.
    Fixed(DateSpan),
    /// `last-2-years`: depends on the day of the search.
    Relative(RelativeSpan),
}

/// `country:…`, `region:…`
#[derive(Debug, Clone, PartialEq)]
pub enum CountryFilter {
    /// One country.
    One(Country),
    /// Any country of a group or region.
    Group(CountryGroup),
    /// No country that is known: the planner looks whether reports write it so, and refuses it otherwise.
    Written(String),
}

/// The fields that hold a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountField {
    /// How many motives the report counts.
    Motives,
    /// How many techniques.
    Techniques,
    /// How many threat actors.
    Actors,
}

/// How a count is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `=`, or the number alone
    Equal,
    /// `>=`
    GreaterOrEqual,
    /// `>`
    Greater,
}

impl Comparison {
    /// As a query writes it; nothing for [`Equal`](Self::Equal).
    pub fn symbol(self) -> &'static str {
        match self {
            Comparison::Less => "<",
            Comparison::LessOrEqual => "<=",
            Comparison::Equal => "",
            Comparison::GreaterOrEqual => ">=",
            Comparison::Greater => ">",
        }
    }

    /// Whether `value` compares so with `number`.
    pub(crate) fn holds<T: PartialOrd>(self, value: &T, number: &T) -> bool {
        match self {
            Comparison::Less => value < number,
            Comparison::LessOrEqual => value <= number,
            Comparison::Equal => value == number,
            Comparison::GreaterOrEqual => value >= number,
            Comparison::Greater => value > number,
        }
    }
}

/// A field that a report may lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissingField {
    /// No date, or none that could be understood.
    Date,
    /// No country.
    Country,
    /// No victim.
    Victim,
    /// No language known.
    Language,
    /// Motives neither counted nor named.
    Motives,
    /// Techniques neither counted nor named.
    Techniques,
    /// Threat actors neither counted nor named.
    Actors,
}
