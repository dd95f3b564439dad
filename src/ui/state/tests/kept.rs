//! A plan is kept as A: what it is compared with, the way back, other models, links.

use super::*;
use crate::{report::Planner, text::comparison, ui::url};

/// Answers every request for a plan with the sample's, made as asked; and lets it run where it is to.
fn plan_all(state: &mut AppState, effects: &[Effect]) -> Vec<PlanChoice> {
    let plans = asked(effects).into_iter().filter_map(|ask| match ask.request {
        Request::Plan { choice } => Some((ask.job, choice)),
        _ => None,
    });
    let plans: Vec<(JobId, PlanChoice)> = plans.collect();
    for &(job, choice) in &plans {
        let plan = match choice.schedule {
            ScheduleChoice::Patched { rows, columns, .. } => sample::patched_plan(rows, columns),
            _ => sample::plan(),
        };
        let plan = Box::new(PlanReport { choice, ..plan });
        let effects = answer(state, job, Answer::Planned { plan });
        run_all(state, &effects);
    }
    plans.into_iter().map(|(_, choice)| choice).collect()
}

/// Answers every request to run, as if all kernels gave the same bytes.
fn run_all(state: &mut AppState, effects: &[Effect]) -> Vec<PlanChoice> {
    let runs = asked(effects).into_iter().filter_map(|ask| match ask.request {
        Request::Run { choice } => Some((ask.job, choice)),
        _ => None,
    });
    let runs: Vec<(JobId, PlanChoice)> = runs.collect();
    for &(job, choice) in &runs {
        answer(state, job, Answer::Ran { run: Box::new(RunReport { choice, ..sample::run() }) });
    }
    runs.into_iter().map(|(_, choice)| choice).collect()
}

fn exact() -> PlanChoice {
    PlanChoice::default().with_planner(Planner::Exact)
}

/// The layer-wise plan is kept, patches of 2 x 2 are shown.
fn kept_beside_patches() -> AppState {
    let mut state = opened();
    assert!(state.update(Action::KeepPlan).is_empty());
    let mut effects = state.update(Action::SetGrid { rows: 2, columns: 2 });
    effects.extend(state.update(Action::ShowPlan(PlanKind::Patched)));
    plan_all(&mut state, &effects);
    state
}

#[test]
fn what_is_kept_stays_a_whatever_is_shown_afterwards() {
    let mut state = opened();
    assert!(state.pair().is_none(), "layer by layer alone is no comparison");
    state.update(Action::KeepPlan);
    assert!(state.is_kept_shown() && state.pair().is_none());
    let effects = state.update(Action::SetAccounting(exact()));
    plan_all(&mut state, &effects);
    let pair = state.pair().unwrap();
    assert_eq!((pair.a.plan.choice, pair.b.plan.choice), (PlanChoice::default(), exact()));
    assert!(pair.is_of_one_graph() && pair.a.run.is_some(), "its last run came along");
    let effects = state.update(Action::ShowPlan(PlanKind::Patched));
    plan_all(&mut state, &effects);
    let pair = state.pair().unwrap();
    assert_eq!(pair.a.plan.choice, PlanChoice::default());
    assert_eq!(Some(pair.b.plan.choice), state.plan_choice());
    // The other way round, and back by the keys of undo.
    let shown = state.plan_choice().unwrap();
    let effects = state.update(Action::SwapKept);
    plan_all(&mut state, &effects);
    let pair = state.pair().unwrap();
    assert_eq!((pair.a.plan.choice, pair.b.plan.choice), (shown, PlanChoice::default()));
    let effects = state.update(Action::Undo);
    plan_all(&mut state, &effects);
    let pair = state.pair().unwrap();
    assert_eq!((pair.a.plan.choice, pair.b.plan.choice), (PlanChoice::default(), shown));
}

