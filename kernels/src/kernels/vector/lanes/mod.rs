//! Vectors of 128 bits and the few operations on them that the kernels are written in.
//!
//! [`Lanes`] says what a kernel may ask of the machine; its implementations differ in instructions
//! and never in a bit of a result. So a kernel is written once, and a set of kernels is a choice of
//! lanes.

mod arrays;
#[cfg(not(target_arch = "wasm32"))]
mod native;
#[cfg(target_arch = "wasm32")]
mod simd128;

pub use arrays::Arrays;
#[cfg(not(target_arch = "wasm32"))]
pub use native::NativeLanes;
#[cfg(target_arch = "wasm32")]
pub use simd128::Simd128Lanes;

use std::fmt::Debug;

/// Added to a number of at most 2^22 in magnitude, leaves the nearest integer (ties to even) in the
/// low bits of the sum.
pub(super) const ROUNDING: f32 = 12_582_912.0;

/// The bits of [`ROUNDING`], which the integer stands above.
pub(super) const ROUNDING_BITS: i32 = 0x4b40_0000;

/// Added to a float64 of less than 2^19 in magnitude, leaves its floor in the high 32 bits and its fraction
/// in the low ones.
pub(super) const FLOOR_WIDE: f64 = 1_572_864.0;

/// The high bits of [`FLOOR_WIDE`], which the floor stands above.
pub(super) const FLOOR_WIDE_BITS: i32 = 0x4138_0000;

/// One way of computing on vectors of 128 bits. All integer arithmetic wraps.
///
/// Every operation is to be inlined into the closure that [`Lanes::inside`] runs: only there the
/// instructions of the set exist.
pub trait Lanes: Clone + Copy + Debug + Default + Eq + 'static {
    /// The name of the set of kernels on these lanes.
    const NAME: &'static str;
    /// Whether vectors are more than a manner of speaking. Where they are not, loops are long and one rule
    /// fewer is worth more than what it saves.
    const HAS_VECTORS: bool = true;

    /// Sixteen int8.
    type I8: Copy + Debug;
    /// Eight int16.
    type I16: Copy + Debug;
    /// Four int32.
    type I32: Copy + Debug;
    /// Four float32.
    type F32: Copy + Debug;
    /// Two float64.
    type F64: Copy + Debug;

    /// Runs `work` with the instructions of the set at hand.
    fn inside<R>(work: impl FnOnce() -> R) -> R;

    /// Sixteen int8 from memory.
    fn i8(bytes: &[u8; 16]) -> Self::I8;
    /// The same int8 sixteen times.
    fn splat_i8(value: i8) -> Self::I8;
    /// The bytes as they lie in memory.
    fn i8_bytes(vector: Self::I8) -> [u8; 16];
    /// The greater of each two lanes.
    fn max_i8(a: Self::I8, b: Self::I8) -> Self::I8;
    /// The smaller of each two lanes.
    fn min_i8(a: Self::I8, b: Self::I8) -> Self::I8;

    /// Eight int16 from memory, little-endian.
    fn i16(bytes: &[u8; 16]) -> Self::I16;
    /// The bytes as they lie in memory.
    fn i16_bytes(vector: Self::I16) -> [u8; 16];
    /// Eight int8 from memory, sign-extended.
    fn widened(bytes: &[u8; 8]) -> Self::I16;
    /// A pair of int16 (little-endian), four times.
    fn pairs(word: [u8; 4]) -> Self::I16;
    /// Pairs of an int8 of `a` and one of `b`, sign-extended: of the first and of the second four.
    fn interleaved(a: &[u8; 8], b: &[u8; 8]) -> [Self::I16; 2];
    /// The pairs of `a` and `b` by turns: those of the first four int16 of each, then of the last four.
    fn zipped_pairs(a: Self::I16, b: Self::I16) -> [Self::I16; 2];
    /// The sum of each two lanes.
    fn add_i16(a: Self::I16, b: Self::I16) -> Self::I16;
    /// The difference of each two lanes.
    fn sub_i16(a: Self::I16, b: Self::I16) -> Self::I16;
    /// The product of each two lanes.
    fn mul_i16(a: Self::I16, b: Self::I16) -> Self::I16;

    /// The same bits as four int32.
    fn as_i32(vector: Self::I16) -> Self::I32;
    /// Four int32.
    fn i32(values: [i32; 4]) -> Self::I32;
    /// The lanes.
    fn i32_values(vector: Self::I32) -> [i32; 4];
    /// The sum of each two lanes.
    fn add(a: Self::I32, b: Self::I32) -> Self::I32;
    /// The difference of each two lanes.
    fn sub(a: Self::I32, b: Self::I32) -> Self::I32;
    /// Adds to each lane the dot product of two pairs of int16.
    fn dot_add(sum: Self::I32, a: Self::I16, b: Self::I16) -> Self::I32;
    /// Adds `step` to the lanes that are negative.
    fn add_where_negative(value: Self::I32, step: Self::I32) -> Self::I32;
    /// Takes 1 from the lanes of `value` where `a` equals `b`.
    fn less_where_equal(value: Self::I32, a: Self::I32, b: Self::I32) -> Self::I32;

    /// Four float32.
    fn f32(values: [f32; 4]) -> Self::F32;
    /// The nearest float32 to each int32.
    fn float(value: Self::I32) -> Self::F32;
    /// The sum of each two lanes.
    fn add_f32(a: Self::F32, b: Self::F32) -> Self::F32;
    /// The product of each two lanes.
    fn mul_f32(a: Self::F32, b: Self::F32) -> Self::F32;
    /// Whether [`Lanes::scaled`] rounds once, on this machine.
    fn is_fused() -> bool {
        false
    }
    /// [`Lanes::rounded`] of the product of each int32, as the nearest float32, with its factor. The product is
    /// rounded to float32 before, unless the lanes are fused.
    #[inline(always)]
    fn scaled(value: Self::I32, factor: Self::F32, base: Self::I32) -> Self::I32 {
        Self::rounded(Self::mul_f32(Self::float(value), factor), base)
    }
    /// The bits of `value +` 1.5 * 2^23, minus `base`: with the bits of 1.5 * 2^23 as base, the nearest
    /// integer.
    fn rounded(value: Self::F32, base: Self::I32) -> Self::I32;

    /// The quotient of four float32 from memory and four divisors, rounded half away from zero and
    /// clamped between `low` and `high`; 0 for not-a-number, before the clamp.
    fn quotient(bytes: &[u8; 16], divisor: Self::F32, low: Self::I32, high: Self::I32)
    -> Self::I32;

    /// Two float64.
    fn f64(values: [f64; 2]) -> Self::F64;
    /// The high 32 bits of the product of each int32 with its factor, plus its constant, in float64;
    /// rounded once or twice.
    fn high_bits(value: Self::I32, factors: [Self::F64; 2], constants: [Self::F64; 2])
    -> Self::I32;

    /// The first and the last eight int8 of a vector, sign-extended.
    fn halves(vector: Self::I8) -> [Self::I16; 2];
    /// The first and the last four int16 of a vector, sign-extended.
    fn quarters(vector: Self::I16) -> [Self::I32; 2];
    /// Sixteen int32, saturated to int8.
    fn narrowed(vectors: [Self::I32; 4]) -> Self::I8;

    /// [`Lanes::narrowed`], then clamped between `low` and `high`.
    #[inline(always)]
    fn clamped(vectors: [Self::I32; 4], [low, high]: [Self::I8; 2]) -> Self::I8 {
        Self::max_i8(Self::min_i8(Self::narrowed(vectors), high), low)
    }
}
