//! The short and long forms of a victim's name.
//!
//! In: a report. Out: terms that lead from one form to the other: from initials to the words of the name ("World Health
//! Organization" by `WHO`), and between a name and the acronym that the report itself gives in brackets ("Chambre de
//! commerce et d'industrie (CCI)"). The planner looks them up and searches for the form that the victim is written in,
//! so that evidence shows it.
//!
//! A term is the form that is asked for, a mark, the words that the victim's name has in its stead, and why. Precision
//! first: only the victim's name, only the initials of its first, its last or all words, function words left out.

use std::collections::BTreeSet;

use crate::analysis::{Analyzer, OwnedToken, is_function_word};
use crate::report::{Report, Section};

/// Parts the form that is asked for from what stands in its stead.
const MARK: char = '\u{1}';
/// How many letters initials have.
const LETTERS: std::ops::RangeInclusive<usize> = 2..=8;
/// Initials of a part of a name: two letters would be those of too many.
const LEAST_OF_PART: usize = 3;
/// A name that stands beside its acronym has no more bytes than this.
const NAME_BYTES: usize = 160;

/// Why a form may stand for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    /// It is the initials of the name.
    Initials,
    /// The report gives both.
    Given,
}

/// What a term says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ShortName<'t> {
    /// What is asked for, as folded words.
    pub asked: &'t str,
    /// What stands in the victim's name instead, as folded words.
    pub instead: &'t str,
    pub why: Why,
}

impl<'t> ShortName<'t> {
    /// Reads a term.
    pub fn parse(term: &'t str) -> Option<Self> {
        let (asked, rest) = term.split_once(MARK)?;
        let (why, instead) = rest.split_at_checked(1)?;
        let why = if why == "i" { Why::Initials } else { Why::Given };
        Some(Self { asked, instead, why })
    }

    /// What the terms begin with that lead from `asked`.
    pub fn prefix(asked: &str) -> String {
        format!("{asked}{MARK}")
    }

    fn term(asked: &str, instead: &str, why: Why) -> String {
        let why = if why == Why::Initials { 'i' } else { 'g' };
        format!("{asked}{MARK}{why}{instead}")
    }
}

/// The terms of a report's victim.
pub(crate) fn terms(report: &Report, analyzer: &mut Analyzer) -> BTreeSet<String> {
    let mut terms = BTreeSet::new();
    let victim = analyzer.forms(report.section(Section::Victim));
    if victim.is_empty() {
        return terms;
    }
    initials(&victim, &mut terms);
    for section in Section::ALL {
        given(report.section(section), &victim, analyzer, &mut terms);
    }
    terms
}

/// The initials of the first words of the name, of its last, and of all.
fn initials(victim: &[OwnedToken], terms: &mut BTreeSet<String>) {
    let content: Vec<usize> =
        (0..victim.len()).filter(|&at| !is_function_word(&victim[at].surface)).collect();
    let all = content.len();
    for n in LETTERS {
        if n > all || (n < LEAST_OF_PART && n != all) {
            continue;
        }
        for words in [&content[..n], &content[all - n..]] {
            if let [first, .., last] = words
                && let Some(letters) = first_letters(words.iter().map(|&at| &victim[at]))
            {
                let name = joined(&victim[*first..=*last]);
                terms.insert(ShortName::term(&letters, &name, Why::Initials));
            }
        }
    }
    // `MoD`: with the function words.
    if LETTERS.contains(&victim.len())
        && victim.len() > all
        && let Some(letters) = first_letters(victim.iter())
    {
        terms.insert(ShortName::term(&letters, &joined(victim), Why::Initials));
    }
}

/// The acronyms that a text gives in brackets after a name, or before a name in brackets, where the victim has one of the
/// two forms and not the other.
fn given(text: &str, victim: &[OwnedToken], analyzer: &mut Analyzer, terms: &mut BTreeSet<String>) {
    for (open, _) in text.match_indices('(') {
        let after = head(&text[open + 1..]);
        let Some(close) = after.find(')') else { continue };
        let (before, inside) = (text[..open].trim_end(), after[..close].trim());
        let (short, long) = if is_acronym(inside) {
            (inside, tail(before))
        } else {
            let word = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
            if !is_acronym(word) {
                continue;
            }
            (word, inside)
        };
        let short = joined(&analyzer.forms(short));
        let words = analyzer.forms(long);
        let words = match is_acronym(inside) {
            // The least of the words before the bracket that the acronym stands for.
            true => (0..words.len()).rev().map(|at| &words[at..]).find(|it| stands_for(&short, it)),
            false => Some(words.as_slice()).filter(|it| stands_for(&short, it)),
        };
        let Some(long) = words.map(joined) else { continue };
        let name = format!(" {} ", joined(victim));
        let has = |form: &str| name.contains(&format!(" {form} "));
        match (has(&short), has(&long)) {
            (true, false) => terms.insert(ShortName::term(&long, &short, Why::Given)),
            (false, true) => terms.insert(ShortName::term(&short, &long, Why::Given)),
            _ => false,
        };
    }
}

