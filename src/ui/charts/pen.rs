//! What every chart draws with: shapes, words at their size, the budget's line, labels on paper.

use super::{
    palette::{Palette, Rgb},
    surface::{Drawn, Pixel, Surface, SurfaceError},
};
use crate::ui::geometry::{
    Rect, count_px,
    labels::{Label, TEXT_PX, text_width},
    whole_px,
};
use plotters::{
    coord::{CoordTranslate, types::RangedCoordf64},
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

/// What can be drawn on any surface.
pub trait Chart {
    /// Draws the chart.
    ///
    /// # Errors
    /// What the backend reports.
    fn draw(&self, surface: Surface<'_>, style: ChartStyle) -> Drawn;
}

/// The words of all charts.
const FAMILY: FontFamily<'_> = FontFamily::Name("system-ui, sans-serif");
/// The distance of stripes across.
const STRIPE_PX: f64 = 7.0;
/// The SVG backend divides font sizes by this.
const SVG_FONT_FACTOR: f64 = 1.24;

/// The space around what data fills, in CSS pixels.
pub(super) struct Margins {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) above: f64,
    pub(super) below: f64,
}

/// The plane of a chart: from what is drawn to device pixels.
pub(super) struct Plane {
    coordinates: Cartesian2d<RangedCoordf64, RangedCoordf64>,
    /// Its upper left and lower right corner: nothing is drawn beyond.
    corners: [Pixel; 2],
    /// What its left and right edge stand for.
    across: (f64, f64),
}

impl Plane {
    /// Where a point lies.
    pub(super) fn at(&self, x: f64, y: f64) -> Pixel {
        within(self.coordinates.translate(&(x, y)), self.corners)
    }
}

/// Draws on a surface in the style of a chart.
pub(super) struct Pen<'a> {
    surface: Surface<'a>,
    style: ChartStyle,
    /// The lower right corner of the paper: nothing is drawn beyond.
    end: Pixel,
}

impl<'a> Pen<'a> {
    /// Begins with an empty paper.
    pub(super) fn new(surface: Surface<'a>, style: ChartStyle) -> Result<Self, SurfaceError> {
        let (width, height) = surface.0.size();
        let end = (width.cast_signed(), height.cast_signed());
        let mut pen = Self { surface, style, end };
        pen.rectangle([(0, 0), end], color(style.palette.surface).filled())?;
        Ok(pen)
    }

    /// The surface's size in CSS pixels.
    pub(super) fn size(&self) -> (f64, f64) {
        let Self { style, end: (width, height), .. } = self;
        (f64::from(*width) / style.scale, f64::from(*height) / style.scale)
    }

    /// The plane within margins, from 0 to `top` upwards.
    pub(super) fn plane(&self, margins: &Margins, across: (f64, f64), top: f64) -> Plane {
        let device = |css: f64| count_px(css * self.style.scale).cast_signed();
        let (left, above) = (device(margins.left), device(margins.above));
        let right = (self.end.0 - device(margins.right)).max(left);
        let below = (self.end.1 - device(margins.below)).max(above);
        let pixels = (left..right - 1, below - 1..above);
        let coordinates = Cartesian2d::new(across.0..across.1, 0.0..top, pixels);
        Plane { coordinates, corners: [(left, above), (right, below)], across }
    }

    /// The pixel at a place in CSS pixels.
    pub(super) fn at(&self, x: f64, y: f64) -> Pixel {
        (whole_px(x * self.style.scale), whole_px(y * self.style.scale))
    }

    /// A line of a width in CSS pixels.
    pub(super) fn line(&self, ink: Rgb, width: f64) -> ShapeStyle {
        color(ink).stroke_width(count_px(width * self.style.scale))
    }

    /// A rectangle between any two opposite corners.
    pub(super) fn rectangle(&mut self, [one, other]: [Pixel; 2], style: ShapeStyle) -> Drawn {
        let upper_left = (one.0.min(other.0), one.1.min(other.1));
        let lower_right = (one.0.max(other.0), one.1.max(other.1));
        let corners = [upper_left, lower_right].map(|corner| self.within(corner));
        self.surface.0.rectangle(corners, &style)
    }

    /// A filled rectangle in CSS pixels.
    pub(super) fn fill(&mut self, area: Rect, style: ShapeStyle) -> Drawn {
        let corners = [self.at(area.x, area.y), self.at(area.right(), area.bottom())];
        self.rectangle(corners, style)
    }

    /// A rectangle between any two opposite corners in stripes of an ink and of paper.
    pub(super) fn striped(&mut self, corners: [Pixel; 2], ink: RGBColor) -> Drawn {
        self.rectangle(corners, ink.filled())?;
        let [one, other] = corners.map(|corner| self.within(corner));
        let (left, top) = (one.0.min(other.0), one.1.min(other.1));
        let (right, bottom) = (one.0.max(other.0), one.1.max(other.1));
        let paper = self.line(self.style.palette.surface, 2.0);
        let step = whole_px(STRIPE_PX * self.style.scale).max(1).unsigned_abs() as usize;
        // Each falls from the left or upper side to the right or lower one.
        for from in (left - right..bottom - top).step_by(step) {
            let (x, y) = (left + (-from).max(0), top + from.max(0));
            let length = (right - x).min(bottom - y);
            self.path(&[(x, y), (x + length, y + length)], paper)?;
        }
        Ok(())
    }

