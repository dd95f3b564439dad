//! DEPTHWISE_CONV_2D of multiplier 1, on pairs of rows.
//!
//! Two rows of the map are interleaved to pairs of int16, so that one dot product does two taps of
//! four channels. A band of such pair rows is held in the workspace, for a group of channels:
//! `[four channels][pair row][column]`, padding filled in. An output row that begins at an odd row
//! uses the same pairs with its weights shifted by one; so at stride 1 two output rows are computed
//! at once from what is loaded for one.
//!
//! Kernels of 3x3 have so few taps that rows and their ends cost as much as these. They see the pair
//! rows of a band as one long row (`flat`): what is computed across the end of a row is left out
//! when sixteen channels of a pixel are written at once.

use super::{
    Workspace,
    lanes::Lanes,
    matrix::{narrow, paired},
    output_stage::{self, ChannelWeights, LANES, Mode, OutputStage, Rule, Scaling, by_rule},
    recipe::OutputRange,
    strip::Frame,
};
use crate::{
    kernels::{Call, View},
    operator::{DepthwiseConv2d, Window},
};
use std::array::from_fn;

/// Channels that are interleaved at once.
const CHUNK: usize = 8;
/// Output columns of a tile.
const COLUMNS: usize = 4;
/// Vectors whose outputs are written at once.
const GROUP: usize = 4;
/// Bytes of outputs that should wait to be written, at most.
const STAGED_BYTES: usize = 8 << 10;
/// Vectors behind a band that a tile may read, though not use.
const SLACK: usize = 8;
/// Bytes that a band should not exceed.
const BAND_BYTES: usize = 40 << 10;
/// Vectors whose channels fill a cache line.
const LINE_VECTORS: usize = 64 / LANES;
/// Bands that would be larger than this are left to the reference kernels.
const LARGEST_BAND_BYTES: usize = 4 << 20;
/// The largest kernel side that is packed.
const LARGEST_KERNEL: usize = 15;

/// A depthwise convolution with its weights packed.
#[derive(Clone, Debug)]
pub(super) struct PackedDepthwise<L: Lanes> {
    window: Window,
    input_zero_point: i8,
    /// For each four channels: the weights of an output row that begins at an even row, then those
    /// of one that begins at an odd row; each for each pair row and kernel column.
    weights: Vec<L::I16>,
    output_stage: OutputStage<L>,
}

/// A band of pair rows: how many there are room for, and of how many vectors of channels.
#[derive(Clone, Copy)]
struct Ring {
    pairs: usize,
    vectors: usize,
    columns: usize,
    /// Columns from row to row: one less where a row's last column and the next one's first are
    /// both padding.
    pitch: usize,
}

/// Where outputs go: the first one's address, and how far rows and columns are apart.
#[derive(Clone, Copy)]
struct Place {
    address: usize,
    row_bytes: usize,
    cell_bytes: usize,
}

impl<L: Lanes> PackedDepthwise<L> {
    /// Packs a convolution; `None` for one that is left to the reference kernels.
    pub(super) fn new(conv: &DepthwiseConv2d) -> Option<Self> {
        let window = conv.window;
        let is_plain = conv.depth_multiplier == 1
            && window.dilation == [1, 1]
            && (window.stride == [1, 1] || window.stride == [2, 2])
            && window.kernel.iter().all(|&side| side <= LARGEST_KERNEL);
        let input_zero_point = i8::try_from(conv.input_zero_point).ok()?;
        let smallest = Ring::least(&window, columns(&window, window.output.width)?);
        if !is_plain || smallest.bytes() > LARGEST_BAND_BYTES {
            return None;
        }
        let channels = window.output.channels;
        let of_channel = |channel: usize| {
            let weights = conv.weights[channel..].iter().step_by(channels);
            ChannelWeights::of(weights.map(|&weight| weight.into()), conv.input_zero_point)
        };
        let channel_weights: Vec<ChannelWeights> = (0..channels).map(of_channel).collect();
        let range = OutputRange {
            zero_point: conv.output_zero_point,
            low: conv.clamp.0,
            high: conv.clamp.1,
        };
        let scaling = Scaling { bias: &conv.bias, multipliers: &conv.multipliers, range };
        let (output_stage, gains) = OutputStage::new(scaling, &channel_weights, LANES, 1);
        let weights = packed::<L>(conv, &gains);
        Some(Self { window, input_zero_point, weights, output_stage })
    }

