//! The index follows the folder: what is new, changed, touched, gone; what can't be read; indexes that are damaged or
//! of another version; several threads and processes at once.

use std::fs::{self, File};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, SystemTime};

use casebook::{Casebook, FORMAT_VERSION, Limits, OpenOptions, Query, SearchOptions, SkipKind};

use crate::harness::{AUBRAC, Corpus, ids, search};

fn report(victim: &str) -> String {
    format!("Cyber Incident Victim: {victim}\nDescription\nThe website was defaced.\n")
}

/// Sets a time long enough ago that it says whether a file has changed.
fn settle(path: &Path) {
    let time = SystemTime::now() - Duration::from_secs(3600);
    File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
}

#[test]
fn what_changed_is_read_again_and_nothing_else() {
    let corpus = Corpus::new().with("a.txt", report("A")).with("b.txt", report("B"));
    for name in ["a.txt", "b.txt"] {
        settle(&corpus.path().join(name));
    }
    let casebook = corpus.open();
    let synced = casebook.sync().unwrap();
    assert_eq!((synced.added, synced.reports, synced.changed()), (2, 2, true));
    let index = corpus.path().join(".casebook");
    let before = modified(&index);

    let synced = casebook.sync().unwrap();
    assert_eq!((synced.unchanged, synced.bytes_read, synced.changed()), (2, 0, false));
    assert_eq!(modified(&index), before, "nothing is written where nothing changed");

    corpus.write("a.txt", report("Alpha"));
    corpus.write("sub/c.txt", report("C"));
    corpus.remove("b.txt");
    let synced = casebook.sync().unwrap();
    assert_eq!((synced.added, synced.updated, synced.removed, synced.reports), (1, 1, 1, 2));
    assert_eq!(ids(&search(&casebook, "website")), ["a", "sub/c"]);
    assert_eq!(search(&casebook, "victim:alpha").total, 1);
    assert_eq!(search(&casebook, "victim:b").total, 0);

    // Touched, but the same.
    settle(&corpus.path().join("a.txt"));
    let synced = casebook.sync().unwrap();
    assert!(!synced.changed() && synced.bytes_read > 0 && synced.unchanged == 2);

    // Renamed: see `renames`.
    fs::rename(corpus.path().join("a.txt"), corpus.path().join("d.txt")).unwrap();
    assert_eq!(casebook.sync().unwrap().renamed, 1);
    assert_eq!(ids(&search(&casebook, "website")), ["a", "sub/c"]);
}

#[test]
fn the_settings_of_a_folder_are_followed_and_a_change_of_them_too() {
    let table = "Kunde;Datum;Beschreibung\nAlpha;03/04/2021;The website was defaced.\n";
    let corpus = Corpus::new().with("fr/a.csv", table).with("fr/draft.csv", table);
    for name in ["fr/a.csv", "fr/draft.csv"] {
        settle(&corpus.path().join(name));
    }
    let settings = |order: &str| {
        format!(
            "[fields]\n\"Kunde\" = \"victim\"\n[dates]\norder = \"{order}\"\n\
             [defaults]\ncountry = \"FR\"\n[files]\nexclude = [\"draft*\"]\n"
        )
    };
    corpus.write("fr/casebook.toml", settings("day-first"));
    let casebook = corpus.open();
    assert_eq!(casebook.sync().unwrap().reports, 1);
    assert_eq!(search(&casebook, "victim:alpha country:FR date:certain:2021-04-03").total, 1);

    // The reports are the same bytes, but read otherwise.
    corpus.write("fr/casebook.toml", settings("month-first"));
    let synced = casebook.sync().unwrap();
    assert_eq!((synced.updated, synced.reports), (1, 1));
    assert_eq!(search(&casebook, "date:certain:2021-03-04").total, 1);

    // Without a day-month order both readings are possible, and counted.
    corpus.remove("fr/casebook.toml");
    let synced = casebook.sync().unwrap();
    assert_eq!((synced.reports, synced.ambiguous_dates), (2, 2));

    corpus.write("fr/casebook.toml", "[feilds]\n");
    let error = casebook.sync().unwrap_err().to_string();
    assert!(error.contains("casebook.toml") && error.contains("feilds"), "{error}");
}

fn modified(folder: &Path) -> Vec<(String, SystemTime)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        if entry.path().is_dir() {
            files.extend(modified(&entry.path()));
        } else {
            let time = entry.metadata().unwrap().modified().unwrap();
            files.push((entry.path().display().to_string(), time));
        }
    }
    files.sort();
    files
}

