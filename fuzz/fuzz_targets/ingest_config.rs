//! Any text as a `casebook.toml`, and any table read by it: no panic, and a fault names its line.
#![no_main]

use casebook::{FileConfig, Limits, parse_bytes_with_config};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, &[u8])| {
    let (settings, bytes) = input;
    match FileConfig::parse(settings) {
        Ok(config) => {
            assert_eq!(config == FileConfig::default(), config.fingerprint() == 0);
            for name in ["a.csv", "a.json", "a.txt"] {
                parse_bytes_with_config(name.as_ref(), bytes, &Limits::default(), &config);
            }
        }
        Err(error) => assert!(error.to_string().contains("line ")),
    }
});
