//! The visitor's own blocks of memory beside the arena: a camera's frame, an audio ring, the stack.

use super::{Act, on};
use crate::{
    text::{
        exact_bytes, kib,
        page::{self, BlockField},
        phrases,
    },
    ui::state::{Action, OwnBlock},
};
use web_sys::{HtmlInputElement, SubmitEvent};
use yew::prelude::*;

/// The blocks.
#[derive(Properties, PartialEq)]
pub(in crate::ui) struct BlocksProps {
    /// All of them.
    pub(in crate::ui) blocks: Vec<OwnBlock>,
    /// What may be caused.
    pub(in crate::ui) act: Act,
}

/// The list, and the fields that add to it.
#[component]
pub(in crate::ui) fn Blocks(props: &BlocksProps) -> Html {
    let (name, size, unit) = (use_node_ref(), use_node_ref(), use_node_ref());
    let refused = use_state_eq(|| None::<BlockField>);
    let onsubmit = {
        let (name, size, unit, act) = (name.clone(), size.clone(), unit.clone(), props.act.clone());
        let refused = refused.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let field = |node: &NodeRef| node.cast::<HtmlInputElement>();
            let (Some(name), Some(size)) = (field(&name), field(&size)) else { return };
            let unit = unit.cast::<web_sys::HtmlSelectElement>().map(|unit| unit.value());
            let factor = if unit.as_deref() == Some(BYTES) { 1 } else { 1024 };
            let block = OwnBlock::bytes_of(size.value_as_number(), factor)
                .ok_or(BlockField::Size)
                .and_then(|bytes| OwnBlock::new(&name.value(), bytes).ok_or(BlockField::Name));
            refused.set(block.as_ref().err().copied());
            match block {
                Ok(block) => {
                    act.emit(Action::AddBlock(block));
                    name.set_value("");
                    size.set_value("");
                    super::super::browser::focus("block-name");
                }
                Err(field) => super::super::browser::focus(field_id(field)),
            }
        })
    };
    // Taking the last block back leaves the fields where they are.
    let is_open = use_state_eq(|| !props.blocks.is_empty());
    {
        let is_open = is_open.clone();
        use_effect_with(props.blocks.is_empty(), move |is_empty| {
            if !is_empty {
                is_open.set(true);
            }
        });
    }
    let ontoggle = {
        let is_open = is_open.clone();
        Callback::from(move |event: Event| {
            let details = event.target_dyn_into::<web_sys::Element>();
            is_open.set(details.is_some_and(|details| details.has_attribute("open")));
        })
    };
    let rows = props.blocks.iter().enumerate().map(|(place, block)| {
        html! {
            <li key={place}>
                <b>{ &block.name }</b>{ " " }
                <span title={exact_bytes(block.bytes)}>{ kib(block.bytes) }</span>
                <button type="button" class="small" aria-label={phrases::remove_block(&block.name)}
                    onclick={on(&props.act, Action::RemoveBlock(place))}>{ page::REMOVE }</button>
            </li>
        }
    });
    let is_full = props.blocks.len() >= OwnBlock::MOST;
    let longest = OwnBlock::LONGEST_NAME.to_string();
    let is_invalid = |field: BlockField| (*refused == Some(field)).then_some("true");
    let hint = |field: BlockField| (*refused == Some(field)).then_some("block-hint");
    html! {
        <details class="blocks" id="blocks" open={*is_open} {ontoggle}>
            <summary>{ page::TITLE_BLOCKS }</summary>
            if !props.blocks.is_empty() {
                <ul>{ for rows }</ul>
            }
            <form class="row" {onsubmit}>
                <label class="field" for="block-name">
                    <span class="name">{ page::BLOCK_NAME }</span>
                    <input id={field_id(BlockField::Name)} type="text" aria-invalid={is_invalid(BlockField::Name)}
                        aria-describedby={hint(BlockField::Name)} required={true} maxlength={longest} ref={name}
                        placeholder={page::BLOCK_EXAMPLE} autocomplete="off" />
                </label>
                <label class="field" for="block-size">
                    <span class="name">{ page::BLOCK_SIZE }</span>
                    <input id={field_id(BlockField::Size)} type="number" aria-invalid={is_invalid(BlockField::Size)}
                        aria-describedby={hint(BlockField::Size)} min="0" step="any" required={true} inputmode="decimal" ref={size} />
                </label>
                <select id="block-unit" aria-label={page::BLOCK_UNIT} ref={unit}>
                    <option value="kib" selected={true}>{ "KiB" }</option>
                    <option value={BYTES}>{ "bytes" }</option>
                </select>
                <button type="submit" id="add-block" disabled={is_full}>{ page::ADD }</button>
                if let Some(field) = *refused {
                    <span class="hint" id="block-hint" role="alert">{ page::block_hint(field) }</span>
                }
            </form>
        </details>
    }
}

const BYTES: &str = "bytes";

const fn field_id(field: BlockField) -> &'static str {
    match field {
        BlockField::Name => "block-name",
        BlockField::Size => "block-size",
    }
}
