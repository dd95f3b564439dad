//! `.tflite` bytes to `Model`: what is written is read, and what is wrong is named.

mod golden;
mod hostile;

use crate::support::{
    flatbuffer_writer::{Node, Slot, nodes, number, numbers, write},
    tflite_writer::{
        ModelSpec, OperatorSpec, OptionsSpec, QuantizationSpec, TensorSpec, build, kind, root,
    },
};
use std::sync::Arc;
use tinyml_playground::{
    model::{self, ErrorSort, Limits, Model, ModelError, Options, Padding, Warning},
    quant::Activation,
    tensor::{DataType, ShapeError, TensorId},
};

fn read(bytes: &[u8]) -> Result<Model, ModelError> {
    model::read(Arc::from(bytes), &Limits::default())
}

/// The error of a model, whose message and advice are also asked to be in the house style.
#[track_caller]
fn error(bytes: &[u8]) -> ModelError {
    let error = read(bytes).unwrap_err();
    let (message, advice) = (error.to_string(), error.advice());
    assert!(message.starts_with(|first: char| !first.is_uppercase()), "{message}");
    assert!(!message.ends_with('.'), "{message}");
    assert!(advice.starts_with(|first: char| first.is_ascii_uppercase()), "{advice}");
    assert!(advice.ends_with('.'), "{advice}");
    error
}

/// A model with every kind of options, a constant of each sort, and an optional input left out.
fn all_kinds() -> ModelSpec {
    let mut model = ModelSpec::default();
    let input = model.tensor(TensorSpec::int8("in", &[1, 6, 8, 2]).quantized(0.5, -1));
    let filter = TensorSpec::int8("filter", &[3, 1, 1, 2]).per_channel(&[0.1, 0.2, 0.3], 0);
    let filter = model.tensor(filter.int8_data(&[1, -2, 3, -4, 5, -128]));
    let bias = TensorSpec::int32("bias", &[3]).per_channel(&[0.05, 0.1, 0.15], 3);
    let bias = model.tensor(bias.int32_data(&[7, -8, i32::MAX]));
    let axes = model.tensor(TensorSpec::int32("", &[2]).int32_data(&[1, 2]));
    let scalar = model.tensor(TensorSpec::new("scalar", DataType::Float32, &[]));
    let output = model.tensor(TensorSpec::int8("out", &[1, 3]).quantized(1.0 / 256.0, -128));
    let (same, valid) = (Padding::Same, Padding::Valid);
    let (stride, dilation) = ([2, 1], [1, 3]);
    let operators = [
        (
            kind::CONV_2D,
            OptionsSpec::Conv2d { padding: same, stride, dilation, activation: Activation::Relu6 },
        ),
        (
            kind::DEPTHWISE_CONV_2D,
            OptionsSpec::DepthwiseConv2d {
                padding: valid,
                stride,
                dilation,
                depth_multiplier: 4,
                activation: Activation::Relu,
            },
        ),
        (
            kind::AVERAGE_POOL_2D,
            OptionsSpec::Pool {
                padding: valid,
                stride,
                kernel: [5, 4],
                activation: Activation::None,
            },
        ),
        (
            kind::MAX_POOL_2D,
            OptionsSpec::Pool {
                padding: same,
                stride,
                kernel: [1, 2],
                activation: Activation::ReluN1To1,
            },
        ),
        (
            kind::FULLY_CONNECTED,
            OptionsSpec::FullyConnected {
                activation: Activation::Tanh,
                default_weights_format: false,
                keep_num_dims: true,
            },
        ),
        (kind::ADD, OptionsSpec::Add { activation: Activation::SignBit }),
        (kind::MUL, OptionsSpec::Mul { activation: Activation::Relu }),
        (kind::MEAN, OptionsSpec::Mean { keep_dims: true }),
        (kind::SOFTMAX, OptionsSpec::Softmax { beta: 1.5 }),
        (kind::RESHAPE, OptionsSpec::None),
        (kind::GELU, OptionsSpec::None),
    ];
    for (code, options) in operators {
        let inputs = [input, filter, bias, -1, axes, scalar];
        model.operator(OperatorSpec::new(code, options, &inputs, &[output]).version(2));
    }
    model.operator(OperatorSpec::custom("MyOp", &[input], &[output]));
    model.inputs = vec![input];
    model.outputs = vec![output];
    model
}

