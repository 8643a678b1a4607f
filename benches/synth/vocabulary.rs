//! The words that made-up reports are made of.
//!
//! In: the bundled reports. Out: words, as often as people use them. The frequent words are those of the bundled
//! reports, most frequent first, so that stemming, folding and prefixes meet real language; behind them stand coined
//! names without end, so that the vocabulary grows with the text as it does in life.
//!
//! Frequencies follow the two regimes found in large collections (Ferrer i Cancho and Solé, 2001): Zipf's law with
//! exponent 1 for the kernel of usual words, and a steeper one for the rest, which makes the vocabulary of `n` words grow
//! with the power 1 / 1.8 = 0.56 of `n` (Heaps' law).

use std::collections::HashMap;
use std::path::Path;

use super::random::Random;

/// Mandelbrot's correction: the very first words are not as frequent as Zipf has them.
const SHIFT: f64 = 2.7;
/// Exponent of the law for names beyond the usual words.
const TAIL: f64 = 1.8;

/// Words by frequency, and what they are followed by.
pub struct Vocabulary {
    words: Vec<String>,
    /// For each word, the sum of the weights up to and with it.
    cumulative: Vec<f64>,
    /// For each word, the words that followed it in the bundled reports, once for every time.
    followers: Vec<Vec<u32>>,
}

/// A word of a made-up text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// A word of the bundled reports.
    Usual(u32),
    /// A coined name, by its rank.
    Coined(u64),
}

impl Vocabulary {
    /// Reads the bundled reports in `folder`.
    pub fn read(folder: &Path) -> Self {
        let entries = std::fs::read_dir(folder).expect("the folder of bundled reports");
        let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
        files.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
        files.sort();
        let texts = files.iter().map(|path| std::fs::read_to_string(path).expect("a report"));
        Self::new(&texts.collect::<Vec<_>>())
    }

    fn new(texts: &[String]) -> Self {
        let sequences: Vec<Vec<String>> = texts.iter().flat_map(|text| sentences(text)).collect();
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for word in sequences.iter().flatten() {
            *counts.entry(word).or_default() += 1;
        }
        let mut ranked: Vec<(&str, usize)> = counts.into_iter().collect();
        ranked.sort_by(|(a, m), (b, n)| n.cmp(m).then(a.cmp(b)));
        let words: Vec<String> = ranked.iter().map(|(word, _)| (*word).to_owned()).collect();
        assert!(words.len() > 2_000, "too few bundled reports to take words from");
        let ranks: HashMap<&str, u32> = (0..).zip(&words).map(|(i, w)| (w.as_str(), i)).collect();
        let mut followers = vec![Vec::new(); words.len()];
        for pair in sequences.iter().flat_map(|words| words.windows(2)) {
            followers[ranks[pair[0].as_str()] as usize].push(ranks[pair[1].as_str()]);
        }
        let mut sum = 0.0;
        let cumulative = (0..words.len()).map(|rank| {
            sum += 1.0 / (rank as f64 + 1.0 + SHIFT);
            sum
        });
        Self { cumulative: cumulative.collect(), followers, words }
    }

    /// Words from the most frequent to the rare: the usual ones, then as many coined ones nine times over.
    pub fn words(&self) -> impl Iterator<Item = String> {
        let usual = self.words.len() as u64;
        let coined = (usual..10 * usual).map(|rank| {
            let mut name = String::new();
            coin(rank, &mut name);
            name
        });
        self.words.iter().cloned().chain(coined)
    }

    /// The word after `last`: every second time one that follows it in the bundled reports, so that phrases occur.
    pub fn next(&self, last: Option<Word>, random: &mut Random) -> Word {
        if let Some(Word::Usual(last)) = last
            && let followers = &self.followers[last as usize]
            && !followers.is_empty()
            && random.chance(50)
        {
            return Word::Usual(random.pick(followers));
        }
        let kernel = self.cumulative.last().copied().unwrap_or_default();
        let usual = self.words.len() as f64;
        // The steeper law goes on where the first one ends; this is the area below it.
        let tail = usual / (usual + SHIFT) / (TAIL - 1.0);
        let drawn = random.unit() * (kernel + tail);
        if drawn < kernel {
            Word::Usual(self.cumulative.partition_point(|sum| *sum < drawn) as u32)
        } else {
            Word::Coined((usual * random.unit().powf(-1.0 / (TAIL - 1.0))) as u64)
        }
    }

    /// How `word` is written.
    pub fn spell(&self, word: Word, text: &mut String) {
        match word {
            Word::Usual(rank) => text.push_str(&self.words[rank as usize]),
            Word::Coined(rank) => coin(rank, text),
        }
    }
}

/// The sentences of a report's running text, as words without their punctuation.
fn sentences(text: &str) -> impl Iterator<Item = Vec<String>> {
    // Headings and tables have short lines, or bars.
    let lines = text.lines().filter(|line| line.len() > 60 && !line.starts_with('|'));
    lines.flat_map(|line| line.split(['.', ',', ';', ':', '(', ')'])).map(|sentence| {
        let words = sentence.split_whitespace().enumerate();
        let words = words.filter(|(_, word)| word.chars().all(char::is_alphabetic));
        // A capital at the start of a sentence tells nothing; elsewhere it makes a name.
        words.map(|(i, word)| if i == 0 { word.to_lowercase() } else { word.to_owned() }).collect()
    })
}

/// A name for a rank, always the same.
fn coin(rank: u64, text: &mut String) {
    const STARTS: [&str; 20] = [
        "b", "br", "c", "d", "f", "g", "gr", "h", "k", "l", "m", "n", "p", "qu", "r", "s", "st",
        "t", "v", "z",
    ];
    const MIDDLES: [&str; 10] = ["a", "e", "i", "o", "u", "ai", "ea", "io", "ou", "é"];
    const ENDS: [&str; 10] = ["", "", "", "l", "n", "r", "s", "x", "nd", "rt"];
    let mut random = Random::stream(rank, 1);
    let from = text.len();
    for _ in 0..random.between(2, 4) {
        text.push_str(random.pick(&STARTS));
        text.push_str(random.pick(&MIDDLES));
        text.push_str(random.pick(&ENDS));
    }
    if random.chance(50) {
        text[from..=from].make_ascii_uppercase();
    }
}
