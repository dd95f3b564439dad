//! What every chart draws with: words at their size, the budget's line, labels on paper.

use super::{
    palette::{Palette, Rgb},
    surface::{Surface, SurfaceError},
};
use crate::ui::geometry::{
    Rect, count_px,
    labels::{Label, TEXT_PX},
    whole_px,
};
use plotters::{
    coord::{Shift, types::RangedCoordf64},
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

/// How a chart is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChartStyle {
    /// The colours.
    pub palette: Palette,
    /// Device pixels a CSS pixel.
    pub scale: f64,
    /// What fonts must be multiplied by to come out at their size.
    pub font_factor: f64,
}

/// The SVG backend divides font sizes by this.
const SVG_FONT_FACTOR: f64 = 1.24;

/// The plane of a chart.
pub(super) type Plane<'a, 'b> =
    ChartContext<'a, Surface<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;
/// What drawing returns.
pub type Drawn = Result<(), DrawingAreaErrorKind<SurfaceError>>;

/// Writes words at a place in CSS pixels.
pub(super) fn write(
    root: &DrawingArea<Surface<'_>, Shift>,
    text: &str,
    at: (f64, f64),
    anchor: Pos,
    ink: Rgb,
    style: ChartStyle,
) -> Drawn {
    let size = TEXT_PX * style.scale * style.font_factor;
    let font = ("system-ui, sans-serif", size).into_font().color(&color(ink)).pos(anchor);
    let at = (whole_px(at.0 * style.scale), whole_px(at.1 * style.scale));
    root.draw(&Text::new(text.to_owned(), at, font))
}

/// Draws the budget as a dashed line across the plot, whose width holds `across` of the x axis.
pub(super) fn draw_budget_line(
    context: &Plane<'_, '_>,
    budget_bytes: u64,
    across: (f64, f64),
    plot: Rect,
    style: ChartStyle,
) -> Drawn {
    let height = budget_bytes as f64;
    let line = color(style.palette.over).stroke_width(count_px(2.0 * style.scale));
    let (dash, gap) = (6.0, 4.0);
    let x = |offset: f64| across.0 + (across.1 - across.0) * offset.min(plot.width) / plot.width;
    let mut from = 0.0;
    while from < plot.width {
        let ends = [(x(from), height), (x(from + dash), height)];
        context.plotting_area().draw(&PathElement::new(ends, line))?;
        from += dash + gap;
    }
    Ok(())
}

/// Draws a placed label on a piece of paper that lets a little through.
pub(super) fn draw_label(
    root: &DrawingArea<Surface<'_>, Shift>,
    label: &Label,
    ink: Rgb,
    style: ChartStyle,
) -> Drawn {
    let area = label.area;
    let corner = |x: f64, y: f64| (whole_px(x * style.scale), whole_px(y * style.scale));
    let paper = color(style.palette.surface).mix(0.85).filled();
    let corners = [corner(area.x, area.y), corner(area.right(), area.bottom())];
    root.draw(&Rectangle::new(corners, paper))?;
    let anchor = Pos::new(HPos::Left, VPos::Center);
    let at = (area.x + 2.0, area.y + area.height / 2.0);
    write(root, &label.text, at, anchor, ink, style)
}

/// Draws a chart into the text of an SVG file.
pub(super) fn svg(
    palette: Palette,
    size: (u32, u32),
    draw: impl FnOnce(Surface<'_>, ChartStyle) -> Drawn,
) -> Result<String, String> {
    let mut text = String::new();
    let style = ChartStyle { palette, scale: 1.0, font_factor: SVG_FONT_FACTOR };
    draw(Surface::new(SVGBackend::with_string(&mut text, size)), style)
        .map_err(|error| error.to_string())?;
    Ok(text)
}

/// A colour as plotters has it.
pub(super) fn color(Rgb(red, green, blue): Rgb) -> RGBColor {
    RGBColor(red, green, blue)
}
