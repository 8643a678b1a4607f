//! What to say about a query that can't be understood, or that can be in two ways.
//!
//! In: where the fault is. Out: the [`Diagnostic`] with the corrected query, or a note with the other reading.

use super::{Clause, Cut, Diagnostic, MOST_LEVELS, Parser};
use crate::query::field::Field;

impl Parser<'_> {
    pub(super) fn too_deep(&self, cut: Cut) -> Diagnostic {
        let message = format!("brackets and signs are nested more than {MOST_LEVELS} deep");
        self.lex.fault(cut, message, None)
    }

    /// An operator without something on both sides.
    pub(super) fn dangling(&self, cut: Cut) -> Diagnostic {
        let scan = &self.lex.scan;
        let operator = scan.slice(cut.clone());
        let rest = scan.without(cut.clone());
        let word = operator.chars().all(char::is_alphabetic);
        let corrected = match word && !rest.contains(char::is_alphanumeric) {
            true => scan.replaced(cut.clone(), &format!("\"{operator}\"")),
            false => rest,
        };
        let wants = match operator.as_str() {
            "NOT" | "-" | "+" => "something after it",
            _ => "something on both sides",
        };
        let message = match word {
            true => {
                format!("{operator} needs {wants}; to search for the word write \"{operator}\"")
            }
            false => format!("`{operator}` needs {wants}"),
        };
        self.lex.fault(cut, message, Some(corrected))
    }

    pub(super) fn nothing_after(&self, name: Cut) -> Diagnostic {
        let scan = &self.lex.scan;
        let typed = scan.slice(name.clone()).trim_end().to_owned();
        let rest = scan.without(name.clone());
        let field = Field::find(typed.trim_end_matches(':').trim_end());
        let corrected = match field {
            Some(field) if !rest.contains(char::is_alphanumeric) => field.example.to_owned(),
            _ => rest,
        };
        let example = field.map_or("(victim|title):nice", |field| field.example);
        let message = format!("`{typed}` has nothing after it; expected something like {example}");
        self.lex.fault(name, message, Some(corrected))
    }

    /// `victim:(nice date:2023)`: the inner field is moved behind the brackets.
    pub(super) fn nested_fault(&self, name: Cut, inner: Cut, end: usize) -> Diagnostic {
        let scan = &self.lex.scan;
        let typed = scan.slice(name.clone());
        let inner_text = &scan.text()[scan.span(inner.clone())];
        let around = [scan.slice(name.end..inner.start), scan.slice(inner.end..end)].concat();
        let moved = match around.contains(char::is_alphanumeric) {
            true => {
                let cut_out = scan.without(inner.clone());
                let removed = scan.text().len() - cut_out.len();
                let at = scan.span(name.start..end).end.saturating_sub(removed);
                match (cut_out.get(..at), cut_out.get(at..)) {
                    (Some(before), Some(after)) => format!("{before} {inner_text}{after}"),
                    _ => cut_out,
                }
            }
            false => scan.replaced(name.start..end, inner_text),
        };
        let message = format!("a field can't stand inside the scope of `{typed}`");
        self.lex.fault(inner, message, Some(moved))
    }

    /// `a b OR c` can be meant in two ways.
    pub(super) fn note_precedence(&mut self, branches: &[Vec<Clause>], cut: Cut) {
        const LONGEST: usize = 200;
        let divides = branches.len() > 1 && branches.iter().all(|items| !items.is_empty());
        if !divides || branches.iter().all(|items| items.len() == 1) {
            return;
        }
        let span = self.lex.scan.span(cut.clone());
        let text = self.lex.scan.text();
        if span.len() > LONGEST {
            self.lex.note(cut, "OR divides everything around it; brackets make it divide less");
            return;
        }
        let written = |clause: &Clause| text.get(clause.span.clone()).unwrap_or_default();
        let (mut read, mut other) = (String::new(), String::new());
        for (i, items) in branches.iter().enumerate() {
            let words: Vec<&str> = items.iter().map(written).collect();
            let joined = words.join(" ");
            if i > 0 {
                read.push_str(" OR ");
                other.push_str(" OR ");
            }
            read.push_str(&if items.len() > 1 { format!("({joined})") } else { joined });
            // Each branch but the last ends in an open bracket, each but the first begins with its end.
            let last = i + 1 == branches.len();
            for (j, word) in words.iter().enumerate() {
                if j > 0 {
                    other.push(' ');
                }
                if j + 1 == words.len() && !last && (i == 0 || j > 0) {
                    other.push('(');
                }
                other.push_str(word);
                if j == 0 && i > 0 && (last || words.len() > 1) {
                    other.push(')');
                }
            }
        }
        self.lex.note(cut, format!("read as {read}; for the other reading write {other}"));
    }

    pub(super) fn weight_on_filter(&self, cut: Cut) -> Diagnostic {
        let corrected = self.lex.scan.without(cut.clone());
        let message = "a condition has no weight: a report meets it or not";
        self.lex.fault(cut, message, Some(corrected))
    }
}
