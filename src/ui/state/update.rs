//! What an action does to the state.

use super::{
    Action, AppState, Attachment, Bundled, Effect, InputFrom, ModelLink, Move, OwnBlock, PlanKind,
    Purpose, Source, default_stage_end,
};
use crate::{
    preprocess::Preprocessing,
    protocol::{Answer, Ask, JobId, Request},
    report::{PlanChoice, ScheduleChoice},
    text::page,
    ui::shared::Shared,
};

/// Another input or plan leads to another run by itself while runs are this short.
const QUICK_RUN_MS: f64 = 500.0;

/// The seed of the first noise for a model that has just been opened.
pub(super) const FIRST_SEED: u32 = 1;

impl AppState {
    /// Does what the action says, and returns what that asks of the world.
    pub fn update(&mut self, action: Action) -> Vec<Effect> {
        // What the graph's own answer settles is no choice of the visitor's.
        let is_opened = matches!(&action, Action::Replied { reply, .. }
            if matches!(reply.answer, Answer::Opened { .. }));
        let is_way_back = matches!(action, Action::Undo | Action::Redo);
        if self.refuse_without_file(&action) {
            return Vec::new();
        }
        let before = self.settings.clone();
        let choice = self.plan_choice();
        let mut effects = self.act(action);
        self.run_when_planned |= self.pace_ms.is_some() && self.plan_choice() != choice;
        if !is_way_back && (!is_opened || before.model != self.settings.model) {
            self.remember(&before);
        }
        let (old, new) = (&before, &self.settings);
        if self.plan_choice() != choice || (old.target, &old.blocks) != (new.target, &new.blocks) {
            self.forget_shared_numbers();
        }
        effects.extend(self.run_planned());
        effects.extend(self.ask_paper());
        self.note_kept();
        effects.extend(self.ask_kept());
        effects
    }

