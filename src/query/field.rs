//! The fields that a query can name: one list, which the parser, the help texts and the documentation read.
//!
//! In: a name as typed. Out: the [`Field`] that it means, or the nearest one. A new field is a new line in the list
//! and an arm where values are read (`parse/value.rs`).

use super::ast::{CountField, MissingField};
use super::indicator::IndicatorField;
use crate::report::Section;

/// A name that can stand before a colon.
///
/// ```
/// use casebook::{Field, FieldKind, Section};
///
/// let field = Field::find("Victime").unwrap();
/// assert_eq!(field.name, "victim");
/// assert_eq!(field.kind, FieldKind::Text(Section::Victim));
/// assert!(Field::find("hxxp").is_none());
/// ```
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    /// The canonical name.
    pub name: &'static str,
    /// Other names for it, in English, French, German and Spanish.
    pub aliases: &'static [&'static str],
    /// What it holds.
    pub kind: FieldKind,
    /// One line of help.
    pub help: &'static str,
    /// A query that uses it.
    pub example: &'static str,
}

/// What a field holds, and so how the text after the colon is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// Running text: any clause can be sought in it.
    Text(Section),
    /// The day of the incident, as an interval.
    Date,
    /// Later than a date.
    After,
    /// Earlier than a date.
    Before,
    /// A country, or a group of countries.
    Country,
    /// A group of countries.
    Region,
    /// A number and a comparison.
    Count(CountField),
    /// The names of threat actors.
    Actor,
    /// Indicators, shown where they stand in the text.
    Indicator(IndicatorField),
    /// A language.
    Language,
    /// The path of the file, as a glob.
    Source,
    /// The id of a report.
    Id,
}

