//! The arena's time: whose a byte is, zoom and play.

use crate::{
    browser::{Page, Window},
    samples::becomes,
    visit::{Checked, visit_untrained},
    walk::{PATIENCE, answered},
};
use serde_json::json;

/// Moves a mouse over the arena along points, as shares of its box; `isDragged` presses its button meanwhile.
const MOVE: &str = "async ({ points, isDragged }) => { \
    const stage = document.querySelector('#arena'); \
    const area = stage.getBoundingClientRect(); \
    const tell = (kind, [x, y]) => stage.dispatchEvent(new PointerEvent(kind, { bubbles: true, \
        pointerType: 'mouse', clientX: area.x + area.width * x, clientY: area.y + area.height * y })); \
    const frame = () => new Promise(requestAnimationFrame); \
    if (isDragged) tell('pointerdown', points[0]); \
    for (const point of points) { await frame(); tell('pointermove', point); } \
    await frame(); \
    if (isDragged) tell('pointerup', points.at(-1)); }";

async fn moved(page: &Page, points: &[[f64; 2]], is_dragged: bool) -> Checked {
    page.call(MOVE, json!({ "points": points, "isDragged": is_dragged })).await.map(drop)
}

const N_BLOCKS: &str = "document.querySelectorAll('#arena .blocks .block').length";
const SELECTED: &str = "document.querySelector('#inspector').dataset.operator";

#[tokio::test]
async fn a_byte_tells_its_owner_and_time_is_zoomed_and_played() -> Checked {
    visit_untrained("time", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        let all = page.run(&format!("return {N_BLOCKS}")).await?.to_string();
        // The lowest bytes are somebody's as long as anything lives; none are above the arena.
        moved(page, &[[0.4, 0.85]], false).await?;
        let told = |text: &str| text.starts_with("Byte ") && text.contains(", live from #");
        page.wait_until_text(".arena .pointed", told, PATIENCE).await?;
        moved(page, &[[0.4, 0.05]], false).await?;
        let told = |text: &str| text.ends_with("above the arena");
        page.wait_until_text(".arena .pointed", told, PATIENCE).await?;

        moved(page, &[[0.4, 0.5], [0.5, 0.5], [0.6, 0.5]], true).await?;
        becomes(page, &format!("{N_BLOCKS} < {all}"), "true").await?;
        page.screenshot("arena_zoomed").await?;
        // The selection draws the part that is shown along.
        page.run("document.querySelector('#arena').focus()").await?;
        page.type_into("#arena", "\u{E011}").await?;
        becomes(page, SELECTED, "0").await?;
        becomes(page, "document.querySelector('#arena .column') !== null", "true").await?;
        page.type_into("#arena", "0").await?;
        becomes(page, N_BLOCKS, &all).await?;
        page.type_into("#arena", "++").await?;
        becomes(page, &format!("{N_BLOCKS} < {all}"), "true").await?;
        page.type_into("#arena", "--").await?;
        becomes(page, N_BLOCKS, &all).await?;

        page.click("#arena-time button").await?;
        becomes(page, &format!("{SELECTED} > 3"), "true").await?;
        page.click("#arena-time button").await?;
        becomes(page, "document.querySelector('#arena-time').dataset.playing", "false").await
    })
    .await
}
