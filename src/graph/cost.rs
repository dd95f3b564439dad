//! Multiply-accumulates and constants, from shapes alone: also for operators that cannot run here.

use crate::model::{Model, Operator};
use std::collections::BTreeSet;

/// Multiply-accumulates of one operator, 0 for kinds that have none.
///
/// CONV_2D: outputs x kernel height x kernel width x input channels. DEPTHWISE_CONV_2D: outputs x
/// kernel height x kernel width. FULLY_CONNECTED and BATCH_MATMUL: outputs x inputs.
/// TRANSPOSE_CONV: inputs x kernel height x kernel width x output channels.
#[must_use]
pub fn macs(model: &Model, operator: &Operator) -> u64 {
    let dims = |position: usize| {
        let id = operator.inputs.get(position).copied().flatten();
        id.map(|id| model.tensors[id.index()].shape.dims())
    };
    let output = operator.outputs.first().map(|id| model.tensors[id.index()].shape.elements());
    let product = |sides: &[usize]| sides.iter().fold(1u64, |p, &s| p.saturating_mul(s as u64));
    let per_output = match (operator.kind.as_str(), dims(0), dims(1)) {
        ("CONV_2D", _, Some(&[_, height, width, channels])) => product(&[height, width, channels]),
        ("DEPTHWISE_CONV_2D", _, Some(&[_, height, width, _])) => product(&[height, width]),
        ("FULLY_CONNECTED", _, Some(&[_, depth])) => product(&[depth]),
        ("BATCH_MATMUL", Some(&[.., depth]), _) => product(&[depth]),
        ("TRANSPOSE_CONV", _, Some(&[channels, height, width, _])) => {
            let Some(inputs) = dims(2) else { return 0 };
            return product(inputs).saturating_mul(product(&[height, width, channels]));
        }
        _ => return 0,
    };
    per_output.saturating_mul(output.unwrap_or(0) as u64)
}

/// Bytes of the constants that one operator reads, as stored.
#[must_use]
pub fn constant_bytes(model: &Model, operator: &Operator) -> u64 {
    constants(model, operator).map(|(start, end)| (end - start) as u64).sum()
}

/// Bytes of all constant buffers that operators use, as stored, each counted once.
#[must_use]
pub fn flash_bytes(model: &Model) -> u64 {
    // Filled, not collected: `collect` would bring a sort of its own with it.
    let mut used = BTreeSet::new();
    used.extend(model.operators.iter().flat_map(|operator| constants(model, operator)));
    used.iter().map(|(start, end)| (end - start) as u64).sum()
}

fn constants<'a>(
    model: &'a Model,
    operator: &'a Operator,
) -> impl Iterator<Item = (usize, usize)> + 'a {
    let mut ids = BTreeSet::new();
    ids.extend(operator.inputs.iter().flatten().copied());
    ids.into_iter().filter_map(|id| {
        let range = model.tensors[id.index()].constant.as_ref()?;
        Some((range.start, range.end))
    })
}
