//! Writes `.tflite` files for tests from a plain description.
//!
//! ```ignore
//! let mut model = ModelSpec::default();
//! let input = model.tensor(TensorSpec::int8("in", &[1, 4, 4, 3]).quantized(0.5, -1));
//! let output = model.tensor(TensorSpec::int8("out", &[1, 4, 4, 3]).quantized(0.5, -1));
//! let options = OptionsSpec::Add { activation: Activation::Relu };
//! model.operator(OperatorSpec::new(kind::ADD, options, &[input, input], &[output]));
//! model.inputs = vec![input];
//! model.outputs = vec![output];
//! let bytes = build(&model);
//! ```
//!
//! Nothing is checked: a description that makes no sense gives a file that makes none. For files
//! that are broken in form, change the tree of [`root`] and [`write`](super::flatbuffer_writer::write) it.

use super::flatbuffer_writer::{Node, Slot, nodes, number, numbers, text, write};
use tinyml_playground::{model::Padding, quant::Activation, tensor::DataType};

/// Numbers of `BuiltinOperator`.
pub mod kind {
    pub const ADD: i32 = 0;
    pub const AVERAGE_POOL_2D: i32 = 1;
    pub const CONCATENATION: i32 = 2;
    pub const CONV_2D: i32 = 3;
    pub const DEPTHWISE_CONV_2D: i32 = 4;
    pub const DEQUANTIZE: i32 = 6;
    pub const FULLY_CONNECTED: i32 = 9;
    pub const MAX_POOL_2D: i32 = 17;
    pub const MUL: i32 = 18;
    pub const RESHAPE: i32 = 22;
    pub const SOFTMAX: i32 = 25;
    pub const CUSTOM: i32 = 32;
    pub const PAD: i32 = 34;
    pub const TRANSPOSE: i32 = 39;
    pub const MEAN: i32 = 40;
    pub const QUANTIZE: i32 = 114;
    pub const GELU: i32 = 150;
}

/// A model of one subgraph.
#[derive(Clone, Debug)]
pub struct ModelSpec {
    pub schema_version: u32,
    pub description: String,
    pub name: String,
    pub tensors: Vec<TensorSpec>,
    pub operators: Vec<OperatorSpec>,
    /// Indices of tensors.
    pub inputs: Vec<i32>,
    pub outputs: Vec<i32>,
    /// How many times the subgraph stands in the file; 1 for an ordinary one.
    pub subgraphs: u32,
}

impl Default for ModelSpec {
    fn default() -> Self {
        Self {
            schema_version: 3,
            description: "made by a test".into(),
            name: "main".into(),
            tensors: Vec::new(),
            operators: Vec::new(),
            inputs: Vec::new(),
            outputs: Vec::new(),
            subgraphs: 1,
        }
    }
}

impl ModelSpec {
    /// Adds a tensor; returns its index.
    pub fn tensor(&mut self, tensor: TensorSpec) -> i32 {
        self.tensors.push(tensor);
        i32::try_from(self.tensors.len()).unwrap() - 1
    }

    /// Adds an operator at the end of the order of execution.
    pub fn operator(&mut self, operator: OperatorSpec) {
        self.operators.push(operator);
    }
}

/// A tensor. `buffer` 0 and no data unless [`TensorSpec::data`] is given.
#[derive(Clone, Debug)]
pub struct TensorSpec {
    pub name: String,
    pub shape: Vec<i32>,
    pub data_type: DataType,
    pub quantization: Option<QuantizationSpec>,
    pub data: Option<Vec<u8>>,
    /// Whether the data lies behind the FlatBuffer, as in files over 2 GB.
    pub data_behind: bool,
    pub is_variable: bool,
    pub is_sparse: bool,
}

/// Affine quantization, written as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct QuantizationSpec {
    pub scales: Vec<f32>,
    pub zero_points: Vec<i64>,
    pub dimension: i32,
}

