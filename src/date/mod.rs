//! When an incident happened: intervals of days, as precise as the source is.
//!
//! In: dates as people write them, in seven languages and most orders. Out: [`IncidentDate`], a closed interval with
//! the precision that it was written with; [`DateSpan`] and [`RelativeSpan`], what a query asks for; and the
//! [`Certainty`] with which the one falls in the other. Nothing is guessed: what can be read in two ways becomes the
//! interval that covers both, and what can't be read is an error.

mod day;
mod lex;
mod parse;
mod relative;
mod single;
mod span;
mod words;

#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::Error;

pub use day::Day;
pub use parse::{DayOrder, ParsedDate};
pub use relative::{RelativeSpan, RelativeUnit};
pub use span::{Certainty, DateProblem, DateSpan};

/// The years that an incident date may lie in. A year outside is taken for a slip, not a date.
pub(crate) const YEARS: std::ops::RangeInclusive<i32> = 1900..=2100;

/// When something happened: a closed interval of days, and the precision that it was written with.
///
/// Dates sort by first day, then last day. They print as precisely as they are known, and what is printed reads
/// back as the same date.
///
/// ```
/// use casebook::{IncidentDate, Precision};
///
/// let date: IncidentDate = "décembre 2023".parse()?;
/// assert_eq!(date.from().to_string(), "2023-12-01");
/// assert_eq!(date.to().to_string(), "2023-12-31");
/// assert_eq!(date.precision(), Precision::Month);
/// assert_eq!(date.to_string(), "Dec 2023");
///
/// assert_eq!("30-31 Aug 2023".parse::<IncidentDate>()?.to_string(), "Aug 30-31, 2023");
///
/// let error = "2023-13".parse::<IncidentDate>().unwrap_err();
/// assert!(error.to_string().contains("no month 13"));
/// # Ok::<(), casebook::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct IncidentDate {
    from: Day,
    to: Day,
    precision: Precision,
}

/// How precisely a date was written.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// One day: `Aug 30, 2023`.
    Day,
    /// From one day to another, both written: `Aug 30-31, 2023`.
    Days,
    /// A calendar month: `Dec 2023`.
    Month,
    /// A calendar quarter: `Q3 2023`.
    Quarter,
    /// A calendar year: `2019`.
    Year,
    /// Some time in any other interval: `Mar - May 2021`, `early 2019`, `03/04/2021` where the order is not known.
    Range,
}

impl IncidentDate {
    /// One day; `None` outside the years 1900 to 2100.
    pub fn day(day: Day) -> Option<Self> {
        Self::new(day, day, Precision::Day)
    }

    /// A calendar month; `None` if there is none, or outside the years 1900 to 2100.
    pub fn month(year: i32, month: u32) -> Option<Self> {
        let from = Day::from_ymd(year, month, 1)?;
        Self::new(from, from.last_of_month(), Precision::Month)
    }

    /// A calendar quarter, 1 to 4; `None` if there is none, or outside the years 1900 to 2100.
    pub fn quarter(year: i32, quarter: u32) -> Option<Self> {
        let last = quarter.checked_mul(3)?;
        let from = Day::from_ymd(year, last.checked_sub(2)?, 1)?;
        Self::new(from, Day::from_ymd(year, last, 1)?.last_of_month(), Precision::Quarter)
    }

    /// A calendar year; `None` outside the years 1900 to 2100.
    pub fn year(year: i32) -> Option<Self> {
        Self::new(Day::from_ymd(year, 1, 1)?, Day::from_ymd(year, 12, 31)?, Precision::Year)
    }

    /// Some time from one day to another, both included; `None` if they are in the wrong order, or outside the
    /// years 1900 to 2100.
    ///
    /// ```
    /// use casebook::{Day, IncidentDate};
    ///
    /// let (from, to) = (Day::from_ymd(2021, 3, 1).unwrap(), Day::from_ymd(2021, 5, 31).unwrap());
    /// assert_eq!(IncidentDate::between(from, to).unwrap().to_string(), "Mar - May 2021");
    /// assert_eq!(IncidentDate::between(to, from), None);
    /// ```
    pub fn between(from: Day, to: Day) -> Option<Self> {
        let precision = if from == to { Precision::Day } else { Precision::Range };
        Self::new(from, to, precision)
    }

