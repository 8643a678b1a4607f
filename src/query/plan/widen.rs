//! What else the words of a query are called.
//!
//! In: the clauses of a query, and the aliases. Out: which words, alone or in a row, are a name that has others; and
//! for such a name the sequences of terms that the others are found by. Quoted text is never widened: it is asked for
//! as it stands.
//!
//! A report meets each word of the name where it holds the word itself or one of the other names. So a report that
//! calls the thing otherwise is a full match, and its evidence shows which name it uses.

use rustc_hash::FxHashMap;
use tantivy::schema::{Field, Term};

use crate::analysis::{Analyzer, OwnedToken, is_function_word};
use crate::query::alias::{AliasKind, AliasSet, Aliases, Known};
use crate::query::ast::{Clause, ClauseKind, Note, Phrase, Span};
use crate::query::plan::bm25::idf;
use crate::query::plan::build::Planner;
use crate::query::plan::{Atom, Slot, Widened};
use crate::report::Section;

/// What a word found by another name counts for, beside one found by the name that was typed.
const ALIAS_WEIGHT: f32 = 0.8;

/// A name in a query, by one or more words side by side.
struct Run {
    span: Span,
    tokens: Vec<OwnedToken>,
    set: AliasSet,
    /// The place in [`Plan::widened`](crate::query::plan::Plan::widened), once it is planned.
    planned: Option<usize>,
}

/// The names in a query.
#[derive(Default)]
pub(super) struct Runs {
    runs: Vec<Run>,
    /// The run that the word at a span belongs to.
    of_word: FxHashMap<(usize, usize), usize>,
    /// What is to be said of names that are not widened.
    pub notes: Vec<Note>,
}

impl Runs {
    /// Finds the names in `root`.
    pub fn find(root: &Clause, query: &str, aliases: &Aliases, analyzer: &mut Analyzer) -> Self {
        let mut finder = Finder { query, aliases, analyzer, runs: Self::default() };
        if aliases.most_words() > 0 {
            finder.walk(root);
        }
        finder.runs
    }

    /// Whether the word at a span belongs to a name.
    pub fn holds(&self, span: &Span) -> bool {
        self.of_word.contains_key(&(span.start, span.end))
    }
}

struct Finder<'a> {
    query: &'a str,
    aliases: &'a Aliases,
    analyzer: &'a mut Analyzer,
    runs: Runs,
}

impl Finder<'_> {
    fn walk(&mut self, clause: &Clause) {
        match &clause.kind {
            ClauseKind::All(clauses) => self.row(clauses),
            ClauseKind::Word(_) => self.row(std::slice::from_ref(clause)),
            _ => clause.children().iter().for_each(|child| self.walk(child)),
        }
    }

    /// Looks for the longest names first, from left to right.
    fn row(&mut self, clauses: &[Clause]) {
        let words: Vec<Option<Vec<OwnedToken>>> = clauses
            .iter()
            .map(|clause| match &clause.kind {
                ClauseKind::Word(word) => Some(self.analyzer.forms(word)),
                _ => None,
            })
            .collect();
        let mut at = 0;
        while at < clauses.len() {
            let boost = clauses[at].boost;
            let side_by_side = words[at..]
                .iter()
                .zip(&clauses[at..])
                .take(self.aliases.most_words())
                .take_while(|(words, clause)| words.is_some() && clause.boost == boost)
                .count();
            if side_by_side == 0 {
                self.walk(&clauses[at]);
                at += 1;
                continue;
            }
            let found = (1..=side_by_side).rev().find(|&n| {
                let tokens = words[at..at + n].iter().flatten().flatten().cloned().collect();
                self.take(&clauses[at..at + n], tokens)
            });
            at += found.unwrap_or(1);
        }
    }

    /// Whether these words together are a name that something is known of.
    fn take(&mut self, clauses: &[Clause], tokens: Vec<OwnedToken>) -> bool {
        let (Some(first), Some(last)) = (clauses.first(), clauses.last()) else { return false };
        let span = first.span.start..last.span.end;
        let typed = self.query.get(span.clone()).unwrap_or_default();
        let aliases = self.aliases;
        match aliases.known(&tokens) {
            None => false,
            Some(Known::Ambiguous(ambiguous)) => {
                let message = format!(
                    "“{typed}” may mean {}: searched as written; for one of them, write another of \
                     its names",
                    ambiguous.means.join("; or ")
                );
                self.runs.notes.push(Note { span, message });
                true
            }
            Some(Known::Name { set, written })
                if set.is_weak(written) && !is_acronym(typed, written) =>
            {
                if typed == written && typed.starts_with(char::is_uppercase) {
                    let message = format!(
                        "“{typed}” is an ordinary word too, so other names of {} don't count; for \
                         them write one of them: {}",
                        set.name,
                        listed(set, &[written])
                    );
                    self.runs.notes.push(Note { span, message });
                }
                false
            }
            Some(Known::Name { set, .. }) => {
                let run = self.runs.runs.len();
                for clause in clauses {
                    self.runs.of_word.insert((clause.span.start, clause.span.end), run);
                }
                self.runs.runs.push(Run { span, tokens, set: set.clone(), planned: None });
                true
            }
        }
    }
}

