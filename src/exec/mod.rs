//! Running a schedule in one arena of exactly the planned bytes, nothing hidden beside it.
//!
//! The executor takes the arena from its caller, as a slice whose length must be the plan's height:
//! it allocates no space for tensors, and every byte that a kernel reads or writes lies in there.
//! Weights are the graph's; inputs come from outside, as a camera would deliver them.
//!
//! Time is the caller's to measure and cancellation the caller's to ask for: see [`Observer`], or
//! drive an [`Execution`] step by step.

mod checked;
mod error;
mod execution;
mod observe;
mod program;

pub use checked::Checked;
pub use error::ExecError;
pub use execution::Execution;
pub use observe::{Observer, StepOutput, copy_rows};
pub use program::Program;

use crate::kernels::Kernels;
use std::sync::Arc;

/// What an inference did.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Trace {
    /// Bytes of the arena that it ran in: the length of the very slice.
    pub arena_bytes: usize,
    /// Multiply-accumulates, counted by the kernels.
    pub macs: u64,
    /// The bytes of each output, in the graph's order.
    pub outputs: Vec<Vec<u8>>,
}

/// Runs one inference from the first step to the last.
///
/// # Errors
/// [`ExecError`] where arena and inputs are not those of the plan, or the observer asked to stop.
pub fn run<K: Kernels>(
    program: &Program<K>,
    checked: &Arc<Checked>,
    inputs: &[&[u8]],
    arena: &mut [u8],
    observer: &mut dyn Observer,
) -> Result<Trace, ExecError> {
    let mut execution = Execution::start(program, Arc::clone(checked), inputs, arena)?;
    while execution.step(observer)? {
        if !observer.keep_going() {
            return Err(ExecError::Cancelled);
        }
    }
    Ok(execution.finish())
}
