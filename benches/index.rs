//! How fast reports become an index, and how large it is: casebook beside the yardstick, in reports a second.
//!
//! `cargo bench --bench index`. Two ways in: reports that a program adds to a casebook in memory, and a folder of text
//! files that is synced, which is what `casebook index` does. Both contestants have the same number of threads and the
//! same memory, and both are done when all merges are.

mod harness;
mod synth;
mod yardstick;

use std::fs;
use std::path::{Path, PathBuf};
use std::thread::available_parallelism;
use std::time::Duration;

use casebook::{Casebook, OpenOptions, Query, Report, SearchOptions, SyncReport};

use harness::{Limit, Table, Times, contest, ratio, say, show, size, solo};
use synth::{Synth, file_text, plain_text};
use yardstick::{Yardstick, bytes};

const MEMORY: usize = 256 << 20;
/// Runs of each contestant.
const RUNS: usize = 3;

fn main() {
    let n = size(20_000);
    let synth = Synth::new(2);
    let scratch = tempfile::tempdir().expect("a folder for the bench");
    let folder = Folder::write(scratch.path(), &synth, n);
    say(format_args!("{n} reports, {:.1} MB as text files", folder.bytes as f64 / 1e6));
    let mut table = Table::new(&["what", "casebook", "yardstick", "ratio"]);
    memory(&synth, n, &mut table);
    sync(&folder, n, &mut table);
    table.print("Indexing (ratio: casebook's figure to the yardstick's)");
    let mut table = Table::new(&["what", "casebook"]);
    sync_again(&folder, n, &mut table);
    table.print("Syncing again");
}

/// Reports that a program has.
fn memory(synth: &Synth, n: usize, table: &mut Table) {
    let reports: Vec<Report> = synth.reports(n).collect();
    let texts: Vec<String> = reports.iter().map(plain_text).collect();
    let (ours, theirs) = contest(
        Limit::long(RUNS),
        || reports.clone(),
        |reports| {
            let casebook = Casebook::in_memory().expect("memory");
            let report = casebook.add(reports).expect("reports to be added");
            assert_eq!((report.added, report.reports), (n, n));
            casebook
        },
        || texts.clone(),
        |texts| build(None, texts, 1),
    );
    rates(table, "added in memory, one writing thread", n, &ours, &theirs);
}

/// A folder of files that was never indexed.
fn sync(folder: &Folder, n: usize, table: &mut Table) {
    let threads = available_parallelism().map_or(1, usize::from);
    let fresh = || tempfile::tempdir().expect("a folder for an index");
    let (ours, theirs) = contest(
        Limit::long(RUNS),
        fresh,
        |index| {
            let (_, report) = folder.sync(index.path());
            assert_eq!((report.added, report.skips.len()), (n, 0));
            index
        },
        fresh,
        |index| {
            build(Some(index.path()), folder.files.iter().map(|path| read(path)), threads);
            index
        },
    );
    let what = format!("folder of text files, {threads} threads");
    rates(table, &what, n, &ours, &theirs);

    let (ours, theirs) = (fresh(), fresh());
    let (casebook, _) = folder.sync(ours.path());
    let texts = folder.files.iter().map(|path| read(path));
    let yardstick = build(Some(theirs.path()), texts, threads);
    check(&casebook, &yardstick);
    let (ours, theirs) = (bytes(ours.path()) as f64, bytes(theirs.path()) as f64);
    let mb = |bytes: f64| format!("{:.1} MB", bytes / 1e6);
    table.row(&[&"size of the index", &mb(ours), &mb(theirs), &format!("{:.2}", ours / theirs)]);
    let share = |bytes: f64| format!("{:.2}", bytes / folder.bytes as f64);
    let times = format!("{:.2}", ours / theirs);
    table.row(&[&"the same, per byte of text", &share(ours), &share(theirs), &times]);
}

/// What a sync costs where little is left to do.
fn sync_again(folder: &Folder, n: usize, table: &mut Table) {
    let index = tempfile::tempdir().expect("a folder for an index");
    let (casebook, _) = folder.sync(index.path());
    // Times of files are only trusted once they are two seconds old.
    std::thread::sleep(Duration::from_secs(3));
    casebook.sync().expect("a sync");
    let limit = Limit { runs: 15, ..Limit::short() };
    let idle = solo(limit, || {
        let report = casebook.sync().expect("a sync");
        assert_eq!((report.changed(), report.unchanged), (false, n));
    });
    table.row(&[&format!("{n} files, nothing changed"), &show(idle.p50())]);
    let mut written = 0;
    let one = solo(limit, || {
        written += 1;
        let text = format!("{} Amended {written} times.", read(&folder.files[0]).trim_end());
        fs::write(&folder.files[0], text).expect("a file to be written");
        let report = casebook.sync().expect("a sync");
        assert_eq!((report.updated, report.reports), (1, n));
    });
    table.row(&[&format!("{n} files, one changed"), &show(one.p50())]);
}

/// Both hold every report, and find as many of them by a word.
fn check(casebook: &Casebook, yardstick: &Yardstick) {
    let options = SearchOptions { limit: 0, ..SearchOptions::default() };
    for word in ["ransomware", "hospitals", "encrypted", "website"] {
        let query = Query::parse(word).expect("a word");
        let found = casebook.search(&query, &options).expect("an answer").total;
        assert_eq!(found, yardstick.count(&*yardstick.parse(word)), "reports with {word}");
        assert!(found > 0, "no report with {word}");
    }
    assert_eq!(casebook.status().expect("a status").reports, yardstick.reports());
}

fn rates(table: &mut Table, what: &str, n: usize, ours: &Times, theirs: &Times) {
    for (clock, ours, theirs) in [
        ("processor time", ours.p50(), theirs.p50()),
        ("on the wall", ours.best_wall(), theirs.best_wall()),
    ] {
        let rate = |time: Duration| format!("{:.0} reports/s", n as f64 / time.as_secs_f64());
        let times = format!("{:.2}", ratio(theirs, ours));
        table.row(&[&format!("{what}: {clock}"), &rate(ours), &rate(theirs), &times]);
    }
}

fn build(
    folder: Option<&Path>,
    texts: impl IntoIterator<Item = String>,
    threads: usize,
) -> Yardstick {
    Yardstick::build(folder, texts, threads, MEMORY).expect("an index")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("a report")
}

/// A folder of text files.
struct Folder {
    root: PathBuf,
    files: Vec<PathBuf>,
    bytes: u64,
}

impl Folder {
    fn write(scratch: &Path, synth: &Synth, n: usize) -> Self {
        let root = scratch.join("reports");
        let mut folder = Self { root, files: Vec::with_capacity(n), bytes: 0 };
        for (i, report) in synth.reports(n).enumerate() {
            // A thousand files a folder, as people and programs make them.
            let parent = folder.root.join(format!("{:03}", i / 1_000));
            fs::create_dir_all(&parent).expect("a folder");
            let path = parent.join(format!("{}.txt", report.id));
            let text = file_text(&report);
            folder.bytes += text.len() as u64;
            fs::write(&path, text).expect("a file to be written");
            folder.files.push(path);
        }
        folder
    }

    /// Indexes the folder in `index`.
    fn sync(&self, index: &Path) -> (Casebook, SyncReport) {
        let options = OpenOptions {
            index: Some(index.to_owned()),
            memory_bytes: MEMORY,
            ..OpenOptions::default()
        };
        let casebook = Casebook::open_with(&self.root, &options).expect("a folder of reports");
        let report = casebook.sync().expect("a sync");
        (casebook, report)
    }
}
