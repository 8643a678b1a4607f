//! Joins the words that were broken at the ends of lines.
//!
//! In: text with the line ends of the page. Out: the same, each broken word whole. Whether a hyphen was there before
//! the line was broken is told from the rest of the text; where that says nothing, it was not, as is the case more
//! often.

use std::collections::HashSet;

/// Of a longer one the end is enough.
const LONGEST_WORD: usize = 64;

/// Joins broken words.
pub(super) fn join(text: &str) -> String {
    if !text.contains("-\n") {
        return text.to_owned();
    }
    let known: HashSet<&str> =
        text.split(|c| !is_of_word(c)).filter(|word| word.len() > 2).collect();
    let mut joined = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("-\n") {
        let (line, after) = (&rest[..at], &rest[at + 2..]);
        joined.push_str(line);
        rest = after;
        let word = joined.chars().rev().take(LONGEST_WORD).take_while(|c| is_of_word(*c));
        let first = &joined[joined.len() - word.map(char::len_utf8).sum::<usize>()..];
        let second = &after[..after.len() - after.trim_start_matches(is_of_word).len()];
        let is_broken =
            first.ends_with(char::is_lowercase) && second.starts_with(char::is_lowercase);
        if !is_broken {
            joined.push_str("-\n");
        } else if known.contains(format!("{first}-{second}").as_str())
            && !known.contains(format!("{first}{second}").as_str())
        {
            joined.push('-');
        }
    }
    joined.push_str(rest);
    joined
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '-'
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn broken_words_are_whole_again() {
        for (text, joined) in [
            ("a manip-\nulation of it", "a manipulation of it"),
            (
                "the state-\nowned firm; a state-owned one",
                "the state-owned firm; a state-owned one",
            ),
            ("the web-\nsite, website or web-site", "the website, website or web-site"),
            ("CVE-\n2021", "CVE-\n2021"),
            ("Jean-\nLuc", "Jean-\nLuc"),
            ("a -\nb", "a -\nb"),
            ("über-\nprüft-\nen", "überprüften"),
            ("-\n", "-\n"),
            ("ab", "ab"),
        ] {
            assert_eq!(join(text), joined);
        }
    }

    proptest! {
        #[test]
        fn nothing_but_hyphens_and_line_ends_goes(text in "([a-zé]{0,3}|-\n|[ A-Z-]|\n){0,30}") {
            let bare = |text: &str| text.replace(['-', '\n'], "");
            prop_assert_eq!(bare(&join(&text)), bare(&text));
        }
    }
}
