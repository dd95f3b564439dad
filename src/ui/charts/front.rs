//! The front: arena against multiply-accumulates as a flight of steps, with the budget's line.

use super::{
    palette::Palette,
    pen::{Chart, ChartStyle, Margins, Pen, Plane, color, svg},
    surface::{Drawn, Surface},
};
use crate::{
    report::{FrontReport, PlanReport},
    text::{Budget, front::more, kib},
    ui::geometry::{
        Rect,
        arena::{line_area, tick_end, top_bytes},
        labels::{LINE_PX, Label, place, text_width},
        legend::{Key, keys},
        ticks,
    },
};
use plotters::{
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

/// A schedule as the chart places it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FrontPoint {
    /// Bytes of its arena.
    pub arena_bytes: u64,
    /// Its multiply-accumulates.
    pub macs: u64,
}

/// The data of the chart.
#[derive(Clone, Debug, PartialEq)]
pub struct FrontChart {
    /// From the fewest multiply-accumulates to the smallest arena.
    pub points: Vec<FrontPoint>,
    /// Multiply-accumulates layer by layer: where the axis has its zero.
    pub macs_layerwise: u64,
    /// What the arena may take.
    pub budget: Budget,
    /// The shown plan, on the front or beside it.
    pub shown: Option<FrontPoint>,
}

/// Where the points are, in CSS pixels: for what lies over the drawing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FrontFrame {
    /// The area that data fills.
    pub plot: Rect,
    /// What its height stands for.
    pub top_bytes: u64,
    /// What its left and right edge stand for, in percent more multiply-accumulates.
    pub across: (f64, f64),
}

const LEFT_PX: f64 = 62.0;
const RIGHT_PX: f64 = 12.0;
const ABOVE_PX: f64 = 10.0;
const BELOW_PX: f64 = 42.0;
/// The radius of a point.
const MARK_PX: f64 = 4.5;
/// The radius of the ring around the shown plan.
const RING_PX: f64 = 8.0;

impl FrontChart {
    /// Collects the points of a front; `plan` is the shown one.
    #[must_use]
    pub fn new(front: &FrontReport, plan: Option<&PlanReport>, budget: impl Into<Budget>) -> Self {
        let points = front.front.iter().map(|candidate| FrontPoint {
            arena_bytes: candidate.arena_bytes,
            macs: candidate.macs,
        });
        Self {
            points: points.collect(),
            macs_layerwise: front.macs_layerwise,
            budget: budget.into(),
            shown: plan.map(|plan| FrontPoint { arena_bytes: plan.arena_bytes, macs: plan.macs }),
        }
    }

    /// A price in percent of the layer-wise work.
    fn percent(&self, macs: u64) -> f64 {
        let layerwise = self.macs_layerwise.max(1) as f64;
        (macs as f64 - layerwise) / layerwise * 100.0
    }

    /// Where the points lie on a picture of this size, in CSS pixels.
    #[must_use]
    pub fn frame(&self, width: f64, height: f64) -> FrontFrame {
        let points = self.points.iter().chain(&self.shown);
        let (mut least, mut most, mut tallest) = (0.0_f64, 0.5_f64, 0);
        for point in points {
            let percent = self.percent(point.macs);
            (least, most) = (least.min(percent), most.max(percent));
            tallest = tallest.max(point.arena_bytes);
        }
        let margin = (most - least) * 0.04;
        FrontFrame {
            plot: Rect {
                x: LEFT_PX,
                y: ABOVE_PX,
                width: (width - LEFT_PX - RIGHT_PX).max(1.0),
                height: (height - ABOVE_PX - BELOW_PX).max(1.0),
            },
            top_bytes: top_bytes(tallest, self.budget.bytes),
            across: (least - margin, most + margin),
        }
    }

    /// Where a point lies.
    #[must_use]
    pub fn place(&self, frame: FrontFrame, point: FrontPoint) -> (f64, f64) {
        let FrontFrame { plot, top_bytes, across } = frame;
        let part = (self.percent(point.macs) - across.0) / (across.1 - across.0).max(f64::EPSILON);
        let height = point.arena_bytes as f64 / top_bytes.max(1) as f64;
        (plot.x + plot.width * part, plot.bottom() - plot.height * height)
    }

    /// The point of the front that lies nearest to a place.
    #[must_use]
    pub fn nearest(&self, frame: FrontFrame, at: (f64, f64)) -> Option<usize> {
        let distance = |point: FrontPoint| {
            let (x, y) = self.place(frame, point);
            (x - at.0).hypot(y - at.1)
        };
        let distances = self.points.iter().map(|&point| distance(point)).enumerate();
        distances.min_by(|one, other| one.1.total_cmp(&other.1)).map(|(index, _)| index)
    }

