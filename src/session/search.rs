//! Trying every stage end with every square grid.

use super::{Error, Session};
use crate::{
    kernels::Kernels,
    report::CandidateReport,
    schedule::{InputImage, ScheduleChoice, ScheduleError},
};

/// A search that the caller drives candidate by candidate, so that it can show progress and stop.
#[derive(Clone, Debug)]
pub struct SquareSearch {
    choices: Vec<ScheduleChoice>,
    next: usize,
    found: Vec<CandidateReport>,
}

impl SquareSearch {
    /// All stage ends of the model with grids from 1x1 to `largest` x `largest`.
    #[must_use]
    pub fn new<K: Kernels>(session: &Session<K>, input_image: InputImage, largest: u32) -> Self {
        let grids = |&stage_end: &u32| {
            (1..=largest).map(move |side| ScheduleChoice::Patched {
                stage_end,
                rows: side,
                columns: side,
                input_image,
            })
        };
        let choices = session.report().stage_ends.iter().flat_map(grids).collect();
        Self { choices, next: 0, found: Vec::new() }
    }

    /// How many candidates there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.choices.len()
    }

    /// Whether there is none: the model has no patch stage.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.choices.is_empty()
    }

    /// How many have been tried.
    #[must_use]
    pub const fn done(&self) -> usize {
        self.next
    }

    /// Tries the next candidate; `false` when none is left.
    ///
    /// # Errors
    /// Any but a grid that is too fine, which is passed over.
    pub fn step<K: Kernels>(&mut self, session: &Session<K>) -> Result<bool, Error> {
        let Some(&choice) = self.choices.get(self.next) else { return Ok(false) };
        self.next += 1;
        match session.plan(choice) {
            Ok(planned) => {
                let report = session.plan_report(&planned);
                self.found.push(CandidateReport {
                    choice,
                    arena_bytes: report.arena_bytes,
                    peak_bytes: report.peak_bytes,
                    macs: report.macs,
                });
            }
            Err(Error::Schedule(
                ScheduleError::Grid { .. } | ScheduleError::TooManySteps { .. },
            )) => {}
            Err(error) => return Err(error),
        }
        Ok(self.next < self.choices.len())
    }

    /// What was found, least arena first, then least MACs.
    #[must_use]
    pub fn finish(mut self) -> Vec<CandidateReport> {
        self.found.sort_by_key(|candidate| (candidate.arena_bytes, candidate.macs));
        self.found
    }
}
