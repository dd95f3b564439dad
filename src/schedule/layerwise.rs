//! One operator after the other, whole maps.

use super::{
    Action, Buffer, BufferId, Extent, Options, Role, Schedule, ScheduleChoice, ScratchOf, Step,
    in_place::taken_input, order::least_peak_order, tiny_engine,
};
use crate::{
    graph::{Graph, Liveness, Node},
    operator::Operator,
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

/// The layer-wise schedule in the order of least peak: see [`least_peak_order`].
///
/// Every graph has one; where no order beats the file's, it is the file's.
#[must_use]
pub fn reordered(graph: &Graph, options: &Options) -> Schedule {
    let order = least_peak_order(graph, options.in_place);
    let (is_order_proven, order) = (Some(order.is_proven), order.positions);
    let mut layout = Layout::in_order(graph, *options, &order);
    layout.hold_tensors_from(0, 0);
    let steps = order.iter().enumerate().map(|(step, &position)| layout.step(position, step));
    let steps = steps.collect();
    Schedule { is_order_proven, ..layout.finish(ScheduleChoice::Reordered, steps, 0) }
}

/// The buffers of a schedule while it is made.
pub(super) struct Layout<'a> {
    pub(super) graph: &'a Graph,
    pub(super) options: Options,
    liveness: Liveness,
    /// The step of the layer-wise order at which each operator runs, by its position.
    order_step: Vec<usize>,
    buffers: Vec<Buffer>,
    /// The buffer that holds all of each tensor, by its storage.
    whole: Vec<Option<BufferId>>,
}

impl<'a> Layout<'a> {
    pub(super) fn new(graph: &'a Graph, options: Options) -> Self {
        Self::in_order(graph, options, &(0..graph.nodes.len()).collect::<Vec<_>>())
    }

    fn in_order(graph: &'a Graph, options: Options, order: &[usize]) -> Self {
        let whole = vec![None; graph.tensors.len()];
        let liveness = Liveness::in_order(graph, order.iter().copied());
        let mut order_step = vec![0; order.len()];
        for (step, &position) in order.iter().enumerate() {
            order_step[position] = step;
        }
        Self { graph, options, liveness, order_step, buffers: Vec::new(), whole }
    }

    /// The input whose place the output of an operator may take, by its position among the
    /// operator's activation inputs.
    pub(super) fn taken_input(&self, position: usize) -> Option<usize> {
        let at = (position, self.order_step[position]);
        taken_input(self.graph, &self.liveness, at, self.options.in_place)
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

    /// Adds the scratch that an operator in place asks of the kernel set at a step.
    pub(super) fn add_scratch(
        &mut self,
        position: usize,
        step: usize,
        region: Region,
        patch: Option<u32>,
    ) -> Option<BufferId> {
        if self.options.scratch_of != ScratchOf::Kernels {
            return None;
        }
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
        mut self,
        choice: ScheduleChoice,
        mut steps: Vec<Step>,
        stage_steps: usize,
    ) -> Schedule {
        let Options { in_place, scratch_of, alignment, .. } = self.options;
        if scratch_of == ScratchOf::TinyEngine {
            self.add_blocks_of_tiny_engine(&mut steps);
        }
        let inputs = self.graph.inputs.iter().map(|&id| self.whole(id)).collect();
        let outputs = self.graph.outputs.iter().filter_map(|&id| self.whole(id)).collect();
        let buffers = self.buffers;
        Schedule {
            choice,
            in_place,
            scratch_of,
            alignment,
            is_order_proven: None,
            buffers,
            steps,
            stage_steps,
            patch_inputs: Vec::new(),
            inputs,
            outputs,
        }
    }

    /// Adds TinyEngine's two blocks. Depthwise convolutions in place work in that of the columns.
    fn add_blocks_of_tiny_engine(&mut self, steps: &mut [Step]) {
        let graph = self.graph;
        let (mut columns, mut kernel) = (Neediest::default(), Neediest::default());
        let mut in_place_steps = Vec::new();
        for (at, step) in steps.iter().enumerate() {
            let Action::Compute(position) = step.action else { continue };
            let (Ok(operator), Some(&output)) =
                (&graph.nodes[position].operator, graph.nodes[position].outputs.first())
            else {
                continue;
            };
            let is_in_place = matches!(operator, Operator::DepthwiseConv2d(_))
                && step.outputs.iter().any(|&id| self.buffer(id).takes_place_of.is_some());
            let input = self.input_region(position, step);
            let mut bytes = tiny_engine::columns_bytes(operator, input, is_in_place);
            if is_in_place {
                bytes = bytes.max((self.options.scratch)(operator, input));
                in_place_steps.push(at);
            }
            columns.ask(bytes, output);
            kernel.ask(tiny_engine::kernel_bytes(operator), output);
        }
        let columns = self.push_block(&columns, steps.len());
        for step in in_place_steps {
            steps[step].scratch = columns;
        }
        self.push_block(&kernel, steps.len());
    }

    /// The region of its first input that a step has at hand, under the operator's own shape.
    fn input_region(&self, position: usize, step: &Step) -> Region {
        let (Some(&id), Some(&tensor)) =
            (step.inputs.first(), self.graph.nodes[position].inputs.first())
        else {
            return Region::default();
        };
        match self.buffer(id).extent {
            Extent::Window(region) => region,
            Extent::Whole => self.graph.tensor(tensor).shape.map().region(),
        }
    }

    /// Adds a block of scratch that lives during all steps.
    fn push_block(&mut self, neediest: &Neediest, steps: usize) -> Option<BufferId> {
        let tensor = neediest.tensor?;
        Some(self.push(Buffer {
            tensor,
            extent: Extent::Whole,
            role: Role::Scratch,
            bytes: neediest.bytes,
            alignment_bytes: 1,
            lifespan: 0..steps,
            patch: None,
            takes_place_of: None,
        }))
    }
}

/// The most bytes that an operator asks for, and the output of the first that does.
#[derive(Default)]
struct Neediest {
    bytes: usize,
    tensor: Option<TensorId>,
}

impl Neediest {
    fn ask(&mut self, bytes: usize, output: TensorId) {
        if bytes > self.bytes {
            *self = Self { bytes, tensor: Some(output) };
        }
    }
}

/// All of an operator's output, as a region of its map.
fn whole_region(graph: &Graph, node: &Node) -> Region {
    let output = node.outputs.first();
    output.map(|&id| graph.tensor(id).shape.map().region()).unwrap_or_default()
}
