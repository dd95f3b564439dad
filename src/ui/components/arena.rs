//! The arena: address against time.

use super::{
    Act,
    arena_marks::{Marks, MarksProps, block, lines, rect},
    arena_pointer::{position, use_pointer},
    arena_time::{Time, TimeState, tools, use_time},
    erased::mount,
    figures::{legend, swatch},
    key_move,
    saving::{Saved, save_drawing},
};
use crate::{
    order::sorted_positions,
    report::{ModelReport, PlanReport},
    text::{
        Budget, page,
        phrases::{self, block_told},
        saving,
    },
    ui::{
        browser::use_size,
        charts::arena_drawing,
        geometry::{
            Rect,
            arena::{ArenaPicture, BlockMark, owner},
            column_at,
            timeline::{Timeline, View},
            zoom::Zoom,
        },
        shared::Shared,
        state::{Action, Move},
    },
};
use std::rc::Rc;
use yew::prelude::*;

/// What is shown.
#[derive(Properties, PartialEq)]
pub(in crate::ui) struct ArenaProps {
    /// The model.
    pub(in crate::ui) model: Shared<ModelReport>,
    /// The shown plan.
    pub(in crate::ui) plan: Shared<PlanReport>,
    /// The budget.
    pub(in crate::ui) budget: Budget,
    /// The selected operator.
    pub(in crate::ui) selected: u32,
    /// The selected step.
    pub(in crate::ui) step: Option<u32>,
    /// Whether colours are dark.
    pub(in crate::ui) is_dark: bool,
    /// What may be caused.
    pub(in crate::ui) act: Act,
}

/// The picture, its legend, and the block that was pointed at.
#[component]
pub(in crate::ui) fn Arena(props: &ArenaProps) -> Html {
    let ArenaProps { model, plan, budget, step, act, .. } = props;
    let stage = use_node_ref();
    let size = use_size(&stage);
    let view = use_state_eq(View::default);
    let pinned = use_state_eq(|| None::<usize>);
    let whole = use_memo((plan.clone(), *view, size.0), |(plan, view, width_px)| {
        Timeline::new(plan, *view, *width_px)
    });
    let at = step.and_then(|step| whole.column_of(plan, step));
    let time = use_time(&whole, at, act);
    let zoom = *time.zoom;
    let laid_out = use_memo(
        (plan.clone(), whole.clone(), *budget, size, zoom),
        |(plan, whole, budget, size, zoom)| {
            let timeline = zoom.unwrap_or_else(|| Zoom::whole(whole.steps.len())).of(whole);
            let picture = ArenaPicture::new(model, plan, &timeline, *budget, *size);
            (timeline, Shared::new(picture))
        },
    );
    let pointer =
        use_pointer(&stage, &laid_out, plan, budget.bytes, (&time.zoom, whole.steps.len()));
    let (timeline, picture) = (&laid_out.0, &laid_out.1);
    let column = step.and_then(|step| timeline.column_of(plan, step));
    let drawn = at.and_then(|column| whole.steps.get(column).copied());
    let live = live_marks(picture, plan, drawn);
    let pinned_mark = pinned.and_then(|block| live.iter().find(|mark| mark.block == block));
    {
        // A block's number means another block in another plan.
        let pinned = pinned.clone();
        use_effect_with(plan.clone(), move |_| pinned.set(None));
    }
    let place = at.ok_or_else(|| nearest_column(&whole, plan, props.selected));
    let onkeydown = {
        let (does, forget) = (keys(&time, &whole, place, &live, &pinned), pointer.forget.clone());
        Callback::from(move |event| {
            forget.emit(());
            does.emit(event);
        })
    };
    let onclick = {
        let (act, plan) = (act.clone(), plan.clone());
        let (laid_out, stage, pinned) = (laid_out.clone(), stage.clone(), pinned.clone());
        let was_drag = pointer.was_drag.clone();
        Callback::from(move |event: MouseEvent| {
            if was_drag.take() {
                return;
            }
            let Some((x, y)) = position(&stage, &event) else { return };
            click(&laid_out.0, &laid_out.1, &plan, (x, y), &act, &pinned);
        })
    };
    let is_small = |mark: &BlockMark| mark.is_in_place && !mark.has_notch();
    html! {
        <section class="card arena" aria-labelledby="arena-title">
            <div class="head">
                <h2 id="arena-title">{ page::TITLE_ARENA }</h2>
                <div class="row">
                    { views(&whole, &view) }
                    { tools(&time) }
                    { saves(props, picture, size) }
                </div>
            </div>
            <p class="note" id="arena-hint">{ page::ARENA_HINT }{ " " }{ caption(&whole) }</p>
            <p class="visually-hidden" id="arena-keys">{ page::ARENA_KEYS }</p>
            <div
                id="arena"
                class="stage-box"
                ref={stage}
                tabindex="0"
                role="application"
                aria-roledescription={page::CHART}
                aria-labelledby="arena-title"
                aria-describedby="arena-hint arena-keys"
                {onkeydown}
                {onclick}
                onpointerdown={pointer.onpointerdown.clone()}
                onpointermove={pointer.onpointermove.clone()}
                onpointerup={pointer.onpointerup.clone()}
                onpointerleave={pointer.onpointerleave.clone()}
            >
                if size.0 > 0.0 {
                    <svg width={size.0.to_string()} height={size.1.to_string()} aria-hidden="true"
                        class={classes!("arena-picture", column.map(|_| "has-selection"))}>
                        { mount::<Marks>(MarksProps { picture: picture.clone(), plan: plan.clone(), model: model.clone() }) }
                        { overlay(props, picture, column, &live, pinned_mark) }
                        if let Some((from, to)) = pointer.band {
                            { rect("band", Rect { x: from.min(to), width: (to - from).abs(), ..picture.plot }) }
                        }
                    </svg>
                }
            </div>
            if let Some((step, byte)) = pointer.at {
                <p class="pinned pointed" aria-hidden="true">
                    { phrases::byte_words(model, plan, (step, byte), owner(plan, step, byte)) }
                </p>
            }
            <p class="pinned" role="status">
                if let Some(mark) = pinned_mark {
                    { swatch(mark.family) }{ " " }{ block_told(model, plan, mark.block) }
                } else {
                    { page::PIN_HINT }
                }
            </p>
            { legend(&picture.keys()) }
            if picture.blocks.iter().any(is_small) {
                <p class="note">{ page::SMALL_IN_PLACE }</p>
            }
        </section>
    }
}

