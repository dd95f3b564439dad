//! What is live at a step of the shown plan, opened up: the sum with its numbers, and why it matters.

use super::{compact_shape, kib, kib_apart, operator_words, page, thousands};
use crate::{
    order::sorted_positions,
    report::{
        BlockReport, BlockRole, InPlace, ModelReport, OperatorReport, PlanReport, Planner,
        StepReport,
    },
    tensor::TensorId,
};

/// A block that is live at a step, and what it is to the operator.
#[derive(Clone, Copy)]
struct Term<'a> {
    block: &'a BlockReport,
    part: Part,
}

/// In the order in which a formula names them.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Part {
    /// Read by the operator.
    Input,
    /// Read by the operator, whose output takes its place.
    InputAndOutput,
    /// Written by the operator.
    Output,
    /// Neither: it waits for a later one, by its number in the file.
    Kept(Option<u32>),
    /// The input of the network, during a patch stage.
    Image,
    /// A patch's part of an operator's output.
    Window(Option<u32>),
    /// Assembled whole from patches.
    Split,
    /// What the kernel of an operator needs beside its operands.
    Scratch(Option<u32>),
}

impl Part {
    fn words(self) -> String {
        match self {
            Self::Input | Self::Image => "input".to_owned(),
            Self::InputAndOutput => "input, its place taken by the output".to_owned(),
            Self::Output => "output".to_owned(),
            Self::Kept(Some(reader)) => format!("kept for #{reader}"),
            Self::Kept(None) => "kept".to_owned(),
            Self::Window(Some(operator)) => format!("part of #{operator}"),
            Self::Window(None) => "part of the input".to_owned(),
            Self::Split => "split tensor".to_owned(),
            Self::Scratch(Some(operator)) => format!("scratch of #{operator}"),
            Self::Scratch(None) => "scratch".to_owned(),
        }
    }
}

/// What a step and those after it do with tensors and blocks, each operator looked at once: a link may
/// name many of all of them.
struct Uses {
    /// By tensor: whether the step's operator reads it.
    is_read: Vec<bool>,
    /// By tensor: whether the step's operator writes it.
    is_written: Vec<bool>,
    /// By tensor: the first operator of a later step that reads it.
    later_reader: Vec<Option<u32>>,
    /// By block: whether the step's output takes its place.
    is_taken: Vec<bool>,
}

impl Uses {
    fn at(model: &ModelReport, plan: &PlanReport, step: u32) -> Self {
        let n_tensors = model.tensors.len();
        let mut uses = Self {
            is_read: vec![false; n_tensors],
            is_written: vec![false; n_tensors],
            later_reader: vec![None; n_tensors],
            is_taken: vec![false; plan.blocks.len()],
        };
        let now = plan.steps.get(step as usize).and_then(|step| operator_of(model, step));
        if let Some(now) = now {
            mark(model, &now.inputs, &mut uses.is_read, |is_read| *is_read = true);
            mark(model, &now.outputs, &mut uses.is_written, |is_written| *is_written = true);
        }
        // In patches an operator has many steps.
        let mut is_seen = vec![false; model.operators.len()];
        for later in plan.steps.iter().skip(step as usize + 1) {
            let Some(operator) = operator_of(model, later) else { continue };
            let place = later.operator.and_then(|index| is_seen.get_mut(index as usize));
            if place.is_some_and(|is_seen| !std::mem::replace(is_seen, true)) {
                mark(model, &operator.inputs, &mut uses.later_reader, |reader| {
                    reader.get_or_insert(operator.index);
                });
            }
        }
        let begin = plan.blocks.iter().filter(|block| block.first_step == step + 1);
        for under in begin.filter_map(|block| block.takes_place_of) {
            if let Some(is_taken) = uses.is_taken.get_mut(under as usize) {
                *is_taken = true;
            }
        }
        uses
    }
}

/// Changes the places of the tensors whose bytes these are.
fn mark<T>(model: &ModelReport, ids: &[TensorId], places: &mut [T], change: impl Fn(&mut T)) {
    for &id in ids {
        if let Some(place) = places.get_mut(source(model, id).index()) {
            change(place);
        }
    }
}

/// All that is live at a step: inputs first, then outputs, then what waits, scratch last.
fn terms<'a>(model: &ModelReport, plan: &'a PlanReport, step: u32) -> Vec<Term<'a>> {
    let uses = Uses::at(model, plan, step);
    let live =
        plan.blocks.iter().enumerate().filter(|(_, block)| {
            block.bytes > 0 && block.first_step <= step && step < block.end_step
        });
    let terms: Vec<Term<'a>> = live
        .map(|(position, block)| Term { block, part: part(&uses, plan, step, position) })
        .collect();
    let key = |place: usize| (terms[place].part, terms[place].block.tensor);
    let places = sorted_positions(terms.len(), &|one, other| key(one).cmp(&key(other)));
    places.into_iter().map(|place| terms[place]).collect()
}

