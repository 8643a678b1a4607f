//! Random reports and random queries about them, from so few words that they meet.
//!
//! In: proptest's choices. Out: strategies. The words bring what is difficult: inflections, accents, apostrophes,
//! dots and dashes inside, function words, numbers.

use casebook::{Location, Report, Tally};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

const WORDS: &[&str] = &[
    "website",
    "websites",
    "defaced",
    "defacement",
    "Defacing",
    "data",
    "breach",
    "breaches",
    "Région",
    "REGION",
    "region’s",
    "l’hôpital",
    "hospital",
    "hospitals",
    "Côte",
    "d’Azur",
    "azur",
    "the",
    "of",
    "de",
    "la",
    "2023",
    "CVE-2023-34362",
    "e-mail",
    "region-normandie.fr",
    "U.S.",
    "ransomware",
    "site",
    "Behörden",
    "Sicherheitsbehörde",
];

const QUERY_WORDS: &[&str] = &[
    "website",
    "WEBSITES",
    "defaced",
    "deface",
    "data",
    "breaches",
    "region",
    "région",
    "hôpital",
    "hopital",
    "hospital",
    "behoerde",
    "cote",
    "d'azur",
    "azur",
    "the",
    "of",
    "2023",
    "CVE-2023-34362",
    "34362",
    "e-mail",
    "normandie.fr",
    "region-normandie.fr",
    "u.s.",
    "absent",
];

const PATTERNS: &[&str] = &[
    "defac*",
    "Web*",
    "*site",
    "rég*n",
    "de*d",
    "h?pital",
    "hospital?*",
    "20?3",
    "websit~",
    "hopsital~",
    "regoin~1",
    "deface~2",
    "bata~",
    "/defac(ed|ing)/",
    "/web.*/",
    "/[0-9]+/",
    "/r.gions?/",
];

const FILTERS: &[&str] = &[
    "date:2023",
    "date:2023-08",
    "date:2023-08..2024",
    "date:>=2022",
    "after:2022",
    "before:2023-06",
    "date:certain:2023",
    "date:certain:2023-08..",
    "date:none",
    "date:2023-08-30",
    "country:FR",
    "country:France",
    "country:EU",
    "region:europe",
    "country:none",
    "motives:>=3",
    "motives:1",
    "motives:<2",
    "techniques:<=1",
    "actors:0",
    "motives:none",
    "actors:none",
    "victim:none",
    "lang:fr",
    "lang:none",
    "id:r1",
    "id:r*",
    "actor:crew",
    "actor:\"lapsus crew\"",
];

fn text(words: impl Into<proptest::collection::SizeRange>) -> impl Strategy<Value = String> {
    let separator = select(vec![" ", " ", " ", ", ", ". ", "\n\n"]);
    vec((select(WORDS), separator), words).prop_map(|pieces| {
        let text: String = pieces.iter().map(|(word, gap)| [*word, *gap].concat()).collect();
        text.trim_end().to_owned()
    })
}

fn tally() -> impl Strategy<Value = Tally> {
    let names = vec(select(vec!["Lapsus Crew", "crew", "Équipe Côte d’Azur"]), 0..3);
    (prop::option::of(0u32..5), names).prop_map(|(count, names)| Tally {
        count,
        names: names.into_iter().map(str::to_owned).collect(),
    })
}

/// So many cases unless PROPTEST_CASES says otherwise, and a bound on the search for a simpler one: each case makes an
/// index.
pub fn config(cases: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig {
        cases: asked.unwrap_or(cases),
        max_shrink_iters: 400,
        failure_persistence: None,
        ..Default::default()
    }
}

