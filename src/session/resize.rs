//! Plans as figures alone: of the open model, or of the same for a smaller input.

use super::{Error, Session};
use crate::{
    exec::ExecError,
    graph::{self, Graph, Passes},
    kernels::Kernels,
    model,
    report::CandidateReport,
    schedule::{PlanChoice, ScheduleChoice},
    tensor::Map,
};
use std::sync::Arc;

impl<K: Kernels> Session<K> {
    /// The graph of the same model for a smaller input: height and width.
    ///
    /// # Errors
    /// [`Error`] where the model cannot run, or an operator of it takes no other size.
    pub fn resized(&self, sides: [usize; 2]) -> Result<Graph, Error> {
        self.resized_under(self.passes, sides)
    }

    fn resized_under(&self, passes: Passes, sides: [usize; 2]) -> Result<Graph, Error> {
        self.check_runs()?;
        let stored = model::read(Arc::clone(&self.model.bytes), &self.limits)?;
        let graph = graph::build(&graph::resize(stored, sides)?, passes)?;
        match graph.refusal() {
            Some(refusal) => Err(ExecError::Refused(refusal).into()),
            None => Ok(graph),
        }
    }

    /// Plans for the figures alone; with `sides` the model for an input of that height and width,
    /// where a grid that is too fine for its maps becomes the finest possible. As TensorFlow Lite Micro plans,
    /// [`PlanChoice::TFLM`], it is the graph as stored: no passes.
    ///
    /// # Errors
    /// As [`Session::plan`] and [`Session::resized`].
    pub fn try_plan(
        &self,
        sides: Option<[usize; 2]>,
        choice: PlanChoice,
    ) -> Result<CandidateReport, Error> {
        let Some(sides) = sides else { return Self::candidate(&self.graph, choice) };
        let passes = if choice == PlanChoice::TFLM { Passes::NONE } else { self.passes };
        let graph = self.resized_under(passes, sides)?;
        Self::candidate(&graph, choice.with_schedule(within(&graph, choice.schedule)))
    }

    fn candidate(graph: &Graph, choice: PlanChoice) -> Result<CandidateReport, Error> {
        let planned = Self::plan_graph(graph, choice)?;
        Ok(CandidateReport {
            choice: choice.schedule,
            arena_bytes: planned.solution.height_bytes,
            peak_bytes: planned.schedule.peak_bytes(),
            macs: planned.schedule.macs(),
        })
    }
}

/// The same schedule with a grid no finer than the split tensor.
fn within(graph: &Graph, schedule: ScheduleChoice) -> ScheduleChoice {
    let ScheduleChoice::Patched { stage_end, rows, columns, input_image } = schedule else {
        return schedule;
    };
    let position = graph.position(stage_end as usize);
    let output = position.and_then(|position| graph.nodes[position].outputs.first());
    let Map { height, width, .. } =
        output.map(|&id| graph.tensor(id).shape.map()).unwrap_or_default();
    let most = |side: usize| u32::try_from(side.max(1)).unwrap_or(u32::MAX);
    let (rows, columns) = (rows.min(most(height)), columns.min(most(width)));
    ScheduleChoice::Patched { stage_end, rows, columns, input_image }
}
