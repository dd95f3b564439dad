//! The size of an element, kept up to date.

use js_sys::Array;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, ResizeObserver, ResizeObserverEntry};
use yew::prelude::*;

/// Width and height of an element's content, in whole CSS pixels; zeros until it is laid out.
#[hook]
pub(in crate::ui) fn use_size(node: &NodeRef) -> (f64, f64) {
    let first = use_first_size();
    let size = use_state_eq(|| first);
    let node = node.clone();
    let set = size.setter();
    use_effect_with((), move |()| {
        let element = node.cast::<Element>();
        if let Some(element) = &element {
            let area = element.get_bounding_client_rect();
            set.set((area.width().floor(), area.height().floor()));
        }
        let listen = Closure::<dyn Fn(Array)>::new(move |entries: Array| {
            if let Ok(entry) = entries.get(0).dyn_into::<ResizeObserverEntry>() {
                let area = entry.content_rect();
                set.set((area.width().floor(), area.height().floor()));
            }
        });
        let observer = ResizeObserver::new(listen.as_ref().unchecked_ref()).ok();
        if let (Some(observer), Some(element)) = (&observer, &element) {
            observer.observe(element);
        }
        move || {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            drop(listen);
        }
    });
    *size
}

#[cfg(target_arch = "wasm32")]
#[hook]
fn use_first_size() -> (f64, f64) {
    (0.0, 0.0)
}

/// The size that the text of the page is made for.
#[cfg(not(target_arch = "wasm32"))]
#[hook]
fn use_first_size() -> (f64, f64) {
    use_context::<crate::ui::Still>().map_or((0.0, 0.0), |still| still.box_px)
}
