//! What is counted, and how it is planned: presets, switches, and their formulas with the model's
//! own numbers.

use super::{compact_shape, exact_bytes, front::in_place_words, kib, percent_tenths, thousands};
use crate::order::sorted_positions;
use crate::report::{
    Alignment, BlockReport, BlockRole, InPlace, ModelReport, PaperReport, Passes, PlanChoice,
    PlanReport, Planner, ScratchOf,
};

/// A way to count that somebody else's figures follow.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Preset {
    /// Everything, nothing in place: what runs here.
    Strict,
    /// As TensorFlow Lite Micro plans.
    Tflm,
    /// As TinyEngine plans.
    TinyEngine,
    /// As the `MCUNetV2` paper counts: figures only.
    Paper,
}

impl Preset {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Strict, Self::Tflm, Self::TinyEngine, Self::Paper];

    /// Everything of a plan but its schedule.
    #[must_use]
    pub fn accounting(self) -> PlanChoice {
        match self {
            Self::Strict => PlanChoice::default(),
            Self::Tflm => PlanChoice::TFLM,
            Self::TinyEngine => PlanChoice::TINY_ENGINE,
            Self::Paper => PlanChoice::default().with_in_place(InPlace::Depthwise),
        }
    }

    /// The passes.
    #[must_use]
    pub fn passes(self) -> Passes {
        if self == Self::Tflm { Passes::NONE } else { Passes::default() }
    }

    /// The preset that these choices are; of choices beside the paper's figures, that one or none.
    #[must_use]
    pub fn of(accounting: PlanChoice, passes: Passes, is_paper: bool) -> Option<Self> {
        let is_meant = |preset: &Self| {
            is_paper == (*preset == Self::Paper)
                && preset.accounting() == accounting
                && preset.passes() == passes
        };
        Self::ALL.into_iter().find(is_meant)
    }

    /// What the button says.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Tflm => "as TFLM",
            Self::TinyEngine => "as TinyEngine",
            Self::Paper => "as the MCUNetV2 paper",
        }
    }

    /// What it assumes.
    #[must_use]
    pub const fn assumes(self) -> &'static str {
        match self {
            Self::Strict => {
                "Every tensor whole and with bytes of its own; this is what runs here without \
                 anything in place."
            }
            Self::Tflm => {
                "The graph as stored, its greedy planner, 16-byte alignment: the arena is what it \
                 reports as head."
            }
            Self::TinyEngine => {
                "First fit by size, depthwise convolutions in place, its scratch for input columns \
                 and a widened kernel, as its README counts."
            }
            Self::Paper => {
                "Analytic profiling, for comparison with published figures: it is shown, never run."
            }
        }
    }
}

/// Title of the presets.
pub const PRESETS: &str = "Count";
/// Title of the switch.
pub const IN_PLACE: &str = "In place";
/// Title of the switch.
pub const ALIGNMENT: &str = "Alignment";
/// Title of the switch.
pub const SCRATCH: &str = "Scratch of";
/// Title of the switch.
pub const PLANNER: &str = "Planner";
/// Title of the switch.
pub const ORDER: &str = "Operators in the order of least peak";
/// Opens a formula.
pub const FORMULAS: &str = "Formulas with the numbers of this plan";
/// Title of the paper's figures.
pub const PAPER_TITLE: &str = "As the MCUNetV2 paper counts";
/// What the paper leaves out.
pub const PAPER_OMITS: &str = "Not counted there: the input image in the patch stage, the other \
    operand of a residual while its branch runs, scratch, and what lies between blocks in a real \
    arena. A depthwise convolution counts in place. Halos of figure 1 are not clipped at the border.";
/// What the paper has for comparison.
///
/// Source: Lin et al. 2021 (MCUNetV2), figure 1 and table 1.
pub const PAPER_PUBLISHED: &str = "Published by Lin et al. 2021 (MCUNetV2, figure 1 and table 1), \
    kB being KiB: MobileNetV2-1.0 at 224x224 needs 1372 kB layer by layer and 172 kB, 8.0 times \
    less, with its stem and four blocks in 4x4 patches.";
