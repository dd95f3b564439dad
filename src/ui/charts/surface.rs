//! What charts are drawn on: one type for every backend of plotters, so that charts and plotters' own generic
//! code are compiled once and not once a backend.

use plotters::style::text_anchor::Pos;
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
    FontFamily, FontStyle, FontTransform,
};
use thiserror::Error;

/// Any backend that draws rectangles, paths, circles and words itself. Lines are paths of two points, pixels
/// rectangles of one; all else is made of these by plotters.
pub struct Surface<'a>(Box<dyn Strokes + 'a>);

/// What the backend of a [`Surface`] reports.
#[derive(Debug, Error)]
#[error("{0}")]
pub struct SurfaceError(String);

type Done = Result<(), DrawingErrorKind<SurfaceError>>;

impl<'a> Surface<'a> {
    /// Whatever is drawn on it is drawn on this backend.
    pub fn new(backend: impl DrawingBackend + 'a) -> Self {
        Self(Box::new(backend))
    }
}

/// A backend without the types of styles: those of [`Surface`] stand for all.
trait Strokes {
    fn size(&self) -> (u32, u32);
    fn present(&mut self) -> Done;
    fn rectangle(&mut self, corners: [BackendCoord; 2], ink: Ink, is_filled: bool) -> Done;
    fn path(&mut self, points: &[BackendCoord], ink: Ink) -> Done;
    fn circle(&mut self, center: BackendCoord, radius: u32, ink: Ink, is_filled: bool) -> Done;
    fn words(&mut self, text: &str, style: &Lettering<'_>, at: BackendCoord) -> Done;
}

impl<B: DrawingBackend> Strokes for B {
    fn size(&self) -> (u32, u32) {
        self.get_size()
    }

    fn present(&mut self) -> Done {
        DrawingBackend::present(self).map_err(erased)
    }

    fn rectangle(&mut self, [from, to]: [BackendCoord; 2], ink: Ink, is_filled: bool) -> Done {
        self.ensure_prepared().map_err(erased)?;
        self.draw_rect(from, to, &ink, is_filled).map_err(erased)
    }

    fn path(&mut self, points: &[BackendCoord], ink: Ink) -> Done {
        self.ensure_prepared().map_err(erased)?;
        self.draw_path(points.iter().copied(), &ink).map_err(erased)
    }

    fn circle(&mut self, center: BackendCoord, radius: u32, ink: Ink, is_filled: bool) -> Done {
        self.ensure_prepared().map_err(erased)?;
        self.draw_circle(center, radius, &ink, is_filled).map_err(erased)
    }

    fn words(&mut self, text: &str, style: &Lettering<'_>, at: BackendCoord) -> Done {
        self.ensure_prepared().map_err(erased)?;
        self.draw_text(text, style, at).map_err(erased)
    }
}

fn erased<E: std::error::Error + Send + Sync>(
    error: DrawingErrorKind<E>,
) -> DrawingErrorKind<SurfaceError> {
    match error {
        DrawingErrorKind::DrawingError(error) => {
            DrawingErrorKind::DrawingError(SurfaceError(error.to_string()))
        }
        DrawingErrorKind::FontError(error) => DrawingErrorKind::FontError(error),
    }
}

/// Colour and width of what is drawn.
#[derive(Clone, Copy)]
struct Ink {
    color: BackendColor,
    stroke_width: u32,
}

impl Ink {
    fn of(style: &impl BackendStyle) -> Self {
        Self { color: style.color(), stroke_width: style.stroke_width() }
    }
}

impl BackendStyle for Ink {
    fn color(&self) -> BackendColor {
        self.color
    }

    fn stroke_width(&self) -> u32 {
        self.stroke_width
    }
}

/// How words are written, for backends that know fonts themselves.
struct Lettering<'a> {
    color: BackendColor,
    size: f64,
    transform: FontTransform,
    style: FontStyle,
    anchor: Pos,
    family: FontFamily<'a>,
}

/// A backend asked for the pixels of a font.
#[derive(Debug, Error)]
#[error("only backends that know fonts themselves can write")]
struct NoFont;

impl BackendTextStyle for Lettering<'_> {
    type FontError = NoFont;

    fn color(&self) -> BackendColor {
        self.color
    }

    fn size(&self) -> f64 {
        self.size
    }

    fn transform(&self) -> FontTransform {
        self.transform.clone()
    }

    fn style(&self) -> FontStyle {
        self.style
    }

    fn anchor(&self) -> Pos {
        self.anchor
    }

    fn family(&self) -> FontFamily<'_> {
        self.family
    }

    fn layout_box(&self, _: &str) -> Result<(BackendCoord, BackendCoord), NoFont> {
        Err(NoFont)
    }

    fn draw<E, D: FnMut(i32, i32, BackendColor) -> Result<(), E>>(
        &self,
        _: &str,
        _: BackendCoord,
        _: D,
    ) -> Result<Result<(), E>, NoFont> {
        Err(NoFont)
    }
}

impl DrawingBackend for Surface<'_> {
    type ErrorType = SurfaceError;

    fn get_size(&self) -> (u32, u32) {
        self.0.size()
    }

    fn ensure_prepared(&mut self) -> Done {
        Ok(())
    }

    fn present(&mut self) -> Done {
        self.0.present()
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> Done {
        self.0.rectangle([(x, y), (x + 1, y + 1)], Ink::of(&color), true)
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Done {
        self.0.path(&[from, to], Ink::of(style))
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Done {
        self.0.rectangle([upper_left, bottom_right], Ink::of(style), fill)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Done {
        self.0.path(&path.into_iter().collect::<Vec<_>>(), Ink::of(style))
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        center: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Done {
        self.0.circle(center, radius, Ink::of(style), fill)
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, pos: BackendCoord) -> Done {
        let lettering = Lettering {
            color: style.color(),
            size: style.size(),
            transform: style.transform(),
            style: style.style(),
            anchor: style.anchor(),
            family: style.family(),
        };
        self.0.words(text, &lettering, pos)
    }
}