    /// An interval with a precision, as an index stores them; `None` if they don't fit together.
    pub fn new(from: Day, to: Day, precision: Precision) -> Option<Self> {
        let (first, last) = (from.ymd(), to.ymd());
        let whole_months = first.2 == 1 && to == to.last_of_month();
        let fits = match precision {
            Precision::Day => from == to,
            Precision::Days | Precision::Range => from < to,
            Precision::Month => whole_months && (first.0, first.1) == (last.0, last.1),
            Precision::Quarter => {
                whole_months && first.0 == last.0 && first.1 % 3 == 1 && last.1 == first.1 + 2
            }
            Precision::Year => whole_months && first.0 == last.0 && (first.1, last.1) == (1, 12),
        };
        (fits && YEARS.contains(&first.0) && YEARS.contains(&last.0)).then_some(Self {
            from,
            to,
            precision,
        })
    }

    /// The first day on which it may have happened.
    pub fn from(self) -> Day {
        self.from
    }

    /// The last day on which it may have happened.
    pub fn to(self) -> Day {
        self.to
    }

    /// How precisely it was written.
    pub fn precision(self) -> Precision {
        self.precision
    }
}

impl FromStr for IncidentDate {
    type Err = Error;

    /// Reads a date as people write it, without knowledge of the order of `03/04/2021`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse_with(text, DayOrder::Unknown).map(|parsed| parsed.date)
    }
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The English abbreviation of a month, 1 to 12.
fn month_name(month: u32) -> &'static str {
    MONTHS[(month.clamp(1, 12) - 1) as usize]
}

impl fmt::Display for IncidentDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.from.ymd();
        let (last_year, last_month, last_day) = self.to.ymd();
        let (name, last_name) = (month_name(month), month_name(last_month));
        let same_year = year == last_year;
        match self.precision {
            Precision::Day => write!(f, "{name} {day}, {year}"),
            Precision::Days if same_year && month == last_month => {
                write!(f, "{name} {day}-{last_day}, {year}")
            }
            Precision::Days if same_year => {
                write!(f, "{name} {day} - {last_name} {last_day}, {year}")
            }
            Precision::Days => {
                write!(f, "{name} {day}, {year} - {last_name} {last_day}, {last_year}")
            }
            Precision::Month => write!(f, "{name} {year}"),
            Precision::Quarter => write!(f, "Q{} {year}", last_month / 3),
            Precision::Year => write!(f, "{year}"),
            Precision::Range => {
                let whole_months = day == 1 && self.to == self.to.last_of_month();
                if whole_months && !same_year && month == 1 && last_month == 12 {
                    write!(f, "{year} - {last_year}")
                } else if whole_months && same_year && month != last_month {
                    write!(f, "{name} - {last_name} {year}")
                } else if whole_months && !same_year {
                    write!(f, "{name} {year} - {last_name} {last_year}")
                } else {
                    // "between" tells one unknown day in the interval from days that were all written.
                    write!(
                        f,
                        "between {name} {day}, {year} and {last_name} {last_day}, {last_year}"
                    )
                }
            }
        }
    }
}

/// An interval from outside, before it is known to make sense.
#[derive(Deserialize)]
struct Unchecked {
    from: Day,
    to: Day,
    precision: Precision,
}

impl TryFrom<Unchecked> for IncidentDate {
    type Error = String;

    fn try_from(raw: Unchecked) -> Result<Self, String> {
        Self::new(raw.from, raw.to, raw.precision).ok_or_else(|| {
            format!("{} to {} is no interval of precision {:?}", raw.from, raw.to, raw.precision)
        })
    }
}