    fn act(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::Replied { reply, attachments } => self.replied(*reply, attachments),
            Action::ChooseFile { .. }
            | Action::ReadProgress { .. }
            | Action::ReadDone { .. }
            | Action::ReadFailed { .. }
            | Action::CancelRead => self.reading(action),
            Action::OpenBundled(..)
            | Action::SetLabels(_)
            | Action::LabelsUnread { .. }
            | Action::DismissLabels
            | Action::Lively(_) => self.sampled(action),
            Action::WorkerDied { why } => self.worker_died(&why),
            Action::CancelTimedOut { job } => self.cancel_timed_out(job),
            Action::Cancel { job } => self.cancel(job),
            Action::DismissProblem => {
                self.problem = None;
                Vec::new()
            }
            Action::DismissLinkNote => {
                self.dismiss_link_notes();
                Vec::new()
            }
            Action::SetTarget(target) => {
                self.settings.target = target;
                Vec::new()
            }
            Action::AddBlock(block) => {
                if self.settings.blocks.len() < OwnBlock::MOST {
                    self.settings.blocks.push(block);
                }
                Vec::new()
            }
            Action::RemoveBlock(place) => {
                if place < self.settings.blocks.len() {
                    self.settings.blocks.remove(place);
                }
                Vec::new()
            }
            Action::SetAccounting(accounting) => self.set_accounting(accounting),
            Action::TakePreset(preset) => self.take_preset(preset),
            Action::CompareRungs => self.compare_rungs(),
            Action::TakeRung(rung) => self.take_rung(rung),
            Action::Prove => self.prove(),
            Action::Undo => self.undo(),
            Action::Redo => self.redo(),
            Action::SetLetters(_) | Action::SetTheme(_) | Action::NextTheme => {
                self.set_habits(&action);
                Vec::new()
            }
            Action::SetKernels(kernels) => self.set_kernels(kernels),
            Action::Select(_) | Action::SelectStep(_) | Action::Move(_) => self.select(&action),
            Action::SampleUnread { sample, why } => self.sample_unread(sample, &why),
            Action::TryAgain => self.try_again(),
            Action::ChooseSample(_)
            | Action::ChooseNoise
            | Action::PictureDecoded { .. }
            | Action::PictureFailed { .. }
            | Action::Unheard(_)
            | Action::SetPreprocessing(_) => self.input(action),
            Action::Place(action) => self.place(action),
            Action::StartBenchmark
            | Action::StopBenchmark
            | Action::CrewReplied { .. }
            | Action::CrewDied { .. } => self.benchmarks(action),
            Action::FindFront(goal) => self.find_front(goal),
            Action::HandOver(format) => self.hand_over(format),
            Action::SaveDrawing(_)
            | Action::SaveTable(..)
            | Action::Print
            | Action::SaveReport
            | Action::ShareNumbers
            | Action::Copied { .. } => self.leave(action),
            Action::Run => self.run_shown(),
            Action::RunBoth => self.run_both(),
            other => self.plan_changed(&other),
        }
    }

    /// What the visitor is used to: colours, keys.
    fn set_habits(&mut self, action: &Action) {
        match action {
            Action::SetLetters(are_on) => self.settings.are_letters_off = !are_on,
            Action::SetTheme(theme) => self.settings.theme = *theme,
            _ => self.settings.theme = self.settings.theme.next(),
        }
    }

    /// Stops a job; of two runs that belong together, both, and so of the front and the search for what
    /// would fit, which is forgotten: half of it would be told as all.
    pub(super) fn cancel(&mut self, id: JobId) -> Vec<Effect> {
        let Some(meant) = self.jobs.iter().find(|job| job.id == id && !job.cancelling).copied()
        else {
            return Vec::new();
        };
        let is_run = |purpose| matches!(purpose, Purpose::Run(_));
        let is_fit = |purpose| matches!(purpose, Purpose::Fit | Purpose::Front(..));
        let ends_fit = is_fit(meant.purpose) && self.fit.take().is_some();
        self.run_when_planned &= !is_run(meant.purpose);
        let mut stopped = Vec::new();
        for job in self.jobs.iter_mut().filter(|job| !job.cancelling) {
            let is_beside =
                (is_run(meant.purpose) && is_run(job.purpose)) || (ends_fit && is_fit(job.purpose));
            if job.id == id || is_beside {
                job.cancelling = true;
                stopped.push(job.id);
            }
        }
        let mut effects = Vec::new();
        for job in stopped {
            let ask = Ask { job: self.job_id(), request: Request::Cancel { job } };
            effects.push(Effect::Ask(ask, Attachment::None));
        }
        effects.push(Effect::WaitForCancel(id));
        effects
    }

    fn cancel_timed_out(&mut self, id: JobId) -> Vec<Effect> {
        if self.jobs.iter().any(|job| job.id == id && job.cancelling) {
            let effects = self.restart();
            if effects.is_empty() {
                self.problem = Some(page::worker_stopped(page::NOT_HEARD));
            }
            effects
        } else {
            Vec::new()
        }
    }

    fn select(&mut self, action: &Action) -> Vec<Effect> {
        let Some(model) = &self.model else { return Vec::new() };
        let last = u32::try_from(model.report.operators.len()).unwrap_or(0).saturating_sub(1);
        match action {
            Action::SelectStep(step) => {
                let steps = self.plan().map(|plan| &plan.steps);
                let Some(one) = steps.and_then(|steps| steps.get(*step as usize)) else {
                    return Vec::new();
                };
                // Deliveries of a part of the input belong to no operator: the one that is selected stays.
                self.settings.selected = one.operator.or(self.settings.selected);
                self.step = Some(*step);
            }
            Action::Select(operator) => self.settings.selected = Some((*operator).min(last)),
            Action::Move(Move::Peak) => self.settings.selected = Some(self.peak_operator()),
            Action::Move(Move::First) => self.settings.selected = Some(0),
            Action::Move(Move::Last) => self.settings.selected = Some(last),
            Action::Move(Move::Previous) => {
                self.settings.selected = Some(self.selected().saturating_sub(1));
            }
            Action::Move(Move::Next) => {
                self.settings.selected = Some((self.selected() + 1).min(last));
            }
            _ => {}
        }
        if !matches!(action, Action::SelectStep(_)) {
            self.step = None;
        }
        self.ask_activation()
    }

    /// Asks for the selected operator's output, unless it is there or there is none.
    pub(super) fn ask_activation(&mut self) -> Vec<Effect> {
        let selected = self.selected();
        let is_of_selected =
            self.activation.as_ref().is_some_and(|shown| shown.report.operator == Some(selected));
        let is_shown = is_of_selected && !self.is_activation_old;
        let is_awaited = self.job(|purpose| matches!(purpose, Purpose::Activation(_))).is_some();
        let is_computed = self.operator(selected).is_some_and(|one| one.removed_by.is_none());
        if self.last_run.is_none() || is_shown || is_awaited || !is_computed {
            return Vec::new();
        }
        let request = Request::Activation { operator: Some(selected) };
        vec![self.ask(Purpose::Activation(selected), request, Attachment::None)]
    }

    pub(super) fn input(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::ChooseSample(sample) => {
                self.choose(false);
                self.is_input_automatic = false;
                self.wanted_sample = Some(sample);
                // The samples of a sample model are there to be answered.
                self.run_when_input_set |= self.card().is_some();
                return vec![Effect::LoadSample(sample)];
            }
            Action::PictureDecoded { from, width, height } => {
                if from != InputFrom::Camera {
                    self.choose(from == InputFrom::Drawing);
                }
                self.is_input_automatic &= matches!(from, InputFrom::Sample(_));
                if !self.is_input_automatic {
                    // What was wrong with another input is over.
                    self.problem = None;
                }
                self.wanted_sample = None;
                let preprocessing = self.preprocessing_of(&from);
                self.asked_from = Some(from);
                self.picture = Some((width, height));
                let request = Request::SetPicture { width, height, preprocessing };
                return self.set_input(request, Attachment::Picture);
            }
            Action::ChooseNoise => {
                self.choose(false);
                let seed = self.next_seed;
                self.wanted_sample = None;
                self.next_seed = seed.wrapping_add(1);
                self.is_input_automatic = false;
                self.asked_from = Some(InputFrom::Noise(seed));
                let mut effects = vec![Effect::ForgetPictures];
                effects.extend(self.set_input(Request::SetNoise { seed }, Attachment::None));
                return effects;
            }
            Action::PictureFailed { .. } if self.is_input_automatic => {
                return self.input(Action::ChooseNoise);
            }
            Action::PictureFailed { why } => {
                self.wanted_sample = None;
                self.problem = Some(page::picture_undecoded(&why));
            }
            Action::Unheard(problem) => self.problem = Some(problem),
            Action::SetPreprocessing(preprocessing) => {
                self.settings.is_range_chosen |=
                    preprocessing.range != self.settings.preprocessing.range;
                self.settings.preprocessing = preprocessing;
                let from = self.asked_from.clone().or_else(|| self.input_from.clone());
                if let Some(from) = from.filter(InputFrom::is_picture) {
                    let preprocessing = self.preprocessing_of(&from);
                    self.asked_from = Some(from);
                    let request = Request::SetPreprocessing { preprocessing };
                    return self.set_input(request, Attachment::None);
                }
            }
            _ => {}
        }
        Vec::new()
    }

    /// Another input is chosen: what moved before, and has not been taken yet, is not wanted any more.
    fn choose(&mut self, is_drawing: bool) {
        self.live_waits = None;
        self.is_live &= is_drawing;
        self.n_choices = self.n_choices.wrapping_add(1);
    }

    /// What happens to a picture from there: drawings are normalised as the card says.
    fn preprocessing_of(&self, from: &InputFrom) -> Preprocessing {
        let chosen = self.settings.preprocessing;
        match from {
            InputFrom::Drawing => {
                Preprocessing { fit: self.drawing_fit(), is_inverted: false, ..chosen }
            }
            _ => chosen,
        }
    }

    fn set_input(&mut self, request: Request, attachment: Attachment) -> Vec<Effect> {
        if self.model.is_none() {
            return Vec::new();
        }
        if self.has_quick_run() {
            self.run_when_input_set = true;
        }
        self.forget(|purpose| purpose == Purpose::Input);
        vec![self.ask(Purpose::Input, request, attachment)]
    }

    /// Whether there is a run that was short enough to be done again without being asked for.
    pub(super) fn has_quick_run(&self) -> bool {
        self.run().is_some_and(|run| run.total_ms < QUICK_RUN_MS)
    }

    /// The input of a model that has just been opened.
    pub(super) fn first_input(&mut self) -> Vec<Effect> {
        self.input = None;
        self.inputs = Shared::new(Vec::new());
        self.asked_from = None;
        // Whoever opens a model once more meets the same noise.
        self.next_seed = match self.input_from {
            Some(InputFrom::Noise(seed)) => seed,
            _ => FIRST_SEED,
        };
        if self.model.as_ref().is_none_or(|model| model.report.refusal.is_some()) {
            return Vec::new();
        }
        let effects = self.chosen_input();
        self.is_input_automatic = true;
        effects
    }

    fn chosen_input(&mut self) -> Vec<Effect> {
        if let (
            Some(from @ (InputFrom::Own(_) | InputFrom::Drawing | InputFrom::Camera)),
            Some((width, height)),
        ) = (self.input_from.clone(), self.picture)
        {
            self.input(Action::PictureDecoded { from, width, height })
        } else if self.takes_picture() {
            let sample = match self.input_from {
                Some(InputFrom::Sample(sample)) => sample,
                _ => 0,
            };
            vec![Effect::LoadSample(sample)]
        } else {
            self.input(Action::ChooseNoise)
        }
    }

    pub(super) fn run_shown(&mut self) -> Vec<Effect> {
        match self.plan_choice() {
            Some(choice) => self.run_choices(&[choice]),
            None => Vec::new(),
        }
    }

    pub(super) fn run_choices(&mut self, choices: &[PlanChoice]) -> Vec<Effect> {
        let can_run = self.model.as_ref().is_some_and(|model| model.report.refusal.is_none());
        let is_running = self.job(|purpose| matches!(purpose, Purpose::Run(_))).is_some();
        if !can_run || self.input.is_none() || is_running {
            return Vec::new();
        }
        let run = |&choice: &PlanChoice| {
            self.ask(Purpose::Run(choice), Request::Run { choice }, Attachment::None)
        };
        choices.iter().map(run).collect()
    }

    /// Whether the shown plan is expected to run quickly, going by the pace of the last run.
    #[must_use]
    pub fn runs_quickly(&self) -> bool {
        let expected_ms = self.plan().zip(self.pace_ms).map(|(plan, pace)| plan.macs as f64 * pace);
        expected_ms.is_some_and(|expected_ms| expected_ms < QUICK_RUN_MS)
    }

    /// Runs the plan that was chosen after another one had run, as soon as it is there and nothing else
    /// is under way; unless that would take long.
    fn run_planned(&mut self) -> Vec<Effect> {
        let choice = self.plan_choice();
        let is_there = self.plan().is_some_and(|plan| Some(plan.choice) == choice);
        let is_busy = |purpose| {
            let is_input = matches!(purpose, Purpose::Input | Purpose::Passes);
            is_input || matches!(purpose, Purpose::Run(_) | Purpose::Prove(_))
        };
        let waits = self.is_live || self.out_of_step || self.job(is_busy).is_some();
        if !self.run_when_planned || !is_there || waits {
            return Vec::new();
        }
        self.run_when_planned = false;
        let has_run = self.run().is_some_and(|run| Some(run.choice) == choice);
        if has_run || !self.runs_quickly() { Vec::new() } else { self.run_shown() }
    }

    /// Ends the measuring of times, where it is under way: something else is more urgent.
    pub(super) fn stop_profiles(&mut self) -> Vec<Effect> {
        let is_profile = |purpose| matches!(purpose, Purpose::Profile(_));
        let jobs = self.jobs.iter().filter(|job| is_profile(job.purpose));
        let jobs: Vec<JobId> = jobs.map(|job| job.id).collect();
        self.forget(is_profile);
        let stop = |job| {
            let ask = Ask { job: self.job_id(), request: Request::Cancel { job } };
            Effect::Ask(ask, Attachment::None)
        };
        jobs.into_iter().map(stop).collect()
    }

    /// Asks for better times of the runs that are shown: those of one run are a clock's steps.
    pub(super) fn ask_profiles(&mut self) -> Vec<Effect> {
        self.forget(|purpose| matches!(purpose, Purpose::Profile(_)));
        let runs = [&self.patched_run, &self.layerwise_run].into_iter().flatten();
        let cold = runs.filter(|run| run.repeats == 1).map(|run| run.choice);
        let mut choices: Vec<PlanChoice> = cold.collect();
        choices.extend(self.cold_kept_run().filter(|choice| !choices.contains(choice)));
        let ask = |choice| {
            self.ask(Purpose::Profile(choice), Request::Profile { choice }, Attachment::None)
        };
        choices.into_iter().map(ask).collect()
    }

    fn plan_changed(&mut self, action: &Action) -> Vec<Effect> {
        match *action {
            Action::SetPasses(passes) => {
                let before = self.settings.passes;
                self.settings.passes = passes;
                return self.with_passes(before);
            }
            Action::SetReordered(is_reordered) => self.settings.is_reordered = is_reordered,
            Action::ShowPlan(kind) => self.settings.plan = kind,
            Action::TogglePlan => {
                self.settings.plan = match self.settings.plan {
                    PlanKind::Layerwise => PlanKind::Patched,
                    PlanKind::Patched => PlanKind::Layerwise,
                };
            }
            Action::SetStageEnd(stage_end) => self.settings.patches.stage_end = Some(stage_end),
            Action::MoveStageEnd(by) => self.move_stage_end(by),
            Action::SetGrid { rows, columns } => {
                self.settings.patches.rows = rows.clamp(1, page::LARGEST_SIDE);
                self.settings.patches.columns = columns.clamp(1, page::LARGEST_SIDE);
            }
            Action::SetInputImage(input_image) => {
                if self.settings.patches.input_image != input_image {
                    // What was found was found for the other.
                    self.candidates = None;
                }
                self.settings.patches.input_image = input_image;
            }
            Action::Apply(choice) => self.settings.apply(choice),
            Action::TrySquares => return self.try_squares(),
            Action::KeepPlan | Action::SwapKept | Action::ShowKept | Action::ForgetKept => {
                return self.keeping(action);
            }
            Action::FindFit => return self.find_fit(),
            Action::Take(choice) => return self.take_plan(choice, self.settings.passes),
            _ => {}
        }
        self.step = None;
        let mut effects = self.ask_plans();
        effects.extend(self.ask_activation());
        effects
    }

    fn move_stage_end(&mut self, by: i32) {
        let (Some(model), Some(current)) = (&self.model, self.settings.patches.stage_end) else {
            return;
        };
        let ends = &model.report.stage_ends;
        let next = if by < 0 {
            ends.iter().rev().find(|&&end| end < current)
        } else {
            ends.iter().find(|&&end| end > current)
        };
        if let Some(&next) = next {
            self.settings.patches.stage_end = Some(next);
        }
    }

    fn try_squares(&mut self) -> Vec<Effect> {
        let is_searching = self.job(|purpose| purpose == Purpose::Squares).is_some();
        let has_stages = self.model.as_ref().is_some_and(|one| !one.report.stage_ends.is_empty());
        if is_searching || !has_stages {
            return Vec::new();
        }
        let request = Request::TrySquares {
            accounting: self.settings.accounting,
            input_image: self.settings.patches.input_image,
            largest: page::LARGEST_SQUARE,
        };
        vec![self.ask(Purpose::Squares, request, Attachment::None)]
    }

    /// Asks for the plans that are wanted and not there, with settings that suit the model.
    pub(super) fn ask_plans(&mut self) -> Vec<Effect> {
        let Some(report) = self.model.as_ref().map(|model| model.report.clone()) else {
            return Vec::new();
        };
        let patches = &mut self.settings.patches;
        if patches.stage_end.is_none_or(|end| !report.stage_ends.contains(&end)) {
            patches.stage_end = default_stage_end(&report);
        }
        if patches.stage_end.is_none() {
            self.settings.plan = PlanKind::Layerwise;
        }
        let mut asks = Vec::new();
        asks.extend(self.ask_plan(self.layerwise_choice()));
        if self.settings.plan == PlanKind::Patched
            && let Some(choice) = self.patched_choice()
        {
            asks.extend(self.ask_plan(choice));
        }
        // The visitor waits for a plan, not for the times of the one before.
        let mut effects = if asks.is_empty() { Vec::new() } else { self.stop_profiles() };
        effects.extend(asks);
        effects
    }

    /// Asks for a plan, unless it is there or on its way.
    fn ask_plan(&mut self, schedule: ScheduleChoice) -> Option<Effect> {
        let choice = self.settings.accounting.with_schedule(schedule);
        let kind = PlanKind::of(schedule);
        let (plan, run) = match kind {
            PlanKind::Layerwise => (&self.layerwise, &mut self.layerwise_run),
            PlanKind::Patched => (&self.patched, &mut self.patched_run),
        };
        if run.as_ref().is_some_and(|run| run.choice != choice) {
            *run = None;
        }
        let is_there = plan.as_ref().is_some_and(|plan| plan.choice == choice);
        let is_on_its_way = self.job(|purpose| purpose == Purpose::Plan(choice)).is_some();
        if is_on_its_way && !is_there {
            return None;
        }
        self.forget(|purpose| {
            matches!(purpose, Purpose::Plan(other) if PlanKind::of(other.schedule) == kind)
        });
        self.plan_problem = None;
        let request = Request::Plan { choice };
        (!is_there).then(|| self.ask(Purpose::Plan(choice), request, Attachment::None))
    }

    /// The link to the model that has just been opened.
    pub(super) fn link_to(source: Source, sha256: &str) -> ModelLink {
        match (source, Bundled::of_sha256(sha256)) {
            (Source::Bundled(bundled), _) | (Source::File(_), Some(bundled)) => {
                ModelLink::Bundled(bundled)
            }
            _ => ModelLink::own(sha256),
        }
    }
}