/// How the arena is counted where the paper's figures stand beside it with its own assumptions.
const PAPER_COUNTED: &str = "Counted strict, depthwise in place";
/// After how the arena is counted.
const PAPER_BESIDE: &str = "; beside it as the MCUNetV2 paper counts";
/// What an arena has beyond what its fullest step needs.
const PAPER_GAPS: &str = "for gaps between blocks";
/// The same where the planner does not share bytes.
const PAPER_NOT_SHARED: &str = "for bytes that this planner does not share";
/// What runs, at the end of the paper's figures.
const PAPER_ARENA: &str = "Arena, all that runs counted";
/// Where the paper's patched figures would be.
pub const PAPER_NO_PATCHES: &str = "Turn patches on above to see the patched peak.";

/// The choices of what is in place.
pub const IN_PLACE_CHOICES: [(InPlace, &str, &str); 3] = [
    (InPlace::None, "none", in_place_words(InPlace::None)),
    (InPlace::Depthwise, "depthwise", in_place_words(InPlace::Depthwise)),
    (InPlace::All, "all", in_place_words(InPlace::All)),
];
/// The choices of alignment.
pub const ALIGNMENT_CHOICES: [(Alignment, &str, &str); 2] =
    [(Alignment::Element, "1", "1 byte"), (Alignment::Sixteen, "16", "16 bytes")];
/// The choices of scratch.
pub const SCRATCH_CHOICES: [(ScratchOf, &str, &str); 2] = [
    (ScratchOf::Kernels, "kernels", "these kernels"),
    (ScratchOf::TinyEngine, "tinyengine", "TinyEngine"),
];
/// The choices of planner.
pub const PLANNER_CHOICES: [(Planner, &str, &str); 6] = [
    (Planner::NoReuse, "noreuse", "no reuse"),
    (Planner::PingPong, "pingpong", "ping-pong"),
    (Planner::Tflm, "tflm", "TFLM's greedy"),
    (Planner::TinyEngine, "tinyengine", "TinyEngine's first fit"),
    (Planner::Refined, "refined", "refined greedy"),
    (Planner::Exact, "exact", "exact"),
];

/// How the shown plan counts, in one line.
#[must_use]
pub fn summary(
    accounting: PlanChoice,
    passes: Passes,
    is_paper: bool,
    is_reordered: bool,
) -> String {
    let order = if is_reordered { ", operators in the order of least peak" } else { "" };
    let preset = Preset::of(accounting, passes, is_paper);
    if preset == Some(Preset::Paper) {
        // The arena is no figure of the paper's count.
        return format!("{PAPER_COUNTED}{PAPER_BESIDE}{order}.");
    }
    if let Some(preset) = preset {
        return format!("Counted {}{order}.", preset.name());
    }
    let in_place = in_place_words(accounting.in_place);
    let planner = planner_name(accounting.planner);
    let aligned = alignment(accounting);
    let beside = if is_paper { PAPER_BESIDE } else { "" };
    format!("Own accounting: {in_place}, {aligned} aligned, planner {planner}{order}{beside}.")
}

fn alignment(accounting: PlanChoice) -> &'static str {
    match accounting.alignment {
        Alignment::Element => "1 byte",
        Alignment::Sixteen => "16 bytes",
    }
}

/// A plan in few words: its schedule, and what of its accounting is not strict.
#[must_use]
pub fn plan_words(choice: PlanChoice) -> String {
    let mut words = super::plan_words(choice.schedule);
    for detail in DETAILS {
        let told = detail(choice);
        if told != detail(PlanChoice::default()) {
            words = format!("{words}, {told}");
        }
    }
    words
}

