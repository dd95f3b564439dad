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
    fn index_ticks_keep_their_distance() {
        assert_eq!(index_ticks(62, 700.0, 40.0), (0..62).step_by(5).collect::<Vec<_>>());
        assert_eq!(index_ticks(3, 700.0, 40.0), [0, 1, 2]);
        assert_eq!(index_ticks(0, 700.0, 40.0), [0usize; 0]);
        assert_eq!(index_ticks(1_000_000, 300.0, 40.0)[0], 0);
    }
}