    /// Vectors that a run needs of the workspace, at most.
    pub(super) fn workspace_vectors(&self) -> usize {
        let columns = columns(&self.window, self.window.output.width).unwrap_or(0);
        let smallest = Ring::least(&self.window, columns);
        smallest.len().max(BAND_BYTES / 16) + SLACK
    }

    /// Bytes that a run needs of the workspace, for outputs before they are written.
    pub(super) fn workspace_bytes(&self) -> usize {
        let width = self.window.output.width;
        let row_of_four_channels = LANES * width.max(COLUMNS);
        let row_of_group = GROUP * LANES * (width + 2 * COLUMNS);
        2 * row_of_four_channels.max(row_of_group) + STAGED_BYTES
    }

    /// Whether an output may be written over the input in bands: each row's bytes must lie where
    /// all input was taken before. Where padding makes the output wider than the input it is not.
    pub(super) fn runs_in_place(&self, call: &Call<'_>, input: &View) -> bool {
        let window = &self.window;
        let width = call.output.region.columns.len();
        call.region.rows.indices().all(|y| {
            let unit = (y - call.region.rows.start) / self.rows_at_once();
            let taken = call.region.rows.start * window.stride[0] + 2 * (unit + self.pairs());
            let taken = taken.saturating_sub(window.padding_before[0] + input.region.rows.start);
            let written = (y + 1 - call.output.region.rows.start) * width;
            taken >= input.region.rows.len() || written <= taken * input.region.columns.len()
        })
    }

    /// Computes the call's region; returns the multiply-accumulates.
    pub(super) fn run(
        &self,
        workspace: &mut Workspace<L>,
        arena: &mut [u8],
        input: &View,
        call: &Call<'_>,
    ) -> u64 {
        let (region, channels) = (call.region, self.window.output.channels);
        let Some(columns) = columns(&self.window, region.columns.len()) else { return 0 };
        let units = region.rows.len().div_ceil(self.rows_at_once());
        let frame = self.frame(columns, call);
        let ring = self.ring(&frame, units, input);
        let vectors = channels.div_ceil(LANES);
        for first in (0..vectors).step_by(ring.vectors) {
            let last = vectors.min(first + ring.vectors);
            self.run_group([first, last], ring, (&frame, units), workspace, arena, input, call);
        }
        (region.cells() * channels * self.window.taps()) as u64
    }

    /// How large a band is: all channels where there is room, and as many rows as fit.
    fn ring(&self, frame: &Frame, units: usize, input: &View) -> Ring {
        let (least, columns) = (self.pairs(), frame.columns);
        let all = self.window.output.channels.div_ceil(CHUNK) * (CHUNK / LANES);
        let fits = BAND_BYTES / (16 * columns * (least + units.min(2) - 1));
        let step = if self.is_flat() && fits >= GROUP { GROUP } else { 2 };
        let vectors = (fits / step * step).clamp(2, all);
        // Where rows must be moved on, a cache line of channels and more rows are better.
        let is_whole = BAND_BYTES / (16 * columns * vectors) >= least + units - 1;
        let vectors = if is_whole { vectors } else { vectors.min(LINE_VECTORS) };
        let rows = BAND_BYTES / (16 * columns * vectors);
        let inside = frame.columns_inside(input.region.columns);
        let has_borders = inside.is_none_or(|[first, last]| first > 0 && last < columns);
        let shares_border = self.is_flat() && self.window.stride[1] == 1 && has_borders;
        let pitch = columns - usize::from(shares_border);
        Ring { pairs: rows.clamp(least, least + units - 1), vectors, columns, pitch }
    }