/// Everything of a plan but its schedule, each in words of its own.
pub(super) const DETAILS: [fn(PlanChoice) -> String; 4] = [
    |choice| in_place_words(choice.in_place).to_owned(),
    |choice| planned_words(choice.planner).to_owned(),
    |choice| format!("{} aligned", alignment(choice)),
    |choice| {
        let is_of_kernels = choice.scratch == ScratchOf::Kernels;
        if is_of_kernels { "the kernels' scratch" } else { "TinyEngine's scratch" }.to_owned()
    },
];

const fn planned_words(planner: Planner) -> &'static str {
    match planner {
        Planner::NoReuse => "without reuse",
        Planner::PingPong => "in ping-pong",
        Planner::Tflm => "planned as by TFLM",
        Planner::TinyEngine => "planned as by TinyEngine",
        Planner::Refined => "planned by refined greedy",
        Planner::Exact => "planned exactly",
    }
}

fn planner_name(planner: Planner) -> &'static str {
    PLANNER_CHOICES.iter().find(|(known, ..)| *known == planner).map_or("", |(.., name)| *name)
}

/// A block in fewest words: `output of #2 (48x48x8)`.
fn block_name(model: &ModelReport, block: &BlockReport) -> String {
    let what = match (block.role, block.operator) {
        (BlockRole::Input, _) => "the input".to_owned(),
        (BlockRole::Scratch, Some(operator)) => return format!("scratch of #{operator}"),
        (BlockRole::Scratch, None) => return "scratch".to_owned(),
        (BlockRole::Split, _) => "the split tensor".to_owned(),
        (BlockRole::Window, Some(operator)) => format!("part of #{operator}"),
        (_, Some(operator)) => format!("output of #{operator}"),
        (_, None) => "a tensor".to_owned(),
    };
    let tensor = model.tensors.get(block.tensor.index());
    let dims = tensor.map(|tensor| match block.region {
        Some(region) => {
            let channels = tensor.shape.last().copied().unwrap_or(1);
            format!("{}x{}x{channels}", region.rows.len(), region.columns.len())
        }
        None => compact_shape(&tensor.shape),
    });
    dims.map_or(what.clone(), |dims| format!("{what} ({dims})"))
}

/// The arena with its numbers: where its highest block ends.
#[must_use]
pub fn arena_formula(model: &ModelReport, plan: &PlanReport) -> String {
    let end = |block: &BlockReport| block.offset_bytes + block.bytes;
    // Of several, one that is live where most is needed.
    let is_of_peak = |block: &BlockReport| {
        plan.neediest().is_some_and(|(step, _)| (block.first_step..block.end_step).contains(&step))
    };
    let blocks = plan.blocks.iter().filter(|block| block.bytes > 0);
    let highest = blocks.max_by_key(|block| (end(block), is_of_peak(block)));
    let Some(block) = highest else { return "arena: nothing lies in it".to_owned() };
    let padding_bytes = plan.arena_bytes.saturating_sub(end(block));
    let padding = match padding_bytes {
        0 => String::new(),
        bytes => format!(" + {bytes} to the alignment"),
    };
    let live = plan.most_needed_bytes();
    let gaps = match plan.arena_bytes.saturating_sub(padding_bytes).saturating_sub(live) {
        0 => String::new(),
        bytes => format!(
            "; {} needed at the peak + {} for gaps between blocks",
            thousands(live),
            thousands(bytes)
        ),
    };
    format!(
        "arena = offset {} + {} of {}{padding} = {} B{gaps}",
        thousands(block.offset_bytes),
        thousands(block.bytes),
        block_name(model, block),
        thousands(plan.arena_bytes)
    )
}

