//! Where a sound comes from: a WAV file of one's own, the microphone; and what stands for one.

use super::{
    capture::{Capture, Device},
    sources::{SourcesProps, chosen},
};
use crate::{
    text::sound,
    ui::{browser, state::InputFrom},
};
use yew::prelude::*;

/// All sources of sounds but the samples, and the chosen sample to listen to.
pub(super) fn sounds(props: &SourcesProps, is_own: bool) -> Html {
    let open = Callback::from(|_: MouseEvent| browser::click("open-sound"));
    let sample = match props.from {
        Some(InputFrom::Sample(index)) => props.samples.get(index),
        _ => None,
    };
    html! {
        <>
            if let Some(sample) = sample {
                <audio key={sample.path.clone()} src={sample.path.clone()} controls=true preload="none"
                    aria-label={sound::LISTEN} />
            }
            <button type="button" disabled={props.is_refused} aria-pressed={is_own.to_string()}
                onclick={open}>{ sound::OWN_SOUND }</button>
            <input id="open-sound" class="visually-hidden" type="file" accept="audio/wav,.wav" tabindex="-1"
                aria-label={sound::OWN_SOUND} onchange={chosen(&props.give)} />
            <Capture device={Device::Microphone} is_refused={props.is_refused} lively={props.lively.clone()} n_choices={props.n_choices} />
        </>
    }
}

/// A small picture of a sample: itself, or a wave where it is a sound.
pub(super) fn thumbnail(
    path: &str,
    words: &str,
    side_px: &'static str,
    class: Option<&'static str>,
) -> Html {
    if path.ends_with(".wav") {
        return html! {
            <svg class="wave" viewBox="0 0 24 24" width={side_px} height={side_px} aria-hidden="true">
                <path d="M3 11v2M6 8v8M9 5v14M12 9v6M15 3v18M18 8v8M21 11v2" />
            </svg>
        };
    }
    html! { <img src={browser::address_of(path)} alt={words.to_owned()} width={side_px} height={side_px} {class} /> }
}
