//! Fused activations as clamps of the quantized output.

use super::QuantParams;
use serde::{Deserialize, Serialize};

/// A fused activation function, as the schema numbers them.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the field's names say all")]
pub enum Activation {
    None,
    Relu,
    ReluN1To1,
    Relu6,
    Tanh,
    SignBit,
}

impl Activation {
    /// The name as people write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Relu => "ReLU",
            Self::ReluN1To1 => "ReLU -1 to 1",
            Self::Relu6 => "ReLU6",
            Self::Tanh => "tanh",
            Self::SignBit => "sign bit",
        }
    }
}

/// The int8 range `[low, high]` that a fused activation leaves, or `None` for one that is no clamp.
///
/// Bounds are quantized half away from zero and saturate; `low` may exceed `high` only for absurd
/// zero points, where it is lowered to `high`.
///
/// Source: TensorFlow Lite `kernel_util.cc`, `CalculateActivationRangeQuantized`.
#[must_use]
pub fn activation_range(activation: Activation, output: QuantParams) -> Option<(i8, i8)> {
    let at = |real: f32| -> i32 {
        #[expect(clippy::cast_possible_truncation, reason = "saturates")]
        let steps = (real / output.scale).round() as i32;
        steps.saturating_add(output.zero_point)
    };
    let (low, high) = match activation {
        Activation::None => (-128, 127),
        Activation::Relu => (at(0.0).max(-128), 127),
        Activation::Relu6 => (at(0.0).max(-128), at(6.0).min(127)),
        Activation::ReluN1To1 => (at(-1.0).max(-128), at(1.0).min(127)),
        Activation::Tanh | Activation::SignBit => return None,
    };
    let (low, high) = (i8::try_from(low.min(127)).ok()?, i8::try_from(high.max(-128)).ok()?);
    Some((low.min(high), high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clamps_follow_the_zero_point() {
        let output = QuantParams { scale: 6.0 / 255.0, zero_point: -128 };
        assert_eq!(activation_range(Activation::None, output), Some((-128, 127)));
        assert_eq!(activation_range(Activation::Relu6, output), Some((-128, 127)));
        let output = QuantParams { scale: 0.1, zero_point: 10 };
        assert_eq!(activation_range(Activation::Relu, output), Some((10, 127)));
        assert_eq!(activation_range(Activation::Relu6, output), Some((10, 70)));
        assert_eq!(activation_range(Activation::ReluN1To1, output), Some((0, 20)));
        assert_eq!(activation_range(Activation::Tanh, output), None);
    }
}
