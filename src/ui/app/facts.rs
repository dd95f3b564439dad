//! What of the state the components are told.

use crate::{
    text::{kib, page, percent_tenths},
    ui::state::{AppState, Job, Purpose, WorkerState},
};

pub(super) fn kernels(state: &AppState) -> Option<String> {
    match &state.worker {
        WorkerState::Ready { kernels } => Some(kernels.clone()),
        WorkerState::Stopped => Some(page::NO_WORKER.to_owned()),
        WorkerState::Starting => None,
    }
}

pub(super) fn running(state: &AppState) -> Option<Job> {
    // A bar that comes and goes at once would only take the button's place under the pointer.
    let is_told = !state.is_live && !state.runs_quickly();
    state.job(|purpose| matches!(purpose, Purpose::Run(_))).filter(|_| is_told)
}

pub(super) fn can_run(state: &AppState) -> bool {
    state.input.is_some()
        && state.model.as_ref().is_some_and(|open| open.report.refusal.is_none())
        && state.choice().is_some()
}

/// Whether the page shows what the text that was made when it was built shows: a model with its plan and input.
pub(super) fn shows_first_sight(state: &AppState) -> bool {
    state.reading.is_none() && state.plan().is_some() && state.input.is_some()
}

/// Whether there is something to tell instead.
pub(super) fn has_to_tell(state: &AppState) -> bool {
    let problem = state.problem.as_ref().or(state.plan_problem.as_ref());
    problem.is_some() || state.worker == WorkerState::Stopped
}

/// Said where patches cost more than they save.
pub(super) fn no_help(state: &AppState) -> Option<String> {
    let (layerwise, patched) = (state.layerwise.as_ref()?, state.patched.as_ref()?);
    let is_shown = state.plan().is_some_and(|plan| plan.choice == patched.choice);
    (is_shown && layerwise.arena_bytes <= patched.arena_bytes).then(|| {
        let (arena, macs) = (layerwise.arena_bytes, percent_tenths(patched.macs, layerwise.macs));
        page::patches_do_not_help(&kib(arena), &macs)
    })
}
