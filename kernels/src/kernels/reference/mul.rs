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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        kernels::{Reference, suite::whole},
        operator::{Binary, Operand, Operator},
        tensor::Map,
    };

    #[test]
    fn a_constant_of_one_row_is_repeated() {
        let map = |height| Map { height, width: 1, channels: 2 };
        let mul = Operator::Mul(Mul {
            binary: Binary {
                operands: [Operand::Activation(map(3)), Operand::Constant(map(1), [4, -6].into())],
                output: map(3),
            },
            zero_points: [1, 0],
            output_multiplier: Mul::multiplier([0.5, 0.5], 0.5).unwrap(),
            output_zero_point: 7,
            clamp: (-128, 127),
        });
        // Distances 0 1, 2 3, 4 5 times 4 -6, halved.
        let (output, macs) = whole::<Reference>(&mul, &[(1..=6).collect()]);
        let expected = [7i8, 4, 11, -2, 15, -8].map(i8::cast_unsigned).to_vec();
        assert_eq!((output, macs), (expected, 0));
    }
}
