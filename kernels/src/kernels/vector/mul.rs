//! MUL of a map by one value for each channel, as squeeze-and-excite blocks have it.

use super::{
    Workspace,
    add::for_each_run,
    lanes::Lanes,
    matrix::narrow,
    output_stage::LANES,
    recipe::{GainLimits, OutputRange, Precision, Recipe, Thresholds},
};
use crate::{
    kernels::Call,
    operator::{Mul, Operand},
    tensor::Map,
};

/// Channels that are multiplied at once.
const CHUNK: usize = 16;
/// Vectors of the workspace for a chunk: pairs (factor, 0), then what the sums start from.
const VECTORS: usize = 2 * CHUNK / LANES;

/// A multiplication with its recipe: the product of the distances from both zero points is at most
/// 255 x 255, and the channel's factor is known before the map is read.
#[derive(Clone, Copy, Debug)]
pub(super) struct PackedMul {
    /// Which activation is the map, and which the channels' factors.
    map: usize,
    channels: usize,
    zero_points: [i32; 2],
    recipe: Recipe,
    range: OutputRange,
}

impl PackedMul {
    /// Finds the recipe; `None` for a multiplication that is left to the reference kernel.
    pub(super) fn new<L: Lanes>(mul: &Mul) -> Option<Self> {
        let [Operand::Activation(left), Operand::Activation(right)] = &mul.binary.operands else {
            return None;
        };
        let output = mul.binary.output;
        let row = Map { height: 1, width: 1, channels: output.channels };
        let map = match (*left == output, *right == output) {
            (true, false) if *right == row => 0,
            (false, true) if *left == row => 1,
            _ => return None,
        };
        let is_int8 = |&zero_point: &i32| (-128..=127).contains(&zero_point);
        if !mul.zero_points.iter().all(is_int8) || !output.channels.is_multiple_of(CHUNK / 2) {
            return None;
        }
        let (low, high) = mul.clamp;
        let range = OutputRange { zero_point: mul.output_zero_point, low, high };
        let mut thresholds = Thresholds::default();
        let reach = [-255 * 255, 255 * 255];
        // The gain multiplies a factor of at most 255.
        let limits = GainLimits { most: 128, unit: 1 };
        let precision = Precision::single::<L>();
        let is_set = thresholds.set(precision, mul.output_multiplier, range, reach);
        let recipe = is_set.then(|| thresholds.solve(precision, limits)).flatten()?;
        let zero_points = [mul.zero_points[map], mul.zero_points[1 - map]];
        Some(Self { map, channels: output.channels, zero_points, recipe, range })
    }

    /// Vectors that a run needs of the workspace.
    pub(super) fn workspace_vectors(&self) -> usize {
        self.channels.div_ceil(CHUNK) * VECTORS
    }

    /// Computes the call's region.
    pub(super) fn run<L: Lanes>(
        &self,
        workspace: &mut Workspace<L>,
        arena: &mut [u8],
        call: &Call<'_>,
    ) {
        let [left, right] = call.inputs else { return };
        let (map, row) = if self.map == 0 { (left, right) } else { (right, left) };
        let vectors = &mut workspace.vectors[..self.workspace_vectors()];
        let (chunks, _) = vectors.as_chunks_mut::<VECTORS>();
        for (index, chunk) in chunks.iter_mut().enumerate() {
            let first = index * CHUNK;
            let count = (self.channels - first).min(CHUNK);
            let values = &arena[row.offset + first..][..count];
            L::inside(|| self.prepare_chunk::<L>(values, chunk));
        }
        let chunks: &[[L::I16; VECTORS]] = chunks;
        for_each_run(call, [map], |[from], to, len| {
            if self.recipe.is_simple() {
                L::inside(|| self.multiply::<L, true>(chunks, arena, from, to, len));
            } else {
                L::inside(|| self.multiply::<L, false>(chunks, arena, from, to, len));
            }
        });
    }

