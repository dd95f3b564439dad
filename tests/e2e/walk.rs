//! Walks through the page as its users do.

use crate::{
    browser::{Page, Window},
    files,
    visit::{Checked, visit, visit_untrained},
};
use std::time::Duration;
use tinyml_playground::{
    graph::Passes,
    kernels::Reference,
    model::Limits,
    report::{InputImage, ScheduleChoice},
    session::Session,
    text::{kib, thousands},
};

/// How long the page may take for anything.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Waits until an inference has run and its answer is shown.
pub(crate) async fn answered(page: &Page) -> Checked {
    page.wait_until_text("#run-arena", |text| !text.is_empty(), PATIENCE).await?;
    Ok(())
}

/// The value of an element's data attribute.
pub(crate) async fn data(page: &Page, css: &str, name: &str) -> Checked<String> {
    let value = page.wait_for(css).await?.attr(&format!("data-{name}")).await?;
    value.ok_or_else(|| format!("{css} has no data-{name}").into())
}

/// Sets a number field as a user does: select all, type.
async fn enter(page: &Page, css: &str, value: u32) -> Checked {
    page.run(&format!("document.querySelector('{css}').select()")).await?;
    page.type_into(css, &format!("{value}\u{e007}")).await
}

/// The model that the page shows at first.
fn first_model() -> Session<Reference> {
    let bytes = std::fs::read(files::in_tests("../models/emoji96.tflite")).unwrap();
    Session::open(bytes.into(), Passes::default(), Limits::default()).unwrap()
}

#[tokio::test]
async fn first_sight_is_a_verdict_with_everything_behind_it() -> Checked {
    visit("first_sight", Window::DESKTOP, async |page: &Page| {
        let session = first_model();
        let report = session.report();
        let needed =
            format!("Does not fit: {} needed, 64.0 KiB available", kib(report.arena_bytes));
        page.wait_until_text("#verdict", |text| text.contains(&needed), PATIENCE).await?;
        // Until the page has taken the text's place, what is found may go.
        answered(page).await?;
        let peak = page.text("#peak-operator").await?;
        assert!(peak.contains(&format!("#{}", report.peak_operator)), "{peak}");
        assert_eq!(data(page, "#run-arena", "bytes").await?, report.arena_bytes.to_string());
        assert_eq!(data(page, "#arena-bytes", "bytes").await?, report.arena_bytes.to_string());
        let formula = page.text("#formula").await?;
        assert!(formula.contains(&thousands(report.arena_bytes)), "{formula}");
        let rows = page.run("return document.querySelectorAll('#operators-table tbody tr').length");
        assert_eq!(rows.await?, report.operators.len());
        // The answer has a name, and it is right.
        assert_eq!(data(page, "#top-classes li", "label").await?, "heart");
        assert_eq!(data(page, "#judged", "right").await?, "true");
        let glance = page.text("#glance").await?;
        assert!(glance.contains("Answer: heart"), "{glance}");
        // And in patches it fits.
        page.click("#try-patches").await?;
        page.wait_until_text("#verdict", |text| text.contains("Fits: "), PATIENCE).await?;
        page.wait_for("#activation canvas").await?;
        page.screenshot("first_sight").await
    })
    .await
}

