//! What stands beside the plan: the answer at a glance, other planners, the front.

use super::App;
use crate::{
    preprocess::ChannelOrder,
    text::page,
    ui::{
        components::{Front, Glance, Rungs},
        state::Purpose,
    },
};
use yew::prelude::*;

impl App {
    pub(super) fn view_rungs(&self) -> Html {
        let state = &self.state;
        html! {
            <Rungs
                has_model={state.model.is_some()}
                found={state.rungs.clone()}
                comparing={state.job(|one| matches!(one, Purpose::Rungs(_)))}
                shown={state.rung()}
                input_image={state.settings.patches.input_image}
                budget={state.settings.budget()}
                is_dark={self.is_dark()}
                act={self.act.clone()}
            />
        }
    }

    pub(super) fn view_front(&self) -> Html {
        let state = &self.state;
        html! {
            <Front
                model={state.model.as_ref().map(|open| open.report.clone())}
                front={state.front().cloned()}
                search={state.job(|one| matches!(one, Purpose::Front(..)))}
                plan={state.plan().cloned()}
                choice={state.choice()}
                input_image={state.settings.patches.input_image}
                budget={state.settings.budget()}
                is_dark={self.is_dark()}
                act={self.act.clone()}
            />
        }
    }

    /// Input and answer; nothing of a model that never answers.
    pub(super) fn view_glance(&self) -> Html {
        let state = &self.state;
        let open = state.model.as_ref().filter(|open| open.report.refusal.is_none());
        let Some(open) = open else { return Html::default() };
        let invitation = match (state.drawing_box(), state.takes_picture()) {
            (Some(_), true) => page::TRY_DRAWING,
            (None, true) => page::TRY_PICTURES,
            (_, false) => page::TITLE_RUN,
        };
        html! {
            <Glance
                model={open.report.clone()}
                input={state.input.clone()}
                is_bgr={state.settings.preprocessing.order == ChannelOrder::Bgr}
                run={state.run().cloned()}
                labels={state.labels().map(<[String]>::to_vec)}
                judgement={state.judgement()}
                {invitation}
            />
        }
    }
}
