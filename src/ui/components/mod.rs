//! What is seen: thin components, each a function of a part of the state.

mod activation;
mod arena;
mod arena_marks;
mod arena_pointer;
mod arena_time;
mod bars;
mod blocks;
mod camera;
mod candidates;
mod capture;
mod cells;
mod comparison;
mod comparison_drawing;
mod counted;
mod dialog;
mod drawing;
mod erased;
mod explain;
mod export;
mod figures;
mod fit;
mod fold;
mod frame;
mod front;
mod front_chart;
mod front_table;
mod gallery;
mod graph;
mod graph_rows;
mod inspector;
mod labels;
mod microphone;
mod notices;
mod number_field;
mod operators_table;
mod pad;
mod palette;
mod pixels;
mod placement;
mod placement_drawing;
mod plan_controls;
mod run_panel;
mod rungs;
mod rungs_drawing;
mod saving;
mod seen;
mod sounds;
mod sources;
mod speed;
mod sweep;
mod target;
mod verdict;

pub(super) use arena::{Arena, ArenaProps};
pub(super) use bars::{Bars, BarsProps};
pub(super) use blocks::{Blocks, BlocksProps};
pub(super) use candidates::{Candidates, CandidatesProps};
pub(super) use comparison::{Comparison, ComparisonProps, Kept};
pub(super) use counted::{Counted, CountedProps};
pub(super) use erased::mount;
pub(super) use explain::{EXPLAIN_ID, explain_sheet};
pub(super) use export::{Export, ExportProps};
pub(super) use fit::{find_fit, fit_ways};
pub(super) use frame::{
    Footer, FooterProps, Header, HeaderProps, History, HistoryProps, KeysProps, KeysSheet,
    OPEN_FILE_ID,
};
pub(super) use front::{Front, FrontProps};
pub(super) use gallery::{Gallery, GalleryProps};
pub(super) use graph::{Graph, GraphProps};
pub(super) use inspector::{Inspector, InspectorProps};
pub(super) use notices::{DropTarget, LinkNote, LinkNoteProps, Notices, NoticesProps};
pub(super) use operators_table::{OperatorsTable, OperatorsTableProps};
pub(super) use pad::Lively;
pub(super) use palette::{PALETTE_ID, PaletteEvent, palette_sheet, show_marked};
pub(super) use placement::{PlacementPanel, PlacementProps};
pub(super) use plan_controls::{PlanControls, PlanControlsProps};
pub(super) use run_panel::{RunPanel, RunPanelProps};
pub(super) use rungs::{Rungs, RungsProps};
pub(super) use seen::glance;
pub(super) use speed::{Speed, SpeedProps};
pub(super) use sweep::{Sweep, SweepProps};
pub(super) use target::{TargetControls, TargetProps};
pub(super) use verdict::{Beside, VerdictPanel, VerdictProps};

use super::state::{Action, AppState, Job, Move};
use crate::{
    report::Family,
    text::{kib, operator_label, page, phrases},
};
use web_sys::{Event, HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// What every component may cause.
pub(super) type Act = Callback<Action>;

/// A callback that causes one action, whatever the event.
fn on<E>(act: &Act, action: Action) -> Callback<E> {
    let act = act.clone();
    Callback::from(move |_: E| act.emit(action.clone()))
}

/// The value of the field that an event is about.
fn value(event: &Event) -> String {
    let field = event.target_dyn_into::<HtmlInputElement>().map(|field| field.value());
    let choice = || event.target_dyn_into::<HtmlSelectElement>().map(|choice| choice.value());
    field.or_else(choice).unwrap_or_default()
}

/// The class that colours a family.
const fn family_class(family: Family) -> &'static str {
    match family {
        Family::Convolution => "convolution",
        Family::Depthwise => "depthwise",
        Family::ElementWise => "element-wise",
        Family::Dense => "dense",
        Family::Other => "other",
    }
}

/// The move that a key asks for in a chart.
fn key_move(key: &str) -> Option<Move> {
    Some(match key {
        "ArrowLeft" => Move::Previous,
        "ArrowRight" => Move::Next,
        "Home" => Move::First,
        "End" => Move::Last,
        "p" | "P" => Move::Peak,
        _ => return None,
    })
}

/// The button that shows a row's plan. It stays when that is shown, so that the keyboard stays on it.
fn show(is_shown: bool, label: &str, action: Action, act: &Act) -> Html {
    let words = if is_shown { page::SHOWN } else { page::APPLY };
    // Who speaks the words that are seen must find the button by them.
    let label = if is_shown { [label, ": ", words].concat() } else { label.to_owned() };
    html! {
        <button type="button" class={classes!("small", is_shown.then_some("shown"))}
            aria-pressed={is_shown.to_string()} aria-label={label} onclick={on(act, action)}>
            { words }
        </button>
    }
}

/// A bar of progress with its Cancel button.
fn progress(label: &str, job: Job, act: &Act) -> Html {
    let (done, of) = job.progress.unwrap_or((0, 0));
    html! {
        <span class="progress">
            <span>{ label.to_owned() }</span>
            if of > 0 {
                <progress max={of.to_string()} value={done.to_string()} aria-label={label.to_owned()} />
            } else {
                <progress aria-label={label.to_owned()} />
            }
            <button type="button" disabled={job.cancelling} onclick={on(act, Action::Cancel { job: job.id })}>
                { if job.cancelling { page::CANCELLING } else { page::CANCEL } }
            </button>
        </span>
    }
}

/// What is said of the selection.
pub(super) fn announcement(state: &AppState) -> String {
    let Some(operator) = state.operator(state.selected()) else { return String::new() };
    let live = match (state.plan(), state.operator_step()) {
        (Some(plan), Some(step)) => {
            plan.steps.get(step as usize).map_or(operator.live_bytes, |step| step.needed_bytes())
        }
        _ => operator.live_bytes,
    };
    let share = phrases::live_share(live, state.settings.budget());
    format!("{}: {} {share}.", operator_label(operator), kib(live))
}

/// The whole number in a field, where it holds one.
fn number<T: std::str::FromStr>(event: &Event) -> Option<T> {
    value(event).trim().parse().ok()
}

/// Hears that a field has changed.
type Change = Callback<Event>;

/// A change listener that causes an action made from the field's value.
fn on_change(act: &Act, action: impl Fn(&Event) -> Option<Action> + 'static) -> Change {
    let act = act.clone();
    Callback::from(move |event: Event| {
        if let Some(action) = action(&event) {
            act.emit(action);
        }
    })
}
