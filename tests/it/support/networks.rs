//! Random spatial networks: strides, dilations, paddings, residuals, odd sizes.

use super::{
    random::Random,
    tflite_writer::{ModelSpec, OperatorSpec, OptionsSpec, TensorSpec, build, kind},
};
use tinyml_playground::{model::Padding, quant::Activation, tensor::DataType};

/// A tensor under construction: its index, and its map.
#[derive(Clone, Copy, Debug)]
struct Maps {
    id: i32,
    sides: [i32; 2],
    channels: i32,
}

/// Builds a random spatial network, then a mean and a dense layer, from one seed.
pub struct Network {
    model: ModelSpec,
    random: Random,
}

const ACTIVATIONS: [Activation; 3] = [Activation::None, Activation::Relu, Activation::Relu6];

impl Network {
    pub fn build(seed: u64) -> Vec<u8> {
        let mut network = Self { model: ModelSpec::default(), random: Random::new(seed) };
        let sides = [network.random.between(5, 19), network.random.between(5, 19)];
        let channels = network.random.between(1, 4);
        let mut last = network.map(sides, channels);
        network.model.inputs = vec![last.id];
        for _ in 0..network.random.between(2, 6) {
            last = network.layer(last);
        }
        network.head(last);
        build(&network.model)
    }

    fn map(&mut self, sides: [i32; 2], channels: i32) -> Maps {
        let shape = [1, sides[0], sides[1], channels];
        let zero_point = i64::from(self.random.between(-20, 20));
        let tensor = TensorSpec::int8("map", &shape).quantized(0.05, zero_point);
        Maps { id: self.model.tensor(tensor), sides, channels }
    }

    fn layer(&mut self, input: Maps) -> Maps {
        match self.random.below(7) {
            0 | 1 => self.conv(input, false),
            2 | 3 => self.depthwise(input),
            4 => self.pool(input),
            5 => self.pad_and_conv(input),
            _ => self.residual(input),
        }
    }

    fn activation(&mut self) -> Activation {
        ACTIVATIONS[self.random.below(3)]
    }

    /// Kernel, stride, dilation and padding along both axes that a map of these sides takes.
    fn window(
        &mut self,
        sides: [i32; 2],
        keep_size: bool,
    ) -> ([i32; 2], [i32; 2], [i32; 2], Padding) {
        let dilated = self.random.below(4) == 0;
        let stride = if keep_size || dilated { 1 } else { self.random.between(1, 3) };
        let same = keep_size || self.random.below(2) == 0;
        let padding = if same { Padding::Same } else { Padding::Valid };
        let dilation = if dilated { self.random.between(2, 3) } else { 1 };
        let mut kernel = [self.random.between(1, 5), self.random.between(1, 5)];
        if !same {
            for (taps, side) in kernel.iter_mut().zip(sides) {
                while (*taps - 1) * dilation + 1 > side {
                    *taps -= 1;
                }
            }
        }
        (kernel, [stride; 2], [dilation; 2], padding)
    }

    pub(super) fn output_sides(
        sides: [i32; 2],
        kernel: [i32; 2],
        stride: [i32; 2],
        dilation: [i32; 2],
        padding: Padding,
    ) -> [i32; 2] {
        std::array::from_fn(|axis| match padding {
            Padding::Same => (sides[axis] + stride[axis] - 1) / stride[axis],
            Padding::Valid => {
                (sides[axis] - ((kernel[axis] - 1) * dilation[axis] + 1)) / stride[axis] + 1
            }
        })
    }

    fn weights(&mut self, shape: &[i32], channels: i32, dimension: i32) -> [i32; 2] {
        let elements: i32 = shape.iter().product();
        let data = self.random.bytes(elements as usize);
        let scales: Vec<f32> =
            (0..channels).map(|_| 0.001 + self.random.byte() as f32 / 20_000.0).collect();
        let weights = TensorSpec::int8("weights", shape).per_channel(&scales, dimension).data(data);
        let bias: Vec<i32> = (0..channels).map(|_| self.random.between(-2000, 2000)).collect();
        let bias = TensorSpec::int32("bias", &[channels]).int32_data(&bias);
        [self.model.tensor(weights), self.model.tensor(bias)]
    }

