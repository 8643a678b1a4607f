//! What a search finds, against a second opinion: random reports, random queries over the whole language, and the
//! answers that `naive` gives without an index. Also that the list is the same however it is cut or the index was made.

use std::collections::BTreeSet;

use casebook::{Certainty, Hit, Query, Ranking, Report, Results, SearchOptions, Sort, Tier};
use proptest::prelude::*;

use crate::harness::{bundled, everything, ids, in_memory, search_with};
use crate::{naive, random};

fn strict() -> SearchOptions {
    SearchOptions { strict: true, ..everything() }
}

fn with_body(id: &str, body: &str) -> Report {
    Report { body: body.into(), ..Report::new(id) }
}

/// Ids of the full matches, of the partial ones with what they miss.
fn tiers(results: &Results) -> (BTreeSet<String>, Vec<(String, Vec<String>)>) {
    let mut full = BTreeSet::new();
    let mut partial = Vec::new();
    for hit in &results.hits {
        match &hit.tier {
            Tier::Full => assert!(full.insert(hit.report.id.clone()), "twice: {}", hit.report.id),
            Tier::Partial { missing } => partial.push((hit.report.id.clone(), missing.clone())),
            Tier::Relaxed => {}
        }
    }
    partial.sort();
    (full, partial)
}

proptest! {
    #![proptest_config(random::config(24))]

    #[test]
    fn finds_what_the_second_opinion_finds(
        reports in random::reports(),
        queries in prop::collection::vec(random::query(), 12),
    ) {
        let reports = naive::with_languages(reports);
        let casebook = in_memory(reports.clone());
        for text in &queries {
            let query = Query::parse(text).map_err(|e| TestCaseError::fail(format!("{text}: {e}")))?;
            let again = Query::parse(&query.to_string()).unwrap();
            prop_assert_eq!(&again, &query, "{} as {}", text, query);
            let expected = naive::expected(&query, &reports);

            let strict = casebook.search(&query, &strict()).unwrap();
            let (full, _) = tiers(&strict);
            prop_assert_eq!(&full, &expected.full, "full matches of {}", text);
            prop_assert_eq!(strict.hits.len(), strict.total, "strict: {}", text);
            prop_assert_eq!(strict.partial_total, 0);
            prop_assert!(strict.relaxation.is_none());

            let results = casebook.search(&query, &everything()).unwrap();
            let (full, partial) = tiers(&results);
            prop_assert_eq!(&full, &expected.full, "full matches of {}", text);
            prop_assert_eq!(results.total, expected.full.len(), "total of {}", text);
            prop_assert_eq!(results.searched, reports.len());
            let expected_partial: Vec<_> = expected.partial.clone().into_iter().collect();
            prop_assert_eq!(partial, expected_partial, "partial matches of {}", text);
            prop_assert_eq!(results.partial_total, expected.partial.len(), "partial total of {}", text);
            prop_assert_eq!(results.certain, expected.certain.len(), "certain of {}", text);
            prop_assert_eq!(results.undated, expected.undated, "undated of {}", text);
            let tier = |hit: &casebook::Hit| u8::from(hit.tier != Tier::Full);
            prop_assert!(results.hits.is_sorted_by_key(tier), "full before partial: {}", text);
            for (nth, hit) in results.hits.iter().enumerate() {
                prop_assert_eq!(hit.rank, nth + 1);
                let certainty = naive::has_date_filter(&query).then(|| {
                    match hit.tier == Tier::Full && !expected.certain.contains(&hit.report.id) {
                        true => Certainty::Possible,
                        false => Certainty::Certain,
                    }
                });
                if hit.tier == Tier::Full {
                    prop_assert_eq!(hit.certainty, certainty, "{} of {}", hit.report.id, text);
                }
                let known = reports.iter().find(|report| report.id == hit.report.id);
                prop_assert_eq!(Some(&hit.report), known, "a report comes back as it was added");
            }
            if results.total + results.partial_total > 0 {
                prop_assert!(results.relaxation.is_none(), "{}", text);
            }
        }
    }

    #[test]
    fn the_order_does_not_depend_on_how_the_index_came_to_be(
        reports in random::reports(),
        queries in prop::collection::vec(random::query(), 6),
        cut in 0usize..8,
    ) {
        let at_once = in_memory(reports.clone());
        // In another order, in several commits, with reports that were changed and others that are gone.
        let (first, second) = reports.split_at(cut.min(reports.len()));
        let in_steps = in_memory(second.iter().rev().cloned());
        in_steps.add(first.iter().map(|known| with_body(&known.id, "something else"))).unwrap();
        in_steps.add([with_body("gone", "website data breach")]).unwrap();
        in_steps.add(first.iter().rev().cloned()).unwrap();
        in_steps.remove(["gone"]).unwrap();
        for text in &queries {
            for sort in [Sort::Relevance, Sort::Date, Sort::Victim] {
                let options = SearchOptions { sort, ..everything() };
                let (one, other) = (search_with(&at_once, text, &options), search_with(&in_steps, text, &options));
                let scores = |results: &Results| results.hits.iter().map(|hit| hit.score).collect::<Vec<_>>();
                prop_assert_eq!(
                    ids(&one), ids(&other), "{} by {:?}: {:?} {:?}", text, sort, scores(&one), scores(&other)
                );
            }
        }
    }

    #[test]
    fn pages_put_together_are_the_whole_list(
        reports in random::reports(),
        queries in prop::collection::vec(random::query(), 6),
        size in 1usize..4,
    ) {
        let casebook = in_memory(reports);
        for text in &queries {
            for sort in [Sort::Relevance, Sort::Date, Sort::Victim] {
                let whole = search_with(&casebook, text, &SearchOptions { sort, ..everything() });
                let mut pages: Vec<(usize, String, Tier)> = Vec::new();
                for offset in (0..=whole.hits.len() + size).step_by(size) {
                    let options = SearchOptions { sort, offset, limit: size, ..everything() };
                    let page = search_with(&casebook, text, &options);
                    prop_assert!(page.hits.len() <= size);
                    prop_assert_eq!(page.total, whole.total, "{}", text);
                    prop_assert_eq!(page.partial_total, whole.partial_total, "{}", text);
                    pages.extend(page.hits.into_iter().map(|hit| (hit.rank, hit.report.id, hit.tier)));
                }
                let whole: Vec<_> =
                    whole.hits.into_iter().map(|hit| (hit.rank, hit.report.id, hit.tier)).collect();
                prop_assert_eq!(pages, whole, "{} by {:?}", text, sort);
            }
        }
    }
}

