//! Why a choice makes no sense for a graph.

/// Why there is no such schedule.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[expect(missing_docs, reason = "operators by their index in the file")]
pub enum ScheduleError {
    /// There is no such operator, or a pass took it out.
    #[error("the graph has no operator #{0}")]
    NoSuchOperator(usize),
    /// An operator of the stage does not work on regions of maps.
    #[error(
        "the stage cannot reach #{stage_end}: operator #{operator} ({why}) works on whole maps"
    )]
    NotSpatial { stage_end: usize, operator: usize, why: &'static str },
    /// More than the split tensor is needed after the stage.
    #[error(
        "the stage cannot end at #{stage_end}: tensor {tensor} is still needed afterwards, beside \
         its output"
    )]
    MoreIsLive { stage_end: usize, tensor: u32 },
    /// The grid is finer than the split tensor, or has no patch.
    #[error(
        "a grid of {rows}x{columns} does not fit: the output of #{stage_end} allows 1x1 to \
         {most_rows}x{most_columns}"
    )]
    Grid { stage_end: usize, rows: usize, columns: usize, most_rows: usize, most_columns: usize },
    /// The patches multiply to more steps than are planned.
    #[error("the patches of this grid take {steps} steps, more than the {limit} that are planned")]
    TooManySteps { steps: usize, limit: usize },
}

impl ScheduleError {
    /// What to do about it.
    #[must_use]
    pub const fn advice(&self) -> &'static str {
        match self {
            Self::NoSuchOperator(_) => "Choose an operator that the passes keep.",
            Self::NotSpatial { .. } => "Choose an earlier stage end.",
            Self::MoreIsLive { .. } => {
                "Choose a stage end after which one tensor alone is live, such as the end of a \
                 residual block."
            }
            Self::Grid { .. } | Self::TooManySteps { .. } => {
                "Choose a coarser grid, or an earlier stage end."
            }
        }
    }
}