/// What the block at `position` is to the operator of a step.
fn part(uses: &Uses, plan: &PlanReport, step: u32, position: usize) -> Part {
    let block = &plan.blocks[position];
    let now = plan.steps.get(step as usize);
    let is_in_stage = now.is_some_and(|step| step.patch.is_some());
    match block.role {
        BlockRole::Scratch => return Part::Scratch(block.operator),
        BlockRole::Window => return Part::Window(block.operator),
        BlockRole::Split if is_in_stage => return Part::Split,
        BlockRole::Input if is_in_stage => return Part::Image,
        _ => {}
    }
    let tensor = block.tensor.index();
    let is_so = |flags: &[bool]| flags.get(tensor).is_some_and(|&flag| flag);
    if is_so(&uses.is_read) {
        return if uses.is_taken[position] { Part::InputAndOutput } else { Part::Input };
    }
    if is_so(&uses.is_written) {
        return Part::Output;
    }
    Part::Kept(uses.later_reader.get(tensor).copied().flatten())
}

fn operator_of<'a>(model: &'a ModelReport, step: &StepReport) -> Option<&'a OperatorReport> {
    model.operators.get(step.operator? as usize)
}

/// The tensor whose bytes these are, through chains of aliases.
fn source(model: &ModelReport, id: TensorId) -> TensorId {
    let mut current = id;
    for _ in 0..model.tensors.len() {
        match model.tensors.get(current.index()).and_then(|tensor| tensor.alias_of) {
            Some(next) if next != current => current = next,
            _ => break,
        }
    }
    current
}

/// Its shape without the batch: of a patch's part, its own. Scratch has none.
fn dims(model: &ModelReport, block: &BlockReport) -> Option<String> {
    let tensor = model.tensors.get(block.tensor.index());
    let tensor = tensor.filter(|_| block.role != BlockRole::Scratch)?;
    Some(match block.region {
        Some(region) => {
            let channels = tensor.shape.last().copied().unwrap_or(1);
            format!("{}x{}x{channels}", region.rows.len(), region.columns.len())
        }
        None => compact_shape(&tensor.shape),
    })
}

/// The live set of a step with its numbers:
/// `live at #4: input 48x48x48 = 110,592 + output 24x24x48 = 27,648 = 138,240 B`.
#[must_use]
pub fn step_formula(model: &ModelReport, plan: &PlanReport, step: u32) -> String {
    short_step_formula(model, plan, step, usize::MAX)
}

/// The same with `most_terms` at most; of the others it says how many they are and what they take.
#[must_use]
pub fn short_step_formula(
    model: &ModelReport,
    plan: &PlanReport,
    step: u32,
    most_terms: usize,
) -> String {
    let live = terms(model, plan, step);
    let total: u64 = live.iter().map(|term| term.block.bytes).sum();
    let words = live.iter().take(most_terms).map(|term| {
        let dims = dims(model, term.block).map(|dims| format!(" {dims}")).unwrap_or_default();
        format!("{}{dims} = {}", term.part.words(), thousands(term.block.bytes))
    });
    let words: Vec<String> = words.collect();
    let at = match plan.steps.get(step as usize) {
        Some(StepReport { patch: Some(patch), .. }) => format!("step {step}, patch {}", patch + 1),
        Some(StepReport { operator: Some(operator), .. }) => format!("#{operator}"),
        _ => format!("step {step}"),
    };
    if live.is_empty() {
        return format!("live at {at}: nothing");
    }
    let others = live.get(most_terms..).unwrap_or_default();
    let more = if others.is_empty() {
        String::new()
    } else {
        let bytes = others.iter().map(|term| term.block.bytes).sum();
        format!(" and {} more = {}", others.len(), thousands(bytes))
    };
    format!("live at {at}: {}{more} = {} B", words.join(" + "), thousands(total))
}

/// What the bytes of a step mean: whether they are the peak, or how far below it they are.
#[must_use]
pub fn why_needed(model: &ModelReport, plan: &PlanReport, step: u32) -> String {
    let Some(now) = plan.steps.get(step as usize) else { return String::new() };
    if !plan.has_peak() {
        return no_peak(plan).to_owned();
    }
    let is_patched = plan.steps.first().is_some_and(|step| step.patch.is_some());
    let is_peak = plan.most_needed_bytes() == now.needed_bytes();
    match (is_peak, is_patched) {
        (true, false) => this_is_the_peak(model, plan, step),
        (true, true) => format!("This is the peak. {}", patch_note(model, plan, now)),
        (false, false) => not_the_peak(model, plan, now),
        (false, true) => {
            format!("{} {}", not_the_peak(model, plan, now), patch_note(model, plan, now))
        }
    }
}

