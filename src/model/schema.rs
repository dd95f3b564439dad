//! Where the fields that are read lie in `schema.fbs`, version 3 (TensorFlow Lite).
//!
//! A slot is a field's position in its table's declaration; for a union, the type takes one slot
//! and the value the next.

/// A field of a table: its name for messages and its slot.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Field {
    /// Table and field as the schema names them.
    pub(super) name: &'static str,
    /// Its slot in the table.
    pub(super) slot: u16,
}

const fn field(name: &'static str, slot: u16) -> Field {
    Field { name, slot }
}

/// The file identifier, at bytes 4 to 7.
pub(super) const IDENTIFIER: [u8; 4] = *b"TFL3";
/// The schema version that belongs to this file identifier.
pub(super) const VERSION: u32 = 3;

/// The root is no field; the slot has no meaning.
pub(super) const ROOT: Field = field("Model", 0);

pub(super) const MODEL_VERSION: Field = field("Model.version", 0);
pub(super) const MODEL_OPERATOR_CODES: Field = field("Model.operator_codes", 1);
pub(super) const MODEL_SUBGRAPHS: Field = field("Model.subgraphs", 2);
pub(super) const MODEL_DESCRIPTION: Field = field("Model.description", 3);
pub(super) const MODEL_BUFFERS: Field = field("Model.buffers", 4);
/// Indices of buffers, from the time before metadata had names.
pub(super) const MODEL_METADATA_BUFFER: Field = field("Model.metadata_buffer", 5);
pub(super) const MODEL_METADATA: Field = field("Model.metadata", 6);
pub(super) const MODEL_SIGNATURE_DEFS: Field = field("Model.signature_defs", 7);
/// The first slot whose meaning is not known here.
pub(super) const MODEL_LATER_SLOT: u16 = 8;

pub(super) const METADATA_NAME: Field = field("Metadata.name", 0);
pub(super) const METADATA_BUFFER: Field = field("Metadata.buffer", 1);

/// The kind's number as one byte, from the time when 127 kinds were enough.
pub(super) const OPERATOR_CODE_DEPRECATED_BUILTIN_CODE: Field =
    field("OperatorCode.deprecated_builtin_code", 0);
pub(super) const OPERATOR_CODE_CUSTOM_CODE: Field = field("OperatorCode.custom_code", 1);
pub(super) const OPERATOR_CODE_VERSION: Field = field("OperatorCode.version", 2);
pub(super) const OPERATOR_CODE_BUILTIN_CODE: Field = field("OperatorCode.builtin_code", 3);

pub(super) const SUBGRAPH_TENSORS: Field = field("SubGraph.tensors", 0);
pub(super) const SUBGRAPH_INPUTS: Field = field("SubGraph.inputs", 1);
pub(super) const SUBGRAPH_OUTPUTS: Field = field("SubGraph.outputs", 2);
pub(super) const SUBGRAPH_OPERATORS: Field = field("SubGraph.operators", 3);
pub(super) const SUBGRAPH_NAME: Field = field("SubGraph.name", 4);

pub(super) const TENSOR_SHAPE: Field = field("Tensor.shape", 0);
pub(super) const TENSOR_TYPE: Field = field("Tensor.type", 1);
pub(super) const TENSOR_BUFFER: Field = field("Tensor.buffer", 2);
pub(super) const TENSOR_NAME: Field = field("Tensor.name", 3);
pub(super) const TENSOR_QUANTIZATION: Field = field("Tensor.quantization", 4);
pub(super) const TENSOR_IS_VARIABLE: Field = field("Tensor.is_variable", 5);
pub(super) const TENSOR_SPARSITY: Field = field("Tensor.sparsity", 6);

pub(super) const QUANTIZATION_SCALE: Field = field("QuantizationParameters.scale", 2);
pub(super) const QUANTIZATION_ZERO_POINT: Field = field("QuantizationParameters.zero_point", 3);
pub(super) const QUANTIZATION_DIMENSION: Field =
    field("QuantizationParameters.quantized_dimension", 6);

pub(super) const BUFFER_DATA: Field = field("Buffer.data", 0);
/// Of data behind the FlatBuffer, in files too large for 32-bit offsets.
pub(super) const BUFFER_OFFSET: Field = field("Buffer.offset", 1);
pub(super) const BUFFER_SIZE: Field = field("Buffer.size", 2);

