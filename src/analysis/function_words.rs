//! Words that only hold a sentence together.
//!
//! In: a folded surface form. Out: whether a report that lacks the word should be said to miss something. All of them
//! are indexed and count in phrases.

/// Whether a folded form is an article, preposition, conjunction, auxiliary or pronoun of English, French, German or
/// Spanish, or an elided letter (`d`, `l`, `qu`), so that outside quotes it never counts as missing.
///
/// ```
/// use casebook::is_function_word;
///
/// assert!(is_function_word("the"));
/// assert!(is_function_word("der"));
/// assert!(!is_function_word("who")); // the World Health Organization
/// ```
pub fn is_function_word(surface: &str) -> bool {
    FUNCTION_WORDS.binary_search(&surface).is_ok()
}

/// Sorted by byte. The frequent members of the closed word classes of the four languages, as their grammars list
/// them, in folded form.
///
/// Left out on purpose, because analysts mean something else by them: `it`, `us`, `un`, `who`, `am`, `can`, `may`,
/// `will`, `not`, `no`, `so`, `all`, `man`, `mit`, `bin`, `hat`, `war`, `sans`, `son`, `uber` (über), `ete` (été).
const FUNCTION_WORDS: [&str; 189] = [
    "a", "about", "after", "against", "al", "als", "an", "and", "are", "as", "at", "au", "auf",
    "aus", "aux", "avec", "be", "been", "before", "bei", "beim", "being", "between", "by", "c",
    "ce", "ces", "cet", "cette", "chez", "como", "con", "cuando", "d", "dans", "das", "dass", "de",
    "del", "dem", "den", "depuis", "der", "des", "desde", "did", "die", "do", "does", "donde",
    "dont", "du", "durch", "during", "ein", "eine", "einem", "einen", "einer", "eines", "el",
    "elle", "elles", "en", "entre", "es", "est", "esta", "estas", "este", "estos", "et", "etait",
    "for", "from", "fue", "fueron", "fur", "gegen", "ha", "haben", "had", "han", "has", "hasta",
    "have", "he", "her", "his", "how", "i", "if", "ihr", "ihre", "ils", "im", "in", "into", "is",
    "ist", "its", "j", "l", "la", "las", "le", "les", "leur", "leurs", "lo", "los", "m", "n",
    "nach", "nous", "oder", "of", "on", "ont", "or", "ou", "our", "over", "par", "para", "pendant",
    "por", "pour", "qu", "que", "qui", "s", "sa", "se", "ses", "she", "sich", "sido", "sind",
    "sobre", "sous", "su", "sur", "sus", "t", "than", "that", "the", "their", "then", "these",
    "they", "this", "those", "through", "to", "una", "unas", "und", "under", "une", "unos",
    "unter", "vers", "vom", "von", "vor", "vous", "was", "we", "werden", "were", "what", "when",
    "where", "which", "while", "why", "wird", "with", "wurde", "wurden", "y", "you", "your", "zu",
    "zum", "zur", "zwischen",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorted_folded_and_without_names() {
        assert!(FUNCTION_WORDS.is_sorted_by(|a, b| a < b));
        for word in FUNCTION_WORDS {
            assert_eq!(crate::fold(word), word);
        }
        for name in ["it", "us", "un", "who", "mit", "sans", "bin", "uber", "hat", "war", "may"] {
            assert!(!is_function_word(name), "{name}");
        }
    }

    #[test]
    fn of_each_language() {
        for word in ["the", "of", "de", "der", "la", "und", "los", "d", "qu", "was", "fur"] {
            assert!(is_function_word(word), "{word}");
        }
        for word in ["", "The", "ransomware", "site"] {
            assert!(!is_function_word(word), "{word}");
        }
    }
}
