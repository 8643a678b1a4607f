//! Victims by the short or the long form of their name.
//!
//! In: a word or phrase of a query. Out: conditions that a report meets whose victim is written in the other form: `CCI`
//! for "Chambre de commerce et d'industrie". The forms are the index's own (`index::short_names`), made from the reports
//! themselves; how a report calls its victim is how it is searched for, and so what the evidence shows.

use std::collections::BTreeSet;

use crate::error::{Error, Result};
use crate::index::short_names::{ShortName, Why};
use crate::query::ast::{ClauseKind, Note, Span};
use crate::query::plan::build::Planner;
use crate::query::plan::filter::FilterNode;
use crate::query::plan::{Atom, Node, NodeKind, Slot};
use crate::report::Section;

/// What a victim found by the other form counts for, beside one found by the form that was typed.
const WEIGHT: f32 = 0.8;
/// How many letters a word has that may be initials.
const LETTERS: std::ops::RangeInclusive<usize> = 2..=8;
/// Two letters outside of `victim:` are a country or anything else.
const LEAST_OF_BARE: usize = 3;
/// Initials of more names than these say nothing of which is meant.
const MOST_OF_BARE: usize = 8;
/// More than these are not looked for in `victim:` either.
const MOST: usize = 200;

impl Planner<'_> {
    /// The conditions that stand for a word or phrase because a victim's name has another form.
    ///
    /// # Errors
    ///
    /// Where the dictionary can't be read.
    pub(super) fn other_forms(
        &mut self,
        text: &ClauseKind,
        span: &Span,
        sections: Option<&[Section]>,
        boost: f32,
    ) -> Result<Vec<Node>> {
        // Who wants words as typed wants these so, too.
        if self.settings.aliases.most_words() == 0 {
            return Ok(Vec::new());
        }
        let in_victim = matches!(sections, Some([Section::Victim]));
        let anywhere = sections.is_none_or(|sections| sections.contains(&Section::Victim));
        let terms = match text {
            ClauseKind::Word(word)
                if in_victim || (anywhere && self.is_bare_acronym(word, span)) =>
            {
                self.forms_of_word(word)?
            }
            ClauseKind::Phrase(phrase) if in_victim && phrase.slop == 0 && !phrase.prefix => {
                self.forms_of_phrase(&phrase.text)?
            }
            _ => return Ok(Vec::new()),
        };
        let most = if in_victim { MOST } else { MOST_OF_BARE };
        if terms.len() > most {
            let typed = self.query.get(span.clone()).unwrap_or_default();
            let way = if in_victim { "write more of the name" } else { "victim: looks for them" };
            let message = format!(
                "“{typed}” may stand for the names of {} victims, which don't count: {way}",
                terms.len()
            );
            self.plan.notes.push(Note { span: span.clone(), message });
            return Ok(Vec::new());
        }
        let mut nodes = Vec::with_capacity(terms.len());
        for term in &terms {
            nodes.extend(self.other_form(term, span, boost));
        }
        Ok(nodes)
    }

    fn other_form(&mut self, term: &str, span: &Span, boost: f32) -> Option<Node> {
        let ShortName { instead, why, .. } = ShortName::parse(term)?;
        let slots: Vec<Slot> = instead.split(' ').map(|word| Slot::one(word.to_owned())).collect();
        // A name of several words counts as one word does.
        let boost = boost * WEIGHT / slots.len().max(1) as f32;
        let sections = Some(vec![Section::Victim]);
        self.plan.atoms.push(Atom { span: span.clone(), slots, slop: 0, sections, boost });
        let atom = self.plan.atoms.len() - 1;
        self.plan.short_names.push((atom, why));
        let node = |kind| Node { kind, span: span.clone() };
        let atom = node(NodeKind::Atom(atom));
        match why {
            Why::Initials => Some(atom),
            // Only where the report itself says so.
            Why::Given => {
                let field = self.settings.fields.short_names;
                let filter = FilterNode::Keywords(field, vec![term.to_owned()]);
                Some(node(NodeKind::And(vec![node(NodeKind::Filter(filter)), atom])))
            }
        }
    }

    /// Whether a word outside of `victim:` is written as an acronym that is none of anything else.
    fn is_bare_acronym(&self, word: &str, span: &Span) -> bool {
        let letters = word.chars().count();
        (LEAST_OF_BARE..=*LETTERS.end()).contains(&letters)
            && word.chars().all(char::is_uppercase)
            && !self.runs.holds(span)
    }

    fn forms_of_word(&mut self, word: &str) -> Result<BTreeSet<String>> {
        match self.analyzer.forms(word).as_slice() {
            [token] if LETTERS.contains(&token.surface.chars().count()) => {
                let from = ShortName::prefix(&token.surface);
                self.short_names(&from, &format!("{from}\u{10ffff}"))
            }
            _ => Ok(BTreeSet::new()),
        }
    }

    /// The words of a phrase are the first of a name, or all.
    fn forms_of_phrase(&mut self, text: &str) -> Result<BTreeSet<String>> {
        let words: Vec<String> =
            self.analyzer.forms(text).into_iter().map(|token| token.surface).collect();
        if words.len() < 2 {
            return self.forms_of_word(text);
        }
        let words = words.join(" ");
        // The mark and the blank stand below every letter.
        let mut terms = self.short_names(&words, &format!("{words}!"))?;
        terms.retain(|term| {
            ShortName::parse(term).is_some_and(|name| name.asked.starts_with(&words))
        });
        Ok(terms)
    }

    fn short_names(&self, from: &str, to: &str) -> Result<BTreeSet<String>> {
        let failed = |e| Error::index("cannot read the names of the index", e);
        let mut terms = BTreeSet::new();
        for segment in self.settings.searcher.segment_readers() {
            let index = segment.inverted_index(self.settings.fields.short_names).map_err(failed)?;
            let range = index.terms().range().ge(from.as_bytes()).lt(to.as_bytes());
            let mut stream = range.into_stream().map_err(|e| failed(e.into()))?;
            while let Some((term, _)) = stream.next() {
                terms.extend(std::str::from_utf8(term).map(str::to_owned));
            }
        }
        Ok(terms)
    }
}
