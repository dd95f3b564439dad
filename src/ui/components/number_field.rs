//! A field for a whole number, or for a size of memory: what it refuses stays in it, with the reason under it.

use super::value;
use crate::text::{page, size_of, size_text};
use yew::prelude::*;

/// The field.
#[derive(Properties, PartialEq)]
pub(super) struct NumberFieldProps {
    /// Its id.
    pub(super) id: &'static str,
    /// What it asks for.
    pub(super) name: &'static str,
    /// Whether the name is for those alone who do not see what stands around the field.
    #[prop_or_default]
    pub(super) is_name_hidden: bool,
    /// The number that holds.
    pub(super) value: Option<u64>,
    /// The least that it takes.
    #[prop_or(1)]
    pub(super) least: u64,
    /// The most that it takes.
    #[prop_or(u64::MAX)]
    pub(super) most: u64,
    /// Whether the number is one of bytes, written in KiB where they are whole ones.
    #[prop_or_default]
    pub(super) is_size: bool,
    /// Whether it may be empty.
    #[prop_or_default]
    pub(super) is_optional: bool,
    /// What stands in it while it is empty.
    #[prop_or_default]
    pub(super) placeholder: &'static str,
    /// Its class.
    #[prop_or_default]
    pub(super) class: &'static str,
    /// Hears of a number that is taken.
    pub(super) onchange: Callback<Option<u64>>,
}

/// Label, field and hint.
#[component]
pub(super) fn NumberField(props: &NumberFieldProps) -> Html {
    let NumberFieldProps { id, name, is_name_hidden, is_size, value: holds, .. } = *props;
    let refused = use_state_eq(|| None::<String>);
    {
        // Another number holds: what was refused before it is done with.
        let refused = refused.clone();
        use_effect_with(holds, move |_| refused.set(None));
    }
    let onchange = {
        let (refused, onchange) = (refused.clone(), props.onchange.clone());
        let (range, is_optional) = (props.least..=props.most, props.is_optional);
        Callback::from(move |event: Event| {
            let Some(field) = event.target_dyn_into::<web_sys::HtmlInputElement>() else { return };
            let text = value(&event).trim().to_owned();
            // What is no number at all has an empty value as well; only the browser knows.
            let is_empty = text.is_empty() && !field.validity().bad_input();
            let number = if is_size { size_of(&text) } else { text.parse().ok() };
            let number = number.filter(|number| range.contains(number));
            if number.is_some() || (is_optional && is_empty) {
                refused.set(None);
                onchange.emit(number);
            } else {
                refused.set(Some(text));
            }
        })
    };
    let hint_id = format!("{id}-hint");
    let written = |number: u64| if is_size { size_text(number) } else { number.to_string() };
    let shown = holds.map(written).unwrap_or_default();
    let (kind, keyboard) = if is_size { ("text", "text") } else { ("number", "numeric") };
    let is_refused = refused.is_some();
    html! {
        <label class="field" for={id}>
            <span class={if is_name_hidden { "visually-hidden" } else { "name" }}>{ name }</span>
            <input {id} class={props.class} type={kind} inputmode={keyboard} autocomplete="off"
                min={(!is_size).then(|| props.least.to_string())}
                max={(!is_size && props.most < u64::MAX).then(|| props.most.to_string())}
                placeholder={props.placeholder}
                value={(*refused).clone().unwrap_or(shown)}
                aria-invalid={is_refused.to_string()}
                aria-describedby={is_refused.then(|| hint_id.clone())}
                {onchange} />
            if is_refused {
                <span class="hint" id={hint_id} role="alert">
                    { if is_size { page::size_hint(holds) } else { page::number_hint(props.least, props.most, holds) } }
                </span>
            }
        </label>
    }
}
