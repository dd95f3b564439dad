//! Peaks as the `MCUNetV2` paper counts them, to redraw its figures.
//!
//! The count leaves out what a real run cannot: it is shown, labelled, and never run.

use super::build::number;
use crate::{
    graph::{Graph, Node},
    operator::Operator,
    order::distinct,
    schedule::{Action, BufferId, Extent, Role, Schedule},
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
}

impl PaperReport {
    /// The peak of the schedule that was counted: of its patches where it has them.
    #[must_use]
    pub fn peak_bytes(&self) -> u64 {
        self.patched.map_or(self.layerwise_bytes, |patched| patched.peak_bytes())
    }

    /// The same with the input image counted wherever it lies in the arena.
    #[must_use]
    pub fn peak_with_input_bytes(&self) -> u64 {
        self.patched.map_or(self.layerwise_bytes, |patched| {
            patched.stage_with_input_bytes.max(patched.tail_bytes)
        })
    }
}

/// A patch-based schedule as the paper counts.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct PaperPatches {
    /// The split tensor and the neediest step of a patch.
    pub stage_bytes: u64,
    /// The same with what is there of the input image, which the paper does not count.
    #[serde(default)]
    pub stage_with_input_bytes: u64,
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
    let patched = last.max().map(|last| {
        let split = graph.nodes[last].outputs.first();
        let split_bytes = split.map_or(0, |&id| graph.tensor(id).bytes as u64);
        let steps = stage.iter().enumerate().filter_map(|(number, step)| match step.action {
            Action::Compute(position) => {
                Some((number, step_bytes(graph, schedule, step, position)))
            }
            Action::Deliver(_) => None,
        });
        let images = image_bytes(graph, schedule);
        let (mut most, mut most_with_input) = (0, 0);
        for (number, bytes) in steps {
            most = most.max(bytes);
            most_with_input = most_with_input.max(bytes + images[number]);
        }
        let (tail_bytes, tail_operator) = neediest(graph, &graph.nodes[last + 1..]);
        PaperPatches {
            stage_bytes: split_bytes + most,
            stage_with_input_bytes: split_bytes + most_with_input,
            tail_bytes,
            tail_operator,
        }
    });
    PaperReport { layerwise_bytes, layerwise_operator, patched }
}

/// The first operator whose inputs and output are the most, and how much they are.
fn neediest(graph: &Graph, nodes: &[Node]) -> (u64, Option<u32>) {
    let mut most = (0, None);
    for node in nodes {
        let bytes = |id: &TensorId| graph.tensor(*id).bytes as u64;
        let inputs = distinct(node.inputs.iter().map(|id| id.index()).collect());
        let read: u64 = inputs.iter().map(|&input| graph.tensors[input].bytes as u64).sum();
        let written: u64 = node.outputs.iter().map(bytes).sum();
        let total = total_bytes(node, read, written);
        if most.1.is_none() || total > most.0 {
            most = (total, Some(number(node.index)));
        }
    }
    most
}

/// The same of one step of a patch. What it writes into the split tensor counts with that.
fn step_bytes(
    graph: &Graph,
    schedule: &Schedule,
    step: &crate::schedule::Step,
    position: usize,
) -> u64 {
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

/// What lies of the input image in the arena, step by step.
fn image_bytes(graph: &Graph, schedule: &Schedule) -> Vec<u64> {
    let mut bytes = vec![0; schedule.steps.len()];
    for buffer in &schedule.buffers {
        if buffer.role != Role::Scratch && graph.tensor(buffer.tensor).is_input {
            let steps = bytes.get_mut(buffer.lifespan.clone()).unwrap_or_default();
            steps.iter_mut().for_each(|there| *there += buffer.bytes as u64);
        }
    }
    bytes
}

fn total_bytes(node: &Node, read: u64, written: u64) -> u64 {
    match &node.operator {
        Ok(Operator::DepthwiseConv2d(conv)) if conv.depth_multiplier == 1 => read.max(written),
        _ => read + written,
    }
}
