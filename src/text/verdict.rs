//! The first sentences on the screen: does it fit, by how much, and because of what.

use super::{exact_bytes, kib, kib_apart};
use crate::report::ModelReport;

/// The bytes that an arena may take.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Budget {
    /// How many.
    pub bytes: u64,
    /// Whether they are what the visitor's own blocks leave of the target's.
    pub is_rest: bool,
    /// By how much those blocks alone are more than the target has: then nothing is left.
    pub short_bytes: u64,
}

impl From<u64> for Budget {
    fn from(bytes: u64) -> Self {
        Self { bytes, is_rest: false, short_bytes: 0 }
    }
}

impl Budget {
    /// What the visitor's own blocks leave of the target's bytes.
    #[must_use]
    pub const fn beside(own_bytes: u64, sram_bytes: u64) -> Self {
        Self {
            bytes: sram_bytes.saturating_sub(own_bytes),
            is_rest: own_bytes > 0,
            short_bytes: own_bytes.saturating_sub(sram_bytes),
        }
    }

    /// Whether an arena keeps within it.
    #[must_use]
    pub const fn holds(self, arena_bytes: u64) -> bool {
        self.needed_bytes(arena_bytes) <= self.bytes
    }

    /// An arena and it to the last byte: `124,000 bytes needed, 131,072 bytes available`.
    #[must_use]
    pub fn exact(self, arena_bytes: u64) -> String {
        verdict(self.needed_bytes(arena_bytes), self.bytes).exact
    }

    /// What an arena needs, with what own blocks need more than there is.
    const fn needed_bytes(self, arena_bytes: u64) -> u64 {
        arena_bytes.saturating_add(self.short_bytes)
    }

    /// By how much an arena keeps within it, or does not.
    #[must_use]
    pub fn difference(self, arena_bytes: u64) -> String {
        difference(self.needed_bytes(arena_bytes), self.bytes)
    }

    /// The label of its line: `available 128.0 KiB`, as the verdict calls it.
    #[must_use]
    pub fn label(self) -> String {
        format!("{} {}", self.word(), kib(self.bytes))
    }

    /// The same as a figure's name: `Against 128.0 KiB available`.
    #[must_use]
    pub fn against(self) -> String {
        format!("Against {} {}", kib(self.bytes), self.word())
    }

    const fn word(self) -> &'static str {
        if self.is_rest { "left for arena" } else { "available" }
    }

    /// What shares are told of.
    #[must_use]
    pub const fn name(self) -> &'static str {
        if self.is_rest { "what own blocks leave" } else { "what is available" }
    }

    /// The head of a column of such shares.
    #[must_use]
    pub const fn column(self) -> &'static str {
        if self.is_rest { "of what is left" } else { "of available" }
    }
}

/// Whether an arena fits a budget.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Verdict {
    /// Whether it does.
    pub fits: bool,
    /// The sentence: always needed, available and the difference, which adds up as it stands there.
    pub sentence: String,
    /// The same to the last byte.
    pub exact: String,
}

impl Verdict {
    /// Before the sentence: whoever sees no colours sees this.
    #[must_use]
    pub const fn sign(&self) -> &'static str {
        fits_sign(self.fits)
    }

    /// The same beside the Flash, where that is known: a file that does not fit there fits nowhere.
    #[must_use]
    pub fn beside_flash(mut self, model: &ModelReport, flash_bytes: Option<u64>) -> Self {
        let needed_bytes = model.flash_needed_bytes();
        if let Some(bytes) = flash_bytes.filter(|&bytes| self.fits && needed_bytes > bytes) {
            let flash = compared(needed_bytes, bytes);
            let sram = self.sentence.replacen(FITS, "The SRAM does", 1);
            self.sentence = format!("Flash does not fit: {flash}. {sram}");
            self.fits = false;
        }
        self
    }
}

const FITS: &str = "Fits";

const fn fits_sign(fits: bool) -> &'static str {
    if fits { "✓" } else { "✕" }
}

/// Compares the bytes that a plan needs with those that a target has.
#[must_use]
pub fn verdict(needed_bytes: u64, available_bytes: u64) -> Verdict {
    let fits = needed_bytes <= available_bytes;
    let what = if fits { FITS } else { "Does not fit" };
    let exact = [needed_bytes, available_bytes].map(exact_bytes);
    let compared = compared(needed_bytes, available_bytes);
    Verdict {
        fits,
        sentence: format!("{what}: {compared}."),
        exact: format!("{} needed, {} available", exact[0], exact[1]),
    }
}

