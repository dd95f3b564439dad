//! The report: one file of HTML without scripts, to attach to an issue.

use super::{Facts, STYLE, parts, parts::Document, sheet};
use crate::{
    text::{accounting, operator_label, sheet as words, step_formula},
    ui::{
        charts::{DARK, LIGHT, Palette, Rgb},
        markup::css,
    },
};

/// The style of the report beside that of the sheet.
const REPORT_STYLE: &str = include_str!("../../../assets/report.css");

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
    document.element("h2", "", words::LIVE_SETS);
    for operator in &model.operators {
        let is_its = Some(operator.index);
        if let Some(step) = plan.neediest_step(|step| step.operator == is_its) {
            document.paragraph("", &operator_label(operator));
            document.paragraph("formula", &step_formula(model, plan, step));
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
    use crate::{text::sample, ui::state::Settings};

    #[test]
    fn the_report_stands_alone_and_has_every_operator() {
        let (model, plan, settings) = (sample::model(), sample::plan(), Settings::default());
        let html = report(&Facts {
            file_name: "</title><script>alert(1)</script>",
            model: &model,
            plan: &plan,
            behind: None,
            versus: None,
            run: None,
            settings: &settings,
            address: "https://example.org/#m=a",
            date: "2026-11-30",
            is_numbers_only: false,
        });
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
}
