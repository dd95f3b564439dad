//! Models that cannot run here are shown whole, with the reason.

use crate::support::{
    networks::padded_float_boundary,
    runs::{open, run_guarded},
    tflite_writer::{ModelSpec, OperatorSpec, OptionsSpec, TensorSpec, build, kind},
};
use std::slice;
use tinyml_playground::{
    graph::Passes,
    kernels::Reference,
    model::Padding,
    quant::Activation,
    report::{ProblemKind, ScheduleChoice, TensorRole},
    session::{Recorder, Session},
    tensor::DataType,
};

/// A float convolution and the max pool behind it, of the sizes that a user of TensorFlow Lite
/// Micro asked about in tflite-micro#2513 (a 318 KB model that needed an arena of 1.4 MB): shapes
/// that give the bytes of that thread, the model itself not being public.
fn float_model() -> ModelSpec {
    let mut model = ModelSpec::default();
    let float = |name: &str, shape: &[i32]| TensorSpec::new(name, DataType::Float32, shape);
    let input = model.tensor(float("in", &[1, 134, 84, 1]));
    let weights = model.tensor(float("weights", &[32, 3, 3, 1]).data(vec![0; 32 * 9 * 4]));
    let bias = model.tensor(float("bias", &[32]).data(vec![0; 128]));
    let hidden = model.tensor(float("hidden", &[1, 132, 82, 32]));
    let output = model.tensor(float("out", &[1, 33, 20, 32]));
    let activation = Activation::Relu;
    let padding = Padding::Valid;
    let conv = OptionsSpec::Conv2d { padding, stride: [1, 1], dilation: [1, 1], activation };
    model.operator(OperatorSpec::new(kind::CONV_2D, conv, &[input, weights, bias], &[hidden]));
    let pool =
        OptionsSpec::Pool { padding, stride: [2, 2], kernel: [2, 2], activation: Activation::None };
    model.operator(OperatorSpec::new(kind::MAX_POOL_2D, pool, &[hidden], &[output]));
    (model.inputs, model.outputs) = (vec![input], vec![output]);
    model
}

#[test]
fn a_float_model_shows_its_memory_and_says_why_it_does_not_run() {
    let session = open(&build(&float_model()));
    let report = session.report();
    assert_eq!(report.peak_bytes, 1_469_952, "1,385,472 + 84,480, at the max pool");
    assert_eq!(report.peak_operator, 1);
    assert_eq!(report.macs, 132 * 82 * 32 * 9);
    assert!(report.stage_ends.is_empty());
    let refusal = report.refusal.clone().unwrap();
    assert_eq!(refusal.operator, Some(0));
    assert_eq!(refusal.problem.kind, ProblemKind::Unsupported);
    assert!(refusal.problem.message.contains("tensor 0 is float32, not int8"), "{refusal:?}");
    assert!(refusal.problem.advice.contains("full integer quantization"), "{refusal:?}");
    let planned = session.plan(ScheduleChoice::Layerwise).unwrap();
    let plan = session.plan_report(&planned);
    assert_eq!(plan.arena_bytes, report.peak_bytes);
    assert!(session.start(&planned, &[&[0; 45_024]], vec![0; 1_469_952]).is_err());
}

#[test]
fn an_unknown_operator_is_named_and_everything_else_is_complete() {
    let mut model = ModelSpec::default();
    let map = |name: &str| TensorSpec::int8(name, &[1, 6, 6, 2]).quantized(0.1, 0);
    let [input, a, b] = ["in", "a", "b"].map(|name| model.tensor(map(name)));
    let custom = OperatorSpec::custom("TFLite_Detection_PostProcess", &[input], &[a, b]);
    model.operator(custom);
    let sum = model.tensor(map("sum"));
    let add = OptionsSpec::Add { activation: Activation::None };
    model.operator(OperatorSpec::new(kind::ADD, add, &[a, b], &[sum]));
    (model.inputs, model.outputs) = (vec![input], vec![sum]);
    let session = open(&build(&model));
    let report = session.report();
    assert_eq!(report.peak_bytes, 3 * 72, "both outputs of the unknown operator count");
    let problem = report.operators[0].refusal.clone().unwrap();
    assert!(problem.message.contains("#0 (CUSTOM:TFLite_Detection_PostProcess)"), "{problem:?}");
    assert_eq!(report.operators[1].refusal, None);
}

