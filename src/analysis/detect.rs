//! The language of a report.
//!
//! In: a report. Out: the ISO 639-1 code of the language that its text is written in, where that is beyond doubt.
//!
//! Function words tell the languages of most reports for next to nothing; what they leave open goes to `whatlang`, which
//! compares trigrams and costs a hundred times as much. A text of a few words, most often a bare name, has no language:
//! a wrong one would hide it from queries by another stem, and none costs it nothing.

use std::sync::LazyLock;

use whatlang::{Detector, Lang};

use super::function_words::{LISTS, only_language};
use super::normalize;
use crate::report::{Report, Section};

/// The ISO 639-1 code of the language that a report is written in, by its title, summary and body; `None` where it can't
/// be told for sure. What the report's source says (`Report::language`) is not looked at.
///
/// ```
/// use casebook::{Report, detect_language};
///
/// let mut report = Report::new("a");
/// assert_eq!(detect_language(&report), None);
/// report.summary = "Le site officiel de la région a été défacé dans la nuit par des pirates.".into();
/// assert_eq!(detect_language(&report), Some("fr"));
/// ```
pub fn detect_language(report: &Report) -> Option<&'static str> {
    let mut sample = String::with_capacity(SAMPLE_BYTES + 8);
    for section in [Section::Summary, Section::Body, Section::Title] {
        let text = report.section(section);
        let mut end = text.len().min(SAMPLE_BYTES - sample.len().min(SAMPLE_BYTES));
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        sample.push_str(&text[..end]);
        sample.push('\n');
    }
    language_of(&sample)
}

/// So much of a report tells its language, and what comes after it (lists of indicators, boilerplate) tells nothing.
const SAMPLE_BYTES: usize = 1024;
/// A text with fewer letters tells nothing.
const LEAST_LETTERS: usize = 16;
/// In scripts where a character is a syllable or a word.
const LEAST_SYLLABLES: usize = 4;

fn language_of(text: &str) -> Option<&'static str> {
    let votes = Votes::of(text);
    if votes.are_sure() {
        return Some(votes.language);
    }
    let (language, reliable) = by_trigrams(text)?;
    let agreed = language == votes.language && votes.most >= 2 && votes.most >= 2 * votes.second;
    // Of a single sentence neither says enough, but both together do; and a sentence in one of these languages without
    // a single function word of it is more often a list of names.
    let known = LISTS.iter().any(|(listed, ..)| listed.code() == language);
    let possible = !known || (language == votes.language && votes.most > 0);
    (agreed || reliable && possible).then_some(language)
}

/// Words looked at for function words.
const WORDS: usize = 120;
/// So many function words that only one language has are enough, where they are this share of all words and outnumber
/// those of any other language so many times.
const LEAST_HITS: usize = 5;
const LEAST_SHARE: usize = 8;
const LEAST_LEAD: usize = 4;

/// Which language the function words of a text speak for.
struct Votes {
    language: &'static str,
    /// Function words that only this language has.
    most: usize,
    /// That only the runner-up has.
    second: usize,
    /// Words looked at.
    words: usize,
}

impl Votes {
    fn of(text: &str) -> Self {
        let mut hits = [0_usize; LISTS.len()];
        let mut words = 0;
        let mut folded = String::new();
        for word in
            text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).take(WORDS)
        {
            words += 1;
            // No function word is longer, folded or not.
            if word.len() > 16 {
                continue;
            }
            folded.clear();
            normalize::fold(word, &mut folded);
            if let Some(language) = only_language(&folded) {
                hits[language] += 1;
            }
        }
        let mut best = 0;
        let mut second = 0;
        for (i, &count) in hits.iter().enumerate().skip(1) {
            if count > hits[best] {
                second = hits[best];
                best = i;
            } else {
                second = second.max(count);
            }
        }
        Self { language: LISTS[best].0.code(), most: hits[best], second, words }
    }

    fn are_sure(&self) -> bool {
        self.most >= LEAST_HITS
            && self.most * LEAST_SHARE >= self.words
            && self.most >= self.second * LEAST_LEAD
    }
}

/// The language whose trigrams are nearest, and whether it is that for sure.
fn by_trigrams(text: &str) -> Option<(&'static str, bool)> {
    let letters = text.chars().filter(|c| c.is_alphabetic());
    let (mut alphabetic, mut syllables) = (0, 0);
    for c in letters {
        match c {
            '\u{E00}'..='\u{FFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' => {
                syllables += 1
            }
            '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' => {
                syllables += 1
            }
            _ => alphabetic += 1,
        }
    }
    if alphabetic < LEAST_LETTERS && syllables < LEAST_SYLLABLES {
        return None;
    }
    static DETECTOR: LazyLock<Detector> = LazyLock::new(|| {
        Detector::with_allowlist(LANGUAGES.iter().map(|(language, _)| *language).collect())
    });
    let found = DETECTOR.detect(text)?;
    let (_, code) = LANGUAGES.iter().find(|(language, _)| *language == found.lang())?;
    Some((code, found.is_reliable()))
}

