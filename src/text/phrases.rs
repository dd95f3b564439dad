//! Short sentences of the panels, with their figures.

use super::{
    Budget, Share, accounting, clock_step, exact_bytes, giga_macs, kib, kib_apart, macs_per_ms,
    percent, thousands,
};
use crate::{
    report::{
        ActivationReport, BlockReport, BlockRole, Family, ModelReport, PlanChoice, PlanReport,
        ProfileReport, RunReport, ScratchOf, SearchReport, SearchStage,
    },
    tensor::Region,
    text::compact_shape,
};

/// After the bytes in large letters: `live, 105 % of what is available`.
#[must_use]
pub fn live_share(bytes: u64, budget: Budget) -> String {
    format!("live, {} of {}", percent(bytes, budget.bytes), budget.name())
}

/// Where constants lie: `0.6 KiB in Flash`.
#[must_use]
pub fn in_flash(bytes: u64) -> String {
    format!("{} in Flash", kib(bytes))
}

/// The button that shows one of the candidates.
#[must_use]
pub fn show_candidate(rows: u32, columns: u32, stage_end: u32) -> String {
    format!("Show {rows}×{columns} patches up to #{stage_end}")
}

/// The button that takes one of the visitor's blocks away.
#[must_use]
pub fn remove_block(name: &str) -> String {
    format!("Remove {name}")
}

/// How far the proof of a plan is.
#[must_use]
pub fn proof_words(search: &SearchReport) -> String {
    let so_far = match search.stage {
        SearchStage::Proven => "Proven: no plan of this schedule is smaller".to_owned(),
        _ => format!(
            "Best {}, nothing below {} is possible",
            exact_bytes(search.arena_bytes),
            exact_bytes(search.lower_bound_bytes)
        ),
    };
    let end = match search.stage {
        SearchStage::OutOfTime => " The time was up.",
        SearchStage::Stopped => " Stopped.",
        _ => "",
    };
    if search.nodes == 0 && search.stage == SearchStage::Proven {
        return format!("{so_far}: it meets the lower bound, so there is nothing to search.");
    }
    format!("{so_far} ({} nodes, {:.1} s).{end}", thousands(search.nodes), search.elapsed_ms / 1e3)
}

/// Whether the lower bound is met: `proven`, or how far it is.
#[must_use]
pub fn bound_words(arena_bytes: u64, lower_bound_bytes: u64) -> String {
    if arena_bytes <= lower_bound_bytes {
        return "✓ met: proven smallest".to_owned();
    }
    format!("{} below the arena", kib_apart(arena_bytes, lower_bound_bytes))
}

/// What a patch reads of the input beside its fair share: its number and how many there are.
#[must_use]
pub fn patch_words([number, count]: [u32; 2], read: Region, share: Region) -> String {
    let side = |region: Region| format!("{}x{}", region.rows.len(), region.columns.len());
    let times = times(read.cells(), share.cells());
    format!(
        "Patch {number} of {count} reads {} cells of the input: {times} times its share of {}. \
         What lies around the share is its halo.",
        side(read),
        side(share),
    )
}

/// How often all patches together read the input.
#[must_use]
pub fn sweep_words(read: usize, [height, width]: [usize; 2]) -> String {
    let times = times(read, height * width);
    format!(
        "All patches together read {times} times the {height}x{width} input. The darker, the more \
         patches have read a cell: what is made of it there is computed anew each time."
    )
}

/// How many times one count is another, for people.
#[expect(clippy::cast_precision_loss, reason = "two digits are shown")]
fn times(count: usize, of: usize) -> String {
    format!("{:.2}", count as f64 / of.max(1) as f64)
}

/// The button that shows an operator.
#[must_use]
pub fn show_operator(operator: u32) -> String {
    format!("Show operator #{operator}")
}

/// How far a file is read; `of` is 0 where its length is not known.
#[must_use]
pub fn read_so_far(done: u64, of: u64) -> String {
    match (done, of) {
        (0, 0) => String::new(),
        (_, 0) => kib(done),
        _ => format!("{} of {}", kib(done), kib(of)),
    }
}

/// Part of the channels, or of the values, is shown.
#[must_use]
pub fn part_of(shown: usize, all: usize, what: &str) -> String {
    format!("The first {shown} of {all} {what}.")
}

