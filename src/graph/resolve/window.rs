//! Convolutions, pooling and PAD.

use super::{
    Reason,
    tensors::{SCALE_RATIO, Scales, Tensors, clamp},
};
use crate::{
    graph::passes::{Border, Changes, border},
    model::{Options, Padding},
    operator::{Conv2d, DepthwiseConv2d, Operator, Pad, Pool, PoolKind, Window, conv_multiplier},
    quant::{Multiplier, QuantParams},
    tensor::{Map, TensorId},
};
use std::sync::Arc;

/// The farthest that a window reaches along an axis, padding included.
const MAX_SIDE: usize = 1 << 15;

/// A window's options as the file states them.
struct Stated {
    padding: Padding,
    kernel: [usize; 2],
    stride: [i32; 2],
    dilation: [i32; 2],
}

pub(super) fn conv_2d(tensors: &Tensors<'_>, changes: &Changes) -> Result<Operator, Reason> {
    let Options::Conv2d { padding, stride, dilation, activation } = tensors.operator.options else {
        return Err(Reason::Option("its options are not those of CONV_2D"));
    };
    let weights = tensors.input(1)?;
    let &[filters, height, width, channels] = tensors.tensor(weights).shape.dims() else {
        return Err(Reason::Shapes("the weights have not four dimensions".into()));
    };
    let (input, folded) = source(tensors, changes)?;
    let map = tensors.map(input)?;
    if channels != map.channels {
        let message = format!("weights for {channels} input channels, but {} come", map.channels);
        return Err(Reason::Shapes(message));
    }
    let stated = Stated { padding, kernel: [height, width], stride, dilation };
    let window = window(map, filters, folded, &stated)?;
    let output = tensors.output()?;
    tensors.expect_map(output, window.output)?;
    let (x, y) = (tensors.int8(input)?, tensors.int8(output)?);
    let (weights, scales) = tensors.weights(1, filters, 0)?;
    Ok(Operator::Conv2d(Conv2d {
        window,
        weights,
        bias: tensors.bias(2, filters)?,
        multipliers: multipliers(x, &scales, y, filters)?,
        input_zero_point: x.zero_point,
        output_zero_point: y.zero_point,
        clamp: clamp(activation, y)?,
    }))
}

pub(super) fn depthwise_conv_2d(
    tensors: &Tensors<'_>,
    changes: &Changes,
) -> Result<Operator, Reason> {
    let Options::DepthwiseConv2d { padding, stride, dilation, activation, .. } =
        tensors.operator.options
    else {
        return Err(Reason::Option("its options are not those of DEPTHWISE_CONV_2D"));
    };
    let weights = tensors.input(1)?;
    let &[1, height, width, channels] = tensors.tensor(weights).shape.dims() else {
        return Err(Reason::Shapes("the weights are not 1 x height x width x channels".into()));
    };
    let (input, folded) = source(tensors, changes)?;
    let map = tensors.map(input)?;
    // The stored multiplier is redundant and some converters leave it at 0; shapes decide.
    if !channels.is_multiple_of(map.channels) {
        let message = format!("{channels} filters for {} input channels", map.channels);
        return Err(Reason::Shapes(message));
    }
    let stated = Stated { padding, kernel: [height, width], stride, dilation };
    let window = window(map, channels, folded, &stated)?;
    let output = tensors.output()?;
    tensors.expect_map(output, window.output)?;
    let (x, y) = (tensors.int8(input)?, tensors.int8(output)?);
    let (weights, scales) = tensors.weights(1, channels, 3)?;
    Ok(Operator::DepthwiseConv2d(DepthwiseConv2d {
        window,
        depth_multiplier: channels / map.channels,
        weights,
        bias: tensors.bias(2, channels)?,
        multipliers: multipliers(x, &scales, y, channels)?,
        input_zero_point: x.zero_point,
        output_zero_point: y.zero_point,
        clamp: clamp(activation, y)?,
    }))
}

pub(super) fn pool(tensors: &Tensors<'_>) -> Result<Operator, Reason> {
    let Options::Pool { padding, stride, kernel, activation } = tensors.operator.options else {
        return Err(Reason::Option("its options are not those of a pool"));
    };
    let (input, output) = (tensors.activation(0)?, tensors.output()?);
    let map = tensors.map(input)?;
    let (x, y) = (tensors.int8(input)?, tensors.int8(output)?);
    same_quantization(x, y)?;
    let kernel = [positive(kernel[0])?, positive(kernel[1])?];
    let stated = Stated { padding, kernel, stride, dilation: [1; 2] };
    let window = window(map, map.channels, None, &stated)?;
    tensors.expect_map(output, window.output)?;
    let average = tensors.operator.kind == "AVERAGE_POOL_2D";
    let kind = if average { PoolKind::Average } else { PoolKind::Max };
    Ok(Operator::Pool(Pool { window, kind, clamp: clamp(activation, y)? }))
}

