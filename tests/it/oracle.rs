//! Adventurous graphs against operators that are run alone: the same bytes under every pass and
//! schedule, and the peak as its definition gives it.

use crate::support::{
    alone::{Bytes, random_inputs, run_alone},
    graphs::Graph,
    random::{Random, Seed},
    runs::run_planned,
    tflite_writer::{ModelSpec, build, kind},
};
use std::sync::Arc;
use tinyml_playground::{
    graph::Passes,
    kernels::Reference,
    model::Limits,
    report::{InputImage, ScheduleChoice},
    session::Session,
};

/// Every combination of passes.
const ALL_PASSES: [Passes; 4] = [
    Passes { float_boundary: true, fold_pad: true },
    Passes { float_boundary: false, fold_pad: true },
    Passes { float_boundary: true, fold_pad: false },
    Passes::NONE,
];

/// What the graphs held: a test that never met a patch or a folded PAD shows nothing.
#[derive(Debug, Default)]
struct Seen {
    operators: usize,
    patched_schedules: usize,
    /// Those that leave out cells which nobody reads.
    sparing_schedules: usize,
    removed_operators: usize,
    graphs_of_several_outputs: usize,
}

#[test]
fn schedules_of_random_graphs_give_the_bytes_of_operators_run_alone() {
    let mut seen = Seen::default();
    for seed in 0..2_000 {
        let _named = Seed(seed);
        check_graph(seed, &mut seen);
    }
    println!("{seen:?}");
    assert!(seen.operators > 15_000, "{seen:?}");
    assert!(seen.patched_schedules > 7_000, "{seen:?}");
    assert!(seen.sparing_schedules > 700, "{seen:?}");
    assert!(seen.removed_operators > 4_000, "{seen:?}");
    assert!(seen.graphs_of_several_outputs > 1_000, "{seen:?}");
}

fn check_graph(seed: u64, seen: &mut Seen) {
    let model = Graph::build(seed);
    let bytes: Arc<[u8]> = build(&model).into();
    let mut random = Random::new(seed + 77);
    let inputs = random_inputs(&model, &mut random);
    let expected = run_alone(&model, &inputs);
    let peak = peak_by_definition(&model);
    seen.operators += model.operators.len();
    seen.graphs_of_several_outputs += usize::from(model.outputs.len() > 1);
    for passes in ALL_PASSES {
        let session = Session::open(Arc::clone(&bytes), passes, Limits::default()).unwrap();
        assert_eq!(session.report().refusal, None);
        assert_eq!(session.report().as_stored_peak_bytes, peak);
        if passes == Passes::NONE {
            assert_eq!(session.report().peak_bytes, peak);
        }
        check_stage_ends(&model, &session);
        seen.removed_operators += session.graph().removed.len();
        let taken = model.inputs.iter().enumerate();
        let taken = taken.map(|(input, id)| session.input_from_bytes(input, &inputs[id]).unwrap());
        let taken: Vec<Vec<u8>> = taken.collect();
        let taken: Vec<&[u8]> = taken.iter().map(Vec::as_slice).collect();
        for choice in choices(&session, &mut random) {
            check_schedule(&model, &session, choice, &taken, &expected, seen);
        }
    }
}

/// The stage ends that a report names are those that a schedule takes, and no other.
fn check_stage_ends(model: &ModelSpec, session: &Session<Reference>) {
    for stage_end in 0..model.operators.len() as u32 {
        let input_image = InputImage::Resident;
        let choice = ScheduleChoice::Patched { stage_end, rows: 1, columns: 1, input_image };
        let is_named = session.report().stage_ends.contains(&stage_end);
        assert_eq!(session.plan(choice).is_ok(), is_named, "operator #{stage_end}");
    }
}