/// A model of one RESHAPE from `in` to `out`, to be broken in one way.
fn small() -> ModelSpec {
    let mut model = ModelSpec::default();
    let input = model.tensor(TensorSpec::int8("in", &[1, 4]).quantized(0.5, -1));
    let shape = model.tensor(TensorSpec::int32("shape", &[2]).int32_data(&[2, 2]));
    let output = model.tensor(TensorSpec::int8("out", &[2, 2]).quantized(0.5, -1));
    let operator = OperatorSpec::new(kind::RESHAPE, OptionsSpec::None, &[input, shape], &[output]);
    model.operator(operator);
    model.inputs = vec![input];
    model.outputs = vec![output];
    model
}

#[test]
fn what_is_written_is_read() {
    let spec = all_kinds();
    let model = read(&build(&spec)).unwrap();
    assert_eq!(model.schema_version, 3);
    assert_eq!(model.description, "made by a test");
    assert_eq!(model.name, "main");
    assert_eq!(model.warnings, []);
    assert_eq!(model.inputs, [TensorId(0)]);
    assert_eq!(model.outputs, [TensorId(5)]);
    assert_eq!(model.tensors.len(), spec.tensors.len());
    for (read, written) in model.tensors.iter().zip(&spec.tensors) {
        assert_eq!(read.name, written.name);
        let dims: Vec<i32> = read.shape.dims().iter().map(|&dim| dim as i32).collect();
        assert_eq!(dims, written.shape);
        assert_eq!(read.data_type, written.data_type);
        assert_eq!(Some(read.bytes), read.data_type.bytes(read.shape.elements()));
        let quantization = read.quantization.clone().map(|read| QuantizationSpec {
            scales: read.scales,
            zero_points: read.zero_points,
            dimension: read.dimension,
        });
        assert_eq!(quantization, written.quantization);
        let data = read.constant.clone().map(|range| model.bytes[range].to_vec());
        assert_eq!(data, written.data);
        assert_eq!((read.is_variable, read.is_sparse), (false, false));
    }
    for (read, written) in model.operators.iter().zip(&spec.operators) {
        assert_eq!(read.builtin_code, written.builtin_code);
        assert_eq!(read.version, written.version);
        let inputs: Vec<i32> =
            read.inputs.iter().map(|id| id.map_or(-1, |id| id.0 as i32)).collect();
        assert_eq!(inputs, written.inputs);
        assert_eq!(read.outputs, [TensorId(5)]);
    }
}

#[test]
fn options_are_read_with_height_first() {
    let model = read(&build(&all_kinds())).unwrap();
    let (stride, dilation) = ([2, 1], [1, 3]);
    let options: Vec<Options> = model.operators.iter().map(|op| op.options.clone()).collect();
    let (same, valid) = (Padding::Same, Padding::Valid);
    let expected = [
        Options::Conv2d { padding: same, stride, dilation, activation: Activation::Relu6 },
        Options::DepthwiseConv2d {
            padding: valid,
            stride,
            dilation,
            depth_multiplier: 4,
            activation: Activation::Relu,
        },
        Options::Pool { padding: valid, stride, kernel: [5, 4], activation: Activation::None },
        Options::Pool { padding: same, stride, kernel: [1, 2], activation: Activation::ReluN1To1 },
        Options::FullyConnected {
            activation: Activation::Tanh,
            default_weights_format: false,
            keep_num_dims: true,
        },
        Options::Add { activation: Activation::SignBit },
        Options::Mul { activation: Activation::Relu },
        Options::Mean { keep_dims: true },
        Options::Softmax { beta: 1.5 },
        Options::None,
        Options::None,
        Options::None,
    ];
    assert_eq!(options, expected);
}

#[test]
fn kinds_have_the_schemas_names() {
    let mut spec = all_kinds();
    spec.operator(OperatorSpec::new(1234, OptionsSpec::None, &[], &[]));
    let model = read(&build(&spec)).unwrap();
    let kinds: Vec<&str> = model.operators.iter().map(|op| op.kind.as_str()).collect();
    assert_eq!(kinds[0], "CONV_2D");
    // Above 127, where the one byte of old files holds a placeholder.
    assert_eq!(kinds[10], "GELU");
    assert_eq!(kinds[11], "CUSTOM:MyOp");
    assert_eq!(kinds[12], "BUILTIN:1234");
}

