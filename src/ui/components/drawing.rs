//! What every chart of plotters needs on the page: a canvas of the right size, and keys that walk its
//! marks.

use crate::ui::{
    browser::device_pixel_ratio,
    charts::{Chart, ChartStyle, DARK, LIGHT, Surface},
    geometry::count_px,
};
use plotters_canvas::CanvasBackend;
use std::{ptr, rc::Rc};
use web_sys::HtmlCanvasElement;
use yew::prelude::*;

/// Gives a canvas as many pixels as the screen has for `size`; nothing to draw on where it has no size yet.
fn surface_on(
    canvas: HtmlCanvasElement,
    size: (f64, f64),
    scale: f64,
) -> Result<Option<Surface<'static>>, String> {
    if size.0 <= 0.0 || size.1 <= 0.0 {
        return Ok(None);
    }
    canvas.set_width(count_px(size.0 * scale));
    canvas.set_height(count_px(size.1 * scale));
    let backend = CanvasBackend::with_canvas_object(canvas).ok_or("no canvas to draw on")?;
    Ok(Some(Surface::new(backend)))
}

/// A chart as memoised: the same as long as nothing of its data changes.
struct Memoised(Rc<dyn Chart>);

impl PartialEq for Memoised {
    fn eq(&self, other: &Self) -> bool {
        ptr::addr_eq(Rc::as_ptr(&self.0), Rc::as_ptr(&other.0))
    }
}

/// Draws a memoised chart whenever it, the canvas's size or the colours change.
#[hook]
pub(super) fn use_drawn(canvas: &NodeRef, chart: Rc<dyn Chart>, size: (f64, f64), is_dark: bool) {
    let canvas = canvas.clone();
    use_effect_with((Memoised(chart), size, is_dark), move |(chart, size, is_dark)| {
        let palette = if *is_dark { DARK } else { LIGHT };
        let style = ChartStyle { palette, scale: device_pixel_ratio(), font_factor: 1.0 };
        let Some(canvas) = canvas.cast::<HtmlCanvasElement>() else { return };
        let drawn = surface_on(canvas, *size, style.scale).and_then(|surface| match surface {
            Some(surface) => chart.0.draw(surface, style).map_err(|error| error.to_string()),
            None => Ok(()),
        });
        if let Err(error) = drawn {
            gloo::console::error!("a chart could not be drawn", error);
        }
    });
}

/// The canvas of a chart.
#[cfg(target_arch = "wasm32")]
pub(super) fn canvas_of(canvas: &NodeRef, _: impl FnOnce() -> Result<String, String>) -> Html {
    html! { <canvas ref={canvas} aria-hidden="true" /> }
}

/// The chart itself: where the page is made into text, nobody draws on a canvas.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn canvas_of(_: &NodeRef, svg: impl FnOnce() -> Result<String, String>) -> Html {
    Html::from_html_unchecked(svg().unwrap_or_default().into())
}

/// Arrow keys walk `count` marks in a row from the marked one, or from the shown one; Enter shows
/// what is marked.
pub(super) fn walk_keys(
    marked: &UseStateHandle<Option<usize>>,
    shown: Option<usize>,
    count: usize,
    show: impl Fn(Option<usize>) + 'static,
) -> Callback<KeyboardEvent> {
    let (marked, last) = (marked.clone(), count.saturating_sub(1));
    Callback::from(move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let from = marked.or(shown);
        let to = match event.key().as_str() {
            "ArrowLeft" | "ArrowUp" => from.map_or(last, |at| at.saturating_sub(1)),
            "ArrowRight" | "ArrowDown" => from.map_or(0, |at| (at + 1).min(last)),
            "Home" => 0,
            "End" => last,
            "Enter" | " " => {
                event.prevent_default();
                show(*marked);
                return;
            }
            _ => return,
        };
        event.prevent_default();
        marked.set(Some(to));
    })
}
