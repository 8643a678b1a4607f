//! One writer at a time, over all processes.
//!
//! In: the folder of an index. Out: a lock that goes with its holder, however that ends.

use std::fs::{self, File, TryLockError};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::error::{Error, ErrorKind, Result};

/// So long a writer waits for another to finish.
const PATIENCE: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(50);

/// Held while an index is created, written or replaced. The system drops it with the process, even a killed one.
pub(crate) struct WriteLock(#[allow(dead_code)] File); // Held, not used.

impl WriteLock {
    /// Takes the lock of the index in `place`.
    pub fn acquire(place: &Path) -> Result<Self> {
        let failed = |e| Error::io("cannot lock the index in", place, e);
        fs::create_dir_all(place).map_err(failed)?;
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(place.join("lock"))
            .map_err(failed)?;
        let deadline = Instant::now() + PATIENCE;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self(file)),
                Err(TryLockError::WouldBlock) if Instant::now() < deadline => {
                    std::thread::sleep(PAUSE);
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(Error::new(
                        ErrorKind::Index,
                        "another process is writing the index in",
                    )
                    .with_path(place)
                    .with_help("try again when it is done"));
                }
                Err(TryLockError::Error(e)) => return Err(failed(e)),
            }
        }
    }
}
