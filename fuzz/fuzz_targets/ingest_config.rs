//! Any text as a `casebook.toml`, and any file read by it: no panic, and a fault names its line.
//!
//! The file comes after a line of `%%`.
#![no_main]

use casebook::{FileConfig, Limits, parse_bytes_with_config};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (settings, file) = text.split_once("\n%%\n").unwrap_or((text, "victim,date\nA,1/2/2021\n"));
    match FileConfig::parse(settings) {
        Ok(config) => {
            assert_eq!(config == FileConfig::default(), config.fingerprint() == 0);
            for name in ["a.csv", "a.json", "a.txt"] {
                let limits = Limits::default();
                parse_bytes_with_config(name.as_ref(), file.as_bytes(), &limits, &config);
            }
        }
        Err(error) => assert!(error.to_string().contains("line ")),
    }
});
