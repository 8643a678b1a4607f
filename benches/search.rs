//! How long an answer takes: casebook beside the yardstick on the same made-up reports, both in memory; or, with
//! `CASEBOOK_BENCH_FILE`, on the reports of a file, both on disk.
//!
//! `cargo bench --bench search`. Five tables: ranking alone, over hundreds of different queries and over a few kinds; whole
//! answers (ten hits with passages, against ten stored texts); evidence; and reading a query. Before a query is timed,
//! its answer is checked against the yardstick's.

mod arena;
mod harness;
mod mix;
mod synth;
mod yardstick;

use casebook::{Casebook, Query, Report, Results, SearchOptions};

use arena::Arena;
use harness::{Limit, Table, Times, duel, ratio, say, show, size, solo};
use synth::{MEAN_WORDS, Synth, plain_text};
use yardstick::Yardstick;

fn main() {
    let arena = Arena::new(size(50_000));
    let (reports, segments) = (arena.reports, arena.yardstick.segments());
    say(format_args!("{reports} reports, {segments} segments in the yardstick"));
    let contests = arena.contests();
    mixed(&arena);
    ranking(&arena, &contests);
    answers(&arena, &contests);
    evidence();
    parsing(&arena);
}

/// One query, as each contestant takes it.
struct Contest {
    what: &'static str,
    /// In casebook's language.
    ours: String,
    theirs: Theirs,
    check: Check,
}

/// The yardstick's query, or the nearest that it has.
enum Theirs {
    /// Words of which one is enough, or a phrase: what its parser makes of the text.
    Text(String),
    Prefix(String),
}

/// What the answers must have in common.
#[derive(Clone, Copy)]
enum Check {
    /// As many full matches as the yardstick finds with all words, and as many partial ones as it finds with some.
    Equal,
    /// At most as many: casebook asks for more (surface forms in phrases, a filter), or counts words, not stems.
    Fewer,
    /// Nothing as written, and something or nothing relaxed.
    None,
}

impl Arena {
    /// Words that about this share of the reports holds.
    fn words(&self, share: f64) -> impl Iterator<Item = String> {
        let wanted = (self.reports as f64 * share).max(2.0);
        let words = self.synth.vocabulary().words();
        let aliases = casebook::Aliases::default();
        // Function words are no test: casebook lets a query do without them. Nor are letters that it folds, and words
        // that have other names, by which it finds more.
        words
            .filter(|word| word.len() > 5 && word.bytes().all(|b| b.is_ascii_lowercase()))
            .filter(|word| !casebook::is_function_word(word))
            .filter(move |word| aliases.find(word).is_none())
            .filter(move |word| {
                let holders = self.yardstick.holders(word) as f64;
                (wanted * 0.6..wanted * 1.6).contains(&holders)
            })
    }

    fn word(&self, share: f64) -> String {
        self.words(share).next().expect("a word as frequent as that")
    }

    /// Words as a question has them: some common, most usual, some rare.
    fn sentence(&self) -> String {
        let shares = [0.25, 0.1, 0.1, 0.03, 0.03, 0.01, 0.01, 0.002];
        let mut words: Vec<String> = Vec::new();
        for share in shares {
            let next = self.words(share).find(|word| !words.contains(word));
            words.extend(next);
        }
        words.join(" ")
    }

    fn contests(&self) -> Vec<Contest> {
        let text = |what, query: String, check| Contest {
            what,
            ours: query.clone(),
            theirs: Theirs::Text(query),
            check,
        };
        let rare = self.word(0.001);
        let usual: Vec<String> = self.words(0.03).take(3).collect();
        let common = self.word(0.25);
        let mut contests = vec![
            text("one rare word", rare.clone(), Check::Equal),
            text("one usual word", usual[0].clone(), Check::Equal),
            text("one common word", common.clone(), Check::Equal),
            text("two words", format!("{} {}", usual[0], usual[1]), Check::Equal),
            text("two words, one common", format!("{common} {}", usual[1]), Check::Equal),
            text("four words", format!("{common} {} {} {rare}", usual[0], usual[1]), Check::Equal),
            text("eight words", self.sentence(), Check::Equal),
            text("phrase", "\"personal data\"".to_owned(), Check::Fewer),
            Contest {
                what: "filters and a common word",
                ours: format!("country:FR date:2015..2023 {common}"),
                theirs: Theirs::Text(common.clone()),
                check: Check::Fewer,
            },
            Contest {
                what: "prefix",
                ours: "ransom*".to_owned(),
                theirs: Theirs::Prefix("ransom".to_owned()),
                check: Check::Fewer,
            },
        ];
        // Two words that never stand side by side in this order: casebook looks for the next best thing.
        let apart = self.words(0.001).skip(1).map(|second| format!("\"{rare} {second}\""));
        let apart = apart
            .into_iter()
            .find(|phrase| self.yardstick.count(&*self.yardstick.parse(phrase)) == 0);
        contests.push(text("phrase in no report", apart.expect("words apart"), Check::None));
        contests
    }

