//! Times of this machine, and what they are measured by.

use super::OperatorTime;
use crate::{order::sorted_positions, schedule::PlanChoice};
use serde::{Deserialize, Serialize};

/// The times of one schedule's operators as means over repeated inferences, and this machine's
/// limit.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct ProfileReport {
    /// The schedule.
    pub choice: PlanChoice,
    /// The set of kernels that computed.
    pub kernels: String,
    /// Inferences that were timed, after others that warmed up.
    pub repeats: u32,
    /// One inference: the time of its steps together.
    pub total_ms: f64,
    /// Time by operator, summed over its patches.
    pub operators: Vec<OperatorTime>,
    /// The smallest step of the clock.
    pub clock_step_ms: f64,
    /// Multiply-accumulates a millisecond that the set's own instructions reach here at best.
    pub limit_macs_per_ms: f64,
}

/// Repeated inferences of one schedule without an observer.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct TimingReport {
    /// The schedule.
    pub choice: PlanChoice,
    /// The set of kernels that computed.
    pub kernels: String,
    /// Bytes of the arena.
    pub arena_bytes: u64,
    /// Multiply-accumulates of one inference, counted by the kernels.
    pub macs: u64,
    /// SHA-256 over all outputs, one after the other.
    pub outputs_sha256: String,
    /// The smallest step of the clock.
    pub clock_step_ms: f64,
    /// Inferences between two looks at the clock, so many that its step matters little.
    pub calls_per_sample: u32,
    /// For each sample the time of one inference, from the inputs outside the arena to the outputs
    /// outside it.
    pub samples_ms: Vec<f64>,
}

impl TimingReport {
    /// Takes over the samples of another round. A sample is the time of one inference in either,
    /// also where they took other numbers of calls.
    pub fn absorb(&mut self, other: &Self) {
        self.samples_ms.extend_from_slice(&other.samples_ms);
        self.calls_per_sample = self.calls_per_sample.min(other.calls_per_sample);
        self.clock_step_ms = self.clock_step_ms.max(other.clock_step_ms);
    }

    /// The time that a fraction of the samples does not exceed, between two samples in proportion;
    /// 0 without samples.
    #[must_use]
    pub fn quantile_ms(&self, fraction: f64) -> f64 {
        let samples = &self.samples_ms;
        let places =
            sorted_positions(samples.len(), &|one, other| samples[one].total_cmp(&samples[other]));
        let sorted: Vec<f64> = places.into_iter().map(|place| samples[place]).collect();
        let Some(last) = sorted.len().checked_sub(1) else { return 0.0 };
        #[expect(clippy::cast_precision_loss, reason = "samples are few")]
        let at = fraction.clamp(0.0, 1.0) * last as f64;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to last")]
        let below = at.floor() as usize;
        let above = (below + 1).min(last);
        sorted[below] + (sorted[above] - sorted[below]) * at.fract()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(samples_ms: &[f64]) -> TimingReport {
        TimingReport {
            choice: PlanChoice::default(),
            kernels: "reference".to_owned(),
            arena_bytes: 1,
            macs: 1,
            outputs_sha256: String::new(),
            clock_step_ms: 0.1,
            calls_per_sample: 5,
            samples_ms: samples_ms.to_vec(),
        }
    }

    #[test]
    fn quantiles_lie_between_samples() {
        let mut timing = of(&[4.0, 1.0, 3.0]);
        timing.absorb(&of(&[2.0, 5.0]));
        let quantile = |fraction| timing.quantile_ms(fraction);
        assert_eq!(
            [quantile(0.0), quantile(0.5), quantile(1.0)].map(f64::to_bits),
            [1.0, 3.0, 5.0].map(f64::to_bits)
        );
        assert!((quantile(0.1) - 1.4).abs() < 1e-9 && (quantile(0.9) - 4.6).abs() < 1e-9);
        assert_eq!(of(&[]).quantile_ms(0.5).to_bits(), 0);
    }
}