#[test]
fn an_options_table_left_out_has_the_schemas_defaults() {
    let mut spec = small();
    for code in [kind::CONV_2D, kind::FULLY_CONNECTED, kind::SOFTMAX] {
        spec.operator(OperatorSpec::new(code, OptionsSpec::None, &[0], &[2]));
    }
    let model = read(&build(&spec)).unwrap();
    let activation = Activation::None;
    let (stride, dilation) = ([0, 0], [1, 1]);
    assert_eq!(
        model.operators[1].options,
        Options::Conv2d { padding: Padding::Same, stride, dilation, activation }
    );
    let (default_weights_format, keep_num_dims) = (true, false);
    assert_eq!(
        model.operators[2].options,
        Options::FullyConnected { activation, default_weights_format, keep_num_dims }
    );
    assert_eq!(model.operators[3].options, Options::Softmax { beta: 0.0 });
}

#[test]
fn options_of_another_kind_are_refused() {
    let mut spec = small();
    let options = OptionsSpec::Softmax { beta: 1.0 };
    spec.operator(OperatorSpec::new(kind::CONV_2D, options, &[0], &[2]));
    let expected = ModelError::OptionsType { operator: 1, kind: "CONV_2D", found: 9, expected: 1 };
    assert_eq!(error(&build(&spec)), expected);
}

#[test]
fn undefined_option_values_are_refused() {
    // The writer cannot write them: found as the only byte that reads as SIGN_BIT.
    let mut spec = small();
    let options = OptionsSpec::Add { activation: Activation::SignBit };
    spec.operator(OperatorSpec::new(kind::ADD, options, &[0, 0], &[2]));
    let good = build(&spec);
    let undefined = (0..good.len()).filter(|&at| good[at] == 5).any(|at| {
        let mut bytes = good.clone();
        bytes[at] = 77;
        matches!(read(&bytes), Err(ModelError::OptionValue { operator: 1, value: 77, .. }))
    });
    assert!(undefined);
}

#[test]
fn fields_left_out_have_the_schemas_defaults() {
    let code = Node::Table(vec![(0, number(22i8))]);
    let tensor = Node::Table(vec![(0, numbers(&[3i32]))]);
    let operator = Node::Table(Vec::new());
    let subgraph = Node::Table(vec![(0, nodes(vec![tensor])), (3, nodes(vec![operator]))]);
    let root = Node::Table(vec![(1, nodes(vec![code])), (2, nodes(vec![subgraph]))]);
    let model = read(&write(*b"TFL3", &root)).unwrap();
    assert_eq!(model.warnings, [Warning::SchemaVersion(0)]);
    assert_eq!((model.description.as_str(), model.name.as_str()), ("", ""));
    assert_eq!(model.tensors[0].data_type, DataType::Float32);
    assert_eq!((model.tensors[0].bytes, model.tensors[0].constant.clone()), (12, None));
    assert_eq!(model.operators[0].kind, "RESHAPE");
    assert_eq!(model.operators[0].version, 1);
    assert_eq!((model.inputs.len(), model.outputs.len()), (0, 0));
}

#[test]
fn more_subgraphs_are_a_warning_and_none_is_an_error() {
    let mut spec = small();
    spec.subgraphs = 3;
    assert_eq!(read(&build(&spec)).unwrap().warnings, [Warning::MoreSubgraphs(3)]);
    spec.subgraphs = 0;
    assert!(matches!(error(&build(&spec)), ModelError::NoSubgraph { .. }));
}

#[test]
fn data_behind_the_flatbuffer_is_found() {
    let mut spec = small();
    spec.tensors[1].data_behind = true;
    let bytes = build(&spec);
    let model = read(&bytes).unwrap();
    assert_eq!(model.tensors[1].constant, Some(bytes.len() - 8..bytes.len()));
    assert!(matches!(error(&bytes[..bytes.len() - 1]), ModelError::OutOfBounds { .. }));
}

#[test]
fn quantization_is_normalised_without_being_judged() {
    let with = |scales: &[f32], zero_points: &[i64]| {
        let mut spec = small();
        let (scales, zero_points) = (scales.to_vec(), zero_points.to_vec());
        spec.tensors[0].quantization = Some(QuantizationSpec { scales, zero_points, dimension: 3 });
        read(&build(&spec)).map(|model| model.tensors[0].quantization.clone())
    };
    assert_eq!(with(&[], &[]), Ok(None));
    assert_eq!(with(&[0.5, 0.25], &[]).unwrap().unwrap().zero_points, [0, 0]);
    assert_eq!(with(&[0.5, 0.25], &[7]).unwrap().unwrap().zero_points, [7]);
    assert_eq!(with(&[-1.0], &[1 << 40]).unwrap().unwrap().scales, [-1.0]);
    let uneven = with(&[0.5, 0.25], &[1, 2, 3]);
    assert!(matches!(uneven, Err(ModelError::ZeroPoints { scales: 2, zero_points: 3, .. })));
}

