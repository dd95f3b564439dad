//! Cards that a phone shows folded, as heads alone, until somebody wants them.

use crate::text::graph::{HIDE, SHOW};
use yew::prelude::*;

/// The class of such a card, and its head. Windows with more room show all of it and no button: the style sheet
/// decides, so that the text of the page is the same in all.
#[hook]
pub(super) fn use_fold(title_id: &'static str, title: &'static str) -> (&'static str, Html) {
    let is_open = use_state_eq(|| false);
    let expanded = is_open.to_string();
    let words = if *is_open { HIDE } else { SHOW };
    let class = if *is_open { "" } else { "foldable" };
    let onclick = Callback::from(move |_: MouseEvent| is_open.set(!*is_open));
    let head = html! {
        <div class="head">
            <h2 id={title_id}>{ title }</h2>
            <button type="button" class="small fold" aria-expanded={expanded} aria-describedby={title_id} {onclick}>
                { words }
            </button>
        </div>
    };
    (class, head)
}
