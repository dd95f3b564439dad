//! What a patch stage would cost with halos that are not clipped at the border.
//!
//! Implementations with one size for all patches compute the part of a halo that lies outside the
//! map as well, as padding. Schedules here never do; the count is for comparison with what is
//! published.

use super::{Grid, Stage};
use crate::{
    graph::Graph,
    operator::{Conv2d, DepthwiseConv2d, Operator, Pad, Pool, Window},
    schedule::ScheduleError,
    tensor::{Region, Span},
};

/// The figures of a patch stage with unclipped halos.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Unclipped {
    /// Multiply-accumulates of the stage, all patches.
    pub stage_macs: u64,
    /// Multiply-accumulates of the stage layer by layer.
    pub stage_macs_layerwise: u64,
    /// Rows and columns of the first graph input that the neediest patch reads.
    pub input_side: [u64; 2],
}

/// Rows and columns, half-open, that may lie outside the map.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
struct Area([[i64; 2]; 2]);

impl Area {
    fn of(region: Region) -> Self {
        let side = |span: Span| {
            [span.start, span.end].map(|index| i64::try_from(index).unwrap_or(i64::MAX))
        };
        Self([side(region.rows), side(region.columns)])
    }

    fn sides(self) -> [u64; 2] {
        self.0.map(|[start, end]| end.saturating_sub(start).max(0).unsigned_abs())
    }

    fn is_empty(self) -> bool {
        self.sides().contains(&0)
    }

    fn hull(self, other: Self) -> Self {
        if self.is_empty() {
            return other;
        }
        let side = |axis: usize| {
            let ([a, b], [c, d]) = (self.0[axis], other.0[axis]);
            [a.min(c), b.max(d)]
        };
        Self([side(0), side(1)])
    }

    /// What a window reads for these outputs: for `[a, e)` along an axis
    /// `[a*s - b, (e-1)*s - b + (k-1)*d + 1)`.
    fn need(self, window: &Window) -> Self {
        let wide = |value: usize| i64::try_from(value).unwrap_or(i64::MAX);
        let side = |axis: usize| {
            let [start, end] = self.0[axis];
            let (stride, before) = (wide(window.stride[axis]), wide(window.padding_before[axis]));
            let reach = wide(window.kernel[axis] - 1).saturating_mul(wide(window.dilation[axis]));
            let first = start.saturating_mul(stride).saturating_sub(before);
            let last = (end - 1).saturating_mul(stride).saturating_sub(before);
            [first, last.saturating_add(reach).saturating_add(1)]
        };
        Self([side(0), side(1)])
    }
}

/// Counts a patch stage without clipping. The parts of the split tensor are those of the schedule.
///
/// # Errors
/// [`ScheduleError`] where the stage cannot end there, or the grid does not fit.
pub fn unclipped(graph: &Graph, stage_end: usize, grid: Grid) -> Result<Unclipped, ScheduleError> {
    let stage = Stage::ending_at(graph, stage_end)?;
    let map = grid.check(graph, &stage, stage_end)?;
    let mut areas = vec![Area::default(); graph.tensors.len()];
    let nodes = &graph.nodes[..=stage.last];
    let stage_macs_layerwise = nodes.iter().map(|node| node.macs).fold(0, u64::saturating_add);
    let (mut stage_macs, mut input_side) = (0u64, [0; 2]);
    for part in grid.cells(map) {
        // Only tensors of the stage are ever asked for; most graphs have many more.
        for id in nodes.iter().flat_map(|node| node.inputs.iter().chain(&node.outputs)) {
            areas[id.index()] = Area::default();
        }
        areas[stage.split.index()] = Area::of(part);
        for node in nodes.iter().rev() {
            let (Ok(operator), &[output]) = (&node.operator, &node.outputs[..]) else { continue };
            let wanted = areas[output.index()];
            if wanted.is_empty() {
                continue;
            }
            let [rows, columns] = wanted.sides();
            let channels = graph.tensor(output).shape.map().channels as u64;
            let outputs = rows.saturating_mul(columns).saturating_mul(channels);
            let macs = outputs.saturating_mul(operator.macs_per_output());
            stage_macs = stage_macs.saturating_add(macs);
            let need = window(operator).map_or(wanted, |window| wanted.need(window));
            for &input in &node.inputs {
                areas[input.index()] = areas[input.index()].hull(need);
            }
        }
        if let Some(&input) = graph.inputs.first() {
            let sides = areas[input.index()].sides();
            input_side = [input_side[0].max(sides[0]), input_side[1].max(sides[1])];
        }
    }
    Ok(Unclipped { stage_macs, stage_macs_layerwise, input_side })
}

/// The window that an operator of a stage slides; none for element-wise ones.
fn window(operator: &Operator) -> Option<&Window> {
    match operator {
        Operator::Conv2d(Conv2d { window, .. })
        | Operator::DepthwiseConv2d(DepthwiseConv2d { window, .. })
        | Operator::Pool(Pool { window, .. })
        | Operator::Pad(Pad { window, .. }) => Some(window),
        _ => None,
    }
}
