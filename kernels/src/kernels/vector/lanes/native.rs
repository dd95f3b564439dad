//! Lanes in the vectors of the machine at hand, by the crate `wide`: SSE2, NEON, or arrays.

use super::{Lanes, ROUNDING};
use crate::quant::BELOW_HALF;
use bytemuck::cast;
use std::array::from_fn;
use wide::{f32x4, f64x2, i8x16, i16x8, i16x16, i32x4, i32x8, u64x2};

/// Vectors of whatever machine the command line runs on.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct NativeLanes;

impl Lanes for NativeLanes {
    const NAME: &'static str = "native";

    type I8 = i8x16;
    type I16 = i16x8;
    type I32 = i32x4;
    type F32 = f32x4;
    type F64 = f64x2;

    #[inline(always)]
    fn inside<R>(work: impl FnOnce() -> R) -> R {
        work()
    }

    #[inline(always)]
    fn i8(bytes: &[u8; 16]) -> i8x16 {
        cast(*bytes)
    }

    #[inline(always)]
    fn splat_i8(value: i8) -> i8x16 {
        i8x16::splat(value)
    }

    #[inline(always)]
    fn i8_bytes(vector: i8x16) -> [u8; 16] {
        cast(vector)
    }

    #[inline(always)]
    fn max_i8(a: i8x16, b: i8x16) -> i8x16 {
        a.max(b)
    }

    #[inline(always)]
    fn min_i8(a: i8x16, b: i8x16) -> i8x16 {
        a.min(b)
    }

    #[inline(always)]
    fn i16(bytes: &[u8; 16]) -> i16x8 {
        let (words, _) = bytes.as_chunks::<2>();
        i16x8::new(from_fn(|i| i16::from_le_bytes(words[i])))
    }

    #[inline(always)]
    fn i16_bytes(vector: i16x8) -> [u8; 16] {
        let words: [i16; 8] = cast(vector);
        from_fn(|i| words[i / 2].to_le_bytes()[i % 2])
    }

    #[inline(always)]
    fn widened(bytes: &[u8; 8]) -> i16x8 {
        let word = u64::from_ne_bytes(*bytes);
        Self::halves(cast([word, word]))[0]
    }

    #[inline(always)]
    fn pairs([a, b, c, d]: [u8; 4]) -> i16x8 {
        let [first, second] = [i16::from_le_bytes([a, b]), i16::from_le_bytes([c, d])];
        cast(i32x4::splat(cast([first, second])))
    }

    #[inline(always)]
    fn interleaved(a: &[u8; 8], b: &[u8; 8]) -> [i16x8; 2] {
        let bytes: [u8; 16] = from_fn(|i| if i % 2 == 0 { a[i / 2] } else { b[i / 2] });
        Self::halves(cast(bytes))
    }

    #[inline(always)]
    fn zipped_pairs(a: i16x8, b: i16x8) -> [i16x8; 2] {
        let (a, b): ([i32; 4], [i32; 4]) = (cast(a), cast(b));
        [cast([a[0], b[0], a[1], b[1]]), cast([a[2], b[2], a[3], b[3]])]
    }

    #[inline(always)]
    fn add_i16(a: i16x8, b: i16x8) -> i16x8 {
        a + b
    }

    #[inline(always)]
    fn sub_i16(a: i16x8, b: i16x8) -> i16x8 {
        a - b
    }

    #[inline(always)]
    fn mul_i16(a: i16x8, b: i16x8) -> i16x8 {
        a * b
    }

    #[inline(always)]
    fn as_i32(vector: i16x8) -> i32x4 {
        cast(vector)
    }

    #[inline(always)]
    fn i32(values: [i32; 4]) -> i32x4 {
        i32x4::new(values)
    }

    #[inline(always)]
    fn i32_values(vector: i32x4) -> [i32; 4] {
        cast(vector)
    }

    #[inline(always)]
    fn add(a: i32x4, b: i32x4) -> i32x4 {
        a + b
    }

    #[inline(always)]
    fn sub(a: i32x4, b: i32x4) -> i32x4 {
        a - b
    }

    #[inline(always)]
    fn dot_add(sum: i32x4, a: i16x8, b: i16x8) -> i32x4 {
        sum + a.dot(b)
    }

    #[inline(always)]
    fn add_where_negative(value: i32x4, step: i32x4) -> i32x4 {
        value + ((value >> 31) & step)
    }

    #[inline(always)]
    fn less_where_equal(value: i32x4, a: i32x4, b: i32x4) -> i32x4 {
        value + a.simd_eq(b)
    }

    #[inline(always)]
    fn f32(values: [f32; 4]) -> f32x4 {
        f32x4::new(values)
    }

    #[inline(always)]
    fn float(value: i32x4) -> f32x4 {
        f32x4::from_i32x4(value)
    }

    #[inline(always)]
    fn add_f32(a: f32x4, b: f32x4) -> f32x4 {
        a + b
    }

    #[inline(always)]
    fn mul_f32(a: f32x4, b: f32x4) -> f32x4 {
        a * b
    }

    #[inline(always)]
    fn rounded(value: f32x4, base: i32x4) -> i32x4 {
        let sum: i32x4 = cast(value + f32x4::splat(ROUNDING));
        sum - base
    }

    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "saturates")]
    fn quotient(bytes: &[u8; 16], divisor: f32x4, low: i32x4, high: i32x4) -> i32x4 {
        let (words, _) = bytes.as_chunks::<4>();
        let quotients = f32x4::new(from_fn(|i| f32::from_le_bytes(words[i]))) / divisor;
        let quotients: [f32; 4] = cast(quotients);
        let rounded = quotients.map(|value| (value + BELOW_HALF.copysign(value)) as i32);
        i32x4::new(rounded).max(low).min(high)
    }

    #[inline(always)]
    fn f64(values: [f64; 2]) -> f64x2 {
        f64x2::new(values)
    }

    #[inline(always)]
    fn high_bits(value: i32x4, factors: [f64x2; 2], constants: [f64x2; 2]) -> i32x4 {
        let [_, last]: [u64; 2] = cast(value);
        let halves = [value, cast([last, last])].map(f64x2::from_i32x4_lower2);
        let sums: [u64x2; 2] = from_fn(|i| cast(halves[i] * factors[i] + constants[i]));
        let words: [u64; 4] = cast(sums);
        i32x4::new(words.map(|word| ((word >> 32) as u32).cast_signed()))
    }

    #[inline(always)]
    fn halves(vector: i8x16) -> [i16x8; 2] {
        cast(i16x16::from_i8x16(vector))
    }

    #[inline(always)]
    fn quarters(vector: i16x8) -> [i32x4; 2] {
        cast(i32x8::from_i16x8(vector))
    }

    #[inline(always)]
    fn narrowed([a, b, c, d]: [i32x4; 4]) -> i8x16 {
        let halves = [cast([a, b]), cast([c, d])].map(i16x8::from_i32x8_saturate);
        i8x16::from_i16x16_saturate(cast(halves))
    }
}