/// Needed, available and the difference. What lies less than one KiB apart is told to the last byte, so that
/// the figures differ as said.
pub(super) fn compared(needed_bytes: u64, available_bytes: u64) -> String {
    let apart = needed_bytes.abs_diff(available_bytes);
    let words = if (1..1024).contains(&apart) { exact_bytes } else { kib };
    let difference = difference(needed_bytes, available_bytes);
    format!("{} needed, {} available ({difference})", words(needed_bytes), words(available_bytes))
}

/// The same with blocks of one's own beside the arena: they are needed as well. Their parts are told to the
/// last byte: rounded ones need not add up.
#[must_use]
pub fn verdict_beside(arena_bytes: u64, own_bytes: u64, available_bytes: u64) -> Verdict {
    let needed_bytes = arena_bytes.saturating_add(own_bytes);
    let mut verdict = verdict(needed_bytes, available_bytes);
    if own_bytes > 0 {
        let [arena, own] = [arena_bytes, own_bytes].map(exact_bytes);
        verdict.sentence.push_str(&format!(" Of that {arena} arena, {own} own blocks."));
    }
    verdict
}

/// By how much what is needed keeps within what is available, or does not.
#[must_use]
pub fn difference(needed_bytes: u64, available_bytes: u64) -> String {
    let apart = match needed_bytes.abs_diff(available_bytes) {
        1 => "1 byte".to_owned(),
        bytes @ 2..1024 => format!("{bytes} bytes"),
        _ => kib_apart(needed_bytes, available_bytes),
    };
    let what = if needed_bytes <= available_bytes { "spare" } else { "over" };
    format!("{apart} {what}")
}

/// What the file asks of the Flash, beside what the target has, if that is known: TensorFlow Lite Micro keeps it
/// there as it is. An engine that keeps the weights alone needs less.
#[must_use]
pub fn flash_sentence(model: &ModelReport, available_bytes: Option<u64>) -> String {
    let weights = kib(model.flash_bytes);
    let needed_bytes = model.flash_needed_bytes();
    let Some(available) = available_bytes else {
        let needed = kib(needed_bytes);
        return format!(
            "Flash: {needed}, of it weights {weights}; the target's size is not known."
        );
    };
    let sign = fits_sign(needed_bytes <= available);
    format!("Flash: {sign} {}; weights {weights}.", compared(needed_bytes, available))
}

/// Beside a plan that fits where TensorFlow Lite Micro does not.
pub const PLAN_ALONE: &str = "This plan alone fits: TensorFlow Lite Micro needs more.";