#[test]
fn a_change_within_the_same_second_is_seen() {
    let corpus = Corpus::new().with("a.txt", report("One"));
    let path = corpus.path().join("a.txt");
    let casebook = corpus.open();
    casebook.sync().unwrap();
    let time = fs::metadata(&path).unwrap().modified().unwrap();
    corpus.write("a.txt", report("Two"));
    File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
    assert_eq!(casebook.sync().unwrap().updated, 1, "same size, same time, other content");
    assert_eq!(search(&casebook, "victim:two").total, 1);
}

#[test]
fn a_search_that_was_open_sees_the_sync_of_another() {
    let corpus = Corpus::of_two();
    let (one, other) = (corpus.open(), corpus.open());
    one.sync().unwrap();
    let synced = other.sync().unwrap();
    assert_eq!((synced.reports, synced.changed()), (2, false));
    corpus.write("c.txt", report("C"));
    one.sync().unwrap();
    assert!(!other.sync().unwrap().changed());
    assert_eq!(search(&other, "victim:c").total, 1);
}

#[test]
fn repeated_ids_are_kept_apart_and_said() {
    let line =
        |text: &str| format!("{{\"id\": \"same\", \"victim\": \"V\", \"text\": \"{text}\"}}\n");
    let corpus = Corpus::new()
        .with("a.jsonl", line("first") + &line("second"))
        .with("b.jsonl", line("third"));
    let casebook = corpus.open();
    let synced = casebook.sync().unwrap();
    assert_eq!((synced.reports, synced.notes.len()), (3, 2), "{:?}", synced.notes);
    let results = search(&casebook, "first OR second OR third");
    let mut found = ids(&results);
    found.sort_unstable();
    assert_eq!(found, ["same", "same~2", "same~3"]);
    assert_eq!(casebook.report("same").unwrap().unwrap().body, "first");
    // The next sync gives no other ids.
    corpus.write("c.txt", report("C"));
    casebook.sync().unwrap();
    assert_eq!(casebook.report("same~3").unwrap().unwrap().body, "third");
    // Nor does one that reads the files in question again.
    for name in ["a.jsonl", "b.jsonl"] {
        settle(&corpus.path().join(name));
    }
    casebook.sync().unwrap();
    assert_eq!(casebook.report("same").unwrap().unwrap().body, "first");
    assert_eq!(casebook.report("same~3").unwrap().unwrap().body, "third");
}

#[test]
fn what_cannot_be_read_is_listed_and_the_rest_is_indexed() {
    let corpus = Corpus::of_two()
        .with("binary.txt", [0_u8, 1, 2, 0, 255, 254])
        .with("empty.txt", "")
        .with("list.txt", "Milk\n")
        .with("picture.png", [0x89, b'P'])
        .with("folder.txt/inside.txt", report("Inside"));
    File::create(corpus.path().join("sparse.txt")).unwrap().set_len(1 << 30).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(".", corpus.path().join("loop")).unwrap();

    let casebook = corpus.open();
    let synced = casebook.sync().unwrap();
    assert_eq!(synced.reports, 3);
    let kind = |name: &str| {
        let found = synced.skips.iter().find(|skip| skip.path == Path::new(name));
        found.unwrap_or_else(|| panic!("{name} in {:?}", synced.skips)).kind
    };
    assert_eq!(kind("binary.txt"), SkipKind::Binary);
    assert_eq!(kind("empty.txt"), SkipKind::NotAReport);
    assert_eq!(kind("list.txt"), SkipKind::NotAReport);
    assert_eq!(kind("sparse.txt"), SkipKind::Binary);
    #[cfg(unix)]
    assert_eq!(kind("loop"), SkipKind::NotAFile);
    assert_eq!(synced.ignored.get(".png"), Some(&1));
    assert!(synced.bytes_read < 1 << 20, "a file of nothing is not read to its end");

    // Known skips are listed again, without a look at the files.
    let again = casebook.sync().unwrap();
    assert_eq!(again.skips, synced.skips);

    let limits = Limits { file_bytes: 1 << 20, ..Limits::default() };
    let index = Some(corpus.scratch().join("limited"));
    let options = OpenOptions { limits, index, ..OpenOptions::default() };
    let limited = Casebook::open_with(corpus.path(), &options).unwrap();
    let synced = limited.sync().unwrap();
    let sparse = synced.skips.iter().find(|skip| skip.path == Path::new("sparse.txt")).unwrap();
    assert_eq!(sparse.kind, SkipKind::TooLarge);
    assert!(sparse.reason.contains("file_bytes"), "{}", sparse.reason);
}

