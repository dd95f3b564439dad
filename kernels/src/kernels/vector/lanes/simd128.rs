//! Lanes in WebAssembly's 128-bit SIMD, plain and relaxed.

use super::{Lanes, ROUNDING};
use crate::quant::BELOW_HALF;
use core::{arch::wasm32::*, hint::black_box};

/// WebAssembly SIMD (`simd128`); the relaxed ones take `relaxed-simd` too, for its multiplication and
/// addition in one.
///
/// Loads are written as two 64-bit words, which the compiler makes one instruction of.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Simd128Lanes<const IS_RELAXED: bool = false>;

/// Runs `work` where `simd128` is enabled; the closure is inlined.
#[target_feature(enable = "simd128")]
fn with_simd128<R>(work: impl FnOnce() -> R) -> R {
    work()
}

/// Runs `work` where `relaxed-simd` is enabled too.
#[cfg(feature = "relaxed-simd")]
#[target_feature(enable = "simd128,relaxed-simd")]
fn with_relaxed_simd<R>(work: impl FnOnce() -> R) -> R {
    work()
}

/// `a * b + c`, rounded once or twice, as the machine likes.
#[inline(always)]
fn multiplied_and_added(a: v128, b: v128, c: v128) -> v128 {
    #[cfg(feature = "relaxed-simd")]
    return f32x4_relaxed_madd(a, b, c);
    #[cfg(not(feature = "relaxed-simd"))]
    f32x4_add(f32x4_mul(a, b), c)
}

/// The first or the last half of a vector's bytes as a word.
#[inline(always)]
fn word(bytes: &[u8; 16], half: usize) -> u64 {
    let (words, _) = bytes.as_chunks::<8>();
    u64::from_le_bytes(words[half])
}

#[inline(always)]
fn load(bytes: &[u8; 16]) -> v128 {
    u64x2(word(bytes, 0), word(bytes, 1))
}

#[inline(always)]
fn store(vector: v128) -> [u8; 16] {
    let words = [u64x2_extract_lane::<0>(vector), u64x2_extract_lane::<1>(vector)];
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&words[0].to_le_bytes());
    bytes[8..].copy_from_slice(&words[1].to_le_bytes());
    bytes
}

impl<const IS_RELAXED: bool> Lanes for Simd128Lanes<IS_RELAXED> {
    const NAME: &'static str = if IS_RELAXED { "relaxed-simd" } else { "simd128" };

    type I8 = v128;
    type I16 = v128;
    type I32 = v128;
    type F32 = v128;
    type F64 = v128;

    #[inline(always)]
    fn inside<R>(work: impl FnOnce() -> R) -> R {
        #[cfg(feature = "relaxed-simd")]
        if IS_RELAXED {
            return with_relaxed_simd(work);
        }
        with_simd128(work)
    }

    #[inline(always)]
    fn i8(bytes: &[u8; 16]) -> v128 {
        load(bytes)
    }

    #[inline(always)]
    fn splat_i8(value: i8) -> v128 {
        i8x16_splat(value)
    }

    #[inline(always)]
    fn i8_bytes(vector: v128) -> [u8; 16] {
        store(vector)
    }

    #[inline(always)]
    fn max_i8(a: v128, b: v128) -> v128 {
        i8x16_max(a, b)
    }

    #[inline(always)]
    fn min_i8(a: v128, b: v128) -> v128 {
        i8x16_min(a, b)
    }

    #[inline(always)]
    fn i16(bytes: &[u8; 16]) -> v128 {
        load(bytes)
    }

    #[inline(always)]
    fn i16_bytes(vector: v128) -> [u8; 16] {
        store(vector)
    }

    #[inline(always)]
    fn widened(bytes: &[u8; 8]) -> v128 {
        i16x8_extend_low_i8x16(u64x2(u64::from_le_bytes(*bytes), 0))
    }

    #[inline(always)]
    fn pairs(word: [u8; 4]) -> v128 {
        u32x4_splat(u32::from_le_bytes(word))
    }

    #[inline(always)]
    fn interleaved(a: &[u8; 8], b: &[u8; 8]) -> [v128; 2] {
        let (a, b) = (u64x2(u64::from_le_bytes(*a), 0), u64x2(u64::from_le_bytes(*b), 0));
        let bytes = i8x16_shuffle::<0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23>(a, b);
        [i16x8_extend_low_i8x16(bytes), i16x8_extend_high_i8x16(bytes)]
    }

    #[inline(always)]
    fn zipped_pairs(a: v128, b: v128) -> [v128; 2] {
        [i32x4_shuffle::<0, 4, 1, 5>(a, b), i32x4_shuffle::<2, 6, 3, 7>(a, b)]
    }

    #[inline(always)]
    fn add_i16(a: v128, b: v128) -> v128 {
        i16x8_add(a, b)
    }

    #[inline(always)]
    fn sub_i16(a: v128, b: v128) -> v128 {
        i16x8_sub(a, b)
    }

