//! The same figures as a table.

use super::{Act, erased::mount_as, figures::swatch, on, saving::save_table};
use crate::{
    report::{ModelReport, OperatorReport, OperatorTime, PlanReport, RunReport},
    text::{
        Budget, Limit, Share, compact_count, compact_shape, exact_bytes, fine_milliseconds,
        giga_macs, kib, macs_per_ms, page, percent, thousands,
    },
    ui::{
        browser::{self, use_scroller},
        geometry::graph::in_view,
        shared::Shared,
        state::{
            Action, TableOf,
            sorting::{Column, Sorting, name_keys, sorted},
        },
    },
};
use web_sys::Element;
use yew::prelude::*;

/// What is shown.
#[derive(Properties, PartialEq)]
pub(in crate::ui) struct OperatorsTableProps {
    /// The model.
    pub(in crate::ui) model: Shared<ModelReport>,
    /// The shown plan.
    pub(in crate::ui) plan: Shared<PlanReport>,
    /// The budget.
    pub(in crate::ui) budget: Budget,
    /// The selected operator.
    pub(in crate::ui) selected: u32,
    /// The last run.
    pub(in crate::ui) run: Option<Shared<RunReport>>,
    /// What this browser reaches at best.
    pub(in crate::ui) limit: Option<Limit>,
    /// What may be caused.
    pub(in crate::ui) act: Act,
}

/// Models of more operators are drawn row by row as they come into view. Fewer are all in the document,
/// so that the browser's search and the printed page have them; thousands would stall both, and every
/// other step of the page.
const MOST_DRAWN: usize = 200;
/// The height of a row until one has been measured.
const ROW_PX: f64 = 33.0;

/// The columns with their names (that of shares is the budget's), the classes of their heads, and what they are.
const COLUMNS: [(Column, &str, &str, Option<&str>); 9] = [
    (Column::Number, "#", "figure", None),
    (Column::Kind, page::OPERATOR, "", None),
    (Column::Output, page::OUTPUT, "wide", None),
    (Column::Live, page::LIVE, "figure", None),
    (Column::OfBudget, "", "figure", None),
    (Column::Macs, page::FACT_MACS, "figure wide", None),
    (Column::Time, page::TIME_HERE, "figure time", None),
    (Column::Rate, page::RATE, "figure wide", None),
    (Column::OfLimit, page::OF_LIMIT, "figure wide", Some(page::LIMIT_NOTE)),
];