    /// All rows of the channels of some vectors, `[first, last)`.
    #[expect(clippy::too_many_arguments, reason = "one call, taken apart")]
    fn run_group(
        &self,
        [first, last]: [usize; 2],
        ring: Ring,
        (frame, units): (&Frame, usize),
        workspace: &mut Workspace<L>,
        arena: &mut [u8],
        input: &View,
        call: &Call<'_>,
    ) {
        let (needed, at_once) = (self.pairs(), ring.pairs + 1 - self.pairs());
        let len = ring.len() + SLACK;
        let band = &mut workspace.vectors[..len];
        let mut filled = 0;
        for unit in (0..units).step_by(at_once) {
            let count = at_once.min(units - unit);
            if unit > 0 {
                // What the rows before share with these, and what they have overwritten in place.
                for rows in band.chunks_exact_mut(ring.vector_len()) {
                    let end = filled * ring.pitch + ring.columns - ring.pitch;
                    rows.copy_within(at_once * ring.pitch..end, 0);
                }
                filled -= at_once;
            }
            while filled < count - 1 + needed {
                let row = 2 * (unit + filled);
                let place = Source { frame, row, first, last, pair: filled };
                L::inside(|| self.interleave(&place, ring, arena, input, band));
                filled += 1;
            }
            let task = Task {
                vector: first,
                slot: 0,
                units: [unit, count],
                band_unit: 0,
                ring,
                band,
                call,
            };
            if self.is_flat() {
                self.run_flat(&task, last, &mut workspace.bytes, arena);
                continue;
            }
            for vector in first..last {
                let task = Task { vector, slot: vector - first, ..task };
                self.run_vector(&task, &mut workspace.bytes, arena);
            }
        }
    }

    /// Whether rows are computed as one.
    fn is_flat(&self) -> bool {
        self.window.kernel == [3, 3]
    }

    /// The rows of some units for the channels of the task's vector up to `last`, as one long row.
    fn run_flat(&self, task: &Task<'_, L>, last: usize, staging: &mut [u8], arena: &mut [u8]) {
        let rows = self.rows_at_once();
        let pitch = task.ring.pitch / self.window.stride[1];
        let at_once = (STAGED_BYTES / (rows * pitch * GROUP * LANES)).max(1);
        for first in (task.vector..last).step_by(GROUP) {
            for unit in (0..task.units[1]).step_by(at_once) {
                let count = at_once.min(task.units[1] - unit);
                // Up to the last column of the last row.
                let outputs = (count - 1) * pitch + task.call.region.columns.len();
                let tiles = outputs.div_ceil(COLUMNS);
                let tile_bytes = COLUMNS * GROUP * LANES;
                let staging = &mut staging[..rows * tiles * tile_bytes];
                for vector in first..last.min(first + GROUP) {
                    let (slot, units) = (vector - task.vector, [task.units[0] + unit, count]);
                    let task = Task { vector, slot, units, band_unit: unit, ..*task };
                    self.flat_by_mode(&task, (vector - first) * LANES, staging);
                }
                let units = [task.units[0] + unit, count];
                for (row, staged) in staging.chunks_exact(tiles * tile_bytes).enumerate() {
                    // No channel beyond: in place, these are still to be read.
                    let end = (last * LANES).min(task.call.output.map.channels);
                    let lanes = [first * LANES, end.min((first + GROUP) * LANES)];
                    self.write_rows(task.call, units, row, lanes, staged, pitch, arena);
                }
            }
        }
    }

    fn flat_by_mode(&self, task: &Task<'_, L>, place: usize, staging: &mut [u8]) {
        let mode = self.output_stage.mode(task.vector);
        by_rule!(mode, L, self.flat_by_rule(task, place, staging));
    }

    fn flat_by_rule<R: Rule<L>>(&self, task: &Task<'_, L>, place: usize, staging: &mut [u8]) {
        if self.rows_at_once() == 2 {
            L::inside(|| self.flat::<R, 6, 1>(task, place, staging));
        } else {
            L::inside(|| self.flat::<R, 9, 2>(task, place, staging));
        }
    }

