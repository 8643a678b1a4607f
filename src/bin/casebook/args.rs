//! The command line as it is typed: clap's declarations and the help texts, nothing else.
//!
//! In: arguments, after `query_words` has told options from query text. Out: [`Cli`].

use std::path::PathBuf;

use casebook::IndicatorKind;
use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};

use crate::print::ColorChoice;

// One paragraph of documentation for each command and option, no more: clap then prints the same compact page for
// `-h` and `--help`. What needs more words stands in `after_help`.

/// Full-text search over cyber-incident reports
#[derive(Debug, Parser)]
#[command(
    version,
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = ROOT_EXAMPLES
)]
pub struct Cli {
    #[command(flatten)]
    pub global: GlobalArgs,
    #[command(subcommand)]
    pub command: Command,
}

/// What every command understands.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Global options")]
pub struct GlobalArgs {
    /// The folder of reports [default: the nearest folder above with an index, else this one]
    #[arg(short = 'C', long, value_name = "DIR", global = true, value_hint = ValueHint::DirPath)]
    pub corpus: Option<PathBuf>,
    /// Where the index is kept [env: CASEBOOK_INDEX] [default: .casebook in the folder of reports]
    #[arg(long, value_name = "DIR", global = true, value_hint = ValueHint::DirPath)]
    pub index: Option<PathBuf>,
    /// Use colour: auto (on terminals, unless NO_COLOR is set), always or never
    #[arg(long, value_name = "WHEN", global = true, value_enum, default_value_t)]
    #[arg(hide_possible_values = true)]
    pub color: ColorChoice,
    /// Say nothing but answers and errors
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Say more: where the index is, what was skipped and why
    #[arg(short, long, global = true)]
    pub verbose: bool,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Search(SearchArgs),
    Show(ShowArgs),
    Index(IndexArgs),
    Watch(WatchArgs),
    Status(StatusArgs),
    Indicators(IndicatorsArgs),
    Eval(EvalArgs),
    Aliases(AliasesArgs),
}

/// Find reports
#[derive(Debug, Args)]
#[command(visible_alias = "s", after_help = QUERY_LANGUAGE)]
pub struct SearchArgs {
    /// What to look for; see the query language below
    #[arg(value_name = "QUERY", id = crate::query_words::QUERY)]
    pub query: Vec<String>,
    /// At most this many reports
    #[arg(short = 'n', long, value_name = "N", default_value_t = 10)]
    pub limit: usize,
    /// Leave out the first N reports: the next page
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub offset: usize,
    /// Order: relevance (best first), date (newest first) or victim (A to Z)
    #[arg(long, value_enum, value_name = "BY", default_value_t, hide_possible_values = true)]
    pub sort: SortBy,
    /// What makes a match better: best (rarity, names, nearness), newest (newest first among the good matches) or exact
    /// (words in the form typed first)
    #[arg(long, value_enum, value_name = "HOW", default_value_t, hide_possible_values = true)]
    pub rank: RankBy,
    /// Only reports that match the query as written: no partial matches, no relaxed queries
    #[arg(long)]
    pub strict: bool,
    /// Say how the query was understood, part by part, and where each score comes from
    #[arg(long)]
    pub explain: bool,
    /// Print matching passages as path:line:column: text, at most N (or all) of each report
    #[arg(long, value_name = "N|all", value_parser = passages)]
    pub passages: Option<usize>,
    /// Print one JSON document (docs/json-output.md)
    #[arg(long, group = "output")]
    pub json: bool,
    /// Print one JSON object a line for each report
    #[arg(long, group = "output")]
    pub jsonl: bool,
    /// Print only the number of reports that match
    #[arg(long, group = "output")]
    pub count: bool,
    #[command(flatten)]
    pub freshness: FreshnessArgs,
    /// Names and terms as typed, without what else they are called (docs/aliases.md)
    #[arg(long, conflicts_with = "aliases")]
    pub no_aliases: bool,
    /// More sets of names that mean the same, beside those of casebook and of aliases.toml
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub aliases: Option<PathBuf>,
}

/// Whether to look for changes first.
#[derive(Debug, Clone, Copy, Args)]
pub struct FreshnessArgs {
    /// Search what is indexed, without looking for new or changed reports
    #[arg(long)]
    pub no_sync: bool,
    /// Look for new or changed reports also where there are so many files that it takes long
    #[arg(long, conflicts_with = "no_sync")]
    pub sync: bool,
}

/// The order of reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum SortBy {
    #[default]
    Relevance,
    Date,
    Victim,
}

/// What makes a match better than another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum RankBy {
    #[default]
    Best,
    Newest,
    Exact,
}

/// Print one report, whole
#[derive(Debug, Args)]
#[command(after_help = SHOW_EXAMPLES)]
pub struct ShowArgs {
    /// The report's id, path or file name, or a part of its id that no other report has
    #[arg(value_name = "ID")]
    pub id: String,
    /// Print it as JSON (docs/json-output.md)
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub freshness: FreshnessArgs,
}

