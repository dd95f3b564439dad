//! Single operators whose answers come from TensorFlow Lite Micro itself.
//!
//! `data/kernel_vectors.json` is made by `models/kernel_vectors.py`: small models of one operator
//! each, run by the PyPI interpreter. It says what a file says (scales, strides, padding scheme);
//! the operators are resolved here, by the same constructors that the graph uses.

#![expect(clippy::unwrap_used, reason = "a test panics on bad data")]

use serde::Deserialize;
use std::sync::Arc;
use tinyml_playground::{
    kernels::{Call, Kernels, Portable, Reference, View},
    operator::{
        Add, Binary, Conv2d, DepthwiseConv2d, FullyConnected, Mean, Mul, Operand, Operator, Pad,
        Pool, PoolKind, Requantize, Softmax, Transpose, Window, conv_multiplier, dense_multiplier,
    },
    quant::{Activation, Multiplier, QuantParams, activation_range},
    tensor::{Map, Shape},
};

/// One operator with its tensors.
#[derive(Deserialize)]
struct Case {
    name: String,
    op: String,
    options: Options,
    inputs: Vec<Tensor>,
    output: Tensor,
}

/// What the operator's options say; those that it does not have keep their defaults.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Options {
    activation: String,
    kernel: [usize; 2],
    stride: [usize; 2],
    dilation: [usize; 2],
    beta: f32,
    axes: Vec<usize>,
    permutation: Vec<usize>,
    /// Rows above, columns to the left.
    padding_before: [usize; 2],
}

/// A tensor; activations of whole models come without data.
#[derive(Deserialize)]
struct Tensor {
    shape: Vec<i32>,
    #[serde(rename = "type")]
    data_type: String,
    scales: Vec<f32>,
    zero_point: i32,
    is_constant: bool,
    /// The bytes in hexadecimal, little-endian.
    data: String,
}

impl Tensor {
    fn bytes(&self) -> Vec<u8> {
        let digits = self.data.as_bytes().chunks(2).map(|pair| str::from_utf8(pair).unwrap());
        digits.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
    }

    fn int8(&self) -> Arc<[i8]> {
        self.bytes().into_iter().map(u8::cast_signed).collect()
    }

    fn int32(&self) -> Arc<[i32]> {
        let bytes = self.bytes();
        bytes.as_chunks::<4>().0.iter().map(|&word| i32::from_le_bytes(word)).collect()
    }

    fn map(&self) -> Map {
        Shape::try_from_dims(&self.shape).unwrap().map()
    }

    fn dims(&self) -> Vec<usize> {
        Shape::try_from_dims(&self.shape).unwrap().dims().to_vec()
    }

    fn params(&self) -> QuantParams {
        QuantParams { scale: self.scales[0], zero_point: self.zero_point }
    }

    fn element_bytes(&self) -> usize {
        if self.data_type == "int8" { 1 } else { 4 }
    }

    fn operand(&self) -> Operand {
        if self.is_constant {
            Operand::Constant(self.map(), self.int8())
        } else {
            Operand::Activation(self.map())
        }
    }
}

impl Case {
    fn clamp(&self) -> (i8, i8) {
        let activation = match self.options.activation.as_str() {
            "RELU" => Activation::Relu,
            "RELU6" => Activation::Relu6,
            "RELU_N1_TO_1" => Activation::ReluN1To1,
            _ => Activation::None,
        };
        activation_range(activation, self.output.params()).unwrap()
    }

    /// The window; SAME and VALID differ only in the output's size, which gives the padding.
    fn window(&self, kernel: [usize; 2]) -> Window {
        let (input, output) = (self.inputs[0].map(), self.output.map());
        let Options { stride, dilation, .. } = self.options;
        let padding = |axis: usize, inputs: usize, outputs: usize| {
            let reach = (kernel[axis] - 1) * dilation[axis] + 1;
            ((outputs - 1) * stride[axis] + reach).saturating_sub(inputs) / 2
        };
        let padding_before =
            [padding(0, input.height, output.height), padding(1, input.width, output.width)];
        Window { input, output, kernel, stride, dilation, padding_before }
    }

    fn kernel_of_weights(&self) -> [usize; 2] {
        let shape = self.inputs[1].dims();
        [shape[1], shape[2]]
    }

