//! Peaks as the `MCUNetV2` paper counts them, to redraw its figures.
//!
//! The count leaves out what a real run cannot: it is shown, labelled, and never run.

use super::build::number;
use crate::{
    graph::{Graph, Node},
    operator::Operator,
    order::distinct,
    plan::live_bytes,
    schedule::{Action, Buffer, BufferId, Extent, Role, Schedule, Step, exact_problem},
    tensor::TensorId,
};
use serde::{Deserialize, Serialize};

/// Peaks as the paper counts: of each operator its own inputs and its output; a depthwise
/// convolution in place without scratch; the operand of a residual not while its branch runs; the
/// input image not in the patch stage.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct PaperReport {
    /// The neediest operator, layer by layer.
    pub layerwise_bytes: u64,
    /// Which it is (index in the file).
    pub layerwise_operator: u32,
    /// With patches, where the schedule has them.
    pub patched: Option<PaperPatches>,
    /// The step that decides how large the arena is.
    pub at_peak: PaperStep,
}

impl PaperReport {
    /// The peak of the schedule that was counted: of its patches where it has them.
    #[must_use]
    pub fn peak_bytes(&self) -> u64 {
        self.patched.map_or(self.layerwise_bytes, |patched| patched.peak_bytes())
    }

    /// The operator (index in the file) at which that peak is.
    #[must_use]
    pub fn peak_operator(&self) -> u32 {
        self.patched.map_or(self.layerwise_operator, |patched| {
            let tail = patched.tail_operator.filter(|_| patched.tail_bytes > patched.stage_bytes);
            tail.unwrap_or(patched.stage_operator)
        })
    }
}

/// A patch-based schedule as the paper counts.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct PaperPatches {
    /// The split tensor and the neediest step of a patch.
    pub stage_bytes: u64,
    /// Of that the split tensor.
    pub split_bytes: u64,
    /// Whose step that is (index in the file).
    pub stage_operator: u32,
    /// The neediest operator behind the stage; 0 where none is left.
    pub tail_bytes: u64,
    /// Which it is (index in the file); `None` where the stage is the whole graph.
    pub tail_operator: Option<u32>,
}

impl PaperPatches {
    /// The greater of both.
    #[must_use]
    pub fn peak_bytes(&self) -> u64 {
        self.stage_bytes.max(self.tail_bytes)
    }
}

/// What is live at the first step of a schedule that needs most, parted by what of it the paper counts.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct PaperStep {
    /// The operator (index in the file); `None` where a part of the input is delivered.
    pub operator: Option<u32>,
    /// What the paper counts at this step.
    pub counted_bytes: u64,
    /// What the schedule has live of the same: more where it does not run in place what the paper
    /// does, less where it runs more in place.
    pub operands_bytes: u64,
    /// What is there of the input image and not counted.
    pub input_bytes: u64,
    /// What waits for a later reader.
    pub waiting_bytes: u64,
    /// Scratch.
    pub scratch_bytes: u64,
}

impl PaperStep {
    /// All that must be in the arena at this step.
    #[must_use]
    pub const fn needed_bytes(&self) -> u64 {
        self.operands_bytes + self.input_bytes + self.waiting_bytes + self.scratch_bytes
    }
}

/// Counts a graph, and a schedule of it, as the paper does.
///
/// Source: Lin et al. 2021 (MCUNetV2), section 4 and figure 1: analytic profiling.
#[must_use]
pub fn paper_report(graph: &Graph, schedule: &Schedule) -> PaperReport {
    let (layerwise_bytes, layerwise_operator) = neediest(graph, &graph.nodes);
    let layerwise_operator = layerwise_operator.unwrap_or(0);
    let stage = &schedule.steps[..schedule.stage_steps];
    let last = stage.iter().filter_map(|step| match step.action {
        Action::Compute(position) => Some(position),
        Action::Deliver(_) => None,
    });
    let last = last.max();
    let split = last.and_then(|last| graph.nodes[last].outputs.first());
    let split_bytes = split.map_or(0, |&id| graph.tensor(id).bytes as u64);
    let patched = last.map(|last| {
        let mut most = (0, last);
        for step in stage {
            let Action::Compute(position) = step.action else { continue };
            let bytes = step_bytes(graph, schedule, step, position);
            if bytes > most.0 {
                most = (bytes, position);
            }
        }
        let (tail_bytes, tail_operator) = neediest(graph, &graph.nodes[last + 1..]);
        PaperPatches {
            stage_bytes: split_bytes + most.0,
            split_bytes,
            stage_operator: number(graph.nodes[most.1].index),
            tail_bytes,
            tail_operator,
        }
    });
    let at_peak = at_peak(graph, schedule, split.map(|&id| graph.storage(id)));
    PaperReport { layerwise_bytes, layerwise_operator, patched, at_peak }
}