/// The beginning of a text, as much as a name may take: a text of brackets that never close costs no more.
fn head(text: &str) -> &str {
    let mut end = text.len().min(NAME_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The end of a text, as much as a name may take.
fn tail(text: &str) -> &str {
    let mut start = text.len().saturating_sub(NAME_BYTES);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    &text[start..]
}

/// Whether a word is written as an acronym: capitals alone.
fn is_acronym(word: &str) -> bool {
    let mut letters = 0;
    word.chars().all(|c| {
        letters += 1;
        c.is_uppercase()
    }) && LETTERS.contains(&letters)
}

/// Whether an acronym is the initials of words, with or without the function words.
fn stands_for(short: &str, words: &[OwnedToken]) -> bool {
    let content = || words.iter().filter(|word| !is_function_word(&word.surface));
    let starts = words.first().is_some_and(|word| !is_function_word(&word.surface));
    starts
        && words.len() > 1
        && (first_letters(content()).is_some_and(|letters| letters == short)
            || first_letters(words.iter()).is_some_and(|letters| letters == short))
}

/// The first letters of words; `None` where one begins with something else.
fn first_letters<'w>(words: impl Iterator<Item = &'w OwnedToken>) -> Option<String> {
    words.map(|word| word.surface.chars().next().filter(|c| c.is_alphabetic())).collect()
}

fn joined(words: &[OwnedToken]) -> String {
    words.iter().map(|word| word.surface.as_str()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::analysis::Language;

    fn of(victim: &str, body: &str) -> Vec<String> {
        let report = Report { victim: victim.into(), body: body.into(), ..Report::new("x") };
        let terms = terms(&report, &mut Analyzer::new(Language::English));
        let told = |term: &String| {
            let ShortName { asked, instead, why } = ShortName::parse(term).unwrap();
            let why = if why == Why::Given { " (given)" } else { "" };
            format!("{asked}: {instead}{why}")
        };
        terms.iter().map(told).collect()
    }

    #[test]
    fn initials_of_names() {
        for (victim, expected) in [
            ("World Health Organization", &["who: world health organization"][..]),
            ("Banco de Chile", &["bc: banco de chile", "bdc: banco de chile"]),
            ("Equifax", &[]),
            ("", &[]),
            ("Clermont-Ferrand", &["cf: clermont ferrand"]),
            (
                "Chambre de commerce et d’industrie Nice",
                &[
                    "ccdein: chambre de commerce et industrie nice",
                    "cci: chambre de commerce et industrie",
                    "ccin: chambre de commerce et industrie nice",
                    "cin: commerce et industrie nice",
                ][..],
            ),
            ("Agency 42 North", &[]),
        ] {
            let found = of(victim, "");
            if victim.starts_with("Chambre") {
                for one in &expected[1..] {
                    assert!(found.iter().any(|term| term == one), "{victim}: {one} in {found:?}");
                }
            } else {
                assert_eq!(found, expected, "{victim}");
            }
        }
    }

    #[test]
    fn acronyms_that_the_report_gives() {
        let given = |victim: &str, body: &str| -> Vec<String> {
            of(victim, body).into_iter().filter(|term| term.ends_with("(given)")).collect()
        };
        for (victim, body, expected) in [
            (
                "CCI Nice",
                "Die Chambre de commerce et d'industrie (CCI) war betroffen.",
                &["chambre de commerce et industrie: cci (given)"][..],
            ),
            (
                "CCI Nice",
                "The CCI (Chambre de commerce et d’industrie) was hit.",
                &["chambre de commerce et industrie: cci (given)"],
            ),
            (
                "Chambre de commerce et d'industrie de Nice",
                "La chambre de commerce et d'industrie (CCI) …",
                &["cci: chambre de commerce et industrie (given)"],
            ),
            ("Nice", "The chamber of commerce and industry (CCI).", &[]),
            ("CCI Nice", "The bank of France (CCI).", &[]),
            ("CCI Nice", "The (CCI", &[]),
            ("CCI Nice", "(CCI) and (chambre)", &[]),
            ("CCI Nice", "() (CCI)", &[]),
        ] {
            assert_eq!(given(victim, body), expected, "{victim}: {body}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(victim in "[A-Zé ’'()-]{0,30}", body in "[A-Zé ’'()]{0,60}") {
            for term in of(&victim, &body) {
                prop_assert!(!term.is_empty());
            }
        }
    }
}
