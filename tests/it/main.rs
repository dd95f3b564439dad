//! All integration tests in one binary: one link instead of many.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "in a test a panic is an answer, and sizes are small"
)]

mod architecture;
mod arena;
mod bundled;
mod cards;
mod command_line;
mod compare;
mod explain;
mod field;
mod fit;
mod front;
mod gallery;
mod golden;
mod graph_view;
mod handover;
mod hostile_models;
mod in_place;
mod kernel_vectors;
mod large_models;
mod model_reader;
mod mutants;
mod operator_order;
mod operators_table;
mod oracle;
mod paper;
mod patches;
mod planner;
mod random_graphs;
mod refusals;
mod rungs;
mod scheduling_doc;
mod sound;
mod support;
mod tflm_persistent;
