//! Incidents in the VERIS schema, as the VERIS Community Database has them.
//!
//! In: the object of one incident. Out: the fields of a report under the names that [`record`](super::record) knows,
//! and the rest of the object as text.
//!
//! VERIS says `Unknown` and `NA` where others say nothing; neither is a value here.

use super::record::Value;
use super::values::is_placeholder;

/// Whether an object is an incident in the VERIS schema.
pub(super) fn is_incident(fields: &[(String, Value)]) -> bool {
    let has = |name: &str| fields.iter().any(|(field, _)| field == name);
    let nested = |name: &str| {
        let is = |value: &Value| matches!(value, Value::Object(_));
        fields.iter().any(|(field, value)| field == name && is(value))
    };
    (has("incident_id") || has("schema_version"))
        && (nested("action") || nested("actor") || nested("attribute"))
}

/// The fields of the report that an incident is.
pub(super) fn fields(incident: Vec<(String, Value)>) -> Vec<(String, Value)> {
    let mut rest = Value::Object(incident);
    let mut fields = Vec::new();
    let mut set = |name: &str, value: Value| {
        if !value.is_empty() {
            fields.push((name.to_owned(), value));
        }
    };
    set("id", rest.take(&["incident_id"]));
    let mut names = Vec::new();
    let mut places = Vec::new();
    for victim in rest.objects_mut("victim") {
        names.extend(said(&victim.take(&["victim_id"])));
        places.extend(said(&victim.take(&["country"])));
    }
    set("victim", list(names));
    set("country", list(places));
    set("date", date(&mut rest));
    set("summary", rest.take(&["summary"]));
    set("posture", posture(&mut rest));

    let (mut motives, mut actors, mut types, mut seats) = (vec![], vec![], vec![], vec![]);
    for side in ["external", "internal", "partner"] {
        let actor = |field| ["actor", side, field];
        if rest.get(&["actor", side]).is_none() {
            continue;
        }
        motives.extend(said(&rest.take(&actor("motive"))));
        actors.extend(said(&rest.take(&actor("name"))));
        seats.extend(said(&rest.take(&actor("country"))));
        types.extend(qualified(side, said(&rest.take(&actor("variety")))));
    }
    set("motives", list(motives));
    set("actors", list(actors));
    set("actor_type", list(types));
    set("actor_location", list(seats));

    let mut techniques = Vec::new();
    for action in rest.names(&["action"]) {
        let varieties = said(&rest.take(&["action", &action, "variety"]));
        if !is_placeholder(&action) {
            techniques.extend(qualified(&action, varieties));
        }
    }
    set("techniques", list(techniques));
    // Under one name, so that none of it is taken for another field of the report.
    set("VERIS", rest);
    fields
}

/// The properties that were violated. Confidentiality is mentioned also where nothing was disclosed.
fn posture(rest: &mut Value) -> Value {
    let disclosed = rest.get(&["attribute", "confidentiality", "data_disclosure"]);
    let kept = disclosed.is_some_and(|value| value.texts() == ["No"]);
    let mut names = rest.names(&["attribute"]);
    names.retain(|name| !(is_placeholder(name) || kept && name == "confidentiality"));
    for name in &mut names {
        let first: String = name.chars().take(1).flat_map(char::to_uppercase).collect();
        *name = first + &name.chars().skip(1).collect::<String>();
    }
    list(names)
}

fn date(rest: &mut Value) -> Value {
    let number = |name: &str| {
        let texts = rest.get(&["timeline", "incident", name])?.texts();
        texts.first()?.parse::<u16>().ok().filter(|number| *number > 0)
    };
    let Some(year) = number("year") else { return Value::Null };
    let month = number("month");
    let day = number("day").filter(|_| month.is_some());
    let mut date = format!("{year:04}");
    for part in [month, day].into_iter().flatten() {
        date.push_str(&format!("-{part:02}"));
    }
    let said: &[&str] = match (month, day) {
        (Some(_), Some(_)) => &["year", "month", "day"],
        (Some(_), None) => &["year", "month"],
        _ => &["year"],
    };
    for part in said {
        rest.take(&["timeline", "incident", part]);
    }
    Value::String(date)
}

/// What a value says, each thing once.
fn said(value: &Value) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    for text in value.texts() {
        if !is_placeholder(&text) && text != "NA" && !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts
}

/// `hacking: SQLi`; `hacking` alone where no variety is said.
fn qualified(class: &str, varieties: Vec<String>) -> Vec<String> {
    if varieties.is_empty() {
        return vec![class.to_owned()];
    }
    varieties.into_iter().map(|variety| format!("{class}: {variety}")).collect()
}

