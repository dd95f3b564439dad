//! From a schedule and its plan to figures.

use super::{BlockReport, BlockRole, PlanReport, Problem, ProblemKind, StepReport, build::number};
use crate::{
    graph::Graph,
    handover::{HandOverError, OfflineRefusal, offline_refusal},
    plan::{Solution, live_bytes},
    schedule::{Action, Buffer, Extent, Role, Schedule, problem},
};

/// Makes the figures of one schedule and its plan.
#[must_use]
pub fn plan_report(graph: &Graph, schedule: &Schedule, solution: &Solution) -> PlanReport {
    let mut buffers = problem(schedule, 1).buffers;
    // The peak is one of activations: scratch belongs to a kernel set and counts in the arena.
    for (planned, buffer) in buffers.iter_mut().zip(&schedule.buffers) {
        if buffer.role == Role::Scratch {
            planned.size_bytes = 0;
        }
    }
    let live = live_bytes(&buffers, schedule.steps.len());
    let peak_bytes = live.iter().copied().max().unwrap_or(0);
    let peak_step = live.iter().position(|&bytes| bytes == peak_bytes).unwrap_or(0);
    let operator_of =
        |step: usize| schedule.steps.get(step).and_then(|s| operator(graph, s.action));
    let greatest = |part: &[u64]| part.iter().copied().max().unwrap_or(0);
    let (stage, tail) = live.split_at(schedule.stage_steps.min(live.len()));
    let is_patched = schedule.stage_steps > 0;
    PlanReport {
        choice: schedule.choice,
        in_place: schedule.in_place,
        scratch_bytes: scratch_bytes(schedule),
        arena_bytes: solution.height_bytes,
        lower_bound_bytes: solution.lower_bound_bytes,
        peak_bytes,
        peak_step: number(peak_step),
        peak_operator: operator_of(peak_step).unwrap_or(0),
        stage_peak_bytes: is_patched.then(|| greatest(stage)),
        tail_peak_bytes: is_patched.then(|| greatest(tail)),
        macs: schedule.macs(),
        macs_layerwise: macs_layerwise(graph),
        delivered_bytes: schedule.delivered_bytes(),
        offline_refusal: offline_refusal(graph, schedule).map(offline_problem),
        blocks: blocks(graph, schedule, solution),
        steps: schedule
            .steps
            .iter()
            .zip(live)
            .map(|(step, live_bytes)| StepReport {
                operator: operator(graph, step.action),
                patch: step.patch,
                region: step.region,
                macs: step.macs,
                live_bytes,
            })
            .collect(),
    }
}

/// Why TensorFlow Lite Micro cannot follow a plan, as people meet it.
fn offline_problem(refusal: OfflineRefusal) -> Problem {
    let advice = refusal.advice().to_owned();
    let message = format!("{}.", HandOverError::from(refusal));
    Problem { kind: ProblemKind::Choice, message, advice }
}

/// The most scratch that a step has.
fn scratch_bytes(schedule: &Schedule) -> u64 {
    let scratch = schedule.buffers.iter().filter(|buffer| buffer.role == Role::Scratch);
    scratch.map(|buffer| buffer.bytes as u64).max().unwrap_or(0)
}

/// Multiply-accumulates of the graph's operators, each on its whole map.
fn macs_layerwise(graph: &Graph) -> u64 {
    graph.nodes.iter().map(|node| node.macs).fold(0, u64::saturating_add)
}

fn operator(graph: &Graph, action: Action) -> Option<u32> {
    match action {
        Action::Compute(position) => graph.nodes.get(position).map(|node| number(node.index)),
        Action::Deliver(_) => None,
    }
}

fn blocks(graph: &Graph, schedule: &Schedule, solution: &Solution) -> Vec<BlockReport> {
    let mut writers = vec![None; schedule.buffers.len()];
    for step in &schedule.steps {
        for output in &step.outputs {
            // A RESHAPE names its source's buffer as its output: the first writer made the bytes.
            let writer = &mut writers[output.index()];
            *writer = writer.or(operator(graph, step.action));
        }
        if let Some(scratch) = step.scratch {
            writers[scratch.index()] = operator(graph, step.action);
        }
    }
    let inputs = schedule.inputs.iter().flatten();
    for input in inputs {
        writers[input.index()] = None;
    }
    let placed = schedule.buffers.iter().zip(&solution.offsets).zip(writers);
    placed.map(|((buffer, &offset), writer)| block(buffer, offset, writer)).collect()
}

fn block(buffer: &Buffer, offset_bytes: u64, operator: Option<u32>) -> BlockReport {
    let role = match (buffer.role, buffer.extent) {
        (Role::Input, _) => BlockRole::Input,
        (Role::Scratch, _) => BlockRole::Scratch,
        (Role::Split, _) => BlockRole::Split,
        (_, Extent::Window(_)) => BlockRole::Window,
        (Role::Output, _) => BlockRole::Output,
        (Role::Activation, _) => BlockRole::Activation,
    };
    BlockReport {
        tensor: buffer.tensor,
        operator,
        role,
        patch: buffer.patch,
        region: match buffer.extent {
            Extent::Whole => None,
            Extent::Window(region) => Some(region),
        },
        offset_bytes,
        bytes: buffer.bytes as u64,
        first_step: number(buffer.lifespan.start),
        end_step: number(buffer.lifespan.end),
    }
}
