//! TRANSPOSE.

use super::Call;
use crate::operator::Transpose;

/// Output element `[i, j, ...]` is the input element whose index along axis `permutation[n]` is the
/// output's n-th.
///
/// Source: TensorFlow Lite `reference/transpose.h`.
pub(super) fn transpose(transpose: &Transpose, arena: &mut [u8], call: &Call<'_>) {
    let elements = transpose.input_dims.iter().product();
    for output in 0..elements {
        let (mut index, mut source) = (output, 0);
        for &axis in transpose.permutation.iter().rev() {
            let side = transpose.input_dims[axis];
            let step: usize = transpose.input_dims[axis + 1..].iter().product();
            source += index % side * step;
            index /= side;
        }
        arena[call.output.offset + output] = arena[call.inputs[0].offset + source];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        kernels::{Reference, suite::whole},
        operator::Operator,
    };

    #[track_caller]
    fn check(input_dims: &[usize], permutation: &[usize], expected: &[u8]) {
        let transpose = Operator::Transpose(Transpose {
            input_dims: input_dims.to_vec(),
            permutation: permutation.to_vec(),
        });
        let (output, _) = whole::<Reference>(&transpose, &[(0..6).collect()]);
        assert_eq!(output, expected);
    }

    #[test]
    fn axes_change_places() {
        check(&[2, 3], &[1, 0], &[0, 3, 1, 4, 2, 5]);
        check(&[2, 3], &[0, 1], &[0, 1, 2, 3, 4, 5]);
        check(&[1, 2, 1, 1, 3, 1, 1, 1], &[4, 7, 1, 0, 6, 5, 3, 2], &[0, 3, 1, 4, 2, 5]);
    }
}
