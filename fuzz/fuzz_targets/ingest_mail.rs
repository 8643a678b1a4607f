//! Any bytes in a `.eml` file: no panic, and a report or a skip.
#![no_main]

use casebook::{Limits, parse_bytes};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mail = [b"From: a\nTo: b\nSubject: c\n".as_slice(), bytes].concat();
    let outcome = parse_bytes("a.eml".as_ref(), &mail, &Limits::default());
    assert!(!outcome.reports.is_empty() || !outcome.skips.is_empty());
});
