//! What happens to the index when things go wrong: processes killed at any moment, no room to write, damaged files,
//! readers beside a writer.
//!
//! In: folders of reports that change by a seeded plan. Out: assertions that a search sees one whole state, that the next
//! sync works, and that what is in the index is what is in the files.

mod damage;
mod kill;
mod readers;
#[cfg(unix)]
mod room;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use casebook::{Casebook, Error, FORMAT_VERSION};

use crate::harness::{Corpus, everything};

/// What a folder holds: bodies by id.
type Content = BTreeMap<String, String>;

/// What is in the index as it stands, without a sync.
fn indexed(casebook: &Casebook) -> Result<Content, Error> {
    let results = casebook.search(&casebook::Query::parse("")?, &everything())?;
    let bodies: Content = results
        .hits
        .into_iter()
        .map(|hit| (hit.report.id.clone(), hit.report.body.clone()))
        .collect();
    assert_eq!(bodies.len(), results.total, "ids are unique, and all reports are listed");
    assert_eq!(results.total, results.searched);
    Ok(bodies)
}

/// The text of a report with this body.
fn report(victim: &str, body: &str) -> String {
    format!("Cyber Incident Victim: {victim}\nDescription\n{body}\n")
}

/// Numbers from a seed (SplitMix64): the same in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }

    /// Words that differ from call to call.
    fn words(&mut self, count: usize) -> String {
        let words =
            ["ransomware", "the", "hospital", "leak", "of", "servers", "mail", "wiped", "port"];
        let mut text = String::new();
        for _ in 0..count {
            let word = words[self.below(words.len() as u64) as usize];
            text.push_str(&format!("{word} w{} ", self.below(5000)));
        }
        text.trim_end().to_owned()
    }
}

/// Reports in files of their own and in one JSON Lines file, and what should be in the index.
struct Changing {
    corpus: Corpus,
    dice: Dice,
    content: Content,
    /// Bodies of the JSON Lines file.
    lines: BTreeMap<String, String>,
}

impl Changing {
    fn new(seed: u64) -> Self {
        let corpus = Corpus::new();
        let (dice, content, lines) = (Dice(seed), Content::new(), BTreeMap::new());
        Self { corpus, dice, content, lines }
    }

    /// Adds, changes and removes files and lines.
    fn change(&mut self, files: usize, words: usize) {
        for _ in 0..files {
            let name = format!("f{}", self.dice.below(2 * files as u64));
            if self.dice.below(5) == 0 && self.content.remove(&name).is_some() {
                self.corpus.remove(&format!("{name}.txt"));
                continue;
            }
            let body = self.dice.words(words);
            self.corpus.write(&format!("{name}.txt"), report(&name, &body));
            self.content.insert(name, body);
        }
        for _ in 0..files {
            let id = format!("line-{}", self.dice.below(2 * files as u64));
            let body = self.dice.words(words / 4);
            self.lines.insert(id.clone(), body.clone());
            self.content.insert(id, body);
        }
        let line =
            |(id, body)| format!("{{\"id\": \"{id}\", \"victim\": \"V\", \"text\": \"{body}\"}}\n");
        self.corpus.write("lines.jsonl", self.lines.iter().map(line).collect::<String>());
    }
}

/// The folder that holds the files of this format.
fn format_folder(corpus: &Corpus) -> PathBuf {
    corpus.path().join(format!(".casebook/format-{FORMAT_VERSION}"))
}

/// Every file of an index but locks, by name.
fn index_files(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.ends_with(".lock"))
        .collect();
    names.sort();
    names
}

/// Fails where the folder holds what no commit names: what is left behind would fill the disk in time.
#[track_caller]
fn assert_swept(folder: &Path) {
    let meta = fs::read_to_string(folder.join("meta.json")).unwrap();
    for name in index_files(folder) {
        let stem = name.split('.').next().unwrap();
        // Segments are named with hyphens in meta.json, without in their files' names.
        let known = |text: &str| text.replace('-', "").contains(&stem.replace('-', ""));
        assert!(
            ["meta.json", ".managed.json"].contains(&name.as_str()) || known(&meta),
            "{name} is left over in {:?}",
            index_files(folder)
        );
    }
}
