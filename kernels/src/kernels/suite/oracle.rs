//! The same operators once more, formulated differently: whole maps, padding copied explicitly,
//! 64-bit sums, rounding by exact division.

#![expect(clippy::cast_possible_truncation, reason = "values are small")]

use crate::{
    operator::{
        Binary, Conv2d, DepthwiseConv2d, FullyConnected, Mean, Operand, Operator, Pool, PoolKind,
        Softmax, Transpose, Window,
    },
    quant::Multiplier,
    tensor::Map,
};
use std::collections::BTreeMap;

/// The operator's whole output.
pub(super) fn output(operator: &Operator, inputs: &[Vec<u8>]) -> Vec<u8> {
    let ints: Vec<Vec<i64>> = inputs.iter().map(|bytes| int8s(bytes)).collect();
    let values: Vec<i64> = match operator {
        Operator::Conv2d(conv) => conv_2d(conv, &ints[0]),
        Operator::DepthwiseConv2d(conv) => depthwise_conv_2d(conv, &ints[0]),
        Operator::FullyConnected(dense) => fully_connected(dense, &ints[0]),
        Operator::Add(add) => pairs(&add.binary, &ints)
            .map(|pair| {
                let side = |n: usize| {
                    let distance = pair[n] - i64::from(add.zero_points[n]);
                    scale(distance * 1_048_576, add.multipliers[n])
                };
                let sum = scale(side(0) + side(1), add.output_multiplier);
                clamp(sum + i64::from(add.output_zero_point), add.clamp)
            })
            .collect(),
        Operator::Mul(mul) => pairs(&mul.binary, &ints)
            .map(|pair| {
                let side = |n: usize| pair[n] - i64::from(mul.zero_points[n]);
                let product = scale(side(0) * side(1), mul.output_multiplier);
                clamp(product + i64::from(mul.output_zero_point), mul.clamp)
            })
            .collect(),
        Operator::Pad(pad) => {
            let padded = Padded::new(&pad.window, &ints[0], i64::from(pad.value));
            let cells = cells(pad.window.output);
            cells.map(|[y, x, c]| padded.tap(&pad.window, [y, x], [0, 0], c).0).collect()
        }
        Operator::Pool(pool) => self::pool(pool, &ints[0]),
        Operator::Mean(mean) => self::mean(mean, &ints[0]),
        Operator::Transpose(transpose) => self::transpose(transpose, &ints[0]),
        Operator::Softmax(softmax) => self::softmax(softmax, &ints[0]),
        Operator::Quantize(params, _) => inputs[0]
            .as_chunks::<4>()
            .0
            .iter()
            .map(|&bytes| {
                let steps = (f32::from_le_bytes(bytes) / params.scale).round();
                clamp(f64::from(steps) as i64 + i64::from(params.zero_point), (-128, 127))
            })
            .collect(),
        Operator::Requantize(requantize) => ints[0]
            .iter()
            .map(|value| {
                let distance = value - i64::from(requantize.input_zero_point);
                let steps = scale(distance, requantize.multiplier);
                clamp(steps + i64::from(requantize.output_zero_point), (-128, 127))
            })
            .collect(),
        Operator::Dequantize(params, _) => {
            let real = |value: &i64| {
                (f64::from(params.scale) * (value - i64::from(params.zero_point)) as f64) as f32
            };
            return ints[0].iter().flat_map(|value| real(value).to_le_bytes()).collect();
        }
        Operator::Alias => Vec::new(),
    };
    values.iter().map(|&value| i8::try_from(value).unwrap().cast_unsigned()).collect()
}

fn int8s(bytes: &[u8]) -> Vec<i64> {
    bytes.iter().map(|byte| i64::from(byte.cast_signed())).collect()
}

/// `value * multiplier`: rounded to an integer at full scale (half up), then to the final one (half
/// away from zero).
fn scale(value: i64, multiplier: Multiplier) -> i64 {
    let shifted = value << multiplier.shift.max(0);
    let product = i128::from(shifted) * i128::from(multiplier.fixed);
    let high = i64::try_from((product + (1 << 30)).div_euclid(1 << 31)).unwrap();
    let divisor = 1i64 << (-multiplier.shift).max(0);
    high.signum() * ((2 * high.abs() + divisor) / (2 * divisor))
}

