//! Which tensors are live when, layer by layer.

use super::{Graph, Node};
use crate::{operator::Operator, tensor::TensorId};
use std::ops::Range;

/// For each tensor the half-open range of positions (among the kept operators) at which it is
/// live; `None` for constants, aliases and tensors outside the graph.
///
/// An input lives from 0 to its last reader, an output to the end, a variable all the time, any
/// other tensor from the operator that writes it to its last reader.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Liveness(pub Vec<Option<Range<usize>>>);

impl Liveness {
    /// The lifespans of a graph's tensors, operators in the file's order.
    #[must_use]
    pub fn of(graph: &Graph) -> Self {
        Self::in_order(graph, 0..graph.nodes.len())
    }

    /// The lifespans when operators run in another order: all positions, each once, none before one
    /// whose output it reads. Ranges are then steps of that order.
    #[must_use]
    pub fn in_order(graph: &Graph, order: impl IntoIterator<Item = usize>) -> Self {
        let mut spans: Vec<Option<Range<usize>>> = vec![None; graph.tensors.len()];
        let end = graph.nodes.len();
        let mut extend = |id: TensorId, from: usize, to: usize| {
            if !graph.tensor(id).is_constant {
                let span = spans[graph.storage(id).index()].get_or_insert(from..to);
                span.end = span.end.max(to);
            }
        };
        for &input in &graph.inputs {
            extend(input, 0, 1);
        }
        let nodes = order.into_iter().filter_map(|position| graph.nodes.get(position));
        for (position, node) in nodes.enumerate() {
            for &input in &node.inputs {
                // A variable keeps its value for the next run: it is live all the time.
                let state = graph.tensor(input).is_variable;
                extend(input, 0, if state { end } else { position + 1 });
            }
            for &output in &node.outputs {
                extend(output, position, position + 1);
            }
        }
        for &output in &graph.outputs {
            extend(output, 0, end);
        }
        Self(spans)
    }

    /// When a tensor (by its storage) is live.
    #[must_use]
    pub fn span(&self, graph: &Graph, id: TensorId) -> Option<Range<usize>> {
        self.0[graph.storage(id).index()].clone()
    }

    /// Bytes live at each kept operator.
    #[must_use]
    pub fn live_bytes(&self, graph: &Graph) -> Vec<u64> {
        let sizes = graph.tensors.iter().map(|tensor| tensor.bytes as u64);
        sums(
            graph.nodes.len(),
            self.0
                .iter()
                .zip(sizes)
                .filter_map(|(span, bytes)| span.clone().map(|span| (span, bytes))),
        )
    }
}

/// Adds up, for each of `len` positions, the bytes whose range holds it.
fn sums(len: usize, spans: impl Iterator<Item = (Range<usize>, u64)>) -> Vec<u64> {
    let mut changes = vec![0u64; len + 1];
    for (span, bytes) in spans {
        changes[span.start.min(len)] = changes[span.start.min(len)].wrapping_add(bytes);
        changes[span.end.min(len)] = changes[span.end.min(len)].wrapping_sub(bytes);
    }
    let mut live = 0u64;
    changes.truncate(len);
    for change in &mut changes {
        live = live.wrapping_add(*change);
        *change = live;
    }
    changes
}

/// The greatest live set when every depthwise convolution that may does so writes over its input.
///
/// It may where its depth multiplier is 1, nobody reads its input later (nor does the caller), and
/// its output is no larger. While it runs its input counts, afterwards its output alone. Scratch
/// is not counted: it belongs to a kernel set.
///
/// Source: Lin et al. 2020 (MCUNet), section 3.2, "in-place depthwise convolution".
#[must_use]
pub fn depthwise_in_place_peak_bytes(graph: &Graph) -> u64 {
    let liveness = Liveness::of(graph);
    let mut spans: Vec<(Range<usize>, u64)> = Vec::new();
    let mut first_live: Vec<Option<usize>> =
        liveness.0.iter().map(|span| span.as_ref().map(|span| span.start)).collect();
    for (position, node) in graph.nodes.iter().enumerate() {
        if let Some((_, output)) = in_place_pair(graph, &liveness, position, node) {
            // The output takes no space of its own until its input is dead.
            first_live[output.index()] = Some(position + 1);
        }
    }
    for (tensor, span) in liveness.0.iter().enumerate() {
        if let (Some(span), Some(first)) = (span, first_live[tensor]) {
            spans.push((first..span.end.max(first), graph.tensors[tensor].bytes as u64));
        }
    }
    sums(graph.nodes.len(), spans.into_iter()).into_iter().max().unwrap_or(0)
}

/// Input and output of a depthwise convolution that may run in place, by their storage.
fn in_place_pair(
    graph: &Graph,
    liveness: &Liveness,
    position: usize,
    node: &Node,
) -> Option<(TensorId, TensorId)> {
    let (Ok(Operator::DepthwiseConv2d(conv)), &[input], &[output]) =
        (&node.operator, &node.inputs[..], &node.outputs[..])
    else {
        return None;
    };
    let (input, output) = (graph.storage(input), graph.storage(output));
    let dies_here = liveness.0[input.index()].as_ref()?.end == position + 1;
    let is_output = graph.tensor(input).is_output;
    let fits = graph.tensor(output).bytes <= graph.tensor(input).bytes;
    (conv.depth_multiplier == 1 && dies_here && !is_output && fits).then_some((input, output))
}
