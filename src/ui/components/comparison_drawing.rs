//! The pictures of two plans on one scale: both arenas, and what both need by operator.

use super::{
    arena_marks::{axes, grounds, lines},
    family_class,
    figures::legend,
};
use crate::{
    text::{
        Budget,
        comparison::{self, Side},
        kib, page,
    },
    ui::geometry::{
        arena::ArenaPicture,
        curves::Curves,
        legend::{FAMILIES, Key, united},
        timeline::{Timeline, View},
    },
};
use yew::prelude::*;

/// The height of an arena.
const ARENA_PX: f64 = 208.0;
/// The height of the curves.
const CURVES_PX: f64 = 208.0;
/// From this width on there are two columns.
const TWO_COLUMNS_PX: f64 = 640.0;
/// The gap between columns.
const GAP_PX: f64 = 16.0;

/// Whether the card has two columns where it is so wide.
pub(super) fn has_two_columns(width: f64) -> bool {
    width >= TWO_COLUMNS_PX
}

/// All pictures, for so many pixels across; nothing while that is not known.
pub(super) fn drawings(a: &Side<'_>, b: &Side<'_>, budget: Budget, width: f64) -> Html {
    if width <= 0.0 {
        return Html::default();
    }
    let column = if has_two_columns(width) { (width - GAP_PX) / 2.0 } else { width };
    let tallest = a.plan.arena_bytes.max(b.plan.arena_bytes);
    let names = comparison::names(a, b);
    let pictures = [a, b].map(|side| {
        let timeline = Timeline::new(side.plan, View::Fitting, column);
        let scale = (budget, tallest);
        ArenaPicture::scaled(side.model, side.plan, &timeline, scale, (column, ARENA_PX))
    });
    let mut keys = united(&pictures[0].keys(), &pictures[1].keys());
    // Corners are not marked here.
    keys.retain(|key| *key != Key::InPlace);
    let sides = [("A", a), ("B", b)].into_iter().zip(names).zip(&pictures);
    let arenas = sides.map(|(((letter, side), name), picture)| {
        html! {
            <figure>
                <figcaption>
                    <b>{ letter }</b>{ ": " }{ name }{ ": " }<b>{ kib(side.plan.arena_bytes) }</b>
                </figcaption>
                { drawing(column, ARENA_PX, arena(picture)) }
            </figure>
        }
    });
    let sides = [a, b].map(|side| (side.model, side.plan));
    let curves = Curves::new(sides, budget, (column, CURVES_PX));
    html! {
        <>
            { for arenas }
            { legend(&keys) }
            <figure>
                <figcaption>
                    <b>{ comparison::CURVES }</b>{ ": " }{ comparison::CURVES_HINT }
                    <span class="visually-hidden">{ " " }{ comparison::curves_words(a, b) }</span>
                </figcaption>
                { drawing(column, CURVES_PX, drawn(&curves)) }
            </figure>
        </>
    }
}

/// A drawing whose words stand beside it.
fn drawing(width: f64, height: f64, inside: Html) -> Html {
    html! {
        <svg width={width.to_string()} height={height.to_string()} aria-hidden="true">{ inside }</svg>
    }
}

/// One mark for all blocks of a colour: there may be thousands of them.
fn arena(picture: &ArenaPicture) -> Html {
    let paths = FAMILIES.into_iter().flat_map(|family| [(family, false), (family, true)]);
    let paths = paths.map(|(family, is_scratch)| {
        let mut d = String::new();
        for mark in &picture.blocks {
            if (mark.family, mark.is_scratch) == (family, is_scratch) {
                let area = mark.area;
                let (width, height) = (area.width, area.height);
                d.push_str(&format!(
                    "M{:.1} {:.1}h{width:.1}v{height:.1}h-{width:.1}z",
                    area.x, area.y
                ));
            }
        }
        let class = classes!("blocks-of", family_class(family));
        html! {
            <>
                <path {class} d={d.clone()} />
                if is_scratch {
                    <path class={classes!("stripes", family_class(family))} {d} />
                }
            </>
        }
    });
    html! {
        <>
            { grounds(picture) }
            { for paths }
            { lines(picture.plot, (picture.budget_y, &picture.budget_label),
                std::slice::from_ref(&picture.peak_label)) }
        </>
    }
}

fn drawn(curves: &Curves) -> Html {
    let [a, b] = &curves.paths;
    html! {
        <>
            { axes(curves.plot, &curves.ticks, &curves.operators, page::TIME_AXIS) }
            <path class="curve-b" d={b.clone()} />
            <path class="curve-a" d={a.clone()} />
            { lines(curves.plot, (curves.budget_y, &curves.budget_label), &curves.peaks) }
        </>
    }
}
