//! Any bytes in a `.csv` file: no panic, and every file gives a report or a skip, under small limits too.
#![no_main]

use casebook::{Limits, parse_bytes};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for record_bytes in [Limits::default().record_bytes, 32] {
        let limits = Limits { record_bytes, ..Limits::default() };
        let outcome = parse_bytes("a.csv".as_ref(), bytes, &limits);
        assert!(!outcome.reports.is_empty() || !outcome.skips.is_empty());
    }
});
