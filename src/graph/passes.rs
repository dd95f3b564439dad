//! Passes: what of a file's graph a microcontroller would not run as it stands.
//!
//! Each can be switched off; operators keep their number in any case.

use super::{
    build::{Caller, whole_quantization},
    resolve::resolve,
};
use crate::{
    model::{Model, Operator, Options, Padding, constant_i32},
    tensor::{DataType, TensorId},
};
use serde::{Deserialize, Serialize};

/// Which passes are applied to the file's graph.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub struct Passes {
    /// QUANTIZE and DEQUANTIZE at a float boundary are the host's work: the int8 tensor is the
    /// graph's input or output.
    pub float_boundary: bool,
    /// A PAD that only VALID convolutions read is folded into their padding.
    pub fold_pad: bool,
}

impl Default for Passes {
    fn default() -> Self {
        Self { float_boundary: true, fold_pad: true }
    }
}

impl Passes {
    /// None at all: the graph as stored.
    pub const NONE: Self = Self { float_boundary: false, fold_pad: false };
}

/// Why an operator of the file is not in the graph.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Removal {
    /// A QUANTIZE or DEQUANTIZE at the float boundary, done by the host.
    FloatBoundary,
    /// A PAD folded into the padding of the convolutions that read it.
    FoldedPad,
}

/// Rows above and below, columns left and right.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Border {
    pub(super) before: [usize; 2],
    pub(super) after: [usize; 2],
}

/// What is known of some tensors, at their index: a map would be compiled anew for every type.
#[derive(Debug)]
pub(super) struct OfTensors<T>(Vec<Option<T>>);

impl<T> Default for OfTensors<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> OfTensors<T> {
    fn insert(&mut self, id: TensorId, value: T) {
        if self.0.len() <= id.index() {
            self.0.resize_with(id.index() + 1, || None);
        }
        self.0[id.index()] = Some(value);
    }

    pub(super) fn get(&self, id: TensorId) -> Option<&T> {
        self.0.get(id.index())?.as_ref()
    }
}

/// What the passes found to do.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// Operators to leave out, by position in the file.
    pub(super) removed: Vec<(usize, Removal)>,
    /// The output of a folded PAD: the tensor to read in its place, and the border it added.
    pub(super) folded: OfTensors<(TensorId, Border)>,
    /// A float input: the int8 tensor that takes its place.
    pub(super) quantized_inputs: OfTensors<TensorId>,
    /// A float output: the int8 tensor that takes its place.
    pub(super) dequantized_outputs: OfTensors<TensorId>,
}

/// Finds what the passes that are switched on would do to a model.
pub(super) fn find(model: &Model, passes: Passes, caller: &Caller) -> Changes {
    let uses = Uses { model, caller, readers: Readers::of(model) };
    let mut changes = Changes::default();
    for (position, operator) in model.operators.iter().enumerate() {
        let (input, output) = (operator.inputs.first().copied().flatten(), &operator.outputs[..]);
        let (Some(input), &[output]) = (input, output) else { continue };
        let passed = matches!(operator.kind.as_str(), "QUANTIZE" | "DEQUANTIZE" | "PAD");
        // What could not run as stored stays, so that its refusal is told.
        if !passed || resolve(model, &Changes::default(), operator).is_err() {
            continue;
        }
        match operator.kind.as_str() {
            "QUANTIZE" if passes.float_boundary && uses.is_input_boundary(input, output) => {
                changes.removed.push((position, Removal::FloatBoundary));
                changes.quantized_inputs.insert(input, output);
            }
            "DEQUANTIZE" if passes.float_boundary && uses.is_output_boundary(input, output) => {
                changes.removed.push((position, Removal::FloatBoundary));
                changes.dequantized_outputs.insert(output, input);
            }
            "PAD" if passes.fold_pad => {
                if let Some(border) = uses.foldable(operator, input, output) {
                    changes.removed.push((position, Removal::FoldedPad));
                    changes.folded.insert(output, (input, border));
                }
            }
            _ => {}
        }
    }
    // A graph without operators is none: what only quantizes and dequantizes is shown as stored.
    if changes.removed.len() == model.operators.len() { Changes::default() } else { changes }
}

