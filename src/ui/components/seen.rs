//! The input tensor's own bytes as a picture, and the answer to it at a glance.

use super::{pixels::PixelsView, run_panel::class_name};
use crate::{
    report::{ModelReport, RunReport},
    text::{page, phrases},
    ui::{
        browser,
        picture::as_seen,
        shared::Shared,
        state::{Judgement, TensorShown},
    },
};
use yew::prelude::*;

/// What is seen.
#[derive(Properties, PartialEq)]
pub(super) struct SeenProps {
    /// The input.
    pub(super) input: Option<TensorShown>,
    /// Whether its first channel is blue.
    pub(super) is_bgr: bool,
}

/// The picture with what the tensor is, in words.
#[component]
pub(super) fn Seen(props: &SeenProps) -> Html {
    let Some(input) = &props.input else {
        return html! { <p class="note">{ page::NO_INPUT }</p> };
    };
    let words = phrases::input_words(&input.report);
    html! {
        <figure class="seen">
            <SeenPixels input={props.input.clone()} is_bgr={props.is_bgr} />
            <figcaption class="note">{ words }</figcaption>
        </figure>
    }
}

/// The picture alone; nothing where the input is none.
#[component]
fn SeenPixels(props: &SeenProps) -> Html {
    let key = (props.input.clone(), props.is_bgr);
    let pixels = use_memo(key, |(input, is_bgr)| {
        let input = input.as_ref()?;
        as_seen(&input.report, &input.bytes, *is_bgr).map(Shared::new)
    });
    match (*pixels).clone() {
        Some(pixels) => html! { <PixelsView {pixels} words={page::SEEN} class="pixelated" /> },
        None => Html::default(),
    }
}

/// What is told at a glance.
#[derive(Properties, PartialEq)]
pub(in crate::ui) struct GlanceProps {
    /// The model.
    pub(in crate::ui) model: Shared<ModelReport>,
    /// The input, as the network sees it.
    pub(in crate::ui) input: Option<TensorShown>,
    /// Whether its first channel is blue.
    pub(in crate::ui) is_bgr: bool,
    /// The last run.
    pub(in crate::ui) run: Option<Shared<RunReport>>,
    /// Names of the classes.
    pub(in crate::ui) labels: Option<Vec<String>>,
    /// Whether the answer is right, where that is known.
    pub(in crate::ui) judgement: Option<Judgement>,
    /// What there is to try.
    pub(in crate::ui) invitation: &'static str,
}

/// Input and answer beside the verdict: the button leads to where both are large.
#[component]
pub(in crate::ui) fn Glance(props: &GlanceProps) -> Html {
    let first = props.run.as_ref().and_then(|run| run.outputs.first()?.top.first().copied());
    let named = first.map(|score| {
        let name = class_name(&props.model, props.labels.as_deref(), score.class);
        html! { <span class="told">{ page::ANSWER }{ ": " }<b>{ name }</b>{ format!(" {:.2}", score.value) }</span> }
    });
    let is_wrong = props.judgement.as_ref().is_some_and(|judgement| !judgement.is_right);
    html! {
        <button type="button" id="glance" class="glance" onclick={Callback::from(|_: MouseEvent| browser::focus("run-title"))}>
            <SeenPixels input={props.input.clone()} is_bgr={props.is_bgr} />
            <span class="words">
                { named.unwrap_or_default() }
                if is_wrong {
                    <span class="warning">{ page::WRONG }</span>
                }
                <span class="note">{ props.invitation }</span>
            </span>
        </button>
    }
}
