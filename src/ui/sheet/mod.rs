//! All that matters of the shown plan on one sheet of paper, and in a report that stands alone.
//!
//! Both are text of HTML made by one function, so that they say the same; the sheet is in the page only
//! while it is printed.

mod parts;
mod report;

pub use report::report;

use super::{
    charts::{BarsChart, LIGHT, arena_drawing, arena_picture, bars_svg, legend_svg},
    geometry::legend::united,
    state::Settings,
};
use crate::{
    order::sorted_positions,
    report::{ModelReport, PlanReport, RunReport},
    text::{
        DELIVERY_PEAK, accounting, allocate_verdict,
        comparison::{self, Side},
        flash_sentence, kib_and_bytes, page, peak_sentence, sheet, step_formula, thousands,
        verdict_beside,
    },
};
use parts::Document;

/// What a sheet is made from.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The model file's name.
    pub file_name: &'a str,
    /// The model.
    pub model: &'a ModelReport,
    /// The shown plan.
    pub plan: &'a PlanReport,
    /// The plan whose bars stand behind those of the shown one.
    pub behind: Option<&'a PlanReport>,
    /// The two that are compared, the shown one last.
    pub versus: Option<[&'a Side<'a>; 2]>,
    /// The last run of the shown plan.
    pub run: Option<&'a RunReport>,
    /// Target, own blocks, what is counted.
    pub settings: &'a Settings,
    /// The whole address that leads back.
    pub address: &'a str,
    /// The day.
    pub date: &'a str,
    /// Whether the figures came in a link, without the model.
    pub is_numbers_only: bool,
}

/// The style of the sheet, for paper.
pub const STYLE: &str = include_str!("../../../assets/sheet.css");

/// The size of the arena's picture, in pixels.
const ARENA_PX: (u32, u32) = (700, 220);
/// The size of the bars, in pixels.
const BARS_PX: (u32, u32) = (700, 150);
/// So many operators are listed.
const N_NEEDIEST: usize = 10;

/// The sheet as the content of an element of the class `sheet`; drawings and words only.
#[must_use]
pub fn sheet(facts: &Facts<'_>) -> String {
    let mut document = Document::default();
    document.hatches();
    head(&mut document, facts);
    figures(&mut document, facts);
    pictures(&mut document, facts);
    document.open("div", "two");
    neediest(&mut document, facts);
    comparison(&mut document, facts);
    document.close("div");
    document.open("p", "note few");
    document.text(sheet::COME_BACK);
    document.text(" ");
    document.link(facts.address);
    document.close("p");
    if facts.is_numbers_only {
        document.paragraph("note", sheet::NUMBERS_ONLY);
    } else if facts.run.is_some() {
        document.paragraph("note", sheet::TIMES);
    }
    document.into_text()
}

/// Who, when, and whether it fits.
fn head(document: &mut Document, facts: &Facts<'_>) {
    let Facts { model, plan, settings, .. } = facts;
    document.open("div", "head");
    document.element("h1", "one", facts.file_name);
    document.element(
        "span",
        "",
        &format!("{} {}, {}", page::NAME, env!("CARGO_PKG_VERSION"), facts.date),
    );
    document.close("div");
    document.paragraph("sha", &sheet::file_words(model));
    let available = settings.target.sram_bytes();
    let verdict = verdict_beside(plan.arena_bytes, settings.own_bytes(), available)
        .beside_flash(model, settings.target.flash_bytes());
    document.paragraph("sentence few", &[verdict.sign(), " ", &verdict.sentence].concat());
    let peak = plan.neediest_operator().and_then(|index| model.operators.get(index as usize));
    let peak = peak.map_or(DELIVERY_PEAK.to_owned(), |operator| peak_sentence(plan, operator));
    let flash = flash_sentence(model, settings.target.flash_bytes());
    document.paragraph("few", &[peak.as_str(), " ", &flash].concat());
    if let Some(tflm) = allocate_verdict(model, settings.own_bytes(), available) {
        document.paragraph("few", &[tflm.sign(), " ", &tflm.sentence, " ", &tflm.exact].concat());
    }
    document.gauge(plan.arena_bytes, &settings.blocks, available);
}

