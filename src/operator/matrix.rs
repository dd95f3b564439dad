//! Operators on vectors: dense layers and softmax.

use crate::quant::Multiplier;
use std::sync::Arc;

/// FULLY_CONNECTED: `batches` vectors of `depth` inputs give as many vectors of outputs.
#[derive(Clone, Debug, PartialEq)]
pub struct FullyConnected {
    /// How many input vectors.
    pub batches: usize,
    /// Inputs of one vector.
    pub depth: usize,
    /// Weights, `[output][input]`; their count over `depth` is the number of outputs.
    pub weights: Arc<[i8]>,
    /// One bias for each output (zeros where the file has none).
    pub bias: Arc<[i32]>,
    /// `input scale * weight scale / output scale` for each output.
    pub multipliers: Arc<[Multiplier]>,
    /// Zero point of the input.
    pub input_zero_point: i32,
    /// Zero point of the weights (0 where they are quantized per channel).
    pub weights_zero_point: i32,
    /// Zero point of the output.
    pub output_zero_point: i32,
    /// The fused activation as a clamp `[low, high]`.
    pub clamp: (i8, i8),
}

impl FullyConnected {
    /// Outputs of one vector.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.bias.len()
    }
}

/// SOFTMAX over rows of `depth` values; the output's scale is 1/256, its zero point -128.
///
/// Source: TensorFlow Lite `reference/softmax.h`, in gemmlowp fixed point.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Softmax {
    /// How many rows.
    pub rows: usize,
    /// Values of one row.
    pub depth: usize,
    /// `beta * input scale * 2^26`, at least 1: brings a difference to Q5.26.
    pub multiplier: Multiplier,
    /// Differences from the row's maximum below this count as minus infinity.
    pub least_difference: i32,
}
