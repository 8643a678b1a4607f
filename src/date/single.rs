//! One date without an interval's separators: a day, month, year, quarter, season, ...
//!
//! In: the tokens between an interval's separators, or all of them. Out: [`Single`], whose year or month may be
//! missing, and the days that it covers once they are known.

use super::day::days_in_month;
use super::lex::{Separator, Token};
use super::parse::{DayOrder, Fail};
use super::words::{Part, Season};
use super::{Day, Precision, YEARS, month_name};

/// A date before its years are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reading {
    pub from: Day,
    pub to: Day,
    pub precision: Precision,
    pub ambiguous: bool,
    pub approximate: bool,
}

/// One end of an interval, or a date on its own; the year may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Single {
    pub year: Option<i32>,
    pub unit: Unit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Year,
    Half(u32),
    Quarter(u32),
    Season(Season),
    /// From the year's end into the next one: `winter 2020/21`.
    WinterInto,
    Month(u32),
    Week(u32),
    /// Month and day.
    Day(u32, u32),
    /// Two numbers of which each may be the month.
    Either(u32, u32),
    /// A day whose month stands at the other end of the interval.
    DayOnly(u32),
    Part(Part, Option<u32>),
}

/// The tokens as a date without an interval's separators.
pub(super) fn single(tokens: &[Token], order: DayOrder) -> Result<Single, Fail> {
    let mut numbers: Vec<Field> = Vec::new();
    let (mut unit, mut part) = (None, None);
    for &token in tokens {
        let named = match token {
            Token::Number(value, digits) => {
                numbers.push((value > 0 || digits > 2).then_some((value, digits)));
                continue;
            }
            Token::Unknown => {
                numbers.push(None);
                continue;
            }
            Token::Separator(_) => continue,
            Token::Part(found) if part.is_none() => {
                part = Some(found);
                continue;
            }
            Token::Month(month) => Unit::Month(month),
            Token::Quarter(quarter) => Unit::Quarter(quarter),
            Token::Half(half) => Unit::Half(half),
            Token::Week(week) => Unit::Week(week),
            Token::Season(season) => Unit::Season(season),
            _ => return Err(Fail::generic()),
        };
        if unit.replace(named).is_some() {
            return Err(Fail::generic());
        }
    }
    match (unit, part) {
        (Some(Unit::Month(month)), None) => with_month(month, &numbers),
        (Some(unit @ (Unit::Season(_) | Unit::Month(_))), Some(part)) => {
            // A part of a season is no finer than the season: both are soft.
            let year = lone_year(&numbers)?;
            let unit =
                if let Unit::Month(month) = unit { Unit::Part(part, Some(month)) } else { unit };
            Ok(Single { year, unit })
        }
        (Some(Unit::Season(Season::Winter)), None) if numbers.len() == 2 => {
            let [Some((first, 4)), Some((second, _))] = numbers[..] else {
                return Err(Fail::generic());
            };
            if second != first + 1 && second != (first + 1) % 100 {
                return Err(Fail::generic());
            }
            Ok(Single { year: Some(year(first)?), unit: Unit::WinterInto })
        }
        (Some(unit), None) => Ok(Single { year: lone_year(&numbers)?, unit }),
        (None, Some(part)) => match lone_year(&numbers)? {
            Some(year) => Ok(Single { year: Some(year), unit: Unit::Part(part, None) }),
            None => Err(Fail::generic()),
        },
        (None, None) => in_numbers(tokens, &numbers, order),
        (Some(_), Some(_)) => Err(Fail::generic()),
    }
}

