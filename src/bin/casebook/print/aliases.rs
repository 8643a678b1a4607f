//! Sets of aliases.
//!
//! In: sets and ambiguous names. Out: for people, a paragraph each; or one JSON document.

use std::io::{self, Write};

use casebook::{AliasKind, AliasSet, AmbiguousName};
use serde::Serialize;

use super::json::{Versioned, document};
use super::layout::{Flow, Page};
use super::style::{Role, Style};

/// Where what belongs to a name starts.
const INDENT: usize = 4;

/// Prints them for people.
pub fn text(
    sets: &[&AliasSet],
    ambiguous: &[&AmbiguousName],
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut page = Page::new(out, style);
    let mut first = true;
    for set in sets {
        if !std::mem::take(&mut first) {
            page.blank()?;
        }
        let heading = Flow::of(Role::Strong, &set.name)
            .with(Role::Plain, &format!(" · {}", kind_name(set.kind)));
        page.paragraph(0, 0, &heading)?;
        if !set.also.is_empty() {
            page.paragraph(INDENT, INDENT, &Flow::of(Role::Plain, &set.also.join(", ")))?;
        }
        if !set.weak.is_empty() {
            let text = format!("ordinary words too: {}", set.weak.join(", "));
            page.paragraph(INDENT, INDENT, &Flow::of(Role::Caution, &text))?;
        }
        sources(&mut page, &set.sources)?;
    }
    for name in ambiguous {
        if !std::mem::take(&mut first) {
            page.blank()?;
        }
        let heading = Flow::of(Role::Strong, &name.name).with(Role::Caution, " · ambiguous");
        page.paragraph(0, 0, &heading)?;
        for meaning in &name.means {
            page.paragraph(INDENT, INDENT + 2, &Flow::of(Role::Plain, meaning))?;
        }
        sources(&mut page, &name.sources)?;
    }
    Ok(())
}

fn sources(page: &mut Page<'_>, sources: &[String]) -> io::Result<()> {
    sources.iter().try_for_each(|source| page.unbroken(INDENT, &Flow::of(Role::Dim, source)))
}

fn kind_name(kind: AliasKind) -> &'static str {
    match kind {
        AliasKind::Actor => "threat actor",
        kind => kind.name(),
    }
}

/// Prints them as JSON.
pub fn json(
    sets: &[&AliasSet],
    ambiguous: &[&AmbiguousName],
    out: &mut dyn Write,
) -> io::Result<()> {
    let set = |set: &&AliasSet| SetView {
        name: set.name.clone(),
        kind: set.kind.name(),
        also: set.also.clone(),
        weak: set.weak.clone(),
        sources: set.sources.clone(),
    };
    let name = |name: &&AmbiguousName| AmbiguousView {
        name: name.name.clone(),
        means: name.means.clone(),
        sources: name.sources.clone(),
    };
    let view = AliasesView {
        sets: sets.iter().map(set).collect(),
        ambiguous: ambiguous.iter().map(name).collect(),
    };
    document(out, &Versioned::of(view))
}

#[derive(Serialize)]
struct AliasesView {
    sets: Vec<SetView>,
    ambiguous: Vec<AmbiguousView>,
}

#[derive(Serialize)]
struct SetView {
    name: String,
    kind: &'static str,
    also: Vec<String>,
    weak: Vec<String>,
    sources: Vec<String>,
}

#[derive(Serialize)]
struct AmbiguousView {
    name: String,
    means: Vec<String>,
    sources: Vec<String>,
}
