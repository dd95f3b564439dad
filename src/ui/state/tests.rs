//! The state, walked through as a visitor would, with a worker played by hand.

mod counting;
mod fit;
mod kept;
mod leaving;
mod linked;
mod notices;
mod placement;
mod samples;

use super::*;
use crate::{
    preprocess::{Preprocessing, ValueRange},
    protocol::{Answer, Reply},
    report::{FrontReport, Passes, PlanChoice, ProblemKind},
    tensor::TensorId,
    text::sample,
};

/// A browser that runs the portable kernels only.
fn plain() -> Support {
    Support::ask(|_| false, |_| false)
}

fn booted() -> (AppState, Vec<Effect>) {
    AppState::boot(Settings::default(), plain())
}

fn asked(effects: &[Effect]) -> Vec<Ask> {
    let ask = |effect: &Effect| match effect {
        Effect::Ask(ask, _) => Some(ask.clone()),
        _ => None,
    };
    effects.iter().filter_map(ask).collect()
}

fn answer(state: &mut AppState, job: JobId, answer: Answer) -> Vec<Effect> {
    let attachments = vec![vec![1, 2, 3]];
    state.update(Action::Replied { reply: Box::new(Reply { job, answer }), attachments })
}

fn tensor_report(operator: Option<u32>) -> Box<ActivationReport> {
    Box::new(ActivationReport {
        operator,
        tensor: TensorId(0),
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
    })
}

/// A state with the sample model open, its layer-wise plan made and the input set and run.
fn opened() -> AppState {
    let (mut state, effects) = booted();
    let Some(Effect::Read(source)) = effects.first().cloned() else { panic!("{effects:?}") };
    let open = asked(&state.update(Action::ReadDone { source }));
    let effects = answer(
        &mut state,
        open[0].job,
        Answer::Opened { model: Box::new(sample::model()), keeps_inputs: false },
    );
    assert!(effects.contains(&Effect::LoadSample(0)));
    let plan = asked(&effects);
    assert_eq!(plan.len(), 1);
    answer(&mut state, plan[0].job, Answer::Planned { plan: Box::new(sample::plan()) });
    let from = InputFrom::Sample(0);
    let input = asked(&state.update(Action::PictureDecoded { from, width: 8, height: 8 }));
    let run =
        asked(&answer(&mut state, input[0].job, Answer::InputSet { input: tensor_report(None) }));
    assert!(matches!(
        run[0].request,
        Request::Run { choice: PlanChoice { schedule: ScheduleChoice::Layerwise, .. } }
    ));
    let asks = asked(&answer(&mut state, run[0].job, Answer::Ran { run: Box::new(sample::run()) }));
    let [activation, profile] = &asks[..] else { panic!("{asks:?}") };
    assert!(matches!(activation.request, Request::Activation { operator: Some(0) }));
    let shown = Answer::Activation { activation: tensor_report(Some(0)) };
    assert!(answer(&mut state, activation.job, shown).is_empty());
    assert!(matches!(
        profile.request,
        Request::Profile { choice: PlanChoice { schedule: ScheduleChoice::Layerwise, .. } }
    ));
    let profiled = Answer::Profiled { profile: Box::new(sample::profile()) };
    assert!(answer(&mut state, profile.job, profiled).is_empty());
    state
}

#[test]
fn boot_ends_with_the_bundled_model_run_and_the_peak_selected() {
    let state = opened();
    assert_eq!(state.selected(), 0);
    assert_eq!(state.step(), Some(0));
    assert!(state.run().is_some() && state.activation.is_some());
    assert!(state.jobs.is_empty());
    assert_eq!(state.settings.patches.stage_end, Some(1));
}

