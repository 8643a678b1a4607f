//! What a search finds: the promises of the language one by one, on reports made for them. Random ones are in
//! `agreement`.

use std::collections::BTreeSet;

use crate::harness::{everything, ids, in_memory, search, search_with};
use casebook::{
    Casebook, Certainty, ErrorKind, Location, Query, Report, SearchOptions, Sort, Tier,
};

fn report(id: &str, body: &str) -> Report {
    Report { body: body.into(), ..Report::new(id) }
}

fn dated(id: &str, date: &str) -> Report {
    Report {
        date: (!date.is_empty()).then(|| date.parse().unwrap()),
        ..report(id, "website defaced")
    }
}

fn strict() -> SearchOptions {
    SearchOptions { strict: true, ..everything() }
}

#[test]
fn a_limit_of_none_gives_the_totals() {
    let casebook = in_memory([report("a", "website defaced"), report("b", "website")]);
    let options = SearchOptions { limit: 0, ..SearchOptions::default() };
    let results = search_with(&casebook, "website defaced", &options);
    assert_eq!((results.total, results.partial_total, results.hits.len()), (1, 1, 0));
    let far = SearchOptions { offset: usize::MAX, limit: usize::MAX, ..SearchOptions::default() };
    assert_eq!(search_with(&casebook, "website", &far).hits.len(), 0);
}

#[test]
fn an_empty_query_lists_every_report_newest_first() {
    let casebook = in_memory([dated("a", "2019"), dated("b", ""), dated("c", "Aug 2023")]);
    assert_eq!(ids(&search(&casebook, "")), ["c", "a", "b"]);
    assert_eq!(search(&casebook, "*").total, 3);
}

#[test]
fn text_is_matched_the_way_people_write_it() {
    let casebook = in_memory([
        report("nice", "La CCI Nice Côte d’Azur, attaquée à l’hôpital; see CVE-2023-34362."),
        report("fr", "The Région’s site region-normandie.fr was defaced. U.S. officials helped."),
        report("path", r"It wrote to C:\Windows\Temp and 10.0.0.1 and O’Brien’s e-mail."),
    ]);
    let table = [
        (
            "nice",
            "cote d'azur Côte COTE azur \"côte d’azur\" \"cote d'azur\" hopital l'hôpital hôpital d’azur",
        ),
        ("nice", "CVE-2023-34362 cve-2023-34362 34362 2023-34362 CVE"),
        (
            "fr",
            "normandie NORMANDIE region Région regions region's region-normandie.fr \"normandie fr\" defacement",
        ),
        ("fr", "u.s. U.S. us officials"),
        ("path", r"C:\Windows\Temp windows temp 10.0.0.1 o'brien OBrien O’Brien e-mail"),
    ];
    for (id, queries) in table {
        let mut rest = queries;
        while !rest.is_empty() {
            let end = match rest.strip_prefix('"') {
                Some(quoted) => quoted.find('"').unwrap() + 2,
                None => rest.find(' ').unwrap_or(rest.len()),
            };
            let (query, after) = rest.split_at(end);
            rest = after.trim_start();
            assert_eq!(ids(&search_with(&casebook, query, &strict())), [id], "{query}");
        }
    }
}

#[test]
fn quotes_take_words_as_they_are_written() {
    let casebook =
        in_memory([report("a", "The attackers defaced the official website of the town.")]);
    for (query, found) in [
        ("\"official website\"", true),
        ("\"Official Website\"", true),
        ("\"official websites\"", false),
        ("official websites", true),
        ("\"website official\"", false),
        ("\"website defaced\"", false),
        ("\"website defaced\"~3", false),
        ("\"website defaced\"~4", true),
        ("\"defaced website\"~1", false),
        ("\"defaced website\"~2", true),
        ("\"official web*\"", true),
        ("\"official town*\"", false),
        ("\"the official website of the town\"", true),
    ] {
        let results = search_with(&casebook, query, &strict());
        assert_eq!(results.total == 1, found, "{query}");
    }
}

#[test]
fn no_phrase_reaches_from_one_section_into_the_next() {
    let split = Report {
        title: "Official".into(),
        summary: "website".into(),
        body: "defaced".into(),
        ..Report::new("split")
    };
    let casebook = in_memory([split]);
    for query in ["\"official website\"", "\"official website\"~50", "\"website defaced\"~50"] {
        assert_eq!(search_with(&casebook, query, &strict()).total, 0, "{query}");
    }
    assert_eq!(search(&casebook, "official website defaced").total, 1);
}

