//! Words that only hold a sentence together.
//!
//! In: a folded surface form. Out: whether a report that lacks the word should be said to miss something, and whose
//! word it is, which tells most languages at a glance. All of them are indexed and count in phrases.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::language::Language;

/// Whether a folded form is an article, preposition, conjunction, auxiliary or pronoun of English, French, German,
/// Spanish, Italian, Portuguese or Dutch, or an elided letter (`d`, `l`, `qu`), so that outside quotes it never counts
/// as missing.
///
/// ```
/// use casebook::is_function_word;
///
/// assert!(is_function_word("the"));
/// assert!(is_function_word("der"));
/// assert!(!is_function_word("who")); // the World Health Organization
/// ```
pub fn is_function_word(surface: &str) -> bool {
    LANGUAGES.get(surface).is_some_and(|word| word.is_function_word)
}

/// The only language that has this function word: an index into [`LISTS`]. `None` where it is none, or one of several.
pub(super) fn only_language(surface: &str) -> Option<usize> {
    let languages = LANGUAGES.get(surface)?.languages;
    (languages.count_ones() == 1).then_some(languages.trailing_zeros() as usize)
}

/// The frequent members of the closed word classes, as the grammars of the languages list them, in folded form.
///
/// Beside them stand words that only tell a language, for analysts mean something else by them: `who` (the World Health
/// Organization), `dos` (denial of service), `com` (a domain), `door` (a back door), `ai`. Left out altogether, for they
/// say nothing of the language either: `us`, `am`, `so`, `man`, `bin`, `uber` (über), `ete` (été), `sem`, `state`.
pub(super) const LISTS: [(Language, &str, &str); 7] = [
    (
        Language::English,
        "a about after against an and are as at be been before being between by c d did do does during \
         for from had has have he her his how i if in into is its j l m n of on or our over s she t than \
         that the their then these they this those through to under was we were what when where which \
         while why with you your",
        "all can it may not who will",
    ),
    (
        Language::French,
        "a au aux avec c ce ces cet cette chez d dans de depuis des dont du elle elles en entre est et \
         etait ils j l la le les leur leurs m n nous ont ou par pendant pour qu que qui s sa se ses sous \
         sur t une vers vous y",
        "il ne pas plus sans son un",
    ),
    (
        Language::German,
        "als an auf aus bei beim das dass dem den der des die durch ein eine einem einen einer eines es \
         fur gegen haben ihr ihre im in ist nach oder sich sind und unter vom von vor was werden wird \
         wurde wurden zu zum zur zwischen",
        "auch hat mit nicht noch nur war wie",
    ),
    (
        Language::Spanish,
        "a al como con cuando de del desde donde el en entre es esta estas este estos fue fueron ha han \
         hasta la las lo los o para por que se sido sobre su sus una unas unos y",
        "mas no sin un",
    ),
    (
        Language::Italian,
        "a agli al alla alle allo con da dai dal dalla dalle de degli dei del della delle dello di e \
         erano gli ha hanno i in la le lo nei nel nella nelle o per piu quella quello questa questo stata \
         stati stato su sui sul sulla sulle tra una uno",
        "ai anche che come ed era il non un",
    ),
    (
        Language::Portuguese,
        "a ao aos as como da das de do e em entre foi foram ha na o ou para pela pelas pelo pelos por que \
         se seu seus sobre sua suas tambem um uma",
        "com dos mais nas no os",
    ),
    (
        Language::Dutch,
        "aan al als bij de deze die dit een en heeft het hij in is naar of om tegen tot tussen uit van \
         voor was werd werden worden wordt zich zijn",
        "dat door er met niet ook op te",
    ),
];

#[derive(Default)]
struct Word {
    /// One bit for each of [`LISTS`].
    languages: u32,
    is_function_word: bool,
}

static LANGUAGES: LazyLock<FxHashMap<&str, Word>> = LazyLock::new(|| {
    let mut known: FxHashMap<&str, Word> = FxHashMap::default();
    for (i, (_, function_words, others)) in LISTS.iter().enumerate() {
        for (words, is_function_word) in [(function_words, true), (others, false)] {
            for word in words.split(' ') {
                let known = known.entry(word).or_default();
                known.languages |= 1 << i;
                known.is_function_word |= is_function_word;
            }
        }
    }
    known
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorted_folded_and_without_names() {
        for (language, function_words, others) in LISTS {
            for words in [function_words, others] {
                let words: Vec<_> = words.split(' ').collect();
                assert!(words.is_sorted_by(|a, b| a < b), "{language:?}");
                for word in words {
                    assert_eq!(crate::fold(word), word);
                }
            }
        }
        for name in [
            "it", "us", "un", "who", "mit", "sans", "bin", "uber", "hat", "war", "may", "dos",
            "os", "nas", "met", "er", "op", "come", "state", "com", "ai", "il", "door", "dat",
        ] {
            assert!(!is_function_word(name), "{name}");
        }
    }

    #[test]
    fn of_each_language() {
        for word in [
            "the", "of", "de", "der", "la", "und", "los", "d", "qu", "was", "fur", "della", "pelo",
            "het",
        ] {
            assert!(is_function_word(word), "{word}");
        }
        for word in ["", "The", "ransomware", "site"] {
            assert!(!is_function_word(word), "{word}");
        }
    }

    #[test]
    fn a_word_of_several_languages_tells_none() {
        let language = |word| only_language(word).map(|i| LISTS[i].0);
        assert_eq!(language("the"), Some(Language::English));
        assert_eq!(language("dans"), Some(Language::French));
        assert_eq!(language("de"), None);
        assert_eq!(language("ransomware"), None);
    }
}
