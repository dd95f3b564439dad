//! What stands beside the plan: other planners, the front.

use super::App;
use crate::ui::{
    components::{Front, FrontProps, Rungs, RungsProps, mount},
    state::Purpose,
};
use yew::prelude::*;

impl App {
    pub(super) fn view_rungs(&self) -> Html {
        let state = &self.state;
        html! {
            { mount::<Rungs>(RungsProps {
                has_model: state.model.is_some() && !state.is_numbers_only(),
                found: state.rungs.clone(),
                comparing: state.job(|one| matches!(one, Purpose::Rungs(_))),
                shown: state.rung(),
                input_image: state.settings.patches.input_image,
                budget: state.settings.budget(),
                is_dark: self.colours.are_dark(),
                act: self.act.clone(),
            }) }
        }
    }

    pub(super) fn view_front(&self) -> Html {
        let state = &self.state;
        html! {
            { mount::<Front>(FrontProps {
                model: state.model.as_ref().filter(|_| !state.is_numbers_only()).map(|open| open.report.clone()),
                front: state.front().cloned(),
                search: state.job(|one| matches!(one, Purpose::Front(..))),
                plan: state.plan().cloned(),
                choice: state.choice(),
                input_image: state.settings.patches.input_image,
                budget: state.settings.budget(),
                is_dark: self.colours.are_dark(),
                act: self.act.clone(),
            }) }
        }
    }
}
