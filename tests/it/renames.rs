//! Reports keep their ids while their files move, are edited, copied, swapped and come back.

use std::collections::BTreeMap;
use std::fs;

use casebook::{Casebook, SyncReport};

use crate::harness::{Corpus, search};

fn report(victim: &str) -> String {
    format!("Cyber Incident Victim: {victim}\nDescription\nThe website was defaced.\n")
}

impl Corpus {
    fn rename(&self, from: &str, to: &str) {
        let to = self.path().join(to);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::rename(self.path().join(from), to).unwrap();
    }
}

/// By id, path and victim of every report.
fn all(casebook: &Casebook) -> BTreeMap<String, String> {
    let reports = search(casebook, "").hits.into_iter().map(|hit| {
        let path = hit.report.source.unwrap().path;
        (hit.report.id, format!("{} {}", path.display(), hit.report.victim))
    });
    reports.collect()
}

fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(id, report)| ((*id).to_owned(), (*report).to_owned())).collect()
}

/// Added, updated, removed, renamed, unchanged.
fn counts(synced: &SyncReport) -> [usize; 5] {
    [synced.added, synced.updated, synced.removed, synced.renamed, synced.unchanged]
}

#[track_caller]
fn sync(corpus: &Corpus, expected: [usize; 5]) -> BTreeMap<String, String> {
    // Opened anew each time: nothing may be kept but on the disk.
    let casebook = corpus.open();
    let synced = casebook.sync().unwrap();
    assert_eq!(counts(&synced), expected, "added, updated, removed, renamed, unchanged");
    assert_eq!(synced.reports, search(&casebook, "").total);
    let found = all(&casebook);
    assert_eq!(found.len(), synced.reports, "every id once");
    let again = corpus.open();
    let synced = again.sync().unwrap();
    assert!(!synced.changed(), "{synced:?}");
    assert_eq!(all(&again), found, "another sync changes nothing");
    found
}

#[test]
fn a_file_that_moves_keeps_its_id() {
    let corpus = Corpus::new().with("a.txt", report("A")).with("b.txt", report("B"));
    assert_eq!(sync(&corpus, [2, 0, 0, 0, 0]), map(&[("a", "a.txt A"), ("b", "b.txt B")]));

    corpus.rename("a.txt", "2023/c.txt");
    let moved = map(&[("a", "2023/c.txt A"), ("b", "b.txt B")]);
    assert_eq!(sync(&corpus, [0, 0, 0, 1, 1]), moved);

    // Edited where it is now, it is still the same report.
    corpus.write("2023/c.txt", report("Alpha"));
    let edited = map(&[("a", "2023/c.txt Alpha"), ("b", "b.txt B")]);
    assert_eq!(sync(&corpus, [0, 1, 0, 0, 1]), edited);

    // Only the case of the name, then the folder, then back to where it was.
    corpus.rename("2023/c.txt", "2023/C.TXT");
    assert_eq!(sync(&corpus, [0, 0, 0, 1, 1])["a"], "2023/C.TXT Alpha");
    corpus.rename("2023", "archive/2023");
    assert_eq!(sync(&corpus, [0, 0, 0, 1, 1])["a"], "archive/2023/C.TXT Alpha");
    corpus.rename("archive/2023/C.TXT", "a.txt");
    assert_eq!(sync(&corpus, [0, 0, 0, 1, 1])["a"], "a.txt Alpha");

    // What is found by its path and by its id is the same.
    let casebook = corpus.open();
    assert_eq!(casebook.find_reports("a.txt").unwrap(), casebook.find_reports("a").unwrap());
    corpus.run(&["search", "alpha"]).exits(0).prints("a.txt:3");
}

#[test]
fn a_new_file_at_the_old_path_is_another_report() {
    let corpus = Corpus::new().with("a.txt", report("A"));
    sync(&corpus, [1, 0, 0, 0, 0]);
    corpus.rename("a.txt", "old.txt");
    corpus.write("a.txt", report("New"));
    let both = map(&[("a", "old.txt A"), ("a~2", "a.txt New")]);
    assert_eq!(sync(&corpus, [1, 0, 0, 1, 0]), both);

    // The new one keeps its id where the old one's is free again, and while it is edited.
    corpus.write("a.txt", report("Newer"));
    corpus.remove("old.txt");
    assert_eq!(sync(&corpus, [0, 1, 1, 0, 0]), map(&[("a~2", "a.txt Newer")]));
    corpus.write("b.txt", report("B"));
    corpus.rename("a.txt", "c.txt");
    let moved = map(&[("a~2", "c.txt Newer"), ("b", "b.txt B")]);
    assert_eq!(sync(&corpus, [1, 0, 0, 1, 0]), moved);
}

#[test]
fn copies_are_reports_of_their_own_and_swaps_are_moves() {
    let corpus = Corpus::new().with("a.txt", report("A")).with("b.txt", report("B"));
    sync(&corpus, [2, 0, 0, 0, 0]);
    corpus.write("copy.txt", report("A"));
    assert_eq!(sync(&corpus, [1, 0, 0, 0, 2])["copy"], "copy.txt A");
    // The original goes: the copy has been a report of its own.
    corpus.remove("a.txt");
    let left = map(&[("b", "b.txt B"), ("copy", "copy.txt A")]);
    assert_eq!(sync(&corpus, [0, 0, 1, 0, 2]), left);

    corpus.rename("b.txt", "hold");
    corpus.rename("copy.txt", "b.txt");
    corpus.rename("hold", "copy.txt");
    let swapped = map(&[("b", "copy.txt B"), ("copy", "b.txt A")]);
    assert_eq!(sync(&corpus, [0, 0, 0, 2, 0]), swapped);

    // One that takes the place of another.
    corpus.rename("copy.txt", "b.txt");
    assert_eq!(sync(&corpus, [0, 0, 1, 1, 0]), map(&[("b", "b.txt B")]));
}

