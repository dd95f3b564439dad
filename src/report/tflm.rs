//! What TensorFlow Lite Micro keeps beside activations: the persistent part of its arena ("tail").
//!
//! An estimate from the model's counts and the sizes of the interpreter's structs, as C lays them
//! out for a pointer of 4 or 8 bytes. With 8 it meets what the interpreter itself reports on a
//! 64-bit host within 16 bytes or 0.05 % (`tests/it/tflm_persistent.rs`); on 32-bit targets it is
//! not measured. There the interpreter's own part is the roughest: half of what the host needs for
//! an interpreter that records its allocations.
//!
//! While it starts it plans, in the place of activations: models of many tensors and little activations need
//! more then than later. That least arena is told too, and met for two models whose least arena was found by
//! trying (same test).
//!
//! Source: TensorFlow Lite Micro as packaged in PyPI's tflite-micro 0.dev20261023182759, reference
//! kernels, allocations recorded; micro_allocator.cc and greedy_memory_planner.cc of the same project.

use crate::model::{Model, Operator, Tensor};
use serde::{Deserialize, Serialize};

/// What persistent buffers of kernels are aligned to.
const ALIGNMENT_BYTES: u64 = 16;

/// The persistent part of TensorFlow Lite Micro's arena, estimated.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct TflmPersistent {
    /// Bytes of a pointer on the target.
    pub pointer_bytes: u64,
    /// All parts together.
    pub bytes: u64,
    /// No smaller arena lets it start: what it keeps by then, and what it plans with. 0 where that is not known.
    #[serde(default)]
    pub start_bytes: u64,
    /// What it is made of.
    pub parts: Vec<TflmPart>,
    /// Operators of kinds whose data is not known here; nothing is counted for it.
    pub unknown_operators: u32,
}

/// A part of the estimate.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct TflmPart {
    /// What it holds.
    pub kind: TflmPartKind,
    /// How many there are.
    pub count: u64,
    /// Bytes of all of them.
    pub bytes: u64,
}

/// What a part of the estimate holds.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TflmPartKind {
    /// A small struct for each tensor.
    Tensors,
    /// A node with its registration for each operator.
    Nodes,
    /// A large struct for each of the model's inputs and outputs, with scale and zero point.
    Ends,
    /// Multiplier and shift for each output channel of convolutions; the count is of channels.
    Channels,
    /// What kernels keep for each operator: prepared numbers, options and scratch handles.
    Operators,
    /// The interpreter's own allocator and planner.
    Interpreter,
}

/// Estimates for a target with pointers of `pointer_bytes` (4, or 8 for a host).
#[must_use]
pub fn tflm_persistent(model: &Model, pointer_bytes: u64) -> TflmPersistent {
    let size = |layout: &[Field]| size_bytes(layout, pointer_bytes);
    let count = |list: usize| list as u64;
    let (tensors, nodes) = (count(model.tensors.len()), count(model.operators.len()));
    let ends: Vec<&Tensor> =
        model.inputs.iter().chain(&model.outputs).map(|id| &model.tensors[id.index()]).collect();
    let quantized = count(ends.iter().filter(|end| end.quantization.is_some()).count());
    let channels = channels(model);
    let kernels = model.operators.iter().map(kernel_data);
    let known = kernels.flatten().map(|data| {
        let own = aligned(size(data.prepared));
        own + size(data.options) + pointer_bytes * data.scratch_handles
    });
    let known: u64 = known.sum();
    let unknown = model.operators.iter().filter(|operator| kernel_data(operator).is_none()).count();
    let handles = model.operators.iter().filter_map(kernel_data).map(|data| data.scratch_handles);
    let planning = planning_bytes(model, handles.sum(), pointer_bytes);
    let part = |kind, count, bytes| TflmPart { kind, count, bytes };
    let ends_bytes = count(ends.len()) * size(TENSOR)
        + quantized * (size(QUANTIZATION) + size(ONE_ZERO_POINT))
        + 2 * aligned(pointer_bytes * count(ends.len()).div_ceil(2));
    let parts = vec![
        part(TflmPartKind::Tensors, tensors, tensors * size(EVAL_TENSOR)),
        part(TflmPartKind::Nodes, nodes, nodes * size(NODE)),
        part(TflmPartKind::Ends, count(ends.len()), ends_bytes),
        part(TflmPartKind::Channels, channels.iter().sum(), channels_bytes(&channels)),
        part(TflmPartKind::Operators, nodes - count(unknown), known),
        part(TflmPartKind::Interpreter, 1, size(INTERPRETER)),
    ];
    let bytes: u64 = parts.iter().map(|part| part.bytes).sum();
    TflmPersistent {
        pointer_bytes,
        bytes,
        // The structs of inputs and outputs are made behind the plan.
        start_bytes: bytes - ends_bytes + planning,
        parts,
        unknown_operators: u32::try_from(unknown).unwrap_or(u32::MAX),
    }
}

