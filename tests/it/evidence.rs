//! No hit without its evidence, no highlight that did not count: on random reports and on the bundled corpus.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use casebook::{
    Analyzer, Clause, ClauseKind, Hit, Language, Passage, Position, Query, Report, Section, Tier,
};
use proptest::prelude::*;

use crate::harness::{bundled, everything, in_memory, repository, search};
use crate::naive::{self, Reading, shown_clauses, typed};
use crate::random;

/// A report that holds nothing but this text, in this section.
fn alone(section: Section, text: &str) -> Report {
    let mut report = Report::new("alone");
    *match section {
        Section::Victim => &mut report.victim,
        Section::Title => &mut report.title,
        Section::Summary => &mut report.summary,
        Section::Body => &mut report.body,
        Section::Other => &mut report.other,
    } = text.to_owned();
    report
}

fn words(text: &str) -> Vec<String> {
    Analyzer::new(Language::English).forms(text).into_iter().map(|word| word.surface).collect()
}

/// Whether a highlighted text is something that the clause asks for. Of a near phrase each word is marked.
fn satisfies(
    (clause, within): (&Clause, Option<&[Section]>),
    report: &Report,
    section: Section,
    text: &str,
    languages: &[Language],
) -> bool {
    let marked = Report { language: report.language.clone(), ..alone(section, text) };
    match &clause.kind {
        ClauseKind::Word(word) if naive::is_compound(word) => {
            let language = report.language.as_deref().and_then(Language::from_code);
            let marked = naive::stems(text, &[language.unwrap_or(Language::English)]);
            within.is_none_or(|within| within.contains(&section))
                && naive::stems(word, languages).iter().any(|stems| stems.contains(&marked[0][0]))
        }
        ClauseKind::Phrase(phrase) if phrase.slop > 0 => {
            let wanted = words(&phrase.text);
            let last = wanted.last().filter(|_| phrase.prefix);
            within.is_none_or(|within| within.contains(&section))
                && words(text).iter().any(|word| {
                    wanted.contains(word) || last.is_some_and(|last| word.starts_with(last))
                })
        }
        _ => Reading::new(&marked, languages).shows(clause, within),
    }
}

/// Whether two texts are one name: the same words put together, in any form.
fn same_name(one: &str, other: &str) -> bool {
    let joined = |text: &str, stem: bool| -> String {
        let words = Analyzer::new(Language::English).forms(text).into_iter();
        words.map(|word| if stem { word.stem } else { word.surface }).collect()
    };
    joined(one, false) == joined(other, false) || joined(one, true) == joined(other, true)
}

/// Fails unless the evidence of `hit` is whole and true.
fn check(query: &Query, hit: &Hit, languages: &[Language]) -> Result<(), TestCaseError> {
    let report = &hit.report;
    let reading = Reading::new(report, languages);
    let clauses = shown_clauses(query);

    // What is said to be matched is what matches; by another name, that is told below.
    let as_typed = hit.matched.iter().filter(|clause| clause.alias.is_none());
    let mut matched: Vec<String> = as_typed.map(|clause| clause.text.clone()).collect();
    let holding = clauses.iter().filter(|(clause, within)| reading.shows(clause, *within));
    let mut expected: Vec<String> = holding.map(|(clause, _)| typed(query, clause)).collect();
    matched.sort();
    expected.sort();
    prop_assert_eq!(matched, expected, "clauses that {} satisfies of {}", &report.id, query);

    // Each of them is shown.
    let shown: BTreeSet<usize> = highlights(hit).flat_map(|(_, h)| h.clauses.clone()).collect();
    prop_assert_eq!(shown, (0..hit.matched.len()).collect(), "shown of {} in {:?}", query, hit);
    prop_assert!(hit.matched.iter().all(|clause| clause.spans > 0));

    // Nothing else is.
    for (passage, highlight) in highlights(hit) {
        let text = &report.section(passage.section)[highlight.range.clone()];
        for &index in &highlight.clauses {
            if let Some(alias) = &hit.matched[index].alias {
                prop_assert!(same_name(text, &alias.name), "{:?} is no {}", text, alias.name);
                continue;
            }
            let of_that_text = |clause: &&(&Clause, Option<&[Section]>)| {
                typed(query, clause.0) == hit.matched[index].text
            };
            let holds = clauses
                .iter()
                .filter(of_that_text)
                .any(|clause| satisfies(*clause, report, passage.section, text, languages));
            prop_assert!(holds, "{:?} shows no {} of {}", text, hit.matched[index].text, query);
        }
    }
    prop_assert_eq!(hit.passages.len(), hit.passages_total);
    check_ranges(hit)
}

fn highlights(hit: &Hit) -> impl Iterator<Item = (&Passage, &casebook::Highlight)> {
    hit.passages.iter().flat_map(|passage| passage.highlights.iter().map(move |h| (passage, h)))
}

/// Passages are pieces of the text, in reading order; highlights lie in them, in order, without overlaps.
fn check_ranges(hit: &Hit) -> Result<(), TestCaseError> {
    let report = &hit.report;
    let mut before = (Section::Victim, 0);
    for passage in &hit.passages {
        let text = report.section(passage.section);
        prop_assert_eq!(text.get(passage.range.clone()), Some(passage.text.as_str()));
        prop_assert!(
            (passage.section, passage.range.start) >= before,
            "order of {:?}",
            hit.passages
        );
        before = (passage.section, passage.range.end);
        prop_assert!(!passage.highlights.is_empty(), "a passage shows something");
        let mut end = passage.range.start;
        for highlight in &passage.highlights {
            prop_assert!(highlight.range.start >= end && !highlight.range.is_empty());
            prop_assert!(text.get(highlight.range.clone()).is_some(), "within a character");
            end = highlight.range.end;
        }
        prop_assert!(end <= passage.range.end);
    }
    Ok(())
}

