//! The words of the page that do not depend on a model.

use crate::report::Passes;

pub use super::{
    glossary::{GLOSSARY, Term},
    trouble::{
        NOT_HEARD, file_unread, noise_instead, not_fetched, picture_undecoded, server_answered,
        worker_not_started, worker_restarted, worker_stopped,
    },
};

/// The page's name.
pub const NAME: &str = "TinyML Playground";
/// Beside the Open button.
pub const PRIVACY: &str = "Your model stays in this tab: nothing is uploaded.";
/// How to see for oneself that it is so.
pub const PRIVACY_CHECK: &str = "How to check: switch the network off and go on working, also after a reload, or watch the browser's \
     network panel.";
/// First stop of the keyboard.
pub const SKIP: &str = "Skip to the answer";
/// The Open button.
pub const OPEN: &str = "Open .tflite";
/// What else can be opened.
pub const OPEN_HINT: &str =
    "A .tflite model; or a .csv of buffers to place, with columns id, lower, upper, size.";
/// While a file is dragged over the page.
pub const DROP: &str =
    "Drop the .tflite model, the .csv of buffers, the picture, the .wav or the .txt of labels here";
/// The keys button's accessible name.
pub const KEYS: &str = "Keys";
/// Shown before the first figures.
pub const STARTING: &str = "Starting the worker…";
/// In place of the kernel set's name.
pub const NO_WORKER: &str = "none, the worker is not running";
/// Shown while a model is read.
pub const READING: &str = "Reading the model…";
/// Shown where no model is open and none is on its way.
pub const NO_MODEL: &str = "No model is open.";
/// Shown while a schedule is planned.
pub const PLANNING: &str = "Planning…";
/// Said where a plan could not be made.
pub const NO_PLAN: &str = "This schedule has no plan.";
/// The button that looks for the best patch schedule.
pub const TRY_PATCHES: &str = "Try patches";
/// The fold over what happens between a picture and the input tensor.
pub const PREPROCESSING: &str = "Picture to tensor:";
/// Said behind the choices where light and dark are exchanged.
pub const INVERTED: &str = ", inverted";
/// The toolbar of the selected operator.
pub const WALK: &str = "Walk through the operators";
/// The toolbar of undo and redo.
pub const HISTORY: &str = "Choices";
/// The toolbar of what can be done about the verdict.
pub const NEXT: &str = "What next";
/// The toolbar of models, colours and keys.
pub const PAGE_TOOLS: &str = "Page";
/// The button among the patch controls.
pub const BEST_OF_SQUARES: &str = "Best of squares up to 4x4";
/// The largest square grid that is tried.
pub const LARGEST_SQUARE: u32 = 4;
/// No grid has more rows or columns.
pub const LARGEST_SIDE: u32 = 1024;
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
/// Title of the files that a plan can become.
pub const TITLE_EXPORT: &str = "Take the plan along";
/// Title of the accounting switches.
pub const TITLE_COUNTED: &str = "What is counted";
/// Title of the arena.
pub const TITLE_ARENA: &str = "Arena: address against time";
/// What the arena shows.
pub const ARENA_HINT: &str = "Each block is one tensor: wide = lives long, tall = many bytes.";
/// How the arena is walked.
pub const ARENA_KEYS: &str = "Arrow keys left and right step through time, up and down walk the live blocks and tell why each lies there, Home and End \
     jump, P goes to the peak, plus and minus zoom, Space plays.";
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
pub const UNTRAINED: &str =
    "This bundled model is untrained: which output is the largest means nothing.";
/// Said where no picture was taken yet.
pub const NO_RUN: &str = "Run an inference to see what this operator computed.";
/// Said of operators that a pass took out.
pub const REMOVED_FLOAT: &str =
    "Left to the calling program: it converts between float32 and int8, outside this arena.";
/// Said of folded pads.
pub const REMOVED_PAD: &str = "Folded into the padding of the convolutions that read it.";
/// The switch for the float boundary.
pub const PASS_FLOAT: &str =
    "float32 at the ends left to the calling program (QUANTIZE, DEQUANTIZE)";
/// The switch for pads.
pub const PASS_PAD: &str = "PAD folded into the convolutions that read it";
/// What is always counted.
pub const COUNTED: &str = "Counted: every input, output and waiting tensor of an operator, and the \
                           scratch named above. Not counted: weights (they lie in Flash), the \
                           runtime's own structures; a stack is, once it is one of your own blocks.";
