//! The words of the page that do not depend on a model.

pub use super::glossary::{GLOSSARY, Term};

/// The page's name.
pub const NAME: &str = "TinyML playground";
/// Beside the Open button.
pub const PRIVACY: &str = "Your model stays in this tab: nothing is uploaded.";
/// How to see for oneself that it is so.
pub const PRIVACY_CHECK: &str =
    "How to check: switch the network off and go on working, or watch the browser's network panel.";
/// First stop of the keyboard.
pub const SKIP: &str = "Skip to the answer";
/// The Open button.
pub const OPEN: &str = "Open .tflite";
/// While a file is dragged over the page.
pub const DROP: &str = "Drop the .tflite model or the picture here";
/// The keys button's accessible name.
pub const KEYS: &str = "Keys";
/// Shown before the first figures.
pub const STARTING: &str = "Starting the worker…";
/// Shown while a model is read.
pub const READING: &str = "Reading the model…";
/// Shown while a schedule is planned.
pub const PLANNING: &str = "Planning…";
/// Said where a plan could not be made.
pub const NO_PLAN: &str = "This schedule has no plan.";
/// The button that looks for the best patch schedule.
pub const TRY_PATCHES: &str = "Try patches";
/// The button among the patch controls.
pub const BEST_OF_SQUARES: &str = "Best of squares up to 4x4";
/// The largest square grid that is tried.
pub const LARGEST_SQUARE: u32 = 4;
/// Cancels whatever runs.
pub const CANCEL: &str = "Cancel";
/// Runs the current plan.
pub const RUN: &str = "Run inference";
/// Runs both plans.
pub const RUN_BOTH: &str = "Run both";
/// Titles of the panels, as the question that each answers.
pub const TITLE_TARGET: &str = "Target";
/// Title of the plan controls.
pub const TITLE_PLAN: &str = "Plan";
/// Title of the accounting switches.
pub const TITLE_COUNTED: &str = "What is counted";
/// Title of the comparison.
pub const TITLE_COMPARISON: &str = "Layer by layer against patches";
/// Title of the arena.
pub const TITLE_ARENA: &str = "Arena: address against time";
/// What the arena shows.
pub const ARENA_HINT: &str = "Each block is one tensor: wide = lives long, tall = many bytes.";
/// How the arena is walked.
pub const ARENA_KEYS: &str = "Arrow keys left and right step through time, up and down walk the live tensors, Home and End \
     jump, P goes to the peak.";
/// Title of the bars.
pub const TITLE_BARS: &str = "RAM per operator";
/// How the bars are walked.
pub const BARS_KEYS: &str =
    "Arrow keys step through the operators, Home and End jump, P goes to the peak.";
/// Title of the inspector.
pub const TITLE_INSPECTOR: &str = "Selected operator";
/// Title of the run panel.
pub const TITLE_RUN: &str = "Run it here";
/// Title of the table.
pub const TITLE_TABLE: &str = "The same, as a table";
/// Said of the bundled model's answer.
pub const UNTRAINED: &str = "This bundled model is untrained: the answer means nothing.";
/// Said where no picture was taken yet.
pub const NO_RUN: &str = "Run an inference to see what this operator computed.";
/// Said of operators that a pass took out.
pub const REMOVED_FLOAT: &str = "Left to the host: a float boundary that needs no arena here.";
/// Said of folded pads.
pub const REMOVED_PAD: &str = "Folded into the padding of the convolutions that read it.";
/// The switch for the float boundary.
pub const PASS_FLOAT: &str = "Float boundary done by the host";
/// The switch for pads.
pub const PASS_PAD: &str = "PAD folded into the convolutions that read it";
/// What is always counted.
pub const COUNTED: &str = "Counted: every input, output and waiting tensor of an operator, whole \
                           and not in place. Not counted: weights (they lie in Flash), the \
                           runtime's own structures, stack.";
/// Where times come from.
pub const TIME_NOTE: &str = "Times are of this browser on this machine, not of a microcontroller.";
/// The greatest file that is read at all.
pub const LARGEST_FILE_BYTES: u64 = 256 * 1024 * 1024;
/// How much of a file is read at once.
pub const SLICE_BYTES: u64 = 1024 * 1024;
/// The longest side of a picture that is sent to the worker.
pub const LONGEST_SIDE_PX: u32 = 1024;

/// One key and what it does.
pub const SHORTCUTS: &[(&str, &str)] = &[
    ("O", "open a .tflite"),
    ("[  ]", "previous, next operator"),
    ("P", "select the peak"),
    ("L", "layer by layer or in patches"),
    ("R", "run inference"),
    ("T", "next theme"),
    ("← →", "in a chart: step through time or operators"),
    ("↑ ↓", "in the arena: walk the live tensors"),
    ("Home  End", "in a chart: first, last"),
    ("Esc", "close this sheet, dismiss a message"),
    ("?", "this sheet"),
];

/// The model's own chip: `mobilenet.tflite · int8 · 66 operators · input 96x96x3`.
#[must_use]
pub fn model_chip(n_operators: usize, data_type: &str, input: &str) -> String {
    format!("{data_type} · {n_operators} operators · input {input}")
}

/// The line of the accounting switches.
#[must_use]
pub fn counted_effect(as_stored_bytes: u64, after_bytes: u64) -> String {
    let (stored, after) = (super::kib(as_stored_bytes), super::kib(after_bytes));
    if as_stored_bytes == after_bytes {
        format!("Peak as stored {stored}; these switches change nothing for this model.")
    } else {
        format!("Peak as stored {stored}, as counted here {after}.")
    }
}

/// The caption where only one patch of many is drawn.
#[must_use]
pub fn folded_caption(patch: u32, n_patches: u32) -> String {
    format!("Drawn: patch {patch} of {n_patches}, the one that needs most, then the tail.")
}

/// The caption where all patches are drawn.
#[must_use]
pub fn whole_caption(n_patches: u32, n_steps: usize) -> String {
    format!("Drawn: all {n_patches} patches, then the tail: {n_steps} steps.")
}

/// The note where a link names a model that is not here.
#[must_use]
pub fn link_note(sha256: &str) -> String {
    let short: String = sha256.chars().take(12).collect();
    format!(
        "This link was made with a model of its own (sha256 {short}…), which links never carry. \
         Open that file to see the same; the bundled model is shown until then."
    )
}