/// A few reports, with ids `r0`, `r1` …
pub fn reports() -> impl Strategy<Value = Vec<Report>> {
    let dates = vec![
        "",
        "",
        "2023",
        "Aug 2023",
        "Aug 30, 2023",
        "Aug 30-31, 2023",
        "2022",
        "Dec 2022",
        "2024",
        "Q3 2023",
        "Jul 2022 - Jun 2023",
    ];
    let places = vec!["France", "DE", "Norway", "Brazil", "Atlantis"];
    let languages = vec![None, Some("fr"), Some("en"), Some("de")];
    let sections = (text(0..4), text(0..4), text(0..8), text(0..14), text(0..3));
    let facts = (select(dates), vec(select(places), 0..3), select(languages));
    let report = (sections, facts, [tally(), tally(), tally()]).prop_map(
        |((victim, title, summary, body, other), (date, places, language), tallies)| {
            let [motives, techniques, actors] = tallies;
            Report {
                victim,
                date: (!date.is_empty()).then(|| date.parse().unwrap()),
                countries: Location::parse_list(&places.join("; ")),
                title,
                summary,
                body,
                other,
                motives,
                techniques,
                actors,
                language: language.map(str::to_owned),
                ..Report::default()
            }
        },
    );
    vec(report, 1..9).prop_map(|mut reports| {
        for (i, report) in reports.iter_mut().enumerate() {
            report.id = format!("r{i}");
        }
        reports
    })
}

fn word() -> impl Strategy<Value = String> {
    select(QUERY_WORDS).prop_map(str::to_owned)
}

fn phrase() -> impl Strategy<Value = String> {
    let near = prop_oneof![3 => Just(String::new()), 2 => (1u32..6).prop_map(|n| format!("~{n}"))];
    let words = vec(select([WORDS, QUERY_WORDS].concat()), 1..4);
    prop_oneof![
        4 => (words.clone(), near).prop_map(|(words, near)| format!("\"{}\"{near}", words.join(" "))),
        1 => (words, select(vec!["we", "defac", "hosp", "re", "d"]))
            .prop_map(|(words, start)| format!("\"{} {start}*\"", words.join(" "))),
    ]
}

/// A text clause that stands on its own.
fn leaf() -> impl Strategy<Value = String> {
    prop_oneof![
        5 => word(),
        3 => phrase(),
        3 => select(PATTERNS).prop_map(str::to_owned),
    ]
}

fn scoped() -> impl Strategy<Value = String> {
    let scope = select(vec![
        "victim",
        "title",
        "summary",
        "body",
        "other",
        "(victim|title)",
        "(summary|body)",
    ]);
    let inside = prop_oneof![
        4 => leaf(),
        1 => (word(), word()).prop_map(|(a, b)| format!("({a} OR {b})")),
        1 => (word(), word()).prop_map(|(a, b)| format!("({a} {b})")),
        1 => Just("*".to_owned()),
    ];
    (scope, inside).prop_map(|(scope, inside)| format!("{scope}:{inside}"))
}

/// Something that operators can join.
fn atom() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => leaf(),
        2 => scoped(),
        3 => select(FILTERS).prop_map(str::to_owned),
    ]
}

fn joined(part: impl Strategy<Value = String> + Clone) -> impl Strategy<Value = String> {
    (vec(part, 2..4), select(vec![" ", " AND ", " OR "]))
        .prop_map(|(parts, between)| format!("({})", parts.join(between)))
}

/// One part of a query.
fn part() -> impl Strategy<Value = String> {
    let nested =
        joined(prop_oneof![5 => atom().boxed(), 1 => joined(atom().boxed()).boxed()].boxed());
    prop_oneof![
        8 => atom(),
        2 => nested,
        2 => atom().prop_map(|atom| format!("-{atom}")),
        1 => joined(atom().boxed()).prop_map(|group| format!("-{group}")),
        1 => select(vec!["+website", "+region", "+\"data breach\"", "+defac*"]).prop_map(str::to_owned),
        1 => word().prop_map(|word| format!("{word}^3")),
    ]
}

/// A query in the whole of the language but `source:` and relative dates.
pub fn query() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => vec(part(), 1..4).prop_map(|parts| parts.join(" ")),
        1 => vec(part(), 2..4).prop_map(|parts| parts.join(" OR ")),
        1 => vec(part(), 2..4).prop_map(|parts| parts.join(" AND ")),
    ]
}

/// A query of nothing but words and phrases that are asked for.
pub fn positive_query() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        4 => leaf(),
        2 => scoped(),
        1 => joined(leaf().boxed()),
    ];
    vec(part, 1..4).prop_map(|parts| parts.join(" "))
}
