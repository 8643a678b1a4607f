//! The terms of the index: how analysed words become them.
//!
//! In: tokens of the text analysis. Out: a string that the tokenizers of this module, which tantivy runs, take apart
//! again. Analysis thus runs once a report, on our own threads, and tells where sections start before tantivy sees
//! the words; its tokenizer interface would analyse each field anew and gives no place for such facts.

use tantivy::tokenizer::{TextAnalyzer, Token as IndexToken, TokenStream, Tokenizer};

use crate::analysis::{
    Analyzer, Language, SECTION_GAP, SectionStarts, Token, TokenKind, analyze_sections,
};
use crate::index::indicators::{Seen, WIDE, write_terms};
use crate::report::{Report, Section};

/// The tokenizer of fields that hold surface forms and stems.
pub(crate) const WORD_TOKENIZER: &str = "casebook_words";
/// The tokenizer of fields that hold stems alone.
pub(crate) const STEM_TOKENIZER: &str = "casebook_stems";

/// Stands before a stem, so that the stem `organ` is another term than the word "organ".
const STEM_MARK: char = '\u{1}';
/// Ends a word of the encoded text. No surface form holds a control character.
const END: u8 = 0;
/// A word of its own: the next section starts after a gap.
const GAP: &str = "\u{2}";

/// Stands before the stem of a long word read backwards, so that what a compound ends with is looked up as a prefix.
const COMPOUND_MARK: char = '\u{5}';
/// Shorter words are no compounds worth the name.
const COMPOUND_LETTERS: usize = 9;

/// The term that finds a compound by its end: its stem, backwards.
pub(crate) fn compound_term(stem: &str) -> String {
    std::iter::once(COMPOUND_MARK).chain(stem.chars().rev()).collect()
}

/// Whether a word has such a term: a long one, in a language that writes compounds as one word.
pub(crate) fn may_be_compound(token: &Token<'_>, language: Language) -> bool {
    language.writes_compounds()
        && token.surface.len() >= COMPOUND_LETTERS
        && token.surface.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// The term of a stem.
pub(crate) fn stem_term(stem: &str) -> String {
    let mut term = String::with_capacity(stem.len() + 1);
    write_stem_term(&mut term, stem);
    term
}

/// Overwrites `term` with the term of a stem.
pub(crate) fn write_stem_term(term: &mut String, stem: &str) {
    term.clear();
    term.push(STEM_MARK);
    term.push_str(stem);
}

/// What a term says without its mark.
pub(crate) fn shown_term(term: &str) -> String {
    match term.strip_prefix(COMPOUND_MARK) {
        Some(backwards) => backwards.chars().rev().collect(),
        None => term.trim_start_matches(char::is_control).to_owned(),
    }
}

/// Whether a term is that of a stem.
pub(crate) fn is_stem_term(term: &str) -> bool {
    term.starts_with(STEM_MARK)
}

/// The first byte that a surface form can start with. Below it stand stems (1), indicators (3), ends of compounds (5) and
/// initials (6).
pub(crate) const FIRST_SURFACE: &[u8] = &[8];

/// A report's words, ready for the tokenizers.
#[derive(Debug, Default)]
pub(crate) struct EncodedReport {
    pub text: String,
    pub victim: String,
    pub title: String,
    pub starts: SectionStarts,
    /// The indicators in it, each once.
    pub indicators: Seen,
}

impl EncodedReport {
    /// Analyses every section of `report`.
    pub fn new(report: &Report, analyzer: &mut Analyzer) -> Self {
        let mut encoded = Self::default();
        let mut expected = 0;
        let language = analyzer.language();
        let EncodedReport { text, victim, title, indicators, .. } = &mut encoded;
        let starts = analyze_sections(report, analyzer, |section, token| {
            // Every jump in positions is one gap, for sections without words leave none.
            if token.position != expected {
                debug_assert_eq!(token.position, expected + SECTION_GAP);
                text.push_str(GAP);
                text.push(char::from(END));
            }
            expected = match token.kind {
                TokenKind::Word => token.position + 1,
                TokenKind::Indicator(kind) => {
                    indicators.add(kind, token.surface);
                    token.position
                }
            };
            push_token(text, &token, language);
            match section {
                Section::Victim => push_token(victim, &token, language),
                Section::Title => push_token(title, &token, language),
                _ => {}
            }
        });
        encoded.starts = starts;
        encoded
    }
}

/// Encodes one short text on its own.
pub(crate) fn encode(text: &str, analyzer: &mut Analyzer) -> String {
    let mut encoded = String::with_capacity(text.len() * 2);
    let language = analyzer.language();
    analyzer.analyze(text, |token| push_token(&mut encoded, &token, language));
    encoded
}

/// Encodes several texts so that no phrase reaches from one into another.
pub(crate) fn encode_apart<'a>(
    texts: impl IntoIterator<Item = &'a str>,
    analyzer: &mut Analyzer,
) -> String {
    let mut encoded = String::new();
    for text in texts {
        if !encoded.is_empty() {
            encoded.push_str(GAP);
            encoded.push(char::from(END));
        }
        encoded.push_str(&encode(text, analyzer));
    }
    encoded
}

