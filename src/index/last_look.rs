//! When the folder was last looked into for changes, and how long that took.
//!
//! In: each look that found out. Out: a small file beside the index, by which a search decides whether to look again. It is
//! no part of the index: where it is lost or damaged, the next look writes it anew.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// The last look of any process for new, changed and removed files, without what was then read.
///
/// ```
/// use casebook::Casebook;
///
/// # let folder = std::env::temp_dir().join(format!("casebook-look-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder).unwrap();
/// # std::fs::write(folder.join("a.txt"), "Cyber Incident Victim: Acme").unwrap();
/// let casebook = Casebook::open(&folder)?;
/// assert_eq!(casebook.last_look(), None);
/// casebook.sync()?;
/// assert_eq!(casebook.last_look().unwrap().files, 1);
/// # std::fs::remove_dir_all(&folder).unwrap();
/// # Ok::<(), casebook::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastLook {
    /// When it was.
    pub at: SystemTime,
    /// How many files were looked at.
    pub files: usize,
    /// How long it took.
    pub took: Duration,
}

const FILE_NAME: &str = "looked.json";

#[derive(Serialize, Deserialize)]
struct Written {
    /// Seconds since 1970.
    at: u64,
    files: usize,
    milliseconds: u64,
}

impl LastLook {
    /// The look that is remembered in `place`, the folder of an index.
    pub(crate) fn read(place: &Path) -> Option<Self> {
        let text = fs::read(place.join(FILE_NAME)).ok()?;
        let Written { at, files, milliseconds } = serde_json::from_slice(&text).ok()?;
        let at = UNIX_EPOCH.checked_add(Duration::from_secs(at))?;
        Some(Self { at, files, took: Duration::from_millis(milliseconds) })
    }

    /// Remembers it. What can't be written is not worth failing for: the next search then looks.
    pub(crate) fn write(&self, place: &Path) {
        let since = self.at.duration_since(UNIX_EPOCH).unwrap_or_default();
        let milliseconds = u64::try_from(self.took.as_millis()).unwrap_or(u64::MAX);
        let written = Written { at: since.as_secs(), files: self.files, milliseconds };
        let Ok(text) = serde_json::to_vec(&written) else { return };
        let temporary = place.join(format!("{FILE_NAME}.{}", std::process::id()));
        // Renamed into place, so that nobody reads half of it.
        let done = fs::write(&temporary, text)
            .and_then(|()| fs::rename(&temporary, place.join(FILE_NAME)));
        if done.is_err() {
            let _ = fs::remove_file(&temporary);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_damage_is_nothing() {
        let place = tempfile::tempdir().unwrap();
        assert_eq!(LastLook::read(place.path()), None);
        let look = LastLook {
            at: UNIX_EPOCH + Duration::from_secs(1_700_000_000),
            files: 100_000,
            took: Duration::from_millis(1200),
        };
        look.write(place.path());
        assert_eq!(LastLook::read(place.path()), Some(look));
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
        for damage in
            ["", "{", "[]", "{\"at\": 18446744073709551615, \"files\": 1, \"milliseconds\": 1}"]
        {
            fs::write(place.path().join(FILE_NAME), damage).unwrap();
            let read = LastLook::read(place.path());
            assert!(read.is_none_or(|look| look.files == 1), "{damage}: {read:?}");
        }
        look.write(Path::new("/no/such/folder"));
    }
}
