//! Tokens to clauses.
//!
//! In: what someone typed. Out: a [`Query`], or the [`Diagnostic`] that says where it can't be understood and what to
//! write instead. Knows neither the index nor its schema.
//!
//! Operators bind in this order, the strongest first: `-` `+` `NOT`, `AND`, clauses side by side, `OR`. The parser is
//! a recursive descent whose depth is capped ([`MOST_LEVELS`]); `term` reads what stands between the operators,
//! `value` what stands after a field that is no text.

mod args;
mod fault;
mod filter;
mod indicator;
mod pattern;
mod scope;
mod term;
#[cfg(test)]
mod tests;
mod value;

use std::ops::Range;

use super::ast::{Clause, ClauseKind, Query};
use super::field::Field;
use super::lex::{Cut, Lexer, Token};
use crate::error::{Diagnostic, Error, Result};

/// The longest query, in characters: room for 1,000 SHA-256 hashes with an `OR` between them.
const MOST_CHARACTERS: usize = 100_000;
/// The most words, phrases and other single clauses.
const MOST_CLAUSES: usize = 1_024;
/// How deep brackets, signs and clauses may be nested.
const MOST_LEVELS: usize = 64;
/// How many unknown countries are compared with the known ones.
const MOST_COMPARISONS: usize = 8;
/// How many faults one corrected query may need mended.
const MOST_CORRECTIONS: usize = 16;

impl Query {
    /// Reads a query.
    ///
    /// ```
    /// use casebook::Query;
    ///
    /// let query = Query::parse("victim:nice “website defaced”~4 OR ransom*")?;
    /// assert_eq!(query.to_string(), r#"(victim:nice "website defaced"~4) OR ransom*"#);
    ///
    /// let error = Query::parse("victm:nice").unwrap_err();
    /// assert_eq!(error.to_string(), "there is no field `victm`; did you mean `victim`? (column 1)");
    /// assert_eq!(error.help(), Some("try: victim:nice"));
    /// # Ok::<(), casebook::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Query`](crate::ErrorKind::Query) with a [`Diagnostic`]. Where that has a corrected query, it
    /// parses.
    pub fn parse(text: &str) -> Result<Query> {
        parse_once(text).map_err(|mut diagnostic| {
            diagnostic.corrected = diagnostic.corrected.and_then(settled);
            Error::query(diagnostic)
        })
    }
}

/// A correction, corrected until nothing is wrong with it.
fn settled(mut text: String) -> Option<String> {
    for _ in 0..MOST_CORRECTIONS {
        match parse_once(&text) {
            Ok(_) => return Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            Err(diagnostic) => text = diagnostic.corrected?,
        }
    }
    None
}

fn parse_once(text: &str) -> Result<Query, Diagnostic> {
    // Before anything is allocated for it.
    if let Some((start, _)) = text.char_indices().nth(MOST_CHARACTERS) {
        let message = format!("a query holds at most {MOST_CHARACTERS} characters");
        let query = text.to_owned();
        return Err(Diagnostic { query, start, end: text.len(), message, corrected: None });
    }
    let mut parser = Parser {
        lex: Lexer::new(text),
        levels: 0,
        clauses: 0,
        nested: None,
        certain: false,
        comparisons: MOST_COMPARISONS,
    };
    let root = parser.query()?;
    Ok(Query { text: text.to_owned(), root, notes: parser.lex.into_notes() })
}

/// Where a clause stands, which decides how words and values are read.
#[derive(Clone, Copy)]
enum Context {
    Text,
    /// After `victim:`
    Scope,
    /// In the brackets of `date:(…)`
    Values(&'static Field),
}

struct Parser<'q> {
    lex: Lexer<'q>,
    levels: usize,
    clauses: usize,
    /// A field inside another field's brackets: reported where those close, since the correction moves it there.
    nested: Option<Cut>,
    /// Whether the dates being read were asked for as certain.
    certain: bool,
    /// How many more unknown countries are compared with the known ones, which takes a pass over all spellings.
    comparisons: usize,
}

type Parsed<T> = Result<T, Diagnostic>;

