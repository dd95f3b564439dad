//! Buffers to place: one block each in address against time, with capacity and lower bound.

use super::{
    palette::{Palette, Rgb},
    pen::{Chart, ChartStyle, Pen, color, svg},
    surface::{Drawn, Surface},
};
use crate::{
    order::sorted_positions,
    report::{PlacementPlan, PlacementReport, SearchReport},
    text::{compact_count, kib, placement},
    ui::geometry::{
        Rect,
        arena::{LEAST_MARK_PX, line_area, tick_end, top_bytes},
        labels::{LINE_PX, Label, place, text_width},
        ticks,
    },
};
use plotters::{
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

/// A block: first and end step, first and end address.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Block {
    steps: (u64, u64),
    bytes: (u64, u64),
}

/// The data of the chart.
#[derive(Clone, Debug, PartialEq)]
pub struct PlacementChart {
    blocks: Vec<Block>,
    /// The blocks in the order of their time, then of their address.
    order: Vec<usize>,
    /// First and end step of all.
    span: (u64, u64),
    arena_bytes: u64,
    lower_bound_bytes: u64,
    capacity_bytes: u64,
}

const LEFT_PX: f64 = 62.0;
const RIGHT_PX: f64 = 12.0;
const ABOVE_PX: f64 = 10.0;
const BELOW_PX: f64 = 40.0;

impl PlacementChart {
    /// Lays the buffers out as the plan has them; a capacity of 0 is none.
    #[must_use]
    pub fn new(
        report: &PlacementReport,
        plan: &PlacementPlan,
        search: &SearchReport,
        capacity_bytes: u64,
    ) -> Self {
        let rows = report.buffers.iter().zip(&plan.offsets_bytes);
        let blocks = rows.map(|(buffer, &offset)| Block {
            steps: (buffer.first_step, buffer.end_step),
            bytes: (offset, offset.saturating_add(buffer.bytes)),
        });
        let blocks: Vec<Block> = blocks.collect();
        let key = |block: usize| (blocks[block].steps.0, blocks[block].bytes.0);
        let order = sorted_positions(blocks.len(), &|one, other| key(one).cmp(&key(other)));
        let first = blocks.iter().map(|block| block.steps.0).min().unwrap_or(0);
        let end = blocks.iter().map(|block| block.steps.1).max().unwrap_or(first);
        Self {
            blocks,
            order,
            span: (first, end.max(first.saturating_add(1))),
            arena_bytes: search.arena_bytes,
            lower_bound_bytes: search.lower_bound_bytes,
            capacity_bytes,
        }
    }

    fn plot(width: f64, height: f64) -> Rect {
        Rect {
            x: LEFT_PX,
            y: ABOVE_PX,
            width: (width - LEFT_PX - RIGHT_PX).max(1.0),
            height: (height - ABOVE_PX - BELOW_PX).max(1.0),
        }
    }

    fn top_bytes(&self) -> u64 {
        top_bytes(self.arena_bytes, self.capacity_bytes)
    }

    fn y(&self, plot: Rect, bytes: u64) -> f64 {
        let top = self.top_bytes();
        plot.bottom() - plot.height * bytes.min(top) as f64 / top as f64
    }

    fn x(&self, plot: Rect, step: u64) -> f64 {
        let (first, end) = self.span;
        plot.x + plot.width * (step - first) as f64 / (end - first) as f64
    }

    /// The rectangle of a block on a picture of this size, in CSS pixels; `None` where the buffer
    /// has no size or never lives.
    #[must_use]
    pub fn area(&self, block: usize, (width, height): (f64, f64)) -> Option<Rect> {
        let Block { steps, bytes } = *self.blocks.get(block)?;
        if steps.0 >= steps.1 || bytes.0 >= bytes.1 {
            return None;
        }
        let plot = Self::plot(width, height);
        let (left, right) = (self.x(plot, steps.0), self.x(plot, steps.1));
        let (upper, lower) = (self.y(plot, bytes.1), self.y(plot, bytes.0));
        // A gap of a pixel between neighbours, where they are large enough to spare it.
        let gap = |length: f64| if length > 3.0 * LEAST_MARK_PX { 1.0 } else { 0.0 };
        let across = (right - left - gap(right - left)).max(LEAST_MARK_PX).min(plot.width);
        let down = (lower - upper - gap(lower - upper)).max(LEAST_MARK_PX).min(plot.height);
        let x = left.min(plot.right() - across);
        Some(Rect { x, y: (lower - down).max(plot.y), width: across, height: down })
    }

