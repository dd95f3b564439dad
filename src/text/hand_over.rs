//! The kinds of files that a plan can become, by name.

use crate::report::HandOverFormat;

/// What the button says.
#[must_use]
pub const fn hand_over_name(format: HandOverFormat) -> &'static str {
    match format {
        HandOverFormat::Minimalloc => "Plan as CSV",
        HandOverFormat::Trace => "Trace",
        HandOverFormat::CHeader => "C header",
        HandOverFormat::Tflm => "TFLM set-up",
        HandOverFormat::Tflite => "Model with plan",
    }
}

/// What the file is for.
#[must_use]
pub const fn hand_over_about(format: HandOverFormat) -> &'static str {
    match format {
        HandOverFormat::Minimalloc => {
            "Every buffer with its steps, size and address, as google/minimalloc reads it."
        }
        HandOverFormat::Trace => {
            "For ui.perfetto.dev or chrome://tracing; with measured times after a run."
        }
        HandOverFormat::CHeader => {
            "The arena's size, its parts and the tensors' offsets as macros."
        }
        HandOverFormat::Tflm => {
            "C++ for TensorFlow Lite Micro: the arena's size in its parts, the operators to register."
        }
        HandOverFormat::Tflite => {
            "The .tflite file with this plan inside, which TensorFlow Lite Micro then follows."
        }
    }
}
