//! Which worker computes, and what happens when it is another one.

use super::*;
use crate::{
    protocol::{Answer, Reply},
    text::sample,
};

fn all() -> Support {
    Support::ask(|_| true)
}

fn answer(state: &mut AppState, job: JobId, answer: Answer) -> Vec<Effect> {
    let reply = Box::new(Reply { job, answer });
    state.update(Action::Replied { reply, attachments: vec![Vec::new()] })
}

fn ready(state: &mut AppState) {
    let kernels = state.kernel_set().key().to_owned();
    answer(state, JobId(0), Answer::Ready { kernels });
}

/// A state whose worker listens and has the sample model.
fn opened(settings: Settings) -> (AppState, Source) {
    let (mut state, effects) = AppState::boot(settings, all());
    let [Effect::Read(source)] = effects[..] else { panic!("{effects:?}") };
    ready(&mut state);
    open(&mut state, source);
    (state, source)
}

fn open(state: &mut AppState, source: Source) {
    let effects = state.update(Action::ReadDone { source });
    let [Effect::Ask(Ask { job, request: Request::Open { .. } }, Attachment::Model)] = effects[..]
    else {
        panic!("{effects:?}")
    };
    answer(state, job, Answer::Opened { model: Box::new(sample::model()) });
}

#[test]
fn the_best_set_computes_unless_the_link_names_another() {
    let (state, _) = AppState::boot(Settings::default(), all());
    assert_eq!(state.kernel_set(), all().best());
    let kernels = Some(KernelSet::Portable);
    let wanted = Settings { kernels, ..Settings::default() };
    let (state, _) = AppState::boot(wanted.clone(), all());
    assert_eq!(state.kernel_set(), KernelSet::Portable);
    let wanted = Settings { kernels: Some(KernelSet::RelaxedSimd), ..wanted };
    let (state, _) = AppState::boot(wanted, Support::ask(|_| false));
    assert_eq!(state.kernel_set(), KernelSet::Portable, "what the browser runs");
}

#[test]
fn another_set_reads_the_open_model_again_in_its_own_worker() {
    let (mut state, source) = opened(Settings::default());
    let asked = state.jobs.clone();
    assert!(!asked.is_empty(), "a plan is under way");
    assert!(state.update(Action::SetKernels(Some(state.kernel_set()))).is_empty(), "the same");
    let effects = state.update(Action::SetKernels(Some(KernelSet::Portable)));
    assert_eq!(effects, [Effect::StopReading, Effect::RestartWorker, Effect::Read(source)]);
    assert!(state.jobs.is_empty() && state.worker == WorkerState::Starting);
    ready(&mut state);
    open(&mut state, source);
    assert!(state.problem.is_none() && state.model.is_some());
    assert_eq!(state.worker, WorkerState::Ready { kernels: "portable".to_owned() });
}

#[test]
fn a_worker_that_does_not_start_is_followed_by_that_of_a_plainer_set() {
    let kernels = Some(KernelSet::RelaxedSimd);
    let settings = Settings { kernels, ..Settings::default() };
    let (mut state, effects) = AppState::boot(settings, all());
    let [Effect::Read(source)] = effects[..] else { panic!("{effects:?}") };
    let died = || Action::WorkerDied { why: "no such instruction".to_owned() };
    for set in [KernelSet::Simd128, KernelSet::Portable] {
        let effects = state.update(died());
        assert_eq!(effects, [Effect::StopReading, Effect::RestartWorker, Effect::Read(source)]);
        assert_eq!(state.kernel_set(), set);
        assert!(state.problem.is_none());
    }
    assert!(state.update(died()).is_empty(), "there is no plainer one");
    assert!(state.worker == WorkerState::Stopped && state.problem.is_some());
}

#[test]
fn a_worker_that_dies_at_work_keeps_its_set() {
    let (mut state, _) = opened(Settings::default());
    let set = state.kernel_set();
    state.update(Action::WorkerDied { why: "out of memory".to_owned() });
    assert_eq!(state.kernel_set(), set);
    assert!(state.problem.is_some());
}