    /// Lines from point to point.
    pub(super) fn path(&mut self, points: &[Pixel], style: ShapeStyle) -> Drawn {
        let points: Vec<Pixel> = points.iter().map(|&point| self.within(point)).collect();
        self.surface.0.path(&points, &style)
    }

    /// A circle whose radius is in CSS pixels.
    pub(super) fn circle(&mut self, center: Pixel, radius: f64, style: ShapeStyle) -> Drawn {
        let radius = count_px(radius * self.style.scale);
        self.surface.0.circle(self.within(center), radius, &style)
    }

    /// Writes words at a place in CSS pixels. Words around a place near the edge move in, instead of being cut.
    pub(super) fn write(&mut self, text: &str, at: (f64, f64), anchor: Pos, ink: Rgb) -> Drawn {
        let half = text_width(text) / 2.0;
        let x = match anchor.h_pos {
            HPos::Center => at.0.min(self.size().0 - half).max(half),
            _ => at.0,
        };
        let size = TEXT_PX * self.style.scale * self.style.font_factor;
        let font = FontDesc::new(FAMILY, size, FontStyle::Normal).color(&color(ink)).pos(anchor);
        let at = self.within(self.at(x, at.1));
        self.surface.0.words(text, &font, at)
    }

    /// Draws the budget as a dashed line across the plot.
    pub(super) fn budget_line(&mut self, plane: &Plane, budget_bytes: u64, plot: Rect) -> Drawn {
        let height = budget_bytes as f64;
        let line = self.line(self.style.palette.over, 2.0);
        let (dash, gap) = (6.0, 4.0);
        let (left, right) = plane.across;
        let x = |offset: f64| left + (right - left) * offset.min(plot.width) / plot.width;
        let mut from = 0.0;
        while from < plot.width {
            self.path(&[plane.at(x(from), height), plane.at(x(from + dash), height)], line)?;
            from += dash + gap;
        }
        Ok(())
    }

    /// Draws a placed label on a piece of paper that lets a little through.
    pub(super) fn label(&mut self, label: &Label, ink: Rgb) -> Drawn {
        let area = label.area;
        self.fill(area, color(self.style.palette.surface).mix(0.85).filled())?;
        let anchor = Pos::new(HPos::Left, VPos::Center);
        let at = (area.x + 2.0, area.y + area.height / 2.0);
        self.write(&label.text, at, anchor, ink)
    }

    fn within(&self, pixel: Pixel) -> Pixel {
        within(pixel, [(0, 0), self.end])
    }

    /// Ends the drawing.
    pub(super) fn present(mut self) -> Drawn {
        self.surface.0.present()
    }
}

/// A pixel, or the nearest one between two corners.
fn within(pixel: Pixel, [from, to]: [Pixel; 2]) -> Pixel {
    (pixel.0.min(to.0).max(from.0), pixel.1.min(to.1).max(from.1))
}

/// Draws a chart into the text of an SVG file.
pub(super) fn svg(chart: &dyn Chart, palette: Palette, size: (u32, u32)) -> Result<String, String> {
    let mut text = String::new();
    let style = ChartStyle { palette, scale: 1.0, font_factor: SVG_FONT_FACTOR };
    let surface = Surface::new(SVGBackend::with_string(&mut text, size));
    chart.draw(surface, style).map_err(|error| error.to_string())?;
    Ok(text)
}

/// A colour as plotters has it.
pub(super) fn color(Rgb(red, green, blue): Rgb) -> RGBColor {
    RGBColor(red, green, blue)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::charts::LIGHT;

    struct Beyond;

    impl Chart for Beyond {
        fn draw(&self, surface: Surface<'_>, style: ChartStyle) -> Drawn {
            let mut pen = Pen::new(surface, style)?;
            let margins = Margins { left: 20.0, right: 10.0, above: 5.0, below: 15.0 };
            let plane = pen.plane(&margins, (0.0, 4.0), 8.0);
            let ink = pen.line(LIGHT.text, 1.0);
            pen.path(&[plane.at(0.0, 0.0), plane.at(4.0, 8.0), plane.at(-9.0, 99.0)], ink)?;
            pen.path(&[(-5, -5), (500, 500)], ink)?;
            for x in [0.0, 50.0, 98.0] {
                pen.write("#100", (x, 50.0), Pos::new(HPos::Center, VPos::Top), LIGHT.text)?;
            }
            pen.present()
        }
    }

    #[test]
    fn planes_lie_within_margins_and_nothing_is_drawn_beyond() {
        let svg = svg(&Beyond, LIGHT, (100, 60)).unwrap();
        assert!(svg.contains("points=\"20,44 89,5 20,5 \""), "{svg}");
        assert!(svg.contains("points=\"0,0 100,60 \""), "{svg}");
        let words = svg.split("<text x=\"").skip(1).map(|text| text.split('"').next().unwrap());
        assert_eq!(words.collect::<Vec<_>>(), ["14", "50", "86"], "27 px wide, and not cut");
    }
}
