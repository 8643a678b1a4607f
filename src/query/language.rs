//! Names of languages, for `lang:`.
//!
//! In: a code or a name, in English or in the language itself. Out: the ISO 639-1 code.

/// ISO 639-1 code, ISO 639-2 codes, English name, and the name in the language itself.
const LANGUAGES: &[(&str, &[&str])] = &[
    ("ar", &["ara", "arabic", "العربية"]),
    ("bg", &["bul", "bulgarian", "български"]),
    ("ca", &["cat", "catalan", "català"]),
    ("cs", &["ces", "cze", "czech", "čeština"]),
    ("da", &["dan", "danish", "dansk"]),
    ("de", &["deu", "ger", "german", "deutsch"]),
    ("el", &["ell", "gre", "greek", "ελληνικά"]),
    ("en", &["eng", "english"]),
    ("es", &["spa", "spanish", "español", "espanol"]),
    ("et", &["est", "estonian", "eesti"]),
    ("eu", &["eus", "baq", "basque", "euskara"]),
    ("fa", &["fas", "per", "persian", "farsi", "فارسی"]),
    ("fi", &["fin", "finnish", "suomi"]),
    ("fr", &["fra", "fre", "french", "français", "francais"]),
    ("ga", &["gle", "irish", "gaeilge"]),
    ("he", &["heb", "hebrew", "עברית"]),
    ("hi", &["hin", "hindi", "हिन्दी"]),
    ("hr", &["hrv", "croatian", "hrvatski"]),
    ("hu", &["hun", "hungarian", "magyar"]),
    ("hy", &["hye", "arm", "armenian", "հայերեն"]),
    ("id", &["ind", "indonesian", "bahasa indonesia"]),
    ("is", &["isl", "ice", "icelandic", "íslenska"]),
    ("it", &["ita", "italian", "italiano"]),
    ("ja", &["jpn", "japanese", "日本語"]),
    ("ka", &["kat", "geo", "georgian", "ქართული"]),
    ("ko", &["kor", "korean", "한국어"]),
    ("lt", &["lit", "lithuanian", "lietuvių"]),
    ("lv", &["lav", "latvian", "latviešu"]),
    ("ms", &["msa", "may", "malay", "bahasa melayu"]),
    ("nl", &["nld", "dut", "dutch", "nederlands"]),
    ("no", &["nor", "nb", "nn", "nob", "nno", "norwegian", "norsk"]),
    ("pl", &["pol", "polish", "polski"]),
    ("pt", &["por", "portuguese", "português", "portugues"]),
    ("ro", &["ron", "rum", "romanian", "română"]),
    ("ru", &["rus", "russian", "русский"]),
    ("sk", &["slk", "slo", "slovak", "slovenčina"]),
    ("sl", &["slv", "slovenian", "slovenščina"]),
    ("sq", &["sqi", "alb", "albanian", "shqip"]),
    ("sr", &["srp", "serbian", "српски", "srpski"]),
    ("sv", &["swe", "swedish", "svenska"]),
    ("ta", &["tam", "tamil", "தமிழ்"]),
    ("th", &["tha", "thai", "ไทย"]),
    ("tr", &["tur", "turkish", "türkçe"]),
    ("uk", &["ukr", "ukrainian", "українська"]),
    ("ur", &["urd", "urdu", "اردو"]),
    ("vi", &["vie", "vietnamese", "tiếng việt"]),
    ("yi", &["yid", "yiddish", "ייִדיש"]),
    ("zh", &["zho", "chi", "chinese", "中文"]),
];

/// The code of a language. A region is ignored (`fr-CA`); two letters that are not in the list are taken for a code.
pub(super) fn code(typed: &str) -> Option<String> {
    let lower = typed.trim().to_lowercase();
    let find =
        |name: &str| LANGUAGES.iter().find(|(code, names)| *code == name || names.contains(&name));
    let first = lower.split(['-', '_']).next().unwrap_or_default();
    if let Some((code, _)) = find(&lower).or_else(|| find(first)) {
        return Some((*code).to_owned());
    }
    let two_letters = first.len() == 2 && first.bytes().all(|b| b.is_ascii_alphabetic());
    two_letters.then(|| first.to_owned())
}

/// The language whose English name begins as this one does.
pub(super) fn nearest(typed: &str) -> Option<&'static str> {
    let lower = typed.to_lowercase();
    let start: String = lower.chars().take(3).collect();
    if start.chars().count() < 3 {
        return None;
    }
    let (code, _) =
        LANGUAGES.iter().find(|(_, names)| names.iter().any(|name| name.starts_with(&start)))?;
    Some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_codes_are_known() {
        let table = [
            ("fr", Some("fr")),
            ("FRA", Some("fr")),
            ("French", Some("fr")),
            ("français", Some("fr")),
            ("fr-CA", Some("fr")),
            ("Deutsch", Some("de")),
            ("日本語", Some("ja")),
            ("nb", Some("no")),
            ("eo", Some("eo")),
            ("klingon", None),
            ("", None),
        ];
        for (typed, expected) in table {
            assert_eq!(code(typed).as_deref(), expected, "{typed}");
        }
        assert_eq!(nearest("Frensh"), Some("fr"));
        assert_eq!(nearest("xyz"), None);
    }

    #[test]
    fn no_name_stands_for_two_languages() {
        let mut seen = std::collections::HashSet::new();
        for (code, names) in LANGUAGES {
            for name in std::iter::once(code).chain(names.iter()) {
                assert!(seen.insert(*name), "{name}");
            }
        }
    }
}
