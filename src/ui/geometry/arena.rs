//! The picture address x time: one rectangle a block.

use super::{
    Rect,
    labels::{self, LINE_PX, Label, text_width},
    legend::{Key, keys},
    ticks::{self, Tick},
    timeline::Timeline,
};
use crate::{
    report::{BlockRole, Family, ModelReport, PlanReport},
    text::{Budget, kib},
};

/// Space left of the plot, for the byte axis.
pub const LEFT_PX: f64 = 58.0;
/// Space right of the plot.
pub const RIGHT_PX: f64 = 8.0;
/// Space above the plot.
pub const TOP_PX: f64 = 10.0;
/// Space below the plot, for the time axis.
pub const BOTTOM_PX: f64 = 40.0;
/// No mark is thinner.
pub const LEAST_MARK_PX: f64 = 2.0;

/// Width and height of a block's letter.
const LETTER_PX: (f64, f64) = (12.0, 14.0);

/// Between a block's letter and a label beside it.
const APART_PX: f64 = 6.0;

/// The side of the marked corner of a block that takes another's place.
pub const NOTCH_PX: f64 = 9.0;

/// A block as it is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct BlockMark {
    /// Its position in the plan's list of blocks.
    pub block: usize,
    /// Where it lies.
    pub area: Rect,
    /// The family of the operator that writes it.
    pub family: Family,
    /// The middle of its letter, where there is room for one.
    pub letter: Option<(f64, f64)>,
    /// Whether it takes another block's place as that one dies.
    pub is_in_place: bool,
    /// Whether it is scratch.
    pub is_scratch: bool,
}

impl BlockMark {
    /// Whether its corner is marked: it takes another's place, and there is room.
    #[must_use]
    pub fn has_notch(&self) -> bool {
        self.is_in_place && self.area.width >= NOTCH_PX && self.area.height >= NOTCH_PX
    }

    /// A place for a letter: the middle, or above or below that, within the mark, beside its marked
    /// corner, and under none of `labels`.
    fn free_letter(&self, labels: &[Rect]) -> Option<(f64, f64)> {
        let Rect { x, y, width, height } = self.area;
        let middle = (x + width / 2.0, y + height / 2.0);
        let (across, down) = LETTER_PX;
        let is_free = |&(middle_x, middle_y): &(f64, f64)| {
            let letter = Rect {
                x: middle_x - across / 2.0,
                y: middle_y - down / 2.0,
                width: across,
                height: down,
            };
            let apart = Rect { x: letter.x - APART_PX, width: across + 2.0 * APART_PX, ..letter };
            // The corner is the half of a square.
            let from_corner = letter.x - x + letter.y - y;
            self.area.holds(letter)
                && (!self.has_notch() || from_corner >= NOTCH_PX)
                && labels.iter().all(|label| !label.overlaps(apart))
        };
        let places = [0.0, -down, down].map(|by| (middle.0, middle.1 + by));
        places.into_iter().find(is_free)
    }
}

/// Where the label of a tick beside a plot ends: 6 pixels before it, or nearer where it would be cut.
#[must_use]
pub fn tick_end(plot: Rect, label: &str) -> f64 {
    (plot.x - 6.0).max(text_width(label).min(plot.x - 2.0))
}

/// A tick of the byte axis at its place.
#[derive(Clone, Debug, PartialEq)]
pub struct PlacedTick {
    /// The tick.
    pub tick: Tick,
    /// Its height on the picture.
    pub y: f64,
}