/// A map in words, for those who do not see it.
#[must_use]
pub fn map_words(report: &ActivationReport) -> String {
    format!(
        "{} channels of {}x{}, values from {} to {}",
        report.channels, report.height, report.width, report.least, report.greatest
    )
}

/// An input in words, under its picture.
#[must_use]
pub fn input_words(report: &ActivationReport) -> String {
    format!(
        "{}x{}x{} int8, zero point {}, values {} to {}",
        report.height,
        report.width,
        report.channels,
        report.zero_point,
        report.least,
        report.greatest
    )
}

/// The ends and the middle of the scale of colours.
#[must_use]
pub fn scale_words(report: &ActivationReport) -> [String; 3] {
    [
        format!("least {}", report.least),
        format!("zero point {}", report.zero_point),
        format!("greatest {}", report.greatest),
    ]
}

/// Saturation and scale, under the histogram.
#[must_use]
pub fn statistics(report: &ActivationReport) -> String {
    let map = u64::from(report.height) * u64::from(report.width);
    let values = map * u64::from(report.channels);
    format!(
        "{} of {} values ({}) are at −128 or 127. Scale {:.5}.",
        thousands(report.saturated),
        thousands(values),
        percent(report.saturated, values),
        report.scale
    )
}

/// What ran, in which arena; the time stands before it.
#[must_use]
pub fn run_words(run: &RunReport) -> String {
    format!(
        "{}, {} MACs counted by the {} kernels, in an arena of exactly",
        accounting::plan_words(run.choice),
        thousands(run.macs),
        run.kernels
    )
}

/// The hash of an output, cut short.
#[must_use]
pub fn output_hash(sha256: &str) -> String {
    let short: String = sha256.chars().take(16).collect();
    format!("sha256 of the output {short}…")
}

/// A value of the first output that has no name: `output 5 of 1000`.
#[must_use]
pub fn output(model: &ModelReport, index: u32) -> String {
    let output = model.outputs.first().and_then(|id| model.tensors.get(id.index()));
    let values = output.map_or(0, |tensor| {
        tensor.shape.iter().fold(1, |values: usize, &dim| values.saturating_mul(dim))
    });
    format!("output {index} of {values}")
}

/// Many values are cut off, which another range would not do.
#[must_use]
pub fn saturated(saturated: u64, values: u64, range: &str) -> String {
    format!(
        "{} of the values are cut off at −128 or 127: this input is made for values {range}.",
        percent(saturated, values)
    )
}

/// A board in the list of targets.
#[must_use]
pub fn board_option(name: &str, sram_kib: u64, flash_kib: Option<u64>) -> String {
    let flash = flash_kib.map_or_else(|| "not known".to_owned(), |size| format!("{size} KiB"));
    format!("{name} · {sram_kib} KiB SRAM · Flash {flash}")
}

/// Figures that nobody has checked.
#[must_use]
pub fn unverified(figures: &str) -> String {
    format!("{figures}: unverified.")
}

/// The toggle of colours.
#[must_use]
pub fn colours(theme: &str) -> String {
    format!("Colours: {theme}. Change")
}

/// The kernel set at the foot.
#[must_use]
pub fn kernels(name: &str) -> String {
    format!("Kernels: {name}.")
}

/// A set of kernels in the list that this browser does not run.
#[must_use]
pub fn missing_kernels(name: &str) -> String {
    format!("{name} (not in this browser)")
}

/// The first entry of the list of kernel sets.
#[must_use]
pub fn best_kernels(name: &str) -> String {
    format!("best here ({name})")
}

/// How times are told that are shorter than a clock's step.
#[must_use]
pub fn clock_note(step: &str) -> String {
    format!(
        "The clock has steps of {step}: each sample repeats short inferences for at least 50 of \
         them and is divided by their number."
    )
}

/// The limit, what the last run reached of it, and how times are told. What has no share is told in
/// [`OVER_LIMIT`](super::page::OVER_LIMIT).
#[must_use]
pub fn limit_words(
    model: &ModelReport,
    profile: &ProfileReport,
    run: Option<&RunReport>,
) -> String {
    let limit = giga_macs(profile.limit_macs_per_ms);
    let reached = run.and_then(|run| Some((macs_per_ms(run.macs, run.total_ms)?, run)));
    let reached = reached.map(|(rate, run)| {
        let is_winograd = model.operators.iter().any(|one| one.is_winograd);
        let time = (run.total_ms, run.repeats);
        let share = Share::of(profile.into(), run.macs, time, is_winograd).sentence();
        format!("the last run reached {}{share} (mean of {})", giga_macs(rate), run.repeats)
    });
    format!(
        "The {} instructions reach {limit} in a bare loop here{}. This browser's clock has steps of {}.",
        profile.kernels,
        reached.map(|words| format!("; {words}")).unwrap_or_default(),
        clock_step(profile.clock_step_ms)
    )
}

