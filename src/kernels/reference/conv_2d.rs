//! CONV_2D.

use super::{Call, output_stage};
use crate::operator::Conv2d;

/// `output[y, x, o] = bias[o] + sum over taps and input channels of (input - zero point) * weight`,
/// requantized by channel `o`'s multiplier. Taps in the padding add nothing.
///
/// Source: TensorFlow Lite `reference/integer_ops/conv.h`, `ConvPerChannel`.
pub(super) fn conv_2d(conv: &Conv2d, arena: &mut [u8], call: &Call<'_>) -> u64 {
    let window = &conv.window;
    let (input, channels) = (&call.inputs[0], window.input.channels);
    let filter_len = window.taps() * channels;
    let mut macs = 0;
    for y in call.region.rows.indices() {
        let rows = window.taps_inside(0, y);
        for x in call.region.columns.indices() {
            let columns = window.taps_inside(1, x);
            let output = call.output.cell(y, x);
            for o in 0..window.output.channels {
                let filter = &conv.weights[o * filter_len..][..filter_len];
                let mut sum = conv.bias[o];
                for i in rows.indices() {
                    for j in columns.indices() {
                        let cell = input.cell(window.source(0, y, i), window.source(1, x, j));
                        let values = &arena[cell..][..channels];
                        let weights = &filter[(i * window.kernel[1] + j) * channels..][..channels];
                        sum = sum.wrapping_add(dot(values, weights, conv.input_zero_point));
                    }
                }
                macs += filter_len as u64;
                arena[output + o] =
                    output_stage(sum, conv.multipliers[o], conv.output_zero_point, conv.clamp);
            }
        }
    }
    macs
}

/// The sum of `(value - zero_point) * weight`, wrapping.
fn dot(values: &[u8], weights: &[i8], zero_point: i32) -> i32 {
    values.iter().zip(weights).fold(0, |sum: i32, (&value, &weight)| {
        let value = i32::from(value.cast_signed()).wrapping_sub(zero_point);
        sum.wrapping_add(value.wrapping_mul(i32::from(weight)))
    })
}
