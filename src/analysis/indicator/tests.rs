//! Texts with indicators in them, as reports write them.

use proptest::prelude::*;

use crate::analysis::{Analyzer, Language, TokenKind};

fn analyzer() -> Analyzer {
    Analyzer::new(Language::English)
}

/// Kind, canonical form and written text of each indicator.
fn found(text: &str) -> Vec<(&'static str, String, String)> {
    let tokens = analyzer().indicators(text).into_iter();
    tokens
        .map(|token| match token.kind {
            TokenKind::Indicator(kind) => {
                (kind.name(), token.surface, text[token.range].to_owned())
            }
            kind => panic!("{kind:?}"),
        })
        .collect()
}

fn words(text: &str) -> Vec<String> {
    analyzer().forms(text).into_iter().map(|token| token.surface).collect()
}

/// Kind, canonical form, and the text as written.
type Expected = &'static [(&'static str, &'static str, &'static str)];

#[test]
fn in_sentences() {
    let cases: &[(&str, Expected)] = &[
        ("The attackers defaced it, i.e. all of it. So what?", &[]),
        ("He said:yes/no and/or 12:30, 3.14 (v2) e.g. U.S.-based", &[]),
        (
            "sent from \"evil[.]example[.]com\".",
            &[("domain", "evil.example.com", "evil[.]example[.]com")],
        ),
        (
            "See hxxps[:]//Evil[.]com/Gate.php?a=1, then",
            &[("url", "https://evil.com/Gate.php?a=1", "hxxps[:]//Evil[.]com/Gate.php?a=1")],
        ),
        ("1.2.3.4,5.6.7[.]8;", &[("ipv4", "1.2.3.4", "1.2.3.4"), ("ipv4", "5.6.7.8", "5.6.7[.]8")]),
        ("version 91.2.3.4 and v91.2.3.4 and (version:91.2.3.4)", &[]),
        ("requests.post(x) Picture%20of%202.png", &[]),
        ("exploits CVE-2023-34362's flaw", &[("cve", "CVE-2023-34362", "CVE-2023-34362")]),
        (
            "CVE-2023-34362/CVE-2023-0669",
            &[
                ("cve", "CVE-2023-34362", "CVE-2023-34362"),
                ("cve", "CVE-2023-0669", "CVE-2023-0669"),
            ],
        ),
        ("(T1566.001)", &[("attack", "T1566.001", "T1566.001")]),
        ("user[at]example(.)org wrote", &[("email", "user@example.org", "user[at]example(.)org")]),
        ("mailto:a.b@example.org", &[("email", "a.b@example.org", "a.b@example.org")]),
        (
            "md5:D41D8CD98F00B204E9800998ECF8427E",
            &[("md5", "d41d8cd98f00b204e9800998ecf8427e", "D41D8CD98F00B204E9800998ECF8427E")],
        ),
        ("dropped payload.exe.", &[("file", "payload.exe", "payload.exe")]),
        (
            r"in C:\Program Files\Foo\x.dll and",
            &[("path", r"C:\Program Files\Foo\x.dll", r"C:\Program Files\Foo\x.dll")],
        ),
        ("http://пример.com", &[]),
        ("evil.exe-example.com", &[("domain", "evil.exe-example.com", "evil.exe-example.com")]),
        ("T1566-example.com", &[("domain", "t1566-example.com", "T1566-example.com")]),
        ("T1566-like", &[("attack", "T1566", "T1566")]),
        ("exploit-CVE-2023-34362", &[("cve", "CVE-2023-34362", "CVE-2023-34362")]),
        ("bücher-shop.de, foo_bar.com, übel.com", &[]),
        ("[link](http://a.com/x)", &[("url", "http://a.com/x", "http://a.com/x")]),
        ("l'example.com’s", &[("domain", "example.com", "example.com")]),
        ("“example.com”", &[("domain", "example.com", "example.com")]),
        ("network 10.0.0.0/8", &[("network", "10.0.0.0/8", "10.0.0.0/8")]),
    ];
    for (text, expected) in cases {
        let found = found(text);
        let found: Vec<_> =
            found.iter().map(|(kind, form, text)| (*kind, form.as_str(), text.as_str())).collect();
        assert_eq!(found, *expected, "{text}");
    }
}

