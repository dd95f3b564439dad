//! The sheet that says what an error line of another program means for the open model.
//!
//! A function of the state, not a component: the page shows it seldom, and a component of its own
//! takes thousands of bytes.

use super::Act;
use crate::{
    error_line,
    report::ModelReport,
    text::{
        accounting::Preset,
        explanation::{self, Explanation, Known},
        page, phrases,
    },
    ui::{
        boards::BOARDS,
        state::{Action, AppState},
    },
};
use yew::prelude::*;

/// The sheet's id.
pub(in crate::ui) const EXPLAIN_ID: &str = "explain-sheet";

/// A field for lines, and what they mean while the sheet is open.
pub(in crate::ui) fn explain_sheet(
    state: &AppState,
    lines: Option<&str>,
    oninput: &Callback<InputEvent>,
    onclose: &Callback<Event>,
    close: &Act,
) -> Html {
    let told = lines.map(|lines| explained(state, lines, close)).unwrap_or_default();
    html! {
        <dialog id={EXPLAIN_ID} class="gallery explain" {onclose} aria-labelledby="explain-title">
            <div class="head">
                <h2 id="explain-title">{ explanation::TITLE }</h2>
                <form method="dialog"><button id="close-explain" class="small">{ page::CLOSE }</button></form>
            </div>
            <p class="note">{ explanation::ABOUT }</p>
            <textarea id="error-lines" rows="4" autofocus=true aria-label={explanation::FIELD} spellcheck="false"
                {oninput} />
            <div id="explained" role="status">{ told }</div>
        </dialog>
    }
}

/// A button that closes the sheet and causes an action.
fn button(words: String, action: Action, close: &Act) -> Html {
    html! { <button type="button" class="small" onclick={super::on(close, action)}>{ words }</button> }
}

fn explained(state: &AppState, lines: &str, close: &Act) -> Html {
    let Some(open) = &state.model else { return html! { <p>{ explanation::NO_MODEL }</p> } };
    let model = &*open.report;
    let messages = error_line::read(lines);
    if messages.is_empty() {
        let not_known = if lines.is_empty() { "" } else { explanation::NOT_KNOWN };
        return html! { <p>{ not_known }{ " " }{ explanation::KNOWN }</p> };
    }
    let boards: Vec<(&str, u64)> =
        BOARDS.iter().map(|board| (board.name, board.sram_kib * 1024)).collect();
    let sram_bytes = Some(state.settings.target.sram_bytes());
    let plans = state.planned_arenas();
    let known = Known { model, sram_bytes, plans: &plans, boards: &boards };
    let each = messages.iter().map(|one| told(model, &explanation::explain(one, &known), close));
    html! { { for each } }
}

fn told(model: &ModelReport, told: &Explanation, close: &Act) -> Html {
    let balances = told.balances.iter().map(|balance| {
        let figures = explanation::FIGURES.into_iter().zip(balance.words());
        let figures = figures.map(|(name, words)| {
            html! { <div><dt>{ balance.of }{ ": " }{ name }</dt><dd>{ words }</dd></div> }
        });
        html! { <dl class="facts balance">{ for figures }</dl> }
    });
    let lines = told.sentences.iter().chain(&told.advice).map(|line| html! { <p>{ line }</p> });
    let operator = told.operators.first();
    html! {
        <section>
            <h3>{ &told.title }</h3>
            { for balances }
            { for lines }
            <p class="row">
                if let Some(&index) = operator {
                    { button(phrases::show_operator(index), Action::Select(index), close) }
                }
                if told.is_about_memory {
                    { button(explanation::SHOW_TFLM.to_owned(), Action::TakePreset(Preset::Tflm), close) }
                    if !model.stage_ends.is_empty() {
                        { button(page::TRY_PATCHES.to_owned(), Action::TrySquares, close) }
                    }
                }
            </p>
        </section>
    }
}
