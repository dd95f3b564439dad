//! What two plans need, operator by operator, as two curves over one byte axis.

use super::{
    Rect,
    arena::{
        BOTTOM_PX, LEFT_PX, PlacedTick, RIGHT_PX, TOP_PX, budget_label, corners_beside, line_area,
        place_ticks, top_bytes,
    },
    labels::{self, LINE_PX, Label, text_width},
    ticks,
};
use crate::{
    report::{ModelReport, PlanReport},
    text::{Budget, kib},
};

/// Everything that is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Curves {
    /// The area that data fills.
    pub plot: Rect,
    /// The byte axis.
    pub ticks: Vec<PlacedTick>,
    /// The axis of operators: labels at their columns.
    pub operators: Vec<Label>,
    /// The paths of A and B, from the axis up, over all operators, and down again.
    pub paths: [String; 2],
    /// What stands at the peaks of A and B, where it is free: `A 135.0 KiB at #4`.
    pub peaks: [Option<Label>; 2],
    /// The line of the budget.
    pub budget_y: Option<f64>,
    /// Its label, where it is free.
    pub budget_label: Option<Label>,
}

impl Curves {
    /// Lays the curves out for a box of this size.
    #[must_use]
    pub fn new(
        sides: [(&ModelReport, &PlanReport); 2],
        budget: Budget,
        (width, height): (f64, f64),
    ) -> Self {
        let plot = Rect {
            x: LEFT_PX,
            y: TOP_PX,
            width: (width - LEFT_PX - RIGHT_PX).max(1.0),
            height: (height - TOP_PX - BOTTOM_PX).max(1.0),
        };
        let needs = sides.map(|(model, plan)| plan.needs_by_operator(model.operators.len()));
        let needs = needs.map(|all| all.iter().map(|one| one.bytes).collect::<Vec<u64>>());
        let n_operators = needs[0].len().max(needs[1].len());
        let tallest = needs.iter().flatten().copied().max().unwrap_or(0);
        let top = top_bytes(tallest, budget.bytes);
        let column = plot.width / n_operators.max(1) as f64;
        let y = |bytes: u64| plot.bottom() - plot.height * bytes as f64 / top as f64;
        let budget_y = (1..=top).contains(&budget.bytes).then(|| y(budget.bytes));
        let budget_label = budget_y.and_then(|line| budget_label(plot, line, budget));
        let mut taken: Vec<Rect> = budget_y.map(|line| line_area(plot, line)).into_iter().collect();
        taken.extend(budget_label.as_ref().map(|label| label.area));
        let need = |side: usize, at: usize| needs[side].get(at).copied().unwrap_or(0);
        let under = (0..n_operators).map(|at| {
            let upper = y(need(0, at).max(need(1, at)));
            let x = plot.x + column * at as f64;
            Rect { x, y: upper, width: column, height: plot.bottom() - upper }
        });
        let under: Vec<Rect> = under.collect();
        let mut peak = |name: &str, needs: &[u64]| {
            let most = needs.iter().max().copied()?;
            let at = needs.iter().position(|&bytes| bytes == most)?;
            let text = format!("{name} {} at #{at}", kib(most));
            let left = plot.x + column * at as f64;
            let place = ((left, left + column), y(most), plot);
            let over = [under.as_slice(), &taken].concat();
            let label = free(&text, place, &over).or_else(|| free(&text, place, &taken));
            taken.extend(label.as_ref().map(|label| label.area));
            label
        };
        let peaks = [peak("A", &needs[0]), peak("B", &needs[1])];
        Self {
            plot,
            ticks: place_ticks(plot, top),
            operators: operators(plot, n_operators),
            paths: needs.map(|needs| path(plot, column, needs.iter().map(|&bytes| y(bytes)))),
            peaks,
            budget_y,
            budget_label,
        }
    }
}

/// A place beside the top of a column, or to the right of it and above, or below, further and further.
fn free(text: &str, (column, top, plot): ((f64, f64), f64, Rect), taken: &[Rect]) -> Option<Label> {
    let mut corners = corners_beside(text, column, top);
    let x = column.1.min(plot.right() - text_width(text));
    let steps = |count: u8| (0..count).map(|step| f64::from(step) * LINE_PX / 2.0);
    corners.extend(steps(24).flat_map(|right| steps(24).map(move |up| (x + right, top - up))));
    corners.extend(steps(12).map(|down| (x, top + down)));
    labels::place(text, &corners, plot, taken)
}

