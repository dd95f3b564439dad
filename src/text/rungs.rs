//! The rungs of the ladder, named and explained.

use super::{Budget, kib, more_work};
use crate::report::{InputImage, Rung, RungReport, ScheduleChoice};

/// Title of the card.
pub const TITLE: &str = "All planners side by side";
/// What the card does.
pub const HINT: &str = "Plans this model as each published idea would: from no reuse at all up to \
                        patches with everything in place.";
/// Begins the comparison.
pub const COMPARE: &str = "Compare all planners";
/// The same once more, where the input is held otherwise by now.
pub const COMPARE_AGAIN: &str = "Compare again";
/// Where the rungs were found for an input that is held otherwise by now.
pub const OTHER_INPUT: &str = "The plan above holds it otherwise: compare again for that.";
/// While it runs.
pub const COMPARING: &str = "Planning on every rung";
/// The accessible name of the drawing.
pub const CHART: &str = "Arena of every planner";
/// How the drawing is walked.
pub const KEYS: &str =
    "Arrow keys walk the rungs, Home and End jump, Enter shows the plan of the one that is marked.";
/// Before a rung is marked.
pub const POINT_HINT: &str = "Point at a bar for what it assumes, click to show its plan. The \
                              upright mark is its lower bound: no plan of that schedule is smaller.";
/// The accessible name of the table.
pub const TABLE: &str = "Rungs of the ladder";
/// Columns of the table.
pub const COLUMNS: [&str; 6] = ["Planner", "Arena", "Arena fits", "Lower bound", "Proven", "MACs"];
/// Whether a plan meets its bound, and its order is the best where one was looked for.
pub const PROVEN: &str = "yes";
/// Whether it does not.
pub const NOT_PROVEN: &str = "no";

/// The line over a bar: `Exact: 135.0 KiB, proven, MACs as layer by layer`.
#[must_use]
pub fn bar_words(one: &RungReport) -> String {
    let proven = match (one.is_optimal(), one.is_order_proven) {
        (true, Some(false)) => {
            ", ✓ proven smallest for its order, which is not proven to be the best"
        }
        (true, _) => ", ✓ proven smallest for its schedule",
        (false, _) => "",
    };
    format!(
        "{}: {}{proven}, {} MACs",
        rung_name(one.rung),
        kib(one.arena_bytes),
        more_work(one.macs, one.macs_layerwise)
    )
}

/// The same in fewest words.
#[must_use]
pub fn bar_words_short(one: &RungReport) -> String {
    let proven = if one.is_proven() { " ✓" } else { "" };
    let work = match one.macs == one.macs_layerwise {
        true => String::new(),
        false => format!(" {}", more_work(one.macs, one.macs_layerwise)),
    };
    format!("{}: {}{proven}{work}", rung_name(one.rung), kib(one.arena_bytes))
}

/// What a rung assumes, with its figures: the sentence beside the drawing.
#[must_use]
pub fn sentence(one: &RungReport) -> String {
    let schedule = match one.choice.schedule {
        ScheduleChoice::Patched { stage_end, rows, columns, .. } => {
            format!(" Here: {rows}x{columns} patches up to #{stage_end}.")
        }
        _ => String::new(),
    };
    let scratch = match one.scratch_bytes {
        0 => String::new(),
        bytes => format!(" Scratch: {}.", kib(bytes)),
    };
    format!("{}. {}{schedule}{scratch}", bar_words(one), rung_assumes(one.rung))
}

/// Whether it fits, its bound and its proof, where there is no room for columns.
#[must_use]
pub fn folded(one: &RungReport, budget: Budget) -> String {
    let sign = if budget.holds(one.arena_bytes) { "✓" } else { "✕" };
    let difference = budget.difference(one.arena_bytes);
    let proven = if one.is_proven() { ", proven" } else { "" };
    format!("{sign} {difference}; bound {}{proven}", kib(one.lower_bound_bytes))
}

