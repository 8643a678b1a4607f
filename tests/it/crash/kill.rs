//! `kill -9` at random moments.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use casebook::Casebook;

use super::{Changing, assert_swept, format_folder, indexed};

/// So many kills; each takes about as long as a run that is not killed.
const KILLS: u64 = 40;
/// And no more after this time, on a slow machine.
const TIME: Duration = Duration::from_secs(8);

fn start(changing: &Changing) -> Child {
    let mut command = changing.corpus.program(&["index"]).command();
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

#[test]
fn killed_at_any_moment_the_index_is_as_before_or_as_after() {
    let mut changing = Changing::new(5);
    changing.change(24, 300);
    let begun = Instant::now();
    start(&changing).wait().unwrap();
    let whole = begun.elapsed();
    let mut before = changing.content.clone();
    assert_eq!(indexed(&changing.corpus.open()).unwrap(), before);

    let (mut finished, mut stopped) = (0, 0);
    for round in 0..KILLS {
        if begun.elapsed() > TIME {
            break;
        }
        changing.change(24, 300);
        let mut child = start(&changing);
        let moment = changing.dice.below(whole.as_micros() as u64 * 5 / 4);
        std::thread::sleep(Duration::from_micros(moment));
        child.kill().unwrap();
        child.wait().unwrap();

        // Another process sees one state whole, at once.
        let seen = indexed(&changing.corpus.open()).unwrap();
        if seen == changing.content {
            before = seen;
            finished += 1;
        } else {
            assert!(seen == before, "round {round}: neither before nor after");
            stopped += 1;
        }
        // Often a kill follows a kill.
        if round % 3 == 2 {
            let run = changing.corpus.run(&["index"]).exits(0);
            let reports = format!("{} reports:", changing.content.len());
            assert!(run.stdout.contains(&reports), "{reports} in\n{run:?}");
            assert!(!run.stdout.contains("built anew"), "a kill damages nothing\n{run:?}");
            assert_eq!(indexed(&changing.corpus.open()).unwrap(), changing.content);
            before = changing.content.clone();
            assert_swept(&format_folder(&changing.corpus));
        }
    }
    assert!(stopped > 0, "no run was killed in time: {finished} finished");
}

#[test]
fn killed_at_the_first_time_there_is_no_index_rather_than_an_empty_one() {
    let mut changing = Changing::new(6);
    changing.change(24, 300);
    let begun = Instant::now();
    start(&changing).wait().unwrap();
    let whole = begun.elapsed();
    for _ in 0..6 {
        std::fs::remove_dir_all(changing.corpus.path().join(".casebook")).unwrap();
        let mut child = start(&changing);
        let moment = changing.dice.below(whole.as_micros() as u64);
        std::thread::sleep(Duration::from_micros(moment));
        child.kill().unwrap();
        child.wait().unwrap();
        let casebook = changing.corpus.open();
        if casebook.is_indexed() {
            assert_eq!(indexed(&casebook).unwrap(), changing.content);
        } else {
            assert!(indexed(&casebook).is_err());
        }
        casebook.sync().unwrap();
        assert_eq!(indexed(&casebook).unwrap(), changing.content);
    }
}

#[test]
fn while_the_index_is_built_there_is_none_rather_than_an_empty_one() {
    let mut changing = Changing::new(7);
    changing.change(5, 50);
    let casebook = changing.corpus.open();
    let look = |_| {
        let other = Casebook::open(changing.corpus.path()).unwrap();
        assert!(!other.is_indexed() && indexed(&other).is_err());
    };
    casebook.sync_with(&look).unwrap();
    assert_eq!(indexed(&changing.corpus.open()).unwrap(), changing.content);
    assert_swept(&format_folder(&changing.corpus));
}
