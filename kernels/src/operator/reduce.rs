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
    /// `input scale / output scale / n`; see [`Mean::new`] for how n is folded in.
    pub multiplier: Multiplier,
    /// Zero point of the input.
    pub input_zero_point: i32,
    /// Zero point of the output.
    pub output_zero_point: i32,
}

impl Mean {
    /// MEAN of `input_dims` over the axes that `reduced` marks, or `None` where the scales give no
    /// multiplier, the lists differ in length, or there is nothing to take a mean of.
    ///
    /// `zero_points` are the input's and the output's. 1/n is folded in as TensorFlow Lite does
    /// it: the significand is shifted left by `floor(log2(n))` (at most 32, and no more than the
    /// final shift allows) and divided by n, truncating; the shift makes up for it. So `fixed` need
    /// not be in `[2^30, 2^31)`.
    ///
    /// Source: TensorFlow Lite `reference/reduce.h`, `QuantizedMeanOrSum`.
    #[must_use]
    pub fn new(
        input_dims: Vec<usize>,
        reduced: Vec<bool>,
        scales: [f32; 2],
        zero_points: [i32; 2],
    ) -> Option<Self> {
        let quotient = Multiplier::from_real(f64::from(scales[0]) / f64::from(scales[1]))?;
        let [input_zero_point, output_zero_point] = zero_points;
        let mut mean =
            Self { input_dims, reduced, multiplier: quotient, input_zero_point, output_zero_point };
        if mean.input_dims.len() != mean.reduced.len() {
            return None;
        }
        let elements = i64::try_from(mean.reduced_elements()).ok()?;
        let shift =
            i64::from(elements.checked_ilog2()?).min(32).min(31 + i64::from(quotient.shift));
        mean.multiplier = Multiplier {
            fixed: i32::try_from((i64::from(quotient.fixed) << shift) / elements).ok()?,
            shift: quotient.shift - i32::try_from(shift).ok()?,
        };
        Some(mean)
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(n: usize, scales: [f32; 2], fixed: i32, shift: i32) {
        let mean = Mean::new(vec![n, 4], vec![true, false], scales, [0, 0]).unwrap();
        assert_eq!(mean.multiplier, Multiplier { fixed, shift });
    }

    #[test]
    fn the_number_of_elements_is_folded_into_the_multiplier() {
        check(1, [1.0, 1.0], 1 << 30, 1);
        check(8, [1.0, 1.0], 1 << 30, -2);
        check(3, [1.0, 1.0], 715_827_882, 0); // 2^31 / 3, truncated
        check(49, [0.5, 1.0], 701_219_150, -5); // 2^35 / 49
    }

    #[test]
    fn means_that_have_no_multiplier_are_refused() {
        assert_eq!(Mean::new(vec![2], vec![true], [1.0, 0.0], [0, 0]), None);
        assert_eq!(Mean::new(vec![2, 2], vec![true], [1.0, 1.0], [0, 0]), None);
        assert_eq!(Mean::new(vec![0], vec![true], [1.0, 1.0], [0, 0]), None);
    }
}
