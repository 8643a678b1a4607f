//! What a query asks of dates: a span of days, open at one end if need be.
//!
//! In: what stands after `date:`. Out: [`DateSpan`], which tells for any incident date whether it surely or only
//! possibly falls in it; or a [`DateProblem`] with the text that was probably meant.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::parse::{DayOrder, Fail, read};
use super::{Day, IncidentDate, YEARS};

/// A span of days, both ends included; one end may be open.
///
/// | written | covers |
/// |---|---|
/// | `2023`, `2023-08`, `2023-08-30`, `=2023`, `Aug 2023` | what the date covers |
/// | `2023-08..2024-02`, `Aug 2023 .. Feb 2024` | first day of the first to last day of the second |
/// | `2023..`, `>=2023` | from its first day on |
/// | `..2023`, `<=2023` | to its last day |
/// | `>2023` | from the day after its last day on |
/// | `<2023` | to the day before its first day |
///
/// It prints in a canonical form that reads back as the same span.
///
/// ```
/// use casebook::{Certainty, DateSpan, IncidentDate};
///
/// let span = DateSpan::parse(">=2023-08").unwrap();
/// assert_eq!(span.to_string(), "2023-08..");
///
/// let written = |text: &str| text.parse::<IncidentDate>().unwrap();
/// assert_eq!(span.certainty(&written("Aug 30, 2023")), Some(Certainty::Certain));
/// assert_eq!(span.certainty(&written("2023")), Some(Certainty::Possible));
/// assert_eq!(span.certainty(&written("2019")), None);
///
/// let problem = DateSpan::parse("2023-02-30").unwrap_err();
/// assert_eq!(problem.corrected.as_deref(), Some("2023-02-28"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DateSpan {
    from: Option<Day>,
    to: Option<Day>,
}

/// How surely a date falls in a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Certainty {
    /// All days of the date lie in the span.
    Certain,
    /// Some days of the date lie in the span.
    Possible,
}

/// What is wrong with a date in a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateProblem {
    /// What is wrong, and what was expected.
    pub message: String,
    /// The text that was probably meant, if one suggests itself.
    pub corrected: Option<String>,
}

impl DateSpan {
    /// Reads what stands after `date:`.
    pub fn parse(text: &str) -> Result<Self, DateProblem> {
        let text = text.trim();
        if text.is_empty() {
            return Err(problem(
                "a date is missing; write one like 2023, 2023-08 or 2023-08-30",
                None,
            ));
        }
        if let Some(rest) = text.strip_prefix(">=") {
            return Ok(Self { to: None, ..Self::of(end(rest, ">=", "")?) });
        }
        if let Some(rest) = text.strip_prefix("<=") {
            return Ok(Self { from: None, ..Self::of(end(rest, "<=", "")?) });
        }
        if let Some(rest) = text.strip_prefix('>') {
            return Self::after(end(rest, ">", "")?);
        }
        if let Some(rest) = text.strip_prefix('<') {
            return Self::before(end(rest, "<", "")?);
        }
        if let Some(rest) = text.strip_prefix('=') {
            return end(rest, "=", "").map(Self::of);
        }
        match split_range(text) {
            None => end(text, "", "").map(Self::of),
            Some(("", "")) => {
                Err(problem("both ends are missing; write a span like 2022..2023 or 2022..", None))
            }
            Some((from, "")) => Ok(Self { to: None, ..Self::of(end(from, "", "..")?) }),
            Some(("", to)) => Ok(Self { from: None, ..Self::of(end(to, "..", "")?) }),
            Some((from, to)) => {
                let first = end(from, "", &format!("..{to}"))?;
                let last = end(to, &format!("{from}.."), "")?;
                if first.from() > last.to() {
                    let message = format!("the span ends before it begins: {from} is after {to}");
                    return Err(problem(message, Some(format!("{to}..{from}"))));
                }
                Ok(Self { from: Some(first.from()), to: Some(last.to()) })
            }
        }
    }

    /// The days of a date.
    pub fn of(date: IncidentDate) -> Self {
        Self { from: Some(date.from()), to: Some(date.to()) }
    }

    /// All days before the first day of a date; fails where none are left.
    pub fn before(date: IncidentDate) -> Result<Self, DateProblem> {
        let to = date.from().add_days(-1);
        if to.year() < *YEARS.start() {
            return Err(problem(format!("no report is older than {}", YEARS.start()), None));
        }
        Ok(Self { from: None, to: Some(to) })
    }

