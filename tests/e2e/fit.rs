//! What would make a plan fit, and where a value of an activation comes from.

use crate::{
    browser::{Page, Window},
    samples::becomes,
    visit::{Checked, visit},
    walk::{PATIENCE, answered},
};
use serde_json::Value;
use std::process::Command;

/// What the command line finds for the page's first sight.
fn found_natively() -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_inspect"))
        .args(["fit", "models/emoji96.tflite", "--sram", "65536", "--json"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The ways on the page: kind, bytes and words.
const WAYS: &str = "return [...document.querySelectorAll('#ways [data-way]')].map(one => \
                    ({ way: one.dataset.way, bytes: +one.dataset.bytes, \
                    words: one.querySelector('span').textContent }))";

async fn find(page: &Page) -> Checked<Value> {
    page.wait_for("#find-fit").await?;
    page.click("#find-fit").await?;
    page.wait_for("#ways [data-way]").await?;
    page.run(WAYS).await
}

#[tokio::test]
async fn ways_to_fit_are_those_of_the_command_line_and_do_what_they_say() -> Checked {
    visit("fit", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        let found = find(page).await?;
        let known = found_natively();
        let known = known["ways"].as_array().unwrap();
        let found = found.as_array().unwrap();
        assert_eq!(found.len(), known.len(), "{found:?}");
        for (found, known) in found.iter().zip(known) {
            assert_eq!(found["way"], known["way"]);
            assert_eq!(found["bytes"], known["arena_bytes"]);
            assert_eq!(found["words"], known["words"]);
        }
        let input = found.iter().find(|one| one["way"] == "input").unwrap();
        assert_eq!(input["bytes"], 64_000);
        page.screenshot("fit").await?;

        // The plan that is taken fits, with the very bytes that were told; the list goes with it.
        let plan = found.iter().find(|one| one["way"] == "plan").unwrap();
        page.click("#ways [data-way=plan] button").await?;
        page.wait_until_text("#verdict", |text| text.contains("Fits: "), PATIENCE).await?;
        let bytes = plan["bytes"].as_u64().unwrap().to_string();
        becomes(page, "document.querySelector('#arena-bytes').dataset.bytes", &bytes).await?;
        becomes(page, "document.querySelectorAll('#ways').length", "0").await?;
        becomes(page, "document.activeElement.id", "verdict").await?;

        // TensorFlow Lite Micro has no room yet: what is found then is counted with all that it keeps.
        page.wait_until_text("#to-allocate", |text| text.contains("does not fit"), PATIENCE)
            .await?;
        let found = find(page).await?;
        let words: Vec<_> =
            found.as_array().unwrap().iter().map(|one| one["words"].as_str()).collect();
        let [Some(board), Some(input)] = words[..] else { return Err(format!("{words:?}").into()) };
        assert!(board.contains(", in TensorFlow Lite Micro: 132.4 KiB needed, "), "{board}");
        let is_told =
            input.contains(", in TensorFlow Lite Micro about: ") && input.contains(" spare); −");
        assert!(input.starts_with("Input ") && is_told, "{input}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_larger_board_is_taken_from_the_list() -> Checked {
    visit("fit_board", Window::PHONE, async |page: &Page| {
        answered(page).await?;
        find(page).await?;
        // One stop for Tab.
        let stops = "document.querySelectorAll('#ways button[tabindex=\"0\"]').length";
        becomes(page, stops, "1").await?;
        page.run("document.querySelector('#ways [data-way=board] button').click()").await?;
        page.wait_until_text("#verdict", |text| text.contains("256.0 KiB available"), PATIENCE)
            .await?;
        becomes(page, "document.querySelector('#target').value", "STM32F412").await?;
        Ok(())
    })
    .await
}

/// The region of the input that is drawn for the chosen cell: rows, then columns, half-open.
const REGION: &str = "document.querySelector('#cell-field').dataset.region ?? 'none'";

#[tokio::test]
async fn a_cell_is_followed_back_to_the_input() -> Checked {
    visit("cell", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        page.wait_for("#tiles canvas").await?;
        becomes(page, REGION, "none").await?;
        // #4 at 48x48: its middle reads 7x7 of the input, a cell beside it two columns on.
        page.type_into("#tiles", "\u{e014}").await?;
        becomes(page, REGION, "46 53 46 53").await?;
        page.type_into("#tiles", "\u{e014}").await?;
        becomes(page, REGION, "46 53 48 55").await?;
        let told = |text: &str| {
            text.starts_with("Row 24, column 25, channel 0: ")
                && text.contains("Reads input rows 46 to 52, columns 48 to 54: 7x7.")
        };
        page.wait_until_text("#cell-words", told, PATIENCE).await?;
        // A pointer at the first cell of the first tile: the border cuts what it reads.
        page.run(
            "const tiles = document.querySelector('#tiles canvas'); \
             const area = tiles.getBoundingClientRect(); \
             tiles.dispatchEvent(new PointerEvent('pointermove', \
             { bubbles: true, clientX: Math.ceil(area.x), clientY: Math.ceil(area.y) }))",
        )
        .await?;
        becomes(page, REGION, "0 5 0 5").await?;
        let told = |text: &str| text.contains("5x5, of 7x7 without the border");
        page.wait_until_text("#cell-words", told, PATIENCE).await?;

        // In patches the words tell who computes it.
        page.click("#try-patches").await?;
        page.wait_until_text("#verdict", |text| text.contains("Fits: "), PATIENCE).await?;
        page.click("#operators-table tbody tr:nth-child(5)").await?;
        let told = |text: &str| text.contains(" computes it with rows 0 to ");
        page.wait_until_text("#cell-words", told, PATIENCE).await?;
        Ok(())
    })
    .await
}
