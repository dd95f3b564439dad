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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        kernels::{Reference, suite::whole},
        operator::{Operator, Window},
        quant::Multiplier,
        tensor::Map,
    };

    #[test]
    fn each_channel_has_filters_of_its_own() {
        let conv = Operator::DepthwiseConv2d(DepthwiseConv2d {
            window: Window {
                input: Map { height: 1, width: 3, channels: 2 },
                output: Map { height: 1, width: 1, channels: 4 },
                kernel: [1, 2],
                stride: [1, 1],
                dilation: [1, 2],
                padding_before: [0, 0],
            },
            depth_multiplier: 2,
            weights: vec![1, 2, 3, 4, 10, 20, 30, 40].into(),
            bias: vec![0, 0, 0, -5].into(),
            multipliers: vec![Multiplier::from_real(0.25).unwrap(); 4].into(),
            input_zero_point: -1,
            output_zero_point: 0,
            clamp: (-128, 127),
        });
        // Columns 0 and 2: distances (1, 2) and (3, 4).
        let (output, macs) = whole::<Reference>(&conv, &[vec![0, 1, 99, 99, 2, 3]]);
        // 31/4, 62/4, 126/4, (168 - 5)/4.
        assert_eq!((output, macs), (vec![8, 16, 32, 41], 8));
    }
}
