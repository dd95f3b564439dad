//! One operator after the other, whole maps.

use super::{
    Action, Buffer, BufferId, Extent, Options, Role, Schedule, ScheduleChoice, Step,
    in_place::taken_input,
};
use crate::{
    graph::{Graph, Liveness, Node},
    order::sorted_positions,
    tensor::{Region, TensorId},
};
use std::ops::Range;

/// The layer-wise schedule: one step for each kept operator, one buffer for each live tensor.
///
/// Every graph has one, also where operators cannot run.
#[must_use]
pub fn layerwise(graph: &Graph, options: &Options) -> Schedule {
    let mut layout = Layout::new(graph, *options);
    layout.hold_tensors_from(0, 0);
    let steps = (0..graph.nodes.len()).map(|position| layout.step(position, position)).collect();
    layout.finish(ScheduleChoice::Layerwise, steps, 0)
}

/// The buffers of a schedule while it is made.
pub(super) struct Layout<'a> {
    pub(super) graph: &'a Graph,
    pub(super) options: Options,
    liveness: Liveness,
    buffers: Vec<Buffer>,
    /// The buffer that holds all of each tensor, by its storage.
    whole: Vec<Option<BufferId>>,
}

impl<'a> Layout<'a> {
    pub(super) fn new(graph: &'a Graph, options: Options) -> Self {
        let whole = vec![None; graph.tensors.len()];
        Self { graph, options, liveness: Liveness::of(graph), buffers: Vec::new(), whole }
    }

    /// The input whose place the output of an operator may take, by its position among the
    /// operator's activation inputs.
    pub(super) fn taken_input(&self, position: usize) -> Option<usize> {
        taken_input(self.graph, &self.liveness, position, self.options.in_place)
    }

    /// Adds a buffer for each whole tensor that comes to life at or after position `from`, in order
    /// of life; the operator at `from` runs at step `ahead`.
    pub(super) fn hold_tensors_from(&mut self, from: usize, ahead: usize) {
        let spans = (0u32..).map(TensorId).zip(&self.liveness.0);
        let spans = spans.filter_map(|(id, span)| Some((span.clone()?, id)));
        let spans: Vec<_> = spans.filter(|(span, _)| span.start >= from).collect();
        // They are in order of their tensors, which a stable sort keeps.
        let start = |at: usize| spans[at].0.start;
        for at in sorted_positions(spans.len(), &|one, other| start(one).cmp(&start(other))) {
            let (span, id) = (spans[at].0.clone(), spans[at].1);
            self.hold(id, span.start - from + ahead..span.end - from + ahead);
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
            takes_place_of: None,
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

    /// Lets a buffer that step `step` writes take the place of one that dies with that step. Does
    /// nothing where the other lives on or is smaller.
    pub(super) fn take_place(&mut self, output: BufferId, input: BufferId, step: usize) -> bool {
        let (new, old) = (self.buffer(output), self.buffer(input));
        let may = old.lifespan.end == step + 1 && new.bytes <= old.bytes && output != input;
        if may {
            let new = self.buffer_mut(output);
            new.takes_place_of = Some(input);
            new.lifespan = step + 1..new.lifespan.end.max(step + 1);
        }
        may
    }

    /// Adds the scratch that an operator in place asks for at a step.
    pub(super) fn add_scratch(
        &mut self,
        position: usize,
        step: usize,
        region: Region,
        patch: Option<u32>,
    ) -> Option<BufferId> {
        let node = &self.graph.nodes[position];
        let (operator, &tensor) = (node.operator.as_ref().ok()?, node.outputs.first()?);
        let bytes = (self.options.scratch)(operator, region);
        (bytes > 0).then(|| {
            self.push(Buffer {
                tensor,
                extent: Extent::Window(region),
                role: Role::Scratch,
                bytes,
                alignment_bytes: 1,
                lifespan: step..step + 1,
                patch,
                takes_place_of: None,
            })
        })
    }

    /// The step that runs one operator on whole maps, where that may be in place.
    pub(super) fn step(&mut self, position: usize, step: usize) -> Step {
        let scratch = self.taken_input(position).and_then(|input| {
            let node = &self.graph.nodes[position];
            let input = node.inputs[input];
            let (taken, output) = (self.whole(input)?, self.whole(*node.outputs.first()?)?);
            let region = self.graph.tensor(input).shape.map().region();
            let in_place = self.take_place(output, taken, step);
            in_place.then(|| self.add_scratch(position, step, region, None)).flatten()
        });
        let node = &self.graph.nodes[position];
        let buffers = |ids: &[TensorId]| ids.iter().filter_map(|&id| self.whole(id)).collect();
        Step {
            action: Action::Compute(position),
            region: whole_region(self.graph, node),
            inputs: buffers(&node.inputs),
            outputs: buffers(&node.outputs),
            scratch,
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
        let in_place = self.options.in_place;
        Schedule { choice, in_place, buffers: self.buffers, steps, stage_steps, inputs, outputs }
    }
}

/// All of an operator's output, as a region of its map.
fn whole_region(graph: &Graph, node: &Node) -> Region {
    let output = node.outputs.first();
    output.map(|&id| graph.tensor(id).shape.map().region()).unwrap_or_default()
}