/// What the passes take out, and what they leave when they may not.
#[test]
fn passes_can_be_switched_off_one_by_one() {
    let session = open(&build(&padded_float_boundary(false)));
    let report = session.report();
    let removed: Vec<_> = report.operators.iter().map(|op| op.removed_by.is_some()).collect();
    assert_eq!(removed, [true, true, false, true]);
    assert_eq!(report.tensors[1].role, TensorRole::Input, "the int8 tensor is the graph's input");
    assert_eq!(report.peak_bytes, 16 + 16);
    let off = Passes { fold_pad: false, float_boundary: true };
    assert_eq!(session.with_passes(off).unwrap().report().peak_bytes, 36 + 16);
    let off = session.with_passes(Passes::NONE).unwrap();
    assert_eq!(off.report().peak_bytes, 64 + 16);
    assert_eq!(off.report().peak_bytes, report.as_stored_peak_bytes);
    // A PAD that somebody else reads too stays.
    let shared = open(&build(&padded_float_boundary(true)));
    assert_eq!(shared.report().operators[1].removed_by, None);
}

/// Behind a float boundary, float32 bytes and the quantized bytes are both taken.
#[test]
fn inputs_behind_a_float_boundary_come_either_way() {
    let session: Session<Reference> = open(&build(&padded_float_boundary(false)));
    let real: Vec<u8> = (0..16).flat_map(|i| (i as f32 * 0.5).to_le_bytes()).collect();
    let quantized: Vec<u8> = (3..19).collect();
    assert_eq!(session.input_from_bytes(0, &real).unwrap(), quantized);
    assert_eq!(session.input_from_bytes(0, &quantized).unwrap(), quantized);
    let problem = session.input_from_bytes(0, &[0; 5]).unwrap_err().problem();
    assert!(problem.message.contains("64 (float32) or 16 (int8)"), "{problem:?}");
}

/// Where passes leave the float boundary in the graph, the network meets the same bytes: inputs are
/// taken either way, noise is the same noise, and the answer tells the same classes.
#[test]
fn a_kept_float_boundary_changes_nothing_but_the_bytes_around_it() {
    let strict: Session<Reference> = open(&build(&padded_float_boundary(false)));
    let kept = strict.with_passes(Passes::NONE).unwrap();
    let [quantized] = &strict.inputs_from_noise(4)[..] else { panic!("one input") };
    let [real] = &kept.inputs_from_noise(4)[..] else { panic!("one input") };
    assert_eq!((quantized.len(), real.len()), (16, 64));
    assert_eq!(kept.quantized_input(0, real), *quantized);
    assert_eq!(kept.input_from_bytes(0, quantized).unwrap(), *real);
    assert_eq!(kept.input_from_bytes(0, real).unwrap(), *real);
    let problem = kept.input_from_bytes(0, &[0; 5]).unwrap_err().problem();
    assert!(problem.message.contains("64 (float32) or 16 (int8)"), "{problem:?}");
    assert_eq!(
        kept.report().input_quantization().unwrap(),
        strict.report().input_quantization().unwrap()
    );
    let met = kept.input_report(real).unwrap();
    assert_eq!(met, strict.input_report(quantized).unwrap());
    let outputs = |session: &Session<Reference>, input: &[u8]| {
        let planned = session.plan(ScheduleChoice::Layerwise).unwrap();
        let (mut arena, mut recorder) =
            (Session::<Reference>::arena(&planned).unwrap(), Recorder::new(session.graph()));
        let trace = session.run(&planned, &[input], &mut arena, &mut recorder).unwrap();
        session.run_report(&planned, &trace, &recorder).outputs.remove(0)
    };
    let (one, other) = (outputs(&strict, quantized), outputs(&kept, real));
    assert_eq!(one.sha256, other.sha256);
    assert_eq!(one.top.len(), other.top.len());
    for (one, other) in one.top.iter().zip(&other.top) {
        assert_eq!((one.class, one.value.to_bits()), (other.class, other.value.to_bits()));
    }
}

