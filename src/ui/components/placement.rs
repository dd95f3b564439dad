//! Buffers to place, in place of the model: verdict, search, drawing and table.

use super::{
    Act,
    erased::{mount, mount_as},
    figures::fact,
    number_field::{NumberField, NumberFieldProps},
    on,
    placement_drawing::{PlacementDrawing, PlacementDrawingProps},
    progress,
};
use crate::{
    report::{PlacementReport, SearchReport, SearchStage},
    text::{exact_bytes, kib, page, placement as words, thousands},
    ui::{
        browser::download,
        shared::Shared,
        state::{Action, Job, OpenPlacement, PlacementAction},
    },
};
use yew::{prelude::*, props};

/// What is shown.
#[derive(Properties, PartialEq)]
pub(in crate::ui) struct PlacementProps {
    /// The buffers.
    pub(in crate::ui) open: OpenPlacement,
    /// The search, while it runs.
    pub(in crate::ui) searching: Option<Job>,
    /// Whether colours are dark.
    pub(in crate::ui) is_dark: bool,
    /// What may be caused.
    pub(in crate::ui) act: Act,
}

/// Everything that is shown of buffers.
#[component]
pub(in crate::ui) fn PlacementPanel(props: &PlacementProps) -> Html {
    let PlacementProps { open, is_dark, act, .. } = props;
    html! {
        <>
            { verdict(props) }
            { controls(props) }
            if open.report.buffers.is_empty() {
                <p class="note">{ words::EMPTY }</p>
            } else {
                { mount::<PlacementDrawing>(PlacementDrawingProps {
                    report: open.report.clone(),
                    plan: open.plan.clone(),
                    search: open.search,
                    capacity_bytes: open.capacity_bytes.unwrap_or(0),
                    is_dark: *is_dark,
                    act: act.clone(),
                }) }
                { mount::<PlacementTable>(TableProps { report: open.report.clone(), plan: open.plan.clone() }) }
            }
        </>
    }
}

fn verdict(props: &PlacementProps) -> Html {
    let OpenPlacement { search, capacity_bytes, .. } = &props.open;
    let class = match words::fits(search, *capacity_bytes) {
        Some(true) => "fits",
        Some(false) => "over",
        None => "",
    };
    let sign = match class {
        "fits" => "✓ ",
        "over" => "✕ ",
        _ => "",
    };
    let stage = words::stage(search, *capacity_bytes);
    html! {
        <section class="verdict placing" aria-label="Verdict">
            <div id="placement-verdict" {class} data-stage={format!("{stage:?}")}
                role={props.searching.is_none().then_some("status")}>
                <p class="sentence"><span aria-hidden="true">{ sign }</span>{ words::sentence(search, *capacity_bytes) }</p>
                <p class="peak">{ words::stage_words(stage) }</p>
            </div>
            <dl class="facts">
                { fact(words::HEIGHT, bytes("placement-height", search.arena_bytes)) }
                { fact(words::BOUND, bytes("placement-bound", search.lower_bound_bytes)) }
                { fact(words::GAP, html! { <span>{ words::gap(search) }</span> }) }
                { fact(words::PROVEN, html! { <span id="placement-proven">{ words::proven(search) }</span> }) }
                { fact(words::NODES, searched(search)) }
            </dl>
        </section>
    }
}

fn bytes(id: &'static str, bytes: u64) -> Html {
    html! { <span {id} data-bytes={bytes.to_string()} title={exact_bytes(bytes)}>{ kib(bytes) }</span> }
}

fn searched(search: &SearchReport) -> Html {
    html! {
        <span id="placement-nodes" data-nodes={search.nodes.to_string()}
            data-ms={search.elapsed_ms.to_string()}>{ words::nodes(search) }</span>
    }
}

