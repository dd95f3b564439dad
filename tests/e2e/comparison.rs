//! Plans beside each other: what is kept as A stays, and what is shown is B.

use crate::{
    browser::{Page, Window},
    files,
    samples::{becomes, open},
    visit::{Checked, visit},
    walk::{PATIENCE, answered, data},
};
use tinyml_playground::{
    card::Card,
    graph::Passes,
    kernels::Reference,
    model::Limits,
    report::{ModelReport, PlanChoice, PlanReport, Planner},
    session::Session,
    text::{
        comparison::{Side, differences, outcome, rows},
        kib,
    },
    ui::state::Bundled,
};

/// A sample's figures, made here.
struct Made {
    file_name: String,
    model: ModelReport,
    plan: PlanReport,
}

impl Made {
    fn new(key: &str, choice: PlanChoice) -> Checked<Self> {
        let bytes = std::fs::read(files::in_tests(&format!("../models/{key}.tflite")))?;
        let session =
            Session::<Reference>::open(bytes.into(), Passes::default(), Limits::default())?;
        let plan = session.plan_report(&session.plan(choice)?);
        let file_name = format!("{key}.tflite");
        Ok(Self { file_name, model: session.report().clone(), plan })
    }

    fn side(&self) -> Side<'_> {
        let Self { file_name, model, plan } = self;
        let passes = Passes::default();
        Side { file_name, model, passes, plan, run: None, inputs: &[], answer: None }
    }
}

fn card(key: &str) -> Checked<&'static Card> {
    Ok(Bundled::of_key(key).and_then(Bundled::card).ok_or("no card")?)
}

/// Waits until the card tells of these two, and compares every figure.
async fn compared(page: &Page, a: &Made, b: &Made) -> Checked {
    let (a, b) = (a.side(), b.side());
    let told = differences(&a, &b);
    page.wait_until_text("#differences", |text| text == told, PATIENCE).await?;
    let told = outcome(&a, &b);
    page.wait_until_text("#outcome", |text| text == told, PATIENCE).await?;
    let budget = page.run("return Number(location.hash.match(/[&#]ram=([0-9]+)/)[1])").await?;
    let budget = budget.as_u64().ok_or("the address tells no SRAM")?;
    for row in rows(&a, &b, Some(budget.into())) {
        let cells = format!("#comparison tr[data-row='{}'] td", row.name);
        let cells = format!("[...document.querySelectorAll(\"{cells}\")].map(td => td.innerText)");
        let [one, other] = &row.figures;
        becomes(page, &format!("{cells}.join('|')"), &format!("{one}|{other}|{}", row.change))
            .await?;
    }
    Ok(())
}

/// Text of the drawings on the card: each with its place.
const OVERLAPS: &str = "\
    const texts = [...document.querySelectorAll('#comparison svg text')]; \
    const boxes = texts.map(one => [one.textContent, one.getBoundingClientRect()]); \
    const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && \
        b.top < a.bottom; \
    return boxes.flatMap(([text, box], at) => boxes.slice(at + 1) \
        .filter(([, other]) => overlap(box, other)).map(([other]) => text + ' on ' + other));";

#[tokio::test]
async fn a_plan_is_kept_and_every_other_stands_beside_it() -> Checked {
    let layers = Made::new("emoji96", PlanChoice::default())?;
    let apart = PlanChoice::default().with_planner(Planner::NoReuse);
    let apart = Made::new("emoji96", apart)?;
    assert!(apart.plan.arena_bytes > layers.plan.arena_bytes, "a comparison that says something");
    visit("kept", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        page.click("#keep").await?;
        page.wait_until_text("#differences", |text| text.contains("that is B"), PATIENCE).await?;
        page.click("#compare-rungs").await?;
        page.click("#rungs-table tr[data-rung=NoReuse] button").await?;
        compared(page, &layers, &apart).await?;
        let arena = "#comparison tr[data-row=Arena] td:nth-of-type(2)";
        assert_eq!(page.text(arena).await?, kib(apart.plan.arena_bytes));
        page.click("#run-both:not([disabled])").await?;
        page.wait_until_text("#same-bytes", |text| text.contains("yes"), PATIENCE).await?;
        let overlaps = page.run(OVERLAPS).await?;
        assert_eq!(overlaps, serde_json::json!([]));
        page.screenshot("kept").await?;
        // The address holds both.
        let shown = data(page, "#arena-bytes", "bytes").await?;
        page.client().refresh().await?;
        compared(page, &layers, &apart).await?;
        assert_eq!(data(page, "#arena-bytes", "bytes").await?, shown);
        // The other way round, by the key of undo back, and forgotten.
        answered(page).await?;
        page.click("#swap-kept").await?;
        compared(page, &apart, &layers).await?;
        page.click("#undo").await?;
        compared(page, &layers, &apart).await?;
        page.click("#forget-kept").await?;
        becomes(page, "document.querySelector('#comparison')", "null").await?;
        becomes(page, "document.activeElement.id", "keep").await?;
        // By its key, with the other hand.
        page.client().active_element().await?.send_keys("a").await?;
        becomes(page, "document.querySelector('#keep').ariaPressed", "true").await
    })
    .await
}