/// Parts what is live at the first step that needs most.
fn at_peak(graph: &Graph, schedule: &Schedule, split: Option<TensorId>) -> PaperStep {
    let needed = live_bytes(&exact_problem(schedule).buffers, schedule.steps.len());
    let fuller = |most, one| if needed[one] > needed[most] { one } else { most };
    let Some(at) = (0..needed.len()).reduce(fuller) else { return PaperStep::default() };
    let step = &schedule.steps[at];
    let is_stage = at < schedule.stage_steps;
    let is_split = |buffer: &Buffer| {
        is_stage && split == Some(buffer.tensor) && buffer.extent == Extent::Whole
    };
    let mut parts = PaperStep::default();
    for (position, buffer) in schedule.buffers.iter().enumerate() {
        if !buffer.lifespan.contains(&at) {
            continue;
        }
        let is_operand = step.inputs.iter().chain(&step.outputs).any(|id| id.index() == position);
        let is_image = graph.tensor(buffer.tensor).is_input;
        let bytes = buffer.bytes as u64;
        if buffer.role == Role::Scratch {
            parts.scratch_bytes += bytes;
        } else if is_image && (is_stage || !is_operand) {
            parts.input_bytes += bytes;
        } else if is_split(buffer) {
            // Counted as soon as it is there.
            parts.operands_bytes += bytes;
            parts.counted_bytes += bytes;
        } else if is_operand {
            parts.operands_bytes += bytes;
        } else {
            parts.waiting_bytes += bytes;
        }
    }
    if let Action::Compute(position) = step.action {
        let node = &graph.nodes[position];
        parts.operator = Some(number(node.index));
        parts.counted_bytes += if is_stage {
            step_bytes(graph, schedule, step, position)
        } else {
            node_bytes(graph, node)
        };
    }
    parts
}

/// The first operator whose inputs and output are the most, and how much they are.
fn neediest(graph: &Graph, nodes: &[Node]) -> (u64, Option<u32>) {
    let mut most = (0, None);
    for node in nodes {
        let total = node_bytes(graph, node);
        if most.1.is_none() || total > most.0 {
            most = (total, Some(number(node.index)));
        }
    }
    most
}

/// The inputs and the output of an operator.
fn node_bytes(graph: &Graph, node: &Node) -> u64 {
    let inputs = distinct(node.inputs.iter().map(|id| id.index()).collect());
    let read = inputs.iter().map(|&input| graph.tensors[input].bytes as u64).sum();
    let written = node.outputs.iter().map(|&id| graph.tensor(id).bytes as u64).sum();
    total_bytes(node, read, written)
}

/// The same of one step of a patch. What it writes into the split tensor counts with that.
fn step_bytes(graph: &Graph, schedule: &Schedule, step: &Step, position: usize) -> u64 {
    let windows = |ids: &[BufferId]| -> u64 {
        let positions = distinct(ids.iter().map(|id| id.index()).collect());
        let buffers = positions.into_iter().map(|position| &schedule.buffers[position]);
        let counted = buffers.filter(|buffer| {
            let is_image = graph.tensor(buffer.tensor).is_input;
            !is_image && matches!(buffer.extent, Extent::Window(_))
        });
        counted.map(|buffer| buffer.bytes as u64).sum()
    };
    total_bytes(&graph.nodes[position], windows(&step.inputs), windows(&step.outputs))
}

fn total_bytes(node: &Node, read: u64, written: u64) -> u64 {
    match &node.operator {
        Ok(Operator::DepthwiseConv2d(conv)) if conv.depth_multiplier == 1 => read.max(written),
        _ => read + written,
    }
}
