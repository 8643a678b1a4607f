//! The passages of a report that are worth reading.
//!
//! In: a report with the marks of its evidence. Out: pieces of its text, cut at sentence bounds, the best first
//! chosen by the weight and the diversity of the clauses that they show, then put in reading order.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use crate::report::{Report, Section};
use crate::search::evidence::Mark;
use crate::search::results::{Highlight, Passage, Position};

/// A sentence shorter than this many bytes takes its neighbour along, for context.
const SHORT: usize = 90;
/// A passage longer than this many bytes is cut around what it shows.
const LONG: usize = 420;
/// Bytes of context kept on either side where a passage is cut.
const CONTEXT: usize = 120;

/// A passage in the making.
struct Candidate {
    section: Section,
    range: Range<usize>,
    /// Indices of the marks in it.
    marks: Range<usize>,
}

/// Cuts and chooses passages: at most `most`, with the number that there are in all.
///
/// `marks` are sorted by section and place; `weights` are those of the clauses, by [`Mark::atom`]; `clauses` turns
/// an atom into an index of [`Hit::matched`](crate::Hit::matched).
pub(crate) fn passages(
    report: &Report,
    marks: &[Mark],
    weights: &[f32],
    clauses: &dyn Fn(usize) -> Option<usize>,
    most: usize,
) -> (Vec<Passage>, usize) {
    let candidates = candidates(report, marks);
    let total = candidates.len();
    let chosen = choose(&candidates, marks, weights, most);
    let passages = chosen.into_iter().map(|i| {
        let Candidate { section, range, marks: inside } = &candidates[i];
        let text = report.section(*section);
        let mut places = Places::new(report, *section);
        let position = places.at(range.start);
        Passage {
            section: *section,
            range: range.clone(),
            text: text[range.clone()].to_owned(),
            highlights: highlights(&marks[inside.clone()], clauses, &mut places),
            position,
        }
    });
    (passages.collect(), total)
}

fn candidates(report: &Report, marks: &[Mark]) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    let mut from = 0;
    while from < marks.len() {
        let section = marks[from].section;
        let to = from + marks[from..].partition_point(|mark| mark.section == section);
        cut(report.section(section), section, marks, from..to, &mut candidates);
        from = to;
    }
    candidates
}

/// Cuts the marked parts of one section.
fn cut(
    text: &str,
    section: Section,
    marks: &[Mark],
    inside: Range<usize>,
    candidates: &mut Vec<Candidate>,
) {
    let sentences = sentences(text, &marks[inside.clone()]);
    let mut next = inside.start;
    while next < inside.end {
        let first = marks[next].range.start;
        let s = sentences.partition_point(|sentence| sentence.end <= first);
        let mut range = sentences.get(s).map_or(0..text.len(), Clone::clone);
        let mut following = s + 1;
        // A short sentence takes the next along; a clause that runs over the end of a sentence does in any case.
        let mut end = next;
        loop {
            while end < inside.end && marks[end].range.start < range.end {
                range.end = range.end.max(marks[end].range.end);
                end += 1;
            }
            match sentences.get(following) {
                Some(sentence) if range.end > sentence.start => {
                    range.end = range.end.max(sentence.end);
                    following += 1;
                }
                Some(sentence)
                    if range.len() < SHORT
                        && sentence.end - range.start <= LONG
                        && follows_on(&text[range.end..sentence.start]) =>
                {
                    range.end = sentence.end;
                    following += 1;
                }
                _ => break,
            }
        }
        split_long(text, section, marks, range, next..end, candidates);
        next = end;
    }
}

/// Whether what stands between two sentences leaves them in one paragraph.
fn follows_on(between: &str) -> bool {
    between.trim().is_empty() && !between.contains("\n\n")
}

