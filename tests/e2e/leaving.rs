//! Walks through what leaves the page: pictures, tables, the printed sheet, the report, a link with
//! numbers; and what a stranger sees of them.

use crate::{
    browser::{DevTools, Page, Window},
    files,
    visit::{Checked, is_left_out, visit, visit_untrained},
    walk::{PATIENCE, answered},
};
use serde_json::{Value, json};
use tinyml_playground::text::exact_bytes;

/// The text that is seen of an element, in one line.
async fn seen(page: &Page, css: &str) -> Checked<String> {
    let text = page.text(css).await?;
    Ok(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[tokio::test]
async fn pictures_and_tables_are_saved_as_they_are_shown() -> Checked {
    visit_untrained("saving", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        let svg = page.saved_text("#save-arena-SVG").await?;
        let title =
            "mobilenet_v2_035_96.tflite, layer by layer: 135.0 KiB (138,240 bytes) of arena";
        // It takes two lines where the picture is narrow.
        let told: Vec<&str> = svg.split(['<', '>']).skip(2).step_by(2).map(str::trim).collect();
        assert!(told.join(" ").replace("  ", " ").contains(title), "{}", &svg[..600]);
        let shown =
            |css: &str| format!("return document.querySelectorAll('#arena svg {css}').length");
        let n_blocks = page.run(&shown(".blocks rect")).await?.as_u64();
        assert_eq!(Some(svg.matches("rx=\"1.5\"").count() as u64), n_blocks);
        let n_letters = page.run(&shown(".blocks text")).await?.as_u64();
        assert_eq!(
            Some(
                svg.matches("font-weight=\"650\" fill=\"#FFFFFF\"").count() as u64
                    + svg.matches("font-weight=\"650\" fill=\"#0B0F14\"").count() as u64
            ),
            n_letters
        );
        assert!(svg.contains("available 128.0 KiB") && svg.contains("url(#overflow)"));
        // The legend is the one of the page.
        let keys = "return [...document.querySelectorAll('.arena .legend li')]\
            .map((one) => one.lastChild.data)";
        let keys: Vec<String> = serde_json::from_value(page.run(keys).await?)?;
        assert!(keys.len() > 3 && keys.iter().all(|key| told.contains(&key.as_str())), "{keys:?}");

        let bytes = page.saved("#save-ram-PNG").await?;
        let side = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
        assert_eq!(&bytes[1..4], b"PNG");
        let width = page.run("return document.querySelector('#bars').clientWidth").await?;
        assert_eq!(u64::from(side(16)), width.as_u64().unwrap() * 2, "twice the size");
        assert!(side(20) > 400);

        let json: Value = serde_json::from_str(&page.saved_text("#save-Operators-json").await?)?;
        assert_eq!(json["arena_bytes"], 138_240);
        let rows = json["rows"].as_array().unwrap();
        let most = rows.iter().map(|row| row["needed_bytes"].as_u64().unwrap()).max();
        assert_eq!(most, Some(138_240));
        let csv = page.saved_text("#save-Operators-csv").await?;
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let needed = reader.headers()?.iter().position(|name| name == "needed_bytes").unwrap();
        let records: Vec<_> = reader.records().collect::<Result<_, _>>()?;
        assert_eq!(records.len(), rows.len());
        for (record, row) in records.iter().zip(rows) {
            assert_eq!(record[needed], row["needed_bytes"].to_string());
        }
        Ok(())
    })
    .await
}

/// How many pages a document in PDF has.
fn n_pages(pdf: &str) -> usize {
    let counts = pdf.split("/Count ").skip(1);
    let digits =
        counts.map(|rest| rest.chars().take_while(char::is_ascii_digit).collect::<String>());
    digits.filter_map(|digits| digits.parse().ok()).max().unwrap_or(0)
}

/// The bytes of base64 as one letter each, as far as a PDF's plain parts are concerned.
async fn printed(page: &Page, inches: (f64, f64)) -> Checked<String> {
    let parameters =
        json!({ "paperWidth": inches.0, "paperHeight": inches.1, "preferCSSPageSize": false });
    let printed = page.client().issue_cmd(DevTools { name: "Page.printToPDF", parameters }).await?;
    let data = printed["data"].as_str().ok_or("nothing was printed")?.to_owned();
    let text = page.client().execute("return atob(arguments[0])", vec![data.into()]).await?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn the_sheet_is_one_page_of_either_paper_and_goes_again() -> Checked {
    visit_untrained("sheet", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        page.run(
            "addEventListener('beforeprint', () => queueMicrotask(() => window.sheet = \
             document.querySelector('#sheet')?.textContent))",
        )
        .await?;
        // A print that comes while the page still draws may find it in between.
        page.call(
            "() => new Promise((idle) => requestIdleCallback(() => idle(true)))",
            Value::Null,
        )
        .await?;
        for paper in [(8.27, 11.69), (8.5, 11.0), (11.69, 8.27), (11.0, 8.5)] {
            let pdf = printed(page, paper).await?;
            assert_eq!(n_pages(&pdf), 1, "{paper:?}");
            assert!(pdf.contains("/ToUnicode"), "its text is text");
        }
        let sheet = page.run("return window.sheet").await?;
        let sheet = sheet.as_str().ok_or("no sheet was there while it was printed")?;
        for part in ["Does not fit: 135.0 KiB needed", "138,240 bytes", "sha256 ", "live at #4"] {
            assert!(sheet.contains(part), "{part} in {sheet}");
        }
        let left = "return document.querySelector('#sheet').childNodes.length";
        page.wait_until(left, |count| count == 0, PATIENCE).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_report_stands_alone_with_the_same_figures() -> Checked {
    let address = "#v=1&m=mobilenet_v2_035_96&ram=131072";
    let (mut report, mut verdict) = (String::new(), String::new());
    visit_untrained("report", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        verdict = seen(page, "#verdict .sentence").await?;
        report = page.saved_text("#save-report").await?;
        Ok(())
    })
    .await?;
    if is_left_out("report_alone") {
        return Ok(());
    }
    assert!(!report.contains("<script") && report.contains(&address.replace('&', "&amp;")));
    let path = files::named("report.html", report.as_bytes());
    let url = format!("file://{}", path.display());
    let page = Page::open(Window::PHONE, &url).await?;
    assert_eq!(seen(&page, ".sentence").await?, verdict);
    let wider = page.run("return document.documentElement.scrollWidth - innerWidth").await?;
    assert!(wider.as_i64() <= Some(0), "{wider} px wider than a phone");
    let rows = page.run("return document.querySelectorAll('.scroll tbody tr').length").await?;
    assert!(rows.as_u64() > Some(50), "{rows}");
    let lines = page.console().await?;
    assert!(lines.iter().all(|line| !line.is_error()), "{lines:?}");
    page.screenshot("report").await
}

/// Holds the worker's first word back, and every timer that waits as long as the address does.
const HOLD: &str = "\
    const [RealWorker, realTimeout] = [Worker, setTimeout]; const held = []; let isHeld = true; \
    globalThis.setTimeout = (act, ms, ...rest) => ms === 120 ? 0 : realTimeout(act, ms, ...rest); \
    globalThis.Worker = function (...given) { \
        const worker = new RealWorker(...given); \
        worker.addEventListener('message', (event) => { \
            if (!isHeld) return; \
            event.stopImmediatePropagation(); \
            held.push([worker, event.data]); \
        }); \
        return worker; \
    }; \
    globalThis.heldWords = () => held.length; \
    globalThis.release = () => { \
        isHeld = false; \
        for (const [worker, data] of held) worker.dispatchEvent(new MessageEvent('message', { data })); \
    };";

/// A selection that waits for the address when the worker becomes ready reaches the address.
async fn selected_before_the_worker_is_ready(page: &Page) -> Checked {
    page.run_before_pages(HOLD).await?;
    page.client().refresh().await?;
    page.wait_for("#numbers-note").await?;
    page.wait_until("return heldWords()", |count| count == 1, PATIENCE).await?;
    let before = page.run("return location.hash").await?;
    page.run("document.querySelector('#main').focus()").await?;
    page.client().active_element().await?.send_keys("[").await?;
    assert_eq!(page.run("return location.hash").await?, before);
    page.run("release()").await?;
    page.wait_until("return location.hash", |hash| *hash != before, PATIENCE).await?;
    let hash = page.run("return location.hash").await?;
    assert!(hash.as_str().is_some_and(|hash| hash.contains("&sel=")), "{hash}");
    Ok(())
}

#[tokio::test]
async fn a_link_with_numbers_shows_the_plan_without_the_file() -> Checked {
    let (network, session) = files::network();
    visit("numbers", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        page.choose_file("#open-file", &network.to_string_lossy()).await?;
        page.wait_until_text("#model", |text| text.contains("network.tflite"), PATIENCE).await?;
        page.wait_for("#share-numbers").await?;
        page.wait_for("#operators-table").await?;
        page.run("document.querySelector('#share-numbers').click()").await?;
        let link = page.wait_for("#shared-numbers a").await?.attr("href").await?;
        let link = link.ok_or("no link")?;
        let shown = [seen(page, "#verdict").await?, seen(page, "#formula").await?];
        let table = "return document.querySelectorAll('#operators-table tbody tr').length";
        let rows = page.run(table).await?;
        // A stranger: a tab that has never seen the file.
        let address = page.client().current_url().await?;
        page.client().goto("about:blank").await?;
        page.client().goto(&format!("{}{link}", &address[..url::Position::AfterPath])).await?;
        let note = page.text("#numbers-note").await?;
        let short = &session.report().sha256[..12];
        assert!(note.contains("Numbers only") && note.contains(short), "{note}");
        assert_eq!([seen(page, "#verdict").await?, seen(page, "#formula").await?], shown);
        assert_eq!(page.run(table).await?, rows);
        page.run("document.querySelector('#main').focus()").await?;
        page.client().active_element().await?.send_keys("r").await?;
        page.wait_until_text("#problem", |text| text.contains("Open the file"), PATIENCE).await?;
        page.screenshot("numbers").await?;
        // What they are to fit into can be taken back.
        page.click("#target option[value=budget]").await?;
        page.wait_until_text("#verdict", |text| text.contains("128.0 KiB"), PATIENCE).await?;
        page.click("#undo:not([disabled])").await?;
        page.wait_until_text("#verdict", |text| !text.contains("128.0 KiB"), PATIENCE).await?;
        page.click("#redo:not([disabled])").await?;
        page.wait_until_text("#verdict", |text| text.contains("128.0 KiB"), PATIENCE).await?;
        page.click("#undo:not([disabled])").await?;
        selected_before_the_worker_is_ready(page).await?;
        page.choose_file("#open-file", &network.to_string_lossy()).await?;
        answered(page).await?;
        assert_eq!(seen(page, "#verdict").await?, shown[0]);
        let has_note = page.run("return document.querySelector('#numbers-note') !== null").await?;
        assert_eq!(has_note, false);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_to_give_tflm_is_the_size_that_the_verdict_tells() -> Checked {
    visit_untrained("tflm_setup", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        let told = seen(page, "#to-allocate").await?;
        let setup = page.saved_text("#export-tflm").await?;
        let figure = |name: &str| -> u64 {
            let at = format!("constexpr std::size_t {name} = ");
            let rest = setup.split(&at).nth(1).unwrap_or_else(|| panic!("no {name} in {setup}"));
            rest.split(';').next().unwrap().parse().unwrap()
        };
        let parts = ["kActivationBytes", "kPersistentBytes", "kRoundingBytes", "kStartBytes"];
        let whole: u64 = parts.map(figure).iter().sum();
        assert!(told.contains(&format!("To allocate: {} = ", exact_bytes(whole))), "{told}");
        assert!(setup.contains("resolver.AddDepthwiseConv2D()"), "{setup}");
        Ok(())
    })
    .await
}