fn push_token(encoded: &mut String, token: &Token<'_>, language: Language) {
    if let TokenKind::Indicator(kind) = token.kind {
        write_terms(kind, token.surface, &mut |term| {
            encoded.push_str(term);
            encoded.push(char::from(END));
        });
        return;
    }
    encoded.push_str(token.surface);
    encoded.push(STEM_MARK);
    if token.stem != token.surface {
        encoded.push_str(token.stem);
    }
    if may_be_compound(token, language) {
        encoded.push(COMPOUND_MARK);
    }
    encoded.push(char::from(END));
}

/// Both tokenizers of the index, by the names that the schema uses.
pub(crate) fn tokenizers() -> [(&'static str, TextAnalyzer); 2] {
    [
        (
            WORD_TOKENIZER,
            TextAnalyzer::from(EncodedTokenizer { surfaces: true, ..Default::default() }),
        ),
        (STEM_TOKENIZER, TextAnalyzer::from(EncodedTokenizer::default())),
    ]
}

/// Takes encoded text apart.
#[derive(Debug, Clone, Default)]
struct EncodedTokenizer {
    /// Give the surface form of each word before its stem.
    surfaces: bool,
    token: IndexToken,
}

struct EncodedStream<'a> {
    rest: &'a str,
    surfaces: bool,
    /// The stem of the word whose surface form was given last.
    stem: Option<&'a str>,
    /// The stem of a word that may be a compound.
    compound: Option<&'a str>,
    next_position: usize,
    token: &'a mut IndexToken,
}

impl Tokenizer for EncodedTokenizer {
    type TokenStream<'a> = EncodedStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> EncodedStream<'a> {
        self.token.reset();
        EncodedStream {
            rest: text,
            surfaces: self.surfaces,
            stem: None,
            compound: None,
            next_position: 0,
            token: &mut self.token,
        }
    }
}

impl EncodedStream<'_> {
    fn give_stem(&mut self, stem: &str) {
        write_stem_term(&mut self.token.text, stem);
    }
}