/// A run of fields of a struct.
#[derive(Clone, Copy, Debug)]
enum Field {
    /// So many of four bytes (numbers, enumerations, flags beside such).
    Words(u64),
    /// So many pointers.
    Pointers(u64),
    /// A number of eight bytes.
    Double,
}

use Field::{Double, Pointers, Words};

/// Data pointer, shape pointer, type.
const EVAL_TENSOR: &[Field] = &[Pointers(2), Words(1)];
/// Quantization, data, shape and size, then five numbers.
const TENSOR: &[Field] = &[Words(1), Pointers(4), Words(5)];
/// Six lists and data of a node, a size, and its registration.
const NODE: &[Field] = &[Pointers(6), Words(1), Pointers(1)];
/// Scales, zero points, dimension.
const QUANTIZATION: &[Field] = &[Pointers(2), Words(1)];
/// A list of one number with its length.
const ONE_ZERO_POINT: &[Field] = &[Words(2)];
/// A request for scratch: bytes, operator, subgraph.
const REQUEST: &[Field] = &[Pointers(1), Words(2)];
/// What is noted of a tensor to plan it: bytes, where its address goes, first and last operator, an offset that
/// was given, whether to place it.
const ALLOCATION: &[Field] = &[Pointers(2), Words(4)];
/// What the planner notes of a buffer: needs, two places in an order, an entry of its list, an offset.
const PLANNED: &[Field] = &[Words(4), Words(2), Words(3), Words(1)];
/// Requests for scratch for which there is always room.
const SPARE_REQUESTS: u64 = 12;
/// Allocators, planner and their records: 488 bytes on a 64-bit host, counted as pointers.
const INTERPRETER: &[Field] = &[Pointers(61)];

/// What a kernel keeps for one operator.
#[derive(Clone, Copy, Debug)]
struct KernelData {
    /// The struct that it prepares.
    prepared: &'static [Field],
    /// The operator's options, parsed.
    options: &'static [Field],
    /// Handles of the scratch buffers that it asks for.
    scratch_handles: u64,
}

/// The data of a kind; `None` where it is not known here.
fn kernel_data(operator: &Operator) -> Option<KernelData> {
    const CONVOLUTION: &[Field] = &[Words(9), Pointers(2), Words(5)];
    let data = |prepared: &'static [Field], options: &'static [Field]| KernelData {
        prepared,
        options,
        scratch_handles: 0,
    };
    Some(match operator.kind.as_str() {
        "CONV_2D" | "DEPTHWISE_CONV_2D" => data(CONVOLUTION, &[Words(7)]),
        "FULLY_CONNECTED" => data(&[Words(9), Pointers(2), Words(3)], &[Words(8)]),
        "AVERAGE_POOL_2D" | "MAX_POOL_2D" => data(&[Words(8)], &[Words(10)]),
        "ADD" => data(&[Words(15)], &[Words(2)]),
        "MUL" => data(&[Words(9)], &[Words(1)]),
        "MEAN" => KernelData { scratch_handles: 3, ..data(&[Words(11)], &[Words(1)]) },
        "PAD" => data(&[Words(14)], &[]),
        "QUANTIZE" | "DEQUANTIZE" => data(&[Double, Words(5)], &[]),
        "SOFTMAX" => data(&[Double, Words(5), Pointers(6)], &[Words(1)]),
        "RESHAPE" => data(&[], &[Words(9)]),
        "TRANSPOSE" => data(&[], &[]),
        _ => return None,
    })
}

