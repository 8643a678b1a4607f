//! Words, phrases, operators, brackets, and the characters that they are typed in.

use super::{canonical, reads, refuses};
use crate::query::{Clause, ClauseKind, Query};

#[test]
fn plain_words_stay_as_typed() {
    let words = [
        "ransomware",
        "Côte",
        "d'azur",
        "d’Azur",
        "l'hôpital",
        "covid-19",
        "e-mail",
        "CVE-2023-34362",
        r"C:\Windows\Temp",
        r"C:\PROGRA~1",
        "https://a.b/c?d=e",
        "hxxps://x[.]y/z",
        "hxxp[:]//a(.)b/c",
        "https://en.wikipedia.org/wiki/Foo_(bar)",
        "region-normandie[.]fr",
        "example(.)com",
        "user(at)example(dot)com",
        "10(.)0(.)0(.)1",
        "10.0.0.0/8",
        "12:30",
        "2001:db8::1",
        "fe80::1",
        "de:ad:be:ef:00:11",
        r"HKLM\Software\x",
        "user@example.org",
        "/etc/passwd",
        "/usr/local/",
        "/home/~x",
        "~user",
        "~2007",
        "a/b",
        "AT&T",
        "C++",
        "$5m",
        "#opisrael",
        "12\"",
        "std::string",
        "日本語",
        "and",
    ];
    for word in words {
        let query = Query::parse(word).unwrap();
        let kind = query.root().map(|clause| &clause.kind);
        assert_eq!(kind, Some(&ClauseKind::Word(word.into())), "{word}");
    }
}

#[test]
fn operators_bind_in_their_order() {
    reads(&[
        ("a b", "a b"),
        ("a OR b", "a OR b"),
        ("a | b", "a OR b"),
        ("a|b||c", "a OR b OR c"),
        ("a && b", "a AND b"),
        ("a b OR c", "(a b) OR c"),
        ("a (b OR c)", "a (b OR c)"),
        ("a AND b OR c", "(a AND b) OR c"),
        ("a AND b c", "(a AND b) c"),
        ("a b AND c d", "a (b AND c) d"),
        ("NOT a b", "-a b"),
        ("a AND NOT b", "a AND -b"),
        ("-(a OR b) c", "-(a OR b) c"),
        ("+a +(+b)", "+a +b"),
        ("NOT NOT a", "NOT -a"),
        ("+-a", "+-a"),
        ("((a)) (b c)", "a b c"),
        ("a OR (b OR c)", "a OR b OR c"),
        ("NOT(a)", "-a"),
        ("a;b", "a;b"),
        ("OR? a", "\"OR\" a"),
    ]);
}

#[test]
fn what_can_not_be_an_operator_is_refused() {
    refuses(&[
        ("OR a", "OR", "a"),
        ("a OR", "OR", "a"),
        ("a OR OR b", "OR", "a OR b"),
        ("a AND OR b", "OR", "a AND b"),
        ("a AND", "AND", "a"),
        ("AND a", "AND", "a"),
        ("NOT", "NOT", "\"NOT\""),
        ("OR", "OR", "\"OR\""),
        ("a NOT", "NOT", "a"),
        ("(a OR) b", "OR", "(a) b"),
        ("a || | b", "|", "a || b"),
        ("| a", "|", "a"),
        ("|", "|", ""),
        ("-OR a", "OR", "-a"),
    ]);
}

#[test]
fn brackets() {
    reads(&[
        ("()", ""),
        ("a OR ()", "a"),
        ("NOT () a", "a"),
        ("foo(bar)", "foo bar"),
        ("(https://a/b)", "https://a/b"),
        ("https://a/(b c)", "https://a/ b c"),
        ("(a b)^2 c", "(a b)^2 c"),
        ("(a^2)^3", "a^6"),
        ("(-a)^2", "-a^2"),
        ("(victim:a)^2", "victim:a^2"),
    ]);
    refuses(&[
        ("(a b", "(", "(a b)"),
        ("((a b)", "(", "((a b))"),
        ("a b)", ")", "a b"),
        (")", ")", ""),
        ("(a b)~4", "~4", "(a b)"),
        ("(a^1000)^1000", "^1000", "(a^1000)"),
        ("(date:2023)^2", "^2", "(date:2023)"),
    ]);
}

#[test]
fn quotation_marks_of_every_kind() {
    for marked in [
        "\"a b\"",
        "“a b”",
        "„a b“",
        "„a b”",
        "”a b”",
        "«a b»",
        "«\u{a0}a b\u{a0}»",
        "»a b«",
        "‘a b’",
        "‚a b‘",
        "'a b'",
        "‹a b›",
        "＂a\u{3000}b＂",
        "\"a b”",
        "“a b\"",
        "\"a b\",",
    ] {
        assert_eq!(canonical(marked), "\"a b\"", "{marked}");
    }
    reads(&[
        ("«a \"b\" c»", "«a \"b\" c»"),
        ("'a \"b» c'", "‹a \"b» c›"),
        ("'a \"b»‹› c'", "'a \"b»‹› c'"),
        ("\"a\",\"b\"", "\"a\" \"b\""),
        ("'twas d'azur", "twas d'azur"),
        ("companies' data", "companies' data"),
        ("12\" disk", "12\" disk"),
        ("\"\" a", "a"),
        ("\"--\" a", "a"),
        ("\"OR\"", "\"OR\""),
        ("\"zero\"-day", "\"zero\" day"),
    ]);
    refuses(&[
        ("\"website defaced", "\"", "\"website defaced\""),
        ("“website defaced", "“", "“website defaced”"),
        ("«website defaced", "«", "«website defaced»"),
        ("\"", "\"", ""),
        ("website \"", "\"", "website"),
        ("(\"a b)", "\"", "(\"a b)\")"),
    ]);
}