fn not_the_peak(model: &ModelReport, plan: &PlanReport, now: &StepReport) -> String {
    let most = plan.neediest_step(|_| true).and_then(|step| plan.steps.get(step as usize));
    let operator = most.and_then(|most| operator_of(model, most));
    let name = operator.map_or_else(
        || "the delivery of the input".to_owned(),
        |one| format!("operator #{} ({})", one.index, operator_words(one)),
    );
    let less = kib_apart(plan.most_needed_bytes(), now.needed_bytes());
    format!("Not the peak: {less} less than {name}.")
}

/// What the same operator needs in other patches, and layer by layer.
fn patch_note(model: &ModelReport, plan: &PlanReport, now: &StepReport) -> String {
    let (Some(patch), Some(operator)) = (now.patch, operator_of(model, now)) else {
        return page::TAIL_NOTE.to_owned();
    };
    let is_own = |step: &StepReport| step.patch.is_some() && step.operator == now.operator;
    let most = plan.neediest_step(is_own).and_then(|step| plan.steps.get(step as usize));
    let most_bytes = most.map_or(0, StepReport::needed_bytes);
    let others = if now.needed_bytes() == most_bytes {
        "No other patch needs more of this operator.".to_owned()
    } else {
        format!("This is patch {}; another needs {}.", patch + 1, kib(most_bytes))
    };
    let is_in_place = plan.choice.in_place != InPlace::None;
    format!("{others} {}", page::layerwise_note(operator.live_bytes, is_in_place))
}

fn this_is_the_peak(model: &ModelReport, plan: &PlanReport, step: u32) -> String {
    let live = terms(model, plan, step);
    // The first of equals: the operator's own input before what only waits.
    let Some(greatest) = live.iter().rev().max_by_key(|term| term.block.bytes) else {
        return "Nothing is live here: the host does this step.".to_owned();
    };
    let rest: u64 = live.iter().map(|term| term.block.bytes).sum::<u64>() - greatest.block.bytes;
    let whose = match greatest.part {
        Part::Kept(_) => "What is ",
        Part::Scratch(_) => "",
        _ => "Its ",
    };
    let what = match greatest.part {
        Part::InputAndOutput => "input".to_owned(),
        Part::Scratch(_) => "Scratch".to_owned(),
        part => part.words(),
    };
    let dims = dims(model, greatest.block).map(|dims| format!(" of {dims}")).unwrap_or_default();
    format!(
        "This is the peak. {whose}{what}{dims} alone takes {}, and {} more must be there at the \
         same time. No arena of this schedule can be smaller than both together.",
        kib(greatest.block.bytes),
        kib(rest)
    )
}

/// Why the arena is no operator's.
fn no_peak(plan: &PlanReport) -> &'static str {
    match (plan.choice.planner, plan.choice.in_place) {
        (Planner::NoReuse, InPlace::None) => {
            "No reuse: every tensor keeps bytes of its own to the end, so the arena is the sum of all \
             of them, and no operator's."
        }
        (Planner::NoReuse, _) => {
            "No reuse: every tensor keeps bytes of its own to the end but what is in place, which \
             counts once; the arena is the sum, and no operator's."
        }
        _ => {
            "Ping-pong: operators read from one end and write to the other. The arena is what \
             neighbours take there together at most, and above that what outlives its neighbours; \
             it is no operator's."
        }
    }
}

/// In place of the operator to blame, where most is live before one.
pub const DELIVERY_PEAK: &str = "The peak is where a part of the input is delivered.";

