//! Graphs whose description was changed in ways that a fuzzer of bytes hardly finds: another shape,
//! another kind, one operand in another's place. Whatever opens is answered without a panic, and
//! whatever runs gives one answer.

use crate::support::{
    alone::{Bytes, random_inputs, run_alone},
    graphs::Graph,
    random::{Random, Seed},
    runs::{Run, run_planned},
    tflite_writer::{ModelSpec, OptionsSpec, TensorSpec, build, kind},
};
use std::sync::Arc;
use tinyml_playground::{
    graph::Passes,
    handover::Format,
    kernels::Reference,
    model::Limits,
    report::{InputImage, ScheduleChoice},
    session::{Error, Planned, Recorder, Session},
};

/// Kinds that an operator may become, whatever its operands are.
const KINDS: [i32; 16] = [
    kind::ADD,
    kind::AVERAGE_POOL_2D,
    kind::CONV_2D,
    kind::DEPTHWISE_CONV_2D,
    kind::DEQUANTIZE,
    kind::FULLY_CONNECTED,
    kind::MAX_POOL_2D,
    kind::MUL,
    kind::RESHAPE,
    kind::SOFTMAX,
    kind::PAD,
    kind::TRANSPOSE,
    kind::MEAN,
    kind::QUANTIZE,
    SQUEEZE,
    EXPAND_DIMS,
];
const SQUEEZE: i32 = 43;
const EXPAND_DIMS: i32 = 70;

/// How the mutants fared.
#[derive(Debug, Default)]
struct Seen {
    not_opened: usize,
    refused: usize,
    ran: usize,
    /// Runs whose outputs were compared with the layer-wise ones.
    patched: usize,
    /// Runs whose outputs were compared with those of operators run alone.
    proven: usize,
}

#[test]
fn mutated_descriptions_never_panic_and_never_give_different_answers() {
    let mut seen = Seen::default();
    for seed in 0..10_000 {
        let _named = Seed(seed);
        let mut random = Random::new(seed + 991);
        let mut model = Graph::build(seed);
        for _ in 0..random.between(1, 3) {
            mutate(&mut model, &mut random);
        }
        check_mutant(&model, &mut random, &mut seen);
    }
    println!("{seen:?}");
    assert!(seen.not_opened > 5_000, "{seen:?}");
    assert!(seen.refused > 8_000, "{seen:?}");
    assert!(seen.ran > 1_500, "{seen:?}");
    assert!(seen.patched > 3_000, "{seen:?}");
    assert!(seen.proven > 5_000, "{seen:?}");
}

fn mutate(model: &mut ModelSpec, random: &mut Random) {
    let any = random.below(model.tensors.len()) as i32;
    match random.below(14) {
        0 => model.outputs.push(any),
        1 => model.inputs.push(any),
        2..=4 => mutate_operator(model, any, random),
        5..=8 => mutate_shape(&mut model.tensors[any as usize], random),
        9..=11 => mutate_quantization(&mut model.tensors[any as usize], random),
        _ => mutate_storage(&mut model.tensors[any as usize], random),
    }
}

fn mutate_operator(model: &mut ModelSpec, any: i32, random: &mut Random) {
    let which = random.below(model.operators.len());
    let operator = &mut model.operators[which];
    match random.below(3) {
        0 => operator.inputs.push(any),
        1 => {
            let position = random.below(operator.inputs.len());
            operator.inputs[position] = any;
        }
        _ => {
            operator.builtin_code = KINDS[random.below(KINDS.len())];
            if random.below(2) == 0 {
                operator.options = OptionsSpec::None;
            }
        }
    }
}

fn mutate_shape(tensor: &mut TensorSpec, random: &mut Random) {
    let at = random.below(tensor.shape.len());
    match random.below(3) {
        0 => tensor.shape.reverse(),
        1 if tensor.shape.len() > 1 => {
            let side = tensor.shape.remove(at);
            let other = random.below(tensor.shape.len());
            tensor.shape[other] *= side;
        }
        _ => {
            tensor.shape[at] = random.between(1, 6);
            let bytes = bytes_of(tensor);
            if let Some(data) = &mut tensor.data {
                data.resize(bytes, 3);
            }
        }
    }
}

fn mutate_quantization(tensor: &mut TensorSpec, random: &mut Random) {
    let Some(quantization) = &mut tensor.quantization else { return };
    match random.below(3) {
        0 => tensor.quantization = None,
        1 => quantization.zero_points = vec![i64::from(random.between(-300, 300))],
        _ => {
            let scales = [0.0, f32::NAN, f32::INFINITY, 1e30, 1e-30, 1.0 / 256.0];
            quantization.scales = vec![scales[random.below(scales.len())]];
            quantization.zero_points = vec![-128];
        }
    }
}

