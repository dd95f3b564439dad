//! Products of a widened strip of the map with packed weights: the heart of CONV_2D.
//!
//! A pixel's operands are `segments` runs of int16 in the strip, one for each kernel row. Weights
//! lie in the order in which they are used: block of channels, segment, pair of inputs, then
//! vectors that hold that pair for four channels each. So one dot product does two inputs of four
//! channels, and a tile keeps eight vectors of sums in registers: two pixels by sixteen channels, or
//! four pixels by eight.

use super::{
    lanes::Lanes,
    output_stage::{self, ChannelWeights, LANES, Mode, OutputStage, Rule, Scaling, Stage},
    strip::Pixel,
};
use std::array::from_fn;

/// Channels of a wide block.
const WIDE: usize = 16;
/// Channels of a narrow block.
const NARROW: usize = 8;

/// Pixels of a tile; a list of pixels is a multiple of it.
pub(super) const TILE_PIXELS: usize = 4;

/// The most pixels of one list.
pub(super) const PIXELS: usize = 128;

/// Where the operands of a list of pixels lie.
#[derive(Clone, Copy)]
struct Operands<'a> {
    strip: &'a [u8],
    /// From one segment of a pixel to the next.
    segment_bytes: usize,
    /// Added to the pixels' places.
    shift: usize,
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
struct Block {
    /// Its first channel.
    first: usize,
    is_wide: bool,
    /// Where its weights begin.
    start: usize,
}

/// Packed weights with their output stage.
#[derive(Clone, Debug)]
pub(super) struct Matrix<L: Lanes> {
    channels: usize,
    segments: usize,
    /// Pairs of inputs of a segment.
    pairs: usize,
    blocks: Vec<Block>,
    weights: Vec<L::I16>,
    output_stage: OutputStage<L>,
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

    /// Computes all channels of some pixels: `pixels` says where each one's operands begin in
    /// `strip` and where its outputs go in `arena`, `segment_bytes` how far its segments lie apart.
    pub(super) fn multiply(
        &self,
        strip: &[u8],
        segment_bytes: usize,
        pixels: &[Pixel],
        arena: &mut [u8],
    ) {
        for block in &self.blocks {
            let width = if block.is_wide { WIDE } else { NARROW };
            let channels = self.channels - block.first;
            if channels >= width {
                self.run_block(block, strip, segment_bytes, pixels, arena, block.first);
                continue;
            }
            // The tile writes whole vectors: of the last channels, beside the map.
            let (mut staging, mut places) = ([0; WIDE * PIXELS], [Pixel::default(); PIXELS]);
            let places = &mut places[..pixels.len()];
            for (index, (place, pixel)) in places.iter_mut().zip(pixels).enumerate() {
                *place = Pixel { from: pixel.from, to: index * width };
            }
            self.run_block(block, strip, segment_bytes, places, &mut staging, 0);
            for (pixel, outputs) in pixels.iter().zip(staging.chunks_exact(width)) {
                let target = &mut arena[pixel.to + block.first..][..channels];
                target.copy_from_slice(&outputs[..channels]);
            }
        }
    }

    /// One block of channels, all of which are written, `shift` behind the pixels' places.
    fn run_block(
        &self,
        block: &Block,
        strip: &[u8],
        segment_bytes: usize,
        pixels: &[Pixel],
        target: &mut [u8],
        shift: usize,
    ) {
        let operands = Operands { strip, segment_bytes, shift };
        match self.output_stage.mode(block.first / WIDE) {
            Mode::Simple => self.by_rule::<output_stage::Simple>(block, operands, pixels, target),
            Mode::General => self.by_rule::<output_stage::General>(block, operands, pixels, target),
            Mode::Double => self.by_rule::<output_stage::Double>(block, operands, pixels, target),
            Mode::Exact => self.by_rule::<output_stage::Exact>(block, operands, pixels, target),
        }
    }

    fn by_rule<R: Rule<L>>(
        &self,
        block: &Block,
        operands: Operands<'_>,
        pixels: &[Pixel],
        target: &mut [u8],
    ) {
        if block.is_wide {
            L::inside(|| self.block::<R, 2, 4>(block, operands, pixels, target));
        } else {
            L::inside(|| self.block::<R, 4, 2>(block, operands, pixels, target));
        }
    }

    /// One block of channels, in tiles of `P` pixels by `V` vectors.
    #[inline(always)]
    fn block<R: Rule<L>, const P: usize, const V: usize>(
        &self,
        block: &Block,
        operands: Operands<'_>,
        pixels: &[Pixel],
        target: &mut [u8],
    ) {
        let vectors = self.weights[block.start..].as_chunks::<V>().0;
        let weights = &vectors[..self.segments * self.pairs];
        let first = block.first / LANES;
        let clamp = self.output_stage.clamp();
        for tile in pixels.as_chunks::<P>().0 {
            let sums = self.tile::<P, V>(first, weights, operands, tile);
            let addresses: [usize; P] = from_fn(|p| tile[p].to + operands.shift);
            self.store::<R, P, V>(first, sums, clamp, addresses, target);
        }
    }

    /// The sums of a tile.
    #[inline(always)]
    fn tile<const P: usize, const V: usize>(
        &self,
        first: usize,
        weights: &[[L::I16; V]],
        operands: Operands<'_>,
        tile: &[Pixel; P],
    ) -> [[L::I32; V]; P] {
        let stages: &[Stage<L>] = &self.output_stage.stages[first..][..V];
        let mut sums: [[L::I32; V]; P] = from_fn(|_| from_fn(|v| stages[v].bias));
        for (segment, weights) in weights.chunks_exact(self.pairs).enumerate() {
            let words: [&[[u8; 4]]; P] = from_fn(|p| {
                let run = &operands.strip[tile[p].from + segment * operands.segment_bytes..];
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
}

impl<L: Lanes> Matrix<L> {
    /// Scales, clamps and writes the sums of a tile.
    #[inline(always)]
    fn store<R: Rule<L>, const P: usize, const V: usize>(
        &self,
        first: usize,
        sums: [[L::I32; V]; P],
        clamp: [L::I8; 2],
        addresses: [usize; P],
        target: &mut [u8],
    ) {
        let stages: &[Stage<L>] = &self.output_stage.stages[first..][..V];
        if V == 4 {
            let vectors = [first, first + 1, first + 2, first + 3];
            let stages = [&stages[0], &stages[1], &stages[2], &stages[3]];
            for p in 0..P {
                let sums = [sums[p][0], sums[p][1], sums[p][2], sums[p][3]];
                let outputs = R::outputs(&self.output_stage, vectors, stages, sums);
                write(&L::i8_bytes(L::clamped(outputs, clamp)), addresses[p], target);
            }
        } else {
            let vectors = [first, first + 1, first, first + 1];
            let stages = [&stages[0], &stages[1], &stages[0], &stages[1]];
            for p in (0..P).step_by(2) {
                let sums = [sums[p][0], sums[p][1], sums[p + 1][0], sums[p + 1][1]];
                let outputs = R::outputs(&self.output_stage, vectors, stages, sums);
                let bytes = L::i8_bytes(L::clamped(outputs, clamp));
                let halves = bytes.as_chunks::<8>().0;
                write(&halves[0], addresses[p], target);
                write(&halves[1], addresses[p + 1], target);
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
