//! What is counted: the accounting, with its switches and their effect.

use super::{Act, on_change};
use crate::{
    report::{ModelReport, Passes},
    text::{exact_bytes, kib, page, tflm_sentence},
    ui::{shared::Shared, state::Action},
};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The accounting.
#[derive(Properties, PartialEq)]
pub(in crate::ui) struct CountedProps {
    /// The model.
    pub(in crate::ui) model: Option<Shared<ModelReport>>,
    /// The passes.
    pub(in crate::ui) passes: Passes,
    /// What may be caused.
    pub(in crate::ui) act: Act,
}

/// Two switches and what they change.
#[component]
pub(in crate::ui) fn Counted(props: &CountedProps) -> Html {
    let Some(model) = &props.model else {
        return html! { <details class="counted"><summary>{ page::TITLE_COUNTED }</summary></details> };
    };
    let passes = props.passes;
    let checked =
        |event: &Event| event.target_dyn_into::<HtmlInputElement>().map(|input| input.checked());
    let on_float = on_change(&props.act, move |event| {
        Some(Action::SetPasses(Passes { float_boundary: checked(event)?, ..passes }))
    });
    let on_pad = on_change(&props.act, move |event| {
        Some(Action::SetPasses(Passes { fold_pad: checked(event)?, ..passes }))
    });
    let peak = |name: &'static str, bytes: u64| {
        html! {
            <div>
                <dt>{ name }</dt>
                <dd title={exact_bytes(bytes)}>{ kib(bytes) }</dd>
            </div>
        }
    };
    html! {
        <details class="counted">
            <summary>
                { page::TITLE_COUNTED }
                <span class="effect">{ page::counted_effect(model.as_stored_peak_bytes, model.peak_bytes, passes) }</span>
            </summary>
            <div class="body">
                <label class="check">
                    <input type="checkbox" id="pass-float" checked={passes.float_boundary} onchange={on_float} />
                    <span>{ page::PASS_FLOAT }</span>
                </label>
                <label class="check">
                    <input type="checkbox" id="pass-pad" checked={passes.fold_pad} onchange={on_pad} />
                    <span>{ page::PASS_PAD }</span>
                </label>
                <dl class="facts">
                    { peak(page::PEAK_STORED, model.as_stored_peak_bytes) }
                    { peak(page::PEAK_COUNTED, model.peak_bytes) }
                    { peak(page::PEAK_IN_PLACE, model.depthwise_in_place_peak_bytes) }
                </dl>
                <p class="note">{ page::COUNTED }</p>
                <p class="note">{ tflm_sentence(&model.tflm_persistent_estimate) }</p>
            </div>
        </details>
    }
}
