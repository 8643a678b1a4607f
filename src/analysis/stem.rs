//! Stage 4: stems.
//!
//! In: a folded surface form. Out: its stem in the language of the text, by the Snowball algorithms. What is no word
//! of that language (digits in it, another script) is its own stem.

use std::borrow::Cow;

use frostem::Algorithm;

/// A language that words can be stemmed in.
///
/// ```
/// use casebook::Language;
///
/// assert_eq!(Language::from_code("EN"), Some(Language::English));
/// assert_eq!(Language::from_code("tlh"), None);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English (`en`).
    #[default]
    English,
}

impl Language {
    /// Every language, for code that must know them all.
    pub const ALL: [Language; 1] = [Language::English];

    /// The ISO 639-1 code.
    pub fn code(self) -> &'static str {
        match self {
            Language::English => "en",
        }
    }

    /// The language with this ISO 639-1 code, in any case; `None` if there is no stemmer for it.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(code))
    }

    fn algorithm(self) -> Algorithm {
        match self {
            Language::English => Algorithm::English,
        }
    }

    /// Whether a folded form can be a word of this language.
    fn writes(self, surface: &str) -> bool {
        match self {
            Language::English => surface.bytes().all(|byte| byte.is_ascii_lowercase()),
        }
    }
}

/// The longest form that is stemmed. Longer ones are keys, hashes and encoded data rather than words.
const MAX_STEMMED_BYTES: usize = 48;

/// Stems the words of one language.
#[derive(Clone)]
pub(super) struct Stemmer {
    language: Language,
    snowball: frostem::Stemmer,
}

impl Stemmer {
    pub(super) fn new(language: Language) -> Self {
        Self { language, snowball: frostem::Stemmer::new(language.algorithm()) }
    }

    pub(super) fn language(&self) -> Language {
        self.language
    }

    /// The stem of a folded form; never empty where the form is not.
    pub(super) fn stem<'a>(&self, surface: &'a str) -> Cow<'a, str> {
        if surface.len() > MAX_STEMMED_BYTES || !self.language.writes(surface) {
            return Cow::Borrowed(surface);
        }
        let stem = self.snowball.stem(surface);
        if stem.is_empty() { Cow::Borrowed(surface) } else { stem }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn only_words_of_the_language() {
        let stemmer = Stemmer::new(Language::English);
        for surface in ["apt29s", "win32ing", "3,5", "атаки", "字"] {
            assert_eq!(stemmer.stem(surface), surface);
        }
        let long = "ing".repeat(40);
        assert_eq!(stemmer.stem(&long), long);
    }

    #[test]
    fn codes() {
        for language in Language::ALL {
            assert_eq!(Language::from_code(language.code()), Some(language));
        }
    }
}
