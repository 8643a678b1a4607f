//! Documents that fail when they are wrong: every command that the README, the pages of `docs` and the help texts show is
//! run on a copy of the bundled corpus.
//!
//! The README's Rust is compiled by the doctest of `src/lib.rs`.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use crate::harness::{Corpus, repository};

/// A command of a document, with the output that stands below it.
#[derive(Debug, PartialEq)]
struct Shown {
    /// As it stands there.
    line: String,
    /// The arguments of `casebook`.
    args: Vec<String>,
    /// Pieces of its output, in order; lines of `…` part them.
    output: Vec<String>,
}

/// The commands in the `sh` and `console` blocks of a page. In a `console` block output stands below the `$` lines; of
/// an `sh` block in the `text` block that comes next.
fn commands(page: &str) -> Vec<Shown> {
    let mut commands: Vec<Shown> = Vec::new();
    let mut block: Option<&str> = None;
    for line in page.lines() {
        if let Some(language) = line.strip_prefix("```") {
            block = if block.is_some() { None } else { Some(language) };
            continue;
        }
        match block {
            Some("sh") => commands.extend(command(line)),
            Some("console") => match line.strip_prefix("$ ") {
                Some(line) => commands.extend(command(line)),
                None => push_output(commands.last_mut(), line),
            },
            Some("text") => push_output(commands.last_mut(), line),
            _ => {}
        }
    }
    commands
}

fn push_output(of: Option<&mut Shown>, line: &str) {
    let Some(shown) = of else { return };
    if matches!(line.trim(), "…" | "...") {
        shown.output.push(String::new());
    } else if !line.trim().is_empty() {
        if shown.output.is_empty() {
            shown.output.push(String::new());
        }
        let piece = shown.output.last_mut().unwrap();
        piece.push_str(line);
        piece.push('\n');
    }
}

/// A line that runs casebook; what a pipe makes of its output is another program's affair.
fn command(line: &str) -> Option<Shown> {
    let line = line.trim();
    let words = shell_words(line);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let args = match words.as_slice() {
        ["casebook", args @ ..] => args,
        ["cargo", "run", rest @ ..] => &rest[rest.iter().position(|word| *word == "--")? + 1..],
        _ => return None,
    };
    let args = args.iter().map(|&arg| arg.to_owned()).collect();
    Some(Shown { line: line.to_owned(), args, output: Vec::new() })
}

/// The words of a command line up to the first pipe, as a shell takes them.
fn shell_words(line: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut open = false;
    let mut quote = None;
    for c in line.chars() {
        match (quote, c) {
            (None, '\'' | '"') => {
                quote = Some(c);
                if !open {
                    words.push(String::new());
                }
                open = true;
            }
            (Some(q), _) if q == c => quote = None,
            (None, ' ') => open = false,
            (None, '|' | '>' | '#') if !open => break,
            _ => {
                if !open {
                    words.push(String::new());
                }
                open = true;
                words.last_mut().unwrap().push(c);
            }
        }
    }
    words
}

