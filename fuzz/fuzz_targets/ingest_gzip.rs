//! Any bytes behind the start of a gzip stream: no panic, and a report or a skip. Small limits keep to the same.
#![no_main]

use casebook::{Limits, parse_bytes};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let packed = [b"\x1F\x8B\x08".as_slice(), bytes].concat();
    let limits = Limits { decompressed_bytes: 1 << 20, record_bytes: 1 << 16, ..Limits::default() };
    for name in ["a.txt.gz", "a.jsonl.gz", "a.csv.gz"] {
        let outcome = parse_bytes(name.as_ref(), &packed, &limits);
        assert!(!outcome.reports.is_empty() || !outcome.skips.is_empty());
    }
});
