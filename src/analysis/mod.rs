//! Text analysis: the one definition of a word that ingest and search share.
//!
//! In: a text as the source has it. Out: its words in order, each a [`Token`] with the folded surface form, the
//! stem, and the bytes of the original that it stands for, so that evidence can mark exactly these.
//!
//! The order of the stages is declared here and nowhere else:
//!
//! 0. `indicator` recognises what attacks are known by (URLs, hashes, CVE numbers …), fanged or defanged. Each is a token of
//!    its own, right before the words that it consists of.
//! 1. `segment` finds words by UAX #29; `parts` cuts them further: `normandie.fr` is two words, `U.S.` is one.
//! 2. `clitic` takes off what leans on a word: `d’azur`, `region’s`.
//! 3. `normalize` folds the rest: NFKC, case, diacritics, look-alike letters.
//! 4. `stem` adds the stem in the language of the text.
//!
//! `memo` keeps what stages 2 to 4 made of the words seen most recently: a report repeats its words, so they run
//! only for new ones, and a known word costs no allocation.
//!
//! `sections` walks the sections of a whole report in the order that index and evidence count positions in.
//!
//! Scripts written without blanks (Chinese, kana, Thai, Hangul) yield one word per character, so that a phrase of them
//! is exact and nothing depends on a dictionary.

mod clitic;
mod detect;
mod function_words;
mod indicator;
mod language;
mod legal_forms;
mod memo;
mod normalize;
mod parts;
mod sections;
mod segment;
mod stem;
#[cfg(test)]
mod tests;

use std::fmt;
use std::ops::Range;

use self::indicator::Scanner;
use self::memo::Memo;

pub use self::detect::detect_language;
pub use self::function_words::is_function_word;
pub use self::indicator::{IndicatorKind, defang};
pub(crate) use self::indicator::{address_digits, host_of, parts as indicator_parts, refang};
pub use self::language::Language;
pub(crate) use self::legal_forms::{LegalForm, legal_form};
pub(crate) use self::sections::{SECTION_GAP, SectionStarts, analyze_sections};
pub(crate) use self::stem::Stemmer;

/// No form is longer than this many bytes; a longer word is found by its beginning. The longest indicators that
/// analysts search for (SHA-512: 128 digits) are whole.
pub const MAX_FORM_BYTES: usize = 255;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenKind {
    /// One word.
    Word,
    /// A whole indicator of compromise. It stands at the position of its first word, right before that word, and takes
    /// up no position of its own.
    Indicator(IndicatorKind),
}

/// One word of a text, or one indicator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token<'a> {
    /// A word, or something that spans several.
    pub kind: TokenKind,
    /// The word folded: compatibility forms, case, diacritics, apostrophes. Of an indicator, its canonical form. Never
    /// empty.
    pub surface: &'a str,
    /// The stem of the surface form; equal to it where there is none.
    pub stem: &'a str,
    /// The bytes of the original text that the form stands for, without elided articles and possessives.
    pub range: Range<usize>,
    /// 0, 1, 2 …: the number of the word in its text.
    pub position: u32,
}

impl Token<'_> {
    /// The same word, free of the analyzer that made it.
    pub fn to_owned(&self) -> OwnedToken {
        OwnedToken {
            kind: self.kind,
            surface: self.surface.to_owned(),
            stem: self.stem.to_owned(),
            range: self.range.clone(),
            position: self.position,
        }
    }
}

/// A [`Token`] that owns its forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnedToken {
    /// See [`Token::kind`].
    pub kind: TokenKind,
    /// See [`Token::surface`].
    pub surface: String,
    /// See [`Token::stem`].
    pub stem: String,
    /// See [`Token::range`].
    pub range: Range<usize>,
    /// See [`Token::position`].
    pub position: u32,
}

/// Turns texts into words.
///
/// Cheap to make; worth keeping, because it remembers the words it has seen (within a fixed bound, a few
/// megabytes). One analyzer serves one thread; what it yields depends on the text and the language alone.
///
/// ```
/// use casebook::{Analyzer, Language};
///
/// let text = "The region’s website";
/// let mut analyzer = Analyzer::new(Language::English);
/// let mut words = Vec::new();
/// analyzer.analyze(text, |token| words.push((token.surface.to_owned(), &text[token.range])));
/// assert_eq!(words[1], ("region".to_owned(), "region"));
/// assert_eq!(words[2], ("website".to_owned(), "website"));
/// ```
#[derive(Clone)]
pub struct Analyzer {
    stemmer: Stemmer,
    memo: Memo,
    surface: String,
    scanner: Scanner,
}

impl Analyzer {
    /// An analyzer for texts in this language.
    pub fn new(language: Language) -> Self {
        Self {
            stemmer: Stemmer::new(language),
            memo: Memo::default(),
            surface: String::new(),
            scanner: Scanner::default(),
        }
    }

    /// The language whose stems this analyzer makes.
    pub fn language(&self) -> Language {
        self.stemmer.language()
    }

