//! The names of fields in many sources and languages.
//!
//! In: the name of a field. Out: the [`Field`] of a report that it is.

use crate::ingest::values::fold;

/// A field of a report, as a source may have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

/// The names of fields, reduced to letters and digits; the surest first: where an object has several of one field,
/// the first here is taken and the others are kept as text.
pub(super) const NAMES: [(Field, &[&str]); 15] = [
    (Field::Id, &["id", "reportid", "incidentid", "uuid", "identifier"]),
    (
        Field::Victim,
        &[
            "victim",
            "victims",
            "victimname",
            "victimnames",
            "victime",
            "victimes",
            "opfer",
            "victima",
            "victimas",
            "affectedorganisation",
            "affectedorganization",
            "organisation",
            "organization",
            "organisationname",
            "organizationname",
            "organisme",
            "organizacion",
            "target",
            "targets",
            "company",
            "companyname",
            "entreprise",
            "unternehmen",
            "empresa",
            "entity",
            "entityname",
        ],
    ),
    (
        Field::Date,
        &[
            "incidentdate",
            "dateofincident",
            "date",
            "datum",
            "fecha",
            "eventdate",
            "datedelincident",
            "startdate",
            "datestart",
            "datedebut",
            "startdatum",
            "fechainicio",
            "month",
            "year",
        ],
    ),
    (Field::EndDate, &["enddate", "dateend", "datefin", "enddatum", "fechafin"]),
    (
        Field::Country,
        &[
            "country",
            "countries",
            "countrycode",
            "countrycodes",
            "countryname",
            "victimcountry",
            "victimcountries",
            "pays",
            "land",
            "lander",
            "pais",
            "paises",
            "location",
            "locations",
            "lieu",
            "ort",
            "standort",
            "lugar",
            "place",
        ],
    ),
    (Field::Title, &["title", "headline", "titre", "titel", "titulo", "name", "subject"]),
    (
        Field::Summary,
        &[
            "summary",
            "abstract",
            "incidentsummary",
            "shortdescription",
            "synopsis",
            "resume",
            "zusammenfassung",
            "kurzfassung",
            "resumen",
        ],
    ),
    (
        Field::Body,
        &[
            "body",
            "description",
            "incidentdescription",
            "narrative",
            "text",
            "fulltext",
            "content",
            "details",
            "beschreibung",
            "descripcion",
            "texte",
            "texto",
            "contenu",
            "contenido",
            "inhalt",
        ],
    ),
    (Field::Language, &["lang", "language", "languagecode", "langue", "sprache", "idioma"]),
    (Field::Posture, &["posture", "ciaposture", "cia"]),
    (Field::Motives, &["motives", "motive", "motivations", "motivation", "motifs", "motivos"]),
    (
        Field::Techniques,
        &[
            "techniques",
            "tacticstechniquesprocedures",
            "ttps",
            "ttp",
            "tactics",
            "tecnicas",
            "techniken",
        ],
    ),
    (
        Field::Actors,
        &[
            "actor",
            "actors",
            "threatactor",
            "threatactors",
            "attacker",
            "attackers",
            "acteurs",
            "akteure",
            "actores",
        ],
    ),
    (Field::ActorType, &["actortype", "threatactortype", "actorcategory"]),
    (
        Field::ActorLocation,
        &[
            "actorlocation",
            "actorcountry",
            "actorcountries",
            "threatactorlocation",
            "threatactorcountry",
        ],
    ),
];

/// From here on in the names of [`Field::Country`], the place need not be a country: breaches have a location such as
/// "network server".
pub(super) const FIRST_VAGUE_PLACE: &str = "location";

/// What a field is by its name, and how far down in the list of names it stands.
pub(super) fn recognise(name: &str) -> Option<(Field, usize)> {
    const LONGEST: usize = 40;
    if name.len() > LONGEST {
        return None;
    }
    let mut reduced = fold(name);
    reduced.retain(char::is_alphanumeric);
    NAMES.iter().find_map(|(field, names)| {
        names.iter().position(|known| *known == reduced).map(|rank| (*field, rank))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_its_place_and_every_name_one_field() {
        let mut seen = std::collections::HashSet::new();
        for (at, (field, names)) in NAMES.iter().enumerate() {
            assert_eq!(*field as usize, at, "{field:?}");
            for (rank, name) in names.iter().enumerate() {
                assert!(seen.insert(name), "{name}");
                assert_eq!(recognise(name), Some((*field, rank)), "{name} is not reduced");
            }
        }
        assert_eq!(recognise("Victim_Name"), recognise("victimName"));
        assert_eq!(recognise("message"), None);
        assert!(recognise(FIRST_VAGUE_PLACE).is_some());
    }
}