#[test]
fn words_are_the_same_fanged_and_defanged() {
    let cases = [
        ("hxxps[:]//evil[.]example(dot)com/a.php", "https://evil.example.com/a.php"),
        ("user[at]example[.]org", "user@example.org"),
        ("10[.]0[.]0[.]1", "10.0.0.1"),
        ("2001[:]db8[:][:]1", "2001:db8::1"),
        ("a example[.]com b", "a example.com b"),
    ];
    for (defanged, fanged) in cases {
        assert_eq!(words(defanged), words(fanged), "{defanged}");
        let canonical = |text| analyzer().indicators(text).into_iter().map(|t| t.surface);
        assert!(canonical(defanged).eq(canonical(fanged)), "{defanged}");
    }
}

#[test]
fn an_indicator_stands_before_its_first_word() {
    let mut tokens = Vec::new();
    let text = "at evil[.]com now";
    analyzer().analyze(text, |token| {
        tokens.push((token.position, token.surface.to_owned(), &text[token.range]));
    });
    let expected = [
        (0, "at", "at"),
        (1, "evil.com", "evil[.]com"),
        (1, "evil", "evil"),
        (2, "com", "com"),
        (3, "now", "now"),
    ];
    let expected: Vec<_> = expected.map(|(at, form, text)| (at, form.to_owned(), text)).into();
    assert_eq!(tokens, expected);
}

/// Pieces that meet in every rule.
fn tricky() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "a",
        "evil",
        "com",
        "net",
        "In",
        "exe",
        "zip",
        "1",
        "10",
        "255",
        "2001",
        "db8",
        "T1566",
        "001",
        "CVE",
        "2023",
        "34362",
        "d41d8cd98f00b204e9800998ecf8427e",
        "http",
        "hxxps",
        "C:",
        "HKLM",
        "Program Files",
        "onion",
        "bc1",
        ".",
        ".",
        "[.]",
        "(dot)",
        "[at]",
        "@",
        ":",
        "[:]",
        "//",
        "/",
        "\\",
        "\\\\",
        "-",
        "_",
        "%",
        "~",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "'",
        "’s",
        "\"",
        ",",
        " ",
        "\n",
        "\u{A0}",
        "é",
        "字",
        "?",
        "=",
        "#",
        "&",
        "‑",
        "*",
    ];
    proptest::collection::vec(proptest::sample::select(PIECES), 0..14)
        .prop_map(|pieces| pieces.concat())
}

fn check(text: &str) -> Result<(), TestCaseError> {
    let mut tokens = Vec::new();
    analyzer().analyze(text, |token| tokens.push(token.to_owned()));
    let mut end = 0;
    for (i, token) in tokens.iter().enumerate() {
        let written = text.get(token.range.clone());
        prop_assert!(written.is_some_and(|written| !written.is_empty()), "{:?}", token);
        let written = written.unwrap_or_default();
        if token.kind == TokenKind::Word {
            prop_assert!(token.range.start >= end, "{:?} in {:?}", token, text);
            end = token.range.end;
            continue;
        }
        prop_assert!(token.range.start >= end, "{:?} in {:?}", token, text);
        let first = tokens.get(i + 1).filter(|word| word.kind == TokenKind::Word);
        prop_assert!(first.is_some_and(|word| word.position == token.position), "{:?}", tokens);
        prop_assert!(!token.surface.chars().any(|c| c.is_control()));
        let alone = analyzer().indicators(written);
        prop_assert_eq!(alone.len(), 1, "{:?} in {:?}", written, text);
        prop_assert_eq!(&alone[0].surface, &token.surface, "{:?} in {:?}", written, text);
        prop_assert_eq!(alone[0].kind, token.kind);
        prop_assert_eq!(alone[0].range.clone(), 0..written.len());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn the_bytes_of_an_indicator_alone_are_that_indicator(text in tricky()) {
        check(&text)?;
    }

    #[test]
    fn any_text_is_read(text in any::<String>()) {
        check(&text)?;
    }

    #[test]
    fn canonical_forms_are_their_own(text in tricky()) {
        for token in analyzer().indicators(&text) {
            let again = analyzer().indicators(&token.surface);
            prop_assert_eq!(again.len(), 1, "{:?} from {:?}", &token.surface, &text);
            prop_assert_eq!(&again[0].surface, &token.surface, "from {:?}", &text);
        }
    }
}
