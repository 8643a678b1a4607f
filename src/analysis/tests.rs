//! The stages together: what a text's words are, and what holds for every text.

use proptest::prelude::*;

use super::*;

fn analyze(text: &str) -> Vec<OwnedToken> {
    Analyzer::new(Language::English).forms(text)
}

fn surfaces(text: &str) -> Vec<String> {
    analyze(text).into_iter().map(|token| token.surface).collect()
}

#[test]
fn texts_are_matched_the_way_people_write_them() {
    let cases: &[(&str, &[&str])] = &[
        ("", &[]),
        (" \n\t", &[]),
        ("\"", &[]),
        ("!?…—", &[]),
        ("normandie Normandie NORMANDIE", &["normandie", "normandie", "normandie"]),
        ("Région, region", &["region", "region"]),
        ("cote d'azur", &["cote", "azur"]),
        ("Côte d’Azur", &["cote", "azur"]),
        ("CÔTE D‘AZUR", &["cote", "azur"]),
        ("Co\u{302}te d’Azur", &["cote", "azur"]),
        ("d azur", &["d", "azur"]),
        ("l'hôpital", &["hopital"]),
        ("jusqu’à l’Élysée", &["a", "elysee"]),
        ("dell'università", &["universita"]),
        ("O'Brien OBrien", &["obrien", "obrien"]),
        ("the region’s website", &["the", "region", "website"]),
        ("APT29's tools", &["apt29", "tools"]),
        ("hackers' forum", &["hackers", "forum"]),
        ("They don’t", &["they", "dont"]),
        ("aujourd'hui", &["aujourdhui"]),
        ("CVE-2023-34362", &["cve", "2023", "34362"]),
        (r"C:\Windows\System32", &["c", "windows", "system32"]),
        ("region-normandie.fr", &["region", "normandie", "fr"]),
        ("region-normandie[.]fr", &["region", "normandie", "fr"]),
        (
            "hxxps://region-normandie[.]fr/x_y.php?a=1",
            &["https", "region", "normandie", "fr", "x", "y", "php", "a", "1"],
        ),
        ("10.0.0.1:8080", &["10.0.0.1", "8080"]),
        ("the U.S. and the U.S.A.", &["the", "us", "and", "the", "usa"]),
        ("U.S.-based, i.e. the C.I.A.’s", &["us", "based", "ie", "the", "cia"]),
        ("3,000 files, 3.14 GB, 3,5 Mio.", &["3000", "files", "3.14", "gb", "3,5", "mio"]),
        ("ports 22,80,443", &["ports", "22", "80", "443"]),
        ("evil.exe, readme.txt.", &["evil", "exe", "readme", "txt"]),
        ("a@b.example.org", &["a", "b", "example", "org"]),
        ("C++, C#, .NET, AT&T, Lapsus$", &["c", "c", "net", "at", "t", "lapsus"]),
        ("_foo_bar__", &["foo", "bar"]),
        ("İstanbul’da", &["istanbulda"]),
        ("ﬁnance ＡＢＣ", &["finance", "abc"]),
        ("Москва́ и Ёлка", &["москва", "и", "елка"]),
        ("Ἀθῆναι ΟΔΟΣ", &["αθηναι", "οδοσ"]),
        ("مُحَمَّد أحمد", &["محمد", "احمد"]),
        ("网络攻击", &["网", "络", "攻", "击"]),
        ("ランサム", &["ラ", "ン", "サ", "ム"]),
        ("랜섬웨어 공격", &["랜", "섬", "웨", "어", "공", "격"]),
        ("👩‍💻 hacked 🇫🇷", &["hacked"]),
        ("nor\u{AD}mandie nor\u{200B}mandie", &["normandie", "normandie"]),
        ("Lantek Systems Inс", &["lantek", "systems", "inc"]),
        ("ـ", &[]),
    ];
    for (text, expected) in cases {
        assert_eq!(surfaces(text), *expected, "{text:?}");
    }
}

#[test]
fn thai_words_keep_their_vowel_signs() {
    assert_eq!(surfaces("ที่").concat(), "ที่");
}

