//! Names that mean the same: threat actors, malware, well-known terms, organisations.
//!
//! In: files of sets, those that come with casebook and those of the user. Out: [`Aliases`], which the planner asks what
//! else a word or a run of words of a query is called, and which the program lists. A name that belongs to several
//! things is no alias of any: it is kept as ambiguous, with what it may mean.
//!
//! `parse` reads one file, `table` joins files and finds names.

mod parse;
mod table;
#[cfg(test)]
mod tests;

use std::fmt;
use std::fs;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use self::parse::{Layer, parse};
use self::table::Table;
use crate::analysis::{Analyzer, Language, OwnedToken};
use crate::error::{Error, ErrorKind, Result};

pub(crate) use self::table::Known;

/// The files that come with casebook.
const BUILT_IN: [(&str, &str); 5] = [
    ("actors.toml", include_str!("data/actors.toml")),
    ("malware.toml", include_str!("data/malware.toml")),
    ("terms.toml", include_str!("data/terms.toml")),
    ("organisations.toml", include_str!("data/organisations.toml")),
    ("ambiguous.toml", include_str!("data/ambiguous.toml")),
];

/// Which names mean the same, for searches.
///
/// Cheap to clone. [`Default`] is what comes with casebook; docs/aliases.md describes the files.
///
/// ```
/// use casebook::Aliases;
///
/// let aliases = Aliases::default();
/// let set = aliases.find("fancy bear").unwrap();
/// assert_eq!(set.name, "APT28");
/// assert!(set.also.iter().any(|name| name == "Forest Blizzard"));
/// assert_eq!(set.sources[0], "https://attack.mitre.org/groups/G0007/");
///
/// // Some reports call APT41 so, some another group: no guess is made.
/// assert!(aliases.find("Winnti").is_none());
/// assert_eq!(aliases.ambiguity("Winnti").unwrap().means[0], "Winnti Group, the actor");
/// ```
#[derive(Clone, PartialEq)]
pub struct Aliases {
    table: Arc<Table>,
}

/// Several names of one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AliasSet {
    /// What it is listed under.
    pub name: String,
    /// What it is.
    pub kind: AliasKind,
    /// Its other names.
    pub also: Vec<String>,
    /// Of all names, those that are ordinary words too: nothing is widened to them in running text, and they are
    /// widened only where they are typed as acronyms are.
    pub weak: Vec<String>,
    /// Where it stands that these names mean the same.
    pub sources: Vec<String>,
}

/// What a set names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AliasKind {
    /// A threat actor.
    Actor,
    /// Malware, a tool, a ransomware operation.
    Malware,
    /// A term of the trade. It is found in any form, as other words are.
    Term,
    /// An organisation.
    Organisation,
}

/// A name that means several things, none of which a search may take for granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AmbiguousName {
    /// The name.
    pub name: String,
    /// What it may mean.
    pub means: Vec<String>,
    /// Where that stands.
    pub sources: Vec<String>,
}

impl Aliases {
    /// No name has another.
    pub fn none() -> Self {
        Self { table: Arc::default() }
    }

    /// Reads a file of sets, as docs/aliases.md describes it: these sets alone.
    ///
    /// ```
    /// use casebook::Aliases;
    ///
    /// let own = Aliases::parse(
    ///     r#"
    ///     [[set]]
    ///     name = "APT28"
    ///     kind = "actor"
    ///     also = ["BLUE-7"]
    ///     source = "our own naming, case 2024-17"
    ///     "#,
    /// )?;
    /// let aliases = Aliases::default().extended(&own);
    /// assert_eq!(aliases.find("blue-7"), aliases.find("Fancy Bear"));
    ///
    /// let error = Aliases::parse("[[set]]\nname = \"APT28\"\nkind = \"actor\"").unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "cannot use the aliases: line 1: the set “APT28” has no `source`: say where it stands \
    ///      that these names mean the same",
    /// );
    /// # Ok::<(), casebook::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Where the text is no such file: with the line, and what is wrong there.
    pub fn parse(text: &str) -> Result<Self> {
        let layer = parse(text).map_err(|fault| {
            Error::new(ErrorKind::Input, format!("cannot use the aliases: {fault}")).with_help(HELP)
        })?;
        let mut table = Table::default();
        table.add(layer);
        Ok(Self { table: Arc::new(table) })
    }

