//! `casebook watch` follows a folder, says what it did, and ends when it is told to.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::harness::Corpus;

/// Longer than any wait that ends well, on a machine that is busy with other things.
const PATIENCE: Duration = Duration::from_secs(30);

fn report(victim: &str) -> String {
    format!("Cyber Incident Victim: {victim}\nDescription\nThe website was defaced.\n")
}

/// A watch under way, ended with its owner.
struct Watch {
    child: Child,
    lines: Receiver<String>,
    said: Receiver<String>,
}

fn lines_of(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, lines) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    lines
}

impl Watch {
    fn start(corpus: &Corpus, args: &[&str]) -> Self {
        let folder = corpus.path();
        let mut all = vec!["watch", folder.to_str().unwrap()];
        all.extend(args);
        // Not in the folder, which is to move.
        let mut command = corpus.program(&all).dir(corpus.scratch()).command();
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let lines = lines_of(child.stdout.take().unwrap());
        let said = lines_of(child.stderr.take().unwrap());
        Self { child, lines, said }
    }

    /// The next line of stdout.
    #[track_caller]
    fn line(&self) -> String {
        self.lines.recv_timeout(PATIENCE).unwrap_or_else(|error| {
            panic!("no line: {error}; said: {:?}", self.said.try_iter().collect::<Vec<_>>())
        })
    }

    /// The next object, whose counts are these: new, changed, moved, removed, unchanged.
    #[track_caller]
    fn object(&self, counts: [u64; 5]) -> Value {
        let line = self.line();
        let value: Value = serde_json::from_str(&line).unwrap();
        let fields = ["added", "updated", "renamed", "removed", "unchanged"];
        assert_eq!(fields.map(|field| value[field].as_u64().unwrap()), counts, "{line}");
        value
    }

    /// Waits until stderr says this.
    #[track_caller]
    fn says(&self, text: &str) {
        let begun = Instant::now();
        let mut said = Vec::new();
        while begun.elapsed() < PATIENCE {
            match self.said.recv_timeout(Duration::from_secs(1)) {
                Ok(line) if line.contains(text) => return,
                Ok(line) => said.push(line),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        panic!("no {text:?} on stderr: {said:?}");
    }

    /// Fails if there is a line within a while.
    #[track_caller]
    fn is_quiet(&self) {
        let line = self.lines.recv_timeout(Duration::from_secs(2));
        assert_eq!(line, Err(RecvTimeoutError::Timeout));
    }

    fn signal(&self, signal: &str) {
        let kill = format!("kill -{signal} {}", self.child.id());
        assert!(std::process::Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    }

    /// The exit status, once it ends.
    fn status(mut self) -> Option<i32> {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("it does not end");
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn changes_are_taken_in_and_said() {
    let corpus = Corpus::of_two();
    let watch = Watch::start(&corpus, &["--jsonl"]);
    let first = watch.object([2, 0, 0, 0, 0]);
    assert_eq!(
        (&first["version"], &first["reports"], &first["rebuilt"]),
        (&1.into(), &2.into(), &Value::Null)
    );

    // In a folder that is new too, and with the steps of an editor.
    corpus.write("2024/.c.txt.swp", "x");
    corpus.write("2024/c.txt", report("C"));
    corpus.remove("2024/.c.txt.swp");
    watch.object([1, 0, 0, 0, 2]);
    corpus.write("2024/c.txt", report("Cee"));
    watch.object([0, 1, 0, 0, 2]);
    fs::rename(corpus.path().join("2024"), corpus.path().join("2025")).unwrap();
    watch.object([0, 0, 1, 0, 2]);
    corpus.remove("2025/c.txt");
    watch.object([0, 0, 0, 1, 2]);

    // Its own writes and what is hidden are nothing; a file that is no report is said once.
    corpus.write(".hidden.txt", report("H"));
    watch.is_quiet();
    corpus.write("list.txt", "Milk\n");
    let skipped = watch.object([0, 0, 0, 0, 2]);
    assert_eq!(skipped["skips"][0]["path"], "list.txt");
    corpus.write("d.txt", report("D"));
    assert_eq!(watch.object([1, 0, 0, 0, 2])["skips"], Value::Array(vec![]));

    // What it wrote is what others search.
    corpus.run(&["search", "--no-sync", "--count", "victim:D"]).exits(0).prints("1");
}

#[cfg(unix)]
#[test]
fn signals_end_it_well() {
    for signal in ["INT", "TERM"] {
        let corpus = Corpus::of_two();
        let watch = Watch::start(&corpus, &[]);
        let line = watch.line();
        assert!(line.contains("Z 2 reports: 2 new, 0 changed, 0 removed, 0 unchanged ("), "{line}");
        watch.signal(signal);
        assert_eq!(watch.status(), Some(0), "{signal}");
    }
}

#[test]
fn failures_are_said_and_survived() {
    let corpus = Corpus::of_two();
    let watch = Watch::start(&corpus, &["--jsonl", "--poll", "1"]);
    watch.object([2, 0, 0, 0, 0]);
    corpus.write("casebook.toml", "[feilds]\n");
    watch.says("there is no table `feilds`");
    corpus.remove("casebook.toml");
    corpus.write("c.txt", report("C"));
    watch.object([1, 0, 0, 0, 2]);

    // Another process holds the index for a while.
    let lock = fs::File::options().write(true).open(corpus.path().join(".casebook/lock")).unwrap();
    lock.lock().unwrap();
    corpus.write("d.txt", report("D"));
    watch.says("another process is writing the index");
    lock.unlock().unwrap();
    watch.object([1, 0, 0, 0, 3]);
}

#[test]
fn a_folder_that_goes_away_is_waited_for() {
    let corpus = Corpus::of_two();
    let watch = Watch::start(&corpus, &["--jsonl"]);
    watch.object([2, 0, 0, 0, 0]);
    let elsewhere = corpus.scratch().join("elsewhere");
    fs::rename(corpus.path(), &elsewhere).unwrap();
    watch.says("the folder is gone");
    // An empty folder in its stead is a disk that is not mounted.
    fs::create_dir(corpus.path()).unwrap();
    watch.is_quiet();
    assert_eq!(fs::read_dir(corpus.path()).unwrap().count(), 0);
    fs::remove_dir(corpus.path()).unwrap();
    fs::write(elsewhere.join("c.txt"), report("C")).unwrap();
    fs::rename(&elsewhere, corpus.path()).unwrap();
    watch.object([1, 0, 0, 0, 2]);
    corpus.write("d.txt", report("D"));
    watch.object([1, 0, 0, 0, 3]);
}

#[test]
fn a_mistyped_folder_is_an_error_at_once() {
    let corpus = Corpus::of_two();
    corpus.run(&["watch", "/no/such/folder"]).exits(2).says("cannot open the folder of reports");
    corpus.run(&["watch", ".", "-C", "."]).exits(2).says("give one");
    corpus.run(&["watch", "--poll", "0"]).exits(2);
}