/// Names the operator to blame for the arena: `The peak is operator #4, depthwise 3x3.`
///
/// Where the arena is no operator's, it says so, and where most is live all the same.
#[must_use]
pub fn peak_sentence(plan: &PlanReport, operator: &OperatorReport) -> String {
    let name = format!("operator #{}, {}", operator.index, operator_words(operator));
    match (plan.has_peak(), plan.choice.planner, plan.choice.in_place) {
        (true, ..) => format!("The peak is {name}."),
        (_, Planner::NoReuse, InPlace::None) => {
            format!("No reuse: the arena is the sum of all tensors. Most is live at {name}.")
        }
        (_, Planner::NoReuse, _) => {
            format!(
                "No reuse: the arena is the sum of all tensors, those in place counted once. Most is \
                 live at {name}."
            )
        }
        _ => {
            format!(
                "Ping-pong: the arena is two ends in turns, and what fits neither. Most is live at \
                 {name}."
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::sample;

    #[test]
    fn a_layerwise_step_names_input_output_and_what_waits() {
        let (model, plan) = (sample::model(), sample::plan());
        let formula = step_formula(&model, &plan, 1);
        assert_eq!(formula, "live at #1: input 8x8x8 = 512 + output 4x4x8 = 128 = 640 B");
        for (step, report) in (0u32..).zip(&plan.steps) {
            let sum = format!("= {} B", thousands(report.needed_bytes()));
            assert!(step_formula(&model, &plan, step).ends_with(&sum), "step {step}");
        }
    }

    #[test]
    fn scratch_and_places_taken_are_named_as_what_they_are() {
        let (model, mut plan) = (sample::model(), sample::plan());
        let output = plan.blocks.iter().position(|block| block.operator == Some(1)).unwrap();
        let input = plan.blocks.iter().position(|block| block.operator == Some(0)).unwrap();
        plan.blocks[output].takes_place_of = Some(u32::try_from(input).unwrap());
        plan.blocks[output].first_step = 2;
        let scratch = BlockReport {
            role: BlockRole::Scratch,
            bytes: 60,
            first_step: 1,
            end_step: 2,
            ..plan.blocks[output]
        };
        plan.blocks.push(scratch);
        assert_eq!(
            step_formula(&model, &plan, 1),
            "live at #1: input, its place taken by the output 8x8x8 = 512 + scratch of #1 = 60 = \
             572 B"
        );
    }

    #[test]
    fn a_step_of_a_patch_plan_names_its_parts() {
        let formula = step_formula(&sample::model(), &sample::patched_plan(2, 2), 3);
        assert_eq!(
            formula,
            "live at step 3, patch 2: part of #0 3x3x8 = 80 + split tensor 8x8x3 = 192 + split \
             tensor 4x4x8 = 128 = 400 B"
        );
    }

    #[test]
    fn aliases_are_their_source() {
        let (model, plan) = (sample::model(), sample::plan());
        let formula = step_formula(&model, &plan, 3);
        assert!(formula.starts_with("live at #3: input 4x4x8 = 128 + output"), "{formula}");
    }

    #[test]
    fn the_peak_is_explained() {
        let (model, mut plan) = (sample::model(), sample::plan());
        let peak = why_needed(&model, &plan, 0);
        assert!(peak.starts_with("This is the peak. Its output of 8x8x8 alone takes"), "{peak}");
        assert!(peak.ends_with("can be smaller than both together."), "{peak}");
        let other = why_needed(&model, &plan, 1);
        assert!(other.starts_with("Not the peak: 64 B less than operator #0"), "{other}");
        // Scratch moves the peak.
        plan.steps[1].scratch_bytes = 100;
        plan.scratch_bytes = 100;
        assert!(why_needed(&model, &plan, 1).starts_with("This is the peak."));
        assert!(why_needed(&model, &plan, 0).contains("36 B less than operator #1"));
        assert_eq!(plan.neediest_operator(), Some(1));
    }

    #[test]
    fn a_patch_is_told_beside_the_neediest_one() {
        let (model, plan) = (sample::model(), sample::patched_plan(2, 2));
        let worst = why_needed(&model, &plan, 6);
        assert!(worst.starts_with("This is the peak. No other patch needs more"), "{worst}");
        let first = why_needed(&model, &plan, 0);
        assert!(first.contains("3 B less than operator #0"), "{first}");
        assert!(first.contains("This is patch 1; another needs 403 B. Layer by layer"), "{first}");
        assert!(why_needed(&model, &plan, 9).ends_with(page::TAIL_NOTE));
    }

    #[test]
    fn arenas_that_are_no_operators_say_so() {
        let (model, mut plan) = (sample::model(), sample::plan());
        for planner in [Planner::NoReuse, Planner::PingPong] {
            plan.choice = plan.choice.with_planner(planner);
            assert!(plan.has_peak(), "the arena is no larger than what is live");
            assert!(why_needed(&model, &plan, 0).starts_with("This is the peak."));
            let arena_bytes = std::mem::replace(&mut plan.arena_bytes, 1000);
            assert!(!plan.has_peak());
            assert!(why_needed(&model, &plan, 0).contains("no operator's"));
            let sentence = peak_sentence(&plan, &model.operators[0]);
            assert!(sentence.contains("Most is live at operator #0"), "{sentence}");
            plan.arena_bytes = arena_bytes;
        }
    }
}
