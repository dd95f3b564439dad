//! Drawings with axes, made by plotters: each on any surface.

mod arena;
mod bars;
mod front;
mod legend;
mod palette;
mod pen;
mod placement;
mod rungs;
mod surface;
mod titled;

pub use arena::{arena_drawing, arena_picture, arena_svg};
pub use bars::{Bar, BarsChart, Frame, bars_svg};
pub use front::{FrontChart, FrontFrame, FrontPoint, front_svg};
pub use legend::legend_svg;
pub use palette::{DARK, LIGHT, Palette, Rgb};
pub use pen::{Chart, ChartStyle};
pub use placement::{PlacementChart, placement_svg};
pub use rungs::{RungsChart, rungs_svg};
pub use surface::{Drawn, Surface, SurfaceError};
pub use titled::titled;