    fn bias(&self, outputs: usize) -> Arc<[i32]> {
        let bias = self.inputs.get(2).map(Tensor::int32);
        bias.unwrap_or_else(|| vec![0; outputs].into())
    }

    fn multipliers(
        &self,
        outputs: usize,
        multiplier: fn(f32, f32, f32) -> Option<Multiplier>,
    ) -> Arc<[Multiplier]> {
        let (input, output) = (self.inputs[0].scales[0], self.output.scales[0]);
        let weights = self.inputs[1].scales.iter().cycle().take(outputs);
        weights.map(|&weight| multiplier(input, weight, output).unwrap()).collect()
    }

    fn conv_2d(&self) -> Operator {
        let window = self.window(self.kernel_of_weights());
        let outputs = window.output.channels;
        Operator::Conv2d(Conv2d {
            window,
            weights: self.inputs[1].int8(),
            bias: self.bias(outputs),
            multipliers: self.multipliers(outputs, conv_multiplier),
            input_zero_point: self.inputs[0].zero_point,
            output_zero_point: self.output.zero_point,
            clamp: self.clamp(),
        })
    }

    fn depthwise_conv_2d(&self) -> Operator {
        let window = self.window(self.kernel_of_weights());
        let outputs = window.output.channels;
        Operator::DepthwiseConv2d(DepthwiseConv2d {
            window,
            depth_multiplier: outputs / window.input.channels,
            weights: self.inputs[1].int8(),
            bias: self.bias(outputs),
            multipliers: self.multipliers(outputs, conv_multiplier),
            input_zero_point: self.inputs[0].zero_point,
            output_zero_point: self.output.zero_point,
            clamp: self.clamp(),
        })
    }

    fn fully_connected(&self) -> Operator {
        let shape = self.inputs[1].dims();
        let (outputs, depth) = (shape[0], shape[1]);
        let per_tensor = self.inputs[1].scales.len() == 1;
        let multiplier = if per_tensor { dense_multiplier } else { conv_multiplier };
        Operator::FullyConnected(FullyConnected {
            batches: self.inputs[0].map().elements() / depth,
            depth,
            weights: self.inputs[1].int8(),
            bias: self.bias(outputs),
            multipliers: self.multipliers(outputs, multiplier),
            input_zero_point: self.inputs[0].zero_point,
            weights_zero_point: if per_tensor { self.inputs[1].zero_point } else { 0 },
            output_zero_point: self.output.zero_point,
            clamp: self.clamp(),
        })
    }

    fn add(&self, binary: Binary) -> Operator {
        let scales = [self.inputs[0].scales[0], self.inputs[1].scales[0]];
        let (multipliers, output_multiplier) =
            Add::multipliers(scales, self.output.scales[0]).unwrap();
        Operator::Add(Add {
            binary,
            zero_points: [self.inputs[0].zero_point, self.inputs[1].zero_point],
            multipliers,
            output_multiplier,
            output_zero_point: self.output.zero_point,
            clamp: self.clamp(),
        })
    }

    fn mul(&self, binary: Binary) -> Operator {
        let scales = [self.inputs[0].scales[0], self.inputs[1].scales[0]];
        Operator::Mul(Mul {
            binary,
            zero_points: [self.inputs[0].zero_point, self.inputs[1].zero_point],
            output_multiplier: Mul::multiplier(scales, self.output.scales[0]).unwrap(),
            output_zero_point: self.output.zero_point,
            clamp: self.clamp(),
        })
    }

    fn mean(&self) -> Operator {
        let dims = self.inputs[0].dims();
        let reduced = (0..dims.len()).map(|axis| self.options.axes.contains(&axis)).collect();
        let scales = [self.inputs[0].scales[0], self.output.scales[0]];
        let zero_points = [self.inputs[0].zero_point, self.output.zero_point];
        Operator::Mean(Mean::new(dims, reduced, scales, zero_points).unwrap())
    }

