//! TensorFlow Lite Micro's arena that was too small.

use super::{
    Balance, Explanation, Known, below_zero, board_with, kib, other_plan, size, whole_bytes,
    whole_words,
};
use crate::error_line::{Figure, Step};

/// A step asked for more than the arena has left: requested, available, missing.
pub(super) fn refused(step: Step, figures: [Option<Figure>; 3], known: &Known<'_>) -> Explanation {
    let model = known.model;
    let [requested, available, missing] = figures.map(|figure| figure.and_then(Figure::bytes));
    let printed: Vec<Figure> = figures.into_iter().flatten().collect();
    let short = missing.or_else(|| requested?.checked_sub(available?));
    let is_plan = matches!(step, Step::Plan | Step::Head);
    // Kernels of other sets may ask for scratch beside the plan: then the line knows better.
    let activations = requested.filter(|&bytes| is_plan && bytes >= model.tflm_arena_bytes);
    let stays = model.tflm_persistent_estimate.bytes;
    let needed = activations.map_or(whole_bytes(model), |bytes| bytes.saturating_add(stays));
    let arena = activations.and(available).map(|left| left.saturating_add(stays));
    let mut balances = vec![
        Balance::of("This step", [requested, available, short]),
        Balance::of("Whole arena, about", [Some(needed), arena, activations.and(short)]),
    ];
    let mut sentences = vec![where_words(step).to_owned()];
    if let Some(words) = below_zero(&printed) {
        // What is left of the step's numbers balances nothing.
        balances.remove(0);
        sentences.push(words);
    } else if let Some(requested) = requested.filter(|_| is_plan) {
        sentences.push(compared(requested, model.tflm_arena_bytes));
    }
    sentences.push(whole_words(model));
    let room = available.filter(|_| is_plan);
    let room = room.or_else(|| known.sram_bytes.map(|sram| sram.saturating_sub(stays)));
    let mut advice = vec![arena_words(needed, short.filter(|_| is_plan))];
    advice.extend(room.and_then(|room| other_plan(room, known)));
    advice.push(board_with(needed, known));
    Explanation {
        title: title(step).to_owned(),
        balances,
        sentences,
        advice,
        operators: if is_plan { vec![model.peak_operator] } else { Vec::new() },
        is_about_memory: true,
    }
}

/// `AllocateTensors()` failed without a reason.
pub(super) fn failed(known: &Known<'_>) -> Explanation {
    let needed = whole_bytes(known.model);
    Explanation {
        title: "AllocateTensors() failed".to_owned(),
        sentences: vec![
            "This line says no reason; the one before it does. Paste that as well, or build without \
             TF_LITE_STRIP_ERROR_STRINGS."
                .to_owned(),
            whole_words(known.model),
        ],
        advice: vec![
            format!("If the arena is smaller: {}", arena_words(needed, None)),
            board_with(needed, known),
        ],
        is_about_memory: true,
        ..Explanation::default()
    }
}

const fn title(step: Step) -> &'static str {
    match step {
        Step::Plan | Step::Head => "No room for the activations",
        Step::Tail => "No room for what stays",
        Step::Temporary => "No room for a moment's need",
    }
}

const fn where_words(step: Step) -> &'static str {
    match step {
        Step::Plan | Step::Head => {
            "AllocateTensors() places all activations and scratch at once (head), in what the \
             interpreter's own data (tail) has left of the arena. There it was too small."
        }
        Step::Tail => {
            "AllocateTensors() takes what stays (tail: structs of the interpreter, data of kernels) \
             piece by piece, most of it before activations are placed. One piece found no room, so \
             these numbers are of that piece, not of the model: with so many bytes more the next \
             step fails, with other numbers."
        }
        Step::Temporary => {
            "AllocateTensors() needs memory for a moment, in the place of activations, while it \
             prepares operators or plans. There the arena was too small; these numbers are of that \
             step, not of the model."
        }
    }
}

/// The plan's bytes in the line beside this model's.
fn compared(requested: u64, planned: u64) -> String {
    match requested.checked_sub(planned) {
        Some(0) => "It asks for exactly what this model's activations take here.".to_owned(),
        Some(more) => format!(
            "It asks for {} more than this model's activations take here: kernels with scratch of \
             their own (CMSIS-NN, ESP-NN) do that, or the line is of another model.",
            size(more)
        ),
        None => format!(
            "It asks for {} less than this model's activations take: the line is of another model, \
             or of a step before they are placed.",
            size(planned - requested)
        ),
    }
}

/// Which size to write, in whole KiB.
fn arena_words(needed_bytes: u64, short_bytes: Option<u64>) -> String {
    let kibs = needed_bytes.div_ceil(1024);
    let more = short_bytes
        .map(|short| format!(" That is at least {} more than now.", kib(short)))
        .unwrap_or_default();
    format!(
        "Write constexpr int kTensorArenaSize = {kibs} * 1024; and alignas(16) before the array.{more} \
         What stays is an estimate: where a line says that bytes are missing again, add them."
    )
}
