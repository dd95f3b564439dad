//! What an inference did: counted, timed and hashed while it ran.

use crate::{schedule::PlanChoice, tensor::TensorId};
use serde::{Deserialize, Serialize};

/// One inference.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct RunReport {
    /// The schedule that ran, and how its arena was planned.
    pub choice: PlanChoice,
    /// The set of kernels that computed.
    pub kernels: String,
    /// Bytes of the arena that it ran in: the length of the very slice.
    pub arena_bytes: u64,
    /// Multiply-accumulates, counted by the kernels.
    pub macs: u64,
    /// How many inferences the times are means of.
    pub repeats: u32,
    /// Time of all steps together; 0 where no clock was given.
    pub total_ms: f64,
    /// Time by operator, summed over its patches, in the file's order.
    #[serde(rename = "operator_times")]
    pub operators: Vec<OperatorTime>,
    /// The outputs.
    pub outputs: Vec<OutputReport>,
}

/// The time one operator took, and how often it ran.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct OperatorTime {
    /// Index in the file.
    pub operator: u32,
    /// Milliseconds over all its steps.
    pub ms: f64,
    /// Multiply-accumulates that its kernels counted.
    pub macs: u64,
    /// How many steps it had (patches).
    pub steps: u32,
}

/// One output tensor.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct OutputReport {
    /// The tensor of the file (behind a float boundary: the float one).
    pub tensor: TensorId,
    /// SHA-256 of its bytes, little-endian, in hexadecimal.
    pub sha256: String,
    /// SHA-256 of the int8 tensor behind a float boundary.
    pub int8_sha256: Option<String>,
    /// The greatest values, best first, at most five; empty for maps.
    pub top: Vec<ScoreReport>,
}

/// One class of an output.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct ScoreReport {
    /// Its index.
    pub class: u32,
    /// Its real value: dequantized.
    pub value: f32,
    /// Its quantized value, where it has one.
    pub quantized: Option<i8>,
}

/// An operator's output as run. The bytes travel beside it, row by row, channels innermost.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct ActivationReport {
    /// The operator (index in the file); `None` for the graph's input.
    pub operator: Option<u32>,
    /// The tensor.
    pub tensor: TensorId,
    /// Rows of the map.
    pub height: u32,
    /// Columns of the map.
    pub width: u32,
    /// Channels of the map.
    pub channels: u32,
    /// The real value of one step; 1 where the tensor has no quantization.
    pub scale: f32,
    /// The quantized value that means 0.
    pub zero_point: i32,
    /// Least quantized value.
    pub least: i8,
    /// Greatest quantized value.
    pub greatest: i8,
    /// Values at -128 or 127.
    pub saturated: u64,
    /// How many values fall into each sixteenth of -128..=127.
    pub histogram: [u32; 16],
    /// SHA-256 of the bytes.
    pub sha256: String,
}
