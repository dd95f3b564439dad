//! The desk, asked as the page would, in a world that stands still.

use super::*;
use crate::{
    kernels::Reference,
    report::{ProblemKind, ScheduleChoice},
};
use std::cell::{Cell, RefCell};

const MODEL: &[u8] = include_bytes!("../../models/mobilenet_v2_035_96.tflite");

/// A world where every look at the clock takes 40 ms and jobs are stopped on demand.
#[derive(Default)]
struct Still {
    ms: Cell<f64>,
    progress: RefCell<Vec<(u64, u64)>>,
    cancelled: Option<JobId>,
    /// Stop whatever has come so far.
    cancelled_from: Option<u64>,
}

impl Outside for Still {
    fn now_ms(&self) -> f64 {
        self.ms.set(self.ms.get() + 40.0);
        self.ms.get()
    }

    fn tell(&self, _: JobId, response: Response) {
        if let Answer::Progress { done, of } = response.answer {
            self.progress.borrow_mut().push((done, of));
        }
    }

    fn is_cancelled(&self, job: JobId) -> bool {
        let done = self.progress.borrow().last().map_or(0, |&(done, _)| done);
        self.cancelled == Some(job) || self.cancelled_from.is_some_and(|from| done >= from)
    }

    async fn pause(&self) {}
}

/// Runs a future that never waits for anything.
fn finish<T>(future: impl Future<Output = T>) -> T {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match Box::pin(future).as_mut().poll(&mut context) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => unreachable!("the still world never waits"),
    }
}

fn ask(desk: &mut Desk<Reference>, request: Request, outside: &Still) -> Response {
    let attachment = match &request {
        Request::Open { .. } => vec![MODEL.to_vec()],
        _ => Vec::new(),
    };
    finish(desk.answer(JobId(7), request, attachment, outside))
}

fn problem(response: Response) -> ProblemKind {
    match response.answer {
        Answer::Failed { problem } => problem.kind,
        other => unreachable!("expected a problem, got {other:?}"),
    }
}

#[test]
fn a_visit_from_opening_to_an_activation() {
    let (mut desk, outside) = (Desk::default(), Still::default());
    let run = Request::Run { choice: PlanChoice::default() };
    assert_eq!(problem(ask(&mut desk, run.clone(), &outside)), ProblemKind::Choice);
    let open = Request::Open { passes: Passes::default() };
    let Answer::Opened { model, .. } = ask(&mut desk, open, &outside).answer else {
        unreachable!("the bundled model opens");
    };
    assert_eq!(model.arena_bytes, 138_240);
    assert_eq!(problem(ask(&mut desk, run.clone(), &outside)), ProblemKind::Choice);
    let noise = ask(&mut desk, Request::SetNoise { seed: 1 }, &outside);
    assert_eq!(noise.attachments[0].len(), 96 * 96 * 3);
    let ran = ask(&mut desk, run, &outside);
    let Answer::Ran { run } = ran.answer else { unreachable!("it runs") };
    assert_eq!(run.arena_bytes, model.arena_bytes);
    assert_eq!(run.macs, model.macs);
    assert_eq!(ran.attachments[0].len(), 10);
    assert!(!outside.progress.borrow().is_empty());
    let activation = ask(&mut desk, Request::Activation { operator: Some(4) }, &outside);
    assert_eq!(activation.attachments[0].len(), 24 * 24 * 48);
}

#[test]
fn a_stopped_job_says_so_and_the_desk_goes_on() {
    let mut desk = Desk::default();
    let outside = Still { cancelled: Some(JobId(7)), ..Still::default() };
    ask(&mut desk, Request::Open { passes: Passes::default() }, &outside);
    let (accounting, input_image) = (PlanChoice::default(), InputImage::Resident);
    let search = Request::TrySquares { accounting, input_image, largest: 4 };
    assert_eq!(problem(ask(&mut desk, search.clone(), &outside)), ProblemKind::Cancelled);
    let Answer::Candidates { candidates } = ask(&mut desk, search, &Still::default()).answer else {
        unreachable!("the search ends");
    };
    assert!(candidates.len() > 10);
}

