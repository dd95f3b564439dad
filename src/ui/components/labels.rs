//! Names for the classes of a model of one's own.

use super::{Act, on, sources::chosen};
use crate::{
    text::{gallery, page},
    ui::state::Action,
};
use web_sys::{File, HtmlTextAreaElement};
use yew::prelude::*;

/// What is to be said.
#[derive(Properties, PartialEq)]
pub(super) struct OwnLabelsProps {
    /// Why the labels that were given last do not do.
    pub(super) problem: Option<String>,
    /// What may be caused.
    pub(super) act: Act,
    /// Where a chosen file goes.
    pub(super) give: Callback<File>,
}

/// A file of labels, or a field to paste them into.
#[component]
pub(super) fn OwnLabels(props: &OwnLabelsProps) -> Html {
    let field = use_node_ref();
    let take = {
        let (field, act) = (field.clone(), props.act.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(field) = field.cast::<HtmlTextAreaElement>() {
                act.emit(Action::SetLabels(field.value()));
            }
        })
    };
    let open = Callback::from(|_: MouseEvent| crate::ui::browser::click("open-labels"));
    html! {
        <details class="own-labels" id="own-labels" open={props.problem.is_some()}>
            <summary>{ gallery::OWN_LABELS }</summary>
            <p class="note">{ gallery::LABELS_HINT }</p>
            <textarea ref={field} id="labels" rows="4" aria-label={gallery::LABELS_FIELD} spellcheck="false" />
            <p class="row">
                <button type="button" id="take-labels" class="small" onclick={take}>{ gallery::LABELS_TAKE }</button>
                <button type="button" class="small" onclick={open}>{ gallery::LABELS_FILE }</button>
                <input id="open-labels" class="visually-hidden" type="file" accept=".txt,text/plain" tabindex="-1"
                    aria-label={gallery::LABELS_FILE} onchange={chosen(&props.give)} />
            </p>
            if let Some(problem) = &props.problem {
                <p class="warning" id="labels-problem" role="alert">
                    { problem }{ " " }
                    <button type="button" class="link" onclick={on(&props.act, Action::DismissLabels)}>
                        { page::DISMISS }
                    </button>
                </p>
            }
        </details>
    }
}
