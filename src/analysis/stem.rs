//! Stage 4: stems.
//!
//! In: a folded surface form. Out: its stem in the language of the text, by the Snowball algorithms. What is no word
//! of that language (digits in it, another script) is its own stem, but for words in Latin letters in a text of another
//! script, which are mostly English.
//!
//! Forms are folded before they are stemmed, so that a query typed without accents has the stem of the word with them.
//! For most endings that costs nothing: on 11,000 words of French advisories all forms of a word but the feminine
//! participle (`attaquée`) keep one stem, on 8,000 German words all do, and a German `ue` is an `ü` to the algorithm. Where
//! an ending is known by its accent alone, `respell` puts it back first.

use std::borrow::Cow;

use super::language::Language;
use super::normalize;

/// The longest form that is stemmed. Longer ones are keys, hashes and encoded data rather than words.
const MAX_STEMMED_BYTES: usize = 48;
/// A shorter stem says too little: the word itself is then its stem. English keeps its own, short as they are.
const LEAST_LETTERS: usize = 3;

/// Stems the words of one language.
#[derive(Clone)]
pub(crate) struct Stemmer {
    language: Language,
    snowball: frostem::Stemmer,
}

impl Stemmer {
    pub(crate) fn new(language: Language) -> Self {
        Self { language, snowball: frostem::Stemmer::new(language.algorithm()) }
    }

    pub(crate) fn language(&self) -> Language {
        self.language
    }

    /// The stem of a folded form; never empty where the form is not.
    pub(crate) fn stem<'a>(&self, surface: &'a str) -> Cow<'a, str> {
        if surface.len() > MAX_STEMMED_BYTES {
            return Cow::Borrowed(surface);
        }
        if !self.language.writes(surface) {
            return match self.language.is_latin() {
                false if Language::English.writes(surface) => {
                    Stemmer::new(Language::English).stem(surface)
                }
                _ => Cow::Borrowed(surface),
            };
        }
        if self.language == Language::English {
            let stem = self.snowball.stem(surface);
            return if stem.is_empty() { Cow::Borrowed(surface) } else { stem };
        }
        let stem = match respell(self.language, surface) {
            Some(spelled) => Cow::Owned(self.snowball.stem(&spelled).into_owned()),
            None => self.snowball.stem(surface),
        };
        let stem = if stem.is_ascii() {
            stem
        } else {
            let mut folded = String::with_capacity(stem.len());
            normalize::fold(&stem, &mut folded);
            Cow::Owned(folded)
        };
        if stem.chars().take(LEAST_LETTERS).count() < LEAST_LETTERS {
            return Cow::Borrowed(surface);
        }
        stem
    }
}

/// Endings that folding made another: as they are folded, and as they were, for words of at least so many letters.
type Endings = &'static [(&'static str, &'static str, usize)];

/// A word without an accent that ends so is next to always one that lost it.
const FRENCH: Endings = &[("ees", "ées", 5), ("ee", "ée", 4)];
const POLISH: Endings = &[("ow", "ów", 4)];
/// Also the plurals of words in `-l`, which the algorithm does not know.
const PORTUGUESE: Endings = &[
    ("coes", "ções", 5),
    ("oes", "ões", 5),
    ("cao", "ção", 4),
    ("ao", "ão", 3),
    ("veis", "vel", 6),
    ("eis", "el", 6),
    ("ais", "al", 6),
];

