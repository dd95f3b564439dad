//! TensorFlow Lite Micro's arena that was too small.

use super::{
    BESIDE_ARENA, Balance, Explanation, Known, OF_MODEL, below_zero, board_for_model, board_with,
    exact_bytes, kib, kib_and_bytes, no_patches, other_plan, target_words, thousands, whole_bytes,
    whole_words,
};
use crate::error_line::{Figure, Step};

/// The numbers of a refusal, as far as they make sense.
#[derive(Clone, Copy)]
struct Numbers {
    requested: Option<u64>,
    available: Option<u64>,
    /// By how much the arena is too small there.
    short: Option<u64>,
    /// What was taken of the arena before beyond its end.
    overdrawn: Option<u64>,
}

impl Numbers {
    fn of([requested, available, missing]: [Option<Figure>; 3]) -> Self {
        let bytes = |figure: Option<Figure>| figure.and_then(Figure::bytes);
        let below = available.filter(|figure| figure.signed() < 0);
        let (overdrawn, asked) =
            (below.map(|figure| figure.signed().unsigned_abs()), bytes(requested));
        let (left, missing) = (bytes(available), bytes(missing));
        let difference = || match overdrawn {
            Some(overdrawn) => asked?.checked_add(overdrawn),
            None => asked?.checked_sub(left?),
        };
        // Of a request below zero nothing can be missing.
        let short = asked.and_then(|_| missing.or_else(difference));
        Self { requested: asked, available: left, short, overdrawn }
    }
}

/// A step asked for more than the arena has left: requested, available, missing.
pub(super) fn refused(step: Step, figures: [Option<Figure>; 3], known: &Known<'_>) -> Explanation {
    let model = known.model;
    let numbers = Numbers::of(figures);
    let Numbers { requested, available, short, .. } = numbers;
    let is_plan = matches!(step, Step::Plan | Step::Head);
    // Kernels of other sets may ask for scratch beside the plan: then the line knows better.
    let activations = requested.filter(|&bytes| is_plan && bytes >= model.tflm_arena_bytes);
    let stays = model.tflm_persistent_estimate.bytes;
    let whole = whole_bytes(model);
    let told = activations.map_or(whole, |bytes| {
        let arena = model.tflm_arena();
        arena.map_or_else(|| bytes.saturating_add(stays), |arena| arena.bytes_with(bytes))
    });
    // What is there and what is missing are parts of it, whatever this model needs.
    let least = short.map_or(0, |short| short.saturating_add(available.unwrap_or(0)));
    let needed = told.max(least);
    let is_far = match is_plan {
        true => requested.is_some_and(|bytes| is_far(bytes, model.tflm_arena_bytes)),
        false => least > whole,
    };
    // What stays on top of activations is the same beside what is left for them.
    let arena = activations.zip(available).map(|(bytes, left)| {
        let running = model.tflm_arena().map(|arena| arena.running_bytes_with(bytes));
        left.saturating_add(running.map_or(stays, |running| running.saturating_sub(bytes)))
    });
    let whole_short = activations.and(short).filter(|&short| short <= told);
    let mut sentences = vec![where_words(step).to_owned()];
    sentences.extend(below_words(figures, numbers));
    if let Some(requested) = requested.filter(|_| is_plan) {
        sentences.push(compared(requested, model.tflm_arena_bytes));
    }
    sentences.push(whole_words(model));
    let operators = if is_plan { vec![model.peak_operator] } else { Vec::new() };
    Explanation {
        title: title(step).to_owned(),
        balances: vec![
            Balance::of("This step", [requested, available, short]),
            Balance::of("Whole arena, about", [Some(needed), arena, whole_short]),
        ],
        sentences,
        advice: advice(needed, is_far, is_plan, numbers, known),
        operators,
        is_about_memory: true,
    }
}

