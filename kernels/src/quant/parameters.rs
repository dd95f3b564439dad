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
    let steps = (real / params.scale).round() as i32;
    let quantized = steps.saturating_add(params.zero_point).clamp(-128, 127);
    #[expect(clippy::cast_possible_truncation, reason = "clamped to int8")]
    let quantized = quantized as i8;
    quantized
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
    fn every_int8_value_survives_the_round_trip() {
        let params = QuantParams { scale: 0.007_843_138, zero_point: 3 };
        for value in i8::MIN..=i8::MAX {
            assert_eq!(quantize(dequantize(value, params), params), value);
        }
    }
}