#[test]
fn shapes_are_checked_and_the_tensor_is_named() {
    let with = |shape: &[i32]| {
        let mut spec = small();
        spec.tensors[2].shape = shape.to_vec();
        error(&build(&spec))
    };
    let open = with(&[-1, 4]);
    assert_eq!(open.to_string(), "tensor 2 `out`: dimension 0 is open (-1)");
    assert_eq!(open.sort(), ErrorSort::Unsupported);
    assert!(open.advice().contains("fixed"));
    assert_eq!(with(&[2, 0]).sort(), ErrorSort::Unsupported);
    assert_eq!(with(&[2, -7]).sort(), ErrorSort::Malformed);
    let large = with(&[65_536, 65_536]);
    assert!(matches!(&large, ModelError::Shape { error: ShapeError::TooLarge, .. }));
    assert_eq!(large.sort(), ErrorSort::Limit);
    let over = with(&[65_535, 65_536]);
    assert!(matches!(over, ModelError::TensorTooLarge { bytes: 4_294_901_760, .. }));
    assert_eq!(with(&[1; 9]).sort(), ErrorSort::Unsupported);
}

#[test]
fn constants_have_to_fill_their_shape() {
    let mut spec = small();
    spec.tensors[1].data = Some(vec![0; 7]);
    let wrong = error(&build(&spec));
    assert!(matches!(wrong, ModelError::ConstantLength { expected_bytes: 8, found_bytes: 7, .. }));
    assert!(wrong.to_string().starts_with("tensor 1 `shape` needs 8 bytes"), "{wrong}");
    // Nobody can say how long a sparse constant or one of strings should be.
    spec.tensors[1].is_sparse = true;
    assert!(read(&build(&spec)).unwrap().tensors[1].is_sparse);
    spec.tensors[1].is_sparse = false;
    spec.tensors[1].data_type = DataType::Opaque;
    assert_eq!(read(&build(&spec)).unwrap().tensors[1].bytes, 0);
    // An empty buffer is no constant.
    let empty = TensorSpec::int8("empty", &[4]).data(Vec::new());
    spec.tensor(empty);
    assert_eq!(read(&build(&spec)).unwrap().tensors[3].constant, None);
}

#[test]
fn unknown_element_types_are_unsupported() {
    let tensor = Node::Table(vec![(1, number(18i8))]);
    let subgraph = Node::Table(vec![(0, nodes(vec![tensor]))]);
    let root = Node::Table(vec![(2, nodes(vec![subgraph]))]);
    let unknown = error(&write(*b"TFL3", &root));
    assert!(matches!(unknown, ModelError::ElementType { number: 18, .. }));
    assert_eq!(unknown.sort(), ErrorSort::Unsupported);
}

#[test]
fn references_have_to_exist() {
    let broken = |change: fn(&mut ModelSpec)| {
        let mut spec = small();
        change(&mut spec);
        error(&build(&spec)).to_string()
    };
    let message = broken(|spec| spec.operators[0].inputs[1] = 3);
    assert!(message.starts_with("operator 0 refers to tensor 3, but the model has 3"), "{message}");
    // -1 leaves out an input, never an output or an end of the network.
    let message = broken(|spec| spec.operators[0].outputs[0] = -1);
    assert!(message.starts_with("operator 0 refers to tensor -1"), "{message}");
    let message = broken(|spec| spec.inputs[0] = i32::MIN);
    assert!(message.starts_with("the network refers to tensor -2147483648"), "{message}");

    let Node::Table(mut slots) = root(&small(), 0) else { unreachable!() };
    slots.retain(|(slot, _)| *slot != 4);
    let no_buffers = error(&write(*b"TFL3", &Node::Table(slots.clone())));
    assert!(matches!(no_buffers, ModelError::BufferIndex { index: 1, count: 0, .. }));
    slots.retain(|(slot, _)| *slot != 1);
    slots.push((4, Slot::Node(Node::Repeated(2, Box::new(Node::Table(Vec::new()))))));
    let no_kinds = error(&write(*b"TFL3", &Node::Table(slots)));
    assert!(matches!(no_kinds, ModelError::OpcodeIndex { operator: 0, index: 0, count: 0, .. }));
}
