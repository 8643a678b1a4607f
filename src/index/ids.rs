//! Ids that are unique over the casebook and stay with their reports.
//!
//! In: the id that each report of a file asks for, its own or one made from the path, and what the file's reports are
//! called in the index. Out: the id that it gets. A report that is there already keeps its id, also where that is not
//! the one it asks for, and also where its file has moved; what is left goes to new reports, first come, first served.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::path::{Path, PathBuf};

use tantivy::schema::{IndexRecordOption, Term};
use tantivy::{DocSet, Searcher, TERMINATED};

use crate::index::store::Store;
use crate::ingest::FileNote;
use crate::report::Report;

/// The ids of a file's reports that are others than they ask for: by the id that is asked for, and by how many reports
/// of the file have asked for it before. Most files have none.
pub(crate) type OtherIds = BTreeMap<String, BTreeMap<u32, String>>;

/// Hands out ids.
pub(crate) struct IdAllocator {
    store: Store,
    searcher: Searcher,
    /// Files whose reports in the index are about to go, so that their ids are free for others.
    released: HashSet<PathBuf>,
    /// Hashes of the ids in use that the index does not have yet, or not at that place: an id takes eight bytes however
    /// long it is. Where two have the same hash, one is made distinct without need.
    given: HashSet<u64>,
    hasher: RandomState,
    /// For ids that many reports ask for, the number from which on to try.
    next: HashMap<String, u32>,
}

/// The ids of one file's reports.
#[derive(Default)]
pub(crate) struct FileIds {
    /// Where the reports of this file are in the index, under this path or the one that it had.
    own: Option<PathBuf>,
    before: OtherIds,
    now: OtherIds,
    /// How many reports have asked for an id, by its hash.
    asked: HashMap<u64, u32>,
}

/// An id that a report asked for, for the how-manieth time in its file.
pub(crate) type Wish = (String, u32);

impl FileIds {
    /// The ids of a file whose reports are in the index under the path `own`, and some of which are called otherwise.
    pub fn of(own: &Path, before: &OtherIds) -> Self {
        Self { own: Some(own.to_owned()), before: before.clone(), ..Self::default() }
    }

    /// The ids that are others than asked for, in the end.
    pub fn others(self) -> OtherIds {
        self.now
    }

    fn enter(&mut self, (wanted, nth): Wish, id: &str) {
        if id != wanted {
            self.now.entry(wanted).or_default().insert(nth, id.to_owned());
        }
    }
}

impl IdAllocator {
    pub fn new(store: &Store, released: HashSet<PathBuf>) -> Self {
        Self {
            store: store.clone(),
            searcher: store.searcher(),
            released,
            given: HashSet::new(),
            hasher: RandomState::new(),
            next: HashMap::new(),
        }
    }

    /// Gives `report` the id that it has in the index. Where it has none there, the wish is given back, for
    /// [`assign`](Self::assign). A file's reports have to come in their order.
    pub fn claim(&mut self, file: &mut FileIds, report: &mut Report) -> Option<Wish> {
        let asked = file.asked.entry(self.hasher.hash_one(&report.id)).or_default();
        let nth = *asked;
        *asked += 1;
        let held = match file.before.get(&report.id).and_then(|others| others.get(&nth)) {
            Some(other) => other.clone(),
            None if nth == 0 => report.id.clone(),
            None => return Some((report.id.clone(), nth)),
        };
        let is_own = |path: &Path| file.own.as_deref() == Some(path);
        if self.given.contains(&self.hasher.hash_one(&held))
            || !self.holders(&held).iter().any(|path| is_own(path))
        {
            return Some((report.id.clone(), nth));
        }
        self.given.insert(self.hasher.hash_one(&held));
        let wanted = std::mem::replace(&mut report.id, held);
        file.enter((wanted, nth), &report.id);
        None
    }

    /// Gives `report` the id that it wishes, or a similar one where that is taken.
    pub fn assign(&mut self, file: &mut FileIds, wish: Wish, report: &mut Report) {
        let (wanted, _) = &wish;
        report.id.clone_from(wanted);
        if self.is_taken(&report.id, file) {
            let mut copy = self.next.get(wanted).copied().unwrap_or(2);
            loop {
                report.id = format!("{wanted}~{copy}");
                copy += 1;
                if !self.is_taken(&report.id, file) {
                    break;
                }
            }
            self.next.insert(wanted.clone(), copy);
        }
        self.given.insert(self.hasher.hash_one(&report.id));
        file.enter(wish, &report.id);
    }

    fn is_taken(&self, id: &str, file: &FileIds) -> bool {
        let is_free =
            |path: &PathBuf| self.released.contains(path) || file.own.as_ref() == Some(path);
        self.given.contains(&self.hasher.hash_one(id)) || !self.holders(id).iter().all(is_free)
    }

    /// The files of the reports that have this id in the index: one, or none.
    fn holders(&self, id: &str) -> Vec<PathBuf> {
        let term = Term::from_field_text(self.store.fields.id, id);
        let mut holders = Vec::new();
        for segment in self.searcher.segment_readers() {
            let Ok(Some(mut postings)) = segment
                .inverted_index(self.store.fields.id)
                .and_then(|index| Ok(index.read_postings(&term, IndexRecordOption::Basic)?))
            else {
                continue;
            };
            let paths = segment.fast_fields().str("path").ok().flatten();
            while postings.doc() != TERMINATED {
                let doc = postings.doc();
                let mut path = String::new();
                if let Some(paths) = &paths
                    && let Some(ord) = paths.term_ords(doc).next()
                {
                    // An unreadable path counts as another file's: the id is then made distinct, which is safe.
                    let _ = paths.ord_to_str(ord, &mut path);
                }
                if !segment.is_deleted(doc) {
                    holders.push(PathBuf::from(path));
                }
                postings.advance();
            }
        }
        holders
    }
}

/// Says where a report is called otherwise than it asks.
pub(crate) fn note(wanted: &str, report: &Report, path: &Path) -> Option<FileNote> {
    (report.id != wanted).then(|| FileNote {
        path: path.to_owned(),
        line: None,
        message: format!("id {wanted} is taken by another report; this one is {}", report.id),
    })
}
