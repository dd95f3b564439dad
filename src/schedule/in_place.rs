//! Which outputs are written over an input.
//!
//! An output may take the place of an input where nobody reads that input later, neither an
//! operator nor the caller, and where it is no larger. Kernels read every element before they write
//! one at or behind it; a depthwise convolution first gathers a channel into scratch.
//!
//! Source: Lin et al. 2020 (MCUNet), section 3.2; Lin et al. 2021 (MCUNetV2) for both inside
//! patches.

use super::InPlace;
use crate::{
    graph::{Graph, Liveness, Node},
    operator::{Binary, Operand, Operator, ScratchRule},
};

/// What a schedule may do beside choosing an order.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Which operators write over an input.
    pub in_place: InPlace,
    /// What the kernel set asks for an operator in place.
    pub scratch: ScratchRule,
}

impl Default for Options {
    /// Nothing in place.
    fn default() -> Self {
        Self { in_place: InPlace::None, scratch: |_, _| 0 }
    }
}

/// The input, by its position among the operator's activation inputs, whose place the output of
/// the operator at `position` may take, layer by layer.
pub(super) fn taken_input(
    graph: &Graph,
    liveness: &Liveness,
    position: usize,
    in_place: InPlace,
) -> Option<usize> {
    let node = &graph.nodes[position];
    let (Ok(operator), &[output]) = (&node.operator, &node.outputs[..]) else { return None };
    let may = |input: usize| {
        let (input, output) = (graph.storage(node.inputs[input]), graph.storage(output));
        let dies_here =
            liveness.0[input.index()].as_ref().is_some_and(|span| span.end == position + 1);
        let (input, output) = (graph.tensor(input), graph.tensor(output));
        dies_here && !input.is_output && !input.is_variable && output.bytes <= input.bytes
    };
    let mut candidates = match (operator, in_place) {
        (_, InPlace::None) => 0..0,
        (Operator::DepthwiseConv2d(conv), _) if conv.depth_multiplier == 1 => 0..1,
        (Operator::Requantize(_), InPlace::All) => 0..1,
        (Operator::Add(add), InPlace::All) => equal_operands(&add.binary, node),
        (Operator::Mul(mul), InPlace::All) => equal_operands(&mul.binary, node),
        _ => 0..0,
    };
    candidates.find(|&input| may(input))
}

/// The activation inputs of a binary operator, where all of them are as large as the output; none
/// otherwise: a broadcast operand is read again after it was overwritten.
fn equal_operands(binary: &Binary, node: &Node) -> std::ops::Range<usize> {
    let is_equal = |operand: &Operand| match operand {
        Operand::Activation(map) => *map == binary.output,
        Operand::Constant(..) => true,
    };
    if binary.operands.iter().all(is_equal) { 0..node.inputs.len() } else { 0..0 }
}
