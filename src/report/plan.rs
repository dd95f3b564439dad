//! One schedule of a model and its plan: what lies where in the arena, and when.

use super::Problem;
use crate::{
    schedule::{PlanChoice, Planner, ScheduleChoice},
    tensor::{Region, TensorId},
};
use serde::{Deserialize, Serialize};

/// A schedule with its plan.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct PlanReport {
    /// Which schedule, and how it is planned.
    pub choice: PlanChoice,
    /// Whether no order of the operators has a lower peak, where the schedule looked for one; `None`
    /// where the order was given.
    #[serde(default)]
    pub is_order_proven: Option<bool>,
    /// The most scratch that a step has; counted in the arena, not in the peak.
    pub scratch_bytes: u64,
    /// Bytes of the arena: exactly what inference runs in.
    pub arena_bytes: u64,
    /// No plan is smaller: the greatest live set, scratch included, or what a search has proven.
    pub lower_bound_bytes: u64,
    /// The same as `lower_bound_bytes` when no scratch is planned: activations alone.
    pub peak_bytes: u64,
    /// The first step that reaches the peak.
    pub peak_step: u32,
    /// The operator of that step (index in the file).
    pub peak_operator: u32,
    /// Greatest live set within the patch stage.
    pub stage_peak_bytes: Option<u64>,
    /// Greatest live set after the patch stage.
    pub tail_peak_bytes: Option<u64>,
    /// Multiply-accumulates of this schedule.
    pub macs: u64,
    /// Multiply-accumulates layer by layer.
    pub macs_layerwise: u64,
    /// What the patch stage would cost with halos that are not clipped at the border.
    pub unclipped: Option<UnclippedReport>,
    /// Bytes delivered into the arena from outside during the run (streamed input), halos again
    /// and again.
    pub delivered_bytes: u64,
    /// What each patch reads of the first input, halos included; none layer by layer.
    #[serde(default)]
    pub patch_inputs: Vec<Region>,
    /// Why this schedule cannot be handed over to TensorFlow Lite Micro's own planner; `None` when
    /// it can.
    #[serde(default)]
    pub offline_refusal: Option<Problem>,
    /// Everything that lies in the arena at some time.
    pub blocks: Vec<BlockReport>,
    /// What happens, one after the other.
    pub steps: Vec<StepReport>,
}

/// A patch stage with halos that are not clipped at the border: for comparison with published
/// figures, never run.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct UnclippedReport {
    /// Multiply-accumulates of the stage, all patches.
    pub stage_macs: u64,
    /// The same with clipped halos, as it is run.
    pub stage_macs_clipped: u64,
    /// Multiply-accumulates of the stage layer by layer.
    pub stage_macs_layerwise: u64,
    /// Rows and columns of the input that the neediest patch reads.
    pub input_side: [u64; 2],
}

/// What a block of the arena is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockRole {
    /// A graph input, or a patch's part of one.
    Input,
    /// An operator's whole output.
    Activation,
    /// A patch's part of an operator's output.
    Window,
    /// The split tensor: assembled whole from patches.
    Split,
    /// A graph output.
    Output,
    /// What a kernel needs beside its operands for one step.
    Scratch,
}

/// A rectangle of the picture address x time.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct BlockReport {
    /// The tensor whose bytes these are.
    pub tensor: TensorId,
    /// The operator (index in the file) that writes it; `None` for graph inputs.
    pub operator: Option<u32>,
    /// What it is.
    pub role: BlockRole,
    /// The patch it belongs to, row by row from 0; `None` outside a patch.
    pub patch: Option<u32>,
    /// The part of the tensor's map; `None` for all of it.
    pub region: Option<Region>,
    /// Its first address in the arena.
    pub offset_bytes: u64,
    /// Its size.
    pub bytes: u64,
    /// The first step at which it is live.
    pub first_step: u32,
    /// The first step at which it is dead again.
    pub end_step: u32,
    /// The block (position in the list) whose place it takes as that one dies: in place.
    pub takes_place_of: Option<u32>,
}

/// One step of a schedule.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct StepReport {
    /// The operator (index in the file); `None` when a part of the input is delivered.
    pub operator: Option<u32>,
    /// The patch, row by row from 0; `None` outside the patch stage.
    pub patch: Option<u32>,
    /// The part of the output that is computed (or of the input that is delivered).
    pub region: Region,
    /// Multiply-accumulates of this step.
    pub macs: u64,
    /// Bytes live during it, scratch left out.
    pub live_bytes: u64,
    /// Bytes of scratch beside them.
    #[serde(default)]
    pub scratch_bytes: u64,
}

