//! The view of a report, alone or within a hit.
//!
//! In: a report. Out: borrowed structs whose fields are those of docs/output.schema.json, in that order.

use std::path::Path;

use casebook::{IncidentDate, Location, Precision, Report, Tally};
use serde::Serialize;

use super::lossy;
use crate::print::place_name;

/// A report with every field it has, and `null` or nothing for those it lacks.
#[derive(Serialize)]
pub struct ReportView<'a> {
    id: &'a str,
    victim: &'a str,
    date: Option<DateView<'a>>,
    countries: Vec<CountryView<'a>>,
    title: &'a str,
    summary: &'a str,
    body: &'a str,
    other: &'a str,
    posture: TallyView<'a>,
    motives: TallyView<'a>,
    techniques: TallyView<'a>,
    actors: TallyView<'a>,
    actor_type: Option<&'a str>,
    actor_location: Option<&'a str>,
    language: Option<&'a str>,
    source: Option<SourceView<'a>>,
}

impl<'a> ReportView<'a> {
    /// The view of a report.
    pub fn new(report: &'a Report) -> Self {
        Self {
            id: &report.id,
            victim: &report.victim,
            date: DateView::of_report(report),
            countries: report.countries.iter().map(CountryView::new).collect(),
            title: &report.title,
            summary: &report.summary,
            body: &report.body,
            other: &report.other,
            posture: TallyView::new(&report.posture),
            motives: TallyView::new(&report.motives),
            techniques: TallyView::new(&report.techniques),
            actors: TallyView::new(&report.actors),
            actor_type: report.actor_type.as_deref(),
            actor_location: report.actor_location.as_deref(),
            language: report.language.as_deref(),
            source: report
                .source
                .as_ref()
                .map(|source| SourceView { path: &source.path, record: source.record }),
        }
    }
}

/// An interval of days. Where only a text is known, because it could not be understood, the rest is `null`.
#[derive(Serialize)]
pub struct DateView<'a> {
    text: String,
    written: Option<&'a str>,
    from: Option<String>,
    to: Option<String>,
    precision: Option<Precision>,
}

impl<'a> DateView<'a> {
    fn of_report(report: &'a Report) -> Option<Self> {
        let written = Some(report.date_text.as_str()).filter(|text| !text.is_empty());
        match (report.date, written) {
            (Some(date), written) => Some(Self { written, ..Self::new(date) }),
            (None, Some(text)) => {
                Some(Self { text: text.to_owned(), written, from: None, to: None, precision: None })
            }
            (None, None) => None,
        }
    }

    /// The view of a date of no report.
    pub fn new(date: IncidentDate) -> Self {
        Self {
            text: date.to_string(),
            written: None,
            from: Some(date.from().to_string()),
            to: Some(date.to().to_string()),
            precision: Some(date.precision()),
        }
    }
}

#[derive(Serialize)]
struct CountryView<'a> {
    name: &'a str,
    written: &'a str,
    code: Option<&'a str>,
}

impl<'a> CountryView<'a> {
    fn new(location: &'a Location) -> Self {
        Self {
            name: place_name(location),
            written: &location.written,
            code: location.country.map(|country| country.alpha2()),
        }
    }
}

#[derive(Serialize)]
struct TallyView<'a> {
    count: Option<u32>,
    names: &'a [String],
}

impl<'a> TallyView<'a> {
    fn new(Tally { count, names }: &'a Tally) -> Self {
        Self { count: *count, names }
    }
}

#[derive(Serialize)]
struct SourceView<'a> {
    #[serde(serialize_with = "lossy")]
    path: &'a Path,
    record: Option<u64>,
}
