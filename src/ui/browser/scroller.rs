//! A scroller of which only the rows in view are drawn.

use super::use_size;
use web_sys::Element;
use yew::prelude::*;

/// What a scroller shows moves on in steps of so many pixels, so that few scroll events draw anew.
const STEP_PX: f64 = 128.0;
/// So much is drawn above and below what is seen.
const BEYOND_PX: f64 = 256.0;

/// What of a scroller's content is to be drawn, in CSS pixels.
pub(in crate::ui) struct Drawn {
    /// From here.
    pub(in crate::ui) top: f64,
    /// So much; 0 while the scroller is not laid out.
    pub(in crate::ui) height: f64,
    /// Width and height of the scroller.
    pub(in crate::ui) size: (f64, f64),
    /// Pixels of a rem.
    pub(in crate::ui) rem: f64,
    /// Hears that it scrolls.
    pub(in crate::ui) onscroll: Callback<Event>,
}

/// Follows a scroller.
#[hook]
pub(in crate::ui) fn use_scroller(node: &NodeRef) -> Drawn {
    let step = use_state_eq(|| 0.0);
    let size = use_size(node);
    let rem = *use_memo(size, |_| rem_px());
    let onscroll = {
        let (node, step) = (node.clone(), step.clone());
        Callback::from(move |_: Event| {
            if let Some(scroller) = node.cast::<Element>() {
                step.set((f64::from(scroller.scroll_top()) / STEP_PX).floor());
            }
        })
    };
    let height = if size.1 > 0.0 { size.1 + STEP_PX + 2.0 * BEYOND_PX } else { 0.0 };
    Drawn { top: *step * STEP_PX - BEYOND_PX, height, size, rem, onscroll }
}

/// Scrolls until the content from `top` to `bottom` shows below the scroller's head, never the page.
pub(in crate::ui) fn scroll_to(scroller: &Element, (top, bottom): (f64, f64), head: f64) {
    let (from, height) = (f64::from(scroller.scroll_top()), f64::from(scroller.client_height()));
    let to = if top < from + head { top - head } else { bottom - height };
    if top < from + head || bottom > from + height {
        scroller.set_scroll_top(super::rounded_px(to.max(0.0)));
    }
}

/// Scrolls a table until the row of an operator shows, and returns how high rows are. `row` is its place
/// among all, for where it is not in the document yet.
pub(in crate::ui) fn show_row(
    scroller: &Element,
    operator: u32,
    row: Option<usize>,
    row_px: f64,
) -> Option<f64> {
    let find = |css: &str| scroller.query_selector(css).ok().flatten();
    let head = find("thead").map_or(0.0, |head| head.get_bounding_client_rect().height());
    if let Some(row) = find(&format!("tr[data-operator='{operator}']")) {
        let area = row.get_bounding_client_rect();
        let content = scroller.get_bounding_client_rect().top() - f64::from(scroller.scroll_top());
        scroll_to(scroller, (area.top() - content, area.bottom() - content), head);
        return Some(area.height());
    }
    let top = row? as f64 * row_px + head;
    scroll_to(scroller, (top, top + row_px), head);
    Some(find("tr[data-operator]")?.get_bounding_client_rect().height())
}

fn rem_px() -> f64 {
    // Where the page is made into text, nobody has set another size.
    if cfg!(not(target_arch = "wasm32")) {
        return 16.0;
    }
    let read = || {
        let window = web_sys::window()?;
        let root = window.document()?.document_element()?;
        let style = window.get_computed_style(&root).ok()??;
        let size = style.get_property_value("font-size").ok()?;
        // The browser reads it, so that the page has no reader of such numbers.
        Some(js_sys::parse_float(&size))
    };
    read().filter(|px: &f64| *px > 0.0).unwrap_or(16.0)
}
