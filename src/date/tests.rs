//! Dates as real sources write them.

use proptest::prelude::*;

use super::*;

fn parse(text: &str) -> ParsedDate {
    IncidentDate::parse_with(text, DayOrder::Unknown).unwrap_or_else(|e| panic!("{text}: {e}"))
}

#[test]
fn what_people_write() {
    for (text, expected) in [
        // ISO and its relatives
        ("2023-08-30", "Aug 30, 2023"),
        ("2023-08", "Aug 2023"),
        ("2023", "2023"),
        ("20230830", "Aug 30, 2023"),
        ("2024-07-19T16:00:00.000Z", "Jul 19, 2024"),
        ("2000-05-18T00:00:00.000000", "May 18, 2000"),
        ("2000-05-18 23:30:00+02:00", "May 18, 2000"),
        ("2000-05-18 23:30 -0500", "May 18, 2000"),
        ("20230830T120000Z", "Aug 30, 2023"),
        ("2023-08-30Z", "Aug 30, 2023"),
        ("2023/08/30", "Aug 30, 2023"),
        ("2018_11_09", "Nov 9, 2018"),
        ("2023 08 30", "Aug 30, 2023"),
        ("2021/9", "Sep 2021"),
        ("2023-W35", "Aug 28 - Sep 3, 2023"),
        ("2023-08-30/2023-09-02", "Aug 30 - Sep 2, 2023"),
        ("2023-08-30/31", "Aug 30-31, 2023"),
        // Day or month first
        ("20.06.2018", "Jun 20, 2018"),
        ("03.04.2021", "Apr 3, 2021"),
        ("08/30/2023", "Aug 30, 2023"),
        ("30/08/2023", "Aug 30, 2023"),
        ("30-08-2023", "Aug 30, 2023"),
        ("5/5/2021", "May 5, 2021"),
        ("08/2023", "Aug 2023"),
        ("08.2023", "Aug 2023"),
        ("03/04/2021", "between Mar 4, 2021 and Apr 3, 2021"),
        // Words
        ("30 August 2023", "Aug 30, 2023"),
        ("August 30, 2023", "Aug 30, 2023"),
        ("Aug 30th 2023", "Aug 30, 2023"),
        ("Aug. 30, 2023", "Aug 30, 2023"),
        ("the 30th of August, 2023", "Aug 30, 2023"),
        ("30-Aug-2023", "Aug 30, 2023"),
        ("2023 Aug 30", "Aug 30, 2023"),
        ("2023, August 30", "Aug 30, 2023"),
        ("Wednesday, August 30, 2023", "Aug 30, 2023"),
        ("Wed, 30 Aug 2023 14:05:00 GMT", "Aug 30, 2023"),
        ("Wed Aug 30 14:05:00 2023", "Aug 30, 2023"),
        ("30 Aug 2023 at 2 pm", "Aug 30, 2023"),
        ("Date: 2023-08-30", "Aug 30, 2023"),
        ("2014, May", "May 2014"),
        ("August 2023", "Aug 2023"),
        ("Febuary 2017", "Feb 2017"),
        ("Agust 2017", "Aug 2017"),
        ("3 Ocotber 2017", "Oct 3, 2017"),
        // Other languages and scripts
        ("mars 2021", "Mar 2021"),
        ("1er août 2023", "Aug 1, 2023"),
        ("le 3 févr. 2023", "Feb 3, 2023"),
        ("mercredi 30 août 2023", "Aug 30, 2023"),
        ("31. Dezember 2023", "Dec 31, 2023"),
        ("Mittwoch, den 30. August 2023", "Aug 30, 2023"),
        ("März 2021", "Mar 2021"),
        ("12 de mayo de 2021", "May 12, 2021"),
        ("12 settembre 2021", "Sep 12, 2021"),
        ("1º de março de 2021", "Mar 1, 2021"),
        ("3 maart 2021", "Mar 3, 2021"),
        ("２０２３年８月３０日", "Aug 30, 2023"),
        ("2023年8月", "Aug 2023"),
        ("30\u{a0}August\u{a0}2023", "Aug 30, 2023"),
        ("２０２３-０８-３０", "Aug 30, 2023"),
        // Less than a day
        ("Q3 2023", "Q3 2023"),
        ("2023 Q3", "Q3 2023"),
        ("2023Q3", "Q3 2023"),
        ("third quarter of 2023", "Q3 2023"),
        ("3rd quarter 2023", "Q3 2023"),
        ("3. Quartal 2023", "Q3 2023"),
        ("T3 2023", "Q3 2023"),
        ("H1 2023", "Jan - Jun 2023"),
        ("second half of 2023", "Jul - Dec 2023"),
        ("2012-10-?", "Oct 2012"),
        ("2012-10-00", "Oct 2012"),
        ("2012-??-??", "2012"),
        ("2012-XX-XX", "2012"),
        ("??/10/2012", "Oct 2012"),
        ("early 2019", "Jan - Jun 2019"),
        ("mid-2019", "Apr - Sep 2019"),
        ("Ende 2019", "Jul - Dec 2019"),
        ("late August 2019", "between Aug 16, 2019 and Aug 31, 2019"),
        ("summer 2020", "Jun - Aug 2020"),
        ("été 2020", "Jun - Aug 2020"),
        ("winter 2020", "Dec 2019 - Feb 2021"),
        ("winter 2020/21", "Dec 2020 - Feb 2021"),
        // Intervals
        ("Aug 30-31, 2023", "Aug 30-31, 2023"),
        ("30-31 Aug 2023", "Aug 30-31, 2023"),
        ("30–31 August 2023", "Aug 30-31, 2023"),
        ("30.-31. August 2023", "Aug 30-31, 2023"),
        ("30. bis 31. August 2023", "Aug 30-31, 2023"),
        ("du 30 au 31 août 2023", "Aug 30-31, 2023"),
        ("30.08.-02.09.2023", "Aug 30 - Sep 2, 2023"),
        ("Aug 30 - Sep 2, 2023", "Aug 30 - Sep 2, 2023"),
        ("from August 30 to September 2, 2023", "Aug 30 - Sep 2, 2023"),
        ("Dec 30 - Jan 2, 2023", "Dec 30, 2022 - Jan 2, 2023"),
        ("Dec 30, 2022 - Jan 2", "Dec 30, 2022 - Jan 2, 2023"),
        ("2023-08-30 - 2023-09-02", "Aug 30 - Sep 2, 2023"),
        ("2014-01 - 2016", "2014 - 2016"),
        ("2014-02 - 2016", "Feb 2014 - Dec 2016"),
        ("December 2016/January 2017", "Dec 2016 - Jan 2017"),
        ("between March and May 2021", "Mar - May 2021"),
        ("entre mars et mai 2021", "Mar - May 2021"),
        ("between Aug 30 and Sep 2, 2023", "between Aug 30, 2023 and Sep 2, 2023"),
        ("March-May 2021", "Mar - May 2021"),
        ("Nov - Feb 2021", "Nov 2020 - Feb 2021"),
        ("Q1-Q2 2023", "Jan - Jun 2023"),
        ("2014-2016", "2014 - 2016"),
        ("2019/2020", "2019 - 2020"),
        ("2019 and 2020", "2019 - 2020"),
        // Near
        ("Discovered ~2007", "2007"),
        ("circa 2007", "2007"),
        ("2007?", "2007"),
    ] {
        assert_eq!(parse(text).date.to_string(), expected, "{text}");
    }
}