#[test]
fn of_several_with_the_same_content_each_keeps_an_id() {
    let corpus = Corpus::new();
    for path in ["2022/a.txt", "2022/b.txt", "2023/a.txt"] {
        corpus.write(path, report("Same"));
    }
    sync(&corpus, [3, 0, 0, 0, 0]);
    corpus.rename("2022", "old");
    corpus.write("other.txt", report("Same"));
    let moved = map(&[
        ("2022/a", "old/a.txt Same"),
        ("2022/b", "old/b.txt Same"),
        ("2023/a", "2023/a.txt Same"),
        ("other", "other.txt Same"),
    ]);
    assert_eq!(sync(&corpus, [1, 0, 0, 2, 1]), moved);
}

#[test]
fn the_reports_of_one_file_move_together() {
    let line = |victim: &str| {
        format!("{{\"victim\": \"{victim}\", \"text\": \"The website was defaced.\"}}\n")
    };
    let corpus = Corpus::new().with("a.jsonl", line("One") + &line("Two"));
    let before = sync(&corpus, [2, 0, 0, 0, 0]);
    assert_eq!(before["a.jsonl#2"], "a.jsonl Two");
    corpus.rename("a.jsonl", "x/b.jsonl");
    let moved = map(&[("a.jsonl#1", "x/b.jsonl One"), ("a.jsonl#2", "x/b.jsonl Two")]);
    assert_eq!(sync(&corpus, [0, 0, 0, 2, 0]), moved);
    corpus.write("x/b.jsonl", line("One") + &line("Two") + &line("Three"));
    assert_eq!(sync(&corpus, [1, 2, 0, 0, 0])["a.jsonl#3"], "x/b.jsonl Three");
}

#[test]
fn ids_that_had_to_be_made_distinct_stay_with_their_reports() {
    let line = |text: &str| {
        format!("{{\"id\": \"same\", \"victim\": \"{text}\", \"text\": \"{text}\"}}\n")
    };
    let corpus = Corpus::new()
        .with("a.jsonl", line("first") + &line("second"))
        .with("b.jsonl", line("third"));
    let ids = |first: &str, third: &str| {
        let report = |path: &str, victim: &str| format!("{path} {victim}");
        [
            ("same".to_owned(), report(first, "first")),
            ("same~2".to_owned(), report(first, "second")),
            ("same~3".to_owned(), report(third, "third")),
        ]
        .into()
    };
    assert_eq!(sync(&corpus, [3, 0, 0, 0, 0]), ids("a.jsonl", "b.jsonl"));
    // Moved so that the order of paths is another.
    corpus.rename("a.jsonl", "z.jsonl");
    corpus.rename("b.jsonl", "c.jsonl");
    assert_eq!(sync(&corpus, [0, 0, 0, 3, 0]), ids("z.jsonl", "c.jsonl"));
    // A new one comes before them while both are read again.
    corpus.write("0.jsonl", line("new"));
    corpus.write("z.jsonl", line("first") + &line("second") + "\n");
    corpus.write("c.jsonl", line("third") + "\n");
    let mut expected: BTreeMap<_, _> = ids("z.jsonl", "c.jsonl");
    expected.insert("same~4".to_owned(), "0.jsonl new".to_owned());
    assert_eq!(sync(&corpus, [1, 3, 0, 0, 0]), expected);
    // The first goes; the others are who they were, also when they are read again.
    corpus.write("z.jsonl", line("second"));
    corpus.remove("0.jsonl");
    let found = sync(&corpus, [0, 1, 2, 0, 1]);
    assert_eq!(found["same~3"], "c.jsonl third");
}

#[test]
fn a_file_that_comes_under_other_settings_keeps_its_id() {
    let table = "Kunde;Datum;Beschreibung\nAlpha;03/04/2021;The website was defaced.\n";
    let corpus = Corpus::new().with("a.csv", table).with(
        "fr/casebook.toml",
        "[fields]\n\"Kunde\" = \"victim\"\n[dates]\norder = \"day-first\"\n",
    );
    let before = sync(&corpus, [1, 0, 0, 0, 0]);
    let id = before.keys().next().unwrap().clone();
    corpus.rename("a.csv", "fr/b.csv");
    assert_eq!(sync(&corpus, [0, 0, 0, 1, 0]), map(&[(&id, "fr/b.csv Alpha")]));
}

#[test]
fn a_copy_takes_no_id_from_an_original_that_was_just_written() {
    // Nothing else has its size, and it is looked into again because it is so new.
    let corpus = Corpus::new().with("a.txt", report("A")).with("b.txt", report("Another"));
    sync(&corpus, [2, 0, 0, 0, 0]);
    corpus.write("copy.txt", report("A"));
    let found = sync(&corpus, [1, 0, 0, 0, 2]);
    let expected = [("a", "a.txt A"), ("b", "b.txt Another"), ("copy", "copy.txt A")];
    assert_eq!(found, map(&expected));
}
