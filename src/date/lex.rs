//! The first stage of reading a date: text to tokens.
//!
//! In: a date as written. Out: its numbers, words and separators, without what carries nothing: times of day and
//! zones, weekdays, articles, brackets.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::parse::Fail;
use super::words::{self, Meaning, Part, Season};

/// No date is longer; what is, is running text.
const MAX_BYTES: usize = 160;

/// A piece of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// A number and how many digits it was written with.
    Number(u32, usize),
    /// `?` or `xx` in place of a number.
    Unknown,
    Month(u32),
    Quarter(u32),
    Half(u32),
    /// An ISO week.
    Week(u32),
    Season(Season),
    Part(Part),
    Separator(Separator),
    /// A word between the ends of an interval.
    To,
    Between,
    Since,
    Open,
}

/// Makes a number into a quarter, half or week.
type Wrap = fn(u32) -> Token;

/// A mark between numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Separator {
    Dash,
    /// A dash or slash with blanks on both sides: rather an interval than a part of a date.
    Spaced,
    Slash,
    Dot,
    Underscore,
    Comma,
}

/// The tokens of a date, and whether a mark such as `~` says that it is only near.
#[derive(Debug, Default)]
pub(super) struct Lexed {
    pub tokens: Vec<Token>,
    pub approximate: bool,
}

/// Splits a date into tokens; fails on words and marks that no date holds.
pub(super) fn lex(text: &str) -> Result<Lexed, Fail> {
    if text.len() > MAX_BYTES {
        return Err(Fail::specific("it is too long for a date"));
    }
    let pieces = without_times(pieces(text));
    let mut lexed = Lexed::default();
    let mut quarter_or_half: Option<Wrap> = None;
    for (at, piece) in pieces.iter().enumerate() {
        let glued = !piece.spaced && at > 0;
        let next = pieces.get(at + 1);
        let before = lexed.tokens.last().copied();
        match &piece.kind {
            Kind::Digits(digits) => {
                let token = Token::Number(digits.parse().unwrap_or(u32::MAX), digits.len());
                let token = match (quarter_or_half.take(), token) {
                    (Some(wrap), Token::Number(n, 1)) => wrap(n),
                    (Some(wrap), Token::Number(n, 2)) if wrap(n) == Token::Week(n) => wrap(n),
                    (Some(_), _) => return Err(Fail::generic()),
                    (None, token) => token,
                };
                lexed.tokens.push(token);
            }
            Kind::Letters(word) => {
                let after_digits = glued && matches!(before, Some(Token::Number(..)));
                let before_digits =
                    next.is_some_and(|n| !n.spaced && matches!(n.kind, Kind::Digits(_)));
                match (word.as_str(), before) {
                    ("q" | "t", _) if before_digits => quarter_or_half = Some(Token::Quarter),
                    ("h" | "s", _) if before_digits => quarter_or_half = Some(Token::Half),
                    ("w", _) if before_digits => quarter_or_half = Some(Token::Week),
                    ("q", Some(Token::Number(n, 1))) if after_digits => {
                        lexed.tokens.pop();
                        lexed.tokens.push(Token::Quarter(n));
                    }
                    _ if after_digits && (words::is_ordinal_suffix(word) || word == "z") => {}
                    _ => quarter_or_half = push_word(word, &mut lexed)?,
                }
            }
            Kind::Mark('~' | '≈') => lexed.approximate = true,
            Kind::Mark('?') if glued && matches!(before, Some(Token::Number(..))) => {
                lexed.approximate = true;
            }
            Kind::Mark('?') if before == Some(Token::Unknown) => {}
            Kind::Mark('?') => lexed.tokens.push(Token::Unknown),
            // After a label: `Date: 2023-08-30`.
            Kind::Mark(':') if before.is_none() => {}
            Kind::Mark(mark) => {
                let spaced = piece.spaced && next.is_none_or(|n| n.spaced);
                let separator = match mark {
                    '-' | '/' if spaced => Separator::Spaced,
                    '-' => Separator::Dash,
                    '/' => Separator::Slash,
                    '.' => Separator::Dot,
                    '_' => Separator::Underscore,
                    ',' => Separator::Comma,
                    other => return Err(Fail::specific(format!("“{other}” is no part of a date"))),
                };
                // An ISO week has its dash before the `W`, an abbreviation its dot after the name.
                lexed.tokens.push(Token::Separator(separator));
            }
        }
    }
    if quarter_or_half.is_some() {
        return Err(Fail::generic());
    }
    Ok(lexed)
}

/// Adds what a word means. Returns what the number after it is to be made of, for `quarter 3`.
fn push_word(word: &str, lexed: &mut Lexed) -> Result<Option<Wrap>, Fail> {
    let Some(meaning) = words::meaning(word) else {
        return Err(Fail::specific(format!("“{word}” is no word of a date")));
    };
    let token = match meaning {
        Meaning::Month(month) => Token::Month(month),
        Meaning::Season(season) => Token::Season(season),
        Meaning::Part(part) => Token::Part(part),
        Meaning::Ordinal(n) => Token::Number(n, 1),
        Meaning::Between => Token::Between,
        Meaning::Since => Token::Since,
        Meaning::To => Token::To,
        Meaning::Open => Token::Open,
        Meaning::Unknown => Token::Unknown,
        Meaning::Filler => return Ok(None),
        Meaning::Approximate => {
            lexed.approximate = true;
            return Ok(None);
        }
        Meaning::Quarter | Meaning::Half => {
            let wrap = if meaning == Meaning::Quarter { Token::Quarter } else { Token::Half };
            let tokens = &mut lexed.tokens;
            if tokens.last() == Some(&Token::Separator(Separator::Dot)) {
                tokens.pop();
            }
            if let Some(&Token::Number(n, 1)) = tokens.last() {
                tokens.pop();
                tokens.push(wrap(n));
                return Ok(None);
            }
            return Ok(Some(wrap));
        }
    };
    lexed.tokens.push(token);
    Ok(None)
}

