//! Buttons that save what they stand beside: drawings as PNG and SVG, tables as CSV and JSON.
//!
//! They are for pointers and no stops of the keyboard; all of them stand once more in one toolbar, under
//! "Take the plan along".

use super::{Act, on};
use crate::{
    text::saving as words,
    ui::{
        charts::{DARK, LIGHT, Palette},
        geometry::{count_px, legend::Key},
        state::{Action, Drawing, TableFile, TableOf},
    },
};
use std::rc::Rc;
use yew::prelude::*;

/// Draws at a size in CSS pixels.
pub(super) type Draw = Rc<dyn Fn((u32, u32), Palette) -> Result<String, String>>;

/// A chart that can be saved.
pub(super) struct Saved {
    /// A part of file names and ids.
    pub(super) name: &'static str,
    /// What it is called.
    pub(super) words: &'static str,
    /// Its size on the page.
    pub(super) size: (f64, f64),
    /// Whether its colours are dark.
    pub(super) is_dark: bool,
    /// What is drawn, for its legend.
    pub(super) keys: Vec<Key>,
    /// Draws it.
    pub(super) draw: Draw,
    /// Where it is told.
    pub(super) act: Act,
    /// Whether the keyboard stops at the first button: where no toolbar has them too.
    pub(super) is_stop: bool,
}

/// The buttons of a chart.
pub(super) fn save_drawing(saved: Saved) -> Html {
    let saved = Rc::new(saved);
    let button = |kind: &'static str, is_png: bool| {
        let chart = saved.clone();
        let onclick = Callback::from(move |_: MouseEvent| save(&chart, is_png));
        let is_stop = saved.is_stop && is_png;
        small(&["save-", saved.name, "-", kind].concat(), saved.words, kind, is_stop, onclick)
    };
    html! { <span class="saves">{ button("PNG", true) }{ button("SVG", false) }</span> }
}

fn save(saved: &Saved, is_png: bool) {
    let (is_dark, size) = (saved.is_dark, (count_px(saved.size.0), count_px(saved.size.1)));
    match (saved.draw)(size, if is_dark { DARK } else { LIGHT }) {
        Ok(svg) => {
            let keys = saved.keys.clone();
            let drawing = Drawing { name: saved.name, svg, size, is_dark, keys, is_png };
            saved.act.emit(Action::SaveDrawing(Box::new(drawing)));
        }
        Err(error) => gloo::console::error!("the drawing could not be made", error),
    }
}

/// The buttons of a table.
pub(super) fn save_table(of: TableOf, act: &Act) -> Html {
    let button = |kind: &'static str, file: TableFile| {
        small("", table_words(of), kind, false, on(act, Action::SaveTable(of, file)))
    };
    html! { <span class="saves">{ button("CSV", TableFile::Csv) }{ button("JSON", TableFile::Json) }</span> }
}

/// What a table is called.
pub(super) const fn table_words(of: TableOf) -> &'static str {
    match of {
        TableOf::Operators => words::OPERATORS,
        TableOf::Comparison => words::COMPARISON,
        TableOf::Grids => words::GRIDS,
        TableOf::Front => words::FRONT_TABLE,
        TableOf::Rungs => words::RUNGS_TABLE,
    }
}

/// A button that shows the kind of file alone.
pub(super) fn small(
    id: &str,
    what: &str,
    kind: &'static str,
    is_stop: bool,
    onclick: Callback<MouseEvent>,
) -> Html {
    let id = (!id.is_empty()).then(|| id.to_owned());
    let label = words::save_as(what, kind);
    html! {
        <button type="button" class="small" {id} tabindex={if is_stop { "0" } else { "-1" }}
            aria-label={label.clone()} title={label} {onclick}>{ kind }</button>
    }
}