    fn search(&self, query: &str, options: &SearchOptions) -> Results {
        let query = Query::parse(query).expect("a query");
        self.casebook.search(&query, options).expect("an answer")
    }

    fn their_query(&self, theirs: &Theirs) -> Box<dyn tantivy::query::Query> {
        match theirs {
            Theirs::Text(text) => self.yardstick.parse(text),
            Theirs::Prefix(prefix) => self.yardstick.prefix(prefix),
        }
    }

    /// Asserts that both answer the same question; gives casebook's number of hits.
    fn check(&self, contest: &Contest) -> String {
        let results = self.search(&contest.ours, &SearchOptions::default());
        let any = self.yardstick.count(&*self.their_query(&contest.theirs));
        let what = contest.what;
        match contest.check {
            _ if self.real => {}
            Check::Equal => {
                let all = self.yardstick.count(&*self.yardstick.parse_all(&contest.ours));
                assert_eq!(results.total, all, "{what}: full matches");
                assert_eq!(results.total + results.partial_total, any, "{what}: all matches");
            }
            Check::Fewer => assert!(results.total > 0 && results.total <= any, "{what}"),
            Check::None => assert_eq!((results.total, results.partial_total, any), (0, 0, 0)),
        }
        for hit in &results.hits {
            assert!(!hit.passages.is_empty(), "{what}: {} without evidence", hit.report.id);
        }
        match results.partial_total {
            0 => results.total.to_string(),
            partial => format!("{} + {partial}", results.total),
        }
    }
}

/// From the text of the query to ten hits: with passages in casebook, with the stored text in the yardstick.
fn answers(arena: &Arena, contests: &[Contest]) {
    let mut table = beside(&["query", "hits"]);
    for contest in contests {
        let hits = arena.check(contest);
        let options = SearchOptions::default();
        let (ours, theirs) = duel(
            Limit::short(),
            || arena.search(&contest.ours, &options),
            || arena.yardstick.search(&*arena.their_query(&contest.theirs)),
        );
        let what = format!("{}: `{}`", contest.what, contest.ours);
        row(&mut table, &what, &hits, &ours, &theirs);
    }
    table.print("Whole answers: ten hits with evidence, beside the ten best stored texts");
}

/// The same for hundreds of different queries, by their number of words.
fn mixed(arena: &Arena) {
    let mut table = beside(&["words", "queries"]);
    let options = SearchOptions::default();
    let each = if harness::is_full() { 100 } else { 2 };
    let queries = mix::queries(&arena.texts, each);
    let mut all: [Vec<Times>; 2] = [Vec::new(), Vec::new()];
    let limit = Limit { runs: 5, ..Limit::short() };
    for length in mix::LENGTHS {
        let mut some: [Vec<Times>; 2] = [Vec::new(), Vec::new()];
        for (_, text) in queries.iter().filter(|(known, _)| *known == length) {
            let query = Query::parse(text).expect("a query");
            let theirs = arena.yardstick.parse(text);
            let rank = || arena.casebook.rank(&query, &options).expect("an answer");
            assert!(!rank().is_empty(), "{text}");
            let (ours, theirs) = duel(limit, rank, || arena.yardstick.rank(&*theirs));
            some[0].push(ours);
            some[1].push(theirs);
        }
        let [ours, theirs] = some.each_ref().map(|times| Times::of(times));
        row(&mut table, &length.to_string(), &some[0].len().to_string(), &ours, &theirs);
        let [a, b] = some;
        all[0].extend(a);
        all[1].extend(b);
    }
    let [ours, theirs] = all.each_ref().map(|times| Times::of(times));
    row(&mut table, "all", &all[0].len().to_string(), &ours, &theirs);
    table.print(
        "Ranking alone, different queries of words that stand in one report, five runs of each",
    );
}

/// The ids of the ten best without a look at the reports, beside the ten best addresses of the yardstick.
fn ranking(arena: &Arena, contests: &[Contest]) {
    let mut table = Table::new(&[
        "query",
        "casebook p50",
        "yardstick p50",
        "ratio",
        "casebook p99",
        "yardstick p99",
        "ratio",
        "yardstick, counting",
    ]);
    let options = SearchOptions::default();
    for contest in contests {
        let query = Query::parse(&contest.ours).expect("a query");
        let theirs = arena.their_query(&contest.theirs);
        let limit = Limit { runs: 300, ..Limit::short() };
        let (ours, plain) = duel(
            limit,
            || arena.casebook.rank(&query, &options).expect("an answer"),
            || arena.yardstick.rank(&*theirs),
        );
        let count = solo(limit, || arena.yardstick.rank_and_count(&*theirs));
        table.row(&[
            &contest.what,
            &show(ours.p50()),
            &show(plain.p50()),
            &format!("{:.2}", ratio(ours.p50(), plain.p50())),
            &show(ours.p99()),
            &show(plain.p99()),
            &format!("{:.2}", ratio(ours.p99(), plain.p99())),
            &show(count.p50()),
        ]);
    }
    table.print(
        "Ranking alone: the ids of the ten best, beside the ten best addresses of the yardstick",
    );
}

