//! The format, the files that come with casebook, and files put together.

use std::collections::HashMap;

use super::table::{Known, joined_by};
use super::{AliasKind, Aliases, BUILT_IN, parse::parse, words};
use crate::analysis::{Analyzer, Language};

fn joined(name: &str) -> String {
    joined_by(&mut Analyzer::new(Language::English), name)
}

#[test]
fn every_file_can_be_read() {
    for (name, text) in BUILT_IN {
        let layer = parse(text).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        assert!(layer.sets.len() + layer.ambiguous.len() > 5, "{name}");
        assert!(layer.remove.is_empty(), "{name}");
    }
}

#[test]
fn every_name_leads_to_its_set_and_to_no_other() {
    let aliases = Aliases::default();
    let mut owners: HashMap<String, String> = HashMap::new();
    for set in aliases.sets() {
        for name in set.names() {
            assert_eq!(aliases.find(name), Some(set), "{name}");
            assert_eq!(aliases.find(&name.to_uppercase()), Some(set), "{name}");
            let other = owners.insert(joined(name), set.name.clone());
            assert!(other.is_none_or(|other| other == set.name), "{name} stands in two sets");
        }
    }
    for ambiguous in aliases.ambiguous() {
        assert!(aliases.find(&ambiguous.name).is_none(), "{}", ambiguous.name);
        assert_eq!(aliases.ambiguity(&ambiguous.name), Some(ambiguous));
        assert!(!owners.contains_key(&joined(&ambiguous.name)), "{}", ambiguous.name);
    }
}

#[test]
fn every_set_has_sources_that_can_be_looked_up() {
    let aliases = Aliases::default();
    let sets = aliases.sets().iter().map(|set| (&set.name, &set.sources));
    let ambiguous = aliases.ambiguous().iter().map(|one| (&one.name, &one.sources));
    for (name, sources) in sets.chain(ambiguous) {
        assert!(!sources.is_empty(), "{name}");
        for source in sources {
            let rest =
                source.strip_prefix("https://").unwrap_or_else(|| panic!("{name}: {source}"));
            let host = rest.split('/').next().unwrap();
            assert!(host.contains('.') && !source.contains(' '), "{name}: {source}");
        }
    }
    let kinds: Vec<_> = aliases.sets().iter().map(|set| set.kind).collect();
    for (kind, least) in [
        (AliasKind::Actor, 80),
        (AliasKind::Malware, 60),
        (AliasKind::Term, 50),
        (AliasKind::Organisation, 20),
    ] {
        assert!(kinds.iter().filter(|known| **known == kind).count() >= least, "{kind:?}");
    }
}

#[test]
fn no_term_asks_for_more_than_another_of_its_set() {
    // "website defacement" is no other name of defacement: a query for it would find what is on no website.
    let aliases = Aliases::default();
    for set in aliases.sets().iter().filter(|set| set.kind == AliasKind::Term) {
        let stems =
            |name: &str| -> Vec<String> { words(name).into_iter().map(|word| word.stem).collect() };
        for (name, other) in
            set.names().flat_map(|name| set.names().map(move |other| (name, other)))
        {
            let (part, whole) = (stems(name), stems(other));
            let within = part.len() < whole.len() && whole.windows(part.len()).any(|w| w == part);
            assert!(!within, "{other} says more than {name}");
        }
    }
}

#[test]
fn names_are_known_in_every_spelling() {
    let aliases = Aliases::default();
    for (name, set) in [
        ("fancy bear", "APT28"),
        ("FancyBear", "APT28"),
        ("Fancy-Bear", "APT28"),
        ("apt 28", "APT28"),
        ("APT-28", "APT28"),
        ("lapsus", "LAPSUS$"),
        ("Forest blizzard", "APT28"),
        ("heodo", "Emotet"),
        ("Wanna Cry", "WannaCry"),
        ("distributed denial-of-service", "DDoS"),
        ("rançongiciels", "ransomware"),
        ("Rancongiciel", "ransomware"),
        ("business email compromises", "BEC"),
        ("C&C", "C2"),
        ("command and control", "C2"),
        ("Organisation mondiale de la Santé", "World Health Organization"),
    ] {
        assert_eq!(aliases.find(name).map(|set| set.name.as_str()), Some(set), "{name}");
    }
    for unknown in ["", "bear", "fancy", "APT", "the", "sofac", "Winnti", "Petya", "HSE"] {
        let found = aliases.find(unknown).map(|set| set.name.as_str());
        assert!(found.is_none_or(|set| set == unknown), "{unknown}: {found:?}");
    }
}

fn own(text: &str) -> Aliases {
    Aliases::parse(text).unwrap_or_else(|error| panic!("{error}"))
}

const OURS: &str = r#"
    remove = ["Sednit"]

    [[set]]
    name = "Fancy Bear"
    kind = "actor"
    also = ["BLUE-7", "Snake", "Turla"]
    weak = ["Snake"]
    source = "case 2024-17"

    [[set]]
    name = "Musterstadt"
    kind = "organisation"
    also = ["Stadtwerke Musterstadt"]
    source = ["https://example.org/a", "our list"]

    [[ambiguous]]
    name = "Emotet"
    means = ["the loader", "our test case"]
    source = "a joke"
