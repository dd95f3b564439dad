//! Walks through what plans memory: buffers of a file, accounting, planners, proofs, own blocks.

use crate::{
    browser::{Page, Window},
    files,
    samples::becomes,
    visit::{Checked, is_left_out, visit_untrained},
    walk::{PATIENCE, answered, data},
};
use serde_json::Value;
use std::{
    path::{Path, PathBuf},
    time::Duration,
};
use tinyml_playground::plan::{self, Solution};

/// How long a search of a known problem may take.
const SEARCH: Duration = Duration::from_secs(30);

/// Sets a field as a user does: select all, type.
async fn enter(page: &Page, css: &str, value: &str) -> Checked {
    page.run(&format!("document.querySelector('{css}').select()")).await?;
    page.type_into(css, &format!("{value}\u{e007}")).await
}

const STAGE: &str = "return document.querySelector('#placement-verdict')?.dataset.stage";

async fn open_buffers(page: &Page, path: &Path, rows: usize) -> Checked {
    page.choose_file("#open-file", &path.to_string_lossy()).await?;
    let words = format!("{rows} buffers to place");
    page.wait_until_text("#model", |text| text.contains(&words), PATIENCE).await?;
    Ok(())
}

/// The offsets of a saved plan, checked against the problem by the validator.
fn check_saved(text: &str, problem: &[u8], height_bytes: u64) {
    let named = plan::csv::read(problem).unwrap();
    let offset = |line: &str| line.rsplit(',').next().unwrap().parse::<u64>().unwrap();
    let offsets: Vec<u64> = text.lines().skip(1).map(offset).collect();
    let solution = Solution { offsets, height_bytes, lower_bound_bytes: 0 };
    assert_eq!(plan::validate(&named.problem, &solution), Ok(()));
}

