//! The front of arena against multiply-accumulates, in words.

use super::{
    Budget, front_sentence, input_words, kib, kib_apart, plan_words, recompute_short, thousands,
};
use crate::report::{
    BlockRole, CandidateReport, FrontReport, InPlace, InputImage, ModelReport, PlanReport,
    ScheduleChoice,
};

/// The largest grid that is compared, as patches a side.
pub const LARGEST_GRID: u32 = 8;
/// Title of the card.
pub const TITLE: &str = "How small can the arena get, at what price?";
/// What the card does.
pub const HINT: &str = "Compares every stage end with every grid of patches up to 8x8 and keeps \
                        the schedules that nothing beats in both arena and MACs.";
/// Said of models whose operators allow no patches.
pub const NO_STAGE: &str = "No part of this model can run in patches: layer by layer is all there \
                            is.";
/// Takes the cheapest schedule that fits.
pub const FIT: &str = "Fit this target";
/// Takes the smallest arena.
pub const SMALLEST: &str = "Smallest arena";
/// Where the smallest arena is shown though something else may make it smaller.
pub const IN_PLACE_HINT: &str = "Nothing is in place here. With operators in place (under What is \
    counted) an arena may be smaller still.";
/// Looks for the front.
pub const FIND: &str = "Search all grids up to 8x8";
/// While it is looked for.
pub const SEARCHING: &str = "Comparing schedules";
/// The accessible name of the drawing.
pub const CHART: &str = "Arena against MACs";
/// How the drawing is walked.
pub const KEYS: &str =
    "Arrow keys walk the schedules, Home and End jump, Enter shows the one that is marked.";
/// The same for those who point.
pub const POINT_HINT: &str = "Point at a schedule to read it, click to show it.";
/// The accessible name of the table.
pub const TABLE: &str = "Schedules on the front";
/// Column of the table.
pub const MORE: &str = "more";
/// Column of the table.
pub const SCHEDULE: &str = "Schedule";

/// Whether this is the smallest arena of a front whose schedules have nothing in place.
#[must_use]
pub fn could_be_in_place(front: &FrontReport, plan: &PlanReport) -> bool {
    let is_smallest = front.smallest().is_some_and(|one| one.choice == plan.choice.schedule);
    is_smallest && front.accounting.in_place == InPlace::None
}

/// The price of a schedule, finer than whole percent where it is small: `+0.5 %`.
#[must_use]
pub fn more(macs: u64, macs_layerwise: u64) -> String {
    let change = i128::from(macs) - i128::from(macs_layerwise);
    let whole = i128::from(macs_layerwise.max(1));
    let tenths = (change.abs() * 2000 + whole) / (whole * 2);
    if change == 0 || tenths >= 100 {
        return recompute_short(macs, macs_layerwise);
    }
    let sign = if change < 0 { "−" } else { "+" };
    match tenths {
        0 => format!("{sign}<0.1 %"),
        _ => format!("{sign}{}.{} %", tenths / 10, tenths % 10),
    }
}

/// The price beside a count: `the same` or `+33 %`.
#[must_use]
pub fn more_work(macs: u64, macs_layerwise: u64) -> String {
    if macs == macs_layerwise { "the same".to_owned() } else { more(macs, macs_layerwise) }
}

/// What is in place, in words.
#[must_use]
pub const fn in_place_words(in_place: InPlace) -> &'static str {
    match in_place {
        InPlace::None => "nothing in place",
        InPlace::Depthwise => "depthwise in place",
        InPlace::All => "all in place that may",
    }
}

/// How much was compared, how it is counted, and what is left of it.
#[must_use]
pub fn compared(front: &FrontReport, input_image: InputImage) -> String {
    let kept = front.front.len();
    let in_place = in_place_words(front.accounting.in_place);
    format!(
        "{} schedules compared, {}, {in_place}; {kept} of them {} beaten by none in both arena and \
         MACs.",
        thousands(front.tried),
        input_words(input_image),
        if kept == 1 { "is" } else { "are" }
    )
}

