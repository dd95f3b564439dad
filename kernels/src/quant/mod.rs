//! Affine quantization as TensorFlow Lite defines it: `real = scale * (quantized - zero_point)`.
//!
//! All integer arithmetic here rounds exactly as TensorFlow Lite Micro's reference kernels do;
//! bit-exactness of the whole engine rests on these few functions.
//!
//! Source: Jacob et al. 2018, "Quantization and Training of Neural Networks for Efficient
//! Integer-Arithmetic-Only Inference", section 2; gemmlowp `fixedpoint.h`.

mod activation;
mod fixed_point;
mod multiplier;
mod parameters;

pub use activation::{Activation, activation_range};
pub use fixed_point::{exp_of_non_positive, reciprocal_of_one_plus};
pub use multiplier::{
    Multiplier, rounding_divide_by_power_of_two, saturating_rounding_doubling_high_multiply,
};
pub use parameters::{BELOW_HALF, QuantParams, dequantize, quantize};
