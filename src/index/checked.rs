//! The folder of an index as tantivy sees it: files that prove themselves when they are opened.
//!
//! In: tantivy's reads and writes. Out: the same, with a checksum on the two small files that tantivy rewrites
//! (`meta.json`, `.managed.json`), the checksum that tantivy writes into every other file verified, and the first
//! failure to read or write kept in words, which tantivy's own errors often lack.
//!
//! Damage is refused before anything is decoded: what a flipped bit does to a decoder is a panic at best and a wrong
//! answer at worst. A checksum costs a read of the whole file (gigabytes a second from memory; the disk's speed from a disk), so
//! it is not taken at each opening of a large index. Files are written once and never changed, and all of them before
//! the `meta.json` that names them. A file that the system says was changed later than `meta.json` is suspect, and
//! verified; so is every file of an index smaller than [`ALWAYS_VERIFIED`], where it costs next to nothing. What is
//! left is a large file that rots on the disk without a change of its time: a whole check finds it
//! ([`Store::verify`](crate::index::store::Store::verify)).

use std::collections::HashMap;
use std::fmt;
use std::fs::{self, File, Metadata};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::footer::Footer;
use tantivy::directory::{
    AntiCallToken, DirectoryLock, FileHandle, FileSlice, Lock, MmapDirectory, TerminatingWrite,
    WatchCallback, WatchHandle, WritePtr,
};
use tantivy::{Directory, HasLen};

/// An index of at most this many bytes is verified whole whenever it is opened: about ten milliseconds.
const ALWAYS_VERIFIED: u64 = 32 << 20;

/// A file ends with the length of its footer and a magic number.
const SHORTEST: u64 = 8;

/// The file that names all others, written last.
const META: &str = "meta.json";

/// A folder whose files are verified.
#[derive(Clone)]
pub(crate) struct CheckedDirectory {
    inner: MmapDirectory,
    state: Arc<State>,
}

struct State {
    folder: PathBuf,
    /// Whether every file is verified, suspect or not.
    always: bool,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    /// When the `meta.json` that was read last was written.
    meta: Option<Change>,
    /// Files found sound, as they were then.
    sound: HashMap<PathBuf, (u64, Option<Change>)>,
    /// What is wrong with a file that was read.
    damage: Option<String>,
    /// Why a file could not be written, or not be read for another reason than damage.
    failure: Option<(io::ErrorKind, String)>,
}

/// A point in time at which a file was changed, as the file system tells.
type Change = (i64, i64);

/// When a file was changed last. On Unix that is the time of the inode, which nobody can set back.
#[cfg(unix)]
fn change(metadata: &Metadata) -> Option<Change> {
    use std::os::unix::fs::MetadataExt;
    Some((metadata.ctime(), metadata.ctime_nsec()))
}

#[cfg(not(unix))]
fn change(metadata: &Metadata) -> Option<Change> {
    let since = metadata.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    Some((i64::try_from(since.as_secs()).ok()?, since.subsec_nanos().into()))
}

impl CheckedDirectory {
    /// The folder, with every file verified if the index is small.
    pub fn open(folder: &Path) -> io::Result<Self> {
        let mut bytes = 0;
        for entry in fs::read_dir(folder)? {
            // A file that vanishes meanwhile was of no commit.
            bytes += entry?.metadata().map_or(0, |metadata| metadata.len());
        }
        let inner = MmapDirectory::open(folder).map_err(io::Error::other)?;
        let (folder, seen) = (folder.to_owned(), Mutex::default());
        let always = bytes <= ALWAYS_VERIFIED;
        Ok(Self { inner, state: Arc::new(State { folder, always, seen }) })
    }

    /// What is wrong with the first damaged file that was read, with its name.
    pub fn damage(&self) -> Option<String> {
        self.state.seen().damage.clone()
    }

    /// Why the first file could not be written, or not be read for another reason than damage.
    pub fn failure(&self) -> Option<io::Error> {
        self.state.seen().failure.clone().map(|(kind, text)| io::Error::new(kind, text))
    }

    /// Reads a file whole and compares its checksum, whatever is known of it.
    pub fn verify(&self, path: &Path) -> Result<(), OpenReadError> {
        let handle = self.inner.get_file_handle(path).map_err(|e| self.state.unreadable(e))?;
        self.state.verify(path, handle)
    }
}