#[tokio::test]
async fn another_model_stands_beside_the_kept_plan_of_the_first() -> Checked {
    let emoji = Made::new("emoji96", PlanChoice::default())?;
    let digits = Made::new("digits", PlanChoice::default())?;
    visit("kept_model", Window::PHONE, async |page: &Page| {
        answered(page).await?;
        page.click("#keep").await?;
        open(page, card("digits")?, "[data-open=digits]").await?;
        let words = |text: &str| text.contains("Outputs of two models are not compared");
        page.wait_until_text("#same-bytes", words, PATIENCE).await?;
        let told = outcome(&emoji.side(), &digits.side());
        page.wait_until_text("#outcome", |text| text == told, PATIENCE).await?;
        let answers = "#comparison tr[data-row=Answer]";
        page.wait_until_text(answers, |text| text.contains("heart"), PATIENCE).await?;
        let overlaps = page.run(OVERLAPS).await?;
        assert_eq!(overlaps, serde_json::json!([]));
        let overflow = "return document.documentElement.scrollWidth - window.innerWidth";
        assert!(page.run(overflow).await?.as_i64() <= Some(0));
        page.screenshot("kept_model_phone").await?;
        page.click("#swap-kept").await?;
        page.wait_until_text("#model", |text| text.starts_with("emoji96"), PATIENCE).await?;
        let told = outcome(&digits.side(), &emoji.side());
        page.wait_until_text("#outcome", |text| text == told, PATIENCE).await?;
        answered(page).await?;
        // A link names the other model; its figures are made when it is shown.
        page.client().refresh().await?;
        let words = |text: &str| text.contains("A: digits.tflite, layer by layer. Its figures");
        page.wait_until_text("#differences", words, PATIENCE).await?;
        answered(page).await?;
        page.click("#swap-kept").await?;
        page.wait_until_text("#model", |text| text.starts_with("digits"), PATIENCE).await?;
        let told = outcome(&emoji.side(), &digits.side());
        page.wait_until_text("#outcome", |text| text == told, PATIENCE).await?;
        page.click("#show-kept").await?;
        page.wait_until_text("#model", |text| text.starts_with("emoji96"), PATIENCE).await?;
        page.wait_until_text("#differences", |text| text.contains("is what is shown"), PATIENCE)
            .await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_file_that_was_kept_is_read_again() -> Checked {
    let (path, session) = files::network();
    visit("kept_file", Window::DESKTOP, async |page: &Page| {
        answered(page).await?;
        page.choose_file("#open-file", &path.to_string_lossy()).await?;
        page.wait_until_text("#model", |text| text.contains("network.tflite"), PATIENCE).await?;
        let needed = format!("{} needed", kib(session.report().arena_bytes));
        page.wait_until_text("#verdict", |text| text.contains(&needed), PATIENCE).await?;
        page.click("#keep").await?;
        open(page, card("digits")?, "[data-open=digits]").await?;
        page.wait_until_text("#differences", |text| text.contains("A: network"), PATIENCE).await?;
        page.click("#swap-kept").await?;
        page.wait_until_text("#model", |text| text.contains("network.tflite"), PATIENCE).await?;
        page.wait_until_text("#verdict", |text| text.contains(&needed), PATIENCE).await?;
        page.wait_until_text("#differences", |text| text.contains("B: network"), PATIENCE).await?;
        // Whoever comes by the link without the file is told which one it is.
        page.click("#swap-kept").await?;
        page.wait_until_text("#model", |text| text.starts_with("digits"), PATIENCE).await?;
        answered(page).await?;
        page.client().refresh().await?;
        let start: String = session.report().sha256.chars().take(16).collect();
        let words = format!("A: the file with sha256 {start}…");
        page.wait_until_text("#differences", |text| text.contains(&words), PATIENCE).await?;
        assert!(page.run("return document.querySelector('#show-kept')").await?.is_null());
        // Once it is opened, it is what is shown.
        page.choose_file("#open-file", &path.to_string_lossy()).await?;
        page.wait_until_text("#differences", |text| text.contains("is what is shown"), PATIENCE)
            .await?;
        Ok(())
    })
    .await
}