/// Ten reports of mean length, all of them hits: there is next to nothing to search, and what is timed is reading them
/// and showing why they match.
fn evidence() {
    let synth = Synth::new(4);
    let words = |report: &Report| plain_text(report).split_whitespace().count() as f64;
    let mean = |report: &Report| (words(report) / MEAN_WORDS - 1.0).abs() < 0.05;
    let holds = |report: &Report| {
        let text = plain_text(report);
        ["attackers", "data"].iter().all(|word| text.split(' ').any(|known| known == *word))
    };
    let reports = synth.reports(10_000).filter(mean).filter(holds).take(10);
    let reports: Vec<_> = reports.collect();
    let texts: Vec<_> = reports.iter().map(plain_text).collect();
    let casebook = Casebook::in_memory().expect("memory");
    casebook.add(reports).expect("reports to be added");
    let yardstick = Yardstick::build(None, texts, 1, 256 << 20).expect("an index");
    let mut table =
        Table::new(&["query", "no passages", "three passages", "all passages", "yardstick"]);
    // Of few places, and of as many as can be.
    for (what, text) in [
        ("two words", "attackers data"),
        ("near phrase", "\"the of\"~6"),
        ("function words", "+the +of +and +to"),
    ] {
        let query = Query::parse(text).expect("a query");
        let run = |passages| {
            let options = SearchOptions { passages, ..SearchOptions::default() };
            casebook.search(&query, &options).expect("an answer")
        };
        let results = run(3);
        assert_eq!((results.total, results.hits.len()), (10, 10), "{what}");
        let theirs = yardstick.parse("the");
        let (some, plain) = duel(Limit::short(), || run(3), || yardstick.search(&*theirs));
        let (none, all) = duel(Limit::short(), || run(0), || run(usize::MAX));
        table.row(&[
            &format!("{what}: `{text}`"),
            &show(none.p50()),
            &show(some.p50()),
            &show(all.p50()),
            &show(plain.p50()),
        ]);
    }
    table.print("Evidence: the whole answer over ten reports of mean length (goal: 2 ms)");
}

/// From text to a query, without an index.
fn parsing(arena: &Arena) {
    let mut table = Table::new(&["query", "casebook", "yardstick", "ratio"]);
    // A thousand at a time, for the clock is no finer than this takes.
    const TIMES: u32 = 1_000;
    let limit = Limit { runs: 50, ..Limit::short() };
    for (text, both) in [
        ("ransomware", true),
        ("ransomware hospital", true),
        ("\"website defaced\"", true),
        ("côte d’azur official website", false),
        ("country:France date:2023-08 website defaced", false),
        ("(ransom* OR wiper) -hospital victim:nice after:2022", false),
        ("\"data breach*\"~4 region-normandie[.]fr colonail~", false),
    ] {
        let repeat = |run: &dyn Fn()| (0..TIMES).for_each(|_| run());
        let ours = || {
            repeat(&|| {
                std::hint::black_box(Query::parse(std::hint::black_box(text)).expect("a query"));
            });
        };
        let theirs = || {
            repeat(&|| {
                std::hint::black_box(arena.yardstick.parse(std::hint::black_box(text)));
            });
        };
        let (ours, theirs) = if both {
            let (ours, theirs) = duel(limit, ours, theirs);
            (ours, Some(theirs))
        } else {
            (solo(limit, ours), None)
        };
        let one = |times: &Times| times.p50() / TIMES;
        let (plain, times) = match &theirs {
            Some(theirs) => (show(one(theirs)), format!("{:.2}", ratio(one(&ours), one(theirs)))),
            None => ("—".to_owned(), "—".to_owned()),
        };
        table.row(&[&format!("`{text}`"), &show(one(&ours)), &plain, &times]);
    }
    table.print("Reading a query (goal: 20 µs)");
}

/// A table of times beside the yardstick's, for [`row`].
fn beside(first: &[&str; 2]) -> Table {
    let times =
        ["casebook p50", "yardstick p50", "ratio", "casebook p99", "yardstick p99", "ratio"];
    Table::new(&[first.as_slice(), &times].concat())
}

fn row(table: &mut Table, what: &str, hits: &str, ours: &Times, theirs: &Times) {
    table.row(&[
        &what,
        &hits,
        &show(ours.p50()),
        &show(theirs.p50()),
        &format!("{:.2}", ratio(ours.p50(), theirs.p50())),
        &show(ours.p99()),
        &show(theirs.p99()),
        &format!("{:.2}", ratio(ours.p99(), theirs.p99())),
    ]);
}