#[test]
fn a_model_that_is_opened_again_meets_the_same_noise() {
    let mut state = opened();
    let noise = |effects: &[Effect]| {
        let seeds = asked(effects).into_iter().find_map(|ask| match ask.request {
            Request::SetNoise { seed } => Some((ask.job, seed)),
            _ => None,
        });
        seeds.unwrap()
    };
    let (job, first) = noise(&state.update(Action::ChooseNoise));
    answer(&mut state, job, Answer::InputSet { input: tensor_report(None) });
    let (job, second) = noise(&state.update(Action::ChooseNoise));
    assert_ne!(first, second, "another noise for whoever asks for it");
    answer(&mut state, job, Answer::InputSet { input: tensor_report(None) });
    // The worker is started again with the same model, whose input is no picture.
    let mut model = sample::model();
    let input = model.inputs[0];
    model.tensors[input.index()].shape = vec![1, 10];
    state.input_from = Some(InputFrom::Noise(second));
    let source = state.model.as_ref().unwrap().source;
    state.update(Action::WorkerDied { why: String::new() });
    let open = asked(&state.update(Action::ReadDone { source }));
    let opened = Answer::Opened { model: Box::new(model), keeps_inputs: false };
    let effects = answer(&mut state, open.last().unwrap().job, opened);
    assert_eq!(noise(&effects).1, second);
}

#[test]
fn selection_moves_and_fetches_the_operators_output() {
    let mut state = opened();
    let effects = state.update(Action::Move(Move::Next));
    assert_eq!(state.selected(), 1);
    assert!(matches!(asked(&effects)[0].request, Request::Activation { operator: Some(1) }));
    // While that is on its way, further moves ask nothing; its arrival asks for the latest.
    assert!(state.update(Action::Move(Move::Last)).is_empty());
    let effects = answer(
        &mut state,
        asked(&effects)[0].job,
        Answer::Activation { activation: tensor_report(Some(1)) },
    );
    assert!(matches!(asked(&effects)[0].request, Request::Activation { operator: Some(4) }));
    state.update(Action::Select(99));
    assert_eq!(state.selected(), 4);
    state.update(Action::Move(Move::Peak));
    assert_eq!(state.selected(), 0);
}

#[test]
fn a_step_that_delivers_the_input_is_selected_beside_the_operator() {
    let mut state = opened();
    let mut plan = sample::plan();
    plan.steps[1].operator = None;
    state.layerwise = Some(Shared::new(plan));
    for (step, selected) in [(0, 0), (1, 0), (2, 2)] {
        state.update(Action::SelectStep(step));
        assert_eq!((state.step(), state.selected()), (Some(step), selected));
    }
    state.update(Action::SelectStep(1));
    assert_eq!(state.operator_step(), Some(2), "whose figures are told");
    state.update(Action::Move(Move::Peak));
    assert_eq!(state.step(), state.operator_step());
    state.update(Action::SelectStep(99));
    assert_eq!(state.step(), state.operator_step());
}

#[test]
fn the_shown_plan_is_asked_for_as_a_file_and_saved() {
    let mut state = opened();
    let format = HandOverFormat::CHeader;
    let effects = state.update(Action::HandOver(format));
    let ask = asked(&effects).remove(0);
    let name = BUNDLED[0].key.to_owned();
    let choice = ScheduleChoice::Layerwise.into();
    assert_eq!(ask.request, Request::HandOver { format, choice, name });
    assert_eq!(state.handing_over(), Some(format));
    assert!(state.update(Action::HandOver(format)).is_empty(), "one at a time");
    let (file_name, media_type) = ("a.h".to_owned(), "text/x-c".to_owned());
    let reply = Answer::HandedOver { file_name: file_name.clone(), media_type: media_type.clone() };
    let saved = answer(&mut state, ask.job, reply.clone());
    assert_eq!(saved, [Effect::Save { file_name, media_type, bytes: vec![1, 2, 3] }]);
    assert_eq!(state.handing_over(), None);
    assert!(answer(&mut state, ask.job, reply).is_empty(), "nothing is saved unasked");
}

#[test]
fn late_plans_are_dropped() {
    let mut state = opened();
    let first = asked(&state.update(Action::ShowPlan(PlanKind::Patched)));
    let second = asked(&state.update(Action::SetGrid { rows: 2, columns: 2 }));
    let plan = |rows| Answer::Planned { plan: Box::new(sample::patched_plan(rows, rows)) };
    answer(&mut state, first[0].job, plan(4));
    assert!(state.patched.is_none() && state.is_planning());
    answer(&mut state, second[0].job, plan(2));
    assert!(state.patched.is_some() && !state.is_planning());
    assert_eq!(state.plan().map(|plan| plan.steps.len()), Some(11));
    assert_eq!(state.step(), Some(6), "the patch in which operator #0 needs most");
}

