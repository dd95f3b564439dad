//! What is counted and how it is planned: accounting, rungs, proofs, own blocks, and the way back.

use super::*;
use crate::{
    report::{
        InPlace, PaperReport, PaperStep, PlanChoice, Planner, Rung, RungReport, SearchReport,
        SearchStage,
    },
    text::accounting::Preset,
};

/// Answers all requests for plans with the sample's, made as asked.
fn plan_all(state: &mut AppState, effects: &[Effect]) -> Vec<PlanChoice> {
    let mut planned = Vec::new();
    for ask in asked(effects) {
        if let Request::Plan { choice } = ask.request {
            let mut plan = match choice.schedule {
                ScheduleChoice::Patched { rows, columns, .. } => {
                    sample::patched_plan(rows, columns)
                }
                _ => sample::plan(),
            };
            plan.choice = choice;
            answer(state, ask.job, Answer::Planned { plan: Box::new(plan) });
            planned.push(choice);
        }
    }
    planned
}

#[test]
fn another_accounting_plans_anew_and_can_be_taken_back() {
    let mut state = opened();
    assert!(!state.can_undo());
    let own = PlanChoice::default().with_in_place(InPlace::All);
    let effects = state.update(Action::SetAccounting(own));
    assert!(state.run().is_none(), "it ran in another arena");
    assert_eq!(plan_all(&mut state, &effects), [own]);
    assert_eq!(state.plan().unwrap().choice, own);
    assert!(state.update(Action::Run).is_empty(), "it is run by itself");
    let effects = state.update(Action::Undo);
    assert_eq!(plan_all(&mut state, &effects), [PlanChoice::default()]);
    assert!(!state.can_undo() && state.can_redo());
    let effects = state.update(Action::Redo);
    assert_eq!(plan_all(&mut state, &effects), [own]);
    assert!(state.update(Action::Redo).is_empty());
    // What is looked at is no choice to take back.
    state.update(Action::Move(Move::Next));
    state.update(Action::SetTheme(Theme::Dark));
    state.update(Action::Undo);
    assert_eq!((state.settings.theme, state.selected()), (Theme::Dark, 1));
}

/// The worker's answer to the only request for a plan, and what that asks for.
fn planned(state: &mut AppState, effects: &[Effect], change: impl Fn(&mut PlanReport)) -> Vec<Ask> {
    let is_plan = |ask: &&Ask| matches!(ask.request, Request::Plan { .. });
    let asks = asked(effects);
    let ask = asks.iter().find(is_plan).unwrap_or_else(|| panic!("{effects:?}"));
    let Request::Plan { choice } = ask.request else { unreachable!() };
    let mut plan = PlanReport { choice, ..sample::plan() };
    change(&mut plan);
    asked(&answer(state, ask.job, Answer::Planned { plan: Box::new(plan) }))
}

#[test]
fn a_plan_that_is_chosen_after_a_run_is_run_by_itself_unless_that_takes_long() {
    let is_run = |ask: &Ask| matches!(ask.request, Request::Run { .. });
    let mut state = opened();
    // No preset waits for the visitor, whether it changes passes or not.
    let effects = state.update(Action::TakePreset(Preset::TinyEngine));
    assert_eq!(state.settings.passes, Passes::default(), "one that changes none");
    let choice = state.plan_choice().unwrap();
    let asks = planned(&mut state, &effects, |_| {});
    let run = asks.into_iter().find(is_run).unwrap();
    assert_eq!(run.request, Request::Run { choice });
    let ran = RunReport { choice, ..sample::run() };
    answer(&mut state, run.job, Answer::Ran { run: Box::new(ran) });
    assert!(state.is_run_of_plan() && state.runs_quickly());
    // Patches as well, and what is undone; a run that is cancelled is not begun again.
    let effects = state.update(Action::ShowPlan(PlanKind::Patched));
    let asks = planned(&mut state, &effects, |_| {});
    let run = asks.into_iter().find(is_run).unwrap();
    state.update(Action::Cancel { job: run.job });
    let problem = Problem { kind: ProblemKind::Cancelled, ..no_problem() };
    assert!(asked(&answer(&mut state, run.job, Answer::Failed { problem })).is_empty());
    assert!(!asked(&state.update(Action::Move(Move::Next))).iter().any(is_run));
    // 2.5 ms for 16,256 MACs: this one would take four seconds.
    let effects = state.update(Action::SetGrid { rows: 3, columns: 3 });
    let asks = planned(&mut state, &effects, |plan| plan.macs *= 1600);
    assert!(!asks.iter().any(is_run) && !state.runs_quickly());
    assert!(asked(&state.update(Action::Run)).iter().any(is_run), "on demand");
}