#[test]
fn what_is_no_date_says_why() {
    for (text, reason) in [
        ("", "can be read"),
        ("unknown", "unknown"),
        ("14/02", "no year"),
        ("14.02.", "no year"),
        ("Aug 30", "no year"),
        ("30-31 Aug", "no year"),
        ("08/30/23", "no year"),
        ("2023-13", "no month 13"),
        ("2023-02-30", "only 28"),
        ("31 June 2023", "only 30"),
        ("30.30.2023", "no month 30"),
        ("Q5 2023", "no quarter 5"),
        ("2023-W53", "no week 53"),
        ("1850", "outside 1900 to 2100"),
        ("2023-08-30T", "t"),
        ("12023", "no year"),
        ("since 2019", "without an end"),
        ("2019-", "without an end"),
        ("2019 - present", "without an end"),
        ("before 2019", "without an end"),
        ("2020-2019", "ends before it begins"),
        ("2014-01-2016", "more than one"),
        ("2021 incident", "incident"),
        ("?", "can be read"),
        ("Juny 2021", "juny"),
        ("1 2 3", "no year"),
        ("2023-08-30-31-32-33", "is not a date"),
    ] {
        let error = text.parse::<IncidentDate>().expect_err(text).to_string();
        assert!(error.contains(reason), "{text}: {error}");
    }
    let error = "2023-30-08".parse::<IncidentDate>().unwrap_err();
    assert_eq!(error.help(), Some("was 2023-08-30 meant?"));
}

#[test]
fn the_order_of_day_and_month_matters_only_where_it_can() {
    let read = |text: &str, order| {
        let parsed = IncidentDate::parse_with(text, order).unwrap();
        (parsed.date.to_string(), parsed.ambiguous)
    };
    for (text, order, expected) in [
        ("03/04/2021", DayOrder::DayFirst, "Apr 3, 2021"),
        ("03/04/2021", DayOrder::MonthFirst, "Mar 4, 2021"),
        ("03.04.2021", DayOrder::MonthFirst, "Mar 4, 2021"),
        ("30/08/2023", DayOrder::MonthFirst, "Aug 30, 2023"),
        ("08/30/2023", DayOrder::DayFirst, "Aug 30, 2023"),
        ("2023-08-09", DayOrder::DayFirst, "Aug 9, 2023"),
    ] {
        assert_eq!(read(text, order), (expected.to_owned(), false), "{text} {order:?}");
    }
    assert!(read("03-04-2021", DayOrder::Unknown).1);
}

