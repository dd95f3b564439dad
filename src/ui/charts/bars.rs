//! RAM per operator as bars, with the budget's line.

use super::{
    palette::Palette,
    pen::{Chart, ChartStyle, Margins, Pen, Plane, color, svg},
    surface::{Drawn, Surface},
};
use crate::{
    report::{Family, ModelReport, PlanReport},
    text::{Budget, kib},
    ui::geometry::{
        Rect,
        arena::{corners_beside, line_area, tick_end, top_bytes},
        labels::{LINE_PX, Label, place, text_width},
        legend::{Key, keys},
        ticks,
    },
};
use plotters::{
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

/// What one operator needs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    /// Its colour.
    pub family: Family,
    /// The most bytes needed during it, in the shown plan.
    pub bytes: u64,
    /// How many of them are scratch.
    pub scratch_bytes: u64,
    /// The same in the plan that it is compared with.
    pub outline_bytes: Option<u64>,
}

/// The data of the chart.
#[derive(Clone, Debug, PartialEq)]
pub struct BarsChart {
    /// One bar an operator, by number.
    pub bars: Vec<Bar>,
    /// What the arena may take.
    pub budget: Budget,
    /// The operator at which most is live, and what that is called.
    pub peak: Option<(u32, &'static str)>,
}

/// Where the bars are, in CSS pixels: for what lies over the drawing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Frame {
    /// The area that data fills.
    pub plot: Rect,
    /// What its height stands for.
    pub top_bytes: u64,
}

const LEFT_PX: f64 = 58.0;
const RIGHT_PX: f64 = 8.0;
const ABOVE_PX: f64 = 8.0;
const BELOW_PX: f64 = 40.0;

impl BarsChart {
    /// Collects the bars of a plan; those of the plan `behind` stand there as outlines.
    #[must_use]
    pub fn new(
        model: &ModelReport,
        plan: &PlanReport,
        behind: Option<&PlanReport>,
        budget: impl Into<Budget>,
    ) -> Self {
        let n_operators = model.operators.len();
        let shown = plan.needs_by_operator(n_operators);
        let behind = behind.map(|plan| plan.needs_by_operator(n_operators));
        let word = if plan.has_peak() { "peak" } else { "most live" };
        let peak = plan.neediest_operator().map(|operator| (operator, word));
        let bars = model.operators.iter().enumerate().map(|(index, operator)| Bar {
            family: operator.family,
            bytes: shown[index].bytes,
            scratch_bytes: shown[index].scratch_bytes,
            outline_bytes: behind.as_ref().map(|needs| needs[index].bytes),
        });
        Self { bars: bars.collect(), budget: budget.into(), peak }
    }

    /// Where the bars lie on a picture of this size, in CSS pixels.
    #[must_use]
    pub fn frame(&self, width: f64, height: f64) -> Frame {
        let tallest = |bar: &Bar| bar.bytes.max(bar.outline_bytes.unwrap_or(0));
        let tallest = self.bars.iter().map(tallest).max().unwrap_or(0);
        Frame {
            plot: Rect {
                x: LEFT_PX,
                y: ABOVE_PX,
                width: (width - LEFT_PX - RIGHT_PX).max(1.0),
                height: (height - ABOVE_PX - BELOW_PX).max(1.0),
            },
            top_bytes: top_bytes(tallest, self.budget.bytes),
        }
    }

    /// Whether any operator has scratch.
    #[must_use]
    pub fn has_scratch(&self) -> bool {
        self.bars.iter().any(|bar| bar.scratch_bytes > 0)
    }

    /// The sorts of marks that are drawn, for a legend.
    #[must_use]
    pub fn keys(&self) -> Vec<Key> {
        let is_behind = |bar: &Bar| bar.outline_bytes.is_some_and(|bytes| bytes > bar.bytes);
        keys(
            |family| self.bars.iter().any(|bar| bar.family == family && bar.bytes > 0),
            &[(self.has_scratch(), Key::Scratch), (self.bars.iter().any(is_behind), Key::Outline)],
        )
    }

