//! The page's one state and everything that changes it: pure, without a browser.
//!
//! [`AppState::update`] takes an [`Action`] and returns the [`Effect`]s that it asks for; what a
//! component shows is a function of the state. Answers of the worker name a job, and those to
//! jobs that are no longer awaited are dropped here.

mod action;
mod benchmark;
pub mod finding;
mod fit;
mod front;
mod hand_over;
mod history;
mod kept;
mod ladder;
mod linked;
mod numbers;
mod opening;
mod placement;
mod planned;
mod replies;
mod samples;
mod saving;
mod settings;
pub mod sorting;
mod update;

#[cfg(test)]
mod kernels_tests;
#[cfg(test)]
mod tests;

pub use action::{Action, Attachment, Effect, InputFrom, Move, Source};
pub use benchmark::{Benchmark, BenchmarkLine, Stage};
pub use front::{FoundFront, FrontGoal};
pub use kept::{Compared, Pair, RunOn};
pub use ladder::{FoundRungs, PROOF_SECONDS, PaperShown, Proof, in_place_key};
pub use numbers::SharedNumbers;
pub use placement::{OpenPlacement, PlacementAction};
#[cfg(not(target_arch = "wasm32"))]
pub use samples::packed_cards;
#[cfg(target_arch = "wasm32")]
pub use samples::take_cards;
pub use samples::{
    BUNDLED, Bundled, CARDS_PATH, Judgement, Live, Sample, card_samples, cards_problem,
    picture_paths,
};
pub use saving::{Drawing, TableFile, TableOf};
pub use settings::{
    BUDGET_BYTES, ChosenPlan, FIRST_SIGHT_BYTES, ModelLink, OwnBlock, PatchSettings, PlanKind,
    Settings, Target, Theme,
};

use super::{
    kernel_set::{KernelSet, Support},
    shared::Shared,
    url::Misread,
};
use crate::{
    preprocess::ValueRange,
    protocol::{Ask, JobId, Request},
    report::{
        ActivationReport, CandidateReport, FitSearch, HandOverFormat, InputImage, ModelReport,
        OperatorReport, Passes, PlanChoice, PlanReport, Problem, ProfileReport, RunReport,
        ScheduleChoice,
    },
};

/// How the worker is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum WorkerState {
    /// It has not said that it listens.
    Starting,
    /// It listens.
    Ready {
        /// Its kernel set.
        kernels: String,
    },
    /// It died and is not started again.
    Stopped,
}

/// The model that is open.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenModel {
    /// Its figures.
    pub report: Shared<ModelReport>,
    /// Where its bytes are.
    pub source: Source,
    /// The file's name.
    pub file_name: String,
}

/// A model that is being read.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Where its bytes are.
    pub source: Source,
    /// The file's name.
    pub file_name: String,
    /// Bytes read.
    pub done: u64,
    /// Bytes in all; 0 while not known.
    pub of: u64,
}

/// How a model is to be shown once it is open.
#[derive(Clone, Debug, PartialEq)]
enum Wanted {
    /// In this schedule, counted as all is.
    Schedule(ScheduleChoice),
    /// As it was kept.
    Kept(PlanChoice, Passes),
}

/// What could not be fetched, to be tried once more.
#[derive(Clone, Debug, PartialEq)]
enum Unread {
    Model(Reading, Option<Wanted>),
    Sample(usize),
}

/// A tensor's bytes with their description.
#[derive(Clone, Debug, PartialEq)]
pub struct TensorShown {
    /// The description.
    pub report: Shared<ActivationReport>,
    /// The bytes.
    pub bytes: Shared<Vec<u8>>,
}