/// Where nothing keeps within the target: by how much the smallest misses.
#[must_use]
pub fn misses(front: &FrontReport, budget: Budget) -> Option<String> {
    if front.fitting(budget.bytes).is_some() {
        return None;
    }
    let smallest = front.smallest()?.arena_bytes;
    if budget.short_bytes > 0 {
        return Some(format!(
            "None fits: own blocks alone are {} over, with the smallest arena, {}, it is {}.",
            kib(budget.short_bytes),
            kib(smallest),
            budget.difference(smallest)
        ));
    }
    Some(format!(
        "None fits {}: the smallest arena, {}, is {} over.",
        kib(budget.bytes),
        kib(smallest),
        kib_apart(smallest, budget.bytes)
    ))
}

/// The shown plan beside the front: which point it is, or which point is better.
#[must_use]
pub fn shown(front: &FrontReport, model: &ModelReport, plan: &PlanReport) -> String {
    let first = first_operator(model);
    if let Some(point) = front.front.iter().find(|point| point.choice == plan.choice.schedule) {
        return format!("Shown: {}.", front_sentence(point, first, front.macs_layerwise));
    }
    let figures = |choice, arena_bytes, macs| {
        let price = more(macs, front.macs_layerwise);
        format!("{}, {}, {price} MACs", plan_words(choice), kib(arena_bytes))
    };
    let this = figures(plan.choice.schedule, plan.arena_bytes, plan.macs);
    let beats =
        |point: &&CandidateReport| point.arena_bytes <= plan.arena_bytes && point.macs <= plan.macs;
    match front.front.iter().find(beats) {
        None => format!("Shown: {this}: not among the schedules that were compared."),
        Some(point) if (point.arena_bytes, point.macs) == (plan.arena_bytes, plan.macs) => {
            format!("Shown: {this}, the same as {}.", plan_words(point.choice))
        }
        Some(point) => {
            let better = figures(point.choice, point.arena_bytes, point.macs);
            format!("Shown: {this}. Better: {better}.")
        }
    }
}

/// What keeps a patch plan from being smaller: the tail, or what is needed at the step that needs most.
#[must_use]
pub fn limit(plan: &PlanReport) -> Option<String> {
    let ScheduleChoice::Patched { input_image, .. } = plan.choice.schedule else { return None };
    let (number, step) = plan.neediest()?;
    let at = step.operator.map_or_else(|| "the delivery".to_owned(), |index| format!("#{index}"));
    let needed = step.needed_bytes();
    if step.patch.is_none() {
        return Some(format!(
            "The tail decides: operator {at} runs whole after the patches and needs {}; finer \
             patches change nothing there.",
            kib(needed)
        ));
    }
    let at_peak = |role: BlockRole| -> u64 {
        let live = plan.blocks.iter().filter(|block| {
            block.role == role && (block.first_step..block.end_step).contains(&number)
        });
        live.map(|block| block.bytes).sum()
    };
    let split = at_peak(BlockRole::Split);
    let input = match input_image {
        InputImage::Resident => at_peak(BlockRole::Input),
        InputImage::Streamed => 0,
    };
    let patch = step.live_bytes.saturating_sub(split + input);
    let mut parts = Vec::new();
    if input > 0 {
        parts.push(format!("the input {}", kib(input)));
    }
    parts.push(format!("the split tensor {}", kib(split)));
    parts.push(format!("the patch itself {}", kib(patch)));
    if step.scratch_bytes > 0 {
        parts.push(format!("scratch {}", kib(step.scratch_bytes)));
    }
    let of_patch = patch + step.scratch_bytes;
    let why = if input > split.max(of_patch) {
        "The input decides, and lies whole as long as patches run; streamed, it would not."
    } else if split > of_patch {
        "The split tensor decides, and no grid makes it smaller."
    } else {
        "The patches themselves decide: a finer grid makes them smaller, at more MACs."
    };
    Some(format!("At the peak, {at} in the patches: {}. {why}", parts.join(", ")))
}

