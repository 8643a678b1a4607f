//! Any bytes as a PDF: no panic in this crate or the parser that it uses, no time or memory without bound.
#![no_main]

use casebook::{Limits, parse_bytes};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let pdf = [b"%PDF-1.7\n".as_slice(), bytes].concat();
    let limits = Limits { record_bytes: 1 << 20, decompressed_bytes: 4 << 20, ..Limits::default() };
    let outcome = parse_bytes("a.pdf".as_ref(), &pdf, &limits);
    assert!(!outcome.reports.is_empty() || !outcome.skips.is_empty());
    // The reader survives a panic of the parser; here it counts as found.
    let failed = outcome.skips.iter().any(|skip| skip.reason.contains("the PDF parser failed"));
    assert!(!failed);
});
