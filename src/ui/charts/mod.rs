//! Drawings with axes, made by plotters: one function a chart, for any surface.

mod arena;
mod bars;
mod front;
mod palette;
mod pen;
mod placement;
mod rungs;
mod surface;
mod titled;

pub use arena::{arena_drawing, arena_svg};
pub use bars::{Bar, BarsChart, Frame, bars_svg, draw_bars};
pub use front::{FrontChart, FrontFrame, FrontPoint, draw_front, front_svg};
pub use palette::{DARK, LIGHT, Palette, Rgb};
pub use pen::{ChartStyle, Drawn};
pub use placement::{PlacementChart, draw_placement, placement_svg};
pub use rungs::{RungsChart, draw_rungs, rungs_svg};
pub use surface::{Surface, SurfaceError};
pub use titled::titled;
