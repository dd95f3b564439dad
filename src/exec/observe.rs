//! Looking on while a schedule runs.

use crate::{kernels::View, schedule::Step, tensor::Region};

/// Sees each step begin and end, and may ask to stop between two of them.
///
/// All methods do nothing by default; `()` is the observer that looks away.
pub trait Observer {
    /// A step is about to run.
    fn begin(&mut self, _step: usize) {}

    /// A step has run; its output is still untouched in the arena.
    fn end(&mut self, _step: usize, _output: &StepOutput<'_>) {}

    /// Whether to go on after a step.
    fn keep_going(&mut self) -> bool {
        true
    }
}

impl Observer for () {}

/// What a step wrote.
#[derive(Debug)]
pub struct StepOutput<'a> {
    /// The step.
    pub step: &'a Step,
    /// The buffer that it wrote to.
    pub view: View,
    /// The arena as the step left it.
    pub arena: &'a [u8],
    /// Multiply-accumulates that the kernel counted.
    pub macs: u64,
}

impl StepOutput<'_> {
    /// Copies the step's region into the bytes of a whole map.
    pub fn copy_to_map(&self, map_bytes: &mut [u8]) {
        let whole = View { offset: 0, region: self.view.map.region(), ..self.view };
        copy_rows(self.arena, &self.view, map_bytes, &whole, self.step.region);
    }
}

/// Copies a region from one view to another, row by row; both must hold it.
pub fn copy_rows(from: &[u8], source: &View, to: &mut [u8], target: &View, region: Region) {
    let bytes = region.columns.len() * source.map.channels * source.element_bytes;
    if bytes == 0 {
        return;
    }
    for y in region.rows.start..region.rows.end {
        let (source, target) =
            (source.cell(y, region.columns.start), target.cell(y, region.columns.start));
        to[target..target + bytes].copy_from_slice(&from[source..source + bytes]);
    }
}