const FIELDS: &[Field] = &[
    Field {
        name: "victim",
        aliases: &[
            "victims",
            "target",
            "org",
            "organisation",
            "organization",
            "victime",
            "cible",
            "opfer",
            "víctima",
            "victima",
        ],
        kind: FieldKind::Text(Section::Victim),
        help: "who was hit",
        example: "victim:nice",
    },
    Field {
        name: "title",
        aliases: &["headline", "titre", "titel", "título", "titulo"],
        kind: FieldKind::Text(Section::Title),
        help: "the headline",
        example: "title:defaced",
    },
    Field {
        name: "summary",
        aliases: &["abstract", "résumé", "resume", "zusammenfassung", "resumen"],
        kind: FieldKind::Text(Section::Summary),
        help: "the short account",
        example: "summary:ransomware",
    },
    Field {
        name: "body",
        aliases: &["description", "narrative", "beschreibung", "descripción", "descripcion"],
        kind: FieldKind::Text(Section::Body),
        help: "the full account",
        example: "body:\"official website\"",
    },
    Field {
        name: "other",
        aliases: &[],
        kind: FieldKind::Text(Section::Other),
        help: "text that belongs to no known field",
        example: "other:sector",
    },
    Field {
        name: "date",
        aliases: &["when", "year", "datum", "fecha", "année", "annee", "jahr", "año"],
        kind: FieldKind::Date,
        help: "when it happened: a year, month, day, range, comparison, or last-2-years",
        example: "date:2023-08..2024-02",
    },
    Field {
        name: "after",
        aliases: &["après", "apres", "nach", "después", "despues"],
        kind: FieldKind::After,
        help: "later than a date",
        example: "after:2022",
    },
    Field {
        name: "before",
        aliases: &["avant", "vor", "antes"],
        kind: FieldKind::Before,
        help: "earlier than a date",
        example: "before:2023-06",
    },
    Field {
        name: "country",
        aliases: &["countries", "nation", "location", "pays", "land", "país", "pais"],
        kind: FieldKind::Country,
        help: "a country by code or name, or a group such as EU",
        example: "country:FR",
    },
    Field {
        name: "region",
        aliases: &["continent", "région", "región"],
        kind: FieldKind::Region,
        help: "a continent or group of countries",
        example: "region:europe",
    },
    Field {
        name: "motives",
        aliases: &["motive", "motifs", "motivos"],
        kind: FieldKind::Count(CountField::Motives),
        help: "how many motives the report counts",
        example: "motives:>=3",
    },
    Field {
        name: "techniques",
        aliases: &["technique", "ttps", "techniken", "técnicas", "tecnicas"],
        kind: FieldKind::Count(CountField::Techniques),
        help: "how many techniques the report counts",
        example: "techniques:1",
    },
    Field {
        name: "actors",
        aliases: &["acteurs", "akteure", "actores"],
        kind: FieldKind::Count(CountField::Actors),
        help: "how many threat actors the report counts",
        example: "actors:0",
    },
    Field {
        name: "actor",
        aliases: &["attacker", "acteur", "akteur", "täter"],
        kind: FieldKind::Actor,
        help: "words in the names of the threat actors",
        example: "actor:lapsus",
    },
    Field {
        name: "ip",
        aliases: &["ipv4", "ipv6", "cidr"],
        kind: FieldKind::Indicator(IndicatorField::Address),
        help: "an address, a network, 10.0.* or 10.0.0.1-10.0.0.9",
        example: "ip:10.0.0.0/8",
    },
    Field {
        name: "domain",
        aliases: &["hostname", "domaine", "dominio"],
        kind: FieldKind::Indicator(IndicatorField::Domain),
        help: "a domain and everything below it",
        example: "domain:example.org",
    },
    Field {
        name: "url",
        aliases: &["uri"],
        kind: FieldKind::Indicator(IndicatorField::Url),
        help: "a URL and everything below it",
        example: "url:https://example.org/a",
    },
    Field {
        name: "email",
        aliases: &["mail", "courriel"],
        kind: FieldKind::Indicator(IndicatorField::Email),
        help: "an e-mail address, or all of a domain",
        example: "email:@example.org",
    },
    Field {
        name: "hash",
        aliases: &["md5", "sha1", "sha256", "sha512"],
        kind: FieldKind::Indicator(IndicatorField::Hash),
        help: "a hash, or its first digits",
        example: "hash:d41d8cd9",
    },
    Field {
        name: "cve",
        aliases: &[],
        kind: FieldKind::Indicator(IndicatorField::Cve),
        help: "a CVE number",
        example: "cve:CVE-2023-34362",
    },
    Field {
        name: "cwe",
        aliases: &[],
        kind: FieldKind::Indicator(IndicatorField::Cwe),
        help: "a CWE number",
        example: "cwe:CWE-79",
    },
    Field {
        name: "mitre",
        aliases: &["attck"],
        kind: FieldKind::Indicator(IndicatorField::Mitre),
        help: "an ATT&CK id; a technique with its sub-techniques",
        example: "mitre:T1566",
    },
    Field {
        name: "lang",
        aliases: &["language", "langue", "sprache", "idioma"],
        kind: FieldKind::Language,
        help: "the language of the report",
        example: "lang:fr",
    },
    Field {
        name: "source",
        aliases: &["path", "file", "fichier", "datei", "archivo"],
        kind: FieldKind::Source,
        help: "the file it was read from, with * and ? as in a shell",
        example: "source:2023/*.txt",
    },
    Field {
        name: "id",
        aliases: &[],
        kind: FieldKind::Id,
        help: "the id of a report",
        example: "id:normandie-2023",
    },
];

/// Names longer than this are no misspelt field.
const LONGEST_NAME: usize = 20;

