//! Tensors with their quantization and constant data.

use super::{
    Limits, ModelError, Quantization, Tensor,
    error::TensorLabel,
    flatbuffer::{FlatBuffer, Table, Tables},
    schema,
};
use crate::tensor::{DataType, Shape, TensorId};
use std::ops::Range;

/// Reads all tensors of a subgraph. Buffers are looked up as tensors ask for them.
pub(super) fn read_tensors(
    file: &FlatBuffer<'_>,
    tensors: Tables<'_>,
    buffers: Tables<'_>,
    limits: &Limits,
) -> Result<Vec<Tensor>, ModelError> {
    let numbered = (0u32..).zip(tensors.iter());
    numbered.map(|(number, table)| read_tensor(file, table?, number, buffers, limits)).collect()
}

fn read_tensor(
    file: &FlatBuffer<'_>,
    table: Table<'_>,
    number: u32,
    buffers: Tables<'_>,
    limits: &Limits,
) -> Result<Tensor, ModelError> {
    let name = table.string(schema::TENSOR_NAME)?;
    let label = || TensorLabel::new(TensorId(number), &name);
    let dims = table.list::<i32>(schema::TENSOR_SHAPE)?;
    let shape = Shape::try_from_dims(&dims)
        .map_err(|error| ModelError::Shape { tensor: label(), error })?;
    let data_type = read_data_type(table, &label)?;
    let bytes = tensor_bytes(&shape, data_type, limits, &label)?;
    let is_sparse = table.table(schema::TENSOR_SPARSITY)?.is_some();
    let constant = read_constant(file, table, buffers, &label)?;
    if let Some(found) = &constant
        && !is_sparse
        && data_type.bits().is_some()
        && found.len() != bytes
    {
        let found_bytes = found.len();
        let tensor = label();
        return Err(ModelError::ConstantLength { tensor, expected_bytes: bytes, found_bytes });
    }
    Ok(Tensor {
        quantization: read_quantization(table, &label)?,
        shape,
        data_type,
        bytes,
        constant,
        is_variable: table.flag(schema::TENSOR_IS_VARIABLE)?,
        is_sparse,
        name,
    })
}

fn read_data_type(
    table: Table<'_>,
    label: &impl Fn() -> TensorLabel,
) -> Result<DataType, ModelError> {
    let number: i8 = table.scalar(schema::TENSOR_TYPE, 0)?;
    data_type(number).ok_or_else(|| {
        let place = table.place(schema::TENSOR_TYPE);
        ModelError::ElementType { tensor: label(), number, place }
    })
}

/// The schema's `TensorType`, as far as it is known here (bfloat16 and later are not).
fn data_type(number: i8) -> Option<DataType> {
    Some(match number {
        0 => DataType::Float32,
        1 => DataType::Float16,
        2 => DataType::Int32,
        3 => DataType::UInt8,
        4 => DataType::Int64,
        6 => DataType::Bool,
        7 => DataType::Int16,
        8 => DataType::Complex64,
        9 => DataType::Int8,
        10 => DataType::Float64,
        11 => DataType::Complex128,
        12 => DataType::UInt64,
        15 => DataType::UInt32,
        16 => DataType::UInt16,
        17 => DataType::Int4,
        // String, resource and variant.
        5 | 13 | 14 => DataType::Opaque,
        _ => return None,
    })
}

/// Bytes of the whole tensor within the limit; 0 for types without a fixed width.
fn tensor_bytes(
    shape: &Shape,
    data_type: DataType,
    limits: &Limits,
    label: &impl Fn() -> TensorLabel,
) -> Result<usize, ModelError> {
    let Some(bits) = data_type.bits() else { return Ok(0) };
    // In `u64`: `usize` has 32 bits in the browser, and a shape may have nearly 2^32 elements.
    let bytes = (shape.elements() as u64).saturating_mul(bits as u64).div_ceil(8);
    match usize::try_from(bytes) {
        Ok(bytes) if bytes <= limits.tensor_bytes => Ok(bytes),
        _ => {
            let (tensor, limit_bytes) = (label(), limits.tensor_bytes);
            Err(ModelError::TensorTooLarge { tensor, bytes, limit_bytes })
        }
    }
}

/// Where a tensor's data lies; `None` for buffer 0, which is empty by convention, and for empty
/// buffers.
fn read_constant(
    file: &FlatBuffer<'_>,
    table: Table<'_>,
    buffers: Tables<'_>,
    label: &impl Fn() -> TensorLabel,
) -> Result<Option<Range<usize>>, ModelError> {
    let index: u32 = table.scalar(schema::TENSOR_BUFFER, 0)?;
    if index == 0 {
        return Ok(None);
    }
    let Some(buffer) = buffers.get(index)? else {
        let (tensor, count) = (label(), buffers.len());
        let place = table.place(schema::TENSOR_BUFFER);
        return Err(ModelError::BufferIndex { tensor, index, count, place });
    };
    let data = buffer.byte_range(schema::BUFFER_DATA)?;
    if !data.is_empty() {
        return Ok(Some(data));
    }
    // Files over 2 GB keep data behind the FlatBuffer. Writers put 1 where there is none.
    let offset: u64 = buffer.scalar(schema::BUFFER_OFFSET, 0)?;
    let size: u64 = buffer.scalar(schema::BUFFER_SIZE, 0)?;
    if offset <= 1 || size == 0 {
        return Ok(None);
    }
    file.range(offset, size, buffer.place(schema::BUFFER_OFFSET)).map(Some)
}

/// The tensor's quantization; `None` where there are no scales, as in float tensors.
fn read_quantization(
    table: Table<'_>,
    label: &impl Fn() -> TensorLabel,
) -> Result<Option<Quantization>, ModelError> {
    let Some(table) = table.table(schema::TENSOR_QUANTIZATION)? else { return Ok(None) };
    let scales = table.list::<f32>(schema::QUANTIZATION_SCALE)?;
    if scales.is_empty() {
        return Ok(None);
    }
    let mut zero_points = table.list::<i64>(schema::QUANTIZATION_ZERO_POINT)?;
    if zero_points.is_empty() {
        zero_points = vec![0; scales.len()];
    }
    if zero_points.len() != scales.len() && zero_points.len() != 1 {
        let (scales, zero_points) = (scales.len(), zero_points.len());
        return Err(ModelError::ZeroPoints { tensor: label(), scales, zero_points });
    }
    let dimension = table.scalar(schema::QUANTIZATION_DIMENSION, 0)?;
    Ok(Some(Quantization { scales, zero_points, dimension }))
}