    /// The outputs of all rows at stride `S`, those at odd rows behind those at even ones: four
    /// channels of [`GROUP`] vectors of each. A tile reads `W` columns of two pair rows.
    #[inline(always)]
    fn flat<R: Rule<L>, const W: usize, const S: usize>(
        &self,
        task: &Task<'_, L>,
        place: usize,
        staging: &mut [u8],
    ) {
        let vector = task.vector;
        let stage = &self.output_stage.stages[vector];
        let (stages, vectors) = ([stage; 4], [vector; 4]);
        let clamp = self.output_stage.clamp();
        let start = task.slot * task.ring.vector_len() + task.band_unit * task.ring.pitch;
        let upper = &task.band[start..];
        let lower = &upper[task.ring.pitch..];
        let (places, _) = staging.as_chunks_mut::<{ COLUMNS * GROUP * LANES }>();
        let place = place % (GROUP * LANES);
        let tiles = places.len() * S / 2;
        let weights = self.weights[12 * vector..].as_chunks::<6>().0;
        for (places, &[a, b, c, d, e, f]) in places.chunks_exact_mut(tiles).zip(weights) {
            let mut x = 0;
            for place_of_tile in places {
                let (Some(upper), Some(lower)) = (upper.get(x..), lower.get(x..)) else { break };
                let upper = upper.first_chunk::<W>();
                let (Some(upper), Some(lower)) = (upper, lower.first_chunk::<W>()) else { break };
                x += COLUMNS * S;
                let sums: [L::I32; COLUMNS] = from_fn(|i| {
                    let sum = L::dot_add(stage.bias, upper[i * S], a);
                    let sum = L::dot_add(sum, upper[i * S + 1], b);
                    let sum = L::dot_add(sum, upper[i * S + 2], c);
                    let sum = L::dot_add(sum, lower[i * S], d);
                    let sum = L::dot_add(sum, lower[i * S + 1], e);
                    L::dot_add(sum, lower[i * S + 2], f)
                });
                let outputs = R::outputs(&self.output_stage, vectors, stages, sums);
                let bytes = L::i8_bytes(L::clamped(outputs, clamp));
                let quads = bytes.as_chunks::<LANES>().0;
                for column in 0..COLUMNS {
                    place_of_tile[place + column * GROUP * LANES..][..LANES]
                        .copy_from_slice(&quads[column]);
                }
            }
        }
    }

    /// Writes the rows number `row` of some units from where they wait: channels from `first` to
    /// `end`, at most sixteen, of each column.
    #[expect(clippy::too_many_arguments, reason = "one call, taken apart")]
    fn write_rows(
        &self,
        call: &Call<'_>,
        units: [usize; 2],
        row: usize,
        [first, end]: [usize; 2],
        staged: &[u8],
        pitch: usize,
        arena: &mut [u8],
    ) {
        let (region, channels) = (call.region, call.output.map.channels);
        let lanes = end - first;
        for unit in 0..units[1] {
            let y = region.rows.start + (units[0] + unit) * self.rows_at_once() + row;
            if y >= region.rows.end {
                return;
            }
            let cells = &staged.as_chunks().0[unit * pitch..][..region.columns.len()];
            let start = call.output.cell(y, region.columns.start) + first;
            let target = &mut arena[start..][..(cells.len() - 1) * channels + lanes];
            match lanes {
                16 => L::inside(|| write_cells::<L, 16>(cells, target, channels)),
                8 => L::inside(|| write_cells::<L, 8>(cells, target, channels)),
                _ => {
                    for (cell, target) in cells.iter().zip(target.chunks_mut(channels)) {
                        target[..lanes].copy_from_slice(&cell[..lanes]);
                    }
                }
            }
        }
    }

    /// The rows of some units for the channels of one vector.
    fn run_vector(&self, task: &Task<'_, L>, staging: &mut [u8], arena: &mut [u8]) {
        let (region, output) = (task.call.region, &task.call.output);
        let channels = output.map.channels;
        let first = task.vector * LANES;
        let (lanes, columns) = ((channels - first).min(LANES), region.columns.len());
        let y = region.rows.start + task.units[0] * self.rows_at_once();
        let place = Place {
            address: output.cell(y, region.columns.start) + first,
            row_bytes: output.region.columns.len() * channels,
            cell_bytes: channels,
        };
        if lanes == LANES && columns >= COLUMNS {
            self.by_mode(task, place, arena);
            return;
        }
        // Tiles are written whole: narrower maps and the last channels beside the map.
        let row_bytes = columns.max(COLUMNS) * LANES;
        for unit in 0..task.units[1] {
            let task = Task { units: [task.units[0] + unit, 1], band_unit: unit, ..*task };
            self.by_mode(&task, Place { address: 0, row_bytes, cell_bytes: LANES }, staging);
            for row in 0..self.rows_of(&task) {
                let row_of_band = unit * self.rows_at_once() + row;
                let address = place.address + row_of_band * place.row_bytes;
                for column in 0..columns {
                    let from = &staging[row * row_bytes + column * LANES..][..LANES];
                    let to = &mut arena[address + column * channels..][..lanes];
                    match to.first_chunk_mut::<LANES>() {
                        Some(to) => to.copy_from_slice(from),
                        None => to.copy_from_slice(&from[..lanes]),
                    }
                }
            }
        }
    }