    /// The block at a place.
    #[must_use]
    pub fn block_at(&self, size: (f64, f64), (x, y): (f64, f64)) -> Option<usize> {
        let point = Rect { x, y, width: 0.0, height: 0.0 };
        let is_hit = |&block: &usize| self.area(block, size).is_some_and(|area| area.holds(point));
        (0..self.blocks.len()).find(is_hit)
    }

    /// The block so many places after another one in the order of time; from none the first or last.
    #[must_use]
    pub fn walk(&self, from: Option<usize>, by: isize) -> Option<usize> {
        let last = self.order.len().checked_sub(1)?;
        let at = from.and_then(|block| self.order.iter().position(|&other| other == block));
        let to = match at {
            Some(at) => at.saturating_add_signed(by).min(last),
            None if by < 0 => last,
            None => 0,
        };
        self.order.get(to).copied()
    }

    /// The labels of capacity and bound, none over another.
    #[must_use]
    pub fn labels(&self, size: (f64, f64)) -> (Option<Label>, Option<Label>) {
        let plot = Self::plot(size.0, size.1);
        let mut taken = Vec::new();
        let mut label = |text: String, bytes: u64| {
            let line = self.y(plot, bytes);
            let x = plot.right() - text_width(&text) - 2.0;
            let found = place(&text, &[(x, line - LINE_PX - 2.0), (x, line + 2.0)], plot, &taken);
            taken.extend(found.as_ref().map(|label| label.area));
            taken.push(line_area(plot, line));
            found
        };
        let is_drawn = self.capacity_bytes > 0 && self.capacity_bytes <= self.top_bytes();
        let capacity = is_drawn
            .then(|| label(format!("capacity {}", kib(self.capacity_bytes)), self.capacity_bytes));
        let bound = (self.lower_bound_bytes > 0 && self.lower_bound_bytes != self.capacity_bytes)
            .then(|| {
                label(format!("bound {}", kib(self.lower_bound_bytes)), self.lower_bound_bytes)
            });
        (capacity.flatten(), bound.flatten())
    }
}

impl Chart for PlacementChart {
    fn draw(&self, surface: Surface<'_>, style: ChartStyle) -> Drawn {
        let mut pen = Pen::new(surface, style)?;
        let size = pen.size();
        let plot = Self::plot(size.0, size.1);
        draw_axes(&mut pen, self, plot, style)?;
        let fill = color(style.palette.convolution).filled();
        for block in 0..self.blocks.len() {
            if let Some(area) = self.area(block, size) {
                pen.fill(area, fill)?;
            }
        }
        for (bytes, ink) in [
            (self.lower_bound_bytes, style.palette.text),
            (self.capacity_bytes, style.palette.over),
        ] {
            if bytes > 0 && bytes <= self.top_bytes() {
                dashes(&mut pen, plot, self.y(plot, bytes), ink)?;
            }
        }
        let (capacity, bound) = self.labels(size);
        for (label, ink) in [(capacity, style.palette.over), (bound, style.palette.text)] {
            if let Some(label) = label {
                pen.label(&label, ink)?;
            }
        }
        pen.present()
    }
}

/// A dashed line across the plot.
fn dashes(pen: &mut Pen<'_>, plot: Rect, y: f64, ink: Rgb) -> Drawn {
    let (dash, gap, line) = (6.0, 4.0, pen.line(ink, 2.0));
    let mut from = plot.x;
    while from < plot.right() {
        let to = (from + dash).min(plot.right());
        pen.path(&[pen.at(from, y), pen.at(to, y)], line)?;
        from += dash + gap;
    }
    Ok(())
}

fn draw_axes(pen: &mut Pen<'_>, chart: &PlacementChart, plot: Rect, style: ChartStyle) -> Drawn {
    let muted = style.palette.muted;
    let grid = pen.line(style.palette.line, 1.0);
    let beside = Pos::new(HPos::Right, VPos::Center);
    for tick in ticks::byte_ticks(chart.top_bytes(), plot.height, 36.0) {
        let y = chart.y(plot, tick.bytes);
        pen.path(&[pen.at(plot.x, y), pen.at(plot.right(), y)], grid)?;
        pen.write(&tick.label, (tick_end(plot, &tick.label), y), beside, muted)?;
    }
    let below = Pos::new(HPos::Center, VPos::Top);
    for step in ticks::step_ticks(chart.span, plot.width, 80.0) {
        let at = (chart.x(plot, step), plot.bottom() + 5.0);
        pen.write(&compact_count(step), at, below, muted)?;
    }
    let middle = (plot.x + plot.width / 2.0, plot.bottom() + 22.0);
    pen.write(placement::TIME_AXIS, middle, below, muted)
}