/// The picture as a file.
fn saves(props: &ArenaProps, picture: &Shared<ArenaPicture>, size: (f64, f64)) -> Html {
    let keys = picture.keys();
    let (model, plan, picture) = (props.model.clone(), props.plan.clone(), picture.clone());
    save_drawing(Saved {
        name: "arena",
        words: saving::ARENA,
        size,
        is_dark: props.is_dark,
        keys,
        draw: Rc::new(move |size, palette| {
            Ok(arena_drawing(&model, &plan, &picture, size, &palette))
        }),
        act: props.act.clone(),
        is_stop: false,
    })
}

/// What changes with the selection: the column, the live blocks, the lines above all.
fn overlay(
    props: &ArenaProps,
    picture: &ArenaPicture,
    column: Option<usize>,
    live: &[BlockMark],
    pinned: Option<&BlockMark>,
) -> Html {
    let blocks = live.iter().map(|mark| {
        let is_pinned = pinned.is_some_and(|pinned| pinned.block == mark.block);
        block(mark, &props.model, &props.plan, if is_pinned { "live pinned" } else { "live" })
    });
    html! {
        <g class="overlay">
            if let Some(column) = column {
                { rect("column", picture.column(column)) }
            }
            { for blocks }
            { lines(picture.plot, (picture.budget_y, &picture.budget_label),
                std::slice::from_ref(&picture.peak_label)) }
        </g>
    }
}

/// The blocks that are live at a step, lowest address first.
fn live_marks(picture: &ArenaPicture, plan: &PlanReport, step: Option<u32>) -> Vec<BlockMark> {
    let Some(step) = step else { return Vec::new() };
    let is_live = |mark: &&BlockMark| {
        let block = plan.blocks[mark.block];
        block.first_step <= step && step < block.end_step
    };
    let live: Vec<&BlockMark> = picture.blocks.iter().filter(is_live).collect();
    let offset = |place: usize| plan.blocks[live[place].block].offset_bytes;
    let places = sorted_positions(live.len(), &|one, other| offset(one).cmp(&offset(other)));
    places.into_iter().map(|place| live[place].clone()).collect()
}

