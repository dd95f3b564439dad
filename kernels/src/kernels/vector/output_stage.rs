//! The output stage of convolutions and dense layers: sums to int8, four channels at a time.

use super::{
    lanes::{FLOOR_WIDE, FLOOR_WIDE_BITS, Lanes, ROUNDING_BITS},
    recipe::{GainLimits, OutputRange, Precision, Recipe, Thresholds},
};
use crate::quant::Multiplier;
use std::array::from_fn;

/// Channels of a vector of sums.
pub(super) const LANES: usize = 4;

/// How the sums of a block of channels become outputs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Mode {
    /// By recipes that need neither step nor exception; [`Mode::General`] on lanes without vectors.
    Simple,
    /// By recipes.
    General,
    /// By recipes in double precision that need no step; [`Mode::Stepped`] on lanes without vectors.
    Double,
    /// By recipes in double precision.
    Stepped,
    /// By the multipliers themselves: some channel has no recipe.
    Exact,
}

/// What a layer's channels are scaled by, before recipes are found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scaling<'a> {
    pub(super) bias: &'a [i32],
    pub(super) multipliers: &'a [Multiplier],
    pub(super) range: OutputRange,
}

/// One channel's weights, as far as its output stage depends on them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ChannelWeights {
    /// Their sum times the input's zero point: taken from the bias, once, for every output.
    pub(super) shift: i32,
    /// The greatest sum in magnitude that they can give, the bias left out.
    pub(super) reach: i64,
    /// The gain that still lets every packed weight fit its int16.
    pub(super) most_gain: i32,
}

/// Of four channels: what the sums start from, and how they are scaled.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stage<L: Lanes> {
    /// The sums' first value: bias less the zero point's share, plus the offset.
    pub(super) bias: L::I32,
    factor: L::F32,
    /// The factors in double precision, and what is added to products with them.
    factors: [L::F64; 2],
    constants: [L::F64; 2],
    step: L::I32,
    exception: L::I32,
    /// What is taken from the rounded product.
    base: L::I32,
}

/// The output stage of a layer.
#[derive(Clone, Debug)]
pub(super) struct OutputStage<L: Lanes> {
    /// For each four channels.
    pub(super) stages: Vec<Stage<L>>,
    /// For each block of channels.
    modes: Vec<Mode>,
    multipliers: Vec<Multiplier>,
    range: OutputRange,
    /// Sums are this many times those of the specification, times the gain.
    unit: i32,
}

/// What is asked of a [`Solver`]: a multiplier's recipe for a reach of accumulators.
type Question = (Precision, Multiplier, [i64; 2]);

/// Finds recipes; neighbours of one multiplier share the work.
struct Solver {
    /// In what it looks for recipes first.
    single: Precision,
    /// Whether [`Mode::Simple`] and [`Mode::Double`] are compiled.
    has_vectors: bool,
    range: OutputRange,
    limits: GainLimits,
    thresholds: Thresholds,
    last: Option<(Question, Option<Recipe>)>,
}

impl Solver {
    fn new<L: Lanes>(scaling: Scaling<'_>, channels: &[ChannelWeights], unit: i32) -> Self {
        let most = channels.iter().map(|channel| channel.most_gain).min().unwrap_or(1);
        Self {
            single: Precision::single::<L>(),
            has_vectors: L::HAS_VECTORS,
            range: scaling.range,
            limits: GainLimits { most, unit },
            thresholds: Thresholds::default(),
            last: None,
        }
    }

    /// The recipes of a block, and how they are followed.
    fn block(&mut self, channels: &[(Multiplier, [i64; 2])]) -> (Mode, Vec<Recipe>) {
        let single = self.single;
        let mut all = |precision| -> Option<Vec<Recipe>> {
            channels.iter().map(|&channel| self.solve(precision, channel)).collect()
        };
        if let Some(recipes) = all(single) {
            let is_simple = self.has_vectors && recipes.iter().all(Recipe::is_simple);
            return (if is_simple { Mode::Simple } else { Mode::General }, recipes);
        }
        match all(Precision::Double) {
            Some(recipes) => {
                let is_simple = self.has_vectors && recipes.iter().all(Recipe::is_simple);
                (if is_simple { Mode::Double } else { Mode::Stepped }, recipes)
            }
            None => (Mode::Exact, vec![Recipe::PLAIN; channels.len()]),
        }
    }

    fn solve(
        &mut self,
        precision: Precision,
        (multiplier, reach): (Multiplier, [i64; 2]),
    ) -> Option<Recipe> {
        let question = (precision, multiplier, reach);
        if let Some((asked, recipe)) = self.last
            && asked == question
        {
            return recipe;
        }
        let is_set = self.thresholds.set(precision, multiplier, self.range, reach);
        let recipe = is_set.then(|| self.thresholds.solve(precision, self.limits)).flatten();
        self.last = Some((question, recipe));
        recipe
    }
}