/// Everything that is drawn of an arena, but for what is selected.
#[derive(Clone, Debug, PartialEq)]
pub struct ArenaPicture {
    /// The area that data fills.
    pub plot: Rect,
    /// The blocks.
    pub blocks: Vec<BlockMark>,
    /// The byte axis.
    pub ticks: Vec<PlacedTick>,
    /// The time axis: labels at their columns.
    pub time_labels: Vec<Label>,
    /// The line of the budget.
    pub budget_y: Option<f64>,
    /// The area above the budget.
    pub overflow: Option<Rect>,
    /// `available 128.0 KiB`, where it is free.
    pub budget_label: Option<Label>,
    /// `peak 135.0 KiB`, where it is free.
    pub peak_label: Option<Label>,
    /// Where the patch stage ends, between two columns.
    pub stage_x: Option<f64>,
    /// Columns drawn.
    pub n_columns: usize,
    /// Whether the time axis counts patches.
    pub is_by_patch: bool,
}

impl ArenaPicture {
    /// Lays the picture out for a box of this size.
    #[must_use]
    pub fn new(
        model: &ModelReport,
        plan: &PlanReport,
        timeline: &Timeline,
        budget: Budget,
        size: (f64, f64),
    ) -> Self {
        Self::scaled(model, plan, timeline, (budget, plan.arena_bytes), size)
    }

    /// The same with a byte axis for an arena of `tallest_bytes`, that of another picture, say.
    #[must_use]
    pub fn scaled(
        model: &ModelReport,
        plan: &PlanReport,
        timeline: &Timeline,
        (budget, tallest_bytes): (Budget, u64),
        size: (f64, f64),
    ) -> Self {
        let plot = Rect {
            x: LEFT_PX,
            y: TOP_PX,
            width: (size.0 - LEFT_PX - RIGHT_PX).max(1.0),
            height: (size.1 - TOP_PX - BOTTOM_PX).max(1.0),
        };
        let top = top_bytes(tallest_bytes.max(plan.arena_bytes), budget.bytes);
        let y = |bytes: u64| plot.bottom() - plot.height * bytes.min(top) as f64 / top as f64;
        let n_columns = timeline.steps.len();
        let x = |column: usize| plot.x + plot.width * column as f64 / n_columns.max(1) as f64;
        let blocks = plan.blocks.iter().enumerate().filter_map(|(index, block)| {
            let (first, end) = timeline.columns(block.first_step, block.end_step);
            (first < end).then(|| {
                let lower = y(block.offset_bytes);
                let upper = y(block.offset_bytes.saturating_add(block.bytes));
                BlockMark {
                    block: index,
                    area: mark(plot, (x(first), x(end)), (upper, lower)),
                    family: family(model, plan, index),
                    letter: None,
                    is_in_place: block.takes_place_of.is_some(),
                    is_scratch: block.role == BlockRole::Scratch,
                }
            })
        });
        let mut blocks: Vec<BlockMark> = blocks.collect();
        let is_budget_drawn = budget.bytes <= top && budget.bytes > 0;
        let budget_y = is_budget_drawn.then(|| y(budget.bytes));
        let overflow = budget_y
            .filter(|_| plan.arena_bytes > budget.bytes)
            .map(|line| Rect { height: line - plot.y, ..plot });
        let budget_label = budget_y.and_then(|line| budget_label(plot, line, budget));
        let mut taken: Vec<Rect> = budget_y.map(|line| line_area(plot, line)).into_iter().collect();
        taken.extend(budget_label.as_ref().map(|label| label.area));
        let peak_step = plan.neediest_step(|_| true).unwrap_or(0);
        let peak_column = timeline.column_of(plan, peak_step);
        let peak_label = peak_column.and_then(|column| {
            peak_label(plot, (x(column), x(column + 1)), y(plan.arena_bytes), plan, &taken)
        });
        taken.extend(peak_label.as_ref().map(|label| label.area));
        for mark in &mut blocks {
            mark.letter = mark.free_letter(&taken);
        }
        Self {
            plot,
            ticks: place_ticks(plot, top),
            time_labels: time_labels(plot, plan, timeline),
            stage_x: stage_column(plan, timeline).map(x),
            blocks,
            budget_y,
            overflow,
            budget_label,
            peak_label,
            n_columns,
            is_by_patch: counts_patches(timeline),
        }
    }