/// Cuts a passage that is too long into windows around its marks.
fn split_long(
    text: &str,
    section: Section,
    marks: &[Mark],
    range: Range<usize>,
    inside: Range<usize>,
    candidates: &mut Vec<Candidate>,
) {
    if range.len() <= LONG {
        candidates.push(Candidate { section, range, marks: inside });
        return;
    }
    let mut next = inside.start;
    let mut floor = range.start;
    while next < inside.end {
        let from = marks[next].range.start;
        let mut to = marks[next].range.end;
        let mut end = next + 1;
        while end < inside.end
            && (marks[end].range.start < to || marks[end].range.end <= from + LONG - CONTEXT)
        {
            to = to.max(marks[end].range.end);
            end += 1;
        }
        let start = word_start(text, from.saturating_sub(CONTEXT).max(floor), from);
        let ceiling = marks[..inside.end].get(end).map_or(range.end, |mark| mark.range.start);
        let stop = word_end(text, to, (to + CONTEXT).min(range.end).min(ceiling.max(to)));
        candidates.push(Candidate { section, range: start..stop, marks: next..end });
        floor = stop;
        next = end;
    }
}

/// The first start of a word at or after `from`, if there is one before `limit`.
fn word_start(text: &str, from: usize, limit: usize) -> usize {
    let from = ceil_char_boundary(text, from);
    if from == 0 || text[..from].ends_with(char::is_whitespace) {
        return from;
    }
    text[from..limit].find(char::is_whitespace).map_or(limit, |blank| {
        let rest = &text[from + blank..limit];
        limit - rest.trim_start().len()
    })
}

/// The last end of a word at or before `to`, if there is one after `limit`.
fn word_end(text: &str, limit: usize, to: usize) -> usize {
    let to = ceil_char_boundary(text, to);
    if to == text.len() || text[to..].starts_with(char::is_whitespace) {
        return to;
    }
    text[limit..to]
        .rfind(char::is_whitespace)
        .map_or(limit, |blank| limit + text[limit..limit + blank].trim_end().len())
}

fn ceil_char_boundary(text: &str, at: usize) -> usize {
    (at..=text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len())
}

/// The sentences of the lines that hold marks, and of each line after such a one, without the blanks around them.
///
/// UAX #29 ends a sentence at every end of a line, so that lines can be cut one by one, and most need not be.
fn sentences(text: &str, marks: &[Mark]) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    let mut marks = marks.iter().map(|mark| &mark.range).peekable();
    // Where the marks end that began in lines before.
    let mut marked_to = 0;
    let mut follows = false;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        let mut marked = marked_to > start;
        while let Some(mark) = marks.next_if(|mark| mark.start < end) {
            marked = true;
            marked_to = marked_to.max(mark.end);
        }
        if marked || follows {
            for (at, sentence) in line.split_sentence_bound_indices() {
                let trimmed = sentence.trim_start();
                let from = start + at + sentence.len() - trimmed.len();
                let trimmed = trimmed.trim_end();
                if !trimmed.is_empty() {
                    sentences.push(from..from + trimmed.len());
                }
            }
        }
        follows = marked;
        start = end;
    }
    sentences
}

/// Greedy choice: each time the passage that shows most of what has not been shown.
fn choose(candidates: &[Candidate], marks: &[Mark], weights: &[f32], most: usize) -> Vec<usize> {
    if candidates.len() <= most {
        return (0..candidates.len()).collect();
    }
    let mut chosen = Vec::new();
    let mut shown = vec![0_i32; weights.len()];
    while chosen.len() < most {
        let worth = |candidate: &Candidate| {
            let mut seen = vec![0_i32; weights.len()];
            let mut worth = 0.0;
            for mark in &marks[candidate.marks.clone()] {
                // What was shown n times is worth a fourth part to the power of n.
                let times = shown[mark.atom] + seen[mark.atom];
                worth += weights[mark.atom] * 0.25_f32.powi(times);
                seen[mark.atom] += 1;
            }
            // The victim's name and the title stand above the passages anyway.
            match candidate.section {
                Section::Victim | Section::Title => worth * 0.3,
                Section::Summary | Section::Body => worth,
                Section::Other => worth * 0.5,
            }
        };
        let best = (0..candidates.len())
            .filter(|i| !chosen.contains(i))
            .map(|i| (worth(&candidates[i]), i))
            // Of two that are worth the same the first in the text is taken.
            .max_by(|(a, i), (b, j)| a.total_cmp(b).then(j.cmp(i)));
        let Some((_, best)) = best else { break };
        for mark in &marks[candidates[best].marks.clone()] {
            shown[mark.atom] += 1;
        }
        chosen.push(best);
    }
    chosen.sort_unstable();
    chosen
}