/// What a job is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Purpose {
    /// Opening the model that was read.
    Open,
    /// Building the graph anew.
    Passes,
    /// Planning.
    Plan(PlanChoice),
    /// Looking for the best square grid.
    Squares,
    /// Looking for the front with this accounting and the input held so, for a goal.
    Front(PlanChoice, InputImage, FrontGoal),
    /// Planning what may fit.
    Fit,
    /// Planning on all rungs with the input held so.
    Rungs(InputImage),
    /// Planning what is kept.
    Kept(PlanChoice),
    /// Counting a plan as the paper does.
    Paper(PlanChoice),
    /// Searching for the proof of a plan.
    Prove(PlanChoice),
    /// Setting the input.
    Input,
    /// Running.
    Run(PlanChoice),
    /// Timing operators.
    Profile(PlanChoice),
    /// Fetching an operator's output.
    Activation(u32),
    /// Making a file of the shown plan.
    HandOver(HandOverFormat),
    /// Opening buffers to place.
    OpenPlacement,
    /// Giving them to a worker that began anew.
    ReopenPlacement,
    /// Searching for a better plan of them.
    SearchPlacement,
}

/// A request whose answer is awaited.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Job {
    /// Its number.
    pub id: JobId,
    /// What it is for.
    pub purpose: Purpose,
    /// Units done and in all, once it has said so.
    pub progress: Option<(u64, u64)>,
    /// Whether it was asked to stop.
    pub cancelling: bool,
}

/// Everything that the page knows.
#[derive(Clone, Debug)]
pub struct AppState {
    /// What the visitor chose.
    pub settings: Settings,
    /// The sets of kernels that run here.
    pub support: Support,
    /// How the worker is.
    pub worker: WorkerState,
    /// The open model.
    pub model: Option<OpenModel>,
    /// The model that is being read.
    pub reading: Option<Reading>,
    /// Buffers of a file, which are shown instead of the model while they are open.
    pub placement: Option<OpenPlacement>,
    /// The link's numbers, which are shown in place of a model while there is none.
    numbers: Option<String>,
    /// The last link with numbers that was made.
    pub shared_numbers: Option<SharedNumbers>,
    /// The fragment of the one that was asked for last, of what is still shown.
    copying: Option<String>,
    /// The layer-wise plan.
    pub layerwise: Option<Shared<PlanReport>>,
    /// The last patch plan.
    pub patched: Option<Shared<PlanReport>>,
    /// Why the patch plan that is asked for does not exist.
    pub plan_problem: Option<Problem>,
    /// The sample that is loading.
    wanted_sample: Option<usize>,
    /// What could not be fetched.
    unread: Option<Unread>,
    /// What must be said of the last choice of how plans are counted.
    pub plan_note: Option<&'static str>,
    /// What the search for squares found.
    pub candidates: Option<Shared<Vec<CandidateReport>>>,
    /// The fronts that were found, one for each accounting and way to hold the input.
    pub fronts: Vec<FoundFront>,
    /// The last search for what would make a plan fit.
    fit: Option<FitSearch>,
    /// The rungs of the ladder that were found.
    pub rungs: Option<FoundRungs>,
    /// Plans that are or were kept, with their figures.
    kept: Vec<Compared>,
    /// Why the plan that is kept cannot be made.
    kept_problem: Option<(ChosenPlan, Problem)>,
    /// The last figures of the paper's count.
    paper: Option<PaperShown>,
    /// The last search for a proof.
    proof: Option<Proof>,
    /// The last layer-wise run on this input.
    pub layerwise_run: Option<Shared<RunReport>>,
    /// The last run in patches on this input.
    pub patched_run: Option<Shared<RunReport>>,
    /// Which of them was last.
    pub last_run: Option<PlanKind>,
    /// The times of operators in the last schedule that ran, and what they are measured by.
    pub profile: Option<Shared<ProfileReport>>,
    /// The last benchmark of the open model.
    pub benchmark: Option<Benchmark>,
    /// The input, as the network sees it.
    pub input: Option<TensorShown>,
    /// The bytes of all inputs.
    pub inputs: Shared<Vec<Vec<u8>>>,
    /// Where it comes from.
    pub input_from: Option<InputFrom>,
    /// The selected operator's output in the last run.
    pub activation: Option<TensorShown>,
    /// Whether it is that of the input before, shown until its successor is there.
    is_activation_old: bool,
    /// Why an operator's output in the last run is not there.
    pub activation_problem: Option<(u32, Problem)>,
    /// A problem to show.
    pub problem: Option<Problem>,
    /// A link's model that is not here.
    pub link_note: Option<ModelLink>,
    /// The hash of the model that a link asked for, where another file was opened.
    strayed_from: Option<String>,
    /// What of a link makes no sense.
    misread: Vec<Misread>,
    /// Whether the settings may still ask what the model does not have.
    is_link_unchecked: bool,
    /// That link's settings, for when its model opens.
    link: Option<Settings>,
    /// The jobs whose answers are awaited.
    pub jobs: Vec<Job>,
    step: Option<u32>,
    history: history::History,
    /// The name of the file of buffers that is being opened.
    placement_name: Option<String>,
    /// Columns and rows of the picture that the page keeps.
    picture: Option<(u32, u32)>,
    next_job: u32,
    next_seed: u32,
    run_when_input_set: bool,
    /// Whether another plan was chosen that is to be run as soon as it is there.
    run_when_planned: bool,
    /// How long a multiply-accumulate of the open model took in its last run, in milliseconds.
    pace_ms: Option<f64>,
    /// Whether the model that another worker opens is to be run as before.
    run_again: bool,
    /// Where the input comes from that the worker was asked to set.
    asked_from: Option<InputFrom>,
    /// Whether the page chose the input, not the visitor.
    is_input_automatic: bool,
    /// Openings that are no longer wanted and not answered yet.
    given_up: Vec<JobId>,
    /// Whether the worker has opened another model than the page shows.
    out_of_step: bool,
    /// How often the worker died since it last opened a model.
    deaths: u32,
    /// How the model that is being read is to be shown.
    wanted: Option<Wanted>,
    /// The visitor's own labels.
    own_labels: Option<samples::OwnLabels>,
    /// Why the labels that were given last do not do.
    pub labels_problem: Option<String>,
    /// Whether pictures follow each other: a stroke is being drawn, the camera is on.
    pub is_live: bool,
    /// The last of them, which came while the worker was busy.
    live_waits: Option<Live>,
    /// How often another input than the camera's pictures was chosen: it then has no more to do.
    pub n_choices: u32,
}

