//! The direction of dependencies, as ARCHITECTURE.md has it, read from the sources.
//!
//! In: every file of `src`. Out: a failure for each path that leads the wrong way. `#[cfg(test)]` modules, comments and
//! strings don't count.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::harness::repository;

mod code;

use code::{expand, find_word, paths, public_signatures, without_comments, without_tests};

/// What a part of the library may use of the others. The longest prefix of a module decides.
const LAYERS: &[(&str, &[&str])] = &[
    ("error", &[]),
    ("country", &["error"]),
    ("date", &["error"]),
    ("report", &["country", "date"]),
    ("analysis", &["report"]),
    ("eval", &["error"]),
    ("ingest", &["country", "date", "error", "report"]),
    ("query", &["country", "date", "error", "report", "analysis"]),
    ("query::plan", &["country", "date", "error", "report", "analysis", "query", "index"]),
    ("index", &["country", "date", "error", "report", "analysis", "ingest"]),
    ("search", &["country", "date", "error", "report", "analysis", "query", "index"]),
    ("casebook", &["country", "date", "error", "report", "ingest", "query", "index", "search"]),
];

/// Where types of tantivy may be named.
const TANTIVY: &[&str] = &["index", "query::plan", "search"];

/// A source file.
struct Source {
    /// `query::plan::build`; `bin` for the program.
    module: String,
    /// Without comments, strings and test modules.
    code: String,
}

impl Source {
    fn new(module: &str, text: &str) -> Self {
        Self { module: module.to_owned(), code: without_tests(&without_comments(text)) }
    }

    fn is_program(&self) -> bool {
        self.module == "bin" || self.module.starts_with("bin::")
    }

    fn is_in(&self, layer: &str) -> bool {
        self.module == layer || self.module.starts_with(&format!("{layer}::"))
    }

    /// The layer that it belongs to.
    fn layer(&self) -> Option<&'static (&'static str, &'static [&'static str])> {
        LAYERS.iter().filter(|(name, _)| self.is_in(name)).max_by_key(|(name, _)| name.len())
    }
}

/// Every file below `src`.
fn sources() -> Vec<Source> {
    fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => walk(&path, files),
                false => files.push(path),
            }
        }
    }
    let src = repository().join("src");
    let mut files = Vec::new();
    walk(&src, &mut files);
    files.sort();
    let rust = files.iter().filter(|path| path.extension().is_some_and(|e| e == "rs"));
    rust.filter(|path| !is_test_file(path))
        .map(|path| {
            let within = path.strip_prefix(&src).unwrap().with_extension("");
            let mut parts: Vec<_> =
                within.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
            if parts.starts_with(&["bin".to_owned(), "casebook".to_owned()]) {
                parts.remove(1);
            }
            if parts.last().is_some_and(|last| last == "mod" || last == "main") {
                parts.pop();
            }
            Source::new(&parts.join("::"), &fs::read_to_string(path).unwrap())
        })
        .collect()
}

/// Files that stand behind `#[cfg(test)] mod …;`.
fn is_test_file(path: &Path) -> bool {
    path.file_stem().is_some_and(|stem| stem == "tests" || stem == "doc_tests")
}

/// What is wrong with these sources, one line a fault.
fn faults(sources: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for source in sources {
        let module = &source.module;
        for path in paths(&source.module, &source.code) {
            let first = path.split("::").next().unwrap_or_default();
            let second = path.split("::").nth(1).unwrap_or_default();
            let fault = match first {
                "tantivy" if source.is_program() || !TANTIVY.iter().any(|t| source.is_in(t)) => {
                    Some("tantivy has no place here")
                }
                "clap" | "anyhow" | "indicatif" | "notify" | "terminal_size" | "unicode_width"
                    if !source.is_program() =>
                {
                    Some("belongs to the program")
                }
                // In `lib` the name is that of the module.
                "casebook" if !source.is_program() && source.module != "lib" => {
                    Some("the library does not use the program")
                }
                "std" if path.starts_with("std::io::stdout") || path.starts_with("std::env") => {
                    let reads = !source.is_program();
                    reads.then_some("the library prints nothing and reads no environment")
                }
                "crate" if !source.is_program() => wrong_way(source, second),
                _ => None,
            };
            faults.extend(fault.map(|fault| format!("{module}: {path}: {fault}")));
        }
        for printing in ["println!", "eprintln!", "print!(", "stdout()", "process::exit"] {
            if !source.is_program() && source.code.contains(printing) {
                faults.push(format!("{module}: {printing}: the library prints nothing"));
            }
        }
    }
    faults.extend(tantivy_in_public(sources));
    faults
}

fn wrong_way(source: &Source, used: &str) -> Option<&'static str> {
    let is_layer = LAYERS.iter().any(|(name, _)| *name == used);
    let (name, allowed) = source.layer()?;
    let own = name.split("::").next() == Some(used);
    // The root's re-exports are the whole library: a part of it that goes that way hides what it depends on.
    let through_root = used.chars().next().is_some_and(char::is_uppercase);
    let fault = (is_layer && !own && !allowed.contains(&used)) || through_root;
    fault.then_some("leads the wrong way")
}

