//! What is said on stderr, beside the answer.
//!
//! In: sentences, some with foreign text in them. Out: escaped lines, as many as `--quiet` and `--verbose` allow.
//! A stderr that is closed is no reason to fail.

use std::io::{IsTerminal, Write};

use crate::args::GlobalArgs;
use crate::print::{Role, Style, escape};

/// The way to stderr.
#[derive(Debug, Clone, Copy)]
pub struct Messages {
    style: Style,
    quiet: bool,
    verbose: bool,
    terminal: bool,
}

impl Messages {
    /// Messages as the user wants them.
    pub fn new(args: &GlobalArgs) -> Self {
        Self {
            style: Style::of_stderr(args.color),
            quiet: args.quiet,
            verbose: args.verbose,
            terminal: std::io::stderr().is_terminal(),
        }
    }

    /// Whether details are wanted.
    pub fn verbose(&self) -> bool {
        self.verbose
    }

    /// Whether a progress bar would be seen and is wanted.
    pub fn progress(&self) -> bool {
        self.terminal && !self.quiet
    }

    /// What went wrong. Always said.
    pub fn error(&self, text: &str) {
        self.say(Role::Match, "error: ", text);
    }

    /// The way out of an error. Always said.
    pub fn help(&self, text: &str) {
        self.say(Role::Strong, "help: ", text);
    }

    /// Lines that belong to an error and must keep their columns. Always said.
    pub fn block(&self, text: &str) {
        for line in text.lines() {
            self.say(Role::Plain, "  ", line);
        }
    }

    /// What makes the answer less than it could be.
    pub fn warning(&self, text: &str) {
        if !self.quiet {
            self.say(Role::Caution, "warning: ", text);
        }
    }

    /// What is good to know about the answer.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            self.say(Role::Strong, "note: ", text);
        }
    }

    /// What was done.
    pub fn info(&self, text: &str) {
        if !self.quiet {
            self.say(Role::Plain, "", text);
        }
    }

    /// What only some want to know.
    pub fn detail(&self, text: &str) {
        if self.verbose && !self.quiet {
            self.say(Role::Plain, "", text);
        }
    }

    fn say(&self, role: Role, label: &str, text: &str) {
        let (start, end) = (self.style.start(role), self.style.end(role));
        let text = escape::line(text);
        let _ = writeln!(std::io::stderr(), "{start}{label}{end}{text}");
    }
}
