//! The sheet that explains error lines.

use crate::{
    browser::{Page, Window},
    samples::becomes,
    visit::{Checked, visit_untrained},
    walk::{PATIENCE, answered},
};

/// What a board printed whose arena left 100,000 bytes for activations.
const NO_ROOM: &str =
    "Failed to resize buffer. Requested: 138240, available 100000, missing: 38240";

/// Pastes into the field: it replaces what is there, as after selecting all.
async fn paste(page: &Page, text: &str) -> Checked {
    page.call(
        "async ({ text }) => { const field = document.querySelector('#error-lines'); \
         field.value = text; field.dispatchEvent(new InputEvent('input', { bubbles: true })); }",
        serde_json::json!({ "text": text }),
    )
    .await
    .map(drop)
}

#[tokio::test]
async fn an_error_line_is_explained_with_three_numbers_and_a_way_out() -> Checked {
    visit_untrained("explain", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        page.click("#explain").await?;
        becomes(page, "document.querySelector('#explain-sheet').open", "true").await?;
        // The field has the keyboard, and says what it takes.
        becomes(page, "document.activeElement.id", "error-lines").await?;
        page.wait_until_text("#explained", |text| text.contains("Understood are"), PATIENCE)
            .await?;

        page.type_into("#error-lines", NO_ROOM).await?;
        let told = |text: &str| text.contains("No room for the activations");
        page.wait_until_text("#explained", told, PATIENCE).await?;
        let numbers = "[...document.querySelectorAll('#explained dl:first-of-type dd')]\
                       .slice(0, 3).map(one => one.textContent).join('; ')";
        let three = "135.0 KiB (138,240 bytes); 97.7 KiB (100,000 bytes); 37.3 KiB (38,240 bytes)";
        becomes(page, numbers, three).await?;
        let text = page.text("#explained").await?;
        assert!(text.contains("exactly what this model's activations take here"), "{text}");
        assert!(text.contains("is too small for the") && text.contains("STM32F412"), "{text}");
        page.screenshot("explain").await?;

        paste(page, "Something else went wrong").await?;
        page.wait_until_text("#explained", |text| text.contains("Not known here"), PATIENCE)
            .await?;
        paste(page, "Node CONV_2D (number 4f) failed to prepare with status 1").await?;
        let told = |text: &str| text.contains("not CONV_2D: the line is of another model");
        page.wait_until_text("#explained", told, PATIENCE).await?;

        // The way out plans again, behind the closed sheet.
        paste(page, NO_ROOM).await?;
        let told = |text: &str| text.contains("Try patches");
        page.wait_until_text("#explained", told, PATIENCE).await?;
        page.run(
            "[...document.querySelectorAll('#explained button')]\
             .find(one => one.textContent === 'Try patches').click()",
        )
        .await?;
        becomes(page, "document.querySelector('#explain-sheet').open", "false").await?;
        page.wait_until_text("#verdict", |text| text.contains("Fits: "), PATIENCE).await?;
        // What was planned meanwhile is offered, by the letter's key.
        page.run("document.querySelector('main').focus()").await?;
        page.client().active_element().await?.send_keys("e").await?;
        let told = |text: &str| text.contains("which fits the 97.7 KiB that are left");
        page.wait_until_text("#explained", told, PATIENCE).await?;
        Ok(())
    })
    .await
}