impl StepReport {
    /// Bytes that must be in the arena during it, scratch included.
    #[must_use]
    pub const fn needed_bytes(&self) -> u64 {
        self.live_bytes + self.scratch_bytes
    }
}

/// What an operator needs in a plan, of all its steps.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct OperatorNeed {
    /// The most bytes that must be in the arena during it, scratch included.
    pub bytes: u64,
    /// How many of them are scratch.
    pub scratch_bytes: u64,
    /// Its multiply-accumulates, repeated ones counted again.
    pub macs: u64,
    /// How often it runs.
    pub steps: u32,
}

impl PlanReport {
    /// The first step of those that are meant at which most is needed, scratch included.
    #[must_use]
    pub fn neediest_step(&self, is_meant: impl Fn(&StepReport) -> bool) -> Option<u32> {
        let steps = (0u32..).zip(&self.steps).filter(|(_, step)| is_meant(step));
        let neediest =
            steps.reduce(
                |most, step| {
                    if step.1.needed_bytes() > most.1.needed_bytes() { step } else { most }
                },
            );
        neediest.map(|(index, _)| index)
    }

    /// The operator (index in the file) at which most is needed, scratch included: what an arena
    /// whose bytes are shared comes down to. `None` where that step delivers a part of the input.
    #[must_use]
    pub fn neediest_operator(&self) -> Option<u32> {
        self.neediest()?.1.operator
    }

    /// The step at which most is needed, scratch included, with its number.
    #[must_use]
    pub fn neediest(&self) -> Option<(u32, &StepReport)> {
        let step = self.neediest_step(|_| true)?;
        Some((step, self.steps.get(step as usize)?))
    }

    /// Bytes needed at the step that needs most, scratch included.
    #[must_use]
    pub fn most_needed_bytes(&self) -> u64 {
        self.steps.iter().map(StepReport::needed_bytes).max().unwrap_or(0)
    }

    /// What each of `n_operators` operators needs in this plan.
    #[must_use]
    pub fn needs_by_operator(&self, n_operators: usize) -> Vec<OperatorNeed> {
        let mut needs = vec![OperatorNeed::default(); n_operators];
        for step in &self.steps {
            let need = step.operator.and_then(|index| needs.get_mut(index as usize));
            let Some(need) = need else { continue };
            need.macs = need.macs.saturating_add(step.macs);
            need.steps += 1;
            if step.needed_bytes() > need.bytes {
                need.bytes = step.needed_bytes();
                need.scratch_bytes = step.scratch_bytes;
            }
        }
        needs
    }

    /// Whether the arena comes down to what is live at once: not where every tensor has bytes of its
    /// own, or one of two ends, unless that makes it no larger.
    #[must_use]
    pub fn has_peak(&self) -> bool {
        !matches!(self.choice.planner, Planner::NoReuse | Planner::PingPong)
            || self.arena_bytes == self.most_needed_bytes()
    }
}

/// One patch schedule among many, in figures.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct CandidateReport {
    /// The schedule.
    pub choice: ScheduleChoice,
    /// Bytes of its arena.
    pub arena_bytes: u64,
    /// Its greatest live set, scratch left out.
    pub peak_bytes: u64,
    /// Multiply-accumulates.
    pub macs: u64,
}

/// The schedules of which no other has both a smaller arena and fewer multiply-accumulates.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct FrontReport {
    /// What all of them have in common: everything but the schedule.
    pub accounting: PlanChoice,
    /// How many schedules were compared.
    pub tried: u64,
    /// The least peak among all of them, scratch left out.
    pub least_peak_bytes: u64,
    /// Multiply-accumulates layer by layer.
    pub macs_layerwise: u64,
    /// From the fewest multiply-accumulates to the smallest arena.
    pub front: Vec<CandidateReport>,
}

impl FrontReport {
    /// The smallest arena, whatever it costs.
    #[must_use]
    pub fn smallest(&self) -> Option<&CandidateReport> {
        self.front.last()
    }

    /// The fewest multiply-accumulates whose arena keeps within `sram_bytes`.
    #[must_use]
    pub fn fitting(&self, sram_bytes: u64) -> Option<&CandidateReport> {
        self.front.iter().find(|candidate| candidate.arena_bytes <= sram_bytes)
    }
}
