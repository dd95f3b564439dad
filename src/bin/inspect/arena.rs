//! The arena drawn in characters: address upwards, time to the right.

use crate::drawing::kind;
use std::fmt::Write as _;
use tinyml_playground::{
    report::{BlockReport, Family, ModelReport, PlanReport},
    text::kib,
};

/// Columns of the drawing, at most.
const WIDTH: usize = 72;
/// Rows of the drawing.
const HEIGHT: usize = 16;

/// Draws a plan. A patch stage is drawn as the patch that needs most, and the tail after it.
pub(crate) fn arena(model: &ModelReport, plan: &PlanReport) -> String {
    let steps = steps_to_draw(plan);
    if plan.arena_bytes == 0 || steps.is_empty() {
        return "The arena is empty.\n".to_owned();
    }
    let width = steps.len().min(WIDTH);
    let mut text = caption(plan, steps.len());
    for row in (0..HEIGHT as u64).rev() {
        let address = plan.arena_bytes * (2 * row + 1) / (2 * HEIGHT as u64);
        // Writing to a string cannot fail.
        let _ = write!(text, "{:>12} |", kib(plan.arena_bytes * (row + 1) / HEIGHT as u64));
        for column in 0..width {
            text.push(letter_at(model, &plan.blocks, steps[column * steps.len() / width], address));
        }
        text.push('\n');
    }
    let _ = writeln!(text, "{:>12} +{}", "0", "-".repeat(width));
    let first_operator = |step: u32| plan.steps.get(step as usize).and_then(|step| step.operator);
    let (first, last) = (steps.first(), steps.last());
    let name = |step: Option<&u32>| {
        let operator = step.and_then(|&step| first_operator(step));
        operator.map_or("input".to_owned(), |operator| format!("#{operator}"))
    };
    let (first, last) = (name(first), name(last));
    let _ = writeln!(text, "{:>14}{first}{:>gap$}", "", last, gap = width - first.len().min(width));
    text.push_str(
        "              C convolution, D depthwise, E element-wise, F dense, O other, I input;\n\
         \x20             small letters where the operator's number is odd\n",
    );
    text
}

fn caption(plan: &PlanReport, drawn: usize) -> String {
    let patches = plan.steps.iter().filter_map(|step| step.patch).max();
    match (patches, worst_patch(plan)) {
        (Some(last), Some(worst)) => format!(
            "Arena: address upwards, time to the right. Drawn: patch {} of {}, which needs most, then \
             the tail ({drawn} of {} steps)\n",
            worst + 1,
            last + 1,
            plan.steps.len(),
        ),
        _ => format!("Arena: address upwards, {drawn} steps to the right\n"),
    }
}

fn worst_patch(plan: &PlanReport) -> Option<u32> {
    let in_patches = plan.steps.iter().filter(|step| step.patch.is_some());
    // The first of equals.
    let worst = in_patches.rev().max_by_key(|step| step.needed_bytes());
    worst.and_then(|step| step.patch)
}

fn steps_to_draw(plan: &PlanReport) -> Vec<u32> {
    let worst = worst_patch(plan);
    let steps = (0u32..).zip(&plan.steps);
    let drawn = steps.filter(|(_, step)| step.patch.is_none() || step.patch == worst);
    drawn.map(|(position, _)| position).collect()
}

fn letter_at(model: &ModelReport, blocks: &[BlockReport], step: u32, address: u64) -> char {
    let holds = |block: &&BlockReport| {
        (block.first_step..block.end_step).contains(&step)
            && (block.offset_bytes..block.offset_bytes + block.bytes).contains(&address)
    };
    let Some(block) = blocks.iter().find(holds) else { return ' ' };
    let Some(operator) = block.operator else { return 'I' };
    let family = model.operators.get(operator as usize).map(|operator| operator.family);
    let letter = match family {
        Some(Family::Convolution) => 'C',
        Some(Family::Depthwise) => 'D',
        Some(Family::ElementWise) => 'E',
        Some(Family::Dense) => 'F',
        Some(Family::Other) | None => 'O',
    };
    if operator % 2 == 0 { letter } else { letter.to_ascii_lowercase() }
}

/// `#4 DEPTHWISE_CONV_2D`.
pub(crate) fn operator_name(model: &ModelReport, index: u32) -> String {
    let operator = model.operators.get(index as usize);
    format!("#{index} {}", kind(operator.map_or("", |operator| operator.kind.as_str())))
}
