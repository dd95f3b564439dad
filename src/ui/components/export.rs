//! What leaves the page: the shown plan for other programs; pictures, tables, the sheet, the report.

use super::{
    Act,
    fold::use_fold,
    on,
    saving::{small, table_words},
};
use crate::{
    report::{HandOverFormat, Problem},
    text::{hand_over_about, hand_over_name, numbers_only, page, saving},
    ui::{
        browser,
        state::{Action, SharedNumbers, TableFile, TableOf},
    },
};
use gloo::timers::callback::Timeout;
use yew::prelude::*;

/// So long the button says that the link is copied.
const COPIED_MS: u32 = 4000;

/// What is shown.
#[derive(Properties, PartialEq)]
pub(in crate::ui) struct ExportProps {
    /// Why TensorFlow Lite Micro cannot follow the shown plan.
    pub(in crate::ui) plan_problem: Option<Problem>,
    /// The file that is on its way.
    pub(in crate::ui) waiting: Option<HandOverFormat>,
    /// Whether there is a plan.
    pub(in crate::ui) is_ready: bool,
    /// The tables that are there.
    pub(in crate::ui) tables: Vec<TableOf>,
    /// Why no file for another program can be made, where numbers alone are there.
    pub(in crate::ui) needed: Option<Problem>,
    /// Whether a link with numbers is of use.
    pub(in crate::ui) can_share: bool,
    /// The last such link.
    pub(in crate::ui) shared: Option<SharedNumbers>,
    /// What may be caused.
    pub(in crate::ui) act: Act,
}

/// A button for each kind of file, and why one is not there to press.
#[component]
pub(in crate::ui) fn Export(props: &ExportProps) -> Html {
    let copied = use_state_eq(|| None::<bool>);
    let (fold, head) = use_fold("export-title", page::TITLE_EXPORT);
    let link = match *copied {
        None => numbers_only::COPY_LINK,
        Some(true) => numbers_only::LINK_COPIED,
        Some(false) => numbers_only::LINK_REFUSED,
    };
    let copy = Callback::from(move |_: MouseEvent| {
        let address = browser::address_with(browser::fragment().trim_start_matches('#'));
        let copied = copied.clone();
        browser::copy(address, move |is_copied| {
            copied.set(Some(is_copied));
            // What is shown next has another link.
            Timeout::new(COPIED_MS, move || copied.set(None)).forget();
        });
    });
    html! {
        <section class={classes!("card", "export", fold)} aria-labelledby="export-title">
            { head }
            <div role="toolbar" id="save-toolbar" aria-label={page::TITLE_EXPORT}>
                <ul>{ for HandOverFormat::ALL.map(|format| choice(props, format)) }</ul>
                if props.is_ready {
                    { others(props, link, copy) }
                }
            </div>
        </section>
    }
}

fn choice(props: &ExportProps, format: HandOverFormat) -> Html {
    let problem = props.plan_problem.as_ref().filter(|_| format == HandOverFormat::Tflite);
    let problem = props.needed.as_ref().or(problem);
    let id = format!("export-{}", format.name());
    let about = format!("{id}-about");
    let is_disabled = !props.is_ready || problem.is_some() || props.waiting == Some(format);
    html! {
        <li>
            <button type="button" class="small" id={id} tabindex="-1" disabled={is_disabled}
                aria-describedby={about.clone()} onclick={on(&props.act, Action::HandOver(format))}>
                { hand_over_name(format) }
            </button>
            <span id={about} class="note">
                if let Some(problem) = problem {
                    { format!("{} {}", problem.message, problem.advice) }
                } else {
                    { hand_over_about(format) }
                }
            </span>
        </li>
    }
}

/// Everything that can be saved, in one stop of the keyboard.
fn others(props: &ExportProps, link: &str, copy: Callback<MouseEvent>) -> Html {
    let act = &props.act;
    let has = |table| props.tables.contains(&table);
    let drawings = [
        ("arena", saving::ARENA, true),
        ("ram", saving::BARS, true),
        ("front", saving::FRONT, has(TableOf::Front)),
        ("planners", saving::RUNGS, has(TableOf::Rungs)),
    ];
    let drawings =
        drawings.into_iter().filter(|(.., is_there)| *is_there).map(|(name, words, _)| {
            // The chart's own button knows how it is drawn.
            let button = |kind: &'static str| {
                let own = ["save-", name, "-", kind].concat();
                small(
                    "",
                    words,
                    kind,
                    false,
                    Callback::from(move |_: MouseEvent| browser::click(&own)),
                )
            };
            line(words, button("PNG"), button("SVG"))
        });
    let tables = props.tables.iter().map(|&table| {
        let button = |kind: &'static str, file: TableFile| {
            let id = match file {
                TableFile::Csv => format!("save-{table:?}-csv"),
                TableFile::Json => format!("save-{table:?}-json"),
            };
            small(&id, table_words(table), kind, false, on(act, Action::SaveTable(table, file)))
        };
        line(table_words(table), button("CSV", TableFile::Csv), button("JSON", TableFile::Json))
    });
    html! {
        <>
            <div class="save-toolbar">
                <span class="line">
                    <button type="button" class="small" id="print" tabindex="0"
                        onclick={on(act, Action::Print)}>{ saving::PRINT }</button>
                    <button type="button" class="small" id="copy-link" tabindex="-1" aria-live="polite"
                        onclick={copy}>{ link }</button>
                    <button type="button" class="small" id="save-report" tabindex="-1"
                        onclick={on(act, Action::SaveReport)}>{ saving::REPORT }</button>
                    if props.can_share {
                        <button type="button" class="small" id="share-numbers" tabindex="-1"
                            onclick={on(act, Action::ShareNumbers)}>{ numbers_only::SHARE }</button>
                    }
                </span>
                { for drawings }
                { for tables }
            </div>
            <p id="shared-numbers" role="status">
                if let Some(SharedNumbers { fragment, is_copied }) = &props.shared {
                    { numbers_only::shared(fragment.len(), *is_copied) }
                    { " " }
                    <a href={["#", fragment].concat()}>{ numbers_only::LINK }</a>
                }
            </p>
            <p class="note">
                { saving::ABOUT }
                if props.can_share {
                    { " " }{ numbers_only::SHARE_ABOUT }
                }
            </p>
        </>
    }
}

fn line(words: &'static str, one: Html, other: Html) -> Html {
    html! { <span class="line" key={words}><span>{ words }</span>{ one }{ other }</span> }
}