/// The languages that are told apart by trigrams. Those that reports are seldom written in are left out, for a list of
/// names is otherwise taken for Latin or Javanese.
const LANGUAGES: [(Lang, &str); 46] = [
    (Lang::Ara, "ar"),
    (Lang::Ben, "bn"),
    (Lang::Bul, "bg"),
    (Lang::Cat, "ca"),
    (Lang::Ces, "cs"),
    (Lang::Cmn, "zh"),
    (Lang::Dan, "da"),
    (Lang::Deu, "de"),
    (Lang::Ell, "el"),
    (Lang::Eng, "en"),
    (Lang::Est, "et"),
    (Lang::Fin, "fi"),
    (Lang::Fra, "fr"),
    (Lang::Heb, "he"),
    (Lang::Hin, "hi"),
    (Lang::Hrv, "hr"),
    (Lang::Hun, "hu"),
    (Lang::Hye, "hy"),
    (Lang::Ind, "id"),
    (Lang::Ita, "it"),
    (Lang::Jpn, "ja"),
    (Lang::Kat, "ka"),
    (Lang::Khm, "km"),
    (Lang::Kor, "ko"),
    (Lang::Lav, "lv"),
    (Lang::Lit, "lt"),
    (Lang::Mkd, "mk"),
    (Lang::Mya, "my"),
    (Lang::Nep, "ne"),
    (Lang::Nld, "nl"),
    (Lang::Nob, "no"),
    (Lang::Pes, "fa"),
    (Lang::Pol, "pl"),
    (Lang::Por, "pt"),
    (Lang::Ron, "ro"),
    (Lang::Rus, "ru"),
    (Lang::Slk, "sk"),
    (Lang::Slv, "sl"),
    (Lang::Spa, "es"),
    (Lang::Srp, "sr"),
    (Lang::Swe, "sv"),
    (Lang::Tam, "ta"),
    (Lang::Tha, "th"),
    (Lang::Tur, "tr"),
    (Lang::Ukr, "uk"),
    (Lang::Urd, "ur"),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sentences_of_reports() {
        let cases = [
            (
                "The attackers defaced the official website of the region and left a message for its visitors.",
                "en",
            ),
            (
                "Hospital employees accessed medical information of two patients without a need to know.",
                "en",
            ),
            (
                "Le site de l’hôpital est paralysé depuis mardi par une attaque contre les serveurs.",
                "fr",
            ),
            (
                "Die Behörden haben nach dem Angriff auf das Krankenhaus alle Systeme vom Netz genommen.",
                "de",
            ),
            (
                "El ministerio informó de que los atacantes cifraron los servidores de la agencia.",
                "es",
            ),
            (
                "L’ospedale ha subito un attacco che ha cifrato i server della regione e delle aziende sanitarie.",
                "it",
            ),
            (
                "O hospital sofreu um ataque que cifrou os servidores e as informações dos pacientes.",
                "pt",
            ),
            (
                "De gemeente werd getroffen door een aanval waarbij gegevens van inwoners zijn gestolen.",
                "nl",
            ),
            ("Хакеры взломали официальный сайт министерства и похитили данные граждан.", "ru"),
            ("Хакери зламали офіційний сайт міністерства та викрали дані громадян країни.", "uk"),
            (
                "Οι χάκερ επιτέθηκαν στην ιστοσελίδα του υπουργείου και έκλεψαν δεδομένα πολιτών.",
                "el",
            ),
            ("黑客攻击了该部的官方网站并窃取了公民的数据。", "zh"),
            ("病院がランサムウェア攻撃を受け、電子カルテが使えなくなった。", "ja"),
            ("병원이 랜섬웨어 공격을 받아 전산 시스템이 마비되었다.", "ko"),
            ("โรงพยาบาลถูกโจมตีด้วยแรนซัมแวร์และข้อมูลผู้ป่วยรั่วไหล", "th"),
            ("هاجم قراصنة الموقع الرسمي للوزارة وسرقوا بيانات المواطنين في البلاد.", "ar"),
        ];
        for (text, expected) in cases {
            assert_eq!(language_of(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_tells_nothing_has_no_language() {
        for text in [
            "",
            "Mossack Fonseca",
            "Banco de Chile",
            "RUAG",
            "Acme Corp, 2019",
            "A Rapid Braille Transliteration Technique for Certain IBM Machines",
            "SilentHacker Defaces Bangladeshi Pages",
            "d41d8cd98f00b204e9800998ecf8427e 10.0.0.1",
            "Ω",
            "网络",
        ] {
            assert_eq!(language_of(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_can_be_asked(text in any::<String>()) {
            language_of(&text);
        }
    }
}
