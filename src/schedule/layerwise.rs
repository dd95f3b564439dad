//! One operator after the other, whole maps.

use super::{Action, Buffer, BufferId, Extent, Role, Schedule, ScheduleChoice, Step};
use crate::{
    graph::{Graph, Liveness, Node},
    tensor::{Region, TensorId},
};
use std::ops::Range;

/// The layer-wise schedule: one step for each kept operator, one buffer for each live tensor.
///
/// Every graph has one, also where operators cannot run.
#[must_use]
pub fn layerwise(graph: &Graph) -> Schedule {
    let mut layout = Layout::new(graph);
    layout.hold_tensors_from(0, 0);
    let steps = (0..graph.nodes.len()).map(|position| layout.step(position)).collect();
    layout.finish(ScheduleChoice::Layerwise, steps, 0)
}

/// The buffers of a schedule while it is made.
pub(super) struct Layout<'a> {
    pub(super) graph: &'a Graph,
    liveness: Liveness,
    buffers: Vec<Buffer>,
    /// The buffer that holds all of each tensor, by its storage.
    whole: Vec<Option<BufferId>>,
}

impl<'a> Layout<'a> {
    pub(super) fn new(graph: &'a Graph) -> Self {
        let whole = vec![None; graph.tensors.len()];
        Self { graph, liveness: Liveness::of(graph), buffers: Vec::new(), whole }
    }

    /// Adds a buffer for each whole tensor that comes to life at or after position `from`; the
    /// operator at `from` runs at step `ahead`.
    pub(super) fn hold_tensors_from(&mut self, from: usize, ahead: usize) {
        for tensor in 0..self.graph.tensors.len() {
            let Some(span) = self.liveness.0[tensor].clone() else { continue };
            if span.start >= from {
                #[expect(clippy::cast_possible_truncation, reason = "tensors are counted in u32")]
                let id = TensorId(tensor as u32);
                self.hold(id, span.start - from + ahead..span.end - from + ahead);
            }
        }
    }

    /// Adds the buffer that holds all of a tensor.
    pub(super) fn hold(&mut self, id: TensorId, lifespan: Range<usize>) -> BufferId {
        let storage = self.graph.storage(id);
        let tensor = self.graph.tensor(storage);
        let role = match (tensor.is_output, tensor.is_input) {
            (true, _) => Role::Output,
            (_, true) => Role::Input,
            _ => Role::Activation,
        };
        let buffer = self.push(Buffer {
            tensor: storage,
            extent: Extent::Whole,
            role,
            bytes: tensor.bytes,
            alignment_bytes: tensor.data_type.alignment_bytes(),
            lifespan,
            patch: None,
        });
        self.whole[storage.index()] = Some(buffer);
        buffer
    }

    /// Adds a buffer that holds a part of a tensor.
    pub(super) fn push(&mut self, buffer: Buffer) -> BufferId {
        #[expect(clippy::cast_possible_truncation, reason = "a schedule has far fewer buffers")]
        let id = BufferId(self.buffers.len() as u32);
        self.buffers.push(buffer);
        id
    }

    /// A buffer that was added.
    pub(super) fn buffer(&self, id: BufferId) -> &Buffer {
        &self.buffers[id.index()]
    }

    /// A buffer that was added, to be changed.
    pub(super) fn buffer_mut(&mut self, id: BufferId) -> &mut Buffer {
        &mut self.buffers[id.index()]
    }

    /// How long a tensor is live, layer by layer.
    pub(super) fn layerwise_span(&self, id: TensorId) -> Range<usize> {
        self.liveness.span(self.graph, id).unwrap_or_default()
    }

    /// The buffer that holds all of a tensor.
    pub(super) fn whole(&self, id: TensorId) -> Option<BufferId> {
        self.whole[self.graph.storage(id).index()]
    }

    /// The step that runs one operator on whole maps.
    pub(super) fn step(&self, position: usize) -> Step {
        let node = &self.graph.nodes[position];
        let buffers = |ids: &[TensorId]| ids.iter().filter_map(|&id| self.whole(id)).collect();
        Step {
            action: Action::Compute(position),
            region: whole_region(self.graph, node),
            inputs: buffers(&node.inputs),
            outputs: buffers(&node.outputs),
            macs: node.macs,
            patch: None,
        }
    }

    /// The schedule made of these buffers.
    pub(super) fn finish(
        self,
        choice: ScheduleChoice,
        steps: Vec<Step>,
        stage_steps: usize,
    ) -> Schedule {
        let inputs = self.graph.inputs.iter().map(|&id| self.whole(id)).collect();
        let outputs = self.graph.outputs.iter().filter_map(|&id| self.whole(id)).collect();
        Schedule { choice, buffers: self.buffers, steps, stage_steps, inputs, outputs }
    }
}

/// All of an operator's output, as a region of its map.
fn whole_region(graph: &Graph, node: &Node) -> Region {
    let output = node.outputs.first();
    output.map(|&id| graph.tensor(id).shape.map().region()).unwrap_or_default()
}