    /// The factors of some channels: `value * factor + start` is the recipe's sum.
    #[inline(always)]
    fn prepare_chunk<L: Lanes>(&self, values: &[u8], chunk: &mut [L::I16; VECTORS]) {
        let factor = |channel: usize| {
            let value = values.get(channel).map_or(0, |value| i32::from(value.cast_signed()));
            (value - self.zero_points[1]) * self.recipe.gain
        };
        for vector in 0..VECTORS / 2 {
            let (mut pairs, mut starts) = ([0; 16], [0; 16]);
            for lane in 0..LANES {
                let factor = factor(vector * LANES + lane);
                let start = self.recipe.offset - factor * self.zero_points[0];
                pairs[4 * lane..][..2].copy_from_slice(&narrow(factor).to_le_bytes());
                starts[4 * lane..][..4].copy_from_slice(&start.to_le_bytes());
            }
            chunk[vector] = L::i16(&pairs);
            chunk[VECTORS / 2 + vector] = L::i16(&starts);
        }
    }

    /// Some neighbouring elements, from the first channel on.
    #[inline(always)]
    fn multiply<L: Lanes, const IS_SIMPLE: bool>(
        &self,
        chunks: &[[L::I16; VECTORS]],
        arena: &mut [u8],
        from: usize,
        to: usize,
        len: usize,
    ) {
        let scale = Scale::<L> {
            factor: L::f32([self.recipe.factor_single(); LANES]),
            step: L::i32([self.recipe.step; LANES]),
            exception: L::i32([self.recipe.exception; LANES]),
            base: L::i32([self.recipe.base(self.range); LANES]),
            clamp: [L::splat_i8(self.range.low), L::splat_i8(self.range.high)],
        };
        for cell in (0..len).step_by(self.channels) {
            let mut at = cell;
            let end = cell + self.channels;
            for chunk in chunks {
                let (pairs, starts) = chunk.split_at(VECTORS / 2);
                let Some(values) = arena[from + at..].first_chunk::<8>() else { break };
                let [a, b] =
                    scale.eight::<IS_SIMPLE>(values, [pairs[0], pairs[1]], [starts[0], starts[1]]);
                if end - at < CHUNK {
                    let bytes = L::i8_bytes(L::clamped([a, b, a, b], scale.clamp));
                    arena[to + at..][..8].copy_from_slice(&bytes[..8]);
                    break;
                }
                let Some(values) = arena[from + at + 8..].first_chunk::<8>() else { break };
                let [c, d] =
                    scale.eight::<IS_SIMPLE>(values, [pairs[2], pairs[3]], [starts[2], starts[3]]);
                let bytes = L::i8_bytes(L::clamped([a, b, c, d], scale.clamp));
                arena[to + at..][..CHUNK].copy_from_slice(&bytes);
                at += CHUNK;
            }
        }
    }
}

/// The recipe in vectors.
struct Scale<L: Lanes> {
    factor: L::F32,
    step: L::I32,
    exception: L::I32,
    base: L::I32,
    clamp: [L::I8; 2],
}

impl<L: Lanes> Scale<L> {
    /// The outputs of eight values, not yet clamped.
    #[inline(always)]
    fn eight<const IS_SIMPLE: bool>(
        &self,
        values: &[u8; 8],
        pairs: [L::I16; 2],
        starts: [L::I16; 2],
    ) -> [L::I32; 2] {
        let [a, b] = L::interleaved(values, &[0; 8]);
        let a = L::dot_add(L::as_i32(starts[0]), a, pairs[0]);
        let b = L::dot_add(L::as_i32(starts[1]), b, pairs[1]);
        [self.output::<IS_SIMPLE>(a), self.output::<IS_SIMPLE>(b)]
    }

    #[inline(always)]
    fn output<const IS_SIMPLE: bool>(&self, sum: L::I32) -> L::I32 {
        let sum = if IS_SIMPLE { sum } else { L::add_where_negative(sum, self.step) };
        let output = L::scaled(sum, self.factor, self.base);
        if IS_SIMPLE { output } else { L::less_where_equal(output, sum, self.exception) }
    }
}
