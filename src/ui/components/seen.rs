//! The input tensor's own bytes as a picture, and the answer to it at a glance.

use super::{
    erased::mount,
    pixels::{PixelsProps, PixelsView},
    run_panel::class_name,
};
use crate::{
    preprocess::ChannelOrder,
    text::{page, phrases, sound},
    ui::{
        browser,
        picture::as_seen,
        shared::Shared,
        state::{AppState, TensorShown},
    },
};
use yew::{prelude::*, props};

/// What is seen.
#[derive(Properties, PartialEq)]
pub(super) struct SeenProps {
    /// The input.
    pub(super) input: Option<TensorShown>,
    /// Whether its first channel is blue.
    pub(super) is_bgr: bool,
    /// Whether words say what the tensor is.
    #[prop_or(true)]
    pub(super) has_words: bool,
}

/// The picture, where the input is one.
#[component]
pub(super) fn Seen(props: &SeenProps) -> Html {
    let key = (props.input.clone(), props.is_bgr);
    let pixels = use_memo(key, |(input, is_bgr)| {
        let input = input.as_ref()?;
        as_seen(&input.report, &input.bytes, *is_bgr).map(Shared::new)
    });
    let words = match &props.input {
        _ if !props.has_words => None,
        Some(input) => Some(phrases::input_words(&input.report)),
        None => Some(page::NO_INPUT.to_owned()),
    };
    html! {
        <span class="seen">
            if let Some(pixels) = (*pixels).clone() {
                { mount::<PixelsView>(props!(PixelsProps { pixels, words: page::SEEN, class: "pixelated" })) }
            }
            if let Some(words) = words {
                <span class="note">{ words }</span>
            }
        </span>
    }
}

/// Input and answer beside the verdict: the button leads to where both are large. Nothing of a model
/// that never answers.
pub(in crate::ui) fn glance(state: &AppState) -> Html {
    let open = state.model.as_ref().filter(|open| open.report.refusal.is_none());
    let Some(open) = open else { return Html::default() };
    let first = state.run().and_then(|run| run.outputs.first()?.top.first().copied());
    let is_wrong = state.judgement().is_some_and(|judgement| !judgement.is_right);
    let invitation = match (state.drawing_box(), state.takes_picture()) {
        (Some(_), true) => page::TRY_DRAWING,
        (None, true) if state.takes_sound() => sound::TRY,
        (None, true) => page::TRY_PICTURES,
        (_, false) => page::TITLE_RUN,
    };
    let onclick = Callback::from(|_: MouseEvent| browser::go_to("run-title"));
    html! {
        <button type="button" id="glance" tabindex="-1" class="glance" {onclick}>
            { mount::<Seen>(props!(SeenProps {
                input: state.input.clone(),
                has_words: false,
                is_bgr: state.settings.preprocessing.order == ChannelOrder::Bgr,
            })) }
            <span class="words">
                if let Some(score) = first {
                    <span class="told">
                        { page::ANSWER }{ ": " }
                        <b>{ class_name(&open.report, state.labels(), score.class) }</b>
                        { format!(": {:.2}", score.value) }
                    </span>
                }
                if is_wrong {
                    <span class="warning">{ page::WRONG }</span>
                }
                <span class="note">{ invitation }</span>
            </span>
        </button>
    }
}
