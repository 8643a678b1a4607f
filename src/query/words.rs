//! Plain text as a query: every word counts, nothing is an operator.
//!
//! In: a sentence, a title, whatever was copied. Out: a [`Query`] of its words side by side.

use unicode_segmentation::UnicodeSegmentation;

use super::ast::{Clause, ClauseKind, Note, Query, Span};
use super::lex::plain;

/// As many as a query may have that is typed.
const MOST_WORDS: usize = 1_024;
/// The longest word, in bytes. The query is canonical text too, which is bounded.
const LONGEST: usize = 90;

impl Query {
    /// Reads plain text: the words of it, side by side, as if each had been typed alone.
    ///
    /// Operators, quotation marks, brackets, wildcards and names of fields mean nothing here. A word that the query
    /// language reads as a word stays whole (`CVE-2023-34362`); of any other its letters and digits count.
    ///
    /// ```
    /// use casebook::Query;
    ///
    /// let query = Query::words("What did \"Lapsus$\" do, OR not (date: 2022)?");
    /// assert_eq!(query.to_string(), "What did Lapsus do or not date 2022");
    /// ```
    pub fn words(text: &str) -> Query {
        let mut words = Vec::new();
        let mut left_out: Option<Span> = None;
        for piece in text.split_whitespace() {
            let start = piece.as_ptr() as usize - text.as_ptr() as usize;
            for (offset, word) in words_of(piece) {
                let span = start + offset..start + offset + word.len();
                if words.len() < MOST_WORDS && word.len() <= LONGEST {
                    words.push(Clause::new(ClauseKind::Word(harmless(word)), span));
                } else {
                    let first = left_out.map_or(span.start, |left_out| left_out.start);
                    left_out = Some(first..span.end);
                }
            }
        }
        let notes = left_out.map(|span| Note {
            span,
            message: format!(
                "words were left out: a query has at most {MOST_WORDS}, of {LONGEST} bytes each"
            ),
        });
        let root = match words.len() {
            0 => None,
            1 => words.pop(),
            _ => {
                let span = words[0].span.start..words[words.len() - 1].span.end;
                Some(Clause::new(ClauseKind::All(words), span))
            }
        };
        Query { text: text.to_owned(), root, notes: notes.into_iter().collect() }
    }
}

/// The words of a piece of text without blanks, each with its place.
fn words_of(piece: &str) -> Vec<(usize, &str)> {
    let bare = piece.trim_matches(|c: char| !c.is_alphanumeric());
    let start = piece.len() - piece.trim_start_matches(|c: char| !c.is_alphanumeric()).len();
    if reads_as_word(bare) {
        return vec![(start, bare)];
    }
    let words = piece.unicode_word_indices().flat_map(|(start, word)| {
        // UAX #29 has a colon between letters belong to the word, as in Swedish.
        // And a sign with a combining mark on it begins one.
        let parts = word.split(':').map(|part| part.trim_matches(|c: char| !c.is_alphanumeric()));
        parts
            .filter(|part| !part.is_empty())
            .map(move |part| (start + (part.as_ptr() as usize - word.as_ptr() as usize), part))
    });
    words.collect()
}

/// Whether the language reads `text` as one word, all of it.
fn reads_as_word(text: &str) -> bool {
    text.len() <= LONGEST
        && Query::parse(text).is_ok_and(|query| {
            matches!(query.root(), Some(Clause { kind: ClauseKind::Word(word), boost, .. })
                if word == text && *boost == 1.0)
        })
}

/// The word as the language reads it: without characters of no width, and an operator in small letters, where it is
/// one no longer.
fn harmless(word: &str) -> String {
    let word: String = word.chars().filter_map(plain).collect();
    if matches!(word.as_str(), "AND" | "OR" | "NOT") { word.to_lowercase() } else { word }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_and_nothing_else() {
        for (text, expected) in [
            ("website defaced", "website defaced"),
            ("  what is it ?\n", "what is it"),
            ("\"official website\"", "official website"),
            ("'lone quote", "lone quote"),
            ("a OR b AND NOT c", "a or b and not c"),
            ("OR", "or"),
            ("-ransomware +wiper", "ransomware wiper"),
            ("victim:nice date:2023", "victim nice date 2023"),
            ("(multi-targeted) compilers; TCOLL.", "multi-targeted compilers TCOLL"),
            ("ransom* defac?d colonail~2 word^3 /re/", "ransom defac d colonail 2 word 3 re"),
            ("CVE-2023-34362, T1566.001; C:\\Windows", "CVE-2023-34362 T1566.001 C:\\Windows"),
            ("Côte d’Azur, l'hôpital", "Côte d’Azur l'hôpital"),
            ("", ""),
            ("\" ( - *", ""),
            ("日本 東京", "日本 東京"),
        ] {
            let query = Query::words(text);
            assert_eq!(query.to_string(), expected, "{text}");
            assert_eq!(query.text(), text);
            assert!(query.notes().is_empty(), "{text}");
        }
    }

    #[test]
    fn spans_are_those_of_the_text() {
        let query = Query::words("a (b) victim:nice");
        let words = query.root().unwrap().children().iter();
        let typed: Vec<_> = words.map(|word| &query.text()[word.span.clone()]).collect();
        assert_eq!(typed, ["a", "b", "victim", "nice"]);
    }

    #[test]
    fn what_is_too_much_is_left_out_with_a_note() {
        let query = Query::words(&"word ".repeat(2_000));
        assert_eq!(query.root().unwrap().children().len(), MOST_WORDS);
        assert!(query.notes()[0].message.starts_with("words were left out"));
        let query = Query::words(&format!("a {} b", "x".repeat(200)));
        assert_eq!(query.to_string(), "a b");
        assert_eq!(query.notes()[0].span, 2..202);
    }

    fn letters(text: &str) -> String {
        let letters = text.chars().filter_map(plain).filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    }

    proptest! {
        #[test]
        fn it_reads_back_as_it_was_understood(text in "([a-zA-Z0-9éßा日ิ:'’\"*?~^/\\\\()|.,@_<>=&\\[\\]+-]| |OR |NOT |date:|-){0,40}") {
            let query = Query::words(&text);
            prop_assert_eq!(&Query::parse(&query.to_string()).unwrap(), &query, "{}", query);
            prop_assert_eq!(letters(&query.to_string()), letters(&text), "every word counts");
        }

        #[test]
        fn any_text_is_a_query(text in ".{0,60}") {
            let query = Query::words(&text);
            prop_assert_eq!(&Query::parse(&query.to_string()).unwrap(), &query, "{}", query);
            prop_assert_eq!(letters(&query.to_string()), letters(&text), "every word counts");
        }
    }
}
