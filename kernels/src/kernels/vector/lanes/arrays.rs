//! Lanes as plain arrays: for every machine, and for the compiler to make vectors of.

use super::{Lanes, ROUNDING};
use crate::quant::BELOW_HALF;
use std::array::from_fn;

/// Arrays of numbers. Fused ones stand for machines that multiply and add in one rounding, in tests.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Arrays<const IS_FUSED: bool = false>;

impl<const IS_FUSED: bool> Lanes for Arrays<IS_FUSED> {
    const NAME: &'static str = if IS_FUSED { "fused" } else { "portable" };

    const HAS_VECTORS: bool = false;

    type I8 = [i8; 16];
    type I16 = [i16; 8];
    type I32 = [i32; 4];
    type F32 = [f32; 4];
    type F64 = [f64; 2];

    #[inline(always)]
    fn inside<R>(work: impl FnOnce() -> R) -> R {
        work()
    }

    #[inline(always)]
    fn i8(bytes: &[u8; 16]) -> [i8; 16] {
        bytes.map(u8::cast_signed)
    }

    #[inline(always)]
    fn splat_i8(value: i8) -> [i8; 16] {
        [value; 16]
    }

    #[inline(always)]
    fn i8_bytes(vector: [i8; 16]) -> [u8; 16] {
        vector.map(i8::cast_unsigned)
    }

    #[inline(always)]
    fn max_i8(a: [i8; 16], b: [i8; 16]) -> [i8; 16] {
        from_fn(|i| a[i].max(b[i]))
    }

    #[inline(always)]
    fn min_i8(a: [i8; 16], b: [i8; 16]) -> [i8; 16] {
        from_fn(|i| a[i].min(b[i]))
    }

    #[inline(always)]
    fn i16(bytes: &[u8; 16]) -> [i16; 8] {
        from_fn(|i| i16::from_le_bytes([bytes[2 * i], bytes[2 * i + 1]]))
    }

    #[inline(always)]
    fn i16_bytes(vector: [i16; 8]) -> [u8; 16] {
        from_fn(|i| vector[i / 2].to_le_bytes()[i % 2])
    }

    #[inline(always)]
    fn widened(bytes: &[u8; 8]) -> [i16; 8] {
        bytes.map(|byte| i16::from(byte.cast_signed()))
    }

    #[inline(always)]
    fn pairs([a, b, c, d]: [u8; 4]) -> [i16; 8] {
        let pair = [i16::from_le_bytes([a, b]), i16::from_le_bytes([c, d])];
        from_fn(|i| pair[i % 2])
    }

    #[inline(always)]
    fn interleaved(a: &[u8; 8], b: &[u8; 8]) -> [[i16; 8]; 2] {
        let lane = |i: usize| {
            let byte = if i.is_multiple_of(2) { a[i / 2] } else { b[i / 2] };
            i16::from(byte.cast_signed())
        };
        [from_fn(lane), from_fn(|i| lane(i + 8))]
    }

    #[inline(always)]
    fn zipped_pairs(a: [i16; 8], b: [i16; 8]) -> [[i16; 8]; 2] {
        let lane = |i: usize| if i % 4 < 2 { a[i / 4 * 2 + i % 2] } else { b[i / 4 * 2 + i % 2] };
        [from_fn(lane), from_fn(|i| lane(i + 8))]
    }

    #[inline(always)]
    fn add_i16(a: [i16; 8], b: [i16; 8]) -> [i16; 8] {
        from_fn(|i| a[i].wrapping_add(b[i]))
    }

    #[inline(always)]
    fn sub_i16(a: [i16; 8], b: [i16; 8]) -> [i16; 8] {
        from_fn(|i| a[i].wrapping_sub(b[i]))
    }

    #[inline(always)]
    fn mul_i16(a: [i16; 8], b: [i16; 8]) -> [i16; 8] {
        from_fn(|i| a[i].wrapping_mul(b[i]))
    }

    #[inline(always)]
    fn as_i32(vector: [i16; 8]) -> [i32; 4] {
        from_fn(|i| {
            let low = i32::from(vector[2 * i].cast_unsigned());
            low | i32::from(vector[2 * i + 1]) << 16
        })
    }

    #[inline(always)]
    fn i32(values: [i32; 4]) -> [i32; 4] {
        values
    }

    #[inline(always)]
    fn i32_values(vector: [i32; 4]) -> [i32; 4] {
        vector
    }

