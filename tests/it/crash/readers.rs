//! Many readers beside one writer.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use casebook::{Casebook, SyncReport};

use super::{indexed, report};
use crate::harness::Corpus;

/// Reports in round `round`, which each hold its number.
fn size(round: usize) -> usize {
    20 + round % 3
}

fn write(corpus: &Corpus, round: usize) {
    for i in 0..size(round) {
        let (name, body) = (format!("{i}.txt"), format!("round {round} of the website"));
        corpus.write(&name, report("V", &body));
    }
    for i in size(round)..23 {
        let _ = std::fs::remove_file(corpus.path().join(format!("{i}.txt")));
    }
}

/// Fails unless these are the reports of one round; gives its number.
#[track_caller]
fn round_of(bodies: impl Iterator<Item = String>) -> usize {
    let bodies: Vec<_> = bodies.collect();
    let rounds: BTreeSet<&String> = bodies.iter().collect();
    assert_eq!(rounds.len(), 1, "reports of several rounds at once: {rounds:?}");
    let round = bodies[0].split(' ').nth(1).unwrap().parse().unwrap();
    assert_eq!(bodies.len(), size(round), "round {round}");
    round
}

#[test]
fn ten_readers_beside_a_writer_see_before_or_after() {
    let corpus = Corpus::new();
    write(&corpus, 0);
    let casebook = corpus.open();
    casebook.sync().unwrap();
    let done = AtomicBool::new(false);
    let looks = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        // Threads on the handle that syncs, and with handles of their own, opened anew for each look or kept.
        for reader in 0..7 {
            let (corpus, casebook, done, looks) = (&corpus, &casebook, &done, &looks);
            scope.spawn(move || {
                let kept = corpus.open();
                let mut last = 0;
                while !done.load(Ordering::Relaxed) {
                    let seen = match reader % 3 {
                        0 => indexed(casebook),
                        1 => indexed(&Casebook::open(corpus.path()).unwrap()),
                        _ => indexed(&kept),
                    };
                    let round = round_of(seen.unwrap().into_values());
                    assert!(round >= last, "round {round} after {last}");
                    last = round;
                    looks.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        // Processes.
        for _ in 0..3 {
            let (corpus, done, looks) = (&corpus, &done, &looks);
            scope.spawn(move || {
                while !done.load(Ordering::Relaxed) {
                    let args = ["search", "--no-sync", "--jsonl", "--limit", "100", "website"];
                    let run = corpus.run(&args).exits(0);
                    let body = |hit: serde_json::Value| {
                        let text = hit.to_string();
                        let start = text.find("round ").unwrap();
                        text[start..].split('"').next().unwrap().to_owned()
                    };
                    round_of(run.json_lines().into_iter().map(body));
                    looks.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let begun = Instant::now();
        let mut round = 0;
        while round < 12 && begun.elapsed() < Duration::from_secs(6) {
            round += 1;
            write(&corpus, round);
            let SyncReport { reports, rebuilt, .. } = casebook.sync().unwrap();
            assert_eq!((reports, rebuilt), (size(round), None));
        }
        done.store(true, Ordering::Relaxed);
        assert!(round > 1);
    });
    assert!(looks.into_inner() >= 10);
}