impl AppState {
    /// The state at first, and what it asks for.
    #[must_use]
    pub fn boot(mut settings: Settings, support: Support) -> (Self, Vec<Effect>) {
        let (bundled, link_note) = match &settings.model {
            ModelLink::Bundled(bundled) => (*bundled, None),
            absent => (&BUNDLED[0], Some(absent.clone())),
        };
        let is_own = matches!(link_note, Some(ModelLink::Own { .. }));
        let link = is_own.then(|| settings.clone());
        if link_note.is_some() {
            settings = settings.without_model();
        }
        let source = Source::Bundled(bundled);
        let state = Self {
            settings,
            support,
            worker: WorkerState::Starting,
            model: None,
            reading: Some(Reading {
                source,
                file_name: bundled.file_name.to_owned(),
                done: 0,
                of: 0,
            }),
            placement: None,
            placement_name: None,
            numbers: None,
            shared_numbers: None,
            copying: None,
            layerwise: None,
            patched: None,
            plan_problem: None,
            plan_note: None,
            wanted_sample: None,
            unread: None,
            candidates: None,
            fronts: Vec::new(),
            fit: None,
            rungs: None,
            kept: Vec::new(),
            kept_problem: None,
            paper: None,
            proof: None,
            history: history::History::default(),
            layerwise_run: None,
            patched_run: None,
            last_run: None,
            profile: None,
            benchmark: None,
            input: None,
            inputs: Shared::new(Vec::new()),
            input_from: None,
            activation: None,
            activation_problem: None,
            is_activation_old: false,
            problem: None,
            link_note,
            strayed_from: None,
            misread: Vec::new(),
            is_link_unchecked: true,
            link,
            jobs: Vec::new(),
            step: None,
            picture: None,
            next_job: 1,
            next_seed: update::FIRST_SEED,
            run_when_input_set: true,
            run_when_planned: false,
            pace_ms: None,
            run_again: false,
            asked_from: None,
            is_input_automatic: true,
            given_up: Vec::new(),
            out_of_step: false,
            deaths: 0,
            wanted: None,
            own_labels: None,
            labels_problem: None,
            is_live: false,
            live_waits: None,
            n_choices: 0,
        };
        (state, vec![Effect::Read(source)])
    }

