//! The names of fields in many sources and languages: the one list of them.
//!
//! In: the name of a column, a key or a heading, in any spelling. Out: the [`Field`] of a report that it is, and how
//! surely. Every format asks here, so that a name means the same in a table, in JSON and over a paragraph.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::values::fold;

/// A field of a report, as a source may have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Field {
    Id,
    Victim,
    Date,
    EndDate,
    Country,
    Title,
    Summary,
    Body,
    Language,
    Posture,
    Motives,
    Techniques,
    Actors,
    ActorType,
    ActorLocation,
}

impl Field {
    /// How many there are; a field as `usize` is less.
    pub const COUNT: usize = TABLE.len();

    /// Every field.
    pub fn all() -> impl Iterator<Item = Field> {
        TABLE.iter().map(|names| names.field)
    }

    /// What the field is called in settings.
    pub fn name(self) -> &'static str {
        match self {
            Field::Id => "id",
            Field::Victim => "victim",
            Field::Date => "date",
            Field::EndDate => "end_date",
            Field::Country => "country",
            Field::Title => "title",
            Field::Summary => "summary",
            Field::Body => "body",
            Field::Language => "language",
            Field::Posture => "posture",
            Field::Motives => "motives",
            Field::Techniques => "techniques",
            Field::Actors => "actors",
            Field::ActorType => "actor_type",
            Field::ActorLocation => "actor_location",
        }
    }
}

/// What a name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Known {
    pub field: Field,
    /// How far down in the list of the field's names it stands, from 1. Where a record has several names of one
    /// field, the lowest rank is taken.
    pub rank: usize,
    /// It may also stand over a paragraph, or before a colon in one. The others are too common as words.
    pub heading: bool,
    /// The place that it names need not be one on the map: breaches have a location such as "network server".
    pub vague: bool,
    /// The day that it gives is that of a report or publication, after what it tells of.
    pub late: bool,
}

impl Known {
    /// Whether settings say so, as against a name that is known without them.
    pub fn is_set(self) -> bool {
        self.rank == 0
    }
}

/// What a field is by its name. Case, accents, blanks, `_`, `-` and a remark in brackets at the end are no difference.
pub(super) fn known(name: &str) -> Option<Known> {
    let reduced = reduce(name)?;
    if let Some(known) = INDEX.get(reduced.as_str()) {
        return Some(*known);
    }
    // `Victim(s)`, `Date (UTC)`
    let (bare, _) = name.trim_end().strip_suffix([')', ']'])?.rsplit_once(['(', '['])?;
    INDEX.get(reduce(bare)?.as_str()).copied()
}

/// A name by its letters and digits alone, folded; `None` if there are none, or far too many.
pub(super) fn reduce(name: &str) -> Option<String> {
    const LONGEST: usize = 80;
    if name.len() > LONGEST {
        return None;
    }
    let mut reduced = fold(name);
    reduced.retain(char::is_alphanumeric);
    (!reduced.is_empty()).then_some(reduced)
}

/// The names of one field, folded, with `; ` between them; the surest first.
struct Names {
    field: Field,
    /// Also headings of the text format.
    headings: &'static str,
    /// Only names of columns and keys.
    keys: &'static str,
}

impl Names {
    /// Each name, and whether it is also a heading.
    fn all(&self) -> impl Iterator<Item = (&'static str, bool)> {
        let split = |names: &'static str| names.split("; ").filter(|name| !name.is_empty());
        let headings = split(self.headings).map(|name| (name, true));
        headings.chain(split(self.keys).map(|name| (name, false)))
    }
}