/// Kept between runs, stored sparsely, a constant where none was, or none where one was.
fn mutate_storage(tensor: &mut TensorSpec, random: &mut Random) {
    match random.below(3) {
        0 => tensor.is_variable = true,
        1 => tensor.is_sparse = true,
        _ if tensor.data.is_some() => tensor.data = None,
        _ => tensor.data = Some(vec![1; bytes_of(tensor)]),
    }
}

fn bytes_of(tensor: &TensorSpec) -> usize {
    let elements: i32 = tensor.shape.iter().product();
    tensor.data_type.bytes(elements as usize).unwrap()
}

fn check_mutant(model: &ModelSpec, random: &mut Random, seen: &mut Seen) {
    let bytes: Arc<[u8]> = build(model).into();
    let inputs = random_inputs(model, random);
    // As stored first: what runs so is proven by its operators, one by one.
    let mut proven = None;
    for passes in [Passes::NONE, Passes::default()] {
        match Session::open(Arc::clone(&bytes), passes, Limits::default()) {
            Ok(session) => {
                let runs = session.report().refusal.is_none();
                if runs && passes == Passes::NONE {
                    proven = Some(run_alone(model, &inputs));
                }
                assert!(proven.is_some() || !runs, "what runs after passes runs as stored");
                let count = if runs { &mut seen.ran } else { &mut seen.refused };
                *count += 1;
                visit(model, &session, &inputs, proven.as_ref(), seen);
            }
            Err(error) => {
                check_problem(&error);
                seen.not_opened += 1;
            }
        }
    }
}

fn check_problem(error: &Error) {
    let problem = error.problem();
    assert!(!problem.message.is_empty() && !problem.advice.is_empty(), "{problem:?}");
}

/// Plans everything, shows it, runs it, and compares whatever ran.
fn visit(
    model: &ModelSpec,
    session: &Session<Reference>,
    inputs: &Bytes,
    proven: Option<&Bytes>,
    seen: &mut Seen,
) {
    let mut whole: Option<Run> = None;
    for choice in choices(session) {
        let planned = match session.plan(choice) {
            Ok(planned) => planned,
            Err(error) => {
                check_problem(&error);
                continue;
            }
        };
        assert_eq!(session.plan_report(&planned).choice, choice.into());
        if choice == ScheduleChoice::Layerwise {
            hand_over(session, &planned);
        }
        if let Some(refusal) = &session.report().refusal {
            assert!(!refusal.problem.message.is_empty(), "{refusal:?}");
            continue;
        }
        let run = run(model, session, &planned, inputs);
        if let Some(proven) = proven {
            check_outputs(model, session, &run, proven);
            seen.proven += 1;
        }
        match &whole {
            None => whole = Some(run),
            Some(whole) => {
                assert!(run.trace.outputs == whole.trace.outputs, "{choice:?}");
                seen.patched += 1;
            }
        }
    }
}

/// Makes every file of a plan, or is told why not.
fn hand_over(session: &Session<Reference>, planned: &Planned) {
    for format in Format::ALL {
        match session.hand_over(planned, format, "a mutant", None) {
            Ok(file) => assert!(!file.bytes.is_empty(), "{format:?}"),
            Err(error) => {
                assert_eq!(format, Format::Tflite, "{error}");
                check_problem(&error);
            }
        }
    }
}

/// Layer by layer, then every stage end in small grids.
fn choices(session: &Session<Reference>) -> Vec<ScheduleChoice> {
    let mut choices = vec![ScheduleChoice::Layerwise];
    for &stage_end in &session.report().stage_ends {
        for input_image in [InputImage::Resident, InputImage::Streamed] {
            for [rows, columns] in [[1, 1], [2, 2], [3, 3], [2, 3]] {
                choices.push(ScheduleChoice::Patched { stage_end, rows, columns, input_image });
            }
        }
    }
    choices
}

fn run(model: &ModelSpec, session: &Session<Reference>, planned: &Planned, inputs: &Bytes) -> Run {
    let taken = model.inputs.iter().enumerate();
    let taken = taken.map(|(input, id)| session.input_from_bytes(input, &inputs[id]).unwrap());
    let taken: Vec<Vec<u8>> = taken.collect();
    let taken: Vec<&[u8]> = taken.iter().map(Vec::as_slice).collect();
    let run = run_planned(session, planned, &taken);
    assert_eq!(run.trace.outputs.len(), model.outputs.len());
    let recorder = Recorder::new(session.graph());
    let report = session.run_report(planned, &run.trace, &recorder);
    assert_eq!(report.outputs.len(), model.outputs.len());
    run
}

fn check_outputs(model: &ModelSpec, session: &Session<Reference>, run: &Run, proven: &Bytes) {
    for (output, id) in model.outputs.iter().enumerate() {
        let found = session.output_bytes(&run.trace, output);
        assert_eq!(found.len(), bytes_of(&model.tensors[*id as usize]), "output {output}");
        assert!(found == proven[id], "output {output}");
    }
}
