//! Which words of the index a pattern stands for.
//!
//! In: a wildcard, a prefix, a regular expression, or a word with a number of edits. Out: the words in the
//! dictionary that it matches, each with the number of reports and a weight.

use std::collections::BTreeMap;

use regex::Regex;
use tantivy::Searcher;
use tantivy::query::FuzzyTermQuery;
use tantivy::schema::{Field, Term};

use crate::analysis::fold;
use crate::error::{Error, Result};
use crate::index::terms::FIRST_SURFACE;

/// A test on folded words.
#[derive(Debug, Clone)]
pub(crate) enum Pattern {
    Prefix(String),
    Wildcard(Vec<char>),
    Regex(Box<Regex>),
    Fuzzy { word: Vec<char>, distance: usize },
}

/// A word of the index.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct IndexWord {
    pub word: String,
    /// Reports that hold it; deleted ones count until their segment is rewritten.
    pub reports: u32,
    /// 1 for an exact match, less for a distant one.
    pub weight: f32,
    /// Edits from what was asked.
    pub distance: usize,
}

/// No expression needs more than this many bytes compiled; one that does is refused.
const REGEX_BYTES: usize = 1 << 20;

impl Pattern {
    pub fn prefix(word: &str) -> Self {
        Self::Prefix(fold(word))
    }

    /// `*` for any run of characters, `?` for exactly one.
    pub fn wildcard(pattern: &str) -> Self {
        // Folding leaves `*` and `?` alone, for they are no letters; each piece is folded apart from them.
        let mut folded = String::new();
        let mut piece = String::new();
        for c in pattern.chars() {
            if matches!(c, '*' | '?') {
                folded.push_str(&fold(&std::mem::take(&mut piece)));
                folded.push(c);
            } else {
                piece.push(c);
            }
        }
        folded.push_str(&fold(&piece));
        Self::Wildcard(folded.chars().collect())
    }

    /// A regular expression on one whole word, whatever its case.
    pub fn regex(pattern: &str) -> std::result::Result<Self, String> {
        let folded: String = pattern
            .chars()
            .map(|c| if c.is_ascii() { c.to_string() } else { fold(&c.to_string()) })
            .collect();
        regex::RegexBuilder::new(&format!("^(?:{folded})$"))
            .case_insensitive(true)
            .size_limit(REGEX_BYTES)
            .build()
            .map(|regex| Self::Regex(Box::new(regex)))
            .map_err(|error| match error {
                regex::Error::CompiledTooBig(_) => {
                    "this regular expression is too large: use smaller repeat counts".to_owned()
                }
                error => {
                    let text = error.to_string();
                    let reason = text.lines().last().unwrap_or_default();
                    format!("not a regular expression: {}", reason.trim_start_matches("error: "))
                }
            })
    }

    /// At most `distance` edits; where none is given, as many as suit the length, so that a short word does not
    /// match half the dictionary.
    pub fn fuzzy(word: &str, distance: Option<u8>) -> Self {
        let word: Vec<char> = fold(word).chars().collect();
        let distance = match distance {
            Some(distance) => distance.into(),
            None if word.len() < 6 => 1,
            None => 2,
        };
        Self::Fuzzy { word, distance }
    }

    /// What every match starts with: only that part of the dictionary is read.
    fn literal_prefix(&self) -> String {
        match self {
            Self::Prefix(prefix) => prefix.clone(),
            Self::Wildcard(pattern) => {
                pattern.iter().take_while(|c| !matches!(c, '*' | '?')).collect()
            }
            Self::Regex(_) | Self::Fuzzy { .. } => String::new(),
        }
    }

    /// The edits from the pattern to `word`; `None` where it does not match.
    fn distance(&self, word: &str, distances: &mut Distances) -> Option<usize> {
        match self {
            Self::Prefix(prefix) => word.starts_with(prefix.as_str()).then_some(0),
            Self::Wildcard(pattern) => matches_wildcard(pattern, word).then_some(0),
            Self::Regex(regex) => regex.is_match(word).then_some(0),
            Self::Fuzzy { word: wanted, distance } => distances.within(wanted, word, *distance),
        }
    }
}

