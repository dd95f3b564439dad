//! Patch-based schedules: the first operators patch by patch, the rest layer-wise.
//!
//! The output of the stage, the split tensor, is assembled whole; each patch computes its part of
//! it from just the regions that it needs, halos again and again. The result is byte for byte that
//! of the layer-wise schedule.
//!
//! Source: Lin et al. 2021, "MCUNetV2: Memory-Efficient Patch-based Inference for Tiny Deep
//! Learning", section 3.1.

mod need;
mod stage;
mod unclipped;

pub use stage::{Stage, stage_ends};
pub use unclipped::{Unclipped, unclipped};

use super::{
    Action, Buffer, BufferId, Extent, InputImage, Options, Role, Schedule, ScheduleChoice,
    ScheduleError, Step, layerwise::Layout,
};
use crate::{
    graph::Graph,
    tensor::{Map, Region, Span, TensorId},
};
use need::Needs;

/// The most steps that a patch stage may have: far more than a microcontroller would want, and few
/// enough to plan and show.
const MAX_STEPS: usize = 250_000;

/// How the split tensor is cut: patch `(p, q)` makes its rows `floor(p*H/R) .. floor((p+1)*H/R)`,
/// columns alike.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Grid {
    /// Patches from top to bottom: R, at most the split tensor's height.
    pub rows: usize,
    /// Patches from left to right, at most its width.
    pub columns: usize,
}

impl Grid {
    /// The split tensor's map, where the grid fits it and has no more patches than are planned.
    fn check(self, graph: &Graph, stage: &Stage, stage_end: usize) -> Result<Map, ScheduleError> {
        let (Self { rows, columns }, map) = (self, graph.tensor(stage.split).shape.map());
        if !(1..=map.height).contains(&rows) || !(1..=map.width).contains(&columns) {
            let (most_rows, most_columns) = (map.height, map.width);
            return Err(ScheduleError::Grid { stage_end, rows, columns, most_rows, most_columns });
        }
        let steps = rows.saturating_mul(columns).saturating_mul(stage.last + 1);
        if steps > MAX_STEPS {
            return Err(ScheduleError::TooManySteps { steps, limit: MAX_STEPS });
        }
        Ok(map)
    }

    /// The parts of the split tensor, row by row.
    fn cells(self, map: Map) -> impl Iterator<Item = Region> {
        let cut = |size: usize, parts: usize, part: usize| {
            // In 64 bits, which hold the product of any two sides; the quotient is at most `size`.
            let at = |part: usize| {
                usize::try_from(part as u64 * size as u64 / parts as u64).unwrap_or(size)
            };
            Span::new(at(part), at(part + 1))
        };
        (0..self.rows).flat_map(move |p| {
            (0..self.columns).map(move |q| Region {
                rows: cut(map.height, self.rows, p),
                columns: cut(map.width, self.columns, q),
            })
        })
    }
}

/// The schedule that runs operators up to #`stage_end` (by its index in the file) in patches.
///
/// # Errors
/// [`ScheduleError`] where the stage cannot end there, or the grid is finer than the split tensor.
pub fn patched(
    graph: &Graph,
    stage_end: usize,
    grid: Grid,
    input_image: InputImage,
    options: &Options,
) -> Result<Schedule, ScheduleError> {
    let stage = Stage::ending_at(graph, stage_end)?;
    let map = grid.check(graph, &stage, stage_end)?;
    let mut stage_steps = StageSteps::new(graph, &stage, *options);
    if input_image == InputImage::Resident {
        stage_steps.hold_inputs();
    }
    for (patch, part) in (0u32..).zip(grid.cells(map)) {
        stage_steps.add_patch(patch, part);
    }
    let clamped = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
    Ok(stage_steps.finish(ScheduleChoice::Patched {
        stage_end: clamped(stage_end),
        rows: clamped(grid.rows),
        columns: clamped(grid.columns),
        input_image,
    }))
}

/// The steps of a patch stage while they are made.
struct StageSteps<'a> {
    stage: &'a Stage,
    layout: Layout<'a>,
    needs: Needs,
    steps: Vec<Step>,
    split: BufferId,
    /// What each patch reads of the first input.
    patch_inputs: Vec<Region>,
    /// Whole inputs, where they are resident.
    resident: Vec<BufferId>,
    /// For each tensor the buffer that the current patch reads it from.
    readable: Vec<Option<BufferId>>,
}

impl<'a> StageSteps<'a> {
    fn new(graph: &'a Graph, stage: &'a Stage, options: Options) -> Self {
        let mut layout = Layout::new(graph, options);
        // Lifespans are known when the stage is complete.
        let split = layout.hold(stage.split, 0..0);
        layout.buffer_mut(split).role = Role::Split;
        let needs = Needs::new(graph);
        let readable = vec![None; graph.tensors.len()];
        Self {
            stage,
            layout,
            needs,
            steps: Vec::new(),
            split,
            patch_inputs: Vec::new(),
            resident: Vec::new(),
            readable,
        }
    }

    /// Holds the inputs whole during all of the stage.
    fn hold_inputs(&mut self) {
        for &input in &self.layout.graph.inputs {
            let buffer = self.layout.hold(input, 0..0);
            self.readable[input.index()] = Some(buffer);
            self.resident.push(buffer);
        }
    }

