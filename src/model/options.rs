//! The options tables of the operators that can run here.

use super::{
    ModelError, Options, Padding, builtin_name,
    flatbuffer::{Scalar, Table},
    schema::{self, Field, conv_2d, depthwise_conv_2d, pool_2d},
};
use crate::quant::Activation;

/// `BuiltinOperator` numbers of the kinds whose options are read.
mod code {
    pub(super) const ADD: i32 = 0;
    pub(super) const AVERAGE_POOL_2D: i32 = 1;
    pub(super) const CONV_2D: i32 = 3;
    pub(super) const DEPTHWISE_CONV_2D: i32 = 4;
    pub(super) const FULLY_CONNECTED: i32 = 9;
    pub(super) const MAX_POOL_2D: i32 = 17;
    pub(super) const MUL: i32 = 18;
    pub(super) const SOFTMAX: i32 = 25;
    pub(super) const MEAN: i32 = 40;
}

/// `BuiltinOptions`: the types of the union that holds the options.
mod union_type {
    pub(super) const NONE: u8 = 0;
    pub(super) const CONV_2D: u8 = 1;
    pub(super) const DEPTHWISE_CONV_2D: u8 = 2;
    pub(super) const POOL_2D: u8 = 5;
    pub(super) const FULLY_CONNECTED: u8 = 8;
    pub(super) const SOFTMAX: u8 = 9;
    pub(super) const ADD: u8 = 11;
    pub(super) const MUL: u8 = 21;
    pub(super) const REDUCER: u8 = 27;
}

/// Reads one kind's options table.
type Read = fn(&OptionsTable<'_>) -> Result<Options, ModelError>;

/// Reads the options of an operator, or [`Options::None`] for a kind that has none to read.
pub(super) fn read_options(
    operator: Table<'_>,
    number: u32,
    builtin_code: i32,
) -> Result<Options, ModelError> {
    let (expected, read): (u8, Read) = match builtin_code {
        code::CONV_2D => (union_type::CONV_2D, conv_2d_options),
        code::DEPTHWISE_CONV_2D => (union_type::DEPTHWISE_CONV_2D, depthwise_conv_2d_options),
        code::AVERAGE_POOL_2D | code::MAX_POOL_2D => (union_type::POOL_2D, pool_options),
        code::FULLY_CONNECTED => (union_type::FULLY_CONNECTED, fully_connected_options),
        code::ADD => (union_type::ADD, |table| {
            Ok(Options::Add { activation: table.activation(schema::ADD_ACTIVATION)? })
        }),
        code::MUL => (union_type::MUL, |table| {
            Ok(Options::Mul { activation: table.activation(schema::MUL_ACTIVATION)? })
        }),
        code::MEAN => (union_type::REDUCER, |table| {
            Ok(Options::Mean { keep_dims: table.flag(schema::REDUCER_KEEP_DIMS)? })
        }),
        code::SOFTMAX => (union_type::SOFTMAX, |table| {
            Ok(Options::Softmax { beta: table.scalar(schema::SOFTMAX_BETA, 0.0)? })
        }),
        _ => return Ok(Options::None),
    };
    let found = operator.scalar(schema::OPERATOR_BUILTIN_OPTIONS_TYPE, union_type::NONE)?;
    let table = if found == expected {
        operator.table(schema::OPERATOR_BUILTIN_OPTIONS)?
    } else if found == union_type::NONE {
        None
    } else {
        let kind = builtin_name(builtin_code).unwrap_or_default();
        return Err(ModelError::OptionsType { operator: number, kind, found, expected });
    };
    read(&OptionsTable { table, operator: number })
}

/// An options table, or none, which means that every field has its default.
struct OptionsTable<'a> {
    table: Option<Table<'a>>,
    operator: u32,
}

impl OptionsTable<'_> {
    fn scalar<T: Scalar>(&self, field: Field, default: T) -> Result<T, ModelError> {
        self.table.map_or(Ok(default), |table| table.scalar(field, default))
    }

    fn flag(&self, field: Field) -> Result<bool, ModelError> {
        self.table.map_or(Ok(false), |table| table.flag(field))
    }

    /// Two numbers with one default, height first.
    fn pair(&self, height: Field, width: Field, default: i32) -> Result<[i32; 2], ModelError> {
        Ok([self.scalar(height, default)?, self.scalar(width, default)?])
    }

    fn padding(&self, field: Field) -> Result<Padding, ModelError> {
        match self.scalar(field, 0i8)? {
            0 => Ok(Padding::Same),
            1 => Ok(Padding::Valid),
            value => Err(self.undefined(field, value)),
        }
    }

    fn activation(&self, field: Field) -> Result<Activation, ModelError> {
        Ok(match self.scalar(field, 0i8)? {
            0 => Activation::None,
            1 => Activation::Relu,
            2 => Activation::ReluN1To1,
            3 => Activation::Relu6,
            4 => Activation::Tanh,
            5 => Activation::SignBit,
            value => return Err(self.undefined(field, value)),
        })
    }

    fn undefined(&self, field: Field, value: i8) -> ModelError {
        let at = self.table.map_or(0, |table| table.place(field).at);
        let place = super::Place { field: field.name, at };
        ModelError::OptionValue { operator: self.operator, value, place }
    }
}

fn conv_2d_options(table: &OptionsTable<'_>) -> Result<Options, ModelError> {
    Ok(Options::Conv2d {
        padding: table.padding(conv_2d::PADDING)?,
        stride: table.pair(conv_2d::STRIDE_H, conv_2d::STRIDE_W, 0)?,
        dilation: table.pair(conv_2d::DILATION_H, conv_2d::DILATION_W, 1)?,
        activation: table.activation(conv_2d::ACTIVATION)?,
    })
}

fn depthwise_conv_2d_options(table: &OptionsTable<'_>) -> Result<Options, ModelError> {
    use depthwise_conv_2d as field;
    Ok(Options::DepthwiseConv2d {
        padding: table.padding(field::PADDING)?,
        stride: table.pair(field::STRIDE_H, field::STRIDE_W, 0)?,
        dilation: table.pair(field::DILATION_H, field::DILATION_W, 1)?,
        depth_multiplier: table.scalar(field::DEPTH_MULTIPLIER, 0)?,
        activation: table.activation(field::ACTIVATION)?,
    })
}

fn pool_options(table: &OptionsTable<'_>) -> Result<Options, ModelError> {
    Ok(Options::Pool {
        padding: table.padding(pool_2d::PADDING)?,
        stride: table.pair(pool_2d::STRIDE_H, pool_2d::STRIDE_W, 0)?,
        kernel: table.pair(pool_2d::FILTER_HEIGHT, pool_2d::FILTER_WIDTH, 0)?,
        activation: table.activation(pool_2d::ACTIVATION)?,
    })
}

fn fully_connected_options(table: &OptionsTable<'_>) -> Result<Options, ModelError> {
    Ok(Options::FullyConnected {
        activation: table.activation(schema::FULLY_CONNECTED_ACTIVATION)?,
        default_weights_format: table.scalar(schema::FULLY_CONNECTED_WEIGHTS_FORMAT, 0i8)? == 0,
        keep_num_dims: table.flag(schema::FULLY_CONNECTED_KEEP_NUM_DIMS)?,
    })
}
