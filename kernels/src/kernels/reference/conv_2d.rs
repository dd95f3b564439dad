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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        kernels::{Reference, suite::whole},
        operator::{Operator, Window},
        quant::Multiplier,
        tensor::Map,
    };

    /// 2x2 map of two channels, one filter of 2x2 taps with all weights `weight`.
    fn conv(padding: usize, weight: i8) -> Operator {
        let side = 1 + padding;
        Operator::Conv2d(Conv2d {
            window: Window {
                input: Map { height: 2, width: 2, channels: 2 },
                output: Map { height: side, width: side, channels: 1 },
                kernel: [2, 2],
                stride: [1, 1],
                dilation: [1, 1],
                padding_before: [padding, padding],
            },
            weights: vec![weight; 8].into(),
            bias: vec![10].into(),
            multipliers: vec![Multiplier::from_real(0.5).unwrap()].into(),
            input_zero_point: 1,
            output_zero_point: -3,
            clamp: (-100, 100),
        })
    }

    #[test]
    fn sums_distances_from_the_zero_point_and_requantizes() {
        // Distances 0 to 7 sum to 28; (10 + 28 * 3) / 2 - 3 = 44.
        let (output, macs) = whole::<Reference>(&conv(0, 3), &[(1..=8).collect()]);
        assert_eq!((output, macs), (vec![44], 8));
    }

    #[test]
    fn padding_adds_nothing_but_counts() {
        // Sums of the distances of cells (0), (0 1), (0 2), (0 1 2 3): 1, 6, 10, 28.
        let (output, macs) = whole::<Reference>(&conv(1, 1), &[(1..=8).collect()]);
        // 5.5 and 19 - 3, half away from zero.
        assert_eq!((output, macs), (vec![3, 5, 7, 16], 32));
    }

    #[test]
    fn outputs_are_clamped() {
        let output = |weight| whole::<Reference>(&conv(0, weight), &[vec![127; 8]]).0;
        assert_eq!(output(127), [100]);
        assert_eq!(output(-128), [(-100i8).cast_unsigned()]);
    }
}