#[tokio::test]
async fn buffers_of_a_file_are_placed_and_proven() -> Checked {
    let path = files::in_tests("problems/cut_60.csv");
    let problem = std::fs::read(&path)?;
    visit_untrained("placement", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        open_buffers(page, &path, 60).await?;
        let greedy: u64 = data(page, "#placement-height", "bytes").await?.parse()?;
        assert!(greedy > 65_536, "{greedy}");
        check_saved(&page.saved_text("#save-placement").await?, &problem, greedy);
        page.click("#search-placement").await?;
        page.wait_until(STAGE, |stage| stage == "Proven", SEARCH).await?;
        assert_eq!(data(page, "#placement-height", "bytes").await?, "65536");
        assert_eq!(data(page, "#placement-bound", "bytes").await?, "65536");
        let words = page.text("#placement-verdict").await?;
        assert!(words.contains("no plan is smaller"), "{words}");
        check_saved(&page.saved_text("#save-placement").await?, &problem, 65_536);
        page.wait_for("#placement-chart canvas").await?;
        page.run("document.querySelector('#placement-chart').focus()").await?;
        page.client().active_element().await?.send_keys("\u{e014}").await?;
        page.wait_until_text(".placement .pinned", |text| text.contains("live in steps"), PATIENCE)
            .await?;
        page.screenshot("placement").await?;
        // A capacity below what is live at once is ruled out without a search.
        enter(page, "#capacity", "65535").await?;
        page.wait_until(STAGE, |stage| stage == "TooSmall", PATIENCE).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_long_search_shows_its_way_is_stopped_and_ends_in_time() -> Checked {
    let path = files::in_tests("problems/cut_90.csv");
    let problem = std::fs::read(&path)?;
    visit_untrained("placement_stopped", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        open_buffers(page, &path, 90).await?;
        page.click("#search-placement").await?;
        let nodes = "return Number(document.querySelector('#placement-nodes').dataset.nodes)";
        let first = page.wait_until(nodes, |n| n.as_f64() > Some(0.0), PATIENCE).await?;
        page.wait_until(nodes, |n| n.as_f64() > first.as_f64(), PATIENCE).await?;
        // The best plan so far can be saved while the search goes on.
        let text = page.saved_text("#save-placement").await?;
        let ends = plan::csv::read(&problem)?.problem.buffers.into_iter().zip(text.lines().skip(1));
        let ends = ends.map(|(buffer, line)| {
            buffer.size_bytes + line.rsplit(',').next().unwrap().parse::<u64>().unwrap()
        });
        check_saved(&text, &problem, ends.max().unwrap());
        page.click(".acts .progress button").await?;
        page.wait_until(STAGE, |stage| stage == "Stopped", PATIENCE).await?;
        enter(page, "#search-seconds", "1").await?;
        page.click("#search-placement").await?;
        page.wait_until(STAGE, |stage| stage == "OutOfTime", PATIENCE).await?;
        // The page lives on: back to the model.
        page.click("#close-placement").await?;
        page.wait_until_text("#verdict", |text| text.contains("135.0 KiB"), PATIENCE).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn hostile_lists_are_told_and_the_page_goes_on() -> Checked {
    visit_untrained("placement_hostile", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        for (path, words) in files::broken_lists() {
            page.choose_file("#open-file", &path.to_string_lossy()).await?;
            page.wait_until_text("#problem", |text| text.contains(words), PATIENCE).await?;
            let advice = page.text("#problem .advice").await?;
            assert!(advice.ends_with('.') || advice.ends_with('?'), "{advice}");
            assert!(page.text("#model").await?.contains("mobilenet_v2_035_96"));
        }
        // A list that is pasted opens as well.
        page.run(
            "const data = new DataTransfer(); \
             data.setData('text/plain', 'id,lower,upper,size\\na,0,2,16\\nb,1,3,16\\n'); \
             window.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }))",
        )
        .await?;
        page.wait_until_text("#model", |text| text.contains("2 buffers"), PATIENCE).await?;
        assert_eq!(data(page, "#placement-height", "bytes").await?, "32");
        Ok(())
    })
    .await
}

/// minimalloc's problems, where they are at hand: each is solved at its capacity in half a minute.
#[tokio::test]
async fn minimallocs_problems_are_solved_in_the_browser() -> Checked {
    let name = "minimalloc_in_the_browser";
    let folder = files::in_tests("../../shared/golden/minimalloc");
    if is_left_out(name) {
        return Ok(());
    }
    if !folder.is_dir() {
        eprintln!("{name}: SKIPPED, there is no {}", folder.display());
        return Ok(());
    }
    visit_untrained(name, Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        for letter in ["A", "B", "C", "D", "E"] {
            let path: PathBuf = folder.join(format!("{letter}.1048576.csv"));
            let problem = std::fs::read(&path)?;
            let rows = plan::csv::read(&problem)?.ids.len();
            open_buffers(page, &path, rows).await?;
            assert_eq!(
                page.run("return document.querySelector('#capacity').value").await?,
                "1048576"
            );
            let stage = page.run(STAGE).await?;
            if stage != "Fits" && stage != "Proven" {
                page.click("#search-placement").await?;
            }
            let is_solved = |stage: &Value| stage == "Fits" || stage == "Proven";
            page.wait_until(STAGE, is_solved, SEARCH + PATIENCE).await?;
            let ms: f64 = data(page, "#placement-nodes", "ms").await?.parse()?;
            let nodes = data(page, "#placement-nodes", "nodes").await?;
            let height: u64 = data(page, "#placement-height", "bytes").await?.parse()?;
            eprintln!("{letter}: {height} bytes after {nodes} nodes, {:.2} s", ms / 1e3);
            assert!(ms < 30_000.0, "{letter} took {ms} ms");
            assert!(height <= 1_048_576);
            check_saved(&page.saved_text("#save-placement").await?, &problem, height);
            page.screenshot(&format!("minimalloc_{letter}")).await?;
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn every_rung_is_compared_shown_and_run() -> Checked {
    visit_untrained("rungs", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        page.click("#compare-rungs").await?;
        page.wait_for("#rungs-table tbody tr").await?;
        let rows = "return [...document.querySelectorAll('#rungs-table tbody tr')]\
                    .map(row => [row.dataset.rung, row.dataset.arenaBytes])";
        let rows = page.run(rows).await?;
        let rows = rows.as_array().cloned().unwrap_or_default();
        assert_eq!(rows.len(), 10, "{rows:?}");
        let mut answers = Vec::new();
        for row in &rows {
            let (rung, arena) = (row[0].as_str().unwrap(), row[1].as_str().unwrap());
            let button = format!("#rungs-table tr[data-rung={rung}] button");
            page.click(&button).await?;
            let shown = "return document.querySelector('#arena-bytes')?.dataset.bytes";
            page.wait_until(shown, |bytes| bytes == arena, PATIENCE).await?;
            page.wait_for(&format!("#rungs-table tr[data-rung={rung}].chosen")).await?;
            page.wait_until(
                "return document.querySelector('#run')?.disabled",
                |off| off == false,
                PATIENCE,
            )
            .await?;
            page.click("#run").await?;
            let ran = "return document.querySelector('#run-arena')?.dataset.bytes";
            page.wait_until(ran, |bytes| bytes == arena, PATIENCE).await?;
            // Whatever is shown, it answers alike; and the operator to blame is told of this plan.
            answers.push(data(page, "#answer", "sha256").await?);
            page.click("#peak-operator").await?;
            let live: u64 = data(page, "#live-bytes", "bytes").await?.parse()?;
            let sum = format!("= {} B", tinyml_playground::text::thousands(live));
            page.wait_until_text("#formula", |text| text.ends_with(&sum), PATIENCE).await?;
            assert!(live <= arena.parse()?, "{rung}: {live} live in {arena}");
            let why = page.text("#why").await?;
            let is_no_peak = matches!(rung, "NoReuse" | "PingPong");
            assert_eq!(why.contains("no operator's"), is_no_peak, "{rung}: {why}");
            assert_eq!(why.contains("This is the peak."), !is_no_peak, "{rung}: {why}");
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "{answers:?}");
        page.screenshot("rungs").await?;
        // The link has the last rung, and the way back leads to the one before.
        let address = page.run("return location.hash").await?;
        assert!(address.as_str().is_some_and(|hash| hash.contains("inplace=all")), "{address}");
        page.click("#undo").await?;
        page.wait_for("#rungs-table tr[data-rung=Patches].chosen").await?;
        // By keyboard: the first rung from the top.
        page.run("document.querySelector('#rungs-chart').focus()").await?;
        for key in ["\u{e011}", "\u{e007}"] {
            page.client().active_element().await?.send_keys(key).await?;
        }
        page.wait_for("#rungs-table tr[data-rung=NoReuse].chosen").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn accounting_follows_presets_and_switches() -> Checked {
    visit_untrained("accounting", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        page.click("#counted > summary").await?;
        page.click("#in-place option[value=depthwise]").await?;
        let shown = "return document.querySelector('#arena-bytes')?.dataset.bytes";
        let strict = Value::from("138240");
        let in_place =
            page.wait_until(shown, |bytes| bytes.is_string() && *bytes != strict, PATIENCE).await?;
        page.wait_until_text("#formulas", |text| text.contains("take another's place"), PATIENCE)
            .await?;
        // Wide enough to be marked.
        page.type_into("#arena", "+++").await?;
        page.wait_for("#arena .in-place").await?;
        // The run follows by itself: in an arena of exactly these bytes.
        let ran = "return document.querySelector('#run-arena')?.dataset.bytes";
        page.wait_until(ran, |bytes| *bytes == in_place, PATIENCE).await?;

        let answer = data(page, "#answer", "sha256").await?;
        page.click("#in-place option[value=all]").await?;
        page.click("label:has(#preset-Tflm)").await?;
        page.wait_until_text("#counted-words", |text| text.contains("as TFLM"), PATIENCE).await?;
        page.wait_until(shown, |bytes| *bytes == strict, PATIENCE).await?;
        // Another graph, the same input: it has run again by itself.
        page.wait_until(ran, |bytes| *bytes == strict, PATIENCE).await?;
        assert_eq!(data(page, "#answer", "sha256").await?, answer);
        page.click("label:has(#preset-Paper)").await?;
        page.wait_until_text("#paper", |text| text.contains("layer by layer"), PATIENCE).await?;
        // A choice that was made by hand before is shown as any other.
        becomes(page, "document.querySelector('#in-place').value", "depthwise").await?;
        // The figure of the table stands at the verdict as well, with why the arena is another.
        let figure = page.text("#paper td.figure").await?;
        let words = page.text("#paper-words").await?;
        assert!(words.starts_with("As the MCUNetV2 paper counts, this plan needs"), "{words}");
        assert!(words.contains(&figure), "{words} has not {figure}");
        page.click("label[for=plan-patched], #plan-patched").await?;
        page.wait_until_text("#paper", |text| text.contains("Total recompute"), PATIENCE).await?;
        page.screenshot("accounting").await?;
        page.client().refresh().await?;
        page.wait_until_text("#counted-words", |text| text.contains("MCUNetV2"), PATIENCE).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn own_blocks_count_and_letters_can_be_switched_off() -> Checked {
    visit_untrained("own_blocks", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        page.click("#blocks > summary").await?;
        page.type_into("#block-name", "camera frame").await?;
        page.type_into("#block-size", "30").await?;
        // What is refused is named.
        page.click("#block-unit option[value=bytes]").await?;
        page.type_into("#block-size", ".5").await?;
        page.click("#add-block").await?;
        page.wait_until_text("#block-hint", |text| text.starts_with("Size:"), PATIENCE).await?;
        page.wait_for("#block-size[aria-invalid=true][aria-describedby=block-hint]").await?;
        page.wait_for("#block-name:not([aria-invalid])").await?;
        page.wait_for("#block-size").await?.clear().await?;
        page.type_into("#block-size", "30").await?;
        page.click("#block-unit option[value=kib]").await?;
        page.click("#add-block").await?;
        let needed = "165.0 KiB needed, 128.0 KiB available (37.0 KiB over)";
        page.wait_until_text("#verdict", |text| text.contains(needed), PATIENCE).await?;
        page.wait_until_text("#parts", |text| text.contains("camera frame 30.0 KiB"), PATIENCE).await?;
        page.screenshot("own_blocks").await?;
        page.client().refresh().await?;
        page.wait_until_text("#verdict", |text| text.contains(needed), PATIENCE).await?;
        answered(page).await?;
        // Taken back by keyboard: gone with the page's history, so by its button.
        page.click("#blocks li button").await?;
        page.wait_until_text("#verdict", |text| text.contains("135.0 KiB needed"), PATIENCE).await?;
        page.run("document.body.focus()").await?;
        let undo = "window.dispatchEvent(new KeyboardEvent('keydown', { key: 'z', ctrlKey: true, bubbles: true }))";
        page.run(undo).await?;
        page.wait_until_text("#verdict", |text| text.contains(needed), PATIENCE).await?;

        let press = "window.dispatchEvent(new KeyboardEvent('keydown', { key: 'l', bubbles: true }))";
        let is_patched = "return document.querySelector('#plan-patched').checked";
        page.click("#keys").await?;
        page.click("label:has(#letters)").await?;
        page.run("document.querySelector('dialog').close()").await?;
        page.wait_until("return document.querySelector('#main').dataset.letters", |it| it == "off", PATIENCE).await?;
        page.run(press).await?;
        assert_eq!(page.run(is_patched).await?, false, "the key does nothing");
        page.click("#keys").await?;
        page.click("label:has(#letters)").await?;
        page.run("document.querySelector('dialog').close()").await?;
        page.wait_until("return document.querySelector('#main').dataset.letters ?? 'on'", |it| it == "on", PATIENCE).await?;
        page.run(press).await?;
        page.wait_until(is_patched, |checked| checked == true, PATIENCE).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_plan_is_searched_to_its_proof_and_runs_in_what_was_found() -> Checked {
    let (path, session) = files::gap();
    let greedy = session.plan(tinyml_playground::report::ScheduleChoice::Layerwise)?;
    visit_untrained("proof", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        page.choose_file("#open-file", &path.to_string_lossy()).await?;
        page.wait_until_text("#model", |text| text.contains("gap.tflite"), PATIENCE).await?;
        page.click("#counted > summary").await?;
        page.click("#planner option[value=tinyengine]").await?;
        page.click("#prove").await?;
        page.wait_until_text("#proof-words", |text| text.contains("Proven"), SEARCH).await?;
        let arena = data(page, "#arena-bytes", "bytes").await?;
        assert_eq!(data(page, "#lower-bound", "bytes").await?, arena);
        assert!(arena.parse::<u64>()? <= greedy.solution.height_bytes);
        page.click("#run").await?;
        let ran = "return document.querySelector('#run-arena')?.dataset.bytes";
        page.wait_until(ran, |bytes| *bytes == arena, PATIENCE).await?;
        Ok(())
    })
    .await
}
