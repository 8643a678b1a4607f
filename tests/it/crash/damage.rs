//! Each file of the index damaged in each way, one at a time.

use std::fs::{self, File};
use std::path::Path;
use std::time::SystemTime;

use casebook::{Casebook, ErrorKind};

use super::{Changing, Content, assert_swept, format_folder, index_files, indexed};
use crate::harness::Corpus;

/// What is done to a file.
#[derive(Debug, Clone, Copy)]
enum Damage {
    Gone,
    /// Cut to this many thousandths of its length.
    Cut(u64),
    /// Cut to this many bytes: a part of what tantivy looks for at the end.
    CutTo(usize),
    /// Without its last byte.
    LastByteGone,
    /// One bit turned over, at this many thousandths of its length.
    Flip(u64),
    /// The same, but the file looks as old as before.
    FlipUnseen(u64),
    /// Overwritten with zeros, as after a power cut on some file systems.
    Zeros,
    Appended,
}

const DAMAGES: [Damage; 15] = [
    Damage::Gone,
    Damage::Cut(0),
    Damage::Cut(500),
    Damage::CutTo(6),
    Damage::LastByteGone,
    Damage::Flip(0),
    Damage::Flip(100),
    Damage::Flip(300),
    Damage::Flip(500),
    Damage::Flip(700),
    Damage::Flip(900),
    Damage::Flip(999),
    Damage::FlipUnseen(400),
    Damage::Zeros,
    Damage::Appended,
];

impl Damage {
    /// Whether the file is another now.
    fn apply(self, path: &Path) -> bool {
        let before = fs::read(path).unwrap();
        let modified = fs::metadata(path).unwrap().modified().unwrap();
        let mut bytes = before.clone();
        let at = |thousandths: u64| {
            (before.len() as u64 * thousandths / 1000).min(before.len() as u64 - 1) as usize
        };
        match self {
            Damage::Gone => fs::remove_file(path).unwrap(),
            Damage::Cut(thousandths) => bytes.truncate(at(thousandths)),
            Damage::CutTo(length) => bytes.truncate(length),
            Damage::LastByteGone => bytes.truncate(before.len() - 1),
            Damage::Flip(thousandths) | Damage::FlipUnseen(thousandths) => {
                bytes[at(thousandths)] ^= 1 << (thousandths / 100 % 7);
            }
            Damage::Zeros => bytes.fill(0),
            Damage::Appended => bytes.push(b'\n'),
        }
        if !matches!(self, Damage::Gone) {
            fs::write(path, &bytes).unwrap();
        }
        if matches!(self, Damage::FlipUnseen(_)) {
            File::options().write(true).open(path).unwrap().set_modified(modified).unwrap();
        }
        bytes != before || !path.exists()
    }
}

/// A copy of an index, in the stead of whatever stands there.
fn restore(copy: &Path, folder: &Path) {
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder).unwrap();
    for entry in fs::read_dir(copy).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), folder.join(entry.file_name())).unwrap();
    }
}

/// A corpus whose files are old enough to be left alone by a sync, with an index of several segments.
fn corpus_of_several_segments() -> (Corpus, Content) {
    let mut changing = Changing::new(11);
    for _ in 0..2 {
        changing.change(4, 60);
        changing.corpus.open().sync().unwrap();
    }
    let hour_ago = SystemTime::now() - std::time::Duration::from_secs(3600);
    for entry in fs::read_dir(changing.corpus.path()).unwrap().flatten() {
        if entry.path().is_file() {
            File::options().write(true).open(entry.path()).unwrap().set_modified(hour_ago).unwrap();
        }
    }
    changing.corpus.open().sync().unwrap();
    (changing.corpus, changing.content)
}

#[test]
fn any_file_of_the_index_may_be_damaged() {
    let (corpus, content) = corpus_of_several_segments();
    let folder = format_folder(&corpus);
    let copy = corpus.scratch().join("copy");
    restore(&folder, &copy);
    let mut refused = 0;
    for name in index_files(&copy) {
        for damage in DAMAGES {
            let what = format!("{damage:?} of {name}");
            restore(&copy, &folder);
            if !damage.apply(&folder.join(&name)) {
                continue;
            }
            // A search answers rightly, or not at all.
            let casebook = corpus.open();
            let answered = match indexed(&casebook) {
                Ok(seen) => {
                    assert!(seen == content, "{what}: a wrong answer");
                    true
                }
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::Index, "{what}: {error}");
                    assert!(error.help().is_some(), "{what}: no way out of {error}");
                    false
                }
            };
            // A sync mends it and says so. Two damages of each file are enough, for it takes time.
            let tried = matches!(damage, Damage::Gone | Damage::Flip(500));
            refused += usize::from(!answered);
            if !tried {
                continue;
            }
            let synced = casebook.sync().unwrap_or_else(|e| panic!("{what}: {e}"));
            assert!(indexed(&casebook).unwrap() == content, "{what}: not as the files are");
            assert!(answered || synced.rebuilt.is_some(), "{what}: rebuilt without a word");
            assert!(indexed(&corpus.open()).unwrap() == content, "{what}: nor on the disk");
            assert_swept(&folder);
        }
    }
    assert!(refused > 30, "{refused}");
}

