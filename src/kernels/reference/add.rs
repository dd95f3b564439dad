//! ADD.

use super::{Call, broadcast::for_each_pair, output_stage};
use crate::operator::Add;

/// Both distances from the zero points are shifted left by 20 bits and scaled to the common scale;
/// the sum is requantized.
///
/// Source: TensorFlow Lite `reference/integer_ops/add.h`, `AddElementwise`.
pub(super) fn add(add: &Add, arena: &mut [u8], call: &Call<'_>) {
    let scaled = |value: i32, side: usize| {
        let distance = value.wrapping_sub(add.zero_points[side]);
        add.multipliers[side].apply(distance.wrapping_shl(Add::LEFT_SHIFT))
    };
    for_each_pair(&add.binary, arena, call, |[left, right]| {
        let sum = scaled(left, 0).wrapping_add(scaled(right, 1));
        output_stage(sum, add.output_multiplier, add.output_zero_point, add.clamp)
    });
}