    #[inline(always)]
    fn add(a: [i32; 4], b: [i32; 4]) -> [i32; 4] {
        from_fn(|i| a[i].wrapping_add(b[i]))
    }

    #[inline(always)]
    fn sub(a: [i32; 4], b: [i32; 4]) -> [i32; 4] {
        from_fn(|i| a[i].wrapping_sub(b[i]))
    }

    #[inline(always)]
    fn dot_add(sum: [i32; 4], a: [i16; 8], b: [i16; 8]) -> [i32; 4] {
        let product = |i: usize| i32::from(a[i]).wrapping_mul(i32::from(b[i]));
        from_fn(|i| sum[i].wrapping_add(product(2 * i).wrapping_add(product(2 * i + 1))))
    }

    #[inline(always)]
    fn add_where_negative(value: [i32; 4], step: [i32; 4]) -> [i32; 4] {
        from_fn(|i| value[i].wrapping_add((value[i] >> 31) & step[i]))
    }

    #[inline(always)]
    fn less_where_equal(value: [i32; 4], a: [i32; 4], b: [i32; 4]) -> [i32; 4] {
        from_fn(|i| value[i].wrapping_sub(i32::from(a[i] == b[i])))
    }

    #[inline(always)]
    fn f32(values: [f32; 4]) -> [f32; 4] {
        values
    }

    #[inline(always)]
    #[expect(clippy::cast_precision_loss, reason = "to the nearest, as the trait says")]
    fn float(value: [i32; 4]) -> [f32; 4] {
        value.map(|lane| lane as f32)
    }

    #[inline(always)]
    fn add_f32(a: [f32; 4], b: [f32; 4]) -> [f32; 4] {
        from_fn(|i| a[i] + b[i])
    }

    #[inline(always)]
    fn mul_f32(a: [f32; 4], b: [f32; 4]) -> [f32; 4] {
        from_fn(|i| a[i] * b[i])
    }

    #[inline(always)]
    fn is_fused() -> bool {
        IS_FUSED
    }

    #[inline(always)]
    fn scaled(value: [i32; 4], factor: [f32; 4], base: [i32; 4]) -> [i32; 4] {
        let value = Self::float(value);
        if !IS_FUSED {
            return Self::rounded(Self::mul_f32(value, factor), base);
        }
        from_fn(|i| {
            let sum = value[i].mul_add(factor[i], ROUNDING);
            sum.to_bits().cast_signed().wrapping_sub(base[i])
        })
    }

    #[inline(always)]
    fn rounded(value: [f32; 4], base: [i32; 4]) -> [i32; 4] {
        from_fn(|i| (value[i] + ROUNDING).to_bits().cast_signed().wrapping_sub(base[i]))
    }

    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "saturates")]
    fn quotient(bytes: &[u8; 16], divisor: [f32; 4], low: [i32; 4], high: [i32; 4]) -> [i32; 4] {
        let (words, _) = bytes.as_chunks::<4>();
        from_fn(|i| {
            let quotient = f32::from_le_bytes(words[i]) / divisor[i];
            let rounded = (quotient + BELOW_HALF.copysign(quotient)) as i32;
            rounded.max(low[i]).min(high[i])
        })
    }

    #[inline(always)]
    fn f64(values: [f64; 2]) -> [f64; 2] {
        values
    }

    #[inline(always)]
    fn high_bits(value: [i32; 4], factors: [[f64; 2]; 2], constants: [[f64; 2]; 2]) -> [i32; 4] {
        from_fn(|i| {
            let [at, lane] = [i / 2, i % 2];
            let sum = f64::from(value[i]) * factors[at][lane] + constants[at][lane];
            ((sum.to_bits() >> 32) as u32).cast_signed()
        })
    }

    #[inline(always)]
    fn halves(vector: [i8; 16]) -> [[i16; 8]; 2] {
        [from_fn(|i| i16::from(vector[i])), from_fn(|i| i16::from(vector[i + 8]))]
    }

    #[inline(always)]
    fn quarters(vector: [i16; 8]) -> [[i32; 4]; 2] {
        [from_fn(|i| i32::from(vector[i])), from_fn(|i| i32::from(vector[i + 4]))]
    }

    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "clamped to int8")]
    fn narrowed(vectors: [[i32; 4]; 4]) -> [i8; 16] {
        from_fn(|i| vectors[i / 4][i % 4].clamp(-128, 127) as i8)
    }
}
