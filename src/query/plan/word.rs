//! What a bare word asks of an index.
//!
//! In: the words that a clause without quotes was analysed into. Out: for each the stems that it has in the languages of
//! the index, and the [`Piece`]s that they are asked for in: mostly one, a sequence.
//!
//! Scripts without blanks are indexed character by character, and a short run of them is a word: it has to stand as it
//! is. A long run is a sentence or several words, and finds little as a whole: it is asked for by its overlapping pairs,
//! as if each had been typed as a word, cut where the script changes, for that is where Japanese words end.

use std::collections::BTreeMap;
use std::ops::Range;

use tantivy::Searcher;
use tantivy::schema::{Field, Term};
use unicode_normalization::char::is_combining_mark;

use crate::analysis::{OwnedToken, Stemmer};
use crate::error::Result;
use crate::index::languages::languages;
use crate::index::schema::Fields;
use crate::index::terms::{compound_term, shown_term, stem_term};
use crate::query::plan::{Slot, SlotTerm};

/// The stems of a word in every language that the index holds.
pub(crate) struct Stems<'a> {
    searcher: &'a Searcher,
    field: Field,
    stemmers: Vec<Stemmer>,
}

impl<'a> Stems<'a> {
    /// Stems for this view of an index.
    pub fn new(searcher: &'a Searcher, fields: &Fields) -> Result<Self> {
        let stemmers = languages(searcher, fields)?.into_iter().map(Stemmer::new).collect();
        Ok(Self { searcher, field: fields.text, stemmers })
    }

    /// A word in any form: every stem that it has in one of the languages and that some report holds. Most words have
    /// the same in all of them, and then one term answers.
    pub fn slot(&self, surface: &str) -> Slot {
        let mut terms: Vec<String> = Vec::new();
        for stemmer in &self.stemmers {
            let term = stem_term(&stemmer.stem(surface));
            if !terms.contains(&term) {
                terms.push(term);
            }
        }
        if terms.len() > 1 && terms.iter().any(|term| self.exists(term)) {
            terms.retain(|term| self.exists(term));
        } else {
            terms.truncate(1);
        }
        let mut terms: Vec<_> =
            terms.into_iter().map(|term| SlotTerm { term, weight: 1.0 }).collect();
        let compounds = self.compounds(surface).into_iter();
        terms.extend(compounds.map(|term| SlotTerm { term, weight: COMPOUND_WEIGHT }));
        Slot { terms }
    }

    /// The compounds of the index that begin or end with a word, in languages that write them as one: `Behörde` is in
    /// `Sicherheitsbehörden`, `Krankenhaus` in `Krankenhausbetreiber`. Those that most reports hold, if there are too many.
    fn compounds(&self, surface: &str) -> Vec<String> {
        if surface.len() < PART_LETTERS || !surface.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return Vec::new();
        }
        let mut found: BTreeMap<String, u32> = BTreeMap::new();
        let stemmers = self.stemmers.iter();
        for stemmer in stemmers.filter(|stemmer| stemmer.language().writes_compounds()) {
            let stem = stemmer.stem(surface);
            if stem.len() >= PART_STEM_LETTERS {
                self.each_term(&compound_term(&stem), &mut |term, reports| {
                    *found.entry(term.to_owned()).or_default() += reports;
                });
            }
            let start = if stem.len() >= PART_STEM_LETTERS { &stem } else { surface };
            self.each_term(&stem_term(start), &mut |term, reports| {
                let compound = compound_term(&shown_term(term));
                if self.exists(&compound) {
                    found.entry(compound).or_insert(reports);
                }
            });
        }
        let mut found: Vec<_> = found.into_iter().collect();
        found.sort_by_key(|(_, reports)| std::cmp::Reverse(*reports));
        found.truncate(MOST_COMPOUNDS);
        found.into_iter().map(|(term, _)| term).collect()
    }

    /// Calls `sink` with the terms of each segment that begin with `prefix` and are longer by a part of a compound.
    fn each_term(&self, prefix: &str, sink: &mut dyn FnMut(&str, u32)) {
        let least = prefix.len() + REST_LETTERS;
        for segment in self.searcher.segment_readers() {
            // A dictionary that can't be read has no compounds, and the search that follows says why.
            let Ok(index) = segment.inverted_index(self.field) else { continue };
            let range = index.terms().range().ge(prefix.as_bytes());
            let Ok(mut stream) = range.into_stream() else { continue };
            let mut seen = 0;
            while let Some((term, info)) = stream.next() {
                seen += 1;
                if !term.starts_with(prefix.as_bytes()) || seen > MOST_TERMS {
                    break;
                }
                if let Ok(term) = std::str::from_utf8(term)
                    && term.len() >= least
                {
                    sink(term, info.doc_freq);
                }
            }
        }
    }

    /// A dictionary that can't be read says yes, and the search that follows says why it can't.
    fn exists(&self, term: &str) -> bool {
        self.searcher.doc_freq(&Term::from_field_text(self.field, term)).map_or(true, |n| n > 0)
    }
}