/// Why nothing is smaller than layer by layer, where that is so.
#[must_use]
pub fn no_help(
    front: &FrontReport,
    model: &ModelReport,
    input_image: InputImage,
) -> Option<String> {
    if front.smallest()?.choice != ScheduleChoice::Layerwise {
        return None;
    }
    if front.accounting.in_place != InPlace::None {
        // The reasons below are those of whole tensors with bytes of their own.
        let smallest = front.smallest()?.arena_bytes;
        return Some(format!(
            "Patches do not help here: with {}, none of the {} schedules compared keeps below the \
             {} of whole layers.",
            in_place_words(front.accounting.in_place),
            thousands(front.tried),
            kib(smallest)
        ));
    }
    let input = match input_image {
        InputImage::Resident => input_bytes(model),
        InputImage::Streamed => 0,
    };
    // What patches up to an operator cannot go below, whatever the grid.
    let floor = |&end: &u32| {
        let later = model.operators.iter().filter(|operator| operator.index > end);
        let tail = later.max_by_key(|operator| operator.live_bytes);
        let tail = tail.map_or((0, end), |operator| (operator.live_bytes, operator.index));
        let split = model.operators.get(end as usize).map_or(0, |one| output_bytes(model, one));
        (tail.0.max(split + input), end, tail, split)
    };
    let (least, end, (tail, operator), split) = model.stage_ends.iter().map(floor).min()?;
    let layerwise = kib(model.peak_bytes);
    let why = if least < model.peak_bytes {
        format!("with their halos no patches up to 8x8 keep below the {layerwise} of whole layers")
    } else if tail >= split + input {
        format!(
            "after every stage end the tail needs {} or more, whole (operator #{operator} after \
             #{end}); layer by layer needs {layerwise}",
            kib(tail)
        )
    } else if input > split {
        format!(
            "the input ({}) and the split tensor ({} after #{end}) lie whole beside each other; \
             layer by layer needs {layerwise}",
            kib(input),
            kib(split)
        )
    } else {
        format!(
            "the split tensor lies whole, {} after #{end}; layer by layer needs {layerwise}",
            kib(split + input)
        )
    };
    Some(format!("Patches do not help here: {why}."))
}

/// A schedule in fewest words, where how the input is held stands elsewhere.
#[must_use]
pub fn schedule(choice: ScheduleChoice) -> String {
    match choice {
        ScheduleChoice::Layerwise | ScheduleChoice::Reordered => plan_words(choice),
        ScheduleChoice::Patched { stage_end, rows, columns, .. } => {
            format!("{rows}x{columns} patches up to #{stage_end}")
        }
    }
}

/// The button that shows a point of the front.
#[must_use]
pub fn show(choice: ScheduleChoice) -> String {
    format!("Show {}", plan_words(choice))
}

/// The first operator that runs.
#[must_use]
pub fn first_operator(model: &ModelReport) -> u32 {
    let first = model.operators.iter().find(|operator| operator.removed_by.is_none());
    first.map_or(0, |operator| operator.index)
}

fn input_bytes(model: &ModelReport) -> u64 {
    let first = model.operators.get(first_operator(model) as usize);
    let tensor = first.and_then(|operator| operator.inputs.first());
    tensor.and_then(|id| model.tensors.get(id.index())).map_or(0, |tensor| tensor.bytes)
}