#[test]
fn the_front_is_found_with_progress_and_can_be_stopped() {
    let mut desk = Desk::default();
    let search = Request::FindFront {
        accounting: PlanChoice::default(),
        input_image: InputImage::Resident,
        largest: 2,
    };
    let outside = Still::default();
    assert_eq!(problem(ask(&mut desk, search.clone(), &outside)), ProblemKind::Choice);
    ask(&mut desk, Request::Open { passes: Passes::default() }, &outside);
    let stopped = Still { cancelled: Some(JobId(7)), ..Still::default() };
    assert_eq!(problem(ask(&mut desk, search.clone(), &stopped)), ProblemKind::Cancelled);
    let Answer::Front { front } = ask(&mut desk, search.clone(), &outside).answer else {
        unreachable!("the search ends");
    };
    let (done, of) = outside.progress.borrow().last().copied().unwrap();
    assert!(done < of && of >= front.tried);
    // In the second half candidates are placed, which takes longest.
    let late = Still { cancelled_from: Some(of / 2 + 1), ..Still::default() };
    assert_eq!(problem(ask(&mut desk, search, &late)), ProblemKind::Cancelled);
    assert!(front.front.len() > 1);
    assert_eq!(front.front[0].arena_bytes, 138_240);
    assert!(front.smallest().unwrap().arena_bytes < 138_240);
}

#[test]
fn a_broken_file_leaves_the_open_model_alone() {
    let (mut desk, outside) = (Desk::<Reference>::default(), Still::default());
    ask(&mut desk, Request::Open { passes: Passes::default() }, &outside);
    let broken = vec![b"PK\x03\x04 no model".to_vec()];
    let open = Request::Open { passes: Passes::default() };
    let response = finish(desk.answer(JobId(8), open, broken, &outside));
    assert_eq!(problem(response), ProblemKind::Malformed);
    let plan = ask(&mut desk, Request::Plan { choice: PlanChoice::default() }, &outside);
    assert!(matches!(plan.answer, Answer::Planned { .. }));
}

#[test]
fn a_plan_is_handed_over_with_the_times_of_its_run() {
    let (mut desk, outside) = (Desk::default(), Still::default());
    let hand_over = |format| {
        let (choice, name) = (PlanChoice::default(), "a model".to_owned());
        Request::HandOver { format, choice, name }
    };
    let trace = hand_over(HandOverFormat::Trace);
    assert_eq!(problem(ask(&mut desk, trace.clone(), &outside)), ProblemKind::Choice);
    ask(&mut desk, Request::Open { passes: Passes::default() }, &outside);
    let time = |response: &Response| {
        let Answer::HandedOver { file_name, .. } = &response.answer else {
            unreachable!("{:?}", response.answer)
        };
        assert_eq!(file_name, "a_model.trace.json");
        let trace: serde_json::Value = serde_json::from_slice(&response.attachments[0]).unwrap();
        trace["otherData"]["time"].as_str().unwrap().to_owned()
    };
    assert_eq!(time(&ask(&mut desk, trace.clone(), &outside)), "one step is one microsecond");
    ask(&mut desk, Request::SetNoise { seed: 1 }, &outside);
    ask(&mut desk, Request::Run { choice: PlanChoice::default() }, &outside);
    assert_eq!(time(&ask(&mut desk, trace.clone(), &outside)), "measured");
    ask(&mut desk, Request::SetPasses { passes: Passes::NONE }, &outside);
    assert_eq!(time(&ask(&mut desk, trace, &outside)), "one step is one microsecond");
    let planned = ask(&mut desk, hand_over(HandOverFormat::Tflite), &outside);
    assert!(planned.attachments[0].ends_with(MODEL));
}

#[test]
fn a_broken_picture_leaves_the_chosen_one_alone() {
    let (mut desk, outside) = (Desk::<Reference>::default(), Still::default());
    ask(&mut desk, Request::Open { passes: Passes::default() }, &outside);
    let preprocessing = Preprocessing::default();
    let mut set = |side: u32| {
        let request = Request::SetPicture { width: side, height: side, preprocessing };
        finish(desk.answer(JobId(8), request, vec![vec![9; 16]], &outside))
    };
    assert!(matches!(set(2).answer, Answer::InputSet { .. }));
    assert_eq!(problem(set(3)), ProblemKind::Choice, "16 bytes are not 3x3 pixels");
    let again = ask(&mut desk, Request::SetPreprocessing { preprocessing }, &outside);
    assert!(matches!(again.answer, Answer::InputSet { .. }), "{:?}", again.answer);
}