fn add() -> OptionsSpec {
    OptionsSpec::Add { activation: Activation::None }
}

fn int8(name: &str, shape: &[i32]) -> TensorSpec {
    TensorSpec::int8(name, shape).quantized(0.05, 3)
}

/// A model of one operator: its inputs, then its output; whatever has no data is the caller's,
/// unless it keeps its value between runs.
fn one(code: i32, options: OptionsSpec, inputs: &[TensorSpec], output: TensorSpec) -> ModelSpec {
    let mut model = ModelSpec::default();
    let inputs: Vec<i32> = inputs.iter().map(|input| model.tensor(input.clone())).collect();
    let output = model.tensor(output);
    let is_given = |id: &i32| {
        let tensor = &model.tensors[*id as usize];
        tensor.data.is_none() && !tensor.is_variable
    };
    (model.inputs, model.outputs) =
        (inputs.iter().copied().filter(is_given).collect(), vec![output]);
    model.operator(OperatorSpec::new(code, options, &inputs, &[output]));
    model
}

/// Refused for the reason in `words`, with and without passes; the memory is shown.
#[track_caller]
fn check_refused(model: &ModelSpec, words: &str) {
    let session = open(&build(model));
    for session in [session.with_passes(Passes::NONE).unwrap(), session] {
        let refusal = session.report().refusal.clone().expect("is refused");
        assert!(refusal.problem.message.contains(words), "{refusal:?}");
        assert_eq!(refusal.problem.kind, ProblemKind::Unsupported);
        assert!(session.report().peak_bytes > 0);
        let planned = session.plan(ScheduleChoice::Layerwise).unwrap();
        let arena = Session::<Reference>::arena(&planned).unwrap();
        let inputs = session.inputs_from_noise(1);
        let inputs: Vec<&[u8]> = inputs.iter().map(Vec::as_slice).collect();
        assert!(session.start(&planned, &inputs, arena).is_err());
    }
}

#[test]
fn a_new_shape_that_the_caller_chooses_is_refused() {
    let inputs = [int8("in", &[1, 4, 4, 2]), TensorSpec::int32("shape", &[2])];
    let reshape = one(kind::RESHAPE, OptionsSpec::None, &inputs, int8("out", &[1, 32]));
    check_refused(&reshape, "its new dimensions are not stored in the file");
}

#[test]
fn operands_that_keep_their_value_are_refused() {
    let state = TensorSpec { is_variable: true, ..int8("state", &[1, 6]) };
    let sum = one(kind::ADD, add(), &[int8("in", &[1, 6]), state], int8("out", &[1, 6]));
    check_refused(&sum, "tensor 1 keeps its value between runs");
    // Behind a PAD that a convolution would take in.
    let mut model = padded_float_boundary(false);
    model.tensors[1].is_variable = true;
    check_refused(&model, "tensor 1 keeps its value between runs");
}

#[test]
fn sparse_operands_are_refused() {
    let sparse = |tensor: TensorSpec| TensorSpec { is_sparse: true, ..tensor };
    let map = int8("in", &[1, 6]);
    let operand = sparse(int8("sparse", &[1, 6]).int8_data(&[1, 2]));
    let sum = one(kind::ADD, add(), &[map, operand], int8("out", &[1, 6]));
    check_refused(&sum, "tensor 1 is stored");
    let axes = sparse(TensorSpec::int32("axes", &[2]).int32_data(&[1]));
    let options = OptionsSpec::Mean { keep_dims: true };
    let inputs = [int8("in", &[1, 4, 4, 2]), axes];
    check_refused(&one(kind::MEAN, options, &inputs, int8("out", &[1, 1, 4, 2])), "tensor 1");
}