impl<L: Lanes> OutputStage<L> {
    /// Finds the recipes of a layer whose channels run in blocks of `block` (a multiple of
    /// [`LANES`]), and returns the gains of all channels too, by which the weights are to be
    /// multiplied.
    ///
    /// In a block with a channel that has no recipe, all gains are 1.
    pub(super) fn new(
        scaling: Scaling<'_>,
        channels: &[ChannelWeights],
        block: usize,
        unit: i32,
    ) -> (Self, Vec<i32>) {
        let padded = channels.len().next_multiple_of(block);
        let mut solver = Solver::new::<L>(scaling, channels, unit);
        let (mut modes, mut chosen) = (Vec::new(), Vec::with_capacity(padded));
        let bounds = (0..channels.len()).map(|channel| {
            let bias = scaling.bias[channel].wrapping_sub(channels[channel].shift);
            let reach = channels[channel].reach + 1;
            // Rounded up where that costs little, so that channels of one multiplier ask the same.
            let bound = (reach + i64::from(bias).abs()).unsigned_abs().next_power_of_two();
            let is_far = i64::from(bias).abs() > reach;
            let both = [-bound.cast_signed(), bound.cast_signed()];
            let around = [i64::from(bias) - reach, i64::from(bias) + reach];
            (scaling.multipliers[channel], if is_far { around } else { both })
        });
        let bounds: Vec<(Multiplier, [i64; 2])> = bounds.collect();
        for channels in bounds.chunks(block) {
            let (mode, recipes) = solver.block(channels);
            modes.push(mode);
            chosen.extend(recipes);
        }
        let gains = chosen.iter().map(|recipe| recipe.gain).collect();
        chosen.resize(padded, Recipe::PLAIN);
        let first = |channel: usize, recipe: &Recipe| {
            if channel >= channels.len() {
                return 0;
            }
            let unit = recipe.gain.wrapping_mul(unit);
            let bias = scaling.bias[channel].wrapping_sub(channels[channel].shift);
            bias.wrapping_mul(unit).wrapping_add(recipe.offset)
        };
        let stages = chosen.chunks(LANES).enumerate().map(|(number, recipes)| {
            let lanes = |of: &dyn Fn(usize) -> i32| L::i32(from_fn(of));
            let pairs =
                |of: &dyn Fn(usize) -> f64| [L::f64([of(0), of(1)]), L::f64([of(2), of(3)])];
            #[expect(clippy::cast_possible_truncation, reason = "float32 where it is used")]
            let factors = from_fn(|i| recipes[i].factor as f32);
            Stage {
                bias: lanes(&|i| first(number * LANES + i, &recipes[i])),
                factor: L::f32(factors),
                factors: pairs(&|i| recipes[i].factor),
                constants: pairs(&|i| FLOOR_WIDE + recipes[i].shift),
                step: lanes(&|i| recipes[i].step),
                exception: lanes(&|i| recipes[i].exception),
                base: lanes(&|i| {
                    let mode = modes[number * LANES / block];
                    let in_double = matches!(mode, Mode::Double | Mode::Stepped);
                    let bits = if in_double { FLOOR_WIDE_BITS } else { ROUNDING_BITS };
                    bits - scaling.range.zero_point - recipes[i].center
                }),
            }
        });
        let stages = stages.collect();
        let mut multipliers = scaling.multipliers.to_vec();
        multipliers.resize(padded, Multiplier::default());
        let range = scaling.range;
        (Self { stages, modes, multipliers, range, unit }, gains)
    }

    /// The mode of a block.
    pub(super) fn mode(&self, block: usize) -> Mode {
        self.modes[block]
    }

    /// The clamp, as vectors.
    #[inline(always)]
    pub(super) fn clamp(&self) -> [L::I8; 2] {
        [L::splat_i8(self.range.low), L::splat_i8(self.range.high)]
    }

    /// Turns sums of channels without recipes into outputs that are not yet clamped.
    #[inline(never)]
    fn exactly(&self, vectors: [usize; 4], values: &mut [[i32; LANES]; 4]) {
        for (vector, values) in vectors.into_iter().zip(values) {
            for (value, multiplier) in values.iter_mut().zip(&self.multipliers[vector * LANES..]) {
                let output = multiplier.apply(*value / self.unit);
                *value = output.wrapping_add(self.range.zero_point).clamp(-128, 127);
            }
        }
    }
}

/// A [`Mode`] as a type: loops are compiled once for each, because asking within them costs a third
/// of their time where a pixel has few inputs.
pub(super) trait Rule<L: Lanes> {
    /// Turns four vectors of sums into outputs that are not yet clamped; `stages` is the stage of
    /// each, `vectors` its number in the layer.
    fn outputs(
        output_stage: &OutputStage<L>,
        vectors: [usize; 4],
        stages: [&Stage<L>; 4],
        sums: [L::I32; 4],
    ) -> [L::I32; 4];
}