/// What to do about a refusal where the arena should have `needed` bytes.
fn advice(
    needed: u64,
    is_far: bool,
    is_plan: bool,
    numbers: Numbers,
    known: &Known<'_>,
) -> Vec<String> {
    let model = known.model;
    let Numbers { requested, available, short, overdrawn } = numbers;
    // What a plan finds left is without what stays.
    let wanted = if is_plan { model.tflm_arena_bytes } else { needed };
    let enough = available.filter(|&left| requested.is_none() && left >= wanted);
    if let Some(left) = enough {
        let leave = format!(
            "Leave the arena as it is: {} are left of it there, and this model needs {} of that. Check \
             which model the program loads.",
            exact_bytes(left),
            kib_and_bytes(wanted)
        );
        return [leave, board_for_model(known)].into_iter().chain(no_patches(model)).collect();
    }
    let lead = match is_far {
        true => "The line may be of another model; if it is of this one: ",
        false => "",
    };
    let write = arena_words(needed, short.filter(|_| is_plan));
    let mut advice = vec![format!("{lead}{write}")];
    match (overdrawn, available.filter(|_| is_plan), known.sram_bytes) {
        (Some(_), ..) => {
            advice.push(
                "Another plan of the activations alone does not help: nothing is left for them."
                    .to_owned(),
            );
            advice.extend(no_patches(model));
        }
        (None, Some(left), _) => advice.extend(other_plan(left, "", known)),
        (None, None, Some(sram)) => {
            let room = sram.saturating_sub(model.tflm_persistent_estimate.bytes);
            advice.extend(other_plan(room, " if the arena gets all of the target's SRAM", known));
        }
        (None, None, None) => advice.extend(no_patches(model)),
    }
    let whole = whole_bytes(model);
    let (whose, of_model) = match needed > whole {
        true if is_far => ("this line asks for", target_words(whole, OF_MODEL, known)),
        true => ("this line asks for", String::new()),
        false => (OF_MODEL, String::new()),
    };
    let target = target_words(needed, whose, known);
    advice.push(format!("{target}{of_model}{}{BESIDE_ARENA}", board_with(needed, known)));
    advice
}

/// What numbers below zero mean: in what is left, that the arena was overdrawn; else nothing.
fn below_words(figures: [Option<Figure>; 3], numbers: Numbers) -> Option<String> {
    let [requested, available, missing] = figures;
    let (Some(left), Some(overdrawn)) = (available, numbers.overdrawn) else {
        let printed: Vec<Figure> = [requested, missing].into_iter().flatten().collect();
        return below_zero(&printed);
    };
    let printed = u64::try_from(left.printed()).map_or_else(
        |_| String::new(),
        |printed| {
            format!(
                "{} is -{} printed without its sign: ",
                thousands(printed),
                thousands(overdrawn)
            )
        },
    );
    let short = numbers.short.map_or_else(
        || ".".to_owned(),
        |short| format!(", so with this step it is {} short.", exact_bytes(short)),
    );
    Some(format!(
        "{printed}the arena was overdrawn by {} before this step already{short}",
        exact_bytes(overdrawn)
    ))
}

/// Whether a line asks for so much more than this model needs that it may well be of another one.
const fn is_far(requested: u64, planned: u64) -> bool {
    requested.saturating_sub(planned) > planned / 2
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
            board_for_model(known),
        ]
        .into_iter()
        .chain(no_patches(known.model))
        .collect(),
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
        Some(more) if is_far(requested, planned) => format!(
            "It asks for {} more than this model's activations take here: the line may be of another \
             model. Kernels with scratch of their own (CMSIS-NN, ESP-NN) seldom need so much.",
            kib_and_bytes(more)
        ),
        Some(more) => format!(
            "It asks for {} more than this model's activations take here: kernels with scratch of \
             their own (CMSIS-NN, ESP-NN) do that, or the line is of another model.",
            kib_and_bytes(more)
        ),
        None => format!(
            "It asks for {} less than this model's activations take: the line is of another model, \
             or of a step before they are placed.",
            kib_and_bytes(planned - requested)
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
        "Write constexpr int kTensorArenaSize = {kibs} * 1024; ({} rounded up to KiB) and alignas(16) before the \
         array.{more} \
         What stays is an estimate: where a line says that bytes are missing again, add them.",
        exact_bytes(needed_bytes)
    )
}
