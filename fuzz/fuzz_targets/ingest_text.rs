//! Any bytes in a `.txt` file: no panic, and every section stands in the text where the report says.
#![no_main]

use casebook::{Limits, parse_bytes};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let outcome = parse_bytes("a.txt".as_ref(), bytes, &Limits::default());
    assert!(!outcome.reports.is_empty() || !outcome.skips.is_empty());
    // Other encodings are decoded first, and the places are those of the decoded text.
    let Ok(text) = str::from_utf8(bytes) else { return };
    if bytes.contains(&0) || text.starts_with('\u{feff}') {
        return;
    }
    for report in &outcome.reports {
        let Some(source) = &report.source else { continue };
        for origin in &source.origins {
            let rest = &text[origin.byte as usize..];
            assert!(rest.starts_with(report.section(origin.section)), "{origin:?}");
        }
    }
});