#[test]
fn whoever_asks_for_a_plan_does_not_wait_for_times() {
    let mut state = opened();
    let run = asked(&state.update(Action::Run)).remove(0);
    let asks = asked(&answer(&mut state, run.job, Answer::Ran { run: Box::new(sample::run()) }));
    let is_profile = |ask: &&Ask| matches!(ask.request, Request::Profile { .. });
    let job = asks.iter().find(is_profile).unwrap().job;
    let asks = asked(&state.update(Action::ShowPlan(PlanKind::Patched)));
    assert_eq!(asks[0].request, Request::Cancel { job });
    assert!(matches!(asks[1].request, Request::Plan { .. }));
}

fn no_problem() -> Problem {
    Problem { kind: ProblemKind::Internal, message: String::new(), advice: String::new() }
}

#[test]
fn a_preset_changes_passes_and_plan_in_one_step_back() {
    let mut state = opened();
    let asks = asked(&state.update(Action::TakePreset(Preset::Tflm)));
    assert_eq!(asks[0].request, Request::SetPasses { passes: Passes::NONE });
    let opened = Answer::Opened { model: Box::new(sample::model()), keeps_inputs: true };
    let input = state.input.clone();
    let effects = answer(&mut state, asks[0].job, opened.clone());
    assert_eq!(plan_all(&mut state, &effects), [PlanChoice::TFLM]);
    // The same input runs again: answers can be compared.
    let choice = PlanChoice::TFLM;
    assert!(asked(&effects).iter().any(|ask| ask.request == Request::Run { choice }));
    assert!(state.input == input && input.is_some());
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::LoadSample(_))));
    let asks = asked(&state.update(Action::Undo));
    assert_eq!(asks[0].request, Request::SetPasses { passes: Passes::default() });
    let effects = answer(&mut state, asks[0].job, opened);
    assert_eq!(plan_all(&mut state, &effects), [PlanChoice::default()]);
    assert!(!state.can_undo());
}

#[test]
fn an_input_that_comes_while_passes_change_is_taken() {
    let mut state = opened();
    let passes = asked(&state.update(Action::SetPasses(Passes::NONE)));
    let input = asked(&state.update(Action::ChooseNoise));
    let opened = Answer::Opened { model: Box::new(sample::model()), keeps_inputs: true };
    let effects = answer(&mut state, passes[0].job, opened);
    assert!(!asked(&effects).iter().any(|ask| matches!(ask.request, Request::Run { .. })));
    let set = Answer::InputSet { input: tensor_report(None) };
    let effects = answer(&mut state, input[0].job, set);
    assert!(matches!(state.input_from, Some(InputFrom::Noise(_))));
    assert!(matches!(asked(&effects)[0].request, Request::Run { .. }));
}

#[test]
fn what_is_asked_while_passes_change_is_about_the_new_graph() {
    let mut state = opened();
    let before = asked(&state.update(Action::CompareRungs));
    let passes = asked(&state.update(Action::SetPasses(Passes::NONE)));
    let front = asked(&state.update(Action::FindFront(FrontGoal::See)));
    let run = asked(&state.update(Action::Run));
    assert_eq!((before.len(), front.len(), run.len()), (1, 1, 1));
    let opened = Answer::Opened { model: Box::new(sample::model()), keeps_inputs: true };
    let effects = answer(&mut state, passes[0].job, opened.clone());
    let runs = |ask: &Ask| matches!(ask.request, Request::Run { .. });
    assert!(!asked(&effects).iter().any(runs), "it is under way");
    let is_awaited = |job: JobId| state.jobs.iter().any(|one| one.id == job);
    assert!(is_awaited(front[0].job) && is_awaited(run[0].job) && !is_awaited(before[0].job));
    // Two changes in a row: only the second is awaited, and runs.
    let mut state = super::opened();
    let [first, second] = [Passes::NONE, Passes::default()]
        .map(|passes| asked(&state.update(Action::SetPasses(passes)))[0].job);
    assert!(answer(&mut state, first, opened.clone()).is_empty());
    assert_eq!(asked(&answer(&mut state, second, opened)).into_iter().filter(runs).count(), 1);
}