/// Index what is new or changed, and say what was done
#[derive(Debug, Args)]
#[command(after_help = INDEX_EXAMPLES)]
pub struct IndexArgs {
    /// The folder of reports, as with -C
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub dir: Option<PathBuf>,
    /// Write what was skipped to FILE, as JSON lines: path, line, record, reason
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub report: Option<PathBuf>,
    /// First read the whole index and compare checksums; a damaged one is built anew
    #[arg(long)]
    pub verify: bool,
}

/// Index what is new or changed whenever the folder changes, and say what was done
#[derive(Debug, Args)]
#[command(after_help = WATCH_EXAMPLES)]
pub struct WatchArgs {
    /// The folder of reports, as with -C
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub dir: Option<PathBuf>,
    /// Look every N seconds, where the system can't tell of changes: folders on a network
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub poll: Option<u64>,
    /// Print one JSON object a line for each sync (docs/json-output.md)
    #[arg(long)]
    pub jsonl: bool,
}

/// Say what is indexed, and what the next search would take in
#[derive(Debug, Args)]
pub struct StatusArgs {
    /// Print it as JSON (docs/json-output.md)
    #[arg(long)]
    pub json: bool,
}

/// List URLs, domains, hashes, CVE numbers and the like, with how many reports hold each
#[derive(Debug, Args)]
#[command(visible_alias = "iocs", after_help = INDICATORS_EXAMPLES)]
pub struct IndicatorsArgs {
    /// Only those of the reports that match as written; the language is that of `casebook search`
    #[arg(value_name = "QUERY", id = crate::query_words::QUERY)]
    pub query: Vec<String>,
    /// Only these kinds, as url,domain,onion,email,ipv4,ipv6,network,md5,sha1,sha256,sha512,cve,cwe,attack,file
    #[arg(long = "type", value_name = "KIND", value_delimiter = ',')]
    #[arg(value_parser = crate::indicators::kind)]
    pub kinds: Vec<IndicatorKind>,
    /// At most this many of each kind, most frequent first [default: 10 as text, all in JSON and CSV]
    #[arg(long, value_name = "N")]
    pub top: Option<usize>,
    /// Look up the indicators in FILE (or - for stdin), one a line, and say which of them occur
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    #[arg(conflicts_with_all = [crate::query_words::QUERY, "kinds", "top"])]
    pub from: Option<PathBuf>,
    /// Write them fanged or defanged [default: defanged as text on a terminal, else fanged]
    #[arg(long, value_enum, value_name = "HOW", hide_possible_values = true)]
    pub write: Option<Writing>,
    /// Print one JSON document (docs/json-output.md)
    #[arg(long, group = "output")]
    pub json: bool,
    /// Print CSV: kind,indicator,reports
    #[arg(long, group = "output")]
    pub csv: bool,
    #[command(flatten)]
    pub freshness: FreshnessArgs,
}

/// Whether what is printed can be clicked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Writing {
    Fanged,
    Defanged,
}

/// Measure the ranking by judged queries: nDCG@10, MAP, MRR@10, recall@100
#[derive(Debug, Args)]
#[command(after_help = EVAL_EXAMPLES)]
pub struct EvalArgs {
    /// The queries, as JSON lines: _id, text, and self, a report that is no answer
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    #[arg(required_unless_present = "runs")]
    pub queries: Option<PathBuf>,
    /// The judgements, as TREC qrels: query 0 report grade
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub qrels: PathBuf,
    /// How queries are read: plain (every word counts, nothing is an operator) or query (as search does)
    #[arg(long, value_enum, value_name = "HOW", default_value_t, hide_possible_values = true)]
    pub syntax: Syntax,
    /// At most this many reports for each query
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub depth: usize,
    /// Write what was found to FILE, as a TREC run
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub run: Option<PathBuf>,
    /// Compare with an earlier run, and say how likely chance alone makes such a difference
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub compare: Option<PathBuf>,
    /// Search nothing: measure one TREC run, or compare a second with a first
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, num_args = 1..=2)]
    #[arg(conflicts_with_all = ["compare", "run", "syntax", "depth", "no_sync", "no_aliases"])]
    pub runs: Vec<PathBuf>,
    /// Show each query too
    #[arg(long)]
    pub per_query: bool,
    /// Print it as JSON (docs/json-output.md)
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub freshness: FreshnessArgs,
    /// Names and terms as typed, without what else they are called (docs/aliases.md)
    #[arg(long)]
    pub no_aliases: bool,
}

/// List names that mean the same, or look one up
#[derive(Debug, Args)]
#[command(after_help = ALIASES_EXAMPLES)]
pub struct AliasesArgs {
    /// A name: of a threat actor, of malware, of a term, of an organisation
    #[arg(value_name = "NAME")]
    pub name: Vec<String>,
    /// More sets, as with casebook search
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub aliases: Option<PathBuf>,
    /// Print them as JSON (docs/json-output.md)
    #[arg(long)]
    pub json: bool,
}

/// How the text of a judged query is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Syntax {
    #[default]
    Plain,
    Query,
}

