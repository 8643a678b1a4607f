//! The `casebook` program: reads the arguments, runs one command, maps its outcome to an exit status.
//!
//! Each command is one file whose `run` reads as the flow of its work. What they share: [`session`] (the opened
//! corpus and the two streams), [`sync`] (index what changed, and say so) and [`print`] (everything on stdout).

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

mod aliases;
mod args;
mod corpus;
mod eval;
mod exit;
mod freshness;
mod index;
mod indicators;
mod messages;
mod print;
mod query_words;
mod search;
mod session;
mod show;
#[cfg(unix)]
mod signals;
mod status;
mod sync;
mod watch;

use args::{Cli, Command};

fn main() -> ExitCode {
    #[cfg(unix)]
    signals::prepare();
    let args = query_words::separate(Cli::command(), std::env::args_os());
    let cli = Cli::parse_from(args);
    let session = session::Session::new(&cli.global);
    let outcome = match &cli.command {
        Command::Search(args) => search::run(args, &session),
        Command::Show(args) => show::run(args, &session),
        Command::Index(args) => index::run(args, &session),
        Command::Watch(args) => watch::run(args, &session),
        Command::Status(args) => status::run(args, &session),
        Command::Indicators(args) => indicators::run(args, &session),
        Command::Eval(args) => eval::run(args, &session),
        Command::Aliases(args) => aliases::run(args, &session),
    };
    exit::code(outcome, &session.messages)
}
