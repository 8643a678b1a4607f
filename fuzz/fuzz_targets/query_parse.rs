//! Any text is read or refused; what is read prints as text that reads back the same; every correction is accepted.
//!
//! `cargo +nightly fuzz run query_parse`

#![no_main]

use casebook::Query;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match Query::parse(text) {
        Ok(query) => {
            let canonical = query.to_string();
            assert_eq!(Query::parse(&canonical).expect(&canonical), query);
        }
        Err(error) => {
            let diagnostic = error.diagnostic().expect("a query error says where");
            diagnostic.render();
            if let Some(corrected) = &diagnostic.corrected {
                assert!(Query::parse(corrected).is_ok(), "{corrected}");
            }
        }
    }
});