    /// Hands every word of `text` to `sink`, in order, and each indicator right before its first word.
    pub fn analyze(&mut self, text: &str, mut sink: impl FnMut(Token<'_>)) {
        let mut scanner = std::mem::take(&mut self.scanner);
        let mut position = 0_u32;
        // Words are handed out up to `at`, and what lies before `from` has been looked at for indicators.
        let (mut at, mut from) = (0, 0);
        loop {
            let count = scanner.next(text, from).len();
            if count == 0 {
                break;
            }
            for i in 0..count {
                let Some(sighting) = scanner.sighting(i) else { break };
                let range = sighting.range.clone();
                self.words(&text[..range.start], at, &|range| range, &mut position, &mut sink);
                sink(Token {
                    kind: TokenKind::Indicator(sighting.kind),
                    surface: &sighting.canonical,
                    stem: &sighting.canonical,
                    range: range.clone(),
                    position,
                });
                match scanner.plain() {
                    // The words of the text without marks, each with the bytes that it was written as.
                    Some(plain) => {
                        let (start, piece) = (sighting.plain.start, scanner.piece_start());
                        let original = |word| {
                            let word = scanner.original(word);
                            piece + word.start..piece + word.end
                        };
                        let plain = &plain[..sighting.plain.end];
                        self.words(plain, start, &original, &mut position, &mut sink);
                    }
                    None => {
                        let text = &text[..range.end];
                        self.words(text, range.start, &|range| range, &mut position, &mut sink);
                    }
                }
                at = range.end;
            }
            from = at.max(scanner.piece_end());
        }
        self.words(text, at, &|range| range, &mut position, &mut sink);
        self.scanner = scanner;
    }

    /// Hands the words of `text` from `from` on to `sink`; `original` says which bytes a stretch of it stands for.
    #[inline]
    fn words(
        &mut self,
        text: &str,
        from: usize,
        original: &impl Fn(Range<usize>) -> Range<usize>,
        position: &mut u32,
        sink: &mut impl FnMut(Token<'_>),
    ) {
        segment::words(text, from, |start, word| {
            let mut emit = |form: Form<'_>| {
                sink(Token {
                    kind: TokenKind::Word,
                    surface: form.surface,
                    stem: form.stem,
                    range: original(start + form.range.start..start + form.range.end),
                    position: *position,
                });
                *position = position.wrapping_add(1);
            };
            match self.memo.get(word) {
                Some(form) => emit(form),
                None => self.make(word, emit),
            }
        });
    }

    /// The indicators in a short text, collected.
    ///
    /// ```
    /// use casebook::{Analyzer, Language};
    ///
    /// let found = Analyzer::new(Language::English).indicators("seen at hxxps://Example[.]org/a");
    /// assert_eq!(found[0].surface, "https://example.org/a");
    /// ```
    pub fn indicators(&mut self, text: &str) -> Vec<OwnedToken> {
        let mut tokens = Vec::new();
        self.analyze(text, |token| {
            if token.kind != TokenKind::Word {
                tokens.push(token.to_owned());
            }
        });
        tokens
    }

    /// The words of a short text, collected, without the indicators that they are part of.
    ///
    /// ```
    /// use casebook::{Analyzer, Language};
    ///
    /// let words = Analyzer::new(Language::English).forms("Côte d’Azur");
    /// assert_eq!(words[0].surface, "cote");
    /// assert_eq!((words[1].surface.as_str(), words[1].range.clone()), ("azur", 10..14));
    /// ```
    pub fn forms(&mut self, text: &str) -> Vec<OwnedToken> {
        let mut tokens = Vec::new();
        self.analyze(text, |token| {
            if token.kind == TokenKind::Word {
                tokens.push(token.to_owned());
            }
        });
        tokens
    }

    /// The stages after segmentation, for a word that the memo does not know.
    #[cold]
    fn make(&mut self, word: &str, emit: impl FnOnce(Form<'_>)) {
        let range = clitic::core(word);
        let surface = &mut self.surface;
        normalize::form(&word[range.clone()], surface);
        if let Some(scheme) = indicator::scheme(surface) {
            surface.clear();
            surface.push_str(scheme);
        }
        // Nothing but modifiers, such as a lone Arabic tatweel: no one can search for it.
        if surface.is_empty() {
            return;
        }
        let mut end = surface.len().min(MAX_FORM_BYTES);
        while !surface.is_char_boundary(end) {
            end -= 1;
        }
        surface.truncate(end);
        let stem = self.stemmer.stem(surface);
        let form = Form { surface, stem: &stem, range };
        self.memo.insert(word, &form);
        emit(form);
    }
}

impl fmt::Debug for Analyzer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Analyzer").field("language", &self.language()).finish_non_exhaustive()
    }
}

/// What the stages after segmentation make of one word.
struct Form<'a> {
    surface: &'a str,
    stem: &'a str,
    /// Bytes of the word, not of the text.
    range: Range<usize>,
}

/// Folds a pattern (wildcard, fuzzy, the literal parts of a regular expression) as words are folded: NFKC, case,
/// diacritics, look-alike letters. An elided article in front goes, and so do apostrophes, which no form contains;
/// everything else that is not a letter (`*`, `?`, `.`) stays.
///
/// Not for a whole regular expression: `\D` would turn into `\d`.
///
/// ```
/// assert_eq!(casebook::fold("Défac*"), "defac*");
/// assert_eq!(casebook::fold("l’Hôpit*"), "hopit*");
/// assert_eq!(casebook::fold("O’Br?en"), "obr?en");
/// ```
pub fn fold(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    normalize::fold(clitic::without_elision(word), &mut folded);
    folded
}
