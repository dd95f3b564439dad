//! QUANTIZE (from float32, and from int8 to another scale) and DEQUANTIZE.

use super::{Call, distance, output_stage};
use crate::{
    operator::Requantize,
    quant::{self, QuantParams},
};

/// From float32 to int8.
///
/// Source: TensorFlow Lite `reference/quantize.h`, `AffineQuantize`.
pub(super) fn quantize(params: QuantParams, arena: &mut [u8], call: &Call<'_>) {
    for_each_element(call, |input, output| {
        let bytes = [arena[input], arena[input + 1], arena[input + 2], arena[input + 3]];
        arena[output] = quant::quantize(f32::from_le_bytes(bytes), params).cast_unsigned();
    });
}

/// From int8 to int8 of another scale.
///
/// Source: TensorFlow Lite `reference/requantize.h`.
pub(super) fn requantize(requantize: &Requantize, arena: &mut [u8], call: &Call<'_>) {
    let (multiplier, zero_point) = (requantize.multiplier, requantize.output_zero_point);
    for_each_element(call, |input, output| {
        let value = distance(arena, input, requantize.input_zero_point);
        arena[output] = output_stage(value, multiplier, zero_point, (i8::MIN, i8::MAX));
    });
}

/// From int8 to float32.
///
/// Source: TensorFlow Lite `reference/dequantize.h`.
pub(super) fn dequantize(params: QuantParams, arena: &mut [u8], call: &Call<'_>) {
    for_each_element(call, |input, output| {
        let real = quant::dequantize(arena[input].cast_signed(), params);
        arena[output..][..4].copy_from_slice(&real.to_le_bytes());
    });
}

/// Calls `step` with the addresses of input and output of every element of the region.
fn for_each_element(call: &Call<'_>, mut step: impl FnMut(usize, usize)) {
    let (input, output) = (&call.inputs[0], &call.output);
    for y in call.region.rows.indices() {
        for x in call.region.columns.indices() {
            for channel in 0..output.map.channels {
                step(
                    input.cell(y, x) + channel * input.element_bytes,
                    output.cell(y, x) + channel * output.element_bytes,
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        kernels::{Reference, suite::whole},
        operator::Operator,
        tensor::Map,
    };

    fn map(channels: usize) -> Map {
        Map { height: 1, width: 1, channels }
    }

    #[test]
    fn float32_and_back() {
        let params = QuantParams { scale: 0.5, zero_point: 3 };
        let floats: Vec<u8> =
            [-1.0f32, 0.25, 1e9].iter().flat_map(|real| real.to_le_bytes()).collect();
        let (ints, _) = whole::<Reference>(&Operator::Quantize(params, map(3)), &[floats]);
        assert_eq!(ints, [1, 4, 127]);
        let (floats, _) = whole::<Reference>(&Operator::Dequantize(params, map(3)), &[ints]);
        let expected: Vec<u8> =
            [-1.0f32, 0.5, 62.0].iter().flat_map(|real| real.to_le_bytes()).collect();
        assert_eq!(floats, expected);
    }

    #[test]
    fn int8_to_another_scale() {
        let requantize = Operator::Requantize(Requantize {
            map: map(4),
            multiplier: Requantize::multiplier(0.25, 0.5).unwrap(),
            input_zero_point: 0,
            output_zero_point: -100,
        });
        // Halves that are ties round up in the multiplication, away from zero in the shift.
        let input = [3i8, -3, 127, -128].map(i8::cast_unsigned).to_vec();
        let expected = [-98i8, -101, -36, -128].map(i8::cast_unsigned);
        assert_eq!(whole::<Reference>(&requantize, &[input]).0, expected);
    }
}
