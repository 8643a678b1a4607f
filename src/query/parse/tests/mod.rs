//! The language as tables: what is written, and what it is understood as. `docs/query-language.md` holds the lines
//! that users should know, tested too; here are the corners.

mod fields;
mod properties;
mod terms;

use crate::query::Query;

fn canonical(text: &str) -> String {
    match Query::parse(text) {
        Ok(query) => query.to_string(),
        Err(error) => panic!("{text}: {error}"),
    }
}

#[track_caller]
fn reads(table: &[(&str, &str)]) {
    for (written, understood) in table {
        assert_eq!(canonical(written), *understood, "{written}");
    }
}

/// Each query must be refused, at the given text, with the given correction; an empty one stands for none.
#[track_caller]
fn refuses(table: &[(&str, &str, &str)]) {
    for (written, at, corrected) in table {
        let error = Query::parse(written).expect_err(written);
        let diagnostic = error.diagnostic().expect(written);
        assert_eq!(&diagnostic.query[diagnostic.start..diagnostic.end], *at, "{written}: {error}");
        assert_eq!(diagnostic.corrected.as_deref().unwrap_or(""), *corrected, "{written}: {error}");
        if let Some(corrected) = &diagnostic.corrected {
            assert!(Query::parse(corrected).is_ok(), "{written} -> {corrected}");
        }
    }
}

fn notes(text: &str) -> Vec<String> {
    Query::parse(text).unwrap().notes().iter().map(|note| note.message.clone()).collect()
}
