//! Schedules in words.

use super::kib;
use crate::report::{CandidateReport, InputImage, ScheduleChoice};

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