#[test]
fn function_words_are_never_missing() {
    let casebook = in_memory([report("a", "ransomware in a hospital"), report("b", "der Angriff")]);
    let results = search(&casebook, "the ransomware of the hospital");
    assert_eq!(ids(&results), ["a"]);
    assert_eq!(results.hits[0].tier, Tier::Full);
    let results = search(&casebook, "the ransomware of the school");
    let missing = Tier::Partial { missing: vec!["school".into()] };
    assert_eq!(results.hits[0].tier, missing);
    // Nor in brackets and fields.
    let victims = in_memory([Report { victim: "Port de Nice".into(), ..Report::new("nice") }]);
    for query in ["victim:(port of nice)", "(port of nice) OR absent", "+nice the"] {
        assert_eq!(search_with(&victims, query, &strict()).total, 1, "{query}");
    }
    // Alone, or in quotes, they are words as others are.
    assert_eq!(ids(&search_with(&casebook, "der", &strict())), ["b"]);
    assert_eq!(search_with(&casebook, "\"the hospital\"", &strict()).total, 0);
    assert_eq!(search_with(&casebook, "\"a hospital\"", &strict()).total, 1);
}

#[test]
fn partial_matches_name_what_they_miss_and_stand_last() {
    let casebook = in_memory([
        report("one", "hospital hospital hospital hospital"),
        report("two", "ransomware in the hospital network"),
        report("all", &format!("ransomware {} hospital data", "word ".repeat(60))),
    ]);
    let results = search(&casebook, "ransomware hospital data");
    let missing: Vec<_> = results
        .hits
        .iter()
        .map(|hit| match &hit.tier {
            Tier::Partial { missing } => (hit.report.id.as_str(), missing.join(" ")),
            _ => (hit.report.id.as_str(), String::new()),
        })
        .collect();
    assert_eq!(
        missing,
        [("all", String::new()), ("two", "data".to_owned()), ("one", "ransomware data".to_owned()),]
    );
    // What must be there is, even in partial matches.
    for (query, partial) in [
        ("+ransomware hospital data", 1),
        ("ransomware AND hospital AND data", 0),
        ("hospital -ransomware data", 1),
        ("\"hospital network\" ransomware data", 1),
        ("hospital school date:2023", 0),
    ] {
        assert_eq!(search(&casebook, query).partial_total, partial, "{query}");
    }
}

#[test]
fn dates_are_intervals() {
    let casebook = in_memory([
        dated("day", "Aug 30, 2023"),
        dated("month", "Aug 2023"),
        dated("year", "2023"),
        dated("before", "2022"),
        dated("over", "Dec 2022 - Feb 2023"),
        dated("none", ""),
    ]);
    for (filter, certain, possible) in [
        ("date:2023", "day month year", "over"),
        ("date:2023-08", "day month", "year"),
        ("date:2023-08-30", "day", "month year"),
        ("date:2023-08..2024-02", "day month", "year"),
        ("date:>=2023", "day month year", "over"),
        ("after:2022", "day month year", "over"),
        ("before:2023", "before", "over"),
        ("date:certain:2023", "day month year", ""),
        ("date:none", "none", ""),
    ] {
        let results = search(&casebook, &format!("website {filter}"));
        let found = |certainty| {
            let hits = results
                .hits
                .iter()
                .filter(|hit| hit.certainty.unwrap_or(Certainty::Certain) == certainty);
            hits.map(|hit| hit.report.id.clone()).collect::<BTreeSet<_>>()
        };
        let expected =
            |ids: &str| ids.split_whitespace().map(str::to_owned).collect::<BTreeSet<_>>();
        assert_eq!(found(Certainty::Certain), expected(certain), "{filter}");
        assert_eq!(found(Certainty::Possible), expected(possible), "{filter}");
        assert_eq!(results.certain, expected(certain).len(), "{filter}");
        let undated = usize::from(filter != "date:none");
        assert_eq!(results.undated, undated, "{filter}");
    }
    // What may have happened then is left out whole.
    assert_eq!(ids(&search(&casebook, "-date:2023 website")), ["before", "none"]);
}

#[test]
fn relative_dates_count_from_the_day_that_is_given() {
    let casebook = in_memory([dated("new", "2023"), dated("old", "2019")]);
    let query = "date:last-2-years";
    let today = casebook::Day::from_ymd(2024, 6, 1);
    let options = SearchOptions { today, ..everything() };
    assert_eq!(ids(&search_with(&casebook, query, &options)), ["new"]);
    let error = casebook.search(&Query::parse(query).unwrap(), &everything()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Query);
}

