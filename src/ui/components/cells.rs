//! A cell of an activation's tiles: its choice, its mark, and what of the input it was computed from.

use super::{
    activation::ActivationProps,
    erased::mount,
    seen::{Seen, SeenProps},
    sweep::rectangle,
};
use crate::{
    report::receptive_field,
    tensor::{Region, Span},
    text::field::{self, Cell, Patches, cell_words, computing_patches},
    ui::picture::Tiling,
};
use web_sys::Element;
use yew::prelude::*;

/// The tiles with the chosen cell.
pub(super) struct Cells<'a> {
    pub(super) props: &'a ActivationProps,
    pub(super) tiling: Tiling,
    /// Width and height of the tiles' picture, in its pixels.
    pub(super) size: [u32; 2],
}

impl Cells<'_> {
    /// The chosen cell, where this activation has it.
    fn chosen(&self) -> Option<Cell> {
        let report = &self.props.shown.report;
        self.props.cell.filter(|&[row, column, channel]| {
            row < report.height && column < report.width && channel < self.tiling.shown
        })
    }
}

/// Chooses the cell under the pointer.
pub(super) fn on_pointer(cells: &Cells<'_>) -> Callback<PointerEvent> {
    let (tiling, cell, size) = (cells.tiling, cells.props.cell.clone(), cells.size);
    let report = cells.props.shown.report.clone();
    Callback::from(move |event: PointerEvent| {
        let Some(target) = event.target_dyn_into::<Element>() else { return };
        let area = target.get_bounding_client_rect();
        let [x, y] = [
            (event.client_x(), area.x(), area.width()),
            (event.client_y(), area.y(), area.height()),
        ]
        .map(|(at, from, extent)| (f64::from(at) - from) / extent.max(1.0));
        // The canvas alone has the picture's size, maybe scaled; everything else is beside it.
        if target.tag_name() == "CANVAS" && (0.0..1.0).contains(&x) && (0.0..1.0).contains(&y) {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "inside")]
            let at = [(x * f64::from(size[0])) as u32, (y * f64::from(size[1])) as u32];
            if let Some(found) = tiling.cell_at(&report, at) {
                cell.set(Some(found));
            }
        }
    })
}

/// Walks from cell to cell.
pub(super) fn on_keys(cells: &Cells<'_>) -> Callback<KeyboardEvent> {
    let (cell, chosen, shown) = (cells.props.cell.clone(), cells.chosen(), cells.tiling.shown);
    let report = cells.props.shown.report.clone();
    Callback::from(move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let (axis, is_back) = match event.key().as_str() {
            "ArrowUp" => (0, true),
            "ArrowDown" => (0, false),
            "ArrowLeft" => (1, true),
            "ArrowRight" => (1, false),
            "PageUp" => (2, true),
            "PageDown" => (2, false),
            _ => return,
        };
        event.prevent_default();
        let sides = [report.height, report.width, shown];
        let next = chosen.map_or([report.height / 2, report.width / 2, 0], |mut next| {
            let side = &mut next[axis];
            *side = if is_back {
                side.saturating_sub(1)
            } else {
                (*side + 1).min(sides[axis].saturating_sub(1))
            };
            next
        });
        cell.set(Some(next));
    })
}

fn cell_region([row, column, _]: Cell) -> Region {
    let one = |at: u32| Span::new(at as usize, at as usize + 1);
    Region { rows: one(row), columns: one(column) }
}

/// The chosen cell in its tile, and the part that the first patch with it computes.
pub(super) fn marks(cells: &Cells<'_>) -> Html {
    let Some(cell) = cells.chosen() else { return Html::default() };
    let (report, [width, height]) = (&cells.props.shown.report, cells.size);
    let [left, top] = cells.tiling.tile(report, cell[2]);
    let zoom = cells.tiling.zoom;
    let place = format!("translate({left} {top}) scale({zoom})");
    let patch = computing_patches(report, &cells.props.plan, cell).first().copied();
    html! {
        <svg class="cell" viewBox={format!("0 0 {width} {height}")} width={width.to_string()} aria-hidden="true">
            <g transform={place}>
                if let Some((_, part)) = patch {
                    { rectangle("under", part) }
                    { rectangle("share", part) }
                }
                { rectangle("under", cell_region(cell)) }
                { rectangle("now", cell_region(cell)) }
            </g>
        </svg>
    }
}

/// The input with what the chosen cell was computed from, and the same in words.
pub(super) fn input_field(cells: &Cells<'_>) -> Html {
    let ActivationProps { shown, model, plan, input, is_bgr, .. } = cells.props;
    let report = &shown.report;
    let chosen = cells.chosen().zip(report.operator);
    let own = chosen.map(|(cell, _)| computing_patches(report, plan, cell)).unwrap_or_default();
    let found = chosen.map(|(cell, operator)| {
        let at = [cell[0] as usize, cell[1] as usize];
        (cell, receptive_field(model, operator, at))
    });
    let words = found.map_or_else(
        || field::HINT.to_owned(),
        |(cell, field)| {
            let [row, column, channel] = cell.map(|side| side as usize);
            let at = (row * report.width as usize + column) * report.channels as usize + channel;
            let value = shown.bytes.get(at).map_or(0, |byte| byte.cast_signed());
            let patches = Patches { own: &own, count: plan.patch_inputs.len() };
            cell_words(report, value, cell, field, patches)
        },
    );
    let region = found.and_then(|(_, field)| field.ok()).map(|field| field.region);
    let read = own.first().and_then(|(patch, _)| plan.patch_inputs.get(*patch as usize).copied());
    let data = region.map(|Region { rows, columns }| {
        format!("{} {} {} {}", rows.start, rows.end, columns.start, columns.end)
    });
    html! {
        <div class="sweep field">
            if let Some(input) = input {
                <div class="map">
                    { mount::<Seen>(SeenProps { input: Some(input.clone()), is_bgr: *is_bgr, has_words: false }) }
                    <svg viewBox={format!("0 0 {} {}", input.report.width, input.report.height)} role="img"
                        aria-label={field::PICTURE} id="cell-field" data-region={data}>
                        if let Some(read) = read {
                            { rectangle("read", read) }
                        }
                        if let Some(region) = region {
                            { rectangle("under", region) }
                            { rectangle("now", region) }
                        }
                    </svg>
                </div>
            }
            <p class="note" id="cell-words" aria-live="polite">{ words }</p>
        </div>
    }
}
