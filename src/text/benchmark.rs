//! Times in words: rates, shares of the limit, and the benchmark as text and CSV.

use super::{milliseconds, plan_words};
use crate::report::{ProfileReport, TimingReport};
use std::fmt::Write as _;

/// A rate of multiply-accumulates, in thousand millions a second.
#[must_use]
pub fn giga_macs(macs_per_ms: f64) -> String {
    let rate = macs_per_ms / 1e6;
    if rate >= 10.0 { format!("{rate:.1} GMAC/s") } else { format!("{rate:.2} GMAC/s") }
}

/// Multiply-accumulates a millisecond; `None` where either is 0.
#[must_use]
pub fn macs_per_ms(macs: u64, ms: f64) -> Option<f64> {
    (macs > 0 && ms > 0.0).then(|| macs as f64 / ms)
}

/// A time of fewer steps of the clock, all repetitions together, says nothing of a rate: a third of it and more
/// is chance.
const FEWEST_CLOCK_STEPS: f64 = 10.0;

/// What this browser reaches at best, and how finely it was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limit {
    /// Multiply-accumulates a millisecond.
    pub macs_per_ms: f64,
    /// The step of the clock.
    pub clock_step_ms: f64,
}

impl From<&ProfileReport> for Limit {
    fn from(profile: &ProfileReport) -> Self {
        Self { macs_per_ms: profile.limit_macs_per_ms, clock_step_ms: profile.clock_step_ms }
    }
}

/// Which share of the limit was reached, where that can be told.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Share {
    /// In per cent; less than one only where it is.
    Part(String),
    /// The clock is too coarse for so short a time.
    TooShort,
    /// More than all of it, with fewer products than are counted.
    Winograd,
    /// More than all of it for no known reason: the limit or the time was measured badly.
    Unsure,
}

impl Share {
    /// Of `macs` in a time that is the mean of `repeats`.
    #[must_use]
    pub fn of(limit: Limit, macs: u64, (ms, repeats): (f64, u32), is_winograd: bool) -> Self {
        if ms * f64::from(repeats) < limit.clock_step_ms * FEWEST_CLOCK_STEPS {
            return Self::TooShort;
        }
        let most = limit.macs_per_ms * ms;
        let share = if most > 0.0 { macs as f64 / most * 100.0 } else { 0.0 };
        match share {
            100.5.. if is_winograd => Self::Winograd,
            100.5.. => Self::Unsure,
            1.0.. => Self::Part(format!("{share:.0} %")),
            _ => Self::Part(format!("{share:.1} %")),
        }
    }

    /// In fewest words.
    #[must_use]
    pub fn words(&self) -> &str {
        match self {
            Self::Part(part) => part,
            Self::TooShort => "too short",
            Self::Winograd => "Winograd",
            Self::Unsure => "unsure",
        }
    }

    /// Behind a rate.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Part(part) => format!(", {part} of this browser's limit"),
            Self::TooShort => ", too short to tell its share of this browser's limit".to_owned(),
            Self::Winograd => {
                ", above this browser's limit, as Winograd's needs fewer products".to_owned()
            }
            Self::Unsure => ", its share of this browser's limit is unsure".to_owned(),
        }
    }
}

/// A time of one inference with three digits that matter; in words where the clock has not moved.
#[must_use]
pub fn fine_milliseconds(ms: f64) -> String {
    if ms >= 100.0 {
        milliseconds(ms)
    } else if ms >= 10.0 {
        format!("{ms:.1} ms")
    } else if ms >= 1.0 {
        format!("{ms:.2} ms")
    } else if ms >= 0.1 {
        format!("{ms:.3} ms")
    } else if ms > 0.0 {
        format!("{ms:.4} ms")
    } else {
        Share::TooShort.words().to_owned()
    }
}

/// A clock's step: `0.1 ms`, `5 µs`; nothing finer than a millionth of a second.
#[must_use]
pub fn clock_step(ms: f64) -> String {
    if ms >= 0.1 { format!("{ms:.1} ms") } else { format!("{:.0} µs", (ms * 1e3).max(1.0)) }
}

/// Samples and the calls in each: `25 × 12`.
#[must_use]
pub fn sample_words(timing: &TimingReport) -> String {
    format!("{} × {}", timing.samples_ms.len(), timing.calls_per_sample)
}

/// From the tenth to the ninetieth per cent.
#[must_use]
pub fn spread(timing: &TimingReport) -> String {
    let ends = [0.1, 0.9].map(|fraction| fine_milliseconds(timing.quantile_ms(fraction)));
    let [low, high] = ends.map(|end| end.trim_end_matches(" ms").to_owned());
    format!("{low} to {high} ms")
}

const COLUMNS: [&str; 11] = [
    "kernels",
    "schedule",
    "median_ms",
    "p10_ms",
    "p90_ms",
    "samples",
    "calls_per_sample",
    "clock_step_ms",
    "macs",
    "arena_bytes",
    "outputs_sha256",
];

