//! MEAN.

use super::{Call, distance, output_stage};
use crate::operator::Mean;

/// The sum of the distances from the zero point over the reduced axes, requantized by a multiplier
/// that holds 1/n.
///
/// Source: TensorFlow Lite `reference/reduce.h`, `QuantizedMeanOrSum`.
pub(super) fn mean(mean: &Mean, arena: &mut [u8], call: &Call<'_>) {
    let reduced_elements = mean.reduced_elements();
    let outputs = mean.input_dims.iter().product::<usize>() / reduced_elements;
    for output in 0..outputs {
        let start = call.inputs[0].offset + input_index(mean, output, false);
        let mut sum = 0i32;
        for index in 0..reduced_elements {
            let address = start + input_index(mean, index, true);
            sum = sum.wrapping_add(distance(arena, address, mean.input_zero_point));
        }
        arena[call.output.offset + output] =
            output_stage(sum, mean.multiplier, mean.output_zero_point, (i8::MIN, i8::MAX));
    }
}

/// Where in the input element number `index` of the reduced (or of the kept) axes lies; the other
/// axes count as 0.
fn input_index(mean: &Mean, mut index: usize, reduced: bool) -> usize {
    let (mut position, mut step) = (0, 1);
    for (&side, &is_reduced) in mean.input_dims.iter().zip(&mean.reduced).rev() {
        if is_reduced == reduced {
            position += index % side * step;
            index /= side;
        }
        step *= side;
    }
    position
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        kernels::{Reference, suite::whole},
        operator::Operator,
    };

    #[track_caller]
    fn check(reduced: [bool; 3], expected: &[u8]) {
        let mean = Mean::new(vec![2, 3, 2], reduced.to_vec(), [1.0, 0.5], [1, 4]).unwrap();
        let (output, _) = whole::<Reference>(&Operator::Mean(mean), &[(1..=12).collect()]);
        assert_eq!(output, expected);
    }

    #[test]
    fn means_run_over_any_axes() {
        // Distances 0 to 11, doubled by the scales, plus 4.
        check([true, true, true], &[15]);
        check([true, true, false], &[14, 16]);
        check([false, true, false], &[8, 10, 20, 22]);
        check([true, false, true], &[11, 15, 19]);
        check([false, false, false], &[4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26]);
    }
}