/// Of an operator without a step: the column before which it would stand.
fn nearest_column(timeline: &Timeline, plan: &PlanReport, selected: u32) -> usize {
    let is_later = |step: &u32| {
        plan.steps.get(*step as usize).is_some_and(|step| step.operator >= Some(selected))
    };
    timeline.steps.iter().position(is_later).unwrap_or(timeline.steps.len())
}

fn keys(
    time: &TimeState,
    timeline: &Timeline,
    place: Result<usize, usize>,
    live: &[BlockMark],
    pinned: &UseStateHandle<Option<usize>>,
) -> Callback<KeyboardEvent> {
    let (time, act, pinned) = (time.clone(), time.act.clone(), pinned.clone());
    let steps = timeline.steps.clone();
    let live: Vec<usize> = live.iter().map(|mark| mark.block).collect();
    Callback::from(move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let key = event.key();
        let current = pinned.and_then(|pin| live.iter().position(|&block| block == pin));
        let next_pin = match (key.as_str(), current) {
            ("ArrowUp", None) => live.first(),
            ("ArrowUp", Some(at)) => live.get(at + 1).or(live.last()),
            ("ArrowDown", None) => live.last(),
            ("ArrowDown", Some(at)) => live.get(at.saturating_sub(1)),
            _ => None,
        };
        if let Some(&block) = next_pin {
            event.prevent_default();
            pinned.set(Some(block));
            return;
        }
        if key == "Escape" && pinned.is_some() {
            event.prevent_default();
            pinned.set(None);
            return;
        }
        if let Some(to) = Time::of_key(&key) {
            event.prevent_default();
            time.apply(to);
            return;
        }
        let Some(to) = key_move(&key) else { return };
        event.prevent_default();
        let last = steps.len().saturating_sub(1);
        let (Ok(at) | Err(at)) = place;
        let column = match to {
            Move::Previous => at.saturating_sub(1),
            Move::Next => (at + usize::from(place.is_ok())).min(last),
            Move::First => 0,
            Move::Last => last,
            Move::Peak => {
                act.emit(Action::Move(Move::Peak));
                return;
            }
        };
        if let Some(&step) = steps.get(column) {
            act.emit(Action::SelectStep(step));
        }
    })
}

/// A click on a block selects the operator that writes it; beside blocks, the step.
fn click(
    timeline: &Timeline,
    picture: &ArenaPicture,
    plan: &PlanReport,
    (x, y): (f64, f64),
    act: &Act,
    pinned: &UseStateHandle<Option<usize>>,
) {
    let is_hit = |mark: &&BlockMark| {
        let area = mark.area;
        (area.x..=area.right()).contains(&x) && (area.y..=area.bottom()).contains(&y)
    };
    if let Some(mark) = picture.blocks.iter().find(is_hit) {
        let block = plan.blocks[mark.block];
        pinned.set(Some(mark.block));
        // Its first step computes it, or, for inputs, reads it.
        let first = timeline.steps.get(timeline.columns(block.first_step, block.end_step).0);
        if let Some(&step) = first {
            act.emit(Action::SelectStep(step));
        }
        return;
    }
    let column = column_at(x - picture.plot.x, picture.plot.width, timeline.steps.len());
    if let Some(&step) = column.and_then(|column| timeline.steps.get(column)) {
        act.emit(Action::SelectStep(step));
    }
}

fn caption(timeline: &Timeline) -> String {
    match (timeline.folded_to, timeline.n_patches) {
        (_, 0) => String::new(),
        (Some(patch), n_patches) => page::folded_caption(patch, n_patches),
        (None, n_patches) => page::whole_caption(n_patches, timeline.steps.len()),
    }
}

/// All patches or the worst one, where there are patches.
fn views(timeline: &Timeline, view: &UseStateHandle<View>) -> Html {
    if timeline.n_patches < 2 {
        return Html::default();
    }
    let is_folded = timeline.folded_to.is_some();
    let next = if is_folded { View::Whole } else { View::WorstPatch };
    let words = if is_folded { page::SHOW_ALL_PATCHES } else { page::SHOW_WORST_PATCH };
    let view = view.clone();
    let onclick = Callback::from(move |_: MouseEvent| view.set(next));
    html! { <button type="button" id="arena-view" class="small" {onclick}>{ words }</button> }
}
