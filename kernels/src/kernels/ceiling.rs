//! How fast a machine can multiply and accumulate with a set's own instructions, at best.
//!
//! Each loop multiplies two small blocks of numbers that stay in the nearest cache, with its sums in
//! registers: what is left is the arithmetic itself. No kernel of the set can be faster, so its
//! share of this says how much a better one could still gain.

use super::{Portable, Reference};
use std::hint::black_box;

/// A set's bare arithmetic.
pub trait Ceiling {
    /// Multiplies the blocks `passes` times and returns the multiply-accumulates done.
    fn multiply(passes: u32) -> u64;
}

/// Products that are summed up in one pass: those of a usual layer.
const DEPTH: usize = 256;

impl Ceiling for Reference {
    fn multiply(passes: u32) -> u64 {
        scalar(passes)
    }
}

impl Ceiling for Portable {
    fn multiply(passes: u32) -> u64 {
        scalar(passes)
    }
}

#[cfg(target_arch = "wasm32")]
impl Ceiling for super::Simd128 {
    fn multiply(passes: u32) -> u64 {
        wasm::simd128(passes)
    }
}

#[cfg(all(target_arch = "wasm32", feature = "relaxed-simd"))]
impl Ceiling for super::RelaxedSimd {
    fn multiply(passes: u32) -> u64 {
        // Its kernels multiply as those of plain SIMD do.
        wasm::simd128(passes)
    }
}

/// Two rows by four columns of `i32` sums, from `i16` operands; a compiler may use vectors where
/// the target has any.
fn scalar(passes: u32) -> u64 {
    const ROWS: usize = 2;
    const COLUMNS: usize = 4;
    let rows = black_box([[3i16, -7]; DEPTH]);
    let columns = black_box([[-5i16, 2, 9, -1]; DEPTH]);
    let (mut upper, mut lower) = ([0i32; COLUMNS], [0i32; COLUMNS]);
    for _ in 0..passes {
        for (row, column) in rows.iter().zip(&columns) {
            let [above, below] = row.map(i32::from);
            for c in 0..COLUMNS {
                let value = i32::from(column[c]);
                upper[c] = upper[c].wrapping_add(above.wrapping_mul(value));
                lower[c] = lower[c].wrapping_add(below.wrapping_mul(value));
            }
        }
    }
    black_box((upper, lower));
    u64::from(passes) * (ROWS * COLUMNS * DEPTH) as u64
}

#[cfg(target_arch = "wasm32")]
mod wasm {
    //! Three rows by four columns of vectors of sums: with the operands they fill the registers.

    use super::{DEPTH, black_box};
    use std::arch::wasm32::{i16x8_splat, i32x4_add, i32x4_dot_i16x8, i32x4_splat};

    const ROWS: usize = 3;
    const COLUMNS: usize = 4;

    /// With `i32x4.dot_i16x8_s`, eight products each.
    #[target_feature(enable = "simd128")]
    pub(super) fn simd128(passes: u32) -> u64 {
        const VECTORS: usize = DEPTH / 8;
        let rows = black_box([[i16x8_splat(3); ROWS]; VECTORS]);
        let columns = black_box([[i16x8_splat(-5); COLUMNS]; VECTORS]);
        let mut sums = [[i32x4_splat(0); COLUMNS]; ROWS];
        for _ in 0..passes {
            for (row, column) in rows.iter().zip(&columns) {
                for r in 0..ROWS {
                    for c in 0..COLUMNS {
                        sums[r][c] = i32x4_add(sums[r][c], i32x4_dot_i16x8(row[r], column[c]));
                    }
                }
            }
        }
        black_box(sums);
        u64::from(passes) * (ROWS * COLUMNS * DEPTH) as u64
    }
}
