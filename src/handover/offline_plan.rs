//! A plan for TensorFlow Lite Micro's own memory planner, inside the `.tflite` file.
//!
//! The metadata entry `OfflineMemoryAllocation` names a buffer of 32-bit integers: version 1,
//! subgraph 0, the number of tensors, and for each tensor its offset in the arena, or -1 where none
//! is given. The interpreter places what has an offset there and plans the rest (scratch of its
//! kernels) around it.
//!
//! The interpreter runs the file's own graph, one operator after the other, and knows no overlap:
//! only a plan of just that can be handed over. The output of a RESHAPE gets its source's offset;
//! its kernel sees that both are one and copies nothing.
//!
//! Source: "Memory Management in TensorFlow Lite Micro", section "Offline planned tensor
//! allocations".

use super::{HandOverError, Source};
use crate::{
    graph::Graph,
    model::{self, Model},
    plan::{self, Solution, Violation},
    schedule::{self, Action, Alignment, Buffer, Extent, Role, Schedule},
    tensor::TensorId,
};

/// The name of the metadata entry.
pub const OFFLINE_METADATA: &str = "OfflineMemoryAllocation";

/// What TensorFlow Lite Micro aligns every buffer in its arena to.
pub const TFLM_ALIGNMENT_BYTES: u64 = 16;

const VERSION: i32 = 1;
const SUBGRAPH: i32 = 0;
/// Of a tensor that the interpreter does not place, or places itself.
const NOT_PLANNED: i32 = -1;

/// The offset of every tensor.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OfflinePlan {
    /// By the tensor's index in the file; -1 for constants and what no operator touches.
    pub offsets: Vec<i32>,
    /// The least `head` of the interpreter: the greatest end of a tensor, rounded up to 16 bytes.
    /// Scratch of its kernels comes on top where no gap holds it.
    pub arena_bytes: u64,
}

/// Why TensorFlow Lite Micro cannot follow a plan.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum OfflineRefusal {
    /// Passes took operators out that the interpreter will run.
    #[error("passes took {count} of the file's operators out (the first is #{first})")]
    Passes {
        /// The first of them.
        first: usize,
        /// How many.
        count: usize,
    },
    /// The schedule computes parts of maps.
    #[error("it runs operators in patches")]
    Patches,
    /// The schedule runs the operators in another order than the file's.
    #[error("it runs the operators in another order than the file's")]
    Order,
    /// An output lies over an input.
    #[error("tensor {tensor} is written over an input")]
    InPlace {
        /// The output.
        tensor: u32,
    },
    /// Two tensors that live at the same time share bytes.
    #[error("tensors share bytes while both live ({0})")]
    Overlap(Violation),
    /// The interpreter keeps variables outside the planned part.
    #[error("tensor {tensor} is a variable")]
    Variable {
        /// Which.
        tensor: u32,
    },
    /// A tensor's elements have no fixed size, or less than a byte, which the interpreter counts
    /// in a way of its own.
    #[error("the elements of tensor {tensor} are no whole bytes")]
    Elements {
        /// Which.
        tensor: u32,
    },
    /// An offset does not fit the format.
    #[error("the arena has more than 2 GiB")]
    TooLarge,
}

impl OfflineRefusal {
    /// What to do about it.
    #[must_use]
    pub const fn advice(&self) -> &'static str {
        match self {
            Self::Passes { .. } => {
                "Switch the passes off: TensorFlow Lite Micro runs the file as stored."
            }
            Self::Patches | Self::Order => "Choose the layer-wise schedule.",
            Self::InPlace { .. } | Self::Overlap(_) => {
                "Choose a plan in which nothing overlaps: TensorFlow Lite Micro's kernels need it."
            }
            Self::Variable { .. } | Self::Elements { .. } | Self::TooLarge => {
                "Let TensorFlow Lite Micro plan this model itself."
            }
        }
    }
}

/// The buffers that hold tensors, with their position: scratch is the interpreter's own business.
fn tensors(schedule: &Schedule) -> impl Iterator<Item = (usize, &Buffer)> {
    let buffers = schedule.buffers.iter().enumerate();
    buffers.filter(|(_, buffer)| buffer.role != Role::Scratch)
}

