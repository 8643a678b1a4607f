//! Names that mean the same: what is found by another name, what is not, and how either is told.

use casebook::{Aliases, Hit, Report, Results, SearchOptions, Tally, Tier};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::harness::{Corpus, everything, ids, in_memory, repository, search, search_with};
use crate::random;

fn report(id: &str, body: &str) -> Report {
    Report { body: body.into(), ..Report::new(id) }
}

fn strict() -> SearchOptions {
    SearchOptions { strict: true, ..everything() }
}

/// The other names that a hit was found by.
fn names(hit: &Hit) -> Vec<&str> {
    hit.matched.iter().filter_map(|matched| Some(matched.alias.as_ref()?.name.as_str())).collect()
}

/// The pieces of text that are marked in a hit.
fn marked(hit: &Hit) -> Vec<&str> {
    let passages = hit.passages.iter();
    let pieces = passages.flat_map(|passage| {
        let section = hit.report.section(passage.section);
        passage.highlights.iter().map(move |highlight| &section[highlight.range.clone()])
    });
    pieces.collect()
}

fn meaning<'r>(results: &'r Results, text: &str) -> &'r str {
    &results.clauses.iter().find(|clause| clause.text == text).expect("such a clause").meaning
}

fn bears() -> [Report; 5] {
    [
        report("apt28", "The group APT28 sent mails."),
        report("split", "The group APT 28 sent mails."),
        report("blizzard", "Forest Blizzard sent mails."),
        report("bear", "Fancy Bear sent mails."),
        report("zoo", "A bear in a zoo sent no mails to anyone, fancy that."),
    ]
}

#[test]
fn a_name_finds_the_other_names() {
    let casebook = in_memory(bears());
    for query in ["fancy bear mails", "Fancy-Bear mails", "mails fancybear", "APT28 mails"] {
        let results = search_with(&casebook, query, &strict());
        let mut found = ids(&results);
        found.retain(|id| *id != "zoo");
        found.sort_unstable();
        assert_eq!(found, ["apt28", "bear", "blizzard", "split"], "{query}");
    }
    let results = search(&casebook, "fancy bear");
    let hit = |id| results.hits.iter().find(|hit| hit.report.id == id).unwrap();
    assert_eq!(names(hit("apt28")), ["APT28"]);
    assert_eq!(names(hit("split")), ["APT28"]);
    assert_eq!(names(hit("blizzard")), ["Forest Blizzard"]);
    assert_eq!(names(hit("bear")), [""; 0]);
    assert_eq!(names(hit("zoo")), [""; 0]);
    assert_eq!(marked(hit("blizzard")), ["Forest Blizzard"]);
    assert_eq!(marked(hit("split")), ["APT 28"]);
    assert!(results.hits.iter().all(|hit| hit.tier == Tier::Full));
    assert_eq!(results.hits[0].report.id, "bear", "the name itself stands first");
    let alias = hit("apt28").matched[0].alias.as_ref().unwrap();
    assert_eq!((alias.set.as_str(), alias.source.as_str()), ("APT28", "MITRE ATT&CK G0007"));
    assert_eq!(hit("apt28").matched[0].text, "fancy bear");
}

#[test]
fn what_is_missing_is_told_truly() {
    let casebook = in_memory(bears());
    let results = search(&casebook, "fancy bear zoo");
    assert_eq!(ids(&results)[0], "zoo");
    let hit = results.hits.iter().find(|hit| hit.report.id == "apt28").unwrap();
    assert_eq!(hit.tier, Tier::Partial { missing: vec!["zoo".into()] });
    let results = search(&casebook, "fancy volcano");
    let hit = results.hits.iter().find(|hit| hit.report.id == "bear").unwrap();
    assert_eq!(hit.tier, Tier::Partial { missing: vec!["volcano".into()] });
    assert!(!ids(&results).contains(&"apt28"), "`fancy` alone is no name");
}

