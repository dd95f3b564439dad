//! Where a patch stage can end.

use crate::{
    graph::{Graph, Liveness, Node},
    schedule::ScheduleError,
    tensor::TensorId,
};

/// The first operators of a graph, all spatial, after which one tensor alone is live.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Stage {
    /// The last operator, by its position among the kept ones.
    pub last: usize,
    /// The split tensor: the output of that operator.
    pub split: TensorId,
}

impl Stage {
    /// The stage whose last operator is #`index` of the file.
    ///
    /// # Errors
    /// [`ScheduleError`] naming what stands in the way.
    pub fn ending_at(graph: &Graph, index: usize) -> Result<Self, ScheduleError> {
        let last = graph.position(index).ok_or(ScheduleError::NoSuchOperator(index))?;
        for node in &graph.nodes[..=last] {
            if let Some(why) = not_spatial(graph, node) {
                let (stage_end, operator) = (index, node.index);
                return Err(ScheduleError::NotSpatial { stage_end, operator, why });
            }
        }
        let split = graph.nodes[last].outputs[0];
        let liveness = Liveness::of(graph);
        let mut others = (0u32..).map(TensorId).zip(&liveness.0).filter(|(id, span)| {
            *id != split && span.as_ref().is_some_and(|span| crosses(graph, *id, span, last))
        });
        if let Some((other, _)) = others.next() {
            return Err(ScheduleError::MoreIsLive { stage_end: index, tensor: other.0 });
        }
        let span = liveness.0[split.index()].clone().unwrap_or_default();
        if !crosses(graph, split, &span, last) {
            return Err(ScheduleError::MoreIsLive { stage_end: index, tensor: split.0 });
        }
        Ok(Self { last, split })
    }
}

/// Whether a tensor is live after the operator at `last`.
fn crosses(graph: &Graph, id: TensorId, span: &std::ops::Range<usize>, last: usize) -> bool {
    span.start <= last && (span.end > last + 1 || graph.tensor(id).is_output)
}

/// What keeps an operator from running on regions.
fn not_spatial(graph: &Graph, node: &Node) -> Option<&'static str> {
    let operator = match &node.operator {
        Ok(operator) if operator.is_spatial() => operator,
        Ok(_) => return Some("not spatial"),
        Err(_) => return Some("cannot run here"),
    };
    let is_map = |id: &TensorId| graph.tensor(*id).shape.is_spatial();
    let maps = node.inputs.iter().all(is_map) && node.outputs.iter().all(is_map);
    (!maps || node.outputs.len() != 1 || operator.need(0, Default::default()).is_none())
        .then_some("not on a map of batch 1")
}

/// The operators at which a patch stage can end, by their index in the file.
#[must_use]
pub fn stage_ends(graph: &Graph) -> Vec<usize> {
    let spatial = graph.nodes.iter().take_while(|node| not_spatial(graph, node).is_none()).count();
    // How many tensors are live after each of these operators, as differences.
    let mut changes = vec![0isize; spatial + 1];
    let liveness = Liveness::of(graph);
    let mut ends = vec![0; graph.tensors.len()];
    for (tensor, span) in liveness.0.iter().enumerate() {
        let Some(span) = span else { continue };
        let end = if graph.tensors[tensor].is_output { usize::MAX } else { span.end - 1 };
        ends[tensor] = end;
        if end > span.start {
            changes[span.start.min(spatial)] += 1;
            changes[end.min(spatial)] -= 1;
        }
    }
    let mut live = 0;
    let mut found = Vec::new();
    for (position, node) in graph.nodes[..spatial].iter().enumerate() {
        live += changes[position];
        if live == 1 && ends[node.outputs[0].index()] > position {
            found.push(node.index);
        }
    }
    found
}
