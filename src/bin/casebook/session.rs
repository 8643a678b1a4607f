//! What every command starts from: where to look, how to print, what to say.
//!
//! In: the global options. Out: a [`Session`] that opens the casebook and hands out stdout.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use anyhow::bail;
use casebook::{Casebook, OpenOptions};

use crate::args::GlobalArgs;
use crate::corpus::{Access, Location};
use crate::messages::Messages;
use crate::print::Style;

/// The run of one command.
pub struct Session {
    args: GlobalArgs,
    /// The way to stderr.
    pub messages: Messages,
    /// How stdout looks.
    pub style: Style,
}

impl Session {
    /// A session as the global options want it.
    pub fn new(args: &GlobalArgs) -> Self {
        Self {
            args: args.clone(),
            messages: Messages::new(args),
            style: Style::of_stdout(args.color),
        }
    }

    /// The same session over another folder of reports.
    fn with_corpus(&self, root: &Path) -> Self {
        let args = GlobalArgs { corpus: Some(root.to_owned()), ..self.args.clone() };
        Self { args, messages: self.messages, style: self.style }
    }

    /// The session over the folder that a command names as its own argument, if it does.
    pub fn over(&self, dir: Option<&Path>) -> anyhow::Result<Option<Self>> {
        match dir {
            Some(_) if self.args.corpus.is_some() => {
                bail!("DIR and --corpus both name a folder; give one")
            }
            Some(dir) => Ok(Some(self.with_corpus(dir))),
            None => Ok(None),
        }
    }

    /// Opens the casebook.
    pub fn open(&self, access: Access) -> anyhow::Result<(Casebook, Location)> {
        let location = Location::find(&self.args, access)?;
        let options = OpenOptions { index: location.index.clone(), ..OpenOptions::default() };
        let casebook = Casebook::open_with(&location.root, &options)?;
        self.messages.detail(&format!("reports: {}", location.root.display()));
        self.messages.detail(&format!("index:   {}", location.index_path().display()));
        if let Some(reason) = &location.reason {
            self.messages.detail(&format!("         {reason}"));
        }
        Ok((casebook, location))
    }

    /// The command line that a follow-up starts with, so that it asks the same corpus.
    pub fn command(&self, name: &str) -> String {
        let mut command = format!("casebook {name}");
        for (option, path) in [("-C", &self.args.corpus), ("--index", &self.args.index)] {
            if let Some(path) = path {
                let path = path.to_string_lossy();
                command.push_str(&format!(" {option} {}", crate::print::shell_word(&path)));
            }
        }
        command
    }

    /// Writes to stdout, in one go.
    pub fn print(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        let mut out = BufWriter::new(io::stdout().lock());
        write(&mut out)?;
        out.flush()
    }
}