    /// The labels of budget and peak, none over another.
    #[must_use]
    pub fn labels(&self, frame: Frame) -> (Option<Label>, Option<Label>) {
        let plot = frame.plot;
        let y = |bytes: u64| plot.bottom() - plot.height * bytes as f64 / frame.top_bytes as f64;
        let mut taken = Vec::new();
        let budget = (self.budget.bytes <= frame.top_bytes && self.budget.bytes > 0).then(|| {
            let text = self.budget.label();
            let line = y(self.budget.bytes);
            let x = plot.right() - text_width(&text) - 2.0;
            place(&text, &[(x, line + 2.0), (x, line - LINE_PX - 2.0)], plot, &[])
        });
        let budget = budget.flatten();
        if budget.is_some() {
            taken.push(line_area(plot, y(self.budget.bytes)));
        }
        taken.extend(budget.as_ref().map(|label| label.area));
        let column = plot.width / self.bars.len().max(1) as f64;
        let outlines = self.bars.iter().enumerate().filter_map(|(index, bar)| {
            let bytes = bar.outline_bytes.filter(|&bytes| bytes > bar.bytes)?;
            let x = plot.x + column * index as f64;
            Some(Rect { x, y: y(bytes), width: column, height: plot.bottom() - y(bytes) })
        });
        taken.extend(outlines);
        let peak = self.peak.and_then(|(operator, word)| {
            let bar = self.bars.get(operator as usize)?;
            let text = format!("{word} {} at #{operator}", kib(bar.bytes));
            let left = plot.x + column * f64::from(operator);
            let top = y(bar.bytes);
            let mut corners = corners_beside(&text, (left, left + column), top);
            // Over outlines of neighbours, where those stand in the way.
            let over = (1..40).map(|line| (left + column + 8.0, top - f64::from(line) * 8.0));
            corners.extend(over);
            place(&text, &corners, plot, &taken)
        });
        (budget, peak)
    }
}

impl Chart for BarsChart {
    fn draw(&self, surface: Surface<'_>, style: ChartStyle) -> Drawn {
        let mut pen = Pen::new(surface, style)?;
        let (width, height) = pen.size();
        let frame = self.frame(width, height);
        let n_bars = self.bars.len().max(1) as f64;
        let margins = Margins { left: LEFT_PX, right: RIGHT_PX, above: ABOVE_PX, below: BELOW_PX };
        let plane = pen.plane(&margins, (0.0, n_bars), frame.top_bytes as f64);
        draw_axes(&mut pen, &plane, self, frame, style)?;
        let outline = pen.line(style.palette.muted, 1.0);
        // A gap of one pixel between bars, where bars are wide enough for one.
        let gap = (1.0 * n_bars / frame.plot.width).min(0.25) / 2.0;
        for (index, bar) in self.bars.iter().enumerate() {
            let (left, right) = (index as f64 + gap, index as f64 + 1.0 - gap);
            let corners =
                |from: u64, to: u64| [plane.at(left, from as f64), plane.at(right, to as f64)];
            let ink = color(style.palette.family(bar.family));
            let tensors_bytes = bar.bytes - bar.scratch_bytes;
            pen.rectangle(corners(0, tensors_bytes), ink.filled())?;
            if bar.scratch_bytes > 0 {
                pen.striped(corners(tensors_bytes, bar.bytes), ink)?;
            }
            if let Some(bytes) = bar.outline_bytes.filter(|&bytes| bytes > bar.bytes) {
                pen.rectangle(corners(0, bytes), outline)?;
            }
        }
        let (budget, peak) = self.labels(frame);
        if self.budget.bytes > 0 && self.budget.bytes <= frame.top_bytes {
            pen.budget_line(&plane, self.budget.bytes, frame.plot)?;
        }
        for (label, ink) in [(budget, style.palette.over), (peak, style.palette.text)] {
            if let Some(label) = label {
                pen.label(&label, ink)?;
            }
        }
        pen.present()
    }
}