impl TensorSpec {
    /// An activation of any type.
    pub fn new(name: &str, data_type: DataType, shape: &[i32]) -> Self {
        Self {
            name: name.into(),
            shape: shape.to_vec(),
            data_type,
            quantization: None,
            data: None,
            data_behind: false,
            is_variable: false,
            is_sparse: false,
        }
    }

    /// An int8 activation, not yet quantized.
    pub fn int8(name: &str, shape: &[i32]) -> Self {
        Self::new(name, DataType::Int8, shape)
    }

    /// An int32 tensor, not yet quantized: a bias, axes, a new shape.
    pub fn int32(name: &str, shape: &[i32]) -> Self {
        Self::new(name, DataType::Int32, shape)
    }

    /// With one scale and zero point.
    pub fn quantized(self, scale: f32, zero_point: i64) -> Self {
        let (scales, zero_points) = (vec![scale], vec![zero_point]);
        Self { quantization: Some(QuantizationSpec { scales, zero_points, dimension: 0 }), ..self }
    }

    /// With a scale for every channel along `dimension`, and zero points of 0.
    pub fn per_channel(self, scales: &[f32], dimension: i32) -> Self {
        let (scales, zero_points) = (scales.to_vec(), vec![0; scales.len()]);
        Self { quantization: Some(QuantizationSpec { scales, zero_points, dimension }), ..self }
    }

    /// With constant data as stored.
    pub fn data(self, data: Vec<u8>) -> Self {
        Self { data: Some(data), ..self }
    }

    /// With constant int8 data.
    pub fn int8_data(self, data: &[i8]) -> Self {
        self.data(data.iter().flat_map(|value| value.to_le_bytes()).collect())
    }

    /// With constant int32 data.
    pub fn int32_data(self, data: &[i32]) -> Self {
        self.data(data.iter().flat_map(|value| value.to_le_bytes()).collect())
    }
}

/// An operator; its kind is added to the file's list of kinds.
#[derive(Clone, Debug)]
pub struct OperatorSpec {
    pub builtin_code: i32,
    pub custom_code: Option<String>,
    pub version: i32,
    /// Indices of tensors, -1 where an optional one is left out.
    pub inputs: Vec<i32>,
    pub outputs: Vec<i32>,
    pub options: OptionsSpec,
}

impl OperatorSpec {
    /// An operator of version 1 of a [`kind`].
    pub fn new(builtin_code: i32, options: OptionsSpec, inputs: &[i32], outputs: &[i32]) -> Self {
        Self {
            builtin_code,
            custom_code: None,
            version: 1,
            inputs: inputs.to_vec(),
            outputs: outputs.to_vec(),
            options,
        }
    }

    /// A custom operator.
    pub fn custom(code: &str, inputs: &[i32], outputs: &[i32]) -> Self {
        let operator = Self::new(kind::CUSTOM, OptionsSpec::None, inputs, outputs);
        Self { custom_code: Some(code.into()), ..operator }
    }

    /// Of another version.
    pub fn version(self, version: i32) -> Self {
        Self { version, ..self }
    }
}

/// An options table; every field is written. Pairs are height, then width.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum OptionsSpec {
    /// No options table.
    None,
    Conv2d {
        padding: Padding,
        stride: [i32; 2],
        dilation: [i32; 2],
        activation: Activation,
    },
    DepthwiseConv2d {
        padding: Padding,
        stride: [i32; 2],
        dilation: [i32; 2],
        depth_multiplier: i32,
        activation: Activation,
    },
    /// Average and maximum.
    Pool {
        padding: Padding,
        stride: [i32; 2],
        kernel: [i32; 2],
        activation: Activation,
    },
    FullyConnected {
        activation: Activation,
        /// False for the shuffled format.
        default_weights_format: bool,
        keep_num_dims: bool,
    },
    Add {
        activation: Activation,
    },
    Mul {
        activation: Activation,
    },
    /// `ReducerOptions`, of MEAN and its like.
    Mean {
        keep_dims: bool,
    },
    Softmax {
        beta: f32,
    },
}