#[test]
fn grids_are_kept_within_the_map() {
    let mut state = opened();
    state.update(Action::ShowPlan(PlanKind::Patched));
    state.update(Action::SetGrid { rows: 99, columns: 0 });
    let grid = |choice| match choice {
        Some(ScheduleChoice::Patched { rows, columns, .. }) => (rows, columns),
        _ => (0, 0),
    };
    assert_eq!(grid(state.choice()), (4, 1));
    assert_eq!(state.settings.patches.rows, 99, "the wish stays, for stage ends with more room");
    state.update(Action::MoveStageEnd(-1));
    assert_eq!(state.settings.patches.stage_end, Some(0));
    state.update(Action::MoveStageEnd(-1));
    assert_eq!(state.settings.patches.stage_end, Some(0));
}

#[test]
fn the_best_square_is_shown_at_once() {
    let mut state = opened();
    let search = asked(&state.update(Action::TrySquares));
    assert!(state.update(Action::TrySquares).is_empty(), "one search at a time");
    answer(&mut state, search[0].job, Answer::Progress { done: 1, of: 6 });
    assert_eq!(state.job(|one| one == Purpose::Squares).unwrap().progress, Some((1, 6)));
    let candidate = |rows, arena_bytes, macs| CandidateReport {
        choice: ScheduleChoice::Patched {
            stage_end: 1,
            rows,
            columns: rows,
            input_image: InputImage::Resident,
        },
        arena_bytes,
        peak_bytes: arena_bytes,
        macs,
    };
    let candidates = vec![candidate(4, 500, 9), candidate(2, 400, 9), candidate(3, 400, 8)];
    let effects = answer(&mut state, search[0].job, Answer::Candidates { candidates });
    assert_eq!(state.settings.plan, PlanKind::Patched);
    assert_eq!(state.settings.patches.rows, 3);
    assert!(matches!(asked(&effects)[0].request, Request::Plan { .. }));
}

fn point(rows: u32, arena_bytes: u64, macs: u64) -> CandidateReport {
    let choice = match rows {
        0 => ScheduleChoice::Layerwise,
        _ => ScheduleChoice::Patched {
            stage_end: 1,
            rows,
            columns: 1,
            input_image: InputImage::Resident,
        },
    };
    CandidateReport { choice, arena_bytes, peak_bytes: arena_bytes, macs }
}

fn front_answer() -> Answer {
    let front = vec![point(0, 140_000, 100), point(2, 100_000, 110), point(4, 90_000, 150)];
    let front = FrontReport {
        accounting: PlanChoice::default(),
        tried: 9,
        least_peak_bytes: 90_000,
        macs_layerwise: 100,
        front,
    };
    Answer::Front { front: Box::new(front) }
}

#[test]
fn the_cheapest_that_fits_and_the_smallest_are_taken_from_one_search() {
    let mut state = opened();
    let search = asked(&state.update(Action::FindFront(FrontGoal::Fit)));
    assert!(matches!(search[0].request, Request::FindFront { largest: 8, .. }));
    assert!(state.update(Action::FindFront(FrontGoal::Smallest)).is_empty(), "one at a time");
    let effects = answer(&mut state, search[0].job, front_answer());
    let Some(choice) = state.choice() else { panic!("a schedule is chosen") };
    assert_eq!(choice, point(2, 0, 0).choice, "the budget is 128 KiB");
    assert_eq!(asked(&effects)[0].request, Request::Plan { choice: choice.into() });
    let effects = state.update(Action::FindFront(FrontGoal::Smallest));
    assert_eq!(state.choice(), Some(point(4, 0, 0).choice));
    assert!(matches!(asked(&effects)[..], [Ask { request: Request::Plan { .. }, .. }]));
    // What does not fit anywhere changes nothing.
    let small = Target::Own { sram_bytes: 1024, flash_bytes: None };
    state.update(Action::SetTarget(small));
    assert!(state.update(Action::FindFront(FrontGoal::Fit)).is_empty());
    assert_eq!(state.choice(), Some(point(4, 0, 0).choice));
    // The ordinary controls lead back.
    state.update(Action::ShowPlan(PlanKind::Layerwise));
    assert_eq!(state.choice(), Some(ScheduleChoice::Layerwise));
}

