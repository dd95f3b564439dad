//! Trying patch schedules: every stage end with every square grid, or with every grid at all for
//! the front of arena against multiply-accumulates.

use super::{Error, Session};
use crate::{
    kernels::Kernels,
    order::sorted_positions,
    plan::lower_bound_bytes,
    report::{CandidateReport, FrontReport},
    schedule::{self, InputImage, PlanChoice, ScheduleChoice, ScheduleError},
};

/// A search that the caller drives candidate by candidate, so that it can show progress and stop.
#[derive(Clone, Debug)]
pub struct SquareSearch {
    choices: Vec<ScheduleChoice>,
    accounting: PlanChoice,
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
        Self { choices, accounting: PlanChoice::default(), next: 0, found: Vec::new() }
    }

    /// The same with another accounting: everything of it counts but the schedule.
    #[must_use]
    pub const fn with_accounting(mut self, accounting: PlanChoice) -> Self {
        self.accounting = accounting;
        self
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
        match session.plan(self.accounting.with_schedule(choice)) {
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
    pub fn finish(self) -> Vec<CandidateReport> {
        let key = |at: usize| (self.found[at].arena_bytes, self.found[at].macs);
        let order = sorted_positions(self.found.len(), &|one, other| key(one).cmp(&key(other)));
        order.into_iter().map(|at| self.found[at]).collect()
    }
}

/// A search for the front: the schedules of which no other has both a smaller arena and fewer
/// multiply-accumulates. Driven step by step, like [`SquareSearch`]: first every candidate is
/// scheduled, then those that can matter are placed.
#[derive(Clone, Debug)]
pub struct FrontSearch {
    choices: Vec<ScheduleChoice>,
    accounting: PlanChoice,
    next: usize,
    /// Peak, multiply-accumulates and choice of what was tried; placed only where it can matter.
    tried: Vec<(u64, u64, ScheduleChoice)>,
    /// How many of those have been placed or passed over.
    judged: usize,
    front: Vec<CandidateReport>,
}

impl FrontSearch {
    /// All stage ends of the model with all grids from 1x1 to `largest` x `largest`, and the
    /// layer-wise schedule.
    #[must_use]
    pub fn new<K: Kernels>(session: &Session<K>, input_image: InputImage, largest: u32) -> Self {
        let grids = |&stage_end: &u32| {
            let sides = (1..=largest).flat_map(move |rows| (1..=largest).map(move |c| (rows, c)));
            sides.map(move |(rows, columns)| ScheduleChoice::Patched {
                stage_end,
                rows,
                columns,
                input_image,
            })
        };
        let patched = session.report().stage_ends.iter().flat_map(grids);
        let choices = [ScheduleChoice::Layerwise].into_iter().chain(patched).collect();
        let (tried, front) = (Vec::new(), Vec::new());
        Self { choices, accounting: PlanChoice::default(), next: 0, tried, judged: 0, front }
    }

    /// The same with another accounting: everything of it counts but the schedule.
    #[must_use]
    pub const fn with_accounting(mut self, accounting: PlanChoice) -> Self {
        self.accounting = accounting;
        self
    }

    /// How many steps there are: each candidate is scheduled, and placed or passed over.
    #[must_use]
    pub fn len(&self) -> usize {
        self.choices.len() * 2
    }

    /// Whether there is no step; there is always the layer-wise schedule.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.choices.is_empty()
    }

    /// How many steps are done.
    #[must_use]
    pub fn done(&self) -> usize {
        if self.next < self.choices.len() {
            return self.next;
        }
        // A grid that is too fine is done with at once.
        self.len() - self.tried.len() + self.judged
    }

    /// Schedules or places the next candidate; `false` when none is left.
    ///
    /// # Errors
    /// Any but a grid that is too fine, which is passed over.
    pub fn step<K: Kernels>(&mut self, session: &Session<K>) -> Result<bool, Error> {
        if let Some(&choice) = self.choices.get(self.next) {
            self.next += 1;
            self.schedule(session, choice)?;
            if self.next == self.choices.len() {
                self.tried.sort_by_key(|&(macs, peak_bytes, _)| (macs, peak_bytes));
            }
        } else if let Some(&tried) = self.tried.get(self.judged) {
            self.judged += 1;
            self.place(session, tried)?;
        }
        Ok(self.next < self.choices.len() || self.judged < self.tried.len())
    }

    fn schedule<K: Kernels>(
        &mut self,
        session: &Session<K>,
        choice: ScheduleChoice,
    ) -> Result<(), Error> {
        match schedule::build(session.graph(), choice, &Session::<K>::options(self.accounting)) {
            Ok(schedule) => {
                // What is live at once bounds the arena from below: most candidates are out by it.
                let peak_bytes = lower_bound_bytes(&schedule::exact_problem(&schedule).buffers);
                self.tried.push((schedule.macs(), peak_bytes, choice));
            }
            Err(ScheduleError::Grid { .. } | ScheduleError::TooManySteps { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    /// Candidates come in order of their multiply-accumulates. Only one whose peak is below the
    /// least arena so far is placed; nothing on the front is missed by that.
    fn place<K: Kernels>(
        &mut self,
        session: &Session<K>,
        (macs, peak_bytes, choice): (u64, u64, ScheduleChoice),
    ) -> Result<(), Error> {
        let least = self.front.last().map_or(u64::MAX, |candidate| candidate.arena_bytes);
        if peak_bytes >= least {
            return Ok(());
        }
        let planned = session.plan(self.accounting.with_schedule(choice))?;
        let arena_bytes = planned.solution.height_bytes;
        if arena_bytes < least {
            // Of equal multiply-accumulates only the smallest arena stays.
            self.front.pop_if(|candidate| candidate.macs == macs);
            self.front.push(CandidateReport { choice, arena_bytes, peak_bytes, macs });
        }
        Ok(())
    }

    /// The front of what was tried; the whole front once no step is left.
    #[must_use]
    pub fn finish<K: Kernels>(self, session: &Session<K>) -> FrontReport {
        FrontReport {
            accounting: self.accounting,
            tried: self.tried.len() as u64,
            least_peak_bytes: self.tried.iter().map(|&(_, peak, _)| peak).min().unwrap_or(0),
            macs_layerwise: session.report().macs,
            front: self.front,
        }
    }
}
