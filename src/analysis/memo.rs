//! What the stages made of the words seen before.
//!
//! In: a word as written, and once its [`Form`]. Out: that form again, without allocation. Bounded: where words or
//! bytes grow past the limit, everything is forgotten and learnt anew, and no text, however it was chosen, makes a
//! lookup look at more than a few places.

use super::Form;

/// Longer words are hashes, keys and links that seldom come again.
const MAX_WORD_BYTES: usize = 48;
const MAX_ENTRIES: usize = 1 << 16;
const MAX_TEXT_BYTES: usize = 4 << 20;
const FIRST_SLOTS: usize = 1 << 9;
/// Places looked at for one word.
const PROBES: usize = 16;

/// A bounded map from words to forms.
#[derive(Clone, Default)]
pub(super) struct Memo {
    /// A power of two of places, or none. A word lives in one of the `PROBES` places from its hash on.
    slots: Vec<Slot>,
    entries: Vec<Entry>,
    /// The words and forms, end to end.
    text: String,
}

#[derive(Clone, Copy)]
struct Slot {
    hash: u32,
    /// Index into `entries` plus one; 0 where the slot is free.
    entry: u32,
}

const FREE: Slot = Slot { hash: 0, entry: 0 };

#[derive(Clone, Copy)]
struct Entry {
    word: Piece,
    surface: Piece,
    stem: Piece,
    start: u16,
    end: u16,
}

/// A slice of [`Memo::text`].
#[derive(Clone, Copy)]
struct Piece {
    start: u32,
    len: u16,
}

impl Memo {
    /// The form of a word seen before.
    pub(super) fn get(&self, word: &str) -> Option<Form<'_>> {
        if self.slots.is_empty() || word.len() > MAX_WORD_BYTES {
            return None;
        }
        let hash = hash(word.as_bytes());
        let mask = self.slots.len() - 1;
        for probe in 0..PROBES {
            let slot = self.slots[(hash as usize + probe) & mask];
            if slot.entry == 0 {
                return None;
            }
            if slot.hash == hash {
                let entry = self.entries[slot.entry as usize - 1];
                if self.piece(entry.word) == word {
                    return Some(Form {
                        surface: self.piece(entry.surface),
                        stem: self.piece(entry.stem),
                        range: usize::from(entry.start)..usize::from(entry.end),
                    });
                }
            }
        }
        None
    }

    /// Remembers the form of a word that [`get`](Self::get) does not know. Not all words are worth it.
    pub(super) fn insert(&mut self, word: &str, form: &Form<'_>) {
        if word.len() > MAX_WORD_BYTES {
            return;
        }
        if self.entries.len() >= MAX_ENTRIES || self.text.len() >= MAX_TEXT_BYTES {
            self.entries.clear();
            self.text.clear();
            self.slots.fill(FREE);
        }
        // Half empty at least, so that few words look past their first place.
        if self.entries.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let hash = hash(word.as_bytes());
        let Some(slot) = free_slot(&mut self.slots, hash) else { return };
        *slot = Slot { hash, entry: self.entries.len() as u32 + 1 };
        let word = push(&mut self.text, word);
        let surface = push(&mut self.text, form.surface);
        let stem =
            if form.stem == form.surface { surface } else { push(&mut self.text, form.stem) };
        // A word has at most `MAX_WORD_BYTES`.
        let [start, end] = [form.range.start as u16, form.range.end as u16];
        self.entries.push(Entry { word, surface, stem, start, end });
    }

    fn grow(&mut self) {
        let len = (self.slots.len() * 2).max(FIRST_SLOTS);
        let old = std::mem::replace(&mut self.slots, vec![FREE; len]);
        for moved in old.into_iter().filter(|slot| slot.entry != 0) {
            if let Some(slot) = free_slot(&mut self.slots, moved.hash) {
                *slot = moved;
            }
        }
    }

    fn piece(&self, piece: Piece) -> &str {
        let start = piece.start as usize;
        &self.text[start..start + usize::from(piece.len)]
    }
}

fn free_slot(slots: &mut [Slot], hash: u32) -> Option<&mut Slot> {
    let mask = slots.len() - 1;
    let at =
        (0..PROBES).map(|probe| (hash as usize + probe) & mask).find(|&at| slots[at].entry == 0)?;
    slots.get_mut(at)
}

/// Lengths and offsets fit: words and forms are a few hundred bytes, all of them together a few megabytes.
fn push(text: &mut String, piece: &str) -> Piece {
    let start = text.len() as u32;
    text.push_str(piece);
    Piece { start, len: piece.len() as u16 }
}

/// A multiplicative hash over eight bytes at a time; the ends overlap, so that every length takes few steps.
/// Not proof against chosen words: `PROBES` bounds what those can do.
fn hash(bytes: &[u8]) -> u32 {
    const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;
    let mix = |hash: u64, word: u64| {
        let product = u128::from(hash ^ word) * u128::from(MULTIPLIER);
        (product as u64) ^ (product >> 64) as u64
    };
    let seed = bytes.len() as u64;
    let hash = match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        (Some(first), Some(last)) if bytes.len() <= 8 => {
            let [low, high] = [first, last].map(|&bytes| u64::from(u32::from_le_bytes(bytes)));
            mix(seed, low | high << 32)
        }
        _ => {
            let mut hash = seed;
            let mut rest = bytes;
            while let Some((chunk, others)) = rest.split_first_chunk::<8>() {
                hash = mix(hash, u64::from_le_bytes(*chunk));
                rest = others;
            }
            match bytes.last_chunk::<8>() {
                Some(last) if !rest.is_empty() => mix(hash, u64::from_le_bytes(*last)),
                _ => mix(hash, rest.iter().fold(0, |word, &byte| word << 8 | u64::from(byte))),
            }
        }
    };
    (hash ^ hash >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn insert(memo: &mut Memo, word: &str, surface: &str, stem: &str) {
        memo.insert(word, &Form { surface, stem, range: 0..word.len() });
    }

    #[test]
    fn gives_back_what_it_was_given() {
        let mut memo = Memo::default();
        assert!(memo.get("Attacks").is_none());
        insert(&mut memo, "Attacks", "attacks", "attack");
        let form = memo.get("Attacks").unwrap();
        assert_eq!((form.surface, form.stem, form.range), ("attacks", "attack", 0..7));
        assert!(memo.get("attacks").is_none());
    }

    #[test]
    fn keeps_most_words_and_stays_within_bounds() {
        let mut memo = Memo::default();
        let mut missed = 0;
        for n in 0..3 * MAX_ENTRIES {
            let word = format!("word{n}");
            insert(&mut memo, &word, &word, "stem");
            missed += usize::from(memo.get(&word).is_none());
        }
        assert!(missed < MAX_ENTRIES / 100, "{missed}");
        assert!(memo.entries.len() <= MAX_ENTRIES);
        assert!(memo.slots.len() <= 2 * MAX_ENTRIES);
        assert!(memo.text.len() <= MAX_TEXT_BYTES + 1024);
    }

    #[test]
    fn hash_tells_short_words_apart() {
        let words = ["", "a", "b", "ab", "ba", "abc", "abcd", "abcde", "abcdefgh", "abcdefghi"];
        let hashes: std::collections::HashSet<_> =
            words.iter().map(|w| hash(w.as_bytes())).collect();
        assert_eq!(hashes.len(), words.len());
    }
}
