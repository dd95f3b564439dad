//! The scratch that TinyEngine's kernels ask for, as its code generator counts it.
//!
//! Two blocks stand beside the activations all the time, each as large as the neediest operator
//! wants it: columns of the input widened to 16 bits (im2col), which also take the padded plane of a
//! depthwise convolution in place, and a widened copy of a convolution's kernel.
//!
//! Source: `mit-han-lab/tinyengine` at 47bb283, `GeneralMemoryScheduler.py` and `allocator/`.

use crate::{operator::Operator, tensor::Region};

/// Bytes of input columns that an operator wants, of whose input it reads `input`.
///
/// CONV_2D: two columns of kernel height x width x input channels in 16 bits. DEPTHWISE_CONV_2D in
/// place: a plane of the input with its border (half the kernel on each side), twice; otherwise its
/// taps for all channels in 16 bits. Others: none.
#[must_use]
pub fn columns_bytes(operator: &Operator, input: Region, is_in_place: bool) -> usize {
    match operator {
        Operator::Conv2d(conv) => 2 * 2 * conv.window.taps() * conv.window.input.channels,
        Operator::DepthwiseConv2d(conv) if is_in_place => {
            let [height, width] = conv.window.kernel.map(|taps| 2 * (taps / 2));
            2 * (input.rows.len() + height) * (input.columns.len() + width)
        }
        Operator::DepthwiseConv2d(conv) => 2 * conv.window.taps() * conv.window.input.channels,
        _ => 0,
    }
}

/// Bytes of the widened kernel that an operator wants: 16 bits for each weight of a CONV_2D larger
/// than 1x1. Others: none.
#[must_use]
pub fn kernel_bytes(operator: &Operator) -> usize {
    match operator {
        Operator::Conv2d(conv) if conv.window.taps() > 1 => 2 * conv.weights.len(),
        _ => 0,
    }
}