#[test]
fn the_program_says_what_was_damaged_and_answers() {
    let (corpus, content) = corpus_of_several_segments();
    let folder = format_folder(&corpus);
    let terms = index_files(&folder).into_iter().find(|name| name.ends_with(".term")).unwrap();
    Damage::Flip(500).apply(&folder.join(&terms));
    corpus.run(&["search", "--no-sync", "the"]).exits(2).says(&terms).says("help: ");
    corpus.run(&["search", "the"]).exits(0).says("the index was built anew: ").says(&terms);
    corpus.run(&["index"]).exits(0).prints(&format!("{} reports", content.len()));
}

#[test]
fn a_whole_check_finds_what_came_after_the_opening() {
    let (corpus, content) = corpus_of_several_segments();
    let folder = format_folder(&corpus);
    let casebook = corpus.open();
    assert!(casebook.verify().unwrap() > 1000);
    let name = index_files(&folder).into_iter().find(|name| name.ends_with(".pos")).unwrap();
    Damage::Flip(500).apply(&folder.join(&name));
    let error = casebook.verify().unwrap_err();
    assert!(error.to_string().contains(&name) && error.help().is_some(), "{error}");
    assert!(!casebook.is_indexed(), "what is known to be damaged is not searched");
    assert!(corpus.open().verify().is_err(), "by others neither");
    let synced = corpus.open().sync().unwrap();
    assert!(synced.rebuilt.is_some_and(|why| why.contains(&name)));
    casebook.sync().unwrap();
    assert_eq!(indexed(&casebook).unwrap(), content);
    corpus.run(&["index", "--verify"]).exits(0).says("verified ");
    Damage::Zeros.apply(&folder.join("meta.json"));
    corpus.run(&["index", "--verify"]).exits(0).prints("The index was built anew: meta.json");
}

#[test]
fn what_else_lies_beside_the_index_is_of_no_harm() {
    let (corpus, content) = corpus_of_several_segments();
    let place = corpus.path().join(".casebook");
    for (name, bytes) in
        [("lock", "x"), ("CACHEDIR.TAG", ""), (".gitignore", "\0"), ("notes.txt", "")]
    {
        fs::write(place.join(name), bytes).unwrap();
        let synced = corpus.open().sync().unwrap();
        assert_eq!((synced.rebuilt, synced.reports), (None, content.len()), "{name}");
        let _ = fs::remove_file(place.join(name));
        assert_eq!(corpus.open().sync().unwrap().rebuilt, None, "{name} gone");
    }
    // A copy has other times, which is no damage.
    let folder = format_folder(&corpus);
    let copy = corpus.scratch().join("copy");
    restore(&folder, &copy);
    restore(&copy, &folder);
    assert_eq!(corpus.open().sync().unwrap().rebuilt, None);
    assert_eq!(indexed(&corpus.open()).unwrap(), content);
}

#[test]
fn damage_under_an_open_casebook_is_no_panic() {
    let (corpus, content) = corpus_of_several_segments();
    let folder = format_folder(&corpus);
    let copy = corpus.scratch().join("copy");
    restore(&folder, &copy);
    for ending in [".store", ".term", ".idx", ".pos", ".fast", ".fieldnorm"] {
        restore(&copy, &folder);
        let casebook: Casebook = corpus.open();
        for name in index_files(&folder).iter().filter(|name| name.ends_with(ending)) {
            // In place: what is mapped changes with it.
            let path = folder.join(name);
            let length = fs::metadata(&path).unwrap().len() as usize;
            use std::io::Write;
            let mut file = File::options().write(true).open(path).unwrap();
            file.write_all(&vec![0xfe; length - 100]).unwrap();
        }
        for query in ["", "ransomware", "\"the hospital\"", "hosp*", "victim:v", "lang:en"] {
            let query = casebook::Query::parse(query).unwrap();
            if let Err(error) = casebook.search(&query, &crate::harness::everything()) {
                assert_eq!(error.kind(), ErrorKind::Index);
            }
        }
        let synced = corpus.open().sync().unwrap();
        assert!(synced.rebuilt.is_some(), "{ending}");
        assert_eq!(indexed(&corpus.open()).unwrap(), content);
    }
}
