//! CONV_2D as a product of matrices, band by band.

use super::{
    Workspace,
    lanes::Lanes,
    matrix::{Filters, Grid, Matrix},
    output_stage::Scaling,
    pointwise::{self, Pixels, UNIT, unit_bytes},
    recipe::OutputRange,
    strip::Frame,
};
use crate::{
    kernels::{Call, View},
    operator::{Conv2d, DepthwiseConv2d, Window},
    tensor::{Region, Span},
};

/// Bytes that the strip of a band should not exceed: half of a first-level cache.
const BAND_BYTES: usize = 16 << 10;

/// Kernel rows of so many int16 or fewer are gathered: as segments they would be too short.
const GATHERED_INPUTS: usize = 16;
/// Where there are so many filters or more: gathering costs as much as segments do for one block.
const GATHERED_FILTERS: usize = 48;
/// Bytes that are copied for each of them.
const GATHERED_BYTES: usize = 2 * GATHERED_INPUTS;

/// Strips that would be larger than this are left to the reference kernels.
const LARGEST_STRIP_BYTES: usize = 4 << 20;

/// Bytes behind the strip that a tile may read, though not use.
const SLACK_BYTES: usize = 2 * GATHERED_BYTES;

/// A convolution with its weights packed.
#[derive(Clone, Debug)]
pub(super) struct PackedConv<L: Lanes> {
    window: Window,
    input_zero_point: i32,
    /// Multiply-accumulates of a pixel.
    macs: u64,
    /// Whether each pixel's inputs are gathered to one segment.
    is_gathered: bool,
    matrix: Matrix<L>,
}

impl<L: Lanes> PackedConv<L> {
    /// Packs a convolution; `None` for one that is left to the reference kernels.
    pub(super) fn new(conv: &Conv2d) -> Option<Self> {
        let window = conv.window;
        let inputs = window.kernel[1] * window.input.channels;
        let filters = Filters {
            weights: &conv.weights,
            filters: window.output.channels,
            segments: window.kernel[0],
            inputs,
            strides: [window.kernel[0] * inputs, 1],
            input_zero_point: conv.input_zero_point,
        };
        let scaling = Scaling {
            bias: &conv.bias,
            multipliers: &conv.multipliers,
            range: OutputRange {
                zero_point: conv.output_zero_point,
                low: conv.clamp.0,
                high: conv.clamp.1,
            },
        };
        Self::pack(window, &filters, scaling)
    }

    /// A depthwise convolution of one input channel is a convolution whose weights lie in another
    /// order.
    pub(super) fn of_one_channel(conv: &DepthwiseConv2d) -> Option<Self> {
        let window = conv.window;
        let filters = Filters {
            weights: &conv.weights,
            filters: window.output.channels,
            segments: window.kernel[0],
            inputs: window.kernel[1],
            strides: [1, window.output.channels],
            input_zero_point: conv.input_zero_point,
        };
        let scaling = Scaling {
            bias: &conv.bias,
            multipliers: &conv.multipliers,
            range: OutputRange {
                zero_point: conv.output_zero_point,
                low: conv.clamp.0,
                high: conv.clamp.1,
            },
        };
        (window.input.channels == 1).then(|| Self::pack(window, &filters, scaling)).flatten()
    }

    fn pack(window: Window, filters: &Filters<'_>, scaling: Scaling<'_>) -> Option<Self> {
        let is_gathered = filters.segments > 1
            && filters.inputs <= GATHERED_INPUTS
            && filters.filters >= GATHERED_FILTERS;
        let joined;
        let filters = if is_gathered {
            let inputs = filters.segments * filters.inputs;
            joined = Filters { segments: 1, inputs, ..*filters };
            &joined
        } else {
            filters
        };
        let is_plain = window.dilation == [1, 1]
            && (-128..=127).contains(&filters.input_zero_point)
            && strip_bytes(&window, 1, window.output.width)
                .is_some_and(|bytes| bytes <= LARGEST_STRIP_BYTES);
        is_plain.then(|| Self {
            window,
            input_zero_point: filters.input_zero_point,
            macs: (filters.segments * filters.inputs * filters.filters) as u64,
            is_gathered,
            matrix: Matrix::pack(filters, scaling),
        })
    }

