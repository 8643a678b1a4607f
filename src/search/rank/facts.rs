//! Years and countries among the words of a query, held against the date and the countries of a report.
//!
//! In: the pool. Out: for every hit, a score for each year in which its incident lies, and for each country that it
//! names as its own. `normandie defacement 2023` means the year of the incident: a report of December 2023 need not
//! write the number in its text to be the better answer. It is soft evidence, which moves a hit up and makes none.

use tantivy::Score;

use crate::country::Country;
use crate::error::Result;
use crate::query::plan::Atom;
use crate::search::execute::failed;
use crate::search::rank::Parts;
use crate::search::rank::pool::Pool;

/// What a fact counts for, beside a word of the same rarity in the text.
const WEIGHT: Score = 0.5;
/// What may lie in the year counts half of what surely does.
const POSSIBLE: Score = 0.5;
/// The longest names of countries that are looked for.
const MOST_WORDS: usize = 4;
/// `in`, `us` and `Chad` are words too; names are longer or written in more words than one.
const LEAST_LETTERS: usize = 5;

/// Something that a query says of an incident beside its text.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fact {
    /// First and last day, in days since 1970-01-01.
    Days(i64, i64),
    Country(Country),
}

/// Adds what the facts are worth.
pub(super) fn facts(pool: &Pool<'_>, parts: &mut [Parts]) -> Result<()> {
    let words = pool.lone_words();
    let typed: Vec<&str> = words.iter().map(|word| pool.search.typed(&word.span)).collect();
    for (fact, range) in find(&typed) {
        let mut rarity = 0.0_f32;
        for word in &words[range] {
            rarity = rarity.max(idf(pool, word)?);
        }
        for (segment, range) in pool.segments() {
            let columns = pool.search.searcher.segment_reader(segment).fast_fields();
            match fact {
                Fact::Days(first, last) => {
                    let from = columns.i64("date_from").map_err(failed)?;
                    let to = columns.i64("date_to").map_err(failed)?;
                    for i in range {
                        let doc = pool.hit(i).address.doc_id;
                        let (Some(from), Some(to)) = (from.first(doc), to.first(doc)) else {
                            continue;
                        };
                        if first <= from && to <= last {
                            parts[i].facts += WEIGHT * rarity;
                        } else if from <= last && first <= to {
                            parts[i].facts += WEIGHT * POSSIBLE * rarity;
                        }
                    }
                }
                Fact::Country(country) => {
                    let Some(codes) = columns.str("country").map_err(failed)? else { continue };
                    let code = codes.dictionary().term_ord(country.alpha2()).ok().flatten();
                    let Some(code) = code else { continue };
                    for i in range {
                        let doc = pool.hit(i).address.doc_id;
                        if codes.term_ords(doc).any(|ord| ord == code) {
                            parts[i].facts += WEIGHT * rarity;
                        }
                    }
                }
            }
        }
    }
    Ok(())
}

/// Whether words side by side hold a fact.
pub(super) fn has_facts(words: &[&str]) -> bool {
    !find(words).is_empty()
}

fn idf(pool: &Pool<'_>, word: &Atom) -> Result<Score> {
    let mut holders = 0;
    for term in word.slots[0].terms.iter().take(4) {
        holders += pool.holders(&term.term)?;
    }
    Ok(pool.idf(holders))
}

/// The facts in words side by side, each with the words that it was read from.
fn find(words: &[&str]) -> Vec<(Fact, std::ops::Range<usize>)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let longest = words.len().min(at + MOST_WORDS);
        let country = (at + 1..=longest).rev().find_map(|end| {
            let name = words[at..end].join(" ");
            let is_name = end > at + 1 || name.chars().count() >= LEAST_LETTERS;
            let country = Country::parse(&name).filter(|_| is_name)?;
            Some((Fact::Country(country), at..end))
        });
        let fact = country.or_else(|| year(words[at]).map(|days| (days, at..at + 1)));
        at = fact.as_ref().map_or(at + 1, |(_, range)| range.end);
        found.extend(fact);
    }
    found
}

fn year(word: &str) -> Option<Fact> {
    let is_year = word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    let year = word.parse().ok().filter(|year| is_year && (1970..2100).contains(year))?;
    let span = crate::date::IncidentDate::year(year)?;
    Some(Fact::Days(span.from().days(), span.to().days()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_and_countries_are_read_from_words() {
        let read = |text: &str| -> Vec<String> {
            let words: Vec<&str> = text.split(' ').collect();
            let name = |fact| match fact {
                Fact::Days(first, _) => crate::date::Day::from_days(first).year().to_string(),
                Fact::Country(country) => country.alpha2().to_owned(),
            };
            find(&words)
                .into_iter()
                .map(|(fact, range)| format!("{} {range:?}", name(fact)))
                .collect()
        };
        assert_eq!(read("normandie defacement 2023"), ["2023 2..3"]);
        assert_eq!(read("hospitals in South Korea 2013"), ["KR 2..4", "2013 4..5"]);
        assert_eq!(read("france"), ["FR 0..1"]);
        assert_eq!(read("us in it chad 1234 20231 99"), Vec::<String>::new());
    }
}