pub(super) const OPERATOR_OPCODE_INDEX: Field = field("Operator.opcode_index", 0);
pub(super) const OPERATOR_INPUTS: Field = field("Operator.inputs", 1);
pub(super) const OPERATOR_OUTPUTS: Field = field("Operator.outputs", 2);
pub(super) const OPERATOR_BUILTIN_OPTIONS_TYPE: Field = field("Operator.builtin_options_type", 3);
pub(super) const OPERATOR_BUILTIN_OPTIONS: Field = field("Operator.builtin_options", 4);
/// Of a custom operator's options behind the FlatBuffer.
pub(super) const OPERATOR_LARGE_OPTIONS_OFFSET: Field =
    field("Operator.large_custom_options_offset", 9);

/// Fields of `Conv2DOptions`.
pub(super) mod conv_2d {
    use super::{Field, field};

    pub(in super::super) const PADDING: Field = field("Conv2DOptions.padding", 0);
    pub(in super::super) const STRIDE_W: Field = field("Conv2DOptions.stride_w", 1);
    pub(in super::super) const STRIDE_H: Field = field("Conv2DOptions.stride_h", 2);
    pub(in super::super) const ACTIVATION: Field =
        field("Conv2DOptions.fused_activation_function", 3);
    pub(in super::super) const DILATION_W: Field = field("Conv2DOptions.dilation_w_factor", 4);
    pub(in super::super) const DILATION_H: Field = field("Conv2DOptions.dilation_h_factor", 5);
}

/// Fields of `DepthwiseConv2DOptions`.
pub(super) mod depthwise_conv_2d {
    use super::{Field, field};

    pub(in super::super) const PADDING: Field = field("DepthwiseConv2DOptions.padding", 0);
    pub(in super::super) const STRIDE_W: Field = field("DepthwiseConv2DOptions.stride_w", 1);
    pub(in super::super) const STRIDE_H: Field = field("DepthwiseConv2DOptions.stride_h", 2);
    pub(in super::super) const DEPTH_MULTIPLIER: Field =
        field("DepthwiseConv2DOptions.depth_multiplier", 3);
    pub(in super::super) const ACTIVATION: Field =
        field("DepthwiseConv2DOptions.fused_activation_function", 4);
    pub(in super::super) const DILATION_W: Field =
        field("DepthwiseConv2DOptions.dilation_w_factor", 5);
    pub(in super::super) const DILATION_H: Field =
        field("DepthwiseConv2DOptions.dilation_h_factor", 6);
}

/// Fields of `Pool2DOptions`.
pub(super) mod pool_2d {
    use super::{Field, field};

    pub(in super::super) const PADDING: Field = field("Pool2DOptions.padding", 0);
    pub(in super::super) const STRIDE_W: Field = field("Pool2DOptions.stride_w", 1);
    pub(in super::super) const STRIDE_H: Field = field("Pool2DOptions.stride_h", 2);
    pub(in super::super) const FILTER_WIDTH: Field = field("Pool2DOptions.filter_width", 3);
    pub(in super::super) const FILTER_HEIGHT: Field = field("Pool2DOptions.filter_height", 4);
    pub(in super::super) const ACTIVATION: Field =
        field("Pool2DOptions.fused_activation_function", 5);
}

pub(super) const FULLY_CONNECTED_ACTIVATION: Field =
    field("FullyConnectedOptions.fused_activation_function", 0);
pub(super) const FULLY_CONNECTED_WEIGHTS_FORMAT: Field =
    field("FullyConnectedOptions.weights_format", 1);
pub(super) const FULLY_CONNECTED_KEEP_NUM_DIMS: Field =
    field("FullyConnectedOptions.keep_num_dims", 2);

pub(super) const ADD_ACTIVATION: Field = field("AddOptions.fused_activation_function", 0);
pub(super) const MUL_ACTIVATION: Field = field("MulOptions.fused_activation_function", 0);
pub(super) const REDUCER_KEEP_DIMS: Field = field("ReducerOptions.keep_dims", 0);
pub(super) const SOFTMAX_BETA: Field = field("SoftmaxOptions.beta", 0);