/// Who reads what: for each tensor the positions of its readers.
struct Readers(Vec<Vec<usize>>);

impl Readers {
    fn of(model: &Model) -> Self {
        let mut readers = vec![Vec::new(); model.tensors.len()];
        for (position, operator) in model.operators.iter().enumerate() {
            for input in operator.inputs.iter().flatten() {
                if readers[input.index()].last() != Some(&position) {
                    readers[input.index()].push(position);
                }
            }
        }
        Self(readers)
    }

    fn of_tensor(&self, id: TensorId) -> &[usize] {
        &self.0[id.index()]
    }
}

/// How tensors are used, by operators and by the caller.
struct Uses<'a> {
    model: &'a Model,
    caller: &'a Caller,
    readers: Readers,
}

impl Uses<'_> {
    /// A float input that one QUANTIZE to int8 reads, and nothing else.
    fn is_input_boundary(&self, input: TensorId, output: TensorId) -> bool {
        self.caller.fills[input.index()]
            && !self.caller.reads[input.index()]
            && self.readers.of_tensor(input).len() == 1
            && data_type(self.model, input) == DataType::Float32
            && data_type(self.model, output) == DataType::Int8
            && is_quantized_as_a_whole(self.model, output)
    }

    /// A float output that a DEQUANTIZE from int8 writes and that nothing reads.
    fn is_output_boundary(&self, input: TensorId, output: TensorId) -> bool {
        self.caller.reads[output.index()]
            && self.readers.of_tensor(output).is_empty()
            && data_type(self.model, input) == DataType::Int8
            && data_type(self.model, output) == DataType::Float32
            && is_quantized_as_a_whole(self.model, input)
            && self.model.tensors[input.index()].constant.is_none()
    }

    /// The border of a PAD that only VALID convolutions read as their input, where it is a border
    /// of rows and columns at the zero point.
    fn foldable(&self, pad: &Operator, input: TensorId, output: TensorId) -> Option<Border> {
        let readers = self.readers.of_tensor(output);
        let all_valid = readers.iter().all(|&position| {
            let reader = &self.model.operators[position];
            let uses = reader.inputs.iter().flatten().filter(|&&id| id == output).count();
            let valid = matches!(
                reader.options,
                Options::Conv2d { padding: Padding::Valid, .. }
                    | Options::DepthwiseConv2d { padding: Padding::Valid, .. }
            );
            valid && uses == 1 && reader.inputs.first() == Some(&Some(output))
        });
        let tensor = |id: TensorId| &self.model.tensors[id.index()];
        let same_quantization = tensor(input).quantization == tensor(output).quantization
            && is_quantized_as_a_whole(self.model, input);
        let is_int8 = tensor(input).data_type == DataType::Int8
            && tensor(output).data_type == DataType::Int8
            && tensor(input).constant.is_none();
        let is_private = !readers.is_empty() && !self.caller.reads[output.index()];
        let foldable = all_valid && is_private && same_quantization && is_int8;
        foldable.then(|| border(self.model, pad)).flatten()
    }
}

/// The paddings of a PAD on a map of batch 1, or `None` when it pads batch or channels, or its
/// paddings are unknown or negative.
pub(super) fn border(model: &Model, pad: &Operator) -> Option<Border> {
    let paddings = pad.inputs.get(1).copied().flatten()?;
    let shape = &model.tensors[pad.inputs.first().copied().flatten()?.index()].shape;
    let values = constant_i32(model, paddings)?;
    let [0, 0, top, bottom, left, right, 0, 0] = values[..] else { return None };
    let side = |value: i32| usize::try_from(value).ok();
    shape.is_spatial().then_some(Border {
        before: [side(top)?, side(left)?],
        after: [side(bottom)?, side(right)?],
    })
}

fn data_type(model: &Model, id: TensorId) -> DataType {
    model.tensors[id.index()].data_type
}

fn is_quantized_as_a_whole(model: &Model, id: TensorId) -> bool {
    whole_quantization(&model.tensors[id.index()]).is_some()
}
