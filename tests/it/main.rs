//! All integration tests in one binary: one link instead of many.

mod model_reader;
mod support;
