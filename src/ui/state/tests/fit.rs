//! What would make the shown plan fit: asked for, answered, taken.

use super::*;
use crate::report::{CandidateReport, FitGoal, InPlace};

fn tried(ask: &Ask, arena_bytes: u64) -> Answer {
    let Request::TryPlan { choice, .. } = ask.request else { panic!("{ask:?}") };
    let choice = choice.schedule;
    let candidates = vec![CandidateReport { choice, arena_bytes, peak_bytes: 1, macs: 1 }];
    Answer::Candidates { candidates }
}

/// A state whose plan does not fit 100 bytes, and the requests of the search for what does.
fn searching() -> (AppState, Vec<Ask>) {
    let mut state = opened();
    state.update(Action::SetTarget(Target::Own { sram_bytes: 100, flash_bytes: None }));
    let asks = asked(&state.update(Action::FindFit));
    (state, asks)
}

/// Answers the plans one after the other until none is asked for.
fn answer_all(state: &mut AppState, first: &Ask, arena_bytes: impl Fn(&Ask) -> u64) -> Vec<Ask> {
    let mut all = vec![first.clone()];
    while let Some(ask) = all.last().cloned() {
        let effects = answer(state, ask.job, tried(&ask, arena_bytes(&ask)));
        match asked(&effects).first() {
            Some(next) => all.push(next.clone()),
            None => break,
        }
    }
    all
}

#[test]
fn one_plan_is_asked_for_after_the_other_beside_the_front() {
    let (mut state, asks) = searching();
    let [front, first] = &asks[..] else { panic!("{asks:?}") };
    assert!(matches!(front.request, Request::FindFront { .. }));
    assert!(state.update(Action::FindFit).is_empty(), "one at a time");
    assert_eq!(state.fit_job().map(|job| job.id), Some(front.job));
    answer(&mut state, front.job, front_answer());
    assert_eq!(state.fit_job().map(|job| job.id), Some(first.job));
    let all = answer_all(&mut state, first, |ask| match ask.request {
        Request::TryPlan { input: Some([4, _]), .. } => 90,
        _ => 1000,
    });
    assert_eq!(state.fit_job(), None);
    let sizes: Vec<_> = all
        .iter()
        .filter_map(|ask| match ask.request {
            Request::TryPlan { input, .. } => input,
            _ => None,
        })
        .collect();
    assert_eq!(sizes, [[6, 6], [4, 4]], "until one fits");
    let fit = state.fit().unwrap();
    assert_eq!(fit.inputs().len(), 1);
    assert_eq!(fit.inputs()[0].question.input, Some([4, 4]));
    assert!(state.candidates.is_none(), "these are no squares");
}

#[test]
fn a_plan_that_is_taken_brings_its_accounting_and_can_be_taken_back() {
    let (mut state, asks) = searching();
    answer_all(&mut state, &asks[1], |ask| match ask.request {
        Request::TryPlan { choice, .. } if choice.in_place == InPlace::All => 100,
        _ => 1000,
    });
    let taken = state.fit().unwrap().other_plan().unwrap().question.choice;
    assert_eq!(taken.in_place, InPlace::All);
    let effects = state.update(Action::Take(taken));
    let plan = asked(&effects).into_iter().find(|ask| matches!(ask.request, Request::Plan { .. }));
    assert_eq!(plan.unwrap().request, Request::Plan { choice: taken });
    assert_eq!(state.plan_choice(), Some(taken));
    assert!(state.fit().is_none(), "it was about the other plan");
    state.update(Action::Undo);
    assert_eq!(state.settings.accounting.in_place, InPlace::None);
}

#[test]
fn another_target_or_a_stop_ends_the_search() {
    let (mut state, asks) = searching();
    state.update(Action::SetTarget(Target::Own { sram_bytes: 200, flash_bytes: None }));
    assert!(state.fit().is_none());
    assert!(answer(&mut state, asks[1].job, tried(&asks[1], 1000)).is_empty());
    // A stop ends both parts, and half a search is not told as all of it.
    for stopped in 0..2 {
        let (mut state, asks) = searching();
        let cancels = asked(&state.update(Action::Cancel { job: asks[stopped].job }));
        let cancelled = |ask: &Ask| match ask.request {
            Request::Cancel { job } => job,
            _ => panic!("{ask:?}"),
        };
        let cancelled: Vec<JobId> = cancels.iter().map(cancelled).collect();
        assert_eq!(cancelled, [asks[0].job, asks[1].job]);
        assert!(state.fit().is_none());
        // Whoever wants it after all gets all of it, also before the stop is heard.
        let again = asked(&state.clone().update(Action::FindFit));
        assert!(matches!(again[0].request, Request::FindFront { .. }), "{again:?}");
        assert_eq!(again[1].request, asks[1].request);
        for ask in &asks {
            assert!(answer(&mut state, ask.job, Answer::Failed { problem: cancel() }).is_empty());
        }
        assert!(state.problem.is_none() && state.fit().is_none() && state.jobs.is_empty());
    }
}

