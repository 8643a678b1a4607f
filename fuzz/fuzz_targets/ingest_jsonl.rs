//! Any bytes in a `.jsonl` file: no panic, no record without report or skip, and small limits keep to the same.
#![no_main]

use casebook::{Limits, parse_bytes};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let outcome = parse_bytes("a.jsonl".as_ref(), bytes, &Limits::default());
    assert!(!outcome.reports.is_empty() || !outcome.skips.is_empty());
    let limits = Limits { record_bytes: 32, ..Limits::default() };
    let limited = parse_bytes("a.jsonl".as_ref(), bytes, &limits);
    assert!(!limited.reports.is_empty() || !limited.skips.is_empty());
});
