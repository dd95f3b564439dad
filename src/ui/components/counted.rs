//! What is counted: the accounting, with its presets, switches and formulas.

use super::{Act, on, on_change, value};
use crate::{
    report::{ModelReport, PaperReport, Passes, PlanChoice, PlanReport},
    text::{
        accounting::{self, Preset},
        exact_bytes, kib, page, tflm_sentence,
    },
    ui::{
        shared::Shared,
        state::{Action, PlanKind},
    },
};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The accounting.
#[derive(Properties, PartialEq)]
pub(in crate::ui) struct CountedProps {
    /// The model.
    pub(in crate::ui) model: Option<Shared<ModelReport>>,
    /// The shown plan.
    pub(in crate::ui) plan: Option<Shared<PlanReport>>,
    /// The passes.
    pub(in crate::ui) passes: Passes,
    /// Everything of a plan but its schedule.
    pub(in crate::ui) accounting: PlanChoice,
    /// Which plan is shown.
    pub(in crate::ui) kind: PlanKind,
    /// Whether operators run in the order of least peak.
    pub(in crate::ui) is_reordered: bool,
    /// Whether the paper's figures are wanted.
    pub(in crate::ui) is_paper: bool,
    /// The paper's figures.
    pub(in crate::ui) paper: Option<PaperReport>,
    /// What must be said of a choice.
    pub(in crate::ui) note: Option<&'static str>,
    /// What may be caused.
    pub(in crate::ui) act: Act,
}

/// Presets, switches, and what they change.
#[component]
pub(in crate::ui) fn Counted(props: &CountedProps) -> Html {
    let Some(model) = &props.model else {
        return html! { <details class="counted"><summary>{ page::TITLE_COUNTED }</summary></details> };
    };
    let peak = |name: &'static str, bytes: u64| {
        html! {
            <div>
                <dt>{ name }</dt>
                <dd title={exact_bytes(bytes)}>{ kib(bytes) }</dd>
            </div>
        }
    };
    let is_reordered = props.is_reordered && props.kind == PlanKind::Layerwise;
    html! {
        <details class="counted" id="counted">
            <summary>
                { page::TITLE_COUNTED }
                <span class="effect" id="counted-words">
                    { accounting::summary(props.accounting, props.passes, props.is_paper, is_reordered) }{ " " }
                    { page::counted_effect(model.as_stored_peak_bytes, model.peak_bytes, props.passes) }
                </span>
            </summary>
            <div class="body">
                { presets(props) }
                { switches(props) }
                <dl class="facts">
                    { peak(page::PEAK_STORED, model.as_stored_peak_bytes) }
                    { peak(page::PEAK_COUNTED, model.peak_bytes) }
                    { peak(page::PEAK_IN_PLACE, model.depthwise_in_place_peak_bytes) }
                    if let Some(plan) = &props.plan {
                        { peak(page::PEAK_PLAN, plan.most_needed_bytes()) }
                    }
                </dl>
                if let Some(plan) = &props.plan {
                    <details id="formulas" open={true}>
                        <summary>{ accounting::FORMULAS }</summary>
                        { for accounting::formulas(model, plan, props.passes).into_iter().map(|words| html! { <p class="formula">{ words }</p> }) }
                    </details>
                    { paper(props, plan) }
                }
                <p class="note">{ page::COUNTED }</p>
                <p class="note">{ tflm_sentence(&model.tflm_persistent_estimate) }</p>
            </div>
        </details>
    }
}

fn presets(props: &CountedProps) -> Html {
    let now = Preset::of(props.accounting, props.passes, props.is_paper);
    let buttons = Preset::ALL.into_iter().map(|preset| {
        html! {
            <label class="segment" key={preset.name()} title={preset.assumes()}>
                <input type="radio" name="preset" id={format!("preset-{preset:?}")} checked={now == Some(preset)}
                    onchange={on(&props.act, Action::TakePreset(preset))} />
                <span>{ preset.name() }</span>
            </label>
        }
    });
    html! {
        <>
            <fieldset class="field segmented presets">
                <legend class="name">{ accounting::PRESETS }</legend>
                { for buttons }
            </fieldset>
            if let Some(preset) = now {
                <p class="note" role="status">{ preset.assumes() }</p>
            }
            if let Some(note) = props.note {
                <p class="warning" id="plan-note" role="status">{ note }</p>
            }
        </>
    }
}