/// The marks of a passage without overlaps.
fn highlights(
    marks: &[Mark],
    clauses: &dyn Fn(usize) -> Option<usize>,
    places: &mut Places<'_>,
) -> Vec<Highlight> {
    let mut highlights: Vec<Highlight> = Vec::new();
    for mark in marks {
        let Some(clause) = clauses(mark.atom) else { continue };
        match highlights.last_mut() {
            Some(last) if mark.range.start < last.range.end => {
                last.range.end = last.range.end.max(mark.range.end);
                if !last.clauses.contains(&clause) {
                    last.clauses.push(clause);
                }
            }
            _ => highlights.push(Highlight {
                range: mark.range.clone(),
                clauses: vec![clause],
                position: places.at(mark.range.start),
            }),
        }
    }
    highlights
}

/// Turns offsets in a section into places in its file; asked in ascending order, it reads the text once.
struct Places<'a> {
    text: &'a str,
    at: usize,
    here: Option<Position>,
}

impl<'a> Places<'a> {
    fn new(report: &'a Report, section: Section) -> Self {
        let origins = report.source.as_ref().map_or(&[][..], |source| &source.origins);
        let here = origins.iter().find(|origin| origin.section == section).map(|origin| Position {
            byte: origin.byte,
            char: origin.char,
            line: origin.line,
            column: origin.column,
        });
        Self { text: report.section(section), at: 0, here }
    }

    fn at(&mut self, offset: usize) -> Option<Position> {
        let here = self.here.as_mut()?;
        for c in self.text[self.at..offset].chars() {
            here.byte += c.len_utf8() as u64;
            here.char += 1;
            if c == '\n' {
                here.line += 1;
                here.column = 1;
            } else {
                here.column += 1;
            }
        }
        self.at = offset;
        self.here
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(body: &str) -> Report {
        Report { body: body.into(), ..Report::new("x") }
    }

    fn marks(body: &str, word: &str) -> Vec<Mark> {
        let mark = |(start, word): (usize, &str)| Mark {
            section: Section::Body,
            range: start..start + word.len(),
            atom: 0,
        };
        body.match_indices(word).map(mark).collect()
    }

    fn texts(body: &str, word: &str, most: usize) -> Vec<String> {
        let (passages, total) =
            passages(&report(body), &marks(body, word), &[1.0], &|_| Some(0), most);
        assert!(passages.len() <= total);
        for passage in &passages {
            assert_eq!(passage.text, &body[passage.range.clone()]);
            for highlight in &passage.highlights {
                assert_eq!(&body[highlight.range.clone()], word);
                assert!(passage.range.start <= highlight.range.start);
                assert!(highlight.range.end <= passage.range.end);
            }
        }
        passages.into_iter().map(|passage| passage.text).collect()
    }

    #[test]
    fn a_passage_is_a_sentence() {
        let filler =
            "Nothing of note was found in the systems of the second site during that week at all.";
        let hit = "The attackers took the mail server and the website, and left a note for the staff in the morning hours.";
        let body = format!("{filler} {hit} {filler}");
        assert_eq!(texts(&body, "website", 3), [hit]);
    }

    #[test]
    fn a_short_sentence_takes_the_next_along() {
        assert_eq!(texts("The website fell. It rose again.", "website", 1).len(), 1);
        assert_eq!(texts("The website fell. It rose again.", "website", 1)[0].len(), 32);
    }

    #[test]
    fn a_long_sentence_is_cut_at_words_and_every_mark_is_in_a_passage() {
        let long = "word ".repeat(200);
        let body = format!("{long}website {long}website {long}");
        let found = texts(&body, "website", usize::MAX);
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|text| text.starts_with("word") && text.ends_with("word")));
        let solid = format!("{}website{}", "x".repeat(900), "y".repeat(900));
        assert_eq!(texts(&solid, "website", 1), ["website"]);
    }

    #[test]
    fn places_count_lines_and_characters() {
        let mut report = report("é\nwebsite");
        report.source = Some(crate::report::Source {
            origins: vec![crate::report::Origin {
                section: Section::Body,
                byte: 10,
                char: 9,
                line: 3,
                column: 1,
            }],
            ..Default::default()
        });
        let expected = Position { byte: 13, char: 11, line: 4, column: 1 };
        assert_eq!(Places::new(&report, Section::Body).at(3), Some(expected));
    }
}
