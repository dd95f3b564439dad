//! Where an input comes from: samples, one's own pictures, the camera, a drawing, noise.

use super::{
    Act, Lively,
    capture::{Capture, Device},
    erased::mount,
    on,
    pad::{Pad, PadProps},
    sounds::{sounds, thumbnail},
};
use crate::{
    text::{gallery, page, sound},
    ui::state::{Action, InputFrom, Sample},
};
use web_sys::{File, HtmlInputElement};
use yew::prelude::*;

/// Which of the sources.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Part {
    /// The pad where there is one, else the samples.
    First,
    /// All others.
    Rest,
}

/// What can be chosen.
#[derive(Properties, PartialEq)]
pub(super) struct SourcesProps {
    /// Which are shown.
    pub(super) part: Part,
    /// Inputs to try.
    pub(super) samples: Vec<Sample>,
    /// Where the input comes from now.
    pub(super) from: Option<InputFrom>,
    /// Whether the network takes pictures.
    pub(super) takes_picture: bool,
    /// Whether pictures are made of sounds.
    pub(super) takes_sound: bool,
    /// Whether nothing can be run.
    pub(super) is_refused: bool,
    /// The side of the square that drawings fill, where the network takes drawings.
    pub(super) drawing_box: Option<u32>,
    /// What may be caused.
    pub(super) act: Act,
    /// Where chosen pictures go.
    pub(super) give: Callback<File>,
    /// Where drawings and the camera's pictures go.
    pub(super) lively: Lively,
    /// How often an input was chosen that is none of the camera's pictures.
    pub(super) n_choices: u32,
}

/// All sources that suit the network.
#[component]
pub(super) fn Sources(props: &SourcesProps) -> Html {
    let is_refused = props.is_refused;
    let own = match &props.from {
        Some(InputFrom::Own(name)) => Some(name.clone()),
        _ => None,
    };
    let is_noise = matches!(props.from, Some(InputFrom::Noise(_)));
    let open = Callback::from(|_: MouseEvent| crate::ui::browser::click("open-picture"));
    let pad_box = props.drawing_box.filter(|_| props.takes_picture);
    if props.part == Part::First {
        return html! {
            <div class="sources">
                if pad_box.is_some() {
                    { mount::<Pad>(PadProps {
                        is_input: props.from == Some(InputFrom::Drawing),
                        is_refused,
                        lively: props.lively.clone(),
                    }) }
                } else if props.takes_picture {
                    { samples(props) }
                    if props.takes_sound {
                        { sounds(props, own.is_some()) }
                    }
                }
            </div>
        };
    }
    let stop = if props.takes_picture && !props.takes_sound { "-1" } else { "0" };
    html! {
        <div class="sources" role="toolbar" aria-label={page::INPUT}>
            if let Some(box_px) = pad_box {
                <p class="note">{ gallery::pad_hint(box_px) }</p>
                { samples(props) }
            }
            if props.takes_picture && !props.takes_sound {
                <button type="button" disabled={is_refused}
                    aria-pressed={own.is_some().to_string()} onclick={open}>{ page::OWN_PICTURE }</button>
                <input id="open-picture" class="visually-hidden" type="file" accept="image/*" tabindex="-1"
                    aria-label={page::OWN_PICTURE} onchange={chosen(&props.give)} />
                <Capture device={Device::Camera} {is_refused} lively={props.lively.clone()} n_choices={props.n_choices} />
            }
            <button type="button" id="noise" disabled={is_refused} tabindex={stop} aria-pressed={is_noise.to_string()}
                onclick={on(&props.act, Action::ChooseNoise)}>{ page::NOISE }</button>
            if let Some(name) = own {
                <p class="note">{ name }</p>
            }
            if props.takes_picture {
                <p class="note">{ if props.takes_sound { sound::HINT } else { page::PICTURE_HINT } }</p>
            }
        </div>
    }
}

fn samples(props: &SourcesProps) -> Html {
    html! {
        <div class="samples" role="radiogroup" aria-label={page::SAMPLES}>
            { for props.samples.iter().enumerate().map(|(index, one)| sample(props, index, one)) }
        </div>
    }
}

fn sample(props: &SourcesProps, index: usize, sample: &Sample) -> Html {
    let is_chosen = props.from == Some(InputFrom::Sample(index));
    html! {
        <label key={sample.path.clone()} class="sample">
            <input
                type="radio"
                class="visually-hidden"
                name="sample"
                id={format!("sample-{index}")}
                checked={is_chosen}
                disabled={props.is_refused}
                onchange={on(&props.act, Action::ChooseSample(index))}
            />
            { thumbnail(&sample.path, "", "56", None) }
            <span>{ &sample.name }</span>
        </label>
    }
}

/// Hands on the file that was chosen, so that the same one can be chosen again.
pub(super) fn chosen(give: &Callback<File>) -> Callback<Event> {
    let give = give.clone();
    Callback::from(move |event: Event| {
        let Some(input) = event.target_dyn_into::<HtmlInputElement>() else { return };
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            give.emit(file);
        }
        input.set_value("");
    })
}
