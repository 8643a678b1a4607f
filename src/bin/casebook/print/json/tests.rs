//! The JSON output, held against its schema.

use std::time::{Duration, SystemTime};

use casebook::eval::{Judgements, RandomisationTest, Run};
use casebook::{
    Aliases, IndicatorCount, IndicatorKind, Indicators, Lookup, Pending, Skip, SkipKind, Status,
    SyncReport,
};
use serde_json::Value;

use crate::corpus::Location;
use crate::print::tests::{normandie, print, results};
use crate::print::{Format, Style, aliases, eval, indicators, status};
use crate::watch::line;

const SCHEMA: &str = include_str!("../../../../../docs/output.schema.json");
const DOCUMENT: &str = include_str!("../../../../../docs/json-output.md");

/// Checks a value against the parts of JSON Schema that the schema uses; any other keyword fails, so that a
/// schema that grows can't escape the check.
fn check(schema: &Value, value: &Value, root: &Value, at: &str) -> Result<(), String> {
    let wrong = |what: &str| Err(format!("{at}: {what}, found {value}"));
    for (keyword, rule) in schema.as_object().unwrap() {
        match keyword.as_str() {
            "description" | "title" | "$schema" | "$defs" => {}
            "$ref" => {
                let pointer = rule.as_str().unwrap().trim_start_matches('#');
                let target = root.pointer(pointer).ok_or(format!("{pointer} is not there"))?;
                check(target, value, root, at)?;
            }
            "anyOf" => {
                let tried = rule.as_array().unwrap().iter().map(|way| check(way, value, root, at));
                let errors: Vec<_> = tried.filter_map(Result::err).collect();
                if errors.len() == rule.as_array().unwrap().len() {
                    return Err(errors.join("; or "));
                }
            }
            "type" => {
                let types = rule.as_array().cloned().unwrap_or_else(|| vec![rule.clone()]);
                if !types.iter().any(|name| has_type(value, name.as_str().unwrap())) {
                    return wrong(&format!("expected {rule}"));
                }
            }
            "const" if rule != value => return wrong(&format!("expected {rule}")),
            "enum" if !rule.as_array().unwrap().contains(value) => return wrong("not in the list"),
            "const" | "enum" => {}
            "minimum" => {
                if value.as_f64().is_some_and(|number| number < rule.as_f64().unwrap()) {
                    return wrong(&format!("less than {rule}"));
                }
            }
            "pattern" => {
                // The patterns in use fix a length and allow only digits, hyphens and capitals.
                let allowed = |c: char| c.is_ascii_digit() || c == '-' || c.is_ascii_uppercase();
                if value
                    .as_str()
                    .is_some_and(|text| !matches!(text.len(), 2 | 10) || !text.chars().all(allowed))
                {
                    return wrong(&format!("does not match {rule}"));
                }
            }
            "items" => {
                for (nth, item) in value.as_array().into_iter().flatten().enumerate() {
                    check(rule, item, root, &format!("{at}/{nth}"))?;
                }
            }
            "required" => {
                for name in rule.as_array().unwrap() {
                    if value.is_object() && value.get(name.as_str().unwrap()).is_none() {
                        return wrong(&format!("{name} is missing"));
                    }
                }
            }
            "properties" => {
                for (name, content) in value.as_object().into_iter().flatten() {
                    match rule.get(name) {
                        Some(rule) => check(rule, content, root, &format!("{at}/{name}"))?,
                        None => return Err(format!("{at}/{name} is not in the schema")),
                    }
                }
            }
            "additionalProperties" => assert_eq!(rule, false, "checked with the properties"),
            other => return Err(format!("the check knows no {other}")),
        }
    }
    Ok(())
}

fn has_type(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}

fn assert_is(definition: &str, printed: &str) {
    let root: Value = serde_json::from_str(SCHEMA).unwrap();
    let value: Value = serde_json::from_str(printed).unwrap();
    let schema = &root["$defs"][definition];
    check(schema, &value, &root, definition).unwrap();
    check(&root, &value, &root, "").unwrap();
}

#[test]
fn an_answer_is_as_the_schema_says() {
    assert_is("answer", &print(Format::Json, Style::PLAIN, &results(), false));
    assert_is("answer", &print(Format::Json, Style::PLAIN, &Default::default(), false));
}

#[test]
fn every_line_is_a_hit() {
    let lines = print(Format::JsonLines, Style::PLAIN, &results(), false);
    assert_eq!(lines.lines().count(), 3);
    for line in lines.lines() {
        assert_is("hit_line", line);
    }
}

#[test]
fn a_report_is_as_the_schema_says() {
    let mut out = Vec::new();
    super::report(&normandie(), &mut out).unwrap();
    assert_is("report", std::str::from_utf8(&out).unwrap());
}

#[test]
fn a_status_is_as_the_schema_says() {
    let skip = Skip {
        path: "a\x1b.txt".into(),
        line: Some(3),
        record: None,
        kind: SkipKind::Malformed,
        reason: "no object".into(),
    };
    assert_is("skip", &serde_json::to_string(&skip).unwrap());
    let status = Status {
        reports: 3,
        files: 2,
        index_bytes: 1000,
        indexed_at: Some(SystemTime::now()),
        dated: 1,
        date_range: "2019".parse().ok(),
        countries: vec![("France".into(), 1)],
        languages: vec![("fr".into(), 1)],
        pending: Pending { new: 1, ..Pending::default() },
        skips: vec![skip],
        ..Status::default()
    };
    let location =
        Location { root: "corpus".into(), index: None, reason: None, prefix: "corpus".into() };
    for status in [status, Status::default()] {
        let mut out = Vec::new();
        status::json(&status, &location, &mut out).unwrap();
        assert_is("status", std::str::from_utf8(&out).unwrap());
    }
}

