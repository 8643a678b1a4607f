//! Where both contestants meet.
//!
//! In: a number of made-up reports, or a file of real ones. Out: the same reports indexed by both, in memory or on disk.

use casebook::{Casebook, OpenOptions};

use crate::harness::{say, show};
use crate::synth::{Synth, plain_text};
use crate::yardstick::Yardstick;

/// Reports whose words queries are made of.
const TEXTS: usize = 2_000;

/// The same reports, indexed by both.
pub struct Arena {
    pub synth: Synth,
    pub casebook: Casebook,
    pub yardstick: Yardstick,
    pub texts: Vec<String>,
    pub reports: usize,
    /// The reports are real: names, languages and indicators in them make the answers differ by right.
    pub real: bool,
    /// Where they are, if not in memory.
    _scratch: Option<tempfile::TempDir>,
}

impl Arena {
    pub fn new(n: usize) -> Self {
        let synth = Synth::new(3);
        let Some(path) = std::env::var_os("CASEBOOK_BENCH_FILE") else {
            let casebook = Casebook::in_memory().expect("memory");
            casebook.add(synth.reports(n)).expect("reports to be added");
            let texts = || synth.reports(n).map(|report| plain_text(&report));
            let yardstick = Yardstick::build(None, texts(), 1, 256 << 20).expect("an index");
            let texts = texts().take(TEXTS).collect();
            return Self {
                synth,
                casebook,
                yardstick,
                texts,
                reports: n,
                real: false,
                _scratch: None,
            };
        };
        Self::on_disk(synth, std::path::Path::new(&path))
    }

    /// Both index the same file, on disk, with as many threads and as much memory.
    fn on_disk(synth: Synth, file: &std::path::Path) -> Self {
        const THREADS: usize = 2;
        let folder = file.parent().expect("a file in a folder");
        let name = std::path::Path::new(file.file_name().expect("a file"));
        let limits = casebook::Limits { file_bytes: u64::MAX, ..casebook::Limits::default() };
        let mut texts = Vec::new();
        casebook::read_file_with(folder, name, &limits, &mut |report| {
            texts.push(plain_text(&report));
        });
        let scratch = tempfile::tempdir().expect("a folder");
        let options = OpenOptions {
            index: Some(scratch.path().join("casebook")),
            threads: Some(THREADS),
            limits,
            ..OpenOptions::default()
        };
        let begun = std::time::Instant::now();
        let casebook = Casebook::open_with(folder, &options).expect("a casebook");
        casebook.sync().expect("an index");
        let ours = begun.elapsed();
        let place = scratch.path().join("yardstick");
        std::fs::create_dir(&place).expect("a folder");
        let begun = std::time::Instant::now();
        let memory = options.memory_bytes;
        let yardstick = Yardstick::build(Some(&place), texts.iter().cloned(), THREADS, memory);
        let yardstick = yardstick.expect("an index");
        let theirs = begun.elapsed();
        let reports = texts.len();
        texts.truncate(TEXTS);
        say(format_args!(
            "indexed on disk by {THREADS} threads, on the wall: casebook {} with reading the file, yardstick {}",
            show(ours),
            show(theirs)
        ));
        Self { synth, casebook, yardstick, texts, reports, real: true, _scratch: Some(scratch) }
    }
}
