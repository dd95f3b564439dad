//! The sample models with their cards, and what redistribution of the receptive field buys.

use super::{Act, dialog::use_sheet, sounds::thumbnail};
use crate::{
    card::{Card, PatchedFigures},
    text::{gallery, kib, page},
    ui::state::{Action, BUNDLED, Bundled, card_samples, cards_problem},
};
use yew::prelude::*;

/// What the gallery shows.
#[derive(Properties, PartialEq)]
pub(in crate::ui) struct GalleryProps {
    /// Whether it is open.
    pub(in crate::ui) is_open: bool,
    /// Opens and closes it.
    pub(in crate::ui) toggle: Callback<bool>,
    /// The card of the model that is open.
    pub(in crate::ui) shown: Option<&'static Card>,
    /// What may be caused.
    pub(in crate::ui) act: Act,
}

/// All samples, in a sheet over the page. Nothing of it is loaded before it is opened.
#[component]
pub(in crate::ui) fn Gallery(props: &GalleryProps) -> Html {
    let dialog = use_sheet(props.is_open, "the gallery");
    let toggle = props.toggle.clone();
    let onclose = Callback::from(move |_: Event| toggle.emit(false));
    html! {
        <dialog ref={dialog} id="gallery" class="gallery" {onclose} aria-labelledby="gallery-title">
            if props.is_open {
                { sheet(props) }
            }
        </dialog>
    }
}

fn sheet(props: &GalleryProps) -> Html {
    let toggle = props.toggle.clone();
    let close = Callback::from(move |_: MouseEvent| toggle.emit(false));
    let cards = || BUNDLED.iter().filter_map(|one| Some((one, one.card()?)));
    let list = |is_trained: bool| {
        let chosen = cards().filter(move |(_, card)| card.is_trained() == is_trained);
        html! { <ul class="samples-list">{ for chosen.map(|(one, card)| entry(props, one, card)) }</ul> }
    };
    let moved = cards().filter_map(|(one, card)| {
        let before = Bundled::of_key(card.redistributed_from.as_deref()?)?;
        Some(redistribution(props, [(before, before.card()?), (one, card)]))
    });
    html! {
        <>
            <div class="head">
                <h2 id="gallery-title">{ gallery::TITLE }</h2>
                <button type="button" id="close-gallery" class="small" onclick={close}>{ page::CLOSE }</button>
            </div>
            <p class="note">{ gallery::ABOUT }</p>
            if let Some(why) = cards_problem() {
                <p class="warning" role="alert">{ why }</p>
            }
            { list(true) }
            { for moved }
            <h3>{ gallery::UNTRAINED }</h3>
            { list(false) }
        </>
    }
}

/// Closes the gallery and opens a model.
fn open(
    props: &GalleryProps,
    bundled: &'static Bundled,
    patched: Option<&PatchedFigures>,
) -> Callback<MouseEvent> {
    let (toggle, act) = (props.toggle.clone(), props.act.clone());
    let schedule = patched.map(|patched| patched.schedule);
    Callback::from(move |_: MouseEvent| {
        toggle.emit(false);
        act.emit(Action::OpenBundled(bundled, schedule));
    })
}

fn entry(props: &GalleryProps, bundled: &'static Bundled, card: &'static Card) -> Html {
    let picture = card_samples(card).into_iter().next();
    let is_shown = props.shown.is_some_and(|shown| shown.key == card.key);
    let figures = gallery::figures(card);
    html! {
        <li key={bundled.key} class="card sample-model" data-key={bundled.key}>
            if let Some(picture) = picture {
                { thumbnail(&picture.path, &picture.name, "96", (card.input.width < 96).then_some("pixelated")) }
            }
            <div class="words">
                <h3>
                    { &card.name }
                    if is_shown {
                        { " " }<span class="tag">{ gallery::IS_OPEN }</span>
                    }
                </h3>
                <p>{ &card.teaches }</p>
                <dl class="facts">
                    { for figures.into_iter().map(|(name, value)| html! {
                        <div><dt>{ name }</dt><dd>{ value }</dd></div>
                    }) }
                </dl>
                <p class="row">
                    <button type="button" class="primary" data-open={bundled.key}
                        aria-label={format!("{}: {}", gallery::OPEN, card.name)}
                        onclick={open(props, bundled, None)}>{ gallery::OPEN }</button>
                    <a href={bundled.path} download={bundled.file_name}>{ gallery::DOWNLOAD }</a>
                </p>
                <details>
                    <summary>{ gallery::CARD }</summary>
                    { whole_card(card) }
                </details>
            </div>
        </li>
    }
}

