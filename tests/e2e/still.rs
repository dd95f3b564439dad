//! What stands in the page's HTML before the page has started, and how the page takes its place.

use crate::{
    browser::{Page, Window},
    files,
    samples::becomes,
    server::Site,
    visit::{Checked, Console, visit, visit_with},
    walk::{PATIENCE, answered},
};
use serde_json::{Value, json};
use tinyml_playground::{report::Family, text::family_name};

/// Keeps a copy of the page as it is when it is to take the place of the text, and its chart as drawn then.
const TAKE: &str = "new MutationObserver(() => {
    const app = document.getElementById('app');
    if (app?.querySelector('#operators-table tbody tr')) window.taken ??= app.cloneNode(true);
    if (app?.querySelector('#arena svg .block')) window.drawn ??= app.querySelector('#arena').cloneNode(true);
}).observe(document, { subtree: true, childList: true });";

/// Lets the page's code wait until `window.go()` is called.
const STALL: &str = "const gate = new Promise((go) => (window.go = go));
const instantiate = WebAssembly.instantiateStreaming;
WebAssembly.instantiateStreaming = async (...all) => { await gate; return instantiate(...all); };";

/// All words, and the figures in attributes, of the text and of the page at that moment, without what is left out.
const BOTH: &str = "async (leftOut) => {
    const html = await (await fetch(location.href)).text();
    const still = new DOMParser().parseFromString(html, 'text/html').getElementById('still');
    const kinds = ['id', 'title', 'aria-label', 'alt', 'placeholder', 'data-bytes', 'data-macs', 'data-operator'];
    const lines = (root) => {
        root = root.cloneNode(true);
        for (const one of root.querySelectorAll(leftOut)) one.remove();
        root.normalize();
        const found = [];
        const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
        while (walker.nextNode()) {
            const { currentNode: node } = walker;
            if (node.nodeType === Node.TEXT_NODE) found.push(node.data.trim());
            else for (const kind of kinds) found.push(node.hasAttribute(kind) && `${kind}=${node.getAttribute(kind)}`);
        }
        return found.filter(Boolean);
    };
    const words = (root, css) => [...root.querySelectorAll(css)].map((text) => text.textContent).sort();
    const drawn = innerWidth > 640 ? 'wide' : 'narrow';
    return {
        still: lines(still),
        page: lines(window.taken),
        stillChart: words(still, `#arena .${drawn} text`),
        pageChart: words(window.drawn, 'text'),
    };
}";

/// What differs, and must: what a machine says, and what exists on one side only for other reasons.
const LEFT_OUT: [(&str, &str); 9] = [
    ("#kernel-set", "which kernels run here"),
    ("#kernels", "the same, to choose from"),
    ("footer > p:last-child", "the same, below"),
    ("#run, .run .progress", "the first run is under way when the page takes over"),
    ("#starting", "what is said while the page starts"),
    ("#graph-tree", "the graph draws the rows in view, and nothing is in view of a text"),
    ("dialog", "closed sheets come with the page"),
    (".stage-box > *", "drawings, which are compared by their words"),
    (".seen canvas, .seen img", "the picture: pixels there, its file here"),
];

/// Says where two lists part, rather than all of both.
#[track_caller]
fn assert_same(still: &[Value], page: &[Value]) {
    let parted = (0..still.len().max(page.len())).find(|&at| still.get(at) != page.get(at));
    if let Some(at) = parted {
        let near = |all: &[Value]| {
            let near: Vec<Value> = all.iter().skip(at.saturating_sub(2)).take(6).cloned().collect();
            Value::from(near)
        };
        panic!("line {at}: the text has {}, the page {}", near(still), near(page));
    }
}

async fn is_the_same(page: &Page) -> Checked {
    answered(page).await?;
    page.run_before_pages(TAKE).await?;
    page.client().refresh().await?;
    answered(page).await?;
    let left_out: Vec<&str> = LEFT_OUT.iter().map(|(css, _)| *css).collect();
    let both = page.call(BOTH, json!(left_out.join(", "))).await?;
    let list = |name: &str| both[name].as_array().cloned().unwrap_or_default();
    assert_same(&list("still"), &list("page"));
    assert!(list("still").len() > 500, "only {} words and figures", list("still").len());
    assert_eq!(list("stillChart"), list("pageChart"));
    assert!(list("stillChart").contains(&Value::from("peak 90.0 KiB")), "{both}");
    for family in [Family::Convolution, Family::Depthwise, Family::ElementWise] {
        assert!(list("still").contains(&Value::from(family_name(family))), "{family:?}");
    }
    Ok(())
}

#[tokio::test]
async fn the_text_in_the_html_is_what_the_page_shows() -> Checked {
    visit("still", Window::DESKTOP, is_the_same).await
}

#[tokio::test]
async fn the_text_in_the_html_is_what_the_page_shows_on_a_phone() -> Checked {
    visit("still_phone", Window { width: 360, height: 740, ..Window::PHONE }, is_the_same).await
}

