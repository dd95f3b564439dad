//! Which set of kernels this browser can run, and which of them computes.
//!
//! A WebAssembly module is validated as a whole, so each set has a worker of its own. The page asks
//! the browser whether it takes a tiny module with one instruction of a set, and starts the worker
//! of the best set it takes.

/// A set of kernels that comes as a worker of its own.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum KernelSet {
    /// No instructions beyond WebAssembly's first version.
    Portable,
    /// 128-bit SIMD.
    Simd128,
    /// Relaxed SIMD, with its dot product of bytes.
    RelaxedSimd,
}

impl KernelSet {
    /// All sets, the plainest first.
    pub const ALL: [Self; 3] = [Self::Portable, Self::Simd128, Self::RelaxedSimd];

    /// Its name in links, in the page's `meta` elements and as the worker says it.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Portable => "portable",
            Self::Simd128 => "simd128",
            Self::RelaxedSimd => "relaxed-simd",
        }
    }

    /// The set of that name.
    #[must_use]
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|set| set.key() == key)
    }

    /// A module that only a browser with the set's instructions takes.
    #[must_use]
    pub const fn probe(self) -> &'static [u8] {
        match self {
            Self::Portable => PORTABLE_PROBE,
            Self::Simd128 => SIMD128_PROBE,
            Self::RelaxedSimd => RELAXED_SIMD_PROBE,
        }
    }
}

/// The empty module.
const PORTABLE_PROBE: &[u8] = b"\0asm\x01\0\0\0";

/// One function of no arguments and results: `i32.const 0, i8x16.splat, drop`.
const SIMD128_PROBE: &[u8] =
    b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x0a\x09\x01\x07\0\x41\0\xfd\x0f\x1a\x0b";

/// The same with three vectors and `i32x4.relaxed_dot_i8x16_i7x16_add_s`.
const RELAXED_SIMD_PROBE: &[u8] =
    b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x0a\x14\x01\x12\0\
      \x41\0\xfd\x0f\x41\0\xfd\x0f\x41\0\xfd\x0f\xfd\x93\x02\x1a\x0b";

/// The sets that this browser runs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Support {
    simd128: bool,
    relaxed_simd: bool,
}

impl Support {
    /// Asks about each set; the portable one always runs where the page does.
    #[must_use]
    pub fn ask(takes: impl Fn(&[u8]) -> bool) -> Self {
        let [_, simd128, relaxed_simd] = KernelSet::ALL.map(|set| takes(set.probe()));
        // Relaxed kernels use plain SIMD as well.
        Self { simd128, relaxed_simd: simd128 && relaxed_simd }
    }

    /// Whether a set runs.
    #[must_use]
    pub const fn has(self, set: KernelSet) -> bool {
        match set {
            KernelSet::Portable => true,
            KernelSet::Simd128 => self.simd128,
            KernelSet::RelaxedSimd => self.relaxed_simd,
        }
    }

    /// The sets that run, the plainest first.
    pub fn sets(self) -> impl Iterator<Item = KernelSet> {
        KernelSet::ALL.into_iter().filter(move |&set| self.has(set))
    }

    /// Without a set whose worker did not start; the portable one stays.
    #[must_use]
    pub const fn without(self, set: KernelSet) -> Self {
        match set {
            KernelSet::Portable => self,
            KernelSet::Simd128 => Self { simd128: false, relaxed_simd: false },
            KernelSet::RelaxedSimd => Self { relaxed_simd: false, ..self },
        }
    }

    /// The set that computes unless the visitor wants another.
    ///
    /// Not the relaxed one: see `docs/performance.md` for where it gains.
    #[must_use]
    pub const fn best(self) -> KernelSet {
        if self.simd128 { KernelSet::Simd128 } else { KernelSet::Portable }
    }

    /// The set that computes: the wanted one where it runs, else the best.
    #[must_use]
    pub fn pick(self, wanted: Option<KernelSet>) -> KernelSet {
        wanted.filter(|&set| self.has(set)).unwrap_or_else(|| self.best())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasmparser::{Validator, WasmFeatures};

    fn takes(features: WasmFeatures) -> impl Fn(&[u8]) -> bool {
        move |module| Validator::new_with_features(features).validate_all(module).is_ok()
    }

    #[test]
    fn probes_ask_for_just_the_instructions_of_their_set() {
        let plain = WasmFeatures::WASM1;
        let simd128 = plain | WasmFeatures::SIMD;
        let relaxed_simd = simd128 | WasmFeatures::RELAXED_SIMD;
        let sets = |features| Support::ask(takes(features)).sets().collect::<Vec<_>>();
        assert!(takes(plain)(KernelSet::Portable.probe()));
        assert_eq!(sets(plain), [KernelSet::Portable]);
        assert_eq!(sets(simd128), [KernelSet::Portable, KernelSet::Simd128]);
        assert_eq!(sets(relaxed_simd), KernelSet::ALL);
    }

    #[test]
    fn what_does_not_run_is_never_picked() {
        let plain = Support::ask(|_| false);
        let simd128 = Support::ask(|module| module.len() < RELAXED_SIMD_PROBE.len());
        let all = Support::ask(|_| true);
        assert_eq!(plain.pick(None), KernelSet::Portable);
        assert_eq!(plain.pick(Some(KernelSet::Simd128)), KernelSet::Portable);
        assert_eq!(simd128.pick(None), KernelSet::Simd128);
        assert_eq!(simd128.pick(Some(KernelSet::RelaxedSimd)), KernelSet::Simd128);
        assert_eq!(simd128.pick(Some(KernelSet::Portable)), KernelSet::Portable);
        assert_eq!(all.pick(Some(KernelSet::RelaxedSimd)), KernelSet::RelaxedSimd);
        assert_eq!(all.without(KernelSet::Simd128), plain);
        assert_eq!(all.without(KernelSet::RelaxedSimd), simd128);
        assert_eq!(plain.without(KernelSet::Portable), plain);
    }

    #[test]
    fn names_lead_back_to_their_set() {
        for set in KernelSet::ALL {
            assert_eq!(KernelSet::of_key(set.key()), Some(set));
        }
        assert_eq!(KernelSet::of_key("reference"), None);
    }
}
