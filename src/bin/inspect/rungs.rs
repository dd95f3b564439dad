//! The `rungs` and `paper` commands: plans side by side.

use crate::{
    arguments::ModelArguments,
    commands::{Outcome, exit, json_text, open},
    files,
};
use serde_json::json;
use std::fmt::Write as _;
use tinyml_playground::{
    kernels::Reference,
    report::{InputImage, PaperReport, PlanChoice, PlanReport, RungReport},
    session::RungSearch,
    text::{kib, percent_tenths, plan_words, rung_assumes, rung_name, thousands},
};

/// The `rungs` command.
pub(crate) fn compare(
    arguments: &ModelArguments,
    input_image: InputImage,
    largest: u32,
) -> Outcome {
    let session = open::<Reference>(arguments)?;
    let mut search = RungSearch::new(&session, input_image, largest);
    while search.step(&session)? {}
    let rungs = search.finish();
    let text = if arguments.json { json_text(&json!({ "rungs": rungs })) } else { table(&rungs) };
    files::print(&text, exit(true))
}

fn table(rungs: &[RungReport]) -> String {
    let mut text = format!("{:>12} {:>12} {:>8}  {:<26} plan\n", "arena", "bound", "MACs", "rung");
    for rung in rungs {
        let more =
            percent_tenths(rung.macs.saturating_sub(rung.macs_layerwise), rung.macs_layerwise);
        let proven = if rung.is_optimal() { "" } else { "  (not proven)" };
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{:>12} {:>12} {:>8}  {:<26} {}{proven}",
            kib(rung.arena_bytes),
            kib(rung.lower_bound_bytes),
            format!("+{more}"),
            rung_name(rung.rung),
            plan_words(rung.choice.schedule),
        );
    }
    text.push('\n');
    for rung in rungs {
        let _ = writeln!(text, "{}: {}", rung_name(rung.rung), rung_assumes(rung.rung));
    }
    text
}

/// The `paper` command.
pub(crate) fn paper(arguments: &ModelArguments, choice: PlanChoice) -> Outcome {
    let session = open::<Reference>(arguments)?;
    let planned = session.plan(choice)?;
    let (paper, plan) = (session.paper_report(&planned), session.plan_report(&planned));
    let text = if arguments.json {
        json_text(&json!({ "paper": paper, "plan": plan }))
    } else {
        figures(&paper, &plan)
    };
    files::print(&text, exit(true))
}

fn figures(paper: &PaperReport, plan: &PlanReport) -> String {
    let mut text = String::from("As the MCUNetV2 paper counts:\n");
    let mut line = |words: &str, figure: String| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {words:<52} {figure}");
    };
    let operator = paper.layerwise_operator;
    line(&format!("layer by layer, at #{operator}"), kib(paper.layerwise_bytes));
    if let Some(patched) = paper.patched {
        let peak_bytes = patched.peak_bytes();
        line("patch stage", kib(patched.stage_bytes));
        line(&format!("the rest, at #{}", patched.tail_operator), kib(patched.tail_bytes));
        #[expect(clippy::cast_precision_loss, reason = "a ratio")]
        let ratio = paper.layerwise_bytes as f64 / peak_bytes.max(1) as f64;
        line("peak, and how much smaller", format!("{} ({ratio:.1}x)", kib(peak_bytes)));
    }
    if let Some(unclipped) = plan.unclipped {
        let base = unclipped.stage_macs_layerwise;
        let more =
            |macs: u64, base: u64| format!("+{}", percent_tenths(macs.saturating_sub(base), base));
        line("recompute of the stage, halos not clipped", more(unclipped.stage_macs, base));
        line("recompute of the stage, halos clipped", more(unclipped.stage_macs_clipped, base));
        line("recompute in all, halos clipped", more(plan.macs, plan.macs_layerwise));
        let [rows, columns] = unclipped.input_side;
        line("input that a patch reads, not clipped", format!("{rows}x{columns}"));
    }
    line(
        "what really runs: arena",
        format!("{} ({} bytes)", kib(plan.arena_bytes), thousands(plan.arena_bytes)),
    );
    text
}