/// The form with its ending as it is spelled; `None` where nothing was lost.
fn respell(language: Language, surface: &str) -> Option<String> {
    let endings = match language {
        Language::French => FRENCH,
        Language::Polish => POLISH,
        Language::Portuguese => PORTUGUESE,
        // Folded to the Arabic letters, which the algorithm does not know.
        Language::Persian => return Some(surface.replace('ي', "ی").replace('ك', "ک")),
        _ => return None,
    };
    let (rest, spelled) = endings.iter().find_map(|(folded, spelled, least)| {
        let rest = surface.strip_suffix(folded)?;
        (surface.len() >= *least).then_some((rest, spelled))
    })?;
    Some(format!("{rest}{spelled}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn folded(word: &str) -> String {
        let mut folded = String::new();
        normalize::fold(word, &mut folded);
        folded
    }

    #[test]
    fn english() {
        let stemmer = Stemmer::new(Language::English);
        let cases = [
            ("defaced", "defac"),
            ("defacement", "defac"),
            ("attacks", "attack"),
            ("hospital", "hospit"),
            ("us", "us"),
            ("a", "a"),
            ("", ""),
        ];
        for (surface, stem) in cases {
            assert_eq!(stemmer.stem(surface), stem, "{surface}");
        }
    }

    /// Words that people take for one another, with their accents and as they are typed without.
    #[test]
    fn forms_of_one_word_share_a_stem() {
        use Language::*;
        let cases: &[(Language, &[&str])] = &[
            (French, &["hôpital", "hôpitaux", "hopital", "HOPITAUX"]),
            (French, &["attaque", "attaques", "attaqué", "attaquée", "attaquées", "attaquees"]),
            (French, &["chiffré", "chiffrée", "chiffrement"]),
            (French, &["vulnérabilité", "vulnérabilités", "vulnerabilite"]),
            (German, &["Behörde", "Behörden", "behorde", "Behoerde", "BEHÖRDEN"]),
            (German, &["Krankenhaus", "Krankenhäuser", "Krankenhaeuser", "krankenhauser"]),
            (German, &["München", "Muenchen", "munchen"]),
            (German, &["Schlüssel", "Schluessel"]),
            (Spanish, &["ataque", "ataques"]),
            (Spanish, &["información", "informaciones", "informacion"]),
            (Italian, &["attacco", "attacchi"]),
            (Italian, &["ospedale", "ospedali"]),
            (Portuguese, &["informação", "informações", "informacao", "informacoes"]),
            (Portuguese, &["hospital", "hospitais"]),
            (Portuguese, &["vulnerável", "vulneráveis"]),
            (Dutch, &["ziekenhuis", "ziekenhuizen"]),
            (Swedish, &["myndighet", "myndigheter", "myndigheten"]),
            (Polish, &["atak", "ataku", "ataki", "ataków", "atakow"]),
            (Czech, &["nemocnice", "nemocnici"]),
            (Hungarian, &["kórház", "kórházak", "korhazak"]),
            (Russian, &["атака", "атаки", "атаку", "атакой"]),
            (Greek, &["επίθεση", "επίθεσης", "επιθέσεις", "ΕΠΙΘΕΣΗ"]),
            (Turkish, &["saldırılar", "saldırıları", "saldirilar"]),
            (Serbian, &["напад", "napad"]),
            (Arabic, &["هجوم", "الهجوم"]),
            (Arabic, &["مستشفى", "المستشفى", "المستشفي"]),
            (Persian, &["بیمارستان", "بیمارستان‌ها", "بيمارستان"]),
        ];
        for (language, words) in cases {
            let stemmer = Stemmer::new(*language);
            let stem = stemmer.stem(&folded(words[0])).into_owned();
            for word in *words {
                assert_eq!(stemmer.stem(&folded(word)), stem, "{language:?} {word}");
            }
        }
    }

    #[test]
    fn only_words_of_the_language() {
        let stemmer = Stemmer::new(Language::English);
        for surface in ["apt29s", "win32ing", "3,5", "атаки", "字"] {
            assert_eq!(stemmer.stem(surface), surface);
        }
        let long = "ing".repeat(40);
        assert_eq!(stemmer.stem(&long), long);
        // Latin letters in a text of another script are mostly English, in French they are French.
        assert_eq!(Stemmer::new(Language::Russian).stem("attacks"), "attack");
        assert_eq!(Stemmer::new(Language::French).stem("атаки"), "атаки");
    }

    #[test]
    fn a_stem_that_says_too_little_is_none() {
        assert_eq!(Stemmer::new(Language::French).stem("age"), "age");
        assert_eq!(Stemmer::new(Language::English).stem("ios"), "io");
    }

    proptest! {
        #[test]
        fn every_form_has_a_stem_in_every_language(word in "[a-zà-öœßа-яёα-ωب-يա-ևऀ-ॣஂ-ௗא-ת]{1,16}") {
            let surface = folded(&word);
            for language in Language::ALL {
                let stem = Stemmer::new(language).stem(&surface).into_owned();
                prop_assert_eq!(stem.is_empty(), surface.is_empty(), "{:?}", language);
                prop_assert_eq!(&folded(&stem), &stem, "stems are folded");
            }
        }
    }
}