/// Layer by layer; then for every stage end a random grid and the finest one, both ways.
fn choices(session: &Session<Reference>, random: &mut Random) -> Vec<ScheduleChoice> {
    let graph = session.graph();
    let mut choices = vec![ScheduleChoice::Layerwise];
    for &stage_end in &session.report().stage_ends {
        let position = graph.position(stage_end as usize).unwrap();
        let map = graph.tensor(graph.nodes[position].outputs[0]).shape.map();
        let sides = [map.height, map.width].map(|side| side as u32);
        for input_image in [InputImage::Resident, InputImage::Streamed] {
            let random_sides = sides.map(|side| random.between(1, side as i32) as u32);
            for [rows, columns] in [random_sides, sides] {
                choices.push(ScheduleChoice::Patched { stage_end, rows, columns, input_image });
            }
        }
    }
    choices
}

fn check_schedule(
    model: &ModelSpec,
    session: &Session<Reference>,
    choice: ScheduleChoice,
    inputs: &[&[u8]],
    expected: &Bytes,
    seen: &mut Seen,
) {
    let planned = session.plan(choice).unwrap();
    let plan = session.plan_report(&planned);
    let live = plan.steps.iter().map(|step| step.live_bytes);
    assert_eq!(live.max(), Some(plan.peak_bytes), "{choice:?}");
    // Alignment of float tensors can prove a bound above the peak.
    assert!(plan.lower_bound_bytes >= plan.peak_bytes, "{choice:?}");
    assert!(plan.arena_bytes >= plan.lower_bound_bytes, "{choice:?}");
    if choice == ScheduleChoice::Layerwise {
        let found = [plan.peak_bytes, plan.arena_bytes];
        assert_eq!(found, [session.report().peak_bytes, session.report().arena_bytes]);
        assert_eq!(plan.macs, plan.macs_layerwise);
    }
    seen.patched_schedules += usize::from(choice != ScheduleChoice::Layerwise);
    seen.sparing_schedules += usize::from(plan.macs < plan.macs_layerwise);
    let run = run_planned(session, &planned, inputs);
    assert_eq!(run.trace.outputs.len(), model.outputs.len());
    for (output, id) in model.outputs.iter().enumerate() {
        let found = session.output_bytes(&run.trace, output);
        assert!(found == expected[id], "{choice:?}, output {output}");
    }
}

/// The greatest live set of the graph as stored, tensor by tensor and operator by operator.
fn peak_by_definition(model: &ModelSpec) -> u64 {
    let roots = roots(model);
    let live = |position: usize| {
        let ids = (0..model.tensors.len() as i32).filter(|&id| roots[id as usize] == id);
        let lives = ids.filter(|&id| is_live(model, &roots, id, position));
        lives.map(|id| stored_bytes(model, id)).sum()
    };
    (0..model.operators.len()).map(live).max().unwrap()
}

/// For every tensor the one whose bytes it is.
fn roots(model: &ModelSpec) -> Vec<i32> {
    let mut roots: Vec<i32> = (0..model.tensors.len() as i32).collect();
    for operator in model.operators.iter().filter(|op| op.builtin_code == kind::RESHAPE) {
        roots[operator.outputs[0] as usize] = roots[operator.inputs[0] as usize];
    }
    roots
}

/// From the operator that writes it (an input: from the first) to its last reader (an output: to
/// the last operator).
fn is_live(model: &ModelSpec, roots: &[i32], id: i32, position: usize) -> bool {
    let is_it = |other: &i32| *other >= 0 && roots[*other as usize] == id;
    let written = model.operators.iter().position(|operator| operator.outputs.contains(&id));
    let first = if model.inputs.contains(&id) { Some(0) } else { written };
    let Some(first) = first else { return false };
    let read = model.operators.iter().rposition(|operator| operator.inputs.iter().any(is_it));
    let last = if model.outputs.iter().any(is_it) { usize::MAX } else { read.unwrap_or(first) };
    (first..=last.max(first)).contains(&position)
}

fn stored_bytes(model: &ModelSpec, id: i32) -> u64 {
    let tensor = &model.tensors[id as usize];
    let elements: i32 = tensor.shape.iter().product();
    tensor.data_type.bytes(elements as usize).unwrap() as u64
}
