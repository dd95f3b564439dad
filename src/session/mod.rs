//! One open model: everything that the worker and the command line do with it. And beside it, a
//! file of buffers to place.
//!
//! The only way from the outside to the core. A session owns model, graph and prepared kernels;
//! changing a control makes a new schedule from the same graph.

mod error;
mod input;
mod outcome;
mod placement;
mod recorder;
mod resize;
mod rungs;
mod search;

pub use error::Error;
pub use placement::{MAX_PLACEMENT_BUFFERS, MAX_PLACEMENT_BYTES, Placement, PlanSearch};
pub use recorder::{Capture, Clock, Recorder};
pub use rungs::RungSearch;
pub use search::{FrontSearch, MOST_PATCHES_A_SIDE, SquareSearch};

use crate::{
    exec::{self, Checked, ExecError, Execution, Program, Trace},
    graph::{self, Graph, Passes},
    handover::{self, Format, HandOver},
    kernels::Kernels,
    model::{self, Limits, Model},
    plan::Solution,
    report::{self, ModelFacts, ModelReport, PaperReport, PlanReport, RunReport},
    schedule::{self, PlanChoice, Schedule},
};
use std::sync::Arc;

/// An open model, for one set of kernels.
pub struct Session<K: Kernels> {
    model: Arc<Model>,
    graph: Arc<Graph>,
    report: ModelReport,
    passes: Passes,
    limits: Limits,
    /// The graph made ready to run, or why it cannot.
    program: Result<Program<K>, ExecError>,
}

/// A schedule with its plan, ready to be shown or run.
#[derive(Clone, Debug)]
pub struct Planned {
    /// What was asked for.
    pub choice: PlanChoice,
    /// What is computed when.
    pub schedule: Arc<Schedule>,
    /// Where it lies.
    pub solution: Solution,
}

impl<K: Kernels> Session<K> {
    /// Opens a `.tflite` file.
    ///
    /// # Errors
    /// [`Error`] where the bytes are no model or its graph makes no sense. Operators that cannot
    /// run are no error here: see [`ModelReport::refusal`].
    pub fn open(bytes: Arc<[u8]>, passes: Passes, limits: Limits) -> Result<Self, Error> {
        let model = Arc::new(model::read(bytes, &limits)?);
        Self::from_model(model, passes, limits)
    }

    /// The same model with other passes.
    ///
    /// # Errors
    /// None that [`Session::open`] would not have had.
    pub fn with_passes(&self, passes: Passes) -> Result<Self, Error> {
        Self::from_model(Arc::clone(&self.model), passes, self.limits)
    }

    fn from_model(model: Arc<Model>, passes: Passes, limits: Limits) -> Result<Self, Error> {
        let graph = Arc::new(graph::build(&model, passes)?);
        let mut report = report::model_report(ModelFacts { model: &model, graph: &graph })?;
        let program = Program::new(Arc::clone(&graph), &limits);
        if let (None, Err(error)) = (&report.refusal, &program) {
            let problem = Error::from(error.clone()).problem();
            report.refusal = Some(report::Refusal { operator: None, problem });
        }
        Ok(Self { model, graph, report, passes, limits, program })
    }

    /// The model's figures.
    #[must_use]
    pub fn report(&self) -> &ModelReport {
        &self.report
    }

    /// The file.
    #[must_use]
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Which passes made the graph.
    #[must_use]
    pub const fn passes(&self) -> Passes {
        self.passes
    }

    /// The graph after passes.
    #[must_use]
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Schedules and plans, for this set of kernels: its scratch counts in the arena. A bare
    /// [`ScheduleChoice`](schedule::ScheduleChoice) has strict accounting.
    ///
    /// # Errors
    /// [`Error`] where the choice makes no sense for this model.
    pub fn plan(&self, choice: impl Into<PlanChoice>) -> Result<Planned, Error> {
        Self::plan_graph(&self.graph, choice.into())
    }

    /// The same for another graph of the model.
    fn plan_graph(graph: &Graph, choice: PlanChoice) -> Result<Planned, Error> {
        let schedule = Self::schedule_graph(graph, choice)?;
        let solution = schedule::solve(&schedule, choice.planner)?;
        Ok(Planned { choice, schedule: Arc::new(schedule), solution })
    }

    /// Schedules alone: for what asks for no addresses.
    ///
    /// # Errors
    /// [`Error`] where the choice makes no sense for this model.
    pub fn schedule(&self, choice: impl Into<PlanChoice>) -> Result<Schedule, Error> {
        Self::schedule_graph(&self.graph, choice.into())
    }

    fn schedule_graph(graph: &Graph, choice: PlanChoice) -> Result<Schedule, Error> {
        Ok(schedule::build(graph, choice.schedule, &Self::options(choice))?)
    }

