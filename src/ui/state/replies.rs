//! What the worker's answers do to the state.

use super::{
    AppState, Effect, InputFrom, Job, OpenModel, PlanKind, Purpose, Reading, TensorShown, Wanted,
    WorkerState,
};
use crate::{
    order::sorted_positions,
    protocol::{Answer, JobId, Reply},
    report::{
        ActivationReport, CandidateReport, ModelReport, PlanReport, Problem, ProblemKind,
        ProfileReport, RunReport,
    },
    ui::shared::Shared,
};

impl AppState {
    pub(super) fn replied(&mut self, reply: Reply, attachments: Vec<Vec<u8>>) -> Vec<Effect> {
        if let Answer::Ready { kernels } = reply.answer {
            self.worker = WorkerState::Ready { kernels };
            return Vec::new();
        }
        if let Answer::Progress { done, of } = reply.answer {
            if let Some(job) = self.jobs.iter_mut().find(|job| job.id == reply.job) {
                job.progress = Some((done, of));
            }
            return Vec::new();
        }
        if let Answer::PlacementImproved { .. } | Answer::ProofImproved { .. } = reply.answer {
            if let Some(job) = self.jobs.iter().find(|job| job.id == reply.job).copied() {
                match reply.answer {
                    answer @ Answer::ProofImproved { .. } => self.proving(job.purpose, answer),
                    answer => self.placed(job, answer, attachments),
                }
            }
            return Vec::new();
        }
        let Some(job) = self.take(reply.job) else {
            let has_opened = matches!(reply.answer, Answer::Opened { .. });
            return self.answered_late(reply.job, has_opened);
        };
        if self.out_of_step && job.purpose != Purpose::Open && !job.purpose.is_of_placement() {
            // It is about the model that the worker has, not the one that is shown.
            return Vec::new();
        }
        match reply.answer {
            Answer::Ready { .. } | Answer::Progress { .. } => Vec::new(),
            Answer::Rungs { rungs } => {
                self.rungs_found(job.purpose, rungs);
                Vec::new()
            }
            Answer::Paper { paper } => {
                self.paper_counted(job.purpose, paper);
                Vec::new()
            }
            answer @ (Answer::ProofImproved { .. } | Answer::ProofEnded { .. }) => {
                self.proving(job.purpose, answer);
                Vec::new()
            }
            Answer::Opened { model, keeps_inputs } => self.opened(job, *model, keeps_inputs),
            Answer::Planned { plan } if matches!(job.purpose, Purpose::Kept(_)) => {
                self.kept_planned(*plan);
                Vec::new()
            }
            Answer::Planned { plan } => self.planned(*plan),
            Answer::Candidates { candidates } if job.purpose == Purpose::Fit => {
                candidates.first().map_or_else(Vec::new, |found| self.fit_tried(Ok(*found)))
            }
            Answer::Candidates { candidates } => self.found(candidates),
            Answer::Front { front } => self.front_found(job.purpose, *front),
            Answer::InputSet { input } => self.input_set(*input, attachments),
            Answer::Ran { run } => self.ran(*run),
            Answer::Profiled { profile } => self.profiled(*profile),
            // Only the workers of a benchmark are asked for these.
            Answer::Timed { .. } => Vec::new(),
            Answer::Activation { activation } => self.shown(*activation, attachments),
            Answer::HandedOver { file_name, media_type } => {
                let bytes = attachments.into_iter().next().unwrap_or_default();
                vec![Effect::Save { file_name, media_type, bytes }]
            }
            answer @ (Answer::PlacementOpened { .. }
            | Answer::PlacementImproved { .. }
            | Answer::PlacementSearched { .. }) => {
                self.placed(job, answer, attachments);
                Vec::new()
            }
            Answer::Failed { problem } if job.purpose.is_of_placement() => {
                self.unplaced(problem);
                Vec::new()
            }
            Answer::Failed { problem } => self.failed(job, problem),
        }
    }

