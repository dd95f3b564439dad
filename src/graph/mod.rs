//! The checked graph: every tensor with shape, type and quantization, every operator resolved to
//! what a kernel needs, passes applied.
//!
//! A file that is well formed always gives a graph, even where operators cannot run here: memory
//! is then complete, and each such operator carries its [`Refusal`]. Only a graph that makes no
//! sense (a cycle, a tensor made twice) is an error.
//!
//! Invariant: the graph knows no kernels, no schedule and no arena.

mod build;
mod cost;
mod error;
mod liveness;
mod passes;
mod refusal;
mod resize;
mod resolve;

pub use build::build;
pub use cost::{constant_bytes, flash_bytes, macs};
pub use error::GraphError;
pub use liveness::{Liveness, depthwise_in_place_peak_bytes};
pub use passes::{Passes, Removal};
pub use refusal::{Reason, Refusal};
pub use resize::{ResizeError, resize};

use crate::{
    operator::Operator,
    quant::QuantParams,
    tensor::{DataType, Shape, TensorId},
};

/// A model's graph after passes.
#[derive(Clone, Debug, PartialEq)]
pub struct Graph {
    /// All tensors of the file, by [`TensorId`].
    pub tensors: Vec<Tensor>,
    /// The operators that passes kept, in the order of execution.
    pub nodes: Vec<Node>,
    /// The tensors that the caller fills (after passes).
    pub inputs: Vec<TensorId>,
    /// The tensors that the caller reads (after passes).
    pub outputs: Vec<TensorId>,
    /// For each input, the float tensor of the file that the host quantizes into it.
    pub float_inputs: Vec<Option<TensorId>>,
    /// For each output, the float tensor of the file that the host dequantizes it into.
    pub float_outputs: Vec<Option<TensorId>>,
    /// What passes took out: position in the file, and why.
    pub removed: Vec<(usize, Removal)>,
}

/// A tensor of the graph.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    /// Its shape.
    pub shape: Shape,
    /// The type of its elements.
    pub data_type: DataType,
    /// Bytes of the whole tensor.
    pub bytes: usize,
    /// Scale and zero point where it is quantized as a whole.
    pub quantization: Option<QuantParams>,
    /// Whether it is a constant of the file, which is never live.
    pub is_constant: bool,
    /// Whether it keeps its value from one run to the next.
    pub is_variable: bool,
    /// The tensor whose bytes it is: itself, or for the output of a RESHAPE its source's source.
    pub storage: TensorId,
    /// Whether the caller fills it, or an alias of it.
    pub is_input: bool,
    /// Whether the caller reads it, or an alias of it.
    pub is_output: bool,
}

/// An operator that the passes kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Its position in the file, from 0: its name everywhere (`#4`).
    pub index: usize,
    /// The operator, or why it cannot run here.
    pub operator: Result<Operator, Reason>,
    /// Its activation inputs in the file's order, after passes; constants are left out.
    pub inputs: Vec<TensorId>,
    /// Its outputs; one, for every operator that can run here.
    pub outputs: Vec<TensorId>,
    /// Multiply-accumulates of all of it, by the shapes in the file.
    pub macs: u64,
}

impl Graph {
    /// A tensor.
    #[must_use]
    pub fn tensor(&self, id: TensorId) -> &Tensor {
        &self.tensors[id.index()]
    }

    /// The tensor whose bytes `id` is.
    #[must_use]
    pub fn storage(&self, id: TensorId) -> TensorId {
        self.tensor(id).storage
    }

    /// The position among the kept operators of the one at `index` in the file.
    #[must_use]
    pub fn position(&self, index: usize) -> Option<usize> {
        self.nodes.binary_search_by_key(&index, |node| node.index).ok()
    }

    /// The first operator that cannot run here.
    #[must_use]
    pub fn refusal(&self) -> Option<Refusal> {
        self.nodes.iter().find_map(|node| {
            let reason = node.operator.as_ref().err()?;
            Some(Refusal { operator: node.index, reason: reason.clone() })
        })
    }
}
