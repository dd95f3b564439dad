//! The sample models: opened from the gallery, run, labelled, drawn for and filmed for.

use crate::{
    browser::{Page, Window},
    files,
    visit::{Checked, visit},
    walk::{PATIENCE, answered, data},
};
use fantoccini::actions::{InputSource, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use std::time::Duration;
use tinyml_playground::{
    card::Card,
    ui::state::{BUNDLED, Bundled},
};

/// Opens a sample from the gallery and waits for the answer to its first input.
pub(crate) async fn open(page: &Page, card: &Card, css: &str) -> Checked {
    page.click("#samples").await?;
    page.click(css).await?;
    let is_named = |text: &str| text.starts_with(&card.file);
    page.wait_until_text("#model", is_named, PATIENCE).await?;
    answered(page).await
}

/// Waits until a script's value is this, in words.
///
/// The looks come from outside: frames and timers of the page may rest while a busy machine draws nothing.
pub(crate) async fn becomes(page: &Page, script: &str, expected: &str) -> Checked {
    let look = format!("return String({script})");
    let looked = page.wait_until(&look, |seen| seen.as_str() == Some(expected), PATIENCE).await;
    looked.map(drop).map_err(|error| format!("not {expected}: {error}").into())
}

pub(crate) const FIRST_LABEL: &str = "document.querySelector('#top-classes li')?.dataset.label";

#[tokio::test]
async fn every_sample_is_opened_run_named_and_the_same_in_patches() -> Checked {
    visit("samples", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        for bundled in &BUNDLED {
            let card = bundled.card().ok_or("no card")?;
            open(page, card, &format!("[data-open={}]", bundled.key)).await?;
            for (index, sample) in card.samples.iter().enumerate() {
                page.click(&format!("label:has(#sample-{index})")).await?;
                let Some((shows, answer)) = sample.label.as_ref().zip(sample.answer.as_ref())
                else {
                    page.wait_for(".untrained").await?;
                    continue;
                };
                becomes(page, FIRST_LABEL, answer).await?;
                let is_right = "document.querySelector('#judged')?.dataset.right";
                becomes(page, is_right, if shows == answer { "true" } else { "false" }).await?;
                let words = page.text("#judged").await?;
                assert!(words.contains(shows.as_str()), "{words}");
            }
            page.click("label[for=plan-patched], #plan-patched").await?;
            page.wait_for("#run-both:not([disabled])").await?;
            page.click("#run-both").await?;
            page.wait_until_text("#same-bytes", |text| text.contains("yes"), PATIENCE).await?;
            page.click("label[for=plan-layerwise], #plan-layerwise").await?;
        }
        page.screenshot("samples").await
    })
    .await
}

#[tokio::test]
async fn cards_are_read_and_redistributed_networks_open_in_patches() -> Checked {
    visit("redistribution", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        // By keyboard: the key opens the gallery, and Escape closes it.
        page.client().active_element().await?.send_keys("g").await?;
        page.wait_for("#gallery[open] .sample-model").await?;
        page.screenshot("gallery").await?;
        page.client().active_element().await?.send_keys("\u{e00c}").await?;
        becomes(page, "document.querySelector('#gallery').open", "false").await?;
        for card in BUNDLED.iter().filter_map(Bundled::card) {
            page.click("#samples").await?;
            let entry = format!(".sample-model[data-key={}]", card.key);
            page.click(&format!("{entry} summary")).await?;
            let text = page.text(&entry).await?;
            for word in card.labels.iter().chain(&card.notes).chain([&card.made_by]) {
                assert!(text.contains(word.as_str()), "{}: {word}", card.key);
            }
            for set in &card.data {
                assert!(text.contains(&set.licence) && text.contains(&set.attribution));
            }
            page.click("#close-gallery").await?;
        }
        let moved = BUNDLED.iter().filter_map(Bundled::card);
        let moved = moved.filter(|card| card.redistributed_from.is_some());
        for card in moved {
            open(page, card, &format!("[data-open-patched={}]", card.key)).await?;
            let least = card.smallest().ok_or("no patches")?;
            let bytes = least.arena_bytes.to_string();
            becomes(page, "document.querySelector('#arena-bytes')?.dataset.bytes", &bytes).await?;
            assert_eq!(data(page, "#macs", "macs").await?, least.macs.to_string());
        }
        Ok(())
    })
    .await
}

/// A line that a pointer draws, as places on the pad from its middle, in parts of its side.
type Stroke = &'static [[f64; 2]];

async fn draw(page: &Page, strokes: &[Stroke]) -> Checked {
    page.run("document.querySelector('#pad').scrollIntoView({ block: 'center' })").await?;
    let pad = page.wait_for("#pad").await?;
    let (_, _, side, _) = pad.rectangle().await?;
    for stroke in strokes {
        let mut actions = MouseActions::new("mouse".to_owned());
        for (index, at) in stroke.iter().enumerate() {
            actions = actions.then(PointerAction::MoveToElement {
                element: pad.clone(),
                duration: Some(Duration::from_millis(20)),
                x: at[0] * side,
                y: at[1] * side,
            });
            if index == 0 {
                actions = actions.then(PointerAction::Down { button: MOUSE_BUTTON_LEFT });
            }
        }
        let actions = actions.then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
        page.client().perform_actions(actions).await?;
    }
    Ok(())
}

