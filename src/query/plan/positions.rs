//! Where a sequence of words stands in a text.
//!
//! In: for each word of the sequence, the sorted positions at which it stands. Out: the places where the sequence
//! holds. Both the index scorer and the evidence ask here, so that they can't disagree on what a phrase is.
//!
//! A near phrase allows an edit budget, as Lucene's sloppy phrases do: shift every word back by its place in the
//! phrase; the words then agree on one position where the phrase stands as written, and the spread of what remains
//! (greatest less least) is the number of edits. Each step of a word to another place costs one, so two neighbours
//! swapped cost two.

/// One place where a sequence holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SequenceMatch {
    /// The position of each word, in the order of the sequence.
    pub positions: Vec<u32>,
    /// Edits spent; 0 for the sequence as written.
    pub edits: u32,
}

/// All places where the words stand within `slop` edits of their sequence, in the order of the text.
///
/// For a near phrase each place is the tightest that starts at its least word; places that overlap are all given.
pub(crate) fn find(slots: &[Vec<u32>], slop: u32) -> Vec<SequenceMatch> {
    let mut found = Vec::new();
    search(slots, slop, &mut |found_here| {
        found.push(found_here);
        true
    });
    found
}

/// Whether there is any such place: [`find`] without the rest.
pub(crate) fn holds(slots: &[Vec<u32>], slop: u32) -> bool {
    let mut holds = false;
    search(slots, slop, &mut |_| {
        holds = true;
        false
    });
    holds
}

/// The number of places where the words stand as written: that of [`find`] without slop.
pub(crate) fn count_exact(slots: &[Vec<u32>]) -> u32 {
    let [first, second] = slots else {
        let mut count = 0;
        search(slots, 0, &mut |_| {
            count += 1;
            true
        });
        return count;
    };
    // The plain case, for which no place is written down.
    let mut second = second.iter().peekable();
    let mut count = 0;
    for position in first {
        while second.next_if(|other| **other <= *position).is_some() {}
        count += u32::from(second.peek().is_some_and(|other| **other == *position + 1));
    }
    count
}

/// Calls `sink` with each place until it says no.
fn search(slots: &[Vec<u32>], slop: u32, sink: &mut dyn FnMut(SequenceMatch) -> bool) {
    match slots {
        [] => {}
        [only] => {
            for &position in only {
                if !sink(SequenceMatch { positions: vec![position], edits: 0 }) {
                    return;
                }
            }
        }
        _ if slots.iter().any(Vec::is_empty) => {}
        _ if slop == 0 => search_exact(slots, sink),
        _ => search_near(slots, slop, sink),
    }
}

fn search_exact(slots: &[Vec<u32>], sink: &mut dyn FnMut(SequenceMatch) -> bool) {
    // Starting from the rarest word leaves the least to look up.
    let rarest = (0..slots.len()).min_by_key(|&i| slots[i].len()).unwrap_or(0);
    for &position in &slots[rarest] {
        let Some(start) = position.checked_sub(rarest as u32) else { continue };
        let all = slots
            .iter()
            .enumerate()
            .all(|(i, slot)| i == rarest || slot.binary_search(&(start + i as u32)).is_ok());
        if all {
            let positions = (0..slots.len() as u32).map(|i| start + i).collect();
            if !sink(SequenceMatch { positions, edits: 0 }) {
                return;
            }
        }
    }
}

fn search_near(slots: &[Vec<u32>], slop: u32, sink: &mut dyn FnMut(SequenceMatch) -> bool) {
    // The least shifted position of a match belongs to some word at some place: try each of them as the least, and
    // choose the other words as close above it as can be.
    let mut starts: Vec<(i64, usize)> = slots
        .iter()
        .enumerate()
        .flat_map(|(i, slot)| slot.iter().map(move |&position| (i64::from(position) - i as i64, i)))
        .collect();
    starts.sort_unstable();
    let mut choice = Choice::new(slots);
    for (least, first) in starts {
        choice.least = least;
        choice.first = first;
        choice.chosen[first] = (least + first as i64) as u32;
        choice.best = None;
        choice.budget = i64::from(slop);
        choice.choose(0, 0);
        if let Some(found) = choice.best.take()
            && !sink(found)
        {
            return;
        }
    }
}

/// The choice of a position for each word, above a given least one.
struct Choice<'a> {
    slots: &'a [Vec<u32>],
    /// For each word, the one before it in the phrase that is the same.
    previous: Vec<Option<usize>>,
    /// For each word, how many others, not the same, could take one of its positions.
    rivals: Vec<usize>,
    least: i64,
    first: usize,
    /// The greatest spread that is still of interest.
    budget: i64,
    chosen: Vec<u32>,
    best: Option<SequenceMatch>,
}

impl<'a> Choice<'a> {
    fn new(slots: &'a [Vec<u32>]) -> Self {
        let same = |i: usize, j: usize| slots[i] == slots[j];
        let rival = |i: usize, j: usize| {
            i != j && !same(i, j) && slots[i].iter().any(|p| slots[j].binary_search(p).is_ok())
        };
        let words = 0..slots.len();
        Self {
            slots,
            previous: words.clone().map(|i| (0..i).rev().find(|&j| same(i, j))).collect(),
            rivals: words.clone().map(|i| words.clone().filter(|&j| rival(i, j)).count()).collect(),
            least: 0,
            first: 0,
            budget: 0,
            chosen: vec![0; slots.len()],
            best: None,
        }
    }

