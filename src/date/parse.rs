//! The second stage of reading a date: tokens to an interval.
//!
//! In: a date as people write it, and what is known about the order of `03/04/2021`. Out: [`ParsedDate`], or a
//! [`Fail`] that says what is wrong and, if one suggests itself, what was probably meant.
//!
//! A date is either *single* (a day, month, year, ...) or two singles with something between them, where each end
//! takes what it lacks from the other: `Aug 30-31, 2023`, `between March and May 2021`. All that the
//! tokens allow is tried in a fixed order, and two different readings of the same rank are an error.

use serde::{Deserialize, Serialize};

use super::lex::{Lexed, Separator, Token, lex};
use super::single::{Reading, Single, Unit, no_month, no_year, resolve, single};
use super::{IncidentDate, Precision};
use crate::error::{Error, ErrorKind, Result};

/// In which order a source writes day and month where both are numbers: `03/04/2021`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DayOrder {
    /// Not known: a date that can be read in both ways becomes the interval that covers both.
    #[default]
    Unknown,
    /// `30/08/2023`
    DayFirst,
    /// `08/30/2023`
    MonthFirst,
}

/// A date, and how sure its reading is.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParsedDate {
    /// The interval.
    pub date: IncidentDate,
    /// It can be read in more than one way, and the interval covers them all: `03/04/2021`, `winter 2020`.
    pub ambiguous: bool,
    /// The bounds are softer than they look: `~2007`, `early 2019`, `summer 2020`.
    pub approximate: bool,
}

impl IncidentDate {
    /// Reads a date as people write it: in English, French, German, Spanish, Italian, Portuguese or Dutch, in
    /// numbers or words, with a time of day or without.
    ///
    /// What says less than a day becomes the interval that it covers. `early`, `mid` and `late` mean the first,
    /// middle and last half of the year or month; seasons are those of the northern hemisphere, in whole months,
    /// and the winter of one year covers both its ends. With dots, the day comes first unless `order` says
    /// otherwise. Intervals without an end (`since 2019`), years outside 1900 to 2100 and years of two digits
    /// are refused. A time zone is ignored: the day stays the one that was written.
    ///
    /// ```
    /// use casebook::{DayOrder, IncidentDate};
    ///
    /// let parsed = IncidentDate::parse_with("03/04/2021", DayOrder::Unknown)?;
    /// assert!(parsed.ambiguous);
    /// assert_eq!(parsed.date.to_string(), "between Mar 4, 2021 and Apr 3, 2021");
    ///
    /// let parsed = IncidentDate::parse_with("03/04/2021", DayOrder::DayFirst)?;
    /// assert_eq!(parsed.date.to_string(), "Apr 3, 2021");
    ///
    /// let parsed = IncidentDate::parse_with("Discovered ~2007", DayOrder::Unknown)?;
    /// assert!(parsed.approximate);
    ///
    /// let error = IncidentDate::parse_with("14/02", DayOrder::Unknown).unwrap_err();
    /// assert!(error.to_string().contains("no year"));
    /// # Ok::<(), casebook::Error>(())
    /// ```
    pub fn parse_with(text: &str, order: DayOrder) -> Result<ParsedDate> {
        read(text, order).map_err(|fail| {
            let shown: String = text.chars().take(80).collect();
            let help = match fail.corrected {
                Some(corrected) => format!("was {corrected} meant?"),
                None => "write a date like 2023-08-30, Aug 30, 2023, Aug 2023 or 2023".to_owned(),
            };
            let message = format!("“{}” is not a date: {}", shown.trim(), fail.message);
            Error::new(ErrorKind::Input, message).with_help(help)
        })
    }
}

/// Why a text is no date.
#[derive(Debug, Clone)]
pub(super) struct Fail {
    pub message: String,
    /// The date that was probably meant.
    pub corrected: Option<String>,
    /// Says what is wrong with this date, not only how dates look.
    specific: bool,
}

impl Fail {
    pub(super) fn generic() -> Self {
        Self {
            message: "no day, month or year can be read from it".into(),
            corrected: None,
            specific: false,
        }
    }

    pub(super) fn specific(message: impl Into<String>) -> Self {
        Self { message: message.into(), corrected: None, specific: true }
    }

    pub(super) fn corrected(mut self, corrected: Option<String>) -> Self {
        self.corrected = corrected;
        self
    }

    /// The more telling of two; the first where both tell as much.
    fn or(self, other: Fail) -> Fail {
        if !self.specific && other.specific { other } else { self }
    }
}

