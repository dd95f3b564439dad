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

/// The most patches a side that are tried.
pub const MOST_PATCHES_A_SIDE: u32 = 64;

/// Every stage end with every grid, each made when its turn comes: there may be millions.
#[derive(Clone, Debug)]
struct Grids {
    stage_ends: Vec<u32>,
    input_image: InputImage,
    largest: u32,
    is_square: bool,
}

impl Grids {
    fn new<K: Kernels>(
        session: &Session<K>,
        (input_image, largest): (InputImage, u32),
        is_square: bool,
    ) -> Result<Self, Error> {
        if !(1..=MOST_PATCHES_A_SIDE).contains(&largest) {
            return Err(Error::LargestGrid { largest });
        }
        let stage_ends = session.report().stage_ends.clone();
        Ok(Self { stage_ends, input_image, largest, is_square })
    }

    const fn of_a_stage_end(&self) -> usize {
        let side = self.largest as usize;
        if self.is_square { side } else { side * side }
    }

    fn len(&self) -> usize {
        self.stage_ends.len() * self.of_a_stage_end()
    }

    /// The candidate at a position, stage end by stage end.
    fn get(&self, position: usize) -> Option<ScheduleChoice> {
        let &stage_end = self.stage_ends.get(position / self.of_a_stage_end())?;
        #[expect(clippy::cast_possible_truncation, reason = "at most 64 x 64")]
        let grid = (position % self.of_a_stage_end()) as u32;
        let (rows, columns) =
            if self.is_square { (grid, grid) } else { (grid / self.largest, grid % self.largest) };
        let input_image = self.input_image;
        Some(ScheduleChoice::Patched {
            stage_end,
            rows: rows + 1,
            columns: columns + 1,
            input_image,
        })
    }
}

/// A search that the caller drives candidate by candidate, so that it can show progress and stop.
#[derive(Clone, Debug)]
pub struct SquareSearch {
    grids: Grids,
    accounting: PlanChoice,
    next: usize,
    found: Vec<CandidateReport>,
}

impl SquareSearch {
    /// All stage ends of the model with grids from 1x1 to `largest` x `largest`.
    ///
    /// # Errors
    /// [`Error::LargestGrid`] where `largest` is not from 1 to [`MOST_PATCHES_A_SIDE`].
    pub fn new<K: Kernels>(
        session: &Session<K>,
        input_image: InputImage,
        largest: u32,
    ) -> Result<Self, Error> {
        let grids = Grids::new(session, (input_image, largest), true)?;
        Ok(Self { grids, accounting: PlanChoice::default(), next: 0, found: Vec::new() })
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
        self.grids.len()
    }

    /// Whether there is none: the model has no patch stage.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
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
        let Some(choice) = self.grids.get(self.next) else { return Ok(false) };
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
        Ok(self.next < self.len())
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
    grids: Grids,
    accounting: PlanChoice,
    next: usize,
    /// What was tried; placed only where it can matter.
    tried: Vec<Tried>,
    /// How many of those have been placed or passed over.
    judged: usize,
    front: Vec<CandidateReport>,
    /// The least arena in patches, on the front or not.
    least_patched: Option<CandidateReport>,
}

/// A candidate that is scheduled and not yet placed.
#[derive(Clone, Copy, Debug)]
struct Tried {
    macs: u64,
    /// No arena is smaller: what is live at once, scratch included.
    bound_bytes: u64,
    /// The same without scratch.
    peak_bytes: u64,
    choice: ScheduleChoice,
}

impl FrontSearch {
    /// All stage ends of the model with all grids from 1x1 to `largest` x `largest`, and the
    /// layer-wise schedule.
    ///
    /// # Errors
    /// [`Error::LargestGrid`] where `largest` is not from 1 to [`MOST_PATCHES_A_SIDE`].
    pub fn new<K: Kernels>(
        session: &Session<K>,
        input_image: InputImage,
        largest: u32,
    ) -> Result<Self, Error> {
        Ok(Self {
            grids: Grids::new(session, (input_image, largest), false)?,
            accounting: PlanChoice::default(),
            next: 0,
            tried: Vec::new(),
            judged: 0,
            front: Vec::new(),
            least_patched: None,
        })
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
        self.candidates() * 2
    }

