//! Why an operator cannot run here, although its memory can be shown.

use crate::tensor::DataType;

/// An operator in the way of inference.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Refusal {
    /// Its position in the file.
    pub operator: usize,
    /// What it asks for.
    pub reason: Reason,
}

/// What an operator asks for that cannot be had here. "Unsupported" is always said, never guessed
/// around.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[expect(missing_docs, reason = "tensors by their index in the file")]
pub enum Reason {
    /// There is no kernel for its kind.
    #[error("there is no kernel for it")]
    Kind,
    /// A tensor has an element type that the kernel does not take.
    #[error("tensor {tensor} is {}, not {expected}", found.name())]
    DataType { tensor: u32, found: DataType, expected: &'static str },
    /// A tensor has no usable quantization.
    #[error("tensor {tensor} has no usable scale and zero point ({what})")]
    Quantization { tensor: u32, what: &'static str },
    /// Weights, a bias, axes or paddings are not constant, or missing.
    #[error("its {0} are not stored in the file")]
    NotConstant(&'static str),
    /// An input that must be an activation is a constant.
    #[error("its input is a constant")]
    ConstantInput,
    /// The number of inputs or outputs is not the kind's.
    #[error("it has {found} {what}, not {expected}")]
    Count { what: &'static str, found: usize, expected: String },
    /// The batch is not 1, or the tensor is no map.
    #[error("tensor {tensor} has shape {shape}, not 1 x height x width x channels")]
    NotAMap { tensor: u32, shape: String },
    /// Shapes that contradict one another.
    #[error("its shapes do not agree: {0}")]
    Shapes(String),
    /// An option has a value without a meaning here.
    #[error("{0}")]
    Option(&'static str),
    /// A tensor is stored in a sparse format or keeps state between runs.
    #[error("tensor {tensor} {what}")]
    Storage { tensor: u32, what: &'static str },
}

impl Reason {
    /// What to do about it.
    #[must_use]
    pub const fn advice(&self) -> &'static str {
        match self {
            Self::DataType { .. } | Self::Quantization { .. } => {
                "Running needs int8: convert the model with full integer quantization. Graph and \
                 memory are shown as they are."
            }
            Self::Shapes(_) => "The file may be damaged: convert the model again.",
            _ => "Graph and memory are complete; only inference needs it.",
        }
    }
}
