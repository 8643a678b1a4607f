//! The files of a folder that may hold reports.
//!
//! In: the root of a corpus. Out: every file below it, in the order of paths, as a candidate, as a skip, or counted
//! as of another kind. Costs one `stat` a candidate and one look for a `casebook.toml` a folder; opens nothing else,
//! follows no symbolic link but where settings ask for it.

mod links;

use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use walkdir::{DirEntry, IntoIter, WalkDir};

use self::links::{Links, Target};
use super::config::{FILE_NAME, FileConfig, FolderSettings};
use super::format;
use super::outcome::{Skip, SkipKind};
use crate::error::Result;

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
    /// What the `casebook.toml` of its folder and of those above say of it.
    pub config: Arc<FileConfig>,
}

/// Walks a folder, in the order of paths, as if there were no `casebook.toml` anywhere.
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
    // Without settings there are none to fail on.
    Walk::new(root, None).filter_map(Result::ok)
}

/// Walks a folder as every `casebook.toml` in it says.
///
/// What they leave out is counted as one [`Found::Ignored`] a file or folder. A `casebook.toml` that can't be read or
/// understood is an error, and the end of the walk: what it governs must not be read as if it were not there.
///
/// ```
/// use casebook::{Found, walk_with_config};
///
/// # let root = std::env::temp_dir().join(format!("casebook-walk-config-{}", std::process::id()));
/// # std::fs::create_dir_all(root.join("drafts"))?;
/// std::fs::write(root.join("casebook.toml"), "[files]\nexclude = [\"drafts/**\"]")?;
/// std::fs::write(root.join("drafts/a.txt"), "Cyber Incident Victim: Acme")?;
/// let found = walk_with_config(&root).collect::<casebook::Result<Vec<Found>>>()?;
/// assert_eq!(found, [Found::Ignored("left out by casebook.toml".into())]);
///
/// std::fs::write(root.join("casebook.toml"), "[file]")?;
/// let error = walk_with_config(&root).find_map(Result::err).unwrap();
/// assert!(error.to_string().ends_with("line 1: there is no table `file`; did you mean `files`?"));
/// # std::fs::remove_dir_all(root)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn walk_with_config(root: &Path) -> impl Iterator<Item = Result<Found>> + use<> {
    Walk::new(root, Some(FolderSettings::default()))
}

/// How files that settings leave out are counted.
const EXCLUDED: &str = "left out by casebook.toml";

struct Walk {
    root: PathBuf,
    /// The folder, and in it those that links lead to, innermost last; each with how deep it stands.
    entries: Vec<(IntoIter, usize)>,
    links: Links,
    /// What holds in the folder of the next entry and in each above it, the root's first; empty where settings are of
    /// no account.
    settings: Vec<FolderSettings>,
    /// A failure has ended the walk.
    ended: bool,
}

impl Walk {
    fn new(root: &Path, settings: Option<FolderSettings>) -> Self {
        Self {
            root: root.to_owned(),
            entries: vec![(entries_of(root), 0)],
            links: Links::new(root),
            settings: settings.into_iter().collect(),
            ended: false,
        }
    }

    /// Takes a folder that is about to be walked: `None` if it is to be walked without a word.
    fn enter(&mut self, entry: &DirEntry, depth: usize) -> Result<Option<Found>> {
        if self.settings.is_empty() {
            return Ok(None);
        }
        // The first is of no folder: what holds before the root has said anything.
        self.settings.truncate(depth + 1);
        let Some(above) = self.settings.last() else { return Ok(None) };
        let folder = within(&self.root, entry.path());
        if depth > 0 && above.excludes_folder(folder) {
            self.skip_folder();
            return Ok(Some(Found::Ignored(EXCLUDED.to_owned())));
        }
        let settings = above.enter(&self.root, folder)?;
        self.settings.push(settings);
        Ok(None)
    }

    fn skip_folder(&mut self) {
        if let Some((entries, _)) = self.entries.last_mut() {
            entries.skip_current_dir();
        }
    }