    /// Bytes that a run needs of the workspace, at most.
    pub(super) fn workspace_bytes(&self) -> usize {
        let width = self.window.output.width;
        let least = strip_bytes(&self.window, 1, width).unwrap_or(0);
        least.max(unit_bytes(self.matrix.pairs)).max(BAND_BYTES) + SLACK_BYTES
    }

    /// Bytes that a run needs of the workspace for gathered inputs, at most.
    pub(super) fn workspace_gathered(&self) -> usize {
        if !self.is_gathered {
            return 0;
        }
        (self.window.output.width * self.pixel_bytes()).max(BAND_BYTES) + SLACK_BYTES
    }

    /// Bytes of a pixel's gathered inputs, a whole number of pairs.
    fn pixel_bytes(&self) -> usize {
        (self.window.taps() * self.window.input.channels).next_multiple_of(2) * 2
    }

    /// Computes the call's region; returns the multiply-accumulates.
    pub(super) fn run(
        &self,
        workspace: &mut Workspace<L>,
        arena: &mut [u8],
        input: &View,
        call: &Call<'_>,
    ) -> u64 {
        if self.is_pointwise() {
            return self.run_pointwise(workspace, arena, input, call);
        }
        let region = call.region;
        let window = &self.window;
        let [channels, outputs] = [window.input.channels, window.output.channels];
        let mut macs = 0;
        let rows = self.band_rows(region);
        let mut y = region.rows.start;
        while y < region.rows.end {
            let rows = rows.min(region.rows.end - y);
            let frame = frame(window, [y, region.columns.start], [rows, region.columns.len()]);
            let row_bytes = frame.row_bytes(channels);
            let strip = &mut workspace.bytes[..frame.rows * row_bytes + SLACK_BYTES];
            frame.fill::<L>(arena, input, self.input_zero_point, strip);
            let band = Region { rows: Span::new(y, y + rows), columns: region.columns };
            let grid = Grid {
                rows,
                columns: region.columns.len(),
                segment_bytes: row_bytes,
                from_steps: [row_bytes * window.stride[0], channels * 2 * window.stride[1]],
                to: call.output.cell(y, region.columns.start),
                to_steps: [call.output.region.columns.len(), 1].map(|cells| cells * outputs),
            };
            if self.is_gathered {
                let gathered = &mut workspace.transformed[..];
                let grid = self.gather(strip, grid, gathered);
                self.matrix.multiply(gathered, grid.joined(), arena);
            } else {
                self.matrix.multiply(strip, grid.joined(), arena);
            }
            macs += self.macs * band.cells() as u64;
            y += rows;
        }
        macs
    }

    /// Whether a pixel's outputs depend on its own inputs alone, without padding on any side. Without
    /// vectors one way is enough.
    fn is_pointwise(&self) -> bool {
        let Window { kernel, stride, padding_before, input, output, .. } = self.window;
        let has_padding = padding_before != [0, 0]
            || [input.height, input.width] != [output.height, output.width];
        L::HAS_VECTORS && kernel == [1, 1] && stride == [1, 1] && !has_padding
    }

    /// Pixels of a band of units.
    fn pixels_at_once(&self) -> usize {
        let units = BAND_BYTES / unit_bytes(self.matrix.pairs);
        units.max(1) * UNIT
    }

    fn run_pointwise(
        &self,
        workspace: &mut Workspace<L>,
        arena: &mut [u8],
        input: &View,
        call: &Call<'_>,
    ) -> u64 {
        let (region, output) = (call.region, &call.output);
        let [channels, outputs] = [self.window.input.channels, self.window.output.channels];
        let mut runs = region.rows.len();
        let mut columns = region.columns.len();
        // Rows that follow each other without gaps, here and there, are one.
        if input.region.columns == region.columns && output.region.columns == region.columns {
            (runs, columns) = (1, runs * columns);
        }
        for run in 0..runs {
            let y = region.rows.start + run;
            let source = input.cell(y, region.columns.start);
            let target = output.cell(y, region.columns.start);
            for first in (0..columns).step_by(self.pixels_at_once()) {
                let count = self.pixels_at_once().min(columns - first);
                let cells = &arena[source + first * channels..][..count * channels];
                let units = count.div_ceil(UNIT) * unit_bytes(self.matrix.pairs);
                let units = &mut workspace.bytes[..units];
                L::inside(|| pointwise::widen::<L>(cells, channels, units));
                let to = target + first * outputs;
                let pixels = Pixels { count, to, step: outputs };
                self.matrix.multiply_units(units, pixels, arena);
            }
        }
        self.macs * region.cells() as u64
    }

