//! Products of a widened strip of the map with packed weights: the heart of CONV_2D.
//!
//! A pixel's operands are `segments` runs of int16 in the strip, one for each kernel row. Weights
//! lie in the order in which they are used: block of channels, segment, pair of inputs, then
//! vectors that hold that pair for four channels each. So one dot product does two inputs of four
//! channels, and a tile keeps eight vectors of sums in registers: two pixels by sixteen channels, or
//! four pixels by eight.

use super::{
    lanes::Lanes,
    output_stage::{self, ChannelWeights, LANES, Mode, OutputStage, Rule, Scaling, Stage, by_rule},
};
use std::array::from_fn;

/// Channels of a wide block.
pub(super) const WIDE: usize = 16;
/// Channels of a narrow block.
pub(super) const NARROW: usize = 8;

/// The most pixels of a block of channels that is written beside the map.
pub(super) const STAGED: usize = 64;

/// Output pixels in rows and columns: where the operands of each begin in a strip, and where its
/// outputs go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grid {
    pub(super) rows: usize,
    pub(super) columns: usize,
    /// Bytes from one segment of a pixel to the next.
    pub(super) segment_bytes: usize,
    /// Bytes in the strip from row to row and from column to column; the first pixel is at 0.
    pub(super) from_steps: [usize; 2],
    /// Address of the first pixel's outputs, and bytes from row to row and from column to column.
    pub(super) to: usize,
    pub(super) to_steps: [usize; 2],
}

impl Grid {
    /// The same pixels as one row, where rows follow each other without gaps.
    pub(super) fn joined(self) -> Self {
        let follow = |[row, column]: [usize; 2]| row == column * self.columns;
        if follow(self.from_steps) && follow(self.to_steps) {
            return Self { rows: 1, columns: self.rows * self.columns, ..self };
        }
        self
    }
}

/// How the weights of a filter are found, before they are packed.
pub(super) struct Filters<'a> {
    /// The weights.
    pub(super) weights: &'a [i8],
    /// How many filters: the output's channels.
    pub(super) filters: usize,
    /// Runs of inputs that one filter has.
    pub(super) segments: usize,
    /// Inputs of one run.
    pub(super) inputs: usize,
    /// How far the next filter is, and the next input; inputs run on over segments.
    pub(super) strides: [usize; 2],
    pub(super) input_zero_point: i32,
}

impl Filters<'_> {
    fn weight(&self, filter: usize, segment: usize, input: usize) -> i32 {
        let index = segment * self.inputs + input;
        i32::from(self.weights[filter * self.strides[0] + index * self.strides[1]])
    }

    /// What the output stage must know of each filter.
    fn channel_weights(&self) -> Vec<ChannelWeights> {
        (0..self.filters)
            .map(|filter| {
                let taps = 0..self.segments * self.inputs;
                let weights = taps.map(|tap| self.weight(filter, 0, tap));
                ChannelWeights::of(weights, self.input_zero_point)
            })
            .collect()
    }
}

/// Neighbouring channels that are computed together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    /// Its first channel.
    pub(super) first: usize,
    pub(super) is_wide: bool,
    /// Where its weights begin.
    pub(super) start: usize,
}

/// Packed weights with their output stage.
#[derive(Clone, Debug)]
pub(super) struct Matrix<L: Lanes> {
    pub(super) channels: usize,
    segments: usize,
    /// Pairs of inputs of a segment.
    pub(super) pairs: usize,
    pub(super) blocks: Vec<Block>,
    pub(super) weights: Vec<L::I16>,
    pub(super) output_stage: OutputStage<L>,
}

impl<L: Lanes> Matrix<L> {
    /// Packs the weights of all filters.
    pub(super) fn pack(filters: &Filters<'_>, scaling: Scaling<'_>) -> Self {
        let channels = filters.filters;
        let (output_stage, gains) = OutputStage::new(scaling, &filters.channel_weights(), WIDE, 1);
        let pairs = filters.inputs.div_ceil(2);
        let mut matrix = Self {
            channels,
            segments: filters.segments,
            pairs,
            blocks: Vec::new(),
            weights: Vec::new(),
            output_stage,
        };
        let value = |channel: usize, segment: usize, input: usize| {
            if channel >= channels || input >= filters.inputs {
                return 0;
            }
            narrow(filters.weight(channel, segment, input) * gains[channel])
        };
        for first in (0..channels).step_by(WIDE) {
            let is_wide = channels - first > NARROW;
            let vectors = if is_wide { WIDE } else { NARROW } / LANES;
            matrix.blocks.push(Block { first, is_wide, start: matrix.weights.len() });
            for segment in 0..filters.segments {
                for pair in 0..pairs {
                    for vector in 0..vectors {
                        let channel = first + vector * LANES;
                        matrix.weights.push(paired::<L>(|lane, half| {
                            value(channel + lane, segment, 2 * pair + half)
                        }));
                    }
                }
            }
        }
        matrix
    }