/// What the outlines of bars are.
#[must_use]
pub fn outlines(choice: PlanChoice) -> String {
    format!("Outlines: what the same operator needs in A, {}.", accounting::plan_words(choice))
}

/// Beside the bytes of a bar: what the same operator needs in A.
#[must_use]
pub fn against(bytes: u64) -> String {
    format!(", in A {}", kib(bytes))
}

/// Beside the bytes of a bar: how many of them are scratch.
#[must_use]
pub fn of_it_scratch(bytes: u64) -> String {
    format!(" ({} of it scratch)", kib(bytes))
}

/// Whose a byte of the arena is during a step; `owner` is a position in the plan's list of blocks.
#[must_use]
pub fn byte_words(
    model: &ModelReport,
    plan: &PlanReport,
    (step, byte): (u32, u64),
    owner: Option<usize>,
) -> String {
    let owner = match owner {
        Some(block) => block_told(model, plan, block),
        None if byte < plan.arena_bytes => "free".to_owned(),
        None => "above the arena".to_owned(),
    };
    format!("Byte {} at {}: {owner}", thousands(byte), moment(plan, step))
}

/// A step as the axis of time calls it: by its operator, and its patch.
fn moment(plan: &PlanReport, step: u32) -> String {
    let Some(found) = plan.steps.get(step as usize) else { return format!("step {step}") };
    let patch = found.patch.map(|patch| format!(" of patch {}", patch + 1)).unwrap_or_default();
    match found.operator {
        Some(operator) => format!("#{operator}{patch}"),
        None => format!("the delivery{patch}"),
    }
}

/// What a block is: `output of #4`.
fn block_name(block: &BlockReport) -> String {
    match (block.role, block.operator) {
        (BlockRole::Input, _) => "input".to_owned(),
        (BlockRole::Scratch, Some(operator)) => format!("scratch of #{operator}"),
        (BlockRole::Scratch, None) => "scratch".to_owned(),
        (BlockRole::Split, Some(operator)) => format!("split tensor, output of #{operator}"),
        (BlockRole::Window, Some(operator)) => format!("part of the output of #{operator}"),
        (_, Some(operator)) => format!("output of #{operator}"),
        (_, None) => "tensor".to_owned(),
    }
}

/// A block of the arena: what it is, in whose place, how large, where, and by whom it is written.
#[must_use]
pub fn block_words(model: &ModelReport, plan: &PlanReport, block: &BlockReport) -> String {
    let what = block_name(block);
    // Scratch has no shape.
    let tensor = model.tensors.get(block.tensor.index());
    let tensor = tensor.filter(|_| block.role != BlockRole::Scratch);
    let dims = tensor.map(|tensor| match block.region {
        Some(region) => {
            let channels = tensor.shape.last().copied().unwrap_or(1);
            format!("{}x{}x{channels}", region.rows.len(), region.columns.len())
        }
        None => compact_shape(&tensor.shape),
    });
    let patch = block.patch.map(|patch| format!(", patch {}", patch + 1)).unwrap_or_default();
    let dims = dims.map(|dims| format!("{dims} = ")).unwrap_or_default();
    let under = block.takes_place_of.and_then(|under| plan.blocks.get(under as usize));
    let place = under.map(|under| format!(", in the place of the {}", block_name(under)));
    let place = place.unwrap_or_default();
    format!(
        "{what}{patch}{place}: {dims}{}{} at address {}, live {}",
        exact_bytes(block.bytes),
        if block.bytes < 1024 { String::new() } else { format!(" ({})", kib(block.bytes)) },
        thousands(block.offset_bytes),
        lifetime(plan, block)
    )
}

/// When a block lives: `from #1 to #3`, both included.
fn lifetime(plan: &PlanReport, block: &BlockReport) -> String {
    let first = moment(plan, block.first_step);
    match moment(plan, block.end_step.saturating_sub(1).max(block.first_step)) {
        last if last == first => format!("at {first} alone"),
        last => format!("from {first} to {last}"),
    }
}

