//! The plan as a C header: macros for the arena's size, its parts and the tensors' offsets.

use super::{
    OfflineRefusal, Source, TflmArena,
    label::{macro_prefix, plain},
    offline_refusal,
    rows::{Row, rows},
};
use crate::{
    model::sha256_hex,
    plan::live_bytes,
    schedule::{Extent, InPlace, InputImage, Role, ScheduleChoice, ScratchOf, exact_problem},
};
use std::fmt::Write as _;

/// Makes the header. ASCII, lines end with a line feed.
pub(super) fn c_header(source: &Source<'_>) -> String {
    let prefix = macro_prefix(source.name);
    let rows = rows(source);
    let mut text = String::new();
    comment(&mut text, source);
    let guard = format!("{prefix}_ARENA_H");
    // Writing to a string cannot fail.
    let _ = writeln!(text, "#ifndef {guard}\n#define {guard}\n");
    sizes(&mut text, source, &prefix);
    ends(&mut text, source, &prefix);
    tflm(&mut text, source, &prefix);
    tensors(&mut text, source, &prefix, &rows);
    let _ = writeln!(text, "\n#endif /* {guard} */");
    text
}

fn comment(text: &mut String, source: &Source<'_>) {
    let _ = writeln!(
        text,
        "/* The arena of {}, planned by the TinyML Playground.\n *\n\
         \x20* Schedule: {}; {}.\n\
         \x20* Counted: activations and {}, all in one array.\n\
         \x20* Not counted: weights (in Flash), stack, and what an interpreter keeps for itself.\n\
         \x20* Offsets are bytes from the arena's start. */",
        plain(source.name),
        schedule_words(source.schedule.choice),
        in_place_words(source.schedule.in_place),
        scratch_words(source.schedule.scratch_of),
    );
}

fn schedule_words(choice: ScheduleChoice) -> String {
    match choice {
        ScheduleChoice::Layerwise => "layer by layer".to_owned(),
        ScheduleChoice::Reordered => "layer by layer, in the order of least peak".to_owned(),
        ScheduleChoice::Patched { stage_end, rows, columns, input_image } => {
            let input = match input_image {
                InputImage::Resident => "resident",
                InputImage::Streamed => "streamed",
            };
            format!("operators up to #{stage_end} in {rows}x{columns} patches, input {input}")
        }
    }
}

const fn in_place_words(in_place: InPlace) -> &'static str {
    match in_place {
        InPlace::None => "nothing in place",
        InPlace::Depthwise => "depthwise convolutions in place",
        InPlace::All => "depthwise convolutions, ADD, MUL and QUANTIZE in place",
    }
}

const fn scratch_words(scratch: ScratchOf) -> &'static str {
    match scratch {
        ScratchOf::Kernels => "the scratch of this schedule's kernels",
        ScratchOf::TinyEngine => "the scratch of TinyEngine's kernels",
    }
}

fn sizes(text: &mut String, source: &Source<'_>, prefix: &str) {
    let sum = |is_counted: fn(Role) -> bool| {
        let mut buffers = exact_problem(source.schedule).buffers;
        for (planned, buffer) in buffers.iter_mut().zip(&source.schedule.buffers) {
            planned.size_bytes *= u64::from(is_counted(buffer.role));
        }
        live_bytes(&buffers, source.schedule.steps.len()).into_iter().max().unwrap_or(0)
    };
    let least = source.schedule.alignment.bytes();
    let aligned = source.schedule.buffers.iter().map(|buffer| buffer.alignment_bytes.max(least));
    let mut define = |name: &str, value: &dyn std::fmt::Display, about: &str| {
        let _ = writeln!(text, "/* {about} */\n#define {prefix}_{name} {value}");
    };
    define(
        "ARENA_BYTES",
        &source.solution.height_bytes,
        "Bytes of the arena of this plan; what TensorFlow Lite Micro is to be given stands below.",
    );
    let alignment = aligned.max().unwrap_or(least);
    define("ARENA_ALIGNMENT_BYTES", &alignment, "What the arena's address is a multiple of.");
    let activations = sum(|role| role != Role::Scratch);
    define("ACTIVATIONS_BYTES", &activations, "The most bytes of activations live at once.");
    let scratch = sum(|role| role == Role::Scratch);
    define("SCRATCH_BYTES", &scratch, "The most scratch of a step; 0 where none is planned.");
    let hex = sha256_hex(&source.model.bytes);
    define("MODEL_SHA256", &format!("\"{hex}\""), "SHA-256 of the .tflite file.");
    define("MODEL_BYTES", &source.model.bytes.len(), "Bytes of the .tflite file.");
}

