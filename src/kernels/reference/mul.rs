//! MUL.

use super::{Call, broadcast::for_each_pair, output_stage};
use crate::operator::Mul;

/// The product of the distances from the zero points, requantized.
///
/// Source: TensorFlow Lite `reference/integer_ops/mul.h`, `MulElementwise`.
pub(super) fn mul(mul: &Mul, arena: &mut [u8], call: &Call<'_>) {
    for_each_pair(&mul.binary, arena, call, |[left, right]| {
        let left = left.wrapping_sub(mul.zero_points[0]);
        let right = right.wrapping_sub(mul.zero_points[1]);
        let product = left.wrapping_mul(right);
        output_stage(product, mul.output_multiplier, mul.output_zero_point, mul.clamp)
    });
}
