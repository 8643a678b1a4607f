//! Measures two contestants side by side.
//!
//! In: closures. Out: their times, and a table that can be pasted into a page. Both run in turns, A B B A A B …, in one
//! process, so that what disturbs the machine disturbs both. What counts is the processor time of the process: on a
//! machine that others use too, a clock on the wall mostly times the others. The wall is looked at beside it, for
//! work that is spread over threads.

#![allow(dead_code, reason = "each bench is a program of its own and uses its part")]

mod clock;

use std::fmt::Display;
use std::hint::black_box;
use std::io::Write as _;
use std::time::{Duration, Instant};

/// How many reports to measure on.
///
/// `cargo bench` measures at full size, or at that of the environment variable `CASEBOOK_BENCH_REPORTS`. Run by
/// `cargo test --benches`, which passes no `--bench`, there are only a few: enough for the checks.
pub fn size(full: usize) -> usize {
    if !is_full() {
        return 300;
    }
    match std::env::var("CASEBOOK_BENCH_REPORTS") {
        Ok(number) => number.parse().expect("CASEBOOK_BENCH_REPORTS is a number"),
        Err(_) => full,
    }
}

/// Whether times are wanted, and not just the checks.
pub fn is_full() -> bool {
    std::env::args().any(|argument| argument == "--bench")
}

/// The times of one contestant.
#[derive(Debug, Clone)]
pub struct Times {
    /// Processor time of all threads, shortest first.
    cpu: Vec<Duration>,
    /// Time on the wall, shortest first.
    wall: Vec<Duration>,
}

impl Times {
    fn new(runs: Vec<(Duration, Duration)>) -> Self {
        let (mut cpu, mut wall): (Vec<_>, Vec<_>) = runs.into_iter().unzip();
        cpu.sort();
        wall.sort();
        Self { cpu, wall }
    }

    /// The times of several contests as those of one.
    pub fn of(several: &[Self]) -> Self {
        let runs = |times: &Self| -> Vec<_> {
            times.cpu.iter().copied().zip(times.wall.iter().copied()).collect()
        };
        Self::new(several.iter().flat_map(runs).collect())
    }

    /// The processor time that half of the runs stay within.
    pub fn p50(&self) -> Duration {
        at(&self.cpu, 0.50)
    }

    /// The processor time that all but one run in a hundred stay within.
    pub fn p99(&self) -> Duration {
        at(&self.cpu, 0.99)
    }

    /// The time on the wall of the quickest run, the one that was disturbed least.
    pub fn best_wall(&self) -> Duration {
        at(&self.wall, 0.0)
    }
}

fn at(sorted: &[Duration], share: f64) -> Duration {
    sorted[((sorted.len() - 1) as f64 * share).round() as usize]
}

/// When to stop: after this many runs of each, or before the first round that starts after this time.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    pub runs: usize,
    pub time: Duration,
}

impl Limit {
    /// Enough runs of something short for a p99 to mean something.
    pub fn short() -> Self {
        Self { runs: 1_000, time: Duration::from_secs(4) }.if_full()
    }

    /// A few runs of something that takes seconds.
    pub fn long(runs: usize) -> Self {
        Self { runs, time: Duration::from_secs(120) }.if_full()
    }

    fn if_full(self) -> Self {
        if is_full() { self } else { Self { runs: 1, ..self } }
    }
}

/// Runs two contestants in turns. `ready` makes what a run consumes, outside of the time taken.
pub fn contest<S, T, A, B>(
    limit: Limit,
    mut ready_a: impl FnMut() -> S,
    mut run_a: impl FnMut(S) -> A,
    mut ready_b: impl FnMut() -> T,
    mut run_b: impl FnMut(T) -> B,
) -> (Times, Times) {
    let begun = Instant::now();
    let (mut a, mut b) = (Vec::new(), Vec::new());
    while a.is_empty() || (a.len() < limit.runs && begun.elapsed() < limit.time) {
        if a.len() % 2 == 0 {
            a.push(time(&mut ready_a, &mut run_a));
            b.push(time(&mut ready_b, &mut run_b));
        } else {
            b.push(time(&mut ready_b, &mut run_b));
            a.push(time(&mut ready_a, &mut run_a));
        }
    }
    (Times::new(a), Times::new(b))
}

/// The same for what consumes nothing, after a few runs to warm up.
pub fn duel<A, B>(
    limit: Limit,
    mut run_a: impl FnMut() -> A,
    mut run_b: impl FnMut() -> B,
) -> (Times, Times) {
    for _ in 0..limit.runs.min(3) {
        black_box(run_a());
        black_box(run_b());
    }
    contest(limit, || (), |()| run_a(), || (), |()| run_b())
}

/// One contestant alone, where there is nothing to hold it against.
pub fn solo<A>(limit: Limit, run: impl FnMut() -> A) -> Times {
    duel(limit, run, || ()).0
}

/// Processor time and time on the wall of one run.
fn time<S, A>(ready: &mut impl FnMut() -> S, run: &mut impl FnMut(S) -> A) -> (Duration, Duration) {
    let input = ready();
    let (wall, cpu) = (Instant::now(), clock::processor_time());
    let output = black_box(run(input));
    let times = (clock::processor_time().saturating_sub(cpu), wall.elapsed());
    drop(output);
    times
}

/// `a` as a multiple of `b`.
pub fn ratio(a: Duration, b: Duration) -> f64 {
    a.as_secs_f64() / b.as_secs_f64()
}

/// In the unit that reads best.
pub fn show(time: Duration) -> String {
    match time.as_secs_f64() {
        s if s >= 1.0 => format!("{s:.2} s"),
        s if s >= 1e-3 => format!("{:.2} ms", s * 1e3),
        s => format!("{:.1} µs", s * 1e6),
    }
}

/// A table in Markdown.
pub struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub fn new(head: &[&str]) -> Self {
        Self { rows: vec![head.iter().map(|cell| (*cell).to_owned()).collect()] }
    }

    pub fn row(&mut self, cells: &[&dyn Display]) {
        self.rows.push(cells.iter().map(|cell| cell.to_string()).collect());
    }

    pub fn print(&self, title: &str) {
        let columns = self.rows[0].len();
        let width = |column: usize| {
            self.rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default()
        };
        let widths: Vec<_> = (0..columns).map(width).collect();
        let mut text = format!("\n{title}\n\n");
        for (i, row) in self.rows.iter().enumerate() {
            for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
                // Words to the left, figures to the right.
                text += &match column {
                    0 => format!("| {cell:<width$} |"),
                    _ => format!(" {cell:>width$} |"),
                };
            }
            text.push('\n');
            if i == 0 {
                for (column, width) in widths.iter().enumerate() {
                    text += &match column {
                        0 => format!("|{:-<1$}|", "", width + 2),
                        _ => format!("{:-<1$}:|", "", width + 1),
                    };
                }
                text.push('\n');
            }
        }
        say(text.trim_end_matches('\n'));
    }
}

/// Prints a line.
pub fn say(line: impl Display) {
    // A reader that went away wants no more lines.
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}