/// Whether a name was typed as the file writes it, and in capitals: `WHO`, `RAT`, `DoS`.
fn is_acronym(typed: &str, written: &str) -> bool {
    typed == written && typed.chars().filter(|c| c.is_uppercase()).count() > 1
}

/// The first names of a set that can be searched for in its place.
fn listed(set: &AliasSet, but: &[&str]) -> String {
    const SHOWN: usize = 4;
    let names = set.names().filter(|name| !set.is_weak(name) && !but.contains(name));
    names.take(SHOWN).collect::<Vec<_>>().join(", ")
}

impl Planner<'_> {
    /// The clauses (see [`Plan::atoms`](crate::query::plan::Plan::atoms)) that stand for the word at `span` because it
    /// belongs to a name; none where it does not.
    pub(super) fn other_names(
        &mut self,
        span: &Span,
        sections: Option<&[Section]>,
        boost: f32,
    ) -> Vec<usize> {
        let Some(&run) = self.runs.of_word.get(&(span.start, span.end)) else {
            return Vec::new();
        };
        let planned = match self.runs.runs[run].planned {
            Some(planned) => planned,
            None => self.plan_run(run, sections, boost),
        };
        self.plan.widened[planned].names.iter().map(|(_, atom)| *atom).collect()
    }

    fn plan_run(&mut self, run: usize, sections: Option<&[Section]>, boost: f32) -> usize {
        let Run { span, tokens, set, .. } = &self.runs.runs[run];
        let (span, set) = (span.clone(), set.clone());
        let tokens = tokens.clone();
        let content = tokens.iter().filter(|token| !is_function_word(&token.surface));
        let typed: Vec<Slot> = content.flat_map(|token| self.stems(&token.surface)).collect();
        let mut widened = Widened { span, set, names: Vec::new() };
        for (name, slots) in self.spellings(&widened.set, &tokens, true) {
            if !self.is_indexed(self.settings.fields.text, &slots) {
                continue;
            }
            let boost = boost * self.weight(&typed, &slots);
            let sections = sections.map(<[Section]>::to_vec);
            let atom = Atom { span: widened.span.clone(), slots, slop: 0, sections, boost };
            self.plan.atoms.push(atom);
            widened.names.push((name, self.plan.atoms.len() - 1));
        }
        self.plan.widened.push(widened);
        let planned = self.plan.widened.len() - 1;
        self.runs.runs[run].planned = Some(planned);
        planned
    }

    /// The other names of the threat actor that a phrase names whole. All of them are names there: the field holds
    /// nothing else.
    pub(super) fn other_actors(
        &mut self,
        phrase: &Phrase,
        span: &Span,
    ) -> Option<(AliasSet, Vec<(String, Atom)>)> {
        if phrase.prefix || phrase.slop > 0 {
            return None;
        }
        let tokens = self.analyzer.forms(&phrase.text);
        let aliases = self.settings.aliases;
        match aliases.known(&tokens)? {
            Known::Ambiguous(ambiguous) => {
                let message = format!(
                    "“{}” may mean {}: searched as written; for one of them, write another of its \
                     names",
                    phrase.text,
                    ambiguous.means.join("; or ")
                );
                self.plan.notes.push(Note { span: span.clone(), message });
                None
            }
            Known::Name { set, .. } => {
                let atom =
                    |slots| Atom { span: span.clone(), slots, slop: 0, sections: None, boost: 1.0 };
                let spellings = self.spellings(set, &tokens, false).into_iter();
                Some((set.clone(), spellings.map(|(name, slots)| (name, atom(slots))).collect()))
            }
        }
    }

    /// The names of a set in every spelling that words are cut by, without what the words that were typed find anyway.
    fn spellings(
        &mut self,
        set: &AliasSet,
        typed: &[OwnedToken],
        running_text: bool,
    ) -> Vec<(String, Vec<Slot>)> {
        let in_any_form = set.kind == AliasKind::Term;
        let form = |token: &OwnedToken| match in_any_form {
            true => token.stem.clone(),
            false => token.surface.clone(),
        };
        let typed: Vec<String> = typed.iter().map(form).collect();
        let mut found: Vec<(String, Vec<String>, String)> = Vec::new();
        for name in set.names().filter(|name| !(running_text && set.is_weak(name))) {
            for spelling in std::iter::once(name.to_owned()).chain(self.respelt(name, set.kind)) {
                let forms: Vec<String> = self.analyzer.forms(&spelling).iter().map(form).collect();
                let known = found.iter().any(|(_, known, _)| contains(&forms, known));
                if !forms.is_empty() && !contains(&forms, &typed) && !known {
                    found.retain(|(_, known, _)| !contains(known, &forms));
                    found.push((name.to_owned(), forms, spelling));
                }
            }
        }
        let mut spellings = Vec::with_capacity(found.len());
        for (name, _, spelling) in found {
            let slots = match in_any_form {
                true => self.stems(&spelling),
                false => self.surfaces(&spelling),
            };
            spellings.push((name, slots));
        }
        spellings
    }

    /// Other ways to write a name that cut it into other words: `APT 28` for `APT28` and the reverse, `FancyBear` for
    /// `Fancy Bear`.
    fn respelt(&mut self, name: &str, kind: AliasKind) -> Option<String> {
        if !matches!(kind, AliasKind::Actor | AliasKind::Malware) {
            return None;
        }
        match self.analyzer.forms(name).as_slice() {
            [one] => {
                let digits = one.surface.find(|c: char| c.is_ascii_digit())?;
                let (letters, number) = one.surface.split_at(digits);
                let numbered = number.bytes().all(|byte| byte.is_ascii_digit());
                (letters.chars().count() > 1 && numbered).then(|| format!("{letters} {number}"))
            }
            [one, two] => {
                let joined = format!("{}{}", one.surface, two.surface);
                // Shorter ones may read as something else.
                (joined.chars().count() > 4).then_some(joined)
            }
            _ => None,
        }
    }

    /// What to multiply the score of another name with. It is met in the stead of each word that was typed, and then counts
    /// for a little less than the word would: not more because it is longer or rarer, and not as much as a word that no
    /// report holds.
    fn weight(&self, typed: &[Slot], other: &[Slot]) -> f32 {
        let total = |slots: &[Slot]| slots.iter().map(|slot| self.rarity(slot)).sum::<f32>();
        let mean = |slots: &[Slot]| total(slots) / slots.len().max(1) as f32;
        ALIAS_WEIGHT * mean(typed).min(mean(other)) / total(other).max(f32::MIN_POSITIVE)
    }

    /// The weight that BM25 gives to a word.
    fn rarity(&self, slot: &Slot) -> f32 {
        let searcher = self.settings.searcher;
        let holders = slot.terms.iter().map(|term| {
            let term = Term::from_field_text(self.settings.fields.text, &term.term);
            searcher.doc_freq(&term).unwrap_or(0)
        });
        idf(holders.sum(), searcher.num_docs())
    }

    /// Whether each word stands in some report. A name that can't be found would only cost time.
    fn is_indexed(&self, field: Field, slots: &[Slot]) -> bool {
        let holds = |term: &str| {
            let term = Term::from_field_text(field, term);
            // An index that can't be read is for the search to complain about.
            self.settings.searcher.doc_freq(&term).map_or(true, |reports| reports > 0)
        };
        slots.iter().all(|slot| slot.terms.iter().any(|term| holds(&term.term)))
    }
}

/// Whether `part` stands in `whole`, word after word.
fn contains(whole: &[String], part: &[String]) -> bool {
    !part.is_empty() && whole.windows(part.len()).any(|window| window == part)
}
