//! What charts are drawn on: one type for every backend of plotters, so that charts are compiled once and not
//! once a backend.

use plotters::prelude::{DrawingBackend, ShapeStyle, TextStyle};
use std::fmt::Display;
use thiserror::Error;

/// A place in device pixels.
pub(super) type Pixel = (i32, i32);
/// What drawing returns.
pub type Drawn = Result<(), SurfaceError>;

/// Any backend: the page's canvas, an SVG file.
pub struct Surface<'a>(pub(super) Box<dyn Strokes + 'a>);

/// What the backend of a [`Surface`] reports.
#[derive(Debug, Error)]
#[error("{0}")]
pub struct SurfaceError(String);

impl<'a> Surface<'a> {
    /// Whatever is drawn on it is drawn on this backend.
    pub fn new(backend: impl DrawingBackend + 'a) -> Self {
        Self(Box::new(backend))
    }
}

/// What charts ask of a backend, in plotters' own styles: its trait is generic over styles and paths, and so cannot
/// stand behind a pointer.
pub(super) trait Strokes {
    /// Width and height in device pixels.
    fn size(&self) -> (u32, u32);
    /// A rectangle from its upper left corner to its lower right one, filled if its style is.
    fn rectangle(&mut self, corners: [Pixel; 2], style: &ShapeStyle) -> Drawn;
    /// Lines from point to point.
    fn path(&mut self, points: &[Pixel], style: &ShapeStyle) -> Drawn;
    /// A circle, filled if its style is.
    fn circle(&mut self, center: Pixel, radius: u32, style: &ShapeStyle) -> Drawn;
    /// Words in one line.
    fn words(&mut self, text: &str, style: &TextStyle<'_>, at: Pixel) -> Drawn;
    /// Ends the drawing.
    fn present(&mut self) -> Drawn;
}

impl<B: DrawingBackend> Strokes for B {
    fn size(&self) -> (u32, u32) {
        self.get_size()
    }

    fn rectangle(&mut self, [from, to]: [Pixel; 2], style: &ShapeStyle) -> Drawn {
        self.ensure_prepared().map_err(erased)?;
        self.draw_rect(from, to, style, style.filled).map_err(erased)
    }

    fn path(&mut self, points: &[Pixel], style: &ShapeStyle) -> Drawn {
        self.ensure_prepared().map_err(erased)?;
        self.draw_path(points.iter().copied(), style).map_err(erased)
    }

    fn circle(&mut self, center: Pixel, radius: u32, style: &ShapeStyle) -> Drawn {
        self.ensure_prepared().map_err(erased)?;
        self.draw_circle(center, radius, style, style.filled).map_err(erased)
    }

    fn words(&mut self, text: &str, style: &TextStyle<'_>, at: Pixel) -> Drawn {
        self.ensure_prepared().map_err(erased)?;
        self.draw_text(text, style, at).map_err(erased)
    }

    fn present(&mut self) -> Drawn {
        self.ensure_prepared().map_err(erased)?;
        DrawingBackend::present(self).map_err(erased)
    }
}

fn erased(error: impl Display) -> SurfaceError {
    SurfaceError(error.to_string())
}
