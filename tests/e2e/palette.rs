//! The palette of commands, and toolbars: by keys alone.

use crate::{
    browser::{Page, Window},
    samples::becomes,
    visit::{Checked, visit_untrained},
    walk::{PATIENCE, answered},
};

/// The keys as WebDriver writes them.
const ENTER: &str = "\u{E007}";
const RIGHT: &str = "\u{E014}";
const DOWN: &str = "\u{E015}";
const END: &str = "\u{E010}";

/// Opens the palette as Ctrl-K does, from wherever the keyboard is.
const CTRL_K: &str = "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', \
                      { key: 'k', ctrlKey: true, bubbles: true, cancelable: true }))";
const IS_OPEN: &str = "document.querySelector('#palette').open";
const MARKED: &str = "document.querySelector('#palette [aria-selected=true]')?.textContent";

async fn opened(page: &Page) -> Checked {
    page.run(CTRL_K).await?;
    becomes(page, IS_OPEN, "true").await?;
    becomes(page, "document.activeElement.id", "palette-query").await?;
    becomes(page, "document.querySelector('#palette-query').value", "").await
}

#[tokio::test]
async fn the_palette_goes_to_operators_takes_boards_and_presses_buttons() -> Checked {
    visit_untrained("palette", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        opened(page).await?;
        page.type_into("#palette-query", "#12").await?;
        page.wait_until_text("#palette-list", |text| text.contains("#12 "), PATIENCE).await?;
        page.type_into("#palette-query", ENTER).await?;
        becomes(page, IS_OPEN, "false").await?;
        page.wait_until_text("#inspector-title", |text| text.contains("#12 "), PATIENCE).await?;

        opened(page).await?;
        page.type_into("#palette-query", "stm32f4").await?;
        page.wait_until_text("#palette-list", |text| text.contains("Target: STM32F412"), PATIENCE)
            .await?;
        page.screenshot("palette").await?;
        becomes(page, MARKED, "Target: STM32F410").await?;
        page.type_into("#palette-query", DOWN).await?;
        becomes(page, MARKED, "Target: STM32F412").await?;
        page.type_into("#palette-query", ENTER).await?;
        let told = |text: &str| text.contains("256.0 KiB available");
        page.wait_until_text("#verdict", told, PATIENCE).await?;

        // A command that cannot be done now is not offered; one that can is done where it stands.
        opened(page).await?;
        page.type_into("#palette-query", "do it again").await?;
        let told = |text: &str| text.contains("Nothing is called that");
        page.wait_until_text("#palette .note", told, PATIENCE).await?;
        page.run("document.querySelector('#palette').close()").await?;
        becomes(page, IS_OPEN, "false").await?;
        opened(page).await?;
        page.type_into("#palette-query", "explain").await?;
        becomes(page, MARKED, "Explain an error line").await?;
        page.type_into("#palette-query", ENTER).await?;
        becomes(page, "document.querySelector('#explain-sheet').open", "true").await?;
        // One sheet at a time.
        page.run(CTRL_K).await?;
        becomes(page, IS_OPEN, "false").await
    })
    .await
}

#[tokio::test]
async fn arrow_keys_walk_a_toolbar_and_its_end_meets_its_beginning() -> Checked {
    visit_untrained("toolbar", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        let walk = [
            ("#fit-target", RIGHT, "smallest"),
            ("#smallest", END, "find-front"),
            ("#find-front", RIGHT, "fit-target"),
        ];
        for (from, key, to) in walk {
            page.type_into(from, key).await?;
            becomes(page, "document.activeElement.id", to).await?;
        }
        Ok(())
    })
    .await
}
