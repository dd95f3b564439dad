//! Times in words: rates, shares of the limit, and the benchmark as text and CSV.

use super::{milliseconds, plan_words};
use crate::report::TimingReport;
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

/// The share of a limit, in per cent; less than one only where it is.
#[must_use]
pub fn share_of_limit(macs_per_ms: f64, limit_macs_per_ms: f64) -> String {
    let share = if limit_macs_per_ms > 0.0 { macs_per_ms / limit_macs_per_ms * 100.0 } else { 0.0 };
    if share >= 1.0 { format!("{share:.0} %") } else { format!("{share:.1} %") }
}

/// A time of one inference with three digits that matter.
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
    } else {
        format!("{ms:.4} ms")
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
        assert_eq!(share_of_limit(3.9, 39.0), "10 %");
        assert_eq!(share_of_limit(0.1, 39.0), "0.3 %");
        assert_eq!(share_of_limit(1.0, 0.0), "0.0 %");
        assert_eq!(macs_per_ms(0, 1.0), None);
        assert_eq!([0.1, 0.005, 0.0].map(clock_step), ["0.1 ms", "5 µs", "1 µs"]);
        assert_eq!(
            [0.0153, 0.8667, 1.234, 12.34].map(fine_milliseconds),
            ["0.0153 ms", "0.867 ms", "1.23 ms", "12.3 ms"]
        );
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
