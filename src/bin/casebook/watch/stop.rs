//! The end of a watch: a signal.
//!
//! In: SIGINT, SIGTERM, SIGHUP. Out: a [`Wake::Stop`]. A sync under way is finished first; a second signal does not
//! wait, which the index survives. Elsewhere than on Unix, Ctrl-C ends the program as the system does, which the index
//! survives too.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
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
pub fn on_signal(wakes: Sender<Wake>, messages: Messages) -> std::io::Result<Stop> {
    let busy = Arc::new(AtomicBool::new(false));
    listen(Arc::clone(&busy), wakes, messages)?;
    Ok(Stop(busy))
}

#[cfg(unix)]
fn listen(busy: Arc<AtomicBool>, wakes: Sender<Wake>, messages: Messages) -> std::io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

    let mut signals = signal_hook::iterator::Signals::new([SIGHUP, SIGINT, SIGTERM])?;
    std::thread::spawn(move || {
        for (nth, _) in signals.forever().enumerate() {
            if nth > 0 {
                std::process::exit(0);
            }
            if busy.load(Ordering::SeqCst) {
                messages.note("ending after this sync; Ctrl-C again ends it at once");
            }
            // Whoever no longer listens has ended.
            let _ = wakes.send(Wake::Stop);
        }
    });
    Ok(())
}

#[cfg(not(unix))]
fn listen(_: Arc<AtomicBool>, _: Sender<Wake>, _: Messages) -> std::io::Result<()> {
    Ok(())
}