#[test]
fn inputs_are_taken_whole_or_not_at_all() {
    let (mut desk, outside) = (Desk::<Reference>::default(), Still::default());
    let mut set = |attachments: Vec<Attachment>| {
        finish(desk.answer(JobId(8), Request::SetInputs, attachments, &outside))
    };
    assert_eq!(problem(set(Vec::new())), ProblemKind::Choice, "no model is open");
    let mut desk = Desk::<Reference>::default();
    ask(&mut desk, Request::Open { passes: Passes::default() }, &outside);
    let mut set = |attachments: Vec<Attachment>| {
        finish(desk.answer(JobId(8), Request::SetInputs, attachments, &outside))
    };
    let whole = vec![7; 96 * 96 * 3];
    for wrong in [Vec::new(), vec![vec![7; 5]], vec![whole.clone(), Vec::new()]] {
        assert_eq!(problem(set(wrong)), ProblemKind::Choice);
    }
    let response = set(vec![whole.clone()]);
    assert!(matches!(response.answer, Answer::InputSet { .. }), "{:?}", response.answer);
    assert_eq!(response.attachments, [whole]);
}

#[test]
fn other_passes_keep_the_input() {
    let (mut desk, outside) = (Desk::<Reference>::default(), Still::default());
    ask(&mut desk, Request::Open { passes: Passes::default() }, &outside);
    ask(&mut desk, Request::SetNoise { seed: 3 }, &outside);
    let run = Request::Run { choice: PlanChoice::default() };
    let before = ask(&mut desk, run.clone(), &outside).attachments;
    let opened = ask(&mut desk, Request::SetPasses { passes: Passes::NONE }, &outside);
    assert!(matches!(opened.answer, Answer::Opened { .. }));
    assert_eq!(ask(&mut desk, run.clone(), &outside).attachments, before);
    // Another file has other inputs.
    ask(&mut desk, Request::Open { passes: Passes::default() }, &outside);
    assert_eq!(problem(ask(&mut desk, run, &outside)), ProblemKind::Choice);
}

/// A clock that every look moves by a tenth of a millisecond, and after the first few by ten: so
/// fine that a look more or less is a sample.
#[derive(Default)]
struct Ticking {
    looks: Cell<u32>,
    stop_after: Option<u32>,
}

/// Looks that find out the clock's step.
const FINE_LOOKS: u32 = 9;

impl Outside for Ticking {
    fn now_ms(&self) -> f64 {
        let looks = self.looks.get() + 1;
        self.looks.set(looks);
        let coarse = looks.saturating_sub(FINE_LOOKS);
        f64::from(looks - coarse) * 0.1 + f64::from(coarse) * 10.0
    }

    fn tell(&self, _: JobId, _: Response) {}

    fn is_cancelled(&self, _: JobId) -> bool {
        self.stop_after.is_some_and(|looks| self.looks.get() > looks)
    }

    async fn pause(&self) {}
}

/// A desk with the bundled model and noise.
fn ready() -> Desk<Reference> {
    let (mut desk, still) = (Desk::default(), Still::default());
    ask(&mut desk, Request::Open { passes: Passes::default() }, &still);
    ask(&mut desk, Request::SetNoise { seed: 1 }, &still);
    desk
}

#[test]
fn operators_are_timed_beside_the_limit() {
    let (mut desk, outside) = (ready(), Ticking::default());
    let choice = PlanChoice::default();
    let profile = finish(desk.answer(JobId(7), Request::Profile { choice }, Vec::new(), &outside));
    let Answer::Profiled { profile } = profile.answer else { unreachable!("{profile:?}") };
    assert!((profile.clock_step_ms - 0.1).abs() < 1e-9, "{}", profile.clock_step_ms);
    assert!(profile.limit_macs_per_ms > 0.0);
    // Each operator takes one look at the clock; so a run is long, and is timed once.
    assert_eq!(profile.repeats, 1);
    assert_eq!(profile.operators.len(), 64);
    assert!(profile.operators.iter().all(|operator| (operator.ms - 10.0).abs() < 1e-6));
    assert!((profile.total_ms - 640.0).abs() < 1e-6, "{}", profile.total_ms);
    let macs: u64 = profile.operators.iter().map(|operator| operator.macs).sum();
    assert_eq!(macs, desk.session().unwrap().report().macs);
}

