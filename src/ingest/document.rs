//! One text that is one account: a file of text or Markdown, a page, a mail, a PDF.
//!
//! In: a text, and what is known about it from outside it, such as front matter. Out: the reports in it, if it holds
//! the headings of the text format; else one report whose body it is, if it reads like an account at all.

use super::chronicle;
use super::collect::Collector;
use super::front_matter::{self, FrontMatter};
use super::outcome::SkipKind;
use super::prose;
use super::record::{Place, read_known};
use super::text::{self, Lines, Locator};
use super::values::set_date;
use crate::report::{Report, Section, Tally};

/// A text, and what is known about it.
#[derive(Debug)]
pub(super) struct Document<'t> {
    text: &'t str,
    /// Where the account starts; what is before has been read.
    start: usize,
    /// Whether `text` is that of the file, so that places in it can be cited.
    verbatim: bool,
    known: Known,
}

/// What is known from outside the text. What a report says itself goes first.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Its fields. An empty id is none.
    pub report: Report,
    /// Whether that alone makes a report, whatever the text.
    pub is_report: bool,
}

/// What a text without headings must have at least to be taken for an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Demand {
    /// Several sentences, and little else: a file of text may be anything.
    Prose,
    /// A sentence.
    Sentence,
    /// A word.
    Word,
}

impl<'t> Document<'t> {
    /// A file of text, perhaps with front matter.
    pub fn of_file(text: &'t str, collector: &mut Collector<'_>) -> Self {
        let mut document = Self { text, start: 0, verbatim: true, known: Known::default() };
        match front_matter::read(text) {
            FrontMatter::None => {}
            FrontMatter::Broken(line, message) => {
                let message = format!("front matter not understood, read as text: {message}");
                collector.note(Some(line), message);
            }
            FrontMatter::Fields { fields, line, end } => {
                document.start = end;
                let place = Place { line, record: None };
                document.known.report = read_known(fields, place, collector);
                let report = &mut document.known.report;
                if report.id == collector.derived_id(None) {
                    report.id.clear();
                }
                document.known.is_report = !report.victim.is_empty()
                    || !report.title.is_empty()
                    || !report.summary.is_empty();
            }
        }
        document
    }

    /// A text that was made from a file of another kind.
    pub fn made(text: &'t str, known: Known, collector: &mut Collector<'_>) -> Self {
        collector.forget_lines();
        Self { text, start: 0, verbatim: false, known }
    }

    /// Reads the reports, or skips the file.
    pub fn read(mut self, demand: Demand, collector: &mut Collector<'_>) {
        let rest = self.text.get(self.start..).unwrap_or_default();
        if rest.trim().is_empty() && !self.known.is_report {
            let reason = "nothing but blanks in the file";
            return collector.skip_file(SkipKind::NotAReport, reason);
        }
        let in_format = text::is_report(rest, collector.config());
        let entries =
            if in_format { Vec::new() } else { chronicle::entries(self.text, self.start) };
        if !entries.is_empty() {
            return self.read_entries(&entries, collector);
        }
        if !in_format && !self.known.is_report {
            if let Err(reason) = demand.check(rest) {
                let line = Lines::starting_at(self.text, self.start).next().map(|line| line.number);
                return collector.skip(line, None, SkipKind::NotAReport, reason.to_owned());
            }
            if demand == Demand::Prose {
                let message = "no headings of a report; read as running text, the victim unknown";
                collector.note(None, message.to_owned());
            }
        }
        let heading = self.take_title(in_format, collector);
        let mut reports = if in_format {
            text::read(self.text, self.start, collector)
        } else {
            vec![self.read_account(collector)]
        };
        if demand != Demand::Prose && is_no_form(&reports) {
            reports = vec![self.read_account(collector)];
        }
        let several = reports.len() > 1;
        for (at, report) in reports.iter_mut().enumerate() {
            self.complete(report, several);
            match heading {
                Some(heading) if !several => self.set_title(report, heading),
                // Over several reports it is the title of none.
                Some((start, end)) if at == 0 => {
                    add_other(report, self.text.get(start..end).unwrap_or_default())
                }
                _ => {}
            }
            if !self.verbatim
                && let Some(source) = &mut report.source
            {
                source.origins.clear();
            }
        }
        reports.into_iter().for_each(|report| collector.report(report));
    }

    /// Moves the start past a title on the first line. Gives the title's range.
    fn take_title(&mut self, in_format: bool, collector: &Collector<'_>) -> Option<(usize, usize)> {
        let mut lines = Lines::starting_at(self.text, self.start).filter(|line| !line.is_blank());
        let line = lines.next()?;
        let next = Lines::starting_at(self.text, line.start).nth(1);
        let marked = prose::heading(line.text);
        let underlined = next.is_some_and(|next| prose::is_underline(next.text));
        let title = marked.unwrap_or(line.text.trim());
        let is_title = if marked.is_some() || underlined {
            !title.is_empty() && !text::is_heading(line.text, collector.config())
        } else {
            let next = next.map_or("", |line| line.text);
            !in_format && prose::is_headline(title, next) && lines.next().is_some()
        };
        if !is_title {
            return None;
        }
        let passed = if underlined { 2 } else { 1 };
        let after = Lines::starting_at(self.text, line.start).nth(passed);
        self.start = after.map_or(self.text.len(), |line| line.start);
        let start = line.offset_of(title);
        Some((start, start + title.len()))
    }

    /// The rest of the text as the body of one report.
    fn read_account(&self, collector: &Collector<'_>) -> Report {
        let mut report = Report { id: collector.derived_id(None), ..Report::default() };
        let rest = self.text.get(self.start..).unwrap_or_default();
        report.body = rest.trim().to_owned();
        let mut source = collector.source(None);
        if !report.body.is_empty() {
            let start = self.start + (rest.len() - rest.trim_start().len());
            source.origins.push(Locator::new(self.text).origin(Section::Body, start));
        }
        report.source = Some(source);
        report
    }

