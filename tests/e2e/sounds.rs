//! Spoken words: by the microphone, and from files.

use crate::{
    browser::{Page, Window},
    files,
    samples::{FIRST_LABEL, becomes, open},
    visit::{Checked, visit},
    walk::{PATIENCE, answered},
};
use tinyml_playground::{card::Card, ui::state::Bundled};

/// Keeps what the page is given of microphones, to see whether they are switched off.
const KEEP_STREAMS: &str = "const devices = navigator.mediaDevices, ask = devices.getUserMedia.bind(devices); \
     window.streams = []; \
     devices.getUserMedia = async (wanted) => { const stream = await ask(wanted); \
     window.streams.push(stream); return stream; }";
const STATES: &str =
    "window.streams.flatMap(one => one.getTracks().map(track => track.readyState))";

fn card() -> Checked<&'static Card> {
    Ok(Bundled::of_key("keywords").and_then(Bundled::card).ok_or("no card")?)
}

/// Opens the model; its first sample is answered.
async fn opened(page: &Page) -> Checked {
    answered(page).await?;
    open(page, card()?, "[data-open=keywords]").await
}

#[tokio::test]
async fn the_microphone_hears_a_word_and_is_switched_off() -> Checked {
    visit("microphone", Window::DESKTOP, async |page: &Page| {
        opened(page).await?;
        page.run(KEEP_STREAMS).await?;
        // Another answer is on the page when the microphone is opened.
        let samples = &card()?.samples;
        let yes = samples.iter().find(|one| one.label.as_deref() == Some("yes")).ok_or("no yes")?;
        let other = samples.iter().position(|one| one.answer != yes.answer).ok_or("all alike")?;
        page.click(&format!("label:has(#sample-{other})")).await?;
        let answer = |index: usize| samples[index].answer.clone().ok_or("no answer");
        becomes(page, FIRST_LABEL, &answer(other)?).await?;
        page.click("#microphone").await?;
        becomes(page, FIRST_LABEL, yes.answer.as_deref().ok_or("no answer")?).await?;
        becomes(page, STATES, "ended").await?;
        assert_eq!(page.run("return document.querySelectorAll('#judged').length").await?, 0);
        page.screenshot("microphone").await?;
        // Closed before its time.
        page.click("#microphone").await?;
        page.wait_for(".listening").await?;
        page.screenshot("listening").await?;
        page.click("#microphone").await?;
        becomes(page, STATES, "ended,ended").await?;
        becomes(page, "document.querySelectorAll('.listening').length", "0").await?;
        // Overtaken by another input.
        page.click("#microphone").await?;
        page.wait_for(".listening").await?;
        page.click(&format!("label:has(#sample-{other})")).await?;
        becomes(page, STATES, "ended,ended,ended").await?;
        becomes(page, FIRST_LABEL, &answer(other)?).await
    })
    .await
}

#[tokio::test]
async fn a_microphone_that_is_refused_or_absent_is_told_with_advice() -> Checked {
    visit("no-microphone", Window::PHONE, async |page: &Page| {
        opened(page).await?;
        for (name, words) in
            [("NotAllowedError", "was refused"), ("NotFoundError", "No microphone")]
        {
            page.run(&format!(
                "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', '{name}'))"
            ))
            .await?;
            page.click("#microphone").await?;
            page.wait_until_text("#microphone-told", |text| text.contains(words), PATIENCE)
                .await?;
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn own_sounds_are_named_and_broken_ones_refused_with_their_place() -> Checked {
    visit("sounds", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        // The model that is open at first sees; it does not hear.
        page.choose_file("#open-file", &files::heard().to_string_lossy()).await?;
        let words = "none for sounds";
        page.wait_until_text("#problem", |text| text.contains(words), PATIENCE).await?;
        opened(page).await?;
        let whole = std::fs::read(files::heard())?;
        let cut = files::named("cut.wav", &whole[..1000]);
        page.choose_file("#open-sound", &cut.to_string_lossy()).await?;
        let words = "`data` at byte 36";
        page.wait_until_text("#problem", |text| text.contains(words), PATIENCE).await?;
        let empty = files::named("empty.wav", &[]);
        page.choose_file("#open-sound", &empty.to_string_lossy()).await?;
        let words = "choose another file";
        page.wait_until_text("#problem", |text| text.contains(words), PATIENCE).await?;
        // Another rate is told, with what it costs.
        let mut slow = whole.clone();
        slow[24..28].copy_from_slice(&8_000u32.to_le_bytes());
        let slow = files::named("slow.wav", &slow);
        page.choose_file("#open-sound", &slow.to_string_lossy()).await?;
        let words = "slow.wav: 8,000 samples a second, brought to 16,000; above 4,000 Hz";
        page.wait_until_text(".run", |text| text.contains(words), PATIENCE).await?;
        let sample = &card()?.samples[1];
        let file = format!("models/{}", sample.file);
        page.choose_file("#open-sound", &file).await?;
        page.wait_for("#run:not([disabled])").await?;
        page.click("#run").await?;
        becomes(page, FIRST_LABEL, sample.answer.as_deref().ok_or("no answer")?).await
    })
    .await
}
