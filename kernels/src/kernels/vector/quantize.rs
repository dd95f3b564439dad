//! Quantizing float32 values: inputs of a float boundary, before they come into the arena.

use super::lanes::Lanes;
use crate::quant::{self, QuantParams};

/// Values that are quantized together.
const BLOCK: usize = 16;

/// Quantizes the little-endian bytes of float32 values.
pub(super) fn quantize<L: Lanes>(reals: &[u8], params: QuantParams) -> Vec<u8> {
    let mut output = vec![0; reals.len() / 4];
    let (blocks, rest) = reals.as_chunks::<{ 4 * BLOCK }>();
    let (targets, target) = output.as_chunks_mut::<BLOCK>();
    // So that distances from the zero point do not overflow.
    if i16::try_from(params.zero_point).is_ok() {
        L::inside(|| quantize_blocks::<L>(blocks, params, targets));
    } else {
        quantize_each(blocks.as_flattened(), params, targets.as_flattened_mut());
    }
    quantize_each(rest, params, target);
    output
}

#[inline(always)]
fn quantize_blocks<L: Lanes>(
    blocks: &[[u8; 4 * BLOCK]],
    params: QuantParams,
    targets: &mut [[u8; BLOCK]],
) {
    let divisor = L::f32([params.scale; 4]);
    let zero_point = L::i32([params.zero_point; 4]);
    let low = L::i32([-128 - params.zero_point; 4]);
    let high = L::i32([127 - params.zero_point; 4]);
    for (block, target) in blocks.iter().zip(targets) {
        let words = block.as_chunks::<16>().0;
        let a = L::add(L::quotient(&words[0], divisor, low, high), zero_point);
        let b = L::add(L::quotient(&words[1], divisor, low, high), zero_point);
        let c = L::add(L::quotient(&words[2], divisor, low, high), zero_point);
        let d = L::add(L::quotient(&words[3], divisor, low, high), zero_point);
        *target = L::i8_bytes(L::narrowed([a, b, c, d]));
    }
}

fn quantize_each(reals: &[u8], params: QuantParams, targets: &mut [u8]) {
    for (word, target) in reals.as_chunks::<4>().0.iter().zip(targets) {
        *target = quant::quantize(f32::from_le_bytes(*word), params).cast_unsigned();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::vector::lanes::Arrays;

    #[test]
    fn blocks_and_rests_equal_each_value_quantized_alone() {
        let special = [f32::NAN, f32::INFINITY, -f32::INFINITY, 0.0, -0.0, 1e30, -1e30, 1e-40];
        let halves = (-700..700i16).map(|half| f32::from(half) * 0.25);
        let near = halves.flat_map(|value| [value.next_down(), value, value.next_up()]);
        let values: Vec<f32> = special.into_iter().chain(near).collect();
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        for zero_point in [0, -128, 127, 5, 70_000, i32::MIN, i32::MAX] {
            for scale in [0.5, 1.0, 0.003_921_569] {
                let params = QuantParams { scale, zero_point };
                let each = values.iter().map(|&value| quant::quantize(value, params));
                let expected: Vec<u8> = each.map(i8::cast_unsigned).collect();
                // Every length of the rest.
                for start in 0..BLOCK {
                    assert_eq!(quantize::<Arrays>(&bytes[4 * start..], params), expected[start..]);
                }
            }
        }
    }
}
