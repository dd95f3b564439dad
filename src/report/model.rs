//! The model's own figures, which no schedule changes.

use super::{Problem, TflmPersistent};
use crate::{
    graph::Removal,
    handover::{TFLM_ALIGNMENT_BYTES, TflmArena},
    tensor::TensorId,
};
use serde::{Deserialize, Serialize};

/// Everything about a model that does not depend on a schedule.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct ModelReport {
    /// Size of the file.
    pub file_bytes: u64,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// The file's own description.
    pub description: String,
    /// All tensors of the file, by index.
    pub tensors: Vec<TensorReport>,
    /// All operators of the file, by index; those that passes took out are marked.
    pub operators: Vec<OperatorReport>,
    /// The graph's inputs after passes.
    pub inputs: Vec<TensorId>,
    /// The graph's outputs after passes.
    pub outputs: Vec<TensorId>,
    /// Multiply-accumulates of one inference, layer by layer.
    pub macs: u64,
    /// Bytes of all constant buffers that operators use, as stored.
    pub flash_bytes: u64,
    /// Greatest live set of the file's own graph, before passes.
    pub as_stored_peak_bytes: u64,
    /// Greatest live set after passes, nothing in place.
    pub peak_bytes: u64,
    /// The first operator that reaches it (index in the file).
    pub peak_operator: u32,
    /// Greatest live set after passes, depthwise convolutions in place.
    pub depthwise_in_place_peak_bytes: u64,
    /// Arena of the layer-wise plan after passes.
    pub arena_bytes: u64,
    /// No plan without overlap can be smaller: the greatest live set, or more where alignment makes it so and a search has proven it.
    pub lower_bound_bytes: u64,
    /// The arena that TensorFlow Lite Micro's planner makes for activations of the file as stored:
    /// what that engine reports as head.
    #[serde(default)]
    pub tflm_arena_bytes: u64,
    /// What TensorFlow Lite Micro would keep beside the arena's activations on a 32-bit target, for
    /// the file as stored: an estimate.
    #[serde(default)]
    pub tflm_persistent_estimate: TflmPersistent,
    /// Operators after which one tensor alone is live, so that a patch stage can end there.
    pub stage_ends: Vec<u32>,
    /// Why inference is refused; `None` when the model can run.
    pub refusal: Option<Refusal>,
    /// Oddities of the file, as sentences.
    pub warnings: Vec<String>,
}

impl ModelReport {
    /// What to allocate for TensorFlow Lite Micro to run the file as stored; `None` where that is not known. Of
    /// an array of any other length its interpreter leaves the end.
    #[must_use]
    pub fn tflm_arena(&self) -> Option<TflmArena> {
        let (head_bytes, kept) = (self.tflm_arena_bytes, &self.tflm_persistent_estimate);
        // A link may carry any numbers.
        let most = head_bytes.checked_add(kept.bytes)?.max(kept.start_bytes);
        most.checked_next_multiple_of(TFLM_ALIGNMENT_BYTES)?;
        (head_bytes > 0 && kept.bytes > 0).then_some(TflmArena {
            head_bytes,
            tail_bytes: kept.bytes,
            start_bytes: kept.start_bytes,
            unknown_operators: kept.unknown_operators,
        })
    }

    /// Bytes of the Flash that an interpreter needs for it: the whole file, which stays as it is. Numbers from
    /// a link know no file, but its weights.
    #[must_use]
    pub fn flash_needed_bytes(&self) -> u64 {
        self.file_bytes.max(self.flash_bytes)
    }

    /// How the first input is quantized: itself, or by the QUANTIZE that reads it.
    #[must_use]
    pub fn input_quantization(&self) -> Option<QuantizationReport> {
        let of = |id: &TensorId| self.tensors.get(id.index()).and_then(|one| one.quantization);
        let input = self.inputs.first()?;
        let is_meant = |one: &&OperatorReport| one.kind == "QUANTIZE" && one.inputs.contains(input);
        let made = || self.operators.iter().find(is_meant)?.outputs.first();
        of(input).or_else(|| of(made()?))
    }