#[test]
fn soft_bounds_are_marked() {
    for text in ["~2007", "ca. 2007", "vers 2007", "2007?", "early 2019", "summer 2020"] {
        assert!(parse(text).approximate, "{text}");
    }
    assert!(!parse("2007").approximate);
    assert!(parse("winter 2020").ambiguous);
}

#[test]
fn precision_follows_the_writing() {
    for (text, precision) in [
        ("Aug 30, 2023", Precision::Day),
        ("Aug 30-30, 2023", Precision::Day),
        ("Aug 1-31, 2023", Precision::Days),
        ("Aug 2023", Precision::Month),
        ("Jul-Sep 2023", Precision::Range),
        ("Q3 2023", Precision::Quarter),
        ("2023", Precision::Year),
        ("2022-2023", Precision::Range),
    ] {
        let date = parse(text).date;
        assert_eq!(date.precision(), precision, "{text}");
        assert_eq!(parse(&date.to_string()).date, date, "{text}");
    }
}

#[test]
fn json_is_stable_and_checked() {
    let json = r#"{"from":"2023-12-01","to":"2023-12-31","precision":"month"}"#;
    let date: IncidentDate = serde_json::from_str(json).unwrap();
    assert_eq!(date, IncidentDate::month(2023, 12).unwrap());
    assert_eq!(serde_json::to_string(&date).unwrap(), json);
    for bad in [
        r#"{"from":"2023-12-31","to":"2023-12-01","precision":"range"}"#,
        r#"{"from":"2023-12-02","to":"2023-12-31","precision":"month"}"#,
        r#"{"from":"1066-10-14","to":"1066-10-14","precision":"day"}"#,
    ] {
        assert!(serde_json::from_str::<IncidentDate>(bad).is_err(), "{bad}");
    }
}

fn day() -> impl Strategy<Value = Day> {
    // 1900-01-01 to 2100-12-31
    (-25_567i64..=47_846).prop_map(Day::from_days)
}

fn date() -> impl Strategy<Value = IncidentDate> {
    let years = 1900..=2100;
    prop_oneof![
        day().prop_map(IncidentDate::day),
        years.clone().prop_map(IncidentDate::year),
        (years.clone(), 1u32..=12).prop_map(|(y, m)| IncidentDate::month(y, m)),
        (years.clone(), 1u32..=4).prop_map(|(y, q)| IncidentDate::quarter(y, q)),
        (day(), 1i64..800).prop_map(|(from, length)| IncidentDate::new(
            from,
            from.add_days(length),
            Precision::Days
        )),
        (day(), day()).prop_map(|(a, b)| IncidentDate::between(a.min(b), a.max(b))),
        (day(), 0i64..40).prop_map(|(from, months)| IncidentDate::between(
            from.first_of_month(),
            from.add_months(months).last_of_month()
        )),
        (years.clone(), years).prop_map(|(a, b): (i32, i32)| IncidentDate::between(
            Day::from_ymd(a.min(b), 1, 1)?,
            Day::from_ymd(a.max(b), 12, 31)?
        )),
    ]
    .prop_filter_map("outside the years", |date| date)
}

proptest! {
    #[test]
    fn printed_dates_read_back(date in date()) {
        let parsed = IncidentDate::parse_with(&date.to_string(), DayOrder::Unknown).unwrap();
        prop_assert_eq!(parsed.date, date);
        prop_assert!(!parsed.ambiguous && !parsed.approximate);
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC*") {
        let _ = text.parse::<IncidentDate>();
    }

    #[test]
    fn no_likely_text_makes_it_panic(
        words in prop::collection::vec(
            prop_oneof![
                Just("Aug"), Just("-"), Just("/"), Just("."), Just(","), Just(" "), Just("to"), Just("T"),
                Just("q3"), Just("12:30"), Just("2023"), Just("30"), Just("5"), Just("?"), Just("between"),
                Just("winter"), Just("W"), Just("early"), Just("+0200"), Just("half"), Just("年"), Just("00"),
            ],
            0..9,
        )
    ) {
        if let Ok(date) = words.concat().parse::<IncidentDate>() {
            prop_assert!(date.from() <= date.to());
            prop_assert_eq!(date.to_string().parse::<IncidentDate>().unwrap(), date);
        }
    }
}
