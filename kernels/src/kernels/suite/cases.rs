//! The operators of the suite: every kind, in random geometry and with random constants.

use super::random::Random;
use crate::{
    operator::{
        Add, Binary, Conv2d, DepthwiseConv2d, FullyConnected, Mean, Mul, Operand, Operator, Pad,
        Pool, PoolKind, Requantize, Softmax, Transpose, Window,
    },
    quant::{Multiplier, QuantParams},
    tensor::Map,
};

/// All cases, the same in every run.
pub(super) fn all() -> Vec<Operator> {
    let mut random = Random::new(1);
    let mut cases = Vec::new();
    // 1 to 18 channels: whatever a kernel's vector width, every tail occurs.
    for channels in 1..=18 {
        cases.push(conv_2d(&mut random, channels, 19 - channels));
        cases.push(conv_2d(&mut random, channels, channels));
        cases.push(depthwise_conv_2d(&mut random, channels, 1));
        cases.push(depthwise_conv_2d(&mut random, channels, 1 + channels % 3));
        cases.push(fully_connected(&mut random, channels, 19 - channels));
        cases.push(fully_connected(&mut random, 16 + channels, channels));
        cases.push(add(&mut random, channels));
        cases.push(mul(&mut random, channels));
        cases.push(with_one_constant(&mut random, channels));
        cases.push(pool(&mut random, channels, PoolKind::Average));
        cases.push(pool(&mut random, channels, PoolKind::Max));
        cases.push(pad(&mut random, channels));
        cases.push(softmax(&mut random, channels));
        cases.push(requantize(&mut random, channels));
        let params =
            QuantParams { scale: random.real(0.01, 1.0), zero_point: zero_point(&mut random) };
        cases.push(Operator::Quantize(params, map(&mut random, channels)));
        cases.push(Operator::Dequantize(params, map(&mut random, channels)));
    }
    for channels in [32, 33, 47, 64] {
        cases.push(conv_2d(&mut random, channels, 5));
        cases.push(conv_2d(&mut random, 3, channels));
        cases.push(depthwise_conv_2d(&mut random, channels, 1));
        cases.push(fully_connected(&mut random, 3 * channels, channels));
    }
    // Short kernel rows and many filters.
    for channels in 1..=5 {
        cases.push(conv_2d(&mut random, channels, 47 + channels));
        cases.push(conv_2d(&mut random, channels, 64));
    }
    for side in [3, 5, 7] {
        for channels in [4, 8, 15, 16, 17, 24, 40] {
            for stride in 1..=2 {
                cases.push(depthwise_square(&mut random, side, stride, channels));
            }
        }
    }
    for channels in [16, 24, 40] {
        cases.push(conv_2d_3x3(&mut random, channels, 16));
        cases.push(conv_2d_3x3(&mut random, channels, 32));
    }
    // Every number of inputs up to some vectors and more than a band holds; blocks of outputs and their rests.
    for inputs in (1..=72).chain([511, 2047, 2049, 4097]) {
        for outputs in [random.size(1, 50), [3, 8, 16, 17][random.below(4)]] {
            cases.push(pointwise(&mut random, inputs, outputs));
        }
    }
    // More channels than are interleaved at once, on maps of more rows than a band holds.
    for channels in [65, 68, 96, 130, 200] {
        for side in [3, 5, 7] {
            for stride in 1..=2 {
                cases.push(depthwise_of_size(&mut random, side, stride, channels));
            }
        }
    }
    for rank in 1..=8 {
        for _ in 0..4 {
            cases.push(mean(&mut random, rank));
            cases.push(transpose(&mut random, rank));
        }
    }
    // Columns that fill blocks of vectors or do not; few values for each, and many.
    for inner in [7, 15, 16, 24, 40] {
        for reduced in [1, 2, 63, 64, 65, 300] {
            cases.push(mean_of(&mut random, vec![3, reduced, inner], vec![false, true, false]));
        }
    }
    cases.push(mean_of(&mut random, vec![70, 5], vec![false, true]));
    cases
}

