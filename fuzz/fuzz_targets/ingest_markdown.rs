//! Any text below any front matter: no panic, and every section stands in the text where the report says.
#![no_main]

use casebook::{Limits, parse_bytes};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (bool, &str, &str)| {
    let (toml, fields, rest) = input;
    let fence = if toml { "+++" } else { "---" };
    let text = format!("{fence}\n{fields}\n{fence}\n{rest}");
    let outcome = parse_bytes("a.md".as_ref(), text.as_bytes(), &Limits::default());
    assert!(!outcome.reports.is_empty() || !outcome.skips.is_empty());
    if text.contains('\0') {
        return; // another encoding
    }
    for report in &outcome.reports {
        let Some(source) = &report.source else { continue };
        for origin in &source.origins {
            let rest = &text[origin.byte as usize..];
            assert!(rest.starts_with(report.section(origin.section)), "{origin:?}");
        }
    }
});
