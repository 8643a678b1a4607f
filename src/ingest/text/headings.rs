//! The headings of the text format, in the spellings and languages that occur.
//!
//! In: a line. Out: which [`Heading`] it is, and the value after it on the same line.

use crate::ingest::values::fold;

/// What a heading announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Heading {
    /// `Cyber Incident Victim:`: opens a report.
    Opening,
    /// `Victim:`: the same field, but too common a word to open a second report in the middle of a text.
    Victim,
    Date,
    Location,
    Title,
    Id,
    Language,
    Summary,
    Description,
    Column(Column),
}

/// A column of the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Column {
    Posture,
    Motives,
    Techniques,
    Actors,
    ActorType,
    ActorLocation,
}

/// A heading as a line holds it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found<'t> {
    pub heading: Heading,
    /// The rest of the line, trimmed.
    pub value: &'t str,
    /// Written with a colon.
    pub colon: bool,
}

/// All headings, folded. In reports the first of each line is the usual one.
const HEADINGS: [(Heading, &[&str]); 9] = [
    (
        Heading::Opening,
        &[
            "cyber incident victim",
            "cyber-incident victim",
            "victim of the cyber incident",
            "victime du cyberincident",
            "victime de l'incident cyber",
            "victime de la cyberattaque",
            "opfer des cybervorfalls",
            "opfer des cyberangriffs",
            "victima del ciberincidente",
            "victima del incidente cibernetico",
            "victima del ciberataque",
        ],
    ),
    (
        Heading::Victim,
        &[
            "victim",
            "victims",
            "victim name",
            "incident victim",
            "affected organisation",
            "affected organization",
            "victime",
            "victimes",
            "victime de l'incident",
            "organisme touche",
            "opfer",
            "geschadigter",
            "geschadigte",
            "betroffener",
            "betroffene organisation",
            "victima",
            "victimas",
            "victima del incidente",
            "organizacion afectada",
        ],
    ),
    (
        Heading::Date,
        &[
            "date",
            "incident date",
            "date of incident",
            "date of the incident",
            "date de l'incident",
            "datum",
            "datum des vorfalls",
            "fecha",
            "fecha del incidente",
        ],
    ),
    (
        Heading::Location,
        &[
            "location",
            "locations",
            "country",
            "countries",
            "place",
            "lieu",
            "pays",
            "ort",
            "land",
            "lander",
            "standort",
            "lugar",
            "pais",
            "paises",
            "ubicacion",
            "localizacion",
            "localisation",
        ],
    ),
    (Heading::Title, &["title", "headline", "titre", "titel", "titulo"]),
    (Heading::Id, &["id", "report id", "identifier", "identifiant", "kennung", "identificador"]),
    (Heading::Language, &["language", "lang", "langue", "sprache", "idioma"]),
    (
        Heading::Summary,
        &[
            "summary",
            "incident summary",
            "executive summary",
            "abstract",
            "resume",
            "synthese",
            "zusammenfassung",
            "kurzfassung",
            "resumen",
        ],
    ),
    (
        Heading::Description,
        &[
            "description",
            "incident description",
            "full description",
            "description of the incident",
            "description de l'incident",
            "beschreibung",
            "beschreibung des vorfalls",
            "descripcion",
            "descripcion del incidente",
        ],
    ),
];

/// The columns of the tables, and the headers that say the same without a table. Folded.
const COLUMNS: [(Column, &[&str]); 6] = [
    (Column::Posture, &["cia posture", "cia", "posture", "schutzziele", "postura", "postura cia"]),
    (
        Column::Motives,
        &[
            "motives",
            "motive",
            "motivations",
            "motivation",
            "motifs",
            "motif",
            "motiv",
            "motivos",
            "motivo",
        ],
    ),
    (
        Column::Techniques,
        &[
            "tactics, techniques & procedures",
            "tactics, techniques and procedures",
            "tactics, techniques, & procedures",
            "tactics, techniques, and procedures",
            "tactics techniques & procedures",
            "tactics & techniques",
            "tactics and techniques",
            "techniques",
            "technique",
            "tactics",
            "ttps",
            "ttp",
            "tactiques, techniques et procedures",
            "techniken",
            "taktiken, techniken und prozeduren",
            "tacticas, tecnicas y procedimientos",
            "tecnicas",
        ],
    ),
    (
        Column::Actors,
        &[
            "threat actors",
            "threat actor",
            "actors",
            "actor",
            "acteurs",
            "acteurs de la menace",
            "akteure",
            "tater",
            "actores",
            "actores de amenaza",
        ],
    ),
    (
        Column::ActorType,
        &[
            "type",
            "actor type",
            "threat actor type",
            "type of actor",
            "type d'acteur",
            "typ",
            "tipo",
        ],
    ),
    (
        Column::ActorLocation,
        &[
            "location",
            "actor location",
            "threat actor location",
            "lieu",
            "pays",
            "ort",
            "land",
            "lugar",
            "pais",
        ],
    ),
];

/// Longest name that is looked up; longer lines are text, which is most lines.
const LONGEST: usize = 80;