/// The days that a unit covers in a year.
pub(super) fn resolve(unit: Unit, year: i32) -> Result<Reading, Fail> {
    let day = |month, day| {
        Day::from_ymd(year, month, day).ok_or_else(|| impossible_day(year, month, day))
    };
    let (mut ambiguous, mut approximate) = (false, false);
    let months = |from: u32, to: u32| Ok((day(from, 1)?, day(to, 1)?.last_of_month()));
    let ((from, to), precision) = match unit {
        Unit::Year => (months(1, 12)?, Precision::Year),
        Unit::Month(month) => (months(month, month)?, Precision::Month),
        Unit::Day(month, date) => ((day(month, date)?, day(month, date)?), Precision::Day),
        Unit::DayOnly(_) => return Err(no_month()),
        Unit::Quarter(n @ 1..=4) => (months(3 * n - 2, 3 * n)?, Precision::Quarter),
        Unit::Half(n @ 1..=2) => (months(6 * n - 5, 6 * n)?, Precision::Range),
        Unit::Quarter(n) => return Err(Fail::specific(format!("there is no quarter {n}"))),
        Unit::Half(n) => return Err(Fail::specific(format!("a year has no half {n}"))),
        Unit::Either(a, b) => {
            ambiguous = true;
            let (x, y) = (day(a, b)?, day(b, a)?);
            ((x.min(y), x.max(y)), Precision::Range)
        }
        Unit::Week(week) => (iso_week(year, week)?, Precision::Days),
        Unit::Season(season) => {
            approximate = true;
            let bounds = match season {
                Season::Spring => months(3, 5)?,
                Season::Summer => months(6, 8)?,
                Season::Autumn => months(9, 11)?,
                Season::Winter => {
                    ambiguous = true;
                    (day(1, 1)?.add_months(-1), day(12, 31)?.add_months(2).last_of_month())
                }
            };
            (bounds, Precision::Range)
        }
        Unit::WinterInto => {
            approximate = true;
            ((day(12, 1)?, day(12, 1)?.add_months(2).last_of_month()), Precision::Range)
        }
        Unit::Part(part, month) => {
            approximate = true;
            let bounds = match (part, month) {
                (Part::Early, None) => months(1, 6)?,
                (Part::Mid, None) => months(4, 9)?,
                (Part::Late, None) => months(7, 12)?,
                (Part::Early, Some(month)) => (day(month, 1)?, day(month, 15)?),
                (Part::Mid, Some(month)) => (day(month, 8)?, day(month, 23)?),
                (Part::Late, Some(month)) => (day(month, 16)?, day(month, 16)?.last_of_month()),
            };
            (bounds, Precision::Range)
        }
    };
    Ok(Reading { from, to, precision, ambiguous, approximate })
}

/// Monday to Sunday of an ISO 8601 week: the first one holds January 4th.
fn iso_week(year: i32, week: u32) -> Result<(Day, Day), Fail> {
    let none = || Fail::specific(format!("{year} has no week {week}"));
    let fourth = Day::from_ymd(year, 1, 4).ok_or_else(none)?;
    // 1970-01-01 was a Thursday.
    let weekday = (fourth.days() + 3).rem_euclid(7);
    let monday = fourth.add_days((i64::from(week) - 1) * 7 - weekday);
    if week == 0 || monday.add_days(3).year() != year {
        return Err(none());
    }
    Ok((monday, monday.add_days(6)))
}

/// Why a month or a day of it (0 for none) does not exist.
fn impossible_day(year: i32, month: u32, day: u32) -> Fail {
    if !(1..=12).contains(&month) {
        let swapped = Day::from_ymd(year, day, month).map(|day| day.to_string());
        let nearest = || (month > 12 && day == 0).then(|| format!("{year}-12"));
        return Fail::specific(format!("there is no month {month}"))
            .corrected(swapped.or_else(nearest));
    }
    let last = days_in_month(year, month);
    let corrected = (day > last).then(|| format!("{year}-{month:02}-{last:02}"));
    Fail::specific(format!("{} {year} has no day {day}, only {last}", month_name(month)))
        .corrected(corrected)
}

pub(super) fn no_month() -> Fail {
    Fail::specific("it has a day but no month")
}

pub(super) fn no_year() -> Fail {
    Fail::specific("it has no year of four digits")
}

/// A number, or `?` and `00` in its place.
type Field = Option<(u32, usize)>;

/// The year among at most one number.
fn lone_year(numbers: &[Field]) -> Result<Option<i32>, Fail> {
    match numbers {
        [] => Ok(None),
        [Some((value, 4))] => year(*value).map(Some),
        _ => Err(Fail::generic()),
    }
}

fn year(value: u32) -> Result<i32, Fail> {
    i32::try_from(value).ok().filter(|year| YEARS.contains(year)).ok_or_else(|| {
        Fail::specific(format!("the year {value} is outside {} to {}", YEARS.start(), YEARS.end()))
    })
}

/// A month in words, with a day or year or both.
fn with_month(month: u32, numbers: &[Field]) -> Result<Single, Fail> {
    let (day, written) = match *numbers {
        [] => (None, None),
        [Some((value, 4))] => (None, Some(value)),
        [day] => (day, None),
        [day, Some((value, 4))] | [Some((value, 4)), day] => (day, Some(value)),
        [Some((_, 1 | 2)), Some((_, 1 | 2))] => return Err(no_year()),
        _ => return Err(Fail::generic()),
    };
    let year = written.map(year).transpose()?;
    let unit = match day {
        None => Unit::Month(month),
        Some((day, 1 | 2)) if day <= 31 => Unit::Day(month, day),
        Some((_, 1 | 2)) if year.is_none() => return Err(no_year()),
        Some((day, 1 | 2)) => Unit::Day(month, day),
        Some(_) => return Err(Fail::generic()),
    };
    Ok(Single { year, unit })
}

