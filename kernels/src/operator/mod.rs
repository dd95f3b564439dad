//! Resolved operators as plain data: what a kernel needs to compute one, and nothing else.
//!
//! The graph makes these from a file, kernels consume them, and schedules read their geometry, so
//! that none of the three knows another. Every shape in here has been checked against the others:
//! kernels rely on it and check nothing.

mod element_wise;
mod matrix;
mod reduce;
mod window;

pub use element_wise::{Add, Binary, Mul, Operand, Pad, Requantize};
pub use matrix::{FullyConnected, Softmax, dense_multiplier};
pub use reduce::{Mean, Transpose};
pub use window::{Conv2d, DepthwiseConv2d, Pool, PoolKind, Window, conv_multiplier};

use crate::{
    quant::QuantParams,
    tensor::{Map, Region},
};

/// How many bytes of scratch an operator needs to write over its input, by the region of the input
/// that it reads. Plain data, so that schedules can plan scratch without knowing kernels.
pub type ScratchRule = fn(&Operator, Region) -> usize;

/// One operator, ready to run.
#[derive(Clone, Debug, PartialEq)]
pub enum Operator {
    /// CONV_2D on int8.
    Conv2d(Conv2d),
    /// DEPTHWISE_CONV_2D on int8.
    DepthwiseConv2d(DepthwiseConv2d),
    /// FULLY_CONNECTED on int8.
    FullyConnected(FullyConnected),
    /// ADD on int8.
    Add(Add),
    /// MUL on int8.
    Mul(Mul),
    /// PAD on int8, rows and columns only.
    Pad(Pad),
    /// MEAN on int8 over any axes.
    Mean(Mean),
    /// AVERAGE_POOL_2D or MAX_POOL_2D on int8.
    Pool(Pool),
    /// TRANSPOSE on int8.
    Transpose(Transpose),
    /// SOFTMAX on int8 over the last dimension.
    Softmax(Softmax),
    /// QUANTIZE from float32 to int8, element by element.
    Quantize(QuantParams, Map),
    /// QUANTIZE from int8 to int8 of another scale.
    Requantize(Requantize),
    /// DEQUANTIZE from int8 to float32, element by element.
    Dequantize(QuantParams, Map),
    /// RESHAPE, SQUEEZE and EXPAND_DIMS: the output is the input's bytes, nothing runs.
    Alias,
}

impl Operator {
    /// Whether the operator works on regions of maps, so that it can run in patches.
    ///
    /// Whether its tensors are maps of batch 1 is the graph's to say.
    #[must_use]
    pub fn is_spatial(&self) -> bool {
        match self {
            Self::Conv2d(_)
            | Self::DepthwiseConv2d(_)
            | Self::Pad(_)
            | Self::Pool(_)
            | Self::Quantize(..)
            | Self::Requantize(_)
            | Self::Dequantize(..) => true,
            Self::Add(Add { binary, .. }) | Self::Mul(Mul { binary, .. }) => {
                binary.operands_match_or_are_constant()
            }
            Self::FullyConnected(_)
            | Self::Mean(_)
            | Self::Transpose(_)
            | Self::Softmax(_)
            | Self::Alias => false,
        }
    }

    /// The region of activation input `position` (0 or 1, constants not counted) that the given
    /// region of the output reads, clipped to the map; `None` (the whole tensor) for operators
    /// that are not spatial.
    #[must_use]
    pub fn need(&self, position: usize, output: Region) -> Option<Region> {
        Some(match self {
            Self::Conv2d(Conv2d { window, .. })
            | Self::DepthwiseConv2d(DepthwiseConv2d { window, .. })
            | Self::Pool(Pool { window, .. })
            | Self::Pad(Pad { window, .. }) => window.need(output),
            Self::Add(Add { binary, .. }) | Self::Mul(Mul { binary, .. }) => {
                binary.need(position, output)
            }
            Self::Quantize(..) | Self::Requantize(_) | Self::Dequantize(..) => output,
            Self::FullyConnected(_)
            | Self::Mean(_)
            | Self::Transpose(_)
            | Self::Softmax(_)
            | Self::Alias => return None,
        })
    }

    /// Multiply-accumulates of one output element (a tap in the padding counts like any other);
    /// 0 for operators that have none.
    ///
    /// CONV_2D: kernel height x width x input channels. DEPTHWISE_CONV_2D: kernel height x width.
    /// FULLY_CONNECTED: inputs.
    #[must_use]
    pub fn macs_per_output(&self) -> u64 {
        match self {
            Self::Conv2d(conv) => (conv.window.taps() * conv.window.input.channels) as u64,
            Self::DepthwiseConv2d(conv) => conv.window.taps() as u64,
            Self::FullyConnected(dense) => dense.depth as u64,
            _ => 0,
        }
    }

    /// Elements that one output element reads, at most: the measure of work for the operators
    /// without MACs.
    #[must_use]
    pub fn reads_per_output(&self) -> u64 {
        match self {
            Self::Conv2d(_) | Self::DepthwiseConv2d(_) | Self::FullyConnected(_) => {
                self.macs_per_output()
            }
            Self::Pool(pool) => {
                let rows = pool.window.kernel[0].min(pool.window.input.height);
                let columns = pool.window.kernel[1].min(pool.window.input.width);
                (rows * columns) as u64
            }
            Self::Mean(mean) => mean.reduced_elements() as u64,
            Self::Softmax(_) => 4,
            _ => 1,
        }
    }
}
