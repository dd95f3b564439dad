//! The shown plan as a file for other programs.

use super::{Act, on};
use crate::{
    report::{HandOverFormat, Problem},
    text::{hand_over_about, hand_over_name, page},
    ui::state::Action,
};
use yew::prelude::*;

/// What is shown.
#[derive(Properties, PartialEq)]
pub(in crate::ui) struct ExportProps {
    /// Why TensorFlow Lite Micro cannot follow the shown plan.
    pub(in crate::ui) plan_problem: Option<Problem>,
    /// The file that is on its way.
    pub(in crate::ui) waiting: Option<HandOverFormat>,
    /// Whether there is a plan.
    pub(in crate::ui) is_ready: bool,
    /// What may be caused.
    pub(in crate::ui) act: Act,
}

/// A button for each kind of file, and why one is not there to press.
#[component]
pub(in crate::ui) fn Export(props: &ExportProps) -> Html {
    html! {
        <section class="card export" aria-labelledby="export-title">
            <h2 id="export-title">{ page::TITLE_EXPORT }</h2>
            <ul>{ for HandOverFormat::ALL.map(|format| choice(props, format)) }</ul>
        </section>
    }
}

fn choice(props: &ExportProps, format: HandOverFormat) -> Html {
    let problem = props.plan_problem.as_ref().filter(|_| format == HandOverFormat::Tflite);
    let id = format!("export-{}", format.name());
    let about = format!("{id}-about");
    let is_disabled = !props.is_ready || problem.is_some() || props.waiting == Some(format);
    html! {
        <li>
            <button type="button" class="small" id={id} disabled={is_disabled}
                aria-describedby={about.clone()} onclick={on(&props.act, Action::HandOver(format))}>
                { hand_over_name(format) }
            </button>
            <span id={about} class="note">
                if let Some(problem) = problem {
                    { format!("{} {}", problem.message, problem.advice) }
                } else {
                    { hand_over_about(format) }
                }
            </span>
        </li>
    }
}
