//! Reports as text for people, with an arena drawn in characters.

use std::fmt::Write as _;
use tinyml_playground::{
    report::{BlockReport, ModelReport, PlanReport, RunReport},
    text::{kib, thousands},
};

/// Columns of the drawing, at most.
const WIDTH: usize = 72;
/// Rows of the drawing.
const HEIGHT: usize = 16;

/// The `report` command's text.
pub(crate) fn report(model: &ModelReport, plan: &PlanReport) -> String {
    let mut text = String::new();
    let bytes = |bytes: u64| format!("{} ({} bytes)", kib(bytes), thousands(bytes));
    let mut line = |name: &str, value: String| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name:<28}{value}");
    };
    line("Arena, layer by layer", bytes(model.arena_bytes));
    line("Lower bound", bytes(model.lower_bound_bytes));
    line("Peak of live activations", bytes(model.peak_bytes));
    line("  at", operator_name(model, model.peak_operator));
    line("  depthwise in place", bytes(model.depthwise_in_place_peak_bytes));
    line("  as stored, without passes", bytes(model.as_stored_peak_bytes));
    line("Flash for constants", bytes(model.flash_bytes));
    line("MACs", thousands(model.macs));
    if let Some(refusal) = &model.refusal {
        line("Cannot run here", format!("{} {}", refusal.problem.message, refusal.problem.advice));
    }
    for warning in &model.warnings {
        line("Note", warning.clone());
    }
    text.push('\n');
    text.push_str(&operators(model));
    text.push('\n');
    text.push_str(&arena(plan));
    text
}

/// The `patch` command's text.
pub(crate) fn patch(model: &ModelReport, plan: &PlanReport) -> String {
    let mut text = String::new();
    let bytes = |bytes: u64| format!("{} ({} bytes)", kib(bytes), thousands(bytes));
    let mut line = |name: &str, value: String| {
        let _ = writeln!(text, "{name:<28}{value}");
    };
    line("Arena", bytes(plan.arena_bytes));
    line("Arena, layer by layer", bytes(model.arena_bytes));
    line("Stage peak", bytes(plan.stage_peak_bytes.unwrap_or(0)));
    line("Tail peak", bytes(plan.tail_peak_bytes.unwrap_or(0)));
    line("Peak at", operator_name(model, plan.peak_operator));
    line("MACs", thousands(plan.macs));
    line("MACs, layer by layer", thousands(plan.macs_layerwise));
    line("Recompute", recompute(plan));
    if plan.delivered_bytes > 0 {
        line("Input delivered from outside", bytes(plan.delivered_bytes));
    }
    text.push('\n');
    text.push_str(&arena(plan));
    text
}

/// The `run` command's text.
pub(crate) fn run(model: &ModelReport, plan: &PlanReport, run: &RunReport) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "Ran in an arena of {} bytes ({}), {} MACs in {:.2} ms, kernels: {}",
        thousands(run.arena_bytes),
        kib(run.arena_bytes),
        thousands(run.macs),
        run.total_ms,
        run.kernels,
    );
    let _ = writeln!(text, "Recompute {}", recompute(plan));
    for output in &run.outputs {
        let _ = writeln!(text, "Output tensor {}: sha256 {}", output.tensor.0, output.sha256);
        for score in &output.top {
            let _ = writeln!(text, "  class {:<5} {:.6}", score.class, score.value);
        }
    }
    let mut slowest: Vec<_> = run.operators.iter().collect();
    slowest.sort_by(|a, b| b.ms.total_cmp(&a.ms));
    for time in slowest.iter().take(5) {
        let _ = writeln!(text, "  {:.3} ms  {}", time.ms, operator_name(model, time.operator));
    }
    text
}

fn recompute(plan: &PlanReport) -> String {
    if plan.macs_layerwise == 0 {
        return "none".to_owned();
    }
    #[expect(clippy::cast_precision_loss, reason = "a percentage for people")]
    let share = (plan.macs as f64 / plan.macs_layerwise as f64 - 1.0) * 100.0;
    format!("{share:+.1} %")
}

fn operator_name(model: &ModelReport, index: u32) -> String {
    let operator = model.operators.iter().find(|operator| operator.index == index);
    let kind = operator.map_or("", |operator| operator.kind.as_str());
    format!("#{index} {kind}")
}

fn operators(model: &ModelReport) -> String {
    let mut text =
        format!("{:>5}  {:<20} {:<16} {:>12} {:>14}\n", "#", "kind", "output", "live", "MACs");
    for operator in model.operators.iter().filter(|operator| operator.removed_by.is_none()) {
        let shape: Vec<_> = operator.output_shape.iter().map(ToString::to_string).collect();
        let peak = if operator.index == model.peak_operator { "  peak" } else { "" };
        let _ = writeln!(
            text,
            "{:>5}  {:<20} {:<16} {:>12} {:>14}{peak}",
            operator.index,
            operator.kind,
            shape.join("x"),
            kib(operator.live_bytes),
            thousands(operator.macs),
        );
    }
    text
}

/// Address (upwards) against time (to the right); each block has a letter of its own.
fn arena(plan: &PlanReport) -> String {
    let steps = plan.steps.len();
    if plan.arena_bytes == 0 || steps == 0 {
        return "The arena is empty.\n".to_owned();
    }
    let width = steps.min(WIDTH);
    let mut text = format!("Arena: address upwards, {steps} steps to the right\n");
    for row in (0..HEIGHT as u64).rev() {
        let address = plan.arena_bytes * (2 * row + 1) / (2 * HEIGHT as u64);
        let _ = write!(text, "{:>12} |", kib(plan.arena_bytes * (row + 1) / HEIGHT as u64));
        for column in 0..width {
            let step = u32::try_from(column * steps / width).unwrap_or(u32::MAX);
            text.push(letter_at(&plan.blocks, step, address));
        }
        text.push('\n');
    }
    let _ = writeln!(text, "{:>12} +{}", "0", "-".repeat(width));
    text
}

fn letter_at(blocks: &[BlockReport], step: u32, address: u64) -> char {
    const LETTERS: &[u8; 26] = b"abcdefghijklmnopqrstuvwxyz";
    let holds = |block: &BlockReport| {
        (block.first_step..block.end_step).contains(&step)
            && (block.offset_bytes..block.offset_bytes + block.bytes).contains(&address)
    };
    match blocks.iter().position(holds) {
        Some(position) => char::from(LETTERS[position % LETTERS.len()]),
        None => ' ',
    }
}
