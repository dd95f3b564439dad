//! Scale and zero point of a tensor, and the step between real numbers and int8.

use serde::{Deserialize, Serialize};

/// Scale and zero point of a tensor quantized as a whole.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct QuantParams {
    /// The real value of one step; positive and finite.
    pub scale: f32,
    /// The quantized value that means 0.
    pub zero_point: i32,
}

/// The int8 value nearest to `real`: rounds `real / scale` half away from zero, then saturates.
///
/// Not-a-number gives the zero point.
///
/// Source: TensorFlow Lite `reference/quantize.h`, `AffineQuantize`.
#[must_use]
pub fn quantize(real: f32, params: QuantParams) -> i8 {
    #[expect(clippy::cast_possible_truncation, reason = "saturates, which the clamp then narrows")]
    let steps = half_away(real / params.scale) as i32;
    let quantized = steps.saturating_add(params.zero_point).clamp(-128, 127);
    #[expect(clippy::cast_possible_truncation, reason = "clamped to int8")]
    let quantized = quantized as i8;
    quantized
}

/// The greatest float32 below one half: added to a number before it is truncated, rounds half away
/// from zero, also where the number is the greatest below one half itself.
pub const BELOW_HALF: f32 = 0.5 - f32::EPSILON / 4.0;

/// A number whose truncation is `value` rounded half away from zero; a few instructions where
/// `f32::round` is a call.
fn half_away(value: f32) -> f32 {
    value + BELOW_HALF.copysign(value)
}

/// The real value of an int8 value, in one rounding.
///
/// Source: TensorFlow Lite `reference/dequantize.h`.
#[must_use]
pub fn dequantize(quantized: i8, params: QuantParams) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "the difference has at most ten bits")]
    let steps = (i32::from(quantized) - params.zero_point) as f32;
    params.scale * steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantize_rounds_half_away_and_saturates() {
        let params = QuantParams { scale: 0.5, zero_point: -1 };
        let cases = [(0.0, -1), (0.25, 0), (-0.25, -2), (1e9, 127), (-1e9, -128), (f32::NAN, -1)];
        for (real, expected) in cases {
            assert_eq!(quantize(real, params), expected, "{real}");
        }
    }

    #[test]
    fn truncation_rounds_half_away_near_every_half() {
        let neighbours = |value: f32| [value.next_down(), value, value.next_up()];
        let halves = (0..1 << 12).map(|half: i16| f32::from(half) / 2.0);
        // From here on float32 has few digits, then none behind the point.
        let large = (20..=24).map(|bits| 2f32.powi(bits));
        let far = large.flat_map(|value| [value, value - 0.5, value + 0.5, value + 1.0]);
        for value in halves.chain(far).flat_map(neighbours) {
            for value in [value, -value] {
                let bits = (half_away(value).trunc().to_bits(), value.round().to_bits());
                assert_eq!(bits.0, bits.1, "{value:e}");
            }
        }
    }

    #[test]
    fn every_int8_value_survives_the_round_trip() {
        let params = QuantParams { scale: 0.007_843_138, zero_point: 3 };
        for value in i8::MIN..=i8::MAX {
            assert_eq!(quantize(dequantize(value, params), params), value);
        }
    }
}
