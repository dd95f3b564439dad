//! DEPTHWISE_CONV_2D of multiplier 1, on pairs of rows.
//!
//! Two rows of the map are interleaved to pairs of int16, so that one dot product does two taps of
//! four channels. A band of such pair rows is held in the workspace, for a group of channels:
//! `[pair row][four channels][column]`, padding filled in. An output row that begins at an odd row
//! uses the same pairs with its weights shifted by one; so at stride 1 two output rows are computed
//! at once from what is loaded for one.

use super::{
    Workspace,
    lanes::Lanes,
    matrix::{narrow, paired},
    output_stage::{self, ChannelWeights, LANES, Mode, OutputStage, Rule, Scaling},
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
/// Bytes that a band should not exceed.
const BAND_BYTES: usize = 24 << 10;
/// Bands that would be larger than this are left to the reference kernels.
const LARGEST_BAND_BYTES: usize = 4 << 20;
/// The largest kernel side that is packed.
const LARGEST_KERNEL: usize = 15;

/// A depthwise convolution with its weights packed.
#[derive(Clone, Debug)]
pub(super) struct PackedDepthwise<L: Lanes> {
    window: Window,
    input_zero_point: i8,
    /// For each four channels, pair row and kernel column: the weights of an output row that begins
    /// at an even row, and of one that begins at an odd row.
    weights: Vec<[L::I16; 2]>,
    output_stage: OutputStage<L>,
}

/// A band of pair rows: how many there are room for, and of how many vectors of channels.
#[derive(Clone, Copy)]
struct Ring {
    pairs: usize,
    vectors: usize,
    columns: usize,
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
        let smallest = Ring {
            pairs: pair_rows(&window),
            vectors: 2,
            columns: columns(&window, window.output.width)?,
        };
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
        let smallest = Ring { pairs: pair_rows(&self.window), vectors: 2, columns };
        smallest.len().max(BAND_BYTES / 16)
    }

    /// Bytes that a run needs of the workspace: two rows of four channels.
    pub(super) fn workspace_bytes(&self) -> usize {
        2 * LANES * self.window.output.width.max(COLUMNS)
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
        let ring = self.ring(columns, units);
        let vectors = channels.div_ceil(LANES);
        for first in (0..vectors).step_by(ring.vectors) {
            let last = vectors.min(first + ring.vectors);
            self.run_group([first, last], ring, units, workspace, arena, input, call);
        }
        (region.cells() * channels * self.window.taps()) as u64
    }

    /// How large a band is: all channels where there is room, and as many rows as fit.
    fn ring(&self, columns: usize, units: usize) -> Ring {
        let least = self.pairs();
        let all = self.window.output.channels.div_ceil(CHUNK) * (CHUNK / LANES);
        let fits = BAND_BYTES / (16 * columns * (least + units.min(2) - 1));
        let vectors = (fits / 2 * 2).clamp(2, all);
        let rows = BAND_BYTES / (16 * columns * vectors);
        Ring { pairs: rows.clamp(least, least + units - 1), vectors, columns }
    }

    /// All rows of the channels of some vectors, `[first, last)`.
    #[expect(clippy::too_many_arguments, reason = "one call, taken apart")]
    fn run_group(
        &self,
        [first, last]: [usize; 2],
        ring: Ring,
        units: usize,
        workspace: &mut Workspace<L>,
        arena: &mut [u8],
        input: &View,
        call: &Call<'_>,
    ) {
        let (needed, at_once) = (self.pairs(), ring.pairs + 1 - self.pairs());
        let frame = self.frame(ring, call);
        let band = &mut workspace.vectors[..ring.len()];
        let mut filled = 0;
        for unit in (0..units).step_by(at_once) {
            let count = at_once.min(units - unit);
            if unit > 0 {
                // What the rows before share with these, and what they have overwritten in place.
                band.copy_within(at_once * ring.pair_len()..filled * ring.pair_len(), 0);
                filled -= at_once;
            }
            while filled < count - 1 + needed {
                let row = 2 * (unit + filled);
                let pair = &mut band[filled * ring.pair_len()..][..ring.pair_len()];
                let place = Source { frame: &frame, row, first, last };
                L::inside(|| self.interleave(&place, arena, input, pair));
                filled += 1;
            }
            for vector in first..last {
                let (slot, units) = (vector - first, [unit, count]);
                let task = Task { vector, slot, units, band_unit: 0, ring, band, call };
                self.run_vector(&task, &mut workspace.bytes, arena);
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
        match self.output_stage.mode(task.vector) {
            Mode::Simple => self.by_rule::<output_stage::Simple>(task, place, target),
            Mode::General => self.by_rule::<output_stage::General>(task, place, target),
            Mode::Double => self.by_rule::<output_stage::Double>(task, place, target),
            Mode::Exact => self.by_rule::<output_stage::Exact>(task, place, target),
        }
    }

    fn by_rule<R: Rule<L>>(&self, task: &Task<'_, L>, place: Place, target: &mut [u8]) {
        match (self.window.stride[0], self.window.kernel) {
            (1, [3, 3]) => L::inside(|| self.rows::<R, 8, 4, 1, 3>(task, place, target)),
            (1, _) => L::inside(|| self.rows::<R, 8, 4, 1, 0>(task, place, target)),
            (_, [3, 3]) => L::inside(|| self.rows::<R, 4, 7, 2, 3>(task, place, target)),
            _ => L::inside(|| self.rows::<R, 4, 7, 2, 0>(task, place, target)),
        }
    }

    /// The output rows of the last unit of a task: one where the region's height is odd.
    fn rows_of(&self, task: &Task<'_, L>) -> usize {
        let y = (task.units[0] + task.units[1] - 1) * self.rows_at_once();
        self.rows_at_once().min(task.call.region.rows.len() - y)
    }

    /// Tiles of `P` outputs, [`COLUMNS`] in a row, at stride `S`; they read `W` neighbouring columns
    /// for each kernel column. `K` is the kernel's side, 0 for any.
    #[inline(always)]
    fn rows<R: Rule<L>, const P: usize, const W: usize, const S: usize, const K: usize>(
        &self,
        task: &Task<'_, L>,
        place: Place,
        target: &mut [u8],
    ) {
        let (pairs, width) = if K == 0 { (self.pairs(), self.window.kernel[1]) } else { (2, 3) };
        let taps = pairs * width;
        let weights = &self.weights[task.vector * taps..][..taps];
        let bias = self.output_stage.stages[task.vector].bias;
        let clamp = self.output_stage.clamp();
        let (columns, across) = (task.call.region.columns.len(), task.ring.columns);
        let last_rows = self.rows_of(task);
        for unit in 0..task.units[1] {
            let rows = if unit + 1 == task.units[1] { last_rows } else { P / COLUMNS };
            let start = place.address + unit * (P / COLUMNS) * place.row_bytes;
            let mut x = 0;
            loop {
                let mut sums = [bias; P];
                for pair in 0..pairs {
                    let pair_row = (task.band_unit + unit + pair) * task.ring.pair_len();
                    let at = pair_row + task.slot * across + x * S;
                    let row = &task.band[at..][..W + width - 1];
                    let weights = &weights[pair * width..][..width];
                    for (inputs, weights) in row.array_windows::<W>().zip(weights) {
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

    /// Fills one pair row.
    #[inline(always)]
    fn interleave(&self, source: &Source<'_>, arena: &[u8], input: &View, pair: &mut [L::I16]) {
        let columns = source.frame.columns;
        let (channels, padding) = (input.map.channels, [self.input_zero_point.cast_unsigned(); 8]);
        let lines = [source.row, source.row + 1].map(|row| source.frame.cells(row, arena, input));
        let inside = source.frame.columns_inside(input.region.columns);
        let chunks = pair.chunks_exact_mut(2 * columns).enumerate();
        for (chunk, target) in chunks.take((source.last - source.first).div_ceil(2)) {
            let channel = (source.first + 2 * chunk) * LANES;
            let (first, second) = target.split_at_mut(columns);
            let [left, right] = L::interleaved(&padding, &padding);
            let Some([start, end]) = inside else {
                first.fill(left);
                second.fill(right);
                continue;
            };
            for (line, padding) in [(&mut *first, left), (&mut *second, right)] {
                line[..start].fill(padding);
                line[end..].fill(padding);
            }
            let targets = first[start..end].iter_mut().zip(&mut second[start..end]);
            let tail = channels - channel < CHUNK;
            if let ([Some(a), Some(b)], false) = (lines, tail) {
                // Both rows in the map, whole chunks: nearly all of the work.
                let cells = a[channel..].chunks(channels).zip(b[channel..].chunks(channels));
                for ((first, second), (a, b)) in targets.zip(cells) {
                    let (Some(a), Some(b)) = (a.first_chunk(), b.first_chunk()) else { break };
                    [*first, *second] = L::interleaved(a, b);
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
    fn frame(&self, ring: Ring, call: &Call<'_>) -> Frame {
        let (window, region) = (&self.window, call.region);
        let start = [region.rows.start, region.columns.start];
        Frame {
            start: from_fn(|axis| start[axis] * window.stride[axis]),
            rows: 0,
            columns: ring.columns,
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
}

impl Ring {
    /// Vectors of a pair row.
    const fn pair_len(self) -> usize {
        self.vectors * self.columns
    }

    /// Vectors in all.
    const fn len(self) -> usize {
        self.pairs * self.pair_len()
    }

    const fn bytes(self) -> usize {
        self.len().saturating_mul(16)
    }
}

/// Pair rows that the output rows computed at once read.
fn pair_rows(window: &Window) -> usize {
    if window.stride[0] == 1 { window.kernel[0] / 2 + 1 } else { window.kernel[0].div_ceil(2) }
}

/// Columns of the padded map that some output columns read, a whole number of tiles or at least
/// one; `None` beyond all sizes.
fn columns(window: &Window, outputs: usize) -> Option<usize> {
    let outputs = outputs.max(COLUMNS);
    (outputs - 1).checked_mul(window.stride[1])?.checked_add(window.kernel[1])
}

fn packed<L: Lanes>(conv: &DepthwiseConv2d, gains: &[i32]) -> Vec<[L::I16; 2]> {
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
        for pair in 0..pair_rows(&conv.window) {
            for column in 0..width {
                weights.push(from_fn(|odd| {
                    paired::<L>(|lane, half| {
                        value(first + lane, (2 * pair + half).checked_sub(odd), column)
                    })
                }));
            }
        }
    }
    weights
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
