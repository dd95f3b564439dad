//! A graph made ready for a set of kernels.

use super::ExecError;
use crate::{graph::Graph, kernels::Kernels, operator::Operator};
use std::sync::Arc;

/// A graph whose every operator can run, with what the kernel set made of its constants.
pub struct Program<K: Kernels> {
    graph: Arc<Graph>,
    prepared: Vec<K::Prepared>,
}

impl<K: Kernels> Program<K> {
    /// Prepares a graph, once for each model.
    ///
    /// # Errors
    /// The first operator that cannot run here, or more than `work_limit` element reads in all.
    pub fn new(graph: Arc<Graph>, work_limit: u64) -> Result<Self, ExecError> {
        if let Some(refusal) = graph.refusal() {
            return Err(ExecError::Refused(refusal));
        }
        let work = work(&graph);
        if work > work_limit {
            return Err(ExecError::Work { work, limit: work_limit });
        }
        let prepared = graph.nodes.iter().filter_map(|node| node.operator.as_ref().ok());
        let prepared = prepared.map(K::prepare).collect();
        Ok(Self { graph, prepared })
    }

    /// The graph.
    #[must_use]
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// The operator at a position of the graph, with its constants prepared.
    pub(super) fn operator(&self, position: usize) -> Option<(&Operator, &K::Prepared)> {
        let operator = self.graph.nodes[position].operator.as_ref().ok()?;
        Some((operator, &self.prepared[position]))
    }
}

/// Element reads of one layer-wise inference.
fn work(graph: &Graph) -> u64 {
    let each = graph.nodes.iter().filter_map(|node| {
        let operator = node.operator.as_ref().ok()?;
        let elements = graph.tensor(*node.outputs.first()?).shape.elements() as u64;
        Some(operator.reads_per_output().saturating_mul(elements))
    });
    each.fold(0, u64::saturating_add)
}
