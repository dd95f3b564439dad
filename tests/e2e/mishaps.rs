//! Downloads that fail, and files that the open model has no use for.

use crate::{
    browser::{Page, Window},
    files,
    samples::becomes,
    visit::{Checked, visit},
    walk::{PATIENCE, answered},
};

/// Lets requests for addresses that end so fail, or again succeed where the end is empty.
async fn fail(page: &Page, end: &str, answer: &str) -> Checked {
    page.run(&format!(
        "window.realFetch ??= window.fetch; window.fetch = (address, ...rest) => \
         '{end}' && String(address).endsWith('{end}') ? {answer} : realFetch(address, ...rest)"
    ))
    .await
    .map(drop)
}

#[tokio::test]
async fn failed_downloads_are_named_and_tried_again() -> Checked {
    visit("downloads", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        let broken = "Promise.resolve(new Response('', { status: 503 }))";
        fail(page, "digits.tflite", broken).await?;
        page.click("#samples").await?;
        page.click("[data-open=digits]").await?;
        let told = |text: &str| {
            text.contains("This could not be loaded")
                && text.contains("models/digits.tflite")
                && text.contains("status 503")
                && text.contains("Check the connection")
        };
        page.wait_until_text("#problem", told, PATIENCE).await?;
        page.screenshot("download_failed").await?;
        fail(page, "", broken).await?;
        page.click("#try-again").await?;
        page.wait_until_text("#model", |text| text.starts_with("digits"), PATIENCE).await?;
        answered(page).await?;
        becomes(page, "document.querySelector('#problem')", "null").await?;

        let offline = "Promise.reject(new TypeError('Failed to fetch'))";
        fail(page, "/3.png", offline).await?;
        let sample = "document.querySelector('label:has(#sample-2) img').src";
        becomes(page, &format!("{sample}.endsWith('/3.png')"), "true").await?;
        page.click("label:has(#sample-2)").await?;
        let told = |text: &str| text.contains("digits/3.png") && text.contains("Failed to fetch");
        page.wait_until_text("#problem", told, PATIENCE).await?;
        fail(page, "", offline).await?;
        page.click("#try-again").await?;
        becomes(page, "document.querySelector('#judged')?.textContent.includes('shows 3')", "true")
            .await
    })
    .await
}

#[tokio::test]
async fn labels_for_a_sample_that_has_names_are_told_to_be_unwanted() -> Checked {
    visit("unwanted_labels", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        let file = files::named("unwanted.txt", b"one\ntwo\n");
        page.choose_file("#open-file", &file.to_string_lossy()).await?;
        let told = |text: &str| text.contains("this sample's classes have their names");
        page.wait_until_text("#problem", told, PATIENCE).await?;
        Ok(())
    })
    .await
}
