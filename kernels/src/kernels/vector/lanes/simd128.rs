//! Lanes in WebAssembly's 128-bit SIMD.

use super::{Lanes, ROUNDING, ROUNDING_WIDE};
use crate::quant::BELOW_HALF;
use core::arch::wasm32::*;

/// WebAssembly SIMD (`simd128`).
///
/// Loads are written as two 64-bit words, which the compiler makes one instruction of.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Simd128Lanes;

/// Runs `work` where `simd128` is enabled; the closure is inlined.
#[target_feature(enable = "simd128")]
fn with_simd128<R>(work: impl FnOnce() -> R) -> R {
    work()
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

impl Lanes for Simd128Lanes {
    const NAME: &'static str = "simd128";

    type I8 = v128;
    type I16 = v128;
    type I32 = v128;
    type F32 = v128;
    type F64 = v128;

    #[inline(always)]
    fn inside<R>(work: impl FnOnce() -> R) -> R {
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
    fn rounded_product(value: v128, factors: [v128; 2]) -> v128 {
        let last = i32x4_shuffle::<2, 3, 2, 3>(value, value);
        let rounded = |half: v128, factor: v128| {
            let product = f64x2_mul(f64x2_convert_low_i32x4(half), factor);
            f64x2_add(product, f64x2_splat(ROUNDING_WIDE))
        };
        let halves = [rounded(value, factors[0]), rounded(last, factors[1])];
        i32x4_shuffle::<0, 2, 4, 6>(halves[0], halves[1])
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