    fn conv(&mut self, input: Maps, keep_size: bool) -> Maps {
        let (kernel, stride, dilation, padding) = self.window(input.sides, keep_size);
        let filters = if keep_size { input.channels } else { self.random.between(1, 5) };
        let shape = [filters, kernel[0], kernel[1], input.channels];
        let [weights, bias] = self.weights(&shape, filters, 0);
        let sides = Self::output_sides(input.sides, kernel, stride, dilation, padding);
        let output = self.map(sides, filters);
        let activation = self.activation();
        let options = OptionsSpec::Conv2d { padding, stride, dilation, activation };
        let inputs = [input.id, weights, bias];
        self.model.operator(OperatorSpec::new(kind::CONV_2D, options, &inputs, &[output.id]));
        output
    }

    fn depthwise(&mut self, input: Maps) -> Maps {
        let (kernel, stride, dilation, padding) = self.window(input.sides, false);
        let depth_multiplier = self.random.between(1, 2);
        let channels = input.channels * depth_multiplier;
        let shape = [1, kernel[0], kernel[1], channels];
        let [weights, bias] = self.weights(&shape, channels, 3);
        let sides = Self::output_sides(input.sides, kernel, stride, dilation, padding);
        let output = self.map(sides, channels);
        let activation = self.activation();
        let options = OptionsSpec::DepthwiseConv2d {
            padding,
            stride,
            dilation,
            depth_multiplier,
            activation,
        };
        let inputs = [input.id, weights, bias];
        let operator = OperatorSpec::new(kind::DEPTHWISE_CONV_2D, options, &inputs, &[output.id]);
        self.model.operator(operator);
        output
    }

    fn pool(&mut self, input: Maps) -> Maps {
        let (kernel, stride, _, padding) = self.window(input.sides, false);
        let kernel = [kernel[0].min(input.sides[0]), kernel[1].min(input.sides[1])];
        let sides = Self::output_sides(input.sides, kernel, stride, [1; 2], padding);
        let like = self.model.tensors[input.id as usize].clone();
        let shape = vec![1, sides[0], sides[1], input.channels];
        let id = self.model.tensor(TensorSpec { shape, ..like });
        let average = self.random.below(2) == 0;
        let code = if average { kind::AVERAGE_POOL_2D } else { kind::MAX_POOL_2D };
        let activation = self.activation();
        let options = OptionsSpec::Pool { padding, stride, kernel, activation };
        self.model.operator(OperatorSpec::new(code, options, &[input.id], &[id]));
        Maps { id, sides, channels: input.channels }
    }

    /// PAD, then a VALID convolution: what the pass folds. Borders may be wider than the kernel, so
    /// that some windows lie in the padding alone.
    fn pad_and_conv(&mut self, input: Maps) -> Maps {
        let border: [i32; 4] = std::array::from_fn(|_| self.random.between(0, 4));
        let [top, bottom, left, right] = border;
        let sides = [input.sides[0] + top + bottom, input.sides[1] + left + right];
        let paddings = [0, 0, top, bottom, left, right, 0, 0];
        let paddings = TensorSpec::int32("paddings", &[4, 2]).int32_data(&paddings);
        let paddings = self.model.tensor(paddings);
        let like = self.model.tensors[input.id as usize].clone();
        let shape = vec![1, sides[0], sides[1], input.channels];
        let padded = self.model.tensor(TensorSpec { shape, ..like });
        let inputs = [input.id, paddings];
        let pad = OperatorSpec::new(kind::PAD, OptionsSpec::None, &inputs, &[padded]);
        self.model.operator(pad);
        let kernel = sides.map(|side| self.random.between(1, side.min(3)));
        let stride = [self.random.between(1, 2); 2];
        let filters = self.random.between(1, 4);
        let shape = [filters, kernel[0], kernel[1], input.channels];
        let [weights, bias] = self.weights(&shape, filters, 0);
        let sides = Self::output_sides(sides, kernel, stride, [1; 2], Padding::Valid);
        let output = self.map(sides, filters);
        let (padding, activation) = (Padding::Valid, self.activation());
        let options = OptionsSpec::Conv2d { padding, stride, dilation: [1; 2], activation };
        let inputs = [padded, weights, bias];
        self.model.operator(OperatorSpec::new(kind::CONV_2D, options, &inputs, &[output.id]));
        output
    }

