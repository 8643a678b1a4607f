//! Documents between analysis and tantivy's threads, bounded by bytes.
//!
//! In: documents with their sizes. Out: the same, for tantivy; whoever adds one waits while too many bytes wait. tantivy's own
//! queue is bounded by number, ten thousand documents of any size, which is no bound on memory.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use tantivy::TantivyDocument;
use tantivy::schema::Document;

/// So long without any progress, nobody takes documents any more, and adding one tells why.
const PATIENCE: Duration = Duration::from_secs(120);

/// How many bytes wait, and how many may.
pub(crate) struct Backlog {
    bound: usize,
    waiting: Mutex<usize>,
    freed: Condvar,
}

/// The room of one document; given back when tantivy takes the document, or drops it.
struct Room {
    backlog: Arc<Backlog>,
    bytes: usize,
}

/// A document on its way to tantivy.
pub(crate) struct Queued {
    document: TantivyDocument,
    /// Held, not used.
    _room: Option<Room>,
}

impl Backlog {
    /// Lets this many bytes wait.
    pub fn new(bound: usize) -> Arc<Self> {
        Arc::new(Self { bound, waiting: Mutex::default(), freed: Condvar::new() })
    }

    /// Waits until there is room. A document larger than all of it waits until it is alone.
    pub fn queue(self: &Arc<Self>, document: TantivyDocument, bytes: usize) -> Queued {
        let full = |waiting: &mut usize| *waiting > 0 && waiting.saturating_add(bytes) > self.bound;
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        while full(&mut waiting) {
            let before = *waiting;
            let woken = self.freed.wait_timeout(waiting, PATIENCE);
            let (now, timeout) = woken.unwrap_or_else(PoisonError::into_inner);
            waiting = now;
            if timeout.timed_out() && *waiting >= before {
                break;
            }
        }
        *waiting += bytes;
        Queued { document, _room: Some(Room { backlog: self.clone(), bytes }) }
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let mut waiting = self.backlog.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        *waiting -= self.bytes;
        self.backlog.freed.notify_all();
    }
}

impl From<TantivyDocument> for Queued {
    /// A document that takes no room: for few.
    fn from(document: TantivyDocument) -> Self {
        Self { document, _room: None }
    }
}

impl Document for Queued {
    type Value<'a> = <TantivyDocument as Document>::Value<'a>;
    type FieldsValuesIter<'a> = <TantivyDocument as Document>::FieldsValuesIter<'a>;

    fn iter_fields_and_values(&self) -> Self::FieldsValuesIter<'_> {
        self.document.iter_fields_and_values()
    }

    fn into_tantivy_document(self) -> TantivyDocument {
        self.document
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn what_finds_no_room_waits_for_it() {
        let backlog = Backlog::new(100);
        let first = backlog.queue(TantivyDocument::default(), 500);
        let (sender, receiver) = mpsc::channel();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let second = backlog.queue(TantivyDocument::default(), 60);
                sender.send(()).unwrap();
                drop(second);
            });
            assert!(receiver.recv_timeout(Duration::from_millis(50)).is_err(), "no room yet");
            first.into_tantivy_document();
            receiver.recv_timeout(Duration::from_secs(30)).unwrap();
        });
        assert_eq!(*backlog.waiting.lock().unwrap(), 0);
    }
}
