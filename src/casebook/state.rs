//! What there is to search, and what is done where it can't be read.
//!
//! In: the place of an index. Out: an open index, or why there is none. Reading goes through here, so that damage is told from
//! bugs and found only once.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::sync::{Arc, PoisonError};

use super::Casebook;
use crate::error::{Error, ErrorKind, Result};
use crate::index::store::{Found, Store};

/// What there is to search.
#[derive(Clone)]
pub(super) enum State {
    Ready(Arc<Store>),
    /// No index yet; the text says why, where it is worth saying.
    Missing(Option<String>),
    Damaged(String),
    /// The system does not let us read it.
    Refused(String),
}

impl State {
    /// Looks what stands in `index`.
    pub fn find(index: &Path) -> Self {
        match Store::find(index) {
            Found::Ready(store) => Self::Ready(Arc::from(store)),
            Found::Missing(reason) => Self::Missing(reason),
            Found::Damaged(reason) => Self::Damaged(reason),
            Found::Refused(reason) => Self::Refused(reason),
        }
    }
}

impl Casebook {
    /// Reads the index. Where that fails, whether the bytes on the disk are to blame is looked into: then the index is
    /// damaged, which is said, and the next sync mends it.
    ///
    /// tantivy takes what it reads for what it wrote and may panic on anything else. A panic that no damage explains is a
    /// bug, and goes on its way.
    pub(super) fn reading<T>(&self, work: impl FnOnce(&Store) -> Result<T>) -> Result<T> {
        let store = self.store()?;
        let done = catch_unwind(AssertUnwindSafe(|| work(&store)));
        let blamed = match &done {
            Ok(Ok(_)) => false,
            Ok(Err(error)) => error.kind() == ErrorKind::Index,
            Err(_) => true,
        };
        if blamed
            && let Err(damage) = store.verify()
            && damage.kind() == ErrorKind::Index
        {
            return Err(self.condemn(&store, &damage));
        }
        done.unwrap_or_else(|panic| resume_unwind(panic))
    }

    pub(super) fn condemn(&self, store: &Store, damage: &Error) -> Error {
        let reason = damage.to_string();
        store.condemn(&reason);
        self.set_state(State::Damaged(reason.clone()));
        damaged(&reason)
    }

    pub(super) fn state(&self) -> State {
        self.state.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn set_state(&self, state: State) {
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = state;
    }

    pub(super) fn store(&self) -> Result<Arc<Store>> {
        match self.state() {
            State::Ready(store) => Ok(store),
            State::Missing(reason) => {
                let reason = reason.unwrap_or_else(|| "nothing is indexed yet".to_owned());
                Err(Error::new(ErrorKind::Index, reason).with_help("sync first"))
            }
            State::Damaged(reason) => Err(damaged(&reason)),
            State::Refused(reason) => Err(Error::new(ErrorKind::Io, reason)),
        }
    }
}

fn damaged(reason: &str) -> Error {
    Error::new(ErrorKind::Index, format!("the index is damaged: {reason}"))
        .with_help("sync again: it is then built anew from the reports")
}
