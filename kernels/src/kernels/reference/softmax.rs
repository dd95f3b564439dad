//! SOFTMAX.

use super::{Call, clamped};
use crate::{
    operator::Softmax,
    quant::{
        exp_of_non_positive, reciprocal_of_one_plus, rounding_divide_by_power_of_two,
        saturating_rounding_doubling_high_multiply,
    },
};

/// Integer bits of the sum of exponentials.
const SUM_INTEGER_BITS: u32 = 12;

/// `exp(x - max) / sum of exp(x - max)` for each row, in fixed point, at scale 1/256 and zero point
/// -128.
///
/// Source: TensorFlow Lite `reference/softmax.h`, int8 to int8.
pub(super) fn softmax(softmax: &Softmax, arena: &mut [u8], call: &Call<'_>) {
    softmax_by(softmax, arena, call, |difference| exponential(softmax, difference));
}

/// [`softmax`] with the exponentials from elsewhere, by the difference from the row's maximum.
pub(in crate::kernels) fn softmax_by(
    softmax: &Softmax,
    arena: &mut [u8],
    call: &Call<'_>,
    exponential: impl Fn(i32) -> i32,
) {
    let difference = |value: u8, greatest: i8| i32::from(value.cast_signed()) - i32::from(greatest);
    for row in 0..softmax.rows {
        let input = call.inputs[0].offset + row * softmax.depth;
        let output = call.output.offset + row * softmax.depth;
        let values = &arena[input..][..softmax.depth];
        let greatest = values.iter().map(|value| value.cast_signed()).max().unwrap_or(0);
        let sum = values.iter().fold(0i32, |sum, &value| {
            let exponential = exponential(difference(value, greatest));
            sum.wrapping_add(rounding_divide_by_power_of_two(exponential, SUM_INTEGER_BITS))
        });
        let (reciprocal, sum_bits) = reciprocal(sum);
        for index in 0..softmax.depth {
            let exponential = exponential(difference(arena[input + index], greatest));
            let quotient = saturating_rounding_doubling_high_multiply(reciprocal, exponential);
            arena[output + index] = clamped(
                scaled_to_eight_bits(quotient, sum_bits) + i32::from(i8::MIN),
                (i8::MIN, i8::MAX),
            );
        }
    }
}

/// `exp(difference)` in Q0.31; 0 where the difference is below the least that counts.
pub(in crate::kernels) fn exponential(softmax: &Softmax, difference: i32) -> i32 {
    if difference < softmax.least_difference {
        return 0;
    }
    exp_of_non_positive(softmax.multiplier.apply(difference))
}

/// The reciprocal of a sum in Q12.19 as a value in Q0.31 to be divided by two to the power of the
/// second number.
///
/// Source: TensorFlow Lite `common.h`, `GetReciprocal`.
fn reciprocal(sum: i32) -> (i32, i32) {
    let headroom = sum.leading_zeros();
    let fraction = sum.cast_unsigned().wrapping_shl(headroom).wrapping_sub(1 << 31);
    let bits = SUM_INTEGER_BITS.cast_signed() - headroom.cast_signed();
    (reciprocal_of_one_plus(fraction.cast_signed()), bits)
}

/// `quotient / 2^sum_bits` in Q0.31 as a multiple of 1/256.
///
/// From a sum of 2^9 on (512 or more values near the maximum) the divisor leaves 32 bits:
/// TensorFlow Lite Micro stops there on an assertion. The quotient rounds to 0, and so does this.
fn scaled_to_eight_bits(quotient: i32, sum_bits: i32) -> i32 {
    match u32::try_from(sum_bits + 31 - 8) {
        Ok(exponent) if exponent <= 31 => rounding_divide_by_power_of_two(quotient, exponent),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        kernels::{Reference, suite::whole},
        operator::Operator,
    };

    #[track_caller]
    fn check(depth: usize, scale: f32, input: &[i8], expected: &[i8]) {
        let rows = input.len() / depth;
        let softmax = Operator::Softmax(Softmax::new(rows, depth, 1.0, scale).unwrap());
        let bytes = |values: &[i8]| values.iter().map(|value| value.cast_unsigned()).collect();
        let expected: Vec<u8> = bytes(expected);
        assert_eq!(whole::<Reference>(&softmax, &[bytes(input)]).0, expected);
    }

    #[test]
    fn equal_values_share_the_whole() {
        check(1, 0.1, &[5], &[127]);
        check(4, 0.1, &[7; 4], &[-64; 4]);
        check(2, 0.1, &[-128, -128, 127, 127], &[0; 4]);
    }

    #[test]
    fn far_values_vanish() {
        check(3, 0.1, &[-128, 127, -128], &[-128, 127, -128]);
        // e^-1 : 1 is 0.269 to 0.731 of 256.
        check(2, 0.1, &[0, 10], &[-59, 59]);
    }

    #[test]
    fn more_equal_values_than_the_fixed_point_holds_give_nothing() {
        check(512, 0.1, &[3; 512], &[-128; 512]);
        check(10_000, 0.1, &[3; 10_000], &[-128; 10_000]);
    }
}
