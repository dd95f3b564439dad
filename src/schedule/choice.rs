//! Which schedule and which plan are asked for: plain data that controls, links and scripts carry.

use crate::plan::Strategy;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How the input of a patch stage is held.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum InputImage {
    /// The whole input lies in the arena.
    #[default]
    Resident,
    /// Each patch's part of it is delivered into the arena when its turn comes, as a camera or a
    /// decoder would; the source is outside the arena and not counted.
    Streamed,
}

/// Which operators write over an input that nobody reads later.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum InPlace {
    /// None: every output has bytes of its own.
    #[default]
    None,
    /// Depthwise convolutions of multiplier 1, also with stride 2, where afterwards the smaller
    /// output alone counts.
    Depthwise,
    /// Depthwise convolutions, and ADD, MUL and QUANTIZE from int8 to int8.
    All,
}

/// Which schedule is asked for.
///
/// In JSON, an object with its `kind` and its fields.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum ScheduleChoice {
    /// One operator after the other, whole maps, in the file's order.
    #[default]
    Layerwise,
    /// One operator after the other, whole maps, in the order of least peak.
    Reordered,
    /// Operators #0 to `stage_end` patch by patch, the rest layer-wise.
    Patched {
        /// The last operator of the patch stage, by its index in the file.
        stage_end: u32,
        /// Rows of the grid of patches.
        rows: u32,
        /// Columns of the grid of patches.
        columns: u32,
        /// Where the input image is.
        input_image: InputImage,
    },
}

/// Mirrors [`ScheduleChoice`] in the form that people read and write.
#[derive(Deserialize, Serialize)]
#[serde(remote = "ScheduleChoice", rename_all = "snake_case", tag = "kind")]
enum ByKind {
    Layerwise,
    Reordered,
    Patched { stage_end: u32, rows: u32, columns: u32, input_image: InputImage },
}

/// The same in the form of formats without names, which have no place for a tag among fields.
#[derive(Deserialize, Serialize)]
#[serde(remote = "ScheduleChoice")]
enum ByVariant {
    Layerwise,
    Reordered,
    Patched { stage_end: u32, rows: u32, columns: u32, input_image: InputImage },
}

impl Serialize for ScheduleChoice {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            ByKind::serialize(self, serializer)
        } else {
            ByVariant::serialize(self, serializer)
        }
    }
}

impl<'de> Deserialize<'de> for ScheduleChoice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            ByKind::deserialize(deserializer)
        } else {
            ByVariant::deserialize(deserializer)
        }
    }
}

/// How the arena is planned.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Planner {
    /// No byte twice.
    NoReuse,
    /// In turns from both ends of the arena.
    PingPong,
    /// Largest first, of equals the lower tensor index, each at the lowest free address: TensorFlow
    /// Lite Micro's greedy planner.
    Tflm,
    /// Largest first, of equals the one that lives first, each at the lowest free address:
    /// TinyEngine's allocator.
    TinyEngine,
    /// Largest first in several orders, and a short exact search where none meets the lower bound.
    #[default]
    Refined,
    /// Branch and bound up to [`Planner::EXACT_NODES`] nodes: most plans are then proven.
    Exact,
}

impl Planner {
    /// Nodes that [`Planner::Exact`] searches at most. With many buffers about a second's work ends it
    /// earlier: see [`Strategy::Exact`]. A search that is driven to its end has no such limits.
    pub const EXACT_NODES: u64 = 200_000;

    /// What the planner does about it.
    #[must_use]
    pub const fn strategy(self) -> Strategy {
        match self {
            Self::NoReuse => Strategy::NoReuse,
            Self::PingPong => Strategy::PingPong,
            Self::Tflm | Self::TinyEngine => Strategy::FirstFit,
            Self::Refined => Strategy::Refined,
            Self::Exact => Strategy::Exact { nodes: Self::EXACT_NODES },
        }
    }
}

/// The least alignment of every address in the arena; wider elements keep their own.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Alignment {
    /// The element's size: 1 for int8.
    #[default]
    Element,
    /// 16 bytes, as TensorFlow Lite Micro has it.
    Sixteen,
}

impl Alignment {
    /// In bytes.
    #[must_use]
    pub const fn bytes(self) -> usize {
        match self {
            Self::Element => 1,
            Self::Sixteen => 16,
        }
    }
}

/// Whose scratch is planned beside the activations.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ScratchOf {
    /// What the kernels that run here ask for: a plane for a depthwise convolution in place.
    #[default]
    Kernels,
    /// What TinyEngine's kernels ask for: a block for columns of the input (im2col) and one for a
    /// widened copy of a kernel, each as large as the neediest operator wants it, live all the time.
    TinyEngine,
}

/// Everything that decides a plan, beside the passes that made the graph.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(default)]
pub struct PlanChoice {
    /// What is computed when.
    pub schedule: ScheduleChoice,
    /// Which operators write over an input.
    pub in_place: InPlace,
    /// How the arena is planned.
    pub planner: Planner,
    /// The least alignment.
    pub alignment: Alignment,
    /// Whose scratch is planned.
    pub scratch: ScratchOf,
}

impl PlanChoice {
    /// TensorFlow Lite Micro's planner; with the graph as stored its arena is that engine's `head`.
    pub const TFLM: Self = Self {
        schedule: ScheduleChoice::Layerwise,
        in_place: InPlace::None,
        planner: Planner::Tflm,
        alignment: Alignment::Sixteen,
        scratch: ScratchOf::Kernels,
    };

    /// TinyEngine's planner, its scratch, and depthwise convolutions in place.
    pub const TINY_ENGINE: Self = Self {
        schedule: ScheduleChoice::Layerwise,
        in_place: InPlace::Depthwise,
        planner: Planner::TinyEngine,
        alignment: Alignment::Element,
        scratch: ScratchOf::TinyEngine,
    };

    /// The same with another schedule.
    #[must_use]
    pub const fn with_schedule(self, schedule: ScheduleChoice) -> Self {
        Self { schedule, ..self }
    }

    /// The same with other operators in place.
    #[must_use]
    pub const fn with_in_place(self, in_place: InPlace) -> Self {
        Self { in_place, ..self }
    }

    /// The same with another planner.
    #[must_use]
    pub const fn with_planner(self, planner: Planner) -> Self {
        Self { planner, ..self }
    }
}

impl From<ScheduleChoice> for PlanChoice {
    /// With strict accounting: nothing in place, and the refined planner.
    fn from(schedule: ScheduleChoice) -> Self {
        Self { schedule, ..Self::default() }
    }
}