/// Any operator of convolution, addition or multiplication, with multipliers and biases that range
/// over all that a file can say: sums wrap, shifts go left, products vanish.
pub(super) fn extreme(random: &mut Random) -> Operator {
    let (channels, outputs) = (random.size(1, 40), random.size(1, 40));
    let kind = random.below(5);
    let mut operator = match kind {
        0 if random.below(2) == 0 => pointwise(random, channels, outputs),
        0 => conv_2d(random, channels, outputs),
        1 => conv_2d_3x3(random, 16, 16),
        2 if outputs < 20 => depthwise_square(random, 3, 1 + outputs % 2, channels),
        2 => depthwise_conv_2d(random, channels, 1),
        3 => fully_connected(random, 3 * channels, channels),
        _ => mul(random, 8 * channels),
    };
    let count = match &operator {
        Operator::Conv2d(conv) => conv.bias.len(),
        Operator::DepthwiseConv2d(conv) => conv.bias.len(),
        Operator::FullyConnected(dense) => dense.bias.len(),
        _ => 1,
    };
    // One scale for all, or one for each; of any size.
    let exponent = f64::from(random.real(-33.0, 29.0));
    let per_channel = random.below(2) == 0;
    let mut real = || {
        let own = if per_channel { f64::from(random.real(-12.0, 2.0)) } else { exponent };
        Multiplier::from_real(own.exp2()).unwrap()
    };
    let new_multipliers: Vec<Multiplier> = (0..count).map(|_| real()).collect();
    let most = [1 << 10, 1 << 20, i32::MAX][random.below(3)];
    let new_bias: Vec<i32> = (0..count).map(|_| random.between(-most, most)).collect();
    match &mut operator {
        Operator::Conv2d(Conv2d { multipliers, bias, .. })
        | Operator::DepthwiseConv2d(DepthwiseConv2d { multipliers, bias, .. })
        | Operator::FullyConnected(FullyConnected { multipliers, bias, .. }) => {
            (*multipliers, *bias) = (new_multipliers.into(), new_bias.into());
        }
        Operator::Mul(mul) => mul.output_multiplier = new_multipliers[0],
        _ => {}
    }
    operator
}

fn map(random: &mut Random, channels: usize) -> Map {
    Map { height: random.size(1, 7), width: random.size(1, 7), channels }
}

fn zero_point(random: &mut Random) -> i32 {
    random.between(-128, 127)
}

fn clamp(random: &mut Random) -> (i8, i8) {
    [(-128, 127), (-128, 127), (-20, 90), (5, 5)][random.below(4)]
}

/// A multiplier about `1 / spread`, half to twice.
fn multiplier(random: &mut Random, spread: f64) -> Multiplier {
    Multiplier::from_real(f64::from(random.real(0.5, 2.0)) / spread).unwrap()
}

fn biases(random: &mut Random, count: usize) -> Vec<i32> {
    (0..count).map(|_| random.between(-3000, 3000)).collect()
}

/// Strides 1 to 3, dilations 1 to 3, any padding: some outputs read padding alone.
fn window(random: &mut Random, input_channels: usize, output_channels: usize) -> Window {
    let mut pair = |low, high| [random.size(low, high), random.size(low, high)];
    let (kernel, stride, dilation) = (pair(1, 4), pair(1, 3), pair(1, 3));
    let padding_before = pair(0, 3);
    Window {
        input: map(random, input_channels),
        output: map(random, output_channels),
        kernel,
        stride,
        dilation,
        padding_before,
    }
}

fn conv_2d(random: &mut Random, input_channels: usize, outputs: usize) -> Operator {
    let window = window(random, input_channels, outputs);
    let taps = window.taps() * input_channels;
    Operator::Conv2d(Conv2d {
        window,
        weights: random.int8s(taps * outputs).into(),
        bias: biases(random, outputs).into(),
        multipliers: (0..outputs).map(|_| multiplier(random, 400.0)).collect(),
        input_zero_point: zero_point(random),
        output_zero_point: zero_point(random),
        clamp: clamp(random),
    })
}

/// As in residual networks: 3x3 at stride 1, some padding.
fn conv_2d_3x3(random: &mut Random, input_channels: usize, outputs: usize) -> Operator {
    let mut operator = conv_2d(random, input_channels, outputs);
    if let Operator::Conv2d(conv) = &mut operator {
        let window = &mut conv.window;
        (window.kernel, window.stride, window.dilation) = ([3; 2], [1; 2], [1; 2]);
        window.input =
            Map { height: random.size(3, 11), width: random.size(3, 11), ..window.input };
        let side = |size: usize, before: usize| size + before - 1;
        window.padding_before = window.padding_before.map(|before| before.min(2));
        window.output.height = side(window.input.height, window.padding_before[0]);
        window.output.width = side(window.input.width, window.padding_before[1]);
        conv.weights = random.int8s(9 * input_channels * outputs).into();
        conv.multipliers = (0..outputs).map(|_| multiplier(random, 2000.0)).collect();
    }
    operator
}

