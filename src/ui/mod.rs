//! The page.
//!
//! It knows reports and the protocol, never a model: the worker owns that. What decides (state,
//! links, geometry, drawing) is pure and compiled natively too; components are thin and exist for
//! the browser, and for the text that is made of them when the page is built (feature `prerender`).

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

#[cfg(any(target_arch = "wasm32", feature = "prerender"))]
mod app;
#[cfg(any(target_arch = "wasm32", feature = "prerender"))]
#[cfg_attr(not(target_arch = "wasm32"), expect(dead_code, reason = "natively nothing happens"))]
mod browser;
#[cfg(any(target_arch = "wasm32", feature = "prerender"))]
mod client;
#[cfg(any(target_arch = "wasm32", feature = "prerender"))]
mod components;
#[cfg(any(target_arch = "wasm32", feature = "prerender"))]
#[cfg_attr(not(target_arch = "wasm32"), expect(dead_code, reason = "natively nothing happens"))]
mod listeners;

#[cfg(target_arch = "wasm32")]
pub use app::start;
#[cfg(all(not(target_arch = "wasm32"), feature = "prerender"))]
pub use app::{Still, render};