impl Field {
    /// Every field, in the order in which help should list them.
    pub fn all() -> &'static [Field] {
        FIELDS
    }

    /// The field with this name or alias, in capitals or not.
    pub fn find(name: &str) -> Option<&'static Field> {
        if name.chars().count() > LONGEST_NAME {
            return None;
        }
        let name = name.to_lowercase();
        FIELDS.iter().find(|field| field.names().any(|known| known == name))
    }

    /// The field whose name this looks like a slip of.
    ///
    /// Two slips are allowed, one in a name of three or four letters, none in shorter ones (`ip` is no slip of `id`).
    /// With two, the first letter must be right, so that `Update:` in pasted prose is not taken for `date:`.
    ///
    /// ```
    /// use casebook::Field;
    ///
    /// assert_eq!(Field::nearest("victm").unwrap().name, "victim");
    /// assert_eq!(Field::nearest("dtae").unwrap().name, "date");
    /// assert!(Field::nearest("emotet").is_none());
    /// ```
    pub fn nearest(name: &str) -> Option<&'static Field> {
        let name: Vec<char> = name.to_lowercase().chars().collect();
        let most = match name.len() {
            0..=2 => return None,
            3..=4 => 1,
            5..=LONGEST_NAME => 2,
            _ => return None,
        };
        let slips = |field: &Field| {
            let slips = field.names().map(|known| {
                let known: Vec<char> = known.chars().collect();
                let slips = edits(&name, &known);
                if slips == 2 && (known.first() != name.first() || known.len() <= 4) {
                    usize::MAX
                } else {
                    slips
                }
            });
            slips.min().unwrap_or(usize::MAX)
        };
        let nearest = FIELDS.iter().min_by_key(|field| slips(field))?;
        (slips(nearest) <= most).then_some(nearest)
    }

    /// What `none` after the colon asks for, where it asks for something.
    pub(super) fn missing(&self) -> Option<MissingField> {
        match self.kind {
            FieldKind::Text(Section::Victim) => Some(MissingField::Victim),
            FieldKind::Date => Some(MissingField::Date),
            FieldKind::Country | FieldKind::Region => Some(MissingField::Country),
            FieldKind::Count(CountField::Motives) => Some(MissingField::Motives),
            FieldKind::Count(CountField::Techniques) => Some(MissingField::Techniques),
            FieldKind::Count(CountField::Actors) | FieldKind::Actor => Some(MissingField::Actors),
            FieldKind::Language => Some(MissingField::Language),
            FieldKind::Text(_)
            | FieldKind::After
            | FieldKind::Before
            | FieldKind::Indicator(_)
            | FieldKind::Source
            | FieldKind::Id => None,
        }
    }

    fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name).chain(self.aliases.iter().copied())
    }
}

impl MissingField {
    /// The canonical name of the field, as in `date:none`.
    pub fn name(self) -> &'static str {
        match self {
            MissingField::Date => "date",
            MissingField::Country => "country",
            MissingField::Victim => "victim",
            MissingField::Language => "lang",
            MissingField::Motives => "motives",
            MissingField::Techniques => "techniques",
            MissingField::Actors => "actors",
        }
    }
}

impl CountField {
    /// The canonical name of the field, as in `motives:1`.
    pub fn name(self) -> &'static str {
        match self {
            CountField::Motives => "motives",
            CountField::Techniques => "techniques",
            CountField::Actors => "actors",
        }
    }
}

/// Insertions, deletions, replacements and swaps of neighbours that lead from one name to the other.
fn edits(a: &[char], b: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(before_last[j - 2] + 1);
            }
            row.push(least);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Query;

    #[test]
    fn names_are_lower_case_and_belong_to_one_field() {
        let mut seen = std::collections::HashSet::new();
        for name in FIELDS.iter().flat_map(Field::names) {
            assert_eq!(name, name.to_lowercase());
            assert!(seen.insert(name), "{name} stands for two fields");
        }
    }

    #[test]
    fn examples_parse_as_their_field() {
        for field in Field::all() {
            let query = Query::parse(field.example).unwrap();
            assert!(query.notes().is_empty(), "{}: {:?}", field.example, query.notes());
            assert!(field.example.starts_with(&format!("{}:", field.name)));
        }
    }

    #[test]
    fn slips_find_their_field_and_other_names_do_not() {
        let table = [
            ("victm", Some("victim")),
            ("vitcim", Some("victim")),
            ("contry", Some("country")),
            ("Coutnry", Some("country")),
            ("sumary", Some("summary")),
            ("dat", Some("date")),
            ("daet", Some("date")),
            ("titl", Some("title")),
            ("langauge", Some("lang")),
            ("soruce", Some("source")),
            ("hsah", Some("hash")),
            ("http", None),
            ("update", None),
            ("intitle", None),
            ("site", None),
            ("emotet", None),
            ("", None),
        ];
        for (name, field) in table {
            assert_eq!(Field::nearest(name).map(|field| field.name), field, "{name}");
        }
    }
}