#[test]
fn quoted_text_patterns_and_other_words_stand_as_they_are() {
    let casebook = in_memory(bears());
    for (query, found) in [
        ("\"fancy bear\"", &["bear"][..]),
        ("\"fancy bear\"~3", &["bear"]),
        ("fanc* bea*", &["bear", "zoo"]),
        ("fancy^2 bear", &["bear", "zoo"]),
        ("bear", &["bear", "zoo"]),
        ("forest", &["blizzard"]),
    ] {
        let results = search_with(&casebook, query, &strict());
        let mut ids = ids(&results);
        ids.sort_unstable();
        assert_eq!(ids, found, "{query}");
    }
    let without = SearchOptions { aliases: Aliases::none(), ..strict() };
    assert_eq!(search_with(&casebook, "fancybear", &without).total, 0);
    assert_eq!(search_with(&casebook, "apt28", &without).total, 1);
}

#[test]
fn what_a_name_finds_its_negation_leaves_out() {
    let casebook = in_memory([
        report("heodo", "Heodo came by mail."),
        report("emotet", "Emotet came by mail."),
        report("other", "Something came by mail."),
    ]);
    assert_eq!(search_with(&casebook, "emotet", &strict()).total, 2);
    assert_eq!(ids(&search_with(&casebook, "mail -emotet", &strict())), ["other"]);
    assert_eq!(search_with(&casebook, "+emotet mail", &strict()).total, 2);
    assert_eq!(search_with(&casebook, "emotet OR something", &strict()).total, 3);
    assert_eq!(search_with(&casebook, "emotet AND something", &strict()).total, 0);
    assert_eq!(search_with(&casebook, "body:emotet", &strict()).total, 2);
    assert_eq!(search_with(&casebook, "victim:emotet", &strict()).total, 0);
}

#[test]
fn terms_are_found_in_any_form_and_language() {
    let casebook = in_memory([
        report("en", "A distributed denial-of-service attack."),
        report("fr", "Le rançongiciel a chiffré les postes."),
        report("de", "Ein Erpressungstrojaner."),
        report("bec", "Business e-mail compromises were many."),
        report("c2", "Its command and control server."),
    ]);
    for (query, found) in [
        ("ddos", "en"),
        ("DDoS attack", "en"),
        ("ransomware chiffré", "fr"),
        ("Rançongiciels -chiffré", "de"),
        ("bec", "bec"),
        ("C2 server", "c2"),
        ("c&c server", "c2"),
    ] {
        assert_eq!(ids(&search_with(&casebook, query, &strict())), [found], "{query}");
    }
    let results = search(&casebook, "ddos");
    assert_eq!(marked(&results.hits[0]), ["distributed denial-of-service"]);
}

#[test]
fn an_ambiguous_name_is_no_guess() {
    let casebook =
        in_memory([report("winnti", "The Winnti tools."), report("apt41", "The tools of APT41.")]);
    let results = search(&casebook, "winnti");
    assert_eq!(ids(&results), ["winnti"]);
    let note = &results.notes[0];
    assert_eq!(note.span, 0..6);
    assert!(note.message.contains("may mean Winnti Group, the actor; or APT41"), "{note:?}");
    assert!(search(&casebook, "\"winnti\"").notes.is_empty(), "quoted text means what it says");
    let actor = search(&casebook, "actor:winnti");
    assert!(actor.notes[0].message.contains("may mean"), "{:?}", actor.notes);
}

#[test]
fn an_ordinary_word_is_widened_neither_from_nor_to() {
    let casebook = in_memory([
        report("game", "They play a game."),
        report("crypt", "PlayCrypt was run."),
        report("who", "Those who were there."),
        report("oms", "L’OMS était visée."),
        report("long", "The World Health Organization was there."),
    ]);
    assert_eq!(ids(&search(&casebook, "play")), ["game"]);
    assert_eq!(ids(&search(&casebook, "playcrypt")), ["crypt"]);
    let capital = search(&casebook, "Play");
    assert_eq!(ids(&capital), ["game"]);
    assert!(capital.notes[0].message.contains("ordinary word too"), "{:?}", capital.notes);
    assert_eq!(ids(&search(&casebook, "who")), ["who"]);
    // As an acronym it is meant.
    let mut found = search_with(&casebook, "WHO", &strict()).hits;
    found.sort_by(|a, b| a.report.id.cmp(&b.report.id));
    assert_eq!(found.iter().map(|hit| &hit.report.id).collect::<Vec<_>>(), ["long", "oms", "who"]);
    let mut ids = ids(&search(&casebook, "world health organization")).len();
    assert_eq!(ids, 2);
    ids = search_with(&casebook, "organisation mondiale de la santé", &strict()).total;
    assert_eq!(ids, 2);
}