    /// All days after the last day of a date; fails where none are left.
    ///
    /// ```
    /// use casebook::DateSpan;
    ///
    /// let span = DateSpan::after("2022".parse()?).unwrap();
    /// assert_eq!(span.to_string(), "2023..");
    /// # Ok::<(), casebook::Error>(())
    /// ```
    pub fn after(date: IncidentDate) -> Result<Self, DateProblem> {
        let from = date.to().add_days(1);
        if from.year() > *YEARS.end() {
            return Err(problem(format!("no report is later than {}", YEARS.end()), None));
        }
        Ok(Self { from: Some(from), to: None })
    }

    /// First day; `None` where the span is open.
    pub fn from(&self) -> Option<Day> {
        self.from
    }

    /// Last day; `None` where the span is open.
    pub fn to(&self) -> Option<Day> {
        self.to
    }

    /// Whether a date falls in the span: surely, possibly, or (`None`) not.
    pub fn certainty(&self, date: &IncidentDate) -> Option<Certainty> {
        let not_before = |day: Day| self.from.is_none_or(|from| from <= day);
        let not_after = |day: Day| self.to.is_none_or(|to| day <= to);
        if !not_before(date.to()) || !not_after(date.from()) {
            None
        } else if not_before(date.from()) && not_after(date.to()) {
            Some(Certainty::Certain)
        } else {
            Some(Certainty::Possible)
        }
    }

    pub(super) fn days(from: Option<Day>, to: Option<Day>) -> Self {
        Self { from, to }
    }
}

/// One date of a span. What stands before and after it makes the corrected text whole.
fn end(text: &str, before: &str, after: &str) -> Result<IncidentDate, DateProblem> {
    let text = text.trim();
    let whole = |corrected: String| format!("{before}{corrected}{after}");
    let parsed = read(text, DayOrder::Unknown).map_err(|fail: Fail| {
        // Years of two digits are common in a hurry; a hint is no guess.
        let short = text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
        let corrected = fail.corrected.or_else(|| short.then(|| format!("20{text}")));
        let hint = if corrected.is_none() {
            "; write a date like 2023, 2023-08 or 2023-08-30"
        } else {
            ""
        };
        problem(format!("“{text}” is not a date: {}{hint}", fail.message), corrected.map(whole))
    })?;
    let date = parsed.date;
    if parsed.ambiguous {
        let message = format!(
            "“{text}” can be read in two ways, from {} or to {}; write one of them",
            date.from(),
            date.to()
        );
        return Err(problem(message, None));
    }
    Ok(date)
}

fn problem(message: impl Into<String>, corrected: Option<String>) -> DateProblem {
    DateProblem { message: message.into(), corrected }
}

/// Splits at the first `..`, `...` or `…`.
fn split_range(text: &str) -> Option<(&str, &str)> {
    let (at, length) = match (text.find(".."), text.find('…')) {
        (Some(dots), Some(sign)) if sign < dots => (sign, '…'.len_utf8()),
        (Some(dots), _) => (dots, if text[dots..].starts_with("...") { 3 } else { 2 }),
        (None, Some(sign)) => (sign, '…'.len_utf8()),
        (None, None) => return None,
    };
    Some((text[..at].trim(), text[at + length..].trim()))
}

/// How coarse a day is as an end of a span: whole years and months print short.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Grain {
    Day,
    Month,
    Year,
}

impl Grain {
    fn of_first(day: Day) -> Self {
        match day.ymd() {
            (_, 1, 1) => Grain::Year,
            (_, _, 1) => Grain::Month,
            _ => Grain::Day,
        }
    }

    fn of_last(day: Day) -> Self {
        match day.ymd() {
            (_, 12, 31) => Grain::Year,
            _ if day == day.last_of_month() => Grain::Month,
            _ => Grain::Day,
        }
    }

    fn print(self, day: Day) -> String {
        let (year, month, _) = day.ymd();
        match self {
            Grain::Day => day.to_string(),
            Grain::Month => format!("{year}-{month:02}"),
            Grain::Year => year.to_string(),
        }
    }
}

impl fmt::Display for DateSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.from, self.to) {
            (Some(from), Some(to)) => {
                let grain = Grain::of_first(from).min(Grain::of_last(to));
                let (first, last) = (grain.print(from), grain.print(to));
                if first == last { f.write_str(&first) } else { write!(f, "{first}..{last}") }
            }
            (Some(from), None) => write!(f, "{}..", Grain::of_first(from).print(from)),
            (None, Some(to)) => write!(f, "..{}", Grain::of_last(to).print(to)),
            // Not reachable by parsing; every date falls in it.
            (None, None) => f.write_str(".."),
        }
    }
}

