//! Any JSON in the parts of a VERIS incident: no panic, and one report or skip.
#![no_main]

use casebook::{Limits, parse_bytes};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, &str, &str)| {
    let (victim, action, timeline) = input;
    let text = format!(
        "{{\"incident_id\": \"1\", \"victim\": {victim}, \"action\": {{\"x\": {action}}}, \"timeline\": {timeline}}}"
    );
    let outcome = parse_bytes("a.json".as_ref(), text.as_bytes(), &Limits::default());
    assert!(!outcome.reports.is_empty() || !outcome.skips.is_empty());
});