/// What to allocate for TensorFlow Lite Micro, part by part, whether it can run the plan or not: it plans the file
/// by itself; or that it is not known.
fn tflm(text: &mut String, source: &Source<'_>, prefix: &str) {
    let refusal = offline_refusal(source.graph, source.schedule);
    // It runs what passes took out, and plans by itself what it cannot be told: neither is another plan.
    let refusal = refusal.filter(|refusal| {
        use OfflineRefusal::{InPlace, Order, Overlap, Patches};
        matches!(refusal, Patches | Order | InPlace { .. } | Overlap(_))
    });
    if let Some(refusal) = refusal {
        let _ = writeln!(
            text,
            "\n/* TensorFlow Lite Micro cannot run the plan above, as {refusal}. */"
        );
    }
    if let Some(arena) = source.tflm {
        return tflm_parts(text, arena, prefix);
    }
    let _ = writeln!(
        text,
        "\n/* TensorFlow Lite Micro: no size for its arena (kTensorArenaSize) is known here: what it keeps for\n\
         \x20* itself has no estimate. {prefix}_ARENA_BYTES is not that size. */"
    );
}

fn tflm_parts(text: &mut String, arena: TflmArena, prefix: &str) {
    let TflmArena { head_bytes, tail_bytes, unknown_operators, .. } = arena;
    let unknown = match unknown_operators {
        0 => String::new(),
        count => format!(
            "\n\x20* Nothing is counted for {count} operators of kinds without figures here."
        ),
    };
    let _ = writeln!(
        text,
        "\n/* What to allocate for TensorFlow Lite Micro, which plans by itself and runs the file as stored:\n\
         \x20*   constexpr int kTensorArenaSize = {prefix}_TFLM_ARENA_BYTES;\n\
         \x20*   alignas(16) uint8_t tensor_arena[kTensorArenaSize];\n\
         \x20* Scratch of kernels made for a chip (CMSIS-NN, ESP-NN) comes on top.{unknown} */\n\
         /* Activations, at addresses that are multiples of 16: its head. */\n\
         #define {prefix}_TFLM_HEAD_BYTES {head_bytes}\n\
         /* What it keeps between runs: its tail, estimated for pointers of 4 bytes. */\n\
         #define {prefix}_TFLM_TAIL_BYTES {tail_bytes}\n\
         /* Lost by rounding the sum up to a multiple of 16. */\n\
         #define {prefix}_TFLM_ROUNDING_BYTES {}\n\
         /* What only its start needs beyond these, to plan; arena_used_bytes() leaves it out. */\n\
         #define {prefix}_TFLM_START_BYTES {}\n\
         /* All four: about what it needs. Allocate more at first: kernels of a chip may want scratch beside it. */\n\
         #define {prefix}_TFLM_ARENA_BYTES {}",
        arena.kept_bytes() - tail_bytes,
        arena.only_start_bytes(),
        arena.bytes()
    );
}

/// Where the caller fills and reads.
fn ends(text: &mut String, source: &Source<'_>, prefix: &str) {
    let _ = writeln!(text, "\n/* Inputs before the first step, outputs after the last one. */");
    let inputs = source.schedule.inputs.iter().map(|input| ("INPUT", *input));
    let outputs = source.schedule.outputs.iter().map(|output| ("OUTPUT", Some(*output)));
    let numbered = inputs.enumerate().chain(outputs.enumerate());
    for (number, (what, id)) in numbered {
        let buffer = id.and_then(|id| source.schedule.buffers.get(id.index()));
        let offset = id.and_then(|id| source.solution.offsets.get(id.index()));
        let _ = match (buffer, offset) {
            (Some(buffer), Some(offset)) => writeln!(
                text,
                "#define {prefix}_{what}{number}_OFFSET {offset}\n\
                 #define {prefix}_{what}{number}_BYTES {}",
                buffer.bytes
            ),
            _ => writeln!(text, "/* {what}{number} is delivered patch by patch. */"),
        };
    }
}

/// The offsets of whole tensors; parts of maps are too many and too short-lived for macros.
fn tensors(text: &mut String, source: &Source<'_>, prefix: &str, rows: &[Row<'_>]) {
    let is_whole =
        |row: &&Row<'_>| row.buffer.extent == Extent::Whole && row.buffer.role != Role::Scratch;
    let _ = writeln!(
        text,
        "\n/* Whole tensors by their index in the file: shape, bytes, steps of life (half-open) of {}. */",
        source.schedule.steps.len()
    );
    for row in rows.iter().filter(is_whole) {
        let writer = row.operator.map_or("input".to_owned(), |operator| format!("#{operator}"));
        let life = &row.buffer.lifespan;
        let _ = writeln!(
            text,
            "#define {prefix}_TENSOR{}_OFFSET {} /* {writer} {}: {}, {} B, [{}, {}) */",
            row.buffer.tensor.0,
            row.offset_bytes,
            row.tensor,
            row.shape,
            row.buffer.bytes,
            life.start,
            life.end
        );
    }
    let others = rows.len() - rows.iter().filter(is_whole).count();
    if others > 0 {
        let _ = writeln!(text, "/* {others} parts of maps and scratch buffers are not listed. */");
    }
}