/// How it is counted, and the figures to the last byte.
fn figures(document: &mut Document, facts: &Facts<'_>) {
    let Facts { model, plan, settings, .. } = facts;
    let counted = accounting::summary(
        settings.accounting,
        settings.passes,
        settings.is_paper,
        settings.is_reordered,
    );
    document.open("dl", "facts");
    document.fact(page::FACT_PLAN, &accounting::plan_words(plan.choice));
    document.fact(page::FACT_ARENA, &kib_and_bytes(plan.arena_bytes));
    document.fact(page::FACT_BOUND, &kib_and_bytes(plan.lower_bound_bytes));
    document.fact(page::FACT_MACS, &thousands(plan.macs));
    document.fact(sheet::FLASH, &kib_and_bytes(model.flash_needed_bytes()));
    document.close("dl");
    document.paragraph("one", &counted);
    if let Some((step, _)) = plan.neediest() {
        document.paragraph("formula few", &step_formula(model, plan, step));
    }
}

/// The arena and the bars, with their legend.
fn pictures(document: &mut Document, facts: &Facts<'_>) {
    let Facts { model, plan, behind, settings, .. } = facts;
    let budget = settings.budget();
    document.element("h2", "", page::TITLE_ARENA);
    let arena = arena_picture(model, plan, budget, ARENA_PX);
    document.picture(&arena_drawing(model, plan, &arena, ARENA_PX, &LIGHT));
    document.element("h2", "", page::TITLE_BARS);
    let chart = BarsChart::new(model, plan, *behind, budget);
    if let Ok(svg) = bars_svg(&chart, LIGHT, BARS_PX) {
        document.picture(&svg);
    }
    let keys = united(&arena.keys(), &chart.keys());
    document.picture(&legend_svg(&keys, BARS_PX.0, &LIGHT).0);
}

/// The operators that need most, the neediest first.
fn neediest(document: &mut Document, facts: &Facts<'_>) {
    let needs = facts.plan.needs_by_operator(facts.model.operators.len());
    let bytes = |index: usize| needs[index].bytes;
    let mut order = sorted_positions(needs.len(), &|one, other| bytes(other).cmp(&bytes(one)));
    order.truncate(N_NEEDIEST);
    document.open("div", "");
    document.element("h2", "", sheet::NEEDIEST);
    parts::operator_rows(document, facts, &needs, &order);
    document.close("div");
}

/// What is compared with the shown plan, where something is.
fn comparison(document: &mut Document, facts: &Facts<'_>) {
    let Some([a, b]) = facts.versus else { return };
    document.open("div", "");
    document.element("h2", "", comparison::TITLE);
    parts::comparison_rows(document, a, b, facts.settings.budget());
    document.paragraph("note", &comparison::differences(a, b));
    document.close("div");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        text::sample,
        ui::{geometry::legend::Key, state::OwnBlock},
    };

    fn settings() -> Settings {
        let mut settings = Settings::default();
        settings.blocks.extend(OwnBlock::new("frame <b>", 400));
        settings
    }

    #[test]
    fn the_sheet_has_every_part_and_keeps_names_as_text() {
        let (model, layerwise, plan) =
            (sample::model(), sample::plan(), sample::patched_plan(2, 2));
        let (run, settings) = (sample::run(), settings());
        let sides = [&layerwise, &plan].map(|plan| Side {
            file_name: "a",
            model: &model,
            passes: settings.passes,
            plan,
            run: None,
            inputs: &[],
            answer: None,
        });
        let facts = Facts {
            file_name: "a<script>.tflite",
            model: &model,
            plan: &plan,
            behind: Some(&layerwise),
            versus: Some([&sides[0], &sides[1]]),
            run: Some(&run),
            settings: &settings,
            address: "https://example.org/#m=a&b=\"c",
            date: "2026-11-30",
            is_numbers_only: false,
        };
        let html = sheet(&facts);
        assert!(html.contains("a&lt;script&gt;.tflite") && !html.contains("<script"), "{html}");
        assert!(html.contains("frame &lt;b&gt; 400 B"), "{html}");
        assert!(html.contains("#m=a&amp;b=&quot;c"));
        for part in [
            &model.sha256,
            sheet::NEEDIEST,
            page::TITLE_ARENA,
            page::TITLE_BARS,
            comparison::TITLE,
            "url(#hatch-depthwise)",
            Key::Outline.words(),
            Key::StageEnd.words(),
            "live at",
            "Counted ",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
        let alone = sheet(&Facts { behind: None, versus: None, plan: &layerwise, ..facts });
        assert!(!alone.contains(comparison::TITLE));
        assert!(!alone.contains(Key::Outline.words()) && !alone.contains(Key::StageEnd.words()));
        let opened = html.matches("<div").count() + html.matches("<table").count();
        let closed = html.matches("</div>").count() + html.matches("</table>").count();
        assert_eq!(opened, closed);
    }
}
