//! The steps of a multiplier: at which accumulators its output changes.
//!
//! From one step to the next the accumulator falls by a number that is no integer, so what it is
//! rounded up by, the *lag*, runs round a circle in equal strides. Few steps matter, those with the
//! least and the greatest lags, and a network has millions of steps; so they are found without
//! looking at the others. Strides that come back into an arc have three lengths at most (the
//! three-gap theorem), and these are found as a greatest common divisor is.

use super::recipe::OutputRange;
use std::ops::Range;

/// One step: `output` begins at accumulator `at`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Step {
    pub(super) output: i32,
    pub(super) at: i64,
    /// How far above the real number it lies at which the output changes, times `fixed`.
    pub(super) lag: i64,
}

/// All steps of a multiplier within a range of outputs, by number, from the greatest output down.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ladder {
    /// The multiplier with its left shift.
    pub(super) fixed: i64,
    /// Two to this power is what one output more takes of `accumulator * fixed`.
    between: i32,
    /// The steps of positive outputs, then those of the others.
    pub(super) flights: [Flight; 2],
}

/// Steps of one kind.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flight {
    highest: i32,
    /// The number of the first, which is the highest, and one past the last.
    first: i64,
    end: i64,
    /// The least `accumulator * fixed` that gives the highest output.
    product: i64,
}

/// So many steps on, and what that does to accumulator and lag.
#[derive(Clone, Copy, Debug)]
struct Stride {
    steps: i64,
    at: i64,
    lag: i64,
}

impl Stride {
    fn and(self, other: Self) -> Self {
        let Self { steps, at, lag } = self;
        Self { steps: steps + other.steps, at: at + other.at, lag: lag + other.lag }
    }
}

/// An end of the circle of lags.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum End {
    /// The lags from 0 on.
    Low,
    /// Those up to the greatest.
    High,
}

impl Flight {
    fn output(&self, number: i64) -> i32 {
        self.highest - i32::try_from(number - self.first).unwrap_or(i32::MAX)
    }
}

impl Ladder {
    /// An output of at least `j` takes a first product of at least `j 2^r - 2^(r-1)` (one more where
    /// `j` is at most 0, since half goes away from zero); a first product of at least `n` takes
    /// `accumulator * fixed >= n 2^31 - 2^30`.
    pub(super) fn of(range: OutputRange, fixed: i64, right: i32) -> Self {
        let lowest = i32::from(range.low) - range.zero_point + 1;
        let highest = i32::from(range.high) - range.zero_point;
        let half = if right == 0 { 0 } else { 1i64 << (right - 1) };
        let flight = |first: i64, lowest: i32, highest: i32, away: i64| Flight {
            highest,
            first,
            end: first + i64::from(highest - lowest + 1).max(0),
            product: (((i64::from(highest) << right) - half + away) << 31) - (1 << 30),
        };
        let positive = flight(0, lowest.max(1), highest, 0);
        let others = flight(positive.end, lowest, highest.min(0), i64::from(right > 0));
        Self { fixed, between: right + 31, flights: [positive, others] }
    }

    /// How many steps there are.
    pub(super) fn count(&self) -> i64 {
        self.flights[1].end
    }

    /// How many steps lie above an accumulator.
    pub(super) fn above(&self, accumulator: i32) -> i64 {
        let product = i64::from(accumulator) * self.fixed;
        let end_of = |flight: Flight| {
            let above = -((product - flight.product) >> self.between);
            (flight.first + above).clamp(flight.first, flight.end)
        };
        let [positive, others] = self.flights.map(end_of);
        if positive < self.flights[0].end { positive } else { others }
    }

    /// A step by its number.
    pub(super) fn step(&self, number: i64) -> Step {
        let flight = &self.flights[usize::from(number >= self.flights[0].end)];
        let below = number - flight.first;
        let product = flight.product - (below << self.between);
        let at = -(-product).div_euclid(self.fixed);
        let lag = at * self.fixed - product;
        Step { output: flight.output(number), at, lag }
    }