impl Parser<'_> {
    fn query(&mut self) -> Parsed<Option<Clause>> {
        let root = self.either(Context::Text)?;
        let stray = self.lex.next()?;
        if stray.token == Token::Close {
            let corrected = self.lex.scan.without(stray.cut.clone());
            let message = "this bracket closes nothing";
            return Err(self.lex.fault(stray.cut, message, Some(corrected)));
        }
        if let Some(root) = &root {
            if height(root) > MOST_LEVELS {
                return Err(self.too_deep(0..self.lex.scan.len()));
            }
            if only_negative(root) {
                let whole = 0..self.lex.scan.len();
                self.lex.note(whole, "this only leaves out: every other report answers");
            }
        }
        Ok(root)
    }

    /// `a b OR c d`
    fn either(&mut self, context: Context) -> Parsed<Option<Clause>> {
        let start = self.lex.peek()?.cut.start;
        let mut branches = Vec::new();
        let mut operator: Option<Cut> = None;
        loop {
            let (items, seen) = self.side_by_side(context)?;
            let next = self.lex.peek()?.clone();
            if !seen && (operator.is_some() || next.token == Token::Or) {
                let dangling = match (next.token, operator) {
                    (Token::Or, _) | (_, None) => next.cut,
                    (_, Some(operator)) => operator,
                };
                return Err(self.dangling(dangling));
            }
            branches.push(items);
            if next.token != Token::Or {
                let cut = start..next.cut.start;
                self.note_precedence(&branches, cut.clone());
                let merged =
                    branches.into_iter().filter_map(|items| self.merged(items, all)).collect();
                return Ok(self.merged(merged, ClauseKind::Or));
            }
            operator = Some(self.lex.next()?.cut);
        }
    }

    /// `a b`, and whether there was anything at all.
    fn side_by_side(&mut self, context: Context) -> Parsed<(Vec<Clause>, bool)> {
        let mut items = Vec::new();
        let mut seen = false;
        loop {
            match self.lex.peek()?.token {
                Token::End | Token::Close | Token::Or => return Ok((items, seen)),
                Token::And => {
                    let cut = self.lex.next()?.cut;
                    return Err(self.dangling(cut));
                }
                _ => {}
            }
            seen = true;
            items.extend(self.both(context)?);
        }
    }

    /// `a AND b`
    fn both(&mut self, context: Context) -> Parsed<Option<Clause>> {
        let mut items = Vec::new();
        items.extend(self.signed(context)?);
        while self.lex.peek()?.token == Token::And {
            let operator = self.lex.next()?.cut;
            let next = self.lex.peek()?.clone();
            match next.token {
                Token::And | Token::Or => return Err(self.dangling(next.cut)),
                Token::End | Token::Close => return Err(self.dangling(operator)),
                _ => items.extend(self.signed(context)?),
            }
        }
        Ok(self.merged(items, ClauseKind::And))
    }

    /// `-a`, `NOT a`, `+a`
    fn signed(&mut self, context: Context) -> Parsed<Option<Clause>> {
        let make = match self.lex.peek()?.token {
            Token::Minus | Token::Not => ClauseKind::Not,
            Token::Plus => ClauseKind::Must,
            _ => return self.primary(context),
        };
        let sign = self.lex.next()?.cut;
        let next = self.lex.peek()?.clone();
        match next.token {
            Token::And | Token::Or => return Err(self.dangling(next.cut)),
            Token::End | Token::Close => return Err(self.dangling(sign)),
            _ => {}
        }
        let clause = self.deeper(sign.clone(), |parser| parser.signed(context))?;
        Ok(clause.map(|clause| {
            let span = self.lex.scan.span(sign).start..clause.span.end;
            let kind = make(Box::new(clause));
            match kind {
                // `+(+a)` requires no more than `+a`.
                ClauseKind::Must(inner) if matches!(inner.kind, ClauseKind::Must(_)) => *inner,
                kind => Clause::new(kind, span),
            }
        }))
    }

    fn primary(&mut self, context: Context) -> Parsed<Option<Clause>> {
        let lexeme = self.lex.next()?;
        let cut = lexeme.cut;
        match (lexeme.token, context) {
            (Token::Open, _) => self.group(cut, context),
            (Token::Field(_) | Token::Sections(_), Context::Scope | Context::Values(_)) => {
                self.nested_field(cut)
            }
            (Token::Field(field), Context::Text) => {
                self.deeper(cut.clone(), |parser| parser.field(field, cut))
            }
            (Token::Sections(sections), Context::Text) => {
                self.deeper(cut.clone(), |parser| parser.sections(&sections, cut, None))
            }
            (Token::Word, Context::Values(field)) => self.bare_value(field, cut),
            (Token::Phrase(inner), Context::Values(field)) => self.quoted_value(field, inner, cut),
            (Token::Word, _) => self.word(cut),
            (Token::Phrase(inner), _) => self.phrase(inner, cut),
            (Token::Regex(inner), _) => self.regex(inner, cut),
            // The callers have looked: none of the operators, no end and no closing bracket can stand here.
            _ => Err(self.dangling(cut)),
        }
    }

    /// `(…)`, `(…)^2`; the opening bracket has been read.
    fn group(&mut self, open: Cut, context: Context) -> Parsed<Option<Clause>> {
        let inner = self.deeper(open.clone(), |parser| parser.either(context))?;
        let close = self.lex.next()?;
        if close.token != Token::Close {
            let corrected = format!("{})", self.lex.scan.text().trim_end());
            let message = "this bracket is never closed";
            return Err(self.lex.fault(open, message, Some(corrected)));
        }
        let suffix = self.suffix()?;
        if let Some((_, tilde)) = suffix.tilde {
            let corrected = self.lex.scan.without(tilde.clone());
            let message = "~ stands after a word or a phrase, not after a bracket";
            return Err(self.lex.fault(tilde, message, Some(corrected)));
        }
        self.lex.skip_hanging();
        let Some(mut clause) = inner else {
            self.lex.note(
                open.start..close.cut.end,
                "there is nothing in these brackets to search for",
            );
            return Ok(None);
        };
        if !clause.children().is_empty() {
            clause.span = self.lex.scan.span(open.start..close.cut.end);
        }
        if let Some((weight, cut)) = suffix.weight {
            self.weigh(&mut clause, weight, cut)?;
        }
        Ok(Some(clause))
    }

    /// One clause of several; a single one stands for itself, and clauses of the same kind become one.
    fn merged(&self, items: Vec<Clause>, make: fn(Vec<Clause>) -> ClauseKind) -> Option<Clause> {
        if items.len() < 2 {
            return items.into_iter().next();
        }
        let span = Range { start: items[0].span.start, end: items[items.len() - 1].span.end };
        let kind = std::mem::discriminant(&make(Vec::new()));
        let mut merged = Vec::with_capacity(items.len());
        for item in items {
            if std::mem::discriminant(&item.kind) == kind && item.boost == 1.0 {
                if let ClauseKind::All(inner) | ClauseKind::And(inner) | ClauseKind::Or(inner) =
                    item.kind
                {
                    merged.extend(inner);
                }
            } else {
                merged.push(item);
            }
        }
        Some(Clause::new(make(merged), span))
    }

    /// Counts a clause that has none below it.
    fn leaf(&mut self, kind: ClauseKind, cut: Cut) -> Parsed<Clause> {
        self.clauses += 1;
        if self.clauses > MOST_CLAUSES {
            let message =
                format!("a query holds at most {MOST_CLAUSES} words, phrases and other clauses");
            return Err(self.lex.fault(cut, message, None));
        }
        let span = self.lex.scan.span(cut);
        Ok(Clause::new(kind, span))
    }

    /// Runs a part of the parser one level down.
    fn deeper<T>(&mut self, cut: Cut, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.levels == MOST_LEVELS {
            return Err(self.too_deep(cut));
        }
        self.levels += 1;
        let parsed = parse(self);
        self.levels -= 1;
        parsed
    }

    /// Hands a weight to the clauses that carry a score.
    fn weigh(&mut self, clause: &mut Clause, weight: f32, cut: Cut) -> Parsed<()> {
        match &mut clause.kind {
            ClauseKind::Not(inner) | ClauseKind::Must(inner) | ClauseKind::Scoped(_, inner) => {
                self.weigh(inner, weight, cut)
            }
            ClauseKind::Filter(_) => Err(self.weight_on_filter(cut)),
            _ => {
                let product = clause.boost * weight;
                if product > 0.0 && product <= term::MOST_WEIGHT {
                    clause.boost = product;
                    return Ok(());
                }
                let corrected = self.lex.scan.without(cut.clone());
                let message =
                    format!("the weights together leave the range up to {}", term::MOST_WEIGHT);
                Err(self.lex.fault(cut, message, Some(corrected)))
            }
        }
    }
}

fn all(clauses: Vec<Clause>) -> ClauseKind {
    ClauseKind::All(clauses)
}

/// How many levels of clauses there are. Its own depth is bounded, since the parser's is.
fn height(clause: &Clause) -> usize {
    1 + clause.children().iter().map(height).max().unwrap_or(0)
}

fn only_negative(clause: &Clause) -> bool {
    match &clause.kind {
        ClauseKind::Not(_) => true,
        ClauseKind::All(clauses) | ClauseKind::And(clauses) => clauses.iter().all(only_negative),
        _ => false,
    }
}
