//! Spans that depend on the day of the search: `last-2-years`.
//!
//! In: what stands after `date:`. Out: [`RelativeSpan`], and with the day of the search a [`DateSpan`].

use std::fmt;

use super::{DateProblem, DateSpan, Day, YEARS};

/// So many days, weeks, months or years up to the day of the search.
///
/// ```
/// use casebook::{Day, RelativeSpan};
///
/// let span = RelativeSpan::parse("last-2-years").unwrap().unwrap();
/// let today = Day::from_ymd(2025, 3, 10).unwrap();
/// assert_eq!(span.resolve(today).to_string(), "2023-03-11..2025-03-10");
///
/// assert!(RelativeSpan::parse("2023").is_none());
/// let problem = RelativeSpan::parse("last-2-yeers").unwrap().unwrap_err();
/// assert_eq!(problem.corrected.as_deref(), Some("last-2-years"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RelativeSpan {
    count: u32,
    unit: RelativeUnit,
}

/// What a [`RelativeSpan`] counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RelativeUnit {
    /// Days.
    Days,
    /// Weeks of seven days.
    Weeks,
    /// Calendar months.
    Months,
    /// Calendar years.
    Years,
}

impl RelativeSpan {
    /// The last so many units; `None` for a count of 0 or beyond 1000.
    pub fn new(count: u32, unit: RelativeUnit) -> Option<Self> {
        (1..=1000).contains(&count).then_some(Self { count, unit })
    }

    /// Reads `last-2-years`, `last-30-days`, `last-year`, `past 6 months`. `None` where the text does not begin with
    /// `last` or `past` and so is meant as something else.
    pub fn parse(text: &str) -> Option<Result<Self, DateProblem>> {
        let text = text.trim().to_ascii_lowercase();
        let rest = text.strip_prefix("last").or_else(|| text.strip_prefix("past"))?;
        let rest = rest.trim_start_matches(['-', '_', ' ']);
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, unit) = rest.split_at(digits);
        let unit = unit.trim_matches(['-', '_', ' ']);
        // Too many digits for a number are too many days as well.
        let count = if number.is_empty() { 1 } else { number.parse().unwrap_or(u32::MAX) };
        let (exact, near) = RelativeUnit::read(unit);
        let problem = |message: String, corrected: Option<Self>| {
            Some(Err(DateProblem { message, corrected: corrected.map(|span| span.to_string()) }))
        };
        let Some(unit) = exact else {
            let suggestion = near.and_then(|unit| Self::new(count, unit));
            return problem(
                format!(
                    "“{text}” is no span: write days, weeks, months or years, as in last-2-years"
                ),
                suggestion,
            );
        };
        match Self::new(count, unit) {
            Some(span) => Some(Ok(span)),
            None => problem(
                format!("“{text}” must count from 1 to 1000"),
                (count == 0).then_some(Self { count: 1, unit }),
            ),
        }
    }

    /// How many units.
    pub fn count(self) -> u32 {
        self.count
    }

    /// What is counted.
    pub fn unit(self) -> RelativeUnit {
        self.unit
    }

    /// The days that are meant on the day of the search.
    ///
    /// The span ends today and is as long as it says: `last-7-days` is today and the six days before,
    /// `last-year` begins on the day after today's date a year ago. Where it would begin before 1900 it has no
    /// beginning.
    pub fn resolve(self, today: Day) -> DateSpan {
        let count = i64::from(self.count);
        let before = match self.unit {
            RelativeUnit::Days => today.add_days(-count),
            RelativeUnit::Weeks => today.add_days(-7 * count),
            RelativeUnit::Months => today.add_months(-count),
            RelativeUnit::Years => today.add_months(-12 * count),
        };
        let from = before.add_days(1);
        DateSpan::days((from.year() >= *YEARS.start()).then_some(from), Some(today))
    }
}

impl RelativeUnit {
    const ALL: [RelativeUnit; 4] = [Self::Days, Self::Weeks, Self::Months, Self::Years];

    fn name(self) -> &'static str {
        match self {
            Self::Days => "day",
            Self::Weeks => "week",
            Self::Months => "month",
            Self::Years => "year",
        }
    }

    /// The unit that is written, and the one that is probably meant.
    fn read(text: &str) -> (Option<Self>, Option<Self>) {
        let singular = text.strip_suffix('s').unwrap_or(text);
        let exact = |unit: &Self| unit.name() == singular || unit.name()[..1] == *text;
        // The four begin with different letters: after a slip that one is the best witness.
        let near = |unit: &Self| {
            !text.is_empty()
                && unit.name()[..1] == text[..text.chars().next().map_or(0, char::len_utf8)]
        };
        (Self::ALL.into_iter().find(exact), Self::ALL.into_iter().find(near))
    }
}

impl fmt::Display for RelativeSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.count {
            1 => write!(f, "last-{}", self.unit.name()),
            count => write!(f, "last-{count}-{}s", self.unit.name()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn read_and_print() {
        for (text, canonical) in [
            ("last-2-years", "last-2-years"),
            ("last-1-year", "last-year"),
            ("last year", "last-year"),
            ("LAST 30 days", "last-30-days"),
            ("last30d", "last-30-days"),
            ("past-6-months", "last-6-months"),
            ("last_week", "last-week"),
        ] {
            assert_eq!(
                RelativeSpan::parse(text).unwrap().unwrap().to_string(),
                canonical,
                "{text}"
            );
        }
        for (text, corrected) in [
            ("last-0-days", Some("last-day")),
            ("last-2-yeers", Some("last-2-years")),
            ("last", None),
            ("last-2", None),
            ("last-99999999999-years", None),
            ("last-2-éons", None),
        ] {
            let problem = RelativeSpan::parse(text).unwrap().unwrap_err();
            assert_eq!(problem.corrected.as_deref(), corrected, "{text}");
        }
        assert_eq!(RelativeSpan::parse("2023"), None);
        assert_eq!(RelativeSpan::parse("élast"), None);
    }

    #[test]
    fn resolves_to_as_many_days_as_it_says() {
        for (text, today, expected) in [
            ("last-day", "2025-03-10", "2025-03-10"),
            ("last-7-days", "2025-03-10", "2025-03-04..2025-03-10"),
            ("last-week", "2025-03-10", "2025-03-04..2025-03-10"),
            ("last-month", "2025-03-31", "2025-03"),
            ("last-2-years", "2024-02-29", "2022-03..2024-02"),
            ("last-year", "2025-12-31", "2025"),
            ("last-900-years", "2025-12-31", "..2025"),
        ] {
            let span = RelativeSpan::parse(text).unwrap().unwrap().resolve(today.parse().unwrap());
            assert_eq!(span.to_string(), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(last|past)?\\PC*") {
            if let Some(Ok(span)) = RelativeSpan::parse(&text) {
                prop_assert_eq!(RelativeSpan::parse(&span.to_string()), Some(Ok(span)));
            }
        }
    }
}
