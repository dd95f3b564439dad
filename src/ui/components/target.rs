//! Which memory must hold the model.

use super::{
    Act,
    erased::{mount, mount_as},
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
        Target::Own { .. } => {
            html! { { mount::<OwnSizes>(TargetProps { target, act: act.clone() }) } }
        }
    }
}

const BYTES: &str = "bytes";

/// Sizes of one's own, in KiB or in bytes: those that are no whole KiB in bytes alone, so that what stands
/// there is what is used.
#[component]
fn OwnSizes(props: &TargetProps) -> Html {
    const MOST_BYTES: u64 = 1 << 50;
    let (sram_bytes, flash_bytes) = (props.target.sram_bytes(), props.target.flash_bytes());
    let is_whole = sram_bytes % 1024 == 0 && flash_bytes.is_none_or(|bytes| bytes % 1024 == 0);
    let wants_bytes = use_state_eq(|| false);
    let are_bytes = *wants_bytes || !is_whole;
    let unit_bytes = if are_bytes { 1 } else { 1024 };
    let on_sram = props.act.reform(move |size: Option<u64>| {
        let sram_bytes = size.map_or(sram_bytes, |size| size * unit_bytes);
        Action::SetTarget(Target::Own { sram_bytes, flash_bytes })
    });
    let on_flash = props.act.reform(move |size: Option<u64>| {
        let flash_bytes = size.map(|size| size * unit_bytes);
        Action::SetTarget(Target::Own { sram_bytes, flash_bytes })
    });
    let on_unit = {
        let wants_bytes = wants_bytes.clone();
        Callback::from(move |event: Event| wants_bytes.set(value(&event) == BYTES))
    };
    html! {
        <div class="row">
            { mount_as::<NumberField>("own-sram", props!(NumberFieldProps {
                id: "own-sram",
                name: page::OWN_SRAM,
                most: MOST_BYTES / unit_bytes,
                value: sram_bytes / unit_bytes,
                onchange: on_sram,
            })) }
            { mount_as::<NumberField>("own-flash", props!(NumberFieldProps {
                id: "own-flash",
                name: page::OWN_FLASH,
                most: MOST_BYTES / unit_bytes,
                is_optional: true,
                placeholder: page::NOT_KNOWN,
                value: flash_bytes.map(|bytes| bytes / unit_bytes),
                onchange: on_flash,
            })) }
            <select id="own-unit" aria-label={page::OWN_UNIT} onchange={on_unit}>
                <option value="kib" selected={!are_bytes} disabled={!is_whole}>{ "KiB" }</option>
                <option value={BYTES} selected={are_bytes}>{ BYTES }</option>
            </select>
        </div>
    }
}