/// In the order of [`Field`].
static TABLE: [Names; 15] = [
    Names {
        field: Field::Id,
        headings: "id; report id; identifier; identifiant; kennung; identificador",
        keys: "incident id; case id; uuid; reference number; aktenzeichen",
    },
    Names {
        field: Field::Victim,
        headings: "cyber incident victim; victim of the cyber incident; victime du cyberincident; victime de l'incident \
                   cyber; victime de la cyberattaque; opfer des cybervorfalls; opfer des cyberangriffs; victima del \
                   ciberincidente; victima del incidente cibernetico; victima del ciberataque; victim; victims; victim \
                   name; victim names; incident victim; affected organisation; affected organization; victime; \
                   victimes; victime de l'incident; nom de la victime; organisme touche; organisation touchee; entite \
                   touchee; opfer; name des opfers; geschadigter; geschadigte; betroffener; betroffene organisation; \
                   betroffenes unternehmen; victima; victimas; victima del incidente; nombre de la victima; \
                   organizacion afectada; entidad afectada; afectado; afectada",
        keys: "organisation; organization; organisation name; organization name; organisme; nom de l'organisation; \
                   organizacion; affected entity; covered entity; name of covered entity; target; targets; cible; ziel; \
                   objetivo; receiver name; receiver; name of organization; name of organisation; company; company name; entreprise; societe; unternehmen; firma; empresa; entity; entity \
                   name; entite; entidad; post title",
    },
    Names {
        field: Field::Date,
        headings: "incident date; date of incident; date of the incident; date de l'incident; datum des vorfalls; \
                   vorfallsdatum; fecha del incidente; date; datum; fecha",
        // The day of discovery is not when it happened, but the nearest to it that some sources have.
        keys: "event date; attack date; date of attack; date de l'attaque; datum des angriffs; angriffsdatum; fecha \
                   del ataque; breach date; date of breach; date occurred; occurred; occurred on; occurred at; start \
                   date; date start; date debut; date de debut; startdatum; fecha inicio; fecha de inicio; month; year; \
                   annee; jahr; year of breach; discovered; date discovered; discovery date; date of discovery; date de \
                   decouverte; entdeckt; entdeckt am; descubierto; fecha de descubrimiento; date reported; reported; \
                   reported on; report date; reported date; date de signalement; date de notification; meldedatum; \
                   gemeldet am; fecha de notificacion; breach submission date; submission date; notification date; \
                   date disclosed; disclosure date; disclosed; date made public; published; published at; published on; \
                   published date; date published; publication date; date of publication; pub date; date de \
                   publication; publie le; veroffentlicht; veroffentlicht am; veroffentlichungsdatum; publicado; fecha \
                   de publicacion; date added; added; posted; created; created at; created on; creation date; \
                   timestamp",
    },
    Names {
        field: Field::EndDate,
        headings: "",
        keys: "end date; date end; date fin; date de fin; enddatum; fecha fin; fecha de fin",
    },
    Names {
        field: Field::Country,
        headings: "country; countries; pays; land; lander; pais; paises; location; locations; place; lieu; ort; \
                   standort; lugar; ubicacion; localizacion; localisation",
        keys: "country code; country codes; country name; victim country; victim countries; country of victim; \
                   receiver country; receiver countries; target country; target countries; targeted country; targeted \
                   countries; affected country; affected countries; pays \
                   de la victime; land des opfers; pais de la victima; code pays; landercode",
    },
    Names {
        field: Field::Title,
        headings: "title; headline; titre; titel; titulo",
        keys: "incident title; uberschrift; schlagzeile; titular; name; subject; objet; betreff; asunto; \
                   info",
    },
    Names {
        field: Field::Summary,
        headings: "summary; incident summary; executive summary; abstract; resume; synthese; zusammenfassung; \
                   kurzfassung; resumen",
        keys: "short description; synopsis; kurzbeschreibung; sumario",
    },
    Names {
        field: Field::Body,
        headings: "description; incident description; full description; description of the incident; description de \
                   l'incident; beschreibung; beschreibung des vorfalls; descripcion; descripcion del incidente",
        keys: "body; narrative; text; full text; content; details; description of incident; incident details; \
                   details of incident; case description; event description; web description; article body; content \
                   text; content html; what happened; texte; texto; contenu; contenido; inhalt; recit; \
                   sachverhalt; relato",
    },
    Names {
        field: Field::Language,
        headings: "language; lang; langue; sprache; idioma",
        keys: "language code",
    },
    Names {
        field: Field::Posture,
        headings: "cia posture; cia; posture; schutzziele; postura; postura cia",
        keys: "",
    },
    Names {
        field: Field::Motives,
        headings: "motives; motive; motivations; motivation; motifs; motif; motiv; motivos; motivo",
        keys: "attacker motive; actor motive; motivacion",
    },
    Names {
        field: Field::Techniques,
        headings: "tactics, techniques & procedures; tactics, techniques and procedures; tactics & techniques; tactics \
                   and techniques; techniques; technique; tactics; ttps; ttp; tactiques, techniques et procedures; \
                   techniken; taktiken, techniken und prozeduren; tacticas, tecnicas y procedimientos; tecnicas",
        keys: "tecnica; technik; attack type; type of attack; attack types; attack vector; type d'attaque; angriffsart; \
                   art des angriffs; tipo de ataque",
    },
    Names {
        field: Field::Actors,
        headings: "threat actors; threat actor; actors; actor; acteurs; acteurs de la menace; akteure; tater; actores; \
                   actores de amenaza",
        keys: "actor name; attacker; attackers; attaquant; attaquants; angreifer; atacante; atacantes; acteur; \
                   akteur; threat group; initiator name; adversary; ransomware \
                   group; group name; gang; group",
    },
    Names {
        field: Field::ActorType,
        headings: "actor type; threat actor type; type of actor; type d'acteur",
        keys: "actor category; initiator category; attacker type; akteurstyp; tipo de actor",
    },
    Names {
        field: Field::ActorLocation,
        headings: "actor location; threat actor location",
        keys: "actor country; actor countries; threat actor country; attacker country; initiator country; pays de l'acteur; herkunft \
                   des akteurs; pais del actor",
    },
];