fn output_bytes(model: &ModelReport, operator: &crate::report::OperatorReport) -> u64 {
    let tensor = operator.outputs.first();
    tensor.and_then(|id| model.tensors.get(id.index())).map_or(0, |tensor| tensor.bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::sample;

    fn front() -> FrontReport {
        sample::front()
    }

    #[test]
    fn small_prices_have_a_decimal() {
        assert_eq!(more(1005, 1000), "+0.5 %");
        assert_eq!(more(100_674, 100_000), "+0.7 %");
        assert_eq!(more(1000, 1000), "±0");
        assert_eq!(more(100_001, 100_000), "+<0.1 %");
        assert_eq!(more(1330, 1000), "+33 %");
        assert_eq!(more(990, 1000), "−1.0 %");
    }

    #[test]
    fn a_miss_names_the_smallest_and_the_gap() {
        let front = front();
        assert_eq!(misses(&front, 400.into()), None);
        let words = misses(&front, 100.into()).unwrap();
        assert!(words.starts_with("None fits 100 B"), "{words}");
        assert!(words.contains("400 B") && words.contains("300 B over"), "{words}");
        let words = misses(&front, Budget::beside(9 << 10, 1 << 10)).unwrap();
        assert!(
            words.starts_with("None fits: own blocks alone are 8.0 KiB over, with the smallest"),
            "{words}"
        );
    }

    #[test]
    fn the_shown_plan_is_placed_beside_the_front() {
        let (front, model) = (front(), sample::model());
        let words = shown(&front, &model, &sample::plan());
        assert_eq!(words, "Shown: layer by layer: 704 B.");
        let on_front = shown(&front, &model, &sample::patched_plan(2, 2));
        assert!(on_front.starts_with("Shown: operators #0 to #1 in 2x2 patches"), "{on_front}");
        let mut worse = sample::patched_plan(3, 3);
        worse.arena_bytes = 450;
        let words = shown(&front, &model, &worse);
        assert!(words.contains("Better: 2x2 patches up to #1"), "{words}");
        worse.arena_bytes = 300;
        assert!(shown(&front, &model, &worse).contains("not among"));
    }

    #[test]
    fn what_decides_is_said_of_a_patch_plan_only() {
        assert_eq!(limit(&sample::plan()), None);
        let mut plan = sample::patched_plan(2, 2);
        let words = limit(&plan).unwrap();
        assert!(words.starts_with("At the peak, #0 in the patches"), "{words}");
        assert_eq!(plan.neediest_operator(), Some(0));
        // Scratch counts: the verdict blames the operator that needs most with it.
        let tail = plan.steps.iter().position(|step| step.patch.is_none()).unwrap();
        plan.steps[tail + 1].scratch_bytes = 500;
        assert_eq!(plan.neediest_operator(), Some(3));
        assert!(limit(&plan).unwrap().starts_with("The tail decides: operator #3"));
        plan.steps[1].scratch_bytes = 900;
        assert_eq!(plan.neediest_operator(), Some(1));
        let words = limit(&plan).unwrap();
        assert!(words.starts_with("At the peak, #1 in the patches"), "{words}");
        assert!(words.contains("scratch 900 B"), "{words}");
    }

    #[test]
    fn where_nothing_helps_the_reason_is_a_figure() {
        let (mut front, mut model) = (front(), sample::model());
        assert_eq!(no_help(&front, &model, InputImage::Resident), None);
        front.front.truncate(1);
        let words = no_help(&front, &model, InputImage::Resident).unwrap();
        assert!(words.contains("halos"), "{words}");
        model.operators[3].live_bytes = 900;
        let words = no_help(&front, &model, InputImage::Resident).unwrap();
        assert!(words.contains("the tail needs 900 B") && words.contains("#3"), "{words}");
        model.operators[3].live_bytes = 20;
        model.tensors[0].bytes = 800;
        let words = no_help(&front, &model, InputImage::Resident).unwrap();
        assert!(words.contains("the input (800 B)"), "{words}");
        assert!(no_help(&front, &model, InputImage::Streamed).unwrap().contains("halos"));
        front.accounting = front.accounting.with_in_place(InPlace::All);
        let words = no_help(&front, &model, InputImage::Resident).unwrap();
        assert!(words.contains("with all in place that may") && words.contains("704 B"), "{words}");
    }
}
