//! Running models the way the tests want it: guarded, poisoned, with every output.

use super::random::Random;
use std::sync::Arc;
use tinyml_playground::{
    exec::{Observer, StepOutput, Trace},
    graph::Passes,
    kernels::{Kernels, Reference},
    model::Limits,
    schedule::{Action, InputImage, ScheduleChoice},
    session::{Capture, Planned, Recorder, Session},
};

/// Guard bytes on each side of the arena.
const GUARD: usize = 64;
/// What the guards hold, and what everything dead is overwritten with.
const GUARD_BYTE: u8 = 0xA5;

/// Opens a model with all passes.
pub fn open(bytes: &[u8]) -> Session<Reference> {
    open_for(bytes)
}

/// The same for any set of kernels.
pub fn open_for<K: Kernels>(bytes: &[u8]) -> Session<K> {
    Session::open(Arc::from(bytes), Passes::default(), Limits::default()).unwrap()
}

/// One run: what it did, and every operator's output.
pub struct Run {
    pub trace: Trace,
    pub captures: Vec<Option<Capture>>,
}

/// Runs in an arena of exactly the planned size between guard bytes, poisoning everything that is
/// dead or was never written, and checks the guards and the count of multiply-accumulates.
pub fn run_guarded<K: Kernels>(
    session: &Session<K>,
    choice: ScheduleChoice,
    inputs: &[&[u8]],
) -> Run {
    let planned = session.plan(choice).unwrap();
    run_planned(session, &planned, inputs)
}

/// The same for a plan that is at hand.
pub fn run_planned<K: Kernels>(session: &Session<K>, planned: &Planned, inputs: &[&[u8]]) -> Run {
    let report = session.plan_report(planned);
    let arena_bytes = usize::try_from(report.arena_bytes).unwrap();
    let mut memory = vec![GUARD_BYTE; arena_bytes + 2 * GUARD];
    let arena = &mut memory[GUARD..GUARD + arena_bytes];
    let mut recorder = Recorder::new(session.graph()).with_captures(session.graph());
    let mut execution = session.start(planned, inputs, arena).unwrap().with_poison(GUARD_BYTE);
    while execution.step(&mut recorder).unwrap() {}
    let trace = execution.finish();
    assert_eq!(trace.arena_bytes, arena_bytes);
    assert_eq!(trace.macs, report.macs, "predicted and counted multiply-accumulates");
    let guards = memory[..GUARD].iter().chain(&memory[GUARD + arena_bytes..]);
    assert!(guards.copied().all(|byte| byte == GUARD_BYTE), "a guard byte was overwritten");
    Run { trace, captures: recorder.into_captures() }
}

/// Compares what each patch computes with the layer-wise maps, halos included.
pub struct Compare<'a> {
    pub expected: &'a [Option<Capture>],
    pub compared_steps: usize,
}

impl Observer for Compare<'_> {
    fn end(&mut self, _: usize, output: &StepOutput<'_>) {
        let Action::Compute(position) = output.step.action else { return };
        let Some(expected) = &self.expected[position] else { return };
        let mut found = expected.bytes.clone();
        output.copy_to_map(&mut found);
        assert!(found == expected.bytes, "step at position {position}: {:?}", output.step.region);
        self.compared_steps += 1;
    }
}

/// Runs a schedule and compares every step with the layer-wise maps; how many steps that were.
pub fn run_compared<K: Kernels>(
    session: &Session<K>,
    choice: ScheduleChoice,
    inputs: &[&[u8]],
    whole: &Run,
) -> usize {
    let planned = session.plan(choice).unwrap();
    let arena = Session::<K>::arena(&planned).unwrap();
    let mut compare = Compare { expected: &whole.captures, compared_steps: 0 };
    let mut execution = session.start(&planned, inputs, arena).unwrap().with_poison(GUARD_BYTE);
    while execution.step(&mut compare).unwrap() {}
    compare.compared_steps
}

/// For every stage end a random grid, the input resident or streamed.
pub fn random_patches<K: Kernels>(
    session: &Session<K>,
    random: &mut Random,
) -> Vec<ScheduleChoice> {
    let graph = session.graph();
    let each = session.report().stage_ends.iter().map(|&stage_end| {
        let position = graph.position(stage_end as usize).unwrap();
        let map = graph.tensor(graph.nodes[position].outputs[0]).shape.map();
        ScheduleChoice::Patched {
            stage_end,
            rows: random.between(1, map.height as i32) as u32,
            columns: random.between(1, map.width as i32) as u32,
            input_image: [InputImage::Resident, InputImage::Streamed][random.below(2)],
        }
    });
    each.collect()
}