#[cfg(unix)]
#[test]
fn names_that_are_not_unicode_are_listed() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let corpus = Corpus::of_two();
    let odd = corpus.path().join(OsStr::from_bytes(b"caf\xe9.txt"));
    if fs::write(odd, report("Café")).is_err() {
        return; // This file system has none.
    }
    let synced = corpus.open().sync().unwrap();
    assert_eq!((synced.reports, synced.skips.len()), (2, 1));
    assert!(synced.skips[0].reason.contains("Unicode"));
    corpus.run(&["search", "quarry"]).exits(2).says("1 input could not be read");
}

#[cfg(unix)]
#[test]
fn what_the_system_refuses_is_an_error_but_no_end() {
    use std::os::unix::fs::PermissionsExt;

    let corpus = Corpus::of_two().with("secret.txt", report("Secret"));
    let secret = corpus.path().join("secret.txt");
    fs::set_permissions(&secret, PermissionsExt::from_mode(0o000)).unwrap();
    // Whoever may read everything can't see this.
    if File::open(&secret).is_ok() {
        return;
    }
    let synced = corpus.open().sync().unwrap();
    assert_eq!((synced.reports, synced.skips[0].kind), (2, SkipKind::Unreadable));
    corpus.run(&["search", "website"]).exits(2).says("1 input could not be read");
    // It is tried again once it can be read.
    fs::set_permissions(&secret, PermissionsExt::from_mode(0o644)).unwrap();
    assert_eq!(corpus.open().sync().unwrap().added, 1);
}

#[test]
fn an_index_of_another_version_is_built_anew() {
    let corpus = Corpus::of_two();
    corpus.open().sync().unwrap();
    let index = corpus.path().join(".casebook");
    let current = index.join(format!("format-{FORMAT_VERSION}"));
    fs::rename(&current, index.join("format-0")).unwrap();
    let casebook = corpus.open();
    let synced = casebook.sync().unwrap();
    assert!(
        synced.rebuilt.as_ref().is_some_and(|why| why.contains("format 0")),
        "{:?}",
        synced.rebuilt
    );
    assert_eq!((synced.reports, search(&casebook, "website").total), (2, 2));
    assert!(!index.join("format-0").exists(), "the old one is gone");
    assert_eq!(corpus.open().sync().unwrap().rebuilt, None);
}

#[test]
fn a_damaged_index_is_built_anew() {
    type Damage = fn(&Path);
    let damages: [(&str, Damage); 6] = [
        ("meta.json is no JSON", |folder| fs::write(folder.join("meta.json"), "{").unwrap()),
        ("meta.json is empty", |folder| fs::write(folder.join("meta.json"), "").unwrap()),
        ("meta.json is gone", |folder| fs::remove_file(folder.join("meta.json")).unwrap()),
        ("the manifest is damaged", |folder| {
            for file in segment_files(folder, ".jsonl") {
                fs::write(file, "{\"path\": 1}\n").unwrap();
            }
        }),
        ("the manifest is gone", |folder| {
            segment_files(folder, ".jsonl").iter().for_each(|file| fs::remove_file(file).unwrap());
        }),
        ("a segment is gone", |folder| {
            segment_files(folder, ".store").iter().for_each(|file| fs::remove_file(file).unwrap());
        }),
    ];
    for (what, damage) in damages {
        let corpus = Corpus::of_two();
        corpus.open().sync().unwrap();
        damage(&corpus.path().join(format!(".casebook/format-{FORMAT_VERSION}")));
        let casebook = corpus.open();
        let synced = casebook.sync().unwrap_or_else(|e| panic!("{what}: {e}"));
        assert_eq!((synced.reports, search(&casebook, "website").total), (2, 2), "{what}");
        let said = synced.rebuilt.is_some() || what == "meta.json is gone";
        assert!(said, "{what}: nothing is said");
        let synced = corpus.open().sync().unwrap();
        assert!(!synced.changed(), "{what}: and once is enough");
    }
}

fn segment_files(folder: &Path, ending: &str) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path());
    let files: Vec<_> = entries.filter(|path| path.to_str().unwrap().ends_with(ending)).collect();
    assert!(!files.is_empty(), "no {ending} in {folder:?}");
    files
}

