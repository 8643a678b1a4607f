//! Regular expressions, as far as the parser has to know them.
//!
//! In: what stands between two slashes. Out: whether it can be matched against whole words, and if not, why and what
//! could be meant instead.

use regex_syntax::hir::{Hir, HirKind};

/// How deep groups in a regular expression may be nested.
const REGEX_LEVELS: u32 = 50;

/// Whether a pattern is one that can be matched against whole words; if not, why, and at which of its bytes.
pub(super) fn checked(pattern: &str) -> Result<(), (String, usize)> {
    fn lazy(hir: &Hir) -> bool {
        match hir.kind() {
            HirKind::Repetition(repetition) => !repetition.greedy || lazy(&repetition.sub),
            HirKind::Capture(capture) => lazy(&capture.sub),
            HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().any(lazy),
            HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) | HirKind::Look(_) => false,
        }
    }

    let parsed = regex_syntax::ParserBuilder::new().nest_limit(REGEX_LEVELS).build().parse(pattern);
    let hir = parsed.map_err(|error| {
        let (reason, at) = match error {
            regex_syntax::Error::Parse(error) => {
                (error.kind().to_string(), error.span().start.offset)
            }
            regex_syntax::Error::Translate(error) => {
                (error.kind().to_string(), error.span().start.offset)
            }
            _ => ("not understood".to_owned(), 0),
        };
        (format!("this regular expression can't be read: {reason}"), at)
    })?;
    if !hir.properties().look_set().is_empty() {
        let at = pattern.find(['^', '$']).or_else(|| pattern.find('\\')).unwrap_or(0);
        let message =
            "a regular expression always matches a whole word: ^, $ and \\b have no place in it";
        return Err((message.to_owned(), at));
    }
    if lazy(&hir) {
        let message =
            "a regular expression always matches a whole word: lazy repetition has no place in it";
        return Err((message.to_owned(), pattern.find('?').unwrap_or(0)));
    }
    Ok(())
}

/// The nearest pattern that can be read: closed, opened, freed of anchors, or else taken literally.
pub(super) fn mended(pattern: &str) -> Option<String> {
    let candidates = [
        format!("{pattern})"),
        format!("{pattern}]"),
        format!("{pattern}\\"),
        pattern.replacen(')', "", 1),
        pattern.replace(['^', '$'], ""),
        pattern.replace("\\b", ""),
        pattern.replace("*?", "*").replace("+?", "+").replace("??", "?"),
        pattern.trim_start_matches(['*', '+', '?']).to_owned(),
        regex_syntax::escape(pattern).replace('/', "\\/"),
    ];
    candidates.into_iter().find(|pattern| !pattern.is_empty() && checked(pattern).is_ok())
}

/// How many characters stand between the slashes of a word that is a regular expression.
pub(super) fn slashed(word: &str) -> Option<usize> {
    let inner = word.strip_prefix('/')?.strip_suffix('/').filter(|inner| !inner.is_empty())?;
    let mut escaped = false;
    for c in inner.chars() {
        match c {
            '/' if !escaped => return None,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    (!escaped).then(|| inner.chars().count())
}