    fn take(&mut self, id: JobId) -> Option<Job> {
        let position = self.jobs.iter().position(|job| job.id == id)?;
        Some(self.jobs.remove(position))
    }

    fn opened(&mut self, job: Job, report: ModelReport, keeps_inputs: bool) -> Vec<Effect> {
        let reading = match job.purpose {
            Purpose::Open => self.reading.take(),
            _ => None,
        };
        let is_same = self.model.as_ref().is_some_and(|open| open.report.sha256 == report.sha256);
        let (source, file_name) = match (reading, &self.model) {
            (Some(Reading { source, file_name, .. }), _) => (source, file_name),
            (None, Some(open)) => (open.source, open.file_name.clone()),
            (None, None) => return Vec::new(),
        };
        // A graph with other passes is no file that was opened.
        let is_file = job.purpose == Purpose::Open;
        let link = if is_file { self.follow_link(source, &report.sha256, is_same) } else { None };
        let is_first = self.leave_numbers(is_same) || self.model.is_none();
        self.deaths = 0;
        self.out_of_step = false;
        let runs_again = self.has_quick_run() | std::mem::take(&mut self.run_again);
        if !is_same {
            self.rungs = None;
            self.pace_ms = None;
        }
        if !is_first && !is_same {
            self.settings.selected = None;
            self.settings.is_range_chosen = false;
            self.settings.patches.stage_end = None;
            self.input_from = None;
            self.run_when_input_set = false;
        } else if !is_first {
            self.run_when_input_set |= runs_again;
        }
        let is_by_link = std::mem::take(&mut self.is_link_unchecked) || link.is_some();
        if let Some(link) = link {
            self.settings.take_model_of(link);
        }
        self.settings.model = Self::link_to(source, &report.sha256);
        // The worker answers in turn: what was asked after the passes is about this graph already.
        let is_of_this = |one: &Job| job.purpose == Purpose::Passes && one.id > job.id;
        let coming: Vec<Job> = self.jobs.iter().copied().filter(is_of_this).collect();
        self.forget_figures();
        for job in coming {
            if !self.jobs.iter().any(|one| one.id == job.id) {
                self.jobs.push(job);
            }
        }
        self.problem = self.problem.take().filter(|problem| problem.kind == ProblemKind::Internal);
        self.model = Some(OpenModel { report: Shared::new(report), source, file_name });
        if is_by_link {
            self.check_link();
        }
        if !self.settings.is_range_chosen {
            self.settings.preprocessing.range = self.fitting_range();
        }
        if !is_same {
            self.labels_problem = None;
            self.follow_card(is_first);
        }
        let wanted = if is_file { self.wanted.take() } else { None };
        let mut effects = match wanted {
            Some(Wanted::Kept(choice, passes)) => self.take_plan(choice, passes),
            wanted => {
                if let Some(Wanted::Schedule(schedule)) = wanted {
                    self.settings.apply(schedule);
                }
                self.ask_plans()
            }
        };
        if job.purpose == Purpose::Passes && self.job(|one| one == Purpose::Input).is_some() {
            return effects;
        }
        if keeps_inputs && self.input.is_some() {
            if std::mem::take(&mut self.run_when_input_set) {
                effects.extend(self.run_shown());
            }
            return effects;
        }
        if !is_first && !is_same {
            effects.push(Effect::ForgetPictures);
        }
        effects.extend(self.first_input());
        effects
    }

    /// Makes the input of a sample model as its card says, and runs it at once.
    fn follow_card(&mut self, is_first: bool) {
        (self.is_live, self.live_waits) = (false, None);
        let Some(card) = self.card() else { return };
        self.run_when_input_set = true;
        if !is_first {
            self.settings.preprocessing = card.input.preprocessing();
        }
    }

