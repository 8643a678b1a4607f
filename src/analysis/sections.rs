//! Where the words of a report's sections stand when the report is read as one text.
//!
//! In: a report and an analyzer. Out: its words in reading order, each with the section that it belongs to and its
//! position in the whole. Index and evidence both count positions with this function, so that they agree.

use crate::analysis::{Analyzer, Token};
use crate::report::{Report, Section};

/// Positions left free between two sections, so that no phrase and no near phrase reaches from one into the next.
pub(crate) const SECTION_GAP: u32 = 128;

/// The first position of each section, in the order of [`Section::ALL`].
///
/// A section's words stand from its start up to the start of the next.
pub(crate) type SectionStarts = [u32; Section::ALL.len()];

/// Calls `sink` with every word of `report` and gives back where the sections start.
///
/// `Token::position` counts over the whole report; `Token::range` are bytes of the section's own text.
pub(crate) fn analyze_sections(
    report: &Report,
    analyzer: &mut Analyzer,
    mut sink: impl FnMut(Section, Token<'_>),
) -> SectionStarts {
    let mut starts = SectionStarts::default();
    let mut next = 0;
    for (section, start) in Section::ALL.into_iter().zip(&mut starts) {
        *start = next;
        let mut words = 0;
        analyzer.analyze(report.section(section), |token| {
            words = token.position + 1;
            sink(section, Token { position: *start + token.position, ..token });
        });
        if words > 0 {
            next = *start + words + SECTION_GAP;
        }
    }
    starts
}
