//! Ticks of a byte axis: powers of two of KiB, never more than fit.

/// One tick.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Where it is.
    pub bytes: u64,
    /// What stands beside it.
    pub label: String,
}

/// Ticks from 0 to `top_bytes`, as many as leave `spacing_px` between them on `height_px`.
#[must_use]
pub fn byte_ticks(top_bytes: u64, height_px: f64, spacing_px: f64) -> Vec<Tick> {
    let mut step = 1u64;
    while step < 1 << 60 && height_px * step as f64 / (top_bytes.max(1) as f64) < spacing_px {
        step *= 2;
    }
    let count = top_bytes / step;
    (0..=count)
        .map(|index| Tick { bytes: index * step, label: label(index * step, step) })
        .collect()
}

/// The bytes in the unit that the step calls for.
fn label(bytes: u64, step: u64) -> String {
    const KIB: u64 = 1024;
    const MIB: u64 = 1024 * KIB;
    if bytes == 0 {
        "0".to_owned()
    } else if step < KIB {
        format!("{bytes} B")
    } else if step < MIB {
        format!("{} KiB", bytes / KIB)
    } else {
        format!("{} MiB", bytes / MIB)
    }
}

/// Indices of operators or steps worth a label: 0, multiples of a round number, and the last.
#[must_use]
pub fn index_ticks(count: usize, width_px: f64, spacing_px: f64) -> Vec<usize> {
    if count == 0 {
        return Vec::new();
    }
    let mut step = 1;
    'search: loop {
        for factor in [1, 2, 5] {
            if width_px * (step * factor) as f64 / count as f64 >= spacing_px {
                step *= factor;
                break 'search;
            }
        }
        step *= 10;
        if step > count {
            break;
        }
    }
    (0..count).step_by(step).collect()
}

/// Round steps within the half-open `span`, as many as leave `spacing_px` between them.
#[must_use]
pub fn step_ticks(span: (u64, u64), width_px: f64, spacing_px: f64) -> Vec<u64> {
    let length = span.1.saturating_sub(span.0).max(1);
    let fits = |step: &u64| width_px * *step as f64 / length as f64 >= spacing_px;
    let round = (0..19).flat_map(|power| [1, 2, 5].map(|one| one * 10u64.pow(power)));
    let Some(step) = round.into_iter().find(fits) else { return vec![span.0] };
    let Some(first) = span.0.checked_next_multiple_of(step) else { return vec![span.0] };
    let ticks = std::iter::successors(Some(first), |tick| tick.checked_add(step));
    ticks.take_while(|&tick| tick <= span.1).collect()
}

/// Round percentages within `across`, as many as leave `spacing_px` between them, with their
/// labels: `0`, `+20 %`, `+0.5 %`.
#[must_use]
pub fn percent_ticks(across: (f64, f64), width_px: f64, spacing_px: f64) -> Vec<(f64, String)> {
    let span = across.1 - across.0;
    if !span.is_finite() || span <= 0.0 {
        return Vec::new();
    }
    let fits = |step: &f64| width_px * step / span >= spacing_px;
    let round = (-1..8).flat_map(|power| [1.0, 2.0, 5.0].map(|one| one * 10f64.powi(power)));
    let Some(step) = round.clone().find(fits) else { return Vec::new() };
    let first = (across.0 / step).ceil();
    let ticks = (0..).map(|index| (first + f64::from(index)) * step);
    let ticks = ticks.take_while(|&percent| percent <= across.1);
    let digits = usize::from(step < 1.0);
    let label = |percent: f64| match percent {
        _ if percent.abs() < step / 2.0 => "0".to_owned(),
        _ if percent < 0.0 => format!("−{:.digits$} %", -percent),
        _ => format!("+{percent:.digits$} %"),
    };
    ticks.map(|percent| (percent, label(percent))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_powers_of_two_and_start_at_zero() {
        let ticks = byte_ticks(140_000, 300.0, 40.0);
        let labels: Vec<&str> = ticks.iter().map(|tick| tick.label.as_str()).collect();
        assert_eq!(labels, ["0", "32 KiB", "64 KiB", "96 KiB", "128 KiB"]);
        assert_eq!(byte_ticks(700, 300.0, 40.0)[1].label, "128 B");
        assert_eq!(byte_ticks(0, 300.0, 40.0).len(), 1);
        assert!(byte_ticks(u64::MAX, 300.0, 40.0).len() < 20);
    }

    #[test]
    fn percent_ticks_are_round_and_few() {
        let labels = |across, width| -> Vec<String> {
            percent_ticks(across, width, 60.0).into_iter().map(|(_, label)| label).collect()
        };
        assert_eq!(labels((-3.0, 80.0), 400.0), ["0", "+20 %", "+40 %", "+60 %", "+80 %"]);
        assert_eq!(labels((-0.02, 0.62), 200.0), ["0", "+0.2 %", "+0.4 %", "+0.6 %"]);
        assert_eq!(labels((-12.0, 3.0), 200.0), ["−10 %", "−5 %", "0"]);
        assert!(labels((0.0, 0.0), 100.0).is_empty() && labels((0.0, f64::NAN), 9.0).is_empty());
        assert!(labels((0.0, 1e9), 300.0).len() < 9);
    }

    #[test]
    fn step_ticks_are_round_and_few() {
        assert_eq!(step_ticks((3, 405), 500.0, 80.0), [100, 200, 300, 400]);
        assert_eq!(step_ticks((0, 3), 500.0, 80.0), [0, 1, 2, 3]);
        assert!(step_ticks((5, u64::MAX), 500.0, 80.0).len() < 8);
        assert_eq!(step_ticks((u64::MAX - 3, u64::MAX), 60.0, 80.0), [u64::MAX], "it ends in 5");
        assert_eq!(step_ticks((7, 7), 500.0, 80.0), [7]);
    }

    #[test]
    fn index_ticks_keep_their_distance() {
        assert_eq!(index_ticks(62, 700.0, 40.0), (0..62).step_by(5).collect::<Vec<_>>());
        assert_eq!(index_ticks(3, 700.0, 40.0), [0, 1, 2]);
        assert_eq!(index_ticks(0, 700.0, 40.0), [0usize; 0]);
        assert_eq!(index_ticks(1_000_000, 300.0, 40.0)[0], 0);
    }
}
