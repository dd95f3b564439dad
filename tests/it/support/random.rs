//! Random numbers that are the same on every machine.

/// xorshift64*: small, fast and good enough for test data.
///
/// Source: Vigna 2016, "An experimental exploration of Marsaglia's xorshift generators, scrambled".
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// A sequence of its own for every seed; 0 counts as 1, as the generator never leaves 0.
    pub fn new(seed: u64) -> Self {
        Self(seed.max(1))
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A number in `[0, end)`, with a bias that no test notices; 0 where `end` is 0.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next_u64() >> 16) as usize % end.max(1)
    }

    /// A number in `[low, high]`.
    pub fn between(&mut self, low: i32, high: i32) -> i32 {
        let span = usize::try_from(i64::from(high) - i64::from(low) + 1).unwrap();
        i32::try_from(i64::from(low) + i64::try_from(self.below(span)).unwrap()).unwrap()
    }

    /// One byte from the best bits.
    pub fn byte(&mut self) -> u8 {
        self.next_u64().to_be_bytes()[0]
    }

    /// `len` bytes.
    pub fn bytes(&mut self, len: usize) -> Vec<u8> {
        (0..len).map(|_| self.byte()).collect()
    }
}

/// Names the seed at work when a test fails, wherever it fails.
pub struct Seed(pub u64);

impl Drop for Seed {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("failed with seed {}", self.0);
        }
    }
}
