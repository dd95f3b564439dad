//! CONV_2D of 3x3 at stride 1 by Winograd's F(2x2, 3x3), exact in integers.
//!
//! Four outputs of a tile take 16 products for each input channel instead of 36. The transform of the
//! filter has halves in it; four times it is an integer. Inputs are at most 510 in magnitude after
//! theirs, transformed filters at most 9 x 128, so both fit int16 (the gain is chosen accordingly),
//! and sums are exactly four times those of the specification: whatever wraps on the way wraps back.
//!
//! Source: Lavin and Gray 2016, "Fast Algorithms for Convolutional Neural Networks", section 4.1.

use super::{
    Workspace,
    lanes::Lanes,
    matrix::{narrow, paired, write},
    output_stage::{self, ChannelWeights, LANES, Mode, OutputStage, Rule, Scaling, Stage},
    recipe::OutputRange,
    strip::Frame,
};
use crate::{
    kernels::{Call, View},
    operator::{Conv2d, Window},
};
use std::array::from_fn;

/// Elements of a transformed tile.
const POINTS: usize = 16;
/// Channels of a block of outputs.
const BLOCK: usize = 16;
/// Tiles that are transformed together, at least; a row of them is never cut.
const TILES: usize = 16;
/// Sums are so many times those of the specification.
const UNIT: i32 = 4;
/// Strips that would be larger than this are convolved directly.
const LARGEST_STRIP_BYTES: usize = 1 << 20;

/// A convolution with its filters transformed and packed.
#[derive(Clone, Debug)]
pub(super) struct PackedWinograd<L: Lanes> {
    window: Window,
    input_zero_point: i32,
    /// For each block of outputs, point, and pair of inputs: that pair for four outputs, four times.
    weights: Vec<[L::I16; 4]>,
    output_stage: OutputStage<L>,
}

/// A band of tiles.
#[derive(Clone, Copy)]
struct Band {
    /// Tiles from top to bottom and from left to right.
    tiles: [usize; 2],
    /// Bytes of a row of the strip.
    row_bytes: usize,
}

impl Band {
    /// All tiles, and one more where they are odd.
    const fn count(self) -> usize {
        (self.tiles[0] * self.tiles[1]).next_multiple_of(2)
    }
}

impl<L: Lanes> PackedWinograd<L> {
    /// Packs a convolution; `None` for one that is better computed directly.
    pub(super) fn new(conv: &Conv2d) -> Option<Self> {
        if !suits(conv) {
            return None;
        }
        let window = conv.window;
        let [inputs, outputs] = [window.input.channels, window.output.channels];
        let of_output = |output: usize| {
            let weights = conv.weights[output * 9 * inputs..][..9 * inputs].iter();
            let weights = weights.map(|&weight| i32::from(weight));
            let mut channel = ChannelWeights::of(weights, conv.input_zero_point);
            let points = (0..inputs).flat_map(|input| transformed_filter(conv, output, input));
            let greatest = points.map(i32::abs).max().unwrap_or(1).max(1);
            channel.most_gain = i32::from(i16::MAX) / greatest;
            channel
        };
        let channels: Vec<ChannelWeights> = (0..outputs).map(of_output).collect();
        let fits = channels.iter().zip(&*conv.bias).all(|(channel, &bias)| {
            let bias = bias.wrapping_sub(channel.shift);
            channel.reach + i64::from(bias.unsigned_abs()) < 1 << 28
        });
        let (low, high) = conv.clamp;
        let range = OutputRange { zero_point: conv.output_zero_point, low, high };
        let scaling = Scaling { bias: &conv.bias, multipliers: &conv.multipliers, range };
        if !fits {
            return None;
        }
        let (output_stage, gains) = OutputStage::new(scaling, &channels, BLOCK, UNIT);
        let weights = packed::<L>(conv, &gains);
        Some(Self { window, input_zero_point: conv.input_zero_point, weights, output_stage })
    }

    /// Bytes of strips that a run needs of the workspace.
    pub(super) fn workspace_bytes(&self) -> usize {
        strip_bytes(&self.window)
    }

    /// Bytes of transformed inputs that a run needs of the workspace.
    pub(super) fn workspace_transformed(&self) -> usize {
        POINTS * self.most_tiles() * self.window.input.channels * 2
    }