/// Where times come from.
pub const TIME_NOTE: &str = "Times are of this browser on this machine, not of a microcontroller.";
/// The greatest file that is read at all.
pub const LARGEST_FILE_BYTES: u64 = 256 * 1024 * 1024;
/// The longest side of a picture that is sent to the worker.
pub const LONGEST_SIDE_PX: u32 = 1024;

/// While a cancel is under way.
pub const CANCELLING: &str = "Stopping…";
/// Closes a sheet.
pub const CLOSE: &str = "Close";
/// Puts a message away.
pub const DISMISS: &str = "Dismiss";
/// Fetches once more what could not be fetched.
pub const TRY_AGAIN: &str = "Try again";
/// Title of the banner over a model that cannot run.
pub const REFUSED: &str = "This model is shown but cannot run here.";
/// At the foot.
pub const LICENCE: &str = "MIT or Apache-2.0.";
/// Title of the list of terms.
pub const TITLE_GLOSSARY: &str = "Words used here";
/// What the peak sentence does.
pub const SHOW_PEAK: &str = "Select the peak";
/// Bytes of the arena.
pub const FACT_ARENA: &str = "Arena";
/// The greatest live set.
pub const FACT_BOUND: &str = "Lower bound";
/// Multiply-accumulates.
pub const FACT_MACS: &str = "MACs";
/// Bytes of the file, as the verdict judges them.
pub const FACT_FLASH: &str = "Flash";
/// Which plan.
pub const FACT_PLAN: &str = "Plan";
/// While squares are tried.
pub const SEARCHING: &str = "Trying square grids";
/// The usual target.
pub const BUDGET_128: &str = "No board · 128 KiB SRAM";
/// What the usual target is.
pub const BUDGET_NOTE: &str = "A round number, no board.";
/// A target of one's own.
pub const OWN_NUMBERS: &str = "Own numbers";
/// Where no source gives a size.
pub const NOT_KNOWN: &str = "not known";
/// The plan that runs whole operators.
pub const LAYERWISE: &str = "Layer by layer";
/// The plan that runs parts.
pub const PATCHED: &str = "In patches";
/// Where patches end.
pub const STAGE_END: &str = "Stage end";
/// One stage end back.
pub const EARLIER: &str = "Earlier stage end";
/// One stage end on.
pub const LATER: &str = "Later stage end";
/// The grid of patches.
pub const GRID: &str = "Grid";
/// Rows of the grid.
pub const GRID_ROWS: &str = "Rows of patches";
/// Columns of the grid.
pub const GRID_COLUMNS: &str = "Columns of patches";
/// Where the input is.
pub const INPUT_IMAGE: &str = "Input";
/// The whole input in the arena.
pub const RESIDENT: &str = "resident";
/// The input delivered part by part.
pub const STREAMED: &str = "streamed";
/// Before passes.
pub const PEAK_STORED: &str = "Peak layer by layer, nothing in place, as stored";
/// After passes.
pub const PEAK_COUNTED: &str = "Peak layer by layer, nothing in place, after the passes";
/// With depthwise in place.
pub const PEAK_IN_PLACE: &str = "Peak layer by layer, depthwise in place";
/// Of the plan that is shown.
pub const PEAK_PLAN: &str = "Peak of the shown plan, scratch included";
/// The last column of the comparison.
pub const DIFFERENCE: &str = "Change";
/// Where the peak is.
pub const PEAK_AT: &str = "Peak at";
/// Time in this browser.
pub const TIME_HERE: &str = "Time here";
/// Before both have run.
pub const RUN_BOTH_NOTE: &str =
    "Run both on the same input to compare times and outputs, byte for byte.";
/// Multiply-accumulates in a time.
pub const RATE: &str = "Rate";
/// The share of what this browser reaches at best.
pub const OF_LIMIT: &str = "of limit";
/// What the limit is.
pub const LIMIT_NOTE: &str = "The limit is what this browser reaches with the kernels' own \
                              multiply instructions on numbers that lie ready in registers and \
                              nearest cache.";
