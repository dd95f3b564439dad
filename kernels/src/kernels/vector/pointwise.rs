//! CONV_2D of 1x1 kernels at stride 1: pixels are rows of a matrix, whatever lies beside them.
//!
//! Two pixels are widened to a *unit*, pair by pair of their inputs by turns. So a tile reads its inputs at
//! one address that runs on, its weights at another, and there are neither segments nor rows to
//! find: where a pixel has few inputs, finding them takes as long as multiplying.

use super::{
    lanes::Lanes,
    matrix::{Block, Matrix, NARROW, STAGED, WIDE},
    output_stage::{self, LANES, Mode, Rule, Stage, by_rule},
};
use std::array::from_fn;

/// Pixels of a unit.
pub(super) const UNIT: usize = 2;
/// Bytes of a unit for each pair of inputs.
const PAIR_BYTES: usize = unit_bytes(1);
/// Inputs that are widened at once.
const CHUNK: usize = 8;

/// Where the outputs of neighbouring pixels go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pixels {
    pub(super) count: usize,
    /// Address of the first one's outputs, and bytes from pixel to pixel.
    pub(super) to: usize,
    pub(super) step: usize,
}

/// Bytes of a unit whose pixels have so many pairs of inputs.
pub(super) const fn unit_bytes(pairs: usize) -> usize {
    pairs * 2 * size_of::<i16>() * UNIT
}

/// Widens pixels of `channels` inputs each to units; the last pixel of an odd number is there twice, and an
/// odd last input has a neighbour of 0.
#[inline(always)]
pub(super) fn widen<L: Lanes>(cells: &[u8], channels: usize, units: &mut [u8]) {
    let bytes = unit_bytes(channels.div_ceil(2));
    for (cells, unit) in cells.chunks(UNIT * channels).zip(units.chunks_exact_mut(bytes)) {
        let (first, second) = cells.split_at(channels);
        let second = if second.is_empty() { first } else { second };
        let (firsts, first_rest) = first.as_chunks::<CHUNK>();
        let (seconds, second_rest) = second.as_chunks::<CHUNK>();
        let (chunks, rest) = unit.as_chunks_mut::<{ unit_bytes(CHUNK / 2) }>();
        for ((first, second), to) in firsts.iter().zip(seconds).zip(chunks) {
            let [low, high] = L::zipped_pairs(L::widened(first), L::widened(second));
            let (to_low, to_high) = to.split_at_mut(16);
            to_low.copy_from_slice(&L::i16_bytes(low));
            to_high.copy_from_slice(&L::i16_bytes(high));
        }
        let pairs = first_rest.chunks(2).zip(second_rest.chunks(2));
        for ((first, second), to) in pairs.zip(rest.chunks_exact_mut(PAIR_BYTES)) {
            to[..4].copy_from_slice(&pair(first));
            to[4..].copy_from_slice(&pair(second));
        }
    }
}

/// One or two int8 as a pair of int16.
fn pair(inputs: &[u8]) -> [u8; 4] {
    let wide = |input: usize| {
        inputs.get(input).map_or(0, |&byte| i16::from(byte.cast_signed())).to_le_bytes()
    };
    let ([a, b], [c, d]) = (wide(0), wide(1));
    [a, b, c, d]
}

impl<L: Lanes> Matrix<L> {
    /// Computes all channels of neighbouring pixels, whose inputs are widened in `units`.
    pub(super) fn multiply_units(&self, units: &[u8], pixels: Pixels, arena: &mut [u8]) {
        for block in &self.blocks {
            let width = if block.is_wide { WIDE } else { NARROW };
            if self.channels - block.first >= width {
                let pixels = Pixels { to: pixels.to + block.first, ..pixels };
                self.run_units(block, units, pixels, arena);
            } else {
                self.run_last_units(block, units, pixels, arena);
            }
        }
    }

    /// The last channels where they do not fill a block: tiles write whole vectors, so beside the map.
    fn run_last_units(&self, block: &Block, units: &[u8], pixels: Pixels, arena: &mut [u8]) {
        let width = if block.is_wide { WIDE } else { NARROW };
        let channels = self.channels - block.first;
        let mut staging = [0; WIDE * STAGED];
        let at_once = units.chunks(STAGED / UNIT * unit_bytes(self.pairs));
        for (number, units) in at_once.enumerate() {
            let first = number * STAGED;
            let count = STAGED.min(pixels.count - first);
            self.run_units(block, units, Pixels { count, to: 0, step: width }, &mut staging);
            let to = pixels.to + first * pixels.step + block.first;
            for (pixel, outputs) in staging.chunks_exact(width).take(count).enumerate() {
                let target = &mut arena[to + pixel * pixels.step..];
                target[..channels].copy_from_slice(&outputs[..channels]);
            }
        }
    }