impl State {
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn damaged(&self, path: &Path, what: &str) -> OpenReadError {
        let text = format!("{} {what}", path.display());
        self.seen().damage.get_or_insert_with(|| text.clone());
        let error = io::Error::new(io::ErrorKind::InvalidData, text);
        OpenReadError::wrap_io_error(error, path.to_owned())
    }

    /// The error for a file that can't be read. Every one that tantivy asks for is named by a commit; none is optional.
    fn unreadable(&self, error: OpenReadError) -> OpenReadError {
        match error {
            OpenReadError::FileDoesNotExist(path) => {
                let name = path.file_name().map_or_else(|| path.clone(), PathBuf::from);
                self.damaged(&name, "is gone")
            }
            OpenReadError::IoError { io_error, filepath } => {
                self.failed(io::Error::new(io_error.kind(), io_error.to_string()));
                OpenReadError::IoError { io_error, filepath }
            }
            error => error,
        }
    }

    /// Compares a file with the checksum at its end. Read piece by piece rather than where it is mapped: what is mapped and
    /// touched counts as memory of this process.
    fn verify(&self, path: &Path, handle: Arc<dyn FileHandle>) -> Result<(), OpenReadError> {
        let torn = || self.damaged(path, "is not as it was written: its end is missing");
        if (handle.len() as u64) < SHORTEST {
            return Err(torn());
        }
        let (footer, body) = Footer::extract_footer(FileSlice::new(handle)).map_err(|_| torn())?;
        let file = File::open(self.folder.join(path));
        let crc = file
            .and_then(|file| crc32(file.take(body.len() as u64)))
            .map_err(|error| OpenReadError::wrap_io_error(self.failed(error), path.to_owned()))?;
        match crc == footer.crc {
            true => Ok(()),
            false => Err(self.damaged(path, "is not as it was written: its checksum is wrong")),
        }
    }

    /// Verifies a file that is about to be used, unless it is known or taken to be sound.
    fn verify_once(&self, path: &Path, handle: Arc<dyn FileHandle>) -> Result<(), OpenReadError> {
        let metadata = fs::metadata(self.folder.join(path))
            .map_err(|error| OpenReadError::wrap_io_error(error, path.to_owned()))?;
        let stamp = (metadata.len(), change(&metadata));
        // tantivy's reading of a file's end panics on less, whether it is for us or for itself.
        if metadata.len() < SHORTEST {
            return Err(self.damaged(path, "is not as it was written: its end is missing"));
        }
        {
            let seen = self.seen();
            let known = seen.sound.get(path) == Some(&stamp);
            let suspect = || match (stamp.1, seen.meta) {
                (Some(file), Some(meta)) => file > meta,
                _ => true,
            };
            if known || !(self.always || suspect()) {
                return Ok(());
            }
        }
        self.verify(path, handle)?;
        self.seen().sound.insert(path.to_owned(), stamp);
        Ok(())
    }

    fn failed(&self, error: io::Error) -> io::Error {
        let (kind, text) = (error.kind(), error.to_string());
        self.seen().failure.get_or_insert((kind, text));
        error
    }
}

impl fmt::Debug for CheckedDirectory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CheckedDirectory({})", self.state.folder.display())
    }
}

impl Directory for CheckedDirectory {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let handle = self.inner.get_file_handle(path).map_err(|e| self.state.unreadable(e))?;
        self.state.verify_once(path, handle.clone())?;
        Ok(handle)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.state.seen().sound.remove(path);
        self.inner.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.inner.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let inner = self.inner.open_write(path).inspect_err(|error| {
            if let OpenWriteError::IoError { io_error, .. } = error {
                self.state.failed(io::Error::new(io_error.kind(), io_error.to_string()));
            }
        })?;
        Ok(BufWriter::new(Box::new(Writing { inner, state: self.state.clone() })))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        // The time first: where the file is replaced between the two, the new one's files are the more suspect.
        let metadata = fs::metadata(self.state.folder.join(path));
        let mut bytes = self.inner.atomic_read(path)?;
        let Some(length) = sealed_length(&bytes) else {
            return Err(self
                .state
                .damaged(path, "is not as it was written: its checksum is wrong"));
        };
        bytes.truncate(length);
        if path == Path::new(META) {
            self.state.seen().meta = metadata.ok().as_ref().and_then(change);
        }
        Ok(bytes)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.inner.atomic_write(path, &sealed(data)).map_err(|e| self.state.failed(e))?;
        if path == Path::new(META) {
            // What the commit makes superfluous is removed next, and must not be gone before the commit is there.
            self.inner.sync_directory().map_err(|e| self.state.failed(e))?;
        }
        Ok(())
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.inner.sync_directory().map_err(|e| self.state.failed(e))
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.inner.acquire_lock(lock).inspect_err(|error| {
            if let LockError::IoError(error) = error {
                self.state.failed(io::Error::new(error.kind(), error.to_string()));
            }
        })
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.inner.watch(callback)
    }
}