#[test]
fn ranges_cover_what_the_form_stands_for() {
    let text = "Côte d’Azur: the U.S.’s l’État’s, 3,000 nor\u{AD}mandie";
    let covered: Vec<_> = analyze(text).into_iter().map(|token| &text[token.range]).collect();
    assert_eq!(covered, ["Côte", "Azur", "the", "U.S", "État", "3,000", "nor\u{AD}mandie"]);
}

#[test]
fn stems_stand_beside_surfaces() {
    let stems: Vec<_> =
        analyze("Defaced defacement Régions APT29s").into_iter().map(|t| t.stem).collect();
    assert_eq!(stems, ["defac", "defac", "region", "apt29s"]);
}

#[test]
fn long_words_are_cut_not_lost() {
    let sha512 = "0123456789abcdef".repeat(8);
    assert_eq!(surfaces(&sha512), [sha512.as_str()]);
    for letter in ["a", "é", "ø", "й", "字", "ﷺ"] {
        let text = letter.repeat(1000);
        for token in analyze(&text) {
            assert!((1..=MAX_FORM_BYTES).contains(&token.surface.len()), "{letter}");
        }
        assert!(!analyze(&text).is_empty(), "{letter}");
    }
}

#[test]
fn a_kept_analyzer_gives_the_same_as_a_new_one() {
    let mut kept = Analyzer::new(Language::English);
    let text = "The U.S. region’s Région attacks; d’Azur d'azur 3,000";
    let first = kept.forms(text);
    assert_eq!(kept.forms(text), first);
    assert_eq!(analyze(text), first);
}

#[test]
fn an_analyzer_can_move_to_another_thread() {
    fn assert_send<T: Send>() {}
    assert_send::<Analyzer>();
}

/// Words, separators and marks that meet in every rule of the stages.
fn tricky() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "a", "S", "é", "e\u{301}", "ß", "İ", "Inс", "azur", "l", "d", "qu", "0", "12", "345", "٣",
        "'", "’", "ʼ", ".", ",", "_", ":", ";", "-", " ", "\n", "\u{A0}", "\u{202F}", "\u{AD}",
        "\u{200B}", "\u{200D}", "\u{301}", "\u{FE0F}", "й", "Σ", "字", "ア", "ｶﾞ", "ไ", "한", "ש",
        "\"", "ـ", "مُ", "½", "ﷺ", "．", "，", "👩",
    ];
    proptest::collection::vec(proptest::sample::select(PIECES), 0..16)
        .prop_map(|pieces| pieces.concat())
}

fn check(text: &str) -> Result<(), TestCaseError> {
    let tokens = analyze(text);
    let mut end = 0;
    for (position, token) in tokens.iter().enumerate() {
        prop_assert_eq!(token.position as usize, position);
        prop_assert!(token.range.start >= end && token.range.start < token.range.end);
        end = token.range.end;
        let written = text.get(token.range.clone());
        prop_assert!(written.is_some(), "{:?} is no slice", token.range);
        prop_assert!(!token.surface.is_empty() && !token.stem.is_empty());
        let alone = analyze(written.unwrap_or_default());
        prop_assert_eq!(alone.len(), 1, "{:?} in {:?}", written, text);
        prop_assert_eq!(&alone[0].surface, &token.surface, "{:?} in {:?}", written, text);
        prop_assert_eq!(&alone[0].stem, &token.stem);
        prop_assert_eq!(alone[0].range.len(), token.range.len());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn each_range_alone_gives_its_token_again(text in tricky()) {
        check(&text)?;
    }

    #[test]
    fn each_range_alone_gives_its_token_again_in_any_text(text in any::<String>()) {
        check(&text)?;
    }

    #[test]
    fn blanks_of_all_kinds_are_the_same(words in proptest::collection::vec("[a-zé’.,0-9-]{1,6}", 0..6)) {
        let plain = surfaces(&words.join(" "));
        for blank in ["\u{A0}", "\u{202F}", "\u{3000}", "\n", "\r\n", "\t"] {
            prop_assert_eq!(&surfaces(&words.join(blank)), &plain);
        }
    }

    #[test]
    fn a_text_between_blanks_keeps_its_words(left in any::<String>(), right in any::<String>()) {
        let mut words = surfaces(&left);
        words.extend(surfaces(&right));
        prop_assert_eq!(surfaces(&format!("{left} {right}")), words);
    }
}