#[test]
fn without_a_kept_plan_patches_stand_beside_layers() {
    let mut state = opened();
    let effects = state.update(Action::ShowPlan(PlanKind::Patched));
    assert!(state.pair().is_none(), "not planned yet");
    plan_all(&mut state, &effects);
    let pair = state.pair().unwrap();
    assert_eq!(pair.a.plan.choice.schedule, ScheduleChoice::Layerwise);
    assert_eq!(Some(pair.b.plan.choice.schedule), state.patched_choice());
    let effects = state.update(Action::ShowPlan(PlanKind::Layerwise));
    plan_all(&mut state, &effects);
    assert!(state.pair().is_none());
}

#[test]
fn keeping_forgetting_and_swapping_are_steps_to_take_back() {
    let mut state = kept_beside_patches();
    let kept = state.settings.kept.clone();
    assert!(kept.is_some());
    state.update(Action::ForgetKept);
    assert!(state.settings.kept.is_none());
    assert_eq!(state.pair().unwrap().a.plan.choice, PlanChoice::default(), "layer by layer");
    state.update(Action::Undo);
    assert_eq!(state.settings.kept, kept);
    assert!(state.pair().is_some(), "its figures are still known");
    state.update(Action::Redo);
    assert!(state.settings.kept.is_none());
    // The same button keeps and forgets.
    state.update(Action::KeepPlan);
    assert!(state.is_kept_shown());
    state.update(Action::KeepPlan);
    assert!(state.settings.kept.is_none());
    assert!(state.update(Action::SwapKept).is_empty() && state.update(Action::ShowKept).is_empty());
}

#[test]
fn nothing_is_kept_while_its_plan_is_not_there() {
    let mut state = opened();
    let effects = state.update(Action::SetAccounting(exact()));
    state.update(Action::KeepPlan);
    assert_eq!(state.settings.kept, None);
    plan_all(&mut state, &effects);
    state.update(Action::KeepPlan);
    assert_eq!(state.settings.kept.as_ref().map(|kept| kept.choice), Some(exact()));
    // While another graph is built, the figures are of the one before.
    state.update(Action::SetPasses(Passes::NONE));
    assert!(state.pair().is_none());
    state.update(Action::KeepPlan);
    assert_eq!(state.settings.kept.as_ref().map(|kept| kept.passes), Some(Passes::default()));
}

#[test]
fn a_is_shown_again_with_all_that_it_assumes() {
    let mut state = kept_beside_patches();
    let effects = state.update(Action::SetAccounting(exact()));
    plan_all(&mut state, &effects);
    let effects = state.update(Action::ShowKept);
    plan_all(&mut state, &effects);
    assert!(state.is_kept_shown());
    assert_eq!(state.plan_choice(), Some(PlanChoice::default()));
    // With other passes another graph is built.
    let asks = asked(&state.update(Action::SetPasses(Passes::NONE)));
    let opened = Answer::Opened { model: Box::new(sample::model()), keeps_inputs: true };
    let effects = answer(&mut state, asks[0].job, opened);
    plan_all(&mut state, &effects);
    run_all(&mut state, &effects);
    let pair = state.pair().unwrap();
    assert!(!pair.is_of_one_graph());
    assert_eq!((pair.a.passes, pair.b.passes), (Passes::default(), Passes::NONE));
    let effects = state.update(Action::RunBoth);
    assert_eq!(run_all(&mut state, &effects), [PlanChoice::default()], "B alone");
    let asks = asked(&state.update(Action::ShowKept));
    assert_eq!(asks[0].request, Request::SetPasses { passes: Passes::default() });
}