    /// Chooses for the word `i` and all after it; `spread` is that of the words before it.
    ///
    /// The nearest position is the best, unless another word needs it. A word that stands twice in the phrase may
    /// take its positions in order, for an exchange never widens the spread; a word with n rivals never needs more
    /// than its n + 1 nearest. So there is next to nothing to go back on, whatever the phrase.
    fn choose(&mut self, i: usize, spread: i64) {
        if spread > self.budget {
            return;
        }
        if i == self.slots.len() {
            self.best =
                Some(SequenceMatch { positions: self.chosen.clone(), edits: spread as u32 });
            self.budget = spread - 1;
            return;
        }
        if i == self.first {
            let in_order = self.previous[i].is_none_or(|j| self.chosen[j] < self.chosen[i]);
            if in_order {
                self.choose(i + 1, spread);
            }
            return;
        }
        // Of two words with the same least, the one that comes first in the phrase counts as the least: each place
        // is then given once.
        let lowest = self.least + i as i64 + i64::from(i < self.first);
        let after = self.previous[i].map_or(lowest, |j| lowest.max(i64::from(self.chosen[j]) + 1));
        let slots = self.slots;
        let from = slots[i].partition_point(|&position| i64::from(position) < after);
        for &position in slots[i][from..].iter().take(self.rivals[i] + 1) {
            let shift = i64::from(position) - i as i64 - self.least;
            if shift > self.budget {
                break;
            }
            let taken = self.chosen[..i].contains(&position)
                || (i < self.first && self.chosen[self.first] == position);
            if !taken {
                self.chosen[i] = position;
                self.choose(i + 1, spread.max(shift));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The positions of each word of `phrase` in `text`.
    fn slots(phrase: &str, text: &str) -> Vec<Vec<u32>> {
        phrase
            .split(' ')
            .map(|word| {
                text.split(' ')
                    .enumerate()
                    .filter(|(_, w)| *w == word)
                    .map(|(i, _)| i as u32)
                    .collect()
            })
            .collect()
    }

    #[test]
    fn places_are_counted_as_they_are_found() {
        for text in ["a b", "a b a b c", "a a b b", "b a", "a", "b", "a b c a c b c"] {
            for phrase in ["a b", "b c", "a a", "a b c"] {
                let slots = slots(phrase, text);
                assert_eq!(
                    count_exact(&slots) as usize,
                    find(&slots, 0).len(),
                    "{phrase} in {text}"
                );
            }
        }
    }

    #[test]
    fn the_examples_of_the_help() {
        let cases = [
            ("website defaced", "website defaced", Some(0)),
            ("website defaced", "website was defaced", Some(1)),
            ("website defaced", "defaced website", Some(2)),
            ("website defaced", "defaced the official website", Some(4)),
            ("a b c", "a x b x c", Some(2)),
            ("a b c", "b a c", Some(2)),
            ("a b c", "c b a", Some(4)),
            ("had had", "had", None),
            ("had had", "had x had", Some(1)),
            ("to be to", "to be", None),
            ("a b", "b b", None),
        ];
        for (phrase, text, edits) in cases {
            let slots = slots(phrase, text);
            let least = find(&slots, 10).iter().map(|found| found.edits).min();
            assert_eq!(least, edits, "{phrase:?} in {text:?}");
            if let Some(edits) = edits {
                assert!(holds(&slots, edits));
                assert!(edits == 0 || !holds(&slots, edits - 1), "{phrase:?} in {text:?}");
            }
        }
    }

    #[test]
    fn every_place_is_found() {
        let found = find(&slots("a b", "a b a b x b a"), 0);
        assert_eq!(found.iter().map(|m| m.positions[0]).collect::<Vec<_>>(), [0, 2]);
        let found = find(&slots("a b", "a b a b x b a"), 2);
        assert!(found.iter().any(|m| m.positions == [6, 5] && m.edits == 2), "{found:?}");
    }

    /// All choices of positions, without any cleverness.
    fn brute_force(slots: &[Vec<u32>], slop: u32) -> Option<u32> {
        let mut choices = vec![vec![]];
        for slot in slots {
            choices = choices
                .into_iter()
                .flat_map(|chosen: Vec<u32>| {
                    slot.iter().map(move |&position| [&chosen[..], &[position]].concat())
                })
                .collect();
        }
        choices
            .into_iter()
            .filter(|chosen| (1..chosen.len()).all(|i| !chosen[..i].contains(&chosen[i])))
            .filter_map(|chosen| {
                let shifted = chosen.iter().enumerate().map(|(i, &p)| i64::from(p) - i as i64);
                let spread = shifted.clone().max()? - shifted.min()?;
                (spread <= i64::from(slop)).then_some(spread as u32)
            })
            .min()
    }

    proptest! {
        #[test]
        fn agrees_with_brute_force(
            phrase in prop::collection::vec("[abc]", 1..5),
            text in prop::collection::vec("[abcx]", 0..9),
            slop in 0u32..7,
        ) {
            let slots = slots(&phrase.join(" "), &text.join(" "));
            let found = find(&slots, slop);
            prop_assert_eq!(found.iter().map(|m| m.edits).min(), brute_force(&slots, slop));
            prop_assert_eq!(holds(&slots, slop), !found.is_empty());
            for one in &found {
                prop_assert_eq!(one.positions.len(), slots.len());
                for (position, slot) in one.positions.iter().zip(&slots) {
                    prop_assert!(slot.contains(position));
                }
            }
            let mut once = found.clone();
            once.dedup();
            prop_assert_eq!(once.len(), found.len());
        }
    }
}
