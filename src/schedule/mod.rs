//! Schedules: what is computed when, into which buffers.
//!
//! Layer-wise and patch-based give the same type, so planner and executor do not know which they
//! serve: a [`Step`] computes a region of an operator's output from buffers into a buffer, and
//! halos, cropped residual operands and recomputation are nothing but regions. A third kind of
//! schedule is a third function that returns [`Schedule`].
//!
//! Invariant: schedules know no kernels and no addresses.

mod choice;
mod error;
mod in_place;
mod layerwise;
mod order;
pub mod patch;
mod place;
pub mod tiny_engine;

pub use choice::{Alignment, InPlace, InputImage, PlanChoice, Planner, ScheduleChoice, ScratchOf};
pub use error::ScheduleError;
pub use in_place::Options;
pub use layerwise::{layerwise, reordered};
pub use order::{Order, least_peak_order};
pub use place::{exact_problem, part_of, problem, solve};

use crate::{
    graph::Graph,
    plan::lower_bound_bytes,
    tensor::{Region, TensorId},
};
use std::ops::Range;

/// The order of the work, and everything that lies in the arena for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    /// The choice that it answers.
    pub choice: ScheduleChoice,
    /// Which operators write over an input.
    pub in_place: InPlace,
    /// Whose scratch is planned.
    pub scratch_of: ScratchOf,
    /// The least alignment of every address, to which sizes are rounded up.
    pub alignment: Alignment,
    /// Whether no order of the operators has a lower peak, where the schedule looked for one; `None`
    /// where the order was given.
    pub is_order_proven: Option<bool>,
    /// Everything that lies in the arena at some time.
    pub buffers: Vec<Buffer>,
    /// What happens, one after the other.
    pub steps: Vec<Step>,
    /// How many of the steps, from the first, are the patch stage; 0 for layer-wise schedules.
    pub stage_steps: usize,
    /// What each patch reads of the first input, halos included; none for layer-wise schedules.
    pub patch_inputs: Vec<Region>,
    /// The buffers that hold the graph's inputs before the first step, in the graph's order;
    /// `None` for one that is delivered patch by patch.
    pub inputs: Vec<Option<BufferId>>,
    /// The buffers that hold the graph's outputs after the last step, in the graph's order.
    pub outputs: Vec<BufferId>,
}

/// A position in [`Schedule::buffers`].
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct BufferId(pub u32);

impl BufferId {
    /// The position in the list.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// How much of a tensor a buffer holds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Extent {
    /// All of it.
    Whole,
    /// Some rows and columns of its map, all channels.
    Window(Region),
}

/// What a buffer is for.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Role {
    /// A graph input, or a patch's part of one.
    Input,
    /// An operator's output.
    Activation,
    /// The split tensor: assembled whole from patches.
    Split,
    /// A graph output.
    Output,
    /// What a kernel needs beside its operands for one step.
    Scratch,
}

/// Bytes that one tensor, or a part of it, takes in the arena for a while.
#[derive(Clone, Debug, PartialEq)]
pub struct Buffer {
    /// The tensor, by its storage; of scratch, the one that is being computed.
    pub tensor: TensorId,
    /// How much of it.
    pub extent: Extent,
    /// What for.
    pub role: Role,
    /// Its size.
    pub bytes: usize,
    /// Its address is a multiple of this: 1 for int8, the element's size for wider types.
    pub alignment_bytes: usize,
    /// The steps during which it is live, half-open.
    pub lifespan: Range<usize>,
    /// The patch that it belongs to.
    pub patch: Option<u32>,
    /// The buffer over which it is written, byte by byte from the same address: it begins to live
    /// when that one has died.
    pub takes_place_of: Option<BufferId>,
}

/// What a step does.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Action {
    /// Runs the kept operator at this position of [`Graph::nodes`].
    Compute(usize),
    /// Copies the step's region of a graph input (by its position in [`Graph::inputs`]) into the
    /// output buffer, from a source outside the arena.
    Deliver(usize),
}

/// One step.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What it does.
    pub action: Action,
    /// The region of the output that it computes or delivers.
    pub region: Region,
    /// The buffers that it reads, in the order of the operator's activation inputs.
    pub inputs: Vec<BufferId>,
    /// The buffers that it writes: one, but for operators that cannot run here.
    pub outputs: Vec<BufferId>,
    /// What the kernel needs beside them.
    pub scratch: Option<BufferId>,
    /// Multiply-accumulates, predicted.
    pub macs: u64,
    /// The patch, row by row from 0.
    pub patch: Option<u32>,
}

impl Schedule {
    /// A buffer.
    #[must_use]
    pub fn buffer(&self, id: BufferId) -> &Buffer {
        &self.buffers[id.index()]
    }

    /// The greatest live set, scratch left out: that belongs to a kernel set.
    #[must_use]
    pub fn peak_bytes(&self) -> u64 {
        lower_bound_bytes(&part_of(self, |role| role != Role::Scratch).buffers)
    }

    /// The most scratch that is live at a step.
    #[must_use]
    pub fn scratch_bytes(&self) -> u64 {
        lower_bound_bytes(&part_of(self, |role| role == Role::Scratch).buffers)
    }

    /// Multiply-accumulates of all steps, predicted.
    #[must_use]
    pub fn macs(&self) -> u64 {
        self.steps.iter().map(|step| step.macs).fold(0, u64::saturating_add)
    }

    /// Bytes that are delivered into the arena while it runs.
    #[must_use]
    pub fn delivered_bytes(&self) -> u64 {
        let deliveries = self.steps.iter().filter(|s| matches!(s.action, Action::Deliver(_)));
        let windows = deliveries.flat_map(|step| &step.outputs);
        windows.map(|&id| self.buffer(id).bytes as u64).sum()
    }
}

/// Builds the schedule that a choice asks for.
///
/// # Errors
/// [`ScheduleError`] where the choice makes no sense for this graph.
pub fn build(
    graph: &Graph,
    choice: ScheduleChoice,
    options: &Options,
) -> Result<Schedule, ScheduleError> {
    match choice {
        ScheduleChoice::Layerwise => Ok(layerwise(graph, options)),
        ScheduleChoice::Reordered => Ok(reordered(graph, options)),
        ScheduleChoice::Patched { stage_end, rows, columns, input_image } => {
            let grid = patch::Grid { rows: rows as usize, columns: columns as usize };
            patch::patched(graph, stage_end as usize, grid, input_image, options)
        }
    }
}
