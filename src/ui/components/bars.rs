//! RAM per operator: plotters' drawing on a canvas, with what can be pointed at over it.

use super::{
    Act,
    drawing::{canvas_of, use_drawn},
    key_move,
    saving::{Saved, save_drawing},
};
use crate::{
    report::{ModelReport, PlanReport},
    text::{Budget, exact_bytes, kib, operator_label, page, phrases, saving},
    ui::{
        browser::use_size,
        charts::{BarsChart, Frame, LIGHT, bars_svg},
        geometry::{column_at, count_px},
        shared::Shared,
        state::Action,
    },
};
use std::rc::Rc;
use web_sys::Element;
use yew::prelude::*;

/// What is shown.
#[derive(Properties, PartialEq)]
pub(in crate::ui) struct BarsProps {
    /// The model.
    pub(in crate::ui) model: Shared<ModelReport>,
    /// The shown plan.
    pub(in crate::ui) plan: Shared<PlanReport>,
    /// The plan that it is compared with, of the same model.
    pub(in crate::ui) behind: Option<Shared<PlanReport>>,
    /// The budget.
    pub(in crate::ui) budget: Budget,
    /// The selected operator.
    pub(in crate::ui) selected: u32,
    /// Whether colours are dark.
    pub(in crate::ui) is_dark: bool,
    /// What may be caused.
    pub(in crate::ui) act: Act,
}

/// The chart.
#[component]
pub(in crate::ui) fn Bars(props: &BarsProps) -> Html {
    let BarsProps { model, plan, behind, budget, selected, is_dark, act } = props;
    let (stage, canvas) = (use_node_ref(), use_node_ref());
    let size = use_size(&stage);
    let pointed = use_state_eq(|| None::<usize>);
    let chart = use_memo((plan.clone(), behind.clone(), *budget), |(plan, behind, budget)| {
        BarsChart::new(model, plan, behind.as_deref(), *budget)
    });
    use_drawn(&canvas, chart.clone(), size, *is_dark);
    let frame = chart.frame(size.0, size.1);
    let n_bars = chart.bars.len();
    let column_of = {
        let stage = stage.clone();
        move |event: &MouseEvent| {
            let left = stage.cast::<Element>()?.get_bounding_client_rect().x();
            column_at(f64::from(event.client_x()) - left - frame.plot.x, frame.plot.width, n_bars)
        }
    };
    let onpointermove = {
        let (column_of, pointed) = (column_of.clone(), pointed.clone());
        Callback::from(move |event: PointerEvent| pointed.set(column_of(&event)))
    };
    let onpointerleave = {
        let pointed = pointed.clone();
        Callback::from(move |_: PointerEvent| pointed.set(None))
    };
    let onclick = {
        let act = act.clone();
        Callback::from(move |event: MouseEvent| {
            if let Some(index) = column_of(&event).and_then(|column| u32::try_from(column).ok()) {
                act.emit(Action::Select(index));
            }
        })
    };
    let saves = {
        let (chart, keys) = (chart.clone(), chart.keys());
        save_drawing(Saved {
            name: "ram",
            words: saving::BARS,
            size,
            is_dark: *is_dark,
            keys,
            draw: Rc::new(move |size, palette| bars_svg(&chart, palette, size)),
            act: act.clone(),
            is_stop: false,
        })
    };
    html! {
        <section class="card bars" aria-labelledby="bars-title">
            <div class="head">
                <h2 id="bars-title">{ page::TITLE_BARS }</h2>
                { saves }
            </div>
            <p class="visually-hidden" id="bars-keys">{ page::BARS_KEYS }</p>
            <div
                id="bars"
                class="stage-box"
                ref={stage}
                tabindex="0"
                role="application"
                aria-roledescription={page::CHART}
                aria-labelledby="bars-title"
                aria-describedby="bars-keys"
                onkeydown={keys(act)}
                {onpointermove}
                {onpointerleave}
                {onclick}
            >
                { canvas_of(&canvas, || bars_svg(&chart, LIGHT, (count_px(size.0), count_px(size.1)))) }
                <svg class="over-canvas" width={size.0.to_string()} height={size.1.to_string()} aria-hidden="true">
                    if let Some(column) = *pointed {
                        { mark(&chart, frame, column, "pointed") }
                    }
                    { mark(&chart, frame, *selected as usize, "selected") }
                </svg>
            </div>
            <p class="pinned">{ words(model, &chart, pointed.unwrap_or(*selected as usize)) }</p>
            if let Some(behind) = behind {
                <p class="note">{ phrases::outlines(behind.choice) }</p>
            }
            if chart.has_scratch() {
                <p class="note">{ page::SCRATCH_BARS }</p>
            }
        </section>
    }
}

fn keys(act: &Act) -> Callback<KeyboardEvent> {
    let act = act.clone();
    Callback::from(move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        if let Some(to) = key_move(&event.key()) {
            event.prevent_default();
            act.emit(Action::Move(to));
        }
    })
}

/// The outline of a bar, never thinner than can be seen.
fn mark(chart: &BarsChart, frame: Frame, column: usize, class: &'static str) -> Html {
    let Some(bar) = chart.bars.get(column) else { return Html::default() };
    let plot = frame.plot;
    let width = plot.width / chart.bars.len().max(1) as f64;
    let height = (plot.height * bar.bytes as f64 / frame.top_bytes.max(1) as f64).max(2.0);
    html! {
        <rect
            {class}
            x={(plot.x + width * column as f64 - 1.0).to_string()}
            y={(plot.bottom() - height - 1.0).to_string()}
            width={(width + 2.0).to_string()}
            height={(height + 2.0).to_string()}
            data-operator={column.to_string()}
        />
    }
}

fn words(model: &ModelReport, chart: &BarsChart, index: usize) -> Html {
    let (Some(operator), Some(bar)) = (model.operators.get(index), chart.bars.get(index)) else {
        return Html::default();
    };
    html! {
        <span title={exact_bytes(bar.bytes)}>
            <b>{ operator_label(operator) }</b>{ ": " }{ kib(bar.bytes) }
            if bar.scratch_bytes > 0 {
                { phrases::of_it_scratch(bar.scratch_bytes) }
            }
            if let Some(bytes) = bar.outline_bytes {
                { phrases::against(bytes) }
            }
        </span>
    }
}