    /// Lays each pixel's inputs side by side.
    fn gather(&self, strip: &[u8], grid: Grid, gathered: &mut [u8]) -> Grid {
        let (segments, pixel_bytes) = (self.window.kernel[0], self.pixel_bytes());
        let run_bytes = self.window.kernel[1] * self.window.input.channels * 2;
        for row in 0..grid.rows {
            let from = &strip[row * grid.from_steps[0]..];
            let to = &mut gathered[row * grid.columns * pixel_bytes..];
            let runs = Runs { segments, run_bytes, pixel_bytes, grid };
            match run_bytes {
                0..=8 => L::inside(|| runs.copy::<8>(from, to)),
                9..=16 => L::inside(|| runs.copy::<16>(from, to)),
                _ => L::inside(|| runs.copy::<GATHERED_BYTES>(from, to)),
            }
        }
        let from_steps = [grid.columns * pixel_bytes, pixel_bytes];
        Grid { segment_bytes: 0, from_steps, ..grid }
    }

    /// How many output rows a band takes.
    fn band_rows(&self, region: Region) -> usize {
        let Window { kernel, stride, input, .. } = &self.window;
        let columns = (region.columns.len() - 1) * stride[1] + kernel[1];
        let rows_that_fit = BAND_BYTES / (columns * input.channels * 2);
        let rows = rows_that_fit.saturating_sub(kernel[0]) / stride[0] + 1;
        if self.is_gathered {
            rows.min((BAND_BYTES / (region.columns.len() * self.pixel_bytes())).max(1))
        } else {
            rows
        }
    }
}

/// The part of the padded map that some outputs read.
fn frame(window: &Window, start: [usize; 2], outputs: [usize; 2]) -> Frame {
    let side = |axis: usize| (outputs[axis] - 1) * window.stride[axis] + window.kernel[axis];
    Frame {
        start: [start[0] * window.stride[0], start[1] * window.stride[1]],
        rows: side(0),
        columns: side(1),
        before: window.padding_before,
        rows_read: [window.kernel[0], window.stride[0]],
    }
}

/// Bytes of the strip for some output rows; `None` beyond all sizes.
fn strip_bytes(window: &Window, rows: usize, columns: usize) -> Option<usize> {
    let side = |axis: usize, outputs: usize| {
        (outputs - 1).checked_mul(window.stride[axis])?.checked_add(window.kernel[axis])
    };
    side(0, rows)?.checked_mul(side(1, columns)?)?.checked_mul(window.input.channels * 2)
}

/// What is gathered for a row of pixels: a run of the strip for each kernel row.
struct Runs {
    segments: usize,
    run_bytes: usize,
    pixel_bytes: usize,
    grid: Grid,
}

impl Runs {
    /// Copies `N` bytes for each run; those behind it are written over by the next copy.
    #[inline(always)]
    fn copy<const N: usize>(&self, from: &[u8], to: &mut [u8]) {
        for pixel in 0..self.grid.columns {
            let (mut source, mut place) =
                (pixel * self.grid.from_steps[1], pixel * self.pixel_bytes);
            for _ in 0..self.segments {
                let run = from.get(source..).and_then(|from| from.first_chunk::<N>());
                let target = to.get_mut(place..).and_then(|to| to.first_chunk_mut::<N>());
                let (Some(run), Some(target)) = (run, target) else { return };
                *target = *run;
                source += self.grid.segment_bytes;
                place += self.run_bytes;
            }
        }
    }
}
