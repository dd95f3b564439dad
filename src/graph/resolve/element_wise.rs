//! ADD, MUL, QUANTIZE, DEQUANTIZE and the operators that only rename a shape.

use super::{
    Reason,
    tensors::{SCALE_RATIO, Tensors, clamp},
};
use crate::{
    model::{Options, constant_i8},
    operator::{Add, Binary, Mul, Operand, Operator, Requantize},
    quant::QuantParams,
    tensor::{DataType, Map, TensorId},
};

pub(super) fn add(tensors: &Tensors<'_>) -> Result<Operator, Reason> {
    let Options::Add { activation } = tensors.operator.options else {
        return Err(Reason::Option("its options are not those of ADD"));
    };
    let (binary, [left, right], y) = binary(tensors)?;
    let (multipliers, output_multiplier) =
        Add::multipliers([left.scale, right.scale], y.scale).ok_or(SCALE_RATIO)?;
    Ok(Operator::Add(Add {
        binary,
        zero_points: [left.zero_point, right.zero_point],
        multipliers,
        output_multiplier,
        output_zero_point: y.zero_point,
        clamp: clamp(activation, y)?,
    }))
}

pub(super) fn mul(tensors: &Tensors<'_>) -> Result<Operator, Reason> {
    let Options::Mul { activation } = tensors.operator.options else {
        return Err(Reason::Option("its options are not those of MUL"));
    };
    let (binary, [left, right], y) = binary(tensors)?;
    let output_multiplier =
        Mul::multiplier([left.scale, right.scale], y.scale).ok_or(SCALE_RATIO)?;
    Ok(Operator::Mul(Mul {
        binary,
        zero_points: [left.zero_point, right.zero_point],
        output_multiplier,
        output_zero_point: y.zero_point,
        clamp: clamp(activation, y)?,
    }))
}

/// Both operands and the output, their maps broadcast against each other.
fn binary(tensors: &Tensors<'_>) -> Result<(Binary, [QuantParams; 2], QuantParams), Reason> {
    let [left, right] = [tensors.plain_input(0)?, tensors.plain_input(1)?];
    let output = tensors.output()?;
    let shapes = [left, right, output].map(|id| &tensors.tensor(id).shape);
    let maps = if shapes[0] == shapes[1] {
        same_shape(tensors, left, output)?;
        shapes.map(crate::tensor::Shape::map)
    } else {
        if shapes.iter().any(|shape| shape.rank() == 4 && !shape.is_spatial() || shape.rank() > 4) {
            return Err(Reason::Shapes("it broadcasts over a batch".into()));
        }
        let maps = shapes.map(crate::tensor::Shape::map);
        check_broadcast(maps)?;
        maps
    };
    let operand = |id: TensorId, map: Map| match constant_i8(tensors.model, id) {
        Some(values) => Operand::Constant(map, values),
        None => Operand::Activation(map),
    };
    let operands = [operand(left, maps[0]), operand(right, maps[1])];
    if operands.iter().all(|operand| matches!(operand, Operand::Constant(..))) {
        return Err(Reason::ConstantInput);
    }
    let params = [tensors.int8(left)?, tensors.int8(right)?];
    Ok((Binary { operands, output: maps[2] }, params, tensors.int8(output)?))
}

/// Along each axis sides are equal, or one of them is 1, and the output has the greater.
fn check_broadcast([left, right, output]: [Map; 3]) -> Result<(), Reason> {
    let sides = |map: Map| [map.height, map.width, map.channels];
    for axis in 0..3 {
        let (l, r, o) = (sides(left)[axis], sides(right)[axis], sides(output)[axis]);
        if (l != r && l != 1 && r != 1) || o != l.max(r) {
            return Err(Reason::Shapes(format!("sides {l} and {r} do not broadcast to {o}")));
        }
    }
    Ok(())
}

pub(super) fn quantize(tensors: &Tensors<'_>) -> Result<Operator, Reason> {
    let (input, output) = (tensors.activation(0)?, tensors.output()?);
    let shape = &tensors.tensor(output).shape;
    same_shape(tensors, input, output)?;
    let y = tensors.int8(output)?;
    let map = shape.map();
    match tensors.tensor(input).data_type {
        DataType::Float32 => Ok(Operator::Quantize(y, map)),
        DataType::Int8 => {
            let x = tensors.int8(input)?;
            Ok(Operator::Requantize(Requantize {
                map,
                multiplier: Requantize::multiplier(x.scale, y.scale).ok_or(SCALE_RATIO)?,
                input_zero_point: x.zero_point,
                output_zero_point: y.zero_point,
            }))
        }
        found => Err(Reason::DataType { tensor: input.0, found, expected: "float32 or int8" }),
    }
}

pub(super) fn dequantize(tensors: &Tensors<'_>) -> Result<Operator, Reason> {
    let (input, output) = (tensors.activation(0)?, tensors.output()?);
    let shape = &tensors.tensor(output).shape;
    same_shape(tensors, input, output)?;
    tensors.data_type(output, DataType::Float32)?;
    Ok(Operator::Dequantize(tensors.int8(input)?, shape.map()))
}

/// Refuses input and output of different shapes: kernels address both by the same cells.
fn same_shape(tensors: &Tensors<'_>, input: TensorId, output: TensorId) -> Result<(), Reason> {
    let (x, y) = (&tensors.tensor(input).shape, &tensors.tensor(output).shape);
    if x == y {
        return Ok(());
    }
    Err(Reason::Shapes(format!("{x} cannot become {y} element by element")))
}

/// The output is the input's bytes under another shape.
pub(super) fn alias(tensors: &Tensors<'_>) -> Result<Operator, Reason> {
    let (input, output) = (tensors.activation(0)?, tensors.output()?);
    // The new shape that the file states for the output counts; that of the second input is the
    // same, and must be as fixed.
    if tensors.optional(1).is_some_and(|shape| tensors.tensor(shape).constant.is_none()) {
        return Err(Reason::NotConstant("new dimensions"));
    }
    tensors.expect_elements(output, tensors.tensor(input).shape.elements())?;
    tensors.data_type(output, tensors.tensor(input).data_type)?;
    Ok(Operator::Alias)
}