/// Types of tantivy in what the root re-exports: in the public fields of its types, and in the signatures of their
/// public functions.
fn tantivy_in_public(sources: &[Source]) -> Vec<String> {
    let Some(root) = sources.iter().find(|source| source.module == "lib") else {
        return Vec::new();
    };
    let mut exported = BTreeSet::new();
    for statement in root.code.split(';').filter_map(|s| s.trim().strip_prefix("pub use ")) {
        let mut paths = BTreeSet::new();
        expand(statement, "", &mut paths);
        exported
            .extend(paths.iter().filter_map(|path| path.rsplit("::").next().map(str::to_owned)));
    }
    let mut faults = Vec::new();
    for source in sources.iter().filter(|source| !source.is_program()) {
        let foreign: Vec<String> = paths(&source.module, &source.code)
            .iter()
            .filter(|path| path.starts_with("tantivy::"))
            .filter_map(|path| path.rsplit("::").next().map(str::to_owned))
            .chain(["tantivy".to_owned()])
            .collect();
        for signature in public_signatures(&source.code, &exported) {
            for name in foreign.iter().filter(|name| find_word(&signature, name).is_some()) {
                let line = signature.split_whitespace().collect::<Vec<_>>().join(" ");
                faults.push(format!("{}: {name} in public: {line}", source.module));
            }
        }
    }
    faults
}

#[test]
fn dependencies_lead_one_way() {
    let sources = sources();
    assert!(sources.len() > 60, "the sources are found");
    let faults = faults(&sources);
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn every_part_has_its_layer() {
    for source in sources() {
        let known = source.is_program() || source.module == "lib" || source.layer().is_some();
        assert!(known, "{} belongs to no layer of this test", source.module);
    }
}

#[test]
fn what_leads_the_wrong_way_is_noticed() {
    let table = [
        ("date", "use crate::report::Report;", "date: crate::report::Report: leads the wrong way"),
        (
            "report",
            "use crate::{date::Day, index::FORMAT_VERSION};",
            "crate::index::FORMAT_VERSION",
        ),
        ("ingest::walk", "use crate::analysis::{self, fold};", "crate::analysis"),
        ("index::sync", "use crate::query::Query;", "crate::query::Query"),
        ("search::execute", "use crate::ingest::walk;", "crate::ingest::walk"),
        ("search::execute", "use super::super::ingest::walk;", "crate::ingest::walk"),
        ("search::execute", "fn f() { crate::ingest::walk(); }", "crate::ingest::walk"),
        (
            "query::parse",
            "use tantivy::Term;",
            "query::parse: tantivy::Term: tantivy has no place here",
        ),
        ("query::ast", "fn f(t: tantivy::Term) {}", "tantivy::Term"),
        ("query::lex::scan", "use crate::index::schema::Fields;", "crate::index::schema::Fields"),
        ("casebook", "use tantivy::Index;", "tantivy::Index"),
        ("bin::search", "use tantivy::Index;", "tantivy::Index"),
        ("error", "use anyhow::Result;", "belongs to the program"),
        ("error", "fn f() { println!(\"\") }", "the library prints nothing"),
        ("ingest", "use std::env;", "reads no environment"),
        ("report", "use crate::Query;", "crate::Query"),
    ];
    for (module, code, fault) in table {
        let found = faults(&[Source::new(module, code)]).join("\n");
        assert!(found.contains(fault), "{module}: {code}: {found:?}");
    }
    for (module, code) in [
        ("date", "// use crate::report::Report;\nuse crate::error::Error;"),
        (
            "date",
            "/// ```\n/// use casebook::Report;\n/// ```\nfn f() { g(\"crate::report::Report\") }",
        ),
        ("date", "#[cfg(test)]\nmod tests { use crate::query::Query; }\nuse crate::error::Error;"),
        ("query::plan::build", "use tantivy::Searcher;\nuse crate::index::schema::Fields;"),
        ("search::execute", "use super::results::Hit;"),
        ("bin::search", "use clap::Parser;\nuse casebook::Query;\nfn f() { println!() }"),
    ] {
        let found = faults(&[Source::new(module, code)]);
        assert!(found.is_empty(), "{module}: {code}: {found:?}");
    }
}

#[test]
fn tantivy_in_a_public_signature_is_noticed() {
    let root = Source::new("lib", "mod index;\npub use index::{Store, open};");
    let table = [
        ("use tantivy::Index;\npub struct Store { pub index: Index }", true),
        ("use tantivy::Index;\npub struct Store { index: Index }", false),
        (
            "use tantivy::Index;\npub(crate) struct Inner { pub index: Index }\npub struct Store;",
            false,
        ),
        (
            "use tantivy::Index;\npub struct Store;\nimpl Store { pub fn get(&self) -> &Index { } }",
            true,
        ),
        (
            "use tantivy::Index;\npub struct Store;\nimpl Store { pub(crate) fn get(&self) -> &Index {} }",
            false,
        ),
        (
            "use tantivy::Index;\npub struct Store;\nimpl Store { pub fn get(&self) { Index::new() } }",
            false,
        ),
        (
            "use tantivy::TantivyError;\npub struct Store;\nimpl From<TantivyError> for Store {}",
            true,
        ),
        ("pub fn open() -> tantivy::Result<()> { }", true),
        ("pub enum Store { One(tantivy::Index) }", true),
    ];
    for (code, noticed) in table {
        let root = Source::new("lib", &root.code);
        let found = tantivy_in_public(&[root, Source::new("index", code)]);
        assert_eq!(!found.is_empty(), noticed, "{code}: {found:?}");
    }
}
