//! The rungs of the ladder, named and explained.

use crate::report::Rung;

/// The rung in two or three words.
#[must_use]
pub const fn rung_name(rung: Rung) -> &'static str {
    match rung {
        Rung::NoReuse => "No reuse",
        Rung::PingPong => "Ping-pong",
        Rung::Tflm => "TensorFlow Lite Micro",
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
             lowest free address, aligned to 16 bytes: what TensorFlow Lite Micro reports as head."
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
