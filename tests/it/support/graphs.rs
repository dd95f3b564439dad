//! Random graphs of everything that runs here, wired in ways that no converter thinks of.
//!
//! Where [`Network`] makes what convolutional networks look like, this makes
//! what a file may hold: branches, several inputs and outputs, batches of 2, ranks from 1 to 5,
//! chains of RESHAPEs, constants broadcast from either side, PADs with several readers, float
//! tensors at the boundary.

use super::{
    networks::Network,
    random::Random,
    tflite_writer::{ModelSpec, OperatorSpec, OptionsSpec, TensorSpec, kind},
};
use tinyml_playground::{model::Padding, quant::Activation, tensor::DataType};

/// Builds a random graph from one seed.
pub struct Graph {
    model: ModelSpec,
    random: Random,
    /// The int8 tensors that later operators may read.
    readable: Vec<i32>,
}

const ACTIVATIONS: [Activation; 3] = [Activation::None, Activation::Relu, Activation::Relu6];

impl Graph {
    pub fn build(seed: u64) -> ModelSpec {
        // Neighbouring seeds give neighbouring first numbers: the product drives them apart.
        let random = Random::new(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let mut graph = Self { model: ModelSpec::default(), random, readable: Vec::new() };
        graph.inputs();
        for _ in 0..graph.random.between(2, 12) {
            graph.operator();
        }
        if graph.model.operators.is_empty() {
            graph.requantize(graph.readable[0]);
        }
        graph.outputs();
        graph.model
    }

    fn shape(&self, id: i32) -> Vec<i32> {
        self.model.tensors[id as usize].shape.clone()
    }

    /// Whether it is a map of one picture: what slides a window takes nothing else.
    fn is_map(&self, id: i32) -> bool {
        matches!(self.shape(id)[..], [1, _, _, _])
    }

    fn tensor(&mut self, shape: &[i32]) -> i32 {
        let zero_point = i64::from(self.random.between(-20, 20));
        self.model.tensor(TensorSpec::int8("map", shape).quantized(0.05, zero_point))
    }

    /// A tensor quantized like another.
    fn like(&mut self, id: i32, shape: &[i32]) -> i32 {
        let like = self.model.tensors[id as usize].clone();
        self.model.tensor(TensorSpec { shape: shape.to_vec(), ..like })
    }

    fn float(&mut self, shape: &[i32]) -> i32 {
        self.model.tensor(TensorSpec::new("float", DataType::Float32, shape))
    }

    fn constant(&mut self, shape: &[i32], values: &[i32]) -> i32 {
        self.model.tensor(TensorSpec::int32("constant", shape).int32_data(values))
    }

    fn flip(&mut self) -> bool {
        self.random.below(2) == 0
    }

    fn padding(&mut self) -> Padding {
        if self.flip() { Padding::Same } else { Padding::Valid }
    }

    fn activation(&mut self) -> Activation {
        ACTIVATIONS[self.random.below(3)]
    }

    /// Something to read: mostly one of the last tensors, so that chains grow.
    fn pick(&mut self) -> i32 {
        let len = self.readable.len();
        let back = if self.random.below(5) == 0 { len } else { len.min(4) };
        self.readable[len - 1 - self.random.below(back)]
    }

    fn add(&mut self, code: i32, options: OptionsSpec, inputs: &[i32], output: i32) -> i32 {
        self.model.operator(OperatorSpec::new(code, options, inputs, &[output]));
        output
    }

    fn inputs(&mut self) {
        let mut floats = Vec::new();
        let count = if self.random.below(3) == 0 { 2 } else { 1 };
        for input in 0..count {
            let batch = if self.random.below(8) == 0 { 2 } else { 1 };
            let sides = [self.random.between(3, 12), self.random.between(3, 12)];
            let shape = match self.readable.first().copied() {
                Some(first) if input == 1 && self.flip() => self.shape(first),
                _ => vec![batch, sides[0], sides[1], self.random.between(1, 4)],
            };
            let is_float = self.random.below(3) == 0;
            let id = if is_float { self.float(&shape) } else { self.tensor(&shape) };
            if is_float { &mut floats } else { &mut self.readable }.push(id);
            self.model.inputs.push(id);
        }
        for float in floats {
            let output = self.tensor(&self.shape(float));
            self.add(kind::QUANTIZE, OptionsSpec::None, &[float], output);
            self.readable.push(output);
        }
    }

    /// The last tensor and up to two more, each as it is or as float32.
    fn outputs(&mut self) {
        let mut chosen = vec![self.readable[self.readable.len() - 1]];
        for _ in 0..self.random.below(3) {
            let id = self.readable[self.random.below(self.readable.len())];
            if !chosen.contains(&id) {
                chosen.push(id);
            }
        }
        for id in chosen {
            let output = if self.random.below(3) == 0 {
                let float = self.float(&self.shape(id));
                self.add(kind::DEQUANTIZE, OptionsSpec::None, &[id], float)
            } else {
                id
            };
            self.model.outputs.push(output);
        }
    }

    fn operator(&mut self) {
        let input = self.pick();
        let is_map = self.is_map(input);
        let output = match self.random.below(15) {
            0..=2 if is_map => Some(self.window(input, None)),
            3 if is_map => self.pad(input),
            4 if is_map => Some(self.pool(input)),
            5 | 6 => Some(self.sum_or_product(input)),
            7 => self.with_constant(input),
            8 | 9 => Some(self.reshape(input)),
            10 => Some(self.mean(input)),
            11 => Some(self.transpose(input)),
            12 => Some(self.requantize(input)),
            13 => Some(self.softmax(input)),
            _ => Some(self.dense(input)),
        };
        self.readable.extend(output);
    }

    /// Weights and a bias; the bias is sometimes left out.
    fn weights(&mut self, shape: &[i32], channels: i32, dimension: i32) -> [i32; 2] {
        let elements: i32 = shape.iter().product();
        let data = self.random.bytes(elements as usize);
        let scale = |random: &mut Random| 0.001 + f32::from(random.byte()) / 20_000.0;
        let scales: Vec<f32> = (0..channels).map(|_| scale(&mut self.random)).collect();
        let weights = TensorSpec::int8("weights", shape).per_channel(&scales, dimension).data(data);
        let weights = self.model.tensor(weights);
        if self.random.below(4) == 0 {
            return [weights, -1];
        }
        let bias: Vec<i32> = (0..channels).map(|_| self.random.between(-2000, 2000)).collect();
        [weights, self.constant(&[channels], &bias)]
    }

    /// A convolution, depthwise or not, with strides and dilations that differ by axis.
    fn window(&mut self, input: i32, padding: Option<Padding>) -> i32 {
        let shape = self.shape(input);
        let (sides, channels) = ([shape[1], shape[2]], shape[3]);
        let padding = padding.unwrap_or_else(|| self.padding());
        let stride = [self.random.between(1, 3), self.random.between(1, 3)];
        let dilated = self.random.below(4) == 0;
        let dilation =
            if dilated { [self.random.between(1, 3), self.random.between(1, 2)] } else { [1, 1] };
        let kernel = std::array::from_fn(|axis| {
            let most = (sides[axis] - 1) / dilation[axis] + 1;
            self.random.between(1, most.min(4))
        });
        let [rows, columns] = Network::output_sides(sides, kernel, stride, dilation, padding);
        let activation = self.activation();
        if self.flip() {
            let filters = self.random.between(1, 5);
            let [weights, bias] =
                self.weights(&[filters, kernel[0], kernel[1], channels], filters, 0);
            let output = self.tensor(&[1, rows, columns, filters]);
            let options = OptionsSpec::Conv2d { padding, stride, dilation, activation };
            return self.add(kind::CONV_2D, options, &[input, weights, bias], output);
        }
        let depth_multiplier = if channels <= 6 { self.random.between(1, 2) } else { 1 };
        let channels = channels * depth_multiplier;
        let [weights, bias] = self.weights(&[1, kernel[0], kernel[1], channels], channels, 3);
        let output = self.tensor(&[1, rows, columns, channels]);
        let options = OptionsSpec::DepthwiseConv2d {
            padding,
            stride,
            dilation,
            depth_multiplier,
            activation,
        };
        self.add(kind::DEPTHWISE_CONV_2D, options, &[input, weights, bias], output)
    }

    /// A PAD with up to two VALID convolutions behind it; `Some` where others may read it too, so
    /// that it cannot always be folded.
    fn pad(&mut self, input: i32) -> Option<i32> {
        let border: [i32; 4] = std::array::from_fn(|_| self.random.between(0, 3));
        let [top, bottom, left, right] = border;
        let paddings = self.constant(&[4, 2], &[0, 0, top, bottom, left, right, 0, 0]);
        let shape = self.shape(input);
        let shape = [1, shape[1] + top + bottom, shape[2] + left + right, shape[3]];
        let padded = self.like(input, &shape);
        self.add(kind::PAD, OptionsSpec::None, &[input, paddings], padded);
        let open = self.random.below(3) == 0;
        let readers = if open { self.random.below(3) } else { 1 + self.random.below(2) };
        for _ in 0..readers {
            let output = self.window(padded, Some(Padding::Valid));
            self.readable.push(output);
        }
        open.then_some(padded)
    }

    fn pool(&mut self, input: i32) -> i32 {
        let shape = self.shape(input);
        let sides = [shape[1], shape[2]];
        let padding = self.padding();
        let stride = [self.random.between(1, 2), self.random.between(1, 2)];
        let kernel = sides.map(|side| self.random.between(1, side.min(4)));
        let [rows, columns] = Network::output_sides(sides, kernel, stride, [1; 2], padding);
        let output = self.like(input, &[1, rows, columns, shape[3]]);
        let code = if self.flip() { kind::AVERAGE_POOL_2D } else { kind::MAX_POOL_2D };
        let activation = self.activation();
        let options = OptionsSpec::Pool { padding, stride, kernel, activation };
        self.add(code, options, &[input], output)
    }

    /// ADD or MUL, with its options.
    fn binary(&mut self) -> (i32, OptionsSpec) {
        let activation = self.activation();
        if self.flip() {
            (kind::ADD, OptionsSpec::Add { activation })
        } else {
            (kind::MUL, OptionsSpec::Mul { activation })
        }
    }

    /// With any other tensor of its shape, maybe itself.
    fn sum_or_product(&mut self, input: i32) -> i32 {
        let shape = self.shape(input);
        let is_same = |id: &i32| self.shape(*id) == shape;
        let same: Vec<i32> = self.readable.iter().copied().filter(is_same).collect();
        let other = same[self.random.below(same.len())];
        let output = self.tensor(&shape);
        let (code, options) = self.binary();
        self.add(code, options, &[input, other], output)
    }

    /// With a constant that is broadcast along any axes, on either side.
    fn with_constant(&mut self, input: i32) -> Option<i32> {
        let shape = self.shape(input);
        if shape.len() > 4 || shape.len() == 4 && shape[0] != 1 {
            return None;
        }
        let mut sides: Vec<i32> =
            shape.iter().map(|&side| if self.flip() { 1 } else { side }).collect();
        while sides.len() > 1 && sides[0] == 1 && self.random.below(3) == 0 {
            sides.remove(0);
        }
        let data = self.random.bytes(sides.iter().product::<i32>() as usize);
        let constant = TensorSpec::int8("constant", &sides).quantized(0.02, -3).data(data);
        let constant = self.model.tensor(constant);
        let output = self.tensor(&shape);
        let inputs = if self.flip() { [input, constant] } else { [constant, input] };
        let (code, options) = self.binary();
        Some(self.add(code, options, &inputs, output))
    }

    /// To ranks from 1 to 5, and back to maps.
    fn reshape(&mut self, input: i32) -> i32 {
        let shape = self.shape(input);
        let elements: i32 = shape.iter().product();
        let channels = shape[shape.len() - 1];
        let shapes = [
            vec![elements],
            vec![1, elements],
            vec![1, 1, elements],
            vec![1, 1, 1, elements],
            vec![1, elements / channels, 1, channels],
            vec![1, 1, 1, 1, elements],
            shape.iter().rev().copied().collect(),
        ];
        let shape = &shapes[self.random.below(shapes.len())];
        let output = self.like(input, shape);
        self.add(kind::RESHAPE, OptionsSpec::None, &[input], output)
    }

    fn mean(&mut self, input: i32) -> i32 {
        let shape = self.shape(input);
        let mut axes: Vec<i32> = (0..shape.len() as i32).filter(|_| self.flip()).collect();
        if axes.is_empty() {
            axes.push(shape.len() as i32 - 1);
        }
        let reduced = |axis: usize| axes.contains(&(axis as i32));
        let sides: Vec<i32> = shape
            .iter()
            .enumerate()
            .map(|(axis, &side)| if reduced(axis) { 1 } else { side })
            .collect();
        let axes = self.constant(&[axes.len() as i32], &axes);
        let output = self.tensor(&sides);
        self.add(kind::MEAN, OptionsSpec::Mean { keep_dims: true }, &[input, axes], output)
    }

    fn transpose(&mut self, input: i32) -> i32 {
        let shape = self.shape(input);
        let mut order: Vec<i32> = (0..shape.len() as i32).collect();
        for last in (1..order.len()).rev() {
            order.swap(last, self.random.below(last + 1));
        }
        let sides: Vec<i32> = order.iter().map(|&axis| shape[axis as usize]).collect();
        let order = self.constant(&[shape.len() as i32], &order);
        let output = self.like(input, &sides);
        self.add(kind::TRANSPOSE, OptionsSpec::None, &[input, order], output)
    }

    fn requantize(&mut self, input: i32) -> i32 {
        let output = self.tensor(&self.shape(input));
        self.add(kind::QUANTIZE, OptionsSpec::None, &[input], output)
    }

    fn softmax(&mut self, input: i32) -> i32 {
        let output = TensorSpec::int8("scores", &self.shape(input)).quantized(1.0 / 256.0, -128);
        let output = self.model.tensor(output);
        self.add(kind::SOFTMAX, OptionsSpec::Softmax { beta: 1.0 }, &[input], output)
    }

    fn dense(&mut self, input: i32) -> i32 {
        let shape = self.shape(input);
        let depth = shape[shape.len() - 1];
        let units = self.random.between(1, 5);
        let [weights, bias] = self.weights(&[units, depth], units, 0);
        let output = self.tensor(&[shape.iter().product::<i32>() / depth, units]);
        let activation = self.activation();
        let (default_weights_format, keep_num_dims) = (true, false);
        let options =
            OptionsSpec::FullyConnected { activation, default_weights_format, keep_num_dims };
        self.add(kind::FULLY_CONNECTED, options, &[input, weights, bias], output)
    }
}

/// Branches that grow and shrink again, `width` of them beside each other: for 64 and more there are
/// more orders than are searched, and the file has one of the worst.
pub fn branches(width: i32) -> ModelSpec {
    let mut model = ModelSpec::default();
    let tensor = |model: &mut ModelSpec, bytes| {
        model.tensor(TensorSpec::int8("", &[1, bytes]).quantized(0.5, 0))
    };
    let input = tensor(&mut model, 10);
    let grown: Vec<i32> = (0..width).map(|at| tensor(&mut model, 900 + at)).collect();
    let shrunk: Vec<i32> = (0..width).map(|at| tensor(&mut model, 10 + at % 7)).collect();
    for &output in &grown {
        model.operator(OperatorSpec::custom("grow", &[input], &[output]));
    }
    for (&input, &output) in grown.iter().zip(&shrunk) {
        model.operator(OperatorSpec::custom("shrink", &[input], &[output]));
    }
    let output = tensor(&mut model, 10);
    model.operator(OperatorSpec::custom("join", &shrunk, &[output]));
    (model.inputs, model.outputs) = (vec![input], vec![output]);
    model
}

/// Two poolings of square maps, which multiply nothing; both can be a patch stage.
pub fn two_poolings(side: i32) -> ModelSpec {
    let mut model = ModelSpec::default();
    let [input, a, output] = ["in", "a", "out"]
        .map(|name| model.tensor(TensorSpec::int8(name, &[1, side, side, 1]).quantized(0.5, 0)));
    let options = OptionsSpec::Pool {
        padding: Padding::Same,
        stride: [1, 1],
        kernel: [1, 1],
        activation: Activation::None,
    };
    for (input, output) in [(input, a), (a, output)] {
        model.operator(OperatorSpec::new(kind::MAX_POOL_2D, options, &[input], &[output]));
    }
    (model.inputs, model.outputs) = (vec![input], vec![output]);
    model
}
