//! Time that a test itself computes: other work on the machine is not its own.

use std::{fs, sync::OnceLock, time::Duration, time::Instant};

/// For how long this thread has been computing; where the system does not tell, the time since the
/// first call. Only differences mean something.
pub fn busy_time() -> Duration {
    static BEGIN: OnceLock<Instant> = OnceLock::new();
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|text| text.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| BEGIN.get_or_init(Instant::now).elapsed(), Duration::from_nanos)
}