/// Title of the panel about speed.
pub const TITLE_SPEED: &str = "Speed in this browser";
/// Which set of kernels computes.
pub const KERNELS: &str = "Kernels";
/// What sets are.
pub const KERNELS_NOTE: &str = "All sets give the same bytes; they differ in the instructions \
                                that they need and in speed.";
/// Starts a benchmark.
pub const BENCHMARK: &str = "Compare kernels";
/// While a benchmark runs.
pub const BENCHMARKING: &str = "Comparing";
/// Before a benchmark.
pub const BENCHMARK_NOTE: &str = "Runs every set that this browser takes, layer by layer and in \
                                  patches, in turns, each in a worker of its own: about 2 seconds \
                                  for each row.";
/// The scrolled table of a benchmark.
pub const BENCHMARK_TABLE: &str = "Times of kernel sets and schedules";
/// Column of the benchmark.
pub const MEDIAN: &str = "Median";
/// Column of the benchmark.
pub const SPREAD: &str = "10 to 90 %";
/// Column of the benchmark.
pub const SAMPLES_CALLS: &str = "Samples × calls";
/// Copies the benchmark.
pub const COPY_TEXT: &str = "Copy text";
/// Saves the benchmark.
pub const SAVE_CSV: &str = "Save CSV";
/// After copying.
pub const COPIED: &str = "Copied.";
/// Where copying is not allowed.
pub const NOT_COPIED: &str = "This browser allows no copying here: save the CSV instead.";
/// After a stop.
pub const BENCHMARK_STOPPED: &str = "Stopped: these are the times until then.";
/// All sets agree.
pub const BENCHMARK_SAME: &str = "All gave the same output, byte for byte.";
/// They do not.
pub const BENCHMARK_DIFFERS: &str =
    "The outputs differ: this is a fault of the program, please report it.";

/// While an inference runs.
pub const RUNNING: &str = "Running";
/// The list of candidates.
pub const CANDIDATES: &str = "Patch schedules found";
/// Column of the candidates.
pub const FITS: &str = "Fits";
/// Column of the candidates.
pub const PRICE: &str = "MACs";
/// The candidate that is shown.
pub const SHOWN: &str = "shown";
/// Shows a candidate.
pub const APPLY: &str = "Show";
/// Name of the legend.
pub const LEGEND: &str = "Colours";
/// Names the picture of the input with its patches.
pub const TITLE_SWEEP: &str = "Patch by patch over the input";
/// What it shows.
pub const SWEEP_PICTURE: &str = "The input: shaded what patches have read so far, outlined what this one reads, dashed its share";
/// The slider over the patches.
pub const PATCH: &str = "Patch";
/// One back.
pub const PREVIOUS_PATCH: &str = "Previous patch";
/// One on.
pub const NEXT_PATCH: &str = "Next patch";
/// Goes over all patches.
pub const PLAY: &str = "Play";
/// Stays at one.
pub const PAUSE: &str = "Pause";
/// One back.
pub const PREVIOUS_OPERATOR: &str = "Previous operator";
/// One on.
pub const NEXT_OPERATOR: &str = "Next operator";
/// To the peak.
pub const PEAK_OPERATOR: &str = "Peak operator";
/// The time axis of the arena, one operator after the other.
pub const TIME_AXIS: &str = "operator";
/// The time axis where all patches are drawn.
pub const TIME_AXIS_PATCHES: &str = "patch p1, p2, …, then operator";
/// What charts are called.
pub const CHART: &str = "chart";
/// Before a block is chosen.
pub const PIN_HINT: &str =
    "Point at a byte to see whose it is, click to select the operator there, drag to zoom.";
/// The toolbar of the arena's time.
pub const TIME_TOOLS: &str = "Time";
/// Fewer columns.
pub const ZOOM_IN: &str = "Zoom in";
/// More columns.
pub const ZOOM_OUT: &str = "Zoom out";
/// All columns.
pub const ZOOM_WHOLE: &str = "All of it";
/// In legends: what a striped mark is.
pub const KEY_SCRATCH: &str = "Scratch of a kernel";
/// What a marked corner is.
pub const KEY_IN_PLACE: &str = "In place of what dies there";
/// What a hatched ground is.
pub const KEY_OVER: &str = "Over what is available";
/// What a dotted line is.
pub const KEY_STAGE_END: &str = "End of the patches";
/// What an outline is.
pub const KEY_OUTLINE: &str = "The same in A";
/// What a full point is.
pub const KEY_FITS: &str = "Fits";
/// What a hollow point is.
pub const KEY_MISSES: &str = "Does not fit";
/// What a ring is.
pub const KEY_SHOWN: &str = "Shown plan";
/// What a bar of the ladder is.
pub const KEY_ARENA: &str = "Arena";
/// What the mark on it is.
pub const KEY_BOUND: &str = "Lower bound";
/// Said where some blocks in place are too small for a mark.
pub const SMALL_IN_PLACE: &str =
    "Small blocks in place are not marked: point at them, or walk them with the arrow keys.";