/// Calls a method with the [`Rule`] of a [`Mode`] as its first type. On lanes without vectors the simple
/// modes go the way of the others.
macro_rules! by_rule {
    ($mode:expr, $lanes:ident, $this:ident.$method:ident($($argument:expr),*)) => {
        match $mode {
            Mode::Simple if $lanes::HAS_VECTORS => {
                $this.$method::<output_stage::Simple>($($argument),*)
            }
            Mode::Simple | Mode::General => $this.$method::<output_stage::General>($($argument),*),
            Mode::Double if $lanes::HAS_VECTORS => {
                $this.$method::<output_stage::Double>($($argument),*)
            }
            Mode::Double | Mode::Stepped => $this.$method::<output_stage::Stepped>($($argument),*),
            Mode::Exact => $this.$method::<output_stage::Exact>($($argument),*),
        }
    };
}

pub(super) use by_rule;

/// A rule that treats each vector of sums by itself, in the way of a [`Stage`].
macro_rules! rule {
    ($name:ident, $way:ident) => {
        #[doc = concat!("[`Mode::", stringify!($name), "`].")]
        pub(super) struct $name;

        impl<L: Lanes> Rule<L> for $name {
            #[inline(always)]
            fn outputs(
                _: &OutputStage<L>,
                _: [usize; 4],
                [a, b, c, d]: [&Stage<L>; 4],
                sums: [L::I32; 4],
            ) -> [L::I32; 4] {
                [a.$way(sums[0]), b.$way(sums[1]), c.$way(sums[2]), d.$way(sums[3])]
            }
        }
    };
}

rule!(Simple, simple);
rule!(General, general);
rule!(Double, double);
rule!(Stepped, stepped);

/// [`Mode::Exact`].
pub(super) struct Exact;

impl<L: Lanes> Rule<L> for Exact {
    #[inline(always)]
    fn outputs(
        output_stage: &OutputStage<L>,
        vectors: [usize; 4],
        _: [&Stage<L>; 4],
        [a, b, c, d]: [L::I32; 4],
    ) -> [L::I32; 4] {
        let mut values = [L::i32_values(a), L::i32_values(b), L::i32_values(c), L::i32_values(d)];
        output_stage.exactly(vectors, &mut values);
        [L::i32(values[0]), L::i32(values[1]), L::i32(values[2]), L::i32(values[3])]
    }
}

impl<L: Lanes> Stage<L> {
    #[inline(always)]
    fn simple(&self, sum: L::I32) -> L::I32 {
        L::scaled(sum, self.factor, self.base)
    }

    #[inline(always)]
    fn general(&self, sum: L::I32) -> L::I32 {
        let sum = L::add_where_negative(sum, self.step);
        L::less_where_equal(self.simple(sum), sum, self.exception)
    }

    #[inline(always)]
    fn double(&self, sum: L::I32) -> L::I32 {
        L::sub(L::high_bits(sum, self.factors, self.constants), self.base)
    }

    #[inline(always)]
    fn stepped(&self, sum: L::I32) -> L::I32 {
        self.double(L::add_where_negative(sum, self.step))
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::kernels::vector::lanes::{Arrays, NativeLanes};

    /// The mode of one block of four channels of these multipliers and biases.
    fn mode<L: Lanes>(reals: [f64; 4], bias: i32, low: i8) -> Mode {
        let multipliers = reals.map(|real| Multiplier::from_real(real).unwrap());
        let range = OutputRange { zero_point: -10, low, high: 127 };
        let scaling = Scaling { bias: &[bias; 4], multipliers: &multipliers, range };
        let channel = ChannelWeights { shift: 0, reach: 50_000, most_gain: 255 };
        OutputStage::<L>::new(scaling, &[channel; 4], LANES, 1).0.mode(0)
    }

    #[test]
    fn the_simplest_rule_that_is_exact_is_chosen() {
        let fine = [0.01, 1e-4, 0.01, 0.01];
        assert_eq!(mode::<NativeLanes>([0.01; 4], 0, -10), Mode::Simple);
        assert_eq!(mode::<NativeLanes>([0.01; 4], 0, -128), Mode::General);
        assert_eq!(mode::<NativeLanes>(fine, 0, -10), Mode::Double);
        assert_eq!(mode::<NativeLanes>(fine, 0, -128), Mode::Stepped);
    }

    #[test]
    fn lanes_without_vectors_do_with_fewer_rules() {
        assert_eq!(mode::<Arrays>([0.01; 4], 0, -10), Mode::General);
        assert_eq!(mode::<Arrays>([0.01, 1e-4, 0.01, 0.01], 0, -10), Mode::Stepped);
    }

    #[test]
    fn one_extreme_channel_makes_its_block_exact() {
        assert_eq!(mode::<NativeLanes>([0.01, 1000.0, 0.01, 0.01], 0, -128), Mode::Exact);
        assert_eq!(mode::<NativeLanes>([0.01; 4], i32::MAX, -128), Mode::Exact);
    }
}
