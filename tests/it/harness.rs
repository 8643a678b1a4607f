//! What the tests share: folders of reports that vanish afterwards, and runs of the program.
//!
//! In: files and arguments. Out: a [`Run`], which prints itself whole: when an assertion on it fails, the message holds
//! the command, the files it saw, both streams and the exit status.

use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{LazyLock, OnceLock};

use casebook::{Casebook, OpenOptions, Query, Report, Results, SearchOptions};
use regex::{Captures, Regex};

/// A report in the text format, with every field.
pub const AUBRAC: &str = include_str!("reports/aubrac.txt");
/// Another, with the other way of writing each field.
pub const PORT: &str = include_str!("reports/port.txt");

/// The root of the repository.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A folder of reports, removed when it goes out of scope. Beside it stands a home folder for the programs run in it.
pub struct Corpus {
    scratch: tempfile::TempDir,
}

impl Corpus {
    /// An empty folder.
    pub fn new() -> Self {
        let scratch = tempfile::tempdir().unwrap();
        fs::create_dir(scratch.path().join("reports")).unwrap();
        fs::create_dir(scratch.path().join("home")).unwrap();
        Self { scratch }
    }

    /// A folder with the two reports.
    pub fn of_two() -> Self {
        Self::new().with("2023/aubrac.txt", AUBRAC).with("port.txt", PORT)
    }

    /// A folder with a copy of another folder's files, but no index.
    pub fn copy_of(folder: &Path) -> Self {
        let corpus = Self::new();
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_file() {
                fs::copy(entry.path(), corpus.path().join(entry.file_name())).unwrap();
            }
        }
        corpus
    }

    /// The same with one more file.
    pub fn with(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        self.write(name, content);
        self
    }

    /// Writes a file, and the folders above it.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// Removes a file.
    pub fn remove(&self, name: &str) {
        fs::remove_file(self.path().join(name)).unwrap();
    }

    /// The folder of reports.
    pub fn path(&self) -> PathBuf {
        self.scratch.path().join("reports")
    }

    /// The folder that the reports' folder stands in.
    pub fn scratch(&self) -> &Path {
        self.scratch.path()
    }

    /// Opens the folder as a library would.
    pub fn open(&self) -> Casebook {
        Casebook::open(self.path()).unwrap()
    }

    /// Runs the program in the folder.
    #[track_caller]
    pub fn run(&self, args: &[&str]) -> Run {
        self.program(args).run()
    }

    /// The program about to run in the folder, its environment bare.
    pub fn program(&self, args: &[&str]) -> Program {
        let mut command = Command::new(env!("CARGO_BIN_EXE_casebook"));
        command.args(args).current_dir(self.path()).env_clear();
        // What a program may need to start at all, and nothing that changes what it prints.
        for name in ["PATH", "SystemRoot", "TMPDIR", "LLVM_PROFILE_FILE"] {
            command.envs(std::env::var_os(name).map(|value| (name, value)));
        }
        command.env("HOME", self.scratch.path().join("home"));
        Program { command, scratch: self.scratch.path().to_owned(), files: self.path() }
    }
}

/// A program about to run.
pub struct Program {
    command: Command,
    scratch: PathBuf,
    files: PathBuf,
}

impl Program {
    /// Sets a variable of its environment.
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Starts it in another folder.
    pub fn dir(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// The command itself, for those who want to do something else with it than to run it.
    pub fn command(self) -> Command {
        self.command
    }

    /// Runs it to its end.
    #[track_caller]
    pub fn run(mut self) -> Run {
        let output = self.command.stdin(Stdio::null()).output().unwrap();
        let args = self.command.get_args().map(|arg| arg.to_string_lossy().into_owned());
        Run {
            command: args.collect(),
            status: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("stdout is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("stderr is UTF-8"),
            scratch: self.scratch,
            files: self.files,
        }
    }
}

/// A program that has run.
pub struct Run {
    command: Vec<String>,
    /// Exit status; `None` where a signal ended it.
    pub status: Option<i32>,
    pub stdout: String,
    pub stderr: String,
    scratch: PathBuf,
    files: PathBuf,
}

impl Run {
    /// Fails unless the exit status is this.
    #[track_caller]
    pub fn exits(self, status: i32) -> Self {
        assert_eq!(self.status, Some(status), "\n{self:?}");
        self
    }

    /// Fails unless stdout holds this.
    #[track_caller]
    pub fn prints(self, text: &str) -> Self {
        assert!(self.stdout.contains(text), "no {text:?} on stdout of\n{self:?}");
        self
    }

    /// Fails unless stderr holds this.
    #[track_caller]
    pub fn says(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "no {text:?} on stderr of\n{self:?}");
        self
    }

    /// Stdout as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|e| panic!("{e}\n{self:?}"))
    }

