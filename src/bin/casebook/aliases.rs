//! `casebook aliases`: read the files of aliases, look names up, print the sets.

use std::path::Path;

use casebook::{AliasSet, Aliases, AmbiguousName};

use crate::args::AliasesArgs;
use crate::corpus::Access;
use crate::exit::Outcome;
use crate::print::aliases;
use crate::session::Session;

/// The file of aliases that a folder of reports may hold.
const FILE_NAME: &str = "aliases.toml";

/// Runs the command.
pub fn run(args: &AliasesArgs, session: &Session) -> anyhow::Result<Outcome> {
    let (_, location) = session.open(Access::Read)?;
    let known = load(&location.root, args.aliases.as_deref())?;
    let name = args.name.join(" ");
    let (sets, ambiguous): (Vec<&AliasSet>, Vec<&AmbiguousName>) = if name.is_empty() {
        (known.sets().iter().collect(), known.ambiguous().iter().collect())
    } else {
        (Vec::from_iter(known.find(&name)), Vec::from_iter(known.ambiguity(&name)))
    };
    let found = !sets.is_empty() || !ambiguous.is_empty();
    if !found && !args.json {
        not_found(&known, &name, session);
        return Ok(Outcome::Nothing);
    }
    session.print(|out| match args.json {
        true => aliases::json(&sets, &ambiguous, out),
        false => aliases::text(&sets, &ambiguous, session.style, out),
    })?;
    Ok(Outcome::found(found))
}

/// What comes with casebook, then what stands beside the reports, then the file that is named.
pub fn load(root: &Path, file: Option<&Path>) -> casebook::Result<Aliases> {
    let mut known = Aliases::default();
    let beside = root.join(FILE_NAME);
    if beside.is_file() {
        known = known.extended(&Aliases::load(&beside)?);
    }
    match file {
        Some(file) => Ok(known.extended(&Aliases::load(file)?)),
        None => Ok(known),
    }
}

/// Names that hold what was asked for are often what was meant.
fn not_found(known: &Aliases, name: &str, session: &Session) {
    const MOST: usize = 10;
    let messages = &session.messages;
    messages.info(&format!("no set of aliases has the name {name:?}"));
    let part = casebook::fold(name);
    let holds = |set: &&AliasSet| set.names().any(|known| casebook::fold(known).contains(&part));
    let near: Vec<&str> =
        known.sets().iter().filter(holds).map(|set| set.name.as_str()).take(MOST).collect();
    let ambiguous = known.ambiguous().iter();
    let ambiguous = ambiguous.filter(|one| casebook::fold(&one.name).contains(&part));
    let names: Vec<&str> =
        near.into_iter().chain(ambiguous.map(|AmbiguousName { name, .. }| name.as_str())).collect();
    if !names.is_empty() && !part.is_empty() {
        messages.help(&format!("sets with such a name: {}", names.join(", ")));
    }
}
