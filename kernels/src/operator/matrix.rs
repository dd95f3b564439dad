//! Operators on vectors: dense layers and softmax.

use crate::quant::Multiplier;
use std::sync::Arc;

/// FULLY_CONNECTED: `batches` vectors of `depth` inputs give as many vectors of outputs.
#[derive(Clone, Debug, PartialEq)]
pub struct FullyConnected {
    /// How many input vectors.
    pub batches: usize,
    /// Inputs of one vector.
    pub depth: usize,
    /// Weights, `[output][input]`; their count over `depth` is the number of outputs.
    pub weights: Arc<[i8]>,
    /// One bias for each output (zeros where the file has none).
    pub bias: Arc<[i32]>,
    /// `input scale * weight scale / output scale` for each output.
    pub multipliers: Arc<[Multiplier]>,
    /// Zero point of the input.
    pub input_zero_point: i32,
    /// Zero point of the weights (0 where they are quantized per channel).
    pub weights_zero_point: i32,
    /// Zero point of the output.
    pub output_zero_point: i32,
    /// The fused activation as a clamp `[low, high]`.
    pub clamp: (i8, i8),
}

impl FullyConnected {
    /// Outputs of one vector.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.bias.len()
    }
}

/// The multiplier of a FULLY_CONNECTED whose weights have one scale, or `None` where the scales
/// give none: the product of the scales in float32, then over the output's in float64.
///
/// With one scale for each output it is [`super::conv_multiplier`], in float64 throughout.
///
/// Source: TensorFlow Lite `kernel_util.cc`, `GetQuantizedConvolutionMultipler`.
#[must_use]
pub fn dense_multiplier(input: f32, weight: f32, output: f32) -> Option<Multiplier> {
    Multiplier::from_real(f64::from(input * weight) / f64::from(output))
}

/// SOFTMAX over rows of `depth` values; the output's scale is 1/256, its zero point -128.
///
/// Source: TensorFlow Lite `reference/softmax.h`, in gemmlowp fixed point.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Softmax {
    /// How many rows.
    pub rows: usize,
    /// Values of one row.
    pub depth: usize,
    /// `beta * input scale * 2^26`, at least 1: brings a difference to Q5.26.
    pub multiplier: Multiplier,
    /// Differences from the row's maximum below this count as minus infinity.
    pub least_difference: i32,
}

impl Softmax {
    /// SOFTMAX of `rows` rows of `depth` values, or `None` where `beta * input_scale` is outside
    /// `(2^-26, 16)`: below, TensorFlow Lite refuses it; above, its left shift overflows.
    ///
    /// `least_difference` is the least that Q5.26 holds after the multiplication: minus
    /// `floor(31 * 2^26 / 2^shift)`.
    ///
    /// Source: TensorFlow Lite `quantization_util.cc`, `PreprocessSoftmaxScaling` and
    /// `CalculateInputRadius`.
    #[must_use]
    pub fn new(rows: usize, depth: usize, beta: f32, input_scale: f32) -> Option<Self> {
        let real = f64::from(beta) * f64::from(input_scale) * f64::from(1 << 26);
        if real.is_nan() || real <= 1.0 {
            return None;
        }
        let multiplier = Multiplier::from_real(real)?;
        // From 1 to 2^30, so the shift is in 1..=30: an integer division is the floor.
        let radius = (31i64 << 26) >> multiplier.shift;
        let least_difference = -i32::try_from(radius).ok()?;
        Some(Self { rows, depth, multiplier, least_difference })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn softmax_keeps_differences_that_fit_five_integer_bits() {
        // beta * scale = 1/4: 2^24 is 0.5 * 2^25, and 31 * 2^26 / 2^25 = 62.
        let softmax = Softmax::new(1, 2, 1.0, 0.25).unwrap();
        assert_eq!(softmax.multiplier, Multiplier { fixed: 1 << 30, shift: 25 });
        assert_eq!(softmax.least_difference, -62);
    }

    #[test]
    fn softmax_refuses_scales_that_its_arithmetic_cannot_hold() {
        for scale in [0.0, -1.0, 1.0 / 67_108_864.0, 16.0, f32::INFINITY, f32::NAN] {
            assert_eq!(Softmax::new(1, 2, 1.0, scale), None, "{scale}");
        }
    }

    #[test]
    fn dense_multipliers_round_the_product_to_float32_first() {
        let (input, weight, output) = (0.1, 0.3, 0.7);
        let in_double = super::super::conv_multiplier(input, weight, output).unwrap();
        let dense = dense_multiplier(input, weight, output).unwrap();
        assert_eq!(dense.shift, in_double.shift);
        assert_ne!(dense.fixed, in_double.fixed);
    }
}