/// Words of a clause that are asked for together.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Piece {
    /// Which of the clause's words.
    pub words: Range<usize>,
    /// Edits allowed to their sequence.
    pub slop: u32,
}

/// What a word in a compound counts for, beside the word itself.
const COMPOUND_WEIGHT: f32 = 0.5;
/// A shorter word is part of too many others that it has nothing to do with.
const PART_LETTERS: usize = 5;
const PART_STEM_LETTERS: usize = 4;
/// What is left of a compound without the part is a word too.
const REST_LETTERS: usize = 3;
const MOST_COMPOUNDS: usize = 64;
const MOST_TERMS: usize = 4096;

/// The parts of a hyphenated word are found this near each other (`zero-day`, `Anhalt-Bitterfeld`).
const COMPOUND_SLOP: u32 = 16;
/// Of a pasted text no more pieces are asked for.
const MOST_PIECES: usize = 64;

/// The pieces of a bare clause, in the order of its words; none only where there are no words.
pub(super) fn pieces(text: &str, words: &[OwnedToken]) -> Vec<Piece> {
    let runs = runs(words);
    let is_long = |run: &Run| run.kind.is_some_and(|kind| run.words.len() > kind.most_in_a_word());
    if !runs.iter().any(is_long) && longest_mixed(&runs, words) <= MOST_MIXED {
        let mut end = words.len();
        if let [run] = runs.as_slice() {
            end = without_particle(run, words);
        }
        let slop = if is_hyphenated(text, words) { COMPOUND_SLOP } else { 0 };
        return if words.is_empty() { Vec::new() } else { vec![Piece { words: 0..end, slop }] };
    }
    let mut pieces = Vec::new();
    for run in &runs {
        match run.kind {
            Some(Kind::Hiragana) if run.words.len() <= PARTICLE => {}
            Some(kind) if is_long(run) => {
                let gram = kind.gram();
                let starts = run.words.start..=run.words.end - gram;
                pieces.extend(starts.map(|start| Piece { words: start..start + gram, slop: 0 }));
            }
            _ => {
                let end = without_particle(run, words);
                pieces.push(Piece { words: run.words.start..end, slop: 0 });
            }
        }
    }
    pieces.truncate(MOST_PIECES);
    pieces
}

/// Whether a text is words of letters with hyphens between them: no number, no name of a file or a host.
fn is_hyphenated(text: &str, words: &[OwnedToken]) -> bool {
    let between = |pair: &[OwnedToken]| text.get(pair[0].range.end..pair[1].range.start);
    words.len() > 1
        && words.iter().all(|word| word.surface.chars().all(char::is_alphabetic))
        && words.windows(2).all(|pair| matches!(between(pair), Some("-" | "\u{2010}" | "\u{2011}")))
}

/// The most characters that stand together in scripts without blanks.
fn longest_mixed(runs: &[Run], words: &[OwnedToken]) -> usize {
    let mut longest = 0;
    let mut length = 0;
    for run in runs {
        let start = run.words.start;
        let touches = start > 0 && words[start - 1].range.end == words[start].range.start;
        length = match run.kind {
            None => 0,
            Some(_) if touches => length + run.words.len(),
            Some(_) => run.words.len(),
        };
        longest = longest.max(length);
    }
    longest
}

/// Whether a text is in scripts without blanks alone, where every character is a word of the index.
pub(super) fn is_unspaced(text: &str) -> bool {
    let mut chars = text.chars();
    !text.is_empty() && chars.all(|c| Kind::of(c).is_some() || is_combining_mark(c))
}

/// Words side by side that are written the same way.
struct Run {
    words: Range<usize>,
    /// `None` for words with blanks between them.
    kind: Option<Kind>,
}

fn runs(words: &[OwnedToken]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (i, word) in words.iter().enumerate() {
        let kind = word.surface.chars().next().and_then(Kind::of);
        let touches = i > 0 && words[i - 1].range.end == word.range.start;
        match runs.last_mut() {
            Some(run) if run.kind == kind && (touches || kind.is_none()) => run.words.end = i + 1,
            _ => runs.push(Run { words: i..i + 1, kind }),
        }
    }
    runs
}

