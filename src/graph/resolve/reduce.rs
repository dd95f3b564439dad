//! MEAN and TRANSPOSE.

use super::{
    Reason,
    tensors::{SCALE_RATIO, Tensors},
};
use crate::operator::{Mean, Operator, Transpose};

pub(super) fn mean(tensors: &Tensors<'_>) -> Result<Operator, Reason> {
    let (input, output) = (tensors.activation(0)?, tensors.output()?);
    let dims = tensors.tensor(input).shape.dims().to_vec();
    let mut reduced = vec![false; dims.len()];
    for &axis in tensors.integers(1, "axes")?.iter() {
        reduced[position(axis, dims.len())?] = true;
    }
    let kept = dims.iter().zip(&reduced).filter(|(_, reduced)| !**reduced);
    tensors.expect_elements(output, kept.map(|(side, _)| side).product())?;
    let (x, y) = (tensors.int8(input)?, tensors.int8(output)?);
    let zero_points = [x.zero_point, y.zero_point];
    Mean::new(dims, reduced, [x.scale, y.scale], zero_points).map(Operator::Mean).ok_or(SCALE_RATIO)
}

pub(super) fn transpose(tensors: &Tensors<'_>) -> Result<Operator, Reason> {
    let (input, output) = (tensors.activation(0)?, tensors.output()?);
    let input_dims = tensors.tensor(input).shape.dims().to_vec();
    let axes = tensors.integers(1, "permutation")?;
    let permutation =
        axes.iter().map(|&axis| position(axis, input_dims.len())).collect::<Result<Vec<_>, _>>()?;
    let mut seen = vec![false; input_dims.len()];
    for &axis in &permutation {
        seen[axis] = true;
    }
    let expected: Vec<_> = permutation.iter().map(|&axis| input_dims[axis]).collect();
    if permutation.len() != input_dims.len()
        || seen.contains(&false)
        || tensors.tensor(output).shape.dims() != expected
    {
        return Err(Reason::Shapes("the output is not the permuted input".into()));
    }
    tensors.int8(input)?;
    tensors.int8(output)?;
    Ok(Operator::Transpose(Transpose { input_dims, permutation }))
}

/// An axis as a position; negative ones count from the end.
fn position(axis: i32, rank: usize) -> Result<usize, Reason> {
    let rank_signed = i32::try_from(rank).unwrap_or(i32::MAX);
    let from_start = if axis < 0 { axis.saturating_add(rank_signed) } else { axis };
    usize::try_from(from_start)
        .ok()
        .filter(|&position| position < rank)
        .ok_or(Reason::Option("an axis is out of range"))
}
