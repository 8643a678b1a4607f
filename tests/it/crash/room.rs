//! No room to write: limits on the size of files, and a full file system.

use std::path::Path;
use std::process::Command;

use super::{Changing, assert_swept, format_folder, indexed};
use crate::harness::Corpus;

/// Runs `casebook ARGS` in the folder, files limited to so many blocks of 512 bytes.
fn limited(corpus: &Corpus, blocks: u64, args: &[&str]) -> (Option<i32>, String) {
    let program = corpus.program(args).command();
    let mut shell = Command::new("sh");
    shell
        .arg("-c")
        .arg(format!("ulimit -f {blocks}; exec \"$0\" \"$@\""))
        .arg(program.get_program());
    shell.args(program.get_args()).current_dir(corpus.path()).env_clear();
    for (name, value) in program.get_envs() {
        shell.envs(value.map(|value| (name, value)));
    }
    let output = shell.output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn without_room_the_old_state_is_searched_and_the_error_says_so() {
    let mut changing = Changing::new(21);
    changing.change(10, 100);
    changing.corpus.run(&["index"]).exits(0);
    let before = changing.content.clone();
    changing.change(10, 4000);
    let mut failed = 0;
    for blocks in [0, 1, 2, 4, 8, 16, 32, 64, 128, 256] {
        let (status, said) = limited(&changing.corpus, blocks, &["index"]);
        if status == Some(0) {
            break;
        }
        failed += 1;
        assert_eq!(status, Some(2), "{blocks} blocks: {said}");
        assert!(said.contains(".casebook") && said.contains("File too large"), "{blocks}: {said}");
        assert!(said.contains("help: ") && said.contains("--index"), "{blocks} blocks: {said}");
        assert!(!said.contains("panicked"), "{blocks} blocks: {said}");
        assert_eq!(indexed(&changing.corpus.open()).unwrap(), before, "{blocks} blocks");
        // A search goes on with what there is, and says that.
        let (status, said) = limited(&changing.corpus, blocks, &["search", "--count", "the"]);
        assert_eq!(status, Some(2), "{said}");
        assert!(said.contains("could not look for new or changed reports"), "{said}");
        assert_swept(&format_folder(&changing.corpus));
    }
    assert!(failed > 4, "{failed}");
    let run = changing.corpus.run(&["index"]).exits(0);
    assert!(!run.stdout.contains("anew"), "{run:?}");
    assert_eq!(indexed(&changing.corpus.open()).unwrap(), changing.content);
    assert_swept(&format_folder(&changing.corpus));
}

#[test]
fn without_room_for_the_first_index_there_is_none() {
    let mut changing = Changing::new(22);
    changing.change(10, 1000);
    for blocks in [0, 1, 4, 16] {
        let (status, said) = limited(&changing.corpus, blocks, &["search", "the"]);
        assert_eq!(status, Some(2), "{blocks} blocks: {said}");
        assert!(said.contains("File too large") && said.contains("help: "), "{blocks}: {said}");
        assert!(!changing.corpus.open().is_indexed());
    }
    changing.corpus.run(&["index"]).exits(0);
    assert_eq!(indexed(&changing.corpus.open()).unwrap(), changing.content);
}

/// A file system in memory, unmounted when it goes out of scope.
struct Small<'a>(&'a Path);

impl<'a> Small<'a> {
    /// `None` where one may not mount any, as all but root.
    fn mount(at: &'a Path, size: &str) -> Option<Self> {
        std::fs::create_dir(at).unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"]).arg(at);
        let mounted = mount.output().is_ok_and(|output| output.status.success());
        mounted.then_some(Self(at))
    }
}

impl Drop for Small<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0).output();
    }
}

#[test]
fn a_full_file_system_is_said_and_survived() {
    let mut changing = Changing::new(23);
    changing.change(10, 100);
    let place = changing.corpus.scratch().join("small");
    let Some(_small) = Small::mount(&place, "1m") else {
        return; // Only the limits of the tests above can be tried here.
    };
    let index = place.join("index");
    let args = ["index", "--index", index.to_str().unwrap()];
    changing.corpus.run(&args).exits(0);
    let before = changing.content.clone();
    let open = |corpus: &Corpus| {
        let options = casebook::OpenOptions {
            index: Some(index.clone()),
            ..casebook::OpenOptions::default()
        };
        casebook::Casebook::open_with(corpus.path(), &options).unwrap()
    };
    // What fills the rest of it; some room is left, none, and all.
    let ballast = place.join("ballast");
    changing.change(10, 2000);
    // What an attempt leaves behind is room for the next one, which clears it away first.
    for left in [0, 20_000, 50_000] {
        let _ = std::fs::remove_file(&ballast);
        let _ = std::fs::write(&ballast, vec![0; 1 << 20]);
        let full = std::fs::metadata(&ballast).unwrap().len();
        let file = std::fs::File::options().write(true).open(&ballast).unwrap();
        file.set_len(full.saturating_sub(left)).unwrap();
        changing.corpus.run(&args).exits(2).says("No space left on device").says("help: ");
        assert_eq!(indexed(&open(&changing.corpus)).unwrap(), before);
    }
    std::fs::remove_file(&ballast).unwrap();
    changing.corpus.run(&args).exits(0);
    assert_eq!(indexed(&open(&changing.corpus)).unwrap(), changing.content);
}