#[test]
fn both_run_on_one_input_and_a_keeps_its_run() {
    let mut state = kept_beside_patches();
    let effects = state.update(Action::RunBoth);
    let shown = state.plan_choice().unwrap();
    assert_eq!(run_all(&mut state, &effects), [PlanChoice::default(), shown]);
    let pair = state.pair().unwrap();
    let (is_same, _) = comparison::outputs(&pair.a.side(), &pair.b.side());
    assert_eq!(is_same, Some(true));
    // Better times of both are measured, and told.
    let profile = ProfileReport { repeats: 40, ..sample::profile() };
    let job = state.job(|one| one == Purpose::Profile(PlanChoice::default())).unwrap().id;
    answer(&mut state, job, Answer::Profiled { profile: Box::new(profile) });
    assert_eq!(state.pair().unwrap().a.run.unwrap().report.repeats, 40);
    // Another input: what A gave for the other is not compared.
    let asks = asked(&state.update(Action::ChooseNoise));
    let reply = Answer::InputSet { input: tensor_report(None) };
    let reply = Reply { job: asks[0].job, answer: reply };
    let attachments = vec![vec![9, 9, 9]];
    let effects = state.update(Action::Replied { reply: Box::new(reply), attachments });
    assert_eq!(run_all(&mut state, &effects), [shown]);
    let pair = state.pair().unwrap();
    let (is_same, words) = comparison::outputs(&pair.a.side(), &pair.b.side());
    assert!(is_same.is_none() && words.contains("another input"), "{words}");
    let effects = state.update(Action::RunBoth);
    run_all(&mut state, &effects);
    let pair = state.pair().unwrap();
    assert_eq!(comparison::outputs(&pair.a.side(), &pair.b.side()).0, Some(true));
}

#[test]
fn a_smaller_plan_of_a_has_not_run_yet() {
    let mut state = opened();
    let effects = state.update(Action::SetAccounting(exact()));
    plan_all(&mut state, &effects);
    state.update(Action::KeepPlan);
    assert!(state.kept().unwrap().run.is_some());
    let prove = asked(&state.update(Action::Prove));
    let job = prove.iter().find(|ask| matches!(ask.request, Request::Prove { .. })).unwrap().job;
    let search = crate::report::SearchReport {
        nodes: 1,
        elapsed_ms: 1.0,
        arena_bytes: 700,
        lower_bound_bytes: 700,
        stage: crate::report::SearchStage::Proven,
    };
    let plan = PlanReport { choice: exact(), arena_bytes: 700, ..sample::plan() };
    answer(&mut state, job, Answer::ProofEnded { search, plan: Some(Box::new(plan)) });
    let kept = state.kept().unwrap();
    assert!(kept.plan.arena_bytes == 700 && kept.run.is_none());
}

/// Opens the sample's figures as those of another file.
fn open_other(state: &mut AppState) -> Vec<Effect> {
    let open = choose(state, 7);
    let effects = answer(state, open, other_model());
    plan_all(state, &effects);
    effects
}

#[test]
fn another_model_is_b_and_a_opens_again() {
    let mut state = opened();
    state.update(Action::KeepPlan);
    let first = state.settings.model.clone();
    open_other(&mut state);
    let pair = state.pair().unwrap();
    assert!(!pair.is_of_one_graph() && pair.a.link == first && pair.b.link != first);
    assert!(pair.a.run.is_some() && pair.b.run.is_none());
    let (is_same, words) = comparison::outputs(&pair.a.side(), &pair.b.side());
    assert!(is_same.is_none() && words.contains("two models"), "{words}");
    // Swapped: the first model is read again, what was shown is kept, and can be read again as well.
    let source = pair.a.open.source;
    assert_eq!(state.update(Action::SwapKept), [Effect::Read(source)]);
    assert!(state.may_open_again(7) && !state.may_open_again(8));
    let open = asked(&state.update(Action::ReadDone { source }));
    let reply = Answer::Opened { model: Box::new(sample::model()), keeps_inputs: false };
    let effects = answer(&mut state, open[0].job, reply);
    plan_all(&mut state, &effects);
    let swapped = state.pair().unwrap();
    assert_eq!((swapped.a.link, swapped.b.link), (pair.b.link, pair.a.link));
    assert_eq!(state.update(Action::ShowKept), [Effect::Read(Source::File(7))]);
}