/// The file's bytes.
pub fn build(model: &ModelSpec) -> Vec<u8> {
    // Where the data behind the FlatBuffer begins depends on its length, not on its content.
    let start = write(*b"TFL3", &root(model, 0)).len();
    let mut bytes = write(*b"TFL3", &root(model, start));
    for tensor in model.tensors.iter().filter(|tensor| tensor.data_behind) {
        bytes.extend(tensor.data.iter().flatten());
    }
    bytes
}

/// The file's tree, with data behind the FlatBuffer starting at byte `behind`.
pub fn root(model: &ModelSpec, behind: usize) -> Node {
    let codes = operator_codes(model);
    // The constants come last, so that a file cut short anywhere lacks something.
    Node::Table(vec![
        (0, number(model.schema_version)),
        (1, nodes(codes.iter().map(operator_code).collect())),
        (2, Slot::Node(Node::Repeated(model.subgraphs, Box::new(subgraph(model, &codes))))),
        (3, text(&model.description)),
        (4, nodes(buffers(model, behind))),
    ])
}

/// The kinds of a model, each once: code, custom code and version.
type OperatorCode<'a> = (i32, Option<&'a str>, i32);

fn operator_codes(model: &ModelSpec) -> Vec<OperatorCode<'_>> {
    let mut codes = Vec::new();
    for code in model.operators.iter().map(operator_code_of) {
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    codes
}

fn operator_code_of(operator: &OperatorSpec) -> OperatorCode<'_> {
    (operator.builtin_code, operator.custom_code.as_deref(), operator.version)
}

fn operator_code(&(builtin_code, custom_code, version): &OperatorCode<'_>) -> Node {
    let placeholder = i8::try_from(builtin_code.min(127)).unwrap_or(i8::MIN);
    let mut slots = vec![(0, number(placeholder)), (2, number(version)), (3, number(builtin_code))];
    slots.extend(custom_code.map(|code| (1, text(code))));
    Node::Table(slots)
}

