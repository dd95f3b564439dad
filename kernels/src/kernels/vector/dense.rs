//! FULLY_CONNECTED whose weights have one scale.
//!
//! A dense layer reads each weight once, so weights stay int8, half of what they would be for a
//! convolution, and are widened when they are loaded. The gain, which is then the same for all
//! outputs, multiplies the inputs instead.

use super::{
    Workspace,
    lanes::Lanes,
    output_stage::{self, ChannelWeights, LANES, Mode, OutputStage, Rule, Scaling, Stage},
    recipe::OutputRange,
};
use crate::{kernels::Call, operator::FullyConnected};

/// Vectors of a block of outputs.
const VECTORS: usize = 8;
/// Outputs of a block.
const BLOCK: usize = VECTORS * LANES;
/// The largest gain: an int8 input times it fits an int16.
const LARGEST_GAIN: i32 = 255;

/// A dense layer with its weights packed.
#[derive(Clone, Debug)]
pub(super) struct PackedDense<L: Lanes> {
    batches: usize,
    depth: usize,
    outputs: usize,
    gain: i16,
    /// For each block of outputs and pair of inputs: that pair for four outputs, eight times.
    weights: Vec<[[u8; 8]; VECTORS]>,
    output_stage: OutputStage<L>,
}

impl<L: Lanes> PackedDense<L> {
    /// Packs a layer; `None` for one that is left to the reference kernels.
    pub(super) fn new(dense: &FullyConnected) -> Option<Self> {
        let (depth, outputs) = (dense.depth, dense.outputs());
        let first = dense.multipliers.first()?;
        let has_one_scale = dense.multipliers.iter().all(|multiplier| multiplier == first);
        if !has_one_scale || dense.weights_zero_point != 0 || depth == 0 {
            return None;
        }
        i8::try_from(dense.input_zero_point).ok()?;
        let weights = |output: usize| dense.weights[output * depth..][..depth].iter();
        let mut channels: Vec<ChannelWeights> = (0..outputs)
            .map(|output| {
                let weights = weights(output).map(|&weight| weight.into());
                ChannelWeights::of(weights, dense.input_zero_point)
            })
            .collect();
        // One gain for all: so all ask the same question, with the greatest reach of any.
        let reach = |output: usize, channel: &ChannelWeights| {
            let bias = dense.bias[output].wrapping_sub(channel.shift);
            channel.reach + i64::from(bias.unsigned_abs())
        };
        let reach = channels.iter().enumerate().map(|(o, channel)| reach(o, channel)).max()?;
        for channel in &mut channels {
            (channel.reach, channel.most_gain) = (reach, LARGEST_GAIN);
        }
        let range = OutputRange {
            zero_point: dense.output_zero_point,
            low: dense.clamp.0,
            high: dense.clamp.1,
        };
        let scaling = Scaling { bias: &dense.bias, multipliers: &dense.multipliers, range };
        let (output_stage, gains) = OutputStage::new(scaling, &channels, BLOCK, 1);
        let gain = *gains.first()?;
        if gains.iter().any(|&other| other != gain) {
            return None;
        }
        let weight = |output: usize, input: usize| {
            let is_there = output < outputs && input < depth;
            if is_there { dense.weights[output * depth + input].cast_unsigned() } else { 0 }
        };
        let mut packed = Vec::with_capacity(outputs.div_ceil(BLOCK) * depth.div_ceil(2));
        for first in (0..outputs).step_by(BLOCK) {
            for pair in 0..depth.div_ceil(2) {
                packed.push(std::array::from_fn(|vector| {
                    std::array::from_fn(|at| {
                        weight(first + vector * LANES + at / 2, 2 * pair + at % 2)
                    })
                }));
            }
        }
        let gain = i16::try_from(gain).ok()?;
        Some(Self { batches: dense.batches, depth, outputs, gain, weights: packed, output_stage })
    }

    /// Bytes that a run needs of the workspace.
    pub(super) fn workspace_bytes(&self) -> usize {
        self.depth.next_multiple_of(16) * 2
    }

