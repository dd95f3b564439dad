//! DEPTHWISE_CONV_2D.

use super::{Call, distance, output_stage};
use crate::operator::DepthwiseConv2d;

/// `output[y, x, o] = bias[o] + sum over taps of (input - zero point) * weight`, where channel `o`
/// reads input channel `o / depth_multiplier`. Taps in the padding add nothing.
///
/// Source: TensorFlow Lite `reference/integer_ops/depthwise_conv.h`, `DepthwiseConvPerChannel`.
pub(super) fn depthwise_conv_2d(conv: &DepthwiseConv2d, arena: &mut [u8], call: &Call<'_>) -> u64 {
    let window = &conv.window;
    let (input, channels) = (&call.inputs[0], window.output.channels);
    let mut macs = 0;
    for y in call.region.rows.indices() {
        let rows = window.taps_inside(0, y);
        for x in call.region.columns.indices() {
            let columns = window.taps_inside(1, x);
            let output = call.output.cell(y, x);
            for o in 0..channels {
                let input_channel = o / conv.depth_multiplier;
                let mut sum = conv.bias[o];
                for i in rows.indices() {
                    for j in columns.indices() {
                        let cell = input.cell(window.source(0, y, i), window.source(1, x, j));
                        let value = distance(arena, cell + input_channel, conv.input_zero_point);
                        let weight = conv.weights[(i * window.kernel[1] + j) * channels + o];
                        sum = sum.wrapping_add(value.wrapping_mul(i32::from(weight)));
                    }
                }
                macs += window.taps() as u64;
                arena[output + o] =
                    output_stage(sum, conv.multipliers[o], conv.output_zero_point, conv.clamp);
            }
        }
    }
    macs
}