    /// Calls `each` with the steps of a flight among `numbers`, and their numbers, whose lag lies
    ///  in the last `width` lags before an end of the circle.
    fn near(
        &self,
        flight: &Flight,
        numbers: &Range<i64>,
        (end, width): (End, i64),
        mut each: impl FnMut(i64, Step),
    ) {
        let (mut number, last) = (numbers.start.max(flight.first), numbers.end.min(flight.end));
        if number >= last {
            return;
        }
        let start = if end == End::Low { 0 } else { self.fixed - width };
        let Step { mut at, mut lag, .. } = self.step(number);
        let [up, down] = self.single_strides();
        while !(start..start + width).contains(&lag) && number < last {
            let stride = if lag + up.lag < self.fixed { up } else { down };
            (number, at, lag) = (number + stride.steps, at + stride.at, lag + stride.lag);
        }
        let [up, down] = self.strides(width);
        while number < last {
            each(number, Step { output: flight.output(number), at, lag });
            let stride = match lag - start {
                place if place + up.lag < width => up,
                place if place + down.lag >= 0 => down,
                _ => up.and(down),
            };
            (number, at, lag) = (number + stride.steps, at + stride.at, lag + stride.lag);
        }
    }

    /// One step on, without and with a turn of the circle.
    fn single_strides(&self) -> [Stride; 2] {
        let between = 1i64 << self.between;
        let up = Stride { steps: 1, at: -(between / self.fixed), lag: between % self.fixed };
        [up, Stride { steps: 1, at: up.at - 1, lag: up.lag - self.fixed }]
    }

    /// The shortest strides that change the lag by less than `width`, one up (or not at all) and one
    /// down. From a place in an arc of that width the next one in it is reached by one of them, and
    /// where neither stays inside by both: a shorter way up and down again would be their difference,
    /// and one of them not the shortest.
    ///
    /// Strides of more steps than there are may be left too wide.
    fn strides(&self, width: i64) -> [Stride; 2] {
        let [mut up, mut down] = self.single_strides();
        while (up.lag >= width || -down.lag >= width) && up.lag > 0 {
            let both = up.and(down);
            if both.steps > self.count() {
                break;
            }
            *(if both.lag >= 0 { &mut up } else { &mut down }) = both;
        }
        [up, down]
    }
}