fn clamp(value: i64, (low, high): (i8, i8)) -> i64 {
    value.clamp(i64::from(low), i64::from(high))
}

/// The places of a map, in order.
fn cells(map: Map) -> impl Iterator<Item = [usize; 3]> {
    (0..map.elements()).map(move |index| {
        let cell = index / map.channels;
        [cell / map.width, cell % map.width, index % map.channels]
    })
}

/// An input map with its padding copied around it.
struct Padded {
    map: Map,
    /// The value, and whether it comes from the map.
    values: Vec<(i64, bool)>,
}

impl Padded {
    fn new(window: &Window, input: &[i64], border: i64) -> Self {
        let side = |axis: usize, inputs: usize, outputs: usize| {
            let reach = (window.kernel[axis] - 1) * window.dilation[axis];
            ((outputs - 1) * window.stride[axis] + reach + 1)
                .max(inputs + window.padding_before[axis])
        };
        let map = Map {
            height: side(0, window.input.height, window.output.height),
            width: side(1, window.input.width, window.output.width),
            channels: window.input.channels,
        };
        let mut values = vec![(border, false); map.elements()];
        for ([y, x, channel], &value) in cells(window.input).zip(input) {
            let [above, left] = window.padding_before;
            values[((y + above) * map.width + x + left) * map.channels + channel] = (value, true);
        }
        Self { map, values }
    }

    fn tap(
        &self,
        window: &Window,
        cell: [usize; 2],
        tap: [usize; 2],
        channel: usize,
    ) -> (i64, bool) {
        let [y, x] =
            [0, 1].map(|axis| cell[axis] * window.stride[axis] + tap[axis] * window.dilation[axis]);
        self.values[(y * self.map.width + x) * self.map.channels + channel]
    }
}

fn taps(window: &Window) -> impl Iterator<Item = [usize; 2]> {
    let [_, width] = window.kernel;
    (0..window.taps()).map(move |tap| [tap / width, tap % width])
}

fn conv_2d(conv: &Conv2d, input: &[i64]) -> Vec<i64> {
    let (window, zero_point) = (&conv.window, i64::from(conv.input_zero_point));
    let padded = Padded::new(window, input, zero_point);
    let output = cells(window.output).map(|[y, x, o]| {
        let mut weights = conv.weights[o * window.taps() * window.input.channels..].iter();
        let mut sum = i64::from(conv.bias[o]);
        for tap in taps(window) {
            for channel in 0..window.input.channels {
                let (value, _) = padded.tap(window, [y, x], tap, channel);
                sum += (value - zero_point) * i64::from(*weights.next().unwrap());
            }
        }
        clamp(scale(sum, conv.multipliers[o]) + i64::from(conv.output_zero_point), conv.clamp)
    });
    output.collect()
}

fn depthwise_conv_2d(conv: &DepthwiseConv2d, input: &[i64]) -> Vec<i64> {
    let (window, zero_point) = (&conv.window, i64::from(conv.input_zero_point));
    let padded = Padded::new(window, input, zero_point);
    let output = cells(window.output).map(|[y, x, o]| {
        let mut sum = i64::from(conv.bias[o]);
        for (tap, weights) in taps(window).zip(conv.weights.chunks(window.output.channels)) {
            let (value, _) = padded.tap(window, [y, x], tap, o / conv.depth_multiplier);
            sum += (value - zero_point) * i64::from(weights[o]);
        }
        clamp(scale(sum, conv.multipliers[o]) + i64::from(conv.output_zero_point), conv.clamp)
    });
    output.collect()
}

fn fully_connected(dense: &FullyConnected, input: &[i64]) -> Vec<i64> {
    let mut output = Vec::new();
    for vector in input.chunks(dense.depth) {
        for (o, weights) in dense.weights.chunks(dense.depth).enumerate() {
            let products = vector.iter().zip(weights).map(|(value, &weight)| {
                (value - i64::from(dense.input_zero_point))
                    * (i64::from(weight) - i64::from(dense.weights_zero_point))
            });
            let sum = products.sum::<i64>() + i64::from(dense.bias[o]);
            let value = scale(sum, dense.multipliers[o]) + i64::from(dense.output_zero_point);
            output.push(clamp(value, dense.clamp));
        }
    }
    output
}