    /// The sorts of marks that are drawn, for a legend.
    #[must_use]
    pub fn keys(&self) -> Vec<Key> {
        keys(
            |family| self.blocks.iter().any(|mark| mark.family == family),
            &[
                (self.blocks.iter().any(|mark| mark.is_scratch), Key::Scratch),
                (self.blocks.iter().any(BlockMark::has_notch), Key::InPlace),
                (self.overflow.is_some(), Key::Over),
                (self.stage_x.is_some(), Key::StageEnd),
            ],
        )
    }

    /// The rectangle of a column, from top to bottom.
    #[must_use]
    pub fn column(&self, column: usize) -> Rect {
        let width = self.plot.width / self.n_columns.max(1) as f64;
        Rect { x: self.plot.x + width * column as f64, width, ..self.plot }
    }
}

/// What the byte axis ends at: the arena, and the budget unless it is far above; and room for a label over
/// that.
#[must_use]
pub fn top_bytes(arena_bytes: u64, budget_bytes: u64) -> u64 {
    let shown = if budget_bytes <= arena_bytes.saturating_mul(3) { budget_bytes } else { 0 };
    let highest = arena_bytes.max(shown).max(1);
    highest.saturating_add(highest / 7).max(highest.saturating_add(1))
}

/// The area of a block with gaps to its neighbours, at least [`LEAST_MARK_PX`] each way and
/// within the plot.
fn mark(plot: Rect, across: (f64, f64), down: (f64, f64)) -> Rect {
    let width = (across.1 - across.0 - 1.0).max(LEAST_MARK_PX).min(plot.width);
    let height = (down.1 - down.0 - 1.0).max(LEAST_MARK_PX).min(plot.height);
    let x = (across.0 + 0.5).min(plot.right() - width);
    let y = (down.1 - height).max(plot.y);
    Rect { x, y, width, height }
}

/// The byte at a height of the plot; `None` above and below it.
#[must_use]
pub fn byte_at(plot: Rect, y: f64, plan: &PlanReport, budget_bytes: u64) -> Option<u64> {
    let share = (plot.bottom() - y) / plot.height;
    let top = top_bytes(plan.arena_bytes, budget_bytes) as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the axis")]
    (0.0..1.0).contains(&share).then_some((share * top) as u64)
}

/// The block to which a byte belongs during a step: of those in place, the last to be written.
#[must_use]
pub fn owner(plan: &PlanReport, step: u32, byte: u64) -> Option<usize> {
    plan.blocks.iter().rposition(|block| {
        (block.first_step..block.end_step).contains(&step)
            && (block.offset_bytes..block.offset_bytes + block.bytes).contains(&byte)
    })
}

/// The colour of a block: its writer's, and the inputs' own.
fn family(model: &ModelReport, plan: &PlanReport, block: usize) -> Family {
    let block = plan.blocks[block];
    match block.operator.and_then(|index| model.operators.get(index as usize)) {
        Some(operator) if block.role != BlockRole::Input => operator.family,
        _ => Family::Other,
    }
}

/// The ticks of a byte axis beside a plot whose height stands for `top`.
pub(super) fn place_ticks(plot: Rect, top: u64) -> Vec<PlacedTick> {
    ticks::byte_ticks(top, plot.height, 36.0)
        .into_iter()
        .map(|tick| {
            let y = plot.bottom() - plot.height * tick.bytes as f64 / top as f64;
            PlacedTick { tick, y }
        })
        .collect()
}

/// What the line of the budget covers, so that no label lies on it.
#[must_use]
pub fn line_area(plot: Rect, line: f64) -> Rect {
    Rect { y: line - 1.0, height: 2.0, ..plot }
}

