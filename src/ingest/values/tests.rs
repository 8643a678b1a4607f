use proptest::prelude::*;

use super::*;

#[test]
fn folding_takes_away_what_is_no_difference() {
    for (text, folded) in [
        ("  Résumé ", "resume"),
        ("Victime\u{a0}de  l’incident", "victime de l'incident"),
        ("Ｄａｔｅ：", "date:"),
        ("PAÍS", "pais"),
        ("\u{feff}Date", "date"),
    ] {
        assert_eq!(fold(text), folded);
    }
}

#[test]
fn placeholders_hold_no_value() {
    for value in [
        "",
        "-",
        "??",
        "Available to members",
        "**Unknown**",
        "N/A",
        "n.a.",
        "(none)",
        "Unbekannt.",
        "[['Not available']]",
        "[REDACTED]",
        "XXXXX",
        "«»",
        "Non renseigné",
    ] {
        assert!(is_placeholder(value), "{value}");
    }
    for value in
        ["0", "Unknown Worlds", "NA", "None of Your Business Ltd", "一", "xx", "Anonymous", "X"]
    {
        assert!(!is_placeholder(value), "{value}");
    }
}

#[test]
fn cells_count_and_list() {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let rows: [(&str, Option<u32>, &[&str]); 21] = [
        (">1", None, &[">1"]),
        ("> 3 actors", None, &["> 3 actors"]),
        ("2+", None, &["2+"]),
        ("C++ Group", Some(1), &["C++ Group"]),
        ("Available to members", None, &[]),
        ("AVAILABLE TO MEMBERS", None, &[]),
        ("", None, &[]),
        ("–", None, &[]),
        ("4 motives", Some(4), &[]),
        ("1 technique", Some(1), &[]),
        ("0 actors", Some(0), &[]),
        ("3", Some(3), &[]),
        ("2 motive(s)", Some(2), &[]),
        ("2 Tactics, Techniques & Procedures", Some(2), &[]),
        ("2 motives: financial gain, extortion", Some(2), &["financial gain", "extortion"]),
        ("1 actor (Sandworm)", Some(1), &["Sandworm"]),
        (
            "1 motif : dénonciation (publique, anonyme)",
            Some(1),
            &["dénonciation (publique, anonyme)"],
        ),
        ("Confidentiality, Integrity", Some(2), &["Confidentiality", "Integrity"]),
        ("Cozy Bear, a group; Sandworm", Some(2), &["Cozy Bear, a group", "Sandworm"]),
        ("8 Base", Some(1), &["8 Base"]),
        ("99999999999 motives", Some(1), &["99999999999 motives"]),
    ];
    for (cell, count, listed) in rows {
        assert_eq!(parse_tally(cell), (Tally { count, names: names(listed) }, None), "{cell}");
    }
    let (tally, disagreement) = parse_tally("3 techniques: phishing, theft");
    assert_eq!(tally, Tally { count: Some(3), names: names(&["phishing", "theft"]) });
    assert!(disagreement.unwrap().ends_with("says 3 and names 2"));
}

#[test]
fn languages_have_codes() {
    for (written, code) in [
        ("fr", Some("fr")),
        ("en-US", Some("en")),
        ("Français", Some("fr")),
        ("DEUTSCH", Some("de")),
        ("русский", Some("ru")),
        ("Klingon", None),
        ("éa", None),
        ("", None),
    ] {
        assert_eq!(language_code(written).as_deref(), code, "{written}");
    }
}

proptest! {
    #[test]
    fn folding_ascii_is_folding(text in "[ -~\t\n]{0,20}") {
        // A letter that is none of ASCII sends the whole text the long way.
        let expected = format!("{} e", fold(&text));
        prop_assert_eq!(fold(&format!("{text} é")), expected.trim_start());
    }

    #[test]
    fn no_cell_panics_or_loses_a_word(cell in "\\PC{0,40}|[0-9]{0,3} ?[a-z(),;:：•|& ]{0,30}") {
        let (tally, _) = parse_tally(&cell);
        if tally.count.is_none() {
            let bare = cell.trim().trim_matches('*').trim();
            let says_nothing = is_placeholder(bare) || split_names(&cell).is_empty();
            prop_assert!(says_nothing || is_inexact(bare));
        }
    }
}
