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
