//! Ranked reports with their passages, for people.
//!
//! In: an [`Answer`]. Out: for each report who, when and where, the passages with what matched in them, and the
//! file to look it up in; partial and relaxed matches under headings of their own. Where nothing matches: why, and
//! what to type instead.

use std::io::{self, Write};

use casebook::{AliasMatch, Certainty, ClauseCount, Hit, Passage, Relaxation, Section, Tier};

use super::layout::{Flow, Page, columns};
use super::style::{Role, Style};
use super::{
    Answer, Printer, countries, date, lead, name, pieces, position_of, shell_query, source_name,
};
use crate::sync::{counted, grouped};

/// Where passages start: under the name, past the rank.
const INDENT: usize = 4;
/// Where their further lines start, so that one passage is told from the next.
const HANGING: usize = 6;

/// Prints reports.
pub struct Text {
    pub style: Style,
}

impl Printer for Text {
    fn print(&self, answer: &Answer<'_>, out: &mut dyn Write) -> io::Result<()> {
        let mut page = Page::new(out, self.style);
        let results = answer.results;
        if results.searched == 0 {
            let folder = match answer.prefix.as_os_str().is_empty() {
                true => "this folder".into(),
                false => answer.prefix.display().to_string(),
            };
            let text = format!("There are no reports in {folder}.");
            return page.paragraph(0, 0, &Flow::of(Role::Plain, &text));
        }
        if results.total == 0 {
            nothing_matches(&mut page, answer)?;
        } else if answer.explain {
            clauses(&mut page, &results.clauses)?;
        }
        let mut tier = None;
        let mut first = results.total > 0 && !answer.explain;
        for hit in &results.hits {
            if !std::mem::take(&mut first) {
                page.blank()?;
            }
            let this = std::mem::discriminant(&hit.tier);
            if tier.replace(this) != Some(this) {
                heading(&mut page, answer, &hit.tier)?;
            }
            print_hit(&mut page, answer, hit)?;
        }
        footer(&mut page, answer)
    }
}

fn print_hit(page: &mut Page<'_>, answer: &Answer<'_>, hit: &Hit) -> io::Result<()> {
    let report = &hit.report;
    page.labelled(&format!("{:>2}.", hit.rank), INDENT, HANGING, &header(hit))?;
    if !report.title.is_empty() && !report.victim.is_empty() {
        let title = whole_section(hit, Section::Title, &report.title, Role::Plain);
        page.paragraph(INDENT, HANGING, &title)?;
    }
    let shown: Vec<_> = hit.passages.iter().filter(|passage| !in_header(passage)).collect();
    let lead = if shown.is_empty() { lead(report).filter(|lead| !in_header(lead)) } else { None };
    for passage in shown.iter().copied().chain(&lead) {
        page.paragraph(INDENT, HANGING, &quotation(hit, passage))?;
    }
    for line in other_names(hit) {
        page.paragraph(INDENT, HANGING, &Flow::of(Role::Dim, &line))?;
    }
    if !hit.explanation.is_empty() {
        page.paragraph(INDENT, HANGING, &Flow::of(Role::Dim, &explanation(hit)))?;
    }
    let places = shown.iter().copied().chain(&lead).filter_map(position_of);
    let source = Flow::of(Role::Dim, &source(answer, hit, places.map(|place| place.line)));
    page.unbroken(INDENT, &source)
}

/// Victim and title stand in the header; a passage of them would say the same again.
fn in_header(passage: &Passage) -> bool {
    matches!(passage.section, Section::Victim | Section::Title)
}

/// Who, when, where; and what keeps the report from being a sure match.
fn header(hit: &Hit) -> Flow {
    let report = &hit.report;
    let mut flow = match report.victim.is_empty() {
        true if !report.title.is_empty() => {
            whole_section(hit, Section::Title, &report.title, Role::Strong)
        }
        true => Flow::of(Role::Strong, name(report)),
        false => whole_section(hit, Section::Victim, &report.victim, Role::Strong),
    };
    flow.push(Role::Plain, " · ");
    flow.push(Role::Plain, &date(report));
    if hit.certainty == Some(Certainty::Possible) {
        flow.push(Role::Caution, " (may be outside the dates asked for)");
    }
    if !report.countries.is_empty() {
        flow.push(Role::Plain, " · ");
        flow.push(Role::Plain, &countries(report));
    }
    if let Tier::Partial { missing } = &hit.tier {
        flow.push(Role::Plain, " · ");
        flow.push(Role::Caution, &format!("without: {}", missing.join(", ")));
    }
    flow
}

/// A section from end to end, with what matched in it.
fn whole_section(hit: &Hit, section: Section, text: &str, role: Role) -> Flow {
    let mut flow = Flow::default();
    let mut at = 0;
    let passages = hit.passages.iter().filter(|passage| passage.section == section);
    for highlight in passages.flat_map(|passage| &passage.highlights) {
        let range = highlight.range.clone();
        let (Some(before), Some(matched)) = (text.get(at..range.start), text.get(range.clone()))
        else {
            continue;
        };
        flow.push(role, before);
        flow.push(Role::Match, matched);
        at = range.end;
    }
    flow.push(role, text.get(at..).unwrap_or_default());
    flow
}