/// The operator for which a whole tensor is kept while others run.
fn late_reader(model: &ModelReport, plan: &PlanReport, block: &BlockReport) -> Option<u32> {
    let last = block.end_step.checked_sub(1).filter(|last| *last > block.first_step + 1)?;
    let reader = plan.steps.get(last as usize)?.operator?;
    let reads = model.operators.get(reader as usize)?.inputs.contains(&block.tensor);
    (reads && block.region.is_none()).then_some(reader)
}

/// The same of the block at a position of the plan's list, and why it lies there: what allows it to
/// take another's place, what takes its own, what scratch is for.
#[must_use]
pub fn block_told(model: &ModelReport, plan: &PlanReport, position: usize) -> String {
    let Some(block) = plan.blocks.get(position) else { return String::new() };
    let mut words = block_words(model, plan, block) + ".";
    if let Some(operator) = block.operator.filter(|_| block.takes_place_of.is_some()) {
        let family = model.operators.get(operator as usize).map(|one| one.family);
        let piece = if family == Some(Family::Depthwise) { "channel" } else { "element" };
        words.push_str(&format!(
            " Allowed: #{operator} is the last reader of that, and has read each {piece} before it \
             writes over it."
        ));
    }
    if block.role == BlockRole::Scratch {
        words.push_str(&scratch_words(plan, position, block));
    } else if block.takes_place_of.is_none() {
        words.push_str(&place_words(plan, position, block));
    }
    let is_next = |next: &&BlockReport| {
        next.first_step == block.end_step
            && next.takes_place_of.is_some_and(|under| under as usize == position)
    };
    if let Some(reader) = late_reader(model, plan, block) {
        words.push_str(&format!(" Kept until #{reader} has read it."));
    }
    if let Some(next) = plan.blocks.iter().find(is_next) {
        words.push_str(&format!(" Then the {} takes its place.", block_name(next)));
    }
    words
}

/// Why a block lies no lower: what is live below it then.
fn place_words(plan: &PlanReport, position: usize, block: &BlockReport) -> String {
    if block.offset_bytes == 0 {
        return " It lies at the arena's start.".to_owned();
    }
    let is_beside = |other: &BlockReport| {
        other.first_step < block.end_step && block.first_step < other.end_step && other.bytes > 0
    };
    let end = |other: &BlockReport| other.offset_bytes + other.bytes;
    let others =
        plan.blocks.iter().enumerate().filter(|(at, other)| *at != position && is_beside(other));
    let below = others
        .map(|(_, other)| other)
        .filter(|other| end(other) <= block.offset_bytes)
        .max_by_key(|other| end(other));
    let free_bytes = block.offset_bytes - below.map_or(0, end);
    match (below, free_bytes) {
        (Some(other), 0) => {
            format!(" No lower: right below it lies the {}, at the same time.", block_name(other))
        }
        _ => format!(" The {} right below it are free all its life.", exact_bytes(free_bytes)),
    }
}

