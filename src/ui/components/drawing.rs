//! What every chart of plotters needs on the page: a canvas of the right size, and a file to save.

use crate::ui::{
    browser::{download, download_url},
    geometry::count_px,
};
use plotters_canvas::CanvasBackend;
use web_sys::HtmlCanvasElement;
use yew::NodeRef;

/// The least size of a saved drawing, in pixels.
const LEAST_SAVED_PX: (u32, u32) = (640, 320);

/// Gives a canvas as many pixels as the screen has for `size` and draws on it; nothing where it
/// has no size yet.
pub(super) fn draw_on(
    canvas: HtmlCanvasElement,
    size: (f64, f64),
    scale: f64,
    draw: impl FnOnce(CanvasBackend) -> Result<(), String>,
) -> Result<(), String> {
    if size.0 <= 0.0 || size.1 <= 0.0 {
        return Ok(());
    }
    canvas.set_width(count_px(size.0 * scale));
    canvas.set_height(count_px(size.1 * scale));
    draw(CanvasBackend::with_canvas_object(canvas).ok_or("no canvas to draw on")?)
}

/// Saves a drawing as an SVG file of about the size that it has on the screen.
pub(super) fn save_svg(
    file_name: &str,
    size: (f64, f64),
    svg: impl FnOnce((u32, u32)) -> Result<String, String>,
) {
    let size = (count_px(size.0).max(LEAST_SAVED_PX.0), count_px(size.1).max(LEAST_SAVED_PX.1));
    match svg(size) {
        Ok(svg) => download(file_name, "image/svg+xml", &svg),
        Err(error) => gloo::console::error!("the drawing could not be made", error),
    }
}

/// Saves what a canvas shows, as pixels.
pub(super) fn save_png(file_name: &str, canvas: &NodeRef) {
    let Some(canvas) = canvas.cast::<HtmlCanvasElement>() else { return };
    match canvas.to_data_url() {
        Ok(url) => download_url(file_name, &url),
        Err(error) => gloo::console::error!("the picture could not be made", error),
    }
}