    /// Stdout as JSON, a value a line.
    #[track_caller]
    pub fn json_lines(&self) -> Vec<serde_json::Value> {
        let line = |line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}\n{self:?}"));
        self.stdout.lines().map(line).collect()
    }

    /// Command, status and both streams, without what differs from run to run: what snapshots hold.
    pub fn snapshot(&self) -> String {
        let scratch = self.scratch.to_string_lossy();
        let shown = format!(
            "$ casebook {}\n{}[status {}]\n",
            self.command.join(" "),
            [("stdout", &self.stdout), ("stderr", &self.stderr)]
                .iter()
                .filter(|(_, text)| !text.is_empty())
                .map(|(name, text)| format!("── {name}\n{text}"))
                .collect::<String>(),
            self.status.map_or("none".to_owned(), |status| status.to_string()),
        );
        without_times(&shown.replace(&*scratch, "[SCRATCH]"))
    }
}

/// Everything that can be known about the run.
impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "$ casebook {}", self.command.join(" "))?;
        writeln!(f, "── files")?;
        for (nth, file) in files_below(&self.files).iter().enumerate() {
            match nth {
                0..20 => writeln!(f, "{file}")?,
                20 => writeln!(f, "…")?,
                _ => {}
            }
        }
        writeln!(f, "── stdout\n{}── stderr\n{}", self.stdout, self.stderr)?;
        writeln!(f, "── status {:?}", self.status)
    }
}

/// Relative paths of all files in a folder, without those of the index, sorted.
pub fn files_below(folder: &Path) -> Vec<String> {
    fn walk(root: &Path, folder: &Path, files: &mut Vec<String>) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if entry.file_name().to_string_lossy().starts_with(".casebook") {
                continue;
            }
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                walk(root, &path, files);
            } else {
                let size = entry.metadata().map_or(0, |metadata| metadata.len());
                let name = path.strip_prefix(root).unwrap_or(&path).display().to_string();
                files.push(format!("{name} ({size} bytes)"));
            }
        }
    }
    let mut files = Vec::new();
    walk(folder, folder, &mut files);
    files.sort();
    files
}

/// Durations, rates, sizes of the index and points in time, which differ from run to run, by their names.
pub fn without_times(text: &str) -> String {
    static TIMES: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
        [
            (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "[TIME]"),
            (r"just now|\d+ (minutes?|hours?|days?) ago", "[AGO]"),
            (r"\b\d+\.\d s\b", "[SECONDS]"),
            (r"[\d.]+ ([kMG]B|bytes) read", "[BYTES] read"),
            (r"\b[\d.]+ ([kMG]B|bytes)/s", "[RATE]"),
            (r"(\.casebook|index), [\d.]+ [kMG]B", "$1, [SIZE]"),
            (r#""index_bytes": \d+"#, r#""index_bytes": "[SIZE]""#),
        ]
        .map(|(pattern, name)| (Regex::new(pattern).unwrap(), name))
        .into()
    });
    TIMES.iter().fold(text.to_owned(), |text, (pattern, name)| {
        let replace = |found: &Captures<'_>| {
            let mut replaced = String::new();
            found.expand(name, &mut replaced);
            replaced
        };
        pattern.replace_all(&text, replace).into_owned()
    })
}

/// A casebook in memory with these reports.
pub fn in_memory(reports: impl IntoIterator<Item = Report>) -> Casebook {
    let casebook = Casebook::in_memory().unwrap();
    casebook.add(reports).unwrap();
    casebook
}

/// Options that leave nothing out: every hit, every passage.
pub fn everything() -> SearchOptions {
    SearchOptions { limit: 1_000_000, passages: usize::MAX, ..SearchOptions::default() }
}

/// Searches with [`everything`].
#[track_caller]
pub fn search(casebook: &Casebook, query: &str) -> Results {
    search_with(casebook, query, &everything())
}

/// Searches; a query that does not parse fails the test.
#[track_caller]
pub fn search_with(casebook: &Casebook, query: &str, options: &SearchOptions) -> Results {
    let parsed = Query::parse(query).unwrap_or_else(|e| panic!("{query}: {e}"));
    casebook.search(&parsed, options).unwrap_or_else(|e| panic!("{query}: {e}"))
}

/// The ids of the hits, in order.
pub fn ids(results: &Results) -> Vec<&str> {
    results.hits.iter().map(|hit| hit.report.id.as_str()).collect()
}

/// The bundled corpus, indexed once for all tests.
pub fn bundled() -> &'static Casebook {
    static BUNDLED: OnceLock<(Casebook, tempfile::TempDir)> = OnceLock::new();
    let (casebook, _) = BUNDLED.get_or_init(|| {
        let index = tempfile::tempdir().unwrap();
        let options =
            OpenOptions { index: Some(index.path().join("index")), ..OpenOptions::default() };
        let casebook = Casebook::open_with(repository().join("corpus"), &options).unwrap();
        casebook.sync().unwrap();
        (casebook, index)
    });
    casebook
}
