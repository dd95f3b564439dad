//! The page.
//!
//! It knows reports and the protocol, never a model: the worker owns that. What decides (state,
//! links, geometry, drawing) is pure and compiled natively too; components are thin and exist for
//! the browser alone.

pub mod boards;
pub mod charts;
pub mod geometry;
pub mod kernel_set;
pub mod markup;
pub mod numbers;
pub mod palette;
pub mod picture;
pub mod shared;
pub mod sheet;
pub mod state;
pub mod strokes;
pub mod url;

#[cfg(target_arch = "wasm32")]
mod app;
#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(target_arch = "wasm32")]
mod client;
#[cfg(target_arch = "wasm32")]
mod components;
#[cfg(target_arch = "wasm32")]
mod listeners;

#[cfg(target_arch = "wasm32")]
pub use app::start;