/// A 1x1 convolution at stride 1; now and then with padding behind the map.
fn pointwise(random: &mut Random, inputs: usize, outputs: usize) -> Operator {
    let mut operator = conv_2d(random, inputs, outputs);
    if let Operator::Conv2d(conv) = &mut operator {
        let (height, width) = (random.size(1, 19), random.size(1, 19));
        let behind: [usize; 2] = std::array::from_fn(|_| match random.below(6) {
            0 => random.size(1, 2),
            _ => 0,
        });
        let window = &mut conv.window;
        (window.kernel, window.stride, window.dilation) = ([1; 2], [1; 2], [1; 2]);
        window.padding_before = [0; 2];
        window.input = Map { height, width, channels: inputs };
        let (height, width) = (height + behind[0], width + behind[1]);
        window.output = Map { height, width, channels: outputs };
        conv.weights = random.int8s(inputs * outputs).into();
        conv.multipliers = (0..outputs).map(|_| multiplier(random, 400.0)).collect();
    }
    operator
}

/// A depthwise convolution on a map of up to 30x30, padded alike on all sides.
fn depthwise_of_size(random: &mut Random, side: usize, stride: usize, channels: usize) -> Operator {
    let mut operator = depthwise_square(random, side, stride, channels);
    if let Operator::DepthwiseConv2d(conv) = &mut operator {
        let (height, width) = (random.size(1, 30), random.size(1, 30));
        let window = &mut conv.window;
        window.padding_before = [side / 2; 2];
        window.input = Map { height, width, channels };
        let [height, width] = [height, width].map(|side| side.div_ceil(stride));
        window.output = Map { height, width, channels };
    }
    operator
}

fn depthwise_conv_2d(random: &mut Random, channels: usize, depth_multiplier: usize) -> Operator {
    let outputs = channels * depth_multiplier;
    let window = window(random, channels, outputs);
    Operator::DepthwiseConv2d(DepthwiseConv2d {
        window,
        depth_multiplier,
        weights: random.int8s(window.taps() * outputs).into(),
        bias: biases(random, outputs).into(),
        multipliers: (0..outputs).map(|_| multiplier(random, 200.0)).collect(),
        input_zero_point: zero_point(random),
        output_zero_point: zero_point(random),
        clamp: clamp(random),
    })
}

/// As in mobile networks: a square kernel, padding on some sides or none, maps of any width.
fn depthwise_square(random: &mut Random, side: usize, stride: usize, channels: usize) -> Operator {
    let mut operator = depthwise_conv_2d(random, channels, 1);
    if let Operator::DepthwiseConv2d(conv) = &mut operator {
        let window = &mut conv.window;
        (window.kernel, window.stride, window.dilation) = ([side; 2], [stride; 2], [1; 2]);
        let mut size = || random.size(1, 13);
        (window.input.height, window.input.width) = (size(), size());
        window.padding_before = [random.size(0, side / 2), random.size(0, side / 2)];
        window.output.height = window.input.height.div_ceil(stride);
        window.output.width = window.input.width.div_ceil(stride);
        conv.weights = random.int8s(window.taps() * channels).into();
    }
    operator
}

fn fully_connected(random: &mut Random, depth: usize, outputs: usize) -> Operator {
    Operator::FullyConnected(FullyConnected {
        batches: random.size(1, 3),
        depth,
        weights: random.int8s(depth * outputs).into(),
        bias: biases(random, outputs).into(),
        multipliers: (0..outputs).map(|_| multiplier(random, 300.0)).collect(),
        input_zero_point: zero_point(random),
        weights_zero_point: if random.below(2) == 0 { 0 } else { zero_point(random) },
        output_zero_point: zero_point(random),
        clamp: clamp(random),
    })
}

/// Operands of equal shape, or constants and activations that broadcast along random axes.
fn binary(random: &mut Random, channels: usize) -> Binary {
    let output = map(random, channels);
    let broadcasts = random.below(2) == 0;
    let mut operand = |may_be_constant: bool| {
        let mut side = |size| if broadcasts && random.below(3) == 0 { 1 } else { size };
        let map = Map {
            height: side(output.height),
            width: side(output.width),
            channels: side(output.channels),
        };
        if may_be_constant && random.below(3) == 0 {
            Operand::Constant(map, random.int8s(map.elements()).into())
        } else {
            Operand::Activation(map)
        }
    };
    let left = operand(true);
    let right = operand(matches!(left, Operand::Activation(_)));
    Binary { operands: [left, right], output }
}