    /// A convolution of the same size, added to its input; sometimes with a constant on top.
    fn residual(&mut self, input: Maps) -> Maps {
        let branch = self.conv(input, true);
        let output = self.map(input.sides, input.channels);
        let options = OptionsSpec::Add { activation: self.activation() };
        let inputs =
            if self.random.below(2) == 0 { [input.id, branch.id] } else { [branch.id, input.id] };
        self.model.operator(OperatorSpec::new(kind::ADD, options, &inputs, &[output.id]));
        if self.random.below(2) == 0 {
            return output;
        }
        let data = self.random.bytes(input.channels as usize);
        let factor = TensorSpec::int8("factor", &[1, 1, 1, input.channels]);
        let factor = self.model.tensor(factor.quantized(0.02, -3).data(data));
        let scaled = self.map(input.sides, input.channels);
        let options = OptionsSpec::Mul { activation: self.activation() };
        let inputs = [output.id, factor];
        self.model.operator(OperatorSpec::new(kind::MUL, options, &inputs, &[scaled.id]));
        scaled
    }

    fn head(&mut self, input: Maps) {
        let axes = TensorSpec::int32("axes", &[2]).int32_data(&[1, 2]);
        let axes = self.model.tensor(axes);
        let mean = TensorSpec::int8("mean", &[1, input.channels]).quantized(0.03, 4);
        let mean = self.model.tensor(mean);
        let options = OptionsSpec::Mean { keep_dims: false };
        self.model.operator(OperatorSpec::new(kind::MEAN, options, &[input.id, axes], &[mean]));
        self.model.outputs = vec![mean];
    }
}

/// QUANTIZE, PAD by one cell, a VALID 3x3 convolution, DEQUANTIZE, on 4x4 maps; with `shared`, a
/// second reader of the padded map that is no convolution.
pub fn padded_float_boundary(shared: bool) -> ModelSpec {
    let mut model = ModelSpec::default();
    let int8 =
        |name: &str, side: i32| TensorSpec::int8(name, &[1, side, side, 1]).quantized(0.5, 3);
    let float = |name: &str| TensorSpec::new(name, DataType::Float32, &[1, 4, 4, 1]);
    let input = model.tensor(float("in"));
    let quantized = model.tensor(int8("quantized", 4));
    let padded = model.tensor(int8("padded", 6));
    let output = model.tensor(int8("out", 4));
    let real = model.tensor(float("real"));
    let paddings = TensorSpec::int32("paddings", &[4, 2]).int32_data(&[0, 0, 1, 1, 1, 1, 0, 0]);
    let paddings = model.tensor(paddings);
    let weights = TensorSpec::int8("weights", &[1, 3, 3, 1]).quantized(0.5, 0).int8_data(&[1; 9]);
    let weights = model.tensor(weights);
    let mut operator = |code, options, inputs: &[i32], output: i32| {
        model.operator(OperatorSpec::new(code, options, inputs, &[output]));
    };
    operator(kind::QUANTIZE, OptionsSpec::None, &[input], quantized);
    operator(kind::PAD, OptionsSpec::None, &[quantized, paddings], padded);
    let conv = OptionsSpec::Conv2d {
        padding: Padding::Valid,
        stride: [1, 1],
        dilation: [1, 1],
        activation: Activation::None,
    };
    operator(kind::CONV_2D, conv, &[padded, weights], output);
    operator(kind::DEQUANTIZE, OptionsSpec::None, &[output], real);
    (model.inputs, model.outputs) = (vec![input], vec![real]);
    if shared {
        let doubled = model.tensor(int8("doubled", 6));
        let add = OptionsSpec::Add { activation: Activation::None };
        model.operator(OperatorSpec::new(kind::ADD, add, &[padded, padded], &[doubled]));
        model.outputs.push(doubled);
    }
    model
}
