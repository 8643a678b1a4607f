//! The index: its schema, its place on disk, how it is written and kept up to date.
//!
//! In: reports, or a folder of them. Out: an open [`Store`](store::Store) that the search reads.

mod backlog;
mod checked;
pub(crate) mod compare;
pub(crate) mod document;
pub(crate) mod indicators;
pub(crate) mod languages;
pub(crate) mod lock;
pub(crate) mod lookup;
pub(crate) mod manifest;
mod parallel;
mod progress;
pub(crate) mod schema;
pub(crate) mod short_names;
pub(crate) mod store;
pub(crate) mod survey;
pub(crate) mod sync;
pub(crate) mod terms;
pub(crate) mod writer;

pub use compare::Pending;
pub use progress::Progress;
pub use schema::FORMAT_VERSION;
pub use survey::Status;
pub use sync::SyncReport;
