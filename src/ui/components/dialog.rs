//! Sheets over the page.

use web_sys::HtmlDialogElement;
use yew::prelude::*;

/// The node of a `<dialog>` that opens over the page and closes with `is_open`. `what` names it where the
/// browser refuses.
#[hook]
pub(super) fn use_sheet(is_open: bool, what: &'static str) -> NodeRef {
    let dialog = use_node_ref();
    let node = dialog.clone();
    use_effect_with(is_open, move |&is_open| {
        let Some(dialog) = node.cast::<HtmlDialogElement>() else { return };
        if is_open && !dialog.open() {
            if let Err(error) = dialog.show_modal() {
                gloo::console::debug!(format!("{what} was not opened"), error);
            }
        } else if !is_open && dialog.open() {
            dialog.close();
        }
    });
    dialog
}