fn passages(text: &str) -> Result<usize, String> {
    match text {
        "all" => Ok(usize::MAX),
        _ => match text.parse() {
            Ok(0) | Err(_) => Err("expected a number from 1, or `all`".into()),
            Ok(number) => Ok(number),
        },
    }
}

const ROOT_EXAMPLES: &str = "\
Each search first indexes what is new or changed in the folder of reports.

Examples, on the reports that come with casebook:
  casebook search -C corpus website defaced
  casebook search -C corpus ransomware -hospital country:JP
  casebook show -C corpus 2023-british-library
  casebook status -C corpus

Exit status: 0 reports found, 1 none, 2 error, or a report that could not be read.";

const QUERY_LANGUAGE: &str = "\
Several arguments are one query; options may stand before and after it, and after -- all is query
text. Without a query, every report is listed.

Query language:
  ransomware hospital   all words, in any form; reports with only some of them follow, marked
  \"official website\"    these words, as written and in this order
  \"website defaced\"~4   nearly so: the words up to four places out of line; a word in between
                        costs one, two neighbouring words swapped cost two
  ransom*  defac?d      any ending; any one character
  colonail~             one or two letters wrong
  /defac(ed|ing)/       a regular expression, on one word
  -word  a OR b  (...)  without the word; either one; grouping. AND, OR, NOT in capitals
  victim:nice           in one field: victim, title, summary, body
  date:2023-08..2024    dates that may lie in it; date:2023, date:>=2022, before:2020, date:none
  country:FR            code, name or group (country:EU, region:europe)
  actor:conti           also lang:fr, motives:>=3, techniques:0, source:2023/*, id:...
  domain:example.org    indicators, fanged or not: also ip:10.0.0.0/8, hash:d41d8c, cve:2023-34362,
                        url:..., email:@example.org, mitre:T1566
  word^3                counts three times as much
  fancy bear            also finds reports that say APT28; \"fancy bear\" does not (casebook aliases)

A shell takes quotes away and reads ( ) | * ? itself: put such queries in single quotes.

Examples, on the reports that come with casebook:
  casebook search -C corpus website defaced
  casebook search -C corpus '\"remote access\"' country:US
  casebook search -C corpus ransomware -hospital date:2021..2022 --sort date
  casebook search -C corpus victim:nice --json
  casebook search -C corpus 'wiper OR \"wiped disks\"' --passages all

Exit status: 0 reports found, 1 none as asked, 2 error, or a report that could not be read.";

const SHOW_EXAMPLES: &str = "\
Examples:
  casebook show -C corpus 2023-british-library
  casebook show -C corpus british-library --json";

const INDEX_EXAMPLES: &str = "\
A search does this by itself. The command is for the first time with a large folder, for scripts,
and to see what was skipped: -v lists it.

Examples:
  casebook index corpus
  casebook index corpus --verbose --report skips.jsonl";

const WATCH_EXAMPLES: &str = "\
Searches need no watch: each takes in what changed. It is for folders so large that looking for
changes takes long, and for those who want to see what arrives. Ctrl-C ends it.

Examples:
  casebook watch corpus
  casebook watch corpus --jsonl";

const INDICATORS_EXAMPLES: &str = "\
Defanged forms (hxxps://example[.]org) and plain ones are the same indicator. Whole indicators are
counted; a domain is also counted where it is the host of a URL. With --from suspects.txt nothing is
listed but the lines of that file: in how many reports each occurs, whole or as part of another.

Examples, on the reports that come with casebook:
  casebook indicators -C corpus
  casebook indicators -C corpus ransomware country:US --type cve
  casebook indicators -C corpus --csv

Exit status: 0 some were found, 1 none, 2 error, or a report that could not be read.";

const EVAL_EXAMPLES: &str = "\
Reports are matched by id. The means are over the judged queries that have a relevant report.
docs/eval.md defines each measure.

Examples, with a set of judged queries:
  casebook eval -C reports --queries queries.jsonl --qrels qrels.txt --run before.run
  casebook eval -C reports --queries queries.jsonl --qrels qrels.txt --compare before.run
  casebook eval --runs before.run after.run --qrels qrels.txt --per-query";

const ALIASES_EXAMPLES: &str = "\
A search for one of the names finds reports that use another, and says which.

Examples:
  casebook aliases fancy bear
  casebook aliases DDoS --json
  casebook search -C corpus cozy bear

Exit status: 0 found, 1 no set has the name, 2 error.";

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn declarations_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn passages_are_a_number_or_all() {
        assert_eq!(passages("all"), Ok(usize::MAX));
        assert_eq!(passages("3"), Ok(3));
        for wrong in ["0", "-1", "", "some", "99999999999999999999999"] {
            assert!(passages(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn help_fits_a_terminal_of_100_columns() {
        for text in [
            ROOT_EXAMPLES,
            QUERY_LANGUAGE,
            SHOW_EXAMPLES,
            INDEX_EXAMPLES,
            WATCH_EXAMPLES,
            INDICATORS_EXAMPLES,
            EVAL_EXAMPLES,
            ALIASES_EXAMPLES,
        ] {
            for line in text.lines() {
                assert!(line.chars().count() <= 100, "{line}");
            }
        }
    }
}
