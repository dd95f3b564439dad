//! The page's head and foot, and the sheet of keys.

use super::{Act, dialog::use_sheet, on};
use crate::{
    text::{compact_shape, data_types, gallery, kib, page, phrases, placement, shape},
    ui::state::{Action, OpenModel, OpenPlacement, Reading, Theme},
};
use web_sys::{File, HtmlInputElement};
use yew::prelude::*;

/// The file input that opens models.
pub(in crate::ui) const OPEN_FILE_ID: &str = "open-file";

/// What the head shows.
#[derive(Properties, PartialEq)]
pub(in crate::ui) struct HeaderProps {
    /// The open model.
    pub(in crate::ui) model: Option<OpenModel>,
    /// The model that is being read.
    pub(in crate::ui) reading: Option<Reading>,
    /// Buffers that are shown instead of it.
    pub(in crate::ui) placement: Option<OpenPlacement>,
    /// The colours.
    pub(in crate::ui) theme: Theme,
    /// What may be caused.
    pub(in crate::ui) act: Act,
    /// Where chosen files go.
    pub(in crate::ui) give: Callback<File>,
    /// Opens the sheet of keys.
    pub(in crate::ui) keys: Callback<bool>,
    /// Opens the gallery.
    pub(in crate::ui) gallery: Callback<bool>,
}

/// Name, model, Open, colours, keys.
#[component]
pub(in crate::ui) fn Header(props: &HeaderProps) -> Html {
    let onchange = {
        let give = props.give.clone();
        Callback::from(move |event: Event| {
            let Some(input) = event.target_dyn_into::<HtmlInputElement>() else { return };
            if let Some(file) = input.files().and_then(|files| files.get(0)) {
                give.emit(file);
            }
            // So that the same file can be chosen again.
            input.set_value("");
        })
    };
    let open = Callback::from(|_: MouseEvent| crate::ui::browser::click(OPEN_FILE_ID));
    let keys = props.keys.clone();
    let gallery = props.gallery.clone();
    let (theme, sign) = match props.theme {
        Theme::System => ("as the system", "◐"),
        Theme::Light => ("light", "☀"),
        Theme::Dark => ("dark", "☾"),
    };
    html! {
        <header class="top">
            <h1>{ page::NAME }</h1>
            { chip(props) }
            <span class="spring" />
            <div class="tools" role="toolbar" aria-label={page::PAGE_TOOLS}>
            <button type="button" id="samples" aria-haspopup="dialog" title={gallery::TITLE}
                onclick={Callback::from(move |_: MouseEvent| gallery.emit(true))}>
                { gallery::SAMPLES }
            </button>
            <span class="open">
                <button type="button" class="primary" tabindex="-1" aria-describedby="privacy" title={page::OPEN_HINT} onclick={open}>
                    { page::OPEN }
                </button>
                <input
                    id={OPEN_FILE_ID}
                    class="visually-hidden"
                    type="file"
                    accept=".tflite,.lite,.csv,text/csv,application/octet-stream"
                    tabindex="-1"
                    aria-label={page::OPEN}
                    {onchange}
                />
                <span id="privacy" class="privacy" title={page::PRIVACY_CHECK}>{ page::PRIVACY }</span>
            </span>
            <span class="page-tools">
            <button
                type="button"
                id="theme"
                class="square"
                tabindex="-1"
                aria-label={phrases::colours(theme)}
                title={phrases::colours(theme)}
                onclick={on(&props.act, Action::NextTheme)}
            >
                <span aria-hidden="true">{ sign }</span>
            </button>
            <button
                type="button"
                id="keys"
                class="square"
                tabindex="-1"
                aria-haspopup="dialog"
                aria-label={page::KEYS}
                title={page::KEYS}
                onclick={Callback::from(move |_: MouseEvent| keys.emit(true))}
            >
                <span aria-hidden="true">{ "?" }</span>
            </button>
            </span>
            </div>
        </header>
    }
}

/// What can be taken back.
#[derive(Properties, PartialEq)]
pub(in crate::ui) struct HistoryProps {
    /// Whether there is something to take back.
    pub(in crate::ui) can_undo: bool,
    /// Whether something was taken back.
    pub(in crate::ui) can_redo: bool,
    /// What may be caused.
    pub(in crate::ui) act: Act,
}

