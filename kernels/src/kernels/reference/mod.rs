//! The reference kernels: scalar, plain, and bit-exact with TensorFlow Lite Micro.
//!
//! They are the specification of every operator: the shortest loops that say what is computed, in
//! TensorFlow Lite's order and rounding. Sums are `i32` and wrap, as they do on the devices, so no
//! file can make a kernel panic.
//!
//! Source: TensorFlow Lite `kernels/internal/reference`, without single rounding.

mod add;
mod broadcast;
mod conv_2d;
mod depthwise_conv_2d;
mod fully_connected;
mod mean;
mod mul;
mod pad;
mod pool;
mod quantize;
mod softmax;
mod transpose;

pub(super) use softmax::{exponential, softmax_by};

use super::{Call, Kernels};
use crate::{operator::Operator, quant::Multiplier, tensor::Region};

/// The reference set: the specification of every operator.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Reference;

impl Kernels for Reference {
    type Prepared = ();
    type Workspace = ();

    const NAME: &'static str = "reference";

    fn prepare(_: &Operator) -> Self::Prepared {}

    fn workspace(_: &[()]) -> Self::Workspace {}

    /// One plane: a channel's values of the input region.
    fn in_place_scratch_bytes(operator: &Operator, input: Region) -> usize {
        if matches!(operator, Operator::DepthwiseConv2d(_)) { input.cells() } else { 0 }
    }

    fn run(operator: &Operator, (): &(), (): &mut (), arena: &mut [u8], call: &Call<'_>) -> u64 {
        match operator {
            Operator::Conv2d(conv) => return conv_2d::conv_2d(conv, arena, call),
            Operator::DepthwiseConv2d(conv) => {
                return depthwise_conv_2d::depthwise_conv_2d(conv, arena, call);
            }
            Operator::FullyConnected(dense) => {
                return fully_connected::fully_connected(dense, arena, call);
            }
            Operator::Add(add) => add::add(add, arena, call),
            Operator::Mul(mul) => mul::mul(mul, arena, call),
            Operator::Pad(pad) => pad::pad(pad, arena, call),
            Operator::Mean(mean) => mean::mean(mean, arena, call),
            Operator::Pool(pool) => pool::pool(pool, arena, call),
            Operator::Transpose(transpose) => transpose::transpose(transpose, arena, call),
            Operator::Softmax(softmax) => softmax::softmax(softmax, arena, call),
            Operator::Quantize(params, _) => quantize::quantize(*params, arena, call),
            Operator::Requantize(requantize) => quantize::requantize(requantize, arena, call),
            Operator::Dequantize(params, _) => quantize::dequantize(*params, arena, call),
            Operator::Alias => {}
        }
        0
    }
}

/// Scales an accumulator to the output's int8 range: [`Multiplier::apply`], plus the zero point,
/// clamped to `[low, high]`. The byte is as the arena stores it.
fn output_stage(
    accumulator: i32,
    multiplier: Multiplier,
    zero_point: i32,
    (low, high): (i8, i8),
) -> u8 {
    clamped(multiplier.apply(accumulator).wrapping_add(zero_point), (low, high))
}

/// `value` clamped to `[low, high]`, as the arena stores it.
fn clamped(value: i32, (low, high): (i8, i8)) -> u8 {
    #[expect(clippy::cast_possible_truncation, reason = "clamped to int8")]
    let narrow = value.max(i32::from(low)).min(i32::from(high)) as i8;
    narrow.cast_unsigned()
}

/// The int8 at `address`, minus a zero point.
fn distance(arena: &[u8], address: usize, zero_point: i32) -> i32 {
    i32::from(arena[address].cast_signed()).wrapping_sub(zero_point)
}