    /// The labels of the budget and of the shown plan, none over another nor over a point.
    #[must_use]
    pub fn labels(&self, frame: FrontFrame) -> (Option<Label>, Option<Label>) {
        let plot = frame.plot;
        let marks = self.points.iter().map(|&point| around(self.place(frame, point), MARK_PX));
        let mut taken: Vec<Rect> = marks.collect();
        let budget = self.budget_y(frame).and_then(|line| {
            let text = self.budget.label();
            let right = plot.right() - text_width(&text) - 2.0;
            let heights = [line - LINE_PX - 2.0, line + 2.0];
            let corners = heights.map(|y| (right, y));
            place(&text, &corners, plot, &taken).or_else(|| place(&text, &corners, plot, &[]))
        });
        taken.extend(self.budget_y(frame).map(|line| line_area(plot, line)));
        taken.extend(budget.as_ref().map(|label| label.area));
        let shown = self.shown.and_then(|point| {
            let price = more(point.macs, self.macs_layerwise);
            let text = format!("shown {}, {price}", kib(point.arena_bytes));
            let (x, y) = self.place(frame, point);
            let (right, left) = (x + RING_PX + 2.0, x - RING_PX - 2.0 - text_width(&text));
            let above = y - RING_PX - LINE_PX;
            // To the right and up there is nothing but air: the front only falls.
            let rows = (0..12).map(|row| above - f64::from(row) * 6.0);
            let corners: Vec<_> = rows
                .flat_map(|y| [(right, y), (x - text_width(&text) / 2.0, y), (left, y)])
                .chain([(right, y - LINE_PX / 2.0), (right, y + RING_PX), (left, y + RING_PX)])
                .collect();
            place(&text, &corners, plot, &taken)
        });
        (budget, shown)
    }

    /// The sorts of marks that are drawn, for a legend.
    #[must_use]
    pub fn keys(&self) -> Vec<Key> {
        let has = |fits: bool| self.points.iter().any(|point| self.fits(point) == fits);
        let others = [(has(true), Key::Fits), (has(false), Key::Misses)];
        keys(|_| false, &[others[0], others[1], (self.shown.is_some(), Key::Shown)])
    }

    /// Whether a point is within the budget.
    const fn fits(&self, point: &FrontPoint) -> bool {
        point.arena_bytes <= self.budget.bytes
    }

    /// The height of the budget's line, where it lies within the plot.
    fn budget_y(&self, frame: FrontFrame) -> Option<f64> {
        let is_within = self.budget.bytes > 0 && self.budget.bytes <= frame.top_bytes;
        let part = self.budget.bytes as f64 / frame.top_bytes.max(1) as f64;
        is_within.then(|| frame.plot.bottom() - frame.plot.height * part)
    }

    /// The corners of the steps: with so many MACs, no arena is smaller than that.
    fn steps(&self, right: f64) -> Vec<(f64, f64)> {
        let mut corners: Vec<(f64, f64)> = Vec::with_capacity(self.points.len() * 2 + 1);
        for point in &self.points {
            let percent = self.percent(point.macs);
            if let Some(&(_, above)) = corners.last() {
                corners.push((percent, above));
            }
            corners.push((percent, point.arena_bytes as f64));
        }
        if let Some(&(_, least)) = corners.last() {
            corners.push((right, least));
        }
        corners
    }
}

/// The square around a place.
fn around((x, y): (f64, f64), radius: f64) -> Rect {
    Rect { x: x - radius, y: y - radius, width: 2.0 * radius, height: 2.0 * radius }
}

impl Chart for FrontChart {
    fn draw(&self, surface: Surface<'_>, style: ChartStyle) -> Drawn {
        let mut pen = Pen::new(surface, style)?;
        let (width, height) = pen.size();
        let frame = self.frame(width, height);
        let margins = Margins { left: LEFT_PX, right: RIGHT_PX, above: ABOVE_PX, below: BELOW_PX };
        let plane = pen.plane(&margins, frame.across, frame.top_bytes as f64);
        draw_axes(&mut pen, &plane, frame, style)?;
        if self.budget_y(frame).is_some() {
            pen.budget_line(&plane, self.budget.bytes, frame.plot)?;
        }
        let steps = self.steps(frame.across.1);
        let steps: Vec<_> =
            steps.iter().map(|&(percent, bytes)| plane.at(percent, bytes)).collect();
        pen.path(&steps, pen.line(style.palette.muted, 1.5))?;
        draw_points(&mut pen, &plane, self, style.palette)?;
        let (budget, shown) = self.labels(frame);
        for (label, ink) in [(budget, style.palette.over), (shown, style.palette.text)] {
            if let Some(label) = label {
                pen.label(&label, ink)?;
            }
        }
        pen.present()
    }
}

