//! Tells options from query text, so that `casebook search website -ransomware --json` needs no `--`.
//!
//! In: the arguments as the shell gives them, and clap's own declarations. Out: the same arguments in an order
//! that clap can't misread: options first, then `--`, then the words of the query. Decides nothing else: what is
//! an option comes from the declarations, and what is wrong with one is for clap to say.
//!
//! For a command that takes a query, an argument is
//! - an option, if it starts with two dashes (an unknown one too: a mistyped `--jsno` must not be searched for),
//! - an option, if it is one dash and one letter that is declared (`-n`, `-q`),
//! - an option with its value, in forms that no word has: `-n5`, `-n=5`, `-C=dir`, `-C/dir`, `-C./dir`,
//! - query text otherwise: `-ransomware`, `-vishing`, `-C2`, a lone `-`, and everything after `--`.

use std::ffi::{OsStr, OsString};

use clap::{Arg, Command, ValueHint};

/// The id of the positional argument that makes a command one that takes a query.
pub const QUERY: &str = "query";

/// Puts the arguments of a command that takes a query in order; others pass unchanged.
pub fn separate(mut cli: Command, args: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    // Building hands the global options down to each command, where they are looked up below.
    cli.build();
    let mut args = args.into_iter();
    let mut separated: Vec<OsString> = args.next().into_iter().collect();
    while let Some(arg) = args.next() {
        let kind = kind(&cli, &arg);
        separated.push(arg);
        match kind {
            Kind::Option => {}
            Kind::OptionBeforeValue => separated.extend(args.next()),
            Kind::Text => {
                let command = separated.last().and_then(|name| cli.find_subcommand(name));
                match command.filter(|command| takes_query(command)) {
                    Some(command) => separate_query(command, args, &mut separated),
                    None => separated.extend(args),
                }
                break;
            }
        }
    }
    separated
}

fn takes_query(command: &Command) -> bool {
    command.get_positionals().any(|arg| arg.get_id() == QUERY)
}

fn separate_query(
    command: &Command,
    args: impl Iterator<Item = OsString>,
    separated: &mut Vec<OsString>,
) {
    let mut args = args.peekable();
    let mut words = Vec::new();
    while let Some(arg) = args.next() {
        if arg == "--" {
            words.extend(args);
            break;
        }
        match kind(command, &arg) {
            Kind::Text => words.push(arg),
            Kind::Option => separated.push(arg),
            Kind::OptionBeforeValue => {
                separated.push(arg);
                // `--limit --json` lacks its value; clap says so better than a folder named `--json` would.
                separated.extend(args.next_if(|value| !starts_with_dash(value)));
            }
        }
    }
    if !words.is_empty() {
        separated.push("--".into());
        separated.append(&mut words);
    }
}

enum Kind {
    Option,
    /// Its value is the next argument.
    OptionBeforeValue,
    Text,
}

fn kind(command: &Command, arg: &OsStr) -> Kind {
    let Some(text) = arg.to_str() else {
        let long = arg.as_encoded_bytes().starts_with(b"--");
        return if long { Kind::Option } else { Kind::Text };
    };
    if let Some(long) = text.strip_prefix("--") {
        let option = command.get_arguments().find(|arg| arg.get_long() == Some(long));
        return match option {
            Some(option) if takes_value(option) => Kind::OptionBeforeValue,
            _ => Kind::Option,
        };
    }
    let Some((letter, attached)) = text.strip_prefix('-').and_then(split_first) else {
        return Kind::Text;
    };
    match command.get_arguments().find(|arg| arg.get_short() == Some(letter)) {
        Some(option) if attached.is_empty() && takes_value(option) => Kind::OptionBeforeValue,
        Some(_) if attached.is_empty() => Kind::Option,
        Some(option) if takes_value(option) && is_value_not_word(option, attached) => Kind::Option,
        _ => Kind::Text,
    }
}

/// Whether what stands right after a short option can only be its value.
fn is_value_not_word(option: &Arg, attached: &str) -> bool {
    match option.get_value_hint() {
        ValueHint::DirPath => attached.starts_with(['=', '/', '.', '~']),
        _ => attached.starts_with('=') || attached.bytes().all(|byte| byte.is_ascii_digit()),
    }
}