#[test]
fn actors_are_found_by_every_name() {
    let named = |id: &str, names: &[&str]| Report {
        actors: Tally { count: None, names: names.iter().map(|name| (*name).into()).collect() },
        ..report(id, "Mails.")
    };
    let casebook = in_memory([
        named("a", &["Sofacy", "Turla"]),
        named("b", &["Fancy Bear"]),
        named("c", &["Cozy Bear"]),
        named("d", &["Play"]),
    ]);
    let results = search_with(&casebook, "actor:\"apt28\"", &strict());
    let mut found = ids(&results);
    found.sort_unstable();
    assert_eq!(found, ["a", "b"]);
    let hit = results.hits.iter().find(|hit| hit.report.id == "a").unwrap();
    assert_eq!(names(hit), ["Sofacy"]);
    assert_eq!(hit.matched[0].spans, 0);
    assert_eq!(ids(&search_with(&casebook, "actor:bear", &strict())).len(), 2);
    assert_eq!(ids(&search_with(&casebook, "actor:playcrypt", &strict())), ["d"]);
    assert_eq!(ids(&search_with(&casebook, "-actor:apt28 actor:bear", &strict())), ["c"]);
    let explained = SearchOptions { explain: true, ..everything() };
    let results = search_with(&casebook, "actor:apt28", &explained);
    assert!(
        meaning(&results, "actor:apt28").ends_with("another name of APT28 (MITRE ATT&CK G0007)")
    );
}

#[test]
fn explanations_agree() {
    let casebook = in_memory(bears());
    let explained = SearchOptions { explain: true, ..everything() };
    let results = search_with(&casebook, "fancy bear", &explained);
    let fancy = results.clauses.iter().find(|clause| clause.text == "fancy").unwrap();
    assert_eq!(fancy.hits, 5);
    assert!(
        fancy.meaning.ends_with(
            "or another name of “fancy bear”: APT28, Forest Blizzard (MITRE ATT&CK G0007)"
        ),
        "{}",
        fancy.meaning
    );
    let results = search(&casebook, "emotet");
    assert_eq!(results.total, 0);
    let told = meaning(&results, "emotet");
    assert!(told.ends_with("no report has another name of Emotet (MITRE ATT&CK S0367)"), "{told}");
    // A name that reports write otherwise is not misspelt.
    let results = search(&casebook, "pawn storm volcano");
    assert!(results.suggestions.is_empty(), "{:?}", results.suggestions);
}

#[test]
fn what_a_company_is_by_law_need_not_be_there() {
    let victim =
        |id: &str, name: &str| Report { victim: name.into(), ..report(id, "Data breach.") };
    let casebook = in_memory([
        victim("acme", "Acme"),
        victim("airline", "SAS"),
        victim("musterwerk", "Musterwerk AG"),
    ]);
    for (query, found) in [
        ("Acme Inc", &["acme"][..]),
        ("acme gmbh breach", &["acme"]),
        ("victim:(Acme Pty Ltd)", &["acme"]),
        ("Acme S.A.", &["acme"]),
        ("victim:(acme sa)", &["acme"]),
        ("SAS breach", &["airline"]),
        ("breach SAS", &["airline"]),
        ("musterwerk ag", &["musterwerk"]),
        ("acme ag", &[]),
        ("\"acme inc\"", &[]),
    ] {
        assert_eq!(ids(&search_with(&casebook, query, &strict())), found, "{query}");
    }
    let explained = SearchOptions { explain: true, ..everything() };
    let results = search_with(&casebook, "Acme Inc", &explained);
    let inc = results.clauses.iter().find(|clause| clause.text == "Inc").unwrap();
    assert!(!inc.required && inc.meaning.contains("by law"), "{inc:?}");
}

