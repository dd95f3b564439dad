//! Drawings with axes, made by plotters: one function a chart, for any drawing backend.

mod bars;
mod palette;

pub use bars::{Bar, BarsChart, BarsStyle, Frame, bars_svg, draw_bars};
pub use palette::{DARK, LIGHT, Palette, Rgb};
