//! Which memory must hold the model.

use super::{
    Act,
    erased::mount_as,
    number_field::{NumberField, NumberFieldProps},
    on_change, value,
};
use crate::{
    text::{kib, page, phrases},
    ui::{
        boards::{self, BOARDS},
        state::{Action, Target},
    },
};
use yew::{prelude::*, props};

/// The chosen target.
#[derive(Properties, PartialEq)]
pub(in crate::ui) struct TargetProps {
    /// The target.
    pub(in crate::ui) target: Target,
    /// What may be caused.
    pub(in crate::ui) act: Act,
}

const BUDGET: &str = "budget";
const OWN: &str = "own";

/// The boards, the budget, or numbers of one's own.
#[component]
pub(in crate::ui) fn TargetControls(props: &TargetProps) -> Html {
    let target = props.target;
    let chosen = match target {
        Target::Budget => BUDGET,
        Target::Board(board) => board.name,
        Target::Own { .. } => OWN,
    };
    let onchange = on_change(&props.act, move |event| {
        Some(Action::SetTarget(match value(event).as_str() {
            BUDGET => Target::Budget,
            OWN => {
                Target::Own { sram_bytes: target.sram_bytes(), flash_bytes: target.flash_bytes() }
            }
            name => Target::Board(boards::board(name)?),
        }))
    });
    let options = BOARDS.iter().map(|board| {
        html! {
            <option key={board.name} value={board.name} selected={chosen == board.name}>
                { phrases::board_option(board.name, board.sram_kib, board.flash_kib) }
            </option>
        }
    });
    html! {
        <>
            <label class="field" for="target">
                <span class="name">{ page::TITLE_TARGET }</span>
                <select id="target" {onchange}>
                    <option value={BUDGET} selected={chosen == BUDGET}>{ page::BUDGET_128 }</option>
                    { for options }
                    <option value={OWN} selected={chosen == OWN}>{ page::OWN_NUMBERS }</option>
                </select>
            </label>
            { details(target, &props.act) }
        </>
    }
}

fn details(target: Target, act: &Act) -> Html {
    match target {
        Target::Budget => html! { <p class="note">{ page::BUDGET_NOTE }</p> },
        Target::Board(board) => {
            let flash =
                board.flash_kib.map_or_else(|| page::NOT_KNOWN.to_owned(), |size| kib(size * 1024));
            html! {
                <p class="note">
                    { format!("{} at {} MHz. SRAM {}, Flash {flash}. ", board.core, board.mhz, kib(board.sram_kib * 1024)) }
                    { format!("Source: {}.", board.source) }
                    if let Some(figures) = board.unverified {
                        { " " }
                        <b class="unverified">{ phrases::unverified(figures) }</b>
                    }
                </p>
            }
        }
        Target::Own { sram_bytes, flash_bytes } => own(sram_bytes, flash_bytes, act),
    }
}

/// Sizes of one's own.
fn own(sram_bytes: u64, flash_bytes: Option<u64>, act: &Act) -> Html {
    const MOST_BYTES: u64 = 1 << 50;
    let on_sram = act.reform(move |size: Option<u64>| {
        let sram_bytes = size.unwrap_or(sram_bytes);
        Action::SetTarget(Target::Own { sram_bytes, flash_bytes })
    });
    let on_flash = act.reform(move |flash_bytes: Option<u64>| {
        Action::SetTarget(Target::Own { sram_bytes, flash_bytes })
    });
    html! {
        <div class="row">
            { mount_as::<NumberField>("own-sram", props!(NumberFieldProps {
                id: "own-sram",
                name: page::OWN_SRAM,
                is_size: true,
                class: "size",
                most: MOST_BYTES,
                value: sram_bytes,
                onchange: on_sram,
            })) }
            { mount_as::<NumberField>("own-flash", props!(NumberFieldProps {
                id: "own-flash",
                name: page::OWN_FLASH,
                is_size: true,
                class: "size",
                most: MOST_BYTES,
                is_optional: true,
                placeholder: page::NOT_KNOWN,
                value: flash_bytes,
                onchange: on_flash,
            })) }
        </div>
    }
}