    /// Whether there is no step: never, as there is always the layer-wise schedule.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.candidates() == 0
    }

    fn candidates(&self) -> usize {
        1 + self.grids.len()
    }

    /// How many steps are done.
    #[must_use]
    pub fn done(&self) -> usize {
        if self.next < self.candidates() {
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
        let choice = match self.next.checked_sub(1) {
            None => Some(ScheduleChoice::Layerwise),
            Some(position) => self.grids.get(position),
        };
        if let Some(choice) = choice {
            self.next += 1;
            self.schedule(session, choice)?;
            if self.next == self.candidates() {
                self.sort_tried();
            }
        } else if let Some(&tried) = self.tried.get(self.judged) {
            self.judged += 1;
            self.place(session, tried)?;
        }
        Ok(self.next < self.candidates() || self.judged < self.tried.len())
    }

    /// Puts those of fewest multiply-accumulates first, of equals the least bound.
    fn sort_tried(&mut self) {
        let key = |at: usize| (self.tried[at].macs, self.tried[at].bound_bytes);
        let order = sorted_positions(self.tried.len(), &|one, other| key(one).cmp(&key(other)));
        self.tried = order.into_iter().map(|at| self.tried[at]).collect();
    }

    fn schedule<K: Kernels>(
        &mut self,
        session: &Session<K>,
        choice: ScheduleChoice,
    ) -> Result<(), Error> {
        match schedule::build(session.graph(), choice, &Session::<K>::options(self.accounting)) {
            Ok(schedule) => {
                let macs = schedule.macs();
                // What is live at once bounds the arena from below: most candidates are out by it.
                let bound_bytes = lower_bound_bytes(&schedule::exact_problem(&schedule).buffers);
                let peak_bytes = schedule.peak_bytes();
                self.tried.push(Tried { macs, bound_bytes, peak_bytes, choice });
            }
            Err(ScheduleError::Grid { .. } | ScheduleError::TooManySteps { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    /// Candidates come in order of their multiply-accumulates. Only one whose bound is below the
    /// least arena so far, or the least in patches, is placed; nothing is missed by that.
    fn place<K: Kernels>(&mut self, session: &Session<K>, tried: Tried) -> Result<(), Error> {
        let Tried { macs, bound_bytes, peak_bytes, choice } = tried;
        let least = self.front.last().map_or(u64::MAX, |candidate| candidate.arena_bytes);
        let least_patched = self.least_patched_for(choice);
        if bound_bytes >= least && least_patched.is_none_or(|least| bound_bytes >= least) {
            return Ok(());
        }
        let planned = session.plan(self.accounting.with_schedule(choice))?;
        let arena_bytes = planned.solution.height_bytes;
        let candidate = CandidateReport { choice, arena_bytes, peak_bytes, macs };
        if least_patched.is_some_and(|least| arena_bytes < least) {
            self.least_patched = Some(candidate);
        }
        if arena_bytes < least {
            // Of equal multiply-accumulates only the smallest arena stays.
            self.front.pop_if(|candidate| candidate.macs == macs);
            self.front.push(candidate);
        }
        Ok(())
    }

    /// The arena below which a choice is the least in patches; `None` where it cannot be: it is
    /// layer-wise, or a single patch where there are several.
    fn least_patched_for(&self, choice: ScheduleChoice) -> Option<u64> {
        if !matches!(choice, ScheduleChoice::Patched { .. }) {
            return None;
        }
        let Some(least) = self.least_patched else { return Some(u64::MAX) };
        match (is_one_patch(choice), is_one_patch(least.choice)) {
            (true, false) => None,
            (false, true) => Some(u64::MAX),
            _ => Some(least.arena_bytes),
        }
    }

    /// The least arena of a schedule in patches, also where the layer-wise one is smaller: of more
    /// than one patch where there is such a grid. `None` without a stage end, and before all steps
    /// are done perhaps not the least.
    #[must_use]
    pub const fn least_patched(&self) -> Option<&CandidateReport> {
        self.least_patched.as_ref()
    }

    /// The front of what was tried; the whole front once no step is left.
    #[must_use]
    pub fn finish<K: Kernels>(self, session: &Session<K>) -> FrontReport {
        FrontReport {
            accounting: self.accounting,
            tried: self.tried.len() as u64,
            least_peak_bytes: self.tried.iter().map(|tried| tried.peak_bytes).min().unwrap_or(0),
            macs_layerwise: session.report().macs,
            front: self.front,
        }
    }
}

/// Whether a patched schedule has a single patch, and so costs and saves nothing.
const fn is_one_patch(choice: ScheduleChoice) -> bool {
    matches!(choice, ScheduleChoice::Patched { rows: 1, columns: 1, .. })
}