fn controls(props: &PlacementProps) -> Html {
    let PlacementProps { open, searching, act, .. } = props;
    let on_capacity =
        act.reform(|bytes: Option<u64>| Action::Place(PlacementAction::SetCapacity(bytes)));
    let on_seconds = act.reform(|seconds: Option<u64>| {
        let seconds = seconds.and_then(|seconds| u32::try_from(seconds).ok());
        Action::Place(PlacementAction::SetSeconds(seconds.unwrap_or(words::MOST_SECONDS)))
    });
    let stage = words::stage(&open.search, open.capacity_bytes);
    let is_over = matches!(stage, SearchStage::Proven | SearchStage::Fits | SearchStage::TooSmall);
    let begin = if open.search.nodes == 0 { words::SEARCH } else { words::SEARCH_ON };
    let onsave = {
        let (csv, name) = (open.csv.clone(), words::saved_name(&open.file_name));
        Callback::from(move |_: MouseEvent| {
            download(&name, "text/csv", &String::from_utf8_lossy(&csv));
        })
    };
    html! {
        <section class="controls card" aria-label={words::SEARCH}>
            { mount_as::<NumberField>("capacity", props!(NumberFieldProps {
                id: "capacity",
                name: words::CAPACITY,
                class: "long",
                is_optional: true,
                placeholder: words::NO_CAPACITY,
                value: open.capacity_bytes,
                onchange: on_capacity,
            })) }
            { mount_as::<NumberField>("search-seconds", props!(NumberFieldProps {
                id: "search-seconds",
                name: words::SECONDS,
                value: u64::from(open.seconds),
                most: u64::from(words::MOST_SECONDS),
                onchange: on_seconds,
            })) }
            <div class="field acts">
                if let Some(job) = searching {
                    { progress(words::SEARCHING, *job, act) }
                } else if !is_over {
                    <button type="button" id="search-placement" class="primary"
                        onclick={on(act, Action::Place(PlacementAction::Search))}>{ begin }</button>
                }
                <button type="button" id="save-placement" onclick={onsave}>{ words::SAVE }</button>
            </div>
            <div class="field acts back">
                <button type="button" id="close-placement"
                    onclick={on(act, Action::Place(PlacementAction::Close))}>{ words::CLOSE }</button>
            </div>
        </section>
    }
}

/// What is listed.
#[derive(Properties, PartialEq)]
struct TableProps {
    report: Shared<PlacementReport>,
    plan: Shared<crate::report::PlacementPlan>,
}

/// The drawing's figures; made only while they are looked at.
#[component]
fn PlacementTable(props: &TableProps) -> Html {
    let is_open = use_state_eq(|| false);
    let ontoggle = {
        let is_open = is_open.clone();
        Callback::from(move |event: Event| {
            let details = event.target_dyn_into::<web_sys::Element>();
            is_open.set(details.is_some_and(|details| details.has_attribute("open")));
        })
    };
    let rows = props.report.buffers.iter().zip(&props.plan.offsets_bytes).enumerate();
    let rows = rows.map(|(index, (buffer, &offset))| {
        html! {
            <tr key={index}>
                <th scope="row">{ &buffer.id }</th>
                <td class="figure">{ thousands(buffer.first_step) }</td>
                <td class="figure">{ thousands(buffer.end_step) }</td>
                <td class="figure">{ thousands(buffer.bytes) }</td>
                <td class="figure">{ thousands(offset) }</td>
            </tr>
        }
    });
    let heads = words::COLUMNS.iter().enumerate().map(|(index, name)| {
        html! { <th scope="col" class={(index > 0).then_some("figure")}>{ *name }</th> }
    });
    html! {
        <details class="card" id="placement-table" {ontoggle}>
            <summary>{ words::TABLE }</summary>
            if *is_open {
                <div class="scroll tall" tabindex="0" role="region" aria-label={page::TITLE_TABLE}>
                    <table>
                        <thead><tr>{ for heads }</tr></thead>
                        <tbody>{ for rows }</tbody>
                    </table>
                </div>
            }
        </details>
    }
}
