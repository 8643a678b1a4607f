//! The clock of the benches.
//!
//! In: nothing. Out: how long the processors have worked for this process, over all of its threads.

use std::time::Duration;

/// Processor time of this process so far.
#[cfg(unix)]
pub fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    let (seconds, nanoseconds) = (time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs());
    Duration::from_secs(seconds) + Duration::from_nanos(nanoseconds)
}

/// Where the system has no such clock, the time on the wall since the first call.
#[cfg(not(unix))]
pub fn processor_time() -> Duration {
    static FIRST: std::sync::LazyLock<std::time::Instant> =
        std::sync::LazyLock::new(std::time::Instant::now);
    FIRST.elapsed()
}
