//! A schedule with its plan, checked: what is the same for every inference.

use super::{ExecError, Program, program::check_work};
use crate::{
    graph::Graph,
    kernels::{Kernels, View},
    plan::{self, Solution},
    schedule::{Action, BufferId, Extent, Schedule, Step, problem},
    tensor::TensorId,
};
use std::{ops::Range, sync::Arc};

/// A schedule and a plan that were found to belong to each other and to a program, with the views of
/// every step.
#[derive(Debug)]
pub struct Checked {
    graph: Arc<Graph>,
    pub(super) schedule: Arc<Schedule>,
    /// The address of each buffer.
    pub(super) offsets: Vec<usize>,
    /// For each step.
    pub(super) views: Vec<StepViews>,
    pub(super) height_bytes: usize,
}

/// Where a step finds its operands.
#[derive(Debug)]
pub(super) struct StepViews {
    /// No kind that can run has more than two activation inputs: `graph::resolve` sees to it.
    pub(super) inputs: [View; 2],
    pub(super) input_count: usize,
    pub(super) output: View,
    pub(super) scratch: Range<usize>,
}

impl Checked {
    /// Checks that everything belongs together.
    ///
    /// # Errors
    /// [`ExecError`] where the plan is not one for this schedule, or the schedule takes more work
    /// than is allowed.
    pub fn new<K: Kernels>(
        program: &Program<K>,
        schedule: Arc<Schedule>,
        plan: &Solution,
    ) -> Result<Self, ExecError> {
        plan::validate(&problem(&schedule), plan).map_err(ExecError::Plan)?;
        check_work(program.graph(), &schedule, program.work_limit)?;
        // What does not fit the address space has no arena.
        let address = |bytes: u64| usize::try_from(bytes).unwrap_or(usize::MAX);
        let offsets: Vec<usize> = plan.offsets.iter().map(|&offset| address(offset)).collect();
        let graph = Arc::clone(program.shared_graph());
        let height_bytes = address(plan.height_bytes);
        let mut checked = Self { graph, schedule, offsets, views: Vec::new(), height_bytes };
        checked.views = checked.schedule.steps.iter().map(|step| checked.views_of(step)).collect();
        Ok(checked)
    }

    /// Whether it was checked for this program.
    pub(super) fn is_for<K: Kernels>(&self, program: &Program<K>) -> bool {
        Arc::ptr_eq(&self.graph, program.shared_graph())
    }

    fn views_of(&self, step: &Step) -> StepViews {
        let tensors = match step.action {
            Action::Compute(position) => &self.graph.nodes[position].inputs[..],
            Action::Deliver(_) => &[],
        };
        let inputs = std::array::from_fn(|input| {
            self.view_of(step.inputs.get(input), tensors.get(input).copied())
        });
        StepViews {
            inputs,
            input_count: step.inputs.len().min(2),
            output: self.view_of(step.outputs.first(), self.written_tensor(step)),
            scratch: self.addresses(step.scratch),
        }
    }

    /// The arena addresses of a buffer; none for none.
    fn addresses(&self, buffer: Option<BufferId>) -> Range<usize> {
        buffer.map_or(0..0, |id| {
            let offset = self.offsets[id.index()];
            offset..offset.saturating_add(self.schedule.buffer(id).bytes)
        })
    }

    /// The tensor that a step writes, under the shape that the operator knows.
    fn written_tensor(&self, step: &Step) -> Option<TensorId> {
        match step.action {
            Action::Compute(position) => self.graph.nodes[position].outputs.first().copied(),
            Action::Deliver(input) => self.graph.inputs.get(input).copied(),
        }
    }

    /// How a kernel sees a buffer that holds (a part of) a tensor; an empty view for none.
    ///
    /// The map is the tensor's own: behind a RESHAPE the buffer holds the same bytes under another
    /// shape.
    fn view_of(&self, buffer: Option<&BufferId>, tensor: Option<TensorId>) -> View {
        let (Some(&id), Some(tensor)) = (buffer, tensor) else { return View::default() };
        let tensor = self.graph.tensor(tensor);
        let map = tensor.shape.map();
        let region = match self.schedule.buffer(id).extent {
            Extent::Whole => map.region(),
            Extent::Window(region) => region,
        };
        let element_bytes = tensor.data_type.bits().map_or(1, |bits| bits.div_ceil(8));
        View { offset: self.offsets[id.index()], map, region, element_bytes }
    }
}
