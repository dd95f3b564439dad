//! How the model is run: layer by layer or in patches, and in which.

use super::{
    Act,
    erased::mount_as,
    number,
    number_field::{NumberField, NumberFieldProps},
    on, on_change, progress,
};
use crate::{
    report::{InputImage, ModelReport, Problem},
    text::{page, stage_label},
    ui::{
        shared::Shared,
        state::{Action, Job, PatchSettings, PlanKind, largest_grid},
    },
};
use yew::{prelude::*, props};

/// The chosen plan.
#[derive(Properties, PartialEq)]
pub(in crate::ui) struct PlanControlsProps {
    /// The model.
    pub(in crate::ui) model: Option<Shared<ModelReport>>,
    /// Which plan is shown.
    pub(in crate::ui) kind: PlanKind,
    /// The patches.
    pub(in crate::ui) patches: PatchSettings,
    /// The search for squares.
    pub(in crate::ui) search: Option<Job>,
    /// Why there is no such plan.
    pub(in crate::ui) problem: Option<Problem>,
    /// What may be caused.
    pub(in crate::ui) act: Act,
}

/// The choice of plan, and of patches where it is theirs.
#[component]
pub(in crate::ui) fn PlanControls(props: &PlanControlsProps) -> Html {
    let act = &props.act;
    let is_patched = props.kind == PlanKind::Patched;
    let has_stages = props.model.as_ref().is_some_and(|model| !model.stage_ends.is_empty());
    html! {
        <>
            <fieldset class="group segmented">
                <legend class="name">{ page::TITLE_PLAN }</legend>
                <label class="segment">
                    <input
                        type="radio"
                        name="plan"
                        id="plan-layerwise"
                        checked={!is_patched}
                        onchange={on(act, Action::ShowPlan(PlanKind::Layerwise))}
                    />
                    <span>{ page::LAYERWISE }</span>
                </label>
                <label class="segment">
                    <input
                        type="radio"
                        name="plan"
                        id="plan-patched"
                        checked={is_patched}
                        disabled={!has_stages}
                        onchange={on(act, Action::ShowPlan(PlanKind::Patched))}
                    />
                    <span>{ page::PATCHED }</span>
                </label>
            </fieldset>
            if let Some(model) = props.model.as_ref().filter(|_| !has_stages) {
                <p class="note" id="no-patches">{ page::no_patches(model.refusal.is_some()) }</p>
            }
            if is_patched && has_stages {
                { stage(props) }
            }
        </>
    }
}

fn stage(props: &PlanControlsProps) -> Html {
    let Some(model) = &props.model else { return Html::default() };
    let (act, patches) = (&props.act, props.patches);
    let options = model.stage_ends.iter().filter_map(|&end| {
        let operator = model.operators.get(end as usize)?;
        Some(html! {
            <option key={end} value={end.to_string()} selected={patches.stage_end == Some(end)}>
                { stage_label(operator) }
            </option>
        })
    });
    let (most_rows, most_columns) =
        patches.stage_end.map_or((1, 1), |end| largest_grid(model, end));
    let PatchSettings { rows, columns, .. } = patches;
    let within = patches.grid_within((most_rows, most_columns));
    let on_rows = act.reform(move |side| Action::SetGrid { rows: whole(side), columns });
    let on_columns = act.reform(move |side| Action::SetGrid { rows, columns: whole(side) });
    let is_first = model.stage_ends.first().copied() == patches.stage_end;
    let is_last = model.stage_ends.last().copied() == patches.stage_end;
    html! {
        <div class="stage">
            <div class="field">
                <label class="name" for="stage-end">{ page::STAGE_END }</label>
                <span class="stepper">
                    <button type="button" class="square" aria-label={page::EARLIER} disabled={is_first}
                        onclick={on(act, Action::MoveStageEnd(-1))}>{ "‹" }</button>
                    <select id="stage-end" onchange={on_change(act, |event| number(event).map(Action::SetStageEnd))}>
                        { for options }
                    </select>
                    <button type="button" class="square" aria-label={page::LATER} disabled={is_last}
                        onclick={on(act, Action::MoveStageEnd(1))}>{ "›" }</button>
                </span>
            </div>
            <fieldset class="field grid">
                <legend class="name">{ page::GRID }</legend>
                { mount_as::<NumberField>("grid-rows", props!(NumberFieldProps {
                    id: "grid-rows",
                    name: page::GRID_ROWS,
                    is_name_hidden: true,
                    value: u64::from(rows),
                    most: u64::from(most_rows.max(1)),
                    onchange: on_rows,
                })) }
                <span aria-hidden="true">{ "×" }</span>
                { mount_as::<NumberField>("grid-columns", props!(NumberFieldProps {
                    id: "grid-columns",
                    name: page::GRID_COLUMNS,
                    is_name_hidden: true,
                    value: u64::from(columns),
                    most: u64::from(most_columns.max(1)),
                    onchange: on_columns,
                })) }
                if within != (rows, columns) {
                    <span class="note" id="grid-limit">{ page::grid_limit(within.0, within.1) }</span>
                }
            </fieldset>
            <fieldset class="field segmented">
                <legend class="name">{ page::INPUT_IMAGE }</legend>
                { input_choice(props, "input-resident", page::RESIDENT, InputImage::Resident) }
                { input_choice(props, "input-streamed", page::STREAMED, InputImage::Streamed) }
            </fieldset>
            <div class="field search">
                if let Some(job) = props.search {
                    { progress(page::SEARCHING, job, act) }
                } else {
                    <button type="button" id="best-squares" onclick={on(act, Action::TrySquares)}>
                        { page::BEST_OF_SQUARES }
                    </button>
                }
            </div>
            if let Some(problem) = &props.problem {
                <p class="plan-problem" role="status">
                    <span aria-hidden="true">{ "✕ " }</span>
                    { &problem.message }{ " " }{ &problem.advice }
                </p>
            }
        </div>
    }
}

/// The sides that a grid can have.
/// The side that a field gave; what it refuses never comes here.
fn whole(side: Option<u64>) -> u32 {
    side.and_then(|side| u32::try_from(side).ok()).unwrap_or(u32::MAX)
}

fn input_choice(
    props: &PlanControlsProps,
    id: &'static str,
    words: &'static str,
    choice: InputImage,
) -> Html {
    html! {
        <label class="segment">
            <input
                type="radio"
                name="input-image"
                {id}
                checked={props.patches.input_image == choice}
                onchange={on(&props.act, Action::SetInputImage(choice))}
            />
            <span>{ words }</span>
        </label>
    }
}
