//! ADD of two maps of one size, in float32.
//!
//! In real numbers the output is `a * left + b * right + constant`. TensorFlow Lite's four roundings
//! move it by less than a margin that is known beforehand; so of the 65,536 pairs of inputs only
//! those within that margin of a half are in doubt, and for these factors are searched that give the
//! specification's answer. Where none do, the reference kernel runs.

use super::lanes::{Lanes, ROUNDING, ROUNDING_BITS};
use crate::{
    kernels::{Call, View},
    operator::{Add, Operand},
};

/// An addition with its factors.
#[derive(Clone, Copy, Debug)]
pub(super) struct PackedAdd {
    left: f32,
    right: f32,
    constant: f32,
    zero_point: i32,
    clamp: (i8, i8),
}

/// A pair of inputs whose sum lies near a half, with the specification's output before the clamp.
struct Doubt {
    inputs: [f32; 2],
    output: i32,
}

impl PackedAdd {
    /// Finds factors; `None` for an addition that is left to the reference kernel.
    pub(super) fn new(add: &Add) -> Option<Self> {
        let is_whole = |operand: &Operand| matches!(operand, Operand::Activation(map) if *map == add.binary.output);
        let is_int8 = |zero_point: i32| (-128..=127).contains(&zero_point);
        let zero_points = [add.zero_points[0], add.zero_points[1], add.output_zero_point];
        if !add.binary.operands.iter().all(is_whole) || !zero_points.into_iter().all(is_int8) {
            return None;
        }
        let real = |multiplier: crate::quant::Multiplier| {
            f64::from(multiplier.fixed) * 2f64.powi(multiplier.shift - 31)
        };
        let last = real(add.output_multiplier);
        let scale = last * f64::from(1 << Add::LEFT_SHIFT);
        let factors = add.multipliers.map(|multiplier| real(multiplier) * scale);
        let offset = -(factors[0] * f64::from(add.zero_points[0])
            + factors[1] * f64::from(add.zero_points[1]));
        // Each operand is off by at most 1 unit, the output by what its first rounding adds, and
        // float32 by four roundings of at most 2^-24 of the greatest product.
        let reach = 256.0 * (factors[0] + factors[1]);
        let rounding = 2f64.powi(add.output_multiplier.shift.min(0)) + reach * 2f64.powi(-22);
        let margin = 2.0 * last + rounding;
        if margin > 0.05 || reach > f64::from(1 << 20) {
            return None;
        }
        let doubts = doubts(add, factors, offset, margin);
        let found = find(factors, offset, &doubts)?;
        let [left, right, constant] = found;
        let (zero_point, clamp) = (add.output_zero_point, add.clamp);
        Some(Self { left, right, constant, zero_point, clamp })
    }

    /// Computes the call's region.
    pub(super) fn run<L: Lanes>(&self, arena: &mut [u8], call: &Call<'_>) {
        let [left, right] = call.inputs else { return };
        for_each_run(call, [left, right], |from, to, len| {
            L::inside(|| self.add::<L>(arena, from, to, len));
        });
    }

    #[inline(always)]
    fn add<L: Lanes>(&self, arena: &mut [u8], from: [usize; 2], to: usize, len: usize) {
        let factors = [L::f32([self.left; 4]), L::f32([self.right; 4])];
        let constant = L::f32([self.constant; 4]);
        let base = L::i32([ROUNDING_BITS - self.zero_point; 4]);
        let clamp = [L::splat_i8(self.clamp.0), L::splat_i8(self.clamp.1)];
        let scale = Scale::<L> { factors, constant, base, clamp };
        // Without calls while vectors are live: the last elements have a loop of their own.
        let whole = len / 16 * 16;
        let mut at = 0;
        while at < whole {
            let a = arena[from[0] + at..].first_chunk();
            let b = arena[from[1] + at..].first_chunk();
            let (Some(&a), Some(&b)) = (a, b) else { break };
            let bytes = scale.sixteen(a, b);
            let Some(target) = arena[to + at..].first_chunk_mut() else { break };
            *target = bytes;
            at += 16;
        }
        if at < len {
            let count = len - at;
            let a = some(&arena[from[0] + at..][..count]);
            let b = some(&arena[from[1] + at..][..count]);
            arena[to + at..][..count].copy_from_slice(&scale.sixteen(a, b)[..count]);
        }
    }
}

/// The factors in vectors.
struct Scale<L: Lanes> {
    factors: [L::F32; 2],
    constant: L::F32,
    base: L::I32,
    clamp: [L::I8; 2],
}