fn takes_value(option: &Arg) -> bool {
    option.get_action().takes_values()
}

fn starts_with_dash(value: &OsStr) -> bool {
    value.len() > 1 && value.as_encoded_bytes().starts_with(b"-")
}

fn split_first(text: &str) -> Option<(char, &str)> {
    let first = text.chars().next()?;
    Some((first, &text[first.len_utf8()..]))
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::*;
    use crate::args::{self, Cli};

    fn separated(line: &str) -> String {
        let args = std::iter::once("casebook").chain(line.split(' ')).map(OsString::from);
        let separated = separate(Cli::command(), args);
        let words: Vec<_> = separated[1..].iter().map(|arg| arg.to_str().unwrap()).collect();
        words.join(" ")
    }

    #[test]
    fn options_go_first_and_the_rest_is_the_query() {
        for (typed, expected) in [
            ("search website defaced", "search -- website defaced"),
            ("search", "search"),
            ("search --json", "search --json"),
            (
                "search website -ransomware --json --limit 3",
                "search --json --limit 3 -- website -ransomware",
            ),
            ("search --limit 3 -ransomware website", "search --limit 3 -- -ransomware website"),
            ("search -n 3 -q a", "search -n 3 -q -- a"),
            ("search -n3 a", "search -n3 -- a"),
            ("search -n=3 a", "search -n=3 -- a"),
            ("search -C corpus a", "search -C corpus -- a"),
            ("search -C/corpus a -C=b -C../c", "search -C/corpus -C=b -C../c -- a"),
            // Each starts with a letter that is an option alone.
            ("search -vishing -hive -conti -qakbot", "search -- -vishing -hive -conti -qakbot"),
            ("search c2 -C2 -n-day -CVE-2023-34362", "search -- c2 -C2 -n-day -CVE-2023-34362"),
            ("search -é - --", "search -- -é -"),
            ("search a -- --json -q", "search -- a --json -q"),
            ("search --jsno a", "search --jsno -- a"),
            ("search --limit=3 a --limit --json", "search --limit=3 --limit --json -- a"),
            ("search a --passages all", "search --passages all -- a"),
            ("search a --limit", "search --limit -- a"),
            ("search -victim:nice +must \"a", "search -- -victim:nice +must \"a"),
            ("s a -b", "s -- a -b"),
            ("-C corpus --color never search a -b", "-C corpus --color never search -- a -b"),
            ("-C search search a -b", "-C search search -- a -b"),
            ("search -h", "search -h"),
            // Other commands take no query.
            ("show -C corpus a", "show -C corpus a"),
            ("help search", "help search"),
            ("--version", "--version"),
            ("sarch a -b", "sarch a -b"),
        ] {
            assert_eq!(separated(typed), expected, "{typed}");
        }
    }

    #[test]
    fn clap_agrees() {
        let args = "casebook search website -ransomware --json -n 3 -vishing -C corpus";
        let args = separate(Cli::command(), args.split(' ').map(OsString::from));
        let cli = Cli::try_parse_from(args).unwrap();
        assert_eq!(cli.global.corpus, Some("corpus".into()));
        let args::Command::Search(search) = cli.command else { panic!("not a search") };
        assert!(search.json);
        assert_eq!(search.limit, 3);
        assert_eq!(search.query, ["website", "-ransomware", "-vishing"]);
    }

    #[test]
    fn clap_refuses_unknown_options_with_a_suggestion() {
        let args = ["casebook", "search", "website", "--jsno"].map(OsString::from);
        let error = Cli::try_parse_from(separate(Cli::command(), args)).unwrap_err();
        assert!(error.to_string().contains("'--json"), "{error}");
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_lost_or_added(words in proptest::collection::vec("-{0,2}[a-zC=5/.é]{0,6}", 0..12)) {
            let given = ["casebook", "search"].iter().copied().chain(words.iter().map(String::as_str));
            let mut separated = separate(Cli::command(), given.clone().map(OsString::from));
            let mut given: Vec<_> = given.filter(|arg| *arg != "--").map(OsString::from).collect();
            // One `--` is ours; those after the first were query text.
            separated.retain(|arg| arg != "--");
            separated.sort();
            given.sort();
            proptest::prop_assert_eq!(separated, given);
        }
    }
}