/// Draws every patch.
pub const SHOW_ALL_PATCHES: &str = "Show all patches";
/// Draws one patch for all.
pub const SHOW_WORST_PATCH: &str = "Show the worst patch";
/// Title of the visitor's own blocks.
pub const TITLE_BLOCKS: &str = "Own blocks beside the arena";
/// The field of a block's name.
pub const BLOCK_NAME: &str = "Name";
/// In its empty field.
pub const BLOCK_EXAMPLE: &str = "camera frame";
/// The field of a block's size.
pub const BLOCK_SIZE: &str = "Size";
/// The choice of its unit.
pub const BLOCK_UNIT: &str = "Unit of the size";
/// Adds a block.
pub const ADD: &str = "Add";
/// Takes one away.
pub const REMOVE: &str = "Remove";
/// Takes the last choice back.
pub const UNDO: &str = "Undo";
/// Does it again.
pub const REDO: &str = "Redo";
/// The switch of the single-letter keys.
pub const LETTERS: &str = "Keys of a single letter work";
/// Searches for a proof.
pub const PROVE: &str = "Prove it";
/// Said of a lower bound that the plan meets.
pub const MET: &str = "met: proven smallest";
/// What that does.
pub const PROVE_HINT: &str = "Search for a smaller plan of this schedule until none can exist, for \
                              a minute at most.";
/// While it runs.
pub const PROVING: &str = "Searching for a smaller plan";
/// Part of the bar of what is needed.
pub const IN_ARENA: &str = "arena";
/// What striped parts of bars are.
pub const SCRATCH_BARS: &str =
    "The striped part is scratch, which kernels need beside their tensors.";
/// Title of an output as run.
pub const ACTIVATION: &str = "Its output, as run";
/// All channels.
pub const SHOW_ALL: &str = "Show all";
/// Title of the histogram.
pub const HISTOGRAM: &str = "how often each int8 value occurs";
/// Title of the strip.
pub const STRIP: &str = "one bar a value, from the zero point";
/// While an output is fetched.
pub const FETCHING: &str = "Fetching its output…";
/// What an operator does.
pub const DOES: &str = "Does";
/// Its inputs.
pub const READS: &str = "Reads";
/// Its outputs.
pub const WRITES: &str = "Writes";
/// Its options.
pub const OPTIONS: &str = "Options";
/// Its constants.
pub const WEIGHTS: &str = "Weights";
/// Column of the table.
pub const OPERATOR: &str = "Operator";
/// Column of the table.
pub const OUTPUT: &str = "Output";
/// Column of the table.
pub const LIVE: &str = "Live";
/// Marks the peak.
pub const PEAK_TAG: &str = "peak";
/// Marks what a pass took out.
pub const HOST_TAG: &str = "not counted";
/// Marks what cannot run.
pub const REFUSED_TAG: &str = "cannot run";
/// Title of the inputs.
pub const INPUT: &str = "Input";
/// Title of the network's view.
pub const SEEN: &str = "What the network sees";
/// Title of the answer.
pub const ANSWER: &str = "Answer";
/// A picture of one's own.
pub const OWN_PICTURE: &str = "Own picture";
/// A seeded random input.
pub const NOISE: &str = "Noise";
/// How pictures come in.
pub const PICTURE_HINT: &str = "Or drop or paste a picture. It is decoded here and goes nowhere.";
/// How the picture meets the rectangle.
pub const FIT: &str = "Fit";
/// The centre.
pub const FIT_CROP: &str = "crop the centre";
/// Squeezed.
pub const FIT_STRETCH: &str = "stretch";
/// With bars.
pub const FIT_LETTERBOX: &str = "letterbox";
/// Which values bytes become.
pub const RANGE: &str = "Values";
/// A range of values.
pub const RANGE_SIGNED: &str = "−1 to 1";
/// A range of values.
pub const RANGE_UNIT: &str = "0 to 1";
/// A range of values.
pub const RANGE_BYTES: &str = "0 to 255";
/// Exchanges light and dark.
pub const INVERT: &str = "Invert light and dark";
/// The order of the channels.
pub const ORDER: &str = "Channels";
/// Leads to the pad.
pub const TRY_DRAWING: &str = "Draw your own";
/// Leads to the pictures.
pub const TRY_PICTURES: &str = "Try other pictures";
/// Beside an answer that is not what the sample shows.
pub const WRONG: &str = "✕ wrong";
/// Before an input is set.
pub const NO_INPUT: &str = "No input yet.";
/// In place of the answer of a model that is refused.
pub const NEVER_ANSWERS: &str = "This model cannot run here.";
/// Why an operator has no share of the limit.
pub const OVER_LIMIT: &str = "No share is told of what took fewer than 10 steps of the clock in all \
    (too short), was faster than the limit (unsure), or was so because 3x3 convolutions of stride 1 \
    need 16 products where 36 MACs are counted (Winograd).";