/// The words of `field` that match, in the order of the dictionary.
pub(crate) fn words(
    searcher: &Searcher,
    field: Field,
    pattern: &Pattern,
) -> Result<Vec<IndexWord>> {
    let failed = |e| Error::index("cannot read the words of the index", e);
    let mut found: BTreeMap<String, IndexWord> = BTreeMap::new();
    let mut distances = Distances::default();
    let mut take = |term: &[u8], reports: u32| {
        let Ok(word) = std::str::from_utf8(term) else { return };
        let Some(distance) = pattern.distance(word, &mut distances) else { return };
        match found.get_mut(word) {
            Some(known) => known.reports += reports,
            None => {
                let word = word.to_owned();
                let weight = 1.0 / (1.0 + distance as f32);
                found.insert(word.clone(), IndexWord { word, reports, weight, distance });
            }
        }
    };
    let prefix = pattern.literal_prefix();
    let first = if prefix.is_empty() { FIRST_SURFACE } else { prefix.as_bytes() };
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(field).map_err(failed)?;
        if let Pattern::Fuzzy { word, distance } = pattern {
            // Only the branches of the dictionary that may lead to such a word are read: of a large one a hundredth.
            let word = Term::from_field_text(field, &word.iter().collect::<String>());
            let near = FuzzyTermQuery::new(word, u8::try_from(*distance).unwrap_or(u8::MAX), true);
            let near = near.automaton().map_err(failed)?;
            let stream = index.terms().search(near).ge(first).into_stream();
            let mut stream = stream.map_err(|e| failed(e.into()))?;
            while let Some((term, info)) = stream.next() {
                take(term, info.doc_freq);
            }
            continue;
        }
        let mut range = index.terms().range().ge(first);
        if let Some(end) = end_of(prefix.as_bytes()) {
            range = range.lt(end);
        }
        let mut stream = range.into_stream().map_err(|e| failed(e.into()))?;
        while let Some((term, info)) = stream.next() {
            take(term, info.doc_freq);
        }
    }
    Ok(found.into_values().collect())
}

/// The least byte string above all that start with `prefix`.
fn end_of(prefix: &[u8]) -> Option<Vec<u8>> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < u8::MAX {
            end.push(last + 1);
            return Some(end);
        }
    }
    None
}

