//! One inference, step by step.

use super::{Checked, ExecError, Observer, Program, StepOutput, Trace, copy_rows};
use crate::{
    graph::Graph,
    kernels::{Call, Kernels, View},
    schedule::{Action, BufferId},
};
use std::sync::Arc;

/// An inference in an arena of exactly the planned size.
///
/// `A` is where the arena is kept: a `Vec<u8>`, or a slice of something larger, as the tests have
/// it with guard bytes around.
pub struct Execution<'a, K: Kernels, A> {
    program: &'a Program<K>,
    checked: Arc<Checked>,
    inputs: &'a [&'a [u8]],
    arena: A,
    next: usize,
    macs: u64,
    poison: Option<u8>,
}

impl<'a, K: Kernels, A: AsRef<[u8]> + AsMut<[u8]>> Execution<'a, K, A> {
    /// Checks that arena and inputs are those of the plan and puts resident inputs into the arena.
    ///
    /// # Errors
    /// [`ExecError`] where the plan was checked for another program, the arena's length is not the
    /// plan's height, or the inputs are not the graph's.
    pub fn start(
        program: &'a Program<K>,
        checked: Arc<Checked>,
        inputs: &'a [&'a [u8]],
        arena: A,
    ) -> Result<Self, ExecError> {
        if !checked.is_for(program) {
            return Err(ExecError::OtherProgram);
        }
        let found = arena.as_ref().len();
        if found != checked.height_bytes {
            return Err(ExecError::ArenaSize { found, planned: checked.height_bytes as u64 });
        }
        check_inputs(program.graph(), inputs)?;
        let poison = None;
        let mut execution = Self { program, checked, inputs, arena, next: 0, macs: 0, poison };
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
    /// None so far.
    pub fn step(&mut self, observer: &mut dyn Observer) -> Result<bool, ExecError> {
        let steps = &self.checked.schedule.steps;
        let (Some(step), Some(views)) = (steps.get(self.next), self.checked.views.get(self.next))
        else {
            return Ok(false);
        };
        observer.begin(self.next);
        let view = views.output;
        let macs = match step.action {
            Action::Deliver(input) => {
                let source = View { offset: 0, region: view.map.region(), ..view };
                let arena = self.arena.as_mut();
                copy_rows(self.inputs[input], &source, arena, &view, step.region);
                0
            }
            Action::Compute(position) => {
                let Some((operator, prepared)) = self.program.operator(position) else {
                    return Ok(false);
                };
                let inputs = &views.inputs[..views.input_count];
                let (region, scratch) = (step.region, views.scratch.clone());
                let call = Call { inputs, output: view, region, scratch };
                let workspace = &mut self.program.workspace();
                K::run(operator, prepared, workspace, self.arena.as_mut(), &call)
            }
        };
        self.macs += macs;
        let arena = self.arena.as_ref();
        observer.end(self.next, &StepOutput { step, view, arena, macs });
        self.next += 1;
        let goes_on = self.next < steps.len();
        self.bury_dead();
        Ok(goes_on)
    }

    /// What it did so far, with the outputs read from the arena.
    #[must_use]
    pub fn finish(self) -> Trace {
        let arena = self.arena.as_ref();
        let bytes = |id: &BufferId| {
            let offset = self.checked.offsets[id.index()];
            arena[offset..offset + self.checked.schedule.buffer(*id).bytes].to_vec()
        };
        let outputs = self.checked.schedule.outputs.iter().map(bytes).collect();
        Trace { arena_bytes: arena.len(), macs: self.macs, outputs }
    }

    /// Puts the inputs that are held whole to their place.
    fn place_inputs(&mut self) {
        for (input, buffer) in self.checked.schedule.inputs.iter().enumerate() {
            if let Some(buffer) = buffer {
                let offset = self.checked.offsets[buffer.index()];
                let bytes = self.inputs[input];
                self.arena.as_mut()[offset..offset + bytes.len()].copy_from_slice(bytes);
            }
        }
    }

    /// Poisons the buffers whose life ended with the step before `next`; what is live at the end
    /// stays.
    fn bury_dead(&mut self) {
        let Some(byte) = self.poison else { return };
        let (schedule, offsets) = (&self.checked.schedule, &self.checked.offsets);
        if self.next == schedule.steps.len() {
            return;
        }
        // Where another buffer has taken the place, only what lies behind it is dead.
        let mut kept_bytes = vec![0; schedule.buffers.len()];
        for buffer in &schedule.buffers {
            if let Some(taken) = buffer.takes_place_of {
                kept_bytes[taken.index()] = buffer.bytes;
            }
        }
        for (position, buffer) in schedule.buffers.iter().enumerate() {
            if buffer.lifespan.end == self.next {
                let offset = offsets[position];
                let dead = offset + kept_bytes[position]..offset + buffer.bytes;
                self.arena.as_mut()[dead].fill(byte);
            }
        }
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
