//! Two plans beside each other.

use super::{
    App,
    facts::{can_run, running},
};
use crate::{
    preprocess::ChannelOrder,
    report::PlanReport,
    text::comparison,
    ui::{
        components::{
            Candidates, CandidatesProps, Comparison, ComparisonProps, Kept, Sweep, SweepProps,
            mount,
        },
        shared::Shared,
        state::{AppState, ChosenPlan, ModelLink, Pair, PlanKind, Purpose},
    },
};
use yew::prelude::*;

/// Plans that were compared last, and what was kept then.
pub(super) struct LastPair {
    pub(super) pair: Pair,
    kept: Option<ChosenPlan>,
    /// Whether the next are on their way.
    is_stale: bool,
}

impl App {
    /// Takes the plans that are compared now; while they are made the last ones stay, so that the page
    /// does not jump.
    pub(super) fn take_pair(&mut self) {
        let state = &self.state;
        let kept = &state.settings.kept;
        self.last_pair = match (state.pair(), self.last_pair.take()) {
            (Some(pair), _) => Some(LastPair { pair, kept: kept.clone(), is_stale: false }),
            (None, Some(last)) if last.kept == *kept && may_come(state, &last.pair) => {
                Some(LastPair { is_stale: true, ..last })
            }
            _ => None,
        };
    }

    /// The plan behind that of the open model, where they are compared.
    pub(super) fn plan_behind(&self, sha256: &str) -> Option<Shared<PlanReport>> {
        let a = &self.last_pair.as_ref()?.pair.a;
        (a.open.report.sha256 == sha256).then(|| a.plan.clone())
    }

    /// What is kept, or layer by layer, beside what is shown; and patches over the input.
    pub(super) fn view_versus(&self, is_patched: bool) -> Html {
        let (state, act) = (&self.state, &self.act);
        let kept = kept(state);
        if !is_patched && kept.is_none() {
            return Html::default();
        }
        let pair = self.last_pair.as_ref();
        let swept = self.shown().filter(|(_, plan, _)| {
            is_patched && PlanKind::of(plan.choice.schedule) == PlanKind::Patched
        });
        html! {
            <div class="versus">
            if kept.is_some() || pair.is_some() {
                { mount::<Comparison>(ComparisonProps {
                    pair: pair.map(|last| last.pair.clone()),
                    is_stale: pair.is_some_and(|last| last.is_stale),
                    kept,
                    budget: state.settings.budget(),
                    running: running(state),
                    can_run: can_run(state),
                    act: act.clone(),
                }) }
            }
            if let Some((open, plan, _)) = swept {
                { mount::<Sweep>(SweepProps {
                    model: open.report,
                    plan,
                    selected: state.selected(),
                    step: state.step(),
                    input: state.input.clone(),
                    is_bgr: state.settings.preprocessing.order == ChannelOrder::Bgr,
                    act: act.clone(),
                }) }
            }
            if is_patched {
                { mount::<Candidates>(CandidatesProps {
                    candidates: state.candidates.clone(),
                    shown: state.patched_choice(),
                    budget: state.settings.budget(),
                    layerwise: state.layerwise.clone(),
                    act: act.clone(),
                }) }
            }
            </div>
        }
    }
}

/// Whether the plans that follow those are on their way.
fn may_come(state: &AppState, last: &Pair) -> bool {
    let is_made =
        |purpose| matches!(purpose, Purpose::Plan(_) | Purpose::Kept(_) | Purpose::Passes);
    let is_same = |sha256: &str| last.b.open.report.sha256 == sha256;
    !state.is_kept_shown()
        && state.model.as_ref().is_some_and(|open| is_same(&open.report.sha256))
        && state.job(is_made).is_some()
}

/// What stands on the card where a plan is kept.
fn kept(state: &AppState) -> Option<Kept> {
    let ChosenPlan { model, passes, choice } = state.settings.kept.as_ref()?;
    let is_shown = state.is_kept_shown();
    let can_show = state.can_show_kept();
    let why = match state.kept_problem() {
        _ if is_shown => comparison::NO_B,
        Some(why) => why,
        None if state.is_kept_of_graph() || state.kept().is_some() => comparison::COMING,
        None if can_show => comparison::NOT_MADE,
        None => comparison::OPEN_FILE,
    };
    let name = match model {
        _ if *model == state.settings.model => None,
        ModelLink::Bundled(bundled) => Some(bundled.file_name.to_owned()),
        ModelLink::Own { sha256 } => Some(comparison::file_of_hash(sha256)),
        ModelLink::Unknown { key } => Some(key.clone()),
    };
    Some(Kept {
        words: comparison::kept_words(name.as_deref(), *choice, *passes, why),
        can_show,
        is_shown,
    })
}
