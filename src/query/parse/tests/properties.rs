//! What holds for any input: no panic, linear time, round trips, corrections that are accepted.

use proptest::prelude::*;

use crate::query::Query;

#[test]
fn limits_are_errors() {
    let table = [
        ("(".repeat(50_000), "nested more than 64"),
        ("-(".repeat(20_000), "nested more than 64"),
        ("NOT ".repeat(20_000), "nested more than 64"),
        ("+-".repeat(20_000) + "a", "nested more than 64"),
        ("a OR b AND (".repeat(60) + "c" + &")".repeat(60), "nested more than 64"),
        ("a ".repeat(2_000), "at most 1024"),
        ("country:FR,".to_owned() + &"DE,".repeat(2_000), "at most 1024"),
        ("a".repeat(100_001), "at most 100000 characters"),
    ];
    for (text, message) in table {
        let error = Query::parse(&text).unwrap_err().to_string();
        assert!(error.contains(message), "{}: {error}", &text[..20]);
    }
    assert!(Query::parse(&("(".repeat(64) + "a" + &")".repeat(64))).is_ok());
    assert!(Query::parse(&vec!["0123456789abcdef"; 1_024].join(" OR ")).is_ok());
}

/// Each of these would take minutes if a part of the parser looked again and again at what follows.
#[test]
fn hostile_input_takes_linear_time() {
    let pieces = [
        "/a|",
        "'a ",
        "‹",
        "'",
        "‘a|",
        "-+",
        "a~",
        "(a|",
        "\"",
        "\" ",
        "a:",
        "victim:",
        "\\",
        "/\\",
        "/\\/",
        "a(.)",
        "x^",
        "- ",
        "-",
        "|/a",
        "(",
        ")",
        "a)",
        "country:a ",
        "date:",
        "a, ",
        "//",
        "/(",
        "https://(",
        "\u{200b}",
        "''",
        "*",
        "?",
        "a?",
        "[",
        "^",
        "~",
        "\u{301}",
        "id:'",
        "source:(",
        "certain:",
        "date:certain:",
        "country:South ",
        "/a( ",
        "a'~",
    ];
    for piece in pieces {
        let text: String = piece.chars().cycle().take(100_000).collect();
        let _ = Query::parse(&text);
        let _ = Query::parse(&format!("victim:({text})"));
    }
}

/// Pieces of syntax and of words, put together at random.
fn hostile() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        " ",
        " ",
        " ",
        "a",
        "bc",
        "Côte",
        "none",
        "OR",
        "AND",
        "NOT",
        "or",
        " OR ",
        " AND ",
        " NOT ",
        "|",
        "(",
        ")",
        "()",
        "-",
        "+",
        "–",
        "--",
        "\"",
        "“",
        "”",
        "«",
        "»",
        "‘",
        "’",
        "'",
        "‹",
        "›",
        "＂",
        "*",
        "?",
        "~",
        "~2",
        "~4",
        "^",
        "^3",
        "^0.5",
        "/",
        "\\",
        ":",
        "victim:",
        "(victim|title):",
        "title:",
        "date:",
        "date:certain:",
        "2023",
        "2023-08",
        "..",
        ">=",
        "last-2-years",
        "country:",
        "FR",
        "South",
        "Korea",
        "region:",
        "europe",
        "motives:",
        "actor:",
        "lang:",
        "source:",
        "id:",
        "after:",
        "foo:",
        "http://",
        "(.)",
        "[.]",
        ",",
        ".",
        "!",
        ";",
        "=",
        "\u{a0}",
        "\u{200b}",
        "\u{0}",
        "🎉",
        "日本",
        "&&",
        "/a+/",
        "[1 TO 2]",
        "Republic of",
        "1",
        "0",
    ]);
    prop::collection::vec(pieces, 0..16).prop_map(|pieces| pieces.concat())
}

fn check(text: &str) -> Result<(), TestCaseError> {
    match Query::parse(text) {
        Ok(query) => {
            for note in query.notes() {
                prop_assert!(text.get(note.span.clone()).is_some(), "note {note:?}");
            }
            let canonical = query.to_string();
            let again = Query::parse(&canonical);
            prop_assert!(again.is_ok(), "{canonical}: {}", again.unwrap_err());
            let again = again.unwrap();
            prop_assert_eq!(&again, &query, "{}", canonical);
            prop_assert_eq!(again.to_string(), canonical);
        }
        Err(error) => {
            let diagnostic = error.diagnostic().unwrap();
            prop_assert_eq!(&diagnostic.query, text);
            prop_assert!(text.get(diagnostic.start..diagnostic.end).is_some());
            diagnostic.render();
            if let Some(corrected) = &diagnostic.corrected {
                prop_assert!(Query::parse(corrected).is_ok(), "{corrected}");
            }
        }
    }
    Ok(())
}

proptest! {
    // What they find goes into the tables above, not into files.
    #![proptest_config(ProptestConfig {
        cases: 1_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn syntax_in_any_order_is_read_or_refused(text in hostile()) {
        check(&text)?;
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,40}") {
        check(&text)?;
    }
}
