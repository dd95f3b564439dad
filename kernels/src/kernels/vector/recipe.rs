//! Exact requantization in float32.
//!
//! [`Multiplier::apply`] is a step function that never falls: an output of at least `j` begins at
//! some accumulator, the threshold of `j`, and within the clamp there are at most 255 of them. A
//! [`Recipe`] is a cheaper step function: the accumulator times an integer `gain` (folded into the
//! weights) plus an `offset` (folded into the bias), converted to float32, multiplied once, and
//! rounded. Every one of its operations never falls either, so it is the same function if it agrees
//! on both sides of each threshold; [`Thresholds::solve`] computes those and compares. The gain is
//! what makes an agreement findable: each of its values gives another rounding of the factor. Where
//! two thresholds lie so close that no offset serves both, one sum may be an `exception`.
//!
//! In real numbers TensorFlow Lite's two roundings mean: an output `j` of at least 1 begins at
//! `j - 1/2 - 2^-(r+1)` and one of at most 0 at `j - 1/2 + 2^-(r+1)`, where `r` is the right shift:
//! half is rounded away from zero, and the first rounding adds its own half. A range that begins at
//! the zero point (ReLU) has positive outputs alone; any other takes `step`, which is added to
//! negative accumulators and holds the difference.

use super::{
    ladder::{Ladder, Step, find_close},
    lanes::{Lanes, ROUNDING, ROUNDING_BITS},
};
use crate::quant::Multiplier;
use std::ops::RangeInclusive;

/// What the output of an operator may be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct OutputRange {
    pub(super) zero_point: i32,
    pub(super) low: i8,
    pub(super) high: i8,
}

impl OutputRange {
    /// Whether no output is below the zero point.
    pub(super) fn is_one_sided(self) -> bool {
        i32::from(self.low) >= self.zero_point
    }

    /// The middle of a one-sided range, from the zero point: counted from there, outputs are half as
    /// large, and float32 is twice as fine. 0 for the others, whose sign must show.
    pub(super) fn center(self) -> i32 {
        if !self.is_one_sided() {
            return 0;
        }
        (i32::from(self.low) + i32::from(self.high)).div_euclid(2) - self.zero_point
    }
}

/// Output `zero point + j` for `nearest(float(sum) * factor) = j - center`, where `sum` is
/// `gain * accumulator + offset`, plus `step` where that is negative; one less where the sum is
/// `exception`. In double precision `floor(sum * factor + shift) = j - center`, and no sum is an exception.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Recipe {
    /// What the weights are multiplied by; at least 1.
    pub(super) gain: i32,
    /// What is added to the bias, in units of 1/gain.
    pub(super) offset: i32,
    /// What is added where the sum is negative; 0 for one-sided ranges.
    pub(super) step: i32,
    /// The one sum for which the product rounds to one too many; [`NO_EXCEPTION`] for none.
    pub(super) exception: i32,
    /// The factor of the sum.
    pub(super) factor: f64,
    /// What is added to the product in double precision; 0 in the others.
    pub(super) shift: f64,
    /// What the rounded product counts from; 0 unless the range is one-sided.
    pub(super) center: i32,
}

/// No sum is this.
const NO_EXCEPTION: i32 = i32::MIN;

impl Recipe {
    /// A recipe that leaves weights and bias as they are and gives the zero point.
    pub(super) const PLAIN: Self = Self {
        gain: 1,
        offset: 0,
        step: 0,
        exception: NO_EXCEPTION,
        factor: 0.0,
        shift: 0.0,
        center: 0,
    };

    /// The factor as float32, which it is in single precision.
    #[expect(clippy::cast_possible_truncation, reason = "a float32")]
    pub(super) fn factor_single(&self) -> f32 {
        self.factor as f32
    }

    /// What [`super::lanes::Lanes::rounded`] takes from the product.
    pub(super) fn base(&self, range: OutputRange) -> i32 {
        ROUNDING_BITS - range.zero_point - self.center
    }

    /// Whether the sum alone says the output: no step, no exception.
    pub(super) fn is_simple(&self) -> bool {
        self.step == 0 && self.exception == NO_EXCEPTION
    }
}

/// In what the product with the factor is taken.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Precision {
    /// float32, rounded: four operations for four channels.
    Single,
    /// float32 factors whose product is not rounded before it is rounded to an integer: three operations.
    Fused,
    /// float64, for factors so small that an output spans more accumulators than float32 can tell from
    /// their neighbours: below about 2^-11 where products are rounded.
    Double,
}

