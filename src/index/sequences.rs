//! Where sequences of words stand, as far as they are asked for again and again.
//!
//! In: a segment and a sequence. Out: the reports that hold it. The other names of what is searched for most, `malicious
//! software` for malware, are made of common words, and to find them takes a look at the positions of both in every
//! report that has them: ten milliseconds over 200,000 reports, sixty times what the word that was typed takes. A segment
//! never changes, so that is done once for each.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;
use tantivy::index::SegmentId;
use tantivy::{DocId, Score, Searcher};

/// Reports that hold a sequence, in order, and how often.
pub(crate) type Held = Arc<[(DocId, Score)]>;

/// The sequences of one index; a clone has the same.
#[derive(Debug, Clone, Default)]
pub(crate) struct SequenceMemo(Arc<Mutex<Memory>>);

#[derive(Debug, Default)]
struct Memory {
    held: FxHashMap<(SegmentId, String), Held>,
    /// Reports in all lists together.
    size: usize,
}

/// Eight megabytes.
const MOST: usize = 1 << 20;
/// What a list takes that holds nothing.
const LEAST: usize = 16;

impl SequenceMemo {
    /// The reports of a segment that hold a sequence, if they are known.
    pub fn get(&self, segment: SegmentId, sequence: &str) -> Option<Held> {
        let memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        memory.held.get(&(segment, sequence.to_owned())).cloned()
    }

    /// Keeps what was found out. Where there is no room, everything else is forgotten.
    pub fn put(&self, segment: SegmentId, sequence: &str, held: &Held) {
        let size = held.len() + LEAST;
        if size > MOST {
            return;
        }
        let mut memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if memory.size + size > MOST {
            *memory = Memory::default();
        }
        if memory.held.insert((segment, sequence.to_owned()), held.clone()).is_none() {
            memory.size += size;
        }
    }

    /// Forgets segments that are no longer searched.
    pub fn keep(&self, searcher: &Searcher) {
        let segments = searcher.segment_readers();
        let mut memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_there = |id: &SegmentId| segments.iter().any(|reader| reader.segment_id() == *id);
        if memory.held.keys().any(|(id, _)| !is_there(id)) {
            memory.held.retain(|(id, _), _| is_there(id));
            memory.size = memory.held.values().map(|held| held.len() + LEAST).sum();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_bounded() {
        let memo = SequenceMemo::default();
        let segment = SegmentId::generate_random();
        let held: Held = (0..MOST as u32 / 4).map(|doc| (doc, 1.0)).collect();
        for name in ["a", "b", "c", "d", "e"] {
            memo.put(segment, name, &held);
            assert_eq!(memo.get(segment, name).map(|held| held.len()), Some(MOST / 4));
            assert!(memo.0.lock().unwrap().size <= MOST);
        }
        assert!(memo.get(segment, "a").is_none());
        assert!(memo.get(SegmentId::generate_random(), "e").is_none());
    }
}