impl fmt::Display for DateProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spans_and_their_canonical_text() {
        for (text, canonical) in [
            ("2023", "2023"),
            ("=2023", "2023"),
            ("2023-08", "2023-08"),
            (" Aug 2023 ", "2023-08"),
            ("2023-08-30", "2023-08-30"),
            ("Q3 2023", "2023-07..2023-09"),
            ("2023-08..2024-02", "2023-08..2024-02"),
            ("2022 .. 2023-08", "2022-01..2023-08"),
            ("2022...2023", "2022..2023"),
            ("2022…2023", "2022..2023"),
            ("2022..", "2022.."),
            ("..2022-02", "..2022-02"),
            (">=2022", "2022.."),
            ("> 2022", "2023.."),
            (">2022-08-30", "2022-08-31.."),
            (">2022-08-31", "2022-09.."),
            ("<2022", "..2021"),
            ("<2022-03", "..2022-02"),
            ("<=2022-03-05", "..2022-03-05"),
            ("2023-08-01..2023-08-31", "2023-08"),
            ("March to May 2021", "2021-03..2021-05"),
        ] {
            let span = DateSpan::parse(text).unwrap_or_else(|p| panic!("{text}: {p}"));
            assert_eq!(span.to_string(), canonical, "{text}");
            assert_eq!(DateSpan::parse(canonical).unwrap(), span, "{text}");
        }
    }

    #[test]
    fn problems_suggest_the_text_that_was_meant() {
        for (text, message, corrected) in [
            ("2023-13", "no month 13", Some("2023-12")),
            ("2023-02-30", "only 28", Some("2023-02-28")),
            ("2023-30-08", "no month 30", Some("2023-08-30")),
            (">=2023-13", "no month 13", Some(">=2023-12")),
            ("2022..2023-13", "no month 13", Some("2022..2023-12")),
            ("2023-13..2024", "no month 13", Some("2023-12..2024")),
            ("2024..2023", "ends before it begins", Some("2023..2024")),
            ("23", "no year", Some("2023")),
            ("", "missing", None),
            ("..", "both ends", None),
            ("yesteryear", "yesteryear", None),
            ("03/04/2021", "two ways", None),
            ("2200", "1900 to 2100", None),
            (">2100", "2100", None),
            ("<1900", "1900", None),
            ("2022..2023..2024", "not a date", None),
        ] {
            let problem = DateSpan::parse(text).expect_err(text);
            assert!(problem.message.contains(message), "{text}: {problem}");
            assert_eq!(problem.corrected.as_deref(), corrected, "{text}");
            if let Some(corrected) = corrected {
                assert!(DateSpan::parse(corrected).is_ok(), "{corrected}");
            }
        }
    }

    #[test]
    fn certainty_at_the_edges() {
        let of = |span: &str, date: &str| {
            DateSpan::parse(span).unwrap().certainty(&date.parse().unwrap())
        };
        for (span, date, expected) in [
            ("2023", "Dec 2023", Some(Certainty::Certain)),
            ("2023-12", "2023", Some(Certainty::Possible)),
            ("2023-12", "Nov 30, 2023", None),
            ("2023-12", "Dec 31, 2023", Some(Certainty::Certain)),
            ("2023-12", "Jan 1, 2024", None),
            ("2023-12", "Nov 30 - Dec 1, 2023", Some(Certainty::Possible)),
            ("..2023", "Dec 31, 2023 - Jan 1, 2024", Some(Certainty::Possible)),
            ("2023..", "Dec 31, 2022", None),
        ] {
            assert_eq!(of(span, date), expected, "{span} {date}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC*") {
            let _ = DateSpan::parse(&text);
        }

        #[test]
        fn no_text_of_likely_characters_makes_it_panic(text in "[0-9.<>=… ~/A-z-]{0,24}") {
            if let Ok(span) = DateSpan::parse(&text) {
                prop_assert_eq!(DateSpan::parse(&span.to_string()), Ok(span));
            }
        }

        #[test]
        fn printed_spans_read_back(from in -25_567i64..47_846, length in 0i64..3_000, open in 0..3) {
            let (from, to) = (Day::from_days(from), Day::from_days((from + length).min(47_846)));
            let span = DateSpan { from: (open != 1).then_some(from), to: (open != 2).then_some(to) };
            prop_assert_eq!(DateSpan::parse(&span.to_string()), Ok(span));
        }
    }
}