/// What to allocate for TensorFlow Lite Micro, whose own structures no plan counts: the sentence, and to the last byte
/// what it is made of. Nothing where that is not known.
#[must_use]
pub fn allocate_verdict(model: &ModelReport, own_bytes: u64, sram_bytes: u64) -> Option<Verdict> {
    let arena = model.tflm_arena()?;
    let needed_bytes = arena.bytes().saturating_add(own_bytes);
    let fits = needed_bytes <= sram_bytes;
    let what = match (fits, own_bytes) {
        (true, 0) => "the arena fits",
        (false, 0) => "the arena does not fit",
        (true, _) => "arena and own blocks fit",
        (false, _) => "arena and own blocks do not fit",
    };
    let compared = compared(needed_bytes, sram_bytes);
    let [all, head, kept] = [arena.bytes(), arena.head_bytes, arena.tail_bytes].map(exact_bytes);
    let rounding = match arena.kept_bytes() - arena.tail_bytes {
        0 => String::new(),
        more => format!(" + {} by rounding up to 16", exact_bytes(more)),
    };
    let start = match arena.only_start_bytes() {
        0 => String::new(),
        more => format!(" + {} only while it starts", exact_bytes(more)),
    };
    let own = match own_bytes {
        0 => String::new(),
        _ => format!(", beside {} of own blocks", exact_bytes(own_bytes)),
    };
    Some(Verdict {
        fits,
        sentence: format!("In TensorFlow Lite Micro {what}: about {compared}."),
        exact: format!(
            "To allocate: {all} = {head} activations + {kept} of its own (estimated){rounding}{start}{own}. \
             Kernels of a chip (CMSIS-NN, ESP-NN) may want scratch on top."
        ),
    })
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
    }

    #[test]
    fn what_fits_the_sram_alone_does_not_fit() {
        let model = ModelReport { file_bytes: 4096, ..sample::model() };
        let of = |flash| verdict(1024, 2048).beside_flash(&model, flash);
        assert!(of(None).fits && of(Some(4096)).fits);
        let over = of(Some(4095));
        assert!(!over.fits);
        let expected = "Flash does not fit: 4,096 bytes needed, 4,095 bytes available (1 byte over). \
                        The SRAM does: 1.0 KiB needed, 2.0 KiB available (1.0 KiB spare).";
        assert_eq!(over.sentence, expected);
        let both = verdict(4096, 2048);
        assert_eq!(both.clone().beside_flash(&model, Some(1)), both);
    }

    #[test]
    fn needed_less_available_is_the_difference_as_it_stands_there() {
        let close = verdict(138_240, 138_239);
        let expected = "Does not fit: 138,240 bytes needed, 138,239 bytes available (1 byte over).";
        assert_eq!(close.sentence, expected);
        // 8.7 KiB if it were rounded alone.
        let over = verdict(140_000, 131_124);
        assert!(over.sentence.contains("136.7 KiB needed, 128.1 KiB available (8.6 KiB over)"));
        assert_eq!(over.exact, "140,000 bytes needed, 131,124 bytes available");
        let spare = verdict(131_124, 140_000).sentence;
        assert!(spare.contains("128.1 KiB needed, 136.7 KiB available (8.6 KiB spare)"), "{spare}");
        let model = ModelReport { file_bytes: 140_000, flash_bytes: 2048, ..sample::model() };
        assert!(flash_sentence(&model, Some(131_124)).contains("(8.6 KiB over)"));
    }

    #[test]
    fn own_blocks_are_needed_as_well() {
        let alone = verdict_beside(100_000, 0, 131_072);
        assert_eq!(alone, verdict(100_000, 131_072));
        let beside = verdict_beside(100_000, 40_000, 131_072);
        assert!(!beside.fits);
        assert!(beside.sentence.contains("136.7 KiB needed, 128.0 KiB available (8.7 KiB over)"));
        // In KiB, 97.7 and 39.1 would not be 136.7.
        assert!(beside.sentence.ends_with("Of that 100,000 bytes arena, 40,000 bytes own blocks."));
        assert!(!verdict_beside(u64::MAX, 1, 9).fits);
    }

    #[test]
    fn what_is_available_has_one_name_and_what_own_blocks_leave_another() {
        let (all, rest) = (Budget::from(131_072), Budget::beside(1024, 3072));
        assert_eq!(all.label(), "available 128.0 KiB");
        assert!(verdict(1, all.bytes).sentence.contains("128.0 KiB available"));
        assert_eq!(rest.label(), "left for arena 2.0 KiB");
        assert_eq!([all.name(), rest.name()], ["what is available", "what own blocks leave"]);
        assert_eq!([all.column(), rest.column()], ["of available", "of what is left"]);
    }

    #[test]
    fn what_to_allocate_counts_what_no_plan_counts() {
        let mut model = sample::model();
        model.tflm_arena_bytes = 10_240;
        model.tflm_persistent_estimate.bytes = 2_048;
        let over = allocate_verdict(&model, 1_024, 12_288).unwrap();
        assert!(!over.fits && over.sign() == "✕");
        assert_eq!(
            over.sentence,
            "In TensorFlow Lite Micro arena and own blocks do not fit: about 13.0 KiB needed, 12.0 KiB available (1.0 \
             KiB over)."
        );
        assert_eq!(
            over.exact,
            "To allocate: 12,288 bytes = 10,240 bytes activations + 2,048 bytes of its own (estimated), beside \
             1,024 bytes of own blocks. Kernels of a chip (CMSIS-NN, ESP-NN) may want scratch on top."
        );
        let alone = allocate_verdict(&model, 0, 12_288).unwrap();
        assert!(
            alone.fits && alone.sentence.contains("the arena fits: about 12.0 KiB needed"),
            "{alone:?}"
        );
        assert!(alone.exact.contains("of its own (estimated). Kernels"), "{alone:?}");
        model.tflm_persistent_estimate.start_bytes = 12_289;
        let start = allocate_verdict(&model, 0, 16_384).unwrap();
        assert!(
            start.exact.starts_with("To allocate: 12,304 bytes = 10,240 bytes activations + 2,048 bytes of its own (estimated) + 16 bytes only while it starts. "),
            "{}", start.exact
        );
        model.tflm_arena_bytes = 0;
        assert_eq!(allocate_verdict(&model, 0, 12_288), None);
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
