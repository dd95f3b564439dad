//! The sentences and labels that people read, in one place: pure functions of reports.

mod numbers;
mod verdict;

pub use numbers::{kib, thousands};
pub use verdict::{Verdict, verdict};