"#;

#[test]
fn a_file_on_top_adds_moves_and_removes() {
    let aliases = Aliases::default().extended(&own(OURS));
    let bear = aliases.find("APT28").unwrap();
    assert_eq!(bear.name, "APT28", "a set that is known keeps its name");
    assert_eq!(bear.sources[0], "case 2024-17");
    assert!(bear.sources.len() > 1);
    for name in ["BLUE-7", "Snake", "Turla", "Sofacy"] {
        assert_eq!(aliases.find(name), Some(bear), "{name}");
    }
    assert!(bear.is_weak("Snake"));
    assert!(aliases.find("Sednit").is_none());
    assert!(aliases.ambiguity("Snake").is_none(), "the user knows what he means");
    assert_eq!(aliases.find("Venomous Bear").unwrap().name, "Waterbug", "what was Turla");
    assert_eq!(aliases.find("musterstadt").unwrap().source(), "example.org");
    assert!(aliases.find("Emotet").is_none());
    assert_eq!(aliases.ambiguity("emotet").unwrap().means.len(), 2);
    assert_eq!(aliases.find("Heodo").unwrap().name, "Geodo");
    // Nothing else is touched.
    let before = Aliases::default();
    assert_eq!(aliases.find("Heodo").unwrap().sources, before.find("Emotet").unwrap().sources);
    assert_eq!(aliases.sets().len(), before.sets().len() + 1);
    assert_eq!(Aliases::none().extended(&before), before);
    assert_eq!(before.extended(&Aliases::none()), before);
}

#[test]
fn a_removed_set_is_gone() {
    let aliases = own("[[set]]\nname = \"a\"\nkind = \"term\"\nsource = \"x\"");
    assert!(aliases.find("a").is_some());
    let without = aliases.extended(&own("remove = [\"A\"]"));
    assert_eq!(without.sets(), []);
    assert!(without.find("a").is_none());
}

#[test]
fn faults_are_told_with_their_line() {
    let set = "[[set]]\nname = \"a\"\nkind = \"term\"\nsource = \"x\"\n";
    for (text, expected) in [
        ("[[set]]\nkind = \"term\"", "line 1: missing field `name`"),
        ("[[set]]\nname = \"a\"\nsource = \"x\"", "line 1: the set “a” has no `kind`: one of"),
        ("[[set]]\nname = \"a\"\nkind = \"term\"", "line 1: the set “a” has no `source`"),
        ("[[set]]\nname = \"a\"\nkind = \"term\"\nsource = \" \"", "has no `source`"),
        (
            "[[set]]\nname = \"a\"\nkind = \"gang\"\nsource = \"x\"",
            "line 3: there is no kind \"gang\"",
        ),
        ("[[set]]\nname = \"a\"\nalias = [\"b\"]", "line 3: unknown field `alias`, expected"),
        ("[[set]]\nname = \"-\"\nkind = \"term\"\nsource = \"x\"", "line 2: “-” has no letters"),
        (&format!("{set}weak = [\"b\"]"), "line 5: “b” is weak, but no name of the set “a”"),
        (
            &format!(
                "{set}\n[[set]]\nname = \"b\"\nalso = [\"A\"]\nkind = \"term\"\nsource = \"x\""
            ),
            "line 8: “A” stands in the set “a” and in the set “b”: write it under [[ambiguous]]",
        ),
        (
            &format!("{set}\n[[ambiguous]]\nname = \"a\"\nmeans = [\"b\", \"c\"]\nsource = \"x\""),
            "line 7: “a” stands in the set “a” and in the ambiguous name “a”",
        ),
        (
            "[[ambiguous]]\nname = \"a\"\nmeans = [\"b\"]\nsource = \"x\"",
            "line 1: the ambiguous name “a” has to mean at least two things",
        ),
        ("remove = [\"…\"]", "line 1: “…” has no letters or digits"),
        ("name = \"a\"", "line 1: unknown field `name`"),
        ("\n[[set]", "line 2: "),
    ] {
        let error = Aliases::parse(text).unwrap_err();
        assert!(error.to_string().contains(expected), "{text}\n{error}");
        assert_eq!(error.help(), Some("docs/aliases.md describes the format"));
    }
}

#[test]
fn a_file_that_can_t_be_read_is_named() {
    let error = Aliases::load("/no/such/aliases.toml".as_ref()).unwrap_err();
    assert!(error.to_string().contains("/no/such/aliases.toml"), "{error}");
}

#[test]
fn lookups_take_words_put_together() {
    let aliases = Aliases::default();
    let known = |name| aliases.known(&words(name));
    assert!(matches!(known("fancybear"), Some(Known::Name { written: "Fancy Bear", .. })));
    assert!(matches!(known("winnti"), Some(Known::Ambiguous(_))));
    assert_eq!(known("fancy"), None);
    assert!(aliases.most_words() > 5);
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "[\\[\\]a-z=\"\n,{} é☃]{0,60}") {
        let _ = Aliases::parse(&text);
    }
}
