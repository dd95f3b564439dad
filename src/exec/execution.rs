//! One inference, step by step.

use super::{ExecError, Observer, Program, StepOutput, Trace, copy_rows, program::check_work};
use crate::{
    graph::Graph,
    kernels::{Call, Kernels, View},
    plan::{self, Solution},
    schedule::{Action, BufferId, Extent, Schedule, Step, problem},
    tensor::{Region, TensorId},
};
use std::ops::Range;

/// An inference in an arena of exactly the planned size.
///
/// `A` is where the arena is kept: a `Vec<u8>`, or a slice of something larger, as the tests have
/// it with guard bytes around.
pub struct Execution<'a, K: Kernels, A> {
    program: &'a Program<K>,
    schedule: &'a Schedule,
    /// The address of each buffer.
    offsets: Vec<usize>,
    inputs: &'a [&'a [u8]],
    arena: A,
    next: usize,
    macs: u64,
    poison: Option<u8>,
}

impl<'a, K: Kernels, A: AsRef<[u8]> + AsMut<[u8]>> Execution<'a, K, A> {
    /// Checks that everything belongs together and puts resident inputs into the arena.
    ///
    /// # Errors
    /// [`ExecError`] where the arena's length is not the plan's height, the plan is not one for
    /// this schedule, the schedule takes more work than is allowed, or the inputs are not the
    /// graph's.
    pub fn start(
        program: &'a Program<K>,
        schedule: &'a Schedule,
        plan: &'a Solution,
        inputs: &'a [&'a [u8]],
        arena: A,
    ) -> Result<Self, ExecError> {
        let found = arena.as_ref().len();
        if found as u64 != plan.height_bytes {
            return Err(ExecError::ArenaSize { found, planned: plan.height_bytes });
        }
        plan::validate(&problem(schedule), plan).map_err(ExecError::Plan)?;
        check_work(program.graph(), schedule, program.work_limit)?;
        check_inputs(program.graph(), inputs)?;
        // Offsets are at most the height, which is the length of a slice.
        let offsets = plan.offsets.iter().map(|&offset| usize::try_from(offset).unwrap_or(0));
        let offsets = offsets.collect();
        let poison = None;
        let mut execution =
            Self { program, schedule, offsets, inputs, arena, next: 0, macs: 0, poison };
        execution.place_inputs();
        Ok(execution)
    }

    /// Fills everything that is not live with `byte`, now and after each step: reading what has
    /// died, or was never written, then shows.
    #[must_use]
    pub fn with_poison(mut self, byte: u8) -> Self {
        self.poison = Some(byte);
        self.arena.as_mut().fill(byte);
        self.place_inputs();
        self
    }

    /// How many steps have run.
    #[must_use]
    pub const fn steps_done(&self) -> usize {
        self.next
    }

    /// Runs the next step; `false` when none is left.
    ///
    /// # Errors
    /// None but for a program whose graph is not the schedule's.
    pub fn step(&mut self, observer: &mut dyn Observer) -> Result<bool, ExecError> {
        let Some(step) = self.schedule.steps.get(self.next) else { return Ok(false) };
        observer.begin(self.next);
        let view = self.view_of(step.outputs.first(), self.written_tensor(step));
        let macs = match step.action {
            Action::Deliver(input) => self.deliver(input, step.region, &view),
            Action::Compute(position) => self.compute(position, step, view),
        };
        self.macs += macs;
        let arena = self.arena.as_ref();
        observer.end(self.next, &StepOutput { step, view, arena, macs });
        self.next += 1;
        self.bury_dead();
        Ok(self.next < self.schedule.steps.len())
    }

    /// What it did so far, with the outputs read from the arena.
    #[must_use]
    pub fn finish(self) -> Trace {
        let arena = self.arena.as_ref();
        let bytes = |id: &BufferId| {
            let offset = self.offsets[id.index()];
            arena[offset..offset + self.schedule.buffer(*id).bytes].to_vec()
        };
        let outputs = self.schedule.outputs.iter().map(bytes).collect();
        Trace { arena_bytes: arena.len(), macs: self.macs, outputs }
    }

    fn compute(&mut self, position: usize, step: &Step, output: View) -> u64 {
        let Some((operator, prepared)) = self.program.operator(position) else { return 0 };
        let tensors = &self.program.graph().nodes[position].inputs;
        // No kind that can run has more than two activation inputs: `graph::resolve` sees to it.
        let inputs: [View; 2] = std::array::from_fn(|input| {
            self.view_of(step.inputs.get(input), tensors.get(input).copied())
        });
        let inputs = &inputs[..step.inputs.len().min(2)];
        let scratch = self.addresses(step.scratch);
        let call = Call { inputs, output, region: step.region, scratch };
        K::run(operator, prepared, &mut self.program.workspace(), self.arena.as_mut(), &call)
    }

    fn deliver(&mut self, input: usize, region: Region, target: &View) -> u64 {
        let source = View { offset: 0, region: target.map.region(), ..*target };
        copy_rows(self.inputs[input], &source, self.arena.as_mut(), target, region);
        0
    }

    /// Puts the inputs that are held whole to their place.
    fn place_inputs(&mut self) {
        for (input, buffer) in self.schedule.inputs.iter().enumerate() {
            if let Some(buffer) = buffer {
                let offset = self.offsets[buffer.index()];
                let bytes = self.inputs[input];
                self.arena.as_mut()[offset..offset + bytes.len()].copy_from_slice(bytes);
            }
        }
    }

    /// Poisons the buffers whose life ended with the step before `next`; what is live at the end
    /// stays.
    fn bury_dead(&mut self) {
        let Some(byte) = self.poison else { return };
        if self.next == self.schedule.steps.len() {
            return;
        }
        // Where another buffer has taken the place, only what lies behind it is dead.
        let mut kept_bytes = vec![0; self.schedule.buffers.len()];
        for buffer in &self.schedule.buffers {
            if let Some(taken) = buffer.takes_place_of {
                kept_bytes[taken.index()] = buffer.bytes;
            }
        }
        for (position, buffer) in self.schedule.buffers.iter().enumerate() {
            if buffer.lifespan.end == self.next {
                let offset = self.offsets[position];
                let dead = offset + kept_bytes[position]..offset + buffer.bytes;
                self.arena.as_mut()[dead].fill(byte);
            }
        }
    }

    /// The arena addresses of a buffer; none for none.
    fn addresses(&self, buffer: Option<BufferId>) -> Range<usize> {
        buffer.map_or(0..0, |id| {
            let offset = self.offsets[id.index()];
            offset..offset + self.schedule.buffer(id).bytes
        })
    }

    /// The tensor that a step writes, under the shape that the operator knows.
    fn written_tensor(&self, step: &Step) -> Option<TensorId> {
        let graph = self.program.graph();
        match step.action {
            Action::Compute(position) => graph.nodes[position].outputs.first().copied(),
            Action::Deliver(input) => graph.inputs.get(input).copied(),
        }
    }

    /// How a kernel sees a buffer that holds (a part of) a tensor; an empty view for none.
    ///
    /// The map is the tensor's own: behind a RESHAPE the buffer holds the same bytes under another
    /// shape.
    fn view_of(&self, buffer: Option<&BufferId>, tensor: Option<TensorId>) -> View {
        let (Some(&id), Some(tensor)) = (buffer, tensor) else { return View::default() };
        let tensor = self.program.graph().tensor(tensor);
        let map = tensor.shape.map();
        let region = match self.schedule.buffer(id).extent {
            Extent::Whole => map.region(),
            Extent::Window(region) => region,
        };
        let element_bytes = tensor.data_type.bits().map_or(1, |bits| bits.div_ceil(8));
        View { offset: self.offsets[id.index()], map, region, element_bytes }
    }
}

fn check_inputs(graph: &Graph, inputs: &[&[u8]]) -> Result<(), ExecError> {
    if inputs.len() != graph.inputs.len() {
        return Err(ExecError::InputCount { found: inputs.len(), expected: graph.inputs.len() });
    }
    for (input, (bytes, &id)) in inputs.iter().zip(&graph.inputs).enumerate() {
        let expected = graph.tensor(id).bytes;
        if bytes.len() != expected {
            return Err(ExecError::InputSize { input, found: bytes.len(), expected });
        }
    }
    Ok(())
}
