//! Patterns of files that are left out.
//!
//! In: the `exclude` patterns of a folder. Out: whether a path is left out by them, or by those of a folder above.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// The patterns of one folder, and of those above it.
#[derive(Debug)]
pub(super) struct Exclude {
    /// The folder that the patterns are relative to, below the root.
    folder: PathBuf,
    files: GlobSet,
    folders: GlobSet,
    above: Option<Arc<Exclude>>,
}

impl Exclude {
    /// Reads patterns as `.gitignore` has them: one without `/` holds at any depth, one with it from the folder of the
    /// settings on; a folder is left out with all that is in it.
    ///
    /// On failure, which pattern it was and what is wrong with it.
    pub fn new(patterns: &[&str]) -> Result<Self, (usize, String)> {
        let (mut files, mut folders) = (GlobSetBuilder::new(), GlobSetBuilder::new());
        for (at, pattern) in patterns.iter().enumerate() {
            let failed = |error: globset::Error| (at, error.kind().to_string());
            let (path, folder_alone) = anchored(pattern).map_err(|message| (at, message))?;
            let glob = |path: &str| GlobBuilder::new(path).literal_separator(true).build();
            if !folder_alone {
                files.add(glob(&path).map_err(failed)?);
            }
            files.add(glob(&format!("{path}/**")).map_err(failed)?);
            folders.add(glob(&path).map_err(failed)?);
        }
        // Each pattern has been compiled by itself; all of them together may still be too large.
        let build = |set: GlobSetBuilder| set.build().map_err(|error| (0, error.to_string()));
        Ok(Self {
            folder: PathBuf::new(),
            files: build(files)?,
            folders: build(folders)?,
            above: None,
        })
    }

    /// The same for a folder below the root, after the patterns of those above it.
    pub fn below(self, folder: &Path, above: Option<Arc<Exclude>>) -> Self {
        Self { folder: folder.to_owned(), above, ..self }
    }

    /// Whether a file is left out.
    pub fn file(&self, path: &Path) -> bool {
        self.matches(path, |exclude| &exclude.files)
    }

    /// Whether a folder is left out.
    pub fn folder(&self, path: &Path) -> bool {
        self.matches(path, |exclude| &exclude.folders)
    }

    fn matches(&self, path: &Path, set: fn(&Exclude) -> &GlobSet) -> bool {
        let mut next = Some(self);
        while let Some(exclude) = next {
            if path.strip_prefix(&exclude.folder).is_ok_and(|within| set(exclude).is_match(within))
            {
                return true;
            }
            next = exclude.above.as_deref();
        }
        false
    }
}

/// The pattern as one for the whole path, and whether it is for folders alone.
fn anchored(pattern: &str) -> Result<(String, bool), String> {
    if pattern.starts_with('!') {
        let why = "a pattern can't take back what another leaves out; write `\\!` for a name that begins with `!`";
        return Err(why.to_owned());
    }
    let inner = pattern.strip_suffix("/**").or_else(|| pattern.strip_suffix('/'));
    let (path, folder_alone) = (inner.unwrap_or(pattern), inner.is_some());
    let anchored = path.strip_prefix("./").or_else(|| path.strip_prefix('/')).unwrap_or(path);
    if anchored.is_empty() || anchored.split('/').any(|part| part == "..") {
        return Err("a pattern names files in this folder or below it".into());
    }
    // `drafts/` holds at any depth as in a `.gitignore`, `drafts/**` does not.
    let anywhere = !path.contains('/') && !pattern.ends_with("/**");
    let path = if anywhere { format!("**/{anchored}") } else { anchored.to_owned() };
    Ok((path, folder_alone))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_a_gitignore_does() {
        for (pattern, excluded, kept) in [
            (
                "drafts/**",
                &["drafts/a.txt", "drafts/b/c.txt"][..],
                &["drafts", "drafts.txt", "x/drafts/a.txt"][..],
            ),
            ("drafts/", &["drafts/a.txt", "x/drafts/b/c.txt"], &["drafts", "x/drafts"]),
            ("drafts", &["drafts", "drafts/a.txt", "x/drafts"], &["drafts.txt"]),
            ("/drafts", &["drafts", "drafts/a.txt"], &["x/drafts", "x/drafts/a.txt"]),
            ("*.bak.txt", &["a.bak.txt", "x/y/a.bak.txt"], &["a.txt", "bak.txt"]),
            ("2019/*.txt", &["2019/a.txt"], &["2019/x/a.txt", "x/2019/a.txt", "a.txt"]),
            ("**/old/*.txt", &["old/a.txt", "x/y/old/a.txt"], &["old/x/a.txt"]),
            ("a?.{txt,md}", &["ab.txt", "x/ab.md"], &["a.txt", "abc.txt", "ab.csv"]),
            ("[ab]*.txt", &["a.txt", "bc.txt"], &["c.txt"]),
            (r"\!a.txt", &["!a.txt"], &["a.txt"]),
            ("Été/*.txt", &["Été/a.txt"], &["été/a.txt"]),
        ] {
            let exclude = Exclude::new(&[pattern]).unwrap();
            for path in excluded {
                assert!(exclude.file(Path::new(path)), "{pattern} {path}");
            }
            for path in kept {
                assert!(!exclude.file(Path::new(path)), "{pattern} {path}");
            }
        }
        let exclude = Exclude::new(&["drafts/**", "old/", "2019/*.txt"]).unwrap();
        for (path, excluded) in
            [("drafts", true), ("x/old", true), ("x/drafts", false), ("2019", false)]
        {
            assert_eq!(exclude.folder(Path::new(path)), excluded, "{path}");
        }
    }

    #[test]
    fn patterns_add_up_from_folder_to_folder() {
        let above = Arc::new(Exclude::new(&["*.tmp.txt"]).unwrap());
        let below = Exclude::new(&["/old"]).unwrap().below(Path::new("fr"), Some(above));
        for (path, excluded) in [
            ("fr/old/a.txt", true),
            ("fr/a.tmp.txt", true),
            ("fr/x/old/a.txt", false),
            ("old/a.txt", false),
            ("fr/a.txt", false),
        ] {
            assert_eq!(below.file(Path::new(path)), excluded, "{path}");
        }
    }

    #[test]
    fn a_pattern_that_can_t_be_meant_is_refused() {
        for pattern in ["", "/", "/**", "!a.txt", "../x", "a/../b", "[a", "{a"] {
            let (at, message) = Exclude::new(&["ok", pattern]).unwrap_err();
            assert_eq!(at, 1, "{pattern}: {message}");
        }
    }
}