    /// Adds the steps of one patch, which makes `part` of the split tensor.
    fn add_patch(&mut self, patch: u32, part: Region) {
        let graph = self.layout.graph;
        self.needs.trace(graph, self.stage, part);
        if let Some(&input) = graph.inputs.first() {
            self.patch_inputs.push(self.needs.of(input));
        }
        if self.resident.is_empty() {
            for (position, &input) in graph.inputs.iter().enumerate() {
                let region = self.needs.of(input);
                if !region.is_empty() {
                    let output = self.open_window(input, region, Role::Input, patch);
                    self.steps.push(Step {
                        action: Action::Deliver(position),
                        region,
                        inputs: Vec::new(),
                        outputs: vec![output],
                        scratch: None,
                        macs: 0,
                        patch: Some(patch),
                    });
                }
            }
        }
        for (position, node) in graph.nodes[..=self.stage.last].iter().enumerate() {
            let (Ok(operator), &[output]) = (&node.operator, &node.outputs[..]) else { continue };
            let region = self.needs.of(output);
            if region.is_empty() {
                continue;
            }
            let inputs: Vec<_> = node.inputs.iter().map(|&input| self.read(input, patch)).collect();
            let (buffer, scratch) = if output == self.stage.split {
                (self.split, None)
            } else {
                let buffer = self.open_window(output, region, Role::Activation, patch);
                (buffer, self.take_place(position, buffer, &inputs, patch))
            };
            let channels = graph.tensor(output).shape.map().channels;
            self.steps.push(Step {
                action: Action::Compute(position),
                region,
                inputs,
                outputs: vec![buffer],
                scratch,
                macs: operator.macs_per_output() * (region.cells() * channels) as u64,
                patch: Some(patch),
            });
        }
    }

    /// Lets the window that the step to come writes take the place of an input's, where it may:
    /// only windows of this patch die with it. Returns the scratch that this asks for.
    fn take_place(
        &mut self,
        position: usize,
        output: BufferId,
        inputs: &[BufferId],
        patch: u32,
    ) -> Option<BufferId> {
        let input = inputs[self.layout.taken_input(position)?];
        let Extent::Window(region) = self.layout.buffer(input).extent else { return None };
        let step = self.steps.len();
        let in_place = self.layout.take_place(output, input, step);
        in_place.then(|| self.layout.add_scratch(position, step, region, Some(patch))).flatten()
    }

    /// The buffer from which the step to come reads a tensor; it lives at least until then.
    fn read(&mut self, id: TensorId, patch: u32) -> BufferId {
        let buffer = match self.readable[id.index()] {
            Some(buffer) if self.is_current(buffer, patch) => buffer,
            // The window lies in the padding alone: nothing of the tensor was computed.
            _ => self.open_window(id, Region::default(), Role::Activation, patch),
        };
        let lifespan = &mut self.layout.buffer_mut(buffer).lifespan;
        lifespan.end = lifespan.end.max(self.steps.len() + 1);
        buffer
    }

    /// Whether a buffer belongs to this patch, or to all of them.
    fn is_current(&self, buffer: BufferId, patch: u32) -> bool {
        self.layout.buffer(buffer).patch.is_none_or(|other| other == patch)
    }

    /// Adds a buffer for a region of a tensor, written by the step to come.
    fn open_window(&mut self, id: TensorId, region: Region, role: Role, patch: u32) -> BufferId {
        let tensor = self.layout.graph.tensor(id);
        let map = tensor.shape.map();
        let step = self.steps.len();
        let buffer = self.layout.push(Buffer {
            tensor: id,
            extent: Extent::Window(region),
            role,
            // A part of a tensor whose bytes are known to fit.
            bytes: tensor.bytes / map.elements() * region.cells() * map.channels,
            alignment_bytes: tensor.data_type.alignment_bytes(),
            lifespan: step..step + 1,
            patch: Some(patch),
            takes_place_of: None,
        });
        self.readable[id.index()] = Some(buffer);
        buffer
    }

    /// Adds the tail and sets the lifespans that span the stage.
    fn finish(mut self, choice: ScheduleChoice) -> Schedule {
        let (tail, stage_steps) = (self.stage.last + 1, self.steps.len());
        let split_end = self.layout.layerwise_span(self.stage.split).end;
        self.layout.buffer_mut(self.split).lifespan = 0..split_end - tail + stage_steps;
        for &input in &self.resident {
            self.layout.buffer_mut(input).lifespan = 0..stage_steps;
        }
        self.layout.hold_tensors_from(tail, stage_steps);
        let nodes = self.layout.graph.nodes.len();
        for position in tail..nodes {
            let step = self.layout.step(position, position - tail + stage_steps);
            self.steps.push(step);
        }
        let schedule = self.layout.finish(choice, self.steps, stage_steps);
        Schedule { patch_inputs: self.patch_inputs, ..schedule }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_tile_the_split_tensor() {
        let map = Map { height: 7, width: 5, channels: 1 };
        let parts: Vec<_> = Grid { rows: 3, columns: 2 }.cells(map).collect();
        assert_eq!(parts.len(), 6);
        assert_eq!(parts.iter().map(|part| part.cells()).sum::<usize>(), 35);
        assert_eq!(parts[0], Region { rows: Span::new(0, 2), columns: Span::new(0, 2) });
        assert_eq!(parts[5], Region { rows: Span::new(4, 7), columns: Span::new(2, 5) });
    }
}
