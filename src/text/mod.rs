//! The sentences and labels that people read, in one place: pure functions of reports.

pub mod accounting;
mod benchmark;
pub mod comparison;
pub mod explanation;
pub mod field;
pub mod fit;
mod formula;
pub mod front;
pub mod gallery;
mod glossary;
pub mod graph;
mod hand_over;
mod labels;
pub mod link;
mod live;
mod numbers;
pub mod numbers_only;
pub mod page;
pub mod palette;
pub mod phrases;
pub mod placement;
pub mod rungs;
#[cfg(test)]
pub(crate) mod sample;
pub mod saving;
mod schedule;
pub mod sheet;
pub mod sound;
pub mod table;
mod trouble;
mod verdict;

pub use benchmark::{
    Limit, Share, benchmark_csv, benchmark_text, clock_step, fine_milliseconds, giga_macs,
    macs_per_ms, sample_words, spread,
};
pub use comparison::{change, recompute_short};
pub use formula::{macs_formula, tflm_formula, tflm_sentence};
pub use front::more_work;
pub use hand_over::{hand_over_about, hand_over_name};
pub use labels::{
    compact_shape, data_types, family_letter, family_name, kernel_words, operator_label,
    operator_words, problem_title, quantization_words, shape, stage_label,
};
pub use live::{DELIVERY_PEAK, peak_sentence, short_step_formula, step_formula, why_needed};
pub use numbers::{
    compact_count, exact_bytes, giga_macs_per_second, kib, kib_and_bytes, kib_apart, milliseconds,
    percent, percent_tenths, size_of, size_text, thousands,
};
pub use rungs::{rung_assumes, rung_name};
pub use schedule::{front_sentence, input_words, plan_words};
pub use verdict::{
    Budget, PLAN_ALONE, Verdict, allocate_verdict, difference, flash_sentence, verdict,
    verdict_beside,
};
