//! A `.tflite` file as plain data: what the file says, checked for form but not yet for meaning.
//!
//! The file is hostile until read: [`read()`] answers any bytes with a [`Model`] or a [`ModelError`],
//! in bounded time and memory ([`Limits`]). Meaning (do the shapes agree, can the operator run) is
//! the graph's to check.

// The input is hostile: indexing and overflow that could panic are refused by clippy.
#![deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod builtin;
mod constants;
mod content;
mod digest;
mod error;
mod flatbuffer;
mod limits;
mod metadata;
mod options;
mod read;
mod registration;
mod schema;
mod tensors;

pub use builtin::builtin_name;
pub use constants::{constant_bytes, constant_i8, constant_i32};
pub use content::Content;
pub(crate) use digest::sha256_hex;
pub use error::{ErrorSort, ModelError, Owner, Place, TensorLabel};
pub use limits::Limits;
pub use metadata::{MetadataError, metadata, with_metadata};
pub use read::read;
pub use registration::registration;

use crate::{
    quant::Activation,
    tensor::{DataType, Shape, TensorId},
};
use std::{ops::Range, sync::Arc};

/// One `.tflite` file with one subgraph.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// The file itself; constants are ranges of it.
    pub bytes: Arc<[u8]>,
    /// The schema version that the file states; 3 for every known file.
    pub schema_version: u32,
    /// The file's own description ("MLIR Converted.", "TOCO Converted.").
    pub description: String,
    /// The subgraph's name, often empty.
    pub name: String,
    /// All tensors, at their index in the file.
    pub tensors: Vec<Tensor>,
    /// The operators in the file's order, which is their order of execution.
    pub operators: Vec<Operator>,
    /// The tensors that the caller fills.
    pub inputs: Vec<TensorId>,
    /// The tensors that the caller reads.
    pub outputs: Vec<TensorId>,
    /// What is odd about the file without stopping its reading.
    pub warnings: Vec<Warning>,
}

/// A tensor as the file describes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    /// Its name, often the layer's path.
    pub name: String,
    /// Its checked shape.
    pub shape: Shape,
    /// The type of its elements.
    pub data_type: DataType,
    /// Bytes of one whole tensor; 0 for types without a fixed width.
    pub bytes: usize,
    /// Scales and zero points, where the file gives them.
    pub quantization: Option<Quantization>,
    /// Where its constant data lies in the file; `None` for activations.
    pub constant: Option<Range<usize>>,
    /// Whether it keeps its value from one run to the next.
    pub is_variable: bool,
    /// Whether it is stored in a sparse format.
    pub is_sparse: bool,
}

/// Affine quantization, per tensor (one entry) or per channel.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantization {
    /// Scales, each as stored.
    pub scales: Vec<f32>,
    /// Zero points, as many as scales, or one.
    pub zero_points: Vec<i64>,
    /// The dimension along which the channels run. Of no meaning where there is one scale;
    /// converters write 3 even for biases of one dimension.
    pub dimension: i32,
}

/// An operator as the file describes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Operator {
    /// The number of its kind in the schema (`BuiltinOperator`); 32 for custom ones.
    pub builtin_code: i32,
    /// The kind's name: the schema's ("CONV_2D"), `CUSTOM:` and the custom code, or `BUILTIN:` and
    /// the number of a kind newer than the names known here.
    pub kind: String,
    /// The version of the kind that the file asks for.
    pub version: i32,
    /// Inputs, `None` where an optional one is left out.
    pub inputs: Vec<Option<TensorId>>,
    /// Outputs.
    pub outputs: Vec<TensorId>,
    /// The options of the kinds that can run here.
    pub options: Options,
}

/// Padding rule of a window.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Padding {
    /// Output sides are input sides over strides, rounded up; the zeros are split evenly, the odd
    /// one behind.
    Same,
    /// No padding.
    Valid,
}

/// The options table of an operator, with the schema's defaults filled in. Pairs are height, then
/// width.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the fields are the schema's")]
pub enum Options {
    Conv2d {
        padding: Padding,
        stride: [i32; 2],
        dilation: [i32; 2],
        activation: Activation,
    },
    DepthwiseConv2d {
        padding: Padding,
        stride: [i32; 2],
        dilation: [i32; 2],
        depth_multiplier: i32,
        activation: Activation,
    },
    Pool {
        padding: Padding,
        stride: [i32; 2],
        kernel: [i32; 2],
        activation: Activation,
    },
    FullyConnected {
        activation: Activation,
        /// Whether the weights are in the default order (the shuffled format is for other engines).
        default_weights_format: bool,
        keep_num_dims: bool,
    },
    Add {
        activation: Activation,
    },
    Mul {
        activation: Activation,
    },
    Mean {
        keep_dims: bool,
    },
    Softmax {
        beta: f32,
    },
    /// None stored, or of a kind whose options nobody reads here.
    None,
}

/// An oddity that does not stop the reading.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Warning {
    /// The file has more subgraphs than the one that is read.
    #[error("The file has {0} subgraphs; the first one is shown.")]
    MoreSubgraphs(usize),
    /// The file states a schema version other than 3.
    #[error("The file states schema version {0}; it is read as version 3.")]
    SchemaVersion(u32),
}
