//! The table of spellings and the look-up in it.
//!
//! In: a spelling. Out: the country it names. Codes come from the ISO 3166-1 table of `rust_iso3166`, spellings from
//! `names.txt` beside this file; both are put into one hash map at the first look-up (about three milliseconds).

use std::collections::HashMap;
use std::sync::OnceLock;

use super::{Country, fold};

/// No spelling of a country is longer; what is, is running text.
const MAX_BYTES: usize = 200;

/// What is known about a country.
pub(super) struct Entry {
    pub alpha2: &'static str,
    pub alpha3: &'static str,
    pub name: &'static str,
}

/// All countries, sorted by code.
pub(super) fn entries() -> &'static [Entry] {
    &table().entries
}

/// All spellings in the form in which they are compared, but no codes; a country's name comes before its others.
pub(super) fn spellings() -> &'static [(String, Country)] {
    &table().spellings
}

/// The country that a text names.
pub(super) fn find(text: &str) -> Option<Country> {
    if text.len() > MAX_BYTES {
        return None;
    }
    let words = fold::words(text);
    let known = |words: &[String]| table().by_key.get(&fold::key(words)).copied();
    known(&words).or_else(|| known(without_form_of_state(&words)?))
}

struct Table {
    entries: Vec<Entry>,
    by_key: HashMap<String, Country>,
    spellings: Vec<(String, Country)>,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table =
            Table { entries: Vec::new(), by_key: HashMap::new(), spellings: Vec::new() };
        for (alpha2, names) in lines() {
            let country = Country(table.entries.len() as u8);
            let iso = rust_iso3166::from_alpha2(alpha2);
            // Kosovo has no code of the standard; this one is in general use beside XK.
            let alpha3 = iso.map_or("XKX", |iso| iso.alpha3);
            for code in [alpha2, alpha3] {
                table.by_key.insert(code.to_ascii_lowercase(), country);
            }
            let mut first = None;
            for name in names {
                first.get_or_insert(name);
                let key = fold::key(&fold::words(name));
                table.by_key.entry(key.clone()).or_insert(country);
                table.spellings.push((key, country));
            }
            table.entries.push(Entry { alpha2, alpha3, name: first.unwrap_or(alpha2) });
        }
        table
    })
}

/// The lines of the table: a code, and the spellings of the country.
fn lines() -> impl Iterator<Item = (&'static str, impl Iterator<Item = &'static str>)> {
    include_str!("names.txt").lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut fields = line.split('|').map(str::trim);
        Some((fields.next()?, fields))
    })
}

/// Words that say what kind of state a country is. `State` is not among them: `State of Georgia` is another Georgia.
const FORMS: &str = "republic rep republique republik republica repubblica republiek kingdom royaume konigreich reino \
                     regno koninkrijk federal federated federative federation democratic dem socialist islamic \
                     people s peoples united commonwealth principality sultanate duchy grand bolivarian plurinational \
                     hashemite union populaire popular popolare democratique democratica demokratische";

/// Words between the form of a state and its name.
const LINKS: &str = "of the de du des del della di da do d la l le les van der y";

/// The name without a form of state before or after it: `Republic of X`, `X, Kingdom of the`. `None` without one.
///
/// Where the form tells countries apart (Korea, Congo, China), the table holds the whole spellings, and those are
/// looked up first; what remains of them is not enough.
fn without_form_of_state(words: &[String]) -> Option<&[String]> {
    const TOLD_APART: [&str; 5] = ["korea", "congo", "china", "kongo", "yemen"];
    let is_in = |list: &str, word: &String| list.split(' ').any(|w| w == word);
    let form = |word: &&String| is_in(FORMS, word);
    let link = |word: &&String| is_in(LINKS, word);

    let leading = words.iter().skip_while(|word| *word == "the").take_while(form).count();
    let articles = words.iter().take_while(|word| *word == "the").count();
    let after_form = &words[leading + articles..];
    let links = after_form.iter().take_while(link).count();
    let rest = if leading > 0 && links > 0 {
        &after_form[links..]
    } else {
        let trailing = words.iter().rev().take_while(|word| form(word) || link(word)).count();
        let (rest, tail) = words.split_at(words.len() - trailing);
        let whole = tail.iter().any(|word| form(&word)) && tail.iter().any(|word| link(&word));
        if !whole {
            return None;
        }
        rest
    };
    let distinct = !rest.is_empty() && !rest.iter().any(|word| TOLD_APART.contains(&word.as_str()));
    // A code is no name: `Republic of IN`.
    (distinct && rest.iter().map(String::len).sum::<usize>() > 3).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_holds_the_standard_and_kosovo() {
        let codes: Vec<&str> = lines().map(|(code, _)| code).collect();
        assert!(codes.is_sorted());
        let mut standard: Vec<&str> = rust_iso3166::ALL.iter().map(|c| c.alpha2).collect();
        standard.push("XK");
        standard.sort_unstable();
        assert_eq!(codes, standard);
    }

    #[test]
    fn no_spelling_names_two_countries_or_stands_twice() {
        let mut seen: HashMap<&str, Country> = HashMap::new();
        for (key, country) in spellings() {
            assert!(!key.is_empty(), "{country}");
            assert_eq!(seen.insert(key, *country), None, "{key} ({country})");
            let found = table().by_key.get(key);
            assert_eq!(found, Some(country), "{key} is also a code");
        }
    }

    #[test]
    fn forms_of_state() {
        for (text, expected) in [
            ("Republic of Lithuania", Some("LT")),
            ("The Republic of the Philippines", Some("PH")),
            ("Lithuania, Republic of", Some("LT")),
            ("Venezuela (Bolivarian Republic of)", Some("VE")),
            ("Tanzania, United Republic of", Some("TZ")),
            ("République de Slovénie", Some("SI")),
            ("Königreich der Niederlande", Some("NL")),
            ("Republik Atlantis", None),
            ("United States of Mexico", None),
            ("Democratic Republic of Korea", None),
            ("Republic of Yugoslavia", None),
            ("Republic of IN", None),
            ("France, of the", None),
        ] {
            assert_eq!(find(text).map(Country::alpha2), expected, "{text}");
        }
    }
}