fn cancel() -> Problem {
    Problem { kind: ProblemKind::Cancelled, message: String::new(), advice: String::new() }
}

#[test]
fn a_search_that_was_left_goes_on() {
    let (mut state, asks) = searching();
    answer(&mut state, asks[0].job, front_answer());
    let [small, other] = [100, 200].map(|sram_bytes| Target::Own { sram_bytes, flash_bytes: None });
    state.update(Action::SetTarget(other));
    answer(&mut state, asks[1].job, tried(&asks[1], 1000));
    state.update(Action::SetTarget(small));
    assert!(state.fit_job().is_none() && state.is_fit_left(), "one of its plans was tried");
    let next = asked(&state.update(Action::FindFit));
    let [next] = &next[..] else { panic!("{next:?}") };
    assert_ne!(next.request, asks[1].request);
    assert!(!state.is_fit_left());
    assert_eq!(state.fit().unwrap().progress().0, 1);
    answer_all(&mut state, next, |_| 90);
    assert!(state.fit_job().is_none() && !state.is_fit_left());
    // So does one whose worker is gone.
    let (mut state, _) = searching();
    state.update(Action::WorkerDied { why: String::new() });
    assert!(state.is_fit_left());
}

#[test]
fn what_does_not_fit_decides_what_is_sought() {
    let mut state = opened();
    let arena_bytes = state.plan().unwrap().arena_bytes;
    let tflm = state.model.as_ref().unwrap().report.tflm_arena().unwrap();
    assert!(arena_bytes < tflm.bytes(), "the sample's interpreter keeps something");
    let target =
        |sram_bytes, flash_bytes| Action::SetTarget(Target::Own { sram_bytes, flash_bytes });
    state.update(target(tflm.bytes(), None));
    assert_eq!(state.fit_goal(), None);
    assert!(state.update(Action::FindFit).is_empty(), "all fits");
    state.update(target(tflm.bytes(), Some(1)));
    assert_eq!(state.fit_goal(), Some(FitGoal::Flash));
    assert!(state.update(Action::FindFit).is_empty(), "no plan helps");
    assert!(state.fit().is_some() && !state.is_fit_left());
    // The same room and plan, another goal: what was found for one is not shown for the other.
    state.update(target(tflm.bytes(), None));
    assert!(state.fit().is_none());
    state.update(target(arena_bytes, None));
    assert_eq!(state.fit_goal(), Some(FitGoal::Tflm(tflm)));
    let asks = asked(&state.update(Action::FindFit));
    let [first] = &asks[..] else { panic!("no front: {asks:?}") };
    let all = answer_all(&mut state, first, |_| arena_bytes);
    assert!(all.iter().all(|ask| matches!(
        ask.request,
        Request::TryPlan { choice: PlanChoice::TFLM, input: Some(_) }
    )));
    assert!(state.fit().unwrap().inputs().is_empty(), "what is kept comes on top");
    state.update(target(arena_bytes - 1, None));
    assert_eq!(state.fit_goal(), Some(FitGoal::Arena));
    assert!(state.fit().is_none());
}

#[test]
fn a_front_that_is_stopped_under_another_target_ends_the_search() {
    let (mut state, asks) = searching();
    let [small, other] = [100, 200].map(|sram_bytes| Target::Own { sram_bytes, flash_bytes: None });
    answer_all(&mut state, &asks[1], |_| 90);
    state.update(Action::SetTarget(other));
    state.update(Action::Cancel { job: asks[0].job });
    answer(&mut state, asks[0].job, Answer::Failed { problem: cancel() });
    state.update(Action::SetTarget(small));
    assert!(state.fit().is_none(), "it would be told without the front");
}

#[test]
fn a_size_that_is_refused_is_kept_as_the_reason() {
    let (mut state, asks) = searching();
    let mut ask = asks[1].clone();
    while let Request::TryPlan { input: None, .. } = ask.request {
        let effects = answer(&mut state, ask.job, tried(&ask, 1000));
        ask = asked(&effects)[0].clone();
    }
    let message = "#2 RESHAPE fixes 4x4.".to_owned();
    let problem = Problem { kind: ProblemKind::Choice, message, advice: String::new() };
    let failed = Answer::Failed { problem: problem.clone() };
    assert!(answer(&mut state, ask.job, failed).is_empty(), "no other size is tried");
    assert_eq!(state.fit().unwrap().refusal(), Some(&problem));
    assert!(state.problem.is_none());
}
