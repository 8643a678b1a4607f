//! Decides for each line of a text to what it belongs.
//!
//! In: the text of a file. Out: a [`Draft`] a report.
//!
//! Between sections, headers are taken as they come. Within running text a line has to be more than look like one: a
//! date must be a date, a place a country, a field not yet filled. Narratives quote mails and tables, and a body that
//! is cut in the wrong place is worse than a header left in it.

use super::draft::{Draft, Pieces, Value};
use super::headings::{self, Found, Heading};
use super::lines::{Line, Lines};
use super::table::{Header, Surroundings, is_rule};
use crate::country::Location;
use crate::date::{DayOrder, IncidentDate};
use crate::ingest::config::FileConfig;

/// What the lines around the next one are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Header lines.
    Fields,
    Summary,
    Body,
    /// After the tables, before the next heading.
    AfterTables,
}

/// A header without value on its line: the next line has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Awaiting {
    Nothing,
    Value(Heading),
    /// The value of a header that is none of the format.
    Other,
    /// More places may follow, one a line.
    Places,
}

/// Rows that are read as fields of one report. No incident has more; what follows is kept as text.
const MOST_ROWS: usize = 1000;

pub(super) struct Parser<'t> {
    config: &'t FileConfig,
    lines: Lines<'t>,
    done: Vec<Draft<'t>>,
    draft: Draft<'t>,
    state: State,
    awaiting: Awaiting,
    /// The line before was a header that was found in running text; others probably follow.
    among_headers: bool,
}

impl<'t> Parser<'t> {
    /// Of the lines from offset `start` on.
    pub fn new(text: &'t str, start: usize, config: &'t FileConfig) -> Self {
        Self {
            config,
            lines: Lines::starting_at(text, start),
            done: Vec::new(),
            draft: Draft::default(),
            state: State::Fields,
            awaiting: Awaiting::Nothing,
            among_headers: false,
        }
    }