    /// Computes all channels of some pixels, whose operands lie in `strip`.
    pub(super) fn multiply(&self, strip: &[u8], grid: Grid, arena: &mut [u8]) {
        for block in &self.blocks {
            let width = if block.is_wide { WIDE } else { NARROW };
            if self.channels - block.first >= width {
                let grid = Grid { to: grid.to + block.first, ..grid };
                self.run_block(block, strip, grid, arena);
            } else {
                self.run_last_block(block, strip, grid, arena);
            }
        }
    }

    /// The last channels where they do not fill a block: tiles write whole vectors, so beside the
    /// map.
    fn run_last_block(&self, block: &Block, strip: &[u8], grid: Grid, arena: &mut [u8]) {
        let width = if block.is_wide { WIDE } else { NARROW };
        let channels = self.channels - block.first;
        let mut staging = [0; WIDE * STAGED];
        for row in 0..grid.rows {
            for first in (0..grid.columns).step_by(STAGED) {
                let columns = STAGED.min(grid.columns - first);
                let from = row * grid.from_steps[0] + first * grid.from_steps[1];
                let part = Grid { rows: 1, columns, to: 0, to_steps: [0, width], ..grid };
                self.run_block(block, &strip[from..], part, &mut staging);
                let to = grid.to + row * grid.to_steps[0] + first * grid.to_steps[1];
                for (column, outputs) in staging.chunks_exact(width).take(columns).enumerate() {
                    let target = &mut arena[to + column * grid.to_steps[1] + block.first..];
                    target[..channels].copy_from_slice(&outputs[..channels]);
                }
            }
        }
    }

    /// One block of channels, all of which are written.
    fn run_block(&self, block: &Block, strip: &[u8], grid: Grid, target: &mut [u8]) {
        let mode = self.output_stage.mode(block.first / WIDE);
        by_rule!(mode, L, self.by_rule(block, strip, grid, target));
    }

    fn by_rule<R: Rule<L>>(&self, block: &Block, strip: &[u8], grid: Grid, target: &mut [u8]) {
        if block.is_wide {
            L::inside(|| self.block::<R, 2, 4>(block, strip, grid, target));
        } else {
            L::inside(|| self.block::<R, 4, 2>(block, strip, grid, target));
        }
    }

    /// One block of channels, in tiles of `P` pixels by `V` vectors; the last pixels of a row one by
    /// one.
    #[inline(always)]
    fn block<R: Rule<L>, const P: usize, const V: usize>(
        &self,
        block: &Block,
        strip: &[u8],
        grid: Grid,
        target: &mut [u8],
    ) {
        let vectors = self.weights[block.start..].as_chunks::<V>().0;
        let weights = &vectors[..self.segments * self.pairs];
        let first = block.first / LANES;
        let clamp = self.output_stage.clamp();
        let [from_step, to_step] = [grid.from_steps[1], grid.to_steps[1]];
        for row in 0..grid.rows {
            let mut strip = &strip[row * grid.from_steps[0]..];
            let mut to = grid.to + row * grid.to_steps[0];
            let mut left = grid.columns;
            while left >= P {
                let pixels: [&[u8]; P] = from_fn(|p| &strip[p * from_step..]);
                let sums = self.tile::<P, V>(first, weights, grid.segment_bytes, pixels);
                let addresses = from_fn(|p| to + p * to_step);
                self.store::<R, P, V>(first, sums, clamp, addresses, P, target);
                left -= P;
                strip = strip.get(P * from_step..).unwrap_or_default();
                to += P * to_step;
            }
            while left > 0 {
                let sums = self.tile::<1, V>(first, weights, grid.segment_bytes, [strip]);
                self.store::<R, 1, V>(first, sums, clamp, [to], 1, target);
                left -= 1;
                strip = strip.get(from_step..).unwrap_or_default();
                to += to_step;
            }
        }
    }

