//! What single values mean, in whatever format they stand: names, dates, places, languages, counts.
//!
//! In: a value as written. Out: fields of a [`Report`], and a note where a value could not be understood.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::collect::Collector;
use crate::country::Location;
use crate::date::IncidentDate;
use crate::report::{Report, Tally};

/// A name or value in the form by which it is compared: compatibility forms, case, accents, kinds of apostrophe and
/// runs of blanks are no difference.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    if text.is_ascii() {
        // Most names by far; the tables of Unicode would change nothing but case.
        for word in text.split_ascii_whitespace() {
            if !folded.is_empty() {
                folded.push(' ');
            }
            folded
                .extend(word.chars().map(|c| if c == '`' { '\'' } else { c.to_ascii_lowercase() }));
        }
        return folded;
    }
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            '’' | '‘' | 'ʼ' | '`' => folded.push('\''),
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => {}
            c if c.is_whitespace() => {
                if !folded.is_empty() && !folded.ends_with(' ') {
                    folded.push(' ');
                }
            }
            c => folded.push(c),
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// Whether a value only says that there is none: withheld, unknown, left out.
pub(super) fn is_placeholder(value: &str) -> bool {
    const PLACEHOLDERS: [&str; 52] = [
        "aucun",
        "aucune",
        "available to members",
        "available to members only",
        "desconocida",
        "desconocido",
        "inconnu",
        "inconnue",
        "k. a.",
        "k.a.",
        "keine",
        "keine angabe",
        "keine angaben",
        "members only",
        "n. a.",
        "n.a.",
        "n/a",
        "nan",
        "nicht angegeben",
        "nicht bekannt",
        "nicht verfugbar",
        "ninguna",
        "ninguno",
        "no data",
        "no disponible",
        "no especificada",
        "no especificado",
        "non communique",
        "non disponible",
        "non precise",
        "non renseigne",
        "non specifie",
        "none",
        "not applicable",
        "not available",
        "not disclosed",
        "not given",
        "not known",
        "not specified",
        "not stated",
        "nothing",
        "null",
        "redacted",
        "se desconoce",
        "sin datos",
        "tbd",
        "unbekannt",
        "undefined",
        "undisclosed",
        "unknown",
        "unspecified",
        "withheld",
    ];
    if value.len() > 64 {
        return false;
    }
    let folded = fold(value);
    let folded = folded.trim_matches(|c: char| "*_()[]'\". ".contains(c));
    let masked = folded.len() >= 3 && folded.bytes().all(|byte| byte == b'x');
    !folded.contains(char::is_alphanumeric)
        || masked
        || PLACEHOLDERS.iter().any(|known| known.trim_matches('.') == folded)
}

/// Sets the date of a report from what is written. A value that can't be understood is kept as text, and noted.
pub(super) fn set_date(report: &mut Report, written: &str, line: u64, notes: &mut Collector<'_>) {
    let written = written.trim();
    if is_placeholder(written) {
        return;
    }
    match IncidentDate::parse_with(written, notes.config().day_order()) {
        Ok(parsed) => {
            if parsed.ambiguous {
                notes.ambiguous_date(line, written);
            }
            report.date = Some(parsed.date);
            if parsed.date.to_string() != written {
                report.date_text = written.to_owned();
            }
        }
        Err(_) => {
            report.date_text = written.to_owned();
            notes.note(Some(line), format!("date not understood: {}", shortened(written)));
        }
    }
}

/// Sets the places of a report from cells and their lines. A place that is no known country is kept as written,
/// and noted.
///
/// Each country is kept once. Gives the cells that lost something else for that, such as a second town.
pub(super) fn set_countries<'a>(
    report: &mut Report,
    cells: &[(&'a str, u64)],
    notes: &mut Collector<'_>,
) -> Vec<&'a str> {
    let mut seen = HashSet::new();
    let mut kept = HashSet::new();
    for (cell, line) in cells {
        for location in Location::parse_list(cell) {
            let unknown = location.country.is_none().then(|| location.written.clone());
            if !seen.insert((location.country, unknown)) {
                continue;
            }
            if location.country.is_none() {
                let message = format!("country not recognised: {}", shortened(&location.written));
                notes.note(Some(*line), message);
            }
            kept.extend(folded_words(&location.written));
            report.countries.push(location);
        }
    }
    const JOINING: [&str; 8] = ["and", "e", "en", "et", "or", "the", "und", "y"];
    let is_kept = |word: &String| kept.contains(word) || JOINING.contains(&word.as_str());
    let lost = |cell: &&str| !is_placeholder(cell) && !folded_words(cell).iter().all(is_kept);
    cells.iter().map(|(cell, _)| *cell).filter(lost).collect()
}