#[test]
fn a_model_of_a_link_shows_a_as_it_was_kept() {
    let model = ModelLink::Bundled(&BUNDLED[1]);
    let kept = ChosenPlan { model, passes: Passes::NONE, choice: exact() };
    let mut state = opened();
    state.settings.kept = Some(kept);
    assert!(
        state.update(Action::DismissProblem).is_empty(),
        "another model's plan is not asked for"
    );
    assert!(state.pair().is_none() && state.can_show_kept() && !state.is_kept_of_graph());
    let source = Source::Bundled(&BUNDLED[1]);
    assert_eq!(state.update(Action::ShowKept), [Effect::Read(source)]);
    let open = asked(&state.update(Action::ReadDone { source }));
    let effects = answer(&mut state, open[0].job, other_model());
    let asks = asked(&effects);
    assert_eq!(asks[0].request, Request::SetPasses { passes: Passes::NONE });
    let effects = answer(&mut state, asks[0].job, other_model());
    assert_eq!(plan_all(&mut state, &effects), [exact()]);
    assert!(state.is_kept_shown() && state.kept().is_some());
}

#[test]
fn a_file_that_is_not_here_cannot_be_shown_until_it_is_opened() {
    let mut state = opened();
    let kept = |choice| ChosenPlan {
        model: ModelLink::Own { sha256: "b".repeat(16) },
        passes: Passes::default(),
        choice,
    };
    state.settings.kept = Some(kept(exact()));
    assert!(!state.can_show_kept());
    assert!(state.update(Action::ShowKept).is_empty() && state.update(Action::SwapKept).is_empty());
    let open = choose(&mut state, 7);
    let effects = answer(&mut state, open, other_model());
    assert_eq!(plan_all(&mut state, &effects), [PlanChoice::default(), exact()]);
    assert_eq!(state.pair().unwrap().a.plan.choice, exact());
}

#[test]
fn a_worker_that_begins_anew_is_asked_once_it_has_the_model() {
    let choice = sample::patched_plan(2, 2).choice;
    let mut state = opened();
    let (model, passes) = (state.settings.model.clone(), Passes::default());
    state.settings.kept = Some(ChosenPlan { model, passes, choice });
    let source = state.model.as_ref().unwrap().source;
    assert!(asked(&state.update(Action::WorkerDied { why: String::new() })).is_empty());
    let open = asked(&state.update(Action::ReadDone { source }));
    assert!(open.iter().all(|ask| !matches!(ask.request, Request::Plan { .. })));
    let reply = Answer::Opened { model: Box::new(sample::model()), keeps_inputs: false };
    let effects = answer(&mut state, open.last().unwrap().job, reply);
    assert!(plan_all(&mut state, &effects).contains(&choice));
    assert_eq!(state.pair().unwrap().a.plan.choice, choice);
}

#[test]
fn a_plan_of_a_link_is_made_once_or_its_refusal_told() {
    let choice = sample::patched_plan(2, 2).choice;
    let kept = |state: &AppState| {
        let (model, passes) = (state.settings.model.clone(), Passes::default());
        Some(ChosenPlan { model, passes, choice })
    };
    let mut state = opened();
    state.settings.kept = kept(&state);
    let effects = state.update(Action::DismissProblem);
    assert_eq!(asked(&effects)[0].request, Request::Plan { choice });
    assert!(state.update(Action::DismissProblem).is_empty(), "asked once");
    let mut other = state.clone();
    plan_all(&mut state, &effects);
    assert_eq!(state.pair().unwrap().a.plan.choice, choice);
    assert!(state.patched.is_none(), "it is not the shown plan");
    let problem = Problem {
        kind: ProblemKind::Choice,
        message: "no such stage".to_owned(),
        advice: String::new(),
    };
    let job = asked(&effects)[0].job;
    assert!(answer(&mut other, job, Answer::Failed { problem }).is_empty(), "not asked again");
    assert_eq!(other.kept_problem(), Some("no such stage"));
    assert!(other.problem.is_none() && other.pair().is_none());
}

fn opens_patches() -> AppState {
    let mut state = opened();
    state.settings.kept = url::decode("a.plan=patch&a.stage=1&a.grid=2x2&a.m=digits").kept;
    assert!(state.settings.kept.is_some());
    state.update(Action::ShowKept);
    state
}

