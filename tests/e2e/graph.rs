//! The graph of operators and the sorted table, on the first sight and on a model of a thousand operators.

use crate::{
    browser::{Page, Window},
    files::{
        named,
        support::{deep::inverted_residuals, tflite_writer::build},
    },
    samples::becomes,
    visit::{Checked, visit, visit_untrained},
    walk::{PATIENCE, answered},
};

const UP: &str = "\u{e013}";
const DOWN: &str = "\u{e015}";
const LEFT: &str = "\u{e012}";
const RIGHT: &str = "\u{e014}";
const END: &str = "\u{e010}";
const ENTER: &str = "\u{e007}";

async fn press(page: &Page, keys: &[&str]) -> Checked {
    for key in keys {
        page.client().active_element().await?.send_keys(key).await?;
    }
    Ok(())
}

async fn selected(page: &Page, label: &str) -> Checked {
    let is_meant = |text: &str| text.contains(label);
    page.wait_until_text("#inspector-title", is_meant, PATIENCE).await?;
    Ok(())
}

/// The numbers of the operators in the table, as far as they are in the document.
const ROWS: &str = "[...document.querySelectorAll('#operators-table tbody tr[data-operator]')]\
    .map(row => row.dataset.operator).join(' ')";

#[tokio::test]
async fn the_graph_selects_folds_and_finds() -> Checked {
    visit_untrained("graph", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        page.click("#graph-tree [data-operator='6']").await?;
        selected(page, "#6 ").await?;
        let chosen = "document.querySelector('#graph-tree [aria-selected=true]').dataset.operator";
        becomes(page, chosen, "6").await?;
        // Keys step through it, and what is selected elsewhere shows here.
        press(page, &[DOWN, DOWN, UP]).await?;
        selected(page, "#7 ").await?;
        page.run("document.querySelector('#bars').focus()").await?;
        press(page, &[RIGHT]).await?;
        becomes(page, chosen, "8").await?;
        let active = "document.querySelector('#graph-tree [aria-selected=true]').id === \
                      document.querySelector('#graph-tree').getAttribute('aria-activedescendant')";
        becomes(page, active, "true").await?;
        // A folded block stands for its operators.
        page.run("document.querySelector('#graph-tree').focus()").await?;
        let drawn = "document.querySelector('#graph-tree [data-operator=\"8\"]') !== null";
        becomes(page, drawn, "true").await?;
        press(page, &[LEFT]).await?;
        becomes(page, drawn, "false").await?;
        let head = "document.querySelector('#graph-tree [aria-selected=true]').dataset.block";
        assert_eq!(page.run(&format!("return {head} !== undefined")).await?, true);
        selected(page, "#8 ").await?;
        press(page, &[RIGHT]).await?;
        becomes(page, drawn, "true").await?;
        // The search counts, goes on from the selected one, and opens what is folded.
        press(page, &["f", "/"]).await?;
        becomes(page, "document.activeElement.id", "graph-find").await?;
        becomes(page, drawn, "false").await?;
        // What is called so itself, not what reads a tensor that is.
        press(page, &["mean"]).await?;
        page.wait_until_text("#graph-found", |text| text == "1 found", PATIENCE).await?;
        press(page, &[ENTER]).await?;
        selected(page, "MEAN").await?;
        page.wait_until_text("#graph-found", |text| text == "1 of 1 found", PATIENCE).await?;
        page.screenshot("graph").await
    })
    .await
}

#[tokio::test]
async fn the_table_is_sorted_by_its_heads_and_stays_so() -> Checked {
    visit("sorted", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        let file: String = page.run(&format!("return {ROWS}")).await?.as_str().unwrap().to_owned();
        let live = "#operators-table th:nth-child(4)";
        let bytes = "[...document.querySelectorAll('#operators-table tbody tr td:nth-child(4)')]\
                     .map(cell => Number(cell.title.replace(/[^0-9]/g, '')))";
        let falls = format!("{bytes}.every((one, at, all) => at === 0 || one <= all[at - 1])");
        becomes(page, &falls, "false").await?;
        page.click(&format!("{live} button")).await?;
        becomes(page, &format!("document.querySelector('{live}').ariaSort"), "descending").await?;
        becomes(page, &falls, "true").await?;
        // Another operator and another plan keep the order's rule.
        page.run("document.querySelector('#operators-table tr[data-operator=\"9\"]').click()")
            .await?;
        selected(page, "#9 ").await?;
        page.click("#try-patches").await?;
        page.wait_until_text("#verdict", |text| text.contains("Fits: "), PATIENCE).await?;
        becomes(page, &falls, "true").await?;
        // By keyboard: once more for the other direction, and the third press leads back.
        page.run(&format!("document.querySelector('{live} button').focus()")).await?;
        press(page, &[ENTER]).await?;
        becomes(page, &format!("document.querySelector('{live}').ariaSort"), "ascending").await?;
        press(page, &[ENTER]).await?;
        becomes(page, ROWS, &file).await?;
        press(page, &[LEFT, LEFT, ENTER]).await?;
        let kinds = "[...document.querySelectorAll('#operators-table tbody .kind')]\
                     .map(kind => kind.textContent)";
        let rises = format!(
            "{kinds}.every((one, at, all) => at === 0 || one.slice(1) >= all[at - 1].slice(1))"
        );
        becomes(page, &rises, "true").await?;
        page.screenshot("sorted").await
    })
    .await
}