    fn by_mode(&self, task: &Task<'_, L>, place: Place, target: &mut [u8]) {
        let mode = self.output_stage.mode(task.vector);
        by_rule!(mode, L, self.by_rule(task, place, target));
    }

    fn by_rule<R: Rule<L>>(&self, task: &Task<'_, L>, place: Place, target: &mut [u8]) {
        if self.window.stride[0] == 1 {
            L::inside(|| self.rows::<R, 8, 4, 1>(task, place, target));
        } else {
            L::inside(|| self.rows::<R, 4, 7, 2>(task, place, target));
        }
    }

    /// The output rows of the last unit of a task: one where the region's height is odd.
    fn rows_of(&self, task: &Task<'_, L>) -> usize {
        let y = (task.units[0] + task.units[1] - 1) * self.rows_at_once();
        self.rows_at_once().min(task.call.region.rows.len() - y)
    }

    /// Tiles of `P` outputs, [`COLUMNS`] in a row, at stride `S`; they read `W` neighbouring columns
    /// for each kernel column.
    #[inline(always)]
    fn rows<R: Rule<L>, const P: usize, const W: usize, const S: usize>(
        &self,
        task: &Task<'_, L>,
        place: Place,
        target: &mut [u8],
    ) {
        let (pairs, width) = (self.pairs(), self.window.kernel[1]);
        let taps = pairs * width;
        let (even, odd) = self.weights[2 * task.vector * taps..][..2 * taps].split_at(taps);
        let bias = self.output_stage.stages[task.vector].bias;
        let clamp = self.output_stage.clamp();
        let columns = task.call.region.columns.len();
        let last_rows = self.rows_of(task);
        let rows_of_vector = task.slot * task.ring.vector_len();
        for unit in 0..task.units[1] {
            let rows = if unit + 1 == task.units[1] { last_rows } else { P / COLUMNS };
            let start = place.address + unit * (P / COLUMNS) * place.row_bytes;
            let mut x = 0;
            loop {
                let mut sums = [bias; P];
                for pair in 0..pairs {
                    let pair_row =
                        rows_of_vector + (task.band_unit + unit + pair) * task.ring.pitch;
                    let row = &task.band[pair_row + x * S..][..W + width - 1];
                    let weights = even[pair * width..][..width].iter();
                    let weights = weights.zip(&odd[pair * width..][..width]);
                    for (inputs, (&even, &odd)) in row.array_windows::<W>().zip(weights) {
                        let weights = [even, odd];
                        for p in 0..P {
                            let input = inputs[p % COLUMNS * S];
                            sums[p] = L::dot_add(sums[p], input, weights[p / COLUMNS]);
                        }
                    }
                }
                let tile = Place { address: start + x * place.cell_bytes, ..place };
                self.store::<R, P>(task.vector, sums, clamp, rows, tile, target);
                if x + COLUMNS >= columns {
                    break;
                }
                // The last tile begins early enough to be whole.
                x = (x + COLUMNS).min(columns.saturating_sub(COLUMNS));
            }
        }
    }

    /// Scales, clamps and writes the sums of a tile: one row, or two.
    #[inline(always)]
    fn store<R: Rule<L>, const P: usize>(
        &self,
        vector: usize,
        sums: [L::I32; P],
        clamp: [L::I8; 2],
        rows: usize,
        place: Place,
        target: &mut [u8],
    ) {
        let (stages, vectors) = ([&self.output_stage.stages[vector]; 4], [vector; 4]);
        let upper = [sums[0], sums[1], sums[2], sums[3]];
        let outputs = R::outputs(&self.output_stage, vectors, stages, upper);
        let bytes = L::i8_bytes(L::clamped(outputs, clamp));
        write_columns(&bytes, place.address, place.cell_bytes, target);
        if rows == 2 && P == 2 * COLUMNS {
            let lower = [sums[P - 4], sums[P - 3], sums[P - 2], sums[P - 1]];
            let outputs = R::outputs(&self.output_stage, vectors, stages, lower);
            let bytes = L::i8_bytes(L::clamped(outputs, clamp));
            write_columns(&bytes, place.address + place.row_bytes, place.cell_bytes, target);
        }
    }