fn draw_axes(
    pen: &mut Pen<'_>,
    plane: &Plane,
    chart: &BarsChart,
    frame: Frame,
    style: ChartStyle,
) -> Drawn {
    let (plot, muted) = (frame.plot, style.palette.muted);
    let n_bars = chart.bars.len();
    let grid = pen.line(style.palette.line, 1.0);
    let anchor = Pos::new(HPos::Right, VPos::Center);
    for tick in ticks::byte_ticks(frame.top_bytes, plot.height, 36.0) {
        let bytes = tick.bytes as f64;
        pen.path(&[plane.at(0.0, bytes), plane.at(n_bars.max(1) as f64, bytes)], grid)?;
        let y = plot.bottom() - plot.height * bytes / frame.top_bytes as f64;
        pen.write(&tick.label, (tick_end(plot, &tick.label), y), anchor, muted)?;
    }
    let column = plot.width / n_bars.max(1) as f64;
    let anchor = Pos::new(HPos::Center, VPos::Top);
    for index in ticks::index_ticks(n_bars, plot.width, 40.0) {
        let x = plot.x + column * (index as f64 + 0.5);
        pen.write(&format!("#{index}"), (x, plot.bottom() + 5.0), anchor, muted)?;
    }
    let middle = (plot.x + plot.width / 2.0, plot.bottom() + 22.0);
    pen.write("operator", middle, anchor, muted)
}

/// The chart as an SVG file.
///
/// # Errors
/// What plotters' SVG backend reports.
pub fn bars_svg(chart: &BarsChart, palette: Palette, size: (u32, u32)) -> Result<String, String> {
    svg(chart, palette, size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{text::sample, ui::charts::LIGHT};

    fn chart(budget_bytes: u64) -> BarsChart {
        let model = sample::model();
        BarsChart::new(&model, &sample::patched_plan(2, 2), Some(&sample::plan()), budget_bytes)
    }

    #[test]
    fn bars_hold_the_worst_patch_and_the_layerwise_outline() {
        let chart = chart(600);
        assert_eq!(chart.bars[0].bytes, 403);
        assert_eq!(chart.bars[0].outline_bytes, Some(704));
        assert!(chart.keys().contains(&Key::Outline));
        assert_eq!(chart.bars[3].bytes, chart.bars[3].outline_bytes.unwrap());
    }

    #[test]
    fn scratch_is_a_part_of_its_bar_and_can_make_it_the_tallest() {
        let (model, mut plan) = (sample::model(), sample::plan());
        assert!(!BarsChart::new(&model, &plan, None, 600).has_scratch());
        plan.steps[1].scratch_bytes = 100;
        let chart = BarsChart::new(&model, &plan, None, 600);
        assert_eq!((chart.bars[1].bytes, chart.bars[1].scratch_bytes), (740, 100));
        assert_eq!(chart.peak, Some((1, "peak")));
        let svg = bars_svg(&chart, LIGHT, (800, 300)).unwrap();
        let stripes = svg.matches("stroke=\"#F6F8FA\"").count();
        assert!(stripes > 3, "{svg}");
        assert_eq!(chart.keys()[4..], [Key::Scratch]);
        plan.steps[1].scratch_bytes = 0;
        let chart = BarsChart::new(&model, &plan, None, 600);
        assert!(!chart.keys().contains(&Key::Scratch));
        let svg = bars_svg(&chart, LIGHT, (800, 300)).unwrap();
        assert!(!svg.contains("stroke=\"#F6F8FA\""), "nothing else has stripes: {svg}");
    }

    #[test]
    fn labels_never_overlap() {
        for width in [240.0, 320.0, 360.0, 800.0, 1400.0] {
            for budget_bytes in (100..900).step_by(50) {
                let chart = chart(budget_bytes);
                let frame = chart.frame(width, 240.0);
                if let (Some(budget), Some(peak)) = chart.labels(frame) {
                    assert!(!budget.area.overlaps(peak.area));
                    assert!(frame.plot.holds(budget.area) && frame.plot.holds(peak.area));
                }
            }
        }
    }

    #[test]
    fn the_svg_has_a_mark_for_every_bar_and_words_of_12_px() {
        let svg = bars_svg(&chart(600), LIGHT, (800, 300)).unwrap();
        let fills = |hex: &str| svg.matches(&format!("fill=\"{hex}\"")).count();
        assert!(fills("#0A6BDB") + fills("#0a6bdb") >= 1, "{svg}");
        assert!(svg.contains("available 600 B"));
        assert!(svg.contains("font-size=\"12\""));
        assert!(svg.contains(">#0</text>") || svg.contains("#0\n"));
    }
}