/// A passage, with `…` where it starts or ends within a sentence.
fn quotation(hit: &Hit, passage: &Passage) -> Flow {
    let text = hit.report.section(passage.section);
    let before = text.get(..passage.range.start).unwrap_or_default().trim_end();
    let after = text.get(passage.range.end..).unwrap_or_default().trim_start();
    let mut flow = Flow::default();
    if !before.is_empty() && !ends_sentence(before) {
        flow.push(Role::Dim, "… ");
    }
    for (matched, piece) in pieces(passage) {
        flow.push(if matched { Role::Match } else { Role::Plain }, piece);
    }
    if !after.is_empty() && !ends_sentence(passage.text.trim_end()) {
        flow.push(Role::Dim, " …");
    }
    flow
}

fn ends_sentence(text: &str) -> bool {
    let closing = |c: char| matches!(c, '"' | '\'' | '”' | '’' | '»' | ')' | ']' | '」' | '』');
    text.trim_end_matches(closing).ends_with(['.', '!', '?', '…', ':', '。', '！', '？'])
}

/// By which names the report was found that were not typed: a line for each set of names.
fn other_names(hit: &Hit) -> Vec<String> {
    let mut sets: Vec<(&str, &AliasMatch, Vec<&str>)> = Vec::new();
    for matched in &hit.matched {
        let Some(alias) = &matched.alias else { continue };
        let is_same = |(text, known, _): &&mut (&str, &AliasMatch, Vec<&str>)| {
            *text == matched.text && known.set == alias.set && known.source == alias.source
        };
        match sets.iter_mut().find(is_same) {
            // A name that is written in several ways is told once.
            Some((_, _, names)) if names.contains(&alias.name.as_str()) => {}
            Some((_, _, names)) => names.push(&alias.name),
            None => sets.push((&matched.text, alias, vec![&alias.name])),
        }
    }
    let line = |(text, AliasMatch { set, source, .. }, names): (&str, &AliasMatch, Vec<&str>)| {
        let of = if names.contains(&set.as_str()) { String::new() } else { format!("{set}, ") };
        format!("{text} → {} (alias: {of}{source})", names.join(", "))
    };
    sets.into_iter().map(line).collect()
}

fn explanation(hit: &Hit) -> String {
    let mut sum = format!("score {:.2} =", hit.score);
    for (i, (label, value)) in hit.explanation.iter().enumerate() {
        let sign = match (i, *value < 0.0) {
            (0, false) => "",
            (_, false) => " +",
            (_, true) => " −",
        };
        sum.push_str(&format!("{sign} {label} {:.2}", value.abs()));
    }
    sum
}

/// `corpus/a.txt:12, 14`, and the id where the path does not tell it.
fn source(answer: &Answer<'_>, hit: &Hit, lines: impl Iterator<Item = u64>) -> String {
    let report = &hit.report;
    let Some(path) = source_name(report, answer.prefix) else {
        return format!("id {}", report.id);
    };
    let mut lines: Vec<_> = lines.collect();
    lines.sort_unstable();
    lines.dedup();
    let told = report.source.as_ref().is_some_and(|source| {
        let name = source.path.to_string_lossy();
        name.strip_suffix(".txt").unwrap_or(&name) == report.id
    });
    let mut source = path;
    for (nth, line) in lines.iter().enumerate() {
        source.push_str(if nth == 0 { ":" } else { ", " });
        source.push_str(&line.to_string());
    }
    if hit.passages_total > hit.passages.len() {
        let more = hit.passages_total - hit.passages.len();
        source.push_str(&format!(" · {}", counted(more, "more passage", "more passages")));
    }
    if !told {
        source.push_str(&format!(" · id {}", report.id));
    }
    source
}

fn heading(page: &mut Page<'_>, answer: &Answer<'_>, tier: &Tier) -> io::Result<()> {
    let results = answer.results;
    let text = match tier {
        Tier::Full => return Ok(()),
        Tier::Partial { .. } => {
            let more = if results.total > 0 { "more " } else { "" };
            let verb = if results.partial_total == 1 { "matches" } else { "match" };
            format!("{} {more}{verb} some of the words", grouped(results.partial_total))
        }
        Tier::Relaxed => match &results.relaxation {
            Some(relaxed) => relaxed_heading(relaxed),
            None => "Near matches".into(),
        },
    };
    page.paragraph(0, 3, &Flow::of(Role::Strong, &format!("── {text} ──")))?;
    page.blank()
}