impl TokenStream for EncodedStream<'_> {
    fn advance(&mut self) -> bool {
        if let Some(stem) = self.stem.take() {
            self.give_stem(stem);
            return true;
        }
        if let Some(stem) = self.compound.take() {
            self.token.text = compound_term(stem);
            return true;
        }
        while let Some((word, rest)) = self.rest.split_once(char::from(END)) {
            self.rest = rest;
            if word == GAP {
                self.next_position += SECTION_GAP as usize;
                continue;
            }
            self.token.position = self.next_position;
            if word.starts_with(WIDE) {
                // It stands where its first word does, which follows.
                self.token.text.clear();
                self.token.text.push_str(word);
                return true;
            }
            let (surface, stem) = word.split_once(STEM_MARK).unwrap_or((word, ""));
            let (stem, compound) = match stem.strip_suffix(COMPOUND_MARK) {
                Some(stem) => (stem, true),
                None => (stem, false),
            };
            let stem = if stem.is_empty() { surface } else { stem };
            self.next_position += 1;
            if self.surfaces {
                self.token.text.clear();
                self.token.text.push_str(surface);
                self.stem = Some(stem);
                self.compound = compound.then_some(stem);
            } else {
                self.give_stem(stem);
            }
            return true;
        }
        false
    }

    fn token(&self) -> &IndexToken {
        self.token
    }

    fn token_mut(&mut self) -> &mut IndexToken {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(name: &str, encoded: &str) -> Vec<(usize, String)> {
        let (_, mut tokenizer) =
            tokenizers().into_iter().find(|(known, _)| *known == name).expect("a known tokenizer");
        let mut stream = tokenizer.token_stream(encoded);
        let mut tokens = Vec::new();
        while stream.advance() {
            tokens.push((stream.token().position, stream.token().text.clone()));
        }
        tokens
    }

    #[test]
    fn surface_and_stem_share_a_position_and_sections_stand_apart() {
        let report = Report {
            victim: "Nice".into(),
            summary: "websites".into(),
            body: "a defaced".into(),
            ..Report::new("x")
        };
        let encoded = EncodedReport::new(&report, &mut Analyzer::new(Language::English));
        assert_eq!(encoded.starts, [0, 129, 129, 258, 388]);
        let expected = [
            (0, "nice"),
            (0, "\u{1}nice"),
            (129, "websites"),
            (129, "\u{1}websit"),
            (258, "a"),
            (258, "\u{1}a"),
            (259, "defaced"),
            (259, "\u{1}defac"),
        ];
        let expected: Vec<_> = expected.map(|(at, term)| (at, term.to_owned())).into();
        assert_eq!(tokens(WORD_TOKENIZER, &encoded.text), expected);
        assert_eq!(tokens(STEM_TOKENIZER, &encoded.victim), [(0, "\u{1}nice".to_owned())]);
    }

    #[test]
    fn an_indicator_and_its_parts_stand_at_its_first_word() {
        let encoded = encode("at www.evil[.]com now", &mut Analyzer::new(Language::English));
        let expected = [
            (0, "at"),
            (0, "\u{1}at"),
            (1, "\u{3}dwww.evil.com"),
            (1, "\u{3}Devil.com"),
            (1, "www"),
            (1, "\u{1}www"),
            (2, "evil"),
            (2, "\u{1}evil"),
            (3, "com"),
            (3, "\u{1}com"),
            (4, "now"),
            (4, "\u{1}now"),
        ];
        let expected: Vec<_> = expected.map(|(at, term)| (at, term.to_owned())).into();
        assert_eq!(tokens(WORD_TOKENIZER, &encoded), expected);
    }

    #[test]
    fn compounds_are_found_by_their_end() {
        let report = Report {
            body: "Die Sicherheitsbehörden".into(),
            language: Some("de".into()),
            ..Report::new("x")
        };
        let encoded = EncodedReport::new(&report, &mut Analyzer::new(Language::German));
        let found = tokens(WORD_TOKENIZER, &encoded.text);
        let compound = compound_term("sicherheitsbehord");
        assert_eq!(compound, "\u{5}drohebstiehrehcis");
        assert_eq!(shown_term(&compound), "sicherheitsbehord");
        let expected =
            ["die", "\u{1}die", "sicherheitsbehorden", "\u{1}sicherheitsbehord", &compound];
        assert_eq!(found.iter().map(|(_, term)| term.as_str()).collect::<Vec<_>>(), expected);
        assert_eq!(found.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [0, 0, 1, 1, 1]);
    }

    #[test]
    fn names_of_actors_do_not_run_into_each_other() {
        let encoded = encode_apart(["Fancy", "Bear"], &mut Analyzer::new(Language::English));
        let positions: Vec<_> = tokens(STEM_TOKENIZER, &encoded).into_iter().map(|t| t.0).collect();
        assert_eq!(positions, [0, 129]);
    }
}
