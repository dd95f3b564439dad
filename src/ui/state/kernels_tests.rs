//! Which worker computes, and what happens when it is another one.

use super::*;
use crate::{
    protocol::{Answer, Reply},
    text::sample,
};

fn all() -> Support {
    Support::ask(|_| true, |_| true)
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
    answer(state, job, Answer::Opened { model: Box::new(sample::model()), keeps_inputs: false });
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
    let (state, _) = AppState::boot(wanted, Support::ask(|_| false, |_| false));
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
    assert!(state.run_when_input_set, "it runs as before");
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
        assert!(state.problem.is_none() && state.run_when_input_set);
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

#[test]
fn times_of_repeated_runs_take_the_place_of_the_first() {
    let (mut state, _) = opened(Settings::default());
    state.jobs.clear();
    let run = state.ask(Purpose::Run(PlanChoice::default()), Request::SetInputs, Attachment::None);
    let Effect::Ask(Ask { job, .. }, _) = run else { panic!("{run:?}") };
    answer(&mut state, job, Answer::Ran { run: Box::new(sample::run()) });
    let profile = state.job(|purpose| matches!(purpose, Purpose::Profile(_))).unwrap();
    answer(&mut state, profile.id, Answer::Profiled { profile: Box::new(sample::profile()) });
    let run = state.layerwise_run.clone().unwrap();
    assert_eq!((run.repeats, run.operators[0].ms.to_bits()), (40, 0.75f64.to_bits()));
    assert_eq!(run.outputs, sample::run().outputs, "the answer is that of the run");
    assert!(state.ask_profiles().is_empty(), "there are better times already");
}

/// A state in which a benchmark can start.
fn with_input() -> AppState {
    let (mut state, _) = opened(Settings::default());
    assert!(state.update(Action::StartBenchmark).is_empty(), "there is no input yet");
    state.inputs = Shared::new(vec![vec![1, 2, 3]]);
    state
}

fn crew_ask(effects: &[Effect]) -> (KernelSet, Ask) {
    let ask = |effect: &Effect| match effect {
        Effect::AskCrew(set, ask, _) => Some((*set, ask.clone())),
        _ => None,
    };
    effects.iter().find_map(ask).unwrap()
}

fn input() -> ActivationReport {
    ActivationReport {
        operator: None,
        tensor: crate::tensor::TensorId(0),
        height: 1,
        width: 1,
        channels: 3,
        scale: 1.0,
        zero_point: 0,
        least: 1,
        greatest: 3,
        saturated: 0,
        histogram: [0; 16],
        sha256: String::new(),
    }
}

/// Answers the benchmark's requests until it ends; the relaxed set cannot open the model.
fn play(state: &mut AppState, mut effects: Vec<Effect>) -> usize {
    let mut asked = 0;
    while state.is_benchmarking() {
        let (set, Ask { job, request }) = crew_ask(&effects);
        let late = Box::new(Reply { job: JobId(0), answer: Answer::Progress { done: 1, of: 2 } });
        assert!(state.update(Action::CrewReplied { set, reply: late }).is_empty());
        let answer = match request {
            Request::Open { .. } if set == KernelSet::RelaxedSimd => {
                Answer::Failed { problem: crate::text::page::worker_stopped("no memory") }
            }
            Request::Open { .. } => {
                Answer::Opened { model: Box::new(sample::model()), keeps_inputs: false }
            }
            Request::Time { choice, .. } => {
                let timing = sample::timing(choice, &[1.0, 2.0, 3.0]);
                Answer::Timed { timing: Box::new(timing) }
            }
            _ => Answer::InputSet { input: Box::new(input()) },
        };
        effects = state.update(Action::CrewReplied { set, reply: Box::new(Reply { job, answer }) });
        asked += 1;
    }
    asked
}

#[test]
fn a_benchmark_asks_every_set_in_turns_and_goes_on_without_one_that_fails() {
    let mut state = with_input();
    let effects = state.update(Action::StartBenchmark);
    assert_eq!(effects[0], Effect::StartCrew(KernelSet::ALL.to_vec()));
    assert!(state.is_benchmarking() && !state.can_benchmark());
    let asked = play(&mut state, effects);
    let benchmark = state.benchmark.clone().unwrap();
    assert_eq!(benchmark.stage, Stage::Done);
    assert_eq!(benchmark.done, benchmark.of);
    // Two opened and one not, two inputs, and each of two sets' schedules warmed up and timed.
    let n_schedules = benchmark.lines.len() / 3;
    assert_eq!(asked, 3 + 2 + 2 * n_schedules * 6);
    for line in &benchmark.lines {
        assert_eq!(line.problem.is_some(), line.set == KernelSet::RelaxedSimd);
        let samples = line.timing.as_ref().map_or(0, |timing| timing.samples_ms.len());
        assert_eq!(samples, if line.problem.is_some() { 0 } else { 15 });
    }
    assert_eq!(benchmark.is_same_everywhere(), Some(true));
}

#[test]
fn a_benchmark_can_be_stopped_and_ends_with_its_model() {
    let mut state = with_input();
    let effects = state.update(Action::StartBenchmark);
    let (set, Ask { job, .. }) = crew_ask(&effects);
    assert!(state.update(Action::StopBenchmark).is_empty());
    assert!(!state.is_benchmarking() && state.can_benchmark());
    let answer = Answer::Opened { model: Box::new(sample::model()), keeps_inputs: false };
    let reply = Box::new(Reply { job, answer });
    assert!(state.update(Action::CrewReplied { set, reply }).is_empty(), "nobody listens");
    assert_eq!(state.benchmark.as_ref().unwrap().stage, Stage::Stopped);
    state.update(Action::StartBenchmark);
    state.forget_figures();
    assert!(state.benchmark.is_none());
}

#[test]
fn a_worker_of_the_benchmark_may_die() {
    let mut state = with_input();
    let effects = state.update(Action::StartBenchmark);
    let (awaited, _) = crew_ask(&effects);
    let why = "no such instruction".to_owned();
    let other = KernelSet::RelaxedSimd;
    assert_ne!(awaited, other);
    assert!(state.update(Action::CrewDied { set: other, why: why.clone() }).is_empty());
    let effects = state.update(Action::CrewDied { set: awaited, why });
    assert_eq!(crew_ask(&effects).0, KernelSet::Simd128, "the one that is left");
}