/// One row an operator.
#[component]
pub(in crate::ui) fn OperatorsTable(props: &OperatorsTableProps) -> Html {
    let OperatorsTableProps { model, plan, budget, selected, run, limit, act } = props;
    let scroller = use_node_ref();
    let sorting = use_state_eq(|| None::<Sorting>);
    let row_px = use_state_eq(|| ROW_PX);
    let drawn = use_scroller(&scroller);
    let figures = use_memo((model.clone(), plan.clone(), run.clone()), |_| figures(props));
    let order = {
        let deps = (model.clone(), plan.clone(), run.clone(), *sorting);
        use_memo(deps, |_| order(model, &figures, *sorting))
    };
    let n_rows = order.len();
    let in_view = if n_rows <= MOST_DRAWN {
        0..n_rows
    } else {
        let tops: Vec<f64> = (0..=n_rows).map(|row| row as f64 * *row_px).collect();
        in_view(&tops, drawn.top, drawn.height)
    };
    {
        let (scroller, order, row_px) = (scroller.clone(), order.clone(), row_px.clone());
        let deps = (*selected, *sorting, drawn.size, plan.clone(), *row_px);
        use_effect_with(deps, move |&(selected, ..)| {
            let Some(scroller) = scroller.cast::<Element>() else { return };
            let row = order.iter().position(|&one| one == selected);
            let measured = browser::show_row(&scroller, selected, row, *row_px);
            // Rows differ by a fraction of their borders, which is no other height.
            if let Some(measured) = measured.filter(|px| (px - *row_px).abs() > 1.0) {
                row_px.set(measured);
            }
        });
    }
    let row = |row: usize| {
        let operator = *order.get(row)?;
        let figures = *figures.get(operator as usize)?;
        Some(mount_as::<Row>(
            &operator.to_string(),
            RowProps {
                model: model.clone(),
                row,
                operator,
                figures,
                budget_bytes: budget.bytes,
                is_selected: operator == *selected,
                limit: *limit,
                act: act.clone(),
            },
        ))
    };
    let space = |name: &'static str, rows: usize| {
        let style = format!("height:{}px", rows as f64 * *row_px);
        let space = html! {
            <tr key={name} aria-hidden="true" class="space"><td colspan="9" {style} /></tr>
        };
        (rows > 0).then_some(space)
    };
    // Nothing but children with keys, so that scrolling moves rows and makes none anew.
    let mut rows: Vec<Html> = space("above", in_view.start).into_iter().collect();
    rows.extend(in_view.clone().filter_map(row));
    rows.extend(space("below", n_rows - in_view.end));
    html! {
        <section class="card operators" aria-labelledby="table-title">
            <div class="head">
                <h2 id="table-title">{ page::TITLE_TABLE }</h2>
                { save_table(TableOf::Operators, act) }
            </div>
            <div class="scroll tall" role="region" aria-label={page::OPERATORS_TABLE} ref={scroller}
                onscroll={drawn.onscroll}>
                <table id="operators-table" aria-rowcount={(n_rows + 1).to_string()}>
                    <thead>
                        <tr aria-rowindex="1">{ for COLUMNS.iter().map(|column| head(column, budget.column(), &sorting)) }</tr>
                    </thead>
                    <tbody>{ rows }</tbody>
                </table>
            </div>
        </section>
    }
}