#[test]
fn the_program_says_that_it_built_the_index_anew() {
    let corpus = Corpus::of_two();
    corpus.run(&["index"]).exits(0);
    let meta = corpus.path().join(format!(".casebook/format-{FORMAT_VERSION}/meta.json"));
    fs::write(meta, "{").unwrap();
    corpus.run(&["search", "quarry"]).exits(0).says("the index was built anew");
    corpus.run(&["search", "quarry"]).exits(0);
}

#[test]
fn readers_see_before_or_after_while_another_thread_syncs() {
    let corpus = Corpus::new();
    for i in 0..10 {
        corpus.write(&format!("{i}.txt"), report(&format!("V{i}")));
    }
    let casebook = corpus.open();
    casebook.sync().unwrap();
    let query = Query::parse("website").unwrap();
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for round in 1..6 {
                for i in 0..10 {
                    corpus.write(&format!("{round}-{i}.txt"), report(&format!("V{i}")));
                }
                casebook.sync().unwrap();
            }
        });
        let mut seen = 0;
        while !writer.is_finished() {
            let results = casebook.search(&query, &SearchOptions::default()).unwrap();
            assert!(results.total.is_multiple_of(10) && results.total >= seen, "{}", results.total);
            assert_eq!(results.total, results.searched);
            seen = results.total;
        }
    });
    assert_eq!(search(&casebook, "website").total, 60);
}

#[test]
fn two_processes_may_index_at_once() {
    let corpus = Corpus::new();
    for i in 0..200 {
        corpus.write(&format!("{i}.txt"), format!("{AUBRAC}\n{i}\n"));
    }
    let children: Vec<_> = (0..3)
        .map(|_| {
            let mut command = corpus.program(&["search", "--count", "quarry"]).command();
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let counted = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!((output.status.code(), counted.trim()), (Some(0), "200"), "{said}");
    }
    let synced = corpus.open().sync().unwrap();
    assert!(!synced.changed() && synced.reports == 200);
}

#[test]
fn a_folder_that_goes_away_takes_no_index_with_it() {
    let corpus = Corpus::of_two();
    let casebook = corpus.open();
    casebook.sync().unwrap();
    let moved = corpus.scratch().join("moved");
    fs::rename(corpus.path(), &moved).unwrap();
    // Nothing was removed: the folder can't be seen, which is something else.
    assert!(casebook.sync().is_err(), "a root that is not there is an error");
    assert_eq!(Casebook::open(&moved).unwrap().sync().unwrap().reports, 2);
}

#[test]
fn a_look_that_takes_too_long_is_put_off_and_said() {
    let corpus = Corpus::of_two();
    corpus.run(&["index"]).exits(0);
    corpus.write("c.txt", report("C"));
    let search = |budget: &str, args: &[&str]| {
        let program = corpus.program(&[&["search", "--count", "website"], args].concat());
        program.env("CASEBOOK_SYNC_BUDGET", budget).run().exits(0)
    };
    let old = search("0", &[]).says("not looked for new or changed reports: 2 files took ");
    assert_eq!(old.stdout, "2\n");
    let other = corpus.program(&["show", "port"]).env("CASEBOOK_SYNC_BUDGET", "0").run();
    other.exits(0).says("not looked for new or changed reports");
    // Asked for, or with time enough, it is done.
    assert_eq!(search("0", &["--sync"]).stdout, "3\n");
    corpus.write("d.txt", report("D"));
    assert_eq!(search("60000", &[]).stdout, "4\n");
    corpus.remove("d.txt");
    assert_eq!(corpus.run(&["search", "--count", "website"]).exits(0).stdout, "3\n");
    corpus.run(&["search", "--sync", "--no-sync", "x"]).exits(2);
    // Without an index there is nothing to put off, and what was remembered may be lost.
    let fresh = Corpus::of_two();
    let first = fresh.program(&["search", "--count", "website"]);
    assert_eq!(first.env("CASEBOOK_SYNC_BUDGET", "0").run().exits(0).stdout, "2\n");
    fs::write(fresh.path().join(".casebook/looked.json"), "{").unwrap();
    fresh.write("c.txt", report("C"));
    let second = fresh.program(&["search", "--count", "website"]);
    assert_eq!(second.env("CASEBOOK_SYNC_BUDGET", "0").run().exits(0).stdout, "3\n");
}