#[test]
fn sorts_are_total_and_put_what_lacks_the_key_last() {
    let with =
        |id: &str, victim: &str, date: &str| Report { victim: victim.into(), ..dated(id, date) };
    let casebook = in_memory([
        with("a", "Zeta", "2023"),
        with("b", "École", "Aug 30, 2023"),
        with("c", "", "2022"),
        with("d", "alpha", ""),
        with("e", "École", "2023"),
    ]);
    let sorted = |sort| {
        let results = search_with(&casebook, "website", &SearchOptions { sort, ..everything() });
        ids(&results).join(" ")
    };
    assert_eq!(sorted(Sort::Date), "a e b c d");
    assert_eq!(sorted(Sort::Victim), "d e b a c");
}

#[test]
fn relevance_puts_the_better_match_first() {
    let filler =
        "Nothing else was found on the machines of the town during that long week. ".repeat(6);
    let casebook = in_memory([
        report("once", &format!("{filler} ransomware")),
        report("often", &format!("{filler} ransomware, ransomware and ransomware")),
        Report { victim: "Ransomware Ltd".into(), ..report("victim", &filler) },
    ]);
    assert_eq!(ids(&search(&casebook, "ransomware")).last(), Some(&"once"));
    let scores: Vec<f32> =
        search(&casebook, "ransomware").hits.iter().map(|hit| hit.score).collect();
    assert!(scores.is_sorted_by(|a, b| a >= b) && scores.iter().all(|score| *score > 0.0));
    // A weight changes the order, not what is found.
    let casebook = in_memory([report("a", "phishing website"), report("b", "ransomware website")]);
    assert_eq!(ids(&search(&casebook, "website (phishing^5 OR ransomware)"))[0], "a");
    assert_eq!(ids(&search(&casebook, "website (phishing OR ransomware^5)"))[0], "b");
}

#[test]
fn a_distant_spelling_scores_less_than_a_near_one() {
    let casebook = in_memory([
        report("far", "colonel pipeline of the east"),
        report("near", "colonial pipeline of the east"),
    ]);
    let results = search(&casebook, "colonail~2");
    assert_eq!(ids(&results)[0], "near");
    assert!(results.hits.len() < 2 || results.hits[0].score > results.hits[1].score);
}

#[test]
fn nothing_found_explains_itself_and_offers_the_nearest() {
    let casebook = in_memory([
        report("a", "The attackers defaced the official website."),
        Report {
            victim: "Colonial Pipeline".into(),
            ..report("b", "Ransomware stopped the pumps.")
        },
    ]);
    let results = search(&casebook, "\"website defaced\"");
    assert_eq!((results.total, results.partial_total), (0, 0));
    let relaxation = results.relaxation.as_ref().unwrap();
    assert_eq!((relaxation.query.as_str(), relaxation.total), ("\"website defaced\"~4", 1));
    assert_eq!((results.hits[0].tier.clone(), results.hits[0].rank), (Tier::Relaxed, 1));
    assert!(!results.hits[0].passages[0].highlights.is_empty());

    let results = search(&casebook, "victim:colonail");
    let suggestion = &results.suggestions[0];
    assert_eq!((suggestion.typed.as_str(), suggestion.instead.as_str()), ("colonail", "colonial"));
    assert_eq!(suggestion.query, "victim:colonial");
    assert_eq!(search(&casebook, &suggestion.query).total, suggestion.hits);

    let results = search(&casebook, "website pumps");
    assert_eq!((results.total, results.partial_total), (0, 2));
    let counts: Vec<_> =
        results.clauses.iter().map(|clause| (clause.text.as_str(), clause.hits)).collect();
    assert_eq!(counts, [("website", 1), ("pumps", 1)]);

    let results = search_with(&casebook, "\"website defaced\"", &strict());
    assert!(results.relaxation.is_none() && results.hits.is_empty());
}

#[test]
fn clause_counts_are_those_of_the_clauses_alone() {
    let casebook = in_memory([dated("a", "2023"), dated("b", "2022"), report("c", "website")]);
    let options = SearchOptions { explain: true, ..everything() };
    let results = search_with(&casebook, "website (defaced OR absent) -date:2022", &options);
    for clause in &results.clauses {
        let alone = clause.text.trim_start_matches('-');
        assert_eq!(search_with(&casebook, alone, &strict()).total, clause.hits, "{}", clause.text);
        assert_eq!(&"website (defaced OR absent) -date:2022"[clause.span.clone()], clause.text);
        assert!(!clause.meaning.is_empty());
    }
    let hit = &results.hits[0];
    let sum: f32 = hit.explanation.iter().map(|(_, part)| part).sum();
    assert!((sum - hit.score).abs() < 0.01 * hit.score, "{sum} is not {}", hit.score);
}