    /// What becomes of a link; `None` where the folder that it leads to is walked next.
    fn follow(&mut self, entry: &DirEntry, depth: usize) -> Option<Found> {
        let most = self.settings.get(depth).map_or(0, |settings| settings.config.links());
        match self.links.follow(entry.path(), most) {
            Target::File => self.found(entry, depth),
            Target::Folder => {
                self.entries.push((entries_of(entry.path()), depth));
                None
            }
            Target::Not(reason) => {
                let within = within(&self.root, entry.path());
                let path = slashed(within).unwrap_or_else(|| within.to_owned());
                let kind = SkipKind::NotAFile;
                Some(Found::Skipped(Skip { path, line: None, record: None, kind, reason }))
            }
        }
    }

    /// What an entry that is no folder is.
    fn found(&self, entry: &DirEntry, depth: usize) -> Option<Found> {
        let settings = self.settings.get(depth);
        if settings.is_some() && entry.file_name() == FILE_NAME {
            return None;
        }
        if settings.is_some_and(|settings| settings.excludes_file(within(&self.root, entry.path())))
        {
            return Some(Found::Ignored(EXCLUDED.to_owned()));
        }
        let config = settings.map(|settings| Arc::clone(&settings.config)).unwrap_or_default();
        found(&self.root, entry, config)
    }
}

impl Iterator for Walk {
    type Item = Result<Found>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            let (entries, base) = self.entries.last_mut()?;
            let base = *base;
            let entry = match entries.next() {
                Some(Ok(entry)) => entry,
                Some(Err(error)) => {
                    return Some(Ok(Found::Skipped(unreadable(&self.root, &error))));
                }
                None => {
                    self.entries.pop();
                    continue;
                }
            };
            let depth = base + entry.depth();
            // The root is walked even where it is a link to a folder, and is nothing that was found in any case. So is the
            // folder that a link leads to.
            let is_root = depth == 0;
            let is_top = entry.depth() == 0;
            let is_folder = entry.file_type().is_dir() || is_top && entry.path().is_dir();
            if is_root && !is_folder {
                continue;
            }
            if !is_root && is_hidden(&entry) {
                if is_folder {
                    self.skip_folder();
                }
                continue;
            }
            let found = if is_folder {
                self.enter(&entry, depth)
            } else if entry.file_type().is_symlink() {
                Ok(self.follow(&entry, depth))
            } else {
                Ok(self.found(&entry, depth))
            };
            match found {
                Ok(None) => {}
                Ok(Some(found)) => return Some(Ok(found)),
                Err(error) => {
                    self.ended = true;
                    return Some(Err(error));
                }
            }
        }
        None
    }
}

fn within<'a>(root: &Path, path: &'a Path) -> &'a Path {
    path.strip_prefix(root).unwrap_or(path)
}

fn is_hidden(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}

fn found(root: &Path, entry: &DirEntry, config: Arc<FileConfig>) -> Option<Found> {
    let skip = |path: PathBuf, kind, reason: &str| {
        Some(Found::Skipped(Skip { path, line: None, record: None, kind, reason: reason.into() }))
    };
    let within = within(root, entry.path());
    let Some(path) = slashed(within) else {
        // The index and every answer name a file by text. What can't be cited is better renamed than misquoted.
        let reason = "the name of the file, or of a folder above it, is not Unicode; rename it";
        return skip(within.to_owned(), SkipKind::Unreadable, reason);
    };
    let is_link = entry.file_type().is_symlink();
    if !entry.file_type().is_file() && !is_link {
        return skip(path, SkipKind::NotAFile, "not an ordinary file, not opened");
    }
    if let Some(kind) = format::ignored_kind(&path) {
        return Some(Found::Ignored(kind));
    }
    let metadata = match is_link {
        // Where it leads was looked at before it was followed.
        true => fs::metadata(entry.path()).map_err(|e| e.to_string()),
        false => entry.metadata().map_err(|e| e.to_string()),
    };
    match metadata {
        Ok(metadata) => {
            let modified = modified(&metadata);
            Some(Found::File(WalkedFile { path, bytes: metadata.len(), modified, config }))
        }
        Err(error) => skip(path, SkipKind::Unreadable, &format!("cannot read: {error}")),
    }
}

/// The entries of a folder in order, links as they are.
fn entries_of(folder: &Path) -> IntoIter {
    WalkDir::new(folder).follow_links(false).sort_by_file_name().into_iter()
}

fn unreadable(root: &Path, error: &walkdir::Error) -> Skip {
    let path = error.path().unwrap_or(root);
    let within = within(root, path);
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
mod tests;
