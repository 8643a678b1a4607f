//! How the changes of a folder are noticed.
//!
//! In: a folder. Out: a [`Wake`] for whatever may matter. Where the system can't tell, because it is out of watches or the
//! folder is on a network, the folder is looked into every few seconds instead.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;
use std::time::Duration;

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::Wake;
use crate::messages::Messages;

/// How often the folder is looked into where the system does not tell of changes.
const POLL: Duration = Duration::from_secs(5);

/// Watches one folder.
pub struct Eyes {
    root: PathBuf,
    wakes: Sender<Wake>,
    messages: Messages,
    /// What the user wants.
    asked: Option<Duration>,
    watcher: Option<RecommendedWatcher>,
    /// The folder that is watched, whatever its name; `None` where it is gone or can't be told.
    identity: Option<Identity>,
}

/// What stands at the path of the folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// The folder that is watched.
    Same,
    /// Another.
    Other,
    Gone,
}

impl Eyes {
    /// Begins to watch. Where that fails, says so and polls.
    pub fn open(root: &Path, poll: Option<u64>, wakes: Sender<Wake>, messages: Messages) -> Self {
        let asked = poll.map(|seconds| Duration::from_secs(seconds.max(1)));
        let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
        let mut eyes = Self { root, wakes, messages, asked, watcher: None, identity: None };
        eyes.reopen();
        eyes
    }

    /// Begins anew, with what is at the path now.
    pub fn reopen(&mut self) {
        self.watcher = None;
        self.identity = identity(&self.root);
        if self.asked.is_some() {
            return;
        }
        match self.watch() {
            Ok(watcher) => self.watcher = Some(watcher),
            Err(error) => self.close(&error.to_string()),
        }
    }

    fn watch(&self) -> notify::Result<RecommendedWatcher> {
        let (root, wakes) = (self.root.clone(), self.wakes.clone());
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            let wake = match event {
                Ok(event) if matters(&event, &root) => Wake::Changed,
                Ok(_) => return,
                // A file that is gone before it could be watched is nothing.
                Err(error) if is_gone(&error) => Wake::Changed,
                Err(error) => Wake::Blind(error.to_string()),
            };
            // Whoever no longer listens has ended.
            let _ = wakes.send(wake);
        })?;
        watcher.watch(&self.root, RecursiveMode::Recursive)?;
        Ok(watcher)
    }

    /// Gives up on the system's word.
    pub fn close(&mut self, why: &str) {
        let first = self.watcher.take().is_some() || self.asked.is_none();
        if first {
            let seconds = POLL.as_secs();
            self.messages.note(&format!(
                "the system can't watch the folder ({why}); looking every {seconds} seconds instead"
            ));
            if cfg!(target_os = "linux") {
                self.messages.note("the number of folders it can watch is fs.inotify.max_user_watches, see sysctl(8)");
            }
        }
        self.asked = self.asked.or(Some(POLL));
    }

    /// How often to look, where the system does not tell.
    pub fn poll(&self) -> Option<Duration> {
        self.asked
    }

    /// What stands at the path now.
    pub fn look(&self) -> Sight {
        match identity(&self.root) {
            None => Sight::Gone,
            Some(now) if Some(now) == self.identity => Sight::Same,
            // Where a disk was unmounted an empty folder is left, which is not the reports.
            Some(_) if is_empty(&self.root) => Sight::Gone,
            Some(_) => Sight::Other,
        }
    }
}

/// Whether an event may mean another index: not what merely reads, and nothing hidden, the index among it.
fn matters(event: &Event, root: &Path) -> bool {
    if event.need_rescan() {
        return true;
    }
    let hidden = |path: &PathBuf| {
        let within = path.strip_prefix(root).unwrap_or(path);
        within.iter().any(|part| part.as_encoded_bytes().starts_with(b"."))
    };
    !matches!(event.kind, EventKind::Access(_)) && !event.paths.iter().all(hidden)
}

fn is_gone(error: &notify::Error) -> bool {
    match &error.kind {
        notify::ErrorKind::PathNotFound | notify::ErrorKind::WatchNotFound => true,
        notify::ErrorKind::Io(error) => error.kind() == std::io::ErrorKind::NotFound,
        _ => false,
    }
}

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
}

type Identity = (u64, u64);

/// The folder at a path, whatever name it has; `None` if there is none.
fn identity(folder: &Path) -> Option<Identity> {
    let metadata = fs::metadata(folder).ok().filter(fs::Metadata::is_dir)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        Some((metadata.dev(), metadata.ino()))
    }
    #[cfg(not(unix))]
    {
        let _ = metadata;
        Some((0, 0))
    }
}

#[cfg(test)]
mod tests {
    use notify::event::{AccessKind, CreateKind, DataChange, Flag, ModifyKind};

    use super::*;

    #[test]
    fn only_what_may_change_the_index_matters() {
        let modify = EventKind::Modify(ModifyKind::Data(DataChange::Any));
        let create = EventKind::Create(CreateKind::File);
        for (kind, paths, expected) in [
            (modify, &["/r/a.txt"][..], true),
            (create, &["/r/sub/a.txt"], true),
            (modify, &["/r/.casebook/format-1/meta.json"], false),
            (create, &["/r/.git/index.lock"], false),
            (create, &["/r/sub/.a.txt.swp"], false),
            (modify, &["/r/.a.tmp", "/r/a.txt"], true),
            (EventKind::Access(AccessKind::Any), &["/r/a.txt"], false),
            (EventKind::Remove(notify::event::RemoveKind::Folder), &["/r"], true),
        ] {
            let mut event = Event::new(kind);
            event.paths = paths.iter().map(PathBuf::from).collect();
            assert_eq!(matters(&event, Path::new("/r")), expected, "{event:?}");
        }
        // The root itself may lie in a hidden folder.
        let event = Event::new(create).add_path("/home/.reports/a.txt".into());
        assert!(matters(&event, Path::new("/home/.reports")));
        assert!(matters(&Event::new(EventKind::Other).set_flag(Flag::Rescan), Path::new("/r")));
    }
}