const OWN: &str =
    "[[set]]\nname = \"APT28\"\nkind = \"actor\"\nalso = [\"BLUE-7\"]\nsource = \"case 7\"\n";

#[test]
fn the_user_s_own_names_count() {
    let text = |body: &str| format!("Cyber Incident Victim: Town\nDescription\n{body}\n");
    let corpus = Corpus::new()
        .with("a.txt", text("Mails of BLUE-7."))
        .with("b.txt", text("Mails of Sofacy."))
        .with("own.toml", OWN);
    corpus.run(&["search", "-q", "--count", "fancy bear"]).exits(0).prints("1\n");
    let with = &["search", "-q", "fancy bear", "--aliases", "own.toml"];
    corpus.run(with).exits(0).prints("fancy bear → BLUE-7 (alias: APT28, case 7)");
    corpus.write("aliases.toml", OWN);
    corpus.run(&["search", "-q", "--count", "blue-7"]).exits(0).prints("2\n");
    corpus.run(&["search", "-q", "--count", "blue-7", "--no-aliases"]).exits(0).prints("1\n");
    corpus.run(&["aliases", "blue-7"]).exits(0).prints("APT28 · threat actor").prints("case 7");
    corpus.write("aliases.toml", "[[set]]\nname = \"APT28\"\n");
    corpus.run(&["search", "mails"]).exits(2).says("aliases.toml: line 1: ");
}

#[test]
fn the_bundled_corpus_is_found_by_other_names() {
    let corpus = Corpus::copy_of(&repository().join("corpus"));
    for (query, id) in [
        ("fancy bear bundestag", "2015-deutscher-bundestag"),
        ("cozy bear orion", "2020-solarwinds-sunburst"),
        ("expetr shipping", "2017-maersk-notpetya"),
        ("distributed denial of service killnet", "2022-lithuania-killnet-ddos"),
    ] {
        let found = corpus.run(&["search", "-q", "--jsonl", query]).exits(0);
        let ids: Vec<_> = found.json_lines().iter().map(|hit| hit["id"].clone()).collect();
        assert!(ids.iter().take(3).any(|found| found == id), "{query}: {ids:?}");
    }
}

/// Two sets of names, from the words of the random reports.
const NAMES: [&[&str]; 2] =
    [&["data breach", "ransomware", "hospital site"], &["website", "hospital"]];

fn names_of_reports() -> Aliases {
    let quoted =
        |names: &[&str]| names.iter().map(|name| format!("{name:?}, ")).collect::<String>();
    let sets = NAMES.map(|names| {
        format!(
            "[[set]]\nname = {:?}\nkind = \"actor\"\nalso = [{}]\nsource = \"x\"\n",
            names[0],
            quoted(&names[1..])
        )
    });
    Aliases::parse(&sets.concat()).unwrap()
}

/// The same query with every name written out, the longest first.
fn written_out(words: &[&str]) -> String {
    let mut clauses = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let found = (1..=words.len() - at).rev().find_map(|n| {
            let typed = words[at..at + n].join(" ");
            let set = NAMES.iter().find(|names| names.contains(&typed.as_str()))?;
            Some((n, typed, set))
        });
        let Some((n, typed, set)) = found else {
            clauses.push(words[at].to_owned());
            at += 1;
            continue;
        };
        let others = set.iter().map(|name| format!(" OR \"{name}\"")).collect::<String>();
        clauses.push(format!("(({typed}){others})"));
        at += n;
    }
    clauses.join(" ")
}