    /// Whether an output tells classes: it comes from a SOFTMAX, behind a float boundary or not.
    #[must_use]
    pub fn tells_classes(&self) -> bool {
        let maker = |id: &TensorId| {
            self.operators.iter().find(|one| one.removed_by.is_none() && one.outputs.contains(id))
        };
        let is_softmax = |id: &TensorId| {
            let last = maker(id);
            let before =
                last.filter(|one| one.kind == "DEQUANTIZE").and_then(|one| one.inputs.first());
            before.and_then(maker).or(last).is_some_and(|one| one.kind == "SOFTMAX")
        };
        self.outputs.iter().any(is_softmax)
    }
}

/// Why a model is shown but not run.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Refusal {
    /// The operator in the way, where there is one.
    pub operator: Option<u32>,
    /// The reason and what to do.
    pub problem: Problem,
}

/// Operators of one colour in every picture.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// CONV_2D and its kin.
    Convolution,
    /// DEPTHWISE_CONV_2D.
    Depthwise,
    /// ADD, MUL and the like.
    ElementWise,
    /// FULLY_CONNECTED, SOFTMAX.
    Dense,
    /// Pooling, MEAN, RESHAPE, PAD, QUANTIZE and everything else.
    Other,
}

/// One operator.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct OperatorReport {
    /// Its position in the file, from 0.
    pub index: u32,
    /// The schema's name, such as `CONV_2D`.
    pub kind: String,
    /// Its colour in pictures.
    pub family: Family,
    /// `Some` when a pass took it out of the graph; it then has no live set.
    pub removed_by: Option<Removal>,
    /// Kernel size, rows and columns, for those that slide a window.
    pub kernel: Option<[u32; 2]>,
    /// Stride, rows and columns, for those that slide a window.
    pub stride: Option<[u32; 2]>,
    /// Steps between the taps of a window, rows and columns.
    pub dilation: Option<[u32; 2]>,
    /// Cells of padding above and to the left of the map under a window, or around it (PAD).
    pub padding: Option<[u32; 2]>,
    /// Inputs after passes, constants among them, left-out ones missing.
    pub inputs: Vec<TensorId>,
    /// Outputs.
    pub outputs: Vec<TensorId>,
    /// Dimensions of the first output.
    pub output_shape: Vec<usize>,
    /// Multiply-accumulates of the whole operator.
    pub macs: u64,
    /// Whether fast kernels compute it in fewer products than are counted, by Winograd's F(2x2, 3x3).
    pub is_winograd: bool,
    /// Bytes live while it runs, layer-wise, after passes; 0 for removed ones.
    pub live_bytes: u64,
    /// Bytes of its constants, as stored.
    pub constant_bytes: u64,
    /// Its options, in a fixed order.
    pub options: Vec<OptionReport>,
    /// Why this operator cannot run here.
    pub refusal: Option<Problem>,
}

/// One option of an operator, both sides in the schema's words.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct OptionReport {
    /// Such as `stride`.
    pub name: String,
    /// Such as `2x2`.
    pub value: String,
}

/// What a tensor is in the graph after passes.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TensorRole {
    /// Filled by the caller.
    Input,
    /// Made by one operator, read by others.
    Activation,
    /// Read by the caller (and maybe by operators).
    Output,
    /// Weights, biases, shapes: in Flash, never live.
    Constant,
    /// The bytes of another tensor under another shape.
    Alias,
    /// Not in the graph (taken out by a pass, or never used).
    Absent,
}

/// One tensor.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct TensorReport {
    /// Its index in the file.
    pub index: TensorId,
    /// Its name in the file.
    pub name: String,
    /// Its dimensions.
    pub shape: Vec<usize>,
    /// The name of its element type, such as `int8`.
    pub data_type: String,
    /// Bytes of the whole tensor.
    pub bytes: u64,
    /// What it is after passes.
    pub role: TensorRole,
    /// The tensor whose bytes it shares, for aliases.
    pub alias_of: Option<TensorId>,
    /// The operators (half-open, as positions in the file) during which it is live, layer-wise;
    /// `None` for what is never live.
    pub live: Option<[u32; 2]>,
    /// Its quantization.
    pub quantization: Option<QuantizationReport>,
}

/// Scale and zero point; of per-channel ones the range.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct QuantizationReport {
    /// How many scales: 1 for a tensor quantized as a whole.
    pub channels: u32,
    /// The first (or only) scale.
    pub scale: f32,
    /// The least scale.
    pub least_scale: f32,
    /// The greatest scale.
    pub greatest_scale: f32,
    /// The first (or only) zero point.
    pub zero_point: i64,
}
