//! The languages that words can be stemmed in.
//!
//! In: an ISO 639-1 code. Out: a [`Language`], with the Snowball algorithm and the script of its words.

use frostem::Algorithm;

/// A language that words can be stemmed in: every one that has a Snowball algorithm.
///
/// ```
/// use casebook::Language;
///
/// assert_eq!(Language::from_code("FR"), Some(Language::French));
/// assert_eq!(Language::from_code("nb"), Some(Language::Norwegian));
/// assert_eq!(Language::from_code("tlh"), None);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    /// Arabic (`ar`).
    Arabic,
    /// Armenian (`hy`).
    Armenian,
    /// Basque (`eu`).
    Basque,
    /// Catalan (`ca`).
    Catalan,
    /// Czech (`cs`).
    Czech,
    /// Danish (`da`).
    Danish,
    /// Dutch (`nl`).
    Dutch,
    /// English (`en`).
    #[default]
    English,
    /// Esperanto (`eo`).
    Esperanto,
    /// Estonian (`et`).
    Estonian,
    /// Finnish (`fi`).
    Finnish,
    /// French (`fr`).
    French,
    /// German (`de`).
    German,
    /// Greek (`el`).
    Greek,
    /// Hindi (`hi`).
    Hindi,
    /// Hungarian (`hu`).
    Hungarian,
    /// Indonesian (`id`).
    Indonesian,
    /// Irish (`ga`).
    Irish,
    /// Italian (`it`).
    Italian,
    /// Lithuanian (`lt`).
    Lithuanian,
    /// Nepali (`ne`).
    Nepali,
    /// Norwegian (`no`).
    Norwegian,
    /// Persian (`fa`).
    Persian,
    /// Polish (`pl`).
    Polish,
    /// Portuguese (`pt`).
    Portuguese,
    /// Romanian (`ro`).
    Romanian,
    /// Russian (`ru`).
    Russian,
    /// Serbian (`sr`).
    Serbian,
    /// Sesotho (`st`).
    Sesotho,
    /// Spanish (`es`).
    Spanish,
    /// Swedish (`sv`).
    Swedish,
    /// Tamil (`ta`).
    Tamil,
    /// Turkish (`tr`).
    Turkish,
    /// Yiddish (`yi`).
    Yiddish,
}

impl Language {
    /// Every language, for code that must know them all.
    pub const ALL: [Language; TABLE.len()] = {
        let mut all = [Language::English; TABLE.len()];
        let mut i = 0;
        while i < TABLE.len() {
            all[i] = TABLE[i].0;
            i += 1;
        }
        all
    };

    /// The ISO 639-1 code.
    pub fn code(self) -> &'static str {
        self.row().1
    }

    /// The language with this ISO 639-1 code, in any case; `None` if there is no stemmer for it.
    pub fn from_code(code: &str) -> Option<Self> {
        // The two standards of Norwegian are stemmed alike.
        let code =
            if ["nb", "nn"].iter().any(|one| one.eq_ignore_ascii_case(code)) { "no" } else { code };
        Self::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(code))
    }

    /// Whether the language writes compounds as one word, so that a part of one is a word that people search for.
    pub(crate) fn writes_compounds(self) -> bool {
        use Language::{Danish, Dutch, Estonian, Finnish, German, Norwegian, Swedish};
        matches!(self, German | Dutch | Danish | Norwegian | Swedish | Finnish | Estonian)
    }

    pub(super) fn algorithm(self) -> Algorithm {
        self.row().2
    }

    /// Whether a folded form can be a word of this language.
    pub(super) fn writes(self, surface: &str) -> bool {
        let script = self.row().3;
        if script == Script::Latin {
            return surface.bytes().all(|byte| byte.is_ascii_lowercase());
        }
        surface.chars().all(|c| script.has(c))
    }

    pub(super) fn is_latin(self) -> bool {
        self.row().3 == Script::Latin
    }

    /// The rows stand in the order of the variants, which a test holds.
    fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }
}

