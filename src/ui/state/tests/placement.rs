//! Buffers to place beside the model.

use super::*;
use crate::report::{PlacementBuffer, PlacementPlan, PlacementReport, SearchReport, SearchStage};

fn report(arena_bytes: u64, stage: SearchStage) -> SearchReport {
    SearchReport { arena_bytes, lower_bound_bytes: 4, nodes: 9, elapsed_ms: 1.0, stage }
}

fn opened_list() -> Answer {
    let buffer = PlacementBuffer {
        id: "a".to_owned(),
        bytes: 4,
        alignment_bytes: 1,
        first_step: 0,
        end_step: 2,
    };
    Answer::PlacementOpened {
        placement: Box::new(PlacementReport { buffers: vec![buffer] }),
        plan: PlacementPlan { offsets_bytes: vec![3] },
        search: report(7, SearchStage::Open),
    }
}

fn plan(offset: u64) -> Option<PlacementPlan> {
    Some(PlacementPlan { offsets_bytes: vec![offset] })
}

fn place(state: &mut AppState, action: PlacementAction) -> Vec<Effect> {
    state.update(Action::Place(action))
}

/// A state with the sample model and a file of buffers open.
fn with_buffers() -> AppState {
    let mut state = opened();
    let file_name = "x.64.csv".to_owned();
    let effects = place(&mut state, PlacementAction::Read { file_name });
    let ask = asked(&effects);
    assert_eq!(ask[0].request, Request::OpenPlacement);
    answer(&mut state, ask[0].job, opened_list());
    assert!(state.placement.is_some() && state.model.is_some());
    state
}

#[test]
fn a_better_plan_is_shown_as_soon_as_it_is_found() {
    let mut state = with_buffers();
    assert_eq!(state.placement.as_ref().unwrap().capacity_bytes, Some(64), "from the name");
    place(&mut state, PlacementAction::SetCapacity(None));
    place(&mut state, PlacementAction::SetSeconds(5));
    let search = asked(&place(&mut state, PlacementAction::Search));
    let expected = Request::SearchPlacement { capacity_bytes: None, seconds: 5 };
    assert_eq!(search[0].request, expected);
    assert!(place(&mut state, PlacementAction::Search).is_empty(), "one search at a time");
    let improved =
        Answer::PlacementImproved { search: report(6, SearchStage::Open), plan: plan(2) };
    answer(&mut state, search[0].job, improved);
    let open = state.placement.clone().unwrap();
    assert_eq!((open.plan.offsets_bytes[0], open.search.arena_bytes), (2, 6));
    assert_eq!(*open.csv, [1, 2, 3], "the file to save is that of the plan");
    assert!(state.placement_search().is_some(), "the search goes on");
    let nothing_new =
        Answer::PlacementImproved { search: report(6, SearchStage::Open), plan: None };
    answer(&mut state, search[0].job, nothing_new);
    assert_eq!(state.placement.as_ref().unwrap().plan, open.plan);
    let ended = Answer::PlacementSearched { search: report(4, SearchStage::Proven), plan: plan(0) };
    answer(&mut state, search[0].job, ended);
    assert!(state.placement_search().is_none());
    assert!(state.placement.unwrap().search.is_proven());
}

#[test]
fn another_capacity_and_the_way_back_stop_the_search() {
    let mut state = with_buffers();
    let search = asked(&place(&mut state, PlacementAction::Search))[0].job;
    let effects = place(&mut state, PlacementAction::SetCapacity(Some(5)));
    assert_eq!(asked(&effects)[0].request, Request::Cancel { job: search });
    let stopped =
        Answer::PlacementSearched { search: report(6, SearchStage::Stopped), plan: plan(1) };
    answer(&mut state, search, stopped);
    assert_eq!(state.placement.as_ref().unwrap().plan.offsets_bytes[0], 1, "what it found stays");
    let search = asked(&place(&mut state, PlacementAction::Search))[0].job;
    let effects = place(&mut state, PlacementAction::Close);
    assert_eq!(asked(&effects)[0].request, Request::Cancel { job: search });
    assert!(state.placement.is_none() && state.jobs.is_empty());
    let late = Answer::PlacementImproved { search: report(5, SearchStage::Open), plan: plan(1) };
    answer(&mut state, search, late);
    assert!(state.placement.is_none() && state.model.is_some());
}

#[test]
fn a_broken_list_leaves_everything_open() {
    let mut state = with_buffers();
    let file_name = "broken.csv".to_owned();
    let open = asked(&place(&mut state, PlacementAction::Read { file_name }))[0].job;
    let problem = Problem {
        kind: ProblemKind::Malformed,
        message: "no CSV".to_owned(),
        advice: String::new(),
    };
    answer(&mut state, open, Answer::Failed { problem });
    assert_eq!(state.problem.as_ref().unwrap().message, "no CSV");
    assert_eq!(state.placement.as_ref().unwrap().file_name, "x.64.csv");
    place(&mut state, PlacementAction::TooLong { file_name: "y.csv".to_owned(), bytes: 1 << 30 });
    assert_eq!(state.problem.as_ref().unwrap().kind, ProblemKind::Limit);
}

#[test]
fn a_model_that_is_chosen_puts_the_buffers_away() {
    let mut state = with_buffers();
    choose(&mut state, 7);
    assert!(state.placement.is_none());
}

#[test]
fn a_worker_that_began_anew_is_given_the_buffers_again() {
    let mut state = with_buffers();
    state.update(Action::WorkerDied { why: "it is gone".to_owned() });
    let asks = asked(&place(&mut state, PlacementAction::Search));
    assert_eq!(asks[0].request, Request::OpenPlacement);
    assert!(matches!(asks[1].request, Request::SearchPlacement { .. }));
    answer(&mut state, asks[0].job, opened_list());
    // It begins with the greedy plan, which is no better than what is known.
    let worse = Answer::PlacementImproved { search: report(9, SearchStage::Open), plan: plan(5) };
    answer(&mut state, asks[1].job, worse);
    let open = state.placement.as_ref().unwrap();
    assert_eq!((open.plan.offsets_bytes[0], open.search.arena_bytes), (3, 7));
    assert_eq!(open.file_name, "x.64.csv");
    assert!(asked(&place(&mut state, PlacementAction::Search)).is_empty());
}