fn relaxed_heading(Relaxation { query, reason, total }: &Relaxation) -> String {
    let verb = if *total == 1 { "matches" } else { "match" };
    format!("Near: {} {verb} {query} ({reason})", counted(*total, "report", "reports"))
}

/// Nothing matches as written: the parts of the query one by one, and what to type instead.
fn nothing_matches(page: &mut Page<'_>, answer: &Answer<'_>) -> io::Result<()> {
    let results = answer.results;
    let mut said = Flow::of(Role::Strong, "No report matches ");
    said.push(Role::Strong, &results.query);
    said.push(Role::Dim, &format!(" ({} searched)", grouped(results.searched)));
    page.paragraph(0, 0, &said)?;
    clauses(page, &results.clauses)?;
    if results.clauses.len() > 1 && results.clauses.iter().all(|clause| clause.hits > 0) {
        page.paragraph(2, 2, &Flow::of(Role::Plain, "Each part matches, but no report has all."))?;
    }
    for suggestion in &results.suggestions {
        let mut line = Flow::of(Role::Plain, "Did you mean ");
        line.push(Role::Strong, &suggestion.instead);
        let reports = counted(suggestion.hits, "report", "reports");
        line.push(Role::Plain, &format!(" ({reports})? "));
        line.push(Role::Dim, &search(answer, &suggestion.query));
        page.paragraph(2, 4, &line)?;
    }
    if let Some(relaxed) = &results.relaxation
        && !results.hits.iter().any(|hit| hit.tier == Tier::Relaxed)
    {
        let mut line = Flow::of(Role::Plain, &relaxed_heading(relaxed));
        line.push(Role::Plain, " ");
        line.push(Role::Dim, &search(answer, &relaxed.query));
        page.paragraph(2, 4, &line)?;
    }
    Ok(())
}

/// A table of the parts of a query: how many reports each matches, how it is written, what it means.
fn clauses(page: &mut Page<'_>, clauses: &[ClauseCount]) -> io::Result<()> {
    let counts = clauses.iter().map(|clause| grouped(clause.hits).len()).max().unwrap_or(0);
    let texts = clauses
        .iter()
        .map(|clause| 2 * clause.depth + columns(&clause.text))
        .filter(|width| *width <= 32)
        .max()
        .unwrap_or(0);
    if !clauses.is_empty() {
        page.paragraph(0, 0, &Flow::of(Role::Dim, "Reports that match each part, taken alone:"))?;
    }
    for clause in clauses {
        let count = format!("  {:>counts$}", grouped(clause.hits));
        let written = format!("{:1$}{2}", "", 2 * clause.depth, clause.text);
        let room = (texts + 2).saturating_sub(columns(&written)).max(2);
        let label = format!("{count}  {written}{:room$}", "");
        let mut meaning = Flow::of(Role::Dim, &clause.meaning);
        if clause.hits == 0 && clause.required {
            meaning.push(Role::Caution, " ← none");
        }
        page.labelled(&label, 0, counts + 6, &meaning)?;
    }
    Ok(())
}

fn search(answer: &Answer<'_>, query: &str) -> String {
    format!("{} {}", answer.command, shell_query(query))
}

/// How many there are beyond what is shown, and how to see them.
fn footer(page: &mut Page<'_>, answer: &Answer<'_>) -> io::Result<()> {
    let results = answer.results;
    let mut lines = Vec::new();
    if results.total + results.partial_total > 0 {
        lines.push(paging(answer));
    }
    if results.certain < results.total {
        lines.push(format!(
            "{} surely in the dates asked for, {} possibly",
            counted(results.certain, "report is", "reports are"),
            grouped(results.total - results.certain),
        ));
    }
    if results.undated > 0 {
        let verb = if results.undated == 1 { "matches but has" } else { "match but have" };
        lines.push(format!(
            "{} more {verb} no date (date:none shows such reports)",
            grouped(results.undated)
        ));
    }
    let stands_alone = results.hits.is_empty() && results.total > 0 && !answer.explain;
    if !lines.is_empty() && !stands_alone {
        page.blank()?;
    }
    for line in lines {
        page.paragraph(0, 2, &Flow::of(Role::Dim, &line))?;
    }
    Ok(())
}

fn paging(answer: &Answer<'_>) -> String {
    let results = answer.results;
    let mut line = match results.total {
        0 => String::from("no full match"),
        total => counted(total, "report", "reports"),
    };
    if results.partial_total > 0 {
        let more = counted(results.partial_total, "partial match", "partial matches");
        line.push_str(&format!(", {more}"));
    }
    let all = results.total + results.partial_total;
    match (results.hits.first(), results.hits.last()) {
        (Some(first), Some(last)) if first.rank > 1 || last.rank < all => {
            line.push_str(&format!("; shown: {} to {}", first.rank, last.rank));
            if last.rank < all {
                line.push_str(&format!("; next page: --offset {}", last.rank));
            }
        }
        (None, _) => line.push_str("; none on this page"),
        _ => {}
    }
    line
}