fn folded_words(text: &str) -> Vec<String> {
    let folded = fold(text);
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

/// The ISO 639-1 code of a language given as code (`fr`, `en-US`) or by its usual name.
pub(super) fn language_code(written: &str) -> Option<String> {
    const NAMES: [(&str, &[&str]); 12] = [
        ("en", &["english", "anglais", "englisch", "ingles", "eng"]),
        ("fr", &["french", "francais", "franzosisch", "frances", "fra", "fre"]),
        ("de", &["german", "allemand", "deutsch", "aleman", "deu", "ger"]),
        ("es", &["spanish", "espagnol", "spanisch", "espanol", "castellano", "spa"]),
        ("it", &["italian", "italien", "italienisch", "italiano", "ita"]),
        ("pt", &["portuguese", "portugais", "portugiesisch", "portugues", "por"]),
        ("nl", &["dutch", "neerlandais", "niederlandisch", "nederlands", "nld", "dut"]),
        ("pl", &["polish", "polonais", "polnisch", "polski", "pol"]),
        ("ru", &["russian", "russe", "russisch", "русскии", "rus"]),
        ("uk", &["ukrainian", "ukrainien", "ukrainisch", "українська", "ukr"]),
        ("zh", &["chinese", "chinois", "chinesisch", "chino", "中文", "zho", "chi"]),
        ("ja", &["japanese", "japonais", "japanisch", "japones", "日本語", "jpn"]),
    ];
    let folded = fold(written);
    if let Some((code, _)) = NAMES.iter().find(|(_, names)| names.contains(&folded.as_str())) {
        return Some((*code).to_owned());
    }
    let code = written.trim().split(['-', '_']).next()?.to_lowercase();
    (code.len() == 2 && code.bytes().all(|b| b.is_ascii_lowercase())).then_some(code)
}

/// Reads a cell that counts or lists: `4 motives`, `1 actor: Sandworm`, `financial gain, extortion`.
///
/// The second value says how count and names disagree, where they do; both are kept.
pub(super) fn parse_tally(cell: &str) -> (Tally, Option<String>) {
    let cell = cell.trim().trim_matches('*').trim();
    if is_placeholder(cell) {
        return (Tally::default(), None);
    }
    let Some((count, listed)) = counted(cell) else {
        let names = split_names(cell);
        let count = u32::try_from(names.len()).ok().filter(|count| *count > 0);
        // `>1` is no number of anything; it is shown as written.
        let count = count.filter(|_| !is_inexact(cell));
        return (Tally { count, names }, None);
    };
    let names = split_names(listed);
    let disagreement = (!names.is_empty() && names.len() != count as usize)
        .then(|| format!("{} says {count} and names {}", shortened(cell), names.len()));
    (Tally { count: Some(count), names }, disagreement)
}

/// Whether a cell only says that there are more or less than so many: `>1`, `2+ actors`.
fn is_inexact(cell: &str) -> bool {
    let marked = cell.starts_with(['<', '>', '≥', '≤', '~']) || cell.contains('+');
    let bare: String = cell.chars().filter(|c| !"<>≥≤~=+".contains(*c)).collect();
    marked && counted(bare.trim()).is_some_and(|(_, listed)| listed.is_empty())
}

/// The number at the start of a cell, and the list after it, if nothing but a noun of the format stands between.
fn counted(cell: &str) -> Option<(u32, &str)> {
    const NOUNS: [&str; 37] = [
        "&",
        "acteur",
        "acteurs",
        "actor",
        "actores",
        "actors",
        "akteur",
        "akteure",
        "and",
        "et",
        "group",
        "groups",
        "motif",
        "motifs",
        "motiv",
        "motivation",
        "motivations",
        "motive",
        "motives",
        "motivo",
        "motivos",
        "procedure",
        "procedures",
        "properties",
        "property",
        "tactic",
        "tactics",
        "technik",
        "techniken",
        "technique",
        "techniques",
        "tecnica",
        "tecnicas",
        "threat",
        "ttp",
        "ttps",
        "und",
    ];
    let digits = cell.len() - cell.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let count = cell[..digits].parse().ok()?;
    let rest = &cell[digits..];
    let plural = rest.find("(s)").map_or(0, |at| at + "(s)".len());
    let end = rest[plural..].find([':', '：', '(']).map_or(rest.len(), |at| plural + at);
    let (noun, listed) = rest.split_at(end);
    let noun = fold(noun).replace("(s)", "s");
    let known = noun.split([' ', ',']).all(|word| word.is_empty() || NOUNS.contains(&word));
    let listed = listed.trim_start_matches([':', '：']).trim();
    let bracketed = listed.strip_prefix('(').and_then(|inner| inner.strip_suffix(')'));
    known.then_some((count, bracketed.unwrap_or(listed)))
}

/// The names of a list. A semicolon separates before a comma does; a comma within brackets does not.
pub(super) fn split_names(list: &str) -> Vec<String> {
    let mut names = Vec::new();
    let semicolons = list.contains(';');
    let (mut depth, mut start) = (0_usize, 0);
    let ends = list.char_indices().chain([(list.len(), '\n')]);
    for (at, c) in ends {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let separates = match c {
            '\n' | '•' => true,
            ';' => depth == 0,
            ',' | '、' | '，' => depth == 0 && !semicolons,
            _ => false,
        };
        if separates {
            let name = list[start..at].trim();
            if !is_placeholder(name) {
                names.push(name.to_owned());
            }
            start = (at + c.len_utf8()).min(list.len());
        }
    }
    names
}

/// A value for a message: one line, not too long.
fn shortened(value: &str) -> String {
    const LONGEST: usize = 80;
    let mut words = value.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((end, _)) = words.char_indices().nth(LONGEST) {
        words.truncate(end);
        words.push('…');
    }
    words
}

#[cfg(test)]
mod tests;
