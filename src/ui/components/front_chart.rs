//! The front as plotters draws it on a canvas, with what can be pointed at over it.

use super::{
    Act,
    drawing::{use_drawn, walk_keys},
    saving::{Saved, save_drawing},
};
use crate::{
    report::{FrontReport, ScheduleChoice},
    text::{front, front_sentence, page, saving},
    ui::{
        browser::use_size,
        charts::{FrontChart, FrontFrame, front_svg},
        shared::Shared,
        state::Action,
    },
};
use std::rc::Rc;
use web_sys::Element;
use yew::prelude::*;

/// What is drawn.
#[derive(Properties, PartialEq)]
pub(in crate::ui) struct FrontDrawingProps {
    /// The front.
    pub(in crate::ui) front: Shared<FrontReport>,
    /// Its points with budget and shown plan.
    pub(in crate::ui) chart: FrontChart,
    /// The first operator that runs.
    pub(in crate::ui) first_operator: u32,
    /// The schedule that is asked for.
    pub(in crate::ui) choice: Option<ScheduleChoice>,
    /// Whether colours are dark.
    pub(in crate::ui) is_dark: bool,
    /// What may be caused.
    pub(in crate::ui) act: Act,
}

/// The drawing: one stop of the keyboard, walked by arrow keys.
#[component]
pub(in crate::ui) fn FrontDrawing(props: &FrontDrawingProps) -> Html {
    let (stage, canvas) = (use_node_ref(), use_node_ref());
    let size = use_size(&stage);
    let marked = use_state_eq(|| None::<usize>);
    let chart = use_memo(props.chart.clone(), Clone::clone);
    use_drawn(&canvas, chart.clone(), size, props.is_dark);
    let frame = chart.frame(size.0, size.1);
    let nearest = nearest(&stage, &chart, frame);
    let onpointermove = {
        let (nearest, marked) = (nearest.clone(), marked.clone());
        Callback::from(move |event: PointerEvent| marked.set(nearest(&event)))
    };
    let clear = marked.clone();
    let onpointerleave = Callback::from(move |_: PointerEvent| clear.set(None));
    let clear = marked.clone();
    let onblur = Callback::from(move |_: FocusEvent| clear.set(None));
    let onclick = {
        let show = show(props);
        Callback::from(move |event: MouseEvent| show(nearest(&event)))
    };
    let saves = {
        let (chart, keys) = (chart.clone(), chart.keys());
        save_drawing(Saved {
            name: "front",
            words: saving::FRONT,
            size,
            is_dark: props.is_dark,
            keys,
            draw: Rc::new(move |size, palette| front_svg(&chart, palette, size)),
            act: props.act.clone(),
            is_stop: false,
        })
    };
    let place = marked.and_then(|index| chart.points.get(index)).map(|&at| chart.place(frame, at));
    let points = &props.front.front;
    let shown = points.iter().position(|point| Some(point.choice) == props.choice);
    let onkeydown = walk_keys(&marked, shown, points.len(), show(props));
    html! {
        <div class="drawing">
            <p class="visually-hidden" id="front-keys">{ front::KEYS }</p>
            <div
                id="front-chart"
                class="stage-box"
                ref={stage}
                tabindex="0"
                role="application"
                aria-roledescription={page::CHART}
                aria-label={front::CHART}
                aria-describedby="front-keys"
                {onkeydown}
                {onpointermove}
                {onpointerleave}
                {onblur}
                {onclick}
            >
                <canvas ref={canvas} aria-hidden="true" />
                <svg class="over-canvas" width={size.0.to_string()} height={size.1.to_string()} aria-hidden="true">
                    if let Some((x, y)) = place {
                        <circle class="pointed" cx={x.to_string()} cy={y.to_string()} r="9" />
                    }
                </svg>
            </div>
            <div class="head">
                <p class="pinned" role="status">{ words(props, *marked) }</p>
                { saves }
            </div>
        </div>
    }
}

/// Finds the point nearest to where an event happened.
fn nearest(
    stage: &NodeRef,
    chart: &Rc<FrontChart>,
    frame: FrontFrame,
) -> impl Fn(&MouseEvent) -> Option<usize> + Clone + 'static {
    let (stage, chart) = (stage.clone(), chart.clone());
    move |event| {
        let area = stage.cast::<Element>()?.get_bounding_client_rect();
        let at = (f64::from(event.client_x()) - area.x(), f64::from(event.client_y()) - area.y());
        chart.nearest(frame, at)
    }
}

/// Shows the schedule of a point.
fn show(props: &FrontDrawingProps) -> impl Fn(Option<usize>) + 'static {
    let (front, act) = (props.front.clone(), props.act.clone());
    move |index| {
        if let Some(point) = index.and_then(|index| front.front.get(index)) {
            act.emit(Action::Apply(point.choice));
        }
    }
}

fn words(props: &FrontDrawingProps, marked: Option<usize>) -> String {
    let point = marked.and_then(|index| props.front.front.get(index));
    point.map_or_else(
        || front::POINT_HINT.to_owned(),
        |point| front_sentence(point, props.first_operator, props.front.macs_layerwise),
    )
}
