//! Cuts a cell into the pieces that may be places.
//!
//! In: the text of a cell. Out: its items, parts and segments, each a slice of it. Nothing here knows a country.

/// Without blanks, quotes and full stops around it (but `U.S.` keeps its own).
pub(super) fn trim(text: &str) -> &str {
    let bare = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '"' | '\'' | '“' | '”' | '‘' | '’' | ',' | ';' | '\u{feff}')
    };
    let text = text.trim_matches(bare);
    match text.strip_suffix('.') {
        Some(rest) if !rest.contains('.') => rest.trim_end_matches(bare),
        _ => text,
    }
}

/// The items of `'Ukraine', "Côte d'Ivoire", Poland`: quotes count at the ends of items only.
pub(super) fn literal_items(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches([' ', ',', '\n', '\t']);
        let first = rest.chars().next()?;
        let end = match first {
            '\'' | '"' => {
                let closes = |(at, _): &(usize, &str)| {
                    let after = rest[at + 1..].trim_start();
                    *at > 0 && (after.is_empty() || after.starts_with(','))
                };
                rest.match_indices(first).find(closes).map_or(rest.len(), |(at, _)| at + 1)
            }
            '[' => rest.find(']').map_or(rest.len(), |at| at + 1),
            _ => rest.find(',').unwrap_or(rest.len()),
        };
        let (item, more) = rest.split_at(end);
        rest = more;
        Some(item)
    })
}

/// The parts between marks that never stand within a name, brackets aside, and between sentences.
pub(super) fn hard_parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut depth, mut letters) = (0, 0usize, 0);
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|&(_, c)| c);
        let splits = match c {
            '(' => {
                depth += 1;
                false
            }
            ')' => {
                depth = depth.saturating_sub(1);
                false
            }
            '\n' | '\r' | '\t' | ';' | '|' | '/' | '•' | '·' => depth == 0,
            // The end of a sentence, not of `St. Louis` or `Rep. of Korea`.
            '.' => letters >= 4 && next.is_some_and(char::is_whitespace),
            _ => false,
        };
        letters = if c.is_lowercase() { letters + 1 } else { 0 };
        if splits {
            parts.push(&text[start..at]);
            start = at + c.len_utf8();
            depth = 0;
        }
    }
    parts.push(&text[start..]);
    parts
}

/// A piece between commas and words for "and".
#[derive(Clone, Copy)]
pub(super) struct Segment {
    pub start: usize,
    pub end: usize,
    /// A comma alone stands before it: it may say where the piece before lies.
    pub after_comma: bool,
}

impl Segment {
    /// Its words in the part that it was cut from.
    pub fn text(self, part: &str) -> &str {
        trim(&part[self.start..self.end])
    }
}

/// Where commas and words for "and" split a part, brackets aside.
pub(super) fn segments(text: &str) -> Vec<Segment> {
    const AND: [&str; 10] =
        [" and ", " & ", " und ", " et ", " y ", " e ", " en ", " ed ", " + ", " as well as "];
    let mut segments = Vec::new();
    let (mut start, mut depth, mut after_comma) = (0, 0usize, false);
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let separator = match c {
            '(' => {
                depth += 1;
                None
            }
            ')' => {
                depth = depth.saturating_sub(1);
                None
            }
            ',' | '，' | '、' if depth == 0 => Some((c.len_utf8(), true)),
            ' ' if depth == 0 => AND
                .iter()
                .find(|and| text[at..].starts_with(**and))
                // The blank after it may begin the next one.
                .map(|and| (and.len() - 1, false)),
            _ => None,
        };
        match separator {
            None => at += c.len_utf8(),
            Some((length, comma)) => {
                // `Illinois, and Galway`: nothing stands between the comma and the word.
                if text[start..at].trim().is_empty() {
                    after_comma = false;
                } else {
                    segments.push(Segment { start, end: at, after_comma });
                    after_comma = comma;
                }
                at += length;
                start = at;
            }
        }
    }
    if !text[start..].trim().is_empty() {
        segments.push(Segment { start, end: text.len(), after_comma });
    }
    segments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_end_items_only_before_a_comma() {
        let items: Vec<_> = literal_items(r#"'Cote d'Ivoire', "a, b",c , ['d'], '"#).collect();
        assert_eq!(items, ["'Cote d'Ivoire'", "\"a, b\"", "c ", "['d']", "'"]);
    }

    #[test]
    fn brackets_hold_parts_together() {
        assert_eq!(hard_parts("a/b (c/d)\ne"), ["a", "b (c/d)", "e"]);
        assert_eq!(hard_parts("in the States. In St. Louis"), ["in the States", " In St. Louis"]);
        let texts = |text: &'static str| -> Vec<&str> {
            segments(text).into_iter().map(|s| s.text(text)).collect()
        };
        assert_eq!(texts("a (b, c and d), k and f, and g"), ["a (b, c and d)", "k", "f", "g"]);
        assert_eq!(texts(", ,"), [""; 0]);
    }
}
