//! Constants as typed values.

use super::Model;
use crate::tensor::{DataType, TensorId};
use std::sync::Arc;

/// The bytes of a constant tensor; `None` for activations and sparse tensors.
#[must_use]
pub fn constant_bytes(model: &Model, id: TensorId) -> Option<&[u8]> {
    let tensor = model.tensors.get(id.index())?;
    // The bytes of a sparse tensor are not its values in order.
    let range = tensor.constant.clone().filter(|_| !tensor.is_sparse)?;
    model.bytes.get(range)
}

/// The values of a constant int8 tensor.
#[must_use]
pub fn constant_i8(model: &Model, id: TensorId) -> Option<Arc<[i8]>> {
    let is_int8 = model.tensors.get(id.index())?.data_type == DataType::Int8;
    let bytes = constant_bytes(model, id)?;
    is_int8.then(|| bytes.iter().map(|byte| byte.cast_signed()).collect())
}

/// The values of a constant int32 tensor.
#[must_use]
pub fn constant_i32(model: &Model, id: TensorId) -> Option<Arc<[i32]>> {
    let is_int32 = model.tensors.get(id.index())?.data_type == DataType::Int32;
    let (words, _) = constant_bytes(model, id)?.as_chunks::<4>();
    is_int32.then(|| words.iter().map(|word| i32::from_le_bytes(*word)).collect())
}