/// Asks for other passes and answers with their graph.
fn pass(state: &mut AppState) {
    let asks = asked(&state.update(Action::SetPasses(Passes::NONE)));
    let job = asks.iter().find(|ask| matches!(ask.request, Request::SetPasses { .. })).unwrap().job;
    let opened = Answer::Opened { model: Box::new(sample::model()), keeps_inputs: true };
    answer(state, job, opened);
}

#[test]
fn what_a_model_is_to_be_shown_as_waits_for_that_model() {
    // Another graph of the open one comes first.
    let mut state = opens_patches();
    pass(&mut state);
    assert_eq!((state.settings.plan, state.settings.passes), (PlanKind::Layerwise, Passes::NONE));
    let Some(Reading { source, .. }) = state.reading.clone() else { panic!("still read") };
    let open = asked(&state.update(Action::ReadDone { source }));
    answer(&mut state, open[0].job, other_model());
    assert_eq!(state.settings.plan, PlanKind::Patched);
    // Nobody waits for it any more.
    let mut state = opens_patches();
    let open = asked(&state.update(Action::ReadDone { source }));
    state.update(Action::CancelRead);
    let own = state.model.as_ref().unwrap().source;
    assert_eq!(answer(&mut state, open[0].job, other_model()), [Effect::Read(own)]);
    reopen(&mut state, own);
    assert_eq!(state.settings.plan, PlanKind::Layerwise);
}

/// Reads the open model once more and answers with it.
fn reopen(state: &mut AppState, source: Source) {
    let open = asked(&state.update(Action::ReadDone { source }));
    let opened = Answer::Opened { model: Box::new(sample::model()), keeps_inputs: false };
    answer(state, open.last().unwrap().job, opened);
}

#[test]
fn after_a_failed_fetch_only_another_try_shows_what_is_kept() {
    let mut failed = opens_patches();
    let Some(Reading { source, .. }) = failed.reading.clone() else { panic!("it is read") };
    failed.update(Action::ReadFailed { source, why: "offline".to_owned() });
    let mut state = failed.clone();
    assert_eq!(state.update(Action::TryAgain), [Effect::Read(source)]);
    let open = asked(&state.update(Action::ReadDone { source }));
    answer(&mut state, open[0].job, other_model());
    assert_eq!(state.settings.plan, PlanKind::Patched);
    let own = failed.model.as_ref().unwrap().source;
    failed.update(Action::WorkerDied { why: String::new() });
    reopen(&mut failed, own);
    assert_eq!(failed.settings.plan, PlanKind::Layerwise);
}

#[test]
fn a_plan_that_cannot_be_made_is_not_told_of_another_one() {
    let mut state = opened();
    state.settings.kept = url::decode("a.plan=patch&a.stage=1&a.grid=4x4").kept;
    let asks = asked(&state.update(Action::DismissProblem));
    assert!(matches!(asks[0].request, Request::Plan { .. }));
    let problem = Problem {
        kind: ProblemKind::Choice,
        message: "no such patches".to_owned(),
        advice: String::new(),
    };
    let failed = Answer::Failed { problem };
    let mut other = state.clone();
    other.update(Action::KeepPlan);
    answer(&mut other, asks[0].job, failed.clone());
    assert!(other.is_kept_shown());
    assert_eq!(other.kept_problem(), None);
    answer(&mut state, asks[0].job, failed.clone());
    assert_eq!(state.kept_problem(), Some("no such patches"));
}

#[test]
fn what_is_kept_is_asked_again_of_the_graph_it_is_of() {
    let mut state = opened();
    state.settings.kept = url::decode("a.plan=patch&a.stage=1&a.grid=4x4").kept;
    let asks = asked(&state.update(Action::DismissProblem));
    // The kept plan is to be one of the next graph, and the answer comes from the one before.
    state.settings.kept =
        state.settings.kept.map(|kept| ChosenPlan { passes: Passes::NONE, ..kept });
    state.update(Action::SetPasses(Passes::NONE));
    answer(&mut state, asks[0].job, Answer::Planned { plan: Box::new(sample::patched_plan(4, 4)) });
    assert!(state.kept().is_none());
}