    /// Computes all outputs; returns the multiply-accumulates.
    pub(super) fn run(
        &self,
        workspace: &mut Workspace<L>,
        arena: &mut [u8],
        call: &Call<'_>,
    ) -> u64 {
        let Some(input) = call.inputs.first() else { return 0 };
        let pairs = self.depth.div_ceil(2);
        for batch in 0..self.batches {
            let inputs = &arena[input.offset + batch * self.depth..][..self.depth];
            let words = &mut workspace.bytes[..self.workspace_bytes()];
            L::inside(|| multiply::<L>(inputs, self.gain, words));
            let words = &words.as_chunks::<4>().0[..pairs];
            let output = call.output.offset + batch * self.outputs;
            let blocks = self.weights.chunks_exact(pairs).enumerate();
            for (block, weights) in blocks {
                let bytes = self.by_mode(block, words, weights);
                let count = (self.outputs - block * BLOCK).min(BLOCK);
                let target = &mut arena[output + block * BLOCK..][..count];
                match target.first_chunk_mut::<BLOCK>() {
                    Some(target) => *target = bytes,
                    None => target.copy_from_slice(&bytes[..count]),
                }
            }
        }
        (self.batches * self.depth * self.outputs) as u64
    }

    fn by_mode(
        &self,
        block: usize,
        words: &[[u8; 4]],
        weights: &[[[u8; 8]; VECTORS]],
    ) -> [u8; BLOCK] {
        match self.output_stage.mode(block) {
            Mode::Simple => L::inside(|| self.block::<output_stage::Simple>(block, words, weights)),
            Mode::General => {
                L::inside(|| self.block::<output_stage::General>(block, words, weights))
            }
            Mode::Double => L::inside(|| self.block::<output_stage::Double>(block, words, weights)),
            Mode::Stepped => {
                L::inside(|| self.block::<output_stage::Stepped>(block, words, weights))
            }
            Mode::Exact => L::inside(|| self.block::<output_stage::Exact>(block, words, weights)),
        }
    }

    /// One block of outputs.
    #[inline(always)]
    fn block<R: Rule<L>>(
        &self,
        block: usize,
        words: &[[u8; 4]],
        weights: &[[[u8; 8]; VECTORS]],
    ) -> [u8; BLOCK] {
        let first = block * VECTORS;
        let stages: &[Stage<L>] = &self.output_stage.stages[first..][..VECTORS];
        let mut sums: [L::I32; VECTORS] = std::array::from_fn(|v| stages[v].bias);
        for (word, weights) in words.iter().zip(weights) {
            let inputs = L::pairs(*word);
            for v in 0..VECTORS {
                sums[v] = L::dot_add(sums[v], inputs, L::widened(&weights[v]));
            }
        }
        let clamp = self.output_stage.clamp();
        let mut bytes = [0; BLOCK];
        for (half, bytes) in bytes.as_chunks_mut::<16>().0.iter_mut().enumerate() {
            let at = 4 * half;
            let vectors = [first + at, first + at + 1, first + at + 2, first + at + 3];
            let stages = [&stages[at], &stages[at + 1], &stages[at + 2], &stages[at + 3]];
            let sums = [sums[at], sums[at + 1], sums[at + 2], sums[at + 3]];
            let outputs = R::outputs(&self.output_stage, vectors, stages, sums);
            *bytes = L::i8_bytes(L::clamped(outputs, clamp));
        }
        bytes
    }
}

/// Writes int8 times a gain as int16.
#[inline(always)]
fn multiply<L: Lanes>(inputs: &[u8], gain: i16, words: &mut [u8]) {
    let [low, high] = gain.to_le_bytes();
    let gain = L::pairs([low, high, low, high]);
    let mut targets = words.as_chunks_mut::<16>().0.iter_mut();
    let (chunks, rest) = inputs.as_chunks::<8>();
    for (chunk, target) in chunks.iter().zip(&mut targets) {
        *target = L::i16_bytes(L::mul_i16(L::widened(chunk), gain));
    }
    if let Some(target) = targets.next() {
        let mut chunk = [0; 8];
        chunk[..rest.len()].copy_from_slice(rest);
        *target = L::i16_bytes(L::mul_i16(L::widened(&chunk), gain));
    }
}
