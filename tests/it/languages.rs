//! Reports in many languages: which one each is written in, and that a word finds its other forms, however it is typed.

use casebook::{Casebook, Report, Results};

use crate::harness::{ids, in_memory, search};

fn report(id: &str, body: &str) -> Report {
    Report { body: body.into(), ..Report::new(id) }
}

/// Reports in several languages, whose sources do not say which.
fn polyglot() -> Casebook {
    in_memory([
        report(
            "en",
            "The attackers encrypted the servers of the hospital and of several agencies.",
        ),
        report(
            "fr",
            "L’attaque a paralysé les hôpitaux de la région et les données des patients ont été volées.",
        ),
        report(
            "de",
            "Die Behörden haben nach dem Angriff auf den Krankenhausbetreiber die Sicherheitsbehörden informiert.",
        ),
        report(
            "es",
            "Los ataques contra el ministerio dejaron sin servicio a las agencias de la capital del país.",
        ),
        report(
            "it",
            "Gli attacchi hanno cifrato i server degli ospedali della regione e delle aziende sanitarie.",
        ),
        report(
            "pt",
            "O ataque ao tribunal cifrou os servidores e as informações dos processos foram roubadas.",
        ),
        report(
            "ru",
            "Хакеры взломали официальный сайт министерства и опубликовали данные граждан страны.",
        ),
        report(
            "el",
            "Οι επιθέσεις στην ιστοσελίδα του υπουργείου έγιναν από άγνωστους και κλάπηκαν δεδομένα πολιτών.",
        ),
        report(
            "ar",
            "هاجم قراصنة الموقع الرسمي للوزارة وسرقوا بيانات المستشفى والمواطنين في البلاد.",
        ),
        report("zh", "黑客利用SQL注入攻击了该部的官方网站，并窃取了公民的个人信息。"),
        report("ja", "病院がランサムウェア攻撃を受け、電子カルテが使えなくなった。"),
        report("ko", "공격자가 병원 서버를 해킹을 통해 마비시키고 환자 정보를 빼냈다."),
        report("th", "โรงพยาบาลถูกโจมตีด้วยแรนซัมแวร์และข้อมูลผู้ป่วยรั่วไหล"),
    ])
}

fn full(results: &Results) -> Vec<&str> {
    let mut ids = ids(results);
    ids.truncate(results.total);
    ids
}

#[test]
fn the_language_of_a_report_is_detected_where_its_source_is_silent() {
    let casebook = polyglot();
    for id in ["en", "fr", "de", "es", "it", "pt", "ru", "el", "ar", "zh", "ja", "ko", "th"] {
        assert_eq!(full(&search(&casebook, &format!("lang:{id}"))), [id]);
    }
    let said = Report {
        language: Some("nl".into()),
        ..report("x", "The language that the source says is the language.")
    };
    let casebook = in_memory([said, report("y", "Acme Corp")]);
    assert_eq!(full(&search(&casebook, "lang:nl")), ["x"]);
    assert_eq!(full(&search(&casebook, "lang:none")), ["y"], "a name has no language");
}

#[test]
fn a_word_finds_its_forms_in_every_language_with_or_without_accents() {
    let casebook = polyglot();
    let cases: &[(&str, &[&str])] = &[
        ("hôpital", &["fr"]),
        ("hopital", &["fr"]),
        ("HOPITAUX", &["fr"]),
        ("donnée", &["fr"]),
        ("donnees", &["fr"]),
        ("agency", &["en"]),
        ("Behörde", &["de"]),
        ("behoerde", &["de"]),
        ("behorden", &["de"]),
        // Its stem is that of "agencies" too: kin more often than a false friend.
        ("agencia", &["en", "es"]),
        ("ataque", &["es", "pt"]),
        ("attacco", &["it"]),
        ("ospedale", &["it"]),
        ("informacao", &["pt"]),
        ("informação", &["pt"]),
        ("хакер", &["ru"]),
        ("МИНИСТЕРСТВО", &["ru"]),
        ("επίθεση", &["el"]),
        ("ΕΠΙΘΕΣΗ", &["el"]),
        ("مستشفي", &["ar"]),
        // In quotes a word is as it is written, but for case and accents.
        ("\"hopitaux\"", &["fr"]),
        ("\"hopital\"", &[]),
        ("\"ataque\"", &["pt"]),
    ];
    for (query, expected) in cases {
        let results = search(&casebook, query);
        let mut found = full(&results);
        found.sort();
        assert_eq!(found, *expected, "{query}");
    }
}