/// Why TensorFlow Lite Micro could not follow a schedule, whatever its addresses; `None` where it
/// can.
#[must_use]
pub fn offline_refusal(graph: &Graph, schedule: &Schedule) -> Option<OfflineRefusal> {
    if let Some(&(first, _)) = graph.removed.first() {
        return Some(OfflineRefusal::Passes { first, count: graph.removed.len() });
    }
    let is_part = |buffer: &&Buffer| buffer.extent != Extent::Whole;
    if schedule.stage_steps > 0 || tensors(schedule).any(|(_, buffer)| is_part(&buffer)) {
        return Some(OfflineRefusal::Patches);
    }
    let in_order = schedule.steps.iter().map(|step| step.action);
    if !in_order.eq((0..graph.nodes.len()).map(Action::Compute)) {
        return Some(OfflineRefusal::Order);
    }
    if let Some(buffer) = schedule.buffers.iter().find(|buffer| buffer.takes_place_of.is_some()) {
        return Some(OfflineRefusal::InPlace { tensor: buffer.tensor.0 });
    }
    (0u32..).zip(&graph.tensors).find_map(|(tensor, found)| {
        if found.is_variable {
            return Some(OfflineRefusal::Variable { tensor });
        }
        let whole_bytes = found.data_type.bits().is_some_and(|bits| bits >= 8);
        (!whole_bytes && !found.is_constant).then_some(OfflineRefusal::Elements { tensor })
    })
}

/// The offsets of a plan for TensorFlow Lite Micro.
///
/// They are the plan's own where all of them are multiples of 16; else the same schedule is planned
/// anew, by the same planner, with that alignment.
///
/// # Errors
/// [`OfflineRefusal`] where it could not follow the plan.
pub fn offline_plan(source: &Source<'_>) -> Result<OfflinePlan, OfflineRefusal> {
    let Source { model, graph, schedule, .. } = *source;
    if let Some(refusal) = offline_refusal(graph, schedule) {
        return Err(refusal);
    }
    let solution = aligned_solution(source)?;
    let mut placed: Vec<Option<u64>> = vec![None; graph.tensors.len()];
    for (position, buffer) in tensors(schedule) {
        placed[buffer.tensor.index()] = solution.offsets.get(position).copied();
    }
    let offset = |id: TensorId| {
        let tensor = graph.tensor(id);
        let planned = placed[tensor.storage.index()].filter(|_| !tensor.is_constant);
        planned.map_or(Ok(NOT_PLANNED), |offset| {
            i32::try_from(offset).map_err(|_range| OfflineRefusal::TooLarge)
        })
    };
    let ids = (0u32..).map(TensorId).take(graph.tensors.len());
    let offsets = ids.map(offset).collect::<Result<Vec<i32>, _>>()?;
    Ok(OfflinePlan { arena_bytes: arena_bytes(model, &offsets), offsets })
}

/// The plan's own solution where it is aligned, else another of the same schedule; checked.
fn aligned_solution(source: &Source<'_>) -> Result<Solution, OfflineRefusal> {
    let offsets = &source.solution.offsets;
    let is_aligned = offsets.iter().all(|offset| offset.is_multiple_of(TFLM_ALIGNMENT_BYTES));
    let schedule = Schedule { alignment: Alignment::Sixteen, ..source.schedule.clone() };
    let mut solution = if is_aligned {
        source.solution.clone()
    } else {
        schedule::solve(&schedule, source.planner).map_err(|_sizes| OfflineRefusal::TooLarge)?
    };
    // Between multiples of 16 what does not overlap does not either when it is rounded up.
    let problem = schedule::problem(&schedule);
    let ends = problem.buffers.iter().zip(&solution.offsets);
    let ends = ends.filter(|(buffer, _)| buffer.size_bytes > 0);
    let ends = ends.map(|(buffer, offset)| offset.saturating_add(buffer.size_bytes));
    solution.height_bytes = ends.max().unwrap_or(0);
    plan::validate(&problem, &solution).map_err(OfflineRefusal::Overlap)?;
    Ok(solution)
}

/// The greatest end of a tensor. The interpreter also places activations that no operator touches,
/// each at the arena's start.
fn arena_bytes(model: &Model, offsets: &[i32]) -> u64 {
    let activations = model.tensors.iter().zip(offsets);
    let activations = activations.filter(|(tensor, _)| tensor.constant.is_none());
    // What is not planned is at -1.
    let start = |offset: i32| u64::try_from(offset).unwrap_or(0);
    let ends = activations.map(|(tensor, &offset)| start(offset) + tensor.bytes as u64);
    ends.max().unwrap_or(0).next_multiple_of(TFLM_ALIGNMENT_BYTES)
}

/// The model's file with the plan as metadata.
pub(super) fn write(model: &Model, plan: &OfflinePlan) -> Result<Vec<u8>, HandOverError> {
    let count = i32::try_from(plan.offsets.len()).map_err(|_range| OfflineRefusal::TooLarge)?;
    let words = [VERSION, SUBGRAPH, count].into_iter().chain(plan.offsets.iter().copied());
    let data: Vec<u8> = words.flat_map(i32::to_le_bytes).collect();
    Ok(model::with_metadata(model, OFFLINE_METADATA, &data)?)
}
