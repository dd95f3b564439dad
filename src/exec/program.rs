//! A graph made ready for a set of kernels.

use super::ExecError;
use crate::{
    graph::Graph,
    kernels::Kernels,
    model::Limits,
    operator::Operator,
    schedule::{Action, Options, Schedule, layerwise},
};
use std::{
    cell::{RefCell, RefMut},
    sync::Arc,
};

/// A graph whose every operator can run, with what the kernel set made of its constants.
pub struct Program<K: Kernels> {
    graph: Arc<Graph>,
    prepared: Vec<K::Prepared>,
    workspace: RefCell<K::Workspace>,
    /// Element reads that one run may take.
    pub(super) work_limit: u64,
}

impl<K: Kernels> Program<K> {
    /// Prepares a graph, once for each model.
    ///
    /// # Errors
    /// The first operator that cannot run here, or more work or activations than `limits` allow.
    pub fn new(graph: Arc<Graph>, limits: &Limits) -> Result<Self, ExecError> {
        if let Some(refusal) = graph.refusal() {
            return Err(ExecError::Refused(refusal));
        }
        let outputs = graph.nodes.iter().flat_map(|node| &node.outputs).chain(&graph.inputs);
        let sizes = outputs.map(|&id| graph.tensor(id).bytes as u64);
        let (bytes, limit_bytes) = (sizes.fold(0, u64::saturating_add), limits.activation_bytes);
        if bytes > limit_bytes {
            return Err(ExecError::Activations { bytes, limit_bytes });
        }
        check_work(&graph, &layerwise(&graph, &Options::default()), limits.work)?;
        let prepared = graph.nodes.iter().filter_map(|node| node.operator.as_ref().ok());
        let prepared: Vec<K::Prepared> = prepared.map(K::prepare).collect();
        let workspace = RefCell::new(K::workspace(&prepared));
        Ok(Self { graph, prepared, workspace, work_limit: limits.work })
    }

    /// The graph.
    #[must_use]
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// The graph, to be kept.
    pub(super) fn shared_graph(&self) -> &Arc<Graph> {
        &self.graph
    }

    /// What kernels work in beside the arena, for the length of a call.
    pub(super) fn workspace(&self) -> RefMut<'_, K::Workspace> {
        self.workspace.borrow_mut()
    }

    /// The operator at a position of the graph, with its constants prepared.
    pub(super) fn operator(&self, position: usize) -> Option<(&Operator, &K::Prepared)> {
        let operator = self.graph.nodes[position].operator.as_ref().ok()?;
        Some((operator, &self.prepared[position]))
    }
}

/// Refuses a schedule that reads more elements than anybody waits for.
pub(super) fn check_work(graph: &Graph, schedule: &Schedule, limit: u64) -> Result<(), ExecError> {
    let each = schedule.steps.iter().filter_map(|step| {
        let Action::Compute(position) = step.action else { return None };
        let node = &graph.nodes[position];
        let channels = graph.tensor(*node.outputs.first()?).shape.map().channels;
        let elements = (step.region.cells() as u64).saturating_mul(channels as u64);
        Some(node.operator.as_ref().ok()?.reads_per_output().saturating_mul(elements))
    });
    let work = each.fold(0, u64::saturating_add);
    if work > limit { Err(ExecError::Work { work, limit }) } else { Ok(()) }
}