/// Under which input the patched rungs stand.
#[must_use]
pub fn input(input_image: InputImage) -> String {
    format!("Patched rungs: {}.", super::input_words(input_image))
}

/// The button that shows the plan of a rung.
#[must_use]
pub fn show(rung: Rung) -> String {
    format!("Show the plan of {}", rung_name(rung))
}

/// The rung in two or three words.
#[must_use]
pub const fn rung_name(rung: Rung) -> &'static str {
    match rung {
        Rung::NoReuse => "No reuse",
        Rung::PingPong => "Ping-pong",
        Rung::Tflm => "TFLM, activations alone",
        Rung::TinyEngine => "TinyEngine",
        Rung::TinyEngineElementWise => "TinyEngine + ADD in place",
        Rung::Exact => "Exact",
        Rung::ExactInPlace => "Exact + in place",
        Rung::Reordered => "Operator order",
        Rung::Patches => "Patches",
        Rung::PatchesInPlace => "Patches + in place",
    }
}

/// What the rung assumes, as a sentence.
#[must_use]
pub const fn rung_assumes(rung: Rung) -> &'static str {
    match rung {
        Rung::NoReuse => "Every tensor has bytes of its own: the sum of all activations.",
        Rung::PingPong => {
            "Operators read from one end of the arena and write to the other, in turns; what \
             outlives its neighbours, such as the operand of a residual, lies above both."
        }
        Rung::Tflm => {
            "The graph as stored, PADs and float boundary included; largest tensor first at the \
             lowest free address, aligned to 16 bytes: what TensorFlow Lite Micro reports as head. What it \
             keeps beside that is told with the verdict."
        }
        Rung::TinyEngine => {
            "Largest tensor first at the lowest free address; depthwise convolutions write over \
             their input; TinyEngine's scratch for input columns and a widened kernel is counted."
        }
        Rung::TinyEngineElementWise => {
            "As TinyEngine, and ADD, MUL and QUANTIZE write over an operand that nobody reads later."
        }
        Rung::Exact => {
            "The smallest arena for the file's order that branch and bound finds; proven where it \
             meets the lower bound."
        }
        Rung::ExactInPlace => {
            "The exact planner, with depthwise and element-wise operators in place and the scratch \
             of the kernels that run here."
        }
        Rung::Reordered => {
            "The operators run in the order whose greatest live set is least; on a chain there is \
             one order only."
        }
        Rung::Patches => {
            "The first operators run patch by patch (MCUNetV2): the smallest arena over all stage \
             ends and grids, whatever it costs in repeated work."
        }
        Rung::PatchesInPlace => {
            "Patches, with depthwise and element-wise operators in place inside patches and behind \
             them."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::sample;

    #[test]
    fn a_rung_says_what_it_needs_what_it_costs_and_what_it_assumes() {
        let found = sample::rungs();
        assert_eq!(bar_words_short(&found[1]), "Exact: 640 B ✓");
        assert!(bar_words(&found[1]).contains("proven smallest"), "{}", bar_words(&found[1]));
        let words = sentence(&found[2]);
        assert!(words.contains("2x2 patches up to #1") && words.contains("+33 %"), "{words}");
        assert!(words.contains(rung_assumes(Rung::Patches)));
        assert_eq!(folded(&found[1], 640.into()), "✓ 0 B spare; bound 640 B, proven");
        assert_eq!(folded(&found[0], 640.into()), "✕ 560 bytes over; bound 640 B");
        let open = RungReport { is_order_proven: Some(false), ..found[1] };
        assert_eq!(bar_words_short(&open), "Exact: 640 B");
        assert!(bar_words(&open).contains("order, which is not proven"), "{}", bar_words(&open));
        for rung in Rung::ALL {
            assert!(rung_assumes(rung).ends_with('.') && !rung_name(rung).is_empty());
        }
    }
}
