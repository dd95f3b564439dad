//! The pointer over the arena: whose byte is under it, and dragging over a part of time to zoom.

use crate::{
    report::PlanReport,
    ui::{
        geometry::{
            arena::{ArenaPicture, byte_at},
            column_at,
            timeline::Timeline,
            zoom::Zoom,
        },
        shared::Shared,
    },
};
use std::rc::Rc;
use web_sys::Element;
use yew::prelude::*;

/// A drag shorter than this is a click.
const LEAST_DRAG_PX: f64 = 8.0;

/// What is drawn: the columns and their picture.
pub(super) type LaidOut = Rc<(Timeline, Shared<ArenaPicture>)>;

/// Where a pointer is, and what hears of it.
pub(super) struct Pointer {
    /// The step and the byte under it.
    pub(super) at: Option<(u32, u64)>,
    /// From where to where it is dragged, as x on the picture.
    pub(super) band: Option<(f64, f64)>,
    /// Whether the click that comes now ends a drag.
    pub(super) was_drag: Rc<std::cell::Cell<bool>>,
    /// Forgets where it is: the keyboard has the word.
    pub(super) forget: Callback<()>,
    pub(super) onpointerdown: Callback<PointerEvent>,
    pub(super) onpointermove: Callback<PointerEvent>,
    pub(super) onpointerup: Callback<PointerEvent>,
    pub(super) onpointerleave: Callback<PointerEvent>,
}

/// Where on the stage an event is.
pub(super) fn position(stage: &NodeRef, event: &MouseEvent) -> Option<(f64, f64)> {
    let area = stage.cast::<Element>()?.get_bounding_client_rect();
    Some((f64::from(event.client_x()) - area.x(), f64::from(event.client_y()) - area.y()))
}

/// Follows the pointer over a stage. A mouse zooms by dragging; fingers scroll the page.
#[hook]
pub(super) fn use_pointer(
    stage: &NodeRef,
    laid_out: &LaidOut,
    plan: &Shared<PlanReport>,
    budget_bytes: u64,
    zoom: (&UseStateHandle<Option<Zoom>>, usize),
) -> Pointer {
    let at = use_state_eq(|| None::<(u32, u64)>);
    let band = use_state_eq(|| None::<(f64, f64)>);
    let was_drag = use_memo((), |()| std::cell::Cell::new(false));
    let column = {
        let laid_out = laid_out.clone();
        move |x: f64| {
            let plot = laid_out.1.plot;
            column_at(x - plot.x, plot.width, laid_out.0.steps.len())
        }
    };
    let onpointerdown = {
        let (band, stage, was_drag) = (band.clone(), stage.clone(), was_drag.clone());
        Callback::from(move |event: PointerEvent| {
            was_drag.set(false);
            let is_mouse = event.pointer_type() == "mouse" && event.button() == 0;
            if let Some((x, _)) = position(&stage, &event).filter(|_| is_mouse) {
                band.set(Some((x, x)));
            }
        })
    };
    let onpointermove = {
        let (at, band, stage, column) = (at.clone(), band.clone(), stage.clone(), column.clone());
        let (plan, laid_out) = (plan.clone(), laid_out.clone());
        Callback::from(move |event: PointerEvent| {
            let Some((x, y)) = position(&stage, &event) else { return };
            if let Some((from, _)) = *band {
                band.set(Some((from, x)));
            }
            let step = column(x).and_then(|column| laid_out.0.steps.get(column).copied());
            at.set(step.zip(byte_at(laid_out.1.plot, y, &plan, budget_bytes)));
        })
    };
    let onpointerup = {
        let (band, was_drag, column) = (band.clone(), was_drag.clone(), column);
        let (zoom, n_columns) = (zoom.0.clone(), zoom.1);
        Callback::from(move |_: PointerEvent| {
            let dragged = band.filter(|(from, to)| (to - from).abs() >= LEAST_DRAG_PX);
            band.set(None);
            let Some((from, to)) = dragged else { return };
            was_drag.set(true);
            let first = zoom.map_or(0, Zoom::first);
            if let (Some(one), Some(other)) = (column(from), column(to)) {
                let next = Zoom::between(first + one, first + other, n_columns);
                zoom.set(Some(next).filter(|next| !next.is_whole(n_columns)));
            }
        })
    };
    let onpointerleave = {
        let (at, band) = (at.clone(), band.clone());
        Callback::from(move |_: PointerEvent| {
            at.set(None);
            band.set(None);
        })
    };
    let band = band.filter(|(from, to)| (to - from).abs() >= LEAST_DRAG_PX);
    let forget = {
        let at = at.clone();
        Callback::from(move |()| at.set(None))
    };
    Pointer {
        at: *at,
        band,
        was_drag,
        forget,
        onpointerdown,
        onpointermove,
        onpointerup,
        onpointerleave,
    }
}
