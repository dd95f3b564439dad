//! The report: one file of HTML without scripts, to attach to an issue.

use super::{Facts, STYLE, parts, parts::Document, sheet};
use crate::{
    order::{sort_positions, sorted_positions},
    text::{accounting, operator_label, sheet as words, short_step_formula},
    ui::{
        charts::{DARK, LIGHT, Palette, Rgb},
        markup::css,
    },
};

/// The style of the report beside that of the sheet.
const REPORT_STYLE: &str = include_str!("../../../assets/report.css");

/// Live sets of so many operators are listed: all of them would grow with the square of the network.
const MOST_LIVE_SETS: usize = 200;
/// Each with so many terms.
const MOST_TERMS: usize = 24;

/// The report as a document: the sheet, every operator, the formulas, and what of it is exact. It loads
/// nothing and runs nothing, and its policy forbids both.
#[must_use]
pub fn report(facts: &Facts<'_>) -> String {
    let mut document = Document::default();
    document.raw(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'unsafe-inline'\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>",
    );
    document.text(&words::picture_title(
        facts.file_name,
        &accounting::plan_words(facts.plan.choice),
        facts.plan.arena_bytes,
    ));
    document.raw("</title><style>");
    document.raw(STYLE);
    document.raw(REPORT_STYLE);
    document.raw(&dark_drawings());
    document.raw("</style></head><body><main class=\"sheet\">");
    document.raw(&sheet(facts));
    operators(&mut document, facts);
    formulas(&mut document, facts);
    document.element("h2", "", words::HONESTY);
    document.paragraph("", words::EXACT);
    document.paragraph("", &words::estimated(facts.model));
    document.paragraph("", words::TIMES);
    document.raw("</main></body></html>\n");
    document.into_text()
}

/// Every operator, in the file's order.
fn operators(document: &mut Document, facts: &Facts<'_>) {
    let n_operators = facts.model.operators.len();
    let needs = facts.plan.needs_by_operator(n_operators);
    let order: Vec<usize> = (0..n_operators).collect();
    document.element("h2", "", words::ALL_OPERATORS);
    document.open("div", "scroll");
    parts::operator_rows(document, facts, &needs, &order);
    document.close("div");
}

/// What the figures are made of.
fn formulas(document: &mut Document, facts: &Facts<'_>) {
    let Facts { model, plan, settings, .. } = facts;
    document.element("h2", "", words::FORMULAS);
    if !facts.is_numbers_only {
        for formula in accounting::formulas(model, plan, settings.passes) {
            document.paragraph("formula", &formula);
        }
    }
    live_sets(document, facts);
}

/// What is live at the operators that need most, in the file's order.
fn live_sets(document: &mut Document, facts: &Facts<'_>) {
    let Facts { model, plan, .. } = facts;
    let needs = plan.needs_by_operator(model.operators.len());
    let bytes = |index: usize| needs[index].bytes;
    let mut order = sorted_positions(needs.len(), &|one, other| bytes(other).cmp(&bytes(one)));
    order.retain(|&index| needs[index].steps > 0);
    let n_operators = order.len();
    order.truncate(MOST_LIVE_SETS);
    sort_positions(&mut order, &|one, other| one.cmp(&other));
    document.element("h2", "", words::LIVE_SETS);
    if order.len() < n_operators {
        document.paragraph("note", &words::some_live_sets(order.len(), n_operators));
    }
    for operator in order.iter().filter_map(|&index| model.operators.get(index)) {
        let is_its = Some(operator.index);
        if let Some(step) = plan.neediest_step(|step| step.operator == is_its) {
            document.paragraph("", &operator_label(operator));
            document.paragraph("formula", &short_step_formula(model, plan, step, MOST_TERMS));
        }
    }
}

