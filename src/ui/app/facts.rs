//! What of the state the components are told.

use crate::{
    text::page,
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

/// Whether the page takes the place of the text that was made when it was built: it shows the same by now, or
/// something else that has to be seen.
pub(super) fn can_take_over(state: &AppState) -> bool {
    let is_input_awaited = state.input.is_none() && can_have_input(state);
    let waits = state.reading.is_some() || state.is_planning() || is_input_awaited;
    !waits || state.problem.is_some() || state.worker == WorkerState::Stopped
}

fn can_have_input(state: &AppState) -> bool {
    state.model.as_ref().is_some_and(|open| open.report.refusal.is_none())
}