/// A step for every operator.
fn path(plot: Rect, column: f64, heights: impl Iterator<Item = f64>) -> String {
    let mut path = format!("M{:.1} {:.1}", plot.x, plot.bottom());
    let mut right = plot.x;
    for y in heights {
        right += column;
        path.push_str(&format!("V{y:.1}H{right:.1}"));
    }
    path.push_str(&format!("V{:.1}", plot.bottom()));
    path
}

fn operators(plot: Rect, n_operators: usize) -> Vec<Label> {
    let column = plot.width / n_operators.max(1) as f64;
    let label = |index: usize| {
        let text = format!("#{index}");
        let width = text_width(&text);
        let middle = plot.x + column * (index as f64 + 0.5);
        let x = (middle - width / 2.0).min(plot.right() - width).max(plot.x - 8.0);
        let area = Rect { x, y: plot.bottom() + 4.0, width, height: LINE_PX };
        Label { text, area }
    };
    ticks::index_ticks(n_operators, plot.width, 44.0).into_iter().map(label).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::sample;
    use proptest::prelude::*;

    fn check(plans: [&PlanReport; 2], budget_bytes: u64, size: (f64, f64)) -> Curves {
        let model = sample::model();
        let sides = plans.map(|plan| (&model, plan));
        let curves = Curves::new(sides, budget_bytes.into(), size);
        let labels = curves.peaks.iter().flatten().chain(&curves.budget_label);
        let areas: Vec<Rect> = labels.map(|label| label.area).collect();
        for (position, area) in areas.iter().enumerate() {
            assert!(curves.plot.holds(*area), "{area:?} in {:?}", curves.plot);
            assert!(areas[..position].iter().all(|other| !area.overlaps(*other)));
        }
        for label in curves.peaks.iter().flatten() {
            let line = curves.budget_y.map(|y| line_area(curves.plot, y));
            assert!(line.is_none_or(|line| !line.overlaps(label.area)), "a label on the line");
        }
        for pair in curves.operators.windows(2) {
            assert!(pair[0].area.right() < pair[1].area.x);
        }
        for label in &curves.operators {
            assert!(label.area.right() <= size.0 && label.area.bottom() <= size.1);
        }
        curves
    }

    #[test]
    fn both_curves_step_over_all_operators_on_one_scale() {
        let (one, patched) = (sample::plan(), sample::patched_plan(2, 2));
        let curves = check([&one, &patched], 600, (360.0, 200.0));
        for path in &curves.paths {
            assert_eq!(path.matches('H').count(), 5, "{path}");
            assert!(path.starts_with("M58.0 160.0") && path.ends_with("V160.0"), "{path}");
        }
        assert_ne!(curves.paths[0], curves.paths[1]);
        // The tail is the same in both: so it is drawn at the same height.
        assert_eq!(curves.paths[0].split('H').next_back(), curves.paths[1].split('H').next_back());
        let words: Vec<&str> = curves.peaks.iter().flatten().map(|one| one.text.as_str()).collect();
        assert_eq!(words, ["A 704 B at #0", "B 403 B at #0"]);
    }

    #[test]
    fn labels_of_peaks_lie_above_both_curves_where_there_is_room() {
        let (mut one, mut other) = (sample::plan(), sample::plan());
        // B's peak lies within A's, and more of A is higher.
        for (index, (a, b)) in
            [(10, 5), (704, 400), (700, 40), (30, 30), (20, 20)].into_iter().enumerate()
        {
            one.steps[index].live_bytes = a;
            other.steps[index].live_bytes = b;
        }
        let curves = check([&one, &other], 0, (360.0, 208.0));
        let column = curves.plot.width / 5.0;
        let a = Rect {
            x: curves.plot.x + column,
            y: curves.plot.bottom() - curves.plot.height * 700.0 / top_bytes(704, 0) as f64,
            width: 2.0 * column,
            height: curves.plot.height,
        };
        for label in &curves.peaks {
            assert!(!label.as_ref().unwrap().area.overlaps(a), "{label:?} on {a:?}");
        }
    }

    proptest! {
        #[test]
        fn labels_never_overlap(
            needs in proptest::collection::vec((0u64..1 << 30, 0u64..1 << 30), 5),
            budget_bytes in 0u64..1 << 31,
            width in 240.0..1400.0f64,
            height in 140.0..400.0f64,
        ) {
            let (mut one, mut other) = (sample::plan(), sample::plan());
            for (index, (first, second)) in needs.into_iter().enumerate() {
                one.steps[index].live_bytes = first;
                other.steps[index].live_bytes = second;
            }
            check([&one, &other], budget_bytes, (width, height));
        }
    }
}
