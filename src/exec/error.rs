//! Why an inference did not run to its end.

use crate::graph::Refusal;

/// Why an inference was refused or stopped.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ExecError {
    /// An operator cannot run here.
    #[error("operator #{} cannot run here: {}", .0.operator, .0.reason)]
    Refused(Refusal),
    /// The inference would take longer than anybody waits.
    #[error("one inference needs {work} element reads, more than the {limit} allowed")]
    Work {
        /// What it needs.
        work: u64,
        /// What is allowed.
        limit: u64,
    },
    /// The activations add up to more than is kept for a run and its observers.
    #[error("its activations add up to {bytes} bytes, more than the {limit_bytes} allowed")]
    Activations {
        /// What they add up to.
        bytes: u64,
        /// What is allowed.
        limit_bytes: u64,
    },
    /// The arena is not of exactly the planned size.
    #[error("the arena has {found} bytes, the plan needs exactly {planned}")]
    ArenaSize {
        /// Bytes of the given slice.
        found: usize,
        /// Bytes of the plan.
        planned: u64,
    },
    /// The plan does not fit the schedule: an offset is missing, out of the arena, or two buffers
    /// that live together share bytes.
    #[error("the plan does not belong to the schedule: {0}")]
    Plan(crate::plan::Violation),
    /// The plan was checked for another program.
    #[error("the plan was checked for another program")]
    OtherProgram,
    /// The number of inputs is not the graph's.
    #[error("{found} inputs given, the model has {expected}")]
    InputCount {
        /// How many were given.
        found: usize,
        /// How many the graph has.
        expected: usize,
    },
    /// An input has the wrong length.
    #[error("input {input} has {found} bytes, the model takes {expected}")]
    InputSize {
        /// Its position.
        input: usize,
        /// Bytes given.
        found: usize,
        /// Bytes of the tensor.
        expected: usize,
    },
    /// The observer asked to stop.
    #[error("the run was stopped")]
    Cancelled,
}
