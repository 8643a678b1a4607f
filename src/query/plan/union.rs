//! Any of several terms as one list of postings.
//!
//! In: the postings of each term. Out: their reports in order, with the positions of all terms together.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::{DocId, DocSet, TERMINATED};

/// The postings of all terms of a slot as one.
pub(super) struct Union {
    postings: Vec<SegmentPostings>,
    /// The next report of each list that is not in `current`.
    heap: BinaryHeap<Reverse<(DocId, usize)>>,
    /// The lists that stand on the report.
    current: Vec<usize>,
    doc: DocId,
    /// Reports in all lists together.
    pub cost: u32,
}

impl Union {
    pub fn new(postings: Vec<(SegmentPostings, f32)>) -> Self {
        let cost = postings.iter().map(|(postings, _)| postings.size_hint()).sum();
        let postings: Vec<_> = postings.into_iter().map(|(postings, _)| postings).collect();
        let heap = postings.iter().enumerate().map(|(i, p)| Reverse((p.doc(), i))).collect();
        let mut union = Self { postings, heap, current: Vec::new(), doc: 0, cost };
        union.settle();
        union
    }

    /// The first report from `target` on.
    pub fn seek(&mut self, target: DocId) -> DocId {
        if self.doc >= target {
            return self.doc;
        }
        if let [only] = self.postings.as_mut_slice() {
            self.doc = only.seek(target);
            return self.doc;
        }
        for i in std::mem::take(&mut self.current) {
            self.heap.push(Reverse((self.postings[i].seek(target), i)));
        }
        while let Some(&Reverse((doc, i))) = self.heap.peek() {
            if doc >= target {
                break;
            }
            self.heap.pop();
            self.heap.push(Reverse((self.postings[i].seek(target), i)));
        }
        self.settle();
        self.doc
    }

    fn settle(&mut self) {
        self.doc = self.heap.peek().map_or(TERMINATED, |Reverse((doc, _))| *doc);
        while let Some(&Reverse((doc, i))) = self.heap.peek() {
            if doc != self.doc {
                break;
            }
            self.heap.pop();
            self.current.push(i);
        }
    }

    /// Where the terms stand in the report.
    pub fn positions(&mut self, positions: &mut Vec<u32>) {
        positions.clear();
        if let [only] = self.postings.as_mut_slice() {
            return only.append_positions_with_offset(0, positions);
        }
        for &i in &self.current {
            self.postings[i].append_positions_with_offset(0, positions);
        }
        if self.current.len() > 1 {
            positions.sort_unstable();
            positions.dedup();
        }
    }
}
