//! The front as a table: the drawing's figures, each of which can be shown.

use super::{Act, figures::fits_cell, saving::save_table, show};
use crate::{
    report::{CandidateReport, FrontReport, ScheduleChoice},
    text::{Budget, compact_count, exact_bytes, front, kib, page, plan_words, thousands},
    ui::{
        shared::Shared,
        state::{Action, TableOf},
    },
};
use yew::prelude::*;

/// What is listed.
#[derive(Properties, PartialEq)]
pub(in crate::ui) struct FrontTableProps {
    /// The front.
    pub(in crate::ui) front: Shared<FrontReport>,
    /// The schedule that is asked for.
    pub(in crate::ui) choice: Option<ScheduleChoice>,
    /// The budget.
    pub(in crate::ui) budget: Budget,
    /// What may be caused.
    pub(in crate::ui) act: Act,
}

/// The table.
#[component]
pub(in crate::ui) fn FrontTable(props: &FrontTableProps) -> Html {
    html! {
        <div class="listed">
        { save_table(TableOf::Front, &props.act) }
        <div class="scroll" tabindex="0" role="region" aria-label={front::TABLE}>
            <table id="front-table">
                <thead>
                    <tr>
                        <th scope="col" class="figure">{ page::FACT_ARENA }</th>
                        <th scope="col">{ page::FITS }</th>
                        <th scope="col" class="figure">{ page::FACT_MACS }</th>
                        <th scope="col" class="figure">{ front::MORE }</th>
                        <th scope="col">{ front::SCHEDULE }</th>
                        <td />
                    </tr>
                </thead>
                <tbody>{ for props.front.front.iter().map(|point| row(props, point)) }</tbody>
            </table>
        </div>
        </div>
    }
}

fn row(props: &FrontTableProps, point: &CandidateReport) -> Html {
    let CandidateReport { choice, arena_bytes, macs, .. } = *point;
    let is_shown = props.choice == Some(choice);
    html! {
        <tr
            key={plan_words(choice)}
            class={classes!(is_shown.then_some("chosen"))}
            aria-current={is_shown.then_some("true")}
            data-arena-bytes={arena_bytes.to_string()}
            data-macs={macs.to_string()}
        >
            <td class="figure" title={exact_bytes(arena_bytes)}>{ kib(arena_bytes) }</td>
            { fits_cell(arena_bytes, props.budget) }
            <td class="figure" title={thousands(macs)}>{ compact_count(macs) }</td>
            <td class="figure">{ front::more(macs, props.front.macs_layerwise) }</td>
            <td class="schedule">{ front::schedule(choice) }</td>
            <td class="figure">
                { show(is_shown, &front::show(choice), Action::Apply(choice), &props.act) }
            </td>
        </tr>
    }
}
