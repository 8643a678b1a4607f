//! Any JSON that says it is a VERIS incident: no panic, and a report or a skip.
#![no_main]

use casebook::{Limits, parse_bytes};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|parts: &str| {
    let text = format!("{{\"incident_id\": \"1\", \"schema_version\": \"1\", {parts}");
    let outcome = parse_bytes("a.json".as_ref(), text.as_bytes(), &Limits::default());
    assert!(!outcome.reports.is_empty() || !outcome.skips.is_empty());
});
