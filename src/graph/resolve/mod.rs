//! From an operator of the file to one that a kernel can run, every shape checked.
//!
//! Whatever a kernel relies on is established here, once; what cannot be is a [`Reason`], and
//! never a guess.

mod element_wise;
mod matrix;
mod reduce;
mod tensors;
mod window;

use super::{Reason, passes::Changes};
use crate::{
    model::{self, Model},
    operator::Operator,
};
use std::ops::RangeInclusive;
use tensors::Tensors;

/// Resolves one operator of the file.
///
/// # Errors
/// The [`Reason`] why it cannot run here.
pub(super) fn resolve(
    model: &Model,
    changes: &Changes,
    operator: &model::Operator,
) -> Result<Operator, Reason> {
    let tensors = Tensors { model, operator };
    tensors.check_count(input_counts(&operator.kind).ok_or(Reason::Kind)?)?;
    match operator.kind.as_str() {
        "CONV_2D" => window::conv_2d(&tensors, changes),
        "DEPTHWISE_CONV_2D" => window::depthwise_conv_2d(&tensors, changes),
        "AVERAGE_POOL_2D" | "MAX_POOL_2D" => window::pool(&tensors),
        "PAD" => window::pad(&tensors),
        "FULLY_CONNECTED" => matrix::fully_connected(&tensors),
        "SOFTMAX" => matrix::softmax(&tensors),
        "ADD" => element_wise::add(&tensors),
        "MUL" => element_wise::mul(&tensors),
        "QUANTIZE" => element_wise::quantize(&tensors),
        "DEQUANTIZE" => element_wise::dequantize(&tensors),
        kind if renames(kind) => element_wise::alias(&tensors),
        "MEAN" => reduce::mean(&tensors),
        "TRANSPOSE" => reduce::transpose(&tensors),
        _ => Err(Reason::Kind),
    }
}

/// Whether the output of a kind is its input's bytes under another shape.
pub(super) fn renames(kind: &str) -> bool {
    matches!(kind, "RESHAPE" | "SQUEEZE" | "EXPAND_DIMS")
}

/// How many inputs each kind takes, left-out ones included; `None` for kinds without a kernel.
fn input_counts(kind: &str) -> Option<RangeInclusive<usize>> {
    Some(match kind {
        "CONV_2D" | "DEPTHWISE_CONV_2D" | "FULLY_CONNECTED" => 2..=3,
        "AVERAGE_POOL_2D" | "MAX_POOL_2D" | "SOFTMAX" | "QUANTIZE" | "DEQUANTIZE" | "SQUEEZE" => {
            1..=1
        }
        "ADD" | "MUL" | "PAD" | "MEAN" | "TRANSPOSE" | "EXPAND_DIMS" => 2..=2,
        "RESHAPE" => 1..=2,
        _ => return None,
    })
}