/// What passes change, with the numbers.
#[must_use]
pub fn passes_formula(model: &ModelReport, passes: Passes) -> String {
    let removed: Vec<String> = model
        .operators
        .iter()
        .filter(|operator| operator.removed_by.is_some())
        .map(|operator| format!("#{} {}", operator.index, operator.kind))
        .collect();
    let what = match (removed.len(), passes == Passes::NONE) {
        (_, true) => "passes off: every operator of the file counts".to_owned(),
        (0, _) => "passes: this file has nothing to take out".to_owned(),
        (1..=6, _) => format!("passes take out {}", removed.join(", ")),
        (count, _) => format!("passes take out {} and {} more", removed[..5].join(", "), count - 5),
    };
    format!(
        "{what}: peak layer by layer, nothing in place, {} as stored, {} as counted",
        exact_bytes(model.as_stored_peak_bytes),
        exact_bytes(model.peak_bytes)
    )
}

/// What is in place, with the numbers of the block that gains most by it.
#[must_use]
pub fn in_place_formula(model: &ModelReport, plan: &PlanReport) -> String {
    let pairs = plan.blocks.iter().filter_map(|block| {
        let under = plan.blocks.get(block.takes_place_of? as usize)?;
        Some((block, under))
    });
    let pairs: Vec<_> = pairs.collect();
    let Some((block, under)) =
        pairs.iter().max_by_key(|(block, under)| block.bytes.min(under.bytes))
    else {
        return "in place: no block of this plan takes another's place".to_owned();
    };
    format!(
        "in place: {} blocks take another's place; the largest is {} in that of {}: \
         max({}, {}) = {} B instead of {} B",
        pairs.len(),
        block_name(model, block),
        block_name(model, under),
        thousands(under.bytes),
        thousands(block.bytes),
        thousands(block.bytes.max(under.bytes)),
        thousands(block.bytes + under.bytes)
    )
}

/// What alignment costs, with the numbers.
#[must_use]
pub fn alignment_formula(plan: &PlanReport) -> String {
    if plan.choice.alignment == Alignment::Element {
        return "alignment: 1 byte for int8, so no byte is lost between blocks".to_owned();
    }
    let sizes = plan.blocks.iter().map(|block| block.bytes);
    let lost: u64 = sizes.clone().map(|bytes| bytes.next_multiple_of(16) - bytes).sum();
    let odd = sizes.filter(|bytes| !bytes.is_multiple_of(16)).count();
    format!(
        "alignment: {odd} of {} blocks are no multiple of 16 bytes; rounded up they take {} B more \
         in all",
        plan.blocks.len(),
        thousands(lost)
    )
}

/// The scratch that is planned, with the numbers.
#[must_use]
pub fn scratch_formula(plan: &PlanReport) -> String {
    let blocks = plan.blocks.iter().filter(|block| block.role == BlockRole::Scratch);
    let blocks: Vec<&BlockReport> = blocks.collect();
    let bytes = |place: usize| blocks[place].bytes;
    let places = sorted_positions(blocks.len(), &|one, other| bytes(other).cmp(&bytes(one)));
    let blocks: Vec<&BlockReport> = places.into_iter().map(|place| blocks[place]).collect();
    let Some(largest) = blocks.first() else {
        return "scratch: none is planned".to_owned();
    };
    let of = largest.operator.map(|operator| format!(" (#{operator})")).unwrap_or_default();
    let always = match plan.choice.scratch {
        ScratchOf::Kernels => "one for each operator in place, live while it runs",
        ScratchOf::TinyEngine => "live all the time, each as large as the neediest operator wants",
    };
    format!(
        "scratch: {} blocks, {always}; the largest {} B{of}, at most {} B at a step",
        blocks.len(),
        thousands(largest.bytes),
        thousands(plan.scratch_bytes)
    )
}

/// All formulas of a plan's accounting.
#[must_use]
pub fn formulas(model: &ModelReport, plan: &PlanReport, passes: Passes) -> Vec<String> {
    vec![
        arena_formula(model, plan),
        passes_formula(model, passes),
        in_place_formula(model, plan),
        alignment_formula(plan),
        scratch_formula(plan),
    ]
}