#[test]
fn inferences_are_timed_for_a_while_and_can_be_stopped() {
    let (mut desk, outside) = (ready(), Ticking::default());
    let choice = PlanChoice::default();
    let request = Request::Time { choice, for_ms: 100.0 };
    let timed = finish(desk.answer(JobId(7), request.clone(), Vec::new(), &outside));
    let Answer::Timed { timing } = timed.answer else { unreachable!("{timed:?}") };
    assert_eq!(timing.calls_per_sample, 1, "one is longer than the clock's steps");
    assert!((2..10).contains(&timing.samples_ms.len()), "{:?}", timing.samples_ms);
    assert!(timing.samples_ms.iter().all(|ms| (ms - 10.0).abs() < 1e-6));
    assert_eq!(timing.arena_bytes, 138_240);
    let run = ask(&mut desk, Request::Run { choice }, &Still::default());
    let Answer::Ran { run } = run.answer else { unreachable!("it runs") };
    assert_eq!(timing.outputs_sha256, run.outputs[0].sha256);
    assert_eq!(timing.macs, run.macs);
    let stopping = Ticking { stop_after: Some(FINE_LOOKS + 2), ..Ticking::default() };
    let stopped = finish(desk.answer(JobId(7), request, Vec::new(), &stopping));
    assert_eq!(problem(stopped), ProblemKind::Cancelled);
}

#[test]
fn searches_over_grids_beyond_reason_are_refused() {
    let outside = Still::default();
    let mut desk = Desk::default();
    ask(&mut desk, Request::Open { passes: Passes::default() }, &outside);
    let (accounting, input_image) = (PlanChoice::default(), InputImage::Resident);
    for largest in [0, u32::MAX] {
        for request in [
            Request::TrySquares { accounting, input_image, largest },
            Request::FindFront { accounting, input_image, largest },
            Request::CompareRungs { input_image, largest },
        ] {
            assert_eq!(problem(ask(&mut desk, request, &outside)), ProblemKind::Choice);
        }
    }
}

/// A node of a search over so many buffers would take too long to hear that it is to stop.
#[test]
fn a_proof_over_too_many_buffers_is_refused() {
    let outside = Still::default();
    let mut desk = Desk::default();
    ask(&mut desk, Request::Open { passes: Passes::default() }, &outside);
    let (rows, columns, input_image) = (48, 48, InputImage::Streamed);
    let schedule = ScheduleChoice::Patched { stage_end: 0, rows, columns, input_image };
    let request = Request::Prove { choice: schedule.into(), seconds: 1 };
    assert_eq!(problem(ask(&mut desk, request, &outside)), ProblemKind::Limit);
}

#[test]
fn a_plan_is_tried_for_its_figures_alone() {
    let outside = Still::default();
    let mut desk = Desk::default();
    let choice = PlanChoice::default();
    let ask_for = |input| Request::TryPlan { choice, input };
    assert_eq!(problem(ask(&mut desk, ask_for(None), &outside)), ProblemKind::Choice);
    ask(&mut desk, Request::Open { passes: Passes::default() }, &outside);
    let arena = |desk: &mut Desk<Reference>, input| {
        let Answer::Candidates { candidates } = ask(desk, ask_for(input), &outside).answer else {
            unreachable!("it can be planned");
        };
        let [found] = candidates[..] else { unreachable!("{candidates:?}") };
        found.arena_bytes
    };
    let own = desk.session.as_ref().unwrap().report().arena_bytes;
    assert_eq!(arena(&mut desk, None), own);
    assert_eq!(arena(&mut desk, Some([96, 96])), own);
    assert!(arena(&mut desk, Some([64, 64])) < own / 2);
    // Nothing of it is the plan that is shown, and what is no size is refused.
    assert!(desk.plans.is_empty());
    for input in [[0, 1], [97, 96], [u32::MAX; 2]] {
        let refused = ask(&mut desk, ask_for(Some(input)), &outside);
        assert_eq!(problem(refused), ProblemKind::Choice);
    }
}