impl Precision {
    /// The best in which these lanes scale by float32.
    pub(super) fn single<L: Lanes>() -> Self {
        if L::is_fused() { Self::Fused } else { Self::Single }
    }

    /// Factors below this are not tried, since blocks of channels hardly ever find recipes: of single channels
    /// two in five do at this factor.
    const fn too_fine(self) -> f64 {
        match self {
            Self::Single => 3.5e-4,
            Self::Fused => 2e-4,
            Self::Double => 0.0,
        }
    }
}

/// What the lanes make of a sum, with any factor; `None` where that depends on how often they round.
#[expect(clippy::cast_precision_loss, reason = "as the vector conversion does")]
#[expect(clippy::cast_possible_truncation, reason = "factors of single precision are float32")]
fn product(precision: Precision, value: i32, recipe: &Recipe) -> Option<i32> {
    match precision {
        Precision::Single => {
            let sum = value as f32 * recipe.factor as f32 + ROUNDING;
            Some(sum.to_bits().cast_signed().wrapping_sub(ROUNDING_BITS))
        }
        // A product of two float32 is exact in float64.
        Precision::Fused => {
            let product = f64::from(value as f32) * recipe.factor;
            Some(product.round_ties_even() as i32)
        }
        Precision::Double => {
            let sum = f64::from(value) * recipe.factor + recipe.shift;
            let beyond = sum - sum.floor();
            (COARSE..1.0 - COARSE).contains(&beyond).then_some(sum.floor() as i32)
        }
    }
}

/// One step: `output` begins at accumulator `at`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Threshold {
    output: i32,
    at: i32,
}

/// The steps of one multiplier, within a range of outputs and of accumulators.
#[derive(Clone, Debug, Default)]
pub(super) struct Thresholds {
    /// Those that matter: the greatest output comes first, the least last.
    steps: Vec<Threshold>,
    /// What a search finds, by number.
    found: Vec<(i64, Step)>,
    is_one_sided: bool,
    center: i32,
    /// The least and the greatest accumulator.
    reach: [i32; 2],
    /// What the multiplier means in real numbers.
    scale: f64,
}

/// What a recipe must keep to.
#[derive(Clone, Copy, Debug)]
pub(super) struct GainLimits {
    /// The greatest gain.
    pub(super) most: i32,
    /// What the sum is a multiple of by itself: 4 behind a Winograd transform, else 1.
    pub(super) unit: i32,
}

/// The offsets that real numbers allow: each step says where they begin and where they end.
#[derive(Clone, Copy, Debug)]
struct Offsets {
    /// The greatest beginning.
    begin: f64,
    /// The two smallest ends.
    ends: [f64; 2],
}

impl Offsets {
    fn within(begin: f64, end: f64) -> Self {
        Self { begin, ends: [end; 2] }
    }

    fn begin_at(&mut self, begin: f64) {
        if begin > self.begin {
            self.begin = begin;
        }
    }

    fn end_at(&mut self, end: f64) {
        if end < self.ends[0] {
            self.ends = [end, self.ends[0]];
        } else if end < self.ends[1] {
            self.ends[1] = end;
        }
    }

    /// What all of two kinds of steps allow, where those of the other kind see `step` more.
    fn and(&self, other: &Self, step: f64) -> Option<f64> {
        let begin = self.begin.max(other.begin - step);
        let end = self.ends[0].min(other.ends[0] - step);
        (begin < end).then_some((begin + end) / 2.0)
    }

    /// The integer nearest to the middle of what all steps allow, or with `exceptional` of what all
    /// but one allow.
    fn middle(&self, exceptional: bool) -> Option<i32> {
        let (begin, end) = match exceptional {
            false => (self.begin, self.ends[0]),
            true => (self.begin.max(self.ends[0]), self.ends[1]),
        };
        let nearest = ((begin + end) / 2.0).round();
        #[expect(clippy::cast_possible_truncation, reason = "below 2^31 in magnitude")]
        let offset = nearest as i32;
        (begin <= nearest && nearest < end && nearest.abs() < 2e9).then_some(offset)
    }
}