    /// The figures of a plan.
    #[must_use]
    pub fn plan_report(&self, planned: &Planned) -> PlanReport {
        report::plan_report(&self.graph, planned.choice, &planned.schedule, &planned.solution)
    }

    /// A schedule's peaks as the MCUNetV2 paper counts them.
    #[must_use]
    pub fn paper_report(&self, schedule: &Schedule) -> PaperReport {
        report::paper_report(&self.graph, schedule)
    }

    /// Makes a file of a plan for another program. `name` is what the model is called: its file's
    /// name without the ending. `step_ms` are the times of a run of this plan, where there was one.
    ///
    /// # Errors
    /// [`Error::HandOver`] where the format cannot hold the plan.
    pub fn hand_over(
        &self,
        planned: &Planned,
        format: Format,
        name: &str,
        step_ms: Option<&[f64]>,
    ) -> Result<HandOver, Error> {
        let Planned { choice, schedule, solution } = planned;
        let (model, graph, planner) = (&*self.model, &*self.graph, choice.planner);
        let tflm = self.report.tflm_arena();
        let source =
            handover::Source { name, model, graph, schedule, solution, planner, step_ms, tflm };
        Ok(handover::hand_over(&source, format)?)
    }

    /// Checks a plan, once for all inferences of it.
    ///
    /// # Errors
    /// [`Error`] where the model cannot run, or the plan is not its own.
    pub fn check(&self, planned: &Planned) -> Result<Arc<Checked>, Error> {
        let schedule = Arc::clone(&planned.schedule);
        Ok(Arc::new(Checked::new(self.program()?, schedule, &planned.solution)?))
    }

    /// Starts an inference that the caller drives step by step, in an arena of exactly the planned
    /// bytes.
    ///
    /// # Errors
    /// [`Error`] where the model cannot run, the plan is not its own, or the inputs are not.
    pub fn start<'a, A: AsRef<[u8]> + AsMut<[u8]>>(
        &'a self,
        planned: &Planned,
        inputs: &'a [&'a [u8]],
        arena: A,
    ) -> Result<Execution<'a, K, A>, Error> {
        self.start_checked(&self.check(planned)?, inputs, arena)
    }

    /// The same with a plan that was checked before.
    ///
    /// # Errors
    /// [`Error`] where the model cannot run, the plan was checked for another one, or the inputs are
    /// not its own.
    pub fn start_checked<'a, A: AsRef<[u8]> + AsMut<[u8]>>(
        &'a self,
        checked: &Arc<Checked>,
        inputs: &'a [&'a [u8]],
        arena: A,
    ) -> Result<Execution<'a, K, A>, Error> {
        Ok(Execution::start(self.program()?, Arc::clone(checked), inputs, arena)?)
    }

    /// Runs an inference to its end.
    ///
    /// # Errors
    /// [`Error`] where the model cannot run, the inputs are not its own, or the recorder asked to
    /// stop.
    pub fn run(
        &self,
        planned: &Planned,
        inputs: &[&[u8]],
        arena: &mut [u8],
        recorder: &mut Recorder<'_>,
    ) -> Result<Trace, Error> {
        let checked = self.check(planned)?;
        Ok(exec::run(self.program()?, &checked, inputs, arena, recorder)?)
    }

    /// The figures of an inference.
    #[must_use]
    pub fn run_report(
        &self,
        planned: &Planned,
        trace: &Trace,
        recorder: &Recorder<'_>,
    ) -> RunReport {
        outcome::run_report(self, planned, trace, recorder, K::NAME)
    }

    /// A new arena of exactly the planned bytes.
    ///
    /// # Errors
    /// [`Error::Memory`] where this machine refuses the space.
    pub fn arena(planned: &Planned) -> Result<Vec<u8>, Error> {
        let bytes = planned.solution.height_bytes;
        let refused = || Error::Memory { bytes };
        let length = usize::try_from(bytes).map_err(|_range| refused())?;
        let mut arena = Vec::new();
        arena.try_reserve_exact(length).map_err(|_memory| refused())?;
        arena.resize(length, 0);
        Ok(arena)
    }

    /// Checks that the model can run.
    ///
    /// # Errors
    /// The reason why it cannot.
    pub fn check_runs(&self) -> Result<(), Error> {
        self.program().map(|_| ())
    }

    /// What schedules for this set of kernels may do.
    fn options(choice: PlanChoice) -> schedule::Options {
        let PlanChoice { in_place, scratch: scratch_of, alignment, .. } = choice;
        let scratch = K::in_place_scratch_bytes;
        schedule::Options { in_place, scratch, scratch_of, alignment }
    }

    fn program(&self) -> Result<&Program<K>, Error> {
        self.program.as_ref().map_err(|error| error.clone().into())
    }
}
