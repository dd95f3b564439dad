//! Which schedule is asked for: plain data that controls, links and scripts carry.

use serde::{Deserialize, Serialize};

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
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum ScheduleChoice {
    /// One operator after the other, whole maps.
    #[default]
    Layerwise,
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
