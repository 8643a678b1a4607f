//! How far a sync is, for those who wait for it.
//!
//! In: nothing. Out: [`Progress`].

/// How far a sync is.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Looking which files there are.
    Walking {
        /// Files seen.
        files: usize,
    },
    /// Reading and analysing what is new or changed.
    Reading {
        /// Files done.
        files_done: usize,
        /// Files to read in all.
        files: usize,
        /// Bytes done.
        bytes_done: u64,
        /// Bytes to read in all.
        bytes: u64,
    },
    /// Writing the index.
    Committing,
}
