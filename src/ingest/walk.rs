//! The files of a folder that may hold reports.
//!
//! In: the root of a corpus. Out: every file below it, in the order of paths, as a candidate, as a skip, or counted
//! as of another kind. Costs one `stat` a candidate; opens nothing, follows no symbolic link.

use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use walkdir::{DirEntry, WalkDir};

use super::format;
use super::outcome::{Skip, SkipKind};

/// One thing that [`walk`] came across.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A file that may hold reports.
    File(WalkedFile),
    /// Something that may have held reports, but will not be read.
    Skipped(Skip),
    /// A file that no format claims, such as a picture: its kind, by which to count it (`.png`, `README`).
    Ignored(String),
}

/// A file that may hold reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WalkedFile {
    /// Relative to the root, with `/` between folders. Always Unicode.
    pub path: PathBuf,
    /// Size.
    pub bytes: u64,
    /// When it was last written, in seconds and nanoseconds since 1970, if the system says so.
    pub modified: Option<(i64, u32)>,
}

/// Walks a folder, in the order of paths.
///
/// Left out without a word is what is hidden: names that start with a dot, the index among them.
///
/// ```
/// use casebook::{Found, walk};
///
/// # let root = std::env::temp_dir().join(format!("casebook-walk-{}", std::process::id()));
/// # std::fs::create_dir_all(root.join("2023"))?;
/// # std::fs::write(root.join("2023/a.txt"), "Cyber Incident Victim: Acme")?;
/// # std::fs::write(root.join("logo.png"), "")?;
/// let found: Vec<Found> = walk(&root).collect();
/// let Found::File(file) = &found[0] else { panic!() };
/// assert_eq!(file.path.to_str(), Some("2023/a.txt"));
/// assert_eq!(found[1], Found::Ignored(".png".into()));
/// # std::fs::remove_dir_all(root)?;
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn walk(root: &Path) -> impl Iterator<Item = Found> + use<> {
    let root = root.to_owned();
    WalkDir::new(&root)
        .min_depth(1)
        .follow_links(false)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry))
        .filter_map(move |entry| match entry {
            Ok(entry) => found(&root, &entry),
            Err(error) => Some(Found::Skipped(unreadable(&root, &error))),
        })
}

fn is_hidden(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}

fn found(root: &Path, entry: &DirEntry) -> Option<Found> {
    if entry.file_type().is_dir() {
        return None;
    }
    let skip = |path: PathBuf, kind, reason: &str| {
        Some(Found::Skipped(Skip { path, line: None, record: None, kind, reason: reason.into() }))
    };
    let within = entry.path().strip_prefix(root).unwrap_or(entry.path());
    let Some(path) = slashed(within) else {
        // The index and every answer name a file by text. What can't be cited is better renamed than misquoted.
        let reason = "the name of the file, or of a folder above it, is not Unicode; rename it";
        return skip(within.to_owned(), SkipKind::Unreadable, reason);
    };
    if entry.file_type().is_symlink() {
        return skip(path, SkipKind::NotAFile, "symbolic link, not followed");
    }
    if !entry.file_type().is_file() {
        return skip(path, SkipKind::NotAFile, "not an ordinary file, not opened");
    }
    if let Some(kind) = format::ignored_kind(&path) {
        return Some(Found::Ignored(kind));
    }
    match entry.metadata() {
        Ok(metadata) => {
            let modified = modified(&metadata);
            Some(Found::File(WalkedFile { path, bytes: metadata.len(), modified }))
        }
        Err(error) => Some(Found::Skipped(unreadable(root, &error))),
    }
}

fn unreadable(root: &Path, error: &walkdir::Error) -> Skip {
    let path = error.path().unwrap_or(root);
    let within = path.strip_prefix(root).unwrap_or(path);
    let path = if within.as_os_str().is_empty() { Path::new(".") } else { within };
    let reason = match error.io_error() {
        Some(error) => format!("cannot read: {error}"),
        None => format!("cannot read: {error}"),
    };
    Skip {
        path: slashed(path).unwrap_or_else(|| path.to_owned()),
        line: None,
        record: None,
        kind: SkipKind::Unreadable,
        reason,
    }
}

/// The path with `/` between folders on every system; `None` if it is not Unicode.
fn slashed(path: &Path) -> Option<PathBuf> {
    let text = path.to_str()?;
    if cfg!(windows) { Some(text.replace('\\', "/").into()) } else { Some(text.into()) }
}

fn modified(metadata: &Metadata) -> Option<(i64, u32)> {
    let time = metadata.modified().ok()?;
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => Some((i64::try_from(since.as_secs()).ok()?, since.subsec_nanos())),
        Err(error) => {
            let before = error.duration();
            // Rounded down to the whole second before, so that the nanoseconds count upwards from it.
            let borrow = i64::from(before.subsec_nanos() > 0);
            let seconds = i64::try_from(before.as_secs()).ok()?.checked_add(borrow)?;
            Some((-seconds, (1_000_000_000 - before.subsec_nanos()) % 1_000_000_000))
        }
    }
}

#[cfg(test)]
mod tests {
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
}