/// Element by element, a result has its operands' shape; as many elements are not enough.
#[test]
fn results_of_another_shape_are_refused() {
    let none = OptionsSpec::None;
    let narrow = int8("in", &[1, 4, 1, 3]);
    let square = int8("out", &[1, 2, 2, 3]);
    let requantized = one(kind::QUANTIZE, none, slice::from_ref(&narrow), square);
    check_refused(&requantized, "1x4x1x3 cannot become 1x2x2x3");
    let sum = one(kind::ADD, add(), &[narrow.clone(), narrow], int8("out", &[4, 3]));
    check_refused(&sum, "1x4x1x3 cannot become 4x3");
    let float = TensorSpec::new("in", DataType::Float32, &[1, 4, 4, 2]);
    let mut model = one(kind::QUANTIZE, none, &[float], int8("hidden", &[1, 4, 4, 1]));
    let output = model.tensor(int8("out", &[1, 4, 4, 1]));
    model.operator(OperatorSpec::new(kind::ADD, add(), &[1, 1], &[output]));
    model.outputs = vec![output];
    check_refused(&model, "1x4x4x2 cannot become 1x4x4x1");
}

#[test]
fn surplus_inputs_are_refused() {
    let map = int8("in", &[1, 6]);
    let inputs = [map.clone(), map.clone(), map];
    check_refused(&one(kind::ADD, add(), &inputs, int8("out", &[1, 6])), "3 inputs, not 2");
    // Of a PAD too, which then is not folded.
    let mut model = padded_float_boundary(false);
    model.operators[1].inputs.push(1);
    check_refused(&model, "3 inputs, not 2");
    assert_eq!(open(&build(&model)).report().operators[1].removed_by, None);
}

/// The host can neither quantize nor dequantize without a scale.
#[test]
fn a_float_boundary_without_a_scale_is_refused() {
    // The int8 tensors behind QUANTIZE and in front of DEQUANTIZE.
    for tensor in [1, 3] {
        let mut model = padded_float_boundary(false);
        model.tensors[tensor].quantization.as_mut().unwrap().scales = vec![0.0];
        check_refused(&model, "has no usable scale and zero point");
    }
}

/// A constant under another shape is a constant: refused to run, and never live.
#[test]
fn a_renamed_constant_is_never_live() {
    let mut model = one(
        kind::RESHAPE,
        OptionsSpec::None,
        &[int8("constant", &[6]).int8_data(&[1, 2, 3, 4, 5, 6])],
        int8("renamed", &[1, 6]),
    );
    let [input, output] = ["in", "out"].map(|name| model.tensor(int8(name, &[1, 6])));
    model.operator(OperatorSpec::new(kind::ADD, add(), &[input, 1], &[output]));
    (model.inputs, model.outputs) = (vec![input], vec![output]);
    check_refused(&model, "its input is a constant");
    assert_eq!(open(&build(&model)).report().peak_bytes, 12);
}

/// State survives from one inference to the next: no operator may have its bytes.
#[test]
fn state_is_live_all_the_time() {
    let mut model = ModelSpec::default();
    let input = model.tensor(int8("in", &[1, 6]));
    let state = TensorSpec { is_variable: true, ..int8("state", &[1, 100]) };
    let state = model.tensor(state);
    let hidden: [i32; 3] = ["a", "b", "c"].map(|name| model.tensor(int8(name, &[1, 6])));
    model.operator(OperatorSpec::custom("first", &[input], &[hidden[0]]));
    model.operator(OperatorSpec::custom("stateful", &[hidden[0], state], &[hidden[1]]));
    model.operator(OperatorSpec::custom("last", &[hidden[1]], &[hidden[2]]));
    (model.inputs, model.outputs) = (vec![input], vec![hidden[2]]);
    let session = open(&build(&model));
    let live: Vec<u64> = session.report().operators.iter().map(|op| op.live_bytes).collect();
    assert_eq!(live, [112, 112, 112]);
}

/// Passes leave a graph with at least one operator, and it runs.
#[test]
fn a_model_that_only_quantizes_and_dequantizes_is_shown_as_stored() {
    let mut model = padded_float_boundary(false);
    model.operators.drain(1..3);
    model.operators[1].inputs = vec![1];
    let session = open(&build(&model));
    let report = session.report();
    assert_eq!([report.peak_bytes, report.lower_bound_bytes], [80, 80]);
    let real: Vec<u8> = (0..16).flat_map(|i| (i as f32 * 0.5).to_le_bytes()).collect();
    let run = run_guarded(&session, ScheduleChoice::Layerwise, &[&real]);
    assert_eq!(session.output_bytes(&run.trace, 0), real);
}