#[tokio::test]
async fn an_uploaded_model_is_compared_in_patches() -> Checked {
    let (path, session) = files::network();
    visit("upload", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        page.choose_file("#open-file", &path.to_string_lossy()).await?;
        page.wait_until_text("#model", |text| text.contains("network.tflite"), PATIENCE).await?;
        let report = session.report();
        let needed = format!("{} needed", kib(report.arena_bytes));
        page.wait_until_text("#verdict", |text| text.contains(&needed), PATIENCE).await?;
        let peak = format!("#{}", report.peak_operator);
        assert!(page.text("#peak-operator").await?.contains(&peak));

        page.click("label[for=plan-patched], #plan-patched").await?;
        let with = |stage_end| ScheduleChoice::Patched {
            stage_end,
            rows: 2,
            columns: 3,
            input_image: InputImage::Resident,
        };
        let mut ends = report.stage_ends.iter().rev().copied();
        let stage_end = ends.find(|&end| session.plan(with(end)).is_ok()).unwrap();
        let option = format!("#stage-end option[value='{stage_end}']");
        page.click(&option).await?;
        enter(page, "#grid-rows", 2).await?;
        enter(page, "#grid-columns", 3).await?;
        let planned = session.plan(with(stage_end))?;
        let plan = session.plan_report(&planned);
        let words = format!("2x3 patches up to #{stage_end}");
        page.wait_until_text("#plan-words", |text| text.contains(&words), PATIENCE).await?;
        let arena = plan.arena_bytes.to_string();
        let needed = format!("{} needed", kib(plan.arena_bytes));
        page.wait_until_text("#verdict", |text| text.contains(&needed), PATIENCE).await?;
        assert_eq!(data(page, "#arena-bytes", "bytes").await?, arena);
        assert_eq!(data(page, "#macs", "macs").await?, plan.macs.to_string());

        page.click("#run-both").await?;
        page.wait_until_text("#same-bytes", |text| text.contains("yes"), PATIENCE).await?;
        let shown = page.text("#run-arena").await?;
        assert_eq!(shown, thousands(plan.arena_bytes), "it ran in what the plan shows");
        // Beside the sweep, also without a list of candidates below.
        let width = "return document.querySelector('#comparison').clientWidth";
        let width = page.run(width).await?.as_u64().unwrap_or(0);
        assert!(width > 400, "the comparison is {width} px wide");
        page.screenshot("uploaded_in_patches").await
    })
    .await
}

