use std::fs;

use super::*;

fn names(root: &Path) -> Vec<String> {
    walk(root)
        .map(|found| match found {
            Found::File(file) => file.path.to_str().unwrap().to_owned(),
            Found::Skipped(skip) => skip.to_string(),
            Found::Ignored(kind) => format!("ignored {kind}"),
        })
        .collect()
}

#[test]
fn candidates_come_in_the_order_of_paths_and_the_rest_is_counted() {
    let root = tempfile::tempdir().unwrap();
    for file in [
        "b.txt",
        "a/z.jsonl",
        "a/c/1.TXT",
        "a.txt",
        "plain",
        "x.png",
        "README.md",
        "readme.txt",
        "LICENSE-MIT.txt",
        "license-server-breach.txt",
        "casebook.toml",
        ".hidden.txt",
        ".git/a.txt",
        ".casebook/a.txt",
        "ü/é.txt",
    ] {
        let path = root.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "x").unwrap();
    }
    fs::create_dir(root.path().join("folder.txt")).unwrap();
    assert_eq!(
        names(root.path()),
        [
            "ignored LICENSE",
            "ignored README",
            "a/c/1.TXT",
            "a/z.jsonl",
            "a.txt",
            "b.txt",
            "ignored .toml",
            "license-server-breach.txt",
            "plain",
            "ignored README",
            "ignored .png",
            "ü/é.txt",
        ]
    );
    let mut files: Vec<PathBuf> = walk(root.path())
        .filter_map(|found| match found {
            Found::File(file) => Some(file.path),
            _ => None,
        })
        .collect();
    let walked = files.clone();
    files.sort();
    assert_eq!(files, walked);
}

fn put(root: &Path, files: &[(&str, &str)]) {
    for (file, content) in files {
        let path = root.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
}

/// Path and fingerprint of each file, and how many things were left out.
fn configured(root: &Path) -> (Vec<(String, u64)>, usize) {
    let (mut files, mut excluded) = (Vec::new(), 0);
    for found in walk_with_config(root) {
        match found.unwrap() {
            Found::File(file) => {
                let path = file.path.to_str().unwrap().to_owned();
                files.push((path, file.config.fingerprint()));
            }
            Found::Ignored(kind) if kind == EXCLUDED => excluded += 1,
            other => panic!("{other:?}"),
        }
    }
    (files, excluded)
}

#[test]
fn settings_hold_in_their_folder_and_below() {
    let root = tempfile::tempdir().unwrap();
    let (day, month) = ("[dates]\norder = 'day-first'", "[dates]\norder = 'month-first'");
    put(
        root.path(),
        &[
            ("a/1.txt", ""),
            ("b/1.txt", ""),
            ("b/casebook.toml", day),
            ("b/x/1.txt", ""),
            ("b/x/y/1.txt", ""),
            ("b/x/casebook.toml", month),
            ("b/z/1.txt", ""),
            ("c.txt", ""),
            ("c/1.txt", ""),
        ],
    );
    let print = |text: &str| FileConfig::parse(text).unwrap().fingerprint();
    let (day, month) = (print(day), print(month));
    let expected = [
        ("a/1.txt", 0),
        ("b/1.txt", day),
        ("b/x/1.txt", month),
        ("b/x/y/1.txt", month),
        ("b/z/1.txt", day),
        ("c/1.txt", 0),
        ("c.txt", 0),
    ]
    .map(|(path, print)| (path.to_owned(), print));
    assert_eq!(configured(root.path()), (expected.to_vec(), 0));
    for (path, print) in expected {
        let loaded = FileConfig::load(root.path(), Path::new(&path)).unwrap();
        assert_eq!(loaded.fingerprint(), print, "{path}");
    }
    assert!(walk(root.path()).all(|found| match found {
        Found::File(file) => *file.config == FileConfig::default(),
        other => other == Found::Ignored(".toml".to_owned()),
    }));
}

#[test]
fn files_and_folders_are_left_out_and_counted() {
    let root = tempfile::tempdir().unwrap();
    put(
        root.path(),
        &[
            ("casebook.toml", "[files]\nexclude = ['drafts/**', '*.bak.txt', '*.png', 'broken/']"),
            ("a.bak.txt", ""),
            ("a.txt", ""),
            // Nothing in a folder that is left out is looked at.
            ("broken/casebook.toml", "["),
            ("drafts/a.txt", ""),
            ("drafts/x/a.txt", ""),
            ("logo.png", ""),
            ("sub/casebook.toml", "[files]\nexclude = ['/old.txt']"),
            ("sub/drafts/a.txt", ""),
            ("sub/old.txt", ""),
            ("sub/x/old.txt", ""),
            ("sub/y.bak.txt", ""),
        ],
    );
    let (files, excluded) = configured(root.path());
    let files: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(files, ["a.txt", "sub/drafts/a.txt", "sub/x/old.txt"]);
    // a.bak.txt, broken, drafts, logo.png, sub/old.txt, sub/y.bak.txt
    assert_eq!(excluded, 6);
}

#[test]
fn a_mistake_in_settings_ends_the_walk() {
    let root = tempfile::tempdir().unwrap();
    put(root.path(), &[("a.txt", ""), ("b/casebook.toml", "\n["), ("b/b.txt", ""), ("c.txt", "")]);
    let found: Vec<Result<Found>> = walk_with_config(root.path()).collect();
    let [Ok(Found::File(file)), Err(error)] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(file.path, Path::new("a.txt"));
    assert_eq!(error.path(), Some(root.path().join("b/casebook.toml").as_path()));
    assert!(error.to_string().contains("casebook.toml: line 2: not valid TOML: "), "{error}");
}

#[test]
fn size_and_time_are_those_of_the_file() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("a.txt");
    fs::write(&path, "12345").unwrap();
    let time = UNIX_EPOCH - std::time::Duration::from_millis(1_500);
    fs::File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
    let Some(Found::File(file)) = walk(root.path()).next() else { panic!() };
    assert_eq!((file.bytes, file.modified), (5, Some((-2, 500_000_000))));
}