    /// Reads all lines; gives at least one draft.
    pub fn run(mut self) -> Vec<Draft<'t>> {
        while let Some(line) = self.lines.next() {
            if line.is_blank() {
                if self.awaiting == Awaiting::Places {
                    self.awaiting = Awaiting::Nothing;
                }
                continue;
            }
            let heading = headings::find(line.text, self.config);
            if heading.is_some_and(|found| self.take_heading(&line, found))
                || self.take_table(&line)
            {
                continue;
            }
            self.take_text(&line);
        }
        self.done.push(self.draft);
        self.done
    }

    fn in_text(&self) -> bool {
        let after_text = self.state == State::AfterTables && self.draft.loose.is_open();
        (matches!(self.state, State::Summary | State::Body) || after_text) && !self.among_headers
    }

    /// Takes a line as header or heading; `false` if it is none in this place.
    fn take_heading(&mut self, line: &Line<'t>, found: Found<'t>) -> bool {
        let (value, number) = (found.value, line.number);
        match found.heading {
            Heading::Opening => {
                if self.in_text() && !found.colon {
                    return false;
                }
                if self.draft.victim.is_some() || self.is_complete() {
                    self.done.push(std::mem::take(&mut self.draft));
                }
                self.state = State::Fields;
                self.draft.victim = Some((value, number));
            }
            Heading::Victim => {
                let fits =
                    !self.in_text() || found.colon && !value.is_empty() && value.len() <= 200;
                if self.draft.victim.is_some() || !fits {
                    return false;
                }
                self.draft.victim = Some((value, number));
            }
            Heading::Date => {
                if self.draft.date.is_some() || self.in_text() && !self.is_sure(found, is_date) {
                    return false;
                }
                self.draft.date = Some((value, number));
            }
            Heading::Location => {
                if self.draft.places.is_some() || self.in_text() && !self.is_sure(found, is_place) {
                    return false;
                }
                self.draft.places =
                    Some(Vec::from_iter((!value.is_empty()).then_some((value, number))));
            }
            Heading::Title | Heading::Id | Heading::Language => {
                let in_fields = self.state == State::Fields && found.colon;
                let field = match found.heading {
                    Heading::Title => &mut self.draft.title,
                    Heading::Id => &mut self.draft.id,
                    _ => &mut self.draft.language,
                };
                if field.is_some() || !in_fields {
                    return false;
                }
                *field = Some((value, number));
            }
            Heading::Summary | Heading::Description => return self.open_section(line, found),
            Heading::Column(column) => {
                let fits = self.state == State::Fields && found.colon && !value.is_empty();
                if !fits || self.draft.columns.contains(&column) {
                    return false;
                }
                self.draft.set_column(column, value, number);
            }
            // Within running text a line is text, whatever it begins with.
            Heading::Ignored if self.in_text() || !found.colon => return false,
            Heading::Ignored => {}
        }
        self.draft.close();
        self.awaiting = match found.heading {
            Heading::Location if !value.is_empty() => Awaiting::Places,
            heading if value.is_empty() => Awaiting::Value(heading),
            _ => Awaiting::Nothing,
        };
        match self.state {
            State::Fields => {}
            State::AfterTables => self.state = State::Fields,
            State::Summary | State::Body => self.among_headers = true,
        }
        true
    }

    /// Whether a draft without victim can be a report of its own, rather than one whose victim comes last.
    fn is_complete(&self) -> bool {
        self.draft.has_text() && (self.draft.date.is_some() || self.draft.places.is_some())
    }

    fn open_section(&mut self, line: &Line<'t>, found: Found<'t>) -> bool {
        let (section, state) = match found.heading {
            Heading::Summary => (&mut self.draft.summary, State::Summary),
            _ => (&mut self.draft.body, State::Body),
        };
        if section.is_some() {
            return false;
        }
        *section = Some(Pieces::default());
        self.draft.close();
        self.state = state;
        self.awaiting = Awaiting::Nothing;
        self.among_headers = false;
        if let Some(pieces) = self.section() {
            pieces.push(line, found.value);
        }
        true
    }

    fn section(&mut self) -> Option<&mut Pieces> {
        match self.state {
            State::Summary => self.draft.summary.as_mut(),
            State::Body => self.draft.body.as_mut(),
            State::Fields | State::AfterTables => None,
        }
    }

    /// Whether a header within running text has a value, on its line or the next, that only such a header has.
    fn is_sure(&self, found: Found<'_>, fits: fn(&str) -> bool) -> bool {
        if !found.colon || found.value.len() > 120 {
            return false;
        }
        if !found.value.is_empty() {
            return fits(found.value);
        }
        let next = self.lines.clone().find(|line| !line.is_blank());
        next.is_some_and(|line| line.text.len() <= 120 && fits(line.text.trim()))
    }

    /// Takes a line as header row of a table, and the rows below it.
    fn take_table(&mut self, line: &Line<'t>) -> bool {
        // A table ends the summary: that is where tables belong.
        let in_text = self.in_text() && self.state != State::Summary;
        let surroundings = if in_text { Surroundings::Text } else { Surroundings::Tables };
        let Some(header) = Header::find(line.text, surroundings, self.config) else { return false };
        let columns: Vec<_> = header.columns.iter().filter_map(|(column, _)| *column).collect();
        if in_text && columns.iter().any(|column| self.draft.columns.contains(column)) {
            return false;
        }
        self.draft.columns.extend(columns);
        self.draft.close();
        self.awaiting = Awaiting::Nothing;
        let mut rows = 0;
        loop {
            let mut ahead = self.lines.clone();
            let Some(row) = ahead.find(|line| !line.is_blank()) else { break };
            let apart =
                row.number > line.number + 1 && rows > 0 && !row.text.trim_start().starts_with('|');
            if !row.text.contains('|')
                || apart
                || Header::find(row.text, surroundings, self.config).is_some()
            {
                break;
            }
            self.lines = ahead;
            if is_rule(row.text) {
                continue;
            }
            rows += 1;
            self.draft.rows += 1;
            if self.draft.rows > MOST_ROWS {
                self.draft.other.push(&row, row.text);
                continue;
            }
            let read = header.read_row(row.text, &mut self.draft.tables);
            self.draft.cells.extend(read.other);
            let notes = read.disagreements.into_iter().map(|message| (row.number, message));
            self.draft.notes.extend(notes);
        }
        if rows == 0 {
            // Rows carry the names of columns that are none of the format; without rows they would be lost.
            let unknown = header.columns.into_iter().filter(|(column, _)| column.is_none());
            self.draft.cells.extend(unknown.map(|(_, name)| name).filter(|name| !name.is_empty()));
        }
        if self.state != State::Body {
            self.state = State::AfterTables;
        }
        true
    }

    /// Takes a line that is neither header nor table.
    fn take_text(&mut self, line: &Line<'t>) {
        let value: Value<'t> = (line.text.trim(), line.number);
        match std::mem::replace(&mut self.awaiting, Awaiting::Nothing) {
            Awaiting::Value(heading) => {
                self.set_value(heading, value, line);
                return;
            }
            Awaiting::Other => {
                self.draft.other.push(line, line.text);
                return;
            }
            Awaiting::Places if is_place(value.0) && value.0.len() <= 60 => {
                self.draft.places.get_or_insert_default().push(value);
                self.awaiting = Awaiting::Places;
                return;
            }
            Awaiting::Places | Awaiting::Nothing => self.among_headers = false,
        }
        if let Some(section) = self.section() {
            // A rule right under a heading underlines it.
            if !(section.is_empty() && is_rule(line.text)) {
                section.push(line, line.text);
            }
            return;
        }
        if is_rule(line.text) && !self.draft.loose.is_open() {
            return;
        }
        if self.state == State::Fields && headings::is_unknown_header(line.text) {
            self.draft.loose.end_run();
            self.draft.other.push(line, line.text);
            if line.text.trim_end().ends_with([':', '：']) {
                self.awaiting = Awaiting::Other;
            }
        } else if self.draft.is_begun() {
            self.draft.other.end_run();
            self.draft.loose.push(line, line.text);
        } else {
            self.draft.other.push(line, line.text);
        }
    }

    fn set_value(&mut self, heading: Heading, value: Value<'t>, line: &Line<'t>) {
        let field = match heading {
            Heading::Opening | Heading::Victim => &mut self.draft.victim,
            Heading::Date => &mut self.draft.date,
            Heading::Title => &mut self.draft.title,
            Heading::Id => &mut self.draft.id,
            Heading::Language => &mut self.draft.language,
            Heading::Location => {
                self.draft.places.get_or_insert_default().push(value);
                self.awaiting = Awaiting::Places;
                return;
            }
            Heading::Ignored => return,
            Heading::Summary | Heading::Description | Heading::Column(_) => {
                return self.draft.other.push(line, line.text);
            }
        };
        *field = Some(value);
    }
}

fn is_date(text: &str) -> bool {
    IncidentDate::parse_with(text, DayOrder::Unknown).is_ok()
}

fn is_place(text: &str) -> bool {
    let places = Location::parse_list(text);
    !places.is_empty() && places.iter().all(|place| place.country.is_some())
}