/// Opens the page anew, with its code held back.
async fn stall(page: &Page) -> Checked {
    page.run_before_pages(STALL).await?;
    page.client().refresh().await?;
    Ok(())
}

const IS_STILL: &str = "document.getElementById('still') !== null";

/// Notes on what the focus is in the moment in which the text is gone, before anything else can happen.
const NOTE_FOCUS: &str = "let wasThere = false;
new MutationObserver(() => {
    const isThere = document.getElementById('still') !== null;
    if (wasThere && !isThere) Promise.resolve().then(() => (window.focusThen = document.activeElement.id));
    wasThere = isThere;
}).observe(document, { subtree: true, childList: true });";

#[tokio::test]
async fn the_keyboard_stays_where_it_is_when_the_page_takes_over() -> Checked {
    visit("still_focus", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        page.run_before_pages(NOTE_FOCUS).await?;
        stall(page).await?;
        page.run("document.querySelector('#still #samples').focus()").await?;
        becomes(page, IS_STILL, "true").await?;
        page.run("window.go()").await?;
        becomes(page, IS_STILL, "false").await?;
        becomes(page, "window.focusThen", "samples").await
    })
    .await
}

#[tokio::test]
async fn what_is_done_before_the_page_has_started_is_done_then() -> Checked {
    visit("still_clicks", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        stall(page).await?;
        assert!(page.text("#still #verdict").await?.contains("90.0 KiB needed"));
        page.run("document.querySelector('#still #own-sram').select()").await?;
        page.type_into("#still #own-sram", "80\u{e007}").await?;
        page.click("#still #counted > summary").await?;
        page.click("#still #operators-table tr[data-operator='2']").await?;
        page.click("#still #bars").await?;
        page.type_into("#still #bars", "\u{e012}").await?;
        page.click("#still #try-patches").await?;
        page.type_into("#still #own-flash", "77").await?;
        let told = |text: &str| text.contains("Still starting");
        page.wait_until_text("#starting", told, PATIENCE).await?;
        becomes(page, IS_STILL, "true").await?;
        page.screenshot("still_starting").await?;
        page.run("window.go()").await?;
        becomes(page, IS_STILL, "false").await?;
        page.wait_until_text("#verdict", |text| text.contains("80.0 KiB available"), PATIENCE)
            .await?;
        page.wait_until_text("#plan-words", |text| text.contains("patches"), PATIENCE).await?;
        becomes(page, "document.querySelector('#counted').open", "true").await?;
        // What is being typed goes on.
        becomes(page, "document.querySelector('#own-flash').value", "77").await?;
        becomes(page, "document.activeElement.id", "own-flash").await?;
        // The bar in the middle of the box, and one to the left.
        becomes(page, "document.querySelector('#inspector').dataset.operator", "15").await?;
        answered(page).await
    })
    .await
}

#[tokio::test]
async fn a_file_that_is_chosen_before_the_page_has_started_is_opened() -> Checked {
    let (path, _) = files::network();
    visit("still_file", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        stall(page).await?;
        page.choose_file("#still #open-file", &path.to_string_lossy()).await?;
        page.wait_until_text("#starting", |text| text.contains("the file is opened"), PATIENCE)
            .await?;
        page.run("window.go()").await?;
        let name = path.file_name().ok_or("no name")?.to_string_lossy().into_owned();
        page.wait_until_text("#model", |text| text.starts_with(&name), PATIENCE).await?;
        answered(page).await
    })
    .await
}

#[tokio::test]
async fn keys_before_the_page_has_started_are_for_the_page() -> Checked {
    visit("still_keys", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        stall(page).await?;
        page.type_into("#still #bars", "l").await?;
        page.wait_until_text("#starting", |text| text.contains("Still starting"), PATIENCE).await?;
        page.run("window.go()").await?;
        page.wait_until_text("#plan-words", |text| text.contains("patches"), PATIENCE).await?;
        becomes(page, "document.activeElement.id", "bars").await
    })
    .await
}

#[tokio::test]
async fn a_link_with_other_settings_never_shows_the_first_sight() -> Checked {
    visit("still_link", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        page.run("location.hash = '#v=1&m=emoji96&ram=131072'").await?;
        page.wait_until_text("#verdict", |text| text.contains("128.0 KiB"), PATIENCE).await?;
        answered(page).await?;
        stall(page).await?;
        becomes(page, IS_STILL, "false").await?;
        assert_eq!(page.text("#boot").await?, "Loading…");
        page.run("window.go()").await?;
        page.wait_until_text("#verdict", |text| text.contains("128.0 KiB"), PATIENCE).await?;
        answered(page).await
    })
    .await
}

#[tokio::test]
async fn a_page_that_does_not_start_keeps_its_text_and_says_why() -> Checked {
    let site = Site::dist()?.without(".wasm");
    visit_with("no_module", Window::DESKTOP, site, Console::MayHoldErrors, async |page: &Page| {
        let told = |text: &str| text.contains("could not start");
        page.wait_until_text("#starting", told, PATIENCE).await?;
        assert!(page.text("#verdict").await?.contains("90.0 KiB needed"));
        page.screenshot("no_module").await
    })
    .await
}