#[tokio::test]
async fn digits_that_are_drawn_are_named() -> Checked {
    visit("drawing", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        let digits = BUNDLED.iter().find(|one| one.key == "digits").ok_or("no digits")?;
        open(page, digits.card().ok_or("no card")?, "[data-open=digits]").await?;
        draw(page, &[&[[-0.3, -0.3], [0.25, -0.3], [-0.05, 0.35]]]).await?;
        becomes(page, FIRST_LABEL, "7").await?;
        page.screenshot("drawing").await?;
        let is_undone = "document.querySelector('#undo-stroke').disabled";
        page.click("#undo-stroke").await?;
        becomes(page, is_undone, "true").await?;
        draw(page, &[&[[0.0, -0.35], [0.0, 0.35]]]).await?;
        becomes(page, FIRST_LABEL, "1").await?;
        page.click("#clear-pad").await?;
        // Not in the middle, and in two strokes.
        draw(
            page,
            &[&[[-0.4, -0.4], [-0.42, -0.15], [-0.1, -0.15]], &[[-0.17, -0.38], [-0.2, 0.05]]],
        )
        .await?;
        becomes(page, FIRST_LABEL, "4").await?;
        let hash = data(page, "#answer", "sha256").await?;
        page.click("label[for=plan-patched], #plan-patched").await?;
        page.wait_for("#run-both:not([disabled])").await?;
        page.click("#run-both").await?;
        page.wait_until_text("#same-bytes", |text| text.contains("yes"), PATIENCE).await?;
        assert_eq!(data(page, "#answer", "sha256").await?, hash);
        Ok(())
    })
    .await
}

/// A small phone.
const SMALL: Window = Window { width: 360, height: 740, is_phone: true };

#[tokio::test]
async fn the_answer_is_in_sight_while_one_draws_on_a_phone() -> Checked {
    visit("drawing_phone", SMALL, async |page: &Page| {
        answered(page).await?;
        let digits = Bundled::of_key("digits").and_then(Bundled::card).ok_or("no card")?;
        open(page, digits, "[data-open=digits]").await?;
        // The first sight leads to the pad.
        becomes(page, "document.querySelector('#glance .told b').textContent", "0").await?;
        page.click("#glance").await?;
        let both = "['#pad', '#top-classes'].map(css => document.querySelector(css)\
                    .getBoundingClientRect()).every(area => area.top >= 0 && \
                    area.bottom <= window.innerHeight)";
        becomes(page, both, "true").await?;
        page.screenshot("drawing_phone").await
    })
    .await
}

#[tokio::test]
async fn own_models_take_own_labels() -> Checked {
    let (path, session) = files::network();
    let graph = session.graph();
    let classes = graph.tensor(graph.outputs[0]).shape.map();
    let classes = classes.height * classes.width * classes.channels;
    visit("labels", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        page.choose_file("#open-file", &path.to_string_lossy()).await?;
        page.wait_until_text("#model", |text| text.contains("network.tflite"), PATIENCE).await?;
        page.click("#own-labels > summary").await?;
        page.type_into("#labels", "one label").await?;
        page.click("#take-labels").await?;
        let words = format!("1 labels, and the model has {classes} classes");
        page.wait_until_text("#labels-problem", |text| text.contains(&words), PATIENCE).await?;
        // Labels as long as any may be: the panel stays as wide as it is.
        let long = "x".repeat(tinyml_playground::card::MOST_LABEL_BYTES - 10);
        let names: Vec<String> = (0..classes).map(|class| format!("kind {class}{long}")).collect();
        let file = files::named("labels.txt", names.join("\n").as_bytes());
        page.choose_file("#open-labels", &file.to_string_lossy()).await?;
        page.wait_for("#run:not([disabled])").await?;
        page.click("#run").await?;
        answered(page).await?;
        let class = data(page, "#top-classes li", "class").await?;
        becomes(page, FIRST_LABEL, &format!("kind {class}{long}")).await?;
        let overflow = "document.documentElement.scrollWidth - window.innerWidth <= 0 && \
            document.querySelector('#top-classes').scrollWidth \
            <= document.querySelector('.run .told').clientWidth";
        becomes(page, overflow, "true").await?;
        let title = "document.querySelector('#top-classes .class').title";
        becomes(page, title, &format!("kind {class}{long}")).await
    })
    .await
}

#[tokio::test]
async fn the_camera_runs_until_it_is_closed() -> Checked {
    visit("camera", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        page.run(
            "const devices = navigator.mediaDevices, ask = devices.getUserMedia.bind(devices); \
             window.streams = []; \
             devices.getUserMedia = async (wanted) => { const stream = await ask(wanted); \
             window.streams.push(stream); return stream; }",
        )
        .await?;
        assert_eq!(page.run("return window.streams.length").await?, 0);
        let before = data(page, "#answer", "sha256").await?;
        page.click("#camera").await?;
        let answer = "document.querySelector('#answer')?.dataset.sha256";
        let changed = format!("Boolean({answer}) && {answer} !== '{before}'");
        becomes(page, &changed, "true").await?;
        assert_eq!(page.run("return document.querySelectorAll('#judged').length").await?, 0);
        page.click("#camera").await?;
        let states = "window.streams.flatMap(one => one.getTracks().map(track => track.readyState))";
        becomes(page, states, "ended").await?;
        answered(page).await?;
        // Refused, and absent: told with what can be done.
        for (name, words) in [("NotAllowedError", "was refused"), ("NotFoundError", "No camera")] {
            page.run(&format!(
                "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', '{name}'))"
            ))
            .await?;
            page.click("#camera").await?;
            page.wait_until_text("#camera-problem", |text| text.contains(words), PATIENCE).await?;
        }
        Ok(())
    })
    .await
}
