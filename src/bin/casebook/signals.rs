//! Signals that would end the program before it could say why.
//!
//! In: nothing. Out: a program in which writing past the limit on the size of files (`ulimit -f`) is an error as any other.

use std::sync::Arc;

use signal_hook::consts::SIGXFSZ;

/// To be called once, first.
pub fn prepare() {
    // The flag is of no use: what counts is that the signal is handled, for then the write fails with a reason.
    // Where it can't be handled the program ends as any other would.
    let _ = signal_hook::flag::register(SIGXFSZ, Arc::default());
}
