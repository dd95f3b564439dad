//! Reading models, opening them, and starting the worker again: page and worker in step.

use super::{
    Action, AppState, Attachment, Effect, PlacementAction, Purpose, Reading, Source, Unread,
    WorkerState,
};
use crate::{
    protocol::{Ask, JobId, Request},
    report::{Problem, ProblemKind},
    text::page,
    ui::{kernel_set::KernelSet, shared::Shared},
};

/// A worker that dies so often without opening a model is not started again.
const MOST_DEATHS: u32 = 2;

impl AppState {
    pub(super) fn reading(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::ChooseFile { name, bytes, .. } if bytes > page::LARGEST_FILE_BYTES => {
                self.problem = Some(too_large(&name, bytes));
                Vec::new()
            }
            Action::ChooseFile { handle, name, bytes } => {
                let source = Source::File(handle);
                self.reading = Some(Reading { source, file_name: name, done: 0, of: bytes });
                self.problem = None;
                self.wanted = None;
                // A model is to be seen.
                let mut effects = self.place(PlacementAction::Close);
                effects.extend(self.give_up_opening());
                effects.push(Effect::Read(source));
                effects
            }
            Action::ReadProgress { source, done, of } => {
                if let Some(reading) = self.reading.as_mut().filter(|one| one.source == source) {
                    reading.done = done;
                    reading.of = of;
                }
                Vec::new()
            }
            Action::ReadDone { source } => {
                if self.reading.as_ref().is_none_or(|reading| reading.source != source) {
                    return Vec::new();
                }
                let passes = self.settings.passes;
                let mut effects = self.give_up_opening();
                if self.worker == WorkerState::Stopped {
                    // The visitor tries again.
                    self.worker = WorkerState::Starting;
                    effects.push(Effect::RestartWorker);
                }
                effects.push(self.ask(Purpose::Open, Request::Open { passes }, Attachment::Model));
                effects
            }
            Action::ReadFailed { source, why } => self.read_failed(source, &why),
            _ => {
                self.reading = None;
                self.wanted = None;
                let mut effects = vec![Effect::StopReading];
                effects.extend(self.give_up_opening());
                effects.extend(self.back_in_step());
                effects
            }
        }
    }

    fn read_failed(&mut self, source: Source, why: &str) -> Vec<Effect> {
        let Some(reading) = self.reading.take_if(|reading| reading.source == source) else {
            return Vec::new();
        };
        // What is read next may be another model.
        let wanted = self.wanted.take();
        self.problem = Some(match source {
            Source::Bundled(bundled) => {
                self.unread = Some(Unread::Model(reading, wanted));
                page::not_fetched(bundled.path, why)
            }
            Source::File(_) | Source::Numbers => page::file_unread(why),
        });
        if self.model.as_ref().is_some_and(|model| model.source == source) {
            // It was to be opened again: the worker does not have it.
            self.close();
            return Vec::new();
        }
        self.back_in_step()
    }

    /// A bundled picture could not be fetched. A model that has just been opened gets noise instead.
    pub(super) fn sample_unread(&mut self, sample: usize, why: &str) -> Vec<Effect> {
        let path = self.samples().into_iter().nth(sample).map(|one| one.path).unwrap_or_default();
        self.wanted_sample = None;
        self.unread = Some(Unread::Sample(sample));
        if !self.is_input_automatic {
            self.problem = Some(page::not_fetched(&path, why));
            return Vec::new();
        }
        self.problem = Some(page::noise_instead(&path, why));
        self.input(Action::ChooseNoise)
    }

    /// Whether the problem that is shown is one of fetching, which may have passed.
    #[must_use]
    pub fn can_try_again(&self) -> bool {
        let is_of_it = |problem: &Problem| problem.kind == ProblemKind::Unreachable;
        self.unread.is_some() && self.problem.as_ref().is_some_and(is_of_it)
    }

    /// Fetches once more what could not be fetched.
    pub(super) fn try_again(&mut self) -> Vec<Effect> {
        if !self.can_try_again() {
            return Vec::new();
        }
        self.problem = None;
        match self.unread.take() {
            Some(Unread::Model(reading, wanted)) => {
                let source = reading.source;
                self.wanted = wanted;
                self.reading = Some(Reading { done: 0, of: 0, ..reading });
                let mut effects = self.give_up_opening();
                effects.push(Effect::Read(source));
                effects
            }
            Some(Unread::Sample(sample)) => self.input(Action::ChooseSample(sample)),
            None => Vec::new(),
        }
    }

    /// Leaves no model open.
    fn close(&mut self) {
        self.jobs.clear();
        self.model = None;
        self.input = None;
        self.inputs = Shared::new(Vec::new());
        self.forget_figures();
    }

    /// Forgets the model that the worker is to open and asks it not to; it may have done so by
    /// then, which is why the job is remembered.
    pub(super) fn give_up_opening(&mut self) -> Vec<Effect> {
        let is_open = |purpose| purpose == Purpose::Open;
        let jobs = self.jobs.iter().filter(|job| is_open(job.purpose));
        let jobs: Vec<JobId> = jobs.map(|job| job.id).collect();
        self.forget(is_open);
        let stop = |job| {
            self.given_up.push(job);
            Effect::Ask(
                Ask { job: self.job_id(), request: Request::Cancel { job } },
                Attachment::None,
            )
        };
        jobs.into_iter().map(stop).collect()
    }

    /// The answer to an opening that was given up: where it has opened the model all the same, the
    /// worker's is another than the page's until the next one is open.
    pub(super) fn answered_late(&mut self, id: JobId, has_opened: bool) -> Vec<Effect> {
        let Some(position) = self.given_up.iter().position(|&job| job == id) else {
            return Vec::new();
        };
        self.given_up.remove(position);
        if !has_opened {
            return Vec::new();
        }
        self.out_of_step = true;
        self.forget(|purpose| purpose != Purpose::Open && !purpose.is_of_placement());
        if self.reading.is_some() { Vec::new() } else { self.back_in_step() }
    }

    /// Opens the page's own model again where the worker has another.
    pub(super) fn back_in_step(&mut self) -> Vec<Effect> {
        let open = self.open_source().filter(|_| self.out_of_step);
        let Some((source, file_name)) = open else {
            return Vec::new();
        };
        self.reading = Some(Reading { source, file_name, done: 0, of: 0 });
        vec![Effect::Read(source)]
    }

    /// Where the open model's bytes are, and its name; of a link's numbers there are none.
    fn open_source(&self) -> Option<(Source, String)> {
        let open = self.model.as_ref().filter(|open| open.source != Source::Numbers)?;
        Some((open.source, open.file_name.clone()))
    }

    /// Lets another set of kernels compute: its worker reads the model once more.
    pub(super) fn set_kernels(&mut self, kernels: Option<KernelSet>) -> Vec<Effect> {
        let before = self.kernel_set();
        self.settings.kernels = kernels;
        if self.kernel_set() == before { Vec::new() } else { self.start_over() }
    }

    /// Another worker in place of the one that is there, which need not be at fault.
    fn start_over(&mut self) -> Vec<Effect> {
        let runs = self.run_when_input_set || self.has_quick_run();
        self.forget_worker();
        self.run_when_input_set = runs;
        self.run_again = runs;
        self.worker = WorkerState::Starting;
        // What was being read is what is wanted; it is read from its start.
        let wanted = self.reading.as_ref().map(|one| (one.source, one.file_name.clone()));
        let open = self.open_source();
        let mut effects = vec![Effect::StopReading, Effect::RestartWorker];
        if let Some((source, file_name)) = wanted.or(open) {
            self.reading = Some(Reading { source, file_name, done: 0, of: 0 });
            effects.push(Effect::Read(source));
        }
        effects
    }

    /// Forgets all that the worker was asked and has.
    fn forget_worker(&mut self) {
        self.jobs.clear();
        self.given_up.clear();
        self.out_of_step = false;
        self.run_when_input_set = false;
        self.run_when_planned = false;
        self.live_waits = None;
        self.forget_runs();
    }

    /// Starts another worker, where that may help, which reads the model once more.
    pub(super) fn worker_died(&mut self, why: &str) -> Vec<Effect> {
        let has_listened = matches!(self.worker, WorkerState::Ready { .. });
        let set = self.kernel_set();
        if self.worker == WorkerState::Starting && set != KernelSet::Portable {
            // The browser took the probe but not the worker: go on with the next best set.
            self.support = self.support.without(set);
            return self.start_over();
        }
        let effects = self.restart();
        self.problem = Some(if !effects.is_empty() {
            page::worker_restarted(why, self.reading.is_some())
        } else if has_listened {
            page::worker_stopped(why)
        } else {
            page::worker_not_started(why)
        });
        effects
    }

    pub(super) fn restart(&mut self) -> Vec<Effect> {
        self.forget_worker();
        self.lose_placement();
        self.wanted = None;
        self.deaths += 1;
        let was_starting = self.worker == WorkerState::Starting;
        self.worker = WorkerState::Starting;
        let open = self.open_source();
        // A model that ends the worker while it opens would do so again: go back to the last one.
        if let Some((source, file_name)) = open.filter(|_| self.deaths <= MOST_DEATHS) {
            self.reading = Some(Reading { source, file_name, done: 0, of: 0 });
            vec![Effect::RestartWorker, Effect::Read(source)]
        } else if was_starting || self.deaths > MOST_DEATHS {
            // It never listened, or dies every time: another one would not do better.
            self.worker = WorkerState::Stopped;
            self.reading = None;
            Vec::new()
        } else {
            self.reading = None;
            vec![Effect::RestartWorker]
        }
    }
}

fn too_large(name: &str, bytes: u64) -> Problem {
    let mebibytes = |bytes: u64| bytes.div_ceil(1024 * 1024);
    Problem {
        kind: ProblemKind::Limit,
        message: format!(
            "{name} has {} MiB; models up to {} MiB are read.",
            mebibytes(bytes),
            mebibytes(page::LARGEST_FILE_BYTES)
        ),
        advice: "Models for microcontrollers have a few MiB at most: is this the right file?"
            .to_owned(),
    }
}