    /// The sums of a tile.
    #[inline(always)]
    fn tile<const P: usize, const V: usize>(
        &self,
        first: usize,
        weights: &[[L::I16; V]],
        segment_bytes: usize,
        pixels: [&[u8]; P],
    ) -> [[L::I32; V]; P] {
        let stages: &[Stage<L>] = &self.output_stage.stages[first..][..V];
        let mut sums: [[L::I32; V]; P] = from_fn(|_| from_fn(|v| stages[v].bias));
        let mut rest = weights;
        for segment in 0..self.segments {
            let (weights, others) = rest.split_at(self.pairs);
            rest = others;
            let words: [&[[u8; 4]]; P] = from_fn(|p| {
                let run = &pixels[p][segment * segment_bytes..];
                &run.as_chunks::<4>().0[..weights.len()]
            });
            for pair in 0..weights.len() {
                for p in 0..P {
                    let inputs = L::pairs(words[p][pair]);
                    for v in 0..V {
                        sums[p][v] = L::dot_add(sums[p][v], inputs, weights[pair][v]);
                    }
                }
            }
        }
        sums
    }

    /// Scales, clamps and writes the sums of a tile, of its first `pixels` pixels. All outputs are made before any is written, so
    /// that what scales them is loaded once.
    #[inline(always)]
    pub(super) fn store<R: Rule<L>, const P: usize, const V: usize>(
        &self,
        first: usize,
        sums: [[L::I32; V]; P],
        clamp: [L::I8; 2],
        addresses: [usize; P],
        pixels: usize,
        target: &mut [u8],
    ) {
        let stages: &[Stage<L>] = &self.output_stage.stages[first..][..V];
        // Of a narrow block, two pixels share a vector of bytes; a single one is there twice.
        let vectors: [usize; 4] = from_fn(|v| first + v % V);
        let stages: [&Stage<L>; 4] = from_fn(|v| &stages[v % V]);
        let mut bytes = [[0; 16]; P];
        for p in (0..P).step_by(4 / V) {
            let sums = from_fn(|v| sums[(p + v / V) % P][v % V]);
            let outputs = R::outputs(&self.output_stage, vectors, stages, sums);
            bytes[p] = L::i8_bytes(L::clamped(outputs, clamp));
        }
        for (p, &address) in addresses.iter().take(pixels).enumerate() {
            if V == 4 {
                write(&bytes[p], address, target);
            } else {
                write(&bytes[p / 2 * 2].as_chunks::<8>().0[p % 2], address, target);
            }
        }
    }
}

impl ChannelWeights {
    /// Of the weights of one channel.
    pub(super) fn of(weights: impl Iterator<Item = i32>, input_zero_point: i32) -> Self {
        let (mut sum, mut magnitudes, mut greatest) = (0i32, 0i64, 1);
        for weight in weights {
            sum = sum.wrapping_add(weight);
            magnitudes += i64::from(weight.abs());
            greatest = greatest.max(weight.abs());
        }
        let shift = sum.wrapping_mul(input_zero_point);
        let most_gain = i32::from(i16::MAX) / greatest;
        Self { shift, reach: magnitudes * 128, most_gain }
    }
}

/// A packed weight: gains are chosen so that it fits.
#[expect(clippy::cast_possible_truncation, reason = "fits by the choice of the gain")]
pub(super) fn narrow(weight: i32) -> i16 {
    weight as i16
}

/// A vector of pairs: `value(lane, half)` for each four lanes.
pub(super) fn paired<L: Lanes>(value: impl Fn(usize, usize) -> i16) -> L::I16 {
    let mut bytes = [0; 16];
    for (index, word) in bytes.as_chunks_mut::<2>().0.iter_mut().enumerate() {
        *word = value(index / 2, index % 2).to_le_bytes();
    }
    L::i16(&bytes)
}

/// Writes `N` outputs.
#[inline(always)]
pub(super) fn write<const N: usize>(bytes: &[u8; N], address: usize, target: &mut [u8]) {
    target[address..][..N].copy_from_slice(bytes);
}
