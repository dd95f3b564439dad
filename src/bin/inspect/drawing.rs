//! Reports as text for people.

use crate::{
    arena::{arena, operator_name},
    failure::plain,
};
use std::fmt::Write as _;
use tinyml_playground::{
    report::{ModelReport, PlanReport, RunReport},
    text::{kib, thousands},
};

/// Columns of an operator's kind.
const KIND: usize = 20;

/// Lines of a name and a value.
#[derive(Default)]
struct Lines(String);

impl Lines {
    fn add(&mut self, name: &str, value: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.0, "{name:<30}{}", plain(value));
    }

    fn bytes(&mut self, name: &str, bytes: u64) {
        self.add(name, &format!("{} ({} bytes)", kib(bytes), thousands(bytes)));
    }
}

/// An operator's kind, harmless and no wider than its column.
pub(crate) fn kind(kind: &str) -> String {
    let mut text = plain(kind);
    if text.chars().count() > KIND {
        text = text.chars().take(KIND - 1).collect();
        text.push('…');
    }
    text
}

/// The `report` command's text.
pub(crate) fn report(model: &ModelReport, plan: &PlanReport) -> String {
    let mut lines = Lines::default();
    lines.bytes("Arena, layer by layer", model.arena_bytes);
    lines.bytes("Lower bound", model.lower_bound_bytes);
    lines.bytes("Peak of live activations", model.peak_bytes);
    lines.add("  at", &operator_name(model, model.peak_operator));
    lines.bytes("  depthwise in place", model.depthwise_in_place_peak_bytes);
    lines.bytes("  as stored, without passes", model.as_stored_peak_bytes);
    lines.bytes("Flash, the whole file", model.flash_needed_bytes());
    lines.bytes("  of it weights", model.flash_bytes);
    lines.bytes("TFLM keeps, estimated", model.tflm_persistent_estimate.bytes);
    lines.bytes("  to start, at least", model.tflm_persistent_estimate.start_bytes);
    lines.add("MACs", &thousands(model.macs));
    if let Some(refusal) = &model.refusal {
        lines.add("Cannot run here", &refusal.problem.message);
        lines.add("", &refusal.problem.advice);
    }
    for warning in &model.warnings {
        lines.add("Note", warning);
    }
    format!("{}\n{}\n{}", lines.0, operators(model), arena(model, plan))
}

/// The `patch` command's text.
pub(crate) fn patch(model: &ModelReport, plan: &PlanReport) -> String {
    let mut lines = Lines::default();
    lines.bytes("Arena", plan.arena_bytes);
    lines.bytes("Lower bound", plan.lower_bound_bytes);
    lines.bytes("Arena, layer by layer", model.arena_bytes);
    lines.bytes("Stage peak", plan.stage_peak_bytes.unwrap_or(0));
    lines.bytes("Tail peak", plan.tail_peak_bytes.unwrap_or(0));
    if plan.scratch_bytes > 0 {
        lines.bytes("Scratch of a step, at most", plan.scratch_bytes);
    }
    lines.add("Peak at", &operator_name(model, plan.peak_operator));
    lines.add("MACs", &thousands(plan.macs));
    lines.add("MACs, layer by layer", &thousands(plan.macs_layerwise));
    lines.add("Recompute", &recompute(plan));
    if plan.delivered_bytes > 0 {
        lines.bytes("Input delivered from outside", plan.delivered_bytes);
    }
    format!("{}\n{}", lines.0, arena(model, plan))
}

/// The `run` command's text.
pub(crate) fn run(model: &ModelReport, plan: &PlanReport, run: &RunReport) -> String {
    let mut text = format!(
        "Ran in an arena of {} bytes ({}), {} MACs in {:.2} ms, kernels: {}\n",
        thousands(run.arena_bytes),
        kib(run.arena_bytes),
        thousands(run.macs),
        run.total_ms,
        run.kernels,
    );
    if plan.stage_peak_bytes.is_some() {
        let _ = writeln!(text, "Recompute {}", recompute(plan));
    }
    for output in &run.outputs {
        let _ = writeln!(text, "Output tensor {}: sha256 {}", output.tensor.0, output.sha256);
        for score in &output.top {
            let _ = writeln!(text, "  output {:<5} {:.6}", score.class, score.value);
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

fn operators(model: &ModelReport) -> String {
    let mut text =
        format!("{:>5}  {:<KIND$} {:<16} {:>12} {:>14}\n", "#", "kind", "output", "live", "MACs");
    for operator in model.operators.iter().filter(|operator| operator.removed_by.is_none()) {
        let shape: Vec<_> = operator.output_shape.iter().map(ToString::to_string).collect();
        let peak = if operator.index == model.peak_operator { "  peak" } else { "" };
        let _ = writeln!(
            text,
            "{:>5}  {:<KIND$} {:<16} {:>12} {:>14}{peak}",
            operator.index,
            kind(&operator.kind),
            shape.join("x"),
            kib(operator.live_bytes),
            thousands(operator.macs),
        );
    }
    text
}
