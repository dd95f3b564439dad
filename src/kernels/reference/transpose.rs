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