    fn operator(&self) -> Operator {
        let input = &self.inputs[0];
        let pool =
            |kind| Pool { window: self.window(self.options.kernel), kind, clamp: self.clamp() };
        let binary = || Binary {
            operands: [self.inputs[0].operand(), self.inputs[1].operand()],
            output: self.output.map(),
        };
        match self.op.as_str() {
            "CONV_2D" => self.conv_2d(),
            "DEPTHWISE_CONV_2D" => self.depthwise_conv_2d(),
            "FULLY_CONNECTED" => self.fully_connected(),
            "ADD" => self.add(binary()),
            "MUL" => self.mul(binary()),
            "AVERAGE_POOL_2D" => Operator::Pool(pool(PoolKind::Average)),
            "MAX_POOL_2D" => Operator::Pool(pool(PoolKind::Max)),
            "MEAN" => self.mean(),
            "PAD" => Operator::Pad(Pad {
                window: Window {
                    input: input.map(),
                    output: self.output.map(),
                    kernel: [1; 2],
                    stride: [1; 2],
                    dilation: [1; 2],
                    padding_before: self.options.padding_before,
                },
                value: i8::try_from(self.output.zero_point).unwrap(),
            }),
            "TRANSPOSE" => Operator::Transpose(Transpose {
                input_dims: input.dims(),
                permutation: self.options.permutation.clone(),
            }),
            "SOFTMAX" => {
                let depth = *input.dims().last().unwrap();
                let rows = input.map().elements() / depth;
                let softmax = Softmax::new(rows, depth, self.options.beta, input.scales[0]);
                Operator::Softmax(softmax.unwrap())
            }
            "QUANTIZE" if input.data_type == "float32" => {
                Operator::Quantize(self.output.params(), self.output.map())
            }
            "QUANTIZE" => Operator::Requantize(Requantize {
                map: input.map(),
                multiplier: Requantize::multiplier(input.scales[0], self.output.scales[0]).unwrap(),
                input_zero_point: input.zero_point,
                output_zero_point: self.output.zero_point,
            }),
            "DEQUANTIZE" => Operator::Dequantize(input.params(), input.map()),
            other => panic!("no operator {other}"),
        }
    }

    /// Runs the operator on the given activations and returns the output's bytes and the MACs.
    fn run<K: Kernels>(&self, operator: &Operator, activations: &[Vec<u8>]) -> (Vec<u8>, u64) {
        let mut arena = Vec::new();
        let mut views = Vec::new();
        let inputs = self.inputs.iter().filter(|tensor| !tensor.is_constant);
        for (tensor, bytes) in inputs.zip(activations) {
            let map = tensor.map();
            let (offset, element_bytes) = (arena.len(), tensor.element_bytes());
            views.push(View { offset, map, region: map.region(), element_bytes });
            arena.extend_from_slice(bytes);
        }
        let map = self.output.map();
        let (offset, element_bytes) = (arena.len(), self.output.element_bytes());
        let output = View { offset, map, region: map.region(), element_bytes };
        arena.resize(offset + output.bytes(), 0x55);
        let call = Call { inputs: &views, output, region: map.region(), scratch: 0..0 };
        let prepared = [K::prepare(operator)];
        let mut workspace = K::workspace(&prepared);
        let macs = K::run(operator, &prepared[0], &mut workspace, &mut arena, &call);
        (arena.split_off(offset), macs)
    }
}

#[test]
fn reference_kernels_equal_tensorflow_lite_micro() {
    compare_all::<Reference>();
}

#[test]
fn portable_kernels_equal_tensorflow_lite_micro() {
    compare_all::<Portable>();
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn native_kernels_equal_tensorflow_lite_micro() {
    compare_all::<tinyml_playground::kernels::Native>();
}

/// Compares every vector; also called inside a browser.
pub(crate) fn compare_all<K: Kernels>() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("data/kernel_vectors.json")).unwrap();
    assert!(cases.len() > 90, "{} vectors", cases.len());
    for case in cases {
        let inputs = case.inputs.iter().filter(|tensor| !tensor.is_constant);
        let activations: Vec<Vec<u8>> = inputs.map(Tensor::bytes).collect();
        let operator = case.operator();
        let (output, macs) = case.run::<K>(&operator, &activations);
        assert_eq!(output, case.output.bytes(), "{}", case.name);
        let expected_macs = operator.macs_per_output() * case.output.map().elements() as u64;
        assert_eq!(macs, expected_macs, "{}", case.name);
    }
}