/// Scripts that are written without blanks, or, in Korean, with none before particles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Han,
    Hiragana,
    Katakana,
    Hangul,
    /// Thai, Lao, Khmer, Burmese.
    SouthEastAsian,
}

/// So many characters of several scripts can be one word: `サイバー攻撃`, `情報漏えい`.
const MOST_MIXED: usize = 6;
/// So many hiragana between other scripts are particles and endings, which no report needs to hold.
const PARTICLE: usize = 2;

impl Kind {
    fn of(c: char) -> Option<Self> {
        Some(match c {
            '\u{3005}'
            | '\u{3007}'
            | '\u{3400}'..='\u{9FFF}'
            | '\u{F900}'..='\u{FAFF}'
            | '\u{20000}'..='\u{3FFFF}' => Self::Han,
            '\u{3041}'..='\u{309F}' => Self::Hiragana,
            '\u{30A0}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}' => Self::Katakana,
            '\u{1100}'..='\u{11FF}' | '\u{AC00}'..='\u{D7FF}' => Self::Hangul,
            '\u{E00}'..='\u{EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' => {
                Self::SouthEastAsian
            }
            _ => return None,
        })
    }

    /// A longer run is more than one word.
    fn most_in_a_word(self) -> usize {
        match self {
            Self::Han | Self::Hiragana | Self::Hangul => 4,
            // Foreign words, one a run.
            Self::Katakana => 12,
            // A word of these takes twice as many characters.
            Self::SouthEastAsian => 8,
        }
    }

    /// Characters that are asked for together of a long run.
    fn gram(self) -> usize {
        match self {
            Self::Han | Self::Hiragana | Self::Hangul => 2,
            Self::Katakana | Self::SouthEastAsian => 3,
        }
    }
}

/// The end of a run without the Korean particle that its last syllable may be: `해킹을` is `해킹` as an object. Where it
/// is none, what is left still finds the word.
fn without_particle(run: &Run, words: &[OwnedToken]) -> usize {
    const PARTICLES: [&str; 14] =
        ["을", "를", "이", "가", "은", "는", "에", "의", "로", "와", "과", "도", "만", "서"];
    let end = run.words.end;
    let particle = run.kind == Some(Kind::Hangul)
        && run.words.len() > 2
        && words.get(end - 1).is_some_and(|word| PARTICLES.contains(&word.surface.as_str()));
    if particle { end - 1 } else { end }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Analyzer, Language};

    #[test]
    fn pieces_of_clauses() {
        let cases: &[(&str, &[&str])] = &[
            ("ransomware", &["ransomware"]),
            ("...", &[]),
            ("zero-day", &["zero day ~16"]),
            ("Anhalt‑Bitterfeld", &["anhalt bitterfeld ~16"]),
            ("MS17-010", &["ms17 010"]),
            ("Val-d’Oise", &["val oise"]),
            ("normandie.fr", &["normandie fr"]),
            ("网络攻击", &["网 络 攻 击"]),
            ("黑客攻击网站", &["黑 客", "客 攻", "攻 击", "击 网", "网 站"]),
            ("SQL注入", &["sql 注 入"]),
            ("SQL注入攻击网站", &["sql", "注 入", "入 攻", "攻 击", "击 网", "网 站"]),
            ("ランサムウェア", &["ラ ン サ ム ウ ェ ア"]),
            ("病院がランサムウェア攻撃を", &["病 院", "ラ ン サ ム ウ ェ ア", "攻 撃"]),
            ("サイバー攻撃", &["サ イ バ ー 攻 撃"]),
            ("受けた", &["受 け た"]),
            ("해킹을", &["해 킹"]),
            ("해킹", &["해 킹"]),
            ("이가", &["이 가"]),
            ("랜섬웨어를", &["랜 섬", "섬 웨", "웨 어", "어 를"]),
            ("APT조직", &["apt 조 직"]),
        ];
        for (text, expected) in cases {
            let words = Analyzer::new(Language::English).forms(text);
            let found: Vec<_> = pieces(text, &words)
                .into_iter()
                .map(|piece| {
                    let slop =
                        if piece.slop > 0 { format!(" ~{}", piece.slop) } else { String::new() };
                    let words: Vec<_> =
                        words[piece.words].iter().map(|w| w.surface.as_str()).collect();
                    words.join(" ") + &slop
                })
                .collect();
            assert_eq!(found, *expected, "{text}");
        }
    }
}
