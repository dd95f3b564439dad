//! Which outputs are written over an input.
//!
//! An output may take the place of an input where nobody reads that input later, neither an
//! operator nor the caller, and where it is no larger. Kernels read every element before they write
//! one at or behind it; a depthwise convolution first gathers a channel into scratch.
//!
//! Source: Lin et al. 2020 (MCUNet), section 3.2; Lin et al. 2021 (MCUNetV2) for both inside
//! patches.

use super::{Alignment, InPlace, ScratchOf};
use crate::{
    graph::{Graph, Liveness, Node},
    operator::{Binary, Operand, Operator, ScratchRule},
};
use std::ops::Range;

/// What a schedule may do beside choosing an order.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Which operators write over an input.
    pub in_place: InPlace,
    /// What the kernel set asks for an operator in place.
    pub scratch: ScratchRule,
    /// Whose scratch is planned.
    pub scratch_of: ScratchOf,
    /// The least alignment of every address, to which sizes are rounded up.
    pub alignment: Alignment,
}

impl Default for Options {
    /// Nothing in place.
    fn default() -> Self {
        Self {
            in_place: InPlace::None,
            scratch: |_, _| 0,
            scratch_of: ScratchOf::Kernels,
            alignment: Alignment::Element,
        }
    }
}

/// The input, by its position among the operator's activation inputs, whose place the output of
/// the operator at `position` may take when it runs at `step` of the order that `liveness` follows.
pub(super) fn taken_input(
    graph: &Graph,
    liveness: &Liveness,
    (position, step): (usize, usize),
    in_place: InPlace,
) -> Option<usize> {
    let node = &graph.nodes[position];
    let dies_here = |input: usize| {
        let storage = graph.storage(node.inputs[input]);
        liveness.0[storage.index()].as_ref().is_some_and(|span| span.end == step + 1)
    };
    candidates(graph, node, in_place).find(|&input| dies_here(input))
}

/// The activation inputs whose place the output may take, where nobody reads them later.
pub(super) fn candidates<'a>(
    graph: &'a Graph,
    node: &'a Node,
    in_place: InPlace,
) -> impl Iterator<Item = usize> + 'a {
    let inputs = match (&node.operator, in_place) {
        (Err(_), _) | (_, InPlace::None) => 0..0,
        (Ok(Operator::DepthwiseConv2d(conv)), _) if conv.depth_multiplier == 1 => 0..1,
        (Ok(Operator::Requantize(_)), InPlace::All) => 0..1,
        (Ok(Operator::Add(add)), InPlace::All) => equal_operands(&add.binary, node),
        (Ok(Operator::Mul(mul)), InPlace::All) => equal_operands(&mul.binary, node),
        _ => 0..0,
    };
    let only_output = if let [output] = node.outputs[..] { Some(output) } else { None };
    inputs.filter(move |&input| {
        let Some(output) = only_output else { return false };
        let input = graph.tensor(graph.storage(node.inputs[input]));
        let output = graph.tensor(graph.storage(output));
        !input.is_output && !input.is_variable && output.bytes <= input.bytes
    })
}

/// The activation inputs of a binary operator, where all of them are as large as the output; none
/// otherwise: a broadcast operand is read again after it was overwritten.
fn equal_operands(binary: &Binary, node: &Node) -> Range<usize> {
    let is_equal = |operand: &Operand| match operand {
        Operand::Activation(map) => *map == binary.output,
        Operand::Constant(..) => true,
    };
    if binary.operands.iter().all(is_equal) { 0..node.inputs.len() } else { 0..0 }
}