    /// Forgets all that belongs to the graph as it was.
    pub(super) fn forget_figures(&mut self) {
        self.layerwise = None;
        self.patched = None;
        self.plan_problem = None;
        self.candidates = None;
        self.fronts = Vec::new();
        self.fit = None;
        self.paper = None;
        self.proof = None;
        self.benchmark = None;
        self.step = None;
        self.forget(|purpose| {
            purpose != Purpose::Open && purpose != Purpose::Passes && !purpose.is_of_placement()
        });
        self.forget_runs();
    }

    pub(super) fn forget_runs(&mut self) {
        self.layerwise_run = None;
        self.patched_run = None;
        self.last_run = None;
        self.profile = None;
        self.activation = None;
        self.activation_problem = None;
        self.is_activation_old = false;
        self.forget(|purpose| matches!(purpose, Purpose::Activation(_) | Purpose::Profile(_)));
    }

    fn planned(&mut self, plan: PlanReport) -> Vec<Effect> {
        match PlanKind::of(plan.choice.schedule) {
            PlanKind::Layerwise => self.layerwise = Some(Shared::new(plan)),
            PlanKind::Patched => self.patched = Some(Shared::new(plan)),
        }
        self.plan_problem = None;
        self.ask_activation()
    }

    fn found(&mut self, candidates: Vec<CandidateReport>) -> Vec<Effect> {
        let key = |place: usize| (candidates[place].arena_bytes, candidates[place].macs);
        let places = sorted_positions(candidates.len(), &|one, other| key(one).cmp(&key(other)));
        let candidates: Vec<_> = places.into_iter().map(|place| candidates[place]).collect();
        let best = candidates.first().map(|candidate| candidate.choice);
        self.candidates = Some(Shared::new(candidates));
        let Some(best) = best else { return Vec::new() };
        self.settings.apply(best);
        self.step = None;
        self.ask_plans()
    }

    fn input_set(&mut self, input: ActivationReport, attachments: Vec<Vec<u8>>) -> Vec<Effect> {
        self.change_input();
        self.input_from = self.asked_from.take().or(self.input_from.take());
        self.inputs = Shared::new(attachments.clone());
        self.input = Some(tensor(input, attachments));
        if std::mem::take(&mut self.run_when_input_set) { self.run_shown() } else { Vec::new() }
    }

    /// Forgets what was computed of the input before. Where pictures follow each other it stays until
    /// the next answers take its place, so that nothing on the page jumps under a pointer that draws.
    fn change_input(&mut self) {
        let is_moving = matches!(self.asked_from, Some(InputFrom::Drawing | InputFrom::Camera));
        if !is_moving || !self.run_when_input_set || self.run().is_none() {
            self.forget_runs();
            return;
        }
        // The other plan does not run now: its bytes would be compared with another input's.
        match self.settings.plan {
            PlanKind::Layerwise => self.patched_run = None,
            PlanKind::Patched => self.layerwise_run = None,
        }
        self.is_activation_old = true;
        self.forget(|purpose| matches!(purpose, Purpose::Activation(_) | Purpose::Profile(_)));
    }

    fn ran(&mut self, run: RunReport) -> Vec<Effect> {
        let kind = PlanKind::of(run.choice.schedule);
        self.pace_ms = Some(run.total_ms / run.macs.max(1) as f64);
        let accounting = self.settings.accounting;
        let is_wanted = |schedule| run.choice == accounting.with_schedule(schedule);
        self.kept_ran(&run);
        match kind {
            PlanKind::Layerwise if is_wanted(self.layerwise_choice()) => {
                self.layerwise_run = Some(Shared::new(run));
            }
            PlanKind::Patched if self.patched_choice().is_some_and(is_wanted) => {
                self.patched_run = Some(Shared::new(run));
            }
            PlanKind::Layerwise | PlanKind::Patched => {}
        }
        self.last_run = Some(kind);
        // An old one stays until its successor is there.
        if !self.is_activation_old {
            self.activation = None;
        }
        self.activation_problem = None;
        self.forget(|purpose| matches!(purpose, Purpose::Activation(_)));
        if self.job(|purpose| matches!(purpose, Purpose::Run(_))).is_some() {
            return Vec::new();
        }
        if let Some(live) = self.live_waits.take() {
            return self.take_live(live);
        }
        let mut effects = self.ask_activation();
        if !self.is_live {
            effects.extend(self.ask_profiles());
        }
        effects
    }

