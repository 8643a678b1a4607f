//! One passage a line, as grep and compilers print: `path:line:column: text`.
//!
//! In: an [`Answer`]. Out: lines that editors and pipes can jump by. What is no match of the query as written
//! says so in brackets before the text. A report whose text does not stand in its file word for word has no line
//! and column: its lines start `path#record: `, or with its id where there is no file.

use std::io::{self, Write};

use casebook::{Hit, Passage, Tier};

use super::layout::{Flow, Page};
use super::style::{Role, Style};
use super::{Answer, Printer, file_name, passages_or_lead, pieces, position_of, source_name};

/// Prints passages.
pub struct Grep {
    pub style: Style,
}

impl Printer for Grep {
    fn print(&self, answer: &Answer<'_>, out: &mut dyn Write) -> io::Result<()> {
        // A line is a passage, however narrow the terminal.
        let mut page = Page::new(out, Style { width: None, ..self.style });
        for hit in &answer.results.hits {
            for passage in passages_or_lead(hit) {
                let mut line = Flow::of(Role::Dim, &place(hit, &passage, answer));
                line.push(Role::Plain, " ");
                if let Some(caution) = caution(&hit.tier, answer) {
                    line.push(Role::Caution, &caution);
                    line.push(Role::Plain, " ");
                }
                for (matched, text) in pieces(&passage) {
                    line.push(if matched { Role::Match } else { Role::Plain }, text);
                }
                page.paragraph(0, 0, &line)?;
            }
        }
        Ok(())
    }
}

fn place(hit: &Hit, passage: &Passage, answer: &Answer<'_>) -> String {
    match (position_of(passage), file_name(&hit.report, answer.prefix)) {
        (Some(position), Some(file)) => format!("{file}:{}:{}:", position.line, position.column),
        _ => {
            let source = source_name(&hit.report, answer.prefix);
            format!("{}:", source.unwrap_or_else(|| hit.report.id.clone()))
        }
    }
}

fn caution(tier: &Tier, answer: &Answer<'_>) -> Option<String> {
    match tier {
        Tier::Full => None,
        Tier::Partial { missing } => Some(format!("[without: {}]", missing.join(", "))),
        Tier::Relaxed => {
            answer.results.relaxation.as_ref().map(|relaxed| format!("[matches {}]", relaxed.query))
        }
    }
}