/// A run of digits or letters, or one mark.
#[derive(Debug)]
struct Piece {
    kind: Kind,
    /// Do blanks (or quotes, brackets) stand before it?
    spaced: bool,
}

#[derive(Debug)]
enum Kind {
    Digits(String),
    /// Lower-case, without accents.
    Letters(String),
    Mark(char),
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut spaced = false;
    // NFKD brings full-width digits, non-breaking blanks and `º` to their plain forms and splits the accents off.
    let folded = text.nfkd().filter(|&c| !is_combining_mark(c)).flat_map(char::to_lowercase);
    for c in folded.chain([' ']) {
        let c = match c {
            '‐' | '‑' | '‒' | '–' | '—' | '−' => '-',
            '⁄' => '/',
            // The year, month and day marks of Chinese and Japanese dates.
            '年' | '月' => '-',
            'ß' => 's',
            c => c,
        };
        match (&mut pieces[..], c) {
            ([.., Piece { kind: Kind::Digits(run), .. }], '0'..='9') if !spaced => run.push(c),
            ([.., Piece { kind: Kind::Letters(run), .. }], _)
                if !spaced && c.is_alphabetic() && c != '日' =>
            {
                run.push(c);
            }
            (
                _,
                ' ' | '\t' | '\n' | '\r' | '(' | ')' | '[' | ']' | '"' | '\'' | '’' | '“' | '”'
                | '日',
            ) => {
                spaced = true;
            }
            _ => {
                let kind = match c {
                    '0'..='9' => Kind::Digits(c.into()),
                    c if c.is_alphabetic() => Kind::Letters(c.into()),
                    c => Kind::Mark(c),
                };
                pieces.push(Piece { kind, spaced });
                spaced = false;
            }
        }
    }
    if text.contains(['年', '月']) {
        // `2023年8月` leaves the dash of its last mark.
        pieces.pop_if(|last| matches!(last.kind, Kind::Mark('-')));
    }
    pieces
}

/// Leaves out times of day with what belongs to them: `at 14:30 UTC`, `T16:00:00.000Z`, `12:00 +02:00`.
fn without_times(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut kept: Vec<Piece> = Vec::with_capacity(pieces.len());
    // Pieces up to here belong to a time.
    let mut skip_to = 0;
    let lengths: Vec<usize> =
        (0..pieces.len()).map(|at| time_length(&pieces[at..], at > 0)).collect();
    for (at, mut piece) in pieces.into_iter().enumerate() {
        if at >= skip_to && lengths[at] > 0 {
            skip_to = at + lengths[at];
        }
        if at >= skip_to {
            // What stood on both sides of a time does not touch.
            piece.spaced |= at == skip_to && at > 0;
            kept.push(piece);
        }
    }
    kept
}

/// How many pieces at the start are a time of day; 0 if there is none.
fn time_length(pieces: &[Piece], after_something: bool) -> usize {
    let digits = |at: usize| match pieces.get(at).map(|p| &p.kind) {
        Some(Kind::Digits(run)) => Some(run.as_str()),
        _ => None,
    };
    let word = |at: usize| match pieces.get(at).map(|p| &p.kind) {
        Some(Kind::Letters(run)) => Some(run.as_str()),
        _ => None,
    };
    let mark = |at: usize, c: char| matches!(pieces.get(at), Some(Piece { kind: Kind::Mark(m), .. }) if *m == c);
    let glued = |at: usize| pieces.get(at).is_some_and(|p| !p.spaced);

    let mut at = usize::from(word(0).is_some_and(words::is_time_prefix));
    let basic = word(0) == Some("t") && after_something && glued(0) && glued(1);
    let Some(hours) = digits(at) else { return 0 };
    let clock = hours.len() <= 2 && mark(at + 1, ':') && digits(at + 2).is_some();
    let basic = basic && matches!(hours.len(), 4 | 6);
    let named = hours.len() <= 2 && matches!(word(at + 1), Some("am" | "pm" | "uhr"));
    if !(clock || basic || named) {
        return 0;
    }
    at += 1;
    while mark(at, ':') && digits(at + 1).is_some() {
        at += 2;
    }
    if (mark(at, '.') || mark(at, ',')) && glued(at) && glued(at + 1) && digits(at + 1).is_some() {
        at += 2;
    }
    while word(at).is_some_and(words::is_time_suffix) {
        at += 1;
    }
    let offset = digits(at + 1).is_some_and(|run| {
        glued(at + 1) && run.starts_with(['0', '1']) && matches!(run.len(), 2 | 4)
    });
    if (mark(at, '+') || mark(at, '-')) && offset {
        at += 2;
        if mark(at, ':') && digits(at + 1).is_some() {
            at += 2;
        }
    }
    at
}
