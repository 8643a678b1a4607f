//! Any bytes as a page: no panic, a report or a skip, and no place in the file claimed for text that was made from it.
#![no_main]

use casebook::{Limits, parse_bytes};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let page = [b"<!doctype html>".as_slice(), bytes].concat();
    let outcome = parse_bytes("a.html".as_ref(), &page, &Limits::default());
    // Unless it is no text at all, or content of another format that speaks for itself.
    for report in &outcome.reports {
        assert!(report.source.is_some());
    }
    assert!(!outcome.reports.is_empty() || !outcome.skips.is_empty());
});