fn draw_axes(pen: &mut Pen<'_>, plane: &Plane, frame: FrontFrame, style: ChartStyle) -> Drawn {
    let FrontFrame { plot, top_bytes, across } = frame;
    let (muted, top) = (style.palette.muted, top_bytes as f64);
    let grid = pen.line(style.palette.line, 1.0);
    let beside = Pos::new(HPos::Right, VPos::Center);
    for tick in ticks::byte_ticks(top_bytes, plot.height, 36.0) {
        let bytes = tick.bytes as f64;
        pen.path(&[plane.at(across.0, bytes), plane.at(across.1, bytes)], grid)?;
        let y = plot.bottom() - plot.height * bytes / top;
        pen.write(&tick.label, (tick_end(plot, &tick.label), y), beside, muted)?;
    }
    let below = Pos::new(HPos::Center, VPos::Top);
    for (percent, label) in ticks::percent_ticks(across, plot.width, 60.0) {
        pen.path(&[plane.at(percent, 0.0), plane.at(percent, top)], grid)?;
        let x = plot.x + plot.width * (percent - across.0) / (across.1 - across.0);
        pen.write(&label, (x, plot.bottom() + 6.0), below, muted)?;
    }
    let middle = (plot.x + plot.width / 2.0, plot.bottom() + 24.0);
    pen.write("more MACs than layer by layer", middle, below, muted)
}

/// Points that fit are filled, others hollow; a ring is around the shown plan.
fn draw_points(pen: &mut Pen<'_>, plane: &Plane, chart: &FrontChart, palette: Palette) -> Drawn {
    let at = |point: &FrontPoint| plane.at(chart.percent(point.macs), point.arena_bytes as f64);
    for point in &chart.points {
        if chart.fits(point) {
            pen.circle(at(point), MARK_PX, color(palette.convolution).filled())?;
        } else {
            pen.circle(at(point), MARK_PX, color(palette.surface).filled())?;
            pen.circle(at(point), MARK_PX, pen.line(palette.over, 2.0))?;
        }
    }
    if let Some(point) = &chart.shown {
        pen.circle(at(point), RING_PX, pen.line(palette.text, 2.0))?;
    }
    Ok(())
}

/// The chart as an SVG file.
///
/// # Errors
/// What plotters' SVG backend reports.
pub fn front_svg(chart: &FrontChart, palette: Palette, size: (u32, u32)) -> Result<String, String> {
    svg(chart, palette, size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{text::sample, ui::charts::LIGHT};

    fn chart(budget_bytes: u64) -> FrontChart {
        FrontChart::new(&sample::front(), Some(&sample::patched_plan(2, 2)), budget_bytes)
    }

    #[test]
    fn places_and_the_nearest_point_agree() {
        let chart = chart(600);
        for size in [(300.0, 200.0), (900.0, 320.0)] {
            let frame = chart.frame(size.0, size.1);
            for (index, &point) in chart.points.iter().enumerate() {
                let (x, y) = chart.place(frame, point);
                assert!(frame.plot.holds(around((x, y), 0.0)));
                assert_eq!(chart.nearest(frame, (x + 3.0, y - 2.0)), Some(index));
            }
        }
    }

    #[test]
    fn the_steps_only_fall_and_reach_the_edge() {
        let steps = chart(600).steps(50.0);
        assert_eq!(steps.len(), 4);
        assert!(steps.windows(2).all(|pair| pair[1].0 >= pair[0].0 && pair[1].1 <= pair[0].1));
        assert_eq!(steps[3], (50.0, 400.0));
    }

    #[test]
    fn labels_never_overlap() {
        for width in [260.0, 330.0, 700.0] {
            for budget_bytes in (100..900).step_by(20) {
                let chart = chart(budget_bytes);
                let frame = chart.frame(width, 240.0);
                if let (Some(budget), Some(shown)) = chart.labels(frame) {
                    assert!(!budget.area.overlaps(shown.area), "{width} {budget_bytes}");
                }
            }
        }
    }

    #[test]
    fn the_svg_has_every_point_its_budget_and_words_of_12_px() {
        let svg = front_svg(&chart(600), LIGHT, (800, 300)).unwrap();
        // A hollow point is two circles, and the shown plan has a ring.
        assert_eq!(svg.matches("<circle").count(), 4, "{svg}");
        assert_eq!(chart(600).keys(), [Key::Fits, Key::Misses, Key::Shown]);
        assert_eq!(chart(9000).keys(), [Key::Fits, Key::Shown]);
        assert!(svg.contains("available 600 B") && svg.contains("shown 400 B, +33 %"));
        assert!(svg.contains("font-size=\"12\""));
    }

    #[test]
    fn one_point_alone_and_none_can_be_drawn() {
        let mut chart = chart(0);
        chart.points.truncate(1);
        chart.shown = None;
        assert!(front_svg(&chart, LIGHT, (320, 200)).is_ok());
        chart.points.clear();
        assert_eq!(chart.nearest(chart.frame(300.0, 200.0), (0.0, 0.0)), None);
        assert!(front_svg(&chart, LIGHT, (320, 200)).is_ok());
    }
}