/// The heading that `line` is or starts with.
pub(super) fn find(line: &str) -> Option<Found<'_>> {
    let bare = unmarked(line);
    let marked = bare.len() != line.trim().len();
    if let Some((name, value)) = split_colon(bare) {
        let value = value.trim();
        let value = if marked { value.trim_matches(['*', '_']).trim() } else { value };
        return heading(name).map(|heading| Found { heading, value, colon: true });
    }
    if bare.len() > LONGEST {
        return None;
    }
    heading(bare).map(|heading| Found { heading, value: "", colon: false })
}

/// The name before the first colon and what comes after, if the name is short enough to be one.
pub(super) fn split_colon(line: &str) -> Option<(&str, &str)> {
    let mut colons = line.char_indices().take_while(|(at, _)| *at <= LONGEST);
    let (at, colon) = colons.find(|(_, c)| matches!(c, ':' | '：'))?;
    Some((&line[..at], &line[at + colon.len_utf8()..]))
}

/// Whether a line looks like a header of some other name: `Sector: health`.
pub(super) fn is_unknown_header(line: &str) -> bool {
    let Some((name, value)) = split_colon(unmarked(line)) else { return false };
    let name = name.trim_matches(['*', '_', ' ']);
    let words = name.split_whitespace().count();
    (1..=5).contains(&words)
        && name.starts_with(char::is_alphabetic)
        && !name.contains(['.', '|', '"', '!', '?', ';'])
        && !value.starts_with("//")
}

/// The column that a cell names.
pub(super) fn column(cell: &str) -> Option<Column> {
    let name = fold(unmarked(cell));
    let name = name.trim_end_matches(':').trim_end();
    COLUMNS.iter().find(|(_, names)| names.contains(&name)).map(|(column, _)| *column)
}

fn heading(name: &str) -> Option<Heading> {
    let folded =
        fold(name.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '#' | '=')));
    let folded = folded.as_str();
    let known = HEADINGS.iter().find(|(_, names)| names.contains(&folded));
    known.map(|(heading, _)| *heading).or_else(|| {
        // Outside a table, "Type" may be the type of anything.
        column(folded).filter(|_| !["type", "typ", "tipo"].contains(&folded)).map(Heading::Column)
    })
}

/// The line without the marks that Markdown and lists put around a heading.
fn unmarked(line: &str) -> &str {
    let line = line.trim();
    let bare = line.trim_start_matches(['#', '*', '_', '>', '•', ' ', '\u{a0}', '\t']);
    let bare = bare.strip_prefix("- ").unwrap_or(bare).trim_start_matches(['*', '_', ' ']);
    if bare.len() == line.len() {
        return line;
    }
    bare.trim_end_matches(['#', '*', '_', ' ']).trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_found_in_many_spellings() {
        for (line, heading, value, colon) in [
            ("Cyber Incident Victim: Acme", Heading::Opening, "Acme", true),
            ("CYBER INCIDENT VICTIM :Acme : x", Heading::Opening, "Acme : x", true),
            ("\u{feff}Victim: Acme", Heading::Victim, "Acme", true),
            ("Victime\u{a0}: Mairie", Heading::Victim, "Mairie", true),
            ("Date：2023", Heading::Date, "2023", true),
            ("**Date:** Dec 2023", Heading::Date, "Dec 2023", true),
            ("**Date: Dec 2023**", Heading::Date, "Dec 2023", true),
            ("- Location: France", Heading::Location, "France", true),
            ("## Summary", Heading::Summary, "", false),
            ("## Summary ##", Heading::Summary, "", false),
            ("**SUMMARY:**", Heading::Summary, "", true),
            ("Résumé", Heading::Summary, "", false),
            ("Résumé : court", Heading::Summary, "court", true),
            ("description", Heading::Description, "", false),
            ("TTPs: phishing", Heading::Column(Column::Techniques), "phishing", true),
            ("Victime de l’incident: x", Heading::Victim, "x", true),
        ] {
            let found = find(line).unwrap_or_else(|| panic!("{line}"));
            assert_eq!(
                (found.heading, found.value, found.colon),
                (heading, value, colon),
                "{line}"
            );
        }
        for line in
            ["", "Description of events", "Summary of it all: x", "https://example.org", "* *", ":"]
        {
            assert!(find(line).is_none(), "{line}");
        }
    }

    #[test]
    fn no_name_is_listed_twice_and_all_are_folded() {
        let mut seen = std::collections::HashSet::new();
        for name in HEADINGS.iter().flat_map(|(_, names)| names.iter()) {
            assert!(seen.insert(name), "{name}");
            assert_eq!(fold(name), **name);
        }
        seen.clear();
        for name in COLUMNS.iter().flat_map(|(_, names)| names.iter()) {
            assert!(seen.insert(name), "{name}");
            assert_eq!(fold(name), **name);
        }
    }

    #[test]
    fn other_headers_are_told_from_sentences_and_links() {
        for line in ["Sector: health", "**Number of records:** 5", "Branche : santé", "Reference:"]
        {
            assert!(is_unknown_header(line), "{line}");
        }
        for line in [
            "https://example.org/a",
            "12:30 the site was down",
            "He said: \"no\" and left it at that. Then: x",
            "The attackers had three aims in mind: money",
        ] {
            assert_eq!(is_unknown_header(line), line.starts_with("He said"), "{line}");
        }
    }
}