    /// Fills one pair row, of all chunks.
    #[inline(always)]
    fn interleave(
        &self,
        source: &Source<'_>,
        ring: Ring,
        arena: &[u8],
        input: &View,
        band: &mut [L::I16],
    ) {
        let (channels, padding) = (input.map.channels, [self.input_zero_point.cast_unsigned(); 8]);
        let border = L::interleaved(&padding, &padding);
        let lines = [source.row, source.row + 1].map(|row| source.frame.cells(row, arena, input));
        let inside = source.frame.columns_inside(input.region.columns);
        let chunks = band.chunks_exact_mut(2 * ring.vector_len()).enumerate();
        for (chunk, rows) in chunks.take((source.last - source.first).div_ceil(2)) {
            let (first, second) = rows.split_at_mut(ring.vector_len());
            let first = &mut first[source.pair * ring.pitch..][..ring.columns];
            let second = &mut second[source.pair * ring.pitch..][..ring.columns];
            let channel = (source.first + 2 * chunk) * LANES;
            let Some([start, end]) = inside else {
                first.fill(border[0]);
                second.fill(border[1]);
                continue;
            };
            for (row, border) in [(&mut *first, border[0]), (&mut *second, border[1])] {
                row[..start].fill(border);
                row[end..].fill(border);
            }
            let targets = first[start..end].iter_mut().zip(&mut second[start..end]);
            if channels - channel >= CHUNK {
                // Whole chunks: nearly all of the work. A row outside the map is padding, always the same.
                match lines {
                    [Some(a), Some(b)] => {
                        let len = a.len().min(b.len());
                        interleave_columns::<L>(
                            targets,
                            [&a[..len], &b[..len]],
                            [channel; 2],
                            [channels; 2],
                        );
                    }
                    [None, Some(b)] => {
                        interleave_columns::<L>(
                            targets,
                            [&padding, b],
                            [0, channel],
                            [0, channels],
                        );
                    }
                    [Some(a), None] => {
                        interleave_columns::<L>(
                            targets,
                            [a, &padding],
                            [channel, 0],
                            [channels, 0],
                        );
                    }
                    [None, None] => targets.for_each(|(first, second)| [*first, *second] = border),
                }
                continue;
            }
            for (index, (first, second)) in targets.enumerate() {
                let [a, b] = lines.map(|line| {
                    line.map_or(padding, |line| {
                        let cell = &line[index * channels..][..channels];
                        from_fn(|lane| cell.get(channel + lane).copied().unwrap_or(0))
                    })
                });
                [*first, *second] = L::interleaved(&a, &b);
            }
        }
    }

    /// The part of the padded map that the call reads, and some columns more for the last tile.
    fn frame(&self, columns: usize, call: &Call<'_>) -> Frame {
        let (window, region) = (&self.window, call.region);
        let start = [region.rows.start, region.columns.start];
        Frame {
            start: from_fn(|axis| start[axis] * window.stride[axis]),
            rows: 0,
            columns,
            before: window.padding_before,
            rows_read: [1, 1],
        }
    }

    /// Output rows that are computed at once.
    fn rows_at_once(&self) -> usize {
        if self.window.stride[0] == 1 { 2 } else { 1 }
    }

    fn pairs(&self) -> usize {
        pair_rows(&self.window)
    }
}

/// What [`PackedDepthwise::rows`] computes.
#[derive(Clone, Copy)]
struct Task<'a, L: Lanes> {
    /// Which four channels, in the map and in the band.
    vector: usize,
    slot: usize,
    /// The first unit (one or two output rows) of the band, and how many.
    units: [usize; 2],
    /// How many units of the band lie before them.
    band_unit: usize,
    ring: Ring,
    band: &'a [L::I16],
    call: &'a Call<'a>,
}

/// Where a pair row comes from: its first row in the frame, and the vectors of channels.
struct Source<'a> {
    frame: &'a Frame,
    row: usize,
    first: usize,
    last: usize,
    /// Where in the band it goes.
    pair: usize,
}

