//! Seeded random numbers: SplitMix64, so that a case is the same on every machine.

/// A generator of one seed.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x2545_f491_4f6c_dd1d))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// A number in `0..limit`.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).unwrap()
    }

    /// A number in `low..=high`.
    pub(super) fn between(&mut self, low: i32, high: i32) -> i32 {
        let span = u64::from(low.abs_diff(high)) + 1;
        low.wrapping_add_unsigned(u32::try_from(self.next() % span).unwrap())
    }

    pub(super) fn size(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high - low + 1)
    }

    pub(super) fn real(&mut self, low: f32, high: f32) -> f32 {
        #[expect(clippy::cast_precision_loss, reason = "24 bits")]
        let unit = (self.next() >> 40) as f32 / (1u32 << 24) as f32;
        low + (high - low) * unit
    }

    /// Values over all of int8; one list in four holds its ends alone.
    pub(super) fn int8s(&mut self, count: usize) -> Vec<i8> {
        let ends_only = self.below(4) == 0;
        let mut value = || match (ends_only, self.below(2)) {
            (true, 0) => i8::MIN,
            (true, _) => i8::MAX,
            (false, _) => i8::try_from(self.between(-128, 127)).unwrap(),
        };
        (0..count).map(|_| value()).collect()
    }
}