/// The arena that runs from what the paper counts, at the one step that needs most: `at #20: 376,320 as the
/// paper counts there + ... = 407,920 B`.
#[must_use]
pub fn paper_to_arena(paper: &PaperReport, plan: &PlanReport) -> String {
    let at = &paper.at_peak;
    let place = at.operator.map_or("as the input comes".to_owned(), |index| format!("at #{index}"));
    let there = if at.counted_bytes == paper.peak_bytes() { "" } else { " there" };
    let mut formula =
        format!("{place}: {} as the paper counts{there}", thousands(at.counted_bytes));
    let shared = at.counted_bytes.saturating_sub(at.operands_bytes);
    if shared > 0 {
        formula = format!("{formula} − {} for what is in place here alone", thousands(shared));
    }
    let rest = if plan.has_peak() { PAPER_GAPS } else { PAPER_NOT_SHARED };
    let more = [
        (at.operands_bytes.saturating_sub(at.counted_bytes), "for what is in place there alone"),
        (at.input_bytes, "for the input image"),
        (at.waiting_bytes, "for what waits for a residual or another reader"),
        (at.scratch_bytes, "for scratch"),
        (plan.arena_bytes.saturating_sub(at.needed_bytes()), rest),
    ];
    for (bytes, name) in more.into_iter().filter(|(bytes, _)| *bytes > 0) {
        formula = format!("{formula} + {} {name}", thousands(bytes));
    }
    format!("{formula} = {} B", thousands(plan.arena_bytes))
}

/// Beside the verdict, where the paper's count was asked for: its figure of this plan, and why the arena is
/// another.
#[must_use]
pub fn paper_sentence(paper: &PaperReport, plan: &PlanReport) -> String {
    let (peak, arena) = (paper.peak_bytes(), kib(plan.arena_bytes));
    if peak == plan.arena_bytes {
        return format!("As the MCUNetV2 paper counts, this plan needs the same {arena}.");
    }
    format!(
        "As the MCUNetV2 paper counts, this plan needs {} ({} at #{}). The {arena} above are what \
         runs, {}.",
        kib(peak),
        exact_bytes(peak),
        paper.peak_operator(),
        paper_to_arena(paper, plan)
    )
}

/// A figure of the paper's count.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PaperFigure {
    /// What it is.
    pub name: &'static str,
    /// The figure.
    pub figure: String,
    /// How it comes about, with the numbers.
    pub formula: String,
}

