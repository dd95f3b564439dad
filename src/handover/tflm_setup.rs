//! What TensorFlow Lite Micro is to be given for a file, as a C++ header: the arena's size in its parts, and a
//! resolver of just the operators that the file has.
//!
//! Of no plan: the interpreter plans by itself and runs the file as stored.

use super::{
    Source, TflmArena,
    label::{macro_prefix, plain},
};
use crate::{
    model::{Model, Operator, registration, sha256_hex},
    order::sorted_positions,
};
use std::fmt::Write as _;

/// Makes the header. ASCII, lines end with a line feed.
pub(super) fn tflm_setup(source: &Source<'_>) -> String {
    let prefix = macro_prefix(source.name);
    let (guard, space) =
        (format!("{prefix}_TFLM_H"), format!("{}_tflm", prefix.to_ascii_lowercase()));
    let (name, digest) = (plain(source.name), sha256_hex(&source.model.bytes));
    let n_bytes = source.model.bytes.len();
    format!(
        "/* What TensorFlow Lite Micro needs to run {name}, told by the TinyML Playground.\n *\n\
         \x20* The file: {n_bytes} bytes, SHA-256 {digest}.\n\
         \x20* The interpreter plans by itself and runs the file as stored: no other plan's arena is told here. C++11. */\n\
         #ifndef {guard}\n#define {guard}\n\n\
         #include <cstddef>\n\n\
         #include \"tensorflow/lite/micro/micro_mutable_op_resolver.h\"\n\n\
         namespace {space} {{\n\n{}\n{}\n\
         }}  // namespace {space}\n\n#endif  // {guard}\n",
        source.tflm.map_or_else(no_sizes, |arena| sizes(arena, &space)),
        operators(source.model)
    )
}

fn no_sizes() -> String {
    "/* No size for its arena (kTensorArenaSize) is known here. */\n".to_owned()
}

fn sizes(arena: TflmArena, space: &str) -> String {
    let TflmArena { head_bytes, tail_bytes, unknown_operators, .. } = arena;
    let unknown = match unknown_operators {
        0 => String::new(),
        count => {
            format!(
                "\n\x20* Nothing is counted for {count} operators of kinds without figures here."
            )
        }
    };
    let (rounding_bytes, start_bytes) = (arena.kept_bytes() - tail_bytes, arena.only_start_bytes());
    format!(
        "/* Activations, at addresses that are multiples of 16: the arena's head. */\n\
         constexpr std::size_t kActivationBytes = {head_bytes};\n\
         /* What it keeps between runs: the arena's tail, estimated for pointers of 4 bytes.{unknown} */\n\
         constexpr std::size_t kPersistentBytes = {tail_bytes};\n\
         /* Lost by rounding their sum up to a multiple of 16. */\n\
         constexpr std::size_t kRoundingBytes = {rounding_bytes};\n\
         /* What only its start needs beyond these, to plan; arena_used_bytes() leaves it out. */\n\
         constexpr std::size_t kStartBytes = {start_bytes};\n\
         /* Yours to choose. Kernels made for a chip (CMSIS-NN, ESP-NN) want scratch, which nothing above counts:\n\
         \x20* begin with much, then make kTensorArenaSize what arena_used_bytes() says, and kStartBytes more. */\n\
         constexpr std::size_t kMarginBytes = 0;\n\
         constexpr std::size_t kTensorArenaSize =\n    \
         kActivationBytes + kPersistentBytes + kRoundingBytes + kStartBytes + kMarginBytes;\n\
         /*   alignas(16) static uint8_t tensor_arena[{space}::kTensorArenaSize]; */\n"
    )
}

/// The resolver with its size, and what adds each kind of operator once.
fn operators(model: &Model) -> String {
    let (mut calls, mut remarks, mut n_kinds) = (String::new(), String::new(), 0u32);
    for operator in kinds(model) {
        n_kinds += 1;
        let kind = plain(&operator.kind);
        // Writing to a string cannot fail.
        let _ = match registration(&operator.kind) {
            Some(name) => writeln!(calls, "  TF_LITE_ENSURE_STATUS(resolver.Add{name}());"),
            None if is_custom(operator) => {
                writeln!(remarks, "  /* {kind}: AddCustom() with a kernel of your own. */")
            }
            None => {
                writeln!(remarks, "  /* {kind}: MicroMutableOpResolver is not known to have it. */")
            }
        };
    }
    format!(
        "/* The kinds of operators in the file, and no others. */\n\
         constexpr unsigned int kOperators = {};\n\
         using OpResolver = tflite::MicroMutableOpResolver<kOperators>;\n\n\
         inline TfLiteStatus AddOperators(OpResolver& resolver) {{\n\
         {calls}{remarks}  return kTfLiteOk;\n}}\n",
        n_kinds.max(1)
    )
}

/// The first operator of each kind, by name.
fn kinds(model: &Model) -> Vec<&Operator> {
    let operators = &model.operators;
    let by_kind = |one: usize, other: usize| operators[one].kind.cmp(&operators[other].kind);
    let mut kinds: Vec<&Operator> =
        sorted_positions(operators.len(), &by_kind).into_iter().map(|at| &operators[at]).collect();
    kinds.dedup_by(|one, other| one.kind == other.kind);
    kinds
}

/// `CUSTOM` of the schema.
fn is_custom(operator: &Operator) -> bool {
    operator.builtin_code == 32
}