    fn run_units(&self, block: &Block, units: &[u8], pixels: Pixels, target: &mut [u8]) {
        let mode = self.output_stage.mode(block.first / WIDE);
        by_rule!(mode, L, self.units_by_rule(block, units, pixels, target));
    }

    fn units_by_rule<R: Rule<L>>(
        &self,
        block: &Block,
        units: &[u8],
        pixels: Pixels,
        target: &mut [u8],
    ) {
        if block.is_wide {
            L::inside(|| self.wide_units::<R>(block, units, pixels, target));
        } else {
            L::inside(|| self.narrow_units::<R>(block, units, pixels, target));
        }
    }

    /// A block of 16 channels, one unit in a tile.
    #[inline(always)]
    fn wide_units<R: Rule<L>>(
        &self,
        block: &Block,
        units: &[u8],
        pixels: Pixels,
        target: &mut [u8],
    ) {
        const V: usize = WIDE / LANES;
        let weights = &self.weights[block.start..].as_chunks::<V>().0[..self.pairs];
        let first = block.first / LANES;
        let stages: &[Stage<L>] = &self.output_stage.stages[first..][..V];
        let clamp = self.output_stage.clamp();
        let (mut to, mut left) = (pixels.to, pixels.count);
        for unit in units.chunks_exact(unit_bytes(self.pairs)) {
            if left == 0 {
                return;
            }
            let inputs = &unit.as_chunks::<PAIR_BYTES>().0[..weights.len()];
            let mut sums: [[L::I32; V]; UNIT] = from_fn(|_| from_fn(|v| stages[v].bias));
            for pair in 0..weights.len() {
                let words = inputs[pair].as_chunks::<4>().0;
                for p in 0..UNIT {
                    let inputs = L::pairs(words[p]);
                    for v in 0..V {
                        sums[p][v] = L::dot_add(sums[p][v], inputs, weights[pair][v]);
                    }
                }
            }
            let addresses = from_fn(|p| to + p * pixels.step);
            self.store::<R, UNIT, V>(first, sums, clamp, addresses, left, target);
            to += UNIT * pixels.step;
            left = left.saturating_sub(UNIT);
        }
    }

    /// A block of 8 channels, two units in a tile; a single last one is there twice.
    #[inline(always)]
    fn narrow_units<R: Rule<L>>(
        &self,
        block: &Block,
        units: &[u8],
        pixels: Pixels,
        target: &mut [u8],
    ) {
        const V: usize = NARROW / LANES;
        const P: usize = 2 * UNIT;
        let weights = &self.weights[block.start..].as_chunks::<V>().0[..self.pairs];
        let first = block.first / LANES;
        let stages: &[Stage<L>] = &self.output_stage.stages[first..][..V];
        let clamp = self.output_stage.clamp();
        let bytes = unit_bytes(self.pairs);
        let (mut to, mut left) = (pixels.to, pixels.count);
        for two in units.chunks(2 * bytes) {
            if left == 0 {
                return;
            }
            let (one, other) = two.split_at(bytes.min(two.len()));
            let other = if other.len() < one.len() { one } else { other };
            let [one, other] =
                [one, other].map(|unit| &unit.as_chunks::<PAIR_BYTES>().0[..weights.len()]);
            let mut sums: [[L::I32; V]; P] = from_fn(|_| from_fn(|v| stages[v].bias));
            for pair in 0..weights.len() {
                let words = [one[pair].as_chunks::<4>().0, other[pair].as_chunks::<4>().0];
                for p in 0..P {
                    let inputs = L::pairs(words[p / UNIT][p % UNIT]);
                    for v in 0..V {
                        sums[p][v] = L::dot_add(sums[p][v], inputs, weights[pair][v]);
                    }
                }
            }
            let addresses = from_fn(|p| to + p * pixels.step);
            self.store::<R, P, V>(first, sums, clamp, addresses, left, target);
            to += P * pixels.step;
            left = left.saturating_sub(P);
        }
    }
}