proptest! {
    #![proptest_config(random::config(32))]

    #[test]
    fn random_hits_show_what_they_satisfy_and_nothing_else(
        reports in random::reports(),
        queries in prop::collection::vec(prop_oneof![random::query(), random::positive_query()], 8),
    ) {
        let languages = naive::languages(&naive::with_languages(reports.clone()));
        let casebook = in_memory(reports);
        for text in &queries {
            let query = Query::parse(text).unwrap();
            let results = casebook.search(&query, &everything()).unwrap();
            for hit in &results.hits {
                if hit.tier == Tier::Relaxed {
                    let relaxed = Query::parse(&results.relaxation.as_ref().unwrap().query).unwrap();
                    check(&relaxed, hit, &languages)?;
                } else {
                    check(&query, hit, &languages)?;
                }
            }
        }
    }
}

const QUERIES: &[&str] = &[
    "website defaced",
    "ransomware hospital backup",
    "\"supply chain\"",
    "\"data protection authority\"~3 breach",
    "ransom* -hospital",
    "(hospital OR clinic OR hôpital) date:2020..2023",
    "victim:bank OR summary:bank",
    "Côte d’Azur",
    "l'hôpital",
    "/defac(ed|ing)/ websit~",
    "body:\"in the night\"",
    "données",
    "Daten Angriff",
    "the of de",
    "\"data breach*\"",
    "2023 attack^3 (victim|title):a*",
];

#[test]
fn hits_of_the_bundled_corpus_show_what_they_satisfy_and_nothing_else() {
    let mut hits = 0;
    let known = bundled().status().unwrap().languages;
    let languages: Vec<_> =
        known.iter().filter_map(|(code, _)| Language::from_code(code)).collect();
    for text in QUERIES {
        let query = Query::parse(text).unwrap();
        let results = bundled().search(&query, &everything()).unwrap();
        for hit in results.hits.iter().filter(|hit| hit.tier != Tier::Relaxed) {
            check(&query, hit, &languages)
                .unwrap_or_else(|e| panic!("{text}: {}: {e}", hit.report.id));
            hits += 1;
        }
    }
    assert!(hits > 200, "only {hits} hits: the queries don't fit the corpus any more");
}

#[test]
fn positions_lead_to_the_same_text_in_the_file() {
    let corpus = repository().join("corpus");
    let mut checked = 0;
    for text in QUERIES {
        for hit in &search(bundled(), text).hits {
            let source = hit.report.source.as_ref().expect("a report of a folder has a file");
            let file = fs::read_to_string(corpus.join(&source.path)).unwrap();
            for passage in &hit.passages {
                let section = hit.report.section(passage.section);
                let place = passage.position.expect("the text format keeps texts as they are");
                check_position(&file, place, &passage.text, &source.path);
                for highlight in &passage.highlights {
                    let place = highlight.position.expect("as the passage around it");
                    check_position(&file, place, &section[highlight.range.clone()], &source.path);
                    checked += 1;
                }
            }
        }
    }
    assert!(checked > 500, "only {checked} highlights");
}

/// Byte, character, line and column say the same, and the text stands there.
fn check_position(file: &str, place: Position, text: &str, path: &Path) {
    let before = &file[..place.byte as usize];
    assert!(file[place.byte as usize..].starts_with(text), "{text:?} at {place:?} of {path:?}");
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    let counted = Position {
        byte: before.len() as u64,
        char: before.chars().count() as u64,
        line: before.matches('\n').count() as u64 + 1,
        column: before[line_start..].chars().count() as u64 + 1,
    };
    assert_eq!(place, counted, "{path:?}");
}

#[test]
fn fewer_passages_are_the_best_of_all() {
    for text in QUERIES {
        let query = Query::parse(text).unwrap();
        let all = bundled().search(&query, &everything()).unwrap();
        for most in [0, 1, 3] {
            let options = casebook::SearchOptions { passages: most, ..everything() };
            let some = bundled().search(&query, &options).unwrap();
            for (hit, whole) in some.hits.iter().zip(&all.hits) {
                assert_eq!(hit.passages.len(), most.min(whole.passages.len()), "{text}");
                assert_eq!(hit.passages_total, whole.passages_total);
                assert!(hit.passages.iter().all(|passage| whole.passages.contains(passage)));
            }
        }
    }
}

#[test]
fn a_phrase_is_one_highlight_and_its_words_elsewhere_are_none() {
    let body = "The website of the town fell. The official website of the town was next.";
    let casebook = in_memory([alone(Section::Body, body)]);
    let marked = |query: &str| -> Vec<String> {
        let results = search(&casebook, query);
        let texts = |(_, highlight): (&Passage, &casebook::Highlight)| {
            body[highlight.range.clone()].to_owned()
        };
        results.hits.iter().flat_map(|hit| highlights(hit).map(texts).collect::<Vec<_>>()).collect()
    };
    assert_eq!(marked("\"official website\""), ["official website"]);
    assert_eq!(marked("website"), ["website", "website"]);
    assert_eq!(marked("\"website official\"~2"), ["official", "website"]);
    // Two clauses on one place: the place is marked once, for both.
    assert_eq!(marked("\"official website\" website"), ["website", "official website"]);
    // What is excluded is not shown.
    assert_eq!(marked("next -absent"), ["next"]);
}
