//! Markdown: the text format or running text, under a heading, perhaps with front matter.
//!
//! In: the bytes of a file. Out: its reports. Marks stay in the text, which is cited as it stands.

use std::io;

use super::collect::Collector;
use super::document::{Demand, Document};
use super::front_matter::{self, FrontMatter};
use super::read::Input;
use super::{prose, text};

/// Whether a text is Markdown that may hold a report. Without front matter or headings of a report, any text could be.
pub(super) fn sniff(text: &str) -> bool {
    matches!(front_matter::read(text), FrontMatter::Fields { .. })
        || text::sniff(text)
        || text
            .lines()
            .find(|line| !line.trim().is_empty())
            .is_some_and(|line| prose::heading(line).is_some() && prose::measure(text).is_account())
}

/// Reads the reports of a file.
pub(super) fn parse(input: &mut Input<'_>, collector: &mut Collector<'_>) -> io::Result<()> {
    let Some(text) = input.text(collector)? else { return Ok(()) };
    Document::of_file(&text, collector).read(Demand::Sentence, collector);
    Ok(())
}