#[test]
fn a_front_belongs_to_one_graph_and_one_way_to_hold_the_input() {
    let mut state = opened();
    let search = asked(&state.update(Action::FindFront(FrontGoal::Smallest)));
    state.update(Action::SetInputImage(InputImage::Streamed));
    answer(&mut state, search[0].job, front_answer());
    assert!(state.front().is_none(), "it is that of the resident input");
    assert_eq!(state.choice(), Some(ScheduleChoice::Layerwise), "and its goal is out of date");
    state.update(Action::SetInputImage(InputImage::Resident));
    assert!(state.front().is_some());
    assert!(state.update(Action::FindFront(FrontGoal::See)).is_empty(), "it is there");
    // Other passes make another graph: what was found is gone, what is on its way is dropped.
    state.update(Action::SetInputImage(InputImage::Streamed));
    let late = asked(&state.update(Action::FindFront(FrontGoal::Smallest)));
    let passes = asked(&state.update(Action::SetPasses(Passes::NONE)));
    answer(
        &mut state,
        passes[0].job,
        Answer::Opened { model: Box::new(sample::model()), keeps_inputs: false },
    );
    assert!(state.fronts.is_empty());
    assert!(answer(&mut state, late[0].job, front_answer()).is_empty());
    assert!(state.fronts.is_empty());
}

#[test]
fn a_cancel_that_is_not_heard_ends_the_worker() {
    let mut state = opened();
    let search = asked(&state.update(Action::TrySquares));
    let effects = state.update(Action::Cancel { job: search[0].job });
    assert!(effects.contains(&Effect::WaitForCancel(search[0].job)));
    assert!(state.update(Action::Cancel { job: search[0].job }).is_empty(), "once is enough");
    let effects = state.update(Action::CancelTimedOut { job: search[0].job });
    assert_eq!(effects[0], Effect::RestartWorker);
    assert!(matches!(effects[1], Effect::Read(_)));
    // A cancel that was heard leaves the worker alone.
    let mut state = opened();
    let search = asked(&state.update(Action::TrySquares));
    state.update(Action::Cancel { job: search[0].job });
    let problem =
        Problem { kind: ProblemKind::Cancelled, message: String::new(), advice: String::new() };
    answer(&mut state, search[0].job, Answer::Failed { problem });
    assert!(state.update(Action::CancelTimedOut { job: search[0].job }).is_empty());
    assert!(state.problem.is_none());
}

#[test]
fn a_broken_file_leaves_the_open_model_alone() {
    let mut state = opened();
    let choose = Action::ChooseFile { handle: 7, name: "x.zip".to_owned(), bytes: 10 };
    let effects = state.update(choose);
    assert_eq!(effects, [Effect::Read(Source::File(7))]);
    let open = asked(&state.update(Action::ReadDone { source: Source::File(7) }));
    let problem = Problem {
        kind: ProblemKind::Malformed,
        message: "not a model".to_owned(),
        advice: "open another".to_owned(),
    };
    answer(&mut state, open[0].job, Answer::Failed { problem });
    assert!(state.reading.is_none());
    assert_eq!(state.problem.as_ref().unwrap().message, "not a model");
    assert!(state.model.is_some() && state.layerwise.is_some());
    state.update(Action::DismissProblem);
    assert!(state.problem.is_none());
}

fn other_model() -> Answer {
    let mut model = sample::model();
    model.sha256 = "b".repeat(64);
    Answer::Opened { model: Box::new(model), keeps_inputs: false }
}

