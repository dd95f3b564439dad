//! A playground for neural networks on microcontrollers: the core, the worker and the page.
//!
//! The core is pure Rust and knows no browser. Values flow one way, each immutable once made:
//! `.tflite` bytes → [`model::Model`] → [`graph::Graph`] → [`schedule::Schedule`] →
//! [`plan::Solution`] → [`exec::Trace`] → [`report`]. A module imports from lower floors only
//! (`tests/it/architecture.rs` holds the table); `ARCHITECTURE.md` is the map.

pub mod card;
pub mod error_line;
pub mod exec;
pub mod graph;
pub mod handover;
pub mod model;
pub mod order;
pub mod plan;
pub mod preprocess;
pub mod protocol;
pub mod report;
pub mod schedule;
pub mod session;
pub mod text;
pub mod ui;
pub mod worker;

pub use tinyml_kernels::{kernels, operator, quant, tensor};