fn switches(props: &CountedProps) -> Html {
    let CountedProps { passes, accounting: now, act, .. } = props;
    let (passes, now) = (*passes, *now);
    let checked =
        |event: &Event| event.target_dyn_into::<HtmlInputElement>().map(|input| input.checked());
    let on_float = on_change(act, move |event| {
        Some(Action::SetPasses(Passes { float_boundary: checked(event)?, ..passes }))
    });
    let on_pad = on_change(act, move |event| {
        Some(Action::SetPasses(Passes { fold_pad: checked(event)?, ..passes }))
    });
    let on_order = on_change(act, move |event| Some(Action::SetReordered(checked(event)?)));
    let set = |choice: PlanChoice| Action::SetAccounting(choice);
    html! {
        <>
            <label class="check">
                <input type="checkbox" id="pass-float" checked={passes.float_boundary} onchange={on_float} />
                <span>{ page::PASS_FLOAT }</span>
            </label>
            <label class="check">
                <input type="checkbox" id="pass-pad" checked={passes.fold_pad} onchange={on_pad} />
                <span>{ page::PASS_PAD }</span>
            </label>
            if props.kind == PlanKind::Layerwise {
                <label class="check">
                    <input type="checkbox" id="reordered" checked={props.is_reordered} onchange={on_order} />
                    <span>{ accounting::ORDER }</span>
                </label>
            }
            <div class="row">
                { choices(act, "in-place", accounting::IN_PLACE, &accounting::IN_PLACE_CHOICES, now.in_place,
                    move |in_place| set(PlanChoice { in_place, ..now })) }
                { choices(act, "planner", accounting::PLANNER, &accounting::PLANNER_CHOICES, now.planner,
                    move |planner| set(PlanChoice { planner, ..now })) }
                { choices(act, "alignment", accounting::ALIGNMENT, &accounting::ALIGNMENT_CHOICES, now.alignment,
                    move |alignment| set(PlanChoice { alignment, ..now })) }
                { choices(act, "scratch", accounting::SCRATCH, &accounting::SCRATCH_CHOICES, now.scratch,
                    move |scratch| set(PlanChoice { scratch, ..now })) }
            </div>
        </>
    }
}

/// A choice among a few.
fn choices<T: Copy + PartialEq + 'static>(
    act: &Act,
    id: &'static str,
    name: &'static str,
    all: &'static [(T, &'static str, &'static str)],
    now: T,
    action: impl Fn(T) -> Action + 'static,
) -> Html {
    let onchange = on_change(act, move |event| {
        let key = value(event);
        let chosen = all.iter().find(|(_, known, _)| *known == key);
        chosen.map(|(choice, ..)| action(*choice))
    });
    let options = all.iter().map(|(choice, key, words)| {
        html! { <option key={*key} value={*key} selected={*choice == now}>{ *words }</option> }
    });
    html! {
        <label class="field" for={id}>
            <span class="name">{ name }</span>
            <select {id} {onchange}>{ for options }</select>
        </label>
    }
}

/// The figures of the paper's count, each with its formula.
fn paper(props: &CountedProps, plan: &PlanReport) -> Html {
    let Some(paper) = props.paper else { return Html::default() };
    let rows = accounting::paper_figures(&paper, plan).into_iter().map(|one| {
        html! {
            <tr key={one.name}>
                <th scope="row">{ one.name }</th>
                <td class="figure">{ one.figure }</td>
                <td class="formula-cell">{ one.formula }</td>
            </tr>
        }
    });
    html! {
        <section class="paper" id="paper" aria-labelledby="paper-title">
            <h3 id="paper-title">{ accounting::PAPER_TITLE }</h3>
            <div class="scroll" tabindex="0" role="region" aria-labelledby="paper-title">
                <table><tbody>{ for rows }</tbody></table>
            </div>
            if paper.patched.is_none() {
                <p class="note">{ accounting::PAPER_NO_PATCHES }</p>
            }
            <p class="note">{ accounting::PAPER_OMITS }</p>
            <p class="note">{ accounting::PAPER_PUBLISHED }</p>
        </section>
    }
}
