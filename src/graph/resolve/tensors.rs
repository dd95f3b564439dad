//! An operator's tensors, asked for by what they must be.

use super::Reason;
use crate::{
    model::{Model, Operator, Quantization, Tensor, constant_i8, constant_i32},
    quant::{Activation, QuantParams, activation_range},
    tensor::{DataType, Map, TensorId},
};
use std::{ops::RangeInclusive, sync::Arc};

/// The tensors of one operator.
pub(super) struct Tensors<'a> {
    pub(super) model: &'a Model,
    pub(super) operator: &'a Operator,
}

impl<'a> Tensors<'a> {
    /// Refuses more or fewer inputs than the kind takes.
    pub(super) fn check_count(&self, expected: RangeInclusive<usize>) -> Result<(), Reason> {
        let found = self.operator.inputs.len();
        if expected.contains(&found) {
            return Ok(());
        }
        let (least, most) = expected.into_inner();
        let expected = if least == most { least.to_string() } else { format!("{least} to {most}") };
        Err(Reason::Count { what: "inputs", found, expected })
    }

    pub(super) fn tensor(&self, id: TensorId) -> &'a Tensor {
        &self.model.tensors[id.index()]
    }

    /// Input number `position`, which must be there.
    pub(super) fn input(&self, position: usize) -> Result<TensorId, Reason> {
        self.optional(position).ok_or(Reason::Count {
            what: "inputs",
            found: self.operator.inputs.len(),
            expected: "more".to_owned(),
        })
    }

    /// Input number `position`, or nothing where it is left out.
    pub(super) fn optional(&self, position: usize) -> Option<TensorId> {
        self.operator.inputs.get(position).copied().flatten()
    }

    /// Input number `position`, which must be an activation.
    pub(super) fn activation(&self, position: usize) -> Result<TensorId, Reason> {
        let id = self.input(position)?;
        let tensor = self.tensor(id);
        if tensor.constant.is_some() {
            return Err(Reason::ConstantInput);
        }
        self.plain(id)?;
        Ok(id)
    }

    /// Input number `position`, constant or not, stored in the ordinary way.
    pub(super) fn plain_input(&self, position: usize) -> Result<TensorId, Reason> {
        let id = self.input(position)?;
        self.plain(id)?;
        Ok(id)
    }

    /// The one output.
    pub(super) fn output(&self) -> Result<TensorId, Reason> {
        let &[id] = &self.operator.outputs[..] else {
            let found = self.operator.outputs.len();
            return Err(Reason::Count { what: "outputs", found, expected: "1".to_owned() });
        };
        self.plain(id)?;
        Ok(id)
    }

    /// Refuses tensors that are stored in a way nobody reads here.
    pub(super) fn plain(&self, id: TensorId) -> Result<(), Reason> {
        let tensor = self.tensor(id);
        let what = match (tensor.is_variable, tensor.is_sparse) {
            (true, _) => "keeps its value between runs",
            (_, true) => "is stored in a sparse format",
            _ => return Ok(()),
        };
        Err(Reason::Storage { tensor: id.0, what })
    }

    pub(super) fn data_type(&self, id: TensorId, expected: DataType) -> Result<(), Reason> {
        let found = self.tensor(id).data_type;
        if found == expected {
            return Ok(());
        }
        Err(Reason::DataType { tensor: id.0, found, expected: expected.name() })
    }

    /// Scale and zero point of an int8 tensor quantized as a whole.
    pub(super) fn int8(&self, id: TensorId) -> Result<QuantParams, Reason> {
        self.data_type(id, DataType::Int8)?;
        let refused = |what| Reason::Quantization { tensor: id.0, what };
        let quantization = self.quantization(id)?;
        let &[scale] = &quantization.scales[..] else {
            return Err(refused("it is quantized per channel"));
        };
        let zero_point = quantization.zero_points.first().copied().unwrap_or(0);
        let Ok(zero_point) = i8::try_from(zero_point) else {
            return Err(refused("the zero point is no int8"));
        };
        Ok(QuantParams { scale, zero_point: i32::from(zero_point) })
    }

    fn quantization(&self, id: TensorId) -> Result<&'a Quantization, Reason> {
        let refused = |what| Reason::Quantization { tensor: id.0, what };
        let quantization = self.tensor(id).quantization.as_ref().ok_or(refused("none stored"))?;
        if !quantization.scales.iter().all(|scale| scale.is_finite() && *scale > 0.0) {
            return Err(refused("a scale is not positive"));
        }
        Ok(quantization)
    }

    /// The map of a tensor with four dimensions and batch 1.
    pub(super) fn map(&self, id: TensorId) -> Result<Map, Reason> {
        let shape = &self.tensor(id).shape;
        if shape.is_spatial() {
            return Ok(shape.map());
        }
        Err(Reason::NotAMap { tensor: id.0, shape: shape.to_string() })
    }

    /// Constant int8 weights at input `position`, with their scales: one, or one for each of
    /// `channels` along `dimension`.
    pub(super) fn weights(
        &self,
        position: usize,
        channels: usize,
        dimension: i32,
    ) -> Result<(Arc<[i8]>, Scales), Reason> {
        let id = self.input(position)?;
        self.data_type(id, DataType::Int8)?;
        self.plain(id)?;
        let values = constant_i8(self.model, id).ok_or(Reason::NotConstant("weights"))?;
        let quantization = self.quantization(id)?;
        let refused = |what| Reason::Quantization { tensor: id.0, what };
        let zero_points = &quantization.zero_points;
        if let &[scale] = &quantization.scales[..] {
            let zero_point = zero_points.first().copied().unwrap_or(0);
            let zero_point =
                i8::try_from(zero_point).map_err(|_range| refused("the zero point is no int8"))?;
            return Ok((values, Scales::Whole(scale, i32::from(zero_point))));
        }
        if quantization.scales.len() != channels || quantization.dimension != dimension {
            return Err(refused("the scales are not one for each output channel"));
        }
        if zero_points.iter().any(|&zero_point| zero_point != 0) {
            return Err(refused("a channel's zero point is not 0"));
        }
        Ok((values, Scales::PerChannel(quantization.scales.clone())))
    }

    /// The constant int32 bias at input `position`, zeros where it is left out.
    pub(super) fn bias(&self, position: usize, channels: usize) -> Result<Arc<[i32]>, Reason> {
        let Some(id) = self.optional(position) else { return Ok(vec![0; channels].into()) };
        self.plain(id)?;
        self.data_type(id, DataType::Int32)?;
        let values = constant_i32(self.model, id).ok_or(Reason::NotConstant("biases"))?;
        if values.len() == channels {
            return Ok(values);
        }
        Err(Reason::Shapes(format!("{} biases for {channels} output channels", values.len())))
    }

    /// Constant int32 values at input `position`: axes, paddings, permutations.
    pub(super) fn integers(
        &self,
        position: usize,
        what: &'static str,
    ) -> Result<Arc<[i32]>, Reason> {
        let id = self.plain_input(position)?;
        self.data_type(id, DataType::Int32)?;
        constant_i32(self.model, id).ok_or(Reason::NotConstant(what))
    }

    /// Refuses an output whose shape the file states differently from what follows.
    pub(super) fn expect_map(&self, id: TensorId, expected: Map) -> Result<(), Reason> {
        let found = self.map(id)?;
        if found == expected {
            return Ok(());
        }
        Err(Reason::Shapes(format!(
            "tensor {} is {}x{}x{}, but {}x{}x{} follows from the input",
            id.0,
            found.height,
            found.width,
            found.channels,
            expected.height,
            expected.width,
            expected.channels,
        )))
    }

    /// Refuses an output with another number of elements.
    pub(super) fn expect_elements(&self, id: TensorId, expected: usize) -> Result<(), Reason> {
        let found = self.tensor(id).shape.elements();
        if found == expected {
            return Ok(());
        }
        Err(Reason::Shapes(format!("tensor {} has {found} elements, not {expected}", id.0)))
    }
}

/// The scales of weights.
pub(super) enum Scales {
    /// One scale and zero point for all.
    Whole(f32, i32),
    /// One scale for each output channel, zero points 0.
    PerChannel(Vec<f32>),
}

impl Scales {
    /// The scale of one output channel.
    pub(super) fn of(&self, channel: usize) -> f32 {
        match self {
            Self::Whole(scale, _) => *scale,
            Self::PerChannel(scales) => scales[channel],
        }
    }

    /// The zero point, which kernels of convolutions take to be 0.
    pub(super) const fn zero_point(&self) -> i32 {
        match self {
            Self::Whole(_, zero_point) => *zero_point,
            Self::PerChannel(_) => 0,
        }
    }
}

/// The clamp of a fused activation.
pub(super) fn clamp(activation: Activation, output: QuantParams) -> Result<(i8, i8), Reason> {
    activation_range(activation, output)
        .ok_or(Reason::Option("its fused activation is no clamp and has no kernel here"))
}

/// Why a scale cannot be expressed as a multiplier.
pub(super) const SCALE_RATIO: Reason =
    Reason::Option("the ratio of its scales is beyond what a multiplier can express");