/// In double precision fractions are multiples of 2^-32, rounded once or twice: nothing may lie nearer to a
/// step than this.
const COARSE: f64 = 1.0 / (1u64 << 31) as f64;
/// Results in double precision are below this in magnitude: a little less than 2^19.
const LARGEST_DOUBLE: f64 = 524_000.0;
/// Accumulators about which the sign of the sum may be another.
const NEAR_ZERO: RangeInclusive<i32> = -3..=3;
/// Gains that are tried: a bound on the time that loading takes. A recipe with an exception will do after
/// them.
const TRIALS: usize = 20;
/// Gains whose factor in float32 is off by more, relatively, are passed over,
const CLOSE: f64 = 1e-8;
/// but where there are no more than so many.
const FEW: i32 = 16;

impl Thresholds {
    /// Computes the steps of `multiplier` for accumulators within `reach`; `false` where shifts are
    /// extreme, factors too fine, or results could leave what the lanes hold.
    pub(super) fn set(
        &mut self,
        precision: Precision,
        multiplier: Multiplier,
        range: OutputRange,
        reach: [i64; 2],
    ) -> bool {
        let (left, right) = (multiplier.shift.max(0), (-multiplier.shift).max(0));
        let greatest = reach[0].abs().max(reach[1].abs()) + 2;
        self.steps.clear();
        if (8..=31).contains(&right) && greatest < 1 << (right - 2) {
            // Below a quarter, and the multiplier below 1: the output is the zero point.
            return range.zero_point.abs() <= 128;
        }
        let is_extreme = left > 8 || right > 23 || multiplier.fixed < 0;
        if is_extreme || range.zero_point.abs() > 128 || greatest << left >= 1 << 31 {
            return false;
        }
        let fixed = i64::from(multiplier.fixed) << left;
        #[expect(clippy::cast_precision_loss, reason = "39 bits")]
        let scale = fixed as f64 * 2f64.powi(-31 - right);
        if fixed > 0 && scale < precision.too_fine() {
            return false;
        }
        self.scale = scale;
        #[expect(clippy::cast_possible_truncation, reason = "checked to fit")]
        let ends = reach.map(|end| end as i32);
        self.reach = ends;
        (self.is_one_sided, self.center) = (range.is_one_sided(), range.center());
        if fixed > 0 {
            self.keep_close_steps(precision, &Ladder::of(range, fixed, right));
        }
        #[expect(clippy::cast_precision_loss, reason = "32 bits")]
        let farthest = greatest as f64 * scale;
        farthest < if precision == Precision::Double { LARGEST_DOUBLE } else { f64::from(1 << 21) }
    }

    /// Collects the steps but for those that any offset serves which serves the others: that lie
    /// farther from the limits of the offset than factors and float32 can be wrong. Of the steps out
    /// of reach, the nearest on each side stays: it says what must not be passed.
    ///
    /// A step's accumulator lies `lag / fixed` above the real number at which the output changes, so
    /// the offset may begin that much lower, and end that much lower too.
    fn keep_close_steps(&mut self, precision: Precision, ladder: &Ladder) {
        let lowest = ladder.count() - 1;
        if lowest < 0 {
            return;
        }
        let margin = self.margin(precision, ladder.fixed);
        let in_reach = ladder.above(self.reach[1])..ladder.above(self.reach[0]);
        let near_zero = ladder.above(*NEAR_ZERO.end())..ladder.above(*NEAR_ZERO.start() - 1);
        let (first, last) = ((in_reach.start - 1).max(0), in_reach.end.min(lowest));
        self.add(ladder, first);
        for number in near_zero.start.max(first + 1)..near_zero.end.min(last) {
            self.add(ladder, number);
        }
        for flight in &ladder.flights {
            self.found.clear();
            find_close(ladder, flight, &in_reach, margin, &mut self.found);
            for &(number, step) in &self.found {
                if first < number && number < last && !near_zero.contains(&number) {
                    // It is in reach.
                    let at = i32::try_from(step.at).unwrap_or(0);
                    self.steps.push(Threshold { output: step.output, at });
                }
            }
        }
        if last > first {
            self.add(ladder, last);
        }
    }

    /// Adds a step; one out of reach as just out of it.
    fn add(&mut self, ladder: &Ladder, number: i64) {
        let [low, high] = self.reach.map(i64::from);
        let Step { output, at, .. } = ladder.step(number);
        let at = i32::try_from(at.clamp(low, high + 1)).unwrap_or(0);
        self.steps.push(Threshold { output, at });
    }