/// Both operands of every output element, from copies that are as large as the output.
fn pairs(binary: &Binary, inputs: &[Vec<i64>]) -> impl Iterator<Item = [i64; 2]> {
    let mut activations = inputs.iter();
    let [left, right] = binary.operands.each_ref().map(|operand| {
        let (map, values) = match operand {
            Operand::Activation(map) => (*map, activations.next().unwrap().clone()),
            Operand::Constant(map, values) => {
                (*map, values.iter().map(|&value| i64::from(value)).collect())
            }
        };
        let repeated = cells(binary.output).map(move |[y, x, c]| {
            let (y, x, c) = (y % map.height, x % map.width, c % map.channels);
            values[(y * map.width + x) * map.channels + c]
        });
        repeated.collect::<Vec<i64>>()
    });
    left.into_iter().zip(right).map(|(left, right)| [left, right])
}

fn pool(pool: &Pool, input: &[i64]) -> Vec<i64> {
    let window = &pool.window;
    let padded = Padded::new(window, input, 0);
    let output = cells(window.output).map(|[y, x, channel]| {
        let values: Vec<i64> = taps(window)
            .map(|tap| padded.tap(window, [y, x], tap, channel))
            .filter_map(|(value, in_map)| in_map.then_some(value))
            .collect();
        let value = match pool.kind {
            PoolKind::Average => {
                let mean = values.iter().sum::<i64>() as f64 / values.len() as f64;
                mean.round() as i64
            }
            PoolKind::Max => *values.iter().max().unwrap(),
        };
        clamp(value, pool.clamp)
    });
    output.collect()
}

/// The index of element `position` along each axis.
fn place(mut position: usize, dims: &[usize]) -> Vec<usize> {
    let mut place = vec![0; dims.len()];
    for axis in (0..dims.len()).rev() {
        place[axis] = position % dims[axis];
        position /= dims[axis];
    }
    place
}

fn mean(mean: &Mean, input: &[i64]) -> Vec<i64> {
    // Sorted by the kept indices, sums come out in the output's order.
    let mut sums = BTreeMap::<Vec<usize>, i64>::new();
    for (position, value) in input.iter().enumerate() {
        let mut kept = place(position, &mean.input_dims);
        for (index, &reduced) in kept.iter_mut().zip(&mean.reduced) {
            *index = if reduced { 0 } else { *index };
        }
        *sums.entry(kept).or_default() += value - i64::from(mean.input_zero_point);
    }
    let output = sums.values().map(|&sum| {
        clamp(scale(sum, mean.multiplier) + i64::from(mean.output_zero_point), (-128, 127))
    });
    output.collect()
}

fn transpose(transpose: &Transpose, input: &[i64]) -> Vec<i64> {
    // The output's order is the order of the permuted indices.
    let permuted = input.iter().enumerate().map(|(position, &value)| {
        let place = place(position, &transpose.input_dims);
        (transpose.permutation.iter().map(|&axis| place[axis]).collect::<Vec<_>>(), value)
    });
    permuted.collect::<BTreeMap<_, _>>().into_values().collect()
}

/// In float64; the fixed-point specification differs by at most 1.
fn softmax(softmax: &Softmax, input: &[i64]) -> Vec<i64> {
    let step =
        f64::from(softmax.multiplier.fixed) * f64::from(softmax.multiplier.shift - 31 - 26).exp2();
    let mut output = Vec::new();
    for row in input.chunks(softmax.depth) {
        let exponentials: Vec<f64> = row.iter().map(|&value| (value as f64 * step).exp()).collect();
        let sum: f64 = exponentials.iter().sum();
        output.extend(exponentials.iter().map(|exponential| {
            clamp((256.0 * exponential / sum).round() as i64 - 128, (-128, 127))
        }));
    }
    output
}