#[test]
fn german_compounds_are_found_by_their_parts() {
    let casebook = polyglot();
    let marked = |query: &str| -> Vec<String> {
        let results = search(&casebook, query);
        assert_eq!(full(&results), ["de"], "{query}");
        let hit = &results.hits[0];
        let highlights = hit.passages.iter().flat_map(|passage| {
            let section = hit.report.section(passage.section);
            passage.highlights.iter().map(|highlight| section[highlight.range.clone()].to_owned())
        });
        highlights.collect()
    };
    assert_eq!(marked("Krankenhaus"), ["Krankenhausbetreiber"]);
    assert_eq!(marked("Betreiber"), ["Krankenhausbetreiber"]);
    assert_eq!(marked("Behörde"), ["Behörden", "Sicherheitsbehörden"]);
    assert_eq!(marked("Sicherheit"), ["Sicherheitsbehörden"]);
    // The word itself counts for more than a compound, and quotes mean the word.
    assert!(full(&search(&casebook, "\"Krankenhaus\"")).is_empty());
    assert!(full(&search(&casebook, "Haus")).is_empty(), "too short to be told from a syllable");
}

#[test]
fn scripts_without_blanks_are_searched_without_a_dictionary() {
    let casebook = polyglot();
    let cases: &[(&str, &[&str])] = &[
        ("网站", &["zh"]),
        ("\"官方网站\"", &["zh"]),
        ("\"网官\"", &[]),
        ("SQL注入", &["zh"]),
        ("病院", &["ja"]),
        ("ランサムウェア", &["ja"]),
        ("病院のランサムウェア攻撃", &["ja"]),
        ("해킹", &["ko"]),
        ("해킹이", &["ko"]),
        ("해킹*", &["ko"]),
        ("*网站", &["zh"]),
        ("\"환자 정보\"", &["ko"]),
        ("โรงพยาบาล", &["th"]),
        ("ข้อมูล", &["th"]),
    ];
    for (query, expected) in cases {
        assert_eq!(full(&search(&casebook, query)), *expected, "{query}");
    }
    // A pasted sentence that no report holds as it is finds the report that holds most of it.
    let results = search(&casebook, "黑客窃取了公民个人信息");
    assert_eq!(results.hits[0].report.id, "zh");
    let results = search(&casebook, "โรงพยาบาลโดนแรนซัมแวร์");
    assert_eq!(results.hits[0].report.id, "th");
}

#[test]
fn parts_of_a_hyphenated_word_may_stand_apart() {
    let casebook = in_memory([
        report("as-typed", "A zero-day was used."),
        report("apart", "Zero knowledge of it on the first day."),
        report("far", &format!("Zero. {} Day.", "Something else. ".repeat(20))),
    ]);
    assert_eq!(full(&search(&casebook, "zero-day")), ["as-typed", "apart"]);
    assert_eq!(full(&search(&casebook, "\"zero-day\"")), ["as-typed"]);
}

#[test]
fn one_language_asks_for_one_stem_and_several_say_so() {
    let english = in_memory([report(
        "a",
        "The attacks on the hospitals were the work of one group, and of others.",
    )]);
    let meaning = |casebook: &Casebook, query: &str| {
        let options = casebook::SearchOptions { explain: true, ..Default::default() };
        let results = casebook.search(&casebook::Query::parse(query).unwrap(), &options).unwrap();
        results.clauses[0].meaning.clone()
    };
    assert_eq!(meaning(&english, "hospitals"), "the word hospitals, in any form (stem hospit)");
    let both = in_memory([
        report("a", "The attacks on the hospitals were the work of one group, and of others."),
        Report {
            language: Some("de".into()),
            ..report("b", "Das Hospital wurde nach den Angriffen geschlossen.")
        },
    ]);
    assert_eq!(
        meaning(&both, "hospitals"),
        "the word hospitals, in any form (stems hospit, hospital)"
    );
}