    /// Vectors of products that a run needs of the workspace.
    pub(super) fn workspace_products(&self) -> usize {
        POINTS * self.most_tiles() * 4
    }

    /// Tiles of a band, of any region.
    fn most_tiles(&self) -> usize {
        (TILES + self.window.output.width.div_ceil(2)).next_multiple_of(2)
    }

    /// Whether a region is worth it.
    pub(super) fn suits(&self, call: &Call<'_>) -> bool {
        call.region.rows.len() >= 2 && call.region.columns.len() >= 2
    }

    /// Computes the call's region; returns the multiply-accumulates that it stands for.
    pub(super) fn run(
        &self,
        workspace: &mut Workspace<L>,
        arena: &mut [u8],
        input: &View,
        call: &Call<'_>,
    ) -> u64 {
        let (region, window) = (call.region, &self.window);
        let channels = window.input.channels;
        let outputs = [region.rows.len(), region.columns.len()];
        let whole = band_of(window, outputs);
        let tile_rows = outputs[0].div_ceil(2);
        for first in (0..tile_rows).step_by(whole.tiles[0]) {
            let rows = whole.tiles[0].min(tile_rows - first);
            let band = Band { tiles: [rows, whole.tiles[1]], ..whole };
            let frame = Frame {
                start: [region.rows.start + 2 * first, region.columns.start],
                rows: 2 * rows + 2,
                columns: 2 * band.tiles[1] + 2,
                before: window.padding_before,
                rows_read: [1, 1],
            };
            let strip = &mut workspace.bytes[..frame.rows * band.row_bytes];
            frame.fill::<L>(arena, input, self.input_zero_point, strip);
            let inputs = &mut workspace.transformed[..POINTS * band.count() * channels * 2];
            L::inside(|| transform_inputs::<L>(strip, band, channels, inputs));
            let products = &mut workspace.products[..POINTS * band.count() * 4];
            for block in 0..window.output.channels / BLOCK {
                L::inside(|| self.multiply(block, inputs, products));
                self.by_mode(block, products, band, first, arena, call);
            }
        }
        (region.cells() * window.output.channels * 9 * channels) as u64
    }

    /// The products of all points and tiles with one block of filters.
    #[inline(always)]
    fn multiply(&self, block: usize, inputs: &[u8], products: &mut [L::I32]) {
        let pairs = self.window.input.channels / 2;
        let weights = &self.weights[block * POINTS * pairs..][..POINTS * pairs];
        let tiles = products.len() / (POINTS * 4);
        let points = products.chunks_exact_mut(tiles * 4);
        let inputs = inputs.as_chunks::<4>().0.chunks_exact(tiles * pairs);
        for ((products, inputs), weights) in points.zip(inputs).zip(weights.chunks_exact(pairs)) {
            let tiles = inputs.chunks_exact(2 * pairs);
            for (products, inputs) in products.as_chunks_mut::<8>().0.iter_mut().zip(tiles) {
                let mut sums = [L::i32([0; 4]); 8];
                let (first, second) = inputs.split_at(pairs);
                let (first, second) = (&first[..weights.len()], &second[..weights.len()]);
                for pair in 0..weights.len() {
                    let (a, b) = (L::pairs(first[pair]), L::pairs(second[pair]));
                    for v in 0..4 {
                        sums[v] = L::dot_add(sums[v], a, weights[pair][v]);
                        sums[4 + v] = L::dot_add(sums[4 + v], b, weights[pair][v]);
                    }
                }
                *products = sums;
            }
        }
    }

    fn by_mode(
        &self,
        block: usize,
        products: &[L::I32],
        band: Band,
        first: usize,
        arena: &mut [u8],
        call: &Call<'_>,
    ) {
        let task = Task { block, products, band, first, call };
        match self.output_stage.mode(block) {
            Mode::Simple if L::HAS_VECTORS => {
                L::inside(|| self.outputs::<output_stage::Simple>(&task, arena));
            }
            Mode::Simple | Mode::General => {
                L::inside(|| self.outputs::<output_stage::General>(&task, arena));
            }
            Mode::Double if L::HAS_VECTORS => {
                L::inside(|| self.outputs::<output_stage::Double>(&task, arena));
            }
            Mode::Double | Mode::Stepped => {
                L::inside(|| self.outputs::<output_stage::Stepped>(&task, arena));
            }
            Mode::Exact => L::inside(|| self.outputs::<output_stage::Exact>(&task, arena)),
        }
    }