/// The way back and forth again.
#[component]
pub(in crate::ui) fn History(props: &HistoryProps) -> Html {
    let button = |id: &'static str, name: &'static str, sign: &'static str, can: bool, action| {
        // One stop: the first that does something.
        let stop = if action == Action::Redo && props.can_undo { "-1" } else { "0" };
        html! {
            <button type="button" {id} class="square" tabindex={stop} aria-label={name} title={name} disabled={!can}
                onclick={on(&props.act, action)}><span aria-hidden="true">{ sign }</span></button>
        }
    };
    html! {
        <div class="group history" role="toolbar" aria-label={page::HISTORY}>
            { button("undo", page::UNDO, "↶", props.can_undo, Action::Undo) }
            { button("redo", page::REDO, "↷", props.can_redo, Action::Redo) }
        </div>
    }
}

fn chip(props: &HeaderProps) -> Html {
    if let Some(open) = &props.placement {
        return html! {
            <p class="chip" id="model">
                <b>{ &open.file_name }</b>
                <span>{ placement::chip(open.report.buffers.len()) }</span>
            </p>
        };
    }
    let Some(open) = &props.model else {
        let name = props.reading.as_ref().map(|reading| reading.file_name.clone());
        return html! { <p class="chip" id="model">{ name.unwrap_or_default() }</p> };
    };
    let report = &open.report;
    let input = report.inputs.first().and_then(|id| report.tensors.get(id.index()));
    let dims = input.map(|tensor| compact_shape(&tensor.shape)).unwrap_or_default();
    let words = page::model_chip(report.operators.len(), &data_types(report), &dims);
    let title = format!(
        "{}, sha256 {}, input {}",
        kib(report.file_bytes),
        report.sha256,
        input.map(|tensor| shape(&tensor.shape)).unwrap_or_default()
    );
    html! {
        <p class="chip" id="model" {title}>
            <b>{ &open.file_name }</b>
            <span>{ words }</span>
        </p>
    }
}

/// What the foot shows.
#[derive(Properties, PartialEq)]
pub(in crate::ui) struct FooterProps {
    /// The worker's kernel set, once it listens.
    pub(in crate::ui) kernels: Option<String>,
}

/// Privacy, terms, version.
#[component]
pub(in crate::ui) fn Footer(props: &FooterProps) -> Html {
    let kernels = match &props.kernels {
        Some(kernels) => phrases::kernels(kernels),
        None => page::STARTING.to_owned(),
    };
    let terms = page::GLOSSARY.iter().map(|term| {
        html! {
            <div key={term.word}>
                <dt>{ term.word }</dt>
                <dd>{ term.meaning }</dd>
            </div>
        }
    });
    html! {
        <footer>
            <details class="card" id="glossary">
                <summary>{ page::TITLE_GLOSSARY }</summary>
                <dl class="terms">{ for terms }</dl>
            </details>
            <p>
                { page::PRIVACY }{ " " }{ page::PRIVACY_CHECK }
            </p>
            <p>{ format!("{} {}. {kernels} {}", page::NAME, env!("CARGO_PKG_VERSION"), page::LICENCE) }</p>
        </footer>
    }
}

/// Whether the sheet of keys is open.
#[derive(Properties, PartialEq)]
pub(in crate::ui) struct KeysProps {
    /// Whether it is.
    pub(in crate::ui) is_open: bool,
    /// Opens and closes it.
    pub(in crate::ui) keys: Callback<bool>,
    /// Whether keys of a single letter do nothing.
    pub(in crate::ui) are_letters_off: bool,
    /// What may be caused.
    pub(in crate::ui) act: Act,
}

/// All keys and what they do.
#[component]
pub(in crate::ui) fn KeysSheet(props: &KeysProps) -> Html {
    let dialog = use_sheet(props.is_open, "the sheet of keys");
    let keys = props.keys.clone();
    let onclose = Callback::from(move |_: Event| keys.emit(false));
    let keys = props.keys.clone();
    let close = Callback::from(move |_: MouseEvent| keys.emit(false));
    let rows = page::SHORTCUTS.iter().map(|(key, meaning)| {
        let key_caps = key.split_whitespace().map(|one| html! { <kbd>{ one }</kbd> });
        html! {
            <tr key={*key}>
                <th scope="row">{ for key_caps }</th>
                <td>{ *meaning }</td>
            </tr>
        }
    });
    html! {
        <dialog ref={dialog} {onclose} aria-labelledby="keys-title">
            <h2 id="keys-title">{ page::KEYS }</h2>
            <table class="keys"><tbody>{ for rows }</tbody></table>
            <label class="check">
                <input type="checkbox" id="letters" checked={!props.are_letters_off}
                    onchange={on(&props.act, Action::SetLetters(props.are_letters_off))} />
                <span>{ page::LETTERS }</span>
            </label>
            <button type="button" class="primary" onclick={close}>{ page::CLOSE }</button>
        </dialog>
    }
}
