//! Indicators of compromise from text to answer: found whole and by part, fanged or defanged, by field, counted, looked up.

use casebook::{Casebook, IndicatorKind, Query, Report, SearchOptions};

use crate::harness::{Corpus, everything, ids, in_memory, search_with};

fn report(id: &str, body: &str) -> Report {
    Report { body: body.into(), ..Report::new(id) }
}

const MD5: &str = "d41d8cd98f00b204e9800998ecf8427e";

fn casebook() -> Casebook {
    in_memory([
        report("url", "It called hxxps://www[.]Evil.example[.]org/Panel/gate.php?id=1 twice."),
        report("mail", "Sent by Boss[at]example[.]org from 10.1.2[.]3, not from 192.168.0.1:8080."),
        report(
            "hash",
            &format!("The MD5 is {}; CVE-2023-34362 and T1566.001.", MD5.to_uppercase()),
        ),
        report(
            "path",
            r"Wrote C:\Users\Public\evil.exe and HKLM\Software\Run\x. Blocks 10.20.0.0/16.",
        ),
        report("v6", "From 2001:DB8:0:0::1 or http://10.9.9.9/x; version 10.1.1.1; CWE-79."),
    ])
}

fn found(casebook: &Casebook, query: &str) -> Vec<String> {
    let options = SearchOptions { strict: true, ..everything() };
    let mut ids: Vec<_> =
        ids(&search_with(casebook, query, &options)).into_iter().map(str::to_owned).collect();
    ids.sort();
    ids
}

#[test]
fn words_find_them_whole_and_by_part_in_every_form() {
    let casebook = casebook();
    for (query, expected) in [
        ("https://www.evil.example.org/Panel/gate.php?id=1", &["url"][..]),
        ("hxxp[:]//www.evil.example[.]org/panel", &["url"]),
        ("www.evil.example.org/panel/", &["url"]),
        ("evil.example.org", &["url"]),
        ("\"evil[.]example[.]org\"", &["url"]),
        ("example(dot)org", &["mail", "url"]),
        ("https://example.org", &["mail", "url"]),
        ("other.org", &[]),
        ("boss@example.org", &["mail"]),
        ("10[.]1[.]2[.]3", &["mail"]),
        ("192.168.0.1", &["mail"]),
        ("10.1.1.1", &["v6"]),
        (MD5, &["hash"]),
        ("cve-2023-34362", &["hash"]),
        ("CVE-2023-*", &["hash"]),
        ("CVE-2022-*", &[]),
        ("T1566", &["hash"]),
        ("T1566.002", &[]),
        ("evil.exe", &["path"]),
        (r"c:\users\public", &["path"]),
        (r"HKEY_LOCAL_MACHINE\software", &["path"]),
        ("10.20.0.0/16", &["path"]),
        ("2001:db8::1", &["v6"]),
        ("*.example.org", &["url"]),
        ("-example.org", &["hash", "path", "v6"]),
    ] {
        assert_eq!(found(&casebook, query), expected, "{query}");
    }
}

#[test]
fn fields_ask_for_one_kind() {
    let casebook = casebook();
    for (query, expected) in [
        ("ip:10.0.0.0/8", &["mail", "path", "v6"][..]),
        ("ip:10.1.*", &["mail"]),
        ("ip:10.1.2.1-10.1.2.9", &["mail"]),
        ("ip:10.1.1.1", &[]),
        ("ip:2001:db8::/32", &["v6"]),
        ("ip:192.168.0.0/16", &["mail"]),
        ("domain:example.org", &["mail", "url"]),
        ("domain:*.example.org", &["url"]),
        ("domain:.org", &["mail", "url"]),
        ("url:www.evil.example.org/panel", &["url"]),
        ("url:*/gate*", &["url"]),
        ("email:@example.org", &["mail"]),
        ("hash:d41d8c", &["hash"]),
        ("md5:d41d8cd98f00b204e9800998ecf8427e", &["hash"]),
        ("hash:d41d8d", &[]),
        ("cve:2023", &["hash"]),
        ("cwe:79", &["v6"]),
        ("mitre:T1566", &["hash"]),
        ("-ip:10.0.0.0/8", &["hash", "url"]),
    ] {
        assert_eq!(found(&casebook, query), expected, "{query}");
    }
}