/// Where a label of a mark may stand: above it, beside its top, below that.
#[must_use]
pub fn corners_beside(text: &str, column: (f64, f64), top: f64) -> Vec<(f64, f64)> {
    let width = text_width(text);
    let above = top - LINE_PX - 3.0;
    let (right, left) = (column.1 + 8.0, column.0 - width - 8.0);
    let mut corners = vec![(column.0, above), (column.1 - width, above)];
    for lines in 0..5 {
        let y = top + 2.0 + LINE_PX * f64::from(lines) / 2.0;
        corners.extend([(right, y), (left, y)]);
    }
    corners
}

/// The label of the budget's line, where it is free.
pub(super) fn budget_label(plot: Rect, line: f64, budget: Budget) -> Option<Label> {
    let text = budget.label();
    let x = plot.right() - text_width(&text) - 2.0;
    labels::place(&text, &[(x, line + 2.0), (x, line - LINE_PX - 2.0)], plot, &[])
}

fn peak_label(
    plot: Rect,
    column: (f64, f64),
    top: f64,
    plan: &PlanReport,
    taken: &[Rect],
) -> Option<Label> {
    let is_peak = plan.arena_bytes == plan.most_needed_bytes();
    let word = if is_peak { "peak" } else { "arena" };
    let text = format!("{word} {}", kib(plan.arena_bytes));
    labels::place(&text, &corners_beside(&text, column, top), plot, taken)
}

/// Whether the time axis counts patches: where all of them are drawn.
const fn counts_patches(timeline: &Timeline) -> bool {
    timeline.n_patches > 1 && timeline.folded_to.is_none() && !timeline.is_part
}

/// What stands under the time axis: patches by number where all are drawn, else operators.
fn time_labels(plot: Rect, plan: &PlanReport, timeline: &Timeline) -> Vec<Label> {
    let n_columns = timeline.steps.len();
    let width = plot.width / n_columns.max(1) as f64;
    let step = |column: usize| plan.steps.get(*timeline.steps.get(column)? as usize);
    let stage_end = stage_column(plan, timeline).unwrap_or(0);
    let is_whole = counts_patches(timeline);
    let mut marks: Vec<(usize, f64, String)> = Vec::new();
    if is_whole {
        let columns_a_patch = stage_end / timeline.n_patches as usize;
        let patches = timeline.n_patches as usize;
        for patch in ticks::index_ticks(patches, width * stage_end as f64, 32.0) {
            let first = (0..stage_end).find(|&column| {
                step(column).and_then(|step| step.patch).is_some_and(|one| one as usize == patch)
            });
            if let Some(first) = first {
                marks.push((first, columns_a_patch as f64 / 2.0, format!("p{}", patch + 1)));
            }
        }
    }
    let rest = if is_whole { stage_end } else { 0 };
    for column in ticks::index_ticks(n_columns - rest, width * (n_columns - rest) as f64, 44.0) {
        if let Some(operator) = step(rest + column).and_then(|step| step.operator) {
            marks.push((rest + column, 0.5, format!("#{operator}")));
        }
    }
    let frame = Rect { x: 0.0, y: 0.0, width: plot.right() + RIGHT_PX, height: f64::MAX };
    let mut labels: Vec<Label> = Vec::new();
    for (column, middle, text) in marks {
        let half = text_width(&text) / 2.0;
        let centre = plot.x + width * (column as f64 + middle);
        let x = (centre - half).max(plot.x - 8.0).min(plot.right() - half * 2.0);
        // With a gap between them, also in fonts whose `#` is as wide as a letter.
        let with_gap = |label: &Label| Rect { width: label.area.width + 8.0, ..label.area };
        let taken: Vec<Rect> = labels.iter().map(with_gap).collect();
        labels.extend(labels::place(&text, &[(x, plot.bottom() + 4.0)], frame, &taken));
    }
    labels
}