/// The first page is found without a full look at what can't be on it.
#[test]
fn the_first_page_is_the_beginning_of_the_whole_list() {
    let casebook = bundled();
    let reports = search_with(casebook, "*", &everything()).hits;
    let words = |hit: &Hit| -> Vec<String> {
        let body = hit.report.body.split(|c: char| !c.is_alphabetic());
        body.filter(|word| word.len() > 5).map(str::to_owned).collect()
    };
    let mut longer = 0;
    for hit in reports.iter().filter(|hit| words(hit).len() > 40) {
        let words = words(hit);
        let text = [&words[7], &words[20], &words[33], &words[40 % words.len()]];
        let text = text.map(String::as_str).join(" ");
        let Ok(query) = Query::parse(&text) else { continue };
        for ranking in [Ranking::Best, Ranking::Newest, Ranking::Exact] {
            let rank = |limit| {
                let options = SearchOptions { limit, ranking, ..SearchOptions::default() };
                casebook.rank(&query, &options).unwrap()
            };
            let whole = rank(1000);
            for limit in [1, 3, 10, 25] {
                longer += usize::from(limit < whole.len());
                assert_eq!(rank(limit), whole[..limit.min(whole.len())], "{text} {ranking:?}");
            }
        }
    }
    assert!(longer > 100, "{longer}");
}
