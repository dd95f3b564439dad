//! The rungs of the ladder: one plan for each published idea, side by side.

use crate::{
    graph::Passes,
    schedule::{InPlace, PlanChoice},
};
use serde::{Deserialize, Serialize};

/// A published idea of how to use memory.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rung {
    /// No byte twice: the sum of all activations.
    NoReuse,
    /// Two ends of one space in turns.
    PingPong,
    /// TensorFlow Lite Micro's greedy planner, on the graph as stored.
    Tflm,
    /// TinyEngine: first fit by size, depthwise convolutions in place, its scratch.
    TinyEngine,
    /// The same with element-wise operators in place as well.
    TinyEngineElementWise,
    /// The exact planner, nothing in place.
    Exact,
    /// The exact planner with everything in place that may be.
    ExactInPlace,
    /// The operators in the order of least peak, the exact planner, nothing in place.
    Reordered,
    /// The least arena over all patch stages and grids, nothing in place.
    Patches,
    /// The same with everything in place that may be.
    PatchesInPlace,
}

impl Rung {
    /// All of them, from the bottom of the ladder.
    pub const ALL: [Self; 10] = [
        Self::NoReuse,
        Self::PingPong,
        Self::Tflm,
        Self::TinyEngine,
        Self::TinyEngineElementWise,
        Self::Exact,
        Self::ExactInPlace,
        Self::Reordered,
        Self::Patches,
        Self::PatchesInPlace,
    ];

    /// What overwrites what on this rung.
    #[must_use]
    pub const fn in_place(self) -> InPlace {
        match self {
            Self::TinyEngine => InPlace::Depthwise,
            Self::TinyEngineElementWise | Self::ExactInPlace | Self::PatchesInPlace => InPlace::All,
            _ => InPlace::None,
        }
    }

    /// Whether the rung's schedule is found by a search over patch stages.
    #[must_use]
    pub const fn is_patched(self) -> bool {
        matches!(self, Self::Patches | Self::PatchesInPlace)
    }
}

/// One rung for one model.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct RungReport {
    /// Which.
    pub rung: Rung,
    /// The passes under which the plan holds.
    pub passes: Passes,
    /// The plan, to be shown and run under these passes.
    pub choice: PlanChoice,
    /// Whether no order of the operators has a lower peak, where the schedule looked for one; `None`
    /// where the order was given.
    #[serde(default)]
    pub is_order_proven: Option<bool>,
    /// Bytes of its arena.
    pub arena_bytes: u64,
    /// Its greatest live set, scratch left out.
    pub peak_bytes: u64,
    /// The most scratch that is live at a step.
    pub scratch_bytes: u64,
    /// No plan of this schedule is smaller.
    pub lower_bound_bytes: u64,
    /// Multiply-accumulates.
    pub macs: u64,
    /// Multiply-accumulates layer by layer.
    pub macs_layerwise: u64,
}

impl RungReport {
    /// Whether no plan of this schedule is smaller.
    #[must_use]
    pub const fn is_optimal(&self) -> bool {
        self.arena_bytes == self.lower_bound_bytes
    }

    /// The same, and no other order of the operators has a lower peak where one was looked for.
    #[must_use]
    pub const fn is_proven(&self) -> bool {
        self.is_optimal() && !matches!(self.is_order_proven, Some(false))
    }
}