/// Chooses a file, reads it, and returns the job that opens it.
fn choose(state: &mut AppState, handle: u32) -> JobId {
    let name = format!("{handle}.tflite");
    state.update(Action::ChooseFile { handle, name, bytes: 10 });
    let effects = state.update(Action::ReadDone { source: Source::File(handle) });
    asked(&effects).last().unwrap().job
}

#[test]
fn an_opening_that_is_given_up_is_cancelled() {
    let mut state = opened();
    let open = choose(&mut state, 7);
    let effects = state.update(Action::CancelRead);
    assert!(effects.contains(&Effect::StopReading));
    assert_eq!(asked(&effects)[0].request, Request::Cancel { job: open });
    let problem =
        Problem { kind: ProblemKind::Cancelled, message: String::new(), advice: String::new() };
    assert!(answer(&mut state, open, Answer::Failed { problem }).is_empty());
    assert!(state.model.is_some() && state.reading.is_none() && !state.out_of_step);
    // Another file gives the first one up as well.
    let first = choose(&mut state, 8);
    let effects =
        state.update(Action::ChooseFile { handle: 9, name: "9.tflite".to_owned(), bytes: 10 });
    assert_eq!(asked(&effects)[0].request, Request::Cancel { job: first });
}

#[test]
fn a_model_opened_after_all_is_never_shown_under_anothers_name() {
    let mut state = opened();
    let source = state.model.as_ref().unwrap().source;
    let open = choose(&mut state, 7);
    state.update(Action::CancelRead);
    let plan = asked(&state.update(Action::ShowPlan(PlanKind::Patched)))[0].job;
    assert_eq!(answer(&mut state, open, other_model()), [Effect::Read(source)]);
    let late = Answer::Planned { plan: Box::new(sample::patched_plan(4, 4)) };
    answer(&mut state, plan, late);
    let asked_meanwhile = asked(&state.update(Action::SetGrid { rows: 2, columns: 2 }))[0].job;
    let late = Answer::Planned { plan: Box::new(sample::patched_plan(2, 2)) };
    answer(&mut state, asked_meanwhile, late);
    assert!(state.patched.is_none(), "both plans are of the other model");
    let again = asked(&state.update(Action::ReadDone { source }))[0].job;
    let effects = answer(
        &mut state,
        again,
        Answer::Opened { model: Box::new(sample::model()), keeps_inputs: false },
    );
    assert!(!state.out_of_step);
    assert_eq!(asked(&effects).len(), 2, "both plans are asked for again");
}

#[test]
fn a_broken_file_after_a_late_opening_brings_the_own_model_back() {
    let mut state = opened();
    let source = state.model.as_ref().unwrap().source;
    let given_up = choose(&mut state, 7);
    let broken = choose(&mut state, 8);
    assert!(answer(&mut state, given_up, other_model()).is_empty(), "the next is on its way");
    let problem = Problem {
        kind: ProblemKind::Malformed,
        message: "not a model".to_owned(),
        advice: String::new(),
    };
    assert_eq!(answer(&mut state, broken, Answer::Failed { problem }), [Effect::Read(source)]);
    let why = "it is gone".to_owned();
    state.update(Action::ReadFailed { source, why });
    assert!(state.model.is_none() && state.reading.is_none() && state.layerwise.is_none());
}

#[test]
fn huge_files_are_refused_unread() {
    let mut state = opened();
    let bytes = 300 * 1024 * 1024;
    let choose = Action::ChooseFile { handle: 1, name: "big.tflite".to_owned(), bytes };
    assert!(state.update(choose).is_empty());
    assert_eq!(state.problem.unwrap().kind, ProblemKind::Limit);
}

#[test]
fn a_dead_worker_is_replaced_but_not_forever() {
    let mut state = opened();
    let died = || Action::WorkerDied { why: "out of memory".to_owned() };
    assert_eq!(state.update(died())[0], Effect::RestartWorker);
    assert!(state.problem.is_some());
    assert!(state.problem.as_ref().unwrap().advice.contains("started again with the same"));
    state.update(died());
    answer(&mut state, JobId(0), Answer::Ready { kernels: "reference".to_owned() });
    assert!(state.update(died()).is_empty());
    assert_eq!(state.worker, WorkerState::Stopped);
    assert!(state.problem.as_ref().unwrap().advice.contains("not started again"));
}

