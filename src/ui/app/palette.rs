//! The palette of commands: what is typed, which entry is marked, and what taking it does.

use super::{App, Message};
use crate::ui::{
    browser,
    components::{PALETTE_ID, PaletteEvent, palette_sheet, show_marked},
    palette::{Deed, Entry, entries},
};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The palette while it is open.
pub(super) struct Palette {
    marked: usize,
    entries: Vec<Entry>,
    n_entries: usize,
}

impl App {
    pub(super) fn in_palette(&mut self, context: &Context<Self>, event: PaletteEvent) {
        match event {
            PaletteEvent::Show(true) => {
                self.find("");
                browser::show_sheet(PALETTE_ID, true);
                browser::clear_field("palette-query");
            }
            PaletteEvent::Show(false) => self.palette = None,
            PaletteEvent::Type(event) => {
                let field = event.target_dyn_into::<HtmlInputElement>();
                self.find(&field.map(|field| field.value()).unwrap_or_default());
            }
            PaletteEvent::Press(event) => self.press(context, &event),
            PaletteEvent::Take(place) => self.take(context, place),
        }
    }

    fn find(&mut self, query: &str) {
        let (entries, n_entries) = entries(&self.state, query, browser::can_press);
        self.palette = Some(Palette { marked: 0, entries, n_entries });
    }

    fn press(&mut self, context: &Context<Self>, event: &KeyboardEvent) {
        let Some(palette) = &mut self.palette else { return };
        let last = palette.entries.len().saturating_sub(1);
        palette.marked = match event.key().as_str() {
            "ArrowDown" => (palette.marked + 1).min(last),
            "ArrowUp" => palette.marked.saturating_sub(1),
            "PageDown" => (palette.marked + 8).min(last),
            "PageUp" => palette.marked.saturating_sub(8),
            "Enter" => {
                event.prevent_default();
                let marked = palette.marked;
                return self.take(context, marked);
            }
            _ => return,
        };
        event.prevent_default();
        show_marked(palette.marked);
    }

    fn take(&mut self, context: &Context<Self>, place: usize) {
        let palette = self.palette.take();
        let Some(entry) = palette.and_then(|mut palette| {
            (place < palette.entries.len()).then(|| palette.entries.swap_remove(place))
        }) else {
            return;
        };
        // The keyboard goes back to where it was before anything else is opened.
        browser::show_sheet(PALETTE_ID, false);
        match entry.deed {
            Deed::Press(id) => browser::press(id),
            Deed::Act(action) => self.act_on(context, action),
        }
    }

    pub(super) fn view_palette(&self, context: &Context<Self>) -> Html {
        let found = self.palette.as_ref().map(|one| (one.entries.as_slice(), one.n_entries));
        let marked = self.palette.as_ref().map_or(0, |palette| palette.marked);
        palette_sheet(found, marked, &context.link().callback(Message::Palette))
    }
}
