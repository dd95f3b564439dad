//! The ladder of planners: button, drawing and table; each rung's plan can be shown.

use super::{
    Act,
    erased::mount,
    figures::fits_cell,
    on, progress,
    rungs_drawing::{RungsDrawing, RungsDrawingProps},
    saving::save_table,
    show,
};
use crate::{
    report::{InputImage, Rung, RungReport},
    text::{Budget, compact_count, exact_bytes, kib, more_work, rung_name, rungs, thousands},
    ui::state::{Action, FoundRungs, Job, TableOf},
};
use yew::prelude::*;

/// What is shown.
#[derive(Properties, PartialEq)]
pub(in crate::ui) struct RungsProps {
    /// Whether there is a model to plan.
    pub(in crate::ui) has_model: bool,
    /// The rungs, once they are found.
    pub(in crate::ui) found: Option<FoundRungs>,
    /// The comparison, while it runs.
    pub(in crate::ui) comparing: Option<Job>,
    /// The rung whose plan is shown.
    pub(in crate::ui) shown: Option<Rung>,
    /// How the input is held now.
    pub(in crate::ui) input_image: InputImage,
    /// What the arena may take.
    pub(in crate::ui) budget: Budget,
    /// Whether colours are dark.
    pub(in crate::ui) is_dark: bool,
    /// What may be caused.
    pub(in crate::ui) act: Act,
}

/// The card. It is there from the start: where components that are empty follow each other and fill
/// at once, yew loses their places.
#[component]
pub(in crate::ui) fn Rungs(props: &RungsProps) -> Html {
    let RungsProps { found, comparing, act, .. } = props;
    let words = if found.is_some() { rungs::COMPARE_AGAIN } else { rungs::COMPARE };
    html! {
        <section class="card front rungs" id="rungs" aria-labelledby="rungs-title">
            <div class="head">
                <h2 id="rungs-title">{ rungs::TITLE }</h2>
                if let Some(job) = comparing {
                    { progress(rungs::COMPARING, *job, act) }
                }
                // It stays while the comparison runs and after it, so that the keyboard stays on it.
                <button type="button" id="compare-rungs" disabled={!props.has_model} aria-disabled={comparing.is_some().to_string()}
                    onclick={on(act, Action::CompareRungs)}>{ words }</button>
            </div>
            if let Some(found) = found {
                <p class="note">
                    { rungs::input(found.input_image) }
                    if found.input_image != props.input_image {
                        { " " }{ rungs::OTHER_INPUT }
                    }
                </p>
                <div class="columns">
                    { mount::<RungsDrawing>(RungsDrawingProps {
                        rungs: found.rungs.clone(),
                        shown: props.shown,
                        budget: props.budget,
                        is_dark: props.is_dark,
                        act: act.clone(),
                    }) }
                    { table(props, &found.rungs) }
                </div>
            } else {
                <p class="note">{ rungs::HINT }</p>
            }
        </section>
    }
}

fn table(props: &RungsProps, found: &[RungReport]) -> Html {
    let heads = rungs::COLUMNS.iter().enumerate().map(|(index, name)| {
        let is_figure = matches!(index, 1 | 3 | 5);
        html! { <th scope="col" class={is_figure.then_some("figure")}>{ *name }</th> }
    });
    html! {
        <div class="listed">
        { save_table(TableOf::Rungs, &props.act) }
        <div class="scroll" tabindex="0" role="region" aria-label={rungs::TABLE}>
            <table id="rungs-table">
                <thead><tr>{ for heads }<td /></tr></thead>
                <tbody>{ for found.iter().map(|one| row(props, one)) }</tbody>
            </table>
        </div>
        </div>
    }
}

/// Whether the plan is proven: the sign for those who see it, the word for those who do not.
fn proven(one: &RungReport) -> Html {
    let (sign, word) =
        if one.is_proven() { ("✓", rungs::PROVEN) } else { ("–", rungs::NOT_PROVEN) };
    html! {
        <td title={word}>
            <span aria-hidden="true">{ sign }</span>
            <span class="visually-hidden">{ word }</span>
        </td>
    }
}

/// The work, or how much more it is than layer by layer.
fn work(one: &RungReport) -> String {
    if one.macs == one.macs_layerwise {
        compact_count(one.macs)
    } else {
        more_work(one.macs, one.macs_layerwise)
    }
}

fn row(props: &RungsProps, one: &RungReport) -> Html {
    let is_shown = props.shown == Some(one.rung);
    let name = rung_name(one.rung);
    html! {
        <tr
            key={name}
            class={classes!(is_shown.then_some("chosen"))}
            aria-current={is_shown.then_some("true")}
            data-rung={format!("{:?}", one.rung)}
            data-arena-bytes={one.arena_bytes.to_string()}
        >
            <th scope="row" title={rungs::sentence(one)}>
                { name }
                <span class="folded">{ rungs::folded(one, props.budget) }</span>
            </th>
            <td class="figure" title={exact_bytes(one.arena_bytes)}>{ kib(one.arena_bytes) }</td>
            { fits_cell(one.arena_bytes, props.budget) }
            <td class="figure" title={exact_bytes(one.lower_bound_bytes)}>{ kib(one.lower_bound_bytes) }</td>
            { proven(one) }
            <td class="figure" title={thousands(one.macs)}>
                { work(one) }
            </td>
            <td class="figure">
                { show(is_shown, &rungs::show(one.rung), Action::TakeRung(one.rung), &props.act) }
            </td>
        </tr>
    }
}
