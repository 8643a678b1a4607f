//! Files that have moved: the same content, under another path.
//!
//! In: the files of the last sync, and what changed since. Out: for each file whose content was under another path and
//! is there no more, that path. Only files are read that could be meant: those of the size of one that is gone.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::index::compare::Difference;
use crate::index::manifest::Manifest;
use crate::index::parallel::parallel;
use crate::ingest::{Limits, WalkedFile, content_hash};

/// By the new path, the old one.
pub(crate) type Renames = BTreeMap<PathBuf, PathBuf>;

/// Size and hash.
type Content = (u64, u64);

/// Finds what has moved. A copy, whose original is where it was, has not; of several files with the same content each
/// old path goes to one new one, that of the same name first.
pub(crate) fn find(
    root: &Path,
    manifest: &Manifest,
    difference: &Difference,
    limits: &Limits,
    threads: usize,
) -> Renames {
    let candidates = candidates(manifest, difference);
    if candidates.is_empty() {
        return Renames::new();
    }
    let hash =
        |(): &mut (), file: &&WalkedFile| content_hash(root, &file.path, limits, &file.config);
    let hashes = parallel(&candidates, threads, || (), hash);
    let mut left: HashMap<Content, Vec<&Path>> = HashMap::new();
    for path in &difference.removed {
        leave(&mut left, manifest, path);
    }
    let mut arrived: HashMap<Content, Vec<&Path>> = HashMap::new();
    let mut stayed: HashSet<&Path> = HashSet::new();
    for (file, hash) in candidates.iter().zip(hashes) {
        let Some(hash) = hash else { continue };
        match manifest.files.get(&file.path) {
            Some(entry) if entry.hash == hash && entry.bytes == file.bytes => {
                stayed.insert(&file.path);
            }
            _ => arrived.entry((file.bytes, hash)).or_default().push(&file.path),
        }
    }
    for file in difference.to_read.iter().filter(|file| !stayed.contains(file.path.as_path())) {
        leave(&mut left, manifest, &file.path);
    }
    let mut renames = Renames::new();
    for (content, new) in arrived {
        pair(left.remove(&content).unwrap_or_default(), new, &mut renames);
    }
    renames
}

/// Enters a path whose content is there no more, if it gave reports.
fn leave<'m>(left: &mut HashMap<Content, Vec<&'m Path>>, manifest: &'m Manifest, path: &Path) {
    if let Some((path, entry)) = manifest.files.get_key_value(path)
        && entry.reports > 0
    {
        left.entry((entry.bytes, entry.hash)).or_default().push(path);
    }
}

/// Files to look into: new or changed, of the size that another file had which is gone or changed, and that other file.
fn candidates<'d>(manifest: &Manifest, difference: &'d Difference) -> Vec<&'d WalkedFile> {
    let mut sizes: HashMap<u64, Vec<&Path>> = HashMap::new();
    let changed = difference.to_read.iter().map(|file| &file.path);
    for path in difference.removed.iter().chain(changed) {
        if let Some(entry) = manifest.files.get(path)
            && entry.reports > 0
        {
            sizes.entry(entry.bytes).or_default().push(path);
        }
    }
    let is_candidate = |file: &&WalkedFile| {
        let others = |paths: &Vec<&Path>| paths.len() > 1 || paths[0] != file.path;
        sizes.get(&file.bytes).is_some_and(others)
    };
    // Files that are looked into at each sync, because they were written during the last, move nowhere by that.
    let looks_same = |file: &WalkedFile| {
        let entry = manifest.files.get(&file.path);
        entry.is_some_and(|entry| (entry.bytes, entry.modified) == (file.bytes, file.modified))
    };
    let candidates = difference.to_read.iter().filter(is_candidate);
    let arriving: HashSet<u64> =
        candidates.filter(|file| !looks_same(file)).map(|file| file.bytes).collect();
    // With those that may be where they were: of a copy the original is no candidate itself.
    difference.to_read.iter().filter(|file| arriving.contains(&file.bytes)).collect()
}

/// Pairs old paths with new ones: those of the same file name, then those that differ in its case, then those of one
/// folder, then as they come.
fn pair(mut left: Vec<&Path>, mut arrived: Vec<&Path>, renames: &mut Renames) {
    left.sort_unstable();
    arrived.sort_unstable();
    let keys: [fn(&Path) -> Option<OsString>; 4] = [
        |path| path.file_name().map(ToOwned::to_owned),
        |path| path.file_name().map(|name| name.to_string_lossy().to_lowercase().into()),
        |path| path.parent().map(|folder| folder.as_os_str().to_owned()),
        |_| None,
    ];
    for key in keys {
        let mut by_key: HashMap<_, VecDeque<&Path>> = HashMap::new();
        for old in &left {
            by_key.entry(key(old)).or_default().push_back(old);
        }
        let mut paired = HashSet::new();
        arrived.retain(|new| {
            let old = by_key.get_mut(&key(new)).and_then(VecDeque::pop_front);
            if let Some(old) = old {
                paired.insert(old);
                renames.insert(new.to_path_buf(), old.to_owned());
            }
            old.is_none()
        });
        left.retain(|old| !paired.contains(old));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths<'a>(names: &[&'a str]) -> Vec<&'a Path> {
        names.iter().map(|name| Path::new(*name)).collect()
    }

    #[test]
    fn old_paths_are_paired_with_the_likeliest_new_ones() {
        for (left, arrived, expected) in [
            (&["a"][..], &["b"][..], &[("b", "a")][..]),
            (&["a"], &["b", "c"], &[("b", "a")]),
            (&["a", "b"], &["c"], &[("c", "a")]),
            (&["x/a", "x/b"], &["y/a", "y/b"], &[("y/a", "x/a"), ("y/b", "x/b")]),
            (&["x/b", "x/c"], &["y/a", "y/b"], &[("y/a", "x/c"), ("y/b", "x/b")]),
            (&["A.txt", "b.txt"], &["a.TXT", "z.txt"], &[("a.TXT", "A.txt"), ("z.txt", "b.txt")]),
            (&["x/a", "y/b"], &["y/c", "z/d"], &[("y/c", "y/b"), ("z/d", "x/a")]),
            (&[], &["a"], &[]),
        ] {
            let mut renames = Renames::new();
            pair(paths(left), paths(arrived), &mut renames);
            let expected: Renames =
                expected.iter().map(|(new, old)| (new.into(), old.into())).collect();
            assert_eq!(renames, expected, "{left:?} {arrived:?}");
        }
    }
}
