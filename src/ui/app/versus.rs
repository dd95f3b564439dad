//! Two plans beside each other.

use super::{
    App,
    facts::{can_run, running},
};
use crate::{
    preprocess::ChannelOrder,
    ui::components::{
        Candidates, CandidatesProps, Comparison, ComparisonProps, Sweep, SweepProps, mount,
    },
};
use yew::prelude::*;

impl App {
    /// Layer by layer beside patches, where the shown plan is one in patches.
    pub(super) fn view_versus(&self, is_patched: bool) -> Html {
        let (state, act) = (&self.state, &self.act);
        if !is_patched {
            return Html::default();
        }
        let pair = self.shown_pair();
        let is_stale = state.layerwise.is_none() || state.patched.is_none();
        html! {
            <div class="versus">
            { mount::<Comparison>(ComparisonProps {
                model: pair.as_ref().map(|pair| pair.open.report.clone()),
                layerwise: pair.as_ref().map(|pair| pair.layerwise.clone()),
                patched: pair.as_ref().map(|pair| pair.patched.clone()),
                is_stale,
                layerwise_run: state.layerwise_run.clone(),
                patched_run: state.patched_run.clone(),
                running: running(state),
                can_run: can_run(state),
                act: act.clone(),
            }) }
            if let Some(pair) = &pair {
                { mount::<Sweep>(SweepProps {
                    model: pair.open.report.clone(),
                    plan: pair.patched.clone(),
                    selected: state.selected(),
                    step: state.step(),
                    input: state.input.clone(),
                    is_bgr: state.settings.preprocessing.order == ChannelOrder::Bgr,
                    act: act.clone(),
                }) }
            }
            { mount::<Candidates>(CandidatesProps {
                candidates: state.candidates.clone(),
                shown: state.patched_choice(),
                budget_bytes: state.settings.left_bytes(),
                layerwise: state.layerwise.clone(),
                act: act.clone(),
            }) }
            </div>
        }
    }
}
