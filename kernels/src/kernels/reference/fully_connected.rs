//! FULLY_CONNECTED.

use super::{Call, output_stage};
use crate::operator::FullyConnected;

/// `output[b, o] = bias[o] + sum of (input - zero point) * (weight - zero point)`, requantized.
///
/// Source: TensorFlow Lite `reference/integer_ops/fully_connected.h`.
pub(super) fn fully_connected(dense: &FullyConnected, arena: &mut [u8], call: &Call<'_>) -> u64 {
    let (depth, outputs) = (dense.depth, dense.outputs());
    let mut macs = 0;
    for batch in 0..dense.batches {
        let input = call.inputs[0].offset + batch * depth;
        let output = call.output.offset + batch * outputs;
        for o in 0..outputs {
            let values = &arena[input..][..depth];
            let weights = &dense.weights[o * depth..][..depth];
            let mut sum = dense.bias[o];
            for (&value, &weight) in values.iter().zip(weights) {
                let value = i32::from(value.cast_signed()).wrapping_sub(dense.input_zero_point);
                let weight = i32::from(weight).wrapping_sub(dense.weights_zero_point);
                sum = sum.wrapping_add(value.wrapping_mul(weight));
            }
            macs += depth as u64;
            arena[output + o] =
                output_stage(sum, dense.multipliers[o], dense.output_zero_point, dense.clamp);
        }
    }
    macs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        kernels::{Reference, suite::whole},
        operator::Operator,
        quant::Multiplier,
    };

    #[test]
    fn weights_have_a_zero_point_too() {
        let dense = Operator::FullyConnected(FullyConnected {
            batches: 2,
            depth: 2,
            weights: vec![3, 4, 2, 12].into(),
            bias: vec![1, 0].into(),
            multipliers: vec![Multiplier::from_real(1.0).unwrap(); 2].into(),
            input_zero_point: 1,
            weights_zero_point: 2,
            output_zero_point: 5,
            clamp: (0, 127),
        });
        // Weights 1 2 and 0 10; inputs 2 3 and 0 -4.
        let input = [3i8, 4, 1, -3].map(i8::cast_unsigned).to_vec();
        let (output, macs) = whole::<Reference>(&dense, &[input]);
        assert_eq!((output, macs), (vec![14, 35, 0, 0], 8));
    }
}
