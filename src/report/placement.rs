//! Buffers of a file to place, where they lie in the best plan so far, and how far its search is.

use serde::{Deserialize, Serialize};

/// Buffers to place, as a file gives them.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct PlacementReport {
    /// The buffers, in the file's order.
    pub buffers: Vec<PlacementBuffer>,
}

/// One buffer to place.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct PlacementBuffer {
    /// What the file calls it.
    pub id: String,
    /// Its size.
    pub bytes: u64,
    /// Its offset is a multiple of this.
    pub alignment_bytes: u64,
    /// The first step at which it is live.
    pub first_step: u64,
    /// The first step at which it is dead again.
    pub end_step: u64,
}

/// Where the buffers lie.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct PlacementPlan {
    /// The offset of each buffer, in the file's order.
    pub offsets_bytes: Vec<u64>,
}

/// How far the search for a better plan has come.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct SearchReport {
    /// Bytes of the best plan so far.
    pub arena_bytes: u64,
    /// No plan is smaller: the greatest live set, or what the search has proven by now.
    pub lower_bound_bytes: u64,
    /// Nodes that this search has looked at.
    pub nodes: u64,
    /// How long it has taken.
    pub elapsed_ms: f64,
    /// Where it stands.
    pub stage: SearchStage,
}

/// Where a search stands.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SearchStage {
    /// There is more to search.
    Open,
    /// The best plan is proven to be the smallest.
    Proven,
    /// The best plan keeps within the capacity; nothing better is looked for.
    Fits,
    /// No plan keeps within the capacity.
    TooSmall,
    /// The time was up.
    OutOfTime,
    /// Somebody stopped it.
    Stopped,
}

impl SearchReport {
    /// Whether no plan is smaller than the best one.
    #[must_use]
    pub const fn is_proven(&self) -> bool {
        self.arena_bytes == self.lower_bound_bytes
    }
}
