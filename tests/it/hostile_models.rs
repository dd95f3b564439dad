//! Files that are well formed and mean harm: nothing panics, hangs or takes memory without bound,
//! from the reader to the last byte of a run.

use crate::support::{
    networks::Network,
    random::Random,
    tflite_writer::{ModelSpec, OperatorSpec, OptionsSpec, TensorSpec, build, kind},
};
use std::{sync::Arc, time::Instant};
use tinyml_playground::{
    graph::Passes,
    handover::Format,
    kernels::Reference,
    model::{Limits, Padding},
    quant::Activation,
    report::{InPlace, InputImage, PlanChoice, Planner, ProblemKind, Rung, ScheduleChoice},
    schedule::Alignment,
    session::{Error, Recorder, RungSearch, Session, SquareSearch},
    tensor::DataType,
};

/// Bounds small enough for thousands of mutants.
const LIMITS: Limits = Limits {
    file_bytes: 1 << 20,
    tensors: 1000,
    operators: 1000,
    tensor_bytes: 1 << 20,
    activation_bytes: 16 << 20,
    work: 20_000_000,
};

fn open(bytes: Vec<u8>) -> Result<Session<Reference>, Error> {
    Session::open(Arc::from(bytes), Passes::default(), LIMITS)
}

/// Every schedule, planner and way to count that a visitor could ask for.
fn choices(session: &Session<Reference>) -> Vec<PlanChoice> {
    let mut schedules = vec![ScheduleChoice::Layerwise, ScheduleChoice::Reordered];
    for &stage_end in session.report().stage_ends.iter().take(3) {
        for input_image in [InputImage::Resident, InputImage::Streamed] {
            schedules.push(ScheduleChoice::Patched { stage_end, rows: 2, columns: 2, input_image });
        }
    }
    let mut choices: Vec<PlanChoice> = schedules.iter().map(|&one| one.into()).collect();
    choices.extend(schedules.iter().map(|&one| PlanChoice::TINY_ENGINE.with_schedule(one)));
    let planners = [
        Planner::NoReuse,
        Planner::PingPong,
        Planner::Tflm,
        Planner::TinyEngine,
        Planner::Refined,
        Planner::Exact,
    ];
    for planner in planners {
        let choice = PlanChoice::default().with_in_place(InPlace::All).with_planner(planner);
        choices.push(choice);
        choices.push(PlanChoice { alignment: Alignment::Sixteen, ..choice });
    }
    choices
}

/// What a visitor could do with a model: look at it, plan it, take it away, run it.
fn visit(session: &Session<Reference>) -> Result<(), Error> {
    let inputs = session.inputs_from_noise(1);
    let inputs: Vec<&[u8]> = inputs.iter().map(Vec::as_slice).collect();
    for choice in choices(session) {
        let Ok(planned) = session.plan(choice) else { continue };
        assert_eq!(session.plan_report(&planned).choice, choice);
        for format in Format::ALL {
            let file = session.hand_over(&planned, format, "a/b\n", None);
            assert!(file.is_ok() || format == Format::Tflite, "{choice:?}: {file:?}");
        }
        if session.report().refusal.is_none() {
            let mut arena = Session::<Reference>::arena(&planned)?;
            let mut recorder = Recorder::new(session.graph()).with_captures(session.graph());
            session.run(&planned, &inputs, &mut arena, &mut recorder)?;
        }
    }
    let mut rungs = RungSearch::new(session, InputImage::Resident, 2)?;
    while rungs.step(session)? {}
    assert!(rungs.finish().len() >= Rung::ALL.len() - 2);
    Ok(())
}

