//! The ladder of planners, for one model.

use super::{Error, FrontSearch, Planned, Session};
use crate::{
    graph::{self, Graph, Passes},
    kernels::Kernels,
    report::{self, Rung, RungReport},
    schedule::{InputImage, PlanChoice, Planner, ScheduleChoice},
};

/// A comparison of all rungs that the caller drives step by step, so that it can show progress and
/// stop.
///
/// Each rung plans the graph that its idea is about: that of TensorFlow Lite Micro the one that is
/// stored, all others the one after all passes, whatever passes the session has.
pub struct RungSearch<K: Kernels> {
    /// The session of the others, where the given one has other passes.
    strict: Option<Session<K>>,
    input_image: InputImage,
    largest: u32,
    /// The patch search of the rung that is tried now.
    front: Option<FrontSearch>,
    found: Vec<RungReport>,
    next: usize,
    steps_done: usize,
    steps: usize,
}

impl<K: Kernels> RungSearch<K> {
    /// All rungs; the patched ones hold their input as told and try grids up to `largest` x
    /// `largest`.
    ///
    /// # Errors
    /// [`Error::LargestGrid`] where `largest` is beyond what is tried.
    pub fn new(session: &Session<K>, input_image: InputImage, largest: u32) -> Result<Self, Error> {
        let is_strict = session.passes() == Passes::default();
        let strict = if is_strict { None } else { Some(session.with_passes(Passes::default())?) };
        let session = strict.as_ref().unwrap_or(session);
        let candidates = FrontSearch::new(session, input_image, largest)?.len();
        let patched = Rung::ALL.iter().filter(|rung| rung.is_patched()).count();
        Ok(Self {
            strict,
            input_image,
            largest,
            front: None,
            found: Vec::new(),
            next: 0,
            steps_done: 0,
            steps: Rung::ALL.len() + patched * candidates,
        })
    }

    /// Steps done, and steps in all.
    #[must_use]
    pub const fn progress(&self) -> (usize, usize) {
        (self.steps_done, self.steps)
    }

    /// Goes one step on; `false` when all rungs are there.
    ///
    /// # Errors
    /// [`Error`] where a rung cannot be planned.
    pub fn step(&mut self, session: &Session<K>) -> Result<bool, Error> {
        let strict = self.strict.take();
        let goes_on = self.step_on(strict.as_ref().unwrap_or(session));
        self.strict = strict;
        goes_on
    }

    fn step_on(&mut self, session: &Session<K>) -> Result<bool, Error> {
        let Some(&rung) = Rung::ALL.get(self.next) else { return Ok(false) };
        self.steps_done += 1;
        if rung.is_patched() {
            let mut search = match self.front.take() {
                Some(search) => search,
                None => FrontSearch::new(session, self.input_image, self.largest)?
                    .with_accounting(PlanChoice::default().with_in_place(rung.in_place())),
            };
            if search.step(session)? {
                self.front = Some(search);
                return Ok(true);
            }
            self.take_smallest(session, rung, search)?;
        } else {
            let found = plain(session, rung)?;
            self.found.push(found);
        }
        self.next += 1;
        Ok(self.next < Rung::ALL.len())
    }

    /// The rungs, from the bottom of the ladder. A model without a stage end lacks the patched ones;
    /// where no schedule in patches is smaller than the layer-wise one, they show what patches cost.
    #[must_use]
    pub fn finish(self) -> Vec<RungReport> {
        self.found
    }

    fn take_smallest(
        &mut self,
        session: &Session<K>,
        rung: Rung,
        search: FrontSearch,
    ) -> Result<(), Error> {
        let least_patched = search.least_patched().copied();
        let front = search.finish(session);
        let patched = front
            .front
            .iter()
            .rev()
            .find(|point| matches!(point.choice, ScheduleChoice::Patched { .. }));
        let choice = patched.or(least_patched.as_ref());
        let choice = choice.map(|point| front.accounting.with_schedule(point.choice));
        if let Some(choice) = choice {
            let planned = session.plan(choice)?;
            self.found.push(rung_report(rung, session.passes(), session.graph(), &planned));
        }
        Ok(())
    }
}

fn plain<K: Kernels>(session: &Session<K>, rung: Rung) -> Result<RungReport, Error> {
    let choice = choice(rung);
    if rung != Rung::Tflm {
        let planned = session.plan(choice)?;
        return Ok(rung_report(rung, session.passes(), session.graph(), &planned));
    }
    let graph = graph::build(session.model(), Passes::NONE)?;
    let planned = Session::<K>::plan_graph(&graph, choice)?;
    Ok(rung_report(rung, Passes::NONE, &graph, &planned))
}

/// The plan that a rung asks for; of the patched ones, all but the schedule.
fn choice(rung: Rung) -> PlanChoice {
    let strict = PlanChoice::default().with_in_place(rung.in_place());
    match rung {
        Rung::NoReuse => strict.with_planner(Planner::NoReuse),
        Rung::PingPong => strict.with_planner(Planner::PingPong),
        Rung::Tflm => PlanChoice::TFLM,
        Rung::TinyEngine | Rung::TinyEngineElementWise => {
            PlanChoice::TINY_ENGINE.with_in_place(rung.in_place())
        }
        Rung::Exact | Rung::ExactInPlace => strict.with_planner(Planner::Exact),
        Rung::Reordered => {
            strict.with_schedule(ScheduleChoice::Reordered).with_planner(Planner::Exact)
        }
        Rung::Patches | Rung::PatchesInPlace => strict,
    }
}

fn rung_report(rung: Rung, passes: Passes, graph: &Graph, planned: &Planned) -> RungReport {
    let plan = report::plan_report(graph, planned.choice, &planned.schedule, &planned.solution);
    RungReport {
        rung,
        passes,
        choice: plan.choice,
        is_order_proven: plan.is_order_proven,
        arena_bytes: plan.arena_bytes,
        peak_bytes: plan.peak_bytes,
        scratch_bytes: plan.scratch_bytes,
        lower_bound_bytes: plan.lower_bound_bytes,
        macs: plan.macs,
        macs_layerwise: plan.macs_layerwise,
    }
}
