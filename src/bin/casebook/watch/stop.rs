//! The end of a watch: a signal.
//!
//! In: SIGINT, SIGTERM, SIGHUP. Out: a [`Wake::Stop`]. A sync under way is finished first; a second signal does not
//! wait, which the index survives.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::Sender;

use super::Wake;
use crate::messages::Messages;

/// Knows whether a sync is under way.
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Says that a sync begins or has ended.
    pub fn busy(&self, busy: bool) {
        self.0.store(busy, Ordering::SeqCst);
    }
}

/// Has signals end the watch.
pub fn on_signal(wakes: Sender<Wake>, messages: Messages) -> anyhow::Result<Stop> {
    let busy = Arc::new(AtomicBool::new(false));
    let stop = Stop(Arc::clone(&busy));
    let signals = AtomicUsize::new(0);
    ctrlc::set_handler(move || {
        if signals.fetch_add(1, Ordering::SeqCst) > 0 {
            std::process::exit(0);
        }
        if busy.load(Ordering::SeqCst) {
            messages.note("ending after the sync that is under way; Ctrl-C again ends it at once");
        }
        // Whoever no longer listens has ended.
        let _ = wakes.send(Wake::Stop);
    })?;
    Ok(stop)
}
