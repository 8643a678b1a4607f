//! Any text in a `.md` file, front matter or not: no panic, and every section stands in the text where the report says.
#![no_main]

use casebook::{Limits, parse_bytes};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let outcome = parse_bytes("a.md".as_ref(), text.as_bytes(), &Limits::default());
    assert!(!outcome.reports.is_empty() || !outcome.skips.is_empty());
    if text.contains('\0') || text.starts_with('\u{feff}') {
        return; // another encoding, or places of the text without its mark
    }
    for report in &outcome.reports {
        let Some(source) = &report.source else { continue };
        for origin in &source.origins {
            let rest = &text[origin.byte as usize..];
            assert!(rest.starts_with(report.section(origin.section)), "{origin:?}");
        }
    }
});