#[test]
fn phrases_near_and_open_ended() {
    reads(&[
        ("\"website defaced\"~4", "\"website defaced\"~4"),
        ("\"a b\"~4^2", "\"a b\"~4^2"),
        ("\"a b\"^2~4", "\"a b\"~4^2"),
        ("\"a b\"~0", "\"a b\""),
        ("\"data breach*\"", "\"data breach*\""),
        ("\"data breach*\"~2", "\"data breach*\"~2"),
        ("\"what happened?\"", "\"what happened?\""),
        ("\"a b\" ~4", "\"a b\" ~4"),
    ]);
    refuses(&[
        ("\"a b\"~", "~", "\"a b\"~4"),
        ("\"a b\"~99", "~99", "\"a b\"~50"),
        ("\"a b\"~0.8", "~0.8", "\"a b\"~4"),
        ("\"data* breach\"", "data* breach", "\"data breach\""),
        ("\"data *\"", "data *", "\"data\""),
        ("\"data breach\"*", "*", "\"data breach*\""),
        ("\"a b\"^2^3", "^3", "\"a b\"^2"),
    ]);
}

#[test]
fn wildcards_and_what_looks_like_them() {
    reads(&[
        ("ransom*", "ransom*"),
        ("ran**ware", "ran*ware"),
        ("defac?d", "defac?d"),
        ("*.example.org", "*.example.org"),
        ("CVE-2023-*", "CVE-2023-*"),
        ("ransom*, phishing*.", "ransom* phishing*"),
        ("what happened?", "what happened"),
        ("really?!", "really"),
        ("ransom*?", "ransom*"),
        ("*", "*"),
        ("** a ?", "a"),
        ("a^2?", "a^2"),
    ]);
    assert!(matches!(
        Query::parse("*").unwrap().root(),
        Some(Clause { kind: ClauseKind::Wildcard(all), .. }) if all == "*"
    ));
    refuses(&[("ran*ware~1", "~1", "ran*ware")]);
}

#[test]
fn fuzzy_words() {
    reads(&[
        ("colonail~", "colonail~"),
        ("colonail~2,", "colonail~2"),
        ("colonail~0", "colonail"),
        ("colonail~1^3", "colonail~1^3"),
        ("colonail^3~1", "colonail~1^3"),
    ]);
    refuses(&[
        ("colonail~3", "~3", "colonail~2"),
        ("colonail~0.8", "~0.8", "colonail~"),
        ("a~1~2", "~1", "a~2"),
    ]);
}

#[test]
fn weights() {
    reads(&[
        ("a^3", "a^3"),
        ("a^.5", "a^0.5"),
        ("a^1", "a"),
        ("x^y", "x^y"),
        ("ransom*^2", "ransom*^2"),
        ("/a+b/^2", "/a+b/^2"),
        ("(~2)^3", "(~2)^3"),
        ("b (^3)^2", "b (^3)^2"),
        ("~2^3", "~2^3"),
        ("date / ://2-07", "date (://2-07)"),
        ("victim: //e da", "victim:(//e) da"),
        (r"victim: \\a da", r"victim:(\\a) da"),
    ]);
    refuses(&[
        ("x^", "^", "x^2"),
        ("x^0,5", "^0,5", "x^0.5"),
        ("x^0", "^0", "x"),
        ("x^-1", "^-1", "x"),
        ("x^5000", "^5000", "x^1000"),
        ("x^2^3", "^2", "x^3"),
    ]);
}

#[test]
fn regular_expressions() {
    reads(&[
        ("/defac(ed|ing)/", "/defac(ed|ing)/"),
        ("(/a+/)", "/a+/"),
        (r"/a\/b/", r"/a\/b/"),
        ("victim:/nic.*/", "victim:/nic.*/"),
        ("/a+/? /b+/, /c+/^2", "/a+/ /b+/ /c+/^2"),
        ("/a+/(b)", "/a+/ b"),
        ("/a|/b", "/a OR /b"),
        ("/tmp/x and/or", "/tmp/x and/or"),
    ]);
    refuses(&[
        ("/defac(ed|ing/", "(", "/defac(ed|ing)/"),
        ("/defac(ed| ing)/", "/defac(ed|", "/defac(ed|ing)/"),
        ("/^a$/", "^", "/a/"),
        ("/a+?b/", "?", "/a+b/"),
        ("/*a/", "*", "/a/"),
    ]);
}

#[test]
fn signs_only_at_the_start_of_a_term() {
    reads(&[
        ("a -b", "a -b"),
        ("a – b — c -- d", "a b c d"),
        ("–ransomware", "-ransomware"),
        ("−ransomware", "-ransomware"),
        ("--encrypt", "encrypt"),
        ("-\"a b\"", "-\"a b\""),
        ("-victim:nice", "-victim:nice"),
        ("-", ""),
        ("a + b", "a b"),
        ("-*", "-*"),
        ("-+* NOT +(a b)", "-+* -+(a b)"),
    ]);
}

#[test]
fn characters_in_other_forms() {
    reads(&[
        ("＂website\u{3000}defaced＂～４", "\"website defaced\"~4"),
        ("ｒａｎｓｏｍ＊", "ransom*"),
        ("ａ ＯＲ （ｂ ｃ）", "a OR (b c)"),
        ("victim：nice", "victim:nice"),
        ("a\u{a0}-b", "a -b"),
        ("\u{feff}-\u{200b}ran\u{ad}som", "-ransom"),
        ("a\tb\r\nc\u{0}d", "a b c d"),
        ("CVE\u{2011}2023\u{2011}1", "CVE-2023-1"),
    ]);
}
