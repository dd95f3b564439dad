//! From a schedule and its plan to figures.

use super::{
    BlockReport, BlockRole, PlanReport, Problem, ProblemKind, StepReport, UnclippedReport,
    build::number,
};
use crate::{
    graph::Graph,
    handover::{HandOverError, OfflineRefusal, offline_refusal},
    plan::{Solution, live_bytes},
    schedule::{
        Action, Buffer, Extent, PlanChoice, Role, Schedule, ScheduleChoice, part_of, patch,
    },
};

/// Makes the figures of one schedule and its plan, both made as `choice` asks.
#[must_use]
pub fn plan_report(
    graph: &Graph,
    choice: PlanChoice,
    schedule: &Schedule,
    solution: &Solution,
) -> PlanReport {
    // The peak is one of activations: scratch belongs to a kernel set and counts in the arena.
    let buffers = part_of(schedule, |role| role != Role::Scratch).buffers;
    let live = live_bytes(&buffers, schedule.steps.len());
    let scratch = part_of(schedule, |role| role == Role::Scratch).buffers;
    let scratch = live_bytes(&scratch, schedule.steps.len());
    let peak_bytes = live.iter().copied().max().unwrap_or(0);
    let peak_step = live.iter().position(|&bytes| bytes == peak_bytes).unwrap_or(0);
    let operator_of =
        |step: usize| schedule.steps.get(step).and_then(|s| operator(graph, s.action));
    let greatest = |part: &[u64]| part.iter().copied().max().unwrap_or(0);
    let (stage, tail) = live.split_at(schedule.stage_steps.min(live.len()));
    let is_patched = schedule.stage_steps > 0;
    PlanReport {
        choice,
        is_order_proven: schedule.is_order_proven,
        scratch_bytes: schedule.scratch_bytes(),
        arena_bytes: solution.height_bytes,
        lower_bound_bytes: solution.lower_bound_bytes,
        peak_bytes,
        peak_step: number(peak_step),
        peak_operator: operator_of(peak_step).unwrap_or(0),
        stage_peak_bytes: is_patched.then(|| greatest(stage)),
        tail_peak_bytes: is_patched.then(|| greatest(tail)),
        macs: schedule.macs(),
        macs_layerwise: macs_layerwise(graph),
        unclipped: unclipped(graph, schedule),
        delivered_bytes: schedule.delivered_bytes(),
        patch_inputs: schedule.patch_inputs.clone(),
        offline_refusal: offline_refusal(graph, schedule).map(offline_problem),
        blocks: blocks(graph, schedule, solution),
        steps: schedule
            .steps
            .iter()
            .zip(live.into_iter().zip(scratch))
            .map(|(step, (live_bytes, scratch_bytes))| StepReport {
                operator: operator(graph, step.action),
                patch: step.patch,
                region: step.region,
                macs: step.macs,
                live_bytes,
                scratch_bytes,
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

fn unclipped(graph: &Graph, schedule: &Schedule) -> Option<UnclippedReport> {
    let ScheduleChoice::Patched { stage_end, rows, columns, .. } = schedule.choice else {
        return None;
    };
    let grid = patch::Grid { rows: rows as usize, columns: columns as usize };
    let counted = patch::unclipped(graph, stage_end as usize, grid).ok()?;
    let stage = &schedule.steps[..schedule.stage_steps];
    Some(UnclippedReport {
        stage_macs: counted.stage_macs,
        stage_macs_clipped: stage.iter().map(|step| step.macs).fold(0, u64::saturating_add),
        stage_macs_layerwise: counted.stage_macs_layerwise,
        input_side: counted.input_side,
    })
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
    }
    // Scratch carries the tensor that is being computed: it belongs to whoever writes that.
    let mut makers = vec![None; graph.tensors.len()];
    for node in &graph.nodes {
        for output in &node.outputs {
            makers[output.index()] = Some(number(node.index));
        }
    }
    for (writer, buffer) in writers.iter_mut().zip(&schedule.buffers) {
        if buffer.role == Role::Scratch {
            *writer = makers[buffer.tensor.index()];
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
        takes_place_of: buffer.takes_place_of.map(|other| number(other.index())),
    }
}