proptest! {
    #![proptest_config(random::config(24))]

    #[test]
    fn a_name_means_each_of_its_names(
        reports in random::reports(),
        queries in vec(vec(select(&["data", "breach", "website", "ransomware", "hospital", "site", "region"][..]), 1..5), 8),
    ) {
        let casebook = in_memory(reports);
        let with = SearchOptions { aliases: names_of_reports(), ..strict() };
        let without = SearchOptions { aliases: Aliases::none(), ..strict() };
        for words in &queries {
            let found = search_with(&casebook, &words.join(" "), &with);
            let expected = search_with(&casebook, &written_out(words), &without);
            let (mut ids, mut expected_ids) = (ids(&found), ids(&expected));
            ids.sort_unstable();
            expected_ids.sort_unstable();
            prop_assert_eq!(&ids, &expected_ids, "{:?} as {}", words, written_out(words));
            // No hit without its evidence, and no other name that does not stand in it.
            for hit in &found.hits {
                prop_assert!(!hit.matched.is_empty());
                for matched in &hit.matched {
                    prop_assert!(matched.spans > 0);
                    if let Some(alias) = &matched.alias {
                        let quoted = format!("id:{} \"{}\"", hit.report.id, alias.name);
                        prop_assert_eq!(search_with(&casebook, &quoted, &without).total, 1);
                    }
                }
            }
        }
    }
}

fn victim(id: &str, name: &str, body: &str) -> Report {
    Report { victim: name.into(), ..report(id, body) }
}

#[test]
fn victims_are_found_by_the_initials_of_their_names() {
    let casebook = in_memory([
        victim("cci", "Chambre de commerce et d’industrie Nice Côte d’Azur", "Panne."),
        victim("opm", "United States Office of Personnel Management", "Breach."),
        victim("cf", "Ville de Clermont-Ferrand", "Panne."),
        report("body", "The chambre de commerce et d'industrie of nobody."),
    ]);
    for (query, found) in [
        ("CCI Nice Côte d'Azur", &["cci"][..]),
        ("victim:cci", &["cci"]),
        ("CCI", &["cci"]),
        ("cci", &[]),
        ("\"CCI\"", &[]),
        ("OPM breach", &["opm"]),
        ("victim:vcf", &["cf"]),
        ("body:CCI", &[]),
        ("victim:cci -victim:nice", &[]),
    ] {
        assert_eq!(ids(&search_with(&casebook, query, &strict())), found, "{query}");
    }
    let results = search(&casebook, "CCI Nice");
    let alias = results.hits[0].matched.iter().find_map(|matched| matched.alias.clone()).unwrap();
    assert_eq!(alias.name, "Chambre de commerce et d’industrie");
    assert_eq!(alias.source, "initials of the victim's name");
    assert!(marked(&results.hits[0]).contains(&"Chambre de commerce et d’industrie"));
    let without = SearchOptions { aliases: Aliases::none(), ..strict() };
    assert_eq!(search_with(&casebook, "CCI Nice", &without).total, 0);
}

#[test]
fn a_report_s_own_brackets_join_the_two_forms() {
    let casebook = in_memory([
        victim("short", "CCI Nice", "La Chambre de commerce et d'industrie (CCI) de Nice."),
        victim("long", "Office for Foreign Trade", "The CEB (Office for Foreign Trade)."),
        victim("silent", "CCI Lyon", "Panne."),
        victim("other", "Landratsamt Musterkreis", "Das Amt für Technik (AFT) half."),
    ]);
    let results = search_with(&casebook, "victim:\"chambre de commerce\"", &strict());
    assert_eq!(ids(&results), ["short"]);
    let alias = results.hits[0].matched[0].alias.as_ref().unwrap();
    assert_eq!((alias.name.as_str(), alias.source.as_str()), ("CCI", "as the report itself says"));
    assert_eq!(marked(&results.hits[0]), ["CCI"]);
    assert_eq!(search_with(&casebook, "victim:CEB", &strict()).total, 0, "no initials of it");
    assert_eq!(search_with(&casebook, "victim:aft", &strict()).total, 0, "not the victim");
}

#[test]
fn initials_of_many_are_told_and_not_guessed() {
    let names = ["Alpha", "Aqua", "Astra", "Aura", "Atlas", "Apex", "Acorn", "Amber", "Azure"];
    let reports = names.map(|name| victim(name, &format!("{name} Beta Clinic"), "Breach."));
    let casebook = in_memory(reports);
    let bare = search_with(&casebook, "ABC", &strict());
    assert_eq!(bare.total, 0);
    assert!(bare.notes[0].message.contains("the names of 9 victims"), "{:?}", bare.notes);
    assert_eq!(search_with(&casebook, "victim:ABC", &strict()).total, 9);
}