#[test]
fn what_could_not_be_loaded_leaves_no_model_and_says_so() {
    let (mut state, effects) = booted();
    let Some(Effect::Read(source)) = effects.first().cloned() else { panic!("{effects:?}") };
    assert!(state.update(Action::WorkerDied { why: "no script".to_owned() }).is_empty());
    assert!(state.reading.is_none() && state.worker == WorkerState::Stopped);
    assert!(state.problem.as_ref().unwrap().message.contains("could not be started: no script."));
    // A file chosen later has another try.
    let name = "x.tflite".to_owned();
    state.update(Action::ChooseFile { handle: 1, name, bytes: 9 });
    let effects = state.update(Action::ReadDone { source: Source::File(1) });
    assert_eq!(effects[0], Effect::RestartWorker);
    let (mut state, _) = booted();
    state.update(Action::ReadFailed { source, why: "404".to_owned() });
    assert!(state.reading.is_none());
    assert!(!state.problem.unwrap().advice.contains("file again"));
}

#[test]
fn both_runs_end_with_the_shown_plan() {
    let mut state = opened();
    state.update(Action::ShowPlan(PlanKind::Patched));
    let runs = asked(&state.update(Action::RunBoth));
    assert!(matches!(
        runs[0].request,
        Request::Run { choice: PlanChoice { schedule: ScheduleChoice::Layerwise, .. } }
    ));
    assert!(matches!(
        runs[1].request,
        Request::Run { choice: PlanChoice { schedule: ScheduleChoice::Patched { .. }, .. } }
    ));
    assert!(state.update(Action::Run).is_empty(), "one after the other");
}

#[test]
fn a_link_with_a_model_of_its_own_says_so() {
    let model = ModelLink::Own { sha256: "feedfeedfeedfeed".to_owned() };
    let patches = PatchSettings { stage_end: Some(0), rows: 2, columns: 3, ..Default::default() };
    let settings = Settings {
        model,
        patches,
        plan: PlanKind::Patched,
        selected: Some(1),
        ..Default::default()
    };
    let (mut state, effects) = AppState::boot(settings.clone(), plain());
    assert!(state.link_note.is_some());
    let Some(Effect::Read(source)) = effects.first().cloned() else { panic!("{effects:?}") };
    let open = asked(&state.update(Action::ReadDone { source }));
    let bundled = sample::model();
    answer(
        &mut state,
        open[0].job,
        Answer::Opened { model: Box::new(bundled.clone()), keeps_inputs: false },
    );
    assert!(state.link_note.is_some());
    assert_eq!((state.settings.plan, state.settings.selected), (PlanKind::Layerwise, None));
    let mut other = state.clone();
    let mut own = bundled;
    own.sha256 = format!("feedfeedfeedfeed{}", "0".repeat(48));
    let open = choose(&mut state, 7);
    answer(&mut state, open, Answer::Opened { model: Box::new(own), keeps_inputs: false });
    assert!(state.link_note.is_none());
    assert_eq!(state.settings.patches, settings.patches);
    assert_eq!((state.settings.plan, state.settings.selected), (PlanKind::Patched, Some(1)));
    // A file that is not the link's ends the matter.
    let open = choose(&mut other, 7);
    answer(&mut other, open, other_model());
    assert!(other.link_note.is_none());
    assert_eq!(other.settings.model, ModelLink::Own { sha256: "b".repeat(16) });
    let mut late = other.clone();
    let notes = other.link_notes();
    assert!(notes.len() == 1 && notes[0].contains("(sha256 feedfeedfeed…)"), "{notes:?}");
    let open = choose(&mut other, 8);
    answer(&mut other, open, other_model());
    assert_eq!(other.link_notes(), notes, "it is still the same file");
    let open = choose(&mut other, 9);
    answer(
        &mut other,
        open,
        Answer::Opened { model: Box::new(sample::model()), keeps_inputs: false },
    );
    assert_eq!(other.link_notes(), notes, "nor is this one it");
    // The right file is still what the link was made with; once the note is dismissed, no more.
    let mut right = sample::model();
    right.sha256 = format!("feedfeedfeedfeed{}", "0".repeat(48));
    let right = Answer::Opened { model: Box::new(right), keeps_inputs: false };
    let mut dismissed = late.clone();
    for (state, is_followed) in [(&mut late, true), (&mut dismissed, false)] {
        if !is_followed {
            state.update(Action::DismissLinkNote);
        }
        let open = choose(state, 9);
        answer(state, open, right.clone());
        assert!(state.link_notes().is_empty());
        assert_eq!(state.settings.plan == PlanKind::Patched, is_followed);
    }
}

