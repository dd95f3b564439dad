//! Two plans beside each other: A, which is kept or layer by layer, and B, which is shown.

use super::{
    Act,
    comparison_drawing::{drawings, has_two_columns},
    progress,
    saving::save_table,
    verdict::KEEP_ID,
};
use crate::{
    text::{
        Budget,
        comparison::{self, Row},
        page,
    },
    ui::{
        browser::{self, use_size},
        state::{Action, Job, Pair, TableOf},
    },
};
use yew::prelude::*;

/// The two plans and what can be done with them.
#[derive(Properties, PartialEq)]
pub(in crate::ui) struct ComparisonProps {
    /// The plans, once both are there.
    pub(in crate::ui) pair: Option<Pair>,
    /// What is kept, where something is.
    pub(in crate::ui) kept: Option<Kept>,
    /// Whether they are the last ones, while the next are made.
    pub(in crate::ui) is_stale: bool,
    /// What the arena may take.
    pub(in crate::ui) budget: Budget,
    /// The run that is under way.
    pub(in crate::ui) running: Option<Job>,
    /// Whether anything can run.
    pub(in crate::ui) can_run: bool,
    /// What may be caused.
    pub(in crate::ui) act: Act,
}

/// The plan that is kept.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::ui) struct Kept {
    /// What stands where the comparison would be.
    pub(in crate::ui) words: String,
    /// Whether it can be shown.
    pub(in crate::ui) can_show: bool,
    /// Whether it is.
    pub(in crate::ui) is_shown: bool,
}

/// What differs, the outcome, both arenas, what both need, all figures.
#[component]
pub(in crate::ui) fn Comparison(props: &ComparisonProps) -> Html {
    let stage = use_node_ref();
    let (width, _) = use_size(&stage);
    let sides = props.pair.as_ref().map(|pair| (pair.a.side(), pair.b.side()));
    html! {
        <section class="card comparison" aria-labelledby="comparison-title" id="comparison"
            aria-busy={props.is_stale.to_string()}>
            <h2 id="comparison-title">{ comparison::TITLE }</h2>
            if props.kept.is_some() {
                <p class="note" id="kept-about">{ comparison::KEPT_ABOUT }</p>
            }
            if let Some((a, b)) = &sides {
                <p id="differences">{ comparison::differences(a, b) }</p>
                <p class="outcome" id="outcome">{ comparison::outcome(a, b) }</p>
            } else if let Some(kept) = &props.kept {
                <p id="differences">{ &kept.words }</p>
            }
            <div class={classes!("stage-box", has_two_columns(width).then_some("two"))} ref={stage}>
                if let Some((a, b)) = &sides {
                    { drawings(a, b, props.budget, width) }
                    { table(&comparison::rows(a, b, Some(props.budget))) }
                }
            </div>
            <div class="verify">
                { buttons(props) }
                if let Some(job) = props.running.filter(|_| sides.is_some()) {
                    { progress(page::RUNNING, job, &props.act) }
                }
                if let Some((a, b)) = &sides {
                    { outputs(comparison::outputs(a, b)) }
                    { save_table(TableOf::Comparison, &props.act) }
                }
            </div>
        </section>
    }
}

fn table(rows: &[Row]) -> Html {
    let rows = rows.iter().map(|row| {
        let cell = |side: usize| {
            html! { <td class="figure" title={row.exact[side].clone()}>{ &row.figures[side] }</td> }
        };
        html! {
            <tr key={&*row.name} data-row={row.name.clone()}>
                <th scope="row">{ &*row.name }</th>
                { cell(0) }
                { cell(1) }
                <td class="figure">{ &row.change }</td>
            </tr>
        }
    });
    html! {
        <table aria-label={page::COMPARISON_TABLE}>
            <thead>
                <tr>
                    <td />
                    <th scope="col" class="figure">{ "A" }</th>
                    <th scope="col" class="figure">{ "B" }</th>
                    <th scope="col" class="figure">{ page::DIFFERENCE }</th>
                </tr>
            </thead>
            <tbody>{ for rows }</tbody>
        </table>
    }
}

/// One stop of the keyboard: the first button is it, arrow keys lead to the others.
fn buttons(props: &ComparisonProps) -> Html {
    let mut shown = Vec::new();
    if let Some(kept) = &props.kept {
        if kept.can_show && !kept.is_shown {
            shown.push(("swap-kept", comparison::SWAP, Action::SwapKept));
        }
        if kept.can_show {
            shown.push(("show-kept", comparison::SHOW, Action::ShowKept));
        }
        shown.push(("forget-kept", comparison::FORGET, Action::ForgetKept));
    }
    if let Some(pair) = props.pair.as_ref().filter(|_| props.running.is_none()) {
        let words = if pair.is_of_one_graph() { page::RUN_BOTH } else { comparison::RUN_B };
        shown.push(("run-both", words, Action::RunBoth));
    }
    let is_shown = props.kept.as_ref().is_some_and(|kept| kept.is_shown);
    let shown = shown.into_iter().enumerate().map(|(place, (id, words, action))| {
        let tabindex = if place == 0 { "0" } else { "-1" };
        // What shows A stays while A is shown, so that the keyboard stays on it.
        let aria_disabled = (is_shown && action == Action::ShowKept).then_some("true");
        let disabled = !props.can_run && action == Action::RunBoth;
        let act = props.act.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            act.emit(action.clone());
            if action == Action::ForgetKept {
                // The card may be gone.
                browser::focus(KEEP_ID);
            }
        });
        html! {
            <button key={id} type="button" {id} {tabindex} {disabled} aria-disabled={aria_disabled}
                {onclick}>{ words }</button>
        }
    });
    html! { <div class="acts" role="toolbar" aria-label={comparison::BUTTONS}>{ for shown }</div> }
}

fn outputs((is_same, words): (Option<bool>, String)) -> Html {
    let (class, sign) = match is_same {
        Some(true) => ("ok", "✓ "),
        Some(false) => ("bad", "✕ "),
        None => ("note", ""),
    };
    html! {
        <p id="same-bytes" role="status" {class}>
            <span aria-hidden="true">{ sign }</span>{ words }
        </p>
    }
}