#[test]
fn evidence_marks_the_whole_of_it() {
    let casebook = casebook();
    for (query, marked) in [
        ("example.org", "hxxps://www[.]Evil.example[.]org/Panel/gate.php?id=1"),
        ("ip:10.1.2.0/24", "10.1.2[.]3"),
        ("evil.exe", r"C:\Users\Public\evil.exe"),
        ("mitre:T1566", "T1566.001"),
        // A phrase of its words is another question.
        ("\"the md5 is\"", "The MD5 is"),
    ] {
        let results = search_with(&casebook, query, &everything());
        let marks: Vec<&str> = results
            .hits
            .iter()
            .flat_map(|hit| &hit.passages)
            .flat_map(|passage| {
                let start = passage.range.start;
                let inner =
                    move |range: &std::ops::Range<usize>| range.start - start..range.end - start;
                passage.highlights.iter().map(move |mark| &passage.text[inner(&mark.range)])
            })
            .collect();
        assert!(marks.contains(&marked), "{query}: {marks:?}");
    }
}

#[test]
fn they_are_counted_for_all_reports_and_for_those_of_a_query() {
    let casebook = in_memory([
        report("a", "evil[.]com and evil.com, CVE-2023-34362"),
        report("b", "http://evil.com/x"),
        report("c", "nothing"),
    ]);
    let counts = |query: &str| {
        let query = Query::parse(query).unwrap();
        let held = casebook.indicators(&query, &SearchOptions::default()).unwrap();
        let found: Vec<_> = held
            .found
            .into_iter()
            .map(|count| (count.kind.name(), count.value, count.reports))
            .collect();
        (held.reports, held.holders, found)
    };
    let count = |kind, value: &str, reports| (kind, value.to_owned(), reports);
    let all = vec![
        count("url", "http://evil.com/x", 1),
        count("domain", "evil.com", 2),
        count("cve", "CVE-2023-34362", 1),
    ];
    assert_eq!(counts(""), (3, 2, all));
    assert_eq!(
        counts("cve:2023"),
        (1, 1, vec![count("domain", "evil.com", 1), count("cve", "CVE-2023-34362", 1)])
    );
    assert_eq!(counts("nothing"), (1, 0, vec![]));
    casebook.remove(["b"]).unwrap();
    assert_eq!(counts("evil.com").0, 1);
    assert_eq!(counts("").2.len(), 2, "what only a removed report held is gone");
}

#[test]
fn a_list_is_looked_up() {
    let casebook = casebook();
    let texts = ["example[.]org", "10.0.0.0/8", "the md5 is", "8.8.8.8", "…"];
    let found = casebook.look_up(texts).unwrap();
    let found: Vec<_> = found.iter().map(|lookup| (lookup.kind, lookup.reports)).collect();
    let expected = [
        (Some(IndicatorKind::Domain), 2),
        (Some(IndicatorKind::Network), 3),
        (None, 1),
        (Some(IndicatorKind::Ipv4), 0),
        (None, 0),
    ];
    assert_eq!(found, expected);
}

#[test]
fn the_command_lists_and_looks_up() {
    let corpus = Corpus::new();
    corpus.write(
        "a.md",
        "# First\n\nThe tool called hxxps://evil[.]com/a and came in by a flaw, CVE-2023-34362.\n",
    );
    corpus.write("b.md", "# Second\n\nAlso evil.com; =cmd@evil.com wrote.\n");
    corpus.run(&["index"]).exits(0);
    let text = corpus.run(&["indicators", "--write", "defanged"]).exits(0);
    let text = text.prints("hxxps://evil[.]com/a").prints("cmd[at]evil[.]com");
    text.prints("      2  evil[.]com");
    corpus.run(&["indicators", "CVE-2023-*"]).exits(0).prints("https://evil.com/a");
    corpus.run(&["indicators", "volcano"]).exits(1).prints("No indicators in 0 reports");
    let csv = corpus.run(&["indicators", "--csv", "--type", "cve,domain"]).exits(0);
    csv.prints("kind,indicator,reports\ndomain,evil.com,2\ncve,CVE-2023-34362,1\n");
    let json = corpus.run(&["indicators", "--json", "--top", "1"]).exits(0).json();
    assert_eq!(json["kinds"][1]["found"][0]["value"], "evil.com");
    corpus.write("../suspects.txt", "# ours\nevil[.]com\n\n10.0.0.1\n");
    let list = corpus.scratch().join("suspects.txt");
    let list = list.to_str().unwrap();
    let known = corpus.run(&["indicators", "--from", list]).exits(0);
    known.prints("1 of 2 found").prints("      2  evil.com (domain)");
    let json = corpus.run(&["indicators", "--from", list, "--json"]).exits(0).json();
    assert_eq!(json["lookups"][1]["reports"], 0);
    corpus.run(&["indicators", "--type", "colour"]).exits(2).says("expected one of url, domain");
}