    #[inline(always)]
    fn mul_i16(a: v128, b: v128) -> v128 {
        i16x8_mul(a, b)
    }

    #[inline(always)]
    fn as_i32(vector: v128) -> v128 {
        vector
    }

    #[inline(always)]
    fn i32([a, b, c, d]: [i32; 4]) -> v128 {
        i32x4(a, b, c, d)
    }

    #[inline(always)]
    fn i32_values(vector: v128) -> [i32; 4] {
        [
            i32x4_extract_lane::<0>(vector),
            i32x4_extract_lane::<1>(vector),
            i32x4_extract_lane::<2>(vector),
            i32x4_extract_lane::<3>(vector),
        ]
    }

    #[inline(always)]
    fn add(a: v128, b: v128) -> v128 {
        i32x4_add(a, b)
    }

    #[inline(always)]
    fn sub(a: v128, b: v128) -> v128 {
        i32x4_sub(a, b)
    }

    #[inline(always)]
    fn dot_add(sum: v128, a: v128, b: v128) -> v128 {
        i32x4_add(sum, i32x4_dot_i16x8(a, b))
    }

    #[inline(always)]
    fn add_where_negative(value: v128, step: v128) -> v128 {
        i32x4_add(value, v128_and(i32x4_shr(value, 31), step))
    }

    #[inline(always)]
    fn less_where_equal(value: v128, a: v128, b: v128) -> v128 {
        i32x4_add(value, i32x4_eq(a, b))
    }

    #[inline(always)]
    fn f32([a, b, c, d]: [f32; 4]) -> v128 {
        f32x4(a, b, c, d)
    }

    #[inline(always)]
    fn float(value: v128) -> v128 {
        f32x4_convert_i32x4(value)
    }

    #[inline(always)]
    fn add_f32(a: v128, b: v128) -> v128 {
        f32x4_add(a, b)
    }

    #[inline(always)]
    fn mul_f32(a: v128, b: v128) -> v128 {
        f32x4_mul(a, b)
    }

    #[inline(never)]
    fn is_fused() -> bool {
        // (1 + 2^-23)^2 = 1 + 2^-22 + 2^-46: the last term does not outlive a rounding of its own.
        let (a, c) = (1.0 + f32::EPSILON, -1.0 - 2.0 * f32::EPSILON);
        IS_RELAXED && {
            let [a, c] = black_box([a, c]);
            Self::inside(|| {
                let sum = multiplied_and_added(f32x4_splat(a), f32x4_splat(a), f32x4_splat(c));
                f32x4_extract_lane::<0>(sum) > 0.0
            })
        }
    }

    #[inline(always)]
    fn scaled(value: v128, factor: v128, base: v128) -> v128 {
        let value = f32x4_convert_i32x4(value);
        if IS_RELAXED {
            let sum = multiplied_and_added(value, factor, f32x4_splat(ROUNDING));
            return i32x4_sub(sum, base);
        }
        Self::rounded(f32x4_mul(value, factor), base)
    }

    #[inline(always)]
    fn rounded(value: v128, base: v128) -> v128 {
        i32x4_sub(f32x4_add(value, f32x4_splat(ROUNDING)), base)
    }

    #[inline(always)]
    fn quotient(bytes: &[u8; 16], divisor: v128, low: v128, high: v128) -> v128 {
        let quotient = f32x4_div(load(bytes), divisor);
        let half = v128_or(v128_and(quotient, f32x4_splat(-0.0)), f32x4_splat(BELOW_HALF));
        let rounded = i32x4_trunc_sat_f32x4(f32x4_add(quotient, half));
        i32x4_min(i32x4_max(rounded, low), high)
    }

    #[inline(always)]
    fn f64([a, b]: [f64; 2]) -> v128 {
        f64x2(a, b)
    }

    #[inline(always)]
    fn high_bits(value: v128, factors: [v128; 2], constants: [v128; 2]) -> v128 {
        let last = i32x4_shuffle::<2, 3, 2, 3>(value, value);
        let sum = |half: v128, i: usize| {
            let half = f64x2_convert_low_i32x4(half);
            #[cfg(feature = "relaxed-simd")]
            if IS_RELAXED {
                return f64x2_relaxed_madd(half, factors[i], constants[i]);
            }
            f64x2_add(f64x2_mul(half, factors[i]), constants[i])
        };
        i32x4_shuffle::<1, 3, 5, 7>(sum(value, 0), sum(last, 1))
    }

    #[inline(always)]
    fn halves(vector: v128) -> [v128; 2] {
        [i16x8_extend_low_i8x16(vector), i16x8_extend_high_i8x16(vector)]
    }

    #[inline(always)]
    fn quarters(vector: v128) -> [v128; 2] {
        [i32x4_extend_low_i16x8(vector), i32x4_extend_high_i16x8(vector)]
    }

    #[inline(always)]
    fn narrowed([a, b, c, d]: [v128; 4]) -> v128 {
        i8x16_narrow_i16x8(i16x8_narrow_i32x4(a, b), i16x8_narrow_i32x4(c, d))
    }
}
