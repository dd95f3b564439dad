//! The benchmark: every set of kernels that runs here against every schedule at hand.
//!
//! Each set has a fresh worker of its own, so that all start alike and none disturbs the page's.
//! Schedules take turns in short rounds: what slows the machine for a while slows them all.

use super::{Action, AppState, Attachment, Effect};
use crate::{
    protocol::{Answer, Ask, JobId, Reply, Request},
    report::{Passes, PlanChoice, Problem, TimingReport},
    ui::kernel_set::KernelSet,
};
use std::collections::VecDeque;

/// How long each set runs each schedule before it counts: browsers compile what is hot meanwhile.
const WARM_UP_MS: f64 = 700.0;

/// How long a round is.
const ROUND_MS: f64 = 250.0;

/// How many rounds there are.
const ROUNDS: usize = 5;

/// What one set does with one schedule.
#[derive(Clone, Debug, PartialEq)]
pub struct BenchmarkLine {
    /// The set.
    pub set: KernelSet,
    /// The schedule.
    pub choice: PlanChoice,
    /// Its times, once there are any.
    pub timing: Option<TimingReport>,
    /// Why there are none, or no more.
    pub problem: Option<Problem>,
}

/// How far a benchmark is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Stage {
    /// It runs.
    Running,
    /// All rounds are done.
    Done,
    /// It was stopped; what was measured by then stands.
    Stopped,
}

/// A benchmark of the open model on the input.
#[derive(Clone, Debug, PartialEq)]
pub struct Benchmark {
    /// The lines of its table.
    pub lines: Vec<BenchmarkLine>,
    /// How far it is.
    pub stage: Stage,
    /// Tasks done.
    pub done: usize,
    /// Tasks in all.
    pub of: usize,
    tasks: VecDeque<Task>,
    awaited: Option<(JobId, Task)>,
}

/// One request to one worker.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Task {
    /// Open the model.
    Open(KernelSet, Passes),
    /// Take the inputs.
    Inputs(KernelSet),
    /// Run a line for its warm-up.
    WarmUp(usize),
    /// Time a line.
    Round(usize),
}

impl Benchmark {
    fn new(sets: &[KernelSet], choices: &[PlanChoice], passes: Passes) -> Self {
        let mut lines = Vec::new();
        for &choice in choices {
            let line = |&set| BenchmarkLine { set, choice, timing: None, problem: None };
            lines.extend(sets.iter().map(line));
        }
        let opening = sets.iter().flat_map(|&set| [Task::Open(set, passes), Task::Inputs(set)]);
        let mut tasks: VecDeque<Task> = opening.collect();
        tasks.extend((0..lines.len()).map(Task::WarmUp));
        for _ in 0..ROUNDS {
            tasks.extend((0..lines.len()).map(Task::Round));
        }
        let of = tasks.len();
        Self { lines, stage: Stage::Running, done: 0, of, tasks, awaited: None }
    }

    /// Whether it is under way.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.stage == Stage::Running
    }

    /// The sets that it compares.
    #[must_use]
    pub fn sets(&self) -> Vec<KernelSet> {
        let is_there = |set: &KernelSet| self.lines.iter().any(|line| line.set == *set);
        KernelSet::ALL.into_iter().filter(is_there).collect()
    }

    /// The times that there are.
    pub fn timings(&self) -> impl Iterator<Item = &TimingReport> {
        self.lines.iter().filter_map(|line| line.timing.as_ref())
    }

    /// Whether all sets and schedules gave the same outputs; `None` where there is nothing to
    /// compare.
    #[must_use]
    pub fn is_same_everywhere(&self) -> Option<bool> {
        let mut hashes = self.timings().map(|timing| &timing.outputs_sha256);
        let first = hashes.next()?;
        let mut others = hashes.peekable();
        others.peek()?;
        Some(others.all(|hash| hash == first))
    }

    fn set_of(&self, task: Task) -> KernelSet {
        match task {
            Task::Open(set, _) | Task::Inputs(set) => set,
            Task::WarmUp(line) | Task::Round(line) => self.lines[line].set,
        }
    }

    /// Gives up what is left of a set, or of a line.
    fn give_up(&mut self, is_meant: impl Fn(&BenchmarkLine) -> bool, problem: &Problem) {
        for line in self.lines.iter_mut().filter(|line| is_meant(line)) {
            line.problem = Some(problem.clone());
        }
        let is_lost = |task: &Task| match *task {
            Task::Open(set, _) | Task::Inputs(set) => {
                self.lines.iter().all(|line| line.set != set || line.problem.is_some())
            }
            Task::WarmUp(line) | Task::Round(line) => self.lines[line].problem.is_some(),
        };
        let before = self.tasks.len();
        self.tasks.retain(|task| !is_lost(task));
        self.done += before - self.tasks.len();
    }
}

