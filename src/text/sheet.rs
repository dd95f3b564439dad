//! The words of the sheet on paper and of the report.

use super::{exact_bytes, kib_and_bytes, tflm_sentence, thousands};
use crate::report::ModelReport;

/// Over the table of those operators that need most.
pub const NEEDIEST: &str = "Operators that need most";
/// Over the whole table.
pub const ALL_OPERATORS: &str = "All operators";
/// Over the formulas.
pub const FORMULAS: &str = "How the figures come about";
/// Over what is live at each operator.
pub const LIVE_SETS: &str = "What is live at each operator";
/// Over what is exact and what is not.
pub const HONESTY: &str = "What is exact, what is not";
/// Before the link.
pub const COME_BACK: &str = "To see it move:";
/// Name of the Flash's figure.
pub const FLASH: &str = "Flash, the whole file";
/// Name of the operator's figure.
pub const PEAK: &str = "Peak operator";
/// What follows from a file.
pub const EXACT: &str = "Exact: arena, lower bound, multiply-accumulates and Flash follow from the \
    model's file and the plan. Inference runs in one arena of exactly these bytes, and the bytes of \
    every operator are those of TensorFlow Lite Micro.";
/// What is of a browser.
pub const TIMES: &str = "Times are of the browser that made this, not of a microcontroller; compare them with each other only.";
/// Where there is no model behind the figures.
pub const NUMBERS_ONLY: &str =
    "Made from a link that carries numbers only: nothing here was computed from the model's file.";

/// What the file is: its hash, its size and its first input.
#[must_use]
pub fn file_words(model: &ModelReport) -> String {
    format!("sha256 {}, {}", model.sha256, exact_bytes(model.file_bytes))
}

/// What TensorFlow Lite Micro keeps beside the arena, as an estimate.
#[must_use]
pub fn estimated(model: &ModelReport) -> String {
    format!("Estimated: {}", tflm_sentence(&model.tflm_persistent_estimate))
}

/// What is left out where only some operators' live sets are listed.
#[must_use]
pub fn some_live_sets(n_listed: usize, n_operators: usize) -> String {
    let (listed, all) = (thousands(n_listed as u64), thousands(n_operators as u64));
    ["Only the ", &listed, " operators that need most, of ", &all, "."].concat()
}

/// The title of a picture that leaves the page.
#[must_use]
pub fn picture_title(file_name: &str, plan: &str, arena_bytes: u64) -> String {
    // Longer names say no more.
    const LONGEST: usize = 60;
    let mut name: String = file_name.chars().take(LONGEST).collect();
    if name.len() < file_name.len() {
        name.push('…');
    }
    format!("{name}, {plan}: {} of arena", kib_and_bytes(arena_bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_short_and_exact() {
        assert_eq!(
            picture_title("a.tflite", "layer by layer", 92_160),
            "a.tflite, layer by layer: 90.0 KiB (92,160 bytes) of arena"
        );
        assert!(picture_title(&"x".repeat(99), "", 5).starts_with(&("x".repeat(60) + "…")));
    }
}
