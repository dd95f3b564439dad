//! What one patch needs of every tensor of the stage.

use super::Stage;
use crate::{
    graph::Graph,
    tensor::{Region, TensorId},
};

/// The region of each tensor that the current patch needs; empty for all others.
pub(super) struct Needs(Vec<Region>);

impl Needs {
    pub(super) fn new(graph: &Graph) -> Self {
        Self(vec![Region::default(); graph.tensors.len()])
    }

    /// The region needed of a tensor.
    pub(super) fn of(&self, id: TensorId) -> Region {
        self.0[id.index()]
    }

    /// Traces backwards from `part` of the split tensor: each operator asks of its inputs what its
    /// own output's need asks of it; several readers give the hull.
    ///
    /// Source: Lin et al. 2021 (MCUNetV2), section 3.1, made exact: clipped to the map, for any
    /// order of operators with residuals.
    pub(super) fn trace(&mut self, graph: &Graph, stage: &Stage, part: Region) {
        // Only tensors of the stage are ever asked for; most graphs have many more.
        for node in &graph.nodes[..=stage.last] {
            for id in node.inputs.iter().chain(&node.outputs) {
                self.0[id.index()] = Region::default();
            }
        }
        self.0[stage.split.index()] = part;
        for node in graph.nodes[..=stage.last].iter().rev() {
            let (Ok(operator), &[output]) = (&node.operator, &node.outputs[..]) else { continue };
            let wanted = self.of(output);
            if wanted.is_empty() {
                continue;
            }
            for (position, &input) in node.inputs.iter().enumerate() {
                let need = operator.need(position, wanted).unwrap_or_default();
                let so_far = &mut self.0[input.index()];
                *so_far = so_far.hull(need);
            }
        }
    }
}
