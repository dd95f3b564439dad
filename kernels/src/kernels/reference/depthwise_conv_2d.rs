//! DEPTHWISE_CONV_2D.

use super::{Call, distance, output_stage};
use crate::{kernels::View, operator::DepthwiseConv2d, tensor::Map};

/// `output[y, x, o] = bias[o] + sum over taps of (input - zero point) * weight`, where channel `o`
/// reads input channel `o / depth_multiplier`. Taps in the padding add nothing.
///
/// Source: TensorFlow Lite `reference/integer_ops/depthwise_conv.h`, `DepthwiseConvPerChannel`.
///
/// In place, channel by channel: the input's values of a channel are gathered into the scratch
/// plane, then that channel's outputs are written over them. Output cell `n` of a channel lies at
/// or before its input cell `n`, all of which have been gathered, and other channels are left
/// alone.
pub(super) fn depthwise_conv_2d(conv: &DepthwiseConv2d, arena: &mut [u8], call: &Call<'_>) -> u64 {
    let (input, channels) = (call.inputs[0], conv.window.output.channels);
    let mut macs = 0;
    if call.is_in_place() {
        let plane = View { offset: call.scratch.start, map: plane_map(input.map), ..input };
        for channel in 0..channels {
            gather(arena, &input, channel, &plane);
            for y in call.region.rows.indices() {
                for x in call.region.columns.indices() {
                    let output = call.output.cell(y, x) + channel;
                    arena[output] = element(conv, arena, &plane, 0, [y, x, channel]);
                    macs += conv.window.taps() as u64;
                }
            }
        }
        return macs;
    }
    for y in call.region.rows.indices() {
        for x in call.region.columns.indices() {
            let output = call.output.cell(y, x);
            for channel in 0..channels {
                let from = channel / conv.depth_multiplier;
                arena[output + channel] = element(conv, arena, &input, from, [y, x, channel]);
                macs += conv.window.taps() as u64;
            }
        }
    }
    macs
}

/// The map of one channel of a map.
fn plane_map(map: Map) -> Map {
    Map { channels: 1, ..map }
}

/// Copies the values of a channel, cell by cell, into a plane of the same region.
fn gather(arena: &mut [u8], input: &View, channel: usize, plane: &View) {
    for y in input.region.rows.indices() {
        for x in input.region.columns.indices() {
            arena[plane.cell(y, x)] = arena[input.cell(y, x) + channel];
        }
    }
}

/// One output element, from channel `from` of `input`.
fn element(
    conv: &DepthwiseConv2d,
    arena: &[u8],
    input: &View,
    from: usize,
    [y, x, channel]: [usize; 3],
) -> u8 {
    let (window, channels) = (&conv.window, conv.window.output.channels);
    let mut sum = conv.bias[channel];
    for i in window.taps_inside(0, y).indices() {
        for j in window.taps_inside(1, x).indices() {
            let cell = input.cell(window.source(0, y, i), window.source(1, x, j));
            let value = distance(arena, cell + from, conv.input_zero_point);
            let weight = conv.weights[(i * window.kernel[1] + j) * channels + channel];
            sum = sum.wrapping_add(value.wrapping_mul(i32::from(weight)));
        }
    }
    output_stage(sum, conv.multipliers[channel], conv.output_zero_point, conv.clamp)
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