#[test]
fn a_root_that_is_not_there_is_one_skip() {
    let found: Vec<Found> = walk(Path::new("/no/such/folder")).collect();
    let [Found::Skipped(skip)] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((skip.path.to_str(), skip.kind), (Some("."), SkipKind::Unreadable));
}

#[cfg(unix)]
#[test]
fn a_root_may_be_a_link_to_a_folder() {
    let root = tempfile::tempdir().unwrap();
    put(root.path(), &[("real/casebook.toml", "[dates]\norder = 'day-first'"), ("real/a.txt", "")]);
    let link = root.path().join("link");
    std::os::unix::fs::symlink("real", &link).unwrap();
    let real = configured(&root.path().join("real"));
    assert_eq!(configured(&link), real);
    assert_ne!(real.0[0].1, 0);
    assert_eq!(walk(&root.path().join("real/a.txt")).count(), 0);
}

#[cfg(unix)]
#[test]
fn as_many_links_are_followed_as_the_settings_say_and_nothing_is_read_twice() {
    let outside = tempfile::tempdir().unwrap();
    put(
        outside.path(),
        &[("store/a.txt", ""), ("store/deep/b.txt", ""), ("c.txt", ""), ("d.txt", "")],
    );
    let root = tempfile::tempdir().unwrap();
    put(root.path(), &[("casebook.toml", "[limits]\nlinks = 2"), ("z.txt", ""), ("own/y.txt", "")]);
    let link = |to: &std::path::Path, name: &str| {
        std::os::unix::fs::symlink(to, root.path().join(name)).unwrap();
    };
    link(&outside.path().join("store"), "linked");
    link(&outside.path().join("c.txt"), "m.txt");
    link(&outside.path().join("d.txt"), "n.txt");
    link(&outside.path().join("store/deep"), "twice");
    link(root.path(), "loop");
    link(root.path(), "own/loop");
    link(&root.path().join("own"), "same");
    link(std::path::Path::new("/dev/null"), "null.txt");
    let found: Vec<String> = walk_with_config(root.path())
        .map(|found| match found.unwrap() {
            Found::File(file) => file.path.to_str().unwrap().to_owned(),
            Found::Skipped(skip) => format!("{}: {}", skip.path.display(), skip.reason),
            Found::Ignored(kind) => kind,
        })
        .collect();
    let not = "symbolic link, not followed:";
    let own = format!("{not} it leads to what is read under its own path");
    let most =
        format!("{not} 2 were; raise `links` in the [limits] of casebook.toml to follow more");
    assert_eq!(
        found,
        [
            "linked/a.txt".to_owned(),
            "linked/deep/b.txt".to_owned(),
            format!("loop: {own}"),
            "m.txt".to_owned(),
            format!("n.txt: {most}"),
            format!("null.txt: {most}"),
            format!("own/loop: {own}"),
            "own/y.txt".to_owned(),
            format!("same: {own}"),
            format!("twice: {not} another link leads to the same"),
            "z.txt".to_owned(),
        ]
    );
}

#[cfg(unix)]
#[test]
fn links_and_special_files_are_never_opened() {
    use std::os::unix::ffi::OsStrExt;

    let root = tempfile::tempdir().unwrap();
    let at = |name: &str| root.path().join(name);
    std::os::unix::fs::symlink(root.path(), at("loop")).unwrap();
    std::os::unix::fs::symlink("nowhere", at("dangling.txt")).unwrap();
    std::os::unix::net::UnixListener::bind(at("socket.txt")).unwrap();
    fs::write(at("new\nline.txt"), "x").unwrap();
    assert_eq!(
        names(root.path()),
        [
            "dangling.txt: symbolic link, not followed",
            "loop: symbolic link, not followed",
            "new\nline.txt",
            "socket.txt: not an ordinary file, not opened",
        ]
    );
    let odd = std::ffi::OsStr::from_bytes(b"caf\xe9.txt");
    if fs::write(root.path().join(odd), "x").is_ok() {
        let skip = walk(root.path()).find_map(|found| match found {
            Found::Skipped(skip) if skip.reason.contains("not Unicode") => Some(skip),
            _ => None,
        });
        assert!(serde_json::to_string(&skip.unwrap()).unwrap().contains("caf\u{fffd}.txt"));
    }
}