fn subgraph(model: &ModelSpec, codes: &[OperatorCode<'_>]) -> Node {
    let mut n_buffers = 0;
    let tensors = model.tensors.iter().map(|spec| {
        n_buffers += u32::from(spec.data.is_some());
        tensor(spec, if spec.data.is_some() { n_buffers } else { 0 })
    });
    let operators = model.operators.iter().map(|spec| {
        let code = operator_code_of(spec);
        operator(spec, codes.iter().position(|other| *other == code).unwrap())
    });
    Node::Table(vec![
        (0, nodes(tensors.collect())),
        (1, numbers(&model.inputs)),
        (2, numbers(&model.outputs)),
        (3, nodes(operators.collect())),
        (4, text(&model.name)),
    ])
}

/// A tensor's table.
pub fn tensor(spec: &TensorSpec, buffer: u32) -> Node {
    let mut slots = vec![
        (0, numbers(&spec.shape)),
        (1, number(type_number(spec.data_type))),
        (2, number(buffer)),
        (3, text(&spec.name)),
        (5, number(i8::from(spec.is_variable))),
    ];
    slots.extend(spec.quantization.as_ref().map(|spec| (4, Slot::Node(quantization(spec)))));
    slots.extend(spec.is_sparse.then(|| (6, Slot::Node(Node::Table(Vec::new())))));
    Node::Table(slots)
}

fn quantization(spec: &QuantizationSpec) -> Node {
    Node::Table(vec![
        (2, numbers(&spec.scales)),
        (3, numbers(&spec.zero_points)),
        (6, number(spec.dimension)),
    ])
}

/// The buffers: an empty one, then one for every tensor with data.
fn buffers(model: &ModelSpec, behind: usize) -> Vec<Node> {
    let mut offset = behind as u64;
    let mut buffers = vec![Node::Table(Vec::new())];
    for spec in &model.tensors {
        let Some(data) = &spec.data else { continue };
        buffers.push(if spec.data_behind {
            let size = data.len() as u64;
            offset += size;
            Node::Table(vec![(1, number(offset - size)), (2, number(size))])
        } else {
            let len = u32::try_from(data.len()).unwrap();
            // 16, as the schema's `force_align` asks.
            let data = Node::Numbers { len, width: 16, bytes: data.clone() };
            Node::Table(vec![(0, Slot::Node(data))])
        });
    }
    buffers
}

fn operator(spec: &OperatorSpec, opcode_index: usize) -> Node {
    let mut slots = vec![
        (0, number(u32::try_from(opcode_index).unwrap())),
        (1, numbers(&spec.inputs)),
        (2, numbers(&spec.outputs)),
    ];
    if let Some((union_type, table)) = options(spec.options) {
        slots.extend([(3, number(union_type)), (4, Slot::Node(Node::Table(table)))]);
    }
    Node::Table(slots)
}

/// The options' type in the union `BuiltinOptions`, and their slots.
fn options(spec: OptionsSpec) -> Option<(u8, Vec<(u16, Slot)>)> {
    Some(match spec {
        OptionsSpec::None => return None,
        OptionsSpec::Conv2d { padding, stride: [height, width], dilation, activation } => {
            let mut slots = vec![(0, pad(padding)), (1, number(width)), (2, number(height))];
            let [height, width] = dilation;
            slots.extend([(3, act(activation)), (4, number(width)), (5, number(height))]);
            (1, slots)
        }
        OptionsSpec::DepthwiseConv2d {
            padding,
            stride: [height, width],
            dilation,
            depth_multiplier,
            activation,
        } => {
            let mut slots = vec![(0, pad(padding)), (1, number(width)), (2, number(height))];
            let [height, width] = dilation;
            slots.extend([(3, number(depth_multiplier)), (4, act(activation))]);
            slots.extend([(5, number(width)), (6, number(height))]);
            (2, slots)
        }
        OptionsSpec::Pool { padding, stride: [height, width], kernel, activation } => {
            let mut slots = vec![(0, pad(padding)), (1, number(width)), (2, number(height))];
            let [height, width] = kernel;
            slots.extend([(3, number(width)), (4, number(height)), (5, act(activation))]);
            (5, slots)
        }
        OptionsSpec::FullyConnected { activation, default_weights_format, keep_num_dims } => {
            let mut slots =
                vec![(0, act(activation)), (1, number(i8::from(!default_weights_format)))];
            slots.push((2, number(i8::from(keep_num_dims))));
            (8, slots)
        }
        OptionsSpec::Softmax { beta } => (9, vec![(0, number(beta))]),
        OptionsSpec::Add { activation } => (11, vec![(0, act(activation))]),
        OptionsSpec::Mul { activation } => (21, vec![(0, act(activation))]),
        OptionsSpec::Mean { keep_dims } => (27, vec![(0, number(i8::from(keep_dims)))]),
    })
}

fn pad(padding: Padding) -> Slot {
    number(match padding {
        Padding::Same => 0i8,
        Padding::Valid => 1,
    })
}

fn act(activation: Activation) -> Slot {
    number(match activation {
        Activation::None => 0i8,
        Activation::Relu => 1,
        Activation::ReluN1To1 => 2,
        Activation::Relu6 => 3,
        Activation::Tanh => 4,
        Activation::SignBit => 5,
    })
}

/// `TensorType`; strings stand for all opaque types.
fn type_number(data_type: DataType) -> i8 {
    match data_type {
        DataType::Float32 => 0,
        DataType::Float16 => 1,
        DataType::Int32 => 2,
        DataType::UInt8 => 3,
        DataType::Int64 => 4,
        DataType::Opaque => 5,
        DataType::Bool => 6,
        DataType::Int16 => 7,
        DataType::Complex64 => 8,
        DataType::Int8 => 9,
        DataType::Float64 => 10,
        DataType::Complex128 => 11,
        DataType::UInt64 => 12,
        DataType::UInt32 => 15,
        DataType::UInt16 => 16,
        DataType::Int4 => 17,
    }
}
