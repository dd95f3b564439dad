//! The same figures as a table.

use super::{Act, erased::mount_as, figures::swatch, on, saving::save_table};
use crate::{
    report::{ModelReport, OperatorReport, OperatorTime, PlanReport, RunReport},
    text::{
        compact_count, compact_shape, exact_bytes, fine_milliseconds, giga_macs, kib, macs_per_ms,
        page, percent, share_of_limit, thousands,
    },
    ui::{
        browser,
        shared::Shared,
        state::{Action, TableOf},
    },
};
use std::rc::Rc;
use yew::prelude::*;

/// What is shown.
#[derive(Properties, PartialEq)]
pub(in crate::ui) struct OperatorsTableProps {
    /// The model.
    pub(in crate::ui) model: Shared<ModelReport>,
    /// The shown plan.
    pub(in crate::ui) plan: Shared<PlanReport>,
    /// The budget.
    pub(in crate::ui) budget_bytes: u64,
    /// The selected operator.
    pub(in crate::ui) selected: u32,
    /// The last run.
    pub(in crate::ui) run: Option<Shared<RunReport>>,
    /// What this browser reaches at best.
    pub(in crate::ui) limit_macs_per_ms: Option<f64>,
    /// What may be caused.
    pub(in crate::ui) act: Act,
}

/// One row an operator.
#[component]
pub(in crate::ui) fn OperatorsTable(props: &OperatorsTableProps) -> Html {
    let OperatorsTableProps { model, plan, budget_bytes, selected, run, limit_macs_per_ms, act } =
        props;
    let needs = use_memo(plan.clone(), |plan| plan.needs_by_operator(model.operators.len()));
    let times: Rc<Vec<Option<OperatorTime>>> =
        use_memo((model.clone(), run.clone()), |(model, run)| {
            let mut times = vec![None; model.operators.len()];
            for time in run.iter().flat_map(|run| &run.operators) {
                if let Some(place) = times.get_mut(time.operator as usize) {
                    *place = Some(*time);
                }
            }
            times
        });
    let rows = model.operators.iter().enumerate().map(|(index, operator)| {
        let need = needs.get(index).copied().unwrap_or_default();
        html! {
            { mount_as::<Row>(&operator.index.to_string(), RowProps {
                model: model.clone(),
                index,
                live_bytes: need.needed_bytes,
                budget_bytes: *budget_bytes,
                is_selected: operator.index == *selected,
                is_peak: plan.has_peak() && plan.neediest_operator() == Some(operator.index),
                macs: need.macs,
                time: times.get(index).copied().flatten(),
                limit_macs_per_ms: *limit_macs_per_ms,
                act: act.clone(),
            }) }
        }
    });
    html! {
        <section class="card" aria-labelledby="table-title">
            <div class="head">
                <h2 id="table-title">{ page::TITLE_TABLE }</h2>
                { save_table(TableOf::Operators, act) }
            </div>
            <div class="scroll tall" tabindex="0" role="region" aria-label={page::OPERATORS_TABLE}>
                <table id="operators-table">
                    <thead>
                        <tr>
                            <th scope="col" class="figure">{ "#" }</th>
                            <th scope="col">{ page::OPERATOR }</th>
                            <th scope="col" class="wide">{ page::OUTPUT }</th>
                            <th scope="col" class="figure">{ page::LIVE }</th>
                            <th scope="col" class="figure">{ page::OF_BUDGET }</th>
                            <th scope="col" class="figure wide">{ page::FACT_MACS }</th>
                            <th scope="col" class="figure time">{ page::TIME_HERE }</th>
                            <th scope="col" class="figure wide">{ page::RATE }</th>
                            <th scope="col" class="figure wide" title={page::LIMIT_NOTE}>{ page::OF_LIMIT }</th>
                        </tr>
                    </thead>
                    <tbody>{ for rows }</tbody>
                </table>
            </div>
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct RowProps {
    model: Shared<ModelReport>,
    index: usize,
    live_bytes: u64,
    budget_bytes: u64,
    is_selected: bool,
    is_peak: bool,
    macs: u64,
    time: Option<OperatorTime>,
    limit_macs_per_ms: Option<f64>,
    act: Act,
}

#[component]
fn Row(props: &RowProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with(props.is_selected, move |&is_selected| {
            if let Some(row) = node.cast::<web_sys::Element>().filter(|_| is_selected) {
                browser::show_in_scroller(&row);
            }
        });
    }
    let Some(operator) = props.model.operators.get(props.index) else { return Html::default() };
    let select = on(&props.act, Action::Select(operator.index));
    let rate = props.time.and_then(|time| macs_per_ms(time.macs, time.ms));
    let share = rate.zip(props.limit_macs_per_ms).map(|(rate, limit)| share_of_limit(rate, limit));
    let class = classes!(
        props.is_selected.then_some("chosen"),
        operator.removed_by.map(|_| "removed"),
        (props.live_bytes > props.budget_bytes).then_some("exceeds"),
    );
    html! {
        <tr ref={node} {class} data-operator={operator.index.to_string()} onclick={select.clone()}
            aria-selected={props.is_selected.to_string()}>
            <td class="figure">{ operator.index }</td>
            <td>{ name(props, operator, select) }</td>
            <td class="wide">{ compact_shape(&operator.output_shape) }</td>
            <td class="figure" title={exact_bytes(props.live_bytes)}>{ kib(props.live_bytes) }</td>
            <td class="figure">{ percent(props.live_bytes, props.budget_bytes) }</td>
            <td class="figure wide" title={thousands(props.macs)}>{ compact_count(props.macs) }</td>
            <td class="figure time">{ or_dash(props.time.map(|time| fine_milliseconds(time.ms))) }</td>
            <td class="figure wide">{ or_dash(rate.map(giga_macs)) }</td>
            <td class="figure wide">{ or_dash(share) }</td>
        </tr>
    }
}

fn name(props: &RowProps, operator: &OperatorReport, select: Callback<MouseEvent>) -> Html {
    html! {
        <>
            <span class="kind">
                { swatch(operator.family) }
                <button type="button" class="link" tabindex="-1" onclick={select}>
                    { breakable(&operator.kind) }
                </button>
            </span>
            if props.is_peak {
                { " " }<b class="tag">{ page::PEAK_TAG }</b>
            }
            if operator.removed_by.is_some() {
                { " " }<span class="tag">{ page::HOST_TAG }</span>
            }
            if operator.refusal.is_some() {
                { " " }<b class="tag bad">{ page::REFUSED_TAG }</b>
            }
        </>
    }
}

fn or_dash(words: Option<String>) -> String {
    words.unwrap_or_else(|| "–".to_owned())
}

/// A name that may break after its underscores.
fn breakable(name: &str) -> Html {
    let parts = name.split_inclusive('_').map(|part| html! { <>{ part }<wbr /></> });
    html! { <>{ for parts }</> }
}