    /// Transforms products back and writes the outputs of one block of channels.
    #[inline(always)]
    fn outputs<R: Rule<L>>(&self, task: &Task<'_, L>, arena: &mut [u8]) {
        let (band, region, output) = (task.band, task.call.region, &task.call.output);
        let count = band.count();
        let points: [&[[L::I32; 4]]; POINTS] =
            from_fn(|p| &task.products[p * count * 4..].as_chunks::<4>().0[..count]);
        let first = task.block * BLOCK / LANES;
        let stages: &[Stage<L>] = &self.output_stage.stages[first..][..4];
        let stages = [&stages[0], &stages[1], &stages[2], &stages[3]];
        let vectors = [first, first + 1, first + 2, first + 3];
        let clamp = self.output_stage.clamp();
        let channels = output.map.channels;
        let row_bytes = output.region.columns.len() * channels;
        for tile in 0..band.tiles[0] * band.tiles[1] {
            let (row, column) = (tile / band.tiles[1], tile % band.tiles[1]);
            let (y, x) = (2 * (task.first + row), 2 * column);
            let a = transformed_back::<L>(&points, tile, 0, stages[0].bias);
            let b = transformed_back::<L>(&points, tile, 1, stages[1].bias);
            let c = transformed_back::<L>(&points, tile, 2, stages[2].bias);
            let d = transformed_back::<L>(&points, tile, 3, stages[3].bias);
            let start = output.cell(region.rows.start + y, region.columns.start + x);
            let start = start + task.block * BLOCK;
            for place in 0..4 {
                let sums = [a[place], b[place], c[place], d[place]];
                let outputs = R::outputs(&self.output_stage, vectors, stages, sums);
                let bytes = L::i8_bytes(L::clamped(outputs, clamp));
                let (i, j) = (place / 2, place % 2);
                if y + i < region.rows.len() && x + j < region.columns.len() {
                    write(&bytes, start + i * row_bytes + j * channels, arena);
                }
            }
        }
    }
}

/// What [`PackedWinograd::outputs`] writes.
struct Task<'a, L: Lanes> {
    block: usize,
    products: &'a [L::I32],
    band: Band,
    /// The first row of tiles of the band.
    first: usize,
    call: &'a Call<'a>,
}

/// The band for a region of so many rows and columns.
fn band_of(window: &Window, outputs: [usize; 2]) -> Band {
    let columns = outputs[1].div_ceil(2);
    let rows = TILES.div_ceil(columns).min(outputs[0].div_ceil(2));
    let row_bytes = (2 * columns + 2) * window.input.channels * 2;
    Band { tiles: [rows, columns], row_bytes }
}

/// Whether a convolution is of a shape that is worth the transforms.
pub(super) fn suits(conv: &Conv2d) -> bool {
    let window = conv.window;
    let [inputs, outputs] = [window.input.channels, window.output.channels];
    let has_shape = (window.kernel, window.stride, window.dilation) == ([3; 2], [1; 2], [1; 2]);
    let has_channels = inputs >= 16 && inputs.is_multiple_of(8) && outputs.is_multiple_of(BLOCK);
    let is_int8 = (-128..=127).contains(&conv.input_zero_point);
    has_shape && has_channels && is_int8 && strip_bytes(&window) <= LARGEST_STRIP_BYTES
}

/// Bytes of the largest strip.
fn strip_bytes(window: &Window) -> usize {
    let rows = TILES.min(window.output.height.div_ceil(2));
    let columns = 2 * window.output.width.div_ceil(2) + 2;
    (2 * rows + 2).saturating_mul(columns).saturating_mul(window.input.channels * 2)
}

/// Four times the transform of one filter: `G g G^T` with 2G = ((2 0 0) (1 1 1) (1 -1 1) (0 0 2)).
fn transformed_filter(conv: &Conv2d, output: usize, input: usize) -> [i32; POINTS] {
    let channels = conv.window.input.channels;
    let tap = |tap: usize| i32::from(conv.weights[(output * 9 + tap) * channels + input]);
    let along = |a: i32, b: i32, c: i32| [2 * a, a + b + c, a - b + c, 2 * c];
    let rows: [[i32; 4]; 3] = from_fn(|y| along(tap(3 * y), tap(3 * y + 1), tap(3 * y + 2)));
    let columns: [[i32; 4]; 4] = from_fn(|x| along(rows[0][x], rows[1][x], rows[2][x]));
    from_fn(|point| columns[point % 4][point / 4])
}

