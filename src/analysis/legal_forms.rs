//! What companies are by law: `Inc`, `GmbH`, `S.p.A.`.
//!
//! In: a folded surface form. Out: whether it is such a form, and whether it can be anything else. The forms are the
//! usual abbreviations of those that the code list of ISO 20275 (Entity Legal Forms, kept by GLEIF) names for the
//! countries that reports are most often about: <https://www.gleif.org/en/lei-data/code-lists/iso-20275-entity-legal-forms-code-list>.

/// How surely a word is a legal form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LegalForm {
    /// Hardly anything else: `gmbh`.
    Sure,
    /// A word or an abbreviation of other things too (`limited`; `plc`, a controller; `sas`, an airline): a legal form only
    /// at the end of a name.
    Perhaps,
}

/// Whether a folded form is what a company is by law.
pub(crate) fn legal_form(surface: &str) -> Option<LegalForm> {
    if SURE.binary_search(&surface).is_ok() {
        Some(LegalForm::Sure)
    } else if PERHAPS.binary_search(&surface).is_ok() {
        Some(LegalForm::Perhaps)
    } else {
        None
    }
}

/// Sorted by byte. US, UK, Ireland, Australia, Singapore, Malaysia, India; Germany, Austria, Switzerland; France, Belgium,
/// Luxembourg; Italy, Spain, Portugal, Latin America; the Nordic countries; Czechia, Slovakia, Hungary; Russia.
const SURE: [&str; 27] = [
    "bhd", "cjsc", "corp", "eirl", "eurl", "gesmbh", "gmbh", "inc", "kgaa", "llc", "llp", "ltd",
    "ltda", "ojsc", "oyj", "pjsc", "pte", "pty", "pvt", "sarl", "sasu", "sdn", "sprl", "srl",
    "sro", "ug", "zrt",
];

/// Sorted by byte.
const PERHAPS: [&str; 34] = [
    "ab",
    "ag",
    "aps",
    "as",
    "asa",
    "bv",
    "co",
    "company",
    "corporation",
    "dd",
    "doo",
    "ev",
    "hf",
    "incorporated",
    "jsc",
    "kft",
    "kg",
    "kk",
    "lda",
    "limited",
    "lp",
    "nv",
    "ohg",
    "oo",
    "ooo",
    "oy",
    "pc",
    "plc",
    "sa",
    "sas",
    "scop",
    "se",
    "spa",
    "spzoo",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorted_and_folded() {
        assert!(SURE.is_sorted_by(|a, b| a < b));
        assert!(PERHAPS.is_sorted_by(|a, b| a < b));
        for form in SURE.iter().chain(&PERHAPS) {
            assert_eq!(crate::fold(form), *form);
        }
    }

    #[test]
    fn of_many_countries() {
        for (word, expected) in [
            ("inc", Some(LegalForm::Sure)),
            ("gmbh", Some(LegalForm::Sure)),
            ("sarl", Some(LegalForm::Sure)),
            ("sa", Some(LegalForm::Perhaps)),
            ("plc", Some(LegalForm::Perhaps)),
            ("limited", Some(LegalForm::Perhaps)),
            ("hospital", None),
            ("", None),
        ] {
            assert_eq!(legal_form(word), expected, "{word}");
        }
    }
}
