//! The library as a program uses it: reports in memory, threads, look-ups, what is refused.

use std::sync::atomic::{AtomicBool, Ordering};

use casebook::{
    Casebook, Error, ErrorKind, Hit, OpenOptions, Query, Report, Results, SearchOptions, SyncReport,
};

use crate::harness::{Corpus, ids, in_memory, search};

fn report(id: &str, body: &str) -> Report {
    Report { body: body.into(), ..Report::new(id) }
}

#[test]
fn what_crosses_threads_may() {
    fn crosses<T: Send + Sync + 'static>() {}
    crosses::<Casebook>();
    crosses::<Query>();
    crosses::<Results>();
    crosses::<Hit>();
    crosses::<Report>();
    crosses::<Error>();
    crosses::<SearchOptions>();
    crosses::<SyncReport>();
}

#[test]
fn reports_are_added_replaced_and_removed() {
    let casebook = Casebook::in_memory().unwrap();
    assert_eq!(search(&casebook, "website").searched, 0);
    let synced = casebook.add([report("a", "website"), report("b", "website")]).unwrap();
    assert_eq!((synced.added, synced.updated, synced.reports), (2, 0, 2));
    let synced = casebook.add([report("b", "mail"), report("c", "website")]).unwrap();
    assert_eq!((synced.added, synced.updated, synced.unchanged, synced.reports), (1, 1, 1, 3));
    assert_eq!(ids(&search(&casebook, "website")), ["a", "c"]);
    // The same id twice at once: the last one counts.
    casebook.add([report("d", "first"), report("d", "second")]).unwrap();
    assert_eq!(ids(&search(&casebook, "second")), ["d"]);
    assert_eq!(search(&casebook, "id:d").total, 1);
    let synced = casebook.remove(["a", "unknown"]).unwrap();
    assert_eq!((synced.removed, synced.reports), (1, 3));
    assert_eq!(ids(&search(&casebook, "website")), ["c"]);
    assert_eq!(casebook.report("a").unwrap(), None);
    let synced = casebook.sync().unwrap();
    assert!(!synced.changed() && synced.reports == 3);
}

#[test]
fn a_report_comes_back_whole() {
    let corpus = Corpus::of_two();
    let casebook = corpus.open();
    casebook.sync().unwrap();
    let stored = casebook.report("port").unwrap().unwrap();
    let read = casebook::read_file(&corpus.path(), "port.txt".as_ref(), &Default::default());
    // But for its language, which the file does not say.
    let known = casebook::Report { language: Some("en".into()), ..read.reports[0].clone() };
    assert_eq!(stored, known);
    let copy = in_memory([stored.clone()]);
    assert_eq!(copy.report("port").unwrap(), Some(stored));
}

#[test]
fn reports_are_found_by_what_one_remembers() {
    let corpus = Corpus::of_two();
    let casebook = corpus.open();
    casebook.sync().unwrap();
    for (text, expected) in [
        ("2023/aubrac", &["2023/aubrac"][..]),
        ("2023/aubrac.txt", &["2023/aubrac"]),
        ("./2023/aubrac.txt", &["2023/aubrac"]),
        ("aubrac.txt", &["2023/aubrac"]),
        ("AUBRAC", &["2023/aubrac"]),
        ("port", &["port"]),
        ("r", &["2023/aubrac", "port"]),
        ("absent", &[]),
    ] {
        let found = casebook.find_reports(text).unwrap();
        let mut found: Vec<&str> = found.iter().map(|report| report.id.as_str()).collect();
        found.sort_unstable();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn a_status_is_known_before_and_after() {
    let corpus = Corpus::of_two();
    let casebook = corpus.open();
    let status = casebook.status().unwrap();
    assert_eq!((status.reports, status.pending.new, status.indexed_at), (0, 2, None));
    casebook.sync().unwrap();
    let status = casebook.status().unwrap();
    assert_eq!((status.reports, status.files, status.dated), (2, 2, 2));
    assert_eq!((status.pending.new, status.pending.changed, status.pending.removed), (0, 0, 0));
    assert_eq!(status.countries, [("DK".into(), 1), ("FR".into(), 1), ("NO".into(), 1)]);
    let range = status.date_range.unwrap();
    assert_eq!(
        (range.from().to_string(), range.to().to_string()),
        ("2023-08-30".into(), "2023-12-31".into())
    );
    assert!(status.index_bytes > 0 && status.indexed_at.is_some());
}

#[test]
fn what_is_no_use_is_refused_with_the_way_out() {
    let corpus = Corpus::of_two();
    let casebook = corpus.open();
    let query = Query::parse("website").unwrap();
    let error = casebook.search(&query, &SearchOptions::default()).unwrap_err();
    assert_eq!((error.kind(), error.help()), (ErrorKind::Index, Some("sync first")));
    let error = casebook.add([Report::new("a")]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Input);
    let error = Casebook::open(corpus.path().join("port.txt")).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Io);
    assert!(error.to_string().contains("port.txt") && error.help().is_some(), "{error}");
}

#[test]
fn threads_search_while_reports_are_added() {
    let casebook = in_memory((0..20).map(|i| report(&format!("r{i}"), "website defaced")));
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let mut before = 0;
                while !done.load(Ordering::Relaxed) {
                    let results = search(&casebook, "website");
                    // Batches of ten become visible at once, and none goes away again.
                    assert_eq!(results.total % 10, 0);
                    assert!(results.total >= before && results.hits.len() == results.total);
                    before = results.total;
                }
            });
        }
        for batch in 2..7 {
            let reports = (0..10).map(|i| report(&format!("b{batch}-{i}"), "a website"));
            casebook.add(reports).unwrap();
        }
        done.store(true, Ordering::Relaxed);
    });
    assert_eq!(search(&casebook, "website").total, 70);
}

#[test]
fn threads_write_one_after_the_other() {
    let casebook = Casebook::in_memory().unwrap();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let casebook = &casebook;
            scope.spawn(move || {
                for i in 0..3 {
                    casebook.add([report(&format!("{thread}-{i}"), "website")]).unwrap();
                }
            });
        }
    });
    assert_eq!(search(&casebook, "website").total, 12);
}

#[test]
fn options_bound_what_a_sync_takes() {
    let corpus = Corpus::of_two();
    for threads in [1, 3] {
        let options = OpenOptions {
            index: Some(corpus.scratch().join(format!("index-{threads}"))),
            threads: Some(threads),
            memory_bytes: 0,
            ..OpenOptions::default()
        };
        let casebook = Casebook::open_with(corpus.path(), &options).unwrap();
        assert_eq!(casebook.sync().unwrap().added, 2);
        assert_eq!(casebook.index_path(), options.index.as_deref());
        assert_eq!(casebook.root(), Some(corpus.path().as_path()));
    }
    assert!(!corpus.path().join(".casebook").exists());
}