impl Ring {
    /// The smallest band of a convolution.
    fn least(window: &Window, columns: usize) -> Self {
        Self { pairs: pair_rows(window), vectors: 2, columns, pitch: columns }
    }

    /// All pair rows of four channels.
    const fn vector_len(self) -> usize {
        self.pairs * self.pitch + self.columns - self.pitch
    }

    /// Vectors in all.
    const fn len(self) -> usize {
        self.vector_len() * self.vectors
    }

    const fn bytes(self) -> usize {
        self.len().saturating_mul(16)
    }
}

/// Pair rows that the output rows computed at once read.
fn pair_rows(window: &Window) -> usize {
    if window.stride[0] == 1 { window.kernel[0] / 2 + 1 } else { window.kernel[0].div_ceil(2) }
}

/// Columns of the padded map that some output columns read, and how far rows lie apart; `None`
/// beyond all sizes.
fn columns(window: &Window, outputs: usize) -> Option<usize> {
    let is_flat = window.kernel == [3, 3];
    // A whole tile at least; but as one row with others, a whole number of outputs.
    let outputs = if is_flat { outputs } else { outputs.max(COLUMNS) };
    let columns = (outputs - 1).checked_mul(window.stride[1])?.checked_add(window.kernel[1])?;
    if is_flat { columns.checked_next_multiple_of(window.stride[1]) } else { Some(columns) }
}

fn packed<L: Lanes>(conv: &DepthwiseConv2d, gains: &[i32]) -> Vec<L::I16> {
    let (channels, [height, width]) = (conv.window.output.channels, conv.window.kernel);
    let value = |channel: usize, row: Option<usize>, column: usize| {
        let row = row.filter(|&row| row < height && channel < channels);
        row.map_or(0, |row| {
            let weight = conv.weights[(row * width + column) * channels + channel];
            narrow(i32::from(weight) * gains[channel])
        })
    };
    let mut weights = Vec::new();
    for first in (0..channels).step_by(LANES) {
        for odd in 0..2 {
            for pair in 0..pair_rows(&conv.window) {
                for column in 0..width {
                    weights.push(paired::<L>(|lane, half| {
                        value(first + lane, (2 * pair + half).checked_sub(odd), column)
                    }));
                }
            }
        }
    }
    weights
}

/// Interleaves eight channels of each column of two rows: where those begin in each row, and how far they
/// are apart.
#[inline(always)]
fn interleave_columns<'a, L: Lanes>(
    targets: impl Iterator<Item = (&'a mut L::I16, &'a mut L::I16)>,
    [a, b]: [&[u8]; 2],
    [mut at, mut other_at]: [usize; 2],
    steps: [usize; 2],
) {
    for (first, second) in targets {
        let (Some(one), Some(other)) = (a.get(at..), b.get(other_at..)) else { return };
        let (Some(one), Some(other)) = (one.first_chunk(), other.first_chunk()) else { return };
        [*first, *second] = L::interleaved(one, other);
        at += steps[0];
        other_at += steps[1];
    }
}

/// Writes `N` channels of each cell, which lie `channels` apart.
#[inline(always)]
fn write_cells<L: Lanes, const N: usize>(cells: &[[u8; 16]], target: &mut [u8], channels: usize) {
    for (cell, target) in cells.iter().zip(target.chunks_mut(channels)) {
        let bytes = L::i8_bytes(L::i8(cell));
        if let (Some(target), Some(bytes)) = (target.first_chunk_mut::<N>(), bytes.first_chunk()) {
            *target = *bytes;
        }
    }
}

/// Writes four channels of each of four columns.
#[inline(always)]
fn write_columns(bytes: &[u8; 16], address: usize, cell_bytes: usize, target: &mut [u8]) {
    let line = &mut target[address..][..3 * cell_bytes + LANES];
    let quads = bytes.as_chunks::<4>().0;
    line[..LANES].copy_from_slice(&quads[0]);
    line[cell_bytes..][..LANES].copy_from_slice(&quads[1]);
    line[2 * cell_bytes..][..LANES].copy_from_slice(&quads[2]);
    line[3 * cell_bytes..][..LANES].copy_from_slice(&quads[3]);
}