fn packed<L: Lanes>(conv: &Conv2d, gains: &[i32]) -> Vec<[L::I16; 4]> {
    let (inputs, outputs) = (conv.window.input.channels, conv.window.output.channels);
    let filters: Vec<[i32; POINTS]> = (0..outputs * inputs)
        .map(|index| transformed_filter(conv, index / inputs, index % inputs))
        .collect();
    let mut weights = Vec::with_capacity(outputs / BLOCK * POINTS * inputs / 2);
    for first in (0..outputs).step_by(BLOCK) {
        for point in 0..POINTS {
            for pair in 0..inputs / 2 {
                weights.push(from_fn(|vector| {
                    paired::<L>(|lane, half| {
                        let output = first + vector * LANES + lane;
                        let filter = &filters[output * inputs + 2 * pair + half];
                        narrow(filter[point] * gains[output])
                    })
                }));
            }
        }
    }
    weights
}

/// `B^T d B` of all tiles, eight channels at a time: to each point, for each tile, its channels.
#[inline(always)]
fn transform_inputs<L: Lanes>(strip: &[u8], band: Band, channels: usize, inputs: &mut [u8]) {
    let inputs = inputs.as_chunks_mut::<16>().0;
    let (chunks, count) = (channels / 8, band.count());
    let stride = count * chunks;
    for row in 0..band.tiles[0] {
        let rows: [&[[u8; 16]]; 4] = from_fn(|i| {
            strip[(2 * row + i) * band.row_bytes..][..band.row_bytes].as_chunks::<16>().0
        });
        for column in 0..band.tiles[1] {
            for chunk in 0..chunks {
                let mut points = [[L::i16(&[0; 16]); 4]; 4];
                for j in 0..4 {
                    let at = (2 * column + j) * chunks + chunk;
                    let d = [
                        L::i16(&rows[0][at]),
                        L::i16(&rows[1][at]),
                        L::i16(&rows[2][at]),
                        L::i16(&rows[3][at]),
                    ];
                    let [a, b, c, d] = transformed::<L>(d);
                    (points[0][j], points[1][j], points[2][j], points[3][j]) = (a, b, c, d);
                }
                let at = (row * band.tiles[1] + column) * chunks + chunk;
                for i in 0..4 {
                    let [a, b, c, d] = transformed::<L>(points[i]);
                    inputs[4 * i * stride + at] = L::i16_bytes(a);
                    inputs[(4 * i + 1) * stride + at] = L::i16_bytes(b);
                    inputs[(4 * i + 2) * stride + at] = L::i16_bytes(c);
                    inputs[(4 * i + 3) * stride + at] = L::i16_bytes(d);
                }
            }
        }
    }
}

/// One side of the inputs' transform.
#[inline(always)]
fn transformed<L: Lanes>([a, b, c, d]: [L::I16; 4]) -> [L::I16; 4] {
    [L::sub_i16(a, c), L::add_i16(b, c), L::sub_i16(c, b), L::sub_i16(b, d)]
}

/// `A^T m A` of one tile for four channels, and the bias: the four outputs, row by row.
#[inline(always)]
fn transformed_back<L: Lanes>(
    points: &[&[[L::I32; 4]]; POINTS],
    tile: usize,
    vector: usize,
    bias: L::I32,
) -> [L::I32; 4] {
    let zero = L::i32([0; 4]);
    let mut halves = [[zero; 4]; 2];
    for j in 0..4 {
        let [a, b] = [points[j][tile][vector], points[4 + j][tile][vector]];
        let [c, d] = [points[8 + j][tile][vector], points[12 + j][tile][vector]];
        halves[0][j] = L::add(L::add(a, b), c);
        halves[1][j] = L::sub(L::sub(b, c), d);
    }
    let [[a, b, c, d], [e, f, g, h]] = halves;
    [
        L::add(L::add(L::add(a, bias), b), c),
        L::add(L::sub(b, c), L::sub(bias, d)),
        L::add(L::add(L::add(e, bias), f), g),
        L::add(L::sub(f, g), L::sub(bias, h)),
    ]
}
