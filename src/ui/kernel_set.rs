//! Which set of kernels this browser can run, and which of them computes.
//!
//! A WebAssembly module is validated as a whole, so each set has a worker of its own. The page asks
//! the browser whether it takes a tiny module with one instruction of a set, and starts the worker
//! of the best set it takes. Relaxed SIMD is better where it multiplies and adds in one rounding: that the
//! module says itself when it runs.

/// A set of kernels that comes as a worker of its own.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum KernelSet {
    /// No instructions beyond WebAssembly's first version.
    Portable,
    /// 128-bit SIMD.
    Simd128,
    /// Relaxed SIMD, with its multiplication and addition in one.
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

/// Exports `fused`, which says by 1 whether `f32x4.relaxed_madd` rounds once: the square of `1 + 2^-23` less
/// `1 + 2^-22` is then 2^-46, else 0.
const RELAXED_SIMD_PROBE: &[u8] = b"\0asm\x01\0\0\0\x01\x05\x01\x60\0\x01\x7f\x03\x02\x01\0\
      \x07\x09\x01\x05fused\0\0\x0a\x25\x01\x23\0\
      \x43\x01\0\x80\x3f\xfd\x13\x43\x01\0\x80\x3f\xfd\x13\x43\x02\0\x80\xbf\xfd\x13\
      \xfd\x85\x02\xfd\x1f\0\x43\0\0\0\0\x5e\x0b";

/// The sets that this browser runs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Support {
    simd128: bool,
    relaxed_simd: bool,
    /// Whether relaxed SIMD multiplies and adds in one rounding.
    is_fused: bool,
}

impl Support {
    /// Asks about each set, and what the probe of relaxed SIMD says when it `runs`; the portable set always
    /// runs where the page does.
    #[must_use]
    pub fn ask(takes: impl Fn(&[u8]) -> bool, runs: impl Fn(&[u8]) -> bool) -> Self {
        let [_, simd128, relaxed_simd] = KernelSet::ALL.map(|set| takes(set.probe()));
        // Relaxed kernels use plain SIMD as well.
        let relaxed_simd = simd128 && relaxed_simd;
        Self { simd128, relaxed_simd, is_fused: relaxed_simd && runs(RELAXED_SIMD_PROBE) }
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
            KernelSet::Simd128 => Self { simd128: false, relaxed_simd: false, is_fused: false },
            KernelSet::RelaxedSimd => Self { relaxed_simd: false, is_fused: false, ..self },
        }
    }

    /// The set that computes unless the visitor wants another: the relaxed one where it gains, which is
    /// where it multiplies and adds in one rounding (`docs/performance.md`).
    #[must_use]
    pub const fn best(self) -> KernelSet {
        match self {
            Self { is_fused: true, .. } => KernelSet::RelaxedSimd,
            Self { simd128: true, .. } => KernelSet::Simd128,
            _ => KernelSet::Portable,
        }
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
        let sets = |features| Support::ask(takes(features), |_| false).sets().collect::<Vec<_>>();
        assert!(takes(plain)(KernelSet::Portable.probe()));
        assert_eq!(sets(plain), [KernelSet::Portable]);
        assert_eq!(sets(simd128), [KernelSet::Portable, KernelSet::Simd128]);
        assert_eq!(sets(relaxed_simd), KernelSet::ALL);
    }

    #[test]
    fn what_does_not_run_is_never_picked() {
        let plain = Support::ask(|_| false, |_| true);
        let simd128 = Support::ask(|module| module.len() < RELAXED_SIMD_PROBE.len(), |_| true);
        let all = Support::ask(|_| true, |_| true);
        assert_eq!(plain.pick(None), KernelSet::Portable);
        assert_eq!(plain.pick(Some(KernelSet::Simd128)), KernelSet::Portable);
        assert_eq!(simd128.pick(None), KernelSet::Simd128);
        assert_eq!(simd128.pick(Some(KernelSet::RelaxedSimd)), KernelSet::Simd128);
        assert_eq!(simd128.pick(Some(KernelSet::Portable)), KernelSet::Portable);
        assert_eq!(all.pick(Some(KernelSet::RelaxedSimd)), KernelSet::RelaxedSimd);
        assert_eq!(all.without(KernelSet::Simd128), plain);
        assert_eq!(all.without(KernelSet::RelaxedSimd), simd128);
        assert_eq!(plain.without(KernelSet::Portable), plain);
        assert_eq!(all.pick(None), KernelSet::RelaxedSimd);
        let rounding_twice = Support::ask(|_| true, |_| false);
        assert_eq!(rounding_twice.pick(None), KernelSet::Simd128);
        assert_eq!(rounding_twice.pick(Some(KernelSet::RelaxedSimd)), KernelSet::RelaxedSimd);
    }

    #[test]
    fn names_lead_back_to_their_set() {
        for set in KernelSet::ALL {
            assert_eq!(KernelSet::of_key(set.key()), Some(set));
        }
        assert_eq!(KernelSet::of_key("reference"), None);
    }
}