/// What scratch is for.
fn scratch_words(plan: &PlanReport, position: usize, block: &BlockReport) -> String {
    let reader = block.operator.map(|operator| format!("#{operator}")).unwrap_or_default();
    if plan.choice.scratch == ScratchOf::Kernels {
        return format!(
            " It keeps a channel of the input while {reader}, in place, writes over that channel."
        );
    }
    let first = plan.blocks.iter().position(|block| block.role == BlockRole::Scratch);
    let what = match first == Some(position) {
        true => "what a kernel reads of its input, widened to 16 bits (im2col)",
        false => "the weights of a convolution, widened to 16 bits",
    };
    format!(" It holds {what}, for one operator after the other; {reader} wants most.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::sample;

    #[test]
    fn blocks_in_place_say_in_whose_and_why() {
        let (mut model, mut plan) = (sample::model(), sample::plan());
        // The output of #1 takes the place of that of #0.
        plan.blocks[2].takes_place_of = Some(1);
        plan.blocks[2].first_step = plan.blocks[1].end_step;
        let told = block_told(&model, &plan, 2);
        assert!(told.starts_with("output of #1, in the place of the output of #0: "), "{told}");
        assert!(
            told.contains("#1 is the last reader of that, and has read each channel before it"),
            "{told}"
        );
        let under = block_told(&model, &plan, 1);
        assert!(under.ends_with(" Then the output of #1 takes its place."), "{under}");
        model.operators[1].family = Family::ElementWise;
        assert!(block_told(&model, &plan, 2).contains("has read each element"));
        let byte = byte_words(&model, &plan, (2, 512), Some(2));
        assert!(byte.starts_with("Byte 512 at #2: output of #1, in the place of"), "{byte}");
    }

    #[test]
    fn blocks_say_why_they_lie_no_lower() {
        let (model, mut plan) = (sample::model(), sample::plan());
        let told = |plan: &PlanReport, block| block_told(&model, plan, block);
        assert!(told(&plan, 1).ends_with(" It lies at the arena's start."), "{}", told(&plan, 1));
        let [input, under] = [&plan.blocks[0], &plan.blocks[1]];
        assert_eq!(input.offset_bytes, under.bytes, "the input lies on the output of #0");
        let lies = " No lower: right below it lies the output of #0, at the same time.";
        assert!(told(&plan, 0).ends_with(lies), "{}", told(&plan, 0));
        plan.blocks[0].offset_bytes += 32;
        let free = " The 32 bytes right below it are free all its life.";
        assert!(told(&plan, 0).ends_with(free), "{}", told(&plan, 0));
        plan.blocks[1].first_step = plan.blocks[0].end_step;
        // What lives at another time is not below it.
        let all = exact_bytes(plan.blocks[0].offset_bytes);
        let free = format!(" The {all} right below it are free all its life.");
        assert!(told(&plan, 0).ends_with(&free), "{}", told(&plan, 0));
    }

    #[test]
    fn what_waits_for_a_residual_says_for_which() {
        let (mut model, mut plan) = (sample::model(), sample::plan());
        let is_told = |model: &ModelReport, plan: &PlanReport| {
            block_told(model, plan, 0).contains(" Kept until #2 has read it.")
        };
        let last = plan.steps.iter().position(|step| step.operator == Some(2)).unwrap();
        plan.blocks[0].end_step = u32::try_from(last).unwrap() + 1;
        assert!(!is_told(&model, &plan), "#2 does not read it");
        model.operators[2].inputs.push(plan.blocks[0].tensor);
        assert!(is_told(&model, &plan), "{}", block_told(&model, &plan, 0));
        plan.blocks[0].end_step = 1;
        assert!(!is_told(&model, &plan));
    }

    #[test]
    fn scratch_says_what_it_is_for() {
        let (model, mut plan) = (sample::model(), sample::plan());
        plan.blocks[1].role = BlockRole::Scratch;
        plan.blocks[2].role = BlockRole::Scratch;
        let told = block_told(&model, &plan, 2);
        assert!(told.contains("keeps a channel of the input while #1, in place,"), "{told}");
        plan.choice.scratch = ScratchOf::TinyEngine;
        assert!(block_told(&model, &plan, 1).contains("im2col"));
        let told = block_told(&model, &plan, 2);
        assert!(told.ends_with("one operator after the other; #1 wants most."), "{told}");
    }

    #[test]
    fn a_length_that_is_not_known_is_not_told() {
        assert_eq!(read_so_far(0, 0), "");
        assert_eq!(read_so_far(2048, 0), "2.0 KiB");
        assert_eq!(read_so_far(0, 4096), "0 B of 4.0 KiB");
    }

    #[test]
    fn blocks_say_what_where_and_when() {
        let (model, plan) = (sample::model(), sample::patched_plan(2, 2));
        assert_eq!(
            block_words(&model, &plan, &plan.blocks[1]),
            "part of the output of #0, patch 2: 3x3x8 = 80 bytes at address 320, live from #0 \
             of patch 2 to #1 of patch 2"
        );
    }

    #[test]
    fn what_has_no_name_is_no_class() {
        let mut model = sample::model();
        let output = model.outputs[0].index();
        model.tensors[output].shape = vec![1, 1000];
        assert_eq!(super::output(&model, 5), "output 5 of 1000");
        model.outputs.clear();
        assert_eq!(super::output(&model, 5), "output 5 of 0");
    }

    #[test]
    fn runs_say_what_was_counted() {
        assert_eq!(
            run_words(&sample::run()),
            "layer by layer, 16,256 MACs counted by the reference kernels, in an arena of exactly"
        );
    }
}
