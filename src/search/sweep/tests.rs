//! A sweep beside the queries that it stands for.

use std::collections::BTreeSet;

use super::*;
use crate::index::document::{Analyzers, to_document};
use crate::index::store::Store;
use crate::query::Query;
use crate::report::Report;
use crate::search::collect::{Floor, Found, TopHits};
use crate::search::results::{SearchOptions, Sort};

/// Reports of words of which each next one is half as frequent, many of them equal, over several segments and more
/// than one window; some are deleted.
fn store() -> Store {
    let store = Store::in_memory().unwrap();
    let mut writer = store.index.writer_with_num_threads(1, 15_000_000).unwrap();
    let mut analyzers = Analyzers::new();
    let mut state = 1u64;
    for i in 0..6000 {
        let mut words = vec!["other"];
        for word in ["wiper", "worm", "stolen", "encrypted", "alpha", "beta", "gamma"] {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            if state >> 62 != 0 {
                break;
            }
            words.push(word);
            words.extend((state >> 40 & 3 == 0).then_some(word));
        }
        let body = words.join(" ");
        let report = Report { id: format!("r{i}"), body, ..Report::default() };
        writer.add_document(to_document(&store.fields, &report, &mut analyzers).unwrap()).unwrap();
        if i % 2500 == 2499 {
            writer.commit().unwrap();
        }
    }
    for i in (0..6000).step_by(7) {
        let id = tantivy::Term::from_field_text(store.fields.id, &format!("r{i}"));
        writer.delete_term(id);
    }
    writer.commit().unwrap();
    store.reload().unwrap();
    store
}

#[test]
fn a_sweep_finds_what_the_compiled_queries_find() {
    let store = store();
    let searcher = store.searcher();
    assert!(searcher.segment_readers().len() > 1);
    let options = SearchOptions::default();
    for text in [
        "wiper worm",
        "worm stolen gamma",
        "wiper (stolen OR beta) missing",
        "other wiper worm stolen encrypted",
        "alpha worm*^2 beta~",
        "wiper worm^3 (stolen OR gam*)",
    ] {
        let query = Query::parse(text).unwrap();
        let search = Search::new(&store, &searcher, &query, &options).unwrap();
        assert!(applies(&search), "{text}");
        for n in [1, 10, 100, 10_000] {
            let swept = sweep(&search, n, false).unwrap();
            let look = |query: &dyn tantivy::query::Query, n| {
                let columns = &store.columns;
                let (sort, floor) = (Sort::Relevance, Floor::default());
                let top = TopHits { columns, n, sort, unordered: false, counting: true, floor };
                searcher.search(query, &top).unwrap()
            };
            let compiler = search.compiler();
            let full = look(&*compiler.full(DateMode::Possible), n);
            assert_same(text, &swept.full, &full);
            let mut partial = look(&*compiler.some(DateMode::Possible), 10_000);
            let all = look(&*compiler.full(DateMode::Possible), 10_000);
            let is_full = |hit: &Found| all.hits.iter().any(|h| h.address == hit.address);
            partial.hits.retain(|hit| !is_full(hit));
            partial.hits.truncate(n);
            partial.total -= all.total;
            assert_same(text, &swept.partial, &partial);
            for (i, node) in search.plan.optional.iter().enumerate() {
                let query = compiler.alone(node, DateMode::Possible);
                for hit in swept.full.hits.iter().chain(&swept.partial.hits).take(20) {
                    let score = crate::search::execute::score_of(&searcher, &*query, hit.address);
                    assert_eq!(hit.met >> i & 1 == 1, score.unwrap() > 0.0, "{text} {hit:?}");
                }
            }
        }
    }
}

fn assert_same(text: &str, swept: &Top, expected: &Top) {
    assert_eq!(swept.total, expected.total, "{text}");
    // What equals what may differ by how the parts of a score are added up, and with it who stands at the cut.
    let addresses = |top: &Top| top.hits.iter().map(|hit| hit.address).collect::<BTreeSet<_>>();
    if swept.hits.len() == swept.total {
        assert_eq!(addresses(swept), addresses(expected), "{text}");
    }
    assert_eq!(swept.hits.len(), expected.hits.len(), "{text}");
    for (one, other) in swept.hits.iter().zip(&expected.hits) {
        assert!((one.score - other.score).abs() <= one.score * 1e-5, "{text}: {one:?} {other:?}");
    }
}
