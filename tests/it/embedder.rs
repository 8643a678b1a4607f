//! Casebook as a dependency: a crate of its own, with `default-features = false`, builds against the library and
//! searches; so does the example that embedders copy.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::harness::repository;

/// What `examples/embed.rs` prints.
const PRINTED: &str = "\
website defaced date:2023: 1 full, 1 partial
1. Région Normandie (Dec 2023)
   The attackers [defaced] the official [website] and left a slogan.
2. Port of Lindesvik (Aug 30-31, 2023)
   The [website] stayed online.
  victm:port
  ^^^^^
there is no field `victm`; did you mean `victim`?
try: victim:port
";

/// The crate's folder. It stays, and so does what is built of it.
fn crate_folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("embedder")
}

/// Cargo on the crate: the one that builds these tests, in the folder where the dependencies are built already.
fn cargo(args: &[&str]) -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(args).args(["--quiet", "--offline"]).current_dir(crate_folder());
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    cargo.env("CARGO_TARGET_DIR", target);
    // Beside this cargo stands its compiler; the one in the path may be another.
    let rustc = Path::new(env!("CARGO")).with_file_name("rustc");
    if rustc.exists() {
        cargo.env("RUSTC", rustc);
    }
    cargo
}

/// Writes a file unless it is there: cargo builds again whatever is newer.
fn write(path: PathBuf, content: &str) {
    if fs::read_to_string(&path).ok().as_deref() != Some(content) {
        fs::write(path, content).unwrap();
    }
}

#[test]
fn another_crate_builds_against_the_library_alone() {
    let (root, folder) = (repository(), crate_folder());
    fs::create_dir_all(folder.join("src")).unwrap();
    let example = fs::read_to_string(root.join("examples/embed.rs")).unwrap();
    write(folder.join("src/main.rs"), &example);
    // The same versions as here: nothing has to be looked up or fetched.
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    let manifest = format!(
        "[package]\nname = \"embedder\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
         [workspace]\n\n[dependencies]\ncasebook = {{ path = {root:?}, default-features = false }}\n\n\
         [profile.dev]\ndebug = \"line-tables-only\"\n"
    );
    write(folder.join("Cargo.toml"), &manifest);
    let output = cargo(&["run"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo run fails:\n{said}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), PRINTED);

    // What only the command line needs is not among the dependencies.
    let output = cargo(&["tree", "--prefix", "none", "--edges", "normal"]).output().unwrap();
    let tree = String::from_utf8_lossy(&output.stdout);
    assert!(tree.contains("tantivy v"), "{tree}");
    for name in ["clap", "anyhow", "indicatif", "terminal_size"] {
        assert!(
            !tree.lines().any(|line| line.starts_with(&format!("{name} v"))),
            "{name} in\n{tree}"
        );
    }
}
