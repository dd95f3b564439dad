//! Operators that take each output element from the elements at the same place.

use super::Window;
use crate::{
    quant::Multiplier,
    tensor::{Map, Region, Span},
};
use std::sync::Arc;

/// One side of a binary operator.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// An activation, read from the arena.
    Activation(Map),
    /// A constant of the model.
    Constant(Map, Arc<[i8]>),
}

impl Operand {
    /// The operand's own map; a side of 1 is repeated along that axis (broadcast).
    #[must_use]
    pub const fn map(&self) -> Map {
        match self {
            Self::Activation(map) | Self::Constant(map, _) => *map,
        }
    }
}

/// The two operands of ADD or MUL and the map that they broadcast to.
#[derive(Clone, Debug, PartialEq)]
pub struct Binary {
    /// Left and right.
    pub operands: [Operand; 2],
    /// The output's map: along each axis the greater of the operands' sides.
    pub output: Map,
}

impl Binary {
    /// The operand that is activation input number `position`.
    fn activation(&self, position: usize) -> Option<Map> {
        let mut activations = self.operands.iter().filter_map(|operand| match operand {
            Operand::Activation(map) => Some(*map),
            Operand::Constant(..) => None,
        });
        activations.nth(position)
    }

    pub(super) fn operands_match_or_are_constant(&self) -> bool {
        self.operands.iter().all(|operand| match operand {
            Operand::Activation(map) => *map == self.output,
            Operand::Constant(..) => true,
        })
    }

    pub(super) fn need(&self, position: usize, output: Region) -> Region {
        let Some(map) = self.activation(position) else { return Region::default() };
        let along = |span: Span, size: usize| match (span.is_empty(), size) {
            (true, _) => Span::default(),
            (false, 1) => Span::whole(1),
            (false, _) => span,
        };
        Region { rows: along(output.rows, map.height), columns: along(output.columns, map.width) }
    }
}

/// ADD: both operands are brought to a common scale in Q20, added, and requantized.
///
/// Source: TensorFlow Lite `reference/integer_ops/add.h`.
#[derive(Clone, Debug, PartialEq)]
pub struct Add {
    /// Operands and output map.
    pub binary: Binary,
    /// Zero points of the operands.
    pub zero_points: [i32; 2],
    /// `scale / (2 * greater scale)` of each operand; both at most 1/2.
    pub multipliers: [Multiplier; 2],
    /// `2 * greater scale / (2^20 * output scale)`.
    pub output_multiplier: Multiplier,
    /// Zero point of the output.
    pub output_zero_point: i32,
    /// The fused activation as a clamp `[low, high]`.
    pub clamp: (i8, i8),
}

impl Add {
    /// The multipliers of both operands and of the output, or `None` where TensorFlow Lite refuses
    /// the scales: each multiplier must be above 0 and below 1.
    ///
    /// Twice the greater scale is the common one; all quotients are taken in float64.
    ///
    /// Source: TensorFlow Lite `kernels/add.cc`, `Prepare`.
    #[must_use]
    pub fn multipliers(scales: [f32; 2], output: f32) -> Option<([Multiplier; 2], Multiplier)> {
        let common = 2.0 * f64::from(scales[0].max(scales[1]));
        let below_one = |real: f64| {
            let multiplier = if real < 1.0 { Multiplier::from_real(real)? } else { return None };
            (multiplier.fixed > 0 && multiplier.shift <= 0).then_some(multiplier)
        };
        let left = below_one(f64::from(scales[0]) / common)?;
        let right = below_one(f64::from(scales[1]) / common)?;
        let output = below_one(common / (f64::from(1 << Self::LEFT_SHIFT) * f64::from(output)))?;
        Some(([left, right], output))
    }

    /// Bits by which operands are shifted left before they are scaled.
    pub const LEFT_SHIFT: u32 = 20;
}

/// MUL: the product of the distances from the zero points, requantized once.
///
/// Source: TensorFlow Lite `reference/integer_ops/mul.h`.
#[derive(Clone, Debug, PartialEq)]
pub struct Mul {
    /// Operands and output map.
    pub binary: Binary,
    /// Zero points of the operands.
    pub zero_points: [i32; 2],
    /// `left scale * right scale / output scale`.
    pub output_multiplier: Multiplier,
    /// Zero point of the output.
    pub output_zero_point: i32,
    /// The fused activation as a clamp `[low, high]`.
    pub clamp: (i8, i8),
}

impl Mul {
    /// `left scale * right scale / output scale` in float64, or `None` where that is no multiplier.
    ///
    /// Source: TensorFlow Lite `kernels/mul.cc`, `Prepare`.
    #[must_use]
    pub fn multiplier(scales: [f32; 2], output: f32) -> Option<Multiplier> {
        Multiplier::from_real(f64::from(scales[0]) * f64::from(scales[1]) / f64::from(output))
    }
}

/// PAD of rows and columns with the zero point: a window of one tap with padding.
#[derive(Clone, Debug, PartialEq)]
pub struct Pad {
    /// Kernel, stride and dilation are 1; the padding is before the map, and the output's size
    /// says what is behind it.
    pub window: Window,
    /// What the border holds: the output's zero point.
    pub value: i8,
}

/// QUANTIZE from int8 to int8.
#[derive(Clone, Debug, PartialEq)]
pub struct Requantize {
    /// The map, equal on both sides.
    pub map: Map,
    /// `input scale / output scale`.
    pub multiplier: Multiplier,
    /// Zero point of the input.
    pub input_zero_point: i32,
    /// Zero point of the output.
    pub output_zero_point: i32,
}

impl Requantize {
    /// `input scale / output scale` in float64, or `None` where that is no multiplier.
    ///
    /// Source: TensorFlow Lite `kernels/quantize.cc`, `Prepare`.
    #[must_use]
    pub fn multiplier(input: f32, output: f32) -> Option<Multiplier> {
        Multiplier::from_real(f64::from(input) / f64::from(output))
    }
}
