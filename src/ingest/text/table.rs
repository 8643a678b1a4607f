//! The tables of the text format.
//!
//! In: lines with `|` between cells. Out: which column each cell belongs to, and the fields of a report that they set.

use super::headings::{self, Column};
use crate::ingest::config::FileConfig;
use crate::ingest::values::{is_placeholder, parse_tally, split_names};
use crate::report::{Report, Tally};

/// The header row of a table.
#[derive(Debug)]
pub(super) struct Header {
    /// What each column is, and its name as written.
    pub columns: Vec<(Option<Column>, String)>,
}

/// How sure a header row has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Surroundings {
    /// Between sections, where tables belong.
    Tables,
    /// Amid running text, which may hold tables of its own.
    Text,
}

impl Header {
    /// The header row that `line` is.
    pub fn find(line: &str, surroundings: Surroundings, config: &FileConfig) -> Option<Self> {
        if !line.contains('|') {
            return None;
        }
        let columns: Vec<_> =
            cells(line).into_iter().map(|cell| (headings::column(&cell, config), cell)).collect();
        let known = columns.iter().filter(|(column, _)| column.is_some()).count();
        // "Type" and "Location" head tables of anything.
        let telling = columns
            .iter()
            .flat_map(|(column, _)| *column)
            .any(|column| !matches!(column, Column::ActorType | Column::ActorLocation));
        let enough = match surroundings {
            Surroundings::Tables => known * 2 >= columns.len(),
            Surroundings::Text => known == columns.len(),
        };
        (columns.len() >= 2 && telling && enough).then_some(Self { columns })
    }

    /// Sets the fields of `report` from a row. Gives what belongs to no field, and what does not agree.
    pub fn read_row(&self, line: &str, report: &mut Report) -> Row {
        let mut row = Row::default();
        for (at, cell) in cells(line).into_iter().enumerate() {
            let (column, name) = match self.columns.get(at) {
                Some((column, name)) => (*column, name.as_str()),
                None => (None, ""),
            };
            match column {
                Some(column) => row.disagreements.extend(set(report, column, &cell)),
                None if cell.is_empty() => {}
                None if name.is_empty() => row.other.push(cell),
                None => row.other.push(format!("{name}: {cell}")),
            }
        }
        row
    }
}

/// What a row holds beside fields.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub other: Vec<String>,
    pub disagreements: Vec<String>,
}

/// Sets the field of a column. Several rows add up. Gives how count and names disagree, if they do.
pub(super) fn set(report: &mut Report, column: Column, cell: &str) -> Option<String> {
    match column {
        Column::Posture => {
            let (mut tally, disagreement) = parse_tally(cell);
            if tally.names.len() == 1 && disagreement.is_none() {
                tally.names = split_posture(&tally.names[0]);
                tally.count = u32::try_from(tally.names.len()).ok();
            }
            add(&mut report.posture, tally);
            disagreement
        }
        Column::Motives => add_tally(&mut report.motives, cell),
        Column::Techniques => add_tally(&mut report.techniques, cell),
        Column::Actors => add_tally(&mut report.actors, cell),
        Column::ActorType => add_text(&mut report.actor_type, cell),
        Column::ActorLocation => add_text(&mut report.actor_location, cell),
    }
}

/// The trimmed cells of a row; the outer bars may be missing.
pub(super) fn cells(line: &str) -> Vec<String> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let line = match line.strip_suffix('|') {
        Some(inner) if !inner.ends_with('\\') => inner,
        _ => line,
    };
    let mut cells = vec![String::new()];
    let mut escaped = false;
    for c in line.chars() {
        let last = cells.len() - 1;
        match c {
            '|' if escaped => {
                cells[last].pop(); // the backslash
                cells[last].push('|');
            }
            '|' => cells.push(String::new()),
            c => cells[last].push(c),
        }
        escaped = c == '\\';
    }
    for cell in &mut cells {
        *cell = cell.trim().to_owned();
    }
    cells
}

/// Whether a line has no letter or digit: a rule, or the alignments under a header row.
pub(super) fn is_rule(line: &str) -> bool {
    !line.contains(char::is_alphanumeric)
}

fn split_posture(name: &str) -> Vec<String> {
    let names = name.split(['/', '&', '+']).flat_map(|part| part.split(" and ")).map(str::trim);
    names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

fn add_tally(tally: &mut Tally, cell: &str) -> Option<String> {
    let (more, disagreement) = parse_tally(cell);
    add(tally, more);
    disagreement
}

fn add(tally: &mut Tally, more: Tally) {
    tally.count = match (tally.count, more.count) {
        (Some(a), Some(b)) => Some(a.saturating_add(b)),
        (a, b) => a.or(b),
    };
    tally.names.extend(more.names);
}

fn add_text(text: &mut Option<String>, cell: &str) -> Option<String> {
    let cell = cell.trim().trim_matches('*').trim();
    if is_placeholder(cell) {
        return None;
    }
    match text {
        Some(old) if split_names(old).iter().any(|name| name == cell) => {}
        Some(old) => {
            old.push_str(", ");
            old.push_str(cell);
        }
        None => *text = Some(cell.to_owned()),
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_cut_at_bars() {
        assert_eq!(cells("| a | b |"), ["a", "b"]);
        assert_eq!(cells("a|b"), ["a", "b"]);
        assert_eq!(cells("|a||"), ["a", ""]);
        assert_eq!(cells(r"| a \| b | c\|"), ["a | b", "c|"]);
    }

    #[test]
    fn header_rows_are_told_from_other_tables() {
        use Surroundings::{Tables, Text};
        for (line, surroundings, is) in [
            ("| CIA Posture | Motives | Tactics, Techniques & Procedures |", Text, true),
            ("Posture|Motives|TTPs", Tables, true),
            ("| Threat Actors | Type | Location | Sector |", Tables, true),
            ("| Threat Actors | Type | Location | Sector |", Text, false),
            ("| Type | Location |", Tables, false),
            ("| Host | Address | Motive |", Tables, false),
            ("| Motives |", Tables, false),
            ("Motives", Tables, false),
        ] {
            let found = Header::find(line, surroundings, &FileConfig::default());
            assert_eq!(found.is_some(), is, "{line}");
        }
    }

    #[test]
    fn rows_add_up_and_extra_cells_are_kept() {
        let line = "| Threat Actors | Type | Location | Sector |";
        let header = Header::find(line, Surroundings::Tables, &FileConfig::default()).unwrap();
        let mut report = Report::default();
        let row =
            header.read_row("| 1 actor: Red | criminal | Russia | banks | more |", &mut report);
        assert_eq!(row.other, ["Sector: banks", "more"]);
        header.read_row("| 1 actor: Blue | criminal | Available to members | |", &mut report);
        assert_eq!(report.actors.count, Some(2));
        assert_eq!(report.actors.names, ["Red", "Blue"]);
        assert_eq!(report.actor_type.as_deref(), Some("criminal"));
        assert_eq!(report.actor_location.as_deref(), Some("Russia"));
    }

    #[test]
    fn posture_is_cut_at_slashes_too() {
        let mut report = Report::default();
        set(&mut report, Column::Posture, "Confidentiality / Integrity and Availability");
        assert_eq!(report.posture.count, Some(3));
    }
}