type Row = (Language, &'static str, Algorithm, Script);

const TABLE: [Row; 34] = [
    (Language::Arabic, "ar", Algorithm::Arabic, Script::Arabic),
    (Language::Armenian, "hy", Algorithm::Armenian, Script::Armenian),
    (Language::Basque, "eu", Algorithm::Basque, Script::Latin),
    (Language::Catalan, "ca", Algorithm::Catalan, Script::Latin),
    (Language::Czech, "cs", Algorithm::Czech, Script::Latin),
    (Language::Danish, "da", Algorithm::Danish, Script::Latin),
    (Language::Dutch, "nl", Algorithm::Dutch, Script::Latin),
    (Language::English, "en", Algorithm::English, Script::Latin),
    (Language::Esperanto, "eo", Algorithm::Esperanto, Script::Latin),
    (Language::Estonian, "et", Algorithm::Estonian, Script::Latin),
    (Language::Finnish, "fi", Algorithm::Finnish, Script::Latin),
    (Language::French, "fr", Algorithm::French, Script::Latin),
    (Language::German, "de", Algorithm::German, Script::Latin),
    (Language::Greek, "el", Algorithm::Greek, Script::Greek),
    (Language::Hindi, "hi", Algorithm::Hindi, Script::Devanagari),
    (Language::Hungarian, "hu", Algorithm::Hungarian, Script::Latin),
    (Language::Indonesian, "id", Algorithm::Indonesian, Script::Latin),
    (Language::Irish, "ga", Algorithm::Irish, Script::Latin),
    (Language::Italian, "it", Algorithm::Italian, Script::Latin),
    (Language::Lithuanian, "lt", Algorithm::Lithuanian, Script::Latin),
    (Language::Nepali, "ne", Algorithm::Nepali, Script::Devanagari),
    (Language::Norwegian, "no", Algorithm::Norwegian, Script::Latin),
    (Language::Persian, "fa", Algorithm::Persian, Script::Arabic),
    (Language::Polish, "pl", Algorithm::Polish, Script::Latin),
    (Language::Portuguese, "pt", Algorithm::Portuguese, Script::Latin),
    (Language::Romanian, "ro", Algorithm::Romanian, Script::Latin),
    (Language::Russian, "ru", Algorithm::Russian, Script::Cyrillic),
    (Language::Serbian, "sr", Algorithm::Serbian, Script::Serbian),
    (Language::Sesotho, "st", Algorithm::Sesotho, Script::Latin),
    (Language::Spanish, "es", Algorithm::Spanish, Script::Latin),
    (Language::Swedish, "sv", Algorithm::Swedish, Script::Latin),
    (Language::Tamil, "ta", Algorithm::Tamil, Script::Tamil),
    (Language::Turkish, "tr", Algorithm::Turkish, Script::Latin),
    (Language::Yiddish, "yi", Algorithm::Yiddish, Script::Hebrew),
];

/// Which letters the words of a language are made of, once they are folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Latin,
    Cyrillic,
    /// Cyrillic or Latin; the stems of Serbian are Latin for both.
    Serbian,
    Greek,
    Arabic,
    Armenian,
    Devanagari,
    Tamil,
    Hebrew,
}

impl Script {
    fn has(self, c: char) -> bool {
        match self {
            Script::Latin => c.is_ascii_lowercase(),
            Script::Cyrillic => matches!(c, 'а'..='џ'),
            Script::Serbian => c.is_ascii_lowercase() || matches!(c, 'а'..='џ'),
            Script::Greek => matches!(c, 'α'..='ω'),
            Script::Arabic => matches!(c, '\u{620}'..='\u{652}' | '\u{66E}'..='\u{6D3}'),
            Script::Armenian => matches!(c, '\u{561}'..='\u{587}'),
            Script::Devanagari => matches!(c, '\u{900}'..='\u{963}'),
            Script::Tamil => matches!(c, '\u{B82}'..='\u{BD7}'),
            Script::Hebrew => matches!(c, '\u{5D0}'..='\u{5F2}'),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_in_the_order_of_the_variants() {
        for (i, language) in Language::ALL.into_iter().enumerate() {
            assert_eq!(language as usize, i);
            assert_eq!(TABLE[i].0, language);
        }
    }

    #[test]
    fn codes() {
        for language in Language::ALL {
            assert_eq!(Language::from_code(language.code()), Some(language));
            assert_eq!(Language::from_code(&language.code().to_uppercase()), Some(language));
        }
        for code in ["", "zh", "english", "xx"] {
            assert_eq!(Language::from_code(code), None, "{code}");
        }
    }
}
