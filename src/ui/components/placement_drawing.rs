//! Buffers as plotters draws them on a canvas, with what can be pointed at over them.

use super::{
    Act,
    drawing::use_drawn,
    saving::{Saved, save_drawing},
};
use crate::{
    report::{PlacementPlan, PlacementReport, SearchReport},
    text::{page, placement as words, saving},
    ui::{
        browser::use_size,
        charts::{PlacementChart, placement_svg},
        geometry::Rect,
        shared::Shared,
    },
};
use std::rc::Rc;
use web_sys::Element;
use yew::prelude::*;

/// What is drawn.
#[derive(Properties, PartialEq)]
pub(super) struct PlacementDrawingProps {
    /// The buffers.
    pub(super) report: Shared<PlacementReport>,
    /// Where they lie.
    pub(super) plan: Shared<PlacementPlan>,
    /// How far the search is.
    pub(super) search: SearchReport,
    /// Bytes available; 0 where that is not said.
    pub(super) capacity_bytes: u64,
    /// Whether colours are dark.
    pub(super) is_dark: bool,
    /// What may be caused.
    pub(super) act: Act,
}

/// The drawing: one stop of the keyboard, walked by arrow keys.
#[component]
pub(super) fn PlacementDrawing(props: &PlacementDrawingProps) -> Html {
    let (stage, canvas) = (use_node_ref(), use_node_ref());
    let size = use_size(&stage);
    let (pointed, held) = (use_state_eq(|| None::<usize>), use_state_eq(|| None::<usize>));
    let bound = props.search.lower_bound_bytes;
    let chart = use_memo(
        (props.report.clone(), props.plan.clone(), bound, props.capacity_bytes),
        |(report, plan, _, capacity)| PlacementChart::new(report, plan, &props.search, *capacity),
    );
    use_drawn(&canvas, chart.clone(), size, props.is_dark);
    {
        // A buffer's number means another buffer in another file.
        let held = held.clone();
        use_effect_with(props.report.clone(), move |_| held.set(None));
    }
    let block_at = {
        let (stage, chart) = (stage.clone(), chart.clone());
        move |event: &MouseEvent| {
            let area = stage.cast::<Element>()?.get_bounding_client_rect();
            let at =
                (f64::from(event.client_x()) - area.x(), f64::from(event.client_y()) - area.y());
            chart.block_at(size, at)
        }
    };
    let onpointermove = {
        let (block_at, pointed) = (block_at.clone(), pointed.clone());
        Callback::from(move |event: PointerEvent| pointed.set(block_at(&event)))
    };
    let clear = pointed.clone();
    let onpointerleave = Callback::from(move |_: PointerEvent| clear.set(None));
    let hold = held.clone();
    let onclick = Callback::from(move |event: MouseEvent| hold.set(block_at(&event)));
    let saves = {
        let chart = chart.clone();
        save_drawing(Saved {
            name: "buffers",
            words: saving::BUFFERS,
            size,
            is_dark: props.is_dark,
            keys: Vec::new(),
            draw: Rc::new(move |size, palette| placement_svg(&chart, palette, size)),
            act: props.act.clone(),
            is_stop: true,
        })
    };
    let mark = |block: Option<usize>, class: &'static str| {
        let area = block.and_then(|block| chart.area(block, size));
        area.map(|area| outline(area, class)).unwrap_or_default()
    };
    html! {
        <section class="card placement" aria-labelledby="placement-title">
            <div class="head">
                <h2 id="placement-title">{ words::TITLE }</h2>
                <span role="toolbar" aria-label={saving::BUFFERS}>{ saves }</span>
            </div>
            <p class="note">{ words::HINT }</p>
            <p class="visually-hidden" id="placement-keys">{ words::KEYS }</p>
            <div
                id="placement-chart"
                class="stage-box"
                ref={stage}
                tabindex="0"
                role="application"
                aria-roledescription={page::CHART}
                aria-label={words::CHART}
                aria-describedby="placement-keys"
                onkeydown={keys(&chart, &held)}
                {onpointermove}
                {onpointerleave}
                {onclick}
            >
                <canvas ref={canvas} aria-hidden="true" />
                <svg class="over-canvas" width={size.0.to_string()} height={size.1.to_string()} aria-hidden="true">
                    { mark(*pointed, "pointed") }
                    { mark(*held, "selected") }
                </svg>
            </div>
            <p class="pinned" role="status">{ line(props, pointed.or(*held)) }</p>
        </section>
    }
}

fn outline(area: Rect, class: &'static str) -> Html {
    html! {
        <rect {class} x={(area.x - 1.0).to_string()} y={(area.y - 1.0).to_string()}
            width={(area.width + 2.0).to_string()} height={(area.height + 2.0).to_string()} />
    }
}

fn keys(
    chart: &Rc<PlacementChart>,
    held: &UseStateHandle<Option<usize>>,
) -> Callback<KeyboardEvent> {
    let (chart, held) = (chart.clone(), held.clone());
    Callback::from(move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let to = match event.key().as_str() {
            "ArrowLeft" | "ArrowUp" => chart.walk(*held, -1),
            "ArrowRight" | "ArrowDown" => chart.walk(*held, 1),
            "Home" => chart.walk(None, 1),
            "End" => chart.walk(None, -1),
            "Escape" if held.is_some() => None,
            _ => return,
        };
        event.prevent_default();
        held.set(to);
    })
}

fn line(props: &PlacementDrawingProps, block: Option<usize>) -> String {
    let row = block.and_then(|block| {
        Some((props.report.buffers.get(block)?, *props.plan.offsets_bytes.get(block)?))
    });
    row.map_or_else(
        || words::POINT_HINT.to_owned(),
        |(buffer, offset)| words::buffer_words(buffer, offset),
    )
}