/// Runs a command where `corpus` is a folder below, or in that folder where the command names none.
#[track_caller]
fn check(shown: &Shown, corpus: &Corpus, folder: &Path, page: &str) {
    let args: Vec<&str> = shown.args.iter().map(String::as_str).collect();
    let names_corpus = args.iter().any(|arg| *arg == "corpus" || arg.starts_with("corpus/"));
    let dir = if names_corpus { folder.to_owned() } else { folder.join("corpus") };
    if args.first() == Some(&"watch") {
        return check_watch(corpus, &args, &dir, page);
    }
    let run = corpus.program(&args).dir(&dir).run();
    assert!(
        run.status == Some(0),
        "{page} shows `{}`, which finds nothing or fails:\n{run:?}",
        shown.line
    );
    let plain = |text: &str| {
        let text = text.replace("**", "");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let printed = plain(&run.stdout);
    for piece in &shown.output {
        let piece = plain(piece);
        assert!(
            printed.contains(&piece),
            "{page} shows below `{}`:\n{piece}\nwhich is not what it prints:\n{run:?}",
            shown.line
        );
    }
}

/// A watch ends when it is told to, here after its first line.
#[track_caller]
fn check_watch(corpus: &Corpus, args: &[&str], dir: &Path, page: &str) {
    let mut command = corpus.program(args).dir(dir).command();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    child.kill().unwrap();
    let said = child.wait_with_output().unwrap();
    assert!(line.contains("reports"), "{page} shows {args:?}: {line:?} {said:?}");
}

/// A folder with a copy of the bundled corpus in `corpus`.
fn with_corpus() -> (Corpus, std::path::PathBuf) {
    let corpus = Corpus::copy_of(&repository().join("corpus"));
    let folder = corpus.scratch().to_owned();
    fs::rename(corpus.path(), folder.join("corpus")).unwrap();
    (corpus, folder)
}

#[test]
fn commands_of_the_documents_work() {
    let (corpus, folder) = with_corpus();
    let mut pages = vec!["README.md".to_owned(), "corpus/README.md".to_owned()];
    for entry in fs::read_dir(repository().join("docs")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.ends_with(".md") {
            pages.push(format!("docs/{name}"));
        }
    }
    let mut run = 0;
    for page in pages {
        let text = fs::read_to_string(repository().join(&page)).unwrap();
        for shown in commands(&text) {
            check(&shown, &corpus, &folder, &page);
            run += 1;
        }
    }
    assert!(run >= 8, "only {run} commands were found in the documents");
}

#[test]
fn examples_of_the_help_texts_work() {
    let (corpus, folder) = with_corpus();
    let mut run = 0;
    for help in [
        &["--help"][..],
        &["search", "--help"],
        &["show", "--help"],
        &["index", "--help"],
        &["watch", "--help"],
    ] {
        let text = corpus.program(help).dir(&folder).run().exits(0).stdout;
        for line in text.lines().filter(|line| line.starts_with("  casebook ")) {
            let shown = command(line).unwrap();
            check(&shown, &corpus, &folder, &help.join(" "));
            run += 1;
        }
    }
    assert!(run >= 10, "only {run} examples were found in the help texts");
}

#[test]
fn the_readme_names_the_version_that_it_is_about() {
    let readme = fs::read_to_string(repository().join("README.md")).unwrap();
    let (major, rest) = env!("CARGO_PKG_VERSION").split_once('.').unwrap();
    let minor = rest.split('.').next().unwrap();
    assert!(readme.contains(&format!("version = \"{major}.{minor}\"")), "of the dependency");
}

#[test]
fn links_of_the_documents_lead_somewhere() {
    for page in [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "corpus/README.md",
        "docs/aliases.md",
        "docs/json-output.md",
        "docs/query-language.md",
        "docs/sync.md",
    ] {
        let path = repository().join(page);
        let text = fs::read_to_string(&path).unwrap();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = target.split('#').next().unwrap();
            if file.is_empty() || target.contains("://") || target.contains(' ') {
                continue;
            }
            let there = path.parent().unwrap().join(file);
            assert!(there.exists(), "{page} links to {target}, which is not there");
        }
    }
}

#[test]
fn commands_are_read_as_a_shell_would() {
    let page = "```sh\ncd x\ncargo run --release -- search -C corpus a b # why\n```\n\n```text\n 1. **A**\n…\nend\n```\n\
                ```console\n$ casebook show 'a b' | head\nout\n$ casebook status\n```\n```rust\ncasebook search\n```\n";
    let shown = |line: &str, args: &[&str], output: &[&str]| Shown {
        line: line.into(),
        args: args.iter().map(|&arg| arg.to_owned()).collect(),
        output: output.iter().map(|&piece| piece.to_owned()).collect(),
    };
    assert_eq!(
        commands(page),
        [
            shown(
                "cargo run --release -- search -C corpus a b # why",
                &["search", "-C", "corpus", "a", "b"],
                &[" 1. **A**\n", "end\n"]
            ),
            shown("casebook show 'a b' | head", &["show", "a b"], &["out\n"]),
            shown("casebook status", &["status"], &[]),
        ]
    );
}

#[test]
#[should_panic(expected = "which is not what it prints")]
fn an_output_that_is_wrong_is_noticed() {
    let corpus = Corpus::of_two();
    let folder = corpus.scratch().to_owned();
    fs::rename(corpus.path(), folder.join("corpus")).unwrap();
    let page = "```console\n$ casebook search --count website\n17\n```";
    check(&commands(page)[0], &corpus, &folder, "page");
}