/// Where the answer is another plan's.
pub const OTHER_PLAN_RAN: &str =
    "The plan that is shown has not run yet; this answer is another plan's.";
/// Where a preset cannot keep patches or another order.
pub const LAYERWISE_BY_TFLM: &str = "TensorFlow Lite Micro knows neither patches nor another order: \
    the plan is layer by layer now. Undo brings the former one back.";
/// Before a run.
pub const NO_ANSWER: &str = "This plan has not run on this input yet.";

/// The pictures that come with the page.
pub const SAMPLES: &str = "Sample pictures";
/// The field for one's own SRAM.
pub const OWN_SRAM: &str = "SRAM, KiB or B";
/// The field for one's own Flash.
pub const OWN_FLASH: &str = "Flash, KiB or B";
/// What tiles are.
pub const CHANNELS: &str = "channels";
/// What bars of a strip are.
pub const VALUES: &str = "values";
/// Said of operators after the patch stage.
pub const TAIL_NOTE: &str = "After the patch stage: whole maps, as layer by layer.";
/// What an operator costs in patches.
pub const IN_PATCHES: &str = "In patches";
/// The scrolled part of the comparison.
pub const COMPARISON_TABLE: &str = "Figures of both plans";
/// The scrolled part of the table.
pub const OPERATORS_TABLE: &str = "Table of operators";

/// One key and what it does.
pub const SHORTCUTS: &[(&str, &str)] = &[
    ("O", "open a .tflite, or a .csv of buffers to place"),
    ("G", "sample models"),
    ("E", "explain an error line"),
    ("Ctrl+K", "find a command, operator, sample or board"),
    ("[  ]", "previous, next operator"),
    ("P", "select the peak"),
    ("L", "layer by layer or in patches"),
    ("A", "keep the shown plan (A), to compare others (B) with it"),
    ("R", "run inference"),
    ("T", "next theme"),
    ("Ctrl+Z", "take the last choice back"),
    ("Ctrl+Y", "do it again"),
    ("← →", "in a chart: step through time or operators"),
    ("↑ ↓", "in the arena: walk the live tensors; in the graph: step through operators"),
    ("+  -  Space", "in the arena: zoom, play"),
    ("← → F", "in the graph: fold, unfold a block; all blocks"),
    ("/", "find a command or an operator; in the graph: an operator"),
    ("Home  End", "in a chart: first, last"),
    ("Enter", "in a chart of schedules or planners: show the marked one"),
    ("Esc", "close this sheet, dismiss a message"),
    ("?", "this sheet"),
];

/// The model's own chip: `mobilenet.tflite · int8 · 66 operators · input 96x96x3`.
#[must_use]
pub fn model_chip(n_operators: usize, data_types: &str, input: &str) -> String {
    format!("{data_types} · {n_operators} operators · input {input}")
}

/// Whose peak is told where only passes matter.
const STRICT_PEAK: &str = "Peak layer by layer, nothing in place:";