    /// By how much lags can differ before it matters.
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a margin")]
    fn margin(&self, precision: Precision, fixed: i64) -> i64 {
        match precision {
            Precision::Single => {
                (fixed as f64 / self.scale / f64::from(1 << 13)) as i64 + (fixed >> 9) + 1
            }
            // Only factors are rounded.
            Precision::Fused => {
                (fixed as f64 / self.scale / f64::from(1 << 14)) as i64 + (fixed >> 9) + 1
            }
            // Sums are wrong by less than 2^-20 of an accumulator.
            Precision::Double => (fixed >> 12) + 1,
        }
    }

    /// A recipe that equals the multiplier for every accumulator within the bound.
    pub(super) fn solve(&mut self, precision: Precision, limits: GainLimits) -> Option<Recipe> {
        if self.steps.is_empty() {
            // One output alone, or a factor of zero.
            return Some(Recipe::PLAIN);
        }
        let finest = self.finest_gain(precision, limits)?;
        match precision {
            Precision::Double if self.is_one_sided => self.double(1, limits.unit),
            // Of a step only whole numbers are tried, so one gain may miss what its neighbours meet.
            Precision::Double => {
                (1..=finest).rev().take(TRIALS).find_map(|gain| self.double(gain, limits.unit))
            }
            Precision::Single | Precision::Fused => self.single(precision, finest, limits.unit),
        }
    }

    /// A recipe in float32, with the first gain that finds one.
    fn single(&self, precision: Precision, finest: i32, unit: i32) -> Option<Recipe> {
        let (mut trials, mut second_best) = (0, None);
        for gain in (1..=finest).rev() {
            let width = f64::from(gain * unit);
            let factor = self.factor(width);
            let off = (factor * width / self.scale - 1.0).abs();
            if off > CLOSE && finest > FEW {
                continue;
            }
            trials += 1;
            let recipe = self.try_gain(precision, gain, unit, factor);
            if recipe.is_some_and(|recipe| recipe.exception == NO_EXCEPTION) {
                return recipe;
            }
            second_best = second_best.or(recipe);
            if trials >= TRIALS {
                break;
            }
        }
        second_best
    }

    /// A recipe in float64: the offset need not be an integer, since it can be added behind the factor.
    /// A step still is one, so ranges of two sides take a gain as well.
    fn double(&self, gain: i32, unit: i32) -> Option<Recipe> {
        let width = gain * unit;
        let factor = self.scale / f64::from(width);
        let (positive, negative) = self.offsets(width, factor);
        let (step, offset) = if self.is_one_sided {
            (0, positive.and(&positive, 0.0)?)
        } else {
            let middle = |offsets: &Offsets| (offsets.begin + offsets.ends[0]) / 2.0;
            let step = (middle(&negative) - middle(&positive)).round();
            #[expect(clippy::cast_possible_truncation, reason = "a few times the width")]
            (step as i32, positive.and(&negative, step)?)
        };
        let (exception, center) = (NO_EXCEPTION, self.center);
        let shift = offset * factor + 0.5;
        let recipe = Recipe { gain, offset: 0, step, exception, factor, shift, center };
        self.checked(Precision::Double, recipe, offset, width)
    }

    /// The nearest float32 that makes sums of this width a channel's outputs.
    fn factor(&self, width: f64) -> f64 {
        #[expect(clippy::cast_possible_truncation, reason = "to the nearest")]
        f64::from((self.scale / width) as f32)
    }

    /// The greatest gain: all sums must stay within int32, and those up to 2^24 are exact in
    /// float32.
    fn finest_gain(&self, precision: Precision, limits: GainLimits) -> Option<i32> {
        #[expect(clippy::cast_possible_truncation, reason = "saturates")]
        let center = (f64::from(self.center) / self.scale) as i32;
        let ends = [self.steps.first()?, self.steps.last()?];
        let reach = ends.map(|step| step.at.saturating_sub(center).saturating_abs());
        let reach = reach[0].max(reach[1]).saturating_add(1);
        let exact = match precision {
            Precision::Single | Precision::Fused => (1 << 24) / reach / limits.unit,
            Precision::Double => i32::MAX,
        };
        let ends = self.reach.map(|end| i64::from(end) - i64::from(center));
        let greatest = ends[0].abs().max(ends[1].abs()) + 3;
        let largest = i32::try_from(i64::from(i32::MAX) / greatest).ok()? / limits.unit;
        (largest >= 1).then(|| exact.clamp(1, largest.min(limits.most).max(1)))
    }