#[test]
fn a_preset_that_knows_no_patches_says_so() {
    let mut state = opened();
    state.update(Action::TakePreset(Preset::Tflm));
    assert_eq!(state.plan_note, None, "it was layer by layer");
    state.update(Action::TakePreset(Preset::Strict));
    state.update(Action::ShowPlan(PlanKind::Patched));
    state.update(Action::TakePreset(Preset::Tflm));
    assert!(state.plan_note.is_some());
    state.update(Action::Undo);
    assert_eq!((state.plan_note, state.settings.plan), (None, PlanKind::Patched));
}

#[test]
fn the_papers_figures_are_asked_for_each_plan_once() {
    let mut state = opened();
    let effects = state.update(Action::TakePreset(Preset::Paper));
    let asks = asked(&effects);
    let choice = state.plan_choice().unwrap();
    let paper = asks.iter().find(|ask| ask.request == Request::CountAsPaper { choice }).unwrap();
    plan_all(&mut state, &effects);
    let at_peak = PaperStep::default();
    let report =
        PaperReport { layerwise_bytes: 700, layerwise_operator: 0, patched: None, at_peak };
    answer(&mut state, paper.job, Answer::Paper { paper: report });
    assert_eq!(state.shown_paper(), Some(report));
    assert!(state.update(Action::Move(Move::Next)).iter().all(|effect| {
        !matches!(effect, Effect::Ask(Ask { request: Request::CountAsPaper { .. }, .. }, _))
    }));
    let asks = asked(&state.update(Action::ShowPlan(PlanKind::Patched)));
    let is_paper = |ask: &&Ask| matches!(ask.request, Request::CountAsPaper { .. });
    assert_eq!(asks.iter().filter(is_paper).count(), 1, "another plan");
    assert_eq!(state.shown_paper(), None);
    state.update(Action::TakePreset(Preset::Strict));
    assert!(!state.settings.is_paper);
}

#[test]
fn the_papers_figures_stay_while_its_assumptions_are_given_up() {
    let mut state = opened();
    state.update(Action::TakePreset(Preset::Paper));
    let own = PlanChoice::default().with_in_place(InPlace::All);
    let asks = asked(&state.update(Action::SetAccounting(own)));
    assert!(asks.iter().any(|ask| ask.request == Request::CountAsPaper { choice: own }));
    state.update(Action::SetPasses(Passes::NONE));
    assert!(state.settings.is_paper);
    state.update(Action::Take(own));
    assert!(state.settings.is_paper);
    // A way to count of its own, as the other presets are.
    state.update(Action::TakePreset(Preset::Tflm));
    assert!(!state.settings.is_paper);
}

fn rung(rung: Rung, passes: Passes, choice: PlanChoice) -> RungReport {
    RungReport {
        rung,
        passes,
        choice,
        is_order_proven: None,
        arena_bytes: 700,
        peak_bytes: 700,
        scratch_bytes: 0,
        lower_bound_bytes: 700,
        macs: 100,
        macs_layerwise: 100,
    }
}

#[test]
fn a_rung_is_shown_with_all_that_it_assumes_and_the_ladder_stays() {
    let mut state = opened();
    let compare = asked(&state.update(Action::CompareRungs));
    assert!(state.update(Action::CompareRungs).is_empty(), "one comparison at a time");
    let patched = ScheduleChoice::Patched {
        stage_end: 1,
        rows: 2,
        columns: 1,
        input_image: InputImage::Resident,
    };
    let patched = PlanChoice::from(patched).with_in_place(InPlace::All);
    let rungs = vec![
        rung(Rung::Tflm, Passes::NONE, PlanChoice::TFLM),
        rung(Rung::PatchesInPlace, Passes::default(), patched),
        rung(Rung::Reordered, Passes::default(), ScheduleChoice::Reordered.into()),
    ];
    answer(&mut state, compare[0].job, Answer::Rungs { rungs });
    assert_eq!(state.rung(), None, "the refined planner is on no rung");

    let effects = state.update(Action::TakeRung(Rung::PatchesInPlace));
    assert!(plan_all(&mut state, &effects).contains(&patched));
    assert_eq!(state.plan().unwrap().choice, patched);
    assert_eq!(state.rung(), Some(Rung::PatchesInPlace));

    let asks = asked(&state.update(Action::TakeRung(Rung::Tflm)));
    assert_eq!(asks[0].request, Request::SetPasses { passes: Passes::NONE });
    let opened = Answer::Opened { model: Box::new(sample::model()), keeps_inputs: true };
    let effects = answer(&mut state, asks[0].job, opened);
    plan_all(&mut state, &effects);
    assert_eq!(state.rung(), Some(Rung::Tflm));
    assert!(state.rungs.is_some(), "the way to the other rungs stays");

    state.update(Action::TakeRung(Rung::Reordered));
    assert_eq!(state.choice(), Some(ScheduleChoice::Reordered));
    assert_eq!(state.settings.passes, Passes::default());
    state.update(Action::Undo);
    assert_eq!(state.rung(), Some(Rung::Tflm));
    // Another model has another ladder.
    let open = choose(&mut state, 7);
    answer(&mut state, open, other_model());
    assert!(state.rungs.is_none() && !state.can_undo());
}

