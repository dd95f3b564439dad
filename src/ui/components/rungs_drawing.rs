//! The ladder as plotters draws it on a canvas, with what can be pointed at over it.

use super::{
    Act,
    drawing::{use_drawn, walk_keys},
    saving::{Saved, save_drawing},
};
use crate::{
    report::{Rung, RungReport},
    text::{Budget, page, rungs, saving},
    ui::{
        browser::use_size,
        charts::{RungsChart, rungs_svg},
        shared::Shared,
        state::Action,
    },
};
use std::rc::Rc;
use web_sys::Element;
use yew::prelude::*;

/// What is drawn.
#[derive(Properties, PartialEq)]
pub(super) struct RungsDrawingProps {
    /// The rungs.
    pub(super) rungs: Shared<Vec<RungReport>>,
    /// The rung whose plan is shown.
    pub(super) shown: Option<Rung>,
    /// What the arena may take.
    pub(super) budget: Budget,
    /// Whether colours are dark.
    pub(super) is_dark: bool,
    /// What may be caused.
    pub(super) act: Act,
}

/// The drawing: one stop of the keyboard, walked by arrow keys.
#[component]
pub(super) fn RungsDrawing(props: &RungsDrawingProps) -> Html {
    let (stage, canvas) = (use_node_ref(), use_node_ref());
    let size = use_size(&stage);
    let marked = use_state_eq(|| None::<usize>);
    let chart =
        use_memo((props.rungs.clone(), props.shown, props.budget), |(rungs, shown, budget)| {
            RungsChart::new(rungs, *shown, *budget)
        });
    use_drawn(&canvas, chart.clone(), size, props.is_dark);
    let row_at = {
        let (stage, chart) = (stage.clone(), chart.clone());
        move |event: &MouseEvent| {
            let top = stage.cast::<Element>()?.get_bounding_client_rect().y();
            chart.row_at(size, f64::from(event.client_y()) - top)
        }
    };
    let onpointermove = {
        let (row_at, marked) = (row_at.clone(), marked.clone());
        Callback::from(move |event: PointerEvent| marked.set(row_at(&event)))
    };
    let clear = marked.clone();
    let onpointerleave = Callback::from(move |_: PointerEvent| clear.set(None));
    let clear = marked.clone();
    let onblur = Callback::from(move |_: FocusEvent| clear.set(None));
    let onclick = {
        let show = show(props);
        Callback::from(move |event: MouseEvent| show(row_at(&event)))
    };
    let saves = {
        let (chart, keys) = (chart.clone(), chart.keys());
        save_drawing(Saved {
            name: "planners",
            words: saving::RUNGS,
            size,
            is_dark: props.is_dark,
            keys,
            draw: Rc::new(move |size, palette| rungs_svg(&chart, palette, size)),
            act: props.act.clone(),
            is_stop: false,
        })
    };
    let shown = props.rungs.iter().position(|one| Some(one.rung) == props.shown);
    let outline = |index: Option<usize>, class: &'static str| {
        let row = index.map(|index| chart.row(index, size));
        row.map(|row| {
            html! {
                <rect {class} x="1" y={(row.y + 1.0).to_string()} rx="4"
                    width={(row.width - 2.0).max(0.0).to_string()}
                    height={(row.height - 2.0).max(0.0).to_string()} />
            }
        })
        .unwrap_or_default()
    };
    let onkeydown = walk_keys(&marked, shown, props.rungs.len(), show(props));
    html! {
        <div class="drawing">
            <p class="visually-hidden" id="rungs-keys">{ rungs::KEYS }</p>
            <div
                id="rungs-chart"
                class="stage-box"
                ref={stage}
                tabindex="0"
                role="application"
                aria-roledescription={page::CHART}
                aria-label={rungs::CHART}
                aria-describedby="rungs-keys"
                {onkeydown}
                {onpointermove}
                {onpointerleave}
                {onblur}
                {onclick}
            >
                <canvas ref={canvas} aria-hidden="true" />
                <svg class="over-canvas" width={size.0.to_string()} height={size.1.to_string()} aria-hidden="true">
                    { outline(*marked, "pointed") }
                    { outline(shown, "selected") }
                </svg>
            </div>
            <div class="head">
                <p class="pinned" id="rungs-words" role="status">{ words(props, marked.or(shown)) }</p>
                { saves }
            </div>
        </div>
    }
}

/// Shows the plan of a rung.
fn show(props: &RungsDrawingProps) -> impl Fn(Option<usize>) + 'static {
    let (rungs, act) = (props.rungs.clone(), props.act.clone());
    move |index| {
        if let Some(one) = index.and_then(|index| rungs.get(index)) {
            act.emit(Action::TakeRung(one.rung));
        }
    }
}

fn words(props: &RungsDrawingProps, index: Option<usize>) -> String {
    let one = index.and_then(|index| props.rungs.get(index));
    one.map_or_else(|| rungs::POINT_HINT.to_owned(), rungs::sentence)
}