/// Finds the steps of a flight among `numbers` whose lag is less than `margin` above the least, or
/// less than `margin` below the greatest but one; and the greatest. All where there is only one.
pub(super) fn find_close(
    ladder: &Ladder,
    flight: &Flight,
    numbers: &Range<i64>,
    margin: i64,
    found: &mut Vec<(i64, Step)>,
) {
    let begin = found.len();
    let narrow = (ladder.fixed / 8).saturating_add(margin).min(ladder.fixed);
    let mut width = narrow;
    let below = loop {
        let mut least = i64::MAX;
        ladder.near(flight, numbers, (End::Low, width), |number, step| {
            least = least.min(step.lag);
            found.push((number, step));
        });
        let below = least.saturating_add(margin);
        if below <= width || width == ladder.fixed {
            break below;
        }
        found.truncate(begin);
        width = (width * 2).min(ladder.fixed);
    };
    found.retain(|(_, step)| step.lag < below);
    let begin = found.len();
    width = narrow;
    let above = loop {
        let mut greatest = [i64::MIN; 2];
        ladder.near(flight, numbers, (End::High, width), |number, step| {
            let [most, second] = greatest;
            greatest = [step.lag.max(most), second.max(step.lag.min(most))];
            if step.lag >= below {
                found.push((number, step));
            }
        });
        let above = greatest[1].saturating_sub(margin);
        if above >= ladder.fixed - width || width == ladder.fixed {
            break above;
        }
        found.truncate(begin);
        width = (width * 2).min(ladder.fixed);
    };
    let mut position = 0;
    found.retain(|(_, step)| {
        position += 1;
        position <= begin || step.lag > above
    });
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::quant::Multiplier;
    use proptest::prelude::*;

    /// All steps by the multiplier itself: the least accumulator that gives an output.
    fn by_multiplier(multiplier: Multiplier, range: OutputRange) -> Vec<Step> {
        let fixed = i64::from(multiplier.fixed) << multiplier.shift.max(0);
        let right = (-multiplier.shift).max(0);
        let outputs = i32::from(range.low) + 1..=i32::from(range.high);
        let steps = outputs.rev().map(|output| {
            let output = output - range.zero_point;
            let bound = (1i64 << 24) >> multiplier.shift.max(0);
            let (mut low, mut high) = (-bound, bound);
            while high - low > 1 {
                let middle = low + (high - low) / 2;
                let accumulator = i32::try_from(middle).unwrap();
                let reaches = multiplier.apply(accumulator) >= output;
                *(if reaches { &mut high } else { &mut low }) = middle;
            }
            let half = if right == 0 { 0 } else { 1i64 << (right - 1) };
            let away = i64::from(right > 0 && output <= 0);
            let product = (((i64::from(output) << right) - half + away) << 31) - (1 << 30);
            Step { output, at: high, lag: high * fixed - product }
        });
        steps.collect()
    }

    fn arguments() -> impl Strategy<Value = (Multiplier, OutputRange, i32, i32, i64)> {
        let scale = (1e-4f64.ln()..4f64.ln()).prop_map(f64::exp);
        // Strides that hardly move, and that come back to where they were.
        let even = (1i32..300, 0i32..12).prop_map(|(a, b)| f64::from(a) / f64::from(1 << b));
        let real = prop_oneof![3 => scale, 1 => even];
        let real = real.prop_filter("a usual one", |&real| (1e-4..200.0).contains(&real));
        let range = (-128i32..128, any::<i8>(), any::<i8>()).prop_map(|(zero_point, a, b)| {
            OutputRange { zero_point, low: a.min(b), high: a.max(b) }
        });
        (real, range, -300_000i32..300_000, 0i32..400_000, 0i64..64).prop_map(
            |(real, range, low, length, margin)| {
                let multiplier = Multiplier::from_real(real).unwrap();
                let fixed = i64::from(multiplier.fixed) << multiplier.shift.max(0);
                (multiplier, range, low, low + length, fixed * margin / 80 + 1)
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn steps_are_where_the_multiplier_has_them((multiplier, range, low, high, margin) in arguments()) {
            let fixed = i64::from(multiplier.fixed) << multiplier.shift.max(0);
            let ladder = Ladder::of(range, fixed, (-multiplier.shift).max(0));
            let all = by_multiplier(multiplier, range);
            let steps: Vec<Step> = (0..ladder.count()).map(|number| ladder.step(number)).collect();
            prop_assert_eq!(&steps, &all);
            for accumulator in [low, high, 0] {
                let is_above = |step: &&Step| step.at > i64::from(accumulator);
                let above = i64::try_from(all.iter().filter(is_above).count()).unwrap();
                prop_assert_eq!(ladder.above(accumulator), above);
            }
            let numbers = ladder.above(high)..ladder.above(low);
            for (flight, is_positive) in ladder.flights.iter().zip([true, false]) {
                let is_asked = |&(number, step): &(i64, Step)| {
                    numbers.contains(&number) && (step.output > 0) == is_positive
                };
                let mut asked: Vec<(i64, Step)> = (0..).zip(all.iter().copied()).filter(is_asked).collect();
                let mut lags: Vec<i64> = asked.iter().map(|(_, step)| step.lag).collect();
                lags.sort_unstable();
                let below = lags.first().map_or(0, |least| least + margin);
                let above = lags.iter().rev().nth(1).map_or(i64::MIN, |second| second - margin);
                asked.retain(|(_, step)| step.lag < below || step.lag > above);
                let mut found = Vec::new();
                find_close(&ladder, flight, &numbers, margin, &mut found);
                found.sort_unstable_by_key(|(number, _)| *number);
                prop_assert_eq!(found, asked);
            }
        }
    }
}
