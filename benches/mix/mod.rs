//! Queries as different as those that people type.
//!
//! In: the texts of reports. Out: queries of one to eight words that stand in one report each, so that none finds
//! nothing: whoever searches has something in mind. A query that is timed again and again says how fast that query is;
//! hundreds say how fast a search is, and how slow it gets.

use crate::synth::Random;

/// Numbers of words.
pub const LENGTHS: [usize; 6] = [1, 2, 3, 4, 6, 8];

/// `each` queries of every length, the same for the same texts.
pub fn queries(texts: &[String], each: usize) -> Vec<(usize, String)> {
    let random = &mut Random::stream(11, 0);
    let mut queries = Vec::new();
    for length in LENGTHS {
        // Where texts are as short as that, there are fewer queries.
        for _ in 0..each * 100 {
            if queries.iter().filter(|(known, _)| *known == length).count() == each {
                break;
            }
            let words = words(&texts[random.below(texts.len())]);
            if words.len() >= length {
                queries.push((length, choose(words, length, random).join(" ")));
            }
        }
    }
    queries
}

/// The words of a text that say something, each once.
fn words(text: &str) -> Vec<String> {
    let words =
        text.split_whitespace().map(|word| word.trim_matches(|c: char| c.is_ascii_punctuation()));
    // Letters alone: what stands within an address or a hash is no word.
    let words = words.filter(|word| word.bytes().all(|byte| byte.is_ascii_alphabetic()));
    let mut words: Vec<_> = words
        .map(str::to_ascii_lowercase)
        .filter(|word| word.len() > 3 && !casebook::is_function_word(word))
        .collect();
    words.sort_unstable();
    words.dedup();
    words
}

fn choose(mut words: Vec<String>, length: usize, random: &mut Random) -> Vec<String> {
    (0..length).map(|_| words.swap_remove(random.below(words.len()))).collect()
}