    /// The times of a repeated run take the place of those of the first, which was still cold.
    fn profiled(&mut self, profile: ProfileReport) -> Vec<Effect> {
        let runs = [&mut self.layerwise_run, &mut self.patched_run];
        for run in runs.into_iter().flatten().filter(|run| run.choice == profile.choice) {
            *run = timed(run, &profile);
        }
        self.kept_profiled(&profile);
        self.profile = Some(Shared::new(profile));
        Vec::new()
    }

    fn shown(&mut self, report: ActivationReport, attachments: Vec<Vec<u8>>) -> Vec<Effect> {
        self.activation = Some(tensor(report, attachments));
        self.is_activation_old = false;
        // The selection may have moved on while this one was on its way.
        self.ask_activation()
    }

    fn failed(&mut self, job: Job, problem: Problem) -> Vec<Effect> {
        if job.purpose == Purpose::Open {
            self.reading = None;
            self.wanted = None;
        }
        if problem.kind == ProblemKind::Cancelled {
            // The second of two runs is not wanted either; the first is awaited until it ends.
            if matches!(job.purpose, Purpose::Run(_)) {
                self.jobs
                    .retain(|other| !matches!(other.purpose, Purpose::Run(_)) || other.id < job.id);
            }
            return if job.purpose == Purpose::Open { self.back_in_step() } else { Vec::new() };
        }
        match job.purpose {
            Purpose::Plan(choice) => {
                match PlanKind::of(choice.schedule) {
                    PlanKind::Layerwise => self.layerwise = None,
                    PlanKind::Patched => self.patched = None,
                }
                self.plan_problem = Some(problem);
            }
            Purpose::Kept(choice) => {
                // Another plan may be kept by now.
                if let Some(kept) = self.settings.kept.clone().filter(|one| one.choice == choice) {
                    self.kept_problem = Some((kept, problem));
                }
            }
            Purpose::Activation(operator) => {
                self.activation = None;
                self.activation_problem = Some((operator, problem));
                // The selection may have moved on while this one was on its way.
                return if operator == self.selected() {
                    Vec::new()
                } else {
                    self.ask_activation()
                };
            }
            Purpose::Run(_) => {
                self.forget_runs();
                self.problem = Some(problem);
            }
            Purpose::Fit => return self.fit_tried(Err(problem)),
            // The times of the run itself stand.
            Purpose::Profile(_) => {}
            Purpose::Input => {
                self.live_waits = None;
                let was_picture = self.asked_from.take().is_none_or(|from| from.is_picture());
                if was_picture && self.is_input_automatic {
                    return self.input(crate::ui::state::Action::ChooseNoise);
                }
                self.problem = Some(problem);
            }
            _ => self.problem = Some(problem),
        }
        if job.purpose == Purpose::Open { self.back_in_step() } else { Vec::new() }
    }
}

/// A run with the times of its repetitions.
pub(super) fn timed(run: &RunReport, profile: &ProfileReport) -> Shared<RunReport> {
    Shared::new(RunReport {
        repeats: profile.repeats,
        total_ms: profile.total_ms,
        operators: profile.operators.clone(),
        ..run.clone()
    })
}

fn tensor(report: ActivationReport, attachments: Vec<Vec<u8>>) -> TensorShown {
    let bytes = attachments.into_iter().next().unwrap_or_default();
    TensorShown { report: Shared::new(report), bytes: Shared::new(bytes) }
}
