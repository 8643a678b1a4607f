//! The columns that hits are ordered by, opened once for each segment.
//!
//! In: a segment. Out: its columns. To open them takes as long as to rank a rare word, and a segment never changes.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;
use tantivy::columnar::{Column, StrColumn};
use tantivy::index::SegmentId;
use tantivy::{DocId, Searcher, SegmentReader};

/// What the hits of one segment are ordered by.
pub(crate) struct SegmentColumns {
    /// Last day of the incident.
    pub days: Column<i64>,
    pub ids: Option<StrColumn>,
    pub id_pieces: Column<u64>,
    pub victims: Option<StrColumn>,
}

impl SegmentColumns {
    /// The last day of a report's incident; the first of all days where it has none.
    pub fn day(&self, doc: DocId) -> i64 {
        self.days.first(doc).unwrap_or(i64::MIN)
    }

    /// The id of a report.
    pub fn id(&self, doc: DocId) -> String {
        id_of_pieces(self.id_pieces.values_for_doc(doc))
    }

    /// The id of a report, as the dictionary numbers it: in the order of the ids.
    pub fn id_number(&self, doc: DocId) -> u64 {
        self.ids.as_ref().and_then(|ids| ids.term_ords(doc).next()).unwrap_or(u64::MAX)
    }
}

/// Bytes of an id in one number; the eighth is how many there are.
const PIECE: usize = 7;

/// An id as numbers. A column of numbers gives one in a few nanoseconds, where the dictionary of a column of text takes
/// ten microseconds, for it has to be read from the start of a block.
pub(crate) fn id_pieces(id: &str) -> impl Iterator<Item = u64> {
    id.as_bytes().chunks(PIECE).map(|chunk| {
        let mut piece = [0; PIECE + 1];
        piece[..chunk.len()].copy_from_slice(chunk);
        piece[PIECE] = chunk.len() as u8;
        u64::from_be_bytes(piece)
    })
}

fn id_of_pieces(pieces: impl Iterator<Item = u64>) -> String {
    let mut id = Vec::with_capacity(4 * PIECE);
    for piece in pieces {
        let piece = piece.to_be_bytes();
        let length = usize::from(piece[PIECE]).min(PIECE);
        id.extend_from_slice(&piece[..length]);
    }
    // What was an id when it was written is one still; a damaged index is found out by its checksums.
    String::from_utf8_lossy(&id).into_owned()
}

/// The columns of the segments of one index; a clone has the same.
#[derive(Clone, Default)]
pub(crate) struct ColumnCache(Arc<Mutex<FxHashMap<SegmentId, Arc<SegmentColumns>>>>);

impl ColumnCache {
    /// The columns of a segment.
    pub fn of(&self, reader: &SegmentReader) -> tantivy::Result<Arc<SegmentColumns>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(columns) = known.get(&reader.segment_id()) {
            return Ok(columns.clone());
        }
        let columns = reader.fast_fields();
        let columns = Arc::new(SegmentColumns {
            days: columns.i64("date_to")?,
            ids: columns.str("id")?,
            id_pieces: columns.u64("id_pieces")?,
            victims: columns.str("victim_key")?,
        });
        known.insert(reader.segment_id(), columns.clone());
        Ok(columns)
    }

    /// Lets go of segments that are no longer searched, whose files wait to be removed.
    pub fn keep(&self, searcher: &Searcher) {
        let segments = searcher.segment_readers();
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() > segments.len() {
            known.retain(|id, _| segments.iter().any(|reader| reader.segment_id() == *id));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::store::Store;

    #[test]
    fn ids_are_put_together_again() {
        for id in ["", "a", "syn-7-1", "syn-7-12", "rapports/côte d’azur.txt#2", "\0\0", "a\0"] {
            assert_eq!(id_of_pieces(id_pieces(id)), id);
        }
    }

    #[test]
    fn segments_that_are_gone_are_let_go() {
        let store = Store::in_memory().unwrap();
        let mut writer =
            store.index.writer_with_num_threads::<tantivy::TantivyDocument>(1, 15_000_000).unwrap();
        for _ in 0..2 {
            writer.add_document(tantivy::TantivyDocument::default()).unwrap();
            writer.commit().unwrap();
        }
        let reader = store.index.reader().unwrap();
        let cache = ColumnCache::default();
        for segment in reader.searcher().segment_readers() {
            let first = cache.of(segment).unwrap();
            assert!(Arc::ptr_eq(&first, &cache.of(segment).unwrap()));
        }
        assert_eq!(cache.0.lock().unwrap().len(), 2);
        writer.delete_all_documents().unwrap();
        writer.commit().unwrap();
        reader.reload().unwrap();
        cache.keep(&reader.searcher());
        assert_eq!(cache.0.lock().unwrap().len(), reader.searcher().segment_readers().len());
    }
}