/// Rules that give drawings made for white the colours for near-black.
fn dark_drawings() -> String {
    let mut rules = "@media (prefers-color-scheme: dark) {".to_owned();
    let colours: [fn(&Palette) -> Rgb; 12] = [
        |palette| palette.surface,
        |palette| palette.text,
        |palette| palette.muted,
        |palette| palette.line,
        |palette| palette.over,
        |palette| palette.over_tint,
        |palette| palette.on_mark,
        |palette| palette.convolution,
        |palette| palette.depthwise,
        |palette| palette.element_wise,
        |palette| palette.dense,
        |palette| palette.other,
    ];
    for colour in colours {
        let (light, dark) = (css(colour(&LIGHT)), css(colour(&DARK)));
        for paint in ["fill", "stroke"] {
            for part in ["[", paint, "=\"", &light, "\"]{", paint, ":", &dark, "}"] {
                rules.push_str(part);
            }
        }
    }
    rules.push_str("}\n");
    rules
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        report::{BlockReport, ModelReport, OperatorReport, PlanReport, StepReport},
        text::sample,
        ui::state::Settings,
    };

    fn facts<'a>(
        model: &'a ModelReport,
        plan: &'a PlanReport,
        settings: &'a Settings,
    ) -> Facts<'a> {
        Facts {
            file_name: "</title><script>alert(1)</script>",
            model,
            plan,
            behind: None,
            versus: None,
            run: None,
            settings,
            address: "https://example.org/#m=a",
            date: "2026-11-30",
            is_numbers_only: false,
        }
    }

    #[test]
    fn the_report_stands_alone_and_has_every_operator() {
        let (model, plan, settings) = (sample::model(), sample::plan(), Settings::default());
        let html = report(&facts(&model, &plan, &settings));
        assert!(!html.contains("<script") && !html.contains("src=") && !html.contains("@import"));
        assert!(html.contains("default-src 'none'"));
        for operator in &model.operators {
            assert!(html.contains(&operator_label(operator)));
        }
        assert!(html.contains("[fill=\"#0A6BDB\"]{fill:#2E8FF2}"));
        assert!(html.contains("estimated at"), "{html}");
        let used = html.matches("url(#").map(|_| ()).count();
        assert!(used > 4);
        for part in html.split("url(#").skip(1) {
            let id = part.split(')').next().unwrap();
            assert_eq!(html.matches(&format!("id=\"{id}\"")).count(), 1, "{id}");
        }
    }

    #[test]
    fn live_sets_of_a_long_network_stay_short() {
        let (mut model, mut plan) = (sample::model(), sample::plan());
        let (operator, block) = (model.operators[0].clone(), plan.blocks[0]);
        let (mut step, n_operators) = (plan.steps[0], 1000u32);
        step.patch = None;
        model.operators.clear();
        plan.steps.clear();
        plan.blocks.clear();
        for index in 0..n_operators {
            model.operators.push(OperatorReport { index, ..operator.clone() });
            plan.steps.push(StepReport {
                operator: Some(index),
                live_bytes: u64::from(n_operators),
                ..step
            });
            // All of them live to the end.
            plan.blocks.push(BlockReport {
                bytes: 1,
                first_step: 0,
                end_step: n_operators,
                ..block
            });
        }
        plan.steps[999].live_bytes += 1;
        let mut document = Document::default();
        let settings = Settings::default();
        live_sets(&mut document, &facts(&model, &plan, &settings));
        let html = document.into_text();
        assert!(html.len() < 500_000, "{} bytes", html.len());
        assert_eq!(html.matches("live at #").count(), 200);
        assert_eq!(html.matches(" and 976 more = 976 = 1,000 B").count(), 200);
        assert!(html.contains("Only the 200 operators that need most, of 1,000."));
        // The neediest, and of equals the first, in the file's order.
        assert!(html.contains("live at #0:") && html.contains("live at #198:"));
        assert!(!html.contains("live at #199:"));
        assert!(html.find("live at #999:") > html.find("live at #198:"));
    }
}
