//! The palette as a sheet: a field, and what its words find.

use crate::{
    text::palette as words,
    ui::{browser, palette::Entry},
};
use yew::prelude::*;

/// The sheet's id.
pub(in crate::ui) const PALETTE_ID: &str = "palette";

/// What the visitor does in it.
pub(in crate::ui) enum PaletteEvent {
    /// Opens it, or has closed it.
    Show(bool),
    /// Types.
    Type(InputEvent),
    /// Presses a key in the field.
    Press(KeyboardEvent),
    /// Takes the entry at this place.
    Take(usize),
}

/// A field and the entries that it finds, one of which is marked. `found` is `None` while it is closed.
pub(in crate::ui) fn palette_sheet(
    found: Option<(&[Entry], usize)>,
    marked: usize,
    send: &Callback<PaletteEvent>,
) -> Html {
    let (entries, n_entries) = found.unwrap_or_default();
    let options = entries.iter().enumerate().map(|(place, entry)| {
        let onclick = send.reform(move |_: MouseEvent| PaletteEvent::Take(place));
        html! {
            <li role="option" id={option_id(place)} aria-selected={(place == marked).to_string()} {onclick}>
                { &entry.words }
            </li>
        }
    });
    html! {
        <dialog id={PALETTE_ID} class="palette" aria-label={words::TITLE}
            onclose={send.reform(|_: Event| PaletteEvent::Show(false))}>
            <input id="palette-query" role="combobox" aria-expanded="true" aria-controls="palette-list"
                aria-activedescendant={(!entries.is_empty()).then(|| option_id(marked))} aria-label={words::FIELD}
                placeholder={words::FIELD} autocomplete="off" spellcheck="false" autofocus=true
                oninput={send.reform(PaletteEvent::Type)} onkeydown={send.reform(PaletteEvent::Press)} />
            <ul role="listbox" id="palette-list" aria-label={words::TITLE}>{ for options }</ul>
            <p class="note" role="status">
                if found.is_some() && entries.is_empty() {
                    { words::NOTHING }
                } else if n_entries > entries.len() {
                    { words::more(n_entries - entries.len()) }
                }
            </p>
        </dialog>
    }
}

fn option_id(place: usize) -> String {
    format!("palette-{place}")
}

/// Brings the marked entry into view.
pub(in crate::ui) fn show_marked(marked: usize) {
    browser::show(&option_id(marked));
}