pub(super) fn pad(tensors: &Tensors<'_>) -> Result<Operator, Reason> {
    let (input, output) = (tensors.activation(0)?, tensors.output()?);
    let map = tensors.map(input)?;
    let (x, y) = (tensors.int8(input)?, tensors.int8(output)?);
    same_quantization(x, y)?;
    tensors.integers(1, "paddings")?;
    let border = border(tensors.model, tensors.operator)
        .ok_or(Reason::Option("it pads something else than rows and columns"))?;
    let padded = |size: usize, axis: usize| {
        let side = size.checked_add(border.before[axis])?.checked_add(border.after[axis])?;
        (side <= MAX_SIDE).then_some(side)
    };
    let (Some(height), Some(width)) = (padded(map.height, 0), padded(map.width, 1)) else {
        return Err(TOO_WIDE);
    };
    let padded = Map { height, width, channels: map.channels };
    tensors.expect_map(output, padded)?;
    let value =
        i8::try_from(y.zero_point).map_err(|_range| Reason::Option("its zero point is no int8"))?;
    let window = Window {
        input: map,
        output: padded,
        kernel: [1; 2],
        stride: [1; 2],
        dilation: [1; 2],
        padding_before: border.before,
    };
    Ok(Operator::Pad(Pad { window, value }))
}

const TOO_WIDE: Reason = Reason::Option("its window or padding reaches beyond 32,768 cells");

/// The convolution's input: through a folded PAD, what that one read and the border it added.
fn source(tensors: &Tensors<'_>, changes: &Changes) -> Result<(TensorId, Option<Border>), Reason> {
    let input = tensors.activation(0)?;
    Ok(match changes.folded.get(input) {
        Some((source, border)) => {
            tensors.plain(*source)?;
            (*source, Some(*border))
        }
        None => (input, None),
    })
}

/// Geometry from the stated options; a folded border stands in for VALID's none.
fn window(
    input: Map,
    channels: usize,
    folded: Option<Border>,
    stated: &Stated,
) -> Result<Window, Reason> {
    let stride = [positive(stated.stride[0])?, positive(stated.stride[1])?];
    let dilation = [positive(stated.dilation[0])?, positive(stated.dilation[1])?];
    let mut output = [0; 2];
    let mut padding_before = [0; 2];
    for axis in 0..2 {
        let size = [input.height, input.width][axis];
        let reach = (stated.kernel[axis] - 1)
            .checked_mul(dilation[axis])
            .filter(|&reach| reach < MAX_SIDE && stride[axis] <= MAX_SIDE && size <= MAX_SIDE)
            .ok_or(TOO_WIDE)?
            + 1;
        let (sides, before) = match (stated.padding, folded) {
            (Padding::Same, _) => {
                let sides = size.div_ceil(stride[axis]);
                let total = ((sides - 1) * stride[axis] + reach).saturating_sub(size);
                (sides, total / 2)
            }
            (Padding::Valid, border) => {
                let border = border.unwrap_or_default();
                let padded = size
                    .checked_add(border.before[axis])
                    .and_then(|side| side.checked_add(border.after[axis]))
                    .filter(|&side| side <= MAX_SIDE)
                    .ok_or(TOO_WIDE)?;
                let room = padded.checked_sub(reach).ok_or_else(|| {
                    Reason::Shapes(format!("a window of {reach} cells on a side of {padded}"))
                })?;
                (room / stride[axis] + 1, border.before[axis])
            }
        };
        output[axis] = sides;
        padding_before[axis] = before;
    }
    let output = Map { height: output[0], width: output[1], channels };
    Ok(Window { input, output, kernel: stated.kernel, stride, dilation, padding_before })
}

fn positive(value: i32) -> Result<usize, Reason> {
    usize::try_from(value)
        .ok()
        .filter(|&value| value > 0)
        .ok_or(Reason::Option("its kernel size, stride or dilation is not positive"))
}

fn multipliers(
    input: QuantParams,
    weights: &Scales,
    output: QuantParams,
    channels: usize,
) -> Result<Arc<[Multiplier]>, Reason> {
    if weights.zero_point() != 0 {
        return Err(Reason::Option("its weights have a zero point other than 0"));
    }
    let each = (0..channels)
        .map(|channel| conv_multiplier(input.scale, weights.of(channel), output.scale));
    each.collect::<Option<_>>().ok_or(SCALE_RATIO)
}

/// Operators that move values without scaling them need one quantization on both sides.
///
/// Source: TensorFlow Lite `pooling.cc`: scales within 1e-6, zero points equal.
fn same_quantization(x: QuantParams, y: QuantParams) -> Result<(), Reason> {
    if (x.scale - y.scale).abs() <= 1e-6 && x.zero_point == y.zero_point {
        return Ok(());
    }
    Err(Reason::Option("input and output have different scales or zero points"))
}
