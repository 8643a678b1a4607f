//! Files of aliases put together, and names found in them.
//!
//! In: [`Layer`]s, each over those before it. Out: a [`Table`] that knows names by their words put together without
//! blanks, so that `APT28`, `apt 28` and `APT-28`, or `Fancy Bear` and `FancyBear`, are one name.

use std::collections::HashMap;

use super::parse::Layer;
use super::{AliasKind, AliasSet, AmbiguousName};
use crate::analysis::{Analyzer, Language};

/// What is known of a name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Known<'t> {
    /// One thing.
    Name {
        /// All its names.
        set: &'t AliasSet,
        /// The name as the file writes it.
        written: &'t str,
    },
    /// One of several.
    Ambiguous(&'t AmbiguousName),
}

/// Sets, and the way from a name to them.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Table {
    pub sets: Vec<AliasSet>,
    pub ambiguous: Vec<AmbiguousName>,
    pub most_words: usize,
    removed: Vec<String>,
    names: HashMap<String, Place>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Place {
    /// The set, and which of its names.
    Set(usize, usize),
    Ambiguous(usize),
}

/// The words of a name put together.
pub(super) fn joined_by(analyzer: &mut Analyzer, name: &str) -> String {
    let mut joined = String::new();
    analyzer.analyze(name, |token| joined.push_str(token.surface));
    joined
}

impl Table {
    /// Puts a file on top: what it says of a name overrules what is said so far. A set that is listed under a known name
    /// adds to the set of that name.
    pub fn add(&mut self, layer: Layer) {
        let mut analyzer = Analyzer::new(Language::English);
        for name in &layer.remove {
            self.forget(name, &mut analyzer);
        }
        self.removed.extend(layer.remove);
        for ambiguous in layer.ambiguous {
            self.forget(&ambiguous.name, &mut analyzer);
            self.ambiguous.push(ambiguous);
        }
        for set in layer.sets {
            self.add_set(set, &mut analyzer);
        }
        self.index(&mut analyzer);
    }

    /// Everything as one file.
    pub fn layer(&self) -> Layer {
        Layer {
            sets: self.sets.clone(),
            ambiguous: self.ambiguous.clone(),
            remove: self.removed.clone(),
        }
    }

    /// What is known of the words that, put together, read `joined`.
    pub fn lookup(&self, joined: &str) -> Option<Known<'_>> {
        Some(match *self.names.get(joined)? {
            Place::Set(set, name) => {
                let set = self.sets.get(set)?;
                Known::Name { set, written: set.names().nth(name)? }
            }
            Place::Ambiguous(ambiguous) => Known::Ambiguous(self.ambiguous.get(ambiguous)?),
        })
    }

    fn add_set(&mut self, set: AliasSet, analyzer: &mut Analyzer) {
        let place = self.names.get(&joined_by(analyzer, &set.name)).copied();
        let Some(Place::Set(known, _)) = place else {
            set.names().for_each(|name| self.forget(name, analyzer));
            return self.sets.push(set);
        };
        for name in set.also {
            let place = self.names.get(&joined_by(analyzer, &name));
            if !matches!(place, Some(Place::Set(place, _)) if *place == known) {
                self.forget(&name, analyzer);
                self.sets[known].also.push(name);
            }
        }
        let target = &mut self.sets[known];
        target.weak.extend(set.weak);
        // First, for whoever looks at the list wrote this.
        target.sources.splice(0..0, set.sources);
    }

    /// Takes a name out of wherever it stood before this file. Until the next index, what has no name left keeps its
    /// place.
    fn forget(&mut self, name: &str, analyzer: &mut Analyzer) {
        let key = joined_by(analyzer, name);
        match self.names.get(&key) {
            Some(Place::Ambiguous(place)) => self.ambiguous[*place].name.clear(),
            Some(Place::Set(place, _)) => {
                let set = &mut self.sets[*place];
                set.also.retain(|name| joined_by(analyzer, name) != key);
                if joined_by(analyzer, &set.name) == key {
                    set.name = if set.also.is_empty() { String::new() } else { set.also.remove(0) };
                }
            }
            None => {}
        }
    }

    fn index(&mut self, analyzer: &mut Analyzer) {
        self.sets.retain(|set| !set.name.is_empty());
        self.ambiguous.retain(|ambiguous| !ambiguous.name.is_empty());
        self.names.clear();
        self.most_words = 0;
        let mut stems = Vec::new();
        for (s, set) in self.sets.iter().enumerate() {
            for (n, name) in set.names().enumerate() {
                let tokens = analyzer.forms(name);
                // One more than it has: `APT28` may be typed as two words.
                self.most_words = self.most_words.max(tokens.len() + 1);
                let key = tokens.iter().map(|token| token.surface.as_str()).collect();
                self.names.entry(key).or_insert(Place::Set(s, n));
                if set.kind == AliasKind::Term {
                    let key: String = tokens.iter().map(|token| token.stem.as_str()).collect();
                    stems.push((key, Place::Set(s, n)));
                }
            }
        }
        for (a, ambiguous) in self.ambiguous.iter().enumerate() {
            let tokens = analyzer.forms(&ambiguous.name);
            self.most_words = self.most_words.max(tokens.len() + 1);
            let key = tokens.iter().map(|token| token.surface.as_str()).collect();
            self.names.insert(key, Place::Ambiguous(a));
        }
        // Terms in any form; no name gives way to them.
        for (key, place) in stems {
            self.names.entry(key).or_insert(place);
        }
    }
}