fn cells(timing: &TimingReport) -> [String; 11] {
    let quantile = |fraction| format!("{:.6}", timing.quantile_ms(fraction));
    [
        timing.kernels.clone(),
        plan_words(timing.choice.schedule),
        quantile(0.5),
        quantile(0.1),
        quantile(0.9),
        timing.samples_ms.len().to_string(),
        timing.calls_per_sample.to_string(),
        format!("{:.4}", timing.clock_step_ms),
        timing.macs.to_string(),
        timing.arena_bytes.to_string(),
        timing.outputs_sha256.clone(),
    ]
}

/// The benchmark in comma-separated values.
#[must_use]
pub fn benchmark_csv<'a>(timings: impl Iterator<Item = &'a TimingReport>) -> String {
    let line = |cells: [String; 11]| {
        let quoted = cells.map(|cell| {
            if cell.contains([',', '"']) {
                format!("\"{}\"", cell.replace('"', "\"\""))
            } else {
                cell
            }
        });
        quoted.join(",") + "\n"
    };
    let head = COLUMNS.join(",") + "\n";
    head + &timings.map(|timing| line(cells(timing))).collect::<String>()
}

/// The benchmark as lines of plain text, for a message.
#[must_use]
pub fn benchmark_text<'a>(
    model: &str,
    browser: &str,
    timings: impl Iterator<Item = &'a TimingReport>,
) -> String {
    let mut text = format!("{model}, {browser}\n");
    for timing in timings {
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{:<12} {:<34} median {} ({}), {} samples, clock step {}",
            timing.kernels,
            plan_words(timing.choice.schedule),
            fine_milliseconds(timing.quantile_ms(0.5)),
            spread(timing),
            sample_words(timing),
            clock_step(timing.clock_step_ms),
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{InputImage, ScheduleChoice};

    fn timing() -> TimingReport {
        TimingReport {
            choice: ScheduleChoice::Patched {
                stage_end: 9,
                rows: 4,
                columns: 4,
                input_image: InputImage::Resident,
            }
            .into(),
            kernels: "simd128".to_owned(),
            arena_bytes: 49_152,
            macs: 6_000_000,
            outputs_sha256: "ab".to_owned(),
            clock_step_ms: 0.1,
            calls_per_sample: 2,
            samples_ms: vec![2.0, 3.0, 4.0],
        }
    }

    #[test]
    fn rates_and_shares_have_few_digits() {
        assert_eq!(giga_macs(3_900_000.0), "3.90 GMAC/s");
        assert_eq!(giga_macs(38_400_000.0), "38.4 GMAC/s");
        assert_eq!(macs_per_ms(0, 1.0), None);
        assert_eq!([0.1, 0.005, 0.0].map(clock_step), ["0.1 ms", "5 µs", "1 µs"]);
        assert_eq!(
            [0.0, 0.0153, 0.8667, 1.234, 12.34].map(fine_milliseconds),
            ["too short", "0.0153 ms", "0.867 ms", "1.23 ms", "12.3 ms"]
        );
    }

    #[test]
    fn no_share_is_told_that_was_not_measured() {
        let limit = Limit { macs_per_ms: 1000.0, clock_step_ms: 0.1 };
        let share = |macs, ms, repeats, is_winograd| {
            Share::of(limit, macs, (ms, repeats), is_winograd).words().to_owned()
        };
        assert_eq!(share(400, 4.0, 1, false), "10 %");
        assert_eq!(share(12, 4.0, 1, false), "0.3 %");
        assert_eq!(share(4016, 4.0, 1, false), "100 %");
        // 150 %, of which only Winograd's is true.
        assert_eq!(share(6000, 4.0, 1, false), "unsure");
        assert_eq!(share(6000, 4.0, 1, true), "Winograd");
        // A single step of the clock, or none; repeated often enough it is told again.
        assert_eq!(share(50, 0.1, 1, false), "too short");
        assert_eq!(share(50, 0.0, 1, true), "too short");
        assert_eq!(share(50, 0.1, 20, false), "50 %");
        let none = Limit { macs_per_ms: 0.0, ..limit };
        assert_eq!(Share::of(none, 50, (4.0, 1), false).words(), "0.0 %");
        let told = [Share::TooShort, Share::Winograd, Share::Unsure].map(|one| one.sentence());
        assert!(told.iter().all(|words| !words.contains('%')), "{told:?}");
    }

    #[test]
    fn a_benchmark_can_be_taken_elsewhere() {
        let timing = timing();
        let csv = benchmark_csv([&timing].into_iter());
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), COLUMNS);
        let row = reader.records().next().unwrap().unwrap();
        assert_eq!(&row[0], "simd128");
        assert_eq!(&row[1], plan_words(timing.choice.schedule));
        assert_eq!(&row[2], "3.000000");
        let text = benchmark_text("m.tflite", "a browser", [&timing].into_iter());
        assert!(text.contains("median 3.00 ms (2.20 to 3.80 ms), 3 × 2 samples"), "{text}");
    }
}