/// What is in the arena beside what is kept while it is planned: requests for scratch, a note of every tensor, the
/// planner's notes of what it places; and what its two ends lose where the array does not end on the alignment.
fn planning_bytes(model: &Model, n_scratch: u64, pointer_bytes: u64) -> u64 {
    let size = |layout: &[Field]| size_bytes(layout, pointer_bytes);
    let is_placed = |tensor: &&Tensor| tensor.constant.is_none() && !tensor.is_variable;
    let n_placed = model.tensors.iter().filter(is_placed).count() as u64 + n_scratch;
    let n_noted = model.tensors.len() as u64 + n_scratch;
    let notes = (n_scratch + SPARE_REQUESTS) * size(REQUEST) + n_noted * size(ALLOCATION);
    aligned(notes) + aligned(n_placed * size(PLANNED)) + ALIGNMENT_BYTES
}

/// Bytes of a struct as C lays it out.
fn size_bytes(layout: &[Field], pointer_bytes: u64) -> u64 {
    let (mut end, mut widest) = (0u64, 1u64);
    for field in layout {
        let (width, count) = match *field {
            Words(count) => (4, count),
            Pointers(count) => (pointer_bytes, count),
            Double => (8, 1),
        };
        widest = widest.max(width);
        end = end.next_multiple_of(width) + width * count;
    }
    end.next_multiple_of(widest)
}

/// The output channels of each operator that has a multiplier for each.
fn channels(model: &Model) -> Vec<u64> {
    let has_channels = |operator: &&Operator| match operator.kind.as_str() {
        "CONV_2D" | "DEPTHWISE_CONV_2D" => true,
        "FULLY_CONNECTED" => {
            let weights = operator.inputs.get(1).copied().flatten();
            let weights = weights.and_then(|id| model.tensors.get(id.index()));
            let scales = weights.and_then(|tensor| tensor.quantization.as_ref());
            scales.is_some_and(|quantization| quantization.scales.len() > 1)
        }
        _ => false,
    };
    let outputs = model.operators.iter().filter(has_channels);
    let outputs = outputs.filter_map(|operator| operator.outputs.first());
    let channels = outputs.map(|id| model.tensors[id.index()].shape.dims().last().copied());
    channels.map(|channels| channels.unwrap_or(1) as u64).collect()
}

/// A multiplier and a shift of 32 bits for each channel, in two lists.
fn channels_bytes(channels: &[u64]) -> u64 {
    channels.iter().map(|&channels| 2 * aligned(4 * channels)).sum()
}

fn aligned(bytes: u64) -> u64 {
    bytes.next_multiple_of(ALIGNMENT_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(layout: &[Field], on_32_bits: u64, on_64_bits: u64) {
        assert_eq!([size_bytes(layout, 4), size_bytes(layout, 8)], [on_32_bits, on_64_bits]);
    }

    #[test]
    fn structs_have_the_sizes_that_compilers_give_them() {
        check(EVAL_TENSOR, 12, 24);
        check(TENSOR, 40, 64);
        check(NODE, 32, 64);
        check(QUANTIZATION, 12, 24);
        check(REQUEST, 12, 16);
        check(ALLOCATION, 24, 32);
        check(PLANNED, 40, 40);
        check(&[Double, Words(1)], 16, 16);
        check(&[], 0, 0);
    }
}
