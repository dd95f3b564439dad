//! The palette of commands.

/// The palette's name.
pub const TITLE: &str = "Commands";
/// What its field asks for.
pub const FIELD: &str = "Command, #operator, sample or board";
/// Said where nothing matches.
pub const NOTHING: &str = "Nothing is called that.";

/// Commands that are elsewhere on the page: the id of what does it, and its words.
///
/// Those whose element is not there, or does nothing now, are not offered.
pub const COMMANDS: &[(&str, &str)] = &[
    ("try-patches", "Try patches"),
    ("run", "Run inference"),
    ("run-both", "Run both plans"),
    ("peak-operator", "Go to the peak"),
    ("plan-layerwise", "Plan layer by layer"),
    ("plan-patched", "Plan in patches"),
    ("fit-target", "Search patches that fit the target"),
    ("smallest", "Search the smallest arena"),
    ("find-front", "Search all grids"),
    ("compare-rungs", "Compare all planners"),
    ("keep", "Keep the shown plan to compare (A)"),
    ("swap-kept", "Swap A and B"),
    ("show-kept", "Show the kept plan (A)"),
    ("forget-kept", "Forget the kept plan (A)"),
    ("prove", "Prove that the arena is the smallest"),
    ("find-fit", "Find what would make it fit"),
    ("explain", "Explain an error line"),
    ("samples", "Choose a sample model"),
    ("open-file", "Open a .tflite or .csv file"),
    ("export-minimalloc", "Save the plan as CSV"),
    ("export-trace", "Save a trace for Perfetto"),
    ("export-c-header", "Save the plan as a C header"),
    ("export-tflm", "Save what to give TensorFlow Lite Micro (C++)"),
    ("export-tflite", "Save the model with its plan"),
    ("copy-link", "Share: copy a link to what is shown"),
    ("share-numbers", "Share: copy a link with the numbers alone"),
    ("print", "Print one sheet"),
    ("save-report", "Save a report as HTML"),
    ("sweep-play", "Play the patches over the input"),
    ("benchmark", "Compare kernels"),
    ("noise", "Take noise as the input"),
    ("camera", "Take the camera as the input"),
    ("undo", "Take the last choice back"),
    ("redo", "Do it again"),
    ("theme", "Change colours"),
    ("keys", "Show all keys"),
];

/// The command that opens a sample model.
#[must_use]
pub fn open_sample(name: &str) -> String {
    ["Open sample ", name].concat()
}

/// The command that takes a board as the target.
#[must_use]
pub fn take_board(name: &str) -> String {
    ["Target: ", name].concat()
}

/// How many entries are left out.
#[must_use]
pub fn more(n_entries: usize) -> String {
    format!("{n_entries} more: type on")
}
