//! Which kernels the page picks, and the benchmark that compares them.

use crate::{
    browser::{Page, Window},
    server::Site,
    visit::{Checked, Console, is_left_out, visit_untrained, visit_with},
    walk::{PATIENCE, answered, data},
};
use std::time::Duration;

/// A browser whose validator refuses what `refuses` says of the module's bytes.
fn browser_that_refuses(refuses: &str) -> String {
    format!(
        "{{ \
           const validate = WebAssembly.validate; \
           WebAssembly.validate = (source) => {{ \
             const bytes = new Uint8Array(source.buffer ?? source); \
             return !({refuses}) && validate(source); \
           }}; \
         }}"
    )
}

/// A browser whose relaxed SIMD rounds once, or twice, whatever this machine does.
fn browser_that_rounds(once: bool) -> String {
    format!(
        "{{ \
           const Instance = WebAssembly.Instance; \
           WebAssembly.Instance = function (module, imports) {{ \
             const made = new Instance(module, imports); \
             return 'fused' in made.exports ? {{ exports: {{ fused: () => {} }} }} : made; \
           }}; \
         }}",
        i32::from(once)
    )
}

/// Loads the page anew in a browser like that and waits for its first answer; the output's hash.
async fn reopen(page: &Page, refuses: &str) -> Checked<String> {
    page.run_before_pages(&browser_that_refuses(refuses)).await?;
    page.client().refresh().await?;
    answered(page).await?;
    data(page, "#answer", "sha256").await
}

/// The set that the page says computes, and the one that the worker says it has.
async fn kernels(page: &Page) -> Checked<(String, String)> {
    let picked = page.text("#kernel-set").await?;
    let footer = page.text("footer").await?;
    let said = footer.split("Kernels: ").nth(1).and_then(|rest| rest.split('.').next());
    Ok((picked, said.unwrap_or_default().to_owned()))
}

#[tokio::test]
async fn the_best_set_that_the_browser_takes_computes() -> Checked {
    visit_untrained("kernels_picked", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        let set = |name: &str| (name.to_owned(), name.to_owned());
        let hash = data(page, "#answer", "sha256").await?;
        for (once, best) in [(true, "relaxed-simd"), (false, "simd128")] {
            page.run_before_pages(&browser_that_rounds(once)).await?;
            assert_eq!(reopen(page, "false").await?, hash);
            assert_eq!(kernels(page).await?, set(best));
        }
        // Without relaxed SIMD, by the code of its instruction.
        assert_eq!(reopen(page, "bytes.includes(0x85)").await?, hash);
        assert_eq!(kernels(page).await?, set("simd128"));
        let refused = "return document.querySelector('#kernels [value=relaxed-simd]').disabled";
        assert_eq!(page.run(refused).await?, true);
        // Without any SIMD.
        assert_eq!(reopen(page, "bytes.includes(0xfd)").await?, hash);
        assert_eq!(kernels(page).await?, set("portable"));
        page.screenshot("kernels_portable").await
    })
    .await
}

#[tokio::test]
async fn a_worker_that_does_not_start_gives_way_to_a_plainer_one() -> Checked {
    if is_left_out("kernels_fallback") {
        return Ok(());
    }
    let cases =
        [("_relaxed_simd_bg.wasm", true, "simd128"), ("_simd128_bg.wasm", false, "portable")];
    for (missing, rounds_once, set) in cases {
        let site = Site::dist()?.without(missing);
        let console = Console::MayHoldErrors;
        visit_with("kernels_fallback", Window::DESKTOP, site, console, async |page: &Page| {
            page.run_before_pages(&browser_that_rounds(rounds_once)).await?;
            page.client().refresh().await?;
            answered(page).await?;
            assert_eq!(page.text("#kernel-set").await?, set);
            Ok(())
        })
        .await?;
    }
    Ok(())
}

#[tokio::test]
async fn another_set_can_be_chosen_and_stays_in_the_address() -> Checked {
    visit_untrained("kernels_chosen", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        let hash = data(page, "#answer", "sha256").await?;
        for set in ["portable", "relaxed-simd"] {
            page.click(&format!("#kernels option[value={set}]")).await?;
            page.wait_until_text("#kernel-set", |text| text == set, PATIENCE).await?;
            let words = format!("Kernels: {set}.");
            page.wait_until_text("footer", |text| text.contains(&words), PATIENCE).await?;
            answered(page).await?;
            assert_eq!(data(page, "#answer", "sha256").await?, hash, "{set}");
            let address = page.run("return location.hash").await?;
            let wanted = format!("kernels={set}");
            assert!(address.as_str().is_some_and(|hash| hash.contains(&wanted)), "{address}");
        }
        page.client().refresh().await?;
        answered(page).await?;
        assert_eq!(page.text("#kernel-set").await?, "relaxed-simd");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn operators_are_timed_against_the_limit() -> Checked {
    visit_untrained("kernels_limit", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        let limit: f64 = data(page, "#limit", "macs-per-ms").await?.parse()?;
        assert!(limit > 1e5, "{limit} multiply-accumulates a millisecond");
        let words = page.text("#limit").await?;
        assert!(words.contains("clock has steps of"), "{words}");
        let row = page.text("#operators-table tbody tr[data-operator='4']").await?;
        assert!(row.contains("GMAC/s"), "{row}");
        // Shares where they can be told, never of more than all.
        let cells = "return [...document.querySelectorAll('#operators-table tbody tr')]\
            .map((row) => row.lastElementChild.textContent)";
        let cells = page.run(cells).await?;
        let cells = cells.as_array().ok_or("no rows")?.iter().filter_map(|cell| cell.as_str());
        let mut shares = 0;
        for cell in cells {
            match cell.strip_suffix(" %") {
                Some(share) => {
                    assert!(share.parse::<f64>()? <= 100.0, "{cell}");
                    shares += 1;
                }
                None => assert!(["–", "too short", "Winograd", "unsure"].contains(&cell), "{cell}"),
            }
        }
        assert!(shares > 0, "no operator has a share");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_benchmark_compares_all_sets_and_can_be_stopped() -> Checked {
    visit_untrained("benchmark", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        page.click("#benchmark").await?;
        page.click("#stop-benchmark").await?;
        page.wait_for("#benchmark-table[data-stage=stopped]").await?;
        page.click("#benchmark").await?;
        let done = |text: &str| text.contains("All gave the same output");
        page.wait_until_text("#benchmark-verdict", done, Duration::from_secs(120)).await?;
        let rows = "return [...document.querySelectorAll('#benchmark-table tr[data-kernels]')].map((row) \
                    => [row.dataset.kernels, Number(row.dataset.medianMs), row.dataset.outputs])";
        let rows = page.run(rows).await?;
        let rows = rows.as_array().ok_or("no rows")?;
        assert_eq!(rows.len(), 6, "three sets, two schedules: {rows:?}");
        for row in rows {
            let median_ms = row[1].as_f64().unwrap_or(0.0);
            assert!(median_ms > 0.05 && median_ms < 10_000.0, "{row}");
            assert_eq!(row[2], rows[0][2], "{row}");
        }
        page.screenshot("benchmark").await
    })
    .await
}
