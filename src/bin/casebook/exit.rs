//! The exit status: the one place that knows what the numbers mean.
//!
//! In: how a command went. Out: 0 found, 1 nothing found, 2 error; and the error's text on stderr.

use std::io;
use std::process::ExitCode;

use crate::messages::Messages;

/// How a command went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It did what was asked; a search found reports.
    Done,
    /// It worked, and there is no answer.
    Nothing,
    /// It worked, but an input could not be read, or the question was not clear.
    Incomplete,
}

impl Outcome {
    /// The outcome of looking for something.
    pub fn found(found: bool) -> Self {
        if found { Outcome::Done } else { Outcome::Nothing }
    }

    /// The same where inputs could not be read: the answer may lack reports.
    pub fn unless_incomplete(self, incomplete: bool) -> Self {
        if incomplete { Outcome::Incomplete } else { self }
    }

    fn status(self) -> u8 {
        match self {
            Outcome::Done => 0,
            Outcome::Nothing => 1,
            Outcome::Incomplete => 2,
        }
    }
}

/// Reports an error, if there is one, and gives the exit status.
pub fn code(outcome: anyhow::Result<Outcome>, messages: &Messages) -> ExitCode {
    match outcome {
        Ok(outcome) => ExitCode::from(outcome.status()),
        // `casebook search … | head`: whoever read the output has seen enough.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            describe(&error, messages);
            ExitCode::from(2)
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}

fn describe(error: &anyhow::Error, messages: &Messages) {
    let Some(ours) = error.downcast_ref::<casebook::Error>() else {
        return messages.error(&format!("{error:#}"));
    };
    match ours.diagnostic() {
        Some(diagnostic) => {
            messages.error("the query can't be understood");
            messages.block(&diagnostic.render());
        }
        // Display of the library's error names its cause; the chain would say it twice.
        None => {
            messages.error(&ours.to_string());
            if let Some(help) = ours.help() {
                messages.help(help);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    #[test]
    fn the_numbers_are_those_of_grep() {
        assert_eq!(Outcome::found(true).status(), 0);
        assert_eq!(Outcome::found(false).status(), 1);
        assert_eq!(Outcome::found(true).unless_incomplete(true).status(), 2);
        assert_eq!(Outcome::found(false).unless_incomplete(false).status(), 1);
    }

    #[test]
    fn a_broken_pipe_is_known_under_any_context() {
        let broken = || io::Error::from(io::ErrorKind::BrokenPipe);
        assert!(is_broken_pipe(&broken().into()));
        assert!(is_broken_pipe(&Err::<(), _>(broken()).context("printing").unwrap_err()));
        assert!(!is_broken_pipe(&io::Error::from(io::ErrorKind::NotFound).into()));
    }
}