fn list(texts: Vec<String>) -> Value {
    Value::List(texts.into_iter().map(Value::String).collect())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use crate::ingest::{FileOutcome, Limits, parse_bytes};
    use crate::report::Tally;

    fn parse(text: &str) -> FileOutcome {
        parse_bytes(Path::new("a.json"), text.as_bytes(), &Limits::default())
    }

    const INCIDENT: &str = r#"{
        "schema_version": "1.3.7", "incident_id": "AB-12", "source_id": "x", "security_incident": "Confirmed",
        "summary": "A clerk mailed the list to a stranger.",
        "timeline": {"incident": {"year": 2019, "month": 5}, "discovery": {"unit": "Days", "value": 4}},
        "victim": {"victim_id": "Example Clinic", "country": ["US", "Unknown"], "industry": "621111"},
        "action": {"error": {"variety": ["Misdelivery"], "vector": ["Carelessness"]},
                   "hacking": {"variety": ["Unknown"]}, "Unknown": {}},
        "actor": {"internal": {"variety": ["End-user"], "motive": ["NA"]},
                  "external": {"variety": ["Organized crime"], "motive": ["Financial"], "country": ["RO"], "name": ["Gang"]}},
        "attribute": {"confidentiality": {"data_disclosure": "Yes", "data_total": 25}, "availability": {}},
        "asset": {"assets": [{"variety": "M - Documents"}]}, "reference": "https://example.org/a"
    }"#;

    #[test]
    fn every_part_of_an_incident_has_its_place() {
        let lines = format!("{0}\n{0}\n", INCIDENT.replace('\n', " "));
        for (text, many) in [(INCIDENT.to_owned(), 1), (format!("[{INCIDENT}]"), 1), (lines, 2)] {
            let outcome = parse(&text);
            assert_eq!(
                (outcome.reports.len(), outcome.notes.len()),
                (many, 0),
                "{:?}",
                outcome.notes
            );
            let report = &outcome.reports[0];
            assert_eq!((report.id.as_str(), report.victim.as_str()), ("AB-12", "Example Clinic"));
            assert_eq!(report.date.unwrap().to_string(), "May 2019");
            assert_eq!(report.countries.len(), 1);
            assert_eq!(report.countries[0].country.unwrap().alpha2(), "US");
            assert_eq!(report.summary, "A clerk mailed the list to a stranger.");
            let tally = |names: &[&str]| Tally {
                count: Some(names.len() as u32),
                names: names.iter().map(|name| (*name).to_owned()).collect(),
            };
            assert_eq!(report.posture, tally(&["Confidentiality", "Availability"]));
            assert_eq!(report.motives, tally(&["Financial"]));
            assert_eq!(report.actors, tally(&["Gang"]));
            assert_eq!(report.techniques, tally(&["error: Misdelivery", "hacking"]));
            assert_eq!(
                report.actor_type.as_deref(),
                Some("external: Organized crime, internal: End-user")
            );
            assert_eq!(report.actor_location.as_deref(), Some("RO"));
            for word in [
                "621111",
                "Carelessness",
                "data_total: 25",
                "M - Documents",
                "https://example.org/a",
                "Days",
            ] {
                assert!(report.other.contains(word), "{word} {}", report.other);
            }
        }
    }

    #[test]
    fn what_is_not_said_is_not_there() {
        let outcome = parse(
            r#"{"incident_id": "1", "action": {"unknown": {"notes": "x"}}, "actor": {},
            "victim": [{"victim_id": "Unknown", "country": ["Other"]}, {"victim_id": "Acme"}],
            "timeline": {"incident": {"year": 2012, "month": 0, "day": 4}},
            "attribute": {"confidentiality": {"data_disclosure": "No"}}}"#,
        );
        let report = &outcome.reports[0];
        assert_eq!(report.victim, "Acme");
        assert_eq!(report.date.unwrap().to_string(), "2012");
        assert_eq!(report.techniques, Tally::default());
        assert_eq!(report.posture, Tally::default());
        assert!(report.actor_type.is_none());
    }

    proptest! {
        #[test]
        fn no_shape_is_too_odd(
            name in prop::sample::select(vec!["victim", "action", "actor", "attribute", "timeline", "summary"]),
            value in prop::sample::select(vec!["null", "1", "\"x\"", "[]", "[1]", "[{}]", "{}", "{\"external\": 1}",
                "{\"incident\": []}", "{\"incident\": {\"year\": \"x\", \"month\": -1}}", "{\"external\": {\"variety\": {\"a\": 1}}}",
                "{\"confidentiality\": []}", "{\"incident\": {\"year\": 99999, \"month\": 13, \"day\": 40}}"]),
        ) {
            let text = format!("{{\"incident_id\": \"1\", \"action\": {{}}, \"{name}\": {value}, \"summary\": \"s\"}}");
            let outcome = parse(&text);
            prop_assert!(outcome.reports.len() + outcome.skips.len() == 1);
        }
    }
}