/// The chart as an SVG file.
///
/// # Errors
/// What plotters' SVG backend reports.
pub fn placement_svg(
    chart: &PlacementChart,
    palette: Palette,
    size: (u32, u32),
) -> Result<String, String> {
    svg(chart, palette, size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        report::{PlacementBuffer, SearchStage},
        ui::{charts::LIGHT, geometry::count_px},
    };
    use proptest::prelude::*;

    fn chart(rows: &[(u64, u64, u64, u64)], capacity_bytes: u64) -> PlacementChart {
        let buffers = rows.iter().enumerate().map(|(index, &(first_step, end_step, bytes, _))| {
            PlacementBuffer {
                id: format!("b{index}"),
                bytes,
                alignment_bytes: 1,
                first_step,
                end_step,
            }
        });
        let report = PlacementReport { buffers: buffers.collect() };
        let plan = PlacementPlan { offsets_bytes: rows.iter().map(|row| row.3).collect() };
        let arena_bytes = rows.iter().map(|row| row.2.saturating_add(row.3)).max().unwrap_or(0);
        let search = SearchReport {
            arena_bytes,
            lower_bound_bytes: arena_bytes / 2,
            nodes: 1,
            elapsed_ms: 1.0,
            stage: SearchStage::Open,
        };
        PlacementChart::new(&report, &plan, &search, capacity_bytes)
    }

    #[test]
    fn blocks_are_found_where_they_are_drawn_and_walked_in_time() {
        let chart = chart(&[(5, 9, 512, 0), (0, 5, 1024, 0), (0, 9, 512, 1024)], 2000);
        let size = (500.0, 300.0);
        for block in 0..3 {
            let area = chart.area(block, size).unwrap();
            let middle = (area.x + area.width / 2.0, area.y + area.height / 2.0);
            assert_eq!(chart.block_at(size, middle), Some(block));
        }
        assert_eq!(chart.block_at(size, (1.0, 1.0)), None);
        let walk = |from, by| chart.walk(from, by);
        assert_eq!(
            (walk(None, 1), walk(Some(1), 1), walk(Some(2), 1)),
            (Some(1), Some(2), Some(0))
        );
        assert_eq!(
            (walk(Some(0), 9), walk(Some(2), isize::MIN), walk(None, -1)),
            (Some(0), Some(1), Some(0))
        );
    }

    #[test]
    fn the_svg_has_every_block_and_both_lines() {
        let svg =
            placement_svg(&chart(&[(0, 5, 1024, 0), (2, 9, 512, 1024)], 1500), LIGHT, (800, 300));
        let svg = svg.unwrap();
        assert_eq!(svg.matches("fill=\"#0A6BDB\"").count(), 2, "{svg}");
        assert!(svg.contains("capacity 1.5 KiB") && svg.contains("bound 768 B"), "{svg}");
        assert!(svg.contains("font-size=\"12\""));
    }

    proptest! {
        #[test]
        fn any_plan_stays_in_its_box(
            rows in proptest::collection::vec((any::<u64>(), any::<u64>(), 0u64..1 << 50, 0u64..1 << 50), 0..40),
            capacity_bytes in 0u64..1 << 51,
            width in 240.0..1400.0f64,
            height in 160.0..600.0f64,
        ) {
            let rows: Vec<_> =
                rows.iter().map(|&(a, b, bytes, at)| (a.min(b), a.max(b), bytes, at)).collect();
            let chart = chart(&rows, capacity_bytes);
            let plot = PlacementChart::plot(width, height);
            for block in 0..rows.len() {
                if let Some(area) = chart.area(block, (width, height)) {
                    prop_assert!(plot.holds(area), "{area:?} in {plot:?}");
                }
            }
            if let (Some(one), Some(other)) = chart.labels((width, height)) {
                prop_assert!(!one.area.overlaps(other.area));
            }
            let svg = placement_svg(&chart, LIGHT, (count_px(width), count_px(height)));
            prop_assert!(svg.is_ok());
        }
    }
}