/// Names of [`Field::Country`] that a source may have for any sort of place.
const VAGUE: [&str; 10] = [
    "location",
    "locations",
    "place",
    "lieu",
    "ort",
    "standort",
    "lugar",
    "ubicacion",
    "localizacion",
    "localisation",
];

static INDEX: LazyLock<FxHashMap<String, Known>> = LazyLock::new(|| {
    let mut index = FxHashMap::default();
    for names in &TABLE {
        let mut late = false;
        for (rank, (name, heading)) in (1..).zip(names.all()) {
            let vague = VAGUE.contains(&name);
            late |= name == FIRST_LATE;
            // Where a record has both, what is a country by its name is surer than what is any place.
            let rank = if vague { rank + VAGUE_RANK } else { rank };
            let known = Known { field: names.field, rank, heading, vague, late };
            index.extend(reduce(name).map(|name| (name, known)));
        }
    }
    index
});

/// The first name of [`Field::Date`] whose day is not that of the incident; those after it are of the same kind.
const FIRST_LATE: &str = "date reported";

/// More than a field has names.
const VAGUE_RANK: usize = 1000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_its_place_and_every_name_one_field() {
        let mut seen = std::collections::HashSet::new();
        for (at, names) in TABLE.iter().enumerate() {
            assert_eq!(names.field as usize, at, "{:?}", names.field);
            assert!(names.all().count() < VAGUE_RANK);
            for (name, _) in names.all() {
                assert_eq!(fold(name), name, "{name} is not folded");
                assert!(seen.insert(reduce(name)), "{name} is there twice");
                assert_eq!(known(name).map(|known| known.field), Some(names.field), "{name}");
            }
        }
        assert!(VAGUE.iter().all(|name| known(name).is_some_and(|known| known.vague)));
        let is_late = |name: &str| known(name).is_some_and(|known| known.late);
        assert!(is_late(FIRST_LATE) && is_late("Published at") && !is_late("Discovered"));
    }

    #[test]
    fn a_field_is_known_by_its_own_name() {
        for field in Field::all() {
            assert_eq!(known(field.name()).map(|known| known.field), Some(field));
        }
    }

    #[test]
    fn names_are_known_in_any_spelling() {
        for (name, field) in [
            ("Victim_Name", Some(Field::Victim)),
            ("victimName", Some(Field::Victim)),
            ("VICTIM-NAME", Some(Field::Victim)),
            (" victim  name ", Some(Field::Victim)),
            ("Victim(s)", Some(Field::Victim)),
            ("Organisation", Some(Field::Victim)),
            ("Víctima", Some(Field::Victim)),
            ("Betroffener", Some(Field::Victim)),
            ("Date (UTC)", Some(Field::Date)),
            ("Date de l’incident", Some(Field::Date)),
            ("Fecha", Some(Field::Date)),
            ("dateDiscovered", Some(Field::Date)),
            ("Länder", Some(Field::Country)),
            ("Résumé", Some(Field::Summary)),
            ("Tactics, Techniques & Procedures", Some(Field::Techniques)),
            ("_id", Some(Field::Id)),
            ("@timestamp", Some(Field::Date)),
            ("Breach Submission Date", Some(Field::Date)),
            ("receiver_name", Some(Field::Victim)),
            ("Targeted countries", Some(Field::Country)),
            ("Type d’attaque", Some(Field::Techniques)),
            ("group_name", Some(Field::Actors)),
            ("_", None),
            ("", None),
            ("()", None),
            ("message", None),
            ("victim of circumstance", None),
        ] {
            assert_eq!(known(name).map(|known| known.field), field, "{name}");
        }
        assert_eq!(known(&"victim ".repeat(20)), None);
    }

    #[test]
    fn the_surer_name_has_the_lower_rank() {
        for (surer, other) in [
            ("victim", "organisation"),
            ("organisation", "company"),
            ("incident_date", "date"),
            ("date", "year"),
            ("year", "discovered"),
            ("victim_country", "location"),
            ("title", "name"),
            ("description", "text"),
        ] {
            let rank = |name: &str| known(name).unwrap().rank;
            assert!(rank(surer) < rank(other), "{surer} {other}");
        }
    }
}