#[test]
fn mutated_networks_are_answered_from_reading_to_running() {
    let mut random = Random::new(7);
    let (mut opened, mut ran) = (0, 0);
    for network in 0..60 {
        let model = Network::build(network);
        for _ in 0..40 {
            let mut mutant = model.clone();
            for _ in 0..random.between(1, 3) {
                let at = random.below(mutant.len());
                mutant[at] = match random.below(3) {
                    0 => random.byte(),
                    1 => mutant[at] ^ (1 << random.below(8)),
                    _ => [0, 1, 0x7f, 0x80, 0xff][random.below(5)],
                };
            }
            if let Ok(session) = open(mutant) {
                opened += 1;
                ran += usize::from(visit(&session).is_ok());
            }
        }
    }
    println!("{opened} of 2400 mutants opened, {ran} ran");
    assert!(opened > 500 && ran > 300, "the mutants reach the executor");
}

fn conv(stride: [i32; 2], dilation: [i32; 2]) -> OptionsSpec {
    OptionsSpec::Conv2d { padding: Padding::Same, stride, dilation, activation: Activation::None }
}

/// A 1x1 convolution from `input` to `output`, both 1x4x4x1.
fn convolution(model: &mut ModelSpec, input: i32, output: i32, options: OptionsSpec) {
    let weights = TensorSpec::int8("weights", &[1, 1, 1, 1]).quantized(0.5, 0).int8_data(&[1]);
    let weights = model.tensor(weights);
    model.operator(OperatorSpec::new(kind::CONV_2D, options, &[input, weights], &[output]));
}

fn map(model: &mut ModelSpec, name: &str) -> i32 {
    model.tensor(TensorSpec::int8(name, &[1, 4, 4, 1]).quantized(0.5, 0))
}

#[track_caller]
fn check_problem(model: &ModelSpec, kind: ProblemKind, words: &str) {
    let problem = open(build(model)).err().expect("is refused").problem();
    assert_eq!(problem.kind, kind, "{problem:?}");
    assert!(problem.message.contains(words), "{problem:?}");
    assert!(!problem.advice.is_empty());
}

#[test]
fn a_cycle_is_named() {
    let mut model = ModelSpec::default();
    let [input, a, b] = ["in", "a", "b"].map(|name| map(&mut model, name));
    let add = |x, y, z| {
        let options = OptionsSpec::Add { activation: Activation::None };
        OperatorSpec::new(kind::ADD, options, &[x, y], &[z])
    };
    model.operator(add(input, b, a));
    model.operator(add(a, input, b));
    (model.inputs, model.outputs) = (vec![input], vec![b]);
    let words = "operator #0 reads tensor 2, which operator #1 writes only afterwards";
    check_problem(&model, ProblemKind::Malformed, &words[1..]);
}

#[test]
fn graphs_without_sense_are_named() {
    let make = |outputs: &[i32], wire: &dyn Fn(&mut ModelSpec)| {
        let mut model = ModelSpec::default();
        for name in ["in", "a", "b"] {
            map(&mut model, name);
        }
        wire(&mut model);
        (model.inputs, model.outputs) = (vec![0], outputs.to_vec());
        model
    };
    let one = [1, 1];
    let twice = make(&[1], &|model| {
        convolution(model, 0, 1, conv(one, one));
        convolution(model, 0, 1, conv(one, one));
    });
    check_problem(&twice, ProblemKind::Malformed, "both write tensor 1");
    let itself = make(&[1], &|model| convolution(model, 1, 1, conv(one, one)));
    check_problem(&itself, ProblemKind::Malformed, "cycle");
    let nothing = make(&[1], &|model| convolution(model, 2, 1, conv(one, one)));
    check_problem(&nothing, ProblemKind::Malformed, "which nothing writes");
    let unwritten = make(&[2], &|model| convolution(model, 0, 1, conv(one, one)));
    check_problem(&unwritten, ProblemKind::Malformed, "Output tensor 2");
    let input = make(&[1], &|model| convolution(model, 1, 0, conv(one, one)));
    check_problem(&input, ProblemKind::Malformed, "tensor");
    check_problem(&make(&[1], &|_| {}), ProblemKind::Malformed, "no operators");
}

