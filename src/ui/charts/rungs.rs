//! The rungs of the ladder as horizontal bars on one axis, with bounds and the budget's line.

use super::{
    palette::{Palette, Rgb},
    pen::{Chart, ChartStyle, Pen, color, svg},
    surface::{Drawn, Surface},
};
use crate::{
    report::{Rung, RungReport},
    text::{Budget, rungs},
    ui::geometry::{
        Rect,
        arena::top_bytes,
        labels::{LINE_PX, Label, text_width},
        legend::{Key, keys},
        ticks,
    },
};
use plotters::{
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

    /// The sorts of marks that are drawn, for a legend.
    #[must_use]
    pub fn keys(&self) -> Vec<Key> {
        let budget = self.budget.bytes;
        let is_over = |bar: &Bar| budget > 0 && bar.arena_bytes > budget;
        let has_excess = self.bars.iter().any(is_over);
        keys(|_| false, &[(true, Key::Arena), (has_excess, Key::Excess), (true, Key::Bound)])
    }

    /// Whether there is room for all words over every bar.
    fn has_room(&self, plot: Rect) -> bool {
        self.bars.iter().all(|bar| text_width(&bar.words) <= plot.width)
    }
}

impl Chart for RungsChart {
    fn draw(&self, surface: Surface<'_>, style: ChartStyle) -> Drawn {
        let mut pen = Pen::new(surface, style)?;
        let size = pen.size();
        let plot = Self::plot(size.0, size.1);
        let bytes = self.budget.bytes;
        draw_axis(&mut pen, self, plot, style)?;
        if bytes > 0 && bytes <= self.top_bytes() {
            draw_budget(&mut pen, self, plot, size.0, style.palette.over)?;
        }
        let has_room = self.has_room(plot);
        let paper = color(style.palette.surface).filled();
        for (index, bar) in self.bars.iter().enumerate() {
            let row = self.row(index, size);
            let top = row.y + (row.height - LINE_PX - BAR_PX) / 2.0;
            let ink =
                if self.shown == Some(bar.rung) { style.palette.text } else { style.palette.muted };
            let text = if has_room { bar.words.clone() } else { bar.short.clone() };
            // On paper, so that neither the budget's line nor the grid runs through the words.
            let area = Rect { x: plot.x - 2.0, y: top, width: text_width(&text), height: LINE_PX };
            pen.fill(area, paper)?;
            pen.label(&Label { text, area }, ink)?;
            draw_bar(&mut pen, self, bar, (plot, top + LINE_PX), style.palette)?;
        }
        pen.present()
    }
}

/// The line of the budget from top to bottom, and its label above the plot.
fn draw_budget(pen: &mut Pen<'_>, chart: &RungsChart, plot: Rect, width: f64, ink: Rgb) -> Drawn {
    let x = chart.x(plot, chart.budget.bytes);
    let (dash, gap, stroke) = (6.0, 4.0, pen.line(ink, 2.0));
    let mut y = plot.y - 4.0;
    while y < plot.bottom() {
        pen.path(&[pen.at(x, y), pen.at(x, (y + dash).min(plot.bottom()))], stroke)?;
        y += dash + gap;
    }
    let text = chart.budget.label();
    let half = text_width(&text) / 2.0;
    let middle = x.clamp(half.min(width / 2.0), (width - half).max(width / 2.0));
    pen.write(&text, (middle, 9.0), Pos::new(HPos::Center, VPos::Center), ink)
}

/// The bar, what of it lies over the budget, and the mark of its bound.
fn draw_bar(
    pen: &mut Pen<'_>,
    chart: &RungsChart,
    bar: &Bar,
    (plot, y): (Rect, f64),
    palette: Palette,
) -> Drawn {
    let mut part = |from: u64, to: u64, ink: Rgb| {
        let corners = [pen.at(chart.x(plot, from), y), pen.at(chart.x(plot, to), y + BAR_PX)];
        pen.rectangle(corners, color(ink).filled())
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
    let mark = [pen.at(bound - 1.5, y - 3.0), pen.at(bound + 1.5, y + BAR_PX + 3.0)];
    pen.rectangle(mark, color(palette.text).filled())
}

fn draw_axis(pen: &mut Pen<'_>, chart: &RungsChart, plot: Rect, style: ChartStyle) -> Drawn {
    let grid = pen.line(style.palette.line, 1.0);
    for tick in ticks::byte_ticks(chart.top_bytes(), plot.width, 76.0) {
        let x = chart.x(plot, tick.bytes);
        pen.path(&[pen.at(x, plot.y), pen.at(x, plot.bottom())], grid)?;
        let side = if tick.bytes == 0 { HPos::Left } else { HPos::Center };
        let anchor = Pos::new(side, VPos::Top);
        pen.write(&tick.label, (x, plot.bottom() + 5.0), anchor, style.palette.muted)?;
    }
    Ok(())
}

/// The chart as an SVG file.
///
/// # Errors
/// What plotters' SVG backend reports.
pub fn rungs_svg(chart: &RungsChart, palette: Palette, size: (u32, u32)) -> Result<String, String> {
    svg(chart, palette, size)
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
            assert!(svg.contains("available 600 B"));
            assert_eq!(chart.keys().contains(&Key::Excess), over > 0);
            for one in &found {
                assert!(svg.contains(crate::text::rung_name(one.rung)), "{width}: {svg}");
            }
        }
        let none = RungsChart::new(&[], None, 0);
        assert!(rungs_svg(&none, LIGHT, (320, 200)).is_ok());
    }
}