#[tokio::test]
async fn a_thousand_operators_are_scrolled_and_stepped_through() -> Checked {
    visit("thousand", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        let path = named("deep.tflite", &build(&inverted_residuals(250)));
        page.choose_file("#open-file", &path.to_string_lossy()).await?;
        page.wait_until_text("#model", |text| text.contains("1001 operators"), PATIENCE).await?;
        page.wait_until_text("#graph-found", |text| text == "1001 operators, 250 blocks", PATIENCE)
            .await?;
        // All blocks are folded, and only what is in view is in the document.
        let few = "document.querySelectorAll('[role=treeitem]').length < 100 && \
                   document.querySelectorAll('#operators-table tbody tr').length < 100";
        becomes(page, few, "true").await?;
        becomes(page, "document.querySelector('#operators-table').ariaRowCount", "1002").await?;
        // The last operator: both lists show it.
        page.run("document.querySelector('#graph-tree').focus()").await?;
        press(page, &["f", END]).await?;
        selected(page, "#1000 ADD").await?;
        let is_seen = |list: &str| {
            format!(
                "(() => {{ const box = document.querySelector('{list}').getBoundingClientRect(); \
                 const row = document.querySelector('{list} [data-operator=\"1000\"]')\
                 ?.getBoundingClientRect(); \
                 return Boolean(row) && row.top >= box.top && row.bottom <= box.bottom + 1; }})()"
            )
        };
        for list in ["#graph-tree", ".scroll.tall"] {
            becomes(page, &is_seen(list), "true").await?;
        }
        let index =
            "document.querySelector('#operators-table [data-operator=\"1000\"]').ariaRowIndex";
        becomes(page, index, "1002").await?;
        becomes(page, few, "true").await?;
        // Unfolded and sorted, they still do.
        press(page, &[LEFT, RIGHT]).await?;
        page.click("#operators-table th:nth-child(4) button").await?;
        becomes(page, "document.querySelector('th[aria-sort=descending]').cellIndex", "3").await?;
        for list in ["#graph-tree", ".scroll.tall"] {
            becomes(page, &is_seen(list), "true").await?;
        }
        page.run("document.querySelector('#graph-tree').focus()").await?;
        // Scrolled by hand, other rows are drawn; the selection stays.
        for list in ["#graph-tree", ".scroll.tall"] {
            page.run(&format!("document.querySelector('{list}').scrollTop = 0")).await?;
            let first = format!("document.querySelector('{list} [data-operator=\"2\"]') !== null");
            becomes(page, &first, "true").await?;
            becomes(page, &is_seen(list), "false").await?;
        }
        // Found by the name of a tensor: who writes it, and who reads it.
        press(page, &["/", "sum 124\n"]).await?;
        page.wait_until_text("#graph-found", |text| text == "1 of 3 found", PATIENCE).await?;
        selected(page, "#500 ADD").await?;
        // Typed and entered before the page is drawn again: nothing is lost.
        page.run(
            "const field = document.querySelector('#graph-find'); field.value = 'sum 125'; \
             field.dispatchEvent(new InputEvent('input', { bubbles: true })); \
             field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))",
        )
        .await?;
        selected(page, "#504 ADD").await?;
        becomes(page, "document.querySelector('#graph-find').value", "sum 125").await?;
        page.wait_until_text("#graph-found", |text| text == "1 of 3 found", PATIENCE).await?;
        page.screenshot("thousand").await
    })
    .await
}

#[tokio::test]
async fn the_last_step_is_in_the_address_also_when_the_page_is_left_at_once() -> Checked {
    visit_untrained("left_at_once", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        page.run(
            "document.querySelector('#graph-tree [data-operator=\"3\"]').click(); \
             location.href = `${location.pathname}?elsewhere`",
        )
        .await?;
        becomes(page, "location.search", "?elsewhere").await?;
        answered(page).await?;
        page.client().back().await?;
        selected(page, "#3 ").await?;
        becomes(page, "/[#&]sel=3(&|$)/.test(location.hash)", "true").await?;
        // And without that, as soon as the selection rests.
        page.click("#graph-tree [data-operator='6']").await?;
        becomes(page, "/[#&]sel=6(&|$)/.test(location.hash)", "true").await?;
        page.client().refresh().await?;
        selected(page, "#6 ").await
    })
    .await
}

#[tokio::test]
async fn a_phone_folds_the_graph_away() -> Checked {
    visit("graph_phone", Window::PHONE, async |page: &Page| {
        answered(page).await?;
        let is_drawn = "document.querySelector('#graph-tree').checkVisibility()";
        becomes(page, is_drawn, "false").await?;
        page.click("#graph-show").await?;
        becomes(page, is_drawn, "true").await?;
        page.click("#graph-tree [data-operator='5']").await?;
        selected(page, "#5 ").await?;
        let wide = page.run("return document.documentElement.scrollWidth - window.innerWidth");
        assert!(wide.await?.as_i64() <= Some(0));
        page.screenshot("graph_phone").await
    })
    .await
}
