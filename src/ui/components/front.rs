//! The front of arena against multiply-accumulates: buttons, the sentence, drawing and table.

use super::{
    Act,
    erased::mount,
    front_chart::{FrontDrawing, FrontDrawingProps},
    front_table::{FrontTable, FrontTableProps},
    on, progress,
};
use crate::{
    report::{FrontReport, InputImage, ModelReport, PlanReport, ScheduleChoice},
    text::{Budget, front},
    ui::{
        charts::FrontChart,
        shared::Shared,
        state::{Action, FrontGoal, Job},
    },
};
use yew::prelude::*;

/// What is shown.
#[derive(Properties, PartialEq)]
pub(in crate::ui) struct FrontProps {
    /// The model.
    pub(in crate::ui) model: Option<Shared<ModelReport>>,
    /// The front, once it is found.
    pub(in crate::ui) front: Option<Shared<FrontReport>>,
    /// The search for it.
    pub(in crate::ui) search: Option<Job>,
    /// The shown plan.
    pub(in crate::ui) plan: Option<Shared<PlanReport>>,
    /// The schedule that is asked for.
    pub(in crate::ui) choice: Option<ScheduleChoice>,
    /// How the input is held.
    pub(in crate::ui) input_image: InputImage,
    /// The budget.
    pub(in crate::ui) budget: Budget,
    /// Whether colours are dark.
    pub(in crate::ui) is_dark: bool,
    /// What may be caused.
    pub(in crate::ui) act: Act,
}

/// The card.
#[component]
pub(in crate::ui) fn Front(props: &FrontProps) -> Html {
    let Some(model) = &props.model else { return Html::default() };
    let has_stages = !model.stage_ends.is_empty();
    html! {
        <section class="card front" id="front" aria-labelledby="front-title">
            <div class="head">
                <h2 id="front-title">{ front::TITLE }</h2>
                if has_stages {
                    { buttons(props) }
                }
            </div>
            if !has_stages {
                <p class="note">{ front::NO_STAGE }</p>
            } else if let Some(found) = &props.front {
                { words(props, model, found) }
                <div class="columns">
                    { mount::<FrontDrawing>(FrontDrawingProps {
                        front: found.clone(),
                        chart: FrontChart::new(found, props.plan.as_deref(), props.budget),
                        first_operator: front::first_operator(model),
                        choice: props.choice,
                        is_dark: props.is_dark,
                        act: props.act.clone(),
                    }) }
                    { mount::<FrontTable>(FrontTableProps {
                        front: found.clone(),
                        choice: props.choice,
                        budget: props.budget,
                        act: props.act.clone(),
                    }) }
                </div>
            } else {
                <p class="note">{ front::HINT }</p>
            }
        </section>
    }
}

fn buttons(props: &FrontProps) -> Html {
    if let Some(job) = props.search {
        return progress(front::SEARCHING, job, &props.act);
    }
    let button = |id: &'static str, class: &'static str, words: &'static str, goal: FrontGoal| {
        let stop = if goal == FrontGoal::Fit { "0" } else { "-1" };
        html! {
            <button type="button" {id} {class} tabindex={stop} onclick={on(&props.act, Action::FindFront(goal))}>{ words }</button>
        }
    };
    html! {
        <div class="row" role="toolbar" aria-labelledby="front-title">
            { button("fit-target", "primary", front::FIT, FrontGoal::Fit) }
            { button("smallest", "", front::SMALLEST, FrontGoal::Smallest) }
            if props.front.is_none() {
                { button("find-front", "", front::FIND, FrontGoal::See) }
            }
        </div>
    }
}

/// Which point is shown, what keeps it from being smaller, and whether anything fits at all.
fn words(props: &FrontProps, model: &ModelReport, found: &FrontReport) -> Html {
    let plan = props.plan.as_deref().filter(|plan| Some(plan.choice.schedule) == props.choice);
    html! {
        <div class="words">
            <div role="status" id="front-words">
                if let Some(plan) = plan {
                    <p><b>{ front::shown(found, model, plan) }</b></p>
                }
                if let Some(misses) = front::misses(found, props.budget) {
                    <p class="misses"><span aria-hidden="true">{ "✕ " }</span>{ misses }</p>
                }
                if let Some(limit) = plan.and_then(front::limit) {
                    <p>{ limit }</p>
                }
                if plan.is_some_and(|plan| front::could_be_in_place(found, plan)) {
                    <p id="in-place-hint">{ front::IN_PLACE_HINT }</p>
                }
                if let Some(why) = front::no_help(found, model, props.input_image) {
                    <p>{ why }</p>
                }
            </div>
            <p class="note">{ front::compared(found, props.input_image) }</p>
        </div>
    }
}