    /// The set of kernels whose worker computes.
    #[must_use]
    pub fn kernel_set(&self) -> KernelSet {
        self.support.pick(self.settings.kernels)
    }

    /// The plan that is shown and judged; `None` while there is none.
    #[must_use]
    pub fn plan(&self) -> Option<&Shared<PlanReport>> {
        match self.settings.plan {
            PlanKind::Layerwise => self.layerwise.as_ref(),
            PlanKind::Patched => self.patched.as_ref(),
        }
    }

    /// Whether the shown plan is on its way.
    #[must_use]
    pub fn is_planning(&self) -> bool {
        let shown = self.settings.plan;
        self.jobs.iter().any(
            |job| matches!(job.purpose, Purpose::Plan(choice) if PlanKind::of(choice.schedule) == shown),
        )
    }

    /// The schedule that is asked for.
    #[must_use]
    pub fn choice(&self) -> Option<ScheduleChoice> {
        match self.settings.plan {
            PlanKind::Layerwise => Some(self.layerwise_choice()),
            PlanKind::Patched => self.patched_choice(),
        }
    }

    /// The schedule of whole layers that is asked for.
    #[must_use]
    pub const fn layerwise_choice(&self) -> ScheduleChoice {
        if self.settings.is_reordered {
            ScheduleChoice::Reordered
        } else {
            ScheduleChoice::Layerwise
        }
    }

    /// The patch schedule that is asked for.
    #[must_use]
    pub fn patched_choice(&self) -> Option<ScheduleChoice> {
        let patches = self.settings.patches;
        let stage_end = patches.stage_end?;
        let model = self.model.as_ref();
        let (rows, columns) = model.map_or((patches.rows, patches.columns), |model| {
            patches.grid_within(largest_grid(&model.report, stage_end))
        });
        Some(ScheduleChoice::Patched { stage_end, rows, columns, input_image: patches.input_image })
    }

    /// The run of the shown plan, else the other one.
    #[must_use]
    pub fn run(&self) -> Option<&Shared<RunReport>> {
        match self.settings.plan {
            PlanKind::Layerwise => self.layerwise_run.as_ref().or(self.patched_run.as_ref()),
            PlanKind::Patched => self.patched_run.as_ref().or(self.layerwise_run.as_ref()),
        }
    }

    /// Where the input comes from: what was chosen last, also while it loads.
    #[must_use]
    pub fn shown_from(&self) -> Option<InputFrom> {
        self.wanted_sample.map(InputFrom::Sample).or_else(|| self.input_from.clone())
    }

    /// Whether [`AppState::run`] ran the shown plan, not another one.
    #[must_use]
    pub fn is_run_of_plan(&self) -> bool {
        self.run().is_none_or(|run| Some(run.choice) == self.plan_choice())
    }

    /// The operator at which the shown plan needs most.
    #[must_use]
    pub fn peak_operator(&self) -> u32 {
        match (self.plan(), &self.model) {
            (Some(plan), _) => plan.neediest_operator().unwrap_or(0),
            (None, Some(model)) => model.report.peak_operator,
            (None, None) => 0,
        }
    }

    /// The selected operator: the visitor's, or the peak.
    #[must_use]
    pub fn selected(&self) -> u32 {
        let n_operators = self.model.as_ref().map_or(0, |model| model.report.operators.len());
        match self.settings.selected {
            Some(selected) if (selected as usize) < n_operators => selected,
            _ => self.peak_operator(),
        }
    }

    /// The step of the shown plan that is selected: the one the visitor chose, which may deliver a part
    /// of the input, else [`AppState::operator_step`].
    #[must_use]
    pub fn step(&self) -> Option<u32> {
        let steps = &self.plan()?.steps;
        let is_delivery =
            |step: &u32| steps.get(*step as usize).is_some_and(|step| step.operator.is_none());
        self.step.filter(is_delivery).or_else(|| self.operator_step())
    }

    /// Of the selected operator's steps in the shown plan the one the visitor chose, or the one at which
    /// most is live.
    #[must_use]
    pub fn operator_step(&self) -> Option<u32> {
        let plan = self.plan()?;
        let selected = Some(self.selected());
        let is_of_selected = |step: &u32| {
            plan.steps.get(*step as usize).is_some_and(|step| step.operator == selected)
        };
        self.step
            .filter(is_of_selected)
            .or_else(|| plan.neediest_step(|step| step.operator == selected))
    }

