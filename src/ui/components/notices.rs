//! What must be said above everything else: problems, refusals, progress of a file.

use super::{Act, on};
use crate::{
    report::{Problem, Refusal},
    text::{page, phrases, problem_title},
    ui::state::{Action, Reading},
};
use yew::prelude::*;

/// What is to be said.
#[derive(Properties, PartialEq)]
pub(in crate::ui) struct NoticesProps {
    /// A problem.
    pub(in crate::ui) problem: Option<Problem>,
    /// Whether what it is about can be tried once more.
    pub(in crate::ui) can_try_again: bool,
    /// Why the open model is shown but cannot run.
    pub(in crate::ui) refusal: Option<Refusal>,
    /// A model that is being read while another is open.
    pub(in crate::ui) reading: Option<Reading>,
    /// What may be caused.
    pub(in crate::ui) act: Act,
}

/// Cards for problems, refusals and progress.
#[component]
pub(in crate::ui) fn Notices(props: &NoticesProps) -> Html {
    html! {
        <>
            if let Some(problem) = &props.problem {
                <section id="problem" class="notice problem" role="alert">
                    <div>
                        <h2><span aria-hidden="true">{ "✕ " }</span>{ problem_title(problem.kind) }</h2>
                        <p class="what">{ &problem.message }</p>
                        <p class="advice">{ &problem.advice }</p>
                    </div>
                    if props.can_try_again {
                        <button type="button" id="try-again" class="primary"
                            onclick={on(&props.act, Action::TryAgain)}>{ page::TRY_AGAIN }</button>
                    }
                    <button type="button" onclick={on(&props.act, Action::DismissProblem)}>
                        { page::DISMISS }
                    </button>
                </section>
            }
            if let Some(refusal) = &props.refusal {
                <section id="refusal" class="notice" role="status">
                    <div>
                        <h2>
                            { page::REFUSED }
                            if let Some(operator) = refusal.operator {
                                { " " }
                                <button
                                    type="button"
                                    class="link"
                                    onclick={on(&props.act, Action::Select(operator))}
                                >
                                    { phrases::show_operator(operator) }
                                </button>
                            }
                        </h2>
                        <p class="what">{ &refusal.problem.message }</p>
                        <p class="advice">{ &refusal.problem.advice }</p>
                    </div>
                </section>
            }
            if let Some(reading) = &props.reading {
                <section id="reading" class="notice" role="status">
                    <div>
                        <h2>{ format!("{} {}", page::READING, reading.file_name) }</h2>
                        <span class="progress">
                            if reading.of > 0 {
                                <progress aria-label={page::READING} max={reading.of.to_string()}
                                    value={reading.done.to_string()} />
                            } else {
                                <progress aria-label={page::READING} />
                            }
                            <span>{ phrases::read_so_far(reading.done, reading.of) }</span>
                        </span>
                    </div>
                    <button type="button" onclick={on(&props.act, Action::CancelRead)}>
                        { page::CANCEL }
                    </button>
                </section>
            }
        </>
    }
}

/// What is said of a link.
#[derive(Properties, PartialEq)]
pub(in crate::ui) struct LinkNoteProps {
    /// A model that is not here, values that make no sense.
    pub(in crate::ui) notes: Vec<String>,
    /// What may be caused.
    pub(in crate::ui) act: Act,
}

/// Says what a link asks for that is not shown.
#[component]
pub(in crate::ui) fn LinkNote(props: &LinkNoteProps) -> Html {
    if props.notes.is_empty() {
        return Html::default();
    }
    html! {
        <section id="link-note" class="notice" role="status">
            <div>{ for props.notes.iter().map(|words| html! { <p class="what">{ words }</p> }) }</div>
            <button type="button" onclick={on(&props.act, Action::DismissLinkNote)}>
                { page::DISMISS }
            </button>
        </section>
    }
}

/// The target that shows while a file is dragged over the page.
#[component]
pub(in crate::ui) fn DropTarget() -> Html {
    html! { <div id="drop-target" class="drop"><p>{ page::DROP }</p></div> }
}
