//! Every way in which a request can fail, as one problem to show.

use super::{MAX_PLACEMENT_BUFFERS, MAX_PLACEMENT_BYTES, MOST_PATCHES_A_SIDE};
use crate::{
    exec::ExecError,
    graph::{GraphError, ResizeError},
    handover::HandOverError,
    model::{ErrorSort, ModelError},
    plan::{PlanError, csv::CsvError},
    preprocess::PreprocessError,
    report::{Problem, ProblemKind},
    schedule::ScheduleError,
};

/// Why a request failed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// The bytes are no model.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The model's graph makes no sense.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// The model takes no input of the size that is asked for.
    #[error(transparent)]
    Resize(#[from] ResizeError),
    /// The choice makes no sense for this model.
    #[error(transparent)]
    Schedule(#[from] ScheduleError),
    /// The buffers cannot be planned.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The plan cannot become a file of the format that is asked for.
    #[error(transparent)]
    HandOver(#[from] HandOverError),
    /// The file is no list of buffers to place.
    #[error(transparent)]
    Csv(#[from] CsvError),
    /// A file of buffers is longer than is read.
    #[error("the file has {bytes} bytes; a list of buffers is read up to {MAX_PLACEMENT_BYTES}")]
    PlacementSize {
        /// How long it is.
        bytes: usize,
    },
    /// A search is asked for while there are no buffers to place.
    #[error("there are no buffers to place")]
    NoPlacement,
    /// The best plan of a schedule is asked for that has more buffers than are searched.
    #[error(
        "the schedule has {buffers} buffers; a plan is searched for up to {MAX_PLACEMENT_BUFFERS}"
    )]
    SearchSize {
        /// How many it has.
        buffers: usize,
    },
    /// A search over grids is asked for that goes beyond those that are tried.
    #[error(
        "grids of up to {largest} patches a side are asked for; from 1 to {MOST_PATCHES_A_SIDE} are tried"
    )]
    LargestGrid {
        /// What is asked for.
        largest: u32,
    },
    /// The inference did not run to its end.
    #[error(transparent)]
    Exec(#[from] ExecError),
    /// The picture cannot become this model's input.
    #[error(transparent)]
    Preprocess(#[from] PreprocessError),
    /// The machine refuses the space.
    #[error("{bytes} bytes for the arena were refused")]
    Memory {
        /// How much was asked for.
        bytes: u64,
    },
    /// Nothing has been run yet, or not with captured activations.
    #[error("there is no activation of operator #{operator} to show")]
    NoActivation {
        /// The operator.
        operator: u32,
    },
    /// Something is asked of a model while none is open.
    #[error("no model is open")]
    NoModel,
    /// An inference is asked for before there is an input.
    #[error("there is no input yet")]
    NoInput,
    /// Preprocessing is asked for before there is a picture.
    #[error("there is no picture yet")]
    NoPicture,
    /// The input is not one that pictures or noise can fill.
    #[error("the model's input is {found}, not one int8 tensor")]
    InputKind {
        /// What it is.
        found: String,
    },
    /// An input file has a length that fits neither the tensor nor the int8 tensor behind it.
    #[error("input {input} has {found} bytes, the model takes {expected}")]
    InputLength {
        /// Which input.
        input: usize,
        /// Bytes given.
        found: usize,
        /// What would fit, in words.
        expected: String,
    },
}

impl Error {
    /// The problem as the user meets it.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let (kind, advice) = self.kind_and_advice();
        Problem { kind, message: sentence(&self.to_string()), advice }
    }

    fn kind_and_advice(&self) -> (ProblemKind, String) {
        let (kind, advice) = match self {
            Self::Model(error) => {
                let kind = match error.sort() {
                    ErrorSort::Malformed => ProblemKind::Malformed,
                    ErrorSort::Unsupported => ProblemKind::Unsupported,
                    ErrorSort::Limit => ProblemKind::Limit,
                };
                return (kind, error.advice().to_string());
            }
            Self::Graph(error) => (ProblemKind::Malformed, error.advice()),
            Self::Resize(error) => (ProblemKind::Choice, error.advice()),
            Self::Schedule(error) => (ProblemKind::Choice, error.advice()),
            Self::HandOver(error) => {
                let kind = match error {
                    HandOverError::Offline(_) => ProblemKind::Choice,
                    HandOverError::Metadata(_) => ProblemKind::Unsupported,
                };
                (kind, error.advice())
            }
            Self::Plan(_) => (ProblemKind::Limit, "Use a smaller model, or smaller buffers."),
            Self::Csv(error) => {
                let kind = match error {
                    CsvError::TooMany { .. } => ProblemKind::Limit,
                    CsvError::Gaps { .. } => ProblemKind::Unsupported,
                    _ => ProblemKind::Malformed,
                };
                (kind, error.advice())
            }
            Self::PlacementSize { .. } => (ProblemKind::Limit, "Is this the right file?"),
            Self::SearchSize { .. } => (ProblemKind::Limit, "Choose a coarser grid."),
            Self::LargestGrid { .. } => (ProblemKind::Choice, "Choose a number from 1 to 64."),
            Self::NoPlacement => (ProblemKind::Choice, "Open a .csv of buffers first."),
            Self::Exec(ExecError::Refused(refusal)) => {
                (ProblemKind::Unsupported, refusal.reason.advice())
            }
            Self::Exec(ExecError::Work { .. } | ExecError::Activations { .. }) => (
                ProblemKind::Limit,
                "Graph and memory are complete; to run, use a smaller model or a coarser grid.",
            ),
            Self::Exec(ExecError::Cancelled) => (ProblemKind::Cancelled, "Run it again."),
            Self::Exec(ExecError::InputCount { .. } | ExecError::InputSize { .. })
            | Self::InputLength { .. } => {
                (ProblemKind::Choice, "Give one raw little-endian file for each input tensor.")
            }
            Self::Exec(
                ExecError::ArenaSize { .. } | ExecError::Plan(_) | ExecError::OtherProgram,
            ) => (ProblemKind::Internal, "This is a fault of the program: please report it."),
            Self::Preprocess(_) => {
                (ProblemKind::Choice, "Choose another picture, or noise as the input.")
            }
            Self::Memory { .. } => {
                (ProblemKind::Limit, "Close other tabs or programs, or use a smaller model.")
            }
            Self::NoActivation { .. } | Self::NoInput => {
                (ProblemKind::Choice, "Run the model first.")
            }
            Self::NoPicture => (ProblemKind::Choice, "Choose a picture first."),
            Self::NoModel => (ProblemKind::Choice, "Open a .tflite file first."),
            Self::InputKind { .. } => {
                (ProblemKind::Unsupported, "Graph and memory are complete; only running needs it.")
            }
        };
        (kind, advice.to_owned())
    }
}

/// Makes a sentence of an error's text: a capital at the start, a full stop at the end.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_are_sentences_with_advice() {
        let problem = Error::Model(ModelError::Empty).problem();
        assert_eq!(problem.message, "The file is empty.");
        assert_eq!(problem.kind, ProblemKind::Malformed);
        assert!(problem.advice.ends_with('.'), "{}", problem.advice);
        assert_eq!(Error::Exec(ExecError::Cancelled).problem().kind, ProblemKind::Cancelled);
    }
}