/// The figures of the paper's count for a plan.
#[must_use]
pub fn paper_figures(paper: &PaperReport, plan: &PlanReport) -> Vec<PaperFigure> {
    let figure = |name, figure, formula| PaperFigure { name, figure, formula };
    let mut figures = vec![figure(
        "Peak, layer by layer",
        kib(paper.layerwise_bytes),
        format!(
            "input + output of #{} = {} B",
            paper.layerwise_operator,
            thousands(paper.layerwise_bytes)
        ),
    )];
    let arena = figure(PAPER_ARENA, kib(plan.arena_bytes), paper_to_arena(paper, plan));
    let Some(patched) = paper.patched else {
        figures.push(arena);
        return figures;
    };
    let peak = patched.peak_bytes();
    figures.push(figure(
        "Peak, in patches",
        kib(peak),
        format!(
            "max(split tensor {} + step of a patch at #{} {} = {}, {}) = {} B",
            thousands(patched.split_bytes),
            patched.stage_operator,
            thousands(patched.stage_bytes.saturating_sub(patched.split_bytes)),
            thousands(patched.stage_bytes),
            patched.tail_operator.map_or("no tail".to_owned(), |operator| {
                format!("tail at #{operator} = {}", thousands(patched.tail_bytes))
            }),
            thousands(peak)
        ),
    ));
    let tenths =
        (u128::from(paper.layerwise_bytes) * 20 + u128::from(peak)) / (u128::from(peak.max(1)) * 2);
    figures.push(figure(
        "Ratio",
        format!("{}.{}x", tenths / 10, tenths % 10),
        format!("{} / {}", thousands(paper.layerwise_bytes), thousands(peak)),
    ));
    if let Some(unclipped) = plan.unclipped {
        let (stage, whole) = (unclipped.stage_macs, unclipped.stage_macs_layerwise);
        figures.push(figure(
            "Stage recompute, halos not clipped",
            format!("+{}", percent_tenths(stage.saturating_sub(whole), whole)),
            format!("{} / {} MACs of the stage − 1", thousands(stage), thousands(whole)),
        ));
    }
    figures.push(figure(
        "Total recompute, halos clipped",
        format!(
            "+{}",
            percent_tenths(plan.macs.saturating_sub(plan.macs_layerwise), plan.macs_layerwise)
        ),
        format!("{} / {} MACs − 1", thousands(plan.macs), thousands(plan.macs_layerwise)),
    ));
    figures.push(arena);
    figures
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        report::{PaperPatches, PaperStep},
        text::{page, sample},
    };

    #[test]
    fn a_preset_is_known_by_what_it_sets() {
        for preset in Preset::ALL {
            let is_paper = preset == Preset::Paper;
            assert_eq!(Preset::of(preset.accounting(), preset.passes(), is_paper), Some(preset));
        }
        let own = PlanChoice::default().with_in_place(InPlace::All);
        assert_eq!(Preset::of(own, Passes::default(), false), None);
        assert!(summary(own, Passes::default(), false, false).contains("all in place"));
        let strict = summary(PlanChoice::default(), Passes::default(), false, true);
        assert_eq!(strict, "Counted strict, operators in the order of least peak.");
        assert_eq!(Preset::of(PlanChoice::TFLM, Passes::default(), false), None, "passes are on");
    }

    #[test]
    fn formulas_add_up() {
        let (model, mut plan) = (sample::model(), sample::plan());
        assert!(
            arena_formula(&model, &plan).ends_with("= 704 B"),
            "{}",
            arena_formula(&model, &plan)
        );
        assert!(in_place_formula(&model, &plan).contains("no block"));
        assert!(scratch_formula(&plan).contains("none"));
        assert!(alignment_formula(&plan).contains("no byte is lost"));
        plan.choice.alignment = Alignment::Sixteen;
        plan.arena_bytes += 8;
        let aligned = arena_formula(&model, &plan);
        assert!(aligned.ends_with("+ 8 to the alignment = 712 B"), "{aligned}");
        let mut apart = plan.clone();
        let top = apart.blocks.iter_mut().max_by_key(|one| one.offset_bytes + one.bytes).unwrap();
        top.offset_bytes += 32;
        apart.arena_bytes += 32;
        let apart = arena_formula(&model, &apart);
        assert!(
            apart.ends_with("= 744 B; 704 needed at the peak + 32 for gaps between blocks"),
            "{apart}"
        );
        let lost: u64 =
            plan.blocks.iter().map(|one| one.bytes.next_multiple_of(16) - one.bytes).sum();
        assert!(alignment_formula(&plan).contains(&format!("take {lost} B more")));
        plan.blocks[1].takes_place_of = Some(0);
        let (one, other) = (plan.blocks[0].bytes, plan.blocks[1].bytes);
        let words = in_place_formula(&model, &plan);
        assert!(
            words.contains(&format!("= {} B instead of {} B", one.max(other), one + other)),
            "{words}"
        );
    }

    #[test]
    fn a_peak_of_whole_layers_says_that_it_is_one() {
        let mut model = sample::model();
        let passes = Passes::default();
        for stored_bytes in [model.peak_bytes, model.peak_bytes + 1] {
            model.as_stored_peak_bytes = stored_bytes;
            for words in [
                page::PEAK_STORED,
                page::PEAK_COUNTED,
                &page::counted_effect(stored_bytes, model.peak_bytes, passes),
                &page::counted_effect(stored_bytes, model.peak_bytes, Passes::NONE),
                &passes_formula(&model, passes),
            ] {
                assert!(words.contains("eak layer by layer, nothing in place"), "{words}");
            }
        }
    }

    #[test]
    fn the_switch_says_what_the_plans_line_says() {
        for (in_place, _, name) in IN_PLACE_CHOICES.into_iter().skip(1) {
            let words = plan_words(PlanChoice::default().with_in_place(in_place));
            assert!(words.ends_with(&format!(", {name}")), "{words}: {name}");
        }
    }

    #[test]
    fn the_papers_figures_stay_beside_other_assumptions() {
        let paper = Preset::Paper.accounting();
        let words = |accounting| summary(accounting, Passes::default(), true, false);
        assert_eq!(
            words(paper),
            "Counted strict, depthwise in place; beside it as the MCUNetV2 paper counts."
        );
        for own in [paper.with_in_place(InPlace::All), PlanChoice::default()] {
            assert_eq!(Preset::of(own, Passes::default(), true), None);
            let words = words(own);
            assert!(words.contains(in_place_words(own.in_place)), "{words}");
            assert!(words.ends_with("; beside it as the MCUNetV2 paper counts."), "{words}");
        }
    }

    /// 200 bytes at #3, where the arena is fullest at #2.
    fn paper() -> PaperReport {
        let patched = PaperPatches {
            stage_bytes: 190,
            split_bytes: 60,
            stage_operator: 2,
            tail_bytes: 200,
            tail_operator: Some(3),
        };
        let at_peak = PaperStep {
            operator: Some(2),
            counted_bytes: 190,
            operands_bytes: 195,
            input_bytes: 50,
            waiting_bytes: 10,
            scratch_bytes: 9,
        };
        PaperReport { layerwise_bytes: 500, layerwise_operator: 1, patched: Some(patched), at_peak }
    }

    #[test]
    fn the_papers_figures_are_opened_up() {
        let paper = paper();
        let mut plan = sample::patched_plan(2, 2);
        (plan.macs, plan.macs_layerwise) = (1150, 1000);
        let figures = paper_figures(&paper, &plan);
        let of = |name: &str| figures.iter().find(|one| one.name.contains(name)).unwrap();
        assert_eq!(of("Ratio").figure, "2.5x");
        assert!(of("in patches").formula.ends_with("= 200 B"));
        assert!(
            of("in patches")
                .formula
                .contains("split tensor 60 + step of a patch at #2 130 = 190, tail at #3")
        );
        assert_eq!(of("Total").figure, "+15.0 %");
        assert_eq!(paper_figures(&PaperReport { patched: None, ..paper }, &plan).len(), 2);
    }

    #[test]
    fn the_papers_figure_and_the_arena_are_told_apart_at_one_step() {
        let mut paper = paper();
        let mut plan = sample::patched_plan(2, 2);
        plan.arena_bytes = 272;
        assert_eq!(
            paper_sentence(&paper, &plan),
            "As the MCUNetV2 paper counts, this plan needs 200 B (200 bytes at #3). The 272 B above are what \
             runs, at #2: 190 as the paper counts there + 5 for what is in place there alone + 50 for the \
             input image + 10 for what waits for a residual or another reader + 9 for scratch + 8 for gaps \
             between blocks = 272 B."
        );
        let figures = paper_figures(&paper, &plan);
        let arena = figures.iter().find(|one| one.name == PAPER_ARENA).unwrap();
        assert_eq!((&*arena.figure, &arena.formula), ("272 B", &paper_to_arena(&paper, &plan)));
        // In place is more than the paper's depthwise alone, and what is fullest is no operator.
        (paper.at_peak.counted_bytes, paper.at_peak.operator) = (200, None);
        plan.choice.planner = Planner::NoReuse;
        let words = paper_to_arena(&paper, &plan);
        assert!(
            words.starts_with("as the input comes: 200 as the paper counts − 5 for what is in"),
            "{words}"
        );
        assert!(
            words.ends_with("+ 8 for bytes that this planner does not share = 272 B"),
            "{words}"
        );
        plan.arena_bytes = 200;
        assert!(paper_sentence(&paper, &plan).ends_with("needs the same 200 B."));
    }
}