    /// The recipe of one gain, if it is exact.
    fn try_gain(&self, precision: Precision, gain: i32, unit: i32, factor: f64) -> Option<Recipe> {
        let unit = gain * unit;
        let (positive, negative) = self.offsets(unit, factor);
        let choices = [[false, false], [true, false], [false, true]];
        let choices = &choices[..if self.is_one_sided { 2 } else { 3 }];
        choices.iter().find_map(|exceptional| {
            let offset = positive.middle(exceptional[0])?;
            let step = match self.is_one_sided {
                true => 0,
                false => negative.middle(exceptional[1])? - offset,
            };
            let (exception, center) = (NO_EXCEPTION, self.center);
            let recipe = Recipe { gain, offset, step, exception, factor, shift: 0.0, center };
            self.checked(precision, recipe, offset.into(), unit)
        })
    }

    /// The offsets that real numbers allow, for positive outputs and for the others.
    fn offsets(&self, unit: i32, factor: f64) -> (Offsets, Offsets) {
        let (width, inverse) = (f64::from(unit), 1.0 / factor);
        let (mut positive, mut negative) = if self.is_one_sided {
            let middle = f64::from(-self.center) * inverse;
            let wide = Offsets::within(middle - width - 2.0, middle + width + 2.0);
            (wide, wide)
        } else {
            // The sign of the sum is then that of the accumulator, but for -1 and -2.
            let wide = Offsets::within(-2.0 * width - 2.0, 2.0 * width + 2.0);
            (Offsets::within(0.0, 2.0 * width), wide)
        };
        for step in &self.steps {
            let begin = self.begin(step, width, inverse);
            let is_positive = self.is_one_sided || step.output >= 1;
            let offsets = if is_positive { &mut positive } else { &mut negative };
            if step.at <= self.reach[1] && (is_positive || step.at < 0) {
                offsets.begin_at(begin);
            }
            if step.at > self.reach[0] {
                offsets.end_at(begin + width);
            }
        }
        (positive, negative)
    }

    /// The least offset with which the accumulator of a step reaches its output, in real numbers.
    fn begin(&self, step: &Threshold, width: f64, inverse: f64) -> f64 {
        (f64::from(step.output - self.center) - 0.5) * inverse - f64::from(step.at) * width
    }

    /// The recipe, with its exception if it takes one, where it is the multiplier on both sides of
    /// every step; `offset` is what it adds to positive sums, before or behind the factor.
    ///
    /// Far from a step real numbers decide: converting and multiplying err by at most 2^-23 of the
    /// sum together. Near it the lanes' own arithmetic does.
    fn checked(
        &self,
        precision: Precision,
        mut recipe: Recipe,
        offset: f64,
        unit: i32,
    ) -> Option<Recipe> {
        let (width, inverse) = (f64::from(unit), 1.0 / recipe.factor);
        // So sums never fall as accumulators rise.
        if recipe.step > unit {
            return None;
        }
        self.sum(recipe, unit, self.reach[0]).and(self.sum(recipe, unit, self.reach[1]))?;
        for step in &self.steps {
            let real = f64::from(step.output - self.center).abs() + 1.0;
            let error = real * inverse / f64::from(1 << 22) + 1e-3;
            let is_positive = self.is_one_sided || step.output >= 1;
            let offset = if is_positive { offset } else { offset + f64::from(recipe.step) };
            let reached = offset - self.begin(step, width, inverse);
            if error < reached && reached < width - error && self.is_inside(step) {
                continue;
            }
            let output = |accumulator: i32| {
                let sum = self.sum(recipe, unit, accumulator)?;
                Some((product(precision, sum, &recipe)? + self.center, sum))
            };
            let begins = step.at > self.reach[1] || output(step.at)?.0 >= step.output;
            if !begins {
                return None;
            }
            if step.at > self.reach[0] {
                let (before, sum) = output(step.at - 1)?;
                if before >= step.output {
                    let is_repairable = before == step.output
                        && precision != Precision::Double
                        && recipe.exception == NO_EXCEPTION
                        && (step.at - 1 == self.reach[0] || output(step.at - 2)?.0 < step.output);
                    if !is_repairable {
                        return None;
                    }
                    recipe.exception = sum;
                }
            }
        }
        Some(recipe)
    }