fn add(random: &mut Random, channels: usize) -> Operator {
    let scales = [random.real(0.01, 1.0), random.real(0.01, 1.0)];
    let (multipliers, output_multiplier) = Add::multipliers(scales, random.real(0.1, 1.0)).unwrap();
    Operator::Add(Add {
        binary: binary(random, channels),
        zero_points: [zero_point(random), zero_point(random)],
        multipliers,
        output_multiplier,
        output_zero_point: zero_point(random),
        clamp: clamp(random),
    })
}

fn mul(random: &mut Random, channels: usize) -> Operator {
    Operator::Mul(Mul {
        binary: binary(random, channels),
        zero_points: [zero_point(random), zero_point(random)],
        output_multiplier: multiplier(random, 100.0),
        output_zero_point: zero_point(random),
        clamp: clamp(random),
    })
}

/// ADD or MUL of a map and one constant value, on either side.
fn with_one_constant(random: &mut Random, channels: usize) -> Operator {
    let mut operator =
        if random.below(2) == 0 { add(random, channels) } else { mul(random, channels) };
    if let Operator::Add(Add { binary, .. }) | Operator::Mul(Mul { binary, .. }) = &mut operator {
        let one = Map { height: 1, width: 1, channels: 1 };
        let constant = Operand::Constant(one, random.int8s(1).into());
        binary.operands = [Operand::Activation(binary.output), constant];
        if random.below(2) == 0 {
            binary.operands.reverse();
        }
    }
    operator
}

fn pool(random: &mut Random, channels: usize, kind: PoolKind) -> Operator {
    let mut window = window(random, channels, channels);
    window.dilation = [1, 1];
    // As the schemes SAME and VALID have it, every window meets the map.
    for axis in 0..2 {
        window.padding_before[axis] = window.padding_before[axis].min(window.kernel[axis] - 1);
    }
    let most = |size: usize, axis: usize| {
        (size - 1 + window.padding_before[axis]) / window.stride[axis] + 1
    };
    window.output.height = window.output.height.min(most(window.input.height, 0));
    window.output.width = window.output.width.min(most(window.input.width, 1));
    Operator::Pool(Pool { window, kind, clamp: clamp(random) })
}

fn pad(random: &mut Random, channels: usize) -> Operator {
    let window = Window {
        kernel: [1, 1],
        stride: [1, 1],
        dilation: [1, 1],
        ..window(random, channels, channels)
    };
    Operator::Pad(Pad { window, value: i8::try_from(zero_point(random)).unwrap() })
}

fn softmax(random: &mut Random, depth: usize) -> Operator {
    let (rows, beta, scale) = (random.size(1, 4), random.real(0.5, 2.0), random.real(0.005, 0.3));
    Operator::Softmax(Softmax::new(rows, depth, beta, scale).unwrap())
}

fn requantize(random: &mut Random, channels: usize) -> Operator {
    Operator::Requantize(Requantize {
        map: map(random, channels),
        multiplier: multiplier(random, 1.0),
        input_zero_point: zero_point(random),
        output_zero_point: zero_point(random),
    })
}

fn dims(random: &mut Random, rank: usize) -> Vec<usize> {
    (0..rank).map(|_| random.size(1, 4)).collect()
}

fn mean(random: &mut Random, rank: usize) -> Operator {
    let reduced = (0..rank).map(|_| random.below(2) == 0).collect();
    let dims = dims(random, rank);
    mean_of(random, dims, reduced)
}

fn mean_of(random: &mut Random, dims: Vec<usize>, reduced: Vec<bool>) -> Operator {
    let scales = [random.real(0.1, 1.0), random.real(0.1, 1.0)];
    let zero_points = [zero_point(random), zero_point(random)];
    Operator::Mean(Mean::new(dims, reduced, scales, zero_points).unwrap())
}

fn transpose(random: &mut Random, rank: usize) -> Operator {
    let mut permutation: Vec<usize> = (0..rank).collect();
    for last in (1..rank).rev() {
        permutation.swap(last, random.below(last + 1));
    }
    Operator::Transpose(Transpose { input_dims: dims(random, rank), permutation })
}