#[test]
fn a_line_of_a_watch_is_as_the_schema_says() {
    let skip = Skip {
        path: "a.txt".into(),
        line: None,
        record: None,
        kind: SkipKind::Binary,
        reason: "binary file".into(),
    };
    for (rebuilt, skips) in [(None, &[][..]), (Some("damaged".to_owned()), &[&skip])] {
        let report = SyncReport { rebuilt, ..SyncReport::default() };
        let mut out = Vec::new();
        line::json(&report, skips, SystemTime::now(), &mut out).unwrap();
        assert_is("sync", std::str::from_utf8(&out).unwrap());
    }
}

#[test]
fn an_evaluation_is_as_the_schema_says() {
    let judgements = Judgements::parse("q1 0 a 1\nq2 0 a 0\n").unwrap();
    let run = Run::parse("q1 Q0 a 1 1 x\nq3 Q0 a 1 1 x\n").unwrap();
    let evaluation = judgements.evaluate(&run);
    let comparison = RandomisationTest::default().compare(&evaluation, &evaluation).unwrap();
    let runs = [("a.run".to_owned(), evaluation.clone()), ("casebook".to_owned(), evaluation)];
    for (runs, comparison, per_query) in
        [(&runs[..], Some(&comparison), true), (&runs[..1], None, false)]
    {
        let measured = eval::Measured { runs, comparison, per_query, elapsed: Duration::ZERO };
        let mut out = Vec::new();
        eval::json(&measured, &mut out).unwrap();
        assert_is("evaluation", std::str::from_utf8(&out).unwrap());
    }
}

#[test]
fn indicators_are_as_the_schema_says() {
    let count =
        IndicatorCount { kind: IndicatorKind::Domain, value: "example.org".into(), reports: 2 };
    let held = Indicators { reports: 3, holders: 2, found: vec![count] };
    for (held, defanged) in [(held, true), (Indicators::default(), false)] {
        let listing = indicators::Listing { defanged, top: 5, query: "a" };
        let mut out = Vec::new();
        indicators::json(&held, &listing, &mut out).unwrap();
        assert_is("indicators", std::str::from_utf8(&out).unwrap());
    }
    let kinds = IndicatorKind::ALL.into_iter().map(Some).chain([None]);
    let lookup = |kind| Lookup { typed: "a".into(), kind, value: "a".into(), reports: 1 };
    let lookups: Vec<_> = kinds.map(lookup).collect();
    let listing = indicators::Listing { defanged: false, top: 5, query: "" };
    let mut out = Vec::new();
    indicators::lookups_json(&lookups, &listing, &mut out).unwrap();
    assert_is("lookups", std::str::from_utf8(&out).unwrap());
}

#[test]
fn aliases_are_as_the_schema_says() {
    let known = Aliases::default();
    let (sets, ambiguous) = (Vec::from_iter(known.sets()), Vec::from_iter(known.ambiguous()));
    let mut out = Vec::new();
    aliases::json(&sets, &ambiguous, &mut out).unwrap();
    assert_is("aliases", std::str::from_utf8(&out).unwrap());
}

#[test]
fn the_check_can_fail() {
    let root: Value = serde_json::from_str(SCHEMA).unwrap();
    let answer = print(Format::Json, Style::PLAIN, &results(), false);
    for (pointer, replacement) in [
        ("/version", "2"),
        ("/total", "-1"),
        ("/hits/0/tier", "\"good\""),
        ("/hits/0/date/from", "\"yesterday\""),
        ("/hits/0/passages/0/file/line", "0"),
        ("/hits/0/posture", "{\"count\": 1, \"names\": [], \"more\": 1}"),
        ("/hits/0/source", "{\"path\": \"a\"}"),
        ("/relaxation", "\"query\""),
    ] {
        let mut value: Value = serde_json::from_str(&answer).unwrap();
        *value.pointer_mut(pointer).unwrap() = serde_json::from_str(replacement).unwrap();
        assert!(check(&root["$defs"]["answer"], &value, &root, "").is_err(), "{pointer}");
    }
}

#[test]
fn offsets_lead_to_the_text() {
    let answer: Value =
        serde_json::from_str(&print(Format::Json, Style::PLAIN, &results(), false)).unwrap();
    let hit = &answer["hits"][0];
    let body = hit["body"].as_str().unwrap();
    let passage = &hit["passages"][0];
    for span in passage["highlights"].as_array().unwrap().iter().chain([passage]) {
        let at = |name: &str| span[name].as_u64().unwrap() as usize;
        assert_eq!(&body[at("byte_start")..at("byte_end")], span["text"]);
        let file = |name: &str| span["file"][name].as_u64().unwrap() as usize;
        assert_eq!(file("byte_end") - file("byte_start"), at("byte_end") - at("byte_start"));
        assert!(file("char_start") < file("byte_start"), "é and … are more bytes than characters");
    }
}

#[test]
fn the_document_names_every_field() {
    let root: Value = serde_json::from_str(SCHEMA).unwrap();
    for (definition, schema) in root["$defs"].as_object().unwrap() {
        for name in schema["properties"].as_object().unwrap().keys() {
            let named = DOCUMENT.contains(&format!("`{name}`"));
            assert!(named, "docs/json-output.md lacks `{name}` of {definition}");
        }
    }
}
