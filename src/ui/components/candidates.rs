//! What the search for the best square grid found.

use super::{Act, figures::fits_cell, saving::save_table, show};
use crate::{
    report::{CandidateReport, PlanReport, ScheduleChoice},
    text::{Budget, exact_bytes, input_words, kib, page, phrases, recompute_short},
    ui::{
        shared::Shared,
        state::{Action, TableOf},
    },
};
use yew::prelude::*;

/// The candidates.
#[derive(Properties, PartialEq)]
pub(in crate::ui) struct CandidatesProps {
    /// All of them, best first.
    pub(in crate::ui) candidates: Option<Shared<Vec<CandidateReport>>>,
    /// The one that is shown.
    pub(in crate::ui) shown: Option<ScheduleChoice>,
    /// The budget.
    pub(in crate::ui) budget: Budget,
    /// What they are compared with.
    pub(in crate::ui) layerwise: Option<Shared<PlanReport>>,
    /// What may be caused.
    pub(in crate::ui) act: Act,
}

/// No more rows are shown.
const MOST_ROWS: usize = 12;

/// The best candidates, each of which can be shown.
#[component]
pub(in crate::ui) fn Candidates(props: &CandidatesProps) -> Html {
    let Some(candidates) = props.candidates.as_ref().filter(|all| !all.is_empty()) else {
        return Html::default();
    };
    let title = match candidates.first().map(|candidate| candidate.choice) {
        Some(ScheduleChoice::Patched { input_image, .. }) => {
            page::candidates_title(candidates.len(), MOST_ROWS, input_words(input_image))
        }
        _ => page::CANDIDATES.to_owned(),
    };
    let rows = candidates.iter().take(MOST_ROWS).map(|candidate| row(props, candidate));
    html! {
        <details class="card candidates" id="candidates" open=true>
            <summary>{ title }</summary>
            { save_table(TableOf::Grids, &props.act) }
            <div class="scroll" tabindex="0" role="region" aria-label={page::CANDIDATES}>
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{ page::GRID }</th>
                            <th scope="col">{ page::STAGE_END }</th>
                            <th scope="col" class="figure">{ page::FACT_ARENA }</th>
                            <th scope="col">{ page::FITS }</th>
                            <th scope="col" class="figure">{ page::PRICE }</th>
                            <td />
                        </tr>
                    </thead>
                    <tbody>{ for rows }</tbody>
                </table>
            </div>
        </details>
    }
}

fn row(props: &CandidatesProps, candidate: &CandidateReport) -> Html {
    let ScheduleChoice::Patched { stage_end, rows, columns, .. } = candidate.choice else {
        return Html::default();
    };
    let is_shown = props.shown == Some(candidate.choice);
    let price = props.layerwise.as_ref().map(|plan| recompute_short(candidate.macs, plan.macs));
    html! {
        <tr key={format!("{stage_end} {rows} {columns}")} class={classes!(is_shown.then_some("chosen"))}>
            <td>{ format!("{rows}×{columns}") }</td>
            <td>{ format!("#{stage_end}") }</td>
            <td class="figure" title={exact_bytes(candidate.arena_bytes)}>{ kib(candidate.arena_bytes) }</td>
            { fits_cell(candidate.arena_bytes, props.budget) }
            <td class="figure">{ price }</td>
            <td class="figure">
                { show(is_shown, &phrases::show_candidate(rows, columns, stage_end), Action::Apply(candidate.choice), &props.act) }
            </td>
        </tr>
    }
}
