//! Operators that read their whole input in another order: means and transpositions.

use crate::quant::Multiplier;

/// MEAN over some axes of an int8 tensor.
///
/// `output = (sum - zero_point * n) * multiplier / n`, where 1/n is folded into the multiplier.
///
/// Source: TensorFlow Lite `reference/reduce.h`, `QuantizedMeanOrSum`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Mean {
    /// Dimensions of the input.
    pub input_dims: Vec<usize>,
    /// For each dimension, whether the mean runs over it.
    pub reduced: Vec<bool>,
    /// `input scale / output scale / n`.
    pub multiplier: Multiplier,
    /// Zero point of the input.
    pub input_zero_point: i32,
    /// Zero point of the output.
    pub output_zero_point: i32,
}

impl Mean {
    /// How many input elements make one output element: n.
    #[must_use]
    pub fn reduced_elements(&self) -> usize {
        let sides = self.input_dims.iter().zip(&self.reduced);
        sides.filter_map(|(&side, &reduced)| reduced.then_some(side)).product()
    }
}

/// TRANSPOSE of an int8 tensor.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Transpose {
    /// Dimensions of the input.
    pub input_dims: Vec<usize>,
    /// Output dimension `i` is input dimension `permutation[i]`.
    pub permutation: Vec<usize>,
}