/// The first column after the patch stage.
fn stage_column(plan: &PlanReport, timeline: &Timeline) -> Option<usize> {
    let is_patch =
        |step: &u32| plan.steps.get(*step as usize).is_some_and(|one| one.patch.is_some());
    timeline.steps.iter().rposition(is_patch).map(|column| column + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        report::BlockReport, tensor::TensorId, text::sample, ui::geometry::timeline::View,
    };
    use proptest::prelude::*;

    fn check(plan: &PlanReport, view: View, budget_bytes: u64, size: (f64, f64)) -> ArenaPicture {
        let timeline = Timeline::new(plan, view, size.0);
        let picture =
            ArenaPicture::new(&sample::model(), plan, &timeline, budget_bytes.into(), size);
        for mark in &picture.blocks {
            assert!(picture.plot.holds(mark.area), "{mark:?} in {:?}", picture.plot);
            assert!(mark.area.width >= LEAST_MARK_PX && mark.area.height >= LEAST_MARK_PX);
        }
        let labels = picture.budget_label.iter().chain(&picture.peak_label);
        for mark in &picture.blocks {
            let Some((x, y)) = mark.letter else { continue };
            let letter = Rect { x: x - 5.0, y: y - 6.0, width: 10.0, height: 12.0 };
            assert!(mark.area.holds(letter), "a letter outside of its block");
            let line = picture.budget_y.map(|y| line_area(picture.plot, y));
            let over = labels.clone().map(|label| label.area).chain(line);
            assert!(over.into_iter().all(|label| !label.overlaps(letter)), "a label on a letter");
            let corner = letter.x - mark.area.x + letter.y - mark.area.y;
            assert!(!mark.has_notch() || corner >= NOTCH_PX, "a letter on the marked corner");
        }
        let areas: Vec<Rect> = labels.chain(&picture.time_labels).map(|label| label.area).collect();
        for (position, area) in areas.iter().enumerate() {
            assert!(area.x >= 0.0 && area.right() <= size.0 && area.bottom() <= size.1, "{area:?}");
            assert!(areas[..position].iter().all(|other| !area.overlaps(*other)));
        }
        if let (Some(y), Some(label)) = (picture.budget_y, &picture.peak_label) {
            assert!(!label.area.overlaps(line_area(picture.plot, y)), "a label on the line");
        }
        for pair in picture.ticks.windows(2) {
            assert!(pair[0].y - pair[1].y >= LINE_PX);
        }
        picture
    }

    #[test]
    fn the_sample_fills_its_box() {
        let picture = check(&sample::plan(), View::Fitting, 600, (360.0, 300.0));
        assert_eq!(picture.blocks.len(), 5);
        assert!(picture.overflow.is_some() && picture.peak_label.is_some());
        assert!(picture.blocks[0].letter.is_some());
        let patched = check(&sample::patched_plan(4, 4), View::Whole, 600, (360.0, 300.0));
        assert!(patched.overflow.is_none() && patched.stage_x.is_some());
    }

    #[test]
    fn a_legend_tells_exactly_what_is_drawn() {
        let tells =
            |plan: &PlanReport, budget, size| check(plan, View::Fitting, budget, size).keys();
        let families =
            [Family::Convolution, Family::Depthwise, Family::Dense, Family::Other].map(Key::Family);
        let mut plan = sample::plan();
        assert_eq!(tells(&plan, 800, (360.0, 300.0)), families, "nothing else is drawn");
        assert_eq!(tells(&plan, 600, (360.0, 300.0))[4..], [Key::Over]);
        // The output of #1 takes the place of that of #0.
        plan.blocks[2].takes_place_of = Some(1);
        assert_eq!(tells(&plan, 800, (360.0, 300.0))[4..], [Key::InPlace]);
        assert_eq!(tells(&plan, 800, (74.0, 60.0)), families, "too small for a marked corner");
        plan.blocks[4].role = BlockRole::Scratch;
        assert_eq!(tells(&plan, 600, (360.0, 300.0))[4..], [Key::Scratch, Key::InPlace, Key::Over]);
        let patched = tells(&sample::patched_plan(4, 4), 800, (360.0, 300.0));
        assert!(patched.contains(&Key::StageEnd) && !patched.contains(&Key::InPlace));
    }

    #[test]
    fn the_peaks_label_stands_over_all_blocks() {
        let mut plan = sample::plan();
        // As many bytes at every operator.
        for block in &mut plan.blocks {
            (block.offset_bytes, block.bytes) = (0, 704);
        }
        for height in [208.0, 220.0, 288.0, 416.0] {
            let picture = check(&plan, View::Fitting, 0, (302.0, height));
            let label = picture.peak_label.unwrap().area;
            assert!(picture.blocks.iter().all(|mark| !mark.area.overlaps(label)), "{height}");
        }
    }

    #[test]
    fn long_ticks_are_not_cut() {
        let plot = Rect { x: LEFT_PX, ..Rect::default() };
        let before = |label: &str| crate::ui::geometry::whole_px(plot.x - tick_end(plot, label));
        assert_eq!((before("64 KiB"), before("1536 KiB")), (6, 2));
    }

    #[test]
    fn a_byte_belongs_to_the_block_that_is_drawn_there() {
        let plan = sample::plan();
        let picture = check(&plan, View::Fitting, 600, (360.0, 300.0));
        let timeline = Timeline::new(&plan, View::Fitting, 360.0);
        for mark in &picture.blocks {
            let area = mark.area;
            let middle = (area.x + area.width / 2.0, area.y + area.height / 2.0);
            let column = crate::ui::geometry::column_at(
                middle.0 - picture.plot.x,
                picture.plot.width,
                timeline.steps.len(),
            );
            let step = timeline.steps[column.unwrap()];
            let byte = byte_at(picture.plot, middle.1, &plan, 600).unwrap();
            assert_eq!(owner(&plan, step, byte), Some(mark.block));
        }
        assert_eq!(byte_at(picture.plot, picture.plot.y - 1.0, &plan, 600), None);
        assert_eq!(owner(&plan, 0, plan.arena_bytes), None, "nobody's");
    }

    #[test]
    fn a_part_of_the_time_axis_counts_operators() {
        let plan = sample::patched_plan(4, 4);
        let whole = Timeline::new(&plan, View::Whole, 1000.0);
        let n_columns = whole.steps.len();
        let zoom = crate::ui::geometry::zoom::Zoom::between(6, 9, n_columns);
        let part = zoom.of(&whole);
        assert_eq!(part.steps, [6, 7, 8, 9]);
        let budget = Budget::from(600);
        let picture = ArenaPicture::new(&sample::model(), &plan, &part, budget, (600.0, 300.0));
        assert!(!picture.is_by_patch);
        let labels: Vec<&str> = picture.time_labels.iter().map(|one| one.text.as_str()).collect();
        assert!(labels.iter().all(|text| text.starts_with('#')), "{labels:?}");
        assert!(picture.blocks.len() < plan.blocks.len(), "blocks outside are left out");
    }

    proptest! {
        #[test]
        fn any_plan_stays_in_its_box(
            blocks in proptest::collection::vec((0u64..1 << 40, 1u64..1 << 39, 0u32..40, 1u32..40), 0..60),
            budget_bytes in 0u64..1 << 41,
            width in 240.0..1400.0f64,
            height in 200.0..600.0f64,
        ) {
            let mut plan = sample::patched_plan(4, 4);
            plan.blocks = blocks.iter().map(|&(offset_bytes, bytes, first_step, length)| BlockReport {
                tensor: TensorId(0),
                operator: Some(0),
                role: BlockRole::Activation,
                patch: None,
                region: None,
                takes_place_of: first_step.is_multiple_of(2).then_some(0),
                offset_bytes,
                bytes,
                first_step,
                end_step: first_step + length,
            }).collect();
            plan.arena_bytes = plan.blocks.iter().map(|one| one.offset_bytes + one.bytes).max().unwrap_or(0);
            check(&plan, View::Fitting, budget_bytes, (width, height));
            check(&plan, View::WorstPatch, budget_bytes, (width, height));
        }
    }
}
