//! Dense layers and softmax.

use super::{
    Reason,
    tensors::{SCALE_RATIO, Scales, Tensors, clamp},
};
use crate::{
    model::Options,
    operator::{FullyConnected, Operator, Softmax, conv_multiplier, dense_multiplier},
};

pub(super) fn fully_connected(tensors: &Tensors<'_>) -> Result<Operator, Reason> {
    let Options::FullyConnected { activation, default_weights_format, .. } =
        tensors.operator.options
    else {
        return Err(Reason::Option("its options are not those of FULLY_CONNECTED"));
    };
    if !default_weights_format {
        return Err(Reason::Option("its weights are in a shuffled format"));
    }
    let (input, output) = (tensors.activation(0)?, tensors.output()?);
    let &[outputs, depth] = tensors.tensor(tensors.input(1)?).shape.dims() else {
        return Err(Reason::Shapes("the weights have not two dimensions".into()));
    };
    let elements = tensors.tensor(input).shape.elements();
    if !elements.is_multiple_of(depth) {
        return Err(Reason::Shapes(format!("{elements} inputs are no multiple of {depth}")));
    }
    let batches = elements / depth;
    tensors.expect_elements(output, batches.saturating_mul(outputs))?;
    let (x, y) = (tensors.int8(input)?, tensors.int8(output)?);
    let (weights, scales) = tensors.weights(1, outputs, 0)?;
    let multiplier = |channel| match &scales {
        Scales::Whole(scale, _) => dense_multiplier(x.scale, *scale, y.scale),
        Scales::PerChannel(_) => conv_multiplier(x.scale, scales.of(channel), y.scale),
    };
    Ok(Operator::FullyConnected(FullyConnected {
        batches,
        depth,
        weights,
        bias: tensors.bias(2, outputs)?,
        multipliers: (0..outputs).map(multiplier).collect::<Option<_>>().ok_or(SCALE_RATIO)?,
        input_zero_point: x.zero_point,
        weights_zero_point: scales.zero_point(),
        output_zero_point: y.zero_point,
        clamp: clamp(activation, y)?,
    }))
}

pub(super) fn softmax(tensors: &Tensors<'_>) -> Result<Operator, Reason> {
    let Options::Softmax { beta } = tensors.operator.options else {
        return Err(Reason::Option("its options are not those of SOFTMAX"));
    };
    let (input, output) = (tensors.activation(0)?, tensors.output()?);
    let shape = &tensors.tensor(input).shape;
    tensors.expect_elements(output, shape.elements())?;
    let (x, y) = (tensors.int8(input)?, tensors.int8(output)?);
    if (y.scale - 1.0 / 256.0).abs() > f32::EPSILON / 256.0 || y.zero_point != -128 {
        return Err(Reason::Option(
            "its output is not quantized with scale 1/256, zero point -128",
        ));
    }
    let depth = shape.dims().last().copied().unwrap_or(1);
    Softmax::new(shape.elements() / depth, depth, beta, x.scale)
        .map(Operator::Softmax)
        .ok_or(SCALE_RATIO)
}
