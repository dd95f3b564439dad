//! The first sentence on the screen: does it fit, and by how much.

use super::kib;

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
        let spare = kib(available_bytes - needed_bytes);
        format!("Fits: {needed} needed, {available} available ({spare} spare).")
    } else {
        let over = kib(needed_bytes - available_bytes);
        format!("Does not fit: {needed} needed, {available} available ({over} over).")
    };
    Verdict { fits, sentence }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_numbers_always() {
        let over = verdict(138_240, 131_072);
        assert!(!over.fits);
        let expected = "Does not fit: 135.0 KiB needed, 128.0 KiB available (7.0 KiB over).";
        assert_eq!(over.sentence, expected);
        assert!(verdict(131_072, 131_072).fits);
    }
}