/// All that the card says.
fn whole_card(card: &'static Card) -> Html {
    let row =
        |name: &'static str, value: Html| html! { <div><dt>{ name }</dt><dd>{ value }</dd></div> };
    let lines = |lines: Vec<String>| html! { { for lines.into_iter().map(|line| html! { <p>{ line }</p> }) } };
    let measured = card.accuracy.iter().map(gallery::measured).chain(gallery::compared(card));
    let data = card.data.iter().map(|set| {
        html! {
            <p><b>{ &set.set }</b>{ format!(" ({}). {}. {}.", set.licence, set.attribution, set.used_for) }</p>
        }
    });
    html! {
        <dl class="entries">
            if card.is_trained() {
                { row(gallery::LABELS, html! { card.labels.join(", ") }) }
            }
            { row(gallery::PREPROCESSING, html! { &card.input.preprocessing }) }
            if !card.accuracy.is_empty() {
                { row(gallery::ACCURACY, html! { <><p>{ gallery::MEASURED }</p>{ lines(measured.collect()) }</> }) }
            }
            if !card.data.is_empty() {
                { row(gallery::DATA, html! { { for data } }) }
            }
            if !card.notes.is_empty() {
                { row(gallery::NOTES, lines(card.notes.clone())) }
            }
            { row(gallery::MADE_BY, html! { <code>{ &card.made_by }</code> }) }
        </dl>
    }
}

/// A network and the one with its receptive field moved, side by side.
fn redistribution(props: &GalleryProps, pair: [(&'static Bundled, &'static Card); 2]) -> Html {
    let cards = pair.map(|(_, card)| card);
    let row = |name: String, cell: &dyn Fn(&'static Card) -> String| {
        html! {
            <tr>
                <th scope="row">{ name }</th>
                { for cards.iter().map(|card| html! { <td class="figure">{ cell(card) }</td> }) }
            </tr>
        }
    };
    let accuracy = cards[0].accuracy.iter().map(|test| {
        row(format!("{}: {}", gallery::RIGHT, test.test), &|card| {
            let own = card.accuracy.iter().find(|own| own.test == test.test);
            own.map_or_else(|| page::NOT_KNOWN.to_owned(), |own| gallery::share(own.int8_top1))
        })
    });
    // Schedules that both cards name alike, the smallest first.
    let patched = cards[0].figures.patched.iter().filter_map(|one| {
        let alike =
            |card: &'static Card| card.figures.patched.iter().find(|own| own.what == one.what);
        cards.iter().all(|card| alike(card).is_some()).then(|| {
            row(one.what.clone(), &|card| alike(card).map(gallery::patched).unwrap_or_default())
        })
    });
    let buttons = pair.map(|(bundled, card)| {
        html! {
            <td class="figure">
                <button type="button" class="small" data-open-patched={bundled.key}
                    aria-label={format!("{}: {}", gallery::OPEN_IN_PATCHES, card.name)}
                    onclick={open(props, bundled, card.smallest())}>{ gallery::OPEN_IN_PATCHES }</button>
            </td>
        }
    });
    let notes = cards.iter().flat_map(|card| card.notes.iter().map(move |note| (card, note)));
    html! {
        <section class="card moved" id="redistribution" aria-labelledby="moved-title">
            <h3 id="moved-title">{ gallery::MOVED }</h3>
            <p>{ gallery::MOVED_ABOUT }</p>
            <div class="scroll" tabindex="0" role="region" aria-label={gallery::MOVED_TABLE}>
                <table>
                    <thead><tr><td />{ for cards.iter().map(|card| html! {
                        <th scope="col" class="figure">{ &card.name }</th>
                    }) }</tr></thead>
                    <tbody>
                        { for accuracy }
                        { row(gallery::LAYERWISE_ARENA.to_owned(), &|card| kib(card.figures.arena_bytes)) }
                        { for patched }
                        <tr><td />{ for buttons }</tr>
                    </tbody>
                </table>
            </div>
            <p class="note">{ gallery::NOT_ALIKE }</p>
            <ul class="notes note">
                { for notes.map(|(card, note)| html! { <li><b>{ &card.name }</b>{ ": " }{ note }</li> }) }
            </ul>
            <p class="note">{ gallery::PLANNED_AGAIN }</p>
        </section>
    }
}