/// Options that would overflow or never end are refused with a reason; the memory is still shown.
#[test]
fn absurd_options_refuse_the_run_and_show_the_memory() {
    let absurd = [[i32::MAX, 1], [0, 1], [-1, 1]];
    let strides = absurd.map(|stride| conv(stride, [1, 1]));
    let dilations = absurd[1..].iter().map(|&dilation| conv([1, 1], dilation));
    for options in strides.into_iter().chain(dilations) {
        let mut model = ModelSpec::default();
        let [input, output] = ["in", "out"].map(|name| map(&mut model, name));
        convolution(&mut model, input, output, options);
        (model.inputs, model.outputs) = (vec![input], vec![output]);
        let session = open(build(&model)).unwrap();
        assert!(session.report().refusal.is_some(), "{options:?}");
        assert_eq!(session.report().peak_bytes, 32);
    }
}

/// A file of a few hundred bytes that asks for years of work.
#[test]
fn more_work_than_anybody_waits_for_is_refused() {
    let mut model = ModelSpec::default();
    let sides = [1, 1000, 1000, 1];
    let [input, output] =
        ["in", "out"].map(|name| model.tensor(TensorSpec::int8(name, &sides).quantized(0.5, 0)));
    let options = OptionsSpec::Pool {
        padding: Padding::Same,
        stride: [1, 1],
        kernel: [999, 999],
        activation: Activation::None,
    };
    model.operator(OperatorSpec::new(kind::MAX_POOL_2D, options, &[input], &[output]));
    (model.inputs, model.outputs) = (vec![input], vec![output]);
    let session = open(build(&model)).unwrap();
    let refusal = session.report().refusal.clone().unwrap();
    assert_eq!(refusal.problem.kind, ProblemKind::Limit);
    assert!(refusal.problem.message.contains("998001000000"), "{refusal:?}");
}

/// A map of a million cells can be cut into a million patches; nobody wants to see that.
#[test]
fn more_patches_than_can_be_shown_are_refused() {
    let mut model = ModelSpec::default();
    let sides = [1, 1000, 1000, 1];
    let [input, a, output] = ["in", "a", "out"]
        .map(|name| model.tensor(TensorSpec::int8(name, &sides).quantized(0.5, 0)));
    convolution(&mut model, input, a, conv([1, 1], [1, 1]));
    convolution(&mut model, a, output, conv([1, 1], [1, 1]));
    (model.inputs, model.outputs) = (vec![input], vec![output]);
    let session = open(build(&model)).unwrap();
    let plan = |side| {
        let input_image = InputImage::Resident;
        session.plan(ScheduleChoice::Patched {
            stage_end: 0,
            rows: side,
            columns: side,
            input_image,
        })
    };
    assert!(plan(500).is_ok());
    let problem = plan(501).unwrap_err().problem();
    assert!(problem.message.contains("251001 steps"), "{problem:?}");
}

/// A thousand operators and tensors whose lifespans all cross: planned in no time.
#[test]
fn many_crossing_lifespans_are_planned_quickly() {
    let mut model = ModelSpec::default();
    let first = map(&mut model, "in");
    model.inputs = vec![first];
    for _ in 0..400 {
        let output = map(&mut model, "out");
        convolution(&mut model, first, output, conv([1, 1], [1, 1]));
        model.outputs.push(output);
    }
    let started = Instant::now();
    let session = open(build(&model)).unwrap();
    let planned = session.plan(ScheduleChoice::Layerwise).unwrap();
    assert_eq!(planned.solution.height_bytes, 401 * 16);
    assert!(started.elapsed().as_secs() < 2, "{:?}", started.elapsed());
}

