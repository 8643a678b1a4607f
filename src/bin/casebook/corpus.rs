//! Finds the folder of reports and its index.
//!
//! In: what the command line and the environment say, and what stands in the file system. Out: a [`Location`].

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use casebook::Casebook;

use crate::args::GlobalArgs;

/// The folder within a corpus that holds its index, unless told otherwise.
const INDEX_FOLDER: &str = ".casebook";

/// What a command does with the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Look at it as it is.
    Read,
    /// Bring it up to date.
    Write,
}

/// Where reports and index are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The folder of reports.
    pub root: PathBuf,
    /// The folder of the index, where it is not the usual one within the root.
    pub index: Option<PathBuf>,
    /// Why the index is not the usual one, in words, if the user did not ask for that.
    pub reason: Option<String>,
    /// What the paths of reports are printed under, so that they can be opened from the current folder.
    pub prefix: PathBuf,
}

impl Location {
    /// The root is what `-C` says, else the nearest folder with an index, else the current folder.
    pub fn find(args: &GlobalArgs, access: Access) -> io::Result<Self> {
        let current = std::env::current_dir()?;
        let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let (root, prefix) = match &args.corpus {
            Some(root) => (root.clone(), root.clone()),
            None => match Casebook::find_root(&current) {
                Some(root) => {
                    let prefix = way_up(&current, &root);
                    (root, prefix)
                }
                None => (current, PathBuf::new()),
            },
        };
        let given = args.index.clone().or_else(|| variable("CASEBOOK_INDEX").map(PathBuf::from));
        let index = match given {
            Some(index) => Some((index, None)),
            None => fallback_index(&root, access, cache_folder(variable)),
        };
        let (index, reason) = index.map_or((None, None), |(index, reason)| (Some(index), reason));
        Ok(Self { root, index, reason, prefix })
    }

    /// The folder of the index.
    pub fn index_path(&self) -> PathBuf {
        self.index.clone().unwrap_or_else(|| self.root.join(INDEX_FOLDER))
    }
}

/// From a folder to one that contains it: `../..`, or nothing where they are the same.
fn way_up(from: &Path, to: &Path) -> PathBuf {
    match from.strip_prefix(to) {
        Ok(below) => below.components().map(|_| "..").collect(),
        Err(_) => to.to_owned(),
    }
}

/// A place in the user's cache, for a corpus whose own folder can't be written.
fn fallback_index(
    root: &Path,
    access: Access,
    cache: Option<PathBuf>,
) -> Option<(PathBuf, Option<String>)> {
    let usual = root.join(INDEX_FOLDER);
    // A root that is missing or no folder is for the library to refuse.
    let root = root.canonicalize().ok().filter(|root| root.is_dir())?;
    let cached = cache?.join("casebook").join(folder_name(&root));
    match access {
        Access::Write => make(&usual),
        // Looking makes no index, neither here nor there.
        Access::Read if !cached.exists() => return None,
        Access::Read => Ok(()),
    }
    .and_then(|()| probe(&usual))
    .err()
    .map(|error| (cached, Some(format!("{} can't be written ({error})", usual.display()))))
}

fn make(folder: &Path) -> io::Result<()> {
    match fs::create_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made,
    }
}

/// Whether files can be created in a folder: permissions, read-only mounts and quotas are known only by trying.
fn probe(folder: &Path) -> io::Result<()> {
    let file = folder.join(format!(".write-test-{}", std::process::id()));
    fs::File::create(&file)?;
    fs::remove_file(&file)
}

fn cache_folder(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    // The XDG specification has relative paths ignored.
    let cache = variable("XDG_CACHE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    cache.or_else(|| Some(PathBuf::from(variable("HOME")?).join(".cache")))
}

/// One name for one corpus: readable first, then enough of a hash (FNV-1a) to tell equal names apart.
fn folder_name(root: &Path) -> String {
    let bytes = root.as_os_str().as_encoded_bytes();
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let name: String = root
        .file_name()
        .map(|name| name.to_string_lossy())
        .unwrap_or_default()
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
        .take(32)
        .collect();
    format!("{name}-{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder of its own for a test, removed afterwards.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("casebook-{name}-{}", std::process::id()));
            fs::create_dir_all(&path).unwrap();
            Self(path.canonicalize().unwrap())
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn paths_lead_up_from_the_current_folder() {
        assert_eq!(way_up(Path::new("/a/b/c"), Path::new("/a")), Path::new("../.."));
        assert_eq!(way_up(Path::new("/a"), Path::new("/a")), Path::new(""));
        assert_eq!(way_up(Path::new("/x"), Path::new("/a")), Path::new("/a"));
    }

    #[test]
    fn the_cache_is_where_the_environment_says() {
        let with = |pairs: &'static [(&str, &str)]| {
            cache_folder(|name| {
                pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).into())
            })
        };
        assert_eq!(with(&[("XDG_CACHE_HOME", "/c"), ("HOME", "/h")]), Some("/c".into()));
        assert_eq!(with(&[("XDG_CACHE_HOME", "c"), ("HOME", "/h")]), Some("/h/.cache".into()));
        assert_eq!(with(&[]), None);
    }

    #[test]
    fn each_corpus_has_its_own_name_in_the_cache() {
        let (a, b) = (folder_name(Path::new("/a/reports")), folder_name(Path::new("/b/reports")));
        assert!(a.starts_with("reports-") && b.starts_with("reports-"));
        assert_ne!(a, b);
        assert_eq!(a, folder_name(Path::new("/a/reports")), "the name must last");
    }

    #[test]
    fn a_writable_corpus_holds_its_index() {
        let scratch = Scratch::new("writable");
        let cache = || Some(scratch.0.join("cache"));
        assert_eq!(fallback_index(&scratch.0, Access::Write, cache()), None);
        assert!(scratch.0.join(".casebook").is_dir());
        assert_eq!(fallback_index(&scratch.0, Access::Write, cache()), None, "nor the second time");
        assert_eq!(fs::read_dir(scratch.0.join(".casebook")).unwrap().count(), 0);
    }

    #[test]
    fn an_unwritable_corpus_has_its_index_in_the_cache() {
        let scratch = Scratch::new("unwritable");
        // A file of that name keeps the folder from being made, for root too, whom permissions don't stop.
        fs::write(scratch.0.join(".casebook"), "").unwrap();
        let cache = scratch.0.join("cache");
        let at = |access| fallback_index(&scratch.0, access, Some(cache.clone()));
        assert_eq!(at(Access::Read), None, "there is none yet");
        let (index, reason) = at(Access::Write).unwrap();
        assert!(index.starts_with(cache.join("casebook")));
        assert!(reason.unwrap().contains(".casebook can't be written"));
        fs::create_dir_all(&index).unwrap();
        assert_eq!(at(Access::Read).unwrap().0, index, "looking finds it again");
    }

    #[test]
    fn looking_creates_nothing() {
        let scratch = Scratch::new("looking");
        assert_eq!(fallback_index(&scratch.0, Access::Read, Some(scratch.0.clone())), None);
        assert!(!scratch.0.join(".casebook").exists());
    }
}