/// Reads a date; see [`IncidentDate::parse_with`].
pub(super) fn read(text: &str, order: DayOrder) -> Result<ParsedDate, Fail> {
    let Lexed { tokens, approximate } = lex(text)?;
    let mut tokens = trim(&tokens);
    if tokens.contains(&Token::Open) {
        return Err(open_interval());
    }
    let lead = tokens.first().copied().filter(|t| matches!(t, Token::Between | Token::Since));
    if lead.is_some() {
        tokens = trim(&tokens[1..]);
    }
    if let [.., Token::To | Token::Separator(Separator::Dash | Separator::Spaced)] = tokens {
        return Err(open_interval());
    }
    let reading = match whole(tokens, order) {
        Ok(reading) if lead.is_none() => Ok(reading),
        Ok(_) => halves(tokens, order, lead).map_err(|fail| open_interval().or(fail)),
        Err(fail) => halves(tokens, order, lead).map_err(|other| fail.or(other)),
    }?;
    let date = IncidentDate::new(reading.from, reading.to, reading.precision)
        .ok_or_else(|| Fail::specific("it reaches outside the years 1900 to 2100"))?;
    Ok(ParsedDate {
        date,
        ambiguous: reading.ambiguous,
        approximate: approximate || reading.approximate,
    })
}

fn open_interval() -> Fail {
    Fail::specific("it is an interval without an end: write both ends, as in 2019 - 2021")
}

/// Without commas and dots at the ends.
fn trim(mut tokens: &[Token]) -> &[Token] {
    const SKIP: [Token; 2] = [Token::Separator(Separator::Comma), Token::Separator(Separator::Dot)];
    while let [first, rest @ ..] = tokens
        && SKIP.contains(first)
    {
        tokens = rest;
    }
    while let [rest @ .., last] = tokens
        && SKIP.contains(last)
    {
        tokens = rest;
    }
    tokens
}

/// The tokens as one single date.
fn whole(tokens: &[Token], order: DayOrder) -> Result<Reading, Fail> {
    let single = single(tokens, order)?;
    let year = single.year.ok_or_else(no_year)?;
    resolve(single.unit, year)
}

/// The tokens as two dates with something between them.
fn halves(tokens: &[Token], order: DayOrder, lead: Option<Token>) -> Result<Reading, Fail> {
    let word = |t: Token| t == Token::To;
    let spaced = |t: Token| t == Token::Separator(Separator::Spaced);
    let glued = |t: Token| matches!(t, Token::Separator(Separator::Dash | Separator::Slash));
    let ranks: [&dyn Fn(Token) -> bool; 3] = [&word, &spaced, &glued];
    let mut worst = Fail::generic();
    for rank in ranks {
        let mut found: Option<Reading> = None;
        for at in (0..tokens.len()).filter(|&at| rank(tokens[at])) {
            let (left, right) = (trim(&tokens[..at]), trim(&tokens[at + 1..]));
            let reading = single(left, order)
                .and_then(|left| Ok((left, single(right, order)?)))
                .and_then(|(left, right)| join(left, right, lead == Some(Token::Between)));
            match (reading, found) {
                (Ok(reading), None) => found = Some(reading),
                (Ok(reading), Some(other)) if reading != other => {
                    return Err(Fail::specific("it can be read as more than one interval"));
                }
                (Ok(_), Some(_)) => {}
                (Err(fail), _) => worst = worst.or(fail),
            }
        }
        if let Some(reading) = found {
            return Ok(reading);
        }
    }
    Err(worst)
}

/// Two ends to one interval; each takes from the other what it lacks.
fn join(left: Single, right: Single, between: bool) -> Result<Reading, Fail> {
    let mut ends = [left, right];
    for (this, other) in [(0, 1), (1, 0)] {
        if let Unit::DayOnly(day) = ends[this].unit {
            let Unit::Day(month, _) = ends[other].unit else { return Err(no_month()) };
            ends[this].unit = Unit::Day(month, day);
        }
    }
    let [left, right] = ends;
    let end = |end: Single, year: Option<i32>| resolve(end.unit, year.ok_or_else(no_year)?);
    let mut from = end(left, left.year.or(right.year))?;
    let mut to = end(right, right.year.or(left.year))?;
    // `Nov - Feb 2021` begins in the year before, `Nov 2020 - Feb` ends in the year after.
    if from.from > to.to {
        match (left.year, right.year) {
            (None, Some(year)) => from = resolve(left.unit, year - 1)?,
            (Some(year), None) => to = resolve(right.unit, year + 1)?,
            _ => return Err(Fail::specific("it ends before it begins")),
        }
    }
    let ambiguous = from.ambiguous || to.ambiguous;
    let days = from.precision == Precision::Day && to.precision == Precision::Day;
    let precision = if from.from == to.to {
        Precision::Day
    } else if days && !between {
        Precision::Days
    } else {
        Precision::Range
    };
    let approximate = from.approximate || to.approximate;
    Ok(Reading { from: from.from, to: to.to, precision, ambiguous, approximate })
}
