//! Fields, and what stands in the scope of one that holds text.
//!
//! In: the name that was read. Out: the clause in its scope. Values of the other fields are read by `value`.

use super::{Clause, ClauseKind, Context, Cut, Parsed, Parser};
use crate::query::ast::Filter;
use crate::query::field::{Field, FieldKind};
use crate::query::lex::Token;
use crate::report::Section;

impl Parser<'_> {
    /// What stands after `victim:` or `date:`.
    pub(super) fn field(&mut self, field: &'static Field, name: Cut) -> Parsed<Option<Clause>> {
        match field.kind {
            FieldKind::Text(section) => self.sections(&[section], name, Some(field)),
            _ => self.values(field, name),
        }
    }

    /// What stands after `victim:` or `(victim|title):`.
    pub(super) fn sections(
        &mut self,
        sections: &[Section],
        name: Cut,
        field: Option<&'static Field>,
    ) -> Parsed<Option<Clause>> {
        self.skip_blank_after(&name);
        let context = Context::Scope;
        let mut items = Vec::new();
        loop {
            let next = self.lex.peek()?.clone();
            if matches!(next.token, Token::End | Token::Close | Token::And | Token::Or)
                || (matches!(next.token, Token::Field(_)) && next.cut.start > name.end)
            {
                return Err(self.nothing_after(name));
            }
            let none = next.token == Token::Word
                && self.lex.scan.slice(next.cut.clone()).eq_ignore_ascii_case("none");
            if none && let Some(missing) = field.and_then(Field::missing) {
                self.lex.next()?;
                let filter = Filter::Missing(missing);
                let clause = self.leaf(ClauseKind::Filter(filter), name.start..next.cut.end)?;
                return Ok(Some(clause));
            }
            if none {
                self.lex.note(next.cut.clone(), "here `none` was read as a word");
            }
            items.extend(self.signed(context)?);
            if !self.bar_follows() {
                break;
            }
            self.lex.note(name.clone(), "a | without blanks offers several values of this field");
            self.lex.next()?;
        }
        let end = self.lex.at();
        let Some(clause) = self.merged(items, ClauseKind::Or) else {
            return Err(self.nothing_after(name));
        };
        if let Some(inner) = self.nested.take() {
            return Err(self.nested_fault(name, inner, end));
        }
        let span = self.lex.scan.span(name).start..clause.span.end;
        Ok(Some(Clause::new(ClauseKind::Scoped(sections.to_vec(), Box::new(clause)), span)))
    }

    /// A field inside another field's brackets: reads it, so that the correction knows where it ends.
    pub(super) fn nested_field(&mut self, name: Cut) -> Parsed<Option<Clause>> {
        let clause = self.deeper(name.clone(), |parser| parser.signed(Context::Scope))?;
        let end = self.lex.at();
        self.nested.get_or_insert(name.start..end);
        Ok(clause)
    }

    /// Whether `|` follows without a blank on either side, as in `victim:nice|cannes`.
    pub(super) fn bar_follows(&mut self) -> bool {
        let at = self.lex.at();
        self.lex.scan.get(at) == Some('|')
            && self.lex.scan.before(at) != Some(' ')
            && !self.lex.scan.ends(at + 1)
    }

    /// `victim: nice` is read as `victim:nice`.
    pub(super) fn skip_blank_after(&mut self, name: &Cut) {
        let at = self.lex.at();
        let next = self.lex.scan.skip_while(at, |c| c == ' ');
        if next > at && !self.lex.scan.ends(next) {
            let typed = self.lex.scan.slice(name.clone());
            self.lex.note(name.start..next, format!("`{typed}` takes what follows the blank"));
        }
        self.lex.go_to(next);
    }
}