/// A head with its button. The first is a stop of the keyboard; from there arrows lead to the others, as
/// in a toolbar, and scroll the table.
fn head(
    &(column, name, class, title): &(Column, &'static str, &'static str, Option<&'static str>),
    of_budget: &'static str,
    sorting: &UseStateHandle<Option<Sorting>>,
) -> Html {
    let now = sorting.filter(|now| now.column == column);
    let (sorted, sign) = match now.map(|now| now.is_descending) {
        None => ("none", ""),
        Some(true) => ("descending", " ▼"),
        Some(false) => ("ascending", " ▲"),
    };
    let onclick = {
        let sorting = sorting.clone();
        Callback::from(move |_: MouseEvent| sorting.set(Sorting::pressed(*sorting, column)))
    };
    let name = if column == Column::OfBudget { of_budget } else { name };
    let tabindex = if column == Column::Number { "0" } else { "-1" };
    html! {
        <th scope="col" {class} {title} aria-sort={sorted}>
            <button type="button" class="sort" {tabindex} {onclick}>{ name }<span aria-hidden="true">{ sign }</span></button>
        </th>
    }
}

/// What of an operator is shown beside its name.
#[derive(Clone, Copy, Default, PartialEq)]
struct Figures {
    live_bytes: u64,
    macs: u64,
    time: Option<OperatorTime>,
    /// Inferences that the time is the mean of.
    repeats: u32,
    is_peak: bool,
}

/// The figures of all operators, by number.
fn figures(props: &OperatorsTableProps) -> Vec<Figures> {
    let OperatorsTableProps { model, plan, run, .. } = props;
    let needs = plan.needs_by_operator(model.operators.len());
    let peak = plan.neediest_operator().filter(|_| plan.has_peak());
    let figures = needs.iter().zip(0..).map(|(need, index)| Figures {
        live_bytes: need.bytes,
        macs: need.macs,
        time: None,
        repeats: run.as_ref().map_or(0, |run| run.repeats),
        is_peak: peak == Some(index),
    });
    let mut figures: Vec<Figures> = figures.collect();
    for time in run.iter().flat_map(|run| &run.operators) {
        if let Some(place) = figures.get_mut(time.operator as usize) {
            place.time = Some(*time);
        }
    }
    figures
}

/// The operators from top to bottom.
fn order(model: &ModelReport, figures: &[Figures], sorting: Option<Sorting>) -> Vec<u32> {
    let Some(Sorting { column, is_descending }) = sorting else {
        return model.operators.iter().map(|operator| operator.index).collect();
    };
    let key = |(operator, figures): (&OperatorReport, &Figures)| match column {
        Column::Output => Some(operator.output_shape.iter().map(|&dim| dim as f64).product()),
        Column::Live | Column::OfBudget => Some(figures.live_bytes as f64),
        Column::Macs => Some(figures.macs as f64),
        Column::Time => figures.time.map(|time| time.ms),
        Column::Rate | Column::OfLimit => {
            figures.time.and_then(|time| macs_per_ms(time.macs, time.ms))
        }
        Column::Number | Column::Kind => Some(f64::from(operator.index)),
    };
    let keys = if column == Column::Kind {
        name_keys(model.operators.iter().map(|operator| operator.kind.as_str()))
    } else {
        model.operators.iter().zip(figures).map(key).collect()
    };
    sorted(&keys, is_descending)
}

#[derive(Properties, PartialEq)]
struct RowProps {
    model: Shared<ModelReport>,
    row: usize,
    operator: u32,
    figures: Figures,
    budget_bytes: u64,
    is_selected: bool,
    limit: Option<Limit>,
    act: Act,
}

#[component]
fn Row(props: &RowProps) -> Html {
    let RowProps { figures, budget_bytes, .. } = *props;
    let Some(operator) = props.model.operators.get(props.operator as usize) else {
        return Html::default();
    };
    let select = on(&props.act, Action::Select(operator.index));
    let rate = figures.time.and_then(|time| macs_per_ms(time.macs, time.ms));
    let share = figures.time.zip(props.limit).filter(|(time, _)| time.macs > 0);
    let share = share.map(|(time, limit)| {
        let is_winograd = operator.is_winograd;
        Share::of(limit, time.macs, (time.ms, figures.repeats), is_winograd)
    });
    let is_untold = share.as_ref().is_some_and(|share| !matches!(share, Share::Part(_)));
    let why = is_untold.then_some(page::OVER_LIMIT);
    let class = classes!(
        props.is_selected.then_some("chosen"),
        operator.removed_by.map(|_| "removed"),
        (figures.live_bytes > budget_bytes).then_some("exceeds"),
    );
    html! {
        <tr {class} data-operator={operator.index.to_string()} onclick={select.clone()}
            aria-selected={props.is_selected.to_string()} aria-rowindex={(props.row + 2).to_string()}>
            <td class="figure">{ operator.index }</td>
            <td>{ name(figures, operator, select) }</td>
            <td class="wide">{ compact_shape(&operator.output_shape) }</td>
            <td class="figure" title={exact_bytes(figures.live_bytes)}>{ kib(figures.live_bytes) }</td>
            <td class="figure">{ percent(figures.live_bytes, budget_bytes) }</td>
            <td class="figure wide" title={thousands(figures.macs)}>{ compact_count(figures.macs) }</td>
            <td class="figure time">{ or_dash(figures.time.map(|time| fine_milliseconds(time.ms))) }</td>
            <td class="figure wide">{ or_dash(rate.map(giga_macs)) }</td>
            <td class="figure wide" title={why}>{ share.as_ref().map_or("–", Share::words) }</td>
        </tr>
    }
}

fn name(figures: Figures, operator: &OperatorReport, select: Callback<MouseEvent>) -> Html {
    html! {
        <>
            <span class="kind">
                { swatch(operator.family) }
                <button type="button" class="link" tabindex="-1" onclick={select}>
                    { breakable(&operator.kind) }
                </button>
            </span>
            if figures.is_peak {
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
