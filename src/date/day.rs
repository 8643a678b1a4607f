//! One calendar day as a number.
//!
//! In: a year, month and day of the month, or days since 1970-01-01. Out: [`Day`], which compares, counts and
//! prints as `YYYY-MM-DD`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{Error, ErrorKind};

/// A day of the (proleptic) Gregorian calendar, in the years 1 to 9999.
///
/// ```
/// use casebook::Day;
///
/// let day = Day::from_ymd(2023, 8, 30).unwrap();
/// assert_eq!(day.days(), 19_599);
/// assert_eq!(day.add_days(2).to_string(), "2023-09-01");
/// assert_eq!(Day::from_ymd(2023, 2, 30), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

impl Day {
    /// 0001-01-01
    pub const MIN: Day = Day(-719_162);
    /// 9999-12-31
    pub const MAX: Day = Day(2_932_896);

    /// The day with this year, month (1 to 12) and day of the month; `None` if there is none.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Day> {
        let exists = (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in_month(year, month)).contains(&day);
        exists.then(|| Day(count_days(year, month, day)))
    }

    /// The day so many days after 1970-01-01, or the nearest one in range.
    pub fn from_days(days: i64) -> Day {
        let days = days.clamp(i64::from(Self::MIN.0), i64::from(Self::MAX.0));
        // The clamp keeps the value in the range of an i32.
        Day(days as i32)
    }

    /// Days since 1970-01-01; negative before.
    pub fn days(self) -> i64 {
        i64::from(self.0)
    }

    /// Year, month (1 to 12) and day of the month (1 to 31).
    ///
    /// ```
    /// use casebook::Day;
    ///
    /// assert_eq!(Day::from_days(0).ymd(), (1970, 1, 1));
    /// ```
    pub fn ymd(self) -> (i32, u32, u32) {
        // Howard Hinnant's civil_from_days: years begin in March, so that the leap day is the last.
        let shifted = self.0 + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        let year = year_of_era + era * 400 + i32::from(month <= 2);
        (year, month.unsigned_abs(), day.unsigned_abs())
    }

    /// The year.
    pub fn year(self) -> i32 {
        self.ymd().0
    }

    /// So many days later (earlier if negative), or the nearest day in range.
    pub fn add_days(self, days: i64) -> Day {
        Day::from_days(self.days().saturating_add(days))
    }

    /// So many months later (earlier if negative), on the last day of the month where the month is too short.
    ///
    /// ```
    /// use casebook::Day;
    ///
    /// let day = Day::from_ymd(2024, 3, 31).unwrap();
    /// assert_eq!(day.add_months(-1).to_string(), "2024-02-29");
    /// ```
    pub fn add_months(self, months: i64) -> Day {
        let (year, month, day) = self.ymd();
        let total = (i64::from(year) * 12 + i64::from(month) - 1).saturating_add(months);
        let (year, month) = (total.div_euclid(12), total.rem_euclid(12) as u32 + 1);
        if year < 1 {
            Day::MIN
        } else if year > 9999 {
            Day::MAX
        } else {
            let year = year as i32;
            Day(count_days(year, month, day.min(days_in_month(year, month))))
        }
    }

    /// The first day of its month.
    pub fn first_of_month(self) -> Day {
        let (_, _, day) = self.ymd();
        self.add_days(1 - i64::from(day))
    }

    /// The last day of its month.
    pub fn last_of_month(self) -> Day {
        let (year, month, day) = self.ymd();
        self.add_days(i64::from(days_in_month(year, month)) - i64::from(day))
    }
}

/// How many days a month has; 31 for a month that does not exist.
pub(super) fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Howard Hinnant's days_from_civil, for years 1 to 9999.
fn count_days(year: i32, month: u32, day: u32) -> i32 {
    let (month, day) = (month as i32, day as i32);
    let year = year - i32::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let from_march = (month + 9) % 12;
    let day_of_year = (153 * from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl FromStr for Day {
    type Err = Error;

    /// Reads `YYYY-MM-DD` and nothing else; [`IncidentDate`](super::IncidentDate) reads what people write.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = |range: std::ops::Range<usize>| -> Option<u32> {
            let digits = text.get(range)?;
            digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok())?
        };
        let read = || {
            let bytes = text.as_bytes();
            if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
                return None;
            }
            Day::from_ymd(number(0..4)? as i32, number(5..7)?, number(8..10)?)
        };
        read().ok_or_else(|| {
            Error::new(ErrorKind::Input, format!("“{text}” is not a day"))
                .with_help("write a day as YYYY-MM-DD, for example 2023-08-30")
        })
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_days() {
        for (text, days) in [
            ("0001-01-01", Day::MIN.days()),
            ("9999-12-31", Day::MAX.days()),
            ("1969-12-31", -1),
            ("1970-01-01", 0),
            ("2000-02-29", 11_016),
            ("2000-03-01", 11_017),
            ("2023-08-30", 19_599),
        ] {
            assert_eq!(text.parse::<Day>().unwrap().days(), days, "{text}");
            assert_eq!(Day::from_days(days).to_string(), text);
        }
        for text in
            ["1900-02-29", "2023-02-30", "2023-13-01", "2023-1-1", "+023-01-01", "2023-01-é"]
        {
            assert!(text.parse::<Day>().is_err(), "{text}");
        }
    }

    #[test]
    fn out_of_range_saturates() {
        assert_eq!(Day::from_days(i64::MAX), Day::MAX);
        assert_eq!(Day::MIN.add_days(i64::MIN), Day::MIN);
        assert_eq!(Day::MAX.add_months(i64::MAX), Day::MAX);
        assert_eq!(Day::MIN.add_months(-1), Day::MIN);
    }

    proptest! {
        #[test]
        fn days_and_dates_agree(days in Day::MIN.days()..=Day::MAX.days()) {
            let day = Day::from_days(days);
            let (year, month, date) = day.ymd();
            prop_assert_eq!(Day::from_ymd(year, month, date), Some(day));
            prop_assert_eq!(day.to_string().parse::<Day>().unwrap(), day);
            prop_assert!(day.first_of_month() <= day && day <= day.last_of_month());
        }
    }
}