    /// The operator with that number.
    #[must_use]
    pub fn operator(&self, index: u32) -> Option<&OperatorReport> {
        self.model.as_ref()?.report.operators.get(index as usize)
    }

    /// The awaited job of that sort, if there is one.
    #[must_use]
    pub fn job(&self, is_meant: impl Fn(Purpose) -> bool) -> Option<Job> {
        self.jobs.iter().find(|job| is_meant(job.purpose)).copied()
    }

    /// Whether the network's input is a picture.
    #[must_use]
    pub fn takes_picture(&self) -> bool {
        let dims = self.model.as_ref().and_then(|model| {
            let input = model.report.inputs.first()?;
            model.report.tensors.get(input.index()).map(|tensor| tensor.shape.clone())
        });
        // Spectrograms are maps of one channel too, but small and seldom square.
        match dims.as_deref() {
            Some([1, height, width, 3]) => height.min(width) >= &8,
            Some([1, height, width, 1]) => (height == width && height >= &16) || self.takes_sound(),
            _ => false,
        }
    }

    /// The range of values for which the model's input is made.
    fn fitting_range(&self) -> ValueRange {
        let quantization = self.model.as_ref().and_then(|model| model.report.input_quantization());
        quantization.map_or_else(ValueRange::default, |one| {
            ValueRange::fitting(f64::from(one.scale), one.zero_point)
        })
    }

    fn ask(&mut self, purpose: Purpose, request: Request, attachment: Attachment) -> Effect {
        let id = self.job_id();
        self.jobs.push(Job { id, purpose, progress: None, cancelling: false });
        Effect::Ask(Ask { job: id, request }, attachment)
    }

    fn job_id(&mut self) -> JobId {
        let id = JobId(self.next_job);
        self.next_job = self.next_job.wrapping_add(1).max(1);
        id
    }

    /// Forgets jobs of a sort: their answers will be dropped.
    fn forget(&mut self, is_meant: impl Fn(Purpose) -> bool) {
        self.jobs.retain(|job| !is_meant(job.purpose));
    }
}

/// A stage end to begin with: the earliest after which at most half of the model's peak is needed,
/// as halos grow with every operator; else the one after which least is needed.
#[must_use]
pub fn default_stage_end(model: &ModelReport) -> Option<u32> {
    let is_spatial = |operator: &OperatorReport| matches!(operator.output_shape[..], [1, height, width, _] if height >= 4 && width >= 4);
    let cost = |stage_end: u32| {
        let later = model.operators.iter().filter(|operator| operator.index > stage_end);
        let tail = later.map(|operator| operator.live_bytes).max().unwrap_or(0);
        let split = model.operators.get(stage_end as usize).and_then(|operator| {
            let output = operator.outputs.first()?;
            model.tensors.get(output.index()).map(|tensor| tensor.bytes)
        });
        tail.max(split.unwrap_or(0))
    };
    let spatial = model.stage_ends.iter().copied().filter(|&stage_end| {
        stage_end > 0 && model.operators.get(stage_end as usize).is_some_and(is_spatial)
    });
    let spatial: Vec<u32> = spatial.collect();
    let is_enough = |&stage_end: &u32| cost(stage_end) <= model.peak_bytes / 2;
    let first = spatial.iter().copied().find(is_enough);
    let least = || spatial.iter().copied().min_by_key(|&stage_end| (cost(stage_end), stage_end));
    first.or_else(least).or_else(|| model.stage_ends.first().copied())
}

/// Rows and columns of the map that a stage end assembles: the largest grid there.
#[must_use]
pub fn largest_grid(model: &ModelReport, stage_end: u32) -> (u32, u32) {
    let dims = model.operators.get(stage_end as usize).map(|operator| &operator.output_shape[..]);
    match dims {
        Some([.., height, width, _]) => {
            (u32::try_from(*height).unwrap_or(1), u32::try_from(*width).unwrap_or(1))
        }
        _ => (1, 1),
    }
}