#[test]
fn the_input_is_what_the_worker_has_accepted() {
    let mut state = opened();
    let from = InputFrom::Own("dog.png".to_owned());
    let input = asked(&state.update(Action::PictureDecoded { from, width: 8, height: 8 }));
    assert_eq!(state.input_from, Some(InputFrom::Sample(0)), "not set yet");
    let problem = || Problem {
        kind: ProblemKind::Choice,
        message: "no picture".to_owned(),
        advice: String::new(),
    };
    answer(&mut state, input[0].job, Answer::Failed { problem: problem() });
    assert!(state.problem.is_some(), "the visitor's own picture");
    assert_eq!(state.input_from, Some(InputFrom::Sample(0)));
    let effects = state.update(Action::ChooseNoise);
    assert_eq!(effects[0], Effect::ForgetPictures);
    answer(&mut state, asked(&effects)[0].job, Answer::InputSet { input: tensor_report(None) });
    assert!(matches!(state.input_from, Some(InputFrom::Noise(_))));
}

#[test]
fn a_picture_that_the_page_chose_falls_back_to_noise() {
    let mut state = opened();
    let open = choose(&mut state, 7);
    let effects = answer(&mut state, open, other_model());
    assert!(effects.contains(&Effect::ForgetPictures) && effects.contains(&Effect::LoadSample(0)));
    let from = InputFrom::Sample(0);
    let input = asked(&state.update(Action::PictureDecoded { from, width: 8, height: 8 }));
    let problem =
        Problem { kind: ProblemKind::Choice, message: String::new(), advice: String::new() };
    let effects = answer(&mut state, input[0].job, Answer::Failed { problem });
    assert!(matches!(asked(&effects)[0].request, Request::SetNoise { .. }));
    assert!(state.problem.is_none());
}

#[test]
fn the_range_follows_the_models_input_until_it_is_chosen() {
    let mut state = opened();
    assert_eq!(state.settings.preprocessing.range, ValueRange::ZeroToOne, "0 to 6");
    let range = ValueRange::Bytes;
    state.update(Action::SetPreprocessing(Preprocessing { range, ..Default::default() }));
    assert!(state.settings.is_range_chosen);
    let open = choose(&mut state, 7);
    answer(&mut state, open, other_model());
    assert_eq!(state.settings.preprocessing.range, ValueRange::ZeroToOne, "another model");
}

#[test]
fn an_output_that_is_not_there_says_why() {
    let mut state = opened();
    let fetch = asked(&state.update(Action::Move(Move::Next)));
    let problem =
        Problem { kind: ProblemKind::Choice, message: "gone".to_owned(), advice: String::new() };
    assert!(answer(&mut state, fetch[0].job, Answer::Failed { problem }).is_empty());
    assert_eq!(state.activation_problem.as_ref().map(|(of, _)| *of), Some(1));
    assert!(state.problem.is_none());
}

#[test]
fn candidates_of_another_input_mode_are_dropped() {
    let mut state = opened();
    state.candidates = Some(Shared::new(Vec::new()));
    state.update(Action::SetInputImage(InputImage::Resident));
    assert!(state.candidates.is_some());
    state.update(Action::SetInputImage(InputImage::Streamed));
    assert!(state.candidates.is_none());
}
