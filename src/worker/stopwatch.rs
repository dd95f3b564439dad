//! Measuring with a clock whose steps may be coarse: browsers tell the time in steps of 5 to 100
//! microseconds, or coarser.

use super::Outside;
use crate::kernels::Ceiling;

/// A sample lasts this many steps of the clock, which is then wrong by a fiftieth at most.
pub(super) const STEPS_PER_SAMPLE: f64 = 50.0;

/// The least time of a sample, against everything but the clock that disturbs short ones.
const LEAST_SAMPLE_MS: f64 = 1.0;

/// How long the limit is measured after it was last surpassed: compilers need some of it to make
/// the loop fast.
const LIMIT_MS: f64 = 60.0;

/// How long it is measured at most.
const MOST_LIMIT_MS: f64 = 600.0;

/// The smallest of some steps of the clock, in milliseconds; 0 for a clock that stands still.
pub(super) fn clock_step_ms(outside: &impl Outside) -> f64 {
    const LOOKS: u32 = 1_000_000;
    const STEPS: u32 = 8;
    let mut smallest = f64::INFINITY;
    let (mut last_ms, mut steps) = (outside.now_ms(), 0);
    for _ in 0..LOOKS {
        let now_ms = outside.now_ms();
        if now_ms > last_ms {
            smallest = smallest.min(now_ms - last_ms);
            last_ms = now_ms;
            steps += 1;
            if steps == STEPS {
                break;
            }
        }
    }
    if smallest.is_finite() { smallest } else { 0.0 }
}

/// How long a sample has to last.
pub(super) fn sample_ms(clock_step_ms: f64) -> f64 {
    (clock_step_ms * STEPS_PER_SAMPLE).max(LEAST_SAMPLE_MS)
}

/// Multiply-accumulates a millisecond that a set's own instructions reach at best.
pub(super) fn limit_macs_per_ms<K: Ceiling>(outside: &impl Outside, clock_step_ms: f64) -> f64 {
    let (start_ms, sample_ms) = (outside.now_ms(), sample_ms(clock_step_ms));
    // Calls are short, since compilers replace a function between two calls only.
    let passes = 500;
    let (mut best, mut surpassed_ms) = (0.0f64, start_ms);
    loop {
        let (began_ms, mut macs) = (outside.now_ms(), 0);
        let elapsed_ms = loop {
            macs += K::multiply(passes);
            let elapsed_ms = outside.now_ms() - began_ms;
            if elapsed_ms >= sample_ms {
                break elapsed_ms;
            }
        };
        #[expect(clippy::cast_precision_loss, reason = "a rate needs no more than 53 bits")]
        let rate = macs as f64 / elapsed_ms;
        let now_ms = outside.now_ms();
        if rate > best * 1.05 {
            surpassed_ms = now_ms;
        }
        best = best.max(rate);
        if now_ms - surpassed_ms >= LIMIT_MS || now_ms - start_ms >= MOST_LIMIT_MS {
            return best;
        }
    }
}
