//! One report, whole.
//!
//! In: a report. Out: for people, its fields and texts set to the width of the terminal; or JSON.

use std::io::{self, Write};
use std::path::Path;

use casebook::{Report, Tally};

pub use super::json::report as json;
use super::layout::{Flow, Page};
use super::style::{Role, Style};
use super::{countries, date, name, place_name, source_name};

/// Where the values of fields start.
const VALUES: usize = 12;

/// Prints a report for people.
pub fn text(report: &Report, prefix: &Path, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page::new(out, style);
    page.paragraph(0, 0, &Flow::of(Role::Strong, name(report)))?;
    if !report.title.is_empty() && !report.victim.is_empty() {
        page.paragraph(0, 0, &Flow::of(Role::Plain, &report.title))?;
    }
    page.blank()?;
    for (label, value) in fields(report, prefix) {
        if !value.is_empty() {
            page.labelled(label, VALUES, VALUES, &Flow::of(Role::Plain, &value))?;
        }
    }
    for (heading, text) in
        [("Summary", &report.summary), ("Description", &report.body), ("Other", &report.other)]
    {
        if text.is_empty() {
            continue;
        }
        page.blank()?;
        page.paragraph(0, 0, &Flow::of(Role::Strong, heading))?;
        for line in text.lines() {
            match line.trim().is_empty() {
                true => page.blank()?,
                false => page.paragraph(0, 0, &Flow::of(Role::Plain, line))?,
            }
        }
    }
    Ok(())
}

/// One line that tells reports apart: id, name, date, countries.
pub fn line(report: &Report) -> String {
    let mut line = format!("{}  {} · {}", report.id, name(report), date(report));
    if !report.countries.is_empty() {
        line.push_str(" · ");
        line.push_str(&countries(report));
    }
    line
}

fn fields(report: &Report, prefix: &Path) -> Vec<(&'static str, String)> {
    let when = match &report.date {
        Some(date) if !report.date_text.is_empty() && report.date_text != date.to_string() => {
            format!("{date} (written: {})", report.date_text)
        }
        _ => date(report),
    };
    let names: Vec<_> = report.countries.iter().map(place_name).collect();
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let source = source_name(report, prefix);
    vec![
        ("Date", when),
        ("Country", names.join(", ")),
        ("Posture", tally(&report.posture)),
        ("Motives", tally(&report.motives)),
        ("Techniques", tally(&report.techniques)),
        ("Actors", tally(&report.actors)),
        ("Actor type", text(&report.actor_type)),
        ("Actor from", text(&report.actor_location)),
        ("Language", text(&report.language)),
        ("Id", report.id.clone()),
        ("File", source.unwrap_or_default()),
    ]
}

/// What is withheld or not stated is left out; a count may stand without names.
fn tally(tally: &Tally) -> String {
    match (tally.count, tally.names.as_slice()) {
        (None, []) => String::new(),
        (Some(count), []) => count.to_string(),
        (Some(count), names) if count as usize != names.len() => {
            format!("{count}, of them {}", names.join(", "))
        }
        (_, names) => names.join(", "),
    }
}
