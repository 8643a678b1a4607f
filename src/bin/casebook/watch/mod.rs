//! `casebook watch`: sync, say what that did, wait until the folder changes, and again.
//!
//! In: a folder, and a signal that ends it. Out: a line on stdout for each sync that changed something. What goes wrong
//! is said once and tried again: another process that holds the index, a mistake in a `casebook.toml`, a folder that is
//! gone for a while.

mod eyes;
pub mod line;
mod stop;

use std::collections::HashSet;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant, SystemTime};

use casebook::{Casebook, Skip};

use self::eyes::{Eyes, Sight};
use crate::args::WatchArgs;
use crate::corpus::Access;
use crate::exit::Outcome;
use crate::session::Session;
use crate::sync;

/// So long a folder has to be quiet before it is looked into: editors and copies write in several steps.
const QUIET: Duration = Duration::from_millis(250);
/// Where it never is, so long.
const PATIENCE: Duration = Duration::from_secs(5);
/// After a failure, so long until the next attempt.
const RETRY: Duration = Duration::from_secs(5);
/// How often it is made sure that the folder is still there.
const TICK: Duration = Duration::from_millis(500);

/// What wakes the watch.
pub enum Wake {
    /// Something changed.
    Changed,
    /// Changes can no longer be seen; the text says why.
    Blind(String),
    /// The user wants it to end.
    Stop,
}

/// Runs the command.
pub fn run(args: &WatchArgs, session: &Session) -> anyhow::Result<Outcome> {
    let elsewhere = session.over(args.dir.as_deref())?;
    let session = elsewhere.as_ref().unwrap_or(session);
    let (wakes, woken) = channel();
    let stop = stop::on_signal(wakes.clone(), session.messages)?;

    let (mut casebook, location) = session.open(Access::Write)?;
    // Before the first sync, so that what changes meanwhile is not missed.
    let mut eyes = Eyes::open(&location.root, args.poll, wakes, session.messages);
    let mut watch =
        Watch { args, session, woken, failure: None, skips: HashSet::new(), first: true };
    session.messages.info(&format!("watching {}; Ctrl-C ends it", location.root.display()));
    loop {
        stop.busy(true);
        let next = watch.sync(&casebook)?;
        stop.busy(false);
        match watch.wait(&mut eyes, next) {
            Waited::Stop => return Ok(Outcome::Done),
            Waited::Due => {}
            Waited::Back => match watch.session.open(Access::Write) {
                Ok((opened, _)) => casebook = opened,
                Err(error) => watch.fail(&format!("{error:#}")),
            },
        }
    }
}

struct Watch<'a> {
    args: &'a WatchArgs,
    session: &'a Session,
    woken: Receiver<Wake>,
    /// The failure that was said last: it is said once.
    failure: Option<String>,
    /// What was skipped already.
    skips: HashSet<(std::path::PathBuf, String)>,
    first: bool,
}

enum Waited {
    /// It is time to look.
    Due,
    /// The folder was gone, or is another.
    Back,
    Stop,
}

impl Watch<'_> {
    /// One sync, and its line. How long to wait for the next, where one is due in any case.
    fn sync(&mut self, casebook: &Casebook) -> anyhow::Result<Option<Duration>> {
        let report = match sync::run(casebook, &self.session.messages) {
            Ok(report) => report,
            Err(error) => {
                self.fail(&error.to_string());
                return Ok(Some(RETRY));
            }
        };
        if self.failure.take().is_some() {
            self.session.messages.note("it works again");
        }
        let known = &mut self.skips;
        let new: Vec<&Skip> = report
            .skips
            .iter()
            .filter(|skip| !known.contains(&(skip.path.clone(), skip.to_string())))
            .collect();
        if self.first || report.changed() || !new.is_empty() {
            let now = SystemTime::now();
            self.session.print(|out| match self.args.jsonl {
                true => line::json(&report, &new, now, out),
                false => line::text(&report, &new, now, out),
            })?;
        }
        self.first = false;
        *known = report.skips.iter().map(|skip| (skip.path.clone(), skip.to_string())).collect();
        Ok(None)
    }

    fn fail(&mut self, failure: &str) {
        if self.failure.as_deref() != Some(failure) {
            let retry = RETRY.as_secs();
            self.session
                .messages
                .warning(&format!("{failure}; trying again, every {retry} seconds"));
            self.failure = Some(failure.to_owned());
        }
    }

    /// Waits for a change, or at most until a time.
    fn wait(&self, eyes: &mut Eyes, most: Option<Duration>) -> Waited {
        let begun = Instant::now();
        let mut gone = false;
        loop {
            let most = [most, eyes.poll()].into_iter().flatten().min();
            match eyes.look() {
                Sight::Same if gone => {
                    self.session.messages.note("the folder is back");
                    return Waited::Due;
                }
                Sight::Same => {}
                Sight::Gone if gone => {}
                Sight::Gone => {
                    self.session
                        .messages
                        .warning("the folder is gone; waiting for it to come back");
                    gone = true;
                }
                Sight::Other => {
                    let what = if gone { "back" } else { "another one now" };
                    self.session.messages.note(&format!("the folder is {what}"));
                    eyes.reopen();
                    return Waited::Back;
                }
            }
            let left = most.map_or(TICK, |most| most.saturating_sub(begun.elapsed()));
            match self.woken.recv_timeout(left.min(TICK)) {
                Ok(Wake::Stop) => return Waited::Stop,
                Ok(Wake::Blind(why)) => eyes.close(&why),
                Ok(Wake::Changed) if !gone => return self.settle(eyes),
                // A sender lives in this function's caller: the channel is never closed.
                Ok(Wake::Changed) | Err(_) => {}
            }
            if !gone && most.is_some_and(|most| begun.elapsed() >= most) {
                return Waited::Due;
            }
        }
    }

    /// Waits until the folder is quiet.
    fn settle(&self, eyes: &mut Eyes) -> Waited {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            match self.woken.recv_timeout(QUIET) {
                Ok(Wake::Stop) => return Waited::Stop,
                Ok(Wake::Blind(why)) => eyes.close(&why),
                Ok(Wake::Changed) => {}
                Err(_) => break,
            }
        }
        Waited::Due
    }
}