/// The line of the accounting switches.
#[must_use]
pub fn counted_effect(as_stored_bytes: u64, after_bytes: u64, passes: Passes) -> String {
    let (stored, after) = (super::kib(as_stored_bytes), super::kib(after_bytes));
    if passes != Passes::default() {
        let what = if passes == (Passes { float_boundary: false, fold_pad: false }) {
            "both passes are off"
        } else {
            "one pass is off"
        };
        return format!("{STRICT_PEAK} {stored} as stored, {after} so: {what}.");
    }
    if as_stored_bytes == after_bytes {
        format!("{STRICT_PEAK} {stored}; the passes below change nothing for this model.")
    } else {
        format!("{STRICT_PEAK} {stored} as stored, {after} after the passes.")
    }
}

/// What a field of numbers takes, and which number holds until it is given one.
#[must_use]
pub fn number_hint(least: u64, most: u64, holds: Option<u64>) -> String {
    let range = if most == u64::MAX {
        format!("A whole number from {least} on.")
    } else {
        format!("A whole number from {least} to {most}.")
    };
    holds.map_or_else(|| range.clone(), |holds| format!("{range} {holds} holds until then."))
}

/// Under a size that is none, and which one holds until there is one.
#[must_use]
pub fn size_hint(holds: Option<u64>) -> String {
    let hint = "A number of KiB, or of bytes with B behind it: 100000 B.";
    holds.map_or_else(
        || hint.to_owned(),
        |bytes| format!("{hint} {} holds until then.", super::kib_and_bytes(bytes)),
    )
}

/// A field of a block of one's own.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum BlockField {
    /// What it is called.
    Name,
    /// How large it is.
    Size,
}

/// What a field of a block takes.
#[must_use]
pub const fn block_hint(field: BlockField) -> &'static str {
    match field {
        BlockField::Name => "Name: 1 to 40 letters, not blanks alone.",
        BlockField::Size => "Size: from 1 byte to 1 TiB; bytes are whole.",
    }
}

/// Why there is no plan in patches.
#[must_use]
pub const fn no_patches(is_refused: bool) -> &'static str {
    if is_refused {
        "No patches: this model cannot run here."
    } else {
        "No patches: no operator ends a stage, as the first ones do not work on maps."
    }
}

/// Beside a grid that is finer than the map at the stage end.
#[must_use]
pub fn grid_limit(rows: u32, columns: u32) -> String {
    format!("Limited to {rows}×{columns} by this stage end.")
}

/// The caption where only one patch of many is drawn; `patch` counts from 0.
#[must_use]
pub fn folded_caption(patch: u32, n_patches: u32) -> String {
    format!("Drawn: patch {} of {n_patches}, the one that needs most, then the tail.", patch + 1)
}

/// The caption where all patches are drawn.
#[must_use]
pub fn whole_caption(n_patches: u32, n_steps: usize) -> String {
    format!("Drawn: all {n_patches} patches, then the tail: {n_steps} steps.")
}

/// In patches: what the same operator needs layer by layer, where nothing is in place.
#[must_use]
pub fn layerwise_note(layerwise_bytes: u64, is_in_place: bool) -> String {
    let beside = if is_in_place { ", nothing in place," } else { "" };
    format!("Layer by layer{beside} it is {}.", super::kib(layerwise_bytes))
}

/// The title of the list of candidates.
#[must_use]
pub fn candidates_title(found: usize, most: usize, input: &str) -> String {
    if found > most {
        format!("{found} patch schedules planned, {input}; the {most} that need least")
    } else {
        format!("{found} patch schedules planned, {input}, least arena first")
    }
}

/// How often an operator runs in patches, and how much work that is.
#[must_use]
pub fn in_patches(steps: usize, macs: u64, layerwise_macs: u64) -> String {
    if layerwise_macs == 0 {
        return format!("{steps} steps");
    }
    let more = super::recompute_short(macs, layerwise_macs);
    format!("{steps} steps, {} MACs ({more})", super::thousands(macs))
}

/// Said where patches cost more than they save.
#[must_use]
pub fn patches_do_not_help(layerwise_arena: &str, macs: &str) -> String {
    format!(
        "Patches do not help here: layer by layer needs {layerwise_arena}, and this plan takes {macs} of its MACs."
    )
}
