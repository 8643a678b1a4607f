//! The number of reports that match, alone on its line.
//!
//! In: an [`Answer`]. Out: its exact total, without partial matches.

use std::io::{self, Write};

use super::{Answer, Printer};

/// Prints the total.
pub struct Count;

impl Printer for Count {
    fn print(&self, answer: &Answer<'_>, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", answer.results.total)
    }
}