impl<L: Lanes> Scale<L> {
    #[inline(always)]
    fn sixteen(&self, a: [u8; 16], b: [u8; 16]) -> [u8; 16] {
        let (a, b) = (L::halves(L::i8(&a)), L::halves(L::i8(&b)));
        let (a0, a1) = (L::quarters(a[0]), L::quarters(a[1]));
        let (b0, b1) = (L::quarters(b[0]), L::quarters(b[1]));
        let sums = [
            self.sum(a0[0], b0[0]),
            self.sum(a0[1], b0[1]),
            self.sum(a1[0], b1[0]),
            self.sum(a1[1], b1[1]),
        ];
        L::i8_bytes(L::clamped(sums, self.clamp))
    }

    #[inline(always)]
    fn sum(&self, a: L::I32, b: L::I32) -> L::I32 {
        let a = L::mul_f32(L::float(a), self.factors[0]);
        let b = L::mul_f32(L::float(b), self.factors[1]);
        L::rounded(L::add_f32(L::add_f32(a, b), self.constant), self.base)
    }
}

/// Fewer than sixteen bytes, and zeros.
fn some(bytes: &[u8]) -> [u8; 16] {
    let mut all = [0; 16];
    all[..bytes.len()].copy_from_slice(bytes);
    all
}

/// Calls `each` with the addresses of neighbouring elements of both inputs and of the output, and
/// their number: the whole region at once where no view is wider, else row by row.
pub(super) fn for_each_run<const N: usize>(
    call: &Call<'_>,
    inputs: [&View; N],
    mut each: impl FnMut([usize; N], usize, usize),
) {
    let region = call.region;
    if region.is_empty() {
        return;
    }
    let views = inputs.iter().copied().chain([&call.output]);
    let is_one_run =
        views.into_iter().all(|view| view.region.columns.len() == region.columns.len());
    let rows = if is_one_run { 1 } else { region.rows.len() };
    let len = region.cells() / rows * call.output.map.channels;
    for row in 0..rows {
        let cell = |view: &View| view.cell(region.rows.start + row, region.columns.start);
        each(inputs.map(cell), cell(&call.output), len);
    }
}

/// The pairs of inputs whose real sum lies within `margin` of a half.
fn doubts(add: &Add, factors: [f64; 2], offset: f64, margin: f64) -> Vec<Doubt> {
    let scaled = |value: i32, side: usize| {
        let distance = value.wrapping_sub(add.zero_points[side]);
        add.multipliers[side].apply(distance.wrapping_shl(Add::LEFT_SHIFT))
    };
    let right: Vec<(f64, i32)> =
        (-128..=127).map(|b| (f64::from(b) * factors[1] + offset + 0.5, b)).collect();
    let mut doubts = Vec::new();
    for a in -128..=127i16 {
        let left = f64::from(a) * factors[0];
        for &(right, b) in &right {
            let above = left + right;
            let fraction = above - above.floor();
            if fraction > margin && fraction < 1.0 - margin {
                continue;
            }
            let sum = scaled(a.into(), 0).wrapping_add(scaled(b, 1));
            let output = add.output_multiplier.apply(sum);
            #[expect(clippy::cast_precision_loss, reason = "eight bits")]
            doubts.push(Doubt { inputs: [f32::from(a), b as f32], output });
        }
    }
    doubts
}

/// Factors and a constant for which float32 gives the specification's output of all pairs in doubt.
fn find(factors: [f64; 2], offset: f64, doubts: &[Doubt]) -> Option<[f32; 3]> {
    #[expect(clippy::cast_possible_truncation, reason = "to the nearest")]
    let exact = [factors[0] as f32, factors[1] as f32];
    let near = |value: f32, steps: i32| f32::from_bits(value.to_bits().wrapping_add_signed(steps));
    for steps in [[0, 0], [1, 0], [0, 1], [-1, 0], [0, -1], [1, 1], [-1, -1], [1, -1], [-1, 1]] {
        let [left, right] = [near(exact[0], steps[0]), near(exact[1], steps[1])];
        for shift in 0..=48 {
            // 0, 1, -1, 2, -2, ...
            let shift = if shift % 2 == 0 { -shift / 2 } else { shift / 2 + 1 };
            #[expect(clippy::cast_possible_truncation, reason = "to the nearest")]
            let constant = (offset + f64::from(shift) * 2f64.powi(-20)) as f32;
            let agrees = doubts.iter().all(|doubt| {
                let sum = doubt.inputs[0] * left + doubt.inputs[1] * right + constant;
                let rounded = (sum + ROUNDING).to_bits().cast_signed();
                rounded.wrapping_sub(ROUNDING_BITS) == doubt.output
            });
            if agrees {
                return Some([left, right, constant]);
            }
        }
    }
    None
}