    /// The entries of a list as a report each. What stands before the first is kept with it.
    fn read_entries(&self, entries: &[chronicle::Entry<'_>], collector: &mut Collector<'_>) {
        let mut locator = Locator::new(self.text);
        for (record, entry) in (1..).zip(entries) {
            let mut report = Report { id: collector.derived_id(Some(record)), ..Report::default() };
            report.body = self.text.get(entry.start..entry.end).unwrap_or_default().to_owned();
            set_date(&mut report, entry.date, entry.line, collector);
            let mut source = collector.source(Some(record));
            if self.verbatim {
                source.origins.push(locator.origin(Section::Body, entry.start));
            }
            report.source = Some(source);
            if record == 1 {
                let date = self.text.get(self.start..entry.start).unwrap_or_default();
                let preface = date.rsplit_once(entry.date).map_or(date, |(preface, _)| preface);
                report.other = preface.trim().to_owned();
            }
            self.complete(&mut report, true);
            collector.report(report);
        }
    }

    /// Fills what the report leaves open with what is known; what it contradicts is kept as text.
    fn complete(&self, report: &mut Report, several: bool) {
        let known = &self.known.report;
        let mut other = Vec::new();
        if !known.id.is_empty() && !several {
            report.id.clone_from(&known.id);
        }
        // A description beside the account itself is a short one.
        let (summary, body) = match (known.summary.is_empty(), report.body.is_empty()) {
            (true, false) => (&known.body, &known.summary),
            _ => (&known.summary, &known.body),
        };
        for (name, text, value) in [
            ("Victim", &mut report.victim, &known.victim),
            ("Title", &mut report.title, &known.title),
            ("Summary", &mut report.summary, summary),
            ("Description", &mut report.body, body),
        ] {
            if text.is_empty() {
                text.clone_from(value);
            } else if !value.is_empty() && text != value {
                other.push(format!("{name}: {value}"));
            }
        }
        if report.date.is_none() && report.date_text.is_empty() {
            report.date = known.date;
            report.date_text.clone_from(&known.date_text);
        } else if known.date.is_some() && known.date != report.date {
            let written = known.date.map(|date| date.to_string()).unwrap_or_default();
            let written = if known.date_text.is_empty() { &written } else { &known.date_text };
            other.push(format!("Date: {written}"));
        }
        if report.countries.is_empty() {
            report.countries.clone_from(&known.countries);
        } else if !known.countries.is_empty() && known.countries != report.countries {
            let written: Vec<_> =
                known.countries.iter().map(|place| place.written.as_str()).collect();
            other.push(format!("Location: {}", written.join(", ")));
        }
        for (name, tally, value) in [
            ("Posture", &mut report.posture, &known.posture),
            ("Motives", &mut report.motives, &known.motives),
            ("Techniques", &mut report.techniques, &known.techniques),
            ("Actors", &mut report.actors, &known.actors),
        ] {
            if *tally == Tally::default() {
                tally.clone_from(value);
            } else if !value.names.is_empty() && value != tally {
                other.push(format!("{name}: {}", value.names.join(", ")));
            }
        }
        for (name, text, value) in [
            ("Actor type", &mut report.actor_type, &known.actor_type),
            ("Actor location", &mut report.actor_location, &known.actor_location),
            ("Language", &mut report.language, &known.language),
        ] {
            match (&text, value) {
                (None, _) => text.clone_from(value),
                (Some(text), Some(value)) if text != value => {
                    other.push(format!("{name}: {value}"))
                }
                _ => {}
            }
        }
        other.extend((!known.other.is_empty()).then(|| known.other.clone()));
        if !other.is_empty() {
            add_other(report, &other.join("\n"));
        }
    }

    /// Sets the title from the heading that the text starts with.
    fn set_title(&self, report: &mut Report, (start, end): (usize, usize)) {
        let title = self.text.get(start..end).unwrap_or_default();
        if report.title.is_empty() {
            report.title = title.to_owned();
            if let Some(source) = &mut report.source {
                // It stands before all else in the text.
                let origin = Locator::new(self.text).origin(Section::Title, start);
                source.origins.insert(0, origin);
            }
        } else if report.title != title {
            add_other(report, title);
        }
    }
}

impl Demand {
    /// Why a text does not meet it.
    fn check(self, text: &str) -> Result<(), &'static str> {
        let measured = prose::measure(text);
        match self {
            Demand::Prose if !measured.is_account() => {
                Err("not an incident report: no `Cyber Incident Victim:` line, no `Summary` or \
                 `Description` heading, no running text")
            }
            Demand::Sentence if measured.sentences == 0 => {
                Err("not an incident report: no heading of a report, no sentence in it")
            }
            Demand::Word if !text.contains(char::is_alphanumeric) => {
                Err("not an incident report: no word in it")
            }
            _ => Ok(()),
        }
    }
}

/// Whether all that was found of the text format is a heading that an account has as well, such as `Summary`.
fn is_no_form(reports: &[Report]) -> bool {
    let [report] = reports else { return false };
    report.victim.is_empty()
        && report.body.is_empty()
        && report.date.is_none()
        && report.date_text.is_empty()
        && report.countries.is_empty()
}

/// Adds lines that belong to no field, before those that are there.
fn add_other(report: &mut Report, lines: &str) {
    let separator = if report.other.is_empty() { "" } else { "\n" };
    report.other = format!("{lines}{separator}{}", report.other);
    if let Some(source) = &mut report.source {
        source.origins.retain(|origin| origin.section != Section::Other);
    }
}
