//! Layer by layer beside patches.

use super::{Act, on, progress, saving::save_table};
use crate::{
    report::{ModelReport, PlanReport, RunReport},
    text::{
        change, compact_count, exact_bytes, kib, milliseconds, operator_label, page, phrases,
        plan_words, recompute, recompute_short, same_bytes, saving, thousands,
    },
    ui::{
        shared::Shared,
        state::{Action, Job, TableOf},
    },
};
use yew::prelude::*;

/// The two plans and their runs.
#[derive(Properties, PartialEq)]
pub(in crate::ui) struct ComparisonProps {
    /// The model.
    pub(in crate::ui) model: Option<Shared<ModelReport>>,
    /// The layer-wise plan.
    pub(in crate::ui) layerwise: Option<Shared<PlanReport>>,
    /// The patch plan.
    pub(in crate::ui) patched: Option<Shared<PlanReport>>,
    /// Whether they are the last ones, while the next are made.
    pub(in crate::ui) is_stale: bool,
    /// The layer-wise run.
    pub(in crate::ui) layerwise_run: Option<Shared<RunReport>>,
    /// The run in patches.
    pub(in crate::ui) patched_run: Option<Shared<RunReport>>,
    /// The run that is under way.
    pub(in crate::ui) running: Option<Job>,
    /// Whether anything can run.
    pub(in crate::ui) can_run: bool,
    /// What may be caused.
    pub(in crate::ui) act: Act,
}

/// The comparison as a small table, with the sentence above it.
#[component]
pub(in crate::ui) fn Comparison(props: &ComparisonProps) -> Html {
    let (Some(model), Some(one), Some(other)) = (&props.model, &props.layerwise, &props.patched)
    else {
        return Html::default();
    };
    html! {
        <section class="card comparison" aria-labelledby="comparison-title" id="comparison"
            aria-busy={props.is_stale.to_string()}>
            <div class="head">
                <h2 id="comparison-title">{ page::TITLE_COMPARISON }</h2>
                <p class="saving">
                    { saving(one.arena_bytes, other.arena_bytes) }
                    { format!(" {}", phrases::price(&recompute(other.macs, one.macs))) }
                </p>
            </div>
            <div class="scroll" tabindex="0" role="region" aria-label={page::COMPARISON_TABLE}>
                <table>
                    <thead>
                        <tr>
                            <td />
                            <th scope="col" class="figure">{ page::LAYERWISE }</th>
                            <th scope="col" class="figure" title={plan_words(other.choice.schedule)}>{ page::PATCHED }</th>
                            <th scope="col" class="figure">{ page::DIFFERENCE }</th>
                        </tr>
                    </thead>
                    <tbody>
                        { arena_row(one, other) }
                        { peak_row(model, one, other) }
                        { macs_row(one, other) }
                        { time_row(props) }
                    </tbody>
                </table>
            </div>
            <div class="verify">
                if let Some(job) = props.running {
                    { progress(page::RUNNING, job, &props.act) }
                } else {
                    <button type="button" id="run-both" disabled={!props.can_run}
                        onclick={on(&props.act, Action::RunBoth)}>{ page::RUN_BOTH }</button>
                }
                { same(props) }
                { save_table(TableOf::Comparison, &props.act) }
            </div>
        </section>
    }
}

fn arena_row(one: &PlanReport, other: &PlanReport) -> Html {
    let cell =
        |bytes: u64| html! { <td class="figure" title={exact_bytes(bytes)}>{ kib(bytes) }</td> };
    html! {
        <tr>
            <th scope="row">{ page::FACT_ARENA }</th>
            { cell(one.arena_bytes) }
            { cell(other.arena_bytes) }
            <td class="figure">{ change(one.arena_bytes, other.arena_bytes) }</td>
        </tr>
    }
}

fn peak_row(model: &ModelReport, one: &PlanReport, other: &PlanReport) -> Html {
    let cell = |plan: &PlanReport| {
        let operator =
            plan.neediest_operator().and_then(|index| model.operators.get(index as usize));
        let name = operator.map_or_else(|| page::INPUT.to_owned(), |one| format!("#{}", one.index));
        html! { <td class="figure" title={operator.map(operator_label)}>{ name }</td> }
    };
    let place = match other.neediest() {
        Some((_, step)) if step.patch.is_some() => page::PEAK_IN_STAGE,
        _ => page::PEAK_IN_TAIL,
    };
    html! {
        <tr>
            <th scope="row">{ page::PEAK_AT }</th>
            { cell(one) }
            { cell(other) }
            <td class="figure">{ place }</td>
        </tr>
    }
}

fn macs_row(one: &PlanReport, other: &PlanReport) -> Html {
    let cell = |macs: u64| html! { <td class="figure" title={thousands(macs)}>{ compact_count(macs) }</td> };
    html! {
        <tr>
            <th scope="row">{ page::FACT_MACS }</th>
            { cell(one.macs) }
            { cell(other.macs) }
            <td class="figure" id="recompute" title={recompute(other.macs, one.macs)}>{ recompute_short(other.macs, one.macs) }</td>
        </tr>
    }
}

fn time_row(props: &ComparisonProps) -> Html {
    let cell = |run: &Option<Shared<RunReport>>| {
        run.as_ref().map_or_else(|| "–".to_owned(), |run| milliseconds(run.total_ms))
    };
    let difference = match (&props.layerwise_run, &props.patched_run) {
        (Some(one), Some(other)) if one.total_ms > 0.0 => {
            format!("× {:.2}", other.total_ms / one.total_ms)
        }
        _ => "–".to_owned(),
    };
    html! {
        <tr>
            <th scope="row" title={page::TIME_NOTE}>{ page::TIME_HERE }</th>
            <td class="figure">{ cell(&props.layerwise_run) }</td>
            <td class="figure">{ cell(&props.patched_run) }</td>
            <td class="figure">{ difference }</td>
        </tr>
    }
}

fn same(props: &ComparisonProps) -> Html {
    match (&props.layerwise_run, &props.patched_run) {
        (Some(one), Some(other)) => {
            let (is_same, words) = same_bytes(one, other);
            let (class, sign) = if is_same { ("ok", "✓") } else { ("bad", "✕") };
            let hashes = one.outputs.iter().map(|output| output.sha256.as_str());
            let title: Vec<&str> = hashes.collect();
            html! {
                <p id="same-bytes" role="status" {class} title={title.join(" ")}>
                    <span aria-hidden="true">{ sign }{ " " }</span>{ words }
                </p>
            }
        }
        _ => html! { <p class="note">{ page::RUN_BOTH_NOTE }</p> },
    }
}