impl AppState {
    /// Whether a benchmark could start.
    #[must_use]
    pub fn can_benchmark(&self) -> bool {
        let runs = self.model.as_ref().is_some_and(|model| model.report.refusal.is_none());
        runs && !self.inputs.is_empty() && !self.is_benchmarking()
    }

    /// Whether a benchmark is under way.
    #[must_use]
    pub fn is_benchmarking(&self) -> bool {
        self.benchmark.as_ref().is_some_and(Benchmark::is_running)
    }

    pub(super) fn benchmarks(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::StartBenchmark => self.start_benchmark(),
            Action::StopBenchmark => {
                if let Some(benchmark) = self.benchmark.as_mut().filter(|one| one.is_running()) {
                    benchmark.stage = Stage::Stopped;
                }
                Vec::new()
            }
            Action::CrewReplied { set, reply } => self.crew_replied(set, *reply),
            Action::CrewDied { set, why } => self.crew_died(set, &why),
            _ => Vec::new(),
        }
    }

    fn start_benchmark(&mut self) -> Vec<Effect> {
        if !self.can_benchmark() {
            return Vec::new();
        }
        let patched = self.patched_choice().filter(|_| self.plan_problem.is_none());
        let schedules = [self.layerwise_choice()].into_iter().chain(patched);
        let accounting = self.settings.accounting;
        let choices: Vec<_> = schedules.map(|choice| accounting.with_schedule(choice)).collect();
        let sets: Vec<KernelSet> = self.support.sets().collect();
        self.benchmark = Some(Benchmark::new(&sets, &choices, self.settings.passes));
        let mut effects = vec![Effect::StartCrew(sets)];
        effects.extend(self.next_task());
        effects
    }

    fn next_task(&mut self) -> Option<Effect> {
        let job = self.job_id();
        let benchmark = self.benchmark.as_mut().filter(|one| one.is_running())?;
        let Some(task) = benchmark.tasks.pop_front() else {
            benchmark.awaited = None;
            benchmark.stage = Stage::Done;
            return None;
        };
        benchmark.awaited = Some((job, task));
        let set = benchmark.set_of(task);
        let time = |line: usize, for_ms| {
            let choice = benchmark.lines[line].choice;
            (Request::Time { choice, for_ms }, Attachment::None)
        };
        let (request, attachment) = match task {
            Task::Open(_, passes) => (Request::Open { passes }, Attachment::OpenModel),
            Task::Inputs(_) => (Request::SetInputs, Attachment::Inputs),
            Task::WarmUp(line) => time(line, WARM_UP_MS),
            Task::Round(line) => time(line, ROUND_MS),
        };
        Some(Effect::AskCrew(set, Ask { job, request }, attachment))
    }

    fn crew_replied(&mut self, set: KernelSet, reply: Reply) -> Vec<Effect> {
        let Some(benchmark) = self.benchmark.as_mut().filter(|one| one.is_running()) else {
            return Vec::new();
        };
        let Some((_, task)) = benchmark.awaited.filter(|(job, _)| *job == reply.job) else {
            return Vec::new();
        };
        match (task, reply.answer) {
            (_, Answer::Progress { .. } | Answer::Ready { .. }) => return Vec::new(),
            (Task::Round(line), Answer::Timed { timing }) => {
                match &mut benchmark.lines[line].timing {
                    Some(sum) => sum.absorb(&timing),
                    none => *none = Some(*timing),
                }
            }
            (Task::WarmUp(line) | Task::Round(line), Answer::Failed { problem }) => {
                let (set, choice) = (benchmark.lines[line].set, benchmark.lines[line].choice);
                benchmark.give_up(|line| line.set == set && line.choice == choice, &problem);
            }
            (_, Answer::Failed { problem }) => {
                benchmark.give_up(|line| line.set == set, &problem);
            }
            _ => {}
        }
        benchmark.done += 1;
        self.next_task().into_iter().collect()
    }

    fn crew_died(&mut self, set: KernelSet, why: &str) -> Vec<Effect> {
        let Some(benchmark) = self.benchmark.as_mut().filter(|one| one.is_running()) else {
            return Vec::new();
        };
        benchmark.give_up(|line| line.set == set, &crate::text::page::worker_not_started(why));
        let waits_for_it = benchmark.awaited.is_some_and(|(_, task)| benchmark.set_of(task) == set);
        if !waits_for_it {
            return Vec::new();
        }
        benchmark.done += 1;
        self.next_task().into_iter().collect()
    }
}