#[test]
fn countries_are_found_by_any_name_and_refused_where_there_are_none() {
    let with = |id: &str, country: &str| Report {
        countries: casebook::Location::parse_list(country),
        ..report(id, "x")
    };
    let casebook = in_memory([
        with("fr", "France"),
        with("ci", "Côte d’Ivoire"),
        with("de", "Deutschland"),
        with("lost", "Atlantis"),
        with("none", ""),
    ]);
    for (query, expected) in [
        ("country:FR", "fr"),
        ("country:\"Côte d'Ivoire\"", "ci"),
        ("country:germany", "de"),
        ("country:EU", "de fr"),
        ("region:europe", "de fr"),
        ("country:FR,DE", "de fr"),
        ("country:none", "none"),
        ("country:\"Atlantis\"", "lost"),
    ] {
        assert_eq!(ids(&search(&casebook, query)).join(" "), expected, "{query}");
    }
    let refused =
        Query::parse("country:\"Utopia\"").and_then(|query| casebook.search(&query, &everything()));
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::Query);
}

#[test]
fn no_query_crashes() {
    let casebook = in_memory([report("a", "website defaced by l'hôpital")]);
    let nested = format!("{}a{}", "(".repeat(3000), ")".repeat(3000));
    let long = "website ".repeat(20_000);
    let stars = format!("{}b", "*a".repeat(400));
    for text in [
        "",
        " ",
        "\"",
        "'",
        "(",
        ")",
        "-",
        "+",
        "*",
        "?",
        "~",
        "^",
        ":",
        "/",
        "//",
        "\\",
        "a~",
        "a^",
        "..",
        "AND",
        "OR",
        "NOT",
        "NOT NOT a",
        "-(-a)",
        "«»",
        "“”",
        "\u{0}",
        "\u{202e}",
        "date:",
        "/(/",
        "/a{99999}/",
        "*:*",
        "victim:",
        "l'",
        "d’",
        "C:\\Windows",
        "https://a.b/c?d=e#f",
        "a\u{301}",
        "🏴‍☠️",
        &nested,
        &long,
        &stars,
    ] {
        if let Ok(query) = Query::parse(text) {
            match casebook.search(&query, &SearchOptions::default()) {
                Ok(results) => assert_eq!(results.searched, 1, "{text:?}"),
                Err(error) => assert_eq!(error.kind(), ErrorKind::Query, "{text:?}: {error}"),
            }
        }
    }
}

/// Partial matches take part in what the best hits share, whether or not the page shows any.
#[test]
fn pages_of_a_free_query_fit_together() {
    let casebook = Casebook::in_memory().unwrap();
    let full = (0..15).map(|i| {
        let filler: String = (0..120).map(|n| format!("w{i}x{n} ")).collect();
        let end = if i >= 10 { "zulu yankee" } else { "" };
        let body = format!("alpha bravo charlie {filler}{end}");
        Report { body, ..Report::new(format!("full{i:02}")) }
    });
    let partial = (0..5).map(|i| {
        let body = "alpha bravo alpha bravo zulu yankee zulu yankee".to_owned();
        Report { body, ..Report::new(format!("part{i}")) }
    });
    let others = (0..200).map(|i| Report::new(format!("other{i:03}")));
    casebook.add(full.chain(partial).chain(others)).unwrap();
    let query = Query::parse("alpha bravo charlie").unwrap();
    let page = |offset, limit| {
        let options = SearchOptions { offset, limit, ..SearchOptions::default() };
        casebook.rank(&query, &options).unwrap().into_iter().map(|(id, _)| id)
    };
    let whole: Vec<String> = page(0, 20).collect();
    let pages: Vec<String> = page(0, 5).chain(page(5, 5)).chain(page(10, 10)).collect();
    assert_eq!(pages, whole);
}

#[test]
fn many_reports_that_score_the_same_stand_newest_first() {
    let casebook = Casebook::in_memory().unwrap();
    let ids: Vec<String> = (0..600).map(|i| format!("r{i:03}")).collect();
    for ids in ids.chunks(300) {
        let reports = ids.iter().map(|id| {
            let number: u32 = id[1..].parse().unwrap();
            let date = format!(
                "{}-{:02}-{:02}",
                1970 + number / 300,
                1 + number % 300 / 25,
                1 + number % 25
            );
            Report { countries: Location::parse_list("France"), ..dated(id, &date) }
        });
        casebook.add(reports).unwrap();
    }
    let newest: Vec<&String> = ids.iter().rev().take(10).collect();
    for query in ["", "*", "country:FR", "website defaced", "website", "\"website defaced\""] {
        let query = Query::parse(query).unwrap();
        let found = casebook.rank(&query, &SearchOptions::default()).unwrap();
        let found: Vec<&String> = found.iter().map(|(id, _)| id).collect();
        assert_eq!(found, newest, "{query}");
    }
}