/// The words of a pattern such as `CVE-2023-*`: cut where the analysis cuts a text, but not at `*` and `?`.
pub(crate) fn pieces(pattern: &str) -> Vec<String> {
    let chars: Vec<char> = pattern.chars().collect();
    let is_wild = |c: char| matches!(c, '*' | '?');
    let is_word = |c: char| c.is_alphanumeric() || is_wild(c);
    let mut pieces = vec![String::new()];
    for (i, &c) in chars.iter().enumerate() {
        let before = i.checked_sub(1).map_or(' ', |i| chars[i]);
        let after = chars.get(i + 1).copied().unwrap_or(' ');
        let numeric = |c: char| c.is_numeric() || is_wild(c);
        let joins = match c {
            '.' | ',' => {
                numeric(before) && numeric(after) && (before.is_numeric() || after.is_numeric())
            }
            '\'' | '’' => before.is_alphabetic() && after.is_alphabetic(),
            // Combining marks belong to the letter before them.
            _ => {
                is_word(c)
                    || (!c.is_ascii()
                        && !c.is_whitespace()
                        && before.is_alphanumeric()
                        && unicode_normalization::char::is_combining_mark(c))
            }
        };
        if joins {
            if let Some(piece) = pieces.last_mut() {
                piece.push(c);
            }
        } else {
            pieces.push(String::new());
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// Whether `word` matches a pattern of `*` and `?`, in time linear in both but for the number of `*`.
pub(crate) fn matches_wildcard(pattern: &[char], word: &str) -> bool {
    let mut rest = word.chars();
    let mut at = 0;
    // Where to go on after a mismatch: past the last `*`, with one character more swallowed.
    let mut retry: Option<(usize, std::str::Chars<'_>)> = None;
    loop {
        if at < pattern.len() && pattern[at] == '*' {
            at += 1;
            retry = Some((at, rest.clone()));
            continue;
        }
        let here = rest.clone().next();
        match here {
            Some(c) if at < pattern.len() && (pattern[at] == '?' || pattern[at] == c) => {
                rest.next();
                at += 1;
            }
            None if at == pattern.len() => return true,
            _ => {
                let Some((after, from)) = &mut retry else { return false };
                if from.next().is_none() {
                    return false;
                }
                at = *after;
                rest = from.clone();
            }
        }
    }
}

/// Edit distances, with the memory that they need.
#[derive(Default)]
pub(crate) struct Distances {
    word: Vec<char>,
    rows: [Vec<usize>; 3],
}

impl Distances {
    /// The number of edits (insert, delete, replace, swap two neighbours) from `wanted` to `word`, if it is at most
    /// `most`: the optimal string alignment distance.
    pub fn within(&mut self, wanted: &[char], word: &str, most: usize) -> Option<usize> {
        // A character takes at most four bytes: most words of the dictionary are told apart without being read.
        if word.len() + most < wanted.len() || word.len() > (wanted.len() + most) * 4 {
            return None;
        }
        self.word.clear();
        self.word.extend(word.chars());
        let word = &self.word;
        if word.len().abs_diff(wanted.len()) > most {
            return None;
        }
        let [before, above, row] = &mut self.rows;
        above.clear();
        above.extend(0..=word.len());
        before.clear();
        before.resize(word.len() + 1, 0);
        for (i, &c) in wanted.iter().enumerate() {
            row.clear();
            row.push(i + 1);
            let mut least = i + 1;
            for (j, &d) in word.iter().enumerate() {
                let mut edits =
                    (above[j] + usize::from(c != d)).min(above[j + 1] + 1).min(row[j] + 1);
                if i > 0 && j > 0 && c == word[j - 1] && wanted[i - 1] == d {
                    edits = edits.min(before[j - 1] + 1);
                }
                row.push(edits);
                least = least.min(edits);
            }
            if least > most {
                return None;
            }
            std::mem::swap(before, above);
            std::mem::swap(above, row);
        }
        above.last().copied().filter(|edits| *edits <= most)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn wildcards() {
        let cases = [
            ("ransom*", "ransomware", true),
            ("ransom*", "ransom", true),
            ("ran*ware", "ransomware", true),
            ("ran*ware", "ransomwares", false),
            ("defac?d", "defaced", true),
            ("defac?d", "defacd", false),
            ("*ab*ab", "ababxab", true),
            ("*a*b*c", "abcabd", false),
            ("?", "é", true),
            ("*", "", true),
            ("a", "", false),
        ];
        for (pattern, word, matches) in cases {
            let pattern: Vec<char> = pattern.chars().collect();
            assert_eq!(matches_wildcard(&pattern, word), matches, "{pattern:?} {word:?}");
        }
    }

    #[test]
    fn distances() {
        let cases = [
            ("colonail", "colonial", Some(1)),
            ("colonial", "colonial", Some(0)),
            ("normandy", "normandie", Some(2)),
            ("abc", "xyz", None),
            ("a", "abcd", None),
            ("é", "e", Some(1)),
        ];
        for (wanted, word, distance) in cases {
            let wanted: Vec<char> = wanted.chars().collect();
            assert_eq!(Distances::default().within(&wanted, word, 2), distance, "{word}");
        }
    }

    #[test]
    fn patterns_are_cut_as_texts_are() {
        assert_eq!(pieces("CVE-2023-*"), ["CVE", "2023", "*"]);
        assert_eq!(pieces("10.0.*"), ["10.0.*"]);
        assert_eq!(pieces("*.example.org"), ["*", "example", "org"]);
        assert_eq!(pieces("l'hô*"), ["l'hô*"]);
    }

    #[test]
    fn a_bad_expression_says_why() {
        assert_eq!(
            Pattern::regex("defac(ed").unwrap_err(),
            "not a regular expression: unclosed group"
        );
        assert!(Pattern::regex("(a{1000}){1000}").unwrap_err().contains("too large"));
        assert!(Pattern::regex("Défac(ed|ing)").is_ok());
    }

    proptest! {
        #[test]
        fn wildcards_agree_with_a_regular_expression(pattern in "[ab*?]{0,8}", word in "[ab]{0,8}") {
            let regex = format!("^{}$", pattern.replace('*', ".*").replace('?', "."));
            let expected = Regex::new(&regex).unwrap().is_match(&word);
            let pattern: Vec<char> = pattern.chars().collect();
            prop_assert_eq!(matches_wildcard(&pattern, &word), expected);
        }

        #[test]
        fn near_words_are_found_wherever_they_stand_in_the_dictionary(
            words in proptest::collection::btree_set("[abcé]{1,6}", 1..40), wanted in "[abcé]{1,6}", distance in 1u8..3,
        ) {
            let store = crate::index::store::Store::in_memory().unwrap();
            let mut writer = store.index.writer_with_num_threads(1, 15_000_000).unwrap();
            for word in &words {
                let report = crate::Report { body: word.clone(), ..Default::default() };
                let mut analyzers = crate::index::document::Analyzers::new();
                let document = crate::index::document::to_document(&store.fields, &report, &mut analyzers);
                writer.add_document(document.unwrap()).unwrap();
            }
            writer.commit().unwrap();
            let searcher = store.index.reader().unwrap().searcher();
            let pattern = Pattern::fuzzy(&wanted, Some(distance));
            let found = super::words(&searcher, store.fields.text, &pattern).unwrap();
            let found: Vec<String> = found.into_iter().map(|found| found.word).collect();
            let Pattern::Fuzzy { word: wanted, distance } = pattern else { panic!() };
            let folded: std::collections::BTreeSet<String> = words.iter().map(|word| fold(word)).collect();
            let is_near = |word: &String| Distances::default().within(&wanted, word, distance).is_some();
            prop_assert_eq!(found, folded.into_iter().filter(is_near).collect::<Vec<_>>());
        }

        #[test]
        fn the_bound_only_cuts_off(wanted in "[abc]{0,6}", word in "[abc]{0,6}", most in 0usize..4) {
            let wanted: Vec<char> = wanted.chars().collect();
            let unbounded = Distances::default().within(&wanted, &word, 12);
            let expected = unbounded.filter(|edits| *edits <= most);
            prop_assert_eq!(Distances::default().within(&wanted, &word, most), expected);
        }
    }
}