#[tokio::test]
async fn try_patches_finds_a_plan_that_fits() -> Checked {
    visit_untrained("try_patches", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        page.click("#try-patches").await?;
        page.wait_until_text("#verdict", |text| text.contains("Fits: 48.0 KiB"), PATIENCE).await?;
        page.wait_for("#candidates").await?;
        page.click("#input-streamed").await?;
        page.wait_until_text("#plan-words", |text| text.contains("streamed"), PATIENCE).await?;
        page.click("#run-both").await?;
        page.wait_until_text("#same-bytes", |text| text.contains("yes"), PATIENCE).await?;
        page.screenshot("patches_fit").await?;
        // The address holds the view: a reload comes back to it.
        let address = page.run("return location.hash").await?;
        assert!(address.as_str().is_some_and(|hash| hash.contains("plan=patch")), "{address}");
        page.client().refresh().await?;
        page.wait_until_text("#plan-words", |text| text.contains("streamed"), PATIENCE).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn patches_sweep_over_the_input() -> Checked {
    visit_untrained("sweep", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        page.click("#try-patches").await?;
        page.wait_for("#sweep").await?;
        let n_patches = "return +document.querySelector('#sweep-patch').max";
        let n_patches = page.run(n_patches).await?.as_u64().unwrap_or(0);
        assert!(n_patches > 1, "{n_patches} patches");
        // From the first patch to the last, and no further.
        page.click("#sweep-play").await?;
        let end = format!("Patch {n_patches} of {n_patches} reads");
        page.wait_until_text("#sweep-words", |text| text.contains(&end), PATIENCE).await?;
        page.wait_for("#sweep[data-playing=false]").await?;
        let shaded = "return document.querySelectorAll('#sweep .read').length";
        assert_eq!(page.run(shaded).await?.as_u64(), Some(n_patches));
        page.screenshot("sweep").await?;
        // By keyboard one back; the inspector's step goes along.
        page.type_into("#sweep-patch", "\u{e012}").await?;
        let before = format!("Patch {} of {n_patches} reads", n_patches - 1);
        page.wait_until_text("#sweep-words", |text| text.contains(&before), PATIENCE).await?;
        let formula = page.text("#formula").await?;
        assert!(formula.contains(&format!("patch {}", n_patches - 1)), "{formula}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_front_is_searched_and_a_point_of_it_runs() -> Checked {
    visit_untrained("front", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        page.click("#find-front").await?;
        page.wait_for("#front-table tbody tr").await?;
        let rows = "return document.querySelectorAll('#front-table tbody tr').length";
        let n_rows = page.run(rows).await?.as_u64().unwrap_or(0);
        assert!(n_rows > 5, "{n_rows} points");
        assert_eq!(data(page, "#arena-bytes", "bytes").await?, "138240", "a search shows nothing");

        // The cheapest that fits 128 KiB, then a point of the table, then the smallest.
        page.click("#fit-target").await?;
        page.wait_until_text("#verdict", |text| text.contains("Fits: 101.3 KiB"), PATIENCE).await?;
        let third = "#front-table tbody tr:nth-child(3)";
        let (arena, macs) =
            (data(page, third, "arena-bytes").await?, data(page, third, "macs").await?);
        page.click(&format!("{third} button")).await?;
        let needed = format!("{} needed", kib(arena.parse()?));
        page.wait_until_text("#verdict", |text| text.contains(&needed), PATIENCE).await?;
        assert_eq!(data(page, "#arena-bytes", "bytes").await?, arena);
        assert_eq!(data(page, "#macs", "macs").await?, macs);
        page.wait_until_text("#front-words", |text| text.contains("1x3 patches"), PATIENCE).await?;

        page.click("#run-both").await?;
        page.wait_until_text("#same-bytes", |text| text.contains("yes"), PATIENCE).await?;
        assert_eq!(data(page, "#run-arena", "bytes").await?, arena, "it ran in what is shown");
        page.screenshot("front").await
    })
    .await
}

#[tokio::test]
async fn the_front_is_walked_by_keyboard() -> Checked {
    visit_untrained("front_keyboard", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        page.click("#smallest").await?;
        page.wait_until_text("#verdict", |text| text.contains("Fits: 38.3 KiB"), PATIENCE).await?;
        page.wait_for("#front-chart canvas").await?;
        page.run("document.querySelector('#front-chart').focus()").await?;
        // Home, one to the right, Enter.
        for key in ["\u{e011}", "\u{e014}", "\u{e007}"] {
            page.client().active_element().await?.send_keys(key).await?;
        }
        page.wait_until_text("#plan-words", |text| text.contains("1x2 patches"), PATIENCE).await?;
        assert_eq!(data(page, "#front-table tr.chosen", "arena-bytes").await?, "103680");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn broken_files_are_told_and_the_page_goes_on() -> Checked {
    visit_untrained("broken_files", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        for (path, words) in files::broken() {
            page.choose_file("#open-file", &path.to_string_lossy()).await?;
            page.wait_until_text("#problem", |text| text.contains(words), PATIENCE).await?;
            let advice = page.text("#problem .advice").await?;
            assert!(advice.ends_with('.'), "{}: {advice}", path.display());
            assert!(page.text("#model").await?.contains("mobilenet_v2_035_96"));
        }
        page.screenshot("broken_file").await?;
        // Still alive: another operator, another run.
        page.run(
            "document.querySelector('#operators-table tbody tr[data-operator=\"9\"]').click()",
        )
        .await?;
        page.wait_until_text("#inspector-title", |text| text.contains("#9 ADD"), PATIENCE).await?;
        page.click("#run").await?;
        answered(page).await
    })
    .await
}

#[tokio::test]
async fn an_operator_is_selected_by_keyboard_everywhere_at_once() -> Checked {
    visit_untrained("keyboard", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        page.run("document.querySelector('#arena').focus()").await?;
        let arrow_right = "\u{e014}";
        page.client().active_element().await?.send_keys(arrow_right).await?;
        page.wait_until_text("#inspector-title", |text| text.contains("#5 CONV_2D"), PATIENCE)
            .await?;
        let selected = "return document.querySelector('#operators-table tbody \
                        tr[aria-selected=true], #operators-table tbody tr.selected') \
                        .dataset.operator";
        assert_eq!(page.run(selected).await?, "5");
        page.client().active_element().await?.send_keys("\u{e010}").await?;
        page.wait_until_text("#inspector-title", |text| text.contains("#63"), PATIENCE).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_phone_shows_the_same_without_sideways_scrolling() -> Checked {
    visit("walk_phone", Window::PHONE, async |page: &Page| {
        answered(page).await?;
        page.click("#try-patches").await?;
        page.wait_until_text("#verdict", |text| text.contains("Fits"), PATIENCE).await?;
        let overflow =
            page.run("return document.documentElement.scrollWidth - window.innerWidth").await?;
        assert!(overflow.as_i64() <= Some(0), "{overflow} pixels too wide");
        page.screenshot("phone_in_patches").await
    })
    .await
}
