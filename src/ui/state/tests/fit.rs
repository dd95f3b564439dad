//! What would make the shown plan fit: asked for, answered, taken.

use super::*;
use crate::report::{CandidateReport, InPlace};

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
    let (mut state, asks) = searching();
    let problem =
        Problem { kind: ProblemKind::Cancelled, message: String::new(), advice: String::new() };
    assert!(answer(&mut state, asks[1].job, Answer::Failed { problem }).is_empty());
    assert!(state.problem.is_none() && state.fit().is_some());
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