/// A file being written, whose first failure is kept.
struct Writing {
    inner: WritePtr,
    state: Arc<State>,
}

impl Write for Writing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.inner.write(bytes).map_err(|e| self.state.failed(e))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush().map_err(|e| self.state.failed(e))
    }
}

impl TerminatingWrite for Writing {
    fn terminate_ref(&mut self, token: AntiCallToken) -> io::Result<()> {
        self.inner.terminate_ref(token).map_err(|e| self.state.failed(e))
    }
}

/// The checksum of all that can be read.
fn crc32(mut reader: impl Read) -> io::Result<u32> {
    let mut hasher = crc32fast::Hasher::new();
    let mut piece = vec![0; 128 << 10];
    loop {
        match reader.read(&mut piece) {
            Ok(0) => return Ok(hasher.finalize()),
            Ok(length) => hasher.update(&piece[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// What stands before the checksum on the last line, which keeps a JSON document a stream of JSON documents.
const SEAL: &str = "{\"crc32\":\"";
const SEAL_END: &str = "\"}\n";
const SEAL_LENGTH: usize = SEAL.len() + 8 + SEAL_END.len();

/// The bytes with their checksum behind them.
fn sealed(bytes: &[u8]) -> Vec<u8> {
    let seal = format!("{SEAL}{:08x}{SEAL_END}", crc32fast::hash(bytes));
    [bytes, seal.as_bytes()].concat()
}

/// The length of what was sealed; `None` where the checksum is wrong.
fn sealed_length(bytes: &[u8]) -> Option<usize> {
    let length = bytes.len().checked_sub(SEAL_LENGTH)?;
    (sealed(&bytes[..length]) == bytes).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_holds_every_byte() {
        for text in ["", "{}", "{\"a\": 1}\n"] {
            let bytes = sealed(text.as_bytes());
            assert_eq!(sealed_length(&bytes), Some(text.len()));
            for at in 0..bytes.len() {
                for bit in 0..8 {
                    let mut flipped = bytes.clone();
                    flipped[at] ^= 1 << bit;
                    assert_eq!(sealed_length(&flipped), None, "byte {at} bit {bit} of {text:?}");
                }
                assert_eq!(sealed_length(&bytes[..at]), None);
            }
        }
    }

    fn write(directory: &CheckedDirectory, name: &str, bytes: &[u8]) {
        let mut file = directory.open_write(Path::new(name)).unwrap();
        file.write_all(bytes).unwrap();
        file.terminate().unwrap();
    }

    #[test]
    fn a_large_index_is_verified_where_it_changed_after_its_commit() {
        let folder = tempfile::tempdir().unwrap();
        // Not tantivy's footers: as damaged as can be.
        let reads = |always| {
            let mut directory = CheckedDirectory::open(folder.path()).unwrap();
            let state = Arc::get_mut(&mut directory.state).unwrap();
            state.always = always;
            directory.atomic_read(Path::new(META)).unwrap();
            directory.get_file_handle(Path::new("a.term")).is_ok()
        };
        let directory = CheckedDirectory::open(folder.path()).unwrap();
        write(&directory, "a.term", b"no footer of tantivy's");
        let pause = || std::thread::sleep(std::time::Duration::from_millis(20));
        pause();
        directory.atomic_write(Path::new(META), b"{}").unwrap();
        assert!(reads(false), "older than the commit: taken to be sound");
        assert!(!reads(true), "a small index is verified whole");
        pause();
        fs::write(folder.path().join("a.term"), "other").unwrap();
        assert!(!reads(false), "newer than the commit: verified");
        fs::write(folder.path().join("a.term"), "other, but longer").unwrap();
        assert!(!reads(false), "at its end too");
        let directory = CheckedDirectory::open(folder.path()).unwrap();
        assert!(directory.get_file_handle(Path::new("b.term")).is_err());
        assert_eq!(directory.damage().unwrap(), "b.term is gone");
    }
}