fn search(arena_bytes: u64, stage: SearchStage) -> SearchReport {
    SearchReport { arena_bytes, lower_bound_bytes: 600, nodes: 5, elapsed_ms: 2.0, stage }
}

#[test]
fn a_proof_replaces_the_plan_by_the_better_one() {
    let mut state = opened();
    let effects = state.update(Action::Prove);
    let exact = PlanChoice::default().with_planner(Planner::Exact);
    assert_eq!(state.plan_choice(), Some(exact), "what is found is the exact planner's");
    assert_eq!(plan_all(&mut state, &effects), [exact]);
    let prove = asked(&effects);
    let prove = prove.iter().find(|ask| matches!(ask.request, Request::Prove { .. })).unwrap();
    assert!(state.update(Action::Prove).is_empty(), "one search at a time");
    let run = Answer::Ran { run: Box::new(RunReport { choice: exact, ..sample::run() }) };
    let asks = asked(&state.update(Action::Run));
    answer(&mut state, asks[0].job, run);
    assert!(state.run().is_some());
    let better = |arena_bytes| {
        let plan = PlanReport { choice: exact, arena_bytes, ..sample::plan() };
        Some(Box::new(plan))
    };
    let improved =
        Answer::ProofImproved { search: search(650, SearchStage::Open), plan: better(650) };
    answer(&mut state, prove.job, improved);
    assert_eq!(state.plan().unwrap().arena_bytes, 650);
    assert!(state.run().is_none(), "it ran in a larger arena");
    let ended = Answer::ProofEnded { search: search(600, SearchStage::Proven), plan: better(600) };
    answer(&mut state, prove.job, ended);
    assert_eq!(state.plan().unwrap().arena_bytes, 600);
    assert!(state.shown_proof().unwrap().search.is_proven());
    state.update(Action::SetAccounting(PlanChoice::TINY_ENGINE));
    assert_eq!(state.shown_proof(), None, "another plan");
}

#[test]
fn sizes_of_own_blocks_may_be_parts_of_a_kib() {
    assert_eq!(OwnBlock::bytes_of(1.5, 1024), Some(1536));
    assert_eq!(OwnBlock::bytes_of(3.0, 1), Some(3));
    assert_eq!(OwnBlock::bytes_of(0.7, 1), None);
    for wrong in [f64::NAN, 0.0, -1.0, 0.0001, f64::INFINITY, 2f64.powi(40)] {
        assert_eq!(OwnBlock::bytes_of(wrong, 1024), None, "{wrong}");
    }
}

#[test]
fn own_blocks_leave_less_for_the_arena() {
    let mut state = opened();
    let block = |name: &str, bytes| OwnBlock::new(name, bytes).unwrap();
    state.update(Action::AddBlock(block("camera frame", 30_000)));
    state.update(Action::AddBlock(block("stack", 4096)));
    assert_eq!(state.settings.own_bytes(), 34_096);
    assert_eq!(state.settings.left_bytes(), 128 * 1024 - 34_096);
    let find = asked(&state.update(Action::FindFront(FrontGoal::Fit)));
    answer(&mut state, find[0].job, front_answer());
    assert_eq!(state.choice(), Some(point(4, 0, 0).choice), "95 KiB are left, not 128");
    state.update(Action::RemoveBlock(0));
    assert_eq!(state.settings.blocks, [block("stack", 4096)]);
    state.update(Action::RemoveBlock(7));
    state.update(Action::Undo);
    assert_eq!(state.settings.blocks.len(), 2);
    for _ in 0..40 {
        state.update(Action::AddBlock(block("x", 1)));
    }
    assert_eq!(state.settings.blocks.len(), OwnBlock::MOST);
    assert_eq!(OwnBlock::new("  ", 1), None);
    assert_eq!(OwnBlock::new("x", 0), None);
    assert_eq!(OwnBlock::new("tab\there", 1), None);
}
