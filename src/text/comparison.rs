//! Two schedules of one model, side by side, in words.

use super::{kib, percent};
use crate::report::{CandidateReport, InputImage, RunReport, ScheduleChoice};

/// The schedule in a few words: `4x4 patches up to #16, input resident`.
#[must_use]
pub fn plan_words(choice: ScheduleChoice) -> String {
    match choice {
        ScheduleChoice::Layerwise => "layer by layer".to_owned(),
        ScheduleChoice::Reordered => {
            "layer by layer, operators in the order of least peak".to_owned()
        }
        ScheduleChoice::Patched { stage_end, rows, columns, input_image } => {
            let input = input_words(input_image);
            format!("{rows}x{columns} patches up to #{stage_end}, {input}")
        }
    }
}

/// A point of the front in one sentence: `operators #2 to #16 in 7x7 patches, input resident: 37.8
/// KiB, +111 % MACs`. `first_operator` is the first that runs.
#[must_use]
pub fn front_sentence(
    candidate: &CandidateReport,
    first_operator: u32,
    macs_layerwise: u64,
) -> String {
    let arena = kib(candidate.arena_bytes);
    match candidate.choice {
        ScheduleChoice::Layerwise | ScheduleChoice::Reordered => {
            format!("{}: {arena}", plan_words(candidate.choice))
        }
        ScheduleChoice::Patched { stage_end, rows, columns, input_image } => {
            let input = input_words(input_image);
            let more = super::front::more(candidate.macs, macs_layerwise);
            format!(
                "operators #{first_operator} to #{stage_end} in {rows}x{columns} patches, {input}: \
                 {arena}, {more} MACs"
            )
        }
    }
}

/// Where the input is.
#[must_use]
pub const fn input_words(input_image: InputImage) -> &'static str {
    match input_image {
        InputImage::Resident => "input resident",
        InputImage::Streamed => "input streamed",
    }
}

/// By how much one arena is smaller or larger than another, in bytes and as a factor.
#[must_use]
pub fn saving(layerwise_bytes: u64, patched_bytes: u64) -> String {
    if layerwise_bytes == patched_bytes {
        return "Patches change nothing: both need the same.".to_owned();
    }
    let (greater, less) =
        (layerwise_bytes.max(patched_bytes), layerwise_bytes.min(patched_bytes).max(1));
    let tenths = (u128::from(greater) * 10 + u128::from(less) / 2) / u128::from(less);
    let is_factor_told = tenths > 10;
    let factor = |words: &str| match is_factor_told {
        true => format!("{}.{} times {words}", tenths / 10, tenths % 10),
        false => String::new(),
    };
    let difference = kib(greater - less);
    if patched_bytes < layerwise_bytes {
        let factor = factor("smaller");
        let colon = if is_factor_told { ": " } else { "" };
        format!("Patches save {difference}{colon}{factor}.")
    } else {
        let factor = factor("as much");
        let comma = if is_factor_told { ", " } else { "" };
        format!("Patches do not help here: {difference} more{comma}{factor}.")
    }
}

/// The work that patches repeat: `33 % more multiply-adds`.
#[must_use]
pub fn recompute(patched_macs: u64, layerwise_macs: u64) -> String {
    match patched_macs.checked_sub(layerwise_macs) {
        Some(0) => "no multiply-add is repeated".to_owned(),
        Some(more) => format!("{} more multiply-adds", part(more, layerwise_macs)),
        None => format!(
            "{} fewer multiply-adds",
            part(layerwise_macs.saturating_sub(patched_macs), layerwise_macs)
        ),
    }
}

/// A part in percent that is never 0 where there is one, with a decimal below 10 %.
fn part(more: u64, whole: u64) -> String {
    let permille = (u128::from(more) * 2000 + u128::from(whole)) / (u128::from(whole) * 2).max(1);
    match permille {
        _ if whole == 0 => percent(more, whole),
        0 => "<0.1 %".to_owned(),
        1..100 => format!("{}.{} %", permille / 10, permille % 10),
        _ => percent(more, whole),
    }
}

/// The same in few letters, for tables: `+33 %`.
#[must_use]
pub fn recompute_short(patched_macs: u64, layerwise_macs: u64) -> String {
    match patched_macs.checked_sub(layerwise_macs) {
        Some(0) => "±0".to_owned(),
        Some(more) => format!("+{}", part(more, layerwise_macs)),
        None => format!("−{}", part(layerwise_macs - patched_macs, layerwise_macs)),
    }
}

/// A difference with its sign: `-87.0 KiB`, `+2.0 KiB`, `±0`.
#[must_use]
pub fn change(from_bytes: u64, to_bytes: u64) -> String {
    match to_bytes.cmp(&from_bytes) {
        std::cmp::Ordering::Less => format!("−{}", kib(from_bytes - to_bytes)),
        std::cmp::Ordering::Equal => "±0".to_owned(),
        std::cmp::Ordering::Greater => format!("+{}", kib(to_bytes - from_bytes)),
    }
}

/// Whether two runs gave the same bytes, from the hashes of their outputs.
#[must_use]
pub fn same_bytes(one: &RunReport, other: &RunReport) -> (bool, String) {
    let hashes = |run: &RunReport| -> Vec<String> {
        run.outputs.iter().map(|output| output.sha256.clone()).collect()
    };
    let (one, other) = (hashes(one), hashes(other));
    let short = |hash: Option<&String>| -> String {
        hash.map_or_else(|| "none".to_owned(), |hash| hash.chars().take(8).collect())
    };
    if one == other {
        (true, format!("Same bytes: yes, sha256 {}…", short(one.first())))
    } else {
        let pair = one.iter().zip(&other).find(|(left, right)| left != right);
        let (left, right) =
            pair.map_or((one.first(), other.first()), |(left, right)| (Some(left), Some(right)));
        (false, format!("Same bytes: no, sha256 {}… against {}…", short(left), short(right)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::sample;

    #[test]
    fn saving_is_honest_both_ways() {
        assert_eq!(saving(138_240, 49_152), "Patches save 87.0 KiB: 2.8 times smaller.");
        assert!(saving(1024, 2048).starts_with("Patches do not help here"));
        assert_eq!(saving(138_240, 138_000), "Patches save 240 B.");
        assert_eq!(saving(138_000, 138_240), "Patches do not help here: 240 B more.");
        assert!(saving(5, 5).contains("nothing"));
    }

    #[test]
    fn recompute_is_relative_to_layerwise() {
        assert_eq!(recompute(133, 100), "33 % more multiply-adds");
        assert_eq!(recompute(100, 100), "no multiply-add is repeated");
        assert_eq!(recompute_short(133, 100), "+33 %");
        assert_eq!(recompute_short(50, 100), "−50 %");
        assert_eq!(recompute_short(1_004, 1_000), "+0.4 %");
        assert_eq!(recompute_short(1_000_001, 1_000_000), "+<0.1 %");
    }

    #[test]
    fn equality_is_of_hashes() {
        let one = sample::run();
        assert_eq!(same_bytes(&one, &one).1, "Same bytes: yes, sha256 abcdef01…");
        let mut other = one.clone();
        other.outputs[0].sha256 = "ffff0000".to_owned();
        assert!(!same_bytes(&one, &other).0);
    }
}