    /// Whether both sides of a step can be reached, and have one sign.
    fn is_inside(&self, step: &Threshold) -> bool {
        let is_reachable = step.at <= self.reach[1] && step.at > self.reach[0];
        is_reachable && (self.is_one_sided || !NEAR_ZERO.contains(&step.at))
    }

    /// The sum that the lanes see for an accumulator.
    fn sum(&self, recipe: Recipe, unit: i32, accumulator: i32) -> Option<i32> {
        let sum = unit.checked_mul(accumulator)?.checked_add(recipe.offset)?;
        if sum < 0 { sum.checked_add(recipe.step) } else { Some(sum) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The recipe's output, clamped.
    #[expect(clippy::cast_possible_truncation, reason = "small")]
    fn by_recipe(
        precision: Precision,
        recipe: Recipe,
        range: OutputRange,
        accumulator: i32,
    ) -> i32 {
        let sum = recipe.gain * accumulator + recipe.offset;
        let sum = if sum < 0 { sum + recipe.step } else { sum };
        // Beyond the clamp both of what rounding may give are right.
        let either = (f64::from(sum) * recipe.factor + recipe.shift).floor();
        let output = product(precision, sum, &recipe).unwrap_or(either as i32);
        let output = output + recipe.center + range.zero_point;
        let output = output - i32::from(sum == recipe.exception);
        output.clamp(range.low.into(), range.high.into())
    }

    fn by_multiplier(multiplier: Multiplier, range: OutputRange, accumulator: i32) -> i32 {
        let output = multiplier.apply(accumulator) + range.zero_point;
        output.clamp(range.low.into(), range.high.into())
    }

    /// Solves and compares every accumulator within the bound; whether there was a recipe.
    fn check(precision: Precision, real: f64, range: OutputRange, bound: i32) -> bool {
        let multiplier = Multiplier::from_real(real).unwrap();
        let limits = GainLimits { most: 255, unit: 1 };
        let mut thresholds = Thresholds::default();
        let is_set =
            thresholds.set(precision, multiplier, range, [-i64::from(bound), bound.into()]);
        let recipe = is_set.then(|| thresholds.solve(precision, limits)).flatten();
        let Some(recipe) = recipe else { return false };
        for accumulator in -bound..=bound {
            assert_eq!(
                by_recipe(precision, recipe, range, accumulator),
                by_multiplier(multiplier, range, accumulator),
                "{multiplier:?}, {range:?}, {accumulator}, {recipe:?}"
            );
        }
        true
    }

    #[test]
    fn recipes_equal_the_multiplier_for_every_accumulator() {
        let relu = OutputRange { zero_point: -128, low: -128, high: 127 };
        let linear = OutputRange { zero_point: 3, low: -128, high: 127 };
        let odd = OutputRange { zero_point: -7, low: -20, high: 90 };
        let above = OutputRange { zero_point: -100, low: 5, high: 5 };
        let (mut solved, mut fused, mut tried) = (0, 0, 0);
        let mut real = 1.9;
        while real > 4e-4 {
            for range in [relu, linear, odd, above] {
                for bound in [100, 40_000, 300_000] {
                    let is_solved = check(Precision::Single, real, range, bound);
                    let is_doubled = check(Precision::Double, real, range, bound);
                    let is_large = real * f64::from(bound) > LARGEST_DOUBLE;
                    assert!(if is_large { is_solved } else { is_doubled }, "{real} {range:?}");
                    solved += usize::from(is_solved);
                    fused += usize::from(check(Precision::Fused, real, range, bound));
                    tried += 1;
                }
            }
            real *= 0.893_251;
        }
        // Not all have one, but most do: without, every kernel would be slow.
        assert!(solved * 10 > tried * 9, "{solved} of {tried}");
        assert!(fused * 100 > tried * 99, "{fused} of {tried}");
    }

    #[test]
    fn a_factor_of_zero_has_a_recipe() {
        let linear = OutputRange { zero_point: 3, low: -128, high: 127 };
        assert!(check(Precision::Single, 0.0, linear, 1000));
    }

    #[test]
    fn extremes_are_left_to_the_exact_path() {
        let range = OutputRange { zero_point: 0, low: -128, high: 127 };
        for precision in [Precision::Single, Precision::Fused, Precision::Double] {
            assert!(!check(precision, 1e-8, range, 1 << 30));
            assert!(!check(precision, 1e4, range, 1000));
        }
    }
}
