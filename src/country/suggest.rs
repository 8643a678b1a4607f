//! The countries that a misspelt name may mean.
//!
//! In: a name that no country has. Out: at most three whose spellings are nearest.

use super::{Country, fold, table};

/// How many countries are suggested at most.
const MOST: usize = 3;

pub(super) fn suggest(text: &str) -> Vec<Country> {
    // Longer than the longest name and its misspellings.
    if text.len() > 80 {
        return Vec::new();
    }
    let wanted: Vec<char> = fold::key(&fold::words(text)).chars().collect();
    // Among names of three letters everything is near to everything.
    let allowed = match wanted.len() {
        0..=3 => return Vec::new(),
        4..=5 => 1,
        6..=8 => 2,
        _ => 3,
    };
    let mut found: Vec<(usize, usize, Country)> = Vec::new();
    for (at, (key, country)) in table::spellings().iter().enumerate() {
        let name: Vec<char> = key.chars().collect();
        if name.len() < 4 || name.len().abs_diff(wanted.len()) > allowed {
            continue;
        }
        let distance = distance(&wanted, &name);
        if distance <= allowed {
            found.push((distance, at, *country));
        }
    }
    found.sort_unstable();
    let nearest = found.first().map_or(0, |best| best.0);
    let mut countries = Vec::new();
    // One edit and three are no match for each other: what is much farther than the best only confuses.
    for (_, _, country) in found.into_iter().take_while(|&(distance, ..)| distance <= nearest + 1) {
        if !countries.contains(&country) {
            countries.push(country);
        }
    }
    countries.truncate(MOST);
    countries
}

/// Letters added, left out, changed, or swapped with their neighbour (optimal string alignment).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(b.len() + 1);
        row.push(i + 1);
        for (j, y) in b.iter().enumerate() {
            let changed = above[j] + usize::from(x != y);
            let mut best = changed.min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (a, b, expected) in [
            ("", "", 0),
            ("abc", "", 3),
            ("frnace", "france", 1),
            ("kitten", "sitting", 3),
            ("ca", "abc", 3),
        ] {
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            assert_eq!(distance(&chars(a), &chars(b)), expected, "{a} {b}");
            assert_eq!(distance(&chars(b), &chars(a)), expected, "{b} {a}");
        }
    }
}