#[test]
fn constants_at_the_boundary_are_named() {
    let make = |inputs: &[i32], outputs: &[i32]| {
        let mut model = ModelSpec::default();
        let [input, output] = ["in", "out"].map(|name| map(&mut model, name));
        convolution(&mut model, input, output, conv([1, 1], [1, 1]));
        (model.inputs, model.outputs) = (inputs.to_vec(), outputs.to_vec());
        model
    };
    let malformed = ProblemKind::Malformed;
    check_problem(&make(&[0], &[2, 1]), malformed, "Output tensor 2 is a constant");
    check_problem(&make(&[0, 2], &[1]), malformed, "Input tensor 2 is a constant");
}

/// As many outputs as a file may have, all live to the end.
#[test]
fn thousands_of_crossing_lifespans_are_planned_in_a_moment() {
    let mut model = ModelSpec::default();
    let input = map(&mut model, "in");
    model.inputs = vec![input];
    for width in 0..8_000 {
        let output = model.tensor(TensorSpec::int8("", &[1, 1 + width % 7]).quantized(0.5, 0));
        model.operator(OperatorSpec::custom("c", &[input], &[output]));
        model.outputs.push(output);
    }
    let started = Instant::now();
    let bytes = Arc::from(build(&model));
    let session = Session::<Reference>::open(bytes, Passes::default(), Limits::default()).unwrap();
    assert_eq!(session.report().arena_bytes, session.report().lower_bound_bytes);
    assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
}

#[test]
fn figures_beyond_all_bounds_stay_at_the_bound() {
    let mut model = ModelSpec::default();
    let input = map(&mut model, "in");
    let opaque = |name: &str| TensorSpec::new(name, DataType::Opaque, &[2, i32::MAX]);
    let weights = model.tensor(opaque("weights"));
    (model.inputs, model.outputs) = (vec![input, weights], Vec::new());
    let options = OptionsSpec::FullyConnected {
        activation: Activation::None,
        default_weights_format: true,
        keep_num_dims: false,
    };
    for _ in 0..4 {
        let output = model.tensor(opaque("out"));
        let inputs = [input, weights];
        model.operator(OperatorSpec::new(kind::FULLY_CONNECTED, options, &inputs, &[output]));
        model.outputs.push(output);
    }
    assert_eq!(open(build(&model)).unwrap().report().macs, u64::MAX);
}

/// Grids of more steps than can be shown are passed over, and the search goes on.
#[test]
fn the_search_passes_over_grids_of_too_many_steps() {
    let mut model = ModelSpec::default();
    let input = model.tensor(TensorSpec::int8("in", &[1, 8, 8, 1]).quantized(0.5, 0));
    model.inputs = vec![input];
    let options = OptionsSpec::Pool {
        padding: Padding::Same,
        stride: [1, 1],
        kernel: [1, 1],
        activation: Activation::None,
    };
    let mut last = input;
    for _ in 0..5_000 {
        let output = model.tensor(TensorSpec::int8("", &[1, 8, 8, 1]).quantized(0.5, 0));
        model.operator(OperatorSpec::new(kind::MAX_POOL_2D, options, &[last], &[output]));
        last = output;
    }
    // A residual across everything: the stage can end at the first pool or at the end.
    let output = model.tensor(TensorSpec::int8("out", &[1, 8, 8, 1]).quantized(0.5, 0));
    let add = OptionsSpec::Add { activation: Activation::None };
    model.operator(OperatorSpec::new(kind::ADD, add, &[last, 1], &[output]));
    model.outputs = vec![output];
    let bytes = Arc::from(build(&model));
    let session = Session::<Reference>::open(bytes, Passes::default(), Limits::default()).unwrap();
    let mut search = SquareSearch::new(&session, InputImage::Resident, 8).unwrap();
    while search.step(&session).unwrap() {}
    assert_eq!(session.report().stage_ends, [0, 5_000]);
    // 5,001 operators in 8x8 patches would be 320,064 steps, in 7x7 patches 245,049.
    assert_eq!(search.finish().len(), 8 + 7);
}
