//! The page's address: each model has an entry in the history, and a link says what it cannot show.

use crate::{
    browser::{Page, Window},
    files,
    samples::{becomes, open},
    visit::{Checked, visit},
    walk::{PATIENCE, answered},
};
use tinyml_playground::ui::state::Bundled;

fn card(key: &str) -> Checked<&'static tinyml_playground::card::Card> {
    Ok(Bundled::of_key(key).and_then(Bundled::card).ok_or("no card")?)
}

#[tokio::test]
async fn back_and_forward_lead_through_models_with_their_settings() -> Checked {
    visit("history", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        let first = page.text("#model").await?;
        let before = page.run("return history.length").await?.as_u64().unwrap_or(0);
        page.click("#target option[value=budget]").await?;
        page.wait_until_text("#verdict", |text| text.contains("128.0 KiB"), PATIENCE).await?;
        open(page, card("digits")?, "[data-open=digits]").await?;
        page.click("label[for=plan-patched], #plan-patched").await?;
        page.wait_until_text("#plan-words", |text| text.contains("patches"), PATIENCE).await?;
        let entries = "history.length";
        becomes(page, entries, &(before + 1).to_string()).await?;
        page.run("history.back()").await?;
        page.wait_until_text("#model", |text| text == first, PATIENCE).await?;
        answered(page).await?;
        let verdict = page.text("#verdict").await?;
        assert!(verdict.contains("128.0 KiB available"), "{verdict}");
        page.run("history.forward()").await?;
        page.wait_until_text("#model", |text| text.starts_with("digits"), PATIENCE).await?;
        page.wait_until_text("#plan-words", |text| text.contains("patches"), PATIENCE).await?;
        answered(page).await
    })
    .await
}

#[tokio::test]
async fn a_link_to_a_sample_that_is_not_here_says_so() -> Checked {
    visit("unknown_sample", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        page.run("location.hash = '#v=1&m=emoji97&ram=65536'").await?;
        let words = "names a sample \"emoji97\" that this version does not have; emoji96";
        page.wait_until_text("#link-note", |text| text.contains(words), PATIENCE).await?;
        answered(page).await?;
        page.screenshot("unknown_sample").await?;
        assert_eq!(page.run("return location.hash").await?, "#v=1&m=emoji97&ram=65536");
        page.click("#link-note button").await?;
        becomes(page, "location.hash.includes('m=emoji96&')", "true").await
    })
    .await
}

/// The first pixel of what the network sees, as a level.
const FIRST_LEVEL: &str = "document.querySelector('.seen canvas')?.getContext('2d')\
    .getImageData(0, 0, 1, 1).data[0]";

#[tokio::test]
async fn pictures_are_inverted_on_demand_also_by_a_link() -> Checked {
    visit("inverted", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        open(page, card("digits")?, "[data-open=digits]").await?;
        becomes(page, FIRST_LEVEL, "0").await?;
        page.wait_for("#light-on-dark").await?;
        page.click("#preprocessing > summary").await?;
        page.click("#invert").await?;
        becomes(page, FIRST_LEVEL, "255").await?;
        becomes(page, "location.hash.includes('light=inverted')", "true").await?;
        page.client().refresh().await?;
        becomes(page, FIRST_LEVEL, "255").await?;
        page.click("#preprocessing > summary").await?;
        page.click("#invert").await?;
        becomes(page, FIRST_LEVEL, "0").await
    })
    .await
}

#[tokio::test]
async fn values_that_make_no_sense_are_told_with_what_is_shown() -> Checked {
    visit("misread", Window::PHONE, async |page: &Page| {
        answered(page).await?;
        // Also where all else is what is shown already.
        page.run("location.hash = '#v=1&m=emoji96&board=own&ram=lots&sel=999&later=1'").await?;
        let words = "Not understood in this link: ram=lots (shown: 128.0 KiB of SRAM), \
                     sel=999 (shown: the peak).";
        page.wait_until_text("#link-note", |text| text.contains(words), PATIENCE).await?;
        answered(page).await?;
        let role = "document.querySelector('#link-note').getAttribute('role')";
        becomes(page, role, "status").await?;
        page.screenshot("misread").await?;
        let overflow = "return document.documentElement.scrollWidth - window.innerWidth";
        assert!(page.run(overflow).await?.as_i64() <= Some(0));
        page.click("#link-note button").await?;
        becomes(page, "document.querySelector('#link-note')", "null").await?;
        becomes(page, "location.hash.includes('ram=131072')", "true").await?;
        // The address is what is shown, and one that differs by nonsense alone says so as well.
        page.run("location.hash += '&theme=pink'").await?;
        let words = "theme=pink (shown: as usual)";
        page.wait_until_text("#link-note", |text| text.contains(words), PATIENCE).await?;
        answered(page).await
    })
    .await
}

#[tokio::test]
async fn a_file_that_is_not_here_is_compared_once_it_is_opened() -> Checked {
    let (path, session) = files::network();
    let sha256 = &session.report().sha256;
    visit("own_link", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        let link = format!("#v=1&m=sha256:{}&plan=layer&planner=exact&a.plan=layer", &sha256[..16]);
        page.run(&format!("location.hash = '{link}'")).await?;
        let words = |text: &str| text.contains(&sha256[..12]) && text.contains("plan A");
        page.wait_until_text("#link-note", words, PATIENCE).await?;
        answered(page).await?;
        becomes(page, "document.querySelector('#comparison')", "null").await?;
        page.screenshot("own_link").await?;
        page.choose_file("#open-file", &path.to_string_lossy()).await?;
        page.wait_until_text("#model", |text| text.contains("network.tflite"), PATIENCE).await?;
        let told = |text: &str| text.contains("B: planned exactly");
        page.wait_until_text("#differences", told, PATIENCE).await?;
        becomes(page, "document.querySelector('#link-note')", "null").await?;
        // A file of one's own waits to be run.
        page.wait_for("#run-both:not([disabled])").await?;
        Ok(())
    })
    .await
}
