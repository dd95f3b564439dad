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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        kernels::{Reference, suite::whole},
        operator::{Binary, Operand, Operator},
        tensor::Map,
    };

    #[test]
    fn operands_of_different_scale_are_added() {
        let map = Map { height: 1, width: 1, channels: 4 };
        let (multipliers, output_multiplier) = Add::multipliers([0.5, 0.25], 0.5).unwrap();
        let add = Operator::Add(Add {
            binary: Binary {
                operands: [Operand::Activation(map), Operand::Activation(map)],
                output: map,
            },
            zero_points: [1, -2],
            multipliers,
            output_multiplier,
            output_zero_point: 10,
            clamp: (0, 127),
        });
        let bytes = |values: [i8; 4]| values.map(i8::cast_unsigned).to_vec();
        // Left in steps of 0.5: 4, -6, 0, 126. Right in steps of 0.25: 2, -4, 1, 129.
        let inputs = [bytes([5, -5, 1, 127]), bytes([0, -6, -1, 127])];
        assert_eq!(whole::<Reference>(&add, &inputs).0, [15, 2, 11, 127]);
    }

    #[test]
    fn scales_that_tensorflow_lite_refuses_have_no_multipliers() {
        assert_eq!(Add::multipliers([1.0, 1.0], 1.0 / 1_048_576.0), None);
        assert_eq!(Add::multipliers([0.0, 1.0], 1.0), None);
        assert_eq!(Add::multipliers([f32::NAN, f32::NAN], 1.0), None);
    }
}
