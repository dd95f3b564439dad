//! The rungs of the ladder as horizontal bars on one axis, with bounds and the budget's line.

use super::{
    palette::{Palette, Rgb},
    pen::{ChartStyle, Drawn, color, draw_label, svg, write},
    surface::Surface,
};
use crate::{
    report::{Rung, RungReport},
    text::{Budget, rungs},
    ui::geometry::{
        Rect,
        arena::top_bytes,
        count_px,
        labels::{LINE_PX, Label, text_width},
        ticks, whole_px,
    },
};
use plotters::{
    coord::Shift,
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

/// One bar.
#[derive(Clone, Debug, PartialEq)]
struct Bar {
    rung: Rung,
    arena_bytes: u64,
    lower_bound_bytes: u64,
    /// Its name and figures.
    words: String,
    /// The same where there is little room.
    short: String,
}

/// The data of the chart.
#[derive(Clone, Debug, PartialEq)]
pub struct RungsChart {
    bars: Vec<Bar>,
    budget: Budget,
    shown: Option<Rung>,
}

const LEFT_PX: f64 = 8.0;
const RIGHT_PX: f64 = 16.0;
/// Room for the budget's label.
const ABOVE_PX: f64 = 22.0;
const BELOW_PX: f64 = 24.0;
const BAR_PX: f64 = 12.0;

impl RungsChart {
    /// Collects the bars; `shown` is the rung whose plan is shown.
    #[must_use]
    pub fn new(found: &[RungReport], shown: Option<Rung>, budget: impl Into<Budget>) -> Self {
        let bars = found.iter().map(|one| Bar {
            rung: one.rung,
            arena_bytes: one.arena_bytes,
            lower_bound_bytes: one.lower_bound_bytes,
            words: rungs::bar_words(one),
            short: rungs::bar_words_short(one),
        });
        Self { bars: bars.collect(), budget: budget.into(), shown }
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
        let tallest = self.bars.iter().map(|bar| bar.arena_bytes).max().unwrap_or(0);
        top_bytes(tallest, self.budget.bytes)
    }

    fn x(&self, plot: Rect, bytes: u64) -> f64 {
        let top = self.top_bytes();
        plot.x + plot.width * bytes.min(top) as f64 / top as f64
    }

    /// The row of a bar, words and all, on a picture of this size in CSS pixels.
    #[must_use]
    pub fn row(&self, index: usize, (width, height): (f64, f64)) -> Rect {
        let plot = Self::plot(width, height);
        let row = plot.height / self.bars.len().max(1) as f64;
        Rect { x: 0.0, y: plot.y + row * index as f64, width, height: row }
    }

    /// The bar at a place.
    #[must_use]
    pub fn row_at(&self, size: (f64, f64), y: f64) -> Option<usize> {
        (0..self.bars.len()).find(|&index| {
            let row = self.row(index, size);
            (row.y..row.bottom()).contains(&y)
        })
    }

    /// Whether there is room for all words over every bar.
    fn has_room(&self, plot: Rect) -> bool {
        self.bars.iter().all(|bar| text_width(&bar.words) <= plot.width)
    }
}

/// Draws the chart on any surface.
///
/// # Errors
/// What the backend reports.
pub fn draw_rungs(surface: Surface<'_>, chart: &RungsChart, style: ChartStyle) -> Drawn {
    let root = surface.into_drawing_area();
    let (width, height) = root.dim_in_pixel();
    let size = (f64::from(width) / style.scale, f64::from(height) / style.scale);
    let plot = RungsChart::plot(size.0, size.1);
    root.fill(&color(style.palette.surface))?;
    let bytes = chart.budget.bytes;
    let has_budget = bytes > 0 && bytes <= chart.top_bytes();
    draw_axis(&root, chart, plot, style)?;
    if has_budget {
        draw_budget(&root, chart, plot, size.0, style)?;
    }
    let has_room = chart.has_room(plot);
    let paper = color(style.palette.surface).filled();
    let at = |x: f64, y: f64| (whole_px(x * style.scale), whole_px(y * style.scale));
    for (index, bar) in chart.bars.iter().enumerate() {
        let row = chart.row(index, size);
        let top = row.y + (row.height - LINE_PX - BAR_PX) / 2.0;
        let ink =
            if chart.shown == Some(bar.rung) { style.palette.text } else { style.palette.muted };
        let text = if has_room { bar.words.clone() } else { bar.short.clone() };
        // On paper, so that neither the budget's line nor the grid runs through the words.
        let area = Rect { x: plot.x - 2.0, y: top, width: text_width(&text), height: LINE_PX };
        let corners = [at(area.x, area.y), at(area.right(), area.bottom())];
        root.draw(&Rectangle::new(corners, paper))?;
        draw_label(&root, &Label { text, area }, ink, style)?;
        draw_bar(&root, chart, bar, (plot, top + LINE_PX), style)?;
    }
    root.present()
}

/// The line of the budget from top to bottom, and its label above the plot.
fn draw_budget(
    root: &DrawingArea<Surface<'_>, Shift>,
    chart: &RungsChart,
    plot: Rect,
    width: f64,
    style: ChartStyle,
) -> Drawn {
    let (x, ink) = (chart.x(plot, chart.budget.bytes), style.palette.over);
    line(root, (x, plot.y - 4.0), (x, plot.bottom()), ink, style)?;
    let text = chart.budget.label();
    let half = text_width(&text) / 2.0;
    let middle = x.clamp(half.min(width / 2.0), (width - half).max(width / 2.0));
    let anchor = Pos::new(HPos::Center, VPos::Center);
    write(root, &text, (middle, 9.0), anchor, ink, style)
}

/// The bar, what of it lies over the budget, and the mark of its bound.
fn draw_bar(
    root: &DrawingArea<Surface<'_>, Shift>,
    chart: &RungsChart,
    bar: &Bar,
    (plot, y): (Rect, f64),
    style: ChartStyle,
) -> Drawn {
    let palette = style.palette;
    let at = |x: f64, y: f64| (whole_px(x * style.scale), whole_px(y * style.scale));
    let part = |from: u64, to: u64, ink: Rgb| {
        let corners = [at(chart.x(plot, from), y), at(chart.x(plot, to), y + BAR_PX)];
        root.draw(&Rectangle::new(corners, color(ink).filled()))
    };
    let within = match chart.budget.bytes {
        0 => bar.arena_bytes,
        budget => bar.arena_bytes.min(budget),
    };
    part(0, within, palette.convolution)?;
    if within < bar.arena_bytes {
        part(within, bar.arena_bytes, palette.over)?;
    }
    let bound = chart.x(plot, bar.lower_bound_bytes);
    let mark = [at(bound - 1.5, y - 3.0), at(bound + 1.5, y + BAR_PX + 3.0)];
    root.draw(&Rectangle::new(mark, color(palette.text).filled()))
}

/// A dashed line straight down.
fn line(
    root: &DrawingArea<Surface<'_>, Shift>,
    from: (f64, f64),
    to: (f64, f64),
    ink: Rgb,
    style: ChartStyle,
) -> Drawn {
    let (dash, gap) = (6.0, 4.0);
    let stroke = color(ink).stroke_width(count_px(2.0 * style.scale));
    let mut y = from.1;
    while y < to.1 {
        let end = |y: f64| (whole_px(from.0 * style.scale), whole_px(y * style.scale));
        root.draw(&PathElement::new([end(y), end((y + dash).min(to.1))], stroke))?;
        y += dash + gap;
    }
    Ok(())
}

fn draw_axis(
    root: &DrawingArea<Surface<'_>, Shift>,
    chart: &RungsChart,
    plot: Rect,
    style: ChartStyle,
) -> Drawn {
    let grid = color(style.palette.line).stroke_width(count_px(style.scale));
    for tick in ticks::byte_ticks(chart.top_bytes(), plot.width, 76.0) {
        let x = chart.x(plot, tick.bytes);
        let end = |y: f64| (whole_px(x * style.scale), whole_px(y * style.scale));
        root.draw(&PathElement::new([end(plot.y), end(plot.bottom())], grid))?;
        let side = if tick.bytes == 0 { HPos::Left } else { HPos::Center };
        let anchor = Pos::new(side, VPos::Top);
        write(root, &tick.label, (x, plot.bottom() + 5.0), anchor, style.palette.muted, style)?;
    }
    Ok(())
}

/// The chart as an SVG file.
///
/// # Errors
/// What plotters' SVG backend reports.
pub fn rungs_svg(chart: &RungsChart, palette: Palette, size: (u32, u32)) -> Result<String, String> {
    svg(palette, size, |surface, style| draw_rungs(surface, chart, style))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{text::sample, ui::charts::LIGHT};

    #[test]
    fn rows_tile_the_plot_and_are_found_where_they_are() {
        let chart = RungsChart::new(&sample::rungs(), None, 600);
        let size = (700.0, 420.0);
        for index in 0..3 {
            let row = chart.row(index, size);
            assert_eq!(chart.row_at(size, row.y + 1.0), Some(index));
            assert!(row.height > LINE_PX + BAR_PX + 6.0, "words, bar and mark have room");
        }
        assert_eq!(chart.row_at(size, 1.0), None);
    }

    #[test]
    fn the_svg_has_every_bar_its_bound_and_the_budget() {
        let found = sample::rungs();
        let chart = RungsChart::new(&found, Some(Rung::Exact), 600);
        for width in [330, 800] {
            let svg = rungs_svg(&chart, LIGHT, (width, 420)).unwrap();
            let fills = |ink: &str| svg.matches(&format!("fill=\"{ink}\"")).count();
            assert_eq!(fills("#0A6BDB"), found.len(), "{svg}");
            let over = found.iter().filter(|one| one.arena_bytes > 600).count();
            let over_words = 1;
            assert_eq!(fills("#A8200D"), over + over_words);
            assert!(svg.contains("budget 600 B"));
            for one in &found {
                assert!(svg.contains(crate::text::rung_name(one.rung)), "{width}: {svg}");
            }
        }
        let none = RungsChart::new(&[], None, 0);
        assert!(rungs_svg(&none, LIGHT, (320, 200)).is_ok());
    }
}
