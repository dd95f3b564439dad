//! The first sentences on the screen: does it fit, by how much, and because of what.

use super::kib;
use crate::report::ModelReport;

/// The bytes that an arena may take.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Budget {
    /// How many.
    pub bytes: u64,
    /// Whether they are what the visitor's own blocks leave of the target's.
    pub is_rest: bool,
}

impl From<u64> for Budget {
    fn from(bytes: u64) -> Self {
        Self { bytes, is_rest: false }
    }
}

impl Budget {
    /// The label of its line: `budget 128.0 KiB`.
    #[must_use]
    pub fn label(self) -> String {
        let name = if self.is_rest { "left of budget" } else { "budget" };
        format!("{name} {}", kib(self.bytes))
    }

    /// What shares are told of.
    #[must_use]
    pub const fn name(self) -> &'static str {
        if self.is_rest { "what own blocks leave of the budget" } else { "the budget" }
    }
}

/// Whether an arena fits a budget.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Verdict {
    /// Whether it does.
    pub fits: bool,
    /// The sentence: always needed, available and the difference.
    pub sentence: String,
}

/// Compares the bytes that a plan needs with those that a target has.
#[must_use]
pub fn verdict(needed_bytes: u64, available_bytes: u64) -> Verdict {
    let fits = needed_bytes <= available_bytes;
    let (needed, available) = (kib(needed_bytes), kib(available_bytes));
    let sentence = if fits {
        let spare = difference(available_bytes - needed_bytes);
        format!("Fits: {needed} needed, {available} available ({spare} spare).")
    } else {
        let over = difference(needed_bytes - available_bytes);
        format!("Does not fit: {needed} needed, {available} available ({over} over).")
    };
    Verdict { fits, sentence }
}

/// The same with blocks of one's own beside the arena: they are needed as well.
#[must_use]
pub fn verdict_beside(arena_bytes: u64, own_bytes: u64, available_bytes: u64) -> Verdict {
    let needed_bytes = arena_bytes.saturating_add(own_bytes);
    let mut verdict = verdict(needed_bytes, available_bytes);
    if own_bytes > 0 {
        let parts = format!(" Of that {} arena, {} own blocks.", kib(arena_bytes), kib(own_bytes));
        verdict.sentence.push_str(&parts);
    }
    verdict
}

/// A difference in KiB, or in bytes below one.
fn difference(bytes: u64) -> String {
    match bytes {
        1 => "1 byte".to_owned(),
        2..1024 => format!("{bytes} bytes"),
        _ => kib(bytes),
    }
}

/// What the file asks of the Flash, beside what the target has, if that is known: TensorFlow Lite Micro keeps it
/// there as it is. An engine that keeps the weights alone needs less.
#[must_use]
pub fn flash_sentence(model: &ModelReport, available_bytes: Option<u64>) -> String {
    let weights = kib(model.flash_bytes);
    // Numbers from a link know no file.
    let needed_bytes = model.file_bytes.max(model.flash_bytes);
    let needed = kib(needed_bytes);
    match available_bytes {
        None => {
            format!("Flash: {needed}, of it weights {weights}; the target's size is not known.")
        }
        Some(available) if needed_bytes <= available => format!(
            "Flash: ✓ {needed} needed, {} available ({} spare); weights {weights}.",
            kib(available),
            kib(available - needed_bytes)
        ),
        Some(available) => format!(
            "Flash: ✕ {needed} needed, {} available ({} over); weights {weights}.",
            kib(available),
            kib(needed_bytes - available)
        ),
    }
}

/// What to allocate for TensorFlow Lite Micro, whose own structures no plan counts; nothing where that is not known.
#[must_use]
pub fn allocate_sentence(model: &ModelReport, own_bytes: u64, sram_bytes: u64) -> Option<String> {
    let stays = model.tflm_persistent_estimate.bytes;
    let total = model.tflm_arena_bytes.saturating_add(stays);
    if model.tflm_arena_bytes == 0 || stays == 0 {
        return None;
    }
    let left = sram_bytes.saturating_sub(own_bytes);
    let fits = if total <= left {
        format!("{} spare", difference(left - total))
    } else {
        format!("{} over", difference(total - left))
    };
    Some(format!(
        "TensorFlow Lite Micro takes about {} in all: {} for activations, {} (estimated) of its own. {fits}.",
        kib(total),
        kib(model.tflm_arena_bytes),
        kib(stays)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::sample;

    #[test]
    fn three_numbers_always() {
        let over = verdict(138_240, 131_072);
        assert!(!over.fits);
        let expected = "Does not fit: 135.0 KiB needed, 128.0 KiB available (7.0 KiB over).";
        assert_eq!(over.sentence, expected);
        assert!(verdict(131_072, 131_072).fits);
        let close = verdict(138_240, 138_239).sentence;
        assert!(close.ends_with("(1 byte over)."), "{close}");
    }

    #[test]
    fn own_blocks_are_needed_as_well() {
        let alone = verdict_beside(100_000, 0, 131_072);
        assert_eq!(alone, verdict(100_000, 131_072));
        let beside = verdict_beside(100_000, 40_000, 131_072);
        assert!(!beside.fits);
        assert!(beside.sentence.contains("136.7 KiB needed, 128.0 KiB available (8.7 KiB over)"));
        assert!(beside.sentence.ends_with("Of that 97.7 KiB arena, 39.1 KiB own blocks."));
        assert!(!verdict_beside(u64::MAX, 1, 9).fits);
    }

    #[test]
    fn a_budget_says_when_own_blocks_have_taken_of_it() {
        assert_eq!(Budget::from(131_072).label(), "budget 128.0 KiB");
        assert_eq!(Budget { bytes: 2048, is_rest: true }.label(), "left of budget 2.0 KiB");
    }

    #[test]
    fn what_to_allocate_counts_what_no_plan_counts() {
        let mut model = sample::model();
        model.tflm_arena_bytes = 10_240;
        model.tflm_persistent_estimate.bytes = 2_048;
        let words = allocate_sentence(&model, 1_024, 12_288).unwrap();
        assert!(
            words.contains("about 12.0 KiB in all: 10.0 KiB for activations, 2.0 KiB"),
            "{words}"
        );
        assert!(words.ends_with("1.0 KiB over."), "{words}");
        assert!(allocate_sentence(&model, 0, 12_288).unwrap().ends_with("0 B spare."));
        model.tflm_arena_bytes = 0;
        assert_eq!(allocate_sentence(&model, 0, 12_288), None);
    }

    #[test]
    fn flash_says_what_is_not_known() {
        let model = ModelReport { file_bytes: 4096, flash_bytes: 2048, ..sample::model() };
        assert!(flash_sentence(&model, None).ends_with("not known."));
        let over = flash_sentence(&model, Some(3072));
        assert!(over.contains("✕ 4.0 KiB needed, 3.0 KiB available (1.0 KiB over)"), "{over}");
        let fits = flash_sentence(&model, Some(5120));
        assert!(fits.contains("✓ 4.0 KiB needed, 5.0 KiB available (1.0 KiB spare)"), "{fits}");
    }
}
