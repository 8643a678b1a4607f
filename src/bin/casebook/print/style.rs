//! How output looks: colour, marks and width.
//!
//! In: what the user asked for, the environment, and whether the stream is a terminal. Out: a [`Style`], which
//! every printer obeys without asking where it prints.

use std::io::{self, IsTerminal};

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum ColorChoice {
    /// On terminals, unless NO_COLOR is set or TERM is dumb.
    #[default]
    Auto,
    /// Also into pipes and files.
    Always,
    /// Not at all.
    Never,
}

/// What a piece of text is, from which its look follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Role {
    #[default]
    Plain,
    /// Names: the victim, a heading.
    Strong,
    /// What matched.
    Match,
    /// What is there for reference: paths, counts.
    Dim,
    /// What qualifies an answer: missing words, uncertain dates.
    Caution,
}

/// The look of one output stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Use escape sequences.
    pub color: bool,
    /// Put `**` around what matched.
    pub marks: bool,
    /// Columns to fill; `None` for lines as long as they come.
    pub width: Option<usize>,
}

impl Style {
    /// No colour, no marks, no wrapping: for pipes and files.
    #[cfg(test)]
    pub const PLAIN: Style = Style { color: false, marks: false, width: None };

    /// The style for stdout.
    pub fn of_stdout(choice: ColorChoice) -> Self {
        let columns = terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| width.0);
        Self::new(choice, io::stdout().is_terminal(), columns, environment)
    }

    /// The style for stderr.
    pub fn of_stderr(choice: ColorChoice) -> Self {
        let columns = terminal_size::terminal_size_of(io::stderr()).map(|(width, _)| width.0);
        Self::new(choice, io::stderr().is_terminal(), columns, environment)
    }

    /// Lines are wrapped for terminals only: a pipe wants one passage a line. On wide terminals they stop at
    /// 100 columns, past which text is hard to read; very narrow ones get 20, and wrap by themselves.
    fn new(
        choice: ColorChoice,
        terminal: bool,
        columns: Option<u16>,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Self {
        // https://no-color.org and https://bixense.com/clicolors: set means set to something.
        let forbidden = variable("NO_COLOR").is_some();
        let forced = variable("CLICOLOR_FORCE").is_some_and(|value| value != "0");
        let dumb = variable("TERM").is_some_and(|value| value == "dumb");
        let color = match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => !forbidden && (forced || terminal && !dumb),
        };
        let width = terminal.then(|| usize::from(columns.unwrap_or(80)).clamp(20, 100));
        Self { color, marks: terminal && !color, width }
    }

    /// The escape sequence that starts a role, empty where there is none.
    pub fn start(self, role: Role) -> &'static str {
        match role {
            _ if !self.color => "",
            Role::Plain => "",
            Role::Strong => "\x1b[1m",
            Role::Match => "\x1b[1;31m",
            Role::Dim => "\x1b[2m",
            Role::Caution => "\x1b[33m",
        }
    }

    /// The escape sequence that ends a role.
    pub fn end(self, role: Role) -> &'static str {
        if self.start(role).is_empty() { "" } else { "\x1b[0m" }
    }
}

fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_follows_choice_then_environment_then_terminal() {
        use ColorChoice::{Always, Auto, Never};
        for (choice, terminal, variables, color, marks) in [
            (Auto, true, &[][..], true, false),
            (Auto, false, &[], false, false),
            (Auto, true, &[("NO_COLOR", "1")], false, true),
            (Auto, true, &[("TERM", "dumb")], false, true),
            (Auto, false, &[("CLICOLOR_FORCE", "1")], true, false),
            (Auto, false, &[("CLICOLOR_FORCE", "0")], false, false),
            (Auto, false, &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false, false),
            (Always, false, &[("NO_COLOR", "1")], true, false),
            (Never, true, &[("CLICOLOR_FORCE", "1")], false, true),
        ] {
            let variable = |name: &str| {
                variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).into())
            };
            let style = Style::new(choice, terminal, None, variable);
            assert_eq!((style.color, style.marks), (color, marks), "{choice:?} {variables:?}");
        }
    }

    #[test]
    fn width_is_for_terminals_and_bounded() {
        let width =
            |terminal, columns| Style::new(ColorChoice::Auto, terminal, columns, |_| None).width;
        assert_eq!(width(true, Some(80)), Some(80));
        assert_eq!(width(true, Some(240)), Some(100));
        assert_eq!(width(true, Some(3)), Some(20));
        assert_eq!(width(true, None), Some(80));
        assert_eq!(width(false, Some(80)), None);
    }
}
