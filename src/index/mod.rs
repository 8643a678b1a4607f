//! The index: its schema, its place on disk, how it is written and kept up to date.
//!
//! In: reports, or a folder of them. Out: an open [`Store`](store::Store) that the search reads.

mod backlog;
mod checked;
pub(crate) mod columns;
pub(crate) mod compare;
pub(crate) mod document;
mod ids;
pub(crate) mod indicators;
mod job;
pub(crate) mod languages;
mod last_look;
pub(crate) mod lock;
pub(crate) mod lookup;
pub(crate) mod manifest;
mod parallel;
mod progress;
mod renames;
pub(crate) mod schema;
pub(crate) mod sequences;
pub(crate) mod short_names;
pub(crate) mod store;
pub(crate) mod survey;
pub(crate) mod sync;
pub(crate) mod terms;
pub(crate) mod writer;

pub use compare::Pending;
pub use last_look::LastLook;
pub use progress::Progress;
pub use schema::FORMAT_VERSION;
pub use survey::Status;
pub use sync::SyncReport;
