//! Small pieces that several panels share.

use super::{Act, family_class, on};
use crate::{
    report::Family,
    text::{Budget, family_letter, page},
    ui::{
        geometry::legend::Key,
        state::{Action, Move},
    },
};
use yew::prelude::*;

/// A swatch with the family's letter.
pub(super) fn swatch(family: Family) -> Html {
    html! {
        <span class={classes!("swatch", family_class(family))} aria-hidden="true">
            { family_letter(family) }
        </span>
    }
}

/// By how much an arena keeps within the budget, or does not; a narrow screen has room for the sign alone.
pub(super) fn fits_cell(arena_bytes: u64, budget: Budget) -> Html {
    let (sign, class) = if budget.holds(arena_bytes) { ("✓", "") } else { ("✕", "over") };
    html! {
        <td class={classes!("nowrap", class)} title={budget.exact(arena_bytes)}>
            { sign }<span class="apart">{ " " }{ budget.difference(arena_bytes) }</span>
        </td>
    }
}

fn sign(class: &'static str) -> Html {
    html! { <span {class} aria-hidden="true" /> }
}

/// What is drawn, as a list of swatches.
pub(super) fn legend(keys: &[Key]) -> Html {
    let items = keys.iter().map(|&key| {
        let mark = match key {
            Key::Family(family) => swatch(family),
            Key::Scratch => sign("swatch striped"),
            Key::InPlace => sign("swatch notch"),
            Key::Over => sign("swatch exceeding"),
            Key::StageEnd => sign("swatch ending"),
            // Of drawings that say by their own words what is what; their legends leave the page with them.
            Key::Outline
            | Key::Fits
            | Key::Misses
            | Key::Shown
            | Key::Arena
            | Key::Excess
            | Key::Bound => Html::default(),
        };
        html! { <li key={key.words()}>{ mark }{ key.words() }</li> }
    });
    html! { <ul class="legend" aria-label={page::LEGEND}>{ for items }</ul> }
}

/// Previous, peak, next.
pub(super) fn walk(act: &Act) -> Html {
    // Keys of every chart do the same: no stop for Tab.
    let button = |name: &'static str, sign: &'static str, to: Move| {
        html! {
            <button type="button" class="square" tabindex="-1" aria-label={name} title={name} onclick={on(act, Action::Move(to))}>
                { sign }
            </button>
        }
    };
    html! {
        <span class="walk" role="toolbar" aria-label={page::WALK}>
            { button(page::PREVIOUS_OPERATOR, "‹", Move::Previous) }
            { button(page::PEAK_OPERATOR, "▲", Move::Peak) }
            { button(page::NEXT_OPERATOR, "›", Move::Next) }
        </span>
    }
}

/// A figure with its name.
pub(super) fn fact(name: &'static str, figure: Html) -> Html {
    html! {
        <div>
            <dt>{ name }</dt>
            <dd>{ figure }</dd>
        </div>
    }
}

/// A term and what it is here; nothing where it is nothing.
pub(super) fn entry(name: &'static str, words: Option<String>) -> Html {
    let Some(words) = words.filter(|words| !words.is_empty()) else { return Html::default() };
    html! {
        <div>
            <dt>{ name }</dt>
            <dd>{ words }</dd>
        </div>
    }
}
