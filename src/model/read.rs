//! Bytes to [`Model`].

use super::{
    Content, Limits, Model, ModelError, Operator, Owner, Place, Warning, builtin_name,
    flatbuffer::{FlatBuffer, Table, Tables},
    options::read_options,
    schema::{self, Field},
    tensors::read_tensors,
};
use crate::tensor::TensorId;
use std::sync::Arc;

/// Reads a `.tflite` file.
///
/// # Errors
/// [`ModelError`] for anything that is not a well-formed model within the limits.
pub fn read(bytes: Arc<[u8]>, limits: &Limits) -> Result<Model, ModelError> {
    check_header(&bytes, limits)?;
    let file = FlatBuffer::new(&bytes);
    let root = file.root()?;
    let schema_version = root.scalar(schema::MODEL_VERSION, 0)?;
    let subgraphs = root.tables(schema::MODEL_SUBGRAPHS)?;
    let subgraph = subgraphs
        .get(0)?
        .ok_or(ModelError::NoSubgraph { place: root.place(schema::MODEL_SUBGRAPHS) })?;

    let tensor_tables = subgraph.tables(schema::SUBGRAPH_TENSORS)?;
    check_tensor_count(tensor_tables.len(), limits)?;
    let operator_tables = subgraph.tables(schema::SUBGRAPH_OPERATORS)?;
    check_operator_count(operator_tables.len(), limits)?;

    let tensors = read_tensors(&file, tensor_tables, root.tables(schema::MODEL_BUFFERS)?, limits)?;
    let operators =
        read_operators(operator_tables, root.tables(schema::MODEL_OPERATOR_CODES)?, tensors.len())?;
    let ends = |field| tensor_ids(subgraph, field, Owner::Subgraph, tensors.len());
    let (inputs, outputs) = (ends(schema::SUBGRAPH_INPUTS)?, ends(schema::SUBGRAPH_OUTPUTS)?);
    Ok(Model {
        schema_version,
        description: root.string(schema::MODEL_DESCRIPTION)?,
        name: subgraph.string(schema::SUBGRAPH_NAME)?,
        operators,
        inputs,
        outputs,
        tensors,
        warnings: warnings(schema_version, subgraphs),
        bytes: Arc::clone(&bytes),
    })
}

/// Length and identifier, which tell other files from damaged models.
fn check_header(bytes: &[u8], limits: &Limits) -> Result<(), ModelError> {
    if bytes.is_empty() {
        return Err(ModelError::Empty);
    }
    if bytes.len() > limits.file_bytes {
        let limit_bytes = limits.file_bytes;
        return Err(ModelError::FileTooLarge { bytes: bytes.len(), limit_bytes });
    }
    let content = || Content::guess(bytes);
    match bytes.get(4..).and_then(<[u8]>::first_chunk) {
        Some(&schema::IDENTIFIER) => Ok(()),
        Some(&found) => Err(ModelError::NotTflite { found, content: content() }),
        None => Err(ModelError::TooShort { bytes: bytes.len(), content: content() }),
    }
}

fn check_tensor_count(count: u32, limits: &Limits) -> Result<(), ModelError> {
    if count as usize > limits.tensors {
        return Err(ModelError::TooManyTensors { count, limit: limits.tensors });
    }
    Ok(())
}

fn check_operator_count(count: u32, limits: &Limits) -> Result<(), ModelError> {
    if count as usize > limits.operators {
        return Err(ModelError::TooManyOperators { count, limit: limits.operators });
    }
    Ok(())
}

fn warnings(schema_version: u32, subgraphs: Tables<'_>) -> Vec<Warning> {
    let version = (schema_version != schema::VERSION).then_some(schema_version);
    let more = (subgraphs.len() > 1).then_some(subgraphs.len() as usize);
    let more = more.map(Warning::MoreSubgraphs);
    version.map(Warning::SchemaVersion).into_iter().chain(more).collect()
}

fn read_operators(
    operators: Tables<'_>,
    codes: Tables<'_>,
    tensors: usize,
) -> Result<Vec<Operator>, ModelError> {
    let numbered = (0u32..).zip(operators.iter());
    numbered.map(|(number, table)| read_operator(table?, number, codes, tensors)).collect()
}

fn read_operator(
    operator: Table<'_>,
    number: u32,
    codes: Tables<'_>,
    tensors: usize,
) -> Result<Operator, ModelError> {
    // Looked up operator by operator: a hostile list of kinds may be long, and nobody needs it all.
    let index = operator.scalar(schema::OPERATOR_OPCODE_INDEX, 0u32)?;
    let code = codes.get(index)?.ok_or_else(|| ModelError::OpcodeIndex {
        operator: number,
        index,
        count: codes.len(),
        place: operator.place(schema::OPERATOR_OPCODE_INDEX),
    })?;
    let builtin_code = builtin_code(code)?;
    let owner = Owner::Operator(number);
    Ok(Operator {
        builtin_code,
        kind: kind(code, builtin_code)?,
        version: code.scalar(schema::OPERATOR_CODE_VERSION, 1)?,
        inputs: optional_tensor_ids(operator, schema::OPERATOR_INPUTS, owner, tensors)?,
        outputs: tensor_ids(operator, schema::OPERATOR_OUTPUTS, owner, tensors)?,
        options: read_options(operator, number, builtin_code)?,
    })
}

/// The kind's number. Old files have one byte for it, new ones a wider field and, for old readers,
/// a placeholder in the byte: the greater counts.
fn builtin_code(code: Table<'_>) -> Result<i32, ModelError> {
    let byte: i8 = code.scalar(schema::OPERATOR_CODE_DEPRECATED_BUILTIN_CODE, 0)?;
    let wide: i32 = code.scalar(schema::OPERATOR_CODE_BUILTIN_CODE, 0)?;
    Ok(wide.max(byte.into()))
}

/// The kind's name; a number newer than the names here is `BUILTIN:` and the number.
fn kind(code: Table<'_>, builtin_code: i32) -> Result<String, ModelError> {
    const CUSTOM: &str = "CUSTOM";
    Ok(match builtin_name(builtin_code) {
        Some(CUSTOM) => format!("{CUSTOM}:{}", code.string(schema::OPERATOR_CODE_CUSTOM_CODE)?),
        Some(name) => name.to_owned(),
        None => format!("BUILTIN:{builtin_code}"),
    })
}

/// A list of tensors, each of which exists.
fn tensor_ids(
    table: Table<'_>,
    field: Field,
    owner: Owner,
    tensors: usize,
) -> Result<Vec<TensorId>, ModelError> {
    let place = table.place(field);
    let indices = table.list::<i32>(field)?;
    indices.into_iter().map(|index| tensor_id(index, owner, tensors, place)).collect()
}

/// A list of tensors, each of which exists or is left out (-1).
fn optional_tensor_ids(
    table: Table<'_>,
    field: Field,
    owner: Owner,
    tensors: usize,
) -> Result<Vec<Option<TensorId>>, ModelError> {
    let place = table.place(field);
    let id = |index| match index {
        -1 => Ok(None),
        _ => tensor_id(index, owner, tensors, place).map(Some),
    };
    table.list::<i32>(field)?.into_iter().map(id).collect()
}

fn tensor_id(
    index: i32,
    owner: Owner,
    tensors: usize,
    place: Place,
) -> Result<TensorId, ModelError> {
    match u32::try_from(index) {
        Ok(id) if (id as usize) < tensors => Ok(TensorId(id)),
        _ => Err(ModelError::TensorIndex { owner, index, count: tensors, place }),
    }
}
