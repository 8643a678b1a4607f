//! The text of a file of aliases.
//!
//! In: TOML. Out: a [`Layer`], or a [`SettingsFault`] that says for each thing that is wrong in which line it stands. Nothing is
//! passed over: a slip here would widen the wrong queries.

use std::collections::HashMap;
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use super::table::joined_by;
use super::{AliasKind, AliasSet, AmbiguousName};
use crate::analysis::{Analyzer, Language};
use crate::error::{SettingsFault, SettingsFaults};

/// What one file says.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Layer {
    pub sets: Vec<AliasSet>,
    pub ambiguous: Vec<AmbiguousName>,
    /// Names to forget.
    pub remove: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    set: Vec<Spanned<Set>>,
    #[serde(default)]
    ambiguous: Vec<Spanned<Ambiguous>>,
    #[serde(default)]
    remove: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Set {
    name: Spanned<String>,
    kind: Option<Spanned<String>>,
    #[serde(default)]
    also: Vec<Spanned<String>>,
    #[serde(default)]
    weak: Vec<Spanned<String>>,
    source: Option<Sources>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ambiguous {
    name: Spanned<String>,
    means: Vec<String>,
    source: Option<Sources>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Sources {
    One(String),
    Several(Vec<String>),
}

/// Reads the text of a file of aliases.
pub(super) fn parse(text: &str) -> Result<Layer, SettingsFault> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader {
        faults: SettingsFaults::new(text),
        owners: HashMap::new(),
        analyzer: Analyzer::new(Language::English),
    };
    let layer = match toml::from_str::<File>(text) {
        Ok(file) => reader.layer(file),
        Err(error) => {
            // The parser's own words, without its drawing of the line.
            reader.fault(error.span().unwrap_or(0..0), error.message().trim().to_owned());
            Layer::default()
        }
    };
    reader.faults.finish()?;
    Ok(layer)
}

struct Reader<'t> {
    faults: SettingsFaults<'t>,
    /// Who has a name, by its words put together.
    owners: HashMap<String, String>,
    analyzer: Analyzer,
}

impl Reader<'_> {
    fn fault(&mut self, span: Range<usize>, message: String) {
        self.faults.add(span, message);
    }

    fn layer(&mut self, file: File) -> Layer {
        let mut layer = Layer::default();
        for set in file.set {
            layer.sets.extend(self.set(set));
        }
        for ambiguous in file.ambiguous {
            layer.ambiguous.extend(self.ambiguous(ambiguous));
        }
        for name in file.remove {
            if joined_by(&mut self.analyzer, name.get_ref()).is_empty() {
                self.fault(name.span(), no_word(name.get_ref()));
            }
            layer.remove.push(name.into_inner());
        }
        layer
    }

    fn set(&mut self, set: Spanned<Set>) -> Option<AliasSet> {
        let span = set.span();
        let Set { name, kind, also, weak, source } = set.into_inner();
        let listed = name.get_ref().clone();
        let names: Vec<&Spanned<String>> = std::iter::once(&name).chain(&also).collect();
        for one in &names {
            self.claim(one, &format!("the set “{listed}”"));
        }
        for one in &weak {
            if !names.iter().any(|name| name.get_ref() == one.get_ref()) {
                let message = format!(
                    "“{}” is weak, but no name of the set “{listed}”: write it in `also` too",
                    one.get_ref()
                );
                self.fault(one.span(), message);
            }
        }
        let sources = self.sources(source, &span, &format!("the set “{listed}”"));
        let kind = self.kind(kind, &span, &listed)?;
        Some(AliasSet {
            name: listed,
            kind,
            also: also.into_iter().map(Spanned::into_inner).collect(),
            weak: weak.into_iter().map(Spanned::into_inner).collect(),
            sources,
        })
    }

    fn ambiguous(&mut self, ambiguous: Spanned<Ambiguous>) -> Option<AmbiguousName> {
        let span = ambiguous.span();
        let Ambiguous { name, means, source } = ambiguous.into_inner();
        let what = format!("the ambiguous name “{}”", name.get_ref());
        self.claim(&name, &what);
        if means.len() < 2 {
            let message = format!("{what} has to mean at least two things, listed in `means`");
            self.fault(span.clone(), message);
        }
        let sources = self.sources(source, &span, &what);
        Some(AmbiguousName { name: name.into_inner(), means, sources })
    }

    /// Notes whose name it is. No name has two owners in one file.
    fn claim(&mut self, name: &Spanned<String>, owner: &str) {
        let key = joined_by(&mut self.analyzer, name.get_ref());
        if key.is_empty() {
            return self.fault(name.span(), no_word(name.get_ref()));
        }
        match self.owners.insert(key, owner.to_owned()) {
            Some(other) if other != owner => {
                let message = format!(
                    "“{}” stands in {other} and in {owner}: write it under [[ambiguous]]",
                    name.get_ref()
                );
                self.fault(name.span(), message);
            }
            _ => {}
        }
    }

    fn sources(
        &mut self,
        written: Option<Sources>,
        span: &Range<usize>,
        what: &str,
    ) -> Vec<String> {
        let sources = match written {
            Some(Sources::One(source)) => vec![source],
            Some(Sources::Several(sources)) => sources,
            None => Vec::new(),
        };
        if sources.iter().all(|source| source.trim().is_empty()) {
            let message = format!(
                "{what} has no `source`: say where it stands that these names mean the same"
            );
            self.fault(span.clone(), message);
        }
        sources
    }

    fn kind(
        &mut self,
        written: Option<Spanned<String>>,
        span: &Range<usize>,
        set: &str,
    ) -> Option<AliasKind> {
        let all = AliasKind::ALL.map(|kind| format!("\"{}\"", kind.name())).join(", ");
        let Some(written) = written else {
            self.fault(span.clone(), format!("the set “{set}” has no `kind`: one of {all}"));
            return None;
        };
        let kind = AliasKind::ALL.into_iter().find(|kind| kind.name() == written.get_ref());
        if kind.is_none() {
            let message =
                format!("there is no kind \"{}\"; the kinds are {all}", written.get_ref());
            self.fault(written.span(), message);
        }
        kind
    }
}

fn no_word(name: &str) -> String {
    format!("“{name}” has no letters or digits to search for")
}