    /// Reads a file of sets from disk.
    ///
    /// # Errors
    ///
    /// Where it can't be read, and as [`parse`](Self::parse).
    pub fn load(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path)
            .map_err(|e| Error::io("cannot read the aliases in", path, e).with_help(HELP))?;
        let layer = parse(&text).map_err(|fault| {
            Error::new(ErrorKind::Input, "cannot use the aliases in")
                .with_path(path)
                .with_help(HELP)
                .with_source(fault)
        })?;
        let mut table = Table::default();
        table.add(layer);
        Ok(Self { table: Arc::new(table) })
    }

    /// These aliases with those of another file on top: what it says of a name overrules what is said here.
    #[must_use]
    pub fn extended(&self, with: &Aliases) -> Self {
        let mut table = Table::clone(&self.table);
        table.add(with.table.layer());
        Self { table: Arc::new(table) }
    }

    /// Every set, in the order of the files.
    pub fn sets(&self) -> &[AliasSet] {
        &self.table.sets
    }

    /// Every name that means several things.
    pub fn ambiguous(&self) -> &[AmbiguousName] {
        &self.table.ambiguous
    }

    /// The set that a name belongs to, whatever its case and hyphens. `None` for one that is ambiguous.
    pub fn find(&self, name: &str) -> Option<&AliasSet> {
        match self.known(&words(name))? {
            Known::Name { set, .. } => Some(set),
            Known::Ambiguous(_) => None,
        }
    }

    /// What a name may mean that means several things.
    pub fn ambiguity(&self, name: &str) -> Option<&AmbiguousName> {
        match self.known(&words(name))? {
            Known::Name { .. } => None,
            Known::Ambiguous(ambiguous) => Some(ambiguous),
        }
    }

    /// What is known of words: as they are, or, of terms of the trade, in any form.
    pub(crate) fn known(&self, words: &[OwnedToken]) -> Option<Known<'_>> {
        let surfaces: String = words.iter().map(|word| word.surface.as_str()).collect();
        self.table.lookup(&surfaces).or_else(|| {
            let stems: String = words.iter().map(|word| word.stem.as_str()).collect();
            let is_term =
                |known: &Known<'_>| matches!(known, Known::Name { set, .. } if set.kind == AliasKind::Term);
            self.table.lookup(&stems).filter(is_term)
        })
    }

    /// No name has more words than this.
    pub(crate) fn most_words(&self) -> usize {
        self.table.most_words
    }
}

impl Default for Aliases {
    fn default() -> Self {
        static BUILT: LazyLock<Aliases> = LazyLock::new(|| {
            let mut all = Layer::default();
            // The files are tested to be read; one that is not would be left out, not a reason to stop.
            for layer in BUILT_IN.iter().filter_map(|(_, text)| parse(text).ok()) {
                all.sets.extend(layer.sets);
                all.ambiguous.extend(layer.ambiguous);
            }
            let mut table = Table::default();
            table.add(all);
            Aliases { table: Arc::new(table) }
        });
        BUILT.clone()
    }
}

impl fmt::Debug for Aliases {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sets, ambiguous) = (self.sets().len(), self.ambiguous().len());
        f.debug_struct("Aliases").field("sets", &sets).field("ambiguous", &ambiguous).finish()
    }
}

impl AliasSet {
    /// Every name, first the one that the set is listed under.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name.as_str()).chain(self.also.iter().map(String::as_str))
    }

    /// Whether a name of the set is an ordinary word too.
    pub fn is_weak(&self, name: &str) -> bool {
        self.weak.iter().any(|weak| weak == name)
    }

    /// The first source, as short as it can be told: `MITRE ATT&CK G0007`, `cisa.gov`.
    ///
    /// ```
    /// let aliases = casebook::Aliases::default();
    /// assert_eq!(aliases.find("Sofacy").unwrap().source(), "MITRE ATT&CK G0007");
    /// ```
    pub fn source(&self) -> String {
        self.sources.first().map(|source| short(source)).unwrap_or_default()
    }
}

impl AliasKind {
    /// Every kind.
    pub const ALL: [AliasKind; 4] =
        [AliasKind::Actor, AliasKind::Malware, AliasKind::Term, AliasKind::Organisation];

    /// As files write it.
    pub fn name(self) -> &'static str {
        match self {
            AliasKind::Actor => "actor",
            AliasKind::Malware => "malware",
            AliasKind::Term => "term",
            AliasKind::Organisation => "organisation",
        }
    }
}

const HELP: &str = "docs/aliases.md describes the format";

fn words(name: &str) -> Vec<OwnedToken> {
    Analyzer::new(Language::English).forms(name)
}

fn short(source: &str) -> String {
    let Some(address) = source.strip_prefix("https://").or_else(|| source.strip_prefix("http://"))
    else {
        return source.to_owned();
    };
    let (host, path) = address.split_once('/').unwrap_or((address, ""));
    let host = host.strip_prefix("www.").unwrap_or(host);
    let mut parts = path.split('/').skip(1).filter(|part| !part.is_empty());
    match (host, parts.next()) {
        ("attack.mitre.org", Some(id)) => match parts.next() {
            Some(part) => format!("MITRE ATT&CK {id}.{part}"),
            None => format!("MITRE ATT&CK {id}"),
        },
        _ => host.to_owned(),
    }
}