/// Numbers with the same separator between all of them.
fn in_numbers(tokens: &[Token], numbers: &[Field], order: DayOrder) -> Result<Single, Fail> {
    let separators: Vec<Option<Separator>> = tokens
        .windows(2)
        .filter_map(|pair| match pair {
            [Token::Separator(separator), _] => Some(Some(*separator)),
            [_, Token::Separator(_)] => None,
            _ => Some(None),
        })
        .collect();
    let alike = separators.windows(2).all(|pair| pair[0] == pair[1]);
    if !alike || separators.len() + 1 != numbers.len() {
        return Err(Fail::generic());
    }
    let separator = separators.first().copied().flatten();
    let dotted = separator == Some(Separator::Dot);
    match *numbers {
        [Some((value, 4))] => Ok(Single { year: Some(year(value)?), unit: Unit::Year }),
        [Some((value, 8))] => {
            year_first(value / 10_000, Some(value / 100 % 100), Some(value % 100))
        }
        [Some((day, 1 | 2))] => Ok(Single { year: None, unit: Unit::DayOnly(day) }),
        [Some((value, 5..))] => Err(Fail::specific(format!("{value} is no year"))),
        // The end of `Aug 30-31, 2023`.
        [Some((day, 1 | 2)), Some((value, 4))]
            if matches!(separator, None | Some(Separator::Comma)) =>
        {
            Ok(Single { year: Some(year(value)?), unit: Unit::DayOnly(day) })
        }
        // Blanks and spaced dashes do not make a year and a month: `2010 - 12` may be an interval.
        [_, _] if matches!(separator, None | Some(Separator::Spaced | Separator::Comma)) => {
            Err(Fail::generic())
        }
        [Some((value, 4)), month @ (None | Some((_, 1 | 2)))] => {
            year_first(value, month.map(|m| m.0), None)
        }
        [month @ (None | Some((_, 1 | 2))), Some((value, 4))] => {
            year_first(value, month.map(|m| m.0), None)
        }
        [Some((day, 1 | 2)), Some((month @ 1..=12, 1 | 2))] if dotted => {
            Ok(Single { year: None, unit: Unit::Day(month, day) })
        }
        [Some((_, 1 | 2)), Some((_, 1 | 2))]
        | [Some((_, 1 | 2)), Some((_, 1 | 2)), Some((_, 1 | 2))] => Err(no_year()),
        [Some((value, 4)), month @ (None | Some((_, 1 | 2))), day @ (None | Some((_, 1 | 2)))] => {
            year_first(value, month.map(|m| m.0), day.map(|d| d.0))
        }
        [
            first @ (None | Some((_, 1 | 2))),
            second @ (None | Some((_, 1 | 2))),
            Some((value, 4)),
        ] => {
            let order =
                if dotted && order == DayOrder::Unknown { DayOrder::DayFirst } else { order };
            year_last(first.map(|f| f.0), second.map(|s| s.0), value, order)
        }
        _ => Err(Fail::generic()),
    }
}

/// `2023-08-30`, with month and day as far as they are known.
fn year_first(value: u32, month: Option<u32>, day: Option<u32>) -> Result<Single, Fail> {
    let year = year(value)?;
    let unit = match (month, day) {
        (None, _) => Unit::Year,
        (Some(month), None) if month <= 12 => Unit::Month(month),
        (Some(month), None) => return Err(impossible_day(year, month, 0)),
        (Some(month), Some(day)) => match Day::from_ymd(year, month, day) {
            Some(_) => Unit::Day(month, day),
            None => return Err(impossible_day(year, month, day)),
        },
    };
    Ok(Single { year: Some(year), unit })
}

/// `30/08/2023` or `08/30/2023`.
fn year_last(
    first: Option<u32>,
    second: Option<u32>,
    value: u32,
    order: DayOrder,
) -> Result<Single, Fail> {
    let year = year(value)?;
    let exists = |month, day| Day::from_ymd(year, month, day).is_some();
    let unit = match (first, second) {
        (None, None) => Unit::Year,
        // The unknown one is the day: nobody knows the day but not the month.
        (Some(month), None) | (None, Some(month)) if month <= 12 => Unit::Month(month),
        (Some(month), None) | (None, Some(month)) => return Err(impossible_day(year, month, 0)),
        (Some(a), Some(b)) => match (exists(b, a), exists(a, b), order) {
            (true, true, DayOrder::Unknown) if a != b => Unit::Either(a, b),
            (true, true, DayOrder::MonthFirst) | (false, true, _) => Unit::Day(a, b),
            (true, _, _) => Unit::Day(b, a),
            (false, false, _) if b > 12 => return Err(impossible_day(year, a, b)),
            (false, false, _) => return Err(impossible_day(year, b, a)),
        },
    };
    Ok(Single { year: Some(year), unit })
}
